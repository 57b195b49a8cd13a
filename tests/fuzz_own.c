/* Any bytes as a repository's own template, and what is taken is applied to a hostile failure. */
#include "templates/lib_own.h"

#include "ci/log.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct tree_file files[] = {
		{ "a.py", "import os\nold(old, 'old')\n" }, { "b.js", "a.old(1);\n" }, { 0 },
	};
	struct str text = { (const char *)data, size };
	struct err e = ERR_INIT;
	struct own own;
	ARENA a = {0};
	const struct tree *tree = tree_of_files(&a, files);
	struct scene scene = { .tree = tree, .arena = &a };

	if (!own_parse("f.yml", text, &a, &own, &e)) {
		if ((e.kind != ERR_CONFIG && e.kind != ERR_BUG) || !str_starts(str_of(e.text), "f.yml:"))
			__builtin_trap();
		return 0;
	}
	scene.report = log_read(&a, tree, STR("Traceback (most recent call last):\n"
		"  File \"a.py\", line 1, in <module>\n    x\nNameError: name 'old' is not defined\n"));
	scene.failure = scene.report->failures;
	if (template_matches(&own.template, &scene))
		own.template.fix(&scene);
	return 0;
}

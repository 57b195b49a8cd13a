/*
 * Lists of requirements as hostile text: whatever is read, entries lie inside the text, and a list
 * with one more entry holds that entry.
 */
#include "templates/lib_requirements.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	char *text = str_text(&a, (struct str){ (const char *)data, size });
	const struct tree_file files[] = { { "requirements.txt", text }, { "pyproject.toml", text },
					   { "setup.cfg", text }, { NULL, NULL } };
	struct requirement_list lists[REQUIREMENT_LISTS_MAX];
	size_t count = requirements_find(&a, tree_of_files(&a, files), lists);

	for (size_t i = 0; i < count; i++) {
		for (size_t n = 0; n < lists[i].count; n++)
			if (lists[i].items[n].end > lists[i].text.size ||
			    lists[i].items[n].start >= lists[i].items[n].end)
				abort();
		if (!str_has(requirements_add(&a, &lists[i], STR("peewee==3")), "peewee==3"))
			abort();
	}
	return 0;
}

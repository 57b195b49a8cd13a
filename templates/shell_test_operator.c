/*
 * "[: unexpected operator" of a plain sh -> "=" for "==" in the tests of that script. "=" means
 * the same in every shell. Keeps off "[[", and other operators that a plain sh lacks.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


static const char *const types[] = { "unexpected operator", NULL };

static unsigned mend(const struct syntax *s, struct edits *edits)
{
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode test = syntax_below(s->root, "test_command", n), operator;

		if (ts_node_is_null(test))
			return count;
		if (!syntax_type_is(ts_node_child(test, 0), "["))
			continue;
		for (unsigned i = 0; operator = syntax_below(test, "binary_expression", i),
		     !ts_node_is_null(operator); i++) {
			operator = syntax_field(operator, "operator");
			if (!str_is(syntax_text(s, operator), "=="))
				continue;
			edit_node(edits, operator, STR("="));
			count++;
		}
	}
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	SYNTAX s = shell_open(scene, path);
	struct edits edits = { .arena = scene->arena };
	struct str after;

	if (!s || !scene_is_first(scene))
		return;
	if (!mend(s, &edits))
		return template_decline(scene, "no test in %s has ==", path);
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TOOL, "A plain sh knows = and not == in a test; "
					     "both mean the same."), path, after);
}

static const struct example examples[] = {
	{
		.name = "two tests",
		.log =
		"level.sh: 4: [: info: unexpected operator\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "level.sh",
			  "#!/bin/sh\n"
			  "if [ \"$1\" == debug ]; then\n"
			  "\techo 10\n"
			  "elif [ \"$1\" == \"\" ] || [ \"$1\" = info ]; then\n"
			  "\techo 20\n"
			  "fi\n",
			  "#!/bin/sh\n"
			  "if [ \"$1\" = debug ]; then\n"
			  "\techo 10\n"
			  "elif [ \"$1\" = \"\" ] || [ \"$1\" = info ]; then\n"
			  "\techo 20\n"
			  "fi\n" },
		},
	},
	{
		.name = "not of a text",
		.log =
		"level.sh: 2: [: info: unexpected operator\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "level.sh",
			  "#!/bin/sh\n"
			  "[ \"$1\" == debug ] && echo \"a == b\"\n",
			  "#!/bin/sh\n"
			  "[ \"$1\" = debug ] && echo \"a == b\"\n" },
		},
	},
	{
		.name = "something else",
		.log =
		"level.sh: 2: [: info: unexpected operator\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "level.sh",
			  "#!/bin/sh\n"
			  "[ $1 = debug ] && echo a\n",
			  NULL },
		},
		.declines = "has ==",
	},
	{
		.name = "of a test script",
		.log =
		"test_level.sh: 2: [: info: unexpected operator\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "test_level.sh",
			  "#!/bin/sh\n"
			  "[ \"$1\" == debug ] && echo a\n",
			  NULL },
		},
		.declines = "is a test",
	},
	{0}
};

const struct template template_shell_test_operator = {
	.name = "shell_test_operator",
	.summary = "[: unexpected operator under sh -> = for ==",
	.language = "shell",
	.class = "portability",
	.oracles = "the shell itself",
	.keeps_off = "tests; other operators",
	.danger = DANGER_0,
	.types = types,
	.fix = fix,
	.examples = examples,
};

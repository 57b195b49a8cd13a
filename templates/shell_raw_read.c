/*
 * Lines lose their backslashes or the blanks at their ends, and a loop reads them with a plain
 * "read" -> "IFS= read -r" for whole lines, "read -r" for several fields. The failing test shows
 * that they must stay as they are.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


/* Has the command an option already, or no name to read into? */
static unsigned names_of(const struct syntax *s, TSNode command)
{
	unsigned n = 0;

	for (;; n++) {
		TSNode argument = shell_argument(command, n);

		if (ts_node_is_null(argument))
			return n;
		if (!str_is_word(syntax_text(s, argument)))
			return 0;
	}
}

static void find(struct shell_look *look)
{
	const struct syntax *s = look->s;

	for (unsigned n = 0;; n++) {
		TSNode loop = syntax_below(s->root, "while_statement", n), command;
		TSNode name;
		unsigned names;
		bool plain;

		if (ts_node_is_null(loop))
			return;
		command = syntax_field(loop, "condition");
		if (!syntax_type_is(command, "command") || !str_is(shell_command(s, command), "read"))
			continue;
		names = names_of(s, command);
		name = syntax_field(command, "name");
		plain = ts_node_start_byte(name) == ts_node_start_byte(command);
		if (!names)
			continue;
		edit_node(&look->edits, name, plain && names == 1 ? STR("IFS= read -r") : STR("read -r"));
		look->found++;
	}
}

static void fix(struct scene *scene)
{
	shell_mend_flaw(scene, find, "read", "a loop whose read takes backslashes and outer blanks away",
			"read so, lines stay as they are");
}

static const struct example examples[] = {
	{
		.name = "whole lines",
		.log =
		"FAIL\n"
		"  expected: 1: C:\\new\n"
		"  got:      1: C:new\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "number.sh",
			  "#!/bin/bash\n"
			  "while read line; do\n"
			  "\techo \"> $line\"\n"
			  "done\n",
			  "#!/bin/bash\n"
			  "while IFS= read -r line; do\n"
			  "\techo \"> $line\"\n"
			  "done\n" },
		},
	},
	{
		.name = "fields",
		.log =
		"FAIL: expected 'a C:\\x', got 'a C:x'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "pairs.sh",
			  "#!/bin/sh\n"
			  "while read name path; do\n"
			  "\tprintf \"%s %s\\n\" \"$name\" \"$path\"\n"
			  "done < list\n",
			  "#!/bin/sh\n"
			  "while read -r name path; do\n"
			  "\tprintf \"%s %s\\n\" \"$name\" \"$path\"\n"
			  "done < list\n" },
		},
	},
	{
		.name = "read with an option of its own",
		.log =
		"FAIL: expected 'a C:\\x', got 'a C:x'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "pairs.sh",
			  "#!/bin/bash\n"
			  "while read -r -d : part; do\n"
			  "\techo \"$part\"\n"
			  "done\n",
			  NULL },
		},
		.declines = "no script has",
	},
	{0}
};

const struct template template_shell_raw_read = {
	.name = "shell_raw_read",
	.summary = "lines that lose backslashes or blanks in a loop -> IFS= read -r",
	.class = "behaviour",
	.oracles = "the failing test",
	.keeps_off = "a read with options",
	.danger = DANGER_1,
	.fix = fix,
	.examples = examples,
};

/*
 * A test says that a failing command must be passed on, and a script under "set -e" pipes that
 * command into tee -> "set -o pipefail". Only in scripts for bash; without -e the exit code of a
 * pipe has no say.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


static bool ends_in_tee(const struct syntax *s)
{
	for (unsigned n = 0;; n++) {
		TSNode pipe = syntax_below(s->root, "pipeline", n), last;

		if (ts_node_is_null(pipe))
			return false;
		last = ts_node_named_child(pipe, ts_node_named_child_count(pipe) - 1);
		if (syntax_type_is(last, "command") && str_is(shell_command(s, last), "tee"))
			return true;
	}
}

/* "-eu" of `set -eu`; null when the options are written in another way. */
static TSNode option_word(const struct syntax *s)
{
	TSNode found = {0};

	for (uint32_t i = 0; i < ts_node_named_child_count(s->root); i++) {
		TSNode command = ts_node_named_child(s->root, i);
		TSNode word = shell_argument(command, 0);
		struct str text = syntax_text(s, word);

		if (!syntax_type_is(command, "command") || !str_is(shell_command(s, command), "set"))
			continue;
		if (!ts_node_is_null(found) || text.size < 2 || text.at[0] != '-' ||
		    str_char(text, 'e') < 0 || str_char(text, 'o') >= 0 ||
		    !ts_node_is_null(shell_argument(command, 1)))
			return (TSNode){0};
		found = word;
	}
	return found;
}

static void find(struct shell_look *look)
{
	const struct syntax *s = look->s;
	TSNode word = option_word(s);

	if (!shell_is_bash(s->text) || ts_node_is_null(word) || !ends_in_tee(s))
		return;
	edit_node(&look->edits, word, str_of(arena_printf(look->scene->arena, "%.*so pipefail",
							  STR_ARG(syntax_text(s, word)))));
	look->found = 1;
}

static void fix(struct scene *scene)
{
	shell_mend_flaw(scene, find, "tee", "a command whose exit code tee hides",
			"with pipefail it counts");
}

static const struct example examples[] = {
	{
		.name = "a command that is logged",
		.log =
		"FAIL: a bad command is said to be fine\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "logged.sh",
			  "#!/bin/bash\n"
			  "set -e\n"
			  "\n"
			  "\"$@\" 2>&1 | tee build.log\n"
			  "echo \"done: $1\"\n",
			  "#!/bin/bash\n"
			  "set -eo pipefail\n"
			  "\n"
			  "\"$@\" 2>&1 | tee build.log\n"
			  "echo \"done: $1\"\n" },
		},
	},
	{
		.name = "with other options",
		.log =
		"expected exit code 3, got 0\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "logged.sh",
			  "#!/bin/bash\n"
			  "set -eu\n"
			  "make all | tee build.log\n",
			  "#!/bin/bash\n"
			  "set -euo pipefail\n"
			  "make all | tee build.log\n" },
		},
	},
	{
		.name = "it is set already",
		.log =
		"FAIL: a bad command is said to be fine\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "logged.sh",
			  "#!/bin/bash\n"
			  "set -eo pipefail\n"
			  "\"$@\" 2>&1 | tee build.log\n",
			  NULL },
		},
		.declines = "no script has",
	},
	{
		.name = "a plain sh has no pipefail",
		.log =
		"FAIL: a bad command is said to be fine\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "logged.sh",
			  "#!/bin/sh\n"
			  "set -e\n"
			  "\"$@\" 2>&1 | tee build.log\n",
			  NULL },
		},
		.declines = "no script has",
	},
	{0}
};

const struct template template_shell_pipe_status = {
	.name = "shell_pipe_status",
	.summary = "an exit code hidden behind tee under set -e -> pipefail",
	.class = "behaviour",
	.oracles = "the failing test",
	.keeps_off = "scripts of a plain sh, or without set -e",
	.danger = DANGER_2,
	.fix = fix,
	.examples = examples,
};

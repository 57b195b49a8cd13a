/*
 * A variable that is set in a loop behind a pipe and read after it -> the loop is fed by a
 * process substitution, so that it runs in the shell itself. Only in scripts for bash, and only
 * where the name has a value before the pipe: then it was meant to come out of the loop.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


/* Is $name, ${name} or a bare name of an arithmetic expression in the text? */
static bool is_read(struct str text, struct str name, struct arena *a)
{
	return str_has(text, arena_printf(a, "$%.*s", STR_ARG(name))) ||
	       str_has(text, arena_printf(a, "${%.*s", STR_ARG(name)));
}

/* The function or script around the node. */
static TSNode scope_of(TSNode node)
{
	return syntax_up(node, "function_definition|program");
}

/* Does the loop set a name that had a value before and is read behind? */
static bool loses(const struct shell_look *look, TSNode pipe, TSNode loop)
{
	const struct syntax *s = look->s;
	TSNode scope = scope_of(pipe);
	size_t start = ts_node_start_byte(scope);
	struct str before = str_slice(s->text, start, ts_node_start_byte(pipe) - start);
	struct str behind = str_slice(s->text, ts_node_end_byte(pipe),
				      ts_node_end_byte(scope) - ts_node_end_byte(pipe));

	for (unsigned n = 0;; n++) {
		TSNode assignment = syntax_below(loop, "variable_assignment", n);
		struct str name = syntax_text(s, syntax_field(assignment, "name"));

		if (ts_node_is_null(assignment))
			return false;
		if (!str_is_word(name) || syntax_type_is(ts_node_parent(assignment), "command") ||
		    !ts_node_is_null(syntax_up(assignment, "subshell|command_substitution")))
			continue;
		if (is_read(behind, name, look->scene->arena) &&
		    text_has_word(before, str_text(look->scene->arena, name)) &&
		    str_has(before, arena_printf(look->scene->arena, "%.*s=", STR_ARG(name))))
			return true;
	}
}

/*
 * Under pipefail the exit code of what feeds the loop counts, which a process substitution would
 * lose: bash can run the last command of a pipe itself. False when it is said already.
 */
static bool last_in_shell(struct shell_look *look)
{
	const struct syntax *s = look->s;
	TSNode command;

	if (str_has(s->text, "lastpipe"))
		return false;
	for (unsigned n = 0; command = syntax_below(s->root, "command", n), !ts_node_is_null(command); n++)
		if (str_is(shell_command(s, command), "set") &&
		    str_has(syntax_text(s, command), "pipefail"))
			break;
	if (ts_node_is_null(command) || !syntax_type_is(ts_node_parent(command), "program"))
		return false;
	edit_replace(&look->edits, ts_node_end_byte(command), ts_node_end_byte(command),
		     STR("\nshopt -s lastpipe"));
	look->found++;
	return true;
}

static void find(struct shell_look *look)
{
	const struct syntax *s = look->s;

	if (!shell_is_bash(s->text))
		return;
	for (unsigned n = 0;; n++) {
		TSNode pipe = syntax_below(s->root, "pipeline", n), loop;
		struct str source;
		uint32_t count;

		if (ts_node_is_null(pipe))
			return;
		count = ts_node_named_child_count(pipe);
		loop = ts_node_named_child(pipe, count - 1);
		if (count < 2 || !syntax_type_is(loop, "while_statement") || !loses(look, pipe, loop))
			continue;
		if (shell_is_set(s, 0, "pipefail")) {
			(void)last_in_shell(look);
			return;
		}
		source = str_slice(s->text, ts_node_start_byte(pipe),
				   ts_node_start_byte(loop) - ts_node_start_byte(pipe));
		source = str_trim(source);
		if (!str_chop(&source, "|") || str_char(source, '\n') >= 0 || str_has(source, "<<"))
			continue;
		source = str_trim(source);
		edit_replace(&look->edits, ts_node_start_byte(pipe), ts_node_start_byte(loop), STR_NONE);
		edit_replace(&look->edits, ts_node_end_byte(pipe), ts_node_end_byte(pipe),
			     str_of(arena_printf(look->scene->arena, " < <(%.*s)", STR_ARG(source))));
		look->found++;
	}
}

static void fix(struct scene *scene)
{
	shell_mend_flaw(scene, find, "while", "a loop behind a pipe that sets what is read after it",
			"fed from the outside, it runs in the shell itself");
}

static const struct example examples[] = {
	{
		.name = "a sum of lines",
		.log =
		"FAIL: expected '3 rows', got '0 rows'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "sum.sh",
			  "#!/bin/bash\n"
			  "rows=0\n"
			  "cut -d, -f2 \"$1\" | while read -r value; do\n"
			  "\trows=$((rows + 1))\n"
			  "done\n"
			  "echo \"$rows rows\"\n",
			  "#!/bin/bash\n"
			  "rows=0\n"
			  "while read -r value; do\n"
			  "\trows=$((rows + 1))\n"
			  "done < <(cut -d, -f2 \"$1\")\n"
			  "echo \"$rows rows\"\n" },
			{ "test_sum.sh",
			  "got=$(bash sum.sh x.csv)\n"
			  "[ \"$got\" = \"3 rows\" ] || exit 1\n",
			  NULL },
		},
	},
	{
		.name = "two pipes, in a function",
		.log =
		"expected 2, got 0\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "a.sh",
			  "#!/usr/bin/env bash\n"
			  "count() {\n"
			  "\tlocal n=0\n"
			  "\tn=0\n"
			  "\tgrep x \"$1\" | sort | while read -r _; do\n"
			  "\t\tn=$((n + 1))\n"
			  "\tdone\n"
			  "\techo \"$n\"\n"
			  "}\n"
			  "count \"$1\"\n",
			  "#!/usr/bin/env bash\n"
			  "count() {\n"
			  "\tlocal n=0\n"
			  "\tn=0\n"
			  "\twhile read -r _; do\n"
			  "\t\tn=$((n + 1))\n"
			  "\tdone < <(grep x \"$1\" | sort)\n"
			  "\techo \"$n\"\n"
			  "}\n"
			  "count \"$1\"\n" },
		},
	},
	{
		.name = "under pipefail",
		.log =
		"FAIL: expected '3 rows', got '0 rows'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "sum.sh",
			  "#!/bin/bash\nset -euo pipefail\nrows=0\n"
			  "cut -d, -f2 \"$1\" | while read -r value; do\n\trows=$((rows + 1))\ndone\n"
			  "echo \"$rows rows\"\n",
			  "#!/bin/bash\nset -euo pipefail\nshopt -s lastpipe\nrows=0\n"
			  "cut -d, -f2 \"$1\" | while read -r value; do\n\trows=$((rows + 1))\ndone\n"
			  "echo \"$rows rows\"\n" },
		},
	},
	{
		.name = "a plain sh knows no process substitution",
		.log =
		"FAIL: expected '3 rows', got '0 rows'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "sum.sh",
			  "#!/bin/sh\n"
			  "rows=0\n"
			  "cut -d, -f2 \"$1\" | while read -r value; do\n"
			  "\trows=$((rows + 1))\n"
			  "done\n"
			  "echo \"$rows rows\"\n",
			  NULL },
		},
		.declines = "no script has",
	},
	{
		.name = "what is set in the loop stays there",
		.log =
		"FAIL: expected 'a', got 'b'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "show.sh",
			  "#!/bin/bash\n"
			  "cut -d, -f2 \"$1\" | while read -r value; do\n"
			  "\tshown=$((value + 1))\n"
			  "\techo \"$shown\"\n"
			  "done\n"
			  "echo end\n",
			  NULL },
		},
		.declines = "no script has",
	},
	{0}
};

const struct template template_shell_lost_in_pipe = {
	.name = "shell_lost_in_pipe",
	.summary = "a variable set in a loop behind a pipe -> the loop is fed by < <(...)",
	.class = "behaviour",
	.oracles = "the failing test",
	.keeps_off = "scripts of a plain sh; names without a value before the pipe",
	.danger = DANGER_1,
	.fix = fix,
	.examples = examples,
};

/*
 * "08: value too great for base" -> "10#" before the variable in the arithmetic of that line: a
 * number cut out of a text begins with a zero. Only where the variable is cut from a text and
 * never computed, and only in scripts for bash, which knows "10#".
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


static const char *const types[] = { "octal number", NULL };

/* Is the name only given texts, and never the result of arithmetic or a plain number? */
static bool is_cut(const struct syntax *s, struct str name)
{
	bool cut = false;

	for (unsigned n = 0;; n++) {
		TSNode assignment = syntax_below(s->root, "variable_assignment", n);
		TSNode value = syntax_field(assignment, "value");

		if (ts_node_is_null(assignment))
			return cut || !shell_assigns(s, name) ||
			       str_has(s->text, "read ");
		if (!str_equal(syntax_text(s, syntax_field(assignment, "name")), name) ||
		    syntax_type_is(ts_node_parent(assignment), "command"))
			continue;
		if (!ts_node_is_null(syntax_below(value, "arithmetic_expansion", 0)) ||
		    syntax_type_is(value, "number") ||
		    (syntax_type_is(value, "word") && syntax_text(s, value).size))
			return false;
		cut = true;
	}
}

/* The names in the arithmetic on the line, each edited where it stands. */
static unsigned mend(const struct syntax *s, unsigned line, struct edits *edits)
{
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode name = syntax_below(s->root, "variable_name", n), place = name, parent;
		size_t start;

		if (ts_node_is_null(name))
			return count;
		parent = ts_node_parent(name);
		if (syntax_type_is(parent, "simple_expansion|expansion"))
			place = parent;
		start = ts_node_start_byte(place);
		if (syntax_line(name) != line ||
		    ts_node_is_null(syntax_up(name, "arithmetic_expansion")) ||
		    !is_cut(s, syntax_text(s, name)) || !str_is_word(syntax_text(s, name)) ||
		    (start && s->text.at[start - 1] == '#'))
			continue;
		if (syntax_type_is(place, "expansion"))
			edit_replace(edits, start, start, STR("10#"));
		else	/* the braces are for readers and for other programs that parse it */
			edit_node(edits, place, str_of(arena_printf(edits->arena, "10#${%.*s}",
								    STR_ARG(syntax_text(s, name)))));
		count++;
	}
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	SYNTAX s = shell_open(scene, path);
	struct edits edits = { .arena = scene->arena };
	struct str after;

	if (!s)
		return;
	if (!shell_is_bash(s->text))
		return template_decline(scene, "%s is not for bash, which alone knows 10#", path);
	if (!mend(s, scene->failure->line, &edits))
		return template_decline(scene, "no variable in the arithmetic of line %u is cut from a text",
					scene->failure->line);
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TOOL, "A number with a zero before it is octal to "
					     "the shell: \"10#\" says that it is decimal."), path, after);
}

static const struct example examples[] = {
	{
		.name = "the month of a date",
		.log =
		"next.sh: line 5: 08: value too great for base (error token is \"08\")\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "next.sh",
			  "#!/bin/bash\n"
			  "set -eu\n"
			  "year=${1%-*}\n"
			  "month=${1#*-}\n"
			  "next=$((month + 1))\n"
			  "echo \"$year-$next\"\n",
			  "#!/bin/bash\n"
			  "set -eu\n"
			  "year=${1%-*}\n"
			  "month=${1#*-}\n"
			  "next=$((10#${month} + 1))\n"
			  "echo \"$year-$next\"\n" },
		},
	},
	{
		.name = "hours and minutes",
		.log =
		"clock.sh: line 3: 09: value too great for base (error token is \"09\")\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "clock.sh",
			  "#!/usr/bin/env bash\n"
			  "IFS=: read -r hours minutes <<< \"$1\"\n"
			  "echo $(($hours * 60 + minutes))\n",
			  "#!/usr/bin/env bash\n"
			  "IFS=: read -r hours minutes <<< \"$1\"\n"
			  "echo $((10#${hours} * 60 + 10#${minutes}))\n" },
		},
	},
	{
		.name = "a number of the script itself",
		.log =
		"a.sh: line 3: 08: value too great for base (error token is \"08\")\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "a.sh",
			  "#!/bin/bash\n"
			  "n=08\n"
			  "echo $((n + 1))\n",
			  NULL },
		},
		.declines = "no variable in the arithmetic",
	},
	{
		.name = "a plain sh",
		.log =
		"a.sh: line 3: 08: value too great for base (error token is \"08\")\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "a.sh",
			  "#!/bin/sh\n"
			  "n=${1#*-}\n"
			  "echo $((n + 1))\n",
			  NULL },
		},
		.declines = "is not for bash",
	},
	{0}
};

const struct template template_shell_octal_number = {
	.name = "shell_octal_number",
	.summary = "value too great for base -> 10# before the variable",
	.language = "shell",
	.class = "arithmetic",
	.oracles = "the shell itself",
	.keeps_off = "computed numbers; scripts of a plain sh",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

/*
 * A grep in "x=$(grep ...)" that finds nothing ends a script under "set -e", and the test expects
 * a result -> "|| [ $? -eq 1 ]": nothing found is no failure, a file that cannot be read still
 * is. Only where one grep of the script can be meant.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


/* The grep of the substitution whose exit code ends the script; null when another command's does. */
static TSNode failing_grep(const struct syntax *s, TSNode substitution, bool pipefail)
{
	TSNode inside = ts_node_named_child(substitution, 0), found = {0};
	uint32_t count;

	if (ts_node_named_child_count(substitution) != 1)
		return found;
	if (syntax_type_is(inside, "command"))
		return str_is(shell_command(s, inside), "grep") ? inside : found;
	if (!syntax_type_is(inside, "pipeline"))
		return found;
	count = ts_node_named_child_count(inside);
	for (uint32_t i = 0; i < count; i++) {
		TSNode one = ts_node_named_child(inside, i);

		if (syntax_type_is(one, "command") && str_is(shell_command(s, one), "grep") &&
		    (pipefail || i + 1 == count)) {
			if (!ts_node_is_null(found))
				return (TSNode){0};
			found = one;
		}
	}
	return found;
}

/* Under a condition, or with another branch, the exit code is asked for already. */
static bool is_asked(TSNode assignment)
{
	TSNode parent = ts_node_parent(assignment);

	return !syntax_type_is(parent, "program") && !syntax_type_is(parent, "compound_statement") &&
	       !syntax_type_is(parent, "do_group");
}

static void find(struct shell_look *look)
{
	const struct syntax *s = look->s;
	const bool pipefail = shell_is_set(s, 0, "pipefail");

	if (!shell_is_set(s, 'e', "errexit"))
		return;
	for (unsigned n = 0;; n++) {
		TSNode assignment = syntax_below(s->root, "variable_assignment", n), grep;
		TSNode value = syntax_field(assignment, "value");
		bool piped;

		if (ts_node_is_null(assignment))
			break;
		if (syntax_type_is(value, "string") && ts_node_named_child_count(value) == 1)
			value = ts_node_named_child(value, 0);
		if (!syntax_type_is(value, "command_substitution") || is_asked(assignment))
			continue;
		grep = failing_grep(s, value, pipefail);
		if (ts_node_is_null(grep))
			continue;
		piped = syntax_type_is(ts_node_parent(grep), "pipeline");
		edit_node(&look->edits, grep,
			  str_of(arena_printf(look->scene->arena, "%s%.*s || [ $? -eq 1 ]%s",
					      piped ? "{ " : "", STR_ARG(syntax_text(s, grep)),
					      piped ? "; }" : "")));
		look->found++;
	}
	if (look->found > 1)		/* which of them may find nothing nobody says */
		look->found = 0;
}

static void fix(struct scene *scene)
{
	shell_mend_flaw(scene, find, "grep", "a grep that ends it when nothing is found",
			"nothing found is no failure");
}

static const struct example examples[] = {
	{
		.name = "a count of no lines",
		.log =
		"FAIL: expected 'clean: 0', got 'exit code 1'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "marks.sh",
			  "#!/bin/bash\n"
			  "set -euo pipefail\n"
			  "count=$(grep -c WARNING \"$1\")\n"
			  "echo \"$1: $count\"\n",
			  "#!/bin/bash\n"
			  "set -euo pipefail\n"
			  "count=$(grep -c WARNING \"$1\" || [ $? -eq 1 ])\n"
			  "echo \"$1: $count\"\n" },
		},
	},
	{
		.name = "in a pipe, under pipefail",
		.log =
		"FAIL: expected '', got 'exit code 1'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "marks.sh",
			  "#!/bin/bash\n"
			  "set -euo pipefail\n"
			  "lines=$(grep WARNING \"$1\" | sort)\n"
			  "echo \"$lines\"\n",
			  "#!/bin/bash\n"
			  "set -euo pipefail\n"
			  "lines=$({ grep WARNING \"$1\" || [ $? -eq 1 ]; } | sort)\n"
			  "echo \"$lines\"\n" },
		},
	},
	{
		.name = "its exit code is asked for",
		.log =
		"FAIL: expected 'clean: 0', got 'exit code 1'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "marks.sh",
			  "#!/bin/bash\n"
			  "set -e\n"
			  "if count=$(grep -c WARNING \"$1\"); then\n"
			  "\techo \"$count\"\n"
			  "fi\n",
			  NULL },
		},
		.declines = "no script has",
	},
	{
		.name = "one of two",
		.log =
		"FAIL: expected 'clean: 0', got 'exit code 1'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "marks.sh",
			  "#!/bin/bash\n"
			  "set -e\n"
			  "a=$(grep -c WARNING \"$1\")\n"
			  "b=$(grep -c NOTE \"$1\")\n"
			  "echo \"$a $b\"\n",
			  NULL },
		},
		.declines = "no script has",
	},
	{0}
};

const struct template template_shell_nothing_found = {
	.name = "shell_nothing_found",
	.summary = "a grep that finds nothing ends a script under set -e -> || [ $? -eq 1 ]",
	.class = "behaviour",
	.oracles = "the failing test",
	.keeps_off = "exit codes that are asked for; several greps",
	.danger = DANGER_2,
	.fix = fix,
	.examples = examples,
};

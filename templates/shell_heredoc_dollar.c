/*
 * An unbound variable that nobody sets, in a here-document or a text in double quotes, while the
 * test wants to see the dollar itself -> a backslash before it, wherever the name stands in such
 * a text. Keeps off names that a script sets or has a default for.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


static const char *const types[] = { "unbound variable", NULL };
static const char pattern[] = "^(?<name>[A-Za-z_]\\w*): (?:unbound variable|parameter not set)$";

/* Does a script or settings file anywhere give the name a value, or a default? */
static bool is_known(const struct scene *scene, struct str name)
{
	const char *const forms[] = {
		arena_printf(scene->arena, "%.*s=", STR_ARG(name)),
		arena_printf(scene->arena, "%.*s:", STR_ARG(name)),
		arena_printf(scene->arena, "${%.*s-", STR_ARG(name)),
	};

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str text;

		if (!scene_read(scene, scene->tree->entries[i].path, &text))
			continue;
		for (size_t n = 0; n < sizeof(forms) / sizeof(forms[0]); n++)
			if (str_has(text, forms[n]))
				return true;
	}
	return false;
}

/* The test that has the name with its dollar in single quotes or escaped: it wants to see it. */
static const char *wanted_by(const struct scene *scene, const char *path, struct str name)
{
	const char *dollar = arena_printf(scene->arena, "$%.*s", STR_ARG(name));
	const char *escaped = arena_printf(scene->arena, "\\$%.*s", STR_ARG(name));

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *other = scene->tree->entries[i].path;
		struct str text, line;

		if (!strcmp(other, path) || !shell_is_test(str_of(other)) ||
		    !scene_read(scene, other, &text))
			continue;
		while (str_next_line(&text, &line)) {
			ptrdiff_t at = str_find(line, str_of(dollar));

			if (at >= 0 && (str_has(line, escaped) ||
					str_char(str_slice(line, 0, (size_t)at), '\'') >= 0))
				return other;
		}
	}
	return NULL;
}

static unsigned mend(const struct syntax *s, struct str name, struct edits *edits)
{
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "simple_expansion|expansion", n);
		size_t start;

		if (ts_node_is_null(one))
			return count;
		start = ts_node_start_byte(one);
		if (!str_equal(shell_variable(s, one), name))
			continue;
		if (ts_node_is_null(syntax_up(one, "heredoc_body|string")) ||
		    !ts_node_is_null(syntax_up(one, "command_substitution")))
			return 0;	/* here it is meant as a variable: who knows about the others */
		edit_replace(edits, start, start, STR("\\"));
		count++;
	}
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file), *test;
	struct str name = scene_group(scene, "name"), after;
	SYNTAX s = shell_open(scene, path);
	struct edits edits = { .arena = scene->arena };

	if (!s)
		return;
	if (is_known(scene, name))
		return template_decline(scene, "%.*s has a value somewhere", STR_ARG(name));
	test = wanted_by(scene, path, name);
	if (!test)
		return template_decline(scene, "no test wants to see $%.*s itself", STR_ARG(name));
	if (!mend(s, name, &edits))
		return template_decline(scene, "$%.*s does not stand in texts alone", STR_ARG(name));
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TEST, "%s wants the text \"$%.*s\", which no script "
					     "sets: the dollar belongs to the text.", test, STR_ARG(name)),
			      path, after);
}

static const struct example examples[] = {
	{
		.name = "a unit file",
		.log =
		"unit.sh: line 4: MAINPID: unbound variable\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "unit.sh",
			  "#!/bin/bash\n"
			  "set -u\n"
			  "name=$1\n"
			  "cat <<END\n"
			  "Description=$name\n"
			  "ExecReload=/bin/kill -HUP $MAINPID\n"
			  "END\n",
			  "#!/bin/bash\n"
			  "set -u\n"
			  "name=$1\n"
			  "cat <<END\n"
			  "Description=$name\n"
			  "ExecReload=/bin/kill -HUP \\$MAINPID\n"
			  "END\n" },
			{ "test_unit.sh",
			  "grep -qxF 'ExecReload=/bin/kill -HUP $MAINPID' out\n",
			  NULL },
		},
	},
	{
		.name = "nobody wants to see it",
		.log =
		"unit.sh: line 3: TOKEN: unbound variable\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "unit.sh",
			  "#!/bin/bash\n"
			  "set -u\n"
			  "echo \"token $TOKEN\"\n",
			  NULL },
			{ "test_unit.sh",
			  "bash unit.sh\n",
			  NULL },
		},
		.declines = "no test wants",
	},
	{
		.name = "it is set elsewhere",
		.log =
		"unit.sh: line 3: TOKEN: unbound variable\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "unit.sh",
			  "#!/bin/bash\n"
			  "set -u\n"
			  "echo \"token $TOKEN\"\n",
			  NULL },
			{ "ci.sh",
			  "#!/bin/bash\n"
			  "TOKEN=abc bash unit.sh\n",
			  NULL },
			{ "test_unit.sh",
			  "grep '$TOKEN' out\n",
			  NULL },
		},
		.declines = "has a value somewhere",
	},
	{0}
};

const struct template template_shell_heredoc_dollar = {
	.name = "shell_heredoc_dollar",
	.summary = "an unbound variable in a text whose dollar a test wants to see -> \\$",
	.language = "shell",
	.class = "quoting",
	.oracles = "the test that has the text",
	.keeps_off = "names that anybody sets",
	.danger = DANGER_1,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};

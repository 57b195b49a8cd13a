/*
 * flake8 F841: a local name is given a value and never used. The name goes and what it was given
 * stays where that does something: `except E as e`, `with f() as x`, and calls that are made
 * without a name elsewhere. A computed value that nobody uses may be the bug itself.
 */
#include "templates/lib_python.h"
#include "templates/lib_python_line.h"
#include "templates/lib_scene.h"

static const char doers[] = "pop popleft popitem remove discard next send write execute commit start "
			    "submit connect acquire wait setdefault put";

/* Is a function of this name called for its effect alone anywhere outside of tests? */
static bool is_called_bare(struct python *python, struct str name)
{
	const struct tree *tree = python->scene->tree;

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		const struct syntax *s;
		struct str text;

		if (!str_ends(str_of(path), ".py") || python_is_test(str_of(path)) ||
		    !scene_read(python->scene, path, &text) || str_find(text, name) < 0)
			continue;
		s = python_open(python, path);
		for (unsigned n = 0; s; n++) {
			TSNode call = syntax_below(s->root, "call", n);

			if (ts_node_is_null(call))
				break;
			if (str_equal(python_callee(s, call), name) &&
			    syntax_type_is(ts_node_parent(call), "expression_statement"))
				return true;
		}
	}
	return false;
}

/* The name in "except E as name:" or "with f() as name" on the line: where " as name" stands. */
static bool bound_by_as(const struct syntax *s, struct str name, unsigned line, size_t *start,
			size_t *end)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "as_pattern", n), alias;

		if (ts_node_is_null(one))
			return false;
		alias = syntax_field(one, "alias");
		if (ts_node_start_point(one).row + 1 != line || !str_equal(syntax_text(s, alias), name))
			continue;
		*start = ts_node_end_byte(python_child(one, 0));
		*end = ts_node_end_byte(alias);
		return true;
	}
}

static void drop_name(struct python *python, struct edits *edits, const struct syntax *s,
		      const char *path, struct str name, unsigned line)
{
	struct site site;
	TSNode assignment, right, call;

	if (!python_site(python, path, line, &site))
		return template_decline(python->scene, "there is no statement at %s:%u", path, line);
	assignment = python_child(site.statement, 0);
	right = call = syntax_field(assignment, "right");
	if (syntax_type_is(right, "await"))
		call = python_child(right, 0);
	if (!syntax_type_is(site.statement, "expression_statement") ||
	    !syntax_type_is(assignment, "assignment") ||
	    !str_equal(syntax_text(s, syntax_field(assignment, "left")), name) ||
	    !syntax_type_is(call, "call"))
		return template_decline(python->scene, "the value is computed and not used: that may be the "
					"fault itself");
	if (!word_among(python_callee(s, call), doers) && !is_called_bare(python, python_callee(s, call)))
		return template_decline(python->scene, "whether the call is needed is not known");
	edit_replace(edits, ts_node_start_byte(assignment), ts_node_start_byte(right), STR_NONE);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	const struct failure *failure = scene->failure;
	const char *path = scene_path(scene, failure->file);
	struct edits edits = { .arena = scene->arena };
	struct str name = scene_group(scene, "name"), after;
	const struct syntax *s = path ? python_open(&python, path) : NULL;
	size_t start, end;

	if (!s || python_is_test(str_of(path)))
		return template_decline(scene, "it is no own code outside of tests");
	for (size_t i = 0; i < scene->report->failure_count; i++)
		if (scene->report->failures[i].kind != KIND_LINT)
			return template_decline(scene, "something else fails as well: the value may be what "
						"is missing there");
	if (line_other_findings(scene))
		return template_decline(scene, "the checker also finds what cannot be mended so");
	if (bound_by_as(s, name, failure->line, &start, &end))
		edit_replace(&edits, start, end, STR_NONE);
	else
		drop_name(&python, &edits, s, path, name, failure->line);
	if (edits.count && edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TOOL, "nobody uses %.*s; what it was given stays",
					     STR_ARG(name)), path, after);
}

static const char *const types[] = { "F841", NULL };

static const struct example examples[] = {
	{
		.name = "a call that takes something out",
		.log =
			"a.py:2:5: F841 local variable 'job' is assigned to but never used\n",
		.file = {
			{ "a.py",
			"def finish(jobs):\n"
			"    job = jobs.popleft()\n"
			"    return len(jobs)\n", 
			"def finish(jobs):\n"
			"    jobs.popleft()\n"
			"    return len(jobs)\n" },
		},
	},
	{
		.name = "the name of an exception",
		.log =
			"a.py:4:5: F841 local variable 'why' is assigned to but never used\n",
		.file = {
			{ "a.py",
			"def number(text):\n"
			"    try:\n"
			"        return int(text)\n"
			"    except ValueError as why:\n"
			"        return 0\n", 
			"def number(text):\n"
			"    try:\n"
			"        return int(text)\n"
			"    except ValueError:\n"
			"        return 0\n" },
		},
	},
	{
		.name = "a computed value",
		.log =
			"a.py:2:5: F841 local variable 'small' is assigned to but never used\n",
		.file = {
			{ "a.py",
			"def plain(text):\n"
			"    small = text[1:]\n"
			"    return text\n", NULL },
		},
		.declines = "may be the fault",
	},
	{
		.name = "a call that may be needed or not",
		.log =
			"a.py:2:5: F841 local variable 'small' is assigned to but never used\n",
		.file = {
			{ "a.py",
			"def plain(text):\n"
			"    small = text.lower()\n"
			"    return text\n", NULL },
		},
		.declines = "not known",
	},
	{0}
};

const struct template template_python_unused_variable = {
	.name = "python_unused_variable",
	.summary = "flake8 F841: a name that nobody uses -> the call without it",
	.language = "python",
	.class = "lint",
	.oracles = "tool, sibling",
	.keeps_off = "computed values, calls that may be without effect, red tests beside it",
	.danger = DANGER_1,
	.tool = "flake8",
	.types = types,
	.pattern = "^local variable '(?<name>\\w+)' is assigned to but never used",
	.fix = fix,
	.examples = examples,
};

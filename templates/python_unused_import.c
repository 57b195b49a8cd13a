/*
 * flake8 F401: an import that nobody uses goes. Not where it may be passed on to others, be there for
 * what the module does when it is imported, or be looked up by name.
 */
#include "git/path.h"
#include "templates/lib_definitions.h"
#include "templates/lib_import.h"
#include "templates/lib_python_line.h"
#include "templates/lib_scene.h"

enum { FILES_MAX = 3, NAMES_MAX = 64, TREE_MAX = 4000 };

struct cut {
	struct python *python;
	const char *path;
	const struct syntax *s;
	struct edits edits;
	TSNode gone[NAMES_MAX];		/* names of imports */
	size_t gone_count;
};

static const char with_effects[] = "readline rlcompleter antigravity this encodings";

/* The full name as flake8 writes it: "os", "os.path as p", "collections.Counter", ".units". */
static struct str full_name(struct arena *a, const struct syntax *s, TSNode import, TSNode one)
{
	struct str text = syntax_text(s, one), module = syntax_text(s, syntax_field(import, "module_name"));

	if (syntax_type_is(import, "import_statement"))
		return text;
	return str_of(arena_printf(a, "%.*s%s%.*s", STR_ARG(module), str_ends(module, ".") ? "" : ".",
				   STR_ARG(text)));
}

/* The imported name that a finding means; null when it is not there. */
static TSNode find(const struct cut *cut, struct str full, unsigned line)
{
	TSNode none = {{0}, NULL, NULL};

	for (unsigned n = 0;; n++) {
		TSNode import = syntax_below(cut->s->root, "import_statement|import_from_statement", n);

		if (ts_node_is_null(import))
			return none;
		if (ts_node_start_point(import).row + 1 != line)
			continue;
		for (unsigned i = syntax_type_is(import, "import_from_statement") ? 1 : 0;
		     i < python_child_count(import); i++)
			if (str_equal(full_name(cut->edits.arena, cut->s, import,
						python_child(import, i)), full))
				return python_child(import, i);
	}
}

/* Does a module do something when it is imported, beyond defining? */
static bool has_effects(const struct syntax *s)
{
	for (unsigned i = 0; i < python_child_count(s->root); i++) {
		TSNode one = python_child(s->root, i), inner = python_child(one, 0);

		if (syntax_type_is(one, "function_definition|class_definition|import_statement|"
				   "import_from_statement|future_import_statement"))
			continue;
		if (syntax_type_is(one, "expression_statement") &&
		    (syntax_type_is(inner, "string") ||
		     (syntax_type_is(inner, "assignment") && !python_contains(inner, "call"))))
			continue;
		if (syntax_type_is(one, "decorated_definition") &&
		    str_starts(syntax_text(s, one), "@dataclass"))
			continue;
		return true;
	}
	return false;
}

/* A module of this repository that only defines things, or one of Python's own. */
static bool is_harmless(const struct cut *cut, TSNode import, TSNode one)
{
	struct scene *scene = cut->python->scene;
	struct str module = syntax_text(cut->s, syntax_type_is(import, "import_from_statement") ?
					syntax_field(import, "module_name") : one), first;
	const char *found = NULL;

	str_split(module, " as ", &module, NULL);
	if (!str_split(module, ".", &first, NULL))
		first = module;
	if (first.size && !import_is_local(scene->tree, first))
		return import_is_stdlib(first) && !word_among(first, with_effects);
	str_split_last(module, ".", NULL, &module);
	for (size_t i = 0; i < scene->tree->count && i < TREE_MAX; i++) {
		struct str name = path_name(str_of(scene->tree->entries[i].path));

		if (!str_chop(&name, ".py") || !str_equal(name, module))
			continue;
		if (found)
			return false;
		found = scene->tree->entries[i].path;
	}
	return found && python_open(cut->python, found) && !has_effects(python_open(cut->python, found));
}

/* May the name go? Declines with the reason. */
static bool may_go(const struct cut *cut, TSNode import, TSNode one)
{
	struct scene *scene = cut->python->scene;
	struct str name = syntax_text(cut->s, one), file = path_name(str_of(cut->path));
	TSNode outer = ts_node_parent(import);

	if (str_is(file, "__init__.py") || str_is(file, "conftest.py"))
		return template_decline(scene, "%s may pass it on", cut->path), false;
	if (python_is_test(str_of(cut->path)))
		return template_decline(scene, "%s is a test; tests are not changed", cut->path), false;
	if (!ts_node_eq(outer, cut->s->root))
		return template_decline(scene, "it is imported under a condition or in a function"), false;
	if (str_has(cut->s->text, "globals()") || str_has(cut->s->text, "eval(") ||
	    str_has(cut->s->text, "locals()"))
		return template_decline(scene, "%s looks names up", cut->path), false;
	if (!is_harmless(cut, import, one))
		return template_decline(scene, "the module may be imported for what it does then"), false;
	if (!str_split_last(name, " as ", NULL, &name))
		str_split(name, ".", &name, NULL);
	if (definition_is_passed_on(cut->python, cut->path, name))
		return template_decline(scene, "another file takes it from %s", cut->path), false;
	return true;
}

static bool is_gone(const struct cut *cut, TSNode one)
{
	for (size_t i = 0; i < cut->gone_count; i++)
		if (ts_node_eq(cut->gone[i], one))
			return true;
	return false;
}

/* One import statement without the names that go. */
static void trim(struct cut *cut, TSNode import)
{
	unsigned first = syntax_type_is(import, "import_from_statement") ? 1 : 0, left = 0;
	unsigned count = python_child_count(import);
	TSNode last = {{0}, NULL, NULL};

	for (unsigned i = first; i < count; i++)
		left += !is_gone(cut, python_child(import, i));
	if (left == count - first)
		return;
	if (!left)
		return edit_replace(&cut->edits, ts_node_start_byte(import),
				    line_end(cut->s->text, ts_node_end_byte(import)), STR_NONE);
	for (unsigned i = first; i < count; i++) {
		TSNode one = python_child(import, i), next = python_child(import, i + 1);

		if (!is_gone(cut, one)) {
			last = one;
			continue;
		}
		if (!ts_node_is_null(last))
			edit_replace(&cut->edits, ts_node_end_byte(i > first && is_gone(cut,
				     python_child(import, i - 1)) ? python_child(import, i - 1) : last),
				     ts_node_end_byte(one), STR_NONE);
		else if (!ts_node_is_null(next))
			edit_replace(&cut->edits, ts_node_start_byte(one), ts_node_start_byte(next),
				     STR_NONE);
	}
}

/* Does something fail in the file, or on the way through it? The use may be what is missing. */
static bool fails_too(const struct scene *scene, const char *path)
{
	for (size_t i = 0; i < scene->report->failure_count; i++) {
		const struct failure *one = &scene->report->failures[i];

		if (one->kind == KIND_LINT)
			continue;
		if (one->file && !strcmp(one->file, path))
			return true;
		for (size_t k = 0; k < one->frame_count; k++)
			if (one->frames[k].file && !strcmp(one->frames[k].file, path))
				return true;
	}
	return false;
}

/* All findings of one file; false when one of them must stay. */
static bool cut_file(struct cut *cut, struct str *after)
{
	struct scene *scene = cut->python->scene;

	for (size_t i = 0; i < scene->report->diagnostic_count; i++) {
		const struct diagnostic *d = &scene->report->diagnostics[i];
		struct str full = str_of(d->message);
		const char *path = scene_path(scene, d->file);
		TSNode one;

		if (!path || strcmp(path, cut->path) || !d->code || strcmp(d->code, "F401"))
			continue;
		str_skip(&full, "'");
		if (!str_split(full, "' imported but unused", &full, NULL))
			continue;
		one = find(cut, full, d->line);
		if (ts_node_is_null(one) || cut->gone_count == NAMES_MAX)
			return template_decline(scene, "%s:%u does not import %.*s", cut->path, d->line,
						STR_ARG(full)), false;
		if (!may_go(cut, ts_node_parent(one), one))
			return false;
		cut->gone[cut->gone_count++] = one;
	}
	for (unsigned n = 0; cut->gone_count; n++) {
		TSNode import = syntax_below(cut->s->root, "import_statement|import_from_statement", n);

		if (ts_node_is_null(import))
			break;
		trim(cut, import);
	}
	/* A module of nothing else is there to be imported from. */
	return edits_apply(&cut->edits, cut->s, after) && str_trim(*after).size;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	const char *path = scene_path(scene, scene->failure->file);
	struct cut cut = { .python = &python, .path = path, .edits = { .arena = scene->arena } };
	struct str after;

	cut.s = path ? python_open(&python, path) : NULL;
	if (!cut.s)
		return template_decline(scene, "the file cannot be read");
	if (fails_too(scene, path))
		return template_decline(scene, "the file also fails: the use may be what is missing");
	if (line_other_findings(scene))
		return template_decline(scene, "the checker also finds what cannot be mended so");
	if (cut_file(&cut, &after))
		candidate_put(scene, propose(scene, ORACLE_TOOL, "nobody uses what is imported there"), path,
			      after);
}

static const char *const types[] = { "F401", NULL };

static const struct example examples[] = {
	{
		.name = "a module, and one name of two",
		.log =
			"a.py:2:1: F401 'os' imported but unused\n"
			"a.py:3:1: F401 'collections.Counter' imported but unused\n",
		.file = {
			{ "a.py",
			"import json\n"
			"import os\n"
			"from collections import Counter, defaultdict\n"
			"\n"
			"print(json.dumps(defaultdict(int)))\n", 
			"import json\n"
			"from collections import defaultdict\n"
			"\n"
			"print(json.dumps(defaultdict(int)))\n" },
		},
	},
	{
		.name = "the last of several lines",
		.log =
			"a.py:1:1: F401 'itertools.chain' imported but unused\n",
		.file = {
			{ "a.py",
			"from itertools import (\n"
			"    accumulate,\n"
			"    chain,\n"
			")\n"
			"\n"
			"print(list(accumulate([1])))\n", 
			"from itertools import (\n"
			"    accumulate,\n"
			")\n"
			"\n"
			"print(list(accumulate([1])))\n" },
		},
	},
	{
		.name = "it registers something",
		.log =
			"main.py:1:1: F401 'units' imported but unused\n",
		.file = {
			{ "main.py",
			"import units\n"
			"\n"
			"print(\"ready\")\n", NULL },
			{ "units.py",
			"from registry import converter\n"
			"\n"
			"\n"
			"@converter(\"km\")\n"
			"def km(value):\n"
			"    return value\n", NULL },
		},
		.declines = "for what it does",
	},
	{
		.name = "another file takes it from there",
		.log =
			"store.py:1:1: F401 'errors.Missing' imported but unused\n",
		.file = {
			{ "store.py",
			"from errors import Missing\n"
			"\n"
			"NAME = \"store\"\n", NULL },
			{ "errors.py",
			"class Missing(Exception):\n"
			"    pass\n", NULL },
			{ "main.py",
			"from store import Missing, NAME\n"
			"\n"
			"print(Missing, NAME)\n", NULL },
		},
		.declines = "another file",
	},
	{
		.name = "a package",
		.log =
			"shapes/__init__.py:1:1: F401 'shapes.circle.Circle' imported but unused\n",
		.file = {
			{ "shapes/__init__.py",
			"from shapes.circle import Circle\n", NULL },
			{ "shapes/circle.py",
			"class Circle:\n"
			"    pass\n", NULL },
		},
		.declines = "may pass it on",
	},
	{0}
};

const struct template template_python_unused_import = {
	.name = "python_unused_import",
	.summary = "flake8 F401: an import that nobody uses -> without it",
	.language = "python",
	.class = "lint",
	.oracles = "tool",
	.keeps_off = "packages' __init__.py, names another file takes, modules that do something when "
		     "imported, third-party modules, conditional imports, tests",
	.danger = DANGER_1,
	.tool = "flake8",
	.types = types,
	.fix = fix,
	.examples = examples,
};

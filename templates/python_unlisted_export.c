/*
 * flake8 F401 in a package's __init__.py: the name is passed on like its neighbours, and is only
 * missing in __all__, which lists all of them.
 */
#include "git/path.h"
#include "templates/lib_python.h"
#include "templates/lib_scene.h"

/* The list or tuple of __all__; null when it is nothing plain. */
static TSNode listed(const struct syntax *s)
{
	TSNode none = {{0}, NULL, NULL};

	for (unsigned i = 0; i < python_child_count(s->root); i++) {
		TSNode one = python_child(python_child(s->root, i), 0), list = syntax_field(one, "right");

		if (syntax_type_is(one, "assignment") &&
		    str_is(syntax_text(s, syntax_field(one, "left")), "__all__"))
			return syntax_type_is(list, "list|tuple") && python_is_literal(s, list) ? list : none;
	}
	return none;
}

static bool is_listed(const struct syntax *s, TSNode list, struct str name)
{
	for (unsigned i = 0; i < python_child_count(list); i++) {
		struct str text = syntax_text(s, python_child(list, i));

		if (text.size > 2 && str_equal(str_slice(text, 1, text.size - 2), name))
			return true;
	}
	return false;
}

/* The findings' names: is every other name that is imported from the own package listed? */
static bool all_others_listed(const struct scene *scene, const struct syntax *s, TSNode list,
			      const char *path)
{
	unsigned names = 0, findings = 0, there = 0;

	for (unsigned n = 0;; n++) {
		TSNode import = syntax_below(s->root, "import_from_statement", n);

		if (ts_node_is_null(import))
			break;
		for (unsigned i = 1; i < python_child_count(import); i++) {
			names++;
			there += is_listed(s, list, syntax_text(s, python_child(import, i)));
		}
	}
	for (size_t i = 0; i < scene->report->diagnostic_count; i++) {
		const struct diagnostic *d = &scene->report->diagnostics[i];

		findings += d->code && !strcmp(d->code, "F401") && scene_path(scene, d->file) &&
			    str_is(str_of(scene_path(scene, d->file)), path);
	}
	return there > findings && names == there + findings;
}

/* The list with one more name: in order when it is sorted, else at the end. */
static bool add(struct edits *edits, const struct syntax *s, TSNode list, struct str name)
{
	unsigned count = python_child_count(list), place = count;
	struct str quoted, before = STR_NONE;
	bool sorted = true;
	TSNode one;

	for (unsigned i = 0; i < count; i++) {
		struct str text = syntax_text(s, python_child(list, i));

		sorted = sorted && str_compare(before, text) < 0;
		before = text;
		if (place == count && str_compare(str_slice(text, 1, text.size - 2), name) > 0)
			place = i;
	}
	if (!count)
		return false;
	quoted = str_of(arena_printf(edits->arena, "%c%.*s%c", before.at[0], STR_ARG(name), before.at[0]));
	if (sorted && place < count) {
		one = python_child(list, place);
		edit_replace(edits, ts_node_start_byte(one), ts_node_start_byte(one),
			     str_of(arena_printf(edits->arena, "%.*s, ", STR_ARG(quoted))));
	} else {
		one = python_child(list, count - 1);
		edit_replace(edits, ts_node_end_byte(one), ts_node_end_byte(one),
			     str_of(arena_printf(edits->arena, ", %.*s", STR_ARG(quoted))));
	}
	return true;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	const char *path = scene_path(scene, scene->failure->file);
	struct str name = scene_group(scene, "name"), after;
	struct edits edits = { .arena = scene->arena };
	const struct syntax *s;
	TSNode list;

	if (!path || !str_is(path_name(str_of(path)), "__init__.py"))
		return template_decline(scene, "only a package passes on what it imports");
	s = python_open(&python, path);
	list = s ? listed(s) : (TSNode){{0}, NULL, NULL};
	if (ts_node_is_null(list))
		return template_decline(scene, "%s has no plain __all__", path);
	if (!all_others_listed(scene, s, list, path))
		return template_decline(scene, "not all others that it imports are in __all__");
	if (is_listed(s, list, name) || !add(&edits, s, list, name) || !edits_apply(&edits, s, &after))
		return template_decline(scene, "it cannot be added to __all__");
	candidate_put(scene, propose(scene, ORACLE_SIBLING, "__all__ lists all other names that the package "
				     "passes on"), path, after);
}

static const char *const types[] = { "F401", NULL };

static const struct example examples[] = {
	{
		.name = "listed like its neighbours",
		.log =
			"shapes/__init__.py:1:1: F401 'shapes.all.Ring' imported but unused\n",
		.file = {
			{ "shapes/__init__.py",
			"from shapes.all import Circle, Ring, Square\n"
			"\n"
			"__all__ = [\"Circle\", \"Square\"]\n", 
			"from shapes.all import Circle, Ring, Square\n"
			"\n"
			"__all__ = [\"Circle\", \"Ring\", \"Square\"]\n" },
			{ "shapes/all.py",
			"class Circle:\n"
			"    pass\n"
			"\n"
			"\n"
			"class Ring:\n"
			"    pass\n"
			"\n"
			"\n"
			"class Square:\n"
			"    pass\n", NULL },
		},
	},
	{
		.name = "no __all__",
		.log =
			"shapes/__init__.py:1:1: F401 'shapes.all.Circle' imported but unused\n",
		.file = {
			{ "shapes/__init__.py",
			"from shapes.all import Circle\n", NULL },
			{ "shapes/all.py",
			"class Circle:\n"
			"    pass\n", NULL },
		},
		.declines = "no plain __all__",
	},
	{
		.name = "others are left out as well",
		.log =
			"shapes/__init__.py:1:1: F401 'shapes.all.Circle' imported but unused\n",
		.file = {
			{ "shapes/__init__.py",
			"from shapes.all import Circle, Ring, Square\n"
			"\n"
			"print(Ring)\n"
			"__all__ = [\"Square\"]\n", NULL },
			{ "shapes/all.py",
			"class Circle:\n"
			"    pass\n"
			"\n"
			"\n"
			"class Ring:\n"
			"    pass\n"
			"\n"
			"\n"
			"class Square:\n"
			"    pass\n", NULL },
		},
		.declines = "not all others",
	},
	{0}
};

const struct template template_python_unlisted_export = {
	.name = "python_unlisted_export",
	.summary = "flake8 F401 in a package: a name missing in __all__ -> listed like its neighbours",
	.language = "python",
	.class = "lint",
	.oracles = "sibling (__all__ lists all others)",
	.keeps_off = "packages without a plain __all__, or whose __all__ leaves others out",
	.danger = DANGER_1,
	.tool = "flake8",
	.types = types,
	.pattern = "^'(?:[\\w.]*\\.)?(?<name>\\w+)' imported but unused",
	.fix = fix,
	.examples = examples,
};

/*
 * AttributeError for what the failing commit renamed in a class or module: the user that was
 * forgotten follows. Old names that a test still asks for are not brought back, and names that only
 * look alike are left alone.
 */
#include "templates/lib_rename.h"

/* Is the attribute's name on the crashing line? */
static bool on_line(TSNode attribute, unsigned line)
{
	return ts_node_end_point(attribute).row + 1 == line;
}

/* The object of the crash: "line" in `line.qty`; empty when it is not there. */
static struct str object_of(const struct site *site, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(site->statement, "attribute", n);

		if (ts_node_is_null(one))
			return STR_NONE;
		if (on_line(one, site->line) &&
		    str_equal(syntax_text(site->syntax, syntax_field(one, "attribute")), name))
			return syntax_text(site->syntax, syntax_field(one, "object"));
	}
}

/* Does a class of the repository have an attribute of the old name still? */
static bool is_anothers(struct python *python, struct str name)
{
	for (size_t i = 0; i < python->scene->tree->count; i++) {
		const char *path = python->scene->tree->entries[i].path;
		const struct syntax *s;
		struct str text;

		if (!str_ends(str_of(path), ".py") || !scene_read(python->scene, path, &text) ||
		    str_find(text, name) < 0)
			continue;
		s = python_open(python, path);
		for (unsigned n = 0; s; n++) {
			TSNode one = syntax_below(s->root, "class_definition", n);

			if (ts_node_is_null(one))
				break;
			if (definition_binds(s, one, name))
				return true;
		}
	}
	return false;
}

static void follow(struct python *python, const struct site *site, struct str name,
		   const struct rename *rename, bool whole_file)
{
	struct scene *scene = python->scene;
	const struct syntax *s = site->syntax;
	struct edits edits = { .arena = scene->arena };
	struct str object = object_of(site, name), after;
	TSNode scope = whole_file || ts_node_is_null(site->function) ? s->root : site->function;

	if (!object.size)
		return template_decline(scene, "%.*s is not asked for by name at %s:%u", STR_ARG(name),
					site->path, site->line);
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(scope, "attribute", n);
		TSNode word = syntax_field(one, "attribute");

		if (ts_node_is_null(one))
			break;
		if (str_equal(syntax_text(s, word), name) &&
		    str_equal(syntax_text(s, syntax_field(one, "object")), object))
			edit_node(&edits, word, rename->new_name);
	}
	if (!edits_apply(&edits, s, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "the failing commit renamed %.*s to %.*s "
				     "in %s", STR_ARG(name), STR_ARG(rename->new_name), rename->path),
		      site->path, after);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct str name = scene_group(scene, "name"), class_name = scene_group(scene, "class");
	struct str module = scene_group(scene, "module");
	struct rename rename;
	struct site site;
	const char *path;

	if (!python_crash(&python, &site))
		return;
	if (class_name.size) {
		if (!rename_of_attribute(&python, class_name, name, &rename))
			return template_decline(scene, "the failing commit did not rename %.*s in %.*s",
						STR_ARG(name), STR_ARG(class_name));
		return follow(&python, &site, name, &rename, !is_anothers(&python, name));
	}
	path = rename_module_file(scene, module);
	if (!path)
		return template_decline(scene, "%.*s is no one file of this repository", STR_ARG(module));
	if (!rename_of_name(&python, path, name, &rename))
		return template_decline(scene, "the failing commit did not rename %.*s in %s",
					STR_ARG(name), path);
	follow(&python, &site, name, &rename, true);
}

static const char *const types[] = { "AttributeError", NULL };

static const struct example examples[] = {
	{
		.name = "an attribute of an object, in a report that was forgotten",
		.log =
			"======================================================================\n"
			"ERROR: test_pieces (test_report.Pieces.test_pieces)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_report.py\", line 8, in test_piece"
			"s\n"
			"    self.assertEqual(pieces([Line(2, 5)]), 2)\n"
			"                     ^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/report.py\", line 2, in pieces\n"
			"    return sum(line.qty for line in lines)\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/report.py\", line 2, in <genexpr>\n"
			"    return sum(line.qty for line in lines)\n"
			"               ^^^^^^^^\n"
			"AttributeError: 'Line' object has no attribute 'qty'\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.001s\n"
			"\n"
			"FAILED (errors=1)\n",
		.file = {
			{ "line.py",
			"class Line:\n"
			"    def __init__(self, quantity, cents):\n"
			"        self.quantity = quantity\n"
			"        self.cents = cents\n", NULL, .was =
			"class Line:\n"
			"    def __init__(self, qty, cents):\n"
			"        self.qty = qty\n"
			"        self.cents = cents\n" },
			{ "report.py",
			"def pieces(lines):\n"
			"    return sum(line.qty for line in lines)\n", 
			"def pieces(lines):\n"
			"    return sum(line.quantity for line in lines)\n" },
			{ "test_report.py",
			"import unittest\n"
			"from line import Line\n"
			"from report import pieces\n"
			"\n"
			"\n"
			"class Pieces(unittest.TestCase):\n"
			"    def test_pieces(self):\n"
			"        self.assertEqual(pieces([Line(2, 5)]), 2)\n", NULL },
		},
	},
	{
		.name = "a function of a module",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(rows.parse(\"a,b\"))\n"
			"          ^^^^^^^^^^\n"
			"AttributeError: module 'rows' has no attribute 'parse'\n",
		.file = {
			{ "rows.py",
			"def read(text):\n"
			"    return text.split(\",\")\n", NULL, .was =
			"def parse(text):\n"
			"    return text.split(\",\")\n" },
			{ "main.py",
			"import rows\n"
			"\n"
			"print(rows.parse(\"a,b\"))\n", 
			"import rows\n"
			"\n"
			"print(rows.read(\"a,b\"))\n" },
		},
	},
	{
		.name = "taken away, and another came",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(rows.parse(\"a,b\"))\n"
			"          ^^^^^^^^^^\n"
			"AttributeError: module 'rows' has no attribute 'parse'\n",
		.file = {
			{ "rows.py",
			"def read(path):\n"
			"    with open(path) as text:\n"
			"        return text.read().split(\",\")\n", NULL, .was =
			"def parse(text):\n"
			"    return text.split(\",\")\n" },
			{ "main.py",
			"import rows\n"
			"\n"
			"print(rows.parse(\"a,b\"))\n", NULL },
		},
		.declines = "did not rename",
	},
	{
		.name = "the test asks for the old name",
		.log =
			"======================================================================\n"
			"ERROR: test_rows (test_rows.Rows.test_rows)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_rows.py\", line 7, in test_rows\n"
			"    self.assertEqual(rows.parse(\"a\"), [\"a\"])\n"
			"                     ^^^^^^^^^^\n"
			"AttributeError: module 'rows' has no attribute 'parse'\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.001s\n"
			"\n"
			"FAILED (errors=1)\n",
		.file = {
			{ "rows.py",
			"def read(text):\n"
			"    return text.split(\",\")\n", NULL, .was =
			"def parse(text):\n"
			"    return text.split(\",\")\n" },
			{ "test_rows.py",
			"import unittest\n"
			"import rows\n"
			"\n"
			"\n"
			"class Rows(unittest.TestCase):\n"
			"    def test_rows(self):\n"
			"        self.assertEqual(rows.parse(\"a\"), [\"a\"])\n", NULL },
		},
		.declines = "raised in a test",
	},
	{0}
};

const struct template template_python_renamed_attribute = {
	.name = "python_renamed_attribute",
	.summary = "AttributeError for what the failing commit renamed in a class or module -> the new "
		   "name",
	.language = "python",
	.class = "rename",
	.oracles = "history",
	.keeps_off = "names the commit took away without another, two new names, uses in tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(?:'(?<class>\\w+)' object|"
		   "module '(?<module>[\\w.]+)') has no attribute '(?<name>\\w+)'",
	.fix = fix,
	.examples = examples,
};

/*
 * A line that is split at every separator although the last part may hold it: `key, value =
 * line.split("=")` with one "=" too many. It is split as often as there are names, as a sibling
 * does it. A table that got a column more is another matter: nothing there says so.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

/* What parts the columns of tables: there one too many is a column more. */
static bool parts_columns(struct str separator)
{
	separator = str_slice(separator, 1, separator.size > 2 ? separator.size - 2 : 0);
	return word_among(separator, ", ; | \\t");
}

/* x.split("..", n) with as many parts, from the same end, elsewhere in the folder: where, or NULL. */
static const char *sibling_splits(struct python *python, const struct site *crash, struct str method,
				  struct str separator, unsigned names)
{
	struct arena *a = python->scene->arena;
	struct near *near;
	size_t count = python_near(python, crash->path, &near);
	const char *found = NULL;

	for (size_t i = 0; i < count; i++) {
		struct nodes all = python_nodes(a, near[i].s->root, "call");

		for (size_t k = 0; k < all.count; k++) {
			TSNode list = syntax_field(all.list[k], "arguments");
			struct str name = python_callee(near[i].s, all.list[k]);

			if (!syntax_type_is(syntax_field(all.list[k], "function"), "attribute") ||
			    !word_among(name, "split rsplit partition rpartition"))
				continue;
			if (word_among(name, "split rsplit") ?
			    !str_is(syntax_text(near[i].s, python_child(list, 1)), arena_printf(a, "%u", names - 1)) :
			    names != 2)
				continue;
			if (parts_columns(separator) &&
			    !str_equal(syntax_text(near[i].s, python_child(list, 0)), separator))
				continue;
			if (str_starts(name, "r") != str_starts(method, "r"))
				return NULL;
			found = arena_printf(a, "%s:%u", near[i].path, syntax_line(all.list[k]));
		}
	}
	return found;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct site crash;
	TSNode assignment, left, right, list, separator;
	const char *by;
	unsigned names;

	if (!python_crash(&python, &crash))
		return;
	assignment = python_child(crash.statement, 0);
	left = syntax_field(assignment, "left");
	right = python_bare(syntax_field(assignment, "right"));
	if (syntax_type_is(crash.statement, "for_statement|return_statement") ||
	    !syntax_type_is(left, "pattern_list|tuple_pattern") ||
	    !syntax_type_is(syntax_field(right, "function"), "attribute") ||
	    !word_among(python_callee(crash.syntax, right), "split rsplit"))
		return template_decline(scene, "what has too many parts is no text that is split here");
	list = syntax_field(right, "arguments");
	separator = python_child(list, 0);
	names = python_child_count(left);
	if (python_child_count(list) != 1 || !syntax_type_is(separator, "string") || names < 2 || names > 9)
		return template_decline(scene, "it is not split at every separator");
	by = sibling_splits(&python, &crash, python_callee(crash.syntax, right),
			    syntax_text(crash.syntax, separator), names);
	if (!by)
		return template_decline(scene, "no oracle: no sibling splits a text so often and no more");
	edit_replace(&edits, ts_node_end_byte(separator), ts_node_end_byte(separator),
		     str_of(arena_printf(scene->arena, ", %u", names - 1)));
	edits_propose(&python, &crash, &edits, ORACLE_SIBLING,
		      arena_printf(scene->arena, "the last part may hold %.*s: the text is split into %u parts, as "
				   "at %s", STR_ARG(syntax_text(crash.syntax, separator)), names, by));
}

static const char *const types[] = { "ValueError", NULL };

static const struct example examples[] = {
	{
		.name = "a value with the separator in it",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_url ____________________\n"
			"test_settings.py:5: in test_url\n"
			"    assert setting(\"u=a?b=c\") == (\"u\", \"a?b=c\")\n"
			"settings.py:7: in setting\n    key, value = line.split(\"=\")\n"
			"E   ValueError: too many values to unpack (expected 2)\n"
			"============ short test summary info =============\n"
			"FAILED test_settings.py::test_url - ValueError:...\n"
			"1 failed in 0.19s\n",
		.file = {
			{ "settings.py",
			  "def header(line):\n"
			  "    name, value = line.split(\":\", 1)\n"
			  "    return name, value\n"
			  "\n"
			  "\n"
			  "def setting(line):\n"
			  "    key, value = line.split(\"=\")\n"
			  "    return key, value\n",
			  "def header(line):\n"
			  "    name, value = line.split(\":\", 1)\n"
			  "    return name, value\n"
			  "\n"
			  "\n"
			  "def setting(line):\n"
			  "    key, value = line.split(\"=\", 1)\n"
			  "    return key, value\n" },
			{ "test_settings.py",
			  "from settings import setting\n"
			  "\n"
			  "\n"
			  "def test_url():\n"
			  "    assert setting(\"u=a?b=c\") == (\"u\", \"a?b=c\")\n", NULL },
		},
	},
	{
		.name = "a row with a column more",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_row ____________________\n"
			"test_rows.py:5: in test_row\n"
			"    assert row(\"ada,38,5\")[0] == \"ada\"\nrows.py:6: in row\n"
			"    name, hours = line.split(\",\")\n"
			"E   ValueError: too many values to unpack (expected 2)\n"
			"============ short test summary info =============\n"
			"FAILED test_rows.py::test_row - ValueError: too...\n"
			"1 failed in 0.10s\n",
		.file = {
			{ "rows.py",
			  "def pair(line):\n"
			  "    return line.partition(\"=\")\n"
			  "\n"
			  "\n"
			  "def row(line):\n"
			  "    name, hours = line.split(\",\")\n"
			  "    return name, float(hours)\n", NULL },
			{ "test_rows.py",
			  "from rows import row\n"
			  "\n"
			  "\n"
			  "def test_row():\n"
			  "    assert row(\"ada,38,5\")[0] == \"ada\"\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "the sibling counts from the other end",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_stem ____________________\n"
			"test_paths.py:5: in test_stem\n"
			"    assert stem(\"a.tar.gz\") == \"a.tar\"\npaths.py:7: in stem\n"
			"    first, end = name.split(\".\")\n"
			"E   ValueError: too many values to unpack (expected 2)\n"
			"============ short test summary info =============\n"
			"FAILED test_paths.py::test_stem - ValueError: t...\n"
			"1 failed in 0.12s\n",
		.file = {
			{ "paths.py",
			  "def ending(name):\n"
			  "    stem, end = name.rsplit(\".\", 1)\n"
			  "    return end\n"
			  "\n"
			  "\n"
			  "def stem(name):\n"
			  "    first, end = name.split(\".\")\n"
			  "    return first\n", NULL },
			{ "test_paths.py",
			  "from paths import stem\n"
			  "\n"
			  "\n"
			  "def test_stem():\n"
			  "    assert stem(\"a.tar.gz\") == \"a.tar\"\n", NULL },
		},
		.declines = "no oracle",
	},
	{0}
};

const struct template template_python_split_too_often = {
	.name = "python_split_too_often",
	.summary = "a text with one separator too many -> it is split as often as there are names",
	.language = "python",
	.class = "unpacking",
	.oracles = "sibling",
	.keeps_off = "no sibling splits so; what is unpacked is a row of a table",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^too many values to unpack",
	.fix = fix,
	.examples = examples,
};

/*
 * A test uses a name that its framework gave up: unittest's assertEquals and its like, nose's setup
 * and teardown in pytest. The framework says what it is called now; nothing else of the test changes.
 */
#include "templates/lib_python.h"
#include "templates/lib_scene.h"

enum { FILES_MAX = 16 };

static const struct {
	const char *old, *now;
} names[] = {
	{ "assertEquals", "assertEqual" }, { "assertNotEquals", "assertNotEqual" },
	{ "assertAlmostEquals", "assertAlmostEqual" },
	{ "assertNotAlmostEquals", "assertNotAlmostEqual" },
	{ "assertRegexpMatches", "assertRegex" }, { "assertNotRegexpMatches", "assertNotRegex" },
	{ "assertRaisesRegexp", "assertRaisesRegex" }, { "assertItemsEqual", "assertCountEqual" },
	{ "assert_", "assertTrue" }, { "failUnless", "assertTrue" }, { "failIf", "assertFalse" },
	{ "failUnlessEqual", "assertEqual" }, { "failIfEqual", "assertNotEqual" },
	{ "failUnlessRaises", "assertRaises" },
};

/* Is self.NAME the repository's own: defined in some class? */
static bool is_own(const struct scene *scene, const char *name)
{
	const char *head = arena_printf(scene->arena, "def %s(", name);

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str text;

		if (str_ends(str_of(scene->tree->entries[i].path), ".py") &&
		    scene_read(scene, scene->tree->entries[i].path, &text) && str_has(text, head))
			return true;
	}
	return false;
}

static void rename_asserts(const struct scene *scene, struct edits *edits, const struct syntax *s)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "attribute", n), word;

		if (ts_node_is_null(one))
			return;
		word = syntax_field(one, "attribute");
		if (!str_is(syntax_text(s, syntax_field(one, "object")), "self"))
			continue;
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (str_is(syntax_text(s, word), names[i].old) && !is_own(scene, names[i].old))
				edit_node(edits, word, str_of(names[i].now));
	}
}

/* nose's methods in a class that is no TestCase and has none of pytest's. */
static void rename_setup(struct edits *edits, const struct syntax *s, const char *old, const char *now)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "function_definition", n), owner;

		if (ts_node_is_null(one))
			return;
		owner = syntax_up(one, "class_definition");
		if (str_is(python_name(s, one), old) && !ts_node_is_null(owner) &&
		    str_is(syntax_text(s, syntax_field(one, "parameters")), "(self)") &&
		    !str_has(syntax_text(s, syntax_field(owner, "superclasses")), "TestCase") &&
		    !str_has(syntax_text(s, owner), now))
			edit_node(edits, syntax_field(one, "name"), str_of(now));
	}
}

/* The file of the failing test: of its frame, or of "test_a.py::TestA::test_b". */
static const char *file_of(const struct scene *scene)
{
	const struct failure *failure = scene->failure;
	struct str test = str_of(failure->test);

	if (failure->file)
		return scene_path(scene, failure->file);
	str_split(test, "::", &test, NULL);
	return tree_path(scene->tree, test);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct candidate *candidate = NULL;
	const char *done[FILES_MAX];
	struct scene one;
	size_t index = 0, count = 0;

	if (!scene_is_first(scene))
		return template_decline(scene, "it is mended with the first of its kind");
	while (count < FILES_MAX && scene_next_alike(scene, &index, &one)) {
		const char *path = file_of(&one);
		const struct syntax *s = path && python_is_test(str_of(path)) ? python_open(&python, path) :
					 NULL;
		struct edits edits = { .arena = scene->arena };
		struct str after;
		bool seen = false;

		for (size_t i = 0; s && i < count; i++)
			seen = seen || !strcmp(done[i], path);
		if (!s || seen)
			continue;
		done[count++] = path;
		rename_asserts(scene, &edits, s);
		if (str_has(str_of(scene->failure->message), "nose")) {
			rename_setup(&edits, s, "setup", "setup_method");
			rename_setup(&edits, s, "teardown", "teardown_method");
		}
		if (!edits_apply(&edits, s, &after))
			continue;
		if (!candidate)
			candidate = propose(scene, ORACLE_TOOL, "the framework gave the name up and says what "
					    "it is called now");
		candidate_put(scene, candidate, path, after);
	}
	if (!candidate)
		template_decline(scene, "no failing test uses a name that its framework gave up");
}

static const char *const types[] = {
	"AttributeError", "DeprecationWarning", "PendingDeprecationWarning",
	"pytest.PytestRemovedIn8Warning", "PytestRemovedIn8Warning", NULL
};

static const struct example examples[] = {
	{
		.name = "unittest's old names",
		.log =
			"======================================================================\n"
			"ERROR: test_sum (test_a.Sums.test_sum)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_a.py\", line 6, in test_sum\n"
			"    self.assertEquals(1 + 1, 2)\n"
			"    ^^^^^^^^^^^^^^^^^\n"
			"AttributeError: 'Sums' object has no attribute 'assertEquals'. Did you mea"
			"n: 'assertEqual'?\n"
			"\n"
			"======================================================================\n"
			"ERROR: test_text (test_a.Sums.test_text)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_a.py\", line 9, in test_text\n"
			"    self.assertRegexpMatches(\"abc\", \"b\")\n"
			"    ^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"AttributeError: 'Sums' object has no attribute 'assertRegexpMatches'\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 2 tests in 0.022s\n"
			"\n"
			"FAILED (errors=2)\n",
		.file = {
			{ "test_a.py",
			"import unittest\n"
			"\n"
			"\n"
			"class Sums(unittest.TestCase):\n"
			"    def test_sum(self):\n"
			"        self.assertEquals(1 + 1, 2)\n"
			"\n"
			"    def test_text(self):\n"
			"        self.assertRegexpMatches(\"abc\", \"b\")\n", 
			"import unittest\n"
			"\n"
			"\n"
			"class Sums(unittest.TestCase):\n"
			"    def test_sum(self):\n"
			"        self.assertEqual(1 + 1, 2)\n"
			"\n"
			"    def test_text(self):\n"
			"        self.assertRegex(\"abc\", \"b\")\n" },
		},
	},
	{
		.name = "a warning that is an error",
		.log =
			"======================================================================\n"
			"ERROR: test_sum (test_a.Sums.test_sum)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_a.py\", line 6, in test_sum\n"
			"    self.assertEquals(1 + 1, 2)\n"
			"  File \"/usr/lib/python3.11/unittest/case.py\", line 1368, in deprecated_"
			"func\n"
			"    warnings.warn(\n"
			"DeprecationWarning: Please use assertEqual instead.\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.006s\n"
			"\n"
			"FAILED (errors=1)\n",
		.file = {
			{ "test_a.py",
			"import unittest\n"
			"\n"
			"\n"
			"class Sums(unittest.TestCase):\n"
			"    def test_sum(self):\n"
			"        self.assertEquals(1 + 1, 2)\n", 
			"import unittest\n"
			"\n"
			"\n"
			"class Sums(unittest.TestCase):\n"
			"    def test_sum(self):\n"
			"        self.assertEqual(1 + 1, 2)\n" },
		},
	},
	{
		.name = "a method of the repository's own",
		.log =
			"======================================================================\n"
			"ERROR: test_sum (test_a.Sums.test_sum)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_a.py\", line 11, in test_sum\n"
			"    self.assertSame(2, 2)\n"
			"    ^^^^^^^^^^^^^^^\n"
			"AttributeError: 'Sums' object has no attribute 'assertSame'\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.005s\n"
			"\n"
			"FAILED (errors=1)\n",
		.file = {
			{ "test_a.py",
			"import unittest\n"
			"\n"
			"\n"
			"class Base:\n"
			"    def assertSame(self, a, b):\n"
			"        self.assertIs(a, b)\n"
			"\n"
			"\n"
			"class Sums(unittest.TestCase):\n"
			"    def test_sum(self):\n"
			"        self.assertSame(2, 2)\n", NULL },
		},
		.declines = "no failing test",
	},
	{0}
};

const struct template template_python_test_api = {
	.name = "python_test_api",
	.summary = "a test uses what unittest or pytest gave up (assertEquals, nose's setup) -> its name now",
	.language = "python",
	.class = "api",
	.oracles = "tool (the framework names it)",
	.keeps_off = "methods of that name that the repository defines, everything else in tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "has no attribute '(?:assert\\w+|fail(?:Unless|If)\\w*)'|"
		   "^Please use assert\\w+ instead|^Support for nose tests is deprecated",
	.fix = fix,
	.examples = examples,
};

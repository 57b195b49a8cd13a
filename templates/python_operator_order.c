/*
 * A failed assertion about a function whose condition mixes `or` and `and` without parentheses, while
 * a neighbour has the very same condition with them. Word for word the same, or nothing is done.
 */
#include "templates/lib_definitions.h"

/* The expression's text without blanks and parentheses around `or` parts: two that differ only in
 * grouping are equal. */
static struct str flat(struct arena *a, struct str text)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < text.size; i++)
		if (!strchr(" \t\r\n()\\", text.at[i]))
			text_addc(&out, text.at[i]);
	return text_str(&out);
}

static bool is_operator(const struct syntax *s, TSNode node, const char *word)
{
	return syntax_type_is(node, "boolean_operator") &&
	       str_is(syntax_text(s, syntax_field(node, "operator")), word);
}

/* `A or B and C`, not inside of a larger condition. */
static bool is_mixed(const struct syntax *s, TSNode node)
{
	TSNode right = syntax_field(node, "right"), left = syntax_field(node, "left");

	return is_operator(s, node, "or") && !is_operator(s, ts_node_parent(node), "or") &&
	       !is_operator(s, ts_node_parent(node), "and") &&
	       (is_operator(s, right, "and") || is_operator(s, left, "and"));
}

/* `(A or B) and C` with the same words; its text. */
static struct str grouped(struct arena *a, const struct syntax *s, TSNode node)
{
	struct str wanted = flat(a, syntax_text(s, node)), found = STR_NONE;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "boolean_operator", n);

		if (ts_node_is_null(one))
			return found;
		if (!is_operator(s, one, "and") || syntax_type_is(ts_node_parent(one), "boolean_operator") ||
		    !str_equal(flat(a, syntax_text(s, one)), wanted))
			continue;
		if (found.size && !str_equal(found, syntax_text(s, one)))
			return STR_NONE;
		found = syntax_text(s, one);
	}
}

/* The functions that the failed assertion calls, each defined once outside of tests. */
static void look_at(struct python *python, const struct definition *function)
{
	struct scene *scene = python->scene;
	const struct syntax *s = function->syntax;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function->node, "boolean_operator", n);
		struct edits edits = { .arena = scene->arena };
		struct str text, after;

		if (ts_node_is_null(one))
			return;
		text = is_mixed(s, one) ? grouped(scene->arena, s, one) : STR_NONE;
		if (!text.size)
			continue;
		edit_node(&edits, one, text);
		if (edits_apply(&edits, s, &after))
			candidate_put(scene, propose(scene, ORACLE_SIBLING, "the same condition stands in "
						     "%s with parentheses", function->path),
				      function->path, after);
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	const struct failure *failure = scene->failure;
	size_t before = scene->candidate_count;
	struct definition function;
	struct site site;

	if (!failure->file || !python_is_test(str_of(failure->file)) ||
	    !python_site(&python, failure->file, failure->line, &site))
		return template_decline(scene, "which assertion failed is not known");
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(site.statement, "call", n);

		if (ts_node_is_null(call))
			break;
		if (definition_of_function(&python, python_callee(site.syntax, call), &function))
			look_at(&python, &function);
	}
	if (scene->candidate_count == before)
		template_decline(scene, "no function that it calls has a condition that a neighbour has "
				 "with parentheses");
	else if (scene->candidate_count > before + 1) {
		scene->candidate_count = before;
		template_decline(scene, "several conditions could be meant");
	}
}

static const char *const types[] = { "AssertionError", NULL };

static const struct example examples[] = {
	{
		.name = "as the neighbour has it",
		.log =
			"======================================================================\n"
			"FAIL: test_locked (test_rights.Rights.test_locked)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_rights.py\", line 8, in test_locke"
			"d\n"
			"    self.assertFalse(may_edit(\"ada\", Thing(owner=\"ada\", locked=True)))"
			"\n"
			"AssertionError: True is not false\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.001s\n"
			"\n"
			"FAILED (failures=1)\n",
		.file = {
			{ "rights.py",
			"def may_rename(user, page):\n"
			"    return (user == page.owner or user.editor) and not page.locked\n"
			"\n"
			"\n"
			"def may_edit(user, page):\n"
			"    return user == page.owner or user.editor and not page.locked\n", 
			"def may_rename(user, page):\n"
			"    return (user == page.owner or user.editor) and not page.locked\n"
			"\n"
			"\n"
			"def may_edit(user, page):\n"
			"    return (user == page.owner or user.editor) and not page.locked\n" },
			{ "test_rights.py",
			"import unittest\n"
			"from types import SimpleNamespace as Thing\n"
			"from rights import may_edit\n"
			"\n"
			"\n"
			"class Rights(unittest.TestCase):\n"
			"    def test_locked(self):\n"
			"        self.assertFalse(may_edit(\"ada\", Thing(owner=\"ada\", locked=Tru"
			"e)))\n", NULL },
		},
	},
	{
		.name = "no neighbour has it",
		.log =
			"======================================================================\n"
			"FAIL: test_locked (test_rights.Rights.test_locked)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_rights.py\", line 8, in test_locke"
			"d\n"
			"    self.assertFalse(may_edit(\"ada\", Thing(owner=\"ada\", locked=True)))"
			"\n"
			"AssertionError: True is not false\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.001s\n"
			"\n"
			"FAILED (failures=1)\n",
		.file = {
			{ "rights.py",
			"def may_edit(user, page):\n"
			"    return user == page.owner or user.editor and not page.locked\n", NULL },
			{ "test_rights.py",
			"import unittest\n"
			"from types import SimpleNamespace as Thing\n"
			"from rights import may_edit\n"
			"\n"
			"\n"
			"class Rights(unittest.TestCase):\n"
			"    def test_locked(self):\n"
			"        self.assertFalse(may_edit(\"ada\", Thing(owner=\"ada\", locked=Tru"
			"e)))\n", NULL },
		},
		.declines = "no function that it calls",
	},
	{
		.name = "the neighbour's is another one",
		.log =
			"======================================================================\n"
			"FAIL: test_locked (test_rights.Rights.test_locked)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_rights.py\", line 8, in test_locke"
			"d\n"
			"    self.assertFalse(may_edit(\"ada\", Thing(owner=\"ada\", locked=True)))"
			"\n"
			"AssertionError: True is not false\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.010s\n"
			"\n"
			"FAILED (failures=1)\n",
		.file = {
			{ "rights.py",
			"def may_rename(user, page):\n"
			"    return (user == page.owner or user.admin) and not page.locked\n"
			"\n"
			"\n"
			"def may_edit(user, page):\n"
			"    return user == page.owner or user.editor and not page.locked\n", NULL },
			{ "test_rights.py",
			"import unittest\n"
			"from types import SimpleNamespace as Thing\n"
			"from rights import may_edit\n"
			"\n"
			"\n"
			"class Rights(unittest.TestCase):\n"
			"    def test_locked(self):\n"
			"        self.assertFalse(may_edit(\"ada\", Thing(owner=\"ada\", locked=Tru"
			"e)))\n", NULL },
		},
		.declines = "no function that it calls",
	},
	{0}
};

const struct template template_python_operator_order = {
	.name = "python_operator_order",
	.summary = "AssertionError: `and` binds before `or` -> the parentheses that a neighbour has",
	.language = "python",
	.class = "condition",
	.oracles = "sibling (the same condition), test",
	.keeps_off = "conditions without such a neighbour, several such conditions",
	.danger = DANGER_2,
	.types = types,
	.fix = fix,
	.examples = examples,
};

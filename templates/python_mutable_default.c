/*
 * A failed assertion about a function whose parameter has a list, dict or set as its default, which
 * the function fills or hands out: it lives on between the calls. It becomes None, and a new one is
 * made. A default that is only read, or is named a cache, is left alone.
 */
#include "templates/lib_definitions.h"

static const char fillers[] = "append extend insert add update setdefault pop popitem remove clear "
			      "discard appendleft sort reverse";

enum { DEPTH_MAX = 2, CALLS_MAX = 40 };

struct search {
	struct python *python;
	struct definition found;
	TSNode parameter;
	unsigned count;
};

static bool is_mutable(const struct syntax *s, TSNode value)
{
	struct str text = syntax_text(s, value);

	return syntax_type_is(value, "list|dictionary|set") || str_is(text, "list()") ||
	       str_is(text, "dict()") || str_is(text, "set()");
}

static bool is_cache(struct str name)
{
	return str_starts(name, "_") || str_has(name, "cache") || str_has(name, "memo") ||
	       str_has(name, "seen") || str_has(name, "registry");
}

/* Does the function fill what the name holds, keep it, or give it back? */
static bool lives_on(const struct syntax *s, TSNode function, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(syntax_field(function, "body"), "identifier", n), outer;

		if (ts_node_is_null(one))
			return false;
		outer = ts_node_parent(one);
		if (!str_equal(syntax_text(s, one), name))
			continue;
		if (syntax_type_is(outer, "assignment") && ts_node_eq(syntax_field(outer, "left"), one))
			return false;
		if (syntax_type_is(outer, "attribute") &&
		    ts_node_eq(syntax_field(outer, "object"), one)) {
			struct str rest = str_of(fillers), word;

			while (str_next(&rest, ' ', &word))
				if (str_equal(word, syntax_text(s, syntax_field(outer, "attribute"))))
					return true;
		}
		if (syntax_type_is(outer, "subscript") && ts_node_eq(syntax_field(outer, "value"), one) &&
		    syntax_type_is(ts_node_parent(outer), "assignment|augmented_assignment") &&
		    ts_node_eq(syntax_field(ts_node_parent(outer), "left"), outer))
			return true;
		if (syntax_type_is(outer, "assignment") && ts_node_eq(syntax_field(outer, "right"), one) &&
		    syntax_type_is(syntax_field(outer, "left"), "attribute"))
			return true;
		if (syntax_type_is(outer, "augmented_assignment") &&
		    ts_node_eq(syntax_field(outer, "left"), one))
			return true;
	}
}

static void look_at(struct search *search, const struct definition *function)
{
	const struct syntax *s = function->syntax;
	TSNode list = syntax_field(function->node, "parameters");

	for (unsigned i = 0; i < python_child_count(list); i++) {
		TSNode one = python_child(list, i);
		struct str name = syntax_text(s, syntax_field(one, "name"));

		if (!syntax_type_is(one, "default_parameter|typed_default_parameter") ||
		    !is_mutable(s, syntax_field(one, "value")) || is_cache(name) ||
		    !lives_on(s, function->node, name))
			continue;
		if (search->count && ts_node_eq(search->parameter, one))
			continue;
		search->count++;
		search->found = *function;
		search->parameter = one;
	}
}

/* The functions called below the node; classes by their __init__. */
static void follow(struct search *search, const struct syntax *s, TSNode node, unsigned depth)
{
	for (unsigned n = 0; n < CALLS_MAX; n++) {
		TSNode call = syntax_below(node, "call", n);
		struct str name = python_callee(s, call);
		struct definition one;

		if (ts_node_is_null(call))
			return;
		if (definition_of_class(search->python, name, &one)) {
			one.owner = one.node;
			one.node = definition_method(one.syntax, one.owner, STR("__init__"));
			if (ts_node_is_null(one.node))
				continue;
		} else if (!definition_of_function(search->python, name, &one)) {
			continue;
		}
		look_at(search, &one);
		if (depth < DEPTH_MAX)
			follow(search, one.syntax, one.node, depth + 1);
	}
}

static void put(struct search *search)
{
	struct scene *scene = search->python->scene;
	const struct syntax *s = search->found.syntax;
	struct edits edits = { .arena = scene->arena };
	TSNode value = syntax_field(search->parameter, "value"), first = python_body(search->found.node);
	TSNode type = syntax_field(search->parameter, "type");
	struct str name = syntax_text(s, syntax_field(search->parameter, "name")), after;
	struct str indent = ts_node_is_null(first) ? STR_NONE : syntax_indent(s, first);
	struct str step = python_indent_step(s, search->found.node);
	const char *nl = python_newline(s);

	if (ts_node_is_null(first) || !python_begins_line(s, first) ||
	    (!ts_node_is_null(type) && !str_has(syntax_text(s, type), "Optional") &&
	     !str_has(syntax_text(s, type), "None")))
		return template_decline(scene, "the function's head or body has a form that is not known");
	edit_node(&edits, value, STR("None"));
	edit_replace(&edits, ts_node_start_byte(first), ts_node_start_byte(first),
		     str_of(arena_printf(scene->arena, "if %.*s is None:%s%.*s%.*s%.*s = %.*s%s%.*s",
					 STR_ARG(name), nl, STR_ARG(indent), STR_ARG(step), STR_ARG(name),
					 STR_ARG(syntax_text(s, value)), nl, STR_ARG(indent))));
	if (!edits_apply(&edits, s, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_TEST, "the default of %.*s lives on between the calls, and "
				     "the test expects a new one", STR_ARG(name)), search->found.path, after);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	const struct failure *failure = scene->failure;
	struct search search = { .python = &python };
	struct site site;

	if (!failure->file || !python_is_test(str_of(failure->file)) ||
	    !python_site(&python, failure->file, failure->line, &site) ||
	    ts_node_is_null(site.function))
		return template_decline(scene, "which test failed is not known");
	follow(&search, site.syntax, site.function, 0);
	if (search.count != 1)
		return template_decline(scene, "%s function that the test calls fills a default of its own",
					search.count ? "more than one" : "no");
	put(&search);
}

static const char *const types[] = { "AssertionError", NULL };

static const struct example examples[] = {
	{
		.name = "a list that is filled",
		.log =
			"======================================================================\n"
			"FAIL: test_add (test_basket.Basket.test_add)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_basket.py\", line 8, in test_add\n"
			"    self.assertEqual(add(\"bread\"), [\"bread\"])\n"
			"AssertionError: Lists differ: ['apple', 'bread'] != ['bread']\n"
			"\n"
			"First differing element 0:\n"
			"'apple'\n"
			"'bread'\n"
			"\n"
			"First list contains 1 additional elements.\n"
			"First extra element 1:\n"
			"'bread'\n"
			"\n"
			"- ['apple', 'bread']\n"
			"+ ['bread']\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.013s\n"
			"\n"
			"FAILED (failures=1)\n",
		.file = {
			{ "basket.py",
			"def add(item, basket=[]):\n"
			"    \"\"\"The basket with one more.\"\"\"\n"
			"    basket.append(item)\n"
			"    return basket\n", 
			"def add(item, basket=None):\n"
			"    \"\"\"The basket with one more.\"\"\"\n"
			"    if basket is None:\n"
			"        basket = []\n"
			"    basket.append(item)\n"
			"    return basket\n" },
			{ "test_basket.py",
			"import unittest\n"
			"from basket import add\n"
			"\n"
			"\n"
			"class Basket(unittest.TestCase):\n"
			"    def test_add(self):\n"
			"        add(\"apple\")\n"
			"        self.assertEqual(add(\"bread\"), [\"bread\"])\n", NULL },
		},
	},
	{
		.name = "kept by an object",
		.log =
			"======================================================================\n"
			"FAIL: test_new (test_cart.Items.test_new)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_cart.py\", line 8, in test_new\n"
			"    self.assertEqual(Cart().items, [])\n"
			"AssertionError: Lists differ: ['pen'] != []\n"
			"\n"
			"First list contains 1 additional elements.\n"
			"First extra element 0:\n"
			"'pen'\n"
			"\n"
			"- ['pen']\n"
			"+ []\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.001s\n"
			"\n"
			"FAILED (failures=1)\n",
		.file = {
			{ "cart.py",
			"class Cart:\n"
			"    def __init__(self, items=[]):\n"
			"        self.items = items\n"
			"\n"
			"    def add(self, item):\n"
			"        self.items.append(item)\n", 
			"class Cart:\n"
			"    def __init__(self, items=None):\n"
			"        if items is None:\n"
			"            items = []\n"
			"        self.items = items\n"
			"\n"
			"    def add(self, item):\n"
			"        self.items.append(item)\n" },
			{ "test_cart.py",
			"import unittest\n"
			"from cart import Cart\n"
			"\n"
			"\n"
			"class Items(unittest.TestCase):\n"
			"    def test_new(self):\n"
			"        Cart().add(\"pen\")\n"
			"        self.assertEqual(Cart().items, [])\n", NULL },
		},
	},
	{
		.name = "only read",
		.log =
			"======================================================================\n"
			"FAIL: test_count (test_basket.Basket.test_count)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_basket.py\", line 7, in test_count"
			"\n"
			"    self.assertEqual(count(), 0)\n"
			"AssertionError: 1 != 0\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.000s\n"
			"\n"
			"FAILED (failures=1)\n",
		.file = {
			{ "basket.py",
			"def count(items=[1]):\n"
			"    return len(items)\n", NULL },
			{ "test_basket.py",
			"import unittest\n"
			"from basket import count\n"
			"\n"
			"\n"
			"class Basket(unittest.TestCase):\n"
			"    def test_count(self):\n"
			"        self.assertEqual(count(), 0)\n", NULL },
		},
		.declines = "no function",
	},
	{
		.name = "a cache",
		.log =
			"======================================================================\n"
			"FAIL: test_fib (test_fib.Fib.test_fib)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_fib.py\", line 7, in test_fib\n"
			"    self.assertEqual(fib(5), 6)\n"
			"AssertionError: 5 != 6\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.001s\n"
			"\n"
			"FAILED (failures=1)\n",
		.file = {
			{ "fib.py",
			"def fib(n, cache={}):\n"
			"    if n not in cache:\n"
			"        cache[n] = n if n < 2 else fib(n - 1) + fib(n - 2)\n"
			"    return cache[n]\n", NULL },
			{ "test_fib.py",
			"import unittest\n"
			"from fib import fib\n"
			"\n"
			"\n"
			"class Fib(unittest.TestCase):\n"
			"    def test_fib(self):\n"
			"        self.assertEqual(fib(5), 6)\n", NULL },
		},
		.declines = "no function",
	},
	{0}
};

const struct template template_python_mutable_default = {
	.name = "python_mutable_default",
	.summary = "AssertionError: a default list or dict lives on between calls -> None, and a new one",
	.language = "python",
	.class = "default",
	.oracles = "test",
	.keeps_off = "defaults that are only read, caches, several such defaults",
	.danger = DANGER_2,
	.types = types,
	.fix = fix,
	.examples = examples,
};

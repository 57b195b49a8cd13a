/*
 * A list, dict or set as a default value that the function fills: it lives on between the calls.
 * The parameter becomes None by default and the function makes a new one, so that what is passed in
 * is still filled. Caches that are meant to live on say so in their name.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct shared {
	struct reached in;
	TSNode parameter;
	unsigned count;
};

static bool is_container(const struct syntax *s, TSNode value)
{
	return syntax_type_is(value, "list|dictionary|set") ||
	       word_among(syntax_text(s, value), "list() dict() set() deque()");
}

static bool means_to_live(struct str name)
{
	static const char *const words[] = { "cache", "memo", "seen", "registry", "known", "_" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (i + 1 == sizeof(words) / sizeof(words[0]) ? str_starts(name, words[i]) :
		    str_has(name, words[i]))
			return true;
	return false;
}

/* x.append(...), x[k] = v, x += ..., del x[k]; or x is kept: self.x = x, return x. */
static bool is_changed_or_kept(struct arena *a, const struct syntax *s, TSNode function, struct str name)
{
	struct nodes all = python_nodes(a, syntax_field(function, "body"), "attribute|assignment|"
					"augmented_assignment|delete_statement");

	for (size_t i = 0; i < all.count; i++) {
		TSNode node = all.list[i], left = syntax_field(node, "left");

		if (syntax_type_is(node, "attribute") &&
		    str_equal(syntax_text(s, syntax_field(node, "object")), name) &&
		    word_among(syntax_text(s, syntax_field(node, "attribute")), "append extend insert add "
			       "update setdefault pop remove clear discard popitem appendleft sort"))
			return true;
		if (syntax_type_is(node, "delete_statement"))
			left = python_child(node, 0);
		if (syntax_type_is(left, "subscript") &&
		    str_equal(syntax_text(s, syntax_field(left, "value")), name))
			return true;
		if (syntax_type_is(node, "augmented_assignment") && str_equal(syntax_text(s, left), name))
			return true;
		if (syntax_type_is(left, "attribute") &&
		    str_equal(syntax_text(s, syntax_field(node, "right")), name))
			return true;
	}
	return false;
}

static void look(struct arena *a, const struct reached *in, struct shared *shared)
{
	TSNode list = syntax_field(in->function, "parameters");

	for (unsigned i = 0; i < python_child_count(list); i++) {
		TSNode one = python_child(list, i);
		struct str name = syntax_text(in->s, syntax_field(one, "name"));

		if (!syntax_type_is(one, "default_parameter|typed_default_parameter") ||
		    !is_container(in->s, syntax_field(one, "value")) || means_to_live(name) ||
		    !is_changed_or_kept(a, in->s, in->function, name))
			continue;
		shared->in = *in;
		shared->parameter = one;
		shared->count++;
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct shared shared = {0};
	struct reached *reached;
	size_t count = python_reached(&python, &reached);
	TSNode value, first;
	struct str name;

	if (!python_is_assertion_or(scene, "KeyError ValueError IndexError"))
		return;
	for (size_t i = 0; i < count; i++)
		look(scene->arena, &reached[i], &shared);
	if (shared.count != 1)
		return template_decline(scene, shared.count ? "several defaults are filled" :
					"no default value is filled by its function");
	value = syntax_field(shared.parameter, "value");
	first = python_body(shared.in.function);
	name = syntax_text(shared.in.s, syntax_field(shared.parameter, "name"));
	if (!python_begins_line(shared.in.s, first))
		return template_decline(scene, "the function is one line");
	edit_node(&edits, value, STR("None"));
	guard_insert(&edits, shared.in.s, first,
		     str_of(arena_printf(scene->arena, "if %.*s is None:\n%.*s%.*s = %.*s\n", STR_ARG(name),
					 STR_ARG(python_indent_step(shared.in.s, shared.in.function)),
					 STR_ARG(name), STR_ARG(syntax_text(shared.in.s, value)))));
	python_put(&python, shared.in.path, shared.in.s, &edits, ORACLE_TEST,
		   arena_printf(scene->arena, "the default of %.*s is one object for all calls and is filled; the "
				"failing test expects a new one", STR_ARG(name)));
}

static const struct example examples[] = {
	{
		.name = "a list that lives on",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_two ____________________\n"
			"test_basket.py:6: in test_two\n    assert add(\"b\") == [\"b\"]\n"
			"E   AssertionError: assert ['a', 'b'] == ['b']\n"
			"E     At index 0 diff: 'a' != 'b'\n"
			"E     Left contains one more item: 'b'\n"
			"E     Use -v to get more diff\n"
			"============ short test summary info =============\n"
			"FAILED test_basket.py::test_two - AssertionErro...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "basket.py",
			  "def add(item, basket=[]):\n"
			  "    \"\"\"Puts an item into a basket.\"\"\"\n"
			  "    basket.append(item)\n"
			  "    return basket\n",
			  "def add(item, basket=None):\n"
			  "    \"\"\"Puts an item into a basket.\"\"\"\n"
			  "    if basket is None:\n"
			  "        basket = []\n"
			  "    basket.append(item)\n"
			  "    return basket\n" },
			{ "test_basket.py",
			  "from basket import add\n"
			  "\n"
			  "\n"
			  "def test_two():\n"
			  "    add(\"a\")\n"
			  "    assert add(\"b\") == [\"b\"]\n", NULL },
		},
	},
	{
		.name = "two objects with one dict",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_two ____________________\n"
			"test_room.py:6: in test_two\n    assert Room(\"b\").seats == {}\n"
			"E   AssertionError: assert {1: 'ada'} == {}\n"
			"E     Left contains 1 more item:\nE     {1: 'ada'}\n"
			"E     Use -v to get more diff\n"
			"============ short test summary info =============\n"
			"FAILED test_room.py::test_two - AssertionError:...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "room.py",
			  "class Room:\n"
			  "    def __init__(self, name, seats={}):\n"
			  "        self.name = name\n"
			  "        self.seats = seats\n"
			  "\n"
			  "    def take(self, seat, who):\n"
			  "        self.seats[seat] = who\n",
			  "class Room:\n"
			  "    def __init__(self, name, seats=None):\n"
			  "        if seats is None:\n"
			  "            seats = {}\n"
			  "        self.name = name\n"
			  "        self.seats = seats\n"
			  "\n"
			  "    def take(self, seat, who):\n"
			  "        self.seats[seat] = who\n" },
			{ "test_room.py",
			  "from room import Room\n"
			  "\n"
			  "\n"
			  "def test_two():\n"
			  "    Room(\"a\").take(1, \"ada\")\n"
			  "    assert Room(\"b\").seats == {}\n", NULL },
		},
	},
	{
		.name = "a cache",
		.log =
			"==================== FAILURES ====================\n"
			"____________________ test_fib ____________________\n"
			"test_fib.py:5: in test_fib\n    assert fib(5) == 6\n"
			"E   assert 5 == 6\nE    +  where 5 = fib(5)\n"
			"============ short test summary info =============\n"
			"FAILED test_fib.py::test_fib - assert 5 == 6\n1 failed in 0.02s\n",
		.file = {
			{ "fib.py",
			  "def fib(n, cache={}):\n"
			  "    if n not in cache:\n"
			  "        cache[n] = n if n < 2 else fib(n - 1) + fib(n - 2)\n"
			  "    return cache[n]\n", NULL },
			{ "test_fib.py",
			  "from fib import fib\n"
			  "\n"
			  "\n"
			  "def test_fib():\n"
			  "    assert fib(5) == 6\n", NULL },
		},
		.declines = "no default value is filled",
	},
	{
		.name = "a default that is only read",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_count ___________________\n"
			"test_words.py:5: in test_count\n    assert count(\"a b\") == 2\n"
			"E   AssertionError: assert 1 == 2\nE    +  where 1 = count('a b')\n"
			"============ short test summary info =============\n"
			"FAILED test_words.py::test_count - AssertionErr...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "words.py",
			  "def count(text, stop=[\"a\"]):\n"
			  "    return len([word for word in text.split() if word not in stop])\n", NULL },
			{ "test_words.py",
			  "from words import count\n"
			  "\n"
			  "\n"
			  "def test_count():\n"
			  "    assert count(\"a b\") == 2\n", NULL },
		},
		.declines = "no default value is filled",
	},
	{0}
};

const struct template template_python_shared_default = {
	.name = "python_shared_default",
	.summary = "a list, dict or set as a default value that is filled -> None, and a new one for each call",
	.language = "python",
	.class = "closure",
	.oracles = "test",
	.keeps_off = "its name says that it is a cache; it is only read; several of them",
	.danger = DANGER_1,
	.pattern = NULL,
	.fix = fix,
	.examples = examples,
};

/*
 * A limit that is None is no limit. `n >= self.limit`, where the limit's own default is None, is not
 * reached then; `n < self.limit` is always true. Which of the two is told by the name of the limit and
 * the direction of the question; a name that says neither is left alone.
 */
#include "templates/lib_definitions.h"
#include "templates/lib_guard.h"
#include "templates/lib_question.h"
#include "templates/lib_scene.h"

#define UPPER "limit max maximum cap quota ceiling deadline until timeout expires expiry most upper budget"
#define LOWER "min minimum floor since least lower"

/* Is one of the words of the name ("max_size", "disable_timeout") among these? */
static bool speaks_of(struct str name, const char *words)
{
	struct str word;

	while (name.size)
		if (str_split(name, "_", &word, &name) ? word_among(word, words) :
		    (word = name, name = STR_NONE, word_among(word, words)))
			return true;
	return false;
}

struct naming {
	const struct syntax *s;
	struct str attribute, value;
	bool none;
};

/* self.limit = None, or self.limit = limit with limit=None in the head of the function. */
static bool see_assignment(TSNode node, void *context)
{
	struct naming *n = context;
	TSNode left = syntax_field(node, "left"), right = syntax_field(node, "right");
	struct str value = syntax_text(n->s, right), name = syntax_text(n->s, left);
	TSNode parameter;

	if (!syntax_type_is(node, "assignment"))
		return true;
	if (syntax_type_is(left, "attribute"))
		name = str_is(syntax_text(n->s, syntax_field(left, "object")), "self") ?
		       syntax_text(n->s, syntax_field(left, "attribute")) : STR_NONE;
	if (!str_equal(name, n->attribute))
		return true;
	parameter = python_parameter(n->s, syntax_up(node, "function_definition"), value);
	n->none |= str_is(value, "None") ||
		   (!ts_node_is_null(parameter) &&
		    str_is(syntax_text(n->s, syntax_field(parameter, "value")), "None"));
	return true;
}

/* Is None what the bound has by its own declaration? */
static bool is_declared_none(const struct site *crash, TSNode bound)
{
	struct naming n = { .s = crash->syntax };
	TSNode class = syntax_up(crash->function, "class_definition"), parameter;

	if (syntax_type_is(bound, "identifier")) {
		parameter = python_parameter(n.s, crash->function, syntax_text(n.s, bound));
		return !ts_node_is_null(parameter) &&
		       str_is(syntax_text(n.s, syntax_field(parameter, "value")), "None");
	}
	if (ts_node_is_null(class) ||
	    !str_is(syntax_text(n.s, syntax_field(bound, "object")), "self"))
		return false;
	n.attribute = syntax_text(n.s, syntax_field(bound, "attribute"));
	syntax_walk(class, see_assignment, &n);
	return n.none;
}

/* With None in the place of the bound: is the answer yes? -1: the name does not tell. */
static int answer_without(struct str operator, struct str name, bool bound_is_right)
{
	bool above = *operator.at == '>' ? bound_is_right : !bound_is_right;	/* value above bound? */

	if (speaks_of(name, UPPER) && !speaks_of(name, LOWER))
		return !above;
	if (speaks_of(name, LOWER) && !speaks_of(name, UPPER))
		return above;
	return -1;
}

/* The only question on the line against something whose declared default is None. */
static TSNode find_question(const struct site *crash, bool right, TSNode *bound)
{
	TSNode found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0;; n++) {
		TSNode question = question_on_line(crash, "< > <= >=", n), one;

		if (ts_node_is_null(question))
			return found;
		one = python_bare(python_child(question, right ? 1 : 0));
		if (!syntax_type_is(one, "identifier|attribute") || !is_declared_none(crash, one))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = question;
		*bound = one;
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct arena *a = scene->arena;
	struct edits edits = { .arena = a };
	bool right = str_is(scene_group(scene, "right"), "NoneType"), inner;
	struct site crash;
	struct str text, name;
	TSNode question, bound;
	int yes;

	if (!python_crash(&python, &crash))
		return;
	question = find_question(&crash, right, &bound);
	if (ts_node_is_null(question))
		return template_decline(scene, "no oracle: None is not the declared default of one thing that "
					"is compared there");
	text = syntax_text(crash.syntax, bound);
	name = syntax_type_is(bound, "attribute") ?
	       syntax_text(crash.syntax, syntax_field(bound, "attribute")) : text;
	yes = answer_without(question_operator(crash.syntax, question), name, right);
	if (yes < 0)
		return template_decline(scene, "no oracle: %.*s does not say whether it is an upper or a "
					"lower bound", STR_ARG(name));
	if (!question_decides(question))
		return template_decline(scene, "more than a way to go comes of the answer");
	inner = yes && syntax_type_is(ts_node_parent(question), "boolean_operator");
	edit_replace(&edits, ts_node_start_byte(question), ts_node_start_byte(question),
		     str_of(arena_printf(a, yes ? "%s%.*s is None or " : "%s%.*s is not None and ",
					 inner ? "(" : "", STR_ARG(text))));
	if (inner)
		edit_replace(&edits, ts_node_end_byte(question), ts_node_end_byte(question), STR(")"));
	edits_propose(&python, &crash, &edits, ORACLE_CONTRACT,
		      arena_printf(a, "None, the default of %.*s, is no bound at all", STR_ARG(name)));
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "a cache without a limit",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_cache.py:6: in test_it\n"
			"    cache.put(\"a\", 1)\n"
			"cache.py:6: in put\n"
			"    while len(self) >= self.limit:\n"
			"E   TypeError: '>=' not supported between instances of 'int' and 'Non"
			"eType'\n"
			"========== short test summary info ==========\n"
			"FAILED test_cache.py::test_it - TypeError: '>=' not supported between"
			" instanc...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "cache.py",
			  "class Cache(dict):\n"
			  "    def __init__(self, limit=None):\n"
			  "        self.limit = limit\n"
			  "\n"
			  "    def put(self, key, value):\n"
			  "        while len(self) >= self.limit:\n"
			  "            self.popitem()\n"
			  "        self[key] = value\n",
			  "class Cache(dict):\n"
			  "    def __init__(self, limit=None):\n"
			  "        self.limit = limit\n"
			  "\n"
			  "    def put(self, key, value):\n"
			  "        while self.limit is not None and len(self) >= self.limit:\n"
			  "            self.popitem()\n"
			  "        self[key] = value\n" },
			{ "test_cache.py",
			  "from cache import Cache\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    cache = Cache()\n"
			  "    cache.put(\"a\", 1)\n"
			  "    assert cache == {\"a\": 1}\n",
			  NULL },
		},
	},
	{
		.name = "room below a maximum",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_queue.py:5: in test_it\n"
			"    assert Queue().take(1).items == [1]\n"
			"queue_.py:7: in take\n"
			"    if len(self.items) < self.max_size:\n"
			"E   TypeError: '<' not supported between instances of 'int' and 'None"
			"Type'\n"
			"========== short test summary info ==========\n"
			"FAILED test_queue.py::test_it - TypeError: '<' not supported between "
			"instance...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "queue_.py",
			  "class Queue:\n"
			  "    def __init__(self, max_size=None):\n"
			  "        self.max_size = max_size\n"
			  "        self.items = []\n"
			  "\n"
			  "    def take(self, item):\n"
			  "        if len(self.items) < self.max_size:\n"
			  "            self.items.append(item)\n"
			  "        return self\n",
			  "class Queue:\n"
			  "    def __init__(self, max_size=None):\n"
			  "        self.max_size = max_size\n"
			  "        self.items = []\n"
			  "\n"
			  "    def take(self, item):\n"
			  "        if self.max_size is None or len(self.items) < self.max_size"
			  ":\n"
			  "            self.items.append(item)\n"
			  "        return self\n" },
			{ "test_queue.py",
			  "from queue_ import Queue\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert Queue().take(1).items == [1]\n",
			  NULL },
		},
	},
	{
		.name = "a parameter",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_pick.py:5: in test_it\n"
			"    assert pick([1, 2]) == [1, 2]\n"
			"pick.py:2: in pick\n"
			"    return [value for value in values if minimum <= value]\n"
			"pick.py:2: in <listcomp>\n"
			"    return [value for value in values if minimum <= value]\n"
			"E   TypeError: '<=' not supported between instances of 'NoneType' and"
			" 'int'\n"
			"========== short test summary info ==========\n"
			"FAILED test_pick.py::test_it - TypeError: '<=' not supported between "
			"instance...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "pick.py",
			  "def pick(values, minimum=None):\n"
			  "    return [value for value in values if minimum <= value]\n",
			  "def pick(values, minimum=None):\n"
			  "    return [value for value in values if minimum is None or minimum"
			  " <= value]\n" },
			{ "test_pick.py",
			  "from pick import pick\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert pick([1, 2]) == [1, 2]\n"
			  "    assert pick([1, 2], 2) == [2]\n",
			  NULL },
		},
	},
	{
		.name = "the name says of no bound",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_cache.py:6: in test_it\n"
			"    cache.put(\"a\", 1)\n"
			"cache.py:6: in put\n"
			"    while len(self) >= self.place:\n"
			"E   TypeError: '>=' not supported between instances of 'int' and 'Non"
			"eType'\n"
			"========== short test summary info ==========\n"
			"FAILED test_cache.py::test_it - TypeError: '>=' not supported between"
			" instanc...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "cache.py",
			  "class Cache(dict):\n"
			  "    def __init__(self, place=None):\n"
			  "        self.place = place\n"
			  "\n"
			  "    def put(self, key, value):\n"
			  "        while len(self) >= self.place:\n"
			  "            self.popitem()\n"
			  "        self[key] = value\n",
			  NULL },
			{ "test_cache.py",
			  "from cache import Cache\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    cache = Cache()\n"
			  "    cache.put(\"a\", 1)\n"
			  "    assert cache == {\"a\": 1}\n",
			  NULL },
		},
		.declines = "no oracle: place",
	},
	{
		.name = "None is not its default",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_cache.py:6: in test_it\n"
			"    cache.put(\"a\", 1)\n"
			"cache.py:6: in put\n"
			"    while len(self) >= self.limit:\n"
			"E   TypeError: '>=' not supported between instances of 'int' and 'Non"
			"eType'\n"
			"========== short test summary info ==========\n"
			"FAILED test_cache.py::test_it - TypeError: '>=' not supported between"
			" instanc...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "cache.py",
			  "class Cache(dict):\n"
			  "    def __init__(self, limit):\n"
			  "        self.limit = limit\n"
			  "\n"
			  "    def put(self, key, value):\n"
			  "        while len(self) >= self.limit:\n"
			  "            self.popitem()\n"
			  "        self[key] = value\n",
			  NULL },
			{ "test_cache.py",
			  "from cache import Cache\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    cache = Cache(None)\n"
			  "    cache.put(\"a\", 1)\n"
			  "    assert cache == {\"a\": 1}\n",
			  NULL },
		},
		.declines = "not the declared default",
	},
	{
		.name = "a part of a larger question",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_pick.py:5: in test_it\n"
			"    assert pick([1]) == [1]\n"
			"pick.py:2: in pick\n"
			"    return [value for value in values if value > 0 and value <= maxim"
			"um]\n"
			"pick.py:2: in <listcomp>\n"
			"    return [value for value in values if value > 0 and value <= maxim"
			"um]\n"
			"E   TypeError: '<=' not supported between instances of 'int' and 'Non"
			"eType'\n"
			"========== short test summary info ==========\n"
			"FAILED test_pick.py::test_it - TypeError: '<=' not supported between "
			"instance...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "pick.py",
			  "def pick(values, maximum=None):\n"
			  "    return [value for value in values if value > 0 and value <= max"
			  "imum]\n",
			  "def pick(values, maximum=None):\n"
			  "    return [value for value in values if value > 0 and (maximum is "
			  "None or value <= maximum)]\n" },
			{ "test_pick.py",
			  "from pick import pick\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert pick([1]) == [1]\n",
			  NULL },
		},
	},
	{
		.name = "an answer that is kept",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_pick.py:5: in test_it\n"
			"    assert pick(1) == {\"small\": None}\n"
			"pick.py:2: in pick\n"
			"    small = value < maximum\n"
			"E   TypeError: '<' not supported between instances of 'int' and 'None"
			"Type'\n"
			"========== short test summary info ==========\n"
			"FAILED test_pick.py::test_it - TypeError: '<' not supported between i"
			"nstances...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "pick.py",
			  "def pick(value, maximum=None):\n"
			  "    small = value < maximum\n"
			  "    return {\"small\": small}\n",
			  NULL },
			{ "test_pick.py",
			  "from pick import pick\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert pick(1) == {\"small\": None}\n",
			  NULL },
		},
		.declines = "more than a way",
	},
	{0}
};

const struct template template_python_none_bound = {
	.name = "python_none_bound",
	.summary = "TypeError: a value is compared with a limit whose default is None -> no limit then",
	.language = "python",
	.class = "crash guard",
	.oracles = "contract",
	.keeps_off = "None is not the declared default, the name says of no bound, answers that are kept or turned",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^'[<>]=?' not supported between instances of '(?<left>\\w+)' and '(?<right>\\w+)'$",
	.fix = fix,
	.examples = examples,
};

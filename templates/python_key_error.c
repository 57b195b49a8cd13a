/*
 * KeyError: counting in a dict that starts empty, a key that was renamed in the failing change,
 * or a default that the test or the same look-up elsewhere names. Never a value for the
 * environment or for a secret: nobody but its owner knows it.
 */
#include "templates/lib_counting.h"
#include "templates/lib_guard.h"
#include "templates/lib_history.h"
#include "templates/lib_similar.h"

struct lookup {
	const struct site *crash;
	struct str key;			/* as the log shows it: 'name' or 3 */
	TSNode found;			/* the subscript */
	bool exact, several;
};

static struct str key_text(const struct syntax *s, TSNode subscript)
{
	return syntax_text(s, syntax_field(subscript, "subscript"));
}

/* Is it this key, whatever the quotes? */
static bool is_key(struct str code, struct str key)
{
	if (code.size == key.size && code.size > 1 && (code.at[0] == '"' || code.at[0] == '\''))
		return str_equal(str_slice(code, 1, code.size - 2), str_slice(key, 1, key.size - 2));
	return str_equal(code, key);
}

static bool see_lookup(TSNode node, void *context)
{
	struct lookup *l = context;
	const struct syntax *s = l->crash->syntax;
	TSNode key = syntax_field(node, "subscript");
	bool exact = is_key(syntax_text(s, key), l->key);

	if (!syntax_type_is(node, "subscript") || syntax_line(node) != l->crash->line ||
	    (l->crash->column && ts_node_start_point(node).column + 1 != l->crash->column))
		return true;
	if (syntax_type_is(key, "slice") || (python_is_literal(s, key) && !exact) ||
	    (l->exact && !exact))
		return true;
	if (!ts_node_is_null(l->found) && l->exact == exact &&
	    !str_equal(syntax_text(s, l->found), syntax_text(s, node)))
		l->several = true;
	else if (exact && !l->exact)
		l->several = false;
	l->exact = exact;
	l->found = node;
	return true;
}

/* The innermost line of this repository on the way, whatever raised it in the end. */
static bool asks_environment(struct scene *scene)
{
	const struct failure *failure = scene->failure;

	for (size_t i = failure->frame_count; i-- > 0;) {
		const struct frame *frame = &failure->frames[i];
		struct str text, line = STR_NONE;

		if (!frame->own || !scene_read(scene, frame->file, &text))
			continue;
		for (unsigned n = 0; n < frame->line && str_next_line(&text, &line); n++)
			;
		return str_has(line, "environ");
	}
	return false;
}

static bool is_secret(struct scene *scene)
{
	static const char *const words[] = { "secret", "token", "password", "passwd", "api_key",
					     "apikey", "credential" };
	struct str key = str_copy(scene->arena, str_of(scene->failure->message));
	struct text lower = TEXT(scene->arena);

	for (size_t i = 0; i < key.size; i++)
		text_addc(&lower, key.at[i] >= 'A' && key.at[i] <= 'Z' ?
			  (char)(key.at[i] - 'A' + 'a') : key.at[i]);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_has(text_str(&lower), words[i]))
			return true;
	return false;
}

struct same_lookup {
	const struct syntax *s;
	struct str mapping, key;
	struct str value;
	unsigned count, quarrels;
	unsigned line;
};

/* MAPPING.get(KEY, V) */
static bool see_get(TSNode node, void *context)
{
	struct same_lookup *l = context;
	TSNode callee = syntax_field(node, "function"), list = syntax_field(node, "arguments");
	struct str value;

	if (!syntax_type_is(node, "call") || !syntax_type_is(callee, "attribute") ||
	    !str_is(syntax_text(l->s, syntax_field(callee, "attribute")), "get") ||
	    !str_equal(syntax_text(l->s, syntax_field(callee, "object")), l->mapping) ||
	    !is_key(syntax_text(l->s, python_child(list, 0)), l->key))
		return true;
	value = python_child_count(list) > 1 ? syntax_text(l->s, python_child(list, 1)) : STR("None");
	l->quarrels += l->count && !str_equal(l->value, value);
	l->value = value;
	l->count++;
	l->line = syntax_line(node);
	return true;
}

static void replace_by_get(struct python *python, const struct lookup *l, struct str value,
			   enum oracle oracle, const char *by)
{
	struct arena *a = python->scene->arena;
	const struct syntax *s = l->crash->syntax;
	struct edits edits = { .arena = a };
	struct str mapping = syntax_text(s, syntax_field(l->found, "value"));

	edit_node(&edits, l->found, str_of(str_is(value, "None") ?
		  arena_printf(a, "%.*s.get(%.*s)", STR_ARG(mapping), STR_ARG(key_text(s, l->found))) :
		  arena_printf(a, "%.*s.get(%.*s, %.*s)", STR_ARG(mapping),
			       STR_ARG(key_text(s, l->found)), STR_ARG(value))));
	edits_propose(python, l->crash, &edits, oracle,
	    arena_printf(a, "%.*s is %.*s where the key is missing: %s",
			 STR_ARG(syntax_text(s, l->found)), STR_ARG(value), by));
}

static bool by_sibling(struct python *python, const struct lookup *l)
{
	const struct syntax *s = l->crash->syntax;
	struct same_lookup same = { .s = s, .key = l->key,
				    .mapping = syntax_text(s, syntax_field(l->found, "value")) };

	syntax_walk(s->root, see_get, &same);
	if (!same.count || same.quarrels || !l->exact ||
	    syntax_type_is(ts_node_parent(l->found), "augmented_assignment|delete_statement"))
		return false;
	replace_by_get(python, l, same.value, ORACLE_SIBLING,
		       arena_printf(python->scene->arena, "%s:%u looks it up so", l->crash->path,
				    same.line));
	return true;
}

enum { SLIP_LENGTH_MIN = 4 };

struct slip {
	const struct syntax *s;
	struct str key, like;
};

static bool see_slip(TSNode node, void *context)
{
	struct slip *slip = context;
	struct str text = syntax_text(slip->s, node);
	unsigned far = slip->key.size > SLIP_LENGTH_MIN ? 2 : 1, distance;

	if (!syntax_type_is(node, "string") || text.size < 3)
		return true;
	text = str_slice(text, 1, text.size - 2);
	distance = similar_distance(text, slip->key);
	if (distance && distance <= far)
		slip->like = text;
	return !slip->like.size;
}

/* A key like the missing one, in this file or in the test that calls it. */
static struct str slip_of(struct python *python, const struct lookup *l)
{
	struct slip slip = { l->crash->syntax, l->key, STR_NONE };
	struct site caller;

	if (!l->exact || l->key.size < SLIP_LENGTH_MIN + 2 || (l->key.at[0] != '"' && l->key.at[0] != '\''))
		return STR_NONE;
	slip.key = str_slice(l->key, 1, l->key.size - 2);
	syntax_walk(slip.s->root, see_slip, &slip);
	if (!slip.like.size && python_caller(python, l->crash, &caller)) {
		slip.s = caller.syntax;
		syntax_walk(slip.s->root, see_slip, &slip);
	}
	return slip.like;
}

static void by_test(struct python *python, const struct lookup *l)
{
	struct arena *a = python->scene->arena;
	const struct site *crash = l->crash;
	const struct syntax *s = crash->syntax;
	struct str mapping = syntax_text(s, syntax_field(l->found, "value"));
	struct str key = key_text(s, l->found), condition;
	TSNode side = python_bare(python_child(crash->statement, 0));
	struct expectation e;
	struct guard guard;

	if (!oracle_test(python, crash, &e))
		return;
	if (slip_of(python, l).size)
		return template_decline(python->scene, "the key may be a slip of '%.*s'",
					STR_ARG(slip_of(python, l)));
	condition = str_of(arena_printf(a, "%.*s not in %.*s", STR_ARG(key), STR_ARG(mapping)));
	guard = (struct guard){ crash, l->found, condition, condition, .single = false };
	if (!guard_may_return(python, &guard, &e))
		return;
	if (e.expect == EXPECT_RETURN && syntax_type_is(crash->statement, "return_statement") &&
	    ts_node_eq(side, l->found))
		return replace_by_get(python, l, e.value, ORACLE_TEST, e.by);
	if (!python_is_pure(s, l->found))
		return template_decline(python->scene, "the key cannot be asked for without running it "
					"twice");
	guard_propose(python, &guard, &e);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct site crash;
	struct lookup l = { .crash = &crash, .key = str_of(scene->failure->message) };

	if (asks_environment(scene))
		return template_decline(scene, "a variable of the environment is missing; only its owner "
					"knows the value");
	if (is_secret(scene))
		return template_decline(scene, "the key looks like a secret");
	if (!python_crash(&python, &crash))
		return;
	syntax_walk(crash.statement, see_lookup, &l);
	if (ts_node_is_null(l.found))
		return template_decline(scene, "no look-up of this key on the line");
	if (l.several)
		return template_decline(scene, "several look-ups on the line may have raised it");
	if (oracle_wants_error(&python, &crash) || counting_propose(&python, &crash, l.found) ||
	    history_renamed_key(&python, &crash, l.found) || by_sibling(&python, &l))
		return;
	by_test(&python, &l);
}

static const char *const types[] = { "KeyError", NULL };

static const struct example examples[] = {
	{
		.name = "counting words in a dict that starts empty",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"_________________________________ test_counts _________________________"
			"_________\ntest_words.py:5: in test_counts\n"
			"    assert count_words(\"a b a\") == {\"a\": 2, \"b\": 1}\n"
			"words.py:4: in count_words\n    counts[word] += 1\nE   KeyError: 'a'\n"
			"=========================== short test summary info ==================="
			"=========\nFAILED test_words.py::test_counts - KeyError: 'a'\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "words.py",
			  "def count_words(text):\n"
			  "    counts = {}\n"
			  "    for word in text.split():\n"
			  "        counts[word] += 1\n"
			  "    return counts\n",
			  "def count_words(text):\n"
			  "    counts = {}\n"
			  "    for word in text.split():\n"
			  "        counts[word] = counts.get(word, 0) + 1\n"
			  "    return counts\n" },
			{ "test_words.py",
			  "from words import count_words\n"
			  "\n"
			  "\n"
			  "def test_counts():\n"
			  "    assert count_words(\"a b a\") == {\"a\": 2, \"b\": 1}\n", NULL },
		},
	},
	{
		.name = "collecting under a key, no test",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    Index().add(\"a\", 1)\n"
			"  File \"/home/runner/work/app/app/index.py\", line 6, in add\n"
			"    self.pages[word].append(page)\n    ~~~~~~~~~~^^^^^^\nKeyError: 'a'\n",
		.file = {
			{ "index.py",
			  "class Index:\n"
			  "    def __init__(self):\n"
			  "        self.pages = {}\n"
			  "\n"
			  "    def add(self, word, page):\n"
			  "        self.pages[word].append(page)\n",
			  "class Index:\n"
			  "    def __init__(self):\n"
			  "        self.pages = {}\n"
			  "\n"
			  "    def add(self, word, page):\n"
			  "        self.pages.setdefault(word, []).append(page)\n" },
			{ "main.py",
			  "from index import Index\n"
			  "\n"
			  "Index().add(\"a\", 1)\n", NULL },
		},
	},
	{
		.name = "the test names the default",
		.log =
			".F                                                                     "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"______________________________ test_price[kiwi-0] _____________________"
			"_________\ntest_prices.py:7: in test_price\n"
			"    assert price(fruit) == expected\nprices.py:5: in price\n"
			"    return PRICES[fruit]\nE   KeyError: 'kiwi'\n"
			"=========================== short test summary info ==================="
			"=========\nFAILED test_prices.py::test_price[kiwi-0] - KeyError: 'kiwi'\n"
			"1 failed, 1 passed in 0.02s\n",
		.file = {
			{ "prices.py",
			  "PRICES = {\"apple\": 3}\n"
			  "\n"
			  "\n"
			  "def price(fruit):\n"
			  "    return PRICES[fruit]\n",
			  "PRICES = {\"apple\": 3}\n"
			  "\n"
			  "\n"
			  "def price(fruit):\n"
			  "    return PRICES.get(fruit, 0)\n" },
			{ "test_prices.py",
			  "import pytest\n"
			  "from prices import price\n"
			  "\n"
			  "\n"
			  "@pytest.mark.parametrize(\"fruit,expected\", [(\"apple\", 3), (\"kiwi\""
			  ", 0)])\n"
			  "def test_price(fruit, expected):\n"
			  "    assert price(fruit) == expected\n", NULL },
		},
	},
	{
		.name = "the same look-up elsewhere has a default",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(heading({}))\n          ^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/view.py\", line 6, in heading\n"
			"    return \"# \" + page[\"title\"]\n                  ~~~~^^^^^^^^^\n"
			"KeyError: 'title'\n",
		.file = {
			{ "view.py",
			  "def title(page):\n"
			  "    return page.get(\"title\", \"Untitled\")\n"
			  "\n"
			  "\n"
			  "def heading(page):\n"
			  "    return \"# \" + page[\"title\"]\n",
			  "def title(page):\n"
			  "    return page.get(\"title\", \"Untitled\")\n"
			  "\n"
			  "\n"
			  "def heading(page):\n"
			  "    return \"# \" + page.get(\"title\", \"Untitled\")\n" },
			{ "main.py",
			  "from view import heading\n"
			  "\n"
			  "print(heading({}))\n", NULL },
		},
	},
	{
		.name = "a variable of the environment",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(os.environ[\"DATABASE_URL\"])\n"
			"          ~~~~~~~~~~^^^^^^^^^^^^^^^^\n"
			"  File \"<frozen os>\", line 679, in __getitem__\n"
			"KeyError: 'DATABASE_URL'\n",
		.file = {
			{ "main.py",
			  "import os\n"
			  "\n"
			  "print(os.environ[\"DATABASE_URL\"])\n", NULL },
		},
		.declines = "environment",
	},
	{
		.name = "nobody names a default",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(price({}, \"kiwi\"))\n          ^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/prices.py\", line 2, in price\n"
			"    return prices[fruit]\n           ~~~~~~^^^^^^^\nKeyError: 'kiwi'\n",
		.file = {
			{ "prices.py",
			  "def price(prices, fruit):\n"
			  "    return prices[fruit]\n", NULL },
			{ "main.py",
			  "from prices import price\n"
			  "\n"
			  "print(price({}, \"kiwi\"))\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "a secret",
		.log =
			"F                                                                      "
			"  [100%]\n"
			"=================================== FAILURES =========================="
			"=========\n"
			"__________________________________ test_login _________________________"
			"_________\ntest_login.py:5: in test_login\n    assert login({}) == \"\"\n"
			"login.py:2: in login\n    return config[\"api_token\"]\n"
			"E   KeyError: 'api_token'\n"
			"=========================== short test summary info ==================="
			"=========\nFAILED test_login.py::test_login - KeyError: 'api_token'\n"
			"1 failed in 0.01s\n",
		.file = {
			{ "login.py",
			  "def login(config):\n"
			  "    return config[\"api_token\"]\n", NULL },
			{ "test_login.py",
			  "from login import login\n"
			  "\n"
			  "\n"
			  "def test_login():\n"
			  "    assert login({}) == \"\"\n", NULL },
		},
		.declines = "secret",
	},
	{
		.name = "the keys are filled in before, a new one is a mistake",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(count([\"a\"], [\"b\"]))\n          ^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/vote.py\", line 6, in count\n"
			"    totals[vote] += 1\n    ~~~~~~^^^^^^\nKeyError: 'b'\n",
		.file = {
			{ "vote.py",
			  "def count(names, votes):\n"
			  "    totals = {}\n"
			  "    for name in names:\n"
			  "        totals[name] = 0\n"
			  "    for vote in votes:\n"
			  "        totals[vote] += 1\n"
			  "    return totals\n", NULL },
			{ "main.py",
			  "from vote import count\n"
			  "\n"
			  "print(count([\"a\"], [\"b\"]))\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "a slip of a key that the test passes",
		.log =
			"F                                                                     "
			"   [100%]\n========== FAILURES ==========\n"
			"__________ test_it __________\ntest_config.py:5: in test_it\n"
			"    assert debug({\"debug\": False}) is False\n"
			"config.py:2: in debug\n    return config[\"debgu\"]\n"
			"E   KeyError: 'debgu'\n"
			"========== short test summary info ==========\n"
			"FAILED test_config.py::test_it - KeyError: 'debgu'\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "config.py",
			  "def debug(config):\n"
			  "    return config[\"debgu\"]\n", NULL },
			{ "test_config.py",
			  "from config import debug\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert debug({\"debug\": False}) is False\n", NULL },
		},
		.declines = "slip of 'debug'",
	},
	{0}
};

const struct template template_python_key_error = {
	.name = "python_key_error",
	.summary = "KeyError -> counting from nothing, the key's new name, or the default that a test "
		   "or the same look-up elsewhere names",
	.language = "python",
	.class = "crash guard",
	.oracles = "test, sibling, contract, history",
	.keeps_off = "the environment and secrets; nobody names a default; several look-ups on the line",
	.danger = DANGER_2,
	.types = types,
	.fix = fix,
	.examples = examples,
};

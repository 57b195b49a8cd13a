/*
 * A coroutine that is used as if it were its result: the missing await. Only inside an async
 * function, and only for a call of an async function of this code.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

static bool is_async(const struct syntax *s, TSNode function)
{
	return str_starts(syntax_text(s, function), "async ");
}

/* Are all functions of this name in the code async, and is there one? */
static bool means_async(struct python *python, struct str name)
{
	const struct tree *tree = python->scene->tree;
	struct arena *a = python->scene->arena;
	bool some = false;

	for (size_t i = 0; name.size && i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		const struct syntax *s;
		struct nodes all;
		struct str text;

		if (!str_ends(str_of(path), ".py") || python_is_test(str_of(path)) ||
		    !scene_read(python->scene, path, &text) || str_find(text, name) < 0)
			continue;
		s = python_open(python, path);
		all = s ? python_nodes(a, s->root, "function_definition") : (struct nodes){0};
		for (size_t k = 0; k < all.count; k++) {
			if (!str_equal(python_name(s, all.list[k]), name))
				continue;
			if (!is_async(s, all.list[k]))
				return false;
			some = true;
		}
	}
	return some;
}

/* Is the call's coroutine used up here without an await: no argument of gather, create_task...? */
static bool is_bare(TSNode call)
{
	TSNode parent = ts_node_parent(call);

	return syntax_type_is(parent, "assignment|attribute|subscript|binary_operator|comparison_operator|"
				      "for_statement|return_statement|parenthesized_expression|pattern_list|"
				      "conditional_expression|boolean_operator|not_operator|pair");
}

struct lost {
	TSNode call;
	unsigned count;
};

static void look(struct python *python, const struct site *crash, struct lost *lost)
{
	struct nodes all = python_nodes(python->scene->arena, crash->function, "call");

	for (size_t i = 0; i < all.count; i++) {
		if (ts_node_start_byte(all.list[i]) > ts_node_end_byte(crash->statement) ||
		    !is_bare(all.list[i]) || !means_async(python, python_callee(crash->syntax, all.list[i])))
			continue;
		lost->call = all.list[i];
		lost->count++;
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct site crash;
	struct lost lost = {0};
	struct str text;
	bool tight;

	if (!python_own_crash(&python, &crash))
		return;
	if (ts_node_is_null(crash.function) || !is_async(crash.syntax, crash.function))
		return template_decline(scene, "the code is in no async function, so nothing can be awaited");
	look(&python, &crash, &lost);
	if (lost.count != 1)
		return template_decline(scene, lost.count ? "several coroutines are not awaited" :
					"no coroutine of this code is used without await");
	text = syntax_text(crash.syntax, lost.call);
	tight = syntax_type_is(ts_node_parent(lost.call), "attribute|subscript");
	edit_node(&edits, lost.call, str_of(arena_printf(scene->arena, tight ? "(await %.*s)" : "await %.*s",
							STR_ARG(text))));
	edits_propose(&python, &crash, &edits, ORACLE_CONTRACT,
		      arena_printf(scene->arena, "%.*s is async, and its result is used without await",
				   STR_ARG(python_callee(crash.syntax, lost.call))));
}

static const char *const types[] = { "TypeError", "AttributeError", NULL };

static const struct example examples[] = {
	{
		.name = "one of two calls",
		.log =
			"======================================================================"
			"\nERROR: test_total (test_bank.Total.test_total)\n"
			"----------------------------------------------------------------------"
			"\nTraceback (most recent call last):\n"
			"  File \"/usr/lib/python3.11/unittest/async_case.py\", line 90, in _ca"
			"llTestMethod\n    if self._callMaybeAsync(method) is not None:\n"
			"       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/unittest/async_case.py\", line 112, in _c"
			"allMaybeAsync\n    return self._asyncioRunner.run(\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/asyncio/runners.py\", line 118, in run\n"
			"    return self._loop.run_until_complete(task)\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/asyncio/base_events.py\", line 653, in ru"
			"n_until_complete\n    return future.result()\n"
			"           ^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/test_bank.py\", line 8, in test_tot"
			"al\n    self.assertEqual(await total({\"a\": 1, \"b\": 2}), 3)\n"
			"                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/bank.py\", line 8, in total\n"
			"    return one[\"balance\"] + other[\"balance\"]\n"
			"                            ~~~~~^^^^^^^^^^^\n"
			"TypeError: 'coroutine' object is not subscriptable\n\n"
			"----------------------------------------------------------------------"
			"\nRan 1 test in 0.021s\n\nFAILED (errors=1)\n"
			"sys:1: RuntimeWarning: coroutine 'read' was never awaited\n"
			"Coroutine created at (most recent call last)\n"
			"  File \"/usr/lib/python3.11/unittest/case.py\", line 623, in run\n"
			"    self._callTestMethod(testMethod)\n"
			"  File \"/usr/lib/python3.11/unittest/async_case.py\", line 90, in _ca"
			"llTestMethod\n    if self._callMaybeAsync(method) is not None:\n"
			"  File \"/usr/lib/python3.11/unittest/async_case.py\", line 112, in _c"
			"allMaybeAsync\n    return self._asyncioRunner.run(\n"
			"  File \"/usr/lib/python3.11/asyncio/runners.py\", line 118, in run\n"
			"    return self._loop.run_until_complete(task)\n"
			"  File \"/usr/lib/python3.11/asyncio/base_events.py\", line 640, in ru"
			"n_until_complete\n    self.run_forever()\n"
			"  File \"/usr/lib/python3.11/asyncio/base_events.py\", line 607, in ru"
			"n_forever\n    self._run_once()\n"
			"  File \"/usr/lib/python3.11/asyncio/base_events.py\", line 1914, in _"
			"run_once\n    handle._run()\n"
			"  File \"/usr/lib/python3.11/asyncio/events.py\", line 80, in _run\n"
			"    self._context.run(self._callback, *self._args)\n"
			"  File \"/home/runner/work/app/app/test_bank.py\", line 8, in test_tot"
			"al\n    self.assertEqual(await total({\"a\": 1, \"b\": 2}), 3)\n"
			"  File \"/home/runner/work/app/app/bank.py\", line 7, in total\n"
			"    other = read(accounts, \"b\")\n"
			"RuntimeWarning: Enable tracemalloc to get the object allocation traceb"
			"ack\n",
		.file = {
			{ "bank.py",
			  "async def read(accounts, name):\n"
			  "    return {\"name\": name, \"balance\": accounts[name]}\n"
			  "\n"
			  "\n"
			  "async def total(accounts):\n"
			  "    one = await read(accounts, \"a\")\n"
			  "    other = read(accounts, \"b\")\n"
			  "    return one[\"balance\"] + other[\"balance\"]\n",
			  "async def read(accounts, name):\n"
			  "    return {\"name\": name, \"balance\": accounts[name]}\n"
			  "\n"
			  "\n"
			  "async def total(accounts):\n"
			  "    one = await read(accounts, \"a\")\n"
			  "    other = await read(accounts, \"b\")\n"
			  "    return one[\"balance\"] + other[\"balance\"]\n" },
			{ "test_bank.py",
			  "import unittest\n"
			  "\n"
			  "from bank import total\n"
			  "\n"
			  "\n"
			  "class Total(unittest.IsolatedAsyncioTestCase):\n"
			  "    async def test_total(self):\n"
			  "        self.assertEqual(await total({\"a\": 1, \"b\": 2}), 3)\n", NULL },
		},
	},
	{
		.name = "in the middle of an expression",
		.log =
			"/home/runner/work/app/app/bank.py:6: RuntimeWarning: coroutine 'read' "
			"was never awaited\nCoroutine created at (most recent call last)\n"
			"  File \"/usr/lib/python3.11/unittest/case.py\", line 623, in run\n"
			"    self._callTestMethod(testMethod)\n"
			"  File \"/usr/lib/python3.11/unittest/async_case.py\", line 90, in _ca"
			"llTestMethod\n    if self._callMaybeAsync(method) is not None:\n"
			"  File \"/usr/lib/python3.11/unittest/async_case.py\", line 112, in _c"
			"allMaybeAsync\n    return self._asyncioRunner.run(\n"
			"  File \"/usr/lib/python3.11/asyncio/runners.py\", line 118, in run\n"
			"    return self._loop.run_until_complete(task)\n"
			"  File \"/usr/lib/python3.11/asyncio/base_events.py\", line 640, in ru"
			"n_until_complete\n    self.run_forever()\n"
			"  File \"/usr/lib/python3.11/asyncio/base_events.py\", line 607, in ru"
			"n_forever\n    self._run_once()\n"
			"  File \"/usr/lib/python3.11/asyncio/base_events.py\", line 1914, in _"
			"run_once\n    handle._run()\n"
			"  File \"/usr/lib/python3.11/asyncio/events.py\", line 80, in _run\n"
			"    self._context.run(self._callback, *self._args)\n"
			"  File \"/home/runner/work/app/app/test_bank.py\", line 8, in test_bal"
			"ance\n    self.assertEqual(await balance({\"a\": 1}, \"a\"), 1)\n"
			"  File \"/home/runner/work/app/app/bank.py\", line 6, in balance\n"
			"    return read(accounts, name)[\"balance\"]\n"
			"  return read(accounts, name)[\"balance\"]\n"
			"RuntimeWarning: Enable tracemalloc to get the object allocation traceb"
			"ack\n"
			"======================================================================"
			"\nERROR: test_balance (test_bank.Balance.test_balance)\n"
			"----------------------------------------------------------------------"
			"\nTraceback (most recent call last):\n"
			"  File \"/usr/lib/python3.11/unittest/async_case.py\", line 90, in _ca"
			"llTestMethod\n    if self._callMaybeAsync(method) is not None:\n"
			"       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/unittest/async_case.py\", line 112, in _c"
			"allMaybeAsync\n    return self._asyncioRunner.run(\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/asyncio/runners.py\", line 118, in run\n"
			"    return self._loop.run_until_complete(task)\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/asyncio/base_events.py\", line 653, in ru"
			"n_until_complete\n    return future.result()\n"
			"           ^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/test_bank.py\", line 8, in test_bal"
			"ance\n    self.assertEqual(await balance({\"a\": 1}, \"a\"), 1)\n"
			"                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/bank.py\", line 6, in balance\n"
			"    return read(accounts, name)[\"balance\"]\n"
			"           ~~~~~~~~~~~~~~~~~~~~^^^^^^^^^^^\n"
			"TypeError: 'coroutine' object is not subscriptable\n\n"
			"----------------------------------------------------------------------"
			"\nRan 1 test in 0.011s\n\nFAILED (errors=1)\n",
		.file = {
			{ "bank.py",
			  "async def read(accounts, name):\n"
			  "    return {\"name\": name, \"balance\": accounts[name]}\n"
			  "\n"
			  "\n"
			  "async def balance(accounts, name):\n"
			  "    return read(accounts, name)[\"balance\"]\n",
			  "async def read(accounts, name):\n"
			  "    return {\"name\": name, \"balance\": accounts[name]}\n"
			  "\n"
			  "\n"
			  "async def balance(accounts, name):\n"
			  "    return (await read(accounts, name))[\"balance\"]\n" },
			{ "test_bank.py",
			  "import unittest\n"
			  "\n"
			  "from bank import balance\n"
			  "\n"
			  "\n"
			  "class Balance(unittest.IsolatedAsyncioTestCase):\n"
			  "    async def test_balance(self):\n"
			  "        self.assertEqual(await balance({\"a\": 1}, \"a\"), 1)\n", NULL },
		},
	},
	{
		.name = "the function is not async",
		.log =
			"/home/runner/work/app/app/bank.py:6: RuntimeWarning: coroutine 'read' "
			"was never awaited\n  return read(accounts, name)[\"balance\"]\n"
			"RuntimeWarning: Enable tracemalloc to get the object allocation traceb"
			"ack\n"
			"======================================================================"
			"\nERROR: test_balance (test_bank.Balance.test_balance)\n"
			"----------------------------------------------------------------------"
			"\nTraceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_bank.py\", line 8, in test_bal"
			"ance\n    self.assertEqual(balance({\"a\": 1}, \"a\"), 1)\n"
			"                     ^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/bank.py\", line 6, in balance\n"
			"    return read(accounts, name)[\"balance\"]\n"
			"           ~~~~~~~~~~~~~~~~~~~~^^^^^^^^^^^\n"
			"TypeError: 'coroutine' object is not subscriptable\n\n"
			"----------------------------------------------------------------------"
			"\nRan 1 test in 0.013s\n\nFAILED (errors=1)\n",
		.file = {
			{ "bank.py",
			  "async def read(accounts, name):\n"
			  "    return {\"name\": name, \"balance\": accounts[name]}\n"
			  "\n"
			  "\n"
			  "def balance(accounts, name):\n"
			  "    return read(accounts, name)[\"balance\"]\n", NULL },
			{ "test_bank.py",
			  "import unittest\n"
			  "\n"
			  "from bank import balance\n"
			  "\n"
			  "\n"
			  "class Balance(unittest.TestCase):\n"
			  "    def test_balance(self):\n"
			  "        self.assertEqual(balance({\"a\": 1}, \"a\"), 1)\n", NULL },
		},
		.declines = "no async function",
	},
	{0}
};

const struct template template_python_forgotten_await = {
	.name = "python_forgotten_await",
	.summary = "a coroutine used as its result -> the missing await",
	.language = "python",
	.class = "missing word",
	.oracles = "contract",
	.keeps_off = "the function is not async; several coroutines are not awaited; the call is not of this code",
	.danger = DANGER_1,
	.types = types,
	.pattern = "(?i)\\bcoroutine\\b",
	.fix = fix,
	.examples = examples,
};

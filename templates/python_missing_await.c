/*
 * TypeError or AttributeError: a coroutine stands where its result is meant. The call gets its await
 * when all functions of its name in the repository are coroutines and it is made in a coroutine.
 * Calls that are awaited or gathered later are left alone.
 */
#include "templates/lib_definitions.h"

static bool is_async(TSNode function)
{
	return !ts_node_is_null(function) && ts_node_child_count(function) &&
	       !strcmp(ts_node_type(ts_node_child(function, 0)), "async");
}

/* Are all definitions of the name coroutines (and no generators)? */
static bool is_coroutine(struct python *python, struct str name)
{
	struct definition list[DEFINITIONS_MAX];
	size_t count = definitions_of(python, name, "function_definition", list);

	for (size_t i = 0; i < count; i++)
		if (!is_async(list[i].node) || python_contains(list[i].node, "yield"))
			return false;
	return count > 0;
}

static bool lacks_await(struct python *python, const struct syntax *s, TSNode call)
{
	TSNode outer = ts_node_parent(call);

	return syntax_type_is(call, "call") && !syntax_type_is(outer, "await|argument_list|list|tuple") &&
	       is_coroutine(python, python_callee(s, call));
}

/* Is the name awaited, or passed on, anywhere in the function? */
static bool is_handled(const struct syntax *s, TSNode function, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "identifier", n);

		if (ts_node_is_null(one))
			return false;
		if (str_equal(syntax_text(s, one), name) &&
		    syntax_type_is(ts_node_parent(one), "await|list|tuple|list_splat"))
			return true;
	}
}

/* `x = f()` before the crash, for each name of the statement. */
static void await_names(struct python *python, const struct site *site, struct edits *edits)
{
	const struct syntax *s = site->syntax;
	struct str seen[16];
	size_t count = 0;

	for (unsigned n = 0; count < 16; n++) {
		TSNode one = syntax_below(site->statement, "identifier", n), value;
		struct str name = syntax_text(s, one);
		bool again = false;

		if (ts_node_is_null(one))
			return;
		for (size_t i = 0; i < count; i++)
			again = again || str_equal(seen[i], name);
		value = python_value_of(s, site->function, name, ts_node_start_byte(site->statement));
		if (again || ts_node_is_null(value) || !lacks_await(python, s, value) ||
		    is_handled(s, site->function, name))
			continue;
		seen[count++] = name;
		edit_replace(edits, ts_node_start_byte(value), ts_node_start_byte(value), STR("await "));
	}
}

/* f()["x"], f().name, for x in f(): on the crashing line itself. */
static void await_calls(struct python *python, const struct site *site, struct edits *edits)
{
	const struct syntax *s = site->syntax;

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(site->statement, "call", n);
		bool part;

		if (ts_node_is_null(call))
			return;
		part = syntax_type_is(ts_node_parent(call), "attribute|subscript|call");
		if (ts_node_start_point(call).row + 1 != site->line || !lacks_await(python, s, call))
			continue;
		edit_replace(edits, ts_node_start_byte(call), ts_node_start_byte(call),
			     part ? STR("(await ") : STR("await "));
		if (part)
			edit_replace(edits, ts_node_end_byte(call), ts_node_end_byte(call), STR(")"));
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct site site;
	struct str after;

	if (!python_crash(&python, &site))
		return;
	if (!is_async(site.function))
		return template_decline(scene, "%s:%u is not in a coroutine: nothing can be awaited there",
					site.path, site.line);
	await_names(&python, &site, &edits);
	if (!edits.count)
		await_calls(&python, &site, &edits);
	if (!edits.count)
		return template_decline(scene, "which call lacks its await is not clear");
	if (!edits_apply(&edits, site.syntax, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "the function that is called is a coroutine: "
				     "its result must be awaited"), site.path, after);
}

static const char *const types[] = { "TypeError", "AttributeError", NULL };

static const struct example examples[] = {
	{
		.name = "a value that was not awaited",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 13, in <module>\n"
			"    asyncio.run(main())\n"
			"  File \"/usr/lib/python3.11/asyncio/runners.py\", line 190, in run\n"
			"    return runner.run(main)\n"
			"           ^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/asyncio/runners.py\", line 118, in run\n"
			"    return self._loop.run_until_complete(task)\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/asyncio/base_events.py\", line 653, in run_un"
			"til_complete\n"
			"    return future.result()\n"
			"           ^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 10, in main\n"
			"    print(account[\"name\"])\n"
			"          ~~~~~~~^^^^^^^^\n"
			"TypeError: 'coroutine' object is not subscriptable\n"
			"sys:1: RuntimeWarning: coroutine 'read' was never awaited\n",
		.file = {
			{ "main.py",
			"import asyncio\n"
			"\n"
			"\n"
			"async def read(name):\n"
			"    return {\"name\": name}\n"
			"\n"
			"\n"
			"async def main():\n"
			"    account = read(\"ada\")\n"
			"    print(account[\"name\"])\n"
			"\n"
			"\n"
			"asyncio.run(main())\n", 
			"import asyncio\n"
			"\n"
			"\n"
			"async def read(name):\n"
			"    return {\"name\": name}\n"
			"\n"
			"\n"
			"async def main():\n"
			"    account = await read(\"ada\")\n"
			"    print(account[\"name\"])\n"
			"\n"
			"\n"
			"asyncio.run(main())\n" },
		},
	},
	{
		.name = "a part of the result at once",
		.log =
			"/home/runner/work/app/app/main.py:10: RuntimeWarning: coroutine 'Store.nam"
			"es' was never awaited\n"
			"  print(store.names()[0])\n"
			"RuntimeWarning: Enable tracemalloc to get the object allocation traceback"
			"\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 13, in <module>\n"
			"    asyncio.run(main(Store()))\n"
			"  File \"/usr/lib/python3.11/asyncio/runners.py\", line 190, in run\n"
			"    return runner.run(main)\n"
			"           ^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/asyncio/runners.py\", line 118, in run\n"
			"    return self._loop.run_until_complete(task)\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/asyncio/base_events.py\", line 653, in run_un"
			"til_complete\n"
			"    return future.result()\n"
			"           ^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 10, in main\n"
			"    print(store.names()[0])\n"
			"          ~~~~~~~~~~~~~^^^\n"
			"TypeError: 'coroutine' object is not subscriptable\n",
		.file = {
			{ "main.py",
			"import asyncio\n"
			"\n"
			"\n"
			"class Store:\n"
			"    async def names(self):\n"
			"        return [\"ada\"]\n"
			"\n"
			"\n"
			"async def main(store):\n"
			"    print(store.names()[0])\n"
			"\n"
			"\n"
			"asyncio.run(main(Store()))\n", 
			"import asyncio\n"
			"\n"
			"\n"
			"class Store:\n"
			"    async def names(self):\n"
			"        return [\"ada\"]\n"
			"\n"
			"\n"
			"async def main(store):\n"
			"    print((await store.names())[0])\n"
			"\n"
			"\n"
			"asyncio.run(main(Store()))\n" },
		},
	},
	{
		.name = "outside of a coroutine",
		.log =
			"/home/runner/work/app/app/main.py:6: RuntimeWarning: coroutine 'read' was "
			"never awaited\n"
			"  return read(\"ada\")[\"name\"]\n"
			"RuntimeWarning: Enable tracemalloc to get the object allocation traceback"
			"\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 9, in <module>\n"
			"    main()\n"
			"  File \"/home/runner/work/app/app/main.py\", line 6, in main\n"
			"    return read(\"ada\")[\"name\"]\n"
			"           ~~~~~~~~~~~^^^^^^^^\n"
			"TypeError: 'coroutine' object is not subscriptable\n",
		.file = {
			{ "main.py",
			"async def read(name):\n"
			"    return {\"name\": name}\n"
			"\n"
			"\n"
			"def main():\n"
			"    return read(\"ada\")[\"name\"]\n"
			"\n"
			"\n"
			"main()\n", NULL },
		},
		.declines = "not in a coroutine",
	},
	{
		.name = "a name that is also a plain function's",
		.log =
			"/home/runner/work/app/app/main.py:15: RuntimeWarning: coroutine 'Slow.read"
			"' was never awaited\n"
			"  print(store.read()[0])\n"
			"RuntimeWarning: Enable tracemalloc to get the object allocation traceback"
			"\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 18, in <module>\n"
			"    asyncio.run(main(Slow()))\n"
			"  File \"/usr/lib/python3.11/asyncio/runners.py\", line 190, in run\n"
			"    return runner.run(main)\n"
			"           ^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/asyncio/runners.py\", line 118, in run\n"
			"    return self._loop.run_until_complete(task)\n"
			"           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/usr/lib/python3.11/asyncio/base_events.py\", line 653, in run_un"
			"til_complete\n"
			"    return future.result()\n"
			"           ^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 15, in main\n"
			"    print(store.read()[0])\n"
			"          ~~~~~~~~~~~~^^^\n"
			"TypeError: 'coroutine' object is not subscriptable\n",
		.file = {
			{ "main.py",
			"import asyncio\n"
			"\n"
			"\n"
			"class Slow:\n"
			"    async def read(self):\n"
			"        return [1]\n"
			"\n"
			"\n"
			"class Fast:\n"
			"    def read(self):\n"
			"        return [1]\n"
			"\n"
			"\n"
			"async def main(store):\n"
			"    print(store.read()[0])\n"
			"\n"
			"\n"
			"asyncio.run(main(Slow()))\n", NULL },
		},
		.declines = "not clear",
	},
	{0}
};

const struct template template_python_missing_await = {
	.name = "python_missing_await",
	.summary = "TypeError, AttributeError: a coroutine instead of its result -> await",
	.language = "python",
	.class = "async",
	.oracles = "contract (the function is async)",
	.keeps_off = "code outside of coroutines, names that some function has that is no coroutine, "
		     "coroutines that are gathered later",
	.danger = DANGER_1,
	.types = types,
	.pattern = "'coroutine'",
	.fix = fix,
	.examples = examples,
};

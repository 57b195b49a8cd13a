/*
 * AttributeError: asyncio.coroutine is gone. The functions that it decorates become `async def`, and
 * what they wait for is awaited. A generator that also yields values is something else.
 */
#include "templates/lib_python.h"

static bool is_coroutine(const struct syntax *s, TSNode decorator)
{
	struct str name = syntax_text(s, python_child(decorator, 0));

	return str_is(name, "asyncio.coroutine") || str_is(name, "coroutine");
}

/* `yield from x` -> `await x`, in the function's own body; false when it yields in another way. */
static bool await_all(struct edits *edits, const struct syntax *s, TSNode function)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "yield", n);
		size_t start = ts_node_start_byte(one);
		TSNode value = python_child(one, 0);

		if (ts_node_is_null(one))
			return true;
		if (!ts_node_eq(syntax_up(one, "function_definition"), function))
			continue;
		if (ts_node_is_null(value) || !str_starts(syntax_text(s, one), "yield from "))
			return false;
		edit_replace(edits, start, ts_node_start_byte(value), STR("await "));
	}
}

static bool modernise(struct edits *edits, const struct syntax *s, TSNode decorated)
{
	TSNode function = syntax_field(decorated, "definition"), decorator = {{0}, NULL, NULL};
	size_t end;

	for (unsigned i = 0; i < python_child_count(decorated); i++)
		if (syntax_type_is(python_child(decorated, i), "decorator") &&
		    is_coroutine(s, python_child(decorated, i)))
			decorator = python_child(decorated, i);
	if (ts_node_is_null(decorator) || !syntax_type_is(function, "function_definition"))
		return true;
	end = ts_node_end_byte(decorator);
	while (end < s->text.size && strchr(" \t\r\n", s->text.at[end]))
		end++;
	edit_replace(edits, ts_node_start_byte(decorator), end, STR_NONE);
	edit_replace(edits, ts_node_start_byte(function), ts_node_start_byte(function), STR("async "));
	return await_all(edits, s, function);
}

/* An import that nothing needs any more. */
static void drop_import(struct edits *edits, const struct syntax *s)
{
	unsigned uses = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "identifier", n);

		if (ts_node_is_null(one))
			break;
		if (str_is(syntax_text(s, one), "asyncio") &&
		    ts_node_is_null(syntax_up(one, "import_statement|import_from_statement")) &&
		    !(ts_node_is_null(syntax_up(one, "decorator")) ? false :
		      is_coroutine(s, syntax_up(one, "decorator"))))
			uses++;
	}
	for (unsigned i = 0; !uses && i < python_child_count(s->root); i++) {
		TSNode one = python_child(s->root, i), next = python_child(s->root, i + 1);

		if (str_is(syntax_text(s, one), "import asyncio"))
			edit_replace(edits, ts_node_start_byte(one),
				     ts_node_is_null(ts_node_prev_sibling(one)) &&
				     !ts_node_is_null(next) ? ts_node_start_byte(next) :
				     ts_node_end_byte(one) + 1, STR_NONE);
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct site site;
	struct str after;
	const struct syntax *s;
	const struct failure *failure = scene->failure;
	const struct frame *last = failure->frame_count ? &failure->frames[failure->frame_count - 1] :
				   NULL;

	site.path = last ? last->file : failure->file;
	s = site.path && (!last || last->own) && !python_is_test(str_of(site.path)) ?
	    python_open(&python, site.path) : NULL;
	if (!s)
		return template_decline(scene, "it is no own code outside of tests");
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "decorated_definition", n);

		if (ts_node_is_null(one))
			break;
		if (!modernise(&edits, s, one))
			return template_decline(scene, "a decorated function yields values of its own");
	}
	if (!edits.count)
		return template_decline(scene, "nothing in %s is decorated by it", site.path);
	drop_import(&edits, s);
	if (!edits_apply(&edits, s, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "asyncio.coroutine is gone; async def is what "
				     "it stood for"), site.path, after);
}

static const char *const types[] = { "AttributeError", "DeprecationWarning", NULL };

static const struct example examples[] = {
	{
		.name = "one function",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 4, in <module>\n"
			"    @asyncio.coroutine\n"
			"     ^^^^^^^^^^^^^^^^^\n"
			"AttributeError: module 'asyncio' has no attribute 'coroutine'. Did you mea"
			"n: 'coroutines'?\n",
		.file = {
			{ "main.py",
			"import asyncio\n"
			"\n"
			"\n"
			"@asyncio.coroutine\n"
			"def wait(seconds):\n"
			"    yield from asyncio.sleep(seconds)\n"
			"    return (yield from asyncio.sleep(0, \"done\"))\n"
			"\n"
			"\n"
			"print(asyncio.run(wait(0)))\n", 
			"import asyncio\n"
			"\n"
			"\n"
			"async def wait(seconds):\n"
			"    await asyncio.sleep(seconds)\n"
			"    return (await asyncio.sleep(0, \"done\"))\n"
			"\n"
			"\n"
			"print(asyncio.run(wait(0)))\n" },
		},
	},
	{
		.name = "a method, and nothing else of asyncio",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    from sensors import Sensor\n"
			"  File \"/home/runner/work/app/app/sensors.py\", line 4, in <module>\n"
			"    class Sensor:\n"
			"  File \"/home/runner/work/app/app/sensors.py\", line 5, in Sensor\n"
			"    @asyncio.coroutine\n"
			"     ^^^^^^^^^^^^^^^^^\n"
			"AttributeError: module 'asyncio' has no attribute 'coroutine'. Did you mea"
			"n: 'coroutines'?\n",
		.file = {
			{ "main.py",
			"from sensors import Sensor\n"
			"\n"
			"print(Sensor)\n", NULL },
			{ "sensors.py",
			"import asyncio\n"
			"\n"
			"\n"
			"class Sensor:\n"
			"    @asyncio.coroutine\n"
			"    def read(self):\n"
			"        \"\"\"Its value.\"\"\"\n"
			"        return self.value\n", 
			"class Sensor:\n"
			"    async def read(self):\n"
			"        \"\"\"Its value.\"\"\"\n"
			"        return self.value\n" },
		},
	},
	{
		.name = "it yields, too",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 4, in <module>\n"
			"    @asyncio.coroutine\n"
			"     ^^^^^^^^^^^^^^^^^\n"
			"AttributeError: module 'asyncio' has no attribute 'coroutine'. Did you mea"
			"n: 'coroutines'?\n",
		.file = {
			{ "main.py",
			"import asyncio\n"
			"\n"
			"\n"
			"@asyncio.coroutine\n"
			"def steps(seconds):\n"
			"    yield 1\n"
			"    yield from asyncio.sleep(seconds)\n", NULL },
		},
		.declines = "yields values",
	},
	{0}
};

const struct template template_python_async_decorator = {
	.name = "python_async_decorator",
	.summary = "AttributeError: asyncio.coroutine is gone -> async def and await",
	.language = "python",
	.class = "api",
	.oracles = "contract",
	.keeps_off = "functions that also yield values, tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^module 'asyncio' has no attribute 'coroutine'|^\"@coroutine\" decorator is deprecated",
	.fix = fix,
	.examples = examples,
};

/*
 * A step of a chain of calls that gives back None because it forgot `return self`, which the other
 * steps of its class have. Only a method without any result of its own, and only where the next
 * step of the chain is a method of the same class.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

/* The last statement of a function's body. */
static TSNode last_statement(TSNode function)
{
	TSNode body = syntax_field(function, "body");
	unsigned count = python_child_count(body);

	return python_child(body, count ? count - 1 : 0);
}

static bool returns_self(const struct syntax *s, TSNode function)
{
	TSNode last = last_statement(function);

	return syntax_type_is(last, "return_statement") &&
	       str_is(syntax_text(s, python_child(last, 0)), "self");
}

static unsigned siblings(const struct syntax *s, TSNode class)
{
	TSNode body = syntax_field(class, "body");
	unsigned count = 0;

	for (unsigned i = 0; i < python_child_count(body); i++)
		count += syntax_type_is(python_child(body, i), "function_definition") &&
			 returns_self(s, python_child(body, i));
	return count;
}

struct chain {
	struct python *python;
	struct str step, next;		/* x.step(...).next */
	struct definition class;	/* the one that has both */
};

/* The one class of the code whose methods are both names. */
static bool find_class(struct chain *c)
{
	const struct tree *tree = c->python->scene->tree;
	struct arena *a = c->python->scene->arena;
	unsigned count = 0;

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		const struct syntax *s;
		struct nodes all;
		struct str text;

		if (!str_ends(str_of(path), ".py") || python_is_test(str_of(path)) ||
		    !scene_read(c->python->scene, path, &text) || str_find(text, c->step) < 0)
			continue;
		s = python_open(c->python, path);
		all = s ? python_nodes(a, s->root, "class_definition") : (struct nodes){0};
		for (size_t k = 0; k < all.count; k++) {
			if (ts_node_is_null(python_method(s, all.list[k], c->step)) ||
			    ts_node_is_null(python_method(s, all.list[k], c->next)))
				continue;
			c->class = (struct definition){ c->step, path, s, all.list[k], 1 };
			count++;
		}
	}
	return count == 1;
}

/* The call whose None is asked for `next` on the line: the object of the only such attribute. */
static bool find_chain(const struct site *at, struct arena *a, struct chain *c)
{
	struct nodes all = python_nodes(a, at->statement, "attribute");
	unsigned count = 0;

	for (size_t i = 0; i < all.count; i++) {
		TSNode object = syntax_field(all.list[i], "object");

		if (!str_equal(syntax_text(at->syntax, syntax_field(all.list[i], "attribute")), c->next))
			continue;
		count++;
		if (syntax_type_is(object, "identifier"))
			object = python_value_of(at->syntax, at->function, syntax_text(at->syntax, object),
						 ts_node_start_byte(at->statement));
		object = python_bare(object);
		if (syntax_type_is(object, "call") &&
		    syntax_type_is(syntax_field(object, "function"), "attribute"))
			c->step = python_callee(at->syntax, object);
	}
	return count == 1 && c->step.size;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct chain c = { .python = &python, .next = scene_group(scene, "attribute") };
	struct edits edits = { .arena = scene->arena };
	struct site at;
	TSNode method, last;
	unsigned count;

	if (!python_last_own(&python, &at) || !find_chain(&at, scene->arena, &c))
		return template_decline(scene, "the None is no step of a chain of calls");
	if (!find_class(&c))
		return template_decline(scene, "no class, or several, have both steps of the chain");
	count = siblings(c.class.s, c.class.function);
	method = python_method(c.class.s, c.class.function, c.step);
	last = last_statement(method);
	if (count < 2)
		return template_decline(scene, "no oracle: fewer than two methods of the class return self");
	if (python_contains(method, "return_statement|yield|raise_statement") ||
	    !python_begins_line(c.class.s, last) || ts_node_is_null(python_parameter(c.class.s, method, STR("self"))))
		return template_decline(scene, "%.*s has ends of its own", STR_ARG(c.step));
	edit_replace(&edits, ts_node_end_byte(last), ts_node_end_byte(last),
		     str_of(arena_printf(scene->arena, "%s%.*sreturn self", python_newline(c.class.s),
					 STR_ARG(syntax_indent(c.class.s, last)))));
	python_put(&python, c.class.path, c.class.s, &edits, ORACLE_SIBLING,
		   arena_printf(scene->arena, "%.*s is a step of a chain and forgets `return self`, which %u "
				"other methods of its class have", STR_ARG(c.step), count));
}

static const char *const types[] = { "AttributeError", NULL };

static const struct example examples[] = {
	{
		.name = "one step of three does not return self",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_where ___________________\n"
			"test_query.py:5: in test_where\n"
			"    query = Query().table(\"users\").where(\"age > 1\").limit(2)\n"
			"E   AttributeError: 'NoneType' object has no attribute 'limit'\n"
			"============ short test summary info =============\n"
			"FAILED test_query.py::test_where - AttributeErr...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "query.py",
			  "class Query:\n"
			  "    def __init__(self):\n"
			  "        self.words = []\n"
			  "\n"
			  "    def table(self, name):\n"
			  "        self.words.append(\"FROM \" + name)\n"
			  "        return self\n"
			  "\n"
			  "    def where(self, text):\n"
			  "        if text:\n"
			  "            self.words.append(\"WHERE \" + text)\n"
			  "\n"
			  "    def limit(self, count):\n"
			  "        self.words.append(\"LIMIT %d\" % count)\n"
			  "        return self\n",
			  "class Query:\n"
			  "    def __init__(self):\n"
			  "        self.words = []\n"
			  "\n"
			  "    def table(self, name):\n"
			  "        self.words.append(\"FROM \" + name)\n"
			  "        return self\n"
			  "\n"
			  "    def where(self, text):\n"
			  "        if text:\n"
			  "            self.words.append(\"WHERE \" + text)\n"
			  "        return self\n"
			  "\n"
			  "    def limit(self, count):\n"
			  "        self.words.append(\"LIMIT %d\" % count)\n"
			  "        return self\n" },
			{ "test_query.py",
			  "from query import Query\n"
			  "\n"
			  "\n"
			  "def test_where():\n"
			  "    query = Query().table(\"users\").where(\"age > 1\").limit(2)\n"
			  "    assert query.words[-1] == \"LIMIT 2\"\n", NULL },
		},
	},
	{
		.name = "no other method of the class is a step",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_where ___________________\n"
			"test_query.py:6: in test_where\n"
			"    query.where(\"age > 1\").limit(2)\n"
			"E   AttributeError: 'NoneType' object has no attribute 'limit'\n"
			"============ short test summary info =============\n"
			"FAILED test_query.py::test_where - AttributeErr...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "query.py",
			  "class Query:\n"
			  "    def __init__(self):\n"
			  "        self.words = []\n"
			  "\n"
			  "    def where(self, text):\n"
			  "        self.words.append(\"WHERE \" + text)\n"
			  "\n"
			  "    def limit(self, count):\n"
			  "        self.words.append(\"LIMIT %d\" % count)\n", NULL },
			{ "test_query.py",
			  "from query import Query\n"
			  "\n"
			  "\n"
			  "def test_where():\n"
			  "    query = Query()\n"
			  "    query.where(\"age > 1\").limit(2)\n"
			  "    assert query.words == []\n", NULL },
		},
		.declines = "fewer than two",
	},
	{
		.name = "the step gives back something of its own",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_first ___________________\n"
			"test_query.py:5: in test_first\n"
			"    assert Query([]).first().take(1).rows == [1]\n"
			"E   AttributeError: 'NoneType' object has no attribute 'take'\n"
			"============ short test summary info =============\n"
			"FAILED test_query.py::test_first - AttributeErr...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "query.py",
			  "class Query:\n"
			  "    def __init__(self, rows):\n"
			  "        self.rows = rows\n"
			  "\n"
			  "    def take(self, row):\n"
			  "        self.rows.append(row)\n"
			  "        return self\n"
			  "\n"
			  "    def drop(self, row):\n"
			  "        self.rows.remove(row)\n"
			  "        return self\n"
			  "\n"
			  "    def first(self):\n"
			  "        for row in self.rows:\n"
			  "            return row\n", NULL },
			{ "test_query.py",
			  "from query import Query\n"
			  "\n"
			  "\n"
			  "def test_first():\n"
			  "    assert Query([]).first().take(1).rows == [1]\n", NULL },
		},
		.declines = "ends of its own",
	},
	{0}
};

const struct template template_python_forgotten_self = {
	.name = "python_forgotten_self",
	.summary = "AttributeError of None in a chain of calls -> the missing return self",
	.language = "python",
	.class = "missing return",
	.oracles = "sibling",
	.keeps_off = "a method with a result of its own; fewer than two siblings that return self; the class is not clear",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^.NoneType. object has no attribute .(?<attribute>\\w+).$",
	.fix = fix,
	.examples = examples,
};

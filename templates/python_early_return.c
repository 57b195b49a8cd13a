/*
 * AttributeError: an object lacks what its __init__ sets from a parameter, because an early `return`
 * comes before it. The object is the same kind of thing, so it is set on that way, too. Only a value
 * that the parameter has unchanged at both places, and only one early way out.
 */
#include "templates/lib_definitions.h"
#include "templates/lib_guard.h"

/* The only `self.name = name` of the function; null when there are several, or the value is another. */
static TSNode find_setting(const struct syntax *s, TSNode function, struct str name)
{
	TSNode found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "assignment", n), left = syntax_field(one, "left");

		if (ts_node_is_null(one))
			return found;
		if (!syntax_type_is(left, "attribute") ||
		    !str_is(syntax_text(s, syntax_field(left, "object")), "self") ||
		    !str_equal(syntax_text(s, syntax_field(left, "attribute")), name))
			continue;
		if (!ts_node_is_null(found) ||
		    ts_node_is_null(python_parameter(s, function, syntax_text(s, syntax_field(one, "right")))))
			return none;
		found = one;
	}
}

/* The only bare return before the setting; null when there is none or several. */
static TSNode find_way_out(TSNode function, TSNode setting)
{
	TSNode found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "return_statement", n);

		if (ts_node_is_null(one) || ts_node_start_byte(one) > ts_node_start_byte(setting))
			return found;
		if (!ts_node_eq(syntax_up(one, "function_definition"), function) ||
		    python_child_count(one) || !ts_node_is_null(found))
			return none;
		found = one;
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct str name = scene_group(scene, "name"), class_name = scene_group(scene, "class");
	struct edits edits = { .arena = scene->arena };
	struct definition class;
	TSNode function, setting, way_out;
	struct str value;
	struct site crash;
	bool sets_others;

	if (!definition_of_class(&python, class_name, &class))
		return template_decline(scene, "%.*s is not defined here once", STR_ARG(class_name));
	function = definition_method(class.syntax, class.node, STR("__init__"));
	setting = find_setting(class.syntax, function, name);
	if (ts_node_is_null(function) || ts_node_is_null(setting))
		return template_decline(scene, "__init__ does not set %.*s once, from a parameter",
					STR_ARG(name));
	way_out = find_way_out(function, setting);
	if (ts_node_is_null(way_out) || !python_begins_line(class.syntax, way_out))
		return template_decline(scene, "there is not one way out of __init__ before %.*s is set",
					STR_ARG(name));
	value = syntax_text(class.syntax, syntax_field(setting, "right"));
	if (python_assigned(class.syntax, function, value, 0, ts_node_start_byte(setting)))
		return template_decline(scene, "%.*s is another value there", STR_ARG(value));
	sets_others = str_has(syntax_text(class.syntax, ts_node_parent(way_out)), "self.");
	if (!sets_others)
		return template_decline(scene, "no oracle: nothing is set on that way");
	if (!python_site(&python, class.path, syntax_line(way_out), &crash))
		return template_decline(scene, "there is no statement at that line");
	guard_insert(&edits, class.syntax, way_out,
		     str_of(arena_printf(scene->arena, "self.%.*s = %.*s%s", STR_ARG(name), STR_ARG(value),
					 python_newline(class.syntax))));
	edits_propose(&python, &crash, &edits, ORACLE_CONTRACT,
		      arena_printf(scene->arena, "%.*s is set by __init__, but not on the way that returns "
				   "early", STR_ARG(name)));
}

static const char *const types[] = { "AttributeError", NULL };

static const struct example examples[] = {
	{
		.name = "a bar that is switched off has a total, too",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_bar.py:6: in test_it\n"
			"    assert len(Bar([1, 2], disable=True)) == 2\n"
			"bar.py:11: in __len__\n"
			"    return self.total if self.total is not None else len(self.items)\n"
			"E   AttributeError: 'Bar' object has no attribute 'total'\n"
			"========== short test summary info ==========\n"
			"FAILED test_bar.py::test_it - AttributeError: 'Bar' object has no att"
			"ribute '...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "bar.py",
			  "class Bar:\n"
			  "    def __init__(self, items, total=None, disable=False):\n"
			  "        self.items = items\n"
			  "        if disable:\n"
			  "            self.disable = disable\n"
			  "            return\n"
			  "        self.disable = False\n"
			  "        self.total = total\n"
			  "\n"
			  "    def __len__(self):\n"
			  "        return self.total if self.total is not None else len(self.i"
			  "tems)\n",
			  "class Bar:\n"
			  "    def __init__(self, items, total=None, disable=False):\n"
			  "        self.items = items\n"
			  "        if disable:\n"
			  "            self.disable = disable\n"
			  "            self.total = total\n"
			  "            return\n"
			  "        self.disable = False\n"
			  "        self.total = total\n"
			  "\n"
			  "    def __len__(self):\n"
			  "        return self.total if self.total is not None else len(self.i"
			  "tems)\n" },
			{ "test_bar.py",
			  "from bar import Bar\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert len(Bar([1, 2], 9)) == 9\n"
			  "    assert len(Bar([1, 2], disable=True)) == 2\n",
			  NULL },
		},
	},
	{
		.name = "it is computed, not given",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_bar.py:5: in test_it\n"
			"    assert len(Bar([1, 2], disable=True)) == 2\n"
			"bar.py:11: in __len__\n"
			"    return self.total if self.total is not None else len(self.items)\n"
			"E   AttributeError: 'Bar' object has no attribute 'total'\n"
			"========== short test summary info ==========\n"
			"FAILED test_bar.py::test_it - AttributeError: 'Bar' object has no att"
			"ribute '...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "bar.py",
			  "class Bar:\n"
			  "    def __init__(self, items, total=None, disable=False):\n"
			  "        self.items = items\n"
			  "        if disable:\n"
			  "            self.disable = disable\n"
			  "            return\n"
			  "        self.disable = False\n"
			  "        self.total = total or len(items)\n"
			  "\n"
			  "    def __len__(self):\n"
			  "        return self.total if self.total is not None else len(self.i"
			  "tems)\n",
			  NULL },
			{ "test_bar.py",
			  "from bar import Bar\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert len(Bar([1, 2], disable=True)) == 2\n",
			  NULL },
		},
		.declines = "from a parameter",
	},
	{
		.name = "the parameter is filled in between",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_bar.py:5: in test_it\n"
			"    assert len(Bar([1, 2], disable=True)) == 2\n"
			"bar.py:13: in __len__\n"
			"    return self.total if self.total is not None else len(self.items)\n"
			"E   AttributeError: 'Bar' object has no attribute 'total'\n"
			"========== short test summary info ==========\n"
			"FAILED test_bar.py::test_it - AttributeError: 'Bar' object has no att"
			"ribute '...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "bar.py",
			  "class Bar:\n"
			  "    def __init__(self, items, total=None, disable=False):\n"
			  "        self.items = items\n"
			  "        if disable:\n"
			  "            self.disable = disable\n"
			  "            return\n"
			  "        self.disable = False\n"
			  "        if total is None:\n"
			  "            total = len(items)\n"
			  "        self.total = total\n"
			  "\n"
			  "    def __len__(self):\n"
			  "        return self.total if self.total is not None else len(self.i"
			  "tems)\n",
			  NULL },
			{ "test_bar.py",
			  "from bar import Bar\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert len(Bar([1, 2], disable=True)) == 2\n",
			  NULL },
		},
		.declines = "another value",
	},
	{
		.name = "two ways out",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_bar.py:5: in test_it\n"
			"    assert len(Bar([1, 2], disable=True)) == 2\n"
			"bar.py:13: in __len__\n"
			"    return self.total if self.total is not None else len(self.items)\n"
			"E   AttributeError: 'Bar' object has no attribute 'total'\n"
			"========== short test summary info ==========\n"
			"FAILED test_bar.py::test_it - AttributeError: 'Bar' object has no att"
			"ribute '...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "bar.py",
			  "class Bar:\n"
			  "    def __init__(self, items, total=None, disable=False):\n"
			  "        self.items = items\n"
			  "        if not items:\n"
			  "            return\n"
			  "        if disable:\n"
			  "            self.disable = disable\n"
			  "            return\n"
			  "        self.disable = False\n"
			  "        self.total = total\n"
			  "\n"
			  "    def __len__(self):\n"
			  "        return self.total if self.total is not None else len(self.i"
			  "tems)\n",
			  NULL },
			{ "test_bar.py",
			  "from bar import Bar\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert len(Bar([1, 2], disable=True)) == 2\n",
			  NULL },
		},
		.declines = "one way out",
	},
	{0}
};

const struct template template_python_early_return = {
	.name = "python_early_return",
	.summary = "AttributeError: __init__ returns before it sets an attribute -> set on that way, too",
	.language = "python",
	.class = "missing value",
	.oracles = "contract",
	.keeps_off = "attributes that are no plain, unchanged parameter, several ways out, ways that set nothing",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^'(?<class>\\w+)' object has no attribute '(?<name>\\w+)'",
	.fix = fix,
	.examples = examples,
};

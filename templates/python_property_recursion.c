/*
 * RecursionError: a property asks for itself. Its value is in the attribute of the same name with
 * an underscore, which the class sets elsewhere. Where nothing sets it, the value is not known.
 */
#include "templates/lib_definitions.h"

/* Rewrites self.NAME in the function; how many there are. */
static unsigned rewrite(struct edits *edits, const struct syntax *s, TSNode function, struct str name,
			struct str field)
{
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "attribute", n);

		if (ts_node_is_null(one))
			return count;
		if (!str_is(syntax_text(s, syntax_field(one, "object")), "self") ||
		    !str_equal(syntax_text(s, syntax_field(one, "attribute")), name))
			continue;
		edit_node(edits, syntax_field(one, "attribute"), field);
		count++;
	}
}

/* Does another method of the class set self.FIELD, or another property of it give the field? */
static bool is_field(const struct syntax *s, TSNode class_node, TSNode function, struct str field)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(class_node, "attribute", n), outer;

		if (ts_node_is_null(one))
			return false;
		outer = syntax_up(one, "function_definition");
		if (str_is(syntax_text(s, syntax_field(one, "object")), "self") &&
		    str_equal(syntax_text(s, syntax_field(one, "attribute")), field) &&
		    (ts_node_is_null(outer) || !ts_node_eq(outer, function)))
			return true;
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct site site;
	struct str name, field, after;
	const struct syntax *s;
	TSNode owner;

	if (!python_crash(&python, &site))
		return;
	s = site.syntax;
	owner = syntax_up(site.function, "class_definition");
	if (ts_node_is_null(site.function) || ts_node_is_null(owner) ||
	    !definition_has_decorator(s, site.function, "property|cached_property|setter"))
		return template_decline(scene, "%s:%u is not in a property", site.path, site.line);
	name = python_name(s, site.function);
	field = str_of(arena_printf(scene->arena, "_%.*s", STR_ARG(name)));
	if (!is_field(s, owner, site.function, field))
		return template_decline(scene, "nothing else in the class speaks of self.%.*s",
					STR_ARG(field));
	if (!rewrite(&edits, s, site.function, name, field))
		return template_decline(scene, "the property does not ask for itself by name");
	if (!edits_apply(&edits, s, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "the property %.*s asks for itself; its "
				     "value is in self.%.*s", STR_ARG(name), STR_ARG(field)), site.path,
		      after);
}

static const char *const types[] = { "RecursionError", NULL };

static const struct example examples[] = {
	{
		.name = "the getter, while the setter fills the field",
		.log =
			"F                                                                        ["
			"100%]\n"
			"=================================== FAILURES ============================="
			"======\n"
			"__________________________________ test_heat _____________________________"
			"______\n"
			"\n"
			"    def test_heat():\n"
			">       assert Oven().heat == 20\n"
			"\n"
			"test_oven.py:5: \n"
			"_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ "
			"_ _ _ \n"
			"oven.py:7: in heat\n"
			"    return self.heat\n"
			"oven.py:7: in heat\n"
			"    return self.heat\n"
			"E   RecursionError: maximum recursion depth exceeded\n"
			"!!! Recursion detected (same locals & position)\n"
			"=========================== short test summary info ======================"
			"======\n"
			"FAILED test_oven.py::test_heat - RecursionError: maximum recursion depth e"
			"xce...\n"
			"1 failed in 0.07s\n",
		.file = {
			{ "oven.py",
			"class Oven:\n"
			"    def __init__(self):\n"
			"        self._heat = 20\n"
			"\n"
			"    @property\n"
			"    def heat(self):\n"
			"        return self.heat\n", 
			"class Oven:\n"
			"    def __init__(self):\n"
			"        self._heat = 20\n"
			"\n"
			"    @property\n"
			"    def heat(self):\n"
			"        return self._heat\n" },
			{ "test_oven.py",
			"from oven import Oven\n"
			"\n"
			"\n"
			"def test_heat():\n"
			"    assert Oven().heat == 20\n", NULL },
		},
	},
	{
		.name = "the setter",
		.log =
			"======================================================================\n"
			"ERROR: test_heat (test_oven.Heat.test_heat)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_oven.py\", line 7, in test_heat\n"
			"    self.assertEqual(Oven(20).heat, 20)\n"
			"                     ^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/oven.py\", line 3, in __init__\n"
			"    self.heat = heat\n"
			"    ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/oven.py\", line 11, in heat\n"
			"    self.heat = min(value, 300)\n"
			"    ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/oven.py\", line 11, in heat\n"
			"    self.heat = min(value, 300)\n"
			"    ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/oven.py\", line 11, in heat\n"
			"    self.heat = min(value, 300)\n"
			"    ^^^^^^^^^\n"
			"  [Previous line repeated 972 more times]\n"
			"RecursionError: maximum recursion depth exceeded in comparison\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.052s\n"
			"\n"
			"FAILED (errors=1)\n",
		.file = {
			{ "oven.py",
			"class Oven:\n"
			"    def __init__(self, heat):\n"
			"        self.heat = heat\n"
			"\n"
			"    @property\n"
			"    def heat(self):\n"
			"        return self._heat\n"
			"\n"
			"    @heat.setter\n"
			"    def heat(self, value):\n"
			"        self.heat = min(value, 300)\n", 
			"class Oven:\n"
			"    def __init__(self, heat):\n"
			"        self.heat = heat\n"
			"\n"
			"    @property\n"
			"    def heat(self):\n"
			"        return self._heat\n"
			"\n"
			"    @heat.setter\n"
			"    def heat(self, value):\n"
			"        self._heat = min(value, 300)\n" },
			{ "test_oven.py",
			"import unittest\n"
			"from oven import Oven\n"
			"\n"
			"\n"
			"class Heat(unittest.TestCase):\n"
			"    def test_heat(self):\n"
			"        self.assertEqual(Oven(20).heat, 20)\n", NULL },
		},
	},
	{
		.name = "nothing sets a field",
		.log =
			"======================================================================\n"
			"ERROR: test_heat (test_oven.Heat.test_heat)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_oven.py\", line 7, in test_heat\n"
			"    self.assertEqual(Oven().heat, 20)\n"
			"                     ^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/oven.py\", line 4, in heat\n"
			"    return self.heat\n"
			"           ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/oven.py\", line 4, in heat\n"
			"    return self.heat\n"
			"           ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/oven.py\", line 4, in heat\n"
			"    return self.heat\n"
			"           ^^^^^^^^^\n"
			"  [Previous line repeated 975 more times]\n"
			"RecursionError: maximum recursion depth exceeded\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.033s\n"
			"\n"
			"FAILED (errors=1)\n",
		.file = {
			{ "oven.py",
			"class Oven:\n"
			"    @property\n"
			"    def heat(self):\n"
			"        return self.heat\n", NULL },
			{ "test_oven.py",
			"import unittest\n"
			"from oven import Oven\n"
			"\n"
			"\n"
			"class Heat(unittest.TestCase):\n"
			"    def test_heat(self):\n"
			"        self.assertEqual(Oven().heat, 20)\n", NULL },
		},
		.declines = "nothing else",
	},
	{
		.name = "no property",
		.log =
			"======================================================================\n"
			"ERROR: test_fact (test_fact.Fact.test_fact)\n"
			"----------------------------------------------------------------------\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_fact.py\", line 7, in test_fact\n"
			"    self.assertEqual(fact(3), 6)\n"
			"                     ^^^^^^^\n"
			"  File \"/home/runner/work/app/app/fact.py\", line 2, in fact\n"
			"    return n * fact(n - 1)\n"
			"               ^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/fact.py\", line 2, in fact\n"
			"    return n * fact(n - 1)\n"
			"               ^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/fact.py\", line 2, in fact\n"
			"    return n * fact(n - 1)\n"
			"               ^^^^^^^^^^^\n"
			"  [Previous line repeated 975 more times]\n"
			"RecursionError: maximum recursion depth exceeded\n"
			"\n"
			"----------------------------------------------------------------------\n"
			"Ran 1 test in 0.047s\n"
			"\n"
			"FAILED (errors=1)\n",
		.file = {
			{ "fact.py",
			"def fact(n):\n"
			"    return n * fact(n - 1)\n", NULL },
			{ "test_fact.py",
			"import unittest\n"
			"from fact import fact\n"
			"\n"
			"\n"
			"class Fact(unittest.TestCase):\n"
			"    def test_fact(self):\n"
			"        self.assertEqual(fact(3), 6)\n", NULL },
		},
		.declines = "not in a property",
	},
	{0}
};

const struct template template_python_property_recursion = {
	.name = "python_property_recursion",
	.summary = "RecursionError: a property asks for itself -> the field that the class sets",
	.language = "python",
	.class = "recursion",
	.oracles = "contract (the class's own field)",
	.keeps_off = "functions that are no property, classes without such a field",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

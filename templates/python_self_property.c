/*
 * A property that asks or sets itself without end: `return self.x` inside of x. The attribute
 * behind it is the one that the other half of the property, or __init__, uses. Leaves recursion of
 * other kinds alone.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct behind {
	const struct syntax *s;
	TSNode function, class;
	struct str property, attribute;
	bool several;
};

/* self._x, self.__x or self.x_ for a property x. */
static bool is_behind(struct arena *a, struct str property, struct str attribute)
{
	static const char *const forms[] = { "_%.*s", "__%.*s", "%.*s_", "m_%.*s" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct str form = str_of(forms[i]), before, after;

		if (str_split(form, "%.*s", &before, &after) &&
		    str_equal(attribute, str_of(arena_printf(a, "%.*s%.*s%.*s", STR_ARG(before),
							     STR_ARG(property), STR_ARG(after)))))
			return true;
	}
	return false;
}

static bool is_of_self(const struct syntax *s, TSNode attribute)
{
	return str_is(syntax_text(s, syntax_field(attribute, "object")), "self");
}

/* The attributes behind the property that the rest of its class knows. */
static void look_for_attribute(struct arena *a, struct behind *b)
{
	struct nodes all = python_nodes(a, b->class, "attribute");

	for (size_t i = 0; i < all.count; i++) {
		struct str name = syntax_text(b->s, syntax_field(all.list[i], "attribute"));

		if (!is_of_self(b->s, all.list[i]) || !is_behind(a, b->property, name))
			continue;
		if (b->attribute.size && !str_equal(b->attribute, name))
			b->several = true;
		b->attribute = name;
	}
}

/* The one place on the crashing line where the property means itself. */
static TSNode itself(struct arena *a, const struct site *crash, struct str property, bool setter)
{
	struct nodes all = python_nodes(a, crash->statement, "attribute");
	TSNode found = {{0}, NULL, NULL}, none = found;
	unsigned count = 0;

	for (size_t i = 0; i < all.count; i++) {
		TSNode parent = ts_node_parent(all.list[i]);
		bool written = syntax_type_is(parent, "assignment") &&
			       ts_node_eq(syntax_field(parent, "left"), all.list[i]);

		if (!is_of_self(crash->syntax, all.list[i]) || written != setter ||
		    !str_equal(syntax_text(crash->syntax, syntax_field(all.list[i], "attribute")), property))
			continue;
		found = syntax_field(all.list[i], "attribute");
		count++;
	}
	return count == 1 ? found : none;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct arena *a = scene->arena;
	struct behind b = {0};
	struct site crash;
	bool setter;
	TSNode place;

	if (!python_crash(&python, &crash))
		return;
	b.s = crash.syntax, b.function = crash.function;
	b.property = python_name(b.s, b.function);
	b.class = syntax_up(b.function, "class_definition");
	setter = python_decorated(b.s, b.function,
				  str_of(arena_printf(a, "%.*s.setter", STR_ARG(b.property))));
	if (ts_node_is_null(b.class) || (!setter && !python_decorated(b.s, b.function, STR("property")) &&
					 !python_decorated(b.s, b.function, STR("cached_property"))))
		return template_decline(scene, "what calls itself is no property");
	place = itself(a, &crash, b.property, setter);
	if (ts_node_is_null(place))
		return template_decline(scene, "the property does not mean itself on this line");
	look_for_attribute(a, &b);
	if (!b.attribute.size || b.several)
		return template_decline(scene, "no oracle: the class does not show which attribute is behind "
					"%.*s", STR_ARG(b.property));
	edit_node(&edits, place, b.attribute);
	edits_propose(&python, &crash, &edits, ORACLE_SIBLING,
		      arena_printf(a, "%.*s calls itself without end; the class keeps its value in %.*s",
				   STR_ARG(b.property), STR_ARG(b.attribute)));
}

static const char *const types[] = { "RecursionError", NULL };

static const struct example examples[] = {
	{
		.name = "the getter asks itself",
		.log =
			"======================================================================"
			"\nERROR: test_name (test_room.Test.test_name)\n"
			"----------------------------------------------------------------------"
			"\nTraceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_room.py\", line 8, in test_nam"
			"e\n    self.assertEqual(Room(\"hall\").name, \"hall\")\n"
			"                     ^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/room.py\", line 7, in name\n"
			"    return self.name\n           ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/room.py\", line 7, in name\n"
			"    return self.name\n           ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/room.py\", line 7, in name\n"
			"    return self.name\n           ^^^^^^^^^\n"
			"  [Previous line repeated 975 more times]\n"
			"RecursionError: maximum recursion depth exceeded\n\n"
			"----------------------------------------------------------------------"
			"\nRan 1 test in 0.019s\n\nFAILED (errors=1)\n",
		.file = {
			{ "room.py",
			  "class Room:\n"
			  "    def __init__(self, name):\n"
			  "        self._name = name\n"
			  "\n"
			  "    @property\n"
			  "    def name(self):\n"
			  "        return self.name\n",
			  "class Room:\n"
			  "    def __init__(self, name):\n"
			  "        self._name = name\n"
			  "\n"
			  "    @property\n"
			  "    def name(self):\n"
			  "        return self._name\n" },
			{ "test_room.py",
			  "import unittest\n"
			  "\n"
			  "from room import Room\n"
			  "\n"
			  "\n"
			  "class Test(unittest.TestCase):\n"
			  "    def test_name(self):\n"
			  "        self.assertEqual(Room(\"hall\").name, \"hall\")\n", NULL },
		},
	},
	{
		.name = "the setter sets itself",
		.log =
			"======================================================================"
			"\nERROR: test_seats (test_room.Test.test_seats)\n"
			"----------------------------------------------------------------------"
			"\nTraceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_room.py\", line 9, in test_sea"
			"ts\n    room.seats = 3\n    ^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/room.py\", line 10, in seats\n"
			"    self.seats = count\n    ^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/room.py\", line 10, in seats\n"
			"    self.seats = count\n    ^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/room.py\", line 10, in seats\n"
			"    self.seats = count\n    ^^^^^^^^^^\n"
			"  [Previous line repeated 975 more times]\n"
			"RecursionError: maximum recursion depth exceeded\n\n"
			"----------------------------------------------------------------------"
			"\nRan 1 test in 0.030s\n\nFAILED (errors=1)\n",
		.file = {
			{ "room.py",
			  "class Room:\n"
			  "    @property\n"
			  "    def seats(self):\n"
			  "        return self._seats\n"
			  "\n"
			  "    @seats.setter\n"
			  "    def seats(self, count):\n"
			  "        if count < 0:\n"
			  "            raise ValueError(count)\n"
			  "        self.seats = count\n",
			  "class Room:\n"
			  "    @property\n"
			  "    def seats(self):\n"
			  "        return self._seats\n"
			  "\n"
			  "    @seats.setter\n"
			  "    def seats(self, count):\n"
			  "        if count < 0:\n"
			  "            raise ValueError(count)\n"
			  "        self._seats = count\n" },
			{ "test_room.py",
			  "import unittest\n"
			  "\n"
			  "from room import Room\n"
			  "\n"
			  "\n"
			  "class Test(unittest.TestCase):\n"
			  "    def test_seats(self):\n"
			  "        room = Room()\n"
			  "        room.seats = 3\n"
			  "        self.assertEqual(room.seats, 3)\n", NULL },
		},
	},
	{
		.name = "nothing shows the attribute behind it",
		.log =
			"======================================================================"
			"\nERROR: test_name (test_room.Test.test_name)\n"
			"----------------------------------------------------------------------"
			"\nTraceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_room.py\", line 8, in test_nam"
			"e\n    self.assertEqual(Room(\"hall\").name, \"hall\")\n"
			"                     ^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/room.py\", line 7, in name\n"
			"    return self.name\n           ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/room.py\", line 7, in name\n"
			"    return self.name\n           ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/room.py\", line 7, in name\n"
			"    return self.name\n           ^^^^^^^^^\n"
			"  [Previous line repeated 975 more times]\n"
			"RecursionError: maximum recursion depth exceeded\n\n"
			"----------------------------------------------------------------------"
			"\nRan 1 test in 0.020s\n\nFAILED (errors=1)\n",
		.file = {
			{ "room.py",
			  "class Room:\n"
			  "    def __init__(self, label):\n"
			  "        self.label = label\n"
			  "\n"
			  "    @property\n"
			  "    def name(self):\n"
			  "        return self.name\n", NULL },
			{ "test_room.py",
			  "import unittest\n"
			  "\n"
			  "from room import Room\n"
			  "\n"
			  "\n"
			  "class Test(unittest.TestCase):\n"
			  "    def test_name(self):\n"
			  "        self.assertEqual(Room(\"hall\").name, \"hall\")\n", NULL },
		},
		.declines = "does not show",
	},
	{
		.name = "a function that calls itself",
		.log =
			"======================================================================"
			"\nERROR: test_steps (test_steps.Test.test_steps)\n"
			"----------------------------------------------------------------------"
			"\nTraceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/test_steps.py\", line 8, in test_st"
			"eps\n    self.assertEqual(steps(3), 3)\n"
			"                     ^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/steps.py\", line 2, in steps\n"
			"    return 1 + steps(n - 1)\n               ^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/steps.py\", line 2, in steps\n"
			"    return 1 + steps(n - 1)\n               ^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/steps.py\", line 2, in steps\n"
			"    return 1 + steps(n - 1)\n               ^^^^^^^^^^^^\n"
			"  [Previous line repeated 975 more times]\n"
			"RecursionError: maximum recursion depth exceeded\n\n"
			"----------------------------------------------------------------------"
			"\nRan 1 test in 0.045s\n\nFAILED (errors=1)\n",
		.file = {
			{ "steps.py",
			  "def steps(n):\n"
			  "    return 1 + steps(n - 1)\n", NULL },
			{ "test_steps.py",
			  "import unittest\n"
			  "\n"
			  "from steps import steps\n"
			  "\n"
			  "\n"
			  "class Test(unittest.TestCase):\n"
			  "    def test_steps(self):\n"
			  "        self.assertEqual(steps(3), 3)\n", NULL },
		},
		.declines = "no property",
	},
	{0}
};

const struct template template_python_self_property = {
	.name = "python_self_property",
	.summary = "RecursionError of a property that asks or sets itself -> the attribute behind it",
	.language = "python",
	.class = "recursion",
	.oracles = "sibling",
	.keeps_off = "the class does not show the attribute, or shows several; recursion of another kind",
	.danger = DANGER_1,
	.types = types,
	.pattern = NULL,
	.fix = fix,
	.examples = examples,
};

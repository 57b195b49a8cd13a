/*
 * A subclass whose __init__ does not call its parent's, so that an attribute is missing that the
 * parent sets. The call is made as the other subclasses make it, with the parameters of the same
 * names; lines that do the same as the parent's go. Only where every parameter of the parent has
 * one of the same name.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct family {
	struct definition child, parent;
	TSNode init, parent_init;
	struct str arguments;
	unsigned siblings;
};

/* Does the function call super().__init__ or PARENT.__init__? */
static bool calls_parent(struct arena *a, const struct syntax *s, TSNode function)
{
	struct nodes all = python_nodes(a, function, "call");

	for (size_t i = 0; i < all.count; i++)
		if (str_is(python_callee(s, all.list[i]), "__init__"))
			return true;
	return false;
}

static bool sets_attribute(struct arena *a, const struct syntax *s, TSNode function, struct str name)
{
	struct nodes all = python_nodes(a, function, "assignment");

	for (size_t i = 0; i < all.count; i++) {
		TSNode left = syntax_field(all.list[i], "left");

		if (syntax_type_is(left, "attribute") &&
		    str_is(syntax_text(s, syntax_field(left, "object")), "self") &&
		    str_equal(syntax_text(s, syntax_field(left, "attribute")), name))
			return true;
	}
	return false;
}

/* The only base class when it is a plain name. */
static struct str base_of(const struct syntax *s, TSNode class)
{
	TSNode list = syntax_field(class, "superclasses"), one = python_child(list, 0);
	struct str text = syntax_text(s, one), last;

	if (python_child_count(list) != 1 || !syntax_type_is(one, "identifier|attribute"))
		return STR_NONE;
	return str_split_last(text, ".", NULL, &last) ? last : text;
}

/* The other subclasses of the parent that have an __init__: all of them call the parent's. */
static bool siblings_call(struct python *python, struct family *f)
{
	const struct tree *tree = python->scene->tree;
	struct arena *a = python->scene->arena;

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		const struct syntax *s;
		struct nodes all;
		struct str text;

		if (!str_ends(str_of(path), ".py") || python_is_test(str_of(path)) ||
		    !scene_read(python->scene, path, &text) || str_find(text, f->parent.name) < 0)
			continue;
		s = python_open(python, path);
		all = s ? python_nodes(a, s->root, "class_definition") : (struct nodes){0};
		for (size_t k = 0; k < all.count; k++) {
			TSNode init = python_method(s, all.list[k], STR("__init__"));

			if (!str_equal(base_of(s, all.list[k]), f->parent.name) || ts_node_is_null(init) ||
			    (s == f->child.s && ts_node_eq(all.list[k], f->child.function)))
				continue;
			if (!calls_parent(a, s, init))
				return false;
			f->siblings++;
		}
	}
	return f->siblings > 0;
}

/* "square, side": the parameters of the parent, each of which the child has too. */
static bool make_arguments(struct arena *a, struct family *f)
{
	TSNode list = syntax_field(f->parent_init, "parameters");
	struct text text = TEXT(a);

	for (unsigned i = 1; i < python_child_count(list); i++) {
		TSNode one = python_child(list, i);
		struct str name = syntax_text(f->parent.s, syntax_type_is(one, "identifier") ? one :
					      syntax_type_is(one, "typed_parameter") ? python_child(one, 0) :
					      syntax_field(one, "name"));
		bool optional = syntax_type_is(one, "default_parameter|typed_default_parameter");

		if (!str_is_word(name))
			return false;
		if (ts_node_is_null(python_parameter(f->child.s, f->init, name))) {
			/* What another default than nothing stands for, the subclass may have to say. */
			if (!optional || !oracle_is_trivial(syntax_text(f->parent.s, syntax_field(one, "value"))))
				return false;
			continue;
		}
		text_addf(&text, optional ? "%s%.*s=%.*s" : "%s%.*s", text.size ? ", " : "", STR_ARG(name),
			  STR_ARG(name));
	}
	f->arguments = text_str(&text);
	return true;
}

/* Is the statement one of the lines of the parent's __init__? */
static bool does_the_same(struct str parent, struct str statement)
{
	struct str line;

	while (str_next_line(&parent, &line))
		if (str_equal(str_trim(line), statement))
			return true;
	return false;
}

/* The first line that does what the parent's __init__ does becomes the call; others like it go. */
static void edit_init(struct arena *a, const struct family *f, struct edits *edits)
{
	const struct syntax *s = f->child.s;
	struct str parent = syntax_text(f->parent.s, f->parent_init);
	TSNode body = syntax_field(f->init, "body"), first = python_body(f->init);
	struct str call = str_of(arena_printf(a, "super().__init__(%.*s)", STR_ARG(f->arguments)));

	if (syntax_type_is(python_child(first, 0), "assignment") && ts_node_eq(first, python_child(body, 0)) &&
	    does_the_same(parent, syntax_text(s, first)) && python_child_count(body) > 1) {
		edit_node(edits, first, call);
		return;
	}
	guard_insert(edits, s, first, str_of(arena_printf(a, "%.*s\n", STR_ARG(call))));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct arena *a = scene->arena;
	struct family f = {0};
	struct str attribute = scene_group(scene, "attribute");

	if (!python_class(&python, scene_group(scene, "class"), &f.child) ||
	    !python_class(&python, base_of(f.child.s, f.child.function), &f.parent))
		return template_decline(scene, "it is not a class of this code with one parent of this code");
	f.init = python_method(f.child.s, f.child.function, STR("__init__"));
	f.parent_init = python_method(f.parent.s, f.parent.function, STR("__init__"));
	if (ts_node_is_null(f.init) || ts_node_is_null(f.parent_init) ||
	    !sets_attribute(a, f.parent.s, f.parent_init, attribute))
		return template_decline(scene, "%.*s is not set by the __init__ of the parent", STR_ARG(attribute));
	if (calls_parent(a, f.child.s, f.init) || sets_attribute(a, f.child.s, f.child.function, attribute))
		return template_decline(scene, "the class sets itself up in its own way");
	if (!siblings_call(&python, &f))
		return template_decline(scene, "no oracle: no other subclass calls the parent's __init__, or not all");
	if (!make_arguments(a, &f) || ts_node_is_null(python_body(f.init)) ||
	    !python_begins_line(f.child.s, python_body(f.init)))
		return template_decline(scene, "what the parent's __init__ wants has no value of that name");
	edit_init(a, &f, &edits);
	python_put(&python, f.child.path, f.child.s, &edits, ORACLE_SIBLING,
		   arena_printf(a, "%.*s does not call the __init__ of %.*s, which sets %.*s; the other "
				"subclasses do", STR_ARG(f.child.name), STR_ARG(f.parent.name),
				STR_ARG(attribute)));
}

static const char *const types[] = { "AttributeError", NULL };

static const struct example examples[] = {
	{
		.name = "one of two subclasses forgets its parent",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_history __________________\n"
			"test_pieces.py:5: in test_history\n"
			"    assert Jumper(3).history == [3]\n"
			"E   AttributeError: 'Jumper' object has no attribute 'history'\n"
			"============ short test summary info =============\n"
			"FAILED test_pieces.py::test_history - Attribute...\n"
			"1 failed in 0.05s\n",
		.file = {
			{ "pieces.py",
			  "class Piece:\n"
			  "    def __init__(self, square):\n"
			  "        self.square = square\n"
			  "        self.history = [square]\n"
			  "\n"
			  "\n"
			  "class Walker(Piece):\n"
			  "    def __init__(self, square, reach):\n"
			  "        super().__init__(square)\n"
			  "        self.reach = reach\n"
			  "\n"
			  "\n"
			  "class Jumper(Piece):\n"
			  "    def __init__(self, square, width=2):\n"
			  "        self.square = square\n"
			  "        self.width = width\n",
			  "class Piece:\n"
			  "    def __init__(self, square):\n"
			  "        self.square = square\n"
			  "        self.history = [square]\n"
			  "\n"
			  "\n"
			  "class Walker(Piece):\n"
			  "    def __init__(self, square, reach):\n"
			  "        super().__init__(square)\n"
			  "        self.reach = reach\n"
			  "\n"
			  "\n"
			  "class Jumper(Piece):\n"
			  "    def __init__(self, square, width=2):\n"
			  "        super().__init__(square)\n"
			  "        self.width = width\n" },
			{ "test_pieces.py",
			  "from pieces import Jumper\n"
			  "\n"
			  "\n"
			  "def test_history():\n"
			  "    assert Jumper(3).history == [3]\n", NULL },
		},
	},
	{
		.name = "a docstring and nothing that the parent does",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_tags ____________________\n"
			"test_shapes.py:5: in test_tags\n    assert Ball(1).tags == set()\n"
			"E   AttributeError: 'Ball' object has no attribute 'tags'\n"
			"============ short test summary info =============\n"
			"FAILED test_shapes.py::test_tags - AttributeErr...\n"
			"1 failed in 0.04s\n",
		.file = {
			{ "shapes.py",
			  "class Shape:\n"
			  "    def __init__(self, name=None):\n"
			  "        self.tags = set()\n"
			  "        self.name = name\n"
			  "\n"
			  "\n"
			  "class Box(Shape):\n"
			  "    def __init__(self, side):\n"
			  "        super().__init__(\"box\")\n"
			  "        self.side = side\n"
			  "\n"
			  "\n"
			  "class Ball(Shape):\n"
			  "    def __init__(self, radius):\n"
			  "        \"\"\"A ball.\"\"\"\n"
			  "        self.radius = radius\n",
			  "class Shape:\n"
			  "    def __init__(self, name=None):\n"
			  "        self.tags = set()\n"
			  "        self.name = name\n"
			  "\n"
			  "\n"
			  "class Box(Shape):\n"
			  "    def __init__(self, side):\n"
			  "        super().__init__(\"box\")\n"
			  "        self.side = side\n"
			  "\n"
			  "\n"
			  "class Ball(Shape):\n"
			  "    def __init__(self, radius):\n"
			  "        \"\"\"A ball.\"\"\"\n"
			  "        super().__init__()\n"
			  "        self.radius = radius\n" },
			{ "test_shapes.py",
			  "from shapes import Ball\n"
			  "\n"
			  "\n"
			  "def test_tags():\n"
			  "    assert Ball(1).tags == set()\n", NULL },
		},
	},
	{
		.name = "the parent wants a value that is not there",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_tags ____________________\n"
			"test_shapes.py:5: in test_tags\n    assert Ball(1).tags == set()\n"
			"E   AttributeError: 'Ball' object has no attribute 'tags'\n"
			"============ short test summary info =============\n"
			"FAILED test_shapes.py::test_tags - AttributeErr...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "shapes.py",
			  "class Shape:\n"
			  "    def __init__(self, name):\n"
			  "        self.tags = set()\n"
			  "\n"
			  "\n"
			  "class Box(Shape):\n"
			  "    def __init__(self, side):\n"
			  "        super().__init__(\"box\")\n"
			  "\n"
			  "\n"
			  "class Ball(Shape):\n"
			  "    def __init__(self, radius):\n"
			  "        self.radius = radius\n", NULL },
			{ "test_shapes.py",
			  "from shapes import Ball\n"
			  "\n"
			  "\n"
			  "def test_tags():\n"
			  "    assert Ball(1).tags == set()\n", NULL },
		},
		.declines = "no value of that name",
	},
	{
		.name = "nobody calls the parent",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_tags ____________________\n"
			"test_shapes.py:5: in test_tags\n    assert Ball(1).tags == set()\n"
			"E   AttributeError: 'Ball' object has no attribute 'tags'\n"
			"============ short test summary info =============\n"
			"FAILED test_shapes.py::test_tags - AttributeErr...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "shapes.py",
			  "class Shape:\n"
			  "    def __init__(self):\n"
			  "        self.tags = set()\n"
			  "\n"
			  "\n"
			  "class Ball(Shape):\n"
			  "    def __init__(self, radius):\n"
			  "        self.radius = radius\n", NULL },
			{ "test_shapes.py",
			  "from shapes import Ball\n"
			  "\n"
			  "\n"
			  "def test_tags():\n"
			  "    assert Ball(1).tags == set()\n", NULL },
		},
		.declines = "no other subclass",
	},
	{0}
};

const struct template template_python_parent_not_set_up = {
	.name = "python_parent_not_set_up",
	.summary = "an attribute that the parent's __init__ sets is missing -> super().__init__() is called",
	.language = "python",
	.class = "missing call",
	.oracles = "sibling",
	.keeps_off = "the other subclasses do not call it either; a parameter of the parent has no counterpart",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^.(?<class>\\w+). object has no attribute .(?<attribute>\\w+).(\\. Did you mean: .\\w+.\\?)?$",
	.fix = fix,
	.examples = examples,
};

/*
 * AttributeError: an object lacks what its class's parent sets up, because the class's own __init__
 * does not call the parent's. The call is added in front, where all that the parent needs is a
 * parameter of the same name here.
 */
#include "templates/lib_definitions.h"

struct family {
	struct definition child, parent;
	TSNode child_init, parent_init;
};

static bool calls_init(const struct syntax *s, TSNode init)
{
	return str_has(syntax_text(s, init), "__init__(") &&
	       (str_has(syntax_text(s, init), "super()") || str_has(syntax_text(s, init), "super(") ||
		str_has(syntax_text(s, init), ".__init__("));
}

/* Does the function assign self.NAME? */
static bool sets(const struct syntax *s, TSNode function, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "assignment", n), left = syntax_field(one, "left");

		if (ts_node_is_null(one))
			return false;
		if (syntax_type_is(left, "attribute") &&
		    str_is(syntax_text(s, syntax_field(left, "object")), "self") &&
		    str_equal(syntax_text(s, syntax_field(left, "attribute")), name))
			return true;
	}
}

static bool find_family(struct python *python, struct str class_name, struct family *f)
{
	if (!definition_of_class(python, class_name, &f->child) ||
	    !definition_of_class(python, definition_base(f->child.syntax, f->child.node), &f->parent))
		return false;
	f->child_init = definition_method(f->child.syntax, f->child.node, STR("__init__"));
	f->parent_init = definition_method(f->parent.syntax, f->parent.node, STR("__init__"));
	return !ts_node_is_null(f->child_init) && !ts_node_is_null(f->parent_init);
}

/* The arguments of the call; false when the child does not have what the parent needs. */
static bool arguments(const struct family *f, struct text *out)
{
	TSNode list = syntax_field(f->parent_init, "parameters");
	bool by_name = false;

	for (unsigned i = 1; i < python_child_count(list); i++) {
		TSNode one = python_child(list, i);
		struct str name = definition_parameter(f->parent.syntax, f->parent_init, i);
		bool known = name.size && !ts_node_is_null(python_parameter(f->child.syntax,
									    f->child_init, name));
		bool optional = syntax_type_is(one, "default_parameter|typed_default_parameter");

		if (syntax_type_is(one, "keyword_separator"))
			by_name = true;
		if (!name.size && !syntax_type_is(one, "keyword_separator"))
			return false;
		if (!known && !optional && name.size)
			return false;
		by_name = by_name || !known || optional;
		if (known)
			text_addf(out, by_name ? "%s%.*s=%.*s" : "%s%.*s", out->size ? ", " : "",
				  STR_ARG(name), STR_ARG(name));
	}
	return true;
}

/* A statement of the child that the parent's __init__ has word for word goes. */
static void drop_repeated(struct edits *edits, const struct family *f)
{
	TSNode mine = syntax_field(f->child_init, "body");
	TSNode theirs = syntax_field(f->parent_init, "body");
	const struct syntax *s = f->child.syntax;

	for (unsigned i = 0; i < python_child_count(mine); i++) {
		TSNode one = python_child(mine, i);
		size_t start = ts_node_start_byte(one) - syntax_indent(s, one).size;
		ptrdiff_t end = str_char(str_from(s->text, ts_node_end_byte(one)), '\n');

		if (!syntax_type_is(python_child(one, 0), "assignment") || end < 0 ||
		    str_trim(str_slice(s->text, ts_node_end_byte(one), (size_t)end)).size ||
		    ts_node_eq(one, python_body(f->child_init)))
			continue;
		for (unsigned k = 0; k < python_child_count(theirs); k++)
			if (str_equal(syntax_text(f->parent.syntax, python_child(theirs, k)),
				      syntax_text(s, one))) {
				edit_replace(edits, start, ts_node_end_byte(one) + (size_t)end + 1,
					     STR_NONE);
				break;
			}
	}
}

static void add_call(struct scene *scene, const struct family *f, struct str args, struct str name)
{
	struct edits edits = { .arena = scene->arena };
	const struct syntax *s = f->child.syntax;
	TSNode first = python_body(f->child_init);
	struct str after, call = str_of(arena_printf(scene->arena, "super().__init__(%.*s)",
						     STR_ARG(args)));
	bool repeated = false;
	TSNode theirs = syntax_field(f->parent_init, "body");

	if (ts_node_is_null(first) || !python_begins_line(s, first))
		return template_decline(scene, "where the call belongs is not clear");
	for (unsigned k = 0; k < python_child_count(theirs); k++)
		repeated = repeated || str_equal(syntax_text(f->parent.syntax, python_child(theirs, k)),
						 syntax_text(s, first));
	if (repeated && syntax_type_is(python_child(first, 0), "assignment"))
		edit_node(&edits, first, call);
	else
		edit_replace(&edits, ts_node_start_byte(first), ts_node_start_byte(first),
			     str_of(arena_printf(scene->arena, "%.*s%s%.*s", STR_ARG(call),
						 python_newline(s), STR_ARG(syntax_indent(s, first)))));
	drop_repeated(&edits, f);
	if (!edits_apply(&edits, s, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "%.*s is set by the __init__ of %.*s, which "
				     "is not called", STR_ARG(name),
				     STR_ARG(python_name(f->parent.syntax, f->parent.node))),
		      f->child.path, after);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct str class_name = scene_group(scene, "class"), name = scene_group(scene, "name");
	struct text args = TEXT(scene->arena);
	struct family f;

	if (!find_family(&python, class_name, &f))
		return template_decline(scene, "%.*s and its one parent class are not both defined here "
					"with an __init__", STR_ARG(class_name));
	if (!sets(f.parent.syntax, f.parent_init, name) ||
	    definition_binds(f.child.syntax, f.child.node, name))
		return template_decline(scene, "the parent's __init__ does not set %.*s", STR_ARG(name));
	if (calls_init(f.child.syntax, f.child_init))
		return template_decline(scene, "the parent's __init__ is called: the order is the matter");
	if (!arguments(&f, &args))
		return template_decline(scene, "what the parent's __init__ needs is not known in %.*s",
					STR_ARG(class_name));
	add_call(scene, &f, text_str(&args), name);
}

static const char *const types[] = { "AttributeError", NULL };

static const struct example examples[] = {
	{
		.name = "the parent sets more than the child",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 10, in <module>\n"
			"    Jumper(3).move(5)\n"
			"  File \"/home/runner/work/app/app/piece.py\", line 8, in move\n"
			"    self.history.append(square)\n"
			"    ^^^^^^^^^^^^\n"
			"AttributeError: 'Jumper' object has no attribute 'history'\n",
		.file = {
			{ "piece.py",
			"class Piece:\n"
			"    def __init__(self, square):\n"
			"        self.square = square\n"
			"        self.history = [square]\n"
			"\n"
			"    def move(self, square):\n"
			"        self.square = square\n"
			"        self.history.append(square)\n", NULL },
			{ "main.py",
			"from piece import Piece\n"
			"\n"
			"\n"
			"class Jumper(Piece):\n"
			"    def __init__(self, square, width=2):\n"
			"        self.square = square\n"
			"        self.width = width\n"
			"\n"
			"\n"
			"Jumper(3).move(5)\n", 
			"from piece import Piece\n"
			"\n"
			"\n"
			"class Jumper(Piece):\n"
			"    def __init__(self, square, width=2):\n"
			"        super().__init__(square)\n"
			"        self.width = width\n"
			"\n"
			"\n"
			"Jumper(3).move(5)\n" },
		},
	},
	{
		.name = "behind the docstring, and nothing to repeat",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 16, in <module>\n"
			"    Quiet().add(\"x\")\n"
			"  File \"/home/runner/work/app/app/main.py\", line 7, in add\n"
			"    self.lines.append(line)\n"
			"    ^^^^^^^^^^\n"
			"AttributeError: 'Quiet' object has no attribute 'lines'\n",
		.file = {
			{ "main.py",
			"class Log:\n"
			"    def __init__(self, path=None):\n"
			"        self.path = path\n"
			"        self.lines = []\n"
			"\n"
			"    def add(self, line):\n"
			"        self.lines.append(line)\n"
			"\n"
			"\n"
			"class Quiet(Log):\n"
			"    def __init__(self):\n"
			"        \"\"\"Says nothing.\"\"\"\n"
			"        self.silent = True\n"
			"\n"
			"\n"
			"Quiet().add(\"x\")\n", 
			"class Log:\n"
			"    def __init__(self, path=None):\n"
			"        self.path = path\n"
			"        self.lines = []\n"
			"\n"
			"    def add(self, line):\n"
			"        self.lines.append(line)\n"
			"\n"
			"\n"
			"class Quiet(Log):\n"
			"    def __init__(self):\n"
			"        \"\"\"Says nothing.\"\"\"\n"
			"        super().__init__()\n"
			"        self.silent = True\n"
			"\n"
			"\n"
			"Quiet().add(\"x\")\n" },
		},
	},
	{
		.name = "the parent needs what the child has not",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 12, in <module>\n"
			"    print(Quiet().lines)\n"
			"          ^^^^^^^^^^^^^\n"
			"AttributeError: 'Quiet' object has no attribute 'lines'\n",
		.file = {
			{ "main.py",
			"class Log:\n"
			"    def __init__(self, path):\n"
			"        self.path = path\n"
			"        self.lines = []\n"
			"\n"
			"\n"
			"class Quiet(Log):\n"
			"    def __init__(self):\n"
			"        self.silent = True\n"
			"\n"
			"\n"
			"print(Quiet().lines)\n", NULL },
		},
		.declines = "not known in Quiet",
	},
	{
		.name = "asked for before the call",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 12, in <module>\n"
			"    Quiet()\n"
			"  File \"/home/runner/work/app/app/main.py\", line 8, in __init__\n"
			"    self.lines.append(\"begun\")\n"
			"    ^^^^^^^^^^\n"
			"AttributeError: 'Quiet' object has no attribute 'lines'\n",
		.file = {
			{ "main.py",
			"class Log:\n"
			"    def __init__(self):\n"
			"        self.lines = []\n"
			"\n"
			"\n"
			"class Quiet(Log):\n"
			"    def __init__(self):\n"
			"        self.lines.append(\"begun\")\n"
			"        super().__init__()\n"
			"\n"
			"\n"
			"Quiet()\n", NULL },
		},
		.declines = "order is the matter",
	},
	{0}
};

const struct template template_python_missing_super = {
	.name = "python_missing_super",
	.summary = "AttributeError: the parent's __init__ is not called -> super().__init__(...)",
	.language = "python",
	.class = "signature",
	.oracles = "contract (only the parent's __init__ sets it)",
	.keeps_off = "several parents, arguments of the parent that the child does not have, an __init__ "
		     "that is called too late",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^'(?<class>\\w+)' object has no attribute '(?<name>\\w+)'",
	.fix = fix,
	.examples = examples,
};

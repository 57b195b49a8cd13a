/*
 * TypeError: a method without self is called on an object. The head gets its self, when the method
 * is no static or class method and speaks of self, or is never called on the class.
 */
#include "templates/lib_definitions.h"

/* Is NAME.method(...) called on the class itself anywhere? Then it may be meant to be static. */
static bool called_on_class(struct python *python, struct str class_name, struct str method)
{
	const struct tree *tree = python->scene->tree;
	const char *call = arena_printf(python->scene->arena, "%.*s.%.*s(", STR_ARG(class_name),
					STR_ARG(method));

	for (size_t i = 0; i < tree->count; i++) {
		struct str text;

		if (str_ends(str_of(tree->entries[i].path), ".py") &&
		    scene_read(python->scene, tree->entries[i].path, &text) && str_has(text, call))
			return true;
	}
	return false;
}

static void add_self(struct scene *scene, const struct definition *method)
{
	struct edits edits = { .arena = scene->arena };
	TSNode list = syntax_field(method->node, "parameters");
	size_t at = ts_node_start_byte(list) + 1;
	struct str after;

	edit_replace(&edits, at, at, python_child_count(list) ? STR("self, ") : STR("self"));
	if (!edits_apply(&edits, method->syntax, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "%.*s is called on an object and has no "
				     "self", STR_ARG(python_name(method->syntax, method->node))),
		      method->path, after);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct str class_name = scene_group(scene, "class"), name = scene_group(scene, "method");
	struct str function = scene_group(scene, "function");
	unsigned long takes = 0, given = 0;
	struct definition method;

	str_number(scene_group(scene, "takes"), &takes);
	str_number(scene_group(scene, "given"), &given);
	if (!definition_of_function(&python, function, &method) ||
	    !syntax_type_is(method.owner, "class_definition"))
		return template_decline(scene, "%.*s is no one method of this repository",
					STR_ARG(function));
	if (given != takes + 1)
		return template_decline(scene, "more arguments than self are too many");
	if (syntax_type_is(ts_node_parent(method.node), "decorated_definition"))
		return template_decline(scene, "%.*s is decorated: what it gets first is not clear",
					STR_ARG(function));
	if (str_is(definition_parameter(method.syntax, method.node, 0), "self") ||
	    str_is(definition_parameter(method.syntax, method.node, 0), "cls") ||
	    str_is(definition_parameter(method.syntax, method.node, 0), "mcs"))
		return template_decline(scene, "%.*s has its self: the call gives too much",
					STR_ARG(function));
	if (!python_mentions(method.syntax, method.node, STR("self")) &&
	    called_on_class(&python, class_name, name))
		return template_decline(scene, "%.*s is called on the class, too: it may be a static method",
					STR_ARG(function));
	if (!python_mentions(method.syntax, method.node, STR("self")) &&
	    str_has(syntax_text(method.syntax, method.owner), "@staticmethod"))
		return template_decline(scene, "it does not speak of self, and the class has static methods");
	add_self(scene, &method);
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "a method that speaks of self",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 9, in <module>\n"
			"    print(Desk().serve())\n"
			"          ^^^^^^^^^^^^^^\n"
			"TypeError: Desk.serve() takes 0 positional arguments but 1 was given\n",
		.file = {
			{ "main.py",
			"class Desk:\n"
			"    def __init__(self):\n"
			"        self.row = [\"ada\"]\n"
			"\n"
			"    def serve():\n"
			"        return self.row.pop(0)\n"
			"\n"
			"\n"
			"print(Desk().serve())\n", 
			"class Desk:\n"
			"    def __init__(self):\n"
			"        self.row = [\"ada\"]\n"
			"\n"
			"    def serve(self):\n"
			"        return self.row.pop(0)\n"
			"\n"
			"\n"
			"print(Desk().serve())\n" },
		},
	},
	{
		.name = "with an argument",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 6, in <module>\n"
			"    print(Desk().greet(\"ada\"))\n"
			"          ^^^^^^^^^^^^^^^^^^^\n"
			"TypeError: Desk.greet() takes 1 positional argument but 2 were given\n",
		.file = {
			{ "main.py",
			"class Desk:\n"
			"    def greet(name):\n"
			"        return \"Hello, \" + name\n"
			"\n"
			"\n"
			"print(Desk().greet(\"ada\"))\n", 
			"class Desk:\n"
			"    def greet(self, name):\n"
			"        return \"Hello, \" + name\n"
			"\n"
			"\n"
			"print(Desk().greet(\"ada\"))\n" },
		},
	},
	{
		.name = "called on the class, too",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 6, in <module>\n"
			"    print(Desk.greet(\"bob\"), Desk().greet(\"ada\"))\n"
			"                             ^^^^^^^^^^^^^^^^^^^\n"
			"TypeError: Desk.greet() takes 1 positional argument but 2 were given\n",
		.file = {
			{ "main.py",
			"class Desk:\n"
			"    def greet(name):\n"
			"        return \"Hello, \" + name\n"
			"\n"
			"\n"
			"print(Desk.greet(\"bob\"), Desk().greet(\"ada\"))\n", NULL },
		},
		.declines = "static method",
	},
	{
		.name = "the call gives too much",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 6, in <module>\n"
			"    print(Desk().greet(\"ada\"))\n"
			"          ^^^^^^^^^^^^^^^^^^^\n"
			"TypeError: Desk.greet() takes 1 positional argument but 2 were given\n",
		.file = {
			{ "main.py",
			"class Desk:\n"
			"    def greet(self):\n"
			"        return \"Hello\"\n"
			"\n"
			"\n"
			"print(Desk().greet(\"ada\"))\n", NULL },
		},
		.declines = "has its self",
	},
	{0}
};

const struct template template_python_missing_self = {
	.name = "python_missing_self",
	.summary = "TypeError: a method without self is called on an object -> self in its head",
	.language = "python",
	.class = "signature",
	.oracles = "contract",
	.keeps_off = "decorated methods, methods that are called on the class, other counts",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(?<function>(?<class>\\w+)\\.(?<method>\\w+))\\(\\) takes (?<takes>\\d+) positional "
		   "arguments? but (?<given>\\d+) (?:was|were) given",
	.fix = fix,
	.examples = examples,
};

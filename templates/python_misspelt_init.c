/*
 * TypeError: a class "takes no arguments" because its __init__ is misspelt. The method takes its
 * right name when it is the only one that is a slip of it and fills self.
 */
#include "templates/lib_definitions.h"
#include "templates/lib_similar.h"

/* Does the method assign to an attribute of self? */
static bool fills_self(const struct syntax *s, TSNode function)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "assignment", n), left = syntax_field(one, "left");

		if (ts_node_is_null(one))
			return false;
		if (syntax_type_is(left, "attribute") &&
		    str_is(syntax_text(s, syntax_field(left, "object")), "self"))
			return true;
	}
}

/* "_init_", "__int__", "__init": not a name that Python knows for something else. */
static bool is_slip(struct str name)
{
	struct str core = name;

	while (str_skip(&core, "_") || str_chop(&core, "_"))
		continue;
	if (str_is(name, "__int__") || str_is(core, "init") || str_is(core, "intit") ||
	    str_is(core, "inti") || str_is(core, "iint") || str_is(core, "initt"))
		return name.size > core.size;
	return false;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct str class_name = scene_group(scene, "class"), after;
	TSNode body, found = {{0}, NULL, NULL};
	struct definition one;

	if (!definition_of_class(&python, class_name, &one))
		return template_decline(scene, "%.*s is no one class of this repository",
					STR_ARG(class_name));
	if (!ts_node_is_null(definition_method(one.syntax, one.node, STR("__init__"))))
		return template_decline(scene, "%.*s has an __init__", STR_ARG(class_name));
	body = syntax_field(one.node, "body");
	for (unsigned i = 0; i < python_child_count(body); i++) {
		TSNode method = python_child(body, i);

		if (!syntax_type_is(method, "function_definition") ||
		    !is_slip(python_name(one.syntax, method)) || !fills_self(one.syntax, method))
			continue;
		if (!ts_node_is_null(found))
			return template_decline(scene, "two methods look like __init__");
		found = method;
	}
	if (ts_node_is_null(found))
		return template_decline(scene, "no method of %.*s looks like a misspelt __init__",
					STR_ARG(class_name));
	edit_node(&edits, syntax_field(found, "name"), STR("__init__"));
	if (!edits_apply(&edits, one.syntax, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "%.*s is a slip of __init__: it fills self, "
				     "and %.*s is made with arguments",
				     STR_ARG(python_name(one.syntax, found)), STR_ARG(class_name)),
		      one.path, after);
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "an underscore too few",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 6, in <module>\n"
			"    print(Dog(\"Rex\").name)\n"
			"          ^^^^^^^^^^\n"
			"TypeError: Dog() takes no arguments\n",
		.file = {
			{ "main.py",
			"class Dog:\n"
			"    def _init__(self, name):\n"
			"        self.name = name\n"
			"\n"
			"\n"
			"print(Dog(\"Rex\").name)\n", 
			"class Dog:\n"
			"    def __init__(self, name):\n"
			"        self.name = name\n"
			"\n"
			"\n"
			"print(Dog(\"Rex\").name)\n" },
		},
	},
	{
		.name = "letters swapped",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 6, in <module>\n"
			"    print(Dog(\"Rex\").name)\n"
			"          ^^^^^^^^^^\n"
			"TypeError: Dog() takes no arguments\n",
		.file = {
			{ "main.py",
			"class Dog:\n"
			"    def __inti__(self, name):\n"
			"        self.name = name\n"
			"\n"
			"\n"
			"print(Dog(\"Rex\").name)\n", 
			"class Dog:\n"
			"    def __init__(self, name):\n"
			"        self.name = name\n"
			"\n"
			"\n"
			"print(Dog(\"Rex\").name)\n" },
		},
	},
	{
		.name = "no such method",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 6, in <module>\n"
			"    print(Dog(\"Rex\"))\n"
			"          ^^^^^^^^^^\n"
			"TypeError: Dog() takes no arguments\n",
		.file = {
			{ "main.py",
			"class Dog:\n"
			"    def __int__(self):\n"
			"        return 3\n"
			"\n"
			"\n"
			"print(Dog(\"Rex\"))\n", NULL },
		},
		.declines = "no method of Dog",
	},
	{0}
};

const struct template template_python_misspelt_init = {
	.name = "python_misspelt_init",
	.summary = "TypeError: a class takes no arguments, its __init__ is misspelt -> __init__",
	.language = "python",
	.class = "name",
	.oracles = "contract",
	.keeps_off = "classes with an __init__, methods that do not fill self",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(?<class>\\w+)\\(\\) takes no arguments",
	.fix = fix,
	.examples = examples,
};

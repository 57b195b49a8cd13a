/*
 * TypeError: a property is called like a method. Every class of the repository that has the name
 * defines it as a property, so the parentheses go. A value that may be callable itself is not known
 * to be wrong and left alone.
 */
#include "templates/lib_definitions.h"

/* Do all definitions of the name say that it is a property? */
static bool is_property(struct python *python, struct str name)
{
	struct definition list[DEFINITIONS_MAX];
	size_t count = definitions_of(python, name, "function_definition", list);

	for (size_t i = 0; i < count; i++)
		if (!definition_has_decorator(list[i].syntax, list[i].node,
					      "property|cached_property|abstractproperty|setter|deleter"))
			return false;
	return count > 0;
}

/* The name in `X.name()`, and X; empty when the call has arguments or another form. */
static struct str called(const struct syntax *s, TSNode call, struct str *object)
{
	TSNode callee = syntax_field(call, "function");

	*object = syntax_text(s, syntax_field(callee, "object"));
	if (!syntax_type_is(callee, "attribute") ||
	    python_child_count(syntax_field(call, "arguments")))
		return STR_NONE;
	return syntax_text(s, syntax_field(callee, "attribute"));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct str name = STR_NONE, object = STR_NONE, other, after;
	struct site site;

	if (!python_crash(&python, &site))
		return;
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(site.statement, "call", n);
		struct str one = called(site.syntax, call, &other);

		if (ts_node_is_null(call))
			break;
		if (!one.size || ts_node_end_point(call).row + 1 < site.line || str_equal(one, name) ||
		    !is_property(&python, one))
			continue;
		if (name.size)
			return template_decline(scene, "two properties are called there");
		name = one;
		object = other;
	}
	if (!name.size)
		return template_decline(scene, "what is called at %s:%u is not known to be a property",
					site.path, site.line);
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(site.syntax->root, "call", n);

		if (ts_node_is_null(call))
			break;
		if (str_equal(called(site.syntax, call, &other), name) && str_equal(other, object))
			edit_replace(&edits, ts_node_end_byte(syntax_field(call, "function")),
				     ts_node_end_byte(call), STR_NONE);
	}
	if (!edits_apply(&edits, site.syntax, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "%.*s is a property: it is not called",
				     STR_ARG(name)), site.path, after);
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "a property of the one class that has it",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(Van(3).free())\n"
			"          ^^^^^^^^^^^^^\n"
			"TypeError: 'int' object is not callable\n",
		.file = {
			{ "van.py",
			"class Van:\n"
			"    def __init__(self, places):\n"
			"        self.places = places\n"
			"\n"
			"    @property\n"
			"    def free(self):\n"
			"        return self.places - 1\n", NULL },
			{ "main.py",
			"from van import Van\n"
			"\n"
			"print(Van(3).free())\n", 
			"from van import Van\n"
			"\n"
			"print(Van(3).free)\n" },
		},
	},
	{
		.name = "another class has it as a method",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(Van().free())\n"
			"          ^^^^^^^^^^^^\n"
			"TypeError: 'int' object is not callable\n",
		.file = {
			{ "van.py",
			"class Van:\n"
			"    @property\n"
			"    def free(self):\n"
			"        return 1\n"
			"\n"
			"\n"
			"class Bus:\n"
			"    def free(self):\n"
			"        return 2\n", NULL },
			{ "main.py",
			"from van import Van\n"
			"\n"
			"print(Van().free())\n", NULL },
		},
		.declines = "not known to be a property",
	},
	{
		.name = "an attribute that no class defines",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 6, in <module>\n"
			"    print(Van().free())\n"
			"          ^^^^^^^^^^^^\n"
			"TypeError: 'int' object is not callable\n",
		.file = {
			{ "main.py",
			"class Van:\n"
			"    def __init__(self):\n"
			"        self.free = 3\n"
			"\n"
			"\n"
			"print(Van().free())\n", NULL },
		},
		.declines = "not known to be a property",
	},
	{0}
};

const struct template template_python_called_property = {
	.name = "python_called_property",
	.summary = "TypeError: a property is called -> without the parentheses",
	.language = "python",
	.class = "signature",
	.oracles = "contract (the only definitions are properties)",
	.keeps_off = "names that some class defines as a method, calls with arguments, calls in tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^'(?!function|method|module|coroutine)[\\w.]+' object is not callable",
	.fix = fix,
	.examples = examples,
};

/*
 * TypeError: a method is used like a value. Every class of the repository that has the name defines
 * it as a method that needs no argument, so it is called. Methods that are passed on as such do not
 * end in these errors.
 */
#include "templates/lib_definitions.h"

/* Are all definitions of the name methods that can be called without arguments? */
static bool is_plain_method(struct python *python, struct str name)
{
	struct definition list[DEFINITIONS_MAX];
	size_t count = definitions_of(python, name, "function_definition", list);

	for (size_t i = 0; i < count; i++) {
		TSNode outer = ts_node_parent(list[i].node);
		TSNode more = python_child(syntax_field(list[i].node, "parameters"), 1);

		if (ts_node_is_null(list[i].owner) || syntax_type_is(outer, "decorated_definition") ||
		    (!ts_node_is_null(more) &&
		     !syntax_type_is(more, "default_parameter|typed_default_parameter|"
					   "list_splat_pattern|dictionary_splat_pattern")))
			return false;
	}
	return count > 0;
}

/* Does the attribute stand as a value: not called, not assigned, not asked for a part? */
static bool is_value(TSNode attribute)
{
	TSNode outer = ts_node_parent(attribute);

	if (syntax_type_is(outer, "call"))
		return !ts_node_eq(syntax_field(outer, "function"), attribute);
	if (syntax_type_is(outer, "assignment|augmented_assignment|delete_statement|attribute"))
		return false;
	return !syntax_type_is(outer, "keyword_argument|argument_list|decorator|lambda|return_statement");
}

/* len(x.size), sum(x.parts), and the like take it as a value as well. */
static bool is_looked_at(const struct syntax *s, TSNode attribute)
{
	TSNode outer = ts_node_parent(attribute), call = ts_node_parent(outer);
	struct str name = python_callee(s, call);

	if (!syntax_type_is(outer, "argument_list"))
		return is_value(attribute);
	return str_is(name, "len") || str_is(name, "sum") || str_is(name, "sorted") ||
	       str_is(name, "list") || str_is(name, "enumerate") || str_is(name, "int") ||
	       str_is(name, "float") || str_is(name, "round");
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct str name = STR_NONE, after;
	struct site site;

	if (!python_crash(&python, &site))
		return;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(site.statement, "attribute", n);
		struct str word = syntax_text(site.syntax, syntax_field(one, "attribute"));

		if (ts_node_is_null(one))
			break;
		if (ts_node_start_point(one).row + 1 != site.line || !is_looked_at(site.syntax, one) ||
		    !is_plain_method(&python, word))
			continue;
		if (name.size && !str_equal(name, word))
			return template_decline(scene, "two methods stand there without a call");
		name = word;
		edit_replace(&edits, ts_node_end_byte(one), ts_node_end_byte(one), STR("()"));
	}
	if (!name.size)
		return template_decline(scene, "no method of this repository stands uncalled at %s:%u",
					site.path, site.line);
	if (!edits_apply(&edits, site.syntax, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "%.*s is a method: its value comes from a "
				     "call", STR_ARG(name)), site.path, after);
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "a sum of what each method gives",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 9, in <module>\n"
			"    print(sum(line.total for line in [Line(1), Line(2)]))\n"
			"          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"TypeError: unsupported operand type(s) for +: 'int' and 'method'\n",
		.file = {
			{ "main.py",
			"class Line:\n"
			"    def __init__(self, cents):\n"
			"        self.cents = cents\n"
			"\n"
			"    def total(self):\n"
			"        return self.cents\n"
			"\n"
			"\n"
			"print(sum(line.total for line in [Line(1), Line(2)]))\n", 
			"class Line:\n"
			"    def __init__(self, cents):\n"
			"        self.cents = cents\n"
			"\n"
			"    def total(self):\n"
			"        return self.cents\n"
			"\n"
			"\n"
			"print(sum(line.total() for line in [Line(1), Line(2)]))\n" },
		},
	},
	{
		.name = "compared",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 7, in <module>\n"
			"    if van.free >= 2:\n"
			"       ^^^^^^^^^^^^^\n"
			"TypeError: '>=' not supported between instances of 'method' and 'int'\n",
		.file = {
			{ "main.py",
			"class Van:\n"
			"    def free(self):\n"
			"        return 3\n"
			"\n"
			"\n"
			"van = Van()\n"
			"if van.free >= 2:\n"
			"    print(\"room\")\n", 
			"class Van:\n"
			"    def free(self):\n"
			"        return 3\n"
			"\n"
			"\n"
			"van = Van()\n"
			"if van.free() >= 2:\n"
			"    print(\"room\")\n" },
		},
	},
	{
		.name = "the method needs an argument",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 7, in <module>\n"
			"    print(van.free + 1)\n"
			"          ~~~~~~~~~^~~\n"
			"TypeError: unsupported operand type(s) for +: 'method' and 'int'\n",
		.file = {
			{ "main.py",
			"class Van:\n"
			"    def free(self, day):\n"
			"        return 3\n"
			"\n"
			"\n"
			"van = Van()\n"
			"print(van.free + 1)\n", NULL },
		},
		.declines = "no method",
	},
	{0}
};

const struct template template_python_uncalled_method = {
	.name = "python_uncalled_method",
	.summary = "TypeError: a method stands where its value is meant -> with parentheses",
	.language = "python",
	.class = "signature",
	.oracles = "contract (the only definitions are methods without arguments)",
	.keeps_off = "methods with arguments, names that some class has as a property, uses in tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "'method' object is not (?:iterable|subscriptable)|object of type 'method' has no len|"
		   "unsupported operand type.*'method'|not supported between instances of .*'method'|"
		   "argument must be .*not 'method'",
	.fix = fix,
	.examples = examples,
};

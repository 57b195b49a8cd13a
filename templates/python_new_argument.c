/*
 * TypeError: the failing commit gave a function one more parameter, and a caller was forgotten that
 * has a value of just this name at hand. Gives no value to the parameter itself: a default would
 * hide the caller that needs another one.
 */
#include "templates/lib_definitions.h"

struct forgotten {
	struct python *python;
	struct definition definition;
	struct str function, name;
	unsigned place;			/* of the parameter, without self */
	struct site site;
	TSNode call;
};

/* Did the function have the parameter before the failing commit? False when it is not known. */
static bool is_new(struct forgotten *f)
{
	struct scene scene;
	PYTHON before = {0};
	struct definition old;

	if (!definitions_before(f->python, &scene, &before) ||
	    !definition_of_function(&before, f->function, &old))
		return false;
	return ts_node_is_null(python_parameter(old.syntax, old.node, f->name));
}

/* Where the parameter stands in a call: false when it cannot be given by its place. */
static bool find_place(struct forgotten *f)
{
	const struct syntax *s = f->definition.syntax;
	bool method = !ts_node_is_null(f->definition.owner) &&
		      !definition_has_decorator(s, f->definition.node, "staticmethod");

	for (unsigned n = 0;; n++) {
		struct str one = definition_parameter(s, f->definition.node, n);

		if (!one.size)
			return false;
		if (!str_equal(one, f->name))
			continue;
		f->place = n - (method ? 1 : 0);
		return n || !method;
	}
}

/* The only call of the function on the crashing statement. */
static bool find_call(struct forgotten *f)
{
	struct str name = f->function, owner;
	unsigned count = 0;

	if (str_split_last(f->function, ".", &owner, &name) && str_is(name, "__init__") &&
	    !str_split_last(owner, ".", NULL, &name))
		name = owner;
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(f->site.statement, "call", n);

		if (ts_node_is_null(call))
			return count == 1;
		if (!str_equal(python_callee(f->site.syntax, call), name))
			continue;
		f->call = call;
		count++;
	}
}

/* Is the name a parameter, or assigned before the call, or bound by the module? */
static bool at_hand(const struct forgotten *f)
{
	const struct syntax *s = f->site.syntax;
	size_t to = ts_node_start_byte(f->site.statement);

	if (ts_node_is_null(f->site.function))
		return python_assigned(s, s->root, f->name, 0, to);
	return !ts_node_is_null(python_parameter(s, f->site.function, f->name)) ||
	       python_assigned(s, f->site.function, f->name, 0, to);
}

static void give(const struct forgotten *f)
{
	struct scene *scene = f->python->scene;
	struct edits edits = { .arena = scene->arena };
	TSNode list = syntax_field(f->call, "arguments"), last = {{0}, NULL, NULL};
	unsigned positional = 0, count = python_child_count(list);
	struct str after;
	size_t at;

	for (unsigned i = 0; i < count; i++) {
		TSNode one = python_child(list, i);

		if (syntax_type_is(one, "list_splat|dictionary_splat|generator_expression"))
			return template_decline(scene, "the call passes on what it was given");
		last = one;
		positional += !syntax_type_is(one, "keyword_argument");
	}
	at = count ? ts_node_end_byte(last) : ts_node_end_byte(list) - 1;
	edit_replace(&edits, at, at, str_of(
		positional == f->place && positional == count ?
		arena_printf(scene->arena, "%s%.*s", count ? ", " : "", STR_ARG(f->name)) :
		arena_printf(scene->arena, "%s%.*s=%.*s", count ? ", " : "", STR_ARG(f->name),
			     STR_ARG(f->name))));
	if (!edits_apply(&edits, f->site.syntax, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "the failing commit gave %.*s the parameter "
				     "%.*s, and the caller has a value of this name",
				     STR_ARG(f->function), STR_ARG(f->name)), f->site.path, after);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct forgotten f = { .python = &python, .function = scene_group(scene, "function"),
			       .name = scene_group(scene, "name") };

	if (!python_crash(&python, &f.site))
		return;
	if (!definition_of_function(&python, f.function, &f.definition))
		return template_decline(scene, "%.*s is defined here not at all, or in several places",
					STR_ARG(f.function));
	if (!is_new(&f))
		return template_decline(scene, "%.*s has the parameter %.*s since longer than the failing "
					"commit", STR_ARG(f.function), STR_ARG(f.name));
	if (!find_place(&f) || !find_call(&f))
		return template_decline(scene, "which call lacks it is not clear");
	if (!at_hand(&f))
		return template_decline(scene, "the caller has no value of the name %.*s",
					STR_ARG(f.name));
	give(&f);
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "the caller has the value",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/refund.py\", line 8, in <module>\n"
			"    print(refund(1250, \"EUR\"))\n"
			"          ^^^^^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/refund.py\", line 5, in refund\n"
			"    return \"back: \" + show(amount)\n"
			"                      ^^^^^^^^^^^^\n"
			"TypeError: show() missing 1 required positional argument: 'currency'\n",
		.file = {
			{ "money.py",
			"def show(amount, currency):\n"
			"    return f\"{amount / 100:.2f} {currency}\"\n", NULL, .was =
			"def show(amount):\n"
			"    return f\"{amount / 100:.2f}\"\n" },
			{ "refund.py",
			"from money import show\n"
			"\n"
			"\n"
			"def refund(amount, currency):\n"
			"    return \"back: \" + show(amount)\n"
			"\n"
			"\n"
			"print(refund(1250, \"EUR\"))\n", 
			"from money import show\n"
			"\n"
			"\n"
			"def refund(amount, currency):\n"
			"    return \"back: \" + show(amount, currency)\n"
			"\n"
			"\n"
			"print(refund(1250, \"EUR\"))\n" },
		},
	},
	{
		.name = "a method, with a keyword before",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 4, in <module>\n"
			"    print(Printer().show(5, sign=\"-\"))\n"
			"          ^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"TypeError: Printer.show() missing 1 required positional argument: 'currenc"
			"y'\n",
		.file = {
			{ "money.py",
			"class Printer:\n"
			"    def show(self, amount, sign, currency):\n"
			"        return sign + str(amount) + currency\n", NULL, .was =
			"class Printer:\n"
			"    def show(self, amount, sign):\n"
			"        return sign + str(amount)\n" },
			{ "main.py",
			"from money import Printer\n"
			"\n"
			"currency = \"EUR\"\n"
			"print(Printer().show(5, sign=\"-\"))\n", 
			"from money import Printer\n"
			"\n"
			"currency = \"EUR\"\n"
			"print(Printer().show(5, sign=\"-\", currency=currency))\n" },
		},
	},
	{
		.name = "the caller has no such value",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/refund.py\", line 3, in <module>\n"
			"    print(show(1250))\n"
			"          ^^^^^^^^^^\n"
			"TypeError: show() missing 1 required positional argument: 'currency'\n",
		.file = {
			{ "money.py",
			"def show(amount, currency):\n"
			"    return f\"{amount / 100:.2f} {currency}\"\n", NULL, .was =
			"def show(amount):\n"
			"    return f\"{amount / 100:.2f}\"\n" },
			{ "refund.py",
			"from money import show\n"
			"\n"
			"print(show(1250))\n", NULL },
		},
		.declines = "no value of the name",
	},
	{
		.name = "the parameter was always there",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/refund.py\", line 4, in <module>\n"
			"    print(show(1250))\n"
			"          ^^^^^^^^^^\n"
			"TypeError: show() missing 1 required positional argument: 'currency'\n",
		.file = {
			{ "money.py",
			"def show(amount, currency):\n"
			"    return f\"{amount / 100:.2f} {currency}\"\n", NULL },
			{ "refund.py",
			"from money import show\n"
			"\n"
			"currency = \"EUR\"\n"
			"print(show(1250))\n", NULL },
		},
		.declines = "since longer",
	},
	{0}
};

const struct template template_python_new_argument = {
	.name = "python_new_argument",
	.summary = "TypeError for a parameter the failing commit added -> the value of its name that the "
		   "caller has",
	.language = "python",
	.class = "signature",
	.oracles = "history",
	.keeps_off = "callers without a value of this name, several missing arguments, calls in tests",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^(?<function>[\\w.]+)\\(\\) missing 1 required (?:positional|keyword-only) argument: "
		   "'(?<name>\\w+)'",
	.fix = fix,
	.examples = examples,
};

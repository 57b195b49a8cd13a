/*
 * TypeError for a keyword that the failing commit renamed in the function's head: the calls that
 * were forgotten follow. By the place of the parameter in a list that is else the same; keywords of
 * third-party functions are not known.
 */
#include "templates/lib_rename.h"

/* The keyword of the call, as a node; null when it is not given. */
static TSNode keyword_of(const struct syntax *s, TSNode call, struct str name)
{
	TSNode list = syntax_field(call, "arguments"), none = {{0}, NULL, NULL};

	for (unsigned i = 0; i < python_child_count(list); i++) {
		TSNode one = python_child(list, i), word = syntax_field(one, "name");

		if (syntax_type_is(one, "keyword_argument") && str_equal(syntax_text(s, word), name))
			return word;
	}
	return none;
}

/* How the function is called: "Line" for Line.__init__, else its last part. */
static struct str called_as(struct str function)
{
	struct str owner = STR_NONE, last = function;

	if (!str_split_last(function, ".", &owner, &last) || !str_is(last, "__init__"))
		return last;
	str_split_last(owner, ".", NULL, &owner);
	return owner;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct str function = scene_group(scene, "function"), name = scene_group(scene, "name");
	struct edits edits = { .arena = scene->arena };
	struct definition definition;
	struct rename rename;
	struct site site;
	struct str after;

	if (!python_crash(&python, &site))
		return;
	if (!definition_of_function(&python, function, &definition))
		return template_decline(scene, "%.*s is defined here not at all, or in several places",
					STR_ARG(function));
	if (!rename_of_parameter(&python, &definition, name, &rename))
		return template_decline(scene, "the failing commit did not rename the parameter %.*s",
					STR_ARG(name));
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(site.syntax->root, "call", n);
		TSNode word = keyword_of(site.syntax, call, name);

		if (ts_node_is_null(call))
			break;
		if (!ts_node_is_null(word) && str_equal(python_callee(site.syntax, call),
							called_as(function)))
			edit_node(&edits, word, rename.new_name);
	}
	if (!edits_apply(&edits, site.syntax, &after))
		return template_decline(scene, "no call in %s names %.*s", site.path, STR_ARG(name));
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "the failing commit renamed the parameter "
				     "%.*s of %.*s to %.*s", STR_ARG(name), STR_ARG(function),
				     STR_ARG(rename.new_name)), site.path, after);
}

static const char *const types[] = { "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "a keyword of a function in another module",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/chart.py\", line 3, in <module>\n"
			"    print(svg.circle(1, 2, color=\"red\"))\n"
			"          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"TypeError: circle() got an unexpected keyword argument 'color'\n",
		.file = {
			{ "svg.py",
			"def circle(x, y, fill=\"black\"):\n"
			"    return f\"<circle cx='{x}' cy='{y}' fill='{fill}'/>\"\n", NULL, .was =
			"def circle(x, y, color=\"black\"):\n"
			"    return f\"<circle cx='{x}' cy='{y}' fill='{color}'/>\"\n" },
			{ "chart.py",
			"import svg\n"
			"\n"
			"print(svg.circle(1, 2, color=\"red\"))\n"
			"print(svg.circle(1, 3, color=\"blue\"))\n", 
			"import svg\n"
			"\n"
			"print(svg.circle(1, 2, fill=\"red\"))\n"
			"print(svg.circle(1, 3, fill=\"blue\"))\n" },
		},
	},
	{
		.name = "a keyword of a class",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(Tank(size=3).litres)\n"
			"          ^^^^^^^^^^^^\n"
			"TypeError: Tank.__init__() got an unexpected keyword argument 'size'\n",
		.file = {
			{ "tank.py",
			"class Tank:\n"
			"    def __init__(self, litres):\n"
			"        self.litres = litres\n", NULL, .was =
			"class Tank:\n"
			"    def __init__(self, size):\n"
			"        self.litres = size\n" },
			{ "main.py",
			"from tank import Tank\n"
			"\n"
			"print(Tank(size=3).litres)\n", 
			"from tank import Tank\n"
			"\n"
			"print(Tank(litres=3).litres)\n" },
		},
	},
	{
		.name = "the parameter is gone",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/chart.py\", line 3, in <module>\n"
			"    print(svg.circle(1, 2, color=\"red\"))\n"
			"          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"TypeError: circle() got an unexpected keyword argument 'color'\n",
		.file = {
			{ "svg.py",
			"def circle(x, y):\n"
			"    return f\"<circle cx='{x}' cy='{y}'/>\"\n", NULL, .was =
			"def circle(x, y, color=\"black\"):\n"
			"    return f\"<circle cx='{x}' cy='{y}' fill='{color}'/>\"\n" },
			{ "chart.py",
			"import svg\n"
			"\n"
			"print(svg.circle(1, 2, color=\"red\"))\n", NULL },
		},
		.declines = "did not rename",
	},
	{
		.name = "nobody says what it is called now",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/chart.py\", line 3, in <module>\n"
			"    print(svg.circle(1, 2, color=\"red\"))\n"
			"          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"TypeError: circle() got an unexpected keyword argument 'color'\n",
		.file = {
			{ "svg.py",
			"def circle(x, y, fill=\"black\"):\n"
			"    return f\"<circle cx='{x}' cy='{y}' fill='{fill}'/>\"\n", NULL },
			{ "chart.py",
			"import svg\n"
			"\n"
			"print(svg.circle(1, 2, color=\"red\"))\n", NULL },
		},
		.declines = "did not rename",
	},
	{0}
};

const struct template template_python_renamed_keyword = {
	.name = "python_renamed_keyword",
	.summary = "TypeError for a keyword the failing commit renamed -> the new one at the calls",
	.language = "python",
	.class = "rename",
	.oracles = "history",
	.keeps_off = "parameters that were taken away, third-party functions, calls in tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^(?<function>[\\w.]+)\\(\\) got an unexpected keyword argument '(?<name>\\w+)'",
	.fix = fix,
	.examples = examples,
};

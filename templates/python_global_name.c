/*
 * UnboundLocalError: a function changes a name of its module, or of the function around it, without
 * saying so. Only where every change in the function goes on from the old value, and another
 * function uses the name or a neighbour says global. A name that is set anew is another's.
 */
#include "templates/lib_definitions.h"

/* Does the statement `global NAME` (or `global`, with no name given) stand in the node? */
static bool says(const struct syntax *s, TSNode node, const char *type, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(node, type, n);

		if (ts_node_is_null(one))
			return false;
		for (unsigned i = 0; i < python_child_count(one); i++)
			if (!name.size || str_equal(syntax_text(s, python_child(one, i)), name))
				return true;
	}
}

/* Is every assignment to the name in the function `n += ...` or `n = ... n ...`? */
static bool only_goes_on(const struct syntax *s, TSNode function, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "assignment|augmented_assignment|for_statement|"
					  "named_expression|as_pattern", n);
		TSNode left = syntax_field(one, "left");

		if (ts_node_is_null(one))
			return true;
		if (!python_assigned(s, one, name, ts_node_start_byte(one), ts_node_start_byte(one) + 1))
			continue;
		if (syntax_type_is(one, "augmented_assignment") && syntax_type_is(left, "identifier"))
			continue;
		if (!syntax_type_is(one, "assignment") || !syntax_type_is(left, "identifier") ||
		    !python_mentions(s, syntax_field(one, "right"), name))
			return false;
	}
}

/* Does another function of the file read the name, without a local one of its own? */
static bool is_shared(const struct syntax *s, TSNode function, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "function_definition", n);

		if (ts_node_is_null(one))
			return false;
		if (!ts_node_eq(one, function) && python_mentions(s, one, name) &&
		    ts_node_is_null(python_parameter(s, one, name)) &&
		    (!python_assigned(s, one, name, 0, SIZE_MAX) ||
		     says(s, one, "global_statement", name)))
			return true;
	}
}

/* "global", "nonlocal", or NULL with the reason declined. */
static const char *word_for(struct scene *scene, const struct site *site, struct str name)
{
	const struct syntax *s = site->syntax;
	TSNode outer = syntax_up(ts_node_parent(site->function), "function_definition");

	if (!only_goes_on(s, site->function, name))
		return template_decline(scene, "the function sets %.*s anew: it may be its own",
					STR_ARG(name)), NULL;
	for (; !ts_node_is_null(outer);
	     outer = syntax_up(ts_node_parent(outer), "function_definition|class_definition")) {
		size_t to = ts_node_start_byte(site->function);

		if (syntax_type_is(outer, "function_definition") &&
		    (!ts_node_is_null(python_parameter(s, outer, name)) ||
		     python_assigned(s, outer, name, ts_node_start_byte(outer), to)))
			return "nonlocal";
	}
	if (!python_binds(s, name))
		return template_decline(scene, "%.*s is bound nowhere around the function",
					STR_ARG(name)), NULL;
	if (!is_shared(s, site->function, name) && !says(s, s->root, "global_statement", STR_NONE))
		return template_decline(scene, "no other function uses the module's %.*s, and none says "
					"global", STR_ARG(name)), NULL;
	return "global";
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct str name = scene_group(scene, "name"), after;
	const char *word;
	struct site site;
	TSNode first;

	if (!python_crash(&python, &site))
		return;
	if (ts_node_is_null(site.function))
		return template_decline(scene, "%s:%u is in no function", site.path, site.line);
	word = word_for(scene, &site, name);
	if (!word)
		return;
	first = python_body(site.function);
	if (ts_node_is_null(first) || !python_begins_line(site.syntax, first))
		return template_decline(scene, "the function stands on one line");
	edit_replace(&edits, ts_node_start_byte(first), ts_node_start_byte(first),
		     str_of(arena_printf(scene->arena, "%s %.*s%s%.*s", word, STR_ARG(name),
					 python_newline(site.syntax),
					 STR_ARG(syntax_indent(site.syntax, first)))));
	if (!edits_apply(&edits, site.syntax, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "%.*s goes on from the value of the scope "
				     "around it", STR_ARG(name)), site.path, after);
}

static const char *const types[] = { "UnboundLocalError", NULL };

static const struct example examples[] = {
	{
		.name = "a counter of the module",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 14, in <module>\n"
			"    print(new(), made())\n"
			"          ^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 6, in new\n"
			"    count += 1\n"
			"    ^^^^^\n"
			"UnboundLocalError: cannot access local variable 'count' where it is not as"
			"sociated with a value\n",
		.file = {
			{ "main.py",
			"count = 0\n"
			"\n"
			"\n"
			"def new():\n"
			"    \"\"\"The next number.\"\"\"\n"
			"    count += 1\n"
			"    return count\n"
			"\n"
			"\n"
			"def made():\n"
			"    return count\n"
			"\n"
			"\n"
			"print(new(), made())\n", 
			"count = 0\n"
			"\n"
			"\n"
			"def new():\n"
			"    \"\"\"The next number.\"\"\"\n"
			"    global count\n"
			"    count += 1\n"
			"    return count\n"
			"\n"
			"\n"
			"def made():\n"
			"    return count\n"
			"\n"
			"\n"
			"print(new(), made())\n" },
		},
	},
	{
		.name = "a counter of the function around it",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 10, in <module>\n"
			"    print(counter()())\n"
			"          ^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in step\n"
			"    count += 1\n"
			"    ^^^^^\n"
			"UnboundLocalError: cannot access local variable 'count' where it is not as"
			"sociated with a value\n",
		.file = {
			{ "main.py",
			"def counter():\n"
			"    count = 0\n"
			"\n"
			"    def step():\n"
			"        count += 1\n"
			"        return count\n"
			"    return step\n"
			"\n"
			"\n"
			"print(counter()())\n", 
			"def counter():\n"
			"    count = 0\n"
			"\n"
			"    def step():\n"
			"        nonlocal count\n"
			"        count += 1\n"
			"        return count\n"
			"    return step\n"
			"\n"
			"\n"
			"print(counter()())\n" },
		},
	},
	{
		.name = "nobody else uses it",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 10, in <module>\n"
			"    print(add([1, 2]))\n"
			"          ^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 6, in add\n"
			"    total += value\n"
			"    ^^^^^\n"
			"UnboundLocalError: cannot access local variable 'total' where it is not as"
			"sociated with a value\n",
		.file = {
			{ "main.py",
			"total = 0\n"
			"\n"
			"\n"
			"def add(values):\n"
			"    for value in values:\n"
			"        total += value\n"
			"    return total\n"
			"\n"
			"\n"
			"print(add([1, 2]))\n", NULL },
		},
		.declines = "no other function",
	},
	{
		.name = "bound on one way only",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 8, in <module>\n"
			"    print(pick([1, 2]))\n"
			"          ^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in pick\n"
			"    return best\n"
			"           ^^^^\n"
			"UnboundLocalError: cannot access local variable 'best' where it is not ass"
			"ociated with a value\n",
		.file = {
			{ "main.py",
			"def pick(values):\n"
			"    for value in values:\n"
			"        if value > 3:\n"
			"            best = value\n"
			"    return best\n"
			"\n"
			"\n"
			"print(pick([1, 2]))\n", NULL },
		},
		.declines = "sets best anew",
	},
	{0}
};

const struct template template_python_global_name = {
	.name = "python_global_name",
	.summary = "UnboundLocalError for a name of the module or of the function around -> global or "
		   "nonlocal",
	.language = "python",
	.class = "scope",
	.oracles = "contract, sibling",
	.keeps_off = "names the function sets anew, names nobody else uses, names bound on some ways only",
	.danger = DANGER_1,
	.types = types,
	.pattern = "local variable '(?<name>\\w+)'",
	.fix = fix,
	.examples = examples,
};

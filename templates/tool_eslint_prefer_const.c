/*
 * eslint's prefer-const, where eslint itself cannot run -> `const` for `let`. Only for a
 * declaration of one plain name with a value, and only when nothing in the file assigns to that
 * name again; a declaration of several names is for eslint's own repair.
 */
#include "templates/lib_scene.h"

#include "templates/syntax.h"

static const char *const types[] = { "prefer-const", NULL };

/* Is the name assigned or counted up anywhere below? */
static bool is_assigned(const struct syntax *s, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "assignment_expression|augmented_assignment_expression|"
					  "update_expression|for_in_statement", n);
		TSNode target = syntax_field(one, "left");

		if (ts_node_is_null(one))
			return false;
		if (ts_node_is_null(target))
			target = syntax_field(one, "argument");
		for (unsigned i = 0;; i++) {
			TSNode word = syntax_below(target, "identifier|shorthand_property_identifier_pattern", i);

			if (ts_node_is_null(word))
				break;
			if (str_equal(syntax_text(s, word), name) &&
			    ts_node_is_null(syntax_up(word, "member_expression|subscript_expression")))
				return true;
		}
	}
}

/* The `let` of the declaration whose one name is at the line; null with a reason. */
static TSNode let_at(const struct syntax *s, const struct diagnostic *finding, const char **why)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "lexical_declaration", n), declarator, name;

		*why = "the declaration is not on its line";
		if (ts_node_is_null(one))
			return one;
		declarator = syntax_below(one, "variable_declarator", 0);
		name = syntax_field(declarator, "name");
		if (syntax_line(name) != finding->line ||
		    ts_node_start_point(name).column + 1 != finding->column)
			continue;
		*why = "it declares several names, or one without a value";
		if (ts_node_named_child_count(one) != 1 || !syntax_type_is(name, "identifier") ||
		    ts_node_is_null(syntax_field(declarator, "value")) ||
		    !syntax_type_is(ts_node_child(one, 0), "let"))
			return (TSNode){0};
		*why = "the name is assigned again";
		return is_assigned(s, syntax_text(s, name)) ? (TSNode){0} : ts_node_child(one, 0);
	}
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file), *why = NULL;
	struct edits edits = { .arena = scene->arena };
	struct str text, after;

	if (!path || !syntax_language(path) || !scene_read(scene, path, &text))
		return template_decline(scene, "the finding is in no file of the repository that can be parsed");
	SYNTAX s = syntax_open(scene->arena, syntax_language(path), text);

	if (!s || s->errors)
		return template_decline(scene, "%s cannot be parsed", path);
	for (size_t i = 0; i < scene->report->diagnostic_count; i++) {
		const struct diagnostic *one = &scene->report->diagnostics[i];
		TSNode let;

		if (!one->tool || strcmp(one->tool, "eslint") != 0 || !one->code ||
		    strcmp(one->code, "prefer-const") != 0 || !one->file || !scene_path(scene, one->file) ||
		    strcmp(scene_path(scene, one->file), path) != 0)
			continue;
		let = let_at(s, one, &why);
		if (ts_node_is_null(let))
			return template_decline(scene, "line %u: %s", one->line, why);
		edit_node(&edits, let, STR("const"));
	}
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TOOL, "eslint names declarations in %s that nothing assigns to "
					     "again.", path), path, after);
}

static const struct example examples[] = {
	{
		.name = "two of three",
		.log =
		"\n"
		"/home/runner/work/shop/shop/src/slots.js\n"
		"  2:7  error  'opens' is never reassigned. Use 'const' instead   "
		"prefer-const\n"
		"  4:7  error  'closes' is never reassigned. Use 'const' instead  "
		"prefer-const\n"
		"\n"
		"✖ 2 problems (2 errors, 0 warnings)\n"
		"  2 errors and 0 warnings potentially fixable with the `--fix` option.\n"
		"\n",
		.file = {
			{ "src/slots.js",
			  "function slots(day) {\n"
			  "  let opens = day.opens;\n"
			  "  let at = opens;\n"
			  "  let closes = day.closes;\n"
			  "  while (at < closes) at += 1;\n"
			  "  return at;\n"
			  "}\n",
			  "function slots(day) {\n"
			  "  const opens = day.opens;\n"
			  "  let at = opens;\n"
			  "  const closes = day.closes;\n"
			  "  while (at < closes) at += 1;\n"
			  "  return at;\n"
			  "}\n" },
		},
	},
	{
		.name = "two names in one declaration",
		.log =
		"\n"
		"/home/runner/work/shop/shop/src/slots.js\n"
		"  1:5  error  'a' is never reassigned. Use 'const' instead   "
		"prefer-const\n"
		"\n"
		"✖ 1 problem (1 error, 0 warnings)\n"
		"  1 error and 0 warnings potentially fixable with the `--fix` option.\n"
		"\n",
		.file = {
			{ "src/slots.js",
			  "let a = 1, b = 2;\n"
			  "b += a;\n",
			  NULL },
		},
		.declines = "several names",
	},
	{
		.name = "it is assigned again",
		.log =
		"\n"
		"/home/runner/work/shop/shop/src/slots.js\n"
		"  1:5  error  'a' is never reassigned. Use 'const' instead   "
		"prefer-const\n"
		"\n"
		"✖ 1 problem (1 error, 0 warnings)\n"
		"  1 error and 0 warnings potentially fixable with the `--fix` option.\n"
		"\n",
		.file = {
			{ "src/slots.js",
			  "let a = 1;\n"
			  "a = 2;\n",
			  NULL },
		},
		.declines = "assigned again",
	},
	{0}
};

const struct template template_tool_eslint_prefer_const = {
	.name = "tool_eslint_prefer_const",
	.summary = "eslint's prefer-const -> const for let",
	.class = "linter",
	.oracles = "the checker itself",
	.keeps_off = "several names in one declaration; names that are assigned again",
	.danger = DANGER_0,
	.reading = true,
	.tool = "eslint",
	.types = types,
	.fix = fix,
	.examples = examples,
};

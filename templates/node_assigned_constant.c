/*
 * "Assignment to constant variable" -> let, where a const of a function is assigned in that same
 * function. Keeps off constants of a module and of a loop, imports, and names written in capitals:
 * there the assignment is what is wrong.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_scene.h"

/* The name that is assigned on the line: x = 1, x += 1, x++. */
static TSNode assigned(const struct js_file *file)
{
	const TSNode none = {{0}, NULL, NULL};
	TSNode found = none;
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(file->s->root, "assignment_expression|augmented_assignment_expression|"
					  "update_expression", n), left, name;

		if (ts_node_is_null(one))
			return count == 1 ? found : none;
		left = syntax_type_is(one, "update_expression") ? syntax_field(one, "argument") :
			syntax_field(one, "left");
		if (syntax_line(left) != file->scene->failure->line || !syntax_type_is(left, "identifier") ||
		    !js_sees(file->s, one, syntax_text(file->s, left), &name) ||
		    !str_starts(syntax_text(file->s, syntax_up(name, "lexical_declaration|program")), "const"))
			continue;
		found = left;
		count++;
	}
}

static bool in_capitals(struct str name)
{
	for (size_t i = 0; i < name.size; i++)
		if (name.at[i] >= 'a' && name.at[i] <= 'z')
			return false;
	return true;
}

static void fix(struct scene *scene)
{
	TSNode use, name, declaration, around;
	struct str text;
	JS_FILE file;

	if (!js_file_of_failure(&file, scene))
		return;
	use = assigned(&file);
	if (ts_node_is_null(use))
		return template_decline(scene, "line %u assigns no single constant", scene->failure->line);
	text = syntax_text(file.s, use);
	js_sees(file.s, use, text, &name);
	declaration = syntax_up(name, "lexical_declaration|program");
	around = js_function_around(declaration);
	if (ts_node_is_null(around) || in_capitals(text))
		return template_decline(scene, "%.*s is meant to be constant", STR_ARG(text));
	if (!ts_node_eq(around, js_function_around(use)))
		return template_decline(scene, "%.*s belongs to another function", STR_ARG(text));
	if (!syntax_type_is(ts_node_parent(declaration), "statement_block|for_statement") ||
	    ts_node_named_child_count(declaration) != 1 || !syntax_type_is(ts_node_parent(name),
									   "variable_declarator"))
		return template_decline(scene, "%.*s is declared with others", STR_ARG(text));
	edit_replace(&file.edits, ts_node_start_byte(declaration), ts_node_start_byte(declaration) + 5,
		     STR("let"));
	js_file_propose(&file, ORACLE_CONTRACT,
			arena_printf(scene->arena, "Declares %.*s with let: the same function assigns it "
				     "again.", STR_ARG(text)));
}

static const struct example examples[] = {
	{
		.name = "assigned in a branch",
		.log =
			"/src/src/app.js:4\n    price = x / 2;\n          ^\n\n"
			"TypeError: Assignment to constant variable.\n    at half (/src/src/app.js:4:11)\n"
			"    at Object.<anonymous> (/src/src/app.js:9:13)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "function half(x, child) {\n  const price = x;\n  if (child) {\n    price = x / 2;\n  }\n"
			  "  return price;\n}\n\nconsole.log(half(4, true));\n",
			  "function half(x, child) {\n  let price = x;\n  if (child) {\n    price = x / 2;\n  }\n"
			  "  return price;\n}\n\nconsole.log(half(4, true));\n" },
		},
	},
	{
		.name = "counted up in a loop",
		.log =
			"/src/src/app.js:3\n  for (const one of list) found += one;\n"
			"                                ^\n\nTypeError: Assignment to constant variable.\n"
			"    at count (/src/src/app.js:3:33)\n    at Object.<anonymous> (/src/src/app.js:7:13)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "function count(list) {\n  const found = 0;\n  for (const one of list) found += one;\n"
			  "  return found;\n}\n\nconsole.log(count([1, 2]));\n",
			  "function count(list) {\n  let found = 0;\n  for (const one of list) found += one;\n"
			  "  return found;\n}\n\nconsole.log(count([1, 2]));\n" },
		},
	},
	{
		.name = "a constant of the module",
		.log =
			"/src/src/app.js:4\n  limit = 4;\n        ^\n\n"
			"TypeError: Assignment to constant variable.\n    at raise (/src/src/app.js:4:9)\n"
			"    at Object.<anonymous> (/src/src/app.js:7:1)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "const limit = 3;\n\nfunction raise() {\n  limit = 4;\n}\n\nraise();\n",
			  NULL },
		},
		.declines = "meant to be constant",
	},
	{
		.name = "in capitals",
		.log =
			"/src/src/app.js:3\n  if (x) LIMIT = 4;\n               ^\n\n"
			"TypeError: Assignment to constant variable.\n    at raise (/src/src/app.js:3:16)\n"
			"    at Object.<anonymous> (/src/src/app.js:7:1)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "function raise(x) {\n  const LIMIT = 3;\n  if (x) LIMIT = 4;\n  return LIMIT;\n}\n\n"
			  "raise(1);\n",
			  NULL },
		},
		.declines = "meant to be constant",
	},
	{0}
};

const struct template template_node_assigned_constant = {
	.name = "node_assigned_constant",
	.summary = "a const of a function is assigned again in it -> let",
	.language = "node",
	.class = "declaration",
	.oracles = "the language: what is assigned twice is no constant",
	.keeps_off = "constants of a module, imports, names in capitals, other functions' constants",
	.danger = DANGER_1,
	.pattern = "^Assignment to constant variable",
	.fix = fix,
	.examples = examples,
};

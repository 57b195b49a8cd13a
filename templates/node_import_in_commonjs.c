/*
 * import and export in a CommonJS package -> require and module.exports, where the other sources
 * have these. Keeps off what CommonJS cannot say: top-level await, import.meta, exports that
 * change, and a default export beside named ones.
 */
#include "templates/lib_js_file.h"
#include "templates/lib_js_kind.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

enum { NAMES_MAX = 64 };

struct turn {
	struct js_file *file;
	struct str names[NAMES_MAX];	/* of module.exports */
	size_t count;
	struct str whole;		/* module.exports = this */
	char const *end;		/* of a statement */
};

/* import { a as b } from 'm' -> const { a: b } = require('m') */
static bool turn_import(struct turn *turn, TSNode statement)
{
	struct arena *a = turn->file->scene->arena;
	const struct syntax *s = turn->file->s;
	TSNode clause = syntax_below(statement, "import_clause", 0), inner;
	struct text names = TEXT(a);
	struct str module = syntax_text(s, syntax_field(statement, "source"));

	if (ts_node_is_null(clause)) {
		edit_node(&turn->file->edits, statement, str_of(arena_printf(a, "require(%.*s)%s",
			  STR_ARG(module), turn->end)));
		return true;
	}
	inner = ts_node_named_child(clause, 0);
	if (ts_node_named_child_count(clause) != 1)
		return false;
	if (syntax_type_is(inner, "named_imports")) {
		text_adds(&names, "{ ");
		for (uint32_t i = 0; i < ts_node_named_child_count(inner); i++) {
			TSNode one = ts_node_named_child(inner, i), alias = syntax_field(one, "alias");

			text_addf(&names, "%s%.*s", i ? ", " : "",
				  STR_ARG(syntax_text(s, syntax_field(one, "name"))));
			if (!ts_node_is_null(alias))
				text_addf(&names, ": %.*s", STR_ARG(syntax_text(s, alias)));
		}
		text_adds(&names, " }");
	} else {
		if (syntax_type_is(inner, "namespace_import"))
			inner = ts_node_named_child(inner, 0);
		text_add(&names, syntax_text(s, inner));
	}
	edit_node(&turn->file->edits, statement,
		  str_of(arena_printf(a, "const %s = require(%.*s)%s", text_cstr(&names), STR_ARG(module),
				      turn->end)));
	return true;
}

static bool add_name(struct turn *turn, struct str name)
{
	if (!name.size || turn->count == NAMES_MAX)
		return false;
	turn->names[turn->count++] = name;
	return true;
}

/* export { a, b as c } */
static bool turn_clause(struct turn *turn, TSNode statement, TSNode clause)
{
	const struct syntax *s = turn->file->s;

	for (uint32_t i = 0; i < ts_node_named_child_count(clause); i++) {
		TSNode one = ts_node_named_child(clause, i), alias = syntax_field(one, "alias");
		struct str name = syntax_text(s, syntax_field(one, "name"));

		if (!ts_node_is_null(alias))
			name = str_of(arena_printf(turn->file->scene->arena, "%.*s: %.*s",
						   STR_ARG(syntax_text(s, alias)), STR_ARG(name)));
		if (!add_name(turn, name))
			return false;
	}
	edit_replace(&turn->file->edits, ts_node_start_byte(statement),
		     line_end(s->text, ts_node_end_byte(statement)), STR_NONE);
	return true;
}

static bool turn_export(struct turn *turn, TSNode statement)
{
	const struct syntax *s = turn->file->s;
	TSNode declaration = syntax_field(statement, "declaration"), first, value;
	size_t start = ts_node_start_byte(statement);

	if (!ts_node_is_null(syntax_field(statement, "source")))
		return false;
	value = syntax_field(statement, "value");
	if (!ts_node_is_null(value)) {
		turn->whole = STR("module.exports = ");
		edit_replace(&turn->file->edits, start, ts_node_start_byte(value), turn->whole);
		return true;
	}
	first = ts_node_named_child(statement, 0);
	if (syntax_type_is(first, "export_clause"))
		return turn_clause(turn, statement, first);
	if (ts_node_is_null(declaration))
		return false;
	if (str_starts(syntax_text(s, statement), "export default")) {
		turn->whole = syntax_text(s, syntax_field(declaration, "name"));
		if (!turn->whole.size)
			return false;
	} else if (syntax_type_is(declaration, "lexical_declaration")) {
		TSNode one = ts_node_named_child(declaration, 0);

		if (!str_starts(syntax_text(s, declaration), "const") ||
		    ts_node_named_child_count(declaration) != 1 ||
		    !syntax_type_is(syntax_field(one, "name"), "identifier") ||
		    !add_name(turn, syntax_text(s, syntax_field(one, "name"))))
			return false;
	} else if (!add_name(turn, syntax_text(s, syntax_field(declaration, "name")))) {
		return false;
	}
	edit_replace(&turn->file->edits, start, ts_node_start_byte(declaration), STR_NONE);
	return true;
}

static void add_exports(struct turn *turn)
{
	struct text out = TEXT(turn->file->scene->arena);
	struct str text = turn->file->s->text;
	size_t end = text.size;

	if (turn->whole.size && !str_starts(turn->whole, "module.exports"))
		text_addf(&out, "\nmodule.exports = %.*s%s\n", STR_ARG(turn->whole), turn->end);
	for (size_t i = 0; i < turn->count; i++)
		text_addf(&out, "%s%.*s", i ? ", " : "\nmodule.exports = { ", STR_ARG(turn->names[i]));
	if (turn->count)
		text_addf(&out, " }%s\n", turn->end);
	if (out.size)
		edit_replace(&turn->file->edits, end, end, text_str(&out));
}

static bool turn_all(struct turn *turn)
{
	TSNode root = turn->file->s->root;

	for (uint32_t i = 0; i < ts_node_named_child_count(root); i++) {
		TSNode one = ts_node_named_child(root, i);

		if ((syntax_type_is(one, "import_statement") && !turn_import(turn, one)) ||
		    (syntax_type_is(one, "export_statement") && !turn_export(turn, one))) {
			template_decline(turn->file->scene, "line %u has no such form in CommonJS",
					 syntax_line(one));
			return false;
		}
	}
	if (turn->whole.size && turn->count) {
		template_decline(turn->file->scene, "it has a default export and others");
		return false;
	}
	add_exports(turn);
	return true;
}

static bool awaits_at_the_top(const struct syntax *s)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "await_expression", n);

		if (ts_node_is_null(one))
			return false;
		if (ts_node_is_null(js_function_around(one)))
			return true;
	}
}

static void fix(struct scene *scene)
{
	struct turn turn = {0};
	struct js_kinds kinds;
	struct str type;
	JS_FILE file;

	if (!js_file_of_failure(&file, scene))
		return;
	type = js_package_type(scene, file.path);
	js_kinds_of(scene, file.path, &kinds);
	if (!str_ends(str_of(file.path), ".js") || str_is(type, "module"))
		return template_decline(scene, "%s is an ES module: what runs it does not know", file.path);
	if (!kinds.cjs || kinds.esm)
		return template_decline(scene, "the other sources are not all CommonJS: the package's type may "
					"be wrong");
	if (str_has(file.s->text, "import.meta") || awaits_at_the_top(file.s))
		return template_decline(scene, "%s uses what only an ES module has", file.path);
	turn.file = &file;
	turn.end = js_semicolons(file.s) ? ";" : "";
	if (kinds.strict && !str_has(str_slice(file.s->text, 0, 16), "use strict"))
		edit_replace(&file.edits, 0, 0, str_of(arena_printf(scene->arena, "'use strict'%s\n\n",
								    turn.end)));
	if (turn_all(&turn))
		js_file_propose(&file, ORACLE_SIBLING, "Requires and exports as the other sources of this "
				"CommonJS package do.");
}

static const struct example examples[] = {
	{
		.name = "one file among others that require",
		.log =
			"(node:12250) Warning: To load an ES module, set \"type\": \"module\" in the package.json or use "
			"the .mjs extension.\n"
			"(Use `node --trace-warnings ...` to show where the warning was created)\n"
			"/src/src/app.js:1\nimport { a as one } from './a';\n^^^^^^\n\n"
			"SyntaxError: Cannot use import statement outside a module\n"
			"    at wrapSafe (node:internal/modules/cjs/loader:1464:18)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/a.js",
			  "'use strict';\n\nmodule.exports = { a: 1 };\n",
			  NULL },
			{ "src/app.js",
			  "import { a as one } from './a';\nimport fs from 'node:fs';\n\nexport function have() {\n"
			  "  return fs.existsSync('x') ? one : 0;\n}\n\nexport const LIMIT = 3;\n",
			  "'use strict';\n\nconst { a: one } = require('./a');\nconst fs = require('node:fs');\n\n"
			  "function have() {\n  return fs.existsSync('x') ? one : 0;\n}\n\nconst LIMIT = 3;\n\n"
			  "module.exports = { have, LIMIT };\n" },
		},
	},
	{
		.name = "exports only",
		.log =
			"(node:12277) Warning: To load an ES module, set \"type\": \"module\" in the package.json or use "
			"the .mjs extension.\n"
			"(Use `node --trace-warnings ...` to show where the warning was created)\n"
			"/src/src/app.js:1\nexport default function have() {\n^^^^^^\n\n"
			"SyntaxError: Unexpected token 'export'\n"
			"    at wrapSafe (node:internal/modules/cjs/loader:1464:18)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/a.js",
			  "module.exports = { a: 1 };\n",
			  NULL },
			{ "src/app.js",
			  "export default function have() {\n  return 1;\n}\n",
			  "function have() {\n  return 1;\n}\n\nmodule.exports = have;\n" },
		},
	},
	{
		.name = "the others import too",
		.log =
			"(node:12301) Warning: To load an ES module, set \"type\": \"module\" in the package.json or use "
			"the .mjs extension.\n"
			"(Use `node --trace-warnings ...` to show where the warning was created)\n"
			"/src/src/app.js:1\nimport { a } from './a.js';\n^^^^^^\n\n"
			"SyntaxError: Cannot use import statement outside a module\n"
			"    at wrapSafe (node:internal/modules/cjs/loader:1464:18)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/a.js",
			  "export const a = 1;\n",
			  NULL },
			{ "src/app.js",
			  "import { a } from './a.js';\n\nconsole.log(a);\n",
			  NULL },
		},
		.declines = "the package's type may be wrong",
	},
	{
		.name = "it knows where it lies",
		.log =
			"(node:12324) Warning: To load an ES module, set \"type\": \"module\" in the package.json or use "
			"the .mjs extension.\n"
			"(Use `node --trace-warnings ...` to show where the warning was created)\n"
			"/src/src/app.js:1\nimport { a } from './a.js';\n^^^^^^\n\n"
			"SyntaxError: Cannot use import statement outside a module\n"
			"    at wrapSafe (node:internal/modules/cjs/loader:1464:18)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/a.js",
			  "'use strict';\n\nmodule.exports = { a: 1 };\n",
			  NULL },
			{ "src/app.js",
			  "import { a } from './a.js';\n\nconsole.log(a, import.meta.url);\n",
			  NULL },
		},
		.declines = "only an ES module has",
	},
	{0}
};

const struct template template_node_import_in_commonjs = {
	.name = "node_import_in_commonjs",
	.summary = "import and export in a CommonJS package -> require and module.exports",
	.language = "node",
	.class = "module kind",
	.oracles = "the other sources of the package",
	.keeps_off = "packages with both kinds, top-level await, import.meta, exports that change",
	.danger = DANGER_1,
	.pattern = "^(?:Cannot use import statement outside a module|Unexpected token 'export')$",
	.fix = fix,
	.examples = examples,
};

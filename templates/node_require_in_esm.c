/*
 * require in an ES module -> the imports that say the same, where the other sources of the package
 * are ES modules. Keeps off requires that are not at the top level, of JSON, and of a whole module
 * of which it is not plain how it is imported.
 */
#include "templates/lib_js_file.h"
#include "templates/lib_js_kind.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

/* The specifier with its ending, and the syntax of the file when it is one of the repository. */
static bool whole_name(const struct js_file *file, struct str module, struct str *out,
		       struct syntax **target)
{
	const char *path;
	struct str text;

	*out = module;
	*target = NULL;
	if (!str_starts(module, "."))
		return !str_ends(module, ".json");
	path = js_resolve(file->scene, file->path, module);
	if (!path || !scene_read(file->scene, path, &text) || !str_ends(str_of(path), "s"))
		return false;
	*target = syntax_open(file->scene->arena, syntax_language(path), text);
	*out = str_of(js_spell(file->scene, file->path, file->s, path));
	if (!str_ends(*out, "s"))
		*out = str_of(arena_printf(file->scene->arena, "%.*s%s", STR_ARG(module),
					   path + strlen(path) - 3));
	return *target != NULL;
}

/* { a, b: c } as { a, b as c }; empty when the module does not export them all. */
static struct str names_of(const struct js_file *file, TSNode pattern, const struct syntax *target)
{
	struct text out = TEXT(file->scene->arena);

	text_adds(&out, "{ ");
	for (uint32_t i = 0; i < ts_node_named_child_count(pattern); i++) {
		TSNode one = ts_node_named_child(pattern, i), key = one, value = one;

		if (syntax_type_is(one, "pair_pattern")) {
			key = syntax_field(one, "key");
			value = syntax_field(one, "value");
		}
		if (!syntax_type_is(value, "identifier|shorthand_property_identifier_pattern") ||
		    (target && !js_exports(target, syntax_text(file->s, key))))
			return STR_NONE;
		text_addf(&out, "%s%.*s", i ? ", " : "", STR_ARG(syntax_text(file->s, key)));
		if (!ts_node_eq(key, value))
			text_addf(&out, " as %.*s", STR_ARG(syntax_text(file->s, value)));
	}
	text_adds(&out, " }");
	return text_str(&out);
}

/* What is imported by `const PATTERN = require(...)`: a clause; empty when it is not plain. */
static struct str clause_of(const struct js_file *file, TSNode pattern, const struct syntax *target)
{
	struct arena *a = file->scene->arena;
	struct str name = syntax_text(file->s, pattern);

	if (syntax_type_is(pattern, "object_pattern"))
		return names_of(file, pattern, target);
	if (!syntax_type_is(pattern, "identifier"))
		return STR_NONE;
	if (!target || js_exports(target, STR("default")) || str_has(target->text, "module.exports"))
		return name;
	return str_of(arena_printf(a, "* as %.*s", STR_ARG(name)));
}

static bool mend_require(struct js_file *file, TSNode call)
{
	TSNode outer = ts_node_parent(call), statement, string;
	struct str module, clause = STR_NONE, quoted;
	struct syntax *target;
	const char *end = js_semicolons(file->s) ? ";" : "";
	bool bare = syntax_type_is(outer, "expression_statement"), good;

	statement = bare ? outer : ts_node_parent(outer);
	string = ts_node_named_child(syntax_field(call, "arguments"), 0);
	if (!syntax_type_is(ts_node_parent(statement), "program") || !syntax_type_is(string, "string") ||
	    (!bare && (!syntax_type_is(outer, "variable_declarator") ||
		       ts_node_named_child_count(statement) != 1)))
		return false;
	quoted = syntax_text(file->s, string);
	if (quoted.size < 3 || !whole_name(file, str_slice(quoted, 1, quoted.size - 2), &module, &target))
		return false;
	if (!bare)
		clause = clause_of(file, syntax_field(outer, "name"), target);
	good = bare || clause.size > 0;
	if (good)
		edit_node(&file->edits, statement, str_of(arena_printf(file->scene->arena,
			  "import %.*s%s%c%.*s%c%s", STR_ARG(clause), bare ? "" : " from ", quoted.at[0],
			  STR_ARG(module), quoted.at[0], end)));
	syntax_close(&target);
	return good;
}

static void fix(struct scene *scene)
{
	struct js_kinds kinds;
	unsigned mended = 0;
	JS_FILE file;

	if (!js_file_of_failure(&file, scene))
		return;
	js_kinds_of(scene, file.path, &kinds);
	if (!str_ends(str_of(file.path), ".mjs") && (!kinds.esm || kinds.cjs > kinds.esm))
		return template_decline(scene, "no other source is an ES module: the package's type may be wrong");
	if (str_has(file.s->text, "module.exports") || str_has(file.s->text, "exports."))
		return template_decline(scene, "%s exports as CommonJS too", file.path);
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(file.s->root, "call_expression", n);

		if (ts_node_is_null(call))
			break;
		if (!str_is(syntax_text(file.s, syntax_field(call, "function")), "require"))
			continue;
		if (!mend_require(&file, call))
			return template_decline(scene, "line %u requires in another way than an import can",
						syntax_line(call));
		mended++;
	}
	if (!mended)
		return template_decline(scene, "%s calls no require", file.path);
	js_file_propose(&file, ORACLE_SIBLING, "Imports instead of requiring: the package and its other "
			"sources are ES modules.");
}

static const struct example examples[] = {
	{
		.name = "node's own module, a file, and names",
		.log =
			"file:///src/src/app.js:1\nconst fs = require('node:fs');\n           ^\n\n"
			"ReferenceError: require is not defined in ES module scope, you can use import instead\n"
			"This file is being treated as an ES module because it has a '.js' file extension and "
			"'/src/package.json' contains \"type\": \"module\". To treat it as a CommonJS script, rename it "
			"to use the '.cjs' file extension.\n    at file:///src/src/app.js:1:12\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/a.js",
			  "export const a = 1;\n",
			  NULL },
			{ "src/app.js",
			  "const fs = require('node:fs');\n"
			  "const { join, dirname: folder } = require('node:path');\nconst { a } = require('./a');\n"
			  "\nconsole.log(fs.existsSync(join(folder('.'), 'x')), a);\n",
			  "import fs from 'node:fs';\nimport { join, dirname as folder } from 'node:path';\n"
			  "import { a } from './a.js';\n\nconsole.log(fs.existsSync(join(folder('.'), 'x')), a);\n" },
		},
	},
	{
		.name = "inside a function",
		.log =
			"file:///src/src/app.js:2\n  return require(name);\n  ^\n\n"
			"ReferenceError: require is not defined in ES module scope, you can use import instead\n"
			"This file is being treated as an ES module because it has a '.js' file extension and "
			"'/src/package.json' contains \"type\": \"module\". To treat it as a CommonJS script, rename it "
			"to use the '.cjs' file extension.\n    at load (file:///src/src/app.js:2:3)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/a.js",
			  "export const a = 1;\n",
			  NULL },
			{ "src/app.js",
			  "export function load(name) {\n  return require(name);\n}\n\nload('./a.js');\n",
			  NULL },
		},
		.declines = "in another way than an import can",
	},
	{
		.name = "no source is an ES module",
		.log =
			"file:///src/src/app.js:1\nconst b = require('./b');\n          ^\n\n"
			"ReferenceError: require is not defined in ES module scope, you can use import instead\n"
			"This file is being treated as an ES module because it has a '.js' file extension and "
			"'/src/package.json' contains \"type\": \"module\". To treat it as a CommonJS script, rename it "
			"to use the '.cjs' file extension.\n    at file:///src/src/app.js:1:11\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/b.js",
			  "module.exports = 1;\n",
			  NULL },
			{ "src/app.js",
			  "const b = require('./b');\n\nconsole.log(b);\n",
			  NULL },
		},
		.declines = "the package's type may be wrong",
	},
	{0}
};

const struct template template_node_require_in_esm = {
	.name = "node_require_in_esm",
	.summary = "an ES module calls require -> the imports that say the same",
	.language = "node",
	.class = "module kind",
	.oracles = "the other sources of the package; what the required files export",
	.keeps_off = "requires inside functions, of JSON; packages whose sources are not ES modules",
	.danger = DANGER_1,
	.pattern = "^require is not defined(?: in ES module scope|$)",
	.fix = fix,
	.examples = examples,
};

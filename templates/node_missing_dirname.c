/*
 * __dirname or __filename in an ES module -> a constant of that name from import.meta.url, as node's
 * manual has it. The working folder would be something else. Keeps off CommonJS and TypeScript,
 * where the name is there or the compiler decides.
 */
#include "templates/lib_js_file.h"
#include "templates/lib_js_names.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

/* "dirname", or "path.dirname" where the file has the whole module. */
static const char *function_of(struct js_file *file, const char *module, const char *name)
{
	struct arena *a = file->scene->arena;
	struct js_binding *list = arena_array(a, struct js_binding, JS_BINDINGS_MAX);
	size_t count = js_bindings(file->s, list);
	const char *prefix = str_has(file->s->text, "'node:") || str_has(file->s->text, "\"node:") || !count ?
		"node:" : "";
	struct js_binding want = { .name = str_of(name), .local = str_of(name) };

	for (size_t i = 0; i < count; i++) {
		struct str from = list[i].module;

		str_skip(&from, "node:");
		if (!str_is(from, module))
			continue;
		if (word_among(list[i].name, "* default"))
			return arena_printf(a, "%.*s.%s", STR_ARG(list[i].local), name);
		if (str_is(list[i].name, name))
			return str_text(a, list[i].local);
		want.module = list[i].module;
	}
	if (!want.module.size)
		want.module = str_of(arena_printf(a, "%s%s", prefix, module));
	js_bind(&file->edits, file->s, true, &want);
	return name;
}

static void fix(struct scene *scene)
{
	struct str name = scene_group(scene, "name");
	const char *to_path, *folder = NULL, *line, *end;
	bool fresh;
	JS_FILE file;
	size_t at;

	if (!js_file_of_failure(&file, scene))
		return;
	if (!js_is_esm(scene, file.path, file.s) || !str_is(str_of(file.s->language), "javascript"))
		return template_decline(scene, "%s is no ES module as node runs it", file.path);
	if (js_declares(file.s, name) || !text_has_word(file.s->text, str_text(scene->arena, name)))
		return template_decline(scene, "%s has its own %.*s", file.path, STR_ARG(name));
	if (js_declares(file.s, STR("dirname")) != text_has_word(file.s->text, "dirname") &&
	    js_declares(file.s, STR("fileURLToPath")))
		return template_decline(scene, "%s has another dirname", file.path);
	end = js_semicolons(file.s) ? ";" : "";
	if (str_is(name, "__dirname"))
		folder = function_of(&file, "path", "dirname");
	to_path = function_of(&file, "url", "fileURLToPath");
	at = js_import_place(file.s, &fresh);
	line = folder ? arena_printf(scene->arena, "const __dirname = %s(%s(import.meta.url))%s\n", folder,
				     to_path, end) :
		arena_printf(scene->arena, "const __filename = %s(import.meta.url)%s\n", to_path, end);
	edit_replace(&file.edits, at, at,
		     str_of(arena_printf(scene->arena, "%s%s", fresh ? "" : "\n", line)));
	if (fresh && at < file.s->text.size && file.s->text.at[at] != '\n')
		edit_replace(&file.edits, at, at, STR("\n"));
	js_file_propose(&file, ORACLE_CONTRACT,
			arena_printf(scene->arena, "Makes %.*s from import.meta.url: ES modules do not have "
				     "it.", STR_ARG(name)));
}

static const struct example examples[] = {
	{
		.name = "beside other functions of path",
		.log =
			"file:///src/src/app.js:3\nconsole.log(join(__dirname, 'x'));\n                 ^\n\n"
			"ReferenceError: __dirname is not defined in ES module scope\n"
			"This file is being treated as an ES module because it has a '.js' file extension and "
			"'/src/package.json' contains \"type\": \"module\". To treat it as a CommonJS script, rename it "
			"to use the '.cjs' file extension.\n    at file:///src/src/app.js:3:18\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/app.js",
			  "import { join } from 'node:path';\n\nconsole.log(join(__dirname, 'x'));\n",
			  "import { dirname, join } from 'node:path';\nimport { fileURLToPath } from 'node:url';\n"
			  "\nconst __dirname = dirname(fileURLToPath(import.meta.url));\n\n"
			  "console.log(join(__dirname, 'x'));\n" },
		},
	},
	{
		.name = "the whole of path is there",
		.log =
			"file:///src/src/app.js:3\nconsole.log(path.join(__dirname, 'x'));\n"
			"                      ^\n\nReferenceError: __dirname is not defined in ES module scope\n"
			"This file is being treated as an ES module because it has a '.js' file extension and "
			"'/src/package.json' contains \"type\": \"module\". To treat it as a CommonJS script, rename it "
			"to use the '.cjs' file extension.\n    at file:///src/src/app.js:3:23\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/app.js",
			  "import path from 'path';\n\nconsole.log(path.join(__dirname, 'x'));\n",
			  "import path from 'path';\nimport { fileURLToPath } from 'url';\n\n"
			  "const __dirname = path.dirname(fileURLToPath(import.meta.url));\n\n"
			  "console.log(path.join(__dirname, 'x'));\n" },
		},
	},
	{
		.name = "the name of the file",
		.log =
			"file:///src/src/app.js:1\nconsole.log(__filename);\n            ^\n\n"
			"ReferenceError: __filename is not defined in ES module scope\n"
			"This file is being treated as an ES module because it has a '.js' file extension and "
			"'/src/package.json' contains \"type\": \"module\". To treat it as a CommonJS script, rename it "
			"to use the '.cjs' file extension.\n    at file:///src/src/app.js:1:13\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/app.js",
			  "console.log(__filename);\n\nexport const app = 1;\n",
			  "import { fileURLToPath } from 'node:url';\n\n"
			  "const __filename = fileURLToPath(import.meta.url);\n\nconsole.log(__filename);\n\n"
			  "export const app = 1;\n" },
		},
	},
	{
		.name = "a test",
		.log =
			"file:///src/test/app.test.js:1\nconsole.log(__dirname);\n            ^\n\n"
			"ReferenceError: __dirname is not defined in ES module scope\n"
			"This file is being treated as an ES module because it has a '.js' file extension and "
			"'/src/package.json' contains \"type\": \"module\". To treat it as a CommonJS script, rename it "
			"to use the '.cjs' file extension.\n    at file:///src/test/app.test.js:1:13\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "test/app.test.js",
			  "console.log(__dirname);\n",
			  NULL },
		},
		.declines = "tests are not changed",
	},
	{0}
};

const struct template template_node_missing_dirname = {
	.name = "node_missing_dirname",
	.summary = "an ES module uses __dirname or __filename -> a constant from import.meta.url",
	.language = "node",
	.class = "module kind",
	.oracles = "the manual of node",
	.keeps_off = "CommonJS and TypeScript, files that have a name like it",
	.danger = DANGER_1,
	.pattern = "^(?<name>__dirname|__filename) is not defined(?: in ES module scope|$)",
	.fix = fix,
	.examples = examples,
};

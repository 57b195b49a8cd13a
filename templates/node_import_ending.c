/*
 * An ES module is imported without its ending, or by its folder -> the whole name of the file, for
 * all such imports of the file and of the next files that have them too: node names only the first.
 * Keeps off where the file is not there with any ending.
 */
#include "templates/lib_js_names.h"
#include "templates/lib_js_path.h"
#include "templates/lib_js_set.h"

#include "templates/lib_module.h"
#include "templates/lib_scene.h"

static const char *const endings[] = { ".js", ".mjs", ".cjs", "/index.js", "/index.mjs", NULL };

/* The ending that the target lacks, when exactly one file has it. */
static const char *lacking(const struct scene *scene, const char *target)
{
	const char *found = NULL;

	if (!target || tree_has(scene->tree, target))
		return NULL;
	for (size_t i = 0; endings[i]; i++) {
		if (!tree_has(scene->tree, arena_printf(scene->arena, "%s%s", target, endings[i])))
			continue;
		if (found)
			return NULL;
		found = endings[i];
	}
	return found;
}

/* Is the string the source of an import or an export, or the argument of import()? */
static bool is_source(TSNode string)
{
	TSNode outer = ts_node_parent(string);

	if (syntax_type_is(outer, "import_statement|export_statement"))
		return true;
	return syntax_type_is(outer, "arguments") &&
	       syntax_type_is(syntax_field(ts_node_parent(outer), "function"), "import");
}

static unsigned mend_file(struct js_file *file)
{
	struct arena *a = file->scene->arena;
	unsigned mended = 0;

	for (unsigned n = 0;; n++) {
		TSNode string = syntax_below(file->s->root, "string", n);
		struct str text;
		const char *ending;

		if (ts_node_is_null(string))
			return mended;
		text = syntax_text(file->s, string);
		if (text.size < 4 || !is_source(string))
			continue;
		text = str_slice(text, 1, text.size - 2);
		ending = lacking(file->scene, module_target(a, file->path, text));
		if (!ending)
			continue;
		str_chop(&text, "/");
		edit_replace(&file->edits, ts_node_start_byte(string) + 1, ts_node_end_byte(string) - 1,
			     str_of(arena_printf(a, "%.*s%s", STR_ARG(text), ending)));
		mended++;
	}
}

static void mend_others(struct js_set *set)
{
	const struct tree *tree = set->scene->tree;

	for (size_t i = 0; i < tree->count && set->count < JS_SET_FILES_MAX; i++) {
		const char *path = tree->entries[i].path;
		struct js_file *file;

		if (!js_is_source(path) || !str_is(str_of(syntax_language(path)), "javascript") ||
		    str_is(str_of(path), set->files[0].path))
			continue;
		file = js_set_file(set, path);
		if (!file || !js_is_esm(set->scene, path, file->s) || !mend_file(file)) {
			if (file)
				js_file_close(file), set->count--;
		}
	}
}

static void fix(struct scene *scene)
{
	struct str from = scene_group(scene, "from");
	struct js_set set = { .scene = scene, .oracle = ORACLE_CONTRACT,
		.why = "Writes the whole names of the files: ES modules are found by them only." };
	struct js_file *file = js_set_file(&set, tree_path(scene->tree, from));

	if (file && !mend_file(file))
		template_decline(scene, "no import of %s lacks just its ending", file->path);
	else if (file)
		mend_others(&set);
	if (file && file->edits.count)
		js_set_propose(&set);
	js_set_close(&set);
}

static const struct example examples[] = {
	{
		.name = "two of one file, one of the next",
		.log =
			"node:internal/modules/esm/resolve:283\n    throw new ERR_MODULE_NOT_FOUND(\n"
			"          ^\n\n"
			"Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/src/src/lib/cart' imported from "
			"/src/src/index.js\n"
			"    at finalizeResolution (node:internal/modules/esm/resolve:283:11)\n"
			"    at moduleResolve (node:internal/modules/esm/resolve:952:10)\n"
			"    at defaultResolve (node:internal/modules/esm/resolve:1188:11)\n"
			"  code: 'ERR_MODULE_NOT_FOUND',\n  url: 'file:///src/src/lib/cart'\n}\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/index.js",
			  "import { total } from './lib/cart';\nimport { tax } from './tax';\n\n"
			  "console.log(total() + tax());\n",
			  "import { total } from './lib/cart.js';\nimport { tax } from './tax.js';\n\n"
			  "console.log(total() + tax());\n" },
			{ "src/lib/cart.js",
			  "export const total = () => 0;\n",
			  NULL },
			{ "src/tax.js",
			  "import { rate } from './rates';\n\nexport const tax = () => rate;\n",
			  "import { rate } from './rates/index.js';\n\nexport const tax = () => rate;\n" },
			{ "src/rates/index.js",
			  "export const rate = 7;\n",
			  NULL },
		},
	},
	{
		.name = "a folder",
		.log =
			"node:internal/modules/esm/resolve:271\n"
			"    throw new ERR_UNSUPPORTED_DIR_IMPORT(path, basePath, String(resolved));\n"
			"          ^\n\n"
			"Error [ERR_UNSUPPORTED_DIR_IMPORT]: Directory import '/src/src/rates' is not supported "
			"resolving ES modules imported from /src/src/index.js\n"
			"    at finalizeResolution (node:internal/modules/esm/resolve:271:11)\n"
			"    at moduleResolve (node:internal/modules/esm/resolve:952:10)\n"
			"    at defaultResolve (node:internal/modules/esm/resolve:1188:11)\n"
			"  code: 'ERR_UNSUPPORTED_DIR_IMPORT',\n  url: 'file:///src/src/rates'\n}\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/index.js",
			  "import { rate } from './rates';\n\nconsole.log(rate);\n",
			  "import { rate } from './rates/index.js';\n\nconsole.log(rate);\n" },
			{ "src/rates/index.js",
			  "export const rate = 7;\n",
			  NULL },
		},
	},
	{
		.name = "no such file with any ending",
		.log =
			"node:internal/modules/esm/resolve:283\n    throw new ERR_MODULE_NOT_FOUND(\n"
			"          ^\n\n"
			"Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/src/src/rates' imported from "
			"/src/src/index.js\n"
			"    at finalizeResolution (node:internal/modules/esm/resolve:283:11)\n"
			"    at moduleResolve (node:internal/modules/esm/resolve:952:10)\n"
			"    at defaultResolve (node:internal/modules/esm/resolve:1188:11)\n"
			"  code: 'ERR_MODULE_NOT_FOUND',\n  url: 'file:///src/src/rates'\n}\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/index.js",
			  "import { rate } from './rates';\n\nconsole.log(rate);\n",
			  NULL },
		},
		.declines = "no import of src/index.js lacks",
	},
	{0}
};

const struct template template_node_import_ending = {
	.name = "node_import_ending",
	.summary = "an ES module is imported without its ending or by its folder -> the file's whole name",
	.language = "node",
	.class = "import",
	.oracles = "the language; the files of the tree",
	.keeps_off = "files that are not there, two files that differ in the ending, imports of tests",
	.danger = DANGER_0,
	.pattern = "(?:^Cannot find module '[^']+'|^Directory import '[^']+' is not supported resolving ES "
		   "modules) imported from '?(?<from>[^'\\s]+)",
	.fix = fix,
	.examples = examples,
};

/*
 * "Cannot find module" -> for a file: its right case, its ending in ES modules, or where it moved
 * to; for a package: the entry that package.json had before, or whose version the lock file
 * holds. Never names a package that neither knows: that is how look-alike packages get in.
 */
#include "git/path.h"
#include "templates/lib_module.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"

#include <jansson.h>

static const char *const endings[] = { "", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".json",
	"/index.js", "/index.mjs", "/index.ts", NULL };

struct import {
	const char *importer;
	struct syntax *s;
	TSNode string;			/* the specifier with its quotes */
	const char *target;		/* what it means in the tree, without ending */
	bool strict;			/* ES modules: the ending must be written */
};

/*
 * Is this file what the target means, but for the case of its letters? Its ending goes to
 * *ending.
 */
static bool same_but_case(struct str path, const char *target, const char **ending)
{
	for (size_t i = 0; endings[i]; i++) {
		struct str stem = path;

		if (!str_chop(&stem, endings[i]) || !str_equal_nocase(stem, str_of(target)))
			continue;
		*ending = endings[i];
		return true;
	}
	return false;
}

/* The one file that the target means when case does not matter; NULL when none or several. */
static const char *by_case(const struct scene *scene, const struct import *import,
			   const char **ending)
{
	const char *found = NULL, *one;

	for (size_t i = 0; i < scene->tree->count; i++) {
		if (!same_but_case(str_of(scene->tree->entries[i].path), import->target, &one))
			continue;
		if (found)
			return NULL;
		found = scene->tree->entries[i].path;
		*ending = one;
	}
	return found;
}

/*
 * The one file of that name in another folder, if it was at the old place before, or others use
 * it.
 */
static const char *by_move(struct scene *scene, const struct import *import, const char **ending)
{
	struct str name = path_name(str_of(import->target));
	const char *found = NULL, *one;

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (!same_but_case(path_name(str_of(path)), str_text(scene->arena, name), &one))
			continue;
		if (found)
			return NULL;
		found = path;
		*ending = one;
	}
	if (!found || js_is_test(found) || scene_is_aside(found, import->importer))
		return NULL;
	for (size_t i = 0; scene->parent && endings[i]; i++)
		if (tree_has(scene->parent, arena_printf(scene->arena, "%s%s", import->target,
							 endings[i])))
			return found;
	return module_is_imported(scene, found, import->importer) ? found : NULL;
}

static void mend_path(struct scene *scene, const struct import *import)
{
	struct edits edits = { .arena = scene->arena };
	const char *ending = "", *why = "the file is spelled so in the tree", *found, *spelled;
	struct str old = syntax_text(import->s, import->string), out;
	enum oracle oracle = ORACLE_CONTRACT;

	found = by_case(scene, import, &ending);
	if (!found) {
		found = by_move(scene, import, &ending);
		why = "it is the only file of that name, and was here before or is imported from there";
		oracle = scene->parent ? ORACLE_HISTORY : ORACLE_SIBLING;
	} else if (import->strict && str_starts(str_of(found), import->target)) {
		why = "ES modules need the whole name of the file";
	}
	if (!found)
		return template_decline(scene, "no single file is what %.*s may mean", STR_ARG(old));
	spelled = module_specifier(scene->arena, import->importer, found);
	if (!import->strict && !str_ends(str_slice(old, 0, old.size - 1), ending)) {
		struct str stem = str_of(spelled);

		str_chop(&stem, ending);
		spelled = str_text(scene->arena, stem);
	}
	edit_node(&edits, import->string, str_of(arena_printf(scene->arena, "%c%s%c", old.at[0], spelled,
							      old.at[0])));
	if (!edits_apply(&edits, import->s, &out))
		return template_decline(scene, "%s exists: it is not in the build's checkout", found);
	candidate_put(scene, propose(scene, oracle, "Imports \"%s\" for %.*s: %s.", spelled, STR_ARG(old),
				     why), import->importer, out);
}

static void fix_file(struct scene *scene, const char *importer, struct str wanted)
{
	struct import import = { .importer = importer };
	struct str text;
	SYNTAX s = NULL;

	if (!importer || !scene_read(scene, importer, &text))
		return template_decline(scene, "which file imports it is not in the repository");
	if (js_is_test(importer))
		return template_decline(scene, "a test imports it: tests are not changed");
	import.s = s = syntax_open(scene->arena, syntax_language(importer), text);
	import.strict = str_has(str_of(scene->failure->message), "imported from ");
	for (unsigned n = 0; s; n++) {
		struct str spelled;

		import.string = syntax_below(s->root, "string", n);
		if (ts_node_is_null(import.string))
			break;
		spelled = syntax_text(s, import.string);
		spelled = str_slice(spelled, 1, spelled.size - 2);
		import.target = module_target(scene->arena, importer, spelled);
		if (import.target && (str_equal(spelled, wanted) ||
		    (wanted.at[0] == '/' && str_ends(wanted, import.target))))
			return mend_path(scene, &import);
	}
	template_decline(scene, "%s does not import it by that name", importer);
}

/*
 * The version in a section of a package.json, or of the root in a lock file; NULL when it is not
 * there.
 */
static const char *version_in(struct arena *a, struct str text, bool lock, const char *section,
			      const char *package)
{
	json_t *root = json_loadb(text.at ? text.at : "", text.size, 0, NULL), *place = root;
	const char *version;

	if (lock)
		place = json_object_get(json_object_get(root, "packages"), "");
	version = arena_strdup(a, json_string_value(json_object_get(json_object_get(place, section),
								    package)));
	json_decref(root);
	return version;
}

static void fix_package(struct scene *scene, const char *importer, struct str wanted)
{
	static const char *const sections[] = { "dependencies", "devDependencies" };
	const char *package = module_package(scene->arena, wanted);
	const char *version = NULL, *section = NULL;
	struct str now, before = STR_NONE, lock = STR_NONE, out;
	bool history = false;

	if (!package || !scene_read(scene, "package.json", &now))
		return template_decline(scene, "there is no package.json at the root");
	if (scene->parent)
		tree_read(scene->parent, scene->arena, "package.json", &before);
	scene_read(scene, "package-lock.json", &lock);
	for (size_t i = 0; i < 2; i++) {
		if (version_in(scene->arena, now, false, sections[i], package))
			return template_decline(scene, "package.json names %s: it is not installed", package);
		if (version)
			continue;
		section = sections[i];
		version = version_in(scene->arena, before, false, section, package);
		history = version != NULL;
		if (!version)
			version = version_in(scene->arena, lock, true, section, package);
	}
	(void)importer;
	if (!version)
		return template_decline(scene, "neither package.json before nor the root of the lock file "
					"names %s: a package nobody used may be a look-alike", package);
	for (size_t i = 0; i < 2; i++)
		if (version_in(scene->arena, before, false, sections[i], package) ||
		    version_in(scene->arena, lock, true, sections[i], package))
			section = sections[i];
	if (!module_add_dependency(scene->arena, now, section, package, version, &out))
		return template_decline(scene, "package.json has no %s to put it in", section);
	candidate_put(scene, propose(scene, history ? ORACLE_HISTORY : ORACLE_SIBLING,
				     "Puts %s %s back into %s of package.json: %s names it with that "
				     "version.", package, version, section,
				     history ? "the commit before" : "package-lock.json"),
		      "package.json", out);
}

static void fix(struct scene *scene)
{
	struct str wanted = scene_group(scene, "name"), from = scene_group(scene, "from");
	const char *importer = from.size ? tree_path(scene->tree, from) :
		scene_path(scene, scene->failure->file);

	if (wanted.at[0] == '.' || wanted.at[0] == '/')
		fix_file(scene, importer, wanted);
	else
		fix_package(scene, importer, wanted);
}

static const struct example examples[] = {
	{
		.name = "the case of a name, as Linux has it",
		.log =
		"node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module './Cart'\n"
		"Require stack:\n- /src/src/index.js\n"
		"    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1038:27)\n"
		"    at Module.require (node:internal/modules/cjs/loader:1289:19)\n"
		"    at require (node:internal/modules/helpers:182:18)\n    at Object.<anonymous> (/src/src/index.js:1:19)\n"
		"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
		"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n"
		"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
		"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12) {\n"
		"  code: 'MODULE_NOT_FOUND',\n  requireStack: [ '/src/src/index.js' ]\n}\n\nNode.js v20.20.2\n",
		.file = {
			{ "src/index.js",
			  "const { total } = require('./Cart');\n\nconsole.log(total());\n",
			  "const { total } = require('./cart');\n\nconsole.log(total());\n" },
			{ "src/cart.js",
			  "exports.total = () => 0;\n",
			  NULL },
		},
	},
	{
		.name = "an ES module without its ending",
		.log =
		"node:internal/modules/esm/resolve:283\n    throw new ERR_MODULE_NOT_FOUND(\n          ^\n\n"
		"Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/src/src/lib/cart' imported from /src/src/index.mjs\n"
		"    at finalizeResolution (node:internal/modules/esm/resolve:283:11)\n"
		"    at moduleResolve (node:internal/modules/esm/resolve:952:10)\n"
		"    at defaultResolve (node:internal/modules/esm/resolve:1188:11)\n"
		"    at ModuleLoader.defaultResolve (node:internal/modules/esm/loader:708:12)\n"
		"    at #cachedDefaultResolve (node:internal/modules/esm/loader:657:25)\n"
		"    at ModuleLoader.resolve (node:internal/modules/esm/loader:640:38)\n"
		"    at ModuleLoader.getModuleJobForImport (node:internal/modules/esm/loader:264:38)\n"
		"    at ModuleJob._link (node:internal/modules/esm/module_job:168:49) {\n  code: 'ERR_MODULE_NOT_FOUND',\n"
		"  url: 'file:///src/src/lib/cart'\n}\n\nNode.js v20.20.2\n",
		.file = {
			{ "src/index.mjs",
			  "import { total } from './lib/cart';\n\nconsole.log(total());\n",
			  "import { total } from './lib/cart.mjs';\n\nconsole.log(total());\n" },
			{ "src/lib/cart.mjs",
			  "export const total = () => 0;\n",
			  NULL },
		},
	},
	{
		.name = "moved, and imported there by others",
		.log =
		"node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module './cart'\n"
		"Require stack:\n- /src/src/index.js\n"
		"    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1038:27)\n"
		"    at Module.require (node:internal/modules/cjs/loader:1289:19)\n"
		"    at require (node:internal/modules/helpers:182:18)\n    at Object.<anonymous> (/src/src/index.js:1:19)\n"
		"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
		"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n"
		"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
		"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12) {\n"
		"  code: 'MODULE_NOT_FOUND',\n  requireStack: [ '/src/src/index.js' ]\n}\n\nNode.js v20.20.2\n",
		.file = {
			{ "src/index.js",
			  "const { total } = require('./cart');\n\nconsole.log(total());\n",
			  "const { total } = require('./lib/cart');\n\nconsole.log(total());\n" },
			{ "src/lib/cart.js",
			  "exports.total = () => 0;\n",
			  NULL },
			{ "src/lib/other.js",
			  "require('./cart');\n",
			  NULL },
		},
	},
	{
		.name = "the lock file still names the package",
		.log =
		"node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module 'left-pad'\n"
		"Require stack:\n- /src/src/index.js\n"
		"    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1038:27)\n"
		"    at Module.require (node:internal/modules/cjs/loader:1289:19)\n"
		"    at require (node:internal/modules/helpers:182:18)\n    at Object.<anonymous> (/src/src/index.js:1:1)\n"
		"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
		"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n"
		"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
		"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12) {\n"
		"  code: 'MODULE_NOT_FOUND',\n  requireStack: [ '/src/src/index.js' ]\n}\n\nNode.js v20.20.2\n",
		.file = {
			{ "src/index.js",
			  "require('left-pad');\n",
			  NULL },
			{ "package.json",
			  "{\n  \"name\": \"shop\",\n  \"dependencies\": {\n    \"chalk\": \"4.1.2\"\n  }\n}\n",
			  "{\n  \"name\": \"shop\",\n  \"dependencies\": {\n    \"chalk\": \"4.1.2\",\n    \"left-pad\": \"^1.3.0\"\n"
			  "  }\n}\n" },
			{ "package-lock.json",
			  "{\n  \"name\": \"shop\",\n  \"lockfileVersion\": 3,\n  \"packages\": {\n    \"\": {\n"
			  "      \"name\": \"shop\",\n      \"dependencies\": {\n        \"chalk\": \"4.1.2\",\n"
			  "        \"left-pad\": \"^1.3.0\"\n      }\n    }\n  }\n}\n",
			  NULL },
		},
	},
	{
		.name = "two files of that name",
		.log =
		"node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module './cart'\n"
		"Require stack:\n- /src/src/index.js\n"
		"    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1038:27)\n"
		"    at Module.require (node:internal/modules/cjs/loader:1289:19)\n"
		"    at require (node:internal/modules/helpers:182:18)\n    at Object.<anonymous> (/src/src/index.js:1:19)\n"
		"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
		"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n"
		"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
		"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12) {\n"
		"  code: 'MODULE_NOT_FOUND',\n  requireStack: [ '/src/src/index.js' ]\n}\n\nNode.js v20.20.2\n",
		.file = {
			{ "src/index.js",
			  "const { total } = require('./cart');\n\nconsole.log(total());\n",
			  NULL },
			{ "src/a/cart.js",
			  "exports.total = () => 0;\n",
			  NULL },
			{ "src/b/cart.js",
			  "exports.total = () => 0;\n",
			  NULL },
		},
		.declines = "no single file",
	},
	{
		.name = "a package that nobody used: it may be a look-alike",
		.log =
		"node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module 'loadsh'\n"
		"Require stack:\n- /src/src/index.js\n"
		"    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1038:27)\n"
		"    at Module.require (node:internal/modules/cjs/loader:1289:19)\n"
		"    at require (node:internal/modules/helpers:182:18)\n    at Object.<anonymous> (/src/src/index.js:1:1)\n"
		"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
		"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n"
		"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
		"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12) {\n"
		"  code: 'MODULE_NOT_FOUND',\n  requireStack: [ '/src/src/index.js' ]\n}\n\nNode.js v20.20.2\n",
		.file = {
			{ "src/index.js",
			  "require('loadsh');\n",
			  NULL },
			{ "package.json",
			  "{\n  \"name\": \"shop\",\n  \"dependencies\": {\n    \"chalk\": \"4.1.2\"\n  }\n}\n",
			  NULL },
			{ "package-lock.json",
			  "{\n  \"name\": \"shop\",\n  \"lockfileVersion\": 3,\n  \"packages\": {\n    \"\": {\n"
			  "      \"name\": \"shop\",\n      \"dependencies\": {\n        \"chalk\": \"4.1.2\",\n"
			  "        \"left-pad\": \"^1.3.0\"\n      }\n    }\n  }\n}\n",
			  NULL },
		},
		.declines = "look-alike",
	},
	{
		.name = "named, but not installed",
		.log =
		"node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module 'chalk'\n"
		"Require stack:\n- /src/src/index.js\n"
		"    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1038:27)\n"
		"    at Module.require (node:internal/modules/cjs/loader:1289:19)\n"
		"    at require (node:internal/modules/helpers:182:18)\n    at Object.<anonymous> (/src/src/index.js:1:1)\n"
		"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
		"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n"
		"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
		"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12) {\n"
		"  code: 'MODULE_NOT_FOUND',\n  requireStack: [ '/src/src/index.js' ]\n}\n\nNode.js v20.20.2\n",
		.file = {
			{ "src/index.js",
			  "require('chalk');\n",
			  NULL },
			{ "package.json",
			  "{\n  \"name\": \"shop\",\n  \"dependencies\": {\n    \"chalk\": \"4.1.2\"\n  }\n}\n",
			  NULL },
		},
		.declines = "it is not installed",
	},
	{
		.name = "a test imports it",
		.log =
		"node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module '../src/Cart'\n"
		"Require stack:\n- /src/test/cart.test.js\n"
		"    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1038:27)\n"
		"    at Module.require (node:internal/modules/cjs/loader:1289:19)\n"
		"    at require (node:internal/modules/helpers:182:18)\n"
		"    at Object.<anonymous> (/src/test/cart.test.js:1:1)\n"
		"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
		"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n"
		"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
		"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
		"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12) {\n"
		"  code: 'MODULE_NOT_FOUND',\n  requireStack: [ '/src/test/cart.test.js' ]\n}\n\nNode.js v20.20.2\n",
		.file = {
			{ "test/cart.test.js",
			  "require('../src/Cart');\n",
			  NULL },
			{ "src/cart.js",
			  "exports.total = () => 0;\n",
			  NULL },
		},
		.declines = "tests are not changed",
	},
	{
		.name = "only another project's copy has it",
		.log =
			"node:internal/modules/cjs/loader:1210\n"
			"  throw err;\n"
			"  ^\n"
			"\n"
			"Error: Cannot find module './money'\n"
			"Require stack:\n"
			"- /src/app.js\n"
			"    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:"
			"15)\n"
			"    at Module._load (node:internal/modules/cjs/loader:1038:27)\n"
			"    at Module.require (node:internal/modules/cjs/loader:1289:19)\n"
			"    at require (node:internal/modules/helpers:182:18)\n"
			"    at Object.<anonymous> (/src/app.js:1:1)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:1"
			"0)\n"
			"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
			"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
			"    at Function.executeUserEntryPoint [as runMain] (node:internal/modu"
			"les/run_main:164:12) {\n"
			"  code: 'MODULE_NOT_FOUND',\n"
			"  requireStack: [ '/src/app.js' ]\n"
			"}\n"
			"\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{}\n", NULL },
			{ "app.js",
			  "require('./money');\n", NULL },
			{ "vendor/bank/money.js",
			  "exports.total = 1;\n", NULL },
			{ "vendor/bank/index.js",
			  "require('./money');\n", NULL },
		},
		.declines = "no single file",
	},
	{0}
};

const struct template template_node_missing_module = {
	.name = "node_missing_module",
	.summary = "an import names no file or package -> its right name, or the entry that was lost",
	.language = "node",
	.class = "import",
	.oracles = "the files of the tree; the commit before; the lock file",
	.keeps_off = "several files of the name, packages nobody named before, imports of tests",
	.danger = DANGER_1,
	.pattern = "Cannot find (?:module|package) '(?<name>[^']+)'(?: (?:imported )?from '?(?<from>[^'\\s]+))?",
	.fix = fix,
	.examples = examples,
};

/*
 * "Cannot find module" -> for a file: its right case, or what it was before it or its importer
 * moved; for a package: the entry that package.json had before, or whose version the lock file
 * holds. Never names a package that neither knows: that is how look-alike packages get in.
 */
#include "git/path.h"
#include "templates/lib_js_path.h"
#include "templates/lib_module.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"

#include <jansson.h>

struct import {
	const char *importer;
	struct syntax *s;
	TSNode string;			/* the specifier with its quotes */
	const char *target;		/* what it means in the tree, without ending */
	bool strict;			/* ES modules: the ending must be written */
};

/* All strings of the importer that mean the same file are spelled anew. */
static void mend_path(struct scene *scene, const struct import *import, struct str specifier)
{
	struct edits edits = { .arena = scene->arena };
	struct str old = syntax_text(import->s, import->string), out;
	const char *why, *found, *spelled;
	enum oracle oracle;

	found = js_path_meant(scene, import->importer, specifier, import->target, &why, &oracle);
	if (!found)
		return template_decline(scene, "no single file is what %.*s may mean", STR_ARG(old));
	if (js_ending_of(found, import->target))
		return template_decline(scene, import->strict ? "only its ending is missing" :
					"%s exists: it is not in the build's checkout", found);
	spelled = module_specifier(scene->arena, import->importer, found);
	if (!import->strict) {
		struct str stem = str_of(spelled), ending = path_ending(stem);

		if (!str_equal(path_ending(specifier), ending) && !word_among(ending, "json"))
			stem.size -= ending.size + 1;
		if (!str_ends(specifier, "/index"))
			str_chop(&stem, "/index");
		spelled = str_text(scene->arena, stem);
	}
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(import->s->root, "string", n);

		if (ts_node_is_null(one))
			break;
		if (str_equal(syntax_text(import->s, one), old))
			edit_node(&edits, one, str_of(arena_printf(scene->arena, "%c%s%c", old.at[0],
								   spelled, old.at[0])));
	}
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
			return mend_path(scene, &import, spelled);
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

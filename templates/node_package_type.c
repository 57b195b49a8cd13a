/*
 * A whole package of ES modules stopped being one -> the "type" that package.json had in the commit
 * before, when the failing commit alone changed it and all sources are of that kind. Keeps off where
 * a source is of the other kind: then the change may be meant.
 */
#include "templates/lib_js_kind.h"
#include "templates/lib_js_manifest.h"

#include "templates/lib_scene.h"

static void fix(struct scene *scene)
{
	const char *now, *before;
	struct js_kinds kinds;
	struct str text, old, out;

	if (!scene->parent || !scene_read(scene, "package.json", &text) ||
	    !tree_read(scene->parent, scene->arena, "package.json", &old))
		return template_decline(scene, "there is no package.json, or no commit before");
	now = js_manifest_value(scene->arena, text, NULL, "type");
	before = js_manifest_value(scene->arena, old, NULL, "type");
	if (!now || !before || !strcmp(now, before))
		return template_decline(scene, "the failing commit did not change the type of the package");
	js_kinds_of(scene, "", &kinds);
	if (!strcmp(before, "module") ? !kinds.esm || kinds.cjs : !kinds.cjs || kinds.esm)
		return template_decline(scene, "not all sources are of the kind that the package was");
	if (!js_manifest_put(scene->arena, text, NULL, "type", before, &out))
		return template_decline(scene, "package.json says its type in another way");
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "Gives package.json its type \"%s\" back: all "
				     "sources are of that kind, and the commit before had it.", before),
		      "package.json", out);
}


static const struct example examples[] = {
	{
		.name = "all sources are ES modules",
		.log =
			"(node:31432) Warning: To load an ES module, set \"type\": \"module\" in the package.json or use "
			"the .mjs extension.\n"
			"(Use `node --trace-warnings ...` to show where the warning was created)\n"
			"/src/src/app.js:1\nimport { a } from './a.js';\n^^^^^^\n\n"
			"SyntaxError: Cannot use import statement outside a module\n"
			"    at wrapSafe (node:internal/modules/cjs/loader:1464:18)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"name\": \"a\", \"type\": \"commonjs\" }\n",
			  "{ \"name\": \"a\", \"type\": \"module\" }\n",
			  .was = "{ \"name\": \"a\", \"type\": \"module\" }\n" },
			{ "src/app.js",
			  "import { a } from './a.js';\n\nconsole.log(a);\n",
			  NULL },
			{ "src/a.js",
			  "export const a = 1;\n",
			  NULL },
		},
	},
	{
		.name = "all sources require",
		.log =
			"file:///src/src/app.js:1\nconst { a } = require('./a.js');\n              ^\n\n"
			"ReferenceError: require is not defined in ES module scope, you can use import instead\n"
			"This file is being treated as an ES module because it has a '.js' file extension and "
			"'/src/package.json' contains \"type\": \"module\". To treat it as a CommonJS script, rename it "
			"to use the '.cjs' file extension.\n    at file:///src/src/app.js:1:15\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"name\": \"a\", \"type\": \"module\" }\n",
			  "{ \"name\": \"a\", \"type\": \"commonjs\" }\n",
			  .was = "{ \"name\": \"a\", \"type\": \"commonjs\" }\n" },
			{ "src/app.js",
			  "const { a } = require('./a.js');\n\nconsole.log(a);\n",
			  NULL },
			{ "src/a.js",
			  "module.exports = { a: 1 };\n",
			  NULL },
		},
	},
	{
		.name = "one of them requires",
		.log =
			"(node:31526) Warning: To load an ES module, set \"type\": \"module\" in the package.json or use "
			"the .mjs extension.\n"
			"(Use `node --trace-warnings ...` to show where the warning was created)\n"
			"/src/src/app.js:1\nimport { a } from './a.js';\n^^^^^^\n\n"
			"SyntaxError: Cannot use import statement outside a module\n"
			"    at wrapSafe (node:internal/modules/cjs/loader:1464:18)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"name\": \"a\", \"type\": \"commonjs\" }\n",
			  NULL,
			  .was = "{ \"name\": \"a\", \"type\": \"module\" }\n" },
			{ "src/app.js",
			  "import { a } from './a.js';\n\nconsole.log(a);\n",
			  NULL },
			{ "src/a.js",
			  "module.exports = { a: 1 };\n",
			  NULL },
		},
		.declines = "not all sources",
	},
	{
		.name = "it was so before",
		.log =
			"(node:31658) Warning: To load an ES module, set \"type\": \"module\" in the package.json or use "
			"the .mjs extension.\n"
			"(Use `node --trace-warnings ...` to show where the warning was created)\n"
			"/src/src/app.js:1\nimport { a } from './a.js';\n^^^^^^\n\n"
			"SyntaxError: Cannot use import statement outside a module\n"
			"    at wrapSafe (node:internal/modules/cjs/loader:1464:18)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"name\": \"a\", \"type\": \"commonjs\" }\n",
			  NULL,
			  .was = "{ \"name\": \"a\", \"type\": \"commonjs\" }\n" },
			{ "src/app.js",
			  "import { a } from './a.js';\n\nconsole.log(a);\n",
			  NULL },
		},
		.declines = "did not change the type",
	},
	{0}
};

const struct template template_node_package_type = {
	.name = "node_package_type",
	.summary = "the type of a package was changed and its sources were not -> the type it had",
	.language = "node",
	.class = "module kind",
	.oracles = "the commit before; the sources of the package",
	.keeps_off = "packages with a source of the new kind, types that were not changed",
	.danger = DANGER_2,
	.pattern = "^(?:Cannot use import statement outside a module|Unexpected token 'export'|(?:require|module|"
		   "exports) is not defined(?: in ES module scope.*)?)$",
	.fix = fix,
	.examples = examples,
};

/*
 * ERR_REQUIRE_ESM of a package whose range the failing commit raised -> the range that package.json
 * had before. Keeps off where a lock file would have to change with it, and where the commit did not
 * touch the range.
 */
#include "templates/lib_js_manifest.h"

#include "templates/lib_scene.h"

static const char *const sections[] = { "dependencies", "devDependencies", "optionalDependencies" };
static const char *const locks[] = { "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "npm-shrinkwrap.json" };

static void fix(struct scene *scene)
{
	const char *package = str_text(scene->arena, scene_group(scene, "package"));
	struct str text, old, out;

	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++)
		if (tree_has(scene->tree, locks[i]))
			return template_decline(scene, "%s would have to change with it", locks[i]);
	if (!scene_read(scene, "package.json", &text))
		return template_decline(scene, "there is no package.json at the root");
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const char *now = js_manifest_value(scene->arena, text, sections[i], package), *before;

		if (!now)
			continue;
		if (!scene->parent || !tree_read(scene->parent, scene->arena, "package.json", &old))
			return template_decline(scene, "there is no commit before that says another range");
		before = js_manifest_value(scene->arena, old, sections[i], package);
		if (!before || !strcmp(before, now))
			return template_decline(scene, "the failing commit did not change the range of %s",
						package);
		if (!js_manifest_put(scene->arena, text, sections[i], package, before, &out))
			return template_decline(scene, "package.json has %s in another form", package);
		candidate_put(scene, propose(scene, ORACLE_HISTORY, "Takes %s %s again instead of %s, which "
					     "cannot be required.", package, before, now),
			      "package.json", out);
		return;
	}
	template_decline(scene, "package.json does not name %s", package);
}

static const struct example examples[] = {
	{
		.name = "raised over the last version that can be required",
		.log =
			"/src/src/app.js:1\nconst chalk = require('chalk');\n              ^\n\n"
			"Error [ERR_REQUIRE_ESM]: require() of ES Module /src/node_modules/chalk/source/index.js from "
			"/src/src/app.js not supported.\n"
			"Instead change the require of index.js in /src/src/app.js to a dynamic import() which is "
			"available in all CommonJS modules.\n    at Object.<anonymous> (/src/src/app.js:1:15) {\n"
			"  code: 'ERR_REQUIRE_ESM'\n}\n\nNode.js v18.20.8\n",
		.file = {
			{ "package.json",
			  "{\n  \"dependencies\": {\n    \"chalk\": \"^5.3.0\"\n  }\n}\n",
			  "{\n  \"dependencies\": {\n    \"chalk\": \"^4.1.2\"\n  }\n}\n",
			  .was = "{\n  \"dependencies\": {\n    \"chalk\": \"^4.1.2\"\n  }\n}\n" },
			{ "src/app.js",
			  "const chalk = require('chalk');\n\nconsole.log(chalk.bold('x'));\n",
			  NULL },
		},
	},
	{
		.name = "it was so before",
		.log =
			"/src/src/app.js:1\nconst chalk = require('chalk');\n              ^\n\n"
			"Error [ERR_REQUIRE_ESM]: require() of ES Module /src/node_modules/chalk/source/index.js from "
			"/src/src/app.js not supported.\n"
			"Instead change the require of index.js in /src/src/app.js to a dynamic import() which is "
			"available in all CommonJS modules.\n    at Object.<anonymous> (/src/src/app.js:1:15) {\n"
			"  code: 'ERR_REQUIRE_ESM'\n}\n\nNode.js v18.20.8\n",
		.file = {
			{ "package.json",
			  "{\n  \"dependencies\": {\n    \"chalk\": \"^5.3.0\"\n  }\n}\n",
			  NULL,
			  .was = "{\n  \"dependencies\": {\n    \"chalk\": \"^5.3.0\"\n  }\n}\n" },
			{ "src/app.js",
			  "const chalk = require('chalk');\n\nconsole.log(chalk.bold('x'));\n",
			  NULL },
		},
		.declines = "did not change the range",
	},
	{
		.name = "a lock names its version",
		.log =
			"/src/src/app.js:1\nconst chalk = require('chalk');\n              ^\n\n"
			"Error [ERR_REQUIRE_ESM]: require() of ES Module /src/node_modules/chalk/source/index.js from "
			"/src/src/app.js not supported.\n"
			"Instead change the require of index.js in /src/src/app.js to a dynamic import() which is "
			"available in all CommonJS modules.\n    at Object.<anonymous> (/src/src/app.js:1:15) {\n"
			"  code: 'ERR_REQUIRE_ESM'\n}\n\nNode.js v18.20.8\n",
		.file = {
			{ "package.json",
			  "{\n  \"dependencies\": {\n    \"chalk\": \"^5.3.0\"\n  }\n}\n",
			  NULL,
			  .was = "{\n  \"dependencies\": {\n    \"chalk\": \"^4.1.2\"\n  }\n}\n" },
			{ "package-lock.json",
			  "{}\n",
			  NULL },
			{ "src/app.js",
			  "const chalk = require('chalk');\n\nconsole.log(chalk.bold('x'));\n",
			  NULL },
		},
		.declines = "would have to change with it",
	},
	{0}
};

const struct template template_node_esm_only_package = {
	.name = "node_esm_only_package",
	.summary = "a package was raised to a version that cannot be required -> the range it had",
	.language = "node",
	.class = "dependency",
	.oracles = "the commit before",
	.keeps_off = "repositories with a lock file, ranges that the commit did not change",
	.danger = DANGER_2,
	.reading = true,
	.pattern = "^require\\(\\) of ES Module \\S*node_modules/(?<package>(?:@[\\w.-]+/)?[\\w.-]+)/\\S* from "
		   "\\S+ not supported",
	.fix = fix,
	.examples = examples,
};

/*
 * A JSON file that cannot be parsed for a comma behind its last element -> the file without it. The
 * error seldom names the file: it must be the only broken one of the repository, and commas alone
 * must be what is wrong. Files that may hold comments are no JSON to us.
 */
#include "bot/base/json.h"
#include "git/path.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"
#include "templates/syntax.h"

static bool parses(struct str text)
{
	struct err ignored = ERR_INIT;
	JSON *json = NULL;

	return json_parse(text, TREE_FILE_MAX, &json, &ignored);
}

static bool is_plain_json(const char *path)
{
	struct str name = path_name(str_of(path));

	return str_ends(name, ".json") && !str_starts(name, "tsconfig") && !str_starts(name, "jsconfig") &&
	       !str_starts(name, ".") && !str_has(str_of(path), ".vscode/") && !js_is_test(path) &&
	       !scene_is_aside(path, "");
}

/* The text without commas before a closing bracket; strings are left alone. */
static struct str without_commas(struct arena *a, struct str text)
{
	struct text out = TEXT(a);
	bool quoted = false;

	for (size_t i = 0; i < text.size; i++) {
		char c = text.at[i];
		size_t next = i + 1;

		if (quoted && c == '\\' && next < text.size) {
			text_addc(&out, c);
			c = text.at[++i];
		} else if (c == '"') {
			quoted = !quoted;
		} else if (!quoted && c == ',') {
			while (next < text.size && strchr(" \t\r\n", text.at[next]))
				next++;
			if (next < text.size && (text.at[next] == '}' || text.at[next] == ']'))
				continue;
		}
		text_addc(&out, c);
	}
	return text_str(&out);
}

static void fix(struct scene *scene)
{
	const char *found = NULL;
	struct str text, out = STR_NONE;

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (!is_plain_json(path) || !scene_read(scene, path, &text) || parses(text))
			continue;
		if (found)
			return template_decline(scene, "both %s and %s are broken", found, path);
		found = path;
		out = without_commas(scene->arena, text);
	}
	if (!found)
		return template_decline(scene, "all JSON files of the repository can be parsed");
	if (!parses(out))
		return template_decline(scene, "more is wrong with %s than a comma", found);
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Takes the comma behind the last element out of "
				     "%s: JSON has none there.", found), found, out);
}

static const struct example examples[] = {
	{
		.name = "behind the last key",
		.log =
			"<anonymous_script>:4\n}\n^\n\n"
			"SyntaxError: Expected double-quoted property name in JSON at position 33\n"
			"    at JSON.parse (<anonymous>)\n    at Object.<anonymous> (/src/src/app.js:3:18)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "const fs = require('node:fs');\n\n"
			  "console.log(JSON.parse(fs.readFileSync('config/a.json', 'utf8')));\n",
			  NULL },
			{ "config/a.json",
			  "{\n  \"a\": \",}\",\n  \"list\": [1, 2],\n}\n",
			  "{\n  \"a\": \",}\",\n  \"list\": [1, 2]\n}\n" },
		},
	},
	{
		.name = "of package.json, as npm says it",
		.log =
			"npm error code EUSAGE\nnpm error\n"
			"npm error The `npm ci` command can only install with an existing package-lock.json or\n"
			"npm error npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or\n"
			"npm error later to generate a package-lock.json file, then try again.\nnpm error\n"
			"npm error Clean install a project\nnpm error\nnpm error Usage:\nnpm error npm ci\n"
			"npm error\nnpm error Options:\n"
			"npm error [--install-strategy <hoisted|nested|shallow|linked>] [--legacy-bundling]\n"
			"npm error [--global-style] [--omit <dev|optional|peer> [--omit <dev|optional|peer> ...]]\n"
			"npm error [--include <prod|dev|optional|peer> [--include <prod|dev|optional|peer> ...]]\n"
			"npm error [--strict-peer-deps] [--foreground-scripts] [--ignore-scripts]\n"
			"npm error [--allow-directory <all|none|root>] [--allow-file <all|none|root>]\n"
			"npm error [--allow-git <all|none|root>] [--allow-remote <all|none|root>]\n"
			"npm error [--allow-scripts <package-list> [--allow-scripts <package-list> ...]]\n"
			"npm error [--strict-allow-scripts] [--dangerously-allow-all-scripts] [--no-audit]\n"
			"npm error [--no-bin-links] [--no-fund] [--dry-run]\n"
			"npm error [-w|--workspace <workspace-name> [-w|--workspace <workspace-name> ...]]\n"
			"npm error [--workspaces] [--include-workspace-root] [--install-links]\nnpm error\n"
			"npm error   --install-strategy\n"
			"npm error     Sets the strategy for installing packages in node_modules.\nnpm error\n"
			"npm error   --legacy-bundling\n"
			"npm error     Instead of hoisting package installs in `node_modules`, install packages\n"
			"npm error\nnpm error   --global-style\n"
			"npm error     Only install direct dependencies in the top level `node_modules`,\n"
			"npm error\nnpm error   --omit\n"
			"npm error     Dependency types to omit from the installation tree on disk.\nnpm error\n"
			"npm error   --include\n"
			"npm error     Option that allows for defining which types of dependencies to install.\n"
			"npm error\nnpm error   --strict-peer-deps\n"
			"npm error     If set to `true`, and `--legacy-peer-deps` is not set, then _any_\n"
			"npm error\nnpm error   --foreground-scripts\n"
			"npm error     Run all build scripts (ie, `preinstall`, `install`, and\nnpm error\n"
			"npm error   --ignore-scripts\n"
			"npm error     If true, npm does not run scripts specified in package.json files.\n"
			"npm error\nnpm error   --allow-directory\n"
			"npm error     Limits the ability for npm to install dependencies from directories.\n"
			"npm error\nnpm error   --allow-file\n"
			"npm error     Limits the ability for npm to install dependencies from tarball files.\n"
			"npm error\nnpm error   --allow-git\n"
			"npm error     Limits the ability for npm to fetch dependencies from git references.\n"
			"npm error\nnpm error   --allow-remote\n"
			"npm error     Limits the ability for npm to fetch dependencies from urls.\nnpm error\n"
			"npm error   --allow-scripts\n"
			"npm error     Comma-separated list of packages whose install-time lifecycle scripts\n"
			"npm error\nnpm error   --strict-allow-scripts\n"
			"npm error     If `true`, turn the install-script policy from a warning into a hard\n"
			"npm error\nnpm error   --dangerously-allow-all-scripts\n"
			"npm error     If `true`, bypass the `allowScripts` policy entirely and run every\n"
			"npm error\nnpm error   --audit\n"
			"npm error     When \"true\" submit audit reports alongside the current npm command to the\n"
			"npm error\nnpm error   --bin-links\n"
			"npm error     Tells npm to create symlinks (or `.cmd` shims on Windows) for package\n"
			"npm error\nnpm error   --fund\n"
			"npm error     When \"true\" displays the message at the end of each `npm install`\n"
			"npm error\nnpm error   --dry-run\n"
			"npm error     Indicates that you don't want npm to make any changes and that it should\n"
			"npm error\nnpm error   -w|--workspace\n"
			"npm error     Enable running a command in the context of the configured workspaces of the\n"
			"npm error\nnpm error   --workspaces\n"
			"npm error     Set to true to run the command in the context of **all** configured\n"
			"npm error\nnpm error   --include-workspace-root\n"
			"npm error     Include the workspace root when workspaces are enabled for a command.\n"
			"npm error\nnpm error   --install-links\n"
			"npm error     When set file: protocol dependencies will be packed and installed as\n"
			"npm error\nnpm error\n"
			"npm error aliases: clean-install, ic, install-clean, isntall-clean\nnpm error\n"
			"npm error Run \"npm help ci\" for more info\n",
		.file = {
			{ "package.json",
			  "{\n  \"name\": \"a\",\n  \"scripts\": {\n    \"x\": \"true\",\n  }\n}\n",
			  "{\n  \"name\": \"a\",\n  \"scripts\": {\n    \"x\": \"true\"\n  }\n}\n" },
		},
	},
	{
		.name = "more is wrong",
		.log =
			"<anonymous_script>:2\n<<<<<<< HEAD\n^\n\n"
			"SyntaxError: Expected property name or '}' in JSON at position 2\n"
			"    at JSON.parse (<anonymous>)\n    at Object.<anonymous> (/src/src/app.js:3:18)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "src/app.js",
			  "const fs = require('node:fs');\n\n"
			  "console.log(JSON.parse(fs.readFileSync('config/a.json', 'utf8')));\n",
			  NULL },
			{ "config/a.json",
			  "{\n<<<<<<< HEAD\n  \"a\": 1,\n=======\n  \"a\": 2,\n>>>>>>> b\n}\n",
			  NULL },
		},
		.declines = "more is wrong",
	},
	{0}
};

const struct template template_node_trailing_comma = {
	.name = "node_trailing_comma",
	.summary = "a JSON file has a comma behind its last element -> without it",
	.language = "node",
	.class = "syntax",
	.oracles = "the grammar of JSON",
	.keeps_off = "files with more that is wrong, two broken files, data of tests, files with comments",
	.danger = DANGER_0,
	.pattern = "(?:in JSON at position|Expected double-quoted property name|Failed to parse JSON|"
		   "Unexpected token '?[\\]}]'?,|not valid JSON|while parsing)",
	.fix = fix,
	.examples = examples,
};

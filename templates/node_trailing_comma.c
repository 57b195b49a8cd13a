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
			"npm error code EJSONPARSE\n"
			"npm error JSON.parse Invalid package.json: JSONParseError: Expected double-quoted property name "
			"in JSON at position 51 while parsing near \"...\\n    \\\"x\\\": \\\"true\\\",\\n  }\\n}\\n\"\n"
			"npm error JSON.parse Failed to parse JSON data.\n"
			"npm error JSON.parse Note: package.json must be actual JSON, not just JavaScript.\n",
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

/*
 * "Class constructor X cannot be invoked without 'new'" -> new at the call, and at the other calls
 * of the class in the file. Keeps off where X is called by way of another name.
 */
#include "templates/lib_js_file.h"

#include "templates/lib_scene.h"

static bool is_call_of(const struct js_file *file, TSNode call, struct str name)
{
	TSNode function = syntax_field(call, "function");

	if (!syntax_type_is(function, "member_expression"))
		return syntax_type_is(function, "identifier") &&
		       str_equal(syntax_text(file->s, function), name);
	return syntax_type_is(syntax_field(function, "object"), "identifier") &&
	       str_equal(syntax_text(file->s, syntax_field(function, "property")), name);
}

static void fix(struct scene *scene)
{
	struct str name = scene_group(scene, "name");
	unsigned calls = 0, here = 0;
	JS_FILE file;

	if (!js_file_of_failure(&file, scene))
		return;
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(file.s->root, "call_expression", n);
		size_t at;

		if (ts_node_is_null(call))
			break;
		if (!is_call_of(&file, call, name))
			continue;
		calls++;
		here += syntax_line(call) == scene->failure->line;
		at = ts_node_start_byte(call);
		edit_replace(&file.edits, at, at, STR("new "));
	}
	if (!calls || !here)
		return template_decline(scene, "line %u does not call %.*s by its name", scene->failure->line,
					STR_ARG(name));
	js_file_propose(&file, ORACLE_CONTRACT,
			arena_printf(scene->arena, "Makes %.*s with new: it is a class.", STR_ARG(name)));
}

static const struct example examples[] = {
	{
		.name = "two calls of the class",
		.log =
			"/src/src/app.js:7\nconst make = () => Gate(3);\n                   ^\n\n"
			"TypeError: Class constructor Gate cannot be invoked without 'new'\n"
			"    at make (/src/src/app.js:7:20)\n    at Object.<anonymous> (/src/src/app.js:9:13)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n\nNode.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "class Gate {\n  constructor(size) {\n    this.size = size;\n  }\n}\n\n"
			  "const make = () => Gate(3);\n\nconsole.log(make().size, Gate(4).size);\n",
			  "class Gate {\n  constructor(size) {\n    this.size = size;\n  }\n}\n\n"
			  "const make = () => new Gate(3);\n\nconsole.log(make().size, new Gate(4).size);\n" },
		},
	},
	{
		.name = "by another name",
		.log =
			"/src/src/app.js:9\nconsole.log(kinds.gate(3));\n                  ^\n\n"
			"TypeError: Class constructor Gate cannot be invoked without 'new'\n"
			"    at Object.<anonymous> (/src/src/app.js:9:19)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/app.js",
			  "class Gate {\n  constructor(size) {\n    this.size = size;\n  }\n}\n\n"
			  "const kinds = { gate: Gate };\n\nconsole.log(kinds.gate(3));\n",
			  NULL },
		},
		.declines = "does not call Gate by its name",
	},
	{0}
};

const struct template template_node_missing_new = {
	.name = "node_missing_new",
	.summary = "a class is called without new -> new",
	.language = "node",
	.class = "call",
	.oracles = "the language: a class can only be made with new",
	.keeps_off = "calls by another name, calls in tests",
	.danger = DANGER_1,
	.pattern = "^Class constructor (?<name>[A-Za-z_$][\\w$]*) cannot be invoked without 'new'",
	.fix = fix,
	.examples = examples,
};

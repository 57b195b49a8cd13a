/*
 * What a require gave is called or constructed, and it is no function -> the name that the module
 * has for it: by itself, by what the failing commit made of it, or an export that was forgotten.
 * Keeps off a module whose functions are several and of which nobody says which.
 */
#include "templates/lib_js_export.h"

#include "templates/lib_js_history.h"
#include "templates/lib_scene.h"

/* All uses of the local name are calls or `new`: then it may be one function of the module. */
static bool only_calls(const struct js_file *file, const struct js_binding *b)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(file->s->root, "identifier|shorthand_property_identifier", n);
		TSNode outer;

		if (ts_node_is_null(one))
			return true;
		if (!str_equal(syntax_text(file->s, one), b->local) || ts_node_eq(one, b->at))
			continue;
		outer = ts_node_parent(one);
		if (!ts_node_eq(syntax_field(outer, "function"), one) &&
		    !ts_node_eq(syntax_field(outer, "constructor"), one))
			return false;
	}
}

static bool mend_whole(struct js_set *set, struct js_file *file, const struct js_binding *b)
{
	struct scene *scene = set->scene;
	const char *path = js_resolve(scene, file->path, b->module), *by = "the module has it by that name";
	struct js_file *module = path ? js_set_file(set, path) : NULL;
	struct str new = b->local;

	if (!module || !only_calls(file, b)) {
		template_decline(scene, "what %.*s stands for is not only called", STR_ARG(b->local));
		return false;
	}
	if (!b->require && js_exports(module->s, STR("default"))) {
		edit_node(&file->edits, syntax_below(b->statement, "import_clause", 0), b->local);
		set->why = arena_printf(scene->arena, "Imports the default of %s: the whole module is no "
					"function.", path);
		return true;
	}
	if (!js_exports(module->s, new)) {
		new = js_renamed(scene, b->local, &by);
		if (!new.size || !js_exports(module->s, new) || js_declares(file->s, new)) {
			template_decline(scene, "nothing says which function of %s is meant", path);
			return false;
		}
		set->oracle = ORACLE_HISTORY;
	}
	edit_node(&file->edits, b->require ? b->at : syntax_below(b->statement, "import_clause", 0),
		  str_of(arena_printf(scene->arena, "{ %.*s }", STR_ARG(new))));
	if (!str_equal(new, b->local))
		js_rename_uses(file, b->local, new, &b->at);
	set->why = arena_printf(scene->arena, "Takes %.*s of %s for %.*s: %s.", STR_ARG(new), path,
				STR_ARG(b->local), by);
	return true;
}

static void fix(struct scene *scene)
{
	struct js_set set = { .scene = scene, .oracle = ORACLE_CONTRACT };
	struct js_file *file = js_set_file(&set, scene_path(scene, scene->failure->file));
	struct str name = scene_group(scene, "name");
	struct js_binding binding;
	bool mended = false;

	if (!file)
		return;
	if (!js_binding_of(file->s, name, &binding) || !str_starts(binding.module, "."))
		template_decline(scene, "%.*s does not come from a file of this repository", STR_ARG(name));
	else if (str_is(binding.name, "*"))
		mended = mend_whole(&set, file, &binding);
	else
		mended = js_mend_binding(&set, file, &binding);
	if (mended)
		js_set_propose(&set);
	js_set_close(&set);
}

static const struct example examples[] = {
	{
		.name = "the failing commit says which",
		.log =
			"/src/src/app.js:3\nconsole.log(duration('4'));\n            ^\n\n"
			"TypeError: duration is not a function\n"
			"    at Object.<anonymous> (/src/src/app.js:3:13)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/duration.js",
			  "module.exports = { format: String, parse: Number };\n",
			  NULL,
			  .was = "module.exports = Number;\n" },
			{ "src/timer.js",
			  "const { parse } = require('./duration');\n\nmodule.exports = (x) => parse(x);\n",
			  NULL,
			  .was = "const duration = require('./duration');\n\nmodule.exports = (x) => duration(x);\n" },
			{ "src/app.js",
			  "const duration = require('./duration');\n\nconsole.log(duration('4'));\n",
			  "const { parse } = require('./duration');\n\nconsole.log(parse('4'));\n" },
		},
	},
	{
		.name = "the module has it by that name",
		.log =
			"/src/src/app.js:3\nconsole.log(parse('4'));\n            ^\n\n"
			"TypeError: parse is not a function\n    at Object.<anonymous> (/src/src/app.js:3:13)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/parse.js",
			  "const parse = (text) => Number(text);\n\nmodule.exports = { parse };\n",
			  NULL },
			{ "src/app.js",
			  "const parse = require('./parse');\n\nconsole.log(parse('4'));\n",
			  "const { parse } = require('./parse');\n\nconsole.log(parse('4'));\n" },
		},
	},
	{
		.name = "the module is the class itself",
		.log =
			"/src/src/app.js:3\nconsole.log(new Queue());\n            ^\n\n"
			"TypeError: Queue is not a constructor\n"
			"    at Object.<anonymous> (/src/src/app.js:3:13)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/queue.js",
			  "class Queue {}\n\nmodule.exports = Queue;\n",
			  NULL },
			{ "src/app.js",
			  "const { Queue } = require('./queue');\n\nconsole.log(new Queue());\n",
			  "const Queue = require('./queue');\n\nconsole.log(new Queue());\n" },
		},
	},
	{
		.name = "declared, and not exported",
		.log =
			"/src/src/app.js:3\nconsole.log(add(1, 2));\n            ^\n\n"
			"TypeError: add is not a function\n    at Object.<anonymous> (/src/src/app.js:3:13)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/sums.js",
			  "const add = (a, b) => a + b;\nconst mean = (a, b) => add(a, b) / 2;\n\n"
			  "module.exports = { mean };\n",
			  "const add = (a, b) => a + b;\nconst mean = (a, b) => add(a, b) / 2;\n\n"
			  "module.exports = { add, mean };\n" },
			{ "src/app.js",
			  "const { add } = require('./sums');\n\nconsole.log(add(1, 2));\n",
			  NULL },
		},
	},
	{
		.name = "which of the two functions?",
		.log =
			"/src/src/app.js:3\nconsole.log(duration('4'));\n            ^\n\n"
			"TypeError: duration is not a function\n"
			"    at Object.<anonymous> (/src/src/app.js:3:13)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/duration.js",
			  "module.exports = { format: String, parse: Number };\n",
			  NULL },
			{ "src/app.js",
			  "const duration = require('./duration');\n\nconsole.log(duration('4'));\n",
			  NULL },
		},
		.declines = "nothing says which function",
	},
	{
		.name = "it was never written",
		.log =
			"/src/src/app.js:3\nconsole.log(median([1, 2]));\n            ^\n\n"
			"TypeError: median is not a function\n    at Object.<anonymous> (/src/src/app.js:3:13)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"commonjs\" }\n",
			  NULL },
			{ "src/sums.js",
			  "module.exports = { add: (a, b) => a + b };\n",
			  NULL },
			{ "src/app.js",
			  "const { median } = require('./sums');\n\nconsole.log(median([1, 2]));\n",
			  NULL },
		},
		.declines = "nothing says what is meant",
	},
	{0}
};

const struct template template_node_wrong_require = {
	.name = "node_wrong_require",
	.summary = "what was required is no function -> the name that its module has for it",
	.language = "node",
	.class = "import",
	.oracles = "what the module exports and declares; the failing commit's renames",
	.keeps_off = "packages, modules with several functions, names that were never written",
	.danger = DANGER_1,
	.pattern = "^(?<name>[A-Za-z_$][\\w$]*) is not a (?:function|constructor)$",
	.fix = fix,
	.examples = examples,
};

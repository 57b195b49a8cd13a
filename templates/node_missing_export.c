/*
 * "does not provide an export named" -> the import as the module answers it: by its name or as the
 * default, under the name that the failing commit gave it; or the export that was forgotten where
 * the module has the thing. Keeps off what was never written.
 */
#include "templates/lib_js_export.h"

#include "templates/lib_scene.h"

static bool mend(struct js_set *set)
{
	struct scene *scene = set->scene;
	struct str module = scene_group(scene, "module"), name = scene_group(scene, "name");
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	struct js_binding *list = arena_array(scene->arena, struct js_binding, JS_BINDINGS_MAX);
	size_t count = file ? js_bindings(file->s, list) : 0;

	for (size_t i = 0; i < count; i++)
		if (str_equal(list[i].module, module) && str_equal(list[i].name, name))
			return js_mend_binding(set, file, &list[i]);
	if (file)
		template_decline(scene, "%s does not import %.*s from there", file->path, STR_ARG(name));
	return false;
}

static void fix(struct scene *scene)
{
	struct js_set set = { .scene = scene };

	if (mend(&set))
		js_set_propose(&set);
	js_set_close(&set);
}

static const struct example examples[] = {
	{
		.name = "a default import of a named export",
		.log =
			"file:///src/src/app.js:1\nimport Queue from './queue.js';\n       ^^^^^\n"
			"SyntaxError: The requested module './queue.js' does not provide an export named 'default'\n"
			"    at ModuleJob._instantiate (node:internal/modules/esm/module_job:213:21)\n"
			"    at async ModuleJob.run (node:internal/modules/esm/module_job:320:5)\n"
			"    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/queue.js",
			  "export class Queue {\n  jobs = [];\n}\n",
			  NULL },
			{ "src/app.js",
			  "import Queue from './queue.js';\n\nconsole.log(new Queue());\n",
			  "import { Queue } from './queue.js';\n\nconsole.log(new Queue());\n" },
		},
	},
	{
		.name = "beside a named one",
		.log =
			"file:///src/src/app.js:1\nimport Queue, { SIZE } from './queue.js';\n       ^^^^^\n"
			"SyntaxError: The requested module './queue.js' does not provide an export named 'default'\n"
			"    at ModuleJob._instantiate (node:internal/modules/esm/module_job:213:21)\n"
			"    at async ModuleJob.run (node:internal/modules/esm/module_job:320:5)\n"
			"    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/queue.js",
			  "export class Queue {\n  jobs = [];\n}\nexport const SIZE = 3;\n",
			  NULL },
			{ "src/app.js",
			  "import Queue, { SIZE } from './queue.js';\n\nconsole.log(new Queue(), SIZE);\n",
			  "import { Queue, SIZE } from './queue.js';\n\nconsole.log(new Queue(), SIZE);\n" },
		},
	},
	{
		.name = "its members are used",
		.log =
			"file:///src/src/app.js:1\nimport sums from './sums.js';\n       ^^^^\n"
			"SyntaxError: The requested module './sums.js' does not provide an export named 'default'\n"
			"    at ModuleJob._instantiate (node:internal/modules/esm/module_job:213:21)\n"
			"    at async ModuleJob.run (node:internal/modules/esm/module_job:320:5)\n"
			"    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/sums.js",
			  "export const add = (a, b) => a + b;\n",
			  NULL },
			{ "src/app.js",
			  "import sums from './sums.js';\n\nconsole.log(sums.add(1, 2));\n",
			  "import * as sums from './sums.js';\n\nconsole.log(sums.add(1, 2));\n" },
		},
	},
	{
		.name = "a named import of the default",
		.log =
			"file:///src/src/app.js:1\nimport { Queue } from './queue.js';\n         ^^^^^\n"
			"SyntaxError: The requested module './queue.js' does not provide an export named 'Queue'\n"
			"    at ModuleJob._instantiate (node:internal/modules/esm/module_job:213:21)\n"
			"    at async ModuleJob.run (node:internal/modules/esm/module_job:320:5)\n"
			"    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/queue.js",
			  "export default class Queue {}\n",
			  NULL },
			{ "src/app.js",
			  "import { Queue } from './queue.js';\n\nconsole.log(new Queue());\n",
			  "import Queue from './queue.js';\n\nconsole.log(new Queue());\n" },
		},
	},
	{
		.name = "the export was forgotten",
		.log =
			"file:///src/src/app.js:1\nimport { round } from './round.js';\n         ^^^^^\n"
			"SyntaxError: The requested module './round.js' does not provide an export named 'round'\n"
			"    at ModuleJob._instantiate (node:internal/modules/esm/module_job:213:21)\n"
			"    at async ModuleJob.run (node:internal/modules/esm/module_job:320:5)\n"
			"    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/round.js",
			  "function round(x) {\n  return Math.round(x);\n}\n\n"
			  "export const whole = (x) => round(x) === x;\n",
			  "export function round(x) {\n  return Math.round(x);\n}\n\n"
			  "export const whole = (x) => round(x) === x;\n" },
			{ "src/app.js",
			  "import { round } from './round.js';\n\nconsole.log(round(1.4));\n",
			  NULL },
		},
	},
	{
		.name = "a slip of the only name like it",
		.log =
			"file:///src/src/app.js:1\nimport { avarage } from './sums.js';\n         ^^^^^^^\n"
			"SyntaxError: The requested module './sums.js' does not provide an export named 'avarage'\n"
			"    at ModuleJob._instantiate (node:internal/modules/esm/module_job:213:21)\n"
			"    at async ModuleJob.run (node:internal/modules/esm/module_job:320:5)\n"
			"    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/sums.js",
			  "export const average = (a, b) => (a + b) / 2;\n",
			  NULL },
			{ "src/app.js",
			  "import { avarage } from './sums.js';\n\nconsole.log(avarage(1, 2));\n",
			  "import { average } from './sums.js';\n\nconsole.log(average(1, 2));\n" },
		},
	},
	{
		.name = "it was never written",
		.log =
			"file:///src/src/app.js:1\nimport { median } from './sums.js';\n         ^^^^^^\n"
			"SyntaxError: The requested module './sums.js' does not provide an export named 'median'\n"
			"    at ModuleJob._instantiate (node:internal/modules/esm/module_job:213:21)\n"
			"    at async ModuleJob.run (node:internal/modules/esm/module_job:320:5)\n"
			"    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/sums.js",
			  "export const add = (a, b) => a + b;\n",
			  NULL },
			{ "src/app.js",
			  "import { median } from './sums.js';\n\nconsole.log(median([1, 2]));\n",
			  NULL },
		},
		.declines = "nothing says what is meant",
	},
	{
		.name = "a test imports it",
		.log =
			"file:///src/test/sums.test.js:1\nimport { add } from '../src/sums.js';\n         ^^^\n"
			"SyntaxError: The requested module '../src/sums.js' does not provide an export named 'add'\n"
			"    at ModuleJob._instantiate (node:internal/modules/esm/module_job:213:21)\n"
			"    at async ModuleJob.run (node:internal/modules/esm/module_job:320:5)\n"
			"    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n\n"
			"Node.js v20.20.2\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "src/sums.js",
			  "const add = (a, b) => a + b;\n",
			  NULL },
			{ "test/sums.test.js",
			  "import { add } from '../src/sums.js';\n\nconsole.log(add(1, 2));\n",
			  NULL },
		},
		.declines = "tests are not changed",
	},
	{0}
};

const struct template template_node_missing_export = {
	.name = "node_missing_export",
	.summary = "a module has no export of that name -> the import or the export as the other side has it",
	.language = "node",
	.class = "import",
	.oracles = "what the module exports and declares; the failing commit's renames",
	.keeps_off = "imports of tests, names that were never written, modules that pass others on",
	.danger = DANGER_1,
	.pattern = "^The requested module '(?<module>[^']+)' does not provide an export named "
		   "'(?<name>[^']+)'",
	.fix = fix,
	.examples = examples,
};

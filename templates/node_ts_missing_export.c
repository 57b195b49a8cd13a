/*
 * tsc's "has no exported member" and "has no default export" -> the import or the export as the
 * other side has it. All such errors of the log are mended, or none. What the compiler suggests
 * counts only where it is a slip, or the failing commit's own renaming.
 */
#include "templates/lib_js_export.h"

#include "templates/lib_scene.h"

static bool mend(struct js_set *set, struct scene *scene)
{
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	struct js_binding *list = arena_array(scene->arena, struct js_binding, JS_BINDINGS_MAX);
	size_t count = file ? js_bindings(file->s, list) : 0;
	TSNode at;

	if (!file)
		return false;
	at = js_node_of_failure(file);
	for (size_t i = 0; i < count; i++)
		if (ts_node_start_byte(list[i].at) <= ts_node_start_byte(at) &&
		    ts_node_end_byte(at) <= ts_node_end_byte(list[i].at))
			return js_mend_binding(set, file, &list[i]);
	template_decline(scene, "line %u of %s is no import", scene->failure->line, file->path);
	return false;
}

static void fix(struct scene *scene)
{
	js_mend_all(scene, mend);
}

static const struct example examples[] = {
	{
		.name = "a type that its module keeps for itself",
		.log =
			"src/total.ts(1,15): error TS2459: Module '\"./bill.js\"' declares 'Bill' locally, but it is not "
			"exported.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/bill.ts",
			  "interface Bill {\n  cents: number;\n}\n\nexport const free: Bill = { cents: 0 };\n",
			  "export interface Bill {\n  cents: number;\n}\n\n"
			  "export const free: Bill = { cents: 0 };\n" },
			{ "src/total.ts",
			  "import type { Bill } from './bill.js';\n\n"
			  "export const total = (bill: Bill): number => bill.cents;\n",
			  NULL },
		},
	},
	{
		.name = "a default import of a named export, and a slip",
		.log =
			"src/app.ts(1,8): error TS2613: Module '\"/src/src/queue\"' has no default export. Did you mean "
			"to use 'import { Queue } from \"/src/src/queue\"' instead?\n"
			"src/app.ts(2,10): error TS2724: '\"./queue.js\"' has no exported member named 'capacty'. Did "
			"you mean 'capacity'?\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/queue.ts",
			  "export class Queue {}\nexport const capacity = 3;\n",
			  NULL },
			{ "src/app.ts",
			  "import Queue from './queue.js';\nimport { capacty } from './queue.js';\n\n"
			  "export const app = [new Queue(), capacty];\n",
			  "import { Queue } from './queue.js';\nimport { capacity } from './queue.js';\n\n"
			  "export const app = [new Queue(), capacity];\n" },
		},
	},
	{
		.name = "a name that is nowhere",
		.log =
			"src/app.ts(1,10): error TS2305: Module '\"./queue.js\"' has no exported member 'Stack'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/queue.ts",
			  "export class Queue {}\n",
			  NULL },
			{ "src/app.ts",
			  "import { Stack } from './queue.js';\n\nexport const app = new Stack();\n",
			  NULL },
		},
		.declines = "nothing says what is meant",
	},
	{0}
};

static const char *const types[] = { "TS2305", "TS2724", "TS2614", "TS2613", "TS1192", "TS2459", NULL };

const struct template template_node_ts_missing_export = {
	.name = "node_ts_missing_export",
	.summary = "tsc finds no such export -> the import or the export as the other side has it",
	.language = "node",
	.class = "import",
	.oracles = "what the module exports and declares; the failing commit's renames",
	.keeps_off = "packages, imports of tests, names that were never written",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.fix = fix,
	.examples = examples,
};

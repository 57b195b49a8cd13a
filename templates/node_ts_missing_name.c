/*
 * tsc's "Cannot find name" -> the import that the other sources have, or the only export of that
 * name; else the name that the compiler itself suggests, when it is a plain slip. All such errors
 * of the log are mended, or none: what is left would keep the build red.
 */
#include "templates/lib_js_home.h"
#include "templates/lib_js_set.h"

#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

static bool mend(struct js_set *set, struct scene *scene)
{
	struct str name = scene_group(scene, "name"), hint = scene_group(scene, "hint");
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	struct js_home home = {0};
	const char *why;
	TSNode at;

	if (!file)
		return false;
	at = js_node_of_failure(file);
	if (!str_equal(syntax_text(file->s, at), name)) {
		template_decline(scene, "%s is no longer what the log speaks of", file->path);
		return false;
	}
	if (js_declares(file->s, name)) {
		template_decline(scene, "%.*s is declared elsewhere in %s", STR_ARG(name), file->path);
		return false;
	}
	if (js_home_of(file, name, at, &home, &why)) {
		if (js_set_once(set, arena_printf(scene->arena, "%s %.*s", file->path, STR_ARG(name))))
			js_bind(&file->edits, file->s, js_is_esm(scene, file->path, file->s),
				&home.binding);
		if (!set->why)
			set->oracle = home.oracle;
		why = arena_printf(scene->arena, "Imports %.*s from %.*s: %s.", STR_ARG(name),
				   STR_ARG(home.binding.module), home.by);
	} else if (hint.size && similar_slip(name, hint)) {
		edit_node(&file->edits, at, hint);
		why = arena_printf(scene->arena, "Writes %.*s for %.*s, as the compiler suggests: it is a "
				   "slip.", STR_ARG(hint), STR_ARG(name));
	} else {
		template_decline(scene, "%s", why);
		return false;
	}
	set->why = set->why ? set->why : why;
	return true;
}

static void fix(struct scene *scene)
{
	js_mend_all(scene, mend);
}

static const struct example examples[] = {
	{
		.name = "one module exports the type, and it is used twice",
		.log =
			"src/total.ts(5,29): error TS2304: Cannot find name 'Bill'.\n"
			"src/total.ts(5,43): error TS2304: Cannot find name 'Bill'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/model/bill.ts",
			  "export interface Line {\n  cents: number;\n}\n\nexport interface Bill {\n"
			  "  lines: Line[];\n}\n",
			  NULL },
			{ "src/total.ts",
			  "import type { Line } from './model/bill.js';\n\n"
			  "export const one = (line: Line): number => line.cents;\n\n"
			  "export function total(bill: Bill, other?: Bill): number {\n"
			  "  return bill.lines.concat(other ? other.lines : []).map(one).length;\n}\n",
			  "import type { Bill, Line } from './model/bill.js';\n\n"
			  "export const one = (line: Line): number => line.cents;\n\n"
			  "export function total(bill: Bill, other?: Bill): number {\n"
			  "  return bill.lines.concat(other ? other.lines : []).map(one).length;\n}\n" },
		},
	},
	{
		.name = "the compiler suggests the right spelling",
		.log =
			"src/total.ts(2,10): error TS2552: Cannot find name 'pirces'. Did you mean 'prices'?\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/total.ts",
			  "export function total(prices: number[]): number {\n  return pirces.length;\n}\n",
			  "export function total(prices: number[]): number {\n  return prices.length;\n}\n" },
		},
	},
	{
		.name = "two modules export it",
		.log =
			"src/far.ts(1,27): error TS2304: Cannot find name 'Point'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export interface Point {\n  x: number;\n}\n",
			  NULL },
			{ "src/b.ts",
			  "export interface Point {\n  x: number;\n}\n",
			  NULL },
			{ "src/far.ts",
			  "export const far = (from: Point): boolean => from.x > 9;\n",
			  NULL },
		},
		.declines = "2 files export",
	},
	{
		.name = "what the compiler suggests is another word",
		.log =
			"src/total.ts(2,10): error TS2552: Cannot find name 'itemz'. Did you mean 'item'?\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/total.ts",
			  "export function total(items: number[], item: number): number {\n"
			  "  return itemz.length + item;\n}\n",
			  NULL },
		},
		.declines = "no source exports",
	},
	{0}
};

static const char *const types[] = { "TS2304", "TS2552", "TS2503", NULL };

const struct template template_node_ts_missing_name = {
	.name = "node_ts_missing_name",
	.summary = "tsc cannot find a name -> the import its siblings have, or the spelling tsc suggests",
	.language = "node",
	.class = "import",
	.oracles = "the imports and exports of the other sources; the compiler's suggestion",
	.keeps_off = "names with two homes, suggestions that are another word",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "^Cannot find (?:name|namespace) '(?<name>[A-Za-z_$][\\w$]*)'\\."
		   "(?: Did you mean (?:the \\w+ )?'(?<hint>[\\w$]+)'\\?)?",
	.fix = fix,
	.examples = examples,
};

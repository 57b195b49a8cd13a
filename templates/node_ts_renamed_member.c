/*
 * tsc's "Property does not exist on type" -> the name that the failing commit gave the property, or
 * the compiler's suggestion where it is a plain slip. All such errors of the log are mended, or
 * none. Never a cast, and never another type.
 */
#include "templates/lib_js_history.h"
#include "templates/lib_js_set.h"

#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

/* { a } as a value or a pattern keeps its local name: { b: a }. */
static void put(struct js_file *file, TSNode at, struct str old, struct str new)
{
	if (syntax_type_is(at, "shorthand_property_identifier|shorthand_property_identifier_pattern"))
		new = str_of(arena_printf(file->scene->arena, "%.*s: %.*s", STR_ARG(new), STR_ARG(old)));
	edit_node(&file->edits, at, new);
}

static bool mend(struct js_set *set, struct scene *scene)
{
	struct str old = scene_group(scene, "name"), hint = scene_group(scene, "hint"), new;
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	const char *by = "the compiler suggests it, and it is a slip";
	TSNode at;

	if (!file)
		return false;
	at = js_node_of_failure(file);
	if (!str_equal(syntax_text(file->s, at), old)) {
		template_decline(scene, "%s is no longer what the log speaks of", file->path);
		return false;
	}
	if (hint.size && similar_slip(old, hint)) {
		new = hint;
	} else {
		new = js_renamed(scene, old, &by);
		if (!set->why)
			set->oracle = ORACLE_HISTORY;
	}
	if (!new.size) {
		template_decline(scene, "nothing says what %.*s is called now", STR_ARG(old));
		return false;
	}
	put(file, at, old, new);
	if (!set->why)
		set->why = arena_printf(scene->arena, "Writes %.*s for %.*s: %s.", STR_ARG(new), STR_ARG(old),
					by);
	return true;
}

static void fix(struct scene *scene)
{
	js_mend_all(scene, mend);
}

static const struct example examples[] = {
	{
		.name = "the failing commit renamed it where it is declared",
		.log =
			"src/mail.ts(3,58): error TS2339: Property 'userName' does not exist on type 'Account'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/account.ts",
			  "export interface Account {\n  login: string;\n  displayName: string;\n}\n",
			  NULL,
			  .was = "export interface Account {\n  userName: string;\n  displayName: string;\n}\n" },
			{ "src/mail.ts",
			  "import type { Account } from './account.js';\n\n"
			  "export const box = (account: Account): string => account.userName;\n",
			  "import type { Account } from './account.js';\n\n"
			  "export const box = (account: Account): string => account.login;\n" },
		},
	},
	{
		.name = "a slip of the keyboard",
		.log =
			"src/a.ts(5,60): error TS2551: Property 'dipslayName' does not exist on type 'Account'. Did you "
			"mean 'displayName'?\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export interface Account {\n  displayName: string;\n}\n\n"
			  "export const greet = (account: Account): string => account.dipslayName;\n",
			  "export interface Account {\n  displayName: string;\n}\n\n"
			  "export const greet = (account: Account): string => account.displayName;\n" },
		},
	},
	{
		.name = "in a literal",
		.log =
			"src/a.ts(5,27): error TS2561: Object literal may only specify known properties, but 'widht' "
			"does not exist in type 'Box'. Did you mean to write 'width'?\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export interface Box {\n  width: number;\n}\n\nexport const box: Box = { widht: 3 };\n",
			  "export interface Box {\n  width: number;\n}\n\nexport const box: Box = { width: 3 };\n" },
		},
	},
	{
		.name = "the suggestion is another word",
		.log =
			"src/a.ts(5,52): error TS2339: Property 'max' does not exist on type 'Range'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export interface Range {\n  min: number;\n}\n\n"
			  "export const low = (range: Range): number => range.max;\n",
			  NULL },
		},
		.declines = "nothing says what max is called now",
	},
	{
		.name = "it never was",
		.log =
			"src/a.ts(5,52): error TS2339: Property 'label' does not exist on type 'Range'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export interface Range {\n  min: number;\n}\n\n"
			  "export const low = (range: Range): number => range.label;\n",
			  NULL },
		},
		.declines = "nothing says what label is called now",
	},
	{0}
};

static const char *const types[] = { "TS2339", "TS2551", "TS2561", "TS2353", NULL };

const struct template template_node_ts_renamed_member = {
	.name = "node_ts_renamed_member",
	.summary = "tsc knows no such property -> its name since the failing commit, or without the slip",
	.language = "node",
	.class = "rename",
	.oracles = "the failing commit; the compiler's suggestion",
	.keeps_off = "two new names, suggestions that are another word, properties that never were",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "'(?<name>[\\w$]+)' does not exist (?:on|in) type '.*?'"
		   "(?:\\. Did you mean(?: to write)? '(?<hint>[\\w$]+)'\\?)?",
	.fix = fix,
	.examples = examples,
};

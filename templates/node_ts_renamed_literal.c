/*
 * tsc's "Type '"old"' is not assignable" for a value of a union -> the value that the failing commit
 * gave it in the union, or the compiler's suggestion where it is a slip. Never a wider union, never
 * a cast. All such errors of the log are mended, or none.
 */
#include "templates/lib_js_history.h"
#include "templates/lib_js_names.h"
#include "templates/lib_js_set.h"

#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

/* Does a source declare the value in a union or an enum, now? */
static bool is_declared(const struct scene *scene, struct str value)
{
	for (size_t i = 0; i < scene->tree->count && i < 1000; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;
		SYNTAX s = NULL;

		if (!js_is_source(path) || !scene_read(scene, path, &text) ||
		    !text_has_word(text, str_text(scene->arena, value)))
			continue;
		s = syntax_open(scene->arena, syntax_language(path), text);
		for (unsigned n = 0; s; n++) {
			TSNode one = syntax_below(s->root, "literal_type", n);
			struct str literal;

			if (ts_node_is_null(one))
				break;
			literal = syntax_text(s, one);
			if (literal.size > 2 && str_equal(str_slice(literal, 1, literal.size - 2), value))
				return true;
		}
	}
	return false;
}

/* The string literal of that value in the statement of the failure. */
static TSNode literal_at(const struct js_file *file, struct str value)
{
	TSNode statement = js_statement_of(js_node_of_failure(file)), found = {{0}, NULL, NULL};
	unsigned count = 0;

	for (unsigned n = 0; !ts_node_is_null(statement); n++) {
		TSNode one = syntax_below(statement, "string", n);
		struct str text;

		if (ts_node_is_null(one))
			break;
		text = syntax_text(file->s, one);
		if (syntax_line(one) >= file->scene->failure->line && text.size > 2 &&
		    str_equal(str_slice(text, 1, text.size - 2), value)) {
			found = one;
			count++;
		}
	}
	return count == 1 ? found : (TSNode){{0}, NULL, NULL};
}

static bool mend(struct js_set *set, struct scene *scene)
{
	struct str old = scene_group(scene, "value"), hint = scene_group(scene, "hint"), new;
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	const char *by = "the compiler suggests it, and it is a slip";
	enum oracle oracle = ORACLE_CONTRACT;
	TSNode at;

	if (!file)
		return false;
	at = literal_at(file, old);
	if (ts_node_is_null(at)) {
		template_decline(scene, "line %u has no single '%.*s'", scene->failure->line, STR_ARG(old));
		return false;
	}
	if (hint.size && similar_slip(old, hint)) {
		new = hint;
	} else {
		new = js_renamed(scene, old, &by);
		oracle = ORACLE_HISTORY;
	}
	if (!new.size || !is_declared(scene, new) || is_declared(scene, old)) {
		template_decline(scene, "nothing says what '%.*s' is called now", STR_ARG(old));
		return false;
	}
	edit_replace(&file->edits, ts_node_start_byte(at) + 1, ts_node_end_byte(at) - 1, new);
	if (!set->why) {
		set->oracle = oracle;
		set->why = arena_printf(scene->arena, "Writes '%.*s' for '%.*s': %s.", STR_ARG(new),
					STR_ARG(old), by);
	}
	return true;
}

static void fix(struct scene *scene)
{
	js_mend_all(scene, mend);
}

static const struct example examples[] = {
	{
		.name = "the failing commit renamed it in the union",
		.log =
			"src/a.ts(3,14): error TS2322: Type '\"urgent\"' is not assignable to type 'Level'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/level.ts",
			  "export type Level = 'low' | 'critical';\n",
			  NULL,
			  .was = "export type Level = 'low' | 'urgent';\n" },
			{ "src/a.ts",
			  "import type { Level } from './level.js';\n\nexport const level: Level = 'urgent';\n",
			  "import type { Level } from './level.js';\n\nexport const level: Level = 'critical';\n" },
		},
	},
	{
		.name = "a slip, as the compiler suggests",
		.log =
			"src/a.ts(3,14): error TS2820: Type '\"critcial\"' is not assignable to type 'Level'. Did you "
			"mean '\"critical\"'?\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export type Level = 'low' | 'normal' | 'critical';\n\n"
			  "export const level: Level = 'critcial';\n",
			  "export type Level = 'low' | 'normal' | 'critical';\n\n"
			  "export const level: Level = 'critical';\n" },
		},
	},
	{
		.name = "it never was one",
		.log =
			"src/a.ts(3,14): error TS2322: Type '\"urgent\"' is not assignable to type 'Level'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export type Level = 'low' | 'normal' | 'critical';\n\n"
			  "export const level: Level = 'urgent';\n",
			  NULL },
		},
		.declines = "nothing says what 'urgent' is called now",
	},
	{
		.name = "another union has it",
		.log =
			"src/a.ts(5,14): error TS2322: Type '\"urgent\"' is not assignable to type 'Level'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export type Level = 'low' | 'normal' | 'critical';\n\n"
			  "export type Word = 'urgent' | 'calm';\n\nexport const level: Level = 'urgent';\n",
			  NULL },
		},
		.declines = "nothing says what 'urgent' is called now",
	},
	{0}
};

static const char *const types[] = { "TS2322", "TS2345", "TS2820", "TS2367", "TS2678", NULL };

const struct template template_node_ts_renamed_literal = {
	.name = "node_ts_renamed_literal",
	.summary = "a value is not of its union -> its name since the failing commit, or without the slip",
	.language = "node",
	.class = "rename",
	.oracles = "the failing commit; the compiler's suggestion",
	.keeps_off = "values that are still in a union, two new names, values that never were",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "^(?:Type|Argument of type) '\"(?<value>[\\w-]+)\"' is not assignable to (?:type|parameter of "
		   "type) '[^']*'\\.(?: Did you mean '\"(?<hint>[\\w-]+)\"'\\?)?",
	.fix = fix,
	.examples = examples,
};

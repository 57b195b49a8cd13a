/*
 * tsc's "Cannot find module" for a relative import -> its right case, where the failing commit moved
 * it, or the ending that the compiler asks for. All such errors of the log are mended, or none.
 * Packages without types are left to people.
 */
#include "templates/lib_js_names.h"
#include "templates/lib_js_path.h"
#include "templates/lib_js_set.h"

#include "git/path.h"
#include "templates/lib_module.h"
#include "templates/lib_scene.h"

/* The specifier of the found file, with an ending where the old one had one or must have one. */
static struct str spell(const struct scene *scene, const struct js_file *file, struct str old,
			const char *found)
{
	struct str stem = str_of(module_specifier(scene->arena, file->path, found));
	struct str ending = path_ending(stem), was = path_ending(old);
	bool asked = !str_is(str_of(scene->failure->type), "TS2307");

	stem.size -= ending.size + 1;
	if (word_among(was, "js mjs cjs jsx"))
		return str_of(arena_printf(scene->arena, "%.*s.%.*s", STR_ARG(stem), STR_ARG(was)));
	if (asked)
		return str_of(arena_printf(scene->arena, "%.*s.%s", STR_ARG(stem),
					   word_among(ending, "mts mjs") ? "mjs" : "js"));
	if (!str_ends(old, "/index"))
		str_chop(&stem, "/index");
	return stem;
}

static bool mend(struct js_set *set, struct scene *scene)
{
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	enum oracle oracle = ORACLE_CONTRACT;
	const char *target, *found, *why = "the compiler asks for the whole name of the file";
	struct str old, new;
	TSNode string;

	if (!file)
		return false;
	string = syntax_up(js_node_of_failure(file), "string");
	old = ts_node_is_null(string) ? STR_NONE : syntax_text(file->s, string);
	if (old.size < 4) {
		template_decline(scene, "line %u of %s names no module", scene->failure->line, file->path);
		return false;
	}
	old = str_slice(old, 1, old.size - 2);
	target = module_target(scene->arena, file->path, old);
	if (!target) {
		template_decline(scene, "%.*s is a package: it may not be installed", STR_ARG(old));
		return false;
	}
	found = js_resolve(scene, file->path, old);
	if (!found)
		found = js_path_meant(scene, file->path, old, target, &why, &oracle);
	new = found ? spell(scene, file, old, found) : STR_NONE;
	if (!found || str_equal(new, old)) {
		template_decline(scene, "no single file is what '%.*s' may mean", STR_ARG(old));
		return false;
	}
	edit_replace(&file->edits, ts_node_start_byte(string) + 1, ts_node_end_byte(string) - 1, new);
	if (!set->why) {
		set->oracle = oracle;
		set->why = arena_printf(scene->arena, "Imports '%.*s' for '%.*s': %s.", STR_ARG(new),
					STR_ARG(old), why);
	}
	return true;
}

static void fix(struct scene *scene)
{
	js_mend_all(scene, mend);
}

static const struct example examples[] = {
	{
		.name = "another case, twice",
		.log =
			"src/list.ts(1,21): error TS2307: Cannot find module './text/strings' or its corresponding type "
			"declarations.\n"
			"src/views/title.ts(1,21): error TS2307: Cannot find module '../text/strings' or its "
			"corresponding type declarations.\n",
		.file = {
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"commonjs\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/text/Strings.ts",
			  "export const cut = (text: string): string => text.slice(0, 9);\n",
			  NULL },
			{ "src/list.ts",
			  "import { cut } from './text/strings';\n\nexport const row = cut('x');\n",
			  "import { cut } from './text/Strings';\n\nexport const row = cut('x');\n" },
			{ "src/views/title.ts",
			  "import { cut } from '../text/strings';\n\nexport const title = cut('x');\n",
			  "import { cut } from '../text/Strings';\n\nexport const title = cut('x');\n" },
		},
	},
	{
		.name = "the compiler asks for the ending",
		.log =
			"src/list.ts(1,21): error TS2835: Relative import paths need explicit file extensions in "
			"ECMAScript imports when '--moduleResolution' is 'node16' or 'nodenext'. Did you mean "
			"'./strings.js'?\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/strings.ts",
			  "export const cut = (text: string): string => text.slice(0, 9);\n",
			  NULL },
			{ "src/list.ts",
			  "import { cut } from './strings';\n\nexport const row = cut('x');\n",
			  "import { cut } from './strings.js';\n\nexport const row = cut('x');\n" },
		},
	},
	{
		.name = "moved, and imported there by others",
		.log =
			"src/list.ts(1,21): error TS2307: Cannot find module './strings' or its corresponding type "
			"declarations.\n",
		.file = {
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"commonjs\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/text/strings.ts",
			  "export const cut = (text: string): string => text.slice(0, 9);\n",
			  NULL },
			{ "src/all.ts",
			  "export { cut } from './text/strings';\n",
			  NULL },
			{ "src/list.ts",
			  "import { cut } from './strings';\n\nexport const row = cut('x');\n",
			  "import { cut } from './text/strings';\n\nexport const row = cut('x');\n" },
		},
	},
	{
		.name = "two files of that name",
		.log =
			"src/list.ts(1,21): error TS2307: Cannot find module './strings' or its corresponding type "
			"declarations.\n",
		.file = {
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"commonjs\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/text/strings.ts",
			  "export const cut = (text: string): string => text.slice(0, 9);\n",
			  NULL },
			{ "src/other/strings.ts",
			  "export const cut = (text: string): string => text.slice(0, 9);\n",
			  NULL },
			{ "src/all.ts",
			  "export { cut } from './text/strings';\n",
			  NULL },
			{ "src/list.ts",
			  "import { cut } from './strings';\n\nexport const row = cut('x');\n",
			  NULL },
		},
		.declines = "no single file",
	},
	{
		.name = "a package",
		.log =
			"src/list.ts(1,21): error TS2307: Cannot find module 'strings' or its corresponding type "
			"declarations.\n",
		.file = {
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"commonjs\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/list.ts",
			  "import { cut } from 'strings';\n\nexport const row = cut('x');\n",
			  NULL },
		},
		.declines = "is a package",
	},
	{0}
};

static const char *const types[] = { "TS2307", "TS2834", "TS2835", "TS7016", NULL };

const struct template template_node_ts_missing_module = {
	.name = "node_ts_missing_module",
	.summary = "tsc finds no file of an import -> its right case, its new place, the ending it must have",
	.language = "node",
	.class = "import",
	.oracles = "the files of the tree; what the failing commit moved; the compiler",
	.keeps_off = "packages; files that two places have; imports of tests",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.fix = fix,
	.examples = examples,
};

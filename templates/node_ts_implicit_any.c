/*
 * tsc's "Parameter implicitly has an 'any' type" -> the type that at least two other functions of
 * the file give to a parameter of that name, when all agree. Never any, never unknown.
 */
#include "templates/lib_js_set.h"

#include "templates/lib_scene.h"

enum { SIBLINGS_MIN = 2 };

/* The type that the file's other parameters of that name have; empty when they differ or are few. */
static struct str agreed(const struct syntax *s, struct str name, TSNode but)
{
	struct str type = STR_NONE;
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "required_parameter|optional_parameter", n), written;

		if (ts_node_is_null(one))
			return count >= SIBLINGS_MIN ? type : STR_NONE;
		written = syntax_field(one, "type");
		if (ts_node_eq(syntax_field(one, "pattern"), but) || ts_node_is_null(written) ||
		    !str_equal(syntax_text(s, syntax_field(one, "pattern")), name))
			continue;
		if (count++ && !str_equal(type, syntax_text(s, written)))
			return STR_NONE;
		type = syntax_text(s, written);
	}
}

static bool mend(struct js_set *set, struct scene *scene)
{
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	struct str name = scene_group(scene, "name"), type;
	TSNode at;

	if (!file)
		return false;
	at = js_node_of_failure(file);
	type = agreed(file->s, name, at);
	if (!ts_node_is_null(syntax_field(ts_node_parent(at), "type")) || !str_equal(syntax_text(file->s, at), name) || !type.size ||
	    text_has_word(type, "any")) {
		template_decline(scene, "no two functions of %s agree on the type of %.*s", file->path,
				 STR_ARG(name));
		return false;
	}
	if (syntax_type_is(ts_node_parent(at), "arrow_function"))
		edit_node(&file->edits, at, str_of(arena_printf(scene->arena, "(%.*s%.*s)", STR_ARG(name),
								STR_ARG(type))));
	else
		edit_replace(&file->edits, ts_node_end_byte(at), ts_node_end_byte(at), type);
	set->oracle = ORACLE_SIBLING;
	if (!set->why)
		set->why = arena_printf(scene->arena, "Gives %.*s the type%.*s: all other functions of the file "
					"do.", STR_ARG(name), STR_ARG(type));
	return true;
}

static void fix(struct scene *scene)
{
	js_mend_all(scene, mend);
}

static const struct example examples[] = {
	{
		.name = "two others agree",
		.log =
			"src/a.ts(7,23): error TS7006: Parameter 'member' implicitly has an 'any' type.\n"
			"src/a.ts(10,21): error TS7006: Parameter 'member' implicitly has an 'any' type.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export interface Member {\n  name: string;\n}\n\n"
			  "export const one = (member: Member): string => member.name;\n"
			  "export const two = (member: Member): string => member.name;\n"
			  "export function three(member): string {\n  return member.name;\n}\n"
			  "export const four = member => member.name;\n",
			  "export interface Member {\n  name: string;\n}\n\n"
			  "export const one = (member: Member): string => member.name;\n"
			  "export const two = (member: Member): string => member.name;\n"
			  "export function three(member: Member): string {\n  return member.name;\n}\n"
			  "export const four = (member: Member) => member.name;\n" },
		},
	},
	{
		.name = "they differ",
		.log =
			"src/a.ts(7,23): error TS7006: Parameter 'member' implicitly has an 'any' type.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export interface Member {\n  name: string;\n}\n\n"
			  "export const one = (member: Member): string => member.name;\n"
			  "export const two = (member: Member & object): string => member.name;\n"
			  "export function three(member): string {\n  return member.name;\n}\n",
			  NULL },
		},
		.declines = "no two functions",
	},
	{0}
};

static const char *const types[] = { "TS7006", NULL };

const struct template template_node_ts_implicit_any = {
	.name = "node_ts_implicit_any",
	.summary = "a parameter has no type -> the one that the functions beside it give it",
	.language = "node",
	.class = "type",
	.oracles = "two siblings that agree",
	.keeps_off = "fewer than two siblings, siblings that differ, any",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "^Parameter '(?<name>[A-Za-z_$][\\w$]*)' implicitly has an 'any' type",
	.fix = fix,
	.examples = examples,
};

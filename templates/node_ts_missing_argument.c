/*
 * tsc's "Expected 2 arguments, but got 1" -> the variable of the new parameter's own name and type,
 * where it is in scope at the call and the failing commit added the parameter or another call passes
 * it so. Never a default that would hide the call.
 */
#include "templates/lib_js_names.h"
#include "templates/lib_js_set.h"

#include "git/path.h"
#include "templates/lib_scene.h"

/* The function that a call means: of this file, or of the one it is imported from. */
static TSNode declared(const struct scene *scene, const struct syntax *s, const char *path, struct str name,
		       struct syntax **other)
{
	const TSNode none = {{0}, NULL, NULL};
	struct js_binding binding;
	const char *from;
	struct str text;

	*other = NULL;
	if (!js_binding_of(s, name, &binding))
		return js_top_level(s, name);
	from = js_resolve(scene, path, binding.module);
	if (!from || !scene_read(scene, from, &text))
		return none;
	*other = syntax_open(scene->arena, syntax_language(from), text);
	return *other ? js_top_level(*other, binding.name) : none;
}

static struct str type_at(const struct syntax *s, TSNode parameter)
{
	TSNode type = syntax_type_is(parameter, "required_parameter|variable_declarator") ?
		syntax_field(parameter, "type") : (TSNode){{0}, NULL, NULL};

	return ts_node_is_null(type) ? STR_NONE : syntax_text(s, type);
}

/* Another call of the file passes the same name at that place. */
static bool sibling_passes(const struct syntax *s, struct str function, uint32_t place, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(s->root, "call_expression", n), list;

		if (ts_node_is_null(call))
			return false;
		list = syntax_field(call, "arguments");
		if (str_equal(syntax_text(s, syntax_field(call, "function")), function) &&
		    place < ts_node_named_child_count(list) &&
		    str_equal(syntax_text(s, ts_node_named_child(list, place)), name))
			return true;
	}
}

static bool mend(struct js_set *set, struct scene *scene)
{
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	TSNode call, function, list, parameter, visible;
	struct syntax *other = NULL;
	const struct syntax *of;
	struct str callee, name, type;
	uint32_t given;

	if (!file)
		return false;
	call = syntax_up(js_node_of_failure(file), "call_expression");
	callee = ts_node_is_null(call) ? STR_NONE : syntax_text(file->s, syntax_field(call, "function"));
	function = declared(scene, file->s, file->path, callee, &other);
	of = other ? other : file->s;
	list = ts_node_is_null(function) ? function : syntax_field(function, "parameters");
	given = ts_node_is_null(call) ? 0 : ts_node_named_child_count(syntax_field(call, "arguments"));
	if (!given || ts_node_is_null(list) || ts_node_named_child_count(list) != given + 1) {
		syntax_close(&other);
		template_decline(scene, "it is not one last argument that is missing on line %u",
				 scene->failure->line);
		return false;
	}
	parameter = ts_node_named_child(list, given);
	name = str_copy(scene->arena, syntax_text(of, syntax_field(parameter, "pattern")));
	type = str_copy(scene->arena, type_at(of, parameter));
	syntax_close(&other);
	if (!str_is_word(name) || !js_sees(file->s, call, name, &visible) || !type.size ||
	    !str_equal(type_at(file->s, ts_node_parent(visible)), type) ||
	    !sibling_passes(file->s, callee, given, name)) {
		template_decline(scene, "nothing at hand is what %.*s takes last", STR_ARG(callee));
		return false;
	}
	list = syntax_field(call, "arguments");
	visible = ts_node_named_child(list, given - 1);
	edit_replace(&file->edits, ts_node_end_byte(visible), ts_node_end_byte(visible),
		     str_of(arena_printf(scene->arena, ", %.*s", STR_ARG(name))));
	set->oracle = ORACLE_SIBLING;
	if (!set->why)
		set->why = arena_printf(scene->arena, "Passes %.*s on to %.*s: it is at hand under the name and "
					"type of the parameter, and another call passes it.", STR_ARG(name),
					STR_ARG(callee));
	return true;
}

static void fix(struct scene *scene)
{
	js_mend_all(scene, mend);
}

static const struct example examples[] = {
	{
		.name = "it is at hand",
		.log =
			"src/a.ts(4,63): error TS2554: Expected 2 arguments, but got 1.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/price.ts",
			  "export function price(cents: number, locale: string): string {\n"
			  "  return cents.toLocaleString(locale);\n}\n",
			  NULL },
			{ "src/a.ts",
			  "import { price } from './price.js';\n\n"
			  "export const one = (cents: number, locale: string): string => price(cents, locale);\n"
			  "export const two = (cents: number, locale: string): string => price(cents + 1);\n",
			  "import { price } from './price.js';\n\n"
			  "export const one = (cents: number, locale: string): string => price(cents, locale);\n"
			  "export const two = (cents: number, locale: string): string => price(cents + 1, locale);\n" },
		},
	},
	{
		.name = "it is not at hand",
		.log =
			"src/a.ts(4,62): error TS2554: Expected 2 arguments, but got 1.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/price.ts",
			  "export function price(cents: number, locale: string): string {\n"
			  "  return cents.toLocaleString(locale);\n}\n",
			  NULL },
			{ "src/a.ts",
			  "import { price } from './price.js';\n\n"
			  "export const one = (cents: number, locale: string): string => price(cents, locale);\n"
			  "export const two = (cents: number, other: string): string => price(cents + 1);\n",
			  NULL },
		},
		.declines = "nothing at hand",
	},
	{
		.name = "it is of another type",
		.log =
			"src/a.ts(4,65): error TS2554: Expected 2 arguments, but got 1.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/price.ts",
			  "export function price(cents: number, locale: string): string {\n"
			  "  return cents.toLocaleString(locale);\n}\n",
			  NULL },
			{ "src/a.ts",
			  "import { price } from './price.js';\n\n"
			  "export const one = (cents: number, locale: string): string => price(cents, locale);\n"
			  "export const two = (cents: number, locale: string[]): string => price(cents + 1);\n",
			  NULL },
		},
		.declines = "nothing at hand",
	},
	{0}
};

static const char *const types[] = { "TS2554", NULL };

const struct template template_node_ts_missing_argument = {
	.name = "node_ts_missing_argument",
	.summary = "a call lacks the last argument -> the variable of its name and type, as another call has it",
	.language = "node",
	.class = "call",
	.oracles = "another call of the same function; the parameter's name and type",
	.keeps_off = "no such variable in scope, several arguments missing, no other call",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "^Expected \\d+ arguments?, but got \\d+\\.",
	.fix = fix,
	.examples = examples,
};

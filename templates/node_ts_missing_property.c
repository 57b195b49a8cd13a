/*
 * tsc's "Property is missing in type" of a literal -> the pair that at least two literals of the
 * same file have, when they all have the same and what it reads is in scope with the same type. Never
 * an optional property, never a made-up value.
 */
#include "templates/lib_js_set.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

enum { SIBLINGS_MIN = 2 };

static TSNode pair_of(const struct syntax *s, TSNode object, struct str key)
{
	const TSNode none = {{0}, NULL, NULL};

	for (uint32_t i = 0; i < ts_node_named_child_count(object); i++) {
		TSNode one = ts_node_named_child(object, i), name = one;

		if (syntax_type_is(one, "pair"))
			name = syntax_field(one, "key");
		if (str_equal(syntax_text(s, name), key))
			return one;
	}
	return none;
}

/* Do two literals have a key in common? */
static bool alike(const struct syntax *s, TSNode object, TSNode other)
{
	for (uint32_t i = 0; i < ts_node_named_child_count(object); i++) {
		TSNode one = ts_node_named_child(object, i);

		if (syntax_type_is(one, "pair"))
			one = syntax_field(one, "key");
		if (!ts_node_is_null(pair_of(s, other, syntax_text(s, one))))
			return true;
	}
	return false;
}

/* The pair that all other literals of the kind have; *at is where one of them has it. */
static struct str agreed(const struct syntax *s, TSNode object, struct str key, TSNode *at)
{
	struct str pair = STR_NONE;
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "object", n), found;

		if (ts_node_is_null(one))
			return count >= SIBLINGS_MIN ? pair : STR_NONE;
		found = ts_node_eq(one, object) ? (TSNode){{0}, NULL, NULL} : pair_of(s, one, key);
		if (ts_node_is_null(found) || !alike(s, object, one))
			continue;
		if (count++ && !str_equal(pair, syntax_text(s, found)))
			return STR_NONE;
		pair = syntax_text(s, found);
		*at = found;
	}
}

/* What the pair reads first is declared alike at both places. */
static bool same_scope(const struct syntax *s, TSNode pair, TSNode object)
{
	TSNode value = syntax_type_is(pair, "pair") ? syntax_field(pair, "value") : pair, there, here;
	TSNode root = js_root(value);
	struct str name = syntax_text(s, root);

	if (!syntax_type_is(root, "identifier|shorthand_property_identifier") ||
	    syntax_type_is(value, "call_expression") || !js_sees(s, pair, name, &there) ||
	    !js_sees(s, object, name, &here))
		return false;
	return ts_node_eq(there, here) ||
	       str_equal(syntax_text(s, ts_node_parent(there)), syntax_text(s, ts_node_parent(here)));
}

static bool mend(struct js_set *set, struct scene *scene)
{
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	struct str key = scene_group(scene, "name"), pair;
	TSNode statement, object, at, last;
	const char *before;

	if (!file)
		return false;
	statement = js_node_of_failure(file);
	object = syntax_type_is(statement, "object") ? statement :
		syntax_below(js_statement_of(statement), "object", 0);
	if (ts_node_is_null(object) || !ts_node_named_child_count(object) ||
	    !ts_node_is_null(pair_of(file->s, object, key)) ||
	    !ts_node_is_null(syntax_below(object, "spread_element", 0))) {
		template_decline(scene, "line %u has no plain literal without %.*s", scene->failure->line,
				 STR_ARG(key));
		return false;
	}
	pair = agreed(file->s, object, key, &at);
	if (!pair.size || !same_scope(file->s, at, object)) {
		template_decline(scene, "no two literals of %s agree on %.*s", file->path, STR_ARG(key));
		return false;
	}
	last = ts_node_named_child(object, ts_node_named_child_count(object) - 1);
	before = syntax_line(object) == syntax_line(last) ? ", " :
		arena_printf(scene->arena, ",\n%.*s", STR_ARG(syntax_indent(file->s, last)));
	edit_replace(&file->edits, ts_node_end_byte(last), ts_node_end_byte(last),
		     str_of(arena_printf(scene->arena, "%s%.*s", before, STR_ARG(pair))));
	set->oracle = ORACLE_SIBLING;
	if (!set->why)
		set->why = arena_printf(scene->arena, "Fills %.*s as the other literals of the file do.",
					STR_ARG(key));
	return true;
}

static void fix(struct scene *scene)
{
	js_mend_all(scene, mend);
}

static const struct example examples[] = {
	{
		.name = "two others fill it from the same",
		.log =
			"src/a.ts(11,3): error TS2741: Property 'currency' is missing in type '{ cents: number; }' but "
			"required in type 'Entry'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export interface Entry {\n  cents: number;\n  currency: string;\n}\n\n"
			  "type S = { currency: string };\n"
			  "export const one = (s: S): Entry => ({ cents: 1, currency: s.currency });\n"
			  "export const two = (s: S): Entry => ({ cents: 2, currency: s.currency });\n\n"
			  "export function three(s: S): Entry {\n  return { cents: s.currency.length };\n}\n",
			  "export interface Entry {\n  cents: number;\n  currency: string;\n}\n\n"
			  "type S = { currency: string };\n"
			  "export const one = (s: S): Entry => ({ cents: 1, currency: s.currency });\n"
			  "export const two = (s: S): Entry => ({ cents: 2, currency: s.currency });\n\n"
			  "export function three(s: S): Entry {\n"
			  "  return { cents: s.currency.length, currency: s.currency };\n}\n" },
		},
	},
	{
		.name = "they differ",
		.log =
			"src/a.ts(11,3): error TS2741: Property 'currency' is missing in type '{ cents: number; }' but "
			"required in type 'Entry'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export interface Entry {\n  cents: number;\n  currency: string;\n}\n\n"
			  "type S = { currency: string };\n"
			  "export const one = (s: S): Entry => ({ cents: 1, currency: s.currency });\n"
			  "export const two = (s: S): Entry => ({ cents: 2, currency: 'EUR' });\n\n"
			  "export function three(s: S): Entry {\n  return { cents: s.currency.length };\n}\n",
			  NULL },
		},
		.declines = "no two literals",
	},
	{0}
};

static const char *const types[] = { "TS2741", NULL };

const struct template template_node_ts_missing_property = {
	.name = "node_ts_missing_property",
	.summary = "a literal lacks a property of its type -> the pair that the literals beside it have",
	.language = "node",
	.class = "type",
	.oracles = "two siblings that agree",
	.keeps_off = "fewer than two siblings, siblings that differ, values of another scope",
	.danger = DANGER_2,
	.reading = true,
	.types = types,
	.pattern = "^Property '(?<name>[\\w$]+)' is missing in type '",
	.fix = fix,
	.examples = examples,
};

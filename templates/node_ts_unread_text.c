/*
 * tsc's "Argument of type 'string' is not assignable to parameter of type 'number'" and its like ->
 * the function that all other calls of the same function in the file wrap round their argument, two
 * at least. Never Number() of our own, never a cast: how a text is read is the project's business.
 */
#include "templates/lib_js_set.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

enum { SIBLINGS_MIN = 2 };

/* The one function that wraps the first argument in the other calls, over a value of the same root. */
static struct str wrapper(const struct syntax *s, TSNode call, struct str function, TSNode argument)
{
	struct str found = STR_NONE, root = syntax_text(s, js_root(argument));
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "call_expression", n), inner, list;

		if (ts_node_is_null(one))
			return count >= SIBLINGS_MIN ? found : STR_NONE;
		if (ts_node_eq(one, call) ||
		    !str_equal(syntax_text(s, syntax_field(one, "function")), function))
			continue;
		inner = ts_node_named_child(syntax_field(one, "arguments"), 0);
		if (ts_node_is_null(inner) || !syntax_type_is(inner, "call_expression"))
			continue;
		list = syntax_field(inner, "arguments");
		if (ts_node_named_child_count(list) != 1 ||
		    !str_equal(syntax_text(s, js_root(ts_node_named_child(list, 0))), root))
			continue;
		if (count++ && !str_equal(found, syntax_text(s, syntax_field(inner, "function"))))
			return STR_NONE;
		found = syntax_text(s, syntax_field(inner, "function"));
	}
}

static bool mend(struct js_set *set, struct scene *scene)
{
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	struct str function, reads;
	TSNode argument, call;

	if (!file)
		return false;
	argument = js_node_of_failure(file);
	while (!ts_node_is_null(argument) && !syntax_type_is(ts_node_parent(argument), "arguments"))
		argument = syntax_type_is(ts_node_parent(argument), "member_expression") ?
			ts_node_parent(argument) : (TSNode){{0}, NULL, NULL};
	if (ts_node_is_null(argument) || !syntax_type_is(argument, "member_expression|identifier")) {
		template_decline(scene, "the argument on line %u is no plain value", scene->failure->line);
		return false;
	}
	call = ts_node_parent(ts_node_parent(argument));
	function = syntax_text(file->s, syntax_field(call, "function"));
	reads = wrapper(file->s, call, function, argument);
	if (!reads.size) {
		template_decline(scene, "no two other calls of %.*s read their argument in one way",
				 STR_ARG(function));
		return false;
	}
	edit_node(&file->edits, argument, str_of(arena_printf(scene->arena, "%.*s(%.*s)", STR_ARG(reads),
		  STR_ARG(syntax_text(file->s, argument)))));
	set->oracle = ORACLE_SIBLING;
	if (!set->why)
		set->why = arena_printf(scene->arena, "Reads the argument of %.*s by %.*s, as all other calls of "
					"the file do.", STR_ARG(function), STR_ARG(reads));
	return true;
}

static void fix(struct scene *scene)
{
	js_mend_all(scene, mend);
}

static const struct example examples[] = {
	{
		.name = "the calls beside it",
		.log =
			"src/a.ts(10,71): error TS2345: Argument of type 'string' is not assignable to parameter of type "
			"'number'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "interface Row {\n  a: string;\n  b: string;\n  c: string;\n}\n\n"
			  "const read = (text: string): number => Number(text.replace(',', '.'));\n"
			  "const cents = (amount: number): number => amount * 100;\n\n"
			  "export const all = (row: Row): number[] => [cents(read(row.a)), cents(row.b), "
			  "cents(read(row.c))];\n",
			  "interface Row {\n  a: string;\n  b: string;\n  c: string;\n}\n\n"
			  "const read = (text: string): number => Number(text.replace(',', '.'));\n"
			  "const cents = (amount: number): number => amount * 100;\n\n"
			  "export const all = (row: Row): number[] => [cents(read(row.a)), cents(read(row.b)), "
			  "cents(read(row.c))];\n" },
		},
	},
	{
		.name = "they differ",
		.log =
			"src/a.ts(10,73): error TS2345: Argument of type 'string' is not assignable to parameter of type "
			"'number'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "interface Row {\n  a: string;\n  b: string;\n  c: string;\n}\n\n"
			  "const read = (text: string): number => Number(text.replace(',', '.'));\n"
			  "const cents = (amount: number): number => amount * 100;\n\n"
			  "export const all = (row: Row): number[] => [cents(Number(row.a)), cents(row.b), "
			  "cents(read(row.c))];\n",
			  NULL },
		},
		.declines = "no two other calls",
	},
	{0}
};

static const char *const types[] = { "TS2345", NULL };

const struct template template_node_ts_unread_text = {
	.name = "node_ts_unread_text",
	.summary = "a text is passed where a value is expected -> read as the calls beside it read theirs",
	.language = "node",
	.class = "type",
	.oracles = "two calls that agree",
	.keeps_off = "fewer than two such calls, calls that differ, values of another kind",
	.danger = DANGER_2,
	.reading = true,
	.types = types,
	.pattern = "^Argument of type 'string' is not assignable to parameter of type '[\\w$]+'\\.",
	.fix = fix,
	.examples = examples,
};

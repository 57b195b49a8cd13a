/*
 * tsc's "possibly null" or "possibly undefined" of a variable -> the guard that a function beside
 * it has for a value made in the same way, copied behind the declaration, where both promise the
 * same kind of result. Never `!`, never `?.`, and never a value that nobody returns.
 */
#include "templates/lib_js_set.h"

#include "templates/lib_js.h"
#include "templates/lib_scene.h"

/* The last name of the call that makes a value: "exec" of /x/.exec(text). */
static struct str maker_of(const struct syntax *s, TSNode declarator)
{
	TSNode value = syntax_field(declarator, "value"), callee;

	if (ts_node_is_null(value) || !syntax_type_is(value, "call_expression"))
		return STR_NONE;
	callee = syntax_field(value, "function");
	if (syntax_type_is(callee, "member_expression"))
		callee = syntax_field(callee, "property");
	return syntax_text(s, callee);
}

/* Do a function's declared results have the nothing among them, in its type or its comment? */
static bool promises(const struct syntax *s, TSNode function, struct str nothing)
{
	TSNode type = syntax_field(function, "return_type"), before;
	const char *word = str_text(s->arena, nothing);

	if (!ts_node_is_null(type))
		return text_has_word(syntax_text(s, type), word);
	if (syntax_type_is(ts_node_parent(function), "export_statement"))
		function = ts_node_parent(function);
	before = ts_node_prev_named_sibling(function);
	return !ts_node_is_null(before) && syntax_type_is(before, "comment") &&
	       str_has(syntax_text(s, before), "@returns") && text_has_word(syntax_text(s, before), word);
}

/* if (NAME === null) return VALUE; its name, and the value in *value. */
static struct str guarded(const struct syntax *s, TSNode statement, struct str *value)
{
	TSNode asked = ts_node_named_child(syntax_field(statement, "condition"), 0), leaves;
	TSNode branch = syntax_field(statement, "consequence");
	struct str text, name, rest;

	leaves = syntax_type_is(branch, "return_statement") ? branch :
		ts_node_named_child_count(branch) == 1 ? ts_node_named_child(branch, 0) : branch;
	if (ts_node_is_null(asked) || !syntax_type_is(leaves, "return_statement") ||
	    ts_node_named_child_count(leaves) != 1 || !ts_node_is_null(syntax_field(statement, "alternative")))
		return STR_NONE;
	*value = syntax_text(s, ts_node_named_child(leaves, 0));
	text = syntax_text(s, asked);
	if (str_skip(&text, "!"))
		return str_is_word(text) ? text : STR_NONE;
	if (!str_split(text, " ", &name, &rest) || !str_is_word(name) ||
	    !word_among(str_from(rest, str_starts(rest, "=== ") ? 4 : 3), "null undefined"))
		return STR_NONE;
	return name;
}

/* The one guard of the file for a value of that maker; a null node when none, or when they differ. */
static TSNode sibling(const struct syntax *s, struct str maker, TSNode own, struct str *name)
{
	const TSNode none = {{0}, NULL, NULL};
	struct str agreed = STR_NONE, value;
	TSNode found = none;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "if_statement", n), function, declarator;
		struct str guarded_name;

		if (ts_node_is_null(one))
			return found;
		guarded_name = guarded(s, one, &value);
		function = js_function_around(one);
		if (!guarded_name.size || ts_node_is_null(function) || ts_node_eq(function, own))
			continue;
		declarator = js_declarator(s, function, guarded_name);
		if (ts_node_is_null(declarator) || !str_equal(maker_of(s, declarator), maker) ||
		    !promises(s, function, value))
			continue;
		if (agreed.size && !str_equal(agreed, value))
			return none;
		agreed = value;
		*name = guarded_name;
		found = one;
	}
}

static bool mend(struct js_set *set, struct scene *scene)
{
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	struct str name = scene_group(scene, "name"), other, value;
	TSNode use, function, declarator, statement, guard;
	struct text copy = TEXT(scene->arena);

	if (!file)
		return false;
	use = js_node_of_failure(file);
	if (!str_equal(syntax_text(file->s, use), name)) {
		template_decline(scene, "%s is no longer what the log speaks of", file->path);
		return false;
	}
	function = js_function_around(use);
	declarator = ts_node_is_null(function) ? function : js_declarator(file->s, function, name);
	if (ts_node_is_null(declarator) || !maker_of(file->s, declarator).size) {
		template_decline(scene, "%.*s is not made by a call in its function", STR_ARG(name));
		return false;
	}
	guard = sibling(file->s, maker_of(file->s, declarator), function, &other);
	if (ts_node_is_null(guard) || !guarded(file->s, guard, &value).size ||
	    !promises(file->s, function, value)) {
		template_decline(scene, "no function beside it says what is returned when there is no %.*s",
				 STR_ARG(name));
		return false;
	}
	if (!js_set_once(set, arena_printf(scene->arena, "%u", ts_node_start_byte(declarator))))
		return true;
	statement = js_statement_of(declarator);
	text_addf(&copy, "\n%.*s", STR_ARG(syntax_indent(file->s, statement)));
	for (struct str rest = syntax_text(file->s, guard); rest.size;) {
		ptrdiff_t at = str_find(rest, other);

		text_add(&copy, str_slice(rest, 0, at < 0 ? rest.size : (size_t)at));
		if (at >= 0)
			text_add(&copy, name);
		rest = at < 0 ? STR_NONE : str_from(rest, (size_t)at + other.size);
	}
	edit_replace(&file->edits, ts_node_end_byte(statement), ts_node_end_byte(statement),
		     text_str(&copy));
	set->oracle = ORACLE_SIBLING;
	if (!set->why)
		set->why = arena_printf(scene->arena, "Returns %.*s when there is no %.*s, as line %u does.",
					STR_ARG(value), STR_ARG(name), syntax_line(guard));
	return true;
}

static void fix(struct scene *scene)
{
	js_mend_all(scene, mend);
}

static const struct example examples[] = {
	{
		.name = "the function beside it returns null",
		.log =
			"src/a.ts(9,17): error TS18047: 'match' is possibly 'null'.\n"
			"src/a.ts(9,28): error TS18047: 'match' is possibly 'null'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export function name(text: string): string | null {\n"
			  "  const found = /^(\\w+)$/.exec(text);\n  if (found === null) return null;\n"
			  "  return found[1];\n}\n\nexport function issue(text: string): number | null {\n"
			  "  const match = /#(\\d+)/.exec(text);\n  return Number(match[1] + match[0]);\n}\n",
			  "export function name(text: string): string | null {\n"
			  "  const found = /^(\\w+)$/.exec(text);\n  if (found === null) return null;\n"
			  "  return found[1];\n}\n\nexport function issue(text: string): number | null {\n"
			  "  const match = /#(\\d+)/.exec(text);\n  if (match === null) return null;\n"
			  "  return Number(match[1] + match[0]);\n}\n" },
		},
	},
	{
		.name = "the result has no null",
		.log =
			"src/a.ts(9,17): error TS18047: 'match' is possibly 'null'.\n"
			"src/a.ts(9,28): error TS18047: 'match' is possibly 'null'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export function name(text: string): string | null {\n"
			  "  const found = /^(\\w+)$/.exec(text);\n  if (found === null) return null;\n"
			  "  return found[1];\n}\n\nexport function issue(text: string): number {\n"
			  "  const match = /#(\\d+)/.exec(text);\n  return Number(match[1] + match[0]);\n}\n",
			  NULL },
		},
		.declines = "no function beside it says",
	},
	{
		.name = "nobody asks",
		.log =
			"src/a.ts(3,17): error TS18047: 'match' is possibly 'null'.\n"
			"src/a.ts(3,28): error TS18047: 'match' is possibly 'null'.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [] }, \"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export function issue(text: string): number | null {\n"
			  "  const match = /#(\\d+)/.exec(text);\n  return Number(match[1] + match[0]);\n}\n",
			  NULL },
		},
		.declines = "no function beside it says",
	},
	{0}
};

static const char *const types[] = { "TS18047", "TS18048", "TS18049", NULL };

const struct template template_node_ts_possibly_null = {
	.name = "node_ts_possibly_null",
	.summary = "a variable is possibly null -> the guard that the function beside it has",
	.language = "node",
	.class = "crash guard",
	.oracles = "a sibling with a value made in the same way, and the declared result",
	.keeps_off = "no such sibling, another kind of result, parameters, chains of properties",
	.danger = DANGER_2,
	.reading = true,
	.types = types,
	.pattern = "^'(?<name>[A-Za-z_$][\\w$]*)' is possibly '(?:null|undefined|null' or 'undefined)'",
	.fix = fix,
	.examples = examples,
};

/*
 * tsc's "declared but never read" (and eslint's no-unused-vars) -> the import or the name without
 * it; of a variable that holds what shift() and its like give, only the name goes. Keeps off
 * parameters, functions, values that were computed, and imports that may be there for what they do.
 */
#include "templates/lib_js_names.h"
#include "templates/lib_js_set.h"

#include "templates/lib_scene.h"

static void drop_line(struct js_file *file, TSNode statement)
{
	struct str text = file->s->text;
	size_t start = ts_node_start_byte(statement), end = line_end(text, ts_node_end_byte(statement));

	while (start && (text.at[start - 1] == ' ' || text.at[start - 1] == '\t'))
		start--;
	/* The first statement leaves no blank line behind, the last one none before it. */
	if (end < text.size && text.at[end] == '\n' && (!start || (start > 1 && text.at[start - 2] == '\n')))
		end++;
	edit_replace(&file->edits, start, end, STR_NONE);
}

/* Does importing the module do something by itself: register, patch, print? */
static bool module_acts(const struct js_file *file, struct str module)
{
	const char *path = js_resolve(file->scene, file->path, module);
	struct str text;
	SYNTAX s = NULL;

	if (!path || !scene_read(file->scene, path, &text))
		return str_starts(module, ".");
	s = syntax_open(file->scene->arena, syntax_language(path), text);
	for (uint32_t i = 0; s && i < ts_node_named_child_count(s->root); i++) {
		TSNode one = ts_node_named_child(s->root, i), inner = ts_node_named_child(one, 0);

		if (syntax_type_is(one, "import_statement") &&
		    ts_node_is_null(syntax_below(one, "import_clause", 0)))
			return true;
		if (syntax_type_is(one, "expression_statement") && !syntax_type_is(inner, "string") &&
		    !str_has(syntax_text(s, syntax_field(inner, "left")), "exports"))
			return true;
	}
	return s == NULL;
}

/* All unused names of one import at once: two edits of one list would overlap. */
static bool drop_binding(struct js_set *set, struct js_file *file, const struct js_binding *b,
			 const struct js_binding *all, size_t count, const bool *unused)
{
	struct text kept = TEXT(file->scene->arena);
	unsigned named = 0, left = 0;
	const char *first = NULL;
	TSNode clause;

	if (!js_set_once(set, arena_printf(file->scene->arena, "%s@%u", file->path,
					   ts_node_start_byte(b->statement))))
		return true;
	for (size_t i = 0; i < count; i++) {
		bool list = syntax_type_is(ts_node_parent(all[i].at), "named_imports|object_pattern");

		if (!ts_node_eq(all[i].statement, b->statement) || unused[i])
			continue;
		left++;
		if (!list) {
			first = str_text(file->scene->arena, syntax_text(file->s, all[i].at));
			continue;
		}
		text_addf(&kept, "%s%.*s", named++ ? ", " : "{ ", STR_ARG(syntax_text(file->s, all[i].at)));
	}
	if (named)
		text_adds(&kept, " }");
	if (!left && module_acts(file, b->module)) {
		template_decline(file->scene, "%.*s may be imported for what it does", STR_ARG(b->module));
		return false;
	}
	if (!left) {
		drop_line(file, b->statement);
		return true;
	}
	clause = b->require ? syntax_up(b->at, "object_pattern") :
		syntax_below(b->statement, "import_clause", 0);
	if (ts_node_is_null(clause)) {
		template_decline(file->scene, "the import of %.*s has another form", STR_ARG(b->local));
		return false;
	}
	edit_node(&file->edits, clause, str_of(arena_printf(file->scene->arena, "%s%s%s", first ? first : "",
				    first && named ? ", " : "", named ? text_cstr(&kept) : "")));
	return true;
}

/* A plain constant: what was computed and is not used may be the very bug. */
static bool is_constant(TSNode value)
{
	return syntax_type_is(value, "number|string|true|false|null|undefined|regex");
}

/* A call that is there for what it does to its object, and gives something back besides. */
static bool is_taking(const struct js_file *file, TSNode value)
{
	TSNode callee = syntax_type_is(value, "call_expression") ? syntax_field(value, "function") : value;

	return syntax_type_is(callee, "member_expression") && !ts_node_eq(callee, value) &&
	       word_among(syntax_text(file->s, syntax_field(callee, "property")),
			  "shift pop push unshift splice delete add set clear next remove dequeue emit");
}

static bool drop_variable(struct js_file *file, TSNode at)
{
	TSNode declarator = ts_node_parent(at), value = syntax_field(declarator, "value"), statement;

	statement = ts_node_parent(declarator);
	if (!syntax_type_is(declarator, "variable_declarator") || ts_node_is_null(value) ||
	    !ts_node_eq(syntax_field(declarator, "name"), at) ||
	    !syntax_type_is(statement, "lexical_declaration|variable_declaration") ||
	    ts_node_named_child_count(statement) != 1 ||
	    !syntax_type_is(ts_node_parent(statement), "statement_block|program"))
		return false;
	if (is_constant(value)) {
		drop_line(file, statement);
		return true;
	}
	if (!is_taking(file, value))
		return false;
	edit_replace(&file->edits, ts_node_start_byte(statement), ts_node_start_byte(value), STR_NONE);
	return true;
}

/* How often the name stands in the file: the log may be older than the tree. */
static unsigned uses(const struct js_file *file, struct str name)
{
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(file->s->root, "identifier|type_identifier|jsx_identifier|"
			"shorthand_property_identifier|shorthand_property_identifier_pattern", n);

		if (ts_node_is_null(one))
			return count;
		count += str_equal(syntax_text(file->s, one), name);
	}
}

/* Which of the file's bindings does the report call unused? */
static void mark(const struct scene *scene, const struct js_file *file, const struct js_binding *all,
		 size_t count, bool *unused)
{
	for (size_t d = 0; d < scene->report->diagnostic_count; d++) {
		const struct diagnostic *one = &scene->report->diagnostics[d];
		const char *path = scene_path(scene, one->file);

		if (!path || !str_is(str_of(path), file->path) || !one->message)
			continue;
		for (size_t i = 0; i < count; i++) {
			const char *quoted = arena_printf(scene->arena, "'%.*s' is ", STR_ARG(all[i].local));
			unsigned line = syntax_line(all[i].at);

			unused[i] |= (one->line == line && str_starts(str_of(one->message), quoted)) ||
				(str_starts(str_of(one->message), "All imports in import declaration") &&
				 one->line == syntax_line(all[i].statement));
		}
	}
}

static bool mend(struct js_set *set, struct scene *scene)
{
	struct str name = scene_group(scene, "name");
	struct js_file *file = js_set_file(set, scene_path(scene, scene->failure->file));
	struct js_binding *all = arena_array(scene->arena, struct js_binding, JS_BINDINGS_MAX);
	bool *unused = arena_array(scene->arena, bool, JS_BINDINGS_MAX);
	size_t count = file ? js_bindings(file->s, all) : 0;
	TSNode at;

	if (!file)
		return false;
	if (!set->why)
		set->why = arena_printf(scene->arena, "Takes %.*s out of %s: nothing reads it.",
					STR_ARG(name.size ? name : STR("the import")), file->path);
	mark(scene, file, all, count, unused);
	for (size_t i = 0; i < count; i++)
		if (unused[i] && (str_equal(all[i].local, name) ||
				  (!name.size && syntax_line(all[i].statement) == scene->failure->line)))
			return drop_binding(set, file, &all[i], all, count, unused);
	at = js_node_of_failure(file);
	if (str_equal(syntax_text(file->s, at), name) && uses(file, name) == 1 && drop_variable(file, at))
		return true;
	template_decline(scene, "%.*s is no import and no plain variable", STR_ARG(name));
	return false;
}

static void fix(struct scene *scene)
{
	js_mend_all(scene, mend);
}

static const struct example examples[] = {
	{
		.name = "a name of an import, a whole one, and a call that acts",
		.log =
			"src/a.ts(1,10): error TS6133: 'minutes' is declared but its value is never read.\n"
			"src/a.ts(2,1): error TS6133: 'Job' is declared but its value is never read.\n"
			"src/a.ts(5,9): error TS6133: 'done' is declared but its value is never read.\n"
			"src/a.ts(6,9): error TS6133: 'limit' is declared but its value is never read.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [], \"noUnusedLocals\": true, \"noUnusedParameters\": true }, "
			  "\"include\": [\"src\"] }\n",
			  NULL },
			{ "src/clock.ts",
			  "export const seconds = (): number => 1;\nexport const minutes = (): number => 2;\n"
			  "export interface Job {\n  at: number;\n}\n",
			  NULL },
			{ "src/a.ts",
			  "import { minutes, seconds } from './clock.js';\nimport type { Job } from './clock.js';\n"
			  "\nexport function step(queue: number[]): number {\n  const done = queue.shift();\n"
			  "  const limit = 3;\n  return queue.length + seconds();\n}\n",
			  "import { seconds } from './clock.js';\n\n"
			  "export function step(queue: number[]): number {\n  queue.shift();\n"
			  "  return queue.length + seconds();\n}\n" },
		},
	},
	{
		.name = "as eslint says it",
		.log =
			"\n/src/src/a.js\n  2:8   error  'fs' is defined but never used    no-unused-vars\n"
			"  3:10  error  'join' is defined but never used  no-unused-vars\n\n"
			"✖ 2 problems (2 errors, 0 warnings)\n\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "eslint.config.js",
			  "export default [{ rules: { 'no-unused-vars': 'error' } }];\n",
			  NULL },
			{ "src/a.js",
			  "import './b.js';\nimport fs, { statSync } from 'node:fs';\n"
			  "import { join } from 'node:path';\n\n"
			  "export const size = (path) => statSync(path).size;\n",
			  "import './b.js';\nimport { statSync } from 'node:fs';\n\n"
			  "export const size = (path) => statSync(path).size;\n" },
			{ "src/b.js",
			  "globalThis.x = 1;\n",
			  NULL },
		},
	},
	{
		.name = "the module registers itself",
		.log =
			"\n/src/src/a.js\n  1:10  error  'euro' is defined but never used  no-unused-vars\n\n"
			"✖ 1 problem (1 error, 0 warnings)\n\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "eslint.config.js",
			  "export default [{ rules: { 'no-unused-vars': 'error' } }];\n",
			  NULL },
			{ "src/a.js",
			  "import { euro } from './b.js';\n\nexport const size = (path) => path.length;\n",
			  NULL },
			{ "src/b.js",
			  "export const euro = 'EUR';\nglobalThis.known = [euro];\n",
			  NULL },
		},
		.declines = "imported for what it does",
	},
	{
		.name = "what was computed may be what was meant",
		.log =
			"src/a.ts(2,9): error TS6133: 'letters' is declared but its value is never read.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [], \"noUnusedLocals\": true, \"noUnusedParameters\": true }, "
			  "\"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export function plain(text: string): string {\n"
			  "  const letters = text.normalize('NFKD');\n  return text.toLowerCase();\n}\n",
			  NULL },
		},
		.declines = "no import and no plain variable",
	},
	{
		.name = "a parameter",
		.log =
			"src/a.ts(1,39): error TS6133: 'next' is declared but its value is never read.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [], \"noUnusedLocals\": true, \"noUnusedParameters\": true }, "
			  "\"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "export function problem(error: Error, next: () => void): string {\n"
			  "  return error.message;\n}\n",
			  NULL },
		},
		.declines = "no import and no plain variable",
	},
	{
		.name = "a function nobody calls",
		.log =
			"src/a.ts(1,10): error TS6133: 'old' is declared but its value is never read.\n",
		.file = {
			{ "package.json",
			  "{ \"type\": \"module\" }\n",
			  NULL },
			{ "tsconfig.json",
			  "{ \"compilerOptions\": { \"strict\": true, \"target\": \"es2022\", \"module\": \"nodenext\", "
			  "\"noEmit\": true, \"types\": [], \"noUnusedLocals\": true, \"noUnusedParameters\": true }, "
			  "\"include\": [\"src\"] }\n",
			  NULL },
			{ "src/a.ts",
			  "function old(): number {\n  return 1;\n}\n\nexport const a = 1;\n",
			  NULL },
		},
		.declines = "no import and no plain variable",
	},
	{0}
};

static const char *const types[] = { "TS6133", "TS6192", "TS6196", "no-unused-vars",
	"@typescript-eslint/no-unused-vars", "unused-imports/no-unused-imports", NULL };

const struct template template_node_unused_name = {
	.name = "node_unused_name",
	.summary = "an import or a variable is never read -> without it; a call that made it stays",
	.language = "node",
	.class = "unused",
	.oracles = "the checker",
	.keeps_off = "parameters, functions, computed values: they may be the bug; imports that act",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "^(?:'(?<name>[\\w$]+)' is (?:declared but (?:its value is )?never (?:read|used)|(?:defined|"
		   "assigned a value) but never used)|All imports in import declaration are unused)",
	.fix = fix,
	.examples = examples,
};

/*
 * Spelling modules and writing imports. Adds to an import that is there before it writes a new
 * line, and follows the file's quotes and semicolons. Sorts nothing that was not sorted.
 */
#include "templates/lib_js.h"
#include "templates/lib_js_names.h"

#include "git/path.h"
#include "templates/lib_module.h"
#include "templates/lib_scene.h"

static const char *const endings[] = { "", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts",
	".cts", ".json", "/index.ts", "/index.tsx", "/index.js", "/index.mjs", "/index.cjs", NULL };

const char *js_resolve(const struct scene *scene, const char *importer, struct str specifier)
{
	static const char *const written[][2] = {
		{ ".js", ".ts" }, { ".js", ".tsx" }, { ".mjs", ".mts" }, { ".cjs", ".cts" },
		{ ".jsx", ".tsx" },
	};
	const char *target = module_target(scene->arena, importer, specifier);

	if (!target)
		return NULL;
	for (size_t i = 0; endings[i]; i++) {
		const char *path = arena_printf(scene->arena, "%s%s", target, endings[i]);

		if (tree_has(scene->tree, path))
			return path;
	}
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		struct str stem = str_of(target);
		const char *path;

		if (!str_chop(&stem, written[i][0]))
			continue;
		path = arena_printf(scene->arena, "%.*s%s", STR_ARG(stem), written[i][1]);
		if (tree_has(scene->tree, path))
			return path;
	}
	return NULL;
}

/* Do the relative imports of a file end in something? -1: it has none. */
static int writes_endings(const struct syntax *s)
{
	struct js_binding *list = arena_array(s->arena, struct js_binding, JS_BINDINGS_MAX);
	size_t count = js_bindings(s, list);

	for (size_t i = 0; i < count; i++)
		if (str_starts(list[i].module, "."))
			return word_among(path_ending(list[i].module), "js mjs cjs ts jsx tsx mts") ? 1 : 0;
	return -1;
}

/* The same of all sources, until one says. */
static int others_write_endings(const struct scene *scene, bool typescript)
{
	for (size_t i = 0; i < scene->tree->count && i < 500; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;
		SYNTAX s = NULL;
		int found;

		if (!js_is_source(path) ||
		    str_is(str_of(syntax_language(path)), "javascript") == typescript ||
		    !scene_read(scene, path, &text))
			continue;
		s = syntax_open(scene->arena, syntax_language(path), text);
		found = s ? writes_endings(s) : -1;
		if (found >= 0)
			return found;
	}
	return -1;
}

const char *js_spell(const struct scene *scene, const char *importer, const struct syntax *s,
		     const char *path)
{
	bool typescript = !str_is(str_of(s->language), "javascript");
	const char *spelled = module_specifier(scene->arena, importer, path);
	struct str stem = str_of(spelled), ending = path_ending(stem);
	int written = writes_endings(s);

	if (written < 0)
		written = others_write_endings(scene, typescript);
	if (written < 0)
		written = !typescript && js_is_esm(scene, importer, s);
	stem.size -= ending.size ? ending.size + 1 : 0;
	if (!written) {
		if (word_among(ending, "json css svg"))
			return spelled;
		str_chop(&stem, "/index");
		return str_text(scene->arena, stem);
	}
	if (word_among(ending, "ts tsx"))
		return arena_printf(scene->arena, "%.*s.js", STR_ARG(stem));
	if (word_among(ending, "mts cts"))
		return arena_printf(scene->arena, "%.*s.%cjs", STR_ARG(stem), ending.at[0]);
	return spelled;
}

static bool in_order(const struct syntax *s, TSNode list)
{
	for (uint32_t i = 1; i < ts_node_named_child_count(list); i++)
		if (str_compare(syntax_text(s, ts_node_named_child(list, i - 1)),
				syntax_text(s, ts_node_named_child(list, i))) > 0)
			return false;
	return true;
}

void js_put_in_list(struct edits *edits, const struct syntax *s, TSNode list, struct str element)
{
	bool sorted = in_order(s, list);
	uint32_t count = ts_node_named_child_count(list);
	bool lines = count && syntax_line(list) != syntax_line(ts_node_named_child(list, 0));
	struct str blank = lines ? str_of(arena_printf(edits->arena, "\n%.*s",
				   STR_ARG(syntax_indent(s, ts_node_named_child(list, 0))))) : STR(" ");

	for (uint32_t i = 0; sorted && i < count; i++) {
		TSNode one = ts_node_named_child(list, i);

		if (str_compare(syntax_text(s, one), element) <= 0)
			continue;
		edit_replace(edits, ts_node_start_byte(one), ts_node_start_byte(one),
			     str_of(arena_printf(edits->arena, "%.*s,%.*s", STR_ARG(element),
						 STR_ARG(blank))));
		return;
	}
	if (!count)
		return edit_node(edits, list, str_of(arena_printf(edits->arena, "{ %.*s }",
								  STR_ARG(element))));
	edit_replace(edits, ts_node_end_byte(ts_node_named_child(list, count - 1)),
		     ts_node_end_byte(ts_node_named_child(list, count - 1)),
		     str_of(arena_printf(edits->arena, ",%.*s%.*s", STR_ARG(blank), STR_ARG(element))));
}

/* The list of an import of that module that may take one more name. */
static bool open_list(const struct syntax *s, bool esm, const struct js_binding *want, TSNode *list)
{
	struct js_binding *all = arena_array(s->arena, struct js_binding, JS_BINDINGS_MAX);
	size_t count = js_bindings(s, all);

	if (word_among(want->name, "default *"))
		return false;
	for (size_t i = 0; i < count; i++) {
		bool of_types = str_starts(syntax_text(s, all[i].statement), "import type ");

		if (!str_equal(all[i].module, want->module) || all[i].require == esm ||
		    of_types != want->type)
			continue;
		*list = syntax_below(all[i].statement, esm ? "named_imports" : "object_pattern", 0);
		if (!ts_node_is_null(*list))
			return true;
	}
	return false;
}

static char quote_of(const struct syntax *s)
{
	for (unsigned n = 0;; n++) {
		TSNode string = syntax_below(s->root, "string", n);

		if (ts_node_is_null(string))
			return '\'';
		if (!str_starts(syntax_text(s, ts_node_parent(string)), "\"use") &&
		    !str_starts(syntax_text(s, ts_node_parent(string)), "'use"))
			return syntax_text(s, string).at[0];
		if (ts_node_is_null(syntax_below(s->root, "string", n + 1)))
			return syntax_text(s, string).at[0];
	}
}

static struct str element_of(struct arena *a, const struct js_binding *want, bool esm)
{
	if (str_equal(want->name, want->local))
		return want->local;
	return str_of(arena_printf(a, esm ? "%.*s as %.*s" : "%.*s: %.*s", STR_ARG(want->name),
				   STR_ARG(want->local)));
}

static const char *line_of(const struct syntax *s, bool esm, const struct js_binding *want)
{
	struct str element = element_of(s->arena, want, esm);
	bool whole = word_among(want->name, "default *");
	const char *end = js_semicolons(s) ? ";" : "";
	char quote = quote_of(s);
	const char *names = arena_printf(s->arena, whole ? "%.*s" : "{ %.*s }",
					 STR_ARG(whole ? want->local : element));

	if (!esm)
		return arena_printf(s->arena, "const %s = require(%c%.*s%c)%s\n", names, quote,
				    STR_ARG(want->module), quote, end);
	return arena_printf(s->arena, "import %s%s%s from %c%.*s%c%s\n", want->type ? "type " : "",
			    str_is(want->name, "*") ? "* as " : "", names, quote,
			    STR_ARG(want->module), quote, end);
}

size_t js_import_place(const struct syntax *s, bool *fresh)
{
	struct js_binding *all = arena_array(s->arena, struct js_binding, JS_BINDINGS_MAX);
	size_t count = js_bindings(s, all), at = 0;
	bool bare = false;

	*fresh = true;
	for (size_t i = 0; i < count; i++)
		if (ts_node_end_byte(all[i].statement) > at)
			at = ts_node_end_byte(all[i].statement), *fresh = false;
	for (uint32_t i = 0; i < ts_node_named_child_count(s->root); i++) {
		TSNode one = ts_node_named_child(s->root, i);

		if (syntax_type_is(one, "import_statement") && ts_node_end_byte(one) > at)
			at = ts_node_end_byte(one), *fresh = false;
		bare |= !syntax_type_is(one, "hash_bang_line") &&
			!syntax_type_is(ts_node_named_child(one, 0), "string");
		if (*fresh && !bare)
			at = ts_node_end_byte(one);
	}
	return at ? line_end(s->text, at - 1) : 0;
}

void js_bind(struct edits *edits, const struct syntax *s, bool esm, const struct js_binding *want)
{
	TSNode list;
	bool fresh;
	size_t at;
	const char *line;

	if (open_list(s, esm, want, &list))
		return js_put_in_list(edits, s, list, element_of(s->arena, want, esm));
	at = js_import_place(s, &fresh);
	line = line_of(s, esm, want);
	/* A first import stands apart from what comes behind it. */
	if (fresh && at < s->text.size && s->text.at[at] != '\n')
		line = arena_printf(s->arena, "%s\n", line);
	else if (fresh && at && at < s->text.size && str_has(s->text, "\n\n"))
		line = arena_printf(s->arena, "\n%s", line);
	edit_replace(edits, at, at, str_of(line));
}

/*
 * The includes of a C or C++ file. Follows no include path and expands no macro: how a header is
 * spelled is taken from the files that include it already.
 */
#include "templates/lib_include.h"

#include "git/path.h"
#include "templates/lib_scene.h"

enum { HEADERS_MAX = 2000 };

struct search {
	const struct syntax *s;
	struct str name;
	bool found;
};

static bool find_include(TSNode node, void *context)
{
	struct search *search = context;

	if (syntax_type_is(node, "preproc_include") &&
	    str_equal(syntax_text(search->s, syntax_field(node, "path")), search->name))
		search->found = true;
	return !search->found;
}

bool include_is_there(const struct syntax *s, struct str header)
{
	struct search search = { .s = s, .name = header };

	syntax_walk(s->root, find_include, &search);
	return search.found;
}

/* The node whose children are the file's own level: the root, or the include guard in it. */
static TSNode level_of(const struct syntax *s)
{
	TSNode only = s->root;
	unsigned others = 0;

	for (uint32_t i = 0; i < ts_node_named_child_count(s->root); i++) {
		TSNode child = ts_node_named_child(s->root, i);

		if (syntax_type_is(child, "preproc_ifdef"))
			only = child;
		else if (!syntax_type_is(child, "comment"))
			others++;
	}
	return others ? s->root : only;
}

struct around {
	TSNode first, last, after;	/* of its kind; the first that sorts after it */
	TSNode own, local, system;	/* own header; the first with quotes; the last without */
	bool sorted;
};

static void look_around(const struct syntax *s, TSNode level, const char *path, struct str header,
			struct around *around)
{
	struct str before = STR_NONE, stem = path_name(str_of(path)), ending = path_ending(stem);

	*around = (struct around){ .sorted = true };
	str_chop(&stem, str_text(s->arena, ending));
	for (uint32_t i = 0; i < ts_node_named_child_count(level); i++) {
		TSNode node = ts_node_named_child(level, i);
		struct str spelled = syntax_text(s, syntax_field(node, "path"));

		if (!syntax_type_is(node, "preproc_include") || spelled.size < 2)
			continue;
		if (spelled.at[0] == '"' && ts_node_is_null(around->local)) {
			struct str name = path_name(str_slice(spelled, 1, spelled.size - 2));

			around->local = node;
			if (str_skip(&name, str_text(s->arena, stem)) && str_starts(name, "h"))
				around->own = node;
		}
		if (spelled.at[0] == '<')
			around->system = node;
		if (spelled.at[0] != header.at[0] || ts_node_eq(node, around->own))
			continue;
		if (ts_node_is_null(around->first))
			around->first = node;
		around->last = node;
		around->sorted = around->sorted && str_compare(before, spelled) < 0;
		if (ts_node_is_null(around->after) && str_compare(header, spelled) < 0)
			around->after = node;
		before = spelled;
	}
}

/* Where the line after a node starts; a directive's node holds its own line end or not. */
static size_t after_line(const struct syntax *s, TSNode node)
{
	size_t end = ts_node_end_byte(node);

	if (end && s->text.at[end - 1] == '\n')
		return end;
	return line_end(s->text, end);
}

/* After the comment that opens the file, the guard's #define and #pragma once. */
static size_t top_of(const struct syntax *s, TSNode level)
{
	bool guard = syntax_type_is(level, "preproc_ifdef");
	size_t at = 0;

	for (uint32_t i = 0; i < ts_node_named_child_count(level); i++) {
		TSNode node = ts_node_named_child(level, i);
		bool head = i == 0 && !guard && syntax_type_is(node, "comment");

		if (head || (guard && i < 2) || syntax_type_is(node, "preproc_call"))
			at = after_line(s, node);
		else
			break;
	}
	return at;
}

void include_add(struct edits *edits, const struct syntax *s, const char *path, struct str header)
{
	TSNode level = level_of(s);
	struct around around;
	const char *before = "", *after = "";
	size_t at;

	look_around(s, level, path, header, &around);
	if (!ts_node_is_null(around.after) && around.sorted) {
		at = ts_node_start_byte(around.after);
	} else if (!ts_node_is_null(around.last)) {
		at = after_line(s, around.last);
	} else if (!ts_node_is_null(around.own) || !ts_node_is_null(around.system)) {
		at = after_line(s, ts_node_is_null(around.system) ? around.own : around.system);
		before = "\n";
	} else if (!ts_node_is_null(around.local)) {
		at = ts_node_start_byte(around.local);
		after = "\n";
	} else {
		at = top_of(s, level);
		before = at && syntax_type_is(level, "preproc_ifdef") ? "\n" : "";
		after = str_starts(str_from(s->text, at), "\n") ? "" : "\n";
	}
	edit_replace(edits, at, at,
		     str_of(arena_printf(s->arena, "%s#include %.*s\n%s", before, STR_ARG(header), after)));
}

static bool find_declaration(TSNode node, void *context)
{
	struct search *search = context;
	TSNode name = {{0}, NULL, NULL};

	if (syntax_type_is(node, "function_declarator|type_definition"))
		name = syntax_field(node, "declarator");
	else if (syntax_type_is(node, "preproc_def|preproc_function_def|enumerator"))
		name = syntax_field(node, "name");
	if (!ts_node_is_null(name) && str_equal(syntax_text(search->s, name), search->name))
		search->found = true;
	return !search->found;
}

static bool declares(struct arena *a, struct str text, const char *name)
{
	SYNTAX s = NULL;
	struct search search = { .name = str_of(name) };

	if (!str_has(text, name))
		return false;
	s = syntax_open(a, "c", text);
	if (!s)
		return false;
	search.s = s;
	syntax_walk(s->root, find_declaration, &search);
	return search.found;
}

static bool is_source(struct str path)
{
	return str_ends(path, ".c") || str_ends(path, ".h") || str_ends(path, ".cc") ||
	       str_ends(path, ".cpp") || str_ends(path, ".cxx") || str_ends(path, ".hpp");
}

/* How an include line of this text spells a header of that name; empty when it does not. */
static struct str spelling_in(struct str text, struct str name)
{
	struct str line, rest = text;

	while (str_next_line(&rest, &line)) {
		struct str spelled = str_trim(line);

		if (!str_skip(&spelled, "#include"))
			continue;
		spelled = str_trim(spelled);
		if (spelled.size > 2 && spelled.at[0] == '"' && str_ends(spelled, "\"") &&
		    str_equal(path_name(str_slice(spelled, 1, spelled.size - 2)), name))
			return spelled;
	}
	return STR_NONE;
}

/* One spelling by the files that include it; those of the same folder decide first. */
static bool spelling_of(struct arena *a, const struct tree *tree, const char *path,
			const char *found, struct str *header, const char **why)
{
	struct str folder = path_folder(str_of(path)), near = STR_NONE, far = STR_NONE;
	struct str name = path_name(str_of(found));
	bool split = false;

	for (size_t i = 0; i < tree->count; i++) {
		struct str other = str_of(tree->entries[i].path), text, spelled;

		if (!is_source(other) || !tree_read(tree, a, tree->entries[i].path, &text))
			continue;
		spelled = spelling_in(text, name);
		if (!spelled.size)
			continue;
		if (str_equal(path_folder(other), folder))
			near = spelled;
		split = split || (far.size && !str_equal(far, spelled));
		far = spelled;
	}
	if (!near.size && str_equal(path_folder(str_of(found)), folder))
		near = str_of(arena_printf(a, "\"%.*s\"", STR_ARG(name)));
	if (!near.size && !split)
		near = far;
	if (!near.size) {
		*why = arena_printf(a, "no other file shows how %s is included from here", found);
		return false;
	}
	*header = near;
	return true;
}

bool include_of_project(struct arena *a, const struct tree *tree, const char *path,
			const char *name, struct str *header, const char **why)
{
	const char *found = NULL;
	size_t read = 0;

	for (size_t i = 0; i < tree->count && read < HEADERS_MAX; i++) {
		struct str other = str_of(tree->entries[i].path), text;

		if (!str_ends(other, ".h") || !tree_read(tree, a, tree->entries[i].path, &text))
			continue;
		read++;
		if (!declares(a, text, name))
			continue;
		if (found) {
			*why = arena_printf(a, "both %s and %s declare %s", found,
					    tree->entries[i].path, name);
			return false;
		}
		found = tree->entries[i].path;
	}
	if (!found) {
		*why = arena_printf(a, "no standard header and no header of the project declares %s",
				    name);
		return false;
	}
	return spelling_of(a, tree, path, found, header, why);
}

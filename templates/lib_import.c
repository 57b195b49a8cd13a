/*
 * Where an import goes in a file, and whose it is. The order is the usual one: future, standard
 * library, others, own; within a kind as the file has it sorted. Conditional imports are not touched.
 */
#include "templates/lib_import.h"

#include "git/path.h"

enum { LINE_WIDTH = 88, FILES_MAX = 4000 };

static struct str first_part(struct str module)
{
	struct str first;

	return str_split(module, ".", &first, NULL) ? first : module;
}

/* Below any folder: src/ layouts and projects in subfolders are common. */
bool import_is_local(const struct tree *tree, struct str module)
{
	struct str first = first_part(module);

	if (!first.size)
		return true;
	for (size_t i = 0; i < tree->count; i++) {
		struct str rest = str_of(tree->entries[i].path), part;

		if (!str_ends(rest, ".py"))
			continue;
		while (str_next(&rest, '/', &part)) {
			str_chop(&part, ".py");
			if (str_equal(part, first))
				return true;
		}
	}
	return false;
}

enum module_class import_class(const struct tree *tree, struct str module)
{
	if (str_is(module, "__future__"))
		return MODULE_FUTURE;
	if (str_starts(module, ".") || import_is_local(tree, module))
		return MODULE_LOCAL;
	return import_is_stdlib(module) ? MODULE_STDLIB : MODULE_OTHER;
}

static struct str module_of(const struct syntax *s, TSNode import)
{
	TSNode first = python_child(import, 0);

	if (syntax_type_is(import, "future_import_statement"))
		return STR("__future__");
	if (syntax_type_is(first, "aliased_import"))
		first = syntax_field(first, "name");
	return syntax_text(s, first);
}

static int compare_nocase(struct str a, struct str b)
{
	for (size_t i = 0; i < a.size && i < b.size; i++) {
		char x = a.at[i], y = b.at[i];

		x = (char)(x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x);
		y = (char)(y >= 'A' && y <= 'Z' ? y - 'A' + 'a' : y);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.size > b.size) - (a.size < b.size);
}

/* Plain imports first, then by module. */
static bool comes_before(const struct import_form *form, const struct syntax *s, TSNode import)
{
	bool from = form->name.size > 0;
	bool other = syntax_type_is(import, "import_from_statement");

	if (from != other)
		return other;
	return compare_nocase(form->module, module_of(s, import)) < 0;
}

static struct str form_text(struct arena *a, const struct import_form *form)
{
	struct text text = TEXT(a);

	if (form->name.size)
		text_addf(&text, "from %.*s import %.*s", STR_ARG(form->module), STR_ARG(form->name));
	else
		text_addf(&text, "import %.*s", STR_ARG(form->module));
	if (form->alias.size)
		text_addf(&text, " as %.*s", STR_ARG(form->alias));
	return text_str(&text);
}

/* `from M import A, C` on one line takes B, too. */
static bool join_names(struct edits *edits, const struct syntax *s, TSNode import,
		       const struct import_form *form)
{
	unsigned count = python_child_count(import);
	struct str line = syntax_text(s, import);
	TSNode last = python_child(import, count - 1);

	if (!form->name.size || form->alias.size || count < 2 || str_char(line, '(') >= 0 ||
	    str_char(line, '\n') >= 0 || line.size + form->name.size + 2 > LINE_WIDTH ||
	    !str_equal(module_of(s, import), form->module))
		return false;
	for (unsigned i = 1; i < count; i++) {
		TSNode one = python_child(import, i);
		size_t start = ts_node_start_byte(one);

		if (!syntax_type_is(one, "dotted_name"))
			return false;
		if (str_compare(form->name, syntax_text(s, one)) > 0)
			continue;
		edit_replace(edits, start, start, str_of(arena_printf(edits->arena, "%.*s, ",
								      STR_ARG(form->name))));
		return true;
	}
	edit_replace(edits, ts_node_end_byte(last), ts_node_end_byte(last),
		     str_of(arena_printf(edits->arena, ", %.*s", STR_ARG(form->name))));
	return true;
}

static size_t line_start(const struct syntax *s, size_t at)
{
	ptrdiff_t before = str_char_last(str_slice(s->text, 0, at), '\n');

	return before < 0 ? 0 : (size_t)before + 1;
}

static size_t line_end(const struct syntax *s, size_t at)
{
	ptrdiff_t behind = str_char(str_from(s->text, at), '\n');

	return behind < 0 ? s->text.size : at + (size_t)behind + 1;
}

static void insert(struct edits *edits, size_t at, const char *before, struct str line,
		   const char *behind)
{
	edit_replace(edits, at, at, str_of(arena_printf(edits->arena, "%s%.*s%s", before,
							STR_ARG(line), behind)));
}

/* A file without imports: behind the docstring, else before the first statement. */
static void add_first(struct edits *edits, const struct syntax *s, struct str line)
{
	TSNode first = python_child(s->root, 0);
	const char *nl = python_newline(s);

	if (ts_node_is_null(first))
		return insert(edits, s->text.size, "", line, nl);
	if (syntax_type_is(python_child(first, 0), "string"))
		return insert(edits, line_end(s, ts_node_end_byte(first)), nl, line, nl);
	insert(edits, line_start(s, ts_node_start_byte(first)), "", line,
	       syntax_type_is(first, "function_definition|class_definition|decorated_definition") ?
	       arena_printf(edits->arena, "%s%s%s", nl, nl, nl) :
	       arena_printf(edits->arena, "%s%s", nl, nl));
}

struct places {
	TSNode first, before, last_same, last_lower;	/* null when there is none */
	bool joined;
};

static void see_imports(struct edits *edits, const struct syntax *s, const struct tree *tree,
			const struct import_form *form, struct places *p)
{
	enum module_class kind = import_class(tree, form->module);

	for (unsigned i = 0; i < python_child_count(s->root) && !p->joined; i++) {
		TSNode one = python_child(s->root, i);
		enum module_class other;

		if (!syntax_type_is(one, "import_statement|import_from_statement|"
					 "future_import_statement"))
			continue;
		other = import_class(tree, module_of(s, one));
		p->joined = syntax_type_is(one, "import_from_statement") &&
			    join_names(edits, s, one, form);
		if (ts_node_is_null(p->first) && other != MODULE_FUTURE)
			p->first = one;
		if (other < kind)
			p->last_lower = one;
		if (other != kind)
			continue;
		if (ts_node_is_null(p->before) && comes_before(form, s, one))
			p->before = one;
		p->last_same = one;
	}
}

void import_add(struct edits *edits, const struct syntax *s, const struct tree *tree,
		const struct import_form *form)
{
	struct str line = form_text(edits->arena, form);
	const char *nl = python_newline(s);
	struct places p = {0};

	see_imports(edits, s, tree, form, &p);
	if (p.joined)
		return;
	if (!ts_node_is_null(p.before))
		insert(edits, line_start(s, ts_node_start_byte(p.before)), "", line, nl);
	else if (!ts_node_is_null(p.last_same))
		insert(edits, line_end(s, ts_node_end_byte(p.last_same)), "", line, nl);
	else if (!ts_node_is_null(p.last_lower))
		insert(edits, line_end(s, ts_node_end_byte(p.last_lower)), nl, line, nl);
	else if (!ts_node_is_null(p.first))
		insert(edits, line_start(s, ts_node_start_byte(p.first)), "", line,
		       arena_printf(edits->arena, "%s%s", nl, nl));
	else
		add_first(edits, s, line);
}

struct str import_module_name(struct arena *a, const struct tree *tree, struct str path)
{
	struct str folder = path_folder(path), name = path_name(path);
	struct text text = TEXT(a);

	str_chop(&name, ".py");
	if (!str_is(name, "__init__"))
		text_add(&text, name);
	while (folder.size && tree_has(tree, arena_printf(a, "%.*s/__init__.py", STR_ARG(folder)))) {
		struct str rest = text_str(&text);
		struct str part = path_name(folder);

		text = TEXT(a);
		text_addf(&text, "%.*s%s%.*s", STR_ARG(part), rest.size ? "." : "", STR_ARG(rest));
		folder = path_folder(folder);
	}
	return text_str(&text);
}

static bool defines(const struct syntax *s, struct str name)
{
	for (unsigned i = 0; i < python_child_count(s->root); i++) {
		TSNode one = python_child(s->root, i), inner = one;

		if (syntax_type_is(one, "decorated_definition"))
			inner = syntax_field(one, "definition");
		else if (syntax_type_is(one, "expression_statement"))
			inner = python_child(one, 0);
		if (syntax_type_is(inner, "function_definition|class_definition") &&
		    str_equal(python_name(s, inner), name))
			return true;
		if (syntax_type_is(inner, "assignment") &&
		    str_equal(syntax_text(s, syntax_field(inner, "left")), name))
			return true;
	}
	return false;
}

bool import_find_definition(struct python *python, struct str name, const char **path,
			    unsigned *count)
{
	const struct tree *tree = python->scene->tree;
	const char *found = NULL;

	*count = 0;
	for (size_t i = 0; i < tree->count && i < FILES_MAX; i++) {
		const char *one = tree->entries[i].path;
		const struct syntax *s;
		struct str text;

		if (!str_ends(str_of(one), ".py") || python_is_test(str_of(one)) ||
		    !scene_read(python->scene, one, &text) || str_find(text, name) < 0)
			continue;
		s = python_open(python, one);
		if (!s || !defines(s, name))
			continue;
		found = one;
		++*count;
	}
	if (*count == 1)
		*path = found;
	return *count == 1;
}

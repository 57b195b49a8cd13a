/*
 * Replacing removed names in one file: "module.name" and "from module import name", under their
 * aliases as well. Names reached in another way - getattr, a star import - are not seen.
 */
#include "templates/lib_removed.h"

#include "templates/lib_import.h"
#include "templates/lib_rename.h"
#include "templates/lib_scene.h"

enum { FILES_MAX = 3, MODULES_MAX = 16, TREE_MAX = 4000 };

struct rewrite {
	struct edits *edits;
	const struct scene *scene;
	const struct syntax *s;
	struct str module;
	const char *why;		/* not NULL: a use of an unknown form */
	struct str imported[MODULES_MAX];	/* modules that now have a plain import */
	size_t imported_count;
	bool all;
	TSNode place;			/* an import that goes: the first new one may stand there */
	bool placed;
};

/* The argument list of the call of this node; null when it is not called. */
static TSNode arguments_of(TSNode node)
{
	TSNode outer = ts_node_parent(node), none = {{0}, NULL, NULL};

	if (syntax_type_is(outer, "call") && ts_node_eq(syntax_field(outer, "function"), node))
		return syntax_field(outer, "arguments");
	return none;
}

static void append(struct rewrite *r, TSNode list, const char *text)
{
	size_t at = ts_node_end_byte(list) - 1;

	edit_replace(r->edits, at, at, str_of(text));
}

/* names, _, _, defaults = getargspec(f): four of the seven fields. */
static bool mend_argspec(struct rewrite *r, TSNode call)
{
	TSNode outer = ts_node_parent(call), left = syntax_field(outer, "left");

	if (syntax_type_is(outer, "attribute")) {
		TSNode field = syntax_field(outer, "attribute");

		if (str_is(syntax_text(r->s, field), "keywords"))
			edit_node(r->edits, field, STR("varkw"));
		return true;
	}
	if (syntax_type_is(outer, "subscript"))
		return true;
	if (!syntax_type_is(outer, "assignment"))
		return false;
	if (syntax_type_is(left, "identifier"))
		return !str_has(r->s->text, ".keywords");
	edit_replace(r->edits, ts_node_end_byte(call), ts_node_end_byte(call), STR("[:4]"));
	return python_child_count(left) == 4;
}

/* What the call needs besides the new name; false when it has a form that is not known. */
static bool mend_call(struct rewrite *r, TSNode node, enum removed_call call)
{
	TSNode list = arguments_of(node), one;
	unsigned count = python_child_count(list);

	if (call == CALL_SAME)
		return true;
	if (ts_node_is_null(list))
		return false;
	for (unsigned i = 0; i < count; i++)
		if (syntax_type_is(python_child(list, i), "keyword_argument|list_splat|dictionary_splat"))
			return false;
	if (call == CALL_ARGSPEC)
		return count == 1 && mend_argspec(r, ts_node_parent(node));
	if (call != CALL_WHICH && call != CALL_ESCAPE &&
	    !syntax_type_is(ts_node_parent(ts_node_parent(node)), "expression_statement"))
		return false;
	if (call == CALL_ONE || call == CALL_TWO)
		return count == (call == CALL_ONE ? 1 : 2);
	if (call == CALL_ESCAPE && count == 1)
		append(r, list, ", quote=False");
	else if (call == CALL_MAKE && count == 1)
		append(r, list, ", exist_ok=True");
	else if (call == CALL_TREE && count == 2)
		append(r, list, ", dirs_exist_ok=True");
	else if (call == CALL_WHICH && count == 2) {
		one = python_child(list, 1);
		edit_replace(r->edits, ts_node_start_byte(one), ts_node_start_byte(one), STR("path="));
	} else
		return (call == CALL_WHICH && count == 1) || (call == CALL_ESCAPE && count == 2);
	return true;
}

/* The module has its plain import after the edits. */
static void import_plain(struct rewrite *r, const char *module)
{
	struct import_form form = { str_of(module), STR_NONE, STR_NONE };

	for (size_t i = 0; i < r->imported_count; i++)
		if (str_is(r->imported[i], module))
			return;
	if (r->imported_count < MODULES_MAX)
		r->imported[r->imported_count++] = str_of(module);
	for (unsigned i = 0; i < python_child_count(r->s->root); i++) {
		TSNode one = python_child(r->s->root, i);

		for (unsigned k = 0; syntax_type_is(one, "import_statement") &&
		     k < python_child_count(one); k++)
			if (str_is(syntax_text(r->s, python_child(one, k)), module))
				return;
	}
	if (ts_node_is_null(r->place) || r->placed)
		return import_add(r->edits, r->s, r->scene->tree, &form);
	edit_node(r->edits, r->place, str_of(arena_printf(r->edits->arena, "import %s", module)));
	r->placed = true;
}

/* How the new thing is called where the old module is known as `prefix`. */
static struct str new_text(struct rewrite *r, const struct removed *row, struct str prefix,
			   struct str name)
{
	struct str last = row->new_name ? str_of(row->new_name) : name;
	struct arena *a = r->edits->arena;

	if (!row->new_module)
		return last;
	if (prefix.size && str_is(r->module, row->new_module))
		return str_of(arena_printf(a, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(last)));
	import_plain(r, row->new_module);
	if (!last.size)
		return str_of(row->new_module);
	return str_of(arena_printf(a, "%s.%.*s", row->new_module, STR_ARG(last)));
}

/* All "prefix.name" of the file that the table knows. */
static void rewrite_attributes(struct rewrite *r, struct str prefix)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(r->s->root, "attribute", n);
		struct str name = syntax_text(r->s, syntax_field(one, "attribute"));
		const struct removed *row;

		if (ts_node_is_null(one))
			return;
		row = removed_find(r->module, name);
		if (!row || !str_equal(syntax_text(r->s, syntax_field(one, "object")), prefix))
			continue;
		if (!mend_call(r, one, row->call))
			r->why = "it is used in a form that is not known";
		edit_node(r->edits, one, new_text(r, row, prefix, name));
	}
}

/* All uses of a name that was imported from the module. */
static void rewrite_names(struct rewrite *r, struct str local, struct str name,
			  const struct removed *row)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(r->s->root, "identifier", n), outer;

		if (ts_node_is_null(one))
			return;
		outer = ts_node_parent(one);
		if (!str_equal(syntax_text(r->s, one), local) ||
		    !ts_node_is_null(syntax_up(one, "import_from_statement|import_statement")) ||
		    (syntax_type_is(outer, "attribute|keyword_argument") &&
		     !ts_node_eq(syntax_field(outer, "object"), one) &&
		     !ts_node_eq(syntax_field(outer, "value"), one)))
			continue;
		if (!mend_call(r, one, row->call))
			r->why = "it is used in a form that is not known";
		edit_node(r->edits, one, new_text(r, row, STR_NONE, name));
	}
}

/* Takes the import's line out, when no other import stands there now. */
static void drop_line(struct rewrite *r, TSNode import)
{
	struct str text = r->s->text;

	size_t start = ts_node_start_byte(import) - syntax_indent(r->s, import).size;
	size_t end = line_end(text, ts_node_end_byte(import));

	if (r->placed)
		return;
	if (python_begins_line(r->s, import))
		edit_replace(r->edits, start, end, STR_NONE);
	else
		r->why = "its import does not stand on a line of its own";
}

/* Does the import of the name go: is its successor reached in another way? */
static bool leaves(const struct rewrite *r, const struct removed *row, unsigned count)
{
	if (row->new_module && !row->new_name && row->call == CALL_SAME)
		return count > 2;
	return !(row->new_module && row->new_name && str_is(r->module, row->new_module));
}

static struct str imported_name(const struct rewrite *r, TSNode one)
{
	return syntax_text(r->s, syntax_type_is(one, "aliased_import") ? syntax_field(one, "name") : one);
}

/* One name of "from module import a, b": it goes, or changes its name or place. */
static void rewrite_imported(struct rewrite *r, TSNode import, unsigned index)
{
	TSNode one = python_child(import, index), name_node = one;
	bool aliased = syntax_type_is(one, "aliased_import");
	struct str name, local;
	const struct removed *row;

	if (aliased)
		name_node = syntax_field(one, "name");
	name = syntax_text(r->s, name_node);
	local = aliased ? syntax_text(r->s, syntax_field(one, "alias")) : name;
	row = removed_find(r->module, name);
	if (row->new_module && !row->new_name && row->call == CALL_SAME) {
		if (python_child_count(import) == 2)
			return edit_node(r->edits, syntax_field(import, "module_name"),
					 str_of(row->new_module));
		return import_add(r->edits, r->s, r->scene->tree, &(struct import_form){
			str_of(row->new_module), name, aliased ? local : STR_NONE });
	}
	if (row->new_module && row->new_name && str_is(r->module, row->new_module)) {
		edit_node(r->edits, name_node, str_of(row->new_name));
		for (unsigned n = 0; row->call != CALL_SAME; n++) {
			TSNode call = syntax_below(r->s->root, "call", n);

			if (ts_node_is_null(call))
				break;
			if (str_equal(python_callee(r->s, call), local) &&
			    !mend_call(r, syntax_field(call, "function"), row->call))
				r->why = "it is used in a form that is not known";
		}
		if (!aliased)
			for (unsigned i = 0; i < python_child_count(r->s->root); i++)
				if (!ts_node_eq(python_child(r->s->root, i), import))
					rename_uses(r->edits, r->s, python_child(r->s->root, i), local,
						    str_of(row->new_name));
		return;
	}
	rewrite_names(r, local, name, row);
}

static void rewrite_from(struct rewrite *r, TSNode import)
{
	unsigned count = python_child_count(import), gone = 0;
	bool drop[64] = { false };

	if (count > 64 || ts_node_is_null(python_child(import, 1)))
		return;
	for (unsigned i = 1; i < count; i++) {
		const struct removed *row = removed_find(r->module,
							 imported_name(r, python_child(import, i)));

		if (!row && r->all)
			r->why = "nothing is known to take the place of what it imports";
		drop[i] = row && leaves(r, row, count);
		gone += drop[i];
	}
	if (gone == count - 1)
		r->place = import;
	for (unsigned i = 1; i < count; i++)
		if (removed_find(r->module, imported_name(r, python_child(import, i))))
			rewrite_imported(r, import, i);
	if (gone == count - 1)
		return drop_line(r, import);
	for (unsigned i = 1; i < count; i++) {
		TSNode one = python_child(import, i), next = python_child(import, i + 1);
		TSNode last = python_child(import, i - 1);

		if (!drop[i])
			continue;
		if (!ts_node_is_null(next))
			edit_replace(r->edits, ts_node_start_byte(one), ts_node_start_byte(next), STR_NONE);
		else if (i > 1 && !drop[i - 1])
			edit_replace(r->edits, ts_node_end_byte(last), ts_node_end_byte(one), STR_NONE);
		else
			r->why = "its import has a form that is not known";
	}
}

/* Is every use of the module's local name one that the table replaces? */
static bool all_known(const struct rewrite *r, struct str local)
{
	bool any = false;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(r->s->root, "attribute|identifier", n), outer;

		if (ts_node_is_null(one))
			return any;
		outer = ts_node_parent(one);
		if (!str_equal(syntax_text(r->s, one), local) ||
		    !ts_node_is_null(syntax_up(one, "import_from_statement|import_statement")) ||
		    (syntax_type_is(outer, "attribute|keyword_argument") &&
		     !ts_node_eq(syntax_field(outer, "object"), one) &&
		     !ts_node_eq(syntax_field(outer, "value"), one)))
			continue;
		if (!syntax_type_is(outer, "attribute") ||
		    !removed_find(r->module, syntax_text(r->s, syntax_field(outer, "attribute"))))
			return false;
		any = true;
	}
}

/* Does one of the names that are used get its new name from the same module? */
static bool still_needed(const struct rewrite *r, struct str local)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(r->s->root, "attribute", n);
		const struct removed *row;

		if (ts_node_is_null(one))
			return false;
		if (!str_equal(syntax_text(r->s, syntax_field(one, "object")), local))
			continue;
		row = removed_find(r->module, syntax_text(r->s, syntax_field(one, "attribute")));
		if (row && row->new_module && str_is(r->module, row->new_module))
			return true;
	}
}

/* "import module", "import module as x", "from package import module". */
static void rewrite_module(struct rewrite *r, TSNode import, TSNode one, bool from)
{
	bool aliased = syntax_type_is(one, "aliased_import"), known;
	struct str name = imported_name(r, one);
	struct str local = aliased ? syntax_text(r->s, syntax_field(one, "alias")) : name;

	if (from)
		name = str_of(arena_printf(r->edits->arena, "%.*s.%.*s",
					   STR_ARG(syntax_text(r->s, syntax_field(import, "module_name"))),
					   STR_ARG(name)));
	if (!str_equal(name, r->module))
		return;
	known = all_known(r, local) && python_child_count(import) == (from ? 2u : 1u);
	if (known && !still_needed(r, local))
		r->place = import;
	rewrite_attributes(r, local);
	if (r->all && !known)
		r->why = "nothing is known to take the place of all that is used";
	else if (!ts_node_is_null(r->place))
		drop_line(r, import);
}

bool removed_rewrite(struct edits *edits, const struct scene *scene, const struct syntax *s,
		     struct str module, bool all, const char **why)
{
	struct rewrite r = { .edits = edits, .scene = scene, .s = s, .module = module, .all = all };

	for (unsigned n = 0;; n++) {
		TSNode import = syntax_below(s->root, "import_from_statement|import_statement", n);
		bool from = syntax_type_is(import, "import_from_statement");

		if (ts_node_is_null(import))
			break;
		r.place = (TSNode){{0}, NULL, NULL};
		r.placed = false;
		if (from && str_equal(syntax_text(s, syntax_field(import, "module_name")), module)) {
			rewrite_from(&r, import);
			continue;
		}
		for (unsigned i = from ? 1 : 0; i < python_child_count(import); i++)
			rewrite_module(&r, import, python_child(import, i), from);
	}
	*why = r.why;
	return !r.why && edits->count > 0;
}

/* The file with the edits; false with the reason declined. */
static bool rewritten(struct python *python, const char *path, struct str module, bool all,
		      struct str *after)
{
	const struct syntax *s = python_open(python, path);
	struct edits edits = { .arena = python->scene->arena };
	const char *why = NULL;

	if (!s)
		return template_decline(python->scene, "%s cannot be read", path), false;
	if (!removed_rewrite(&edits, python->scene, s, module, all, &why))
		return template_decline(python->scene, "%s: %s", path, why ? why : "nothing is known to "
					"take its place"), false;
	if (!edits_apply(&edits, s, after))
		return template_decline(python->scene, "the edit would break %s", path), false;
	return true;
}

void removed_propose(struct python *python, const char *path, struct str module, bool all)
{
	struct scene *scene = python->scene;
	const char *last = str_text(scene->arena, module);
	struct candidate *candidate;
	struct str after, text;
	size_t count = 1;

	if (strrchr(last, '.'))
		last = strrchr(last, '.') + 1;
	if (!rewritten(python, path, module, all, &after))
		return;
	candidate = propose(scene, ORACLE_CONTRACT, "%.*s no longer has it; this says the same",
			    STR_ARG(module));
	candidate_put(scene, candidate, path, after);
	for (size_t i = 0; i < scene->tree->count && i < TREE_MAX && count < FILES_MAX; i++) {
		const char *other = scene->tree->entries[i].path;

		if (!str_ends(str_of(other), ".py") || str_is(str_of(other), path) ||
		    python_is_test(str_of(other)) || scene_is_aside(other, path) ||
		    !scene_read(scene, other, &text) || !str_has(text, last))
			continue;
		if (rewritten(python, other, module, all, &after))
			count += candidate_put(scene, candidate, other, after);
	}
}

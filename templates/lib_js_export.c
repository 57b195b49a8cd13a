/*
 * Compares an import with what its module exports. Follows no re-exports: a module that passes on
 * another one's names by a star is left alone.
 */
#include "templates/lib_js_export.h"

#include "templates/lib_js.h"
#include "templates/lib_js_history.h"
#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

static bool say(struct js_set *set, enum oracle oracle, const char *why)
{
	if (set->why)
		return true;
	set->why = why;
	set->oracle = oracle;
	return true;
}

void js_rename_uses(struct js_file *file, struct str old, struct str new, const TSNode *but)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(file->s->root, "identifier|type_identifier|"
					  "shorthand_property_identifier", n);

		if (ts_node_is_null(one))
			return;
		if (!str_equal(syntax_text(file->s, one), old) ||
		    (but && ts_node_start_byte(one) >= ts_node_start_byte(*but) &&
		     ts_node_end_byte(one) <= ts_node_end_byte(*but)))
			continue;
		if (syntax_type_is(one, "shorthand_property_identifier"))
			edit_node(&file->edits, one, str_of(arena_printf(file->scene->arena,
				  "%.*s: %.*s", STR_ARG(old), STR_ARG(new))));
		else
			edit_node(&file->edits, one, new);
	}
}

struct exports {
	const struct syntax *s;
	struct str wrong, found;
	bool several;
};

static bool see_export(TSNode node, void *context)
{
	struct exports *exports = context;
	struct str text = syntax_text(exports->s, node);

	if (!syntax_type_is(node, "identifier|type_identifier|property_identifier|"
			    "shorthand_property_identifier") ||
	    !similar_slip(exports->wrong, text) || str_equal(text, exports->found) ||
	    !js_exports(exports->s, text))
		return true;
	exports->several |= exports->found.size > 0;
	exports->found = text;
	return true;
}

struct str js_export_like(const struct syntax *module, struct str wrong)
{
	struct exports exports = { module, wrong, STR_NONE, false };

	syntax_walk(module->root, see_export, &exports);
	return exports.several ? STR_NONE : exports.found;
}

/* Did the failing commit take the export away and put others in its place? Then it was meant. */
static bool was_replaced(const struct scene *scene, const struct js_file *module, struct str name)
{
	struct str before;
	SYNTAX old = NULL;

	if (!scene->parent || !tree_read(scene->parent, scene->arena, module->path, &before))
		return false;
	old = syntax_open(scene->arena, module->s->language, before);
	if (!old || !js_exports(old, name))
		return false;
	for (uint32_t i = 0; i < ts_node_named_child_count(module->s->root); i++) {
		TSNode one = ts_node_named_child(module->s->root, i);
		TSNode inner = syntax_type_is(one, "export_statement") ?
			syntax_field(one, "declaration") : one;
		struct str other = ts_node_is_null(inner) ? STR_NONE :
			syntax_text(module->s, syntax_field(inner, "name"));

		if (other.size && js_exports(module->s, other) && !js_exports(old, other))
			return true;
	}
	return false;
}

/* export { a, b }; the clause, or a null node. */
static TSNode own_clause(const struct syntax *s)
{
	const TSNode none = {{0}, NULL, NULL};

	for (uint32_t i = 0; i < ts_node_named_child_count(s->root); i++) {
		TSNode one = ts_node_named_child(s->root, i);

		if (syntax_type_is(one, "export_statement") &&
		    ts_node_is_null(syntax_field(one, "source")) &&
		    ts_node_is_null(syntax_field(one, "declaration")) &&
		    syntax_type_is(ts_node_named_child(one, 0), "export_clause"))
			return ts_node_named_child(one, 0);
	}
	return none;
}

bool js_add_export(struct js_set *set, struct js_file *module, struct str name)
{
	TSNode declaration = js_top_level(module->s, name), clause;
	size_t at;

	if (ts_node_is_null(declaration) || syntax_type_is(declaration, "import_statement")) {
		template_decline(set->scene, "%s does not declare %.*s", module->path, STR_ARG(name));
		return false;
	}
	if (str_starts(name, "_")) {
		template_decline(set->scene, "%.*s is its module's own by its name", STR_ARG(name));
		return false;
	}
	if (was_replaced(set->scene, module, name)) {
		template_decline(set->scene, "the failing commit exports something else in its place");
		return false;
	}
	if (!js_set_once(set, arena_printf(set->scene->arena, "export %s %.*s", module->path,
					   STR_ARG(name))))
		return true;
	if (!js_is_esm(set->scene, module->path, module->s)) {
		clause = js_exported_object(module->s);
		if (ts_node_is_null(clause)) {
			template_decline(set->scene, "%s exports no object", module->path);
			return false;
		}
		js_put_in_list(&module->edits, module->s, clause, name);
	} else if (!ts_node_is_null(clause = own_clause(module->s))) {
		js_put_in_list(&module->edits, module->s, clause, name);
	} else {
		if (syntax_type_is(declaration, "lexical_declaration|variable_declaration") &&
		    ts_node_named_child_count(declaration) != 1) {
			template_decline(set->scene, "%.*s is declared with others", STR_ARG(name));
			return false;
		}
		at = ts_node_start_byte(declaration);
		edit_replace(&module->edits, at, at, STR("export "));
	}
	return say(set, ORACLE_CONTRACT,
		   arena_printf(set->scene->arena, "Exports %.*s from %s: it is declared there and "
				"imported by others, but was not exported.", STR_ARG(name), module->path));
}

/* Where all uses of a local name read an exported member of it. */
static bool only_members(const struct syntax *s, const struct js_binding *b, const struct syntax *module)
{
	unsigned uses = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "identifier|shorthand_property_identifier", n), outer;

		if (ts_node_is_null(one))
			return uses > 0;
		if (!str_equal(syntax_text(s, one), b->local) || ts_node_eq(one, b->at))
			continue;
		outer = ts_node_parent(one);
		if (!syntax_type_is(outer, "member_expression") ||
		    !ts_node_eq(syntax_field(outer, "object"), one) ||
		    !js_exports(module, syntax_text(s, syntax_field(outer, "property"))))
			return false;
		uses++;
	}
}

/* The statement binds this name alone: then its clause may be written anew. */
static bool is_alone(const struct syntax *s, const struct js_binding *b)
{
	struct js_binding *list = arena_array(s->arena, struct js_binding, JS_BINDINGS_MAX);
	size_t count = js_bindings(s, list), same = 0;

	for (size_t i = 0; i < count; i++)
		same += ts_node_eq(list[i].statement, b->statement);
	return same == 1;
}

static TSNode clause_of(const struct js_binding *b)
{
	TSNode pattern = b->at;

	if (!b->require)
		return syntax_below(b->statement, "import_clause", 0);
	if (syntax_type_is(ts_node_parent(pattern), "object_pattern"))
		return ts_node_parent(pattern);
	return pattern;
}

/* import Queue from, where the module has a named Queue only. */
static bool mend_default(struct js_set *set, struct js_file *file, const struct js_binding *b,
			 struct js_file *module)
{
	struct arena *a = set->scene->arena;
	bool named = js_exports(module->s, b->local), alone = is_alone(file->s, b);

	if (!named && alone && only_members(file->s, b, module->s)) {
		edit_node(&file->edits, clause_of(b), str_of(arena_printf(a, "* as %.*s",
									   STR_ARG(b->local))));
		return say(set, ORACLE_CONTRACT, arena_printf(a, "Imports all of %s as %.*s: it has no "
			   "default export, and only its named exports are used.", module->path,
			   STR_ARG(b->local)));
	}
	if (!named) {
		template_decline(set->scene, "%s exports neither a default nor %.*s", module->path,
				 STR_ARG(b->local));
		return false;
	}
	if (alone) {
		edit_node(&file->edits, clause_of(b), str_of(arena_printf(a, "{ %.*s }",
									   STR_ARG(b->local))));
	} else {
		TSNode list = syntax_below(b->statement, "named_imports", 0);
		TSNode first = ts_node_is_null(list) ? list : ts_node_named_child(list, 0);

		if (ts_node_is_null(first)) {
			template_decline(set->scene, "the import of %s has another form", module->path);
			return false;
		}
		edit_replace(&file->edits, ts_node_start_byte(b->at), ts_node_start_byte(list), STR_NONE);
		edit_replace(&file->edits, ts_node_start_byte(first), ts_node_start_byte(first),
			     str_of(arena_printf(a, "%.*s, ", STR_ARG(b->local))));
	}
	return say(set, ORACLE_CONTRACT, arena_printf(a, "Imports %.*s by its name: %s exports it so and "
		   "has no default export.", STR_ARG(b->local), module->path));
}

/* import { Queue } from, where Queue is the default export. */
static bool mend_named_default(struct js_set *set, struct js_file *file, const struct js_binding *b,
			       struct js_file *module)
{
	TSNode declaration = js_top_level(module->s, b->name);
	struct str whole = ts_node_is_null(declaration) ? STR_NONE :
		syntax_text(module->s, ts_node_parent(declaration));
	const char *line = arena_printf(set->scene->arena, "export default %.*s", STR_ARG(b->name));

	if (!is_alone(file->s, b) ||
	    (!str_starts(whole, "export default ") && !text_has_word(module->s->text, line)))
		return false;
	edit_node(&file->edits, clause_of(b), b->local);
	return say(set, ORACLE_CONTRACT,
		   arena_printf(set->scene->arena, "Imports %.*s as the default of %s: it is exported "
				"so.", STR_ARG(b->name), module->path));
}

static bool rename_binding(struct js_set *set, struct js_file *file, const struct js_binding *b,
			   struct str new, enum oracle oracle, const char *why)
{
	struct arena *a = set->scene->arena;

	new = str_copy(a, new);
	if (!str_equal(b->name, b->local)) {
		edit_node(&file->edits, b->at, str_of(arena_printf(a, b->require ? "%.*s: %.*s" :
			  "%.*s as %.*s", STR_ARG(new), STR_ARG(b->local))));
		return say(set, oracle, why);
	}
	if (js_declares(file->s, new)) {
		template_decline(set->scene, "%s has another %.*s", file->path, STR_ARG(new));
		return false;
	}
	edit_node(&file->edits, b->at, new);
	js_rename_uses(file, b->local, new, &b->at);
	return say(set, oracle, why);
}

/* module.exports = Queue, and const { Queue } = require */
static bool mend_whole(struct js_set *set, struct js_file *file, const struct js_binding *b,
		       struct js_file *module)
{
	const char *line = arena_printf(set->scene->arena, "module.exports = %.*s", STR_ARG(b->name));

	if (!b->require || !is_alone(file->s, b) || !text_has_word(module->s->text, line))
		return false;
	edit_node(&file->edits, clause_of(b), b->local);
	return say(set, ORACLE_CONTRACT,
		   arena_printf(set->scene->arena, "Takes what %s exports as %.*s: it is the module itself.",
				module->path, STR_ARG(b->local)));
}

bool js_mend_binding(struct js_set *set, struct js_file *file, const struct js_binding *b)
{
	const char *path = js_resolve(set->scene, file->path, b->module), *by;
	struct js_file *module = path ? js_set_file(set, path) : NULL;
	struct str new;

	if (!module) {
		if (!path)
			template_decline(set->scene, "%.*s is not a source of this repository",
					 STR_ARG(b->module));
		return false;
	}
	if (str_has(module->s->text, "export *")) {
		template_decline(set->scene, "%s passes on the names of others", path);
		return false;
	}
	if (js_exports(module->s, b->name)) {
		template_decline(set->scene, "%s exports %.*s", path, STR_ARG(b->name));
		return false;
	}
	if (str_is(b->name, "default"))
		return mend_default(set, file, b, module);
	if (mend_named_default(set, file, b, module) || mend_whole(set, file, b, module))
		return true;
	if (!ts_node_is_null(js_top_level(module->s, b->name)))
		return js_add_export(set, module, b->name);
	new = js_renamed(set->scene, b->name, &by);
	if (new.size && js_exports(module->s, new))
		return rename_binding(set, file, b, new, ORACLE_HISTORY,
				      arena_printf(set->scene->arena, "Imports %.*s for %.*s: %s.",
						   STR_ARG(new), STR_ARG(b->name), by));
	new = js_export_like(module->s, b->name);
	if (new.size)
		return rename_binding(set, file, b, new, ORACLE_CONTRACT,
				      arena_printf(set->scene->arena, "Imports %.*s for %.*s: it is the one "
						   "name of %s that is spelled like it.", STR_ARG(new),
						   STR_ARG(b->name), path));
	template_decline(set->scene, "%s has no %.*s, and nothing says what is meant", path,
			 STR_ARG(b->name));
	return false;
}

/*
 * Counting how a repository imports or makes a name. Relative imports are not counted: they mean
 * something else in another folder.
 */
#include "templates/lib_census.h"

enum { FILES_MAX = 4000 };

static void count_form(struct census *c, struct import_form form)
{
	for (size_t i = 0; i < c->form_count; i++) {
		const struct import_form *one = &c->forms[i].form;

		if (!str_equal(one->module, form.module) || !str_equal(one->name, form.name) ||
		    !str_equal(one->alias, form.alias))
			continue;
		c->forms[i].count++;
		return;
	}
	if (c->form_count < FORMS_MAX)
		c->forms[c->form_count++] = (struct form_count){ form, 1 };
}

/* One name of an import statement, when it is the wanted one. */
static void see_imported(struct census *c, TSNode import, TSNode one)
{
	bool from = syntax_type_is(import, "import_from_statement");
	bool aliased = syntax_type_is(one, "aliased_import");
	struct str name = syntax_text(c->s, aliased ? syntax_field(one, "name") : one);
	struct str alias = aliased ? syntax_text(c->s, syntax_field(one, "alias")) : STR_NONE;
	struct str module = syntax_text(c->s, syntax_field(import, "module_name"));

	if (!str_equal(aliased ? alias : name, c->name) || str_starts(module, "."))
		return;
	if (from)
		count_form(c, (struct import_form){ module, name, alias });
	else
		count_form(c, (struct import_form){ name, STR_NONE, alias });
}

static bool see_census(TSNode node, void *context)
{
	struct census *c = context;

	if (syntax_type_is(node, "import_statement|import_from_statement"))
		for (unsigned i = syntax_type_is(node, "import_from_statement") ? 1 : 0;
		     i < python_child_count(node); i++)
			see_imported(c, node, python_child(node, i));
	return true;
}

/* NAME = logging.getLogger(...) at the module's own level. */
static void see_loggers(struct census *c)
{
	for (unsigned i = 0; i < python_child_count(c->s->root); i++) {
		TSNode one = python_child(python_child(c->s->root, i), 0);
		struct str right = syntax_text(c->s, syntax_field(one, "right"));
		size_t n = 0;

		if (!syntax_type_is(one, "assignment") || !str_starts(right, "logging.getLogger(") ||
		    !str_equal(syntax_text(c->s, syntax_field(one, "left")), c->name))
			continue;
		while (n < c->logger_count && !str_equal(c->loggers[n], right))
			n++;
		if (n == FORMS_MAX)
			continue;
		c->loggers[n] = right;
		c->logger_counts[n]++;
		c->logger_count = n == c->logger_count ? n + 1 : c->logger_count;
	}
}

void census_take(struct census *c)
{
	struct scene *scene = c->python->scene;

	for (size_t i = 0; i < scene->tree->count && i < FILES_MAX; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;

		if (!str_ends(str_of(path), ".py") || !scene_read(scene, path, &text) ||
		    str_find(text, c->name) < 0)
			continue;
		c->s = python_open(c->python, path);
		if (!c->s)
			continue;
		syntax_walk(c->s->root, see_census, c);
		see_loggers(c);
	}
}

/* Is every use NAME.something: a module, or a class with methods? */
static bool used_with_dot(const struct syntax *s, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "identifier", n), outer;

		if (ts_node_is_null(one))
			return true;
		outer = ts_node_parent(one);
		if (str_equal(syntax_text(s, one), name) &&
		    !(syntax_type_is(outer, "attribute") &&
		      ts_node_eq(syntax_field(outer, "object"), one)))
			return false;
	}
}

bool census_choose(const struct census *c, const struct syntax *s, struct import_form *out,
			const char **by)
{
	size_t best = 0;
	bool tie = false;
	const char *home = import_home_of(c->name);
	struct arena *a = c->python->scene->arena;

	for (size_t i = 1; i < c->form_count; i++) {
		tie = c->forms[i].count == c->forms[best].count ||
		      (tie && c->forms[i].count < c->forms[best].count);
		if (c->forms[i].count > c->forms[best].count)
			best = i;
	}
	if (c->form_count) {
		*out = c->forms[best].form;
		*by = arena_printf(a, "%u file%s of this repository import%s it so",
				   c->forms[best].count, c->forms[best].count > 1 ? "s" : "",
				   c->forms[best].count > 1 ? "" : "s");
		return !tie;
	}
	*by = "it is a name of the standard library";
	*out = (struct import_form){ home ? str_of(home) : c->name, home ? c->name : STR_NONE,
				     STR_NONE };
	return home || (import_is_stdlib(c->name) && used_with_dot(s, c->name) &&
			!str_is(c->name, "datetime"));
}

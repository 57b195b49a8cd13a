/*
 * Is the error wanted? A test that expects the function to raise the very error of the log makes
 * any guard against it wrong. Looks through the tests of the tree by text first, by syntax then.
 */
#include "templates/lib_oracle.h"

#include "git/path.h"

enum { TEST_FILES_MAX = 2000 };

struct wanted {
	const struct syntax *s;
	struct str function, plain, method;	/* "f", "raises(E", "assertRaises(E" */
	bool found;
};

static bool asks(const struct wanted *w, TSNode node)
{
	struct str text = syntax_text(w->s, node);

	return str_find(text, w->plain) >= 0 || str_find(text, w->method) >= 0;
}

/* `with raises(E): f()`, or `raises(E, f, ...)`. */
static bool see_wanted(TSNode node, void *context)
{
	struct wanted *w = context;
	TSNode with, target;

	if (!syntax_type_is(node, "call"))
		return true;
	target = python_child(syntax_field(node, "arguments"), 1);
	if (syntax_type_is(target, "attribute"))
		target = syntax_field(target, "attribute");
	if (asks(w, node) && str_equal(syntax_text(w->s, target), w->function))
		w->found = true;
	with = syntax_up(node, "with_statement|function_definition");
	if (str_equal(python_callee(w->s, node), w->function) &&
	    syntax_type_is(with, "with_statement") &&
	    asks(w, syntax_below(with, "with_clause", 0)))
		w->found = true;
	return !w->found;
}

/* How many leading folders two paths share. */
static unsigned shared_folders(const char *a, const char *b)
{
	unsigned count = 0;

	for (; *a && *a == *b; a++, b++)
		count += *a == '/';
	return count;
}

/* Is there another file of that name nearer to the test? Then it is the test of that one. */
static bool is_for_another(const struct scene *scene, const char *test, const char *path)
{
	struct str name = path_name(str_of(path));

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *other = scene->tree->entries[i].path;

		if (str_equal(path_name(str_of(other)), name) && !python_is_test(str_of(other)) &&
		    shared_folders(other, test) > shared_folders(path, test))
			return true;
	}
	return false;
}

bool oracle_wants_error(struct python *python, const struct site *crash)
{
	struct scene *scene = python->scene;
	struct arena *a = scene->arena;
	const char *type = scene->failure->type;
	struct wanted w = {0};
	size_t files = 0;

	if (ts_node_is_null(crash->function) || !type)
		return false;
	w.function = python_name(crash->syntax, crash->function);
	w.plain = str_of(arena_printf(a, "raises(%s", type));
	w.method = str_of(arena_printf(a, "assertRaises(%s", type));
	for (size_t i = 0; i < scene->tree->count && files < TEST_FILES_MAX; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;

		if (!python_is_test(str_of(path)) || !scene_read(scene, path, &text))
			continue;
		files++;
		if (str_find(text, w.function) < 0 ||
		    (str_find(text, w.plain) < 0 && str_find(text, w.method) < 0) ||
		    is_for_another(scene, path, crash->path))
			continue;
		w.s = python_open(python, path);
		if (w.s)
			syntax_walk(w.s->root, see_wanted, &w);
		if (w.found)
			return template_decline(scene, "%s expects %.*s to raise %s", path,
						STR_ARG(w.function), type), true;
	}
	return false;
}

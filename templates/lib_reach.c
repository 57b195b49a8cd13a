/*
 * Definitions, neighbours and what a test reaches. A call is followed by its last name to every
 * function of that name, so that the set is rather too large; a template that looks for one place
 * in it must find only one. Values and types are not followed.
 */
#include "templates/lib_reach.h"

#include "git/path.h"

enum { FILES_MAX = 200, REACHED_MAX = 60, DEPTH_MAX = 3, RANK_MAX = 10 };

struct collecting {
	struct arena *arena;
	const char *types;
	struct nodes nodes;
};

static bool see_node(TSNode node, void *context)
{
	struct collecting *c = context;

	if (syntax_type_is(node, c->types))
		arena_push(c->arena, c->nodes.list, c->nodes.count) = node;
	return true;
}

struct nodes python_nodes(struct arena *a, TSNode top, const char *types)
{
	struct collecting c = { .arena = a, .types = types };

	if (!ts_node_is_null(top))
		syntax_walk(top, see_node, &c);
	return c.nodes;
}

static void count_in(struct python *python, const char *path, const struct syntax *s,
		     const char *type, struct definition *d)
{
	struct nodes all = s ? python_nodes(python->scene->arena, s->root, type) : (struct nodes){0};

	for (size_t i = 0; i < all.count; i++) {
		if (!str_equal(python_name(s, all.list[i]), d->name))
			continue;
		d->count++;
		d->function = all.list[i], d->s = s, d->path = path;
	}
}

static void count_all(struct python *python, const char *word, const char *type,
		      struct definition *d)
{
	const struct tree *tree = python->scene->tree;
	struct str needle = str_of(arena_printf(python->scene->arena, "%s %.*s", word,
						STR_ARG(d->name)));

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		struct str text;

		if (str_ends(str_of(path), ".py") && !python_is_test(str_of(path)) &&
		    scene_read(python->scene, path, &text) && str_find(text, needle) >= 0)
			count_in(python, path, python_open(python, path), type, d);
	}
}

bool python_definition(struct python *python, const struct syntax *s, const char *path,
		       struct str name, struct definition *out)
{
	struct definition d = { .name = name };

	if (!name.size)
		return false;
	count_in(python, path, s, "function_definition", &d);
	if (!d.count)
		count_all(python, "def", "function_definition", &d);
	if (d.count != 1)
		return false;
	*out = d;
	return true;
}

bool python_class(struct python *python, struct str name, struct definition *out)
{
	struct definition d = { .name = name };

	if (!name.size)
		return false;
	count_all(python, "class", "class_definition", &d);
	if (d.count != 1)
		return false;
	*out = d;
	return true;
}

TSNode python_method(const struct syntax *s, TSNode class, struct str name)
{
	TSNode body = syntax_field(class, "body"), found = {{0}, NULL, NULL}, none = found;
	unsigned count = 0;

	for (unsigned i = 0; i < python_child_count(body); i++) {
		TSNode one = python_child(body, i);

		if (syntax_type_is(one, "decorated_definition"))
			one = syntax_field(one, "definition");
		if (!syntax_type_is(one, "function_definition") ||
		    !str_equal(python_name(s, one), name))
			continue;
		found = one;
		count++;
	}
	return count == 1 ? found : none;
}

bool python_decorated(const struct syntax *s, TSNode function, struct str decorator)
{
	TSNode outer = syntax_up(function, "decorated_definition|block|module");

	if (!syntax_type_is(outer, "decorated_definition"))
		return false;
	for (unsigned i = 0; i < python_child_count(outer); i++) {
		TSNode one = python_child(outer, i);

		if (syntax_type_is(one, "decorator") &&
		    str_equal(syntax_text(s, python_child(one, 0)), decorator))
			return true;
	}
	return false;
}

bool python_last_own(struct python *python, struct site *site)
{
	const struct failure *failure = python->scene->failure;

	for (size_t i = failure->frame_count; i-- > 0;) {
		const struct frame *frame = &failure->frames[i];

		if (!frame->own)
			continue;
		if (!python_site(python, frame->file, frame->line, site))
			return false;
		site->frame = i;
		site->column = frame->column;
		return true;
	}
	return failure->frame_count == 0 && failure->file &&
	       python_site(python, failure->file, failure->line, site);
}

bool python_own_crash(struct python *python, struct site *site)
{
	struct scene *scene = python->scene;

	if (!python_last_own(python, site))
		return template_decline(scene, "the log does not say where in this repository it was "
					"raised"), false;
	if (python_is_test(str_of(site->path)))
		return template_decline(scene, "the error is raised in a test, %s:%u; tests are not "
					"changed", site->path, site->line), false;
	return true;
}

size_t python_near(struct python *python, const char *path, struct near **out)
{
	const struct tree *tree = python->scene->tree;
	struct arena *a = python->scene->arena;
	struct str folder = path_folder(str_of(path));
	const struct syntax *s = python_open(python, path);
	size_t count = 0;

	*out = NULL;
	if (s)
		arena_push(a, *out, count) = (struct near){ path, s };
	for (size_t i = 0; i < tree->count && count < FILES_MAX; i++) {
		const char *other = tree->entries[i].path;

		if (!str_equal(path_folder(str_of(other)), folder) || !str_ends(str_of(other), ".py") ||
		    python_is_test(str_of(other)) || str_is(str_of(other), path))
			continue;
		s = python_open(python, other);
		if (s)
			arena_push(a, *out, count) = (struct near){ other, s };
	}
	return count;
}

/* A file that the code on the way may mean, with its functions: their names and their classes'. */
struct meant {
	const char *path;
	const struct syntax *s;
	struct named {
		TSNode function;
		struct str name, class;
	} *functions;
	size_t function_count;
};

struct reaching {
	struct python *python;
	struct meant *files;
	size_t file_count;
	struct reached *list;
	size_t count;
};

static bool is_meant(const struct reaching *r, const char *path)
{
	for (size_t i = 0; i < r->file_count; i++)
		if (!strcmp(r->files[i].path, path))
			return true;
	return false;
}

/* Is the module or its package named in the text? An import has to name one of them. */
static bool names_module(struct str text, struct str path)
{
	struct str name = path_name(path), folder = path_name(path_folder(path));

	str_chop(&name, ".py");
	return (name.size > 1 && str_find(text, name) >= 0) || (folder.size && str_find(text, folder) >= 0);
}

/* Looked up once: to ask a node for what stands around it takes a way through the whole tree. */
static struct meant meant_of(struct arena *a, const char *path, const struct syntax *s)
{
	struct nodes all = python_nodes(a, s->root, "function_definition");
	struct meant file = { .path = path, .s = s };

	for (size_t i = 0; i < all.count; i++)
		arena_push(a, file.functions, file.function_count) = (struct named){
			all.list[i], python_name(s, all.list[i]),
			python_name(s, syntax_up(all.list[i], "class_definition")) };
	return file;
}

/* The files that a text on the way may mean. */
static void add_files(struct reaching *r, const char *own, struct str text)
{
	const struct tree *tree = r->python->scene->tree;
	struct arena *a = r->python->scene->arena;

	for (size_t i = 0; i < tree->count && r->file_count < FILES_MAX; i++) {
		const char *path = tree->entries[i].path;
		const struct syntax *s;

		if (!str_ends(str_of(path), ".py") || python_is_test(str_of(path)) || is_meant(r, path) ||
		    (!str_is(str_of(own), path) && !names_module(text, str_of(path))))
			continue;
		s = python_open(r->python, path);
		if (s)
			arena_push(a, r->files, r->file_count) = meant_of(a, path, s);
	}
}

static void add_function(struct reaching *r, const char *path, const struct syntax *s,
			 TSNode function, unsigned depth)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->list[i].s == s && ts_node_eq(r->list[i].function, function))
			return;
	if (r->count < REACHED_MAX && depth <= DEPTH_MAX)
		arena_push(r->python->scene->arena, r->list, r->count) =
			(struct reached){ path, s, function, depth };
}

/* Every function of this name, and all methods of a class of this name. */
static void add_name(struct reaching *r, struct str name, unsigned depth)
{
	for (size_t i = 0; name.size && i < r->file_count; i++) {
		const struct meant *file = &r->files[i];

		for (size_t k = 0; k < file->function_count; k++)
			if (str_equal(file->functions[k].name, name) ||
			    str_equal(file->functions[k].class, name))
				add_function(r, file->path, file->s, file->functions[k].function, depth);
	}
}

/* What the code between two bytes calls; properties are called by their bare name. */
static void add_calls(struct reaching *r, const struct syntax *s, TSNode top, size_t to,
		      unsigned depth)
{
	struct nodes all = python_nodes(r->python->scene->arena, top, "call|attribute");

	for (size_t i = 0; i < all.count; i++) {
		struct str name = syntax_type_is(all.list[i], "call") ?
				  python_callee(s, all.list[i]) :
				  syntax_text(s, syntax_field(all.list[i], "attribute"));

		if (ts_node_start_byte(all.list[i]) < to)
			add_name(r, name, depth);
	}
}

size_t python_reached(struct python *python, struct reached **out)
{
	struct reaching r = { .python = python };
	const struct failure *failure = python->scene->failure;
	struct site test;
	struct nodes functions;

	*out = NULL;
	if (failure->rank > RANK_MAX)
		return 0;
	for (size_t i = 0; i < failure->frame_count; i++)
		if (failure->frames[i].own &&
		    python_site(python, failure->frames[i].file, failure->frames[i].line, &test))
			add_files(&r, test.path, test.syntax->text);
	for (size_t i = 0; i < failure->frame_count; i++) {
		const struct frame *frame = &failure->frames[i];

		if (!frame->own || !python_site(python, frame->file, frame->line, &test))
			continue;
		if (!python_is_test(str_of(test.path))) {
			if (!ts_node_is_null(test.function))
				add_function(&r, test.path, test.syntax, test.function, 0);
			continue;
		}
		if (ts_node_is_null(test.function))
			continue;
		add_calls(&r, test.syntax, test.function, ts_node_end_byte(test.statement), 0);
		functions = python_nodes(python->scene->arena, test.syntax->root, "function_definition");
		for (size_t k = 0; k < functions.count; k++)
			if (str_is(python_name(test.syntax, functions.list[k]), "setUp") ||
			    str_is(python_name(test.syntax, functions.list[k]), "setup_method"))
				add_calls(&r, test.syntax, functions.list[k], SIZE_MAX, 0);
	}
	for (size_t i = 0; i < r.count; i++) {
		add_files(&r, r.list[i].path, r.list[i].s->text);
		add_calls(&r, r.list[i].s, r.list[i].function, SIZE_MAX, r.list[i].depth + 1);
	}
	*out = r.list;
	return r.count;
}

bool python_is_assertion_or(const struct scene *scene, const char *types)
{
	const struct failure *failure = scene->failure;

	return failure->kind == KIND_ASSERTION || word_among(str_of(failure->type), types);
}

bool python_put(struct python *python, const char *path, const struct syntax *s,
		const struct edits *edits, enum oracle oracle, const char *why)
{
	struct scene *scene = python->scene;
	struct str after;

	if (!edits_apply(edits, s, &after))
		return template_decline(scene, "the edit would break the file"), false;
	return candidate_put(scene, propose(scene, oracle, "%s", why), path, after);
}

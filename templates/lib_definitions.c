/*
 * Looking definitions up by name, over all Python files of the repository that are no tests. Knows
 * nothing of types: what several classes define under one name is several definitions.
 */
#include "templates/lib_definitions.h"

#include "git/path.h"
#include "templates/lib_scene.h"

enum { FILES_MAX = 4000 };

struct search {
	const struct syntax *s;
	const char *path, *type;
	struct str name;
	struct definition *list;
	size_t count;
};

static TSNode owner_of(TSNode node)
{
	TSNode outer = syntax_up(ts_node_parent(node), "class_definition|function_definition");

	return syntax_type_is(outer, "class_definition") ? outer : (TSNode){{0}, NULL, NULL};
}

static bool see_definition(TSNode node, void *context)
{
	struct search *search = context;

	if (search->count == DEFINITIONS_MAX)
		return false;
	if (syntax_type_is(node, search->type) &&
	    str_equal(python_name(search->s, node), search->name))
		search->list[search->count++] = (struct definition){ search->path, search->s, node,
								     owner_of(node) };
	return true;
}

size_t definitions_of(struct python *python, struct str name, const char *type,
		      struct definition list[DEFINITIONS_MAX])
{
	const struct tree *tree = python->scene->tree;
	struct search search = { .type = type, .name = name, .list = list };

	for (size_t i = 0; name.size && i < tree->count && i < FILES_MAX; i++) {
		struct str text;

		search.path = tree->entries[i].path;
		if (!str_ends(str_of(search.path), ".py") || python_is_test(str_of(search.path)) ||
		    !scene_read(python->scene, search.path, &text) || str_find(text, name) < 0)
			continue;
		search.s = python_open(python, search.path);
		if (search.s)
			syntax_walk(search.s->root, see_definition, &search);
	}
	return search.count;
}

bool definition_of_class(struct python *python, struct str name, struct definition *out)
{
	struct definition list[DEFINITIONS_MAX];

	if (definitions_of(python, name, "class_definition", list) != 1)
		return false;
	*out = list[0];
	return true;
}

TSNode definition_method(const struct syntax *s, TSNode class_node, struct str name)
{
	TSNode body = syntax_field(class_node, "body"), none = {{0}, NULL, NULL};

	for (unsigned i = 0; i < python_child_count(body); i++) {
		TSNode one = python_child(body, i);

		if (syntax_type_is(one, "decorated_definition"))
			one = syntax_field(one, "definition");
		if (syntax_type_is(one, "function_definition") &&
		    str_equal(python_name(s, one), name))
			return one;
	}
	return none;
}

bool definition_of_function(struct python *python, struct str name, struct definition *out)
{
	struct definition list[DEFINITIONS_MAX], class_one;
	struct str class_name, method;

	if (str_split_last(name, ".", &class_name, &method)) {
		str_split_last(class_name, ".", NULL, &class_name);
		if (!definition_of_class(python, class_name, &class_one))
			return false;
		*out = class_one;
		out->owner = class_one.node;
		out->node = definition_method(class_one.syntax, class_one.node, method);
		return !ts_node_is_null(out->node);
	}
	if (definitions_of(python, name, "function_definition", list) != 1)
		return false;
	*out = list[0];
	return true;
}

bool definition_has_decorator(const struct syntax *s, TSNode definition, const char *words)
{
	TSNode outer = ts_node_parent(definition);
	struct str rest = str_of(words), word;

	if (!syntax_type_is(outer, "decorated_definition"))
		return false;
	while (str_next(&rest, '|', &word))
		for (unsigned i = 0; i < python_child_count(outer); i++) {
			TSNode one = python_child(outer, i);
			struct str text = syntax_text(s, python_child(one, 0));

			str_split_last(text, ".", NULL, &text);
			if (syntax_type_is(one, "decorator") && str_equal(text, word))
				return true;
		}
	return false;
}

struct binding {
	const struct syntax *s;
	struct str name;
	TSNode top;
	bool found;
};

static bool see_binding(TSNode node, void *context)
{
	struct binding *b = context;
	TSNode left = syntax_field(node, "left"), owner;
	struct str object;

	if (!syntax_type_is(node, "assignment|augmented_assignment"))
		return !b->found;
	if (syntax_type_is(left, "attribute")) {
		object = syntax_text(b->s, syntax_field(left, "object"));
		if ((str_is(object, "self") || str_is(object, "cls")) &&
		    str_equal(syntax_text(b->s, syntax_field(left, "attribute")), b->name))
			b->found = true;
		return !b->found;
	}
	owner = syntax_up(node, "class_definition|function_definition");
	if (!ts_node_is_null(owner) && ts_node_eq(owner, b->top) &&
	    str_equal(syntax_text(b->s, left), b->name))
		b->found = true;
	return !b->found;
}

bool definition_binds(const struct syntax *s, TSNode class_node, struct str name)
{
	struct binding b = { .s = s, .name = name, .top = class_node };

	if (!ts_node_is_null(definition_method(s, class_node, name)))
		return true;
	syntax_walk(class_node, see_binding, &b);
	return b.found;
}

struct str definition_parameter(const struct syntax *s, TSNode function, unsigned n)
{
	TSNode one = python_child(syntax_field(function, "parameters"), n);

	if (syntax_type_is(one, "default_parameter|typed_default_parameter"))
		one = syntax_field(one, "name");
	else if (syntax_type_is(one, "typed_parameter"))
		one = python_child(one, 0);
	return syntax_type_is(one, "identifier") ? syntax_text(s, one) : STR_NONE;
}

struct str definition_base(const struct syntax *s, TSNode class_node)
{
	TSNode list = syntax_field(class_node, "superclasses"), one = python_child(list, 0);
	struct str text = syntax_text(s, one);

	if (python_child_count(list) != 1 || !syntax_type_is(one, "identifier|attribute"))
		return STR_NONE;
	str_split_last(text, ".", NULL, &text);
	return text;
}

/* `from ...stem import name` somewhere in the file. */
static bool imports_from(const struct syntax *s, struct str stem, const char *name)
{
	for (unsigned n = 0; s; n++) {
		TSNode one = syntax_below(s->root, "import_from_statement", n);
		struct str module = syntax_text(s, syntax_field(one, "module_name")), last = module;

		if (ts_node_is_null(one))
			return false;
		str_split_last(module, ".", NULL, &last);
		if (str_equal(last, stem) && text_has_word(syntax_text(s, one), name))
			return true;
	}
	return false;
}

bool definition_is_passed_on(struct python *python, const char *path, struct str name)
{
	struct scene *scene = python->scene;
	struct str stem = path_name(str_of(path)), text;
	const char *dotted, *word = str_text(scene->arena, name);

	str_chop(&stem, ".py");
	dotted = arena_printf(scene->arena, "%.*s.%s", STR_ARG(stem), word);
	for (size_t i = 0; i < scene->tree->count && i < FILES_MAX; i++) {
		const char *one = scene->tree->entries[i].path;

		if (!str_ends(str_of(one), ".py") || !strcmp(one, path) ||
		    !scene_read(scene, one, &text) || str_find(text, stem) < 0 ||
		    str_find(text, name) < 0)
			continue;
		if (str_has(text, dotted) || imports_from(python_open(python, one), stem, word))
			return true;
	}
	return false;
}

bool definition_last_own(struct python *python, struct site *site)
{
	const struct failure *failure = python->scene->failure;

	for (size_t i = failure->frame_count; i-- > 0;) {
		const struct frame *frame = &failure->frames[i];

		if (!frame->own)
			continue;
		if (python_is_test(str_of(frame->file)))
			break;
		if (!python_site(python, frame->file, frame->line, site))
			break;
		site->frame = i;
		return true;
	}
	return template_decline(python->scene, "no own code, tests aside, is on the stack"), false;
}

bool definitions_before(struct python *python, struct scene *scene, struct python *before)
{
	if (!python->scene->parent)
		return false;
	*scene = *python->scene;
	scene->tree = python->scene->parent;
	scene->parent = NULL;
	before->scene = scene;
	return true;
}

/*
 * Renames by comparing the parent's files with those of the failing commit, line by line and scope
 * by scope. Tests are not looked at: what they rename is a wish.
 */
#include "templates/lib_rename.h"

enum { FILES_MAX = 4000, BASES_MAX = 4 };

/* One scope of a file, before and now. */
struct scopes {
	const struct syntax *before, *now;
	TSNode before_top, now_top;
	bool (*binds)(const struct syntax *s, TSNode top, struct str name);
};

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (c & 0x80);
}

/* The word at this place of the text; empty when none starts there. */
static struct str word_at(struct str text, size_t at)
{
	size_t end = at;

	if (at && is_word_char(text.at[at - 1]))
		return STR_NONE;
	while (end < text.size && is_word_char(text.at[end]))
		end++;
	return str_slice(text, at, end - at);
}

/* The one word that stands for `name` in a line that is else the old one; empty when it is not. */
static struct str word_for(struct str old, struct str now, struct str name)
{
	struct str found = STR_NONE;
	size_t i = 0, k = 0;

	while (i < old.size && k < now.size) {
		struct str word = word_at(old, i), other = word_at(now, k);

		if (!word.size || !str_equal(word, name)) {
			if (old.at[i++] != now.at[k++])
				return STR_NONE;
			continue;
		}
		if (!str_is_word(other) || (found.size && !str_equal(found, other)))
			return STR_NONE;
		found = other;
		i += word.size;
		k += other.size;
	}
	return i == old.size && k == now.size && !str_equal(found, name) ? found : STR_NONE;
}

static bool is_rename(const struct scopes *scopes, struct str name, struct str new_name)
{
	return scopes->binds(scopes->now, scopes->now_top, new_name) &&
	       !scopes->binds(scopes->before, scopes->before_top, new_name) &&
	       scopes->binds(scopes->before, scopes->before_top, name) &&
	       !scopes->binds(scopes->now, scopes->now_top, name);
}

/* The lines of the two scopes. */
static bool find(const struct scopes *scopes, struct str name, struct str *new_name)
{
	struct str before = syntax_text(scopes->before, scopes->before_top), line;
	struct str found = STR_NONE;

	while (str_next_line(&before, &line)) {
		struct str now = syntax_text(scopes->now, scopes->now_top), other;

		if (str_find(line, name) < 0)
			continue;
		while (str_next_line(&now, &other)) {
			struct str word = word_for(line, other, name);

			if (!word.size || !is_rename(scopes, name, word))
				continue;
			if (found.size && !str_equal(found, word))
				return false;
			found = word;
		}
	}
	*new_name = found;
	return found.size > 0;
}

static bool module_binds(const struct syntax *s, TSNode top, struct str name)
{
	return ts_node_eq(top, s->root) && python_binds(s, name);
}

static bool function_binds(const struct syntax *s, TSNode function, struct str name)
{
	return !ts_node_is_null(python_parameter(s, function, name)) ||
	       python_assigned(s, function, name, 0, SIZE_MAX);
}

bool rename_of_name(struct python *python, const char *path, struct str name, struct rename *out)
{
	struct scene scene;
	PYTHON before = {0};
	struct scopes scopes = { .binds = module_binds };

	if (!definitions_before(python, &scene, &before))
		return false;
	scopes.before = python_open(&before, path);
	scopes.now = python_open(python, path);
	if (!scopes.before || !scopes.now)
		return false;
	scopes.before_top = scopes.before->root;
	scopes.now_top = scopes.now->root;
	out->path = path;
	return find(&scopes, name, &out->new_name);
}

/* The definition of the same name and owner in the parent's file; null when there is none. */
static TSNode same_before(const struct syntax *before, const struct syntax *now, TSNode node)
{
	const char *type = ts_node_type(node);
	TSNode owner = syntax_up(ts_node_parent(node), "class_definition");

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(before->root, type, n), its;

		if (ts_node_is_null(one))
			return one;
		its = syntax_up(ts_node_parent(one), "class_definition");
		if (str_equal(python_name(before, one), python_name(now, node)) &&
		    str_equal(python_name(before, its), python_name(now, owner)))
			return one;
	}
}

bool rename_of_local(struct python *python, const char *path, TSNode function, struct str name,
		     struct rename *out)
{
	struct scene scene;
	PYTHON before = {0};
	struct scopes scopes = { .binds = function_binds, .now_top = function };

	if (ts_node_is_null(function) || !definitions_before(python, &scene, &before))
		return false;
	scopes.before = python_open(&before, path);
	scopes.now = python_open(python, path);
	if (!scopes.before || !scopes.now)
		return false;
	scopes.before_top = same_before(scopes.before, scopes.now, function);
	out->path = path;
	return !ts_node_is_null(scopes.before_top) && find(&scopes, name, &out->new_name);
}

bool rename_of_attribute(struct python *python, struct str class_name, struct str name,
			 struct rename *out)
{
	struct scene scene;
	PYTHON before = {0};
	struct definition class_one;

	if (!definitions_before(python, &scene, &before))
		return false;
	for (unsigned depth = 0; depth < BASES_MAX; depth++) {
		struct scopes scopes = { .binds = definition_binds };

		if (!definition_of_class(python, class_name, &class_one))
			return false;
		scopes.now = class_one.syntax;
		scopes.now_top = class_one.node;
		scopes.before = python_open(&before, class_one.path);
		out->path = class_one.path;
		if (scopes.before) {
			scopes.before_top = same_before(scopes.before, scopes.now, class_one.node);
			if (!ts_node_is_null(scopes.before_top) &&
			    find(&scopes, name, &out->new_name))
				return true;
		}
		class_name = definition_base(class_one.syntax, class_one.node);
	}
	return false;
}

bool rename_of_parameter(struct python *python, const struct definition *definition,
			 struct str name, struct rename *out)
{
	struct scene scene;
	PYTHON before = {0};
	const struct syntax *old;
	TSNode function, list = syntax_field(definition->node, "parameters");
	unsigned differ = 0;

	if (!definitions_before(python, &scene, &before))
		return false;
	old = python_open(&before, definition->path);
	if (!old)
		return false;
	function = same_before(old, definition->syntax, definition->node);
	if (ts_node_is_null(function) ||
	    python_child_count(list) != python_child_count(syntax_field(function, "parameters")))
		return false;
	for (unsigned i = 0; i < python_child_count(list); i++) {
		struct str was = definition_parameter(old, function, i);
		struct str is = definition_parameter(definition->syntax, definition->node, i);

		if (str_equal(was, is))
			continue;
		differ++;
		if (str_equal(was, name) && is.size &&
		    ts_node_is_null(python_parameter(old, function, is)))
			*out = (struct rename){ is, definition->path };
		else
			return false;
	}
	return differ == 1;
}

bool rename_was_bound(struct python *python, const char *path, struct str name)
{
	struct scene scene;
	PYTHON before = {0};
	const struct syntax *s;

	if (!definitions_before(python, &scene, &before))
		return false;
	s = python_open(&before, path);
	return s && (python_binds(s, name) || python_assigned(s, s->root, name, 0, SIZE_MAX));
}

const char *rename_module_file(const struct scene *scene, struct str module)
{
	struct text path = TEXT(scene->arena);
	const char *found = NULL;

	for (size_t i = 0; i < module.size; i++)
		text_addc(&path, module.at[i] == '.' ? '/' : module.at[i]);
	for (size_t i = 0; i < scene->tree->count && i < FILES_MAX; i++) {
		struct str one = str_of(scene->tree->entries[i].path);

		if (!str_chop(&one, "/__init__.py") && !str_chop(&one, ".py"))
			continue;
		if (!str_equal(one, text_str(&path)) &&
		    !str_ends(one, arena_printf(scene->arena, "/%s", text_cstr(&path))))
			continue;
		if (found)
			return NULL;
		found = scene->tree->entries[i].path;
	}
	return found;
}

void rename_uses(struct edits *edits, const struct syntax *s, TSNode node, struct str name,
		 struct str new_name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(node, "identifier", n), outer;

		if (ts_node_is_null(one))
			return;
		outer = ts_node_parent(one);
		if (!str_equal(syntax_text(s, one), name) ||
		    (syntax_type_is(outer, "attribute") &&
		     ts_node_eq(syntax_field(outer, "attribute"), one)) ||
		    (syntax_type_is(outer, "keyword_argument") &&
		     ts_node_eq(syntax_field(outer, "name"), one)))
			continue;
		edit_node(edits, one, new_name);
	}
}

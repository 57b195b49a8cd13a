/*
 * Reads a repository's own templates from YAML, strictly: an unknown key or a template without an
 * example is an error with its place. Does not apply them (lib_own_fix.c).
 */
#include "templates/lib_own.h"

#include "bot/base/regex.h"
#include "bot/base/yaml.h"
#include "git/path.h"
#include "templates/syntax.h"

static const char FOLDER[] = ".github/aegis/templates";

enum { EXAMPLE_FILES_MOST = 7 };

struct reading {
	const char *file;
	struct arena *arena;
	struct err *e;
};

static bool refuse(const struct reading *r, const struct yaml *at, const char *why)
{
	return fail(r->e, ERR_CONFIG, "%s:%u:%u: %s", r->file, at->line, at->column, why);
}

/* Only these keys, parted by blanks. */
static bool check_keys(const struct reading *r, const struct yaml *map, const char *known)
{
	if (map->kind != YAML_MAP)
		return refuse(r, map, "this must be a map");
	for (size_t i = 0; i < map->count; i++) {
		struct str rest = str_of(known), word;
		bool found = false;

		while (!found && str_next(&rest, ' ', &word))
			found = str_equal(word, map->items[i].name);
		if (!found)
			return fail(r->e, ERR_CONFIG, "%s:%u:%u: unknown key \"%.60s\"; known are %s",
				    r->file, map->items[i].name_line, map->items[i].name_column,
				    map->items[i].name.at, known);
	}
	return true;
}

static const struct yaml *item_of(const struct yaml *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++)
		if (str_is(map->items[i].name, key))
			return &map->items[i];
	return NULL;
}

/* *out stays as it is when the key is not there. */
static bool take_text(const struct reading *r, const struct yaml *map, const char *key,
		      const char **out)
{
	const struct yaml *item = item_of(map, key);

	if (!item)
		return true;
	if (item->kind != YAML_SCALAR)
		return refuse(r, item, "this must be a text");
	*out = item->text.at;
	return true;
}

static bool must_have(const struct reading *r, const struct yaml *map, const char *key,
		      const char *value)
{
	return value || refuse(r, map, arena_printf(r->arena, "\"%s\" is missing", key));
}

static bool take_globs(const struct reading *r, const struct yaml *root, struct own *own)
{
	const struct yaml *list = item_of(root, "files");
	const char **globs = NULL;
	size_t n = 0;

	if (!list)
		return true;
	if (list->kind != YAML_LIST || !list->count)
		return refuse(r, list, "this must be a list of file patterns");
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].kind != YAML_SCALAR || !list->items[i].text.size)
			return refuse(r, &list->items[i], "this must be a file pattern");
		arena_push(r->arena, globs, n) = list->items[i].text.at;
	}
	arena_push(r->arena, globs, n) = NULL;
	own->globs = globs;
	return true;
}

static bool check_pattern(const struct reading *r, const struct yaml *at, const char *pattern)
{
	struct err e = ERR_INIT;
	REGEX regex = regex_open(pattern, &e);

	return regex || refuse(r, at, arena_strdup(r->arena, e.text));
}

static bool take_step(const struct reading *r, const struct yaml *map, struct own_step *step)
{
	const struct yaml *with = map->kind == YAML_MAP ? item_of(map, "with") : NULL;

	if (!check_keys(r, map, "pattern query with") ||
	    !take_text(r, map, "pattern", &step->pattern) ||
	    !take_text(r, map, "query", &step->query))
		return false;
	if (!step->pattern == !step->query)
		return refuse(r, map, "say \"pattern\" or \"query\", one of them");
	if (!with || with->kind != YAML_SCALAR)
		return refuse(r, map, "\"with\" is missing");
	step->with = with->text;
	return !step->pattern || check_pattern(r, item_of(map, "pattern"), step->pattern);
}

/* Where the language is said the query is checked at once, else it shows in the examples. */
static bool check_query(const struct reading *r, const struct yaml *map, const struct own *own,
			const struct own_step *step)
{
	struct err e = ERR_INIT;

	return !step->query || !own->template.language ||
	       own_check_query(own->template.language, step->query, &e) ||
	       refuse(r, item_of(map, "query"), arena_strdup(r->arena, e.text));
}

static bool take_steps(const struct reading *r, const struct yaml *root, struct own *own)
{
	const struct yaml *list = item_of(root, "replace");

	if (!list || list->kind != YAML_LIST || !list->count)
		return refuse(r, list ? list : root, "\"replace\" must be a list of replacements");
	if (list->count > OWN_STEPS_MOST)
		return refuse(r, list, "more than 16 replacements");
	own->steps = arena_array(r->arena, struct own_step, list->count);
	for (size_t i = 0; i < list->count; i++)
		if (!take_step(r, &list->items[i], &own->steps[own->step_count]) ||
		    !check_query(r, &list->items[i], own, &own->steps[own->step_count++]))
			return false;
	return true;
}

static bool take_files(const struct reading *r, const struct yaml *map, struct example *example)
{
	if (!map)
		return true;
	if (map->kind != YAML_MAP || map->count > EXAMPLE_FILES_MOST)
		return refuse(r, map, "this must be a map of at most 7 files");
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml *file = &map->items[i];
		struct err e = ERR_INIT;

		if (!path_check(file->name, &e))
			return refuse(r, file, arena_strdup(r->arena, e.text));
		example->file[i].path = file->name.at;
		if (!check_keys(r, file, "before after") ||
		    !take_text(r, file, "before", &example->file[i].before) ||
		    !take_text(r, file, "after", &example->file[i].after) ||
		    !must_have(r, file, "before", example->file[i].before))
			return false;
	}
	return true;
}

static bool take_example(const struct reading *r, const struct yaml *map, struct example *example)
{
	const char *declines = NULL;

	example->name = "?";
	if (!check_keys(r, map, "name log files declines") ||
	    !take_text(r, map, "name", &example->name) ||
	    !take_text(r, map, "log", &example->log) ||
	    !must_have(r, map, "log", example->log) ||
	    !take_text(r, map, "declines", &declines) ||
	    !take_files(r, item_of(map, "files"), example))
		return false;
	example->declines = declines;
	return true;
}

static bool take_examples(const struct reading *r, const struct yaml *root, struct own *own)
{
	const struct yaml *list = item_of(root, "examples");
	struct example *examples;
	size_t fires = 0;

	if (!list || list->kind != YAML_LIST || list->count > OWN_EXAMPLES_MOST)
		return refuse(r, list ? list : root, "\"examples\" must be a list of at most 32");
	examples = arena_array(r->arena, struct example, list->count + 1);
	for (size_t i = 0; i < list->count; i++) {
		if (!take_example(r, &list->items[i], &examples[i]))
			return false;
		fires += !examples[i].declines;
	}
	if (!fires || fires == list->count)
		return refuse(r, list, "it needs an example that fires and one with \"declines\"");
	own->template.examples = examples;
	return true;
}

static bool take_danger(const struct reading *r, const struct yaml *root, struct own *own)
{
	const struct yaml *item = item_of(root, "danger");
	unsigned long n = 2;

	if (item && (item->kind != YAML_SCALAR || !str_number(item->text, &n) || n > 2))
		return refuse(r, item, "danger is 0, 1 or 2");
	own->template.danger = (enum danger)n;
	return true;
}

/* "use-new-client.yml" is the template own_use_new_client: ours never begin so. */
static const char *name_of(struct arena *a, const char *file)
{
	struct str name = path_name(str_of(file));
	struct text out = TEXT(a);

	str_split_last(name, ".", &name, NULL);
	text_adds(&out, "own_");
	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];

		text_addc(&out, (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c :
			  c >= 'A' && c <= 'Z' ? (char)(c + 32) : '_');
	}
	return text_cstr(&out);
}

static bool take_match(const struct reading *r, const struct yaml *root, struct own *own)
{
	struct template *t = &own->template;
	const char *type = NULL, **types = NULL;
	size_t n = 0;

	if (!take_text(r, root, "summary", &t->summary) ||
	    !must_have(r, root, "summary", t->summary) ||
	    !take_text(r, root, "language", &t->language) || !take_text(r, root, "tool", &t->tool) ||
	    !take_text(r, root, "type", &type) || !take_text(r, root, "message", &t->pattern) ||
	    !must_have(r, root, "message", t->pattern) ||
	    !check_pattern(r, item_of(root, "message"), t->pattern))
		return false;
	if (type) {
		arena_push(r->arena, types, n) = type;
		arena_push(r->arena, types, n) = NULL;
		t->types = types;
	}
	return true;
}

bool own_parse(const char *file, struct str text, struct arena *a, struct own *out, struct err *e)
{
	const struct reading r = { file, a, e };
	struct own own = { .file = file, .template = {
		.name = name_of(a, file), .class = "of the repository", .fix = own_fix,
		.oracles = "the repository's own rule", .keeps_off = "what its pattern does not match",
	} };
	struct yaml root;

	if (!yaml_parse(file, text, a, &root, e) ||
	    !check_keys(&r, &root, "summary language tool type message files replace danger "
				   "keeps_off examples") ||
	    !take_match(&r, &root, &own) || !take_globs(&r, &root, &own) ||
	    !take_steps(&r, &root, &own) || !take_danger(&r, &root, &own) ||
	    !take_text(&r, &root, "keeps_off", &own.template.keeps_off) ||
	    !take_examples(&r, &root, &own))
		return false;
	*out = own;
	return true;
}

bool own_read(const struct tree *tree, struct arena *a, struct own_list *out, struct err *e)
{
	struct own_list found = { NULL, 0 };

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		struct own *own = arena_new(a, struct own);
		struct str text;

		if (!str_is(path_folder(str_of(path)), FOLDER) ||
		    (!str_ends(str_of(path), ".yml") && !str_ends(str_of(path), ".yaml")))
			continue;
		if (found.count == OWN_MOST)
			return fail(e, ERR_CONFIG, "%s holds more than %d templates", FOLDER, OWN_MOST);
		if (!tree_read(tree, a, path, &text))
			return fail(e, ERR_CONFIG, "%s cannot be read", path);
		if (!own_parse(path, text, a, own, e))
			return false;
		for (size_t k = 0; k < found.count; k++)
			if (!strcmp(found.list[k]->name, own->template.name))
				return fail(e, ERR_CONFIG, "%s: the name %s is taken", path,
					    own->template.name);
		arena_push(a, found.list, found.count) = &own->template;
	}
	*out = found;
	return true;
}

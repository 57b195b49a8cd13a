/*
 * JavaScript's module specifiers and package.json, as texts. Knows no aliases, no "exports", no
 * paths of tsconfig.json.
 */
#include "templates/lib_module.h"

#include "git/path.h"
#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"
#include "templates/syntax.h"

enum { SOURCES_MAX = 2000 };

const char *module_target(struct arena *a, const char *importer, struct str specifier)
{
	struct str folder = path_folder(str_of(importer)), part;

	if (!str_starts(specifier, "./") && !str_starts(specifier, "../"))
		return NULL;
	while (str_next(&specifier, '/', &part)) {
		if (str_is(part, "."))
			continue;
		if (str_is(part, "..") && !folder.size)
			return NULL;
		if (str_is(part, ".."))
			folder = path_folder(folder);
		else
			folder = str_of(arena_printf(a, "%.*s%s%.*s", STR_ARG(folder),
						     folder.size ? "/" : "", STR_ARG(part)));
	}
	return str_text(a, folder);
}

const char *module_specifier(struct arena *a, const char *importer, const char *path)
{
	struct str folder = path_folder(str_of(importer)), whole = str_of(path);
	struct text out = TEXT(a);

	for (;;) {
		struct str rest = whole;

		if (!folder.size || (str_skip(&rest, str_text(a, folder)) && str_skip(&rest, "/"))) {
			text_addf(&out, "%s%.*s", out.size ? "" : "./", STR_ARG(rest));
			return text_cstr(&out);
		}
		text_adds(&out, "../");
		folder = path_folder(folder);
	}
}

/* What the first relative specifier of a line means; NULL when it has none. */
static const char *target_in(struct arena *a, const char *importer, struct str line)
{
	ptrdiff_t at = str_find(line, STR("./"));
	struct str rest;

	if (at < 0)
		return NULL;
	if (at > 0 && line.at[at - 1] == '.')
		at--;
	rest = str_from(line, (size_t)at);
	rest.size = strcspn(str_text(a, rest), "'\"`");
	return module_target(a, importer, rest);
}

bool module_is_imported(const struct scene *scene, const char *path, const char *but)
{
	struct str stem = str_of(path), ending = path_ending(stem);

	stem.size -= ending.size ? ending.size + 1 : 0;
	for (size_t i = 0, read = 0; i < scene->tree->count && read < SOURCES_MAX; i++) {
		const char *other = scene->tree->entries[i].path;
		const char *language = syntax_language(other);
		struct str text, line;

		if (!language || !word_among(str_of(language), "javascript typescript tsx") ||
		    str_is(str_of(other), but) || js_is_test(other) ||
		    !scene_read(scene, other, &text))
			continue;
		read++;
		while (str_next_line(&text, &line)) {
			const char *target = target_in(scene->arena, other, line);

			if (target &&
			    (str_is(str_of(target), path) || str_equal(str_of(target), stem)))
				return true;
		}
	}
	return false;
}

const char *module_package(struct arena *a, struct str specifier)
{
	size_t slashes = str_starts(specifier, "@") ? 2 : 1, size = 0;

	for (; size < specifier.size; size++) {
		char c = specifier.at[size];

		if (c == '/' && !--slashes)
			break;
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !strchr("@/._-", c))
			return NULL;	/* "node:fs" too */
	}
	return size ? str_text(a, str_slice(specifier, 0, size)) : NULL;
}

static TSNode member(const struct syntax *s, TSNode object, const char *key)
{
	TSNode none = {{0}, NULL, NULL};

	uint32_t count = ts_node_is_null(object) ? 0 : ts_node_named_child_count(object);

	for (uint32_t i = 0; i < count; i++) {
		TSNode pair = ts_node_named_child(object, i);
		struct str name = syntax_text(s, syntax_field(pair, "key"));

		if (name.size > 2 && str_is(str_slice(name, 1, name.size - 2), key))
			return syntax_field(pair, "value");
	}
	return none;
}

bool module_add_dependency(struct arena *a, struct str text, const char *section,
			   const char *package, const char *version, struct str *out)
{
	SYNTAX s = syntax_open(a, "json", text);
	struct edits edits = { .arena = a };
	const char *entry = arena_printf(a, "\"%s\": \"%s\"", package, version);
	TSNode object, last = {{0}, NULL, NULL};

	if (!s)
		return false;
	object = member(s, syntax_below(s->root, "object", 0), section);
	if (!syntax_type_is(object, "object") || !ts_node_named_child_count(object))
		return false;
	for (uint32_t i = 0; i < ts_node_named_child_count(object); i++) {
		TSNode pair = ts_node_named_child(object, i);
		struct str key = syntax_text(s, syntax_field(pair, "key"));

		if (str_compare(str_slice(key, 1, key.size - 2), str_of(package)) > 0) {
			edit_replace(&edits, ts_node_start_byte(pair), ts_node_start_byte(pair),
				     str_of(arena_printf(a, "%s,\n%.*s", entry,
							 STR_ARG(syntax_indent(s, pair)))));
			return edits_apply(&edits, s, out);
		}
		last = pair;
	}
	edit_replace(&edits, ts_node_end_byte(last), ts_node_end_byte(last),
		     str_of(arena_printf(a, ",\n%.*s%s", STR_ARG(syntax_indent(s, last)), entry)));
	return edits_apply(&edits, s, out);
}

/*
 * Counts the other plain .js sources by what they say. A file that imports and exports nothing
 * counts for neither kind.
 */
#include "templates/lib_js_kind.h"

#include "git/path.h"

enum { SOURCES_MAX = 500 };

void js_kinds_of(const struct scene *scene, const char *but, struct js_kinds *kinds)
{
	*kinds = (struct js_kinds){0};
	for (size_t i = 0; i < scene->tree->count && i < SOURCES_MAX; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;
		SYNTAX s = NULL;

		if (!js_is_source(path) || str_is(str_of(path), but) ||
		    !str_is(path_ending(str_of(path)), "js") || !scene_read(scene, path, &text))
			continue;
		s = syntax_open(scene->arena, syntax_language(path), text);
		if (!s)
			continue;
		if (str_has(text, "require(") || str_has(text, "module.exports") || str_has(text, "exports.")) {
			kinds->cjs++;
			kinds->strict |= str_starts(text, "'use strict'") || str_starts(text, "\"use strict\"");
		} else if (!ts_node_is_null(syntax_below(s->root, "import_statement|export_statement", 0))) {
			kinds->esm++;
		}
	}
}

/*
 * Reads and writes one string of package.json in place. Adds no key and no section.
 */
#include "templates/lib_js_manifest.h"

#include "bot/base/json.h"
#include "templates/syntax.h"

const char *js_manifest_value(struct arena *a, struct str text, const char *section, const char *key)
{
	struct err ignored = ERR_INIT;
	JSON *json = NULL;
	json_t *place;

	if (!json_parse(text, TREE_FILE_MAX, &json, &ignored))
		return NULL;
	place = section ? json_object_get(json, section) : json;
	return arena_strdup(a, json_string_value(json_object_get(place, key)));
}

static TSNode value_of(const struct syntax *s, TSNode object, const char *key)
{
	const TSNode none = {{0}, NULL, NULL};

	for (uint32_t i = 0; !ts_node_is_null(object) && i < ts_node_named_child_count(object); i++) {
		TSNode pair = ts_node_named_child(object, i);
		struct str name = syntax_text(s, syntax_field(pair, "key"));

		if (name.size > 2 && str_is(str_slice(name, 1, name.size - 2), key))
			return syntax_field(pair, "value");
	}
	return none;
}

bool js_manifest_put(struct arena *a, struct str text, const char *section, const char *key,
		     const char *value, struct str *out)
{
	SYNTAX s = syntax_open(a, "json", text);
	struct edits edits = { .arena = a };
	TSNode object, found;

	if (!s)
		return false;
	object = syntax_below(s->root, "object", 0);
	if (section)
		object = value_of(s, object, section);
	found = value_of(s, object, key);
	if (ts_node_is_null(found) || !syntax_type_is(found, "string"))
		return false;
	edit_node(&edits, found, str_of(arena_printf(a, "\"%s\"", value)));
	return edits_apply(&edits, s, out);
}

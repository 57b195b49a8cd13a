/*
 * jansson with limits and paths. Leaves out streams and patterns of whole documents; who writes JSON
 * uses jansson's own json_pack and json_object_set_new.
 */
#include "bot/base/json.h"

#include "bot/base/utf8.h"

enum { PATH_NAME_MOST = 128 };

void json_close(json_t *const *json)
{
	if (json)
		json_decref(*json);
}

bool json_parse(struct str text, size_t size_most, json_t **json, struct err *e)
{
	json_error_t why;
	json_t *parsed;

	if (text.size > size_most)
		return fail(e, ERR_INPUT, "JSON of %zu bytes, at most %zu are allowed", text.size,
			    size_most);
	/* jansson draws its hash seed from the system at the first object made. */
	parsed = json_loadb(text.at ? text.at : "", text.size, JSON_REJECT_DUPLICATES, &why);
	if (!parsed)
		return fail(e, ERR_INPUT, "JSON %d:%d: %s", why.line, why.column, why.text);
	*json = parsed;
	return true;
}

/* One step of the path: ".name" or "[7]". NULL also for a path that is none. */
static const json_t *step(const json_t *json, struct str *rest, bool first)
{
	char name[PATH_NAME_MOST];
	unsigned long index;
	size_t size = 0;

	if (str_skip(rest, "[")) {
		if (!str_take_number(rest, &index) || !str_skip(rest, "]"))
			return NULL;
		return json_array_get(json, index);
	}
	if (!first && !str_skip(rest, "."))
		return NULL;
	while (size < rest->size && rest->at[size] != '.' && rest->at[size] != '[')
		size++;
	if (!size || size >= sizeof(name))
		return NULL;
	memcpy(name, rest->at, size);
	name[size] = '\0';
	*rest = str_from(*rest, size);
	return json_object_get(json, name);
}

json_t *json_at(const json_t *json, const char *path)
{
	struct str rest = str_of(path);

	for (bool first = true; json && rest.size; first = false)
		json = step(json, &rest, first);
	return json && !json_is_null(json) ? (json_t *)json : NULL;
}

static const char *type_name(const json_t *json)
{
	if (!json)
		return "missing";
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a text";
	case JSON_INTEGER:
		return "a whole number";
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		break;
	}
	return "null";
}

static bool fail_type(struct err *e, const char *path, const char *wanted, const json_t *found)
{
	const char *name = *path ? path : "the whole";

	if (!found)
		return fail(e, ERR_INPUT, "%s is missing, it must be %s", name, wanted);
	return fail(e, ERR_INPUT, "%s must be %s, not %s", name, wanted, type_name(found));
}

bool json_get_text(const json_t *json, const char *path, struct str *text, struct err *e)
{
	const json_t *found = json_at(json, path);

	if (!json_is_string(found))
		return fail_type(e, path, "a text", found);
	*text = (struct str){ json_string_value(found), json_string_length(found) };
	return true;
}

bool json_get_integer(const json_t *json, const char *path, int64_t *number, struct err *e)
{
	const json_t *found = json_at(json, path);

	if (!json_is_integer(found))
		return fail_type(e, path, "a whole number", found);
	*number = json_integer_value(found);
	return true;
}

bool json_get_real(const json_t *json, const char *path, double *number, struct err *e)
{
	const json_t *found = json_at(json, path);

	if (!json_is_number(found))
		return fail_type(e, path, "a number", found);
	*number = json_number_value(found);
	return true;
}

bool json_get_boolean(const json_t *json, const char *path, bool *yes, struct err *e)
{
	const json_t *found = json_at(json, path);

	if (!json_is_boolean(found))
		return fail_type(e, path, "true or false", found);
	*yes = json_is_true(found);
	return true;
}

bool json_get_list(const json_t *json, const char *path, json_t **list, struct err *e)
{
	json_t *found = json_at(json, path);

	if (!json_is_array(found))
		return fail_type(e, path, "a list", found);
	*list = found;
	return true;
}

bool json_get_object(const json_t *json, const char *path, json_t **object, struct err *e)
{
	json_t *found = json_at(json, path);

	if (!json_is_object(found))
		return fail_type(e, path, "an object", found);
	*object = found;
	return true;
}

struct str json_text_or(const json_t *json, const char *path, struct str other)
{
	struct err e;

	json_get_text(json, path, &other, &e);
	return other;
}

int64_t json_integer_or(const json_t *json, const char *path, int64_t other)
{
	struct err e;

	json_get_integer(json, path, &other, &e);
	return other;
}

double json_real_or(const json_t *json, const char *path, double other)
{
	struct err e;

	json_get_real(json, path, &other, &e);
	return other;
}

bool json_boolean_or(const json_t *json, const char *path, bool other)
{
	struct err e;

	json_get_boolean(json, path, &other, &e);
	return other;
}

static int add(const char *piece, size_t size, void *text)
{
	text_add(text, (struct str){ piece, size });
	return 0;
}

bool json_print(const json_t *json, enum json_order order, struct text *out, struct err *e)
{
	size_t flags = JSON_COMPACT | JSON_ENCODE_ANY |
		       (order == JSON_SORTED ? JSON_SORT_KEYS : 0);
	struct text made = TEXT(out->arena);

	if (json_dump_callback(json, add, &made, flags))
		return fail(e, ERR_BUG, "this JSON cannot be written");
	text_add(out, text_str(&made));
	return true;
}

json_t *json_string_of(struct str text)
{
	ARENA scratch = {0};
	struct text clean = TEXT(&scratch);

	while (text.size) {
		uint32_t character = 0;
		size_t size = utf8_first(text, &character);

		if (size && character)
			text_add(&clean, str_slice(text, 0, size));
		else
			text_adds(&clean, "\xef\xbf\xbd");
		text = str_from(text, size ? size : 1);
	}
	return json_stringn(text_cstr(&clean), clean.size);
}

/* Any bytes as JSON, and as a path into what comes out; what is printed must parse to the same. */
#include "bot/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct str all = { (const char *)data, size }, path = STR(""), rest = all;
	struct text out = TEXT(&a);
	JSON *json = NULL, *again = NULL;
	struct err e = ERR_INIT;

	str_split(all, "\n", &path, &rest);
	if (!json_parse(rest, 1 << 16, &json, &e))
		return 0;
	(void)json_at(json, str_text(&a, path));
	if (json_print(json, JSON_SORTED, &out, &e) &&
	    (!json_parse(text_str(&out), SIZE_MAX, &again, &e) || !json_equal(json, again)))
		__builtin_trap();
	json_decref(json_string_of(all));
	return 0;
}

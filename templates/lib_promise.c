/*
 * Values that comments promise for the case that there is nothing. Reads plain sentences of a few
 * forms; two different values in one comment say nothing.
 */
#include "templates/lib_promise.h"

#include "templates/lib_scene.h"

struct str promise_plain(struct str s)
{
	static const char *const names[] = { "NULL", "nullptr", "null", "false", "true" };
	size_t size = str_starts(s, "-") ? 1 : 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_starts(s, names[i]) && text_has_word(str_slice(s, 0, strlen(names[i]) + 1), names[i]))
			return str_of(names[i]);
	while (size < s.size && s.at[size] >= '0' && s.at[size] <= '9')
		size++;
	if (size == (str_starts(s, "-") ? 1u : 0u) ||
	    (size < s.size && (s.at[size] == '.' && size + 1 < s.size && s.at[size + 1] > ' ')))
		return STR_NONE;
	return str_slice(s, 0, size);
}

struct str promise_in(struct str comment)
{
	static const char *const before[] = { ", or ", " or ", "; " };
	static const char *const behind[] = { " if none", " if there is no", " when none", " if not found",
		" if nothing", " when there is no", " without ", " otherwise", " if no " };
	struct str found = STR_NONE;

	for (size_t at = 0; at < comment.size; at++) {
		struct str rest = str_from(comment, at), value = STR_NONE, next;

		for (size_t i = 0; i < 3 && !value.size; i++) {
			next = rest;
			if (!str_skip(&next, before[i]))
				continue;
			value = promise_plain(next);
			next = str_from(next, value.size);
			if (i == 2 || (next.size && !strchr(".;,* ", next.at[0])))
				value = STR_NONE;
		}
		for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]) && !value.size; i++) {
			bool starts = at && strchr(" ;(", comment.at[at - 1]);
			struct str word = starts ? promise_plain(rest) : STR_NONE;

			if (word.size && str_starts(str_from(rest, word.size), behind[i]))
				value = word;
		}
		if (!value.size)
			continue;
		if (found.size && !str_equal(found, value))
			return STR_NONE;
		found = value;
	}
	return found;
}

bool promise_of(struct sources *codes, struct str name, struct str *value)
{
	struct c_function list[C_FUNCTIONS_MAX];
	size_t count = c_functions(codes, name, list);

	for (size_t i = 0; i < count && i < C_FUNCTIONS_MAX; i++) {
		struct str said = promise_in(c_comment(list[i].code->syntax, list[i].node));

		if (!said.size)
			continue;
		if (value->size && !str_equal(*value, said))
			return false;
		*value = said;
	}
	return count <= C_FUNCTIONS_MAX;
}

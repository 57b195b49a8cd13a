/*
 * Reads Gemfile.lock line by line. Interprets no requirement.
 */
#include "templates/lib_gem.h"

bool gem_next(struct str lock, struct gem_line *at, size_t *offset)
{
	struct str rest = str_from(lock, *offset), line;

	while (str_next_line(&rest, &line)) {
		at->start = (size_t)(line.at - lock.at);
		*offset = rest.size ? (size_t)(rest.at - lock.at) : lock.size;
		at->indent = str_indent(line);
		at->text = str_trim(line);
		if (!at->text.size)
			continue;
		if (!at->indent) {
			at->section = at->text;
			at->remote = STR_NONE;
			continue;
		}
		if (str_starts(at->text, "remote: "))
			at->remote = str_from(at->text, 8);
		return true;
	}
	return false;
}

bool gem_spec(struct str text, struct str *name, struct str *version)
{
	struct str rest;

	if (!str_split(text, " (", name, &rest) || !str_chop(&rest, ")") ||
	    str_char(*name, ' ') >= 0)
		return false;
	*version = rest;
	return rest.size > 0 && rest.at[0] >= '0' && rest.at[0] <= '9';
}

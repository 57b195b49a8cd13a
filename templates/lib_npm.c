/*
 * Reading and writing package-lock.json without a change of its layout. Resolves nothing.
 */
#include "templates/lib_npm.h"

#include <ctype.h>

/* By the order of npm, which is that of a dictionary: marks, digits, letters, whatever their case. */
static unsigned weight(char c)
{
	static const char marks[] = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
	const char *at = c ? strchr(marks, c) : NULL;

	if (at)
		return 1 + (unsigned)(at - marks);
	if (c >= '0' && c <= '9')
		return 100 + (unsigned)c;
	return 300 + (unsigned)(unsigned char)tolower((unsigned char)c);
}

static int compare(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] && b[i] && weight(a[i]) == weight(b[i]))
		i++;
	if (!a[i] || !b[i])
		return a[i] ? 1 : b[i] ? -1 : strcmp(b, a);
	return weight(a[i]) < weight(b[i]) ? -1 : 1;
}

bool npm_put(json_t *object, const char *name, json_t *value)
{
	JSON *rest = json_object();
	const char *key;
	json_t *one;
	void *next;
	bool below = false;

	if (json_object_get(object, name))
		return !json_object_set_new(object, name, value);
	json_object_foreach(object, key, one) {
		below = below || compare(key, name) > 0;
		if (below && json_object_set(rest, key, one))
			return false;
	}
	json_object_foreach(rest, key, one)
		json_object_del(object, key);
	if (json_object_set_new(object, name, value))
		return false;
	json_object_foreach_safe(rest, next, key, one)
		if (json_object_set(object, key, one))
			return false;
	return true;
}

static int add_piece(const char *piece, size_t size, void *out)
{
	text_add(out, (struct str){ piece, size });
	return 0;
}

bool npm_text(struct arena *a, const struct npm_lock *lock, struct str *text)
{
	struct text out = TEXT(a);

	if (json_dump_callback(lock->json, add_piece, &out,
			       JSON_INDENT(lock->indent) | JSON_PRESERVE_ORDER))
		return false;
	if (lock->newline)
		text_addc(&out, '\n');
	*text = text_str(&out);
	return true;
}

bool npm_open(struct arena *a, struct str text, struct npm_lock *lock)
{
	struct npm_lock out = { .newline = str_ends(text, "\n") };
	struct err ignored = ERR_INIT;
	struct str rest = text, line, again;
	int64_t version;

	if (!str_next_line(&rest, &line) || !str_next_line(&rest, &line) ||
	    !json_parse(text, 4 << 20, &out.json, &ignored))
		return false;
	out.indent = str_indent(line);
	out.packages = json_object_get(out.json, "packages");
	version = json_integer_or(out.json, "lockfileVersion", 0);
	if (out.indent > 0 && out.indent < 9 && json_is_object(out.packages) &&
	    (version == 2 || version == 3) && npm_text(a, &out, &again) &&
	    str_equal(again, text)) {
		*lock = out;
		return true;
	}
	json_decref(out.json);
	return false;
}

void npm_close(struct npm_lock *lock)
{
	json_decref(lock->json);
	lock->json = NULL;
}

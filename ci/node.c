/*
 * V8's error lines and frames. Knows no test framework, and no engine but V8.
 */
#include "ci/node.h"

enum { TYPE_BYTES_MAX = 80 };

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '$';
}

static const char *const endings[] = { "Error", "Exception", "Rejection" };

static bool usual_type(struct str type)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (str_ends(type, endings[i]))
			return true;
	return false;
}

bool node_error(struct str text, bool any_type, struct str *type, struct str *message)
{
	size_t n = 0;
	struct str rest;
	ptrdiff_t close;

	text = str_trim_right(text);
	str_skip(&text, "Unhandled promise rejection ");
	str_skip(&text, "Uncaught ");
	str_skip(&text, "(in promise) ");
	while (n < text.size && n < TYPE_BYTES_MAX && is_name(text.at[n]))
		n++;
	if (!n || text.at[0] < 'A' || text.at[0] > 'Z')
		return false;
	rest = str_from(text, n);
	text = str_slice(text, 0, n);
	if (!usual_type(text) && (!any_type || !rest.size))
		return false;
	if (str_skip(&rest, " [")) {
		close = str_char(rest, ']');
		if (close < 0)
			return false;
		rest = str_from(rest, (size_t)close + 1);
	}
	if (rest.size && !str_skip(&rest, ": ") && !str_is(rest, ":"))
		return false;
	*type = text;
	*message = str_is(rest, ":") ? STR_NONE : str_trim(rest);
	return true;
}

struct str node_path(struct str file)
{
	struct str before, after;

	if (str_skip(&file, "file://")) {
		/* "file:///D:/x" has a slash before the drive */
		if (file.size > 3 && file.at[0] == '/' && file.at[2] == ':')
			file = str_from(file, 1);
	} else if (str_starts(file, "webpack") && str_split(file, ":///", &before, &after)) {
		file = after;
		if (str_split_last(file, "?", &before, &after))
			file = before;
	}
	str_skip(&file, "./");
	return file;
}

/* The place inside "eval at f (/x/a.js:1:1), <anonymous>:1:16" is the caller of eval. */
static bool take_place(struct str text, struct place *place)
{
	struct str before, after;

	while (str_split(text, "eval at ", &before, &after)) {
		if (!str_split(after, "(", &before, &text))
			return false;
	}
	str_skip(&text, "async ");
	if (!place_take(&text, place) || !place->column)
		return false;
	place->file = node_path(place->file);
	return true;
}

bool node_frame(struct str text, struct place *place, struct str *function)
{
	struct str before = STR_NONE, after = STR_NONE, name, inside;
	struct place found = {0};

	text = str_trim(text);
	str_chop(&text, " {");
	if (!str_skip(&text, "at "))
		return false;
	if (str_ends(text, ")") && (str_split(text, " (", &name, &inside) ||
				    str_split(text, "](", &name, &inside))) {
		if (!take_place(inside, &found) && !str_has(inside, "<anonymous>") &&
		    !str_starts(inside, "native") && !str_starts(inside, "index ") &&
		    !str_starts(inside, "unknown"))
			return false;
	} else if (take_place(text, &found) || str_starts(text, "<anonymous>")) {
		name = STR_NONE;
	} else {
		return false;
	}
	str_skip(&name, "async ");
	str_skip(&name, "new ");
	if (str_split(name, " [as ", &before, &after))
		name = before;
	*place = found;
	*function = name;
	return true;
}

bool node_add_frame(struct failure *failure, struct str text)
{
	struct place place;
	struct str function;

	if (!node_frame(text, &place, &function))
		return false;
	if (place.file.size)
		trace_frame(failure, &place, function);
	return true;
}

bool node_package_missing(struct str message)
{
	static const char *const starts[] = { "Cannot find module '", "Cannot find package '",
		"Failed to resolve import \"", "Could not resolve \"", "Can't resolve '" };
	struct str name, before;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (!str_split(message, starts[i], &before, &name))
			continue;
		if (!name.size || name.at[0] == '.' || name.at[0] == '/' || name.at[0] == '@')
			return name.size > 1 && name.at[0] == '@' && name.at[1] != '/';
		return !(name.size > 1 && name.at[1] == ':') && name.at[0] != '~' &&
		       name.at[0] != '#';
	}
	return false;
}

bool node_head(struct str text, struct place *place)
{
	struct str rest = text, number;

	if (str_starts(text, "node:") && str_split_last(text, ":", &place->file, &number))
		return str_number(number, &place->line);
	if (str_starts(text, "internal/") || str_starts(text, "file://") || str_starts(text, "/") ||
	    (text.size > 3 && text.at[1] == ':' && text.at[2] == '\\'))
		return place_take(&rest, place) && !rest.size && !place->column;
	return false;
}

bool node_logged_error(struct str text, struct str *type, struct str *message)
{
	static const char *const types[] = { "Error: ", "TypeError: ", "RangeError: ",
		"ReferenceError: ", "SyntaxError: ", "AssertionError: ", "AggregateError: " };
	struct str rest = text;

	while (str_split(rest, " ", NULL, &rest))
		for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
			if (str_starts(rest, types[i]))
				return node_error(rest, false, type, message);
	return false;
}

bool node_heading(struct str text, struct str *type, struct str *message)
{
	*type = STR_NONE;
	if (str_indent(text))
		return false;
	text = str_trim(text);
	*message = text;
	if (str_skip(message, "Trace: ")) {
		*type = STR("Trace");
		return true;
	}
	str_chop(&text, ":");
	return str_ends(text, " stack trace");
}

static const struct {
	const char *message;
	enum kind kind;
	unsigned weight;
	bool transient;
} tells[] = {
	{ "ENOSPC: ", KIND_RESOURCE, WEIGHT_CERTAIN, true },
	{ "ENOMEM", KIND_RESOURCE, WEIGHT_CERTAIN, false },
	{ "Timeout of ", KIND_TIMEOUT, 0, false },
	{ "Exceeded timeout of ", KIND_TIMEOUT, 0, false },
	{ "Test timed out in ", KIND_TIMEOUT, 0, false },
	{ "Hook timed out in ", KIND_TIMEOUT, 0, false },
	{ "test timed out after ", KIND_TIMEOUT, 0, false },
	{ "Async callback was not invoked within the", KIND_TIMEOUT, 0, false },
	{ "getaddrinfo EAI_AGAIN", KIND_INFRA, 0, true },
	{ "getaddrinfo ENOTFOUND", KIND_INFRA, 0, true },
	{ "connect ETIMEDOUT", KIND_INFRA, 0, true },
	{ "read ECONNRESET", KIND_INFRA, 0, true },
};

static void judge(struct failure *failure, struct str type, struct str message)
{
	if (str_has(type, "Assertion"))
		failure->kind = KIND_ASSERTION;
	for (size_t i = 0; i < sizeof(tells) / sizeof(tells[0]); i++) {
		if (!str_has(message, tells[i].message))
			continue;
		failure->kind = tells[i].kind;
		failure->transient = tells[i].transient;
		if (failure->weight < tells[i].weight)
			failure->weight = tells[i].weight;
	}
	if (node_package_missing(message)) {
		failure->kind = KIND_DEPENDENCY;
		failure->weight = WEIGHT_CERTAIN;
	}
}

void node_set_error(struct failure *failure, struct str type, struct str message,
		    unsigned long error_line)
{
	failure->type = findings_text(failure, type);
	failure->message = findings_text(failure, message);
	failure->error_line = error_line;
	if (failure->last_line < error_line)
		failure->last_line = error_line;
	judge(failure, type, message);
}

/* "[0] ", "[api] ": not "[errors]: [". */
static void skip_bracket(struct str *text)
{
	size_t n = 1;

	if (!text->size || text->at[0] != '[')
		return;
	while (n < text->size && (is_name(text->at[n]) || text->at[n] == '-' || text->at[n] == ':'))
		n++;
	if (n > 1 && n + 1 < text->size && text->at[n] == ']' && text->at[n + 1] == ' ')
		*text = str_from(*text, n + 2);
}

struct str node_body(struct str text)
{
	struct str rest = text;
	unsigned long n;

	if (str_skip(&rest, "#") && str_take_number(&rest, &n) && str_skip(&rest, " ") &&
	    str_take_number(&rest, &n) && str_skip(&rest, ".") && str_take_number(&rest, &n) &&
	    str_skip(&rest, " "))
		return rest;
	if (str_skip(&text, "# ") || str_skip(&text, "npm ERR! ") || str_skip(&text, "npm error "))
		return text;
	skip_bracket(&text);
	return text;
}

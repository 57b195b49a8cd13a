/*
 * Frames and errors of Dart. Knows neither the test runner's report nor the analyzer.
 */
#include "ci/dart.h"

/* They stand between a test and the runner; never what went wrong. */
static const char *const libraries[] = { "dart:", "package:test", "package:matcher/",
	"package:flutter_test/", "package:stack_trace/", "package:flutter/", "org-dartlang-sdk:" };

/* Core errors whose text does not start with their name. */
static const struct {
	const char *start, *type;
} messages[] = {
	{ "Invalid argument", "ArgumentError" },
	{ "Bad state: ", "StateError" },
	{ "Unsupported operation: ", "UnsupportedError" },
	{ "Concurrent modification during iteration", "ConcurrentModificationError" },
	{ "Out of Memory", "OutOfMemoryError" },
	{ "Stack Overflow", "StackOverflowError" },
	{ "Assertion failed", "AssertionError" },
	{ "Null check operator used on a null value", "TypeError" },
	{ "type '", "TypeError" },
	{ "LateInitializationError: ", "LateInitializationError" },
	{ "TimeoutException after ", "TimeoutException" },
};

static bool of_library(struct str file)
{
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
		if (str_starts(file, libraries[i]))
			return true;
	return false;
}

static struct str dart_path(struct str file)
{
	if (str_skip(&file, "file://") && file.size > 3 && file.at[0] == '/' && file.at[2] == ':')
		file = str_from(file, 1);	/* "file:///D:/x" */
	return file;
}

/* "package:shop/src/cart.dart" is at shop/lib/src/cart.dart; a copy, as the path lies nowhere. */
static struct str package_path(struct str file, char *room, size_t size)
{
	struct str package, path;
	size_t done;

	if (!str_skip(&file, "package:") || !str_split(file, "/", &package, &path) ||
	    package.size + path.size + 6 > size)
		return file;
	memcpy(room, package.at, package.size);
	done = package.size;
	memcpy(room + done, "/lib/", 5);
	done += 5;
	memcpy(room + done, path.at, path.size);
	return (struct str){ room, done + path.size };
}

static void append(struct failure *failure, struct place *place, struct str function)
{
	char room[512];

	if (of_library(place->file))
		*place = (struct place){0};
	else if (str_starts(place->file, "package:"))
		place->file = package_path(place->file, room, sizeof(room));
	else
		place->file = dart_path(place->file);
	trace_frame(failure, place, function);
}

static bool read_frame(struct str text, struct place *place, struct str *function)
{
	struct str rest = str_trim(text), where;
	unsigned long n;

	if (!str_skip(&rest, "#") || !str_take_number(&rest, &n) || !rest.size ||
	    rest.at[0] != ' ' || !str_chop(&rest, ")") ||
	    !str_split_last(rest, " (", function, &where))
		return false;
	*function = str_trim(*function);
	*place = (struct place){0};
	if (!place_take(&where, place))
		place->file = where;
	return function->size && (str_starts(place->file, "dart:") ||
				  str_starts(place->file, "package:") ||
				  str_starts(place->file, "org-dartlang") ||
				  str_has(place->file, ".dart") || str_is(where, "<anonymous>"));
}

bool dart_is_frame(struct str text)
{
	struct place place;
	struct str function;

	return read_frame(text, &place, &function);
}

bool dart_add_frame(struct failure *failure, struct str text)
{
	struct place place;
	struct str function;

	if (!read_frame(text, &place, &function))
		return false;
	append(failure, &place, function);
	return true;
}

bool dart_add_short_frame(struct failure *failure, struct str text)
{
	struct str rest = text, number;
	struct place found = {0};

	if (!text.size || text.at[0] == ' ')
		return false;
	found.file = take_word(&rest);
	if (str_starts(found.file, "dart:") || of_library(found.file)) {
		found.file = STR_NONE;
		rest = str_trim(rest);
		trace_frame(failure, &found, rest);
		return rest.size > 0;
	}
	number = take_word(&rest);
	if (!str_ends(found.file, ".dart") || !str_take_number(&number, &found.line) ||
	    !str_skip(&number, ":") || !str_take_number(&number, &found.column) || number.size)
		return false;
	append(failure, &found, str_trim(rest));
	return true;
}

bool dart_between_frames(struct str text)
{
	text = str_trim(text);
	return str_is(text, "<asynchronous suspension>") || str_is(text, "...") ||
	       str_starts(text, "===== asynchronous gap ") ||
	       (str_starts(text, "(elided ") && str_ends(text, ")"));
}

/* "FormatException", "RangeError (index)", "_CartError": a name that says it is an error's. */
static bool is_type(struct str text)
{
	struct str name = text;

	(void)str_split(text, " (", &name, NULL);
	str_skip(&name, "_");
	return str_is_word(name) && name.at[0] >= 'A' && name.at[0] <= 'Z' &&
	       (place_ends(name, "Error Exception Failure") || str_ends(text, ")"));
}

void dart_error(struct str text, struct str *type, struct str *message)
{
	struct str before = STR_NONE, after = STR_NONE;

	*type = STR_NONE;
	*message = text;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
		if (str_starts(text, messages[i].start)) {
			*type = str_of(messages[i].type);
			(void)str_split(text, ": ", NULL, message);
			return;
		}
	if (str_has(text, "': Failed assertion: line ")) {
		*type = STR("AssertionError");
	} else if (str_split(text, ": ", &before, &after) && is_type(before)) {
		*type = before;
		(void)str_split(before, " (", type, NULL);
		*message = after;
	} else if (is_type(text) && str_char(text, ' ') < 0) {
		*type = text;
		*message = STR_NONE;
	}
}

void dart_set_error(struct failure *failure, struct str text)
{
	struct str type, message;

	dart_error(str_trim(text), &type, &message);
	failure->type = findings_text(failure, type);
	failure->message = findings_text(failure, message);
	if (str_is(type, "OutOfMemoryError"))
		failure->kind = KIND_RESOURCE;
	else if (str_is(type, "TimeoutException"))
		failure->kind = KIND_TIMEOUT;
	else if (str_is(type, "AssertionError") || str_is(type, "TestFailure") ||
		 str_starts(text, "Expected: "))
		failure->kind = KIND_ASSERTION;
	else if (str_is(type, "SocketException") && str_has(message, "Failed host lookup"))
		failure->transient = true;
}

/*
 * Frames and exceptions of Elixir. Knows no tool's report.
 */
#include "ci/elixir.h"

static const char *const libraries[] = { "elixir ", "stdlib ", "mix ", "ex_unit ", "kernel ", "iex ",
	"logger ", "eex ", "erts ", "compiler " };

static bool of_library(struct str app)
{
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
		if (str_starts(app, libraries[i]))
			return true;
	return false;
}

bool elixir_add_frame(struct failure *failure, struct str text)
{
	struct str app = STR_NONE, rest;
	struct place place = {0};

	if (str_skip(&text, "(") && !str_split(text, ") ", &app, &text))
		return false;
	rest = text;
	if (place_take(&rest, &place)) {
		if (!place_ends(place.file, ".ex .exs .erl .eex .heex .leex") ||
		    !str_skip(&rest, ": "))
			return false;
	} else if (!str_has(text, "(") || !(app.size || str_starts(text, ":")) ||
		   !str_ends(text, ")")) {
		return false;		/* ":erlang.div(0, 0)" */
	}
	if (of_library(app))
		place = (struct place){0};
	trace_frame(failure, &place, rest);
	return true;
}

bool elixir_error(struct str text, struct str *type, struct str *message)
{
	if (!str_skip(&text, "** (") || !str_split(text, ")", type, message))
		return false;
	*message = str_trim(*message);
	return type->size > 0;
}

static const struct {
	const char *type, *message;	/* the type's start, a part of the message */
	enum kind kind;
} tells[] = {
	{ "CompileError", "", KIND_COMPILE },
	{ "SyntaxError", "", KIND_COMPILE },
	{ "TokenMissingError", "", KIND_COMPILE },
	{ "MismatchedDelimiterError", "", KIND_COMPILE },
	{ "ExUnit.AssertionError", "", KIND_ASSERTION },
	{ "ExUnit.TimeoutError", "", KIND_TIMEOUT },
	{ "Mix", "mix format failed", KIND_LINT },
	{ "Mix", "could not be found", KIND_CONFIG },
	{ "Mix", "Can't continue due to errors on dependencies", KIND_DEPENDENCY },
	{ "Mix", "Hex dependency resolution failed", KIND_DEPENDENCY },
	{ "Mix", "Could not find an SCM for dependency", KIND_DEPENDENCY },
	{ "Mix", "No package with name ", KIND_DEPENDENCY },
	{ "Mix", "lock mismatch", KIND_DEPENDENCY },
};

/* "lib/bad.ex:3: undefined function y/0", "invalid syntax found on lib/bad.ex:4:3:" */
static struct str take_place(struct failure *failure, struct str message)
{
	struct str rest = message, before;
	struct place place;

	if (place_take(&rest, &place) && str_skip(&rest, ":")) {
		place_set(failure, &place);
		return str_trim(rest);
	}
	if (str_split_last(message, " on ", &before, &rest) && place_take(&rest, &place) &&
	    str_is(rest, ":")) {
		place_set(failure, &place);
		return before;
	}
	return message;
}

void elixir_set_error(struct failure *failure, struct str type, struct str message,
		      unsigned long error_line)
{
	failure->type = findings_text(failure, type);
	for (size_t i = 0; i < sizeof(tells) / sizeof(tells[0]); i++)
		if (str_starts(type, tells[i].type) && str_has(message, tells[i].message)) {
			failure->kind = tells[i].kind;
			break;
		}
	if (failure->kind == KIND_COMPILE)
		message = take_place(failure, message);
	failure->message = findings_text(failure, message);
	failure->error_line = error_line;
	if (failure->last_line < error_line)
		failure->last_line = error_line;
}

/*
 * Frames and exceptions of Ruby. Knows no tool's report.
 */
#include "ci/ruby.h"

enum { PATH_BYTES_MAX = 1024 };

/* Where ":12:in `" or ":12:in '" starts: the colon before the number; or -1. */
static ptrdiff_t frame_colon(struct str text)
{
	struct str all = text, before;
	ptrdiff_t in, other;

	text = str_slice(text, 0, PATH_BYTES_MAX);
	in = str_find(text, STR(":in `"));
	other = str_find(text, STR(":in '"));
	if (in < 0 || (other >= 0 && other < in))
		in = other;
	if (in <= 0)
		return -1;
	before = str_slice(all, 0, (size_t)in);
	return str_char_last(before, ':');
}

/* "block (2 levels) in Cart#total": the method alone. */
static struct str method_of(struct str function)
{
	struct str method;

	while (str_starts(function, "block ") || str_starts(function, "rescue ") ||
	       str_starts(function, "ensure "))
		if (!str_split(function, " in ", NULL, &method))
			break;
		else
			function = method;
	return function;
}

bool ruby_take_frame(struct str *rest, struct place *place, struct str *function)
{
	struct str text = *rest, number, name;
	ptrdiff_t colon = frame_colon(text), quote;
	struct place found = {0};

	if (colon <= 0)
		return false;
	found.file = str_slice(text, 0, (size_t)colon);
	number = str_from(text, (size_t)colon + 1);
	if (!str_take_number(&number, &found.line) || !str_skip(&number, ":in "))
		return false;
	name = str_from(number, 1);
	quote = str_char(name, '\'');
	if (quote <= 0 || str_indent(found.file))
		return false;
	*rest = str_from(name, (size_t)quote + 1);
	*function = method_of(str_slice(name, 0, (size_t)quote));
	if (str_has(found.file, ") ") || str_starts(found.file, "<"))
		found = (struct place){0};	/* a gem's, Ruby's own */
	*place = found;
	return true;
}

/* A method of Ruby's own core is shown at its caller's place: only the caller is there. */
void ruby_add_frame(struct failure *failure, const struct place *place, struct str function)
{
	struct frame *inner = failure->frame_count ?
			      &failure->frames[failure->frame_count - 1] : NULL;

	if (inner && inner->file && place->line == inner->line &&
	    str_is(place->file, inner->file)) {
		inner->file = NULL;
		inner->line = 0;
	}
	trace_frame(failure, place, function);
}

static bool bare_frame(struct str text, struct place *place, struct str *function)
{
	text = str_trim(text);
	return ruby_take_frame(&text, place, function) && !text.size;
}

bool ruby_is_bare_frame(struct str text)
{
	struct place place;
	struct str function;

	return bare_frame(text, &place, &function);
}

bool ruby_add_bare_frame(struct failure *failure, struct str text)
{
	struct place place;
	struct str function;

	if (!bare_frame(text, &place, &function))
		return false;
	ruby_add_frame(failure, &place, function);
	return true;
}

bool ruby_is_type(struct str text)
{
	struct str rest = text, name;

	if (str_starts(text, "#<Class:") && str_ends(text, ">"))
		return true;
	if (!text.size || text.at[0] < 'A' || text.at[0] > 'Z' || str_ends(text, ":"))
		return false;
	while (rest.size) {
		if (!str_split(rest, "::", &name, &rest)) {
			name = rest;
			rest = STR_NONE;
		}
		if (!str_is_word(name) || name.at[0] < 'A' || name.at[0] > 'Z')
			return false;
	}
	return true;
}

static const struct {
	const char *type, *message;	/* the whole type, the message's start */
	enum kind kind;
	unsigned weight;
	bool transient;
} tells[] = {
	{ "LoadError", "cannot load such file -- ", KIND_DEPENDENCY, WEIGHT_CERTAIN, false },
	{ "Gem::", "", KIND_DEPENDENCY, 0, false },
	{ "Bundler::", "", KIND_DEPENDENCY, WEIGHT_CERTAIN, false },
	{ "SyntaxError", "", KIND_COMPILE, 0, false },
	{ "NoMemoryError", "", KIND_RESOURCE, WEIGHT_CERTAIN, false },
	{ "Errno::ENOSPC", "", KIND_RESOURCE, WEIGHT_CERTAIN, false },
	{ "Errno::EACCES", "", KIND_PERMISSION, 0, false },
	{ "Timeout::", "", KIND_TIMEOUT, 0, false },
	{ "Net::OpenTimeout", "", KIND_TIMEOUT, 0, true },
	{ "Net::ReadTimeout", "", KIND_TIMEOUT, 0, true },
	{ "Minitest::Assertion", "", KIND_ASSERTION, 0, false },
	{ "RSpec::Expectations::", "", KIND_ASSERTION, 0, false },
};

/* "cannot load such file -- ./lib/x": a file of the project's own. */
static bool is_package(struct str message)
{
	struct str name = message;

	return str_split(message, " -- ", NULL, &name) && name.size && name.at[0] != '/' &&
	       name.at[0] != '.';
}

void ruby_set_error(struct failure *failure, struct str type, struct str message,
		    unsigned long error_line)
{
	failure->type = findings_text(failure, type);
	failure->message = findings_text(failure, str_trim(message));
	failure->error_line = error_line;
	if (failure->last_line < error_line)
		failure->last_line = error_line;
	for (size_t i = 0; i < sizeof(tells) / sizeof(tells[0]); i++) {
		if (!str_starts(type, tells[i].type) || !str_starts(message, tells[i].message))
			continue;
		if (str_is(type, "LoadError") && !is_package(message))
			continue;
		failure->kind = tells[i].kind;
		failure->transient = tells[i].transient;
		if (failure->weight >= WEIGHT_DIAGNOSTIC && failure->weight < tells[i].weight)
			failure->weight = tells[i].weight;
	}
}

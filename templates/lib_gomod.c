/*
 * Reads go.mod line by line, with its blocks. Expects what gofmt leaves.
 */
#include "templates/lib_gomod.h"

static struct str word(struct str *rest)
{
	struct str one = str_trim(*rest);
	size_t size = 0;

	while (size < one.size && !strchr(" \t", one.at[size]))
		size++;
	*rest = str_from(one, size);
	return str_slice(one, 0, size);
}

static void take(struct gomod_line *line, struct str verb, struct str rest)
{
	struct str comment = STR_NONE, left, right;

	str_split(rest, "//", &rest, &comment);
	if (str_is(verb, "require")) {
		line->kind = GOMOD_REQUIRE;
		line->module = word(&rest);
		line->version = word(&rest);
		line->indirect = str_has(comment, "indirect");
	} else if (str_is(verb, "replace") && str_split(rest, "=>", &left, &right)) {
		line->kind = GOMOD_REPLACE;
		line->module = word(&left);
		line->version = word(&left);
		line->target = word(&right);
	}
}

bool gomod_next(struct str text, struct gomod_line *line, size_t *offset)
{
	struct str rest = str_from(text, *offset), one, verb, block = line->block;

	if (!str_next_line(&rest, &one))
		return false;
	*line = (struct gomod_line){ .block = block, .start = *offset };
	*offset = rest.size ? (size_t)(rest.at - text.at) : text.size;
	line->end = *offset;
	one = str_trim(one);
	if (block.size) {
		if (str_is(one, ")"))
			line->block = STR_NONE;
		else
			take(line, block, one);
		return true;
	}
	verb = word(&one);
	if (str_is(str_trim(one), "("))
		line->block = verb;
	else
		take(line, verb, one);
	return true;
}

struct str gomod_requires(struct str text, struct str module)
{
	struct gomod_line line = {0};
	size_t offset = 0;

	while (gomod_next(text, &line, &offset))
		if (line.kind == GOMOD_REQUIRE && str_equal(line.module, module))
			return line.version;
	return STR_NONE;
}

struct str gomod_local(struct str text, struct str module)
{
	struct gomod_line line = {0};
	size_t offset = 0;

	while (gomod_next(text, &line, &offset))
		if (line.kind == GOMOD_REPLACE && str_equal(line.module, module) &&
		    (str_starts(line.target, "./") || str_starts(line.target, "../")))
			return line.target;
	return STR_NONE;
}

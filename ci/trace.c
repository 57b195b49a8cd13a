/*
 * Places, frames and kept texts, for the readers. Knows no tool and touches no file.
 */
#include "ci/trace.h"

enum { PATH_MAX_BYTES = 1024 };

static bool is_path(struct str path)
{
	bool letter = false, mark = false;

	if (!path.size || path.size > PATH_MAX_BYTES || path.at[0] == ' ' || path.at[0] == '\t')
		return false;
	for (size_t i = 0; i < path.size; i++) {
		char c = path.at[i];

		if (c == '<' || c == '>' || c == '|' || c == '"' || c == '*' || c == '\t')
			return false;
		letter = letter || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		mark = mark || c == '.' || c == '/' || c == '\\';
	}
	return letter && mark;
}

/* The colon behind a path: one with a digit after it. A drive's colon has a slash there. */
static ptrdiff_t colon_of(struct str s)
{
	struct str rest = str_slice(s, 0, PATH_MAX_BYTES);
	ptrdiff_t i;

	while ((i = str_char(rest, ':')) >= 0 && (size_t)i + 1 < rest.size) {
		if (rest.at[i + 1] >= '0' && rest.at[i + 1] <= '9')
			return rest.at + i - s.at;
		rest = str_from(rest, (size_t)i + 1);
	}
	return -1;
}

bool place_take(struct str *rest, struct place *place)
{
	ptrdiff_t colon = colon_of(*rest);
	struct place found = {0};
	struct str after;

	if (colon <= 0)
		return false;
	found.file = str_slice(*rest, 0, (size_t)colon);
	after = str_from(*rest, (size_t)colon + 1);
	if (!is_path(found.file) || !str_take_number(&after, &found.line))
		return false;
	if (after.size > 1 && after.at[0] == ':') {
		struct str column = str_from(after, 1);

		if (str_take_number(&column, &found.column))
			after = column;
	}
	*place = found;
	*rest = after;
	return true;
}

void place_set(struct failure *failure, const struct place *place)
{
	failure->file = findings_text(failure, place->file);
	failure->line = place->line > 0x7fffffff ? 0 : (unsigned)place->line;
	failure->column = place->column > 0x7fffffff ? 0 : (unsigned)place->column;
}

bool place_ends(struct str file, const char *endings)
{
	struct str rest = str_of(endings), ending;

	while (str_next(&rest, ' ', &ending)) {
		if (file.size >= ending.size &&
		    str_equal(str_from(file, file.size - ending.size), ending))
			return true;
	}
	return false;
}

void keep(struct kept *kept, struct str text)
{
	text = str_slice(text, 0, sizeof(kept->at));
	if (text.size)
		memcpy(kept->at, text.at, text.size);
	kept->size = (unsigned short)text.size;
}

struct str kept_str(const struct kept *kept)
{
	return (struct str){ kept->at, kept->size };
}

void trace_frame(struct failure *failure, const struct place *place, struct str function)
{
	/* One place less than there is: a full list would push out the frames next to the cause. */
	if (failure->frame_count < FRAMES_MAX - 1)
		findings_frame(failure, place->file, place->line, place->column, function);
}

void trace_turn(struct failure *failure)
{
	for (size_t i = 0, k = failure->frame_count; i + 1 < k; i++) {
		struct frame moved = failure->frames[i];

		failure->frames[i] = failure->frames[--k];
		failure->frames[k] = moved;
	}
}

struct str take_word(struct str *text)
{
	size_t end = 0;
	struct str word;

	while (end < text->size && text->at[end] != ' ' && text->at[end] != '\t')
		end++;
	word = str_slice(*text, 0, end);
	while (end < text->size && (text->at[end] == ' ' || text->at[end] == '\t'))
		end++;
	*text = str_from(*text, end);
	return word;
}

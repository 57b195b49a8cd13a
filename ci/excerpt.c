/*
 * Picks the lines of one failure out of a log that is in memory. Knows nothing of what they mean.
 */
#include "ci/excerpt.h"

#include "ci/clean.h"

enum { BEFORE_ERROR = 25 };

struct str excerpt_of(struct arena *a, struct str log, const struct failure *failure,
		      unsigned long *first)
{
	struct cleaner *cleaner = arena_new(a, struct cleaner);
	unsigned long from = failure->first_line, to = failure->last_line, number = 0;
	struct text out = TEXT(a);
	struct line line = {0};
	struct str raw;

	if (failure->error_line > from + BEFORE_ERROR)
		from = failure->error_line - BEFORE_ERROR;
	if (to > from + EXCERPT_LINES_MOST - 1)
		to = from + EXCERPT_LINES_MOST - 1;
	while (++number <= to && str_next_line(&log, &raw)) {
		if (number < from)
			continue;
		clean_line(cleaner, raw, &line);
		if (text_str(&out).size + line.text.size + 1 > EXCERPT_BYTES_MOST)
			break;
		text_add(&out, line.text);
		text_addc(&out, '\n');
	}
	*first = from;
	return text_str(&out);
}

/*
 * The envelope of a log line: what the runner and the terminal put around what the tool said.
 */
#ifndef CI_CLEAN_H
#define CI_CLEAN_H

#include "ci/reader.h"

struct cleaner {
	char scratch[LINE_BYTES_MAX];
};

/*
 * Takes BOM, time stamp, ANSI and OSC sequences, carriage returns (the last overwrite wins) and the
 * "##[...]" or "::error::" mark off a raw line. The text may lie in the scratch and is valid until
 * the next call. line->number is the caller's.
 */
void clean_line(struct cleaner *cleaner, struct str raw, struct line *line);

#endif

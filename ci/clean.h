/*
 * The envelope of a log line: what the runner, the terminal and tools that run tools put around
 * what a tool said.
 */
#ifndef CI_CLEAN_H
#define CI_CLEAN_H

#include "ci/prefix.h"
#include "ci/reader.h"

enum { RAW_BYTES_MAX = LINE_BYTES_MAX + 512 };	/* of a raw line, more is not looked at */

/* What "::error file=a.c,line=3,col=5,title=T::message" says besides its message. */
struct annotation {
	bool present;			/* the line was such a command */
	char file[512], title[128];	/* "" when it does not say */
	unsigned long line, column;	/* 0 when it does not say */
};

struct cleaner {			/* zeroed at the start of a log */
	char scratch[LINE_BYTES_MAX];
	struct annotation annotation;	/* of the newest line */
	bool buildkit;			/* the newest line with text began like BuildKit's, "#12 " */
	struct prefixes prefixes;
};

/*
 * Takes BOM, time stamp, "job<TAB>step<TAB>" of `gh run view --log`, terminal sequences, overwritten
 * text, control characters, BuildKit's "#12 3.45 " (behind another line of BuildKit's), the prefixes
 * of ci/prefix.h and the "##[...]" or "::error::" mark off a raw line. Lines must come in order. The text may lie in the
 * scratch and is valid until the next call. line->number is the caller's.
 */
void clean_line(struct cleaner *cleaner, struct str raw, struct line *line);

#endif

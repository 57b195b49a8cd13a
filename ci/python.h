/*
 * What the readers of Python's tools share: one traceback, from its head to its last exception, and
 * the section lines by which they agree who reads which traceback.
 */
#ifndef CI_PYTHON_H
#define CI_PYTHON_H

#include "ci/trace.h"

enum python_stage { TRACE_NONE, TRACE_FRAMES, TRACE_TAIL };

struct python_trace {
	/* Set by the owner before the head of a traceback. */
	const char *tool;
	unsigned weight;
	struct kept test;		/* empty: no test */

	enum python_stage stage;
	struct failure *failure;	/* that is being read; NULL before its first frame */
	struct failure *cause;		/* the first of a chain, made before the last one */
	struct kept prefix;		/* before every line: blanks, a logger's head */
	struct kept file;		/* of a syntax error, until its column is known */
	unsigned long at_line, column, source_indent;
	unsigned long first, last;	/* lines in the log */
	unsigned lines, strays;
	bool grouped;			/* lines start with "  | " */
	bool headed;			/* there was a "Traceback" line */
	bool chained;			/* a chain marker came: the next traceback goes on */
	bool ended;			/* the exception line was read */
};

/* Adds to a kept text what still fits. */
void kept_add(struct kept *kept, struct str text);

/* Is this the first line of a traceback? */
bool python_trace_starts(struct str text);

/* Is it '  File "x.py", line 3' without a function: the place of a syntax error? */
bool python_syntax_starts(struct str text);

/*
 * Reads a line into the traceback, or starts one. True while the trace goes on; false when the line
 * does not belong to it (it is over and its block is reported, or it never began).
 */
bool python_trace_line(struct python_trace *trace, const struct line *line, struct findings *f);

/* Reports the block of what was read so far and forgets the trace. */
void python_trace_end(struct python_trace *trace, struct findings *f);

/* "shop.cart.CartError: cannot load" or "KeyError"; message may be empty. */
bool python_error(struct str text, struct str *type, struct str *message);

/* File "x.py", line 3, in total; function is empty where there is none. */
bool python_frame(struct str text, struct place *place, struct str *function);

/* Type, message and what they say about the kind; the weight only ever grows. */
void python_set_error(struct failure *failure, struct str type, struct str message,
		      unsigned long error_line);

/* A chain goes on: the failure steps back behind the one that follows, or is used again for it. */
struct failure *python_step_back(struct failure *failure, struct failure **cause);

/* "The above exception was the direct cause of ..." or "During handling of the above ...". */
bool python_chains(struct str text);

/* pytest's "==== TITLE ====". */
bool pytest_section(struct str text, struct str *title);
bool pytest_blocks_title(struct str title);	/* FAILURES or ERRORS */

struct pytest_counts {
	unsigned long passed, failed, errors, skipped, xfailed, xpassed;
};
/* "1 failed, 2 passed in 0.04s", with or without '=' around. */
bool pytest_counts(struct str text, struct pytest_counts *counts);

/* unittest's "ERROR: test_x (mod.Class.test_x)" below a rule; place is empty for other forms. */
bool unittest_head(struct str text, struct str *test, struct str *place);
bool unittest_rule(struct str text, char c);	/* seventy times c */
/* Its end: "Ran 3 tests in 0.1s". */
bool unittest_ran(struct str text, unsigned long *run);

#endif

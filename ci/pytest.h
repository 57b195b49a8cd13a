/*
 * One block of pytest's report: what stands below "____ TestLoad.test_dict ____", in long, short,
 * native or collecting style; and the names of failed tests.
 */
#ifndef CI_PYTEST_H
#define CI_PYTEST_H

#include "ci/python.h"

struct pytest_block {
	bool open, collecting, lookup;	/* lookup: an error at set-up or tear-down */
	bool native;			/* a plain traceback, whose block is reported already */
	bool captured, erred, told;	/* erred: "E" lines came; told: the message is known */
	unsigned long first, last;
	struct failure *failure, *cause;
	struct kept title, function;
	struct kept file;		/* given apart: of a syntax error, of a fixture's user */
	unsigned long at_line, column, source_indent;
	struct python_trace trace;
};

/* "____ TestLoad.test_dict ____", not the "_ _ _ _" between two frames. */
bool pytest_title(struct str text, struct str *title);

/* "tests/test_cart.py:6: ..." with any name of a file; the rest is what stands behind "6:". */
bool pytest_place(struct str text, struct place *place, struct str *rest);

void pytest_open(struct pytest_block *block, struct str title, unsigned long number);
void pytest_line(struct pytest_block *block, const struct line *line, struct findings *f);
/* Ends the failure (there is one then) and says its node id as far as the block tells it. */
void pytest_close(struct pytest_block *block, struct findings *f, struct kept *id);

/* "tests/x.py::test[a - b] - KeyError: 'x'" in the summary: the id ends at a dash in no bracket. */
struct str pytest_summary_id(struct str text, struct str *message);
/* Whether a node id ends in what a block's title says with dots. */
bool pytest_id_fits(struct str id, struct str title);

/* A failure that the summary may still name. */
struct pytest_pending {
	struct failure *failure;
	unsigned long first_line;	/* tells whether the failure is still the same one */
	unsigned block;
	struct kept title;		/* "TestLoad.test_dict"; empty in line style */
};

enum { PENDING_MAX = 128, NAMES_BYTES = 32 * 1024 };

struct pytest_names {
	struct pytest_pending pending[PENDING_MAX];
	unsigned pending_count, blocks;
	bool summarised, progress;	/* names came from the summary, from verbose lines */
	char names[NAMES_BYTES];	/* of blocks: E (collecting) or F, the name, LF */
	size_t names_size;
};

/* Keeps what a closed block gave. */
void pytest_remember(struct pytest_names *names, const struct pytest_block *block, struct str id);
/* The first block whose title fits, or the next one of line style, gets its full name. */
bool pytest_name(struct pytest_names *names, struct str id, bool failed);
/* The run is over: reports the blocks' names if nothing better came, and forgets all. */
void pytest_tell(struct pytest_names *names, struct findings *f);

#endif

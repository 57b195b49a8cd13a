/*
 * Test reports in files: JUnit XML, TAP 13 and 14, the stream of `go test -json`. All are hostile
 * input; what is kept is bounded. Several files are read into one set of results.
 */
#ifndef CI_RESULTS_H
#define CI_RESULTS_H

#include "bot/base/err.h"
#include "ci/failure.h"
#include "git/tree.h"

#include <stdint.h>

enum outcome { OUTCOME_PASSED, OUTCOME_SKIPPED, OUTCOME_FAILED, OUTCOME_ERROR };	/* worse last */

struct result {
	const char *name;		/* as the tool names it: "tests/test_x.py::TestA::test_b" */
	enum outcome outcome;
	bool running;			/* began and did not end yet */
	long duration_ms;		/* -1: the report does not say */
	const char *file;		/* in the tree when one is given; NULL: not said */
	unsigned line;
	const char *message;		/* of what is not passed; NULL: not said */
};

struct results {			/* zeroed at the start */
	const char *framework;		/* "pytest", "go test", "node:test", "junit", "tap" */
	struct result *list;
	size_t count;
	size_t bytes;			/* of all texts */
	unsigned long dropped;		/* beyond RESULTS_MAX or RESULTS_BYTES */
	uint32_t *index;		/* by name; index_size places, 0 = free */
	size_t index_size;
};

enum { RESULTS_MAX = 100000, RESULTS_BYTES = 48 * 1024 * 1024,
       RESULTS_FILE_BYTES = 64 * 1024 * 1024, RESULTS_DEPTH = 64 };

/*
 * Adds a report's tests. A test that is there already keeps the worse outcome, so that no second file
 * hides a failure. With a tree pytest's names and all places are those of its files. ERR_INPUT, and
 * results untouched but for tests read before the fault: not a report, malformed, a document type,
 * too deep, too large.
 */
bool results_read(struct results *results, struct arena *a, struct str text,
		  const struct tree *tree, struct err *e);

/* The sums and the failed names, as a log would give them. Errors count as failed. */
void results_tests(const struct results *results, struct arena *a, struct tests *tests);

#endif

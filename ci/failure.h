/*
 * What a log says: failures, diagnostics, test results. Strings are NUL-terminated UTF-8, bounded,
 * and live in the report's arena. NULL and 0 mean "the log does not say"; nothing is invented.
 */
#ifndef CI_FAILURE_H
#define CI_FAILURE_H

#include "bot/base/arena.h"
#include "bot/base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum kind {
	KIND_UNKNOWN,
	KIND_EXCEPTION,
	KIND_ASSERTION,
	KIND_COMPILE,
	KIND_LINT,
	KIND_DEPENDENCY,
	KIND_CONFIG,
	KIND_INFRA,
	KIND_RESOURCE,
	KIND_PERMISSION,
	KIND_TIMEOUT,
};
const char *kind_name(enum kind kind);	/* "exception", ... as in the JSON */

/*
 * How sure it is that a failure is the cause, not a consequence. Readers give one of these; the
 * report ranks by it, then by own frame, then by order in the log.
 */
enum weight {
	WEIGHT_CONSEQUENCE = 5,		/* "make: ***", "exit code 1": never primary if anything else is there */
	WEIGHT_SUMMARY = 30,		/* "1 failed": says that, not why */
	WEIGHT_HINT = 45,		/* an error line of unknown form */
	WEIGHT_WARNING = 20,
	WEIGHT_DIAGNOSTIC = 70,		/* file:line: error: ... */
	WEIGHT_FAILURE = 80,		/* a failed test with its reason */
	WEIGHT_TRACE = 85,		/* an exception with frames */
	WEIGHT_CERTAIN = 95,		/* nothing else can be the cause: missing module, no space left */
};

struct frame {
	const char *file;
	unsigned line, column;
	const char *function;
	bool own;			/* the file is in the repository's tree */
};

enum { FRAMES_MAX = 64, FAILURES_MAX = 128, ID_SIZE = 33 };

struct failure {
	unsigned rank;			/* from 1 */
	enum kind kind;
	const char *language;		/* "python", "node", "go", "c", "c++", "rust", "java", ... */
	const char *tool;		/* "pytest", "gcc", "jest", ... */
	const char *type;		/* "ZeroDivisionError", "E0308", "TS2322" */
	const char *message;		/* first line of what went wrong, without the type */
	const char *file;		/* innermost own frame, or the diagnostic's place; as in the tree */
	unsigned line, column;
	const char *function;
	const char *test;		/* the failed test as its tool names it */
	unsigned long first_line, last_line;	/* of the block in the log, from 1 */
	unsigned long error_line;	/* the line that says what went wrong, from 1 */
	struct frame *frames;		/* innermost last, as Python prints them */
	size_t frame_count;
	bool transient;			/* a rerun may well pass: network, runner, registry */
	const char *fixer;		/* the tool command the log itself advises ("ruff check --fix"), or NULL */
	const char *help;		/* the suggestions that the compiler prints with it, as lines; or NULL */
	unsigned weight;
	char signature[ID_SIZE], family[ID_SIZE];	/* 32 hex digits each */
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

struct diagnostic {
	const char *tool, *file;
	unsigned line, column;
	enum severity severity;
	const char *code, *message;
};

struct block {				/* lines first..last are one trace */
	const char *language;
	unsigned long first, last;
};

struct tests {
	const char *framework;		/* NULL: no test run seen */
	bool counted;			/* the four counts are known */
	unsigned long run, passed, failed, skipped;
	const char **failed_names;
	size_t failed_count;
};

/* What a log says of the job it is of; by this a workflow's job and step are found. */
enum clue_kind {
	CLUE_WORKFLOW,			/* ".github/workflows/test.yml" */
	CLUE_JOB,			/* its name, complete */
	CLUE_LABEL,			/* of the runner that was asked for */
	CLUE_RIGHT,			/* of the token: "Contents: read" */
	CLUE_SECRETS,			/* where secrets come from: "None" for a fork */
	CLUE_STEP,			/* the first line of a step: "actions/checkout@v4", "make test" */
	CLUE_INPUT,			/* of an action: "python-version: 3.7" */
	CLUE_VARIABLE,			/* of the environment: "TAG: v1.4.2" */
	CLUE_SHELL,			/* "/usr/bin/bash -e {0}" */
	CLUE_ACCEPTS,			/* the rights one of which an answer of GitHub wanted: "issues=write" */
	CLUE_ENDPOINT,			/* what was asked: "/repos/o/r/issues/1/comments" */
	CLUE_OIDC,			/* a tool found no identity token */
};

struct clue {
	enum clue_kind kind;
	const char *text;
	unsigned long line;		/* in the log, from 1 */
};

struct report {
	struct failure *failures;	/* best first */
	size_t failure_count;
	unsigned long failures_seen;	/* more than failure_count when the log held too many */
	struct diagnostic *diagnostics;
	size_t diagnostic_count;
	struct block *blocks;
	size_t block_count;
	struct clue *clues;		/* in the order of the log */
	size_t clue_count;
	struct tests tests;
	int exit_code;			/* from "Process completed with exit code N", -1 when unknown */
	const char *command;		/* the last step's command ("##[group]Run ..."), or NULL */
	bool step_failed;		/* the runner said so: an "##[error]" in a step */
	unsigned long lines;
	unsigned long long bytes;
};

#endif

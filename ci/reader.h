/*
 * The contract of a reader: one file ci/lang_<name>.c for a language or tool family. It sees the
 * cleaned lines of a log one by one and reports what went wrong. It is pure: no files, no clock, no
 * allocation but through `findings_*`, which copy and bound every string.
 *
 * A sleeping reader is woken only by a line that holds one of its wake words (exact bytes, at least
 * four of them; the whole log is searched for all words of all readers in one pass, so a rare
 * word costs nothing and a common one makes everything slow; one that ends in a line feed counts at
 * the end of a line only). While `line` returns AWAKE the
 * reader gets every following line too, until it returns ASLEEP. A line that ends a block is often
 * the start of the next one: handle it before going to sleep.
 *
 * The list of readers is made by the Makefile from the folder; the symbol is reader_<name>.
 */
#ifndef CI_READER_H
#define CI_READER_H

#include "ci/failure.h"

enum mark { MARK_NONE, MARK_GROUP, MARK_ENDGROUP, MARK_ERROR, MARK_WARNING, MARK_NOTICE,
	    MARK_COMMAND, MARK_DEBUG, MARK_SECTION };

struct line {
	unsigned long number;		/* in the log, from 1 */
	struct str text;		/* without time stamp, BOM, ANSI, CR and "##[...]" mark; at most 16 KiB */
	struct str label;		/* what a tool that runs others put before it: "[0] ", "web:test: " */
	enum mark mark;			/* MARK_ERROR: the runner put "##[error]" before it */
};

/* The text with its label, for readers that tell the output of several packages apart by it. */
static inline struct str line_labelled(const struct line *line)
{
	const size_t size = line->label.size;

	if (!size || line->label.at + size != line->text.at)
		return line->text;
	return (struct str){ line->label.at, size + line->text.size };
}

enum wakefulness { ASLEEP, AWAKE };

enum { BLOCK_LINES_MAX = 2000, LINE_BYTES_MAX = 16 * 1024 };

struct findings;

/*
 * A new failure, to be filled by the caller. Its pointer may be kept for the length of one block (at
 * most BLOCK_LINES_MAX lines). Never NULL: when there are too many, the least weighty old one makes
 * room, or a scratch one is returned that is counted and forgotten.
 */
struct failure *findings_failure(struct findings *f, enum kind kind, unsigned weight,
				 unsigned long first_line);

/* A bounded copy that lives as long as its failure: at most 4 KiB, cut at a whole character, invalid
 * UTF-8 and control characters replaced; NULL for empty. */
const char *findings_text(struct failure *owner, struct str text);

/* Appends a frame (innermost last). The newest FRAMES_MAX - 1 and the first are kept. Paths are as the
 * log has them; the engine decides later which are own and what their path in the tree is. */
void findings_frame(struct failure *owner, struct str file, unsigned long line,
		    unsigned long column, struct str function);

void findings_diagnostic(struct findings *f, const char *tool, struct str file, unsigned long line,
			 unsigned long column, enum severity severity, struct str code,
			 struct str message);
void findings_block(struct findings *f, const char *language, unsigned long first,
		    unsigned long last);

/* What the log says of its job: at most 512 bytes each, the first 1024 of them are kept. */
void findings_clue(struct findings *f, enum clue_kind kind, struct str text, unsigned long line);

/* Test results. Names are kept once each; counts of several runs in one log are added up. */
void findings_framework(struct findings *f, const char *framework);
void findings_test_failed(struct findings *f, struct str name);
void findings_counts(struct findings *f, unsigned long run, unsigned long passed,
		     unsigned long failed, unsigned long skipped);

/*
 * An example: this log is read as `expect`. Captured from the tool where it could be run; else one of
 * our own in the form that the tool publishes.
 */
struct reading {
	const char *name;		/* "pytest assertion" */
	const char *log;
	const char *const *files;	/* paths that exist in the tree, NULL-ended; NULL: no tree given */
	struct expected {
		enum kind kind;
		const char *language, *tool, *type, *message, *file, *function, *test;
		unsigned line;
		unsigned long error_line;
		bool transient;
	} expect;			/* of the failure with rank 1; NULL and 0 fields are not compared */
	unsigned long run, failed;	/* test counts, compared when run is not 0 */
	bool nothing;			/* expects no failure at all */
};

struct reader {
	const char *name;
	const char *language;
	const char *const *wake;	/* NULL-ended */
	bool restless;			/* is awake from the first line on; costs every log's every line */
	size_t state_size;		/* zeroed at the start of a log */
	enum wakefulness (*line)(void *state, const struct line *line, struct findings *f);
	void (*end)(void *state, struct findings *f);	/* the log ended; may be NULL */
	const struct reading *examples;	/* ended by a NULL name */
};

/* All readers, sorted by name; generated. */
extern const struct reader *const readers[];
extern const size_t reader_count;

#endif

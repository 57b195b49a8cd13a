/*
 * Forms of linters' lines as data: what a line must look like, which tool prints it, and what its
 * parts mean. For readers of the family lang_lint_*.c.
 */
#ifndef CI_LINT_H
#define CI_LINT_H

#include "ci/fixer.h"

struct lint_tool {
	const char *name, *language;
	const char *command;		/* the repair the tool itself advises; NULL: none */
	const char *advice;		/* in the line that says the command mends something; NULL: what
					   is marked fixable is */
	enum severity fails_on;		/* the lightest that makes the tool fail */
	enum kind kind;			/* KIND_UNKNOWN: KIND_LINT */
	bool guess;			/* no tool is known: its failure is but a hint */
};

/*
 * The pattern is compared with the whole line, blanks at both ends taken off. In it stand for
 *	%p	a place, "a.py:3", "a.py:3:5" or "a.py:3:5-9"
 *	%f %l %c	the file, line and column apart; without %p and %f the file is the heading's
 *	%s	the severity, a word of `severities`
 *	%k	a code: one word of letters, digits and "_-./@:,#[]+"
 *	%K	a code like "E501": one to four capitals, two to four digits; where there are
 *		`severities` its first letter is the severity
 *	%m	the message: up to the last place where what follows it fits; others: up to the first
 *	%w	anything, not kept
 *	%_ %+	at least one blank or tab; at least two blanks or a tab
 * and everything else for itself. At most one form of a list speaks: the first that fits.
 */
struct lint_form {
	const struct lint_tool *tool;
	const char *pattern;
	const char *has;		/* a text that every such line holds; NULL: none */
	const char *endings;		/* of the file's name, ".py .pyi"; NULL: any */
	const char *severities;		/* "C=w E=e N=n"; NULL: the usual words in any case */
	enum severity severity;		/* where the pattern has no %s */
	bool fixable;
};

struct lint_finding {
	struct place place;
	enum severity severity;
	struct str code, message;
	bool fixable;
};

/* A reader's state; zeroed. */
struct lint {
	struct tool_run run;
	const struct lint_tool *tool;
	bool fixable;			/* its command mends something */
	unsigned idle;			/* lines since the last finding */
	struct kept heading;		/* the file whose findings follow */
};

/* Whether the text has the form; *out is touched only then. */
bool lint_match(const struct lint_form *form, struct str heading, struct str text,
		struct lint_finding *out);

/* A finding of a tool: another tool's run ends before it. */
void lint_found(struct lint *l, struct findings *f, const struct line *line,
		const struct lint_tool *tool, const struct lint_finding *finding);

/* The first form that the line has, as a finding; false when it has none. */
bool lint_line(struct lint *l, struct findings *f, const struct line *line,
	       const struct lint_form *forms, size_t count);

/* Keeps the line as heading if it is the name of a file with one of the endings. */
bool lint_heading(struct lint *l, const struct line *line, const char *endings);

/*
 * For a line that is no finding: ends the run after many of those or at a new step. Says whether to
 * stay awake.
 */
enum wakefulness lint_other(struct lint *l, struct findings *f, const struct line *line);

/* Ends the run, if there is one. */
void lint_finish(struct lint *l, struct findings *f);

/* "error", "Warning", "HIGH": false for any other word. */
bool lint_severity(struct str word, enum severity *severity);

/* Takes "E501" off the head: one to four capitals, two to four digits. */
bool lint_take_code(struct str *text, struct str *code);

/* Like place_take, but a name without dot or slash ("Gemfile") is a file too, and a range may follow. */
bool lint_take_place(struct str *text, struct place *place);

#endif

/*
 * Forms: lines that a tool always words the same way, so that one row of a table says all about them.
 */
#ifndef CI_FORM_H
#define CI_FORM_H

#include "ci/reader.h"

enum form_place {
	FORM_START,		/* the line starts with the words; a mark or "Error: " may come first */
	FORM_INDENTED,		/* so it does, behind any blanks */
	FORM_SAID,		/* the same, but only behind the mark or label: the runner's own error */
	FORM_ANYWHERE,		/* a name comes first: "tar: x: Cannot write: No space left on device" */
};

/* A row may be ended by the network's judgement of the whole line: kind, type and transient are its. */
enum form_judge { JUDGE_ROW, JUDGE_NETWORK };

struct form {
	enum form_place place;
	const char *start, *and;	/* it must hold both; `and` may be NULL */
	const char *tool, *type;
	enum kind kind;
	unsigned weight;
	bool transient;
	enum form_judge judge;
	const char *skip;		/* what of the start is no part of the message; may be NULL */
};

#define FORMS(list) (struct forms){ list, sizeof(list) / sizeof((list)[0]) }
struct forms {
	const struct form *list;
	size_t count;
};

/* The line without the label that the web page shows for a mark. True: it has one, or the mark. */
bool form_unlabel(const struct line *line, struct str *text);

/* The first row that the line fits, or NULL. */
const struct form *form_find(struct forms forms, const struct line *line);

/* A failure as the row says it. */
struct failure *form_report(const struct form *form, const struct line *line, struct findings *f);

/* Both, for readers that have nothing to add. False: no row fits. */
bool form_line(struct forms forms, const struct line *line, struct findings *f);

/*
 * A failure whose reasons may follow: "Caused by: dns error", or on indented lines below that, or
 * behind "+-> " in a tree. The innermost comes last and says most: kind, type and transient are its.
 */
struct causes {
	struct failure *failure;	/* NULL: none is waited for */
	unsigned long since;
};

/*
 * All of a reader that has nothing to add: a failure of the language as a row says it, whose reasons are
 * waited for when the row is ended by the network.
 */
enum wakefulness form_caused(struct forms forms, struct causes *causes, const char *language,
			     const struct line *line, struct findings *f);

#endif

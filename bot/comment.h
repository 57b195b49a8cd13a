/*
 * Commands in comments: "/aegis fix", as people write them on pull requests and issues. The grammar and
 * the decision what becomes of a command; both pure. Seeing comments is bot/see_comments.c's, carrying
 * commands out bot/obey.h's.
 *
 *	comment := (blank-line)* "/aegis" blanks word [blanks hint] blanks (line-end anything)?
 *	word    := fix | explain | why | retry | approve | reject | revert | undo | pause | resume |
 *		   status | help
 *	hint    := only after fix: visible text to the end of that line
 *	blanks  := one or more of ' ' and TAB
 *
 * The command begins in the first column of the first line that is not empty, in lower case. So nothing
 * counts that is quoted, indented, in a fence, in HTML or further down. What is more than blanks in a
 * line before it, seen or not, makes it no command. Who wrote it, and whether the comment was edited,
 * is not said by its text.
 */
#ifndef BOT_COMMENT_H
#define BOT_COMMENT_H

#include "bot/base/str.h"
#include "bot/store/incident.h"

enum comment_word {
	COMMENT_NONE,			/* no command: nothing is done or said */
	COMMENT_MISTAKE,		/* meant as one; trouble says what is wrong with it */
	COMMENT_FIX, COMMENT_EXPLAIN, COMMENT_WHY, COMMENT_RETRY, COMMENT_APPROVE, COMMENT_REJECT,
	COMMENT_REVERT, COMMENT_UNDO, COMMENT_PAUSE, COMMENT_RESUME, COMMENT_STATUS, COMMENT_HELP,
	COMMENT_WORDS
};
enum { COMMENT_HINT_MOST = 300 };

struct comment_command {
	enum comment_word word;
	struct str hint;		/* of fix: one line, valid UTF-8, single blanks; or empty */
	const char *trouble;		/* of a mistake: a sentence; else NULL */
};

/* The hint lies in the arena. */
struct comment_command comment_read(struct str body, struct arena *a);

/* "fix"; of MISTAKE "mistake", of NONE "none". */
const char *comment_word_name(enum comment_word word);
/* False and *word untouched for another text. */
bool comment_word_of(struct str name, enum comment_word *word);
/* One line for people: what it does. */
const char *comment_word_help(enum comment_word word);

/* Where it was said. */
enum comment_place {
	COMMENT_ON_ISSUE,
	COMMENT_ON_FIX,			/* our pull request with a fix */
	COMMENT_ON_REVERT,		/* our pull request that takes one back */
	COMMENT_ON_PULL,		/* somebody's, of a branch of the repository */
	COMMENT_ON_FORK,		/* somebody's, of a fork */
	COMMENT_PLACES
};
/* The head commit, compared with the one at the time of the comment. */
enum comment_head { COMMENT_HEAD_NONE, COMMENT_HEAD_SAME, COMMENT_HEAD_MOVED, COMMENT_HEADS };

/* The pull request of the incident. */
enum comment_pull { COMMENT_PULL_NONE, COMMENT_PULL_OPEN, COMMENT_PULL_CLOSED, COMMENT_PULL_MERGED,
		    COMMENT_PULLS };

struct comment_facts {
	enum comment_word word;		/* not NONE */
	bool is_person;			/* an account of a person, and not ours */
	bool may_write;			/* asked just now: write, maintain or admin */
	bool is_edited;
	enum comment_place place;
	enum comment_head head;
	bool is_paused;			/* the repository is */
	bool has_incident;		/* one is about this place */
	enum stage stage;		/* of the incident */
	enum comment_pull pull;
	bool attempts_left;
	bool may_approve;		/* the autonomy lets an approval merge */
	bool is_reverting;		/* taking it back is under way */
};

enum comment_act {
	COMMENT_IGNORE,			/* not a word, not a reaction */
	COMMENT_REFUSE,			/* with a reason */
	COMMENT_ANSWER,			/* say what was asked for, change nothing */
	COMMENT_SET_PAUSED, COMMENT_SET_RESUMED,
	COMMENT_SET_APPROVED,		/* for exactly this head */
	COMMENT_SET_REJECTED,
	COMMENT_WAKE,			/* an incident at its end is taken up again, from the log on */
	COMMENT_WAIT_ANEW,		/* its open pull request is judged again */
	COMMENT_MAKE_ANEW,		/* a further fix in the place of the one that is proposed */
	COMMENT_NOTE_HINT,		/* it is at work: the hint is kept for the next attempt */
	COMMENT_LOOK,			/* no incident is known: look for a red run of this head */
	COMMENT_TAKE_BACK,
	COMMENT_ACTS
};
const char *comment_act_name(enum comment_act act);

/* *why is a sentence for COMMENT_REFUSE, else "". */
enum comment_act comment_decide(const struct comment_facts *facts, const char **why);

#endif

/*
 * What people read on GitHub: pull requests, the one comment, check runs, reverts, and the messages
 * of commits. Pure: texts in, texts out, all in the arena.
 *
 * Whatever comes from a log, a test, a file's name, a tool or a model is hostile. In what comes out
 * it mentions nobody, refers to no issue and closes none, is no link, image, HTML, hidden comment
 * or command, does not break out of where it stands, shows no character that is not to be seen, has
 * no secrets, and is bounded. Links lead to web_url and run_url alone.
 */
#ifndef BOT_WORDS_H
#define BOT_WORDS_H

#include "bot/step.h"
#include "git/github_checks.h"

#include <jansson.h>

enum { WORDS_BODY_MOST = 60000, WORDS_TITLE_MOST = 250, WORDS_TITLE_COLUMNS = 72 };

struct words {
	const struct incident *incident;
	const json_t *fix;		/* what `aegis fix --format json` said; NULL: nothing yet */
	const char *run_url;		/* of the red run, below web_url where that is given, or NULL */
	const char *web_url;		/* "https://github.com/o/r", for links; or NULL */
	const char *head;		/* the failing commit, 40 hex digits, or NULL */
	struct str log;			/* the lines of the log that say what went wrong, or empty */
	unsigned long log_line;		/* the number of the first of them; 0: unknown */
	const struct str *history;	/* what became of earlier attempts, the oldest first */
	size_t history_count;
	const char *settings_trouble;	/* what is wrong with .github/aegis.yml, or NULL */
	enum reason reason;		/* of ESCALATED */
	bool will_merge;		/* by itself when all is green */
	const char *next;		/* of our own making: what else happens next; or NULL */
	int64_t attempt, attempts_most;	/* 0: unknown */
	double confidence;		/* after a deployment; below 0: not known */
	const char *window_why;		/* what was measured after it, or NULL */
	uint64_t revert_pull;		/* 0: there is none */
	bool is_asked_back;		/* a person asked for the revert */

	/* The last command in a comment; NULL: none. */
	const char *said;		/* its word (bot/comment.h) */
	const char *said_why;		/* what became of it; empty: done */
	const char *view;		/* what is to be shown: "help", "why", "explain", or NULL */
	const json_t *decision;		/* for "why": from, to, why and facts of the last one */
};

/* An answer where there is no incident. */
struct notice {
	uint64_t number;		/* of the issue or pull request */
	const char *said, *why, *view;	/* as in struct words */
	bool is_paused;
	size_t open_incidents;		/* in the repository */
};

/* One line of text, no Markdown: at most 72 columns where names allow it, never over 250 bytes. */
struct str words_pull_title(struct arena *a, const struct words *w);
struct str words_revert_title(struct arena *a, const struct words *w);
/* For a check run; at most 250 bytes. */
struct str words_check_title(struct arena *a, const struct words *w);

/* Markdown, at most WORDS_BODY_MOST bytes; the last line is the marker. */
struct str words_pull_body(struct arena *a, const struct words *w);
struct str words_revert_body(struct arena *a, const struct words *w);
struct str words_sticky(struct arena *a, const struct words *w);
struct str words_notice(struct arena *a, const struct notice *notice);
struct str words_check_summary(struct arena *a, const struct words *w);

/*
 * At the failure's place, for the failing commit; false when there is none, or it is no path of a
 * tree. Its texts are no Markdown.
 */
bool words_annotation(struct arena *a, const struct words *w, struct github_annotation *out);

/*
 * The messages of the revert commit and of the merge, without subject. The merge's ends in our
 * trailers; those of the commit are commit_message's.
 */
struct str words_commit_revert(struct arena *a, const struct words *w);
struct str words_merge_message(struct arena *a, const struct words *w);

/* "<!-- aegis:incident=ID -->"; an id that is not 12 hex digits becomes "unknown". */
const char *words_marker(struct arena *a, const char *incident);

/* "<!-- aegis:number=N -->", of a notice. */
const char *words_notice_marker(struct arena *a, uint64_t number);

/*
 * The outbound sanitiser, in four forms. At most `most` bytes come out (less than 64, of a block
 * 256, counts as that), a cut is seen, and doing it again changes nothing. An empty text stays
 * empty.
 *
 * safe: prose in a Markdown sentence; every word that could mean something to GitHub stands in a
 *	code span, spans that are there stay.
 * code: one Markdown code span.
 * plain: where there is no Markdown, as in titles and messages of commits; for inside a line.
 * fenced: a Markdown code block, its lines kept; the fence is longer than any run of backticks in it.
 */
struct str words_safe(struct arena *a, struct str text, size_t most);
struct str words_code(struct arena *a, struct str text, size_t most);
struct str words_plain(struct arena *a, struct str text, size_t most);
struct str words_fenced(struct arena *a, struct str text, size_t most);

#endif

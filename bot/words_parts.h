/*
 * What the texts of bot/words*.c share; for them alone.
 */
#ifndef BOT_WORDS_PARTS_H
#define BOT_WORDS_PARTS_H

#include "bot/words.h"

#include "bot/base/json.h"

/*
 * The first stage of all forms: valid UTF-8 with nothing that is not to be seen and no terminal
 * sequences, redacted, and without marks that mean something wherever they stand: the start of an
 * HTML comment, marks that make CI pass over a commit, words that close an issue.
 */
struct str words_clean_line(struct arena *a, struct str text);	/* blanks and line ends: one blank */
struct str words_clean_lines(struct arena *a, struct str text);	/* line ends are LF */
/* At most `most` bytes, cut at a character, the last three of them an ellipsis then. */
struct str words_cut(struct arena *a, struct str text, size_t most);
size_t words_backticks(struct str text);	/* the longest run of them */

/* A text of the answer; empty when there is none. */
struct str words_fix_text(const struct words *w, const char *path);
/* Is it hex digits, this many? */
bool words_is_hex(const char *text, size_t digits);

/* "ZeroDivisionError: division by zero", not sanitised; what is known of it. */
struct str words_what(struct arena *a, const struct words *w);
/* "ZeroDivisionError", or in words what kind it is; not sanitised. */
struct str words_type(const struct words *w);

/* Markdown. Each says nothing when nothing is known. */
void words_add_place(struct text *out, const struct words *w, struct str path, int64_t line);
void words_add_pull(struct text *out, const struct words *w, uint64_t number);
void words_add_commit(struct text *out, const struct words *w, const char *id);
void words_add_run(struct text *out, const struct words *w);	/* "this run", linked if it can be */
void words_add_broke(struct text *out, const struct words *w);	/* what and where, one line */
void words_add_changed(struct text *out, const struct words *w);	/* one line */
void words_add_proven(struct text *out, const struct words *w);	/* one line */
void words_add_sure(struct text *out, const struct words *w);	/* one line */
void words_add_failure(struct text *out, const struct words *w);	/* trace and log, as blocks */
void words_add_runs(struct text *out, const struct words *w);	/* the table of before and after */
void words_add_parts(struct text *out, const struct words *w);	/* of the confidence */
void words_add_list(struct text *out, const struct words *w, const char *title, const char *path);
/* The proof for machines, in at most `room` bytes and some. */
void words_add_record(struct text *out, const struct words *w, size_t room);
void words_add_answer(struct text *out, const struct words *w);	/* to the last command */
void words_add_tried(struct text *out, const struct words *w);	/* what was thought of and not taken */

#endif

/*
 * Private to bot/act*.c: the actions, one function each, and how an incident is moved on. An action
 * may be repeated: it looks first, or goes through bot/effect.h.
 */
#ifndef BOT_ACT_H
#define BOT_ACT_H

#include "bot/turn.h"
#include "bot/words.h"

/* The incident goes to a stage and is looked at again after so many milliseconds. */
bool act_move(struct turn *t, enum stage to, int64_t after_ms, struct err *e, const char *why, ...)
	__attribute__((format(printf, 5, 6)));
/* Stays where it is; not in the audit log. */
bool act_wait(struct turn *t, int64_t after_ms, struct err *e);

/* bot/act_run.c */
bool act_read(struct turn *t, struct err *e);
bool act_diagnose(struct turn *t, struct err *e);
bool act_rerun(struct turn *t, struct err *e);
bool act_fetch(struct turn *t, struct err *e);
bool act_fix(struct turn *t, struct err *e);
bool act_score(struct turn *t, struct err *e);

/* bot/act_pull.c */
bool act_push(struct turn *t, struct err *e);
bool act_open_pull(struct turn *t, struct err *e);
bool act_propose(struct turn *t, struct err *e);
bool act_ready(struct turn *t, struct err *e);
bool act_ask(struct turn *t, struct err *e);
bool act_merge(struct turn *t, struct err *e);
bool act_note_merged(struct turn *t, struct err *e);
bool act_retry(struct turn *t, struct err *e);
bool act_rebuild(struct turn *t, struct err *e);

/* bot/act_deploy.c */
bool act_open_window(struct turn *t, struct err *e);
bool act_sample(struct turn *t, struct err *e);
bool act_revert(struct turn *t, struct err *e);
bool act_merge_revert(struct turn *t, struct err *e);

/* bot/act_end.c */
bool act_end(struct turn *t, struct err *e);	/* resolve, revert noted, escalate, supersede, reject */

/* bot/act_say.c: what people see of an incident beside the pull request itself. */
struct words act_words(struct turn *t);
bool act_say_check(struct turn *t, struct err *e);	/* a neutral check run on the failing commit */
bool act_say_comment(struct turn *t, uint64_t pull, struct err *e);	/* the sticky one */
bool act_say_labels(struct turn *t, uint64_t pull, const char *const *labels, size_t count,
		    struct err *e);

/* What was under way when somebody was killed, and is there now, is done: by the facts alone. */
bool act_note_seen(struct turn *t, struct err *e);

/* Pushes a commit of the mirror to one of our branches; key as for an effect. */
bool act_push_branch(struct turn *t, const char *kind, const char *branch, const char *commit,
		     const char *expected, struct err *e);
/* Brings the mirror up to date. */
bool act_fetch_mirror(struct turn *t, struct err *e);
/* A draft, or a plain pull request of a branch of ours; its number. */
bool act_create_pull(struct turn *t, const char *kind, const char *branch, struct str title,
		     struct str body, bool draft, uint64_t *number, struct err *e);
/* Merges exactly this head; *merged is false when GitHub does not let us now. */
bool act_merge_pull(struct turn *t, const char *kind, const struct github_pull *pull,
		    struct str title, struct str message, bool *merged, struct err *e);

#endif

/*
 * Comments, labels and reactions of issues and pull requests.
 */
#ifndef GIT_GITHUB_COMMENTS_H
#define GIT_GITHUB_COMMENTS_H

#include "git/github.h"

struct github_comment {
	uint64_t id;
	const char *author;		/* "" when that account is gone */
	bool author_is_bot;		/* no account of a person */
	bool by_app;			/* a program wrote it, though it may be in a person's name */
	const char *association;	/* a hint: github_permission_of decides */
	uint64_t issue;			/* of which issue or pull request; 0: not said */
	struct str body;
	int64_t created_ms, updated_ms;
};
struct github_comments {
	struct github_comment *items;
	size_t count, left_out;
	bool complete;
};
/* The oldest first; since_ms 0: all. */
bool github_comments_list(struct github_call *call, uint64_t issue, int64_t since_ms,
			  struct github_comments *out, struct err *e);
/*
 * Of all issues and pull requests, changed since then (0: ever), in the order of their changes. The
 * path is for polls: its answer is the first page, and github_comments_read reads it; *full: there may
 * be more. github_comments_since goes on from page to page; complete says whether to the end.
 */
const char *github_comments_path(struct github_call *call, int64_t since_ms, struct err *e);
bool github_comments_read(struct str body, struct arena *a, struct github_comments *out, bool *full,
			  struct err *e);
bool github_comments_since(struct github_call *call, int64_t since_ms, struct github_comments *out,
			   struct err *e);
bool github_comment_create(struct github_call *call, uint64_t issue, struct str body,
			   uint64_t *id, struct err *e);
bool github_comment_update(struct github_call *call, uint64_t comment, struct str body,
			   struct err *e);
/* The oldest comment by that author that holds the marker; NULL when there is none. Pure. */
const struct github_comment *github_comment_sticky(const struct github_comments *comments,
						   const char *author, const char *marker);

bool github_labels_add(struct github_call *call, uint64_t issue, const char *const *labels,
		       size_t count, struct err *e);
/* One that is not there is removed already. */
bool github_label_remove(struct github_call *call, uint64_t issue, const char *label,
			 struct err *e);
/* Makes a label of the repository; one that exists is left as it is. Colour: "d73a4a". */
bool github_label_make(struct github_call *call, const char *name, const char *colour,
		       const char *description, struct err *e);

enum github_reaction {
	GITHUB_REACTION_UNKNOWN, GITHUB_THUMBS_UP, GITHUB_THUMBS_DOWN, GITHUB_LAUGH,
	GITHUB_CONFUSED, GITHUB_HEART, GITHUB_HOORAY, GITHUB_ROCKET, GITHUB_EYES,
};
struct github_reacted {
	const char *who;
	enum github_reaction what;
};
struct github_reactions {
	struct github_reacted *items;
	size_t count, left_out;
	bool complete;
};
/* Twice the same is one. */
bool github_comment_react(struct github_call *call, uint64_t comment, enum github_reaction what,
			  struct err *e);
/* Of an issue or pull request itself. */
bool github_reactions_list(struct github_call *call, uint64_t issue,
			   struct github_reactions *out, struct err *e);

#endif

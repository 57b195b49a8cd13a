/*
 * Where Aegis is not wanted, or should not step in: what the settings leave out, what carries the label
 * aegis:skip, what another bot is at, and how many pull requests are enough. Pure.
 */
#ifndef BOT_MANNERS_H
#define BOT_MANNERS_H

#include "bot/base/config.h"
#include "git/github_pulls.h"

#define MANNERS_SKIP_LABEL "aegis:skip"

struct manners_case {
	const char *branch;		/* that is red */
	const char *author;		/* of its pull request, else who pushed; "" unknown */
	const char *own_login;		/* ours, or NULL */
	const char *file;		/* where the failure is; "" unknown */
	bool is_pull;			/* the branch has an open pull request */
	bool has_label;			/* which carries the label */
};

/*
 * Why these settings, or good manners, keep us away from it; NULL: nothing does. For a person to read.
 */
const char *manners_why_not(const struct config *settings, const struct manners_case *c,
			    struct arena *a);

/*
 * Is a name in the list of a setting? Entries are globs (of which `*` matches no '/'); one with '!' in
 * front takes out what it matches. An empty list holds everything, one of only '!' all but those.
 * Upper and lower case are the same where `any_case`.
 */
bool manners_listed(const char *const *list, const char *name, bool any_case, struct arena *a);

struct manners_pulls {
	unsigned open, lately;		/* ours: open now, and opened in the last hour */
	int64_t again_at;		/* when the oldest of the hour is an hour old; 0: none */
};
/* Counts ours (by branch and author) in a list of pull requests of a repository, open or not. */
void manners_count(const struct github_pulls *list, const char *owner, const char *name,
		   const char *own_login, int64_t now, struct manners_pulls *out);

#endif

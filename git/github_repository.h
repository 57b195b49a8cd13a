/*
 * Who we are, which repositories we may work in, and what people may do there.
 */
#ifndef GIT_GITHUB_REPOSITORY_H
#define GIT_GITHUB_REPOSITORY_H

#include "git/github.h"

struct github_repository {
	uint64_t id;
	const char *owner, *name, *default_branch;
	bool is_private, is_fork, is_archived;
};
struct github_repositories {
	struct github_repository *items;
	size_t count, left_out;		/* left_out: malformed ones */
	bool complete;			/* false: there are more than can be asked for */
};

struct github_installation {
	uint64_t id;
	const char *account;
	bool is_suspended;
};
struct github_installations {
	struct github_installation *items;
	size_t count, left_out;
	bool complete;
};

/* The login that our comments stand under: "slug[bot]", or the token's user. */
bool github_own_login(struct github_call *call, const char **login, uint64_t *app_id,
		      struct err *e);

struct github_identity {
	const char *login;		/* as github_own_login gives it */
	uint64_t app_id;		/* 0: a person */
	uint64_t user_id;		/* of the account that bears the login; an App's bot has one too */
	/*
	 * For commit_request: GitHub shows a commit with this address as the account's. Of the form
	 * "<user id>+<login>@users.noreply.github.com"; of an Enterprise server with its own host.
	 */
	const char *author_name, *author_mail;
};
/* As an App it takes a call with a repository: an App itself may not ask about accounts. */
bool github_own_identity(struct github_call *call, struct github_identity *out, struct err *e);

/* Of the App. */
bool github_installations(struct github_call *call, struct github_installations *out,
			  struct err *e);
/* What one installation of the App may reach. */
bool github_installation_repositories(struct github_call *call, uint64_t installation,
				      struct github_repositories *out, struct err *e);
/* The one that holds the call's repository. ERR_DENIED: it is suspended. */
bool github_installation_find(struct github_call *call, uint64_t *id, struct err *e);
/* Of the call's repository, by the call's installation where that is given. */
bool github_repository_get(struct github_call *call, struct github_repository *out,
			   struct err *e);

enum github_permission {
	GITHUB_PERMISSION_NONE, GITHUB_PERMISSION_READ, GITHUB_PERMISSION_WRITE,
	GITHUB_PERMISSION_ADMIN,
};
/* What a person may do here. One who is unknown, or whom we may not ask about, may do nothing. */
bool github_permission_of(struct github_call *call, const char *login,
			  enum github_permission *out, struct err *e);

#endif

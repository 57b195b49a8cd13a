/*
 * Apps, installations, repositories, permissions of people. Changes nothing.
 */
#include "git/github_repository.h"

#include "git/github_private.h"

enum { PAGES_MOST = 100 };

static bool read_repository_of(const json_t *json, struct arena *a, struct github_repository *out,
			       struct err *e)
{
	struct reading r = { json, a, e, true };

	read_id(&r, "id", &out->id);
	read_login(&r, "owner.login", &out->owner);
	read_repository(&r, "name", &out->name);
	read_branch(&r, "default_branch", &out->default_branch);
	out->is_private = read_flag(&r, "private", true);
	out->is_fork = read_flag(&r, "fork", false);
	out->is_archived = read_flag(&r, "archived", false);
	return r.good;
}

bool github_own_login(struct github_call *call, const char **login, uint64_t *app_id,
		      struct err *e)
{
	struct ask ask = { .method = "GET", .path = "/user" };
	REPLY reply = {0};
	struct reading r;
	const char *found;
	uint64_t id = 0;

	if (github_mode(call->github) == GITHUB_ACTIONS) {
		/* A job's token may not ask who it is; it is always this one. */
		*login = "github-actions[bot]";
		*app_id = 15368;
		return true;
	}
	if (github_mode(call->github) == GITHUB_APP) {
		ask.path = "/app";
		ask.as = AS_APP;
	}
	if (!github_ask(call, &ask, &reply, e))
		return fail_while(e, "asking who we are");
	r = (struct reading){ reply.json, call->arena, e, true };
	if (ask.as == AS_APP) {
		read_id(&r, "id", &id);
		read_login(&r, "slug", &found);
	} else {
		read_login(&r, "login", &found);
	}
	if (!r.good)
		return fail_while(e, "asking who we are");
	*login = ask.as == AS_APP ? arena_printf(call->arena, "%s[bot]", found) : found;
	*app_id = id;
	return true;
}

/* "github.com" of "https://github.com", "ghe.example" of "https://ghe.example:8443/git". */
static struct str host_of(const char *address)
{
	struct str host = STR_NONE, rest = STR_NONE;

	str_split(str_of(address), "://", NULL, &rest);
	str_next(&rest, '/', &host);
	if (!str_ends(host, "]"))
		str_split_last(host, ":", &host, NULL);
	return host;
}

/* Who bears this login? NULL: the token's own user. */
static bool ask_user(struct github_call *call, const char *login, struct github_identity *out,
		     struct err *e)
{
	struct ask ask = { .method = "GET", .path = login ? github_path(call->arena, "/users/%s",
									login) : "/user" };
	REPLY reply = {0};
	struct reading r;

	if (!github_ask(call, &ask, &reply, e))
		return false;
	r = (struct reading){ reply.json, call->arena, e, true };
	read_id(&r, "id", &out->user_id);
	read_login(&r, "login", &out->login);
	if (r.good && login && !str_equal_nocase(str_of(out->login), str_of(login)))
		return fail(e, ERR_INPUT, "asked about %s, got another", login);
	return r.good;
}

bool github_own_identity(struct github_call *call, struct github_identity *out, struct err *e)
{
	enum github_mode mode = github_mode(call->github);
	struct github_identity found = {0};
	const char *login = NULL;

	if ((mode == GITHUB_APP && !github_repository_path(call, e, "")) ||
	    (mode != GITHUB_PERSONAL && !github_own_login(call, &login, &found.app_id, e)) ||
	    !ask_user(call, login, &found, e))
		return fail_while(e, "asking for our own account");
	found.author_name = found.login;
	found.author_mail = arena_printf(call->arena, "%llu+%s@users.noreply.%.*s",
					 (unsigned long long)found.user_id, found.login,
					 STR_ARG(host_of(call->github->git)));
	*out = found;
	return true;
}

struct installations_to {
	struct arena *a;
	struct github_installations *list;
};

static bool add_installation(void *context, const json_t *item, struct err *e)
{
	struct installations_to *to = context;
	struct github_installation one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_id(&r, "id", &one.id);
	read_login(&r, "account.login", &one.account);
	one.is_suspended = json_at(item, "suspended_at");
	if (r.good)
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

bool github_installations(struct github_call *call, struct github_installations *out,
			  struct err *e)
{
	struct github_installations list = {0};
	struct installations_to to = { call->arena, &list };
	struct pages pages = { .path = "/app/installations?per_page=100", .as = AS_APP,
		.pages_most = PAGES_MOST, .item = add_installation, .context = &to };

	if (!github_each_page(call, &pages, e))
		return fail_while(e, "listing installations");
	list.complete = pages.complete;
	*out = list;
	return true;
}

struct repositories_to {
	struct arena *a;
	struct github_repositories *list;
};

static bool add_repository(void *context, const json_t *item, struct err *e)
{
	struct repositories_to *to = context;
	struct github_repository one = {0};
	struct err ignored = ERR_INIT;

	(void)e;
	if (read_repository_of(item, to->a, &one, &ignored))
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

bool github_installation_repositories(struct github_call *call, uint64_t installation,
				      struct github_repositories *out, struct err *e)
{
	struct github_repositories list = {0};
	struct repositories_to to = { call->arena, &list };
	struct pages pages = { .path = "/installation/repositories?per_page=100",
		.list = "repositories", .as = AS_INSTALLATION, .installation = installation,
		.pages_most = PAGES_MOST, .item = add_repository, .context = &to };

	if (!github_each_page(call, &pages, e))
		return fail_while(e, "listing the installation's repositories");
	list.complete = pages.complete;
	*out = list;
	return true;
}

bool github_repository_get(struct github_call *call, struct github_repository *out,
			   struct err *e)
{
	struct ask ask = { .method = "GET", .path = github_repository_path(call, e, ""),
		.as = call->installation ? AS_INSTALLATION : AS_REPOSITORY,
		.installation = call->installation };
	struct github_repository found = {0};
	REPLY reply = {0};

	if (!ask.path || !github_ask(call, &ask, &reply, e) ||
	    !read_repository_of(reply.json, call->arena, &found, e))
		return fail_while(e, "asking for the repository");
	*out = found;
	return true;
}

bool github_permission_of(struct github_call *call, const char *login,
			  enum github_permission *out, struct err *e)
{
	/* What the field says for each: the finer roles are folded into these by GitHub. */
	static const char *const words[] = { NULL, "read", "write", "admin", NULL };
	static const enum github_permission levels[] = {
		GITHUB_PERMISSION_NONE, GITHUB_PERMISSION_READ, GITHUB_PERMISSION_WRITE,
		GITHUB_PERMISSION_ADMIN,
	};
	struct ask ask = { .method = "GET", .also = { 404 } };
	REPLY reply = {0};
	struct reading r;
	const char *user;
	unsigned level;

	if (!github_login_is_good(str_of(login)))
		return fail(e, ERR_INPUT, "this is no login");
	ask.path = github_repository_path(call, e, "/collaborators/%s/permission", login);
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "asking for the permission of %s", login);
	if (reply.status == 404) {
		*out = GITHUB_PERMISSION_NONE;
		return true;
	}
	r = (struct reading){ reply.json, call->arena, e, true };
	level = read_word(&r, "permission", words);
	read_login(&r, "user.login", &user);
	if (!r.good)
		return fail_while(e, "asking for the permission of %s", login);
	if (!str_equal_nocase(str_of(user), str_of(login)))
		return fail(e, ERR_INPUT, "asked for the permission of %s, got that of another",
			    login);
	*out = levels[level];
	return true;
}

/*
 * A pull request as it is on GitHub: its body, its head, and the repository around them. Nothing that
 * stands in the address but the numbers and names of a pull request reaches anybody, and only the GitHub
 * of the settings is asked.
 */
#include "bot/prove.h"

#include "bot/daemon.h"
#include "git/clone.h"
#include "git/github_pulls.h"
#include "git/remote.h"

static const char not_an_address[] = "a pull request is https://HOST/OWNER/NAME/pull/NUMBER";

/* "https://host/o/r/pull/7" to its parts; the page is what is before "/o/r". */
static bool split_address(struct arena *a, const char *url, struct github_call *call,
			  struct str *page, unsigned long *number, struct err *e)
{
	struct str left = str_of(url), tail, name, owner;

	str_chop(&left, "/");
	if (!str_split_last(left, "/", &left, &tail) || !str_number(tail, number) || !*number ||
	    !str_chop(&left, "/pull") || !str_split_last(left, "/", &left, &name) ||
	    !str_split_last(left, "/", page, &owner) || !owner.size || !name.size)
		return fail(e, ERR_INPUT, "%s", not_an_address);
	call->owner = str_text(a, owner);
	call->name = str_text(a, name);
	return true;
}

/* The token would be of no use to another host, and the answer of it none to us. */
static bool is_our_host(struct github_call *call, struct str page, struct err *e)
{
	const char *git;
	struct str base;

	if (!github_git_url(call, &git, e))
		return false;
	base = str_of(git);
	str_split_last(base, "/", &base, NULL);
	str_split_last(base, "/", &base, NULL);
	return str_equal(base, page) ||
	       fail(e, ERR_INPUT, "%.*s is not the GitHub of the settings, which is %.*s (github.api_url)",
		    STR_ARG(page), STR_ARG(base));
}

/* What is gone over there is no failure of ours: then nobody can tell. */
static bool bring_here(struct github_call *call, uint64_t number, const char *folder,
		       struct prove_pull *pull, struct err *e)
{
	struct arena *a = call->arena;
	struct remote remote = { .mirror = arena_printf(a, "%s/mirror.git", folder) };
	struct err why = ERR_INIT;

	if (!github_git_url(call, &remote.url, e) ||
	    !github_git_token(call, GITHUB_NEED_FETCH, &remote.token, e) ||
	    !remote_fetch(&remote, &number, 1, e))
		return false;
	if (repo_clone(remote.mirror, pull->proof.base.commit, arena_printf(a, "%s/tree", folder), &why))
		return true;
	if (why.kind != ERR_GONE)
		return (*e = why, false);
	pull->missing = arena_printf(a, "the base %.12s is not in the repository any more",
				     pull->proof.base.commit);
	return true;
}

bool prove_pull_read(const char *url, const char *config_file, const char *folder, struct arena *a,
		     struct prove_pull *out, struct err *e)
{
	DAEMON daemon = { .arena = a };
	struct github_call call = { .arena = a };
	struct prove_pull read = { .url = url };
	struct github_pull pull;
	unsigned long number;
	struct str page;

	if (!split_address(a, url, &call, &page, &number, e) ||
	    !daemon_open_client(config_file, a, &daemon, e))
		return false;
	call.github = daemon.github;
	if (!is_our_host(&call, page, e) || !github_pull_get(&call, number, &pull, e))
		return false;
	if (!proof_read(pull.body, a, &read.proof, e))
		return fail_while(e, "pull request #%lu", number);
	snprintf(read.head, sizeof(read.head), "%s", pull.head);
	if (folder && !bring_here(&call, number, folder, &read, e))
		return fail_while(e, "bringing the repository here");
	*out = read;
	return true;
}

/*
 * What was seen goes into the store: the sighting with its incident, and that the thing is handled,
 * in one transaction, so that a kill in between loses neither and doubles neither. Also the files of
 * a commit, by which own frames are known.
 */
#include "bot/see_parts.h"

#include "bot/base/kill_point.h"
#include "bot/base/log.h"
#include "git/remote.h"

#include <string.h>

bool see_split_name(struct arena *a, const char *whole, const char **owner, const char **name)
{
	struct str left, right;

	if (!str_split(str_of(whole), "/", &left, &right) || !left.size || !right.size)
		return false;
	*owner = str_text(a, left);
	*name = str_text(a, right);
	return true;
}

bool see_is_own_branch(const char *branch)
{
	return !strncmp(branch, "aegis/", 6);
}

/*
 * A further attempt of a run whose failure has come to an end with people is no news: the same job
 * was run again and failed again, often at our own wish. *id: that incident's, or NULL.
 */
static bool find_ended(struct daemon *d, const struct incident_key *key, int64_t run_id,
		       struct arena *a, const char **id, struct err *e)
{
	struct incident last;
	struct sighting *list;
	struct err why = ERR_INIT;
	size_t count;

	*id = NULL;
	if (!incident_last(d->store, key, a, &last, &why))
		return why.kind == ERR_GONE || (*e = why, false);
	if (!run_id || !stage_is_end(last.stage) || last.stage == STAGE_SUPERSEDED)
		return true;
	if (!incident_sightings(d->store, last.id, a, &list, &count, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (list[i].run_id == run_id)
			*id = last.id;
	return true;
}

static bool open_incident(struct daemon *d, const struct found *found, struct arena *a, bool *made,
			  struct err *e)
{
	const struct incident_key key = {
		.signature = found->failure->signature, .family = found->failure->family,
		.repository = found->repository->name, .repository_id = found->repository->id,
		.branch = found->branch, .base_sha = "",
	};
	struct incident incident;
	const char *ended;
	bool fresh;

	if (!find_ended(d, &key, found->sighting.run_id, a, &ended, e))
		return false;
	if (ended)
		return incident_see(d->store, ended, &found->sighting, &fresh, e);
	return incident_open(d->store, &key, &found->sighting, "aegis", a, &incident, made, e);
}

bool see_keep(struct daemon *d, const struct found *found, struct seen *seen, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	ARENA a = {0};
	bool fresh, made = false;

	if (!store_begin(d->store, &transaction, e) ||
	    !seen_put(d->store, &found->thing, &fresh, e) ||
	    (found->failure && !open_incident(d, found, &a, &made, e)))
		return false;
	KILL_POINT("see.job.before");
	if (!store_commit(&transaction, e))
		return false;
	KILL_POINT("see.job.after");
	if (!found->failure)
		return true;
	seen->incidents += made;
	seen->sightings += !made;
	seen->is_news = true;
	if (!found->understood) {
		seen->unread++;
		log_event(LOG_WARNING, "a red job without a failure that is understood",
			  LOG_TEXT("repository", found->repository->name),
			  LOG_TEXT("job", found->sighting.job),
			  LOG_NUMBER("run", found->sighting.run_id));
	}
	return true;
}

bool see_tree(struct daemon *d, const struct repository *repository, struct github_call *call,
	      const char *head, struct repo **repo, const struct tree **tree, struct err *e)
{
	struct arena *a = call->arena;
	struct remote remote = {
		.mirror = arena_printf(a, "%s/%lld.git", d->folder, (long long)repository->id),
	};
	const struct repo_tree *found;
	struct err none = ERR_INIT;
	REPO opened = NULL;

	if (!remote_open(remote.mirror, &opened, &none) ||
	    !repo_tree(opened, head, a, &found, &none)) {
		repo_close(&opened);
		opened = NULL;
		if (!github_git_url(call, &remote.url, e) ||
		    !github_git_token(call, GITHUB_NEED_FETCH, &remote.token, e) ||
		    !remote_fetch(&remote, NULL, 0, e) ||
		    !remote_open(remote.mirror, &opened, e) ||
		    !repo_tree(opened, head, a, &found, e))
			return false;
	}
	*tree = &found->view;
	*repo = opened;
	opened = NULL;
	return true;
}

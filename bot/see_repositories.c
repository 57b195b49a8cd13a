/*
 * Which repositories are watched, and by which installation they are asked. Looks into none.
 */
#include "bot/see_parts.h"

#include "bot/base/log.h"
#include "git/github_access.h"

#include <string.h>

static const char archived[] = "the repository is archived";
static const char taken[] = "the repository was deleted, or taken from Aegis";
static const char suspended[] = "the App's installation is suspended";
static const char uninstalled[] = "the App was uninstalled";
static const char unnamed[] = "the settings of the daemon name the repository no more";

/* The numbers of those that were found in this look. */
struct found_ids {
	int64_t *items;
	size_t count;
};

static bool is_found(const struct found_ids *found, int64_t id)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->items[i] == id)
			return true;
	return false;
}

static const char *mark_of(int64_t repository, struct arena *a)
{
	return arena_printf(a, "not watched:%lld", (long long)repository);
}

/* Its incidents are not found by the sweep any more: they end, or wait, at their own next turn. */
static bool unwatch(struct daemon *d, const struct repository *known, const char *why, struct arena *a,
		    struct err *e)
{
	struct repository repository = *known;
	STORE_TRANSACTION transaction = {0};

	repository.watched = false;
	log_event(LOG_INFO, "a repository is not watched any more", LOG_TEXT("repository", known->name),
		  LOG_TEXT("why", why));
	return store_begin(d->store, &transaction, e) && repository_put(d->store, &repository, e) &&
	       mark_put(d->store, mark_of(known->id, a), str_of(why), e) && store_commit(&transaction, e);
}

bool see_why_not_watched(struct daemon *d, int64_t repository, struct arena *a, const char **why,
			 struct err *e)
{
	struct str text;
	bool found;

	if (!mark_get(d->store, mark_of(repository, a), a, &text, &found, e))
		return false;
	*why = found ? str_text(a, text) : taken;
	return true;
}

bool see_is_suspended(struct daemon *d, const struct repository *repository, struct arena *a, bool *out,
		      struct err *e)
{
	struct installation *list;
	size_t count;

	if (!installation_list(d->store, a, &list, &count, e))
		return false;
	*out = false;
	for (size_t i = 0; i < count; i++)
		*out |= list[i].id == repository->installation_id && list[i].suspended;
	return true;
}

/* It is known by its number: renamed or transferred, its incidents go along. */
static bool follow_name(struct daemon *d, const struct repository *now, struct arena *a, struct err *e)
{
	struct repository known;
	struct err none = ERR_INIT;

	if (!repository_get(d->store, now->id, a, &known, &none))
		return none.kind == ERR_GONE || (*e = none, false);
	if (!strcmp(known.name, now->name))
		return true;
	log_event(LOG_INFO, "a repository has another name", LOG_TEXT("repository", now->name),
		  LOG_TEXT("before", known.name));
	return incident_rename(d->store, now->id, now->name, e);
}

static bool put_repository(struct daemon *d, const struct github_repository *found,
			   uint64_t installation, struct arena *a, struct err *e)
{
	const struct repository repository = {
		.id = (int64_t)found->id,
		.name = arena_printf(a, "%s/%s", found->owner, found->name),
		.installation_id = (int64_t)installation,
		.default_branch = found->default_branch,
		.watched = !found->is_archived,
	};

	return follow_name(d, &repository, a, e) && repository_put(d->store, &repository, e) &&
	       (repository.watched || mark_put(d->store, mark_of(repository.id, a), str_of(archived), e));
}

/* All of an installation at once: a commit each would be felt with a thousand of them. */
static bool keep_repositories(struct daemon *d, const struct github_repository *list, size_t count,
			      uint64_t installation, struct found_ids *found, struct arena *a,
			      struct err *e)
{
	STORE_TRANSACTION transaction = {0};

	if (!store_begin(d->store, &transaction, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!put_repository(d, &list[i], installation, a, e))
			return false;
		arena_push(a, found->items, found->count) = (int64_t)list[i].id;
	}
	return store_commit(&transaction, e);
}

static bool keep_installation(struct daemon *d, const struct github_installation *one, struct err *e)
{
	const struct installation installation = { .id = (int64_t)one->id, .account = one->account,
						   .suspended = one->is_suspended };
	STORE_TRANSACTION transaction = {0};

	return store_begin(d->store, &transaction, e) &&
	       installation_put(d->store, &installation, e) && store_commit(&transaction, e);
}

static bool unwatch_suspended(struct daemon *d, uint64_t installation, struct arena *a, struct err *e)
{
	struct repository *known;
	size_t count;

	if (!repository_list(d->store, a, &known, &count, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (known[i].installation_id == (int64_t)installation &&
		    !unwatch(d, &known[i], suspended, a, e))
			return false;
	return true;
}

/* The installation of the call's repository; a suspended one lets go of what it holds. */
static bool find_installation(struct daemon *d, struct github_call *call, bool *usable, struct err *why,
			      struct err *e)
{
	struct github_installation installation = {0};
	struct github_grant grant;

	*usable = github_grant_get(call, &grant, why);
	if (!*usable)
		return true;
	installation = (struct github_installation){ grant.id, grant.account, grant.is_suspended };
	call->installation = grant.id;
	*usable = !grant.is_suspended || fail(why, ERR_DENIED, "%s", suspended);
	return keep_installation(d, &installation, e) &&
	       (*usable || unwatch_suspended(d, grant.id, call->arena, e));
}

static bool see_named(struct daemon *d, const char *whole, struct found_ids *ids, bool *complete,
		      struct arena *a, struct err *e)
{
	struct github_call call = { .github = d->github, .arena = a };
	struct github_repository found;
	struct repository known;
	struct err why = ERR_INIT, none = ERR_INIT;
	bool usable = true;

	if (!see_split_name(a, whole, &call.owner, &call.name))
		return config_fail(d->config, "github.repositories", e,
				   "\"%s\" is no owner/name", whole);
	if (github_mode(d->github) == GITHUB_APP && !find_installation(d, &call, &usable, &why, e))
		return false;
	if (usable && github_repository_get(&call, &found, &why))
		return keep_repositories(d, &found, 1, call.installation, ids, a, e);
	see_say_trouble(whole, &why);
	/* GitHub says the same of one that was deleted and of one that was taken from us. */
	if (!repository_find(d->store, whole, a, &known, &none))
		return true;
	if (known.watched && why.kind == ERR_GONE)
		return unwatch(d, &known, taken, a, e);
	*complete &= why.kind == ERR_GONE;
	return true;
}

/* Those that are watched and were not found in a complete look. list NULL: the settings name them. */
static bool unwatch_lost(struct daemon *d, const struct github_installations *list,
			 const struct found_ids *found, struct arena *a, struct err *e)
{
	struct repository *known;
	size_t count;

	if (!repository_list(d->store, a, &known, &count, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *why = list ? uninstalled : unnamed;

		if (is_found(found, known[i].id))
			continue;
		for (size_t n = 0; list && n < list->count; n++)
			if ((int64_t)list->items[n].id == known[i].installation_id)
				why = taken;
		if (!unwatch(d, &known[i], why, a, e))
			return false;
	}
	return true;
}

static bool see_installation(struct daemon *d, const struct github_installation *installation,
			     struct found_ids *ids, bool *complete, struct arena *a, struct err *e)
{
	struct github_call call = { .github = d->github, .arena = a };
	struct github_repositories found;
	struct err why = ERR_INIT;

	if (!keep_installation(d, installation, e))
		return false;
	if (installation->is_suspended)
		return unwatch_suspended(d, installation->id, a, e);
	if (!github_installation_repositories(&call, installation->id, &found, &why)) {
		see_say_trouble(installation->account, &why);
		*complete = false;
		return true;
	}
	*complete &= found.complete && !found.left_out;
	return keep_repositories(d, found.items, found.count, installation->id, ids, a, e);
}

static bool see_app(struct daemon *d, struct arena *a, struct err *e)
{
	struct github_call call = { .github = d->github, .arena = a };
	struct github_installations found;
	struct found_ids ids = {0};
	struct err why = ERR_INIT;
	bool complete;

	if (!github_installations(&call, &found, &why)) {
		see_say_trouble("(installations)", &why);
		return true;
	}
	complete = found.complete && !found.left_out;
	for (size_t i = 0; i < found.count; i++)
		if (!see_installation(d, &found.items[i], &ids, &complete, a, e))
			return false;
	/* After all were seen: one that was transferred is found under another installation than before. */
	return !complete || unwatch_lost(d, &found, &ids, a, e);
}

bool see_repositories(struct daemon *d, struct arena *a, struct err *e)
{
	size_t count;
	const char *const *names = config_list(d->config, "github.repositories", a, &count);
	struct found_ids ids = {0};
	bool complete = true;

	if (!count && github_mode(d->github) != GITHUB_APP)
		return fail(e, ERR_CONFIG, "with a token, github.repositories says which to watch");
	if (!count)
		return see_app(d, a, e);
	for (size_t i = 0; i < count; i++)
		if (!see_named(d, names[i], &ids, &complete, a, e))
			return false;
	return !complete || unwatch_lost(d, NULL, &ids, a, e);
}

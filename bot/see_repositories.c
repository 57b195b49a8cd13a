/*
 * Which repositories are watched, and by which installation they are asked. Looks into none.
 */
#include "bot/see_parts.h"

#include "git/github_repository.h"

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

	return repository_put(d->store, &repository, e);
}

/* All of an installation at once: a commit each would be felt with a thousand of them. */
static bool keep_repositories(struct daemon *d, const struct github_repository *list, size_t count,
			      uint64_t installation, struct arena *a, struct err *e)
{
	STORE_TRANSACTION transaction = {0};

	if (!store_begin(d->store, &transaction, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!put_repository(d, &list[i], installation, a, e))
			return false;
	return store_commit(&transaction, e);
}

static bool see_named(struct daemon *d, const char *whole, struct arena *a, struct err *e)
{
	struct github_call call = { .github = d->github, .arena = a };
	struct github_repository found;
	struct err why = ERR_INIT;

	if (!see_split_name(a, whole, &call.owner, &call.name))
		return config_fail(d->config, "github.repositories", e,
				   "\"%s\" is no owner/name", whole);
	if ((github_mode(d->github) != GITHUB_APP ||
	     github_installation_find(&call, &call.installation, &why)) &&
	    github_repository_get(&call, &found, &why))
		return keep_repositories(d, &found, 1, call.installation, a, e);
	see_say_trouble(whole, &why);
	return true;
}

static bool see_installation(struct daemon *d, const struct github_installation *installation,
			     struct arena *a, struct err *e)
{
	struct github_call call = { .github = d->github, .arena = a };
	struct github_repositories found;
	struct err why = ERR_INIT;

	if (installation->is_suspended)
		return true;
	if (!github_installation_repositories(&call, installation->id, &found, &why)) {
		see_say_trouble(installation->account, &why);
		return true;
	}
	return keep_repositories(d, found.items, found.count, installation->id, a, e);
}

bool see_repositories(struct daemon *d, struct arena *a, struct err *e)
{
	size_t count;
	const char *const *names = config_list(d->config, "github.repositories", a, &count);
	struct github_call call = { .github = d->github, .arena = a };
	struct github_installations found;
	struct err why = ERR_INIT;

	for (size_t i = 0; i < count; i++)
		if (!see_named(d, names[i], a, e))
			return false;
	if (count)
		return true;
	if (github_mode(d->github) != GITHUB_APP)
		return fail(e, ERR_CONFIG, "with a token, github.repositories says which to watch");
	if (!github_installations(&call, &found, &why)) {
		see_say_trouble("(installations)", &why);
		return true;
	}
	for (size_t i = 0; i < found.count; i++)
		if (!see_installation(d, &found.items[i], a, e))
			return false;
	return true;
}

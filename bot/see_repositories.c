/*
 * Finds the red runs that nobody has looked at. One question a repository, asked for all of them at
 * once. What a run says is see_run.c's.
 */
#include "bot/see.h"

#include "bot/base/log.h"
#include "bot/store/seen.h"
#include "git/github_repository.h"
#include "git/github_runs.h"

#include <string.h>

enum { POLLS_AT_ONCE = 20 };

static bool keep_repository(struct daemon *d, const struct github_repository *found,
			    uint64_t installation, struct arena *a, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	const struct repository repository = {
		.id = (int64_t)found->id,
		.name = arena_printf(a, "%s/%s", found->owner, found->name),
		.installation_id = (int64_t)installation,
		.default_branch = found->default_branch,
		.watched = !found->is_archived,
	};

	return store_begin(d->store, &transaction, e) &&
	       repository_put(d->store, &repository, e) && store_commit(&transaction, e);
}

static void say_trouble(const char *repository, const struct err *why)
{
	log_event(LOG_WARNING, "a repository cannot be asked", LOG_TEXT("repository", repository),
		  LOG_TEXT("why", why->text));
}

/* "owner/name"; the parts lie in the arena. */
static bool split_name(struct arena *a, const char *whole, const char **owner, const char **name)
{
	struct str left, right;

	if (!str_split(str_of(whole), "/", &left, &right) || !left.size || !right.size)
		return false;
	*owner = str_text(a, left);
	*name = str_text(a, right);
	return true;
}

static bool see_named(struct daemon *d, const char *whole, struct arena *a, struct err *e)
{
	struct github_call call = { .github = d->github, .arena = a };
	struct github_repository found;
	struct err why = ERR_INIT;

	if (!split_name(a, whole, &call.owner, &call.name))
		return config_fail(d->config, "github.repositories", e,
				   "\"%s\" is no owner/name", whole);
	if (github_repository_get(&call, &found, &why))
		return keep_repository(d, &found, 0, a, e);
	say_trouble(whole, &why);
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
		say_trouble(installation->account, &why);
		return true;
	}
	for (size_t i = 0; i < found.count; i++)
		if (!keep_repository(d, &found.items[i], installation->id, a, e))
			return false;
	return true;
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
		say_trouble("(installations)", &why);
		return true;
	}
	for (size_t i = 0; i < found.count; i++)
		if (!see_installation(d, &found.items[i], a, e))
			return false;
	return true;
}

static bool is_red(const struct github_run *run)
{
	return run->state == GITHUB_COMPLETED &&
	       (run->conclusion == GITHUB_FAILURE || run->conclusion == GITHUB_TIMED_OUT ||
		run->conclusion == GITHUB_STARTUP_FAILURE);
}

/* Is a later run of the same workflow on the same branch in the list? Runs come newest first. */
static bool is_outdated(const struct github_runs *runs, size_t i)
{
	for (size_t n = 0; n < i; n++)
		if (runs->items[n].workflow_id == runs->items[i].workflow_id &&
		    !strcmp(runs->items[n].head_branch, runs->items[i].head_branch))
			return true;
	return false;
}

/* A fork's code is never ours to mend, nor is the branch of a fix an incident of its own. */
static bool is_ours_to_see(const struct repository *repository, const struct github_run *run,
			   struct arena *a)
{
	const char *head = arena_printf(a, "%s/%s", run->head_owner, run->head_name);

	return run->head_branch[0] && !strcasecmp(head, repository->name) &&
	       strncmp(run->head_branch, "aegis/", 6) != 0;
}

static bool read_runs(struct daemon *d, const struct repository *repository, struct str body,
		      struct arena *a, struct seen *seen, struct err *e)
{
	struct github_runs runs;
	struct err why = ERR_INIT;

	if (!github_runs_read(body, a, &runs, &why)) {
		say_trouble(repository->name, &why);
		seen->unreachable++;
		return true;
	}
	for (size_t i = runs.count; i-- > 0;) {
		const struct github_run *run = &runs.items[i];
		const struct seen_thing thing = { repository->id, "run", (int64_t)run->id,
						  (int64_t)run->attempt };
		bool handled;

		if (!is_red(run) || is_outdated(&runs, i) || !is_ours_to_see(repository, run, a))
			continue;
		if (!seen_has(d->store, &thing, &handled, e))
			return false;
		if (!handled && !see_run(d, repository, run, seen, e))
			return false;
	}
	return true;
}

static bool make_polls(struct daemon *d, const struct repository *list, size_t count,
		       struct github_poll *polls, struct arena *a, struct err *e)
{
	for (size_t i = 0; i < count; i++) {
		const struct github_runs_filter filter = { .status = "completed" };
		struct github_call call = { .github = d->github, .arena = a };

		if (!split_name(a, list[i].name, &call.owner, &call.name))
			return fail(e, ERR_BUG, "the store knows a repository \"%s\"", list[i].name);
		polls[i] = (struct github_poll){ .owner = call.owner, .name = call.name };
		polls[i].path = github_runs_path(&call, &filter, e);
		if (!polls[i].path)
			return false;
	}
	return true;
}

bool see_runs(struct daemon *d, struct arena *a, struct seen *seen, struct err *e)
{
	struct repository *list;
	struct github_poll *polls;
	size_t count;

	if (!repository_list(d->store, a, &list, &count, e))
		return false;
	polls = arena_array(a, struct github_poll, count);
	if (!make_polls(d, list, count, polls, a, e) ||
	    !github_poll_all(d->github, polls, count, POLLS_AT_ONCE, a, e))
		return false;
	seen->repositories += count;
	for (size_t i = 0; i < count; i++) {
		if (!polls[i].answered) {
			say_trouble(list[i].name, &polls[i].error);
			seen->unreachable++;
		} else if (!read_runs(d, &list[i], polls[i].body, a, seen, e)) {
			return fail_while(e, "looking at %s", list[i].name);
		}
	}
	return true;
}

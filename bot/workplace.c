/*
 * A workplace as the settings want it, and as the commit has it. What is run in it is bot/trial.c's.
 */
#include "bot/trial.h"

#include "bot/base/config.h"
#include "git/repo.h"

static const char *const trial_environment[] = {
	"PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1", "NO_COLOR=1", NULL
};

static uint64_t megabytes(const struct config *config, const char *key)
{
	return (uint64_t)config_integer(config, key) * 1024 * 1024;
}

static struct jail_limits limits_of(const struct config *config)
{
	return (struct jail_limits){
		.wall_ms = (unsigned)config_integer(config, "limits.wall_s") * 1000,
		.idle_ms = (unsigned)config_integer(config, "limits.idle_s") * 1000,
		.cpu_s = (unsigned)config_integer(config, "limits.cpu_s"),
		.memory_bytes = megabytes(config, "limits.memory_mb"),
		.processes = (unsigned)config_integer(config, "limits.processes"),
		.file_bytes = megabytes(config, "limits.file_mb"),
		.disk_bytes = megabytes(config, "limits.disk_mb"),
		.output_bytes = megabytes(config, "limits.output_mb"),
	};
}

static void add_binds(struct workplace *place, const struct config *config, struct arena *a)
{
	size_t count, n = 0;
	const char *const *folders = config_list(config, "sandbox.binds", a, &count);
	struct jail_bind *binds = NULL;

	for (size_t i = 0; i < place->tools.bind_count; i++)
		arena_push(a, binds, n) = place->tools.binds[i];
	for (size_t i = 0; i < count; i++)
		arena_push(a, binds, n) = (struct jail_bind){ .path = folders[i] };
	place->tools.binds = binds;
	place->tools.bind_count = n;
}

static const char *const *environment_of(const struct config *config, struct arena *a)
{
	size_t count, n = 0;
	const char *const *more = config_list(config, "sandbox.environment", a, &count);
	const char **all = NULL;

	for (const char *const *one = trial_environment; *one; one++)
		arena_push(a, all, n) = *one;
	for (size_t i = 0; i < count; i++)
		arena_push(a, all, n) = more[i];
	arena_push(a, all, n) = NULL;
	return all;
}

void workplace_prepare(struct workplace *place, const struct config *config, struct arena *a)
{
	place->limits = limits_of(config);
	place->unsafe = !config_boolean(config, "sandbox.enabled");
	jail_toolchains(&place->tools, a, environment_of(config, a));
	add_binds(place, config, a);
}

/* Files that are not in the commit and not ignored either are taken away; the tests of the commit
 * would not see them on another machine. Folders come whole: everything below them is untracked. */
bool workplace_set_back(struct workplace *place, struct repo *repo, const char *commit,
			const struct repo_status *status, struct arena *a, struct err *e)
{
	struct jail_file *files = NULL, *restored;
	size_t n = 0, count;

	if (!repo_restore(repo, commit, status, a, &restored, &count, e))
		return fail_while(e, "reading the files as committed");
	/* First what is in the way: a file may stand where the commit has a folder. */
	for (size_t i = 0; i < status->untracked_count; i++)
		arena_push(a, files, n) = (struct jail_file){ .path = status->untracked[i] };
	for (size_t i = 0; i < count; i++)
		arena_push(a, files, n) = restored[i];
	place->base = files;
	place->base_count = n;
	return true;
}

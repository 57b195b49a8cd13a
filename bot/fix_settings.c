/*
 * The settings of a local fix: sandbox and limits from the daemon's file, command, tests and
 * protected paths from .github/aegis.yml, and the repository's own templates, as committed or as the
 * caller read them on the default branch. Limits never come from the repository.
 */
#include "bot/fix_parts.h"

#include "bot/base/config.h"
#include "bot/daemon.h"

static const char REPOSITORY_FILE[] = ".github/aegis.yml";

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

static void add_binds(struct fix *fix, const struct config *config)
{
	size_t count, n = 0;
	const char *const *folders = config_list(config, "sandbox.binds", fix->arena, &count);
	struct jail_bind *binds = NULL;

	for (size_t i = 0; i < fix->place.tools.bind_count; i++)
		arena_push(fix->arena, binds, n) = fix->place.tools.binds[i];
	for (size_t i = 0; i < count; i++)
		arena_push(fix->arena, binds, n) = (struct jail_bind){ .path = folders[i] };
	fix->place.tools.binds = binds;
	fix->place.tools.bind_count = n;
}

static const char *const *environment_of(struct fix *fix, const struct config *config)
{
	size_t count, n = 0;
	const char *const *more = config_list(config, "sandbox.environment", fix->arena, &count);
	const char **all = NULL;

	for (const char *const *one = trial_environment; *one; one++)
		arena_push(fix->arena, all, n) = *one;
	for (size_t i = 0; i < count; i++)
		arena_push(fix->arena, all, n) = more[i];
	arena_push(fix->arena, all, n) = NULL;
	return all;
}

/* No sandbox is a decision of whoever runs us, in the daemon's file or on the command line. */
static void prepare_sandbox(struct fix *fix, const struct config *config)
{
	fix->place.limits = limits_of(config);
	fix->place.unsafe = fix->job->unsafe || !config_boolean(config, "sandbox.enabled");
	fix->place.sandbox_ms = &fix->answer->timings.sandbox_ms;
	fix->place.start_ms = &fix->answer->timings.start_ms;
	jail_toolchains(&fix->place.tools, fix->arena, environment_of(fix, config));
	add_binds(fix, config);
	fix->candidates_max = (unsigned)config_integer(config, "limits.candidates");
	if (fix->place.unsafe)
		fix_note(fix, "no sandbox: code of the repository ran with your rights; such a fix "
			      "is never merged by itself");
}

static bool read_repository_file(struct fix *fix, struct err *e)
{
	const struct config *config;
	struct str text = STR("");

	if (fix->job->settings)
		text = *fix->job->settings;
	else
		tree_read(fix->tree, fix->arena, REPOSITORY_FILE, &text);
	if (!config_parse(&options, REPOSITORY_FILE, text, OPTION_REPOSITORY, fix->arena, &config, e))
		return false;
	fix->rules.tests = config_list(config, "tests", fix->arena, NULL);
	fix->rules.protected = config_list(config, "protected", fix->arena, NULL);
	fix->disabled = config_list(config, "templates.disable", fix->arena, NULL);
	fix->configured_command = config_text(config, "run");
	return true;
}

static bool read_own_templates(struct fix *fix, struct err *e)
{
	if (!fix->job->own)
		return own_read(fix->tree, fix->arena, &fix->own, e);
	fix->own = *fix->job->own;
	return true;
}

bool fix_settings(struct fix *fix, struct err *e)
{
	const struct config *config;

	if (!daemon_settings(fix->job->config_file, fix->arena, &config, e) || !read_repository_file(fix, e) ||
	    !read_own_templates(fix, e))
		return false;
	prepare_sandbox(fix, config);
	return fix_model_settings(fix, config, e);
}

/*
 * The settings of a local fix: sandbox and limits from the daemon's file, command, tests and
 * protected paths from .github/aegis.yml, and the repository's own templates, as committed or as the
 * caller read them on the default branch. Limits never come from the repository.
 */
#include "bot/fix_parts.h"

#include "bot/base/config.h"
#include "bot/daemon.h"

static const char REPOSITORY_FILE[] = ".github/aegis.yml";

/* No sandbox is a decision of whoever runs us, in the daemon's file or on the command line. */
static void prepare_sandbox(struct fix *fix, const struct config *config)
{
	workplace_prepare(&fix->place, config, fix->arena);
	fix->place.unsafe |= fix->job->unsafe;
	fix->place.sandbox_ms = &fix->answer->timings.sandbox_ms;
	fix->place.start_ms = &fix->answer->timings.start_ms;
	fix->candidates_max = (unsigned)config_integer(config, "limits.candidates");
	if (fix->place.unsafe)
		fix_note(fix, "no sandbox: code of the repository ran with your rights; such a fix "
			      "is never merged by itself");
}

static const char *const *both(struct fix *fix, const char *const *one, const char *const *other)
{
	const char **all = NULL;
	size_t n = 0;

	for (; one && *one; one++)
		arena_push(fix->arena, all, n) = *one;
	for (; other && *other; other++)
		arena_push(fix->arena, all, n) = *other;
	arena_push(fix->arena, all, n) = NULL;
	return all;
}

/* The commit's own file beside that of the default branch: it may forbid more, and allows nothing. */
static void read_stricter(struct fix *fix)
{
	const struct config *config;
	struct err why = ERR_INIT;
	struct arena *a = fix->arena;
	struct str text;

	if (!fix->job->settings || !tree_read(fix->tree, a, REPOSITORY_FILE, &text))
		return;
	if (!config_parse(&options, REPOSITORY_FILE, text, OPTION_REPOSITORY, a, &config, &why)) {
		fix_note(fix, "the settings of this commit are not looked at: %s", why.text);
		return;
	}
	fix->rules.tests = both(fix, fix->rules.tests, config_list(config, "tests", a, NULL));
	fix->rules.protected = both(fix, fix->rules.protected, config_list(config, "protected", a, NULL));
	fix->rules.more_paths = config_list(config, "paths", a, NULL);
	fix->disabled = both(fix, fix->disabled, config_list(config, "templates.disable", a, NULL));
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
	fix->rules.paths = config_list(config, "paths", fix->arena, NULL);
	fix->configured_command = config_text(config, "run");
	read_stricter(fix);
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

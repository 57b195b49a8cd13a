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

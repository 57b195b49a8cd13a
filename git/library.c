/*
 * Start of libgit2 and translation of its errors. Never shut down: other threads may still be in
 * it, and it holds nothing that the end of the process does not give back.
 */
#include "git/library.h"

#include "bot/base/str.h"

#include <git2.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

/*
 * Filters, attributes and includes in the settings of a user are for that user's own commands. The
 * owner of a repository is checked by repo_open, because libgit2 looks for exceptions to its rule
 * in just the files that are switched off here.
 */
static void start(void)
{
	static const int levels[] = {
		GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
		GIT_CONFIG_LEVEL_PROGRAMDATA,
	};

	git_libgit2_init();
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 1);
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
}

void library_start(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, start);
}

static enum err_kind kind_of(int result, const git_error *error)
{
	struct str text = str_of(error ? error->message : NULL);

	if (result == GIT_ENOTFOUND)
		return ERR_GONE;
	if (result == GIT_ELOCKED)
		return ERR_LATER;
	if (str_ends(text, "Permission denied") || str_ends(text, "Read-only file system") ||
	    str_ends(text, "Operation not permitted"))
		return ERR_DENIED;
	if (!error || error->klass == GIT_ERROR_OS || error->klass == GIT_ERROR_NOMEMORY ||
	    error->klass == GIT_ERROR_THREAD || error->klass == GIT_ERROR_NONE)
		return ERR_BUG;
	return ERR_INPUT;
}

bool library_fail(struct err *e, int result, const char *format, ...)
{
	const git_error *error = git_error_last();
	char way[sizeof(e->text) / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(way, sizeof(way), format, args);
	va_end(args);
	fail(e, kind_of(result, error), "%s", error && error->message ? error->message
								      : "no reason given");
	return fail_while(e, "%s", way);
}

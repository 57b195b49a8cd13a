/*
 * Whose repository it is, by git's rule: a repository of another user is refused unless the user's
 * own settings name it as safe. From those settings two values are read and nothing else has
 * effect.
 */
#include "git/repo_private.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void free_config(git_config **config)
{
	git_config_free(*config);
}

static void add_settings(git_config *config, git_config_level_t level, const char *path)
{
	if (path)
		git_config_add_file_ondisk(config, path, level, NULL, 0);
}

/* Where git looks, without the repository's own file: a repository must not call itself safe. */
static bool open_settings(struct arena *a, git_config **config)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_CONFIG_HOME");
	const char *global = getenv("GIT_CONFIG_GLOBAL"), *system = getenv("GIT_CONFIG_SYSTEM");

	library_start();
	if (git_config_new(config) < 0)
		return false;
	if (!getenv("GIT_CONFIG_NOSYSTEM"))
		add_settings(*config, GIT_CONFIG_LEVEL_SYSTEM, system ? system : "/etc/gitconfig");
	if (global) {
		add_settings(*config, GIT_CONFIG_LEVEL_GLOBAL, global);
		return true;
	}
	if (xdg && *xdg)
		add_settings(*config, GIT_CONFIG_LEVEL_XDG, arena_printf(a, "%s/git/config", xdg));
	else if (home && *home)
		add_settings(*config, GIT_CONFIG_LEVEL_XDG,
			     arena_printf(a, "%s/.config/git/config", home));
	if (home && *home)
		add_settings(*config, GIT_CONFIG_LEVEL_GLOBAL,
			     arena_printf(a, "%s/.gitconfig", home));
	return true;
}

const char *repo_user_setting(struct arena *a, const char *name)
{
	__attribute__((cleanup(free_config))) git_config *config = NULL;
	__attribute__((cleanup(free_config))) git_config *snapshot = NULL;
	const char *value;

	if (!open_settings(a, &config) || git_config_snapshot(&snapshot, config) < 0 ||
	    git_config_get_string(&value, snapshot, name) < 0)
		return NULL;
	return arena_strdup(a, value);
}

struct safe {
	struct str root;
	bool found;
};

static struct str without_slash(struct str path)
{
	str_chop(&path, "/");
	return path;
}

static bool is_below(struct str path, struct str folder)
{
	return path.size > folder.size && path.at[folder.size] == '/' &&
	       str_equal(str_slice(path, 0, folder.size), folder);
}

/* An empty value forgets what was said before; "x/" and a star mean all below x. */
static int consider(const git_config_entry *entry, void *context)
{
	struct safe *safe = context;
	struct str value = str_of(entry->value);

	if (!value.size)
		safe->found = false;
	else if (str_is(value, "*"))
		safe->found = true;
	else if (str_chop(&value, "/*"))
		safe->found |= is_below(safe->root, value);
	else
		safe->found |= str_equal(without_slash(value), safe->root);
	return 0;
}

static bool named_safe(const char *root)
{
	__attribute__((cleanup(free_config))) git_config *config = NULL;
	struct safe safe = { .root = str_of(root) };
	ARENA a = {0};

	return open_settings(&a, &config) &&
	       !git_config_get_multivar_foreach(config, "safe.directory", NULL, consider, &safe) &&
	       safe.found;
}

/* Under sudo the files are the user's who called it. */
static bool is_ours(const char *path)
{
	const char *sudo = geteuid() ? NULL : getenv("SUDO_UID");
	struct stat info;
	unsigned long uid;

	if (lstat(path, &info))
		return false;
	return info.st_uid == geteuid() ||
	       (sudo && str_number(str_of(sudo), &uid) && info.st_uid == uid);
}

bool repo_check_owner(const char *root, const char *git_folder, struct err *e)
{
	if ((is_ours(root) && is_ours(git_folder)) || named_safe(root))
		return true;
	return fail(e, ERR_DENIED, "%s belongs to another user. If you trust it, say so with: git "
		    "config --global --add safe.directory %s", root, root);
}

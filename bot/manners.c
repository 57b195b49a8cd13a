/*
 * Looks at names, labels and counts. What follows from it is decided in bot/step.c; which files a fix
 * may change is bot/rules.c's.
 */
#include "bot/manners.h"

#include "bot/rules.h"
#include "git/path.h"

#include <strings.h>

enum { HOUR_MS = 60 * 60 * 1000 };

static const char *lower(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text);

	for (char *c = copy; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
	return copy;
}

bool manners_listed(const char *const *list, const char *name, bool any_case, struct arena *a)
{
	bool any = false, listed = false;

	if (any_case)
		name = lower(a, name);
	for (; list && *list; list++) {
		const char *glob = any_case ? lower(a, *list) : *list;

		if (*glob == '!' && path_matches(glob + 1, str_of(name)))
			return false;
		any |= *glob != '!';
		listed |= *glob != '!' && path_matches(glob, str_of(name));
	}
	return !any || listed;
}

/* They open and rebase their own branches; a commit of ours on one makes them stop. */
static bool is_other_bot(const struct manners_case *c)
{
	static const char *const branches[] = { "dependabot/", "renovate/" };

	for (size_t i = 0; i < sizeof(branches) / sizeof(*branches); i++)
		if (str_starts(str_of(c->branch), branches[i]))
			return true;
	return c->is_pull && str_ends(str_of(c->author), "[bot]") &&
	       (!c->own_login || strcasecmp(c->author, c->own_login) != 0);
}

const char *manners_why_not(const struct config *settings, const struct manners_case *c,
			    struct arena *a)
{
	const char *const *paths = config_list(settings, "paths", a, NULL);

	if (config_boolean(settings, "skip"))
		return "the settings of the repository say skip";
	if (c->has_label)
		return "the pull request carries the label " MANNERS_SKIP_LABEL;
	if (is_other_bot(c))
		return "the branch is another bot's";
	if (!manners_listed(config_list(settings, "branches", a, NULL), c->branch, false, a))
		return "the settings of the repository leave this branch out";
	if (!manners_listed(config_list(settings, "authors", a, NULL), c->author, true, a))
		return "the settings of the repository leave this author out";
	if (c->file[0] && paths[0] && !rules_any_glob(paths, c->file))
		return "the settings of the repository leave the file of the failure out";
	return NULL;
}

void manners_count(const struct github_pulls *list, const char *owner, const char *name,
		   const char *own_login, int64_t now, struct manners_pulls *out)
{
	struct manners_pulls counted = { 0, 0, 0 };

	for (size_t i = 0; i < list->count; i++) {
		const struct github_pull *pull = &list->items[i];

		if (!str_starts(str_of(pull->head_branch), "aegis/") ||
		    strcasecmp(pull->head_owner, owner) != 0 || strcasecmp(pull->head_name, name) != 0 ||
		    (own_login && strcasecmp(pull->author, own_login) != 0))
			continue;
		counted.open += pull->is_open;
		if (now - pull->created_ms >= HOUR_MS)
			continue;
		counted.lately++;
		if (!counted.again_at || pull->created_ms + HOUR_MS < counted.again_at)
			counted.again_at = pull->created_ms + HOUR_MS;
	}
	*out = counted;
}

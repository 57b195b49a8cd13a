/*
 * The order of the fences and those that look at sizes and modes. Which paths are fenced is in
 * rules_paths.c; the fences that look into the text are in the other rules_*.c. Does not judge
 * whether a patch is right.
 */
#include "bot/rules.h"

#include "git/path.h"
#include "templates/syntax.h"

enum { FILES_MAX = 3, LINES_MAX = 40 };

static const enum entry_mode *mode_before(const struct tree *tree, const char *path)
{
	const struct entry *entry = tree_entry(tree, path);

	return entry ? &entry->mode : NULL;
}

/* A tool may lay a file out anew; that is the only way to touch a test, or what a checker reads. */
static bool laid_out_anew(const struct candidate *candidate, const struct change *change,
			  struct arena *a)
{
	const char *language = syntax_language(change->path);

	return candidate->oracle == ORACLE_TOOL && change->existed && change->exists && language &&
	       syntax_same(a, language, change->before, change->after);
}

/* Manifests that hold settings of checkers as well are looked at by rules_sections. */
static bool judges_untouched(const struct rules *rules, const struct candidate *candidate,
			     const struct change *change, struct arena *a, struct err *e)
{
	bool test = rules_is_test(rules, change->path);
	bool settings = rules_is_settings(change->path);

	if ((!test && !settings && rules_test_code(change, a)) ||
	    laid_out_anew(candidate, change, a) ||
	    (!candidate->by_model && candidate->oracle == ORACLE_TOOL && rules_test_names(change)))
		return true;
	if (settings)
		return fail(e, ERR_DENIED, "it would change what is checked in %s", change->path);
	return fail(e, ERR_DENIED, "it would edit the test %s", change->path);
}

/* A script that names its interpreter was meant to be run. */
static bool made_program(const struct candidate *candidate, const struct change *change)
{
	return change->made_program && !candidate->by_model && str_starts(change->after, "#!");
}

static bool file_allowed(const struct rules *rules, const struct candidate *candidate,
			 const struct change *change, const struct tree *tree, struct arena *a,
			 struct err *e)
{
	const enum entry_mode *before = mode_before(tree, change->path);

	if (!path_check(str_of(change->path), e))
		return fail_while(e, "the patch");
	if (rules_is_protected(rules, change->path) &&
	    (!candidate->by_reading || rules_any_glob(rules->protected, change->path) ||
	     !rules_is_pipeline(change->path)))
		return fail(e, ERR_DENIED, "%s is a protected path", change->path);
	if (rules && ((rules->paths && rules->paths[0] && !rules_any_glob(rules->paths, change->path)) ||
		      (rules->more_paths && rules->more_paths[0] &&
		       !rules_any_glob(rules->more_paths, change->path))))
		return fail(e, ERR_DENIED, "%s is not among the paths of the settings", change->path);
	if (rules_is_lock(change->path) && candidate->by_model)
		return fail(e, ERR_DENIED, "it would change the lock %s by hand", change->path);
	if (rules_vendored(candidate, change, tree, a))
		return true;
	if (!rules_origin(change, candidate->run && candidate->generator, e) ||
	    (candidate->run && !rules_tool(change, candidate->layout, a, e)))
		return false;
	if (!change->exists)
		return fail(e, ERR_DENIED, "it would remove %s", change->path);
	if (before ? *before != change->mode && !made_program(candidate, change)
		   : change->mode != ENTRY_FILE)
		return fail(e, ERR_DENIED, "it would change the mode of %s", change->path);
	return judges_untouched(rules, candidate, change, a, e);
}

/* Every CR before a LF is gone, and nothing else: a person sees that at a glance. */
static bool only_line_ends(const struct change *change)
{
	struct str before = change->before, after = change->after, one, other;

	if (!change->existed || !change->exists || str_char(after, '\r') >= 0)
		return false;
	while (str_next_line(&before, &one))
		if (!str_next_line(&after, &other) || !str_equal(one, other))
			return false;
	return !after.size;
}

static bool size_allowed(const struct candidate *candidate, struct arena *a, struct err *e)
{
	struct patch counted = { arena_array(a, struct change, candidate->patch.count), 0 };
	size_t added, removed;

	if (candidate->oracle == ORACLE_TOOL)
		return true;
	if (candidate->patch.count > FILES_MAX)
		return fail(e, ERR_DENIED, "it would change %zu files, more than %d",
			    candidate->patch.count, FILES_MAX);
	for (size_t i = 0; i < candidate->patch.count; i++)
		if (!only_line_ends(&candidate->patch.changes[i]))
			counted.changes[counted.count++] = candidate->patch.changes[i];
	patch_lines(&counted, &added, &removed);
	if (added + removed > LINES_MAX)
		return fail(e, ERR_DENIED, "it would change %zu lines, more than %d",
			    added + removed, LINES_MAX);
	return true;
}

bool rules_allow(const struct rules *rules, const struct candidate *candidate,
		 const struct tree *tree, const struct tree *parent, struct arena *a, struct err *e)
{
	if (candidate->reverts)		/* each line stood there before; culprit_revert has looked */
		return true;
	if (candidate->oracle == ORACLE_NONE)
		return fail(e, ERR_DENIED, "it names no oracle");
	if (!size_allowed(candidate, a, e))
		return false;
	for (size_t i = 0; i < candidate->patch.count; i++) {
		const struct change *change = &candidate->patch.changes[i];

		if (!file_allowed(rules, candidate, change, tree, a, e) ||
		    !rules_suppression(change, a, e) || !rules_swallowed(change, a, e) ||
		    !rules_threshold(candidate, change, a, e) ||
		    !rules_pipeline(candidate, change, a, e) || !rules_sections(change, a, e) ||
		    !rules_packages(change, tree, parent, a, e))
			return false;
	}
	return true;
}

/*
 * Bisects along first parents and makes the revert. Whether the revert is proven, and what is done
 * with it, is decided elsewhere; it never merges by itself.
 */
#include "bot/culprit.h"

#include "git/path.h"

enum state { STATE_GOOD, STATE_BAD, STATE_OTHER };

/* What a commit shows; what is not committed is set back as in every trial. */
static bool look(const struct culprit_job *job, const char *commit, struct arena *a,
		 struct culprit *culprit, enum state *out, struct err *e)
{
	struct workplace place = *job->place;
	struct jail_file *files, *all = NULL;
	const struct repo_tree *tree;
	size_t count, n = 0;
	struct trial trial;

	if (!repo_tree(job->repo, commit, a, &tree, e) ||
	    !history_files(job->repo, job->head, commit, a, &files, &count, e))
		return false;
	for (size_t i = 0; i < place.base_count; i++)
		arena_push(a, all, n) = place.base[i];
	for (size_t i = 0; i < count; i++)
		arena_push(a, all, n) = files[i];
	place.base = all;
	place.base_count = n;
	place.tree = &tree->view;
	if (!trial_run(&place, job->command, NULL, NULL, a, &trial, e))
		return false;
	culprit->runs++;
	*out = trial.green ? STATE_GOOD : trial_shows(&trial, job->failure) ? STATE_BAD : STATE_OTHER;
	return true;
}

static bool none(struct culprit *culprit, const char *why)
{
	culprit->why_not = why;
	return true;
}

/* list[-1] is good, list[count - 1] is bad: moves both together until they touch. */
static bool halve(const struct culprit_job *job, const struct history_commit *list, size_t count,
		  struct arena *a, size_t *found, struct culprit *culprit, struct err *e)
{
	size_t good = 0, bad = count;		/* counted from one; 0 is the good commit */

	while (bad - good > 1) {
		size_t middle = good + (bad - good) / 2;
		enum state state;

		if (!look(job, list[middle - 1].id, a, culprit, &state, e))
			return false;
		if (state == STATE_OTHER)
			return none(culprit, arena_printf(a, "the commit %.10s fails in another way",
							  list[middle - 1].id));
		*(state == STATE_GOOD ? &good : &bad) = middle;
	}
	*found = bad - 1;
	return true;
}

bool culprit_find(const struct culprit_job *job, struct arena *a, struct culprit *out, struct err *e)
{
	struct culprit culprit = { .commit = { .id = "" } };
	struct history_commit *list;
	enum state state, before;
	struct err why = ERR_INIT;
	size_t found = 0;

	if (!history_since(job->repo, job->good, job->head, CULPRIT_COMMITS_MOST, a, &list,
			   &culprit.between, &why)) {
		if (why.kind != ERR_GONE)
			return (*e = why, false);
		*out = culprit;
		return none(out, arena_strdup(a, why.text));
	}
	if (!look(job, job->good, a, &culprit, &state, e))
		return false;
	if (state != STATE_GOOD || !culprit.between)
		none(&culprit, state != STATE_GOOD
			     ? "the commit that was green is red here as well: something around the "
			       "code has changed, not the code"
			     : "there is no commit after the one that was green");
	if (!culprit.why_not && !halve(job, list, culprit.between, a, &found, &culprit, e))
		return false;
	if (!culprit.why_not) {
		if (!look(job, list[found].id, a, &culprit, &state, e) ||
		    !look(job, found ? list[found - 1].id : job->good, a, &culprit, &before, e))
			return false;
		if (state == STATE_BAD && before == STATE_GOOD)
			culprit.commit = list[found];
		else
			none(&culprit, "it comes and goes: the same commit was green and red");
	}
	*out = culprit;
	return true;
}

/* What nobody takes back without thinking. */
static bool is_release(struct str subject)
{
	static const char *const words[] = { "release", "bump version", "version " };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (subject.size >= strlen(words[i]) &&
		    str_equal_nocase(str_slice(subject, 0, strlen(words[i])), str_of(words[i])))
			return true;
	str_skip(&subject, "v");
	return subject.size > 2 && subject.at[0] >= '0' && subject.at[0] <= '9' &&
	       str_char(subject, '.') == 1;
}

/* "pkg.TestPrices/empty" and "test_x.py::T::test_empty" are found by their last name. */
static struct str short_name(const char *test)
{
	struct str name = str_of(test), rest;

	str_split(name, "[", &name, NULL);
	str_split(name, "/", &name, NULL);
	if (str_split_last(name, "::", NULL, &rest) || str_split_last(name, ".", NULL, &rest))
		name = rest;
	return str_trim(name);
}

static const char *denied(const struct culprit_job *job, const struct patch *patch,
			  const struct rules *rules, struct arena *a)
{
	struct str test = job->failure->test ? short_name(job->failure->test) : STR_NONE;

	for (size_t i = 0; i < patch->count; i++) {
		const struct change *change = &patch->changes[i];

		if (rules_is_protected(rules, change->path))
			return arena_printf(a, "%s is a protected path", change->path);
		if (path_matches("**/migrations/**", str_of(change->path)) ||
		    path_matches("**/*.sql", str_of(change->path)))
			return arena_printf(a, "%s is a migration, which may have run already",
					    change->path);
		if (rules_is_test(rules, change->path) &&
		    (!test.size || str_find(change->before, test) >= 0))
			return arena_printf(a, "it changed the test that fails, %s: what it wants is new",
					    change->path);
	}
	return NULL;
}

struct candidate *culprit_revert(const struct culprit_job *job, const struct culprit *culprit,
				 const struct rules *rules, struct arena *a, const char **why,
				 struct err *e)
{
	struct candidate *candidate = arena_new(a, struct candidate);
	struct str subject = str_of(culprit->commit.subject), conflicts = STR_NONE;
	enum reverted reverted;

	*why = NULL;
	if (is_release(subject)) {
		*why = "it is a release";
		return NULL;
	}
	*candidate = (struct candidate){
		.template_name = "revert", .failure = job->failure, .oracle = ORACLE_HISTORY,
		.danger = DANGER_2, .reverts = culprit->commit.id,
		.why = arena_printf(a, "Takes back %.10s, the first of %zu commits that shows the failure: "
				    "twice red there, and twice green right before it.",
				    culprit->commit.id, culprit->between),
	};
	if (!history_revert(job->repo, culprit->commit.id, job->head, job->place->tree, a, &reverted,
			    &candidate->patch, &conflicts, e)) {
		if (e->kind != ERR_INPUT && e->kind != ERR_GONE)
			return NULL;
		*why = arena_strdup(a, e->text);
		*e = (struct err)ERR_INIT;
		return NULL;
	}
	if (reverted == REVERT_CONFLICTS)
		*why = arena_printf(a, "later commits stand on it (%.*s)", STR_ARG(conflicts));
	else if (reverted == REVERT_NOTHING)
		*why = "it is taken back already";
	else
		*why = denied(job, &candidate->patch, rules, a);
	return *why ? NULL : candidate;
}

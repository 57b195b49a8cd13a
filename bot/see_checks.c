/*
 * Finds what other systems report on the heads that are watched: check suites of other Apps, and
 * commit statuses. First the open pull requests, for their heads, then the heads. Suites of GitHub
 * Actions are left out, they are seen as runs; so are our own, forks and the branches of fixes.
 */
#include "bot/see_parts.h"

#include "bot/base/log.h"
#include "bot/see_notes.h"
#include "git/github_pulls.h"

#include <string.h>
#include <strings.h>

enum { PULLS_MOST = 20 };

static void unread_answer(struct asking *asking, const struct question *question,
			  const struct err *why, bool *done)
{
	see_say_trouble(question->repository->name, why);
	asking->seen->unreachable++;
	*done = false;
}

/* Keeps a line for each head to look at: "number branch". No branch has a blank or a line feed. */
static bool answer_pulls(struct asking *asking, const struct question *question, struct str body,
			 struct arena *a, struct text *keep, bool *done, struct err *e)
{
	struct github_pulls pulls;
	struct err why = ERR_INIT;
	size_t kept = 0;

	(void)e;
	if (!github_pulls_read(body, a, &pulls, &why)) {
		unread_answer(asking, question, &why, done);
		return true;
	}
	for (size_t i = 0; i < pulls.count && kept < PULLS_MOST; i++) {
		const struct github_pull *pull = &pulls.items[i];
		const char *head = arena_printf(a, "%s/%s", pull->head_owner, pull->head_name);

		if (!pull->head_branch[0] || see_is_own_branch(pull->head_branch) ||
		    strcasecmp(head, question->repository->name) != 0)
			continue;
		text_addf(keep, "%llu %s\n", (unsigned long long)pull->number, pull->head_branch);
		kept++;
	}
	return true;
}

/* What is read of a check or status, with whose it is. */
struct report_of {
	struct asking *asking;
	const struct question *question;
	const char *head;
	const char *kind;		/* under which it is marked */
	int64_t id;
	struct notes notes;
	uint64_t annotated;		/* this check run has annotations; 0: none to read */
};

/* False when the store fails; *done is made false when GitHub could not be asked. */
static bool see_report(struct report_of *r, bool *done, struct err *e)
{
	ARENA a = {0};
	REPO repo = NULL;
	struct daemon *d = r->asking->daemon;
	const struct repository *repository = r->question->repository;
	struct github_call call = { .github = d->github, .arena = &a };
	struct found found = {
		.repository = repository, .branch = r->question->branch,
		.sighting = { .job_id = r->id, .job = str_text(&a, r->notes.name),
			      .head_sha = r->head, .pull = r->question->pull },
		.thing = { repository->id, r->kind, r->id, 1 },
	};
	const struct tree *tree = NULL;
	struct err why = ERR_INIT;
	bool handled;

	if (!seen_has(d->store, &found.thing, &handled, e))
		return false;
	if (handled)
		return true;
	if (!see_split_name(&a, repository->name, &call.owner, &call.name) ||
	    !see_tree(d, repository, &call, r->head, &repo, &tree, &why) ||
	    (r->annotated && !see_annotations(&call, r->annotated, &r->notes, &why))) {
		*done = false;
		log_event(LOG_WARNING, "a red check cannot be read now",
			  LOG_TEXT("repository", repository->name),
			  LOG_STR("check", r->notes.name), LOG_TEXT("why", why.text));
		return true;
	}
	found.failure = notes_read(&a, tree, &r->notes, &found.understood);
	if (!see_keep(d, &found, r->asking->seen, e))
		return false;
	r->asking->seen->checks++;
	return true;
}

static bool is_red(enum github_conclusion conclusion)
{
	return conclusion == GITHUB_FAILURE || conclusion == GITHUB_TIMED_OUT;
}

static bool is_foreign(const struct daemon *d, uint64_t app_id, const char *app)
{
	return strcmp(app, "github-actions") != 0 &&
	       (!config_has(d->config, "github.app_id") ||
		(uint64_t)config_integer(d->config, "github.app_id") != app_id);
}

static bool see_check(struct asking *asking, const struct question *question,
		      const struct github_check *check, bool *done, struct err *e)
{
	struct report_of r = {
		.asking = asking, .question = question, .head = check->head, .kind = "check",
		.id = (int64_t)check->id, .notes = notes_of_check(check),
		.annotated = check->annotation_count ? check->id : 0,
	};

	return see_report(&r, done, e);
}

static bool answer_suites(struct asking *asking, const struct question *question, struct str body,
			  struct arena *a, struct text *keep, bool *done, struct err *e)
{
	struct daemon *d = asking->daemon;
	struct github_call call = { .github = d->github, .arena = a };
	struct github_suites suites;
	struct github_checks checks;
	const char *head = NULL;
	struct err why = ERR_INIT;

	(void)keep;
	if (!github_suites_read(body, a, &suites, &why)) {
		unread_answer(asking, question, &why, done);
		return true;
	}
	for (size_t i = 0; i < suites.count; i++)
		if (is_red(suites.items[i].conclusion) && suites.items[i].check_count &&
		    is_foreign(d, suites.items[i].app_id, suites.items[i].app))
			head = suites.items[i].head;
	if (!head)
		return true;
	if (!see_split_name(a, question->repository->name, &call.owner, &call.name) ||
	    !github_checks_list(&call, head, &checks, &why)) {
		unread_answer(asking, question, &why, done);
		return true;
	}
	for (size_t i = 0; i < checks.count; i++)
		if (is_red(checks.items[i].conclusion) &&
		    is_foreign(d, checks.items[i].app_id, checks.items[i].app) &&
		    !see_check(asking, question, &checks.items[i], done, e))
			return false;
	return true;
}

static bool answer_statuses(struct asking *asking, const struct question *question, struct str body,
			    struct arena *a, struct text *keep, bool *done, struct err *e)
{
	struct github_statuses statuses;
	struct err why = ERR_INIT;

	(void)keep;
	if (!github_statuses_read(body, a, &statuses, &why)) {
		unread_answer(asking, question, &why, done);
		return true;
	}
	for (size_t i = 0; i < statuses.count; i++) {
		const struct github_status *status = &statuses.items[i];
		struct report_of r = {
			.asking = asking, .question = question, .head = statuses.head,
			.kind = "status", .id = (int64_t)status->id,
			.notes = notes_of_status(status),
		};

		if ((status->state == GITHUB_STATUS_FAILURE ||
		     status->state == GITHUB_STATUS_ERROR) && !see_report(&r, done, e))
			return false;
	}
	return true;
}

/* The heads of the repositories: their default branches and what the pull requests named. */
struct heads {
	struct question *suites, *statuses;
	size_t count, status_count;
};

static bool add_head(struct daemon *d, const struct repository *repository, const char *branch,
		     int64_t pull, struct arena *a, struct heads *heads, struct err *e)
{
	struct github_call call = { .github = d->github, .arena = a };
	const char *head = arena_printf(a, "heads/%s", branch);
	struct question question = { .repository = repository, .branch = branch, .pull = pull,
		.may_lack = true };

	if (!see_split_name(a, repository->name, &call.owner, &call.name))
		return fail(e, ERR_BUG, "the store knows a repository \"%s\"", repository->name);
	question.name = arena_printf(a, "suites of %lld %s", (long long)repository->id, branch);
	question.path = github_suites_path(&call, head, e);
	if (!question.path)
		return false;
	arena_push(a, heads->suites, heads->count) = question;
	question.name = arena_printf(a, "statuses of %lld %s", (long long)repository->id, branch);
	question.path = github_statuses_path(&call, head, e);
	if (!question.path)
		return false;
	arena_push(a, heads->statuses, heads->status_count) = question;
	return true;
}

static bool add_heads(struct daemon *d, const struct question *pulls, struct arena *a,
		      struct heads *heads, struct err *e)
{
	const struct repository *repository = pulls->repository;
	struct str kept, line, branch;
	unsigned long number;

	if (!add_head(d, repository, repository->default_branch, 0, a, heads, e) ||
	    !see_kept(d, pulls->name, a, &kept, e))
		return false;
	while (str_next(&kept, '\n', &line)) {
		if (!str_split(line, " ", &line, &branch) || !str_number(line, &number) ||
		    str_is(branch, repository->default_branch))
			continue;
		if (!add_head(d, repository, str_text(a, branch), (int64_t)number, a, heads, e))
			return false;
	}
	return true;
}

static bool ask_pulls(struct daemon *d, const struct see_which *which, struct arena *a,
		      struct seen *seen, struct question **out, size_t *count, struct err *e)
{
	struct asking asking = { d, which, seen, answer_pulls };
	struct repository *list;
	struct question *questions;

	if (!see_list(d, which, a, &list, count, e))
		return false;
	questions = arena_array(a, struct question, *count);
	for (size_t i = 0; i < *count; i++) {
		struct github_call call = { .github = d->github, .arena = a };

		questions[i] = (struct question){ .repository = &list[i],
			.name = arena_printf(a, "pulls of %lld", (long long)list[i].id) };
		if (!see_split_name(a, list[i].name, &call.owner, &call.name))
			return fail(e, ERR_BUG, "the store knows a repository \"%s\"", list[i].name);
		questions[i].path = github_pulls_path(&call, e);
		if (!questions[i].path)
			return false;
	}
	*out = questions;
	return see_ask(&asking, questions, *count, e);
}

bool see_checks(struct daemon *d, const struct see_which *which, struct arena *a, struct seen *seen,
		struct err *e)
{
	struct asking suites = { d, which, seen, answer_suites };
	struct asking statuses = { d, which, seen, answer_statuses };
	struct heads heads = {0};
	struct question *pulls;
	size_t count;

	if (!ask_pulls(d, which, a, seen, &pulls, &count, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!add_heads(d, &pulls[i], a, &heads, e))
			return false;
	if (!see_ask(&suites, heads.suites, heads.count, e) ||
	    !see_ask(&statuses, heads.statuses, heads.status_count, e))
		return false;
	/* One that is out of reach was missed by each of the questions. */
	if (seen->unreachable > count)
		seen->unreachable = count;
	return true;
}

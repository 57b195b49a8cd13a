/*
 * Workflow runs and jobs: lists, one, reruns. Logs are in github_log.c.
 */
#include "git/github_runs.h"

#include "bot/base/clock.h"
#include "git/github_private.h"

enum { NAME_MOST = 400, STEPS_MOST = 1000, PAGES_MOST = 20, COUNT_MOST = 1000000000 };

enum github_state github_read_state(struct reading *r, const char *path)
{
	static const char *const words[] = {
		NULL, "queued", "in_progress", "completed", "waiting", "requested", "pending", NULL,
	};

	return (enum github_state)read_word(r, path, words);
}

enum github_conclusion github_read_conclusion(struct reading *r, const char *path)
{
	static const char *const words[] = {
		NULL, "success", "failure", "neutral", "cancelled", "skipped", "timed_out",
		"action_required", "stale", "startup_failure", NULL,
	};

	if (r->good && !json_at(r->json, path))
		return GITHUB_NO_CONCLUSION;
	return (enum github_conclusion)read_word(r, path, words);
}

/* GitHub names pull requests of forks too whose head has the same commit: those are not ours. */
static uint64_t pull_of(const json_t *json)
{
	const json_t *list = json_at(json, "pull_requests");
	int64_t repository = json_integer_or(json, "repository.id", 0);

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		int64_t number = json_integer_or(one, "number", 0);

		if (number > 0 && json_integer_or(one, "base.repo.id", -1) == repository)
			return (uint64_t)number;
	}
	return 0;
}

static bool read_run(const json_t *json, struct arena *a, struct github_run *out, struct err *e)
{
	struct reading r = { json, a, e, true };
	struct str branch;

	read_id(&r, "id", &out->id);
	read_count(&r, "workflow_id", INT64_MAX, &out->workflow_id);
	read_count(&r, "check_suite_id", INT64_MAX, &out->suite_id);
	read_count(&r, "run_attempt", COUNT_MOST, &out->attempt);
	read_count(&r, "run_number", INT64_MAX, &out->number);
	read_sha(&r, "head_sha", out->head);
	/* Anybody may choose a branch's name in a fork: a strange one must not hide the run. */
	branch = json_text_or(json, "head_branch", STR_NONE);
	out->head_branch = github_branch_is_good(branch) ? str_text(a, branch) : "";
	out->head_owner = out->head_name = "";
	if (json_at(json, "head_repository")) {
		read_login(&r, "head_repository.owner.login", &out->head_owner);
		read_repository(&r, "head_repository.name", &out->head_name);
	}
	out->pull = pull_of(json);
	read_text(&r, "name", NAME_MOST, &out->name);
	read_text(&r, "display_title", NAME_MOST, &out->title);
	read_name(&r, "path", &out->workflow_path);
	read_name(&r, "event", &out->event);
	read_name(&r, "actor.login", &out->actor);
	out->state = github_read_state(&r, "status");
	out->conclusion = github_read_conclusion(&r, "conclusion");
	read_time(&r, "created_at", &out->created_ms);
	read_time(&r, "updated_at", &out->updated_ms);
	if (!out->attempt)
		out->attempt = 1;
	return r.good;
}

static void add_query(struct text *path, const char *name, const char *value)
{
	ARENA scratch = {0};

	if (value)
		text_addf(path, "&%s=%s", name, github_path(&scratch, "%s", value));
}

const char *github_runs_path(struct github_call *call, const struct github_runs_filter *filter,
			     struct err *e)
{
	const char *start = github_repository_path(call, e, "/actions/runs?per_page=100");
	struct text path = TEXT(call->arena);
	char time[CLOCK_TEXT_SIZE];

	if (!start)
		return NULL;
	if ((filter->branch && !github_branch_is_good(str_of(filter->branch))) ||
	    (filter->head && !github_sha_is_good(str_of(filter->head)))) {
		fail(e, ERR_INPUT, "this is no branch, or no commit's id");
		return NULL;
	}
	text_adds(&path, start);
	add_query(&path, "branch", filter->branch);
	add_query(&path, "head_sha", filter->head);
	add_query(&path, "event", filter->event);
	add_query(&path, "status", filter->status);
	if (filter->created_from_ms > 0) {
		clock_format(filter->created_from_ms / 1000 * 1000, time);
		add_query(&path, "created", arena_printf(call->arena, ">=%.19sZ", time));
	}
	return text_cstr(&path);
}

struct runs_to {
	struct arena *a;
	struct github_runs *list;
	uint64_t known_id;
	struct pages *pages;		/* NULL: a single one */
};

static bool add_run(void *context, const json_t *item, struct err *e)
{
	struct runs_to *to = context;
	struct github_run one = {0};
	struct err ignored = ERR_INIT;

	(void)e;
	if (!read_run(item, to->a, &one, &ignored)) {
		to->list->left_out++;
		return true;
	}
	arena_push(to->a, to->list->items, to->list->count) = one;
	if (to->pages && one.id <= to->known_id)
		to->pages->enough = true;
	return true;
}

bool github_runs_read(struct str body, struct arena *a, struct github_runs *out, struct err *e)
{
	struct github_runs list = {0};
	struct runs_to to = { .a = a, .list = &list };
	JSON *json = NULL;
	json_t *items;

	if (!github_parse(body, &json, e) ||
	    !json_get_list(json, "workflow_runs", &items, e))
		return fail_while(e, "reading runs");
	for (size_t i = 0; i < json_array_size(items); i++)
		add_run(&to, json_array_get(items, i), e);
	list.complete = (int64_t)json_array_size(items) >= json_integer_or(json, "total_count", 0);
	*out = list;
	return true;
}

bool github_runs_list(struct github_call *call, const struct github_runs_filter *filter,
		      struct github_runs *out, struct err *e)
{
	struct github_runs list = {0};
	struct runs_to to = { .a = call->arena, .list = &list, .known_id = filter->known_id };
	struct pages pages = { .path = github_runs_path(call, filter, e), .list = "workflow_runs",
		.pages_most = filter->pages_most ? filter->pages_most : 1,
		.item = add_run, .context = &to };

	to.pages = &pages;
	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing runs");
	list.complete = pages.complete;
	*out = list;
	return true;
}

bool github_run_get(struct github_call *call, uint64_t run, struct github_run *out,
		    struct err *e)
{
	struct ask ask = { .method = "GET" };
	struct github_run found = {0};
	REPLY reply = {0};

	ask.path = github_repository_path(call, e, "/actions/runs/%s",
		arena_printf(call->arena, "%llu", (unsigned long long)run));
	if (!ask.path || !github_ask(call, &ask, &reply, e) ||
	    !read_run(reply.json, call->arena, &found, e))
		return fail_while(e, "asking for run %llu", (unsigned long long)run);
	*out = found;
	return true;
}

static void read_steps(struct reading *r, struct github_job *job)
{
	const json_t *steps = json_at(r->json, "steps");
	size_t count = json_array_size(steps);

	count = count < STEPS_MOST ? count : STEPS_MOST;
	job->steps = arena_array(r->arena, struct github_step, count);
	for (size_t i = 0; i < count && r->good; i++) {
		struct reading of = { json_array_get(steps, i), r->arena, r->e, true };
		struct github_step *step = &job->steps[job->step_count++];

		read_count(&of, "number", COUNT_MOST, &step->number);
		read_text(&of, "name", NAME_MOST, &step->name);
		step->state = github_read_state(&of, "status");
		step->conclusion = github_read_conclusion(&of, "conclusion");
		r->good = of.good;
	}
}

struct jobs_to {
	struct arena *a;
	struct github_jobs *list;
};

static bool add_job(void *context, const json_t *item, struct err *e)
{
	struct jobs_to *to = context;
	struct github_job one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_id(&r, "id", &one.id);
	read_id(&r, "run_id", &one.run);
	read_count(&r, "run_attempt", COUNT_MOST, &one.attempt);
	read_sha(&r, "head_sha", one.head);
	read_text(&r, "name", NAME_MOST, &one.name);
	read_text(&r, "runner_name", NAME_MOST, &one.runner);
	one.state = github_read_state(&r, "status");
	one.conclusion = github_read_conclusion(&r, "conclusion");
	read_time(&r, "started_at", &one.started_ms);
	read_time(&r, "completed_at", &one.completed_ms);
	read_steps(&r, &one);
	if (r.good)
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

bool github_jobs_list(struct github_call *call, uint64_t run, uint64_t attempt,
		      struct github_jobs *out, struct err *e)
{
	struct github_jobs list = {0};
	struct jobs_to to = { call->arena, &list };
	struct pages pages = { .list = "jobs", .pages_most = PAGES_MOST, .item = add_job,
		.context = &to };

	pages.path = github_repository_path(call, e, "/actions/runs/%s/attempts/%s/jobs?per_page=100",
		arena_printf(call->arena, "%llu", (unsigned long long)run),
		arena_printf(call->arena, "%llu", (unsigned long long)attempt));
	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing the jobs of run %llu", (unsigned long long)run);
	list.complete = pages.complete;
	*out = list;
	return true;
}

bool github_rerun_failed(struct github_call *call, uint64_t run, struct err *e)
{
	struct ask ask = { .method = "POST", .need = GITHUB_NEED_WRITE };
	REPLY reply = {0};

	ask.path = github_repository_path(call, e, "/actions/runs/%s/rerun-failed-jobs",
		arena_printf(call->arena, "%llu", (unsigned long long)run));
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "rerunning run %llu", (unsigned long long)run);
	return true;
}

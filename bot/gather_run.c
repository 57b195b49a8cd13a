/*
 * The red run: is it still what the branch has, was it ever green, was it run again, and how far is
 * its fix? Asks GitHub and the fix job.
 */
#include "bot/turn.h"

#include "bot/job.h"
#include "git/github_commits.h"
#include "git/github_runs.h"
#include "git/remote.h"

#include <string.h>

enum { BEGUN_MOST = 3, STARTS_MOST = 20 };
enum { FRESH_RUN_MS = 10 * 60 * 1000, RERUN_MS = 60 * 60 * 1000, DRIFT_MS = 12 * 60 * 60 * 1000 };

static bool is_over(const struct github_run *run, enum github_conclusion conclusion)
{
	return run->state == GITHUB_COMPLETED && run->conclusion == conclusion;
}

/* A commit that starts no run of its own changes nothing; until that is clear it is waited for. */
static enum currency never_run(struct turn *t)
{
	if (strcmp(story_text(t, "moved.head"), t->base_head) != 0)
		story_set(t, "moved", json_pack("{s:s,s:I}", "head", t->base_head, "at",
						(json_int_t)t->now));
	if (t->now - json_integer_or(t->story, "moved.at", t->now) > FRESH_RUN_MS)
		return RUN_CURRENT;
	return RUN_PENDING;
}

/* What the newest run of the same workflow on the branch's head says. */
static bool newer_run(struct turn *t, uint64_t workflow, enum currency *out, struct err *e)
{
	const struct github_runs_filter filter = { .branch = t->incident.branch,
						   .head = t->base_head };
	struct github_runs runs;
	bool handled;

	if (!github_runs_list(&t->call, &filter, &runs, e))
		return false;
	for (size_t i = 0; i < runs.count; i++) {
		const struct github_run *run = &runs.items[i];
		const struct seen_thing thing = { t->repository.id, "run", (int64_t)run->id,
						  (int64_t)run->attempt };

		if (run->workflow_id != workflow)
			continue;
		*out = RUN_PENDING;
		if (is_over(run, GITHUB_SUCCESS))
			*out = RUN_GREEN_NOW;
		else if (is_over(run, GITHUB_FAILURE) || is_over(run, GITHUB_TIMED_OUT)) {
			/* Red by this failure it would be the newest sighting. */
			if (!seen_has(t->daemon->store, &thing, &handled, e))
				return false;
			*out = handled ? RUN_OUTDATED : RUN_PENDING;
		}
		return true;
	}
	*out = never_run(t);
	return true;
}

static bool find_currency(struct turn *t, struct github_run *run, enum currency *out,
			  struct err *e)
{
	struct err why = ERR_INIT;

	if (!github_branch_head(&t->call, t->incident.branch, t->base_head, &why)) {
		*out = RUN_BRANCH_GONE;
		return why.kind == ERR_GONE || (*e = why, false);
	}
	*out = RUN_CURRENT;
	if (!t->source.run_id) {
		/* A check of another system: on a newer commit it says so again, or it is good. */
		if (strcmp(t->base_head, t->source.head_sha) != 0)
			*out = never_run(t) == RUN_PENDING ? RUN_PENDING : RUN_OUTDATED;
		return true;
	}
	if (!github_run_get(&t->call, (uint64_t)t->source.run_id, run, &why)) {
		run->id = 0;
		return why.kind == ERR_GONE || (*e = why, false);	/* deleted */
	}
	t->actor = run->actor;
	if (is_over(run, GITHUB_SUCCESS))
		*out = RUN_GREEN_NOW;
	else if (strcmp(t->base_head, t->source.head_sha) != 0)
		return newer_run(t, run->workflow_id, out, e);
	return true;
}

/*
 * Did the workflow succeed on a branch after an incident was over? One that was set aside at once counts
 * from the run that it was about, as the next run may have begun before that was written down. GitHub's
 * times are whole seconds.
 */
static bool green_since(struct turn *t, const char *branch, const struct github_run *red,
			const struct incident *before, bool *green, struct err *e)
{
	const struct github_runs_filter filter = { .branch = branch, .status = "success" };
	struct github_runs runs;
	struct err ignored = ERR_INIT;
	JSON *story = NULL;
	int64_t run = 0;

	if (before->stage == STAGE_SUPERSEDED && json_parse(before->facts, 16 << 20, &story, &ignored))
		run = json_integer_or(story, "source.run", 0);

	*green = false;
	if (!github_runs_list(&t->call, &filter, &runs, e))
		return false;
	for (size_t i = 0; i < runs.count; i++)
		if ((run ? runs.items[i].id > (uint64_t)run
			 : runs.items[i].created_ms / 1000 >= before->updated_at / 1000) &&
		    (!red->id || runs.items[i].workflow_id == red->workflow_id))
			*green = true;
	return true;
}

/*
 * A person who closed our pull request, or has taken it over, does not want another one for every
 * further run that shows the same failure.
 */
static bool is_left(struct turn *t, const struct github_run *red, bool *left, struct err *e)
{
	struct incident before;
	JSON *story = NULL;
	struct err why = ERR_INIT;
	bool green;

	*left = false;
	/* Unless a person asks for it. */
	if (json_at(t->story, "woken"))
		return true;
	if (!incident_before(t->daemon->store, &t->incident, t->arena, &before, &why))
		return why.kind == ERR_GONE || (*e = why, false);
	if (!json_parse(before.facts, 16 << 20, &story, e))
		return false;
	if (!json_at(story, "left"))
		return true;
	if (!green_since(t, t->incident.branch, red, &before, &green, e))
		return false;
	*left = !green;
	if (*left)
		story_set(t, "left", json_incref(json_at(story, "left")));
	return true;
}

/* Does the base branch have the same failure? */
static bool base_is_red(struct turn *t, const struct github_run *run, bool *red, struct err *e)
{
	const struct incident_key key = {
		.signature = t->incident.signature, .family = t->incident.family,
		.repository = t->incident.repository, .repository_id = t->incident.repository_id,
		.branch = t->repository.default_branch, .base_sha = "",
	};
	struct incident other;
	struct err why = ERR_INIT;
	bool green;

	*red = false;
	if (!strcmp(t->incident.branch, t->repository.default_branch))
		return true;
	if (!incident_last(t->daemon->store, &key, t->arena, &other, &why))
		return why.kind == ERR_GONE || (*e = why, false);
	*red = !stage_is_end(other.stage);
	if (other.stage != STAGE_ESCALATED)
		return true;
	if (!green_since(t, t->repository.default_branch, run, &other, &green, e))
		return false;
	*red = !green;
	return true;
}

/*
 * On the default branch people stand still while it is red, so there the commit that broke it may be
 * taken back; elsewhere somebody is at work. The newest green run before this one is where to begin.
 */
static bool find_last_green(struct turn *t, const struct github_run *red, struct err *e)
{
	const struct github_runs_filter filter = { .branch = t->incident.branch, .status = "success" };
	struct github_runs runs;

	if (!red->id || json_at(t->story, "last_green") ||
	    strcmp(t->incident.branch, t->repository.default_branch) != 0)
		return true;
	if (!github_runs_list(&t->call, &filter, &runs, e))
		return false;
	for (size_t i = 0; i < runs.count; i++) {
		const struct github_run *run = &runs.items[i];

		if (run->workflow_id != red->workflow_id || run->id >= red->id ||
		    !strcmp(run->head, red->head))
			continue;
		story_set(t, "last_green", json_string(run->head));
		return true;
	}
	return true;
}

static bool find_history(struct turn *t, const struct github_run *red, enum history *out,
			 struct err *e)
{
	const struct github_runs_filter filter = { .head = red->head };
	struct github_runs runs;
	bool base_red, left;

	*out = HISTORY_NEW;
	if (!is_left(t, red, &left, e) || !base_is_red(t, red, &base_red, e) ||
	    !find_last_green(t, red, e))
		return false;
	if (base_red)
		*out = HISTORY_BASE_RED;
	if (left)
		*out = HISTORY_LEFT;
	if (base_red || left || !red->id)
		return true;
	if (!github_runs_list(&t->call, &filter, &runs, e))
		return false;
	for (size_t i = 0; i < runs.count; i++) {
		const struct github_run *run = &runs.items[i];

		if (run->workflow_id == red->workflow_id && run->id < red->id &&
		    is_over(run, GITHUB_SUCCESS))
			*out = red->created_ms - run->created_ms > DRIFT_MS ? HISTORY_DRIFT
									    : HISTORY_FLAKY;
	}
	return true;
}

static enum diagnosis diagnosis_of(const struct turn *t)
{
	const char *word = story_text(t, "diagnosis");

	if (!strcmp(word, "real"))
		return DIAGNOSIS_REAL;
	if (!strcmp(word, "transient"))
		return DIAGNOSIS_TRANSIENT;
	if (!strcmp(word, "outside"))
		return DIAGNOSIS_OUTSIDE;
	return *word ? DIAGNOSIS_UNKNOWN : DIAGNOSIS_NONE;
}

/*
 * What failed in two of the last three runs in the same way does not pass by itself. Asked once, before
 * the first rerun.
 */
static bool failed_before(struct turn *t, bool *failed, struct err *e)
{
	const struct github_runs_filter filter = { .branch = t->incident.branch, .status = "completed" };
	struct github_run red;
	struct github_runs runs;
	unsigned looked = 0, seen = 0;
	struct err why = ERR_INIT;

	*failed = false;
	if (!github_run_get(&t->call, (uint64_t)t->source.run_id, &red, &why))
		return why.kind == ERR_GONE || (*e = why, false);
	if (!github_runs_list(&t->call, &filter, &runs, e))
		return false;
	for (size_t i = 0; i < runs.count && looked < 3; i++) {
		bool same;

		if (runs.items[i].workflow_id != red.workflow_id || runs.items[i].id > red.id)
			continue;
		if (!incident_seen_in(t->daemon->store, &t->incident, (int64_t)runs.items[i].id, &same, e))
			return false;
		looked++;
		seen += same;
	}
	*failed = seen >= 2;
	return true;
}

/* At most one rerun an incident: when it is over, or an hour was not enough, it did not help. */
static bool find_rerun(struct turn *t, enum rerun *out, struct err *e)
{
	const int64_t run_id = json_integer_or(t->story, "rerun.run", 0);
	struct github_run run;
	struct err why = ERR_INIT;

	/* What has no run cannot be run again: as if it had been in vain. */
	*out = t->source.run_id ? RERUN_NONE : RERUN_RED;
	if (!run_id && t->source.run_id && diagnosis_of(t) == DIAGNOSIS_TRANSIENT) {
		bool failed = json_boolean_or(t->story, "failed_before", false);

		if (!json_at(t->story, "failed_before") && !failed_before(t, &failed, e))
			return false;
		story_set(t, "failed_before", json_boolean(failed));
		*out = failed ? RERUN_RED : RERUN_NONE;
		if (failed)
			t->note = "two of the last three runs failed in the same way";
	}
	if (!run_id)
		return true;
	*out = RERUN_RED;
	if (t->now - json_integer_or(t->story, "rerun.at", 0) > RERUN_MS)
		return true;
	if (!github_run_get(&t->call, (uint64_t)run_id, &run, &why))
		return why.kind == ERR_GONE || (*e = why, false);
	if (run.state != GITHUB_COMPLETED ||
	    (int64_t)run.attempt <= json_integer_or(t->story, "rerun.attempt", 0))
		*out = RERUN_RUNNING;
	else if (is_over(&run, GITHUB_SUCCESS) && json_boolean_or(t->story, "source.own", false))
		*out = RERUN_GREEN;
	return true;
}

static bool is_fetched(struct turn *t)
{
	REPO repo = NULL;
	struct err ignored = ERR_INIT;

	return remote_open(turn_mirror(t), &repo, &ignored) &&
	       repo_has_commit(repo, story_text(t, "source.head"));
}

/* What a job that has ended says: nothing red any more is as good as "passes when run again". */
static enum fixing fixing_of(struct turn *t, const struct job_result *job)
{
	JSON *answer = NULL;
	struct err ignored = ERR_INIT;
	struct str action;

	if (job->state == JOB_NONE)
		return FIXING_NONE;
	if (job->state == JOB_RUNNING)
		return FIXING_RUNNING;
	t->note = job->why;
	if (job->state == JOB_BROKEN || (job->exit_code != 0 && job->exit_code != 2) ||
	    !json_parse(job->answer, 16 << 20, &answer, &ignored))
		return FIXING_BROKEN;
	t->fix_answer = job->answer;
	action = json_text_or(answer, "action", STR("rerun"));
	if (str_is(action, "rerun"))
		return FIXING_RERUN;
	return job->exit_code == 0 && json_text_or(answer, "commit", STR("")).size ? FIXING_PROVEN
										   : FIXING_NOTHING;
}

static bool find_fixing(struct turn *t, enum fixing *out, struct err *e)
{
	struct job_result job;

	*out = FIXING_NONE;
	/* The story says which attempt is on its way; one that was scored is over. */
	if (json_integer_or(t->story, "fixing", 0) != t->incident.attempt || !t->incident.attempt)
		return true;
	if (!job_look(t->daemon, t->incident.id, t->incident.attempt, t->arena, &job, e))
		return false;
	*out = fixing_of(t, &job);
	/*
	 * A job that was killed with the machine is started again, a few times; one that never began
	 * was killed with the daemon, which is no fault of the job.
	 */
	if (job.state == JOB_BROKEN && job.begun < BEGUN_MOST &&
	    json_integer_or(t->story, "starts", 0) < STARTS_MOST)
		*out = FIXING_NONE;
	return true;
}

/*
 * A job at work is looked at many times a second, which is no reason to ask GitHub as often: between
 * two polls the run is taken for what it was.
 */
static bool asked_just_now(struct turn *t, bool *working, struct err *e)
{
	const int64_t every_ms = config_integer(t->daemon->config, "poll.every_s") * 1000;

	*working = false;
	if (t->incident.stage != STAGE_EXECUTING)
		return true;
	if (!find_fixing(t, &t->facts.run.fixing, e))
		return false;
	*working = t->facts.run.fixing == FIXING_RUNNING &&
		   t->now - json_integer_or(t->story, "asked_at", 0) < every_ms;
	if (!*working)
		story_set(t, "asked_at", json_integer(t->now));
	return true;
}

bool gather_run(struct turn *t, struct err *e)
{
	struct run_facts *f = &t->facts.run;
	struct github_run run = {0};
	bool working;

	if (!asked_just_now(t, &working, e))
		return false;
	if (working) {
		*f = (struct run_facts){ .scope = f->scope, .currency = RUN_CURRENT,
					 .diagnosis = DIAGNOSIS_REAL, .fetched = true,
					 .fixing = FIXING_RUNNING, .attempts_left = true };
		return true;
	}
	if (!find_currency(t, &run, &f->currency, e))
		return false;
	t->facts.pull.currency = f->currency;
	f->diagnosis = diagnosis_of(t);
	if (t->incident.stage > STAGE_VERIFYING || f->currency != RUN_CURRENT)
		return true;
	if (!find_rerun(t, &f->rerun, e) || !find_fixing(t, &f->fixing, e))
		return false;
	if (t->incident.stage < STAGE_EXECUTING && !find_history(t, &run, &f->history, e))
		return false;
	f->fetched = is_fetched(t);
	f->attempts_left = t->incident.attempt < ATTEMPTS_MOST || f->fixing != FIXING_NONE ||
			   json_integer_or(t->story, "fixing", 0) == t->incident.attempt;
	return true;
}

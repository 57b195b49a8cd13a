/*
 * Branch and pull request of a fix, up to the merge. Whether any of it may be done was decided
 * before; that it is done once is bot/effect.c's.
 */
#include "bot/act.h"

#include "bot/base/kill_point.h"
#include "bot/effect.h"
#include "git/github_checks.h"
#include "git/github_commits.h"
#include "git/github_runs.h"
#include "git/remote.h"

#include <string.h>

enum { MERGE_AGAIN_MS = 60 * 1000, CHECKS_FIRST_MS = 2000, PUSH_AGAIN_MS = 2000, MERGED_MS = 500 };

bool act_push(struct turn *t, struct err *e)
{
	const char *expected = t->fix_head[0] ? t->fix_head : NULL;

	/* GitHub may not show at once what was pushed. */
	const bool again = !strcmp(story_text(t, "pushed"), t->incident.fix_commit);

	if (!act_push_branch(t, "push", turn_fix_branch(t), t->incident.fix_commit, expected, e))
		return false;
	story_set(t, "pushed", json_string(t->incident.fix_commit));
	return act_move(t, STAGE_VERIFYING, again ? PUSH_AGAIN_MS : 0, e, "%.12s is on %s",
			t->incident.fix_commit, turn_fix_branch(t));
}

bool act_open_pull(struct turn *t, struct err *e)
{
	struct words words = act_words(t);
	uint64_t number;

	if (!act_create_pull(t, "pull", turn_fix_branch(t), words_pull_title(t->arena, &words),
			     words_pull_body(t->arena, &words), true, &number, e))
		return false;
	t->incident.pull = (int64_t)number;
	return act_move(t, STAGE_VERIFYING, 0, e, "pull request #%llu is open",
			(unsigned long long)number);
}

/* After a further attempt the text is that of the new fix. */
static bool refresh_pull(struct turn *t, struct err *e)
{
	struct words words = act_words(t);
	struct str title = words_pull_title(t->arena, &words);
	struct str body = words_pull_body(t->arena, &words);

	if (str_equal(title, t->pull.title) && str_equal(body, t->pull.body))
		return true;
	return github_pull_update(&t->call, t->pull.number, title, body, false, e);
}

bool act_propose(struct turn *t, struct err *e)
{
	static const char *const labels[] = { "aegis" };
	const enum stage before = t->incident.stage;

	t->incident.pull = (int64_t)t->pull.number;
	story_set(t, "proposed_at", json_integer(t->now));
	t->incident.stage = STAGE_PROPOSED;		/* as people read it */
	if (!act_say_check(t, e) || !refresh_pull(t, e) ||
	    !act_say_labels(t, t->pull.number, labels, 1, e) ||
	    !act_say_comment(t, t->pull.number, e))
		return false;
	t->incident.stage = before;
	return act_move(t, STAGE_PROPOSED, CHECKS_FIRST_MS, e, "pull request #%llu waits for its checks",
			(unsigned long long)t->pull.number);
}

static bool look_ready(struct turn *t, void *context, json_t **found, struct err *e)
{
	struct github_pull pull;

	(void)context;
	if (!github_pull_get(&t->call, t->pull.number, &pull, e))
		return false;
	if (!pull.is_draft)
		*found = json_object();
	return true;
}

static bool send_ready(struct turn *t, void *context, json_t **made, struct err *e)
{
	(void)context;
	if (!github_pull_ready(&t->call, &t->pull, e))
		return false;
	*made = json_object();
	return true;
}

bool act_ready(struct turn *t, struct err *e)
{
	const struct effect_plan plan = { "ready", t->pull.head, look_ready, send_ready, NULL };

	return effect_once(t, &plan, NULL, e) &&
	       act_move(t, t->incident.stage, 500, e, "its checks are green: ready for review");
}

static const char *why_ask(const struct turn *t)
{
	const struct pull_facts *f = &t->facts.pull;

	if (may_merge(f))
		return arena_printf(t->arena, "its checks are green, and GitHub does not let it be merged: "
				    "%s", t->note ? t->note : "no reason was given");
	return arena_printf(t->arena, "its checks are green; a person decides (%s confidence, risk %s)",
			    tier_name(f->tier), risk_name(f->risk));
}

bool act_ask(struct turn *t, struct err *e)
{
	static const char *const labels[] = { "aegis: needs a person" };
	const enum stage before = t->incident.stage;

	t->incident.stage = STAGE_AWAITING_APPROVAL;
	t->incident.why = why_ask(t);
	if (!act_say_labels(t, t->pull.number, labels, 1, e) ||
	    !act_say_comment(t, t->pull.number, e))
		return false;
	t->incident.stage = before;
	return act_move(t, STAGE_AWAITING_APPROVAL, 1000, e, "%s", t->incident.why);
}

bool act_merge(struct turn *t, struct err *e)
{
	struct words words = act_words(t);
	bool merged;

	if (!act_merge_pull(t, "merge", &t->pull, t->pull.title,
			    words_merge_message(t->arena, &words), &merged, e))
		return false;
	if (!merged)
		return act_wait(t, t->pull.merge_state == GITHUB_MERGE_BLOCKED ? 0 : MERGE_AGAIN_MS, e);
	return act_move(t, t->incident.stage, MERGED_MS, e, "merged at %.12s", t->pull.head);
}

/* The branch has done its work; one that somebody moved is left alone. */
static void remove_branch(struct turn *t)
{
	struct err ignored = ERR_INIT;

	if (!strcmp(t->fix_head, t->incident.fix_commit))
		github_branch_delete(&t->call, turn_fix_branch(t), &ignored);
}

bool act_note_merged(struct turn *t, struct err *e)
{
	const enum stage before = t->incident.stage;

	t->incident.merge_sha = arena_strdup(t->arena, t->pull.merge_commit);
	t->incident.stage = STAGE_MERGED;
	story_set(t, "merged_at", json_integer(t->pull.merged_ms ? t->pull.merged_ms : t->now));
	if (!act_say_comment(t, t->pull.number, e))
		return false;
	remove_branch(t);
	t->incident.stage = before;
	return act_move(t, STAGE_MERGED, 0, e, "merged as %.12s", t->incident.merge_sha);
}

/* The red job of our own branch becomes what is mended next, on top of what is there. */
static bool find_red_job(struct turn *t, bool *found, struct err *e)
{
	const struct github_runs_filter filter = { .head = t->pull.head };
	struct github_runs runs;
	struct github_jobs jobs;

	*found = false;
	if (!github_runs_list(&t->call, &filter, &runs, e))
		return false;
	for (size_t i = 0; i < runs.count; i++) {
		const struct github_run *run = &runs.items[i];

		if (run->state != GITHUB_COMPLETED || run->conclusion == GITHUB_SUCCESS)
			continue;
		if (!github_jobs_list(&t->call, run->id, run->attempt, &jobs, e))
			return false;
		for (size_t n = 0; n < jobs.count && !*found; n++) {
			const struct github_job *job = &jobs.items[n];

			if (job->conclusion != GITHUB_FAILURE && job->conclusion != GITHUB_TIMED_OUT)
				continue;
			story_set(t, "source", json_pack("{s:I,s:I,s:o,s:s,s:b}", "run",
				(json_int_t)run->id, "job", (json_int_t)job->id, "name",
				json_string_of(job->name), "head", t->pull.head, "own", 1));
			*found = true;
		}
	}
	return true;
}

static void remember(struct turn *t, const char *what)
{
	if (!json_at(t->story, "history"))
		story_set(t, "history", json_array());
	json_array_append_new(json_at(t->story, "history"), json_string(what));
}

bool act_retry(struct turn *t, struct err *e)
{
	bool found;

	if (!find_red_job(t, &found, e))
		return false;
	/* The red check is of somebody else: there is no log to go by, and the old fix is not enough. */
	if (!found)
		story_set(t, "source", json_pack("{s:i,s:i,s:s,s:s,s:b}", "run", 0, "job", 0, "name", "",
						 "head", t->pull.head, "own", 1));
	remember(t, arena_printf(t->arena, "attempt %lld: %s; its checks stayed red: %s",
				 (long long)t->incident.attempt, story_text(t, "fix.why"),
				 t->note ? t->note : "a check failed"));
	story_set(t, "fixing", NULL);
	story_set(t, "diagnosis", NULL);
	story_set(t, "rerun", NULL);
	return act_move(t, STAGE_INVESTIGATING, 0, e, "the checks of the fix are red: %s",
			t->note ? t->note : "a check failed");
}

/* From the branch as it is now, with the log of the first red run. */
bool act_rebuild(struct turn *t, struct err *e)
{
	story_set(t, "source", json_pack("{s:I,s:I,s:s,s:s}", "run", (json_int_t)t->source.run_id,
					 "job", (json_int_t)t->source.job_id, "name", t->source.job,
					 "head", t->base_head));
	remember(t, arena_printf(t->arena, "attempt %lld: %s; %s moved on and %s",
				 (long long)t->incident.attempt, story_text(t, "fix.why"),
				 t->incident.branch,
				 t->facts.pull.mergeable == MERGEABLE_BEHIND ?
				 "must be under what is merged" : "it does not merge"));
	story_set(t, "fixing", NULL);
	story_set(t, "diagnosis", json_string("real"));
	return act_move(t, STAGE_HYPOTHESIS_RECEIVED, 0, e,
			"%s has moved on: the fix is made and proven again", t->incident.branch);
}

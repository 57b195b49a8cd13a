/*
 * From a red run to a scored fix: reads the log, asks for a rerun, brings the commit here and has the
 * fix made by a child process. Judges nothing: what a log says is ci's, what a fix is worth the
 * job's.
 */
#include "bot/act.h"

#include "bot/base/log.h"
#include "bot/base/redact.h"
#include "bot/effect.h"
#include "bot/job.h"
#include "bot/see.h"
#include "ci/excerpt.h"
#include "ci/explain.h"
#include "ci/log.h"
#include "git/github_runs.h"
#include "git/remote.h"

#include <string.h>
#include <unistd.h>

static const uint64_t log_bytes_most = UINT64_C(64) << 20;

static bool keep_part(void *context, struct str part)
{
	text_add(context, part);
	return true;
}

/* The text of the red job's log; empty when there is none (any more). */
static bool read_source(struct turn *t, struct str *log, struct err *e)
{
	struct text text = TEXT(t->arena);
	struct err why = ERR_INIT;
	const int64_t job = json_integer_or(t->story, "source.job", 0);
	bool whole;

	*log = STR("");
	/* Without a run it is a check of another system, whose number is no job's. */
	if (!job || !json_integer_or(t->story, "source.run", 0))
		return true;
	if (!github_job_log(&t->call, (uint64_t)job, log_bytes_most, keep_part, &text, &whole, &why))
		return why.kind == ERR_GONE || (*e = why, false);
	*log = text_str(&text);
	return true;
}

/* The failure that the incident is about; of a further red job the first one. */
static const struct failure *choose(const struct turn *t, const struct report *report)
{
	for (size_t i = 0; i < report->failure_count; i++)
		if (!strcmp(report->failures[i].signature, t->incident.signature))
			return &report->failures[i];
	return report->failure_count ? report->failures : NULL;
}

static void take_sighting(struct turn *t)
{
	story_set(t, "source", json_pack("{s:I,s:I,s:s,s:s}", "run", (json_int_t)t->source.run_id,
					 "job", (json_int_t)t->source.job_id, "name", t->source.job,
					 "head", t->source.head_sha));
}

/* Own frames are those of files of the commit, so that the log is read with its tree. */
static bool open_tree(struct turn *t, struct repo **repo, const struct repo_tree **tree,
		      struct err *e)
{
	struct err ignored = ERR_INIT;
	const char *head = story_text(t, "source.head");

	if (remote_open(turn_mirror(t), repo, &ignored) &&
	    repo_tree(*repo, head, t->arena, tree, &ignored))
		return true;
	repo_close(repo);
	*repo = NULL;
	return act_fetch_mirror(t, e) && remote_open(turn_mirror(t), repo, e) &&
	       repo_tree(*repo, head, t->arena, tree, e);
}

/* What people are shown of the log; where it is all of a wall of text, the part with the error. */
static void keep_failure(struct turn *t, const struct failure *failure, struct str log,
			 const char *diagnosis)
{
	unsigned long first = 0;
	struct str lines = failure ? excerpt_of(t->arena, log, failure, &first) : STR("");

	story_set(t, "failure", failure ? explain_failure_json(failure) : NULL);
	story_set(t, "excerpt", lines.size ? json_pack("{s:I,s:o}", "first", (json_int_t)first, "lines",
						       json_string_of(redact_text(lines, t->arena)))
					   : NULL);
	story_set(t, "diagnosis", json_string(diagnosis));
}

static const char *diagnosis_of(const struct failure *failure)
{
	return !failure ? "unknown" : failure->transient ? "transient" : "real";
}

/*
 * Without a log the annotations speak. What they say of the world around the code is for people, but
 * for a lost runner; and what another system checks cannot be run again from here.
 */
static bool read_notes(struct turn *t, const struct tree *tree, const struct failure **failure,
		       const char **diagnosis, struct err *e)
{
	const struct sighting source = {
		.run_id = json_integer_or(t->story, "source.run", 0),
		.job_id = json_integer_or(t->story, "source.job", 0),
		.head_sha = story_text(t, "source.head"),
	};
	bool understood;

	if (!see_again(t->daemon, &t->call, &source, tree, failure, &understood, e))
		return false;
	*diagnosis = "unknown";
	if (!*failure || !understood)
		return true;
	if ((*failure)->transient && source.run_id && source.job_id)
		*diagnosis = "transient";
	else if ((*failure)->kind >= KIND_EXCEPTION && (*failure)->kind <= KIND_DEPENDENCY)
		*diagnosis = "real";
	else
		*diagnosis = "outside";
	return true;
}

bool act_read(struct turn *t, struct err *e)
{
	REPO repo = NULL;
	const struct repo_tree *tree;
	const struct failure *failure;
	const char *diagnosis;
	struct str log;

	if (!json_boolean_or(t->story, "source.own", false))
		take_sighting(t);
	if (!open_tree(t, &repo, &tree, e) || !read_source(t, &log, e))
		return false;
	failure = choose(t, log_read(t->arena, &tree->view, log));
	diagnosis = diagnosis_of(failure);
	if (!failure && !read_notes(t, &tree->view, &failure, &diagnosis, e))
		return false;
	keep_failure(t, failure, log, diagnosis);
	t->incident.head_sha = story_text(t, "source.head");
	return act_move(t, STAGE_INVESTIGATING, 0, e, "%s",
			!failure ? "nothing says why it is red" : log.size ? "the log was read"
								: "there is no log; its annotations were read");
}

bool act_diagnose(struct turn *t, struct err *e)
{
	return act_move(t, STAGE_HYPOTHESIS_RECEIVED, 0, e, "%s in %s",
			*story_text(t, "failure.type") ? story_text(t, "failure.type")
						       : story_text(t, "failure.kind"),
			*story_text(t, "failure.file") ? story_text(t, "failure.file") : "no file");
}

static bool look_rerun(struct turn *t, void *context, json_t **found, struct err *e)
{
	const struct github_run *before = context;
	struct github_run run;

	if (!github_run_get(&t->call, before->id, &run, e))
		return false;
	if (run.attempt > before->attempt)
		*found = json_pack("{s:I}", "attempt", (json_int_t)run.attempt);
	return true;
}

static bool send_rerun(struct turn *t, void *context, json_t **made, struct err *e)
{
	const struct github_run *before = context;

	if (!github_rerun_failed(&t->call, before->id, e))
		return false;
	*made = json_pack("{s:I}", "attempt", (json_int_t)before->attempt + 1);
	return true;
}

bool act_rerun(struct turn *t, struct err *e)
{
	struct github_run run = { .id = (uint64_t)json_integer_or(t->story, "source.run", 0) };
	const int64_t number = json_integer_or(t->story, "woken", 0) + 1;
	const struct effect_plan plan = { "rerun", arena_printf(t->arena, "%lld", (long long)number),
					  look_rerun, send_rerun, &run };

	if (!run.id)
		run.id = (uint64_t)t->source.run_id;
	/* The attempt that was red is written down before a new one is asked for. */
	if (!json_integer_or(t->story, "rerun.run", 0)) {
		if (!github_run_get(&t->call, run.id, &run, e))
			return false;
		story_set(t, "rerun", json_pack("{s:I,s:I,s:I}", "run", (json_int_t)run.id, "attempt",
						(json_int_t)run.attempt, "at", (json_int_t)t->now));
		if (!act_wait(t, 0, e))
			return false;
	}
	run.attempt = (uint64_t)json_integer_or(t->story, "rerun.attempt", 0);
	return effect_once(t, &plan, NULL, e) &&
	       act_move(t, t->incident.stage, 1000, e, "the failed jobs are run again");
}

bool act_fetch(struct turn *t, struct err *e)
{
	if (!t->facts.run.fetched && !act_fetch_mirror(t, e))
		return false;
	return act_move(t, STAGE_CONTEXT_RETRIEVED, 0, e, "commit %.12s is here",
			story_text(t, "source.head"));
}

static size_t jobs_most(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	return processors > 3 ? (size_t)processors / 2 : 1;
}

/* A hint and what a review asks for; NULL when there is neither. */
static const char *people_of(struct turn *t)
{
	const char *hint = story_text(t, "hint"), *review = story_text(t, "review");

	if (!*hint && !*review)
		return NULL;
	return arena_printf(t->arena, "%s%s%s", hint, *hint && *review ? "\n" : "", review);
}

/* An attempt is written down before its job starts; one that was killed keeps its number. */
bool act_fix(struct turn *t, struct err *e)
{
	struct job_order order = {
		.incident = t->incident.id, .repository_id = t->repository.id,
		.commit = story_text(t, "source.head"), .settings = t->settings_text,
		.default_branch = t->repository.default_branch,
		.good = json_at(t->story, "last_green") ? story_text(t, "last_green") : NULL,
		.author_name = t->daemon->own.author_name, .author_mail = t->daemon->own.author_mail,
		.people = people_of(t),
	};

	if (job_running(t->daemon) >= jobs_most())
		return act_wait(t, 500, e);
	if (json_integer_or(t->story, "fixing", 0) != t->incident.attempt || !t->incident.attempt) {
		t->incident.attempt++;
		story_set(t, "fixing", json_integer(t->incident.attempt));
		story_set(t, "starts", NULL);
	}
	story_set(t, "starts", json_integer(json_integer_or(t->story, "starts", 0) + 1));
	t->incident.base_sha = order.commit;
	order.number = t->incident.attempt;
	return read_source(t, &order.log, e) &&
	       act_move(t, STAGE_EXECUTING, 50, e, "attempt %lld of %d",
			(long long)t->incident.attempt, ATTEMPTS_MOST) &&
	       job_start(t->daemon, &order, t->arena, e);
}

/* Long texts stay with the job: the store keeps what is shown and decided by. */
bool act_score(struct turn *t, struct err *e)
{
	JSON *answer = NULL;
	json_t *proven;

	if (t->facts.run.fixing == FIXING_PROVEN || t->fix_answer.size) {
		if (!json_parse(t->fix_answer, 16 << 20, &answer, e))
			return false;
		story_set(t, "fix", json_incref(answer));
	}
	if (t->facts.run.fixing != FIXING_PROVEN)
		return act_move(t, STAGE_VERIFYING, 0, e, "%s", t->note ? t->note :
				*story_text(t, "fix.why") ? story_text(t, "fix.why") : "no fix");
	t->incident.fix_commit = story_text(t, "fix.commit");
	proven = json_at(t->story, "proven");
	if (!proven) {
		proven = json_array();
		story_set(t, "proven", proven);
	}
	json_array_append_new(proven, json_pack("{s:s,s:s,s:s}", "commit", t->incident.fix_commit, "tier",
			      story_text(t, "fix.tier"), "risk", story_text(t, "fix.risk")));
	return act_move(t, STAGE_VERIFYING, 0, e, "%s", story_text(t, "fix.why"));
}

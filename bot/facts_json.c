/*
 * A word for each value of each fact. Says nothing of what follows from them: that is bot/step.c's.
 */
#include "bot/facts_json.h"

static const char *const currencies[] = { "current", "pending", "outdated", "green now",
					  "branch gone" };
static const char *const scopes[] = { "open", "paused", "fork", "own branch", "no access",
				     "unwanted", "own commit", "refused" };
static const char *const diagnoses[] = { "none", "unknown", "transient", "outside", "real" };
static const char *const histories[] = { "new", "flaky", "base red", "drift", "left" };
static const char *const reruns[] = { "none", "running", "red", "green" };
static const char *const fixings[] = { "none", "running", "proven", "rerun", "nothing", "broken" };
static const char *const branches[] = { "absent", "ours", "foreign" };
static const char *const pulls[] = { "none", "draft", "open", "closed", "merged" };
static const char *const verdicts[] = { "empty", "waiting", "red", "green" };
static const char *const mergeables[] = { "unknown", "yes", "no", "blocked", "behind" };
static const char *const approvals[] = { "none", "yes", "changes", "no" };
static const char *const autonomies[] = { "propose", "guarded", "autopilot" };
static const char *const deploys[] = { "none", "pending", "done", "failed" };
static const char *const windows[] = { "closed", "watching", "held", "decayed", "unknown" };
static const char *const reverts[] = { "none", "conflict", "open", "merged", "closed" };

static json_t *run_json(const struct run_facts *f)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:b}", "run", currencies[f->currency], "scope",
			 scopes[f->scope], "diagnosis", diagnoses[f->diagnosis], "history",
			 histories[f->history], "rerun", reruns[f->rerun], "fixing", fixings[f->fixing],
			 "fetched", f->fetched, "attempts_left", f->attempts_left);
}

static json_t *pull_json(const struct pull_facts *f)
{
	json_t *json = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "run", currencies[f->currency],
				 "scope", scopes[f->scope], "branch", branches[f->branch], "pull",
				 pulls[f->pull], "checks", verdicts[f->checks], "mergeable",
				 mergeables[f->mergeable], "approval", approvals[f->approval]);

	json_object_update_new(json, json_pack("{s:b,s:b,s:s,s:s,s:s,s:b,s:b}", "overdue", f->overdue,
			       "attempts_left", f->attempts_left, "autonomy", autonomies[f->autonomy],
			       "tier", tier_name(f->tier), "risk", risk_name(f->risk), "sandboxed",
			       f->sandboxed, "monitored", f->monitored));
	return json;
}

static json_t *deploy_json(const struct deploy_facts *f)
{
	return json_pack("{s:s,s:b,s:s,s:s,s:s,s:s,s:s}", "scope", scopes[f->scope], "watched",
			 f->watched, "deploy", deploys[f->deploy], "window", windows[f->window], "revert",
			 reverts[f->revert], "checks", verdicts[f->checks], "autonomy",
			 autonomies[f->autonomy]);
}

json_t *facts_json(enum stage stage, const struct incident_facts *facts)
{
	json_t *json;

	if (stage >= STAGE_MERGED)
		return deploy_json(&facts->deploy);
	if (stage > STAGE_VERIFYING)
		return pull_json(&facts->pull);
	json = run_json(&facts->run);
	if (stage == STAGE_VERIFYING)
		json_object_update_new(json, json_pack("{s:s,s:s}", "branch",
				       branches[facts->pull.branch], "pull", pulls[facts->pull.pull]));
	return json;
}

/*
 * After the merge: was it deployed, how does it go, and what became of a revert? Asks GitHub, and
 * the health checks and metrics by way of bot/window.
 */
#include "bot/turn.h"

#include "bot/window.h"
#include "git/github_commits.h"
#include "git/github_deployments.h"

#include <string.h>

/* So long a deployment of the merge is waited for, where the repository has any. */
enum { DEPLOY_WAIT_MS = 2 * 60 * 60 * 1000 };

static bool deploy_state(struct turn *t, const struct github_deployment *deployment,
			 enum deploy *out, struct err *e)
{
	struct github_deploy_statuses list;

	if (!github_deploy_statuses_list(&t->call, deployment->id, &list, e))
		return false;
	*out = DEPLOY_PENDING;
	/* The newest first; an older success stays one when a newer deployment made it inactive. */
	for (size_t i = 0; i < list.count; i++) {
		if (list.items[i].state == GITHUB_DEPLOY_SUCCESS) {
			*out = DEPLOY_DONE;
			story_set(t, "rollout_at", json_integer(deployment->created_ms));
			story_set(t, "deployed_at", json_integer(list.items[i].created_ms));
			return true;
		}
		if (list.items[i].state == GITHUB_DEPLOY_FAILURE ||
		    list.items[i].state == GITHUB_DEPLOY_ERROR) {
			*out = DEPLOY_FAILED;
			return true;
		}
	}
	return true;
}

static bool find_deploy(struct turn *t, enum deploy *out, struct err *e)
{
	const char *environment = config_text(t->settings, "deploy.environment");
	const int64_t merged_at = json_integer_or(t->story, "merged_at", t->now);
	struct github_deployments list;

	if (!github_deployments_list(&t->call, t->incident.merge_sha, environment, &list, e))
		return false;
	if (list.count)
		return deploy_state(t, &list.items[0], out, e);
	*out = DEPLOY_NONE;
	if (t->now - merged_at > DEPLOY_WAIT_MS)
		return true;
	if (!github_deployments_list(&t->call, NULL, environment, &list, e))
		return false;
	if (list.count)
		*out = DEPLOY_PENDING;
	return true;
}

static bool find_window(struct turn *t, enum window *out, struct err *e)
{
	const struct window_order order = {
		.incident = t->incident.id, .settings = t->settings, .now = t->now,
		.rollout_at = json_integer_or(t->story, "window.rollout_at", 0),
		.deployed_at = json_integer_or(t->story, "window.deployed_at", 0),
	};
	struct window_look look;

	*out = WINDOW_CLOSED;
	if (!order.deployed_at)
		return true;
	if (!window_look(t->daemon, &order, t->arena, &look, e))
		return false;
	*out = look.window;
	t->note = look.why;
	t->look_at = look.next_at;
	json_object_set_new(json_at(t->story, "window"), "confidence", json_real(look.confidence));
	json_object_set_new(json_at(t->story, "window"), "why",
			    json_string_of(str_of(look.why)));
	return true;
}

static bool find_revert(struct turn *t, enum revert *out, struct err *e)
{
	struct github_pulls found;

	*out = REVERT_NONE;
	if (json_boolean_or(t->story, "revert.conflict", false)) {
		t->note = story_text(t, "revert.why");
		*out = REVERT_CONFLICT;
		return true;
	}
	if (!github_pulls_list(&t->call, "all", turn_revert_branch(t), NULL, &found, e))
		return false;
	if (!found.count)
		return true;
	if (!github_pull_get(&t->call, found.items[0].number, &t->revert, e))
		return false;
	/* Whoever opened it did not live to say so: opening it again finds it, and people hear of it. */
	if (t->revert.is_open && !json_at(t->story, "revert.pull"))
		return true;
	if (t->revert.is_merged)
		*out = REVERT_MERGED;
	else
		*out = t->revert.is_open ? REVERT_OPEN : REVERT_CLOSED;
	return true;
}

/* Until the window opens there is something to compare with later. */
static bool keep_baseline(struct turn *t, struct err *e)
{
	const char *key = arena_printf(t->arena, "%lld", (long long)t->repository.id);
	const int64_t next = t->now + config_integer(t->daemon->config, "poll.every_s") * 1000;

	if (!window_baseline(t->daemon, key, t->settings, t->now, &t->look_at, e))
		return false;
	if (t->look_at > next)
		t->look_at = next;
	return true;
}

bool gather_deploy(struct turn *t, struct err *e)
{
	struct deploy_facts *f = &t->facts.deploy;

	f->checks = CHECKS_EMPTY;
	f->watched = window_has_eyes(t->daemon->config, t->settings);
	f->autonomy = strcmp(config_text(t->settings, "autonomy"), "autopilot") ? AUTONOMY_PROPOSE
										: AUTONOMY_AUTOPILOT;
	if (t->incident.stage == STAGE_MERGED)
		return !f->watched || (find_deploy(t, &f->deploy, e) && keep_baseline(t, e));
	if (!find_revert(t, &f->revert, e))
		return false;
	/* Whoever may write here needs no measurements to want it back. */
	if (f->revert == REVERT_NONE && json_at(t->story, "take_back")) {
		f->window = WINDOW_DECAYED;
		t->note = "a person asked for it in a comment";
		return true;
	}
	if (f->revert == REVERT_NONE)
		return find_window(t, &f->window, e);
	return f->revert != REVERT_OPEN ||
	       gather_checks(t, t->revert.head, t->incident.base_sha, true, &f->checks, e);
}

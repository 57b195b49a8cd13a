/*
 * After the merge: opens the window, keeps what it says, and takes the merge back when it decays. How
 * a deployment is judged is bot/window's and bot/watch's.
 */
#include "bot/act.h"

#include "bot/window.h"
#include "git/github_commits.h"
#include "git/remote.h"
#include "git/revert.h"

#include <string.h>

enum { REVERT_LOOK_MS = 5000 };

/* It opens where the deployment ended, or now where the repository has none. */
bool act_open_window(struct turn *t, struct err *e)
{
	const bool deployed = t->facts.deploy.deploy == DEPLOY_DONE;
	const int64_t at = deployed ? json_integer_or(t->story, "deployed_at", t->now) : t->now;
	const int64_t rollout_at = deployed ? json_integer_or(t->story, "rollout_at", at)
					    : json_integer_or(t->story, "merged_at", at);

	if (!json_at(t->story, "window"))
		story_set(t, "window", json_pack("{s:I,s:I}", "rollout_at",
			  (json_int_t)(rollout_at < at ? rollout_at : at), "deployed_at", (json_int_t)at));
	return act_move(t, STAGE_MONITORING, 0, e, "%s", deployed ? "deployed: it is being watched"
			: "merged, and no deployment is known: it is being watched");
}

bool act_sample(struct turn *t, struct err *e)
{
	int64_t after_ms = t->look_at > t->now ? t->look_at - t->now : 1000;

	return act_wait(t, after_ms, e);
}

/* The commit is made in the mirror: it is the same however often it is made. */
static bool make_revert(struct turn *t, enum reverted *out, char id[REPO_ID_SIZE], struct err *e)
{
	struct words words = act_words(t);
	const struct trailer trailers[] = { { "Aegis-Incident", t->incident.id }, { NULL, NULL } };
	const struct revert_request request = {
		.commit = t->incident.merge_sha, .onto = t->base_head,
		.branch = turn_revert_branch(t), .body = words_commit_revert(t->arena, &words),
		.trailers = trailers, .incident = t->incident.id, .author_name = t->daemon->own.author_name,
		.author_mail = t->daemon->own.author_mail,
		.made_at = json_integer_or(t->story, "merged_at", t->now) / 1000,
	};
	REPO repo = NULL;
	struct str conflicts = STR("");

	if (!github_branch_head(&t->call, t->incident.branch, t->base_head, e) ||
	    !act_fetch_mirror(t, e) || !remote_open(turn_mirror(t), &repo, e) ||
	    !repo_revert(repo, &request, t->arena, out, &conflicts, id, e))
		return false;
	if (*out == REVERT_CONFLICTS)
		t->note = arena_printf(t->arena, "taking it back conflicts in %.*s", STR_ARG(conflicts));
	return true;
}

/* A commit that is on the branch already is not made anew on a base that moved meanwhile. */
static bool pushed_revert(struct turn *t, char head[GITHUB_SHA_SIZE], bool *is, struct err *e)
{
	struct err why = ERR_INIT;

	*is = github_branch_head(&t->call, turn_revert_branch(t), head, &why);
	return *is || why.kind == ERR_GONE || (*e = why, false);
}

static bool push_revert(struct turn *t, enum reverted *out, char id[GITHUB_SHA_SIZE],
			struct err *e)
{
	bool is_pushed;

	*out = REVERTED;
	if (!pushed_revert(t, id, &is_pushed, e))
		return false;
	if (is_pushed)
		return true;
	if (!make_revert(t, out, id, e))
		return false;
	return *out != REVERTED ||
	       act_push_branch(t, "revert-push", turn_revert_branch(t), id, NULL, e);
}

bool act_revert(struct turn *t, struct err *e)
{
	struct words words = act_words(t);
	enum reverted reverted;
	char head[GITHUB_SHA_SIZE];
	uint64_t number;

	if (!push_revert(t, &reverted, head, e))
		return false;
	if (reverted != REVERTED) {
		const char *why = reverted == REVERT_CONFLICTS ? t->note :
				  "taking it back changes nothing: it is not what is there now";

		story_set(t, "revert", json_pack("{s:b,s:s}", "conflict", 1, "why", why));
		return act_move(t, STAGE_MONITORING, 0, e, "%s", why);
	}
	words.will_merge = t->facts.deploy.autonomy == AUTONOMY_AUTOPILOT;
	if (!act_create_pull(t, "revert-pull", turn_revert_branch(t),
			     words_revert_title(t->arena, &words), words_revert_body(t->arena, &words),
			     false, &number, e))
		return false;
	story_set(t, "revert", json_pack("{s:I,s:s}", "pull", (json_int_t)number, "head", head));
	return act_say_comment(t, (uint64_t)t->incident.pull, e) &&
	       act_move(t, STAGE_MONITORING, REVERT_LOOK_MS, e,
			"%s: pull request #%llu takes it back", json_at(t->story, "take_back")
			? "a person asked for it" : "confidence decayed", (unsigned long long)number);
}

bool act_merge_revert(struct turn *t, struct err *e)
{
	bool merged;

	if (!act_merge_pull(t, "revert-merge", &t->revert, t->revert.title, STR(""), &merged, e))
		return false;
	return merged ? act_move(t, t->incident.stage, 500, e, "the revert is merged")
		      : act_wait(t, REVERT_LOOK_MS, e);
}

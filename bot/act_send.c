/*
 * The effects that several actions share: pushing one of our branches, opening a pull request, and
 * merging one. Each is looked for by what names it before it is sent.
 */
#include "bot/act.h"

#include "bot/effect.h"
#include "git/github_commits.h"
#include "git/remote.h"

#include <string.h>

static bool remote_of(struct turn *t, enum github_need need, struct remote *out, struct err *e)
{
	*out = (struct remote){ .mirror = turn_mirror(t) };
	return github_git_url(&t->call, &out->url, e) &&
	       github_git_token(&t->call, need, &out->token, e);
}

bool act_fetch_mirror(struct turn *t, struct err *e)
{
	struct remote remote;

	return remote_of(t, GITHUB_NEED_FETCH, &remote, e) && remote_fetch(&remote, NULL, 0, e);
}

static bool look_push(struct turn *t, void *context, json_t **found, struct err *e)
{
	const struct remote_push *push = context;
	char head[GITHUB_SHA_SIZE];
	struct err why = ERR_INIT;

	if (!github_branch_head(&t->call, push->branch, head, &why))
		return why.kind == ERR_GONE || (*e = why, false);
	if (!strcmp(head, push->commit))
		*found = json_pack("{s:s}", "commit", head);
	return true;
}

static bool send_push(struct turn *t, void *context, json_t **made, struct err *e)
{
	const struct remote_push *push = context;
	struct remote remote;
	enum remote_pushed pushed;
	struct str why;

	if (!remote_of(t, GITHUB_NEED_PUSH, &remote, e) ||
	    !remote_push(&remote, push, &pushed, &why, t->arena, e))
		return false;
	switch (pushed) {
	case REMOTE_PUSHED:
		*made = json_pack("{s:s}", "commit", push->commit);
		return true;
	case REMOTE_REJECTED:
	case REMOTE_DENIED:
		return fail(e, ERR_DENIED, "pushing %s: %.*s", push->branch, STR_ARG(why));
	case REMOTE_MOVED:
	case REMOTE_LATER:
		break;
	}
	return fail(e, ERR_LATER, "pushing %s: %.*s", push->branch, STR_ARG(why));
}

bool act_push_branch(struct turn *t, const char *kind, const char *branch, const char *commit,
		     const char *expected, struct err *e)
{
	struct remote_push push = { .branch = branch, .commit = commit, .expected = expected };
	const struct effect_plan plan = { kind, commit, look_push, send_push, &push };

	return effect_once(t, &plan, NULL, e);
}

struct opening {
	struct github_pull_request request;
	uint64_t number;
};

static bool look_pull(struct turn *t, void *context, json_t **found, struct err *e)
{
	const struct opening *opening = context;
	struct github_pulls pulls;

	if (!github_pulls_list(&t->call, "all", opening->request.head, NULL, &pulls, e))
		return false;
	if (pulls.count)
		*found = json_pack("{s:I}", "number", (json_int_t)pulls.items[0].number);
	return true;
}

static bool send_pull(struct turn *t, void *context, json_t **made, struct err *e)
{
	const struct opening *opening = context;
	struct github_pull pull;

	if (!github_pull_create(&t->call, &opening->request, &pull, e))
		return false;
	*made = json_pack("{s:I}", "number", (json_int_t)pull.number);
	return true;
}

bool act_create_pull(struct turn *t, const char *kind, const char *branch, struct str title,
		     struct str body, bool draft, uint64_t *number, struct err *e)
{
	struct opening opening = {
		.request = { branch, t->incident.branch, title, body, draft },
	};
	const struct effect_plan plan = { kind, branch, look_pull, send_pull, &opening };
	JSON *result = NULL;

	if (!effect_once(t, &plan, &result, e))
		return false;
	*number = (uint64_t)json_integer_or(result, "number", 0);
	return *number || fail(e, ERR_BUG, "the pull request of %s has no number", branch);
}

struct merging {
	const struct github_pull *pull;
	struct str title, message;
	bool refused;
};

static bool look_merge(struct turn *t, void *context, json_t **found, struct err *e)
{
	const struct merging *merging = context;
	struct github_pull pull;

	if (!github_pull_get(&t->call, merging->pull->number, &pull, e))
		return false;
	if (pull.is_merged)
		*found = json_pack("{s:s}", "commit", pull.merge_commit);
	return true;
}

/*
 * What stands against it is not ours to know better: it is looked at again with fresh facts. Which
 * methods a repository allows it says only by refusing; a rebase is not asked for, because what came
 * in as several commits is not taken back as one.
 */
static bool send_merge(struct turn *t, void *context, json_t **made, struct err *e)
{
	static const enum github_merge_method methods[] = { GITHUB_MERGE_SQUASH, GITHUB_MERGE_COMMIT };
	struct merging *merging = context;
	enum github_merged merged;
	char commit[GITHUB_SHA_SIZE];
	struct str why;

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (!github_pull_merge(&t->call, merging->pull->number, merging->pull->head, methods[i],
				       merging->title, merging->message, &merged, commit, &why, e))
			return false;
		if (merged == GITHUB_MERGED) {
			*made = json_pack("{s:s}", "commit", commit);
			return true;
		}
		if (merged != GITHUB_NOT_MERGEABLE || !str_has(why, "not allowed"))
			break;
	}
	merging->refused = true;
	story_set(t, "refused", json_pack("{s:s,s:o}", "head", merging->pull->head, "why",
					  json_string_of(why)));
	return fail(e, ERR_LATER, "GitHub does not merge it: %.*s", STR_ARG(why));
}

bool act_merge_pull(struct turn *t, const char *kind, const struct github_pull *pull,
		    struct str title, struct str message, bool *merged, struct err *e)
{
	struct merging merging = { pull, title, message, false };
	const struct effect_plan plan = { kind, pull->head, look_merge, send_merge, &merging };
	struct err why = ERR_INIT;

	*merged = effect_once(t, &plan, NULL, &why);
	if (*merged || merging.refused)
		return true;
	*e = why;
	return false;
}

static bool note_pull(struct turn *t, const struct github_pull *pull, const char *kind,
		      const char *merge_kind, const char *branch, struct err *e)
{
	return !pull->number ||
	       (effect_seen(t, kind, branch, json_pack("{s:I}", "number", (json_int_t)pull->number),
			    e) &&
		(!pull->is_merged ||
		 effect_seen(t, merge_kind, pull->head,
			     json_pack("{s:s}", "commit", pull->merge_commit), e)));
}

bool act_note_seen(struct turn *t, struct err *e)
{
	const struct github_pull *pull = &t->pull, *revert = &t->revert;

	if (t->fix_head[0] &&
	    !effect_seen(t, "push", t->fix_head, json_pack("{s:s}", "commit", t->fix_head), e))
		return false;
	if (revert->number && !effect_seen(t, "revert-push", revert->head,
					   json_pack("{s:s}", "commit", revert->head), e))
		return false;
	if (pull->number && !pull->is_draft && !effect_seen(t, "ready", pull->head, json_object(), e))
		return false;
	return note_pull(t, pull, "pull", "merge", turn_fix_branch(t), e) &&
	       note_pull(t, revert, "revert-pull", "revert-merge", turn_revert_branch(t), e);
}

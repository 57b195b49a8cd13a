/*
 * A proven fix from the workspace to GitHub: its branch, once, and a draft pull request, once. There
 * is no store in a job: what was done before is read from GitHub itself. A branch that is there is
 * never moved and a closed pull request never opened again, for both may be a person's answer.
 */
#include "bot/action.h"

#include "bot/action_words.h"
#include "bot/base/clock.h"
#include "bot/base/file.h"
#include "git/clone.h"
#include "git/github_commits.h"
#include "git/github_pulls.h"
#include "git/github_runs.h"
#include "git/history.h"
#include "git/remote.h"

#include <stdio.h>
#include <unistd.h>

enum { OPEN_MOST = 10, HOUR_MOST = 2, HOUR_MS = 3600 * 1000, LOOK_AGAIN_MS = 5000,
	WAIT_MOST_MS = 20 * 1000 };

struct sending {
	const struct action_order *order;
	const char *base;
	const struct answer *answer;
	const json_t *fix;
	struct github_call call;
	struct remote remote;
	char commit[REPO_ID_SIZE];	/* in the mirror */
	bool is_pushed;			/* an earlier visit came as far as that */
	struct action_sent *out;
};

static bool unsent(struct sending *s, const char *why)
{
	s->out->end = END_UNSENT;
	s->out->why = why;
	return true;
}

/* What people said to it before, and how much they have to read already. */
static bool look_pulls(struct sending *s, struct err *e)
{
	const int64_t hour_ago = clock_wall_ms() - HOUR_MS;
	struct github_pulls pulls, open;
	unsigned ours = 0, recent = 0;

	if (!github_pulls_list(&s->call, "all", s->answer->branch, NULL, &pulls, e) ||
	    !github_pulls_list(&s->call, "open", NULL, NULL, &open, e))
		return false;
	if (pulls.count) {
		const struct github_pull *pull = &pulls.items[0];

		s->out->pull = pull->number;
		s->out->end = END_THERE;
		if (pull->is_open)
			return true;
		return unsent(s, pull->is_merged ? "a pull request for this failure was merged before, and it "
						   "is back: it is left to people"
						 : "a pull request for this failure was closed without a "
						   "merge: it is not proposed again");
	}
	for (size_t i = 0; i < open.count; i++) {
		if (!str_starts(str_of(open.items[i].head_branch), "aegis/"))
			continue;
		ours++;
		recent += open.items[i].created_ms > hour_ago;
	}
	if (ours >= OPEN_MOST || recent >= HOUR_MOST)
		return unsent(s, "enough pull requests of Aegis are open already");
	return true;
}

static bool set_up_remote(struct sending *s, const char *mirror, struct err *e)
{
	s->remote.mirror = mirror;
	return github_git_url(&s->call, &s->remote.url, e) &&
	       github_git_token(&s->call, GITHUB_NEED_PUSH, &s->remote.token, e) &&
	       remote_fetch(&s->remote, NULL, 0, e);
}

/*
 * An earlier visit may have been cut off between the push and the pull request. Its branch is taken up
 * when it holds just what this fix holds, on the same commit.
 */
static bool take_up(struct sending *s, struct repo *mirror, const char *tip, const char *base,
		    struct err *e)
{
	struct github_commit there;
	struct jail_file *files;
	struct err ignored = ERR_INIT;
	size_t count;

	if (!github_commit_get(&s->call, tip, &there, e))
		return false;
	s->is_pushed = there.parent_count == 1 && !strcmp(there.first_parent, base) &&
		       history_files(mirror, tip, s->commit, s->call.arena, &files, &count, &ignored) &&
		       !count;
	if (!s->is_pushed)
		return unsent(s, "its branch is there without a pull request: open one, or remove the branch");
	snprintf(s->commit, sizeof(s->commit), "%s", tip);
	return true;
}

/* The commit with its one parent into the mirror, when that parent is where the base branch is. */
static bool bring(struct sending *s, struct err *e)
{
	char base[REPO_ID_SIZE], there[REPO_ID_SIZE];
	struct err ignored = ERR_INIT;
	struct repo_head head;
	REPO workspace = NULL;
	REPO mirror = NULL;

	if (!repo_open(s->order->workspace, &workspace, e) || !repo_head(workspace, &head, e) ||
	    !remote_open(s->remote.mirror, &mirror, e))
		return false;
	if (!remote_branch(mirror, s->base, base, &ignored))
		return unsent(s, "the branch is not there any more");
	if (strcmp(base, head.commit))
		return unsent(s, "the branch has moved on: the run of the newer commit tells what is red now");
	if (!repo_import(workspace, mirror, s->answer->commit, s->answer->branch, s->answer->incident,
			 s->commit, e))
		return false;
	return !remote_branch(mirror, s->answer->branch, there, &ignored) ||
	       take_up(s, mirror, there, base, e);
}

/* A push whose answer was lost is looked for. */
static bool is_there(struct sending *s)
{
	char head[GITHUB_SHA_SIZE];
	struct err ignored = ERR_INIT;

	return github_branch_head(&s->call, s->answer->branch, head, &ignored) &&
	       !strcmp(head, s->commit);
}

static bool push(struct sending *s, struct err *e)
{
	const struct remote_push push = { .branch = s->answer->branch, .commit = s->commit };
	enum remote_pushed pushed;
	struct arena *a = s->call.arena;
	struct str why;

	if (s->is_pushed)
		return true;
	if (!remote_push(&s->remote, &push, &pushed, &why, a, e))
		return false;
	switch (pushed) {
	case REMOTE_PUSHED:
		return true;
	case REMOTE_DENIED:
		return unsent(s, "the token may not push: it needs the permission contents: write");
	case REMOTE_REJECTED:
		return unsent(s, arena_printf(a, "the push was refused by a rule of the repository: %.*s",
					      STR_ARG(why)));
	case REMOTE_MOVED:
		return unsent(s, "somebody else made its branch in the same moment");
	case REMOTE_LATER:
		break;
	}
	return is_there(s) ||
	       fail(e, ERR_LATER, "pushing %s: %.*s", s->answer->branch, STR_ARG(why));
}

/* A branch without a pull request would only puzzle people. One that somebody moved stays. */
static void take_back(struct sending *s)
{
	const struct remote_push back = { .branch = s->answer->branch, .expected = s->commit };
	struct err ignored = ERR_INIT;
	enum remote_pushed pushed;
	struct str why;

	s->out->removed = remote_push(&s->remote, &back, &pushed, &why, s->call.arena, &ignored) &&
			  pushed == REMOTE_PUSHED;
}

/*
 * After an error: is it there all the same? *is_absent: certainly not, so that what was pushed for it can
 * go again.
 */
static bool find_opened(struct sending *s, bool *is_absent)
{
	struct github_call call = s->call;
	struct github_pulls pulls;
	struct err ignored = ERR_INIT;

	*is_absent = s->call.outcome == GITHUB_NOT_DONE;
	if (s->call.outcome != GITHUB_UNKNOWN ||
	    !github_pulls_list(&call, "open", s->answer->branch, NULL, &pulls, &ignored))
		return false;
	*is_absent = !pulls.count;
	if (pulls.count)
		s->out->pull = pulls.items[0].number;
	return pulls.count > 0;
}

static bool open_pull(struct sending *s, struct err *e)
{
	struct words words;
	struct incident incident;
	struct github_pull_request request;
	struct github_pull pull;
	struct err why = ERR_INIT;
	bool is_absent;

	action_words(s->order, s->answer, s->fix, s->base, s->call.arena, &incident, &words);
	request = (struct github_pull_request){
		s->answer->branch, s->base, words_pull_title(s->call.arena, &words),
		words_pull_body(s->call.arena, &words), true,
	};
	s->out->end = END_OPENED;
	if (github_pull_create(&s->call, &request, &pull, &why)) {
		s->out->pull = pull.number;
		return true;
	}
	if (find_opened(s, &is_absent))
		return true;
	if (is_absent)
		take_back(s);
	if (s->call.status == 403 || s->call.status == 404)
		return unsent(s, "no pull request may be opened: the token needs the permission "
			      "pull-requests: write, and for the job's own token the repository's "
			      "settings must allow GitHub Actions to create pull requests");
	s->out->end = END_NOTHING;
	*e = why;
	return false;
}

static const char *state_of(const struct github_runs *runs)
{
	for (size_t i = 0; i < runs->count; i++)
		if (runs->items[i].state == GITHUB_WAITING ||
		    runs->items[i].conclusion == GITHUB_ACTION_REQUIRED)
			return "Its checks wait until somebody with write access approves them.";
	return runs->count ? "Its checks have started." : NULL;
}

/* Looks for a first run, no longer than it was told; what cannot be read is not waited for. */
static void watch_checks(struct sending *s)
{
	const int64_t until = clock_monotonic_ms() + (int64_t)s->order->wait_s * 1000;
	const struct github_runs_filter filter = { .head = s->commit };
	struct github_runs runs;
	struct err ignored = ERR_INIT;

	while (s->order->wait_s) {
		int64_t left;

		if (!github_runs_list(&s->call, &filter, &runs, &ignored)) {
			s->out->checks = "Whether its checks have started cannot be read: the token needs the "
					 "permission actions: read.";
			return;
		}
		s->out->checks = state_of(&runs);
		left = until - clock_monotonic_ms();
		if (s->out->checks || left <= 0)
			break;
		usleep((useconds_t)(left < LOOK_AGAIN_MS ? left : LOOK_AGAIN_MS) * 1000);
	}
	if (s->order->wait_s && !s->out->checks)
		s->out->checks = arena_printf(s->call.arena, "Its checks never started: none was there after "
					      "%u s.", s->order->wait_s);
}

bool action_send(const struct action_order *order, const struct action_plan *plan,
		 struct github *github, const struct answer *answer, const json_t *fix,
		 struct arena *a, struct action_sent *out, struct err *e)
{
	FILE_TEMPORARY folder = {""};
	struct action_sent sent = {0};
	struct sending s = {
		.order = order, .base = plan->branch, .answer = answer, .fix = fix, .out = &sent,
		.call = { .github = github, .owner = order->owner, .name = order->name, .arena = a,
			  .wait_most_ms = WAIT_MOST_MS },
	};
	bool (*const steps[])(struct sending *, struct err *) = { bring, push, open_pull };

	if (!look_pulls(&s, e))
		return false;
	if (sent.end == END_NOTHING &&
	    (!file_temporary(&folder, e) ||
	     !set_up_remote(&s, arena_printf(a, "%s/mirror.git", folder.path), e)))
		return false;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps) && sent.end == END_NOTHING; i++)
		if (!steps[i](&s, e))
			return false;
	if (sent.end == END_OPENED)
		watch_checks(&s);
	*out = sent;
	return true;
}

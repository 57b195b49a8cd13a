/*
 * One step of one incident: the facts are gathered, the planner decides, one action is done. Private
 * to bot/turn*.c, bot/gather*.c, bot/act*.c and bot/effect.c; others use bot/turn_take.h.
 *
 * What an incident has learned is its story, a JSON object that the store keeps with it:
 *	source		the red job that is being mended: run, job, name, head, workflow
 *	failure		what is wrong there, as `aegis explain` gives it; diagnosis says what that means
 *	rerun		that one was asked for, of which attempt, when
 *	fix		the last answer of `aegis fix`, without its long texts
 *	proven		the fixes that were pushed: commit, tier, risk; the last one is incident.fix_commit
 *	proposed_at	since when the checks of the pull request are waited for
 *	refused		what GitHub said when it did not merge which head
 *	deployed_at, window, revert	what came after the merge
 *	approved, rejected, take_back	what a person said in a comment: by whom, of which head
 *	said		the last command in a comment: word, act, why, view; also: where else to answer
 *	hint, review	what a person gave along with a fix, and what a reviewer wants changed
 *	woken		how often it was taken up again after an end
 *	left		at an end: to people, with the pull request where they have it
 *	settings_trouble	what is wrong with the settings file
 *	waits_for	why a proven fix has no pull request yet
 *	denied		why the repository cannot be worked in
 */
#ifndef BOT_TURN_H
#define BOT_TURN_H

#include "bot/daemon.h"
#include "bot/step.h"
#include "bot/base/json.h"
#include "bot/store/seen.h"
#include "git/github_pulls.h"
#include "git/github_repository.h"

enum { ATTEMPTS_MOST = 3 };

struct turn {
	struct daemon *daemon;
	struct arena *arena;		/* of this turn */
	struct repository repository;
	const struct config *settings;	/* .github/aegis.yml of the default branch */
	struct str settings_text;
	const struct config *stricter;	/* the same file on the red branch: it only takes away; or NULL */
	struct github_call call;
	int64_t now;

	struct incident incident;
	json_t *story;

	/* Gathered; "" and 0: there is none. */
	struct incident_facts facts;
	struct sighting source;			/* the newest sighting */
	size_t sighting_heads;			/* commits it was seen on; at least that many */
	const char *actor;			/* who started the red run; NULL: unknown */
	const char *unwanted;			/* why, of SCOPE_UNWANTED */
	char base_head[GITHUB_SHA_SIZE];	/* of the incident's branch */
	char fix_head[GITHUB_SHA_SIZE];		/* of our branch */
	struct github_pull pull, revert;
	struct str fix_answer;			/* of a job that has ended */
	int64_t look_at;			/* when to look again; 0: as usual */
	const char *note;			/* what the facts want to be said of, or NULL */

	enum action action;
	enum reason reason;
};

/*
 * Opens what a turn works with: the story, the repository and its settings. From the incident alone, or,
 * where there is none, from its repository_id and facts "{}".
 */
bool turn_open(struct turn *t, struct err *e);

/* Names of our branches. */
const char *turn_fix_branch(const struct turn *t);
const char *turn_revert_branch(const struct turn *t);
const char *turn_mirror(const struct turn *t);

/* story[key] = value; takes over the reference. NULL takes the key away. */
void story_set(struct turn *t, const char *key, json_t *value);
/* What stands there as a C text; "" when there is none. */
const char *story_text(const struct turn *t, const char *path);

/* Gather: reads the store, GitHub, jobs and metrics; changes nothing but notes in the story. */
bool gather(struct turn *t, struct err *e);
bool gather_run(struct turn *t, struct err *e);
bool gather_pull(struct turn *t, struct err *e);
bool gather_deploy(struct turn *t, struct err *e);
bool gather_manners(struct turn *t, struct err *e);	/* are we wanted here? */
bool gather_room(struct turn *t, struct err *e);	/* for one more pull request */
/*
 * The verdict over all checks of a commit. What was red at base already is no fault of it, but for
 * the jobs that this incident is about; as_before: for them too, as in taking the fix back.
 */
bool gather_checks(struct turn *t, const char *head, const char *base, bool as_before,
		   enum checks_verdict *out, struct err *e);

/* Act: does t->action, and moves the incident on. */
bool act(struct turn *t, struct err *e);

#endif

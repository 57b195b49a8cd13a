/*
 * What a local fix needs to know before it decides: the repository, what is not committed, the log,
 * the command, the settings, and what the red run says. Changes nothing.
 */
#include "bot/fix_parts.h"

#include "bot/base/crypto.h"
#include "bot/recipe.h"
#include "bot/stream.h"
#include "ci/report.h"
#include "git/history.h"

#include <stdio.h>

enum { NOTED_FILES = 3, INCIDENT_BYTES = 6 };

static const char *uncommitted(const struct repo_status *status, size_t i)
{
	return i < status->changed_count ? status->changed[i]
					 : status->untracked[i - status->changed_count];
}

static void note_uncommitted(struct fix *fix, const struct repo_status *status)
{
	struct text names = TEXT(fix->arena);
	size_t count = status->changed_count + status->untracked_count;

	for (size_t i = 0; i < count && i < NOTED_FILES; i++)
		text_addf(&names, "%s%s", i ? ", " : "",
			  report_text(fix->arena, str_of(uncommitted(status, i))));
	fix_note(fix, "%zu uncommitted file%s (%s%s) not looked at: the commit %.12s is mended",
		 count, count == 1 ? " is" : "s are", text_cstr(&names),
		 count > NOTED_FILES ? ", ..." : "", fix->head.commit);
}

static bool open_trees(struct fix *fix, struct err *e)
{
	const struct repo_tree *tree, *parent;
	struct err ignored = ERR_INIT;

	if (!repo_tree(fix->repo, fix->head.commit, fix->arena, &tree, e))
		return false;
	fix->listing = tree;
	fix->tree = fix->current_tree = fix->place.tree = &tree->view;
	if (tree->left_out)
		fix_note(fix, "%zu entries of the commit have names that are not safe and are left out",
			 tree->left_out);
	/* The parent only adds to what is known: without it there is less to go by, no more. */
	if (repo_parent_tree(fix->repo, fix->head.commit, fix->arena, &parent, &ignored))
		fix->parent = &parent->view;
	return true;
}

static bool take_status(struct fix *fix, struct repo_look *look, struct err *e)
{
	struct repo_status status = {0};

	if (!repo_look_end(look, fix->listing, fix->arena, &status, e))
		return fail_while(e, "looking for uncommitted changes");
	if (!workplace_set_back(&fix->place, fix->repo, fix->head.commit, &status, fix->arena, e))
		return false;
	if (status.changed_count || status.untracked_count)
		note_uncommitted(fix, &status);
	return true;
}

static bool read_log(struct fix *fix, struct err *e)
{
	struct log *log;
	bool done;

	if (!fix->job->log_file)
		return true;
	log = log_open(fix->arena, fix->tree);
	done = stream_log(fix->job->log_file, log, e);
	fix->log_report = log_close(log);
	fix->facts.log_given = true;
	fix->facts.log_red = fix->log_report->failure_count > 0;
	fix->facts.transient = fix->facts.log_red && fix->log_report->failures->transient;
	return done;
}

/* Whoever writes a log or a repository must not choose what runs with the rights of its reader. */
static bool find_command(struct fix *fix, struct err *e)
{
	struct guess guess = { fix->configured_command, ".github/aegis.yml" };

	fix->command = fix->job->command;
	if (!fix->command &&
	    (guess.command || recipe_guess(fix->arena, fix->tree, fix->log_report, &guess))) {
		if (fix->place.unsafe)
			return fail(e, ERR_CONFIG, "sandbox.enabled is false, so the command must "
				    "be named with --run: what a log or the repository names never "
				    "runs with your rights");
		fix->command = guess.command;
		fix_note(fix, "the command \"%s\" comes from %s", guess.command, guess.from);
	}
	fix->facts.has_command = fix->command && fix->command[0];
	return true;
}

static bool find_good(struct fix *fix, struct err *e)
{
	struct err why = ERR_INIT;

	return !fix->job->good || history_resolve(fix->repo, fix->job->good, fix->good, &why) ||
	       fail(e, ERR_INPUT, "%s", why.text);
}

/* The work tree is looked through while the commit, the settings and the log are read. */
bool fix_open(struct fix *fix, struct err *e)
{
	struct err second = ERR_INIT;
	struct repo_look *look;
	bool good;

	if (!repo_open(fix->job->folder, &fix->repo, e) ||
	    !repo_head(fix->repo, &fix->head, e) || !find_good(fix, e) || !repo_look_begin(fix->repo, &look, e))
		return false;
	if (!fix->head.branch[0] && fix->job->branch)
		snprintf(fix->head.branch, sizeof(fix->head.branch), "%s", fix->job->branch);
	fix->place.folder = repo_root(fix->repo);
	good = open_trees(fix, e) && fix_settings(fix, e) && read_log(fix, e);
	if (!take_status(fix, look, good ? e : &second) || !good)
		return false;
	if (!find_command(fix, e))
		return false;
	fix->facts.rounds_left = true;
	fix->facts.may_bisect = fix->good[0] != '\0';
	fix->facts.dry_run = fix->job->dry_run;
	fix->facts.only_explain = fix->job->only_explain;
	return true;
}

const struct failure *fix_failure(const struct fix *fix)
{
	if (fix->facts.accepted)
		return fix->first.candidate->failure;
	if (fix->facts.ran && fix->before.report->failure_count)
		return fix->before.report->failures;
	if (fix->facts.log_red)
		return fix->log_report->failures;
	return NULL;
}

/* Do candidates that were taken over answer this failure of the log, by kind of template? */
static bool is_answered(struct fix *fix, const struct failure *failure)
{
	for (size_t i = 0; i < fix->answered_count; i++) {
		const struct candidate *one = fix->answered[i];

		if (one->failure == failure || !strcmp(one->failure->signature, failure->signature))
			return true;
		if (template_is_for(one, failure, fix->log_report, fix->arena))
			return true;
	}
	return false;
}

const struct failure *fix_unanswered(struct fix *fix, const struct failure *after)
{
	const struct report *log = fix->log_report;
	size_t i = after ? (size_t)(after - log->failures) + 1 : 0;

	for (; log && i < log->failure_count; i++)
		if (log->failures[i].weight > WEIGHT_SUMMARY && !log->failures[i].transient &&
		    !is_answered(fix, &log->failures[i]))
			return &log->failures[i];
	return NULL;
}

void fix_facts_of_run(struct fix *fix)
{
	const struct trial *run = &fix->before;
	const struct failure *primary = run->report->failures;

	fix->facts.green = run->green;
	fix->facts.hit_limit = run->jail.end != JAIL_EXITED && run->jail.end != JAIL_SIGNALLED;
	fix->facts.any_failure = !run->green && run->report->failure_count > 0 &&
				 primary->weight > WEIGHT_CONSEQUENCE;
	fix->facts.transient = fix->facts.any_failure && primary->transient;
	/* Last words that nobody understood are enough to look for a flaw, not to ask a model. */
	if (fix->facts.any_failure && primary->weight < WEIGHT_WARNING)
		fix->facts.model_asks_left = 0;
	fix->facts.same_as_log = fix->facts.log_red &&
				 trial_shows(run, fix->log_report->failures);
}

/* The incident is the failure in this repository on this branch, whichever commit shows it. */
static const char *incident_of(const struct fix *fix, const struct failure *failure)
{
	uint8_t hash[CRYPTO_SHA256_BYTES];

	crypto_sha256(str_of(arena_printf(fix->arena, "%s\n%s", failure->signature,
					  fix->head.branch)), hash);
	return crypto_hex(fix->arena, (struct str){ (const char *)hash, INCIDENT_BYTES });
}

void fix_name_incident(struct fix *fix)
{
	const struct failure *failure = fix_failure(fix);

	if (!failure && !fix->job->incident)
		return;
	fix->answer->incident = fix->job->incident ? fix->job->incident : incident_of(fix, failure);
	fix->answer->branch = arena_printf(fix->arena, "aegis/fix-%s", fix->answer->incident);
}

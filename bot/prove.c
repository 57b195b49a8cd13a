/*
 * Runs a proof again: the base as often as it says it was red, the fix as often as it was green. Decides
 * from what was seen alone; the record only says what to compare with.
 */
#include "bot/prove.h"

#include "bot/daemon.h"
#include "bot/trial.h"
#include "git/history.h"

#include <stdarg.h>

struct prover {
	const struct prove_job *job;
	const struct proof *proof;
	struct arena *arena;
	struct proving *out;
	struct repo *repo;
	struct repo_head head;
	struct workplace place;		/* at HEAD */
	unsigned ignored_ms;
};

const char *claim_state_name(enum claim_state state)
{
	static const char *const names[] = {
		[CLAIM_HOLDS] = "holds", [CLAIM_UNKNOWN] = "cannot tell",
		[CLAIM_FAILS] = "does not hold",
	};

	return names[state];
}

static void say(const struct prover *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(const struct prover *p, const char *format, ...)
{
	va_list args;

	if (!p->job->progress)
		return;
	va_start(args, format);
	p->job->progress(arena_vprintf(p->arena, format, args));
	va_end(args);
}

/* Without the sandbox nothing is run at all, whatever the settings say: the command is a stranger's. */
static bool open_place(struct prover *p, struct err *e)
{
	struct repo_status status;
	const struct config *config;

	if (!daemon_settings(p->job->config_file, p->arena, &config, e) ||
	    !repo_head(p->repo, &p->head, e) || !repo_status(p->repo, p->arena, &status, e))
		return false;
	workplace_prepare(&p->place, config, p->arena);
	p->place.unsafe = false;
	p->place.folder = repo_root(p->repo);
	p->place.sandbox_ms = p->place.start_ms = &p->ignored_ms;
	return workplace_set_back(&p->place, p->repo, p->head.commit, &status, p->arena, e);
}

/* The workplace with a commit's files laid over those of HEAD. */
static bool place_at(const struct prover *p, const char *commit, struct workplace *out, struct err *e)
{
	struct jail_file *files, *all = NULL;
	const struct repo_tree *tree;
	size_t count, n = 0;

	if (!repo_tree(p->repo, commit, p->arena, &tree, e) ||
	    !history_files(p->repo, p->head.commit, commit, p->arena, &files, &count, e))
		return false;
	*out = p->place;
	for (size_t i = 0; i < out->base_count; i++)
		arena_push(p->arena, all, n) = out->base[i];
	for (size_t i = 0; i < count; i++)
		arena_push(p->arena, all, n) = files[i];
	out->base = all;
	out->base_count = n;
	out->tree = &tree->view;
	return true;
}

/* All runs of one state. */
struct seen_runs {
	struct trial last, odd;		/* the last one; the first that is not as the record says */
	unsigned runs, greens, same;	/* same: as the record says */
};

static bool shows(const struct trial *trial, const char *signature)
{
	for (size_t i = 0; i < trial->report->failure_count; i++)
		if (!strcmp(trial->report->failures[i].signature, signature))
			return true;
	return false;
}

static bool ended_so(const struct trial *trial, const struct proof_run *run)
{
	return trial->jail.code == run->code &&
	       trial->jail.end == (run->exited ? JAIL_EXITED : JAIL_SIGNALLED);
}

static bool run_all(const struct prover *p, const char *commit, const struct proof_run *run, bool red,
		    struct seen_runs *out, struct err *e)
{
	struct workplace place;
	struct seen_runs seen = { .runs = 0 };

	if (!place_at(p, commit, &place, e))
		return false;
	while (seen.runs < run->runs) {
		bool same;

		say(p, "running %.12s, %u of %u", commit, seen.runs + 1, run->runs);
		if (!trial_run(&place, p->proof->command, NULL, NULL, p->arena, &seen.last, e))
			return false;
		same = ended_so(&seen.last, run) && shows(&seen.last, p->proof->signature) == red;
		seen.runs++;
		seen.greens += seen.last.green;
		seen.same += same;
		if (!same && !seen.odd.report)
			seen.odd = seen.last;
	}
	*out = seen;
	return true;
}

/* What this machine lacks says nothing of the proof. */
static const char *why_unknown(struct arena *a, const struct trial *trial)
{
	if (trial->jail.end != JAIL_EXITED && trial->jail.end != JAIL_SIGNALLED)
		return arena_printf(a, "the command %s", jail_end_text(trial->jail.end));
	if (trial->jail.end == JAIL_EXITED && trial->jail.code == 127 && str_has(trial->tail, "not found"))
		return "the command, or a part of it, is not on this machine";
	return NULL;
}

static const char *how_red(struct arena *a, const struct trial *trial)
{
	const struct report *report = trial->report;
	const struct failure *f = report->failure_count ? report->failures : NULL;

	return arena_printf(a, "%s%s%s", trial_summary(a, trial), f ? ", " : "",
			    !f ? "" : f->type ? f->type : kind_name(f->kind));
}

static void judge_red(const struct prover *p, const struct seen_runs *seen)
{
	const struct trial *odd = seen->odd.report ? &seen->odd : NULL;
	const char *unknown = odd ? why_unknown(p->arena, odd) : NULL;

	if (!odd)
		prove_claim(p->out, p->arena, "red", CLAIM_HOLDS, "the base is red in the same way, %u of "
			    "%u times", seen->same, seen->runs);
	else if (unknown)
		prove_claim(p->out, p->arena, "red", CLAIM_UNKNOWN, "%s", unknown);
	else if (seen->greens == seen->runs)
		prove_claim(p->out, p->arena, "red", CLAIM_FAILS, "the base is green here: there is "
			    "nothing to mend");
	else if (seen->greens)
		prove_claim(p->out, p->arena, "red", CLAIM_FAILS, "the base comes and goes: green %u of "
			    "%u times", seen->greens, seen->runs);
	else
		prove_claim(p->out, p->arena, "red", CLAIM_FAILS, "the base is red in another way: %s",
			    how_red(p->arena, odd));
}

static void judge_green(const struct prover *p, const struct seen_runs *seen)
{
	const struct trial *odd = seen->odd.report ? &seen->odd : NULL;
	const char *unknown = odd ? why_unknown(p->arena, odd) : NULL;
	const bool green = p->proof->after.exited && !p->proof->after.code;

	if (!odd)
		prove_claim(p->out, p->arena, "green", CLAIM_HOLDS, "the fix is %s, %u of %u times",
			    green ? "green" : "free of the failure, as it was", seen->same, seen->runs);
	else if (unknown)
		prove_claim(p->out, p->arena, "green", CLAIM_UNKNOWN, "%s", unknown);
	else if (seen->greens && seen->greens < seen->runs)
		prove_claim(p->out, p->arena, "green", CLAIM_FAILS, "the fix comes and goes: green %u of "
			    "%u times; %s", seen->greens, seen->runs, how_red(p->arena, odd));
	else if (shows(odd, p->proof->signature))
		prove_claim(p->out, p->arena, "green", CLAIM_FAILS, "the failure is still there with the "
			    "fix: %s", how_red(p->arena, odd));
	else
		prove_claim(p->out, p->arena, "green", CLAIM_FAILS, "with the fix it ends otherwise: %s",
			    how_red(p->arena, odd));
}

static bool same_tests(const struct tests *tests, const struct proof_run *run)
{
	return tests->counted == run->counted &&
	       (!run->counted || (tests->run == run->run && tests->passed == run->passed &&
				  tests->failed == run->failed && tests->skipped == run->skipped));
}

static const char *counts(struct arena *a, bool counted, unsigned long run, unsigned long failed,
			  unsigned long skipped)
{
	return !counted ? "no tests counted" :
	       arena_printf(a, "%lu run, %lu failed, %lu skipped", run, failed, skipped);
}

/* Another number of tests is another proof, even where both are green. */
static void judge_tests(const struct prover *p, const char *which, const struct trial *trial,
			const struct proof_run *run)
{
	const struct tests *tests = &trial->report->tests;

	if (same_tests(tests, run))
		return;
	prove_claim(p->out, p->arena, "tests", CLAIM_FAILS, "%s: %s here, and the proof says %s", which,
		    counts(p->arena, tests->counted, tests->run, tests->failed, tests->skipped),
		    counts(p->arena, run->counted, run->run, run->failed, run->skipped));
}

static void note_tools(const struct prover *p)
{
	struct proving *out = p->out;

	out->tools = tool_versions(&p->place, p->proof->command, NULL, p->arena, &out->tool_count);
	for (size_t i = 0; i < p->proof->tool_count; i++)
		for (size_t k = 0; k < out->tool_count; k++) {
			const struct tool_version *then = &p->proof->tools[i], *now = &out->tools[k];

			if (!strcmp(then->name, now->name) && strcmp(then->version, now->version) != 0)
				arena_push(p->arena, out->notes, out->note_count) =
					arena_printf(p->arena, "%s was \"%s\" and is \"%s\" here",
						     then->name, then->version, now->version);
		}
}

/* A pull request that went on is said, and keeps nobody from proving what the record is of. */
static bool is_refuted(const struct prover *p)
{
	for (size_t i = 0; i < p->out->count; i++)
		if (p->out->claims[i].state == CLAIM_FAILS && strcmp(p->out->claims[i].name, "head") != 0)
			return true;
	return false;
}

static bool run_both(struct prover *p, bool base, bool fixed, struct err *e)
{
	struct seen_runs before = { .runs = 0 }, after = { .runs = 0 };
	const struct proof *proof = p->proof;
	const struct repo_tree *tree;

	if (!open_place(p, e) || !repo_tree(p->repo, p->head.commit, p->arena, &tree, e))
		return false;
	p->place.tree = &tree->view;
	if (base && !run_all(p, proof->base.commit, &proof->before, true, &before, e))
		return false;
	if (base)
		judge_red(p, &before);
	/* What is not red at first says nothing when it is green. */
	if (is_refuted(p) || !fixed)
		return true;
	if (!run_all(p, proof->fixed.commit, &proof->after, false, &after, e))
		return false;
	judge_green(p, &after);
	if (base && before.same == before.runs)
		judge_tests(p, "before", &before.last, &proof->before);
	if (after.same == after.runs)
		judge_tests(p, "after", &after.last, &proof->after);
	note_tools(p);
	return true;
}

static bool prove(struct prover *p, struct err *e)
{
	bool base, fixed;

	if (p->job->missing) {
		prove_claim(p->out, p->arena, "base", CLAIM_UNKNOWN, "%s", p->job->missing);
		return true;
	}
	if (!repo_open(p->job->folder, &p->repo, e) ||
	    !prove_commits(p->job, p->repo, p->arena, p->out, &base, &fixed, e))
		return false;
	if (p->proof->by_reading) {
		prove_claim(p->out, p->arena, "red", CLAIM_UNKNOWN, "it was proven by reading: nothing "
			    "can be run that shows it");
		return true;
	}
	if (!p->proof->command) {
		prove_claim(p->out, p->arena, "red", CLAIM_UNKNOWN, "the proof does not show its command");
		return true;
	}
	return (!base && !fixed) || is_refuted(p) || run_both(p, base, fixed, e);
}

bool prove_run(const struct prove_job *job, struct arena *a, struct proving *out, struct err *e)
{
	struct proving made = { .state = CLAIM_HOLDS };
	struct prover p = { .job = job, .proof = job->proof, .arena = a, .out = &made };
	bool done = prove(&p, e);

	repo_close(&p.repo);
	if (done)
		*out = made;
	return done;
}

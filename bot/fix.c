/*
 * The loop of a local fix: gather the facts, decide, act, until an end; then the answer. What is
 * decided is in fix_step.c, what is done in fix_act.c, where facts come from in fix_gather.c.
 */
#include "bot/fix.h"

#include "bot/fix_parts.h"

#include "bot/base/clock.h"

#include <stdarg.h>

void fix_note(struct fix *fix, const char *format, ...)
{
	struct answer *answer = fix->answer;
	va_list args;

	va_start(args, format);
	arena_push(fix->arena, answer->notes, answer->note_count) =
		arena_vprintf(fix->arena, format, args);
	va_end(args);
}

void fix_progress(const struct fix *fix, const char *format, ...)
{
	va_list args;

	if (!fix->job->progress)
		return;
	va_start(args, format);
	fix->job->progress(arena_vprintf(fix->arena, format, args));
	va_end(args);
}

void fix_attempt(struct fix *fix, const char *template_name, const char *why)
{
	struct answer *answer = fix->answer;

	arena_push(fix->arena, answer->attempts, answer->attempt_count) =
		(struct attempt){ template_name, why };
}

static bool act(struct fix *fix, enum fix_action action, struct err *e)
{
	switch (action) {
	case FIX_READ:
		return fix_read(fix, e);
	case FIX_PROPOSE:
		return fix_propose(fix);
	case FIX_ASK:
		return fix_ask(fix);
	case FIX_PROVE:
		return fix_prove(fix, e);
	case FIX_BISECT:
		return fix_bisect(fix, e);
	case FIX_CONFIRM:
		return fix_confirm(fix, e);
	case FIX_ACCEPT:
		return fix_accept(fix);
	case FIX_MEASURE:
		return fix_measure(fix, e);
	case FIX_COMMIT:
		return fix_commit(fix, e);
	case FIX_DONE_GREEN:
	case FIX_RERUN:
	case FIX_SHOW:
	case FIX_ESCALATE:
		break;
	}
	return true;
}

static bool is_end(enum fix_action action)
{
	return action == FIX_DONE_GREEN || action == FIX_RERUN || action == FIX_SHOW ||
	       action == FIX_ESCALATE || action == FIX_COMMIT;
}

static void say_remaining(struct fix *fix, const struct failure *f)
{
	arena_push(fix->arena, fix->answer->remains, fix->answer->remains_count) =
		arena_printf(fix->arena, "%s%s%s%s%s", f->type ? f->type : kind_name(f->kind),
			     f->message ? ": " : "", f->message ? f->message : "",
			     f->test ? " in " : f->file ? " at " : "",
			     f->test ? f->test : f->file ? f->file : "");
}

static void say_remains(struct fix *fix)
{
	const struct report *report = fix->current.report;
	const struct failure *f = NULL;

	if (fix->taken.by_reading) {
		while ((f = fix_unanswered(fix, f)) != NULL)
			say_remaining(fix, f);
		return;
	}
	for (size_t i = 0; fix->facts.still_red && i < report->failure_count; i++)
		if (report->failures[i].weight > WEIGHT_SUMMARY || !i)
			say_remaining(fix, &report->failures[i]);
}

static void say_fixed(struct fix *fix)
{
	struct answer *answer = fix->answer;
	const struct candidate *candidate = fix->first.candidate;

	answer->action = candidate->oracle == ORACLE_TOOL && candidate->run ? "tool" : "template";
	answer->template_name = candidate->template_name;
	if (candidate->by_model) {
		answer->action = "model";
		answer->template_name = NULL;
	}
	if (candidate->reverts) {
		answer->action = "revert";
		answer->template_name = NULL;
	}
	answer->oracle = candidate->oracle;
	answer->why = candidate->why;
	answer->verification = &fix->taken;
	answer->patch = &fix->patch;
	answer->after = fix->taken.by_reading ? NULL : &fix->current;
	if (fix->taken.by_reading)
		answer->before = NULL;
	say_remains(fix);
}

static void say_escalated(struct fix *fix, enum escalation why)
{
	struct answer *answer = fix->answer;

	answer->action = "escalate";
	answer->why = escalation_text(why);
	if (why == WHY_HUNG)
		answer->why = arena_printf(fix->arena, "%s: it %s", answer->why,
					   jail_end_text(fix->before.jail.end));
	if (fix->model_trouble && !fix->facts.accepted)
		answer->why = arena_printf(fix->arena, "%s; no model could be asked: %s", answer->why,
					   fix->model_trouble);
	if (fix->facts.accepted) {
		answer->verification = fix->facts.measured ? &fix->taken : NULL;
		answer->patch = &fix->patch;
		answer->after = &fix->current;
	}
	answer->branch = NULL;
}

static void say(struct fix *fix, enum fix_action end, enum escalation why)
{
	struct answer *answer = fix->answer;

	answer->failure = fix_failure(fix);
	answer->command = fix->command;
	answer->before = fix->facts.ran ? &fix->before : NULL;
	answer->dry_run = fix->job->dry_run;
	switch (end) {
	case FIX_SHOW:
		answer->branch = NULL;
		say_fixed(fix);
		break;
	case FIX_COMMIT:
		say_fixed(fix);
		break;
	case FIX_DONE_GREEN:
		answer->why = "the command passes; there is nothing to fix";
		answer->branch = NULL;
		break;
	case FIX_RERUN:
		answer->action = "rerun";
		answer->why = fix->facts.green ? "red in the log and green here on the same commit: "
						 "run it again before changing anything"
					       : "this failure comes and goes by itself: run it "
						 "again before changing anything";
		answer->branch = NULL;
		break;
	case FIX_ESCALATE:
	case FIX_READ:
	case FIX_PROPOSE:
	case FIX_PROVE:
	case FIX_ASK:
	case FIX_BISECT:
	case FIX_CONFIRM:
	case FIX_ACCEPT:
	case FIX_MEASURE:
		say_escalated(fix, why);
		break;
	}
}

static bool loop(struct fix *fix, enum fix_action *end, enum escalation *why, struct err *e)
{
	do {
		fix_name_incident(fix);
		*end = fix_next(&fix->facts, why);
		if (!act(fix, *end, e))
			return false;
	} while (!is_end(*end));
	return true;
}

bool fix_run(const struct fix_job *job, struct arena *a, struct answer *answer, int *exit_code,
	     struct err *e)
{
	struct fix *fix = arena_new(a, struct fix);
	int64_t start = clock_monotonic_ms();
	enum fix_action end = FIX_ESCALATE;
	enum escalation why = WHY_NONE;
	bool done;

	*answer = (struct answer){0};
	fix->job = job;
	fix->arena = a;
	fix->answer = answer;
	done = fix_open(fix, e);
	answer->timings.open_ms = (unsigned)(clock_monotonic_ms() - start);
	if (done)
		done = loop(fix, &end, &why, e);
	if (done)
		say(fix, end, why);
	if (done && (end == FIX_SHOW || end == FIX_COMMIT))
		done = fix_record(fix, e);
	repo_close(&fix->repo);
	fix_model_close(fix);
	answer->timings.total_ms = (unsigned)(clock_monotonic_ms() - start);
	answer->timings.own_ms = answer->timings.total_ms > answer->timings.sandbox_ms
					 ? answer->timings.total_ms - answer->timings.sandbox_ms
					 : 0;
	*exit_code = end == FIX_RERUN || end == FIX_ESCALATE ? 2 : 0;
	return done;
}

/*
 * The actions of a local fix: run, propose, prove, take over, measure, commit. Each does one thing
 * and records in the facts that it was done; none decides what comes next.
 */
#include "bot/fix_parts.h"

#include "bot/base/clock.h"
#include "bot/culprit.h"
#include "bot/recipe.h"
#include "ci/report.h"
#include "templates/syntax.h"

static unsigned since(int64_t start)
{
	int64_t ms = clock_monotonic_ms() - start;

	return ms > 0 ? (unsigned)ms : 0;
}

/* The shell's own exit code for a command that is not there; a command may use it too, so the words
 * have to be the shell's. */
static bool command_is_missing(const struct fix *fix, struct err *e)
{
	const struct trial *run = &fix->before;
	size_t count;
	const char **words = recipe_words(fix->arena, fix->command, &count);
	struct str tail = str_trim(run->tail), name;

	if (!words || run->jail.end != JAIL_EXITED || run->jail.code != 127 ||
	    str_char(tail, '\n') >= 0 || !str_chop(&tail, ": not found"))
		return false;
	if (!str_split_last(tail, ": ", NULL, &name) || !str_is(name, words[0]))
		return false;
	fail(e, ERR_INPUT, "the command %s does not exist in the sandbox: it is neither in the "
	     "folders of PATH nor in the repository", words[0]);
	return true;
}

bool fix_read(struct fix *fix, struct err *e)
{
	int64_t start = clock_monotonic_ms();

	fix_progress(fix, "running %s", fix->command);
	if (!trial_run(&fix->place, fix->command, NULL, NULL, fix->arena, &fix->before, e))
		return false;
	fix->answer->timings.run_ms = since(start);
	if (command_is_missing(fix, e)) {
		if (!fix->facts.log_given)
			return false;
		*e = (struct err)ERR_INIT;
		fix->facts.missing = true;
		return true;
	}
	fix->red_runs = 1;
	fix->current = fix->before;
	fix->facts.ran = true;
	fix_facts_of_run(fix);
	return true;
}

static bool same_patch(const struct patch *one, const struct patch *other)
{
	if (one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (strcmp(one->changes[i].path, other->changes[i].path) ||
		    !str_equal(one->changes[i].after, other->changes[i].after))
			return false;
	return true;
}

static bool same_words(const char *const *one, const char *const *other)
{
	if (!one || !other)
		return one == other;
	for (; *one && *other; one++, other++)
		if (strcmp(*one, *other))
			return false;
	return *one == *other;
}

/* Two templates, or two failures of one cause, may propose the same. */
static void drop_same(struct scene *scene)
{
	size_t kept = 0;

	for (size_t i = 0; i < scene->candidate_count; i++) {
		bool again = false;

		for (size_t k = 0; k < kept && !again; k++)
			again = same_patch(&scene->candidates[k].patch, &scene->candidates[i].patch) &&
				same_words(scene->candidates[k].run, scene->candidates[i].run);
		if (!again)
			scene->candidates[kept++] = scene->candidates[i];
	}
	scene->candidate_count = kept;
}

static bool is_disabled(const struct fix *fix, const char *name)
{
	for (const char *const *one = fix->disabled; one && *one; one++)
		if (!strcmp(*one, name))
			return true;
	return false;
}

static void drop_disabled(const struct fix *fix, struct scene *scene)
{
	size_t kept = 0;

	for (size_t i = 0; i < scene->candidate_count; i++)
		if (!is_disabled(fix, scene->candidates[i].template_name))
			scene->candidates[kept++] = scene->candidates[i];
	scene->candidate_count = kept;
}

/* Of a failure that no run here shows: what reading can prove, and nothing for what passes by itself. */
static void keep_readable(struct scene *scene)
{
	size_t kept = 0;

	for (size_t i = 0; i < scene->candidate_count; i++)
		if (scene->candidates[i].by_reading && !scene->candidates[i].failure->transient)
			scene->candidates[kept++] = scene->candidates[i];
	scene->candidate_count = kept;
}

/*
 * What templates look at: the log, or the run here with the log's clues. The clues of the failing step
 * are then before every line, as the run has no other step.
 */
static const struct report *report_of(const struct fix *fix)
{
	const struct report *log = fix->log_report;
	struct report *both;

	if (fix_by_reading(&fix->facts))
		return log;
	if (!log || !log->failure_count)
		return fix->current.report;
	both = arena_copy(fix->arena, fix->current.report, sizeof(*both));
	both->clues = arena_array(fix->arena, struct clue, log->clue_count);
	both->clue_count = 0;
	for (size_t i = 0; i < log->clue_count; i++)
		if (log->clues[i].line <= log->failures[0].error_line)
			both->clues[both->clue_count++] =
				(struct clue){ log->clues[i].kind, log->clues[i].text, 0 };
	return both;
}

bool fix_propose(struct fix *fix)
{
	int64_t start = clock_monotonic_ms();
	const bool reading = fix_by_reading(&fix->facts);
	struct scene scene = {
		.report = report_of(fix),
		.tree = fix->current_tree,
		.parent = fix->parent,
		.arena = fix->arena,
		.own = fix->own.list,
		.own_count = fix->own.count,
	};

	templates_propose(&scene);
	drop_disabled(fix, &scene);
	if (reading)
		keep_readable(&scene);
	drop_same(&scene);
	if (scene.candidate_count > fix->candidates_max)
		scene.candidate_count = fix->candidates_max;
	for (size_t i = 0; !scene.candidate_count && i < scene.decline_count; i++)
		fix_attempt(fix, scene.declines[i].template_name, scene.declines[i].why);
	fix->candidates = scene.candidates;
	fix->candidate_count = scene.candidate_count;
	fix->next = 0;
	fix->best = (struct verification){0};
	fix->proofs = NULL;
	fix->proof_count = 0;
	fix->facts.proposed = true;
	fix->facts.tried = fix->facts.proven = 0;
	fix->facts.confirmed = fix->facts.flaky = fix->facts.ambiguous = false;
	fix->facts.candidates_left = (unsigned)scene.candidate_count;
	fix->answer->timings.propose_ms += since(start);
	return true;
}

static struct verify_job job_of(const struct fix *fix)
{
	return (struct verify_job){
		.place = &fix->place,
		.rules = &fix->rules,
		.tree = fix->current_tree,
		.parent = fix->parent,
		.command = fix_by_reading(&fix->facts) ? NULL : fix->command,
		.log = report_of(fix),
		.before = &fix->current,
		.start = fix->patch.count ? &fix->patch : NULL,
	};
}

/* When one failure has a proven fix, the candidates of the next failures wait for the next round:
 * they were made for a state that is no more. */
static void count_left(struct fix *fix)
{
	size_t left = fix->candidate_count - fix->next;

	if (left && fix->facts.proven &&
	    fix->candidates[fix->next].failure != fix->candidates[fix->next - 1].failure)
		left = 0;
	fix->facts.candidates_left = (unsigned)left;
}

/* Up to layout, as far as there is a grammar. */
static bool same_meaning(struct fix *fix, const struct patch *one, const struct patch *other)
{
	if (one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++) {
		const struct change *a = &one->changes[i], *b = &other->changes[i];
		const char *language = syntax_language(a->path);

		if (strcmp(a->path, b->path))
			return false;
		if (!str_equal(a->after, b->after) &&
		    (!language || !syntax_same(fix->arena, language, a->after, b->after)))
			return false;
	}
	return true;
}

/*
 * A template that proposes several changes of meaning for one failure leaves it to the proof to tell
 * them apart. Where two pass it does not, and the smaller one is no better.
 */
static bool has_rival(struct fix *fix, const struct verification *v)
{
	for (size_t i = 0; v->candidate->danger >= DANGER_2 && i < fix->proof_count; i++) {
		const struct candidate *other = fix->proofs[i].candidate;

		if (other != v->candidate && other->failure == v->candidate->failure &&
		    !strcmp(other->template_name, v->candidate->template_name) &&
		    !same_meaning(fix, &fix->proofs[i].patch, &v->patch))
			return true;
	}
	return false;
}

bool fix_prove(struct fix *fix, struct err *e)
{
	const struct candidate *candidate = &fix->candidates[fix->next++];
	struct verify_job job = job_of(fix);
	int64_t start = clock_monotonic_ms();
	struct verification v;

	fix_progress(fix, "proving %s: %s", candidate->template_name, candidate->why);
	if (!verify_candidate(&job, candidate, fix->arena, &v, e))
		return false;
	fix->answer->timings.prove_ms += since(start);
	fix->facts.tried++;
	if (candidate->by_model)
		fix_model_proved(fix, &v);
	if (!v.proven) {
		fix_attempt(fix, candidate->template_name, v.refused);
	} else {
		if (!fix->facts.proven || verify_better(&v, &fix->best))
			fix->best = v;
		arena_push(fix->arena, fix->proofs, fix->proof_count) = v;
		fix->facts.ambiguous = has_rival(fix, &fix->best);
		if (has_rival(fix, &v))
			fix_attempt(fix, candidate->template_name, "another of its fixes passes, too, and "
				    "means something else");
		fix->facts.proven++;
		/* The failing test alone was red before it was green: that was the second time. */
		fix->facts.confirmed |= v.narrow != NULL;
	}
	count_left(fix);
	return true;
}

static void say_culprit(struct fix *fix, const struct culprit *culprit)
{
	if (!culprit->commit.id[0]) {
		fix_note(fix, "the commit that broke it was not found: %s", culprit->why_not);
		return;
	}
	fix->answer->culprit = arena_strdup(fix->arena, culprit->commit.id);
	fix_note(fix, "the first commit that shows it is %.10s \"%s\", of %zu; found with %u runs",
		 culprit->commit.id, report_text(fix->arena, str_of(culprit->commit.subject)),
		 culprit->between, culprit->runs);
}

bool fix_bisect(struct fix *fix, struct err *e)
{
	const struct culprit_job job = {
		.repo = fix->repo, .place = &fix->place, .good = fix->good, .head = fix->head.commit,
		.command = fix->command, .failure = fix->before.report->failures,
	};
	struct culprit *culprit = arena_new(fix->arena, struct culprit);
	struct candidate *revert;
	const char *why;

	fix->facts.may_bisect = false;
	fix_progress(fix, "looking for the first bad commit since %.10s", fix->good);
	if (!culprit_find(&job, fix->arena, culprit, e))
		return fail_while(e, "looking for the commit that broke it");
	say_culprit(fix, culprit);
	if (!culprit->commit.id[0])
		return true;
	revert = culprit_revert(&job, culprit, &fix->rules, fix->arena, &why, e);
	if (!revert && !why)
		return false;
	if (!revert) {
		fix_attempt(fix, "revert", why);
		return true;
	}
	fix->candidates = revert;
	fix->candidate_count = 1;
	fix->next = 0;
	fix->facts.candidates_left = 1;
	return true;
}

/* A proof by a test that comes and goes is none. */
bool fix_confirm(struct fix *fix, struct err *e)
{
	const struct patch *start = fix->patch.count ? &fix->patch : NULL;
	int64_t begun = clock_monotonic_ms();
	struct trial again;

	fix_progress(fix, "running it once more without the fix");
	if (!trial_run(&fix->place, fix->command, start, NULL, fix->arena, &again, e))
		return false;
	fix->answer->timings.prove_ms += since(begun);
	fix->facts.confirmed = true;
	fix->facts.flaky = again.green || !trial_shows(&again, fix->best.candidate->failure);
	fix->red_runs += !start && !fix->facts.flaky;
	return true;
}

bool fix_accept(struct fix *fix)
{
	fix->taken = fix->best;
	if (!fix->facts.accepted)
		fix->first = fix->best;
	fix->patch = fix->best.patch;
	fix->current = fix->best.after;
	fix->current_tree = patch_tree(&fix->patch, fix->tree, fix->arena);
	fix->facts.accepted++;
	arena_push(fix->arena, fix->answered, fix->answered_count) = fix->best.candidate;
	fix->facts.still_red = fix->best.by_reading ? fix_unanswered(fix, NULL) != NULL
						    : !fix->current.green;
	fix->facts.rounds_left = fix->facts.accepted < ROUNDS_MAX;
	fix->facts.proposed = false;
	fix->facts.tried = fix->facts.proven = fix->facts.candidates_left = 0;
	fix->facts.ambiguous = false;
	return true;
}

/* Behind a mended failure the next one of the same test may come: then nothing is won for anybody. */
static bool mended_none(const struct trial *before, const struct trial *after)
{
	const struct tests *red = &before->report->tests;
	size_t still = 0;

	while (still < red->failed_count && verify_failed(after, red->failed_names[still]))
		still++;
	return red->failed_count && still == red->failed_count;
}

/* Is the finding of a kind that a candidate was taken over for? */
static bool is_of_answered(const struct fix *fix, const struct diagnostic *finding)
{
	for (size_t i = 0; i < fix->answered_count; i++)
		if (!finding->code || !fix->answered[i]->failure->type ||
		    !strcmp(finding->code, fix->answered[i]->failure->type))
			return true;
	return false;
}

/* By reading: other findings of the same checker or compiler keep its step red, and no run shows what was won. */
static bool leaves_the_tool_red(struct fix *fix)
{
	const char *tool = fix->taken.candidate->failure->tool;
	const struct report *log = fix->log_report;
	const struct failure *f = NULL;

	while (tool && (f = fix_unanswered(fix, f)) != NULL)
		if ((f->kind == KIND_LINT || f->kind == KIND_COMPILE) && f->tool && !strcmp(f->tool, tool))
			return true;
	for (size_t i = 0; tool && i < log->diagnostic_count; i++)
		if (log->diagnostics[i].severity == SEVERITY_ERROR && log->diagnostics[i].tool &&
		    !strcmp(log->diagnostics[i].tool, tool) && !is_of_answered(fix, &log->diagnostics[i]))
			return true;
	return false;
}

bool fix_measure(struct fix *fix, struct err *e)
{
	struct verify_job job = job_of(fix);
	int64_t start = clock_monotonic_ms();

	job.tree = fix->tree;
	job.before = &fix->before;
	job.start = NULL;
	fix_progress(fix, "measuring what the tests run of the change");
	if (!verify_measure(&job, &fix->taken, fix->arena, e) ||
	    (!fix->taken.by_reading && !fix_repeat(fix, e)))
		return false;
	fix->answer->timings.measure_ms = since(start);
	fix->facts.measured = true;
	fix->facts.mended_none = fix->taken.by_reading ? leaves_the_tool_red(fix)
						       : mended_none(&fix->before, &fix->current);
	fix->facts.still_red |= fix->taken.by_reading && fix->facts.mended_none;
	fix->facts.low_confidence = fix->taken.confidence.tier == TIER_LOW;
	return true;
}

/* No text of the log goes into the commit: it may hold what must not leave the machine. */
static const char *subject_of(const struct fix *fix, const struct failure *f)
{
	const struct candidate *candidate = fix->first.candidate;
	const char *what = f->type ? f->type : f->tool ? f->tool : kind_name(f->kind);

	if (candidate->reverts)
		return arena_printf(fix->arena, "Revert %.10s, which broke it", candidate->reverts);
	if (f->function && f->file)
		return arena_printf(fix->arena, "Fix %s in %s (%s)", what, f->function, f->file);
	if (f->file)
		return arena_printf(fix->arena, "Fix %s in %s", what, f->file);
	return arena_printf(fix->arena, "Fix %s", what);
}

static const char *body_of(const struct fix *fix)
{
	const struct verification *v = &fix->taken;
	struct text out = TEXT(fix->arena);

	text_addf(&out, "%s\n\nOracle: %s.\n", fix->first.candidate->why,
		  oracle_name(fix->first.candidate->oracle));
	if (v->by_reading) {
		text_adds(&out, "Proof: by reading; nothing here can run what failed.\n");
	} else {
		text_addf(&out, "Before: %s.\n", trial_summary(fix->arena, &fix->before));
		text_addf(&out, "After: %s.\n", trial_summary(fix->arena, &fix->current));
	}
	if (fix->first.candidate->reverts)
		text_addf(&out, "This reverts commit %s.\n", fix->first.candidate->reverts);
	text_addf(&out, "Confidence: %.2f (%s), risk %s.", v->confidence.value,
		  tier_name(v->confidence.tier), risk_name(v->risk));
	return text_cstr(&out);
}

bool fix_commit(struct fix *fix, struct err *e)
{
	const struct failure *failure = fix_failure(fix);
	const bool by_model = fix->first.candidate->by_model;
	const struct trailer trailers[] = {
		{ "Aegis-Incident", fix->answer->incident },
		{ "Aegis-Signature", failure->signature },
		{ by_model ? "Aegis-Model" : "Aegis-Template",
		  by_model ? fix->answer->model.name : fix->first.candidate->template_name },
		{ by_model ? "Aegis-Prompt" : NULL, fix->answer->model.prompt_id },
		{ NULL, NULL },
	};
	const struct commit_request request = {
		.parent = fix->head.commit,
		.patch = &fix->patch,
		.branch = fix->answer->branch,
		.subject = str_of(subject_of(fix, failure)),
		.body = str_of(body_of(fix)),
		.trailers = trailers,
		.incident = fix->answer->incident,
		.author_name = fix->job->author_name,
		.author_mail = fix->job->author_mail,
		.made_at = clock_wall_ms() / 1000,
	};
	int64_t start = clock_monotonic_ms();
	char id[REPO_ID_SIZE];

	if (!repo_commit(fix->repo, &request, id, e))
		return fail_while(e, "committing to %s", fix->answer->branch);
	fix->answer->commit = arena_strdup(fix->arena, id);
	fix->answer->timings.commit_ms = since(start);
	return true;
}

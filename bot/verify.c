/*
 * The proof. Runs the failing test alone where it can be picked, then the whole command, and
 * compares with the run before. Measures only what was proven. Does not choose what to try, nor
 * act.
 */
#include "bot/verify.h"

#include "bot/coverage.h"
#include "bot/recipe.h"
#include "templates/syntax.h"

static const char *const style_checks[][6] = {
	/* file that asks for it, what it holds, ending, then the check */
	{ "pyproject.toml", "[tool.black]", "py", "black", "--check", "-q" },
	{ ".clang-format", "", "c", "clang-format", "--dry-run", "-Werror" },
	{ ".clang-format", "", "h", "clang-format", "--dry-run", "-Werror" },
	{ ".clang-format", "", "cpp", "clang-format", "--dry-run", "-Werror" },
	{ ".flake8", "", "py", "flake8", "-q", NULL },
	{ "setup.cfg", "[flake8]", "py", "flake8", "-q", NULL },
	{ "rustfmt.toml", "", "rs", "rustfmt", "--check", NULL },
};

static bool has_name(const struct tests *tests, const char *name)
{
	for (size_t i = 0; i < tests->failed_count; i++)
		if (!strcmp(tests->failed_names[i], name))
			return true;
	return false;
}

bool verify_failed(const struct trial *trial, const char *test)
{
	return has_name(&trial->report->tests, test);
}

/* How many findings are the same in their words, or alike: of one kind, type and file. */
static size_t findings_of(const struct report *report, const struct failure *failure, bool same)
{
	size_t count = 0;

	for (size_t i = 0; i < report->failure_count; i++)
		count += same ? !strcmp(report->failures[i].signature, failure->signature) :
				!strcmp(report->failures[i].family, failure->family);
	return count;
}

/* Of several findings of a compiler or checker in one file one is gone, and no other came for it. */
static bool finding_gone(const struct failure *failure, const struct trial *before,
			 const struct trial *after)
{
	return (failure->kind == KIND_COMPILE || failure->kind == KIND_LINT) &&
	       findings_of(after->report, failure, true) < findings_of(before->report, failure, true) &&
	       findings_of(after->report, failure, false) < findings_of(before->report, failure, false);
}

/* Is the failure that the candidate answers gone from the run after? */
static bool target_gone(const struct failure *failure, const struct trial *before,
			const struct trial *after)
{
	if (after->green)
		return true;
	if (after->jail.end != JAIL_EXITED || after->jail.not_found)
		return false;
	/* The same error at the same place in another test: only this one case was painted over. */
	if (trial_shows(after, failure) && !finding_gone(failure, before, after))
		return false;
	return !failure->test || (after->report->tests.framework &&
				  !has_name(&after->report->tests, failure->test));
}

/*
 * A test that failed before for the same reason is not new; a failure of a suite that could not
 * even start before is not new either, since nobody could see it.
 */
static const char *first_new_red(const struct trial *before, const struct trial *after)
{
	const struct tests *tests = &after->report->tests;

	if (!before->report->tests.failed_count)
		return NULL;
	for (size_t i = 0; i < tests->failed_count; i++)
		if (!has_name(&before->report->tests, tests->failed_names[i]))
			return tests->failed_names[i];
	return NULL;
}

double verify_pass_rate(const struct trial *trial)
{
	const struct tests *tests;

	if (trial->green)
		return 1;
	if (!trial->report)
		return 0;
	tests = &trial->report->tests;
	/* Red without a red test: the counts do not tell why, or are made up by what was run. */
	if (!tests->counted || !tests->failed)
		return 0;
	return (double)tests->passed / (double)(tests->passed + tests->failed);
}

/* Fewer tests run after a fix than before means that something was lost on the way. */
static bool lost_tests(const struct trial *before, const struct trial *after)
{
	return before->report->tests.counted && after->report->tests.counted &&
	       after->report->tests.run < before->report->tests.run;
}

/*
 * A change of meaning is right for one reason or for none: a test that crashed for the same reason
 * and fails still shows that the crash was only painted over.
 */
static const char *first_painted_over(const struct candidate *candidate,
				      const struct trial *before, const struct trial *after)
{
	for (size_t i = 0; candidate->danger >= DANGER_2 && i < before->report->failure_count; i++) {
		const struct failure *one = &before->report->failures[i];

		if (one->test && !strcmp(one->family, candidate->failure->family) &&
		    has_name(&after->report->tests, one->test))
			return one->test;
	}
	return NULL;
}

static bool refuse(struct verification *v, const char *why)
{
	v->refused = why;
	return true;
}

/* Does the version stand in the text as a whole? */
static bool text_has_version(struct str text, struct str version)
{
	for (ptrdiff_t at; (at = str_find(text, version)) >= 0;
	     text = str_from(text, (size_t)at + version.size)) {
		size_t end = (size_t)at + version.size;

		if ((!at || !strchr("0123456789.", text.at[at - 1])) &&
		    (end == text.size || !strchr("0123456789.ab", text.at[end])))
			return true;
	}
	return false;
}

/* Another version of a formatter has another layout: what it says is not what the project asks. */
static bool version_is_pinned(const struct verify_job *job, const struct candidate *candidate,
			      struct arena *a, struct err *e)
{
	const char *command = arena_printf(a, "%s --version", candidate->run[0]);
	struct str rest = str_of(candidate->versions), one;
	struct trial trial;

	if (!rest.size)
		return true;
	if (!trial_run(job->place, command, NULL, NULL, a, &trial, e))
		return false;
	while (str_next(&rest, ' ', &one))
		if (text_has_version(trial.tail, one))
			return true;
	return fail(e, ERR_DENIED, "the repository pins %s %s, and another version runs here",
		    candidate->run[0], candidate->versions);
}

/*
 * The patch of a tool fix is what the tool changed; of the others it is theirs on top of the start.
 */
static bool make_patch(const struct verify_job *job, const struct candidate *candidate,
		       struct arena *a, struct verification *v, struct err *e)
{
	if (candidate->run && !job->command)
		return fail(e, ERR_DENIED, "the tool's own repair needs a run to prove it");
	if (candidate->run && !version_is_pinned(job, candidate, a, e))
		return false;
	if (candidate->run)
		return trial_tool(job->place, candidate->run, candidate->mends, job->start, a, &v->patch, e);
	for (size_t i = 0; job->start && i < job->start->count; i++)
		if (!patch_take(&v->patch, a, job->place->tree, &job->start->changes[i], e))
			return false;
	for (size_t i = 0; i < candidate->patch.count; i++)
		if (!patch_take(&v->patch, a, job->place->tree, &candidate->patch.changes[i], e))
			return false;
	return true;
}

/* The fences see what this candidate adds to the state it starts from. */
static bool allowed(const struct verify_job *job, const struct verification *v, struct arena *a,
		    struct err *e)
{
	struct candidate step = *v->candidate;

	step.patch = (struct patch){ NULL, 0 };
	for (size_t i = 0; i < v->patch.count; i++)
		if (!patch_take(&step.patch, a, job->tree, &v->patch.changes[i], e))
			return false;
	return rules_allow(job->rules, &step, job->tree, job->parent, a, e);
}

/* The failing test alone: it must be red before, or it proves nothing and is left out. */
static bool run_narrow(const struct verify_job *job, struct verification *v, struct arena *a,
		       struct err *e)
{
	const char *narrow = recipe_narrow(a, job->command, v->candidate->failure);
	struct trial before, after;

	if (!narrow)
		return true;
	if (!trial_run(job->place, narrow, job->start, NULL, a, &before, e))
		return false;
	if (before.green || before.jail.end != JAIL_EXITED ||
	    !trial_shows(&before, v->candidate->failure))
		return true;
	if (!trial_run(job->place, narrow, &v->patch, NULL, a, &after, e))
		return false;
	v->narrow = narrow;
	if (!after.green) {
		v->after = after;
		v->refused = arena_printf(a, "the failing test still fails (%s)",
					  trial_summary(a, &after));
	}
	return true;
}

/* The command is what a workflow calls: no run of it shows what the workflow itself says. */
static bool is_for_the_runner(const struct verification *v)
{
	for (size_t i = 0; i < v->patch.count; i++)
		if (!rules_is_pipeline(v->patch.changes[i].path) ||
		    !str_is(str_of(syntax_language(v->patch.changes[i].path)), "yaml"))
			return false;
	return v->candidate->by_reading && v->patch.count;
}

static bool judge_suite(const struct verify_job *job, struct arena *a, struct verification *v)
{
	const char *red;

	if (v->after.jail.end != JAIL_EXITED)
		return refuse(v, arena_printf(a, "with it the command %s",
					      jail_end_text(v->after.jail.end)));
	if (!target_gone(v->candidate->failure, job->before, &v->after)) {
		if (!is_for_the_runner(v))
			return refuse(v, "the failure is still there");
		verify_by_reading(job, a, v);
		return true;
	}
	if (!v->candidate->reverts && lost_tests(job->before, &v->after))
		return refuse(v, "fewer tests ran than before");
	red = first_new_red(job->before, &v->after);
	if (red)
		return refuse(v, arena_printf(a, "%s fails with it and did not before", red));
	red = first_painted_over(v->candidate, job->before, &v->after);
	if (red)
		return refuse(v, arena_printf(a, "%s crashed for the same reason and still fails", red));
	v->proven = true;
	return true;
}

bool verify_candidate(const struct verify_job *job, const struct candidate *candidate,
		      struct arena *a, struct verification *out, struct err *e)
{
	struct verification v = { .candidate = candidate };
	struct err why = ERR_INIT;
	size_t added, removed;

	if (!make_patch(job, candidate, a, &v, &why) || !allowed(job, &v, a, &why)) {
		if (why.kind == ERR_BUG || why.kind == ERR_LATER) {
			*e = why;
			return false;
		}
		v.refused = arena_strdup(a, why.text);
		*out = v;
		return true;
	}
	patch_lines(&v.patch, &added, &removed);
	v.lines = added + removed;
	if (!job->command) {
		verify_by_reading(job, a, &v);
		*out = v;
		return true;
	}
	if (!is_for_the_runner(&v) && !run_narrow(job, &v, a, e))
		return false;
	if (!v.refused) {
		if (!trial_run(job->place, job->command, &v.patch, NULL, a, &v.after, e))
			return false;
		judge_suite(job, a, &v);
	}
	*out = v;
	return true;
}

static bool parses(const struct patch *patch, struct arena *a)
{
	for (size_t i = 0; i < patch->count; i++)
		if (!verify_parses(&patch->changes[i], a))
			return false;
	return true;
}

static bool wants_check(const struct verify_job *job, const char *const *check, const char *path,
			struct arena *a)
{
	struct str text;

	return str_is(str_of(strrchr(path, '.')), arena_printf(a, ".%s", check[2])) &&
	       tree_read(job->place->tree, a, check[0], &text) && str_has(text, check[1]);
}

/* The project's own style check on one changed file, before and after: unchanged or better. */
static bool style_of_file(const struct verify_job *job, const struct verification *v,
			  const char *const *check, const char *path, struct arena *a)
{
	const char *command = arena_printf(a, "%s %s %s %s", check[3], check[4],
					   check[5] ? check[5] : "", recipe_quote(a, path));
	struct err ignored = ERR_INIT;
	struct trial before, after;

	if (!trial_run(job->place, command, &v->patch, NULL, a, &after, &ignored))
		return true;
	if (after.green || after.jail.code == 127)
		return true;
	return trial_run(job->place, command, NULL, NULL, a, &before, &ignored) && !before.green;
}

static bool style_kept(const struct verify_job *job, const struct verification *v, struct arena *a)
{
	for (size_t i = 0; i < v->patch.count; i++) {
		const char *path = v->patch.changes[i].path;

		for (size_t c = 0; c < sizeof(style_checks) / sizeof(style_checks[0]); c++)
			if (strrchr(path, '.') && wants_check(job, style_checks[c], path, a) &&
			    !style_of_file(job, v, style_checks[c], path, a))
				return false;
	}
	return true;
}

bool verify_measure(const struct verify_job *job, struct verification *v, struct arena *a,
		    struct err *e)
{
	struct coverage coverage = {0};
	struct parts parts;

	if (v->by_reading)
		coverage = (struct coverage){ .share = 1, .by = "reading" };
	else if (!coverage_measure(job->place, job->command, v->narrow, &v->patch, a, &coverage, e))
		return fail_while(e, "measuring what the tests ran");
	v->measured_by = coverage.by;
	v->quality = (struct quality){
		.parses = parses(&v->patch, a),
		.minimal = !coverage.idle_hunks,
		.style_kept = style_kept(job, v, a),
		.nothing_forbidden = true,	/* verify_candidate refuses the others */
		.oracle_named = v->candidate->oracle != ORACLE_NONE,
	};
	parts = (struct parts){
		.pass_rate = v->proven ? verify_pass_rate(&v->after) : 0,	/* 0 by reading */
		.coverage = coverage.share,
		.quality = quality_value(&v->quality),
	};
	v->confidence = confidence_of(&parts);
	v->risk = v->candidate->reverts ? RISK_HIGH : risk_of(&v->patch, &parts, job->rules);
	/* What only a test says of a model, or nothing has run, a person looks at before it is merged. */
	if (v->risk == RISK_LOW && (v->candidate->by_model || v->by_reading))
		v->risk = RISK_MEDIUM;
	return true;
}

bool verify_better(const struct verification *one, const struct verification *other)
{
	double a = verify_pass_rate(&one->after), b = verify_pass_rate(&other->after);

	if (one->proven != other->proven)
		return one->proven;
	if (a > b || a < b)
		return a > b;
	if (one->candidate->oracle != other->candidate->oracle)
		return one->candidate->oracle < other->candidate->oracle;
	return one->lines < other->lines;
}

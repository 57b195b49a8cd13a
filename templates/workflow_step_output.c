/*
 * The step that failed reads steps.A.outputs.B, and its job has no step A: the expression is empty -> the
 * step that the commit before called A, the one step before it that sets B, or the one whose name is a
 * slip away. Keeps off when none or several may be meant.
 */
#include "templates/lib_similar.h"
#include "templates/lib_workflow.h"

static bool sets(struct str script, struct str output)
{
	struct str rest = script, line;

	while (str_next_line(&rest, &line)) {
		ptrdiff_t at = str_find(line, output);
		struct str after = at < 0 ? STR_NONE : str_from(line, (size_t)at + output.size);

		if (at >= 0 && (!at || strchr(" \t\"'=:{", line.at[at - 1])) &&
		    (str_starts(after, "=") || str_starts(after, "<<") || str_starts(after, "::")))
			return str_has(script, "GITHUB_OUTPUT") || str_has(script, "::set-output");
	}
	return false;
}

static bool has_step(const struct workflow_job *job, struct str id)
{
	struct workflow_step step;

	for (unsigned n = 0; workflow_step(job, n, &step); n++)
		if (str_equal(step.id, id))
			return true;
	return false;
}

/* The steps before the failed one that set the output: how many, and the id of one. */
static unsigned setters(const struct workflow_job *job, unsigned before, struct str output,
			struct str *id)
{
	struct workflow_step step;
	unsigned count = 0;

	for (unsigned n = 0; n < before && workflow_step(job, n, &step); n++)
		if (step.id.size && sets(step.run, output)) {
			*id = step.id;
			count++;
		}
	return count;
}

/* The step that the commit before had under this id: it runs or uses the same. */
static bool by_history(const struct scene *scene, const struct workflow_job *job, struct str id,
		       struct str *right)
{
	struct workflow_step old, step;
	struct workflow_job before;
	unsigned count = 0;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->parent);
	if (!workflow_before(&w, job, &before))
		return false;
	for (unsigned n = 0; workflow_step(&before, n, &old); n++) {
		if (!str_equal(old.id, id))
			continue;
		for (unsigned i = 0; workflow_step(job, i, &step); i++)
			if (step.id.size && str_equal(step.run, old.run) &&
			    str_equal(step.uses, old.uses)) {
				*right = step.id;
				count++;
			}
	}
	return count == 1;
}

static bool by_slip(const struct workflow_job *job, unsigned before, struct str id, struct str *right)
{
	struct workflow_step step;
	unsigned count = 0;

	for (unsigned n = 0; n < before && workflow_step(job, n, &step); n++)
		if (step.id.size > 2 && similar_distance(step.id, id) == 1) {
			*right = step.id;
			count++;
		}
	return count == 1;
}

static bool find_right(const struct scene *scene, const struct workflow_job *job, unsigned before,
		       struct str id, struct str output, struct str *right)
{
	unsigned count = setters(job, before, output, right);

	return count == 1 || (!count && (by_history(scene, job, id, right) ||
					 by_slip(job, before, id, right)));
}

static void fix(struct scene *scene)
{
	struct workflow_job jobs[WORKFLOW_JOBS_MAX], *job = jobs;
	struct edits edits = { .arena = scene->arena };
	struct str id, output, right = STR_NONE;
	struct candidate *candidate;
	struct workflow_step step;
	WORKFLOWS w = {0};

	if (!workflow_title(scene))
		return;			/* no log of a step at all */
	workflows_open(&w, scene->arena, scene->tree);
	if (workflow_jobs_of_log(scene, &w, jobs) != 1 || !workflow_step_of_log(scene, job, &step))
		return;
	for (unsigned n = 0; workflow_output(job->workflow, step.body, n, &id, &output); n++) {
		if (has_step(job, id))
			continue;
		if (!find_right(scene, job, step.index, id, output, &right))
			return template_decline(scene, "not exactly one step sets the output %.*s",
						STR_ARG(output));
		workflow_rename(&edits, job->workflow, job->body,
				arena_printf(scene->arena, "steps.%.*s.outputs.%.*s", STR_ARG(id),
					     STR_ARG(output)),
				arena_printf(scene->arena, "steps.%.*s.outputs.%.*s", STR_ARG(right),
					     STR_ARG(output)));
		break;
	}
	if (!edits.count)
		return;
	candidate = propose(scene, ORACLE_SIBLING, "The job has no step %.*s; the one that gives %.*s is %.*s.",
			    STR_ARG(id), STR_ARG(output), STR_ARG(right));
	workflow_put(scene, candidate, job->workflow, &edits);
}

#define LOG "##[group]Run some/release@v1\nwith:\n  prerelease: true\n##[endgroup]\n" \
	"##[error]Error undefined: No tag found in ref or input!\n"
#define JOB(first) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" first \
	"      - uses: some/release@v1\n        with:\n          prerelease: true\n"

static const struct example examples[] = {
	{
		.name = "the one step that sets it",
		.log = LOG,
		.file = {
			{ ".github/workflows/r.yml",
			  JOB("      - id: version\n        run: echo \"tag=1\" >> \"$GITHUB_OUTPUT\"\n")
			  "          tag: ${{ steps.meta.outputs.tag }}\n",
			  JOB("      - id: version\n        run: echo \"tag=1\" >> \"$GITHUB_OUTPUT\"\n")
			  "          tag: ${{ steps.version.outputs.tag }}\n" },
		},
	},
	{
		.name = "renamed by the commit",
		.log = LOG,
		.file = {
			{ ".github/workflows/r.yml",
			  JOB("      - uses: some/meta@v1\n        id: labels\n")
			  "          tag: ${{ steps.meta.outputs.tag }}\n",
			  JOB("      - uses: some/meta@v1\n        id: labels\n")
			  "          tag: ${{ steps.labels.outputs.tag }}\n",
			  .was = JOB("      - uses: some/meta@v1\n        id: meta\n")
			  "          tag: ${{ steps.meta.outputs.tag }}\n" },
		},
	},
	{
		.name = "two of them",
		.log = LOG,
		.file = {
			{ ".github/workflows/r.yml",
			  JOB("      - id: a\n        run: echo \"tag=1\" >> \"$GITHUB_OUTPUT\"\n"
			      "      - id: b\n        run: echo \"tag=2\" >> \"$GITHUB_OUTPUT\"\n")
			  "          tag: ${{ steps.meta.outputs.tag }}\n", NULL },
		},
		.declines = "not exactly one",
	},
	{0}
};

const struct template template_workflow_step_output = {
	.name = "workflow_step_output",
	.summary = "an output of a step that the job has not -> the one step that sets it",
	.class = "workflow",
	.oracles = "the steps of the job, the commit before",
	.keeps_off = "no step or several that set the output; logs that may be of several jobs",
	.danger = DANGER_1,
	.reading = true,
	.fix = fix,
	.examples = examples,
};

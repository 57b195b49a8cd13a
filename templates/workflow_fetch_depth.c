/*
 * git knows no tag, or no commit but the newest, because the checkout fetched one commit only ->
 * fetch-depth: 0 at the checkout of that job. Keeps off when the job fetches all already, or fetches by
 * itself.
 */
#include "templates/lib_workflow.h"

static bool fetches(const struct workflow_job *job)
{
	struct workflow_step step;

	for (unsigned n = 0; workflow_step(job, n, &step); n++)
		if (str_has(step.run, "--unshallow") || str_has(step.run, "git fetch"))
			return true;
	return false;
}

static void fix(struct scene *scene)
{
	struct edits edits = { .arena = scene->arena };
	struct candidate *candidate;
	struct workflow_step step;
	struct workflow_job job;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_title(scene))
		return template_decline(scene, "the log does not tell the step");
	if (!workflow_job_of_log(scene, &w, &job))
		return;
	if (!workflow_step_using(&job, "actions/checkout", &step))
		return template_decline(scene, "the job has no checkout");
	if (str_is(workflow_input(&job, &step, "fetch-depth"), "0") ||
	    workflow_input(&job, &step, "repository").size)
		return template_decline(scene, "the checkout fetches all already");
	if (fetches(&job))
		return template_decline(scene, "the job fetches by itself");
	workflow_set_input(&edits, &job, &step, "fetch-depth", "0");
	candidate = propose(scene, ORACLE_CONTRACT, "The step looks at history or tags, and the checkout of "
			    "its job fetches one commit only: all of it is fetched.");
	workflow_put(scene, candidate, job.workflow, &edits);
}

#define LOG(run, said) "##[group]Run actions/checkout@v4\nwith:\n  fetch-depth: 1\n##[endgroup]\n" \
	"##[group]Run " run "\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n" said \
	"##[error]Process completed with exit code 128.\n"

static const struct example examples[] = {
	{
		.name = "tags, in the job that wants them",
		.log = LOG("git describe --tags", "fatal: No names found, cannot describe anything.\n"),
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/checkout@v4\n      - run: make\n"
			  "  b:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/checkout@v4   # all of it\n      - run: git describe --tags\n",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/checkout@v4\n      - run: make\n"
			  "  b:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/checkout@v4   # all of it\n        with:\n          fetch-depth: 0\n"
			  "      - run: git describe --tags\n" },
		},
	},
	{
		.name = "a depth that is too small",
		.log = LOG("git diff HEAD^", "fatal: ambiguous argument 'HEAD^': unknown revision or path not "
			   "in the working tree.\n"),
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  b:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/checkout@v4\n        with: { fetch-depth: 1 }\n"
			  "      - run: git diff HEAD^\n",
			  "on: push\njobs:\n  b:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/checkout@v4\n        with: { fetch-depth: 0 }\n"
			  "      - run: git diff HEAD^\n" },
		},
	},
	{
		.name = "all is there",
		.log = LOG("git describe --tags", "fatal: No names found, cannot describe anything.\n"),
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  b:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/checkout@v4\n        with:\n          fetch-depth: 0\n"
			  "      - run: git describe --tags\n",
			  NULL },
		},
		.declines = "all already",
	},
	{0}
};

const struct template template_workflow_fetch_depth = {
	.name = "workflow_fetch_depth",
	.summary = "history or tags that a shallow checkout lacks -> fetch-depth: 0 in that job",
	.class = "workflow",
	.oracles = "git's message, the checkout's inputs",
	.keeps_off = "jobs that fetch all, or by themselves; logs that do not tell the step",
	.danger = DANGER_0,
	.reading = true,
	.pattern = "No names found, cannot describe anything|No tags can describe|"
		   "unable to detect version|unknown revision or path not in the working tree|"
		   "bad revision '|no merge base|shallow update not allowed|[Ss]hallow clone detected|"
		   "Invalid symmetric difference expression",
	.fix = fix,
	.examples = examples,
};

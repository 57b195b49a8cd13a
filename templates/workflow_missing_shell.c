/*
 * "Required property is missing: shell" -> the shell that the other run steps of the action name; bash
 * where there is none. Every run step of the action without one is mended.
 */
#include "templates/lib_scene.h"
#include "templates/lib_workflow.h"

static const char *const types[] = { "invalid workflow", NULL };

/* The one shell of all steps that name one; NULL when they name several. */
static const char *shell_of(const struct workflow_job *job)
{
	struct workflow_step step;
	struct str shell = STR("bash"), one;
	bool told = false;

	for (unsigned n = 0; workflow_step(job, n, &step); n++) {
		one = yaml_get_text(job->workflow->syntax, step.body, "shell");
		if (!one.size)
			continue;
		if (told && !str_equal(shell, one))
			return NULL;
		shell = one;
		told = true;
	}
	return str_text(job->workflow->syntax->arena, shell);
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file), *shell;
	struct edits edits = { .arena = scene->arena };
	const struct workflow *action;
	struct candidate *candidate;
	struct workflow_step step;
	struct workflow_job job;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->tree);
	action = workflow_of(&w, path);
	if (!action || !action->action || !workflow_job(action, 0, &job))
		return template_decline(scene, "the log names no action of this repository");
	shell = shell_of(&job);
	if (!shell)
		return template_decline(scene, "its steps name several shells");
	for (unsigned n = 0; workflow_step(&job, n, &step); n++) {
		TSNode run = yaml_find(action->syntax, step.body, "run");

		if (!ts_node_is_null(run) &&
		    ts_node_is_null(yaml_find(action->syntax, step.body, "shell")))
			yaml_add(&edits, action->syntax, step.body, run, "shell", shell);
	}
	if (!edits.count)
		return template_decline(scene, "every step of the action has a shell");
	candidate = propose(scene, ORACLE_CONTRACT, "A run step of an action must name its shell: %s.", shell);
	workflow_put(scene, candidate, action, &edits);
}

static const struct example examples[] = {
	{
		.name = "one of two, and a block",
		.log = "##[error]/home/runner/work/r/r/./setup/action.yml (Line: 6, Col: 7): Required property "
		       "is missing: shell\n##[error]Failed to load /home/runner/work/r/r/./setup/action.yml\n",
		.file = {
			{ "setup/action.yml",
			  "runs:\n  using: composite\n  steps:\n    - run: pip install .\n      shell: sh\n"
			  "    # why\n    - name: Data\n      run: |\n        make data\n\n        make more\n"
			  "    - uses: actions/checkout@v4\n",
			  "runs:\n  using: composite\n  steps:\n    - run: pip install .\n      shell: sh\n"
			  "    # why\n    - name: Data\n      run: |\n        make data\n\n        make more\n"
			  "      shell: sh\n    - uses: actions/checkout@v4\n" },
		},
	},
	{
		.name = "two shells",
		.log = "##[error]/home/runner/work/r/r/./setup/action.yml (Line: 8, Col: 7): Required property "
		       "is missing: shell\n",
		.file = {
			{ "setup/action.yml",
			  "runs:\n  using: composite\n  steps:\n    - run: a\n      shell: sh\n"
			  "    - run: b\n      shell: pwsh\n    - run: c\n",
			  NULL },
		},
		.declines = "several shells",
	},
	{0}
};

const struct template template_workflow_missing_shell = {
	.name = "workflow_missing_shell",
	.summary = "a run step of an action without a shell -> the shell of the others",
	.class = "workflow",
	.oracles = "the log, the action's other steps",
	.keeps_off = "actions with several shells",
	.danger = DANGER_0,
	.reading = true,
	.types = types,
	.pattern = "Required property is missing: shell",
	.fix = fix,
	.examples = examples,
};

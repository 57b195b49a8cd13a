/*
 * A step that signs in by an identity token, in a job that may not have one -> id-token: write for that
 * job. Keeps off where keys are used instead, and for forks.
 */
#include "templates/lib_workflow_rights.h"

/* aws says the same of keys that are not there. */
static bool wants_token(const struct scene *scene, const struct workflow_job *job,
			const struct workflow_step *step)
{
	if (!str_has(str_of(scene->failure->message), "Credentials could not be loaded"))
		return true;
	return workflow_clue(scene, CLUE_OIDC, 0) &&
	       workflow_input(job, step, "role-to-assume").size &&
	       !workflow_input(job, step, "aws-access-key-id").size;
}

static void fix(struct scene *scene)
{
	struct workflow_step step;
	struct workflow_job job;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_title(scene))
		return template_decline(scene, "the log does not tell the step");
	if (!workflow_job_of_log(scene, &w, &job))
		return;
	if (!workflow_step_of_log(scene, &job, &step) || !wants_token(scene, &job, &step))
		return template_decline(scene, "the step does not want an identity token");
	workflow_grant(scene, &job, NULL, "id-token", RIGHT_WRITE, "The step signs in by an identity token");
}

#define LOG "##[group]GITHUB_TOKEN Permissions\nContents: read\nMetadata: read\n##[endgroup]\n" \
	"##[group]Run aws-actions/configure-aws-credentials@v4\nwith:\n  role-to-assume: arn:aws:iam::1:role/a\n" \
	"##[endgroup]\nIt looks like you might be trying to authenticate with OIDC. Did you mean to set the " \
	"`id-token` permission?\n##[error]Credentials could not be loaded, please check your action inputs: " \
	"Could not load credentials from any providers\n"

static const struct example examples[] = {
	{
		.name = "one job of two",
		.log = LOG,
		.file = {
			{ ".github/workflows/d.yml",
			  "on: push\npermissions:\n  contents: read\njobs:\n  a:\n    runs-on: ubuntu-24.04\n"
			  "    steps:\n      - run: make\n  b:\n    runs-on: ubuntu-24.04\n"
			  "    # three of them\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n"
			  "        with:\n          role-to-assume: arn:aws:iam::1:role/a\n",
			  "on: push\npermissions:\n  contents: read\njobs:\n  a:\n    runs-on: ubuntu-24.04\n"
			  "    steps:\n      - run: make\n  b:\n    runs-on: ubuntu-24.04\n    permissions:\n"
			  "      contents: read\n      id-token: write\n"
			  "    # three of them\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n"
			  "        with:\n          role-to-assume: arn:aws:iam::1:role/a\n" },
		},
	},
	{
		.name = "keys",
		.log = LOG,
		.file = {
			{ ".github/workflows/d.yml",
			  "on: push\njobs:\n  b:\n    runs-on: ubuntu-24.04\n"
			  "    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n"
			  "        with:\n          aws-access-key-id: ${{ secrets.KEY }}\n", NULL },
		},
		.declines = "does not want",
	},
	{
		.name = "it has one",
		.log = LOG,
		.file = {
			{ ".github/workflows/d.yml",
			  "on: push\npermissions: { id-token: write }\njobs:\n  b:\n    runs-on: ubuntu-24.04\n"
			  "    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n"
			  "        with:\n          role-to-assume: arn:aws:iam::1:role/a\n", NULL },
		},
		.declines = "grants it already",
	},
	{0}
};

const struct template template_workflow_id_token = {
	.name = "workflow_id_token",
	.summary = "a step that signs in by an identity token without the right -> id-token: write for its job",
	.class = "workflow",
	.oracles = "the log, the step's inputs",
	.keeps_off = "forks; keys; rights that are stated all at once",
	.danger = DANGER_2,
	.reading = true,
	.pattern = "ACTIONS_ID_TOKEN_REQUEST_|[Pp]ermission \"?id-token|permissions? to id-token|"
		   "OIDC token permissions|Credentials could not be loaded",
	.fix = fix,
	.examples = examples,
};

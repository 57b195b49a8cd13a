/*
 * GitHub refused what the job's token may not do -> exactly that right for that job, as the log proves it:
 * by the rights that GitHub's answer accepts, by the address or mutation that was called, by the push or
 * the image that was refused. Never for forks, whose tokens read only by design.
 */
#include "templates/lib_workflow_known.h"
#include "templates/lib_workflow_rights.h"

struct wanted {
	const char *scope;
	enum right right;
};

static bool by_pull(const struct workflow *workflow)
{
	return workflow_runs_on(workflow, "pull_request") ||
	       workflow_runs_on(workflow, "pull_request_review");
}

static bool by_issue(const struct workflow *workflow)
{
	return workflow_runs_on(workflow, "issues") || workflow_runs_on(workflow, "issue_comment");
}

/* What both rights allow is the one of what started the workflow. */
static const char *of_event(const struct workflow *workflow, const char *scope)
{
	if (strcmp(scope, "issues") != 0 && strcmp(scope, "pull-requests") != 0)
		return scope;
	if (by_pull(workflow) != by_issue(workflow))
		return by_pull(workflow) ? "pull-requests" : "issues";
	return NULL;
}

/* "issues=write; pull_requests=write": one of them will do; "a=read,b=write": both are wanted. */
static bool accepted(const struct workflow *workflow, struct str list, struct wanted *wanted)
{
	struct str one, name, level;
	const char *first = NULL;
	unsigned count = 0;

	while (str_next(&list, ';', &one)) {
		const char *scope;

		if (str_char(one, ',') >= 0 || !str_split(str_trim(one), "=", &name, &level) ||
		    !(scope = known_scope(name)))
			continue;
		count++;
		first = first ? first : scope;
		wanted->right = str_is(level, "write") ? RIGHT_WRITE : RIGHT_READ;
	}
	wanted->scope = count > 1 ? of_event(workflow, first) : first;
	if (count > 1 && !wanted->scope)
		wanted->scope = "issues";	/* the narrower one: of neither event */
	return wanted->scope != NULL;
}

/* Something in the step that writes: an answer alone does not tell a question from an order. */
static bool writes(const struct workflow_job *job, const struct workflow_step *step)
{
	static const char *const verbs[] = { "create", "add", "update", "delete", "remove", "upload",
		"comment", "label", "release", "publish", "edit", "POST", "PATCH", "PUT", "DELETE",
		"deploy", "merge", "close", "status", NULL };
	struct str text = syntax_text(job->workflow->syntax, step->body);

	for (size_t i = 0; verbs[i]; i++)
		if (str_has(text, verbs[i]))
			return true;
	return false;
}

static bool by_address(const struct scene *scene, const struct workflow_job *job,
		       const struct workflow_step *step, struct wanted *wanted)
{
	struct str message = str_of(scene->failure->message), path = STR_NONE, rest;
	const char *clue = workflow_step_clue(scene, CLUE_ENDPOINT);
	const char *scope;

	if (str_split(message, "https://api.github.com/repos/", NULL, &rest)) {
		size_t n = 0;

		while (n < rest.size && !strchr(")'\" ,?", rest.at[n]))
			n++;
		path = str_slice(rest, 0, n);
	} else if (clue) {
		path = str_of(clue);
	}
	scope = known_right(path);
	if (!scope || !writes(job, step))
		return false;
	if (!strcmp(scope, "issues") && by_pull(job->workflow) && !by_issue(job->workflow))
		scope = "pull-requests";
	*wanted = (struct wanted){ scope, RIGHT_WRITE };
	return true;
}

/* "GraphQL: Resource not accessible by integration (createPullRequest)" */
static bool by_mutation(const struct scene *scene, const struct workflow_job *job,
			struct wanted *wanted)
{
	struct str message = str_of(scene->failure->message), name;

	if (!str_has(message, "GraphQL") || !str_split_last(message, "(", NULL, &name) ||
	    !str_split(name, ")", &name, NULL))
		return false;
	wanted->right = RIGHT_WRITE;
	wanted->scope = known_mutation(name);
	if (!wanted->scope && (str_is(name, "addComment") || str_is(name, "addLabelsToLabelable") ||
			       str_is(name, "removeLabelsFromLabelable")))
		wanted->scope = of_event(job->workflow, "issues");
	return wanted->scope != NULL;
}

static bool find_wanted(const struct scene *scene, const struct workflow_job *job,
			const struct workflow_step *step, struct wanted *wanted)
{
	struct str message = str_of(scene->failure->message);
	const char *accepts = workflow_step_clue(scene, CLUE_ACCEPTS);

	wanted->right = RIGHT_WRITE;
	wanted->scope = str_has(message, "rganization package") || str_has(message, "write_package")
				? "packages"
		      : str_has(message, ".git denied to github-actions") ? "contents"
		      : str_has(message, "permission \"pages: write\"") ? "pages" : NULL;
	if (wanted->scope)
		return strcmp(wanted->scope, "packages") != 0 || str_has(message, "ghcr.io/");
	if (accepts)
		return accepted(job->workflow, str_of(accepts), wanted);
	return by_mutation(scene, job, wanted) || by_address(scene, job, step, wanted);
}

static void fix(struct scene *scene)
{
	struct workflow_step step;
	struct workflow_job job;
	struct wanted wanted;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_title(scene))
		return template_decline(scene, "the log does not tell the step");
	if (!workflow_job_of_log(scene, &w, &job))
		return;
	if (!workflow_step_of_log(scene, &job, &step))
		return template_decline(scene, "the log does not tell the step");
	if (!find_wanted(scene, &job, &step, &wanted))
		return template_decline(scene, "the log does not prove which right is missing");
	workflow_grant(scene, &job, &step, wanted.scope, wanted.right, "GitHub refused what the step does");
}

#define START "##[group]GITHUB_TOKEN Permissions\nContents: read\nMetadata: read\n##[endgroup]\n"
#define COMMENT START "##[group]Run actions/github-script@v7\n##[endgroup]\n" \
	"RequestError [HttpError]: Resource not accessible by integration\n" \
	"    at /home/runner/work/_actions/actions/github-script/v7/dist/index.js:9537:21\n  status: 403,\n" \
	"  response: {\n    url: 'https://api.github.com/repos/a/b/issues/41/comments',\n    headers: {\n" \
	"      'x-accepted-github-permissions': 'issues=write; pull_requests=write',\n    },\n  }\n" \
	"##[error]Unhandled error: HttpError: Resource not accessible by integration\n"
#define JOB "jobs:\n  size:\n    runs-on: ubuntu-24.04\n"
#define STEPS "    steps:\n      - uses: actions/checkout@v4\n      - uses: actions/github-script@v7\n" \
	"        with:\n          script: await github.rest.issues.createComment(a)\n"

static const struct example examples[] = {
	{
		.name = "a comment on a pull request",
		.log = COMMENT,
		.file = {
			{ ".github/workflows/s.yml",
			  "on: pull_request\npermissions:\n  contents: read\n" JOB STEPS,
			  "on: pull_request\npermissions:\n  contents: read\n" JOB
			  "    permissions:\n      contents: read\n      pull-requests: write\n" STEPS },
		},
	},
	{
		.name = "nothing stated, and what the log shows is kept",
		.log = START "##[group]Run gh release create v1\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
		       "HTTP 403: Resource not accessible by integration "
		       "(https://api.github.com/repos/a/b/releases)\n"
		       "##[error]Process completed with exit code 1.\n",
		.file = {
			{ ".github/workflows/s.yml",
			  "on: push\n" JOB "    steps:\n      - run: gh release create v1\n",
			  "on: push\n" JOB "    permissions:\n      contents: write\n"
			  "    steps:\n      - run: gh release create v1\n" },
		},
	},
	{
		.name = "an image, beside the job's own rights",
		.log = START "##[group]Run docker/build-push-action@v6\n##[endgroup]\n"
		       "ERROR: failed to push ghcr.io/a/b:c: denied: installation not allowed to Write "
		       "organization package\n##[error]buildx failed with: ERROR: failed to push "
		       "ghcr.io/a/b:c: denied: installation not allowed to Write organization package\n",
		.file = {
			{ ".github/workflows/s.yml",
			  "on: push\n" JOB "    permissions: { contents: read }\n    steps:\n"
			  "      - uses: docker/build-push-action@v6\n",
			  "on: push\n" JOB "    permissions: { contents: read, packages: write }\n    steps:\n"
			  "      - uses: docker/build-push-action@v6\n" },
		},
	},
	{
		.name = "a fork",
		.log = "Secret source: None\n" COMMENT,
		.file = {
			{ ".github/workflows/s.yml",
			  "on: pull_request\npermissions:\n  contents: read\n" JOB STEPS, NULL },
		},
		.declines = "fork",
	},
	{
		.name = "granted already",
		.log = COMMENT,
		.file = {
			{ ".github/workflows/s.yml",
			  "on: pull_request\npermissions:\n  contents: read\n  pull-requests: write\n" JOB STEPS,
			  NULL },
		},
		.declines = "grants it already",
	},
	{
		.name = "no proof of the right",
		.log = START "##[group]Run actions/github-script@v7\n##[endgroup]\n"
		       "##[error]Resource not accessible by integration\n",
		.file = {
			{ ".github/workflows/s.yml",
			  "on: pull_request\npermissions:\n  contents: read\n" JOB STEPS, NULL },
		},
		.declines = "does not prove",
	},
	{0}
};

const struct template template_workflow_missing_right = {
	.name = "workflow_missing_right",
	.summary = "what a job's token may not do -> exactly the right that the log proves, for that job",
	.class = "workflow",
	.oracles = "GitHub's answer in the log",
	.keeps_off = "forks; other tokens; rights stated all at once; logs that do not prove the right",
	.danger = DANGER_2,
	.reading = true,
	.pattern = "Resource not accessible by integration|rganization package|write_package|"
		   "\\.git denied to github-actions\\[bot\\]|permission \"pages: write\"",
	.fix = fix,
	.examples = examples,
};

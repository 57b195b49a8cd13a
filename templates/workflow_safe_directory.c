/*
 * "detected dubious ownership" in a container, where git runs as another user than the one that owns the
 * checkout -> that one folder is made safe in the step before. Never all folders.
 */
#include "templates/lib_workflow.h"

/* "/__w/repo/repo/sub" is "$GITHUB_WORKSPACE/sub"; NULL when it is no checkout of a container. */
static const char *folder_of(struct arena *a, struct str path)
{
	struct str part;

	if (!str_skip(&path, "/__w/") || !str_next(&path, '/', &part) || !str_next(&path, '/', &part))
		return NULL;
	for (size_t i = 0; i < path.size; i++)
		if (strchr("\"$`\\*?'", path.at[i]))
			return NULL;
	return arena_printf(a, "\"$GITHUB_WORKSPACE%s%.*s\"", path.size ? "/" : "", STR_ARG(path));
}

static void fix(struct scene *scene)
{
	const char *folder = folder_of(scene->arena, scene_group(scene, "path"));
	struct edits edits = { .arena = scene->arena };
	struct candidate *candidate;
	struct workflow_step step;
	struct workflow_job job;
	const struct syntax *s;
	WORKFLOWS w = {0};

	if (!folder)
		return template_decline(scene, "the folder is no checkout in a container");
	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_job_of_log(scene, &w, &job))
		return;
	s = job.workflow->syntax;
	if (ts_node_is_null(yaml_get(s, job.body, "container")))
		return template_decline(scene, "the job does not run in a container");
	if (!workflow_step_of_log(scene, &job, &step) || !step.run.size)
		return template_decline(scene, "the log does not tell a script of the job");
	if (str_has(syntax_text(s, job.body), "safe.directory"))
		return template_decline(scene, "the job makes a folder safe already");
	if (!yaml_add_item(&edits, s, job.steps, step.index, false,
			   arena_printf(scene->arena, "- run: git config --global --add safe.directory %s",
					folder)))
		return template_decline(scene, "the steps are no list of lines");
	candidate = propose(scene, ORACLE_TOOL, "git itself says how its checkout, which another user owns, "
			    "is made safe.");
	workflow_put(scene, candidate, job.workflow, &edits);
}

#define LOG "##[group]Run git describe\nshell: sh -e {0}\n##[endgroup]\n" \
	"fatal: detected dubious ownership in repository at '/__w/gable/gable'\n" \
	"To add an exception for this directory, call:\n\n" \
	"\tgit config --global --add safe.directory /__w/gable/gable\n" \
	"##[error]Process completed with exit code 128.\n"

static const struct example examples[] = {
	{
		.name = "before the step that fails",
		.log = LOG,
		.file = {
			{ ".github/workflows/p.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    container: fedora:40\n    steps:\n"
			  "      - run: dnf -y install git\n      - uses: actions/checkout@v4\n"
			  "      # of the tags\n      - name: Version\n        run: git describe\n",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    container: fedora:40\n    steps:\n"
			  "      - run: dnf -y install git\n      - uses: actions/checkout@v4\n"
			  "      - run: git config --global --add safe.directory \"$GITHUB_WORKSPACE\"\n"
			  "      # of the tags\n      - name: Version\n        run: git describe\n" },
		},
	},
	{
		.name = "no container",
		.log = LOG,
		.file = {
			{ ".github/workflows/p.yml",
			  "on: push\njobs:\n  a:\n    runs-on: [self-hosted]\n    steps:\n"
			  "      - run: git describe\n", NULL },
		},
		.declines = "container",
	},
	{0}
};

const struct template template_workflow_safe_directory = {
	.name = "workflow_safe_directory",
	.summary = "git distrusts the owner of the checkout in a container -> that folder is made safe",
	.class = "workflow",
	.oracles = "git's own advice",
	.keeps_off = "jobs without a container; folders that are not the checkout",
	.danger = DANGER_0,
	.reading = true,
	.pattern = "detected dubious ownership in repository at '(?<path>[^']+)'",
	.fix = fix,
	.examples = examples,
};

/*
 * A step of a container runs under sh, its default there, and is written for bash -> shell: bash, when the
 * image is known to have one, or another step of the job names it.
 */
#include "templates/lib_scene.h"
#include "templates/lib_workflow.h"

/* Images that come with bash, by name or by the start of it. */
static const char with_bash[] = "debian ubuntu fedora centos almalinux rockylinux amazonlinux archlinux opensuse "
	"buildpack-deps gcc python node golang rust ruby php perl openjdk eclipse-temurin maven gradle";

static bool has_bash(const struct workflow_job *job)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode container = yaml_get(s, job->body, "container");
	struct str image = yaml_text(s, container), name, tag = STR_NONE;
	struct workflow_step step;

	for (unsigned n = 0; workflow_step(job, n, &step); n++)
		if (str_is(yaml_get_text(s, step.body, "shell"), "bash"))
			return true;
	if (!image.size)
		image = yaml_get_text(s, container, "image");
	name = image;
	(void)str_split(image, ":", &name, &tag);
	(void)str_split_last(name, "/", NULL, &name);
	return word_among(name, with_bash) && !str_has(tag, "alpine") && !str_has(tag, "slim-musl") &&
	       !str_has(tag, "busybox");
}

static void fix(struct scene *scene)
{
	const char *shell = workflow_step_clue(scene, CLUE_SHELL);
	struct edits edits = { .arena = scene->arena };
	struct candidate *candidate;
	struct workflow_step step;
	struct workflow_job job;
	const struct syntax *s;
	WORKFLOWS w = {0};
	TSNode run;

	if (!shell || !str_starts(str_of(shell), "sh "))
		return template_decline(scene, "the step did not run under sh");
	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_job_of_log(scene, &w, &job))
		return;
	s = job.workflow->syntax;
	if (!workflow_step_of_log(scene, &job, &step) || !step.run.size ||
	    yaml_get_text(s, step.body, "shell").size ||
	    yaml_get_text(s, job.body, "defaults/run/shell").size ||
	    yaml_get_text(s, job.workflow->root, "defaults/run/shell").size)
		return template_decline(scene, "the shell was chosen");
	if (ts_node_is_null(yaml_get(s, job.body, "container")) || !has_bash(&job))
		return template_decline(scene, "nothing says that the image has bash");
	run = yaml_find(s, step.body, "run");
	yaml_add(&edits, s, step.body, run, "shell", "bash");
	candidate = propose(scene, ORACLE_CONTRACT, "The script is written for bash, and steps in a container "
			    "run under sh unless told.");
	workflow_put(scene, candidate, job.workflow, &edits);
}

#define LOG "##[group]Run if [[ -f a ]]; then make; fi\nshell: sh -e {0}\n##[endgroup]\n" \
	"/__w/_temp/8d.sh: 1: [[: not found\n##[error]Process completed with exit code 127.\n"
#define JOB(image) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    container: " image "\n    steps:\n" \
	"      - run: if [[ -f a ]]; then make; fi\n"

static const struct example examples[] = {
	{
		.name = "Debian",
		.log = LOG,
		.file = { { ".github/workflows/c.yml", JOB("debian:12"), JOB("debian:12") "        shell: bash\n" } },
	},
	{
		.name = "Alpine",
		.log = LOG,
		.file = { { ".github/workflows/c.yml", JOB("python:3.12-alpine"), NULL } },
		.declines = "has bash",
	},
	{0}
};

const struct template template_workflow_sh_bashism = {
	.name = "workflow_sh_bashism",
	.summary = "a bash script in a container whose default is sh -> shell: bash",
	.class = "workflow",
	.oracles = "the image, the script's own syntax",
	.keeps_off = "images that may have no bash; shells that were chosen",
	.danger = DANGER_1,
	.reading = true,
	.language = "shell",
	.pattern = "\\[\\[: not found|source: not found|shopt: not found|Bad substitution|bad substitution|"
		   "Syntax error: \"\\(\" unexpected|pushd: not found|Illegal option -o pipefail|"
		   "unexpected operator|Syntax error: redirection unexpected",
	.fix = fix,
	.examples = examples,
};

/*
 * A setup action looks for a lock file at the root, and the only one lies in the folder in which the job
 * works -> cache-dependency-path. Where several locks or none are there, nothing says what is meant.
 */
#include "templates/lib_scene.h"
#include "templates/lib_workflow.h"

#include "git/path.h"

static const char *const types[] = { "no lock file", NULL };

/* The one lock file of these names, "package-lock.json,npm-shrinkwrap.json,yarn.lock". */
static const char *only_lock(const struct scene *scene, struct str names)
{
	const char *found = NULL;

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str rest = names, name;

		while (str_next(&rest, ',', &name)) {
			if (!str_equal(path_name(str_of(path)), str_trim(name)))
				continue;
			if (found)
				return NULL;
			found = path;
		}
	}
	return found;
}

/* Does something in the job work in the folder? */
static bool works_in(const struct workflow_job *job, struct str folder)
{
	const struct syntax *s = job->workflow->syntax;
	struct str where = yaml_get_text(s, job->body, "defaults/run/working-directory");
	struct workflow_step step;

	if (!where.size)
		where = yaml_get_text(s, job->workflow->root, "defaults/run/working-directory");
	(void)str_skip(&where, "./");
	(void)str_chop(&where, "/");
	if (str_equal(where, folder))
		return true;
	for (unsigned n = 0; workflow_step(job, n, &step); n++) {
		where = yaml_get_text(s, step.body, "working-directory");
		(void)str_skip(&where, "./");
		(void)str_chop(&where, "/");
		if (str_equal(where, folder))
			return true;
		if (str_has(step.run, arena_printf(s->arena, "cd %.*s", STR_ARG(folder))) ||
		    str_has(step.run, arena_printf(s->arena, "--prefix %.*s", STR_ARG(folder))))
			return true;
	}
	return false;
}

static void fix(struct scene *scene)
{
	const char *lock = only_lock(scene, scene_group(scene, "names"));
	struct edits edits = { .arena = scene->arena };
	struct candidate *candidate;
	struct workflow_step step;
	struct workflow_job job;
	WORKFLOWS w = {0};

	if (!lock || !path_folder(str_of(lock)).size)
		return template_decline(scene, "not exactly one lock file is in a folder");
	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_title(scene))
		return template_decline(scene, "the log does not tell the step");
	if (!workflow_job_of_log(scene, &w, &job))
		return;
	if (!workflow_step_of_log(scene, &job, &step) || !step.uses.size ||
	    workflow_input(&job, &step, "cache-dependency-path").size)
		return template_decline(scene, "the step says where its lock file is");
	if (!works_in(&job, path_folder(str_of(lock))))
		return template_decline(scene, "the job does not work in the folder of the lock file");
	workflow_set_input(&edits, &job, &step, "cache-dependency-path", lock);
	candidate = propose(scene, ORACLE_SIBLING, "The only lock file is %s, where the job works.", lock);
	workflow_put(scene, candidate, job.workflow, &edits);
}

#define LOG "##[group]Run actions/setup-node@v4\nwith:\n  cache: npm\n##[endgroup]\n" \
	"##[error]Dependencies lock file is not found in /home/runner/work/o/o. Supported file patterns: " \
	"package-lock.json,npm-shrinkwrap.json,yarn.lock\n"
#define JOB(more) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" \
	"      - uses: actions/setup-node@v4\n        with:\n          cache: npm\n" more \
	"      - run: npm ci\n        working-directory: ./web\n"

static const struct example examples[] = {
	{
		.name = "where the job works",
		.log = LOG,
		.file = {
			{ "web/package-lock.json", "{}\n", NULL },
			{ ".github/workflows/c.yml", JOB(""),
			  JOB("          cache-dependency-path: web/package-lock.json\n") },
		},
	},
	{
		.name = "two of them",
		.log = LOG,
		.file = {
			{ "web/package-lock.json", "{}\n", NULL }, { "api/package-lock.json", "{}\n", NULL },
			{ ".github/workflows/c.yml", JOB(""), NULL },
		},
		.declines = "not exactly one",
	},
	{0}
};

const struct template template_workflow_cache_path = {
	.name = "workflow_cache_path",
	.summary = "a lock file that a setup action does not find at the root -> the path of the only one",
	.class = "workflow",
	.oracles = "the repository's files, the folder in which the job works",
	.keeps_off = "no lock file or several; jobs that work elsewhere",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "Dependencies lock file is not found in .*Supported file patterns: (?<names>[\\w.,* -]+)",
	.fix = fix,
	.examples = examples,
};

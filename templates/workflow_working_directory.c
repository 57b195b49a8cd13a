/*
 * A step finds its project's file nowhere since the red commit took away the folder that the job, the
 * workflow or the step works in -> the folder again, where it stood. Also where the job's own cache names
 * the folder of the only manifest that there is.
 */
#include "templates/lib_scene.h"
#include "templates/lib_workflow.h"

#include "git/path.h"

static const TSNode none;

static const char *const manifests[] = { "package.json", "go.mod", "Cargo.toml", "pom.xml", "Makefile",
	"requirements.txt", "pyproject.toml", "composer.json", "Gemfile", "CMakeLists.txt", NULL };

/* The manifest that the message misses at the root: no, when the root has it. */
static const char *missed(const struct scene *scene)
{
	struct str message = str_of(scene->failure->message);

	if (str_has(message, "no makefile found") || str_has(message, "No rule to make target"))
		return tree_has(scene->tree, "Makefile") ? NULL : "Makefile";
	for (size_t i = 0; manifests[i]; i++)
		if (str_has(message, manifests[i]) && !tree_has(scene->tree, manifests[i]))
			return manifests[i];
	return NULL;
}

/* "working-directory" of the defaults of a mapping. */
static struct str folder_of(const struct syntax *s, TSNode mapping)
{
	return yaml_get_text(s, mapping, "defaults/run/working-directory");
}

static bool holds(const struct scene *scene, struct str folder, const char *manifest)
{
	(void)str_skip(&folder, "./");
	(void)str_chop(&folder, "/");
	return folder.size && str_char(folder, '$') < 0 &&
	       tree_has(scene->tree, arena_printf(scene->arena, "%.*s/%s", STR_ARG(folder), manifest));
}

/* The pair that stands before `key` in a mapping; null when it is the first. */
static TSNode pair_before(const struct syntax *s, TSNode mapping, const char *key)
{
	TSNode pair, last = none;

	for (unsigned n = 0; pair = yaml_pair(mapping, n), !ts_node_is_null(pair); n++) {
		if (str_is(yaml_text(s, yaml_key(pair)), key))
			return last;
		last = pair;
	}
	return none;
}

/* Into `mapping` behind the key that it stood behind, else before `anchor`. */
static void add_defaults(struct edits *edits, const struct syntax *s, TSNode mapping, struct str after,
			 const char *anchor, struct str folder)
{
	const char *step = yaml_step(s);
	const char *value = arena_printf(s->arena, "\n%srun:\n%s%sworking-directory: %.*s", step, step, step,
					 STR_ARG(folder));
	TSNode place = after.size ? yaml_find(s, mapping, str_text(s->arena, after)) : none;
	TSNode run = yaml_get(s, mapping, "defaults/run");

	if (ts_node_is_null(place))
		place = pair_before(s, mapping, anchor);
	if (!ts_node_is_null(yaml_pair(run, 0)))
		yaml_add(edits, s, run, none, "working-directory", str_text(s->arena, folder));
	else if (ts_node_is_null(yaml_find(s, mapping, "defaults")) && !ts_node_is_null(place))
		yaml_add(edits, s, mapping, place, "defaults", value);
}

/* What the commit before had and this one has not. */
static bool by_history(struct scene *scene, const struct workflow_job *job, const char *manifest,
		       struct edits *edits, struct str *folder)
{
	struct workflow_job before;
	const struct syntax *s = job->workflow->syntax, *old;
	TSNode previous;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->parent);
	if (!workflow_before(&w, job, &before))
		return false;
	old = before.workflow->syntax;
	*folder = folder_of(old, before.body);
	if (holds(scene, *folder, manifest)) {
		previous = pair_before(old, before.body, "defaults");
		*folder = str_copy(scene->arena, *folder);
		add_defaults(edits, s, job->body, yaml_text(old, yaml_key(previous)), "steps", *folder);
		return edits->count > 0;
	}
	*folder = folder_of(old, before.workflow->root);
	if (holds(scene, *folder, manifest)) {
		previous = pair_before(old, before.workflow->root, "defaults");
		*folder = str_copy(scene->arena, *folder);
		add_defaults(edits, s, job->workflow->root, yaml_text(old, yaml_key(previous)), "jobs",
			     *folder);
	}
	return edits->count > 0;
}

/* The step had a folder of its own. */
static bool by_step(struct scene *scene, const struct workflow_job *job, const char *manifest,
		    struct edits *edits, struct str *folder)
{
	struct workflow_step step, one;
	struct workflow_job before;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->parent);
	if (!workflow_before(&w, job, &before) || !workflow_step_of_log(scene, job, &step))
		return false;
	for (unsigned n = 0; workflow_step(&before, n, &one); n++) {
		*folder = yaml_get_text(before.workflow->syntax, one.body, "working-directory");
		if (!step.run.size || !str_equal(one.run, step.run) ||
		    !holds(scene, *folder, manifest))
			continue;
		*folder = str_copy(scene->arena, *folder);
		yaml_add(edits, job->workflow->syntax, step.body,
			 yaml_find(job->workflow->syntax, step.body, "run"), "working-directory",
			 str_text(scene->arena, *folder));
		return true;
	}
	return false;
}

/* The job caches by a lock of the folder in which the only such manifest lies. */
static bool by_cache(struct scene *scene, const struct workflow_job *job, const char *manifest,
		     struct edits *edits, struct str *folder)
{
	const struct syntax *s = job->workflow->syntax;
	struct workflow_step step;
	unsigned found = 0;

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path);

		if (str_is(path_name(path), manifest)) {
			*folder = path_folder(path);
			found++;
		}
	}
	for (unsigned n = 0; found == 1 && workflow_step(job, n, &step); n++) {
		struct str cached = workflow_input(job, &step, "cache-dependency-path");

		if (yaml_get_text(s, step.body, "working-directory").size)
			return false;	/* each step says its own */
		if (cached.size && str_equal(path_folder(cached), *folder))
			add_defaults(edits, s, job->body, STR_NONE, "steps", *folder);
	}
	return edits->count > 0;
}

static bool says_one(const struct scene *scene, const struct workflow_job *job)
{
	const struct syntax *s = job->workflow->syntax;
	struct workflow_step step;

	return folder_of(s, job->body).size || folder_of(s, job->workflow->root).size ||
	       (workflow_step_of_log(scene, job, &step) &&
		yaml_get_text(s, step.body, "working-directory").size);
}

static void fix(struct scene *scene)
{
	const char *manifest = missed(scene);
	struct edits edits = { .arena = scene->arena };
	struct candidate *candidate;
	struct workflow_job job;
	struct str folder;
	bool history;
	WORKFLOWS w = {0};

	if (!manifest)
		return template_decline(scene, "the log misses no manifest of a project");
	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_title(scene))
		return template_decline(scene, "the log does not tell the step");
	if (!workflow_job_of_log(scene, &w, &job))
		return;
	if (says_one(scene, &job))
		return template_decline(scene, "the step says in which folder it works");
	history = scene->parent && (by_history(scene, &job, manifest, &edits, &folder) ||
				    by_step(scene, &job, manifest, &edits, &folder));
	if (!history && !by_cache(scene, &job, manifest, &edits, &folder))
		return template_decline(scene, "nothing says in which folder the job works");
	candidate = propose(scene, history ? ORACLE_HISTORY : ORACLE_SIBLING,
			    "%s is in %.*s, where the job works%s.", manifest, STR_ARG(folder),
			    history ? " until the last commit" : " by its cache");
	workflow_put(scene, candidate, job.workflow, &edits);
}

#define LOG "##[group]Run npm ci\nshell: /usr/bin/bash -e {0}\n##[endgroup]\nnpm error code ENOENT\n" \
	"npm error syscall open\nnpm error path /home/runner/work/o/o/package.json\nnpm error errno -2\n" \
	"npm error enoent Could not read package.json: Error: ENOENT: no such file or directory, open " \
	"'/home/runner/work/o/o/package.json'\n##[error]Process completed with exit code 254.\n"
#define HEAD "on: push\njobs:\n  web:\n    runs-on: ubuntu-24.04\n"
#define DEFAULTS "    defaults:\n      run:\n        working-directory: web\n"
#define STEPS "    steps:\n      - run: npm ci\n"

static const struct example examples[] = {
	{
		.name = "the job's",
		.log = LOG,
		.file = {
			{ "web/package.json", "{}\n", NULL },
			{ ".github/workflows/w.yml", HEAD STEPS, HEAD DEFAULTS STEPS,
			  .was = HEAD DEFAULTS STEPS },
		},
	},
	{
		.name = "the step's",
		.log = LOG,
		.file = {
			{ "web/package.json", "{}\n", NULL },
			{ ".github/workflows/w.yml", HEAD STEPS, HEAD STEPS "        working-directory: web\n",
			  .was = HEAD STEPS "        working-directory: web\n" },
		},
	},
	{
		.name = "nobody says so",
		.log = LOG,
		.file = {
			{ "web/package.json", "{}\n", NULL },
			{ "api/package.json", "{}\n", NULL },
			{ ".github/workflows/w.yml", HEAD STEPS, NULL },
		},
		.declines = "nothing says",
	},
	{0}
};

const struct template template_workflow_working_directory = {
	.name = "workflow_working_directory",
	.summary = "a folder to work in that the commit took away -> the folder again",
	.class = "workflow",
	.oracles = "the commit before; the job's cache",
	.keeps_off = "jobs of which nothing says where they work",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "[Nn]o such file|no makefile found|No rule to make target|not found|could not find|"
		   "an't open|Could not open|no POM",
	.fix = fix,
	.examples = examples,
};

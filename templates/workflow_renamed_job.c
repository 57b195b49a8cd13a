/*
 * "Job 'b' depends on unknown job 'a'" -> the name that the job has now: the commit before had it under
 * the old one, or one job's name is a slip away. What reads its results follows. The job itself keeps the
 * name that somebody gave it.
 */
#include "templates/lib_scene.h"
#include "templates/lib_similar.h"
#include "templates/lib_workflow.h"

static const char *const types[] = { "invalid workflow", NULL };

/* The jobs of one that the other has not: how many, and one of them. */
static unsigned only_in(const struct workflow *one, const struct workflow *other,
			struct workflow_job *found)
{
	struct workflow_job job, ignored;
	unsigned count = 0;

	for (unsigned n = 0; workflow_job(one, n, &job); n++)
		if (!workflow_job_named(other, job.id, &ignored)) {
			*found = job;
			count++;
		}
	return count;
}

/* Renamed in the red commit: one job went, one came. */
static bool by_history(const struct scene *scene, const struct workflow *now, struct str old,
		       struct str *new)
{
	const struct workflow *before;
	struct workflow_job gone, came;
	bool found = false;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->parent);
	before = workflow_of(&w, now->path);
	if (before && only_in(before, now, &gone) == 1 && str_equal(gone.id, old) &&
	    only_in(now, before, &came) == 1) {
		*new = came.id;
		found = true;
	}
	return found;
}

static bool by_slip(const struct workflow *now, struct str old, struct str *new)
{
	struct workflow_job job;
	unsigned count = 0;

	for (unsigned n = 0; workflow_job(now, n, &job); n++)
		if (similar_distance(job.id, old) == 1 && old.size > 3) {
			*new = job.id;
			count++;
		}
	return count == 1;
}

static void names(struct edits *edits, const struct workflow_job *job, struct str old, struct str new)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode needs = yaml_get(s, job->body, "needs"), item;

	if (str_equal(yaml_text(s, needs), old))
		yaml_set(edits, s, needs, new);
	for (unsigned n = 0; item = yaml_item(needs, n), !ts_node_is_null(item); n++)
		if (str_equal(yaml_text(s, item), old))
			yaml_set(edits, s, item, new);
}

static void fix(struct scene *scene)
{
	struct str old = scene_group(scene, "job"), new = STR_NONE;
	struct edits edits = { .arena = scene->arena };
	struct arena *a = scene->arena;
	const struct workflow *now;
	struct candidate *candidate;
	struct workflow_job job;
	bool history;
	WORKFLOWS w = {0};

	workflows_open(&w, a, scene->tree);
	now = workflow_of(&w, scene_path(scene, scene->failure->file));
	if (!now || workflow_job_named(now, old, &job))
		return template_decline(scene, "no workflow lacks the job of the log");
	history = by_history(scene, now, old, &new);
	if (!history && !by_slip(now, old, &new))
		return template_decline(scene, "nothing says what the job is called now");
	for (unsigned n = 0; workflow_job(now, n, &job); n++)
		names(&edits, &job, old, new);
	workflow_rename(&edits, now, now->root, arena_printf(a, "needs.%.*s", STR_ARG(old)),
			arena_printf(a, "needs.%.*s", STR_ARG(new)));
	workflow_rename(&edits, now, now->root, arena_printf(a, "jobs.%.*s", STR_ARG(old)),
			arena_printf(a, "jobs.%.*s", STR_ARG(new)));
	candidate = propose(scene, history ? ORACLE_HISTORY : ORACLE_SIBLING,
			    "The job %.*s is called %.*s; what needs it says so too.", STR_ARG(old),
			    STR_ARG(new));
	workflow_put(scene, candidate, now, &edits);
}

#define LOG "##[error]Invalid workflow file: .github/workflows/r.yml#L8\n" \
	"The workflow is not valid. .github/workflows/r.yml (Line: 8, Col: 13): Job 'image' depends on " \
	"unknown job 'tests'.\n"
#define JOBS(name) "on: push\njobs:\n  " name ":\n    runs-on: ubuntu-24.04\n    steps:\n" \
	"      - run: make tests\n"

static const struct example examples[] = {
	{
		.name = "a slip, and what reads its outputs",
		.log = LOG,
		.file = {
			{ ".github/workflows/r.yml",
			  JOBS("test") "  image:\n    needs: [tests]   # tests first\n    if: needs.tests.result == 'x'\n"
			  "    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - run: make ${{ needs.tests.outputs.a }} needs.tests.b\n",
			  JOBS("test") "  image:\n    needs: [test]   # tests first\n    if: needs.test.result == 'x'\n"
			  "    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - run: make ${{ needs.test.outputs.a }} needs.tests.b\n" },
		},
	},
	{
		.name = "renamed by the commit",
		.log = LOG,
		.file = {
			{ ".github/workflows/r.yml",
			  JOBS("verify") "  image:\n    needs: [tests]\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - run: make\n",
			  JOBS("verify") "  image:\n    needs: [verify]\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - run: make\n",
			  .was = JOBS("tests") "  image:\n    needs: [tests]\n    runs-on: ubuntu-24.04\n"
			  "    steps:\n      - run: make\n" },
		},
	},
	{
		.name = "nothing like it",
		.log = LOG,
		.file = {
			{ ".github/workflows/r.yml",
			  JOBS("verify") "  image:\n    needs: [tests]\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - run: make\n", NULL },
		},
		.declines = "nothing says",
	},
	{0}
};

const struct template template_workflow_renamed_job = {
	.name = "workflow_renamed_job",
	.summary = "a job that needs another by a name it no longer has -> the name it has",
	.class = "workflow",
	.oracles = "the commit before; a name one slip away",
	.keeps_off = "several jobs that may be meant",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "depends on unknown job '(?<job>[\\w-]+)'",
	.fix = fix,
	.examples = examples,
};

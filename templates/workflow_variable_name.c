/*
 * A program misses an environment variable that its job sets under a name one slip away, which nothing
 * in the repository reads -> the name that the program reads. Values are never invented nor copied.
 */
#include "templates/lib_scene.h"
#include "templates/lib_similar.h"
#include "templates/lib_workflow.h"

enum { FILES_MAX = 2000 };

/* Does a file that is no workflow name the variable? */
static bool is_read(const struct scene *scene, struct str name)
{
	const char *word = str_text(scene->arena, name);
	struct str text;

	for (size_t i = 0; i < scene->tree->count && i < FILES_MAX; i++)
		if (!str_starts(str_of(scene->tree->entries[i].path), ".github/") &&
		    scene_read(scene, scene->tree->entries[i].path, &text) &&
		    text_has_word(text, word))
			return true;
	return scene->tree->count > FILES_MAX;
}

/* "DATABASE_URI" for "DATABASE_URL": alike but for a letter or two of the last part. */
static bool alike(struct str one, struct str other)
{
	struct str head, tail, other_head, other_tail;

	if (similar_distance(one, other) == 1)
		return one.size > 4;
	return str_split_last(one, "_", &head, &tail) &&
	       str_split_last(other, "_", &other_head, &other_tail) && head.size > 3 &&
	       str_equal(head, other_head) && similar_distance(tail, other_tail) <= 2 &&
	       tail.size >= 3;
}

struct found {
	TSNode key;
	struct str name;
	unsigned count;
	bool there;			/* the wanted name is set already */
};

static void look(const struct scene *scene, const struct workflow_job *job, TSNode env, struct str wanted,
		 struct found *found)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode pair;

	for (unsigned n = 0; pair = yaml_pair(env, n), !ts_node_is_null(pair); n++) {
		struct str name = yaml_text(s, yaml_key(pair));

		found->there = found->there || str_equal(name, wanted);
		if (!alike(name, wanted) || is_read(scene, name) ||
		    text_has_word(str_of(arena_printf(s->arena, "%.*s %.*s",
						      (int)ts_node_start_byte(pair), s->text.at,
						      STR_ARG(str_from(s->text, ts_node_end_byte(pair))))),
				  str_text(s->arena, name)))
			continue;
		found->key = yaml_key(pair);
		found->name = name;
		found->count++;
	}
}

static void fix(struct scene *scene)
{
	struct workflow_job jobs[WORKFLOW_JOBS_MAX], *job = jobs;
	struct str wanted = scene_group(scene, "name");
	struct edits edits = { .arena = scene->arena };
	struct found found = {0};
	struct candidate *candidate;
	struct workflow_step step;
	const struct syntax *s;
	WORKFLOWS w = {0};

	if (!workflow_title(scene))
		return;			/* no log of a step at all */
	workflows_open(&w, scene->arena, scene->tree);
	if (workflow_jobs_of_log(scene, &w, jobs) != 1 || !workflow_step_of_log(scene, job, &step))
		return;
	s = job->workflow->syntax;
	look(scene, job, yaml_get(s, job->workflow->root, "env"), wanted, &found);
	look(scene, job, yaml_get(s, job->body, "env"), wanted, &found);
	look(scene, job, yaml_get(s, step.body, "env"), wanted, &found);
	if (found.there || found.count != 1 || !is_read(scene, wanted))
		return template_decline(scene, found.there ? "the job sets it"
						: "the job sets no one variable of a like name");
	yaml_set(&edits, s, found.key, wanted);
	candidate = propose(scene, ORACLE_SIBLING, "The job sets %.*s, which nothing reads; what runs in it "
			    "reads %.*s.", STR_ARG(found.name), STR_ARG(wanted));
	workflow_put(scene, candidate, job->workflow, &edits);
}

#define LOG "##[group]Run python3 a.py\nshell: /usr/bin/bash -e {0}\nenv:\n  DATABASE_URI: x\n##[endgroup]\n" \
	"Traceback (most recent call last):\n  File \"/home/runner/work/a/a/a.py\", line 3, in <module>\n" \
	"    D = os.environ[\"DATABASE_URL\"]\nKeyError: 'DATABASE_URL'\n" \
	"##[error]Process completed with exit code 1.\n"
#define CODE "import os\n\nD = os.environ[\"DATABASE_URL\"]\n"
#define JOB(name) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    env:\n      # of the service\n      " \
	name ": x\n      POOL: 4\n    steps:\n      - run: python3 a.py\n"

static const struct example examples[] = {
	{
		.name = "a letter",
		.log = LOG,
		.file = {
			{ "a.py", CODE, NULL },
			{ ".github/workflows/c.yml", JOB("DATABASE_URI"), JOB("DATABASE_URL") },
		},
	},
	{
		.name = "another variable that is read",
		.log = LOG,
		.file = {
			{ "a.py", CODE, NULL },
			{ "b.py", "import os\n\nprint(os.environ[\"DATABASE_URI\"])\n", NULL },
			{ ".github/workflows/c.yml", JOB("DATABASE_URI"), NULL },
		},
		.declines = "like name",
	},
	{
		.name = "set nowhere",
		.log = LOG,
		.file = {
			{ "a.py", CODE, NULL },
			{ ".github/workflows/c.yml", JOB("STORE"), NULL },
		},
		.declines = "like name",
	},
	{0}
};

const struct template template_workflow_variable_name = {
	.name = "workflow_variable_name",
	.summary = "a variable that the job sets under a name one slip away -> the name that is read",
	.class = "workflow",
	.oracles = "the program that reads it",
	.keeps_off = "names that something reads; values that nobody set",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "(?<![A-Z0-9_])(?<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![A-Z0-9_])",
	.fix = fix,
	.examples = examples,
};

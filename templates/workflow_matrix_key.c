/*
 * An entry of a matrix spells an axis another way: the leg it makes has nothing under the name that the
 * job reads, and something under a name that nothing reads -> the axis's name. Only when one name is
 * missing, one is unread, and they are alike.
 */
#include "templates/lib_similar.h"
#include "templates/lib_workflow.h"

/* Does the file read matrix.KEY? */
static bool is_read(const struct workflow_job *job, struct str key)
{
	const struct syntax *s = job->workflow->syntax;
	struct str text = syntax_text(s, job->body);
	const char *wanted = arena_printf(s->arena, "matrix.%.*s", STR_ARG(key));

	for (ptrdiff_t at; (at = str_find(text, str_of(wanted))) >= 0;
	     text = str_from(text, (size_t)at + strlen(wanted))) {
		size_t end = (size_t)at + strlen(wanted);

		if (end >= text.size || (!str_is_word(str_slice(text, end, 1)) &&
					 !strchr("-0123456789", text.at[end])))
			return true;
	}
	return str_has(syntax_text(s, job->body), "toJSON(matrix)");
}

static bool is_axis(const struct syntax *s, TSNode matrix, struct str key)
{
	return !str_is(key, "include") && !str_is(key, "exclude") &&
	       !ts_node_is_null(yaml_find(s, matrix, str_text(s->arena, key)));
}

/* "python" for "python-version", "pyton" for "python". */
static bool alike(struct str one, struct str other)
{
	if (one.size > other.size) {
		struct str swap = one;

		one = other;
		other = swap;
	}
	return one.size > 1 && (similar_distance(one, other) <= 1 ||
	       (str_equal(str_slice(other, 0, one.size), one) && other.size > one.size &&
		strchr("-_", other.at[one.size])) ||
	       (other.size > one.size + 1 &&
		str_equal(str_from(other, other.size - one.size), one) &&
		strchr("-_", other.at[other.size - one.size - 1])));
}

/* The one key of the entry that nothing reads and that is no axis. */
static unsigned unread(const struct workflow_job *job, TSNode matrix, TSNode entry, TSNode *key)
{
	const struct syntax *s = job->workflow->syntax;
	unsigned count = 0;
	TSNode pair;

	for (unsigned n = 0; pair = yaml_pair(entry, n), !ts_node_is_null(pair); n++) {
		struct str name = yaml_text(s, yaml_key(pair));

		if (is_axis(s, matrix, name) || is_read(job, name))
			continue;
		*key = yaml_key(pair);
		count++;
	}
	return count;
}

/* The one axis that the job reads, the entry lacks, and the key is like. */
static unsigned lacking(const struct workflow_job *job, TSNode matrix, TSNode entry, struct str key,
			struct str *axis)
{
	const struct syntax *s = job->workflow->syntax;
	unsigned count = 0;
	TSNode pair;

	for (unsigned n = 0; pair = yaml_pair(matrix, n), !ts_node_is_null(pair); n++) {
		struct str name = yaml_text(s, yaml_key(pair));

		if (str_is(name, "include") || str_is(name, "exclude") || !is_read(job, name) ||
		    !ts_node_is_null(yaml_find(s, entry, str_text(s->arena, name))) ||
		    !alike(key, name))
			continue;
		*axis = name;
		count++;
	}
	return count;
}

static bool in_job(const struct workflow_job *job, struct edits *edits, struct str *wrong,
		   struct str *right)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode matrix = yaml_get(s, job->body, "strategy/matrix"), entry, key;
	TSNode include = yaml_get(s, matrix, "include");

	for (unsigned n = 0; entry = yaml_item(include, n), !ts_node_is_null(entry); n++) {
		struct str axis;

		if (unread(job, matrix, entry, &key) != 1 ||
		    lacking(job, matrix, entry, yaml_text(s, key), &axis) != 1)
			continue;
		*wrong = yaml_text(s, key);
		*right = axis;
		yaml_set(edits, s, key, axis);
	}
	return edits->count > 0;
}

static void fix(struct scene *scene)
{
	struct workflow_job jobs[WORKFLOW_JOBS_MAX];
	struct edits edits = { .arena = scene->arena };
	struct str wrong = STR_NONE, right = STR_NONE;
	struct candidate *candidate;
	WORKFLOWS w = {0};

	if (!workflow_title(scene))
		return;			/* no log of a step at all */
	workflows_open(&w, scene->arena, scene->tree);
	if (workflow_jobs_of_log(scene, &w, jobs) != 1 ||
	    ts_node_is_null(yaml_get(jobs->workflow->syntax, jobs->body, "strategy/matrix/include")))
		return;
	if (!in_job(jobs, &edits, &wrong, &right))
		return template_decline(scene, "no entry of the matrix spells an axis another way");
	candidate = propose(scene, ORACLE_SIBLING, "The matrix has %.*s, which nothing reads; the job reads "
			    "%.*s.", STR_ARG(wrong), STR_ARG(right));
	workflow_put(scene, candidate, jobs->workflow, &edits);
}

#define LOG "Complete job name: Python  on ubuntu-22.04\n##[group]Run python check.py \"\"\n" \
	"shell: /usr/bin/bash -e {0}\n##[endgroup]\nValueError: invalid literal for int() with base 10: ''\n" \
	"##[error]Process completed with exit code 1.\n"
#define JOB(entry) "on: push\njobs:\n  t:\n    name: Python ${{ matrix.python-version }} on ${{ matrix.os }}\n" \
	"    runs-on: ${{ matrix.os }}\n    strategy:\n      matrix:\n        os: [ubuntu-24.04]\n" \
	"        python-version: [\"3.11\"]\n        include:\n          # old\n          - os: ubuntu-22.04\n" \
	"            " entry ": \"3.8\"\n    steps:\n      - run: python check.py \"${{ matrix.python-version }}\"\n"

static const struct example examples[] = {
	{
		.name = "a part of the name",
		.log = LOG,
		.file = { { ".github/workflows/t.yml", JOB("python"), JOB("python-version") } },
	},
	{
		.name = "another thing",
		.log = LOG,
		.file = { { ".github/workflows/t.yml", JOB("experimental"), NULL } },
		.declines = "no entry",
	},
	{0}
};

const struct template template_workflow_matrix_key = {
	.name = "workflow_matrix_key",
	.summary = "an entry of a matrix that spells an axis another way -> the axis's name",
	.class = "workflow",
	.oracles = "the names that the job reads",
	.keeps_off = "names that are not alike; several that may be meant",
	.danger = DANGER_1,
	.reading = true,
	.fix = fix,
	.examples = examples,
};

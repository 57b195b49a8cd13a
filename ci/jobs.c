/*
 * Puts finished reports side by side. Reads no log and changes no report.
 */
#include "ci/jobs.h"

#include "ci/explain.h"
#include "ci/sarif.h"

enum { SHOWN_MOST = 10 };

/* A failure and where it stands among all. */
struct ranked {
	const struct failure *failure;
	size_t job;
	unsigned class;			/* 0: a cause, 1: a consequence, 2: of a job that went well */
};

static bool any_failed(const struct jobs *jobs)
{
	for (size_t i = 0; i < jobs->count; i++)
		if (jobs->list[i].report->step_failed)
			return true;
	return false;
}

/* Where no log tells of a failed step, each that has a failure may be the one. */
static bool has_failed(const struct jobs *jobs, size_t job)
{
	const struct report *report = jobs->list[job].report;

	return any_failed(jobs) ? report->step_failed : report->failure_count > 0;
}

static int by_class(const void *a, const void *b)
{
	const struct ranked *one = a, *other = b;

	if (one->class != other->class)
		return one->class < other->class ? -1 : 1;
	if (one->failure->rank != other->failure->rank)
		return one->failure->rank < other->failure->rank ? -1 : 1;
	return (one->job > other->job) - (one->job < other->job);
}

static struct ranked *rank_all(struct arena *a, const struct jobs *jobs, size_t *count)
{
	struct ranked *list = NULL;

	*count = 0;
	for (size_t i = 0; i < jobs->count; i++) {
		const struct report *report = jobs->list[i].report;
		bool failed = has_failed(jobs, i);

		for (size_t k = 0; k < report->failure_count; k++) {
			const struct failure *f = &report->failures[k];
			unsigned class = f->weight <= WEIGHT_CONSEQUENCE;

			arena_push(a, list, *count) = (struct ranked){ f, i, failed ? class : 2 };
		}
	}
	if (*count)
		qsort(list, *count, sizeof(*list), by_class);
	return list;
}

static json_t *named(json_t *object, const char *job)
{
	json_object_set_new(object, "job", json_string(job));
	return object;
}

static json_t *failures_json(const struct jobs *jobs, const struct ranked *list, size_t count)
{
	json_t *failures = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one = named(explain_failure_json(list[i].failure), jobs->list[list[i].job].name);

		json_object_set_new(one, "rank", json_integer((json_int_t)i + 1));
		json_array_append_new(failures, one);
	}
	return failures;
}

/* Moves the items of one job's list to that of all. */
static void add_named(json_t *all, json_t *list, const char *job)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
		json_array_append(all, named(item, job));
}

/* Counts are sums over the jobs that have some; the framework is the first one's. */
static void add_tests(json_t *all, const json_t *tests, json_t *known)
{
	static const char *const counts[] = { "run", "passed", "failed", "skipped" };
	json_t *names = json_object_get(all, "failed_names"), *name;
	size_t i;

	if (json_is_null(json_object_get(all, "framework")))
		json_object_set(all, "framework", json_object_get(tests, "framework"));
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		const json_t *more = json_object_get(tests, counts[i]);

		if (json_is_integer(more))
			json_object_set_new(all, counts[i],
				json_integer(json_integer_value(json_object_get(all, counts[i])) +
					     json_integer_value(more)));
	}
	json_array_foreach(json_object_get(tests, "failed_names"), i, name) {
		if (json_object_get(known, json_string_value(name)))
			continue;
		json_object_set_new(known, json_string_value(name), json_true());
		json_array_append(names, name);
	}
}

static json_t *job_json(const struct jobs *jobs, size_t job, const json_t *report)
{
	return json_pack("{s:s, s:b, s:I, s:O, s:O, s:O, s:b}", "job", jobs->list[job].name, "failed",
			 (int)has_failed(jobs, job), "failures",
			 (json_int_t)jobs->list[job].report->failure_count, "exit_code",
			 json_object_get(report, "exit_code"), "lines", json_object_get(report, "lines"),
			 "bytes", json_object_get(report, "bytes"), "whole", (int)jobs->list[job].whole);
}

static int exit_code_of(const struct jobs *jobs, const struct ranked *list, size_t count)
{
	if (count)
		return jobs->list[list[0].job].report->exit_code;
	for (size_t i = 0; i < jobs->count; i++)
		if (has_failed(jobs, i))
			return jobs->list[i].report->exit_code;
	return jobs->count == 1 ? jobs->list[0].report->exit_code : -1;
}

json_t *jobs_json(const struct jobs *jobs)
{
	ARENA a = {0};
	size_t count;
	struct ranked *list = rank_all(&a, jobs, &count);
	json_t *diagnostics = json_array(), *blocks = json_array(), *each = json_array();
	json_t *tests = json_pack("{s:n, s:n, s:n, s:n, s:n, s:[]}", "framework", "run", "passed",
				  "failed", "skipped", "failed_names");
	json_t *known = json_object();
	json_int_t lines = 0, bytes = 0;
	int code = exit_code_of(jobs, list, count);

	for (size_t i = 0; i < jobs->count; i++) {
		json_t *report = explain_json(jobs->list[i].report);

		add_named(diagnostics, json_object_get(report, "diagnostics"), jobs->list[i].name);
		add_named(blocks, json_object_get(report, "blocks"), jobs->list[i].name);
		add_tests(tests, json_object_get(report, "tests"), known);
		json_array_append_new(each, job_json(jobs, i, report));
		lines += json_integer_value(json_object_get(report, "lines"));
		bytes += json_integer_value(json_object_get(report, "bytes"));
		json_decref(report);
	}
	json_decref(known);
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o}", "failures",
			 failures_json(jobs, list, count), "tests", tests, "diagnostics", diagnostics,
			 "blocks", blocks, "exit_code", code < 0 ? json_null() : json_integer(code),
			 "lines", lines, "bytes", bytes, "jobs", each);
}

static void add_job(struct text *out, struct arena *a, const struct job_report *job,
		    const struct tree *tree)
{
	text_addf(out, "%s%s%s\n", out->size ? "\n" : "", job->name,
		  job->whole ? "" : " (its log is damaged and was read in part)");
	text_add(out, explain_text(a, job->report, tree));
}

struct str jobs_text(struct arena *a, const struct jobs *jobs, const struct tree *tree)
{
	struct text out = TEXT(a);
	size_t count, failed = 0, shown = 0;
	struct ranked *list = rank_all(a, jobs, &count);
	bool *done = arena_array(a, bool, jobs->count);

	for (size_t i = 0; i < jobs->count; i++)
		failed += has_failed(jobs, i);
	for (size_t i = 0; i < count && shown < SHOWN_MOST; i++) {
		if (done[list[i].job] || !has_failed(jobs, list[i].job))
			continue;
		done[list[i].job] = true;
		add_job(&out, a, &jobs->list[list[i].job], tree);
		shown++;
	}
	for (size_t i = 0; i < jobs->count && shown < SHOWN_MOST; i++)
		if (!done[i] && has_failed(jobs, i)) {
			add_job(&out, a, &jobs->list[i], tree);
			shown++;
		}
	text_addf(&out, "%s%zu of %zu jobs failed", shown ? "\n" : "", failed, jobs->count);
	text_addf(&out, failed > shown ? ", the first %zu are shown\n" : "\n", shown);
	return text_str(&out);
}

json_t *jobs_sarif(const struct jobs *jobs, const struct tree *tree)
{
	json_t *all = NULL;

	for (size_t i = 0; i < jobs->count; i++) {
		const struct report *report = jobs->list[i].report;
		json_t *one, *run;

		if (!report->failure_count && !report->diagnostic_count && (all || i + 1 < jobs->count))
			continue;
		one = sarif_json(report, tree);
		run = json_array_get(json_object_get(one, "runs"), 0);
		json_object_set_new(run, "automationDetails",
				    json_pack("{s:s}", "id", jobs->list[i].name));
		if (all) {
			json_array_append(json_object_get(all, "runs"), run);
			json_decref(one);
		} else {
			all = one;
		}
	}
	return all;
}

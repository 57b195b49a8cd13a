/* What the tests of jobs share: small red repositories in mirrors, daemons that order and look. */
#ifndef TESTS_JOB_UNIT_H
#define TESTS_JOB_UNIT_H

#include "tests/unit.h"
#include "bot/base/clock.h"
#include "bot/base/file.h"
#include "bot/base/json.h"
#include "bot/job.h"
#include "tests/repository.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#define STATS                                                                                      \
	"printf 'def total(values):\\n    return sum(values)\\n\\n\\ndef mean(values):\\n"          \
	"    return sum(values) / len(values)\\n' >stats.py; "                                      \
	"printf 'import unittest\\n\\nfrom stats import mean\\n\\n\\n"                              \
	"class MeanTest(unittest.TestCase):\\n    def test_some(self):\\n"                          \
	"        self.assertEqual(mean([1, 2, 3]), 2)\\n\\n    def test_empty(self):\\n"            \
	"        self.assertEqual(mean([]), 0)\\n' >test_stats.py; "
#define RUN_TESTS "run: /usr/bin/python3 -m unittest -q\n"

/* A daemon's work, in a folder of its own. */
struct office {
	struct folder folder;
	struct arena arena;
	struct daemon daemon;
};

static inline void office_close(struct office *office)
{
	struct err ignored = ERR_INIT;

	file_remove_tree(office->folder.path, &ignored);
	arena_release(&office->arena);
}
#define OFFICE __attribute__((cleanup(office_close))) struct office

static inline void office_open(struct office *office, const char *settings)
{
	struct err e = ERR_INIT;
	struct arena *a = &office->arena;
	const char *file;

	*office = (struct office){ .folder = folder_new() };
	file = arena_printf(a, "%s/aegis.yml", office->folder.path);
	assert_true(file_write(file, str_of(settings), 0600, &e));
	office->daemon = (struct daemon){ .arena = a, .config_file = file,
		.folder = arena_printf(a, "%s/work", office->folder.path) };
	if (!daemon_settings(file, a, &office->daemon.config, &e))
		fail_msg("%s", e.text);
	assert_int_equal(mkdir(office->daemon.folder, 0700), 0);
}

/* The mirror of a repository that the script fills; the id of its commit. */
static inline const char *office_mirror(struct office *office, int id, const char *script)
{
	struct arena *a = &office->arena;

	return str_text(a, str_trim(shell(a, &office->folder, arena_printf(a,
		"umask 022; git init -q -b main source-%d; cd source-%d; %s git add -A; "
		"git commit -q --allow-empty -m start; git init -q --bare -b main ../work/%d.git; "
		"git push -q ../work/%d.git HEAD:refs/remotes/origin/main; git rev-parse HEAD",
		id, id, script, id, id))));
}

static inline struct job_result job_now(struct office *office, const char *incident, int64_t number)
{
	struct job_result result = {0};
	struct err e = ERR_INIT;

	if (!job_look(&office->daemon, incident, number, &office->arena, &result, &e))
		fail_msg("%s", e.text);
	return result;
}

/* What the child said, for a test that fails. */
static inline const char *job_said(struct office *office, const char *incident, int64_t number)
{
	struct arena *a = &office->arena;

	return str_text(a, shell(a, &office->folder, arena_printf(a, "cat work/jobs/%s-%lld/child.log || true",
		incident, (long long)number)));
}

static inline void nap(unsigned ms)
{
	usleep(ms * 1000);
}

static inline struct job_result job_end(struct office *office, const char *incident, int64_t number)
{
	int64_t until = clock_monotonic_ms() + 240000;
	struct job_result result = job_now(office, incident, number);

	while (result.state == JOB_RUNNING && clock_monotonic_ms() < until) {
		nap(10);
		result = job_now(office, incident, number);
	}
	if (result.state == JOB_RUNNING)
		fail_msg("the job does not end: %s", job_said(office, incident, number));
	return result;
}

static inline void job_go(struct office *office, const struct job_order *order)
{
	struct err e = ERR_INIT;

	if (!job_start(&office->daemon, order, &office->arena, &e))
		fail_msg("%s", e.text);
}

/* Where a branch of the mirror is; "none". */
static inline const char *branch_of(struct office *office, int mirror, const char *incident)
{
	struct arena *a = &office->arena;

	return str_text(a, str_trim(shell(a, &office->folder, arena_printf(a,
		"git -C work/%d.git rev-parse -q --verify refs/heads/aegis/fix-%s || echo none", mirror,
		incident))));
}

/* The answer of a job that must have made a fix, and its commit in the mirror. */
static inline const char *job_mended(struct office *office, int mirror, const char *incident, int64_t number)
{
	struct job_result result = job_end(office, incident, number);
	struct err e = ERR_INIT;
	struct str commit = STR_NONE;
	JSON *json = NULL;
	const char *text;

	if (result.state != JOB_DONE || result.exit_code || !result.answer.size) {
		/* Whole: cmocka cuts long messages. */
		fprintf(stderr, "%s%.*s\n%s\n", result.why ? result.why : "", STR_ARG(result.answer),
			job_said(office, incident, number));
		fail_msg("state %d, exit code %d", result.state, result.exit_code);
	}
	assert_null(result.why);
	/* Nobody reads the child's exit code, where a sanitizer would speak. */
	assert_null(strstr(job_said(office, incident, number), "Sanitizer"));
	assert_true(json_parse(result.answer, 1 << 20, &json, &e));
	if (!json_get_text(json, "commit", &commit, &e))
		fail_msg("%s", str_text(&office->arena, result.answer));
	text = str_text(&office->arena, commit);
	assert_string_equal(branch_of(office, mirror, incident), text);
	assert_true(str_is(json_text_or(json, "incident", STR("")), incident));
	return text;
}

static inline struct job_order order_of(const char *incident, const char *commit)
{
	return (struct job_order){ .incident = incident, .number = 1, .repository_id = 7,
				   .commit = commit, .settings = STR(RUN_TESTS) };
}

#endif

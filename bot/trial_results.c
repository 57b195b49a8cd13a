/*
 * Asks pytest for JUnit XML through its own environment variable, which also reaches a pytest that
 * make or tox starts. Other tools are read from the log.
 */
#include "bot/trial_results.h"

#include "ci/results.h"

/* One file: a second pytest in the command replaces it, and then it knows fewer than the log. */
const char trial_reports_on[] =
	"export PYTEST_ADDOPTS=\"--junitxml=$AEGIS_OUT/junit.xml $PYTEST_ADDOPTS\"\n";

const char *const trial_reports[] = { "junit*.xml", NULL };

static bool is_report(const char *path)
{
	return str_starts(str_of(path), "junit") && str_ends(str_of(path), ".xml");
}

const struct report *trial_with_results(const struct report *log, const struct jail_result *jail,
					const struct tree *tree, struct arena *a)
{
	struct results results = {0};
	struct err unreadable = ERR_INIT;
	struct tests tests = {0};
	struct report *report;

	for (size_t i = 0; i < jail->output_count; i++)
		if (is_report(jail->outputs[i].path))
			results_read(&results, a, jail->outputs[i].text, tree, &unreadable);
	if (!results.count)
		return log;
	results_tests(&results, a, &tests);
	/* A report that the tested code wrote itself may claim more than the log: the worse counts. */
	if (log->tests.counted &&
	    (tests.run < log->tests.run || tests.failed < log->tests.failed))
		return log;
	report = arena_copy(a, log, sizeof(*log));
	report->tests = tests;
	return report;
}

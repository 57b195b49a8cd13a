/*
 * The test tool's own report of a run, where there is one.
 */
#ifndef BOT_TRIAL_RESULTS_H
#define BOT_TRIAL_RESULTS_H

#include "bot/trial.h"

/* What is put before a command so that its tools leave reports in $AEGIS_OUT; for /bin/sh. */
extern const char trial_reports_on[];
/* The reports to be given back; NULL-ended globs. */
extern const char *const trial_reports[];

/*
 * The report of the log, with counts and names from the tool's own reports where they are there. One
 * that cannot be read, or that knows fewer tests than the log, is passed over.
 */
const struct report *trial_with_results(const struct report *log, const struct jail_result *jail,
					const struct tree *tree, struct arena *a);

#endif

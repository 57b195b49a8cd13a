/*
 * Which share of the changed lines the tests ran: by coverage.py, gcov, go's cover or V8 where the
 * language's tool is there, else by ablation: a hunk counts when taking it out alone turns the
 * proof red again.
 */
#ifndef BOT_COVERAGE_H
#define BOT_COVERAGE_H

#include "bot/trial.h"

struct coverage {
	double share;		/* 0 to 1; below 0 when nothing could be measured */
	const char *by;		/* "coverage.py", "gcov", "go cover", "V8 coverage", "ablation" */
	size_t idle_hunks;	/* hunks without which the proof stays green: not needed */
};

/* narrow: the command of the failing test alone, or NULL. False only when the machine fails. */
bool coverage_measure(const struct workplace *place, const char *command, const char *narrow,
		      const struct patch *patch, struct arena *a, struct coverage *out,
		      struct err *e);

/* The tools' reports, each turned into "this line of this file ran / could have run". */
struct ran {
	struct ran_file {
		const char *path;	/* as in the patch */
		unsigned char *lines;	/* by line number from 1: 0 no code, 1 not run, 2 run */
		size_t count;
	} *files;
	size_t count;
};
struct ran *ran_for(struct arena *a, const struct patch *patch);
void ran_mark(struct ran *ran, const char *path, size_t line, bool did_run);

/* Parsers of the reports; text is hostile (repository code could have written it). */
bool coverage_read_python(struct ran *ran, struct str json, const char *folder);
bool coverage_read_go(struct ran *ran, struct str profile);
bool coverage_read_gcov(struct ran *ran, struct str json, const char *folder);
bool coverage_read_v8(struct ran *ran, struct str json, const char *folder, const struct patch *patch);

/* The share of changed lines that hold code and ran; below 0 when none of them is known. */
double ran_share(const struct ran *ran, const struct patch *patch, struct arena *a);

#endif

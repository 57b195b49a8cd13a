/*
 * What a person hands to `aegis explain`: a log, one packed with gzip, or the zip archive in which
 * GitHub gives the logs of a run.
 */
#ifndef BOT_LOGS_H
#define BOT_LOGS_H

#include "bot/base/err.h"
#include "ci/jobs.h"

struct logs {
	bool archive;			/* jobs.list is of its jobs; else the only report is the log's */
	struct jobs jobs;		/* at least one */
	size_t damaged, left_out;	/* jobs read in part; jobs not kept, for there are too many */
	struct arena own, *arenas;	/* arenas: one a job, which its report lives in */
	size_t arena_count;
};

/*
 * name: a path, or "-" for standard input. Archives are known by their first bytes. Of an archive each
 * file "N_job.txt" is a job's log; where it has none, the files "job/N_step.txt" together, else each
 * text file by its path. Entries' names are never used as paths. ERR_INPUT when it cannot be read,
 * is damaged wholly, or unpacks to more than LOGS_UNPACKED_MOST.
 */
bool logs_read(struct logs *logs, const char *name, const struct tree *tree, struct err *e);

#define LOGS_UNPACKED_MOST (UINT64_C(2) << 30)

void logs_release(struct logs *logs);
#define LOGS __attribute__((cleanup(logs_release))) struct logs

#endif

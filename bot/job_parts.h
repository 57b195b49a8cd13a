/*
 * Private to bot/job*.c: the folder of a job, which the daemon and the child both know, and the
 * lock in it.
 */
#ifndef BOT_JOB_PARTS_H
#define BOT_JOB_PARTS_H

#include "bot/job.h"

#include <jansson.h>

/* The files of a job's folder. */
#define JOB_ORDER "order.json"
#define JOB_SETTINGS "settings.yml"
#define JOB_LOG "log"
#define JOB_TREE "tree"
#define JOB_TEMPORARY "tmp"
#define JOB_PID "pid"
#define JOB_BEGUN "begun"
#define JOB_CHILD_LOG "child.log"
#define JOB_LATE "late"			/* there when the time was over */
#define JOB_ANSWER "answer.json"

enum {
	JOB_FILE_MOST = 64 * 1024 * 1024,	/* bytes of an order or an answer that are read */
	JOB_LIMIT_S = 2 * 60 * 60,
	JOB_HELD_FD = 3,			/* where the child finds the lock */
};

void job_close_file(const int *file);
#define JOB_DESCRIPTOR __attribute__((cleanup(job_close_file))) int

const char *job_path(struct arena *a, const char *folder, const char *file);
/* ERR_INPUT unless it is 12 hex digits: it becomes part of paths. */
bool job_check_incident(const char *incident, struct err *e);
/* <work.folder>/jobs, absolute. ERR_GONE when there is none. */
bool job_all(const struct daemon *d, struct arena *a, const char **out, struct err *e);
/* The folders of an incident, also what a killed job_forget left; NULL: of all. */
bool job_folders(const struct daemon *d, const char *incident, struct arena *a,
		 const char *const **out, size_t *count, struct err *e);

/*
 * The lock of a folder, as a descriptor above JOB_HELD_FD; a child has it as well, and it is held
 * until both have closed it. -1 when somebody holds it (errno EAGAIN or EACCES) or it cannot be made.
 */
int job_hold(const char *folder);
bool job_is_held(const char *folder);

/* Starts the child of a folder; `held` is its lock. */
bool job_spawn(const struct daemon *d, const char *folder, int held, struct arena *a,
	       struct err *e);

#endif

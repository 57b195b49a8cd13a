/* The keeper's view of the processes in the jail; private to it. */
#ifndef BOT_BASE_JAIL_WATCH_H
#define BOT_BASE_JAIL_WATCH_H

#include "bot/base/jail_parts.h"

#include <dirent.h>

enum { JAIL_SCAN_MAX = 8192 };

struct jail_process {
	pid_t pid, parent, group;
	unsigned threads;
	uint64_t memory, cpu_ms;
	bool ours;
};

struct jail_scan {
	DIR *proc;
	size_t count;
	struct jail_process processes[JAIL_SCAN_MAX];
};

struct jail_usage {
	unsigned processes, threads;
	uint64_t memory, cpu_ms;
};

/* Are we process 1 of a namespace, with nobody in it but the jail? */
bool jail_alone(void);
/* Fills scan with all processes of the jail, without the caller. */
void jail_scan(struct jail_scan *scan);
/* Sums, with the time of what was reaped already. */
struct jail_usage jail_scan_sum(const struct jail_scan *scan);
/* Memory with shared pages divided among those who share them; costs milliseconds. */
uint64_t jail_scan_divided(const struct jail_scan *scan);

#endif

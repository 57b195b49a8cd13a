/*
 * Who runs in the jail and what they use, from /proc. With a pid namespace of our own everybody
 * there but us is meant; otherwise everybody who descends from us. Memory is the sum of resident
 * pages; what processes share is counted in each until that matters, then it is divided among them.
 */
#include "bot/base/jail_watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static size_t read_small(int folder, const char *path, char *bytes, size_t size)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, size - 1);

	if (fd >= 0)
		close(fd);
	bytes[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

/* /proc/N/stat; the name in it may hold anything, so count from the last ')'. */
static bool read_stat(int folder, const char *name, struct jail_process *process)
{
	enum { STATE = 3, PARENT, GROUP, USER = 14, SYSTEM, USER_CHILDREN, SYSTEM_CHILDREN,
	       THREADS = 20, RESIDENT = 24, LAST = RESIDENT };
	static long ticks_per_s, page_bytes;
	unsigned long fields[LAST + 1] = {0};
	char path[300], bytes[1024];
	struct str rest, word;
	size_t size;

	snprintf(path, sizeof(path), "%s/stat", name);
	size = read_small(folder, path, bytes, sizeof(bytes));
	if (!str_split_last((struct str){ bytes, size }, ") ", NULL, &rest))
		return false;
	for (int i = STATE; i <= LAST && str_next(&rest, ' ', &word); i++)
		str_take_number(&word, &fields[i]);
	if (!ticks_per_s) {
		ticks_per_s = sysconf(_SC_CLK_TCK);
		page_bytes = sysconf(_SC_PAGESIZE);
	}
	process->parent = (pid_t)fields[PARENT];
	process->group = (pid_t)fields[GROUP];
	process->threads = (unsigned)fields[THREADS];
	process->memory = (uint64_t)fields[RESIDENT] * (uint64_t)page_bytes;
	process->cpu_ms = ((uint64_t)fields[USER] + fields[SYSTEM] + fields[USER_CHILDREN] +
			   fields[SYSTEM_CHILDREN]) * 1000 / (uint64_t)ticks_per_s;
	return true;
}

static int by_pid(const void *one, const void *other)
{
	const struct jail_process *a = one, *b = other;

	return (a->pid > b->pid) - (a->pid < b->pid);
}

/* A parent mostly has the smaller number, so that one or two rounds do. */
static void keep_descendants(struct jail_scan *scan)
{
	const pid_t self = getpid();
	size_t kept = 0;
	bool more = scan->count > 0;

	if (more)
		qsort(scan->processes, scan->count, sizeof(*scan->processes), by_pid);
	while (more) {
		more = false;
		for (size_t i = 0; i < scan->count; i++) {
			struct jail_process *p = &scan->processes[i];
			const struct jail_process key = { .pid = p->parent }, *parent;

			if (p->ours)
				continue;
			parent = bsearch(&key, scan->processes, scan->count, sizeof(key), by_pid);
			if (p->parent == self || (parent && parent->ours))
				p->ours = more = true;
		}
	}
	for (size_t i = 0; i < scan->count; i++)
		if (scan->processes[i].ours)
			scan->processes[kept++] = scan->processes[i];
	scan->count = kept;
}

bool jail_alone(void)
{
	return getpid() == 1;
}

void jail_scan(struct jail_scan *scan)
{
	pid_t self = getpid();
	struct dirent *item;

	scan->count = 0;
	if (!scan->proc)
		scan->proc = opendir("/proc");
	if (!scan->proc)
		return;
	rewinddir(scan->proc);
	while ((item = readdir(scan->proc))) {
		unsigned long number;

		if (!str_number(str_of(item->d_name), &number) || (pid_t)number == self)
			continue;
		if (scan->count == JAIL_SCAN_MAX)
			break;
		scan->processes[scan->count] = (struct jail_process){ .pid = (pid_t)number };
		if (read_stat(dirfd(scan->proc), item->d_name, &scan->processes[scan->count]))
			scan->count++;
	}
	if (!jail_alone())
		keep_descendants(scan);
}

struct jail_usage jail_scan_sum(const struct jail_scan *scan)
{
	struct jail_usage sum = {0};
	struct rusage reaped;

	for (size_t i = 0; i < scan->count; i++) {
		sum.processes++;
		sum.threads += scan->processes[i].threads;
		sum.memory += scan->processes[i].memory;
		sum.cpu_ms += scan->processes[i].cpu_ms;
	}
	if (!getrusage(RUSAGE_CHILDREN, &reaped))
		sum.cpu_ms += (uint64_t)(reaped.ru_utime.tv_sec + reaped.ru_stime.tv_sec) * 1000 +
			      (uint64_t)(reaped.ru_utime.tv_usec + reaped.ru_stime.tv_usec) / 1000;
	return sum;
}

uint64_t jail_scan_divided(const struct jail_scan *scan)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < scan->count; i++) {
		char path[64], bytes[1024];
		struct str rest;
		unsigned long kib = 0;

		snprintf(path, sizeof(path), "%d/smaps_rollup", (int)scan->processes[i].pid);
		rest.at = bytes;
		rest.size = read_small(dirfd(scan->proc), path, bytes, sizeof(bytes));
		if (str_split(rest, "\nPss:", NULL, &rest)) {
			rest = str_trim(rest);
			if (str_take_number(&rest, &kib)) {
				sum += (uint64_t)kib * 1024;
				continue;
			}
		}
		sum += scan->processes[i].memory;
	}
	return sum;
}

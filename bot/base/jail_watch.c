/*
 * The limits: looks every few milliseconds at time, memory, processes and disk, kills everything
 * when one is exceeded or the parent says so, and reaps all. A look costs about 20 microseconds a
 * process; pauses get longer when looks get longer, so that watching never takes much of a core.
 */
#include "bot/base/jail_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 10, DIVIDE_MS = 100, DISK_MS = 500, KILL_MS = 3000 };

struct watch {
	const struct jail_ground *ground;
	const struct jail_limits *limits;
	struct jail_scan *scan;
	struct jail_outcome *outcome;
	pid_t started;
	uint64_t started_ms, divide_ms, disk_ms, disk_used, cpu_ms, busy_ms;
	bool exited;
	int status;
};

static struct jail_scan *new_scan(struct arena *a)
{
	return arena_new(a, struct jail_scan);
}

static void reap(struct watch *w)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == w->started) {
			w->exited = true;
			w->status = status;
		}
}

/*
 * In a namespace of ours one call reaches everybody at once, forks in progress included. Elsewhere
 * one call reaches a process group, which is what a fork bomb is in; those who left it are stopped
 * before they are killed, so that their children are not lost sight of.
 */
static void kill_all(struct watch *w)
{
	const pid_t own = getpgrp();
	pid_t last = 0;

	if (jail_alone()) {
		kill(-1, SIGKILL);
		return;
	}
	kill(-w->started, SIGKILL);
	kill(w->started, SIGKILL);
	jail_scan(w->scan);
	for (size_t i = 0; i < w->scan->count; i++) {
		const struct jail_process *p = &w->scan->processes[i];

		/* A group once is enough: each call goes through all processes of the machine. */
		if (p->group <= 1 || p->group == own)
			kill(p->pid, SIGSTOP);
		else if (p->group != last)
			kill(-(last = p->group), SIGKILL);
	}
	jail_scan(w->scan);
	for (size_t i = 0; i < w->scan->count; i++)
		kill(w->scan->processes[i].pid, SIGKILL);
}

static void kill_and_reap(struct watch *w)
{
	uint64_t until_ms = jail_now_ms() + KILL_MS;

	do {
		kill_all(w);
		reap(w);
		if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
			return;
		poll(NULL, 0, 1);
	} while (jail_now_ms() < until_ms);
}

struct disk {
	uint64_t bytes;
};

static bool count_blocks(void *context, const struct jail_entry *entry)
{
	struct disk *disk = context;

	disk->bytes += (uint64_t)entry->status.st_blocks * 512;
	return true;
}

/* On a tmpfs the kernel counts; a folder on disk has to be walked, so less often. */
static bool disk_full(struct watch *w)
{
	struct disk disk = {0};
	struct statfs status;
	uint64_t now_ms = jail_now_ms();

	if (!w->ground->plan->temporary)
		return !statfs(w->ground->root, &status) && status.f_type == 0x01021994 &&
		       (!status.f_bfree || !status.f_ffree);
	if (now_ms >= w->disk_ms) {
		int fd = open(w->ground->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		jail_walk(fd, NULL, count_blocks, &disk);
		if (fd >= 0)
			close(fd);
		w->disk_used = disk.bytes;
		w->disk_ms = now_ms + DISK_MS + 20 * (jail_now_ms() - now_ms);
	}
	return w->disk_used > w->limits->disk_bytes;
}

/* Processes that share pages look larger together than they are: be exact before killing. */
static bool too_much_memory(struct watch *w, struct jail_usage *usage)
{
	uint64_t now_ms = jail_now_ms();

	if (usage->memory <= w->limits->memory_bytes)
		return false;
	if (now_ms < w->divide_ms) {
		usage->memory = 0;
		return false;
	}
	usage->memory = jail_scan_divided(w->scan);
	w->divide_ms = now_ms + (usage->processes > 3 ? DIVIDE_MS : LOOK_MS) +
		       10 * (jail_now_ms() - now_ms);
	return usage->memory > w->limits->memory_bytes;
}

/* bubblewrap's own two do not count as the command's. */
static bool look(struct watch *w, enum jail_end *why)
{
	const unsigned extra = w->ground->plan->bwrap ? 2 : 0;
	struct jail_usage usage;
	bool memory;

	jail_scan(w->scan);
	usage = jail_scan_sum(w->scan);
	if (usage.cpu_ms != w->cpu_ms)
		w->busy_ms = jail_now_ms();
	w->cpu_ms = usage.cpu_ms;
	memory = too_much_memory(w, &usage);
	if (usage.memory > w->outcome->memory_peak_bytes)
		w->outcome->memory_peak_bytes = usage.memory;
	if (usage.processes > w->limits->processes + extra ||
	    usage.threads > (w->limits->processes + extra) * 8)
		*why = JAIL_PROCESSES;
	else if (memory)
		*why = JAIL_MEMORY;
	else if (usage.cpu_ms > (uint64_t)w->limits->cpu_s * 1000)
		*why = JAIL_CPU;
	else if (jail_now_ms() - w->started_ms > w->limits->wall_ms)
		*why = JAIL_WALL;
	else if (jail_now_ms() - w->busy_ms > w->limits->idle_ms)
		*why = JAIL_IDLE;
	else if (disk_full(w))
		*why = JAIL_DISK;
	else
		return false;
	return true;
}

/* One byte from the parent says why to stop; its end that it is gone. */
static bool told_to_stop(const struct watch *w, enum jail_end *why)
{
	unsigned char byte;
	ssize_t n = recv(w->ground->plan->control, &byte, 1, MSG_DONTWAIT);

	if (n < 0)
		return false;
	*why = n == 1 && byte == JAIL_OUTPUT ? JAIL_OUTPUT : JAIL_STOPPED;
	return true;
}

/*
 * Looks go by the clock alone: a job that makes us reap without end must not keep us from looking.
 */
static bool wait_for_end(struct watch *w, enum jail_end *why)
{
	struct pollfd wakers[2] = { { .fd = w->ground->plan->control, .events = POLLIN },
				    { .fd = -1, .events = POLLIN } };
	uint64_t begun_ms, look_ms = jail_now_ms() + 2;
	struct signalfd_siginfo info;
	bool over = false;
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	wakers[1].fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	for (reap(w); !w->exited && !over; reap(w)) {
		begun_ms = jail_now_ms();
		poll(wakers, 2, begun_ms < look_ms ? (int)(look_ms - begun_ms) : 0);
		while (read(wakers[1].fd, &info, sizeof(info)) > 0)
			;
		if (wakers[0].revents)
			over = told_to_stop(w, why);
		begun_ms = jail_now_ms();
		if (over || begun_ms < look_ms)
			continue;
		over = look(w, why);
		look_ms = jail_now_ms();
		look_ms += LOOK_MS + (look_ms - begun_ms) * 8;
	}
	close(wakers[1].fd);
	return over;
}

static void fill_outcome(struct watch *w, bool over, enum jail_end why, bool was_full)
{
	struct jail_outcome *outcome = w->outcome;
	struct rusage reaped;

	outcome->wall_ms = (uint32_t)(jail_now_ms() - w->started_ms);
	if (!getrusage(RUSAGE_CHILDREN, &reaped)) {
		outcome->cpu_ms = (uint32_t)((reaped.ru_utime.tv_sec + reaped.ru_stime.tv_sec) *
			1000 + (reaped.ru_utime.tv_usec + reaped.ru_stime.tv_usec) / 1000);
	}
	/* The time of those who die with their namespace is added to nobody's. */
	if (outcome->cpu_ms < w->cpu_ms)
		outcome->cpu_ms = (uint32_t)w->cpu_ms;
	outcome->end = (int32_t)why;
	if (over)
		return;
	outcome->end = WIFSIGNALED(w->status) ? JAIL_SIGNALLED : JAIL_EXITED;
	outcome->code = WIFSIGNALED(w->status) ? WTERMSIG(w->status) : WEXITSTATUS(w->status);
	if (was_full && (outcome->end == JAIL_SIGNALLED || outcome->code))
		outcome->end = JAIL_DISK;
}

void jail_watch(const struct jail_ground *ground, pid_t started, struct jail_outcome *outcome)
{
	struct watch w = {
		.ground = ground,
		.limits = &ground->plan->limits,
		.scan = new_scan(ground->arena),
		.outcome = outcome,
		.started = started,
		.started_ms = jail_now_ms(),
		.busy_ms = jail_now_ms(),
	};
	enum jail_end why = JAIL_EXITED;
	bool over, was_full;

	over = wait_for_end(&w, &why);
	w.disk_ms = 0;
	was_full = disk_full(&w);
	kill_and_reap(&w);
	fill_outcome(&w, over, why, was_full);
	if (w.scan->proc)
		closedir(w.scan->proc);
}

/*
 * What the files of the jail share. Nothing here is for others.
 *
 * Three processes. jail_run (jail.c) forks the launcher, streams the output and reads frames. The
 * launcher (jail_launch.c) makes user, mount and pid namespaces of its own and forks the keeper,
 * which is pid 1 there: whatever happens to the keeper, the kernel kills all below it. The keeper
 * prepares the ground (jail_ground.c, jail_lay.c, jail_copy.c), starts bubblewrap (jail_bwrap.c),
 * watches the limits (jail_watch.c), kills what is left and sends what was asked for
 * (jail_collect.c).
 *
 * Where we may not make namespaces ourselves (`plain`: bubblewrap alone is allowed to, or the job
 * is unsafe) the launcher is the keeper, the ground is a folder on disk, and processes are found by
 * descent, with the keeper as their subreaper.
 */
#ifndef BOT_BASE_JAIL_PARTS_H
#define BOT_BASE_JAIL_PARTS_H

#include "bot/base/jail.h"

#include <sys/stat.h>
#include <sys/types.h>

/* What tests and second tries change. */
struct jail_switches {
	bool copy;		/* no overlay */
	bool plain;		/* no namespaces of our own */
	bool old;		/* a bubblewrap that does not know --disable-userns */
	const char *bwrap;	/* instead of the one in PATH */
};
bool jail_run_with(const struct jail_job *job, const struct jail_switches *switches,
		   struct arena *a, struct jail_result *result, struct err *e);

/* What the launcher is told. */
struct jail_plan {
	const struct jail_job *job;
	struct jail_switches switches;
	struct jail_limits limits;	/* all filled */
	const char *folder;		/* absolute, resolved */
	const char *bwrap;		/* NULL: unsafe */
	const char *home;		/* HOME inside the sandbox */
	const char *temporary;		/* a folder made for us on disk when plain; else NULL */
	int control, output;
	pid_t parent;
	uint64_t begun_ms;
};

/* Where the job runs, made by the keeper. */
struct jail_ground {
	const struct jail_plan *plan;
	struct arena *arena;
	const char *root;	/* holds work, home, tmp, out, shm */
	const char *inside;	/* the work folder as the command sees it */
	bool overlay;
	int folder, work, upper, out;	/* folder is the real one; upper -1 if copied */
	struct timespec laid_at;	/* what was changed before is not the command's work */
};

/* A place for the jail, apart from the namespaces: ERR_DENIED when the kernel refuses. */
bool jail_ground_make(const struct jail_plan *plan, struct arena *a, struct jail_ground *ground,
		      struct err *e);
bool jail_copy(int from, int to, uint64_t bytes_max, struct err *e);
bool jail_lay(int work, const struct jail_file *files, size_t count, struct err *e);
/* Removes what is in the folder, however it is protected. */
void jail_empty(int folder);

/* A place inside for a path outside: where the toolchain of a bind is to be taken from. */
struct jail_mount {
	const char *from, *to;
	bool writable;
};
/* Binds as mounts, parents first; a throwaway is an overlay where that works, else read-only. */
struct jail_mount *jail_ground_binds(const struct jail_ground *ground, size_t *count);

/* bubblewrap's options, NUL-separated, and the environment inside, NULL-ended. */
struct str jail_bwrap_options(const struct jail_ground *ground, int seccomp);
char **jail_environment(const struct jail_ground *ground);
/* Where inside the wrapper shell leaves a note that the command could not be started. */
#define JAIL_NOT_RUN ".aegis-not-run"

/* The filter as a memory file at its start; -1 when it cannot be made. */
int jail_seccomp(void);

/* Starts the command; *said is the pipe with what bubblewrap itself says (unsafe: an errno). */
bool jail_start(const struct jail_ground *ground, pid_t *started, int *said, struct err *e);

struct jail_outcome {
	int32_t end, code, not_found;
	uint32_t wall_ms, cpu_ms, setup_ms;
	uint64_t memory_peak_bytes;
};
/* Watches until the end, then kills and reaps all that is left. */
void jail_watch(const struct jail_ground *ground, pid_t started, struct jail_outcome *outcome);

/* Sends changes and outputs as frames. True when there was more than is sent. */
bool jail_collect(const struct jail_ground *ground);

_Noreturn void jail_launch(const struct jail_plan *plan);

/*
 * Walking a tree that may be hostile: never follows a symlink, at most JAIL_DEPTH_MAX deep. visit
 * is called for each entry but "." and ".."; false from it for a folder: do not go in. The path is
 * relative and valid during the call. False when something was left out.
 */
enum { JAIL_DEPTH_MAX = 96 };
struct jail_entry {
	const char *path, *name;
	int folder;		/* holds it */
	struct stat status;
};
bool jail_walk(int folder, const char *below,
	       bool (*visit)(void *context, const struct jail_entry *entry), void *context);
/* Opens path below folder; -1 when any part of it is a symlink or it is not there. */
int jail_open_beneath(int folder, const char *path, int flags);

/* Frames from the keeper to jail_run: a head, a path, bytes. Both ends are this program. */
enum jail_frame_kind { JAIL_FRAME_FAILED = 1, JAIL_FRAME_STARTED, JAIL_FRAME_ENDED,
		       JAIL_FRAME_CHANGE, JAIL_FRAME_OUTPUT, JAIL_FRAME_DONE };
/* Why a failure may go away when tried again with another switch. */
enum jail_again { JAIL_FINAL, JAIL_AGAIN_PLAIN, JAIL_AGAIN_OLD };
enum {
	JAIL_FILES_MAX = 2000,
	JAIL_FILE_BYTES_MAX = 4 << 20,
	JAIL_ALL_BYTES_MAX = 64 << 20,
	JAIL_PATH_MAX = 4096,
};
struct jail_frame {
	uint32_t magic, kind;
	uint32_t number;	/* FAILED: err_kind; CHANGE, OUTPUT: mode, 0 for gone; DONE: cut */
	uint32_t path_size;	/* FAILED: jail_again instead */
	uint64_t size;
};
bool jail_frame_send(int fd, enum jail_frame_kind kind, uint32_t number, const char *path,
		     const void *bytes, size_t size);
bool jail_frame_fail(int fd, enum jail_again again, const struct err *e);
/* Is the head one that may come? */
bool jail_frame_check(const struct jail_frame *frame);
/* The next frame; path and bytes are in the arena, NUL behind them. */
bool jail_frame_read(int fd, struct arena *a, struct jail_frame *frame, char **path, char **bytes,
		     struct err *e);

uint64_t jail_now_ms(void);

/* How to get a sandbox where the kernel refuses one. */
#define JAIL_MEND                                                                                  \
	"this machine does not let bubblewrap make user namespaces; allow it with one of: "       \
	"sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu 24.04); "          \
	"sudo sysctl -w kernel.unprivileged_userns_clone=1; an AppArmor profile for "             \
	"/usr/bin/bwrap with \"userns,\"; in Docker: --security-opt seccomp=unconfined "          \
	"--security-opt apparmor=unconfined --security-opt systempaths=unconfined"

#endif

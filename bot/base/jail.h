/*
 * Runs a command from a repository where it can do no harm: bubblewrap with its own user, pid,
 * mount, net (none), ipc, uts namespaces, an empty HOME and TMPDIR, a cleared environment, a private
 * copy of one folder as the only writable place, limits on everything, and a seccomp filter. Whatever
 * it starts dies with it.
 *
 * The copy is an overlay over the folder where the kernel allows it (nothing is copied, the folder is
 * never written) and a real copy elsewhere. Where bubblewrap or user namespaces are missing jail_run
 * fails with ERR_DENIED and a text that says how to get them; there is no silent fallback.
 */
#ifndef BOT_BASE_JAIL_H
#define BOT_BASE_JAIL_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stddef.h>
#include <stdint.h>

struct jail_limits {
	unsigned wall_ms;		/* 0 everywhere: the default of jail_defaults */
	unsigned idle_ms;		/* wall time in which nobody used the processor: hung */
	unsigned cpu_s;
	uint64_t memory_bytes;		/* resident, of all processes together */
	unsigned processes;
	uint64_t file_bytes;		/* largest file */
	uint64_t disk_bytes;		/* all that is written */
	uint64_t output_bytes;
};
struct jail_limits jail_defaults(void);

struct jail_file {
	const char *path;		/* relative to the folder; has passed path_check */
	bool exists;			/* false: it is taken away; "x/" is a folder with all below */
	struct str text;
	unsigned mode;			/* 0644 or 0755 */
};

struct jail_bind {
	const char *path;		/* the same inside and outside */
	bool throwaway;			/* may be written inside; what is written is thrown away */
};

struct jail_job {
	const char *folder;		/* what the work folder is a copy of */
	const struct jail_file *files;	/* laid over the copy before the command starts */
	size_t file_count;
	const char *const *argv;	/* NULL-ended; run in the work folder */
	const char *const *environment;	/* "NAME=value", NULL-ended: besides PATH, HOME, TMPDIR, LANG, CI */
	const struct jail_bind *binds;	/* toolchains and caches (jail_toolchains) */
	size_t bind_count;
	const char *path;		/* PATH inside */
	struct jail_limits limits;
	bool unsafe;			/* --no-sandbox: a plain child in a real copy; the limits still hold */

	/* Output as it comes, both streams in order. Return false to stop the command. May be NULL. */
	bool (*output)(void *context, const void *bytes, size_t size);
	void *context;

	bool want_changes;		/* give back the files that the command changed in the work folder */
	const char *const *want;	/* globs of files to give back from $AEGIS_OUT, NULL-ended */
};

enum jail_end { JAIL_EXITED, JAIL_SIGNALLED, JAIL_WALL, JAIL_CPU, JAIL_MEMORY, JAIL_PROCESSES,
		JAIL_DISK, JAIL_OUTPUT, JAIL_IDLE, JAIL_STOPPED };
const char *jail_end_text(enum jail_end end);	/* "ran longer than allowed", ... */

struct jail_result {
	enum jail_end end;
	int code;			/* exit code, or the signal */
	bool not_found;			/* the command does not exist or cannot be executed */
	unsigned wall_ms, cpu_ms, setup_ms;	/* setup: our own time before the command started */
	uint64_t memory_peak_bytes;
	struct jail_file *changes;	/* regular files only; mode 0644 or 0755 */
	size_t change_count;
	bool changes_cut;		/* there were more, or larger ones, than are given back */
	struct jail_file *outputs;	/* from $AEGIS_OUT */
	size_t output_count;
};

/*
 * Runs the job and waits for its end; true when the command ran at all, whatever its outcome.
 * ERR_DENIED: no sandbox here. ERR_INPUT: the folder or a file is unusable. ERR_BUG: the machine failed.
 */
bool jail_run(const struct jail_job *job, struct arena *a, struct jail_result *result, struct err *e);

/* Can jail_run work here? ERR_DENIED with the mend otherwise. Costs one start of bubblewrap. */
bool jail_probe(struct err *e);

/*
 * What a command needs to find its tools: the folders of PATH, the toolchain homes behind them
 * (rustup, cargo, pyenv, nvm, asdf, sdkman, Go, Node, Java) and the package caches (npm, pip, cargo,
 * go, maven), all read-only, with their variables. Nothing else of HOME: never HOME itself, .ssh,
 * .netrc, .aws, .config, .npmrc, .docker, .gnupg, .git-credentials, cargo's credentials.
 * Fills binds, path and environment of the job; `more` (NULL-ended "NAME=value") is added.
 */
void jail_toolchains(struct jail_job *job, struct arena *a, const char *const *more);

/* The names of all variables it looks at, NULL-ended: for who clears an environment before. */
const char *const *jail_toolchain_variables(struct arena *a);

#endif

/*
 * The proof of a fix as a record that a machine can check again: what was red, what is green, where
 * and how it was run. It stands in `aegis fix --format json` under "proof_record" and, in a fenced
 * block, in the body of every pull request of a fix. What comes back in is from outside: `aegis prove`
 * reads it with limits and strict types, and believes none of it.
 *
 * Version 1, one JSON object. What is not known is null; no key is left out and no other is allowed.
 *	aegis_proof	1
 *	made_by		text: the program and its version, "aegis 0.1.0"
 *	incident	12 hex digits
 *	signature, family	32 hex digits: the failure, normalised, and its kind
 *	proven_by	"run", or "reading": nothing here could run what failed
 *	action		"template", "tool", "model", "revert"
 *	template	its name, or null
 *	model		its name, or null
 *	oracle		what says that the fix is right: "test", "tool", ...
 *	base, fixed	{commit, tree}: 40 hex digits each; of fixed null where nothing was committed
 *	command		text for /bin/sh; null where nothing was run, or a secret stands in it
 *	before, after	null where nothing was run, else {
 *		runs		how often it ended so, 1 to 10
 *		exit_code	or null, and then
 *		signal		what ended it
 *		log_sha256	64 hex digits, of the first run's output as it was read
 *		log_bytes
 *		tests		{run, passed, failed, skipped} or null
 *		failed_names	at most 10 names of failed tests
 *		names_left_out	how many more there are
 *	}
 *	read		the changed files, where the proof is by reading; at most 20
 *	tools		[{name, version}]: what the command names, at most 8
 *	sandbox		{used, network, memory_mb, wall_s, idle_s, cpu_s, processes, file_mb, disk_mb}
 *
 * The digest is for whoever kept the log: two runs seldom print the same, so it is not compared.
 */
#ifndef BOT_PROOF_H
#define BOT_PROOF_H

#include "bot/base/err.h"
#include "bot/base/str.h"
#include "bot/tool_versions.h"

#include <jansson.h>
#include <stdint.h>

enum {
	PROOF_VERSION = 1,
	PROOF_BYTES_MOST = 20 * 1024,		/* of the record as proof_text gives it */
	PROOF_PAGE_MOST = 1024 * 1024,		/* of a file or body that it is looked for in */
	PROOF_COMMAND_MOST = 4000, PROOF_NAME_MOST = 200, PROOF_NAMES_MOST = 10,
	PROOF_RUNS_MOST = 10, PROOF_READ_MOST = 20,
};

struct proof_state {
	const char *commit, *tree;	/* NULL: nothing was committed */
};

struct proof_run {
	unsigned runs;			/* 0: nothing was run */
	bool exited;			/* else a signal ended it */
	int code;			/* the exit code, or the signal */
	const char *log_sha256;
	uint64_t log_bytes;
	bool counted;			/* the tests were */
	unsigned long run, passed, failed, skipped;
	const char **failed_names;
	size_t name_count;
	unsigned long names_left_out;
};

struct proof_sandbox {
	bool used, network;
	uint64_t memory_mb, wall_s, idle_s, cpu_s, processes, file_mb, disk_mb;
};

struct proof {
	const char *made_by, *incident, *signature, *family;
	bool by_reading;
	const char *action, *template_name, *model, *oracle;
	struct proof_state base, fixed;
	const char *command;		/* NULL: none, or it is not shown */
	struct proof_run before, after;
	const char **read;
	size_t read_count;
	struct tool_version *tools;
	size_t tool_count;
	struct proof_sandbox sandbox;
};

/* Texts that are too long are cut and secrets replaced; a command that would be changed is left out. */
json_t *proof_json(const struct proof *proof);

/*
 * The record as text that means nothing to Markdown, to GitHub or to a bot wherever it stands, and is
 * the same JSON: in texts, whatever is no plain sign is written as \u00XX. No line is empty or begins
 * with another sign than blank, brace or bracket. Test names are left out until it is at most
 * PROOF_BYTES_MOST; empty when that is not enough.
 */
struct str proof_text(struct arena *a, const struct proof *proof);

/*
 * Reads a record, the answer of `aegis fix --format json`, or a page with exactly one record in a
 * fenced block. ERR_INPUT says what is wrong: none, several, another version, a wrong type, a value
 * out of range, an unknown key.
 */
bool proof_read(struct str text, struct arena *a, struct proof *out, struct err *e);
bool proof_from_json(const json_t *json, struct arena *a, struct proof *out, struct err *e);

#endif

/*
 * Checks the record of a proof (bot/proof.h) by doing it again: the commits are what it says, the base
 * is red in the same way, the fix is green, as often as it says. Whatever runs does so in the sandbox,
 * with the limits of the daemon's file: nothing in a record can loosen them.
 */
#ifndef BOT_PROVE_H
#define BOT_PROVE_H

#include "bot/proof.h"
#include "git/repo.h"

enum claim_state { CLAIM_HOLDS, CLAIM_UNKNOWN, CLAIM_FAILS };
const char *claim_state_name(enum claim_state state);	/* "holds", "cannot tell", "does not hold" */

struct claim {
	const char *name;		/* "head", "base", "fixed", "red", "green", "tests", "files" */
	enum claim_state state;
	const char *why;
};

struct prove_job {
	const struct proof *proof;
	const char *folder;		/* in the repository; its work tree is not touched */
	const char *config_file;	/* as in struct fix_job */
	const char *head;		/* of the pull request now; NULL: there is none */
	const char *missing;		/* why there is no repository to look into, or NULL */
	void (*progress)(const char *text);	/* may be NULL */
};

struct proving {
	struct claim *claims;
	size_t count;
	enum claim_state state;		/* the worst of the claims */
	struct tool_version *tools;	/* here; those of the record that differ are in `notes` */
	size_t tool_count;
	const char **notes;
	size_t note_count;
};

/* True when all could be looked at, whatever came out. ERR_DENIED: no sandbox here. */
bool prove_run(const struct prove_job *job, struct arena *a, struct proving *out, struct err *e);

/*
 * The two commits and what lies between them, without a run (bot/prove_commits.c). False when the
 * machine fails; *base and *fixed say whether they are what the record says, and so may be run.
 */
bool prove_commits(const struct prove_job *job, struct repo *repo, struct arena *a, struct proving *out,
		   bool *base, bool *fixed, struct err *e);
void prove_claim(struct proving *out, struct arena *a, const char *name, enum claim_state state,
		 const char *why, ...) __attribute__((format(printf, 5, 6)));

/* A pull request with a proof in its body. */
struct prove_pull {
	struct proof proof;
	const char *url;
	char head[REPO_ID_SIZE];
	const char *missing;		/* as in struct prove_job, when nothing was brought here */
};

/*
 * "https://HOST/OWNER/NAME/pull/N" of the GitHub in the settings: reads its body and, where `folder` is
 * not NULL, brings the repository into it, at the base of the proof, as folder/tree. ERR_INPUT: no such
 * address, another host, no proof. The token goes to the host of the settings only.
 */
bool prove_pull_read(const char *url, const char *config_file, const char *folder, struct arena *a,
		     struct prove_pull *out, struct err *e);

#endif

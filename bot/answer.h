/*
 * The answer of `aegis fix`, for people and for programs.
 */
#ifndef BOT_ANSWER_H
#define BOT_ANSWER_H

#include "bot/proof.h"
#include "bot/verify.h"

#include <jansson.h>

struct timings {
	unsigned total_ms, sandbox_ms, own_ms;	/* own: total without the sandboxed commands */
	unsigned start_ms;		/* of the last sandbox */
	unsigned open_ms, run_ms, propose_ms, ask_ms, prove_ms, measure_ms, commit_ms;
};

struct attempt {			/* what was thought of and not taken */
	const char *template_name;	/* a template, or NULL for a gate */
	const char *why;
};

struct model_use {			/* name NULL: no model was asked */
	const char *name, *prompt_id;
	unsigned requests;
	unsigned long input_tokens, output_tokens;
	double dollars;
};

struct answer {
	const char *action;		/* "template", "tool", "model", "rerun", "escalate", or NULL: nothing is red */
	const char *template_name;
	const char *branch, *commit, *incident;
	const char *command;
	const char *why;
	enum oracle oracle;
	const struct failure *failure;
	const struct verification *verification;	/* of what was taken over, or NULL */
	const struct patch *patch;
	const struct trial *before, *after;
	const char *culprit;		/* the commit that broke it, when it was looked for and found */
	const struct proof *proof;	/* of a fix, for a machine to check again; or NULL */
	const char **remains;		/* what stays red, a line each */
	size_t remains_count;
	const char **notes;		/* what a person should know: uncommitted changes, no sandbox, ... */
	size_t note_count;
	struct attempt *attempts;
	size_t attempt_count;
	bool dry_run, reproduced;
	struct model_use model;
	struct timings timings;
};

json_t *answer_json(const struct answer *answer);
struct str answer_text(struct arena *a, const struct answer *answer);

#endif

/*
 * The model station: a failure goes in, a candidate for the proof comes out, or a reason. What the
 * model answers is never trusted: it passes the same fences and the same proof as a template's.
 */
#ifndef BOT_PROPOSE_MODEL_H
#define BOT_PROPOSE_MODEL_H

#include "bot/llm/provider.h"
#include "bot/model_context.h"

/* The settings of the station and what it has spent. */
struct model_station {
	struct http *http;
	const struct model *models;
	size_t count;
	const char *prompts_dir;	/* or NULL */
	unsigned requests_most, total_ms;
	uint64_t tokens_most;
	struct model_spent spent;
};

/* What was answered before and why it was not taken; answer empty: this is the first question. */
struct model_retry {
	struct str answer;
	const char *reason;
	struct str output;		/* of the command with it, or empty */
};

struct model_proposal {
	struct candidate candidate;	/* its patch is empty when `refused` is set */
	struct str answer;
	const char *hypothesis;		/* cleaned and redacted; NULL when the answer had none */
	const char *refused;		/* why there is no candidate, for the model and for people */
	bool knows_none;		/* the model itself says that it has no fix */
	const char *model;
	char prompt_id[13];		/* 12 hex digits of the hash of the prompts' texts */
};

/*
 * Asks once. True when a model answered, whatever the answer is worth. ERR_DENIED when the budget
 * is used up; else the errors of models_ask, or of the prompts.
 */
bool propose_model(struct model_station *station, const struct model_case *one,
		   const struct model_retry *retry, struct arena *a,
		   struct model_proposal *proposal, struct err *e);

#endif

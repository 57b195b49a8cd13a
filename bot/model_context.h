/*
 * What a model is shown of a failure: all of it redacted, the most telling first. Data for the
 * slots of prompts/fix_user.txt.
 */
#ifndef BOT_MODEL_CONTEXT_H
#define BOT_MODEL_CONTEXT_H

#include "bot/rules.h"
#include "ci/failure.h"

struct model_case {
	const struct failure *failure;
	const struct report *report;	/* of the red run */
	struct str tail;		/* the end of its output */
	const char *command;
	const struct tree *tree;
	const struct rules *rules;
	const char *people;		/* what people with the right said of it; or NULL */
};

enum { CONTEXT_LOG_TOKENS = 2500, CONTEXT_SOURCE_TOKENS = 7000, CONTEXT_TEST_TOKENS = 2500,
       CONTEXT_USAGE_TOKENS = 800 };

struct model_context {
	struct str failure, log, sources, test, usages;
};

void model_context(const struct model_case *one, struct arena *a, struct model_context *context);

/* The lines of a log that say most: those of the failure, then the last ones. Redacted. */
struct str model_context_log(const struct model_case *one, size_t tokens_most, struct arena *a);

#endif

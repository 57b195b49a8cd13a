/*
 * The answer of a model that was asked for a fix, made a patch, or refused with a reason that the
 * model can be told.
 */
#ifndef BOT_LLM_ANSWER_EDITS_H
#define BOT_LLM_ANSWER_EDITS_H

#include "git/patch.h"
#include "templates/template.h"

enum { EDITS_MOST = 8, EDITS_BYTES_MOST = 64 * 1024 };

struct model_fix {
	const char *hypothesis;		/* one line, cleaned and redacted; never trusted */
	double confidence;		/* its own, 0 to 1 */
	enum oracle claimed;		/* what it says its change rests on; no proof of it */
	struct patch patch;
};

/* The JSON schema of the answer, for providers that can hold a model to one. */
extern const char answer_edits_schema[];

enum answer_create { ANSWER_NO_CREATE, ANSWER_MAY_CREATE };

/*
 * Reads one JSON object {"hypothesis", "confidence", "oracle", "edits": [{"path", "find",
 * "replace"}]} and nothing else (a single ``` fence around it is taken off), and applies the edits
 * to the texts of the tree. Each find must occur exactly once in its file; the finds of one file
 * must not overlap. A new file has an empty find, when allowed. ERR_INPUT for what is not of this
 * form, ERR_GONE when it gives no edits (the model does not know), ERR_DENIED for a path that may
 * not be, an edit that does nothing, and text that looks like a secret.
 */
bool answer_edits(struct str text, const struct tree *tree, enum answer_create create,
		  struct arena *a, struct model_fix *fix, struct err *e);

#endif

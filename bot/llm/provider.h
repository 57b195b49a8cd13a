/*
 * Asking a model. One file a provider; bot/llm/provider.c tries the configured models in their
 * order. A model gets text and gives text: no tools, no credentials, no network of its own.
 */
#ifndef BOT_LLM_PROVIDER_H
#define BOT_LLM_PROVIDER_H

#include "bot/base/config.h"
#include "bot/base/http.h"

enum { MODEL_ANSWER_MOST = 1024 * 1024, MODELS_MOST = 16 };

struct model {
	const struct provider *provider;
	const char *name;
	const char *base_url;		/* without a slash at its end */
	bool own_url;			/* the operator named it: it may be on a private network */
	struct str key;			/* empty: none is sent */
	bool large;
	double input_price, output_price;	/* US dollars a million tokens; 0: unknown */
};

struct model_request {
	struct str system, user;
	const char *schema;		/* JSON schema of the answer, or NULL */
	const char *schema_name;
	double temperature;
	unsigned tokens_most;		/* of the answer */
	unsigned total_ms;
	unsigned requests_most;		/* ERR_DENIED when spent->requests has come so far */
};

struct model_answer {
	struct str text;		/* what the model wrote */
	const char *model;		/* as configured: what a server calls itself is hostile */
	uint64_t input_tokens, output_tokens;	/* 0: not told */
	unsigned wall_ms;
};

/* What was spent, also by requests that failed. Adds up over calls. */
struct model_spent {
	unsigned requests;
	uint64_t input_tokens, output_tokens;
	double dollars;
	uint64_t later_ms;		/* of the last ERR_LATER: how long to wait, in milliseconds */
};

/*
 * One request. Errors:
 *   ERR_LATER   no connection, time-out, 408, 409, 429, 5xx; spent->later_ms says when
 *   ERR_CONFIG  the key, the model or the URL is wrong (401, 404)
 *   ERR_DENIED  403, no credit, refused by the model or by the provider's filter
 *   ERR_INPUT   an answer that cannot be used: not the published shape, cut short, too large
 */
struct provider {
	const char *name;
	const char *base_url;
	bool (*ask)(struct http *http, const struct model *model, const struct model_request *request,
		    struct arena *a, struct model_answer *answer, struct model_spent *spent,
		    struct err *e);
};
extern const struct provider provider_openai;

/*
 * The models of the daemon's file, in their order; each key is made known to redaction. A provider
 * that this release does not have is left out and named in *left_out (NULL: none). ERR_CONFIG also
 * for http:// to anything but this machine.
 */
bool models_read(const struct config *config, struct arena *a, struct model **models,
		 size_t *count, const char **left_out, struct err *e);

/* The first that answers. When none does the error of the last, with the names of all before it. */
bool models_ask(struct http *http, const struct model *models, size_t count,
		const struct model_request *request, struct arena *a, struct model_answer *answer,
		struct model_spent *spent, struct err *e);

/* Is the URL's host this machine (localhost, 127.0.0.0/8, [::1])? */
bool model_url_is_local(const char *url);

#endif

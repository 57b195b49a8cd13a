/*
 * Builds the question, asks, and reads the answer. Everything that is sent passes redaction twice:
 * where it is gathered and once more as the whole question. Leaves out the proof, and whether to
 * ask at all.
 */
#include "bot/propose_model.h"

#include "bot/base/crypto.h"
#include "bot/base/redact.h"
#include "bot/llm/answer_edits.h"
#include "bot/llm/prompt.h"
#include "bot/model_fence.h"

enum { ANSWER_TOKENS = 4000, RETRY_TOKENS = 2500, PEOPLE_TOKENS = 700, ID_BYTES = 6 };

static const double temperature = 0.05;

static bool add_prompt(const struct model_station *station, const char *name, const char *boundary,
		       const struct prompt_slot *slots, size_t count, struct arena *a,
		       struct text *out, struct crypto_hash *hash, struct err *e)
{
	struct str text, filled;

	if (!prompt_load(name, station->prompts_dir, a, &text, e) ||
	    !prompt_fill(text, boundary, slots, count, a, &filled, e))
		return fail_while(e, "the prompt %s", name);
	crypto_hash_add(hash, text);
	text_add(out, filled);
	return true;
}

static bool add_question(const struct model_station *station, const struct model_case *one,
			 const char *boundary, struct arena *a, struct text *out,
			 struct crypto_hash *hash, struct err *e)
{
	struct model_context c = {0};

	model_context(one, a, &c);
	const struct prompt_slot slots[] = {
		{ "command", redact_text(str_of(one->command), a), PROMPT_DATA, 200, PROMPT_START },
		{ "failure", c.failure, PROMPT_DATA, 600, PROMPT_START },
		{ "log", c.log, PROMPT_DATA, CONTEXT_LOG_TOKENS + 100, PROMPT_END },
		{ "sources", c.sources, PROMPT_DATA, CONTEXT_SOURCE_TOKENS + 100, PROMPT_START },
		{ "test", c.test, PROMPT_DATA, CONTEXT_TEST_TOKENS, PROMPT_START },
		{ "usages", c.usages, PROMPT_DATA, CONTEXT_USAGE_TOKENS, PROMPT_START },
		{ "people", redact_text(str_of(one->people), a), PROMPT_DATA, PEOPLE_TOKENS, PROMPT_START },
	};

	return add_prompt(station, "fix_user", boundary, slots, sizeof(slots) / sizeof(*slots), a, out,
			  hash, e);
}

static bool add_retry(const struct model_station *station, const struct model_case *one,
		      const struct model_retry *retry, const char *boundary, struct arena *a,
		      struct text *out, struct crypto_hash *hash, struct err *e)
{
	const struct model_case after = { .report = one->report, .tail = retry->output };
	const struct prompt_slot slots[] = {
		{ "answer", redact_text(retry->answer, a), PROMPT_DATA, RETRY_TOKENS, PROMPT_START },
		{ "reason", redact_text(str_of(retry->reason), a), PROMPT_DATA, 200, PROMPT_START },
		{ "output", model_context_log(&after, RETRY_TOKENS, a), PROMPT_DATA, RETRY_TOKENS + 100,
		  PROMPT_END },
	};

	text_addc(out, '\n');
	return add_prompt(station, "fix_retry", boundary, slots, sizeof(slots) / sizeof(*slots), a, out,
			  hash, e);
}

static bool build(const struct model_station *station, const struct model_case *one,
		  const struct model_retry *retry, struct arena *a, struct model_request *request,
		  char id[13], struct err *e)
{
	CRYPTO_HASH *hash = crypto_hash_open();
	const char *boundary = prompt_boundary(a);
	struct text system = TEXT(a), user = TEXT(a);
	uint8_t digest[CRYPTO_SHA256_BYTES];

	if (!add_prompt(station, "fix_system", boundary, NULL, 0, a, &system, hash, e) ||
	    !add_question(station, one, boundary, a, &user, hash, e))
		return false;
	if (retry && retry->answer.size &&
	    !add_retry(station, one, retry, boundary, a, &user, hash, e))
		return false;
	crypto_hash_end(hash, digest);
	memcpy(id, crypto_hex(a, (struct str){ (const char *)digest, ID_BYTES }), 13);
	*request = (struct model_request){
		.system = redact_text(text_str(&system), a),
		.user = redact_text(text_str(&user), a),
		.schema = answer_edits_schema,
		.schema_name = "fix",
		.temperature = temperature,
		.tokens_most = ANSWER_TOKENS,
		.total_ms = station->total_ms,
		.requests_most = station->requests_most,
	};
	return true;
}

/* Looked at before it is sent: what is asked costs, whatever becomes of the answer. */
static bool in_budget(const struct model_station *station, const struct model_request *request,
		      struct err *e)
{
	uint64_t used = station->spent.input_tokens + station->spent.output_tokens;
	uint64_t next = prompt_tokens(request->system) + prompt_tokens(request->user) +
			request->tokens_most;

	if (used + next > station->tokens_most)
		return fail(e, ERR_DENIED, "the budget of %lu tokens for models is used up",
			    (unsigned long)station->tokens_most);
	return true;
}

/* A server that does not tell is charged by what was sent and came. */
static void charge(struct model_station *station, const struct model_request *request,
		   const struct model_answer *answer)
{
	if (answer->input_tokens || answer->output_tokens)
		return;
	station->spent.input_tokens += prompt_tokens(request->system) + prompt_tokens(request->user);
	station->spent.output_tokens += prompt_tokens(answer->text);
}

static void read_answer(const struct model_case *one, const struct model_answer *answer,
			struct arena *a, struct model_proposal *proposal)
{
	struct model_fix fix;
	struct err why = ERR_INIT;

	proposal->answer = answer->text;
	if (!answer_edits(answer->text, one->tree, ANSWER_NO_CREATE, a, &fix, &why)) {
		proposal->refused = arena_strdup(a, why.text);
		proposal->knows_none = why.kind == ERR_GONE;
		return;
	}
	proposal->hypothesis = fix.hypothesis;
	if (!model_fence(&fix.patch, &why) || !model_imports(&fix.patch, one->tree, a, &why)) {
		proposal->refused = arena_strdup(a, why.text);
		return;
	}
	proposal->candidate = (struct candidate){
		.template_name = "model",
		.by_model = true,
		.failure = one->failure,
		/* Nothing of the model's own words: they could speak to who reads the commit. */
		.why = arena_printf(a, "The model %s proposes this; the failing test passes with it, "
				    "and nothing that passed fails.", proposal->model),
		/* Whatever it claims: only a test that passes counts. */
		.oracle = ORACLE_TEST,
		.danger = DANGER_2,
		.patch = fix.patch,
	};
}

bool propose_model(struct model_station *station, const struct model_case *one,
		   const struct model_retry *retry, struct arena *a,
		   struct model_proposal *proposal, struct err *e)
{
	struct model_proposal made = {0};
	struct model_request request;
	struct model_answer answer;

	if (!build(station, one, retry, a, &request, made.prompt_id, e) ||
	    !in_budget(station, &request, e) ||
	    !models_ask(station->http, station->models, station->count, &request, a, &answer,
			&station->spent, e))
		return false;
	charge(station, &request, &answer);
	made.model = answer.model;
	read_answer(one, &answer, a, &made);
	*proposal = made;
	return true;
}

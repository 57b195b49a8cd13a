/*
 * The model in a local fix: its settings, one question or one more with what was wrong, and what a
 * model's candidate must show beyond the proof. Trouble with a model is never trouble of the fix.
 */
#include "bot/fix_parts.h"

#include "bot/base/clock.h"
#include "bot/base/config.h"
#include "bot/secrets.h"

enum { ASKS = 2 };	/* the question, and one retry */

bool fix_model_settings(struct fix *fix, const struct config *config, struct err *e)
{
	struct model_station *station = &fix->station;
	const char *left_out;
	struct model *models;

	if (fix->job->no_llm || !config_count(config, "models"))
		return true;
	if (!models_read(config, fix->arena, &models, &station->count, &left_out, e))
		return false;
	secrets_know(config, fix->arena);
	if (left_out)
		fix_note(fix, "models of %s are left out: this release asks OpenAI-compatible ones only",
			 left_out);
	station->models = models;
	station->prompts_dir = config_text(config, "prompts_dir");
	station->requests_most = (unsigned)config_integer(config, "limits.model_requests");
	station->tokens_most = (uint64_t)config_integer(config, "limits.model_tokens");
	station->total_ms = (unsigned)config_integer(config, "limits.model_s") * 1000;
	fix->facts.model_asks_left = !station->count ? 0 :
				     station->requests_most < ASKS ? station->requests_most : ASKS;
	return true;
}

static bool ask(struct fix *fix, struct model_proposal *proposal, struct err *e)
{
	const struct model_case one = {
		.failure = fix_failure(fix),
		.report = fix->current.report,
		.tail = fix->current.tail,
		.command = fix->command,
		.tree = fix->current_tree,
		.rules = &fix->rules,
		.people = fix->job->people,
	};

	if (!fix->station.http && !(fix->station.http = http_open(NULL, e)))
		return false;
	return propose_model(&fix->station, &one, &fix->retry, fix->arena, proposal, e);
}

static void record(struct fix *fix)
{
	const struct model_spent *spent = &fix->station.spent;
	struct model_use *use = &fix->answer->model;

	use->name = fix->proposal.model ? fix->proposal.model : fix->station.models[0].name;
	use->prompt_id = fix->proposal.model ? fix->proposal.prompt_id : NULL;
	use->requests = spent->requests;
	use->input_tokens = spent->input_tokens;
	use->output_tokens = spent->output_tokens;
	use->dollars = spent->dollars;
}

static void refused(struct fix *fix, const char *why, struct str output)
{
	fix->retry = (struct model_retry){ fix->proposal.answer, why, output };
}

bool fix_ask(struct fix *fix)
{
	int64_t start = clock_monotonic_ms();
	struct err why = ERR_INIT;

	fix_progress(fix, fix->retry.answer.size ? "asking the model once more" : "asking the model");
	fix->facts.model_asks_left--;
	if (!ask(fix, &fix->proposal, &why)) {
		fix->facts.model_asks_left = 0;
		fix->model_trouble = arena_strdup(fix->arena, why.text);
		fix_attempt(fix, "model", fix->model_trouble);
	} else if (fix->proposal.refused) {
		fix_attempt(fix, "model", fix->proposal.refused);
		refused(fix, fix->proposal.refused, STR(""));
		if (fix->proposal.knows_none)
			fix->facts.model_asks_left = 0;
	} else {
		struct candidate *candidate = arena_new(fix->arena, struct candidate);

		*candidate = fix->proposal.candidate;
		fix->candidates = candidate;
		fix->candidate_count = fix->facts.candidates_left = 1;
		fix->next = 0;
		fix_note(fix, "the model's own words, not checked: %s", fix->proposal.hypothesis);
	}
	record(fix);
	fix->answer->timings.ask_ms += (unsigned)(clock_monotonic_ms() - start);
	return true;
}

/* A patch that makes no test run is green too; a model's is only taken when tests passed. */
void fix_model_proved(struct fix *fix, struct verification *v)
{
	const struct tests *tests = v->after.report ? &v->after.report->tests : NULL;

	if (v->proven && (!tests || !tests->counted || !tests->passed)) {
		v->proven = false;
		v->refused = "no test passes with it, so nothing backs it";
	}
	if (!v->proven)
		refused(fix, v->refused, v->after.tail);
}

void fix_model_close(struct fix *fix)
{
	http_close(&fix->station.http);
	fix->station.http = NULL;
}

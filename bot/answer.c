/*
 * Turns an answer into JSON with every field of the contract, null where nothing is known, and into
 * a page for a terminal. Decides nothing.
 */
#include "bot/answer.h"

#include "bot/base/json.h"
#include "ci/explain.h"

enum { DIFF_BYTES_MOST = 20000 };

static json_t *text_or_null(const char *text)
{
	return text ? json_string_of(str_of(text)) : json_null();
}

static json_t *count_or_null(bool known, unsigned long n)
{
	return known ? json_integer((json_int_t)n) : json_null();
}

static json_t *names(const char *const *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_string_of(str_of(list[i])));
	return array;
}

static json_t *trial_json(const struct trial *trial)
{
	const struct tests *tests;

	if (!trial || !trial->report)
		return json_null();
	tests = &trial->report->tests;
	return json_pack("{s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:i}", "command",
			 text_or_null(trial->command), "green", trial->green, "exit_code",
			 count_or_null(trial->jail.end == JAIL_EXITED,
				       (unsigned long)trial->jail.code),
			 "run", count_or_null(tests->counted, tests->run), "passed",
			 count_or_null(tests->counted, tests->passed), "failed",
			 count_or_null(tests->counted, tests->failed), "skipped",
			 count_or_null(tests->counted, tests->skipped), "failed_names",
			 names(tests->failed_names, tests->failed_count), "duration_ms",
			 (int)trial->jail.wall_ms);
}

static json_t *parts_json(const struct verification *v)
{
	const struct parts *parts;

	if (!v)
		return json_null();
	parts = &v->confidence.parts;
	return json_pack("{s:o, s:o, s:f, s:o}", "pass_rate",
			 v->by_reading ? json_null() : json_real(parts->pass_rate), "coverage",
			 parts->coverage < 0 ? json_null() : json_real(parts->coverage), "quality",
			 parts->quality, "coverage_by", text_or_null(v->measured_by));
}

static json_t *files_json(const struct patch *patch)
{
	json_t *array = json_array();

	for (size_t i = 0; patch && i < patch->count; i++)
		json_array_append_new(array, json_string(patch->changes[i].path));
	return array;
}

/* For whoever shows the answer; null when it is too long to be read. */
static json_t *diff_json(const struct patch *patch)
{
	ARENA a = {0};
	struct str diff = patch && patch->count ? patch_diff(patch, &a) : STR_NONE;

	return diff.size && diff.size <= DIFF_BYTES_MOST ? json_string_of(diff) : json_null();
}

static json_t *attempts_json(const struct answer *answer)
{
	json_t *array = json_array();

	for (size_t i = 0; i < answer->attempt_count; i++)
		json_array_append_new(array, json_pack("{s:o, s:o}", "template",
				      text_or_null(answer->attempts[i].template_name), "why",
				      text_or_null(answer->attempts[i].why)));
	return array;
}

static json_t *model_json(const struct model_use *use)
{
	if (!use->name)
		return json_null();
	return json_pack("{s:s, s:o, s:i, s:I, s:I, s:f}", "name", use->name, "prompt",
			 text_or_null(use->prompt_id), "requests", (int)use->requests,
			 "input_tokens", (json_int_t)use->input_tokens, "output_tokens",
			 (json_int_t)use->output_tokens, "dollars", use->dollars);
}

static json_t *timings_json(const struct timings *t)
{
	return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "total", (int)t->total_ms,
			 "own", (int)t->own_ms, "sandbox", (int)t->sandbox_ms, "sandbox_start",
			 (int)t->start_ms, "open",
			 (int)t->open_ms, "run", (int)t->run_ms, "propose", (int)t->propose_ms,
			 "ask", (int)t->ask_ms, "prove", (int)t->prove_ms, "measure", (int)t->measure_ms, "commit",
			 (int)t->commit_ms);
}

/* The commit that is imported elsewhere may be another one with the same tree and parent. */
static json_t *record_json(const struct answer *answer)
{
	struct proof proof;

	if (!answer->proof)
		return json_null();
	proof = *answer->proof;
	proof.fixed.commit = answer->commit;
	return proof_json(&proof);
}

static void set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

json_t *answer_json(const struct answer *answer)
{
	const struct verification *v = answer->verification;
	const struct failure *f = answer->failure;
	json_t *o = json_object();

	set(o, "action", text_or_null(answer->action));
	set(o, "template", text_or_null(answer->template_name));
	set(o, "branch", text_or_null(answer->branch));
	set(o, "commit", text_or_null(answer->commit));
	set(o, "incident", text_or_null(answer->incident));
	set(o, "signature", text_or_null(f ? f->signature : NULL));
	set(o, "family", text_or_null(f ? f->family : NULL));
	set(o, "confidence", v ? json_real(v->confidence.value) : json_null());
	set(o, "tier", v ? json_string(tier_name(v->confidence.tier)) : json_null());
	set(o, "parts", parts_json(v));
	set(o, "risk", v ? json_string(risk_name(v->risk)) : json_null());
	set(o, "oracle", answer->oracle ? json_string(oracle_name(answer->oracle)) : json_null());
	set(o, "model", model_json(&answer->model));
	set(o, "why", text_or_null(answer->why));
	set(o, "culprit", text_or_null(answer->culprit));
	set(o, "proof", text_or_null(!v ? NULL : v->by_reading ? "reading" : "run"));
	set(o, "proof_record", record_json(answer));
	set(o, "command", text_or_null(answer->command));
	set(o, "files", files_json(answer->patch));
	set(o, "diff", diff_json(answer->patch));
	set(o, "failure", f ? explain_failure_json(f) : json_null());
	set(o, "verification", json_pack("{s:o, s:o}", "before", trial_json(answer->before), "after",
					 trial_json(answer->after)));
	set(o, "remains", names(answer->remains, answer->remains_count));
	set(o, "notes", names(answer->notes, answer->note_count));
	set(o, "attempts", attempts_json(answer));
	set(o, "dry_run", json_boolean(answer->dry_run));
	set(o, "timings_ms", timings_json(&answer->timings));
	return o;
}

static void text_failure(struct text *out, const struct failure *f)
{
	if (!f)
		return;
	text_addf(out, "Failure   %s%s%s", f->type ? f->type : kind_name(f->kind),
		  f->message ? ": " : "", f->message ? f->message : "");
	if (f->file)
		text_addf(out, "\n          %s", f->file);
	if (f->file && f->line)
		text_addf(out, ":%u", f->line);
	if (f->function)
		text_addf(out, " in %s", f->function);
	if (f->test)
		text_addf(out, "\n          test %s", f->test);
	text_adds(out, "\n");
}

static void text_proof(struct text *out, struct arena *a, const struct answer *answer)
{
	const struct verification *v = answer->verification;

	if (answer->before && answer->before->report)
		text_addf(out, "Before    %s: %s\n", answer->before->command,
			  trial_summary(a, answer->before));
	if (answer->after && answer->after->report)
		text_addf(out, "After     %s: %s\n", answer->after->command,
			  trial_summary(a, answer->after));
	if (!v)
		return;
	if (v->by_reading)
		text_adds(out, "Proof     by reading: nothing here can run what failed; the mended files "
			       "parse, and nothing of the failure is left in them\n");
	text_addf(out, "Sure      %.2f (%s): pass rate %.2f, coverage ", v->confidence.value,
		  tier_name(v->confidence.tier), v->confidence.parts.pass_rate);
	if (v->confidence.parts.coverage < 0)
		text_adds(out, "not measured");
	else
		text_addf(out, "%.2f by %s", v->confidence.parts.coverage, v->measured_by);
	text_addf(out, ", quality %.2f; risk %s\n", v->confidence.parts.quality,
		  risk_name(v->risk));
}

static void text_rest(struct text *out, const struct answer *answer)
{
	for (size_t i = 0; i < answer->remains_count; i++)
		text_addf(out, "Still red %s\n", answer->remains[i]);
	for (size_t i = 0; i < answer->attempt_count; i++)
		text_addf(out, "Not taken %s%s%s\n",
			  answer->attempts[i].template_name ? answer->attempts[i].template_name : "",
			  answer->attempts[i].template_name ? ": " : "", answer->attempts[i].why);
	for (size_t i = 0; i < answer->note_count; i++)
		text_addf(out, "Note      %s\n", answer->notes[i]);
}

struct str answer_text(struct arena *a, const struct answer *answer)
{
	struct text out = TEXT(a);

	text_failure(&out, answer->failure);
	if (answer->action)
		text_addf(&out, "Action    %s", answer->action);
	else
		text_adds(&out, "Green");
	if (answer->action && !strcmp(answer->action, "model"))
		text_addf(&out, " %s (oracle: %s)", answer->model.name, oracle_name(answer->oracle));
	if (answer->template_name)
		text_addf(&out, " %s (oracle: %s)", answer->template_name,
			  oracle_name(answer->oracle));
	text_addf(&out, "\n          %s\n", answer->why ? answer->why : "");
	text_proof(&out, a, answer);
	text_rest(&out, answer);
	if (answer->commit)
		text_addf(&out, "Branch    %s at %.12s\n", answer->branch, answer->commit);
	else if (answer->dry_run && answer->patch)
		text_adds(&out, "Branch    none: this was a dry run\n");
	if (answer->patch && answer->patch->count) {
		text_addc(&out, '\n');
		text_add(&out, patch_diff(answer->patch, a));
	}
	return text_str(&out);
}

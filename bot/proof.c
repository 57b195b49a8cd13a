/*
 * Writes the record of a proof: as JSON, and as a text that is safe wherever it is pasted. Reading is
 * bot/proof_read.c's, making it out of a fix bot/fix_proof.c's.
 */
#include "bot/proof.h"

#include "bot/base/json.h"
#include "bot/base/redact.h"

static json_t *text_or_null(const char *text)
{
	return text ? json_string_of(str_of(text)) : json_null();
}

/* Cut at a character; secrets go first, so that none is left in half. */
static json_t *clean(struct arena *a, const char *text, size_t most)
{
	struct str all, kept;

	if (!text)
		return json_null();
	all = redact_text(str_of(text), a);
	kept = str_slice(all, 0, most);
	while (kept.size < all.size && kept.size && ((unsigned char)all.at[kept.size] & 0xc0) == 0x80)
		kept.size--;
	return json_string_of(kept);
}

/* A changed command is another one, so there is none then. */
static json_t *command_json(struct arena *a, const char *command)
{
	struct str text = str_of(command);

	if (!command || text.size > PROOF_COMMAND_MOST || !str_equal(redact_text(text, a), text))
		return json_null();
	return json_string(command);	/* null for what is not UTF-8 */
}

static json_t *state_json(const struct proof_state *state)
{
	return json_pack("{s:o, s:o}", "commit", text_or_null(state->commit), "tree",
			 text_or_null(state->tree));
}

static json_t *run_json(struct arena *a, const struct proof_run *run)
{
	json_t *names = json_array(), *tests = json_null();

	if (!run->runs) {
		json_decref(names);
		return json_null();
	}
	for (size_t i = 0; i < run->name_count; i++)
		json_array_append_new(names, clean(a, run->failed_names[i], PROOF_NAME_MOST));
	if (run->counted)
		tests = json_pack("{s:I, s:I, s:I, s:I}", "run", (json_int_t)run->run, "passed",
				  (json_int_t)run->passed, "failed", (json_int_t)run->failed, "skipped",
				  (json_int_t)run->skipped);
	return json_pack("{s:I, s:o, s:o, s:o, s:I, s:o, s:o, s:I}", "runs", (json_int_t)run->runs,
			 "exit_code", run->exited ? json_integer(run->code) : json_null(), "signal",
			 run->exited ? json_null() : json_integer(run->code), "log_sha256",
			 text_or_null(run->log_sha256), "log_bytes", (json_int_t)run->log_bytes, "tests",
			 tests, "failed_names", names, "names_left_out", (json_int_t)run->names_left_out);
}

static json_t *tools_json(struct arena *a, const struct proof *proof)
{
	json_t *list = json_array();

	for (size_t i = 0; i < proof->tool_count; i++)
		json_array_append_new(list, json_pack("{s:o, s:o}", "name",
				      clean(a, proof->tools[i].name, PROOF_NAME_MOST), "version",
				      clean(a, proof->tools[i].version, PROOF_NAME_MOST)));
	return list;
}

static json_t *read_json(struct arena *a, const struct proof *proof)
{
	json_t *list = json_array();

	for (size_t i = 0; i < proof->read_count; i++)
		json_array_append_new(list, clean(a, proof->read[i], PROOF_NAME_MOST));
	return list;
}

static json_t *sandbox_json(const struct proof_sandbox *s)
{
	return json_pack("{s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "used", s->used, "network",
			 s->network, "memory_mb", (json_int_t)s->memory_mb, "wall_s", (json_int_t)s->wall_s,
			 "idle_s", (json_int_t)s->idle_s, "cpu_s", (json_int_t)s->cpu_s, "processes",
			 (json_int_t)s->processes, "file_mb", (json_int_t)s->file_mb, "disk_mb",
			 (json_int_t)s->disk_mb);
}

json_t *proof_json(const struct proof *p)
{
	ARENA a = {0};
	json_t *command = command_json(&a, p->command);

	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
			 "s:o, s:o}", "aegis_proof", PROOF_VERSION, "made_by", text_or_null(p->made_by),
			 "incident", text_or_null(p->incident), "signature", text_or_null(p->signature),
			 "family", text_or_null(p->family), "proven_by", p->by_reading ? "reading" : "run",
			 "action", clean(&a, p->action, PROOF_NAME_MOST), "template",
			 clean(&a, p->template_name, PROOF_NAME_MOST), "model",
			 clean(&a, p->model, PROOF_NAME_MOST), "oracle", clean(&a, p->oracle, PROOF_NAME_MOST),
			 "base", state_json(&p->base), "fixed", state_json(&p->fixed), "command",
			 command ? command : json_null(), "before", run_json(&a, &p->before), "after",
			 run_json(&a, &p->after), "read", read_json(&a, p), "tools", tools_json(&a, p),
			 "sandbox", sandbox_json(&p->sandbox));
}

/* The hyphen of "GH-1" makes a reference, others are harmless. */
static bool is_plain(char c, char before)
{
	if (c == '-')
		return before != 'h' && before != 'H';
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr(" _.,/=+()'", c));
}

/* `json` is ASCII. An escape of two signs is kept as it is; strings alone hold what comes from outside. */
static void add_plain(struct text *out, struct str json)
{
	bool in_text = false;

	for (size_t i = 0; i < json.size; i++) {
		const char c = json.at[i];

		if (in_text && c == '\\' && i + 1 < json.size) {
			text_add(out, str_slice(json, i++, 2));
			continue;
		}
		if (c == '"')
			in_text = !in_text;
		if (!in_text || c == '"' || is_plain(c, i ? json.at[i - 1] : ' '))
			text_addc(out, c);
		else
			text_addf(out, "\\u%04x", (unsigned char)c);
	}
}

static int add(const char *bytes, size_t size, void *context)
{
	text_add(context, (struct str){ bytes, size });
	return 0;
}

static struct str print(struct arena *a, const struct proof *proof)
{
	JSON *json = proof_json(proof);
	struct text made = TEXT(a), out = TEXT(a);

	if (json && !json_dump_callback(json, add, &made, JSON_INDENT(1) | JSON_ENSURE_ASCII))
		add_plain(&out, text_str(&made));
	return text_str(&out);
}

static void leave_out(struct proof_run *run)
{
	const size_t less = run->name_count - run->name_count / 2;

	run->name_count -= less;
	run->names_left_out += less;
}

struct str proof_text(struct arena *a, const struct proof *proof)
{
	struct proof fitting = *proof;
	struct str text = print(a, &fitting);

	while (text.size > PROOF_BYTES_MOST && (fitting.before.name_count || fitting.after.name_count)) {
		leave_out(&fitting.before);
		leave_out(&fitting.after);
		text = print(a, &fitting);
	}
	return text.size > PROOF_BYTES_MOST ? STR_NONE : text;
}

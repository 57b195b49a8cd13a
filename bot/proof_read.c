/*
 * Reads the record of a proof that somebody sends: strictly, as nothing of it is to be believed. Whether
 * it is true is bot/prove.c's to find out.
 */
#include "bot/proof.h"

#include "bot/base/json.h"

enum { HEX_COMMIT = 40, HEX_DIGEST = 64, HEX_SIGNATURE = 32, HEX_INCIDENT = 12, WORD_MOST = 1300 };

/* A record that is being read; the first thing that is wrong stays. */
struct reading {
	const json_t *json;
	struct arena *arena;
	struct err *e;
	bool good;
};

static void wrong(struct reading *r, const char *path, const char *what)
{
	if (r->good)
		fail(r->e, ERR_INPUT, "the proof's \"%s\" must be %s", path, what);
	r->good = false;
}

static const json_t *value(struct reading *r, const char *path)
{
	return r->good ? json_at(r->json, path) : NULL;
}

static const char *read_text(struct reading *r, const char *path, size_t most, bool may_lack)
{
	const json_t *json = value(r, path);
	struct str text = json_text_or(json, "", STR_NONE);

	if (!json && may_lack)
		return NULL;
	if (!json_is_string(json) || text.size > most || (!text.size && !may_lack))
		return (wrong(r, path, may_lack ? "a short text or null" : "a short text"), NULL);
	return str_text(r->arena, text);
}

static const char *read_hex(struct reading *r, const char *path, size_t digits, bool may_lack)
{
	const char *text = read_text(r, path, digits, may_lack);

	if (text && (strlen(text) != digits || strspn(text, "0123456789abcdef") != digits))
		wrong(r, path, "hex digits, as many as there are in such a value");
	return text;
}

static int64_t read_number(struct reading *r, const char *path, int64_t least, int64_t most)
{
	const json_t *json = value(r, path);
	int64_t number = json_is_integer(json) ? json_integer_value(json) : least - 1;

	if (number >= least && number <= most)
		return number;
	wrong(r, path, "a whole number in its range");
	return least;
}

static bool read_boolean(struct reading *r, const char *path)
{
	const json_t *json = value(r, path);

	if (!json_is_boolean(json))
		wrong(r, path, "true or false");
	return json_is_true(json);
}

static const char **read_list(struct reading *r, const char *path, size_t most, size_t *count)
{
	const json_t *json = value(r, path);
	const char **list = NULL;

	*count = 0;
	if (!json_is_array(json) || json_array_size(json) > most)
		wrong(r, path, "a short list of texts");
	for (size_t i = 0; r->good && i < json_array_size(json); i++)
		arena_push(r->arena, list, *count) =
			read_text(r, arena_printf(r->arena, "%s[%zu]", path, i), WORD_MOST, false);
	return list;
}

/* Exactly these keys, whatever they hold. */
static void check_keys(struct reading *r, const char *path, const char *const *keys)
{
	const json_t *object = *path ? value(r, path) : r->json;
	const char *name;
	json_t *ignored;

	if (r->good && !json_is_object(object))
		wrong(r, *path ? path : "aegis_proof", "an object");
	if (!r->good)
		return;
	for (const char *const *key = keys; *key; key++)
		if (!json_object_get(object, *key))
			wrong(r, *key, "there");
	json_object_foreach((json_t *)object, name, ignored) {
		const char *const *key = keys;

		while (*key && strcmp(*key, name) != 0)
			key++;
		if (!*key && r->good)
			r->good = fail(r->e, ERR_INPUT, "a proof of version %d has no \"%.40s\"",
				       PROOF_VERSION, name);
	}
}

static const char *under(struct reading *r, const char *path, const char *key)
{
	return arena_printf(r->arena, "%s.%s", path, key);
}

static struct proof_state read_state(struct reading *r, const char *path, bool may_lack)
{
	static const char *const keys[] = { "commit", "tree", NULL };
	struct proof_state state;

	check_keys(r, path, keys);
	state.commit = read_hex(r, under(r, path, "commit"), HEX_COMMIT, may_lack);
	state.tree = read_hex(r, under(r, path, "tree"), HEX_COMMIT, may_lack);
	if (!state.commit != !state.tree)
		wrong(r, path, "a commit with its tree");
	return state;
}

static void read_tests(struct reading *r, const char *path, struct proof_run *run)
{
	static const char *const keys[] = { "run", "passed", "failed", "skipped", NULL };
	static const int64_t most = INT64_C(1) << 40;

	if (!r->good || !json_at(r->json, path))
		return;
	run->counted = true;
	check_keys(r, path, keys);
	run->run = (unsigned long)read_number(r, under(r, path, "run"), 0, most);
	run->passed = (unsigned long)read_number(r, under(r, path, "passed"), 0, most);
	run->failed = (unsigned long)read_number(r, under(r, path, "failed"), 0, most);
	run->skipped = (unsigned long)read_number(r, under(r, path, "skipped"), 0, most);
}

static struct proof_run read_run(struct reading *r, const char *path)
{
	static const char *const keys[] = {
		"runs", "exit_code", "signal", "log_sha256", "log_bytes", "tests", "failed_names",
		"names_left_out", NULL
	};
	struct proof_run run = { .runs = 0 };

	if (!r->good || !json_at(r->json, path))
		return run;
	check_keys(r, path, keys);
	run.runs = (unsigned)read_number(r, under(r, path, "runs"), 1, PROOF_RUNS_MOST);
	run.exited = r->good && json_at(r->json, under(r, path, "exit_code"));
	if (r->good && run.exited == (json_at(r->json, under(r, path, "signal")) != NULL))
		wrong(r, path, "a run with either an exit code or a signal");
	run.code = (int)(run.exited ? read_number(r, under(r, path, "exit_code"), 0, 255)
				    : read_number(r, under(r, path, "signal"), 1, 64));
	run.log_sha256 = read_hex(r, under(r, path, "log_sha256"), HEX_DIGEST, false);
	run.log_bytes = (uint64_t)read_number(r, under(r, path, "log_bytes"), 0, INT64_MAX);
	read_tests(r, under(r, path, "tests"), &run);
	run.failed_names = read_list(r, under(r, path, "failed_names"), PROOF_NAMES_MOST,
				     &run.name_count);
	run.names_left_out = (unsigned long)read_number(r, under(r, path, "names_left_out"), 0,
							INT64_C(1) << 40);
	return run;
}

static void read_tools(struct reading *r, struct proof *out)
{
	static const char *const keys[] = { "name", "version", NULL };
	const json_t *list = value(r, "tools");

	if (!json_is_array(list) || json_array_size(list) > TOOL_VERSIONS_MOST)
		wrong(r, "tools", "a short list");
	for (size_t i = 0; r->good && i < json_array_size(list); i++) {
		const char *path = arena_printf(r->arena, "tools[%zu]", i);
		struct tool_version tool;

		check_keys(r, path, keys);
		tool.name = read_text(r, under(r, path, "name"), WORD_MOST, false);
		tool.version = read_text(r, under(r, path, "version"), WORD_MOST, false);
		arena_push(r->arena, out->tools, out->tool_count) = tool;
	}
}

static struct proof_sandbox read_sandbox(struct reading *r)
{
	static const char *const keys[] = {
		"used", "network", "memory_mb", "wall_s", "idle_s", "cpu_s", "processes", "file_mb",
		"disk_mb", NULL
	};
	struct proof_sandbox s;

	check_keys(r, "sandbox", keys);
	s.used = read_boolean(r, "sandbox.used");
	s.network = read_boolean(r, "sandbox.network");
	s.memory_mb = (uint64_t)read_number(r, "sandbox.memory_mb", 0, INT64_MAX);
	s.wall_s = (uint64_t)read_number(r, "sandbox.wall_s", 0, INT64_MAX);
	s.idle_s = (uint64_t)read_number(r, "sandbox.idle_s", 0, INT64_MAX);
	s.cpu_s = (uint64_t)read_number(r, "sandbox.cpu_s", 0, INT64_MAX);
	s.processes = (uint64_t)read_number(r, "sandbox.processes", 0, INT64_MAX);
	s.file_mb = (uint64_t)read_number(r, "sandbox.file_mb", 0, INT64_MAX);
	s.disk_mb = (uint64_t)read_number(r, "sandbox.disk_mb", 0, INT64_MAX);
	return s;
}

/* A run needs a red and a green side, and a proof by reading has neither. */
static void check_sides(struct reading *r, const struct proof *proof)
{
	const bool ran = proof->before.runs && proof->after.runs;

	if (r->good && proof->by_reading && (proof->before.runs || proof->after.runs || proof->command))
		wrong(r, "proven_by", "\"run\" where something was run");
	if (r->good && !proof->by_reading && !ran)
		wrong(r, "before", "a run, and \"after\" too, where it is proven by one");
	if (r->good && proof->before.runs && proof->before.exited && !proof->before.code)
		wrong(r, "before.exit_code", "that of a red run");
}

static void read_words(struct reading *r, struct proof *out)
{
	const char *by;

	out->made_by = read_text(r, "made_by", WORD_MOST, false);
	out->incident = read_hex(r, "incident", HEX_INCIDENT, false);
	out->signature = read_hex(r, "signature", HEX_SIGNATURE, false);
	out->family = read_hex(r, "family", HEX_SIGNATURE, false);
	by = read_text(r, "proven_by", WORD_MOST, false);
	if (by && strcmp(by, "run") != 0 && strcmp(by, "reading") != 0)
		wrong(r, "proven_by", "\"run\" or \"reading\"");
	out->by_reading = by && !strcmp(by, "reading");
	out->action = read_text(r, "action", WORD_MOST, false);
	out->template_name = read_text(r, "template", WORD_MOST, true);
	out->model = read_text(r, "model", WORD_MOST, true);
	out->oracle = read_text(r, "oracle", WORD_MOST, true);
	out->command = read_text(r, "command", PROOF_COMMAND_MOST, true);
}

bool proof_from_json(const json_t *json, struct arena *a, struct proof *out, struct err *e)
{
	static const char *const keys[] = {
		"aegis_proof", "made_by", "incident", "signature", "family", "proven_by", "action",
		"template", "model", "oracle", "base", "fixed", "command", "before", "after", "read",
		"tools", "sandbox", NULL
	};
	struct reading r = { json, a, e, true };
	const json_t *version = json_object_get(json, "aegis_proof");
	struct proof proof = {0};

	if (!json_is_integer(version))
		return fail(e, ERR_INPUT, "this is no proof: it has no \"aegis_proof\" with its version");
	if (json_integer_value(version) != PROOF_VERSION)
		return fail(e, ERR_INPUT, "a proof of version %lld; version %d can be read",
			    (long long)json_integer_value(version), PROOF_VERSION);
	check_keys(&r, "", keys);
	read_words(&r, &proof);
	proof.base = read_state(&r, "base", false);
	proof.fixed = read_state(&r, "fixed", true);
	proof.before = read_run(&r, "before");
	proof.after = read_run(&r, "after");
	proof.read = read_list(&r, "read", PROOF_READ_MOST, &proof.read_count);
	read_tools(&r, &proof);
	proof.sandbox = read_sandbox(&r);
	check_sides(&r, &proof);
	if (r.good)
		*out = proof;
	return r.good;
}

/* The text between this line and the one that closes the block. */
static struct str block_of(struct str *rest, size_t ticks)
{
	struct str start = *rest, line;
	size_t size = 0;

	while (str_next_line(rest, &line)) {
		const struct str end = str_trim(line);
		size_t n = 0;

		while (n < end.size && end.at[n] == '`')
			n++;
		if (n >= ticks && n == end.size)
			return str_slice(start, 0, size);
		size = (size_t)(line.at + line.size - start.at);
	}
	return str_slice(start, 0, size);
}

/* A record or the answer it stands in; ERR_GONE: neither. */
static bool read_object(struct str text, struct arena *a, struct proof *out, struct err *e)
{
	JSON *json = NULL;
	const json_t *inner;

	if (!json_parse(text, PROOF_PAGE_MOST, &json, e))
		return false;
	inner = json_object_get(json, "proof_record");
	if (json_is_null(inner))
		return fail(e, ERR_INPUT, "this answer holds no proof: nothing was fixed");
	return proof_from_json(inner ? inner : json, a, out, e);
}

static bool is_record(struct str block)
{
	return str_has(block, "\"aegis_proof\"");
}

bool proof_read(struct str text, struct arena *a, struct proof *out, struct err *e)
{
	struct str rest = text, line, found = STR_NONE;
	size_t records = 0;

	if (text.size > PROOF_PAGE_MOST)
		return fail(e, ERR_INPUT, "%zu bytes are too many for a proof or a page with one",
			    text.size);
	if (str_starts(str_trim(text), "{"))
		return read_object(text, a, out, e);
	while (str_next_line(&rest, &line)) {
		size_t ticks = 0;
		struct str block;

		line = str_trim(line);
		while (ticks < line.size && line.at[ticks] == '`')
			ticks++;
		if (ticks < 3)
			continue;
		block = block_of(&rest, ticks);
		if (!is_record(block))
			continue;
		found = block;
		records++;
	}
	if (records > 1)
		return fail(e, ERR_INPUT, "there are %zu proofs in this text, and only one can be meant",
			    records);
	if (!records)
		return fail(e, ERR_INPUT, "there is no proof in this text");
	return read_object(found, a, out, e);
}

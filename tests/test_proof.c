/*
 * The record of a proof: what is written is read back the same, whatever stands in it means nothing to
 * Markdown, and what somebody else wrote is refused for its own reason.
 */
#include "tests/unit.h"
#include "tests/words_render.h"

#include "bot/proof.h"

#define HEX40 "46f30771dc15a8d3c0ffee00112233445566778a"
#define HEX64 HEX40 "46f30771dc15a8d3c0ffee00"

static struct proof example(const char *text, const char **names, size_t count,
			    struct tool_version *tool)
{
	*tool = (struct tool_version){ "python3", text };
	for (size_t i = 0; i < count; i++)
		names[i] = text;
	return (struct proof){
		.made_by = "aegis 0.1.0", .incident = "febb5c0f3dd2",
		.signature = "febb5c0f3dd2febb5c0f3dd2febb5c0f", .family = "0123456789abcdef0123456789abcdef",
		.action = "template", .template_name = text, .model = text, .oracle = "test",
		.base = { HEX40, HEX40 }, .fixed = { HEX40, HEX40 }, .command = text,
		.before = { 2, true, 1, HEX64, 4711, true, 12, 10, 2, 0, names, count, 0 },
		.after = { 2, true, 0, HEX64, 12, true, 12, 12, 0, 0, NULL, 0, 0 },
		.tools = tool, .tool_count = 1,
		.sandbox = { true, false, 4096, 600, 120, 1200, 512, 512, 2048 },
	};
}

static void test_round_trip(void **state)
{
	ARENA a = {0};
	const char *names[PROOF_NAMES_MOST];
	struct tool_version tool;
	const char *command = "cd a && python3 -m pytest -q 'x y.py'::T::test_a --k=\"a # b\" || exit 3\n";
	struct proof proof = example(command, names, 3, &tool), back;
	struct str text = proof_text(&a, &proof), page;
	struct err e = ERR_INIT;

	(void)state;
	if (!proof_read(text, &a, &back, &e))
		fail_msg("%s: %.*s", e.text, STR_ARG(text));
	assert_string_equal(back.command, command);
	assert_string_equal(back.base.commit, HEX40);
	assert_int_equal(back.before.runs, 2);
	assert_int_equal(back.before.code, 1);
	assert_int_equal(back.before.log_bytes, 4711);
	assert_int_equal(back.before.name_count, 3);
	assert_string_equal(back.before.failed_names[2], command);
	assert_int_equal(back.after.passed, 12);
	assert_string_equal(back.tools[0].version, command);
	assert_int_equal(back.sandbox.processes, 512);
	assert_true(back.sandbox.used && !back.sandbox.network);
	assert_true(str_equal(proof_text(&a, &back), text));
	page = str_of(arena_printf(&a, "# T\n\n```\nx\n```\n<details>\n\n```json\n%.*s\n```\n\n</details>\n",
				   STR_ARG(text)));
	assert_true(proof_read(page, &a, &back, &e));
	assert_string_equal(back.command, command);
}

/* As it stands in a pull request: nothing in it is a mention, a mark or the end of its block. */
static void test_hostile_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ATTACKS; i++) {
		ARENA a = {0};
		const char *names[PROOF_NAMES_MOST];
		struct tool_version tool;
		struct proof proof = example(attacks[i], names, 3, &tool), back;
		struct str text = proof_text(&a, &proof), block;
		struct err e = ERR_INIT;
		bool secret = strstr(attacks[i], "ghp_") || strstr(attacks[i], "password");
		const char *trouble;

		block = str_of(arena_printf(&a, "```json\n%.*s\n```\n\n%s", STR_ARG(text),
					    words_marker(&a, proof.incident)));
		trouble = body_trouble(block, &a);
		if (trouble || str_has(text, "@") || str_has(text, "`") || str_has(text, "<"))
			fail_msg("%s of %s:\n%.*s", trouble, attacks[i], STR_ARG(text));
		assert_false(str_has(text, "ghp_0123"));
		assert_false(str_has(text, "hunter2hunter2"));
		if (can_render())
			check_render(block, str_of(attacks[i]));
		if (str_of(attacks[i]).size && !proof_read(text, &a, &back, &e))
			fail_msg("%s: %s", attacks[i], e.text);
		/* The very command, or none. */
		if (back.command)
			assert_string_equal(back.command, attacks[i]);
		assert_true(!secret || !back.command);
	}
}

static void test_in_a_pull_request(void **state)
{
	(void)state;
	for (size_t i = 0; i < ATTACKS; i++) {
		ARENA a = {0};
		struct str attack = str_of(attacks[i]), body;
		const char *names[PROOF_NAMES_MOST];
		struct tool_version tool;
		struct proof proof = example(attacks[i], names, PROOF_NAMES_MOST, &tool), back;
		JSON *fix = hostile_fix(attack);
		struct incident incident;
		struct err e = ERR_INIT;
		struct words w;

		hostile_words(&attack, fix, &incident, &w);
		json_object_set_new(fix, "proof_record", proof_json(&proof));
		body = words_pull_body(&a, &w);
		assert_true(body.size <= WORDS_BODY_MOST);
		if (body_trouble(body, &a))
			fail_msg("%s\n%.*s", body_trouble(body, &a), STR_ARG(body));
		if (can_render())
			check_render(body, attack);
		if (!proof_read(body, &a, &back, &e))
			fail_msg("%s: %s\n%.*s", attacks[i], e.text, STR_ARG(body));
		assert_string_equal(back.base.tree, HEX40);
		/* What is no record is not shown, and said. */
		json_object_set_new(fix, "proof_record", json_string_of(attack));
		body = words_pull_body(&a, &w);
		assert_true(str_has(body, "cannot be shown here"));
		assert_null(body_trouble(body, &a));
	}
}

static void test_bounds(void **state)
{
	ARENA a = {0};
	const char *names[PROOF_NAMES_MOST];
	struct tool_version tool;
	char *many = arena_alloc(&a, 6001), *wide = arena_alloc(&a, 6001);
	struct proof proof, back;
	struct err e = ERR_INIT;
	struct str text;

	(void)state;
	memset(many, 'x', 6000);
	memset(wide, '#', 3000);
	proof = example(many, names, PROOF_NAMES_MOST, &tool);
	text = proof_text(&a, &proof);
	assert_true(text.size && text.size <= PROOF_BYTES_MOST && proof_read(text, &a, &back, &e));
	assert_null(back.command);
	assert_int_equal(strlen(back.before.failed_names[0]), PROOF_NAME_MOST);
	proof.command = wide;
	names[0] = names[1] = names[2] = wide;
	text = proof_text(&a, &proof);
	assert_true(text.size && text.size <= PROOF_BYTES_MOST && proof_read(text, &a, &back, &e));
	assert_string_equal(back.command, wide);
	assert_int_equal(back.before.name_count + back.before.names_left_out, PROOF_NAMES_MOST);
	assert_true(back.before.names_left_out > 0);
	/* What fits in no way is not there at all. */
	memset(wide, '#', 4000);
	assert_int_equal(proof_text(&a, &proof).size, 0);
}

/* A path in the record, what is put there, and a part of the reason. */
static const struct {
	const char *path, *value, *why;
} wrongs[] = {
	{ "aegis_proof", "2", "version 2" }, { "aegis_proof", "0", "version 0" },
	{ "aegis_proof", "1.0", "no proof" }, { "aegis_proof", "\"1\"", "no proof" },
	{ "aegis_proof", NULL, "no proof" }, { "aegis_proof", "null", "no proof" },
	{ "made_by", "1", "made_by" }, { "made_by", "\"\"", "made_by" }, { "made_by", NULL, "made_by" },
	{ "incident", "\"FEBB5C0F3DD2\"", "incident" }, { "incident", "\"febb5c0f3dd\"", "incident" },
	{ "incident", "null", "incident" }, { "signature", "\"x\"", "signature" },
	{ "signature", "[\"febb5c0f3dd2febb5c0f3dd2febb5c0f\"]", "signature" }, { "family", "1", "family" },
	{ "proven_by", "\"hope\"", "proven_by" }, { "proven_by", "\"reading\"", "proven_by" },
	{ "proven_by", "true", "proven_by" }, { "action", "null", "action" }, { "template", "7", "template" },
	{ "model", "{}", "model" }, { "oracle", "false", "oracle" }, { "base", "null", "base" },
	{ "base", "\"main\"", "base" }, { "base", "{}", "commit" },
	{ "base.commit", "\"main\"", "base.commit" }, { "base.commit", "\"HEAD~1\"", "base.commit" },
	{ "base.commit", "\"--exec=x\"", "base.commit" }, { "base.commit", "null", "base.commit" },
	{ "base.commit", "\"46F30771DC15A8D3C0FFEE00112233445566778A\"", "base.commit" },
	{ "base.tree", "\"46f3\"", "base.tree" }, { "base.more", "1", "more" },
	{ "fixed.tree", "null", "fixed" }, { "fixed.commit", "null", "fixed" },
	{ "fixed.commit", "\"refs/heads/x\"", "fixed.commit" }, { "command", "[\"true\"]", "command" },
	{ "command", "1", "command" }, { "before", "null", "before" }, { "after", "null", "before" },
	{ "before", "[]", "before" }, { "before.runs", "0", "before.runs" },
	{ "before.runs", "11", "before.runs" }, { "before.runs", "-1", "before.runs" },
	{ "before.runs", "2.5", "before.runs" }, { "before.runs", "\"2\"", "before.runs" },
	{ "before.runs", "4294967297", "before.runs" }, { "before.exit_code", "0", "red run" },
	{ "before.exit_code", "256", "exit_code" }, { "before.exit_code", "null", "either" },
	{ "before.signal", "9", "either" }, { "before.signal", NULL, "signal" },
	{ "before.log_sha256", "\"abc\"", "log_sha256" }, { "before.log_bytes", "-1", "log_bytes" },
	{ "before.tests", "{}", "run" }, { "before.tests", "[]", "tests" },
	{ "before.tests.run", "-1", "tests.run" }, { "before.tests.run", "1e3", "tests.run" },
	{ "before.tests.more", "1", "more" }, { "before.failed_names", "\"a\"", "failed_names" },
	{ "before.failed_names", "[1]", "failed_names" },
	{ "before.failed_names", "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]", "names" },
	{ "before.names_left_out", "null", "names_left_out" }, { "read", "null", "read" },
	{ "read", "[[]]", "read" }, { "tools", "{}", "tools" }, { "tools", "[[]]", "object" },
	{ "tools", "[{\"name\":\"a\"}]", "version" }, { "tools", "[null]", "object" },
	{ "sandbox", "null", "sandbox" }, { "sandbox.used", "1", "sandbox.used" },
	{ "sandbox.network", "null", "sandbox.network" }, { "sandbox.memory_mb", "-1", "memory_mb" },
	{ "sandbox.memory_mb", "\"all\"", "memory_mb" }, { "run", "\"curl evil\"", "no \"run\"" },
};

static void put(json_t *proof, const char *path, const char *value)
{
	ARENA a = {0};
	struct str parent = STR_NONE, key = str_of(path);
	json_t *object = proof;

	if (str_split_last(str_of(path), ".", &parent, &key))
		object = json_at(proof, str_text(&a, parent));
	if (value)
		json_object_set_new(object, str_text(&a, key), json_loads(value, JSON_DECODE_ANY, NULL));
	else
		json_object_del(object, str_text(&a, key));
}

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(*wrongs); i++) {
		ARENA a = {0};
		const char *names[PROOF_NAMES_MOST];
		struct tool_version tool;
		struct proof proof = example("true", names, 3, &tool), back = { .command = "kept" };
		JSON *json = proof_json(&proof);
		struct err e = ERR_INIT;

		assert_true(proof_from_json(json, &a, &back, &e));
		back.command = "kept";
		put(json, wrongs[i].path, wrongs[i].value);
		if (proof_from_json(json, &a, &back, &e))
			fail_msg("%s = %s is taken", wrongs[i].path, wrongs[i].value);
		if (e.kind != ERR_INPUT || !strstr(e.text, wrongs[i].why))
			fail_msg("%s = %s: %s", wrongs[i].path, wrongs[i].value, e.text);
		assert_string_equal(back.command, "kept");
	}
}

static void test_pages(void **state)
{
	static const struct { const char *page, *why; } pages[] = {
		{ "", "no proof" }, { "# A body\n\nwithout\n", "no proof" }, { "```json\n```\n", "no proof" },
		{ "```json\n{\"aegis_proof\": 1", "JSON" }, { "```\n{\"aegis_proof\": 1}\n```", "made_by" },
		{ "```\n\"aegis_proof\"\n```", "JSON" },
		{ "```\n{\"aegis_proof\": 9}\n```\n```\n{\"aegis_proof\": 9}\n```\n", "2 proofs" },
		{ "{\"proof_record\": null}", "nothing was fixed" }, { "{\"proof_record\": 7}", "no proof" },
		{ "{\"proof_record\": {\"proof_record\": {}}}", "no proof" }, { "[]", "no proof" },
		{ "{\"aegis_proof\": 1, \"aegis_proof\": 1}", "duplicate" }, { "{", "JSON" },
		{ "````\n```\n{\"aegis_proof\": 9}\n```\n````\n", "JSON" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		ARENA a = {0};
		struct err e = ERR_INIT;
		struct proof proof;

		assert_false(proof_read(str_of(pages[i].page), &a, &proof, &e));
		if (e.kind != ERR_INPUT || !strstr(e.text, pages[i].why))
			fail_msg("%s: %s", pages[i].page, e.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_hostile_texts),
		cmocka_unit_test(test_in_a_pull_request), cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

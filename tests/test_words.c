/*
 * What people read on GitHub: every text of every kind of incident with every field hostile, raw
 * and as GitHub's renderer shows it, and what the bodies must say.
 */
#include "tests/unit.h"
#include "tests/words_render.h"

typedef struct str maker(struct arena *a, const struct words *w);
static maker *const bodies[] = {
	words_pull_body, words_revert_body, words_sticky, words_check_summary,
};
static maker *const lines[] = {
	words_pull_title, words_revert_title, words_check_title,
};

static void check_all(const struct words *w, struct str attack, struct arena *a)
{
	for (size_t i = 0; i < 4; i++) {
		struct str body = bodies[i](a, w);
		const char *trouble = body_trouble(body, a);

		if (str_has(body, "ghp_0123"))
			trouble = "a secret";
		if (trouble)
			fail_msg("%s\n--- of %.*s\n%.*s", trouble, STR_ARG(attack), STR_ARG(body));
		if (can_render())
			check_render(body, attack);
	}
	for (size_t i = 0; i < 3; i++) {
		struct str title = lines[i](a, w);

		if (raw_trouble(title, a) || title.size > WORDS_TITLE_MOST || !title.size ||
		    str_char(title, '\n') >= 0 || text_trouble(title, a) || str_has(title, "<"))
			fail_msg("title \"%.*s\" of %.*s", STR_ARG(title), STR_ARG(attack));
	}
	assert_null(text_trouble(words_merge_message(a, w), a));
	assert_null(text_trouble(words_commit_revert(a, w), a));
	assert_null(raw_trouble(words_merge_message(a, w), a));
}

static void test_hostile_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < ATTACKS; i++) {
		ARENA a = {0};
		struct str attack = str_of(attacks[i]);
		JSON *fix = hostile_fix(attack);
		struct github_annotation annotation = { .path = NULL };
		struct incident incident;
		struct words w;

		hostile_words(&attack, fix, &incident, &w);
		incident.stage = (enum stage)(i % STAGE_COUNT);
		w.reason = (enum reason)(i % REASON_COUNT);
		check_all(&w, attack, &a);
		if (words_annotation(&a, &w, &annotation)) {
			assert_null(text_trouble(annotation.message, &a));
			assert_null(text_trouble(annotation.title, &a));
		}
	}
}

static void test_every_stage_and_reason(void **state)
{
	ARENA a = {0};
	struct str text = str_of("febb5c0f3dd2");
	struct incident incident;
	struct words w;

	(void)state;
	hostile_words(&text, NULL, &incident, &w);
	w.run_url = NULL;
	for (int stage = 0; stage < STAGE_COUNT; stage++)
		for (int reason = 0; reason < (stage == STAGE_ESCALATED ? REASON_COUNT : 1); reason++) {
			struct str body;

			incident.stage = (enum stage)stage;
			w.reason = (enum reason)reason;
			check_all(&w, text, &a);
			body = words_sticky(&a, &w);
			assert_true(str_starts(body, "**") && str_has(body, "- **Next:** "));
			assert_true(str_ends(body, "<!-- aegis:incident=febb5c0f3dd2 -->\n"));
			assert_int_equal(str_has(body, "What you can do"),
					 stage < STAGE_RESOLVED || stage == STAGE_ESCALATED ||
					 stage == STAGE_REVERTED);
			if (reason)
				assert_true(str_has(body, reason_text((enum reason)reason)));
		}
}

static const char sample[] =
	"{\"action\":\"template\",\"template\":\"python_zero_division\",\"confidence\":0.93,\"tier\":\"high\","
	"\"parts\":{\"pass_rate\":1.0,\"coverage\":0.9,\"quality\":0.87,\"coverage_by\":\"ablation\"},"
	"\"risk\":\"LOW\",\"oracle\":\"test\",\"why\":\"average returns 0.0 when ratings is empty: "
	"test_average (tests/test_ratings.py:14) expects 0\",\"command\":\"python3 -m unittest\","
	"\"files\":[\"shop/ratings.py\"],\"failure\":{\"kind\":\"exception\",\"type\":\"ZeroDivisionError\","
	"\"message\":\"division by zero\",\"file\":\"shop/ratings.py\",\"line\":11,\"function\":\"average\","
	"\"test\":\"tests.test_average\",\"frames\":[{\"file\":\"tests/test_ratings.py\",\"line\":14,"
	"\"function\":\"test_average\"},{\"file\":\"shop/ratings.py\",\"line\":11,\"function\":\"average\"}]},"
	"\"verification\":{\"before\":{\"command\":\"python3 -m unittest\",\"green\":false,\"exit_code\":1,"
	"\"run\":3,\"passed\":2,\"failed\":1,\"skipped\":0,\"failed_names\":[\"tests.test_average\"]},"
	"\"after\":{\"command\":\"python3 -m unittest\",\"green\":true,\"exit_code\":0,\"run\":3,\"passed\":3,"
	"\"failed\":0,\"skipped\":0,\"failed_names\":[]}},\"remains\":[],\"notes\":[\"1 uncommitted file\"],"
	"\"attempts\":[{\"template\":\"python_none\",\"why\":\"no sibling\"}]}";

static json_t *sample_words(struct incident *incident, struct words *w)
{
	static const struct str text = { "febb5c0f3dd2", 12 };
	struct err e = ERR_INIT;
	json_t *fix = NULL;

	assert_true(json_parse(str_of(sample), 1 << 20, &fix, &e));
	hostile_words(&text, fix, incident, w);
	incident->branch = "main";
	incident->stage = STAGE_PROPOSED;
	incident->merge_sha = WORDS_HEAD;
	w->run_url = WORDS_WEB "/actions/runs/7";
	w->log = STR("Traceback\nZeroDivisionError: division by zero");
	return fix;
}

static void must_have(struct str body, const char *const *wanted)
{
	for (; *wanted; wanted++)
		if (!str_has(body, *wanted))
			fail_msg("\"%s\" is not in\n%.*s", *wanted, STR_ARG(body));
}

static void test_pull_body(void **state)
{
	static const char *const wanted[] = {
		"[this run](" WORDS_WEB "/actions/runs/7) that failed on `main` at [`46f30771`]("
		WORDS_WEB "/commit/" WORDS_HEAD ")",
		"**What broke:** `ZeroDivisionError: division by zero` at [`shop/ratings.py:11`](" WORDS_WEB
		"/blob/" WORDS_HEAD "/shop/ratings.py#L11) in `average`, in the test `tests.test_average`\n",
		"**What changed:** `shop/ratings.py`: average returns 0.0 when ratings is empty: "
		"`test_average` (`tests/test_ratings.py:14`) expects 0\n",
		"**Proof:** `python3 -m unittest`: 1 of 3 tests failed before, 3 of 3 tests passed after\n",
		"**How sure:** 0.93 (high), risk LOW\n", "**Undo:** close this pull request",
		"\n    shop/ratings.py:11 in average\n    tests/test_ratings.py:14 in test_average\n```\n",
		"    7  Traceback\n    8  ZeroDivisionError: division by zero\n", "no test was edited",
		"| before | 1 | 3 | 2 | 1 | 0 |\n| after | 0 | 3 | 3 | 0 | 0 |\n",
		"No longer red: `tests.test_average`.\n", "| changed lines that the tests run | 0.3 | 0.90 |\n",
		"### Notes\n\n- 1 uncommitted file\n", "attempt 1 of 3", NULL,
	};
	ARENA a = {0};
	struct incident incident;
	struct words w;
	JSON *fix = sample_words(&incident, &w);
	struct str body = words_pull_body(&a, &w);

	(void)state;
	must_have(body, wanted);
	assert_true(str_has(body, "does not merge this by itself"));
	assert_false(str_has(body, "What stays red"));
	assert_true(str_ends(body, "<!-- aegis:incident=febb5c0f3dd2 -->\n"));
	w.will_merge = true;
	assert_true(str_has(words_pull_body(&a, &w), "Aegis merges this by itself"));
	json_object_set_new(fix, "remains", json_pack("[s]", "E501 at a.py"));
	assert_true(str_has(words_pull_body(&a, &w), "### What stays red\n\n- E501 at a.py\n"));
}

/* A revert, and a proof without a run, say what they are. */
static void test_other_kinds(void **state)
{
	static const char *const reverted[] = {
		"takes back the commit that broke it.", "No fix was safe.", NULL
	};
	static const char *const read[] = {
		"**Proof:** read, not run: nothing here can run what failed", NULL
	};
	ARENA a = {0};
	struct incident incident;
	struct words w;
	JSON *fix = sample_words(&incident, &w);
	struct str title, body;

	(void)state;
	json_object_set_new(fix, "action", json_string("revert"));
	json_object_set_new(fix, "template", json_null());
	body = words_pull_body(&a, &w);
	title = words_pull_title(&a, &w);
	must_have(body, reverted);
	assert_false(str_has(body, "template"));
	assert_true(str_starts(title, "Take back what broke "));
	json_object_set_new(fix, "proof", json_string("reading"));
	json_object_set_new(fix, "verification", json_pack("{s:n, s:n}", "before", "after"));
	body = words_pull_body(&a, &w);
	must_have(body, read);
	assert_false(str_has(body, "tests passed"));
}

static void test_links_stay_at_home(void **state)
{
	static const char *const pages[] = {
		"javascript:alert(1)", "https://e.example/a)b", "https://e.example/a b", "ftp://e.example",
		"https://e.example/<", "https://e.example/a/../b", "", "https://e.example/a\"b",
	};
	ARENA a = {0};
	struct incident incident;
	struct words w;
	JSON *fix = sample_words(&incident, &w);

	(void)state;
	w.run_url = "https://evil.example/actions/runs/7";
	assert_true(str_has(words_pull_body(&a, &w), "looked at a run that failed"));
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		w.web_url = w.run_url = pages[i];
		assert_false(str_has(words_pull_body(&a, &w), "]("));
	}
	w.web_url = WORDS_WEB "/";
	json_object_set_new(json_at(fix, "failure"), "file", json_string("a/../../../evil/x"));
	assert_true(str_has(words_sticky(&a, &w), " at `a/../../../evil/x:11` in"));
	json_object_set_new(json_at(fix, "failure"), "file", json_string("a b/[x](y)?#.py"));
	assert_true(str_has(words_sticky(&a, &w), "[`a b/[x](y)?#.py:11`](" WORDS_WEB "/blob/" WORDS_HEAD
			    "/a%20b/%5Bx%5D%28y%29%3F%23.py#L11)"));
}

static void check_title(json_t *fix, const char *type, const char *file, const char *message,
			const char *expected)
{
	ARENA a = {0};
	struct incident incident = { .branch = "main" };
	struct words w = { .incident = &incident, .fix = fix };
	json_t *failure = json_at(fix, "failure");

	json_object_set_new(failure, "type", type ? json_string(type) : json_null());
	json_object_set_new(failure, "file", file ? json_string(file) : json_null());
	json_object_set_new(failure, "message", message ? json_string(message) : json_null());
	assert_str(words_pull_title(&a, &w), expected);
}

static void test_titles(void **state)
{
	ARENA a = {0};
	struct incident incident;
	struct words w;
	JSON *fix = sample_words(&incident, &w);

	(void)state;
	assert_str(words_pull_title(&a, &w), "Fix ZeroDivisionError in shop/ratings.py: division by zero");
	assert_str(words_revert_title(&a, &w),
		   "Revert \"Fix ZeroDivisionError in shop/ratings.py: division by zero\"");
	assert_str(words_check_title(&a, &w),
		   "A fix is proposed in pull request 12 (ZeroDivisionError: division by zero)");
	check_title(fix, NULL, NULL, NULL, "Fix exception");
	check_title(fix, "TS2307", "web/app.ts", "Cannot find module '@babel/core' or its types",
		    "Fix TS2307 in web/app.ts: Cannot find module '@ babel/core' or its types");
	check_title(fix, "TS2307", "web/app.ts", "Cannot find module '@babel/core' or its declarations",
		    "Fix TS2307 in web/app.ts: Cannot find module '@ babel/core' or its decl\xe2\x80\xa6");
	check_title(fix, "E0308", "crates/some/very/long/path/to/the/place/where/it/lies/lib.rs", "mismatch",
		    "Fix E0308 in lib.rs: mismatch");
	w.fix = NULL;
	assert_str(words_pull_title(&a, &w), "Fix the red run on main");
}

static void test_annotation(void **state)
{
	ARENA a = {0};
	struct github_annotation out = { .path = "untouched" };
	struct incident incident;
	struct words w;
	JSON *fix = sample_words(&incident, &w);

	(void)state;
	assert_true(words_annotation(&a, &w, &out));
	assert_string_equal(out.path, "shop/ratings.py");
	assert_true(out.first_line == 11 && out.last_line == 11 && out.level == GITHUB_LEVEL_FAILURE);
	assert_str(out.title, "ZeroDivisionError");
	assert_str(out.message, "ZeroDivisionError: division by zero\nin average\n"
				"in the test tests.test_average");
	out.path = "untouched";
	json_object_set_new(json_at(fix, "failure"), "line", json_null());
	assert_false(words_annotation(&a, &w, &out));
	json_object_set_new(json_at(fix, "failure"), "line", json_integer(3));
	json_object_set_new(json_at(fix, "failure"), "file", json_string("/etc/passwd"));
	assert_false(words_annotation(&a, &w, &out));
	w.fix = NULL;
	assert_false(words_annotation(&a, &w, &out));
	assert_string_equal(out.path, "untouched");
}

static void test_revert_and_merge(void **state)
{
	static const char *const wanted[] = {
		"This takes back [#12](" WORDS_WEB "/pull/12), merged as [`46f30771`](",
		"**What was measured:** `error_rate` 0.20, before 0.01\n", "healthy:** 0.31, where 1 is certain\n",
		"**What the fix was for:** `ZeroDivisionError: division by zero`", NULL,
	};
	ARENA a = {0};
	struct incident incident;
	struct words w;
	JSON *fix = sample_words(&incident, &w);

	(void)state;
	w.window_why = "error_rate 0.20, before 0.01";
	must_have(words_revert_body(&a, &w), wanted);
	assert_str(words_commit_revert(&a, &w), "This reverts commit " WORDS_HEAD ".\n\nConfidence after "
		   "the deployment: 0.31.\nMeasured: error_rate 0.20, before 0.01\n");
	assert_str(words_merge_message(&a, &w), "What changed: average returns 0.0 when ratings is empty: test_average "
		   "(tests/test_ratings.py:14) expects 0\n\nOracle: test.\nConfidence: 0.93.\n\n"
		   "Aegis-Incident: febb5c0f3dd2\nAegis-Template: python_zero_division\n");
	incident.stage = STAGE_REVERTED;
	assert_true(str_has(words_sticky(&a, &w), "**Revert:** [#13](" WORDS_WEB "/pull/13)"));
	assert_non_null(fix);
}

static void test_huge_bodies(void **state)
{
	ARENA a = {0};
	struct text huge = TEXT(&a);
	struct incident incident;
	struct words w;
	struct str text, history[50];

	(void)state;
	for (unsigned i = 0; i < 4000; i++)
		text_adds(&huge, i % 7 ? "@x #1 a_b ` " : "/lgtm\n");
	text_addc(&huge, '\0');
	text = str_slice(text_str(&huge), 0, huge.size - 1);
	JSON *fix = hostile_fix(text);

	for (unsigned i = 0; i < 300; i++)
		json_array_append(json_at(fix, "remains"), json_array_get(json_at(fix, "notes"), 0));
	json_object_set(fix, "notes", json_at(fix, "remains"));
	json_object_set(fix, "attempts", json_at(fix, "remains"));
	hostile_words(&text, fix, &incident, &w);
	for (size_t i = 0; i < 50; i++)
		history[i] = text;
	w.history = history;
	w.history_count = 50;
	for (size_t i = 0; i < 4; i++)
		assert_null(body_trouble(bodies[i](&a, &w), &a));
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_hostile_fields), cmocka_unit_test(test_every_stage_and_reason),
		cmocka_unit_test(test_pull_body), cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_links_stay_at_home), cmocka_unit_test(test_titles),
		cmocka_unit_test(test_annotation),
		cmocka_unit_test(test_revert_and_merge), cmocka_unit_test(test_huge_bodies),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}

/*
 * What is needed on GitHub: the table against what tokens are asked for, comparisons, the manifest.
 */
#include "tests/unit.h"

#include "bot/base/json.h"
#include "bot/doctor.h"
#include "bot/manifest.h"
#include "git/github_private.h"

static struct arena arena;

static enum github_permission level_of(const char *name)
{
	enum github_permission level = GITHUB_PERMISSION_NONE;

	if (name)
		assert_true(github_permission_of_name(str_of(name), &level));
	return level;
}

/* What is asked for anywhere is needed, and what is needed is asked for somewhere. */
static void the_table_is_what_tokens_ask(void **state)
{
	size_t count = 0;

	(void)state;
	for (const struct github_needed_right *need = github_needed_rights; need->name; need++, count++) {
		enum github_permission most = GITHUB_PERMISSION_NONE;

		for (const struct github_purpose *one = github_purposes; one->name; one++)
			for (unsigned n = 0; n < GITHUB_NEEDS && !strcmp(one->name, need->name); n++)
				if (level_of(one->level[n]) > most)
					most = level_of(one->level[n]);
		if (most != need->level)
			fail_msg("%s: needed %s, asked for %s", need->name,
				 github_permission_name(need->level), github_permission_name(most));
	}
	for (const struct github_purpose *one = github_purposes; one->name; one++)
		count--;
	assert_int_equal(count, 0);
}

static struct github_rights all(void)
{
	struct github_rights out = {0};

	for (const struct github_needed_right *one = github_needed_rights; one->name; one++)
		arena_push(&arena, out.items, out.count) = (struct github_right){ one->name, one->level };
	return out;
}

static void rights_are_compared(void **state)
{
	struct github_rights have = all();
	struct github_rights_judgement j = github_rights_judge(&have, &arena);

	(void)state;
	assert_true(!j.missing.size && !j.excessive.size && !j.may_change_workflows);
	have.items[0].level = GITHUB_PERMISSION_READ;		/* actions */
	have.items[1].level = GITHUB_PERMISSION_NONE;		/* checks */
	have.items[3].level = GITHUB_PERMISSION_WRITE;		/* deployments: read is enough */
	arena_push(&arena, have.items, have.count) = (struct github_right){ "workflows",
		GITHUB_PERMISSION_WRITE };
	arena_push(&arena, have.items, have.count) = (struct github_right){ "members",
		GITHUB_PERMISSION_NONE };
	j = github_rights_judge(&have, &arena);
	assert_str(j.missing, "actions: write (has read), checks: write");
	assert_str(j.excessive, "deployments: write, workflows: write");
	assert_true(j.may_change_workflows);
	have = (struct github_rights){0};
	assert_true(str_has(github_rights_judge(&have, &arena).missing, "metadata: read"));
}

static void scopes_are_compared(void **state)
{
	static const struct {
		const char *scopes;
		bool is_private;
		const char *missing, *excessive;
		bool workflows;
	} cases[] = {
		{ "repo", true, "", "", false },
		{ "public_repo", true, "repo", "", false },
		{ "public_repo", false, "", "", false },
		{ "repo, workflow", true, "", "workflow", true },
		{ "repo:status, admin:org,delete_repo", false, "public_repo", "admin:org, delete_repo", false },
		{ "", true, "repo", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct github_rights_judgement j = github_scopes_judge(str_of(cases[i].scopes),
								       cases[i].is_private, &arena);

		assert_str(j.missing, cases[i].missing);
		assert_str(j.excessive, cases[i].excessive);
		assert_int_equal(j.may_change_workflows, cases[i].workflows);
	}
}

static void events_are_compared(void **state)
{
	static const char *const one[] = { "push", "fork", NULL };

	(void)state;
	assert_str(github_events_missing(github_needed_events, &arena), "");
	assert_false(str_has(github_events_missing(one, &arena), "push"));
	assert_true(str_has(github_events_missing(NULL, &arena), "workflow_run"));
}

static void forms_are_escaped(void **state)
{
	const struct manifest manifest = { .name = "a\"><b>&'", .url = "https://x/?a=\"><script>",
					   .organisation = "acme" };
	struct str form = manifest_form(&manifest, &arena);
	struct err e = ERR_INIT;

	(void)state;
	assert_false(str_has(form, "<script") || str_has(form, "<b>"));
	assert_true(manifest_check(&manifest, &e));
}

static void codes_are_taken_out(void **state)
{
	static const struct {
		const char *given, *code;	/* NULL: refused */
	} cases[] = {
		{ "abc123", "abc123" }, { " abc123\n", "abc123" },
		{ "http://localhost/aegis-app?code=a-b_c", "a-b_c" },
		{ "http://localhost/aegis-app?state=s&code=abc#x", "abc" },
		{ "http://localhost/?code=abc&state=s", "abc" },
		{ "", NULL }, { "a/b", NULL }, { "a b", NULL }, { "http://localhost/?code=", NULL },
		{ "http://localhost/?xcode=abc", NULL }, { "../../user", NULL }, { "a%2fb", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err e = ERR_INIT;
		const char *code = NULL;

		assert_int_equal(manifest_code(str_of(cases[i].given), &arena, &code, &e),
				 cases[i].code != NULL);
		if (cases[i].code)
			assert_string_equal(code, cases[i].code);
	}
}

/* What GitHub or the network says becomes a state and a mend. */
static void errors_become_findings(void **state)
{
	static const struct {
		enum err_kind kind;
		const char *text;
		enum finding_state expected;
		bool mend;
	} cases[] = {
		{ ERR_DENIED, "GitHub answers 401: Bad credentials", FINDING_BAD, true },
		{ ERR_DENIED, "GitHub answers 403: something new", FINDING_BAD, false },
		{ ERR_GONE, "GitHub answers 404: Integration not found", FINDING_BAD, true },
		{ ERR_LATER, "GitHub answers 502", FINDING_UNKNOWN, true },
		{ ERR_LATER, "GitHub's limit is reached; again in 60 s", FINDING_UNKNOWN, true },
		{ ERR_INPUT, "GitHub's answer is not JSON", FINDING_UNKNOWN, false },
	};
	struct doctor d = { .arena = &arena, .part = "github" };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err e = { cases[i].kind, "" };

		memcpy(e.text, cases[i].text, strlen(cases[i].text) + 1);
		doctor_say_error(&d, "x", &e);
		assert_int_equal(d.findings[i].state, cases[i].expected);
		assert_int_equal(d.findings[i].mend != NULL, cases[i].mend);
	}
	assert_int_equal(doctor_count(&d, FINDING_BAD), 3);
}

static int forget(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_what_tokens_ask), cmocka_unit_test(rights_are_compared),
		cmocka_unit_test(scopes_are_compared), cmocka_unit_test(events_are_compared),
		cmocka_unit_test(forms_are_escaped), cmocka_unit_test(codes_are_taken_out),
		cmocka_unit_test(errors_become_findings),
	};

	return cmocka_run_group_tests(tests, NULL, forget);
}

/* bot/serve/webhook: signatures by published vectors, and events read into hints. */
#include "bot/serve/webhook.h"
#include "tests/unit.h"

#define SHA "0123456789abcdef0123456789abcdef01234567"

/* The first is of octokit's own tests, the second of GitHub's documentation. */
static const struct vector {
	struct str secret, body, signature;
} vectors[] = {
	{ { "mysecret", 8 }, { "{\"foo\":\"bar\"}", 13 },
	  { "sha256=4864d2759938a15468b5df9ade20bf161da9b4f737ea61794142f3484236bda3", 71 } },
	{ { "It's a Secret to Everybody", 26 }, { "Hello, World!", 13 },
	  { "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", 71 } },
};

static bool is_signed(const struct webhook_secrets *secrets, const struct vector *v, char digest[65])
{
	ARENA a = {0};

	return webhook_is_signed(secrets, v->signature, v->body, &a, digest);
}

static void signatures(void **state)
{
	char one[65] = "none", two[65] = "none";

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct vector *v = &vectors[i];
		const struct webhook_secrets alone = { { v->secret }, 1 };
		const struct webhook_secrets second = { { STR("another"), v->secret }, 2 };
		const struct webhook_secrets wrong = { { STR("another"), STR("mysecreT") }, 2 };
		struct vector changed = *v;

		assert_true(is_signed(&alone, v, one));
		assert_int_equal(strlen(one), 64);
		assert_null(strstr(v->signature.at, one));
		assert_true(is_signed(&second, v, two));
		assert_false(is_signed(&wrong, v, one));
		assert_false(is_signed(&(struct webhook_secrets){0}, v, one));
		changed.body = str_from(v->body, 1);
		assert_false(is_signed(&alone, &changed, one));
		for (size_t size = 0; size < v->signature.size; size++) {
			changed = *v;
			changed.signature = str_slice(v->signature, 0, size);
			assert_false(is_signed(&alone, &changed, one));
		}
	}
	assert_int_equal(strlen(two), 64);
}

static bool read(const char *event, const char *body, struct arena *a, struct hint *hint, struct err *e)
{
	return webhook_read(str_of(event), str_of(body), a, hint, e);
}

#define WHERE "\"repository\":{\"id\":7,\"full_name\":\"o/r\"},\"installation\":{\"id\":9}," \
	"\"sender\":{\"login\":\"octo-cat\"}"

static void events(void **state)
{
	static const struct {
		const char *event, *body, *action, *sha, *branch;
		int64_t issue, comment;
		unsigned wants;
	} cases[] = {
		{ "workflow_run", "{\"action\":\"completed\",\"workflow_run\":{\"head_sha\":\"" SHA
		  "\",\"head_branch\":\"main\"}," WHERE "}", "completed", SHA, "main", 0, 0,
		  HINT_RUNS | HINT_INCIDENTS },
		{ "workflow_run", "{\"action\":\"requested\",\"workflow_run\":{}," WHERE "}", "requested", "", "",
		  0, 0, 0 },
		{ "check_run", "{\"action\":\"completed\",\"check_run\":{\"head_sha\":\"" SHA
		  "\",\"app\":{\"slug\":\"other-ci\"},\"check_suite\":{\"head_branch\":\"a/b\"}}," WHERE "}",
		  "completed", SHA, "a/b", 0, 0, HINT_CHECKS | HINT_INCIDENTS },
		{ "check_run", "{\"action\":\"completed\",\"check_run\":{\"app\":{\"slug\":\"github-actions\"}},"
		  WHERE "}", "completed", "", "", 0, 0, HINT_INCIDENTS },
		{ "status", "{\"state\":\"failure\",\"sha\":\"" SHA "\",\"branches\":[{\"name\":\"x\"}]," WHERE
		  "}", "", SHA, "x", 0, 0, HINT_CHECKS | HINT_INCIDENTS },
		{ "status", "{\"state\":\"pending\"," WHERE "}", "", "", "", 0, 0, 0 },
		{ "push", "{\"after\":\"" SHA "\",\"ref\":\"refs/heads/main\"," WHERE "}", "", SHA, "main", 0, 0,
		  HINT_INCIDENTS },
		{ "issue_comment", "{\"action\":\"created\",\"issue\":{\"number\":3},\"comment\":{\"id\":5,"
		  "\"body\":\"/aegis fix\"}," WHERE "}", "created", "", "", 3, 5, 0 },
		{ "pull_request", "{\"action\":\"closed\",\"pull_request\":{\"number\":4,\"head\":{\"sha\":\"" SHA
		  "\",\"ref\":\"f\"}}," WHERE "}", "closed", SHA, "f", 4, 0, HINT_INCIDENTS },
		{ "projects_v2_item", "{\"action\":\"edited\"," WHERE "}", "edited", "", "", 0, 0, 0 },
		/* What is only told along is left out where it is malformed: it must not keep the rest. */
		{ "workflow_run", "{\"action\":\"completed\",\"workflow_run\":{\"head_sha\":\"nonsense\","
		  "\"head_branch\":\"a..b\\u202e\"}," WHERE "}", "completed", "", "", 0, 0,
		  HINT_RUNS | HINT_INCIDENTS },
	};
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = ERR_INIT;
		struct hint hint;

		if (!read(cases[i].event, cases[i].body, &a, &hint, &e))
			fail_msg("%s: %s", cases[i].body, e.text);
		assert_string_equal(hint.event, cases[i].event);
		assert_string_equal(hint.action, cases[i].action);
		assert_string_equal(hint.head_sha, cases[i].sha);
		assert_string_equal(hint.branch, cases[i].branch);
		assert_string_equal(hint.repository, "o/r");
		assert_string_equal(hint.sender, "octo-cat");
		assert_int_equal(hint.repository_id, 7);
		assert_int_equal(hint.installation_id, 9);
		assert_int_equal(hint.issue, cases[i].issue);
		assert_int_equal(hint.comment_id, cases[i].comment);
		assert_int_equal(hint.wants, cases[i].wants);
	}
}

static void refused(void **state)
{
	static const struct {
		const char *event, *body, *why;
	} cases[] = {
		{ "ping", "nonsense", "no JSON object" },
		{ "workflow_run", "{\"action\":\"completed\"}", "\"workflow_run\"" },
		{ "check_run", "{\"check_run\":7}", "\"check_run\"" },
		{ "push", "{}", "\"repository\"" },
		{ "ping", "{\"repository\":{\"full_name\":\"o/r\"}}", "no id" },
		{ "ping", "{\"repository\":{\"id\":1}}", "owner/name" },
		{ "ping", "{\"repository\":{\"id\":1,\"full_name\":\"../x\"}}", "owner/name" },
		{ "ping", "{\"repository\":{\"id\":1,\"full_name\":7}}", "owner/name" },
		{ "ping", "{\"repository\":{\"id\":-1,\"full_name\":\"o/r\"}}", "repository.id is no id" },
		{ "ping", "{\"repository\":{\"id\":1.5,\"full_name\":\"o/r\"}}", "repository.id is no id" },
		{ "ping", "{\"repository\":{\"id\":9223372036854775808}}", "repository.id is no id" },
		{ "ping", "{\"repository\":7}", "no id" },
		{ "ping", "{\"installation\":{\"id\":\"1\"}}", "installation.id is no id" },
		{ "issue_comment", "{\"comment\":{\"id\":[]}}", "comment.id is no id" },
	};
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = ERR_INIT;
		struct hint hint = { .event = "untouched" };

		if (read(cases[i].event, cases[i].body, &a, &hint, &e) || e.kind != ERR_INPUT ||
		    !strstr(e.text, cases[i].why))
			fail_msg("%s: %s", cases[i].body, e.text);
		assert_string_equal(hint.event, "untouched");
	}
}

static void tokens(void **state)
{
	(void)state;
	assert_true(webhook_id_is_good(STR("72d3162e-cc78-11e3-81ab-4c9367dc0958")));
	assert_false(webhook_id_is_good(STR("7")));
	assert_false(webhook_id_is_good(STR("72d3162e\0cc78-11e3-81ab")));
	assert_false(webhook_id_is_good(STR("72d3162e cc78")));
	assert_false(webhook_id_is_good(STR_NONE));
	assert_true(webhook_event_is_good(STR("projects_v2_item")));
	assert_false(webhook_event_is_good(STR("Push")));
	assert_false(webhook_event_is_good(STR("push\n")));
	assert_false(webhook_event_is_good(STR_NONE));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(signatures), cmocka_unit_test(events), cmocka_unit_test(refused),
		cmocka_unit_test(tokens),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

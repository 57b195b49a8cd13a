/*
 * How far a visit in GitHub Actions may go, from the event and the runner's words; and that what it
 * prints can be no command of the runner but those it means.
 */
#include "tests/unit.h"

#include "bot/action.h"

#define SHA "0123456789abcdef0123456789abcdef01234567"
#define OTHER "1123456789abcdef0123456789abcdef01234567"

static const char pull[] =
	"{\"repository\":{\"full_name\":\"o/r\",\"default_branch\":\"main\"},\"pull_request\":{\"number\":7,"
	"\"title\":\"@x\",\"head\":{\"sha\":\"" SHA "\",\"ref\":\"%s\",\"repo\":%s},"
	"\"base\":{\"ref\":\"main\",\"repo\":{\"full_name\":\"%s\"}}}}";
static const char run[] =
	"{\"repository\":{\"full_name\":\"o/r\",\"default_branch\":\"main\"},\"workflow_run\":{\"id\":5,"
	"\"run_attempt\":2,\"head_sha\":\"" SHA "\",\"head_branch\":\"feature\",\"head_repository\":%s}}";

static void read_good(const char *name, const char *body, struct arena *a, struct event *event)
{
	struct err e = ERR_INIT;

	if (!event_read(name, str_of(body), a, event, &e))
		fail_msg("%s: %s", body, e.text);
}

static void test_events(void **state)
{
	ARENA a = {0};
	struct event event;

	(void)state;
	read_good("pull_request", arena_printf(&a, pull, "feature", "{\"full_name\":\"o/r\"}", "o/r"), &a,
		  &event);
	assert_int_equal(event.kind, EVENT_PULL);
	assert_false(event.from_fork);
	assert_int_equal(event.pull, 7);
	assert_string_equal(event.head, SHA);
	assert_string_equal(event.head_branch, "feature");
	assert_string_equal(event.default_branch, "main");
	read_good("workflow_run", arena_printf(&a, run, "{\"full_name\":\"o/r\"}"), &a, &event);
	assert_false(event.from_fork);
	assert_int_equal(event.run, 5);
	assert_int_equal(event.attempt, 2);
	read_good("never_heard_of", "{}", &a, &event);
	assert_int_equal(event.kind, EVENT_OTHER);
	assert_string_equal(event.default_branch, "");
	read_good("push", "{\"repository\":{\"default_branch\":\"a..b\"}}", &a, &event);
	assert_string_equal(event.default_branch, "");
}

static void test_doubt_is_a_fork(void **state)
{
	static const char *const theirs[] = { "null", "{}", "{\"full_name\":null}", "{\"full_name\":\"\"}",
		"{\"full_name\":7}", "{\"full_name\":\"o/R\"}", "{\"full_name\":\"o/r \"}", "[]", "\"o/r\"",
		"{\"full_name\":\"mallory/r\"}" };
	ARENA a = {0};
	struct event event;

	(void)state;
	for (size_t i = 0; i < sizeof(theirs) / sizeof(*theirs); i++) {
		read_good("pull_request", arena_printf(&a, pull, "f", theirs[i], "o/r"), &a, &event);
		assert_true(event.from_fork);
		read_good("workflow_run", arena_printf(&a, run, theirs[i]), &a, &event);
		assert_true(event.from_fork);
	}
	/* Head and base agree with each other and not with the repository that the job is of. */
	read_good("pull_request", arena_printf(&a, pull, "f", "{\"full_name\":\"x/y\"}", "x/y"), &a, &event);
	assert_true(event.from_fork);
}

static void test_what_is_no_event(void **state)
{
	static const char *const bodies[] = { "", "{", "[]", "7", "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}",
		"{\"pull_request\":{}}", "{\"pull_request\":{\"number\":0}}", "{\"pull_request\":7}",
		"{\"pull_request\":{\"number\":1,\"head\":{\"sha\":\"main\"}}}" };
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		struct event event = { .pull = 99 };
		struct err e = ERR_INIT;

		assert_false(event_read("pull_request", str_of(bodies[i]), &a, &event, &e));
		assert_int_equal(e.kind, ERR_INPUT);
		assert_int_equal(event.pull, 99);
	}
}

static struct action_order order(void)
{
	return (struct action_order){
		.mode = ACTION_FIX, .token = STR("t"), .owner = "o", .name = "r", .branch = "main",
		.event = { .kind = EVENT_PUSH, .head_branch = "", .default_branch = "main" },
	};
}

/* Over all events: a fork, a stranger's trigger, our own branch or no token never becomes a push. */
static void test_all_plans(void **state)
{
	static const char *const branches[] = { "", "main", "aegis/fix-0123456789ab", "aegis/" };
	size_t fixes = 0;

	(void)state;
	for (unsigned n = 0; n < 3 * 7 * 4 * 4 * 2 * 2 * 2; n++) {
		struct action_order o = order();
		struct action_plan plan;
		unsigned rest = n;
		bool is_elsewhere;

		o.mode = (enum action_mode)(rest % 3);
		o.event.kind = (enum event_kind)((rest /= 3) % 7);
		o.branch = branches[(rest /= 7) % 4];
		o.event.head_branch = branches[(rest /= 4) % 4];
		o.event.from_fork = (rest /= 4) % 2;
		o.token = (rest /= 2) % 2 ? STR("t") : STR("");
		is_elsewhere = (rest / 2) % 2;
		memcpy(o.event.head, SHA, sizeof(SHA));
		plan = action_plan(&o, is_elsewhere ? OTHER : SHA);
		assert_true(plan.mode <= o.mode);
		assert_true((plan.mode < o.mode) == (plan.why != NULL));
		if (plan.mode != ACTION_FIX)
			continue;
		fixes++;
		assert_false(o.event.from_fork);
		assert_true(o.token.size > 0);
		assert_true(o.event.kind != EVENT_OTHER && o.event.kind != EVENT_PULL_TARGET);
		assert_string_equal(plan.branch, "main");
		if (o.event.kind == EVENT_PULL || o.event.kind == EVENT_RUN)
			assert_false(is_elsewhere);
	}
	assert_true(fixes > 0);
}

static void test_lines_are_no_commands(void **state)
{
	static const char *const hostile[] = { "::error::x", "  ::set-output name=a::b", "##[error]x",
		"a ##[add-mask]b ##[group]c", "####[[x", "##\x1b[31m[error]", "a\r::error::b", "a\n::error::b" };
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		struct str rest = action_line(&a, str_of(hostile[i])), line;

		assert_true(str_starts(rest, "aegis: "));
		assert_int_equal(str_find(rest, STR("##[")), -1);
		while (str_next_line(&rest, &line))
			assert_false(str_starts(str_trim(line), "::"));
	}
}

static void test_notices_are_escaped(void **state)
{
	ARENA a = {0};

	(void)state;
	assert_str(action_notice(&a, "notice", STR("a:b,c%"), STR("x, y: 100%")),
		   "::notice title=a%3Ab%2Cc%25::x, y: 100%25\n");
	assert_int_equal(str_char(str_slice(action_notice(&a, "error", STR("t"), STR("a\n::error::b\r::c")),
					    0, 1000), '\r'), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_doubt_is_a_fork),
		cmocka_unit_test(test_what_is_no_event),
		cmocka_unit_test(test_all_plans),
		cmocka_unit_test(test_lines_are_no_commands),
		cmocka_unit_test(test_notices_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

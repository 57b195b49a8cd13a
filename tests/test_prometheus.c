/* bot/watch/prometheus: the parser on texts, the client against tests/prometheus_server.py. */
#include "bot/watch/prometheus.h"
#include "tests/watch_server.h"

#include <math.h>

static struct watch_server server;
static struct http *http;

static int start(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	watch_server_start(&server);
	http = http_open(NULL, &e);
	return http ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	http_close(&http);
	watch_server_stop(&server);
	return 0;
}

static struct prometheus client(struct arena *a)
{
	return (struct prometheus){
		.http = http, .allow = HTTP_PLAIN | HTTP_PRIVATE, .timeout_ms = 5000,
		.url = arena_printf(a, "http://127.0.0.1:%u/base/", server.port),
	};
}

#define DATA(type, result)                                                                         \
	"{\"status\":\"success\",\"data\":{\"resultType\":\"" type "\",\"result\":" result "}}"

static void parses(void **state)
{
	ARENA a = {0};
	struct prometheus_answer answer;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(prometheus_parse(STR(DATA("matrix", "[{\"metric\":{},\"values\":[[1,\"1\"],"
					      "[2.5,\"NaN\"],[3,\"-Inf\"],[4,\"1e3\"]]},{\"values\":[]}]")),
				     &a, &answer, &e));
	assert_int_equal(answer.count, 2);
	assert_int_equal(answer.series[0].count, 4);
	assert_true(answer.series[0].times[1] == 2.5 && isnan(answer.series[0].values[1]));
	assert_true(answer.series[0].values[2] == -INFINITY && answer.series[0].values[3] == 1000);
	assert_int_equal(answer.series[1].count, 0);
	assert_true(prometheus_parse(STR(DATA("vector", "[{\"value\":[9,\"7\"]},{\"histogram\":[9,{}]}]")),
				     &a, &answer, &e));
	assert_int_equal(answer.count, 1);
	assert_true(answer.series[0].times[0] == 9 && answer.series[0].values[0] == 7);
	assert_true(prometheus_parse(STR(DATA("scalar", "[3,\"+Inf\"]")), &a, &answer, &e));
	assert_true(answer.count == 1 && answer.series[0].values[0] == INFINITY);
	assert_true(prometheus_parse(STR(DATA("string", "[3,\"x\"]")), &a, &answer, &e));
	assert_int_equal(answer.count, 0);
	assert_true(prometheus_parse(STR("{\"status\":\"success\",\"warnings\":[\"w\",3,\"v\"],"
					 "\"data\":{\"resultType\":\"vector\",\"result\":[]}}"),
				     &a, &answer, &e));
	assert_int_equal(answer.warning_count, 2);
	assert_string_equal(answer.warnings[1], "v");
}

static void refuses(void **state)
{
	static const char *const bad[] = {
		"", "{}", "[]", "{\"status\":\"fine\"}", "{\"status\":\"success\"}",
		DATA("matrix", "{}"), DATA("cube", "[]"), DATA("scalar", "[3]"), DATA("scalar", "3"),
		DATA("matrix", "[{}]"), DATA("matrix", "[{\"values\":3}]"),
		DATA("matrix", "[{\"values\":[[1,2]]}]"), DATA("matrix", "[{\"values\":[[\"1\",\"2\"]]}]"),
		DATA("matrix", "[{\"values\":[[1,\"2x\"]]}]"), DATA("matrix", "[{\"values\":[[1,\"\"]]}]"),
		DATA("matrix", "[{\"values\":[[1,\" 2\"]]}]"), DATA("matrix", "[{\"values\":[[1,\"0x2\"]]}]"),
		DATA("matrix", "[{\"values\":[[2,\"1\"],[2,\"1\"]]}]"),
		DATA("matrix", "[{\"values\":[[2,\"1\"],[1,\"1\"]]}]"), DATA("vector", "[7]"),
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ARENA a = {0};
		struct prometheus_answer answer = { .count = 77 };
		struct err e = ERR_INIT;

		if (prometheus_parse(str_of(bad[i]), &a, &answer, &e))
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(e.kind, ERR_INPUT);
		assert_int_equal(answer.count, 77);
	}
}

static void kinds_of_errors(void **state)
{
	static const struct {
		const char *query;
		enum err_kind kind;
		const char *words;
	} cases[] = {
		{ "bad", ERR_INPUT, "bad_data: parse error at char 3" },
		{ "heavy", ERR_INPUT, "execution: too many samples" },
		{ "late", ERR_LATER, "timeout: query timed out" },
		{ "off", ERR_LATER, "status 503" }, { "gateway", ERR_LATER, "status 502" },
		{ "limit", ERR_LATER, "status 429" }, { "denied", ERR_DENIED, "status 403" },
		{ "elsewhere", ERR_INPUT, "no Prometheus (status 404)" }, { "noise", ERR_INPUT, "JSON" },
		{ "token", ERR_DENIED, "status 401" }, { "", ERR_INPUT, "1 to 16384" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ARENA a = {0};
		struct prometheus p = client(&a);
		struct prometheus_answer answer;
		struct err e = ERR_INIT;

		assert_false(prometheus_range(&p, cases[i].query, 100, 140, 10, &a, &answer, &e));
		if (e.kind != cases[i].kind || !strstr(e.text, cases[i].words))
			fail_msg("%s: %d %s", cases[i].query, e.kind, e.text);
	}
}

static void asks(void **state)
{
	ARENA a = {0};
	struct prometheus p = client(&a);
	struct prometheus_answer answer;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(prometheus_range(&p, "one", 100, 140, 10, &a, &answer, &e));
	assert_true(answer.count == 1 && answer.series[0].count == 4);
	assert_true(answer.series[0].times[3] == 140);
	assert_true(prometheus_range(&p, "form & = +", 100, 140, 10, &a, &answer, &e));
	assert_true(answer.series[0].values[0] == 5);
	assert_true(prometheus_at(&p, "vector", 1234.5, &a, &answer, &e));
	assert_true(answer.series[0].times[0] == 1234.5 && answer.series[0].values[0] == 4);
	p.token = "t";
	assert_true(prometheus_range(&p, "token", 100, 140, 10, &a, &answer, &e));
	assert_false(prometheus_range(&p, "one", 0, 200000, 10, &a, &answer, &e));
	assert_false(prometheus_range(&p, "one", 100, 50, 10, &a, &answer, &e));
	assert_false(prometheus_range(&p, "one", NAN, 50, 10, &a, &answer, &e));
	p.allow = HTTP_PLAIN;
	assert_false(prometheus_range(&p, "one", 100, 140, 10, &a, &answer, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	p.allow = HTTP_PRIVATE;
	assert_false(prometheus_range(&p, "one", 100, 140, 10, &a, &answer, &e));
	assert_int_equal(e.kind, ERR_DENIED);
}

static struct prometheus_window window_of(const char *metric, const char *query)
{
	struct prometheus_window window = { .start = 93, .end = 149, .rollout_at = 110,
					    .deployed_at = 125, .step = 10 };

	for (int i = 0; i < METRIC_COUNT; i++)
		if (!strcmp(metric_names[i], metric))
			window.queries[i] = query;
	return window;
}

static void makes_samples(void **state)
{
	ARENA a = {0};
	struct prometheus p = client(&a);
	struct prometheus_window window = window_of("cpu", "one");
	struct prometheus_samples got;
	struct err e = ERR_INIT;

	(void)state;
	window.queries[METRIC_REQUESTS] = "requests";
	window.queries[METRIC_ERRORS] = "errors";
	window.queries[METRIC_MEMORY] = "partial";
	window.queries[METRIC_LATENCY_P95] = "step $step";
	window.queries[METRIC_LATENCY_P99] = "two";
	window.queries[METRIC_RPS] = "bad";
	window.queries[METRIC_UP] = "none";
	assert_true(prometheus_samples(&p, &window, &a, &got, &e));
	/* 100, 110 | 120 is of the rollout | 130, 140 */
	assert_int_equal(got.count, 4);
	assert_true(got.samples[0].t == -25 && !got.samples[0].post);
	assert_true(got.samples[1].t == -15 && !got.samples[1].post);
	assert_true(got.samples[2].t == 5 && got.samples[2].post && got.samples[3].t == 15);
	assert_true(got.samples[1].values[METRIC_CPU] == 2.5);
	assert_true(isnan(got.samples[2].values[METRIC_CPU]) && isnan(got.samples[3].values[METRIC_CPU]));
	/* No failure yet is none; NaN is not known. */
	assert_true(got.samples[0].values[METRIC_ERRORS] == 0);
	assert_true(isnan(got.samples[2].values[METRIC_ERRORS]));
	assert_true(got.samples[3].values[METRIC_ERRORS] == 0);
	assert_true(got.samples[3].values[METRIC_REQUESTS] == 50);
	assert_true(got.samples[0].values[METRIC_LATENCY_P95] == 8);
	assert_true(isnan(got.samples[0].values[METRIC_LATENCY_P99]));
	assert_int_equal(got.note_count, 4);
	assert_string_equal(got.notes[0], "latency_p99: its query gives 2 lines; make one of them, as by sum()");
	assert_string_equal(got.notes[1], "memory: a store is away");
	assert_string_equal(got.notes[2], "rps: Prometheus: bad_data: parse error at char 3");
	assert_string_equal(got.notes[3], "up: its query has no answer");
}

static void samples_fail(void **state)
{
	static const char *const later[] = { "late", "off", "gateway" };
	ARENA a = {0};
	struct prometheus p = client(&a);
	struct prometheus_samples got = { .count = 77 };
	struct prometheus_window window;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		window = window_of("cpu", later[i]);
		assert_false(prometheus_samples(&p, &window, &a, &got, &e));
		assert_int_equal(e.kind, ERR_LATER);
		assert_non_null(strstr(e.text, "cpu: "));
	}
	window = window_of("cpu", "one");
	window.end = window.start + 2;	/* no multiple of step lies in it */
	assert_true(prometheus_samples(&p, &window, &a, &got, &e));
	assert_int_equal(got.count, 0);
	window.end = window.start - 1;
	assert_false(prometheus_samples(&p, &window, &a, &got, &e));
	window.end = 1e9;
	assert_false(prometheus_samples(&p, &window, &a, &got, &e));
	p.url = "http://127.0.0.1:1";
	window.end = 149;
	assert_false(prometheus_samples(&p, &window, &a, &got, &e));
	assert_int_equal(e.kind, ERR_LATER);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(parses), cmocka_unit_test(refuses), cmocka_unit_test(kinds_of_errors),
		cmocka_unit_test(asks), cmocka_unit_test(makes_samples), cmocka_unit_test(samples_fail),
	};

	return cmocka_run_group_tests(list, start, stop);
}

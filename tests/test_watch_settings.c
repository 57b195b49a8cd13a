/* bot/watch/settings: what stands in both files reaches the client, the window and the checks. */
#include "bot/watch/settings.h"
#include "tests/unit.h"

#include <stdlib.h>

static const char repository_file[] =
	"deploy:\n"
	"  environment: production\n"
	"  window_s: 600\n"
	"  step_s: 15\n"
	"  metrics:\n"
	"    requests: sum(increase(http_requests_total[$step]))\n"
	"    up: 'avg(up{job=\"shop\"})'\n"
	"health:\n"
	"  - url: https://shop.example.com/health\n"
	"  - { url: 'http://10.0.0.1/', status: 418, contains: '\"ok\"', every_s: 5, timeout_s: 2 }\n";

static const struct config *parse(struct arena *a, const char *text, enum option_file file)
{
	const struct config *config = NULL;
	struct err e = ERR_INIT;

	if (!config_parse(&options, "f.yml", str_of(text), file, a, &config, &e))
		fail_msg("%s", e.text);
	return config;
}

static void window(void **state)
{
	ARENA a = {0};
	const struct config *config = parse(&a, repository_file, OPTION_REPOSITORY);
	struct prometheus_window got;

	(void)state;
	assert_true(settings_window(config, 9980, 10000, &got));
	assert_true(got.start == 9380 && got.rollout_at == 9980 && got.deployed_at == 10000);
	assert_true(got.end == 10600 && got.step == 15 && settings_window_s(config) == 600);
	assert_string_equal(got.queries[METRIC_REQUESTS], "sum(increase(http_requests_total[$step]))");
	assert_string_equal(got.queries[METRIC_UP], "avg(up{job=\"shop\"})");
	assert_null(got.queries[METRIC_CPU]);
	assert_true(settings_window(config, 20000, 10000, &got) && got.rollout_at == 10000);
	assert_false(settings_window(parse(&a, "", OPTION_REPOSITORY), 1, 2, &got));
	assert_true(got.end == 302 && got.step == 10);
}

static void checks(void **state)
{
	ARENA a = {0};
	const struct config *config = parse(&a, repository_file, OPTION_REPOSITORY);
	struct watched *list;
	size_t count;

	(void)state;
	settings_checks(config, parse(&a, "", OPTION_DAEMON), &a, &list, &count);
	assert_int_equal(count, 2);
	assert_string_equal(list[0].check.url, "https://shop.example.com/health");
	assert_true(list[0].every_s == 30 && !list[0].check.status && !list[0].check.contains);
	assert_true(list[0].check.timeout_ms == 5000 && list[0].check.allow == 0);
	assert_true(list[1].every_s == 5 && list[1].check.status == 418);
	assert_true(list[1].check.timeout_ms == 2000 && list[1].check.allow == 0);
	assert_string_equal(list[1].check.contains, "\"ok\"");
	settings_checks(config, parse(&a, "watch: { private: true }\n", OPTION_DAEMON), &a, &list,
			&count);
	assert_int_equal(list[1].check.allow, HTTP_PLAIN | HTTP_PRIVATE);
	settings_checks(parse(&a, "", OPTION_REPOSITORY), parse(&a, "", OPTION_DAEMON), &a, &list,
			&count);
	assert_int_equal(count, 0);
}

static void prometheus(void **state)
{
	ARENA a = {0};
	struct prometheus got;
	struct err e = ERR_INIT;

	(void)state;
	assert_false(settings_prometheus(parse(&a, "", OPTION_DAEMON), NULL, &a, &got, &e));
	assert_int_equal(e.kind, ERR_NONE);
	assert_true(settings_prometheus(
		parse(&a, "prometheus: { url: 'http://127.0.0.1:9090' }\n", OPTION_DAEMON), NULL, &a,
		&got, &e));
	assert_int_equal(got.allow, HTTP_PLAIN | HTTP_PRIVATE);
	assert_true(!got.token && got.timeout_ms == 10000);
	assert_true(settings_prometheus(
		parse(&a, "prometheus: { url: 'https://p.example.com/x', token: abc, private: false, "
			  "timeout_s: 3 }\n", OPTION_DAEMON), NULL, &a, &got, &e));
	assert_int_equal(got.allow, 0);
	assert_string_equal(got.token, "abc");
	assert_int_equal(got.timeout_ms, 3000);
	unsetenv("AEGIS_TEST_NOT_SET");
	assert_false(settings_prometheus(
		parse(&a, "prometheus: { url: 'https://p.example.com', token_env: AEGIS_TEST_NOT_SET }\n",
		      OPTION_DAEMON), NULL, &a, &got, &e));
	assert_int_equal(e.kind, ERR_CONFIG);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(window), cmocka_unit_test(checks), cmocka_unit_test(prometheus),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

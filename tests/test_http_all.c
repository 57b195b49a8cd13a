/* Many requests at once, requests that must not go twice, and what was sent when it failed. */
#include "bot/base/http.h"
#include "bot/base/clock.h"
#include "bot/base/file.h"
#include "tests/http_unit.h"
#include "tests/unit.h"

static struct http_server plain, second;
static struct file_temporary folder = {""};
static char pem_path[300];
static struct http *http;

static int start(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_true(file_temporary(&folder, &e));
	snprintf(pem_path, sizeof(pem_path), "%s/server.pem", folder.path);
	http_write_certificate(pem_path, "IP:127.0.0.1");
	http_server_start(&plain, "python3", "tests/http_server.py", NULL, NULL);
	http_server_start(&second, "node", "tests/http2_server.js", pem_path, NULL);
	http = http_open(NULL, &e);
	return http ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	http_close(&http);
	http_server_stop(&plain);
	http_server_stop(&second);
	file_temporary_remove(&folder);
	return 0;
}

static struct http_request request_of(struct arena *a, const char *path)
{
	return (struct http_request){
		.method = "GET", .allow = HTTP_PLAIN | HTTP_PRIVATE, .total_ms = 10000,
		.url = arena_printf(a, "http://127.0.0.1:%u%s", plain.port, path),
	};
}

static void each_has_its_own_end(void **state)
{
	static const struct { const char *path; unsigned status; enum err_kind kind; } list[] = {
		{ "/ok", 200, ERR_NONE }, { "/error", 503, ERR_NONE }, { "/huge", 0, ERR_INPUT },
		{ "/close", 0, ERR_LATER }, { "/noise", 0, ERR_INPUT }, { "/none", 204, ERR_NONE },
		{ "/many", 0, ERR_INPUT }, { "/redirect", 302, ERR_NONE }, { "/mud", 0, ERR_INPUT },
		{ "/cut", 0, ERR_LATER }, { "/gzip", 200, ERR_NONE },
	};
	enum { COUNT = sizeof(list) / sizeof(*list) };
	struct http_exchange exchanges[COUNT + 2] = {0};
	ARENA a = {0};
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		exchanges[i].request = request_of(&a, list[i].path);
		exchanges[i].request.body_most = 100000;
	}
	exchanges[COUNT].request = request_of(&a, "/ok");
	exchanges[COUNT].request.allow = HTTP_PLAIN;	/* the address is not public */
	exchanges[COUNT + 1].request = request_of(&a, "/ok");
	exchanges[COUNT + 1].request.url = "nonsense";
	assert_true(http_send_all(http, exchanges, COUNT + 2, 3, &a, &e));
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(exchanges[i].answered, list[i].kind == ERR_NONE);
		if (list[i].kind)
			assert_int_equal(exchanges[i].error.kind, list[i].kind);
		else
			assert_int_equal(exchanges[i].response.status, list[i].status);
	}
	assert_str(exchanges[0].response.body, "fine");
	assert_false(exchanges[COUNT].answered);
	assert_int_equal(exchanges[COUNT].error.kind, ERR_DENIED);
	assert_int_equal(exchanges[COUNT + 1].error.kind, ERR_INPUT);
	assert_true(http_send_all(http, NULL, 0, 0, &a, &e));
}

/* Plain HTTP/1.1: the connections of one sweep serve the next. */
static void keeps_connections(void **state)
{
	struct http_exchange exchanges[40] = {0};
	bool seen[200] = {0};
	unsigned connections = 0;
	ARENA a = {0};
	struct err e = ERR_INIT;

	(void)state;
	for (int sweep = 0; sweep < 3; sweep++) {
		for (size_t i = 0; i < 40; i++)
			exchanges[i].request = request_of(&a, "/number");
		assert_true(http_send_all(http, exchanges, 40, 4, &a, &e));
		for (size_t i = 0; i < 40; i++) {
			unsigned long number;

			assert_true(exchanges[i].answered);
			assert_true(str_number(exchanges[i].response.body, &number));
			assert_true(number < 200);
			connections += !seen[number];
			seen[number] = true;
		}
	}
	assert_in_range(connections, 1, 4);
}

static void streams_of_one_connection(void **state)
{
	struct http_exchange exchanges[200] = {0};
	ARENA a = {0};
	struct err e = ERR_INIT;
	HTTP *trusting = http_open(pem_path, &e);
	int64_t started = clock_monotonic_ms();
	unsigned others = 0;

	(void)state;
	for (size_t i = 0; i < 200; i++)
		exchanges[i].request = (struct http_request){
			.method = "GET", .allow = HTTP_PRIVATE, .total_ms = 20000,
			.url = arena_printf(&a, "https://127.0.0.1:%u/%zu", second.port, i),
		};
	assert_true(http_send_all(trusting, exchanges, 200, 50, &a, &e));
	for (size_t i = 0; i < 200; i++) {
		if (!exchanges[i].answered)
			fail_msg("%s", exchanges[i].error.text);
		others += !str_starts(exchanges[i].response.body, "1 ");
	}
	/* A stream that was lost is sent again on a connection of its own. */
	assert_in_range(others, 0, 3);
	/* One after the other they would take 10 s. */
	assert_true(clock_monotonic_ms() - started < 5000);
}

static void knows_what_was_sent(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct http_response response;
	struct http_request request = request_of(&a, "/close");
	bool sent = false;

	(void)state;
	request.sent = &sent;
	request.method = "POST";
	request.body = STR("{}");
	assert_false(http_send(http, &request, &a, &response, &e));
	assert_true(sent);
	request.url = "http://127.0.0.1:1/";
	assert_false(http_send(http, &request, &a, &response, &e));
	assert_false(sent);
	request.url = arena_printf(&a, "https://127.0.0.1:%u/ok", second.port);
	sent = true;
	assert_false(http_send(http, &request, &a, &response, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	assert_false(sent);
	request.url = "nonsense";
	sent = true;
	assert_false(http_send(http, &request, &a, &response, &e));
	assert_false(sent);
	request = request_of(&a, "/ok");
	request.sent = &sent;
	assert_true(http_send(http, &request, &a, &response, &e));
	assert_true(sent);
}

/* /once answers the first request of a connection and closes it unanswered at the second. */
static void goes_once(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct http_response response;
	struct http_request request = request_of(&a, "/once");

	(void)state;
	request.method = "POST";
	request.body = STR("x");
	request.once = true;
	for (int i = 1; i <= 3; i++) {
		assert_true(http_send(http, &request, &a, &response, &e));
		assert_str(response.body, arena_printf(&a, "%d", i));
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(each_has_its_own_end), cmocka_unit_test(keeps_connections),
		cmocka_unit_test(streams_of_one_connection), cmocka_unit_test(knows_what_was_sent),
		cmocka_unit_test(goes_once),
	};

	return cmocka_run_group_tests(list, start, stop);
}

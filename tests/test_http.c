/* bot/base/http against tests/http_server.py, over TCP and TLS. */
#include "bot/base/http.h"
#include "bot/base/file.h"
#include "tests/http_unit.h"
#include "tests/unit.h"

#include <arpa/inet.h>

static struct http_server plain, tls;
static struct file_temporary folder = {""};
static char pem_path[300];
static struct http *http;

static int start(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	/* A proxy of the environment must not be used. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("HTTPS_PROXY", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	assert_true(file_temporary(&folder, &e));
	snprintf(pem_path, sizeof(pem_path), "%s/server.pem", folder.path);
	http_write_certificate(pem_path, "IP:127.0.0.1");
	http_server_start(&plain, "python3", "tests/http_server.py", NULL, NULL);
	http_server_start(&tls, "python3", "tests/http_server.py", pem_path, NULL);
	http = http_open(NULL, &e);
	return http ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	http_close(&http);
	http_server_stop(&plain);
	http_server_stop(&tls);
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

static void answers(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct http_response response = { .status = 1 };
	struct http_request request = request_of(&a, "/ok");

	(void)state;
	assert_true(http_send(http, &request, &a, &response, &e));
	assert_int_equal(response.status, 200);
	assert_str(response.body, "fine");
	assert_string_equal(http_header(&response, "X-KIND"), "one");
	assert_string_equal(http_header(&response, "etag"), "\"e\"");
	assert_null(http_header(&response, "X-None"));
	assert_int_equal(response.header_count, 4);
	request = request_of(&a, "/error");
	assert_true(http_send(http, &request, &a, &response, &e));
	assert_int_equal(response.status, 503);
	assert_string_equal(http_header(&response, "Retry-After"), "7");
	request = request_of(&a, "/none");
	assert_true(http_send(http, &request, &a, &response, &e));
	assert_int_equal(response.status, 204);
	assert_int_equal(response.body.size, 0);
	request = request_of(&a, "/early");
	assert_true(http_send(http, &request, &a, &response, &e));
	assert_int_equal(response.status, 200);
	assert_null(http_header(&response, "X-Early"));
	request = request_of(&a, "/gzip");
	assert_true(http_send(http, &request, &a, &response, &e));
	assert_int_equal(response.body.size, 1000);
}

static void redirects_are_answers(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct http_response response;
	struct http_request request = request_of(&a, "/redirect");

	(void)state;
	assert_true(http_send(http, &request, &a, &response, &e));
	assert_int_equal(response.status, 302);
	assert_string_equal(http_header(&response, "location"), "/ok");
}

static void sends(void **state)
{
	const struct http_header headers[] = { { "Authorization", "Bearer s3cret" }, { "X-Empty",
		"" } };
	static const char *const methods[] = { "POST", "PUT", "PATCH", "DELETE" };
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct http_response response;
	struct http_request request = request_of(&a, "/echo?q=1");

	(void)state;
	request.headers = headers;
	request.header_count = 2;
	for (size_t i = 0; i < 4; i++) {
		request.method = methods[i];
		request.body = STR("{\"a\":1}");
		assert_true(http_send(http, &request, &a, &response, &e));
		assert_int_equal(response.status, 201);
		assert_true(str_starts(response.body,
				       arena_printf(&a, "%s /echo?q=1 HTTP/1.1\r\n", methods[i])));
		assert_true(str_has(response.body, "\r\nAuthorization: Bearer s3cret\r\n"));
		assert_true(str_has(response.body, "\r\nX-Empty:\r\n"));
		assert_true(str_has(response.body, "\r\nUser-Agent: aegis/"));
		assert_false(str_has(response.body, "Expect"));
		assert_true(str_ends(response.body, "\n\n{\"a\":1}"));
	}
	request.body = STR_NONE;
	assert_true(http_send(http, &request, &a, &response, &e));
	assert_true(str_ends(response.body, "\n\n"));
	/* The next request on that handle has nothing of this one. */
	request = request_of(&a, "/echo");
	assert_true(http_send(http, &request, &a, &response, &e));
	assert_true(str_starts(response.body, "GET /echo HTTP/1.1\r\n"));
	assert_false(str_has(response.body, "Authorization"));
	request.method = "HEAD";
	assert_true(http_send(http, &request, &a, &response, &e));
	assert_int_equal(response.body.size, 0);
}

static void keeps_connections(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct http_response one, two;
	struct http_request request = request_of(&a, "/number");

	(void)state;
	assert_true(http_send(http, &request, &a, &one, &e));
	assert_true(http_send(http, &request, &a, &two, &e));
	assert_true(str_equal(one.body, two.body));
}

struct wrong {
	const char *path;
	enum err_kind kind;
	const char *text;
};

static void fails_as(const struct http_request *request, enum err_kind kind, const char *text)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct http_response response = { .status = 7 };

	assert_false(http_send(http, request, &a, &response, &e));
	if (!strstr(e.text, text) || e.kind != kind)
		fail_msg("%s: %s (%d)", request->url, e.text, e.kind);
	assert_null(strstr(e.text, "s3cret"));
	assert_int_equal(response.status, 7);
}

static void bad_answers(void **state)
{
	static const struct wrong list[] = {
		{ "/huge?s3cret", ERR_INPUT, "the answer is too large" },
		{ "/bomb", ERR_INPUT, "the answer is too large" },
		{ "/mud", ERR_INPUT, "cannot be decompressed" },
		{ "/many", ERR_INPUT, "too many headers" }, { "/long", ERR_INPUT,
		  "too many headers" },
		{ "/drip", ERR_LATER, "timed out" }, { "/silent", ERR_LATER, "timed out" },
		{ "/cut", ERR_LATER, "cut off" }, { "/close", ERR_LATER, "without an answer" },
		{ "/noise", ERR_INPUT, "not HTTP" },
	};
	const struct http_header secret = { "X-Token", "s3cret" };
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		struct http_request request = request_of(&a, list[i].path);

		request.body_most = 100000;
		request.total_ms = 1500;
		request.headers = &secret;
		request.header_count = 1;
		fails_as(&request, list[i].kind, list[i].text);
	}
	struct http_request slow = request_of(&a, "/silent");
	slow.idle_s = 1;
	slow.total_ms = 20000;
	fails_as(&slow, ERR_LATER, "timed out");
	struct http_request refused = request_of(&a, "");
	refused.url = "http://127.0.0.1:1/s3cret";
	fails_as(&refused, ERR_LATER, "GET http://127.0.0.1:1: no connection");
	refused.url = "http://no-such-host.invalid/s3cret";
	fails_as(&refused, ERR_LATER, "does not resolve");
}

static void bad_requests(void **state)
{
	static const struct { const char *url; enum err_kind kind; const char *text; } urls[] = {
		{ "", ERR_INPUT, "not a URL" }, { "nonsense s3cret", ERR_INPUT, "not a URL" },
		{ "https://user:s3cret@127.0.0.1/", ERR_INPUT, "user name or password" },
		{ "https://s3cret@127.0.0.1/", ERR_INPUT, "user name or password" },
		{ "http://127.0.0.1/\r\nX: s3cret", ERR_INPUT, "not a URL" },
		{ "file:///etc/s3cret", ERR_INPUT, "not a URL" },
		{ "ftp://127.0.0.1/", ERR_DENIED, "only https" },
		{ "gopher://127.0.0.1/", ERR_DENIED, "only https" },
	};
	static const struct http_header headers[] = {
		{ "X", "a\r\nY: s3cret" }, { "X: s3cret", "a" }, { "", "a" }, { "X y", "a" },
		{ "X\n", "a" },
	};
	ARENA a = {0};
	struct http_request request = request_of(&a, "/ok");

	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		request.headers = &headers[i];
		request.header_count = 1;
		fails_as(&request, ERR_INPUT, "header 1 of the request is malformed");
	}
	request.header_count = 0;
	request.method = "GET / HTTP/1.1\r\nX:";
	fails_as(&request, ERR_INPUT, "the method");
	request.method = "GET";
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		request.url = urls[i].url;
		fails_as(&request, urls[i].kind, urls[i].text);
	}
	request.url = memset(arena_alloc(&a, 9000), 'a', 8999);
	fails_as(&request, ERR_INPUT, "not a URL");
}

static void guards(void **state)
{
	ARENA a = {0};
	struct http_request request = request_of(&a, "/ok");

	(void)state;
	request.allow = HTTP_PLAIN;
	fails_as(&request, ERR_DENIED, "the address is not public");
	request.url = arena_printf(&a, "http://localhost:%u/ok", plain.port);
	fails_as(&request, ERR_DENIED, "the address is not public");
	request.url = arena_printf(&a, "http://[::ffff:127.0.0.1]:%u/ok", plain.port);
	fails_as(&request, ERR_DENIED, "the address is not public");
	request.url = arena_printf(&a, "http://0x7f000001:%u/ok", plain.port);
	fails_as(&request, ERR_DENIED, "the address is not public");
	request.allow = HTTP_PRIVATE;
	fails_as(&request, ERR_DENIED, "only https is allowed");
	/* A connection that another request was allowed to make is not used. */
	struct http_response response;
	struct err e = ERR_INIT;
	struct http_request open = request_of(&a, "/ok");
	assert_true(http_send(http, &open, &a, &response, &e));
	open.allow = HTTP_PLAIN;
	fails_as(&open, ERR_DENIED, "the address is not public");
}

static void certificates(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct http_request request = request_of(&a, "");
	struct http_response response;
	HTTP *trusting = http_open(pem_path, &e);

	(void)state;
	request.allow = HTTP_PRIVATE;
	request.url = arena_printf(&a, "https://127.0.0.1:%u/ok", tls.port);
	fails_as(&request, ERR_DENIED, "its certificate does not hold");
	assert_true(http_send(trusting, &request, &a, &response, &e));
	assert_str(response.body, "fine");
	request.url = arena_printf(&a, "https://localhost:%u/ok", tls.port);
	assert_false(http_send(trusting, &request, &a, &response, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	request.url = arena_printf(&a, "https://127.0.0.1:%u/ok", plain.port);
	fails_as(&request, ERR_LATER, "TLS cannot be agreed on");
}

static bool take_some(void *context, struct str part)
{
	size_t *left = context;

	*left -= part.size < *left ? part.size : *left;
	return *left > 0;
}

static void streams(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct http_request request = request_of(&a, "/gzip");
	struct http_response response;
	size_t left = 5000;

	(void)state;
	request.part = take_some;
	request.context = &left;
	assert_true(http_send(http, &request, &a, &response, &e));
	assert_int_equal(left, 4000);
	assert_int_equal(response.body.size, 0);
	request = request_of(&a, "/huge");
	request.part = take_some;
	request.context = &left;
	fails_as(&request, ERR_INPUT, "stopped");
	request = request_of(&a, "/huge");
	request.part = take_some;
	left = SIZE_MAX;
	request.context = &left;
	request.body_most = 1000000;
	fails_as(&request, ERR_INPUT, "the answer is too large");
}

static void addresses(void **state)
{
	static const struct { const char *text; bool public; } list[] = {
		{ "8.8.8.8", true }, { "140.82.112.3", true }, { "172.15.255.255", true },
		{ "172.32.0.0", true }, { "192.167.1.1", true }, { "223.255.255.255", true },
		{ "100.63.0.1", true }, { "100.128.0.1", true }, { "0.0.0.0", false },
		{ "10.1.2.3", false }, { "100.64.0.1", false }, { "127.0.0.1", false },
		{ "127.255.255.254", false }, { "169.254.169.254", false }, { "172.16.0.1", false },
		{ "172.31.255.255", false }, { "192.0.0.1", false }, { "192.168.0.1", false },
		{ "198.19.0.1", false }, { "224.0.0.1", false }, { "255.255.255.255", false },
		{ "2606:50c0:8000::153", true }, { "2a00:1450::1", true }, { "::", false },
		{ "::1", false }, { "fe80::1", false }, { "fec0::1", false }, { "fc00::1", false },
		{ "fd12::1", false }, { "ff02::1", false }, { "::ffff:127.0.0.1", false },
		{ "::ffff:8.8.8.8", true }, { "64:ff9b::10.0.0.1", false }, { "64:ff9b::808:808",
		  true },
		{ "2002:7f00:1::", false }, { "2002:808:808::", true }, { "2001::1", false },
		{ "2001:db8::1", false }, { "::127.0.0.1", false }, { "2001:4860:4860::8888",
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		struct sockaddr_in in = { .sin_family = AF_INET };
		struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
		bool public;

		if (inet_pton(AF_INET, list[i].text, &in.sin_addr) == 1) {
			public = http_address_is_public((struct sockaddr *)&in);
		} else {
			assert_int_equal(inet_pton(AF_INET6, list[i].text, &in6.sin6_addr), 1);
			public = http_address_is_public((struct sockaddr *)&in6);
		}
		if (public != list[i].public)
			fail_msg("%s", list[i].text);
	}
	assert_false(http_address_is_public(&(struct sockaddr){ .sa_family = AF_UNIX }));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(addresses), cmocka_unit_test(answers),
		cmocka_unit_test(redirects_are_answers), cmocka_unit_test(sends),
		cmocka_unit_test(keeps_connections), cmocka_unit_test(bad_answers),
		cmocka_unit_test(bad_requests), cmocka_unit_test(guards),
		cmocka_unit_test(certificates), cmocka_unit_test(streams),
	};

	return cmocka_run_group_tests(list, start, stop);
}

/*
 * libcurl's easy interface behind limits. Leaves out redirects, retries, cookies and caches: who
 * follows a redirect decides first what goes to the other host.
 */
#include "bot/base/http.h"

#include "bot/base/clock.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>

enum {
	BODY_MOST = 16 * 1024 * 1024, CONNECT_MS = 10000, TOTAL_MS = 60000, IDLE_S = 20,
	HEADERS_MOST = 200, HEADER_BYTES_MOST = 64 * 1024, URL_MOST = 8 * 1024, POOL_MOST = 16,
};

/*
 * Handles keep their connections, and a connection is checked only when it is made: handles of requests
 * that may reach private addresses are never used for others.
 */
struct http {
	pthread_mutex_t lock;
	CURL *idle[2][POOL_MOST];
	size_t idle_count[2];
	char *ca_file;
};

enum stop { STOP_NONE, STOP_BODY, STOP_HEADERS, STOP_CALLER };

struct transfer {
	const struct http_request *request;
	struct arena *arena;
	struct http_header *headers;
	size_t header_count, header_bytes;
	struct text body;
	size_t body_bytes, body_most;
	enum stop stop;
	bool refused_address;
	char host[160];			/* "https://name:port", for error texts */
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_state;

static void curl_start(void)
{
	curl_state = curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct http *http_open(const char *ca_file, struct err *e)
{
	struct http *http;

	pthread_once(&curl_once, curl_start);
	if (curl_state != CURLE_OK) {
		fail(e, ERR_BUG, "libcurl does not start: %s", curl_easy_strerror(curl_state));
		return NULL;
	}
	http = calloc(1, sizeof(*http));
	if (!http || (ca_file && !(http->ca_file = strdup(ca_file)))) {
		free(http);
		fail(e, ERR_BUG, "out of memory");
		return NULL;
	}
	pthread_mutex_init(&http->lock, NULL);
	return http;
}

void http_close(struct http *const *http)
{
	if (!http || !*http)
		return;
	for (int kind = 0; kind < 2; kind++)
		while ((*http)->idle_count[kind])
			curl_easy_cleanup((*http)->idle[kind][--(*http)->idle_count[kind]]);
	pthread_mutex_destroy(&(*http)->lock);
	free((*http)->ca_file);
	free(*http);
}

static CURL *handle_take(struct http *http, int kind)
{
	CURL *handle = NULL;

	pthread_mutex_lock(&http->lock);
	if (http->idle_count[kind])
		handle = http->idle[kind][--http->idle_count[kind]];
	pthread_mutex_unlock(&http->lock);
	return handle ? handle : curl_easy_init();
}

static void handle_give(struct http *http, int kind, CURL *handle)
{
	curl_easy_reset(handle);
	pthread_mutex_lock(&http->lock);
	if (http->idle_count[kind] < POOL_MOST) {
		http->idle[kind][http->idle_count[kind]++] = handle;
		handle = NULL;
	}
	pthread_mutex_unlock(&http->lock);
	curl_easy_cleanup(handle);
}

static size_t on_body(char *bytes, size_t one, size_t size, void *context)
{
	struct transfer *transfer = context;
	struct str part = { bytes, one * size };

	if (part.size > transfer->body_most - transfer->body_bytes) {
		transfer->stop = STOP_BODY;
		return 0;
	}
	transfer->body_bytes += part.size;
	if (!transfer->request->part) {
		text_add(&transfer->body, part);
	} else if (!transfer->request->part(transfer->request->context, part)) {
		transfer->stop = STOP_CALLER;
		return 0;
	}
	return part.size;
}

static size_t on_header(char *bytes, size_t one, size_t size, void *context)
{
	struct transfer *transfer = context;
	struct str line = { bytes, one * size }, name, value;
	struct http_header header;

	transfer->header_bytes += line.size;
	if (transfer->header_bytes > HEADER_BYTES_MOST || transfer->header_count >= HEADERS_MOST) {
		transfer->stop = STOP_HEADERS;
		return 0;
	}
	/* A status line starts a new answer: what came before was an interim one (100, 103). */
	if (str_starts(line, "HTTP/")) {
		transfer->headers = NULL;
		transfer->header_count = 0;
	} else if (str_split(line, ":", &name, &value)) {
		header.name = str_text(transfer->arena, str_trim(name));
		header.value = str_text(transfer->arena, str_trim(value));
		arena_push(transfer->arena, transfer->headers, transfer->header_count) = header;
	}
	return line.size;
}

static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *transfer = context;

	(void)purpose;
	if (!(transfer->request->allow & HTTP_PRIVATE) && !http_address_is_public(&address->addr)) {
		transfer->refused_address = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Visible characters only: a line break would start a header or a request of its own. */
static bool is_clean(const char *text, bool blanks)
{
	for (; *text; text++)
		if ((unsigned char)*text < (blanks ? 0x20 : 0x21) || *text == 0x7f)
			return false;
	return true;
}

static bool is_token(const char *text)
{
	return *text && is_clean(text, false) && !strpbrk(text, "\"(),/:;<=>?@[\\]{}");
}

/* Checks the URL and writes what of it may be shown. */
static bool check_url(const struct http_request *request, char *host, size_t size, struct err *e)
{
	const unsigned flags = CURLU_DISALLOW_USER | CURLU_NON_SUPPORT_SCHEME;
	char *scheme = NULL, *name = NULL, *port = NULL;
	CURLU *url = curl_url();
	CURLUcode code = CURLUE_BAD_HANDLE;
	bool plain = false, known = false;

	if (strlen(request->url) <= URL_MOST && is_clean(request->url, false))
		code = curl_url_set(url, CURLUPART_URL, request->url, flags);
	if (code == CURLUE_OK)
		code = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
	if (code == CURLUE_OK)
		code = curl_url_get(url, CURLUPART_HOST, &name, 0);
	if (code == CURLUE_OK) {
		(void)curl_url_get(url, CURLUPART_PORT, &port, 0);
		snprintf(host, size, "%s://%.100s%s%s", scheme, name, port ? ":" : "",
			 port ? port : "");
		plain = !strcmp(scheme, "http");
		known = plain || !strcmp(scheme, "https");
	}
	curl_free(scheme);
	curl_free(name);
	curl_free(port);
	curl_url_cleanup(url);
	if (code == CURLUE_USER_NOT_ALLOWED)
		return fail(e, ERR_INPUT, "a URL with a user name or password in it");
	if (code != CURLUE_OK)
		return fail(e, ERR_INPUT, "not a URL");
	if (!known || (plain && !(request->allow & HTTP_PLAIN)))
		return fail(e, ERR_DENIED, "%s: only https is allowed", host);
	return true;
}

static bool make_headers(const struct http_request *request, struct curl_slist **list, struct err *e)
{
	/* No "Expect: 100-continue": it costs a second where the server does not know it. */
	struct curl_slist *made = curl_slist_append(NULL, "Expect:");
	ARENA scratch = {0};

	for (size_t i = 0; made && i < request->header_count; i++) {
		const struct http_header *header = &request->headers[i];
		struct curl_slist *longer;

		if (!is_token(header->name) || !is_clean(header->value, true)) {
			curl_slist_free_all(made);
			return fail(e, ERR_INPUT, "header %zu of the request is malformed", i + 1);
		}
		/* An empty value needs ';': with ':' libcurl leaves the header out. */
		longer = curl_slist_append(made, arena_printf(&scratch, *header->value ? "%s: %s" : "%s;%s",
							      header->name, header->value));
		if (!longer)
			curl_slist_free_all(made);
		made = longer;
	}
	if (!made)
		return fail(e, ERR_BUG, "out of memory");
	*list = made;
	return true;
}

static void set_limits(CURL *handle, const struct http_request *request)
{
	bool plain = request->allow & HTTP_PLAIN;

	curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, plain ? "https,http" : "https");
	curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
	/* An empty proxy and not NULL: NULL means the environment's. */
	curl_easy_setopt(handle, CURLOPT_PROXY, "");
	curl_easy_setopt(handle, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)(request->connect_ms ? request->connect_ms : CONNECT_MS));
	curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS,
			 (long)(request->total_ms ? request->total_ms : TOTAL_MS));
	curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME,
			 (long)(request->idle_s ? request->idle_s : IDLE_S));
	curl_easy_setopt(handle, CURLOPT_USERAGENT, "aegis/" AEGIS_VERSION);
	curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
}

static void set_request(CURL *handle, struct transfer *transfer, struct curl_slist *headers)
{
	const struct http_request *request = transfer->request;
	bool head = !strcmp(request->method, "HEAD"), get = !strcmp(request->method, "GET");

	curl_easy_setopt(handle, CURLOPT_URL, request->url);
	curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
	if (head) {
		curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
	} else if (request->body.size || !get) {
		curl_easy_setopt(handle, CURLOPT_POST, 1L);
		curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
		curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body.at ? request->body.at : "");
		curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
	}
	curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(handle, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, transfer);
}

static bool fail_curl(const struct transfer *transfer, CURLcode code, struct err *e)
{
	static const struct { CURLcode code; enum err_kind kind; const char *text; } known[] = {
		{ CURLE_OPERATION_TIMEDOUT, ERR_LATER, "timed out" },
		{ CURLE_COULDNT_RESOLVE_HOST, ERR_LATER, "the name does not resolve" },
		{ CURLE_COULDNT_CONNECT, ERR_LATER, "no connection" },
		{ CURLE_SEND_ERROR, ERR_LATER, "the connection was lost" },
		{ CURLE_RECV_ERROR, ERR_LATER, "the connection was lost" },
		{ CURLE_GOT_NOTHING, ERR_LATER, "the connection was closed without an answer" },
		{ CURLE_PARTIAL_FILE, ERR_LATER, "the answer was cut off" },
		{ CURLE_HTTP2, ERR_LATER, "HTTP/2 broke" },
		{ CURLE_HTTP2_STREAM, ERR_LATER, "HTTP/2 broke" },
		{ CURLE_SSL_CONNECT_ERROR, ERR_LATER, "TLS cannot be agreed on" },
		{ CURLE_PEER_FAILED_VERIFICATION, ERR_DENIED, "its certificate does not hold" },
		{ CURLE_SSL_CACERT_BADFILE, ERR_CONFIG, "the file of authorities cannot be read" },
		{ CURLE_URL_MALFORMAT, ERR_INPUT, "not a URL" },
		/* The scheme was checked before; here it means HTTP/0.9. */
		{ CURLE_UNSUPPORTED_PROTOCOL, ERR_INPUT, "the answer is not HTTP" },
		{ CURLE_WEIRD_SERVER_REPLY, ERR_INPUT, "the answer is not HTTP" },
		{ CURLE_BAD_CONTENT_ENCODING, ERR_INPUT, "the answer cannot be decompressed" },
	};
	static const char *const stops[] = {
		[STOP_NONE] = "", [STOP_BODY] = "the answer is too large",
		[STOP_HEADERS] = "the answer has too many headers", [STOP_CALLER] = "stopped",
	};
	const char *method = transfer->request->method, *host = transfer->host;

	if (transfer->stop)
		return fail(e, ERR_INPUT, "%s %s: %s", method, host, stops[transfer->stop]);
	if (transfer->refused_address)
		return fail(e, ERR_DENIED, "%s %s: the address is not public", method, host);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].code == code)
			return fail(e, known[i].kind, "%s %s: %s", method, host, known[i].text);
	return fail(e, ERR_BUG, "%s %s: %s", method, host, curl_easy_strerror(code));
}

bool http_send(struct http *http, const struct http_request *request, struct arena *a,
	       struct http_response *response, struct err *e)
{
	struct transfer transfer = { .request = request, .arena = a, .body = TEXT(a),
		.body_most = request->body_most ? request->body_most : BODY_MOST };
	int kind = request->allow & HTTP_PRIVATE ? 1 : 0;
	int64_t start = clock_monotonic_ms();
	struct curl_slist *headers = NULL;
	CURL *handle;
	CURLcode code;
	long status = 0;

	if (!is_token(request->method))
		return fail(e, ERR_INPUT, "the method of the request is malformed");
	if (!check_url(request, transfer.host, sizeof(transfer.host), e) ||
	    !make_headers(request, &headers, e))
		return false;
	handle = handle_take(http, kind);
	if (!handle) {
		curl_slist_free_all(headers);
		return fail(e, ERR_BUG, "out of memory");
	}
	set_limits(handle, request);
	if (http->ca_file) {
		curl_easy_setopt(handle, CURLOPT_CAINFO, http->ca_file);
		curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
	}
	set_request(handle, &transfer, headers);
	code = curl_easy_perform(handle);
	curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
	handle_give(http, kind, handle);
	curl_slist_free_all(headers);
	if (code != CURLE_OK || transfer.stop)
		return fail_curl(&transfer, code, e);
	response->status = (unsigned)status;
	response->headers = transfer.headers;
	response->header_count = transfer.header_count;
	response->body = text_str(&transfer.body);
	response->wall_ms = (unsigned)(clock_monotonic_ms() - start);
	return true;
}

const char *http_header(const struct http_response *response, const char *name)
{
	for (size_t i = 0; i < response->header_count; i++)
		if (str_equal_nocase(str_of(response->headers[i].name), str_of(name)))
			return response->headers[i].value;
	return NULL;
}

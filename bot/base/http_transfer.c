/*
 * What guards one request: its URL, method and headers are checked, libcurl is set to do nothing of
 * its own accord, the answer is bounded, and failures get words that tell nothing secret.
 */
#include "bot/base/http_parts.h"

#include "bot/base/clock.h"

#include <stdio.h>
#include <sys/socket.h>

enum {
	BODY_MOST = 16 * 1024 * 1024, CONNECT_MS = 10000, TOTAL_MS = 60000, IDLE_S = 20,
	HEADERS_MOST = 200, HEADER_BYTES_MOST = 64 * 1024, URL_MOST = 8 * 1024,
};

static size_t on_body(char *bytes, size_t one, size_t size, void *context)
{
	struct transfer *transfer = context;
	struct str part = { bytes, one * size };
	bool kept = !transfer->request->part;
	long status = 0;

	/* An error's page is no part of what was asked for. */
	curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
	if (!kept && (status < 200 || status > 299)) {
		kept = true;
		if (transfer->body_most > BODY_MOST)
			transfer->body_most = BODY_MOST;
	}
	if (part.size > transfer->body_most - transfer->body_bytes) {
		transfer->stop = STOP_BODY;
		return 0;
	}
	transfer->body_bytes += part.size;
	if (kept) {
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

static bool make_headers(const struct http_request *request, struct curl_slist **list,
			 struct err *e)
{
	/* No "Expect: 100-continue": it costs a second where the server does not know it. */
	struct curl_slist *made = curl_slist_append(NULL, "Expect:");
	ARENA scratch = {0};

	for (size_t i = 0; made && i < request->header_count; i++) {
		const struct http_header *header = &request->headers[i];
		struct curl_slist *longer;
		const char *line;

		if (!is_token(header->name) || !is_clean(header->value, true)) {
			curl_slist_free_all(made);
			return fail(e, ERR_INPUT, "header %zu of the request is malformed", i + 1);
		}
		/* An empty value needs ';': with ':' libcurl leaves the header out. */
		line = arena_printf(&scratch, *header->value ? "%s: %s" : "%s;%s", header->name,
				    header->value);
		longer = curl_slist_append(made, line);
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
	/*
	 * On a used connection that was closed without an answer libcurl sends a request again,
	 * though the server may have acted on it.
	 */
	if (request->once)
		curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
	if (head) {
		curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
	} else if (request->body.size || !get) {
		curl_easy_setopt(handle, CURLOPT_POST, 1L);
		curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)request->body.size);
		curl_easy_setopt(handle, CURLOPT_POSTFIELDS,
				 request->body.at ? request->body.at : "");
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

bool transfer_begin(struct http *http, const struct http_request *request, enum company company,
		    struct arena *a, struct transfer *transfer, struct err *e)
{
	*transfer = (struct transfer){
		.request = request, .arena = a, .body = TEXT(a),
		.pool = (request->allow & HTTP_PRIVATE ? 1 : 0) + (company == ALONE ? 0 : 2),
		.started_at_ms = clock_monotonic_ms(),
		.body_most = request->body_most ? request->body_most : BODY_MOST,
	};
	if (request->sent)
		*request->sent = false;
	if (!is_token(request->method))
		return fail(e, ERR_INPUT, "the method of the request is malformed");
	if (!check_url(request, transfer->host, sizeof(transfer->host), e) ||
	    !make_headers(request, &transfer->sent_headers, e))
		return false;
	transfer->handle = http_handle_take(http, transfer->pool);
	if (!transfer->handle) {
		curl_slist_free_all(transfer->sent_headers);
		return fail(e, ERR_BUG, "out of memory");
	}
	set_limits(transfer->handle, request);
	if (http->ca_file) {
		curl_easy_setopt(transfer->handle, CURLOPT_CAINFO, http->ca_file);
		curl_easy_setopt(transfer->handle, CURLOPT_CAPATH, NULL);
	}
	set_request(transfer->handle, transfer, transfer->sent_headers);
	return true;
}

bool transfer_end(struct http *http, struct transfer *transfer, CURLcode code,
		  struct http_response *response, struct err *e)
{
	long status = 0, sent = 0;

	curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(transfer->handle, CURLINFO_REQUEST_SIZE, &sent);
	if (transfer->request->sent)
		*transfer->request->sent = sent > 0 || status > 0;
	http_handle_give(http, transfer->pool, transfer->handle);
	curl_slist_free_all(transfer->sent_headers);
	if (code != CURLE_OK || transfer->stop)
		return fail_curl(transfer, code, e);
	*response = (struct http_response){
		.status = (unsigned)status,
		.headers = transfer->headers,
		.header_count = transfer->header_count,
		.body = text_str(&transfer->body),
		.wall_ms = (unsigned)(clock_monotonic_ms() - transfer->started_at_ms),
	};
	return true;
}

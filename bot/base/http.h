/*
 * HTTP requests that cannot surprise: https unless the request says otherwise, no redirect
 * followed, no proxy from the environment, no cookie, bounded headers, body and time, and by
 * default only public addresses, checked after the name was resolved.
 *
 *	HTTP *http = http_open(NULL, e);
 *	struct http_request request = { .method = "GET", .url = url };
 *	if (!http_send(http, &request, &arena, &response, e))
 *		return fail_while(e, "asking for run %lu", run);
 *
 * Error texts name the method and the host only: paths and queries carry secrets too.
 */
#ifndef BOT_BASE_HTTP_H
#define BOT_BASE_HTTP_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stdint.h>

struct sockaddr;
struct http;

/*
 * A client: its connections stay open for the next request. May be used by several threads at once.
 * ca_file: PEM file of the only authorities trusted; NULL: those of the system. ERR_BUG.
 */
struct http *http_open(const char *ca_file, struct err *e);
void http_close(struct http *const *http);
#define HTTP __attribute__((cleanup(http_close))) struct http

struct http_header {
	const char *name, *value;
};

/* What a request may reach; together with | . */
enum http_allow {
	HTTP_PLAIN = 1,		/* http:// too */
	HTTP_PRIVATE = 2,	/* loopback, link-local and private addresses too */
};

struct http_request {
	const char *method;			/* GET, POST, PUT, PATCH, DELETE, HEAD */
	const char *url;
	const struct http_header *headers;
	size_t header_count;
	struct str body;
	unsigned allow;				/* enum http_allow; 0: https to public addresses */

	/* 0 everywhere: the default */
	size_t body_most;			/* of the response, decompressed; 16 MiB */
	unsigned connect_ms;			/* 10 s */
	unsigned total_ms;			/* 60 s */
	unsigned idle_s;			/* without a byte; 20 s */

	/*
	 * Is never sent twice: gets a connection of its own. Without it, a request that meets a
	 * kept connection which the server just closed is sent again.
	 */
	bool once;
	/* If not NULL: did any of it leave this machine? Known when the sending ends, however. */
	bool *sent;

	/*
	 * Takes the body of a 2xx as it comes (response.body is empty then); false stops. NULL: all
	 * goes to response.body.
	 */
	bool (*part)(void *context, struct str part);
	void *context;
};

struct http_response {
	unsigned status;			/* any; 302 and 500 are answers too */
	struct http_header *headers;		/* without those of interim answers */
	size_t header_count;
	struct str body;
	unsigned wall_ms;
};

/*
 * True when there was an answer. Else
 *   ERR_LATER   time-out, no connection, name not found, connection lost
 *   ERR_INPUT   a bad URL, method or header; a response above its limits; not HTTP
 *   ERR_DENIED  an address or scheme that the request may not reach; a bad certificate
 */
bool http_send(struct http *http, const struct http_request *request, struct arena *a,
	       struct http_response *response, struct err *e);

/* One of many requests. */
struct http_exchange {
	struct http_request request;
	bool answered;			/* then the response holds, else the error */
	struct http_response response;
	struct err error;
};
/*
 * Sends all, at most at_once (1 to 100) at a time, over few connections: as streams of one where
 * the server knows HTTP/2. Each by itself is as with http_send. False, as ERR_BUG, only when
 * nothing could be sent at all.
 */
bool http_send_all(struct http *http, struct http_exchange *exchanges, size_t count,
		   size_t at_once, struct arena *a, struct err *e);

/* The value of the first header of that name in any case; NULL when there is none. */
const char *http_header(const struct http_response *response, const char *name);

/* Can anybody on the internet have this address? False for all but IPv4 and IPv6. */
bool http_address_is_public(const struct sockaddr *address);

#endif

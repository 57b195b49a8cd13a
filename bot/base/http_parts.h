/* What the files bot/base/http*.c share; nobody else includes it. */
#ifndef BOT_BASE_HTTP_PARTS_H
#define BOT_BASE_HTTP_PARTS_H

#include "bot/base/curl_late.h"
#include "bot/base/http.h"

#include <pthread.h>

enum { HTTP_POOL_MOST = 16 };

/*
 * Handles keep their connections, and a connection is checked only when it is made: handles of
 * requests that may reach private addresses ([1]) are never used for others ([0]).
 */
struct http {
	pthread_mutex_t lock;
	CURL *idle[4][HTTP_POOL_MOST];	/* [2] and [3]: for use in `many` */
	size_t idle_count[4];
	CURLM *many[2];			/* NULL while in use */
	char *ca_file;
};

CURL *http_handle_take(struct http *http, int pool);
void http_handle_give(struct http *http, int pool, CURL *handle);

enum stop { STOP_NONE, STOP_BODY, STOP_HEADERS, STOP_CALLER };

/* One request on its way. Stays where it is from transfer_begin to transfer_end. */
struct transfer {
	const struct http_request *request;
	struct arena *arena;
	CURL *handle;
	struct curl_slist *sent_headers;
	int pool;			/* that the handle belongs to */
	int64_t started_at_ms;
	struct http_header *headers;
	size_t header_count, header_bytes;
	struct text body;
	size_t body_bytes, body_most;
	enum stop stop;
	bool refused_address;
	char host[160];			/* "https://name:port", for error texts */
};

/* Alone, or beside others in `many` (a handle loses its own connections when it goes in there). */
enum company { ALONE, BESIDE_OTHERS };
/*
 * Checks the request and makes a handle ready for it. On failure there is nothing to end. All that
 * guards a request is here, for one as for many.
 */
bool transfer_begin(struct http *http, const struct http_request *request, enum company company,
		    struct arena *a, struct transfer *transfer, struct err *e);
/* What came of it; the handle goes back to the pool. */
bool transfer_end(struct http *http, struct transfer *transfer, CURLcode code,
		  struct http_response *response, struct err *e);

#endif

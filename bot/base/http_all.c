/*
 * Many requests over few connections: one multi handle of libcurl with a window of requests in it.
 * The multi handle keeps the connections for the next sweep. Leaves out an order of the answers.
 */
#include "bot/base/http_parts.h"

enum { CONNECTIONS_MOST = 32, HOST_CONNECTIONS_MOST = 8, WINDOW_MOST = 100, WAIT_MS = 1000,
	BROKEN_MOST = 20 };

struct sweep {
	struct http *http;
	CURLM *many;
	struct http_exchange *exchanges;
	size_t count, next, running;
	int kind;
	struct transfer *places;	/* of the window; handle is NULL where one is free */
	struct http_exchange **owners;	/* of the places */
	size_t place_count;
	struct http_exchange *broken[BROKEN_MOST];	/* to be sent again, alone */
	size_t broken_count;
	struct arena *arena;
};

static CURLM *many_take(struct http *http, int kind)
{
	CURLM *many;

	pthread_mutex_lock(&http->lock);
	many = http->many[kind];
	http->many[kind] = NULL;
	pthread_mutex_unlock(&http->lock);
	if (many)
		return many;
	many = curl_multi_init();
	if (many) {
		curl_multi_setopt(many, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_MOST);
		curl_multi_setopt(many, CURLMOPT_MAX_HOST_CONNECTIONS,
				  (long)HOST_CONNECTIONS_MOST);
	}
	return many;
}

static void many_give(struct http *http, int kind, CURLM *many)
{
	pthread_mutex_lock(&http->lock);
	if (!http->many[kind]) {
		http->many[kind] = many;
		many = NULL;
	}
	pthread_mutex_unlock(&http->lock);
	curl_multi_cleanup(many);
}

static int kind_of(const struct http_exchange *exchange)
{
	return exchange->request.allow & HTTP_PRIVATE ? 1 : 0;
}

static bool start_one(struct sweep *sweep, struct http_exchange *exchange)
{
	size_t place = 0;
	struct transfer *transfer;

	while (sweep->places[place].handle)
		place++;
	transfer = &sweep->places[place];
	if (!transfer_begin(sweep->http, &exchange->request, BESIDE_OTHERS, sweep->arena, transfer,
			    &exchange->error)) {
		transfer->handle = NULL;
		return false;
	}
	/* Rather a stream of a connection that is being made than a connection more. */
	curl_easy_setopt(transfer->handle, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(transfer->handle, CURLOPT_PRIVATE, (char *)transfer);
	if (curl_multi_add_handle(sweep->many, transfer->handle) != CURLM_OK) {
		exchange->answered = transfer_end(sweep->http, transfer, CURLE_FAILED_INIT,
						  &exchange->response, &exchange->error);
		transfer->handle = NULL;
		return false;
	}
	sweep->owners[place] = exchange;
	sweep->running++;
	return true;
}

static void fill(struct sweep *sweep)
{
	while (sweep->next < sweep->count && sweep->running < sweep->place_count) {
		struct http_exchange *exchange = &sweep->exchanges[sweep->next++];

		if (kind_of(exchange) == sweep->kind)
			start_one(sweep, exchange);
	}
}

/*
 * libcurl 7.88 loses about one stream in a thousand when many of one connection end together; what
 * only reads and has shown nothing yet to the caller may be sent again.
 */
static void note_broken(struct sweep *sweep, struct http_exchange *exchange, CURLcode code)
{
	if ((code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM) && !exchange->request.part &&
	    !strcmp(exchange->request.method, "GET") && sweep->broken_count < BROKEN_MOST)
		sweep->broken[sweep->broken_count++] = exchange;
}

static void end_one(struct sweep *sweep, struct transfer *transfer, CURLcode code)
{
	struct http_exchange *exchange = sweep->owners[transfer - sweep->places];

	curl_multi_remove_handle(sweep->many, transfer->handle);
	exchange->answered = transfer_end(sweep->http, transfer, code, &exchange->response,
					  &exchange->error);
	transfer->handle = NULL;
	sweep->running--;
	note_broken(sweep, exchange, code);
}

static void collect(struct sweep *sweep)
{
	const CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(sweep->many, &left))) {
		CURLcode code = message->data.result;
		char *place = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &place);
		end_one(sweep, (struct transfer *)place, code);
	}
}

static void run(struct sweep *sweep)
{
	int running;

	for (fill(sweep); sweep->running; fill(sweep)) {
		CURLMcode code = curl_multi_perform(sweep->many, &running);

		collect(sweep);
		if (code == CURLM_OK && running)
			code = curl_multi_poll(sweep->many, NULL, 0, WAIT_MS, NULL);
		for (size_t i = 0; code != CURLM_OK && i < sweep->place_count; i++)
			if (sweep->places[i].handle)
				end_one(sweep, &sweep->places[i], CURLE_FAILED_INIT);
	}
}

bool http_send_all(struct http *http, struct http_exchange *exchanges, size_t count,
		   size_t at_once, struct arena *a, struct err *e)
{
	ARENA scratch = {0};
	struct sweep sweep = { .http = http, .exchanges = exchanges, .count = count, .arena = a,
		.place_count = !at_once ? 1 : at_once < WINDOW_MOST ? at_once : WINDOW_MOST };

	sweep.places = arena_array(&scratch, struct transfer, sweep.place_count);
	sweep.owners = arena_array(&scratch, struct http_exchange *, sweep.place_count);
	for (size_t i = 0; i < count; i++)
		exchanges[i].answered = false;
	for (sweep.kind = 0; sweep.kind < 2; sweep.kind++) {
		bool needed = false;

		for (size_t i = 0; i < count; i++)
			needed |= kind_of(&exchanges[i]) == sweep.kind;
		if (!needed)
			continue;
		sweep.next = 0;
		sweep.many = many_take(http, sweep.kind);
		if (!sweep.many)
			return fail(e, ERR_BUG, "out of memory");
		run(&sweep);
		many_give(http, sweep.kind, sweep.many);
	}
	for (size_t i = 0; i < sweep.broken_count; i++)
		sweep.broken[i]->answered = http_send(http, &sweep.broken[i]->request, a,
						      &sweep.broken[i]->response,
						      &sweep.broken[i]->error);
	return true;
}

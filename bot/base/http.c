/*
 * A client: pools of libcurl's handles, and one request at a time on them. Leaves out redirects,
 * retries, cookies and caches: who follows a redirect decides first what goes to the other host.
 */
#include "bot/base/http.h"

#include "bot/base/http_parts.h"

struct http *http_open(const char *ca_file, struct err *e)
{
	struct http *http;

	if (!curl_late_start(e))
		return NULL;
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
	for (int pool = 0; pool < 4; pool++)
		while ((*http)->idle_count[pool])
			curl_easy_cleanup((*http)->idle[pool][--(*http)->idle_count[pool]]);
	for (int kind = 0; kind < 2; kind++)
		curl_multi_cleanup((*http)->many[kind]);
	pthread_mutex_destroy(&(*http)->lock);
	free((*http)->ca_file);
	free(*http);
}

CURL *http_handle_take(struct http *http, int pool)
{
	CURL *handle = NULL;

	pthread_mutex_lock(&http->lock);
	if (http->idle_count[pool])
		handle = http->idle[pool][--http->idle_count[pool]];
	pthread_mutex_unlock(&http->lock);
	return handle ? handle : curl_easy_init();
}

void http_handle_give(struct http *http, int pool, CURL *handle)
{
	curl_easy_reset(handle);
	pthread_mutex_lock(&http->lock);
	if (http->idle_count[pool] < HTTP_POOL_MOST) {
		http->idle[pool][http->idle_count[pool]++] = handle;
		handle = NULL;
	}
	pthread_mutex_unlock(&http->lock);
	curl_easy_cleanup(handle);
}

bool http_send(struct http *http, const struct http_request *request, struct arena *a,
	       struct http_response *response, struct err *e)
{
	struct transfer transfer;

	return transfer_begin(http, request, ALONE, a, &transfer, e) &&
	       transfer_end(http, &transfer, curl_easy_perform(transfer.handle), response, e);
}

const char *http_header(const struct http_response *response, const char *name)
{
	for (size_t i = 0; i < response->header_count; i++)
		if (str_equal_nocase(str_of(response->headers[i].name), str_of(name)))
			return response->headers[i].value;
	return NULL;
}

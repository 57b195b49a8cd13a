/*
 * A job's log: the API answers with the address of a store elsewhere, which is fetched without
 * credentials, over https, a piece at a time. Keeps nothing of it.
 */
#include "git/github_private.h"
#include "git/github_runs.h"

enum { HOPS_MOST = 3, LOG_TOTAL_MS = 5 * 60 * 1000 };

struct sink {
	bool (*part)(void *context, struct str part);
	void *context;
	uint64_t left;
	bool cut;
};

static bool take(void *context, struct str part)
{
	struct sink *sink = context;

	if (part.size > sink->left) {
		part.size = (size_t)sink->left;
		sink->cut = true;
	}
	sink->left -= part.size;
	return (!part.size || sink->part(sink->context, part)) && !sink->cut;
}

/* Plain http and private addresses only where the API itself has such an address. */
static bool fetch(struct github_call *call, const char *url, struct sink *sink, struct err *e)
{
	for (unsigned hop = 0; hop < HOPS_MOST; hop++) {
		struct http_response response = {0};
		struct http_request request = { .method = "GET", .url = url,
			.allow = call->github->allow, .total_ms = LOG_TOTAL_MS,
			.body_most = SIZE_MAX / 2, .part = take, .context = sink };

		if (!call->github->send(call->github->http, &request, call->arena, &response, e))
			return sink->cut;
		call->status = response.status;
		if (response.status == 200)
			return true;
		url = http_header(&response, "location");
		if (response.status < 301 || response.status > 308 || !url)
			return fail(e, response.status >= 500 ? ERR_LATER :
				    response.status == 404 || response.status == 410 ? ERR_GONE :
				    ERR_DENIED, "the log's store answers %u", response.status);
	}
	return fail(e, ERR_INPUT, "the log is moved on and on");
}

bool github_job_log(struct github_call *call, uint64_t job, uint64_t bytes_most,
		    bool (*part)(void *context, struct str part), void *context, bool *whole,
		    struct err *e)
{
	struct ask ask = { .method = "GET", .accept = "application/vnd.github+json" };
	struct sink sink = { part, context, bytes_most, false };
	REPLY reply = {0};

	ask.path = github_repository_path(call, e, "/actions/jobs/%s/logs",
		arena_printf(call->arena, "%llu", (unsigned long long)job));
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "asking for the log of job %llu", (unsigned long long)job);
	if (reply.status == 302 && !reply.location)
		return fail(e, ERR_INPUT, "the log of job %llu is nowhere", (unsigned long long)job);
	if (reply.status != 302 && !take(&sink, reply.body) && !sink.cut)
		return fail(e, ERR_INPUT, "stopped");
	if (reply.status == 302 && !fetch(call, reply.location, &sink, e))
		return fail_while(e, "fetching the log of job %llu", (unsigned long long)job);
	*whole = !sink.cut;
	return true;
}

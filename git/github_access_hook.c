/*
 * Where webhooks go, how they went, and whether a label is there. Sends none again.
 */
#include "git/github_access.h"

#include "git/github_private.h"

enum { URL_MOST = 2000, STATUS_MOST = 100 };

bool github_hook_url(struct github_call *call, const char **url, struct err *e)
{
	struct ask ask = { .method = "GET", .path = "/app/hook/config", .as = AS_APP, .also = { 404 } };
	REPLY reply = {0};
	struct str found;

	if (!github_ask(call, &ask, &reply, e))
		return fail_while(e, "asking where webhooks go");
	found = json_text_or(reply.json, "url", STR(""));
	if (reply.status == 404)
		found = STR("");
	if (found.size > URL_MOST)
		return fail(e, ERR_INPUT, "the address of the webhooks is too long");
	*url = str_text(call->arena, found);
	return true;
}

bool github_deliveries_get(struct github_call *call, struct github_deliveries *out, struct err *e)
{
	struct ask ask = { .method = "GET", .path = "/app/hook/deliveries?per_page=30", .as = AS_APP };
	struct github_deliveries found = {0};
	REPLY reply = {0};

	if (!github_ask(call, &ask, &reply, e))
		return fail_while(e, "asking how webhooks went");
	for (size_t i = 0; i < json_array_size(reply.json); i++) {
		const json_t *one = json_array_get(reply.json, i);
		const int64_t status = json_integer_or(one, "status_code", 0);
		struct err ignored = ERR_INIT;
		struct reading r = { one, call->arena, &ignored, true };
		const char *words;

		found.count++;
		if (status >= 200 && status < 400)
			continue;
		found.failed++;
		read_name(&r, "status", &words);
		if (!found.last_failure.size && r.good)
			found.last_failure = str_slice(str_of(words), 0, STATUS_MOST);
	}
	*out = found;
	return true;
}

bool github_label_is_there(struct github_call *call, const char *label, bool *out, struct err *e)
{
	struct ask ask = { .method = "GET", .also = { 404 },
		.path = github_repository_path(call, e, "/labels/%s", label) };
	REPLY reply = {0};

	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "asking for a label");
	*out = reply.status == 200;
	return true;
}

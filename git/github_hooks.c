/*
 * Lists deliveries of webhooks. Asks for no payload, and sends none once more.
 */
#include "git/github_hooks.h"

#include "git/github_private.h"

enum { PAGES_MOST = 50 };

struct deliveries_to {
	struct pages *pages;
	struct arena *a;
	int64_t since_ms;
	struct github_deliveries *list;
};

static bool is_token(const char *text, const char *all, size_t least)
{
	size_t size = strspn(text, all);

	return !text[size] && size >= least && size <= 64;
}

static bool add_delivery(void *context, const json_t *item, struct err *e)
{
	struct deliveries_to *to = context;
	struct github_delivery one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_id(&r, "id", &one.id);
	read_name(&r, "guid", &one.guid);
	read_time(&r, "delivered_at", &one.delivered_at);
	read_name(&r, "event", &one.event);
	read_name(&r, "action", &one.action);
	read_count(&r, "installation_id", INT64_MAX, &one.installation);
	read_count(&r, "repository_id", INT64_MAX, &one.repository);
	if (!r.good || !is_token(one.guid, "0123456789abcdefABCDEF-", 8) ||
	    !is_token(one.event, "abcdefghijklmnopqrstuvwxyz0123456789_", 1)) {
		to->list->left_out++;
		return true;
	}
	if (one.delivered_at < to->since_ms) {
		to->pages->enough = true;
		return true;
	}
	arena_push(to->a, to->list->items, to->list->count) = one;
	return true;
}

bool github_deliveries(struct github_call *call, int64_t since_ms, struct github_deliveries *out,
		       struct err *e)
{
	struct github_deliveries list = {0};
	struct pages pages = { .path = "/app/hook/deliveries?per_page=100", .as = AS_APP,
		.pages_most = PAGES_MOST, .item = add_delivery };
	struct deliveries_to to = { &pages, call->arena, since_ms, &list };

	pages.context = &to;
	if (!github_each_page(call, &pages, e))
		return fail_while(e, "listing the deliveries of webhooks");
	list.complete = pages.complete || pages.enough;
	*out = list;
	return true;
}

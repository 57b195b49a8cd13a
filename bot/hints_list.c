/*
 * After an outage: GitHub sends no delivery again by itself, but lists what it sent. Leaves out
 * asking it to send them once more, since the state itself is read anyway.
 */
#include "bot/hints.h"

#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/hint.h"
#include "bot/store/seen.h"
#include "git/github_hooks.h"

static const int64_t BACK_MOST_MS = 3 * 24 * 3600 * 1000LL, FIRST_MS = 3600 * 1000LL,
		     OVERLAP_MS = 10 * 60 * 1000LL;

/* Up to when they were listed last time; wall milliseconds. */
static const char mark[] = "deliveries listed";

static bool since(struct daemon *d, struct arena *a, int64_t now, int64_t *out, struct err *e)
{
	struct str value = STR_NONE;
	unsigned long number = 0;
	int64_t last, from;
	bool found;

	if (!mark_get(d->store, mark, a, &value, &found, e) || !delivery_last(d->store, &last, e))
		return false;
	from = last ? last : now - FIRST_MS;
	if (found && str_number(value, &number))
		from = (int64_t)number;
	from -= OVERLAP_MS;
	*out = from < now - BACK_MOST_MS ? now - BACK_MOST_MS : from;
	return true;
}

static bool keep(struct daemon *d, const struct github_deliveries *list, size_t *fresh, struct err *e)
{
	STORE_TRANSACTION transaction = {0};

	if (!store_begin(d->store, &transaction, e))
		return false;
	for (size_t i = list->count; i-- > 0;) {
		const struct github_delivery *one = &list->items[i];
		const struct delivery delivery = {
			.id = one->guid, .digest = "", .listed = true,
			.hint = { .event = one->event, .action = one->action,
				  .repository_id = (int64_t)one->repository,
				  .installation_id = (int64_t)one->installation,
				  .wants = hint_wants(one->event, one->action) },
		};
		bool is_fresh;

		if (!delivery_add(d->store, &delivery, 0, &is_fresh, e))
			return false;
		*fresh += is_fresh;
	}
	return store_commit(&transaction, e);
}

static bool note(struct daemon *d, int64_t now, struct arena *a, struct err *e)
{
	STORE_TRANSACTION transaction = {0};

	return store_begin(d->store, &transaction, e) &&
	       mark_put(d->store, mark, str_of(arena_printf(a, "%lld", (long long)now)), e) &&
	       store_commit(&transaction, e);
}

bool hints_list(struct daemon *d, bool *done, struct err *e)
{
	ARENA a = {0};
	struct github_call call = { .github = d->github, .arena = &a };
	struct github_deliveries list;
	struct err why = ERR_INIT;
	int64_t now = clock_wall_ms(), from;
	size_t fresh = 0;

	*done = true;
	if (github_mode(d->github) != GITHUB_APP)
		return true;
	if (!since(d, &a, now, &from, e))
		return false;
	if (!github_deliveries(&call, from, &list, &why)) {
		*done = false;
		log_event(LOG_WARNING, "past deliveries cannot be asked for", LOG_TEXT("why", why.text));
		return true;
	}
	if (!keep(d, &list, &fresh, e) || !note(d, now, &a, e))
		return false;
	if (fresh)
		log_event(LOG_INFO, "deliveries that did not come here",
			  LOG_NUMBER("deliveries", (int64_t)fresh));
	return true;
}

/*
 * Carries out an effect by way of the outbox. Knows nothing of what an effect is, and never tries
 * twice in one call: when to come back is the turn's.
 */
#include "bot/effect.h"

#include "bot/base/kill_point.h"
#include "bot/store/outbox.h"

static bool intend(struct turn *t, const struct effect_plan *plan, const char *name,
		   struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	bool fresh;

	if (!store_begin(t->daemon->store, &transaction, e) ||
	    !outbox_intend(t->daemon->store, t->incident.id, plan->kind, name, STR("{}"), &fresh, e))
		return false;
	KILL_POINT("effect.intend.before");
	if (!store_commit(&transaction, e))
		return false;
	KILL_POINT("effect.intend.after");
	return true;
}

static bool begin_try(struct turn *t, const char *name, struct err *e)
{
	STORE_TRANSACTION transaction = {0};

	return store_begin(t->daemon->store, &transaction, e) &&
	       outbox_sent(t->daemon->store, name, e) && store_commit(&transaction, e);
}

static bool confirm(struct turn *t, const char *name, const json_t *result, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	struct text text = TEXT(t->arena);

	if (!json_print(result, JSON_SORTED, &text, e) ||
	    !store_begin(t->daemon->store, &transaction, e) ||
	    !outbox_done(t->daemon->store, name, text_str(&text), e))
		return false;
	KILL_POINT("effect.done.before");
	if (!store_commit(&transaction, e))
		return false;
	KILL_POINT("effect.done.after");
	return true;
}

/* A refusal is kept, so that the same thing is not sent again for ever. */
static bool refused(struct turn *t, const char *name, const struct err *why, struct err *e)
{
	STORE_TRANSACTION transaction = {0};

	return store_begin(t->daemon->store, &transaction, e) &&
	       outbox_failed(t->daemon->store, name, why->text, e) && store_commit(&transaction, e);
}

static bool send(struct turn *t, const struct effect_plan *plan, const char *name, json_t **made,
		 struct err *e)
{
	struct err why = ERR_INIT;

	if (!begin_try(t, name, e))
		return false;
	KILL_POINT("effect.send.before");
	if (plan->send(t, plan->context, made, &why)) {
		KILL_POINT("effect.send.after");
		return true;
	}
	if (why.kind == ERR_DENIED && !refused(t, name, &why, e))
		return false;
	*e = why;
	return fail_while(e, "%s", name);
}

static const char *name_of(struct turn *t, const char *kind, const char *key)
{
	return arena_printf(t->arena, "%s/%s/%s", t->incident.id, kind, key);
}

static bool is_under_way(const struct effect *effect)
{
	return effect->state == EFFECT_INTENDED || effect->state == EFFECT_SENT;
}

bool effect_seen(struct turn *t, const char *kind, const char *key, json_t *result, struct err *e)
{
	const char *name = name_of(t, kind, key);
	struct effect effect;
	struct err why = ERR_INIT;
	JSON *found = result;

	if (!outbox_get(t->daemon->store, name, t->arena, &effect, &why))
		return why.kind == ERR_GONE || (*e = why, false);
	return !is_under_way(&effect) || confirm(t, name, found, e);
}

bool effect_drop_all(struct turn *t, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	struct effect *list;
	size_t count, open = 0;

	if (!outbox_of(t->daemon->store, t->incident.id, t->arena, &list, &count, e))
		return false;
	for (size_t i = 0; i < count; i++)
		open += is_under_way(&list[i]);
	if (!open)
		return true;
	if (!store_begin(t->daemon->store, &transaction, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (is_under_way(&list[i]) &&
		    !outbox_dropped(t->daemon->store, list[i].name, "the incident has ended", e))
			return false;
	return store_commit(&transaction, e);
}

bool effect_once(struct turn *t, const struct effect_plan *plan, json_t **result, struct err *e)
{
	const char *name = name_of(t, plan->kind, plan->key);
	struct effect effect;
	JSON *found = NULL;

	if (!intend(t, plan, name, e) ||
	    !outbox_get(t->daemon->store, name, t->arena, &effect, e))
		return false;
	if (effect.state == EFFECT_FAILED || effect.state == EFFECT_DROPPED)
		return fail(e, ERR_DENIED, "%s: %s", name, effect.why);
	if (effect.state == EFFECT_DONE) {
		if (!json_parse(effect.result, 1 << 20, &found, e))
			return false;
	} else if (!plan->look(t, plan->context, &found, e) ||
		   (!found && !send(t, plan, name, &found, e)) || !confirm(t, name, found, e)) {
		return false;
	}
	if (result)
		*result = json_incref(found);
	return true;
}

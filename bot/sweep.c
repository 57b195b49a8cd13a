/*
 * Looks for jobs and windows whose incident is over. An incident that ends tidies up behind itself;
 * this is for those whose daemon did not live to do it. Touches nothing of an open incident.
 */
#include "bot/sweep.h"

#include "bot/base/log.h"
#include "bot/job.h"
#include "bot/store/incident.h"
#include "bot/store/window.h"
#include "bot/window.h"

static bool is_over(struct daemon *d, const char *id, struct arena *a, bool *over, struct err *e)
{
	struct incident incident;
	struct err why = ERR_INIT;

	*over = true;
	if (!incident_get(d->store, id, a, &incident, &why))
		return why.kind == ERR_GONE || (*e = why, false);
	*over = stage_is_end(incident.stage);
	return true;
}

static void say(const char *incident, const struct err *why)
{
	log_event(LOG_WARNING, "what an incident left cannot be removed",
		  LOG_TEXT("incident", incident), LOG_TEXT("why", why->text));
}

static bool sweep_jobs(struct daemon *d, struct err *e)
{
	ARENA a = {0};
	const char *const *ids;
	struct err why = ERR_INIT;
	size_t count;
	bool over;

	if (!job_incidents(d, &a, &ids, &count, &why)) {
		say("(jobs)", &why);
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		why = (struct err)ERR_INIT;
		if (!is_over(d, ids[i], &a, &over, e))
			return false;
		if (over && (!job_stop(d, ids[i], &why) || !job_forget(d, ids[i], &why)))
			say(ids[i], &why);
	}
	return true;
}

bool sweep(struct daemon *d, struct err *e)
{
	ARENA a = {0};
	const char *const *ids;
	size_t count;

	if (!sweep_jobs(d, e) || !window_row_ended(d->store, &a, &ids, &count, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!window_forget(d, ids[i], e))
			return false;
	return true;
}

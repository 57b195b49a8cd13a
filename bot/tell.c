/*
 * Puts together what the store knows of an incident. Leaves out what is no decision: waiting is in
 * no log.
 */
#include "bot/tell.h"

#include "bot/base/clock.h"
#include "bot/store/outbox.h"

#include <string.h>

json_t *tell_object(const struct incident *i)
{
	char opened[CLOCK_TEXT_SIZE], updated[CLOCK_TEXT_SIZE];

	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:s,s:s}", "id", i->id, "stage",
			 stage_name(i->stage), "repository", i->repository, "branch", i->branch,
			 "signature", i->signature, "family", i->family, "why", i->why, "opened_at",
			 clock_format(i->opened_at, opened), "updated_at",
			 clock_format(i->updated_at, updated), "attempt", (json_int_t)i->attempt,
			 "pull", (json_int_t)i->pull, "fix_commit", i->fix_commit, "merge_sha",
			 i->merge_sha);
}

void tell_line(struct text *out, const struct incident *i)
{
	char opened[CLOCK_TEXT_SIZE];

	text_addf(out, "%s  %-12s %s  %s  %s  %s\n", i->id, stage_name(i->stage),
		  clock_format(i->opened_at, opened), i->repository, i->branch, i->why);
}

static json_t *sightings_json(const struct sighting *list, size_t count)
{
	json_t *array = json_array();
	char when[CLOCK_TEXT_SIZE];

	for (size_t n = 0; n < count; n++)
		json_array_append_new(array, json_pack("{s:I,s:I,s:s,s:s,s:I,s:s}", "run",
			(json_int_t)list[n].run_id, "job_id", (json_int_t)list[n].job_id, "job",
			list[n].job, "head", list[n].head_sha, "pull",
			(json_int_t)list[n].pull, "seen_at",
			clock_format(list[n].seen_at, when)));
	return array;
}

struct moves {
	json_t *array;
	struct text *text;
};

static bool add_move(void *context, const struct audit_row *row)
{
	struct moves *moves = context;
	JSON *facts = NULL;
	struct err ignored = ERR_INIT;
	char when[CLOCK_TEXT_SIZE];

	if (strcmp(row->what, "incident.moved") || !json_parse(row->facts, 1 << 20, &facts, &ignored))
		return true;
	clock_format(row->at, when);
	if (moves->text) {
		struct str from = json_text_or(facts, "from", STR(""));
		struct str to = json_text_or(facts, "to", STR(""));
		struct str why = json_text_or(facts, "why", STR(""));

		text_addf(moves->text, "  %s  %-20.*s %.*s\n", when, STR_ARG(str_equal(from, to)
			  ? STR("") : to), STR_ARG(why));
		return true;
	}
	json_object_set_new(facts, "at", json_string(when));
	json_object_set_new(facts, "actor", json_string(row->actor));
	json_array_append(moves->array, facts);
	return true;
}

static json_t *effects_json(const struct effect *list, size_t count)
{
	json_t *array = json_array();
	char when[CLOCK_TEXT_SIZE];

	for (size_t n = 0; n < count; n++)
		json_array_append_new(array, json_pack("{s:s,s:s,s:s,s:I,s:s,s:s}", "kind", list[n].kind,
			"name", list[n].name, "state", effect_state_name(list[n].state), "tries",
			(json_int_t)list[n].attempts, "why", list[n].why, "changed_at",
			clock_format(list[n].changed_at, when)));
	return array;
}

bool tell_json(struct store *store, const struct incident *incident, struct arena *a,
	       json_t **out, struct err *e)
{
	const struct audit_filter filter = { .incident = incident->id };
	struct moves moves = { .array = NULL };
	JSON *story = NULL;
	struct sighting *sightings;
	struct effect *effects;
	size_t sighting_count, effect_count;
	JSON *array = json_array();

	moves.array = array;
	if (!incident_sightings(store, incident->id, a, &sightings, &sighting_count, e) ||
	    !outbox_of(store, incident->id, a, &effects, &effect_count, e) ||
	    !audit_each(store, &filter, add_move, &moves, e) ||
	    !json_parse(incident->facts, 16 << 20, &story, e))
		return false;
	*out = tell_object(incident);
	json_object_set_new(*out, "sightings", sightings_json(sightings, sighting_count));
	json_object_set(*out, "moves", array);
	json_object_set_new(*out, "effects", effects_json(effects, effect_count));
	json_object_set(*out, "story", story);
	return true;
}

static void tell_sighting(struct text *out, const struct sighting *sighting)
{
	char when[CLOCK_TEXT_SIZE];

	text_addf(out, "  seen %s  ", clock_format(sighting->seen_at, when));
	if (sighting->run_id)
		text_addf(out, "run %lld  job %s", (long long)sighting->run_id, sighting->job);
	else
		text_addf(out, "check %lld  %s", (long long)sighting->job_id, sighting->job);
	text_addf(out, "  at %.12s", sighting->head_sha);
	if (sighting->pull)
		text_addf(out, "  pull request %lld", (long long)sighting->pull);
	text_addc(out, '\n');
}

bool tell_text(struct store *store, const struct incident *incident, struct arena *a,
	       struct text *out, struct err *e)
{
	const struct audit_filter filter = { .incident = incident->id };
	struct moves moves = { .text = out };
	struct sighting *list;
	size_t count;

	tell_line(out, incident);
	if (!incident_sightings(store, incident->id, a, &list, &count, e))
		return false;
	for (size_t n = 0; n < count; n++)
		tell_sighting(out, &list[n]);
	return audit_each(store, &filter, add_move, &moves, e);
}

/*
 * aegis incidents: what is known about incidents, as a list or one with its story. Only reads, also
 * while a daemon works on the same store.
 */
#include "bot/command.h"
#include "bot/daemon.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/store/incident.h"

static const struct flag flags[] = {
	{ "--config", "FILE", "the daemon's file (default: $AEGIS_CONFIG)" },
	{ "--format", "text|json", "how to answer (default: text)" },
	{ "--all", NULL, "those that have ended too" },
	{0}
};

static json_t *incident_json(const struct incident *i)
{
	char opened[CLOCK_TEXT_SIZE], updated[CLOCK_TEXT_SIZE];

	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "id", i->id, "stage",
			 stage_name(i->stage), "repository", i->repository, "branch", i->branch,
			 "signature", i->signature, "family", i->family, "why", i->why, "opened_at",
			 clock_format(i->opened_at, opened), "updated_at",
			 clock_format(i->updated_at, updated));
}

static void incident_text(struct text *out, const struct incident *i)
{
	char opened[CLOCK_TEXT_SIZE];

	text_addf(out, "%s  %-12s %s  %s  %s  %s\n", i->id, stage_name(i->stage),
		  clock_format(i->opened_at, opened), i->repository, i->branch, i->why);
}

static bool sightings_text(struct store *store, const struct incident *i, struct arena *a,
			   struct text *out, struct err *e)
{
	struct sighting *list;
	char when[CLOCK_TEXT_SIZE];
	size_t count;

	if (!incident_sightings(store, i->id, a, &list, &count, e))
		return false;
	for (size_t n = 0; n < count; n++)
		text_addf(out, "  seen %s  run %lld  job %s  at %.12s\n",
			  clock_format(list[n].seen_at, when), (long long)list[n].run_id, list[n].job,
			  list[n].head_sha);
	return true;
}

static bool sightings_json(struct store *store, const struct incident *i, struct arena *a,
			   json_t *object, struct err *e)
{
	struct sighting *list;
	char when[CLOCK_TEXT_SIZE];
	json_t *array = json_array();
	size_t count = 0;
	bool done = incident_sightings(store, i->id, a, &list, &count, e);

	for (size_t n = 0; done && n < count; n++)
		json_array_append_new(array, json_pack("{s:I,s:I,s:s,s:s,s:s}", "run",
			(json_int_t)list[n].run_id, "job_id", (json_int_t)list[n].job_id, "job",
			list[n].job, "head", list[n].head_sha, "seen_at",
			clock_format(list[n].seen_at, when)));
	json_object_set_new(object, "sightings", array);
	return done;
}

static int print_text(struct arena *a, struct text *text)
{
	struct str out = command_printable(a, text_str(text));

	return fwrite(out.at, 1, out.size, stdout) == out.size && !fflush(stdout) ? DONE : FAILED;
}

static int print_json(const json_t *json)
{
	int bad = json_dumpf(json, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);

	return bad || putchar('\n') == EOF || fflush(stdout) ? FAILED : DONE;
}

static int show(struct store *store, const char *id, bool as_json, struct arena *a)
{
	struct text text = TEXT(a);
	struct err e = ERR_INIT;
	struct incident incident;
	JSON *object = NULL;

	if (!incident_get(store, id, a, &incident, &e))
		return command_fail(&e);
	if (!as_json) {
		incident_text(&text, &incident);
		return sightings_text(store, &incident, a, &text, &e) ? print_text(a, &text)
								      : command_fail(&e);
	}
	object = incident_json(&incident);
	return sightings_json(store, &incident, a, object, &e) ? print_json(object)
							       : command_fail(&e);
}

static int list(struct store *store, bool all, bool as_json, struct arena *a)
{
	const struct incident_filter filter = { .stages = all ? 0 : STAGES_OPEN, .limit = 100 };
	struct text text = TEXT(a);
	struct err e = ERR_INIT;
	struct incident *found;
	JSON *object = NULL;
	json_t *array;
	size_t count;

	if (!incident_list(store, &filter, a, &found, &count, &e))
		return command_fail(&e);
	if (!as_json) {
		for (size_t i = 0; i < count; i++)
			incident_text(&text, &found[i]);
		return print_text(a, &text);
	}
	array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, incident_json(&found[i]));
	object = json_pack("{s:o}", "incidents", array);
	return print_json(object);
}

static int run(int argc, char **argv)
{
	ARENA a = {0};
	STORE store = NULL;
	struct err e = ERR_INIT;
	const struct config *config;
	struct given given;
	const char *format;
	bool as_json;

	if (!command_parse(&command_incidents, argc, argv, &given, &e))
		return command_usage(&command_incidents, e.text);
	format = given_value(&given, "--format") ? given_value(&given, "--format") : "text";
	as_json = !strcmp(format, "json");
	if (!as_json && strcmp(format, "text"))
		return command_usage(&command_incidents, "--format is text or json");
	if (given.rest_count && (given.rest_count != 2 || strcmp(given.rest[0], "show")))
		return command_usage(&command_incidents, "say nothing for the list, or show ID");
	if (!daemon_settings(given_value(&given, "--config"), &a, &config, &e) ||
	    !store_open(config_text(config, "store.url"), STORE_READ, &store, &e))
		return command_fail(&e);
	if (given.rest_count)
		return show(store, given.rest[1], as_json, &a);
	return list(store, given_value(&given, "--all") != NULL, as_json, &a);
}

const struct command command_incidents = {
	.name = "incidents",
	.arguments = "[show ID]",
	.summary = "list incidents, or tell the story of one",
	.help = "The open incidents, newest first: id, stage, since when, repository, branch and why.\n"
		"show ID adds each run and job it was seen in.",
	.flags = flags,
	.run = run,
};

/*
 * aegis incidents: what is known about incidents, as a list or one with its story. Only reads, also
 * while a daemon works on the same store.
 */
#include "bot/command.h"
#include "bot/daemon.h"
#include "bot/tell.h"

#include "bot/base/json.h"
#include "bot/store/incident.h"

static const struct flag flags[] = {
	{ "--config", "FILE", "the daemon's file (default: $AEGIS_CONFIG)" },
	{ "--format", "text|json", "how to answer (default: text)" },
	{ "--all", NULL, "those that have ended too" },
	{0}
};

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
	if (!as_json)
		return tell_text(store, &incident, a, &text, &e) ? print_text(a, &text)
								 : command_fail(&e);
	return tell_json(store, &incident, a, &object, &e) ? print_json(object) : command_fail(&e);
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
			tell_line(&text, &found[i]);
		return print_text(a, &text);
	}
	array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, tell_object(&found[i]));
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
		"show ID tells its story: each run and job it was seen in, each step with its time and why.",
	.flags = flags,
	.run = run,
};

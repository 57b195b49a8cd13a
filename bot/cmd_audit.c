/*
 * aegis audit: what was done, by whom and from which facts, and whether that record is whole. Only
 * reads, also while a daemon works on the same store.
 */
#include "bot/command.h"
#include "bot/daemon.h"

#include "bot/base/clock.h"
#include "bot/store/audit.h"

static const struct flag flags[] = {
	{ "--config", "FILE", "the daemon's file (default: $AEGIS_CONFIG)" },
	{ "--incident", "ID", "only what was done for this incident" },
	{ "--format", "text|json", "how to answer (default: text); json is one object a line" },
	{0}
};

struct printing {
	bool as_json, failed;
};

static bool print_json(const struct audit_row *row)
{
	char at[CLOCK_TEXT_SIZE];
	json_t *facts = json_loadb(row->facts.at, row->facts.size, 0, NULL);
	json_t *object = json_pack("{s:I,s:s,s:s,s:s,s:s,s:o,s:s}", "seq", (json_int_t)row->seq, "at",
				   clock_format(row->at, at), "actor", row->actor, "incident",
				   row->incident, "what", row->what, "facts",
				   facts ? facts : json_null(), "hash", row->hash);
	bool good = object && !json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);

	json_decref(object);
	return good && putchar('\n') != EOF;
}

static bool print_text(const struct audit_row *row)
{
	ARENA a = {0};
	char at[CLOCK_TEXT_SIZE];
	struct str out = command_printable(&a, str_of(arena_printf(&a, "%lld  %s  %s  %s  %s  %.*s\n",
		(long long)row->seq, clock_format(row->at, at), row->actor,
		row->incident[0] ? row->incident : "-", row->what, STR_ARG(row->facts))));

	return fwrite(out.at, 1, out.size, stdout) == out.size;
}

static bool each(void *context, const struct audit_row *row)
{
	struct printing *printing = context;

	printing->failed = !(printing->as_json ? print_json(row) : print_text(row));
	return !printing->failed;
}

static int check(struct store *store)
{
	struct audit_verdict verdict;
	struct err e = ERR_INIT;

	if (!audit_check(store, NULL, &verdict, &e))
		return command_fail(&e);
	if (!verdict.good) {
		fprintf(stderr, "aegis: the audit log is not whole: row %lld: %s\n",
			(long long)verdict.bad_seq, verdict.why);
		return BAD_INPUT;
	}
	printf("%lld rows, none changed, missing or out of order\n", (long long)verdict.rows);
	return fflush(stdout) ? FAILED : DONE;
}

static int run(int argc, char **argv)
{
	ARENA a = {0};
	STORE store = NULL;
	struct err e = ERR_INIT;
	const struct config *config;
	struct given given;
	struct audit_filter filter = {0};
	struct printing printing = {0};
	const char *format;

	if (!command_parse(&command_audit, argc, argv, &given, &e))
		return command_usage(&command_audit, e.text);
	format = given_value(&given, "--format") ? given_value(&given, "--format") : "text";
	printing.as_json = !strcmp(format, "json");
	if (!printing.as_json && strcmp(format, "text"))
		return command_usage(&command_audit, "--format is text or json");
	if (given.rest_count && (given.rest_count != 1 || strcmp(given.rest[0], "check")))
		return command_usage(&command_audit, "say nothing for the log, or check");
	if (!daemon_settings(given_value(&given, "--config"), &a, &config, &e) ||
	    !store_open(config_text(config, "store.url"), STORE_READ, &store, &e))
		return command_fail(&e);
	if (given.rest_count)
		return check(store);
	filter.incident = given_value(&given, "--incident");
	if (!audit_each(store, &filter, each, &printing, &e))
		return command_fail(&e);
	return printing.failed || fflush(stdout) ? FAILED : DONE;
}

const struct command command_audit = {
	.name = "audit",
	.arguments = "[check]",
	.summary = "print the record of what was done, or check that it is whole",
	.help = "Each row: number, time, who, incident, what, and the facts it was decided from. Every row\n"
		"holds the hash of the one before; check finds the first that was changed, taken out or\n"
		"put elsewhere.\n"
		"\n"
		"Exit codes: 0 printed, or whole; 65 not whole.",
	.flags = flags,
	.run = run,
};

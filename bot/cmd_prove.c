/*
 * aegis prove: reads the proof of a fix from a file, a page or a pull request, has it run again, and
 * says whether it still holds.
 */
#include "bot/command.h"

#include "bot/base/file.h"
#include "bot/base/json.h"
#include "bot/prove.h"
#include "bot/stream.h"

static void progress(const char *text)
{
	command_say(stderr, text);
}

static const struct flag flags[] = {
	{ "--repo", "DIR", "the repository that holds both commits (default: the current folder, and for\n"
	  "                           the address of a pull request a copy that is fetched and thrown away)" },
	{ "--config", "FILE", "the daemon's file, for its sandbox, limits and github parts\n"
	  "                           (default: $AEGIS_CONFIG)" },
	{ "--format", "text|json", "how to answer (default: text)" },
	{ "--quiet", NULL, "no progress on standard error" },
	{0}
};

static void take(void *context, struct str piece)
{
	struct text *text = context;

	if (text->size <= PROOF_PAGE_MOST)
		text_add(text, piece);
}

static bool is_address(const char *name)
{
	return !strncmp(name, "https://", 8) || !strncmp(name, "http://", 7);
}

static bool read_proof(const char *name, struct arena *a, struct proof *out, struct err *e)
{
	struct text text = TEXT(a);

	return stream_bytes(name, take, &text, e) && proof_read(text_str(&text), a, out, e);
}

static json_t *tools_json(const struct tool_version *tools, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_pack("{s:o, s:o}", "name",
				      json_string_of(str_of(tools[i].name)), "version",
				      json_string_of(str_of(tools[i].version))));
	return list;
}

static const char *answer_of(const struct proving *proving)
{
	return claim_state_name(proving->state);
}

static bool print_json(const struct proof *proof, const struct proving *proving)
{
	JSON *claims = json_array();
	JSON *notes = json_array();
	JSON *object = NULL;

	for (size_t i = 0; i < proving->count; i++) {
		const struct claim *claim = &proving->claims[i];

		json_array_append_new(claims, json_pack("{s:s, s:s, s:o}", "claim", claim->name, "state",
				      claim_state_name(claim->state), "why",
				      json_string_of(str_of(claim->why))));
	}
	for (size_t i = 0; i < proving->note_count; i++)
		json_array_append_new(notes, json_string_of(str_of(proving->notes[i])));
	object = json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:O, s:O, s:o}", "answer", answer_of(proving),
			   "incident", proof->incident, "base", proof->base.commit, "fixed",
			   proof->fixed.commit, "command", proof->command, "claims", claims, "notes", notes,
			   "tools", tools_json(proving->tools, proving->tool_count));
	return object && !json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII) &&
	       putchar('\n') != EOF;
}

static bool print_text(struct arena *a, const struct proof *proof, const struct proving *proving)
{
	struct text out = TEXT(a);
	struct str text;

	text_addf(&out, "The proof of incident %s: %s\n", proof->incident, answer_of(proving));
	if (proof->command)
		text_addf(&out, "Command   %s\n", proof->command);
	for (size_t i = 0; i < proving->count; i++)
		text_addf(&out, "%-14s %-6s %s\n", claim_state_name(proving->claims[i].state),
			  proving->claims[i].name, proving->claims[i].why);
	for (size_t i = 0; i < proving->note_count; i++)
		text_addf(&out, "Note      %s\n", proving->notes[i]);
	text = command_printable(a, text_str(&out));
	return fwrite(text.at, 1, text.size, stdout) == text.size;
}

static int prove(const char *name, const struct given *given, bool as_json)
{
	ARENA a = {0};
	FILE_TEMPORARY temporary = {""};
	const char *repo = given_value(given, "--repo");
	struct prove_job job = { .folder = repo ? repo : ".",
				 .config_file = given_value(given, "--config") };
	struct prove_pull pull = { .head = "" };
	struct proving proving;
	struct err e = ERR_INIT;
	bool printed;

	if (!given_value(given, "--quiet"))
		job.progress = progress;
	if (is_address(name)) {
		if ((!repo && !file_temporary(&temporary, &e)) ||
		    !prove_pull_read(name, job.config_file, repo ? NULL : temporary.path, &a, &pull, &e))
			return command_fail(&e);
		job.head = pull.head;
		job.missing = pull.missing;
		if (!repo)
			job.folder = arena_printf(&a, "%s/tree", temporary.path);
	} else if (!read_proof(name, &a, &pull.proof, &e)) {
		return command_fail(&e);
	}
	job.proof = &pull.proof;
	if (!prove_run(&job, &a, &proving, &e))
		return command_fail(&e);
	printed = as_json ? print_json(job.proof, &proving) : print_text(&a, job.proof, &proving);
	if (!printed || fflush(stdout)) {
		fputs("aegis: the answer could not be written\n", stderr);
		return FAILED;
	}
	return proving.state == CLAIM_HOLDS ? DONE : proving.state == CLAIM_FAILS ? NOTHING_SAFE : FAILED;
}

static int run(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct given given;
	const char *format;

	if (!command_parse(&command_prove, argc, argv, &given, &e))
		return command_usage(&command_prove, e.text);
	format = given_value(&given, "--format") ? given_value(&given, "--format") : "text";
	if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
		return command_usage(&command_prove, "--format is text or json");
	if (given.rest_count != 1)
		return command_usage(&command_prove, "name one file, - for standard input, or the address "
				     "of a pull request");
	return prove(given.rest[0], &given, !strcmp(format, "json"));
}

const struct command command_prove = {
	.name = "prove",
	.arguments = "FILE|-|URL",
	.summary = "run the proof of a fix again: does it still hold?",
	.help = "Reads the proof of a fix: the answer of `aegis fix --format json`, its \"proof_record\"\n"
		"alone, the body of a pull request, or the pull request itself by its address\n"
		"(https://HOST/OWNER/NAME/pull/NUMBER, read with the token of the settings). Then the base\n"
		"and the fix are run again, in the sandbox, as often as the proof says: the commits and their\n"
		"trees must be those of the proof, the base red with the same signature and exit code, the\n"
		"fix green with as many tests. The command comes from the proof, so it never runs without\n"
		"the sandbox, and limits are those of this machine. Each claim is answered with its reason;\n"
		"a pull request whose head is no longer the proven commit does not hold.\n"
		"\n"
		"Exit codes: 0 holds, 2 does not hold, 1 cannot tell or failure, 64 wrong usage, 65 a proof\n"
		"that cannot be read, 78 bad configuration.",
	.flags = flags,
	.run = run,
};

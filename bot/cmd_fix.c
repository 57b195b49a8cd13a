/*
 * aegis fix: the arguments of the main job, and its answer as text or JSON.
 */
#include "bot/command.h"
#include "bot/fix.h"

#include <stdio.h>
#include <unistd.h>

static void progress(const char *text)
{
	command_say(stderr, text);
}

static const struct flag flags[] = {
	{ "--repo", "DIR", "the repository (default: the current folder)" },
	{ "--run", "CMD", "the command that is red; run by /bin/sh in the sandbox" },
	{ "--log", "FILE", "a log of the red run, - for standard input" },
	{ "--good", "COMMIT", "a commit known to be green: where no fix is safe, the first bad commit is\n"
	  "                           looked for, and taken back when that is proven and safe" },
	{ "--config", "FILE", "the daemon's file, for its sandbox, limits and models parts\n"
	  "                           (default: $AEGIS_CONFIG)" },
	{ "--format", "text|json", "how to answer (default: text)" },
	{ "--dry-run", NULL, "everything but the commit" },
	{ "--no-llm", NULL, "templates and tools only" },
	{ "--no-sandbox", NULL, "run repository code with your own rights; never merged by itself" },
	{ "--quiet", NULL, "no progress on standard error" },
	{0}
};

static int print(const struct answer *answer, struct arena *a, bool as_json)
{
	struct str text;

	if (as_json) {
		json_auto_t *object = answer_json(answer);

		if (json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII))
			return FAILED;
		return putchar('\n') == EOF ? FAILED : DONE;
	}
	text = command_printable(a, answer_text(a, answer));
	return fwrite(text.at, 1, text.size, stdout) == text.size ? DONE : FAILED;
}

static int run(int argc, char **argv)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct given given;
	struct fix_job job = {0};
	struct answer answer;
	const char *format;
	int code;

	if (!command_parse(&command_fix, argc, argv, &given, &e))
		return command_usage(&command_fix, e.text);
	format = given_value(&given, "--format") ? given_value(&given, "--format") : "text";
	if (strcmp(format, "text") && strcmp(format, "json"))
		return command_usage(&command_fix, "--format is text or json");
	if (given.rest_count)
		return command_usage(&command_fix, "it takes options only");
	job.folder = given_value(&given, "--repo") ? given_value(&given, "--repo") : ".";
	job.command = given_value(&given, "--run");
	if (job.command && !job.command[strspn(job.command, " \t\n")])
		return command_usage(&command_fix, "--run is empty");
	if (given_value(&given, "--no-sandbox") && !job.command)
		return command_usage(&command_fix, "--no-sandbox needs --run: a command that a "
				     "log or the repository names never runs with your rights");
	job.good = given_value(&given, "--good");
	job.log_file = given_value(&given, "--log");
	job.config_file = given_value(&given, "--config");
	job.dry_run = given_value(&given, "--dry-run") != NULL;
	job.no_llm = given_value(&given, "--no-llm") != NULL;
	job.unsafe = given_value(&given, "--no-sandbox") != NULL;
	if (!given_value(&given, "--quiet"))
		job.progress = progress;
	if (job.unsafe)
		fputs("aegis: WARNING: --no-sandbox runs code of the repository with your rights\n",
		      stderr);
	if (!fix_run(&job, &a, &answer, &code, &e))
		return command_fail(&e);
	if (print(&answer, &a, !strcmp(format, "json")) != DONE || fflush(stdout)) {
		fputs("aegis: the answer could not be written\n", stderr);
		return FAILED;
	}
	return code;
}

const struct command command_fix = {
	.name = "fix",
	.summary = "mend a red repository: prove a fix and commit it to a branch",
	.help = "Runs CMD in a sandbox (or reads the log of a red run), finds the failure, makes a fix\n"
		"that an oracle backs, proves it on the failing test and the whole suite, and commits\n"
		"it to aegis/fix-<incident>. HEAD, the index and the work tree stay as they are.\n"
		"\n"
		"Exit codes: 0 fixed (or nothing was red), 2 nothing safe to do or a rerun is advised,\n"
		"1 failure, 64 wrong usage, 65 bad input, 78 bad configuration.",
	.flags = flags,
	.run = run,
};

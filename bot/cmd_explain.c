/*
 * aegis explain: a log in, its failures out. Reads by the piece; with --repo the commit at HEAD
 * says which frames are own.
 */
#include "bot/command.h"

#include "bot/logs.h"
#include "ci/explain.h"
#include "ci/sarif.h"
#include "git/repo.h"

#include <stdio.h>

static const struct flag flags[] = {
	{ "--repo", "DIR", "the repository whose run it is: only its files are own" },
	{ "--format", "text|json|sarif", "how to answer (default: text)" },
	{0}
};

static int print_json(json_t *object)
{
	int code = json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII) ? FAILED : DONE;

	json_decref(object);
	putchar('\n');
	return code;
}

static int print_text(struct arena *a, struct str text)
{
	text = command_printable(a, text);
	return fwrite(text.at, 1, text.size, stdout) == text.size ? DONE : FAILED;
}

static int print(struct arena *a, const struct logs *logs, const struct tree *tree,
		 const char *format)
{
	const struct jobs *jobs = &logs->jobs;
	const struct report *report = jobs->list[0].report;

	if (!strcmp(format, "json"))
		return print_json(logs->archive ? jobs_json(jobs) : explain_json(report));
	if (!strcmp(format, "sarif"))
		return print_json(logs->archive ? jobs_sarif(jobs, tree) : sarif_json(report, tree));
	return print_text(a, logs->archive ? jobs_text(a, jobs, tree) : explain_text(a, report, tree));
}

/* What is not in the answer is said, so that nobody takes it for the whole. */
static void say_missing(const struct logs *logs)
{
	if (logs->damaged)
		fprintf(stderr, "aegis: the logs of %zu jobs are damaged and were read in part\n",
			logs->damaged);
	if (logs->left_out)
		fprintf(stderr, "aegis: there are too many jobs, %zu are left out\n", logs->left_out);
}

static bool open_tree(const char *folder, struct repo **repo, struct arena *a,
		      const struct tree **tree, struct err *e)
{
	const struct repo_tree *found;
	struct repo_head head;

	if (!folder)
		return true;
	if (!repo_open(folder, repo, e) || !repo_head(*repo, &head, e) ||
	    !repo_tree(*repo, head.commit, a, &found, e))
		return false;
	*tree = &found->view;
	return true;
}

static int run(int argc, char **argv)
{
	ARENA a = {0};
	REPO repo = NULL;
	struct err e = ERR_INIT;
	struct given given;
	const struct tree *tree = NULL;
	const char *format;
	LOGS logs = {0};
	int code;

	if (!command_parse(&command_explain, argc, argv, &given, &e))
		return command_usage(&command_explain, e.text);
	format = given_value(&given, "--format") ? given_value(&given, "--format") : "text";
	if (strcmp(format, "text") && strcmp(format, "json") && strcmp(format, "sarif"))
		return command_usage(&command_explain, "--format is text, json or sarif");
	if (given.rest_count > 1)
		return command_usage(&command_explain, "name one file, or - for standard input");
	if (!open_tree(given_value(&given, "--repo"), &repo, &a, &tree, &e) ||
	    !logs_read(&logs, given.rest_count ? given.rest[0] : "-", tree, &e))
		return command_fail(&e);
	say_missing(&logs);
	code = print(&a, &logs, tree, format);
	if (code != DONE || fflush(stdout)) {
		fputs("aegis: the answer could not be written\n", stderr);
		return FAILED;
	}
	return DONE;
}

const struct command command_explain = {
	.name = "explain",
	.arguments = "[FILE|-]",
	.summary = "say what went wrong in a log",
	.help = "Reads the log of a run, as GitHub Actions gives it or as a tool printed it, and says what\n"
		"failed and where: for people, as JSON, or as SARIF 2.1.0. The log may be packed with gzip. Of\n"
		"the zip archive of a run's logs every job is read, and each failure names its job.",
	.flags = flags,
	.run = run,
};

/*
 * aegis explain: a log in, its failures out. Reads by the piece; with --repo the commit at HEAD
 * says which frames are own.
 */
#include "bot/command.h"

#include "bot/stream.h"
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

static int print(struct arena *a, const struct report *report, const struct tree *tree,
		 const char *format)
{
	struct str text;

	if (!strcmp(format, "json"))
		return print_json(explain_json(report));
	if (!strcmp(format, "sarif"))
		return print_json(sarif_json(report, tree));
	text = command_printable(a, explain_text(a, report, tree));
	return fwrite(text.at, 1, text.size, stdout) == text.size ? DONE : FAILED;
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
	const struct report *report;
	const char *format;
	struct log *log;
	bool read;
	int code;

	if (!command_parse(&command_explain, argc, argv, &given, &e))
		return command_usage(&command_explain, e.text);
	format = given_value(&given, "--format") ? given_value(&given, "--format") : "text";
	if (strcmp(format, "text") && strcmp(format, "json") && strcmp(format, "sarif"))
		return command_usage(&command_explain, "--format is text, json or sarif");
	if (given.rest_count > 1)
		return command_usage(&command_explain, "name one file, or - for standard input");
	if (!open_tree(given_value(&given, "--repo"), &repo, &a, &tree, &e))
		return command_fail(&e);
	log = log_open(&a, tree);
	read = stream_log(given.rest_count ? given.rest[0] : "-", log, &e);
	report = log_close(log);
	if (!read)
		return command_fail(&e);
	code = print(&a, report, tree, format);
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
		"failed and where: for people, as JSON, or as SARIF 2.1.0.",
	.flags = flags,
	.run = run,
};

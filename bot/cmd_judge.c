/*
 * aegis judge: samples of a deployment in, a line each; a judgement of each one after it out, as
 * soon as it is read. Takes nothing back: that is the daemon's.
 */
#include "bot/command.h"

#include "bot/watch/judge.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>

enum { LINE_MOST = 64 * 1024, WINDOW_S = 300 };

static const struct flag flags[] = {
	{ "--format", "text|json", "how to answer (default: json, an object a line)" },
	{0}
};

enum line { LINE_READ, LINE_LONG, LINE_NONE };

/* The next line of any bytes, without its end. */
static enum line read_line(FILE *in, char *buffer, struct str *line)
{
	size_t size = 0;
	int c;

	while ((c = getc_unlocked(in)) != EOF && c != '\n') {
		if (size == LINE_MOST)
			return LINE_LONG;
		buffer[size++] = (char)c;
	}
	*line = (struct str){ buffer, size };
	return c == EOF && !size ? LINE_NONE : LINE_READ;
}

static bool print_json(const struct sample *sample, const struct judgement *judgement)
{
	bool whole = sample->t == floor(sample->t);
	json_t *object = json_pack("{s:o, s:f, s:s, s:s}", "t",
				   whole ? json_integer((json_int_t)sample->t) : json_real(sample->t),
				   "confidence", round(judgement->confidence * 1e6) / 1e6, "verdict",
				   verdict_names[judgement->verdict], "why", judgement->why);
	bool done = object && !json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII |
							       JSON_REAL_PRECISION(15));

	json_decref(object);
	return done && putchar('\n') != EOF;
}

static bool print_text(const struct sample *sample, const struct judgement *judgement)
{
	return printf("%8.10g s  %.3f  %-7s  %s\n", sample->t, judgement->confidence,
		      verdict_names[judgement->verdict], judgement->why) > 0;
}

static bool judge_line(struct judge *judge, struct str line, bool json, struct err *e)
{
	struct judgement judgement;
	struct sample sample;
	bool done;

	if (!sample_parse(line, &sample, e))
		return false;
	if (!judge_add(judge, &sample, &judgement))
		return true;
	done = json ? print_json(&sample, &judgement) : print_text(&sample, &judgement);
	/* Who watches a live stream wants the answer now. */
	if (!done || fflush(stdout))
		return fail(e, ERR_BUG, "the answer could not be written");
	return true;
}

static bool judge_all(FILE *in, const char *name, bool json, struct err *e)
{
	ARENA a = {0};
	char *buffer = arena_alloc(&a, LINE_MOST);
	struct judge *judge = judge_open(&a, WINDOW_S);
	unsigned long number = 0;
	struct str line;
	enum line read;

	while ((read = read_line(in, buffer, &line)) == LINE_READ) {
		number++;
		if (str_trim(line).size && !judge_line(judge, line, json, e))
			return e->kind == ERR_INPUT ? fail_while(e, "%s:%lu", name, number) : false;
	}
	if (read == LINE_LONG)
		return fail(e, ERR_INPUT, "%s:%lu: the line has more than %d bytes", name, number + 1,
			    LINE_MOST);
	if (ferror(in))
		return fail(e, ERR_INPUT, "reading %s: %s", name, strerror(errno));
	return true;
}

static int run(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct given given;
	const char *format, *name;
	FILE *in = stdin;
	bool done;

	if (!command_parse(&command_judge, argc, argv, &given, &e))
		return command_usage(&command_judge, e.text);
	format = given_value(&given, "--format") ? given_value(&given, "--format") : "json";
	if (strcmp(format, "text") && strcmp(format, "json"))
		return command_usage(&command_judge, "--format is text or json");
	if (given.rest_count > 1)
		return command_usage(&command_judge, "name one file, or - for standard input");
	name = given.rest_count ? given.rest[0] : "-";
	if (strcmp(name, "-"))
		in = fopen(name, "re");
	else
		name = "standard input";
	if (!in) {
		fail(&e, ERR_INPUT, "reading %s: %s", name, strerror(errno));
		return command_fail(&e);
	}
	done = judge_all(in, name, !strcmp(format, "json"), &e);
	if (in != stdin)
		fclose(in);
	return done ? DONE : command_fail(&e);
}

const struct command command_judge = {
	.name = "judge",
	.arguments = "[FILE|-]",
	.summary = "say whether a deployment held",
	.help = "Reads samples of a deployment's metrics, one JSON object a line and in order of time:\n"
		"{\"t\":SECONDS,\"phase\":\"baseline\"|\"post\",\"error_rate\":...,\"latency_p95\":...,\n"
		"\"latency_p99\":...,\"cpu\":...,\"memory\":...,\"rps\":...}, and where they are known \"requests\"\n"
		"and \"errors\", counts of the interval, and \"up\": 1, 0, or null when the source was out of\n"
		"reach. What was not measured is null or left out.\n"
		"\n"
		"For each sample from after the deployment it answers with a confidence from 0 to 1, a verdict\n"
		"and the reason. WATCH: nothing is decided. HELD: five minutes went well. DECAYED: the confidence\n"
		"was below 0.70 and confirmed; the first one is the moment to take the deployment back.\n"
		"UNKNOWN: too little is known, which is no reason to take anything back.",
	.flags = flags,
	.run = run,
};

/*
 * Yarn 2 and later: the lines behind its codes, of which only some are errors, and its usage errors.
 * Yarn 1 is read with npm.
 */
#include "ci/node.h"

struct state {
	struct failure *failure;	/* of a request, whose answer comes on the next lines */
	unsigned long since;
	unsigned long code, code_line;	/* a code is reported once in a row */
};

static const struct code {
	unsigned long number;
	const char *type;
	enum kind kind;
	unsigned weight;
} codes[] = {
	{ 1, "exception", KIND_UNKNOWN, WEIGHT_FAILURE },
	{ 9, "build failed", KIND_UNKNOWN, WEIGHT_FAILURE },
	{ 10, "resolver not found", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 11, "fetcher not found", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 15, "remote invalid", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 16, "remote not found", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 18, "checksum mismatch", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 20, "lock file", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 21, "workspace not found", KIND_CONFIG, WEIGHT_CERTAIN },
	{ 28, "lock file", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 30, "fetch failed", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 33, "authentication", KIND_PERMISSION, WEIGHT_CERTAIN },
	{ 34, "configuration", KIND_CONFIG, WEIGHT_CERTAIN },
	{ 35, "network", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 41, "authentication", KIND_PERMISSION, WEIGHT_CERTAIN },
	{ 46, "lock file", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 47, "lock file", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 49, "lock file", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 56, "cache", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 57, "manifest", KIND_CONFIG, WEIGHT_CERTAIN },
	{ 58, "package preparation", KIND_DEPENDENCY, WEIGHT_FAILURE },
	{ 66, "patch", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 67, "configuration", KIND_CONFIG, WEIGHT_CERTAIN },
	{ 78, "resolution mismatch", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 80, "network", KIND_CONFIG, WEIGHT_CERTAIN },
	{ 81, "network", KIND_CONFIG, WEIGHT_CERTAIN },
	{ 82, "unresolved dependency", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ 84, "constraints", KIND_LINT, WEIGHT_FAILURE },
};

static const struct code *code_of(unsigned long number)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].number == number)
			return &codes[i];
	return NULL;
}

/* The network broke, rather than said no. */
static bool is_passing(struct str text)
{
	static const char *const words[] = { "ETIMEDOUT", "ECONNRESET", "ECONNREFUSED", "EAI_AGAIN",
		"ENOTFOUND", "socket hang up", "Timeout awaiting ", "Response Code: 5",
		"Response Code: 429", NULL };

	for (size_t i = 0; words[i]; i++)
		if (str_has(text, words[i]))
			return true;
	return false;
}

static void judge(struct failure *failure, struct str text)
{
	if (is_passing(text)) {
		failure->kind = KIND_INFRA;
		failure->weight = WEIGHT_CERTAIN;
		failure->transient = true;
	} else if (str_has(text, "Response Code: 401") || str_has(text, "Response Code: 403")) {
		failure->kind = KIND_PERMISSION;
	}
}

static struct failure *make(struct findings *f, const struct line *line, enum kind kind,
			    unsigned weight, const char *type, struct str message)
{
	struct failure *failure = findings_failure(f, kind, weight, line->number);

	failure->language = "node";
	failure->tool = "yarn";
	failure->type = type;
	failure->message = findings_text(failure, message);
	return failure;
}

/* Of a lock file out of step Yarn shows the whole difference under the error's own code. */
static bool is_difference(struct str text)
{
	return text.size && (text.at[0] == '+' || text.at[0] == '-' || text.at[0] == '@' ||
			     text.at[0] == ' ');
}

static bool code_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	const struct code *code;
	unsigned long number;

	if (!str_skip(&text, "\xe2\x9e\xa4 YN") || !str_take_number(&text, &number) ||
	    !str_skip(&text, ": "))
		return false;
	/* a bar or a bullet, three bytes or two */
	(void)(str_skip(&text, "\xe2\x94\x82 ") || str_skip(&text, "\xc2\xb7 "));
	if (number == 0 && str_starts(text, "Failed with errors"))
		(void)make(f, line, KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL, text);
	code = code_of(number);
	if (!code || !text.size)
		return true;
	if (s->failure && number == s->code && str_indent(text)) {
		judge(s->failure, text);
		s->failure->last_line = line->number;
	} else if (!(number == 28 && is_difference(text)) &&
		   !(number == s->code && s->code_line + 1 == line->number && number != 35)) {
		s->failure = make(f, line, code->kind, code->weight, code->type, text);
		judge(s->failure, text);
		s->since = line->number;
	}
	s->code = number;
	s->code_line = line->number;
	return true;
}

static void usage_line(const struct line *line, struct findings *f)
{
	struct str text = line->text;

	if (str_skip(&text, "Usage Error: ") && (str_starts(text, "Couldn't find ") ||
						 str_starts(text, "The project in ") ||
						 str_starts(text, "No project found ") ||
						 str_starts(text, "This project is configured ")))
		(void)make(f, line, KIND_CONFIG, WEIGHT_CERTAIN, "usage", text);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->failure && line->number - s->since > BLOCK_LINES_MAX)
		s->failure = NULL;
	if (!code_line(s, line, f)) {
		s->failure = NULL;
		usage_line(line, f);
	}
	return ASLEEP;
}

static const char *const wake[] = { "\xe2\x9e\xa4 YN0", "Usage Error: ", NULL };

static const struct reading examples[] = {
	{
		.name = "a package that is not there",
		.log =
		"\u27a4 YN0000: \u00b7 Yarn 4.18.1\n"
		"\u27a4 YN0000: \u250c Resolution step\n"
		"\u27a4 YN0035: \u2502 nosuch-package-aegis-x-y-z@npm:1.0.0: Package not found\n"
		"\u27a4 YN0035: \u2502   Response Code: 404 (Not Found)\n"
		"\u27a4 YN0035: \u2502   Request Method: GET\n"
		"\u27a4 YN0000: \u2514 Completed in 0s 545ms\n"
		"\u27a4 YN0000: \u00b7 Failed with errors in 0s 740ms\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "yarn",
			    .type = "network", .error_line = 3,
			    .message = "nosuch-package-aegis-x-y-z@npm:1.0.0: Package not found" },
	},
	{
		.name = "a registry that does not answer",
		.log =
		"\u27a4 YN0035: \u2502 is-odd@npm:3.0.1: The remote server failed to provide the "
		"requested resource\n"
		"\u27a4 YN0035: \u2502   Response Code: 503 (Service Unavailable)\n",
		.expect = { .kind = KIND_INFRA, .transient = true, .error_line = 1 },
	},
	{
		.name = "a version that is not there",
		.log =
		"\u27a4 YN0000: \u250c Resolution step\n"
		"\u27a4 YN0082: \u2502 is-odd@npm:99.0.0: No candidates found\n"
		"\u27a4 YN0000: \u2514 Completed in 0s 367ms\n"
		"\u27a4 YN0000: \u00b7 Failed with errors in 0s 557ms\n",
		.expect = { .kind = KIND_DEPENDENCY, .type = "unresolved dependency", .error_line = 2,
			    .message = "is-odd@npm:99.0.0: No candidates found" },
	},
	{
		.name = "a lock file out of step",
		.log =
		"\u27a4 YN0000: \u250c Post-resolution validation\n"
		"\u27a4 YN0000: \u2502 @@ -1,0 +1,28 @@\n"
		"\u27a4 YN0028: \u2502 +# This file is generated by running \"yarn install\" inside your "
		"project.\n"
		"\u27a4 YN0028: \u2502 +\n"
		"\u27a4 YN0000: \u2502 \n"
		"\u27a4 YN0028: \u2502 The lockfile would have been modified by this install, which is "
		"explicitly forbidden.\n"
		"\u27a4 YN0000: \u2514 Completed\n"
		"\u27a4 YN0000: \u00b7 Failed with errors in 0s 656ms\n",
		.expect = { .kind = KIND_DEPENDENCY, .type = "lock file", .error_line = 6 },
	},
	{
		.name = "a script that is not there",
		.log = "Usage Error: Couldn't find a script named \"nosuch\".\n\n"
		       "$ yarn run [--inspect] [--require #0] <scriptName> ...\n",
		.expect = { .kind = KIND_CONFIG, .tool = "yarn", .error_line = 1,
			    .message = "Couldn't find a script named \"nosuch\"." },
	},
	{
		.name = "all is well",
		.log =
		"\u27a4 YN0000: \u00b7 Yarn 4.18.1\n"
		"\u27a4 YN0085: \u2502 + is-odd@npm:3.0.1, is-number@npm:6.0.0\n"
		"\u27a4 YN0013: \u2502 2 packages were added to the project (+ 16.65 KiB).\n"
		"\u27a4 YN0000: \u00b7 Done in 1s 700ms\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_yarn = {
	.name = "yarn",
	.language = "node",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

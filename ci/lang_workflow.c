/*
 * What GitHub Actions itself says when a job could not be run as its workflow file wants: actions
 * that are not there, permissions that are missing, accounts that may not run jobs. Runners that
 * get lost and limits of time are in lang_transient.c.
 */
#include "ci/reader.h"

static const struct pattern {
	const char *start, *type;
	enum kind kind;
	bool transient;
} patterns[] = {
	{ "Unable to resolve action ", "no such action", KIND_CONFIG, false },
	{ "Unable to resolve actions. ", "no such action", KIND_CONFIG, false },
	{ "Can't find 'action.yml', 'action.yaml' or 'Dockerfile'", "no such action",
	  KIND_CONFIG, false },
	{ "Missing download info for ", "no such action", KIND_CONFIG, false },
	{ "This request has been automatically failed because it uses a deprecated version of ",
	  "action is retired", KIND_CONFIG, false },
	{ "Invalid workflow file", "invalid workflow", KIND_CONFIG, false },
	{ "The workflow is not valid. ", "invalid workflow", KIND_CONFIG, false },
	{ "The template is not valid. ", "invalid workflow", KIND_CONFIG, false },
	{ "Input required and not supplied: ", "missing input", KIND_CONFIG, false },
	{ "Resource not accessible by integration", "token may not", KIND_PERMISSION, false },
	{ "Resource not accessible by personal access token", "token may not",
	  KIND_PERMISSION, false },
	{ "The job was not started because ", "job refused", KIND_RESOURCE, false },
	{ "The job was not acquired by Runner of type hosted", "no runner", KIND_INFRA, true },
	{ "Can't find any online and idle self-hosted runner", "no runner", KIND_INFRA, true },
};

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	bool said = line->mark == MARK_ERROR || str_skip(&text, "Error: ");

	(void)state;
	(void)str_skip(&text, "HttpError: ");
	/* Only the runner's own errors: a test may print any of these. */
	for (size_t i = 0; said && i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct failure *failure;

		if (!str_starts(text, patterns[i].start))
			continue;
		failure = findings_failure(f, patterns[i].kind, WEIGHT_CERTAIN, line->number);
		failure->tool = "actions";
		failure->type = patterns[i].type;
		failure->message = findings_text(failure, text);
		failure->transient = patterns[i].transient;
		break;
	}
	return ASLEEP;
}

static const char *const wake[] = { "Unable to resolve action", "Can't find 'action.yml'",
	"Missing download info for ", "automatically failed because it uses a deprecated",
	"Invalid workflow file", "The workflow is not valid. ", "The template is not valid. ",
	"Input required and not supplied: ", "Resource not accessible by ",
	"The job was not started because ", "The job was not acquired by Runner",
	"Can't find any online and idle", NULL };

static const struct reading examples[] = {
	{
		.name = "a version that is not there",
		.log = "Getting action download info\n"
		       "##[error]Unable to resolve action `actions/checkout@v99`, unable to find "
		       "version `v99`\n",
		.expect = { .kind = KIND_CONFIG, .tool = "actions", .type = "no such action",
			    .error_line = 2 },
	},
	{
		.name = "a retired action, as the web page shows it",
		.log = "Getting action download info\n"
		       "Error: This request has been automatically failed because it uses a deprecated "
		       "version of `actions/upload-artifact: v3`. Learn more: https://github.blog/"
		       "changelog/2024-04-16-deprecation-notice-v3-of-the-artifact-actions/\n",
		.expect = { .kind = KIND_CONFIG, .type = "action is retired", .error_line = 2 },
	},
	{
		.name = "a token without the permission",
		.log = "##[error]Resource not accessible by integration\n",
		.expect = { .kind = KIND_PERMISSION, .type = "token may not", .error_line = 1 },
	},
	{
		.name = "the account is out of money",
		.log = "##[error]The job was not started because recent account payments have failed or "
		       "your spending limit needs to be increased. Please check the 'Billing & plans' "
		       "section in your settings\n",
		.expect = { .kind = KIND_RESOURCE, .type = "job refused", .error_line = 1 },
	},
	{
		.name = "words in a test's message",
		.log = "expected \"Resource not accessible by integration\"\n"
		       "Unable to resolve action `x` was printed\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_workflow = {
	.name = "workflow",
	.wake = wake,
	.line = line,
	.examples = examples,
};

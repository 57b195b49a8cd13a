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
	/* Images that GitHub took away. "internal error" follows, which would else look passing. */
	{ "This is a scheduled Ubuntu ", "runner is retired", KIND_CONFIG, false },
	{ "This is a scheduled Windows ", "runner is retired", KIND_CONFIG, false },
	{ "This is a scheduled macOS-", "runner is retired", KIND_CONFIG, false },
	{ "An action could not be found at the URI ", "no such action", KIND_CONFIG, false },
	/* Commands that a script hands to the runner. */
	{ "Unable to process file command ", "file command", KIND_CONFIG, false },
	{ "The `set-env` command is disabled", "retired command", KIND_CONFIG, false },
	{ "The `add-path` command is disabled", "retired command", KIND_CONFIG, false },
	/* Tools that a setup action cannot give. */
	{ "Dependencies lock file is not found in ", "no lock file", KIND_CONFIG, false },
	{ "Unable to find Node version ", "no such version", KIND_CONFIG, false },
	{ "Unable to find Go version ", "no such version", KIND_CONFIG, false },
	{ "Could not find satisfied version for SemVer", "no such version", KIND_CONFIG, false },
	{ "The version '", "no such version", KIND_CONFIG, false },
	/* Tokens. */
	{ "Parameter token or opts.auth is required", "missing token", KIND_PERMISSION, false },
	{ "Bad credentials", "bad token", KIND_PERMISSION, false },
	{ "GitHub Actions is not permitted to create or approve pull requests", "token may not",
	  KIND_PERMISSION, false },
	{ "Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable", "token may not",
	  KIND_PERMISSION, false },
	{ "Not Found - https://docs.github.com/rest", "not found", KIND_PERMISSION, false },
};

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	bool said = line->mark == MARK_ERROR || str_skip(&text, "Error: ");

	(void)state;
	(void)str_skip(&text, "Unhandled error: ");	/* github-script's */
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
	"Input required and not supplied: ", "not accessible by ",
	"The job was not started because ", "This is a scheduled ",
	"An action could not be found at", "Unable to process file command ",
	"` command is disabled", "Dependencies lock file is not found", "Unable to find Node version ",
	"Unable to find Go version ", "Could not find satisfied version", "' with architecture '",
	"Parameter token or opts.auth", "Bad credentials", "Actions is not permitted to create",
	"ACTIONS_ID_TOKEN_REQUEST_URL", "Not Found - https://docs.github.com", NULL };

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
		.name = "a script's token without the permission",
		.log = "RequestError [HttpError]: Resource not accessible by integration\n"
		       "    at /home/runner/work/_actions/actions/github-script/v7/dist/index.js:9537:21\n"
		       "##[error]Unhandled error: HttpError: Resource not accessible by integration\n",
		.expect = { .kind = KIND_PERMISSION, .type = "token may not", .error_line = 3 },
	},
	{
		.name = "the account is out of money",
		.log = "##[error]The job was not started because recent account payments have failed or "
		       "your spending limit needs to be increased. Please check the 'Billing & plans' "
		       "section in your settings\n",
		.expect = { .kind = KIND_RESOURCE, .type = "job refused", .error_line = 1 },
	},
	{
		.name = "an image that is retired",
		.log = "##[error]This is a scheduled Ubuntu 20.04 retirement. Ubuntu 20.04 LTS runner will be "
		       "removed on 2025-04-15.\n##[error]GitHub Actions has encountered an internal error "
		       "when running your job.\n",
		.expect = { .kind = KIND_CONFIG, .type = "runner is retired", .error_line = 1 },
	},
	{
		.name = "a Python that is not there",
		.log = "##[error]The version '3.5' with architecture 'x64' was not found for Ubuntu 24.04.\n",
		.expect = { .kind = KIND_CONFIG, .type = "no such version", .error_line = 1 },
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

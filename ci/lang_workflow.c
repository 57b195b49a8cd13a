/*
 * What GitHub Actions itself says when a job could not be run as its workflow file wants: actions
 * that are not there, permissions that are missing, accounts that may not run jobs. Runners that
 * get lost and limits of time are in lang_actions.c.
 */
#include "ci/form.h"
#include "ci/trace.h"

/* Only the runner's own errors: a test may print any of these. */
#define SAID(words, what, sort) SAID_BOTH(words, NULL, what, sort)
#define SAID_BOTH(words, more, what, sort) \
	{ .place = FORM_SAID, .start = words, .and = more, .tool = "actions", .type = what, \
	  .kind = sort, .weight = WEIGHT_CERTAIN }
/* What gh prints, which marks nothing. */
#define GH(words, more, what, sort) \
	{ .start = words, .and = more, .tool = "gh", .type = what, .kind = sort, \
	  .weight = WEIGHT_FAILURE }

static const struct form forms[] = {
	SAID("Unable to resolve action ", "no such action", KIND_CONFIG),
	SAID("Unable to resolve actions. ", "no such action", KIND_CONFIG),
	SAID("Can't find 'action.yml', 'action.yaml' or 'Dockerfile'", "no such action",
	     KIND_CONFIG),
	SAID("Missing download info for ", "no such action", KIND_CONFIG),
	SAID("This request has been automatically failed because it uses a deprecated version of ",
	     "action is retired", KIND_CONFIG),
	SAID("Invalid workflow file", "invalid workflow", KIND_CONFIG),
	SAID("The workflow is not valid. ", "invalid workflow", KIND_CONFIG),
	SAID("The template is not valid. ", "invalid workflow", KIND_CONFIG),
	SAID("Input required and not supplied: ", "missing input", KIND_CONFIG),
	SAID("Resource not accessible by integration", "token may not", KIND_PERMISSION),
	SAID("Resource not accessible by personal access token", "token may not", KIND_PERMISSION),
	SAID("The job was not started because ", "job refused", KIND_RESOURCE),
	/* Images that GitHub took away. "internal error" follows, which would else look passing. */
	SAID("This is a scheduled Ubuntu ", "runner is retired", KIND_CONFIG),
	SAID("This is a scheduled Windows ", "runner is retired", KIND_CONFIG),
	SAID("This is a scheduled macOS-", "runner is retired", KIND_CONFIG),
	SAID_BOTH("The ", " environment is deprecated", "runner is retired", KIND_CONFIG),
	SAID_BOTH("The ", " runner image has been removed", "runner is retired", KIND_CONFIG),
	SAID_BOTH("The ", " images are now retired", "runner is retired", KIND_CONFIG),
	SAID("An action could not be found at the URI ", "no such action", KIND_CONFIG),
	/* Commands that a script hands to the runner. */
	SAID("Unable to process file command ", "file command", KIND_CONFIG),
	SAID("The `set-env` command is disabled", "retired command", KIND_CONFIG),
	SAID("The `add-path` command is disabled", "retired command", KIND_CONFIG),
	/* Tools that a setup action cannot give. */
	SAID("Dependencies lock file is not found in ", "no lock file", KIND_CONFIG),
	SAID("Unable to find Node version ", "no such version", KIND_CONFIG),
	SAID("Unable to find Go version ", "no such version", KIND_CONFIG),
	SAID("Could not find satisfied version for SemVer", "no such version", KIND_CONFIG),
	SAID("The version '", "no such version", KIND_CONFIG),
	/* Tokens. */
	SAID("Parameter token or opts.auth is required", "missing token", KIND_PERMISSION),
	SAID("Bad credentials", "bad token", KIND_PERMISSION),
	SAID("GitHub Actions is not permitted to create or approve pull requests", "token may not",
	     KIND_PERMISSION),
	SAID("Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable", "token may not",
	     KIND_PERMISSION),
	SAID("Not Found - https://docs.github.com/rest", "not found", KIND_PERMISSION),
	GH("GraphQL: Resource not accessible by ", NULL, "token may not", KIND_PERMISSION),
	GH("HTTP 403: Resource not accessible by ", NULL, "token may not", KIND_PERMISSION),
	GH("gh: Resource not accessible by ", NULL, "token may not", KIND_PERMISSION),
	GH("pull request ", "failed: GraphQL: Resource not accessible by ", "token may not",
	   KIND_PERMISSION),
	GH("failed to ", ": HTTP 403: Resource not accessible by ", "token may not", KIND_PERMISSION),
	GH("gh: Bad credentials (HTTP 401)", NULL, "bad token", KIND_PERMISSION),
	GH("HTTP 401: Bad credentials ", NULL, "bad token", KIND_PERMISSION),
	GH("gh: To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN ", NULL,
	   "missing token", KIND_PERMISSION),
	GH("gh: Not Found (HTTP 404)", NULL, "not found", KIND_CONFIG),
};

/* ".github/workflows/ci.yml (Line: 12, Col: 9): ..." or ".github/workflows/ci.yml#L12" */
static void place(struct failure *failure, struct str text)
{
	struct place found = {0};
	struct str rest;

	if (str_split(text, " (Line: ", &text, &rest)) {
		if (!str_take_number(&rest, &found.line) || !str_skip(&rest, ", Col: ") ||
		    !str_take_number(&rest, &found.column))
			return;
	} else if (!str_split(text, "#L", &text, &rest) || !str_take_number(&rest, &found.line)) {
		return;
	}
	while (str_split(text, " ", NULL, &rest))
		text = rest;
	found.file = text;
	if (place_ends(found.file, ".yml .yaml"))
		place_set(failure, &found);
}

struct state {
	struct failure *invalid;	/* a workflow file, whose fault the next line tells */
	unsigned long since;
};

/* The line below "Invalid workflow file" says what is wrong and where. */
static bool fault_line(struct state *state, const struct line *line)
{
	struct str text = line->text;

	if (!state->invalid || line->number != state->since + 1)
		return false;
	if (!str_skip(&text, "The workflow is not valid. ") &&
	    !str_skip(&text, "The template is not valid. ") &&
	    !str_starts(text, "You have an error in your yaml syntax"))
		return false;
	state->invalid->message = findings_text(state->invalid, text);
	state->invalid->last_line = line->number;
	place(state->invalid, text);
	return true;
}

/* "/home/runner/work/r/r/./setup/action.yml (Line: 16, Col: 7): Required property is missing: shell" */
static bool is_placed(const struct line *line)
{
	struct str file, rest;

	return line->mark == MARK_ERROR && str_split(line->text, " (Line: ", &file, &rest) &&
	       place_ends(file, ".yml .yaml") && str_char(file, ' ') < 0 && str_has(rest, ", Col: ");
}

static enum wakefulness line(void *opaque, const struct line *line, struct findings *f)
{
	static const struct form placed = {
		.tool = "actions", .type = "invalid workflow", .kind = KIND_CONFIG,
		.weight = WEIGHT_CERTAIN,
	};
	struct state *state = opaque;
	struct line bare = *line;
	const struct form *form;
	struct failure *failure;

	if (fault_line(state, line))
		return ASLEEP;
	if (form_unlabel(line, &bare.text) && line->mark == MARK_NONE)
		bare.mark = MARK_ERROR;
	(void)str_skip(&bare.text, "Unhandled error: ");	/* github-script's */
	(void)str_skip(&bare.text, "HttpError: ");
	form = is_placed(&bare) ? &placed : form_find(FORMS(forms), &bare);
	if (!form)
		return ASLEEP;
	failure = form_report(form, &bare, f);
	place(failure, bare.text);
	if (str_starts(bare.text, "Invalid workflow file"))
		*state = (struct state){ failure, line->number };
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
	"You have an error in your yaml syntax", " (Line: ", "environment is deprecated",
	"runner image has been removed", "images are now retired",
	"ACTIONS_ID_TOKEN_REQUEST_URL", "Not Found - https://docs.github.com",
	"gh: To use GitHub CLI in", "gh: Not Found (HTTP 404)", NULL };

static const char *const workflow[] = { ".github/workflows/ci.yml", NULL };

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
		.name = "a workflow file with a mistake",
		.log = "##[error]The workflow is not valid. .github/workflows/ci.yml (Line: 12, Col: 9): "
		       "Unexpected value 'stepss'\n",
		.files = workflow,
		.expect = { .kind = KIND_CONFIG, .type = "invalid workflow", .error_line = 1,
			    .file = ".github/workflows/ci.yml", .line = 12 },
	},
	{
		.name = "a workflow file whose fault stands below",
		.log = "##[error]Invalid workflow file: .github/workflows/ci.yml#L10\n"
		       "The workflow is not valid. .github/workflows/ci.yml (Line: 10, Col: 13): Unexpected "
		       "symbol: '\"x\"'. Located at position 5 within expression: a == \"x\"\n",
		.files = workflow,
		.expect = { .kind = KIND_CONFIG, .type = "invalid workflow", .error_line = 1,
			    .file = ".github/workflows/ci.yml", .line = 10,
			    .message = ".github/workflows/ci.yml (Line: 10, Col: 13): Unexpected symbol: "
				       "'\"x\"'. Located at position 5 within expression: a == \"x\"" },
	},
	{
		.name = "an action with a step without a shell",
		.log = "##[error]/home/runner/work/r/r/./setup/action.yml (Line: 16, Col: 7): Required "
		       "property is missing: shell\n",
		.expect = { .kind = KIND_CONFIG, .type = "invalid workflow", .line = 16 },
	},
	{
		.name = "an image that was removed",
		.log = "##[error]The macOS-12 environment is deprecated and has been removed on December "
		       "3rd, 2024.\n",
		.expect = { .kind = KIND_CONFIG, .type = "runner is retired", .error_line = 1 },
	},
	{
		.name = "gh without a token",
		.log = "gh: To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment "
		       "variable. Example:\n  env:\n    GH_TOKEN: ${{ github.token }}\n"
		       "##[error]Process completed with exit code 4.\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "gh", .type = "missing token",
			    .error_line = 1 },
	},
	{
		.name = "gh with a token that may not",
		.log = "pull request create failed: GraphQL: Resource not accessible by integration "
		       "(createPullRequest)\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "gh", .type = "token may not",
			    .error_line = 1 },
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
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

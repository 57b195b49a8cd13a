/*
 * Clouds: credentials that are not there or not good enough, calls that are refused or slowed down.
 * AWS, Google Cloud, Azure, kubectl. Terraform and Helm have readers of their own.
 */
#include "ci/form.h"

#define ROW(where, words, more, whose, what, sort, heavy) \
	{ .place = where, .start = words, .and = more, .tool = whose, .type = what, .kind = sort, \
	  .weight = heavy }

static const struct form forms[] = {
	/* Secrets that are empty in a fork, an id-token permission that is not given. */
	ROW(FORM_SAID, "Credentials could not be loaded, please check your action inputs", NULL,
	    "aws", "no credentials", KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_SAID, "Could not load credentials from any providers", NULL, "aws",
	    "no credentials", KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_SAID, "Could not assume role with OIDC: ", NULL, "aws", "no access",
	    KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_SAID, "Not authorized to perform sts:", NULL, "aws", "no access", KIND_PERMISSION,
	    WEIGHT_CERTAIN),
	ROW(FORM_SAID, "The security token included in the request is ", NULL, "aws", "no access",
	    KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_START, "Unable to locate credentials. You can configure credentials by running ",
	    NULL, "aws", "no credentials", KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_INDENTED, "Unable to locate credentials", "aws configure", "aws", "no credentials",
	    KIND_PERMISSION, WEIGHT_CERTAIN),
	/* The server asks to be called less often. */
	{ .place = FORM_ANYWHERE, .start = "An error occurred (Throttling", .and = " when calling the ",
	  .tool = "aws", .type = "rate limit", .kind = KIND_INFRA, .weight = WEIGHT_FAILURE,
	  .transient = true },
	{ .place = FORM_ANYWHERE, .start = "An error occurred (TooManyRequests",
	  .and = " when calling the ", .tool = "aws", .type = "rate limit", .kind = KIND_INFRA,
	  .weight = WEIGHT_FAILURE, .transient = true },
	{ .place = FORM_ANYWHERE, .start = "An error occurred (SlowDown) when calling the ",
	  .tool = "aws", .type = "rate limit", .kind = KIND_INFRA, .weight = WEIGHT_FAILURE,
	  .transient = true },
	{ .place = FORM_ANYWHERE, .start = "An error occurred (ServiceUnavailable",
	  .and = " when calling the ", .tool = "aws", .type = "5xx", .kind = KIND_INFRA,
	  .weight = WEIGHT_FAILURE, .transient = true },
	{ .place = FORM_ANYWHERE, .start = "An error occurred (InternalError",
	  .and = " when calling the ", .tool = "aws", .type = "5xx", .kind = KIND_INFRA,
	  .weight = WEIGHT_FAILURE, .transient = true },
	ROW(FORM_ANYWHERE, "An error occurred (AccessDenied", " when calling the ", "aws",
	    "no access", KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_ANYWHERE, "An error occurred (Unauthorized", " when calling the ", "aws",
	    "no access", KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_ANYWHERE, "An error occurred (ExpiredToken", " when calling the ", "aws",
	    "expired", KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_ANYWHERE, "An error occurred (Invalid", "Token", "aws", "no access",
	    KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_ANYWHERE, "An error occurred (SignatureDoesNotMatch) when calling the ", NULL,
	    "aws", "no access", KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_START, "An error occurred (", " when calling the ", "aws", "call", KIND_CONFIG,
	    WEIGHT_FAILURE),
	{ .place = FORM_START, .start = "Could not connect to the endpoint URL: ", .tool = "aws",
	  .type = "connect", .kind = KIND_INFRA, .weight = WEIGHT_HINT, .transient = true },

	ROW(FORM_SAID, "google-github-actions/", "must specify exactly one of", "gcloud",
	    "no credentials", KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_SAID, "google-github-actions/", "ACTIONS_ID_TOKEN_REQUEST", "gcloud",
	    "token may not", KIND_PERMISSION, WEIGHT_CERTAIN),
	{ .place = FORM_SAID, .start = "google-github-actions/", .and = " failed with: ",
	  .tool = "gcloud", .type = "action", .kind = KIND_UNKNOWN, .weight = WEIGHT_HINT,
	  .judge = JUDGE_NETWORK },
	ROW(FORM_START, "ERROR: (gcloud.", "PERMISSION_DENIED", "gcloud", "no access",
	    KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_START, "ERROR: (gcloud.", "does not have permission", "gcloud", "no access",
	    KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_START, "ERROR: (gcloud.", "do not currently have an active account", "gcloud",
	    "no credentials", KIND_PERMISSION, WEIGHT_CERTAIN),
	{ .start = "ERROR: (gcloud.", .tool = "gcloud", .type = "call", .kind = KIND_UNKNOWN,
	  .weight = WEIGHT_FAILURE, .judge = JUDGE_NETWORK },

	ROW(FORM_SAID, "Login failed with Error: ", NULL, "azure", "no credentials",
	    KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_SAID, "Az CLI Login failed", NULL, "azure", "no credentials", KIND_PERMISSION,
	    WEIGHT_CERTAIN),
	ROW(FORM_START, "ERROR: AADSTS", NULL, "azure", "no access", KIND_PERMISSION,
	    WEIGHT_CERTAIN),
	ROW(FORM_START, "ERROR: Please run 'az login' to setup account", NULL, "azure",
	    "no credentials", KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_START, "ERROR: (AuthorizationFailed) ", NULL, "azure", "no access",
	    KIND_PERMISSION, WEIGHT_CERTAIN),

	ROW(FORM_START, "error: You must be logged in to the server", NULL, "kubectl", "no access",
	    KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_START, "Error from server (Forbidden): ", NULL, "kubectl", "no access",
	    KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW(FORM_START, "Error from server (NotFound): ", NULL, "kubectl", "no such object",
	    KIND_CONFIG, WEIGHT_DIAGNOSTIC),
	ROW(FORM_START, "The connection to the server ", " was refused - did you specify the right",
	    "kubectl", "no server", KIND_CONFIG, WEIGHT_DIAGNOSTIC),
};

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	(void)state;
	form_line(FORMS(forms), line, f);
	return ASLEEP;
}

static const char *const wake[] = { "Credentials could not be loaded", "Could not load credentials from",
	"Could not assume role with OIDC", "Not authorized to perform sts:",
	"The security token included in", "Unable to locate credentials", "An error occurred (",
	"Could not connect to the endpoint", "google-github-actions/", "ERROR: (gcloud.",
	"Login failed with Error: ", "Az CLI Login failed", "ERROR: AADSTS",
	"ERROR: Please run 'az login'", "ERROR: (AuthorizationFailed)",
	"error: You must be logged in", "Error from server (", "The connection to the server ", NULL };

static const struct reading examples[] = {
	{
		.name = "AWS, no credentials",
		.log = "##[error]Credentials could not be loaded, please check your action inputs: Could not "
		       "load credentials from any providers\n##[error]Process completed with exit code "
		       "1.\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "aws", .type = "no credentials",
			    .error_line = 1 },
	},
	{
		.name = "AWS, a role that may not",
		.log = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "aws", .type = "no access",
			    .error_line = 1 },
	},
	{
		.name = "AWS, too fast",
		.log = "An error occurred (ThrottlingException) when calling the DescribeServices operation "
		       "(reached max retries: 4): Rate exceeded\n",
		.expect = { .kind = KIND_INFRA, .tool = "aws", .type = "rate limit", .error_line = 1,
			    .transient = true },
	},
	{
		.name = "Google Cloud, secrets that are empty in a fork",
		.log = "##[error]google-github-actions/auth failed with: the GitHub Action workflow must "
		       "specify exactly one of \"workload_identity_provider\" or \"credentials_json\"!\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "gcloud", .type = "no credentials",
			    .error_line = 1 },
	},
	{
		.name = "Azure, secrets that are empty in a fork",
		.log = "##[error]Login failed with Error: Using auth-type: SERVICE_PRINCIPAL. Not all values "
		       "are present. Ensure 'client-id' and 'tenant-id' are supplied.\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "azure", .type = "no credentials",
			    .error_line = 1 },
	},
	{
		.name = "a name that only looks like it",
		.log = "Download action repository 'google-github-actions/auth@v2' (SHA:ba79af03959ebeac)\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_cloud = {
	.name = "cloud",
	.wake = wake,
	.line = line,
	.examples = examples,
};

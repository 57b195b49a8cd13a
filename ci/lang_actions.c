/*
 * What the runner and GitHub's services say when they themselves fail or give up: runners that get
 * lost, limits of time, jobs that are cancelled, the cache and artifact services. What is wrong with
 * a workflow file or a token is in lang_workflow.c.
 */
#include "ci/form.h"

/* Only behind "##[error]": a test may print any of these. */
#define SAID(words, more, what, sort, heavy, again) \
	{ .place = FORM_SAID, .start = words, .and = more, .tool = "actions", .type = what, \
	  .kind = sort, .weight = heavy, .transient = again }

static const struct form forms[] = {
	/* The machine went away; the next one may live. */
	SAID("The hosted runner lost communication with the server", NULL, "runner lost", KIND_INFRA,
	     WEIGHT_FAILURE, true),
	SAID("The hosted runner: ", "lost communication with the server", "runner lost", KIND_INFRA,
	     WEIGHT_FAILURE, true),
	SAID("The self-hosted runner", "lost communication with the server", "runner lost",
	     KIND_INFRA, WEIGHT_FAILURE, true),
	SAID("The hosted runner encountered an error while running your job", NULL, "runner lost",
	     KIND_INFRA, WEIGHT_FAILURE, true),
	SAID("The runner has received a shutdown signal", NULL, "shutdown", KIND_INFRA,
	     WEIGHT_FAILURE, true),
	SAID("Received request to deprovision: ", NULL, "shutdown", KIND_INFRA, WEIGHT_FAILURE, true),
	SAID("The remote provider was unable to process the request", NULL, "no runner", KIND_INFRA,
	     WEIGHT_FAILURE, true),
	SAID("GitHub Actions has encountered an internal error when running your job", NULL,
	     "internal error", KIND_INFRA, WEIGHT_FAILURE, true),
	SAID("The job was not acquired by Runner of type hosted", NULL, "no runner", KIND_INFRA,
	     WEIGHT_CERTAIN, true),
	SAID("Can't find any online and idle self-hosted runner", NULL, "no runner", KIND_INFRA,
	     WEIGHT_CERTAIN, true),
	/* Downloads of actions: by what the line says of its reason. */
	{ .place = FORM_SAID, .start = "Failed to download action '", .tool = "actions",
	  .type = "download", .kind = KIND_INFRA, .weight = WEIGHT_FAILURE, .transient = true,
	  .judge = JUDGE_NETWORK },
	{ .place = FORM_SAID, .start = "Failed to resolve action download info", .tool = "actions",
	  .type = "download", .kind = KIND_INFRA, .weight = WEIGHT_FAILURE, .transient = true,
	  .judge = JUDGE_NETWORK },
	SAID("We couldn't respond to your request in time", NULL, "service", KIND_INFRA,
	     WEIGHT_FAILURE, true),
	/* Time: it would run out again. */
	SAID("The job running on runner ", "has exceeded the maximum execution time of ", "job time",
	     KIND_TIMEOUT, WEIGHT_FAILURE, false),
	SAID("The job has exceeded the maximum execution time of ", NULL, "job time", KIND_TIMEOUT,
	     WEIGHT_FAILURE, false),
	SAID("The action ", " has timed out after ", "step time", KIND_TIMEOUT, WEIGHT_FAILURE, false),
	/* Somebody or something wanted it so: nothing failed here. */
	SAID("The operation was canceled", NULL, "cancelled", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, false),
	SAID("Canceling since a higher priority waiting request for ", NULL, "cancelled",
	     KIND_UNKNOWN, WEIGHT_SUMMARY, false),
	SAID("The run was canceled by ", NULL, "cancelled", KIND_UNKNOWN, WEIGHT_SUMMARY, false),
	SAID("The strategy configuration was canceled because ", NULL, "cancelled", KIND_UNKNOWN,
	     WEIGHT_SUMMARY, false),
	SAID("The job was canceled because ", NULL, "cancelled", KIND_UNKNOWN, WEIGHT_SUMMARY, false),
	/* Services for caches and artifacts. */
	SAID("Failed to restore: ", "ache service", "cache", KIND_INFRA, WEIGHT_HINT, true),
	SAID("Failed to save: ", "ache service", "cache", KIND_INFRA, WEIGHT_HINT, true),
	SAID("Cache service responded with 5", NULL, "cache", KIND_INFRA, WEIGHT_HINT, true),
	SAID("Cache service responded with 429", NULL, "cache", KIND_INFRA, WEIGHT_HINT, true),
	SAID("Unable to download artifact(s): Artifact not found ", NULL, "no such artifact",
	     KIND_CONFIG, WEIGHT_CERTAIN, false),
	SAID("Artifact not found for name: ", NULL, "no such artifact", KIND_CONFIG, WEIGHT_CERTAIN,
	     false),
	SAID("Unable to find an artifact with the name: ", NULL, "no such artifact", KIND_CONFIG,
	     WEIGHT_CERTAIN, false),
	SAID("Unable to find any artifacts for the associated workflow", NULL, "no such artifact",
	     KIND_CONFIG, WEIGHT_CERTAIN, false),
	SAID("no artifact matches any of the names or patterns", NULL, "no such artifact",
	     KIND_CONFIG, WEIGHT_CERTAIN, false),
	SAID("No files were found with the provided path: ", NULL, "nothing to upload", KIND_CONFIG,
	     WEIGHT_FAILURE, false),
	SAID("Failed to CreateArtifact: ", "(409) Conflict", "artifact exists", KIND_CONFIG,
	     WEIGHT_CERTAIN, false),
	SAID("Failed to CreateArtifact: ", "quota", "artifact quota", KIND_RESOURCE, WEIGHT_CERTAIN,
	     false),
	SAID("Artifact storage quota has been hit", NULL, "artifact quota", KIND_RESOURCE,
	     WEIGHT_CERTAIN, false),
	SAID("Create Artifact Container failed: ", "quota", "artifact quota", KIND_RESOURCE,
	     WEIGHT_CERTAIN, false),
	SAID("Failed to CreateArtifact: ", "(403)", "token may not", KIND_PERMISSION, WEIGHT_CERTAIN,
	     false),
	{ .place = FORM_SAID, .start = "Unable to download artifact(s): ", .tool = "actions",
	  .type = "artifact", .kind = KIND_UNKNOWN, .weight = WEIGHT_FAILURE, .judge = JUDGE_NETWORK },
	SAID("Failed to CreateArtifact: ", "Failed to make request after ", "artifact service",
	     KIND_INFRA, WEIGHT_FAILURE, true),
	SAID("Failed to FinalizeArtifact: ", "Failed to make request after ", "artifact service",
	     KIND_INFRA, WEIGHT_FAILURE, true),
	SAID("Failed to ListArtifacts: ", "Failed to make request after ", "artifact service",
	     KIND_INFRA, WEIGHT_FAILURE, true),
	/* Who only hands on that something failed. */
	SAID("The process '", "' failed with exit code ", "exit code", KIND_UNKNOWN,
	     WEIGHT_CONSEQUENCE, false),
	SAID("Executing the custom container implementation failed", NULL, "container",
	     KIND_UNKNOWN, WEIGHT_CONSEQUENCE, false),
	SAID("A task was canceled", NULL, "cancelled", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, false),
	SAID("Final attempt failed. ", NULL, "exit code", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, false),
	SAID("Docker run failed with exit code ", NULL, "exit code", KIND_UNKNOWN,
	     WEIGHT_CONSEQUENCE, false),
};

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	(void)state;
	form_line(FORMS(forms), line, f);
	return ASLEEP;
}

static const char *const wake[] = { "lost communication with the server",
	"encountered an error while running your job", "received a shutdown signal",
	"Received request to deprovision", "The remote provider was unable",
	"has encountered an internal error when", "The job was not acquired by Runner",
	"Can't find any online and idle", "Failed to download action '",
	"Failed to resolve action download", "We couldn't respond to your request",
	"exceeded the maximum execution time", " has timed out after ", "The operation was canceled",
	"Canceling since a higher priority", "The run was canceled by ",
	"The strategy configuration was canceled", "The job was canceled because ",
	"Failed to restore: ", "Failed to save: ", "Cache service responded with ",
	"Unable to download artifact(s): ", "Artifact not found for name: ",
	"Unable to find an artifact with", "Unable to find any artifacts for",
	"no artifact matches any of the", "No files were found with the provided",
	"Failed to CreateArtifact: ", "Failed to FinalizeArtifact: ", "Failed to ListArtifacts: ",
	"rtifact storage quota has been hit", "Create Artifact Container failed",
	"' failed with exit code ", "custom container implementation failed", "A task was canceled",
	"Final attempt failed. ", "Docker run failed with exit code ", NULL };

static const struct reading examples[] = {
	{
		.name = "the runner went away",
		.log = "##[error]The runner has received a shutdown signal. This can happen when the runner "
		       "service is stopped, or a manually started runner is canceled.\n",
		.expect = { .kind = KIND_INFRA, .tool = "actions", .type = "shutdown",
			    .transient = true },
	},
	{
		.name = "a job that takes too long will do so again",
		.log = "##[error]The job running on runner GitHub Actions 2 has exceeded the maximum "
		       "execution time of 360 minutes.\n",
		.expect = { .kind = KIND_TIMEOUT, .tool = "actions", .type = "job time" },
	},
	{
		.name = "an artifact that was never made",
		.log = "Downloading single artifact\n"
		       "##[error]Unable to download artifact(s): Artifact not found for name: wheels\n"
		       "        Please ensure that your artifact is not expired and the artifact was "
		       "uploaded using a compatible version of toolkit/upload-artifact.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "actions", .type = "no such artifact",
			    .error_line = 2 },
	},
	{
		.name = "an artifact twice",
		.log = "##[error]Failed to CreateArtifact: Received non-retryable error: Failed request: "
		       "(409) Conflict: an artifact with this name already exists on the workflow run\n",
		.expect = { .kind = KIND_CONFIG, .type = "artifact exists", .error_line = 1 },
	},
	{
		.name = "a newer run of the same group",
		.log = "##[error]Canceling since a higher priority waiting request for 'test-refs/heads/"
		       "main' exists\n##[error]The operation was canceled.\n",
		.expect = { .kind = KIND_UNKNOWN, .tool = "actions", .type = "cancelled",
			    .error_line = 1 },
	},
	{
		.name = "the download of an action",
		.log = "##[error]Failed to download action 'https://api.github.com/repos/actions/cache/"
		       "tarball/0c45773b623bea8c8e75f6c82b208c3cf94ea4f9'. Error: Response status code "
		       "does not indicate success: 503 (Service Unavailable).\n",
		.expect = { .kind = KIND_INFRA, .type = "5xx", .error_line = 1,
			    .transient = true },
	},
	{
		.name = "a cache that is not there is only a warning",
		.log = "##[warning]Failed to restore: Cache service responded with 503\n"
		       "printed: The operation was canceled.\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_actions = {
	.name = "actions",
	.wake = wake,
	.line = line,
	.examples = examples,
};

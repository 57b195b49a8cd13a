/*
 * Python's other package managers: uv, poetry, conda and mamba. Versions that do not go together,
 * lock files out of step, interpreters and packages that are not there, downloads with their causes.
 * What a package's own build printed is for the readers of that.
 */
#include "ci/form.h"

#define ROW(where, words, more, whose, what, sort, heavy) \
	{ .place = where, .start = words, .and = more, .tool = whose, .type = what, .kind = sort, \
	  .weight = heavy, .skip = "error: " }

/* Why stands below it. */
#define CAUSED(where, words, what) \
	{ .place = where, .start = words, .tool = "uv", .type = what, .kind = KIND_DEPENDENCY, \
	  .weight = WEIGHT_FAILURE, .judge = JUDGE_NETWORK, .skip = "error: " }

static const struct form forms[] = {
	ROW(FORM_ANYWHERE, "No solution found when resolving ", NULL, "uv", "conflict",
	    KIND_DEPENDENCY, WEIGHT_DIAGNOSTIC),
	ROW(FORM_ANYWHERE, "The lockfile at `uv.lock` needs to be updated", NULL, "uv", "lock file",
	    KIND_DEPENDENCY, WEIGHT_CERTAIN),
	ROW(FORM_START, "error: No interpreter found for ", NULL, "uv", "no such python",
	    KIND_CONFIG, WEIGHT_CERTAIN),
	ROW(FORM_START, "error: No download found for request: ", NULL, "uv", "no such python",
	    KIND_CONFIG, WEIGHT_CERTAIN),
	ROW(FORM_START, "error: Unable to find lockfile at `uv.lock`", NULL, "uv", "lock file",
	    KIND_CONFIG, WEIGHT_CERTAIN),
	ROW(FORM_START, "error: No virtual environment found", NULL, "uv", "no environment",
	    KIND_CONFIG, WEIGHT_CERTAIN),

	CAUSED(FORM_START, "error: Failed to fetch: `", "fetch"),
	CAUSED(FORM_START, "error: Failed to download ", "download"),
	CAUSED(FORM_START, "error: Request failed after ", "fetch"),
	CAUSED(FORM_START, "error: Error while fetching remote python downloads", "download"),
	CAUSED(FORM_INDENTED, "\xc3\x97 Failed to download ", "download"),
	CAUSED(FORM_INDENTED, "\xc3\x97 Failed to fetch", "fetch"),
	/* Why it does not build stands below. */
	ROW(FORM_INDENTED, "\xc3\x97 Failed to build `", NULL, "uv", "build", KIND_DEPENDENCY,
	    WEIGHT_SUMMARY),
	ROW(FORM_START, "error: Failed to build: `", NULL, "uv", "build", KIND_DEPENDENCY,
	    WEIGHT_SUMMARY),

	ROW(FORM_ANYWHERE, ", version solving failed.", NULL, "poetry", "conflict", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW(FORM_START, "pyproject.toml changed significantly since poetry.lock was last generated",
	    NULL, "poetry", "lock file", KIND_DEPENDENCY, WEIGHT_CERTAIN),
	ROW(FORM_START, "Error: pyproject.toml changed significantly since poetry.lock ", NULL,
	    "poetry", "lock file", KIND_DEPENDENCY, WEIGHT_CERTAIN),
	ROW(FORM_INDENTED, "Unable to find installation candidates for ", NULL, "poetry",
	    "no such version", KIND_DEPENDENCY, WEIGHT_CERTAIN),

	ROW(FORM_START, "PackagesNotFoundError: ", NULL, "conda", "no such package",
	    KIND_DEPENDENCY, WEIGHT_CERTAIN),
	ROW(FORM_START, "ResolvePackageNotFound", NULL, "conda", "no such package", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW(FORM_START, "UnsatisfiableError: ", NULL, "conda", "conflict", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW(FORM_START, "LibMambaUnsatisfiableError: ", NULL, "conda", "conflict", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW(FORM_START, "EnvironmentFileNotFound: ", NULL, "conda", "no such file", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	ROW(FORM_START, "EnvironmentNameNotFound: ", NULL, "conda", "no environment", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	ROW(FORM_START, "CondaHTTPError: HTTP 404", NULL, "conda", "404", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	ROW(FORM_START, "UnavailableInvalidChannel: ", NULL, "conda", "no such channel",
	    KIND_CONFIG, WEIGHT_CERTAIN),
	{ .start = "CondaHTTPError: HTTP 000 CONNECTION FAILED", .tool = "conda",
	  .type = "connection", .kind = KIND_INFRA, .weight = WEIGHT_FAILURE, .transient = true },
	{ .start = "CondaHTTPError: HTTP ", .tool = "conda", .type = "HTTP error",
	  .kind = KIND_UNKNOWN, .weight = WEIGHT_FAILURE, .judge = JUDGE_NETWORK },
	{ .place = FORM_ANYWHERE, .start = "libmamba Could not solve for environment specs",
	  .tool = "conda", .type = "conflict", .kind = KIND_DEPENDENCY, .weight = WEIGHT_CERTAIN },
};

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	return form_caused(FORMS(forms), state, "python", line, f);
}

static const char *const wake[] = { "No solution found when resolving", "The lockfile at `uv.lock`",
	"error: No interpreter found for", "error: No download found for", "lockfile at `uv.lock`",
	"error: Failed to fetch: `", "error: Failed to download ", "error: Request failed after ",
	"error: Error while fetching remote", "\xc3\x97 Failed to ", "error: Failed to build: `",
	"error: No virtual environment", ", version solving failed.",
	"pyproject.toml changed significantly", "Unable to find installation candidates",
	"PackagesNotFoundError: ", "ResolvePackageNotFound", "UnsatisfiableError: ",
	"EnvironmentFileNotFound: ", "EnvironmentNameNotFound: ", "CondaHTTPError: ",
	"UnavailableInvalidChannel: ", "libmamba Could not solve", NULL };

static const struct reading examples[] = {
	{
		.name = "uv, a lock file out of step",
		.log = "error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided. To "
		       "update the lockfile, run `uv lock`.\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "python", .tool = "uv",
			    .type = "lock file", .error_line = 1 },
	},
	{
		.name = "uv, versions that are not there",
		.log = "  \xc3\x97 No solution found when resolving dependencies:\n"
		       "  \xe2\x95\xb0\xe2\x94\x80\xe2\x96\xb6 Because there is no version of beta==9 and "
		       "shop depends on beta==9, we can conclude that shop's requirements are "
		       "unsatisfiable.\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "uv", .type = "conflict",
			    .error_line = 1 },
	},
	{
		.name = "uv, a download",
		.log =
		"error: Error while fetching remote python downloads json from 'https://example.com/x.json'\n"
		"  Caused by: Failed to download https://example.com/x.json\n"
		"  Caused by: client error (Connect)\n  Caused by: dns error\n+ py_bin=\n",
		.expect = { .kind = KIND_INFRA, .tool = "uv", .type = "DNS", .error_line = 1,
			    .transient = true },
	},
	{
		.name = "uv, a package that is refused",
		.log = "error: Failed to fetch: `https://pypi.example/simple/shop/`\n"
		       "  Caused by: HTTP status client error (403 Forbidden) for url "
		       "(https://pypi.example/simple/shop/)\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "uv", .type = "403", .error_line = 1 },
	},
	{
		.name = "poetry, a version that is not there",
		.log = "Resolving dependencies...\n\nBecause shop depends on beta (9) which doesn't match any "
		       "versions, version solving failed.\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "poetry", .type = "conflict",
			    .error_line = 3 },
	},
	{
		.name = "poetry, a lock file out of step",
		.log = "Installing dependencies from lock file\n\npyproject.toml changed significantly since "
		       "poetry.lock was last generated. Run `poetry lock` to fix the lock file.\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "poetry", .type = "lock file",
			    .error_line = 3 },
	},
	{
		.name = "conda, a package that is not there",
		.log = "Solving environment: failed\n\nPackagesNotFoundError: The following packages are not "
		       "available from current channels:\n\n  - nosuch=3.6\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "conda", .type = "no such package",
			    .error_line = 3 },
	},
	{
		.name = "conda, no way to the channel",
		.log = "CondaHTTPError: HTTP 000 CONNECTION FAILED for url <https://conda.anaconda.org/"
		       "conda-forge/noarch/repodata.json>\nElapsed: -\n",
		.expect = { .kind = KIND_INFRA, .tool = "conda", .type = "connection",
			    .error_line = 1, .transient = true },
	},
	{0}
};

const struct reader reader_uv = {
	.name = "uv",
	.language = "python",
	.wake = wake,
	.state_size = sizeof(struct causes),
	.line = line,
	.examples = examples,
};

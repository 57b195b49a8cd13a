/*
 * The package managers of operating systems: apt and dpkg, apk, dnf and yum, brew, choco. Packages
 * that are not there stay away; mirrors that do not answer may come back.
 */
#include "ci/form.h"

enum { MIRROR_LINES = 40 };

#define ROW(words, more, whose, what, sort, heavy) \
	{ .start = words, .and = more, .tool = whose, .type = what, .kind = sort, .weight = heavy }
#define MIRROR(words, more, whose, what) \
	{ .start = words, .and = more, .tool = whose, .type = what, .kind = KIND_INFRA, \
	  .weight = WEIGHT_HINT, .transient = true }

static const struct form forms[] = {
	ROW("E: Unable to locate package ", NULL, "apt", "no such package", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW("E: Couldn't find any package by ", NULL, "apt", "no such package", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW("E: Package '", "has no installation candidate", "apt", "no such package",
	    KIND_DEPENDENCY, WEIGHT_CERTAIN),
	ROW("E: Version '", "was not found", "apt", "no such version", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW("E: Unable to correct problems, you have held broken packages", NULL, "apt", "conflict",
	    KIND_DEPENDENCY, WEIGHT_CERTAIN),
	ROW("E: Unmet dependencies", NULL, "apt", "conflict", KIND_DEPENDENCY, WEIGHT_CERTAIN),
	ROW("E: Unable to satisfy dependencies", NULL, "apt", "conflict", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW("E: The repository '", "does not have a Release file", "apt", "no such repository",
	    KIND_CONFIG, WEIGHT_CERTAIN),
	ROW("E: The repository '", "no longer has a Release file", "apt", "no such repository",
	    KIND_CONFIG, WEIGHT_CERTAIN),
	ROW("E: The repository '", "is not signed", "apt", "not signed", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	ROW("E: Malformed entry ", NULL, "apt", "sources", KIND_CONFIG, WEIGHT_CERTAIN),
	ROW("E: Could not open lock file ", "Permission denied", "apt", "no access",
	    KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW("E: Unable to acquire the dpkg frontend lock ", "are you root", "apt", "no access",
	    KIND_PERMISSION, WEIGHT_CERTAIN),
	ROW("E: dpkg was interrupted", NULL, "apt", "interrupted", KIND_INFRA, WEIGHT_DIAGNOSTIC),
	ROW("dpkg: error processing package ", NULL, "dpkg", "package", KIND_DEPENDENCY,
	    WEIGHT_SUMMARY),
	ROW("E: Sub-process /usr/bin/dpkg returned an error code ", NULL, "apt", "dpkg",
	    KIND_UNKNOWN, WEIGHT_CONSEQUENCE),
	/* The lists are older than the mirror: "apt-get update" is missing, a rerun does not add it. */
	ROW("E: Failed to fetch ", "404  Not Found", "apt", "404", KIND_DEPENDENCY, WEIGHT_CERTAIN),
	ROW("E: Failed to fetch ", "403  Forbidden", "apt", "403", KIND_PERMISSION,
	    WEIGHT_DIAGNOSTIC),
	MIRROR("E: Failed to fetch ", NULL, "apt", "fetch"),
	{ .start = "E: Unable to fetch some archives", .tool = "apt", .type = "fetch",
	  .kind = KIND_UNKNOWN, .weight = WEIGHT_CONSEQUENCE },	/* the reason stands above it */
	MIRROR("W: Failed to fetch ", "Temporary failure resolving", "apt", "DNS"),
	/* Another apt runs on this machine, as new runners start with one. */
	MIRROR("E: Could not get lock /var/lib/", NULL, "apt", "lock"),

	ROW("ERROR: unable to select packages:", NULL, "apk", "no such package", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW("ERROR: unsatisfiable constraints:", NULL, "apk", "no such package", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	MIRROR("ERROR: http", "temporary error (try again later)", "apk", "mirror"),

	ROW("Error: Unable to find a match: ", NULL, "dnf", "no such package", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW("Error: Failed to download metadata for repo ", NULL, "dnf", "metadata", KIND_INFRA,
	    WEIGHT_HINT),
	ROW("error: target not found: ", NULL, "pacman", "no such package", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),

	ROW("Error: No available formula ", NULL, "brew", "no such formula", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW("Error: No formulae or casks found for ", NULL, "brew", "no such formula",
	    KIND_DEPENDENCY, WEIGHT_CERTAIN),
	ROW("Error: Cask '", "is unavailable: ", "brew", "no such cask", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	ROW("Error: The `brew link` step did not complete successfully", NULL, "brew", "link",
	    KIND_CONFIG, WEIGHT_FAILURE),
	{ .start = "Error: ", .and = "Failed to download resource \"", .tool = "brew",
	  .type = "download", .kind = KIND_INFRA, .weight = WEIGHT_HINT, .transient = true },

	ROW("The package was not found with the source(s) listed", NULL, "choco",
	    "no such package", KIND_DEPENDENCY, WEIGHT_CERTAIN),
};

struct state {
	unsigned long mirror_at;	/* apk could not read a list */
};

/* Without its lists apk knows no package: then the mirror is the reason. */
static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	const struct form *form = form_find(FORMS(forms), line);
	struct failure *failure;

	if (str_has(line->text, "temporary error (try again later)"))
		s->mirror_at = line->number;
	if (!form)
		return ASLEEP;
	failure = form_report(form, line, f);
	if (str_is(str_of(form->tool), "apk") && s->mirror_at &&
	    line->number - s->mirror_at <= MIRROR_LINES) {
		failure->kind = KIND_INFRA;
		failure->type = "mirror";
		failure->transient = true;
	}
	return ASLEEP;
}

static const char *const wake[] = { "E: Unable to locate package", "E: Couldn't find any package",
	"has no installation candidate", "E: Version '", "E: Unable to correct problems",
	"E: Unmet dependencies", "E: Unable to satisfy dep", "E: The repository '",
	"E: Malformed entry ", "E: Could not open lock file", "E: Unable to acquire the dpkg",
	"E: dpkg was interrupted", "dpkg: error processing", "E: Sub-process /usr/bin/dpkg",
	"E: Failed to fetch ", "E: Unable to fetch some", "W: Failed to fetch ",
	"E: Could not get lock ", "ERROR: unable to select packages", "ERROR: unsatisfiable con",
	"temporary error (try again", "Error: Unable to find a match: ",
	"Failed to download metadata for", "error: target not found: ",
	"Error: No available formula", "Error: No formulae or casks", "Error: Cask '",
	"Error: The `brew link` step", "Failed to download resource \"",
	"not found with the source(s) listed", NULL };

static const struct reading examples[] = {
	{
		.name = "a package that is not there",
		.log = "Reading package lists...\nBuilding dependency tree...\n"
		       "Reading state information...\nE: Unable to locate package nosuch-package-aegis\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "apt", .type = "no such package",
			    .error_line = 4 },
	},
	{
		.name = "a version that is not there",
		.log = "However the following packages replace it:\n  bash-doc\n\n"
		       "E: Version '99' for 'bash' was not found\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "apt", .type = "no such version",
			    .error_line = 4 },
	},
	{
		.name = "a mirror that does not answer",
		.log = "Err:1 http://deb.debian.org/debian bookworm/main amd64 sl amd64 5.02-1+b1\n"
		       "  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection "
		       "refused)\n"
		       "E: Failed to fetch http://deb.debian.org/debian/pool/main/s/sl/sl_5.02-1%2bb1_amd64"
		       ".deb  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection "
		       "refused)\n",
		.expect = { .kind = KIND_INFRA, .tool = "apt", .type = "fetch", .error_line = 3,
			    .transient = true },
	},
	{
		.name = "lists that are too old",
		.log = "E: Failed to fetch http://deb.debian.org/debian/pool/main/s/sl/sl_5.02-1_amd64.deb  "
		       "404  Not Found [IP: 127.0.0.1 80]\nE: Unable to fetch some archives, maybe run "
		       "apt-get update or try with --fix-missing?\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "apt", .type = "404", .error_line = 1 },
	},
	{
		.name = "apk, and its mirror",
		.log = "WARNING: updating and opening https://dl-cdn.alpinelinux.org/alpine/v3.18/main: "
		       "temporary error (try again later)\n"
		       "ERROR: unable to select packages:\n  git (no such package):\n"
		       "    required by: world[git]\n",
		.expect = { .kind = KIND_INFRA, .tool = "apk", .type = "mirror", .error_line = 2,
			    .transient = true },
	},
	{
		.name = "apk, a package that is not there",
		.log = "ERROR: unable to select packages:\n  nosuch (no such package):\n"
		       "    required by: world[nosuch]\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "apk", .type = "no such package",
			    .error_line = 1 },
	},
	{
		.name = "brew, a formula that is not there",
		.log = "Error: No available formula with the name \"nosuch\".\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "brew", .type = "no such formula",
			    .error_line = 1 },
	},
	{0}
};

const struct reader reader_apt = {
	.name = "apt",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

/*
 * Docker, BuildKit and compose: images and build files that are not there, registries that refuse,
 * containers that do not come up. What a command inside a build printed is for that command's
 * reader; that it failed is a consequence.
 */
#include "ci/form.h"
#include "ci/network.h"

enum { COMMAND_MAX = 2048 };

struct state {
	unsigned line;			/* of the Dockerfile, as BuildKit shows it above its error */
	char file[64];
	size_t size;			/* of a failed command that no summary has repeated yet */
	unsigned long number;
	char command[COMMAND_MAX];
};

/* The labels that stand before what the daemon or BuildKit says, in any number and order. */
static const char *const labels[] = { "buildx failed with: ", "ERROR: ", "Error: ", "docker: ",
	"failed to build: ", "failed to solve: ", "failed to solve with frontend dockerfile.v0: ",
	"rpc error: code = Unknown desc = ", "Error response from daemon: ",
	"failed to register layer: ", NULL };

static const struct {
	const char *words, *and, *type;
	enum kind kind;
	unsigned weight;
	bool transient;
} rows[] = {
	/* A command of the build failed: it said why. */
	{ "did not complete successfully: exit code: 137", "", "killed", KIND_RESOURCE,
	  WEIGHT_SUMMARY, true },
	{ "did not complete successfully: exit code: ", "", "command", KIND_UNKNOWN,
	  WEIGHT_CONSEQUENCE, false },
	{ "executor failed running [", "", "command", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, false },
	/* The registry counts pulls; another hour is another count. */
	{ "toomanyrequests", "", "rate limit", KIND_INFRA, WEIGHT_FAILURE, true },
	{ "pull rate limit", "", "rate limit", KIND_INFRA, WEIGHT_FAILURE, true },
	/* What was asked for is not there. */
	{ "manifest unknown", "", "no such image", KIND_DEPENDENCY, WEIGHT_CERTAIN, false },
	{ "manifest for ", " not found", "no such image", KIND_DEPENDENCY, WEIGHT_CERTAIN, false },
	{ "no matching manifest for ", "", "platform", KIND_CONFIG, WEIGHT_CERTAIN, false },
	{ "no match for platform in manifest", "", "platform", KIND_CONFIG, WEIGHT_CERTAIN, false },
	{ "No such image: ", "", "no such image", KIND_CONFIG, WEIGHT_CERTAIN, false },
	{ "No such container: ", "", "no such container", KIND_CONFIG, WEIGHT_DIAGNOSTIC, false },
	{ "failed to resolve source metadata for ", ": not found", "no such image",
	  KIND_DEPENDENCY, WEIGHT_CERTAIN, false },
	{ "pull access denied", "", "no access", KIND_PERMISSION, WEIGHT_CERTAIN, false },
	/* Access. */
	{ "requested access to the resource is denied", "", "no access", KIND_PERMISSION,
	  WEIGHT_CERTAIN, false },
	{ "unauthorized: ", "", "no access", KIND_PERMISSION, WEIGHT_CERTAIN, false },
	{ "incorrect username or password", "", "no access", KIND_PERMISSION, WEIGHT_CERTAIN, false },
	{ "denied: permission_denied", "", "no access", KIND_PERMISSION, WEIGHT_CERTAIN, false },
	{ "insufficient_scope", "", "no access", KIND_PERMISSION, WEIGHT_CERTAIN, false },
	{ "Cannot perform an interactive login from a non TTY device", "", "no credentials",
	  KIND_PERMISSION, WEIGHT_CERTAIN, false },
	{ "Username and password required", "", "no credentials", KIND_PERMISSION, WEIGHT_CERTAIN,
	  false },
	/* The build file and its context. */
	{ "failed to read dockerfile", "", "no Dockerfile", KIND_CONFIG, WEIGHT_CERTAIN, false },
	{ "dockerfile parse error", "", "Dockerfile", KIND_CONFIG, WEIGHT_CERTAIN, false },
	{ "Dockerfile parse error", "", "Dockerfile", KIND_CONFIG, WEIGHT_CERTAIN, false },
	{ "failed to compute cache key", "not found", "no such file", KIND_CONFIG, WEIGHT_CERTAIN,
	  false },
	{ "failed to calculate checksum of ref", "not found", "no such file", KIND_CONFIG,
	  WEIGHT_CERTAIN, false },
	{ "unable to prepare context: ", "", "context", KIND_CONFIG, WEIGHT_CERTAIN, false },
	{ "target stage ", "could not be found", "no such stage", KIND_CONFIG, WEIGHT_CERTAIN,
	  false },
	/* The machine. */
	{ "no space left on device", "", "no space", KIND_RESOURCE, WEIGHT_FAILURE, true },
	{ "port is already allocated", "", "port taken", KIND_CONFIG, WEIGHT_FAILURE, false },
	{ "address already in use", "", "port taken", KIND_CONFIG, WEIGHT_FAILURE, false },
	{ "exec format error", "", "platform", KIND_CONFIG, WEIGHT_FAILURE, false },
	{ "executable file not found in $PATH", "", "no such command", KIND_CONFIG, WEIGHT_FAILURE,
	  false },
	{ "frontend grpc server closed unexpectedly", "", "BuildKit", KIND_INFRA, WEIGHT_HINT, true },
};

/* Whole lines that have no label of the daemon's. */
#define DOCKER(where, words, more, what, sort, heavy, again) \
	{ .place = where, .start = words, .and = more, .tool = "docker", .type = what, \
	  .kind = sort, .weight = heavy, .transient = again }
static const struct form forms[] = {
	DOCKER(FORM_START, "COPY failed: ", NULL, "no such file", KIND_CONFIG, WEIGHT_CERTAIN, false),
	DOCKER(FORM_START, "ADD failed: ", NULL, "no such file", KIND_CONFIG, WEIGHT_CERTAIN, false),
	DOCKER(FORM_START, "The command '", "' returned a non-zero code: ", "command", KIND_UNKNOWN,
	       WEIGHT_CONSEQUENCE, false),
	DOCKER(FORM_START, "manifest for ", "not found: manifest unknown", "no such image",
	       KIND_DEPENDENCY, WEIGHT_CERTAIN, false),
	DOCKER(FORM_START, "manifest unknown", NULL, "no such image", KIND_DEPENDENCY,
	       WEIGHT_CERTAIN, false),
	DOCKER(FORM_START, "no such manifest: ", NULL, "no such image", KIND_DEPENDENCY,
	       WEIGHT_CERTAIN, false),
	DOCKER(FORM_START, "denied: requested access to the resource is denied", NULL, "no access",
	       KIND_PERMISSION, WEIGHT_CERTAIN, false),
	DOCKER(FORM_START, "denied: permission_denied: ", NULL, "no access", KIND_PERMISSION,
	       WEIGHT_CERTAIN, false),
	DOCKER(FORM_START, "unauthorized: authentication required", NULL, "no access",
	       KIND_PERMISSION, WEIGHT_CERTAIN, false),
	DOCKER(FORM_START, "toomanyrequests: ", NULL, "rate limit", KIND_INFRA, WEIGHT_FAILURE,
	       true),
	DOCKER(FORM_START, "dependency failed to start: container ", NULL, "container",
	       KIND_UNKNOWN, WEIGHT_SUMMARY, false),
	DOCKER(FORM_START, "service \"", "didn't complete successfully: exit ", "container",
	       KIND_UNKNOWN, WEIGHT_CONSEQUENCE, false),
	DOCKER(FORM_SAID, "Docker pull failed with exit code ", NULL, "pull", KIND_UNKNOWN,
	       WEIGHT_SUMMARY, false),
	DOCKER(FORM_SAID, "Docker login for '", "' failed with exit code ", "no access",
	       KIND_PERMISSION, WEIGHT_SUMMARY, false),
	DOCKER(FORM_SAID, "Docker build failed with exit code ", NULL, "command", KIND_UNKNOWN,
	       WEIGHT_CONSEQUENCE, false),
	DOCKER(FORM_SAID, "One or more containers failed to start", NULL, "container", KIND_UNKNOWN,
	       WEIGHT_SUMMARY, false),
	DOCKER(FORM_SAID, "Failed to initialize container ", NULL, "container", KIND_UNKNOWN,
	       WEIGHT_SUMMARY, false),
	DOCKER(FORM_SAID, "Container action is only supported on Linux", NULL, "platform",
	       KIND_CONFIG, WEIGHT_CERTAIN, false),
	/* Often a job on the wrong machine, sometimes a daemon that died. */
	DOCKER(FORM_ANYWHERE, "Cannot connect to the Docker daemon at ", NULL, "no daemon",
	       KIND_CONFIG, WEIGHT_DIAGNOSTIC, false),
};

/* The rest behind the labels; false when none of them is Docker's own. */
static bool unlabel(struct str *text)
{
	bool own = false, more = true;

	while (more) {
		more = false;
		for (const char *const *label = labels; *label && !more; label++)
			if (str_skip(text, *label)) {
				more = true;
				own = own || str_is(str_of(*label), "docker: ") ||
				      str_has(str_of(*label), "failed") ||
				      str_has(str_of(*label), "daemon");
			}
	}
	return own || str_starts(*text, "executor failed running [") ||
	       str_starts(*text, "Cannot perform an interactive login") ||
	       str_starts(*text, "Username and password required");
}

/* "Dockerfile:11", alone on its line. */
static bool place(struct state *s, struct str text)
{
	struct str file, number;
	unsigned long n;

	if (!str_split_last(text, ":", &file, &number) || !str_has(file, "ockerfile") ||
	    file.size >= sizeof(s->file) || str_char(file, ' ') >= 0 || !str_number(number, &n) ||
	    n > 100000)
		return false;
	memcpy(s->file, file.at, file.size);
	s->file[file.size] = '\0';
	s->line = (unsigned)n;
	return true;
}

/* "#10 ERROR: process "/bin/sh -c make" did not complete ...": counts when nothing repeats it below. */
static bool step(struct state *s, const struct line *line, struct str text)
{
	unsigned long n;

	if (!str_skip(&text, "#") || !str_take_number(&text, &n) ||
	    !str_skip(&text, " ERROR: process \"") ||
	    !str_has(text, "did not complete successfully: exit code: ") ||
	    text.size + 9 >= COMMAND_MAX)
		return false;
	memcpy(s->command, "process \"", 9);
	memcpy(s->command + 9, text.at, text.size);
	s->size = text.size + 9;
	s->number = line->number;
	return true;
}

static void labelled(struct state *s, const struct line *line, struct str text, struct findings *f)
{
	struct failure *failure;
	struct network said;
	size_t i = 0;

	while (i < sizeof(rows) / sizeof(rows[0]) &&
	       !(str_has(text, rows[i].words) && str_has(text, rows[i].and)))
		i++;
	if (i < sizeof(rows) / sizeof(rows[0])) {
		failure = findings_failure(f, rows[i].kind, rows[i].weight, line->number);
		failure->type = rows[i].type;
		failure->transient = rows[i].transient;
	} else if (network_judge(text, &said)) {
		failure = findings_failure(f, said.kind, WEIGHT_HINT, line->number);
		failure->type = said.type;
		failure->transient = said.transient;
	} else {
		failure = findings_failure(f, KIND_UNKNOWN, WEIGHT_HINT, line->number);
	}
	failure->tool = "docker";
	failure->message = findings_text(failure, text);
	if (s->line) {
		failure->file = findings_text(failure, str_of(s->file));
		failure->line = s->line;
	}
	s->line = 0;
	s->size = 0;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;
	struct line line = { .number = s->number };

	if (s->size)
		labelled(s, &line, (struct str){ s->command, s->size }, f);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	struct state *s = state;

	if (place(s, text) || step(s, line, text))
		return ASLEEP;
	if (form_line(FORMS(forms), line, f))
		return ASLEEP;
	if (line->mark != MARK_NONE && line->mark != MARK_ERROR)
		return ASLEEP;
	if (unlabel(&text) && text.size)
		labelled(s, line, text, f);
	return ASLEEP;
}

static const char *const wake[] = { "failed to so", "ockerfile:", "ockerfile.", " ERROR: process \"", "tor failed running [",
	"Error response from daemon: ", "docker: ", "buildx failed with: ", "COPY failed: ",
	"ADD failed: ", "' returned a non-zero code: ", "manifest unknown", "no such manifest: ",
	"denied: requested access", "denied: permission_denied", "unauthorized: authentication",
	"toomanyrequests: ", "dependency failed to start", "didn't complete successfully: exit",
	"Docker pull failed with", "Docker login for '", "Docker build failed with",
	"One or more containers failed", "Failed to init",
	"Container action is only supported", "Cannot connect to the Docker daemon",
	"Cannot perform an interactive login", "Username and password required", NULL };

static const struct reading examples[] = {
	{
		.name = "a base image that is not there",
		.log = "#3 ERROR: docker.io/library/python:nosuch: not found\n"
		       "ERROR: failed to build: failed to solve: python:nosuch: failed to resolve source "
		       "metadata for docker.io/library/python:nosuch: docker.io/library/python:nosuch: "
		       "not found\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "docker", .type = "no such image",
			    .error_line = 2 },
	},
	{
		.name = "a file that is not in the context",
		.log = "ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of "
		       "ref abc::def: \"/nosuch.txt\": not found\n",
		.expect = { .kind = KIND_CONFIG, .tool = "docker", .type = "no such file",
			    .error_line = 1 },
	},
	{
		.name = "the compiler's error inside a build",
		.log =
		"#8 [3/3] RUN make\n"
		"#8 0.316 main.c:3:12: error: use of undeclared identifier 'total'\n"
		"#8 0.318 make: *** [Makefile:2: main.o] Error 1\n"
		"#8 ERROR: process \"/bin/sh -c make\" did not complete successfully: exit code: 2\n"
		"ERROR: failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit "
		"code: 2\n"
		"##[error]buildx failed with: ERROR: failed to solve: process \"/bin/sh -c make\" did not "
		"complete successfully: exit code: 2\n",
		.expect = { .kind = KIND_COMPILE, .file = "main.c", .line = 3, .error_line = 2 },
	},
	{
		.name = "the line of the Dockerfile",
		.log =
		"#7 [3/5] COPY requirements.txt pyproject.toml ./\n"
		"#7 ERROR: failed to calculate checksum of ref abc::def: \"/requirements.txt\": not "
		"found\n------\n > [3/5] COPY requirements.txt pyproject.toml ./:\n------\n"
		"Dockerfile:3\n--------------------\n   1 |     FROM python:3.12-slim\n"
		"   2 |     WORKDIR /srv\n   3 | >>> COPY requirements.txt pyproject.toml ./\n"
		"--------------------\nERROR: failed to solve: failed to compute cache key: failed to "
		"calculate checksum of ref abc::def: \"/requirements.txt\": not found\n",
		.files = (const char *const[]){ "Dockerfile", NULL },
		.expect = { .kind = KIND_CONFIG, .tool = "docker", .type = "no such file",
			    .file = "Dockerfile", .line = 3, .error_line = 12 },
	},
	{
		.name = "a log that ends with the step",
		.log = "#9 [5/6] RUN ./configure\n#9 0.1 nothing to say\n"
		       "#9 ERROR: process \"/bin/sh -c ./configure\" did not complete successfully: exit "
		       "code: 1\n",
		.expect = { .kind = KIND_UNKNOWN, .tool = "docker", .type = "command",
			    .error_line = 3 },
	},
	{
		.name = "too many pulls",
		.log = "Error response from daemon: toomanyrequests: You have reached your pull rate limit. "
		       "You may increase the limit by authenticating and upgrading: "
		       "https://www.docker.com/increase-rate-limit\n",
		.expect = { .kind = KIND_INFRA, .tool = "docker", .type = "rate limit",
			    .error_line = 1, .transient = true },
	},
	{
		.name = "a registry that does not answer",
		.log = "Error response from daemon: Get \"https://registry-1.docker.io/v2/\": net/http: TLS "
		       "handshake timeout\n",
		.expect = { .kind = KIND_INFRA, .tool = "docker", .type = "TLS", .error_line = 1,
			    .transient = true },
	},
	{
		.name = "an image that may not be pulled",
		.log = "docker: Error response from daemon: pull access denied for shop/private, repository "
		       "does not exist or may require 'docker login': denied: requested access to the "
		       "resource is denied.\nSee 'docker run --help'.\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "docker", .type = "no access",
			    .error_line = 1 },
	},
	{
		.name = "secrets that are empty in a fork",
		.log = "##[error]Username and password required\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "docker", .type = "no credentials",
			    .error_line = 1 },
	},
	{
		.name = "the old builder",
		.log = "Step 3/5 : COPY nosuch.txt /\n"
		       "COPY failed: file not found in build context or excluded by .dockerignore: stat "
		       "nosuch.txt: file does not exist\n",
		.expect = { .kind = KIND_CONFIG, .tool = "docker", .type = "no such file",
			    .error_line = 2 },
	},
	{0}
};

const struct reader reader_docker = {
	.name = "docker",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

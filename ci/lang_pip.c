/*
 * pip: versions that are not there or do not go together, requirements that cannot be read, and
 * packages that do not build. Of a build's output, which pip indents, the line that says most is
 * taken; what a traceback or a compiler says there in full is for their readers.
 */
#include "ci/form.h"
#include "ci/network.h"
#include "ci/python.h"

enum { CUT_OFF_LINES = 12 };

#define PIP(words, more, what, sort, heavy) \
	{ .place = FORM_INDENTED, .start = words, .and = more, .tool = "pip", .type = what, \
	  .kind = sort, .weight = heavy, .skip = "ERROR: " }

static const struct form forms[] = {
	PIP("ERROR: Could not find a version that satisfies the requirement ", NULL,
	    "no such version", KIND_DEPENDENCY, WEIGHT_CERTAIN),
	/* The line behind the one above; alone it comes of old versions of pip. */
	PIP("ERROR: No matching distribution found for ", NULL, "no such version",
	    KIND_DEPENDENCY, WEIGHT_SUMMARY),
	PIP("ERROR: Cannot install ", "conflicting dependencies", "conflict", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	PIP("ERROR: ResolutionImpossible: ", NULL, "conflict", KIND_DEPENDENCY, WEIGHT_SUMMARY),
	PIP("ERROR: Package '", "requires a different Python: ", "python version", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	PIP("ERROR: Could not open requirements file: ", NULL, "requirements", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	PIP("ERROR: Invalid requirement: ", NULL, "requirements", KIND_CONFIG, WEIGHT_CERTAIN),
	PIP("ERROR: Directory '", "is not installable.", "no project", KIND_CONFIG, WEIGHT_CERTAIN),
	PIP("ERROR: File \"setup.py\" not found", NULL, "no project", KIND_CONFIG, WEIGHT_CERTAIN),
	PIP("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", NULL, "hash", KIND_DEPENDENCY,
	    WEIGHT_CERTAIN),
	PIP("ERROR: In --require-hashes mode, ", NULL, "hash", KIND_CONFIG, WEIGHT_CERTAIN),
	PIP("ERROR: Hashes are required in --require-hashes mode", NULL, "hash", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	PIP("ERROR: Error [Errno 2] No such file or directory: 'git'", NULL, "no git", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	PIP("ERROR: Ignored the following versions that require a different python", NULL,
	    "python version", KIND_DEPENDENCY, WEIGHT_SUMMARY),
	PIP("ERROR: Exception:", NULL, "exception", KIND_UNKNOWN, WEIGHT_SUMMARY),
	PIP("error: externally-managed-environment", NULL, "managed environment", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	/* Which package it was; why stands above in its output. */
	PIP("ERROR: Failed building wheel for ", NULL, "build", KIND_DEPENDENCY, WEIGHT_SUMMARY),
	PIP("ERROR: Could not build wheels for ", NULL, "build", KIND_DEPENDENCY, WEIGHT_SUMMARY),
	PIP("ERROR: Failed to build ", NULL, "build", KIND_DEPENDENCY, WEIGHT_SUMMARY),
	PIP("error: metadata-generation-failed", NULL, "build", KIND_DEPENDENCY, WEIGHT_CONSEQUENCE),
	PIP("error: legacy-install-failure", NULL, "build", KIND_DEPENDENCY, WEIGHT_CONSEQUENCE),
	PIP("error: subprocess-exited-with-error", NULL, "build", KIND_DEPENDENCY,
	    WEIGHT_CONSEQUENCE),
	/* The way to the index. */
	{ .start = "ERROR: Could not install packages due to an OSError: HTTP", .tool = "pip",
	  .type = "connection", .kind = KIND_INFRA, .weight = WEIGHT_HINT, .transient = true,
	  .judge = JUDGE_NETWORK },
	PIP("ERROR: Could not install packages due to an ", "[Errno 28]", "no space", KIND_RESOURCE,
	    WEIGHT_FAILURE),
	PIP("ERROR: Could not install packages due to an ", "[Errno 13]", "no access",
	    KIND_PERMISSION, WEIGHT_FAILURE),
	{ .start = "ERROR: HTTP error ", .and = "ERROR: HTTP error 5", .tool = "pip", .type = "5xx",
	  .kind = KIND_INFRA, .weight = WEIGHT_HINT, .transient = true },
	{ .start = "ERROR: HTTP error 429", .tool = "pip", .type = "rate limit", .kind = KIND_INFRA,
	  .weight = WEIGHT_HINT, .transient = true },
	PIP("ERROR: HTTP error 4", NULL, "HTTP error", KIND_DEPENDENCY, WEIGHT_CERTAIN),
	{ .start = "pip._vendor.urllib3.exceptions.ReadTimeoutError: ", .tool = "pip",
	  .type = "timeout", .kind = KIND_INFRA, .weight = WEIGHT_HINT, .transient = true },
	{ .start = "pip._vendor.urllib3.exceptions.ProtocolError: ", .tool = "pip",
	  .type = "protocol", .kind = KIND_INFRA, .weight = WEIGHT_HINT, .transient = true },
};

/* How much a line of a build's output says; of equals the first, but of exceptions the last. */
enum worth { WORTH_NOTHING, WORTH_COMMAND, WORTH_LABEL, WORTH_EXCEPTION, WORTH_PLACE };

struct state {
	bool building;			/* between "[12 lines of output]" and "[end of output]" */
	bool traced;			/* a traceback is in it */
	bool built;			/* a build's failure was reported */
	bool found;			/* the version that is not there was reported */
	unsigned long since, best_at, cut_off_at;
	enum worth worth;
	struct kept best;
	struct network network;		/* of the last of several attempts */
};

static enum worth worth_of(const struct state *s, struct str text)
{
	struct str type, message;

	if (str_has(text, ": error: ") || str_has(text, ": fatal error: ") ||
	    str_starts(text, "CMake Error") || str_starts(text, "error[E"))
		return WORTH_PLACE;
	if (s->traced && python_error(text, &type, &message))
		return WORTH_EXCEPTION;
	if (str_starts(text, "error: command "))
		return WORTH_COMMAND;
	if (str_starts(text, "error: ") || str_starts(text, "ERROR: ") ||
	    str_starts(text, "Error: ") || str_starts(text, "ERROR "))
		return WORTH_LABEL;
	return WORTH_NOTHING;
}

static void end_build(struct state *s, struct findings *f)
{
	struct failure *failure;

	s->building = false;
	if (s->worth == WORTH_NOTHING)
		return;
	failure = findings_failure(f, KIND_DEPENDENCY, WEIGHT_HINT, s->best_at);
	failure->tool = "pip";
	failure->type = "build";
	failure->message = findings_text(failure, kept_str(&s->best));
}

static bool build_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	enum worth worth;

	if (!s->building || line->number - s->since > BLOCK_LINES_MAX ||
	    str_is(text, "[end of output]") || line->mark == MARK_GROUP) {
		if (s->building)
			end_build(s, f);
		return false;
	}
	if (str_starts(text, "Traceback (most recent call last):"))
		s->traced = true;
	worth = worth_of(s, text);
	if (worth > s->worth || (worth == s->worth && worth == WORTH_EXCEPTION)) {
		s->worth = worth;
		s->best_at = line->number;
		keep(&s->best, text);
	}
	return true;
}

/* The index could not be reached: then "from versions: none" says nothing about the package. */
static void found_nothing(struct state *s, const struct line *line, struct failure *failure)
{
	if (!str_has(line->text, "(from versions: none)"))
		return;
	/* No version at all is no wrong version: the name is wrong, or the index another one. */
	failure->type = "no such package";
	if (!s->cut_off_at || line->number - s->cut_off_at > CUT_OFF_LINES)
		return;
	failure->kind = s->network.kind;
	failure->type = s->network.type;
	failure->transient = s->network.transient;
}

static void form(struct state *s, const struct line *line, struct findings *f)
{
	const struct form *form = form_find(FORMS(forms), line);
	bool wheel, missing;
	struct failure *failure;

	if (!form)
		return;
	wheel = str_is(str_of(form->type), "build") && form->weight == WEIGHT_SUMMARY;
	missing = str_is(str_of(form->type), "no such version");
	if ((wheel && s->built && !str_has(line->text, "Failed building wheel for ")) ||
	    (missing && s->found && form->weight == WEIGHT_SUMMARY))
		return;
	s->built = s->built || wheel;
	s->found = s->found || missing;
	failure = form_report(form, line, f);
	failure->language = "python";
	if (missing)
		found_nothing(s, line, failure);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (build_line(s, line, f))
		return AWAKE;
	if (str_ends(str_trim(line->text), " lines of output]")) {
		s->building = true;
		s->traced = false;
		s->worth = WORTH_NOTHING;
		s->since = line->number;
		return AWAKE;
	}
	if (str_starts(line->text, "WARNING: Retrying (Retry(total=0")) {
		if (network_judge(line->text, &s->network))
			s->cut_off_at = line->number;
		return ASLEEP;
	}
	form(s, line, f);
	return ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	if (s->building)
		end_build(s, f);
}

static const char *const wake[] = { "ERROR: Could not find a version", "ERROR: No matching dist",
	"ERROR: Cannot install ", "ERROR: ResolutionImpossible", "requires a different Python",
	"ERROR: Could not open requirements", "ERROR: Invalid requirement: ",
	"is not installable. Neither", "ERROR: File \"setup.py\" not", "DO NOT MATCH THE HASHES",
	"in --require-hashes mode", "ERROR: In --require-hashes", "directory: 'git'",
	"ERROR: Ignored the following", "ERROR: Exception:", "error: externally-managed",
	"ERROR: Failed building wheel", "ERROR: Could not build wheels", "ERROR: Failed to build ",
	"error: metadata-generation-failed", "error: legacy-install-failure",
	"error: subprocess-exited-with", "ERROR: Could not install packages",
	"ERROR: HTTP error ", "urllib3.exceptions.ReadTimeoutError: ",
	"urllib3.exceptions.ProtocolError: ", " lines of output]", "Retrying (Retry(total=0", NULL };

static const struct reading examples[] = {
	{
		.name = "a version that is not there",
		.log = "Looking in links: /opt/wheels, wh\n"
		       "ERROR: Could not find a version that satisfies the requirement beta==9 (from "
		       "versions: 1.0, 2.0)\n"
		       "ERROR: No matching distribution found for beta==9\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "python", .tool = "pip",
			    .type = "no such version", .error_line = 2,
			    .message = "Could not find a version that satisfies the requirement "
				       "beta==9 (from versions: 1.0, 2.0)" },
	},
	{
		.name = "the index cannot be reached",
		.log = "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, "
		       "status=None)) after connection broken by 'NewConnectionError('<pip._vendor."
		       "urllib3.connection.HTTPSConnection object at 0x7ff77c848650>: Failed to "
		       "establish a new connection: [Errno -2] Name or service not known')': "
		       "/simple/uv/\n"
		       "ERROR: Could not find a version that satisfies the requirement uv (from "
		       "versions: none)\n"
		       "ERROR: No matching distribution found for uv\n",
		.expect = { .kind = KIND_INFRA, .tool = "pip", .type = "DNS", .error_line = 2,
			    .transient = true },
	},
	{
		.name = "versions that do not go together",
		.log = "ERROR: Cannot install alpha==1.0 and gamma==1.0 because these package versions "
		       "have conflicting dependencies.\n\nThe conflict is caused by:\n"
		       "    alpha 1.0 depends on beta>=2\n    gamma 1.0 depends on beta<2\n\n"
		       "ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/"
		       "topics/dependency-resolution/#dealing-with-dependency-conflicts\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "pip", .type = "conflict",
			    .error_line = 1 },
	},
	{
		.name = "a package whose setup fails",
		.log = "  error: subprocess-exited-with-error\n  \n"
		       "  \xc3\x97 python setup.py egg_info did not run successfully.\n"
		       "  \xe2\x94\x82 exit code: 1\n"
		       "  \xe2\x95\xb0\xe2\x94\x80> [6 lines of output]\n"
		       "      Traceback (most recent call last):\n"
		       "        File \"<string>\", line 2, in <module>\n"
		       "        File \"<pip-setuptools-caller>\", line 34, in <module>\n"
		       "        File \"/tmp/cap4/bad/setup.py\", line 2, in <module>\n"
		       "          import nosuchmodule\n"
		       "      ModuleNotFoundError: No module named 'nosuchmodule'\n"
		       "      [end of output]\n  \n"
		       "  note: This error originates from a subprocess, and is likely not a problem "
		       "with pip.\nerror: metadata-generation-failed\n",
		.expect = { .kind = KIND_DEPENDENCY, .error_line = 11 },
	},
	{
		.name = "a package that does not compile",
		.log = "  error: subprocess-exited-with-error\n  \n"
		       "  \xc3\x97 python setup.py bdist_wheel did not run successfully.\n"
		       "  \xe2\x94\x82 exit code: 1\n"
		       "  \xe2\x95\xb0\xe2\x94\x80> [12 lines of output]\n"
		       "      running bdist_wheel\n      building 'badc' extension\n"
		       "      badc.c:1:10: fatal error: nosuch.h: No such file or directory\n"
		       "          1 | #include <nosuch.h>\n"
		       "            |          ^~~~~~~~~~\n      compilation terminated.\n"
		       "      error: command '/usr/bin/x86_64-linux-gnu-gcc' failed with exit code 1\n"
		       "      [end of output]\n  \n"
		       "  note: This error originates from a subprocess, and is likely not a problem "
		       "with pip.\n  ERROR: Failed building wheel for badc\n"
		       "  Running setup.py clean for badc\nFailed to build badc\n",
		.expect = { .error_line = 8, .kind = KIND_DEPENDENCY },
	},
	{
		.name = "a file that is not there",
		.log = "ERROR: Could not open requirements file: [Errno 2] No such file or directory: "
		       "'nofile.txt'\n",
		.expect = { .kind = KIND_CONFIG, .tool = "pip", .type = "requirements",
			    .error_line = 1 },
	},
	{
		.name = "only the end of a build",
		.log = "  note: This error originates from a subprocess, and is likely not a problem "
		       "with pip.\n  ERROR: Failed building wheel for badc\nFailed to build badc\n"
		       "ERROR: Could not build wheels for badc, which is required to install "
		       "pyproject.toml-based projects\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "pip", .type = "build",
			    .message = "Failed building wheel for badc", .error_line = 2 },
	},
	{
		.name = "a package of another Python",
		.log = "Processing ./wh/newpy-1.0-py3-none-any.whl\n"
		       "ERROR: Package 'newpy' requires a different Python: 3.11.2 not in '>=3.99'\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "pip", .type = "python version",
			    .error_line = 2 },
	},
	{0}
};

const struct reader reader_pip = {
	.name = "pip",
	.language = "python",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

/*
 * Terraform and OpenTofu: errors in boxes and plain, with their place in the configuration; terraform
 * test; tflint. What a provider says is kept as it is.
 */
#include "ci/trace.h"

enum { BLOCK_LINES = 40, PLAIN_LINES = 4 };

struct state {
	bool open;			/* an "Error: " line was seen, its block goes on */
	bool boxed, placed, detailed, source;
	unsigned linting;		/* tflint runs, for so many lines more: its warnings fail it too */
	struct kept summary, detail, address, file;
	unsigned long first, last, line_of_place;
	unsigned lines;
};

/* What needs no place to be known as Terraform's; also the kinds of errors that are not of the code. */
static const struct {
	const char *words;
	enum kind kind;
	unsigned weight;
} known[] = {
	{ "Terraform exited with code ", KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
	{ "OpenTofu exited with code ", KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
	{ "Failed to query available provider packages", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "Failed to install provider", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "Failed to download module", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "Inconsistent dependency lock file", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "Required plugins are not installed", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "Module not installed", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "Unsupported Terraform Core version", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "Unsupported OpenTofu Core version", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "Backend initialization required", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "Backend configuration changed", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "No configuration files", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "Terraform initialized in an empty directory", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "No value for required variable", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "Error acquiring the state lock", KIND_INFRA, WEIGHT_CERTAIN },
	{ "No valid credential sources", KIND_PERMISSION, WEIGHT_CERTAIN },
	{ "Provider produced inconsistent", KIND_UNKNOWN, WEIGHT_DIAGNOSTIC },
	{ "Test assertion failed", KIND_ASSERTION, WEIGHT_FAILURE },
	{ "Error applying plan", KIND_UNKNOWN, WEIGHT_SUMMARY },
};

static const struct {
	const char *words;
	enum kind kind;
} details[] = {
	{ "AccessDenied", KIND_PERMISSION }, { "UnauthorizedOperation", KIND_PERMISSION },
	{ "AuthorizationFailed", KIND_PERMISSION }, { "StatusCode: 403", KIND_PERMISSION },
	{ "Error 403", KIND_PERMISSION }, { "timeout while waiting for", KIND_TIMEOUT },
	{ "context deadline exceeded", KIND_TIMEOUT }, { "LimitExceeded", KIND_RESOURCE },
	{ "Quota", KIND_RESOURCE },
};

/* "main.tf line 3, in resource "aws_instance" "web":" */
static bool take_place(struct state *s, struct str text)
{
	struct str file, rest;
	unsigned long number;

	if (!str_skip(&text, "on ") || !str_split(text, " line ", &file, &rest) ||
	    !str_take_number(&rest, &number) ||
	    !place_ends(file, ".tf .tfvars .tf.json .hcl .tofu"))
		return false;
	keep(&s->file, file);
	s->line_of_place = number;
	s->placed = true;
	s->source = true;
	return true;
}

/* tflint ends a summary with its rule: "... is an invalid value (aws_instance_invalid_type)" */
static bool take_rule(struct str *summary, struct str *rule)
{
	struct str before, name;

	if (!str_ends(*summary, ")") || !str_split_last(*summary, " (", &before, &name))
		return false;
	str_chop(&name, ")");
	if (!str_is_word(name) || str_char(name, '_') < 0)
		return false;
	*summary = before;
	*rule = name;
	return true;
}

static void report(struct state *s, struct findings *f, size_t known_at)
{
	struct str summary = kept_str(&s->summary), detail = kept_str(&s->detail), rule = STR_NONE;
	struct place place = { kept_str(&s->file), s->line_of_place, 0 };
	bool lint = s->placed && take_rule(&summary, &rule), is_known;
	enum kind kind = lint ? KIND_LINT : s->placed ? KIND_CONFIG : KIND_UNKNOWN;
	struct failure *failure;
	unsigned weight = WEIGHT_DIAGNOSTIC;

	is_known = known_at < sizeof(known) / sizeof(known[0]);
	if (is_known) {
		kind = known[known_at].kind;
		weight = known[known_at].weight;
	}
	for (size_t i = 0; !is_known && i < sizeof(details) / sizeof(details[0]); i++)
		if (str_has(detail, details[i].words) || str_has(summary, details[i].words)) {
			kind = details[i].kind;
			break;
		}
	failure = findings_failure(f, kind, weight, s->first);
	failure->language = "hcl";
	failure->tool = lint ? "tflint" : "terraform";
	failure->type = findings_text(failure, lint ? rule : summary);
	failure->message = findings_text(failure, lint || !detail.size ? summary : detail);
	if (s->placed)
		place_set(failure, &place);
	failure->function = findings_text(failure, kept_str(&s->address));
	failure->last_line = s->last;
	if (s->placed)
		findings_diagnostic(f, failure->tool, place.file, place.line, 0, SEVERITY_ERROR,
				    lint ? rule : STR_NONE, summary);
}

static void finish(struct state *s, struct findings *f)
{
	size_t i = 0, count = sizeof(known) / sizeof(known[0]);
	unsigned linting = s->linting;

	while (i < count && !str_starts(kept_str(&s->summary), known[i].words))
		i++;
	if (s->open && (s->boxed || s->placed || i < count))
		report(s, f, i);
	*s = (struct state){ .linting = linting };
}

static bool start(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	bool boxed = str_skip(&text, "\xe2\x94\x82 "), warning;

	warning = s->linting && (str_skip(&text, "Warning: ") || str_skip(&text, "Notice: "));
	if (!warning && !str_skip(&text, "Error: ") &&
	    !(line->mark == MARK_ERROR && str_starts(text, "Terraform exited with code ")))
		return false;
	finish(s, f);
	s->open = true;
	s->boxed = boxed;
	keep(&s->summary, text);
	s->first = s->last = line->number;
	return text.size > 0;
}

/* The lines of the block: address, place, the source, and then the reason. */
static bool inside(struct state *s, const struct line *line)
{
	struct str text = line->text;

	if (s->boxed && (str_starts(text, "\xe2\x95\xb5") || !str_skip(&text, "\xe2\x94\x82")))
		return false;
	if (++s->lines > BLOCK_LINES || (!s->boxed && !s->placed && s->lines > PLAIN_LINES &&
					 !s->address.size))
		return false;
	text = str_trim(text);
	s->last = line->number;
	if (!text.size) {
		s->source = false;
		if (s->boxed || !s->detailed)
			return true;
		return false;
	}
	if (take_place(s, text) || s->source)
		return true;
	if (!s->placed && str_skip(&text, "with ")) {
		str_chop(&text, ",");
		keep(&s->address, text);
	} else if (!s->detailed && !str_starts(text, "Reference: ")) {
		keep(&s->detail, text);
		s->detailed = true;
	}
	return true;
}

/* "Failure! 1 passed, 1 failed, 1 skipped." of terraform test */
static void counts(const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long passed, failed, skipped = 0;

	if ((!str_skip(&text, "Failure! ") && !str_skip(&text, "Success! ")) ||
	    !str_take_number(&text, &passed) || !str_skip(&text, " passed, ") ||
	    !str_take_number(&text, &failed) || !str_skip(&text, " failed"))
		return;
	if (str_skip(&text, ", "))
		(void)str_take_number(&text, &skipped);
	findings_framework(f, "terraform");
	findings_counts(f, passed + failed + skipped, passed, failed, skipped);
}

/* tflint's compact form: "main.tf:3:3: Error - ... (rule)" */
static bool compact(const struct line *line, struct findings *f)
{
	struct str text = line->text, rule;
	struct failure *failure;
	struct place place;

	if (!place_take(&text, &place) || !place_ends(place.file, ".tf .tf.json .tofu") ||
	    (!str_skip(&text, ": Error - ") && !str_skip(&text, ": Warning - ") &&
	     !str_skip(&text, ": Notice - ")) || !take_rule(&text, &rule))
		return false;
	failure = findings_failure(f, KIND_LINT, WEIGHT_DIAGNOSTIC, line->number);
	failure->language = "hcl";
	failure->tool = "tflint";
	failure->type = findings_text(failure, rule);
	failure->message = findings_text(failure, text);
	place_set(failure, &place);
	findings_diagnostic(f, "tflint", place.file, place.line, place.column, SEVERITY_ERROR, rule,
			    text);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	s->linting -= s->linting > 0;
	if (str_ends(line->text, " issue(s) found:"))
		s->linting = BLOCK_LINES;
	if (start(s, line, f)) {
		s->linting = s->linting ? BLOCK_LINES : 0;
		return AWAKE;
	}
	if (s->open && inside(s, line))
		return AWAKE;
	if (s->open)
		finish(s, f);
	if (!compact(line, f))
		counts(line, f);
	return s->linting ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

/* "Error: " is no rare word, but with -no-color nothing else tells where an error starts. */
static const char *const wake[] = { "Error: ", " issue(s) found:", "Terraform exited with code ",
	"Failure! ", "Success! ", ".tf:", NULL };

static const char *const shop[] = { "infra/main.tf", "infra/tests/cart.tftest.hcl", NULL };

static const struct reading examples[] = {
	{
		.name = "terraform validate, boxed",
		.files = shop,
		.log =
		"\xe2\x95\xb7\n"
		"\xe2\x94\x82 Error: Missing required argument\n"
		"\xe2\x94\x82 \n"
		"\xe2\x94\x82   on main.tf line 3, in resource \"aws_instance\" \"web\":\n"
		"\xe2\x94\x82    3: resource \"aws_instance\" \"web\" {\n"
		"\xe2\x94\x82 \n"
		"\xe2\x94\x82 The argument \"ami\" is required, but no definition was found.\n"
		"\xe2\x95\xb5\n"
		"##[error]Terraform exited with code 1.\n"
		"##[error]Process completed with exit code 1.\n",
		.expect = { .kind = KIND_CONFIG, .language = "hcl", .tool = "terraform",
			    .type = "Missing required argument", .file = "infra/main.tf", .line = 3,
			    .message = "The argument \"ami\" is required, but no definition was found.",
			    .error_line = 2 },
	},
	{
		.name = "terraform plan -no-color",
		.files = shop,
		.log =
		"\n"
		"Error: Reference to undeclared input variable\n"
		"\n"
		"  on infra/main.tf line 12, in resource \"aws_s3_bucket\" \"logs\":\n"
		"  12:   bucket = var.bucket_nam\n"
		"\n"
		"An input variable with the name \"bucket_nam\" has not been declared. Did you mean\n"
		"\"bucket_name\"?\n",
		.expect = { .kind = KIND_CONFIG, .tool = "terraform", .line = 12,
			    .type = "Reference to undeclared input variable", .file = "infra/main.tf",
			    .message = "An input variable with the name \"bucket_nam\" has not been "
				       "declared. Did you mean" },
	},
	{
		.name = "apply is not allowed to",
		.files = shop,
		.log =
		"\xe2\x95\xb7\n"
		"\xe2\x94\x82 Error: creating S3 Bucket (logs): operation error S3: CreateBucket, https "
		"response error StatusCode: 403, api error AccessDenied: Access Denied\n"
		"\xe2\x94\x82 \n"
		"\xe2\x94\x82   with module.logs.aws_s3_bucket.logs,\n"
		"\xe2\x94\x82   on infra/main.tf line 12, in resource \"aws_s3_bucket\" \"logs\":\n"
		"\xe2\x94\x82   12: resource \"aws_s3_bucket\" \"logs\" {\n"
		"\xe2\x94\x82 \n"
		"\xe2\x95\xb5\n",
		.expect = { .kind = KIND_PERMISSION, .file = "infra/main.tf", .line = 12,
			    .function = "module.logs.aws_s3_bucket.logs", .error_line = 2 },
	},
	{
		.name = "no such provider",
		.log =
		"\xe2\x95\xb7\n"
		"\xe2\x94\x82 Error: Failed to query available provider packages\n"
		"\xe2\x94\x82 \n"
		"\xe2\x94\x82 Could not retrieve the list of available versions for provider\n"
		"\xe2\x94\x82 hashicorp/aw: provider registry does not have a provider named that\n"
		"\xe2\x95\xb5\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "terraform", .error_line = 2,
			    .type = "Failed to query available provider packages" },
	},
	{
		.name = "terraform test",
		.files = shop,
		.log =
		"tests/cart.tftest.hcl... in progress\n"
		"  run \"totals\"... fail\n"
		"\xe2\x95\xb7\n"
		"\xe2\x94\x82 Error: Test assertion failed\n"
		"\xe2\x94\x82 \n"
		"\xe2\x94\x82   on tests/cart.tftest.hcl line 5, in run \"totals\":\n"
		"\xe2\x94\x82    5:     condition     = output.total == 6\n"
		"\xe2\x94\x82     \xe2\x94\x9c\xe2\x94\x80\xe2\x94\x80\n"
		"\xe2\x94\x82     \xe2\x94\x82 output.total is 5\n"
		"\xe2\x94\x82 \n"
		"\xe2\x94\x82 the total is wrong\n"
		"\xe2\x95\xb5\n"
		"\n"
		"Failure! 1 passed, 1 failed.\n",
		.expect = { .kind = KIND_ASSERTION, .message = "the total is wrong", .line = 5,
			    .file = "infra/tests/cart.tftest.hcl", .error_line = 4 },
		.run = 2, .failed = 1,
	},
	{
		.name = "tflint",
		.files = shop,
		.log =
		"1 issue(s) found:\n"
		"\n"
		"Warning: variable \"region\" is declared but not used "
		"(terraform_unused_declarations)\n"
		"\n"
		"  on infra/main.tf line 2:\n"
		"   2: variable \"region\" {\n"
		"\n"
		"Reference: the rule's own page\n",
		.expect = { .kind = KIND_LINT, .tool = "tflint", .file = "infra/main.tf", .line = 2,
			    .type = "terraform_unused_declarations",
			    .message = "variable \"region\" is declared but not used" },
	},
	{
		.name = "tflint --format compact",
		.files = shop,
		.log = "1 issue(s) found:\n\ninfra/main.tf:3:19: Error - \"t2.foo\" is an invalid value as "
		       "instance_type (aws_instance_invalid_type)\n",
		.expect = { .kind = KIND_LINT, .tool = "tflint", .line = 3,
			    .type = "aws_instance_invalid_type" },
	},
	{
		.name = "other programs' errors, and warnings",
		.log = "Error: cannot find the thing\n\nlater\n\n"
		       "\xe2\x94\x82 Warning: Deprecated attribute\n\xe2\x94\x82\n"
		       "Success! The configuration is valid.\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_terraform = {
	.name = "terraform",
	.language = "hcl",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

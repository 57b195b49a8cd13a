/*
 * rustc, clippy, cargo and rustfmt: errors with their places, what could not be resolved, and the
 * lines that only follow. Warnings never make a failure. Panics and tests are read elsewhere.
 */
#include "ci/trace.h"

enum { PLACE_LINES_MAX = 4, NOTES_MAX = 60, HELP_MAX = 2048 };

struct state {
	struct failure *failure;
	enum severity severity;
	struct kept code, message;
	unsigned lines;
	bool placed;
	bool open;			/* an error or a warning has begun and not ended */
	size_t help_size;
	char help[HELP_MAX];		/* lines from the first "help: " on */
};

/* "error[E0308]: mismatched types", "error: unused import: `x`", "warning: ..." */
static bool head(struct state *s, const struct line *line)
{
	struct str text = line->text, code = STR_NONE;
	bool error = str_skip(&text, "error");

	if (!error && !str_skip(&text, "warning"))
		return false;
	if (error && str_skip(&text, "[")) {
		if (!str_starts(text, "E") || !str_split(text, "]", &code, &text) || code.size > 60)
			return false;
	}
	if (!str_skip(&text, ": ") || !text.size)
		return false;
	if (str_has(text, "` should be `")) {	/* the spelling checker typos has this form too */
		s->failure = NULL;
		s->placed = true;
		return false;
	}
	s->severity = error ? SEVERITY_ERROR : SEVERITY_WARNING;
	s->failure = NULL;
	s->placed = false;
	s->lines = 0;
	s->help_size = 0;
	keep(&s->code, code);
	keep(&s->message, text);
	return true;
}

static void place_found(struct state *s, struct findings *f, unsigned long first,
			const struct place *place)
{
	findings_diagnostic(f, "rustc", place->file, place->line, place->column, s->severity,
			    kept_str(&s->code), kept_str(&s->message));
	if (s->severity != SEVERITY_ERROR)
		return;
	s->failure = findings_failure(f, KIND_COMPILE, WEIGHT_DIAGNOSTIC, first);
	s->failure->language = "rust";
	s->failure->tool = "rustc";
	s->failure->type = findings_text(s->failure, kept_str(&s->code));
	s->failure->message = findings_text(s->failure, kept_str(&s->message));
	place_set(s->failure, place);
}

/* " --> src/lib.rs:4:20": only now it is sure that rustc speaks. */
static bool arrow(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	struct place place;

	if (s->placed || !str_skip(&text, "--> ") || !place_take(&text, &place))
		return false;
	s->placed = true;
	place_found(s, f, line->number - 1, &place);
	if (s->failure)
		s->failure->last_line = line->number;
	return true;
}

/*
 * "help: consider borrowing here" and all below it, up to the blank line that ends the error. What does
 * not fit is left out with its line, so that no line is ever cut.
 */
static void help(struct state *s, const struct line *line)
{
	struct str text = line->text;
	ptrdiff_t label = str_find(text, STR(" help: "));

	if (!s->help_size && label > 0 && str_char(text, '|') >= 0 && str_char(text, '|') < label)
		text = str_from(text, (size_t)label + 1);	/* below the code, beside the arrow */
	else if (!s->help_size && !str_starts(text, "help: "))
		return;
	if (text.size + 1 > sizeof(s->help) - s->help_size)
		return;
	memcpy(s->help + s->help_size, text.at, text.size);
	s->help_size += text.size;
	s->help[s->help_size++] = '\n';
}

/*
 * "  = note: `-D clippy::needless-return` implied by `-D warnings`": the lint's name is the type.
 */
static void note(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);
	bool lint;

	s->failure->last_line = line->number;
	if (!str_skip(&text, "= note: `"))
		return;
	lint = str_skip(&text, "-D ") || str_skip(&text, "#[deny(");
	if (!lint || s->failure->type || !str_split(text, "`", &text, NULL))
		return;
	(void)str_chop(&text, ")]");
	s->failure->type = findings_text(s->failure, text);
	s->failure->kind = KIND_LINT;
	if (str_starts(text, "clippy::"))
		s->failure->tool = "clippy";
}

static const struct {
	const char *start;
	enum kind kind;
	unsigned weight;
} cargo_errors[] = {
	{ "could not compile ", KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
	{ "test failed, to rerun pass", KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
	{ "aborting due to ", KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
	{ "process didn't exit successfully", KIND_UNKNOWN, WEIGHT_SUMMARY },
	{ "doctest failed", KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
	{ "failed to run custom build command for ", KIND_DEPENDENCY, WEIGHT_FAILURE },
	{ "linking with ", KIND_COMPILE, WEIGHT_DIAGNOSTIC },
	{ "linker ", KIND_COMPILE, WEIGHT_DIAGNOSTIC },
};

static bool cargo_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str message = kept_str(&s->message);
	struct failure *failure;

	for (size_t i = 0; i < sizeof(cargo_errors) / sizeof(cargo_errors[0]); i++) {
		if (!str_starts(message, cargo_errors[i].start))
			continue;
		failure = findings_failure(f, cargo_errors[i].kind, cargo_errors[i].weight,
					   line->number);
		failure->language = "rust";
		failure->tool = "cargo";
		failure->message = findings_text(failure, message);
		return true;
	}
	return false;
}

/*
 * "src/main.rs:3:5: error[E0308]: mismatched types": cargo's short format has it all in one line.
 */
static bool short_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place;
	struct line rest = *line;

	if (!place_take(&text, &place) || !place_ends(place.file, ".rs") || !str_skip(&text, ": "))
		return false;
	rest.text = text;
	if (!head(s, &rest))
		return false;
	place_found(s, f, line->number, &place);
	s->failure = NULL;
	return true;
}

static enum wakefulness one_line(struct state *s, const struct line *line, struct findings *f)
{
	if (short_line(s, line, f))
		return ASLEEP;
	if (head(s, line))
		return s->severity == SEVERITY_ERROR && cargo_line(s, line, f) ? ASLEEP : AWAKE;
	if (!s->open)
		return ASLEEP;
	if (arrow(s, line, f))
		return s->failure ? AWAKE : ASLEEP;
	if (++s->lines > (s->placed ? (unsigned)NOTES_MAX : (unsigned)PLACE_LINES_MAX))
		return ASLEEP;
	if (s->failure && line->text.size) {
		note(s, line);
		help(s, line);
	}
	if (s->failure && !line->text.size && s->help_size)
		s->failure->help = findings_text(s->failure, (struct str){ s->help, s->help_size });
	return s->placed && (!line->text.size || !s->failure) ? ASLEEP : AWAKE;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	enum wakefulness after = one_line(s, line, f);

	s->open = after == AWAKE;
	return after;
}

static const char *const wake[] = { "error[E", "error: ", "warning: ", NULL };

static const char *const shop[] = { "src/lib.rs", "src/x.rs", NULL };

static const struct reading examples[] = {
	{
		.name = "two errors and a warning",
		.files = shop,
		.log =
		"error[E0425]: cannot find value `missing` in this scope\n"
		" --> src/lib.rs:5:34\n"
		"  |\n"
		"5 |     prices.iter().sum::<u32>() + missing\n"
		"  |                                  ^^^^^^^ not found in this scope\n"
		"\n"
		"warning: unused import: `std::collections::HashMap`\n"
		" --> src/lib.rs:1:5\n"
		"  |\n"
		"1 | use std::collections::HashMap;\n"
		"  |     ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
		"  |\n"
		"  = note: `#[warn(unused_imports)]` (part of `#[warn(unused)]`) on by default\n"
		"\n"
		"error[E0308]: mismatched types\n"
		" --> src/lib.rs:4:20\n"
		"  |\n"
		"4 |     let sum: u32 = \"none\";\n"
		"  |              ---   ^^^^^^ expected `u32`, found `&str`\n"
		"  |              |\n"
		"  |              expected due to this\n"
		"\n"
		"Some errors have detailed explanations: E0308, E0425.\n"
		"For more information about an error, try `rustc --explain E0308`.\n"
		"warning: `shop` (lib) generated 1 warning\n"
		"error: could not compile `shop` (lib) due to 2 previous errors; 1 warning "
		"emitted\n",
		.expect = { .kind = KIND_COMPILE, .language = "rust", .tool = "rustc",
			    .type = "E0425", .file = "src/lib.rs", .line = 5,
			    .message = "cannot find value `missing` in this scope", .error_line = 1 },
	},
	{
		.name = "a warning that is denied",
		.files = shop,
		.log =
		"error: unused import: `std::collections::HashMap`\n"
		" --> src/lib.rs:1:5\n"
		"  |\n"
		"1 | use std::collections::HashMap;\n"
		"  |     ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
		"  |\n"
		"  = note: `-D unused-imports` implied by `-D warnings`\n"
		"  = help: to override `-D warnings` add `#[allow(unused_imports)]`\n",
		.expect = { .kind = KIND_LINT, .tool = "rustc", .type = "unused-imports",
			    .message = "unused import: `std::collections::HashMap`",
			    .file = "src/lib.rs", .line = 1, .error_line = 1 },
	},
	{
		.name = "clippy",
		.files = shop,
		.log =
		"error: unneeded `return` statement\n"
		" --> src/lib.rs:7:5\n"
		"  |\n"
		"7 |     return sum;\n"
		"  |     ^^^^^^^^^^\n"
		"  |\n"
		"  = help: for further information visit https://rust-lang.github.io/rust-clippy/r"
		"ust-1.95.0/index.html#needless_return\n"
		"  = note: `-D clippy::needless-return` implied by `-D warnings`\n"
		"  = help: to override `-D warnings` add `#[allow(clippy::needless_return)]`\n"
		"help: remove `return`\n",
		.expect = { .kind = KIND_LINT, .tool = "clippy", .type = "clippy::needless-return",
			    .message = "unneeded `return` statement", .file = "src/lib.rs",
			    .line = 7, .error_line = 1 },
	},
	{
		.name = "a dependency that is not there",
		.log =
		"error: failed to get `nosuch` as a dependency of package `shop v0.1.0 "
		"(/src)`\n"
		"\n"
		"Caused by:\n"
		"  failed to load source for dependency `nosuch`\n"
		"\n"
		"Caused by:\n"
		"  unable to update /src/nosuch\n"
		"\n"
		"Caused by:\n"
		"  failed to read `/src/nosuch/Cargo.toml`\n"
		"\n"
		"Caused by:\n"
		"  No such file or directory (os error 2)\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "cargo", .error_line = 1 },
	},
	{
		.name = "the short format",
		.files = shop,
		.log = "src/lib.rs:4:20: error[E0308]: mismatched types\n",
		.expect = { .kind = KIND_COMPILE, .type = "E0308", .file = "src/lib.rs", .line = 4,
			    .message = "mismatched types", .error_line = 1 },
	},
	{
		.name = "only a consequence",
		.log = "error: could not compile `shop` (lib) due to 2 previous errors\n",
		.expect = { .kind = KIND_UNKNOWN, .tool = "cargo", .error_line = 1 },
	},
	{
		.name = "a warning is no failure",
		.log =
		" --> src/lib.rs:1:5\n"
		"  |\n"
		"1 | use std::collections::HashMap;\n"
		"  |     ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
		"  |\n"
		"  = note: `#[warn(unused_imports)]` (part of `#[warn(unused)]`) on by default\n"
		"\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_rust = {
	.name = "rust",
	.language = "rust",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

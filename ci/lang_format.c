/*
 * Formatters in check mode: black, ruff format, isort, prettier, gofmt, rustfmt, clang-format. One
 * failure a run, with the command that formats the files it names. A line that is only the name of
 * a .go file counts after "gofmt -l" was seen to be run, never elsewhere.
 */
#include "ci/fixer.h"

enum { IDLE_LINES_MAX = 60 };

enum tool { TOOL_NONE, TOOL_BLACK, TOOL_RUFF, TOOL_ISORT, TOOL_PRETTIER, TOOL_GOFMT, TOOL_RUSTFMT,
	    TOOL_CLANG };

static const struct {
	const char *name, *language, *command;
} tools[] = {
	[TOOL_BLACK] = { "black", "python", "black" },
	[TOOL_RUFF] = { "ruff format", "python", "ruff format" },
	[TOOL_ISORT] = { "isort", "python", "isort" },
	[TOOL_PRETTIER] = { "prettier", "node", "prettier --write" },
	[TOOL_GOFMT] = { "gofmt", "go", "gofmt -w" },
	[TOOL_RUSTFMT] = { "rustfmt", "rust", "rustfmt" },
	[TOOL_CLANG] = { "clang-format", "c++", "clang-format -i" },
};

struct state {
	struct tool_run run;
	enum tool tool;
	unsigned idle;
	bool confirmed;			/* prettier's "[warn]" lines are its own only before its summary */
	bool listing, simplify;		/* "gofmt -l", "gofmt -s" was run */
	unsigned quiet;
};

static void finish(struct state *s, struct findings *f)
{
	const char *command = s->tool ? tools[s->tool].command : NULL;

	if (s->tool == TOOL_PRETTIER && !s->confirmed)
		s->run.failing = false;
	if (s->tool == TOOL_GOFMT && s->simplify)
		command = "gofmt -s -w";
	run_finish(&s->run, f, command);
	s->tool = TOOL_NONE;
	s->confirmed = false;
	s->idle = 0;
}

static bool found(struct state *s, struct findings *f, const struct line *line, enum tool tool,
		  struct place place, enum severity severity, const char *code)
{
	if (s->tool != tool) {
		finish(s, f);
		s->tool = tool;
		s->run.tool = tools[tool].name;
		s->run.language = tools[tool].language;
		s->run.kind = KIND_LINT;
		if (tool == TOOL_CLANG && place_ends(place.file, ".c"))
			s->run.language = "c";
	}
	s->idle = 0;
	run_finding(&s->run, f, line, &place, severity, str_of(code), str_trim(line->text), true);
	return true;
}

static bool named(struct state *s, struct findings *f, const struct line *line, enum tool tool,
		  struct str file)
{
	return found(s, f, line, tool, (struct place){ .file = file }, SEVERITY_ERROR, NULL);
}

/* "error: cannot format /src/bad.py: Cannot parse: 1:6: def f(:": no formatter mends that. */
static void unreadable(struct findings *f, const struct line *line)
{
	struct str text = line->text, rest, message = text;
	struct failure *failure;
	struct place place = {0};

	if (!str_skip(&text, "error: cannot format ") || !str_split(text, ": ", &place.file, &rest) ||
	    !str_starts(rest, "Cannot parse") || !str_split(rest, ": ", NULL, &rest))
		return;
	if (!str_take_number(&rest, &place.line) || !str_skip(&rest, ":") ||
	    !str_take_number(&rest, &place.column))
		return;
	(void)str_split(text, ": ", NULL, &message);
	findings_diagnostic(f, "black", place.file, place.line, place.column, SEVERITY_ERROR, STR_NONE,
			    message);
	failure = findings_failure(f, KIND_COMPILE, WEIGHT_DIAGNOSTIC, line->number);
	failure->language = "python";
	failure->tool = "black";
	failure->type = "SyntaxError";
	failure->message = findings_text(failure, text);
	place_set(failure, &place);
}

static bool python_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;

	if (str_skip(&text, "would reformat ") && place_ends(text, ".py .pyi .ipynb"))
		return named(s, f, line, TOOL_BLACK, text);
	if (str_skip(&text, "Would reformat: ") && place_ends(text, ".py .pyi .ipynb"))
		return named(s, f, line, TOOL_RUFF, text);
	if (str_skip(&text, "ERROR: ") &&
	    (str_chop(&text, " Imports are incorrectly sorted and/or formatted.") ||
	     str_chop(&text, " Imports are incorrectly sorted.")))
		return named(s, f, line, TOOL_ISORT, text);
	unreadable(f, line);
	return false;
}

static bool prettier_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;

	if (str_is(text, "Checking formatting..."))
		return true;
	if (!str_skip(&text, "[warn] "))
		return false;
	if (str_starts(text, "Code style issues ")) {
		s->confirmed = s->tool == TOOL_PRETTIER;
		finish(s, f);
		return false;
	}
	if (str_char(text, ' ') >= 0 || str_char(text, '.') < 0)
		return false;
	return named(s, f, line, TOOL_PRETTIER, text);
}

static bool is_go_path(struct str text)
{
	return place_ends(text, ".go") && str_char(text, ' ') < 0 && str_char(text, ':') < 0 &&
	       str_char(text, '\t') < 0 && text.size > 3;
}

static bool go_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, one, other;

	if (str_has(text, "gofmt -l") || str_has(text, "gofmt -s -l") || str_has(text, "gofmt -d") ||
	    str_has(text, "gofmt -s -d") || str_has(text, "gofmt -l -s") || str_has(text, "gofmt -d -s")) {
		s->listing = true;
		s->simplify = str_has(text, " -s");
		s->quiet = 0;
		return true;
	}
	if (str_skip(&text, "diff ")) {
		(void)str_skip(&text, "-u ");
		one = take_word(&text);
		other = text;
		if (str_chop(&one, ".orig") && str_equal(one, other) && is_go_path(other))
			return named(s, f, line, TOOL_GOFMT, other);
		return false;
	}
	if (!s->listing)
		return false;
	if (is_go_path(text))
		return named(s, f, line, TOOL_GOFMT, text);
	if (++s->quiet > 20 || s->tool == TOOL_GOFMT)
		s->listing = false;
	return s->listing;
}

/* "Diff in /src/lib.rs:1:" and the older "Diff in /src/lib.rs at line 1:" */
static bool rust_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, rest;
	struct place place = {0};

	if (!str_skip(&text, "Diff in "))
		return false;
	if (str_split(text, ".rs at line ", &place.file, &rest)) {
		place.file.size += 3;
		if (!str_take_number(&rest, &place.line))
			return false;
	} else if (!place_take(&text, &place)) {
		return false;
	}
	return found(s, f, line, TOOL_RUSTFMT, place, SEVERITY_ERROR, NULL);
}

static bool clang_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place;

	if (!str_ends(text, ": code should be clang-formatted [-Wclang-format-violations]") ||
	    !place_take(&text, &place))
		return false;
	return found(s, f, line, TOOL_CLANG, place,
		     str_starts(text, ": error") ? SEVERITY_ERROR : SEVERITY_WARNING,
		     "clang-format-violations");
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (python_line(s, line, f) || prettier_line(s, line, f) || go_line(s, line, f) ||
	    rust_line(s, line, f) || clang_line(s, line, f))
		return AWAKE;
	if (s->tool && ++s->idle > IDLE_LINES_MAX)
		finish(s, f);
	return s->tool || s->listing ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "would reformat ", "Would reformat: ", "error: cannot format ",
	"Imports are incorrectly sorted", "Checking formatting...", "[warn] ", "gofmt -", ".go.orig ",
	"Diff in ", "code should be clang-formatted", NULL };

static const char *const shop[] = { "src/a.py", "src/b.py", "src/bad.py", "x.js", "y.js", "pkg/a.go",
	"pkg/b.go", "src/lib.rs", "a.c", NULL };

static const struct reading examples[] = {
	{
		.name = "black",
		.files = shop,
		.log =
		"would reformat src/a.py\n"
		"would reformat src/b.py\n"
		"\n"
		"Oh no! 💥 💔 💥\n"
		"2 files would be reformatted.\n",
		.expect = { .kind = KIND_LINT, .language = "python", .tool = "black",
			    .file = "src/a.py", .message = "would reformat src/a.py",
			    .error_line = 1 },
	},
	{
		.name = "black cannot read a file",
		.files = shop,
		.log =
		"error: cannot format /src/src/bad.py: Cannot parse: 1:6: def f(:\n",
		.expect = { .kind = KIND_COMPILE, .tool = "black", .file = "src/bad.py", .line = 1 },
	},
	{
		.name = "ruff format",
		.files = shop,
		.log = "Would reformat: src/a.py\n1 file would be reformatted, 3 files already formatted\n",
		.expect = { .kind = KIND_LINT, .tool = "ruff format", .file = "src/a.py" },
	},
	{
		.name = "isort",
		.files = shop,
		.log =
		"ERROR: /src/src/a.py Imports are incorrectly sorted and/or formatted.\n"
		"ERROR: /src/src/b.py Imports are incorrectly sorted and/or formatted.\n",
		.expect = { .kind = KIND_LINT, .tool = "isort", .file = "src/a.py", .error_line = 1 },
	},
	{
		.name = "prettier",
		.files = shop,
		.log = "Checking formatting...\n[warn] x.js\n[warn] y.js\n"
		       "[warn] Code style issues found in 2 files. Run Prettier with --write to fix.\n",
		.expect = { .kind = KIND_LINT, .language = "node", .tool = "prettier",
			    .file = "x.js", .error_line = 2 },
	},
	{
		.name = "gofmt -l in a step",
		.files = shop,
		.log = "##[group]Run gofmt -l .\ngofmt -l .\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
		       "pkg/a.go\npkg/b.go\n",
		.expect = { .kind = KIND_LINT, .language = "go", .tool = "gofmt", .file = "pkg/a.go",
			    .error_line = 5 },
	},
	{
		.name = "gofmt -d",
		.files = shop,
		.log =
		"diff pkg/a.go.orig pkg/a.go\n"
		"--- pkg/a.go.orig\n"
		"+++ pkg/a.go\n"
		"@@ -1,4 +1,5 @@\n"
		" package pkg\n"
		"-func F( ) int {\n"
		"-  return  1\n"
		"+\n"
		"+func F() int {\n"
		"+\treturn 1\n"
		" }\n",
		.expect = { .kind = KIND_LINT, .tool = "gofmt", .file = "pkg/a.go", .error_line = 1 },
	},
	{
		.name = "rustfmt",
		.files = shop,
		.log = "Diff in /src/src/lib.rs:1:\n use std::collections::HashMap;\n \n",
		.expect = { .kind = KIND_LINT, .tool = "rustfmt", .file = "src/lib.rs", .line = 1 },
	},
	{
		.name = "rustfmt, as it used to be",
		.files = shop,
		.log = "Diff in /src/src/lib.rs at line 4:\n pub fn total() {}\n",
		.expect = { .kind = KIND_LINT, .tool = "rustfmt", .file = "src/lib.rs", .line = 4 },
	},
	{
		.name = "clang-format",
		.files = shop,
		.log =
		"a.c:1:10: error: code should be clang-formatted [-Wclang-format-violations]\n"
		"int main( void ){\n"
		"         ^\n",
		.expect = { .kind = KIND_LINT, .language = "c", .tool = "clang-format", .file = "a.c",
			    .type = "clang-format-violations", .line = 1, .error_line = 1 },
	},
	{
		.name = "the name of a .go file, and another tool's warning",
		.log = "pkg/a.go\n[warn] config.yml\n[warn] deprecated\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_format = {
	.name = "format",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

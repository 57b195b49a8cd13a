/*
 * Formatters in check mode: black, ruff format, isort, prettier, gofmt, goimports, shfmt, rustfmt,
 * clang-format. One failure a run, with the command that formats the files it names. A line that is
 * only a file's name counts after "gofmt -l" (goimports, shfmt) was seen to be run, never elsewhere;
 * and only that tells the difference that gofmt -d prints from the one of goimports.
 */
#include "ci/fixer.h"

enum { IDLE_LINES_MAX = 60 };

enum tool { TOOL_NONE, TOOL_BLACK, TOOL_RUFF, TOOL_ISORT, TOOL_PRETTIER, TOOL_GOFMT,
	    TOOL_GOIMPORTS, TOOL_SHFMT, TOOL_RUSTFMT, TOOL_CLANG };

static const struct {
	const char *name, *language, *command;
} tools[] = {
	[TOOL_BLACK] = { "black", "python", "black" },
	[TOOL_RUFF] = { "ruff format", "python", "ruff format" },
	[TOOL_ISORT] = { "isort", "python", "isort" },
	[TOOL_PRETTIER] = { "prettier", "node", "prettier --write" },
	[TOOL_GOFMT] = { "gofmt", "go", "gofmt -w" },
	[TOOL_GOIMPORTS] = { "goimports", "go", "goimports -w" },
	[TOOL_SHFMT] = { "shfmt", "shell", "shfmt -w" },
	[TOOL_RUSTFMT] = { "rustfmt", "rust", "rustfmt" },
	[TOOL_CLANG] = { "clang-format", "c++", "clang-format -i" },
};

struct state {
	struct tool_run run;
	enum tool tool;
	unsigned idle;
	bool confirmed;			/* prettier's "[warn]" lines are its own only before its summary */
	enum tool listing;		/* whose bare names are to come: "gofmt -l" was run */
	bool simplify;			/* "gofmt -s" */
	bool imports;			/* the last to be run of gofmt and goimports is the latter */
	struct kept before;		/* "--- X.orig" on the line before */
	unsigned quiet;
};

/* A script without an ending is not known for one by its name alone. */
static const char shell_files[] = ".sh .bash .bats .ksh .mksh";

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

static bool is_bare_path(struct str text, const char *endings)
{
	return place_ends(text, endings) && str_char(text, ' ') < 0 && str_char(text, ':') < 0 &&
	       str_char(text, '\t') < 0 && text.size > 3;
}

/* Are these the options of a run that lists or compares, and writes nothing? */
static bool only_checks(struct str options)
{
	struct str option;
	bool checks = false;

	while (str_next(&options, ' ', &option)) {
		(void)str_chop(&option, ":");
		if (str_is(option, "-w") || str_is(option, "--write"))
			return false;
		checks |= str_is(option, "-l") || str_is(option, "-d") || str_is(option, "--list") ||
			  str_is(option, "--diff");
	}
	return checks;
}

/* Which of the tools that print but names or differences does the line run? */
static enum tool run_by(struct str text)
{
	static const enum tool bare[] = { TOOL_GOFMT, TOOL_GOIMPORTS, TOOL_SHFMT };
	const size_t all = sizeof(bare) / sizeof(bare[0]);

	for (size_t i = 0; i < all; i++) {
		ptrdiff_t at = str_find(text, str_of(tools[bare[i]].name));
		struct str rest = str_from(text, at < 0 ? 0 : (size_t)at + strlen(tools[bare[i]].name));

		if (at >= 0 && (!at || strchr(" (/`", text.at[at - 1])) && str_skip(&rest, " ") &&
		    only_checks(rest))
			return bare[i];
	}
	return TOOL_NONE;
}

/* "diff -u a.go.orig a.go" of gofmt and goimports; the latter's command line was seen, or not. */
static bool go_difference(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, one, other;

	if (!str_skip(&text, "diff "))
		return false;
	(void)str_skip(&text, "-u ");
	one = take_word(&text);
	other = text;
	if (!str_chop(&one, ".orig") || !str_equal(one, other) || !is_bare_path(other, ".go"))
		return false;
	return named(s, f, line, s->imports ? TOOL_GOIMPORTS : TOOL_GOFMT, other);
}

/* "--- a.sh.orig", "+++ a.sh" of shfmt -d, which prints nothing before them. */
static bool shell_difference(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, before = kept_str(&s->before);
	const bool second = str_skip(&text, "+++ ");

	keep(&s->before, STR_NONE);
	if (second)
		return str_chop(&before, ".orig") && str_equal(before, text) &&
		       is_bare_path(text, shell_files) && named(s, f, line, TOOL_SHFMT, text);
	if (str_skip(&text, "--- ") && str_ends(text, ".orig"))
		keep(&s->before, text);
	return false;
}

static bool bare_line(struct state *s, const struct line *line, struct findings *f)
{
	const enum tool run = run_by(line->text);

	if (run) {
		s->listing = run;
		s->simplify = run == TOOL_GOFMT && str_has(line->text, " -s");
		s->imports = run == TOOL_GOIMPORTS || (s->imports && run == TOOL_SHFMT);
		s->quiet = 0;
		return true;
	}
	if (go_difference(s, line, f) || shell_difference(s, line, f))
		return true;
	if (!s->listing)
		return false;
	if (is_bare_path(line->text, s->listing == TOOL_SHFMT ? shell_files : ".go"))
		return named(s, f, line, s->listing, line->text);
	if (++s->quiet > 20 || s->tool == s->listing)
		s->listing = TOOL_NONE;
	return s->listing != TOOL_NONE;
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

	if (python_line(s, line, f) || prettier_line(s, line, f) || bare_line(s, line, f) ||
	    rust_line(s, line, f) || clang_line(s, line, f))
		return AWAKE;
	if (s->tool && ++s->idle > IDLE_LINES_MAX)
		finish(s, f);
	return s->tool || s->listing || s->before.size ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "would reformat ", "Would reformat: ", "error: cannot format ",
	"Imports are incorrectly sorted", "Checking formatting...", "[warn] ", "gofmt -", ".go.orig ",
	"goimports -", "shfmt -", "sh.orig", ".bats.orig",
	"Diff in ", "code should be clang-formatted", NULL };

static const char *const shop[] = { "src/a.py", "src/b.py", "src/bad.py", "x.js", "y.js", "pkg/a.go",
	"pkg/b.go", "src/lib.rs", "a.c", "build.sh", "scripts/release.sh", NULL };

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
		.name = "goimports -d",
		.files = shop,
		.log =
		"goimports -local example.com/shop -d pkg\n"
		"diff -u pkg/a.go.orig pkg/a.go\n"
		"--- pkg/a.go.orig\t2026-11-22 02:46:34.281690034 +0000\n"
		"+++ pkg/a.go\t2026-11-22 02:46:34.281690034 +0000\n"
		"@@ -1,12 +1,12 @@\n"
		" package pkg\n"
		" \n"
		" import (\n"
		"-\t\"os\"\n"
		" \t\"fmt\"\n"
		"+\t\"strings\"\n"
		" )\n",
		.expect = { .kind = KIND_LINT, .language = "go", .tool = "goimports",
			    .file = "pkg/a.go", .error_line = 2 },
	},
	{
		.name = "goimports -l in a step",
		.files = shop,
		.log =
		"##[group]Run test -z \"$(goimports -l .)\"\ntest -z \"$(goimports -l . | tee /dev/stderr)\"\n"
		"shell: /usr/bin/bash -e {0}\n##[endgroup]\npkg/a.go\npkg/b.go\n",
		.expect = { .kind = KIND_LINT, .language = "go", .tool = "goimports",
			    .file = "pkg/a.go", .error_line = 5 },
	},
	{
		.name = "shfmt -d",
		.files = shop,
		.log =
		"--- build.sh.orig\n"
		"+++ build.sh\n"
		"@@ -1,4 +1,4 @@\n"
		" #!/bin/bash\n"
		"-foo () {\n"
		"-  echo hi   >out\n"
		"+foo() {\n"
		"+\techo hi >out\n"
		" }\n"
		"--- scripts/release.sh.orig\n"
		"+++ scripts/release.sh\n"
		"@@ -1,9 +1,9 @@\n"
		" #!/bin/sh\n"
		" set -e\n"
		"-if [ -z \"$1\" ];then\n"
		"-echo \"usage: $0 version\" >&2\n"
		"-   exit 2\n"
		"+if [ -z \"$1\" ]; then\n"
		"+\techo \"usage: $0 version\" >&2\n"
		"+\texit 2\n"
		" fi\n",
		.expect = { .kind = KIND_LINT, .language = "shell", .tool = "shfmt",
			    .file = "build.sh", .error_line = 2 },
	},
	{
		.name = "shfmt -l in a step",
		.files = shop,
		.log =
		"##[group]Run shfmt -i 2 -ci -l scripts\nshfmt -i 2 -ci -l scripts\n"
		"shell: /usr/bin/bash -e {0}\n##[endgroup]\nscripts/release.sh\n",
		.expect = { .kind = KIND_LINT, .language = "shell", .tool = "shfmt",
			    .file = "scripts/release.sh", .error_line = 5 },
	},
	{
		.name = "shfmt that writes, and the name of a script",
		.files = shop,
		.log = "shfmt -l -w .\nbuild.sh\n--- build.sh.orig\n+++ scripts/release.sh\n",
		.nothing = true,
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

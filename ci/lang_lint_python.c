/*
 * Linters of Python: flake8 and its parts, ruff check, pylint, mypy, pyright, bandit, pydocstyle,
 * vulture. One failure a run with the first error's place, and a diagnostic for every finding.
 * Formatters are read elsewhere; only what the tool itself calls fixable gets a command.
 */
#include "ci/lint.h"

enum { LISTEN_LINES = 400, HEAD_LINES = 6 };

static const char sources[] = ".py .pyi .ipynb .pyx";

static const struct lint_tool flake8 = { .name = "flake8", .language = "python" };
static const struct lint_tool ruff = { .name = "ruff", .language = "python",
				       .command = "ruff check --fix" };
static const struct lint_tool pylint = { .name = "pylint", .language = "python",
					 .fails_on = SEVERITY_NOTE };
static const struct lint_tool mypy = { .name = "mypy", .language = "python" };
static const struct lint_tool pyright = { .name = "pyright", .language = "python" };
static const struct lint_tool bandit = { .name = "bandit", .language = "python",
					 .fails_on = SEVERITY_NOTE };
static const struct lint_tool pydocstyle = { .name = "pydocstyle", .language = "python" };
static const struct lint_tool vulture = { .name = "vulture", .language = "python",
					  .fails_on = SEVERITY_NOTE };
static const struct lint_tool pyflakes = { .name = "pyflakes", .language = "python" };

static const char pylint_letters[] = "C=w R=w W=w I=n E=e F=e";
static const char mypy_words[] = "error=e warning=w note=n info=n";

static const struct lint_form forms[] = {
	{ &pylint, "%p: [%K(%w)%w] %m", .has = "(", .endings = sources,
	  .severities = pylint_letters },
	{ &pylint, "%p: [%K, %w] %m", .has = ": [", .endings = sources,
	  .severities = pylint_letters },
	{ &bandit, "%p: %K[bandit]: %s: %m", .has = "[bandit]: " },
	{ &pylint, "%p: %K: %m", .endings = sources, .severities = pylint_letters },
	{ &ruff, "%p: %K [*] %m", .has = " [*] ", .endings = sources, .fixable = true },
	{ &flake8, "%p: %K %m", .endings = sources },
	{ &ruff, "%p: invalid-syntax: %m", .has = ": invalid-syntax: ", .endings = sources },
	{ &mypy, "%p: %s: %m  [%k]", .endings = sources, .severities = mypy_words },
	{ &mypy, "%p: %s: %m", .endings = sources, .severities = mypy_words },
	{ &pyright, "%p - %s: %m (%k)", .has = " - ", .endings = sources },
	{ &pyright, "%p - %s: %m", .has = " - ", .endings = sources },
	{ &vulture, "%p: %m (%w confidence)", .has = "% confidence)", .endings = sources,
	  .severity = SEVERITY_WARNING },
	{ &pyflakes, "%p: %m", .has = " imported but unused", .endings = sources },
	{ &pyflakes, "%p: %m", .has = ": undefined name '", .endings = sources },
};

struct state {
	struct lint lint;
	struct kept code, message, file;	/* of a finding of several lines */
	enum severity severity;
	bool star;
	unsigned long headline;			/* the line of its beginning */
	unsigned long place_line;
	unsigned long listen_until;		/* ruff was run: its headlines have no other mark */
};

static void found(struct state *s, struct findings *f, const struct line *line,
		  const struct lint_tool *tool, const struct place *place)
{
	struct line head = *line;

	head.number = s->headline;
	lint_found(&s->lint, f, &head, tool, &(struct lint_finding){
		*place, s->severity, kept_str(&s->code), kept_str(&s->message), s->star });
	s->headline = 0;
}

/* flake8's findings and ruff's short ones look the same until ruff says so. */
static void ruff_after_all(struct state *s, const struct line *line)
{
	if (s->lint.tool != &flake8 ||
	    !(str_has(line->text, " [*] ") ||
	      (str_starts(line->text, "Found ") && (str_ends(line->text, " errors.") ||
						    str_ends(line->text, " error.")))))
		return;
	s->lint.tool = &ruff;
	s->lint.run.tool = ruff.name;
}

/* ruff's long form: "F401 [*] `os` imported but unused", and " --> a.py:1:8" on the next line. */
static bool ruff_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, code;
	struct place place;

	if (lint_take_code(&text, &code) && str_skip(&text, " ") && text.size) {
		s->star = str_skip(&text, "[*] ");
		s->severity = SEVERITY_ERROR;
		keep(&s->code, code);
		keep(&s->message, text);
		s->headline = line->number;
		return true;
	}
	if (!s->headline || line->number != s->headline + 1)
		return false;
	text = str_trim(line->text);
	if (!str_skip(&text, "--> ") ||
	    !place_take(&text, &place) || !place_ends(place.file, sources))
		return false;
	found(s, f, line, &ruff, &place);
	return true;
}

/* ">> Issue: [B404:blacklist] message", "   Severity: Low   ...", "   Location: a.py:2:0" */
static bool bandit_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), code, word;
	struct place place;

	if (str_skip(&text, ">> Issue: [") && str_split(text, "] ", &code, &text)) {
		(void)str_split(code, ":", &code, NULL);
		keep(&s->code, code);
		keep(&s->message, text);
		s->severity = SEVERITY_WARNING;
		s->star = false;
		s->headline = line->number;
		return true;
	}
	if (!s->headline)
		return false;
	if (str_skip(&text, "Severity: ")) {
		word = take_word(&text);
		return lint_severity(word, &s->severity);
	}
	if (str_starts(text, "CWE: ") || str_starts(text, "More Info: "))
		return true;
	if (!str_skip(&text, "Location: ") || !place_take(&text, &place))
		return false;
	found(s, f, line, &bandit, &place);
	return true;
}

/* "a.py:3 in public function `f`:", and below it "        D103: Missing docstring" */
static bool pydocstyle_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, code;
	struct place place;

	if (str_chop(&text, ":") && place_take(&text, &place) && place_ends(place.file, sources) &&
	    (str_is(text, " at module level") || str_skip(&text, " in "))) {
		keep(&s->file, place.file);
		s->place_line = place.line;
		s->headline = line->number;
		return true;
	}
	text = str_trim(line->text);
	if (!s->headline || line->number != s->headline + 1 || !s->file.size ||
	    !lint_take_code(&text, &code) || code.at[0] != 'D' || !str_skip(&text, ": "))
		return false;
	keep(&s->code, code);
	keep(&s->message, text);
	s->severity = SEVERITY_ERROR;
	s->star = false;
	place = (struct place){ kept_str(&s->file), s->place_line, 0 };
	s->headline = line->number;
	found(s, f, line, &pydocstyle, &place);
	s->file.size = 0;
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->headline && line->number > s->headline + HEAD_LINES)
		s->headline = 0;
	ruff_after_all(s, line);
	if (str_has(line->text, "ruff"))
		s->listen_until = line->number + LISTEN_LINES;
	if (pydocstyle_line(s, line, f) || ruff_line(s, line, f) || bandit_line(s, line, f) ||
	    lint_line(&s->lint, f, line, forms, sizeof(forms) / sizeof(forms[0]))) {
		s->lint.idle = 0;
		return AWAKE;
	}
	return lint_other(&s->lint, f, line) == AWAKE || s->headline ||
	       line->number < s->listen_until ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	lint_finish(&s->lint, f);
}

static const char *const wake[] = { ".py:", ".pyi:", ".ipynb:", ".pyx:", " [*] ",
	">> Issue: [B", "ruff", "[bandit]: ", NULL };

static const char *const shop[] = { "src/a.py", "a.py", NULL };

static const struct reading examples[] = {
	{
		.name = "flake8",
		.files = shop,
		.log =
		"src/a.py:1:1: F401 'sys' imported but unused\n"
		"src/a.py:1:1: F401 'os' imported but unused\n"
		"src/a.py:1:11: E401 multiple imports on one line\n"
		"src/a.py:2:1: F401 'b.x' imported but unused\n",
		.expect = { .kind = KIND_LINT, .language = "python", .tool = "flake8", .type = "F401",
			    .file = "src/a.py", .line = 1, .message = "'sys' imported but unused",
			    .error_line = 1 },
	},
	{
		.name = "ruff check, short",
		.files = shop,
		.log = "src/a.py:1:8: F401 [*] `os` imported but unused\nFound 1 error.\n"
		       "[*] 1 fixable with the `--fix` option.\n",
		.expect = { .kind = KIND_LINT, .tool = "ruff", .type = "F401", .file = "src/a.py",
			    .line = 1, .message = "`os` imported but unused", .error_line = 1 },
	},
	{
		.name = "ruff check, long",
		.files = shop,
		.log = "F401 [*] `os` imported but unused\n --> src/a.py:1:8\n  |\n1 | import os\n"
		       "  |        ^^\n  |\nhelp: Remove unused import: `os`\n\nFound 1 error.\n"
		       "[*] 1 fixable with the `--fix` option.\n",
		.expect = { .kind = KIND_LINT, .tool = "ruff", .type = "F401", .file = "src/a.py",
			    .line = 1, .error_line = 1 },
	},
	{
		.name = "mypy",
		.files = shop,
		.log = "src/a.py:5: error: Incompatible return value type (got \"str\", expected \"int\")  "
		       "[return-value]\nFound 1 error in 1 file (checked 1 source file)\n",
		.expect = { .kind = KIND_LINT, .tool = "mypy", .type = "return-value", .line = 5,
			    .file = "src/a.py" },
	},
	{
		.name = "ruff check, long, nothing it could mend",
		.files = shop,
		.log = "##[group]Run ruff check .\nruff check .\n##[endgroup]\n"
		       "F821 Undefined name `nme`\n --> a.py:7:12\n  |\n7 |     return nme\n"
		       "  |            ^^^\n  |\n\nFound 1 error.\n",
		.expect = { .kind = KIND_LINT, .tool = "ruff", .type = "F821", .file = "a.py",
			    .line = 7, .message = "Undefined name `nme`", .error_line = 4 },
	},
	{
		.name = "pylint, the heaviest finding stands for all",
		.files = shop,
		.log = "************* Module a\n"
		       "a.py:1:0: C0114: Missing module docstring (missing-module-docstring)\n"
		       "a.py:6:11: W0123: Use of eval (eval-used)\n"
		       "a.py:9:8: E0602: Undefined variable 'nme' (undefined-variable)\n",
		.expect = { .kind = KIND_LINT, .tool = "pylint", .type = "E0602", .file = "a.py",
			    .line = 9, .error_line = 4 },
	},
	{
		.name = "pylint, parseable",
		.files = shop,
		.log = "************* Module a\n"
		       "a.py:4: [W0612(unused-variable), f] Unused variable 'y'\n",
		.expect = { .kind = KIND_LINT, .tool = "pylint", .type = "W0612", .file = "a.py",
			    .line = 4, .message = "Unused variable 'y'", .error_line = 2 },
	},
	{
		.name = "pyright",
		.files = shop,
		.log = "/home/runner/work/shop/shop/a.py\n"
		       "  /home/runner/work/shop/shop/a.py:9:16 - error: Type \"Literal['s']\" is not "
		       "assignable to return type \"int\"\n"
		       "    \"Literal['s']\" is not assignable to \"int\" (reportReturnType)\n"
		       "1 error, 0 warnings, 0 informations\n",
		.expect = { .kind = KIND_LINT, .tool = "pyright", .file = "a.py", .line = 9,
			    .error_line = 2 },
	},
	{
		.name = "bandit",
		.files = shop,
		.log = "Test results:\n"
		       ">> Issue: [B404:blacklist] Consider possible security implications associated "
		       "with subprocess module.\n"
		       "   Severity: Low   Confidence: High\n   Location: a.py:2\n"
		       "   More Info: https://bandit.readthedocs.io/en/latest/blacklists/blacklist_"
		       "imports.html#b404-import-subprocess\n"
		       "1\timport os, sys\n2\timport subprocess\n3\tdef f(x):\n\n"
		       ">> Issue: [B307:blacklist] Use of possibly insecure function - consider using "
		       "safer ast.literal_eval.\n"
		       "   Severity: Medium   Confidence: High\n   Location: a.py:6\n",
		.expect = { .kind = KIND_LINT, .tool = "bandit", .type = "B307", .file = "a.py",
			    .line = 6, .error_line = 10 },
	},
	{
		.name = "pydocstyle",
		.files = shop,
		.log = "a.py:1 at module level:\n        D100: Missing docstring in public module\n"
		       "a.py:3 in public function `f`:\n"
		       "        D103: Missing docstring in public function\n",
		.expect = { .kind = KIND_LINT, .tool = "pydocstyle", .type = "D100", .file = "a.py",
			    .line = 1, .message = "Missing docstring in public module",
			    .error_line = 2 },
	},
	{
		.name = "vulture",
		.files = shop,
		.log = "a.py:1: unused import 'os' (90% confidence)\n",
		.expect = { .kind = KIND_LINT, .tool = "vulture", .file = "a.py", .line = 1,
			    .message = "unused import 'os'", .error_line = 1 },
	},
	{
		.name = "mypy, only a note",
		.log = "a.py:9: note: Revealed type is \"builtins.int\"\n"
		       "Success: no issues found in 1 source file\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_lint_python = {
	.name = "lint_python",
	.language = "python",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

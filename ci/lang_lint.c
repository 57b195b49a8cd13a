/*
 * Linters: flake8, ruff check, pylint, mypy, eslint. One failure a run with the first error's
 * place, and a diagnostic for every finding. Only what the tool itself calls fixable gets a
 * command.
 */
#include "ci/fixer.h"

enum { IDLE_LINES_MAX = 80 };

enum tool { TOOL_NONE, TOOL_FLAKE8, TOOL_RUFF, TOOL_PYLINT, TOOL_MYPY, TOOL_ESLINT };

static const struct {
	const char *name, *language, *command;
} tools[] = {
	[TOOL_FLAKE8] = { "flake8", "python", NULL },
	[TOOL_RUFF] = { "ruff", "python", "ruff check --fix" },
	[TOOL_PYLINT] = { "pylint", "python", NULL },
	[TOOL_MYPY] = { "mypy", "python", NULL },
	[TOOL_ESLINT] = { "eslint", "node", "eslint --fix" },
};

struct state {
	struct tool_run run;
	enum tool tool;
	unsigned idle;
	bool fixable;			/* eslint: its summary said so */
	struct kept file;		/* eslint: the file whose findings follow */
	struct kept code, message;	/* ruff: the headline, before its place */
	bool star;
	unsigned long headline;
};

static void finish(struct state *s, struct findings *f)
{
	const char *command = s->tool ? tools[s->tool].command : NULL;

	if (s->tool == TOOL_ESLINT && !s->fixable)
		command = NULL;
	run_finish(&s->run, f, command);
	s->tool = TOOL_NONE;
	s->fixable = false;
	s->idle = 0;
}

static bool found(struct state *s, struct findings *f, const struct line *line, enum tool tool,
		  const struct place *place, enum severity severity, struct str code,
		  struct str message, bool fixable)
{
	if (s->tool != tool) {
		finish(s, f);
		s->tool = tool;
		s->run.tool = tools[tool].name;
		s->run.language = tools[tool].language;
		s->run.kind = KIND_LINT;
	}
	s->idle = 0;
	run_finding(&s->run, f, line, place, severity, code, message, fixable);
	return true;
}

/* "F401", "E501", "PLR0912": one to four capitals and two to four digits. */
static bool take_code(struct str *text, struct str *code)
{
	size_t letters = 0, digits = 0;

	while (letters < text->size && text->at[letters] >= 'A' && text->at[letters] <= 'Z')
		letters++;
	while (letters + digits < text->size && text->at[letters + digits] >= '0' &&
	       text->at[letters + digits] <= '9')
		digits++;
	if (letters < 1 || letters > 4 || digits < 2 || digits > 4)
		return false;
	*code = str_slice(*text, 0, letters + digits);
	*text = str_from(*text, letters + digits);
	return true;
}

/*
 * "a.py:1:8: F401 [*] `os` imported but unused", "a.py:1:0: C0114: Missing...", "a.py:3: error:
 * ..."
 */
static bool python_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, code = STR_NONE, rest;
	enum severity severity = SEVERITY_ERROR;
	struct place place;
	bool star;

	if (!place_take(&text, &place) || !place_ends(place.file, ".py .pyi .ipynb") ||
	    !str_skip(&text, ": "))
		return false;
	rest = text;
	if (take_code(&rest, &code)) {
		if (str_skip(&rest, ": "))
			return found(s, f, line, TOOL_PYLINT, &place, SEVERITY_ERROR, code, rest,
				     false);
		if (!str_skip(&rest, " "))
			return false;
		star = str_skip(&rest, "[*] ");
		if (star && s->tool == TOOL_FLAKE8) {	/* ruff after all */
			s->tool = TOOL_RUFF;
			s->run.tool = tools[TOOL_RUFF].name;
		}
		return found(s, f, line, star || s->tool == TOOL_RUFF ? TOOL_RUFF : TOOL_FLAKE8,
			     &place, SEVERITY_ERROR, code, rest, star);
	}
	if (str_skip(&text, "note: "))
		severity = SEVERITY_NOTE;
	else if (str_skip(&text, "warning: "))
		severity = SEVERITY_WARNING;
	else if (!str_skip(&text, "error: "))
		return false;
	if (str_ends(text, "]") && str_split_last(text, "  [", &rest, &code)) {
		str_chop(&code, "]");
		text = rest;
	}
	return found(s, f, line, TOOL_MYPY, &place, severity, code, text, false);
}

/* ruff's long form: "F401 [*] `os` imported but unused", and " --> a.py:1:8" on the next line. */
static bool ruff_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, code;
	struct place place;

	if (take_code(&text, &code) && str_skip(&text, " ") && text.size) {
		s->star = str_skip(&text, "[*] ");
		keep(&s->code, code);
		keep(&s->message, text);
		s->headline = line->number;
		return true;
	}
	text = str_trim(line->text);
	if (s->headline && line->number == s->headline + 1 && str_skip(&text, "--> ") &&
	    place_take(&text, &place) && place_ends(place.file, ".py .pyi .ipynb")) {
		struct line head = *line;

		head.number = s->headline;
		return found(s, f, &head, TOOL_RUFF, &place, SEVERITY_ERROR, kept_str(&s->code),
			     kept_str(&s->message), s->star);
	}
	if (s->tool == TOOL_FLAKE8 && str_starts(line->text, "Found ") &&
	    (str_ends(line->text, " errors.") || str_ends(line->text, " error."))) {
		s->tool = TOOL_RUFF;
		s->run.tool = tools[TOOL_RUFF].name;
	}
	return false;
}

/* "  1:16  error    Missing semicolon                         semi" below the name of the file */
static bool eslint_finding(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), code = STR_NONE, message;
	struct place place = { .file = kept_str(&s->file) };
	enum severity severity = SEVERITY_ERROR;

	if (!s->file.size || !str_indent(line->text) || !str_take_number(&text, &place.line) ||
	    !str_skip(&text, ":") || !str_take_number(&text, &place.column) || !str_skip(&text, "  "))
		return false;
	text = str_trim(text);
	if (str_skip(&text, "warning "))
		severity = SEVERITY_WARNING;
	else if (!str_skip(&text, "error "))
		return false;
	message = str_trim(text);
	if (str_split_last(message, "  ", &message, &code))
		message = str_trim(message);
	return found(s, f, line, TOOL_ESLINT, &place, severity, code, message, true);
}

static bool eslint_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;

	if (eslint_finding(s, line, f))
		return true;
	if (place_ends(text, ".js .jsx .ts .tsx .mjs .cjs .mts .cts .vue .svelte") &&
	    str_char(text, ' ') < 0 && str_char(text, ':') < 2) {
		keep(&s->file, text);
		return true;
	}
	if (s->tool != TOOL_ESLINT)
		return false;
	if (str_has(text, " potentially fixable with the `--fix` option")) {
		s->fixable = true;
		finish(s, f);
	} else if (str_starts(text, "ESLint found too many warnings")) {
		s->run.failing = true;
		keep(&s->run.message, text);
		s->run.error_line = line->number;
	}
	return false;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (python_line(s, line, f) || ruff_line(s, line, f) || eslint_line(s, line, f)) {
		s->idle = 0;
		return AWAKE;
	}
	if (++s->idle > IDLE_LINES_MAX) {
		finish(s, f);
		s->file.size = 0;
	}
	return s->tool || s->file.size || s->headline == line->number ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { ".py:", ".pyi:", ".ipynb:", " [*] ", ".js", ".ts", ".jsx", ".tsx",
	".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", NULL };

static const char *const shop[] = { "src/a.py", "x.js", "y.js", "z.js", NULL };

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
		.name = "eslint",
		.files = shop,
		.log =
		"/src/x.js\n"
		"  1:16  error    Missing semicolon                         semi\n"
		"  2:1   warning  Unexpected var, use let or const instead  no-var\n"
		"  2:11  error    Unnecessary semicolon                     no-extra-semi\n"
		"  3:7   error    Expected '===' and instead saw '=='       eqeqeq\n"
		"  3:33  error    Missing semicolon                         semi\n"
		"\n"
		"/src/y.js\n"
		"  1:16  error    Missing semicolon                         semi\n"
		"  2:1   warning  Unexpected var, use let or const instead  no-var\n"
		"  2:11  error    Unnecessary semicolon                     no-extra-semi\n"
		"  3:7   error    Expected '===' and instead saw '=='       eqeqeq\n"
		"  3:33  error    Missing semicolon                         semi\n"
		"\n"
		"✖ 10 problems (8 errors, 2 warnings)\n"
		"  6 errors and 2 warnings potentially fixable with the `--fix` option.\n"
		"\n"
		"\n",
		.expect = { .kind = KIND_LINT, .language = "node", .tool = "eslint", .type = "semi",
			    .file = "x.js", .line = 1, .message = "Missing semicolon", .error_line = 2 },
	},
	{
		.name = "eslint cannot read a file",
		.files = shop,
		.log = "\n/src/z.js\n  1:6  error  Parsing error: Unexpected token ;\n\n"
		       "\u2716 1 problem (1 error, 0 warnings)\n\n",
		.expect = { .kind = KIND_LINT, .tool = "eslint", .file = "z.js", .line = 1,
			    .message = "Parsing error: Unexpected token ;", .error_line = 3 },
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
		.name = "eslint, only warnings",
		.log = "/src/x.js\n  2:1  warning  Unexpected var, use let or const instead  no-var\n\n"
		       "\u2716 1 problem (0 errors, 1 warning)\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_lint = {
	.name = "lint",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

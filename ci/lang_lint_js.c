/*
 * Linters of JavaScript, TypeScript, CSS and HTML in their many formats: eslint and its kin,
 * standard, tslint, stylelint, htmlhint, jshint, biome, oxlint. Of a finding's source lines nothing
 * is read; what they print as JSON or XML is read elsewhere.
 */
#include "ci/lint.h"

static const char scripts[] = ".js .jsx .ts .tsx .mjs .cjs .mts .cts .vue .svelte .astro";
static const char styles[] = ".css .scss .sass .less .pcss .postcss .styl";
static const char all_files[] = ".js .jsx .ts .tsx .mjs .cjs .mts .cts .vue .svelte .astro .css .scss "
				".sass .less .pcss .postcss .styl .html .htm .sol .graphql .json .jsonc";

static const struct lint_tool eslint = {
	.name = "eslint", .language = "node", .command = "eslint --fix",
	.advice = " potentially fixable with the `--fix` option",
};
static const struct lint_tool stylelint = {
	.name = "stylelint", .command = "stylelint --fix",
	.advice = " potentially fixable with the \"--fix\" option",
};
static const struct lint_tool standard = { .name = "standard", .language = "node" };
static const struct lint_tool tslint = { .name = "tslint", .language = "node" };
static const struct lint_tool jshint = { .name = "jshint", .language = "node" };
static const struct lint_tool htmlhint = { .name = "htmlhint" };
static const struct lint_tool biome = { .name = "biome", .language = "node" };
static const struct lint_tool oxlint = { .name = "oxlint", .language = "node" };

static const char arrows[] = "\xe2\x9c\x96=e \xc3\x97=e \xe2\x9a\xa0=w \xe2\x84\xb9=n";

static const struct lint_form forms[] = {
	/* below the name of a file */
	{ &stylelint, "%l:%c%_%s%_%m%+%k", .endings = all_files, .severities = arrows,
	  .fixable = true },
	{ &stylelint, "%l:%c%_%s%_%m", .endings = all_files, .severities = arrows,
	  .fixable = true },
	{ &eslint, "%l:%c%_%s%_%m%+%k", .endings = all_files, .severities = "error=e warning=w",
	  .fixable = true },
	{ &eslint, "%l:%c%_%s%+%m", .endings = all_files, .severities = "error=e warning=w",
	  .fixable = true },
	{ &tslint, "%s: %l:%c%+%k%+%m", .has = "  ", .endings = scripts,
	  .severities = "ERROR=e WARNING=w" },
	/* "compact" */
	{ &stylelint, "%f: line %l, col %c, %s - %m (%k)", .has = ": line ", .endings = styles,
	  .fixable = true },
	{ &htmlhint, "%f: line %l, col %c, %s - %m (%k)", .has = ": line ",
	  .endings = ".html .htm" },
	{ &eslint, "%f: line %l, col %c, %s - %m (%k)", .has = ": line ", .fixable = true },
	{ &eslint, "%f: line %l, col %c, %s - %m", .has = ": line ", .fixable = true },
	{ &jshint, "%f: line %l, col %c, %m (%K)", .has = ": line ", .endings = scripts },
	{ &jshint, "%f: line %l, col %c, %m", .has = ": line ", .endings = scripts },
	/* "unix" */
	{ &stylelint, "%p: %m (%k) [%s]", .has = ") [", .endings = styles, .fixable = true },
	{ &htmlhint, "%p: %m [%s/%k]", .has = "/", .endings = ".html .htm" },
	{ &eslint, "%p: %m [%s/%k]", .has = "/", .fixable = true },
	{ &eslint, "%p: %m [%s]", .has = "]", .endings = all_files, .fixable = true },
	/* "visualstudio" and "msbuild" */
	{ &eslint, "%f(%l,%c): %s %k : %m", .has = " : ", .endings = scripts, .fixable = true },
	/* tslint's "prose" and "verbose" */
	{ &tslint, "%s: %p - %m", .has = " - ", .endings = scripts,
	  .severities = "ERROR=e WARNING=w" },
	{ &tslint, "%s: (%k) %f[%l, %c]: %m", .has = "]: ", .endings = scripts,
	  .severities = "ERROR=e WARNING=w" },
	{ &tslint, "%s: %f[%l, %c]: %m", .has = "]: ", .endings = scripts,
	  .severities = "ERROR=e WARNING=w" },
	{ &tslint, "(%k) %f[%l, %c]: %m", .has = "]: ", .endings = scripts },
	{ &tslint, "%f[%l, %c]: %m", .has = "]: ", .endings = scripts },
	{ &standard, "%p: %m (%k) (warning)", .has = " (warning)", .endings = scripts,
	  .severity = SEVERITY_WARNING },
	{ &standard, "%f:%l:%c: %m (%k)", .has = ". (", .endings = scripts },
};

struct state {
	struct lint lint;
	struct kept code;		/* biome, oxlint: of the finding that has begun */
	struct kept file, message;
	enum severity severity;
	unsigned long line, column, headline;
};

/* "a.js:2:7 lint/suspicious/noDoubleEquals  FIXABLE  ━━━━", and below it "  × message" */
static bool biome_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), code, word;
	struct place place;

	if (str_ends(text, "\xe2\x94\x81") && place_take(&text, &place) && str_skip(&text, " ")) {
		code = take_word(&text);
		if (!str_has(code, "/") && !str_is(code, "parse") && !str_is(code, "format"))
			return false;
		keep(&s->file, place.file);
		keep(&s->code, code);
		s->line = place.line;
		s->column = place.column;
		s->headline = line->number;
		return true;
	}
	if (!s->headline || !s->line || line->number > s->headline + 3)
		return false;
	word = take_word(&text);
	if (!text.size || !(str_is(word, "!") || str_is(word, "i") ||
			    lint_severity(word, &s->severity)))
		return false;
	if (str_is(word, "!") || str_is(word, "i"))
		s->severity = str_is(word, "!") ? SEVERITY_WARNING : SEVERITY_NOTE;
	lint_found(&s->lint, f, line, &biome, &(struct lint_finding){
		{ kept_str(&s->file), s->line, s->column }, s->severity, kept_str(&s->code), text,
		false });
	s->headline = s->line = 0;
	return true;
}

/* "  ! eslint(no-debugger): `debugger` is not allowed", and below it "   ,-[x.js:3:16]" */
static bool oxlint_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), code, message, word;
	struct place place;

	if ((str_skip(&text, ",-[") || str_skip(&text, "\xe2\x95\xad\xe2\x94\x80[")) && s->headline &&
	    !s->line && line->number <= s->headline + 3 && place_take(&text, &place)) {
		struct line head = *line;

		head.number = s->headline;
		lint_found(&s->lint, f, &head, &oxlint, &(struct lint_finding){
			place, s->severity, kept_str(&s->code), kept_str(&s->message), false });
		s->headline = 0;
		return true;
	}
	word = take_word(&text);
	if (word.size > 3 || !(str_is(word, "!") || str_is(word, "x") ||
			       lint_severity(word, &s->severity)) ||
	    !str_split(text, "): ", &code, &message) || !str_split(code, "(", NULL, &code))
		return false;
	if (str_is(word, "!") || str_is(word, "x"))
		s->severity = str_is(word, "!") ? SEVERITY_WARNING : SEVERITY_ERROR;
	keep(&s->code, code);
	keep(&s->message, message);
	s->headline = line->number;
	s->line = 0;
	return true;
}

static void warnings_that_fail(struct state *s, const struct line *line)
{
	struct tool_run *run = &s->lint.run;

	if (s->lint.tool != &eslint || !str_starts(line->text, "ESLint found too many warnings"))
		return;
	run->failing = true;
	keep(&run->message, line->text);
	run->error_line = line->number;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->headline && line->number > s->headline + 4)
		s->headline = s->line = 0;
	if (lint_line(&s->lint, f, line, forms, sizeof(forms) / sizeof(forms[0])) ||
	    biome_line(s, line, f) || oxlint_line(s, line, f) ||
	    lint_heading(&s->lint, line, all_files))
		return AWAKE;
	warnings_that_fail(s, line);
	return lint_other(&s->lint, f, line) == AWAKE || s->headline ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	lint_finish(&s->lint, f);
}

static const char *const wake[] = { ".js\n", ".js:", ".ts\n", ".ts:", ".jsx\n", ".jsx:", ".tsx\n",
	".tsx:", ".mjs\n", ".mjs:", ".cjs\n", ".cjs:", ".mts\n", ".mts:", ".cts\n",
	".vue\n", ".vue:", ".svelte\n", ".svelte:", ".astro\n", ".astro:", ".js[", ".ts[", ".jsx[",
	".tsx[", ".js(", ".ts(", ".jsx(", ".tsx(", ".css\n", ".css:", ".scss\n", ".scss:",
	".sass\n", ".sass:", ".less\n", ".less:", ".pcss\n", ".pcss:", ".styl\n", ".styl:",
	".html\n", ".html:", ".htm:", ".sol\n", ": line ", "eslint", NULL };

static const char *const shop[] = { "x.js", "y.js", "z.js", "y.ts", "s.css", NULL };

static const struct reading examples[] = {
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
		.name = "eslint, only warnings",
		.log = "/src/x.js\n  2:1  warning  Unexpected var, use let or const instead  no-var\n\n"
		       "\u2716 1 problem (0 errors, 1 warning)\n",
		.nothing = true,
	},
	{
		.name = "eslint, compact",
		.files = shop,
		.log = "/src/x.js: line 1, col 1, Warning - Unexpected var, use let or const instead. "
		       "(no-var)\n"
		       "/src/x.js: line 2, col 7, Error - Expected '===' and instead saw '=='. "
		       "(eqeqeq)\n\n2 problems\n",
		.expect = { .kind = KIND_LINT, .tool = "eslint", .type = "eqeqeq", .file = "x.js",
			    .line = 2, .message = "Expected '===' and instead saw '=='.",
			    .error_line = 2 },
	},
	{
		.name = "eslint, unix",
		.files = shop,
		.log = "/src/x.js:1:10: Missing semicolon. [Error/semi]\n\n1 problem\n",
		.expect = { .kind = KIND_LINT, .tool = "eslint", .type = "semi", .file = "x.js",
			    .line = 1, .message = "Missing semicolon.", .error_line = 1 },
	},
	{
		.name = "eslint, visualstudio",
		.files = shop,
		.log = "/src/x.js(3,16): error no-debugger : Unexpected 'debugger' statement.\n",
		.expect = { .kind = KIND_LINT, .tool = "eslint", .type = "no-debugger",
			    .file = "x.js", .line = 3, .error_line = 1 },
	},
	{
		.name = "standard",
		.files = shop,
		.log = "standard: Use JavaScript Standard Style (https://standardjs.com)\n"
		       "  /src/x.js:1:1: Unexpected var, use let or const instead. (no-var) (warning)\n"
		       "  /src/x.js:2:7: Expected '===' and instead saw '=='. (eqeqeq)\n",
		.expect = { .kind = KIND_LINT, .tool = "standard", .type = "eqeqeq", .file = "x.js",
			    .line = 2, .error_line = 3 },
	},
	{
		.name = "tslint, prose",
		.files = shop,
		.log = "\nERROR: y.ts:1:1 - Forbidden 'var' keyword, use 'let' or 'const' instead\n"
		       "ERROR: y.ts:3:1 - 'namespace' and 'module' are disallowed\n\n",
		.expect = { .kind = KIND_LINT, .tool = "tslint", .file = "y.ts", .line = 1,
			    .message = "Forbidden 'var' keyword, use 'let' or 'const' instead",
			    .error_line = 2 },
	},
	{
		.name = "tslint, stylish",
		.files = shop,
		.log = "y.ts:1:1\nERROR: 3:1  no-internal-module  The internal 'module' syntax is "
		       "deprecated, use the 'namespace' keyword instead.\n",
		.expect = { .kind = KIND_LINT, .tool = "tslint", .type = "no-internal-module",
			    .file = "y.ts", .line = 3, .error_line = 2 },
	},
	{
		.name = "tslint, verbose",
		.files = shop,
		.log = "ERROR: (no-namespace) y.ts[3, 1]: 'namespace' and 'module' are disallowed\n",
		.expect = { .kind = KIND_LINT, .tool = "tslint", .type = "no-namespace",
			    .file = "y.ts", .line = 3, .error_line = 1 },
	},
	{
		.name = "stylelint",
		.files = shop,
		.log = "\ns.css\n"
		       " 1:12  \xe2\x9c\x96  Expected \"#FFFFFF\" to be \"#FFF\"             "
		       "color-hex-length\n"
		       " 2:3   \xe2\x9c\x96  Unexpected empty block                      "
		       "block-no-empty\n\n2 problems (2 errors, 0 warnings)\n",
		.expect = { .kind = KIND_LINT, .tool = "stylelint", .type = "color-hex-length",
			    .file = "s.css", .line = 1, .error_line = 3,
			    .message = "Expected \"#FFFFFF\" to be \"#FFF\"" },
	},
	{
		.name = "htmlhint, unix",
		.log = "/src/h.html:1:24: Tag must be paired, no start tag: [ </p> ] "
		       "[error/tag-pair]\n",
		.expect = { .kind = KIND_LINT, .tool = "htmlhint", .type = "tag-pair", .line = 1,
			    .error_line = 1 },
	},
	{
		.name = "jshint",
		.files = shop,
		.log = "x.js: line 1, col 10, Missing semicolon.\n\n1 error\n",
		.expect = { .kind = KIND_LINT, .tool = "jshint", .file = "x.js", .line = 1,
			    .message = "Missing semicolon.", .error_line = 1 },
	},
	{
		.name = "biome",
		.files = shop,
		.log = "x.js:3:10 lint/correctness/noUnusedVariables  FIXABLE  \xe2\x94\x81\n\n"
		       "  ! This function f is unused.\n  \n    1 | var a = 1\n\n"
		       "x.js:2:7 lint/suspicious/noDoubleEquals  FIXABLE  \xe2\x94\x81\xe2\x94\x81\n\n"
		       "  \xc3\x97 Using == may be unsafe if you are relying on type coercion.\n",
		.expect = { .kind = KIND_LINT, .tool = "biome",
			    .type = "lint/suspicious/noDoubleEquals", .file = "x.js", .line = 2,
			    .error_line = 9 },
	},
	{
		.name = "oxlint, an error between warnings",
		.files = shop,
		.log = "\n  ! eslint(no-unused-vars): Function 'f' is declared but never used.\n"
		       "   ,-[x.js:3:10]\n 2 | if (a == 2) { b() };;\n   `----\n\n"
		       "  x eslint(no-debugger): `debugger` statement is not allowed\n"
		       "   ,-[x.js:3:16]\n 2 | if (a == 2) { b() };;\n   `----\n",
		.expect = { .kind = KIND_LINT, .tool = "oxlint", .type = "no-debugger",
			    .file = "x.js", .line = 3, .error_line = 7 },
	},
	{0}
};

const struct reader reader_lint_js = {
	.name = "lint_js",
	.language = "node",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

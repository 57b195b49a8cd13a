/*
 * Linters of the languages with few of them (Haskell, Lua, Clojure, Swift, Elixir, Puppet, Vim) and
 * those of C and C++ that do not print as compilers do. Besides, whatever says "file:line: error:
 * message" of a file that no other reader knows: a hint, no more.
 */
#include "ci/lint.h"

static const char c_files[] = ".c .h .cc .cpp .cxx .c++ .hh .hpp .hxx .inl .ipp .tcc .m .mm .cu .cuh";

/* Whose tools have readers of their own. */
static const char known[] = ".c .h .cc .cpp .cxx .c++ .hh .hpp .hxx .inc .inl .ipp .tcc .m .mm .cu "
			    ".cuh .s .S .y .l .def .C .H .py .pyi .go .rs .java .scala .sc .kt .kts "
			    ".groovy .cs .fs .vb .csproj .sln .props .targets .rb .php .js .ts .jsx "
			    ".tsx .sh .bash .bats .hs .lhs .o .a .so .mod .sum .xml .gradle .tf";

static const struct lint_tool hlint = { .name = "hlint", .language = "haskell",
					.fails_on = SEVERITY_NOTE };
static const struct lint_tool ghc = { .name = "ghc", .language = "haskell", .kind = KIND_COMPILE };
static const struct lint_tool luacheck = { .name = "luacheck", .language = "lua",
					   .fails_on = SEVERITY_WARNING };
static const struct lint_tool kondo = { .name = "clj-kondo", .language = "clojure",
					.fails_on = SEVERITY_WARNING };
static const struct lint_tool swiftlint = { .name = "swiftlint", .language = "swift" };
static const struct lint_tool credo = { .name = "credo", .language = "elixir",
					.fails_on = SEVERITY_WARNING };
static const struct lint_tool puppet_lint = { .name = "puppet-lint", .language = "puppet" };
static const struct lint_tool vint = { .name = "vint", .language = "vim",
				       .fails_on = SEVERITY_WARNING };
static const struct lint_tool cpplint = { .name = "cpplint", .language = "c++" };
static const struct lint_tool cppcheck = { .name = "cppcheck", .language = "c++" };
static const struct lint_tool other = { .kind = KIND_COMPILE, .guess = true };

static const struct lint_form forms[] = {
	{ &hlint, "%p: %s: %m", .endings = ".hs .lhs", .severities = "Ignore=n Suggestion=n "
	  "Warning=w Error=e" },
	{ &hlint, "%f:(%l,%c)-%w: %s: %m", .has = ":(", .endings = ".hs .lhs",
	  .severities = "Ignore=n Suggestion=n Warning=w Error=e" },
	{ &luacheck, "%f:%l:%c: (%K) %m", .has = ": (", .endings = ".lua .luacheckrc .rockspec",
	  .severities = "W=w E=e" },
	{ &luacheck, "%f:%l:%c: %m", .endings = ".lua .luacheckrc .rockspec",
	  .severity = SEVERITY_WARNING },
	{ &kondo, "%p: %s: %m", .endings = ".clj .cljs .cljc .edn .bb" },
	{ &swiftlint, "%p: %s: %m (%k)", .has = " (", .endings = ".swift" },
	{ &credo, "%p: %s: %m", .endings = ".ex .exs", .severities = "C=w D=w F=w R=w W=w" },
	{ &puppet_lint, "%f - %s: %m on line %l", .has = " on line ", .endings = ".pp" },
	{ &puppet_lint, "%f - %s: %m on line %l (check: %k)", .has = " on line ",
	  .endings = ".pp" },
	{ &vint, "%p: %m (see %w)", .has = " (see ", .endings = ".vim .vimrc",
	  .severity = SEVERITY_WARNING },
	{ &cpplint, "%p:%_%m%+[%k] [%w]", .has = "] [", .endings = c_files },
	{ &cppcheck, "[%p]: (%s) %m", .has = "]: (" },
	{ &cppcheck, "%p: %s: %m [%k]", .has = "]", .endings = c_files,
	  .severities = "style=w performance=w portability=w information=n" },
};

struct state {
	struct lint lint;
	struct kept file, code;		/* ghc: its message comes on the next line */
	enum severity severity;
	unsigned long line, column, began;
};

/* "a.hs:3:5: error: [GHC-88464]" or "... warning: [-Wunused-imports]", the message below it */
static bool ghc_line(struct state *s, const struct line *line, struct findings *f)
{
	static const struct lint_form heads[] = {
		{ &ghc, "%p: %s:%_[%k]%w", .endings = ".hs .lhs" },
		{ &ghc, "%p: %s:", .endings = ".hs .lhs" },
	};
	struct str text = str_trim(line->text);
	struct lint_finding head = {0};

	if (s->began && s->began + 1 == line->number && str_indent(line->text)) {
		(void)(str_skip(&text, "\xe2\x80\xa2 ") || str_skip(&text, "* "));
		head = (struct lint_finding){ { kept_str(&s->file), s->line, s->column }, s->severity,
					      kept_str(&s->code), text, false };
		lint_found(&s->lint, f, &(struct line){ .number = s->began }, &ghc, &head);
		s->began = 0;
		return true;
	}
	s->began = 0;
	if (!lint_match(&heads[0], STR_NONE, text, &head) &&
	    !lint_match(&heads[1], STR_NONE, text, &head))
		return false;
	keep(&s->file, head.place.file);
	keep(&s->code, head.code);
	s->severity = head.severity;
	s->line = head.place.line;
	s->column = head.place.column;
	s->began = line->number;
	return true;
}

static bool other_line(struct state *s, const struct line *line, struct findings *f)
{
	static const struct lint_form form = { &other, "%p: %s: %m",
		.severities = "error=e warning=w" };
	struct lint_finding finding;

	if (!lint_match(&form, STR_NONE, line->text, &finding) ||
	    place_ends(finding.place.file, known))
		return false;
	lint_found(&s->lint, f, line, &other, &finding);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (ghc_line(s, line, f) ||
	    lint_line(&s->lint, f, line, forms, sizeof(forms) / sizeof(forms[0])) ||
	    other_line(s, line, f))
		return AWAKE;
	return lint_other(&s->lint, f, line);
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	lint_finish(&s->lint, f);
}

static const char *const wake[] = { ".hs:", ".lhs:", ".lua:", ".luacheckrc:", ".rockspec:",
	".clj:", ".cljs:", ".cljc:", ".swift:", ".ex:", ".exs:", ".pp - ", ".vim:", "]: (error) ",
	"]: (warning) ", "]: (style) ", "]: (performance) ", ": error: ", ": warning: ",
	": style: ", " [1]\n", " [2]\n", " [3]\n", " [4]\n", " [5]\n", NULL };

static const char *const shop[] = { "a.hs", "a.lua", "a.clj", "a.swift", "a.pp", "a.cc", "boot.asm",
	NULL };

static const struct reading examples[] = {
	{
		.name = "hlint",
		.files = shop,
		.log = "a.hs:3:13-35: Warning: Use concatMap\nFound:\n  concat (map show [1, 2])\n"
		       "Perhaps:\n  concatMap show [1, 2]\n\n1 hint\n",
		.expect = { .kind = KIND_LINT, .language = "haskell", .tool = "hlint", .file = "a.hs",
			    .line = 3, .message = "Use concatMap", .error_line = 1 },
	},
	{
		.name = "ghc",
		.files = shop,
		.log = "[1 of 1] Compiling Main             ( a.hs, a.o )\n\n"
		       "a.hs:3:13: error: [GHC-88464]\n    Variable not in scope: nme :: String\n",
		.expect = { .kind = KIND_COMPILE, .tool = "ghc", .type = "GHC-88464", .file = "a.hs",
			    .line = 3, .message = "Variable not in scope: nme :: String",
			    .error_line = 3 },
	},
	{
		.name = "luacheck",
		.files = shop,
		.log = "Checking a.lua                                    2 warnings\n\n"
		       "    a.lua:1:7: unused variable height\n"
		       "    a.lua:3:9: accessing undefined variable bar\n\n"
		       "Total: 2 warnings / 0 errors in 1 file\n",
		.expect = { .kind = KIND_LINT, .tool = "luacheck", .file = "a.lua", .line = 1,
			    .message = "unused variable height", .error_line = 3 },
	},
	{
		.name = "luacheck with codes",
		.files = shop,
		.log = "a.lua:1:7: (W211) unused variable 'height'\na.lua:9:1: (E011) expected '=' near "
		       "'end'\n",
		.expect = { .kind = KIND_LINT, .tool = "luacheck", .type = "E011", .file = "a.lua",
			    .line = 9, .error_line = 2 },
	},
	{
		.name = "a program in Lua fails",
		.log = "lua: a.lua:3: attempt to call a nil value (global 'foo')\n",
		.nothing = true,
	},
	{
		.name = "clj-kondo",
		.files = shop,
		.log = "a.clj:4:2: error: clojure.core/inc is called with 0 args but expects 1\n"
		       "linting took 7ms, errors: 1, warnings: 0\n",
		.expect = { .kind = KIND_LINT, .tool = "clj-kondo", .file = "a.clj", .line = 4,
			    .error_line = 1 },
	},
	{
		.name = "swiftlint",
		.files = shop,
		.log = "/home/runner/work/shop/shop/a.swift:3:9: error: Force Cast Violation: Force casts "
		       "should be avoided (force_cast)\n",
		.expect = { .kind = KIND_LINT, .tool = "swiftlint", .type = "force_cast",
			    .file = "a.swift", .line = 3, .error_line = 1 },
	},
	{
		.name = "puppet-lint",
		.files = shop,
		.log = "a.pp - WARNING: class not documented on line 1 (check: documentation)\n"
		       "a.pp - ERROR: tab character found on line 2 (check: hard_tabs)\n",
		.expect = { .kind = KIND_LINT, .tool = "puppet-lint", .type = "hard_tabs",
			    .file = "a.pp", .line = 2, .error_line = 2 },
	},
	{
		.name = "cpplint",
		.files = shop,
		.log = "a.cc:2:  Missing spaces around =  [whitespace/operators] [4]\n"
		       "Done processing a.cc\nTotal errors found: 1\n",
		.expect = { .kind = KIND_LINT, .tool = "cpplint", .type = "whitespace/operators",
			    .file = "a.cc", .line = 2, .message = "Missing spaces around =",
			    .error_line = 1 },
	},
	{
		.name = "an assembler that nobody knows",
		.files = shop,
		.log = "boot.asm:12: error: symbol `nme' not defined\n",
		.expect = { .kind = KIND_COMPILE, .file = "boot.asm", .line = 12,
			    .message = "symbol `nme' not defined", .error_line = 1 },
	},
	{0}
};

const struct reader reader_lint_misc = {
	.name = "lint_misc",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

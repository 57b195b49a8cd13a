/*
 * What the go command says before anything runs: compile errors, vet findings, and modules that are
 * missing or do not fit. Linters and time-outs of the module proxy are read elsewhere.
 */
#include "ci/go_lint.h"
#include "ci/network.h"
#include "ci/trace.h"

struct state {
	bool package;			/* a "# pkg" line came just before */
};

/* What "go" says about modules: none of these can come of the code itself. */
static const struct {
	const char *words, *type;
	enum kind kind;
} modules[] = {
	{ "missing go.sum entry", "missing go.sum entry", KIND_DEPENDENCY },
	{ "no required module provides package ", "no required module", KIND_DEPENDENCY },
	{ "updates to go.mod needed", "go.mod not tidy", KIND_DEPENDENCY },
	{ "inconsistent vendoring", "inconsistent vendoring", KIND_DEPENDENCY },
	{ "checksum mismatch", "checksum mismatch", KIND_DEPENDENCY },
	{ "go.mod requires go >= ", "go version", KIND_CONFIG },
	{ "invalid go version '", "go version", KIND_CONFIG },
	{ "errors parsing go.mod", "go.mod", KIND_CONFIG },
	{ " is not in GOROOT", "no such package", KIND_DEPENDENCY },
	{ " is not in std", "no such package", KIND_DEPENDENCY },
	{ "cannot find module providing package ", "no such package", KIND_DEPENDENCY },
	{ "module lookup disabled by GOPROXY=off", "GOPROXY", KIND_CONFIG },
	{ "unknown revision ", "unknown revision", KIND_DEPENDENCY },
	{ "import cycle not allowed", "import cycle", KIND_COMPILE },
	{ "go: cannot find main module", "no go.mod", KIND_CONFIG },
	{ "go.mod file not found in current directory", "no go.mod", KIND_CONFIG },
	{ "no matching versions for query ", "no such version", KIND_DEPENDENCY },
	{ "invalid version: ", "no such version", KIND_DEPENDENCY },
	{ "unrecognized import path ", "no such package", KIND_DEPENDENCY },
	{ "toolchain not available", "go version", KIND_CONFIG },
};

static const char *const vet_words[] = { "Printf format", "Println call has", "Println arg list",
	"self-assignment of ", "unreachable code", "struct field tag", "passes lock by value",
	"composite literal uses unkeyed", "build comment", "direct assignment to atomic",
	"loop variable", "result of ", "possible misuse of", "call has arguments but no formatting",
	"the cancel function", "should have signature", "copies lock", NULL };

static bool any_of(struct str text, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (str_has(text, words[i]))
			return true;
	return false;
}

/* A download that broke off, wherever Go says it: lang_transient.c reads it. */
static bool is_download(struct str text)
{
	struct network said;

	return (str_has(text, ": Get \"http") || str_has(text, "git ls-remote ")) &&
	       network_judge(text, &said) && said.transient;
}

static bool module_line(const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct failure *failure;
	struct place place = {0};
	bool verify = str_starts(text, "verifying ") && str_has(text, ": checksum mismatch");
	bool placed = !verify && place_take(&text, &place);

	if (is_download(text))
		return false;
	if (!verify && (placed ? !place_ends(place.file, ".go .mod") || !str_skip(&text, ": ") :
				 !str_skip(&text, "go: ")))
		return false;
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		if (!str_has(text, modules[i].words) && !str_has(line->text, modules[i].words))
			continue;
		failure = findings_failure(f, modules[i].kind, WEIGHT_CERTAIN, line->number);
		failure->language = "go";
		failure->tool = "go";
		failure->type = modules[i].type;
		failure->message = findings_text(failure, text);
		place_set(failure, &place);
		return true;
	}
	return false;
}

static void report(const struct line *line, struct findings *f, const struct place *place,
		   struct str message, const char *tool)
{
	bool lint = !str_is(str_of(tool), "go");
	struct failure *failure = findings_failure(f, lint ? KIND_LINT : KIND_COMPILE,
						   WEIGHT_DIAGNOSTIC, line->number);

	failure->language = "go";
	failure->tool = tool;
	failure->message = findings_text(failure, message);
	place_set(failure, place);
	findings_diagnostic(f, tool, place->file, place->line, place->column, SEVERITY_ERROR, STR_NONE,
			    message);
}

static bool finding_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place;
	struct lint_finding lint;
	const struct lint_tool *linter;
	const char *tool = "go";
	bool vet = str_skip(&text, "vet: ");

	if (!place_take(&text, &place) || !place_ends(place.file, ".go") || !str_skip(&text, ": ") ||
	    !text.size || is_download(text))
		return false;
	if (go_lint_match(line->text, &linter, &lint))
		return false;
	if (any_of(text, vet_words)) {
		tool = "vet";
	} else if (!s->package && !vet && !place.column) {
		return false;		/* a program's own log line: "main.go:12: starting" */
	}
	report(line, f, &place, text, tool);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = line->text;

	if (str_skip(&text, "# ") && text.size && !str_has(take_word(&text), ":")) {
		s->package = !text.size || str_starts(text, "[");
		return s->package ? AWAKE : ASLEEP;
	}
	if (module_line(line, f))
		return ASLEEP;
	if (str_indent(line->text))
		return s->package ? AWAKE : ASLEEP;
	if (finding_line(s, line, f))
		return s->package ? AWAKE : ASLEEP;
	s->package = false;
	return ASLEEP;
}

static const char *const wake[] = { ".go:", "go: ", "# github.com/", "# golang.org/", "# gitlab.com/",
	"# example.com/", "# command-line-arguments", "go.mod:", ": checksum mismatch", NULL };

static const char *const shop[] = { "main.go", "go.mod", NULL };

static const struct reading examples[] = {
	{
		.name = "unused import and variable",
		.files = shop,
		.log =
		"# example.com/shop\n"
		"./main.go:5:2: imported and not used: \"os\"\n"
		"./main.go:9:2: count declared but not used\n"
		"./main.go:10:20: cannot use 5 (untyped int constant) as string value in variable "
		"declaration\n"
		"./main.go:11:14: undefined: nme\n",
		.expect = { .kind = KIND_COMPILE, .language = "go", .tool = "go", .file = "main.go",
			    .line = 5, .message = "imported and not used: \"os\"", .error_line = 2 },
	},
	{
		.name = "vet cannot type check",
		.files = shop,
		.log =
		"# example.com/shop\n"
		"vet: ./main.go:10:20: cannot use 5 (untyped int constant) as string value in "
		"variable declaration\n",
		.expect = { .kind = KIND_COMPILE, .file = "main.go", .line = 10, .error_line = 2 },
	},
	{
		.name = "vet finds a wrong verb",
		.files = shop,
		.log =
		"# example.com/shop\n"
		"./main.go:7:2: fmt.Printf format %s has arg n of wrong type int\n",
		.expect = { .kind = KIND_LINT, .tool = "vet", .file = "main.go", .line = 7,
			    .message = "fmt.Printf format %s has arg n of wrong type int",
			    .error_line = 2 },
	},
	{
		.name = "no go.sum entry",
		.files = shop,
		.log =
		"main.go:6:2: missing go.sum entry for module providing package "
		"github.com/google/uuid (imported by example.com/shop); to add:\n"
		"\tgo get example.com/shop\n"
		"main.go:7:2: github.com/google/uuid@v1.3.0: missing go.sum entry; to add it:\n"
		"\tgo mod download github.com/google/uuid\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "go", .type = "missing go.sum entry",
			    .file = "main.go", .line = 6, .error_line = 1 },
	},
	{
		.name = "a program's own log lines",
		.log = "main.go:12: starting\n2026/01/02 10:00:00 server.go:40: listening\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_go_build = {
	.name = "go_build",
	.language = "go",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

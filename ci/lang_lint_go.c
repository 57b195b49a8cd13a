/*
 * Go's linters: one failure a run with the first finding's place. How their lines look is told in
 * ci/go_lint.c; the source lines below a finding are not read.
 */
#include "ci/go_lint.h"

struct state {
	struct lint lint;
};

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	const struct lint_tool *tool;
	struct lint_finding finding;

	if (go_lint_match(line->text, &tool, &finding)) {
		lint_found(&s->lint, f, line, tool, &finding);
		return AWAKE;
	}
	return lint_other(&s->lint, f, line);
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	lint_finish(&s->lint, f);
}

static const char *const wake[] = { ".go:", NULL };

static const char *const shop[] = { "main.go", "cart/cart.go", NULL };

static const struct reading examples[] = {
	{
		.name = "golangci-lint",
		.log = "main.go:7:10: Error return value of `w.Write` is not checked (errcheck)\n"
		       "\t\tw.Write(e)\n\t\t       ^\n",
		.expect = { .kind = KIND_LINT, .tool = "golangci-lint", .type = "errcheck",
			    .message = "Error return value of `w.Write` is not checked", .line = 7 },
	},
	{
		.name = "golangci-lint cannot type check",
		.files = shop,
		.log = "main.go:9:2: undefined: nme (typecheck)\n\tnme()\n\t^\n",
		.expect = { .kind = KIND_COMPILE, .tool = "golangci-lint", .file = "main.go", .line = 9,
			    .message = "undefined: nme" },
	},
	{
		.name = "staticcheck",
		.files = shop,
		.log = "cart/cart.go:14:2: this value of err is never used (SA4006)\n"
		       "cart/cart.go:20:6: func total is unused (U1000)\n",
		.expect = { .kind = KIND_LINT, .tool = "staticcheck", .type = "SA4006",
			    .file = "cart/cart.go", .line = 14, .error_line = 1,
			    .message = "this value of err is never used" },
	},
	{
		.name = "gosec",
		.files = shop,
		.log = "[/home/runner/work/shop/shop/main.go:64] - G104 (CWE-703): Errors unhandled. "
		       "(Confidence: HIGH, Severity: LOW)\n    63: \n  > 64: \tw.Write(e)\n"
		       "[/home/runner/work/shop/shop/main.go:37] - G402 (CWE-295): TLS "
		       "InsecureSkipVerify set true. (Confidence: HIGH, Severity: HIGH)\n",
		.expect = { .kind = KIND_LINT, .tool = "gosec", .type = "G402", .file = "main.go",
			    .line = 37, .error_line = 4,
			    .message = "TLS InsecureSkipVerify set true." },
	},
	{
		.name = "golint",
		.files = shop,
		.log = "main.go:5:1: exported function Total should have comment or be unexported\n"
		       "main.go:9:5: don't use underscores in Go names; var line_total should be "
		       "lineTotal\n",
		.expect = { .kind = KIND_LINT, .tool = "golint", .file = "main.go", .line = 5,
			    .error_line = 1 },
	},
	{
		.name = "errcheck",
		.files = shop,
		.log = "main.go:7:9:\tw.Write(e)\n",
		.expect = { .kind = KIND_LINT, .tool = "errcheck", .file = "main.go", .line = 7,
			    .message = "w.Write(e)", .error_line = 1 },
	},
	{0}
};

const struct reader reader_lint_go = {
	.name = "lint_go",
	.language = "go",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

/*
 * Linters of PHP in one line a finding: phpstan (raw), psalm, phpcs, phpmd, phan. PHPStan's table is
 * read elsewhere; continued lines of phpcs's are left out.
 */
#include "ci/lint.h"

static const char sources[] = ".php .phtml .inc .phpt";

static const struct lint_tool phpstan = { .name = "phpstan", .language = "php" };
static const struct lint_tool psalm = { .name = "psalm", .language = "php" };
static const struct lint_tool phpcs = { .name = "phpcs", .language = "php", .command = "phpcbf",
					.advice = "PHPCBF CAN FIX THE ",
					.fails_on = SEVERITY_WARNING };
static const struct lint_tool phpmd = { .name = "phpmd", .language = "php",
					.fails_on = SEVERITY_WARNING };
static const struct lint_tool phan = { .name = "phan", .language = "php",
				       .fails_on = SEVERITY_WARNING };

static const struct lint_form forms[] = {
	{ &phpcs, "%l | %s | [x] %m", .has = " | ", .endings = sources, .fixable = true },
	{ &phpcs, "%l | %s | [ ] %m", .has = " | ", .endings = sources },
	{ &phpcs, "%l | %s | %m", .has = " | ", .endings = sources },
	{ &phpcs, "%p: %s - %m (%k)", .has = " - ", .endings = sources },
	{ &phpcs, "%p: %s - %m", .has = " - ", .endings = sources },
	{ &psalm, "%p:%s - %k: %m", .has = " - ", .endings = sources },
	{ &psalm, "%s: %k - %p - %m", .has = " - ", .endings = sources },
	{ &phan, "%p %k %m", .has = " Phan", .endings = sources, .severity = SEVERITY_WARNING },
	{ &phpmd, "%p%+%k%+%m", .endings = sources, .severity = SEVERITY_WARNING },
};

struct state {
	struct lint lint;
};

/* "src/a.php:42:Call to ...", with no blank before the message. */
static bool phpstan_raw(struct state *s, const struct line *line, struct findings *f)
{
	static const struct lint_form raw = { &phpstan, "%f:%l:%m", .endings = sources };
	struct lint_finding finding;
	char first;

	if (!lint_match(&raw, STR_NONE, line->text, &finding))
		return false;
	first = *finding.message.at;
	if (finding.message.at[-1] != ':' || (first >= '0' && first <= '9'))
		return false;
	lint_found(&s->lint, f, line, &phpstan, &finding);
	return true;
}

static bool phpcs_heading(struct state *s, struct str text)
{
	if (!str_skip(&text, "FILE: ") || !text.size)
		return false;
	keep(&s->lint.heading, text);
	s->lint.idle = 0;
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (phpcs_heading(s, line->text) ||
	    lint_line(&s->lint, f, line, forms, sizeof(forms) / sizeof(forms[0])) ||
	    phpstan_raw(s, line, f))
		return AWAKE;
	return lint_other(&s->lint, f, line);
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	lint_finish(&s->lint, f);
}

static const char *const wake[] = { ".php:", ".phtml:", ".inc:", "FILE: ", NULL };

static const char *const shop[] = { "a.php", "src/cart.php", NULL };

static const struct reading examples[] = {
	{
		.name = "phpcs",
		.files = shop,
		.log = "\nFILE: /home/runner/work/shop/shop/a.php\n"
		       "----------------------------------------------------------------------\n"
		       "FOUND 2 ERRORS AFFECTING 2 LINES\n"
		       "----------------------------------------------------------------------\n"
		       " 2 | ERROR | [ ] Missing file doc comment\n"
		       " 3 | ERROR | [x] Line indented incorrectly; expected 4 spaces, found\n"
		       "   |       |     2\n"
		       "----------------------------------------------------------------------\n"
		       "PHPCBF CAN FIX THE 1 MARKED SNIFF VIOLATIONS AUTOMATICALLY\n"
		       "----------------------------------------------------------------------\n",
		.expect = { .kind = KIND_LINT, .language = "php", .tool = "phpcs", .file = "a.php",
			    .line = 2, .message = "Missing file doc comment", .error_line = 6 },
	},
	{
		.name = "phpcs, emacs",
		.files = shop,
		.log = "/home/runner/work/shop/shop/a.php:2:1: error - Missing file doc comment\n",
		.expect = { .kind = KIND_LINT, .tool = "phpcs", .file = "a.php", .line = 2,
			    .message = "Missing file doc comment", .error_line = 1 },
	},
	{
		.name = "phpmd",
		.files = shop,
		.log = "/home/runner/work/shop/shop/a.php:3  UnusedLocalVariable  Avoid unused local "
		       "variables such as '$y'.\n",
		.expect = { .kind = KIND_LINT, .tool = "phpmd", .type = "UnusedLocalVariable",
			    .file = "a.php", .line = 3, .error_line = 1 },
	},
	{
		.name = "phpstan, raw",
		.files = shop,
		.log = "/home/runner/work/shop/shop/src/cart.php:42:Call to an undefined method "
		       "Cart::sum().\n",
		.expect = { .kind = KIND_LINT, .tool = "phpstan", .file = "src/cart.php", .line = 42,
			    .error_line = 1 },
	},
	{
		.name = "psalm",
		.files = shop,
		.log = "\nERROR: UndefinedMethod - src/cart.php:42:16 - Method Cart::sum does not exist "
		       "(see https://psalm.dev/022)\n        return $this->sum();\n\n",
		.expect = { .kind = KIND_LINT, .tool = "psalm", .type = "UndefinedMethod",
			    .file = "src/cart.php", .line = 42, .error_line = 2 },
	},
	{
		.name = "a trace's lines",
		.log = "#0 /src/a.php(3): f()\n/src/a.php:3\n/src/a.php:12:34\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_lint_php = {
	.name = "lint_php",
	.language = "php",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

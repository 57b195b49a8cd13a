/*
 * Fences over what the text of a change says: silencers, swallowed errors, moved thresholds. They
 * count before and after, so that what a project already has is left alone and only more of it is
 * refused. Comments count too: a silencer is a comment.
 */
#include "bot/rules.h"

#include "templates/syntax.h"

static const char *const silencers[] = {
	"# noqa", "#noqa", "# type: ignore", "# type:ignore", "# pyright: ignore",
	"pylint: disable", "pragma: no cover", "# nosec", "fmt: off", "fmt: skip", "isort:skip",
	"isort: skip", "mypy: ignore", "warnings.filterwarnings", "warnings.simplefilter",
	"@ts-ignore", "@ts-expect-error", "@ts-nocheck", "as any", "eslint-disable",
	"tslint:disable", "istanbul ignore", "c8 ignore", "v8 ignore", "prettier-ignore",
	"biome-ignore", "@jest-ignore", "jshint ignore", "//nolint", "// nolint", "#nosec",
	"#[allow(", "#![allow(", "#[expect(", "rustfmt::skip", "#[ignore", "unwrap_or_default()",
	"@SuppressWarnings", "@Suppress(", "CHECKSTYLE:OFF", "NOSONAR", "@Disabled", "@Ignore",
	"NOLINT", "diagnostic ignored", "#pragma warning(disable", "#pragma warning disable",
	"-Wno-", "-fpermissive", "clang-format off", "cppcheck-suppress", "__attribute__((unused",
	"rubocop:disable", "phpcs:ignore", "@phpstan-ignore", "@psalm-suppress",
	"shellcheck disable", "hadolint ignore", "|| true", "||true", "|| :", "|| exit 0",
	"set +e", "--no-verify", "--passWithNoTests", "continue-on-error", "--legacy-peer-deps",
	"--unsafe-fixes", "--exit-zero", "--no-fail", "verify=False", "--trusted-host",
	"InsecureSkipVerify", "rejectUnauthorized", "NODE_TLS_REJECT_UNAUTHORIZED", "curl -k",
	"--insecure", "--no-check-certificate", "--allow-unauthenticated", "Check-Valid-Until",
	"[trusted=yes]", "mark.skip", "mark.xfail", "unittest.skip", "pytest.skip", "skipTest(",
	"it.skip", "test.skip", "describe.skip", "xit(", "xdescribe(", "it.only", "test.only",
	"t.Skip(", "t.SkipNow(", "setrecursionlimit", "pull_request_target",
	"write-all", "chmod 777", "GTEST_SKIP", "contextlib.suppress", "suppress(Exception",
};

/* Words whose number decides when a check fails or gives up. */
static const char *const thresholds[] = {
	"fail_under", "fail-under", "coverageThreshold", "minimum_coverage", "testTimeout",
	"timeout-minutes", "--timeout", "timeout", "max-complexity", "max_complexity",
	"max-line-length", "max_line_length", "line-length", "line_length", "max-warnings",
	"max_warnings", "threshold", "tolerance", "retries", "reruns", "allowed_failures",
};

static size_t occurrences(struct str text, struct str word)
{
	size_t n = 0;
	ptrdiff_t at;

	while ((at = str_find(text, word)) >= 0) {
		n++;
		text = str_from(text, (size_t)at + word.size);
	}
	return n;
}

bool rules_suppression(const struct change *change, struct arena *a, struct err *e)
{
	(void)a;
	for (size_t i = 0; i < sizeof(silencers) / sizeof(silencers[0]); i++) {
		struct str word = str_of(silencers[i]);

		if (occurrences(change->after, word) > occurrences(change->before, word))
			return fail(e, ERR_DENIED, "it would add \"%s\" to %s, which silences "
				    "a check instead of mending the fault", silencers[i],
				    change->path);
	}
	return true;
}

/* Handlers that make an error disappear, in any of the languages. */
struct swallowed {
	const struct syntax *s;
	size_t count;
};

static bool only_comments_or_pass(TSNode block)
{
	uint32_t n = ts_node_named_child_count(block);

	for (uint32_t i = 0; i < n; i++) {
		TSNode child = ts_node_named_child(block, i);

		if (!syntax_type_is(child, "comment|line_comment|block_comment|pass_statement|"
				    "continue_statement|break_statement|empty_statement"))
			return false;
	}
	return true;
}

static bool is_catch_all(const struct syntax *s, TSNode clause)
{
	TSNode what = ts_node_named_child(clause, 0);
	struct str text = syntax_text(s, what);

	return syntax_type_is(clause, "except_clause") &&
	       (syntax_type_is(what, "block") || str_starts(text, "Exception") ||
		str_starts(text, "BaseException"));
}

static bool count_swallowed(TSNode node, void *context)
{
	struct swallowed *found = context;
	TSNode block;

	if (!syntax_type_is(node, "except_clause|catch_clause|except_group_clause"))
		return true;
	block = syntax_below(node, "block|statement_block|compound_statement", 0);
	if (is_catch_all(found->s, node) || ts_node_is_null(block) || only_comments_or_pass(block))
		found->count++;
	return true;
}

static size_t swallowed_in(const char *language, struct str text, struct arena *a)
{
	SYNTAX s = syntax_open(a, language, text);
	struct swallowed found = { s, 0 };

	if (s)
		syntax_walk(s->root, count_swallowed, &found);
	return found.count + occurrences(text, STR("recover()")) +
	       occurrences(text, STR("ON_ERROR_RESUME"));
}

bool rules_swallowed(const struct change *change, struct arena *a, struct err *e)
{
	const char *language = syntax_language(change->path);

	if (!language ||
	    swallowed_in(language, change->after, a) <= swallowed_in(language, change->before, a))
		return true;
	return fail(e, ERR_DENIED, "it would swallow an error in %s", change->path);
}

static bool names_threshold(struct str line)
{
	for (size_t i = 0; i < sizeof(thresholds) / sizeof(thresholds[0]); i++)
		if (str_has(line, thresholds[i]))
			return true;
	return false;
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		if (s.at[i] >= '0' && s.at[i] <= '9')
			return true;
	return false;
}

/* The lines that name a threshold with a number, without blanks, so that layout does not matter. */
static struct str threshold_lines(struct str text, struct arena *a)
{
	struct text out = TEXT(a);
	struct str line;

	while (str_next_line(&text, &line)) {
		if (!names_threshold(line) || !has_digit(line))
			continue;
		for (size_t i = 0; i < line.size; i++)
			if (line.at[i] != ' ' && line.at[i] != '\t' && line.at[i] != ',' &&
			    line.at[i] != '"' && line.at[i] != '\'')
				text_addc(&out, line.at[i]);
		text_addc(&out, '\n');
	}
	return text_str(&out);
}

bool rules_threshold(const struct change *change, struct arena *a, struct err *e)
{
	if (str_equal(threshold_lines(change->before, a), threshold_lines(change->after, a)))
		return true;
	return fail(e, ERR_DENIED, "it would move a threshold or a time limit in %s", change->path);
}

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
	"@ts-ignore", "@ts-expect-error", "@ts-nocheck", "eslint-disable",
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
	"cfg_attr(", "go:build ignore", "+build ignore", "describe.only", "context.only",
	"fdescribe(", "fit(", "test.todo", "it.todo", ".catch(() => {})", ".catch(()=>null)",
	"; true", "; exit 0", ".IGNORE:", "--ignore-errors", "--keep-going", "make -k", "make -i",
	"importorskip", "assumeTrue(", "assumeFalse(", "Assumptions.", "curl -sk", "curl -fsSLk",
};

/* The same, but only as whole words and in files of this kind. */
static const struct {
	const char *word, *globs[6];
} local_silencers[] = {
	{ "as any", { "**/*.ts", "**/*.tsx", "**/*.mts", "**/*.cts" } },
	{ " -w", { "**/*akefile", "**/*.mk", "**/CMakeLists.txt", "**/*.cmake", "**/meson.build" } },
};

/* What keeps a check strict: fewer of them is a check less. */
static const char *const guards[] = {
	"-Werror", "-Wall", "-Wextra", "-Wpedantic", "-fsanitize", "set -e", "set -o errexit",
	"pipefail", "--strict", "--max-warnings", "--cov-fail-under", "go test -race", "assert",
};

/* Words whose number decides when a check fails or gives up. */
static const char *const thresholds[] = {
	"fail_under", "fail-under", "coverageThreshold", "minimum_coverage", "testTimeout",
	"timeout-minutes", "--timeout", "timeout", "max-complexity", "max_complexity",
	"max-line-length", "max_line_length", "line-length", "line_length", "max-warnings",
	"max_warnings", "threshold", "tolerance", "retries", "reruns", "allowed_failures",
};

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Not inside of a longer name: "exit(" is no "xit(", "list.skip" no "t.skip". */
static size_t occurrences(struct str text, struct str word, bool whole)
{
	size_t n = 0;

	for (size_t start = 0;;) {
		ptrdiff_t at = str_find(str_from(text, start), word);
		size_t found;

		if (at < 0)
			return n;
		found = start + (size_t)at;
		start = found + word.size;
		n += !(found && is_word_byte(word.at[0]) && is_word_byte(text.at[found - 1])) &&
		     !(whole && start < text.size && is_word_byte(text.at[start]));
	}
}

/* Lower case, one blank for many, and none beside a sign: the ways to write one silencer. */
static struct str plain(struct str s, struct arena *a)
{
	static const char signs[] = "#/*:=|&;(){}[]<>!,\n";
	struct text out = TEXT(a);
	char last = '\n';
	bool blank = false;

	for (size_t i = 0; i < s.size; i++) {
		char c = s.at[i];

		if (c == ' ' || c == '\t') {
			blank = true;
			continue;
		}
		if (blank && !strchr(signs, c) && !strchr(signs, last))
			text_addc(&out, ' ');
		blank = false;
		last = c;
		text_addc(&out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
	return text_str(&out);
}

/* "-command" in a recipe: make does not look at how it ended. */
static size_t ignored_recipes(const char *path, struct str text)
{
	static const char *const makefiles[] = { "**/*akefile", "**/*.mk", NULL };
	struct str line;
	size_t n = 0;

	while (rules_any_glob(makefiles, path) && str_next_line(&text, &line))
		n += str_starts(line, "\t-") || str_starts(line, "\t@-");
	return n;
}

static bool silences(struct err *e, const char *what, const struct change *change)
{
	return fail(e, ERR_DENIED, "it would add \"%s\" to %s, which silences a check instead of "
		    "mending the fault", what, change->path);
}

static bool no_local_silencer(const struct change *change, struct str before, struct str after,
			      struct err *e)
{
	for (size_t i = 0; i < sizeof(local_silencers) / sizeof(local_silencers[0]); i++) {
		struct str word = str_of(local_silencers[i].word);

		if (rules_any_glob(local_silencers[i].globs, change->path) &&
		    occurrences(after, word, true) > occurrences(before, word, true))
			return silences(e, local_silencers[i].word, change);
	}
	return true;
}

static bool guards_kept(const struct change *change, struct str before, struct str after,
			struct arena *a, struct err *e)
{
	for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
		struct str word = plain(str_of(guards[i]), a);

		if (occurrences(after, word, false) < occurrences(before, word, false))
			return fail(e, ERR_DENIED, "it would take \"%s\" out of %s", guards[i],
				    change->path);
	}
	return true;
}

bool rules_suppression(const struct change *change, struct arena *a, struct err *e)
{
	struct str before = plain(change->before, a), after = plain(change->after, a);

	for (size_t i = 0; i < sizeof(silencers) / sizeof(silencers[0]); i++) {
		struct str word = plain(str_of(silencers[i]), a);

		if (occurrences(after, word, false) > occurrences(before, word, false))
			return silences(e, silencers[i], change);
	}
	if (ignored_recipes(change->path, change->after) >
	    ignored_recipes(change->path, change->before))
		return fail(e, ERR_DENIED, "it would ignore the status of a command in %s",
			    change->path);
	return no_local_silencer(change, before, after, e) &&
	       guards_kept(change, before, after, a, e);
}

/* Handlers that make an error disappear, in any of the languages. */
struct swallowed {
	const struct syntax *s;
	size_t count;
};

static bool only_comments_or_pass(const struct syntax *s, TSNode block)
{
	uint32_t n = ts_node_named_child_count(block);

	for (uint32_t i = 0; i < n; i++) {
		TSNode child = ts_node_named_child(block, i);

		if (!syntax_type_is(child, "comment|line_comment|block_comment|pass_statement|"
				    "continue_statement|break_statement|empty_statement") &&
		    !str_is(syntax_text(s, child), "..."))
			return false;
	}
	return true;
}

/* Does it catch everything, and let nothing out again? */
static bool is_catch_all(const struct syntax *s, TSNode clause, TSNode block)
{
	static const char *const all[] = { "Exception", "BaseException", "Throwable",
					   "RuntimeException", "Error", "..." };
	size_t start = ts_node_start_byte(clause), end = ts_node_start_byte(block);
	struct str head = str_slice(s->text, start, end - start);

	if (!ts_node_is_null(syntax_below(block, "raise_statement|throw_statement", 0)))
		return false;
	if (str_is(str_trim(head), "except:"))
		return true;
	/* In JavaScript the word would be the name of the error. */
	for (size_t i = 0; !str_is(str_of(s->language), "javascript") &&
			   i < sizeof(all) / sizeof(all[0]); i++)
		if (occurrences(head, str_of(all[i]), true))
			return true;
	return false;
}

static bool count_swallowed(TSNode node, void *context)
{
	struct swallowed *found = context;
	TSNode block;

	if (!syntax_type_is(node, "except_clause|catch_clause|except_group_clause"))
		return true;
	block = syntax_below(node, "block|statement_block|compound_statement", 0);
	if (ts_node_is_null(block) || is_catch_all(found->s, node, block) ||
	    only_comments_or_pass(found->s, block))
		found->count++;
	return true;
}

static size_t swallowed_in(const char *language, struct str text, struct arena *a)
{
	SYNTAX s = syntax_open(a, language, text);
	struct swallowed found = { s, 0 };

	if (s)
		syntax_walk(s->root, count_swallowed, &found);
	return found.count + occurrences(text, STR("recover()"), false) +
	       occurrences(text, STR("ON_ERROR_RESUME"), false);
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

/* A name behind which the text goes on; numbers and words that are values are none. */
static size_t name_length(struct str s)
{
	static const char *const values[] = { "True", "False", "None", "true", "false", "null", "nil",
					      "not", "and", "or" };
	size_t n = 0;

	if (s.size && s.at[0] >= '0' && s.at[0] <= '9')
		return 0;
	while (n < s.size && is_word_byte(s.at[n]))
		n++;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (str_is(str_slice(s, 0, n), values[i]))
			return 0;
	return n;
}

/* The lines that name a threshold with a number, without blanks, so that layout does not matter;
 * without names, too, when names may change. */
static struct str threshold_lines(struct str text, bool renamed, struct arena *a)
{
	struct text out = TEXT(a);
	struct str line;

	while (str_next_line(&text, &line)) {
		if (!names_threshold(line) || !has_digit(line))
			continue;
		for (size_t i = 0; i < line.size; i++) {
			size_t name = renamed && (!i || !is_word_byte(line.at[i - 1])) ?
				      name_length(str_from(line, i)) : 0;

			i += name;
			if (i < line.size && !strchr(" \t,\"'", line.at[i]))
				text_addc(&out, line.at[i]);
		}
		text_addc(&out, '\n');
	}
	return text_str(&out);
}

/* Where the history shows that a name was changed, code that follows it keeps all its numbers. */
static bool follows_a_name(const struct candidate *candidate, const struct change *change)
{
	const char *language = syntax_language(change->path);

	return candidate->oracle == ORACLE_HISTORY && !candidate->by_model && language &&
	       strcmp(language, "json") && strcmp(language, "yaml");
}

bool rules_threshold(const struct candidate *candidate, const struct change *change, struct arena *a,
		     struct err *e)
{
	bool renamed = follows_a_name(candidate, change);

	if (str_equal(threshold_lines(change->before, renamed, a),
		      threshold_lines(change->after, renamed, a)))
		return true;
	return fail(e, ERR_DENIED, "it would move a threshold or a time limit in %s", change->path);
}

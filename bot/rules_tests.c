/*
 * Tests that no path tells: files that import a test framework, and the tests inside a source file.
 * Layout does not count; everything else does. Does not know custom names of a project; those are
 * in its .github/aegis.yml.
 */
#include "bot/rules.h"

#include "git/path.h"
#include "templates/syntax.h"

/* A line of a file with this ending that begins so and holds that makes the file a test. */
static const struct framework {
	const char *endings, *begins, *holds;	/* endings: "py|pyi" */
} frameworks[] = {
	{ "py", "import pytest", "" }, { "py", "from pytest", "" }, { "py", "import unittest", "" },
	{ "py", "from unittest", "" }, { "py", "from hypothesis", "" },
	{ "js|mjs|cjs|jsx|ts|mts|cts|tsx", "", "vitest" },
	{ "js|mjs|cjs|jsx|ts|mts|cts|tsx", "", "@jest/globals" },
	{ "js|mjs|cjs|jsx|ts|mts|cts|tsx", "", "node:test" },
	{ "js|mjs|cjs|jsx|ts|mts|cts|tsx", "", "mocha" },
	{ "js|mjs|cjs|jsx|ts|mts|cts|tsx", "", "chai" },
	{ "js|mjs|cjs|jsx|ts|mts|cts|tsx", "", "@playwright/test" },
	{ "java|kt|groovy|scala", "import", "org.junit" },
	{ "java|kt|groovy|scala", "import", "org.testng" },
	{ "java|kt|groovy|scala", "import", "spock.lang" },
	{ "kt", "import", "io.kotest" }, { "kt", "import", "kotlin.test" },
	{ "go", "\"testing\"", "" }, { "go", "import \"testing\"", "" },
	{ "c|h|cc|cpp|cxx|hpp", "#include", "cmocka.h" },
	{ "c|h|cc|cpp|cxx|hpp", "#include", "gtest/" },
	{ "c|h|cc|cpp|cxx|hpp", "#include", "gmock/" },
	{ "c|h|cc|cpp|cxx|hpp", "#include", "catch2/" },
	{ "c|h|cc|cpp|cxx|hpp", "#include", "doctest.h" },
	{ "c|h|cc|cpp|cxx|hpp", "#include", "unity.h" },
	{ "c|h|cc|cpp|cxx|hpp", "#include", "boost/test" },
	{ "cs", "using", "Xunit" }, { "cs", "using", "NUnit" }, { "cs", "using", "UnitTesting" },
	{ "rb", "require", "minitest" }, { "rb", "require", "rspec" },
	{ "rb", "require", "test/unit" }, { "php", "use", "PHPUnit" },
};

static bool has_ending(const char *path, const char *endings)
{
	struct str rest = str_of(endings), one;

	while (str_next(&rest, '|', &one))
		if (str_equal(path_ending(str_of(path)), one))
			return true;
	return false;
}

/* In JavaScript the name must be the module that is imported: 'chai', not a word of a text. */
static bool imports(const struct framework *framework, struct str line)
{
	ptrdiff_t at = str_find(line, str_of(framework->holds));
	struct str rest;

	if (framework->begins[0])
		return str_starts(line, framework->begins) && at >= 0;
	if (at < 1 || (!str_has(line, "import") && !str_has(line, "require(") &&
		       !str_has(line, "from")))
		return false;
	rest = str_from(line, (size_t)at + strlen(framework->holds));
	return (line.at[at - 1] == '\'' || line.at[at - 1] == '"') &&
	       (str_starts(rest, "'") || str_starts(rest, "\"") || str_starts(rest, "/"));
}

static bool imports_framework(const char *path, struct str text)
{
	struct str line;

	while (str_next_line(&text, &line))
		for (size_t i = 0; i < sizeof(frameworks) / sizeof(frameworks[0]); i++)
			if (has_ending(path, frameworks[i].endings) &&
			    imports(&frameworks[i], str_trim(line)))
				return true;
	return false;
}

static void add_without_blanks(struct text *out, struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		if (s.at[i] != ' ' && s.at[i] != '\t' && s.at[i] != '\n' && s.at[i] != '\r')
			text_addc(out, s.at[i]);
	text_addc(out, '\n');
}

struct collector {
	const struct syntax *s;
	struct text *out;
};

/* #[test], #[tokio::test], #[cfg(test)] and what they stand before. */
static bool add_rust_test(TSNode node, void *context)
{
	struct collector *c = context;

	if (!syntax_type_is(node, "attribute_item") || !str_has(syntax_text(c->s, node), "test"))
		return true;
	while (!ts_node_is_null(node) && syntax_type_is(node, "attribute_item|line_comment")) {
		add_without_blanks(c->out, syntax_text(c->s, node));
		node = ts_node_next_named_sibling(node);
	}
	if (!ts_node_is_null(node))
		add_without_blanks(c->out, syntax_text(c->s, node));
	return true;
}

/* ">>> f(1)" and the lines after it, up to a blank one or the end of the text. */
static void add_doctests(struct text *out, struct str text)
{
	struct str line;
	bool inside = false;

	while (str_next_line(&text, &line)) {
		line = str_trim(line);
		inside = str_starts(line, ">>>") ||
			 (inside && line.size && !str_starts(line, "\"\"\"") &&
			  !str_starts(line, "'''"));
		if (inside)
			add_without_blanks(out, line);
	}
}

/* The examples of a Rust comment: from one fence to the next. */
static void add_fenced(struct text *out, struct str text)
{
	struct str line;
	bool inside = false;

	while (str_next_line(&text, &line)) {
		bool fence;

		line = str_trim(line);
		if (!str_skip(&line, "///") && !str_skip(&line, "//!")) {
			inside = false;
			continue;
		}
		fence = str_starts(str_trim(line), "```");
		if (inside || fence)
			add_without_blanks(out, line);
		inside = inside != fence;
	}
}

static struct str tests_in(const char *language, struct str source, struct arena *a)
{
	struct text out = TEXT(a);

	if (str_is(str_of(language), "rust")) {
		SYNTAX s = syntax_open(a, language, source);
		struct collector collector = { s, &out };

		if (s)
			syntax_walk(s->root, add_rust_test, &collector);
		add_fenced(&out, source);
	} else if (str_is(str_of(language), "python")) {
		add_doctests(&out, source);
	}
	return text_str(&out);
}

/* Names of test frameworks that are gone, and what they are called now. `head`: only as the name of a
 * method in its head. */
static const struct {
	const char *old, *now;
	bool head;
} test_names[] = {
	{ "assertEquals", "assertEqual", false }, { "assertNotEquals", "assertNotEqual", false },
	{ "assertAlmostEquals", "assertAlmostEqual", false },
	{ "assertNotAlmostEquals", "assertNotAlmostEqual", false },
	{ "assertRegexpMatches", "assertRegex", false },
	{ "assertNotRegexpMatches", "assertNotRegex", false },
	{ "assertRaisesRegexp", "assertRaisesRegex", false },
	{ "assertItemsEqual", "assertCountEqual", false }, { "assert_", "assertTrue", false },
	{ "failUnless", "assertTrue", false }, { "failIf", "assertFalse", false },
	{ "failUnlessEqual", "assertEqual", false }, { "failIfEqual", "assertNotEqual", false },
	{ "failUnlessRaises", "assertRaises", false },
	{ "setup", "setup_method", true }, { "teardown", "teardown_method", true },
};

static size_t word_size(struct str text, size_t at)
{
	size_t end = at;

	while (end < text.size && (text.at[end] == '_' || (text.at[end] >= '0' && text.at[end] <= '9') ||
				   ((text.at[end] | 32) >= 'a' && (text.at[end] | 32) <= 'z')))
		end++;
	return end - at;
}

static bool is_test_name(struct str before, size_t at, struct str old, struct str now)
{
	for (size_t i = 0; i < sizeof(test_names) / sizeof(test_names[0]); i++) {
		if (!str_is(old, test_names[i].old) || !str_is(now, test_names[i].now))
			continue;
		if (!test_names[i].head)
			return at >= 5 && str_ends(str_slice(before, 0, at), "self.");
		return at >= 5 && str_ends(str_slice(before, 0, at), " def ") &&
		       str_starts(str_from(before, at + old.size), "(self");
	}
	return false;
}

bool rules_test_names(const struct change *change)
{
	struct str before = change->before, after = change->after;
	size_t i = 0, k = 0;

	if (!change->existed || !change->exists || !has_ending(change->path, "py"))
		return false;
	while (i < before.size && k < after.size) {
		size_t size = word_size(before, i), other = word_size(after, k);
		struct str old = str_slice(before, i, size), now = str_slice(after, k, other);

		if (!str_equal(old, now) && !is_test_name(before, i, old, now))
			return false;
		i += size;
		k += other;
		if (!size && before.at[i++] != after.at[k++])
			return false;
	}
	return i == before.size && k == after.size;
}

/* Does the text have the line, at the left margin or indented? */
static bool has_line(struct str text, struct str wanted, bool indented)
{
	struct str line;

	while (str_next_line(&text, &line))
		if (str_equal(str_trim(line), wanted) && (str_indent(line) > 0) == indented)
			return true;
	return false;
}

/*
 * The text after without the imports that it has moved from the file's margin into a module: what
 * the tests of a Rust file got by `use super::*` they then import themselves.
 */
static struct str without_moved_imports(const struct change *change, struct arena *a)
{
	struct str rest = change->after, line;
	struct text out = TEXT(a);

	while (str_next_line(&rest, &line)) {
		struct str bare = str_trim(line);

		if (str_starts(bare, "use ") && str_ends(bare, ";") && str_indent(line) &&
		    has_line(change->before, bare, false) && !has_line(change->before, bare, true) &&
		    !has_line(change->after, bare, false))
			continue;
		text_addf(&out, "%.*s\n", STR_ARG(line));
	}
	return text_str(&out);
}

bool rules_test_code(const struct change *change, struct arena *a)
{
	const char *language = syntax_language(change->path);

	if (imports_framework(change->path, change->before) ||
	    imports_framework(change->path, change->after))
		return false;
	if (!language || str_equal(tests_in(language, change->before, a),
				   tests_in(language, change->after, a)))
		return true;
	return str_is(str_of(language), "rust") &&
	       str_equal(tests_in(language, change->before, a),
			 tests_in(language, without_moved_imports(change, a), a));
}

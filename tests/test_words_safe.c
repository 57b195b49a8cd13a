/*
 * The outbound sanitiser: its forms one by one, with hostile texts in any order, raw and as GitHub's
 * renderer shows them; twice is once; secrets; bounds.
 */
#include "tests/unit.h"
#include "tests/words_render.h"

#include "bot/base/redact.h"

typedef struct str sanitiser(struct arena *a, struct str text, size_t most);

static sanitiser *const forms[] = { words_safe, words_code, words_plain, words_fenced };
static const char *const form_names[] = { "safe", "code", "plain", "fenced" };

struct pair {
	const char *in, *out;
};

static void check_pairs(sanitiser *form, const struct pair *pairs, size_t count)
{
	ARENA a = {0};

	for (size_t i = 0; i < count; i++)
		assert_str(form(&a, str_of(pairs[i].in), 200), pairs[i].out);
}

static void test_safe(void **state)
{
	static const struct pair pairs[] = {
		{ "", "" }, { " \n\t ", "" }, { "division by zero", "division by zero" },
		{ "It returns 0.0, doesn't it? (yes!)", "It returns 0.0, doesn't it? (yes!)" },
		{ "test_x (tests/a.py:14) expects 0", "`test_x` (`tests/a.py:14`) expects 0" },
		{ "see `a b` and `@x`", "see `a b` and `@x`" }, { "one ` alone", "one ' alone" },
		{ "call average() or f(a_b)", "call average() or `f(a_b)`" },
		{ "@octocat", "`@octocat`" }, { "ping @o/t, now", "ping `@o/t`, now" },
		{ "fixes #1", "fixes '`#1`" }, { "see #1", "see `#1`" }, { "GH-7", "`GH-7`" },
		{ "a_b`c`", "`a_b` `c`" }, { "`a``b`", "`a``b`" }, { "two\r\nlines", "two lines" },
		{ "[x](http://e.example)", "`[x](http://e.example)`" }, { "&#64;x", "`&#64;x`" },
		{ "<b>x</b>", "`<b>x</b>`" }, { "<!-- x -->", "`<`! -- x `-->`" },
		{ "- a", "`-` a" }, { "1. a", "`1.` a" }, { "/bin/sh: no", "`/bin/sh`: no" },
		{ ":smile:", "`:smile`:" }, { "::", "::" }, { "gr\xc3\xbc\xc3\x9f dich", "gr\xc3\xbc\xc3\x9f dich" },
		{ "a\xff\xfe" "b", "a\xef\xbf\xbd" "b" }, { "\033[1;31mred\033[0m", "red" },
		{ "a\xe2\x80\x8b" "b\xe2\x80\xae" "c", "abc" }, { "1234abc", "`1234abc`" },
		{ "C# and ~x~", "`C#` and `~x~`" }, { "\xef\xbc\xa0x", "`\xef\xbc\xa0x`" },
	};

	(void)state;
	check_pairs(words_safe, pairs, sizeof(pairs) / sizeof(*pairs));
}

static void test_code(void **state)
{
	static const struct pair pairs[] = {
		{ "", "" }, { "a", "`a`" }, { "a`b", "``a`b``" }, { "`", "`` ` ``" }, { "`a`", "`a`" },
		{ "Cannot find '@babel/core'", "`Cannot find '@babel/core'`" }, { "a\nb", "`a b`" },
		{ "`a` and `b`", "`` `a` and `b` ``" }, { "```````` x", "`'''''''' x`" },
		{ "<!-- aegis:incident=0 -->", "`<! -- aegis:incident=0 -->`" },
		{ "[skip ci]", "`[ skip ci]`" },
	};

	(void)state;
	check_pairs(words_code, pairs, sizeof(pairs) / sizeof(*pairs));
}

static void test_plain(void **state)
{
	static const struct pair pairs[] = {
		{ "", "" }, { "Cannot find '@babel/core'", "Cannot find '@ babel/core'" },
		{ "fixes #1", "fixes '# 1" }, { "GH-12", "GH- 12" }, { "user@host", "user@ host" },
		{ "see https://x.example/1", "see https:// x.example/1" }, { "`a`", "'a'" },
		{ "[skip ci]", "( skip ci)" }, { "www.a.example", "www. a.example" }, { "<img>", "\xe2\x80\xb9img\xe2\x80\xba" },
		{ "shop/__init__.py", "shop/__init__.py" }, { "C# @ 5", "C# @ 5" }, { "a\n\nb", "a b" },
	};

	(void)state;
	check_pairs(words_plain, pairs, sizeof(pairs) / sizeof(*pairs));
}

static void test_fenced(void **state)
{
	static const struct pair pairs[] = {
		{ "", "" }, { " \n \n", "" }, { "a\r\nb  \n\n", "```\na\nb\n```" },
		{ "```\nx", "````\n```\nx\n````" }, { "  /lgtm\n/usr/bin/ld: no",
		"```\n|   /lgtm\n| /usr/bin/ld: no\n```" }, { "a\rb", "```\na\nb\n```" },
		{ "fixes\n#1", "```\nfixes\n'#1\n```" }, { "\tif (x)", "```\n\tif (x)\n```" },
		{ "#1 0x7f in main", "```\n#1 0x7f in main\n```" },
	};

	(void)state;
	check_pairs(words_fenced, pairs, sizeof(pairs) / sizeof(*pairs));
}

static void test_fenced_keeps_both_ends(void **state)
{
	ARENA a = {0};
	struct text log = TEXT(&a);
	struct str out;

	(void)state;
	for (unsigned i = 1; i <= 1000; i++)
		text_addf(&log, "line %u of the log\n", i);
	out = words_fenced(&a, text_str(&log), 1000);
	assert_true(out.size <= 1000 && out.size > 700);
	assert_true(str_starts(out, "```\nline 1 of the log\nline 2 "));
	assert_true(str_ends(out, "line 1000 of the log\n```"));
	assert_true(str_has(out, " lines left out "));
}

/* Pieces that mean something, in any order. */
static struct str random_text(struct arena *a, uint32_t *seed)
{
	struct text out = TEXT(a);
	unsigned pieces;

	*seed = *seed * 1664525u + 1013904223u;
	pieces = 1 + (*seed >> 24) % 9;
	while (pieces--) {
		*seed = *seed * 1664525u + 1013904223u;
		text_adds(&out, attacks[(*seed >> 16) % ATTACKS]);
		if (*seed & 0x1000)
			text_addc(&out, " \n`a_"[(*seed >> 8) % 5]);
	}
	return text_str(&out);
}

static void check_form(size_t form, struct str text, size_t most, struct arena *a)
{
	struct str once = forms[form](a, text, most);
	const char *trouble = form == 2 && str_starts(once, "/") ? NULL : raw_trouble(once, a);

	if (trouble)
		fail_msg("%s of \"%.*s\" is \"%.*s\": %s", form_names[form], STR_ARG(text), STR_ARG(once),
			 trouble);
	if (once.size > most)
		fail_msg("%s of \"%.*s\": %zu bytes, not %zu", form_names[form], STR_ARG(text), once.size,
			 most);
	if (str_has(once, "<!--"))
		fail_msg("%s of \"%.*s\" holds a comment", form_names[form], STR_ARG(text));
	if (!str_equal(redact_text(once, a), once))
		fail_msg("%s of \"%.*s\" has a secret: \"%.*s\"", form_names[form], STR_ARG(text),
			 STR_ARG(once));
	if (!str_equal(forms[form](a, once, most), once))
		fail_msg("%s of \"%.*s\" twice is not once: \"%.*s\"", form_names[form], STR_ARG(text),
			 STR_ARG(once));
	if (form != 3 && str_char(once, '\n') >= 0)
		fail_msg("%s of \"%.*s\" has several lines", form_names[form], STR_ARG(text));
	if (once.size == 0 && str_has(text, "octocat"))
		fail_msg("%s of \"%.*s\" is gone", form_names[form], STR_ARG(text));
	if (str_has(once, "left out") && !str_has(once, "lines left") && !str_has(once, "line left"))
		fail_msg("%s of \"%.*s\" does not come to rest", form_names[form], STR_ARG(text));
}

static void test_forms_twice_is_once(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (size_t form = 0; form < 4; form++)
		for (size_t i = 0; i < ATTACKS + 500; i++) {
			ARENA a = {0};
			struct str text = i < ATTACKS ? str_of(attacks[i]) : random_text(&a, &seed);

			check_form(form, text, i % 2 ? 300 : 256 + i % 64, &a);
		}
}

static void test_secrets_stay_here(void **state)
{
	static const char known[] = "kN0wn+s3cret/Value==";
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str text = str_of(arena_printf(&a, "token ghp_0123456789abcdefghijABCDEFGHIJ012345 and "
					      "%s, or kN0wn+s3\xe2\x80\x8b" "cret/Value==", known));

	(void)state;
	assert_true(redact_know(str_of(known), &e));
	for (size_t form = 0; form < 4; form++) {
		struct str out = forms[form](&a, text, 1000);

		assert_false(str_has(out, "ghp_0") || str_has(out, "cret/Value"));
		assert_true(str_has(out, form == 2 ? "(REDACTED:" : "[REDACTED:"));
		assert_true(str_equal(forms[form](&a, out, 1000), out));
	}
	redact_forget();
}

static void test_huge_texts(void **state)
{
	ARENA a = {0};
	struct text huge = TEXT(&a);

	(void)state;
	for (unsigned i = 0; i < 40000; i++)
		text_adds(&huge, i % 3 ? "a_b `` (((" : ")))@x`#1");
	for (size_t form = 0; form < 4; form++) {
		struct str out = forms[form](&a, text_str(&huge), 500);

		assert_true(out.size <= 500 && out.size > 100);
		assert_true(str_has(out, "\xe2\x80\xa6"));
		assert_true(str_equal(forms[form](&a, out, 500), out));
	}
}

/* At the front of a line, inside one, in an item, and beside each other. */
static void test_forms_rendered(void **state)
{
	uint32_t seed = 7;

	(void)state;
	if (!can_render()) {
		print_message("cmark-gfm is not installed\n");
		skip();
	}
	for (size_t i = 0; i < ATTACKS + 150; i++) {
		ARENA a = {0};
		struct str text = i < ATTACKS ? str_of(attacks[i]) : random_text(&a, &seed);
		struct str safe = words_safe(&a, text, 300), code = words_code(&a, text, 300);
		struct text page = TEXT(&a);

		text_addf(&page, "%.*s\n\nSee %.*s in %.*s, %.*s.\n\n- **x:** %.*s\n- %.*s\n\n", STR_ARG(safe),
			  STR_ARG(safe), STR_ARG(code), STR_ARG(safe), STR_ARG(safe), STR_ARG(code));
		text_addf(&page, "%.*s\n\nend\n", STR_ARG(words_fenced(&a, text, 300)));
		check_render(text_str(&page), text);
	}
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_safe), cmocka_unit_test(test_code), cmocka_unit_test(test_plain),
		cmocka_unit_test(test_fenced), cmocka_unit_test(test_fenced_keeps_both_ends),
		cmocka_unit_test(test_forms_twice_is_once), cmocka_unit_test(test_secrets_stay_here),
		cmocka_unit_test(test_huge_texts), cmocka_unit_test(test_forms_rendered),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}

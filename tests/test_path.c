/* git/path: hostile and honest paths, globs against a slow matcher. */
#include "git/path.h"

#include "tests/unit.h"

#define LONG16 "aaaaaaaaaaaaaaaa"
#define LONG256 LONG16 LONG16 LONG16 LONG16 LONG16 LONG16 LONG16 LONG16 LONG16 LONG16 LONG16       \
	LONG16 LONG16 LONG16 LONG16 LONG16
#define DEEP8 "a/a/a/a/a/a/a/a/"

static const struct {
	const char *path, *reason;	/* a part of the text a person reads */
} hostile[] = {
	{ "", "empty" },
	{ "/", "absolute" },
	{ "/etc/passwd", "absolute" },
	{ "//server/share", "absolute" },
	{ "a/", "ends in" },
	{ "a//b", "empty component" },
	{ "a/b//", "ends in" },
	{ ".", "is \".\"" },
	{ "..", "is \"..\"" },
	{ "./a", "is \".\"" },
	{ "a/./b", "is \".\"" },
	{ "../a", "is \"..\"" },
	{ "a/../b", "is \"..\"" },
	{ "a/..", "is \"..\"" },
	{ "../../../../etc/passwd", "is \"..\"" },
	{ "a/.", "is \".\"" },
	{ "...", "dot or blank" },
	{ "a/...", "dot or blank" },
	{ "a\\b", "'\\'" },
	{ "..\\..\\x", "'\\'" },
	{ "\\\\server\\x", "'\\'" },
	{ "C:\\x", "':'" },
	{ "C:/x", "':'" },
	{ "c:x", "':'" },
	{ "a:b", "':'" },
	{ ".git::$INDEX_ALLOCATION/config", "':'" },
	{ "x.c:stream", "':'" },
	{ ".git", ".git" },
	{ ".git/config", ".git" },
	{ ".git/hooks/pre-commit", ".git" },
	{ "a/.git/hooks/x", ".git" },
	{ "a/b/.git", ".git" },
	{ ".GIT/config", ".git" },
	{ ".Git/x", ".git" },
	{ ".gIt", ".git" },
	{ "a/.giT/x", ".git" },
	{ "git~1/config", ".git" },
	{ "GIT~1", ".git" },
	{ "a/Git~1/x", ".git" },
	{ "git~2", ".git" },
	{ "git~12/x", ".git" },
	{ ".git./config", "dot or blank" },
	{ ".git../config", "dot or blank" },
	{ ".git /config", "dot or blank" },
	{ ".git . ./x", "dot or blank" },
	{ "a /b", "dot or blank" },
	{ "a./b", "dot or blank" },
	{ "a.", "dot or blank" },
	{ "a ", "dot or blank" },
	{ " ", "dot or blank" },
	{ "a\xc2\xa0", "dot or blank" },
	{ "a\xe3\x80\x80/b", "dot or blank" },
	{ ".git\xc2\xa0/x", "dot or blank" },
	{ ".g\xe2\x80\x8cit/config", "U+200C" },
	{ ".git\xe2\x80\x8c/config", "U+200C" },
	{ ".gi\xe2\x80\x8dt/config", "U+200D" },
	{ "\xe2\x80\x8e.git/config", "U+200E" },
	{ ".g\xe2\x80\x8fit", "U+200F" },
	{ ".g\xe2\x80\xaait", "U+202A" },
	{ ".g\xe2\x80\xae"
	  "it",
	  "U+202E" },
	{ ".gi\xe2\x81\xaat", "U+206A" },
	{ ".gi\xe2\x81\xaft", "U+206F" },
	{ "\xef\xbb\xbf.git", "U+FEFF" },
	{ "a\xe2\x80\xae"
	  "cod.exe",
	  "U+202E" },
	{ "a\xe2\x81\xa6x", "U+2066" },
	{ "a\xe2\x80\x8b.c", "U+200B" },
	{ "a\xc2\xad.c", "U+00AD" },
	{ "a\xd8\x9c.c", "U+061C" },
	{ "a\xe2\x80\xa8.c", "U+2028" },
	{ "a\xef\xb8\x8f.c", "U+FE0F" },
	{ "a\xf3\xa0\x81\xa1.c", "U+E0061" },
	{ "a\xef\xbf\xbf", "U+FFFF" },
	{ "\xef\xbc\x8egit/config", ".git" },
	{ ".\xef\xbd\x87it/x", ".git" },
	{ ".\xef\xbc\xa7\xef\xbc\xa9\xef\xbc\xb4", ".git" },
	{ "\xe2\x80\xa4git", ".git" },
	{ ".g\xc4\xb1t", ".git" },
	{ ".G\xc4\xb0T", ".git" },
	{ ".\xf0\x9d\x90\xa0it", ".git" },
	{ ".\xe2\x93\x96it", ".git" },
	{ ".g\xe2\x85\xb0t", ".git" },
	{ "a\nb", "control" },
	{ "a\rb", "control" },
	{ "a\tb", "control" },
	{ "\x1b[31mred", "control" },
	{ "a\x7f", "control" },
	{ "a\xc2\x85x", "control" },
	{ "a\xc2\x9bx", "control" },
	{ "a\x01", "control" },
	{ "a\xff", "UTF-8" },
	{ "a\xc0\xaf..", "UTF-8" },
	{ "\xc0\xae\xc0\xae/x", "UTF-8" },
	{ "a\xe0\x80\xaf", "UTF-8" },
	{ "a\xed\xa0\x80", "UTF-8" },
	{ "a\xf4\x90\x80\x80", "UTF-8" },
	{ "a\xe2\x82", "UTF-8" },
	{ "a\x80", "UTF-8" },
	{ "a\xf8\x88\x80\x80\x80", "UTF-8" },
	{ "a\xc3/b", "UTF-8" },
	{ LONG256, "255 bytes" },
	{ "x/" LONG256 "/y", "255 bytes" },
	{ LONG256 "/" LONG256, "512 bytes" },
	{ DEEP8 DEEP8 DEEP8 DEEP8 "a", "32 components" },
};

static const char *const honest[] = {
	"a",
	"a/b",
	"src/main.c",
	".github/workflows/ci.yml",
	".gitignore",
	".gitattributes",
	".gitmodules",
	"git",
	"git/path.c",
	".gitx",
	"x.git",
	"repo.git/x",
	"git~",
	"git~x",
	"~git",
	"..a",
	"a..b",
	"...a",
	".a",
	"-rf",
	"a b",
	" a",
	"aux.c",
	"con/x",
	"a$b",
	"a'b\"c",
	"a*b",
	"\xc3\xa4/\xc3\xb6.txt",
	"\xe4\xb8\xad\xe6\x96\x87.md",
	"\xf0\x9f\x98\x80.md",
	"a%2e%2e",
	"@types/x",
	"[slug].tsx",
	"(group)/page.tsx",
	"a~1",
	"it",
	".gt",
	".gitt",
	".igt",
	"g\xc4\xb1t",
	DEEP8 DEEP8 DEEP8 "a/a/a/a/a/a/a/a",
};

static void refuses_hostile_paths(void **state)
{
	(void)state;
	assert_true(sizeof(hostile) / sizeof(hostile[0]) >= 80);
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct err e = ERR_INIT;

		if (path_check(str_of(hostile[i].path), &e))
			fail_msg("accepted: %s", hostile[i].path);
		assert_int_equal(e.kind, ERR_INPUT);
		if (!strstr(e.text, hostile[i].reason))
			fail_msg("%s: \"%s\" lacks \"%s\"", hostile[i].path, e.text,
				 hostile[i].reason);
	}
	struct err e = ERR_INIT;

	assert_false(path_check((struct str){ "a\0b", 3 }, &e));
	assert_false(path_check((struct str){ ".git\0", 5 }, &e));
}

static void accepts_honest_paths(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(honest) / sizeof(honest[0]); i++) {
		struct err e = ERR_INIT;

		if (!path_check(str_of(honest[i]), &e))
			fail_msg("refused %s: %s", honest[i], e.text);
		assert_int_equal(e.kind, ERR_NONE);
	}
}

/* Every component that is ".git" up to case has to be refused, wherever it stands. */
static void refuses_every_spelling(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 8; bits++) {
		char path[] = "a/.git/b";
		struct err e = ERR_INIT;

		for (unsigned i = 0; i < 3; i++)
			if (bits >> i & 1)
				path[3 + i] = (char)(path[3 + i] - 32);
		assert_false(path_check(str_of(path), &e));
	}
}

static void takes_paths_apart(void **state)
{
	(void)state;
	assert_str(path_name(STR("a/b.c")), "b.c");
	assert_str(path_name(STR("b")), "b");
	assert_str(path_name(STR("a/")), "");
	assert_str(path_folder(STR("a/b/c")), "a/b");
	assert_str(path_folder(STR("c")), "");
	assert_str(path_ending(STR("a.d/b")), "");
	assert_str(path_ending(STR("a.tar.gz")), "gz");
	assert_str(path_ending(STR(".profile")), "");
	assert_str(path_ending(STR("a/.env.local")), "local");
	assert_str(path_ending(STR("x.")), "");
	assert_str(path_ending(STR_NONE), "");
}

static const struct {
	const char *pattern, *path;
	bool matches;
} globs[] = {
	{ "a", "a", true },
	{ "a", "b", false },
	{ "a", "A", false },
	{ "", "", true },
	{ "", "a", false },
	{ "*", "", true },
	{ "*", "abc", true },
	{ "*", "a/b", false },
	{ "*.c", "x.c", true },
	{ "*.c", "d/x.c", false },
	{ "**.c", "d/x.c", true },
	{ "**/*.c", "x.c", true },
	{ "**/*.c", "a/b/x.c", true },
	{ "**/*.c", "a/b/x.h", false },
	{ "src/**", "src/a/b", true },
	{ "src/**", "src", false },
	{ "src/**", "srcx/a", false },
	{ "src/**/x", "src/x", true },
	{ "src/**/x", "src/a/b/x", true },
	{ "src/**/x", "src/ax", false },
	{ "**/auth/**", "auth/x", true },
	{ "**/auth/**", "a/auth/x", true },
	{ "**/auth/**", "a/xauth/x", false },
	{ "**/auth*", "a/author.c", true },
	{ "?", "a", true },
	{ "?", "/", false },
	{ "?", "\xc3\xa4", true },
	{ "??", "\xc3\xa4", false },
	{ "a?c", "abc", true },
	{ "a*b*c", "aXbYc", true },
	{ "a*b*c", "aXb/Yc", false },
	{ "a**c", "a/b/c", true },
	{ "**", "a/b/c", true },
	{ "**/**", "a", true },
	{ "**/a/**/b", "a/a/c/b", true },
	{ "**/a/*/b", "a/a/c/b", true },
	{ "**/a/*/b", "a/c/d/b", false },
	{ ".git*", ".gitignore", true },
	{ "test_*.py", "test_x.py", true },
	{ "*test_*.py", "a_test_x.py", true },
	{ "a/*/b/**/c*d", "a/x/b/c/y/cd", true },
	{ "*a*a*a*b", "aaaaaaaaaaaaaaaa", false },
	{ "[a]", "a", false },
	{ "[a]", "[a]", true },
};

static void matches_globs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(globs) / sizeof(globs[0]); i++)
		if (path_matches(globs[i].pattern, str_of(globs[i].path)) != globs[i].matches)
			fail_msg("%s on %s", globs[i].pattern, globs[i].path);
}

/* The definition, by recursion: slow and plain. */
static bool slow(const char *start, const char *p, const char *s)
{
	if (p[0] == '*' && p[1] == '*') {
		bool fresh = p == start || p[-1] == '/';

		while (*p == '*')
			p++;
		if (fresh && *p == '/') {
			if (slow(start, p + 1, s))
				return true;
			for (; *s; s++)
				if (*s == '/' && slow(start, p + 1, s + 1))
					return true;
			return false;
		}
		for (;; s++) {
			if (slow(start, p, s))
				return true;
			if (!*s)
				return false;
		}
	}
	if (*p == '*') {
		for (;; s++) {
			if (slow(start, p + 1, s))
				return true;
			if (!*s || *s == '/')
				return false;
		}
	}
	if (!*p || !*s)
		return *p == *s;
	return (*p == '?' ? *s != '/' : *p == *s) && slow(start, p + 1, s + 1);
}

static void matches_like_the_definition(void **state)
{
	static const char letters[] = "**/a/b?*";
	unsigned seed = 1, agreed = 0;

	(void)state;
	for (int round = 0; round < 300000; round++) {
		char pattern[10] = "", path[12] = "";

		seed = seed * 1103515245u + 12345u;
		for (unsigned i = 0, n = seed >> 16 & 7; i < n; i++) {
			seed = seed * 1103515245u + 12345u;
			pattern[i] = letters[seed >> 16 & 7];
		}
		for (unsigned i = 0, n = seed >> 20 & 7; i < n; i++) {
			seed = seed * 1103515245u + 12345u;
			path[i] = "ab/a"[seed >> 16 & 3];
		}
		if (path_matches(pattern, str_of(path)) != slow(pattern, pattern, path))
			fail_msg("\"%s\" on \"%s\"", pattern, path);
		agreed += slow(pattern, pattern, path);
	}
	assert_true(agreed > 10000);
}

static void stays_fast(void **state)
{
	char path[4097];

	(void)state;
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_false(path_matches("**a*a*a*a*a*a*a*a*a*a*a*a**a*a*a*a*a**b", str_of(path)));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(refuses_hostile_paths), cmocka_unit_test(accepts_honest_paths),
		cmocka_unit_test(refuses_every_spelling), cmocka_unit_test(takes_paths_apart),
		cmocka_unit_test(matches_globs), cmocka_unit_test(matches_like_the_definition),
		cmocka_unit_test(stays_fast),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

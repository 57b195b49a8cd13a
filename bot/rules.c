/*
 * The order of the fences and those that look at paths and sizes. The ones that look at text are in
 * rules_text.c, the one about packages in rules_packages.c. Does not judge whether a patch is
 * right.
 */
#include "bot/rules.h"

#include "git/path.h"
#include "templates/syntax.h"

enum { FILES_MAX = 3, LINES_MAX = 40 };

static const char *const test_globs[] = {
	"**/test/**", "test/**", "**/tests/**", "tests/**", "**/testing/**", "testing/**",
	"**/__tests__/**", "__tests__/**", "**/spec/**", "spec/**", "**/e2e/**", "e2e/**",
	"**/testdata/**", "testdata/**", "**/fixtures/**", "fixtures/**", "**/__fixtures__/**",
	"**/__mocks__/**", "**/__snapshots__/**", "__snapshots__/**", "**/snapshots/**",
	"**/*.snap", "*.snap", "**/*.golden", "*.golden", "**/test_*.py", "test_*.py",
	"**/*_test.py", "*_test.py", "**/tests.py", "tests.py", "**/conftest.py", "conftest.py",
	"**/*_test.go", "*_test.go", "**/*.test.*", "*.test.*", "**/*.spec.*", "*.spec.*",
	"**/*-test.js", "*-test.js", "test.js", "test.mjs", "test.cjs", "test.ts", "**/test.js",
	"**/*_spec.rb", "*_spec.rb", "**/*_test.rb", "*_test.rb", "**/*Test.java", "*Test.java",
	"**/*Tests.java", "**/*IT.java", "**/*Test.kt", "**/*Test.php", "**/*Tests.cs",
	"**/test_*.c", "test_*.c", "**/*_test.c", "*_test.c", "**/*_test.cc", "*_test.cc",
	"**/test_*.cpp", "test_*.cpp", "**/*_test.cpp", "*_test.cpp", "**/*_unittest.cc",
	"**/*_test.rs", "*_test.exs", "**/*_test.exs", "**/*_test.dart",
	NULL
};

/* Where a change changes who may do what, or what runs with which rights. */
static const char *const protected_globs[] = {
	".github/**", ".git*", "**/.git*", ".gitlab-ci.yml", ".circleci/**", ".travis.yml",
	"azure-pipelines.yml", "Jenkinsfile", "CODEOWNERS", "**/CODEOWNERS", "action.yml",
	"action.yaml", ".npmrc", "**/.npmrc", ".yarnrc*", ".pypirc", "**/.pypirc", ".netrc",
	"**/*.pem", "*.pem", "**/*.key", "*.key", "**/*.p12", ".env", "**/.env", ".env.*",
	"**/.env.*", "aegis.yml", "**/aegis.yml", "**/aegis.yaml", ".aegis/**",
	NULL
};

static bool any_glob(const char *const *globs, struct str path)
{
	for (; globs && *globs; globs++)
		if (path_matches(*globs, path))
			return true;
	return false;
}

bool rules_is_test(const struct rules *rules, const char *path)
{
	return any_glob(test_globs, str_of(path)) ||
	       (rules && any_glob(rules->tests, str_of(path)));
}

/* Case is folded because some file systems do. */
bool rules_is_protected(const struct rules *rules, const char *path)
{
	char folded[600];
	struct str s = str_slice(str_of(path), 0, sizeof(folded));

	for (size_t i = 0; i < s.size; i++)
		folded[i] = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] + 32) : s.at[i];
	return any_glob(protected_globs, s) ||
	       any_glob(protected_globs, (struct str){ folded, s.size }) ||
	       (rules && any_glob(rules->protected, s));
}

static const enum entry_mode *mode_before(const struct tree *tree, const char *path)
{
	const struct entry *entry = tree_entry(tree, path);

	return entry ? &entry->mode : NULL;
}

/* A test may be laid out anew by a tool; that is the only way to touch one. */
static bool test_untouched(const struct rules *rules, const struct candidate *candidate,
			   const struct change *change, struct arena *a, struct err *e)
{
	const char *language = syntax_language(change->path);

	if (!rules_is_test(rules, change->path))
		return true;
	if (candidate->oracle == ORACLE_TOOL && change->existed && language &&
	    syntax_same(a, language, change->before, change->after))
		return true;
	return fail(e, ERR_DENIED, "it would edit the test %s", change->path);
}

static bool file_allowed(const struct rules *rules, const struct candidate *candidate,
			 const struct change *change, const struct tree *tree, struct arena *a,
			 struct err *e)
{
	const enum entry_mode *before = mode_before(tree, change->path);

	if (!path_check(str_of(change->path), e))
		return fail_while(e, "the patch");
	if (rules_is_protected(rules, change->path))
		return fail(e, ERR_DENIED, "%s is a protected path", change->path);
	if (!rules_origin(change, e) || (candidate->run && !rules_tool(change, candidate->layout, a, e)))
		return false;
	if (!change->exists)
		return fail(e, ERR_DENIED, "it would remove %s", change->path);
	if (before ? *before != change->mode : change->mode != ENTRY_FILE)
		return fail(e, ERR_DENIED, "it would change the mode of %s", change->path);
	return test_untouched(rules, candidate, change, a, e);
}

static bool size_allowed(const struct candidate *candidate, struct err *e)
{
	size_t added, removed;

	if (candidate->oracle == ORACLE_TOOL)
		return true;
	if (candidate->patch.count > FILES_MAX)
		return fail(e, ERR_DENIED, "it would change %zu files, more than %d",
			    candidate->patch.count, FILES_MAX);
	patch_lines(&candidate->patch, &added, &removed);
	if (added + removed > LINES_MAX)
		return fail(e, ERR_DENIED, "it would change %zu lines, more than %d",
			    added + removed, LINES_MAX);
	return true;
}

bool rules_allow(const struct rules *rules, const struct candidate *candidate,
		 const struct tree *tree, const struct tree *parent, struct arena *a, struct err *e)
{
	if (candidate->oracle == ORACLE_NONE)
		return fail(e, ERR_DENIED, "it names no oracle");
	if (!size_allowed(candidate, e))
		return false;
	for (size_t i = 0; i < candidate->patch.count; i++) {
		const struct change *change = &candidate->patch.changes[i];

		if (!file_allowed(rules, candidate, change, tree, a, e) ||
		    !rules_suppression(change, a, e) || !rules_swallowed(change, a, e) ||
		    !rules_threshold(change, a, e) ||
		    !rules_packages(change, tree, parent, a, e))
			return false;
	}
	return true;
}

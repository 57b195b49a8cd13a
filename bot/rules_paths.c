/*
 * Which paths are fenced: tests and what they compare with, the settings of checkers, and what runs
 * with more rights than a test or before everything else. By the names that tools give them; what a
 * file holds is not looked at.
 */
#include "bot/rules.h"

#include "git/path.h"

static const char *const test_globs[] = {
	"**/test/**", "**/tests/**", "**/testing/**", "**/__tests__/**", "**/spec/**",
	"**/specs/**", "**/e2e/**", "cypress/**", "**/src/*Test/**", "**/*Tests/**",
	"**/unittests/**", "**/t/*.t",
	/* what tests compare with */
	"**/testdata/**", "**/test-data/**", "**/test_data/**", "**/fixtures/**",
	"**/testFixtures/**", "**/__fixtures__/**", "**/__mocks__/**", "**/__snapshots__/**",
	"**/__image_snapshots__/**", "**/snapshots/**", "**/golden/**", "**/goldens/**",
	"**/cassettes/**", "**/*.snap", "**/*.ambr", "**/*.golden", "**/*.golden.*",
	"**/*.approved.*", "**/*.received.*", "**/*.verified.*",
	/* by file */
	"**/test_*.*", "**/*_test.*", "**/*-test.*", "**/test-*.*js", "**/test-*.ts",
	"**/test.*js", "**/test.ts", "**/tests.py", "**/tests.rs", "**/test.rs",
	"**/conftest.py", "**/*.test.*", "**/*.tests.*", "**/*.spec.*", "**/*-spec.*",
	"**/*_spec.*", "**/*.cy.*", "**/*_unittest.*", "**/*.bats", "**/*.feature",
	"**/*Test.java", "**/*Tests.java", "**/*TestCase.java", "**/*IT.java", "**/*ITCase.java",
	"**/Test*.java", "**/*Test.kt", "**/*Tests.kt", "**/*Test.scala", "**/*Test.php",
	"**/*Test.swift", "**/*Tests.swift", "**/*Test.cs", "**/*Tests.cs", "**/*Test.groovy",
	"**/*Spec.groovy", "**/*Spec.scala", "**/*Spec.kt", "**/*Spec.hs",
	"**/setupTests.*", "**/jest.setup.*", "**/vitest.setup.*",
	NULL
};

/* Where a change changes who may do what, or what runs with which rights. */
static const char *const protected_globs[] = {
	/* the host, and who answers for what */
	".github/**", "**/.git*", "**/codeowners", "**/action.yml", "**/action.yaml",
	"**/aegis.yml", "**/aegis.yaml", ".aegis/**",
	/* other systems that run things */
	".gitlab/**", ".circleci/**", ".travis.yml", "azure-pipelines*.y*ml", "**/jenkinsfile*",
	".buildkite/**", ".drone.y*ml", "bitbucket-pipelines.y*ml", "*appveyor.y*ml",
	"cloudbuild.y*ml", "buildspec.y*ml", ".woodpecker*/**", ".woodpecker.y*ml",
	".semaphore/**", ".tekton/**", "renovate.json*", ".renovaterc*",
	/* images */
	"**/dockerfile", "**/dockerfile.*", "**/*.dockerfile", "**/containerfile*",
	"**/docker-compose*.y*ml", "**/compose.y*ml", ".devcontainer/**",
	/* what starts by itself: hooks, editors, interpreters, helpers of language models */
	".pre-commit-config.y*ml", ".husky/**", "lefthook.y*ml", ".lefthook*/**", ".vscode/**",
	".idea/**", "**/sitecustomize.py", "**/usercustomize.py", "**/*.pth", ".envrc",
	".claude/**", ".cursor/**", ".cursorrules", "**/claude.md", "**/agents.md",
	/* where packages come from, and keys */
	"**/.npmrc", "**/.yarnrc*", "**/.pypirc", "**/pip.conf", "**/pip.ini", "**/.condarc",
	"**/.cargo/**", "**/bunfig.toml", "**/nuget.config", ".mvn/**", ".bundle/**", "**/.netrc",
	"**/*.pem", "**/*.key", "**/*.p12", "**/*.pfx", "**/*.jks", "**/id_rsa*", "**/id_ed25519*",
	"**/.env", "**/.env.*",
	NULL
};

static const char *const pipeline_globs[] = {
	".github/workflows/*.y*ml", "**/action.yml", "**/action.yaml", "**/dockerfile",
	"**/dockerfile.*", "**/*.dockerfile", "**/containerfile*", "**/docker-compose*.y*ml",
	"**/compose.y*ml",
	NULL
};

static const char *const settings_globs[] = {
	"**/.flake8", "**/.pylintrc", "**/pylintrc", "**/mypy.ini", "**/.mypy.ini",
	"**/pyrightconfig.json", "**/ruff.toml", "**/.ruff.toml", "**/.bandit", "**/bandit.y*ml",
	"**/.pydocstyle*", "**/.isort.cfg", "**/pytest.ini", "**/.pytest.ini", "**/tox.ini",
	"**/noxfile.py", "**/.coveragerc", "**/.eslintrc*", "**/eslint.config.*",
	"**/.eslintignore", "**/.prettierrc*", "**/prettier.config.*", "**/.prettierignore",
	"**/.stylelintrc*", "**/biome.json*", "**/tslint.json", "**/.jshintrc",
	"**/tsconfig*.json", "**/jsconfig.json", "**/jest.config.*", "**/vitest.config.*",
	"**/vitest.workspace.*", "**/.mocharc*", "**/karma.conf.*", "**/playwright.config.*",
	"**/cypress.config.*", "**/.nycrc*", "**/.c8rc*", "**/ava.config.*",
	"**/.golangci.*", "**/staticcheck.conf", "**/clippy.toml", "**/.clippy.toml",
	"**/rustfmt.toml", "**/.rustfmt.toml", "**/deny.toml", "**/.clang-tidy",
	"**/.clang-format*", "**/.cppcheck*", "**/checkstyle*.xml", "**/pmd*.xml",
	"**/spotbugs*.xml", "**/detekt.y*ml", "**/.editorconfig", "**/.rubocop*", "**/.rspec",
	"**/phpunit.xml*", "**/phpstan*.neon*", "**/psalm.xml*", "**/.phpcs*", "**/.swiftlint.yml",
	"**/.shellcheckrc", "**/.hadolint.y*ml", "**/.yamllint*", "**/.markdownlint*",
	"**/codecov.yml", "**/.codecov.yml", "**/.coveralls.yml", "**/.codeclimate.yml",
	"**/sonar-project.properties", "**/.trivyignore", "**/.snyk", "**/.gitleaks*",
	"**/.secrets.baseline",
	NULL
};

bool rules_any_glob(const char *const *globs, const char *path)
{
	for (; globs && *globs; globs++)
		if (path_matches(*globs, str_of(path)))
			return true;
	return false;
}

/* Case is folded because some file systems do. path_check allows no longer ones. */
static const char *folded(char copy[600], const char *path)
{
	size_t i = 0;

	for (; path[i] && i < 599; i++)
		copy[i] = path[i] >= 'A' && path[i] <= 'Z' ? (char)(path[i] + 32) : path[i];
	copy[i] = '\0';
	return copy;
}

bool rules_is_test(const struct rules *rules, const char *path)
{
	char copy[600];

	return rules_any_glob(test_globs, path) ||
	       rules_any_glob(test_globs, folded(copy, path)) ||
	       (rules && rules_any_glob(rules->tests, path));
}

bool rules_is_protected(const struct rules *rules, const char *path)
{
	char copy[600];

	return rules_any_glob(protected_globs, folded(copy, path)) ||
	       (rules && (rules_any_glob(rules->protected, path) ||
			  rules_any_glob(rules->protected, copy)));
}

bool rules_is_pipeline(const char *path)
{
	char copy[600];

	return rules_any_glob(pipeline_globs, folded(copy, path));
}

bool rules_is_workflow(const char *path)
{
	char copy[600];

	folded(copy, path);
	return path_matches(".github/workflows/*.y*ml", str_of(copy)) ||
	       path_matches("**/action.y*ml", str_of(copy));
}

bool rules_is_settings(const char *path)
{
	char copy[600];

	return rules_any_glob(settings_globs, folded(copy, path));
}

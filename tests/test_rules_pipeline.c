/*
 * The fence around workflows, actions and images, against a table of changes: hostile and merely wrong
 * ones are refused, each by its own rule, and right repairs pass.
 */
#include "tests/unit.h"

#include "bot/rules.h"

#define HEAD "on:\n  push:\n    branches: [main]\n"
#define JOB HEAD "jobs:\n  a:\n    runs-on: ubuntu-22.04\n    steps:\n"
#define CHECKOUT "      - uses: actions/checkout@v4\n"
#define MAKE "      - run: make\n"
#define RIGHTS(more) HEAD "jobs:\n  a:\n    runs-on: ubuntu-22.04\n    permissions:\n      contents: read\n" \
	more "    steps:\n" MAKE
#define FLOW ".github/workflows/c.yml"

static const struct row {
	const char *path, *before, *after, *grants;
	const char *refused;		/* a part of the reason; NULL: allowed */
} rows[] = {
	/* right repairs */
	{ FLOW, JOB "      - uses: actions/cache@v2\n", JOB "      - uses: actions/cache@v4\n", NULL, NULL },
	{ FLOW, JOB MAKE, JOB CHECKOUT MAKE, NULL, NULL },
	{ FLOW, JOB CHECKOUT MAKE, JOB CHECKOUT "        with:\n          fetch-depth: 0\n" MAKE, NULL, NULL },
	{ FLOW, JOB CHECKOUT MAKE, JOB CHECKOUT "      - run: git config --global --add safe.directory "
	  "\"$GITHUB_WORKSPACE\"\n" MAKE, NULL, NULL },
	{ FLOW, HEAD "jobs:\n  a:\n    runs-on: ubuntu-20.04\n    steps:\n" MAKE, JOB MAKE, NULL, NULL },
	{ FLOW, RIGHTS(""), RIGHTS("      issues: write\n"), "issues: write", NULL },
	{ FLOW, RIGHTS(""), RIGHTS("      id-token: write\n"), "id-token: write", NULL },
	{ FLOW, HEAD "permissions:\n  contents: write\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    steps:\n" MAKE,
	  HEAD "permissions:\n  contents: write\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    permissions:\n"
	  "      contents: write\n      issues: write\n    steps:\n" MAKE, "issues: write", NULL },
	{ FLOW, JOB "      - if: github.ref == \"refs/heads/main\"\n        run: make\n",
	  JOB "      - if: github.ref == 'refs/heads/main'\n        run: make\n", NULL, NULL },
	{ FLOW, JOB "      - if: matrix.os == 'macos-12'\n        run: make\n",
	  JOB "      - if: matrix.os == 'macos-14'\n        run: make\n", NULL, NULL },
	{ FLOW, JOB "      - if: needs.test.result == 'x'\n        run: make\n",
	  JOB "      - if: needs.verify.result == 'x'\n        run: make\n", NULL, NULL },
	{ FLOW, "on: [push, pul_request]\njobs:\n  a:\n    runs-on: ubuntu-22.04\n",
	  "on: [push, pull_request]\njobs:\n  a:\n    runs-on: ubuntu-22.04\n", NULL, NULL },
	{ FLOW, HEAD "jobs:\n  a:\n    run-on: ubuntu-latest\n    step:\n" MAKE,
	  HEAD "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n" MAKE, NULL, NULL },
	{ FLOW, JOB "      - run: echo a: b\n", JOB "      - run: 'echo a: b'\n", NULL, NULL },
	{ FLOW, JOB "      - run: echo a: b\n", JOB "      - run: 'echo a: c'\n", NULL, "cannot be read" },
	{ FLOW, HEAD "jobs:\n\ta:\n    runs-on: ubuntu-22.04\n", HEAD "jobs:\n  a:\n    runs-on: ubuntu-22.04\n",
	  NULL, NULL },
	{ FLOW, JOB "      - run: echo \"::set-env name=A::1\"\n", JOB "      - run: echo \"A=1\" >> \"$GITHUB_ENV\"\n",
	  NULL, NULL },
	{ "setup/action.yml", "runs:\n  using: composite\n  steps:\n    - run: make\n",
	  "runs:\n  using: composite\n  steps:\n    - run: make\n      shell: bash\n", NULL, NULL },
	{ "Dockerfile", "FROM debian:12\nRUN apt-get install -y make\n",
	  "FROM debian:12\nRUN apt-get update && apt-get install -y make\n", NULL, NULL },
	{ FLOW, JOB "      - if: gihub.ref = 'x'\n        run: make\n",
	  JOB "      - if: github.ref == 'x'\n        run: make\n", NULL, NULL },
	{ FLOW, JOB "      - uses: ./setup\n" MAKE, JOB "      - uses: ./setup\n      - run: made\n", NULL, NULL },
	/* rights */
	{ FLOW, RIGHTS(""), RIGHTS("      issues: write\n"), NULL, "grant issues: write" },
	{ FLOW, RIGHTS(""), RIGHTS("      issues: write\n"), "contents: write", "grant issues: write" },
	{ FLOW, RIGHTS(""), RIGHTS("      issues: write\n      packages: write\n"), "issues: write",
	  "grant packages: write" },
	{ FLOW, RIGHTS(""), HEAD "permissions: write-all\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    permissions:\n"
	  "      contents: read\n    steps:\n" MAKE, "issues: write", "write-all" },
	{ FLOW, RIGHTS(""), JOB MAKE, NULL, "take away \"permissions:\"" },
	{ FLOW, RIGHTS(""), RIGHTS("      'issues' : \"write\"\n"), NULL, "grant issues: write" },
	{ FLOW, HEAD "permissions: { contents: read }\njobs:\n  a:\n    runs-on: ubuntu-22.04\n",
	  HEAD "permissions: { contents: read, checks: write }\njobs:\n  a:\n    runs-on: ubuntu-22.04\n", NULL,
	  "grant checks: write" },
	{ FLOW, RIGHTS(""), RIGHTS("      id-token: write\n"), NULL, "grant id-token: write" },
	{ FLOW, RIGHTS("") "  b:\n    runs-on: ubuntu-22.04\n    permissions:\n      contents: read\n",
	  RIGHTS("      issues: write\n") "  b:\n    runs-on: ubuntu-22.04\n    permissions:\n"
	  "      contents: write\n", "issues: write", "grant contents: write" },
	/* what starts it */
	{ FLOW, JOB MAKE, "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    steps:\n" MAKE,
	  NULL, "pull_request_target" },
	{ FLOW, JOB MAKE, "on:\n  push:\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    steps:\n" MAKE, NULL,
	  "start" },
	{ FLOW, "on: push\njobs:\n  a:\n    runs-on: ubuntu-22.04\n",
	  "on: [push, schedule]\njobs:\n  a:\n    runs-on: ubuntu-22.04\n", NULL, "start" },
	{ FLOW, "on: [push]\njobs:\n  a:\n    runs-on: ubuntu-22.04\n",
	  "on: [issue_comment]\njobs:\n  a:\n    runs-on: ubuntu-22.04\n", NULL, "issue_comment" },
	/* conditions */
	{ FLOW, JOB "      - if: github.ref == 'refs/heads/main'\n        run: make\n", JOB MAKE, NULL,
	  "conditions" },
	{ FLOW, JOB "      - if: github.ref == 'refs/heads/main'\n        run: make\n",
	  JOB "      - if: github.ref != 'refs/heads/main'\n        run: make\n", NULL, "condition" },
	{ FLOW, JOB "      - if: github.ref == 'refs/heads/main'\n        run: make\n",
	  JOB "      - if: github.ref == 'refs/heads/other'\n        run: make\n", NULL, "condition" },
	{ FLOW, JOB MAKE, JOB "      - if: false\n        run: make\n", NULL, "if: false" },
	{ FLOW, JOB MAKE, JOB "      - if: runner.os != 'Windows'\n        run: make\n", NULL, "conditions" },
	{ FLOW, JOB "      - if: github.ref == 'x'\n        run: make\n",
	  JOB "      - if: gitub.ref == 'x'\n        run: make\n", NULL, "condition" },
	/* secrets and tokens */
	{ FLOW, JOB MAKE, JOB "      - run: make\n        env:\n          A: ${{ secrets.A }}\n", NULL, "secrets." },
	{ FLOW, JOB CHECKOUT, JOB CHECKOUT "        with:\n          token: x\n", NULL, " token:" },
	{ FLOW, JOB MAKE, JOB "      - run: make ${{ github.event.issue.title }}\n", NULL, "github.event." },
	{ FLOW, JOB CHECKOUT "        with:\n          persist-credentials: false\n", JOB CHECKOUT, NULL,
	  "persist-credentials: false" },
	/* actions and pins */
	{ FLOW, JOB CHECKOUT, JOB CHECKOUT "      - uses: evil/action@v1\n", NULL, "evil/action" },
	{ FLOW, JOB CHECKOUT, JOB "      - uses: actions/checkout@main\n", NULL, "actions/checkout" },
	{ FLOW, JOB CHECKOUT, JOB "      - uses: actions/checkout@0123456789012345678901234567890123456789\n",
	  NULL, "actions/checkout" },
	{ FLOW, JOB "      - uses: a/b@0123456789012345678901234567890123456789\n", JOB "      - uses: a/b@v3\n",
	  NULL, "unpin" },
	{ FLOW, JOB "      - uses: a/b@v1\n", JOB "      - uses: a/b@v2\n", NULL, "a/b" },
	{ FLOW, JOB CHECKOUT MAKE, JOB CHECKOUT, NULL, "run:" },
	{ FLOW, JOB CHECKOUT, JOB "      - uses: ./other\n", NULL, "./other" },
	/* machines */
	{ FLOW, JOB MAKE, HEAD "jobs:\n  a:\n    runs-on: self-hosted\n    steps:\n" MAKE, NULL, "self-hosted" },
	{ FLOW, JOB MAKE, HEAD "jobs:\n  a:\n    runs-on: big-machine\n    steps:\n" MAKE, NULL, "run on" },
	{ FLOW, JOB MAKE, HEAD "jobs:\n  a:\n    runs-on: ubuntu-22.04\n    container: evil/image\n    steps:\n" MAKE,
	  NULL, "run on evil" },
	/* commands */
	{ FLOW, JOB MAKE, JOB MAKE "      - run: rm -rf /\n", NULL, "add a step" },
	{ FLOW, JOB MAKE, JOB "      - run: curl example.com/x\n", NULL, "curl" },
	{ FLOW, JOB MAKE, JOB "      - run: make | sh\n", NULL, "| sh" },
	{ FLOW, JOB MAKE, JOB "      - run: make || true\n", NULL, "true" },
	{ FLOW, JOB CHECKOUT MAKE, JOB CHECKOUT "      - run: git config --global --add safe.directory '*'\n" MAKE,
	  NULL, "safe.directory" },
	{ FLOW, JOB MAKE, JOB "      - run: make\n        continue-on-error: true\n", NULL, "continue-on-error" },
	{ FLOW, JOB "      - run: make\n        env:\n          A: 1\n",
	  JOB "      - run: make\n        env:\n          ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n", NULL, "UNSECURE" },
	{ FLOW, HEAD "jobs:\n  a:\n    runs-on: ubuntu-22.04\n    step:\n" MAKE,
	  HEAD "jobs:\n  a:\n    runs-on: ubuntu-22.04\n    steps:\n      - run: made\n", NULL, "add a step" },
	/* time, cancelling, jobs */
	{ FLOW, HEAD "jobs:\n  a:\n    runs-on: ubuntu-22.04\n    timeout-minutes: 5\n",
	  HEAD "jobs:\n  a:\n    runs-on: ubuntu-22.04\n", NULL, "time limit" },
	{ FLOW, HEAD "jobs:\n  a:\n    runs-on: ubuntu-22.04\n    timeout-minutes: 5\n",
	  HEAD "jobs:\n  a:\n    runs-on: ubuntu-22.04\n    timeout-minutes: 50\n", NULL, "time limit" },
	{ FLOW, HEAD "concurrency:\n  group: a\n  cancel-in-progress: true\njobs:\n  a:\n    runs-on: ubuntu-22.04\n",
	  HEAD "concurrency:\n  group: a\n  cancel-in-progress: false\njobs:\n  a:\n    runs-on: ubuntu-22.04\n", NULL,
	  "cancel-in-progress" },
	{ FLOW, JOB MAKE, JOB MAKE "  b:\n    runs-on: ubuntu-22.04\n    steps:\n" MAKE, NULL, "job b" },
	{ FLOW, JOB MAKE, HEAD "jobs:\n  z:\n    runs-on: ubuntu-22.04\n    steps:\n" MAKE, NULL, "job z" },
	{ FLOW, NULL, JOB MAKE, NULL, "add .github" },
	/* what cannot be read may only be indented anew */
	{ FLOW, HEAD "jobs:\n\ta:\n    runs-on: ubuntu-22.04\n", HEAD "jobs:\n  a:\n    runs-on: windows-2022\n", NULL,
	  "cannot be read" },
	{ FLOW, JOB MAKE, HEAD "jobs:\n  a: [\n", NULL, "take away" },
	{ FLOW, JOB "      - &x\n        run: make\n", JOB "      - &x\n        run: made\n", NULL, "cannot be read" },
	/* images */
	{ "Dockerfile", "FROM debian:12\n", "FROM evil:12\n", NULL, "evil" },
	{ "Dockerfile", "FROM debian:12@sha256:0\n", "FROM debian:12\n", NULL, "@sha256:" },
	{ "Dockerfile", "FROM debian:12\nUSER app\n", "FROM debian:12\nUSER root\n", NULL, "USER root" },
	{ "compose.yml", "services: {}\n", "services: { a: { privileged: true } }\n", NULL, "privileged" },
};

static unsigned wrong;

static void one(const struct row *row)
{
	const struct tree_file files[] = { { row->before ? row->path : "other.txt",
					     row->before ? row->before : "" }, { NULL, NULL } };
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, files);
	struct candidate candidate = { .oracle = ORACLE_CONTRACT, .template_name = "x",
				       .grants = row->grants, .by_reading = true };
	struct rules rules = {0};
	struct err e = ERR_INIT;
	bool allowed = patch_put(&candidate.patch, &a, tree, row->path, str_of(row->after), &e) &&
		       rules_allow(&rules, &candidate, tree, NULL, &a, &e);

	if (allowed != !row->refused || (row->refused && !str_has(str_of(e.text), row->refused))) {
		print_error("%s ->\n%s: %s\n", row->before ? row->before : "", row->after,
			    allowed ? "allowed" : e.text);
		wrong++;
	}
}

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		one(&rows[i]);
	print_message("%zu changes\n", sizeof(rows) / sizeof(rows[0]));
	assert_int_equal(wrong, 0);
}

static void no_model_touches_them(void **state)
{
	const struct tree_file files[] = { { FLOW, JOB MAKE }, { NULL, NULL } };
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, files);
	struct candidate candidate = { .oracle = ORACLE_TEST, .template_name = "x", .by_model = true };
	struct rules rules = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_true(patch_put(&candidate.patch, &a, tree, FLOW, STR(JOB CHECKOUT MAKE), &e));
	assert_false(rules_allow(&rules, &candidate, tree, NULL, &a, &e));
	assert_true(str_has(str_of(e.text), "protected"));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(table), cmocka_unit_test(no_model_touches_them),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

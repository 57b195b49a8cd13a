/*
 * Which branches, authors and files are left out, whose work is another bot's, and when there are enough
 * pull requests.
 */
#include "tests/unit.h"

#include "bot/manners.h"

static const char *why(const char *settings, struct manners_case c, struct arena *a)
{
	const struct config *config;
	struct err e = ERR_INIT;

	if (!config_parse(&options, "aegis.yml", str_of(settings), OPTION_REPOSITORY, a, &config, &e))
		fail_msg("%s", e.text);
	if (!c.branch)
		c.branch = "main";
	if (!c.author)
		c.author = "bob";
	if (!c.file)
		c.file = "lib/a.py";
	return manners_why_not(config, &c, a);
}

static const struct {
	const char *settings, *branch, *author, *file;
	bool is_pull, has_label;
	const char *why;		/* a part of it; NULL: nothing is against it */
} cases[] = {
	{ "", NULL, NULL, NULL, false, false, NULL },
	{ "skip: true", NULL, NULL, NULL, false, false, "say skip" },
	{ "skip: false", NULL, NULL, NULL, true, false, NULL },
	{ "", "x", NULL, NULL, true, true, "aegis:skip" },
	{ "branches: [main]", NULL, NULL, NULL, false, false, NULL },
	{ "branches: [main]", "Main", NULL, NULL, false, false, "this branch" },
	{ "branches: [\"release/*\"]", "release/1", NULL, NULL, false, false, NULL },
	{ "branches: [\"release/*\"]", "release/1/x", NULL, NULL, false, false, "this branch" },
	{ "branches: [\"release/**\"]", "release/1/x", NULL, NULL, false, false, NULL },
	{ "branches: [\"!wip/**\"]", "wip/a", NULL, NULL, false, false, "this branch" },
	{ "branches: [\"!wip/**\"]", "main", NULL, NULL, false, false, NULL },
	{ "branches: [\"**\", \"!wip/**\"]", "wip/a", NULL, NULL, false, false, "this branch" },
	{ "authors: [BOB]", NULL, "bob", NULL, false, false, NULL },
	{ "authors: [alice]", NULL, "bob", NULL, false, false, "this author" },
	{ "authors: [alice]", NULL, "", NULL, false, false, "this author" },
	{ "authors: [\"!bob\"]", NULL, "Bob", NULL, false, false, "this author" },
	{ "authors: [\"!bob\"]", NULL, "", NULL, false, false, NULL },
	{ "paths: [\"lib/**\"]", NULL, NULL, "lib/x/y.c", false, false, NULL },
	{ "paths: [\"lib/**\"]", NULL, NULL, "src/y.c", false, false, "the file" },
	{ "paths: [\"lib/**\"]", NULL, NULL, "", false, false, NULL },
	{ "", "dependabot/npm/x", NULL, NULL, false, false, "another bot's" },
	{ "", "renovate/all", NULL, NULL, false, false, "another bot's" },
	{ "", "x", "renovate[bot]", NULL, true, false, "another bot's" },
	{ "", "x", "Dependabot[bot]", NULL, true, false, "another bot's" },
	{ "", "x", "aegis[bot]", NULL, true, false, NULL },
	{ "", "x", "Aegis[Bot]", NULL, true, false, NULL },
	/* A bot that pushes to a branch without a pull request minds nobody. */
	{ "", "main", "release[bot]", NULL, false, false, NULL },
};

static void test_why_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ARENA a = {0};
		struct manners_case c = {
			.branch = cases[i].branch, .author = cases[i].author, .file = cases[i].file,
			.own_login = "aegis[bot]", .is_pull = cases[i].is_pull,
			.has_label = cases[i].has_label,
		};
		const char *got = why(cases[i].settings, c, &a);

		if (!got != !cases[i].why || (got && !strstr(got, cases[i].why)))
			fail_msg("%zu: \"%s\" of %s", i, got ? got : "(nothing)", cases[i].settings);
	}
}

static void test_count(void **state)
{
	const int64_t now = 10000000, hour = 3600000;
	struct github_pull pulls[] = {
		{ .head_branch = "aegis/fix-1", .author = "aegis[bot]", .is_open = true, .created_ms = now - 1 },
		{ .head_branch = "aegis/fix-2", .author = "Aegis[bot]", .created_ms = now - hour + 500 },
		{ .head_branch = "aegis/fix-3", .author = "aegis[bot]", .is_open = true,
		  .created_ms = now - hour },
		{ .head_branch = "aegis/fix-4", .author = "mallory", .is_open = true, .created_ms = now },
		{ .head_branch = "feature", .author = "aegis[bot]", .is_open = true, .created_ms = now },
		{ .head_branch = "aegis/fix-5", .author = "aegis[bot]", .is_open = true, .created_ms = now },
	};
	struct github_pulls list = { pulls, sizeof(pulls) / sizeof(*pulls), 0, true };
	struct manners_pulls got;

	(void)state;
	for (size_t i = 0; i < list.count; i++) {
		pulls[i].head_owner = "O";
		pulls[i].head_name = "r";
	}
	pulls[5].head_owner = "fork";
	manners_count(&list, "o", "R", "aegis[bot]", now, &got);
	assert_int_equal(got.open, 2);
	assert_int_equal(got.lately, 2);
	assert_int_equal(got.again_at, now + 500);
	list.count = 0;
	manners_count(&list, "o", "r", NULL, now, &got);
	assert_true(!got.open && !got.lately && !got.again_at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_why_not), cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* bot/job: real fixes in children that outlive whoever ordered them. */
#include "tests/job_unit.h"

static const char one[] = "0123456789ab", other[] = "ba9876543210";

static void mends(void **state)
{
	OFFICE office;
	struct job_order order;
	struct job_result result;
	const char *base, *fix;
	struct err e = ERR_INIT;

	(void)state;
	office_open(&office, "");
	base = office_mirror(&office, 7, STATS);
	order = order_of(one, base);
	order.author_name = "aegis[bot]";
	order.author_mail = "7+aegis[bot]@users.noreply.example.org";
	assert_int_equal(job_now(&office, one, 1).state, JOB_NONE);
	assert_int_equal(job_running(&office.daemon), 0);
	job_go(&office, &order);
	assert_int_equal(job_running(&office.daemon), 1);
	result = job_now(&office, one, 1);
	assert_int_equal(result.state, JOB_RUNNING);
	assert_true(llabs(result.started_at - clock_wall_ms() / 1000) < 100);
	/* Ordered again while it runs: nothing happens. */
	job_go(&office, &order);
	assert_false(job_forget(&office.daemon, one, &e));
	assert_int_equal(e.kind, ERR_LATER);
	fix = job_mended(&office, 7, one, 1);
	assert_int_equal(job_running(&office.daemon), 0);
	assert_str(shell(&office.arena, &office.folder, arena_printf(&office.arena,
		"cd work/7.git; git show -s --format='%%P %%an %%ce' %s; git show -s --format=%%B %s | grep -c "
		"'Aegis-Incident: %s'; git show %s:stats.py | grep -c 'if not values'; "
		"git fsck --strict 2>&1 | grep -v 'notice\\|dangling' || true", fix, fix, one, fix)),
		arena_printf(&office.arena, "%s aegis[bot] 7+aegis[bot]@users.noreply.example.org\n1\n1\n", base));
	/* And after its end as well; another attempt is a job of its own. */
	job_go(&office, &order);
	assert_int_equal(job_now(&office, one, 1).state, JOB_DONE);
	assert_int_equal(job_now(&office, one, 2).state, JOB_NONE);
	assert_true(job_stop(&office.daemon, one, &e));
	assert_true(job_forget(&office.daemon, other, &e));
	assert_int_equal(job_now(&office, one, 1).state, JOB_DONE);
	assert_true(job_forget(&office.daemon, one, &e));
	assert_int_equal(job_now(&office, one, 1).state, JOB_NONE);
	assert_str(shell(&office.arena, &office.folder, "ls -A work/jobs"), "");
	assert_string_equal(branch_of(&office, 7, one), fix);
}

/* The command, tests and templates are those of the default branch, whatever the commit says. */
static void settings_are_given(void **state)
{
	OFFICE office;
	struct job_order order;
	struct job_result result;

	(void)state;
	office_open(&office, "");
	order = order_of(one, office_mirror(&office, 7, STATS
		"mkdir .github; printf 'run: \"true\"\\n' >.github/aegis.yml;"));
	job_go(&office, &order);
	job_mended(&office, 7, one, 1);
	order.number = 2;
	order.settings = STR("run: \"true\"\n");
	job_go(&office, &order);
	result = job_end(&office, one, 2);
	assert_int_equal(result.state, JOB_DONE);
	assert_int_equal(result.exit_code, 0);
	assert_true(str_has(result.answer, "nothing to fix"));
	order.number = 3;
	order.settings = STR("run: x\nunknown: 1\n");
	job_go(&office, &order);
	result = job_end(&office, one, 3);
	assert_int_equal(result.exit_code, 78);
	assert_non_null(strstr(result.why, ".github/aegis.yml:2:1"));
	assert_int_equal(result.answer.size, 0);
}

/* Without a command of the settings, the log says what was run and what was red. */
static void from_the_log(void **state)
{
	OFFICE office;
	struct job_order order;
	struct job_result result;

	(void)state;
	office_open(&office, "");
	order = order_of(one, office_mirror(&office, 7, STATS));
	order.settings = STR("");
	order.log = shell(&office.arena, &office.folder, "cd source-7; echo '##[group]Run /usr/bin/python3 -m unittest -q'; "
			  "echo '/usr/bin/python3 -m unittest -q'; echo 'shell: /usr/bin/bash -e {0}'; echo '##[endgroup]'; "
			  "/usr/bin/python3 -m unittest -q 2>&1 | sed \"s,$PWD,/home/runner/work/r/r,\"; rm -rf __pycache__");
	job_go(&office, &order);
	job_mended(&office, 7, one, 1);
	/* A log of another failure: nothing is proven by mending this one. */
	order.number = 2;
	order.settings = STR(RUN_TESTS);
	order.log = STR("Traceback (most recent call last):\n  File \"x.py\", line 1, in f\n    g()\n"
			"KeyError: 'elsewhere'\n");
	job_go(&office, &order);
	result = job_end(&office, one, 2);
	assert_int_equal(result.state, JOB_DONE);
	assert_int_equal(result.exit_code, 2);
	assert_true(str_has(result.answer, "escalate"));
}

/* What can be seen at once. */
static void refused(void **state)
{
	static const char commit[] = "0123456789012345678901234567890123456789";
	static const struct job_order orders[] = {
		{ .incident = "../../../abc", .number = 1, .repository_id = 7, .commit = commit },
		{ .incident = "0123456789AB", .number = 1, .repository_id = 7, .commit = commit },
		{ .incident = NULL, .number = 1, .repository_id = 7, .commit = commit },
		{ .incident = one, .number = 0, .repository_id = 7, .commit = commit },
		{ .incident = one, .number = 1, .repository_id = 0, .commit = commit },
		{ .incident = one, .number = 1, .repository_id = 7, .commit = "main" },
		{ .incident = one, .number = 1, .repository_id = 7, .commit = NULL },
		{ .incident = one, .number = 1, .repository_id = 7, .commit = commit, .author_mail = "a@b" },
		{ .incident = one, .number = 1, .repository_id = 7, .commit = commit, .author_mail = "a@b",
		  .author_name = "\xff" },
	};
	OFFICE office;
	struct job_result result;
	struct err e = ERR_INIT;

	(void)state;
	office_open(&office, "");
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		e = (struct err)ERR_INIT;
		if (job_start(&office.daemon, &orders[i], &office.arena, &e) || e.kind != ERR_INPUT)
			fail_msg("%zu: %d %s", i, e.kind, e.text);
	}
	assert_false(job_look(&office.daemon, "x", 1, &office.arena, &result, &e));
	assert_false(job_stop(&office.daemon, "..", &e));
	assert_false(job_forget(&office.daemon, "", &e));
	assert_int_equal(job_now(&office, one, 1).state, JOB_NONE);
}

/* What only the child can see: an answer all the same. */
static void cannot_be(void **state)
{
	OFFICE office;
	struct job_order good, order;
	struct job_result result;

	(void)state;
	office_open(&office, "");
	good = order = order_of(one, office_mirror(&office, 7, STATS));
	order.commit = "0123456789012345678901234567890123456789";
	job_go(&office, &order);
	result = job_end(&office, one, 1);
	assert_int_equal(result.state, JOB_DONE);
	assert_int_equal(result.exit_code, 1);
	assert_non_null(strstr(result.why, order.commit));
	order = good;
	order.number = 2;
	order.repository_id = 8;
	job_go(&office, &order);
	result = job_end(&office, one, 2);
	assert_int_equal(result.exit_code, 1);
	assert_non_null(strstr(result.why, "no mirror"));
	/* A person's branch is in the way: no answer with a commit that is not there. */
	shell(&office.arena, &office.folder, arena_printf(&office.arena,
	      "git -C source-7 push -q ../work/7.git HEAD:refs/heads/aegis/fix-%s", other));
	order = good;
	order.incident = other;
	job_go(&office, &order);
	result = job_end(&office, other, 1);
	assert_int_equal(result.exit_code, 1);
	assert_non_null(strstr(result.why, "not ours"));
	assert_string_equal(branch_of(&office, 7, other), good.commit);
}

/* Tests of other repositories find files through links and names; the fix must come out all the same. */
static void hostile_tree(void **state)
{
	OFFICE office;
	struct job_order order;

	(void)state;
	office_open(&office, "");
	order = order_of(one, office_mirror(&office, 7, STATS
		"mkdir ../outside; ln -s ../../../../outside sub; ln -s /proc/self/environ env; ln -s . loop; "
		"ln -s stats.py alias.py; printf '* filter=x text eol=crlf\\n' >.gitattributes; "
		"printf '[submodule \"x\"]\\npath = m\\nurl = file:///\\n' >.gitmodules; mkdir -p d; "
		"git update-index --add --cacheinfo 160000,0123456789012345678901234567890123456789,m;"));
	shell(&office.arena, &office.folder, "cd work/7.git; git config filter.x.smudge 'touch ../../outside/canary'; "
	      "git config filter.x.clean 'touch ../../outside/canary'; git config core.fsmonitor 'touch ../../outside/canary'");
	job_go(&office, &order);
	job_mended(&office, 7, one, 1);
	assert_str(shell(&office.arena, &office.folder, "ls -A outside"), "");
}

static void side_by_side(void **state)
{
	OFFICE office;
	struct job_order first, second;
	const char *fix;
	struct err e = ERR_INIT;

	(void)state;
	office_open(&office, "");
	first = order_of(one, office_mirror(&office, 7, STATS));
	second = first;
	second.incident = other;
	job_go(&office, &first);
	job_go(&office, &second);
	assert_int_equal(job_running(&office.daemon), 2);
	fix = job_mended(&office, 7, one, 1);
	assert_string_not_equal(fix, job_mended(&office, 7, other, 1));
	/* A newer attempt of one takes the place of the older; the other stays. */
	assert_true(job_forget(&office.daemon, one, &e));
	assert_int_equal(job_now(&office, other, 1).state, JOB_DONE);
	assert_str(shell(&office.arena, &office.folder, "find work/7.git -name '*.lock'; "
		"git -C work/7.git fsck --strict 2>&1 | grep -v 'notice\\|dangling' || true"), "");
}

/* What is set in the daemon's environment, and whether the child may see it. */
static const struct variable {
	const char *name;
	bool passes;
} variables[] = {
	{ "GITHUB_TOKEN", false }, { "MY_KEY", false }, { "AEGIS_WEBHOOK_SECRET", false },
	{ "PGPASSWORD", false }, { "SLACK_TOKEN", false }, { "AWS_SECRET_ACCESS_KEY", false },
	{ "AEGIS_CONFIG", false }, { "LD_PRELOAD_X", false }, { "MODEL_ONE", true }, { "MODEL_TWO", true },
	{ "GOPATH", true },
};

static void environment_is_clean(void **state)
{
	OFFICE office;
	struct job_order order;
	struct str seen;
	int left_open;
	struct err e = ERR_INIT;

	(void)state;
	office_open(&office, "github: { app_id: 1, private_key_env: MY_KEY, token_env: GITHUB_TOKEN }\nmodels:\n"
		"  - { provider: openai, model: a, base_url: 'http://127.0.0.1:9', api_key_env: MODEL_ONE }\n"
		"  - { provider: openai, model: b, base_url: 'http://127.0.0.1:9', api_key_env: MODEL_TWO }\n"
		"  - { provider: openai, model: c, base_url: 'http://127.0.0.1:9', api_key: inside }\n");
	order = order_of(one, office_mirror(&office, 7, STATS));
	order.settings = STR("run: env; cat /proc/self/environ; sleep 61.75\n");
	/* What is open here is not for the child either. */
	left_open = open(office.daemon.config_file, O_RDONLY);
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		setenv(variables[i].name, arena_printf(&office.arena, "/c4n4ry-%zu.", i), 1);
	job_go(&office, &order);
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		unsetenv(variables[i].name);
	/* The child, and all that runs below it. */
	nap(1500);
	seen = shell(&office.arena, &office.folder, "p=$(cat work/jobs/*/pid); tr '\\0' '\\n' </proc/$p/environ; "
		"ls -l /proc/$p/fd; for q in $(pgrep -x sleep || true); do grep -q 61.75 /proc/$q/cmdline 2>/dev/null && "
		"tr '\\0' '\\n' </proc/$q/environ | sed 's/^/inside /' || true; done");
	close(left_open);
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *canary = arena_printf(&office.arena, "%s=/c4n4ry-%zu.", variables[i].name, i);

		if (str_has(seen, canary) != variables[i].passes)
			fail_msg("%s: %s", variables[i].name, str_text(&office.arena, seen));
	}
	assert_true(str_has(seen, "inside PATH="));
	assert_false(str_has(seen, "inside MODEL") || str_has(seen, "inside GOPATH=/c4") || str_has(seen, "/aegis.yml"));
	assert_true(str_has(seen, "HOME=") && str_has(seen, "PATH="));
	assert_true(job_stop(&office.daemon, one, &e));
	assert_str(shell(&office.arena, &office.folder, "grep -rl c4n4ry work || true"), "");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(mends), cmocka_unit_test(settings_are_given), cmocka_unit_test(from_the_log),
		cmocka_unit_test(refused), cmocka_unit_test(cannot_be), cmocka_unit_test(hostile_tree),
		cmocka_unit_test(side_by_side),
		cmocka_unit_test(environment_is_clean),
	};

	if (job_is_child(argc, argv))
		return job_child(argv[2]);
	return cmocka_run_group_tests(list, NULL, NULL);
}

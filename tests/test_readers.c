/*
 * Every example of every reader, through the whole pipeline: as the tool printed it, and again as
 * GitHub Actions logs it (time stamps, a byte order mark, colours).
 */
#include "tests/unit.h"

#include "ci/log.h"
#include "ci/reader.h"

#include <stdio.h>

static unsigned checked, wrong;

static void complain(const struct reader *reader, const struct reading *example, const char *how,
		     const char *field, const char *got, const char *expected)
{
	wrong++;
	print_error("%s, \"%s\" (%s): %s is \"%s\", expected \"%s\"\n", reader->name, example->name,
		    how, field, got ? got : "(null)", expected ? expected : "(null)");
}

static struct tree *tree_of(struct arena *a, const char *const *files)
{
	struct tree_file list[64] = {{0}};
	static char lines[50001];	/* the files have the lines that the logs name */

	if (!files)
		return NULL;
	memset(lines, '\n', sizeof(lines) - 1);
	for (size_t i = 0; files[i] && i < 63; i++)
		list[i] = (struct tree_file){ files[i], lines };
	return tree_of_files(a, arena_copy(a, list, sizeof(list)));
}

/* The log as the runner writes it: a stamp before every line, now and then a BOM and a colour. */
static struct str as_actions(struct arena *a, struct str log)
{
	struct text out = TEXT(a);
	struct str line;

	for (unsigned n = 0; str_next(&log, '\n', &line); n++) {
		if (n % 5 == 0)
			text_adds(&out, "\xef\xbb\xbf");
		text_addf(&out, "2026-03-04T05:%02u:%02u.%07uZ ", n / 60 % 60, n % 60, n * 731 % 9999999);
		text_addf(&out, n % 7 == 3 ? "\x1b[0m%.*s\n" : "%.*s\n", STR_ARG(line));
	}
	return text_str(&out);
}

static void compare_text(const struct reader *reader, const struct reading *example, const char *how,
			 const char *field, const char *got, const char *expected)
{
	if (expected && !str_equal(str_of(got), str_of(expected)))
		complain(reader, example, how, field, got, expected);
}

static void compare_number(const struct reader *reader, const struct reading *example,
			   const char *how, const char *field, unsigned long got,
			   unsigned long expected)
{
	char one[24], other[24];

	snprintf(one, sizeof(one), "%lu", got);
	snprintf(other, sizeof(other), "%lu", expected);
	if (expected && got != expected)
		complain(reader, example, how, field, one, other);
}

static void compare(const struct reader *reader, const struct reading *example, const char *how,
		    const struct report *report)
{
	const struct failure *f = report->failures;
	const struct expected *e = &example->expect;

	checked++;
	if (example->run) {
		compare_number(reader, example, how, "tests run", report->tests.run, example->run);
		if (report->tests.failed != example->failed)
			complain(reader, example, how, "tests failed", "another number", "");
	}
	if (example->nothing) {
		if (report->failure_count)
			complain(reader, example, how, "failures", f->message, "none");
		return;
	}
	if (!report->failure_count) {
		complain(reader, example, how, "failures", "none", "one");
		return;
	}
	compare_text(reader, example, how, "kind", kind_name(f->kind), kind_name(e->kind));
	compare_text(reader, example, how, "language", f->language, e->language);
	compare_text(reader, example, how, "tool", f->tool, e->tool);
	compare_text(reader, example, how, "type", f->type, e->type);
	compare_text(reader, example, how, "message", f->message, e->message);
	compare_text(reader, example, how, "file", f->file, e->file);
	compare_text(reader, example, how, "function", f->function, e->function);
	compare_text(reader, example, how, "test", f->test, e->test);
	compare_number(reader, example, how, "line", f->line, e->line);
	compare_number(reader, example, how, "error line", f->error_line, e->error_line);
	if (f->transient != e->transient)
		complain(reader, example, how, "transient", f->transient ? "true" : "false",
			 e->transient ? "true" : "false");
}

static void one(const struct reader *reader, const struct reading *example)
{
	ARENA a = {0};
	struct tree *tree = tree_of(&a, example->files);
	struct str log = str_of(example->log);
	const struct report *plain = log_read(&a, tree, log);
	const struct report *stamped = log_read(&a, tree, as_actions(&a, log));

	compare(reader, example, "plain", plain);
	compare(reader, example, "as Actions logs it", stamped);
	if (plain->failure_count && stamped->failure_count)
		compare_text(reader, example, "plain and stamped", "signature",
			     stamped->failures->signature, plain->failures->signature);
}

static void examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < reader_count; i++) {
		const struct reading *example = readers[i]->examples;

		if (!example || !example->name) {
			wrong++;
			print_error("reader %s has no example\n", readers[i]->name);
		}
		for (; example && example->name; example++)
			one(readers[i], example);
	}
	print_message("%u readings of %zu readers checked\n", checked, reader_count);
	assert_true(checked > 0);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest list[] = { cmocka_unit_test(examples) };

	return cmocka_run_group_tests(list, NULL, NULL);
}

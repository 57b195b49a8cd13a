/* ci/prefix: prefixes go in a stretch that has them, and one line alone keeps what looks like one. */
#include "tests/unit.h"

#include "ci/clean.h"
#include "ci/log.h"

/* What the lines, all of one log, become. */
static struct str cleaned(struct arena *a, struct str log)
{
	struct cleaner *cleaner = arena_new(a, struct cleaner);
	struct text out = TEXT(a);
	struct str raw;

	while (str_next(&log, '\n', &raw)) {
		struct line line = {0};

		clean_line(cleaner, raw, &line);
		text_add(&out, line.text);
		text_addc(&out, '\n');
	}
	return text_str(&out);
}

/* Four lines with text behind the prefix: the third and the fourth lose it. */
static const struct {
	const char *one, *other;	/* two prefixes of a kind */
} stretches[] = {
	{ "[0] ", "[1] " }, { "[0] ", "[17] " },
	{ "7:51:34 PM: ", "10:01:02 AM: " },
	{ "2024-05-14T11:19:20.000000Z 00O ", "2024-05-14T11:19:21.000000Z 01E+" },
	{ "2024-05-14T11:19:20Z ", "2024-05-14T11:19:20.123456789Z " },
	{ "[2024-05-14T11:19:20.123Z] ", "[2024-05-14T11:19:21.000Z] " },
	{ "[00:01:23] ", "[00:01:24] " },
	{ "web:test: ", "@shop/ui:build:lib: " },
	{ "@shop/web: ", "@shop/ui: " },
	{ "[@shop/web]: ", "[api]: " },
	{ "web-1  | ", "db_2 | " }, { "web.1  | ", "worker.1 | " },
};

static void goes_in_a_stretch(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stretches) / sizeof(stretches[0]); i++) {
		ARENA a = {0};
		const char *one = stretches[i].one, *other = stretches[i].other;
		const char *log = arena_printf(&a, "%sa\n%sb\n\n%s  c\n%sd: e\nf\n", one, other, one,
					       other);

		assert_str(cleaned(&a, str_of(log)),
			   arena_printf(&a, "%sa\n%sb\n\n  c\nd: e\nf\n", one, other));
	}
}

/* As often as one line in three is no stretch. */
static const char *const kept[] = {
	"[0] alone\n", "[0] a\n[1] b\nc\n", "[0] a\nb\nc\n[0] d\ne\nf\n[0] g\nh\ni\n[0] j\n",
	"7:51:34 PM: alone\n", "web:test: alone\n", "web-1  | alone\n",
	/* what looks like one and is none */
	"a.c:3: error: x\nb.c:4: error: y\nc.c:5: error: z\nd.c:6: error: z\n",
	"a.c:3:5: x\nb.c:4:6: y\nc.c:5:7: z\nd.c:6:7: z\n",
	"[ERROR] a\n[ERROR] b\n[ERROR] c\n[ERROR] d\n",
	"error: a\nerror: b\nerror: c\nerror: d\n",
	"E: a b\nnpm ERR! a\nnpm ERR! b\nnpm ERR! c\n",
	"Caused by: a\nCaused by: b\nCaused by: c\nCaused by: d\n",
	"pip-21.2.4   | 1.8 MB\ntk-8.6.12    | 3.0 MB\ntk-8.6.12    | 3.0 MB\ntk-8.6.12    | 3.0 MB\n",
	"id | name\n1 | a\n2 | b\n3 | c\n4 | d\n",
	"5 |   x\n6 |   y\n7 |   z\n8 |   z\n",
	"10:11:12 a\n10:11:13 b\n10:11:14 c\n10:11:15 d\n",
	"at a.b: c\nat a.b: c\nat a.b: c\nat a.b: c\n",
};

static void stays(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		ARENA a = {0};

		assert_str(cleaned(&a, str_of(kept[i])), kept[i]);
	}
}

static void declared_by_pnpm(void **state)
{
	ARENA a = {0};

	(void)state;
	assert_str(cleaned(&a, STR("packages/web test: before\n"
				   "packages/web test$ vitest run\n"
				   ". test:unit$ node --test\n"
				   "packages/web test: Error: x\n"
				   "plain\nplain\nplain\n"
				   ". test:unit: not ok 1\n"
				   "packages/web test:\n"
				   "packages/ui test: of no one\n")),
		   "packages/web test: before\npackages/web test$ vitest run\n"
		   ". test:unit$ node --test\nError: x\nplain\nplain\nplain\nnot ok 1\n\n"
		   "packages/ui test: of no one\n");
}

/* A mark stands behind the prefix, and colours around it. */
static void marks_behind(void **state)
{
	static struct cleaner cleaner;
	struct line line = {0};

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		clean_line(&cleaner, STR("\x1b[36mweb:test:\x1b[0m ::error file=a.ts,line=3::no"), &line);
	assert_str(line.text, "no");
	assert_int_equal(line.mark, MARK_ERROR);
	assert_string_equal(cleaner.annotation.file, "a.ts");
}

/* The same failure with a prefix of any kind has the same signature, and its frames. */
static void readers_understand(void **state)
{
	static const char *const trace[] = {
		"starting", "one", "two", "Traceback (most recent call last):",
		"  File \"/w/app.py\", line 3, in total", "    return price / count",
		"ZeroDivisionError: division by zero", "done",
	};
	ARENA a = {0};
	struct text plain = TEXT(&a);
	const struct report *wanted, *found;

	(void)state;
	for (size_t n = 0; n < sizeof(trace) / sizeof(trace[0]); n++)
		text_addf(&plain, "%s\n", trace[n]);
	wanted = log_read(&a, NULL, text_str(&plain));
	assert_int_equal(wanted->failure_count, 1);
	for (size_t i = 0; i < sizeof(stretches) / sizeof(stretches[0]); i++) {
		struct text out = TEXT(&a);

		for (size_t n = 0; n < sizeof(trace) / sizeof(trace[0]); n++)
			text_addf(&out, "%s%s\n", n % 2 ? stretches[i].one : stretches[i].other, trace[n]);
		found = log_read(&a, NULL, text_str(&out));
		assert_int_equal(found->failure_count, 1);
		assert_string_equal(found->failures->signature, wanted->failures->signature);
		assert_int_equal(found->failures->frame_count, 1);
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(goes_in_a_stretch), cmocka_unit_test(stays),
		cmocka_unit_test(declared_by_pnpm),  cmocka_unit_test(marks_behind),
		cmocka_unit_test(readers_understand),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

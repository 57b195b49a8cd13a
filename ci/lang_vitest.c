/*
 * Vitest's report: the blocks below "FAIL  file > suite > test", suites that do not load, the counts.
 * The progress with its crosses is not read; it is told again below.
 */
#include "ci/node.h"

struct state {
	bool open;			/* a FAIL line came */
	struct kept label;		/* before every line of this run */
	struct kept title, file;
	struct failure *failure;
	unsigned long first, last;
};

static const char arrow[] = " \xe2\x9d\xaf ";
static const char rule[] = "\xe2\x8e\xaf\xe2\x8e\xaf\xe2\x8e\xaf";

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		if (s->failure->frame_count)
			findings_block(f, "node", s->failure->error_line, s->last);
	}
	s->failure = NULL;
	s->open = false;
}

/* " FAIL  |unit| cart.test.js > cart > own" and, of a suite, " FAIL  broken.test.js [ broken.test.js ]" */
static bool fail_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, before, after;

	/* Jest's coloured line has only a path */
	if (!str_skip(&text, " FAIL  ") || (!str_has(text, " > ") && !str_has(text, " [ ")))
		return false;
	if (str_skip(&text, "|") && str_split(text, "| ", &before, &after))
		text = after;
	if (str_split(text, " [ ", &before, &after))
		text = before;
	/* several tests may share one error, their FAIL lines stand one below the other */
	if (s->failure || !s->open) {
		finish(s, f);
		keep(&s->title, text);
		keep(&s->file, str_split(text, " > ", &before, &after) ? before : text);
	}
	findings_framework(f, "vitest");
	findings_test_failed(f, text);
	s->open = true;
	s->first = s->last = line->number;
	return true;
}

static void first_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str type, message;

	s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE + 1, s->first);
	s->failure->language = "node";
	s->failure->tool = "vitest";
	s->failure->test = findings_text(s->failure, kept_str(&s->title));
	if (!node_error(line->text, true, &type, &message)) {
		type = STR_NONE;
		message = str_trim(line->text);
	}
	node_set_error(s->failure, type, message, line->number);
	s->last = line->number;
}

/* " ❯ mean cart.js:2:23", " ❯ cart.test.js:5:39" */
static bool frame_line(struct state *s, struct str text)
{
	struct str function = STR_NONE, rest;
	struct place place;

	if (!str_skip(&text, arrow))
		return false;
	text = str_trim(text);
	if (str_split_last(text, " ", &function, &rest))
		text = rest;
	if (place_take(&text, &place) && place.column)
		trace_frame(s->failure, &place, function);
	return true;
}

static unsigned long count_of(struct str part, const char *name)
{
	unsigned long n;

	part = str_trim(part);
	return str_take_number(&part, &n) && str_is(part, name) ? n : 0;
}

/* "      Tests  4 failed | 1 passed | 1 skipped | 1 todo (7)" */
static bool counts_line(struct str text, struct findings *f)
{
	unsigned long failed = 0, passed = 0, skipped = 0;
	struct str part, total;

	text = str_trim(text);
	if (!str_skip(&text, "Tests  ") || !str_split_last(text, " (", &text, &total))
		return false;
	while (str_next(&text, '|', &part)) {
		failed += count_of(part, " failed");
		passed += count_of(part, " passed");
		skipped += count_of(part, " skipped") + count_of(part, " todo");
	}
	findings_framework(f, "vitest");
	findings_counts(f, failed + passed, passed, failed, skipped);
	return true;
}

/* A FAIL line or the counts: of this run, or of another package's that prints among it. */
static void relabel(struct state *s, struct str text, struct findings *f)
{
	static const char *const words[] = { " FAIL  ", " Tests  " };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct str label = node_label(text, words[i]);

		if (!str_has(text, words[i]) || str_equal(label, kept_str(&s->label)))
			continue;
		finish(s, f);
		keep(&s->label, label);
	}
}

static enum wakefulness line(void *state, const struct line *whole, struct findings *f)
{
	struct state *s = state;
	struct line body = *whole, *line = &body;
	struct str text;

	body.text = line_labelled(whole);
	relabel(s, body.text, f);
	if (!node_unlabel(&body.text, &s->label)) {
		if (s->open && line->number - s->first < BLOCK_LINES_MAX)
			return AWAKE;
		finish(s, f);
		return ASLEEP;
	}
	text = body.text;
	if (counts_line(text, f) || line->mark == MARK_GROUP) {
		finish(s, f);
		return ASLEEP;
	}
	if (fail_line(s, line, f))
		return AWAKE;
	if (!s->open)
		return ASLEEP;
	if (str_starts(text, rule) || line->number - s->first > BLOCK_LINES_MAX) {
		finish(s, f);
		return ASLEEP;
	}
	if (!s->failure && str_trim(text).size)
		first_line(s, line, f);
	else if (s->failure && frame_line(s, text))
		s->last = line->number;
	return AWAKE;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { " FAIL  ", " Tests  ", NULL };

static const struct reading examples[] = {
	{
		.name = "an error in the tested code",
		.log = "⎯⎯⎯⎯⎯⎯⎯ Failed Tests 4 ⎯⎯⎯⎯⎯⎯⎯\n\n"
			" FAIL  cart.test.js > cart > mean > of nothing\n"
			"TypeError: Cannot read properties of undefined (reading 'value')\n"
			" ❯ mean cart.js:2:23\n      1| export function mean(prices) {\n"
			"      2|   return prices.total.value / prices.length;\n"
			"       |                       ^\n      3| }\n      4|\n"
			" ❯ cart.test.js:5:39\n\n⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/4]⎯\n\n"
			" Test Files  1 failed (1)\n"
			"      Tests  4 failed | 1 passed | 1 skipped | 1 todo (7)\n"
			"   Start at  10:46:52\n"
			"   Duration  598ms (transform 53ms, setup 0ms, import 86ms, tests 87ms, en"
			"vironment 1ms)\n\n",
		.files = (const char *const[]){ "vitest/cart.js", "vitest/cart.test.js", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "vitest",
			    .type = "TypeError",
			    .message = "Cannot read properties of undefined (reading 'value')",
			    .file = "vitest/cart.js", .function = "mean",
			    .test = "cart.test.js > cart > mean > of nothing", .line = 2,
			    .error_line = 4 },
		.run = 5, .failed = 4,
	},
	{
		.name = "a package of a workspace",
		.log =
			"@shop/core:vitest:  FAIL  vt/a.spec.mjs > core cart > counts\n"
			"@shop/core:vitest: AssertionError: expected 2 to be 3 // Object.is equality\n"
			"@shop/core:vitest: \n"
			"@shop/ui:vitest: \n"
			"@shop/core:vitest:  ❯ vt/a.spec.mjs:2:62\n"
			"@shop/core:vitest: \n"
			"@shop/ui:vitest:       Tests  2 passed (2)\n"
			"@shop/core:vitest:       Tests  1 failed | 1 passed | 1 skipped (3)\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "vitest", .line = 2,
			    .test = "vt/a.spec.mjs > core cart > counts",
			    .message = "expected 2 to be 3 // Object.is equality", .error_line = 2 },
		.run = 4, .failed = 1,
	},
	{
		.name = "another value",
		.log = " FAIL  cart.test.js > cart > mean > of two\n"
			"AssertionError: expected [ 1, 2 ] to deeply equal [ 1, 3 ]\n\n- Expected\n"
			"+ Received\n\n  [\n    1,\n-   3,\n+   2,\n  ]\n\n ❯ cart.test.js:6:43\n"
			"      4|   describe('mean', () => {\n"
			"      5|     test('of nothing', () => { expect(mean([])).toBe(0); });\n"
			"      6|     test('of two', () => { expect([1, 2]).toEqual([1, 3]); });\n"
			"       |                                           ^\n      7|   });\n"
			"      8|   test('ok', () => {});\n\n⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[2/4]⎯\n\n"
			" Test Files  1 failed (1)\n"
			"      Tests  4 failed | 1 passed | 1 skipped | 1 todo (7)\n"
			"   Start at  10:46:52\n"
			"   Duration  598ms (transform 53ms, setup 0ms, import 86ms, tests 87ms, en"
			"vironment 1ms)\n\n",
		.expect = { .kind = KIND_ASSERTION, .language = "node", .tool = "vitest",
			    .type = "AssertionError",
			    .message = "expected [ 1, 2 ] to deeply equal [ 1, 3 ]",
			    .file = "cart.test.js", .test = "cart.test.js > cart > mean > of two",
			    .line = 6, .error_line = 2 },
		.run = 5, .failed = 4,
	},
	{
		.name = "a test that takes too long",
		.log = " FAIL  cart.test.js > cart > slow\nError: Test timed out in 50ms.\n"
			"If this is a long-running test, pass a timeout value as the last argument "
			"or configure it globally with \"testTimeout\".\n ❯ cart.test.js:11:3\n"
			"      9|   test.skip('skip', () => {});\n     10|   test.todo('todo');\n"
			"     11|   test('slow', async () => { await new Promise(() => {}); }, 50);"
			"\n       |   ^\n"
			"     12|   test('own', () => { throw new RangeError('out of\\nrange'); });"
			"\n     13| });\n\n⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[3/4]⎯\n\n"
			" Test Files  1 failed (1)\n"
			"      Tests  4 failed | 1 passed | 1 skipped | 1 todo (7)\n"
			"   Start at  10:46:52\n"
			"   Duration  598ms (transform 53ms, setup 0ms, import 86ms, tests 87ms, en"
			"vironment 1ms)\n\n",
		.expect = { .kind = KIND_TIMEOUT, .language = "node", .tool = "vitest",
			    .type = "Error", .message = "Test timed out in 50ms.",
			    .file = "cart.test.js", .test = "cart.test.js > cart > slow",
			    .line = 11, .error_line = 2 },
		.run = 5, .failed = 4,
	},
	{
		.name = "a message of two lines",
		.log = " FAIL  cart.test.js > cart > own\nRangeError: out of\nrange\n"
			" ❯ cart.test.js:12:29\n     10|   test.todo('todo');\n"
			"     11|   test('slow', async () => { await new Promise(() => {}); }, 50);"
			"\n"
			"     12|   test('own', () => { throw new RangeError('out of\\nrange'); });"
			"\n       |                             ^\n     13| });\n     14|\n\n"
			"⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[4/4]⎯\n\n\n Test Files  1 failed (1)\n"
			"      Tests  4 failed | 1 passed | 1 skipped | 1 todo (7)\n"
			"   Start at  10:46:52\n"
			"   Duration  598ms (transform 53ms, setup 0ms, import 86ms, tests 87ms, en"
			"vironment 1ms)\n\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "vitest",
			    .type = "RangeError", .message = "out of", .file = "cart.test.js",
			    .test = "cart.test.js > cart > own", .line = 12, .error_line = 2 },
		.run = 5, .failed = 4,
	},
	{
		.name = "a missing package",
		.log = "\n"
			" RUN  v4.1.12 /home/runner/work/shop/shop/vitest\n\n"
			" ❯ broken.test.js (0 test)\n\n⎯⎯⎯⎯⎯⎯ Failed Suites 1 ⎯⎯⎯⎯⎯⎯⎯\n\n"
			" FAIL  broken.test.js [ broken.test.js ]\n"
			"Error: Cannot find package 'nosuchpackage' imported from /home/runner/work"
			"/shop/shop/vitest/broken.test.js\n ❯ broken.test.js:1:1\n"
			"      1| import x from 'nosuchpackage';\n       | ^\n"
			"      2| import { test } from 'vitest';\n      3| test('x', () => {});\n\n"
			"⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/1]⎯\n\n\n Test Files  1 failed (1)\n"
			"      Tests  no tests\n   Start at  10:46:54\n"
			"   Duration  451ms (transform 47ms, setup 0ms, import 0ms, tests 0ms, envi"
			"ronment 0ms)\n\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "vitest",
			    .type = "Error", .file = "broken.test.js", .test = "broken.test.js",
			    .line = 1, .error_line = 9 },
	},
	{
		.name = "all is well",
		.log = "\n"
			" RUN  v4.1.12 /home/runner/work/shop/shop/vitest\n\n"
			" ✓ good.test.js (1 test) 4ms\n\n Test Files  1 passed (1)\n"
			"      Tests  1 passed (1)\n   Start at  10:46:56\n"
			"   Duration  458ms (transform 20ms, setup 0ms, import 36ms, tests 4ms, env"
			"ironment 0ms)\n\n",
		.nothing = true,
		.run = 1, .failed = 0,
	},
	{0}
};

const struct reader reader_vitest = {
	.name = "vitest",
	.language = "node",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

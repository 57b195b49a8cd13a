/*
 * Jest's report: "● suite › test" blocks below a FAIL line, suites that do not run, the counts.
 * The summary repeats the blocks of long runs; equal failures are one. Console output, which has
 * the same bullet, is not a failure. Does not read vitest, which prints another report.
 */
#include "ci/node.h"

enum stage { STAGE_NONE, STAGE_BLOCK, STAGE_DETAILS, STAGE_CAUSE };
enum { BLOCK_INDENT = 4 };

struct state {
	enum stage stage;
	bool failing;			/* below FAIL, not PASS */
	struct kept label;		/* before every line of this run */
	struct kept suite;		/* the file of the FAIL line */
	struct kept title;
	struct failure *failure;
	unsigned long first, last, first_frame;
};

static const char bullet[] = "\xe2\x97\x8f ";
static const char suite_failed[] = "Test suite failed to run";

static const char *const not_failures[] = {
	"Console", "Validation Warning", "Validation Error", "Deprecation Warning",
	" process.exit called with ", "process.exit called with ", " Cannot log after tests are done",
	"Cannot log after tests are done", "Multiple configurations found",
};

static bool is_failure(struct str title)
{
	for (size_t i = 0; i < sizeof(not_failures) / sizeof(not_failures[0]); i++)
		if (str_starts(title, not_failures[i]))
			return false;
	return title.size > 0;
}

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		if (s->first_frame)
			findings_block(f, "node", s->failure->error_line, s->last);
	}
	s->failure = NULL;
	s->stage = STAGE_NONE;
}

/* "FAIL packages/a/x.test.ts (5.1 s)", with the project's name before the path perhaps. */
static bool suite_line(struct state *s, struct str text, struct findings *f)
{
	struct str before, after;
	bool failing;

	/* with colours it is " FAIL  x.test.js"; vitest's has " > " or " [ " behind the path */
	str_skip(&text, " ");
	failing = str_skip(&text, "FAIL ");
	if ((!failing && !str_skip(&text, "PASS ")) || str_has(text, " > ") || str_has(text, " [ "))
		return false;
	finish(s, f);
	s->failing = failing;
	text = str_trim(text);
	if (str_ends(text, ")") && str_split_last(text, " (", &before, &after))
		text = before;
	if (str_split_last(text, " ", &before, &after))
		text = after;
	keep(&s->suite, text);
	return true;
}

static void open_block(struct state *s, struct str title, const struct line *line,
		       struct findings *f)
{
	struct kept name = { .size = 0 };

	finish(s, f);
	if (str_is(title, suite_failed) && s->suite.size) {
		name = s->suite;
		if (name.size + sizeof(suite_failed) + 8 < sizeof(name.at)) {
			memcpy(name.at + name.size, " \xe2\x80\xba ", 5);
			memcpy(name.at + name.size + 5, suite_failed, sizeof(suite_failed) - 1);
			name.size = (unsigned short)(name.size + 5 + sizeof(suite_failed) - 1);
		}
	} else {
		keep(&name, title);
	}
	s->title = name;
	s->stage = STAGE_BLOCK;
	s->first = s->last = line->number;
	s->first_frame = 0;
	findings_framework(f, "jest");
	findings_test_failed(f, title);
}

/* The first line that is not blank says what went wrong. */
static void first_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), type, message;

	s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE + 1, s->first);
	s->failure->language = "node";
	s->failure->tool = "jest";
	s->failure->test = findings_text(s->failure, kept_str(&s->title));
	if (str_skip(&text, "thrown: "))
		str_skip(&text, "\"");
	if (!node_error(text, false, &type, &message)) {
		type = STR_NONE;
		message = text;
	}
	node_set_error(s->failure, type, message, line->number);
	if (str_starts(message, "expect(") || str_has(message, "Snapshot"))
		s->failure->kind = KIND_ASSERTION;
	if (str_starts(message, "Jest encountered an unexpected token"))
		s->stage = STAGE_DETAILS;
}

/* "SyntaxError: /x/a.test.js: Unexpected token (2:8)": the error behind a suite that does not parse. */
static void details_line(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text), type, message, file, rest, place;
	struct failure *failure = s->failure;

	if (!node_error(text, false, &type, &message) || !str_is(type, "SyntaxError"))
		return;
	s->stage = STAGE_BLOCK;
	node_set_error(failure, type, message, line->number);
	failure->kind = KIND_COMPILE;
	if (!str_split(message, ": ", &file, &rest) || !str_split_last(rest, " (", &message, &place))
		return;
	failure->file = findings_text(failure, file);
	failure->message = findings_text(failure, message);
	text = place;
	if (str_split(text, ":", &file, &rest)) {
		unsigned long number, column;

		str_chop(&rest, ")");
		if (str_number(file, &number) && str_number(rest, &column) && number < 0x7fffffff &&
		    column < 0x7fffffff) {
			failure->line = (unsigned)number;
			failure->column = (unsigned)column + 1;	/* babel's start at 0 */
		}
	}
}

/* ts-jest: "src/x.ts:3:5 - error TS2322: Type ..." */
static void compiler_line(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text), code, message;
	struct place place;

	if (s->failure->kind == KIND_COMPILE || !place_take(&text, &place) ||
	    !str_skip(&text, " - error ") || !str_split(text, ": ", &code, &message))
		return;
	place_set(s->failure, &place);
	s->failure->kind = KIND_COMPILE;
	s->failure->type = findings_text(s->failure, code);
	s->failure->message = findings_text(s->failure, message);
	s->failure->error_line = s->last = line->number;
}

static void block_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);

	if (!text.size || s->stage == STAGE_CAUSE)
		return;
	if (!s->failure) {
		first_line(s, line, f);
		s->last = line->number;
		if (str_has(text, " - error TS"))
			compiler_line(s, line);
		return;
	}
	if (node_add_frame(s->failure, text)) {
		s->last = line->number;
		if (!s->first_frame)
			s->first_frame = line->number;
	} else if (s->stage == STAGE_DETAILS) {
		details_line(s, line);
	} else if (str_is(text, "Cause:")) {
		s->stage = s->failure->kind == KIND_TIMEOUT ? STAGE_BLOCK : STAGE_CAUSE;
	} else if (str_has(text, " - error TS")) {
		compiler_line(s, line);
	}
}

/* "Tests:       6 failed, 1 skipped, 1 todo, 2 passed, 10 total" */
static bool counts_line(struct str text, struct findings *f)
{
	unsigned long n, failed = 0, passed = 0, skipped = 0;
	bool total = false;
	struct str part;

	if (!str_skip(&text, "Tests:  "))
		return false;
	text = str_trim(text);
	while (str_next(&text, ',', &part)) {
		part = str_trim(part);
		if (!str_take_number(&part, &n))
			return false;
		if (str_is(part, " failed"))
			failed = n;
		else if (str_is(part, " passed"))
			passed = n;
		else if (str_is(part, " skipped") || str_is(part, " todo"))
			skipped += n;
		else if (str_is(part, " total"))
			total = true;
	}
	if (!total)
		return false;
	findings_framework(f, "jest");
	findings_counts(f, failed + passed, passed, failed, skipped);
	return true;
}

/* A line that begins or ends something: of this run, or of another package's that prints among it. */
static void relabel(struct state *s, struct str text, struct findings *f)
{
	static const char *const words[] = { "FAIL ", "PASS ", "Tests:  ", "Test Suites: " };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct str label = node_label(text, words[i]);

		if (!str_has(text, words[i]) || str_equal(label, kept_str(&s->label)) ||
		    (s->failing && !label.size))
			continue;
		finish(s, f);
		s->failing = false;
		keep(&s->label, label);
		return;
	}
}

static enum wakefulness line(void *state, const struct line *whole, struct findings *f)
{
	struct state *s = state;
	struct line cut = *whole, *line = &cut;
	struct str text, title;
	size_t indent;

	cut.text = line_labelled(whole);
	relabel(s, cut.text, f);
	if (!node_unlabel(&cut.text, &s->label)) {
		if (s->failing && line->number - s->first < BLOCK_LINES_MAX)
			return AWAKE;
		finish(s, f);
		s->failing = false;
		return ASLEEP;
	}
	text = cut.text;
	indent = str_indent(text);
	if (counts_line(text, f) || str_starts(text, "Test Suites: ") || line->mark == MARK_GROUP) {
		finish(s, f);
		s->failing = false;
		return ASLEEP;
	}
	if (suite_line(s, text, f)) {
		s->first = line->number;
		return s->failing ? AWAKE : ASLEEP;
	}
	title = str_trim(text);
	if (indent <= 2 && str_skip(&title, bullet)) {
		if (s->failing && is_failure(title))
			open_block(s, title, line, f);
		else
			finish(s, f);
	} else if (s->stage != STAGE_NONE && title.size && indent < BLOCK_INDENT && !s->failure) {
		finish(s, f);
	} else if (s->stage != STAGE_NONE && line->number - s->first < BLOCK_LINES_MAX) {
		block_line(s, line, f);
	} else {
		finish(s, f);
	}
	return s->failing ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "FAIL ", "Tests:  ", "Test Suites: ", NULL };

static const struct reading examples[] = {
	{
		.name = "an error in the tested code",
		.log = "FAIL jest/cart.test.js\n  ● cart › mean › of nothing\n\n"
			"    TypeError: Cannot read properties of undefined (reading 'value')\n\n"
			"      1 | function mean(prices) {\n"
			"    > 2 |   return prices.total.value / prices.length;\n"
			"        |                       ^\n      3 | }\n"
			"      4 | function later() {\n      5 |   return new Promise(() => {});\n"
			"\n      at value (cart.js:2:23)\n"
			"      at Object.mean (cart.test.js:6:14)\n\n"
			"Test Suites: 1 failed, 1 total\n"
			"Tests:       6 failed, 1 skipped, 1 todo, 2 passed, 10 total\n"
			"Snapshots:   0 total\nTime:        1.354 s\n"
			"Ran all test suites matching cart.test.js.\n",
		.files = (const char *const[]){ "jest/cart.js", "jest/cart.test.js", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "jest",
			    .type = "TypeError",
			    .message = "Cannot read properties of undefined (reading 'value')",
			    .file = "jest/cart.js", .function = "value",
			    .test = "cart › mean › of nothing", .line = 2, .error_line = 4 },
		.run = 8, .failed = 6,
	},
	{
		.name = "another value",
		.log = "FAIL jest/cart.test.js\n  ● cart › mean › of two\n\n"
			"    expect(received).toEqual(expected) // deep equality\n\n"
			"    - Expected  - 1\n    + Received  + 1\n\n      Array [\n        1,\n"
			"    -   3,\n    +   2,\n        Object {\n          \"a\": 1,\n"
			"        },\n      ]\n\n       7 |     });\n"
			"       8 |     test('of two', () => {\n"
			"    >  9 |       expect([1, 2, { a: 1 }]).toEqual([1, 3, { a: 1 }]);\n"
			"         |                                ^\n      10 |     });\n"
			"      11 |   });\n      12 |   test('is ready', () => {\n\n"
			"      at Object.toEqual (cart.test.js:9:32)\n\n"
			"Test Suites: 1 failed, 1 total\n"
			"Tests:       6 failed, 1 skipped, 1 todo, 2 passed, 10 total\n"
			"Snapshots:   0 total\nTime:        1.354 s\n"
			"Ran all test suites matching cart.test.js.\n",
		.expect = { .kind = KIND_ASSERTION, .language = "node", .tool = "jest",
			    .message = "expect(received).toEqual(expected) // deep equality",
			    .test = "cart › mean › of two", .line = 9, .error_line = 4 },
		.run = 8, .failed = 6,
	},
	{
		.name = "a test that takes too long",
		.log = "FAIL jest/cart.test.js\n  ● cart › comes in time\n\n"
			"    thrown: \"Exceeded timeout of 50 ms for a test.\n"
			"    Add a timeout value to this test to increase the timeout, if this is a"
			" long-running test. See https://jestjs.io/docs/api#testname-fn-timeout.\""
			"\n\n"
			"      at _getError (../node_modules/jest-circus/build/jestAdapterInit.js:1"
			"985:12)\n          at Array.map (<anonymous>)\n\n    Cause:\n"
			"        thrown: \"Exceeded timeout of 50 ms for a test.\n"
			"        Add a timeout value to this test to increase the timeout, if this "
			"is a long-running test. See https://jestjs.io/docs/api#testname-fn-timeout"
			".\"\n\n"
			"          15 |   test.skip('later', () => {});\n"
			"          16 |   test.todo('write me');\n"
			"        > 17 |   test('comes in time', async () => {\n             |   ^\n"
			"          18 |     await later();\n          19 |   }, 50);\n"
			"          20 |   test('throws own', () => {\n\n"
			"          at test (cart.test.js:17:3)\n"
			"          at Object.describe (cart.test.js:3:1)\n\n  ● cart › throws own\n"
			"\n    RangeError: out of\n    range\n\n      19 |   }, 50);\n"
			"      20 |   test('throws own', () => {\n"
			"    > 21 |     throw new RangeError('out of\\nrange');\n"
			"         |           ^\n      22 |   });\n"
			"      23 |   test.each([[1, 1], [2, 5]])('square of %i is %i', (n, want) ="
			"> {\n      24 |     expect(n * n).toBe(want);\n\n"
			"      at Object.<anonymous> (cart.test.js:21:11)\n\n"
			"Test Suites: 1 failed, 1 total\n"
			"Tests:       6 failed, 1 skipped, 1 todo, 2 passed, 10 total\n"
			"Snapshots:   0 total\nTime:        1.354 s\n"
			"Ran all test suites matching cart.test.js.\n",
		.expect = { .kind = KIND_TIMEOUT, .language = "node", .tool = "jest",
			    .message = "Exceeded timeout of 50 ms for a test.",
			    .test = "cart › comes in time", .line = 17, .error_line = 4 },
		.run = 8, .failed = 6,
	},
	{
		.name = "a message of two lines",
		.log = "FAIL jest/cart.test.js\n  ● cart › throws own\n\n    RangeError: out of\n"
			"    range\n\n      19 |   }, 50);\n"
			"      20 |   test('throws own', () => {\n"
			"    > 21 |     throw new RangeError('out of\\nrange');\n"
			"         |           ^\n      22 |   });\n"
			"      23 |   test.each([[1, 1], [2, 5]])('square of %i is %i', (n, want) ="
			"> {\n      24 |     expect(n * n).toBe(want);\n\n"
			"      at Object.<anonymous> (cart.test.js:21:11)\n\n"
			"Test Suites: 1 failed, 1 total\n"
			"Tests:       6 failed, 1 skipped, 1 todo, 2 passed, 10 total\n"
			"Snapshots:   0 total\nTime:        1.354 s\n"
			"Ran all test suites matching cart.test.js.\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "jest",
			    .type = "RangeError", .message = "out of",
			    .test = "cart › throws own", .line = 21, .error_line = 4 },
		.run = 8, .failed = 6,
	},
	{
		.name = "a missing package",
		.log = "FAIL jest/broken.test.js\n  ● Test suite failed to run\n\n"
			"    Cannot find module 'nosuchpackage' from 'broken.test.js'\n\n"
			"    > 1 | const x = require('nosuchpackage');\n        |           ^\n"
			"      2 | test('x', () => {});\n      3 |\n\n"
			"      at Resolver._throwModNotFoundError (../node_modules/jest-resolve/bui"
			"ld/index.js:1031:11)\n"
			"      at Object.require (broken.test.js:1:11)\n\n"
			"Test Suites: 3 failed, 3 total\nTests:       0 total\n"
			"Snapshots:   0 total\nTime:        1.628 s\n"
			"Ran all test suites matching broken|syntax|empty.\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "jest",
			    .message = "Cannot find module 'nosuchpackage' from 'broken.test.js'",
			    .file = "broken.test.js", .line = 1, .error_line = 4 },
	},
	{
		.name = "a test file that does not parse",
		.log = "FAIL jest/syntax.test.js\n  ● Test suite failed to run\n\n"
			"    Jest encountered an unexpected token\n\n"
			"    For information about custom transformations, see:\n"
			"    https://jestjs.io/docs/code-transformation\n\n    Details:\n\n"
			"    SyntaxError: /home/runner/work/shop/shop/jest/syntax.test.js: Unexpect"
			"ed token (2:8)\n\n      1 | test('x', () => {\n    > 2 |   const = 1;\n"
			"        |         ^\n      3 | });\n      4 |\n\n"
			"      at constructor (../node_modules/@babel/parser/src/parse-error.ts:96:"
			"45)\n\nTest Suites: 3 failed, 3 total\nTests:       0 total\n"
			"Snapshots:   0 total\nTime:        1.628 s\n"
			"Ran all test suites matching broken|syntax|empty.\n",
		.files = (const char *const[]){ "jest/syntax.test.js", NULL },
		.expect = { .kind = KIND_COMPILE, .language = "node", .tool = "jest",
			    .type = "SyntaxError", .message = "Unexpected token",
			    .file = "jest/syntax.test.js", .line = 2, .error_line = 11 },
	},
	{
		.name = "a snapshot",
		.log = "FAIL jest/snap.test.js\n  ✕ snap (16 ms)\n\n  ● snap\n\n"
			"    expect(received).toMatchSnapshot()\n\n    Snapshot name: `snap 1`\n\n"
			"    - Snapshot  - 1\n    + Received  + 1\n\n      {\n    -   \"a\": 1,\n"
			"    +   \"a\": 2,\n      }\n\n"
			"    > 1 | test('snap', () => { expect({ a: 2 }).toMatchSnapshot(); });\n"
			"        |                                       ^\n      2 |\n\n"
			"      at Object.toMatchSnapshot (snap.test.js:1:39)\n\n"
			" › 1 snapshot failed.\nSnapshot Summary\n"
			" › 1 snapshot failed from 1 test suite. Inspect your code changes or run `"
			"npm run npx -- -u` to update them.\n\nTest Suites: 1 failed, 1 total\n"
			"Tests:       1 failed, 1 total\nSnapshots:   1 failed, 1 total\n"
			"Time:        0.911 s\nRan all test suites matching snap.\n",
		.expect = { .kind = KIND_ASSERTION, .language = "node", .tool = "jest",
			    .message = "expect(received).toMatchSnapshot()", .test = "snap",
			    .line = 1, .error_line = 6 },
		.run = 1, .failed = 1,
	},
	{
		.name = "all is well",
		.log = "PASS jest/good.test.js\n  ✓ x (2 ms)\n\nTest Suites: 1 passed, 1 total\n"
			"Tests:       1 passed, 1 total\nSnapshots:   0 total\n"
			"Time:        0.835 s\nRan all test suites matching good.\n",
		.nothing = true,
		.run = 1, .failed = 0,
	},
	{0}
};

const struct reader reader_jest = {
	.name = "jest",
	.language = "node",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

/*
 * Node's own test runner, as TAP ("not ok" with its YAML) and as the spec reporter prints it (the
 * section below "failing tests:"), and the counts of both. Suites that fail because a test in them
 * failed are not failures of their own.
 */
#include "ci/node.h"

enum stage { STAGE_NONE, STAGE_NOT_OK, STAGE_YAML, STAGE_STACK, STAGE_ERROR_TEXT, STAGE_SPEC,
	     STAGE_SPEC_TEST, STAGE_SPEC_ERROR };
enum { SPEC_LINES_MAX = 100000 };

struct state {
	enum stage stage;
	struct kept name, type, message, place;
	bool suite, told;
	unsigned long first, last, error_line, since;
	unsigned long tests, passed, failed, skipped;
	bool counting, tap;
	struct failure *failure;
};

/* "/x/a.test.js:4:1" as the failure's place if no frame says better. */
static void use_place(struct state *s)
{
	struct str text = kept_str(&s->place);
	struct place place;

	str_skip(&text, "file://");
	if (!s->failure->frame_count && place_take(&text, &place))
		place_set(s->failure, &place);
}

static void make_failure(struct state *s, struct findings *f)
{
	if (s->failure)
		return;
	s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE + 1, s->first);
	s->failure->language = "node";
	s->failure->tool = "node:test";
	s->failure->test = findings_text(s->failure, kept_str(&s->name));
	findings_framework(f, "node:test");
	findings_test_failed(f, kept_str(&s->name));
}

static void finish(struct state *s, struct findings *f)
{
	struct str message = kept_str(&s->message);

	if (s->name.size && !s->suite) {
		make_failure(s, f);
		trace_turn(s->failure);
		node_set_error(s->failure, kept_str(&s->type), message,
			       s->error_line ? s->error_line : s->first);
		s->failure->last_line = s->last;
		/* "test failed": of a whole file, which has said elsewhere why */
		if (!s->type.size && str_is(message, "test failed"))
			s->failure->weight = WEIGHT_SUMMARY;
		use_place(s);
		if (s->failure->frame_count)
			findings_block(f, "node", s->failure->error_line, s->last);
	}
	s->failure = NULL;
	s->name.size = s->type.size = s->message.size = s->place.size = 0;
	s->suite = s->told = false;
	s->error_line = 0;
}

static struct str unquoted(struct str text)
{
	text = str_trim(text);
	if (text.size > 1 && (text.at[0] == '"' || text.at[0] == '\'') &&
	    text.at[text.size - 1] == text.at[0])
		text = str_slice(text, 1, text.size - 2);
	return text;
}

/* "    not ok 2 - mean of nothing # time=1ms" */
static bool not_ok_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), before, after;
	unsigned long n;

	if (!str_skip(&text, "not ok ") || !str_take_number(&text, &n) || !str_skip(&text, " - "))
		return false;		/* bats prints no dash */
	finish(s, f);
	if (str_split(text, " # ", &before, &after)) {
		after = str_slice(after, 0, 4);
		if (str_equal_nocase(after, STR("todo")) || str_equal_nocase(after, STR("skip")))
			return true;
		text = before;
	}
	keep(&s->name, str_trim(text));
	s->first = s->last = line->number;
	s->stage = STAGE_NOT_OK;
	return true;
}

static void set_message(struct state *s, struct str message, unsigned long number)
{
	keep(&s->message, message);
	s->error_line = number;
}

static void yaml_line(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);

	s->stage = STAGE_YAML;
	if (str_skip(&text, "location: ")) {
		keep(&s->place, unquoted(text));
	} else if (str_skip(&text, "failureType: ")) {
		s->suite = str_is(unquoted(text), "subtestsFailed");
	} else if (str_skip(&text, "error: ")) {
		if (str_starts(text, "|"))
			s->stage = STAGE_ERROR_TEXT;
		else
			set_message(s, unquoted(text), line->number);
	} else if (str_skip(&text, "name: ")) {
		keep(&s->type, unquoted(text));
	} else if (str_starts(text, "stack: |")) {
		s->stage = STAGE_STACK;
	}
}

/* A line of "stack: |-": a frame without its "at". False: the list is over. */
static bool stack_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), function = STR_NONE, inside;
	struct place place;

	if (s->suite)
		return false;
	if (str_ends(text, ")") && str_split(text, " (", &function, &inside)) {
		text = inside;
		str_skip(&function, "async ");
		str_skip(&function, "new ");
	}
	text = node_path(text);
	if (!place_take(&text, &place) || !place.column)
		return str_is(text, "<anonymous>)") || str_starts(text, "node:");
	make_failure(s, f);
	trace_frame(s->failure, &place, function);
	return true;
}

static void tap_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);

	s->last = line->number;
	if (s->stage == STAGE_NOT_OK) {
		if (str_is(text, "---"))
			s->stage = STAGE_YAML;
		else
			s->stage = STAGE_NONE;
	} else if (str_is(text, "...")) {
		s->stage = STAGE_NONE;
	} else if (s->stage == STAGE_ERROR_TEXT) {
		if (text.size)
			set_message(s, text, line->number);
		if (text.size)
			s->stage = STAGE_YAML;
	} else if (s->stage != STAGE_STACK || !stack_line(s, line, f)) {
		yaml_line(s, line);
	}
	if (s->stage == STAGE_NONE || line->number - s->first > BLOCK_LINES_MAX) {
		s->stage = STAGE_NONE;
		finish(s, f);
	}
}

/* "✖ mean of nothing (0.50ms)" */
static bool cross_line(struct str text, struct str *name)
{
	struct str before, after;

	if (!str_skip(&text, "\xe2\x9c\x96 "))
		return false;
	if (str_ends(text, "ms)") && str_split_last(text, " (", &before, &after))
		text = before;
	*name = text;
	return text.size > 0;
}

static void spec_error(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), type, message;

	if (!text.size)
		return;
	if (!s->told) {
		s->told = true;
		if (!node_error(text, true, &type, &message)) {
			type = STR_NONE;
			message = unquoted(text);
		}
		keep(&s->type, type);
		set_message(s, message, line->number);
		s->last = line->number;
		return;
	}
	make_failure(s, f);
	if (node_add_frame(s->failure, text))
		s->last = line->number;
}

/*
 * The section below "✖ failing tests:": "test at FILE:L:C" (which Node 18 leaves out), the name, the
 * error.
 */
static void spec_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, name;

	if (str_skip(&text, "test at ")) {
		finish(s, f);
		keep(&s->place, text);
		s->stage = STAGE_SPEC_TEST;
		s->first = s->last = line->number;
	} else if (cross_line(text, &name)) {
		if (s->stage != STAGE_SPEC_TEST) {
			finish(s, f);
			s->first = s->last = line->number;
		}
		keep(&s->name, name);
		s->stage = STAGE_SPEC_ERROR;
	} else if (s->stage == STAGE_SPEC_ERROR && (str_indent(text) || !str_trim(text).size)) {
		spec_error(s, line, f);
	} else if (str_trim(text).size || line->number - s->since > SPEC_LINES_MAX) {
		finish(s, f);
		s->stage = STAGE_NONE;
	}
}

static const struct {
	const char *name;
	size_t offset;
} counters[] = {
	{ "tests ", offsetof(struct state, tests) },	 { "pass ", offsetof(struct state, passed) },
	{ "fail ", offsetof(struct state, failed) },	 { "cancelled ", offsetof(struct state, failed) },
	{ "skipped ", offsetof(struct state, skipped) }, { "todo ", offsetof(struct state, skipped) },
};

/* "# tests 8" or "ℹ tests 8" and the lines after it, until the duration. */
static bool count_line(struct state *s, struct str text, struct findings *f)
{
	unsigned long n;

	if (!str_skip(&text, "\xe2\x84\xb9 ") && !str_skip(&text, "# "))
		return false;
	if (str_starts(text, "duration_ms ") && s->counting) {
		findings_framework(f, "node:test");
		findings_counts(f, s->passed + s->failed, s->passed, s->failed, s->skipped);
		s->counting = false;
		return true;
	}
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		struct str rest = text;

		if (!str_skip(&rest, counters[i].name) || !str_number(str_trim(rest), &n))
			continue;
		if (i == 0) {
			s->counting = true;
			s->tests = s->passed = s->failed = s->skipped = 0;
		}
		*(unsigned long *)((char *)s + counters[i].offset) += n;
		return true;
	}
	return s->counting && str_starts(text, "suites ");
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (str_is(str_trim_right(line->text), "\xe2\x9c\x96 failing tests:")) {
		finish(s, f);
		s->stage = STAGE_SPEC;
		s->since = line->number;
	} else if (!not_ok_line(s, line, f)) {
		if (s->stage >= STAGE_SPEC)
			spec_line(s, line, f);
		else if (s->stage != STAGE_NONE)
			tap_line(s, line, f);
		if (s->stage == STAGE_NONE && !count_line(s, line->text, f))
			s->counting = false;
	}
	return s->stage != STAGE_NONE || s->counting ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = {
	"not ok ", "\xe2\x9c\x96 failing tests:", "\xe2\x84\xb9 tests ", "# tests ", NULL,
};

static const struct reading examples[] = {
	{
		.name = "spec of Node 18, without the test's place",
		.log = "✖ failing tests:\n\n✖ no cart (1.550887ms)\n"
			"  TypeError [Error]: Cannot read properties of undefined (reading 'items')\n"
			"      at Object.total (/home/runner/work/a/a/cart.js:2:16)\n"
			"      at TestContext.<anonymous> (/home/runner/work/a/a/cart.test.js:6:27)\n"
			"\n✖ second (0.5ms)\n  RangeError: too far\n"
			"      at far (/home/runner/work/a/a/cart.js:9:1)\n",
		.files = (const char *const[]){ "cart.js", "cart.test.js", NULL },
		.expect = { .kind = KIND_EXCEPTION, .tool = "node:test", .type = "TypeError",
			    .file = "cart.js", .line = 2, .test = "no cart", .error_line = 4 },
	},
	{
		.name = "spec, a difference",
		.log = "ℹ tests 8\nℹ suites 2\nℹ pass 1\nℹ fail 4\nℹ cancelled 1\nℹ skipped 1\n"
			"ℹ todo 1\nℹ duration_ms 702.909004\n\n✖ failing tests:\n\n"
			"test at nodetest/cart.test.js:4:1\n✖ top (3.483707ms)\n"
			"  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n"
			"  \n  2 !== 3\n  \n"
			"      at TestContext.<anonymous> (/home/runner/work/shop/shop/nodetest/car"
			"t.test.js:4:28)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n"
			"      at Test.processPendingSubtests (node:internal/test_runner/test:526:1"
			"8)\n"
			"      at node:internal/test_runner/harness:255:12\n"
			"      at node:internal/process/task_queues:140:7\n"
			"      at AsyncResource.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at AsyncResource.runMicrotask (node:internal/process/task_queues:137"
			":8) {\n    generatedMessage: true,\n    code: 'ERR_ASSERTION',\n"
			"    actual: 2,\n    expected: 3,\n    operator: 'strictEqual'\n  }\n\n",
		.expect = { .kind = KIND_ASSERTION, .language = "node", .tool = "node:test",
			    .type = "AssertionError",
			    .message = "Expected values to be strictly equal:", .test = "top",
			    .line = 4, .error_line = 14 },
		.run = 6, .failed = 5,
	},
	{
		.name = "spec, an error in the tested code",
		.log = "ℹ tests 8\nℹ suites 2\nℹ pass 1\nℹ fail 4\nℹ cancelled 1\nℹ skipped 1\n"
			"ℹ todo 1\nℹ duration_ms 702.909004\n\n✖ failing tests:\n\n"
			"test at nodetest/cart.test.js:6:3\n✖ mean of nothing (0.505735ms)\n"
			"  TypeError [Error]: Cannot read properties of undefined (reading 'value')"
			"\n"
			"      at mean (/home/runner/work/shop/shop/jest/cart.js:2:23)\n"
			"      at TestContext.<anonymous> (/home/runner/work/shop/shop/nodetest/car"
			"t.test.js:6:33)\n"
			"      at Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"      at Test.run (node:internal/test_runner/test:796:25)\n"
			"      at Test.start (node:internal/test_runner/test:702:17)\n"
			"      at node:internal/test_runner/test:1133:71\n"
			"      at node:internal/per_context/primordials:482:82\n"
			"      at new Promise (<anonymous>)\n"
			"      at new SafePromise (node:internal/per_context/primordials:450:29)\n"
			"      at node:internal/per_context/primordials:482:9\n\n",
		.files = (const char *const[]){ "jest/cart.js", "nodetest/cart.test.js", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "node:test",
			    .type = "TypeError",
			    .message = "Cannot read properties of undefined (reading 'value')",
			    .file = "jest/cart.js", .function = "mean", .test = "mean of nothing",
			    .line = 2, .error_line = 14 },
		.run = 6, .failed = 5,
	},
	{
		.name = "spec, out of time",
		.log = "ℹ tests 8\nℹ suites 2\nℹ pass 1\nℹ fail 4\nℹ cancelled 1\nℹ skipped 1\n"
			"ℹ todo 1\nℹ duration_ms 702.909004\n\n✖ failing tests:\n\n"
			"test at nodetest/cart.test.js:14:3\n✖ slow (40.417638ms)\n"
			"  'test timed out after 30ms'\n",
		.expect = { .kind = KIND_TIMEOUT, .language = "node", .tool = "node:test",
			    .message = "test timed out after 30ms",
			    .file = "nodetest/cart.test.js", .test = "slow", .line = 14,
			    .error_line = 14 },
		.run = 6, .failed = 5,
	},
	{
		.name = "TAP, a difference",
		.log = "TAP version 13\n# Subtest: top\nnot ok 1 - top\n  ---\n"
			"  duration_ms: 3.81251\n"
			"  location: '/home/runner/work/shop/shop/nodetest/cart.test.js:4:1'\n"
			"  failureType: 'testCodeFailure'\n  error: |-\n"
			"    Expected values to be strictly equal:\n    \n    2 !== 3\n    \n"
			"  code: 'ERR_ASSERTION'\n  name: 'AssertionError'\n  expected: 3\n"
			"  actual: 2\n  operator: 'strictEqual'\n  stack: |-\n"
			"    TestContext.<anonymous> (/home/runner/work/shop/shop/nodetest/cart.tes"
			"t.js:4:28)\n"
			"    Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"    Test.run (node:internal/test_runner/test:796:25)\n"
			"    Test.processPendingSubtests (node:internal/test_runner/test:526:18)\n"
			"    node:internal/test_runner/harness:255:12\n"
			"    node:internal/process/task_queues:140:7\n"
			"    AsyncResource.runInAsyncScope (node:async_hooks:206:9)\n"
			"    AsyncResource.runMicrotask (node:internal/process/task_queues:137:8)\n"
			"  ...\n# tests 8\n# suites 2\n# pass 1\n# fail 4\n# cancelled 1\n"
			"# skipped 1\n# todo 1\n# duration_ms 656.854751\n",
		.expect = { .kind = KIND_ASSERTION, .language = "node", .tool = "node:test",
			    .type = "AssertionError",
			    .message = "Expected values to be strictly equal:", .test = "top",
			    .line = 4, .error_line = 9 },
		.run = 6, .failed = 5,
	},
	{
		.name = "TAP, nested",
		.log = "TAP version 13\n# Subtest: cart\n    # Subtest: mean of nothing\n"
			"    not ok 1 - mean of nothing\n      ---\n      duration_ms: 0.793632\n"
			"      location: '/home/runner/work/shop/shop/nodetest/cart.test.js:6:3'\n"
			"      failureType: 'testCodeFailure'\n"
			"      error: \"Cannot read properties of undefined (reading 'value')\"\n"
			"      code: 'ERR_TEST_FAILURE'\n      name: 'TypeError'\n      stack: |-\n"
			"        mean (/home/runner/work/shop/shop/jest/cart.js:2:23)\n"
			"        TestContext.<anonymous> (/home/runner/work/shop/shop/nodetest/cart"
			".test.js:6:33)\n"
			"        Test.runInAsyncScope (node:async_hooks:206:9)\n"
			"        Test.run (node:internal/test_runner/test:796:25)\n"
			"        Test.start (node:internal/test_runner/test:702:17)\n"
			"        node:internal/test_runner/test:1133:71\n"
			"        node:internal/per_context/primordials:482:82\n"
			"        new Promise (<anonymous>)\n"
			"        new SafePromise (node:internal/per_context/primordials:450:29)\n"
			"        node:internal/per_context/primordials:482:9\n      ...\n"
			"not ok 2 - cart\n  ---\n  duration_ms: 38.031282\n  type: 'suite'\n"
			"  location: '/home/runner/work/shop/shop/nodetest/cart.test.js:5:1'\n"
			"  failureType: 'subtestsFailed'\n  error: '4 subtests failed'\n"
			"  code: 'ERR_TEST_FAILURE'\n  ...\n# tests 8\n# suites 2\n# pass 1\n"
			"# fail 4\n# cancelled 1\n# skipped 1\n# todo 1\n# duration_ms 656.854751\n",
		.files = (const char *const[]){ "jest/cart.js", "nodetest/cart.test.js", NULL },
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "node:test",
			    .type = "TypeError",
			    .message = "Cannot read properties of undefined (reading 'value')",
			    .file = "jest/cart.js", .function = "mean", .test = "mean of nothing",
			    .line = 2, .error_line = 9 },
		.run = 6, .failed = 5,
	},
	{
		.name = "a file that does not load",
		.log = "TAP version 13\n# node:internal/modules/cjs/loader:1210\n#   throw err;\n"
			"#   ^\n# Error: Cannot find module 'nosuchpackage'\n# Require stack:\n"
			"# - /home/runner/work/shop/shop/nodetest/broken.test.js\n"
			"#     at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15"
			")\n"
			"#     at Module._load (node:internal/modules/cjs/loader:1038:27)\n"
			"#     at Module.require (node:internal/modules/cjs/loader:1289:19)\n"
			"#     at require (node:internal/modules/helpers:182:18)\n"
			"#     at Object.<anonymous> (/home/runner/work/shop/shop/nodetest/broken.t"
			"est.js:1:1)\n"
			"#     at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"#     at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)"
			"\n"
			"#     at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
			"#     at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
			"#     at Function.executeUserEntryPoint [as runMain] (node:internal/module"
			"s/run_main:164:12) {\n#   code: 'MODULE_NOT_FOUND',\n"
			"#   requireStack: [ '/home/runner/work/shop/shop/nodetest/broken.test.js' "
			"]\n# }\n# Node.js v20.20.2\n"
			"# Subtest: /home/runner/work/shop/shop/nodetest/broken.test.js\n"
			"not ok 1 - /home/runner/work/shop/shop/nodetest/broken.test.js\n  ---\n"
			"  duration_ms: 114.774756\n"
			"  location: '/home/runner/work/shop/shop/nodetest/broken.test.js:1:1'\n"
			"  failureType: 'testCodeFailure'\n  exitCode: 1\n  signal: ~\n"
			"  error: 'test failed'\n  code: 'ERR_TEST_FAILURE'\n  ...\n1..1\n"
			"# tests 1\n# suites 0\n# pass 0\n# fail 1\n# cancelled 0\n# skipped 0\n"
			"# todo 0\n# duration_ms 120.780443\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "node",
			    .type = "Error", .message = "Cannot find module 'nosuchpackage'",
			    .line = 1, .error_line = 5 },
		.run = 1, .failed = 1,
	},
	{
		.name = "all is well, spec",
		.log = "✔ x (1.630175ms)\nℹ tests 1\nℹ suites 0\nℹ pass 1\nℹ fail 0\n"
			"ℹ cancelled 0\nℹ skipped 0\nℹ todo 0\nℹ duration_ms 124.240688\n",
		.nothing = true,
		.run = 1, .failed = 0,
	},
	{
		.name = "all is well, TAP",
		.log = "TAP version 13\n# Subtest: x\nok 1 - x\n  ---\n  duration_ms: 1.47214\n"
			"  ...\n1..1\n# tests 1\n# suites 0\n# pass 1\n# fail 0\n# cancelled 0\n"
			"# skipped 0\n# todo 0\n# duration_ms 115.160592\n",
		.nothing = true,
		.run = 1, .failed = 0,
	},
	{0}
};

const struct reader reader_nodetest = {
	.name = "nodetest",
	.language = "node",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

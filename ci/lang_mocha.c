/*
 * Mocha's report (and Cypress's, which is the same): the numbers of tests, then the numbered
 * list of failures with their nested titles. The tree of passed tests above is not read.
 */
#include "ci/node.h"

enum stage { STAGE_NONE, STAGE_COUNTS, STAGE_LIST, STAGE_TITLE, STAGE_ERROR, STAGE_FRAMES };
enum { TITLE_LINES_MAX = 20, TITLE_INDENT = 7 };

struct state {
	enum stage stage;
	unsigned long passing, pending, failing;
	unsigned long number;		/* of the failure that is read, from 1 */
	unsigned long first, last, since;
	struct kept label;		/* before every line of this run */
	struct kept title;
	bool titled;			/* a line of the title ended in a colon */
	struct failure *failure;
};

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		if (s->failure->frame_count)
			findings_block(f, "node", s->failure->error_line, s->last);
	}
	s->failure = NULL;
}

/* "  634 passing (3s)", "  5 pending", "  1 failing" */
static bool count_line(struct state *s, struct str text)
{
	unsigned long n;

	text = str_trim(text);
	if (!str_take_number(&text, &n))
		return false;
	if (str_starts(text, " passing (") && str_ends(text, ")"))
		s->passing = n;
	else if (str_is(text, " pending"))
		s->pending = n;
	else if (str_is(text, " failing"))
		s->failing = n;
	else
		return false;
	return true;
}

static void add_title(struct state *s, struct str text)
{
	text = str_trim(text);
	if (s->title.size && s->title.size < sizeof(s->title.at))
		s->title.at[s->title.size++] = ' ';
	text = str_slice(text, 0, sizeof(s->title.at) - s->title.size);
	if (text.size)
		memcpy(s->title.at + s->title.size, text.at, text.size);
	s->title.size = (unsigned short)(s->title.size + text.size);
	s->titled = s->title.size && s->title.at[s->title.size - 1] == ':';
}

/* "  4) Cart": the next of the list, in order. */
static bool item_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long n;
	size_t indent = str_indent(text);

	text = str_trim(text);
	if (indent < 1 || indent > 3 || !str_take_number(&text, &n) || n != s->number + 1 ||
	    !str_skip(&text, ") "))
		return false;
	finish(s, f);
	s->number = n;
	s->title.size = 0;
	add_title(s, text);
	s->first = s->last = s->since = line->number;
	s->stage = STAGE_TITLE;
	return true;
}

static struct str test_name(struct state *s)
{
	struct str name = kept_str(&s->title);

	str_chop(&name, ":");
	return name;
}

/* Mocha names the file of a test that ran out of time in the message, and has no frame of it. */
static void place_timeout(struct failure *failure)
{
	struct str before, file;

	if (failure->kind == KIND_TIMEOUT &&
	    str_split_last(str_of(failure->message), " (", &before, &file) && str_chop(&file, ")"))
		failure->file = findings_text(failure, file);
}

static void error_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), type = STR_NONE, message = text;

	s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE + 1, s->first);
	s->failure->language = "node";
	s->failure->tool = "mocha";
	s->failure->test = findings_text(s->failure, test_name(s));
	findings_test_failed(f, test_name(s));
	if (!node_error(text, true, &type, &message))
		type = STR_NONE, message = text;
	node_set_error(s->failure, type, message, line->number);
	place_timeout(s->failure);
	s->last = line->number;
	s->stage = STAGE_FRAMES;
}

static void title_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	bool error = s->titled && str_indent(text) < TITLE_INDENT;

	if (line->number - s->since > TITLE_LINES_MAX) {
		s->stage = STAGE_NONE;
	} else if (!str_trim(text).size) {
		if (s->titled)
			s->stage = STAGE_ERROR;
	} else if (error) {
		error_line(s, line, f);
	} else {
		add_title(s, text);
	}
}

/* The list is over when the last failure has its frames and a blank line follows. */
static void frames_line(struct state *s, const struct line *line)
{
	struct str text = line->text;

	if (node_add_frame(s->failure, text)) {
		s->last = line->number;
		return;
	}
	if (s->number == s->failing && !str_trim(text).size && s->failure->frame_count)
		s->stage = STAGE_NONE;
	if (line->number - s->first > BLOCK_LINES_MAX)
		s->stage = STAGE_NONE;
}

static void counted(struct state *s, struct findings *f)
{
	findings_framework(f, "mocha");
	findings_counts(f, s->passing + s->failing, s->passing, s->failing, s->pending);
	s->stage = s->failing ? STAGE_LIST : STAGE_NONE;
	s->number = 0;
}

static void list_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);

	if (line->mark == MARK_GROUP)
		s->stage = STAGE_NONE;
	else if (item_line(s, line, f))
		return;
	else if (s->stage == STAGE_TITLE)
		title_line(s, line, f);
	else if (s->stage == STAGE_ERROR && text.size)
		error_line(s, line, f);
	else if (s->stage == STAGE_FRAMES)
		frames_line(s, line);
	else if (s->stage == STAGE_LIST && line->number - s->since > TITLE_LINES_MAX)
		s->stage = STAGE_NONE;
}

/* The first count begins a report. */
static void begin(struct state *s, struct str text, const struct line *line, struct findings *f)
{
	struct str label = node_label(text, " passing (");

	if (s->stage == STAGE_COUNTS)
		counted(s, f);
	finish(s, f);
	*s = (struct state){ .since = line->number };
	keep(&s->label, label);
	s->stage = count_line(s, str_from(text, label.size)) ? STAGE_COUNTS : STAGE_NONE;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str whole = line_labelled(line);
	struct line body = *line;
	bool mine;

	body.text = whole;
	mine = node_unlabel(&body.text, &s->label);
	if (str_has(whole, " passing (") && (s->stage != STAGE_COUNTS || !mine)) {
		begin(s, whole, line, f);
		return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
	}
	if (!mine && line->number - s->since < BLOCK_LINES_MAX)
		return AWAKE;
	if (s->stage == STAGE_COUNTS) {
		if (count_line(s, body.text))
			return AWAKE;
		counted(s, f);
		s->since = line->number;
	}
	if (s->stage != STAGE_NONE)
		list_line(s, &body, f);
	if (s->stage == STAGE_NONE)
		finish(s, f);
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	if (s->stage == STAGE_COUNTS)
		counted(s, f);
	finish(s, f);
}

static const char *const wake[] = { " passing (", NULL };

static const struct reading examples[] = {
	{
		.name = "seven failures, the first out of time",
		.log = "  1 passing (72ms)\n  1 pending\n  7 failing\n\n  1) Cart\n"
			"       times out:\n"
			"     Error: Timeout of 50ms exceeded. For async tests and hooks, ensure \""
			"done()\" is called; if returning a Promise, ensure it resolves. (/home/run"
			"ner/work/shop/shop/mocha/test.js)\n"
			"      at listOnTimeout (node:internal/timers:581:17)\n"
			"      at process.processTimers (node:internal/timers:519:7)\n\n  2) Cart\n"
			"       own message:\n     Error: first line\nsecond line\n"
			"      at Context.<anonymous> (mocha/test.js:18:41)\n"
			"      at process.processImmediate (node:internal/timers:483:21)\n\n"
			"  3) Cart\n       async:\n     TypeError: not now\n"
			"      at Context.<anonymous> (mocha/test.js:19:53)\n\n  4) Cart\n"
			"       #mean()\n         is zero for nothing:\n"
			"     TypeError: Cannot read properties of undefined (reading 'value')\n"
			"      at mean (jest/cart.js:2:23)\n"
			"      at Context.<anonymous> (mocha/test.js:6:26)\n"
			"      at process.processImmediate (node:internal/timers:483:21)\n\n"
			"  5) Cart\n       #mean()\n         adds:\n\n"
			"      AssertionError [ERR_ASSERTION]: Expected values to be strictly equal"
			":\n\n2 !== 3\n\n      + expected - actual\n\n      -2\n      +3\n      \n"
			"      at Context.<anonymous> (mocha/test.js:9:14)\n"
			"      at process.processImmediate (node:internal/timers:483:21)\n\n"
			"  6) Cart\n       #mean()\n         deep:\n\n"
			"      AssertionError [ERR_ASSERTION]: Expected values to be strictly deep-"
			"equal:\n+ actual - expected\n\n  {\n    a: [\n      1,\n+     2\n-     3\n"
			"    ]\n  }\n      + expected - actual\n\n       {\n         \"a\": [\n"
			"           1\n      -    2\n      +    3\n         ]\n       }\n      \n"
			"      at Context.<anonymous> (mocha/test.js:12:14)\n"
			"      at process.processImmediate (node:internal/timers:483:21)\n\n"
			"  7) Hooks\n"
			"       \"before all\" hook for \"never runs\":\n     Error: no server\n"
			"      at Context.<anonymous> (mocha/test.js:22:30)\n"
			"      at process.processImmediate (node:internal/timers:483:21)\n\n\n\n",
		.files = (const char *const[]){ "mocha/test.js", "jest/cart.js", NULL },
		.expect = { .kind = KIND_TIMEOUT, .language = "node", .tool = "mocha",
			    .type = "Error", .file = "mocha/test.js", .test = "Cart times out",
			    .error_line = 7 },
		.run = 8, .failed = 7,
	},
	{
		.name = "all is well",
		.log = "\n\n  a\n    ✔ b\n    - c\n\n\n  1 passing (3ms)\n  1 pending\n\n",
		.nothing = true,
		.run = 1, .failed = 0,
	},
	{
		.name = "two packages of a workspace",
		.log =
			"@shop/ui:test:   1 passing (45ms)\n"
			"@shop/ui:test:   1 pending\n"
			"@shop/ui:test:   1 failing\n"
			"@shop/ui:test: \n"
			"@shop/ui:test:   1) ui cart\n"
			"@shop/ui:test:        counts:\n"
			"@shop/core:test: npm warn of something else\n"
			"@shop/ui:test: \n"
			"@shop/ui:test:       AssertionError [ERR_ASSERTION]: Expected values to be strict"
			"ly equal:\n"
			"@shop/ui:test: \n"
			"@shop/ui:test: 2 !== 3\n"
			"@shop/ui:test: \n"
			"@shop/ui:test:       at Context.<anonymous> (test/a.mocha.js:2:55)\n"
			"@shop/ui:test: \n"
			"@shop/core:test:   3 passing (19ms)\n"
			"@shop/core:test: \n",
		.expect = { .kind = KIND_ASSERTION, .tool = "mocha", .test = "ui cart counts",
			    .file = "test/a.mocha.js", .line = 2, .error_line = 9,
			    .message = "Expected values to be strictly equal:" },
		.run = 5, .failed = 1,
	},
	{
		.name = "Cypress, a page without an element",
		.log =
			"  Running:  cart.cy.js                                             (1 of 1)\n"
			"\n\n  cart\n    ✓ is empty (120ms)\n    1) counts\n\n\n"
			"  1 passing (5s)\n  1 failing\n\n  1) cart\n       counts:\n"
			"     AssertionError: Timed out retrying after 4000ms: Expected to find element:"
			" `.total`, but never found it.\n"
			"      at Context.eval (webpack://shop/./cypress/e2e/cart.cy.js:9:7)\n"
			"\n\n\n\n  (Results)\n",
		.files = (const char *const[]){ "cypress/e2e/cart.cy.js", NULL },
		.expect = { .kind = KIND_ASSERTION, .tool = "mocha", .test = "cart counts",
			    .file = "cypress/e2e/cart.cy.js", .line = 9, .error_line = 14 },
		.run = 2, .failed = 1,
	},
	{
		.name = "nested titles",
		.log = "\n\n  Cart\n    #mean()\n      1) is zero for nothing\n\n\n"
			"  0 passing (7ms)\n  1 failing\n\n  1) Cart\n       #mean()\n"
			"         is zero for nothing:\n"
			"     TypeError: Cannot read properties of undefined (reading 'value')\n"
			"      at mean (jest/cart.js:2:23)\n"
			"      at Context.<anonymous> (mocha/test.js:6:26)\n"
			"      at process.processImmediate (node:internal/timers:483:21)\n\n\n\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "mocha",
			    .type = "TypeError",
			    .message = "Cannot read properties of undefined (reading 'value')",
			    .function = "mean", .test = "Cart #mean() is zero for nothing",
			    .line = 2, .error_line = 14 },
		.run = 1, .failed = 1,
	},
	{
		.name = "a difference",
		.log = "\n\n  Cart\n    #mean()\n      1) adds\n\n\n  0 passing (6ms)\n"
			"  1 failing\n\n  1) Cart\n       #mean()\n         adds:\n\n"
			"      AssertionError [ERR_ASSERTION]: Expected values to be strictly equal"
			":\n\n2 !== 3\n\n      + expected - actual\n\n      -2\n      +3\n      \n"
			"      at Context.<anonymous> (mocha/test.js:9:14)\n"
			"      at process.processImmediate (node:internal/timers:483:21)\n\n\n\n",
		.expect = { .kind = KIND_ASSERTION, .language = "node", .tool = "mocha",
			    .type = "AssertionError",
			    .message = "Expected values to be strictly equal:",
			    .test = "Cart #mean() adds", .line = 9, .error_line = 15 },
		.run = 1, .failed = 1,
	},
	{
		.name = "a message of two lines",
		.log = "\n\n  Cart\n    1) own message\n\n\n  0 passing (9ms)\n  1 failing\n\n"
			"  1) Cart\n       own message:\n     Error: first line\nsecond line\n"
			"      at Context.<anonymous> (mocha/test.js:18:41)\n"
			"      at process.processImmediate (node:internal/timers:483:21)\n\n\n\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "mocha",
			    .type = "Error", .message = "first line", .test = "Cart own message",
			    .line = 18, .error_line = 12 },
		.run = 1, .failed = 1,
	},
	{
		.name = "a hook",
		.log = "\n\n  Hooks\n"
			"    1) \"before all\" hook for \"never runs\"\n\n\n  0 passing (5ms)\n"
			"  1 failing\n\n  1) Hooks\n"
			"       \"before all\" hook for \"never runs\":\n     Error: no server\n"
			"      at Context.<anonymous> (mocha/test.js:22:30)\n"
			"      at process.processImmediate (node:internal/timers:483:21)\n\n\n\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "mocha",
			    .type = "Error", .message = "no server",
			    .test = "Hooks \"before all\" hook for \"never runs\"", .line = 22,
			    .error_line = 12 },
		.run = 1, .failed = 1,
	},
	{0}
};

const struct reader reader_mocha = {
	.name = "mocha",
	.language = "node",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

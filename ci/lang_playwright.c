/*
 * Playwright's test report: the numbered failures with their frames, and the summary below them, which
 * knows which of them were only flaky. Of a test that was run again the first try is read. Also what
 * keeps Playwright or Cypress from their start.
 */
#include "ci/node.h"

enum { QUIET_LINES_MAX = 400 };

enum stage { STAGE_NONE, STAGE_HEADER, STAGE_FAILURE, STAGE_DONE, STAGE_SUMMARY };

struct state {
	enum stage stage;
	bool running;			/* "Running 6 tests using 1 worker" came */
	bool listing;			/* names of failed tests follow */
	unsigned long since, first, last;
	struct place place;
	struct kept file, title;
	struct failure *failure;
	unsigned long counts[6];	/* as in `outcomes` */
};

static const char arrow[] = " \xe2\x80\xba ";
static const char rule[] = " \xe2\x94\x80\xe2\x94\x80";

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		if (!s->failure->frame_count)	/* the test's own place, when nothing is nearer */
			place_set(s->failure, &s->place);
		else
			findings_block(f, "node", s->failure->error_line, s->last);
	}
	s->failure = NULL;
}

/* "[chromium] > cart.spec.js:4:3 > cart > counts ----": the name has no line, which moves. */
static bool take_title(struct str text, struct kept *title, struct place *place)
{
	struct str rest = text, project = STR_NONE, file;

	*place = (struct place){0};
	title->size = 0;
	if (str_starts(text, "[") && str_split(text, arrow, &project, &rest))
		text = rest;
	if (!str_split(text, arrow, &file, &rest) || !place_take(&file, place) || file.size ||
	    !place->column)
		return false;
	(void)str_split(rest, rule, &rest, NULL);
	keep(title, project);
	for (unsigned i = 0; i < 2; i++) {
		struct str part = i ? rest : place->file, separator = str_of(arrow);

		if (title->size + separator.size + part.size > sizeof(title->at))
			return false;
		if (title->size) {
			memcpy(title->at + title->size, separator.at, separator.size);
			title->size = (unsigned short)(title->size + separator.size);
		}
		memcpy(title->at + title->size, part.at, part.size);
		title->size = (unsigned short)(title->size + part.size);
	}
	return true;
}

/* "  1) [chromium] > cart.spec.js:4:3 > cart > counts ------" */
static bool header_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long n;

	if (str_indent(text) != 2)
		return false;
	text = str_from(text, 2);
	if (!str_take_number(&text, &n) || !str_skip(&text, ") "))
		return false;
	finish(s, f);
	if (!take_title(text, &s->title, &s->place)) {
		s->stage = STAGE_NONE;
		return false;
	}
	keep(&s->file, s->place.file);
	s->place.file = kept_str(&s->file);
	s->stage = STAGE_HEADER;
	s->first = s->last = s->since = line->number;
	findings_framework(f, "playwright");
	return true;
}

static const struct {
	const char *words;
	enum kind kind;
	unsigned weight;
} tells[] = {
	{ "Executable doesn't exist at ", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "expect(", KIND_ASSERTION, WEIGHT_TRACE + 1 },
	{ "imeout of ", KIND_TIMEOUT, WEIGHT_TRACE + 1 },
	{ ": Timeout ", KIND_TIMEOUT, WEIGHT_TRACE + 1 },
};

static void set_error(struct failure *failure, struct str text, unsigned long number)
{
	struct str type, message;

	if (!node_error(text, true, &type, &message))
		type = STR_NONE, message = text;
	node_set_error(failure, type, message, number);
	for (size_t i = 0; i < sizeof(tells) / sizeof(tells[0]); i++) {
		if (!str_has(text, tells[i].words))
			continue;
		failure->kind = tells[i].kind;
		failure->weight = tells[i].weight;
		return;
	}
}

static void error_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);

	if (!text.size || str_indent(line->text) < 4)
		return;
	s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE + 1, s->first);
	s->failure->language = "node";
	s->failure->tool = "playwright";
	s->failure->test = findings_text(s->failure, kept_str(&s->title));
	set_error(s->failure, text, line->number);
	s->last = line->number;
	s->stage = STAGE_FAILURE;
}

/* "        at /x/cart.spec.js:4:36", and below the frames what was kept of the run. */
static void failure_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);

	if (node_add_frame(s->failure, text)) {
		s->last = line->number;
	} else if (str_starts(text, "Retry #") || str_starts(text, "attachment #") ||
		   str_starts(text, "Error Context: ")) {
		finish(s, f);
		s->stage = STAGE_DONE;
	}
}

enum outcome { FAILED, FLAKY, SKIPPED, NOT_RUN, INTERRUPTED, PASSED };

static const char *const outcomes[] = {
	[FAILED] = " failed", [FLAKY] = " flaky", [SKIPPED] = " skipped", [NOT_RUN] = " did not run",
	[INTERRUPTED] = " interrupted",
};

/*
 * "  4 failed", "  1 passed (12.4s)": the summary, one line for each outcome. On GitHub it is told
 * twice, so that counts are set, not added.
 */
static bool outcome_line(struct state *s, struct str text)
{
	unsigned long n;
	size_t i = FAILED;

	if (str_indent(text) != 2)
		return false;
	text = str_from(text, 2);
	if (!str_take_number(&text, &n))
		return false;
	while (i < PASSED && !str_is(text, outcomes[i]))
		i++;
	if (i == PASSED && (!str_starts(text, " passed (") || !str_ends(text, ")")))
		return false;
	s->counts[i] = n;
	s->listing = i == FAILED;
	s->stage = STAGE_SUMMARY;
	return true;
}

static void summed_up(struct state *s, struct findings *f)
{
	unsigned long passed = s->counts[PASSED] + s->counts[FLAKY], failed = s->counts[FAILED];

	findings_framework(f, "playwright");
	findings_counts(f, passed + failed, passed, failed, s->counts[SKIPPED] + s->counts[NOT_RUN]);
	*s = (struct state){0};
}

/* "    [chromium] > cart.spec.js:4:3 > cart > counts ----" below "  4 failed" */
static bool name_line(struct state *s, struct str text, struct findings *f)
{
	struct kept title;
	struct place place;

	if (str_indent(text) != 4 || !take_title(str_from(text, 4), &title, &place))
		return false;
	if (s->listing)
		findings_test_failed(f, kept_str(&title));
	return true;
}

/* What keeps a run from its start, Cypress's too: its report is Mocha's, but these lines are its own. */
static const struct {
	const char *start, *tool, *type;
	enum kind kind;
	unsigned weight;
} obstacles[] = {
	{ "Error: Timed out waiting ", "playwright", "web server", KIND_TIMEOUT, WEIGHT_FAILURE },
	{ "Error: Process from config.webServer ", "playwright", "web server", KIND_CONFIG,
	  WEIGHT_FAILURE },
	{ "Cypress failed to verify that your server is running", "cypress", "web server", KIND_CONFIG,
	  WEIGHT_FAILURE },
	{ "Cypress failed to start", "cypress", "not started", KIND_CONFIG, WEIGHT_FAILURE },
	{ "The cypress npm package is installed, but the Cypress binary is missing", "cypress",
	  "not installed", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "No version of Cypress is installed in: ", "cypress", "not installed", KIND_CONFIG,
	  WEIGHT_CERTAIN },
	{ "Can't run because no spec files were found", "cypress", "no tests", KIND_CONFIG,
	  WEIGHT_CERTAIN },
};

static void obstacle_line(const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct failure *failure;

	for (size_t i = 0; i < sizeof(obstacles) / sizeof(obstacles[0]); i++) {
		if (!str_starts(text, obstacles[i].start) ||
		    (i == 0 && !str_has(text, "config.webServer")))
			continue;
		failure = findings_failure(f, obstacles[i].kind, obstacles[i].weight, line->number);
		failure->language = "node";
		failure->tool = obstacles[i].tool;
		failure->type = obstacles[i].type;
		(void)str_skip(&text, "Error: ");
		failure->message = findings_text(failure, text);
		return;
	}
}

static bool begins(struct str text)
{
	unsigned long n;

	return str_skip(&text, "Running ") && str_take_number(&text, &n) &&
	       (str_starts(text, " tests using ") || str_starts(text, " test using "));
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = line->text;

	if (begins(text)) {
		finish(s, f);
		*s = (struct state){ .running = true };
	} else if (!s->running) {
		obstacle_line(line, f);
	} else if (outcome_line(s, text)) {
		finish(s, f);
	} else if (s->stage == STAGE_SUMMARY && !name_line(s, text, f)) {
		summed_up(s, f);
	} else if (s->stage != STAGE_SUMMARY && !header_line(s, line, f)) {
		if (s->stage == STAGE_HEADER)
			error_line(s, line, f);
		else if (s->stage == STAGE_FAILURE)
			failure_line(s, line, f);
	}
	if (s->stage != STAGE_NONE && s->stage != STAGE_SUMMARY &&
	    line->number - s->since > QUIET_LINES_MAX) {
		finish(s, f);
		s->stage = STAGE_NONE;
	}
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	finish(s, f);
	if (s->stage == STAGE_SUMMARY)
		summed_up(s, f);
}

static const char *const wake[] = { " tests using ", " test using ", " passed (",
	"1) [", "2) [", "3) [", "4) [", "5) [", "6) [", "7) [", "8) [", "9) [", "0) [",
	" \xe2\x80\xba ", "config.webServer", "Cypress failed to ",
	"the Cypress binary is missing", "No version of Cypress ", "no spec files were found", NULL };

static const char *const shop[] = { "pw/cart.spec.js", NULL };

static const struct reading examples[] = {
	{
		.name = "two failures and the summary",
		.files = shop,
		.log =
			"Running 4 tests using 1 worker\n\n"
			"  ✘  1 [chromium] › cart.spec.js:4:3 › cart › counts (43ms)\n"
			"  ✓  2 [chromium] › cart.spec.js:5:3 › cart › is empty (7ms)\n"
			"\n\n"
			"  1) [chromium] › cart.spec.js:4:3 › cart › counts ──────\n"
			"\n"
			"    Error: expect(received).toBe(expected) // Object.is equality\n\n"
			"    Expected: 3\n    Received: 2\n\n"
			"      3 | test.describe('cart', () => {\n"
			"    > 4 |   test('counts', () => { expect(2).toBe(3); });\n"
			"        |                                    ^\n"
			"        at /home/runner/work/shop/shop/pw/cart.spec.js:4:36\n\n"
			"    Error Context: ../test-results/cart/error-context.md\n\n"
			"  2) [chromium] › cart.spec.js:8:3 › cart › is slow ────\n\n"
			"    Test timeout of 200ms exceeded.\n\n"
			"  2 failed\n"
			"    [chromium] › cart.spec.js:4:3 › cart › counts ────\n"
			"    [chromium] › cart.spec.js:8:3 › cart › is slow ────\n"
			"  1 flaky\n"
			"    [chromium] › cart.spec.js:9:3 › cart › is flaky ────\n"
			"  1 skipped\n"
			"  1 passed (12.4s)\n\n",
		.expect = { .kind = KIND_ASSERTION, .language = "node", .tool = "playwright",
			    .type = "Error", .line = 4, .file = "pw/cart.spec.js",
			    .message = "expect(received).toBe(expected) // Object.is equality",
			    .test = "[chromium] › cart.spec.js › cart › counts",
			    .error_line = 9 },
		.run = 4, .failed = 2,
	},
	{
		.name = "a test out of time, without a frame",
		.files = shop,
		.log =
			"Running 1 test using 1 worker\n"
			"  1) cart.spec.js:8:3 › cart › is slow ────\n\n"
			"    Test timeout of 200ms exceeded.\n\n"
			"  1 failed\n"
			"    cart.spec.js:8:3 › cart › is slow ────\n",
		.expect = { .kind = KIND_TIMEOUT, .tool = "playwright", .line = 8,
			    .file = "pw/cart.spec.js", .error_line = 4,
			    .test = "cart.spec.js › cart › is slow" },
		.run = 1, .failed = 1,
	},
	{
		.name = "no browser",
		.log =
			"Running 1 test using 1 worker\n"
			"  1) [chromium] › cart.spec.js:8:3 › cart › opens ────\n\n"
			"    Error: browserType.launch: Executable doesn't exist at /root/.cache/ms-playwr"
			"ight/chromium-1000/chrome\n",
		.expect = { .kind = KIND_CONFIG, .tool = "playwright", .error_line = 4 },
	},
	{
		.name = "a server that does not start",
		.log = "Error: Timed out waiting 60000ms from config.webServer.\n",
		.expect = { .kind = KIND_TIMEOUT, .tool = "playwright", .type = "web server" },
	},
	{
		.name = "Cypress without its server",
		.log =
			"Cypress could not verify that this server is running:\n\n"
			"  > http://localhost:3000\n\n"
			"We will try connecting to it 1 more time...\n\n"
			"Cypress failed to verify that your server is running.\n\n"
			"Please start your server and then run Cypress again.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "cypress", .type = "web server",
			    .error_line = 7 },
	},
	{
		.name = "all is well",
		.log = "Running 5 tests using 2 workers\n.....\n  5 passed (12.4s)\n",
		.nothing = true,
		.run = 5,
	},
	{0}
};

const struct reader reader_playwright = {
	.name = "playwright",
	.language = "node",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

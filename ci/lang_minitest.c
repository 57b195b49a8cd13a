/*
 * Minitest and test-unit: failed and broken tests with their place, and the counts. Also what Rails
 * prints in the course of a run ("Failure:" without a number). Skipped tests are only counted.
 */
#include "ci/ruby.h"

enum { ITEM_LINES_MAX = 400 };
enum stage { STAGE_NONE, STAGE_TITLE, STAGE_MESSAGE, STAGE_FRAMES };

struct state {
	enum stage stage;
	struct failure *failure;
	struct kept test, type, message;
	struct kept file;		/* of a failure: it has no frames */
	unsigned long at_line;
	unsigned long first, last, error_line;
	bool broken;			/* "Error:": an exception, not an assertion */
	bool unit;			/* of test-unit, whose frames come before the message */
};

static void finish(struct state *s)
{
	if (s->stage >= STAGE_MESSAGE && s->failure) {
		struct place place = { .file = kept_str(&s->file), .line = s->at_line };

		ruby_set_error(s->failure, kept_str(&s->type), kept_str(&s->message),
			       s->error_line);
		trace_turn(s->failure);
		if (place.file.size)
			place_set(s->failure, &place);
		s->failure->last_line = s->last;
	}
	s->failure = NULL;
	s->stage = STAGE_NONE;
}

static void begin(struct state *s, const struct line *line, bool broken)
{
	s->type.size = s->message.size = s->file.size = s->test.size = 0;
	s->first = s->last = s->error_line = line->number;
	s->broken = broken;
	s->unit = false;
	s->stage = STAGE_TITLE;
}

static void named(struct state *s, struct findings *f, struct str test, const char *tool)
{
	keep(&s->test, str_trim(test));
	s->failure = findings_failure(f, s->broken ? KIND_EXCEPTION : KIND_ASSERTION, WEIGHT_TRACE,
				      s->first);
	s->failure->language = "ruby";
	s->failure->tool = tool;
	s->failure->test = findings_text(s->failure, kept_str(&s->test));
	findings_test_failed(f, kept_str(&s->test));
	s->stage = STAGE_MESSAGE;
}

/* "  3) Failure:", and as Rails prints it at once: "Failure:" */
static bool minitest_head(struct state *s, const struct line *line)
{
	struct str text = str_trim_right(line->text);
	unsigned long n;

	if (str_indent(text)) {
		text = str_trim(text);
		if (!str_take_number(&text, &n) || !str_skip(&text, ") "))
			return false;
	}
	if (!str_is(text, "Failure:") && !str_is(text, "Error:"))
		return false;
	/* "Error:" alone wakes nobody, so it begins nothing: the title behind it does */
	if (s->stage == STAGE_NONE && str_is(line->text, "Error:"))
		return false;
	finish(s);
	begin(s, line, str_is(text, "Error:"));
	return true;
}

/* "CartTest#test_adds [test/cart_test.rb:5]:" or "CartTest#test_zero:" */
static bool title_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim_right(line->text), test, where;
	struct place place;

	if (!str_chop(&text, ":") || str_indent(line->text) || !str_has(text, "#"))
		return false;
	if (!s->broken) {
		if (!str_chop(&text, "]") || !str_split_last(text, " [", &test, &where) ||
		    !place_take(&where, &place) || where.size)
			return false;
		keep(&s->file, place.file);
		s->at_line = place.line;
		text = test;
	}
	named(s, f, text, "minitest");
	s->last = line->number;
	return true;
}

/* The title without its head: "Error:" alone is in too many logs to wake anybody. */
static bool bare_title(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim_right(line->text);

	if (s->stage != STAGE_NONE || !str_has(text, "#test_") || !str_ends(text, ":") ||
	    (!str_ends(text, "]:") && str_char(text, ' ') >= 0))
		return false;
	begin(s, line, !str_ends(text, "]:"));
	if (title_line(s, line, f))
		return true;
	s->stage = STAGE_NONE;
	return false;
}

/* "Failure: test_adds(TuTest)", "Error: test_zero(TuTest): ZeroDivisionError: divided by 0" */
static bool unit_head(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim_right(line->text), test, class, rest = STR_NONE, type, message;
	struct kept joined = {0};
	bool broken = str_starts(text, "Error: ");

	if (!str_skip(&text, "Failure: ") && !str_skip(&text, "Error: "))
		return false;
	if (!str_split(text, "(", &test, &class) || !str_split(class, ")", &class, &rest) ||
	    !str_starts(test, "test") || !ruby_is_type(class) ||
	    (rest.size && !str_skip(&rest, ":")) || test.size + class.size > 500)
		return false;
	finish(s);
	begin(s, line, broken);
	s->unit = true;
	keep(&joined, class);
	joined.at[joined.size++] = '#';
	memcpy(joined.at + joined.size, test.at, test.size);
	joined.size = (unsigned short)(joined.size + test.size);
	named(s, f, kept_str(&joined), "test-unit");
	rest = str_trim(rest);
	if (str_split(rest, ": ", &type, &message) && ruby_is_type(type)) {
		keep(&s->type, type);
		keep(&s->message, message);
	} else {
		keep(&s->message, rest);
	}
	return true;
}

/* "ZeroDivisionError: divided by 0", "Expected: 4" with "  Actual: 3" below it, or a sentence */
static void message_line(struct state *s, const struct line *line, struct str text)
{
	struct str type = STR_NONE, message = text, before, after;

	if (str_starts(text, "Actual: ") && str_starts(kept_str(&s->message), "Expected: ") &&
	    s->message.size + text.size + 2 < sizeof(s->message.at)) {
		memcpy(s->message.at + s->message.size, ", ", 2);
		memcpy(s->message.at + s->message.size + 2, text.at, text.size);
		s->message.size = (unsigned short)(s->message.size + text.size + 2);
	}
	if (s->message.size)
		return;
	if (s->broken && str_split(text, ": ", &before, &after) && ruby_is_type(before))
		type = before, message = after;
	keep(&s->type, type);
	keep(&s->message, message);
	s->error_line = line->number;
}

/* The source that test-unit shows: "  => 5:     assert_equal 4, total" */
static bool is_source(struct str text)
{
	unsigned long n;

	str_skip(&text, "=> ");
	return str_take_number(&text, &n) && str_starts(text, ":");
}

static bool inside(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);

	if (s->stage == STAGE_TITLE)
		return title_line(s, line, f);
	if (line->number - s->first > ITEM_LINES_MAX || line->mark == MARK_GROUP ||
	    str_starts(text, "====="))
		return false;
	/* A blank line ends a test, if it is none of its message: an exception's message shows the
	 * source (error_highlight) and what may be meant, and its frames come behind them. */
	if (!text.size)
		return s->stage == STAGE_MESSAGE &&
		       (!s->message.size || (s->broken && !s->unit));
	if (ruby_add_bare_frame(s->failure, text))
		s->stage = s->unit ? STAGE_MESSAGE : STAGE_FRAMES;
	else if (s->stage == STAGE_FRAMES)
		return false;
	else if (!s->unit || !is_source(text))
		message_line(s, line, text);
	s->last = line->number;
	return true;
}

static bool take_count(struct str part, const char *word, unsigned long *count)
{
	unsigned long n;

	part = str_trim(part);
	if (!str_take_number(&part, &n) || !str_skip(&part, word))
		return false;
	*count += n;
	return true;
}

/*
 * "8 runs, 5 assertions, 4 failures, 2 errors, 1 skips" and "4 tests, 2 assertions, 1 failures,
 * 1 errors, 0 pendings, 1 omissions, 0 notifications"
 */
static bool counts_line(const struct line *line, struct findings *f)
{
	struct str text = line->text, part;
	unsigned long run = 0, failed = 0, skipped = 0;
	bool unit = str_has(text, " notifications");

	if (!str_has(text, " assertions, ") || !str_next(&text, ',', &part) ||
	    (!take_count(part, " runs", &run) && !take_count(part, " tests", &run)))
		return false;
	while (str_next(&text, ',', &part))
		if (!take_count(part, " failures", &failed) &&
		    !take_count(part, " errors", &failed) &&
		    !take_count(part, " skips", &skipped) &&
		    !take_count(part, " pendings", &skipped))
			take_count(part, " omissions", &skipped);
	if (failed + skipped > run)
		return false;
	findings_framework(f, unit ? "test-unit" : "minitest");
	findings_counts(f, run - skipped, run - skipped - failed, failed, skipped);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (counts_line(line, f)) {
		finish(s);
		return ASLEEP;
	}
	if (minitest_head(s, line) || unit_head(s, line, f) || bare_title(s, line, f))
		return AWAKE;
	if (s->stage != STAGE_NONE && !inside(s, line, f))
		finish(s);
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	(void)f;
	finish(state);
}

static const char *const wake[] = { ") Failure:", ") Error:", "Failure:", "Error: test", "#test_",
	" assertions, ", NULL };

static const char *const shop[] = { "lib/cart.rb", "test/cart_test.rb", "test/tu_test.rb", NULL };

static const struct reading examples[] = {
	{
		.name = "failures and errors",
		.files = shop,
		.log =
		"Run options: --seed 1\n"
		"\n"
		"# Running:\n"
		"\n"
		"FEFEF.FS\n"
		"\n"
		"Finished in 0.018780s, 425.9922 runs/s, 266.2451 assertions/s.\n"
		"\n"
		"  1) Failure:\n"
		"spec style#test_0001_works not [test/cart_test.rb:20]:\n"
		"Expected: 2\n"
		"  Actual: 1\n"
		"\n"
		"  2) Error:\n"
		"CartTest#test_zero:\n"
		"ZeroDivisionError: divided by 0\n"
		"    /home/runner/work/shop/shop/lib/cart.rb:5:in `/'\n"
		"    /home/runner/work/shop/shop/lib/cart.rb:5:in `total'\n"
		"    test/cart_test.rb:8:in `test_zero'\n"
		"\n"
		"  3) Failure:\n"
		"CartTest#test_long [test/cart_test.rb:13]:\n"
		"--- expected\n"
		"+++ actual\n"
		"@@ -1,4 +1,4 @@\n"
		" \"a\n"
		" b\n"
		"-c\n"
		"+x\n"
		" d\"\n"
		"\n"
		"\n"
		"  4) Error:\n"
		"CartTest#test_cause:\n"
		"CartError: cannot load x\n"
		"    /home/runner/work/shop/shop/lib/cart.rb:13:in `rescue in load'\n"
		"    /home/runner/work/shop/shop/lib/cart.rb:10:in `load'\n"
		"    test/cart_test.rb:16:in `test_cause'\n"
		"\n"
		"  5) Failure:\n"
		"CartTest#test_adds [test/cart_test.rb:5]:\n"
		"Expected: 4\n"
		"  Actual: 3\n"
		"\n"
		"  6) Failure:\n"
		"CartTest#test_msg [test/cart_test.rb:15]:\n"
		"must be true\n"
		"\n"
		"8 runs, 5 assertions, 4 failures, 2 errors, 1 skips\n"
		"\n"
		"You have skipped tests. Run with --verbose for details.\n",
		.expect = { .kind = KIND_ASSERTION, .language = "ruby", .tool = "minitest",
			    .message = "Expected: 2, Actual: 1", .file = "test/cart_test.rb",
			    .line = 20, .test = "spec style#test_0001_works not",
			    .error_line = 11 },
		.run = 7, .failed = 6,
	},
	{
		.name = "an error, as Rails prints it at once",
		.files = shop,
		.log =
		"Error:\nCartTest#test_zero:\nZeroDivisionError: divided by 0\n"
		"    lib/cart.rb:5:in `/'\n    lib/cart.rb:5:in `total'\n"
		"    test/cart_test.rb:8:in `test_zero'\n\n\n"
		"bin/rails test test/cart_test.rb:7\n\n"
		"1 runs, 0 assertions, 0 failures, 1 errors, 0 skips\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "ZeroDivisionError",
			    .message = "divided by 0", .file = "lib/cart.rb", .line = 5,
			    .function = "total", .test = "CartTest#test_zero", .error_line = 3 },
		.run = 1, .failed = 1,
	},
	{
		.name = "an exception that shows its source",
		.files = shop,
		.log =
		"  1) Error:\n"
		"CartTest#test_none:\n"
		"NoMethodError: undefined method `strip' for nil:NilClass\n"
		"\n"
		"    @fields[:town].strip\n"
		"                  ^^^^^^\n"
		"    /home/runner/work/shop/shop/lib/cart.rb:5:in `town'\n"
		"    test/cart_test.rb:11:in `test_none'\n"
		"\n"
		"1 runs, 0 assertions, 0 failures, 1 errors, 0 skips\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "NoMethodError",
			    .message = "undefined method `strip' for nil:NilClass",
			    .file = "lib/cart.rb", .line = 5, .function = "town",
			    .test = "CartTest#test_none", .error_line = 3 },
		.run = 1, .failed = 1,
	},
	{
		.name = "test-unit",
		.files = shop,
		.log =
		"Loaded suite test/tu_test\n"
		"Started\n"
		"F\n"
		"============================================================================"
		"===\n"
		"Failure: test_adds(TuTest)\n"
		"test/tu_test.rb:5:in `test_adds'\n"
		"     2: require_relative \"../lib/cart\"\n"
		"     3: class TuTest < Test::Unit::TestCase\n"
		"     4:   def test_adds\n"
		"  => 5:     assert_equal 4, Cart.new([{price: 3}]).total\n"
		"     6:   end\n"
		"     7:   def test_zero\n"
		"     8:     Cart.new([]).total\n"
		"<4> expected but was\n"
		"<3>\n"
		"============================================================================"
		"===\n"
		".O\n"
		"============================================================================"
		"===\n"
		"Omission: later [test_omit(TuTest)]\n"
		"test/tu_test.rb:11:in `test_omit'\n"
		"============================================================================"
		"===\n"
		"E\n"
		"============================================================================"
		"===\n"
		"Error: test_zero(TuTest): ZeroDivisionError: divided by 0\n"
		"/home/runner/work/shop/shop/lib/cart.rb:5:in `/'\n"
		"/home/runner/work/shop/shop/lib/cart.rb:5:in `total'\n"
		"test/tu_test.rb:8:in `test_zero'\n"
		"      5:     assert_equal 4, Cart.new([{price: 3}]).total\n"
		"      6:   end\n"
		"      7:   def test_zero\n"
		"  =>  8:     Cart.new([]).total\n"
		"      9:   end\n"
		"     10:   def test_ok; assert true; end\n"
		"     11:   def test_omit; omit \"later\"; end\n"
		"============================================================================"
		"===\n"
		"\n"
		"Finished in 0.021287759 seconds.\n"
		"----------------------------------------------------------------------------"
		"---\n"
		"4 tests, 2 assertions, 1 failures, 1 errors, 0 pendings, 1 omissions, 0"
		" notifications\n"
		"33.3333% passed\n"
		"----------------------------------------------------------------------------"
		"---\n"
		"187.90 tests/s, 93.95 assertions/s\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "test-unit", .message = "<4> expected but was",
			    .file = "test/tu_test.rb", .line = 5, .test = "TuTest#test_adds",
			    .function = "test_adds" },
		.run = 3, .failed = 2,
	},
	{
		.name = "all is well",
		.log = "Run options: --seed 1\n\n# Running:\n\n..\n\nFinished in 0.002s, 9.9 runs/s, "
			"9.9 assertions/s.\n\n2 runs, 2 assertions, 0 failures, 0 errors, 0 skips\n",
		.nothing = true,
		.run = 2, .failed = 0,
	},
	{0}
};

const struct reader reader_minitest = {
	.name = "minitest",
	.language = "ruby",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

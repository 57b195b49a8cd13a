/*
 * Ruby: exceptions that ended the program ("from" frames, with their causes), rake's, and syntax
 * errors. What Rails logged and what stands in the reports of RSpec and Minitest is left to their
 * readers; an exception printed in the course of a test run that came to its end is only a hint.
 */
#include "ci/ruby.h"

enum { MESSAGE_LINES_MAX = 30, RAKE_LINES_MAX = 4, LOOSE_MAX = 16 };
enum stage { STAGE_NONE, STAGE_HEAD, STAGE_FROM, STAGE_REVERSE, STAGE_RAKE,
	     STAGE_PLAIN };

struct state {
	enum stage stage;
	struct failure *failure, *cause;
	struct kept type, message, head;
	unsigned long first, last, error_line, traceback;
	struct {
		struct failure *failure;
		unsigned long first_line;
	} loose[LOOSE_MAX];
	unsigned loose_count;
};

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		if (s->stage != STAGE_REVERSE)
			trace_turn(s->failure);
		s->failure->last_line = s->last;
		findings_block(f, "ruby", s->first, s->last);
		if (s->loose_count < LOOSE_MAX) {
			s->loose[s->loose_count].failure = s->failure;
			s->loose[s->loose_count++].first_line = s->failure->first_line;
		}
	}
	if (s->cause)
		trace_turn(s->cause);
	s->failure = s->cause = NULL;
	s->stage = STAGE_NONE;
}

/* The test run went on after these and came to its end. */
static void demote(struct state *s)
{
	for (unsigned i = 0; i < s->loose_count; i++)
		if (s->loose[i].failure->first_line == s->loose[i].first_line &&
		    s->loose[i].failure->weight > WEIGHT_HINT)
			s->loose[i].failure->weight = WEIGHT_HINT;
	s->loose_count = 0;
}

static struct failure *make(struct state *s, struct findings *f, unsigned weight)
{
	struct failure *failure = findings_failure(f, KIND_EXCEPTION, weight, s->first);

	failure->language = "ruby";
	failure->tool = "ruby";
	ruby_set_error(failure, kept_str(&s->type), kept_str(&s->message), s->error_line);
	return failure;
}

static void begin_at(struct state *s, const struct line *line, enum stage stage)
{
	s->stage = stage;
	s->first = s->last = s->error_line = line->number;
	s->type.size = s->message.size = 0;
}

/* "msg (CartError)" or "unhandled exception" behind the first frame. */
static bool error_of(struct str text, struct str *type, struct str *message)
{
	struct str before, inside;

	if (!str_skip(&text, ": "))
		return false;
	text = str_trim_right(text);
	if (str_is(text, "unhandled exception") || ruby_is_type(text)) {
		*type = str_is(text, "unhandled exception") ? STR("RuntimeError") : text;
		*message = STR_NONE;
		return true;
	}
	if (!str_ends(text, ")") || !str_split_last(text, " (", &before, &inside))
		return false;
	str_chop(&inside, ")");
	*type = inside;
	*message = before;
	return ruby_is_type(inside);
}

static bool head_of(struct str text, struct place *place, struct str *function, struct str *type,
		    struct str *message)
{
	return !str_indent(text) && ruby_take_frame(&text, place, function) &&
	       error_of(text, type, message);
}

/* "a.rb:5:in `f': divided by 0 (ZeroDivisionError)": also the last line of a reversed trace. */
static bool head_line(struct state *s, const struct line *line, struct findings *f)
{
	struct place place;
	struct str function, type, message;

	if (!head_of(line->text, &place, &function, &type, &message))
		return false;
	finish(s, f);
	begin_at(s, line, STAGE_HEAD);
	keep(&s->head, line->text);
	keep(&s->type, type);
	keep(&s->message, message);
	s->failure = make(s, f, WEIGHT_TRACE);
	ruby_add_frame(s->failure, &place, function);
	return true;
}

/* What was behind the exception, printed right below it in the same form. */
static bool cause_line(struct state *s, const struct line *line, struct findings *f)
{
	struct place place;
	struct str function, type, message;

	if (!head_of(line->text, &place, &function, &type, &message) ||
	    str_equal(line->text, kept_str(&s->head)))
		return false;
	if (s->cause)
		trace_turn(s->cause);
	s->cause = findings_failure(f, KIND_EXCEPTION, WEIGHT_HINT, line->number);
	s->cause->language = s->cause->tool = "ruby";
	ruby_set_error(s->cause, type, message, line->number);
	ruby_add_frame(s->cause, &place, function);
	s->stage = STAGE_HEAD;
	s->last = s->error_line = line->number;
	return true;
}

/* "\tfrom a.rb:2:in `run'" and "\t ... 10068 levels..." */
static bool from_line(struct state *s, const struct line *line)
{
	struct str text = line->text, function;
	struct place place;

	if (!str_indent(text))
		return false;
	text = str_trim(text);
	if (str_starts(text, "... ") && str_ends(text, " levels...")) {
		s->last = line->number;
		return s->stage == STAGE_FROM;
	}
	if (!str_skip(&text, "from "))
		return false;
	if (ruby_take_frame(&text, &place, &function))
		ruby_add_frame(s->cause ? s->cause : s->failure, &place, function);
	s->last = line->number;
	s->stage = STAGE_FROM;
	return true;
}

/* Below the head: the rest of the message, which counts only when frames follow. */
static bool below_head(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, function, type, message;
	struct place place;

	if (from_line(s, line) || (line->number == s->error_line + 1 && cause_line(s, line, f)))
		return true;
	if (head_of(text, &place, &function, &type, &message) ||
	    line->mark == MARK_GROUP || line->number - s->error_line > MESSAGE_LINES_MAX)
		return false;
	if (str_is(kept_str(&s->type), "SyntaxError") && line->number == s->last + 1 &&
	    (str_indent(text) || str_starts(text, ">")))
		s->last = line->number;
	return true;
}

/* Ruby 2.5 to 2.7 on a terminal: below "Traceback (most recent call last):", the last frame last */
static bool reverse_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), function, type, message;
	struct place place;
	unsigned long n;

	if (str_indent(line->text) && str_take_number(&text, &n) && str_skip(&text, ": from ") &&
	    ruby_take_frame(&text, &place, &function)) {
		if (s->stage != STAGE_REVERSE) {
			begin_at(s, line, STAGE_REVERSE);
			s->first = s->traceback;
			s->failure = make(s, f, WEIGHT_TRACE);
		}
		findings_frame(s->failure, place.file, place.line, 0, function);
		s->last = line->number;
		return true;
	}
	if (s->stage != STAGE_REVERSE ||
	    !head_of(line->text, &place, &function, &type, &message))
		return false;
	findings_frame(s->failure, place.file, place.line, 0, function);
	ruby_set_error(s->failure, type, message, line->number);
	s->last = line->number;
	finish(s, f);
	return true;
}

static const struct {
	const char *start;
	enum kind kind;
	unsigned weight;
} rake_says[] = {
	{ "Command failed with status (", KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
	{ "Don't know how to build task ", KIND_CONFIG, WEIGHT_TRACE },
	{ "Rake::TestTask", KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
};

/* "rake aborted!", then the exception, then its frames at the margin. */
static bool rake_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), type = STR_NONE, message = text;
	unsigned weight = WEIGHT_TRACE;
	enum kind kind = KIND_EXCEPTION;

	if (s->failure) {
		if (!ruby_add_bare_frame(s->failure, text))
			return false;
		s->last = line->number;
		return true;
	}
	if (!text.size)
		return line->number - s->first < RAKE_LINES_MAX;
	if (str_split(text, ": ", &type, &message) && !ruby_is_type(type))
		type = STR_NONE, message = text;
	for (size_t i = 0; i < sizeof(rake_says) / sizeof(rake_says[0]); i++)
		if (str_starts(message, rake_says[i].start)) {
			kind = rake_says[i].kind;
			weight = rake_says[i].weight;
		}
	s->error_line = s->last = line->number;
	keep(&s->type, type);
	keep(&s->message, message);
	s->failure = make(s, f, weight);
	s->failure->tool = "rake";
	if (kind != KIND_EXCEPTION)
		s->failure->kind = kind;
	return true;
}

/* "a.rb:2: syntax error, unexpected integer literal, expecting ')'" and its source lines */
static bool syntax_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place;

	if (str_indent(text))
		return false;
	str_skip(&text, "ruby: ");
	if (!place_take(&text, &place) || !str_starts(text, ": syntax error") ||
	    !place_ends(place.file, ".rb .rake .ru .gemspec .erb Rakefile Gemfile"))
		return false;
	finish(s, f);
	begin_at(s, line, STAGE_PLAIN);
	(void)str_chop(&text, " (SyntaxError)");
	keep(&s->type, STR("SyntaxError"));
	keep(&s->message, str_from(text, 2));
	s->failure = make(s, f, WEIGHT_TRACE);
	place_set(s->failure, &place);
	return true;
}

static bool plain_line(struct state *s, const struct line *line)
{
	struct str text = line->text;

	if (!str_trim(text).size || (!str_indent(text) && text.at[0] != '>') ||
	    line->number - s->first > MESSAGE_LINES_MAX)
		return false;
	s->last = line->number;
	return true;
}

static bool start(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim_right(line->text);

	if (head_line(s, line, f) || syntax_line(s, line, f))
		return true;
	if (str_is(text, "Traceback (most recent call last):")) {
		s->traceback = line->number;
		return true;
	}
	if (s->traceback + 1 == line->number && reverse_line(s, line, f))
		return true;
	if (!str_is(text, "rake aborted!") && !str_ends(text, "rails aborted!"))
		return false;
	begin_at(s, line, STAGE_RAKE);
	return true;
}

static bool inside(struct state *s, const struct line *line, struct findings *f)
{
	if (s->stage != STAGE_NONE && line->number - s->first > BLOCK_LINES_MAX / 2)
		return false;
	switch (s->stage) {
	case STAGE_NONE:
		break;
	case STAGE_HEAD:
		return below_head(s, line, f);
	case STAGE_FROM:
		return line->mark == MARK_ERROR || from_line(s, line) || cause_line(s, line, f);
	case STAGE_REVERSE:
		return reverse_line(s, line, f);
	case STAGE_RAKE:
		return rake_line(s, line, f);
	case STAGE_PLAIN:
		return plain_line(s, line);
	}
	return false;
}

/* "8 examples, 3 failures", "8 runs, 5 assertions, ...": the counts of a test run */
static bool run_ended(struct str text)
{
	unsigned long n;

	return str_take_number(&text, &n) &&
	       (str_starts(text, " example") || str_starts(text, " runs, "));
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (!inside(s, line, f)) {
		finish(s, f);
		start(s, line, f);
	}
	if (run_ended(line->text))
		demote(s);
	return s->stage != STAGE_NONE || s->traceback == line->number ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { ":in `", ":in '", ": syntax error", " aborted!",
	"Traceback (most recent call last):", " example, ", " examples, ", " runs, ", NULL };

static const char *const shop[] = { "lib/cart.rb", "run.rb", "Rakefile", NULL };

static const struct reading examples[] = {
	{
		.name = "a number divided by nothing",
		.files = shop,
		.log =
		"/home/runner/work/shop/shop/lib/cart.rb:5:in `/': divided by 0 (ZeroDivisionError)\n"
		"\tfrom /home/runner/work/shop/shop/lib/cart.rb:5:in `total'\n"
		"\tfrom run.rb:2:in `run'\n"
		"\tfrom run.rb:4:in `<main>'\n"
		"starting\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "ruby", .tool = "ruby",
			    .type = "ZeroDivisionError", .message = "divided by 0",
			    .file = "lib/cart.rb", .line = 5, .function = "total", .error_line = 1 },
	},
	{
		.name = "Ruby points at the code, between the message and the frames",
		.files = shop,
		.log =
		"lib/cart.rb:8:in `name': undefined method `name' for nil:NilClass (NoMethodError)\n"
		"\n    @owner.name\n          ^^^^^\n"
		"\tfrom run.rb:2:in `<main>'\n",
		.expect = { .type = "NoMethodError", .kind = KIND_EXCEPTION, .file = "lib/cart.rb",
			    .message = "undefined method `name' for nil:NilClass", .line = 8,
			    .function = "name", .error_line = 1 },
	},
	{
		.name = "an exception with a cause, as Ruby 3.4 quotes",
		.files = shop,
		.log =
		"lib/cart.rb:13:in 'Cart#load': cannot load x1 (CartError)\n"
		"\tfrom run.rb:2:in '<main>'\n"
		"lib/cart.rb:11:in 'Kernel#Integer': invalid value for Integer(): \"x1\" "
		"(ArgumentError)\n"
		"\tfrom lib/cart.rb:11:in 'Cart#load'\n"
		"\tfrom run.rb:2:in '<main>'\n",
		.expect = { .type = "CartError", .message = "cannot load x1", .line = 13,
			    .kind = KIND_EXCEPTION, .file = "lib/cart.rb",
			    .function = "Cart#load", .error_line = 1 },
	},
	{
		.name = "a missing gem",
		.files = shop,
		.log =
		"<internal:/usr/lib/ruby/vendor_ruby/rubygems/core_ext/kernel_require.rb>:85:in "
		"`require': cannot load such file -- not_there (LoadError)\n"
		"\tfrom <internal:/usr/lib/ruby/vendor_ruby/rubygems/core_ext/kernel_require.rb>"
		":85:in `require'\n\tfrom run.rb:1:in `<main>'\n",
		.expect = { .type = "LoadError", .kind = KIND_DEPENDENCY, .file = "run.rb",
			    .message = "cannot load such file -- not_there", .line = 1,
			    .error_line = 1 },
	},
	{
		.name = "the last frame last, as Ruby 2.5 prints to a terminal",
		.files = shop,
		.log =
		"Traceback (most recent call last):\n"
		"\t2: from run.rb:4:in `<main>'\n\t1: from run.rb:2:in `run'\n"
		"lib/cart.rb:5:in `total': divided by 0 (ZeroDivisionError)\n",
		.expect = { .type = "ZeroDivisionError", .kind = KIND_EXCEPTION,
			    .file = "lib/cart.rb", .line = 5, .function = "total",
			    .error_line = 4 },
	},
	{
		.name = "a syntax error",
		.files = shop,
		.log = "run.rb:2: syntax error, unexpected integer literal, expecting ')'\n  1 2\n"
			"  ^\n",
		.expect = { .type = "SyntaxError", .kind = KIND_COMPILE, .file = "run.rb",
			    .message = "syntax error, unexpected integer literal, expecting ')'",
			    .line = 2, .error_line = 1 },
	},
	{
		.name = "an exception in a task of rake",
		.files = shop,
		.log =
		"rake aborted!\nZeroDivisionError: divided by 0\n"
		"/home/runner/work/shop/shop/Rakefile:3:in `/'\n"
		"/home/runner/work/shop/shop/Rakefile:3:in `block in <top (required)>'\n"
		"Tasks: TOP => default\n(See full trace by running task with --trace)\n",
		.expect = { .type = "ZeroDivisionError", .tool = "rake", .kind = KIND_EXCEPTION,
			    .file = "Rakefile", .line = 3, .error_line = 2 },
	},
	{
		.name = "warnings, and frames of what was rescued",
		.log = "run.rb:3: warning: method redefined; discarding old total\n"
			"called from run.rb:3:in `total'\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_ruby = {
	.name = "ruby",
	.language = "ruby",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

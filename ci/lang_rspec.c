/*
 * RSpec: the list of failures, errors outside of examples, the counts, and the hints how to run a
 * failed example again, which say its place when no frame does. Errors in a nested list
 * ("1.2) Failure/Error: ...") behind the first are left out.
 */
#include "ci/ruby.h"

enum { ITEM_LINES_MAX = 500, TITLE_LINES_MAX = 8, LIST_LINES_MAX = 20000,
       KNOWN_MAX = 32 };
enum stage { STAGE_NONE, STAGE_LIST, STAGE_TITLE, STAGE_CODE, STAGE_MESSAGE, STAGE_FRAMES };

struct state {
	enum stage stage;
	struct failure *failure;
	struct kept title, type, message;
	unsigned long number, first, last, error_line, list_line;
	bool told;			/* "Failure/Error:" was there: it is RSpec's */
	bool pending;			/* in the list of what may fail */
	bool caused;			/* below "--- Caused by: ---" */
	struct {			/* failures without a frame of the project */
		struct failure *failure;
		unsigned long first_line;
	} known[KNOWN_MAX];
	unsigned known_count;
};

static void need_failure(struct state *s, struct findings *f)
{
	if (s->failure)
		return;
	s->failure = findings_failure(f, KIND_ASSERTION, WEIGHT_TRACE, s->first);
	s->failure->language = "ruby";
	s->failure->tool = "rspec";
	s->failure->test = findings_text(s->failure, kept_str(&s->title));
}

static bool has_own_frame(const struct failure *failure)
{
	for (size_t i = 0; i < failure->frame_count; i++)
		if (failure->frames[i].file && !str_has(str_of(failure->frames[i].file), "/gems/"))
			return true;
	return false;
}

static void finish(struct state *s, struct findings *f)
{
	if (s->stage >= STAGE_TITLE && s->told && !s->pending) {
		need_failure(s, f);
		if (s->type.size)
			s->failure->kind = KIND_EXCEPTION;
		ruby_set_error(s->failure, kept_str(&s->type), kept_str(&s->message),
			       s->error_line);
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		findings_test_failed(f, kept_str(&s->title));
		if (!has_own_frame(s->failure) && s->known_count < KNOWN_MAX) {
			s->known[s->known_count].failure = s->failure;
			s->known[s->known_count++].first_line = s->first;
		}
	}
	if (s->stage >= STAGE_TITLE)
		s->stage = STAGE_LIST;
	s->failure = NULL;
}

static void begin(struct state *s, const struct line *line, struct str title)
{
	keep(&s->title, title);
	s->type.size = s->message.size = 0;
	s->first = s->last = s->error_line = line->number;
	s->caused = s->told = false;
	s->stage = STAGE_TITLE;
}

/* "  4) Cart adds": the next of the list, in order. */
static bool item_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	unsigned long n;

	if (s->stage == STAGE_NONE)
		s->number = 0;
	if (!str_indent(line->text) || str_indent(line->text) > 4 ||
	    !str_take_number(&text, &n) || n != s->number + 1 || !str_skip(&text, ") "))
		return false;
	finish(s, f);
	s->number = n;
	begin(s, line, STR_NONE);
	s->told = str_chop(&text, " FIXED");
	keep(&s->title, str_trim(text));
	s->list_line = line->number;
	return true;
}

/* "5.1) Failure/Error: x": the first of several of one example */
static void skip_number(struct str *text)
{
	struct str rest = *text;
	unsigned long n;

	if (str_take_number(&rest, &n) && str_skip(&rest, ".1) "))
		*text = rest;
}

/* "# ./lib/cart.rb:8:in `name'" and "# ./spec/cart_spec.rb:34" */
static void frame_line(struct state *s, struct str text, struct findings *f)
{
	struct place place;

	if (str_starts(text, "--- Caused by: ---"))
		s->caused = true;
	if (s->caused || s->pending || !s->told)
		return;
	need_failure(s, f);
	if (!ruby_add_bare_frame(s->failure, text) && place_take(&text, &place) && !text.size)
		trace_frame(s->failure, &place, STR_NONE);
}

/* "expected: 4" and "got: 3" belong together. */
static void message_line(struct state *s, const struct line *line, struct str text)
{
	struct str type = text;

	if (str_starts(text, "got: ") && str_starts(kept_str(&s->message), "expected") &&
	    !str_has(kept_str(&s->message), ", got: ") &&
	    s->message.size + text.size + 2 < sizeof(s->message.at)) {
		memcpy(s->message.at + s->message.size, ", ", 2);
		memcpy(s->message.at + s->message.size + 2, text.at, text.size);
		s->message.size = (unsigned short)(s->message.size + text.size + 2);
	}
	if (s->message.size)
		return;
	if (!s->type.size && str_chop(&type, ":") && ruby_is_type(type)) {
		keep(&s->type, type);
		s->error_line = line->number;
	} else {
		keep(&s->message, text);
		s->error_line = line->number;
	}
}

static void inside(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);

	if (line->number - s->first > (s->told ? ITEM_LINES_MAX : TITLE_LINES_MAX)) {
		finish(s, f);
		s->stage = STAGE_NONE;
		return;
	}
	skip_number(&text);
	if (str_skip(&text, "# ") && s->stage != STAGE_CODE) {
		if (s->stage != STAGE_TITLE || s->message.size) {
			s->stage = STAGE_FRAMES;
			frame_line(s, text, f);
		}
	} else if (str_starts(text, "Failure/Error: ") && s->stage == STAGE_TITLE) {
		s->stage = STAGE_CODE;
		s->told = true;
		s->message.size = 0;
	} else if (!text.size) {
		if (s->stage == STAGE_CODE)	/* the code may have several lines */
			s->stage = STAGE_MESSAGE;
		return;
	} else if ((s->stage == STAGE_MESSAGE || s->stage == STAGE_TITLE) &&
		   !(str_starts(text, "Got ") && str_ends(text, " failures:"))) {
		message_line(s, line, text);
	}
	s->last = line->number;
}

/* "11 examples, 8 failures, 2 pending, 1 error occurred outside of examples" */
static bool counts_line(const struct line *line, struct findings *f)
{
	struct str text = line->text, part;
	unsigned long run, failed = 0, pending = 0, n;

	if (!str_take_number(&text, &run) ||
	    (!str_skip(&text, " example, ") && !str_skip(&text, " examples, ")))
		return false;
	while (str_next(&text, ',', &part)) {
		part = str_trim(part);
		if (!str_take_number(&part, &n))
			return false;
		if (str_starts(part, " failure"))
			failed = n;
		else if (str_is(part, " pending"))
			pending = n;
	}
	if (failed + pending > run)
		return false;
	findings_framework(f, "rspec");
	findings_counts(f, run - pending, run - pending - failed, failed, pending);
	return true;
}

static void place_known(struct state *s, struct str title, const struct place *place)
{
	for (unsigned i = 0; i < s->known_count; i++)
		if (s->known[i].failure->first_line == s->known[i].first_line &&
		    str_equal(str_of(s->known[i].failure->test), title))
			place_set(s->known[i].failure, place);
}

/* "rspec ./spec/cart_spec.rb:14 # Cart has a name", "rspec './spec/cart_spec.rb[1:2]' # Cart adds" */
static bool hint_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, title, where;
	struct place place = {0};
	struct failure *failure;

	if (!str_skip(&text, "rspec ") || !str_split(text, " # ", &where, &title) ||
	    str_has(where, " "))
		return false;
	if (str_skip(&where, "'"))
		(void)str_split(where, "[", &place.file, NULL);
	else if (!place_take(&where, &place) || where.size)
		return false;
	if (!place.file.size || !place_ends(place.file, ".rb .feature"))
		return false;
	title = str_trim(title);
	place_known(s, title, &place);
	failure = findings_failure(f, KIND_ASSERTION, WEIGHT_SUMMARY, line->number);
	failure->language = "ruby";
	failure->tool = "rspec";
	failure->test = findings_text(failure, title);
	failure->message = findings_text(failure, title);
	place_set(failure, &place);
	findings_test_failed(f, title);
	return true;
}

/* "An error occurred while loading ./spec/bad_spec.rb." and "... in a `before(:suite)` hook." */
static bool outside_line(struct state *s, const struct line *line, struct findings *f)
{
	if (!str_starts(line->text, "An error occurred while loading ") &&
	    !(str_starts(line->text, "An error occurred in a") && str_has(line->text, "hook")))
		return false;
	finish(s, f);
	begin(s, line, STR_NONE);
	s->told = true;
	s->pending = false;
	keep(&s->message, line->text);
	return true;
}

static bool ends_list(struct str text)
{
	return str_starts(text, "Finished in ") || str_starts(text, "Failed examples:") ||
	       str_starts(text, "Top ") || str_starts(text, "Randomized with seed ");
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = str_trim_right(line->text);

	if (str_is(text, "Failures:") || str_starts(text, "Pending: (Failures listed here ")) {
		finish(s, f);
		s->stage = STAGE_LIST;
		s->pending = str_starts(text, "Pending: ");
		s->number = 0;
		s->list_line = line->number;
	} else if (outside_line(s, line, f)) {
		s->list_line = line->number;
	} else if (hint_line(s, line, f) || counts_line(line, f) || ends_list(text) ||
		   line->mark == MARK_GROUP || line->number - s->list_line > LIST_LINES_MAX) {
		finish(s, f);
		s->stage = STAGE_NONE;
		s->pending = false;
	} else if (!item_line(s, line, f) && s->stage >= STAGE_TITLE) {
		inside(s, line, f);
	}
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "  1) ", "Pending: (Failures listed here ", " example, ", " examples, ", "rspec ./", "rspec '",
	"An error occurred while loading ", "An error occurred in a", NULL };

static const char *const shop[] = { "lib/cart.rb", "spec/cart_spec.rb", "spec/bad_spec.rb", NULL };

static const struct reading examples[] = {
	{
		.name = "an error in the project, and one with a cause",
		.files = shop,
		.log =
		"FF.*\n"
		"\n"
		"Pending: (Failures listed here are expected and do not affect your suite's"
		" status)\n"
		"\n"
		"  1) Cart skipped\n"
		"     # Temporarily skipped with xit\n"
		"     # ./spec/cart_spec.rb:27\n"
		"\n"
		"Failures:\n"
		"\n"
		"  1) Cart has a name\n"
		"     Failure/Error: @owner.name\n"
		"\n"
		"     NoMethodError:\n"
		"       undefined method `name' for nil:NilClass\n"
		"\n"
		"           @owner.name\n"
		"                 ^^^^^\n"
		"     # ./lib/cart.rb:8:in `name'\n"
		"     # ./spec/cart_spec.rb:15:in `block (2 levels) in <top (required)>'\n"
		"\n"
		"  2) Cart loads\n"
		"     Failure/Error: raise CartError, \"cannot load #{path}\"\n"
		"\n"
		"     CartError:\n"
		"       cannot load x\n"
		"     # ./lib/cart.rb:13:in `rescue in load'\n"
		"     # ./lib/cart.rb:10:in `load'\n"
		"     # ./spec/cart_spec.rb:18:in `block (2 levels) in <top (required)>'\n"
		"     # ------------------\n"
		"     # --- Caused by: ---\n"
		"     # ArgumentError:\n"
		"     #   invalid value for Integer(): \"x\"\n"
		"     #   ./lib/cart.rb:11:in `Integer'\n"
		"\n"
		"Finished in 0.06268 seconds (files took 0.38071 seconds to load)\n"
		"4 examples, 2 failures, 1 pending\n"
		"\n"
		"Failed examples:\n"
		"\n"
		"rspec ./spec/cart_spec.rb:14 # Cart has a name\n"
		"rspec ./spec/cart_spec.rb:17 # Cart loads\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "ruby", .tool = "rspec",
			    .type = "NoMethodError", .file = "lib/cart.rb", .line = 8,
			    .message = "undefined method `name' for nil:NilClass",
			    .function = "name", .test = "Cart has a name", .error_line = 15 },
		.run = 3, .failed = 2,
	},
	{
		.name = "an expectation, several in one example, and one that passes by now",
		.files = shop,
		.log =
		"FFF\n"
		"\n"
		"Failures:\n"
		"\n"
		"  1) Cart adds\n"
		"     Failure/Error: expect(Cart.new([{price: 3}]).total).to eq(4)\n"
		"\n"
		"       expected: 4\n"
		"            got: 3\n"
		"\n"
		"       (compared using ==)\n"
		"     # ./spec/cart_spec.rb:4:in `block (2 levels) in <top (required)>'\n"
		"\n"
		"  2) Cart aggregates\n"
		"     Got 2 failures:\n"
		"\n"
		"     2.1) Failure/Error: expect(1).to eq 2\n"
		"\n"
		"            expected: 2\n"
		"                 got: 1\n"
		"\n"
		"            (compared using ==)\n"
		"          # ./spec/cart_spec.rb:30:in `block (2 levels) in <top (required)>'\n"
		"\n"
		"     2.2) Failure/Error: expect(3).to eq 4\n"
		"\n"
		"            expected: 4\n"
		"                 got: 3\n"
		"\n"
		"            (compared using ==)\n"
		"          # ./spec/cart_spec.rb:31:in `block (2 levels) in <top (required)>'\n"
		"\n"
		"  3) Cart fixed now FIXED\n"
		"     Expected pending 'was broken' to fail. No error was raised.\n"
		"     # ./spec/cart_spec.rb:34\n"
		"\n"
		"Finished in 0.06 seconds (files took 0.38 seconds to load)\n"
		"3 examples, 3 failures\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "rspec", .message = "expected: 4, got: 3",
			    .file = "spec/cart_spec.rb", .line = 4, .test = "Cart adds",
			    .error_line = 8 },
		.run = 3, .failed = 3,
	},
	{
		.name = "a file that cannot be loaded",
		.files = shop,
		.log =
		"\n"
		"An error occurred while loading ./spec/bad_spec.rb. - Did you mean?\n"
		"                    rspec ./spec/hook_spec.rb\n"
		"                    rspec ./spec/cart_spec.rb\n"
		"\n"
		"Failure/Error: require \"not_there\"\n"
		"\n"
		"LoadError:\n"
		"  cannot load such file -- not_there\n"
		"# ./spec/bad_spec.rb:1:in `<top (required)>'\n"
		"\n"
		"\n"
		"Finished in 0.00008 seconds (files took 0.41919 seconds to load)\n"
		"0 examples, 0 failures, 1 error occurred outside of examples\n",
		.expect = { .kind = KIND_DEPENDENCY, .type = "LoadError", .tool = "rspec",
			    .message = "cannot load such file -- not_there",
			    .file = "spec/bad_spec.rb", .line = 1, .error_line = 9 },
	},
	{
		.name = "only the hint how to run it again",
		.files = shop,
		.log =
		"11 examples, 1 failure\n\nFailed examples:\n\n"
		"rspec ./spec/cart_spec.rb:7 # Cart#total is zero for nothing\n",
		.expect = { .kind = KIND_ASSERTION, .tool = "rspec", .file = "spec/cart_spec.rb",
			    .line = 7, .test = "Cart#total is zero for nothing" },
		.run = 11, .failed = 1,
	},
	{
		.name = "frames of a gem only",
		.files = shop,
		.log =
		"Failures:\n\n  1) Cart waits\n     Failure/Error: visit \"/\"\n\n"
		"     Timeout::Error:\n       execution expired\n"
		"     # /opt/gems/browser-1.0/lib/browser.rb:8:in `visit'\n\n"
		"Finished in 1 second (files took 0.3 seconds to load)\n1 example, 1 failure\n\n"
		"Failed examples:\n\nrspec ./spec/cart_spec.rb:60 # Cart waits\n",
		.expect = { .kind = KIND_TIMEOUT, .type = "Timeout::Error",
			    .message = "execution expired", .test = "Cart waits",
			    .file = "spec/cart_spec.rb", .line = 60, .error_line = 7 },
		.run = 1, .failed = 1,
	},
	{
		.name = "all is well",
		.log = "Run options: include {:full_description=>/is\\ fine/}\n.\n\n"
			"Finished in 0.00185 seconds (files took 0.24795 seconds to load)\n"
			"1 example, 0 failures\n",
		.nothing = true,
		.run = 1, .failed = 0,
	},
	{0}
};

const struct reader reader_rspec = {
	.name = "rspec",
	.language = "ruby",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

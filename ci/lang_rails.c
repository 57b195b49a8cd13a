/*
 * Exceptions that Rails and Rack logged: "Type (message):", a gap, and frames without "from". A
 * request's error in a log is seldom what made a job fail, so it is only a hint.
 */
#include "ci/ruby.h"

enum { GAP_LINES_MAX = 8, FRAME_LINES_MAX = 1000 };

struct state {
	struct failure *failure;
	struct kept type, message, prefix;
	unsigned long first, last;
	bool pending;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Loggers stamp every line; digits may differ. */
static struct str without_prefix(const struct state *s, struct str text)
{
	struct str prefix = kept_str(&s->prefix);

	if (text.size < prefix.size)
		return text;
	for (size_t i = 0; i < prefix.size; i++)
		if (prefix.at[i] != text.at[i] &&
		    !(is_digit(prefix.at[i]) && is_digit(text.at[i])))
			return text;
	return str_from(text, prefix.size);
}

/* "NoMethodError (undefined method `x' for nil):", perhaps behind what the logger put there. */
static bool logged_head(struct state *s, const struct line *line)
{
	struct str text = str_trim_right(line->text), type, message, prefix = STR_NONE;

	if (!str_chop(&text, "):") || str_indent(text) || !str_split(text, " (", &type, &message))
		return false;
	if (str_split_last(type, " ", &prefix, &type) && !str_ends(str_trim_right(prefix), ":") &&
	    !str_ends(str_trim_right(prefix), "]"))
		return false;
	if (!ruby_is_type(type) || (!str_has(type, "::") && !place_ends(type, "Error Exception")))
		return false;
	s->first = s->last = line->number;
	s->pending = true;
	keep(&s->prefix, prefix.size ? str_slice(line->text, 0, prefix.size + 1) : STR_NONE);
	keep(&s->type, type);
	keep(&s->message, message);
	return true;
}

static bool frame_line(struct state *s, const struct line *line, struct str text,
		       struct findings *f)
{
	if (line->number - s->first > FRAME_LINES_MAX || !ruby_is_bare_frame(text))
		return false;
	if (!s->failure) {
		s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_HINT, s->first);
		s->failure->language = "ruby";
		s->failure->tool = "rails";
		ruby_set_error(s->failure, kept_str(&s->type), kept_str(&s->message), s->first);
	}
	ruby_add_bare_frame(s->failure, text);
	s->last = line->number;
	return true;
}

/* Below it a gap, perhaps the lines of a template, then the frames. */
static bool logged_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = without_prefix(s, line->text), trimmed = str_trim(text), type, message;
	unsigned long n;

	if (line->mark == MARK_ERROR && s->failure)
		return true;
	if (frame_line(s, line, text, f))
		return true;
	if (s->failure || line->number - s->first > GAP_LINES_MAX)
		return false;
	return !trimmed.size || str_is(trimmed, "Causes:") ||
	       (str_take_number(&trimmed, &n) && str_starts(trimmed, ":")) ||
	       (str_ends(trimmed, ")") && str_split(trimmed, " (", &type, &message) &&
		ruby_is_type(type));
}

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		findings_block(f, "ruby", s->first, s->last);
	}
	s->failure = NULL;
	s->pending = false;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->pending && logged_line(s, line, f))
		return AWAKE;
	finish(s, f);
	return logged_head(s, line) ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

/* Few exceptions have another name; "):" alone is in every second line of Python. */
static const char *const wake[] = { "Error (", "Exception (", "ActiveRecord::", "ActionController::",
	"ActionDispatch::", "ActionView::", "ActiveModel::", "ActiveJob::", NULL };

static const char *const shop[] = { "app/controllers/carts_controller.rb", "app/models/cart.rb",
	NULL };

/* In the form of ActionDispatch::DebugExceptions and of the logger; the program is our own. */
static const struct reading examples[] = {
	{
		.name = "an exception in a controller",
		.files = shop,
		.log =
		"Completed 500 Internal Server Error in 12ms (ActiveRecord: 1.0ms)\n"
		"  \n"
		"NoMethodError (undefined method `total' for nil:NilClass):\n"
		"  \n"
		"app/models/cart.rb:5:in `total'\n"
		"app/controllers/carts_controller.rb:9:in `show'\n"
		"Started GET \"/\" for 127.0.0.1\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "ruby", .tool = "rails",
			    .type = "NoMethodError",
			    .message = "undefined method `total' for nil:NilClass",
			    .file = "app/models/cart.rb", .line = 5, .function = "total",
			    .error_line = 3 },
	},
	{
		.name = "gems, a logger's head on every line, and a missing route",
		.log =
		"F, [2026-03-04T05:06:07.111222 #42] FATAL -- : ActionController::RoutingError "
		"(No route matches [GET] \"/carts/1\"):\n"
		"F, [2026-03-04T05:06:07.111333 #42] FATAL -- :   \n"
		"F, [2026-03-04T05:06:07.111444 #42] FATAL -- : railties (7.1.0) "
		"lib/rails/rack/logger.rb:36:in `call_app'\n"
		"F, [2026-03-04T05:06:07.111555 #42] FATAL -- : puma (6.4.0) "
		"lib/puma/server.rb:301:in `block in run'\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "ActionController::RoutingError",
			    .message = "No route matches [GET] \"/carts/1\"", .error_line = 1 },
	},
	{
		.name = "a sentence about an error",
		.log = "this raises a CartError (see the guide):\n  cart.total\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_rails = {
	.name = "rails",
	.language = "ruby",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

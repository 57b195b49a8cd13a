/*
 * PHP at run time: exceptions with their stack trace (uncaught, or printed), fatal and parse errors
 * in the form of the log and of the screen, and the box in which Symfony's console shows an
 * exception. Reports of PHPUnit and PHPStan are read elsewhere.
 */
#include "ci/php.h"

enum { MESSAGE_LINES_MAX = 40, BOX_LINES_MAX = 30 };
enum stage { STAGE_NONE, STAGE_MESSAGE, STAGE_HEAD, STAGE_FRAMES, STAGE_BOX };

struct state {
	enum stage stage;
	struct failure *failure;
	struct kept type, message, file;
	unsigned long at_line;		/* of the file: where the next frame's function was left */
	unsigned long first, last, error_line;
	unsigned frames;
	bool fatal;			/* uncaught; without it a stack trace must follow */
	bool chained;			/* "Next ..." may follow */
};

/* "exception 'X' with message 'm" and "X: m", the place being cut off. */
static bool error_of(struct str text, struct str *type, struct str *message)
{
	struct str before = STR_NONE, after = STR_NONE;

	if (str_skip(&text, "exception '")) {
		if (!str_split(text, "' with message '", type, message)) {
			str_chop(&text, "'");
			*type = text;
			*message = STR_NONE;
		}
		str_chop(message, "'");
		return php_is_type(*type);
	}
	if (str_split(text, ": ", &before, &after)) {
		*type = before;
		*message = after;
	} else {
		*type = text;
		str_chop(type, ":");
		*message = STR_NONE;
	}
	return php_is_type(*type);
}

static void begin(struct state *s, const struct line *line, struct findings *f)
{
	s->failure = findings_failure(f, KIND_EXCEPTION, s->fatal ? WEIGHT_TRACE :
						 WEIGHT_DIAGNOSTIC, s->first);
	s->failure->language = "php";
	s->failure->tool = "php";
	php_set_error(s->failure, kept_str(&s->type), kept_str(&s->message), s->error_line);
	s->last = line->number;
	s->frames = 0;
}

/* The last place of a trace that has one frame only, or none at all. */
static void flush_place(struct state *s, struct str function)
{
	struct place place = { .file = kept_str(&s->file), .line = s->at_line };

	if (place.file.size || s->frames)
		trace_frame(s->failure, &place, function);
	s->file.size = 0;
}

static void finish(struct state *s, struct findings *f)
{
	if (s->failure && s->stage != STAGE_BOX) {
		flush_place(s, STR_NONE);
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		findings_block(f, "php", s->first, s->last);
	}
	s->failure = NULL;
	s->stage = STAGE_NONE;
	s->chained = false;
}

/* An exception's first line; its place may only come with the last line of the message. */
static bool take_error(struct state *s, const struct line *line, struct str text)
{
	struct place place = {0};
	bool placed = php_chop_place(&text, &place);
	struct str type, message;

	if (!error_of(text, &type, &message) || (!placed && !s->fatal))
		return false;
	keep(&s->type, type);
	keep(&s->message, message);
	keep(&s->file, place.file);
	s->at_line = place.line;
	s->error_line = line->number;
	s->stage = placed ? STAGE_HEAD : STAGE_MESSAGE;
	return true;
}

static const struct {
	const char *start, *type;
	enum kind kind;
} errors[] = {
	{ "Fatal error: ", "Fatal error", KIND_EXCEPTION },
	{ "Parse error: ", "Parse error", KIND_COMPILE },
};

/* "PHP Parse error:  syntax error, ... in /x/a.php on line 2": one line says it all. */
static bool plain_error(const struct line *line, struct str text, size_t which, struct findings *f)
{
	struct place place;
	struct failure *failure;

	if (!php_chop_place(&text, &place))
		return false;
	failure = findings_failure(f, errors[which].kind, WEIGHT_TRACE, line->number);
	failure->language = "php";
	failure->tool = "php";
	php_set_error(failure, str_of(errors[which].type), text, line->number);
	place_set(failure, &place);
	findings_diagnostic(f, "php", place.file, place.line, 0, SEVERITY_ERROR,
			    str_of(errors[which].type), str_trim(text));
	return true;
}

/* "PHP Fatal error:  Uncaught ..." in a log, "Fatal error: Uncaught ..." on a screen */
static bool error_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str rest;

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (!str_split(line->text, errors[i].start, NULL, &rest))
			continue;
		rest = str_trim(rest);
		if (!str_skip(&rest, "Uncaught "))
			return plain_error(line, rest, i, f);
		s->fatal = true;
		return take_error(s, line, rest);
	}
	return false;
}

/* "In Cart.php line 8:", then the message in a box of blanks */
static bool box_line(struct state *s, const struct line *line)
{
	struct str text = line->text, file, number;
	unsigned long n;

	if (!str_skip(&text, "In ") || !str_chop(&text, ":") ||
	    !str_split(text, " line ", &file, &number) || !str_number(number, &n) ||
	    !str_ends(file, ".php") || str_char(file, ' ') >= 0)
		return false;
	keep(&s->file, file);
	s->at_line = n;
	s->message.size = s->type.size = 0;
	s->fatal = true;
	s->stage = STAGE_BOX;
	return true;
}

static void start(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;

	s->first = s->last = line->number;
	s->fatal = false;
	if (error_line(s, line, f) || box_line(s, line) || str_indent(text))
		return;
	if (!take_error(s, line, text))
		s->stage = STAGE_NONE;
}

/* "#0 /x/Cart.php(8): Shop\Cart->mean()": the place where it was called, and what. */
static bool frame_of(struct str text, struct place *place, struct str *function)
{
	struct str where = STR_NONE, call, number;
	unsigned long n;

	*place = (struct place){0};
	if (!str_skip(&text, "#") || !str_take_number(&text, &n) || !str_skip(&text, " "))
		return false;
	if (str_is(text, "{main}")) {
		*function = text;
		return true;
	}
	if (!str_split(text, ": ", &where, &call))
		return false;
	if (str_chop(&where, ")") && str_split_last(where, "(", &place->file, &number) &&
	    !str_number(number, &place->line))
		return false;
	(void)str_split(call, "(", &call, NULL);
	*function = call;
	return true;
}

/* A built-in function that throws has its caller's place: the first frame says that twice. */
static void add_frame(struct state *s, const struct place *place, struct str function)
{
	bool twice = !s->frames && place->line == s->at_line &&
		     str_equal(place->file, kept_str(&s->file));

	if (!twice)
		flush_place(s, function);
	keep(&s->file, place->file);
	s->at_line = place->line;
	s->frames++;
}

static bool message_line(struct state *s, const struct line *line)
{
	struct str text = line->text;
	struct place place;

	if (line->number - s->error_line > MESSAGE_LINES_MAX || line->mark == MARK_GROUP)
		return false;
	if (php_chop_place(&text, &place)) {
		keep(&s->file, place.file);
		s->at_line = place.line;
		s->stage = STAGE_HEAD;
	}
	return true;
}

static bool head_line(struct state *s, const struct line *line, struct findings *f)
{
	if (str_is(str_trim_right(line->text), "Stack trace:")) {
		begin(s, line, f);
		s->stage = STAGE_FRAMES;
		return true;
	}
	if (s->fatal) {		/* without a trace */
		s->stage = STAGE_FRAMES;
		begin(s, line, f);
		s->last = s->error_line;
	}
	return false;
}

/* "Next X: m in FILE:9" behind a blank line: thrown while the one above was handled. */
static bool next_line(struct state *s, const struct line *line)
{
	struct str text = line->text;

	if (!s->chained || !str_skip(&text, "Next "))
		return false;
	trace_turn(s->failure);
	s->failure->last_line = s->last;
	s->failure->weight = WEIGHT_HINT;
	if (!take_error(s, line, text))
		return false;
	s->failure = NULL;
	s->chained = false;
	return true;
}

static bool frames_line(struct state *s, const struct line *line)
{
	struct str text = str_trim_right(line->text), function;
	struct place place;

	if (line->mark == MARK_ERROR)
		return true;
	if (!text.size && line->number == s->last + 1)
		return s->chained;
	if (next_line(s, line))
		return true;
	if (str_starts(text, "  thrown in ")) {
		s->last = line->number;
		return false;
	}
	if (line->number - s->first > BLOCK_LINES_MAX / 2 || !frame_of(text, &place, &function))
		return false;
	add_frame(s, &place, function);
	s->chained = str_is(function, "{main}");
	s->last = line->number;
	return true;
}

static bool in_box(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text);
	struct place place = { .file = kept_str(&s->file), .line = s->at_line };

	if (str_starts(text, "[") && str_ends(text, "]") && !s->type.size) {
		keep(&s->type, str_slice(text, 1, text.size - 2));	/* with -v */
		return true;
	}
	if (!text.size)
		return line->number - s->first < BOX_LINES_MAX;
	if (!str_indent(line->text))
		return false;
	keep(&s->message, text);
	s->error_line = line->number;
	begin(s, line, f);
	place_set(s->failure, &place);
	s->failure->last_line = line->number;
	return false;
}

static bool inside(struct state *s, const struct line *line, struct findings *f)
{
	switch (s->stage) {
	case STAGE_NONE:
		break;
	case STAGE_MESSAGE:
		return message_line(s, line);
	case STAGE_HEAD:
		return head_line(s, line, f);
	case STAGE_FRAMES:
		return frames_line(s, line);
	case STAGE_BOX:
		return in_box(s, line, f);
	}
	return false;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	bool ended;

	if (inside(s, line, f))
		return AWAKE;
	ended = s->stage == STAGE_FRAMES && s->last == line->number;	/* "thrown in" */
	finish(s, f);
	if (!ended)
		start(s, line, f);
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "Fatal error: ", "Parse error: ", "exception '", ".php:",
	".php line ", NULL };

static const char *const shop[] = { "src/Cart.php", "run.php", NULL };

static const struct reading examples[] = {
	{
		.name = "an uncaught exception, in the log and on the screen",
		.files = shop,
		.log =
		"starting\n"
		"PHP Fatal error:  Uncaught DivisionByZeroError: Division by zero in "
		"/home/runner/work/shop/shop/src/Cart.php:8\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/src/Cart.php(8): intdiv()\n"
		"#1 /home/runner/work/shop/shop/run.php(3): Shop\\Cart->mean()\n"
		"#2 /home/runner/work/shop/shop/run.php(5): run()\n"
		"#3 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Cart.php on line 8\n"
		"\n"
		"Fatal error: Uncaught DivisionByZeroError: Division by zero in "
		"/home/runner/work/shop/shop/src/Cart.php:8\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/src/Cart.php(8): intdiv()\n"
		"#1 /home/runner/work/shop/shop/run.php(3): Shop\\Cart->mean()\n"
		"#2 /home/runner/work/shop/shop/run.php(5): run()\n"
		"#3 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Cart.php on line 8\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "php", .tool = "php",
			    .type = "DivisionByZeroError", .message = "Division by zero",
			    .file = "src/Cart.php", .line = 8, .function = "Shop\\Cart->mean",
			    .error_line = 2 },
	},
	{
		.name = "an exception thrown while another was handled",
		.files = shop,
		.log =
		"PHP Fatal error:  Uncaught DivisionByZeroError: Division by zero in "
		"/home/runner/work/shop/shop/src/Cart.php:8\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/src/Cart.php(8): intdiv()\n"
		"#1 /home/runner/work/shop/shop/src/Cart.php(12): Shop\\Cart->mean()\n"
		"#2 /home/runner/work/shop/shop/run.php(3): Shop\\Cart->load()\n"
		"#3 {main}\n"
		"\n"
		"Next Shop\\CartError: cannot load x1 in "
		"/home/runner/work/shop/shop/src/Cart.php:13\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/run.php(3): Shop\\Cart->load()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/Cart.php on line 13\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "Shop\\CartError",
			    .message = "cannot load x1", .file = "src/Cart.php", .line = 13,
			    .function = "Shop\\Cart->load", .error_line = 8 },
	},
	{
		.name = "a message of many lines, behind the program's own output",
		.files = shop,
		.log =
		"ArrayPHP Fatal error:  Uncaught Exception: first\nsecond\n\n"
		"third in /home/runner/work/shop/shop/run.php:4\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/run.php(5): g()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/run.php on line 4\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "Exception", .message = "first",
			    .file = "run.php", .line = 4, .function = "g", .error_line = 1 },
	},
	{
		.name = "the form of PHP 5, printed by the program",
		.files = shop,
		.log =
		"exception 'Exception' with message 'no items' in "
		"/home/runner/work/shop/shop/src/Cart.php:8\n"
		"Stack trace:\n"
		"#0 [internal function]: Cart->{closure}()\n"
		"#1 /home/runner/work/shop/shop/run.php(5): array_map(Object(Closure), Array)\n"
		"#2 {main}\n"
		"after\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "Exception", .message = "no items",
			    .file = "src/Cart.php", .line = 8, .function = "Cart->{closure}",
			    .error_line = 1 },
	},
	{
		.name = "a syntax error",
		.files = shop,
		.log =
		"PHP Parse error:  syntax error, unexpected token \"{\", expecting variable in "
		"/home/runner/work/shop/shop/run.php on line 2\n",
		.expect = { .kind = KIND_COMPILE, .type = "Parse error", .file = "run.php",
			    .message = "syntax error, unexpected token \"{\", expecting variable",
			    .line = 2, .error_line = 1 },
	},
	{
		.name = "out of time",
		.files = shop,
		.log =
		"PHP Fatal error:  Maximum execution time of 1 second exceeded in "
		"/home/runner/work/shop/shop/run.php on line 2\n",
		.expect = { .kind = KIND_TIMEOUT, .type = "Fatal error", .file = "run.php",
			    .message = "Maximum execution time of 1 second exceeded", .line = 2,
			    .error_line = 1 },
	},
	{
		.name = "in the box of Symfony's console",
		.log =
		"\nIn JsonFile.php line 347:\n"
		"                                                 \n"
		"  \"./composer.json\" does not contain valid JSON  \n"
		"  Parse error on line 1:                         \n"
		"  {\"require\":{                                   \n"
		"                                                 \n\n",
		.expect = { .kind = KIND_CONFIG, .file = "JsonFile.php", .line = 347,
			    .message = "\"./composer.json\" does not contain valid JSON",
			    .error_line = 4 },
	},
	{
		.name = "warnings only, and a place in a sentence",
		.log =
		"PHP Warning:  Undefined variable $undef in /home/runner/work/shop/run.php on "
		"line 2\nNote: as said in src/Cart.php:8\nStack trace of nothing\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_php = {
	.name = "php",
	.language = "php",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

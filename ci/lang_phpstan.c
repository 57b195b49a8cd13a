/*
 * PHPStan's table: a head with the file, then rows of a line number and a message that may be
 * wrapped, its identifier below it. Tips are left out; errors of no file have a table of their own.
 */
#include "ci/trace.h"

enum { TABLE_LINES_MAX = 20000 };
enum stage { STAGE_NONE, STAGE_HEAD, STAGE_ROWS };

struct state {
	enum stage stage;
	struct kept file, message, code;
	unsigned long at_line, row, since;
	bool rowed;			/* a row is open */
	bool tipped;			/* its message is over */
	bool generic;			/* errors of no file */
};

static void flush_row(struct state *s, struct findings *f)
{
	struct place place = { .file = kept_str(&s->file), .line = s->at_line };
	struct failure *failure;

	if (!s->rowed)
		return;
	s->rowed = false;
	failure = findings_failure(f, KIND_LINT, WEIGHT_DIAGNOSTIC, s->row);
	failure->language = "php";
	failure->tool = "phpstan";
	failure->type = findings_text(failure, kept_str(&s->code));
	failure->message = findings_text(failure, kept_str(&s->message));
	if (!place.file.size)
		return;
	place_set(failure, &place);
	findings_diagnostic(f, "phpstan", place.file, place.line, 0, SEVERITY_ERROR,
			    kept_str(&s->code), kept_str(&s->message));
}

/* " ------ ---------" */
static bool is_rule(struct str text)
{
	text = str_trim(text);
	if (text.size < 5)
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] != '-' && text.at[i] != ' ')
			return false;
	return true;
}

/* "  Line   src/Cart.php", "  Line   src/Total.php (in context of class Shop\Cart)" */
static bool head_line(struct state *s, const struct line *line)
{
	struct str text = line->text, file;

	if (str_starts(text, "  Error   ") && str_is(str_trim(text), "Error")) {
		s->generic = true;
		s->file.size = 0;
	} else if (str_skip(&text, "  Line   ")) {
		file = str_trim(text);
		(void)str_split(file, " (in context of ", &file, NULL);
		s->generic = false;
		keep(&s->file, file);
	} else {
		return false;
	}
	s->stage = STAGE_HEAD;
	s->since = line->number;
	return true;
}

static void append(struct state *s, struct str text)
{
	size_t room = sizeof(s->message.at) - s->message.size;

	if (s->message.size && room > 1) {
		s->message.at[s->message.size++] = ' ';
		room--;
	}
	text = str_slice(text, 0, room);
	if (text.size)
		memcpy(s->message.at + s->message.size, text.at, text.size);
	s->message.size = (unsigned short)(s->message.size + text.size);
}

static void open_row(struct state *s, const struct line *line, unsigned long at, struct str message)
{
	s->message.size = s->code.size = 0;
	s->at_line = at;
	s->row = line->number;
	s->rowed = true;
	s->tipped = false;
	append(s, message);
}

/* An identifier stands behind a symbol of a card, a tip behind one of a lamp: no ASCII starts them. */
static void more_of_row(struct state *s, struct str text)
{
	struct str word = text;

	if ((unsigned char)text.at[0] >= 0xf0 && str_char(text, ' ') > 0) {
		(void)take_word(&word);
		if (!s->code.size && str_char(word, ' ') < 0 && str_char(word, '.') > 0)
			keep(&s->code, word);
		s->tipped = true;
	} else if (!s->tipped && s->rowed) {
		append(s, text);
	}
}

static bool row_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), rest = text;
	unsigned long at;

	if (line->mark == MARK_ERROR)	/* PHPStan prints annotations too */
		return true;
	if (!str_indent(line->text) || !text.size || line->number - s->since > TABLE_LINES_MAX)
		return false;
	if (s->generic && str_indent(line->text) == 2) {
		flush_row(s, f);
		open_row(s, line, 0, text);
	} else if (!s->generic && str_indent(line->text) == 2 && str_take_number(&rest, &at) &&
		   str_starts(rest, " ")) {
		flush_row(s, f);
		open_row(s, line, at, str_trim(rest));
	} else {
		more_of_row(s, text);
	}
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (is_rule(line->text) && str_indent(line->text) == 1) {
		flush_row(s, f);
		s->stage = s->stage == STAGE_HEAD && s->since + 1 == line->number &&
			   (s->file.size || s->generic) ? STAGE_ROWS : STAGE_HEAD;
		if (s->stage == STAGE_HEAD) {
			s->file.size = 0;
			s->generic = false;
		}
		s->since = line->number;
		return AWAKE;
	}
	if (s->stage != STAGE_ROWS && head_line(s, line))
		return AWAKE;
	if (s->stage == STAGE_ROWS && row_line(s, line, f))
		return AWAKE;
	flush_row(s, f);
	s->stage = STAGE_NONE;
	s->file.size = 0;
	return ASLEEP;
}

static void end(void *state, struct findings *f)
{
	flush_row(state, f);
}

static const char *const wake[] = { " ------ ---", "  Line   ", "  Error   ", NULL };

static const char *const shop[] = { "src/Cart.php", NULL };

/* In the form of its table formatter; the messages are about our own program. */
static const struct reading examples[] = {
	{
		.name = "two files",
		.files = shop,
		.log =
		" 2/2 [============================] 100%\n\n"
		" ------ ----------------------------------------------------------------- \n"
		"  Line   src/Cart.php                                                      \n"
		" ------ ----------------------------------------------------------------- \n"
		"  8      Method Shop\\Cart::mean() has no return type specified and is used \n"
		"         in a place that wants one.                                        \n"
		"         \xf0\x9f\xaa\xaa  missingType.return                                \n"
		"         \xf0\x9f\x92\xa1 Learn more about it.                               \n"
		"  14     Call to an undefined method Shop\\Cart::totl().                    \n"
		" ------ ----------------------------------------------------------------- \n\n"
		" ------ --------------- \n"
		"  Line   src/Owner.php  \n"
		" ------ --------------- \n"
		"  1      Foo            \n"
		" ------ --------------- \n\n"
		" [ERROR] Found 3 errors\n\n",
		.expect = { .kind = KIND_LINT, .language = "php", .tool = "phpstan",
			    .type = "missingType.return", .file = "src/Cart.php", .line = 8,
			    .message = "Method Shop\\Cart::mean() has no return type specified and "
				       "is used in a place that wants one.", .error_line = 6 },
	},
	{
		.name = "an error of no file",
		.log =
		" -----------------------------\n"
		"  Error                      \n"
		" -----------------------------\n"
		"  Ignored error pattern was not matched in reported errors.\n"
		" -----------------------------\n\n"
		" [ERROR] Found 1 error\n\n",
		.expect = { .kind = KIND_LINT, .tool = "phpstan", .error_line = 4,
			    .message = "Ignored error pattern was not matched in reported errors." },
	},
	{
		.name = "no errors, and a table of something else",
		.log =
		" ----------- ------\n  Name        Size\n ----------- ------\n"
		"  8           9\n ----------- ------\n\n [OK] No errors\n\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_phpstan = {
	.name = "phpstan",
	.language = "php",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

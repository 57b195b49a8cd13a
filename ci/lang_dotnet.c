/*
 * Exceptions of .NET programs (C#, F#, Visual Basic; .NET, .NET Framework, Mono) with their traces. Of
 * a chain the innermost exception is the cause. Failed tests have their own reader, which takes the
 * traces below "Stack Trace:".
 */
#include "ci/dotnet.h"

enum { MESSAGE_LINES_MAX = 12, STRANGERS_MAX = 3 };

struct state {
	struct failure *failure;
	struct kept type, message;
	unsigned long first, last, error_line;
	unsigned waited, strangers;
	bool pending;			/* a header; its frames have not come yet */
	bool announced;			/* the runtime itself says that the program died of it */
	bool framed;
	bool repeated;			/* the rest tells of the same or of further inner exceptions */
};

static const char *const announcements[] = { "Unhandled exception. ", "Unhandled Exception: ",
	"Unhandled exception: ", "[ERROR] FATAL UNHANDLED EXCEPTION: ", "Fatal error. ", NULL };

static bool is_type(struct str name, bool announced)
{
	struct str last = name;

	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    !strchr("._+`$[]", c))
			return false;
	}
	if (!str_split_last(name, ".", NULL, &last) && !announced)
		return false;
	if (name.size && name.at[0] >= 'a' && !announced)
		return false;		/* Java's packages are in small letters */
	return last.size && last.at[0] >= 'A' && last.at[0] <= 'Z' &&
	       (announced || str_ends(last, "Exception"));
}

/* "System.IO.IOException: message"; a logger may have put something before it. */
static bool split_header(struct str text, bool announced, struct str *type, struct str *message)
{
	struct str rest = text, piece, word;

	for (int tries = 0; tries < 4 && rest.size; tries++) {
		bool more = str_split(rest, ": ", &piece, &rest);

		if (!more) {
			piece = rest;
			rest = STR_NONE;
			(void)str_chop(&piece, ":");
		}
		word = piece;
		if (!announced || tries)
			(void)str_split_last(piece, " ", NULL, &word);
		if (is_type(word, announced && !tries)) {
			*type = word;
			*message = rest;
			return true;
		}
	}
	return false;
}

/* Of "Outer: one ---> Inner: two" the last one is the cause. */
static void keep_cause(struct state *s, struct str type, struct str message, unsigned long line)
{
	struct str inner;

	if (str_split_last(message, " ---> ", NULL, &inner))
		split_header(inner, true, &type, &message);
	keep(&s->type, type);
	keep(&s->message, message);
	s->error_line = line;
}

static enum kind kind_of(struct str type, struct str message)
{
	if (str_has(message, "Could not load file or assembly"))
		return KIND_DEPENDENCY;
	if (str_has(type, "OutOfMemory") || str_has(message, "No space left on device"))
		return KIND_RESOURCE;
	if (str_has(type, "UnauthorizedAccess"))
		return KIND_PERMISSION;
	if (str_has(type, "TimeoutException"))
		return KIND_TIMEOUT;
	return str_has(type, "Assert") || str_has(type, "Xunit.Sdk.") ? KIND_ASSERTION : KIND_EXCEPTION;
}

static void describe(struct state *s)
{
	s->failure->kind = kind_of(kept_str(&s->type), kept_str(&s->message));
	s->failure->type = findings_text(s->failure, kept_str(&s->type));
	s->failure->message = findings_text(s->failure, kept_str(&s->message));
	s->failure->error_line = s->error_line;
}

static void begin(struct state *s, struct findings *f)
{
	s->failure = findings_failure(f, KIND_EXCEPTION,
				      s->announced ? WEIGHT_TRACE : WEIGHT_FAILURE, s->first);
	s->failure->language = "c#";
	s->failure->tool = "dotnet";
	describe(s);
}

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		trace_turn(s->failure);
		s->failure->last_line = s->last;
		if (s->framed)
			findings_block(f, s->failure->language, s->first, s->last);
	}
	*s = (struct state){0};
}

/* What the runtime says of deaths that are no exceptions. */
static bool other_death(struct state *s, const struct line *line)
{
	struct str text = line->text;

	if (str_skip(&text, "Process terminated. "))
		keep(&s->type, str_starts(text, "Assertion") ? STR("Debug.Assert") : STR("FailFast"));
	else if (str_is(text, "Stack overflow.") || str_starts(text, "Process is terminating due to "
							       "StackOverflowException"))
		keep(&s->type, STR("System.StackOverflowException"));
	else
		return false;
	keep(&s->message, text);
	s->error_line = line->number;
	return true;
}

static bool header(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), type, message;
	bool announced = false;

	for (size_t i = 0; announcements[i] && !announced; i++)
		announced = str_skip(&text, announcements[i]);
	if (split_header(text, announced, &type, &message)) {
		finish(s, f);
		keep_cause(s, type, message, line->number);
	} else if (!announced && other_death(s, line)) {
		announced = true;
	} else {
		return false;
	}
	s->announced = announced;
	s->pending = true;
	s->first = s->last = line->number;
	if (s->announced)
		begin(s, f);
	return true;
}

/* Lines between frames: ends of parts, inner exceptions, repeated frames of a stack overflow. */
static bool joint(struct state *s, struct str text)
{
	if (str_starts(text, "---> ")) {
		s->repeated = s->framed;
		return true;
	}
	return str_starts(text, "--- End of ") || str_is(text, "<---") ||
	       (str_starts(text, "Repeat ") && str_ends(text, " times:")) ||
	       str_starts(text, "-----------------");
}

/* The message's further lines, and " ---> Inner: message" on a line of its own. */
static bool before_frames(struct state *s, const struct line *line, struct str text)
{
	struct str type, message;

	if (str_is(text, "Stack Trace:") || ++s->waited > MESSAGE_LINES_MAX)
		return false;
	if (str_skip(&text, "---> ") && split_header(text, true, &type, &message)) {
		keep_cause(s, type, message, line->number);
		if (s->failure)
			describe(s);
		s->waited = 0;
	}
	return true;
}

static bool inside(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), function;
	struct place place;

	if (line->number - s->first > BLOCK_LINES_MAX / 2)
		return false;
	if (dotnet_frame(text, &function, &place)) {
		if (!s->failure)
			begin(s, f);
		s->framed = true;
		if (!s->repeated)
			dotnet_add_frame(s->failure, &place, function);
		s->last = line->number;
		return true;
	}
	if (!s->framed)
		return before_frames(s, line, text);
	if (joint(s, text)) {
		s->last = line->number;
		return true;
	}
	/* The runner's own line may fall into a trace: two streams meet there. */
	return line->mark == MARK_ERROR && ++s->strangers <= STRANGERS_MAX;
}

/* Another exception's header, while the one before has shown no frame: that one was only told of. */
static bool replaced(struct state *s, const struct line *line, struct findings *f)
{
	struct str function;
	struct place place;

	return !s->framed && !s->announced && !str_starts(str_trim(line->text), "---> ") &&
	       !dotnet_frame(line->text, &function, &place) && header(s, line, f);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (s->pending) {
		if (replaced(s, line, f) || inside(s, line, f))
			return AWAKE;
		finish(s, f);
	}
	return header(s, line, f) ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "Exception: ", "Unhandled exception. ", "UNHANDLED EXCEPTION: ",
	"Process terminated. ", "Stack overflow.", "Fatal error. ", NULL };

static const char *const shop[] = { "src/Cart.cs", "src/Program.cs", "src/Program.fs", NULL };

static const struct reading examples[] = {
	{
		.name = ".NET, an inner exception",
		.files = shop,
		.log =
		"Unhandled exception. System.AggregateException: One or more errors occurred. (no price "
		"of tea)\n"
		" ---> System.InvalidOperationException: no price of tea\n"
		" ---> System.Collections.Generic.KeyNotFoundException: The given key 'tea' was not "
		"present in the dictionary.\n"
		"   at System.Collections.Generic.Dictionary`2.get_Item(TKey key)\n"
		"   at Shop.Cart.Price(String name) in /home/runner/work/shop/shop/src/Cart.cs:line 7\n"
		"   at Shop.Cart.<>c__DisplayClass2_0.<Total>b__0(String n) in "
		"/home/runner/work/shop/shop/src/Cart.cs:line 10\n"
		"   --- End of inner exception stack trace ---\n"
		"   at Shop.Cart.<Later>d__4.MoveNext() in /home/runner/work/shop/shop/src/Cart.cs:line 17"
		"\n"
		"--- End of stack trace from previous location ---\n"
		"   --- End of inner exception stack trace ---\n"
		"   at System.Threading.Tasks.Task.Wait(Int32 millisecondsTimeout, CancellationToken "
		"cancellationToken)\n"
		"   at Shop.Program.Main(String[] args) in "
		"/home/runner/work/shop/shop/src/Program.cs:line 24\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "c#", .tool = "dotnet",
			    .type = "System.Collections.Generic.KeyNotFoundException",
			    .message = "The given key 'tea' was not present in the dictionary.",
			    .file = "src/Cart.cs", .line = 7, .function = "Shop.Cart.Price",
			    .error_line = 3 },
	},
	{
		.name = "Mono tells everything twice",
		.files = shop,
		.log =
		"\n"
		"Unhandled Exception:\n"
		"System.InvalidOperationException: no price of tea ---> "
		"System.Collections.Generic.KeyNotFoundException: The given key 'tea' was not present "
		"in the dictionary.\n"
		"  at System.Collections.Generic.Dictionary`2[TKey,TValue].get_Item (TKey key) "
		"[0x00021] in <12b418a7818c4ca0893feeaaf67f1e7f>:0 \n"
		"  at Shop.Cart+<Total>c__AnonStorey1.<>m__0 (System.String n) [0x0000e] in "
		"/shop/src/Cart.cs:10 \n"
		"   --- End of inner exception stack trace ---\n"
		"  at Shop.Cart.Checked (System.String name) [0x0001d] in /shop/src/Cart.cs:15 \n"
		"[ERROR] FATAL UNHANDLED EXCEPTION: System.InvalidOperationException: no price of tea "
		"---> System.Collections.Generic.KeyNotFoundException: The given key 'tea' was not "
		"present in the dictionary.\n"
		"  at Shop.Cart+<Total>c__AnonStorey1.<>m__0 (System.String n) [0x0000e] in "
		"/shop/src/Cart.cs:10 \n",
		.expect = { .kind = KIND_EXCEPTION, .language = "c#", .file = "src/Cart.cs", .line = 10,
			    .type = "System.Collections.Generic.KeyNotFoundException",
			    .function = "Shop.Cart.Total" },
	},
	{
		.name = "a message of several lines",
		.files = shop,
		.log =
		"Unhandled exception. System.ArgumentException: two\nlines (Parameter 'args')\n"
		"   at Shop.Program.Main(String[] args) in /shop/src/Program.cs:line 27\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "System.ArgumentException",
			    .message = "two", .file = "src/Program.cs", .line = 27, .error_line = 1 },
	},
	{
		.name = "F#",
		.files = shop,
		.log = "Unhandled exception. System.Exception: no price\n"
		       "   at Program.price@5-1.Invoke(String name) in /shop/src/Program.fs:line 5\n"
		       "   at <StartupCode$shop>.$Program.main@() in /shop/src/Program.fs:line 9\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "f#", .file = "src/Program.fs",
			    .line = 5, .function = "Program.price.Invoke" },
	},
	{
		.name = "a logged exception, and the runner's line in its middle",
		.files = shop,
		.log = "fail: Shop.Worker[0]\n"
		       "      System.IO.FileNotFoundException: Could not load file or assembly "
		       "'Tax, Version=1.0.0.0'. The system cannot find the file specified.\n"
		       "         at Shop.Cart.Total() in /shop/src/Cart.cs:line 9\n"
		       "##[error]Process completed with exit code 134.\n"
		       "         at Shop.Program.Main(String[] args) in /shop/src/Program.cs:line 3\n",
		.expect = { .kind = KIND_DEPENDENCY, .type = "System.IO.FileNotFoundException",
			    .file = "src/Cart.cs", .line = 9, .error_line = 2 },
	},
	{
		.name = "a stack overflow",
		.files = shop,
		.log = "Stack overflow.\nRepeat 24000 times:\n--------------------------------\n"
		       "   at Shop.Cart.Total(System.String)\n--------------------------------\n"
		       "   at Shop.Program.Main(System.String[])\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "System.StackOverflowException",
			    .error_line = 1 },
	},
	{
		.name = "Java's traces are not ours, and a told exception is no failure",
		.log = "java.lang.IllegalStateException: x\n\tat shop.Cart.total(Cart.java:9)\n"
		       "note: catching System.Exception: is too broad\nnext\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "java", .error_line = 1 },
	},
	{0}
};

const struct reader reader_dotnet = {
	.name = "dotnet",
	.language = "c#",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

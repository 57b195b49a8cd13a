/*
 * Java exceptions: header, frames, and the chain of causes. The last "Caused by" is the cause; its
 * frames come last, those of the exceptions around it before them. Also the failed tests that
 * Surefire and Gradle announce right before an exception. Counts and compile errors are read
 * elsewhere.
 */
#include "ci/jvm.h"

enum { MESSAGE_LINES_MAX = 12, OUTER_FRAMES_MAX = 12, TEST_LINES_MAX = 4 };

struct state {
	struct failure *failure;
	struct kept type, message, test, class;
	unsigned long first, last, error_line, test_line;
	size_t segment;			/* where the frames of the current exception start */
	unsigned long header_line;	/* of a cause whose message may go on, or 0 */
	bool pending;			/* a header waits for its first frame */
	bool nested;			/* "nested exception is:": the next line is still message */
	bool suppressed;
};

static bool is_class(struct str name)
{
	static const char *const endings = "Exception Error Throwable ComparisonFailure "
					   "FuzzerSecurityIssueLow FuzzerSecurityIssueMedium "
					   "FuzzerSecurityIssueHigh FuzzerSecurityIssueCritical";
	struct str last = name;

	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '.' && c != '_' && c != '$')
			return false;
	}
	(void)str_split_last(name, ".", NULL, &last);
	return last.size && last.at[0] >= 'A' && last.at[0] <= 'Z' && place_ends(last, endings);
}

/* "Exception in thread "main" java.lang.X: message", with whatever a logger put before it. */
static bool header_of(struct str text, struct str *type, struct str *message)
{
	struct str rest = str_trim(text), piece;

	(void)str_skip(&rest, "== Java Exception: ");	/* Jazzer */
	for (int tries = 0; tries < 6 && rest.size; tries++) {
		bool more = str_split(rest, ": ", &piece, &rest);

		if (!more) {
			piece = rest;
			rest = STR_NONE;
			(void)str_chop(&piece, ":");
		}
		(void)str_split_last(piece, " ", NULL, &piece);
		if (is_class(piece)) {
			*type = piece;
			*message = rest;
			return true;
		}
	}
	/* A class may print itself under any name. */
	if (str_starts(text, "Exception in thread \"") && str_split(text, "\" ", NULL, message)) {
		*type = STR_NONE;
		return true;
	}
	return false;
}

/* Whether the message goes on: a mail exception has the next one's header in its message. */
static bool goes_on(struct state *s, struct str text)
{
	struct str type, message;
	bool header = header_of(text, &type, &message);
	bool nested = s->nested;

	s->nested = str_ends(str_trim(text), "nested exception is:");
	return nested || !header;
}

static bool is_source(struct str place)
{
	return str_is(place, "Native Method") || str_is(place, "Unknown Source") ||
	       str_is(place, "<generated>") || str_has(place, ".java") || str_has(place, ".kt") ||
	       str_has(place, ".scala") || str_has(place, ".groovy") || str_has(place, ".clj");
}

/* "at java.base/java.util.List.get(List.java:3)": the path is made of the package's name. */
static bool frame_of(struct str text, struct str *function, struct str *name, unsigned long *number)
{
	struct str inside;

	text = str_trim(text);
	if (!str_skip(&text, "at "))
		return false;
	(void)str_split(text, ") ~[", &text, NULL);	/* "~[spring-core.jar:5.3]" */
	(void)str_split(text, ") [", &text, NULL);
	str_chop(&text, ")");
	if (!str_split(text, "(", function, &inside) ||
	    str_char(str_trim_right(*function), ' ') >= 0 || str_char(*function, '.') < 0 || !is_source(inside))
		return false;
	(void)str_split_last(*function, "/", NULL, function);
	*function = str_trim_right(*function);	/* Maven's "doMain (MavenCli.java:286)" */
	*number = 0;
	*name = inside;
	if (str_split(inside, ":", name, &inside))
		(void)str_take_number(&inside, number);
	else if (!str_has(*name, ".") || str_has(*name, "generated"))
		*name = STR_NONE;
	return true;
}

static void add_frame(struct state *s, struct str function, struct str name, unsigned long number)
{
	struct str package = function;
	struct place place = { .line = number };
	char path[512];
	size_t size = 0;

	if (name.size && str_split_last(package, ".", &package, NULL) &&
	    str_split_last(package, ".", &package, NULL) &&
	    package.size + name.size + 1 < sizeof(path)) {
		for (; size < package.size; size++)
			path[size] = package.at[size] == '.' ? '/' : package.at[size];
		path[size++] = '/';
	}
	if (name.size && size + name.size < sizeof(path)) {
		memcpy(path + size, name.at, name.size);
		place.file = (struct str){ path, size + name.size };
	}
	trace_frame(s->failure, &place, function);
}

/*
 * Turns the frames of the exception that has just ended; of an outer one only the innermost stay.
 */
static void end_segment(struct state *s, bool outer)
{
	struct failure part = *s->failure;
	size_t drop;

	if (!s->failure->frame_count)
		return;
	part.frames += s->segment;
	part.frame_count -= s->segment;
	trace_turn(&part);
	drop = 0;
	if (outer && part.frame_count > OUTER_FRAMES_MAX)
		drop = part.frame_count - OUTER_FRAMES_MAX;
	if (outer && s->segment + part.frame_count - drop > FRAMES_MAX / 2)
		drop = part.frame_count;
	memmove(part.frames, part.frames + drop, sizeof(struct frame) * (part.frame_count - drop));
	s->failure->frame_count -= drop;
	s->segment = s->failure->frame_count;
}

static void describe(struct state *s)
{
	s->failure->kind = jvm_kind(kept_str(&s->type));
	s->failure->type = findings_text(s->failure, kept_str(&s->type));
	s->failure->message = findings_text(s->failure, kept_str(&s->message));
	s->failure->error_line = s->error_line;
}

static bool is_tested(const struct state *s)
{
	return s->test.size && s->first - s->test_line <= TEST_LINES_MAX;
}

static void begin(struct state *s, struct findings *f, const char *tool)
{
	bool tested = is_tested(s);

	s->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE + tested, s->first);
	s->failure->language = "java";
	s->failure->tool = tested ? "junit" : tool;
	if (tested)
		s->failure->test = findings_text(s->failure, kept_str(&s->test));
	s->test.size = 0;
	s->segment = 0;
	s->suppressed = false;
	describe(s);
}

static void finish(struct state *s, struct findings *f)
{
	if (s->failure) {
		end_segment(s, false);
		s->failure->last_line = s->last;
		findings_block(f, "java", s->first, s->last);
	}
	s->failure = NULL;
	s->pending = s->nested = false;
	s->header_line = 0;
}

/* "Caused by: ..." inside a block. */
static bool cause(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text), type, message;

	if (str_starts(text, "Suppressed: ")) {
		s->suppressed = true;
		return true;
	}
	if (!str_skip(&text, "Caused by: "))
		return false;
	s->suppressed = false;
	if (!header_of(text, &type, &message))
		return true;
	s->header_line = line->number;
	end_segment(s, true);
	keep(&s->type, type);
	keep(&s->message, message);
	s->error_line = line->number;
	describe(s);
	return true;
}

static bool inside(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text), function, name;
	unsigned long number;

	if (line->number - s->first > BLOCK_LINES_MAX / 2)
		return false;
	if (frame_of(text, &function, &name, &number)) {
		if (!s->suppressed)
			add_frame(s, function, name, number);
		s->header_line = 0;
	} else if (str_starts(text, "... ") &&
		   (str_ends(text, " more") || str_ends(text, "omitted"))) {
		s->header_line = 0;
	} else if (!cause(s, line)) {
		return s->header_line && line->number - s->header_line < MESSAGE_LINES_MAX &&
		       goes_on(s, line->text);
	}
	s->last = line->number;
	return true;
}

/* A failed test whose error has no frame: Surefire cuts those of its own and of libraries. */
static void give_up(struct state *s, struct findings *f)
{
	if (s->pending && is_tested(s)) {
		begin(s, f, "java");
		finish(s, f);
	}
	s->pending = false;
}

/* "Tests run: 4, ... <<< FAILURE! - in shop.CartTest": of JUnit 5's tests only the methods follow. */
static void class_line(struct state *s, struct str text)
{
	if (str_starts(text, "[ERROR] Tests run: ") && (str_split_last(text, " - in ", NULL, &text) ||
						       str_split_last(text, " -- in ", NULL, &text)) &&
	    str_char(text, ' ') < 0)
		keep(&s->class, text);
}

/* The test that a trace right below belongs to. A plain Ant report says only then whether it failed. */
static bool test_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct kept name;
	const char *framework;

	class_line(s, text);
	if (jvm_failed_test(text, &name, &framework)) {
		give_up(s, f);
		s->test.size = 0;
		if (str_has(text, "<<< ") && str_char(kept_str(&name), '.') < 0 && s->class.size) {
			s->test = s->class;
			jvm_append(&s->test, STR("."));
		}
		jvm_append(&s->test, kept_str(&name));
		findings_framework(f, framework);
		findings_test_failed(f, kept_str(&s->test));
	} else if (str_skip(&text, "Testcase: ") && str_split(text, " took ", &text, NULL)) {
		keep(&s->test, text);
	} else {
		return false;
	}
	s->test_line = line->number;
	return true;
}

/* Right below a failed test any class is an error's: "dev.tool.UnexpectedBuildFailure: ..." */
static bool below_test(struct state *s, const struct line *line, struct str *type,
		       struct str *message)
{
	struct str text = str_trim(line->text), name;

	if (!s->test.size || line->number != s->test_line + 1 || str_starts(text, "at "))
		return false;
	*message = STR_NONE;
	if (!str_split(text, ":", &text, message))
		*message = STR_NONE;
	*message = str_trim(*message);
	*type = text;
	return str_split_last(text, ".", NULL, &name) && name.size && name.at[0] >= 'A' &&
	       name.at[0] <= 'Z' && str_char(text, ' ') < 0 && str_char(text, '/') < 0;
}

/* Gradle's short form, below a test's name: "    java.lang.AssertionError at CartTest.java:9" */
static bool short_form(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = str_trim(line->text), type, where;
	struct place place;

	if (!s->test.size || line->number - s->test_line > TEST_LINES_MAX ||
	    !str_indent(line->text) ||
	    !str_split(text, " at ", &type, &where) || str_char(type, ' ') >= 0 ||
	    str_char(type, '.') <= 0 || !place_take(&where, &place) || where.size)
		return false;
	keep(&s->type, type);
	s->message.size = 0;
	s->first = s->last = s->error_line = line->number;
	begin(s, f, "gradle");
	trace_frame(s->failure, &place, STR_NONE);
	return true;
}

/* Thrown to leave a test out; runners print these like errors. */
static bool is_skip(struct str type)
{
	return str_ends(type, "SkipException") || str_ends(type, "AssumptionViolatedException") ||
	       str_ends(type, "TestAbortedException") || str_ends(type, "TestPendingException");
}

static bool start(struct state *s, const struct line *line, struct findings *f)
{
	struct str function, name, type, message;
	unsigned long number;
	bool tested;

	if (frame_of(line->text, &function, &name, &number)) {
		if (!s->pending)
			return false;
		s->pending = false;
		begin(s, f, "java");
		return inside(s, line);
	}
	tested = test_line(s, line, f);
	if ((tested && !str_has(line->text, " failed: ")) || short_form(s, line, f))
		return true;
	if (s->pending && s->nested) {
		s->nested = false;
		return true;
	}
	if ((header_of(line->text, &type, &message) || below_test(s, line, &type, &message)) &&
	    !is_skip(type)) {
		if (tested)	/* sbt: the error stands behind the test's name, and its time behind that */
			(void)str_split_last(message, ", took ", &message, NULL);
		keep(&s->type, type);
		keep(&s->message, message);
		s->last = s->error_line = line->number;
		if (!s->pending || !str_starts(str_trim(line->text), "Caused by: "))
			s->first = line->number;
		s->pending = true;
		return true;
	}
	s->nested = s->pending && str_ends(str_trim(line->text), "nested exception is:");
	return tested || (s->pending && line->number - s->first < MESSAGE_LINES_MAX);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct line body = *line;

	body.text = jvm_body(line->text);
	if (s->failure) {
		if (inside(s, &body))
			return AWAKE;
		finish(s, f);
	}
	if (start(s, &body, f))
		return AWAKE;
	give_up(s, f);
	return s->test.size && line->number - s->test_line < TEST_LINES_MAX ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	if (!s->failure)
		give_up(s, f);
	finish(s, f);
}

static const char *const wake[] = { "Exception", "Error: ", "AssertionError", "OutOfMemoryError",
	"<<< FAILURE!", "<<< ERROR!", " FAILED", "\tFAILED", "Testcase: ", "Throwable",
	"ComparisonFailure", "StackOverflowError", "FuzzerSecurityIssue", NULL };

static const char *const shop[] = { "Shop.java", "src/test/java/shop/CartTest.java",
	"src/main/java/shop/Cart.java", NULL };

static const struct reading examples[] = {
	{
		.name = "a chain of causes",
		.files = shop,
		.log =
		"Exception in thread \"main\" java.lang.IllegalStateException: cannot total "
		"[tea]\n"
		"\tat Shop.total(Shop.java:14)\n"
		"\tat Shop.main(Shop.java:19)\n"
		"Caused by: java.lang.NullPointerException: Cannot invoke "
		"\"java.util.Map.get(Object)\" because \"this.prices\" is null\n"
		"\tat Shop.price(Shop.java:7)\n"
		"\tat java.base/java.util.stream.ReferencePipeline$4$1.accept(ReferencePipeline.ja"
		"va:214)\n"
		"\tat java.base/java.util.AbstractList$RandomAccessSpliterator.forEachRemaining(Ab"
		"stractList.java:720)\n"
		"\tat java.base/java.util.stream.AbstractPipeline.copyInto(AbstractPipeline.java:5"
		"09)\n"
		"\tat java.base/java.util.stream.AbstractPipeline.wrapAndCopyInto(AbstractPipeline"
		".java:499)\n"
		"\tat java.base/java.util.stream.ReduceOps$ReduceOp.evaluateSequential(ReduceOps.j"
		"ava:921)\n"
		"\tat java.base/java.util.stream.AbstractPipeline.evaluate(AbstractPipeline.java:2"
		"34)\n"
		"\tat java.base/java.util.stream.IntPipeline.reduce(IntPipeline.java:515)\n"
		"\tat java.base/java.util.stream.IntPipeline.sum(IntPipeline.java:473)\n"
		"\tat Shop.total(Shop.java:12)\n"
		"\t... 1 more\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "java", .tool = "java",
			    .type = "java.lang.NullPointerException", .file = "Shop.java", .line = 7,
			    .function = "Shop.price", .error_line = 4 },
	},
	{
		.name = "JavaScript's frames are not Java's",
		.log = "TypeError: x is not a function\n    at run (/src/x.js:3:4)\n"
		       "no Exception: here\n> Task :test FAILED\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .type = "TypeError",
			    .line = 3, .error_line = 1 },
	},
	{0}
};

const struct reader reader_java = {
	.name = "java",
	.language = "java",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

/*
 * Scala's compilers as themselves and in sbt, Scala 3's boxed form, Scalastyle, and sbt's own errors
 * about what it cannot resolve or does not know. The caret below a line tells its column.
 */
#include "ci/jvm.h"

enum { CARET_LINES_MAX = 12 };

struct state {
	struct failure *failure;	/* NULL for a warning */
	bool open;			/* a finding waits for its caret or the rest of its message */
	enum severity severity;
	const char *tool;
	struct kept file, code, message;
	unsigned long line, column, since;
	bool boxed;			/* Scala 3: the message comes behind the source */
	bool boxed_text;		/* the caret went by */
	bool style;			/* between Scalastyle's first and last line */
};

static void flush(struct state *s, struct findings *f)
{
	if (!s->open)
		return;
	s->open = false;
	if (s->failure) {
		s->failure->message = findings_text(s->failure, kept_str(&s->message));
		s->failure->column = s->column > 0x7fffffff ? 0 : (unsigned)s->column;
	}
	findings_diagnostic(f, s->tool, kept_str(&s->file), s->line, s->column, s->severity,
			    kept_str(&s->code), kept_str(&s->message));
	s->failure = NULL;
}

static void begin(struct state *s, const struct line *line, const struct place *place,
		  struct str message, enum severity severity, struct findings *f)
{
	flush(s, f);
	s->open = true;
	s->boxed = s->boxed_text = false;
	s->severity = severity;
	s->tool = s->style ? "scalastyle" : "scalac";
	keep(&s->file, place->file);
	keep(&s->message, str_trim(message));
	s->code.size = 0;
	s->line = place->line;
	s->column = place->column;
	s->since = line->number;
	if (severity != SEVERITY_ERROR)
		return;
	s->failure = findings_failure(f, s->style ? KIND_LINT : KIND_COMPILE, WEIGHT_DIAGNOSTIC,
				      line->number);
	s->failure->language = "scala";
	s->failure->tool = s->tool;
	place_set(s->failure, place);
}

/* sbt's and scalac's own words for how bad it is; without either it is no finding. */
static bool take_severity(const struct line *line, struct str *text, enum severity *severity)
{
	bool sbt = true;

	*severity = SEVERITY_ERROR;
	if (str_starts(line->text, "[warn] "))
		*severity = SEVERITY_WARNING;
	else if (!str_starts(line->text, "[error] ") && !str_starts(line->text, "[Error] "))
		sbt = false;
	if (str_skip(text, "error: ")) {
		*severity = SEVERITY_ERROR;
		return true;
	}
	if (str_skip(text, "warning: ")) {
		*severity = SEVERITY_WARNING;
		return true;
	}
	return sbt;
}

/* "[error] /x/a.scala:6:3: message", "a.scala:6: error: message", Scalastyle's whole files without a line */
static bool place_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, whole;
	enum severity severity;
	struct place place = {0};

	(void)(str_skip(&text, "[Error] ") || str_skip(&text, "[ERROR] "));
	text = whole = jvm_body(text);
	if (place_take(&text, &place)) {
		if (!place_ends(place.file, ".scala .sc .sbt") || !str_skip(&text, ": "))
			return false;
	} else if (!s->style || !str_split(whole, ".scala: ", &place.file, &text)) {
		return false;
	} else {
		place.file.size += sizeof(".scala") - 1;
	}
	if (!take_severity(line, &text, &severity))
		return false;
	begin(s, line, &place, text, severity, f);
	if (s->style)
		flush(s, f);
	return true;
}

/* "-- [E006] Not Found Error: src/Shop.scala:3:19 -----------": Scala 3 */
static bool boxed_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = jvm_body(line->text), head, code = STR_NONE;
	enum severity severity = SEVERITY_ERROR;
	struct place place;

	if (!str_skip(&text, "-- ") || !str_split(text, ": ", &head, &text))
		return false;
	if (str_skip(&head, "[") && !str_split(head, "] ", &code, &head))
		return false;
	if (str_ends(head, "Warning"))
		severity = SEVERITY_WARNING;
	else if (!str_ends(head, "Error"))
		return false;
	if (!place_take(&text, &place) || !place_ends(place.file, ".scala .sc .sbt"))
		return false;
	begin(s, line, &place, head, severity, f);
	keep(&s->code, code);
	s->boxed = true;
	if (s->failure && code.size)
		s->failure->type = findings_text(s->failure, code);
	return true;
}

/* Below the source: "  |                   ^^^", then "  |  Not found: foo" up to an empty one. */
static void in_box(struct state *s, const struct line *line)
{
	struct str text = str_trim(jvm_body(line->text));

	if (!str_skip(&text, "|"))
		return;
	text = str_trim(text);
	if (text.size && text.at[0] == '^' && !s->boxed_text) {
		s->boxed_text = true;
		s->message.size = 0;
	} else if (s->boxed_text && text.size) {
		if (s->message.size)
			jvm_append(&s->message, STR(" "));
		jvm_append(&s->message, text);
		if (s->failure)
			s->failure->error_line = s->failure->last_line = line->number;
	}
}

/* Is the line a caret below the source? Its column is the finding's. */
static bool caret_line(struct state *s, struct str text)
{
	size_t indent = str_indent(text);

	if (!str_is(str_trim(text), "^"))
		return false;
	if (!s->column)
		s->column = indent + 1;
	return true;
}

/* " found   : Int(3)", " required: String": what there is to be mended. */
static void continued(struct state *s, struct str text)
{
	struct str part = str_trim(text);

	if (s->message.size && s->message.at[s->message.size - 1] != ';' &&
	    !str_starts(part, "required:"))
		return;
	if (!str_starts(part, "found ") && !str_starts(part, "required:"))
		return;
	jvm_append(&s->message, STR(" "));
	jvm_append(&s->message, part);
	if (str_starts(part, "found "))
		jvm_append(&s->message, STR(";"));
}

static bool inside(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = jvm_body(line->text);

	if (line->number - s->since > CARET_LINES_MAX) {
		flush(s, f);
		return false;
	}
	if (s->boxed) {
		bool more = str_starts(str_trim(text), "|") || !s->boxed_text;
		bool blank = s->boxed_text && s->message.size && str_is(str_trim(text), "|");

		if (more && !blank)
			in_box(s, line);
		else
			s->open = true, flush(s, f);
		return s->open;
	}
	continued(s, text);
	if (caret_line(s, text))
		flush(s, f);
	return s->open;
}

/* "error file=/x/a.scala message=File length exceeds 5 lines line=6 column=7": Scalastyle by itself */
static bool style_line(const struct line *line, struct findings *f)
{
	struct str text = line->text, rest;
	enum severity severity = SEVERITY_ERROR;
	struct failure *failure;
	struct place place = {0};

	if (!str_skip(&text, "error file=")) {
		severity = SEVERITY_WARNING;
		if (!str_skip(&text, "warning file="))
			return false;
	}
	if (!str_split(text, " message=", &place.file, &text))
		return false;
	if (str_split_last(text, " column=", &rest, &text)) {
		(void)str_take_number(&text, &place.column);
		text = rest;
	}
	if (str_split_last(text, " line=", &rest, &text)) {
		(void)str_take_number(&text, &place.line);
		text = rest;
	}
	findings_diagnostic(f, "scalastyle", place.file, place.line, place.column, severity, STR_NONE,
			    text);
	if (severity == SEVERITY_ERROR) {
		failure = findings_failure(f, KIND_LINT, WEIGHT_DIAGNOSTIC, line->number);
		failure->language = "scala";
		failure->tool = "scalastyle";
		failure->message = findings_text(failure, text);
		place_set(failure, &place);
	}
	return true;
}

static const struct {
	const char *words;
	enum kind kind;
	unsigned weight;
	const char *type;
} sbt_rows[] = {
	{ "Compilation failed", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "sbt.TestsFailedException", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "must be formatted", KIND_LINT, WEIGHT_FAILURE, "not formatted" },
	{ "Error downloading ", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved dependency" },
	{ "unresolved dependency: ", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved dependency" },
	{ "Conflicting cross-version suffixes", KIND_DEPENDENCY, WEIGHT_CERTAIN,
	  "unresolved dependency" },
	{ "found version conflict(s) in library dependencies", KIND_DEPENDENCY, WEIGHT_CERTAIN,
	  "version conflict" },
	{ "Not a valid command: ", KIND_CONFIG, WEIGHT_CERTAIN, "unknown command" },
	{ "Not a valid key: ", KIND_CONFIG, WEIGHT_CERTAIN, "unknown key" },
};

/* "[error] (update) sbt.librarymanagement.ResolveException: Error downloading org:lib:1.0" */
static void sbt_line(const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct failure *failure;

	if (!str_skip(&text, "[error] "))
		return;
	for (size_t i = 0; i < sizeof(sbt_rows) / sizeof(sbt_rows[0]); i++) {
		if (!str_has(text, sbt_rows[i].words))
			continue;
		failure = findings_failure(f, sbt_rows[i].kind, sbt_rows[i].weight, line->number);
		failure->language = "scala";
		failure->tool = "sbt";
		failure->type = sbt_rows[i].type;
		failure->message = findings_text(failure, text);
		return;
	}
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = jvm_body(line->text);

	if (str_starts(text, "scalastyle using config "))
		s->style = true;
	else if (s->style && str_starts(text, "Finished in "))
		s->style = false;
	if (place_line(s, line, f) || boxed_line(s, line, f))
		return AWAKE;
	if (s->open)
		(void)inside(s, line, f);
	else if (!style_line(line, f))
		sbt_line(line, f);
	return s->open || s->style ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	flush(state, f);
}

static const char *const wake[] = { ".scala:", ".sc:", ".sbt:", "scalastyle using config ",
	"error file=", "warning file=", "Compilation failed", "sbt.TestsFailedException",
	"must be formatted", "Error downloading ", "unresolved dependency: ",
	"Conflicting cross-version suffixes", "found version conflict(s) in ", "Not a valid command: ",
	"Not a valid key: ", NULL };

static const char *const shop[] = { "src/Shop.scala", NULL };

static const struct reading examples[] = {
	{
		.name = "scalac",
		.files = shop,
		.log =
		"src/Shop.scala:4: error: type mismatch;\n"
		" found   : Int(3)\n"
		" required: String\n"
		"  def name: String = 3\n"
		"                     ^\n"
		"src/Shop.scala:3: error: not found: value foo\n"
		"  def total: Int = foo(prices)\n"
		"                   ^\n"
		"two errors found\n",
		.expect = { .kind = KIND_COMPILE, .language = "scala", .tool = "scalac",
			    .file = "src/Shop.scala", .line = 4, .error_line = 1,
			    .message = "type mismatch; found   : Int(3); required: String" },
	},
	{
		.name = "sbt",
		.files = shop,
		.log =
		"[info] compiling 1 Scala source to /home/runner/work/shop/shop/target/classes ...\n"
		"[warn] /home/runner/work/shop/shop/src/Shop.scala:2:15: private val in object F is "
		"never used\n"
		"[warn]   private val unused = 1\n"
		"[warn]               ^\n"
		"[error] /home/runner/work/shop/shop/src/Shop.scala:3:20: not found: value foo\n"
		"[error]   def total: Int = foo(prices)\n"
		"[error]                    ^\n"
		"[error] one error found\n"
		"[error] (Compile / compileIncremental) Compilation failed\n",
		.expect = { .kind = KIND_COMPILE, .tool = "scalac", .file = "src/Shop.scala",
			    .line = 3, .message = "not found: value foo", .error_line = 5 },
	},
	{
		.name = "Scala 3",
		.files = shop,
		.log =
		"[error] -- [E007] Type Mismatch Error: /home/runner/work/shop/shop/src/Shop.scala:4:21 "
		"------\n"
		"[error] 4 |  def name: String = 3\n"
		"[error]   |                     ^\n"
		"[error]   |                     Found:    (3 : Int)\n"
		"[error]   |                     Required: String\n"
		"[error]   |\n"
		"[error]   | longer explanation available when compiling with `-explain`\n"
		"[error] one error found\n",
		.expect = { .kind = KIND_COMPILE, .tool = "scalac", .type = "E007", .line = 4,
			    .file = "src/Shop.scala",
			    .message = "Found:    (3 : Int) Required: String" },
	},
	{
		.name = "Scalastyle in sbt",
		.files = shop,
		.log =
		"[info] scalastyle using config /home/runner/work/shop/shop/scalastyle-config.xml\n"
		"[warn] /home/runner/work/shop/shop/src/Shop.scala:6:7: Object name does not match the "
		"regular expression '[A-Z][A-Za-z]*'\n"
		"[error] /home/runner/work/shop/shop/src/Shop.scala: File length exceeds 5 lines\n"
		"[info] Processed 1 file(s)\n"
		"[info] Finished in 9 ms\n",
		.expect = { .kind = KIND_LINT, .tool = "scalastyle", .file = "src/Shop.scala",
			    .message = "File length exceeds 5 lines", .error_line = 3 },
	},
	{
		.name = "Scalastyle by itself",
		.files = shop,
		.log =
		"error file=/home/runner/work/shop/shop/src/Shop.scala message=File length exceeds 5 "
		"lines line=6 column=7\n",
		.expect = { .kind = KIND_LINT, .tool = "scalastyle", .line = 6,
			    .message = "File length exceeds 5 lines" },
	},
	{
		.name = "a dependency that cannot be had",
		.log =
		"[error] (update) sbt.librarymanagement.ResolveException: Error downloading "
		"com.example:nosuch_2.13:1.0\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "sbt", .type = "unresolved dependency" },
	},
	{
		.name = "scalafmt",
		.log = "[error] (Compile / scalafmtCheck) 2 files must be formatted\n",
		.expect = { .kind = KIND_LINT, .tool = "sbt", .type = "not formatted" },
	},
	{
		.name = "a frame is no finding",
		.log = "\tat scala.sys.package$.error(package.scala:27)\n"
		       "see src/Shop.scala:3: it is well explained there\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_scala = {
	.name = "scala",
	.language = "scala",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

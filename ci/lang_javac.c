/*
 * Compile errors of the JVM's languages: javac as it prints them, as Maven prints them, and
 * kotlinc's two formats. The symbol that was not found is added to the message: it is what there
 * is to be mended.
 */
#include "ci/trace.h"

enum { SYMBOL_LINES_MAX = 6 };

struct state {
	struct failure *failure;	/* waits for its symbol */
	struct kept file, message, symbol;
	unsigned long line, column;
	unsigned lines;
	bool maven;
};

static void flush(struct state *s, struct findings *f)
{
	struct str symbol = kept_str(&s->symbol);
	struct kept whole = s->message;

	if (!s->failure)
		return;
	if (symbol.size && whole.size + symbol.size + 2 < sizeof(whole.at)) {
		memcpy(whole.at + whole.size, ": ", 2);
		memcpy(whole.at + whole.size + 2, symbol.at, symbol.size);
		whole.size = (unsigned short)(whole.size + 2 + symbol.size);
	}
	s->failure->message = findings_text(s->failure, kept_str(&whole));
	findings_diagnostic(f, s->failure->tool, kept_str(&s->file), s->line, s->column,
			    SEVERITY_ERROR, STR_NONE, kept_str(&whole));
	s->failure = NULL;
}

static void begin(struct state *s, struct findings *f, const struct line *line,
		  const struct place *place, struct str message, const char *tool)
{
	flush(s, f);
	s->failure = findings_failure(f, KIND_COMPILE, WEIGHT_DIAGNOSTIC, line->number);
	s->failure->language = str_is(str_of(tool), "kotlinc") ? "kotlin" : "java";
	s->failure->tool = tool;
	place_set(s->failure, place);
	keep(&s->file, place->file);
	keep(&s->message, str_trim(message));
	s->line = place->line;
	s->column = place->column;
	s->symbol.size = 0;
	s->lines = 0;
}

/* "Bad.java:3: error: cannot find symbol"; a warning is only a diagnostic. */
static bool javac_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place;

	if (!place_take(&text, &place) || !place_ends(place.file, ".java"))
		return false;
	if (str_skip(&text, ": error: ")) {
		begin(s, f, line, &place, text, "javac");
		return true;
	}
	if (str_skip(&text, ": warning: "))
		findings_diagnostic(f, "javac", place.file, place.line, place.column,
				    SEVERITY_WARNING, STR_NONE, text);
	return false;
}

/* "[ERROR] /src/Cart.java:[16,24] cannot find symbol" */
static bool maven_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place = {0};

	if (!str_skip(&text, "[ERROR] ") || !str_split(text, ":[", &place.file, &text) ||
	    !place_ends(place.file, ".java .kt .scala .groovy") || !str_take_number(&text, &place.line) ||
	    !str_skip(&text, ",") || !str_take_number(&text, &place.column) || !str_skip(&text, "] "))
		return false;
	(void)str_skip(&text, "error: ");
	begin(s, f, line, &place, text, "javac");
	return true;
}

/*
 * "e: file:///src/X.kt:3:5 Unresolved reference: foo" and the older "e: /src/X.kt: (3, 5):
 * Unresolved..."
 */
static bool kotlin_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct place place = {0};

	if (!str_skip(&text, "e: "))
		return false;
	(void)str_skip(&text, "file://");
	if (str_split(text, ".kt: (", &place.file, NULL)) {
		place.file.size += 3;
		text = str_from(text, place.file.size + 3);
		if (!str_take_number(&text, &place.line) || !str_skip(&text, ", ") ||
		    !str_take_number(&text, &place.column) || !str_skip(&text, "): "))
			return false;
	} else if (!place_take(&text, &place) || !place_ends(place.file, ".kt .kts") ||
		   !str_skip(&text, " ")) {
		return false;
	}
	begin(s, f, line, &place, text, "kotlinc");
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = line->text;

	if (javac_line(s, line, f) || maven_line(s, line, f) || kotlin_line(s, line, f))
		return AWAKE;
	if (!s->failure)
		return ASLEEP;
	(void)str_skip(&text, "[ERROR] ");
	text = str_trim(text);
	if (str_skip(&text, "symbol:")) {
		keep(&s->symbol, str_trim(text));
		s->failure->last_line = line->number;
	} else if (++s->lines < SYMBOL_LINES_MAX && !str_starts(text, "location:")) {
		return AWAKE;
	}
	if (s->symbol.size || s->lines >= SYMBOL_LINES_MAX) {
		flush(s, f);
		return ASLEEP;
	}
	return AWAKE;
}

static void end(void *state, struct findings *f)
{
	flush(state, f);
}

static const char *const wake[] = { ".java:", ".kt:", NULL };

static const char *const shop[] = { "Bad.java", "Bad2.java", "src/main/java/shop/Cart.java",
	"src/Shop.kt", NULL };

static const struct reading examples[] = {
	{
		.name = "a class that is not imported",
		.files = shop,
		.log = "Bad2.java:3: error: cannot find symbol\n\t\tList<String> names = null;\n\t\t^\n"
		       "  symbol:   class List\n  location: class Bad2\n"
		       "Bad2.java:4: error: incompatible types: possible lossy conversion from double to "
		       "int\n\t\tint n = 3.5;\n\t\t        ^\n2 errors\n",
		.expect = { .kind = KIND_COMPILE, .language = "java", .tool = "javac",
			    .file = "Bad2.java", .line = 3, .error_line = 1,
			    .message = "cannot find symbol: class List" },
	},
	{
		.name = "a semicolon",
		.files = shop,
		.log = "Bad.java:5: error: ';' expected\n\t\treturn n\n\t\t        ^\n1 error\n",
		.expect = { .kind = KIND_COMPILE, .file = "Bad.java", .line = 5, .error_line = 1,
			    .message = "';' expected" },
	},
	{
		.name = "Maven",
		.files = shop,
		.log =
		"[INFO] -------------------------------------------------------------\n"
		"[ERROR] COMPILATION ERROR : \n"
		"[INFO] -------------------------------------------------------------\n"
		"[ERROR] /src/src/main/java/shop/Cart.java:[16,24] cannot find symbol\n"
		"  symbol:   variable two\n"
		"  location: class shop.Cart\n"
		"[INFO] 1 error\n"
		"[INFO] -------------------------------------------------------------\n",
		.expect = { .kind = KIND_COMPILE, .tool = "javac", .line = 16,
			    .file = "src/main/java/shop/Cart.java", .error_line = 4,
			    .message = "cannot find symbol: variable two" },
	},
	{
		.name = "Kotlin",
		.files = shop,
		.log = "e: file:///src/src/Shop.kt:3:5 Unresolved reference: foo\n",
		.expect = { .kind = KIND_COMPILE, .language = "kotlin", .tool = "kotlinc",
			    .file = "src/Shop.kt", .line = 3, .message = "Unresolved reference: foo" },
	},
	{
		.name = "Kotlin, as it used to be",
		.files = shop,
		.log = "e: /src/src/Shop.kt: (3, 5): Unresolved reference: foo\n",
		.expect = { .kind = KIND_COMPILE, .file = "src/Shop.kt", .line = 3,
			    .message = "Unresolved reference: foo" },
	},
	{0}
};

const struct reader reader_javac = {
	.name = "javac",
	.language = "java",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

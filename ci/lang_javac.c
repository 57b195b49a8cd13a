/*
 * Compile errors of Java: as javac, Ant and sbt print them, and those of any language of the JVM as
 * Maven prints them. The symbol that was not found is added to the message: it is what there
 * is to be mended.
 */
#include "ci/jvm.h"

enum { SYMBOL_LINES_MAX = 6, WARNINGS_MAX = 12 };

/* A finding of -Xlint, which -Werror may yet make an error. */
struct warning {
	struct kept file, code, message;
	unsigned long line, number;	/* of the file, of the log */
};

struct state {
	struct warning warnings[WARNINGS_MAX];
	unsigned warning_count;
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

static const struct {
	const char *ending, *language, *compiler;
} languages[] = {
	{ ".kt", "kotlin", "kotlinc" }, { ".scala", "scala", "scalac" },
	{ ".groovy", "groovy", "groovyc" },
};

static const char *language_of(struct str file)
{
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (str_ends(file, languages[i].ending))
			return languages[i].language;
	return "java";
}

static const char *compiler_of(struct str file)
{
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (str_ends(file, languages[i].ending))
			return languages[i].compiler;
	return "javac";
}

static void begin(struct state *s, struct findings *f, const struct line *line,
		  const struct place *place, struct str message, const char *tool)
{
	flush(s, f);
	s->failure = findings_failure(f, KIND_COMPILE, WEIGHT_DIAGNOSTIC, line->number);
	s->failure->language = language_of(place->file);
	s->failure->tool = tool;
	place_set(s->failure, place);
	keep(&s->file, place->file);
	keep(&s->message, str_trim(message));
	s->line = place->line;
	s->column = place->column;
	s->symbol.size = 0;
	s->lines = 0;
}

/* "[rawtypes] found raw type: List" */
static void keep_warning(struct state *s, const struct line *line, const struct place *place, struct str text)
{
	struct warning *warning = &s->warnings[s->warning_count];
	struct str code, message;

	if (s->warning_count == WARNINGS_MAX || !str_skip(&text, "[") || !str_split(text, "] ", &code, &message))
		return;
	keep(&warning->file, place->file);
	keep(&warning->code, code);
	keep(&warning->message, message);
	warning->line = place->line;
	warning->number = line->number;
	s->warning_count++;
}

/* "Bad.java:3: error: cannot find symbol"; a warning is only a diagnostic. */
static bool javac_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = jvm_body(line->text);
	struct place place;

	/* Gradle until 4.6: ":compileJava/src/Bad.java:3: error: ..." */
	if (text.size && text.at[0] == ':' && str_char(text, '/') > 0)
		text = str_from(text, (size_t)str_char(text, '/'));
	if (!place_take(&text, &place) || !place_ends(place.file, ".java"))
		return false;
	/* sbt: "[error] /src/Bad.java:3:1: ..." */
	if (str_skip(&text, ": error: ") ||
	    (str_starts(line->text, "[error] ") && str_skip(&text, ": "))) {
		begin(s, f, line, &place, text, "javac");
		return true;
	}
	if (str_skip(&text, ": warning: ")) {
		findings_diagnostic(f, "javac", place.file, place.line, place.column,
				    SEVERITY_WARNING, STR_NONE, text);
		keep_warning(s, line, &place, text);
	}
	return false;
}

/* "error: warnings found and -Werror specified": each of them is what failed. */
static bool warnings_line(struct state *s, const struct line *line, struct findings *f)
{
	if (!str_is(jvm_body(line->text), "error: warnings found and -Werror specified"))
		return false;
	flush(s, f);
	for (unsigned i = 0; i < s->warning_count; i++) {
		const struct warning *warning = &s->warnings[i];
		struct place place = { .file = kept_str(&warning->file), .line = warning->line };
		struct failure *failure = findings_failure(f, KIND_COMPILE, WEIGHT_DIAGNOSTIC,
							   warning->number);

		failure->language = "java";
		failure->tool = "javac";
		failure->type = findings_text(failure, kept_str(&warning->code));
		failure->message = findings_text(failure, kept_str(&warning->message));
		place_set(failure, &place);
	}
	s->warning_count = 0;
	return true;
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
	if (str_starts(text, "(") && str_has(text, ") ") && str_has(text, ": "))
		return false;	/* a rule of Checkstyle's */
	(void)str_skip(&text, "error: ");
	begin(s, f, line, &place, text, compiler_of(place.file));
	return true;
}

/* javac points at the place in the line that it repeats: "\t\t^". */
static void caret(struct state *s, struct str text)
{
	size_t at;

	text = jvm_body(text);
	at = str_indent(text);
	if (!str_is(str_trim_right(str_from(text, at)), "^"))
		return;
	s->column = at + 1;
	s->failure->column = (unsigned)(at + 1);
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = line->text;

	if (javac_line(s, line, f) || maven_line(s, line, f))
		return AWAKE;
	if (s->warning_count && warnings_line(s, line, f))
		return ASLEEP;
	if (s->failure && !s->column)
		caret(s, line->text);
	if (!s->failure)
		return ASLEEP;
	(void)str_skip(&text, "[ERROR] ");
	text = str_trim(jvm_body(text));
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

static const char *const wake[] = { ".java:", ".kt:[", ".scala:[", ".groovy:[",
	"error: warnings found and -Werror specified", NULL };

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
		.expect = { .kind = KIND_COMPILE, .file = "Bad.java", .line = 5,
			    .error_line = 1, .message = "';' expected" },
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
		.name = "Ant",
		.files = shop,
		.log =
		"    [javac] Compiling 1 source file to /home/runner/work/shop/shop/out\n"
		"    [javac] /home/runner/work/shop/shop/Bad2.java:3: error: cannot find symbol\n"
		"    [javac] \tList<String> names;\n"
		"    [javac] \t^\n"
		"    [javac]   symbol:   class List\n"
		"    [javac]   location: class Bad2\n"
		"    [javac] 1 error\n",
		.expect = { .kind = KIND_COMPILE, .tool = "javac", .file = "Bad2.java", .line = 3,
			    .message = "cannot find symbol: class List", .error_line = 2 },
	},
	{
		.name = "sbt",
		.files = shop,
		.log =
		"[error] /home/runner/work/shop/shop/Bad2.java:3:1: cannot find symbol\n"
		"[error]   symbol:   class List\n"
		"[error]   location: class Bad2\n",
		.expect = { .kind = KIND_COMPILE, .tool = "javac", .file = "Bad2.java", .line = 3,
			    .message = "cannot find symbol: class List", .error_line = 1 },
	},
	{
		.name = "an old Gradle",
		.files = shop,
		.log = ":compileJava/home/runner/work/shop/shop/Bad.java:5: error: ';' expected\n",
		.expect = { .kind = KIND_COMPILE, .file = "Bad.java", .line = 5, .error_line = 1 },
	},
	{
		.name = "a warning that -Werror makes an error",
		.files = shop,
		.log = "Bad.java:5: warning: [rawtypes] found raw type: List\n\t\tList names;\n\t\t^\n"
		       "  missing type arguments for generic class List<E>\n"
		       "  where E is a type-variable:\n    E extends Object declared in interface List\n"
		       "error: warnings found and -Werror specified\n1 error\n1 warning\n",
		.expect = { .kind = KIND_COMPILE, .tool = "javac", .type = "rawtypes", .file = "Bad.java",
			    .line = 5, .message = "found raw type: List", .error_line = 1 },
	},
	{
		.name = "Maven, Kotlin",
		.files = shop,
		.log = "[ERROR] /home/runner/work/shop/shop/src/Shop.kt:[3,24] Unresolved reference: foo\n",
		.expect = { .kind = KIND_COMPILE, .language = "kotlin", .tool = "kotlinc", .line = 3,
			    .file = "src/Shop.kt", .message = "Unresolved reference: foo" },
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

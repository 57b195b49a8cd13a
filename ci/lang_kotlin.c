/*
 * Kotlin's compiler as itself, Gradle (both generations) and annotation processors print it, and
 * Groovy's. Maven prints both in its own form, which is read with Java's.
 */
#include "ci/jvm.h"

struct state {
	unsigned long groovy_line;	/* of "startup failed:" */
};

static void found(struct findings *f, const struct line *line, const struct place *place,
		  struct str message, const char *tool, enum severity severity)
{
	struct failure *failure;

	message = str_trim(message);
	findings_diagnostic(f, tool, place->file, place->line, place->column, severity, STR_NONE,
			    message);
	if (severity != SEVERITY_ERROR)
		return;
	failure = findings_failure(f, KIND_COMPILE, WEIGHT_DIAGNOSTIC, line->number);
	failure->language = str_is(str_of(tool), "groovyc") ? "groovy" : "kotlin";
	failure->tool = tool;
	failure->message = findings_text(failure, message);
	if (place->file.size)
		place_set(failure, place);
}

/* "/src/X.kt: (3, 5): Unresolved reference: foo", until Kotlin 1.8 */
static bool take_old_place(struct str *text, struct place *place)
{
	struct str rest;

	if (!str_split(*text, ": (", &place->file, &rest) || !str_take_number(&rest, &place->line) ||
	    !str_skip(&rest, ", ") || !str_take_number(&rest, &place->column) ||
	    !str_skip(&rest, "): "))
		return false;
	*text = rest;
	return true;
}

/* "e: file:///src/X.kt:3:5 Unresolved reference 'foo'.", "e: [ksp] /src/X.kt:12: message" */
static bool gradle_line(const struct line *line, struct findings *f)
{
	struct str text = line->text;
	enum severity severity = SEVERITY_ERROR;
	struct place place = {0};
	bool ksp;

	if (!str_skip(&text, "e: ")) {
		severity = SEVERITY_WARNING;
		if (!str_skip(&text, "w: "))
			return false;
	}
	ksp = str_skip(&text, "[ksp] ");
	if (severity == SEVERITY_ERROR && (str_starts(text, "warnings found and -Werror") ||
					   (ksp && !str_has(text, ".kt:")))) {
		found(f, line, &place, text, ksp ? "ksp" : "kotlinc", severity);
		return true;
	}
	(void)str_skip(&text, "file://");
	if (!take_old_place(&text, &place)) {
		if (!place_take(&text, &place) || (!str_skip(&text, ": ") && !str_skip(&text, " ")))
			return false;
	}
	if (!place_ends(place.file, ".kt .kts") || place.file.size > 1000)
		return false;
	found(f, line, &place, text, ksp ? "ksp" : "kotlinc", severity);
	return true;
}

/* "k/Shop.kt:3:24: error: unresolved reference: foo", kotlinc's own */
static bool plain_line(const struct line *line, struct findings *f)
{
	struct str text = jvm_body(line->text);
	enum severity severity = SEVERITY_ERROR;
	struct place place;

	if (!place_take(&text, &place) || !place_ends(place.file, ".kt .kts"))
		return false;
	if (str_skip(&text, ": warning: "))
		severity = SEVERITY_WARNING;
	else if (!str_skip(&text, ": error: "))
		return false;
	found(f, line, &place, text, "kotlinc", severity);
	return true;
}

/* "/src/Shop.groovy: 3: unexpected token: { @ line 3, column 14." */
static bool groovy_line(const struct line *line, struct findings *f)
{
	struct str text = jvm_body(line->text), rest;
	struct place place = {0};

	(void)(str_skip(&text, "build file '") || str_skip(&text, "settings file '"));
	if (!str_split(text, ".groovy: ", &place.file, &rest))
		return false;
	place.file.size += sizeof(".groovy") - 1;
	if (!str_take_number(&rest, &place.line) || !str_skip(&rest, ": ") ||
	    place.file.size > 1000 || str_indent(place.file))
		return false;
	if (str_split_last(rest, " @ line ", &rest, &text) && str_split(text, ", column ", NULL, &text))
		(void)str_take_number(&text, &place.column);
	found(f, line, &place, rest, "groovyc", SEVERITY_ERROR);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (str_ends(str_trim_right(line->text), "startup failed:"))
		s->groovy_line = line->number;
	else if (!gradle_line(line, f) && !plain_line(line, f) && s->groovy_line &&
		 line->number - s->groovy_line < BLOCK_LINES_MAX)
		(void)groovy_line(line, f);
	return ASLEEP;
}

static const char *const wake[] = { ".kt:", ".kts:", "[ksp] ", "warnings found and -Werror",
	"startup failed:", ".groovy: ", NULL };

static const char *const shop[] = { "src/Shop.kt", "src/Shop.groovy", NULL };

static const struct reading examples[] = {
	{
		.name = "Gradle",
		.files = shop,
		.log = "> Task :compileKotlin FAILED\n"
		       "w: file:///home/runner/work/shop/shop/src/Shop.kt:2:12 Parameter 'x' is never used\n"
		       "e: file:///home/runner/work/shop/shop/src/Shop.kt:3:5 Unresolved reference 'foo'.\n",
		.expect = { .kind = KIND_COMPILE, .language = "kotlin", .tool = "kotlinc",
			    .file = "src/Shop.kt", .line = 3, .error_line = 3,
			    .message = "Unresolved reference 'foo'." },
	},
	{
		.name = "older Gradle",
		.files = shop,
		.log = "e: /src/src/Shop.kt: (3, 5): Unresolved reference: foo\n",
		.expect = { .kind = KIND_COMPILE, .file = "src/Shop.kt", .line = 3,
			    .message = "Unresolved reference: foo" },
	},
	{
		.name = "kotlinc",
		.files = shop,
		.log = "src/Shop.kt:3:24: error: unresolved reference: foo\n"
		       "    fun total(): Int = foo(prices)\n                       ^\n"
		       "src/Shop.kt:4:26: error: the integer literal does not conform to the expected type "
		       "String\n    fun name(): String = 3\n                         ^\n",
		.expect = { .kind = KIND_COMPILE, .tool = "kotlinc", .file = "src/Shop.kt", .line = 3,
			    .message = "unresolved reference: foo", .error_line = 1 },
	},
	{
		.name = "an annotation processor",
		.files = shop,
		.log = "e: [ksp] /home/runner/work/shop/shop/src/Shop.kt:12: Cart must be abstract\n",
		.expect = { .kind = KIND_COMPILE, .tool = "ksp", .file = "src/Shop.kt", .line = 12,
			    .message = "Cart must be abstract" },
	},
	{
		.name = "warnings as errors",
		.files = shop,
		.log = "w: file:///home/runner/work/shop/shop/src/Shop.kt:2:12 Parameter 'x' is never used\n"
		       "e: warnings found and -Werror specified\n",
		.expect = { .kind = KIND_COMPILE, .tool = "kotlinc", .error_line = 2 },
	},
	{
		.name = "Groovy",
		.files = shop,
		.log = "org.codehaus.groovy.control.MultipleCompilationErrorsException: startup failed:\n"
		       "src/Shop.groovy: 3: unexpected token: { @ line 3, column 14.\n"
		       "     int total( { 3 }\n                ^\n\n1 error\n\n",
		.expect = { .kind = KIND_COMPILE, .language = "groovy", .tool = "groovyc", .line = 3,
			    .file = "src/Shop.groovy", .message = "unexpected token: {",
			    .error_line = 2 },
	},
	{
		.name = "warnings alone",
		.log = "w: file:///home/runner/work/shop/shop/src/Shop.kt:2:12 Parameter 'x' is never used\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_kotlin = {
	.name = "kotlin",
	.language = "kotlin",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

/*
 * Rules for sources of the JVM's languages: Checkstyle by itself, in Ant, Gradle and Maven; ktlint and
 * detekt. One failure a run. A warning is a failure only where the tool counts it as one.
 */
#include "ci/fixer.h"
#include "ci/jvm.h"

enum { IDLE_LINES_MAX = 40 };

struct state {
	struct tool_run run;
	unsigned long last;
};

static void finish(struct state *s, struct findings *f)
{
	run_finish(&s->run, f, NULL);
}

static void found(struct state *s, struct findings *f, const struct line *line, const char *tool,
		  const struct place *place, enum severity severity, struct str code,
		  struct str message)
{
	if (s->run.tool != tool) {
		finish(s, f);
		s->run.tool = tool;
		s->run.language = place_ends(place->file, ".kt .kts") ? "kotlin" : "java";
		s->run.kind = KIND_LINT;
	}
	s->last = line->number;
	run_finding(&s->run, f, line, place, severity, code, str_trim(message), false);
}

/* "Missing a Javadoc comment. [JavadocVariable]", "Unnecessary semicolon (standard:no-semi)" */
static bool take_rule(struct str *message, struct str *rule, const char *open, const char *close)
{
	struct str text = *message, before;

	if (!str_chop(&text, close) || !str_split_last(text, open, &before, rule) || !rule->size ||
	    str_char(*rule, ' ') >= 0)
		return false;
	*message = before;
	return true;
}

/* "[ERROR] /x/Cart.java:6:9: Missing a Javadoc comment. [JavadocVariable]" */
static bool checkstyle_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = jvm_body(line->text), rule = STR_NONE;
	enum severity severity = SEVERITY_ERROR;
	struct place place;

	if (str_skip(&text, "[WARN] "))
		severity = SEVERITY_WARNING;
	else if (!str_skip(&text, "[ERROR] "))
		return false;
	if (!place_take(&text, &place) || !place_ends(place.file, ".java .properties .xml .kt") ||
	    !str_skip(&text, ": ") || !take_rule(&text, &rule, " [", "]"))
		return false;
	found(s, f, line, "checkstyle", &place, severity, rule, text);
	return true;
}

/* "[ERROR] src/main/java/shop/Cart.java:[6,9] (javadoc) JavadocVariable: Missing a Javadoc comment." */
static bool maven_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, rule, group;
	enum severity severity = SEVERITY_ERROR;
	struct place place = {0};

	if (str_skip(&text, "[WARNING] ") || str_skip(&text, "[WARN] "))
		severity = SEVERITY_WARNING;
	else if (!str_skip(&text, "[ERROR] "))
		return false;
	if (!str_split(text, ":[", &place.file, &text) || !place_ends(place.file, ".java") ||
	    !str_take_number(&text, &place.line))
		return false;
	if (str_skip(&text, ",") && !str_take_number(&text, &place.column))
		return false;
	if (!str_skip(&text, "] (") || !str_split(text, ") ", &group, &text) ||
	    str_char(group, ' ') >= 0 || !str_split(text, ": ", &rule, &text) ||
	    !str_is_word(rule))
		return false;
	found(s, f, line, "checkstyle", &place, severity, rule, text);
	return true;
}

/* "/x/Cart.kt:6:1: Unnecessary semicolon (standard:no-semi)", "/x/Cart.kt:6:1: ... [MagicNumber]" */
static bool kotlin_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = jvm_body(line->text), rule;
	const char *tool = "ktlint";
	struct place place;

	if (str_starts(text, "e: ") || str_starts(text, "w: ") || !place_take(&text, &place) ||
	    !place_ends(place.file, ".kt .kts") || !place.column ||
	    (!str_skip(&text, ": ") && !str_skip(&text, " ")) || str_starts(text, "error:") ||
	    str_starts(text, "warning:"))
		return false;
	if (take_rule(&text, &rule, " [", "]"))
		tool = "detekt";
	else if (!take_rule(&text, &rule, " (", ")") ||
		 (str_char(rule, ':') < 0 && str_char(rule, '-') < 0))
		return false;
	found(s, f, line, tool, &place, SEVERITY_ERROR, rule, text);
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (!checkstyle_line(s, line, f) && !maven_line(s, line, f) && !kotlin_line(s, line, f) &&
	    s->run.tool && line->number - s->last > IDLE_LINES_MAX) {
		finish(s, f);
		s->run.tool = NULL;
	}
	return s->run.tool ? AWAKE : ASLEEP;
}

static void end(void *state, struct findings *f)
{
	finish(state, f);
}

static const char *const wake[] = { "[WARN] /", "[ERROR] /", "[WARN] C:", "[WARN] D:", "[ERROR] C:",
	"[ERROR] D:", ".java:[", ".kt:", ".kts:", NULL };

static const char *const shop[] = { "src/main/java/shop/Cart.java", "src/Cart.kt", NULL };

static const struct reading examples[] = {
	{
		.name = "Checkstyle",
		.files = shop,
		.log =
		"Starting audit...\n"
		"[ERROR] /home/runner/work/shop/shop/src/main/java/shop/Cart.java:6:1: File contains tab "
		"characters (this is the first instance). [FileTabCharacter]\n"
		"[ERROR] /home/runner/work/shop/shop/src/main/java/shop/Cart.java:8:21: Parameter prices "
		"should be final. [FinalParameters]\n"
		"Audit done.\n"
		"Checkstyle ends with 2 errors.\n",
		.expect = { .kind = KIND_LINT, .language = "java", .tool = "checkstyle",
			    .file = "src/main/java/shop/Cart.java", .line = 6, .error_line = 2 },
	},
	{
		.name = "Checkstyle in Gradle",
		.files = shop,
		.log =
		"[ant:checkstyle] [ERROR] /home/runner/work/shop/shop/src/main/java/shop/Cart.java:15:17: "
		"'for' construct must use '{}'s. [NeedBraces]\n",
		.expect = { .kind = KIND_LINT, .tool = "checkstyle", .line = 15 },
	},
	{
		.name = "Checkstyle in Maven",
		.files = shop,
		.log =
		"[INFO] There are 2 errors reported by Checkstyle 9.3 with sun_checks.xml ruleset.\n"
		"[ERROR] src/main/java/shop/Cart.java:[6,9] (javadoc) JavadocVariable: Missing a Javadoc "
		"comment.\n"
		"[ERROR] src/main/java/shop/Cart.java:[8] (sizes) LineLength: Line is longer than 80 "
		"characters (found 97).\n"
		"[ERROR] Failed to execute goal org.apache.maven.plugins:maven-checkstyle-plugin:3.3.1:"
		"check (default-cli) on project shop: You have 2 Checkstyle violations. -> [Help 1]\n",
		.expect = { .kind = KIND_LINT, .tool = "checkstyle", .line = 6, .error_line = 2,
			    .file = "src/main/java/shop/Cart.java" },
	},
	{
		.name = "ktlint",
		.files = shop,
		.log = "src/Cart.kt:6:1: Unnecessary semicolon (standard:no-semi)\n",
		.expect = { .kind = KIND_LINT, .language = "kotlin", .tool = "ktlint",
			    .file = "src/Cart.kt", .line = 6 },
	},
	{
		.name = "detekt",
		.files = shop,
		.log = "/home/runner/work/shop/shop/src/Cart.kt:6:12: This expression contains a magic "
		       "number. Consider defining it to a well named constant. [MagicNumber]\n",
		.expect = { .kind = KIND_LINT, .tool = "detekt", .file = "src/Cart.kt", .line = 6 },
	},
	{0}
};

const struct reader reader_checkstyle = {
	.name = "checkstyle",
	.language = "java",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

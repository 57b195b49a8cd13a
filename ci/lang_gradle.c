/*
 * Gradle's own closing report: "* What went wrong:" with its chain of reasons, of which the first
 * chain's end is the cause, the place in a build file, and the number of tests. What tasks print
 * themselves (compilers, tests, linters) is read elsewhere and outweighs "Execution failed for task".
 */
#include "ci/jvm.h"

enum { REPORT_LINES_MAX = 80 };

enum stage { STAGE_NONE, STAGE_WHERE, STAGE_REASONS };

struct state {
	enum stage stage;
	unsigned long since;
	struct kept file;		/* of "* Where:" */
	unsigned long where_line;	/* in that file */
	struct kept head, cause;
	unsigned long head_line, cause_line;
	size_t indent;			/* of the deepest reason of the first chain, from 1 */
	bool ended;			/* the first chain: its sibling came */
	bool apply;			/* "Run './gradlew :spotlessApply' to fix these violations." */
	bool detail;			/* the cause is a headline, its own error comes below */
	unsigned long told;		/* tests of "Results: ... (122 tests, ...)" */
	unsigned long told_line;
};

static const struct row {
	const char *words;		/* in the cause or the headline */
	enum kind kind;
	unsigned weight;
	const char *type;
} rows[] = {
	{ "There were failing tests", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "Compilation failed; see the compiler", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "Compilation error. See log", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "had format violations", KIND_LINT, WEIGHT_FAILURE, "not formatted" },
	{ "rule violations were found", KIND_LINT, WEIGHT_SUMMARY, "rule violations" },
	{ "Lint found errors in the project", KIND_LINT, WEIGHT_SUMMARY, "lint errors" },
	{ "with non-zero exit value 137", KIND_RESOURCE, WEIGHT_FAILURE, "killed" },
	{ "finished with non-zero exit value", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "No tests found for given includes", KIND_CONFIG, WEIGHT_FAILURE, "no tests" },
	{ "Dependency verification failed", KIND_DEPENDENCY, WEIGHT_CERTAIN, "verification" },
	{ "Plugin [id: ", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved plugin" },
	{ "No matching toolchain", KIND_CONFIG, WEIGHT_CERTAIN, "Java version" },
	{ "Unsupported class file major version", KIND_CONFIG, WEIGHT_CERTAIN, "Java version" },
	{ "invalid source release: ", KIND_CONFIG, WEIGHT_CERTAIN, "Java version" },
	{ "invalid target release: ", KIND_CONFIG, WEIGHT_CERTAIN, "Java version" },
	{ "Could not determine java version", KIND_CONFIG, WEIGHT_CERTAIN, "Java version" },
	{ "requires at least JVM runtime version", KIND_CONFIG, WEIGHT_CERTAIN, "Java version" },
	{ "Inconsistent JVM-target compatibility", KIND_CONFIG, WEIGHT_CERTAIN, "Java version" },
	{ "Java heap space", KIND_RESOURCE, WEIGHT_CERTAIN, "out of memory" },
	{ "GC overhead limit exceeded", KIND_RESOURCE, WEIGHT_CERTAIN, "out of memory" },
	{ "Metaspace", KIND_RESOURCE, WEIGHT_CERTAIN, "out of memory" },
	{ "daemon disappeared unexpectedly", KIND_RESOURCE, WEIGHT_CERTAIN, "daemon lost" },
	{ "Timeout has been exceeded", KIND_TIMEOUT, WEIGHT_FAILURE, "timeout" },
	{ "SDK location not found", KIND_CONFIG, WEIGHT_CERTAIN, "no Android SDK" },
	{ "licences have not been accepted", KIND_CONFIG, WEIGHT_CERTAIN, "licences" },
	{ "' not found in root project ", KIND_CONFIG, WEIGHT_CERTAIN, "unknown task" },
	{ "' not found in project ", KIND_CONFIG, WEIGHT_CERTAIN, "unknown task" },
	{ "Cannot locate tasks that match ", KIND_CONFIG, WEIGHT_CERTAIN, "unknown task" },
	{ "Could not find method ", KIND_CONFIG, WEIGHT_CERTAIN, "unknown method" },
	{ "Could not get unknown property ", KIND_CONFIG, WEIGHT_CERTAIN, "unknown property" },
	{ "Could not set unknown property ", KIND_CONFIG, WEIGHT_CERTAIN, "unknown property" },
	{ "Could not compile ", KIND_COMPILE, WEIGHT_CERTAIN, "build script" },
	{ "Script compilation error", KIND_COMPILE, WEIGHT_CERTAIN, "build script" },
	{ "A problem occurred evaluating ", KIND_CONFIG, WEIGHT_TRACE, "build script" },
	{ "Could not resolve all ", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved dependency" },
	{ "Could not find ", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved dependency" },
	{ "Could not resolve ", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved dependency" },
	{ "Could not GET ", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved dependency" },
	{ "A problem occurred configuring ", KIND_CONFIG, WEIGHT_TRACE, "configuration" },
	{ "Execution failed for task ", KIND_UNKNOWN, WEIGHT_HINT, NULL },
};

/* The row of the cause, else the headline's. */
static const struct row *row_of(struct str cause, struct str head)
{
	const struct str texts[] = { cause, head };

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (str_has(texts[k], rows[i].words))
				return &rows[i];
	return NULL;
}

static void report(struct state *s, struct findings *f)
{
	struct str head = kept_str(&s->head), cause = kept_str(&s->cause);
	const struct row *row = row_of(cause, head);
	struct failure *failure;

	s->stage = STAGE_NONE;
	if (!head.size)
		return;
	if (!cause.size)
		cause = head, s->cause_line = s->head_line;
	failure = findings_failure(f, row ? row->kind : KIND_UNKNOWN,
				   row ? row->weight : WEIGHT_HINT, s->head_line);
	failure->language = "java";
	failure->tool = "gradle";
	failure->type = row ? row->type : NULL;
	failure->message = findings_text(failure, cause);
	failure->error_line = failure->last_line = s->cause_line;
	if (s->apply)
		failure->fixer = "./gradlew spotlessApply";
	if (s->file.size)
		place_set(failure, &(struct place){ .file = kept_str(&s->file), .line = s->where_line });
	if ((failure->kind == KIND_DEPENDENCY || failure->kind == KIND_UNKNOWN) && jvm_network(cause)) {
		failure->kind = KIND_INFRA;
		failure->weight = WEIGHT_CERTAIN;
		failure->transient = true;
	}
	s->head.size = s->cause.size = s->file.size = 0;
}

/* "Build file '/x/build.gradle' line: 5" */
static void where_line(struct state *s, struct str text)
{
	struct str name, rest;

	if (!str_split(text, "'", NULL, &rest) || !str_split(rest, "'", &name, &rest) ||
	    !str_skip(&rest, " line: ") || !str_take_number(&rest, &s->where_line))
		return;
	keep(&s->file, name);
	s->stage = STAGE_NONE;
}

/* What other tasks print at the same time. */
static bool is_noise(struct str text)
{
	return str_starts(text, "> Task ") || str_has(text, " actionable task") ||
	       str_starts(text, "BUILD ") || str_starts(text, "OpenJDK ");
}

static void set_cause(struct state *s, const struct line *line, struct str text)
{
	keep(&s->cause, text);
	s->cause_line = line->number;
	s->detail = str_is(text, "startup failed:") || str_ends(text, "Script compilation error:") ||
		    str_ends(text, "Script compilation errors:") || str_is(text, "Compilation errors:");
}

/* "   > Could not find com.example:nosuch:1.0.": deeper is nearer to the cause. */
static void reason_line(struct state *s, const struct line *line)
{
	struct str text = line->text;
	size_t indent = str_indent(text);

	text = str_trim(text);
	if (s->head.size && str_skip(&text, "> ")) {
		if (s->ended || (s->indent && indent + 1 <= s->indent)) {
			s->ended = true;
			return;
		}
		s->indent = indent + 1;
		set_cause(s, line, text);
	} else if (str_has(text, "spotlessApply' to fix ")) {
		s->apply = true;
	} else if (str_ends(kept_str(&s->cause), "had format violations:") && !s->file.size) {
		keep(&s->file, text);	/* the first of them */
		s->where_line = 0;
	} else if (!s->head.size) {
		keep(&s->head, text);
		s->head_line = line->number;
		if (str_starts(text, "Script compilation error"))
			set_cause(s, line, text);
	} else if (s->detail && (str_char(text, ':') > 0 || str_starts(text, "^ ")) &&
		   !str_starts(text, "Line ")) {
		(void)str_skip(&text, "^ ");
		set_cause(s, line, text);
	}
}

/* "122 tests completed, 2 failed, 1 skipped": of all, the skipped ones too. */
static bool completed(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long all, failed = 0, skipped = 0;

	if (!str_take_number(&text, &all) || !(str_skip(&text, " tests completed") ||
					       str_skip(&text, " test completed")))
		return false;
	while (str_skip(&text, ", ")) {
		unsigned long n;

		if (!str_take_number(&text, &n))
			break;
		if (str_skip(&text, " failed"))
			failed = n;
		else if (str_skip(&text, " skipped"))
			skipped = n;
	}
	if (all < failed || all - failed < skipped)
		return false;
	findings_framework(f, "gradle");
	if (s->told == all && line->number - s->told_line < REPORT_LINES_MAX)
		s->told = 0;
	else
		findings_counts(f, all - skipped, all - failed - skipped, failed, skipped);
	return true;
}

/* Many builds print "Results: FAILURE (122 tests, 119 successes, 2 failures, 1 skipped)" themselves. */
static bool results(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	unsigned long all, good, bad, skipped;

	if (!str_split(text, "Results: ", NULL, &text) || !str_split(text, " (", NULL, &text) ||
	    !str_take_number(&text, &all) || !str_skip(&text, " tests, ") ||
	    !str_take_number(&text, &good) || !str_skip(&text, " successes, ") ||
	    !str_take_number(&text, &bad) || !str_skip(&text, " failures, ") ||
	    !str_take_number(&text, &skipped) || !str_starts(text, " skipped)"))
		return false;
	findings_framework(f, "gradle");
	findings_counts(f, good + bad, good, bad, skipped);
	s->told = all;
	s->told_line = line->number;
	return true;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = str_trim_right(line->text);

	if (completed(s, line, f) || results(s, line, f))
		return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
	if (str_is(text, "* Where:")) {
		s->stage = STAGE_WHERE;
		s->file.size = 0;
		s->since = line->number;
	} else if (str_is(text, "* What went wrong:")) {
		s->stage = STAGE_REASONS;
		s->head.size = s->cause.size = 0;
		s->indent = 0;
		s->ended = s->detail = s->apply = false;
		s->since = line->number;
	} else if (s->stage == STAGE_REASONS && (str_starts(text, "* Try") || str_starts(text, "* Get ") ||
						 str_starts(text, "* Exception") ||
						 line->number - s->since > REPORT_LINES_MAX)) {
		report(s, f);
	} else if (s->stage == STAGE_WHERE && line->number - s->since > 3) {
		s->stage = STAGE_NONE;
	} else if (text.size && !is_noise(text)) {
		if (s->stage == STAGE_WHERE)
			where_line(s, text);
		else if (s->stage == STAGE_REASONS)
			reason_line(s, line);
	}
	return s->stage == STAGE_NONE ? ASLEEP : AWAKE;
}

static void end(void *state, struct findings *f)
{
	struct state *s = state;

	if (s->stage == STAGE_REASONS)
		report(s, f);
}

static const char *const wake[] = { "* What went wrong:", "* Where:", " tests completed",
	" test completed", " successes, ", NULL };

static const char *const tests[] = { "src/test/java/shop/CartTest.java", NULL };
static const char *const shop[] = { "build.gradle", "app/build.gradle.kts", NULL };

static const struct reading examples[] = {
	{
		.name = "Gradle, long form",
		.files = tests,
		.log = "CartTest > counts() FAILED\n"
		       "    org.opentest4j.AssertionFailedError: expected: <3> but was: <2>\n"
		       "        at app//shop.CartTest.counts(CartTest.java:9)\n",
		.expect = { .kind = KIND_ASSERTION, .test = "CartTest.counts()", .line = 9,
			    .file = "src/test/java/shop/CartTest.java", .error_line = 2 },
	},
	{
		.name = "Gradle, short form",
		.files = tests,
		.log = "CartTest > counts() FAILED\n    java.lang.AssertionError at CartTest.java:9\n\n"
		       "2 tests completed, 1 failed\n",
		.expect = { .kind = KIND_ASSERTION, .test = "CartTest.counts()", .line = 9,
			    .file = "src/test/java/shop/CartTest.java", .error_line = 2 },
	},
	{
		.name = "an error of a class that does not say so",
		.files = tests,
		.log = "CartTest > counts() FAILED\n"
		       "    org.mockito.exceptions.verification.TooFewActualInvocations: \n"
		       "    object.apply(<any>);\n"
		       "    Wanted 5 times:\n"
		       "        at shop.CartTest.counts(CartTest.java:9)\n",
		.expect = { .kind = KIND_EXCEPTION, .test = "CartTest.counts()", .line = 9,
			    .type = "org.mockito.exceptions.verification.TooFewActualInvocations",
			    .error_line = 2 },
	},
	{
		.name = "counts, and failing tests as a consequence",
		.log =
		"5 tests completed, 2 failed, 1 skipped\n"
		":test FAILED\n"
		"\n"
		"FAILURE: Build failed with an exception.\n"
		"\n"
		"* What went wrong:\n"
		"Execution failed for task ':test'.\n"
		"> There were failing tests. See the report at: file:///home/runner/work/shop/build"
		"/reports/tests/test/index.html\n"
		"\n"
		"* Try:\n"
		"Run with --stacktrace option to get the stack trace.\n"
		"\n"
		"BUILD FAILED in 1m 0s\n"
		"3 actionable tasks: 1 executed, 2 up-to-date\n",
		.expect = { .kind = KIND_UNKNOWN, .tool = "gradle", .error_line = 8 },
		.run = 4, .failed = 2,
	},
	{
		.name = "counts that the build prints itself are not counted twice",
		.log =
		"Results: FAILURE (122 tests, 119 successes, 2 failures, 1 skipped)\n"
		"\n"
		"122 tests completed, 2 failed, 1 skipped\n",
		.nothing = true,
		.run = 121, .failed = 2,
	},
	{
		.name = "a missing dependency",
		.log =
		"FAILURE: Build failed with an exception.\n"
		"\n"
		"* What went wrong:\n"
		"Could not resolve all files for configuration ':compileClasspath'.\n"
		"> Could not find com.example:nosuch:1.0.\n"
		"  Searched in the following locations:\n"
		"      file:/usr/share/java/nosuch-1.0.jar\n"
		"      file:/usr/share/java/nosuch.jar\n"
		"  Required by:\n"
		"      project :\n"
		"\n"
		"* Try:\n"
		"Run with --stacktrace option to get the stack trace.\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "java", .tool = "gradle",
			    .type = "unresolved dependency", .error_line = 5,
			    .message = "Could not find com.example:nosuch:1.0." },
	},
	{
		.name = "a repository out of reach, told among other tasks' lines",
		.log =
		"* What went wrong:\n"
		"> Task :lib:jar FAILED\n"
		"Execution failed for task ':app:compileJava'.\n"
		"> Could not resolve all files for configuration ':app:compileClasspath'.\n"
		"   > Could not resolve com.example:lib:1.0.\n"
		"     Required by:\n"
		"         project :app\n"
		"      > Could not resolve com.example:lib:1.0.\n"
		"         > Could not get resource 'https://repo.example.org/lib-1.0.pom'.\n"
		"            > Could not GET 'https://repo.example.org/lib-1.0.pom'.\n"
		"               > Read timed out\n"
		"   > Could not resolve com.example:other:1.0.\n"
		"     Required by:\n"
		"         project :app\n"
		"      > There is more than one.\n"
		"\n"
		"* Try:\n",
		.expect = { .kind = KIND_INFRA, .tool = "gradle", .transient = true, .error_line = 11,
			    .message = "Read timed out" },
	},
	{
		.name = "a build script's error",
		.files = shop,
		.log =
		"* Where:\n"
		"Build file '/home/runner/work/shop/shop/build.gradle' line: 5\n"
		"\n"
		"* What went wrong:\n"
		"A problem occurred evaluating root project 'shop'.\n"
		"> Could not find method nosuchMethod() for arguments [3] on root project 'shop' of "
		"type org.gradle.api.Project.\n"
		"\n"
		"* Try:\n",
		.expect = { .kind = KIND_CONFIG, .tool = "gradle", .type = "unknown method",
			    .file = "build.gradle", .line = 5, .error_line = 6 },
	},
	{
		.name = "a build script that does not parse",
		.files = shop,
		.log =
		"* Where:\n"
		"Build file '/home/runner/work/shop/shop/build.gradle' line: 6\n"
		"\n"
		"* What went wrong:\n"
		"Could not compile build file '/home/runner/work/shop/shop/build.gradle'.\n"
		"> startup failed:\n"
		"  build file '/home/runner/work/shop/shop/build.gradle': 6: unexpected token:  @ "
		"line 6, column 1.\n"
		"  1 error\n"
		"\n"
		"\n"
		"* Try:\n",
		.expect = { .kind = KIND_COMPILE, .tool = "gradle", .type = "build script",
			    .file = "build.gradle", .line = 6, .error_line = 7 },
	},
	{
		.name = "a Kotlin build script",
		.files = shop,
		.log =
		"* Where:\n"
		"Build file '/home/runner/work/shop/shop/app/build.gradle.kts' line: 12\n"
		"\n"
		"* What went wrong:\n"
		"Script compilation error:\n"
		"\n"
		"  Line 12:     implementaton(\"com.example:lib:1.0\")\n"
		"               ^ Unresolved reference: implementaton\n"
		"\n"
		"1 error\n"
		"\n"
		"* Try:\n",
		.expect = { .kind = KIND_COMPILE, .file = "app/build.gradle.kts", .line = 12,
			    .message = "Unresolved reference: implementaton", .error_line = 8 },
	},
	{
		.name = "a missing plugin",
		.files = shop,
		.log =
		"* Where:\n"
		"Build file '/home/runner/work/shop/shop/build.gradle' line: 1\n"
		"\n"
		"* What went wrong:\n"
		"Plugin [id: 'com.example.nosuch', version: '1.0'] was not found in any of the "
		"following sources:\n"
		"\n"
		"- Gradle Core Plugins (plugin is not in 'org.gradle' namespace)\n"
		"- Plugin Repositories (could not resolve plugin artifact "
		"'com.example.nosuch:com.example.nosuch.gradle.plugin:1.0')\n"
		"  Searched in the following repositories:\n"
		"    Gradle Central Plugin Repository\n"
		"\n"
		"* Try:\n",
		.expect = { .kind = KIND_DEPENDENCY, .type = "unresolved plugin", .line = 1,
			    .file = "build.gradle", .error_line = 5 },
	},
	{
		.name = "sources that are not formatted",
		.files = (const char *const[]){ "src/main/java/shop/Cart.java", NULL },
		.log =
		"* What went wrong:\n"
		"Execution failed for task ':spotlessJavaCheck'.\n"
		"> The following files had format violations:\n"
		"      src/main/java/shop/Cart.java\n"
		"          @@ -1,3 +1,3 @@\n"
		"          -class·Cart· {\n"
		"          +class·Cart·{\n"
		"  Run './gradlew :spotlessApply' to fix these violations.\n"
		"\n"
		"* Try:\n",
		.expect = { .kind = KIND_LINT, .tool = "gradle", .type = "not formatted",
			    .file = "src/main/java/shop/Cart.java", .error_line = 3 },
	},
	{
		.name = "an unknown task",
		.log =
		"* What went wrong:\n"
		"Task 'nosuch' not found in root project 'shop'.\n"
		"\n"
		"* Try:\n",
		.expect = { .kind = KIND_CONFIG, .type = "unknown task", .error_line = 2,
			    .message = "Task 'nosuch' not found in root project 'shop'." },
	},
	{
		.name = "an interrupted report",
		.log = "* What went wrong:\nExecution failed for task ':shrink'.\n> No jar to shrink\n",
		.expect = { .kind = KIND_UNKNOWN, .message = "No jar to shrink", .error_line = 3 },
	},
	{0}
};

const struct reader reader_gradle = {
	.name = "gradle",
	.language = "java",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.end = end,
	.examples = examples,
};

/*
 * What Maven and Gradle say around tests: counts, Surefire's list of failures, and their own
 * closing errors. Stack traces are read elsewhere; a line of the list is weaker than a trace.
 */
#include "ci/trace.h"

static bool number_behind(struct str text, const char *word, unsigned long *n)
{
	struct str rest;

	return str_split(text, word, NULL, &rest) && str_take_number(&rest, n);
}

/*
 * "Tests run: 4, Failures: 1, Errors: 1, Skipped: 1"; the lines of single classes say their time
 * too.
 */
static bool surefire_counts(struct str text, struct findings *f)
{
	unsigned long run, failures, errors, skipped;

	if (!number_behind(text, "Tests run: ", &run) || !number_behind(text, ", Failures: ", &failures) ||
	    !number_behind(text, ", Errors: ", &errors) || !number_behind(text, ", Skipped: ", &skipped))
		return false;
	findings_framework(f, "junit");
	if (!str_has(text, "Time elapsed") && run >= skipped && run - skipped >= failures &&
	    run - skipped - failures >= errors)
		findings_counts(f, run - skipped, run - skipped - failures - errors,
				failures + errors, skipped);
	return true;
}

/* "122 tests completed, 2 failed, 1 skipped" */
static bool gradle_counts(struct str text, struct findings *f)
{
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
	findings_counts(f, all - skipped, all - failed - skipped, failed, skipped);
	return true;
}

/*
 * "[ERROR]   CartTest.counts:9 expected:<3> but was:<2>", "[ERROR]   CartTest.totals:14 »
 * NullPointer ..."
 */
static bool listed_failure(const struct line *line, struct findings *f)
{
	struct str text = line->text, name, class, method, type = STR_NONE;
	struct failure *failure;
	unsigned long number;
	char path[300];

	if (!str_skip(&text, "[ERROR]   ") || !str_split(text, ":", &name, &text) ||
	    !str_take_number(&text, &number) || str_char(name, ' ') >= 0 ||
	    str_char(name, '/') >= 0 || !str_split(name, ".", &class, &method) || class.size > 250)
		return false;
	if (str_starts(text, "->"))	/* the test's own line, then where it called */
		(void)str_split(text, " ", NULL, &text);
	text = str_trim(text);
	if (str_skip(&text, "\xc2\xbb ")) {
		type = take_word(&text);
		str_chop(&type, ":");
	}
	failure = findings_failure(f, type.size ? KIND_EXCEPTION : KIND_ASSERTION,
				   WEIGHT_DIAGNOSTIC, line->number);
	failure->language = "java";
	failure->tool = "junit";
	failure->type = findings_text(failure, type);
	failure->message = findings_text(failure, text);
	failure->test = findings_text(failure, name);
	(void)str_split(class, "$", &class, NULL);
	memcpy(path, class.at, class.size);
	memcpy(path + class.size, ".java", 5);
	place_set(failure, &(struct place){ .file = { path, class.size + 5 }, .line = number });
	return true;
}

static const struct {
	const char *words;
	enum kind kind;
	unsigned weight;
	const char *type;
} closings[] = {
	{ "Could not resolve dependencies", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved dependency" },
	{ "or one of its dependencies could not be resolved", KIND_DEPENDENCY, WEIGHT_CERTAIN,
	  "unresolved plugin" },
	{ "Non-resolvable parent POM", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved parent" },
	{ "There are test failures", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "Compilation failure", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "Failed to execute goal ", KIND_UNKNOWN, WEIGHT_SUMMARY, NULL },
	{ "Execution failed for task ", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "Could not resolve all ", KIND_DEPENDENCY, WEIGHT_FAILURE, "unresolved dependency" },
	{ "There were failing tests", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
};

/* The repository could not be reached; one that answers "not found" will do so again. */
static bool network(struct str text)
{
	static const char *const words[] = { "Unknown host", "Connection reset", "Connect timed out",
		"Read timed out", "Connection timed out", "Remote host terminated the handshake",
		"status code: 502", "status code: 503", "status code: 504", "status code: 429",
		"Bad Gateway (502)", "Service Unavailable (503)", "Too Many Requests (429)", NULL };

	for (size_t i = 0; words[i]; i++)
		if (str_has(text, words[i]))
			return true;
	return false;
}

static void closing(const struct line *line, struct findings *f)
{
	struct str text = line->text;
	bool maven = str_skip(&text, "[ERROR] ");
	struct failure *failure;

	if (!maven && !str_starts(text, "Execution failed for task ") && !str_skip(&text, "> "))
		return;
	for (size_t i = 0; i < sizeof(closings) / sizeof(closings[0]); i++) {
		if (!str_has(text, closings[i].words))
			continue;
		failure = findings_failure(f, closings[i].kind, closings[i].weight, line->number);
		failure->language = "java";
		failure->tool = maven ? "maven" : "gradle";
		failure->type = closings[i].type;
		failure->message = findings_text(failure, text);
		if (closings[i].kind == KIND_DEPENDENCY && network(text)) {
			failure->kind = KIND_INFRA;
			failure->transient = true;
		}
		return;
	}
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	(void)state;
	if (!surefire_counts(line->text, f) && !gradle_counts(line->text, f) &&
	    !listed_failure(line, f))
		closing(line, f);
	return ASLEEP;
}

static const char *const wake[] = { "Tests run: ", " tests completed", " test completed", "[ERROR]   ",
	"Could not resolve dependencies", "dependencies could not be resolved",
	"Non-resolvable parent POM", "Failed to execute goal ", "Execution failed for task ",
	"Could not resolve all ", "There were failing tests", NULL };

static const char *const shop[] = { "src/test/java/shop/CartTest.java", NULL };

static const struct reading examples[] = {
	{
		.name = "Surefire's list and counts",
		.files = shop,
		.log =
		"[INFO] \n"
		"[INFO] Results:\n"
		"[INFO] \n"
		"[ERROR] Failures: \n"
		"[ERROR]   CartTest.counts:9 expected:<3> but was:<2>\n"
		"[ERROR] Errors: \n"
		"[ERROR]   CartTest.totals:14 » NullPointer Cannot invoke "
		"\"java.util.List.iterator()\" bec...\n"
		"[INFO] \n"
		"[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 1\n"
		"[INFO] \n"
		"[INFO] ------------------------------------------------------------------------\n"
		"[INFO] BUILD FAILURE\n",
		.expect = { .kind = KIND_ASSERTION, .language = "java", .tool = "junit",
			    .test = "CartTest.counts", .line = 9,
			    .file = "src/test/java/shop/CartTest.java",
			    .message = "expected:<3> but was:<2>", .error_line = 5 },
		.run = 3, .failed = 2,
	},
	{
		.name = "Surefire, an error in the list",
		.files = shop,
		.log = "[ERROR]   CartTest.totals:14 \u00bb NullPointer Cannot invoke "
		       "\"java.util.List.iterator()\" bec...\n",
		.expect = { .kind = KIND_EXCEPTION, .type = "NullPointer", .test = "CartTest.totals",
			    .line = 14, .error_line = 1 },
	},
	{
		.name = "Maven cannot reach its repository",
		.log =
		"[ERROR] Plugin org.apache.maven.plugins:maven-resources-plugin:2.6 or one of its "
		"dependencies could not be resolved: Failed to read artifact descriptor for "
		"org.apache.maven.plugins:maven-resources-plugin:jar:2.6: Could not transfer "
		"artifact org.apache.maven.plugins:maven-resources-plugin:pom:2.6 from/to central "
		"(https://repo.maven.apache.org/maven2): transfer failed for "
		"https://repo.maven.apache.org/maven2/org/apache/maven/plugins/maven-resources-plu"
		"gin/2.6/maven-resources-plugin-2.6.pom: Unknown host repo.maven.apache.org: Name "
		"or service not known -> [Help 1]\n"
		"[ERROR] \n"
		"[ERROR] To see the full stack trace of the errors, re-run Maven with the -e "
		"switch.\n",
		.expect = { .kind = KIND_INFRA, .tool = "maven", .type = "unresolved plugin",
			    .transient = true },
	},
	{
		.name = "Gradle counts",
		.log = "20 tests completed, 1 failed, 1 skipped\n\nFAILURE: Build failed with an exception.\n\n"
		       "* What went wrong:\nExecution failed for task ':test'.\n"
		       "> There were failing tests. See the report at: file:///src/index.html\n",
		.expect = { .kind = KIND_UNKNOWN, .tool = "gradle" },
		.run = 19, .failed = 1,
	},
	{
		.name = "all is well",
		.log = "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s - in "
		       "shop.CartTest\n[INFO] \n[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0\n",
		.nothing = true,
		.run = 3,
	},
	{0}
};

const struct reader reader_java_test = {
	.name = "java_test",
	.language = "java",
	.wake = wake,
	.line = line,
	.examples = examples,
};

/*
 * Maven's own errors: what it says when a goal fails, and when the project, a plugin or a dependency
 * cannot be read or had. "Failed to execute goal" repeats what its plugin printed, so it is a
 * consequence wherever that is read elsewhere (compilers, tests), and a summary for other plugins.
 */
#include "ci/jvm.h"

enum { PROJECT_LINES_MAX = 8 };

struct state {
	struct failure *failure;	/* waits for its project's file, or a rule's message */
	unsigned long since, at_line, at_column;
	bool rule;
};

static const struct row {
	const char *words;
	enum kind kind;
	unsigned weight;
	const char *type;
} rows[] = {
	{ "There are test failures", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "Compilation failure", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "compile failed", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "Some Enforcer rules have failed", KIND_UNKNOWN, WEIGHT_CONSEQUENCE, NULL },
	{ "No tests were executed", KIND_CONFIG, WEIGHT_FAILURE, "no tests" },
	{ "No tests matching pattern", KIND_CONFIG, WEIGHT_FAILURE, "no tests" },
	{ "forked VM terminated without", KIND_UNKNOWN, WEIGHT_FAILURE, "test VM crashed" },
	{ "There was a timeout or other error in the fork", KIND_TIMEOUT, WEIGHT_FAILURE, "timeout" },
	{ "Could not resolve dependencies", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved dependency" },
	{ "Could not collect dependencies", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved dependency" },
	{ "one of its dependencies could not be resolved", KIND_DEPENDENCY, WEIGHT_CERTAIN,
	  "unresolved plugin" },
	{ "Error resolving version for plugin ", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved plugin" },
	{ "No plugin found for prefix ", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved plugin" },
	{ "Non-resolvable parent POM", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved parent" },
	{ "Non-resolvable import POM", KIND_DEPENDENCY, WEIGHT_CERTAIN, "unresolved import" },
	{ "Failed to deploy artifacts: ", KIND_INFRA, WEIGHT_FAILURE, "deploy" },
	{ "Non-parseable POM ", KIND_CONFIG, WEIGHT_CERTAIN, "POM" },
	{ "Malformed POM ", KIND_CONFIG, WEIGHT_CERTAIN, "POM" },
	{ "Child module ", KIND_CONFIG, WEIGHT_CERTAIN, "POM" },
	{ "there is no POM in this directory", KIND_CONFIG, WEIGHT_CERTAIN, "no POM" },
	{ "Unknown lifecycle phase ", KIND_CONFIG, WEIGHT_CERTAIN, "unknown phase" },
	{ "Could not find goal ", KIND_CONFIG, WEIGHT_CERTAIN, "unknown goal" },
	{ "Could not find the selected project in the reactor", KIND_CONFIG, WEIGHT_CERTAIN,
	  "unknown project" },
	{ "release version ", KIND_CONFIG, WEIGHT_CERTAIN, "Java version" },
	{ "invalid target release: ", KIND_CONFIG, WEIGHT_CERTAIN, "Java version" },
	{ "invalid source release: ", KIND_CONFIG, WEIGHT_CERTAIN, "Java version" },
	{ "had format violations", KIND_LINT, WEIGHT_FAILURE, "not formatted" },
	{ "Checkstyle violation", KIND_LINT, WEIGHT_SUMMARY, "rule violations" },
	{ "during checkstyle execution", KIND_LINT, WEIGHT_SUMMARY, "rule violations" },
	{ "PMD violation", KIND_LINT, WEIGHT_SUMMARY, "rule violations" },
	{ "with SpotBugs", KIND_LINT, WEIGHT_SUMMARY, "rule violations" },
	{ "Coverage checks have not been met", KIND_LINT, WEIGHT_SUMMARY, "coverage" },
	{ "Failed to execute goal ", KIND_UNKNOWN, WEIGHT_SUMMARY, NULL },
};

/* Without "[ERROR] [ERROR] " and "-> [Help 1]". */
static bool take_error(struct str *text)
{
	bool error = false;

	while (str_skip(text, "[ERROR] ") || str_skip(text, "[FATAL] "))
		error = true;
	*text = str_trim(*text);
	(void)str_split_last(*text, " -> [Help ", text, NULL);
	return error;
}

static const struct row pom_row = { " @ line ", KIND_CONFIG, WEIGHT_CERTAIN, "POM" };

static const struct row *row_of(struct str text)
{
	if (str_starts(text, "'"))	/* "'dependencies.dependency.version' for x is missing. @ line 5" */
		return str_has(text, "' for ") && str_has(text, pom_row.words) ? &pom_row : NULL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_has(text, rows[i].words))
			return &rows[i];
	return NULL;
}

/* "... @ line 5, column 29", at the end or before "-> [Help 2]". */
static void take_place(struct state *s, struct str *text)
{
	struct str rest;

	s->at_line = s->at_column = 0;
	if (!str_split_last(*text, "@ line ", NULL, &rest) || !str_take_number(&rest, &s->at_line) ||
	    !str_skip(&rest, ", column ") || !str_take_number(&rest, &s->at_column))
		return;
	(void)str_split_last(*text, "@ line ", text, NULL);
	*text = str_trim(*text);
}

static void set_file(struct state *s, struct str file)
{
	place_set(s->failure, &(struct place){ .file = file, .line = s->at_line,
					       .column = s->at_column });
}

static void problem(struct state *s, const struct line *line, struct str text, const struct row *row,
		    struct findings *f)
{
	struct str file, rest;

	take_place(s, &text);
	s->failure = findings_failure(f, row->kind, row->weight, line->number);
	s->failure->language = "java";
	s->failure->tool = "maven";
	s->failure->type = row->type;
	/* what the plugin says stands behind its name and the project's */
	if (str_split(text, " on project ", NULL, &rest) && str_split(rest, ": ", NULL, &rest))
		text = rest;
	s->failure->message = findings_text(s->failure, text);
	if ((row->kind == KIND_DEPENDENCY || row->kind == KIND_INFRA) && jvm_network(text)) {
		s->failure->kind = KIND_INFRA;
		s->failure->transient = true;
	}
	if (str_split(text, "Non-parseable POM ", NULL, &file) && str_split(file, ": ", &file, NULL))
		set_file(s, file);
	s->since = line->number;
	s->rule = false;
}

/* "  The project shop:shop:1.0 (/x/pom.xml) has 1 error" */
static bool project_line(struct state *s, struct str text)
{
	struct str file, rest;

	if (!str_skip(&text, "The project ") || !str_split(text, "(", NULL, &file) ||
	    !str_split(file, ") has ", &file, &rest))
		return false;
	if (s->failure && !s->failure->file)
		set_file(s, file);
	return true;
}

/* "Rule 0: org.apache.maven.enforcer.rules.version.RequireJavaVersion failed with message:" */
static bool rule_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str text = line->text, name, rest;
	enum kind kind = KIND_CONFIG;

	(void)(str_skip(&text, "[ERROR] ") || str_skip(&text, "[WARNING] "));
	if (!str_skip(&text, "Rule ") || !str_split(text, " failed with message:", &name, &rest))
		return false;
	(void)str_split_last(name, ".", NULL, &name);
	if (str_has(name, "Dependenc") || str_has(name, "Version") != str_has(name, "RequireUpper"))
		kind = str_has(name, "Java") || str_has(name, "Maven") ? KIND_CONFIG : KIND_DEPENDENCY;
	s->failure = findings_failure(f, kind, WEIGHT_CERTAIN, line->number);
	s->failure->language = "java";
	s->failure->tool = "maven";
	s->failure->type = findings_text(s->failure, name);
	s->since = line->number;
	s->rule = true;
	return true;
}

static bool is_own(struct str text, const struct row *row)
{
	return row->type == NULL || str_starts(text, "Failed to execute goal ") ||
	       str_starts(text, "Plugin ") || str_starts(text, "Extension ") ||
	       str_starts(text, "Non-") || str_starts(text, "'") ||
	       str_starts(text, row->words) || str_starts(text, "Fatal error compiling") ||
	       str_starts(text, "The goal you specified");
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = line->text;
	const struct row *row;
	bool error = take_error(&text);

	if (s->failure && line->number - s->since > PROJECT_LINES_MAX)
		s->failure = NULL;
	if (s->failure && s->rule && text.size) {
		s->failure->message = findings_text(s->failure, text);
		s->failure->error_line = s->failure->last_line = line->number;
		s->failure = NULL;
		return ASLEEP;
	}
	if (rule_line(s, line, f))
		return AWAKE;
	if (error && project_line(s, text)) {
		s->failure = NULL;
		return ASLEEP;
	}
	if (!error && str_split(text, "ExtensionResolutionException: ", NULL, &text))
		error = true;	/* Maven's own trace */
	row = error ? row_of(text) : NULL;
	if (row && is_own(text, row))
		problem(s, line, text, row, f);
	return s->failure ? AWAKE : ASLEEP;
}

static const char *const wake[] = { "Failed to execute goal ", "could not be resolved: ",
	"[FATAL] ", "[ERROR] '", "[ERROR]     '", "[ERROR] Child module ", "[ERROR] Malformed POM ",
	"Error resolving version for plugin ", "No plugin found for prefix ",
	"there is no POM in this directory", "Unknown lifecycle phase ", "[ERROR] Could not find ",
	" failed with message:", NULL };

static const char *const shop[] = { "pom.xml", NULL };

static const struct reading examples[] = {
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
		.name = "a missing dependency",
		.log =
		"[INFO] BUILD FAILURE\n"
		"[ERROR] Failed to execute goal on project shop: Could not resolve dependencies for "
		"project shop:shop:jar:1.0: Cannot access central "
		"(https://repo.maven.apache.org/maven2) in offline mode and the artifact "
		"com.example:nosuch:jar:1.0 has not been downloaded from it before. -> [Help 1]\n"
		"[ERROR] \n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "java", .tool = "maven",
			    .type = "unresolved dependency", .error_line = 2 },
	},
	{
		.name = "a dependency without a version",
		.files = shop,
		.log =
		"[INFO] Scanning for projects...\n"
		"[ERROR] [ERROR] Some problems were encountered while processing the POMs:\n"
		"[ERROR] 'dependencies.dependency.version' for junit:junit:jar is missing. @ line 5, "
		"column 29\n"
		" @ \n"
		"[ERROR] The build could not read 1 project -> [Help 1]\n"
		"[ERROR]   \n"
		"[ERROR]   The project shop:shop:1.0 (/home/runner/work/shop/shop/pom.xml) has 1 error\n"
		"[ERROR]     'dependencies.dependency.version' for junit:junit:jar is missing. @ line 5, "
		"column 29\n",
		.expect = { .kind = KIND_CONFIG, .tool = "maven", .type = "POM", .file = "pom.xml",
			    .line = 5, .error_line = 3,
			    .message = "'dependencies.dependency.version' for junit:junit:jar is "
				       "missing." },
	},
	{
		.name = "a parent that cannot be had",
		.files = shop,
		.log =
		"[ERROR] [ERROR] Some problems were encountered while processing the POMs:\n"
		"[FATAL] Non-resolvable parent POM for shop:shop:1.0: Could not find artifact "
		"com.example:parent:pom:2 in central (https://repo.maven.apache.org/maven2) and "
		"'parent.relativePath' points at wrong local POM @ line 2, column 11\n"
		" @ \n"
		"[ERROR] The build could not read 1 project -> [Help 1]\n"
		"[ERROR]   \n"
		"[ERROR]   The project shop:shop:1.0 (/home/runner/work/shop/shop/pom.xml) has 1 error\n",
		.expect = { .kind = KIND_DEPENDENCY, .type = "unresolved parent", .file = "pom.xml",
			    .line = 2, .error_line = 2 },
	},
	{
		.name = "a POM that does not parse",
		.files = shop,
		.log =
		"[FATAL] Non-parseable POM /home/runner/work/shop/shop/pom.xml: Unrecognised tag: "
		"'versin' (position: START_TAG seen ...</artifactId><versin>... @5:91)  @ line 5, column "
		"91\n",
		.expect = { .kind = KIND_CONFIG, .type = "POM", .file = "pom.xml", .line = 5,
			    .error_line = 1 },
	},
	{
		.name = "an unknown phase",
		.log =
		"[ERROR] Unknown lifecycle phase \"nosuchphase\". You must specify a valid lifecycle "
		"phase or a goal in the format <plugin-prefix>:<goal>. -> [Help 1]\n",
		.expect = { .kind = KIND_CONFIG, .type = "unknown phase", .error_line = 1 },
	},
	{
		.name = "an enforcer's rule",
		.log =
		"[ERROR] Rule 0: org.apache.maven.enforcer.rules.version.RequireJavaVersion failed with "
		"message:\n"
		"Detected JDK /usr/lib/jvm/java-11 is version 11.0.2 which is not in the allowed range "
		"[17,).\n"
		"[ERROR] Failed to execute goal org.apache.maven.plugins:maven-enforcer-plugin:3.3.0:"
		"enforce (java) on project shop: \n",
		.expect = { .kind = KIND_CONFIG, .tool = "maven", .type = "RequireJavaVersion",
			    .error_line = 2,
			    .message = "Detected JDK /usr/lib/jvm/java-11 is version 11.0.2 which is "
				       "not in the allowed range [17,)." },
	},
	{
		.name = "no tests",
		.log =
		"[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:2.22.3:"
		"test (default-test) on project shop: No tests were executed!  (Set "
		"-DfailIfNoTests=false to ignore this error.) -> [Help 1]\n",
		.expect = { .kind = KIND_CONFIG, .type = "no tests", .error_line = 1,
			    .message = "No tests were executed!  (Set -DfailIfNoTests=false to ignore "
				       "this error.)" },
	},
	{
		.name = "failed tests are told elsewhere",
		.log =
		"[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:2.22.3:"
		"test (default-test) on project shop: There are test failures.\n",
		.expect = { .kind = KIND_UNKNOWN, .message = "There are test failures.",
			    .error_line = 1 },
	},
	{0}
};

const struct reader reader_maven = {
	.name = "maven",
	.language = "java",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

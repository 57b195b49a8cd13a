/*
 * The compiler is older than the release that the project asks for -> the workflow sets that version up.
 * Only when the project's own build file says the same number; a dependency that wants a newer Java is a
 * decision of people.
 */
#include "templates/lib_workflow_tool.h"

#include "git/path.h"

/* Does a build file of the project ask for this version? */
static bool asks_for(const struct scene *scene, unsigned version)
{
	static const char *const ways[] = { "<maven.compiler.release>%u<", "<maven.compiler.source>%u<",
		"<maven.compiler.target>%u<", "<java.version>%u<", "<release>%u<", "<source>%u<",
		"<target>%u<", "JavaLanguageVersion.of(%u)", "VERSION_%u\n", "release = %u\n",
		"release.set(%u)", "ompatibility = %u\n", "ompatibility = '%u'", "jvmToolchain(%u)" };

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path), text;

		if ((!path_matches("**/pom.xml", path) && !path_matches("**/build.gradle", path) &&
		     !path_matches("**/build.gradle.kts", path)) ||
		    !scene_read(scene, scene->tree->entries[i].path, &text))
			continue;
		for (size_t n = 0; n < sizeof(ways) / sizeof(ways[0]); n++) {
			struct str before, after;
			const char *number = arena_printf(scene->arena, "%u", version);

			(void)str_split(str_of(ways[n]), "%u", &before, &after);
			if (str_has(text, arena_printf(scene->arena, "%.*s%s%.*s", STR_ARG(before), number,
						       STR_ARG(after))))
				return true;
		}
	}
	return false;
}

static void fix(struct scene *scene)
{
	struct str release = scene_group(scene, "release"), class = scene_group(scene, "class");
	unsigned long version;

	if (!release.size)
		release = scene_group(scene, "other");
	if (!class.size)
		class = scene_group(scene, "newer");

	if (!str_number(release.size ? release : class, &version) || version > 200)
		return template_decline(scene, "the log names no version");
	if (!release.size)
		version = version > 44 ? version - 44 : 0;
	if (version < 9 || !asks_for(scene, (unsigned)version))
		return template_decline(scene, "no build file of the project asks for Java %lu", version);
	workflow_raise(scene, "actions/setup-java", "java-version",
		       (struct tool_version){ (unsigned)version, 0 },
		       arena_printf(scene->arena, "The project is built for Java %lu, and the workflow sets an "
				    "older one up.", version));
}

#define LOG "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.13.0:compile " \
	"(default-compile) on project beacon: Fatal error compiling: error: release version 21 not supported " \
	"-> [Help 1]\n##[error]Process completed with exit code 1.\n"
#define JOB(version) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" \
	"      - uses: actions/setup-java@v4\n        with:\n          distribution: temurin\n" \
	"          java-version: " version "\n      - run: mvn -B verify\n"

static const struct example examples[] = {
	{
		.name = "as the pom says",
		.log = LOG,
		.file = {
			{ "pom.xml", "<project><properties><maven.compiler.release>21</maven.compiler.release>"
			  "</properties></project>\n", NULL },
			{ ".github/workflows/j.yml", JOB("'17'   # an LTS"), JOB("'21'   # an LTS") },
		},
	},
	{
		.name = "several versions on purpose",
		.log = LOG,
		.file = {
			{ "pom.xml", "<project><properties><maven.compiler.release>21</maven.compiler.release>"
			  "</properties></project>\n", NULL },
			{ ".github/workflows/j.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    strategy:\n      matrix:\n"
			  "        java: [17, 21]\n    steps:\n      - uses: actions/setup-java@v4\n        with:\n"
			  "          java-version: ${{ matrix.java }}\n", NULL },
		},
		.declines = "no job that fits",
	},
	{
		.name = "the project asks for less",
		.log = LOG,
		.file = {
			{ "pom.xml", "<project><properties><maven.compiler.release>17</maven.compiler.release>"
			  "</properties></project>\n", NULL },
			{ ".github/workflows/j.yml", JOB("17"), NULL },
		},
		.declines = "no build file",
	},
	{0}
};

const struct template template_workflow_java_version = {
	.name = "workflow_java_version",
	.summary = "a Java older than the release that the project asks for -> that version in the workflow",
	.class = "workflow",
	.oracles = "the project's build file",
	.keeps_off = "several versions in a matrix; dependencies that want a newer Java",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "release version (?<release>\\d+) not supported|invalid (?:source|target) release: "
		   "(?:1\\.)?(?<other>\\d+)|class file has wrong version (?<class>\\d+)\\.0|"
		   "class file version (?<newer>\\d+)\\.0",
	.fix = fix,
	.examples = examples,
};

/*
 * "package javax.persistence does not exist" where the build file has Spring Boot 3 or the jakarta artifact
 * of that specification -> the imports of the file say jakarta. Only the packages that moved; those of the
 * JDK (javax.sql) and of JSR 305 (javax.annotation.Nullable) stay as they are.
 */
#include "git/path.h"
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

static const struct {
	const char *name;
	char since;			/* the first major version of its artifact with the new package */
	const char *starters[4];	/* what brings it in Spring Boot */
} specifications[] = {
	{ "persistence", '3', { "spring-boot-starter-data-jpa", "jakarta.persistence-api" } },
	{ "servlet", '5', { "spring-boot-starter-web", "spring-boot-starter-tomcat", "spring-boot-starter-jetty",
			    "jakarta.servlet-api" } },
	{ "validation", '3', { "spring-boot-starter-validation", "jakarta.validation-api" } },
	{ "annotation", '2', { "spring-boot-starter<", "spring-boot-starter-web", "spring-boot-starter-data",
			       "jakarta.annotation-api" } },
};
enum { SPECIFICATIONS = sizeof(specifications) / sizeof(specifications[0]), NEAR_BYTES = 120 };

/* The major version's digit behind the name: <version>3.2, :3.2 or version "3.2"; 0 when none is near. */
static char version_behind(struct str text, const char *name)
{
	static const char *const before[] = { "<version>", "version '", "version \"", "version(\"", ":" };
	char found = 0;
	long at;

	while ((at = str_find(text, str_of(name))) >= 0) {
		struct str near;

		text = str_from(text, (size_t)at + strlen(name));
		near = str_slice(text, 0, text.size < NEAR_BYTES ? text.size : NEAR_BYTES);
		(void)str_split(near, "</dependency>", &near, NULL);
		(void)str_split(near, "</parent>", &near, NULL);
		for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
			struct str rest;

			if (i + 1 == sizeof(before) / sizeof(before[0]) && !str_starts(near, ":"))
				break;
			if (str_starts(near, "</artifactId>") && i)
				break;
			if (!str_split(near, before[i], NULL, &rest) || !rest.size || rest.at[0] < '0' ||
			    rest.at[0] > '9')
				continue;
			/* two versions are two answers */
			if (found && found != rest.at[0])
				return '?';
			found = rest.size > 1 && rest.at[1] >= '0' && rest.at[1] <= '9' ? '9' : rest.at[0];
			break;
		}
	}
	return found;
}

/* What the build files of the folders around the file say, all together. */
static struct str build_files(const struct scene *scene, const char *file)
{
	struct text all = TEXT(scene->arena);
	struct str text;

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		struct str folder = str_slice(str_of(path), 0, strlen(path) - path_name(str_of(path)).size);

		if (word_among(path_name(str_of(path)), "pom.xml build.gradle build.gradle.kts") &&
		    str_starts(str_of(file), str_text(scene->arena, folder)) &&
		    scene_read(scene, path, &text))
			text_addf(&all, "%.*s\n", STR_ARG(text));
	}
	return text_str(&all);
}

/* Does the build have the specification under its new name, and not under the old one? */
static bool has_new(struct scene *scene, struct str build, size_t which)
{
	const char *name = specifications[which].name;
	const char *artifact = arena_printf(scene->arena, "jakarta.%s-api", name);
	char spring = version_behind(build, "spring-boot-starter-parent"), own = version_behind(build, artifact);
	bool starter = false;

	if (!spring)
		spring = version_behind(build, "org.springframework.boot");
	if (!spring)
		spring = version_behind(build, "spring-boot-dependencies");
	for (size_t i = 0; i < 4 && specifications[which].starters[i]; i++)
		starter = starter || str_has(build, specifications[which].starters[i]);
	if (str_has(build, arena_printf(scene->arena, "javax.%s", name)))
		return template_decline(scene, "the build names javax.%s itself", name), false;
	if (own ? own >= specifications[which].since && own <= '9' : starter && spring >= '3' && spring <= '9')
		return true;
	return template_decline(scene, "the build does not bring jakarta.%s", name), false;
}

/* Which specification's package it is that has moved; SPECIFICATIONS for none. */
static size_t moved(struct str imported)
{
	static const char *const own[] = { "PostConstruct", "PreDestroy", "Resource", "Resources", "Priority", "Generated",
					   "ManagedBean" };
	struct str first;

	if (!str_skip(&imported, "javax."))
		return SPECIFICATIONS;
	if (!str_split(imported, ".", &first, &imported)) {
		first = imported;	/* javax.persistence.* */
		imported = STR_NONE;
	}
	for (size_t i = 0; i < SPECIFICATIONS; i++) {
		if (!str_is(first, specifications[i].name))
			continue;
		if (!str_is(first, "annotation") || str_starts(imported, "security."))
			return i;
		for (size_t n = 0; n < sizeof(own) / sizeof(own[0]); n++)
			if (str_is(imported, own[n]))
				return i;
	}
	return SPECIFICATIONS;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	struct source *source = sources_open(sources, scene->failure->file);
	struct str build;
	unsigned edited = 0;
	TSNode node;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "it is imported in no code of this project"), false;
	if (source->edits.count)
		return true;		/* the whole file is done */
	build = build_files(scene, source->path);
	for (unsigned n = 0;
	     !ts_node_is_null(node = source_child(source->syntax->root, "import_declaration", n)); n++) {
		TSNode name = source_nth(node, 0);
		size_t which = moved(syntax_text(source->syntax, name)), at = ts_node_start_byte(name);

		if (which == SPECIFICATIONS)
			continue;
		if (!has_new(scene, build, which))
			return false;
		edit_replace(&source->edits, at, at + strlen("javax"), STR("jakarta"));
		edited++;
	}
	if (!edited)
		return template_decline(scene, "no import of a package that has moved to jakarta is there"), false;
	text_addf(why, "Imports from jakarta in %s: the build brings the packages under that name.", source->path);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

#define LOG \
	"src/A.java:3: error: package javax.persistence does not exist\nimport javax.persistence.Entity;\n" \
	"                        ^\n" \
	"src/A.java:4: error: package javax.persistence does not exist\nimport javax.persistence.Id;\n" \
	"                        ^\nsrc/A.java:7: error: cannot find symbol\n@Entity\n ^\n  symbol: class Entity\n" \
	"src/A.java:9: error: cannot find symbol\n    @Id\n     ^\n  symbol:   class Id\n  location: class A\n4 errors\n"
#define CODE(root) \
	"package a;\n\nimport " root ".persistence.Entity;\nimport " root ".persistence.Id;\n" \
	"import javax.sql.DataSource;\n\n@Entity\nclass A {\n    @Id\n    long id;\n}\n"
#define POM(version, more) \
	"<project>\n  <parent>\n    <groupId>org.springframework.boot</groupId>\n" \
	"    <artifactId>spring-boot-starter-parent</artifactId>\n    <version>" version "</version>\n  </parent>\n" \
	"  <dependencies>\n" more "  </dependencies>\n</project>\n"
#define STARTER(name) \
	"    <dependency>\n      <groupId>org.springframework.boot</groupId>\n      <artifactId>spring-boot-starter-" \
	name "</artifactId>\n    </dependency>\n"

static const struct example examples[] = {
	{
		.name = "Spring Boot 3",
		.log = LOG,
		.file = { { "src/A.java", CODE("javax"), CODE("jakarta") },
			  { "pom.xml", POM("3.2.1", STARTER("data-jpa")), NULL } },
	},
	{
		.name = "the artifact in a Gradle file",
		.log = LOG,
		.file = { { "src/A.java", CODE("javax"), CODE("jakarta") },
			  { "build.gradle", "dependencies {\n    implementation "
			    "'jakarta.persistence:jakarta.persistence-api:3.1.0'\n}\n", NULL } },
	},
	{
		.name = "the artifact before it moved",
		.log = LOG,
		.file = { { "src/A.java", CODE("javax"), NULL },
			  { "build.gradle", "dependencies {\n    implementation "
			    "'jakarta.persistence:jakarta.persistence-api:2.2.3'\n}\n", NULL } },
		.declines = "does not bring jakarta.persistence",
	},
	{
		.name = "Spring Boot 2",
		.log = LOG,
		.file = { { "src/A.java", CODE("javax"), NULL }, { "pom.xml", POM("2.7.18", STARTER("data-jpa")), NULL } },
		.declines = "does not bring jakarta.persistence",
	},
	{
		.name = "Spring Boot 3 without persistence",
		.log = LOG,
		.file = { { "src/A.java", CODE("javax"), NULL }, { "pom.xml", POM("3.2.1", STARTER("web")), NULL } },
		.declines = "does not bring jakarta.persistence",
	},
	{
		.name = "another module has it",
		.log = LOG,
		.file = { { "src/A.java", CODE("javax"), NULL },
			  { "web/pom.xml", POM("3.2.1", STARTER("data-jpa")), NULL } },
		.declines = "does not bring jakarta.persistence",
	},
	{
		.name = "JSR 305",
		.log = "src/A.java:3: error: package javax.annotation does not exist\nimport javax.annotation.Nullable;\n"
		       "                       ^\n1 error\n",
		.file = { { "src/A.java", "package a;\n\nimport javax.annotation.Nullable;\n\nclass A {\n}\n", NULL },
			  { "pom.xml", POM("3.2.1", STARTER("web")), NULL } },
		.declines = "no import of a package that has moved",
	},
	{0}
};

const struct template template_java_jakarta = {
	.name = "java_jakarta",
	.summary = "package javax.persistence does not exist -> jakarta, which the build brings",
	.language = "java",
	.class = "import",
	.oracles = "Spring Boot 3 or the jakarta artifact in the build file",
	.keeps_off = "the build brings no jakarta, names javax itself, or the package never moved",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "^(?:package javax\\.(?:persistence|servlet|validation|annotation)[\\w.]* does not exist$|"
		   "cannot find symbol: class [A-Z]\\w*$)",
	.fix = fix,
	.examples = examples,
};

/*
 * COPY does not find a file that is there: the failing commit's .dockerignore keeps it from the build
 * -> an exception for exactly the files that the image copies by name. Keeps off names of secrets,
 * folders, and lines that name the file itself: those were meant.
 */
#include "templates/lib_docker_copy.h"

#include "git/path.h"

static const char *const secrets[] = { ".env", "secret", "credential", ".pem", ".key", "password",
	"id_rsa", "token", ".p12", ".pfx", ".npmrc", ".netrc", "service-account" };

/* Is the path left out by these lines? *by is the one that says so; the last that fits decides. */
static bool left_out(struct arena *a, struct str lines, const char *path, struct str *by)
{
	struct str line, pattern;
	bool out = false;

	while (str_next_line(&lines, &line)) {
		bool back;

		pattern = str_trim(line);
		if (!pattern.size || pattern.at[0] == '#')
			continue;
		back = str_skip(&pattern, "!");
		pattern = docker_source(pattern);
		if (!path_matches(str_text(a, pattern), str_of(path)) &&
		    !path_matches(arena_printf(a, "%.*s/**", STR_ARG(pattern)), str_of(path)))
			continue;
		out = !back;
		*by = pattern;
	}
	return out;
}

static bool is_secret(const char *path)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		if (str_has(path_name(str_of(path)), secrets[i]))
			return true;
	return false;
}

/* May this source be let in again? False with the reason. */
static bool may_enter(struct scene *scene, const char *ignore, struct str lines, const char *path,
		      const char **why)
{
	struct str by = STR_NONE, before, old = STR_NONE;

	left_out(scene->arena, lines, path, &by);
	*why = arena_printf(scene->arena, "%s looks like a secret", path);
	if (is_secret(path))
		return false;
	*why = arena_printf(scene->arena, "%s is named there itself, or with its folder", path);
	if (str_char(path_name(by), '*') < 0)
		return false;
	*why = arena_printf(scene->arena, "the commit before left %s out too", path);
	if (!scene->parent ||
	    (tree_read(scene->parent, scene->arena, ignore, &before) &&
	     left_out(scene->arena, before, path, &old)))
		return false;
	return true;
}

/* The lines with an exception for each file of the Dockerfile that is left out. */
static struct str mended(struct scene *scene, const struct docker_file *file, const char *ignore,
			 struct str lines, const char **why)
{
	struct text out = TEXT(scene->arena);
	struct docker_copy copy;
	struct str by;

	text_add(&out, lines);
	if (lines.size && !str_ends(lines, "\n"))
		text_addc(&out, '\n');
	for (size_t i = 0; i < file->count; i++) {
		if (!docker_copy_of(&file->instructions[i], &copy))
			continue;
		for (size_t s = 0; s < copy.count; s++) {
			const char *path = str_text(scene->arena, docker_source(copy.sources[s]));

			if (!tree_has(scene->tree, path) ||
			    !left_out(scene->arena, text_str(&out), path, &by))
				continue;
			if (!may_enter(scene, ignore, lines, path, why))
				return STR_NONE;
			text_addf(&out, "!%s%s", path, str_has(lines, "\r\n") ? "\r\n" : "\n");
		}
	}
	return text_str(&out);
}

static void fix(struct scene *scene)
{
	const char *path, *why, *ignore;
	struct str source, lines, text, by;
	struct docker_file file;
	size_t index;

	if (!docker_failed_copy(scene, &file, &index, &source, &path, &why))
		return template_decline(scene, "%s", why);
	ignore = arena_printf(scene->arena, "%s.dockerignore", file.path);
	if (!tree_has(scene->tree, ignore))
		ignore = ".dockerignore";
	if (!tree_has(scene->tree, path))
		return template_decline(scene, "there is no file %s", path);
	if (!scene_read(scene, ignore, &lines) || !left_out(scene->arena, lines, path, &by))
		return template_decline(scene, "%s does not leave %s out", ignore, path);
	text = mended(scene, &file, ignore, lines, &why);
	if (!text.size)
		return template_decline(scene, "%s", why);
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "Lets the files that %s copies by name into the "
				     "build again; everything else that %s leaves out stays out.",
				     file.path, ignore),
		      ignore, text);
}

#define MISSING(path) \
	"ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref " \
	"5b0e9d1c::k2z: \"/" path "\": not found\n"

static const struct example examples[] = {
	{
		.name = "all JSON is left out",
		.log = MISSING("package-lock.json"),
		.file = {
			{ "Dockerfile", "FROM node:22\nCOPY package.json package-lock.json ./\nCOPY src src\n",
			  NULL },
			{ ".dockerignore", "node_modules\n# credentials stay at home\n*.json\n",
			  "node_modules\n# credentials stay at home\n*.json\n!package.json\n"
			  "!package-lock.json\n", .was = "node_modules\n" },
			{ "package.json", "{}\n", NULL }, { "package-lock.json", "{}\n", NULL },
			{ "src/main.js", "one();\n", NULL },
		},
	},
	{
		.name = "the file itself is named: that was meant",
		.log = MISSING("notes.md"),
		.file = {
			{ "Dockerfile", "FROM node:22\nCOPY notes.md ./\n", NULL },
			{ ".dockerignore", "notes.md\n", NULL, .was = ".git\n" },
			{ "notes.md", "# Notes\n", NULL },
		},
		.declines = "is named there itself",
	},
	{
		.name = "a secret",
		.log = MISSING("credentials.json"),
		.file = {
			{ "Dockerfile", "FROM node:22\nCOPY credentials.json ./\n", NULL },
			{ ".dockerignore", "*.json\n", NULL, .was = ".git\n" },
			{ "credentials.json", "{}\n", NULL },
		},
		.declines = "looks like a secret",
	},
	{
		.name = "nothing leaves it out",
		.log = MISSING("a.json"),
		.file = {
			{ "Dockerfile", "FROM node:22\nCOPY a.json ./\n", NULL },
			{ ".dockerignore", "*.json\n!a.json\n", NULL },
			{ "a.json", "{}\n", NULL },
		},
		.declines = "does not leave a.json out",
	},
	{0}
};

static const char *const types[] = { "no such file", NULL };

const struct template template_docker_copy_ignored = {
	.name = "docker_copy_ignored",
	.summary = "COPY does not find a file that a new line of .dockerignore leaves out -> an exception "
		   "for exactly the files copied by name",
	.oracles = "the failing commit, which left out what the image copies",
	.keeps_off = "names of secrets; lines that name the file or its folder; folders",
	.class = "image",
	.danger = DANGER_1,
	.reading = true,
	.tool = "docker",
	.types = types,
	.fix = fix,
	.examples = examples,
};

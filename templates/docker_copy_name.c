/*
 * COPY does not find a file whose name is one slip, or only the case of its letters, away from the one
 * file that is there -> that name. Keeps off names that somebody may make while building: folders of
 * products, what .gitignore names, what the commit before had.
 */
#include "templates/lib_docker_copy.h"

#include "git/path.h"
#include "templates/lib_similar.h"

/* The one entry of the same folder whose name is near; NULL for none or several. */
static const char *near_path(const struct scene *scene, const char *path)
{
	struct str folder = path_folder(str_of(path)), name = path_name(str_of(path));
	const char *found = NULL;

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str one = str_of(scene->tree->entries[i].path), other = path_name(one);

		if (!str_equal(path_folder(one), folder) ||
		    (!str_equal_nocase(name, other) &&
		     (name.size < 6 || !str_equal(path_ending(one), path_ending(str_of(path))) ||
		      similar_distance(name, other) > 1)))
			continue;
		if (found)
			return NULL;
		found = scene->tree->entries[i].path;
	}
	return found;
}

static bool is_ignored(const struct scene *scene, struct str name)
{
	struct str text, line;

	if (!tree_read(scene->tree, scene->arena, ".gitignore", &text))
		return false;
	while (str_next_line(&text, &line)) {
		line = docker_source(str_trim(line));
		if (line.size && path_matches(str_text(scene->arena, line), name))
			return true;
	}
	return false;
}

static void fix(struct scene *scene)
{
	const char *path, *now, *why;
	struct docker_file file;
	struct str source, name;
	ptrdiff_t at;
	size_t index;

	if (!docker_failed_copy(scene, &file, &index, &source, &path, &why))
		return template_decline(scene, "%s", why);
	name = path_name(str_of(path));
	if (tree_has(scene->tree, path) || tree_has_folder(scene->tree, path))
		return template_decline(scene, "%s is there", path);
	if (scene->parent && (tree_has(scene->parent, path) || tree_has_folder(scene->parent, path)))
		return template_decline(scene, "the commit before had %s", path);
	if (is_ignored(scene, name))
		return template_decline(scene, "%s is made by something: .gitignore names it", path);
	now = near_path(scene, path);
	if (!now)
		return template_decline(scene, "no one file beside it has a near name");
	at = docker_place(&file, &file.instructions[index], source);
	if (at < 0)
		return template_decline(scene, "where %s stands in the COPY is not plain", path);
	at += (ptrdiff_t)(source.size - name.size);
	if (str_ends(source, "/"))
		return template_decline(scene, "%s is a folder", path);
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Copies %s in %s: there is no %s.", now,
				     file.path, path),
		      file.path, docker_replace(scene->arena, file.text, (size_t)at,
						(size_t)at + name.size, path_name(str_of(now))));
}

#define MISSING(path) \
	"ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref " \
	"5b0e9d1c::k2z: \"/" path "\": not found\n"

static const struct example examples[] = {
	{
		.name = "a letter is missing",
		.log = MISSING("requirement.txt"),
		.file = { { "Dockerfile", "FROM python:3.12\nCOPY ./requirement.txt .\n",
			    "FROM python:3.12\nCOPY ./requirements.txt .\n" },
			  { "requirements.txt", "flask\n", NULL } },
	},
	{
		.name = "the case of a letter",
		.log = MISSING("src/Main.js"),
		.file = { { "Dockerfile", "FROM node:22\nCOPY src/Main.js src/Lib.js /srv/\n",
			    "FROM node:22\nCOPY src/main.js src/Lib.js /srv/\n" },
			  { "src/main.js", "one();\n", NULL }, { "src/Lib.js", "one();\n", NULL } },
	},
	{
		.name = "two are near",
		.log = MISSING("config.json"),
		.file = { { "Dockerfile", "FROM node:22\nCOPY config.json .\n", NULL },
			  { "config1.json", "{}\n", NULL }, { "config2.json", "{}\n", NULL } },
		.declines = "no one file beside it",
	},
	{
		.name = "something makes it",
		.log = MISSING("bundle.js"),
		.file = { { "Dockerfile", "FROM node:22\nCOPY bundle.js .\n", NULL },
			  { "bundles.js", "\n", NULL }, { ".gitignore", "bundle.js\n", NULL } },
		.declines = "made by something",
	},
	{0}
};

static const char *const types[] = { "no such file", NULL };

const struct template template_docker_copy_name = {
	.name = "docker_copy_name",
	.summary = "COPY names a file with a slip or in the wrong case -> the one file that is there",
	.oracles = "the one file of that folder with a near name",
	.keeps_off = "several near names; what something builds, or the commit before had",
	.class = "image",
	.danger = DANGER_1,
	.reading = true,
	.tool = "docker",
	.types = types,
	.fix = fix,
	.examples = examples,
};

/*
 * COPY does not find a file that the failing commit moved -> the place where its content is now. The
 * name inside the image stays, so that what comes below still finds it. Keeps off where the commit
 * changed the file as well, or two files have the content.
 */
#include "templates/lib_docker_copy.h"

#include "git/path.h"

/* The new path of a file of the commit before: the one new file with just its content. */
static const char *moved_file(const struct scene *scene, const char *old)
{
	const char *found = NULL;
	struct str before, text;

	if (!tree_read(scene->parent, scene->arena, old, &before) || !str_trim(before).size)
		return NULL;
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (tree_has(scene->parent, path) ||
		    !tree_read(scene->tree, scene->arena, path, &text) || !str_equal(text, before))
			continue;
		if (found)
			return NULL;
		found = path;
	}
	return found;
}

/* The new path of a folder: all its files have moved together. */
static const char *moved_folder(const struct scene *scene, const char *old)
{
	const char *to = NULL, *prefix = arena_printf(scene->arena, "%s/", old);

	for (size_t i = 0; i < scene->parent->count; i++) {
		struct str rest = str_of(scene->parent->entries[i].path), found;
		const char *now;

		if (!str_skip(&rest, prefix))
			continue;
		now = moved_file(scene, scene->parent->entries[i].path);
		found = str_of(now);
		if (!now || !str_chop(&found, arena_printf(scene->arena, "/%.*s", STR_ARG(rest))) ||
		    (to && !str_is(found, to)))
			return NULL;
		to = str_text(scene->arena, found);
	}
	return to;
}

/* "a b ./" without one of its words, the blank before it too. */
static struct str without(struct scene *scene, const struct docker_file *file, size_t at, size_t size)
{
	size_t end = at + size;

	while (end < file->text.size && strchr(" \t", file->text.at[end]))
		end++;
	return docker_replace(scene->arena, file->text, at, end, STR_NONE);
}

/* The text with the COPY taking `now`; the file keeps its name in the image. */
static struct str mended(struct scene *scene, const struct docker_file *file, size_t index,
			 struct str source, const char *now, bool folder)
{
	const struct docker_instruction *one = &file->instructions[index];
	ptrdiff_t at = docker_place(file, one, source);
	struct str name = path_name(docker_source(source)), text;
	struct docker_copy copy;
	bool into;

	if (at < 0 || !docker_copy_of(one, &copy))
		return STR_NONE;
	into = str_ends(copy.target, "/") || str_ends(copy.target, ".") || copy.count > 1;
	if (folder || !into || str_equal(path_name(str_of(now)), name))
		return docker_replace(scene->arena, file->text, (size_t)at,
				      (size_t)at + source.size, str_of(now));
	if (str_starts(one->words, "--") || one->line != one->last_line)
		return STR_NONE;	/* it would be two COPYs, and this one is not plain */
	text = copy.count > 1 ? without(scene, file, (size_t)at, source.size)
			      : docker_replace(scene->arena, file->text, one->start, one->end,
					       STR_NONE);
	return docker_replace(scene->arena, text, one->start, one->start,
			      str_of(arena_printf(scene->arena, "%.*s %s %.*s%s%.*s\n",
						  STR_ARG(one->keyword), now, STR_ARG(copy.target),
						  str_ends(copy.target, "/") ? "" : "/",
						  STR_ARG(name))));
}

static void fix(struct scene *scene)
{
	const char *path, *now, *why;
	struct docker_file file;
	struct str source, text;
	size_t index;
	bool folder;

	if (!docker_failed_copy(scene, &file, &index, &source, &path, &why))
		return template_decline(scene, "%s", why);
	if (tree_has(scene->tree, path) || tree_has_folder(scene->tree, path))
		return template_decline(scene, "%s is there", path);
	if (!scene->parent || !(tree_has(scene->parent, path) || tree_has_folder(scene->parent, path)))
		return template_decline(scene, "the commit before had no %s either", path);
	folder = !tree_has(scene->parent, path);
	now = folder ? moved_folder(scene, path) : moved_file(scene, path);
	if (!now)
		return template_decline(scene, "where %s went is not certain", path);
	text = mended(scene, &file, index, source, now, folder);
	if (!text.size)
		return template_decline(scene, "where %s stands in the COPY is not plain", path);
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "Copies %s in %s: the commit moved %s there.",
				     now, file.path, path),
		      file.path, text);
}

#define MISSING(path) \
	"ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref " \
	"5b0e9d1c::k2z: \"/" path "\": not found\n"

static const struct example examples[] = {
	{
		.name = "into a folder, under another name",
		.log = MISSING("requirements.txt"),
		.file = {
			{ "Dockerfile",
			  "FROM python:3.12\nWORKDIR /srv\nCOPY requirements.txt pyproject.toml ./\n"
			  "RUN pip install -r requirements.txt\n",
			  "FROM python:3.12\nWORKDIR /srv\nCOPY requirements/base.txt ./requirements.txt\n"
			  "COPY pyproject.toml ./\nRUN pip install -r requirements.txt\n" },
			{ "pyproject.toml", "[project]\n", NULL },
			{ "requirements.txt", NULL, NULL, .was = "flask==3.0.3\n" },
			{ "requirements/base.txt", "flask==3.0.3\n", NULL, .was = "" },
			{ "requirements/dev.txt", "-r base.txt\n", NULL, .was = "" },
		},
	},
	{
		.name = "a folder as a whole",
		.log = MISSING("app"),
		.file = {
			{ "Dockerfile", "FROM node:22\nCOPY app /srv/app\n",
			  "FROM node:22\nCOPY src/app /srv/app\n" },
			{ "app/a.js", NULL, NULL, .was = "one();\n" },
			{ "app/b/c.js", NULL, NULL, .was = "two();\n" },
			{ "src/app/a.js", "one();\n", NULL, .was = "" },
			{ "src/app/b/c.js", "two();\n", NULL, .was = "" },
		},
	},
	{
		.name = "the commit removed it",
		.log = MISSING("setup.cfg"),
		.file = {
			{ "Dockerfile", "FROM python:3.12\nCOPY setup.cfg .\n", NULL },
			{ "setup.cfg", NULL, NULL, .was = "[metadata]\n" },
		},
		.declines = "where setup.cfg went is not certain",
	},
	{
		.name = "two files have the content",
		.log = MISSING("a.txt"),
		.file = {
			{ "Dockerfile", "FROM python:3.12\nCOPY a.txt .\n", NULL },
			{ "a.txt", NULL, NULL, .was = "one\n" },
			{ "b/a.txt", "one\n", NULL, .was = "" },
			{ "c/a.txt", "one\n", NULL, .was = "" },
		},
		.declines = "where a.txt went is not certain",
	},
	{
		.name = "it never was here: something builds it",
		.log = MISSING("dist"),
		.file = { { "Dockerfile", "FROM node:22\nCOPY dist /srv\n", NULL, .was = "FROM node:22\n" } },
		.declines = "had no dist either",
	},
	{0}
};

static const char *const types[] = { "no such file", NULL };

const struct template template_docker_copy_moved = {
	.name = "docker_copy_moved",
	.summary = "COPY does not find a file that the commit moved -> copy it from its new place",
	.oracles = "the failing commit: one new file with just the old one's content",
	.keeps_off = "files that were changed as well, removed, or never here",
	.class = "image",
	.danger = DANGER_1,
	.reading = true,
	.tool = "docker",
	.types = types,
	.fix = fix,
	.examples = examples,
};

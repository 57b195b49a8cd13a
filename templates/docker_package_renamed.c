/*
 * apt does not find a package that carries another name in the image's release -> the new name, by a
 * shipped table of libraries whose package is named after their version. Keeps off where something
 * here still speaks of the old library, and where the image does not say its release.
 */
#include "templates/lib_docker_apt.h"
#include "templates/lib_scene.h"

/* Does anything else in the tree name the old library: a program that is linked with it? */
static const char *who_names(const struct scene *scene, const char *soname)
{
	struct str text;

	for (size_t i = 0; soname && i < scene->tree->count; i++)
		if (tree_read(scene->tree, scene->arena, scene->tree->entries[i].path, &text) &&
		    str_has(text, soname))
			return scene->tree->entries[i].path;
	return NULL;
}

/* Python 2's print is no Python 3. */
static const char *speaks_python2(const struct scene *scene)
{
	struct str text, line;

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (!str_ends(str_of(path), ".py") ||
		    !tree_read(scene->tree, scene->arena, path, &text))
			continue;
		while (str_next_line(&text, &line)) {
			line = str_trim(line);
			if (str_starts(line, "print \"") || str_starts(line, "print '") ||
			    str_has(line, "python2"))
				return path;
		}
	}
	return NULL;
}

/* Is the package what the stage had on an older release in the commit before? */
static bool base_was_raised(const struct scene *scene, const struct docker_file *file,
			    struct str image)
{
	struct docker_file old;
	struct str text;

	if (!scene->parent || !tree_read(scene->parent, scene->arena, file->path, &text) ||
	    !docker_parse(scene->arena, file->path, text, &old))
		return false;
	for (unsigned i = 1; i <= old.stage_count; i++)
		if (str_equal(old.stages[i].image, image))
			return false;
	return old.stage_count > 0;
}

static void fix(struct scene *scene)
{
	struct str package = scene_group(scene, "package"), name, tag, digest, word, image;
	const struct docker_instruction *run;
	const char *why, *soname, *new, *who;
	struct docker_file file;
	unsigned base, release;
	ptrdiff_t at;
	size_t index;

	if (!docker_failed_run(scene, NULL, &file, &index, &why))
		return template_decline(scene, "%s", why);
	run = &file.instructions[index];
	if (!docker_updates(run) && !docker_has_lists(&file, index))
		return template_decline(scene, "the stage has no package lists");
	image = docker_base(&file, run->stage, &base);
	docker_image(image, &name, &tag, &digest);
	release = docker_release_in(name, tag, &word);
	if (!release)
		return template_decline(scene, "%.*s does not say which release it is", STR_ARG(image));
	new = docker_renamed(package, release, &soname);
	if (!new)
		return template_decline(scene, "what %.*s is called in %.*s is not known",
					STR_ARG(package), STR_ARG(word));
	who = str_is(package, "python") ? speaks_python2(scene) : who_names(scene, soname);
	if (who)
		return template_decline(scene, "%s still needs the old one", who);
	at = docker_place(&file, run, package);
	if (at < 0)
		return template_decline(scene, "where %.*s stands in the RUN is not plain",
					STR_ARG(package));
	if (docker_place(&file, run, str_of(new)) >= 0)
		return template_decline(scene, "the RUN has %s too", new);
	candidate_put(scene, propose(scene, base_was_raised(scene, &file, image) ? ORACLE_HISTORY
									       : ORACLE_CONTRACT,
				     "Installs %s in place of %.*s (%s): that is its name in %.*s.", new,
				     STR_ARG(package), file.path, STR_ARG(word)),
		      file.path, docker_replace(scene->arena, file.text, (size_t)at,
						(size_t)at + package.size, str_of(new)));
}

#define FAILED(command, package) \
	"#5 0.480 Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]\n" \
	"#5 2.911 Reading package lists...\n#5 3.422 Building dependency tree...\n" \
	"#5 3.541 E: Unable to locate package " package "\n" \
	"#5 3.541 E: Couldn't find any package by glob '" package "'\n" \
	"#5 ERROR: process \"/bin/sh -c " command "\" did not complete successfully: exit code: 100\n"

static const struct example examples[] = {
	{
		.name = "OpenSSL 3 of bookworm",
		.log = FAILED("apt-get update && apt-get install -y         libssl1.1         zlib1g",
			      "libssl1.1"),
		.file = {
			{ "Dockerfile",
			  "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y \\\n"
			  "        libssl1.1 \\\n        zlib1g\n",
			  "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y \\\n"
			  "        libssl3 \\\n        zlib1g\n" },
		},
	},
	{
		.name = "of a stage on a stage",
		.log = FAILED("apt-get update; apt-get install -y libffi7", "libffi7"),
		.file = {
			{ "Dockerfile",
			  "FROM ubuntu:22.04 AS base\nENV LANG=C.UTF-8\nFROM base\n"
			  "RUN apt-get update; apt-get install -y libffi7\n",
			  "FROM ubuntu:22.04 AS base\nENV LANG=C.UTF-8\nFROM base\n"
			  "RUN apt-get update; apt-get install -y libffi8\n" },
		},
	},
	{
		.name = "a program here is linked with the old one",
		.log = FAILED("apt-get update && apt-get install -y libssl1.1", "libssl1.1"),
		.file = {
			{ "Dockerfile",
			  "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y libssl1.1\n",
			  NULL },
			{ "BUILD.md", "The vendor's gauge needs libssl.so.1.1.\n", NULL },
		},
		.declines = "BUILD.md still needs the old one",
	},
	{
		.name = "a tag that moves",
		.log = FAILED("apt-get update && apt-get install -y libssl1.1", "libssl1.1"),
		.file = {
			{ "Dockerfile",
			  "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y libssl1.1\n", NULL },
		},
		.declines = "does not say which release",
	},
	{
		.name = "a package nobody knows",
		.log = FAILED("apt-get update && apt-get install -y libgauge7", "libgauge7"),
		.file = {
			{ "Dockerfile",
			  "FROM debian:12\nRUN apt-get update && apt-get install -y libgauge7\n", NULL },
		},
		.declines = "is not known",
	},
	{0}
};

static const char *const types[] = { "no such package", NULL };

const struct template template_docker_package_renamed = {
	.name = "docker_package_renamed",
	.summary = "apt does not find a package by its old name in an image's release -> its new name",
	.oracles = "the distribution's own succession of packages, by a shipped table",
	.keeps_off = "packages not in the table; tags that name no release; files that name the old "
		     "library",
	.class = "image",
	.danger = DANGER_2,
	.reading = true,
	.tool = "apt",
	.types = types,
	.pattern = "Unable to locate package (?<package>[a-z0-9][a-z0-9.+-]+)$",
	.fix = fix,
	.examples = examples,
};

/*
 * apt's mirrors no longer have the release an image is built on -> the same image on the release that
 * another image of the repository uses, by a tag that is in use here. Without such a sibling it is for
 * a person: what a newer release breaks cannot be seen from here.
 */
#include "templates/lib_docker_apt.h"
#include "templates/lib_scene.h"

struct successor {
	struct str tag, word;
	unsigned release;
	const char *seen_in;
	bool several;
};

/* Images that have every release under one form of tag: a release in use is a tag that exists. */
static bool is_distribution(struct str name)
{
	return str_is(name, "debian") || str_is(name, "ubuntu") || str_is(name, "buildpack-deps");
}

/* The tag with its release's word replaced. */
static struct str tag_with(struct arena *a, struct str tag, struct str word, struct str by)
{
	size_t at = (size_t)(word.at - tag.at);

	return docker_replace(a, tag, at, at + word.size, by);
}

static void consider(struct scene *scene, struct str name, struct str tag, struct str word,
		     const struct docker_file *other, struct str image, struct successor *best)
{
	struct str other_name, other_tag, digest, other_word, wanted;
	unsigned mine, release;

	docker_image(image, &other_name, &other_tag, &digest);
	mine = docker_release_in(name, tag, &word);
	release = docker_release_in(other_name, other_tag, &other_word);
	if (release <= mine || (release < 100) != (mine < 100))
		return;
	/* buster is followed by a codename, 10 by a number */
	if ((docker_release_of(word) != 0) != (docker_release_of(other_word) != 0))
		return;
	wanted = tag_with(scene->arena, tag, word, other_word);
	if (!(str_equal(name, other_name) && str_equal(wanted, other_tag)) && !is_distribution(name))
		return;
	best->several |= best->release && best->release != release;
	*best = (struct successor){ wanted, other_word, release, other->path, best->several };
}

/* A package of the stages on this image that the new release does not have by this name. */
static const char *lost_package(const struct scene *scene, const struct docker_file *file,
				struct str image, unsigned release)
{
	struct str words, word;
	const char *soname;
	unsigned base;

	for (size_t i = 0; i < file->count; i++) {
		if (!docker_installs(&file->instructions[i]) ||
		    !str_equal(docker_base(file, file->instructions[i].stage, &base), image))
			continue;
		words = docker_plain(&file->instructions[i]);
		while (docker_word(&words, &word))
			if (docker_renamed(word, release, &soname))
				return str_text(scene->arena, word);
	}
	return NULL;
}

/* Every FROM of this image in the file gets the new tag. */
static struct str mended(struct scene *scene, const struct docker_file *file, struct str image,
			 struct str by)
{
	struct str text = file->text;

	for (unsigned i = file->stage_count; i; i--) {
		ptrdiff_t at;

		if (!str_equal(file->stages[i].image, image))
			continue;
		at = docker_place(file, &file->instructions[file->stages[i].from], image);
		if (at < 0)
			return STR_NONE;
		text = docker_replace(scene->arena, text, (size_t)at, (size_t)at + image.size, by);
	}
	return text;
}

static void fix(struct scene *scene)
{
	struct docker_file *files = arena_array(scene->arena, struct docker_file, DOCKER_FILES_MAX);
	struct str dead = scene_group(scene, "release"), image, name, tag, digest, word = STR_NONE;
	struct successor best = {0};
	struct docker_file file;
	const char *why, *lost;
	size_t index, count;
	unsigned base;

	if (!scene_is_first(scene))
		return;
	if (!docker_failed_run(scene, NULL, &file, &index, &why))
		return template_decline(scene, "%s", why);
	image = docker_base(&file, file.instructions[index].stage, &base);
	docker_image(image, &name, &tag, &digest);
	if (!docker_release_of(dead) || docker_release_in(name, tag, &word) != docker_release_of(dead))
		return template_decline(scene, "%.*s does not say that it is %.*s", STR_ARG(image),
					STR_ARG(dead));
	if (digest.size)
		return template_decline(scene, "%.*s is pinned by its digest", STR_ARG(image));
	count = docker_files(scene, scene->tree, files);
	for (size_t f = 0; f < count; f++)
		for (unsigned i = 1; i <= files[f].stage_count; i++)
			consider(scene, name, tag, word, &files[f], files[f].stages[i].image, &best);
	if (!best.release || best.several)
		return template_decline(scene, "%s", best.several
			? "the images here are on several newer releases"
			: "no other image here says which release comes after it");
	lost = lost_package(scene, &file, image, best.release);
	if (lost)
		return template_decline(scene, "%s is not in %.*s by this name", lost,
					STR_ARG(best.word));
	candidate_put(scene, propose(scene, ORACLE_SIBLING, "Builds %s on %.*s, as %s: the mirrors no "
				     "longer have %.*s.", file.path, STR_ARG(best.word), best.seen_in,
				     STR_ARG(dead)),
		      file.path,
		      mended(scene, &file, image,
			     str_of(arena_printf(scene->arena, "%.*s:%.*s", STR_ARG(name),
						 STR_ARG(best.tag)))));
}

#define FAILED \
	"#5 0.540 Err:4 http://deb.debian.org/debian buster Release\n" \
	"#5 0.540   404  Not Found [IP: 151.101.2.132 80]\n#5 0.561 Reading package lists...\n" \
	"#5 0.573 E: The repository 'http://deb.debian.org/debian buster Release' does not have a " \
	"Release file.\n" \
	"#5 ERROR: process \"/bin/sh -c apt-get update && apt-get install -y curl\" did not complete " \
	"successfully: exit code: 100\n"
#define RUN "RUN apt-get update && apt-get install -y curl\n"

static const struct example examples[] = {
	{
		.name = "the same image on the release of the worker",
		.log = FAILED,
		.file = {
			{ "Dockerfile", "# web\nFROM python:3.11-slim-buster\n" RUN,
			  "# web\nFROM python:3.11-slim-bookworm\n" RUN },
			{ "Dockerfile.worker", "FROM python:3.11-slim-bookworm\nCMD [\"python\"]\n", NULL },
		},
	},
	{
		.name = "Debian itself has every release",
		.log = FAILED,
		.file = {
			{ "Dockerfile", "FROM debian:buster-slim AS build\n" RUN "FROM debian:buster-slim\n",
			  "FROM debian:bookworm-slim AS build\n" RUN "FROM debian:bookworm-slim\n" },
			{ "jobs/Dockerfile", "FROM node:22-bookworm\n", NULL },
		},
	},
	{
		.name = "nobody says what comes after it",
		.log = FAILED,
		.file = { { "Dockerfile", "FROM python:3.6-slim-buster\n" RUN, NULL },
			  { "Dockerfile.worker", "FROM python:3.11-slim-bookworm\n", NULL } },
		.declines = "no other image here says which release",
	},
	{
		.name = "two successors",
		.log = FAILED,
		.file = { { "Dockerfile", "FROM debian:buster\n" RUN, NULL },
			  { "a/Dockerfile", "FROM debian:bullseye\n", NULL },
			  { "b/Dockerfile", "FROM debian:bookworm\n", NULL } },
		.declines = "on several newer releases",
	},
	{
		.name = "a tag that does not say its release",
		.log = FAILED,
		.file = { { "Dockerfile", "FROM shop/base:7\n" RUN, NULL } },
		.declines = "does not say that it is buster",
	},
	{0}
};

static const char *const types[] = { "no such repository", NULL };

const struct template template_docker_dead_release = {
	.name = "docker_dead_release",
	.summary = "an image is built on a release the mirrors dropped -> the release its siblings use",
	.oracles = "another image of the repository, on the same tag but for the release",
	.keeps_off = "no such sibling, or several; digests; packages the newer release does not have",
	.class = "image",
	.danger = DANGER_2,
	.reading = true,
	.tool = "apt",
	.types = types,
	.pattern = "^E: The repository '\\S+ (?<release>[a-z]+)[-/ ].*Release file",
	.fix = fix,
	.examples = examples,
};

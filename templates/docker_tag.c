/*
 * A base image's tag is not there -> the word of the tag that was misspelt, when one known word is
 * near; else the tag that the commit before had in the same place. Keeps off numbers that look wrong:
 * which version was meant only a person knows.
 */
#include "templates/lib_docker_apt.h"
#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

/* Words that tags are made of, beside numbers. */
static const char tag_words[] = "alpine slim jessie stretch buster bullseye bookworm trixie focal jammy "
	"noble bionic xenial latest stable nightly runtime devel alpine3 windowsservercore nanoserver "
	"apache jdk jre perl management";

/* The one word of the table that the word can be with one slip. */
static struct str near_word(struct str word)
{
	struct str rest = str_of(tag_words), one, found = STR_NONE;

	while (word.size >= 4 && str_next(&rest, ' ', &one)) {
		if (str_equal(one, word))
			return STR_NONE;
		if (similar_distance(word, one) != 1)
			continue;
		if (found.size)
			return STR_NONE;
		found = one;
	}
	return found;
}

/* The tag with its one misspelt word put right; empty when there is none. */
static struct str respelt(struct scene *scene, struct str tag)
{
	struct str rest = tag, word, right = STR_NONE, wrong = STR_NONE, found;

	while (str_next(&rest, '-', &word)) {
		found = near_word(word);
		if (found.size && right.size)
			return STR_NONE;
		if (found.size) {
			right = found;
			wrong = word;
		}
	}
	return right.size ? docker_replace(scene->arena, tag, (size_t)(wrong.at - tag.at),
					   (size_t)(wrong.at - tag.at) + wrong.size, right)
			  : STR_NONE;
}

/* The tag of the same stage in the commit before, when only the tag was changed. */
static struct str tag_before(const struct scene *scene, const struct docker_file *file,
			     unsigned stage)
{
	struct str text, name, tag, digest, old_name, old_tag;
	struct docker_file old;

	if (!scene->parent || !tree_read(scene->parent, scene->arena, file->path, &text) ||
	    !docker_parse(scene->arena, file->path, text, &old) ||
	    old.stage_count != file->stage_count)
		return STR_NONE;
	docker_image(file->stages[stage].image, &name, &tag, &digest);
	docker_image(old.stages[stage].image, &old_name, &old_tag, &digest);
	return str_equal(name, old_name) && !digest.size && !str_equal(tag, old_tag) ? old_tag
										     : STR_NONE;
}

/* Every FROM of the image in the file; all of them fail alike. */
static struct str mended(struct scene *scene, const struct docker_file *file, struct str image,
			 struct str by)
{
	struct str text = file->text;

	for (unsigned i = file->stage_count; i; i--) {
		const struct docker_instruction *from = &file->instructions[file->stages[i].from];
		ptrdiff_t at = docker_place(file, from, image);

		if (str_equal(file->stages[i].image, image) && at >= 0)
			text = docker_replace(scene->arena, text, (size_t)at,
					      (size_t)at + image.size, by);
	}
	return text;
}

static bool put_tag(struct scene *scene, struct candidate *candidate, struct str image, struct str by)
{
	struct docker_file *files = arena_array(scene->arena, struct docker_file, DOCKER_FILES_MAX);
	size_t count = docker_files(scene, scene->tree, files);

	for (size_t f = 0; f < count; f++) {
		struct str text = mended(scene, &files[f], image, by);

		if (!str_equal(text, files[f].text) &&
		    !candidate_put(scene, candidate, files[f].path, text))
			return false;
	}
	return true;
}

static void fix(struct scene *scene)
{
	struct docker_file *files = arena_array(scene->arena, struct docker_file, DOCKER_FILES_MAX);
	struct str image = scene_group(scene, "image"), name, tag, digest, by, old = STR_NONE;
	size_t count = docker_files(scene, scene->tree, files);
	unsigned found = 0;

	str_skip(&image, "docker.io/library/");
	docker_image(image, &name, &tag, &digest);
	if (!tag.size || digest.size)
		return template_decline(scene, "%.*s has no tag, or a digest", STR_ARG(image));
	for (size_t f = 0; f < count; f++)
		for (unsigned i = 1; i <= files[f].stage_count; i++)
			if (str_equal(files[f].stages[i].image, image)) {
				struct str one = tag_before(scene, &files[f], i);

				old = !found++ || str_equal(one, old) ? one : STR_NONE;
			}
	if (!found)
		return template_decline(scene, "no Dockerfile here names %.*s", STR_ARG(image));
	by = respelt(scene, tag);
	if (!by.size && !old.size)
		return template_decline(scene, "neither a near word nor the commit before says which tag "
					"%.*s should be", STR_ARG(tag));
	if (by.size)
		put_tag(scene, propose(scene, ORACLE_CONTRACT, "Spells the tag of %.*s as %.*s.",
				       STR_ARG(image), STR_ARG(by)),
			image, str_of(arena_printf(scene->arena, "%.*s:%.*s", STR_ARG(name),
						   STR_ARG(by))));
	else
		put_tag(scene, propose(scene, ORACLE_HISTORY, "Takes %.*s:%.*s again, as the commit "
				       "before: there is no %.*s.", STR_ARG(name), STR_ARG(old),
				       STR_ARG(tag)),
			image, str_of(arena_printf(scene->arena, "%.*s:%.*s", STR_ARG(name),
						   STR_ARG(old))));
}

#define MISSING(image) \
	"#2 [internal] load metadata for docker.io/library/" image "\n" \
	"#2 ERROR: docker.io/library/" image ": not found\n------\n" \
	"ERROR: failed to solve: " image ": failed to resolve source metadata for docker.io/library/" \
	image ": docker.io/library/" image ": not found\n"

static const struct example examples[] = {
	{
		.name = "a slip in the codename",
		.log = MISSING("python:3.12-slim-bookwrom"),
		.file = { { "Dockerfile", "FROM python:3.12-slim-bookwrom AS base\nFROM base\n",
			    "FROM python:3.12-slim-bookworm AS base\nFROM base\n" } },
	},
	{
		.name = "the version of the commit before",
		.log = MISSING("node:22.99-alpine"),
		.file = { { "Dockerfile", "FROM --platform=linux/amd64 node:22.99-alpine\n",
			    "FROM --platform=linux/amd64 node:22.4-alpine\n",
			    .was = "FROM --platform=linux/amd64 node:22.4-alpine\n" } },
	},
	{
		.name = "the old builder's words",
		.log = "manifest for node:22-aplin not found: manifest unknown: manifest unknown\n",
		.file = { { "Dockerfile", "FROM node:22-aplin\n", NULL } },
		.declines = "neither a near word",
	},
	{
		.name = "nobody knows which version was meant",
		.log = MISSING("eclipse-temurin:23.5-jre"),
		.file = { { "Dockerfile", "FROM eclipse-temurin:23.5-jre\n", NULL } },
		.declines = "neither a near word",
	},
	{
		.name = "the image of a variable",
		.log = MISSING("node:99"),
		.file = { { "Dockerfile", "ARG V=99\nFROM node:$V\n", NULL } },
		.declines = "no Dockerfile here names node:99",
	},
	{0}
};

static const char *const types[] = { "no such image", NULL };

const struct template template_docker_tag = {
	.name = "docker_tag",
	.summary = "a base image's tag is not there -> the word meant, or the tag of the commit before",
	.oracles = "the one known word within a slip; the history",
	.keeps_off = "versions without a history; several near words; digests; variables",
	.class = "image",
	.danger = DANGER_2,
	.reading = true,
	.tool = "docker",
	.types = types,
	.pattern = "^(?:manifest for )?(?<image>[\\w./-]+:[\\w.-]+)(?:: failed to resolve source metadata| "
		   "not found)",
	.fix = fix,
	.examples = examples,
};

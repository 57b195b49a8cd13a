/*
 * COPY --from, --mount=from or FROM names a stage that does not exist, so that it is taken for an image
 * nobody can pull -> the stage that was meant: the one within a slip, or the one that had this name in
 * the commit before. Keeps off names that may be an image's.
 */
#include "templates/lib_docker.h"
#include "templates/lib_similar.h"

static bool has_stage(const struct docker_file *file, struct str name, unsigned before)
{
	for (unsigned i = 1; i < before; i++)
		if (str_equal_nocase(file->stages[i].name, name))
			return true;
	return false;
}

/* The stage above `before` that the name is one slip of; empty when none or several. */
static struct str near_stage(const struct docker_file *file, struct str name, unsigned before)
{
	struct str found = STR_NONE;

	for (unsigned i = 1; i < before; i++) {
		struct str one = file->stages[i].name;
		unsigned most = name.size >= 7 ? 2 : 1;
		bool near = name.size >= 4 && similar_distance(name, one) <= most;

		near |= name.size >= 4 && one.size >= 4 &&	/* build, builder */
			(str_equal_nocase(str_slice(name, 0, one.size), one) ||
			 str_equal_nocase(str_slice(one, 0, name.size), name));
		if (!one.size || !near)
			continue;
		if (found.size)
			return STR_NONE;
		found = one;
	}
	return found;
}

/* What the stage of this name is called now: the same place, the same image. */
static struct str renamed_stage(const struct scene *scene, const struct docker_file *file,
				struct str name, unsigned before)
{
	struct docker_file old;
	struct str text;

	if (!scene->parent || !tree_read(scene->parent, scene->arena, file->path, &text) ||
	    !docker_parse(scene->arena, file->path, text, &old) ||
	    old.stage_count != file->stage_count)
		return STR_NONE;
	for (unsigned i = 1; i < before; i++)
		if (str_equal_nocase(old.stages[i].name, name) &&
		    str_equal(old.stages[i].image, file->stages[i].image))
			return file->stages[i].name;
	return STR_NONE;
}

/* Where the instruction names the stage it takes from; -1 when it does not. */
static ptrdiff_t place_of(const struct docker_file *file, const struct docker_instruction *one,
			  struct str name)
{
	struct str text = str_slice(file->text, one->arguments, one->arguments_end - one->arguments);
	struct str rest = text, word;

	if (docker_is(one, "FROM"))
		return str_equal(file->stages[one->stage].image, name) ? docker_place(file, one, name)
								       : -1;
	while (docker_word(&rest, &word) && str_starts(word, "--")) {
		struct str before, value;

		if (!str_split(word, "from=", &before, &value) ||
		    (!str_is(before, "--") && !str_ends(before, ",")))
			continue;
		str_split(value, ",", &value, NULL);
		if (str_equal(value, name))
			return (ptrdiff_t)(one->arguments + (size_t)(value.at - text.at));
	}
	return -1;
}

/* The file's text with all uses of the name put right; empty with the reason when one cannot be. */
static struct str mended(struct scene *scene, const struct docker_file *file, struct str name,
			 struct str *stage, const char **why)
{
	struct str text = file->text;

	for (size_t i = file->count; i-- > 0;) {
		const struct docker_instruction *one = &file->instructions[i];
		ptrdiff_t at = place_of(file, one, name);
		struct str old, near;

		if (at < 0)
			continue;
		*why = "the stage of this name comes later";
		if (has_stage(file, name, file->stage_count + 1))
			return STR_NONE;
		old = renamed_stage(scene, file, name, one->stage);
		near = near_stage(file, name, one->stage);
		*stage = old.size ? old : near;
		*why = "no one stage above is near the name";
		if (!stage->size || (old.size && near.size && !str_equal(old, near)))
			return STR_NONE;
		text = docker_replace(scene->arena, text, (size_t)at, (size_t)at + name.size, *stage);
	}
	return text;
}

static void fix(struct scene *scene)
{
	struct docker_file *files = arena_array(scene->arena, struct docker_file, DOCKER_FILES_MAX);
	struct str name = scene_group(scene, "name");
	size_t count = docker_files(scene, scene->tree, files), with = 0;
	const char *why = "no Dockerfile here takes anything from it";
	struct str text = STR_NONE, stage = STR_NONE;

	for (size_t f = 0; f < count; f++) {
		bool uses = false;

		for (size_t i = 0; i < files[f].count && !uses; i++)
			uses = place_of(&files[f], &files[f].instructions[i], name) >= 0;
		if (!uses)
			continue;
		if (with++)
			return template_decline(scene, "several Dockerfiles use the name %.*s",
						STR_ARG(name));
		text = mended(scene, &files[f], name, &stage, &why);
		files[0] = files[f];
	}
	if (!text.size)
		return template_decline(scene, "%s", why);
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Takes from the stage %.*s in %s: there is "
				     "no stage %.*s.", STR_ARG(stage), files[0].path, STR_ARG(name)),
		      files[0].path, text);
}

#define DENIED(name) \
	"#3 [internal] load metadata for docker.io/library/" name ":latest\n" \
	"#3 ERROR: pull access denied, repository does not exist or may require authorization: server " \
	"message: insufficient_scope: authorization failed\n------\n" \
	"ERROR: failed to solve: " name ": failed to resolve source metadata for docker.io/library/" \
	name ":latest: pull access denied, repository does not exist or may require authorization: " \
	"server message: insufficient_scope: authorization failed\n"

static const struct example examples[] = {
	{
		.name = "a slip in the name",
		.log = DENIED("compiler"),
		.file = { { "Dockerfile",
			    "FROM golang:1.22 AS compile\nRUN go build -o /out/x .\nFROM alpine:3.20 AS certs\n"
			    "FROM scratch\nCOPY --from=certs /etc/ssl /etc/ssl\nCOPY --chown=1 --from=compiler "
			    "/out/x /x\n",
			    "FROM golang:1.22 AS compile\nRUN go build -o /out/x .\nFROM alpine:3.20 AS certs\n"
			    "FROM scratch\nCOPY --from=certs /etc/ssl /etc/ssl\nCOPY --chown=1 --from=compile "
			    "/out/x /x\n" } },
	},
	{
		.name = "the commit gave the stage another name",
		.log = DENIED("deps"),
		.file = { { "Dockerfile",
			    "FROM node:22 AS modules\nRUN npm ci\nFROM node:22\nCOPY --from=deps /m /m\n"
			    "RUN --mount=type=bind,from=deps,target=/m true\n",
			    "FROM node:22 AS modules\nRUN npm ci\nFROM node:22\nCOPY --from=modules /m /m\n"
			    "RUN --mount=type=bind,from=modules,target=/m true\n",
			    .was = "FROM node:22 AS deps\nRUN npm ci\nFROM node:22\nCOPY --from=deps /m /m\n"
				       } },
	},
	{
		.name = "no stage is near",
		.log = DENIED("assets"),
		.file = { { "Dockerfile", "FROM node:22 AS modules\nFROM node:22\nCOPY --from=assets /m /m\n",
			    NULL } },
		.declines = "no one stage above",
	},
	{
		.name = "two are near",
		.log = DENIED("build"),
		.file = { { "Dockerfile", "FROM node:22 AS build1\nFROM node:22 AS build2\nFROM node:22\n"
			    "COPY --from=build /m /m\n", NULL } },
		.declines = "no one stage above",
	},
	{
		.name = "an image of somebody",
		.log = "ERROR: failed to solve: builder: failed to resolve source metadata for "
		       "docker.io/library/builder:latest: pull access denied, repository does not exist\n",
		.file = { { "Dockerfile", "FROM alpine:3.20\n", NULL } },
		.declines = "no Dockerfile here takes anything",
	},
	{0}
};

static const char *const types[] = { "no access", "no such image", NULL };

const struct template template_docker_stage = {
	.name = "docker_stage",
	.summary = "COPY --from or FROM names a stage that does not exist -> the stage meant",
	.oracles = "the one stage within a slip; the stage that had the name in the commit before",
	.keeps_off = "no or several near stages; names with a tag or a registry",
	.class = "image",
	.danger = DANGER_1,
	.reading = true,
	.tool = "docker",
	.types = types,
	.pattern = "^(?:invalid from flag value )?(?<name>[A-Za-z][\\w-]*): (?:failed to resolve source "
		   "metadata for docker\\.io/library/|pull access denied)",
	.fix = fix,
	.examples = examples,
};

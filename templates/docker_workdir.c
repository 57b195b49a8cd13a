/*
 * A RUN finds no project because its stage starts in / while the project was copied elsewhere -> the
 * WORKDIR that another stage has for this folder, before the COPY. Keeps off a stage that has a WORKDIR,
 * and a folder that no other stage or image works in.
 */
#include "templates/lib_docker.h"

#include "git/path.h"

/* What the tool looked for in its folder. */
static const struct {
	const char *words, *file;
} wanted[] = {
	{ "package-lock.json", "package-lock.json" },
	{ "package.json", "package.json" },
	{ "go.mod", "go.mod" },
	{ "Cargo.toml", "Cargo.toml" },
	{ "composer.json", "composer.json" },
	{ "requirements.txt", "requirements.txt" },
	{ "pyproject.toml", "pyproject.toml" },
	{ "Gemfile", "Gemfile" },
};

static const char *wanted_file(const char *message)
{
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (str_has(str_of(message), wanted[i].words))
			return wanted[i].file;
	return NULL;
}

/* The folder ("/app") into which the COPY puts the file; empty when it does not. */
static struct str folder_of(const struct docker_instruction *one, const char *name)
{
	struct str rest = docker_plain(one), word, target = STR_NONE;
	bool has = false;

	if (!docker_is(one, "COPY") && !docker_is(one, "ADD"))
		return STR_NONE;
	while (docker_word(&rest, &word)) {
		if (target.size)
			has |= str_is(path_name(target), name) || str_is(target, ".") ||
			       str_is(target, "./") || str_has(path_name(target), "*.json");
		target = word;
	}
	if (!has || !str_starts(target, "/"))
		return STR_NONE;
	if (str_is(path_name(target), name))
		return path_folder(target);
	while (target.size > 1 && str_chop(&target, "/"))
		;
	return target;
}

static bool stage_has(const struct docker_file *file, unsigned stage, const char *keyword)
{
	for (size_t i = 0; i < file->count; i++)
		if (file->instructions[i].stage == stage && docker_is(&file->instructions[i], keyword))
			return true;
	return false;
}

/* Which stage or image works in the folder; NULL when none. */
static const char *works_in(struct scene *scene, struct str folder)
{
	struct docker_file *files = arena_array(scene->arena, struct docker_file, DOCKER_FILES_MAX);
	size_t count = docker_files(scene, scene->tree, files);

	for (size_t f = 0; f < count; f++)
		for (size_t i = 0; i < files[f].count; i++) {
			struct str words = files[f].instructions[i].words;

			while (words.size > 1 && str_chop(&words, "/"))
				;
			if (docker_is(&files[f].instructions[i], "WORKDIR") && str_equal(words, folder))
				return files[f].path;
		}
	return NULL;
}

/* Is the stage built on another one of the file? */
static bool on_a_stage(const struct docker_file *file, unsigned stage)
{
	for (unsigned i = 1; i < stage; i++)
		if (file->stages[i].name.size &&
		    str_equal_nocase(file->stages[i].name, file->stages[stage].image))
			return true;
	return false;
}

static void fix(struct scene *scene)
{
	const char *name = wanted_file(scene->failure->message), *why, *where;
	const struct docker_instruction *run, *copy = NULL;
	struct docker_file file;
	struct str folder = STR_NONE;
	size_t index;

	if (!docker_failed_run(scene, NULL, &file, &index, &why))
		return template_decline(scene, "%s", why);
	run = &file.instructions[index];
	if (!name || str_has(run->words, "cd ") || str_has(run->words, "--prefix") ||
	    str_has(run->words, " -C "))
		return template_decline(scene, "in which folder the RUN works is not plain");
	if (stage_has(&file, run->stage, "WORKDIR") || on_a_stage(&file, run->stage))
		return template_decline(scene, "the stage has a folder to work in");
	for (size_t i = 0; i < index; i++) {
		struct str one = file.instructions[i].stage == run->stage
			? folder_of(&file.instructions[i], name) : STR_NONE;

		if (!one.size)
			continue;
		if (folder.size && !str_equal(folder, one))
			return template_decline(scene, "%s is copied into two folders", name);
		copy = copy ? copy : &file.instructions[i];
		folder = one;
	}
	if (!copy)
		return template_decline(scene, "%s is not copied into a folder of its own", name);
	where = works_in(scene, folder);
	if (!where)
		return template_decline(scene, "no other stage works in %.*s", STR_ARG(folder));
	candidate_put(scene, propose(scene, ORACLE_SIBLING, "Works in %.*s in this stage of %s too, where "
				     "%s was copied: a stage starts in /.", STR_ARG(folder), file.path,
				     name),
		      file.path,
		      docker_replace(scene->arena, file.text, copy->start, copy->start,
				     str_of(arena_printf(scene->arena, "WORKDIR %.*s%s",
							 STR_ARG(folder),
							 str_has(file.text, "\r\n") ? "\r\n" : "\n"))));
}

#define FAILED(command) \
	"#14 [stage-1 3/4] RUN " command "\n" \
	"#14 0.602 npm error code EUSAGE\n#14 0.602 npm error\n" \
	"#14 0.602 npm error The `npm ci` command can only install with an existing package-lock.json or\n" \
	"#14 0.602 npm error npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or\n" \
	"#14 0.602 npm error later to generate a package-lock.json file, then try again.\n" \
	"ERROR: failed to solve: process \"/bin/sh -c " command "\" did not complete successfully: exit " \
	"code: 1\n"
#define BUILD "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\n\n"

static const struct example examples[] = {
	{
		.name = "the second stage of two",
		.log = FAILED("npm ci --omit=dev"),
		.file = { { "Dockerfile",
			    BUILD "FROM node:22\nENV A=1\nCOPY package.json package-lock.json /app/\n"
			    "RUN npm ci --omit=dev\nCOPY --from=build /app/dist dist\n",
			    BUILD "FROM node:22\nENV A=1\nWORKDIR /app\nCOPY package.json "
			    "package-lock.json /app/\nRUN npm ci --omit=dev\n"
			    "COPY --from=build /app/dist dist\n" } },
	},
	{
		.name = "go.mod",
		.log = "#9 [stage-1 3/3] RUN go build -o /x .\n#9 0.4 go: go.mod file not found in current directory or any parent directory; see "
		       "'go help modules'\nERROR: failed to solve: process \"/bin/sh -c go build -o /x .\" "
		       "did not complete successfully: exit code: 1\n",
		.file = { { "Dockerfile", "FROM alpine:3 AS a\nWORKDIR /src/\nFROM golang:1.22\n"
			    "COPY go.mod main.go /src/\nRUN go build -o /x .\n",
			    "FROM alpine:3 AS a\nWORKDIR /src/\nFROM golang:1.22\nWORKDIR /src\n"
			    "COPY go.mod main.go /src/\nRUN go build -o /x .\n" } },
	},
	{
		.name = "the stage has a WORKDIR",
		.log = FAILED("npm ci --omit=dev"),
		.file = { { "Dockerfile",
			    BUILD "FROM node:22\nWORKDIR /srv\nCOPY package-lock.json /app/\n"
			    "RUN npm ci --omit=dev\n", NULL } },
		.declines = "the stage has a folder to work in",
	},
	{
		.name = "nobody works there",
		.log = FAILED("npm ci --omit=dev"),
		.file = { { "Dockerfile",
			    BUILD "FROM node:22\nCOPY package-lock.json /opt/x/\nRUN npm ci --omit=dev\n",
			    NULL } },
		.declines = "no other stage works in /opt/x",
	},
	{
		.name = "the lock file is not copied at all",
		.log = FAILED("npm ci --omit=dev"),
		.file = { { "Dockerfile",
			    BUILD "FROM node:22\nCOPY package.json /app/\nRUN npm ci --omit=dev\n", NULL } },
		.declines = "is not copied into a folder",
	},
	{0}
};

const struct template template_docker_workdir = {
	.name = "docker_workdir",
	.summary = "a RUN finds no project because its stage starts in / -> the WORKDIR of the other stages",
	.oracles = "another stage that works in the folder the project was copied to",
	.keeps_off = "a stage with a WORKDIR, or on another stage; projects that were not copied",
	.class = "image",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "existing package-lock\\.json|go\\.mod file not found|No such file or directory: "
		   "'?(?:requirements\\.txt|pyproject\\.toml)|could not find `Cargo\\.toml`|Could not locate "
		   "Gemfile|could not find a composer\\.json|Could not read package\\.json",
	.fix = fix,
	.examples = examples,
};

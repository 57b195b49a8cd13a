/*
 * COPY takes several files and its target does not end in "/" -> the "/". Docker wants it because only
 * a folder can take several.
 */
#include "templates/lib_docker_copy.h"

/* Several files, or a pattern that may mean several. */
static bool takes_several(const struct docker_copy *copy)
{
	return copy->count > 1 || str_char(copy->sources[0], '*') >= 0;
}

static void fix(struct scene *scene)
{
	struct docker_file *files = arena_array(scene->arena, struct docker_file, DOCKER_FILES_MAX);
	size_t count = docker_files(scene, scene->tree, files), found = 0, file = 0, index = 0;
	const unsigned line = scene->failure->line;
	struct docker_copy copy;
	const struct docker_instruction *one;

	for (size_t f = 0; f < count; f++)
		for (size_t i = 0; i < files[f].count; i++) {
			one = &files[f].instructions[i];
			if (!docker_copy_of(one, &copy) || !takes_several(&copy) ||
			    str_ends(copy.target, "/") || str_is(copy.target, ".") ||
			    str_is(copy.target, "..") ||
			    (line && (line < one->line || line > one->last_line)))
				continue;
			found++;
			file = f;
			index = i;
		}
	if (found != 1)
		return template_decline(scene, "%s", found ? "several COPY lines are so"
							   : "no plain COPY here is so");
	one = &files[file].instructions[index];
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Ends the target of the COPY in line %u of %s "
				     "with \"/\": it takes several files.", one->line,
				     files[file].path),
		      files[file].path, docker_replace(scene->arena, files[file].text,
						       one->arguments_end, one->arguments_end, STR("/")));
}

#define SEVERAL \
	"Dockerfile:3\n--------------------\n--------------------\n" \
	"ERROR: failed to solve: When using COPY with more than one source file, the destination must be " \
	"a directory and end with a /\n"

static const struct example examples[] = {
	{
		.name = "two files",
		.log = SEVERAL,
		.file = { { "Dockerfile", "FROM node:22\n\nCOPY a.json b.json /srv\n",
			    "FROM node:22\n\nCOPY a.json b.json /srv/\n" } },
	},
	{
		.name = "on two lines",
		.log = SEVERAL,
		.file = { { "Dockerfile", "FROM node:22\n\nCOPY a.json \\\n    b.json app\nCMD [\"x\"]\n",
			    "FROM node:22\n\nCOPY a.json \\\n    b.json app/\nCMD [\"x\"]\n" } },
	},
	{
		.name = "another line",
		.log = SEVERAL,
		.file = { { "Dockerfile", "FROM node:22\nCOPY a.json b.json /srv\n\nCOPY c /srv/\n", NULL } },
		.declines = "no plain COPY here is so",
	},
	{0}
};

const struct template template_docker_copy_folder = {
	.name = "docker_copy_folder",
	.summary = "COPY takes several files and its target has no \"/\" at its end -> the \"/\"",
	.oracles = "Docker itself",
	.keeps_off = "COPY lines the log does not tell apart; variables and lists",
	.class = "image",
	.danger = DANGER_0,
	.reading = true,
	.tool = "docker",
	.pattern = "When using (?:COPY|ADD) with more than one source file, the destination must be a "
		   "directory",
	.fix = fix,
	.examples = examples,
};

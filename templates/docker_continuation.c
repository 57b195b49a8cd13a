/*
 * Docker takes the next line of a command for an instruction because the line above lost its backslash
 * -> the backslash again. Only where the line can be nothing else: it begins with an operator, the line
 * above ends in one, or both belong to a list that goes on above.
 */
#include "templates/lib_docker.h"
#include "templates/lib_scene.h"

static bool is_operator(struct str word)
{
	return str_is(word, "&&") || str_is(word, "||") || str_is(word, "|");
}

/* Does the line say by its form that it goes on with the RUN above it? */
static bool goes_on(const struct docker_file *file, const struct docker_instruction *above,
		    const struct docker_instruction *one)
{
	struct str head = str_slice(file->text, above->start, above->arguments_end - above->start);
	const bool indented = one->start < file->text.size && strchr(" \t", file->text.at[one->start]);

	if (!docker_is(above, "RUN") || above->heredoc || str_starts(docker_plain(above), "["))
		return false;
	if (is_operator(one->keyword) || str_ends(head, "&&") || str_ends(head, "|"))
		return true;
	return indented && above->last_line > above->line;
}

static void fix(struct scene *scene)
{
	struct docker_file *files = arena_array(scene->arena, struct docker_file, DOCKER_FILES_MAX);
	size_t count = docker_files(scene, scene->tree, files), found = 0, file = 0, index = 0;
	struct str word = scene_group(scene, "word");
	const struct docker_instruction *above;
	const char *escape;
	unsigned long number;

	if (!str_number(scene_group(scene, "line"), &number))
		return template_decline(scene, "the log does not name the line");
	for (size_t f = 0; f < count; f++)
		for (size_t i = 1; i < files[f].count; i++) {
			const struct docker_instruction *one = &files[f].instructions[i];

			if (one->line != number || !str_equal_nocase(one->keyword, word) ||
			    !goes_on(&files[f], one - 1, one))
				continue;
			found++;
			file = f;
			index = i;
		}
	if (found != 1)
		return template_decline(scene, "%s", found
			? "several Dockerfiles have such a line"
			: "no Dockerfile here has a line that goes on with the RUN above it");
	above = &files[file].instructions[index - 1];
	escape = str_has(str_slice(files[file].text, 0, line_end(files[file].text, 0)), "escape=`")
		 ? " `" : " \\";
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Ends the line above line %lu of %s with the "
				     "backslash it lost: %.*s goes on with its RUN.", number,
				     files[file].path, STR_ARG(word)),
		      files[file].path,
		      docker_replace(scene->arena, files[file].text, above->arguments_end,
				     above->arguments_end, str_of(escape)));
}

#define UNKNOWN(line, word) \
	"Dockerfile:" line "\n--------------------\n--------------------\n" \
	"ERROR: failed to solve: dockerfile parse error on line " line ": unknown instruction: " word "\n"

static const struct example examples[] = {
	{
		.name = "an operator begins the line",
		.log = UNKNOWN("3", "&&"),
		.file = { { "Dockerfile", "FROM node:22\nRUN one\n    && two\n",
			    "FROM node:22\nRUN one \\\n    && two\n" } },
	},
	{
		.name = "the line above ends in one",
		.log = UNKNOWN("3", "apt-get"),
		.file = { { "Dockerfile", "FROM debian:12\nRUN apt-get update &&\n    apt-get install -y curl\n",
			    "FROM debian:12\nRUN apt-get update && \\\n    apt-get install -y curl\n" } },
	},
	{
		.name = "within a list",
		.log = UNKNOWN("4", "curl"),
		.file = { { "Dockerfile", "FROM debian:12\nRUN apt-get install -y \\\n    gcc\n    curl \\\n    make\n",
			    "FROM debian:12\nRUN apt-get install -y \\\n    gcc \\\n    curl \\\n    make\n" } },
	},
	{
		.name = "a line of its own",
		.log = UNKNOWN("3", "curl"),
		.file = { { "Dockerfile", "FROM debian:12\nRUN make\ncurl -O https://example.org/x\n", NULL } },
		.declines = "no Dockerfile here has a line that goes on",
	},
	{0}
};

static const char *const types[] = { "Dockerfile", NULL };

const struct template template_docker_continuation = {
	.name = "docker_continuation",
	.summary = "a RUN's line lost the backslash at its end -> the backslash again",
	.oracles = "the form of the lines: an operator, or a list that goes on",
	.keeps_off = "lines that may be something of their own",
	.class = "image",
	.danger = DANGER_0,
	.reading = true,
	.tool = "docker",
	.types = types,
	.pattern = "parse error (?:on )?line (?<line>\\d+): unknown instruction: (?<word>\\S+)",
	.fix = fix,
	.examples = examples,
};

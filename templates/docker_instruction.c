/*
 * Docker does not know an instruction -> the one instruction within a slip of it. What follows a lost
 * backslash is for docker_continuation.
 */
#include "templates/lib_docker.h"
#include "templates/lib_similar.h"

static const char *const keywords[] = { "FROM", "RUN", "CMD", "LABEL", "EXPOSE", "ENV", "ADD", "COPY",
	"ENTRYPOINT", "VOLUME", "USER", "WORKDIR", "ARG", "ONBUILD", "STOPSIGNAL", "HEALTHCHECK",
	"SHELL" };

/* ENV and ARG, ADD and CMD are near each other: a name of three letters may only have two swapped. */
static const char *near_keyword(struct str word)
{
	const char *found = NULL;

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		struct str one = str_of(keywords[i]);
		bool swapped = one.size == word.size && similar_distance(word, one) == 1 &&
			       word.at[0] == one.at[0];

		if (one.size > 3 ? similar_distance(word, one) != 1
				 : !swapped && !(word.size == 4 && similar_distance(word, one) == 1))
			continue;
		if (found)
			return NULL;
		found = keywords[i];
	}
	return found;
}

static void fix(struct scene *scene)
{
	struct docker_file *files = arena_array(scene->arena, struct docker_file, DOCKER_FILES_MAX);
	size_t count = docker_files(scene, scene->tree, files), found = 0, file = 0, index = 0;
	struct str word = scene_group(scene, "word"), line = scene_group(scene, "line");
	const struct docker_instruction *one;
	const char *right;
	unsigned long number;
	struct text upper = TEXT(scene->arena);

	if (!str_number(line, &number))
		return template_decline(scene, "the log does not name the line");
	for (size_t f = 0; f < count; f++)
		for (size_t i = 0; i < files[f].count; i++) {
			one = &files[f].instructions[i];
			if (one->line != number || !str_equal_nocase(one->keyword, word))
				continue;
			found++;
			file = f;
			index = i;
		}
	if (found != 1)
		return template_decline(scene, "%s", found ? "several Dockerfiles have such a line"
							   : "no Dockerfile here has such a line");
	one = &files[file].instructions[index];
	for (size_t i = 0; i < word.size; i++)
		text_addc(&upper, one->keyword.at[i] >= 'a' ? (char)(one->keyword.at[i] - 32)
							    : one->keyword.at[i]);
	right = near_keyword(text_str(&upper));
	if (!right || one->start != (size_t)(one->keyword.at - files[file].text.at))
		return template_decline(scene, "no one instruction is near %.*s", STR_ARG(word));
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Spells %s in line %lu of %s: there is no "
				     "instruction %.*s.", right, number, files[file].path,
				     STR_ARG(word)),
		      files[file].path,
		      docker_replace(scene->arena, files[file].text, one->start,
				     one->start + word.size, str_of(right)));
}

#define UNKNOWN(line, word) \
	"Dockerfile:" line "\n--------------------\n--------------------\n" \
	"ERROR: failed to solve: dockerfile parse error on line " line ": unknown instruction: " word "\n"

static const struct example examples[] = {
	{
		.name = "two letters swapped",
		.log = UNKNOWN("3", "COYP (did you mean COPY?)"),
		.file = { { "Dockerfile", "FROM node:22\n# all\nCOYP . .\n", "FROM node:22\n# all\nCOPY . .\n" } },
	},
	{
		.name = "one too many",
		.log = UNKNOWN("2", "ENTRYPOINTS (did you mean ENTRYPOINT?)"),
		.file = { { "Dockerfile", "FROM node:22\nENTRYPOINTS [\"node\"]\n",
			    "FROM node:22\nENTRYPOINT [\"node\"]\n" } },
	},
	{
		.name = "nothing is near",
		.log = UNKNOWN("2", "INCLUDE"),
		.file = { { "Dockerfile", "FROM node:22\nINCLUDE base.txt\n", NULL } },
		.declines = "no one instruction is near",
	},
	{
		.name = "two Dockerfiles have the line",
		.log = UNKNOWN("2", "RNU (did you mean RUN?)"),
		.file = { { "Dockerfile", "FROM node:22\nRNU one\n", NULL },
			  { "b/Dockerfile", "FROM node:22\nRNU two\n", NULL } },
		.declines = "several Dockerfiles have such a line",
	},
	{0}
};

static const char *const types[] = { "Dockerfile", NULL };

const struct template template_docker_instruction = {
	.name = "docker_instruction",
	.summary = "a Dockerfile's instruction is misspelt -> the one within a slip",
	.oracles = "Docker's own list of instructions",
	.keeps_off = "words near no instruction, or near several",
	.class = "image",
	.danger = DANGER_0,
	.reading = true,
	.tool = "docker",
	.types = types,
	.pattern = "parse error (?:on )?line (?<line>\\d+): unknown instruction: (?<word>[A-Za-z]+)",
	.fix = fix,
	.examples = examples,
};

/*
 * apt finds no package, or only outdated ones, in an image's RUN that installs without an update ->
 * "apt-get update &&" before the install. An image ships without package lists, and lists of an
 * earlier layer grow old. Keeps off a stage that has fresh lists, and what is no plain command.
 */
#include "templates/lib_docker_apt.h"
#include "templates/lib_scene.h"

/* May a command begin behind this word? */
static bool begins_command(struct str before)
{
	static const char *const words[] = { "&&", "then", "do", "else", "{" };

	before = str_trim_right(before);
	if (!before.size || str_ends(before, ";") || str_ends(before, "("))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t size = strlen(words[i]);

		if (str_ends(before, words[i]) &&
		    (before.size == size || strchr(" \t\n;", before.at[before.size - size - 1])))
			return true;
	}
	return false;
}

/* DEBIAN_FRONTEND=noninteractive apt-get: where the command with its assignments starts. */
static size_t with_assignments(struct str text, size_t start)
{
	for (;;) {
		struct str head = str_trim_right(str_slice(text, 0, start));
		size_t size = head.size;

		while (size && !strchr(" \t\n", head.at[size - 1]))
			size--;
		if (str_char(str_from(head, size), '=') < 1 || str_starts(str_from(head, size), "--"))
			return start;
		start = size;
	}
}

/* The byte where the first command of apt starts, and its program. */
static bool find_install(const struct docker_file *file, const struct docker_instruction *run,
			 size_t *at, struct str *program)
{
	struct str text = str_slice(file->text, run->arguments, run->arguments_end - run->arguments);
	struct str rest = text, word, before;
	size_t start;

	do {
		if (!docker_word(&rest, &word))
			return false;
	} while (!str_is(word, "apt-get") && !str_is(word, "apt"));
	start = with_assignments(text, (size_t)(word.at - text.at));
	before = str_trim(str_slice(text, 0, start));
	while (str_chop(&before, "\\"))
		before = str_trim_right(before);
	while (str_starts(before, "--") && docker_word(&before, &rest))
		before = str_trim(before);
	*program = word;
	*at = run->arguments + start;
	return begins_command(before);
}

static bool lacks_lists(const struct docker_file *file, size_t run)
{
	return !docker_updates(&file->instructions[run]) && !docker_has_lists(file, run);
}

static void fix(struct scene *scene)
{
	const bool old = !strcmp(scene->failure->type, "404");
	struct docker_file file;
	const struct docker_instruction *run;
	struct str program;
	const char *why;
	size_t index, at;

	if (!scene_is_first(scene))
		return;
	if (!docker_failed_run(scene, lacks_lists, &file, &index, &why))
		return template_decline(scene, "%s", why);
	run = &file.instructions[index];
	if (!docker_installs(run))
		return template_decline(scene, "the RUN that failed installs nothing itself");
	if (docker_updates(run))
		return template_decline(scene, "the RUN has its update already");
	if (run->heredoc || str_starts(docker_plain(run), "["))
		return template_decline(scene, "the RUN is no plain shell command");
	if (!old && docker_has_lists(&file, index))
		return template_decline(scene, "the stage has package lists of an earlier RUN, and "
					"the package is not in them");
	if (!find_install(&file, run, &at, &program))
		return template_decline(scene, "the install is no plain command of the RUN");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT,
				     "Gets the package lists in the RUN that installs (%s, line %u): %s.",
				     file.path, run->line,
				     old ? "those of an earlier layer are older than the mirror"
					 : "a stage starts without any"),
		      file.path,
		      docker_replace(scene->arena, file.text, at, at,
				     str_of(arena_printf(scene->arena, "%.*s update && ",
							 STR_ARG(program)))));
}

#define FAILED(command) \
	"#10 0.302 Reading package lists...\n#10 0.310 Building dependency tree...\n" \
	"#10 0.311 Reading state information...\n#10 0.312 E: Unable to locate package curl\n" \
	"#10 ERROR: process \"/bin/sh -c " command "\" did not complete successfully: exit code: 100\n" \
	"------\nERROR: failed to solve: process \"/bin/sh -c " command "\" did not complete " \
	"successfully: exit code: 100\n"

static const struct example examples[] = {
	{
		.name = "a second stage has no lists",
		.log = FAILED("apt-get install -y curl"),
		.file = {
			{ "Dockerfile",
			  "FROM debian:bookworm-slim AS build\nRUN apt-get update && apt-get install -y gcc\n"
			  "\nFROM debian:bookworm-slim\nRUN apt-get install -y curl\n",
			  "FROM debian:bookworm-slim AS build\nRUN apt-get update && apt-get install -y gcc\n"
			  "\nFROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y curl\n",
			  },
		},
	},
	{
		.name = "an assignment before it, on a line of its own",
		.log = FAILED("echo one     && DEBIAN_FRONTEND=noninteractive apt-get install -y curl"),
		.file = {
			{ "docker/Dockerfile",
			  "FROM ubuntu:24.04\nRUN echo one \\\n    && DEBIAN_FRONTEND=noninteractive apt-get "
			  "install -y curl\n",
			  "FROM ubuntu:24.04\nRUN echo one \\\n    && apt-get update && "
			  "DEBIAN_FRONTEND=noninteractive apt-get install -y curl\n" },
		},
	},
	{
		.name = "the package is not in the lists",
		.log = FAILED("apt-get install -y curl"),
		.file = {
			{ "Dockerfile",
			  "FROM debian:bookworm-slim\nRUN apt-get update\nRUN apt-get install -y curl\n",
			  NULL },
		},
		.declines = "has package lists of an earlier RUN",
	},
	{
		.name = "two equal lines, and no number",
		.log = FAILED("apt-get install -y curl"),
		.file = {
			{ "Dockerfile",
			  "FROM debian:bookworm-slim AS one\nRUN apt-get install -y curl\n"
			  "FROM debian:bookworm-slim\nRUN apt-get install -y curl\n", NULL },
		},
		.declines = "which of several equal RUN lines",
	},
	{
		.name = "not behind an or",
		.log = FAILED("curl --version || apt-get install -y curl"),
		.file = {
			{ "Dockerfile",
			  "FROM debian:bookworm-slim\nRUN curl --version || apt-get install -y curl\n", NULL,
			  },
		},
		.declines = "no plain command",
	},
	{
		.name = "on the runner itself",
		.log = "E: Unable to locate package curl\n##[error]Process completed with exit code 100.\n",
		.file = { { "Dockerfile", "FROM debian:12\nRUN apt-get install -y curl\n", NULL,
			    } },
		.declines = "does not say that it failed while an image was built",
	},
	{0}
};

static const char *const types[] = { "no such package", "404", NULL };

const struct template template_docker_apt_update = {
	.name = "docker_apt_update",
	.summary = "an image installs with apt but gets no package lists -> update in the same RUN",
	.oracles = "apt itself: an image ships without lists",
	.keeps_off = "a stage that has lists; sudo, ||, heredocs; RUN lines the log does not tell apart",
	.class = "image",
	.danger = DANGER_0,
	.reading = true,
	.tool = "apt",
	.types = types,
	.fix = fix,
	.examples = examples,
};

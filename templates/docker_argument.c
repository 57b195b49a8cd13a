/*
 * A RUN uses an ARG that stands above FROM only, where it is empty -> the ARG named again, without a
 * value, right below FROM, so that the default above and --build-arg still choose. Keeps off a variable
 * that the stage, the stage it is built on or the command itself sets.
 */
#include "templates/lib_docker_apt.h"

enum { NAMES_MAX = 8 };

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Does the text use $NAME or ${NAME}, with no default and not in single quotes? */
static bool uses(struct str text, struct str name)
{
	bool quoted = false;

	for (size_t i = 0; i < text.size; i++) {
		struct str rest = str_from(text, i + 1);
		bool brace;

		quoted ^= text.at[i] == '\'';
		if (text.at[i] != '$' || quoted || (i && text.at[i - 1] == '\\'))
			continue;
		brace = str_skip(&rest, "{");
		if (!str_equal(str_slice(rest, 0, name.size), name))
			continue;
		rest = str_from(rest, name.size);
		if (brace ? str_starts(rest, "}") : !rest.size || !is_name(rest.at[0]))
			return true;
	}
	return false;
}

/* Does the command set it: NAME=..., read NAME, for NAME in? */
static bool sets(struct str text, struct str name)
{
	for (size_t i = 0; i + name.size < text.size; i++) {
		if ((i && is_name(text.at[i - 1])) || (i && strchr("${-", text.at[i - 1])) ||
		    !str_equal(str_slice(text, i, name.size), name))
			continue;
		if (text.at[i + name.size] == '=' ||
		    str_ends(str_trim_right(str_slice(text, 0, i)), "for") ||
		    str_ends(str_trim_right(str_slice(text, 0, i)), "read"))
			return true;
	}
	return false;
}

/* The names an ARG or ENV gives, one after the other. */
static bool next_name(struct str *rest, struct str *name)
{
	if (!docker_word(rest, name))
		return false;
	str_split(*name, "=", name, NULL);
	return true;
}

/* Is it declared in the stage, or in one it is built on, before the instruction? */
static bool declared(const struct docker_file *file, size_t before, struct str name)
{
	for (size_t i = 0; i < before; i++) {
		const struct docker_instruction *one = &file->instructions[i];
		const struct docker_stage *stage = &file->stages[file->instructions[before].stage];
		const bool base = one->stage && file->stages[one->stage].name.size &&
				  str_equal_nocase(file->stages[one->stage].name, stage->image);
		struct str rest = one->words, given;

		if (one->stage != file->instructions[before].stage && !base)
			continue;
		if (!docker_is(one, "ARG") && !docker_is(one, "ENV"))
			continue;
		while (next_name(&rest, &given))
			if (str_equal(given, name))
				return true;
	}
	return false;
}

/* The ARGs above FROM that the failed RUN uses and its stage does not know. */
static size_t missing(const struct docker_file *file, size_t run, struct str names[NAMES_MAX])
{
	const struct docker_instruction *failed = &file->instructions[run];
	size_t count = 0;

	for (size_t i = 0; i < run && !file->instructions[i].stage; i++) {
		struct str rest = file->instructions[i].words, name;

		if (!docker_is(&file->instructions[i], "ARG"))
			continue;
		while (count < NAMES_MAX && next_name(&rest, &name))
			if (uses(failed->words, name) && !sets(failed->words, name) &&
			    !declared(file, run, name))
				names[count++] = name;
	}
	return count;
}

static bool lacks_argument(const struct docker_file *file, size_t run)
{
	struct str names[NAMES_MAX];

	return missing(file, run, names) > 0;
}

static void fix(struct scene *scene)
{
	const struct docker_instruction *run, *from;
	struct text lines = TEXT(scene->arena), list = TEXT(scene->arena);
	struct str names[NAMES_MAX];
	struct docker_file file;
	size_t index, count;
	const char *why;

	if (!docker_failed_run(scene, lacks_argument, &file, &index, &why))
		return template_decline(scene, "%s", why);
	run = &file.instructions[index];
	count = missing(&file, index, names);
	if (!count || !run->stage)
		return template_decline(scene, "the RUN uses no ARG from above FROM that its stage "
					"does not know");
	from = &file.instructions[file.stages[run->stage].from];
	for (size_t i = 0; i < count; i++) {
		text_addf(&lines, "%s %.*s%s", str_is(from->keyword, "from") ? "arg" : "ARG",
			  STR_ARG(names[i]), str_has(file.text, "\r\n") ? "\r\n" : "\n");
		text_addf(&list, "%s%.*s", i ? ", " : "", STR_ARG(names[i]));
	}
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Names %s again in the stage of %s that "
				     "uses it: an ARG above FROM is empty below it.", text_cstr(&list),
				     file.path),
		      file.path, docker_replace(scene->arena, file.text, from->end, from->end,
						text_str(&lines)));
}

#define FAILED(command) \
	"#6 0.391 curl: (22) The requested URL returned error: 404\n" \
	"ERROR: failed to solve: process \"/bin/sh -c " command "\" did not complete successfully: exit " \
	"code: 22\n"

static const struct example examples[] = {
	{
		.name = "the version of a download",
		.log = FAILED("curl -fsSL \\\"https://example.org/v${HUGO}/hugo_$HUGO.tar.gz\\\""),
		.file = { { "Dockerfile",
			    "ARG HUGO=0.126.1\nFROM debian:12\n\nRUN curl -fsSL "
			    "\"https://example.org/v${HUGO}/hugo_$HUGO.tar.gz\"\n",
			    "ARG HUGO=0.126.1\nFROM debian:12\nARG HUGO\n\nRUN curl -fsSL "
			    "\"https://example.org/v${HUGO}/hugo_$HUGO.tar.gz\"\n" } },
	},
	{
		.name = "two of them, in the second stage",
		.log = FAILED("get $A-$B"),
		.file = { { "Dockerfile",
			    "ARG A=1\nARG B\nFROM debian:12 AS one\nARG A\nFROM debian:12\nRUN get $A-$B\n",
			    "ARG A=1\nARG B\nFROM debian:12 AS one\nARG A\nFROM debian:12\nARG A\nARG B\n"
			    "RUN get $A-$B\n" } },
	},
	{
		.name = "the stage has it",
		.log = FAILED("get $A"),
		.file = { { "Dockerfile", "ARG A=1\nFROM debian:12\nARG A\nRUN get $A\n", NULL } },
		.declines = "no ARG from above FROM",
	},
	{
		.name = "the command sets it",
		.log = FAILED("A=$(uname -m) && get $A"),
		.file = { { "Dockerfile", "ARG A=1\nFROM debian:12\nRUN A=$(uname -m) && get $A\n", NULL } },
		.declines = "no ARG from above FROM",
	},
	{
		.name = "the stage it is built on has it",
		.log = FAILED("get $A"),
		.file = { { "Dockerfile",
			    "ARG A=1\nFROM debian:12 AS base\nENV A=2\nFROM base\nRUN get $A\n", NULL } },
		.declines = "no ARG from above FROM",
	},
	{0}
};

static const char *const types[] = { "command", NULL };

const struct template template_docker_argument = {
	.name = "docker_argument",
	.summary = "a RUN uses an ARG that stands above FROM only -> name it again in the stage",
	.oracles = "Docker itself: such an ARG is empty in a stage",
	.keeps_off = "variables the stage or the command sets, or that have a default where they are used",
	.class = "image",
	.danger = DANGER_1,
	.reading = true,
	.tool = "docker",
	.types = types,
	.fix = fix,
	.examples = examples,
};

/*
 * A script that begins with "#!/bin/sh" and uses what only bash knows -> the first line that its
 * neighbours for bash have. Keeps off where something says that there is no bash: the script's
 * own words, or an image that copies it.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


static const char *const types[] = { "syntax error", "no such command", "bad substitution",
	"unexpected operator", NULL };

/* What no plain sh knows; looked for in the code, not in comments. */
static const char *const bash_only[] = { "[[ ", "=~", "BASH_REMATCH", "BASH_SOURCE", "<<<", "< <(", "${!", "declare -",
	"mapfile ", "readarray ", "shopt ", "local -a", "+=(", "=(", "for ((", "PIPESTATUS", "&>", NULL };

static const char *const plain_words[] = { "no bash", "without bash", "plain sh", "POSIX", "posix",
	"dash", "busybox", "ash ", NULL };

static const char *has_any(struct str text, const char *const *words)
{
	for (; *words; words++)
		if (str_has(text, *words))
			return *words;
	return NULL;
}

/* The word on a line that is no comment. */
static const char *bash_word(struct str text)
{
	struct str line;

	while (str_next_line(&text, &line)) {
		const char *word = str_starts(str_trim(line), "#") ? NULL : has_any(line, bash_only);

		if (word)
			return word;
	}
	return NULL;
}

static struct str comments_of(struct arena *a, struct str text)
{
	struct text out = TEXT(a);
	struct str line;

	while (str_next_line(&text, &line)) {
		line = str_trim(line);
		if (str_starts(line, "#") && !str_starts(line, "#!"))
			text_addf(&out, "%.*s\n", STR_ARG(line));
	}
	return text_str(&out);
}

/* Is the script copied into an image that may have no bash? */
static bool in_small_image(const struct scene *scene, const char *path)
{
	struct str name = str_of(path), text;

	(void)str_split_last(name, "/", NULL, &name);
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *file = scene->tree->entries[i].path;

		if (str_has(str_of(file), "ockerfile") && scene_read(scene, file, &text) &&
		    str_has(text, str_text(scene->arena, name)))
			return true;
	}
	return false;
}

/* The first line that the neighbours for bash agree on; empty when there are none, or two. */
static struct str line_of_neighbours(const struct scene *scene, const char *path)
{
	struct str folder = str_of(path), found = STR_NONE, text;

	if (!str_split_last(folder, "/", &folder, NULL))
		folder.size = 0;
	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str other = str_of(scene->tree->entries[i].path), place = other, line;

		if (!str_split_last(place, "/", &place, NULL))
			place.size = 0;
		if (!str_equal(place, folder) || str_is(other, path) ||
		    !scene_read(scene, other.at, &text) || !shell_is_bash(text))
			continue;
		line = str_trim(str_slice(text, 0, line_end(text, 0)));
		if (found.size && !str_equal(found, line))
			return STR_NONE;
		found = line;
	}
	return found;
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file), *word;
	struct str text, line, after;
	size_t end;

	if (!path || !scene_read(scene, path, &text) || !shell_is_plain(text) ||
	    shell_is_test(str_of(path)))
		return template_decline(scene, "it is no script of a plain sh, or a test");
	word = bash_word(text);
	if (!word)
		return template_decline(scene, "%s has nothing that only bash knows", path);
	if (has_any(comments_of(scene->arena, text), plain_words) || in_small_image(scene, path))
		return template_decline(scene, "%s is meant for a plain sh", path);
	line = line_of_neighbours(scene, path);
	if (!line.size)
		return template_decline(scene, "no script beside %s says which bash is meant", path);
	end = line_end(text, 0);
	after = str_of(arena_printf(scene->arena, "%.*s\n%.*s", STR_ARG(line), STR_ARG(str_from(text, end))));
	candidate_put(scene, propose(scene, ORACLE_SIBLING, "%s uses \"%s\", which only bash knows; the scripts "
				     "beside it begin with %.*s.", path, word, STR_ARG(line)), path, after);
}

static const struct example examples[] = {
	{
		.name = "a regular expression",
		.log =
		"tools/place.sh: 3: Syntax error: \"(\" unexpected (expecting \"then\")\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "tools/place.sh",
			  "#!/bin/sh\n"
			  "tag=$1\n"
			  "if [[ $tag =~ ^v([0-9]+)$ ]]; then\n"
			  "\techo \"${BASH_REMATCH[1]}\"\n"
			  "fi\n",
			  "#!/bin/bash\n"
			  "tag=$1\n"
			  "if [[ $tag =~ ^v([0-9]+)$ ]]; then\n"
			  "\techo \"${BASH_REMATCH[1]}\"\n"
			  "fi\n" },
			{ "tools/notes.sh",
			  "#!/bin/bash\n"
			  "echo\n",
			  NULL },
		},
	},
	{
		.name = "[[ is no command",
		.log =
		"b2.sh: 2: [[: not found\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "b2.sh",
			  "#!/bin/sh\n"
			  "if [[ -n $1 ]]; then echo; fi\n",
			  "#!/usr/bin/env bash\n"
			  "if [[ -n $1 ]]; then echo; fi\n" },
			{ "b1.sh",
			  "#!/usr/bin/env bash\n"
			  "echo\n",
			  NULL },
		},
	},
	{
		.name = "it runs where there is no bash",
		.log =
		"b2.sh: 3: [[: not found\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "b2.sh",
			  "#!/bin/sh\n"
			  "# For the small image: plain sh only.\n"
			  "if [[ -n $1 ]]; then echo; fi\n",
			  NULL },
			{ "b1.sh",
			  "#!/bin/bash\n"
			  "echo\n",
			  NULL },
		},
		.declines = "is meant for a plain sh",
	},
	{
		.name = "an image has it",
		.log =
		"b2.sh: 2: [[: not found\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "b2.sh",
			  "#!/bin/sh\n"
			  "if [[ -n $1 ]]; then echo; fi\n",
			  NULL },
			{ "b1.sh",
			  "#!/bin/bash\n"
			  "echo\n",
			  NULL },
			{ "Dockerfile",
			  "FROM alpine\n"
			  "COPY b2.sh /\n",
			  NULL },
		},
		.declines = "is meant for a plain sh",
	},
	{
		.name = "no neighbour",
		.log =
		"b2.sh: 2: [[: not found\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "b2.sh",
			  "#!/bin/sh\n"
			  "if [[ -n $1 ]]; then echo; fi\n",
			  NULL },
		},
		.declines = "no script beside",
	},
	{
		.name = "a program that is not there",
		.log =
		"b2.sh: 2: foo: not found\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "b2.sh",
			  "#!/bin/sh\n"
			  "foo\n",
			  NULL },
			{ "b1.sh",
			  "#!/bin/bash\n"
			  "echo\n",
			  NULL },
		},
		.declines = "has nothing that only bash knows",
	},
	{0}
};

const struct template template_shell_bash_under_sh = {
	.name = "shell_bash_under_sh",
	.summary = "bash's own syntax under #!/bin/sh -> the first line of its neighbours",
	.language = "shell",
	.class = "portability",
	.oracles = "scripts beside it",
	.keeps_off = "scripts that are meant for a plain sh; no neighbour for bash",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

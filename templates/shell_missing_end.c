/*
 * A syntax error because an "if", a loop or a "case" has no end -> the "fi", "done" or "esac"
 * where the indentation ends. Only when exactly one block of the script lacks its end by the
 * indentation, and the script is without a syntax error then.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


static const char *const types[] = { "syntax error", NULL };

static const struct part {
	const char *opens, *with, *end;
} blocks[] = {
	{ "if ", "then", "fi" }, { "for ", "do", "done" }, { "while ", "do", "done" },
	{ "until ", "do", "done" }, { "case ", " in", "esac" },
};

enum { LINES_MAX = 3000 };

struct lines {
	struct str list[LINES_MAX];
	size_t count;
};

/* Lines of a here-document are no code: they are left empty. */
static void split(struct lines *lines, struct str text)
{
	struct str line, end = STR_NONE;

	while (lines->count < LINES_MAX && str_next_line(&text, &line)) {
		ptrdiff_t at = str_find(line, STR("<<"));
		bool inside = end.size > 0;

		if (inside && str_equal(str_trim(line), end))
			end = STR_NONE;
		lines->list[lines->count++] = inside ? STR_NONE : line;
		if (inside || at < 0 || str_has(line, "<<<") || str_has(line, "$(("))
			continue;
		end = str_from(line, (size_t)at + 2);
		str_skip(&end, "-");
		end = str_trim(end);
		(void)str_split(end, " ", &end, NULL);
		if (end.size > 2 && strchr("'\"", end.at[0]))
			end = str_slice(end, 1, end.size - 2);
	}
}

/* The block that the line opens and does not end; NULL: none */
static const struct part *opens(struct str line)
{
	struct str code = str_trim(line);

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (str_starts(code, blocks[i].opens) && !str_ends(code, blocks[i].end) &&
		    !text_has_word(code, blocks[i].end))
			return &blocks[i];
	return NULL;
}

static bool goes_on(struct str line)
{
	static const char *const words[] = { "else", "elif", "then", "do", NULL };
	struct str code = str_trim(line);

	for (size_t i = 0; words[i]; i++)
		if (str_starts(code, words[i]) && !str_starts(code, "done"))
			return true;
	return false;
}

/* Where the indentation of the block that line n opens ends; count when it never does. */
static size_t end_of(const struct lines *lines, size_t n)
{
	size_t indent = str_indent(lines->list[n]), i = n + 1;

	for (; i < lines->count; i++) {
		struct str line = lines->list[i];

		if (str_trim(line).size && str_indent(line) <= indent && !goes_on(line) &&
		    !(str_starts(str_trim(line), "#") && str_indent(line) == indent))
			break;
	}
	return i;
}

static bool is_ended(const struct lines *lines, size_t n, const struct part *block, size_t end)
{
	struct str code;

	if (end == lines->count)
		return false;
	/* the arms of a case may stand at its own indentation */
	if (str_is(str_of(block->end), "esac"))
		for (size_t i = end; i < lines->count; i++)
			if (str_indent(lines->list[i]) == str_indent(lines->list[n]) &&
			    str_starts(str_trim(lines->list[i]), "esac"))
				return true;
	code = str_trim(lines->list[end]);
	return str_indent(lines->list[end]) == str_indent(lines->list[n]) &&
	       str_skip(&code, block->end) && (!code.size || strchr(" ;)|<>&\"", code.at[0]));
}

static void put(struct scene *scene, const char *path, struct str text, const struct lines *lines,
		size_t opener, size_t end, const struct part *block)
{
	struct str line = lines->list[opener], after, indent;
	size_t at;

	while (end > opener + 1 && !str_trim(lines->list[end - 1]).size)
		end--;
	at = end < lines->count ? line_start(text, (unsigned)end + 1) : text.size;
	indent = str_slice(line, 0, str_indent(line));
	after = str_of(arena_printf(scene->arena, "%.*s%s%.*s%s\n%.*s", STR_ARG(str_slice(text, 0, at)),
				    at && text.at[at - 1] != '\n' ? "\n" : "", STR_ARG(indent), block->end,
				    STR_ARG(str_from(text, at))));

	SYNTAX s = syntax_open(scene->arena, "bash", after);

	if (!s || s->errors)
		return template_decline(scene, "%s has another syntax error", path);
	candidate_put(scene, propose(scene, ORACLE_TOOL, "The block that line %zu opens has no \"%s\"; its "
				     "indentation says where it ends.", opener + 1, block->end), path, after);
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	struct lines *lines = arena_new(scene->arena, struct lines);
	size_t found = 0, opener = 0, place = 0;
	const struct part *kind = NULL;
	struct str text;

	if (!path || !scene_read(scene, path, &text) || !shell_is_script(str_of(path), text) ||
	    shell_is_test(str_of(path)))
		return template_decline(scene, "it is no script of the repository, or a test");
	split(lines, text);
	for (size_t n = 0; n < lines->count; n++) {
		const struct part *block = opens(lines->list[n]);
		size_t end = block ? end_of(lines, n) : 0;

		if (!block || is_ended(lines, n, block, end))
			continue;
		found++;
		opener = n, place = end, kind = block;
	}
	if (found != 1)
		return template_decline(scene, "%zu blocks of %s have no end by their indentation", found, path);
	put(scene, path, text, lines, opener, place, kind);
}

static const struct example examples[] = {
	{
		.name = "an if in a loop",
		.log =
		"pages.sh: 6: Syntax error: \"done\" unexpected (expecting \"fi\")\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "pages.sh",
			  "#!/bin/sh\n"
			  "for page in \"$@\"; do\n"
			  "\tif [ -s \"$page\" ]; then\n"
			  "\t\techo \"$page\"\n"
			  "\t\tbad=1\n"
			  "done\n"
			  "\n"
			  "echo \"$bad\"\n",
			  "#!/bin/sh\n"
			  "for page in \"$@\"; do\n"
			  "\tif [ -s \"$page\" ]; then\n"
			  "\t\techo \"$page\"\n"
			  "\t\tbad=1\n"
			  "\tfi\n"
			  "done\n"
			  "\n"
			  "echo \"$bad\"\n" },
		},
	},
	{
		.name = "bash, at the end of the file",
		.log =
		"m1.sh: line 8: syntax error: unexpected end of file\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "m1.sh",
			  "#!/bin/bash\n"
			  "if true; then\n"
			  "\techo a\n"
			  "\n"
			  "for i in 1 2; do\n"
			  "\techo\n"
			  "done\n",
			  "#!/bin/bash\n"
			  "if true; then\n"
			  "\techo a\n"
			  "fi\n"
			  "\n"
			  "for i in 1 2; do\n"
			  "\techo\n"
			  "done\n" },
		},
	},
	{
		.name = "a loop in a function",
		.log =
		"m2.sh: line 5: syntax error near unexpected token `}'\n"
		"m2.sh: line 5: `}'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "m2.sh",
			  "#!/bin/bash\n"
			  "f() {\n"
			  "\tfor i in 1 2; do\n"
			  "\t\techo\n"
			  "}\n"
			  "f\n",
			  "#!/bin/bash\n"
			  "f() {\n"
			  "\tfor i in 1 2; do\n"
			  "\t\techo\n"
			  "\tdone\n"
			  "}\n"
			  "f\n" },
		},
	},
	{
		.name = "without indentation nobody knows",
		.log =
		"m1.sh: line 8: syntax error: unexpected end of file\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "m1.sh",
			  "#!/bin/bash\n"
			  "if true; then\n"
			  "if false; then\n"
			  "echo a\n"
			  "fi\n"
			  "for i in 1 2; do\n"
			  "echo\n"
			  "done\n",
			  NULL },
		},
		.declines = "have no end",
	},
	{
		.name = "another error",
		.log =
		"a.sh: line 2: syntax error near unexpected token `)'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "a.sh",
			  "#!/bin/bash\n"
			  "echo a )\n",
			  NULL },
		},
		.declines = "0 blocks",
	},
	{0}
};

const struct template template_shell_missing_end = {
	.name = "shell_missing_end",
	.summary = "an if, loop or case without its end -> fi, done, esac where the "
		"indentation ends",
	.language = "shell",
	.class = "syntax",
	.oracles = "the shell itself, and the indentation",
	.keeps_off = "several blocks; other syntax errors",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

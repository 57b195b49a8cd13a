/*
 * SyntaxError: the head of a block has no colon. It is put at the end of the head, when the file
 * parses with it.
 */
#include "templates/lib_python_line.h"

static const char words[] = "if elif else for while with try except finally def class async match case";

/* Does the line begin as the head of a block does? */
static bool is_head(struct str line)
{
	size_t size = 0;

	line = str_trim(line);
	while (size < line.size && line.at[size] >= 'a' && line.at[size] <= 'z')
		size++;
	return word_among(str_slice(line, 0, size), words);
}

static void fix(struct scene *scene)
{
	bool said = str_starts(str_of(scene->failure->message), "expected ':'");
	struct broken broken;
	size_t end;

	if (!line_broken(scene, &broken))
		return;
	end = line_code_end(broken.line);
	if (!end || broken.line.at[end - 1] == ':' || (!said && !is_head(broken.line)))
		return template_decline(scene, "the line is no head without a colon");
	line_propose(scene, &broken, line_replace(scene, &broken, end, end, STR(":")), ORACLE_TOOL,
		     "the head of the block has no colon");
}

static const char *const types[] = { "SyntaxError", NULL };

static const struct example examples[] = {
	{
		.name = "the head of a loop",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 2\n"
			"    for word in words  # each once\n"
			"                       ^^^^^^^^^^^\n"
			"SyntaxError: expected ':'\n",
		.file = {
			{ "main.py",
			"def count(words):\n"
			"    for word in words  # each once\n"
			"        print(word)\n"
			"\n"
			"\n"
			"count([\"a\"])\n", 
			"def count(words):\n"
			"    for word in words:  # each once\n"
			"        print(word)\n"
			"\n"
			"\n"
			"count([\"a\"])\n" },
		},
	},
	{
		.name = "before Python 3.10",
		.log =
			"  File \"main.py\", line 2\n"
			"    if values\n"
			"            ^\n"
			"SyntaxError: invalid syntax\n",
		.file = {
			{ "main.py",
			"values = [1]\n"
			"if values\n"
			"    print(values)\n"
			"else:\n"
			"    print(\"none\")\n", 
			"values = [1]\n"
			"if values:\n"
			"    print(values)\n"
			"else:\n"
			"    print(\"none\")\n" },
		},
	},
	{
		.name = "two statements on one line",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 2\n"
			"    if values print(values)\n"
			"              ^^^^^\n"
			"SyntaxError: invalid syntax\n",
		.file = {
			{ "main.py",
			"values = [1]\n"
			"if values print(values)\n", NULL },
		},
		.declines = "would not parse",
	},
	{0}
};

const struct template template_python_missing_colon = {
	.name = "python_missing_colon",
	.summary = "SyntaxError: the head of a block has no colon -> the colon",
	.language = "python",
	.class = "syntax",
	.oracles = "tool (the interpreter says what it expects)",
	.keeps_off = "files that do not parse with the colon either, tests",
	.danger = DANGER_0,
	.types = types,
	.pattern = "^(?:expected ':'|invalid syntax$)",
	.fix = fix,
	.examples = examples,
};

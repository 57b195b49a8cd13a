/*
 * An option whose value ($OPTARG) is used in its case, while the list of getopts has no colon
 * behind its letter -> the colon. Near-definitional: without it $OPTARG is never set for the
 * option.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


/* The letters of the getopts in the loop's condition; null when there is none. */
static TSNode letters_of(const struct syntax *s, TSNode loop)
{
	TSNode command = syntax_field(loop, "condition"), word;

	if (!syntax_type_is(command, "command") || !str_is(shell_command(s, command), "getopts"))
		return (TSNode){0};
	word = shell_argument(command, 0);
	return word;
}

/* Where the colon of an option goes in the list: behind its letter; 0 when it is there. */
static size_t place_of(struct str letters, char letter)
{
	ptrdiff_t at = str_char(letters, letter);

	if (at < 0 || ((size_t)at + 1 < letters.size && letters.at[at + 1] == ':'))
		return 0;
	return (size_t)at + 1;
}

static void find(struct shell_look *look)
{
	const struct syntax *s = look->s;

	for (unsigned n = 0;; n++) {
		TSNode loop = syntax_below(s->root, "while_statement", n), word, item;
		struct str letters;

		if (ts_node_is_null(loop))
			return;
		word = letters_of(s, loop);
		if (ts_node_is_null(word))
			continue;
		letters = syntax_text(s, word);
		for (unsigned i = 0; item = syntax_below(loop, "case_item", i), !ts_node_is_null(item); i++) {
			struct str letter = syntax_text(s, syntax_field(item, "value"));
			size_t at = letter.size == 1 ? place_of(letters, letter.at[0]) : 0;

			if (!at || !text_has_word(syntax_text(s, item), "OPTARG"))
				continue;
			at += ts_node_start_byte(word);
			edit_replace(&look->edits, at, at, STR(":"));
			look->found++;
		}
	}
}

static void fix(struct scene *scene)
{
	shell_mend_flaw(scene, find, "getopts", "an option whose $OPTARG is used and whose letter has no colon",
			"with the colon its value is taken");
}

static const struct example examples[] = {
	{
		.name = "a separator",
		.log =
		"pick.sh -s ;: expected 'ada;ida', got 'sort: cannot read: ';': No "
		"such file or directory'\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "pick.sh",
			  "#!/bin/sh\n"
			  "while getopts n:sr option; do\n"
			  "\tcase $option in\n"
			  "\tn) count=$OPTARG ;;\n"
			  "\ts) separator=$OPTARG ;;\n"
			  "\tr) reverse=-r ;;\n"
			  "\t*) exit 2 ;;\n"
			  "\tesac\n"
			  "done\n",
			  "#!/bin/sh\n"
			  "while getopts n:s:r option; do\n"
			  "\tcase $option in\n"
			  "\tn) count=$OPTARG ;;\n"
			  "\ts) separator=$OPTARG ;;\n"
			  "\tr) reverse=-r ;;\n"
			  "\t*) exit 2 ;;\n"
			  "\tesac\n"
			  "done\n" },
		},
	},
	{
		.name = "the last letter, in quotes",
		.log =
		"expected 5, got 1\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "pick.sh",
			  "#!/bin/bash\n"
			  "while getopts \"rn\" option; do\n"
			  "\tcase $option in\n"
			  "\tn) count=\"$OPTARG\" ;;\n"
			  "\tr) reverse=-r ;;\n"
			  "\tesac\n"
			  "done\n",
			  "#!/bin/bash\n"
			  "while getopts \"rn:\" option; do\n"
			  "\tcase $option in\n"
			  "\tn) count=\"$OPTARG\" ;;\n"
			  "\tr) reverse=-r ;;\n"
			  "\tesac\n"
			  "done\n" },
		},
	},
	{
		.name = "a flag",
		.log =
		"expected 5, got 1\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "pick.sh",
			  "#!/bin/bash\n"
			  "while getopts n:r option; do\n"
			  "\tcase $option in\n"
			  "\tn) count=$OPTARG ;;\n"
			  "\tr) reverse=-r ;;\n"
			  "\tesac\n"
			  "done\n",
			  NULL },
		},
		.declines = "no script has",
	},
	{0}
};

const struct template template_shell_getopts_value = {
	.name = "shell_getopts_value",
	.summary = "an option of getopts whose value is used -> the colon behind its letter",
	.class = "behaviour",
	.oracles = "the use of $OPTARG, and the failing test",
	.keeps_off = "options whose value nobody uses",
	.danger = DANGER_1,
	.fix = fix,
	.examples = examples,
};

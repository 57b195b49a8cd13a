/*
 * A loop over the words of "$(ls ...)", which cuts names at blanks -> a glob, with quotes where
 * the names are used. Other names in the loop get their quotes only when they stand for one word:
 * an argument of the script, or quoted elsewhere.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


/* Is the variable one word: taken from an argument, or quoted somewhere in the script? */
static bool is_one_word(const struct syntax *s, struct str name, struct arena *a)
{
	const char *quoted = arena_printf(a, "\"$%.*s\"", STR_ARG(name));
	struct str line, rest = s->text;

	if (str_has(s->text, quoted))
		return true;
	while (str_next_line(&rest, &line)) {
		struct str value;

		if (str_split(str_trim(line), "=", &line, &value) && str_equal(line, name) &&
		    value.size == 2 && value.at[0] == '$' && value.at[1] > '0' && value.at[1] <= '9')
			return true;
	}
	return false;
}

/* An argument without quotes that is made of one-word names and plain text: quoted as a whole. */
static bool quote(struct shell_look *look, TSNode argument, struct str loop_name)
{
	const struct syntax *s = look->s;
	struct str text = syntax_text(s, argument);
	bool any = false;

	if (!syntax_type_is(argument, "simple_expansion|concatenation|expansion"))
		return true;
	for (size_t i = 0; i < text.size; i++)
		if (strchr("\"'*?[~\\`(", text.at[i]))
			return true;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(argument, "simple_expansion|expansion", n);
		struct str name = shell_variable(s, one);

		if (ts_node_is_null(one))
			break;
		if (!str_is_word(name) ||
		    (!str_equal(name, loop_name) && !is_one_word(s, name, look->scene->arena)))
			return true;
		any = true;
	}
	if (any)
		edit_node(&look->edits, argument,
			  str_of(arena_printf(look->scene->arena, "\"%.*s\"", STR_ARG(text))));
	return any;
}

/* `ls GLOB` with nothing else: the glob, its leading variable in quotes */
static const char *glob_of(struct shell_look *look, TSNode value)
{
	const struct syntax *s = look->s;
	TSNode command, argument, first;
	struct str text;

	if (!syntax_type_is(value, "command_substitution") || ts_node_named_child_count(value) != 1)
		return NULL;
	command = ts_node_named_child(value, 0);
	if (!syntax_type_is(command, "command") || !str_is(shell_command(s, command), "ls"))
		return NULL;
	argument = shell_argument(command, 0);
	if (ts_node_is_null(argument) || !ts_node_is_null(shell_argument(command, 1)))
		return NULL;
	text = syntax_text(s, argument);
	if (text.at[0] == '-' || str_char(text, '*') < 0 || str_char(text, '(') >= 0)
		return NULL;
	first = ts_node_named_child(argument, 0);
	if (syntax_type_is(argument, "concatenation") && syntax_type_is(first, "simple_expansion|expansion"))
		return arena_printf(look->scene->arena, "\"%.*s\"%.*s", STR_ARG(syntax_text(s, first)),
				    STR_ARG(str_from(text, syntax_text(s, first).size)));
	return str_char(text, '$') < 0 ? str_text(look->scene->arena, text) : NULL;
}

static void find(struct shell_look *look)
{
	const struct syntax *s = look->s;

	for (unsigned n = 0;; n++) {
		TSNode loop = syntax_below(s->root, "for_statement", n), body, command;
		TSNode value = syntax_field(loop, "value");
		struct str name = syntax_text(s, syntax_field(loop, "variable"));
		const char *glob;

		if (ts_node_is_null(loop))
			return;
		glob = glob_of(look, value);
		body = syntax_field(loop, "body");
		if (!glob || !syntax_type_is(body, "do_group"))
			continue;
		if (!ts_node_named_child_count(body))
			continue;
		edit_node(&look->edits, value, str_of(glob));
		command = ts_node_named_child(body, 0);
		/* without a match the loop had no round, and ls said so */
		edit_replace(&look->edits, ts_node_start_byte(command), ts_node_start_byte(command),
			     str_of(arena_printf(look->scene->arena, "[ -e \"$%.*s\" ] || continue\n%.*s",
						 STR_ARG(name), STR_ARG(syntax_indent(s, command)))));
		for (unsigned i = 0; command = syntax_below(body, "command", i), !ts_node_is_null(command); i++) {
			TSNode argument;

			for (unsigned k = 0; argument = shell_argument(command, k), !ts_node_is_null(argument); k++)
				(void)quote(look, argument, name);
		}
		look->found++;
	}
}

static void fix(struct scene *scene)
{
	shell_mend_flaw(scene, find, "ls", "a loop over the words of ls, which cuts names at blanks",
			"a glob and quotes keep them whole");
}

static const struct example examples[] = {
	{
		.name = "files of a folder",
		.log =
		"cp: cannot stat '/tmp/x/notes/first': No such file or directory\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "backup.sh",
			  "#!/bin/bash\n"
			  "set -eu\n"
			  "from=$1\n"
			  "to=$2\n"
			  "mkdir -p \"$to\"\n"
			  "for file in $(ls $from/*.txt); do\n"
			  "\tcp $file $to/\n"
			  "done\n",
			  "#!/bin/bash\n"
			  "set -eu\n"
			  "from=$1\n"
			  "to=$2\n"
			  "mkdir -p \"$to\"\n"
			  "for file in \"$from\"/*.txt; do\n"
			  "\t[ -e \"$file\" ] || continue\n"
			  "\tcp \"$file\" \"$to/\"\n"
			  "done\n" },
		},
	},
	{
		.name = "flags stay several words",
		.log =
		"cp: cannot stat 'first': No such file or directory\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "backup.sh",
			  "#!/bin/sh\n"
			  "flags=\"-p -v\"\n"
			  "for file in $(ls *.txt); do\n"
			  "\tcp $flags $file out\n"
			  "done\n",
			  "#!/bin/sh\n"
			  "flags=\"-p -v\"\n"
			  "for file in *.txt; do\n"
			  "\t[ -e \"$file\" ] || continue\n"
			  "\tcp $flags \"$file\" out\n"
			  "done\n" },
		},
	},
	{
		.name = "ls with an order of its own",
		.log =
		"cp: cannot stat 'first': No such file or directory\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "backup.sh",
			  "#!/bin/sh\n"
			  "for file in $(ls -t *.txt); do\n"
			  "\tcp $file out\n"
			  "done\n",
			  NULL },
		},
		.declines = "no script has",
	},
	{0}
};

const struct template template_shell_file_names = {
	.name = "shell_file_names",
	.summary = "a loop over $(ls ...) that cuts names at blanks -> a glob and quotes",
	.class = "quoting",
	.oracles = "the failing test",
	.keeps_off = "ls with options; variables of several words",
	.danger = DANGER_1,
	.fix = fix,
	.examples = examples,
};

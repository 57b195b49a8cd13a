/*
 * ShellCheck's findings that have one right answer: quotes around an expansion that is one word,
 * "cd ... || exit 1", "read -r", $(...) for backticks, quotes around "$@" and arrays. A variable
 * that holds several words on purpose (flags) is split into an array first, in bash. All findings
 * of the log must be of these, or it keeps its hands off; it never adds a directive.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


/* Programs that print one word, which quotes keep as it is. */
static const char one_word_programs[] = "pwd dirname basename mktemp realpath readlink hostname uname whoami nproc";

struct checked {
	struct scene *scene;
	const char *path;
	const struct syntax *s;
	struct edits edits;
	struct str split[8];		/* variables that got an array, with the statement's line */
	size_t split_count;
	unsigned done;			/* findings that are mended */
	const char *problem;
};

/* A statement of the node's own line: where a new line may go before it. */
static TSNode statement_of(TSNode node)
{
	for (;;) {
		TSNode parent = ts_node_parent(node);

		if (ts_node_is_null(parent) || syntax_type_is(parent, "program|compound_statement|do_group|if_statement|else_clause|"
				   "elif_clause|case_item"))
			return node;
		node = parent;
	}
}

/* May the variable hold several words, or none, on purpose? */
static bool is_list(const struct syntax *s, struct str name, struct arena *a)
{
	static const char *const endings[] = { "FLAGS", "OPTS", "OPTIONS", "ARGS", "flags", "opts",
		"options", "args", NULL };

	for (size_t i = 0; endings[i]; i++)
		if (str_ends(name, endings[i]))
			return true;
	for (unsigned n = 0;; n++) {
		TSNode assignment = syntax_below(s->root, "variable_assignment", n);
		struct str value = syntax_text(s, syntax_field(assignment, "value"));

		if (ts_node_is_null(assignment))
			return false;
		if (!str_equal(syntax_text(s, syntax_field(assignment, "name")), name))
			continue;
		/* "-a -b", "$flags -c", an option, nothing at all: `cmd $flags` may mean no word */
		if (!value.size || str_is(value, "\"\"") || str_is(value, "''") ||
		    ((value.at[0] == '"' || value.at[0] == '\'' || value.at[0] == '-' ||
		      str_has(value, ":-")) && (str_has(value, " ") || str_has(value, ":--") ||
						value.at[0] == '-' || str_starts(value, "\"-") ||
						str_starts(value, "'-"))) ||
		    str_has(value, arena_printf(a, "$%.*s ", STR_ARG(name))))
			return true;
	}
}

static bool already_split(const struct checked *c, struct str name)
{
	for (size_t i = 0; i < c->split_count; i++)
		if (str_equal(c->split[i], name))
			return true;
	return false;
}

/* `read -ra flags <<< "$FLAGS"` before the statement, "${flags[@]}" in it. */
static void split(struct checked *c, TSNode expansion, struct str name)
{
	struct arena *a = c->scene->arena;
	TSNode statement = statement_of(expansion);
	size_t start = ts_node_start_byte(statement);
	char *array = str_text(a, name);

	for (char *p = array; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (str_is(name, array))
		array = arena_printf(a, "%.*s_words", STR_ARG(name));
	if (!shell_is_bash(c->s->text) || text_has_word(c->s->text, array) || already_split(c, name)) {
		c->problem = arena_printf(a, "$%.*s holds several words on purpose", STR_ARG(name));
		return;
	}
	if (c->split_count < sizeof(c->split) / sizeof(c->split[0]))
		c->split[c->split_count++] = name;
	edit_replace(&c->edits, start, start,
		     str_of(arena_printf(a, "read -ra %s <<< \"$%.*s\"\n%.*s", array, STR_ARG(name),
					 STR_ARG(syntax_indent(c->s, statement)))));
	edit_node(&c->edits, expansion, str_of(arena_printf(a, "\"${%s[@]}\"", array)));
	c->done++;
}

static bool has_glob(struct str text)
{
	for (size_t i = 0; i < text.size; i++)
		if (strchr("*?[\"'~\\", text.at[i]))
			return true;
	return false;
}

/* Quotes around the whole argument, or, beside a glob or other quotes, around the expansion alone. */
static void quote(struct checked *c, TSNode expansion)
{
	TSNode whole = ts_node_parent(expansion);
	struct str name = shell_variable(c->s, expansion), text;
	struct arena *a = c->scene->arena;

	if (str_is_word(name) && is_list(c->s, name, a))
		return split(c, expansion, name);
	if (!syntax_type_is(whole, "concatenation") || has_glob(syntax_text(c->s, whole)) ||
	    !ts_node_is_null(syntax_below(whole, "simple_expansion|expansion", 1)))
		whole = expansion;
	text = syntax_text(c->s, whole);
	edit_node(&c->edits, whole, str_of(arena_printf(a, "\"%.*s\"", STR_ARG(text))));
	c->done++;
}

/* The expansions of the line that the shell would split: arguments, [ ... ], redirections. */
static void quote_line(struct checked *c, unsigned line, bool lists)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(c->s->root, "simple_expansion|expansion", n), parent;
		struct str text = syntax_text(c->s, one);
		bool list = str_has(text, "[@]") || str_is(text, "$@") || str_is(text, "${@}");

		if (ts_node_is_null(one))
			return;
		parent = ts_node_parent(one);
		if (syntax_type_is(parent, "concatenation"))
			parent = ts_node_parent(parent);
		if (syntax_line(one) != line || list != lists || str_starts(text, "${#") || str_is(text, "$#") ||
		    str_is(text, "$?") || str_is(text, "$$") || str_is(text, "$!") ||
		    !syntax_type_is(parent, "command|binary_expression|unary_expression|file_redirect|for_statement"))
			continue;
		if (syntax_type_is(parent, "for_statement") && !lists)
			continue;
		if (syntax_type_is(parent, "binary_expression|unary_expression") &&
		    (ts_node_is_null(syntax_up(one, "test_command")) || !ts_node_is_null(syntax_up(one, "arithmetic_expansion")) ||
		     !syntax_type_is(ts_node_child(syntax_up(one, "test_command"), 0), "[")))
			continue;
		quote(c, one);
	}
}

static void check_cd(struct checked *c, unsigned line)
{
	for (unsigned n = 0;; n++) {
		TSNode command = syntax_below(c->s->root, "command", n), parent;
		size_t end;

		if (ts_node_is_null(command))
			return;
		end = ts_node_end_byte(command);
		parent = ts_node_parent(command);
		if (syntax_line(command) != line || syntax_type_is(parent, "list|pipeline") ||
		    !word_among(shell_command(c->s, command), "cd pushd popd"))
			continue;
		edit_replace(&c->edits, end, end, STR(" || exit 1"));
		c->done++;
	}
}

static void raw_read(struct checked *c, unsigned line)
{
	for (unsigned n = 0;; n++) {
		TSNode command = syntax_below(c->s->root, "command", n);

		if (ts_node_is_null(command))
			return;
		if (syntax_line(command) != line || !str_is(shell_command(c->s, command), "read"))
			continue;
		edit_node(&c->edits, syntax_field(command, "name"), STR("read -r"));
		c->done++;
	}
}

static void replace_ticks(struct checked *c, unsigned line)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(c->s->root, "command_substitution", n);
		struct str text = syntax_text(c->s, one), inside;

		if (ts_node_is_null(one))
			return;
		if (syntax_line(one) != line || !str_starts(text, "`"))
			continue;
		inside = str_slice(text, 1, text.size - 2);
		if (str_char(inside, '\\') >= 0 || str_char(inside, '`') >= 0) {
			c->problem = "there is a backslash between backticks";
			return;
		}
		edit_replace(&c->edits, ts_node_start_byte(one), ts_node_start_byte(one) + 1, STR("$("));
		edit_replace(&c->edits, ts_node_end_byte(one) - 1, ts_node_end_byte(one), STR(")"));
		c->done++;
	}
}

static void quote_substitution(struct checked *c, unsigned line)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(c->s->root, "command_substitution", n), parent, command;

		if (ts_node_is_null(one))
			return;
		parent = ts_node_parent(one);
		command = ts_node_named_child(one, 0);
		if (syntax_line(one) != line || !syntax_type_is(parent, "command|binary_expression"))
			continue;
		if (ts_node_named_child_count(one) != 1 || !syntax_type_is(command, "command") ||
		    !word_among(shell_command(c->s, command), one_word_programs) ||
		    !str_starts(syntax_text(c->s, one), "$(")) {
			c->problem = "a command's output may be several words on purpose";
			return;
		}
		edit_replace(&c->edits, ts_node_start_byte(one), ts_node_start_byte(one), STR("\""));
		edit_replace(&c->edits, ts_node_end_byte(one), ts_node_end_byte(one), STR("\""));
		c->done++;
	}
}

/* Each code of a line is mended once, however many findings it has there. */
static bool is_repeated(const struct report *report, size_t at)
{
	const struct diagnostic *one = &report->diagnostics[at];

	for (size_t i = 0; i < at; i++)
		if (report->diagnostics[i].line == one->line && report->diagnostics[i].code && one->code &&
		    !strcmp(report->diagnostics[i].code, one->code) &&
		    report->diagnostics[i].file && !strcmp(report->diagnostics[i].file, one->file))
			return true;
	return false;
}

static void mend(struct checked *c, struct str code, unsigned line)
{
	unsigned before = c->done;

	if (str_is(code, "SC2086"))
		quote_line(c, line, false);
	else if (str_is(code, "SC2068"))
		quote_line(c, line, true);
	else if (str_is(code, "SC2164"))
		check_cd(c, line);
	else if (str_is(code, "SC2162"))
		raw_read(c, line);
	else if (str_is(code, "SC2006"))
		replace_ticks(c, line);
	else if (str_is(code, "SC2046"))
		quote_substitution(c, line);
	if (c->done == before && !c->problem)
		c->problem = arena_printf(c->scene->arena, "%.*s in line %u has no one right answer",
					  STR_ARG(code), line);
}

static void fix_file(struct scene *scene, const char *path)
{
	const struct report *report = scene->report;
	struct str text, after;
	SYNTAX s = scene_read(scene, path, &text) ? syntax_open(scene->arena, "bash", text) : NULL;
	struct checked c = { .scene = scene, .path = path, .s = s, .edits = { .arena = scene->arena } };

	if (!s || s->errors)
		return template_decline(scene, "%s is no script that can be parsed", path);
	for (size_t i = 0; i < report->diagnostic_count && !c.problem; i++) {
		const struct diagnostic *one = &report->diagnostics[i];

		if (one->tool && !strcmp(one->tool, "shellcheck") && one->file && !strcmp(one->file, path) &&
		    one->code && !is_repeated(report, i))
			mend(&c, str_of(one->code), one->line);
	}
	if (c.problem)
		return template_decline(scene, "%s: %s", path, c.problem);
	if (edits_apply(&c.edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TOOL, "ShellCheck's findings in %s, each in the form that "
					     "it asks for.", path), path, after);
	else
		template_decline(scene, "%s: two findings want the same place changed", path);
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);

	if (!path || shell_is_test(str_of(path)))
		return template_decline(scene, "the finding is in no script of the repository, or in a test");
	fix_file(scene, path);
}

static const struct example examples[] = {
	{
		.name = "quotes and a cd",
		.log =
		"\n"
		"In clean.sh line 3:\n"
		"\tcd $cache\n"
		"        ^-------^ SC2164 (warning): Use 'cd ... || exit' or 'cd ... "
		"|| return' in case cd fails.\n"
		"           ^----^ SC2086 (info): Double quote to prevent globbing and "
		"word splitting.\n"
		"\n"
		"Did you mean: \n"
		"\tcd \"$cache\" || exit\n"
		"\n"
		"\n"
		"In clean.sh line 4:\n"
		"\trm -rf -- $entry/keep\n"
		"                  ^----^ SC2086 (info): Double quote to prevent "
		"globbing and word splitting.\n"
		"\n"
		"Did you mean: \n"
		"\trm -rf -- \"$entry\"/keep\n"
		"\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "clean.sh",
			  "#!/bin/bash\n"
			  "clean() {\n"
			  "\tcd $cache\n"
			  "\trm -rf -- $entry/keep\n"
			  "}\n",
			  "#!/bin/bash\n"
			  "clean() {\n"
			  "\tcd \"$cache\" || exit 1\n"
			  "\trm -rf -- \"$entry/keep\"\n"
			  "}\n" },
		},
	},
	{
		.name = "flags that shall split",
		.log =
		"compile.sh:3:5: note: Double quote to prevent globbing and word "
		"splitting. [SC2086]\n"
		"compile.sh:3:19: note: Double quote to prevent globbing and word "
		"splitting. [SC2086]\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "compile.sh",
			  "#!/bin/bash\n"
			  "CFLAGS=${CFLAGS:--O1 -Wall}\n"
			  "$CC $CFLAGS -c -o $out \"$source\"\n",
			  "#!/bin/bash\n"
			  "CFLAGS=${CFLAGS:--O1 -Wall}\n"
			  "read -ra cflags <<< \"$CFLAGS\"\n"
			  "$CC \"${cflags[@]}\" -c -o \"$out\" \"$source\"\n" },
		},
	},
	{
		.name = "read, backticks, arrays",
		.log =
		"a.sh:2:7: note: read without -r will mangle backslashes. [SC2162]\n"
		"a.sh:3:10: note: Use $(...) notation instead of legacy backticks "
		"`...`. [SC2006]\n"
		"a.sh:4:10: error: Double quote array expansions to avoid re-splitting "
		"elements. [SC2068]\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "a.sh",
			  "#!/bin/bash\n"
			  "while read line; do\n"
			  "\techo \"now `date`: $line\"\n"
			  "\techo \"x\" $@\n"
			  "done\n",
			  "#!/bin/bash\n"
			  "while read -r line; do\n"
			  "\techo \"now $(date): $line\"\n"
			  "\techo \"x\" \"$@\"\n"
			  "done\n" },
		},
	},
	{
		.name = "several words in a plain sh",
		.log =
		"compile.sh:3:5: note: Double quote to prevent globbing and word "
		"splitting. [SC2086]\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "compile.sh",
			  "#!/bin/sh\n"
			  "CFLAGS=${CFLAGS:--O1 -Wall}\n"
			  "$CC $CFLAGS -c \"$source\"\n",
			  NULL },
		},
		.declines = "several words on purpose",
	},
	{
		.name = "a finding for people",
		.log =
		"a.sh:2:1: warning: x appears unused. Verify use (or export if used "
		"externally). [SC2034]\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "a.sh",
			  "#!/bin/bash\n"
			  "x=1\n",
			  NULL },
		},
		.declines = "has no one right answer",
	},
	{
		.name = "words of a command",
		.log =
		"a.sh:2:5: warning: Quote this to prevent word splitting. [SC2046]\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "a.sh",
			  "#!/bin/bash\n"
			  "cat $(find . -name x)\n",
			  NULL },
		},
		.declines = "may be several words",
	},
	{0}
};

const struct template template_tool_shellcheck = {
	.name = "tool_shellcheck",
	.summary = "ShellCheck's findings with one right answer -> quotes, cd || exit 1, "
		"read -r, $(...)",
	.class = "linter",
	.oracles = "the checker itself",
	.keeps_off = "other findings; words that shall split in a plain sh; tests",
	.danger = DANGER_1,
	.tool = "shellcheck",
	.fix = fix,
	.examples = examples,
};

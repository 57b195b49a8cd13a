/*
 * An unbound variable that may be left out -> the default that the code knows: the same name's
 * default elsewhere; for an argument in brackets of the usage line the value that usage, comment
 * or test call the default; nothing, where the script itself asks whether it is empty. Never for
 * what is required, and never an invented value.
 */
#include "templates/lib_shell.h"

#include "templates/lib_scene.h"


static const char *const types[] = { "unbound variable", NULL };
static const char pattern[] = "^\\$?(?<name>[A-Za-z_]\\w*|[1-9]): (?:unbound variable|parameter not set)$";

struct unbound {
	struct scene *scene;
	const struct syntax *s;
	const char *path;
	struct str name;		/* "2", "LOG_LEVEL" */
	struct str variable;		/* that the argument is assigned to */
	struct str value;		/* the default */
	const char *by;
	bool found, several;
};

static void take(struct unbound *u, struct str value, const char *by)
{
	if (u->found && !str_equal(u->value, value))
		u->several = true;
	u->found = true;
	u->value = value;
	u->by = by;
}

/* ${NAME:-x}, ${NAME-x}, ${NAME:=x} in any script */
static void ask_siblings(struct unbound *u)
{
	struct scene *scene = u->scene;
	const char *opening = arena_printf(scene->arena, "${%.*s", STR_ARG(u->name));

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text, rest, value;

		if (scene_is_aside(path, u->path) || !scene_read(scene, path, &text) ||
		    !shell_is_script(str_of(path), text))
			continue;
		for (rest = text; str_split(rest, opening, NULL, &rest);) {
			value = rest;
			if (!str_skip(&value, ":-") && !str_skip(&value, "-") && !str_skip(&value, ":="))
				continue;
			if (str_split(value, "}", &value, NULL) && str_char(value, '$') < 0 &&
			    str_char(value, '\n') < 0)
				take(u, value, path);
		}
	}
}

/* The n-th operand of the usage line is in brackets: "usage: render.sh TEMPLATE [FORMAT]" */
static bool is_optional(struct str text, unsigned long n, struct str *operand)
{
	struct str line, word;

	while (str_next_line(&text, &line)) {
		unsigned long at = 0;

		if (!str_split(line, "sage:", NULL, &line))
			continue;
		line = str_trim(line);
		while (str_next(&line, ' ', &word)) {
			if (!word.size || str_starts(word, "[-") || word.at[0] == '-')
				continue;
			if (at++ != n)
				continue;
			*operand = word;
			return str_starts(word, "[");
		}
	}
	return false;
}

/* "text by default", "default: text", "(default text)", "defaults to text" */
static bool says_default(struct arena *a, struct str text, struct str value)
{
	const char *const forms[] = { "%.*s by default", "default: %.*s", "default %.*s", "defaults to %.*s",
				      "default is %.*s" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct text words = TEXT(a);
		struct str form = str_of(forms[i]), before, behind;

		(void)str_split(form, "%.*s", &before, &behind);
		text_addf(&words, "%.*s%.*s%.*s", STR_ARG(before), STR_ARG(value), STR_ARG(behind));
		if (text_has_word(text, text_cstr(&words)))
			return true;
	}
	return false;
}

/* The values that the script tells apart, of which one is called the default somewhere. */
static void ask_cases(struct unbound *u)
{
	struct scene *scene = u->scene;
	TSNode choice, item;

	for (unsigned n = 0; choice = syntax_below(u->s->root, "case_statement", n), !ts_node_is_null(choice); n++) {
		if (!str_equal(shell_variable(u->s, syntax_field(choice, "value")), u->variable))
			continue;
		for (unsigned i = 0; item = syntax_below(choice, "case_item", i), !ts_node_is_null(item); i++) {
			struct str value = syntax_text(u->s, syntax_field(item, "value")), text;

			for (size_t f = 0; str_is_word(value) && f < scene->tree->count; f++) {
				const char *path = scene->tree->entries[f].path;

				if (scene_read(scene, path, &text) && says_default(scene->arena, text, value))
					take(u, value, path);
			}
		}
	}
}

/* [ -n "$x" ], [ -z "$x" ]: the script asks whether it is empty */
static bool asks_empty(const struct syntax *s, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "unary_expression", n), inside;
		struct str text = syntax_text(s, one);

		if (ts_node_is_null(one))
			return false;
		inside = syntax_below(one, "simple_expansion|expansion", 0);
		if ((str_starts(text, "-n") || str_starts(text, "-z")) && !ts_node_is_null(inside) &&
		    str_equal(shell_variable(s, inside), name))
			return true;
	}
}

/* The plain $NAME on the line; and the name it is assigned to. */
static TSNode place_of(struct unbound *u, unsigned line)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(u->s->root, "simple_expansion|expansion", n), assignment;
		struct str text = syntax_text(u->s, one);

		if (ts_node_is_null(one))
			return one;
		if (syntax_line(one) != line || !str_equal(shell_variable(u->s, one), u->name) ||
		    text.size > u->name.size + (str_starts(text, "${") ? 3 : 1))
			continue;
		assignment = syntax_up(one, "variable_assignment");
		if (!ts_node_is_null(assignment))
			u->variable = syntax_text(u->s, syntax_field(assignment, "name"));
		return one;
	}
}

static void find_default(struct unbound *u)
{
	unsigned long n = 0;
	struct str operand;

	if (!str_number(u->name, &n)) {
		if (shell_assigns(u->s, u->name))
			return template_decline(u->scene, "%s sets %.*s itself, too late", u->path,
						STR_ARG(u->name));
		ask_siblings(u);
		if (!u->found && asks_empty(u->s, u->name))
			take(u, STR_NONE, u->path);
	} else {
		if (u->variable.size && asks_empty(u->s, u->variable))
			take(u, STR_NONE, u->path);
		else if (is_optional(u->s->text, n, &operand))
			ask_cases(u);
		else
			return template_decline(u->scene, "no usage line says that argument %lu may be left "
						"out", n);
	}
	if (!u->found || u->several)
		template_decline(u->scene, u->several ? "several defaults of %.*s are known"
						      : "nothing says a default of %.*s", STR_ARG(u->name));
}

static void fix(struct scene *scene)
{
	struct unbound u = { .scene = scene, .path = scene_path(scene, scene->failure->file),
			     .name = scene_group(scene, "name") };
	SYNTAX s = shell_open(scene, u.path);
	struct edits edits = { .arena = scene->arena };
	struct str after;
	TSNode place;

	u.s = s;
	if (!s)
		return;
	place = place_of(&u, scene->failure->line);
	if (ts_node_is_null(place))
		return template_decline(scene, "line %u does not read %.*s", scene->failure->line,
					STR_ARG(u.name));
	find_default(&u);
	if (!u.found || u.several)
		return;
	edit_node(&edits, place, str_of(arena_printf(scene->arena, "${%.*s:-%.*s}", STR_ARG(u.name),
						     STR_ARG(u.value))));
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, u.value.size ? ORACLE_SIBLING : ORACLE_CONTRACT,
					     "$%.*s may be left out, and %s says what it is then.",
					     STR_ARG(u.name), u.by), u.path, after);
}

static const struct example examples[] = {
	{
		.name = "an argument in brackets",
		.log =
		"render.sh: line 5: $2: unbound variable\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "render.sh",
			  "#!/bin/bash\n"
			  "# usage: render.sh TEMPLATE [FORMAT]\n"
			  "set -u\n"
			  "template=$1\n"
			  "format=$2\n"
			  "case $format in\n"
			  "text) cat \"$template\" ;;\n"
			  "html) echo \"<p>\" ;;\n"
			  "esac\n",
			  "#!/bin/bash\n"
			  "# usage: render.sh TEMPLATE [FORMAT]\n"
			  "set -u\n"
			  "template=$1\n"
			  "format=${2:-text}\n"
			  "case $format in\n"
			  "text) cat \"$template\" ;;\n"
			  "html) echo \"<p>\" ;;\n"
			  "esac\n" },
			{ "test_render.sh",
			  "same 'text by default' x \"$(bash render.sh a)\"\n",
			  NULL },
		},
	},
	{
		.name = "a sibling has the default",
		.log =
		"b.sh: line 3: LEVEL: unbound variable\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "b.sh",
			  "#!/bin/bash\n"
			  "set -u\n"
			  "echo \"$LEVEL\"\n",
			  "#!/bin/bash\n"
			  "set -u\n"
			  "echo \"${LEVEL:-info}\"\n" },
			{ "a.sh",
			  "#!/bin/bash\n"
			  "level=${LEVEL:-info}\n",
			  NULL },
		},
	},
	{
		.name = "it asks whether it is empty",
		.log =
		"b.sh: 3: DEBUG: parameter not set\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "b.sh",
			  "#!/bin/sh\n"
			  "set -u\n"
			  "if [ -n \"$DEBUG\" ]; then\n"
			  "\tset -x\n"
			  "fi\n",
			  "#!/bin/sh\n"
			  "set -u\n"
			  "if [ -n \"${DEBUG:-}\" ]; then\n"
			  "\tset -x\n"
			  "fi\n" },
		},
	},
	{
		.name = "a required argument",
		.log =
		"render.sh: line 4: $1: unbound variable\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "render.sh",
			  "#!/bin/bash\n"
			  "# usage: render.sh TEMPLATE [FORMAT]\n"
			  "set -u\n"
			  "template=$1\n"
			  "echo \"$template\"\n",
			  NULL },
		},
		.declines = "may be left out",
	},
	{
		.name = "two defaults",
		.log =
		"b.sh: line 3: LEVEL: unbound variable\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "b.sh",
			  "#!/bin/bash\n"
			  "set -u\n"
			  "echo \"$LEVEL\"\n",
			  NULL },
			{ "a.sh",
			  "#!/bin/bash\n"
			  "level=${LEVEL:-info}\n",
			  NULL },
			{ "c.sh",
			  "#!/bin/bash\n"
			  "level=${LEVEL:-debug}\n",
			  NULL },
		},
		.declines = "several defaults",
	},
	{
		.name = "nothing known",
		.log =
		"b.sh: line 3: TOKEN: unbound variable\n"
		"##[error]Process completed with exit code 1.\n",
		.file = {
			{ "b.sh",
			  "#!/bin/bash\n"
			  "set -u\n"
			  "echo \"$TOKEN\"\n",
			  NULL },
		},
		.declines = "nothing says",
	},
	{0}
};

const struct template template_shell_unbound_variable = {
	.name = "shell_unbound_variable",
	.summary = "an unbound variable that may be left out -> the default that the code knows",
	.language = "shell",
	.class = "crash guard",
	.oracles = "the default elsewhere, the usage line with a test or comment, the "
		"script that asks for emptiness",
	.keeps_off = "what is required; several defaults or none",
	.danger = DANGER_1,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};

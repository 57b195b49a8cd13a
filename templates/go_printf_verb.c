/*
 * "format %s has arg x of wrong type int" -> the verb of that type, in the format string of the
 * call. Keeps off widths that mean something else for the new verb, floats (how many digits?),
 * arguments by number, and formats that are no plain string.
 */
#include "templates/lib_code.h"
#include "templates/lib_scene.h"

static const struct verb {
	const char *types;
	char verb;
} verbs[] = {
	{ "int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 byte rune uintptr", 'd' },
	{ "string", 's' },
	{ "bool", 't' },
	{ "error", 'v' },
};

/* 0 when nothing says it. */
static char verb_for(struct str type)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (word_among(type, verbs[i].types))
			return verbs[i].verb;
	if (str_starts(type, "[]") || str_starts(type, "map[") || str_starts(type, "struct{"))
		return 'v';
	return 0;
}

/* The byte of the verb of the n-th argument (from 0) in the literal; 0 when it is not plain. */
static size_t verb_at(struct str literal, unsigned n)
{
	unsigned seen = 0;

	for (size_t i = 1; i + 1 < literal.size; i++) {
		if (literal.at[i] != '%')
			continue;
		i++;
		while (i + 1 < literal.size && strchr("+-# 0123456789", literal.at[i]))
			i++;
		if (strchr("*[.", literal.at[i]))
			return 0;
		if (literal.at[i] != '%' && seen++ == n)
			return i;
	}
	return 0;
}

/* The call around the node whose format string is a literal of its arguments. */
static bool format_of(const struct syntax *s, TSNode call, struct str argument, TSNode *literal,
		      unsigned *index)
{
	TSNode arguments = syntax_field(call, "arguments");
	bool found = false;
	unsigned n = 0, hits = 0;

	for (uint32_t i = 0; i < ts_node_named_child_count(arguments); i++) {
		TSNode one = ts_node_named_child(arguments, i);

		if (!found && syntax_type_is(one, "interpreted_string_literal")) {
			*literal = one;
			found = true;
		} else if (found) {
			if (str_equal(syntax_text(s, one), argument)) {
				*index = n;
				hits++;
			}
			n++;
		}
	}
	return found && hits == 1;
}

static void fix(struct scene *scene)
{
	struct str argument = scene_group(scene, "argument"), type = scene_group(scene, "type");
	struct str format = scene_group(scene, "verb");
	struct edits edits = { .arena = scene->arena };
	char verb = verb_for(type);
	TSNode call, literal = {{0}, NULL, NULL};
	unsigned index = 0;
	size_t at;
	CODE code;

	if (!code_open(scene, &code))
		return;
	if (!verb)
		return template_decline(scene, "how a %.*s is meant to be printed is not known",
					STR_ARG(type));
	call = syntax_up(code.node, "call_expression");
	if (ts_node_is_null(call) || !format_of(code.syntax, call, argument, &literal, &index))
		return template_decline(scene, "the format is no plain string before the argument");
	at = verb_at(syntax_text(code.syntax, literal), index);
	if (!at || syntax_text(code.syntax, literal).at[at] != format.at[format.size - 1])
		return template_decline(scene, "the format has more than plain verbs");
	at += ts_node_start_byte(literal);
	edit_replace(&edits, at, at + 1, str_copy(scene->arena, (struct str){ &verb, 1 }));
	code_propose(scene, &code, &edits, ORACLE_TOOL, DANGER_0, arena_printf(scene->arena,
		"Prints %.*s, of type %.*s, with %%%c instead of %.*s.", STR_ARG(argument), STR_ARG(type),
		verb, STR_ARG(format)));
}

#define LINE(format) \
	"package q\n\nimport \"fmt\"\n\nfunc Line(name string, jobs int, load float64) string {\n" \
	"\treturn fmt.Sprintf(" format ")\n}\n"

static const struct example examples[] = {
	{
		.name = "a count as text, beside a text",
		.log = "# example.com/q\n./q.go:6:9: fmt.Sprintf format %s has arg jobs of wrong type int\n",
		.file = { { "q.go", LINE("\"100%% %s: %3s jobs\", name, jobs"),
			    LINE("\"100%% %s: %3d jobs\", name, jobs") } },
	},
	{
		.name = "a text as a number",
		.log = "# example.com/q\n./q.go:6:9: fmt.Sprintf format %d has arg name of wrong type string\n",
		.file = { { "q.go", LINE("\"%d\", name"), LINE("\"%s\", name") } },
	},
	{
		.name = "a float has many forms",
		.log = "# example.com/q\n./q.go:6:9: fmt.Sprintf format %d has arg load of wrong type float64\n",
		.file = { { "q.go", LINE("\"%d\", load"), NULL } },
		.declines = "how a float64 is meant",
	},
	{
		.name = "the format is a variable",
		.log = "# example.com/q\n./q.go:6:9: fmt.Sprintf format %s has arg jobs of wrong type int\n",
		.file = { { "q.go", LINE("form, jobs"), NULL } },
		.declines = "no plain string",
	},
	{
		.name = "the same argument twice",
		.log = "# example.com/q\n./q.go:6:9: fmt.Sprintf format %s has arg jobs of wrong type int\n",
		.file = { { "q.go", LINE("\"%d %s\", jobs, jobs"), NULL } },
		.declines = "no plain string",
	},
	{0}
};

const struct template template_go_printf_verb = {
	.name = "go_printf_verb",
	.summary = "vet: a format verb for another type -> the verb of the argument's type",
	.language = "go",
	.class = "vet",
	.oracles = "vet, which names the type",
	.keeps_off = "floats and types of its own; formats that are no plain string; numbered arguments",
	.danger = DANGER_0,
	.pattern = "^\\S+ format (?<verb>%[^ ]*[a-zA-Z]) has arg (?<argument>.+) of wrong type (?<type>\\S+)$",
	.fix = fix,
	.examples = examples,
};

/*
 * A workflow that is no YAML because a value holds ": " or begins with a character that YAML keeps for
 * itself -> the value in quotes, when that alone makes it a workflow.
 */
#include "templates/lib_scene.h"
#include "templates/lib_yaml_lines.h"

enum { ABOVE = 2 };

/* Where the value of the line's first key starts; 0 when it has none, is quoted or has a comment. */
static size_t value_of(const struct yaml_line *line)
{
	struct str said = str_from(line->text, line->column);
	size_t at = 0;

	while (at < said.size && (str_is_word(str_slice(said, at, 1)) || strchr("-0123456789", said.at[at])))
		at++;
	if (!at || !str_starts(str_from(said, at), ": "))
		return 0;
	at += 2;
	while (at < said.size && said.at[at] == ' ')
		at++;
	if (at >= said.size || strchr("\"'|>[{#&\r\n", said.at[at]) || str_has(str_from(said, at), " #"))
		return 0;
	return line->column + at;
}

static bool needs_quotes(struct str value)
{
	return value.size && (str_has(value, ": ") || str_ends(value, ":") || strchr("*!@%`", value.at[0]));
}

/* In the quotes that need no escape. */
static const char *quoted(struct arena *a, struct str value)
{
	if (str_char(value, '\'') < 0)
		return arena_printf(a, "'%.*s'", STR_ARG(value));
	if (str_char(value, '"') < 0 && str_char(value, '\\') < 0)
		return arena_printf(a, "\"%.*s\"", STR_ARG(value));
	return NULL;
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	size_t line = scene->failure->line, count, results = 0;
	struct arena *a = scene->arena;
	struct yaml_line *lines;
	struct str text, found = STR_NONE;

	if (!path || !str_starts(str_of(path), ".github/workflows/") || !line ||
	    !scene_read(scene, path, &text))
		return template_decline(scene, "the log names no line of a workflow");
	if (yaml_is_workflow(a, text))
		return template_decline(scene, "the workflow can be read");
	lines = yaml_lines(a, text, &count);
	for (size_t i = line > ABOVE ? line - 1 - ABOVE : 0; i < line && i < count; i++) {
		size_t at = lines[i].idle || lines[i].tabs ? 0 : value_of(&lines[i]), from;
		struct str value = str_trim_right(str_from(lines[i].text, at)), changed;
		const char *new = at && needs_quotes(value) ? quoted(a, value) : NULL;

		if (!new)
			continue;
		from = (size_t)(value.at - text.at);
		changed = str_of(arena_printf(a, "%.*s%s%.*s", (int)from, text.at, new,
					      STR_ARG(str_from(text, from + value.size))));
		if (!yaml_is_workflow(a, changed))
			continue;
		found = changed;
		results++;
	}
	if (results != 1)
		return template_decline(scene, "no one value near that line wants quotes");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "YAML reads a part of the value as its own sign: "
				     "in quotes it is text."), path, found);
}

#define LOG "##[error]Invalid workflow file: .github/workflows/c.yml#L6\n" \
	"You have an error in your yaml syntax on line 6\n"
#define JOB(line) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - " line "\n        id: x\n"

static const struct example examples[] = {
	{
		.name = "a colon in a script",
		.log = LOG,
		.file = { { ".github/workflows/c.yml", JOB("run: echo \"Version: $V\""),
			    JOB("run: 'echo \"Version: $V\"'") } },
	},
	{
		.name = "a colon in a name that has a quote",
		.log = LOG,
		.file = { { ".github/workflows/c.yml", JOB("run: echo it's: done"),
			    JOB("run: \"echo it's: done\"") } },
	},
	{
		.name = "nothing to quote",
		.log = LOG,
		.file = { { ".github/workflows/c.yml", JOB("run: [make"), NULL } },
		.declines = "no one value",
	},
	{0}
};

const struct template template_workflow_unquoted_value = {
	.name = "workflow_unquoted_value",
	.summary = "a value with signs that YAML takes for its own -> quotes",
	.class = "workflow",
	.oracles = "YAML, the schema of workflows",
	.keeps_off = "values with comments or both kinds of quotes; several that may be meant",
	.danger = DANGER_0,
	.reading = true,
	.pattern = "yaml syntax on line|mapping values are not allowed|found character '[@`%]|found undefined alias",
	.fix = fix,
	.examples = examples,
};

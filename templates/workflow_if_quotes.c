/*
 * A string in double quotes inside an expression -> single quotes, as GitHub's expressions want them.
 * In the whole expression that the log names, and only there.
 */
#include "templates/lib_scene.h"
#include "templates/lib_workflow.h"

static const char *const types[] = { "invalid workflow", NULL };

/* "x" to 'x'; false when a string holds a single quote, or one is not closed. */
static bool requote(struct arena *a, struct str text, struct str *out)
{
	char *copy = str_text(a, text);
	bool inside = false, single = false;

	for (char *at = copy; *at; at++) {
		if (*at == '\'' && inside)
			return false;
		if (*at == '\'')
			single = !single;
		if (*at == '"' && !single) {
			inside = !inside;
			*at = '\'';
		}
	}
	*out = str_of(copy);
	return !inside && !single;
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	struct str text, wrong = scene_group(scene, "expression"), right;
	struct candidate *candidate;
	size_t start, end;
	ptrdiff_t at;

	if (!path || !scene_read(scene, path, &text))
		return template_decline(scene, "the log names no file of this repository");
	start = line_start(text, scene->failure->line);
	end = line_end(text, start);
	at = str_find(str_slice(text, start, end - start), wrong);
	if (at < 0 || !str_has(wrong, "\""))
		return template_decline(scene, "the expression is not on the line that the log names");
	if (!requote(scene->arena, wrong, &right))
		return template_decline(scene, "a string of the expression holds a quote");
	start += (size_t)at;
	if (start && text.at[start - 1] == '"')
		return template_decline(scene, "the expression stands in quotes itself");
	candidate = propose(scene, ORACLE_CONTRACT, "Strings in expressions have single quotes.");
	candidate_put(scene, candidate, path,
		      str_of(arena_printf(scene->arena, "%.*s%.*s%.*s", (int)start, text.at,
					  STR_ARG(right),
					  STR_ARG(str_from(text, start + wrong.size)))));
}

static const struct example examples[] = {
	{
		.name = "a condition",
		.log = "##[error]Invalid workflow file: .github/workflows/site.yml#L6\n"
		       "The workflow is not valid. .github/workflows/site.yml (Line: 6, Col: 13): Unexpected "
		       "symbol: '\"push\"'. Located at position 22 within expression: github.event_name == "
		       "\"push\" && github.ref == 'x'\n",
		.file = {
			{ ".github/workflows/site.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - if: github.event_name == \"push\" && github.ref == 'x'   # why\n"
			  "        run: echo \"x\"\n",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - if: github.event_name == 'push' && github.ref == 'x'   # why\n"
			  "        run: echo \"x\"\n" },
		},
	},
	{
		.name = "a quote in the string",
		.log = "##[error]Invalid workflow file: .github/workflows/site.yml#L6\n"
		       "The workflow is not valid. .github/workflows/site.yml (Line: 6, Col: 13): Unexpected "
		       "symbol: '\"it's\"'. Located at position 6 within expression: a == \"it's\"\n",
		.file = {
			{ ".github/workflows/site.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - if: a == \"it's\"\n        run: echo\n",
			  NULL },
		},
		.declines = "holds a quote",
	},
	{0}
};

const struct template template_workflow_if_quotes = {
	.name = "workflow_if_quotes",
	.summary = "a string in double quotes in an expression -> single quotes",
	.class = "workflow",
	.oracles = "the grammar of expressions",
	.keeps_off = "strings with quotes in them",
	.danger = DANGER_0,
	.reading = true,
	.types = types,
	.pattern = "Unexpected symbol: '\"?.*within expression: (?<expression>.+)$",
	.fix = fix,
	.examples = examples,
};

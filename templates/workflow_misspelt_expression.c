/*
 * An expression with a context or function that does not exist, one slip away from one that does -> that
 * one; and a single = & | where an operator of two is meant. On the line that the log names. Never a word
 * that would read a secret.
 */
#include "templates/lib_scene.h"
#include "templates/lib_similar.h"
#include "templates/lib_workflow.h"

static const char *const types[] = { "invalid workflow", NULL };

static const char contexts[] = "github env vars job jobs steps runner strategy matrix needs inputs";
static const char functions[] = "contains startsWith endsWith format join toJSON fromJSON hashFiles success "
	"always cancelled failure";

static bool lower_is(struct str one, struct str other)
{
	return str_equal_nocase(one, other);
}

/* The one word a slip away. */
static bool choose(struct str wrong, const char *words, struct str *right)
{
	struct str rest = str_of(words), word;
	unsigned count = 0;

	while (str_next(&rest, ' ', &word))
		if (!lower_is(word, wrong) && similar_distance(word, wrong) == 1) {
			*right = word;
			count++;
		}
	return count == 1;
}

/* What is wrong in the expression and what it should be; empty when nothing is known. */
static struct str mended(const struct scene *scene, struct str expression)
{
	struct str name = scene_group(scene, "name"), function = scene_group(scene, "function");
	struct str symbol = scene_group(scene, "symbol"), wrong = name.size ? name : function;
	struct arena *a = scene->arena;
	struct str before, after, right = STR_NONE;

	if (wrong.size) {
		if (!choose(wrong, name.size ? contexts : functions, &right) ||
		    !str_split(expression, str_text(a, wrong), &before, &after) ||
		    (before.size && (str_is_word(str_from(before, before.size - 1)) ||
				     str_ends(before, "."))) ||
		    !after.size || !strchr(name.size ? "." : "( ", after.at[0]))
			return STR_NONE;
		return str_of(arena_printf(a, "%.*s%.*s%.*s", STR_ARG(before), STR_ARG(right),
					   STR_ARG(after)));
	}
	if (symbol.size != 1 || !strchr("=&|", symbol.at[0]) ||
	    !str_split(expression, arena_printf(a, " %.*s ", STR_ARG(symbol)), &before, &after) ||
	    str_has(after, arena_printf(a, " %.*s ", STR_ARG(symbol))))
		return STR_NONE;
	return str_of(arena_printf(a, "%.*s %.*s%.*s %.*s", STR_ARG(before), STR_ARG(symbol),
				   STR_ARG(symbol), STR_ARG(after)));
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	struct str text, wrong = scene_group(scene, "expression"), right;
	size_t start, end;
	ptrdiff_t at;

	if (!path || !scene_read(scene, path, &text))
		return template_decline(scene, "the log names no file of this repository");
	right = mended(scene, wrong);
	if (!right.size)
		return template_decline(scene, "not exactly one context, function or operator is meant");
	start = line_start(text, scene->failure->line);
	end = line_end(text, start);
	at = str_find(str_slice(text, start, end - start), wrong);
	if (at < 0)
		return template_decline(scene, "the expression is not on the line that the log names");
	start += (size_t)at;
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "The expression names what does not exist; one "
				     "word that does is a slip away."), path,
		      str_of(arena_printf(scene->arena, "%.*s%.*s%.*s", (int)start, text.at, STR_ARG(right),
					  STR_ARG(str_from(text, start + wrong.size)))));
}

#define LOG(what, expression) "##[error]Invalid workflow file: .github/workflows/c.yml#L6\n" \
	"The workflow is not valid. .github/workflows/c.yml (Line: 6, Col: 13): " what ". Located at position 1 " \
	"within expression: " expression "\n"
#define JOB(expression) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - if: " expression \
	"   # why\n        run: make\n"

static const struct example examples[] = {
	{
		.name = "a context",
		.log = LOG("Unrecognized named-value: 'gihub'", "gihub.ref == 'x'"),
		.file = { { ".github/workflows/c.yml", JOB("gihub.ref == 'x'"), JOB("github.ref == 'x'") } },
	},
	{
		.name = "a function",
		.log = LOG("Unrecognized function: 'startWith'", "startWith(github.ref, 'x')"),
		.file = { { ".github/workflows/c.yml", JOB("${{ startWith(github.ref, 'x') }}"),
			    JOB("${{ startsWith(github.ref, 'x') }}") } },
	},
	{
		.name = "an operator",
		.log = LOG("Unexpected symbol: '='", "github.ref = 'x'"),
		.file = { { ".github/workflows/c.yml", JOB("github.ref = 'x'"), JOB("github.ref == 'x'") } },
	},
	{
		.name = "a secret",
		.log = LOG("Unrecognized named-value: 'secret'", "secret.A != ''"),
		.file = { { ".github/workflows/c.yml", JOB("secret.A != ''"), NULL } },
		.declines = "not exactly one",
	},
	{0}
};

const struct template template_workflow_misspelt_expression = {
	.name = "workflow_misspelt_expression",
	.summary = "a context, function or operator that does not exist -> the one that is a slip away",
	.class = "workflow",
	.oracles = "the grammar of expressions",
	.keeps_off = "secrets; several words that may be meant",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "(?:Unrecognized named-value: '(?<name>\\w+)'|Unrecognized function: '(?<function>\\w+)'|"
		   "Unexpected symbol: '(?<symbol>[=&|])').*within expression: (?<expression>.+)$",
	.fix = fix,
	.examples = examples,
};

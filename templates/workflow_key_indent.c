/*
 * A workflow that is no YAML because one line is a blank too far to the left or right -> as deep as a
 * neighbour, when only one such change makes it a workflow.
 */
#include "templates/lib_scene.h"
#include "templates/lib_yaml_lines.h"

enum { ABOVE = 3, BELOW = 2 };

struct trial {
	struct arena *arena;
	struct yaml_line *lines;
	size_t count;
	struct str found;
	unsigned results;
};

/* The text with one line at another depth; counts when it is a workflow. */
static void attempt(struct trial *t, size_t at, size_t depth)
{
	struct text out = TEXT(t->arena);

	for (size_t i = 0; i < t->count; i++)
		if (i == at)
			text_addf(&out, "%*s%.*s", (int)depth, "",
				  STR_ARG(str_from(t->lines[i].text, t->lines[i].depth)));
		else
			text_add(&out, t->lines[i].text);
	if (!yaml_is_workflow(t->arena, text_str(&out)) ||
	    (t->results && str_equal(t->found, text_str(&out))))
		return;
	t->found = text_str(&out);
	t->results++;
}

static void attempts(struct trial *t, size_t at)
{
	const struct yaml_line *before = yaml_line_before(t->lines, at);
	const struct yaml_line *after = yaml_line_after(t->lines, t->count, at);
	const size_t here = t->lines[at].depth, depths[] = {
		before ? before->depth : here, before ? before->column : here,
		after ? after->depth : here,
	};

	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++)
		if (depths[i] == here + 1 || depths[i] + 1 == here)
			attempt(t, at, depths[i]);
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	struct trial t = { .arena = scene->arena };
	size_t line = scene->failure->line;
	struct candidate *candidate;
	struct str text;

	if (!path || !str_starts(str_of(path), ".github/workflows/") ||
	    !scene_read(scene, path, &text) || !line)
		return template_decline(scene, "the log names no line of a workflow");
	if (yaml_is_workflow(scene->arena, text))
		return template_decline(scene, "the workflow can be read");
	t.lines = yaml_lines(scene->arena, text, &t.count);
	for (size_t i = line > ABOVE ? line - 1 - ABOVE : 0; i < line + BELOW && i < t.count; i++)
		if (!t.lines[i].idle && !t.lines[i].tabs)
			attempts(&t, i);
	if (t.results != 1)
		return template_decline(scene, t.results ? "several lines may be a blank off"
							 : "no line near is just a blank off");
	candidate = propose(scene, ORACLE_CONTRACT, "One line is a blank off from its neighbours; moved, the "
			    "file is a workflow.");
	candidate_put(scene, candidate, path, t.found);
}

#define LOG "##[error]Invalid workflow file: .github/workflows/c.yml#L9\n" \
	"You have an error in your yaml syntax on line 9\n"
#define HEAD "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" \
	"      - uses: actions/setup-python@v5\n        with:\n          python-version: \"3.12\"\n"

static const struct example examples[] = {
	{
		.name = "a blank to the left",
		.log = LOG,
		.file = {
			{ ".github/workflows/c.yml",
			  HEAD "         cache: pip   # x\n          check-latest: true\n      - run: make\n",
			  HEAD "          cache: pip   # x\n          check-latest: true\n      - run: make\n" },
		},
	},
	{
		.name = "a blank to the right, at the job",
		.log = "##[error]Invalid workflow file: .github/workflows/c.yml#L5\n"
		       "You have an error in your yaml syntax on line 5\n",
		.file = {
			{ ".github/workflows/c.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n     timeout-minutes: 5\n"
			  "    steps:\n      - run: make\n",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n"
			  "    steps:\n      - run: make\n" },
		},
	},
	{
		.name = "two blanks off",
		.log = LOG,
		.file = {
			{ ".github/workflows/c.yml",
			  HEAD "       - cache: pip\n          check-latest: true\n      - run: make\n", NULL },
		},
		.declines = "no line near",
	},
	{0}
};

const struct template template_workflow_key_indent = {
	.name = "workflow_key_indent",
	.summary = "a line of a workflow that is a blank off -> as deep as its neighbour",
	.class = "workflow",
	.oracles = "the lines around, the schema of workflows",
	.keeps_off = "more than one way to mend it",
	.danger = DANGER_0,
	.reading = true,
	.pattern = "yaml syntax on line|expected <block end>|mapping values are not allowed|"
		   "did not find expected",
	.fix = fix,
	.examples = examples,
};

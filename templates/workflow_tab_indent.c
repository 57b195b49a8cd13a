/*
 * A workflow indented by a tab, which YAML does not take -> blanks, as deep as the neighbours show. Tabs
 * in text stay. Where the neighbours do not agree how deep a line is, it is left to people.
 */
#include "templates/lib_scene.h"
#include "templates/lib_yaml_lines.h"

enum { TABS_MAX = 18 };

/* How deep the line is meant to be: the value of what opens above it, or beside both neighbours. */
static bool depth_of(const struct yaml_line *lines, size_t count, size_t at, size_t *depth)
{
	const struct yaml_line *before = yaml_line_before(lines, at);
	const struct yaml_line *after = yaml_line_after(lines, count, at);

	if (!before)
		return false;
	if (before->opens) {
		*depth = after && after->depth > before->column ? after->depth : before->column + 2;
		return true;
	}
	if (!after)
		return false;
	*depth = after->depth;
	return after->depth == before->depth || after->depth == before->column;
}

/* The text with all its tabs mended; false when one cannot be. */
static bool mend(struct arena *a, struct str text, struct str *out)
{
	struct text mended = TEXT(a);
	size_t count, depth = 0, tabs = 0;
	struct yaml_line *lines = yaml_lines(a, text, &count);
	struct str last = STR_NONE;

	for (size_t i = 0; i < count; i++) {
		struct str head = str_slice(lines[i].text, 0, lines[i].depth);

		if (lines[i].idle || !lines[i].tabs) {
			text_add(&mended, lines[i].text);
			last = STR_NONE;
			continue;
		}
		/* One like the line above is as deep as that. */
		if (!(last.size && str_equal(last, head)) && !depth_of(lines, count, i, &depth))
			return false;
		last = head;
		tabs++;
		text_addf(&mended, "%*s%.*s", (int)depth, "",
			  STR_ARG(str_from(lines[i].text, lines[i].depth)));
	}
	*out = text_str(&mended);
	return tabs && tabs <= TABS_MAX && yaml_is_workflow(a, *out);
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	struct candidate *candidate;
	struct str text, out;

	if (!path || !str_starts(str_of(path), ".github/workflows/") || !scene_read(scene, path, &text))
		return template_decline(scene, "the log names no workflow");
	if (str_char(text, '\t') < 0)
		return template_decline(scene, "the workflow holds no tab");
	if (!mend(scene->arena, text, &out))
		return template_decline(scene, "the lines around it do not say how deep it is");
	candidate = propose(scene, ORACLE_CONTRACT, "YAML takes no tab for indentation: blanks, as deep as "
			    "the lines around.");
	candidate_put(scene, candidate, path, out);
}

#define LOG "##[error]Invalid workflow file: .github/workflows/c.yml#L6\n" \
	"You have an error in your yaml syntax on line 6\n"
#define HEAD "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    env:\n"
#define TAIL "    steps:\n      - run: |\n          printf 'a\tb'\n          \tx\n"

static const struct example examples[] = {
	{
		.name = "the first of two, and tabs in a script",
		.log = LOG,
		.file = {
			{ ".github/workflows/c.yml",
			  HEAD "\t  A: 1\n      B: 2   # two\n" TAIL,
			  HEAD "      A: 1\n      B: 2   # two\n" TAIL },
		},
	},
	{
		.name = "two of them, nothing else as deep",
		.log = LOG,
		.file = {
			{ ".github/workflows/c.yml",
			  HEAD "\t\tA: 1\n\t\tB: 2\n" TAIL,
			  HEAD "      A: 1\n      B: 2\n" TAIL },
		},
	},
	{
		.name = "it may be of two levels",
		.log = LOG,
		.file = {
			{ ".github/workflows/c.yml",
			  HEAD "      A: 1\n\tB: 2\n" TAIL, NULL },
		},
		.declines = "how deep",
	},
	{
		.name = "another fault",
		.log = LOG,
		.file = { { ".github/workflows/c.yml", HEAD "     A: 1\n      B: 2\n", NULL } },
		.declines = "no tab",
	},
	{0}
};

const struct template template_workflow_tab_indent = {
	.name = "workflow_tab_indent",
	.summary = "a workflow indented by a tab -> blanks, as deep as the lines around",
	.class = "workflow",
	.oracles = "the lines around, the schema of workflows",
	.keeps_off = "lines that may be of two levels; tabs in text",
	.danger = DANGER_0,
	.reading = true,
	.pattern = "yaml syntax on line|found character '\\\\t' that cannot start|tab character",
	.fix = fix,
	.examples = examples,
};

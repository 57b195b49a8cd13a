/*
 * "The version '3.1' ... was not found" where a list says 3.10 without quotes: YAML reads that as the
 * number 3.1 -> the version in quotes. Only scalars whose number is the version of the log.
 */
#include "templates/lib_workflow.h"

static const char *const types[] = { "no such version", NULL };

/* Is the text of a plain scalar a number that another text stands for: "3.10" for 3.1, "1.0" for 1? */
static bool reads_as(struct str plain, struct str told)
{
	struct str whole, part;

	if (!str_split(plain, ".", &whole, &part) || !part.size || !whole.size)
		return false;
	for (size_t i = 0; i < plain.size; i++)
		if (plain.at[i] != '.' && (plain.at[i] < '0' || plain.at[i] > '9'))
			return false;
	if (str_char(part, '.') >= 0 || !str_ends(part, "0"))
		return false;
	while (str_chop(&part, "0"))
		;
	return str_equal(told, part.size ? str_slice(plain, 0, whole.size + 1 + part.size) : whole);
}

struct walk {
	const struct workflow *workflow;
	struct edits *edits;
	struct str told;
	char quote;
};

/* Below a version's own key, or a list or entry of the matrix. */
static bool is_version(const struct syntax *s, TSNode scalar)
{
	TSNode up = scalar;
	struct str key;

	while (up = syntax_up(ts_node_parent(up), "block_mapping_pair|flow_pair"), !ts_node_is_null(up)) {
		key = yaml_text(s, yaml_key(up));
		if (str_ends(key, "-version") || str_is(key, "matrix"))
			return true;
		if (str_is(key, "run") || str_is(key, "env"))
			return false;
	}
	return false;
}

static bool one(TSNode node, void *context)
{
	struct walk *walk = context;
	const struct syntax *s = walk->workflow->syntax;

	if (syntax_type_is(node, "plain_scalar") && reads_as(syntax_text(s, node), walk->told) &&
	    is_version(s, node))
		edit_node(walk->edits, node,
			  str_of(arena_printf(s->arena, "%c%.*s%c", walk->quote,
					      STR_ARG(syntax_text(s, node)), walk->quote)));
	return true;
}

static void fix(struct scene *scene)
{
	struct str told = scene_group(scene, "version");
	const char *path = workflow_clue(scene, CLUE_WORKFLOW, 0);
	struct candidate *candidate;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->tree);
	candidate = propose(scene, ORACLE_CONTRACT, "YAML reads a version that ends in 0 as a number and "
			    "drops the 0: in quotes it stays what it is.");
	for (size_t i = 0; i < w.count; i++) {
		struct edits edits = { .arena = scene->arena };
		struct walk walk = { &w.list[i], &edits, told, yaml_quote(w.list[i].syntax) };

		if (path && strcmp(path, w.list[i].path) != 0)
			continue;
		syntax_walk(w.list[i].root, one, &walk);
		if (!workflow_put(scene, candidate, &w.list[i], &edits))
			return;
	}
	if (!candidate->patch.count)
		workflow_decline(scene, "no number in a workflow is read as the version of the log");
}

static const struct example examples[] = {
	{
		.name = "one of a list",
		.log = "##[error]The version '3.1' with architecture 'x64' was not found for Ubuntu 22.04.\n",
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    strategy:\n      matrix:\n"
			  "        python: [3.9, 3.10, 3.11]   # all\n    steps:\n"
			  "      - uses: actions/setup-python@v5\n        with:\n"
			  "          python-version: ${{ matrix.python }}\n",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    strategy:\n      matrix:\n"
			  "        python: [3.9, \"3.10\", 3.11]   # all\n    steps:\n"
			  "      - uses: actions/setup-python@v5\n        with:\n"
			  "          python-version: ${{ matrix.python }}\n" },
		},
	},
	{
		.name = "Go, in the quotes of the file",
		.log = "##[error]Unable to find Go version '1.2' for platform linux and architecture x64.\n",
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    env: { A: '1' }\n    steps:\n"
			  "      - uses: actions/setup-go@v5\n        with:\n          go-version: 1.20\n",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    env: { A: '1' }\n    steps:\n"
			  "      - uses: actions/setup-go@v5\n        with:\n          go-version: '1.20'\n" },
		},
	},
	{
		.name = "it really asks for 3.1",
		.log = "##[error]The version '3.1' with architecture 'x64' was not found for Ubuntu 22.04.\n",
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    steps:\n"
			  "      - uses: actions/setup-python@v5\n        with:\n"
			  "          python-version: \"3.1\"\n",
			  NULL },
		},
		.declines = "no number",
	},
	{0}
};

const struct template template_workflow_float_version = {
	.name = "workflow_float_version",
	.summary = "a version without quotes that YAML reads as a number (3.10 is 3.1) -> quotes",
	.class = "workflow",
	.oracles = "YAML, and the version in the log",
	.keeps_off = "versions that are meant so",
	.danger = DANGER_0,
	.reading = true,
	.types = types,
	.pattern = "^(?:The version '|Unable to find (?:Go|Node) version '|Could not find satisfied version "
		   "for SemVer '?|Unknown version )(?<version>[\\d.]+)",
	.fix = fix,
	.examples = examples,
};

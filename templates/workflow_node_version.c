/*
 * The workflow sets up a Node older than the `engines` of the project's own package.json -> the version
 * that .nvmrc or the other workflows have, when `engines` takes it, else the least that `engines` takes.
 * A dependency's wish is none of the project.
 */
#include "templates/lib_workflow_tool.h"

/* "engines": { "node": ">=20" } of the package at the root. */
static bool engine(const struct scene *scene, struct str *range)
{
	struct str text;
	TSNode node;
	SYNTAX s = NULL;

	if (!scene_read(scene, "package.json", &text))
		return false;
	s = syntax_open(scene->arena, "json", text);
	for (unsigned n = 0; s; n++) {
		TSNode up;

		node = syntax_below(s->root, "pair", n);
		if (ts_node_is_null(node))
			return false;
		up = syntax_up(ts_node_parent(node), "pair");
		if (!str_is(syntax_text(s, syntax_field(node, "key")), "\"node\"") ||
		    !str_is(syntax_text(s, syntax_field(up, "key")), "\"engines\"") ||
		    !ts_node_is_null(syntax_up(ts_node_parent(up), "pair")))
			continue;
		*range = syntax_text(s, syntax_field(node, "value"));
		*range = str_slice(*range, 1, range->size > 2 ? range->size - 2 : 0);
		return true;
	}
	return false;
}

/* What the project says of itself; false when that is below what it wants. */
static bool choose(const struct scene *scene, struct tool_version least, struct tool_version *wanted)
{
	static const char *const files[] = { ".nvmrc", ".node-version" };
	struct tool_version one;
	struct str text;

	*wanted = (struct tool_version){ least.major, 0 };
	for (size_t i = 0; i < 2; i++) {
		if (!scene_read(scene, files[i], &text) || !tool_version_of(str_trim(text), &one))
			continue;
		*wanted = (struct tool_version){ one.major, 0 };
		return one.major >= least.major;
	}
	return true;
}

static void fix(struct scene *scene)
{
	struct tool_version least, wanted;
	struct str range;

	if (!engine(scene, &range) || !tool_version_least(range, &least))
		return template_decline(scene, "package.json does not say which Node the project wants");
	if (!choose(scene, least, &wanted))
		return template_decline(scene, "the project's own files do not agree on the version of Node");
	workflow_raise(scene, "actions/setup-node", "node-version", wanted,
		       arena_printf(scene->arena, "package.json wants Node %.*s, and the workflow sets an "
				    "older one up.", STR_ARG(range)));
}

#define LOG "npm ERR! code EBADENGINE\nnpm ERR! engine Unsupported engine\n" \
	"npm ERR! engine Not compatible with your version of node/npm: a@1.0.0\n" \
	"npm ERR! notsup Required: {\"node\":\">=20\"}\n" \
	"npm ERR! notsup Actual:   {\"npm\":\"10.7.0\",\"node\":\"v18.20.4\"}\n" \
	"##[error]Process completed with exit code 1.\n"
#define JOB(version) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" \
	"      - uses: actions/setup-node@v4\n        with:\n          node-version: " version "\n" \
	"      - run: npm ci\n"

static const struct example examples[] = {
	{
		.name = "as .nvmrc says",
		.log = LOG,
		.file = {
			{ "package.json", "{ \"name\": \"a\", \"engines\": { \"node\": \">=20.10.0\" } }\n", NULL },
			{ ".nvmrc", "22\n", NULL },
			{ ".github/workflows/n.yml", JOB("18.x   # see .nvmrc"), JOB("22.x   # see .nvmrc") },
		},
	},
	{
		.name = "a dependency's wish",
		.log = LOG,
		.file = {
			{ "package.json", "{ \"name\": \"a\", \"engines\": { \"node\": \">=18\" } }\n", NULL },
			{ ".github/workflows/n.yml", JOB("18"), NULL },
		},
		.declines = "no job that fits",
	},
	{
		.name = "two words on it",
		.log = LOG,
		.file = {
			{ "package.json", "{ \"name\": \"a\", \"engines\": { \"node\": \">=20\" } }\n", NULL },
			{ ".nvmrc", "18\n", NULL },
			{ ".github/workflows/n.yml", JOB("18"), NULL },
		},
		.declines = "do not agree",
	},
	{0}
};

const struct template template_workflow_node_version = {
	.name = "workflow_node_version",
	.summary = "a Node older than the project's engines -> a version that they take, in the workflow",
	.class = "workflow",
	.oracles = "engines in package.json, .nvmrc",
	.keeps_off = "several versions in a matrix; dependencies; files that do not agree",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "Unsupported engine|engine \"node\" is incompatible|Unsupported environment \\(bad pnpm",
	.fix = fix,
	.examples = examples,
};

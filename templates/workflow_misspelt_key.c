/*
 * "Unexpected value 'run-on'" -> the one key (or event) of that place that is a slip away. A key that
 * brings another trigger with other rights is never written.
 */
#include "templates/lib_scene.h"
#include "templates/lib_similar.h"
#include "templates/lib_workflow.h"
#include "templates/lib_workflow_schema.h"

static const char *const types[] = { "invalid workflow", NULL };

static const char other_rights[] = "pull_request_target workflow_run repository_dispatch";

struct search {
	const struct syntax *s;
	struct str wrong;
	unsigned line;
	TSNode found, mapping;
	const char *keys;
};

/* The key, or the event in a list, on the line that the log names. */
static bool look(TSNode node, void *context)
{
	struct search *search = context;
	TSNode pair = syntax_up(node, "block_mapping_pair|flow_pair");
	bool key = !ts_node_is_null(pair) && ts_node_eq(yaml_key(pair), node);

	if (!syntax_type_is(node, YAML_SCALAR) || syntax_line(node) != search->line ||
	    !str_equal(yaml_text(search->s, node), search->wrong))
		return true;
	search->keys = schema_keys(search->s, key ? pair : node);
	if (!search->keys)
		return true;
	search->found = node;
	search->mapping = key ? ts_node_parent(pair) : node;
	return false;
}

/* The one key a slip away that is not there yet. */
static bool choose(const struct search *search, struct str *right)
{
	struct str rest = str_of(search->keys), key;
	unsigned count = 0;

	while (str_next(&rest, ' ', &key)) {
		const char *name = str_text(search->s->arena, key);

		if (similar_distance(key, search->wrong) != 1 || word_among(key, other_rights) ||
		    !ts_node_is_null(yaml_find(search->s, search->mapping, name)))
			continue;
		*right = key;
		count++;
	}
	return count == 1;
}

static void fix(struct scene *scene)
{
	struct search search = { .wrong = scene_group(scene, "key"), .line = scene->failure->line };
	struct edits edits = { .arena = scene->arena };
	const struct workflow *workflow;
	struct candidate *candidate;
	struct str right;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->tree);
	workflow = workflow_of(&w, scene_path(scene, scene->failure->file));
	if (!workflow)
		return template_decline(scene, "the log names no workflow that can be read");
	search.s = workflow->syntax;
	syntax_walk(workflow->root, look, &search);
	if (!search.keys)
		return template_decline(scene, "%.*s is not on the line that the log names",
					STR_ARG(search.wrong));
	if (!choose(&search, &right))
		return template_decline(scene, "not exactly one key of that place is a slip away");
	yaml_set(&edits, workflow->syntax, search.found, right);
	candidate = propose(scene, ORACLE_CONTRACT, "There is no key %.*s here; %.*s is meant.",
			    STR_ARG(search.wrong), STR_ARG(right));
	workflow_put(scene, candidate, workflow, &edits);
}

#define LOG(line, key) "##[error]Invalid workflow file: .github/workflows/c.yml#L" line "\n" \
	"The workflow is not valid. .github/workflows/c.yml (Line: " line ", Col: 5): Unexpected value '" key "'\n"

static const struct example examples[] = {
	{
		.name = "a letter is missing",
		.log = LOG("4", "run-on"),
		.file = {
			{ ".github/workflows/c.yml",
			  "on: push\njobs:\n  a:\n    run-on: ubuntu-24.04   # small\n    steps:\n      - run: make\n",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04   # small\n    steps:\n      - run: make\n" },
		},
	},
	{
		.name = "an event",
		.log = LOG("1", "pul_request"),
		.file = {
			{ ".github/workflows/c.yml",
			  "on: [push, pul_request]\njobs:\n  a:\n    runs-on: ubuntu-24.04\n",
			  "on: [push, pull_request]\njobs:\n  a:\n    runs-on: ubuntu-24.04\n" },
		},
	},
	{
		.name = "the key is there already",
		.log = LOG("5", "run-on"),
		.file = {
			{ ".github/workflows/c.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    run-on: x\n", NULL },
		},
		.declines = "not exactly one",
	},
	{
		.name = "a key of another place",
		.log = LOG("4", "branches"),
		.file = {
			{ ".github/workflows/c.yml",
			  "on: push\njobs:\n  a:\n    branches: [main]\n    runs-on: ubuntu-24.04\n", NULL },
		},
		.declines = "not exactly one",
	},
	{0}
};

const struct template template_workflow_misspelt_key = {
	.name = "workflow_misspelt_key",
	.summary = "a key or event of a workflow that does not exist -> the one that is a slip away",
	.class = "workflow",
	.oracles = "the schema of workflows",
	.keeps_off = "several keys that may be meant; keys that are there already",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "Unexpected value '(?<key>[\\w-]+)'",
	.fix = fix,
	.examples = examples,
};

/*
 * actions/cache v1, v2 and the first releases of v3 and v4 are refused -> v4, with the same inputs, in
 * all files that use them. A version pinned by its commit is left to its owner, as is somebody else's
 * action that calls the old one.
 */
#include "templates/lib_workflow.h"
#include "templates/lib_workflow_known.h"

enum { FILES_MAX = 3 };

static const char *const types[] = { "action is retired", "no such action", NULL };

static bool is_cache(struct str action)
{
	return str_is(action, "actions/cache") || str_is(action, "actions/cache/restore") ||
	       str_is(action, "actions/cache/save");
}

static void collect(const struct workflow *workflow, struct edits *edits, bool *pinned)
{
	struct workflow_job job;
	struct workflow_step step;
	struct str action, version;

	for (unsigned j = 0; workflow_job(workflow, j, &job); j++)
		for (unsigned n = 0; workflow_step(&job, n, &step); n++) {
			if (!workflow_action(step.uses, &action, &version) || !is_cache(action))
				continue;
			*pinned = *pinned || workflow_is_pin(version);
			if (known_retired(action, version))
				yaml_set(edits, workflow->syntax,
					 yaml_get(workflow->syntax, step.body, "uses"),
					 str_of(arena_printf(edits->arena, "%.*s@v%u",
							     STR_ARG(action), known_major(action))));
		}
}

static void fix(struct scene *scene)
{
	WORKFLOWS w = {0};
	struct candidate *candidate;
	bool pinned = false;

	workflows_open(&w, scene->arena, scene->tree);
	candidate = propose(scene, ORACLE_CONTRACT, "GitHub refuses this version of actions/cache; v4 "
			    "takes the same inputs.");
	for (size_t i = 0; i < w.count; i++) {
		struct edits edits = { .arena = scene->arena };

		collect(&w.list[i], &edits, &pinned);
		if (!workflow_put(scene, candidate, &w.list[i], &edits))
			return;
	}
	if (candidate->patch.count > FILES_MAX)
		return workflow_decline(scene, "more than three files use it");
	if (!candidate->patch.count)
		workflow_decline(scene, pinned ? "it is pinned by its commit"
					       : "no workflow here uses it: an action of somebody else does");
}

static const struct example examples[] = {
	{
		.name = "two steps, one with a name",
		.log =
		"##[error]This request has been automatically failed because it uses a deprecated version "
		"of `actions/cache: v2`. Please update your workflow to use v3/v4 of actions/cache to "
		"avoid interruptions. Learn more: https://github.blog/changelog/2024-12-05-notice\n",
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/cache@v2   # tools\n        with: { path: x, key: y }\n"
			  "      - name: More\n        uses: 'actions/cache/restore@v3.0.11'\n",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/cache@v4   # tools\n        with: { path: x, key: y }\n"
			  "      - name: More\n        uses: 'actions/cache/restore@v4'\n" },
		},
	},
	{
		.name = "pinned",
		.log =
		"##[error]This request has been automatically failed because it uses a deprecated version "
		"of `actions/cache: 0c45773b623bea8c8e75f6c82b208c3cf94ea4f9`. Learn more: https://github.blog\n",
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/cache@0c45773b623bea8c8e75f6c82b208c3cf94ea4f9\n",
			  NULL },
		},
		.declines = "pinned by its commit",
	},
	{
		.name = "somebody else's",
		.log =
		"##[error]This request has been automatically failed because it uses a deprecated version "
		"of `actions/cache: v2`. Learn more: https://github.blog\n",
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: some/setup@v1\n",
			  NULL },
		},
		.declines = "somebody else",
	},
	{0}
};

const struct template template_workflow_retired_cache = {
	.name = "workflow_retired_cache",
	.summary = "a version of actions/cache that GitHub refuses -> v4",
	.class = "workflow",
	.oracles = "the notice in the log",
	.keeps_off = "pins by commit; other people's actions; more than three files",
	.danger = DANGER_1,
	.reading = true,
	.tool = "actions",
	.types = types,
	.pattern = "(?:deprecated version of `|Missing download info for )actions/cache\\b",
	.fix = fix,
	.examples = examples,
};

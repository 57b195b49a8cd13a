/*
 * An action that cannot be resolved: its name is a slip away from one that other steps use, or from one of
 * GitHub's -> that name; or its version does not exist -> the version that other steps use, else the
 * newest major that is known. Commits stay.
 */
#include "templates/lib_similar.h"
#include "templates/lib_workflow.h"
#include "templates/lib_workflow_known.h"

static const char *const types[] = { "no such action", NULL };

static const char *const official[] = { "actions/cache", "actions/checkout", "actions/deploy-pages",
	"actions/download-artifact", "actions/github-script", "actions/setup-dotnet", "actions/setup-go",
	"actions/setup-java", "actions/setup-node", "actions/setup-python", "actions/upload-artifact",
	"actions/upload-pages-artifact", NULL };

struct search {
	struct str wrong, version;	/* what the log names; version may be empty */
	struct str name, ref;		/* what others have */
	unsigned names;
	bool refs_differ, uses_it;
};

static void consider(struct search *search, struct str name)
{
	if (str_equal(name, search->wrong) || similar_distance(name, search->wrong) > 1 ||
	    str_equal(name, search->name))
		return;
	search->name = name;
	search->names++;
}

static void one_step(struct search *search, const struct workflow_step *step)
{
	struct str action, version;

	if (!workflow_action(step->uses, &action, &version))
		return;
	consider(search, action);
	if (!str_equal(action, search->wrong))
		return;
	search->uses_it = true;
	if (str_equal(version, search->version) || workflow_is_pin(version))
		return;
	search->refs_differ = search->refs_differ ||
			      (search->ref.size && !str_equal(search->ref, version));
	search->ref = version;
}

static void look(struct search *search, const struct workflows *w)
{
	struct workflow_job job;
	struct workflow_step step;

	for (size_t i = 0; i < w->count; i++)
		for (unsigned j = 0; workflow_job(&w->list[i], j, &job); j++)
			for (unsigned n = 0; workflow_step(&job, n, &step); n++)
				one_step(search, &step);
	for (size_t i = 0; official[i]; i++)
		consider(search, str_of(official[i]));
}

/* "owner/name@version" as it shall be; NULL with the reason. */
static const char *right_of(struct scene *scene, const struct search *search, struct str version)
{
	const bool no_version = str_has(str_of(scene->failure->message), "unable to find version");

	if (!no_version) {
		if (search->names == 1)
			return arena_printf(scene->arena, "%.*s@%.*s", STR_ARG(search->name),
					    STR_ARG(version));
		template_decline(scene, "not exactly one action is called nearly so");
		return NULL;
	}
	if (search->ref.size && !search->refs_differ)
		return arena_printf(scene->arena, "%.*s@%.*s", STR_ARG(search->wrong),
				    STR_ARG(search->ref));
	if (search->ref.size || !known_major(search->wrong) ||
	    (workflow_major(version) && workflow_major(version) <= known_major(search->wrong) &&
	     str_starts(version, "v"))) {
		template_decline(scene, "which version there is nothing here knows");
		return NULL;
	}
	return arena_printf(scene->arena, "%.*s@v%u", STR_ARG(search->wrong),
			    known_major(search->wrong));
}

static bool mend(struct scene *scene, struct candidate *candidate, const struct search *search,
		 const struct workflow *workflow)
{
	struct edits edits = { .arena = scene->arena };
	struct workflow_job job;
	struct workflow_step step;
	struct str action, version;

	for (unsigned j = 0; workflow_job(workflow, j, &job); j++)
		for (unsigned n = 0; workflow_step(&job, n, &step); n++) {
			const char *right;

			if (!workflow_action(step.uses, &action, &version) ||
			    !str_equal(action, search->wrong) ||
			    (search->version.size && !str_equal(version, search->version)) ||
			    workflow_is_pin(version))
				continue;
			right = right_of(scene, search, version);
			if (!right) {
				scene->candidate_count--;
				return false;
			}
			yaml_set(&edits, workflow->syntax,
				 yaml_get(workflow->syntax, step.body, "uses"), str_of(right));
		}
	return workflow_put(scene, candidate, workflow, &edits);
}

static void fix(struct scene *scene)
{
	struct search search = { .wrong = scene_group(scene, "name"),
				 .version = scene_group(scene, "version") };
	struct candidate *candidate;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->tree);
	look(&search, &w);
	if (!search.uses_it)
		return template_decline(scene, "no workflow here uses %.*s", STR_ARG(search.wrong));
	candidate = propose(scene, ORACLE_SIBLING, "There is no such action; other steps, or GitHub's own "
			    "list, show what is meant.");
	for (size_t i = 0; i < w.count; i++)
		if (!mend(scene, candidate, &search, &w.list[i]))
			return;
	if (!candidate->patch.count)
		workflow_decline(scene, "it is pinned by its commit");
}

#define JOB(uses) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: " uses "\n"

static const struct example examples[] = {
	{
		.name = "the owner",
		.log = "##[error]Unable to resolve action action/setup-go, repository not found\n",
		.file = {
			{ ".github/workflows/c.yml",
			  JOB("actions/checkout@v4") "      # cached\n      - uses: action/setup-go@v5   # new\n",
			  JOB("actions/checkout@v4") "      # cached\n      - uses: actions/setup-go@v5   # new\n" },
		},
	},
	{
		.name = "a version that never was",
		.log = "##[error]Unable to resolve action `actions/checkout@v44`, unable to find version `v44`\n",
		.file = {
			{ ".github/workflows/c.yml", JOB("actions/checkout@v44"), JOB("actions/checkout@v4") },
		},
	},
	{
		.name = "somebody's action that went away",
		.log = "##[error]Unable to resolve action some/setup, repository not found\n",
		.file = {
			{ ".github/workflows/c.yml", JOB("some/setup@v1"), NULL },
		},
		.declines = "not exactly one",
	},
	{
		.name = "somebody's version",
		.log = "##[error]Unable to resolve action `some/setup@v9`, unable to find version `v9`\n",
		.file = {
			{ ".github/workflows/c.yml", JOB("some/setup@v9"), NULL },
		},
		.declines = "which version",
	},
	{0}
};

const struct template template_workflow_misspelt_action = {
	.name = "workflow_misspelt_action",
	.summary = "an action or version that does not exist -> the one that other steps use",
	.class = "workflow",
	.oracles = "other steps; a table of GitHub's actions",
	.keeps_off = "pins by commit; names that nothing is like; versions that nobody uses",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "^Unable to resolve action `?(?<name>[\\w.-]+/[\\w./-]+)(?:@(?<version>[\\w.-]+))?`?, "
		   "(?:repository not found|unable to find version)",
	.fix = fix,
	.examples = examples,
};

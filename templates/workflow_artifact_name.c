/*
 * A download names an artifact that no job uploads -> the one uploaded name that is a slip away; or, when
 * a matrix uploads under that name with more behind it, a pattern and merge-multiple.
 */
#include "templates/lib_similar.h"
#include "templates/lib_workflow.h"

static const char *const types[] = { "no such artifact", NULL };

struct search {
	struct str wanted, alike;
	unsigned exact, likes, legs;
};

/* "wheels-${{ matrix.os }}" is of "wheels". */
static bool is_leg_of(struct str name, struct str wanted)
{
	return name.size > wanted.size && str_equal(str_slice(name, 0, wanted.size), wanted) &&
	       name.at[wanted.size] == '-' && str_has(name, "${{ matrix.");
}

static void look(struct search *search, const struct workflow *workflow)
{
	struct workflow_job job;
	struct workflow_step step;
	struct str action, version, name;

	for (unsigned j = 0; workflow_job(workflow, j, &job); j++)
		for (unsigned n = 0; workflow_step(&job, n, &step); n++) {
			if (!workflow_action(step.uses, &action, &version) ||
			    !str_is(action, "actions/upload-artifact"))
				continue;
			name = workflow_input(&job, &step, "name");
			search->exact += workflow_fits(name, search->wanted);
			search->legs += is_leg_of(name, search->wanted);
			if (similar_distance(name, search->wanted) == 1) {
				search->alike = name;
				search->likes++;
			}
		}
}

static void rename_download(struct edits *edits, const struct workflow_job *job,
			    const struct workflow_step *step, const struct search *search)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode with = yaml_get(s, step->body, "with"), pair = yaml_find(s, with, "name");

	if (!str_equal(yaml_text(s, yaml_value(pair)), search->wanted))
		return;
	if (!search->legs) {
		yaml_set(edits, s, yaml_value(pair), search->alike);
		return;
	}
	edit_replace(edits, ts_node_start_byte(pair), yaml_end(s, pair),
		     str_of(arena_printf(s->arena, "pattern: %.*s-*", STR_ARG(search->wanted))));
	yaml_add(edits, s, with, pair, "merge-multiple", "true");
}

static void fix(struct scene *scene)
{
	struct search search = { .wanted = scene_group(scene, "name") };
	struct edits edits = { .arena = scene->arena };
	struct candidate *candidate;
	struct workflow_step step;
	struct workflow_job job;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_title(scene))
		return template_decline(scene, "the log does not tell the step");
	if (!workflow_job_of_log(scene, &w, &job))
		return;
	look(&search, job.workflow);
	if (search.exact || (search.legs ? search.likes : search.likes != 1))
		return template_decline(scene, search.exact ? "a job uploads it: it failed or did not run"
							    : "not exactly one upload is called nearly so");
	for (unsigned n = 0; workflow_step(&job, n, &step); n++)
		rename_download(&edits, &job, &step, &search);
	if (!edits.count)
		return template_decline(scene, "no download of the job names it");
	candidate = propose(scene, ORACLE_SIBLING, search.legs
		? "Each leg of the matrix uploads under a name of its own: the download takes them all."
		: "No job uploads %.*s; %.*s is meant.", STR_ARG(search.wanted), STR_ARG(search.alike));
	workflow_put(scene, candidate, job.workflow, &edits);
}

#define LOG "##[group]Run actions/download-artifact@v4\nwith:\n  name: wheels\n##[endgroup]\n" \
	"##[error]Unable to download artifact(s): Artifact not found for name: wheels\n"
#define JOBS(up, down) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" \
	"      - uses: actions/upload-artifact@v4\n        with: { name: " up " }\n" \
	"  b:\n    needs: a\n    runs-on: ubuntu-24.04\n    steps:\n" \
	"      - uses: actions/download-artifact@v4\n        with:\n" down "          path: dist\n"

static const struct example examples[] = {
	{
		.name = "a letter",
		.log = LOG,
		.file = { { ".github/workflows/c.yml", JOBS("wheel", "          name: wheels\n"),
			    JOBS("wheel", "          name: wheel\n") } },
	},
	{
		.name = "the legs of a matrix",
		.log = LOG,
		.file = { { ".github/workflows/c.yml",
			    JOBS("\"wheels-${{ matrix.os }}\"", "          name: wheels\n"),
			    JOBS("\"wheels-${{ matrix.os }}\"",
				 "          pattern: wheels-*\n          merge-multiple: true\n") } },
	},
	{
		.name = "uploaded, but not this time",
		.log = LOG,
		.file = { { ".github/workflows/c.yml", JOBS("wheels", "          name: wheels\n"), NULL } },
		.declines = "a job uploads it",
	},
	{0}
};

const struct template template_workflow_artifact_name = {
	.name = "workflow_artifact_name",
	.summary = "a download of an artifact by a name that nobody uploads -> the uploaded name, or its pattern",
	.class = "workflow",
	.oracles = "the uploads of the workflow",
	.keeps_off = "names that are uploaded; several that may be meant",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "(?:Artifact not found for name: |artifact with the name: )(?<name>[\\w.-]+)",
	.fix = fix,
	.examples = examples,
};

/*
 * Workflows and logs as hostile text: the first line feed that stands alone parts a workflow from a log.
 * Whatever is read, nodes lie inside the text, every template may be asked, and what one proposes is a
 * text that parses no worse.
 */
#include "bot/rules.h"
#include "ci/log.h"
#include "templates/lib_workflow_schema.h"
#include "templates/lib_workflow_tool.h"
#include "templates/lib_yaml_lines.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PATH ".github/workflows/ci.yml"

static void inside(const struct syntax *s, struct str text)
{
	if (text.size && !text.at)
		abort();
	if (text.size > s->text.size * 2 + 64)
		abort();
}

static void look(const struct workflow *workflow)
{
	struct workflow_job job;
	struct workflow_step step;
	struct str id, name;

	(void)schema_fits(workflow->syntax);
	(void)yaml_step(workflow->syntax);
	(void)yaml_quote(workflow->syntax);
	for (unsigned j = 0; j < 50 && workflow_job(workflow, j, &job); j++) {
		inside(workflow->syntax, job.id);
		(void)workflow_version(&job, "actions/setup-node", "node-version");
		for (unsigned n = 0; n < 50 && workflow_step(&job, n, &step); n++) {
			struct edits edits = { .arena = workflow->syntax->arena };
			struct str out;

			inside(workflow->syntax, step.run);
			inside(workflow->syntax, step.uses);
			(void)workflow_output(workflow, step.body, 0, &id, &name);
			if (!step.uses.size)
				continue;
			workflow_set_input(&edits, &job, &step, "fetch-depth", "0");
			if (edits_apply(&edits, workflow->syntax, &out) &&
			    !str_has(out, "fetch-depth: 0") && !str_has(out, "0"))
				abort();
		}
	}
}

static void ask_templates(struct arena *a, const struct tree *tree, struct str log)
{
	struct scene scene = { .tree = tree, .parent = tree, .arena = a };
	const struct rules rules = {0};

	scene.report = log_read(a, tree, log);
	templates_propose(&scene);
	for (size_t i = 0; i < scene.candidate_count; i++) {
		struct err e = ERR_INIT;

		(void)rules_allow(&rules, &scene.candidates[i], tree, tree, a, &e);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct str all = { (const char *)data, size }, flow = all, log = STR_NONE;
	size_t count;
	WORKFLOWS w = {0};

	(void)str_split(all, "\n\n\n", &flow, &log);
	{
		const struct tree_file files[] = { { PATH, str_text(&a, flow) },
			{ "action.yml", str_text(&a, flow) }, { "package.json", "{}\n" },
			{ "tools/a.sh", "#!/bin/sh\n" }, { NULL, NULL } };
		const struct tree *tree = tree_of_files(&a, files);

		workflows_open(&w, &a, tree);
		for (size_t i = 0; i < w.count; i++)
			look(&w.list[i]);
		(void)yaml_lines(&a, flow, &count);
		(void)yaml_is_workflow(&a, flow);
		ask_templates(&a, tree, log);
	}
	return 0;
}

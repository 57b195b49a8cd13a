/*
 * What is missing lies in a submodule that the job's checkout does not fetch -> `submodules`, with the
 * value that another checkout has, else "recursive". Keeps off submodules that need a key.
 */
#include "templates/lib_scene.h"
#include "templates/lib_workflow.h"

/* Does the message name something at or below the folder? */
static bool names(struct str message, struct str folder)
{
	for (ptrdiff_t at; (at = str_find(message, folder)) >= 0;
	     message = str_from(message, (size_t)at + folder.size)) {
		size_t end = (size_t)at + folder.size;

		if ((end == message.size || strchr("/ '\"`:,", message.at[end])) &&
		    (!at || strchr("/ '\"`:(", message.at[at - 1])))
			return true;
	}
	return false;
}

/* The submodule that the message is about, with its address. */
static bool find_module(const struct scene *scene, struct str *path, struct str *url)
{
	struct str text, line, key, value, folder = STR_NONE;
	bool found = false;

	if (!scene_read(scene, ".gitmodules", &text))
		return false;
	while (str_next_line(&text, &line)) {
		if (str_starts(str_trim(line), "["))
			folder = STR_NONE;
		if (!str_split(line, "=", &key, &value))
			continue;
		if (str_is(str_trim(key), "path"))
			folder = str_trim(value);
		if (folder.size && names(str_of(scene->failure->message), folder)) {
			*path = folder;
			found = true;
		}
		if (str_is(str_trim(key), "url"))
			*url = str_trim(value);
		if (found && str_is(str_trim(key), "url"))
			return true;
	}
	return found;
}

/* What other checkouts say; false when one of them needs a key for it. */
static bool usual(const struct workflows *w, struct str *value)
{
	struct workflow_job job;
	struct workflow_step step;
	struct str action, version;

	for (size_t i = 0; i < w->count; i++)
		for (unsigned j = 0; workflow_job(&w->list[i], j, &job); j++)
			for (unsigned n = 0; workflow_step(&job, n, &step); n++) {
				struct str said = workflow_input(&job, &step, "submodules");

				if (!workflow_action(step.uses, &action, &version) ||
				    !str_is(action, "actions/checkout") || !said.size ||
				    str_is(said, "false"))
					continue;
				if (workflow_input(&job, &step, "token").size ||
				    workflow_input(&job, &step, "ssh-key").size)
					return false;
				*value = said;
			}
	return true;
}

static void fix(struct scene *scene)
{
	struct edits edits = { .arena = scene->arena };
	struct str path, url = STR_NONE, value = STR_NONE, has;
	struct candidate *candidate;
	struct workflow_step step;
	struct workflow_job job;
	WORKFLOWS w = {0};

	if (!find_module(scene, &path, &url))
		return template_decline(scene, "what is missing is in no submodule");
	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_job_of_log(scene, &w, &job))
		return;
	if (!workflow_step_using(&job, "actions/checkout", &step))
		return template_decline(scene, "the job has no checkout");
	has = workflow_input(&job, &step, "submodules");
	if (has.size && !str_is(has, "false"))
		return template_decline(scene, "the checkout fetches submodules already");
	if (!usual(&w, &value) || (!value.size && !str_starts(url, "https://")))
		return template_decline(scene, "the submodule needs a key");
	workflow_set_input(&edits, &job, &step, "submodules",
			   value.size ? str_text(scene->arena, value) : "recursive");
	candidate = propose(scene, value.size ? ORACLE_SIBLING : ORACLE_CONTRACT,
			    "%.*s is a submodule, and the checkout of this job does not fetch it.",
			    STR_ARG(path));
	workflow_put(scene, candidate, job.workflow, &edits);
}

#define LOG "##[group]Run cmake -B out\nshell: /bin/bash -e {0}\n##[endgroup]\n" \
	"CMake Error at CMakeLists.txt:4 (add_subdirectory):\n  The source directory\n\n" \
	"    /home/runner/work/a/a/third_party/zopfli\n\n  does not contain a CMakeLists.txt file.\n\n" \
	"##[error]Process completed with exit code 1.\n"

static const struct example examples[] = {
	{
		.name = "as the other job has it",
		.log = LOG,
		.file = {
			{ ".gitmodules", "[submodule \"z\"]\n\tpath = third_party/zopfli\n"
			  "\turl = https://github.com/google/zopfli.git\n", NULL },
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/checkout@v4\n        with: { submodules: true }\n      - run: make\n"
			  "  b:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - name: Tree\n        uses: actions/checkout@v4\n      - run: cmake -B out\n",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/checkout@v4\n        with: { submodules: true }\n      - run: make\n"
			  "  b:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - name: Tree\n        uses: actions/checkout@v4\n        with:\n"
			  "          submodules: true\n      - run: cmake -B out\n" },
		},
	},
	{
		.name = "a private one",
		.log = LOG,
		.file = {
			{ ".gitmodules", "[submodule \"z\"]\n\tpath = third_party/zopfli\n"
			  "\turl = git@github.com:mine/zopfli.git\n", NULL },
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  b:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/checkout@v4\n      - run: cmake -B out\n", NULL },
		},
		.declines = "needs a key",
	},
	{
		.name = "a folder of its own",
		.log = LOG,
		.file = {
			{ ".github/workflows/ci.yml",
			  "on: push\njobs:\n  b:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - uses: actions/checkout@v4\n      - run: cmake -B out\n", NULL },
		},
		.declines = "no submodule",
	},
	{0}
};

const struct template template_workflow_submodules = {
	.name = "workflow_submodules",
	.summary = "a file of a submodule that the checkout does not fetch -> `submodules`",
	.class = "workflow",
	.oracles = ".gitmodules, the checkout of another job",
	.keeps_off = "submodules that need a key",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "does not contain a CMakeLists.txt|which is not an existing|[Nn]o such file|not found|does not exist|"
		   "No rule to make target|annot find|an't open",
	.fix = fix,
	.examples = examples,
};

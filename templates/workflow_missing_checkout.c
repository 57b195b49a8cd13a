/*
 * A step misses a file that the repository has, in a job that never checks it out -> the checkout, as
 * other jobs have it, before everything else: it empties the folder. Keeps off jobs that clone by
 * themselves, and files that the repository does not have either.
 */
#include "templates/lib_scene.h"
#include "templates/lib_workflow.h"

/* What tools look for without saying its path. */
static const struct {
	const char *words, *path;
} unnamed[] = {
	{ "not a git repository", "" }, { "no makefile found", "Makefile" },
	{ "No rule to make target", "Makefile" }, { "go.mod file not found", "go.mod" },
	{ "could not find `Cargo.toml`", "Cargo.toml" }, { "package.json", "package.json" },
	{ "no POM in this directory", "pom.xml" }, { "does not contain a Gradle build", "gradlew" },
	{ "Could not find a part of the path", "" },
};

static bool is_path_byte(char c)
{
	return c && (strchr("._-/+@", c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		     (c >= 'A' && c <= 'Z'));
}

/* A word of the message that is a file of the tree, or a folder of it. */
static const char *named(const struct scene *scene, struct str message)
{
	for (size_t at = 0; at < message.size;) {
		size_t end = at;
		struct str word;
		const char *path;

		while (end < message.size && is_path_byte(message.at[end]))
			end++;
		word = str_slice(message, at, end - at);
		at = end > at ? end : at + 1;
		while (str_chop(&word, ".") || str_chop(&word, "/"))
			;
		(void)str_skip(&word, "./");
		if (word.size < 3)
			continue;
		path = tree_path(scene->tree, word);
		if (path)
			return path;
		(void)str_split(word, "/.github/", NULL, &word);
		if (tree_has_folder(scene->tree, arena_printf(scene->arena, ".github/%.*s",
							      STR_ARG(word))))
			return arena_printf(scene->arena, ".github/%.*s", STR_ARG(word));
	}
	return NULL;
}

static const char *missing(const struct scene *scene)
{
	struct str message = str_of(scene->failure->message);

	for (size_t i = 0; i < sizeof(unnamed) / sizeof(unnamed[0]); i++)
		if (str_has(message, unnamed[i].words) &&
		    (!unnamed[i].path[0] || tree_has(scene->tree, unnamed[i].path)))
			return unnamed[i].path[0] ? unnamed[i].path : "its history";
	return named(scene, message);
}

static bool gets_files(const struct workflow_job *job)
{
	static const char *const ways[] = { "git clone", "gh repo clone", "git init", "git fetch",
		"git checkout", "tarball", "svn ", "degit", NULL };
	struct workflow_step step;

	for (unsigned n = 0; workflow_step(job, n, &step); n++) {
		if (str_has(step.uses, "checkout"))
			return true;
		for (size_t i = 0; ways[i]; i++)
			if (str_has(step.run, ways[i]))
				return true;
	}
	return false;
}

/* The checkout of other jobs: of the same file first. Not one of another repository. */
static const char *usual(const struct workflows *w, const struct workflow *here)
{
	const char *found = NULL, *best = NULL;
	struct workflow_step step;
	struct workflow_job job;

	for (size_t i = 0; i < w->count; i++)
		for (unsigned j = 0; workflow_job(&w->list[i], j, &job); j++) {
			bool drop;

			if (!workflow_step_using(&job, "actions/checkout", &step) ||
			    workflow_input(&job, &step, "repository").size)
				continue;
			drop = str_is(workflow_input(&job, &step, "persist-credentials"), "false");
			found = arena_printf(w->arena, "- uses: %.*s%s", STR_ARG(step.uses),
					     drop ? "\n  with:\n    persist-credentials: false" : "");
			if (!best || &w->list[i] == here)
				best = found;
		}
	return best ? best : "- uses: actions/checkout@v4";
}

static void fix(struct scene *scene)
{
	struct workflow_job jobs[WORKFLOW_JOBS_MAX], job = {0};
	struct edits edits = { .arena = scene->arena };
	struct candidate *candidate;
	size_t count, without = 0;
	const char *file;
	WORKFLOWS w = {0};

	file = missing(scene);
	if (!file)
		return template_decline(scene, "the repository has no file that the log misses");
	if (!workflow_title(scene))
		return template_decline(scene, "the log does not tell the step");
	workflows_open(&w, scene->arena, scene->tree);
	count = workflow_jobs_of_log(scene, &w, jobs);
	for (size_t i = 0; i < count; i++)
		if (!jobs[i].workflow->action && !gets_files(&jobs[i])) {
			job = jobs[i];
			without++;
		}
	if (without != 1)
		return template_decline(scene, without ? "several jobs without a checkout fit the log"
						       : "the job that fits the log has its files");
	if (!yaml_add_item(&edits, job.workflow->syntax, job.steps, 0, false, usual(&w, job.workflow)))
		return template_decline(scene, "the steps are no list of lines");
	candidate = propose(scene, ORACLE_SIBLING, "The job uses %s and never checks the repository out.",
			    file);
	workflow_put(scene, candidate, job.workflow, &edits);
}

#define TWO "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" \
	"      - uses: actions/checkout@v4\n      - run: make\n" \
	"  b:\n    needs: a\n    runs-on: ubuntu-24.04\n    steps:\n"

static const struct example examples[] = {
	{
		.name = "before the others, and their comment",
		.log = "##[group]Run python3 tools/check.py\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
		       "python3: can't open file '/home/runner/work/e/e/tools/check.py': [Errno 2] No such "
		       "file or directory\n##[error]Process completed with exit code 2.\n",
		.file = {
			{ "tools/check.py", "print(1)\n", NULL },
			{ ".github/workflows/n.yml",
			  TWO "      # what a left\n      - uses: actions/download-artifact@v4\n"
			  "      - run: python3 tools/check.py\n",
			  TWO "      - uses: actions/checkout@v4\n      # what a left\n"
			  "      - uses: actions/download-artifact@v4\n      - run: python3 tools/check.py\n" },
		},
	},
	{
		.name = "an action of the repository",
		.log = "##[group]Run ./.github/actions/setup\n##[endgroup]\n##[error]Can't find 'action.yml', "
		       "'action.yaml' or 'Dockerfile' under '/home/runner/work/e/e/.github/actions/setup'. Did "
		       "you forget to run actions/checkout before running your local action?\n",
		.file = {
			{ ".github/actions/setup/action.yml", "runs:\n  using: composite\n  steps: []\n", NULL },
			{ ".github/workflows/n.yml",
			  TWO "      - uses: ./.github/actions/setup\n",
			  TWO "      - uses: actions/checkout@v4\n      - uses: ./.github/actions/setup\n" },
		},
	},
	{
		.name = "the job has its files",
		.log = "##[group]Run make\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
		       "cat: tools/check.py: No such file or directory\n"
		       "##[error]Process completed with exit code 2.\n",
		.file = {
			{ "tools/check.py", "print(1)\n", NULL },
			{ ".github/workflows/n.yml", TWO "      - run: x\n", NULL },
		},
		.declines = "has its files",
	},
	{
		.name = "a file that nobody has",
		.log = "##[group]Run python3 tools/check.py\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
		       "python3: can't open file '/home/runner/work/e/e/tools/check.py': [Errno 2] No such "
		       "file or directory\n##[error]Process completed with exit code 2.\n",
		.file = {
			{ ".github/workflows/n.yml", TWO "      - run: python3 tools/check.py\n", NULL },
		},
		.declines = "has no file",
	},
	{0}
};

const struct template template_workflow_missing_checkout = {
	.name = "workflow_missing_checkout",
	.summary = "a job that uses files of the repository without a checkout -> the checkout first",
	.class = "workflow",
	.oracles = "the repository's files, the checkout of other jobs",
	.keeps_off = "jobs that clone; files that nobody has; logs that do not tell the step",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "[Nn]o such file|[Cc]an't open|[Cc]annot open|not a git repository|Can't find 'action|"
		   "no makefile found|No rule to make target|package\\.json|[Cc]ould not open|"
		   "go\\.mod file not found|could not find `Cargo|Cannot find module|no POM in this|"
		   "does not contain a Gradle|cannot access|not found|does not exist",
	.fix = fix,
	.examples = examples,
};

/*
 * The project itself excludes the Python that a job installs it with -> the leg goes from the matrix, or the
 * one version is raised to the least that the project takes. Another package's wish is none of the project.
 */
#include "templates/lib_scene.h"
#include "templates/lib_workflow_tool.h"

/* "lantern" and "Lan-Tern" as pip compares them. */
static bool same_name(struct str one, struct str other)
{
	if (one.size != other.size)
		return false;
	for (size_t i = 0; i < one.size; i++) {
		char a = one.at[i], b = other.at[i];

		a = strchr("_.", a) && a ? '-' : (char)(a >= 'A' && a <= 'Z' ? a + 32 : a);
		b = strchr("_.", b) && b ? '-' : (char)(b >= 'A' && b <= 'Z' ? b + 32 : b);
		if (a != b)
			return false;
	}
	return true;
}

/* Is it the project's own name? */
static bool is_own(const struct scene *scene, struct str name)
{
	static const char *const files[] = { "pyproject.toml", "setup.cfg", "setup.py" };
	struct str text, line, key, value;

	for (size_t i = 0; i < 3; i++) {
		if (!scene_read(scene, files[i], &text))
			continue;
		while (str_next_line(&text, &line)) {
			if (!str_split(line, "=", &key, &value) || !str_is(str_trim(key), "name"))
				continue;
			value = str_trim(value);
			(void)str_chop(&value, ",");
			if (value.size > 2 && strchr("\"'", value.at[0]))
				value = str_slice(value, 1, value.size - 2);
			if (same_name(value, name))
				return true;
		}
	}
	return false;
}

/* The item of the matrix that setup-python is given and that is this version. */
static bool drop_leg(struct edits *edits, const struct workflow_job *job, struct tool_version has)
{
	const struct syntax *s = job->workflow->syntax;
	struct tool_version one;
	struct workflow_step step;
	struct str key;
	TSNode axis, item;

	if (!workflow_step_using(job, "actions/setup-python", &step))
		return false;
	key = workflow_expression(workflow_input(job, &step, "python-version"));
	if (!str_skip(&key, "matrix.") ||
	    !ts_node_is_null(yaml_get(s, job->body, "strategy/matrix/include")) ||
	    !ts_node_is_null(yaml_get(s, job->body, "strategy/matrix/exclude")))
		return false;
	axis = yaml_get(s, yaml_get(s, job->body, "strategy/matrix"), str_text(s->arena, key));
	for (unsigned n = 0; item = yaml_item(axis, n), !ts_node_is_null(item); n++)
		if (tool_version_of(yaml_text(s, item), &one) && !tool_version_compare(one, has))
			return yaml_drop_item(edits, s, axis, n);
	return false;
}

static void fix(struct scene *scene)
{
	struct tool_version has, least;
	struct edits edits = { .arena = scene->arena };
	struct candidate *candidate;
	struct workflow_job job;
	struct str range = scene_group(scene, "range");
	WORKFLOWS w = {0};

	(void)str_split(range, ",", &range, NULL);
	if (!is_own(scene, scene_group(scene, "package")))
		return template_decline(scene, "another package wants it, not the project");
	if (!tool_version_of(scene_group(scene, "version"), &has) ||
	    !tool_version_least(range, &least) || tool_version_compare(has, least) >= 0)
		return template_decline(scene, "the version is not below what the project takes");
	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_job_of_log(scene, &w, &job))
		return;
	if (!drop_leg(&edits, &job, has))
		return workflow_raise(scene, "actions/setup-python", "python-version", least,
				      "The project does not take the Python that the workflow sets up.");
	candidate = propose(scene, ORACLE_CONTRACT, "The project does not take Python %u.%u any more: that leg "
			    "of the matrix goes.", has.major, has.minor);
	workflow_put(scene, candidate, job.workflow, &edits);
}

#define LOG "##[group]Run pip install .\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n" \
	"ERROR: Package 'lantern' requires a different Python: 3.8.18 not in '>=3.9'\n" \
	"##[error]Process completed with exit code 1.\n"
#define JOB(more, version) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n" more "    steps:\n" \
	"      - uses: actions/setup-python@v5\n        with:\n          python-version: " version "\n" \
	"      - run: pip install .\n"
#define MATRIX(list) JOB("    strategy:\n      matrix:\n        python: " list "\n", "${{ matrix.python }}")
#define PROJECT { "pyproject.toml", "[project]\nname = \"lantern\"\nrequires-python = \">=3.9\"\n", NULL }

static const struct example examples[] = {
	{
		.name = "a leg of a matrix",
		.log = LOG,
		.file = { PROJECT, { ".github/workflows/p.yml", MATRIX("[\"3.8\", \"3.9\"]   # all"),
				     MATRIX("[\"3.9\"]   # all") } },
	},
	{
		.name = "one version",
		.log = LOG,
		.file = { PROJECT, { ".github/workflows/p.yml", JOB("", "'3.8'"), JOB("", "'3.9'") } },
	},
	{
		.name = "another package",
		.log = "##[group]Run pip install .\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n"
		       "ERROR: Package 'numpy' requires a different Python: 3.8.18 not in '>=3.9'\n"
		       "##[error]Process completed with exit code 1.\n",
		.file = { PROJECT, { ".github/workflows/p.yml", JOB("", "'3.8'"), NULL } },
		.declines = "another package",
	},
	{0}
};

const struct template template_workflow_python_version = {
	.name = "workflow_python_version",
	.summary = "a Python that the project itself excludes -> out of the matrix, or the least that it takes",
	.class = "workflow",
	.oracles = "requires-python of the project",
	.keeps_off = "other packages; matrices that say more of their legs",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "Package '(?<package>[\\w.-]+)' requires a different Python: (?<version>[\\d.]+) not in "
		   "'(?<range>[^']+)'",
	.fix = fix,
	.examples = examples,
};

/*
 * setup-python has no such old version for the image -> the leg that wants it goes to the newest image that
 * has it, and all others stay; or the leg goes when the project itself does not promise that version any
 * more. Only versions and images that the table knows.
 */
#include "templates/lib_scene.h"
#include "templates/lib_workflow_known.h"
#include "templates/lib_workflow_tool.h"

static const char *const types[] = { "no such version", NULL };

struct leg {
	const struct syntax *s;
	struct workflow_job job;
	TSNode matrix, axis, runs_on;
	struct str version, key, os_key;	/* names in the matrix; os_key empty: the job names its image */
	unsigned item;				/* of the axis */
	const char *image;
};

/* "requires-python = ">=3.8"", "python_requires = >=3.8" */
static bool least_python(const struct scene *scene, struct tool_version *least)
{
	static const struct {
		const char *path, *key;
	} places[] = {
		{ "pyproject.toml", "requires-python" }, { "setup.cfg", "python_requires" },
		{ "setup.py", "python_requires" },
	};
	struct str text, line;

	for (size_t i = 0; i < 3; i++) {
		if (!scene_read(scene, places[i].path, &text))
			continue;
		while (str_next_line(&text, &line))
			if (str_skip(&line, places[i].key) || (line = str_trim(line),
							       str_skip(&line, places[i].key)))
				if (str_split(line, ">=", NULL, &line))
					return tool_version_of(line, least);
	}
	return false;
}

/* Which item of which axis the job gives to setup-python; false where it is no list of the matrix. */
static bool find_leg(struct leg *leg)
{
	struct workflow_step step;
	struct str expression;
	TSNode item;

	if (!workflow_step_using(&leg->job, "actions/setup-python", &step))
		return false;
	leg->runs_on = yaml_get(leg->s, leg->job.body, "runs-on");
	leg->matrix = yaml_get(leg->s, leg->job.body, "strategy/matrix");
	expression = workflow_expression(workflow_input(&leg->job, &step, "python-version"));
	if (!str_skip(&expression, "matrix."))
		return str_equal(workflow_input(&leg->job, &step, "python-version"), leg->version);
	leg->key = expression;
	leg->axis = yaml_get(leg->s, leg->matrix, str_text(leg->s->arena, expression));
	for (unsigned n = 0; item = yaml_item(leg->axis, n), !ts_node_is_null(item); n++)
		if (str_equal(yaml_text(leg->s, item), leg->version)) {
			leg->item = n;
			expression = workflow_expression(yaml_text(leg->s, leg->runs_on));
			if (str_skip(&expression, "matrix."))
				leg->os_key = expression;
			return true;
		}
	return false;
}

/* Is the leg named by includes or excludes, which say more of it? */
static bool is_named_again(const struct leg *leg)
{
	static const char *const lists[] = { "include", "exclude" };
	TSNode entry;

	for (size_t i = 0; i < 2; i++) {
		TSNode list = yaml_get(leg->s, leg->matrix, lists[i]);

		for (unsigned n = 0; entry = yaml_item(list, n), !ts_node_is_null(entry); n++)
			if (str_equal(yaml_get_text(leg->s, entry, str_text(leg->s->arena, leg->key)),
				      leg->version))
				return true;
	}
	return false;
}

/* The image of the leg that failed is the only one of the axis. */
static bool one_image(const struct leg *leg)
{
	TSNode axis = yaml_get(leg->s, leg->matrix, str_text(leg->s->arena, leg->os_key));

	return !ts_node_is_null(yaml_item(axis, 0)) && ts_node_is_null(yaml_item(axis, 1));
}

/* The leg leaves the product and is included by itself. */
static bool move_leg(struct edits *edits, const struct leg *leg)
{
	TSNode include = yaml_get(leg->s, leg->matrix, "include");
	TSNode item = yaml_item(leg->axis, leg->item);
	const char *entry = arena_printf(leg->s->arena, "- { %.*s: %s, %.*s: %.*s }", STR_ARG(leg->os_key),
					 leg->image, STR_ARG(leg->key),
					 STR_ARG(syntax_text(leg->s, item)));

	if (!yaml_drop_item(edits, leg->s, leg->axis, leg->item))
		return false;
	if (!ts_node_is_null(include))
		return yaml_add_item(edits, leg->s, include, 0, false, entry);
	if (!syntax_type_is(leg->matrix, "block_mapping"))
		return false;
	yaml_add(edits, leg->s, leg->matrix, (TSNode){ {0}, NULL, NULL }, "include",
		 arena_printf(leg->s->arena, "\n%s%s", yaml_step(leg->s), entry));
	return true;
}

static const char *mend(struct edits *edits, const struct leg *leg, bool promised)
{
	struct str label = yaml_text(leg->s, leg->runs_on);

	if (!leg->key.size) {			/* one version, one image */
		if (!promised || !str_starts(label, "ubuntu-") || str_char(label, '$') >= 0)
			return "the job says nothing that could be moved";
		yaml_set(edits, leg->s, leg->runs_on, str_of(leg->image));
		return NULL;
	}
	if (is_named_again(leg))
		return "the matrix says more of that leg";
	if (!promised)
		return yaml_drop_item(edits, leg->s, leg->axis, leg->item)
			? NULL : "it is the only version";
	if (leg->os_key.size)
		return one_image(leg) && move_leg(edits, leg)
			? NULL : "several images build that version";
	if (!str_starts(label, "ubuntu-") || str_char(label, '$') >= 0)
		return "the job says nothing that could be moved";
	yaml_set(edits, leg->s, leg->runs_on,
		 str_of(arena_printf(leg->s->arena, "${{ matrix.%.*s == '%.*s' && '%s' || '%.*s' }}",
				     STR_ARG(leg->key), STR_ARG(leg->version), leg->image,
				     STR_ARG(label))));
	return NULL;
}

static void fix(struct scene *scene)
{
	struct leg leg = { .version = scene_group(scene, "version") };
	struct tool_version least, version;
	struct edits edits = { .arena = scene->arena };
	struct candidate *candidate;
	const char *why;
	bool promised;
	WORKFLOWS w = {0};

	leg.image = known_image_with("python", leg.version, scene_group(scene, "image"));
	promised = !least_python(scene, &least) || !tool_version_of(leg.version, &version) ||
		   tool_version_compare(version, least) >= 0;
	if (promised && !leg.image)
		return template_decline(scene, "no image is known that has this version");
	workflows_open(&w, scene->arena, scene->tree);
	if (!workflow_job_of_log(scene, &w, &leg.job))
		return;
	leg.s = leg.job.workflow->syntax;
	if (!find_leg(&leg))
		return template_decline(scene, "the job does not name the version of the log");
	why = mend(&edits, &leg, promised);
	if (why)
		return template_decline(scene, "%s", why);
	candidate = propose(scene, ORACLE_CONTRACT, promised
		? "The image has no Python %.*s any more: that leg goes to the newest that has it."
		: "The image has no Python %.*s, which the project does not promise any more.",
		STR_ARG(leg.version));
	workflow_put(scene, candidate, leg.job.workflow, &edits);
}

#define LOG "##[group]Run actions/setup-python@v5\nwith:\n  python-version: 3.7\n##[endgroup]\n" \
	"##[error]The version '3.7' with architecture 'x64' was not found for Ubuntu 24.04.\n"
#define JOB(runs, more, list) "on: push\njobs:\n  t:\n    runs-on: " runs "\n    strategy:\n      matrix:\n" more \
	"        python: " list "\n"
#define STEPS "    steps:\n      - uses: actions/setup-python@v5\n        with:\n" \
	"          python-version: ${{ matrix.python }}\n"

static const struct example examples[] = {
	{
		.name = "an axis of images",
		.log = LOG,
		.file = {
			{ "pyproject.toml", "[project]\nrequires-python = \">=3.7\"\n", NULL },
			{ ".github/workflows/t.yml",
			  JOB("${{ matrix.os }}", "        os: [ubuntu-latest]\n", "[\"3.7\", \"3.12\"]") STEPS,
			  JOB("${{ matrix.os }}", "        os: [ubuntu-latest]\n", "[\"3.12\"]")
			  "        include:\n          - { os: ubuntu-22.04, python: \"3.7\" }\n" STEPS },
		},
	},
	{
		.name = "one image for all",
		.log = LOG,
		.file = {
			{ ".github/workflows/t.yml",
			  JOB("ubuntu-latest", "", "['3.7', '3.12']") STEPS,
			  JOB("${{ matrix.python == '3.7' && 'ubuntu-22.04' || 'ubuntu-latest' }}", "",
			      "['3.7', '3.12']") STEPS },
		},
	},
	{
		.name = "not promised any more",
		.log = LOG,
		.file = {
			{ "setup.cfg", "[options]\npython_requires = >=3.8\n", NULL },
			{ ".github/workflows/t.yml",
			  JOB("ubuntu-latest", "", "['3.7', '3.12']") STEPS,
			  JOB("ubuntu-latest", "", "['3.12']") STEPS },
		},
	},
	{
		.name = "a version that no image has",
		.log = "##[error]The version '3.5' with architecture 'x64' was not found for Ubuntu 24.04.\n",
		.file = {
			{ ".github/workflows/t.yml", JOB("ubuntu-latest", "", "['3.5', '3.12']") STEPS, NULL },
		},
		.declines = "no image is known",
	},
	{
		.name = "the matrix says more of it",
		.log = LOG,
		.file = {
			{ ".github/workflows/t.yml",
			  JOB("ubuntu-latest", "        include: [{ python: '3.7', old: true }]\n", "['3.7', '3.12']")
			  STEPS, NULL },
		},
		.declines = "says more",
	},
	{0}
};

const struct template template_workflow_version_on_image = {
	.name = "workflow_version_on_image",
	.summary = "a Python that the runner's image lacks -> that leg on the newest image that has it",
	.class = "workflow",
	.oracles = "a table of images; requires-python",
	.keeps_off = "versions that no image has; several images; legs of which the matrix says more",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "^The version '(?<version>[\\w.-]+)' with architecture 'x64' was not found for "
		   "(?<image>\\w+ [\\d.]*\\d)",
	.fix = fix,
	.examples = examples,
};

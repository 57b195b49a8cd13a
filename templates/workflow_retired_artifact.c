/*
 * upload-artifact and download-artifact v1 to v3 (and the Pages actions that call them) are refused -> v4,
 * both together. An artifact of v4 is written once: what the legs of a matrix or several jobs put under one
 * name gets a name for each, and its download a pattern and merge-multiple. Files with a leading dot need
 * include-hidden-files. Keeps off where somebody else downloads by the old name, and from pins.
 */
#include "templates/lib_workflow.h"
#include "templates/lib_workflow_known.h"

enum { USES_MAX = 64, FILES_MAX = 3 };

static const char *const types[] = { "action is retired", "no such action", "artifact exists", NULL };

struct use {
	struct workflow_job job;
	struct workflow_step step;
	struct str name;		/* of the artifact; empty: a download of all */
	bool upload, retired;
	const char *suffix;		/* what an upload's name gets, or NULL */
};

struct uses {
	struct use list[USES_MAX];
	size_t count;
	const char *why;		/* set: hands off */
	bool pinned;
};

static bool is_artifact(struct str action)
{
	return str_is(action, "actions/upload-artifact") || str_is(action, "actions/download-artifact");
}

static void collect(struct uses *uses, const struct workflow *workflow)
{
	struct workflow_job job;
	struct workflow_step step;
	struct str action, version;

	for (unsigned j = 0; workflow_job(workflow, j, &job); j++)
		for (unsigned n = 0; workflow_step(&job, n, &step) && uses->count < USES_MAX; n++) {
			struct use *use = &uses->list[uses->count];

			if (!workflow_action(step.uses, &action, &version) || !is_artifact(action))
				continue;
			uses->pinned = uses->pinned || workflow_is_pin(version);
			*use = (struct use){ .job = job, .step = step,
				.name = workflow_input(&job, &step, "name"),
				.upload = str_is(action, "actions/upload-artifact"),
				.retired = known_retired(action, version) };
			if (use->upload && !use->name.size)
				use->name = STR("artifact");
			uses->count++;
		}
}

static bool is_plain_axis(const struct syntax *s, TSNode axis)
{
	TSNode item;

	for (unsigned n = 0; item = yaml_item(axis, n), !ts_node_is_null(item); n++) {
		struct str value = yaml_text(s, item);

		if (!value.size || value.size > 40)
			return false;
		for (size_t i = 0; i < value.size; i++)
			if (strchr("\"':<>|*?\\/\n$", value.at[i]))
				return false;
	}
	return true;
}

/* Does the text, or the step's condition, name this key of the matrix? */
static bool names_axis(struct arena *a, struct str text, struct str key)
{
	return str_has(text, arena_printf(a, "matrix.%.*s", STR_ARG(key)));
}

/* What tells the legs of the job's matrix apart in the name; "" when they are apart; NULL: unclear. */
static const char *leg_suffix(const struct use *use)
{
	const struct syntax *s = use->job.workflow->syntax;
	TSNode strategy = yaml_get(s, use->job.body, "strategy");
	TSNode matrix = yaml_get(s, strategy, "matrix"), pair;
	struct str condition = yaml_get_text(s, use->step.body, "if");
	bool include = !ts_node_is_null(yaml_find(s, matrix, "include"));
	struct text out = TEXT(s->arena);
	bool index = !syntax_type_is(matrix, YAML_MAPPING);
	unsigned axes = 0;

	if (ts_node_is_null(matrix) || str_has(use->name, "strategy.job-index"))
		return "";
	for (unsigned n = 0; pair = yaml_pair(matrix, n), !ts_node_is_null(pair); n++) {
		struct str key = yaml_text(s, yaml_key(pair));

		if (str_is(key, "include") || str_is(key, "exclude"))
			continue;
		axes++;
		if (names_axis(s->arena, use->name, key) ||
		    (names_axis(s->arena, condition, key) && str_has(condition, "==")) ||
		    (!include && ts_node_is_null(yaml_item(yaml_value(pair), 1)) &&
		     syntax_type_is(yaml_value(pair), YAML_SEQUENCE)))
			continue;
		index = index || !syntax_type_is(yaml_value(pair), YAML_SEQUENCE) ||
			!is_plain_axis(s, yaml_value(pair));
		text_addf(&out, "-${{ matrix.%.*s }}", STR_ARG(key));
	}
	if (!axes && str_has(use->name, "matrix."))
		return "";		/* of includes only: they were named by somebody who knew them */
	return index || !axes ? "-${{ strategy.job-index }}" : text_cstr(&out);
}

/* Another job, or another step, that uploads under the same name. */
static unsigned others(const struct uses *uses, const struct use *use, bool *same_job)
{
	unsigned count = 0;

	for (size_t i = 0; i < uses->count; i++) {
		const struct use *other = &uses->list[i];

		if (other == use || !other->upload || !str_equal(other->name, use->name))
			continue;
		count++;
		*same_job = *same_job || str_equal(other->job.id, use->job.id);
	}
	return count;
}

/* Is another artifact uploaded that the pattern of this one would fetch too? */
static bool pattern_fetches_more(const struct uses *uses, const struct use *use)
{
	for (size_t i = 0; i < uses->count; i++) {
		const struct str other = uses->list[i].name;

		if (uses->list[i].upload && !str_equal(other, use->name) && other.size > use->name.size &&
		    str_equal(str_slice(other, 0, use->name.size), use->name) &&
		    other.at[use->name.size] == '-')
			return true;
	}
	return false;
}

static void name_uploads(struct uses *uses)
{
	for (size_t i = 0; i < uses->count; i++) {
		struct use *use = &uses->list[i];
		const char *suffix = use->upload ? leg_suffix(use) : "";
		struct arena *a = use->job.workflow->syntax->arena;
		bool same_job = false;

		if (!use->upload)
			continue;
		if (others(uses, use, &same_job))
			suffix = arena_printf(a, "-%.*s%s", STR_ARG(use->job.id), suffix);
		if (same_job)
			uses->why = "a job uploads twice under one name";
		use->suffix = suffix[0] ? suffix : NULL;
		if (use->suffix && use->job.workflow->action)
			uses->why = "an action does not know the matrix that it is called in";
		if (use->suffix && pattern_fetches_more(uses, use))
			uses->why = "another artifact has a name that begins so";
	}
}

static bool is_renamed(const struct uses *uses, struct str name)
{
	for (size_t i = 0; i < uses->count; i++)
		if (uses->list[i].upload && uses->list[i].suffix &&
		    str_equal(uses->list[i].name, name))
			return true;
	return false;
}

/* Downloads that would miss or move what gets another name. */
static void check_downloads(struct uses *uses, const struct workflows *w)
{
	bool renamed = false;

	for (size_t i = 0; i < uses->count; i++)
		renamed = renamed || uses->list[i].suffix;
	for (size_t i = 0; renamed && i < uses->count; i++)
		if (!uses->list[i].upload && !uses->list[i].name.size &&
		    !workflow_input(&uses->list[i].job, &uses->list[i].step, "pattern").size)
			uses->why = "a download of all artifacts depends on their names";
	for (size_t i = 0; renamed && i < w->count; i++)
		if (str_has(w->list[i].syntax->text, "dawidd6/action-download-artifact") ||
		    str_has(w->list[i].syntax->text, "gh run download") ||
		    str_has(w->list[i].syntax->text, "listWorkflowRunArtifacts"))
			uses->why = "the artifact is also fetched by other means";
}

/* ".coverage", "out/.cache/x", but not "./out" nor "../out". */
static bool is_hidden(struct str paths)
{
	struct str line, part;
	bool hidden = false;

	while (str_next_line(&paths, &line))
		for (line = str_trim(line); !str_starts(line, "!") && str_next(&line, '/', &part);) {
			if (str_is(part, ".git") || str_is(part, ".env"))
				return false;	/* not to be given away */
			hidden = hidden || (part.size > 1 && part.at[0] == '.' && !str_is(part, ".."));
		}
	return hidden;
}

static void upload(struct edits *edits, const struct use *use)
{
	const struct syntax *s = use->job.workflow->syntax;
	TSNode with = yaml_get(s, use->step.body, "with"), name = yaml_get(s, with, "name");

	bool bare = syntax_type_is(with, "flow_mapping") && syntax_type_is(name, "plain_scalar");

	if (use->suffix && syntax_type_is(name, YAML_SCALAR))	/* braces need quotes between braces */
		yaml_set(edits, s, name, str_of(arena_printf(s->arena, bare ? "\"%.*s%s\"" : "%.*s%s",
							     STR_ARG(use->name), use->suffix)));
	else if (use->suffix)
		workflow_set_input(edits, &use->job, &use->step, "name",
				   arena_printf(s->arena, "%.*s%s", STR_ARG(use->name), use->suffix));
	if (use->retired && is_hidden(workflow_input(&use->job, &use->step, "path")) &&
	    !workflow_input(&use->job, &use->step, "include-hidden-files").size)
		workflow_set_input(edits, &use->job, &use->step, "include-hidden-files", "true");
}

static void download(struct edits *edits, const struct use *use, const struct uses *uses)
{
	const struct syntax *s = use->job.workflow->syntax;
	TSNode with = yaml_get(s, use->step.body, "with"), pair = yaml_find(s, with, "name");
	size_t end;

	if (!is_renamed(uses, use->name) || ts_node_is_null(pair))
		return;
	end = yaml_end(s, pair);
	edit_replace(edits, ts_node_start_byte(pair), end,
		     str_of(arena_printf(s->arena, "pattern: %.*s-*", STR_ARG(use->name))));
	yaml_add(edits, s, with, pair, "merge-multiple", "true");
}

static void bump(struct edits *edits, const struct workflow *workflow)
{
	struct workflow_job job;
	struct workflow_step step;
	struct str action, version;

	for (unsigned j = 0; workflow_job(workflow, j, &job); j++)
		for (unsigned n = 0; workflow_step(&job, n, &step); n++)
			if (workflow_action(step.uses, &action, &version) &&
			    !str_starts(action, "actions/cache") && known_retired(action, version))
				yaml_set(edits, workflow->syntax,
					 yaml_get(workflow->syntax, step.body, "uses"),
					 str_of(arena_printf(edits->arena, "%.*s@v%u",
							     STR_ARG(action), known_major(action))));
}

/* v4 is there already, and two uploads met under one name. */
static bool is_conflict(const struct scene *scene)
{
	return str_is(str_of(scene->failure->type), "artifact exists");
}

static bool in_file(struct scene *scene, struct candidate *candidate, const struct workflows *w,
		    const struct workflow *workflow)
{
	struct edits edits = { .arena = scene->arena };
	struct uses *uses = arena_new(scene->arena, struct uses);

	bump(&edits, workflow);
	if (is_conflict(scene) == (edits.count > 0))
		return true;
	collect(uses, workflow);
	name_uploads(uses);
	check_downloads(uses, w);
	if (!uses->why && uses->pinned)
		uses->why = "one of its artifacts is handled by a pinned version";
	if (uses->why) {
		workflow_decline(scene, uses->why);
		return false;
	}
	for (size_t i = 0; i < uses->count; i++)
		if (uses->list[i].upload)
			upload(&edits, &uses->list[i]);
		else
			download(&edits, &uses->list[i], uses);
	return workflow_put(scene, candidate, workflow, &edits);
}

static void fix(struct scene *scene)
{
	const char *path = workflow_clue(scene, CLUE_WORKFLOW, 0);
	struct candidate *candidate;
	struct workflow_job job;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->tree);
	if (is_conflict(scene)) {
		if (!workflow_job_of_log(scene, &w, &job))
			return;
		path = job.workflow->path;
	}
	candidate = propose(scene, ORACLE_CONTRACT, is_conflict(scene)
		? "Two uploads met under one name, and an artifact is written once: each gets a name."
		: "GitHub refuses this version of the artifact actions; v4 wants a name for each upload.");
	for (size_t i = 0; i < w.count; i++)
		if ((!path || w.list[i].action || !strcmp(path, w.list[i].path)) &&
		    !in_file(scene, candidate, &w, &w.list[i]))
			return;
	if (candidate->patch.count > FILES_MAX)
		return workflow_decline(scene, "more than three files use it");
	if (!candidate->patch.count)
		workflow_decline(scene, "no workflow here uses it: an action of somebody else does, or it is "
				 "pinned");
}

#define LOG(action) "##[error]This request has been automatically failed because it uses a deprecated version " \
	"of `actions/" action "`. Learn more: https://github.blog/changelog/2024-04-16-deprecation-notice-v3\n"
#define MATRIX "on: push\njobs:\n  a:\n    runs-on: ${{ matrix.os }}\n    strategy:\n      matrix:\n" \
	"        os: [ubuntu-22.04, windows-2022]\n        x: [1]\n    steps:\n"
#define PLAIN "on: push\njobs:\n  a:\n    runs-on: ubuntu-22.04\n    steps:\n"

static const struct example examples[] = {
	{
		.name = "a matrix and its download",
		.log = LOG("upload-artifact: v3"),
		.file = {
			{ ".github/workflows/w.yml",
			  MATRIX "      - uses: actions/upload-artifact@v3   # all\n        with:\n"
			  "          name: wheels\n          path: dist\n"
			  "  b:\n    runs-on: ubuntu-22.04\n    steps:\n"
			  "      - uses: actions/download-artifact@v3.0.2\n        with:\n"
			  "          name: wheels\n          path: dist\n",
			  MATRIX "      - uses: actions/upload-artifact@v4   # all\n        with:\n"
			  "          name: wheels-${{ matrix.os }}\n          path: dist\n"
			  "  b:\n    runs-on: ubuntu-22.04\n    steps:\n"
			  "      - uses: actions/download-artifact@v4\n        with:\n"
			  "          pattern: wheels-*\n          merge-multiple: true\n          path: dist\n" },
		},
	},
	{
		.name = "a hidden file, inputs in braces",
		.log = LOG("download-artifact: v2"),
		.file = {
			{ ".github/workflows/w.yml",
			  PLAIN "      - uses: actions/upload-artifact@v2\n        with: { name: c, path: .coverage }\n"
			  "      - uses: actions/download-artifact@v2\n        with: { name: c }\n",
			  PLAIN "      - uses: actions/upload-artifact@v4\n"
			  "        with: { name: c, path: .coverage, include-hidden-files: true }\n"
			  "      - uses: actions/download-artifact@v4\n        with: { name: c }\n" },
		},
	},
	{
		.name = "pages",
		.log = LOG("upload-artifact: v3"),
		.file = {
			{ ".github/workflows/w.yml",
			  PLAIN "      - uses: actions/upload-pages-artifact@v2\n      - uses: actions/deploy-pages@v2\n",
			  PLAIN "      - uses: actions/upload-pages-artifact@v3\n      - uses: actions/deploy-pages@v4\n" },
		},
	},
	{
		.name = "two legs of a matrix met",
		.log = "##[group]Run actions/upload-artifact@v4\nwith:\n  name: logs\n##[endgroup]\n"
		       "##[error]Failed to CreateArtifact: Received non-retryable error: Failed request: "
		       "(409) Conflict: an artifact with this name already exists on the workflow run\n",
		.file = {
			{ ".github/workflows/w.yml",
			  MATRIX "      - uses: actions/upload-artifact@v4\n        with: { name: logs, path: out }\n",
			  MATRIX "      - uses: actions/upload-artifact@v4\n"
			  "        with: { name: \"logs-${{ matrix.os }}\", path: out }\n" },
		},
	},
	{
		.name = "a download of all by a matrix",
		.log = LOG("upload-artifact: v3"),
		.file = {
			{ ".github/workflows/w.yml",
			  MATRIX "      - uses: actions/upload-artifact@v3\n        with:\n          name: wheels\n"
			  "  b:\n    runs-on: ubuntu-22.04\n    steps:\n"
			  "      - uses: actions/download-artifact@v3\n", NULL },
		},
		.declines = "depends on their names",
	},
	{
		.name = "somebody else's",
		.log = LOG("upload-artifact: v2"),
		.file = {
			{ ".github/workflows/w.yml",
			  PLAIN "      - uses: some/keep@5f3a9c0d1b2e4f60718293a4b5c6d7e8f9010203\n", NULL },
		},
		.declines = "no workflow here uses it",
	},
	{0}
};

const struct template template_workflow_retired_artifact = {
	.name = "workflow_retired_artifact",
	.summary = "artifact actions that GitHub refuses -> v4, with a name for each upload",
	.class = "workflow",
	.oracles = "the notice in the log, what v4 asks for",
	.keeps_off = "pins; downloads that depend on the old names; two uploads under one name in a job",
	.danger = DANGER_1,
	.reading = true,
	.tool = "actions",
	.types = types,
	.pattern = "(?:deprecated version of `|Missing download info for )actions/(?:upload|download)-artifact|"
		   "\\(409\\) Conflict: an artifact with this name already exists",
	.fix = fix,
	.examples = examples,
};

/*
 * A runner image that GitHub took away -> the nearest one that is left, wherever the file names it as a
 * runner: runs-on, the matrix, its includes and excludes, and conditions that compare with it. With
 * windows-2019 goes its generator of CMake. Text that only looks like a label stays. Keeps off where a
 * comment says that the old image is meant, and where the successor is in the same matrix already.
 */
#include "templates/lib_scene.h"
#include "templates/lib_workflow.h"
#include "templates/lib_workflow_known.h"

enum { FILES_MAX = 3 };

static const char *const types[] = { "runner is retired", NULL };

struct move {
	struct scene *scene;
	const struct workflow *workflow;
	struct edits *edits;
	struct str old, new;
	const char *why;		/* set: it must not be moved */
	unsigned labels;
};

/* "Ubuntu 20.04", "macOS-12", "Windows Server 2019" as a label. */
static bool label_of(struct arena *a, struct str text, struct str *label)
{
	static const struct {
		const char *told, *label;
	} systems[] = {
		{ "Ubuntu ", "ubuntu-" }, { "Ubuntu-", "ubuntu-" }, { "ubuntu-", "ubuntu-" },
		{ "macOS-", "macos-" }, { "macOS ", "macos-" }, { "macos-", "macos-" },
		{ "Windows Server ", "windows-" }, { "Windows ", "windows-" },
		{ "windows-", "windows-" },
	};

	for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
		ptrdiff_t at = str_find(text, str_of(systems[i].told));
		struct str version;
		size_t n = 0;

		if (at < 0)
			continue;
		version = str_from(text, (size_t)at + strlen(systems[i].told));
		while (n < version.size && strchr("0123456789.", version.at[n]))
			n++;
		while (n && version.at[n - 1] == '.')
			n--;
		if (!n)
			continue;
		*label = str_of(arena_printf(a, "%s%.*s", systems[i].label, (int)n, version.at));
		return true;
	}
	return false;
}

/* The comments beside the node and right above its line. */
static bool is_kept_by_comment(const struct syntax *s, TSNode node)
{
	unsigned line = syntax_line(node);
	struct str text, before;
	bool meant = false, over = false;

	for (unsigned n = line, left = 6; n && left; n--, left--) {
		text = str_trim(str_slice(s->text, line_start(s->text, n),
					  line_start(s->text, n + 1) - line_start(s->text, n)));
		if (n == line && !str_split(text, " #", &before, &text))
			continue;
		if (n != line && !str_starts(text, "#"))
			break;
		meant = meant || str_has(text, "glibc") || str_has(text, "on purpose") ||
			str_has(text, "deliberate") || str_has(text, "do not ") ||
			str_has(text, "don't ") || str_has(text, "must ") || str_has(text, "oldest");
		over = over || str_has(text, "any more") || str_has(text, "anymore") ||
		       str_has(text, "no longer");
	}
	return meant && !over;
}

static bool has_item(const struct syntax *s, TSNode sequence, struct str text)
{
	TSNode item;

	for (unsigned n = 0; item = yaml_item(sequence, n), !ts_node_is_null(item); n++)
		if (str_equal(yaml_text(s, item), text))
			return true;
	return false;
}

/* A scalar that is the label: of runs-on, or anywhere in the matrix. */
static void label_here(struct move *move, TSNode scalar)
{
	const struct syntax *s = move->workflow->syntax;
	TSNode list = syntax_up(scalar, YAML_SEQUENCE "|" YAML_MAPPING);

	if (syntax_type_is(list, YAML_SEQUENCE) && has_item(s, list, STR("self-hosted")))
		return;
	if (syntax_type_is(list, YAML_SEQUENCE) && has_item(s, list, move->new))
		move->why = "its successor is in the same list already";
	else if (is_kept_by_comment(s, scalar))
		move->why = "a comment says that this image is meant";
	move->labels++;
	yaml_set(move->edits, s, scalar, move->new);
}

static bool label_step(TSNode node, void *context)
{
	struct move *move = context;

	if (syntax_type_is(node, YAML_SCALAR) &&
	    str_equal(yaml_text(move->workflow->syntax, node), move->old))
		label_here(move, node);
	return true;
}

/* 'macos-12' in quotes inside a condition or another expression. */
static bool condition_step(TSNode node, void *context)
{
	struct move *move = context;
	const struct syntax *s = move->workflow->syntax;
	TSNode pair = syntax_up(node, "block_mapping_pair|flow_pair");
	const char *quoted = arena_printf(s->arena, "'%.*s'", STR_ARG(move->old));
	bool condition = str_is(yaml_text(s, yaml_key(pair)), "if");
	struct str text = syntax_text(s, node);
	size_t from = 0;
	ptrdiff_t at;

	if (!syntax_type_is(node, YAML_SCALAR) || (!condition && !str_has(text, "${{")))
		return true;
	while (at = str_find(str_from(text, from), str_of(quoted)), at >= 0) {
		size_t start = ts_node_start_byte(node) + from + (size_t)at + 1;

		edit_replace(move->edits, start, start + move->old.size, move->new);
		from += (size_t)at + strlen(quoted);
	}
	return true;
}

/* Visual Studio comes with its image. */
static void generator(struct move *move, const struct workflow_job *job)
{
	const struct str old = STR("Visual Studio 16 2019");
	struct workflow_step step;

	if (!str_is(move->old, "windows-2019"))
		return;
	for (unsigned n = 0; workflow_step(job, n, &step); n++) {
		TSNode run = yaml_get(job->workflow->syntax, step.body, "run");
		struct str text = syntax_text(job->workflow->syntax, run);
		ptrdiff_t at = str_find(text, old);

		if (at >= 0)
			edit_replace(move->edits, ts_node_start_byte(run) + (size_t)at,
				     ts_node_start_byte(run) + (size_t)at + old.size,
				     STR("Visual Studio 17 2022"));
		if (str_has(text, "vs2019") || str_has(text, "v142") || str_has(text, "VC\\Auxiliary"))
			move->why = "the job is built with what only that image has";
	}
}

static void in_job(struct move *move, const struct workflow_job *job)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode runs_on = yaml_get(s, job->body, "runs-on");
	TSNode matrix = yaml_get(s, job->body, "strategy/matrix");
	unsigned before = move->labels;

	if (!ts_node_is_null(runs_on))
		syntax_walk(runs_on, label_step, move);
	if (!ts_node_is_null(matrix))
		syntax_walk(matrix, label_step, move);
	if (move->labels == before)
		return;
	generator(move, job);
	if (str_starts(move->old, "macos-") &&
	    (str_has(syntax_text(s, job->body), "x86_64") || str_has(syntax_text(s, job->body), "x64")))
		move->why = "the job is of the processor that only the old image has";
	syntax_walk(job->body, condition_step, move);
}

static bool in_file(struct scene *scene, struct candidate *candidate, const struct workflow *workflow,
		    struct str old, struct str new, const char **why)
{
	struct edits edits = { .arena = scene->arena };
	struct move move = { .scene = scene, .workflow = workflow, .edits = &edits, .old = old,
			     .new = new };
	struct workflow_job job;

	for (unsigned n = 0; workflow_job(workflow, n, &job); n++)
		if (!workflow->action)
			in_job(&move, &job);
	*why = move.why ? move.why : *why;
	return move.why || workflow_put(scene, candidate, workflow, &edits);
}

static void fix(struct scene *scene)
{
	const char *path = workflow_clue(scene, CLUE_WORKFLOW, 0), *next, *why = NULL;
	struct candidate *candidate;
	struct str old;
	WORKFLOWS w = {0};

	workflows_open(&w, scene->arena, scene->tree);
	if (!label_of(scene->arena, str_of(scene->failure->message), &old) ||
	    !(next = known_image_after(old)))
		return template_decline(scene, "no image is known to come after it");
	candidate = propose(scene, ORACLE_CONTRACT, "GitHub has removed %.*s; %s is the nearest image that "
			    "it still has.", STR_ARG(old), next);
	for (size_t i = 0; i < w.count; i++)
		if ((!path || !strcmp(path, w.list[i].path)) &&
		    !in_file(scene, candidate, &w.list[i], old, str_of(next), &why))
			return;
	if (!why && candidate->patch.count > FILES_MAX)
		why = "more than three files name it";
	if (why || !candidate->patch.count)
		workflow_decline(scene, why ? why : "no workflow names this image as a runner");
}

static const struct example examples[] = {
	{
		.name = "the matrix, an include and a condition",
		.log = "##[error]The macOS-12 environment is deprecated and has been removed on December 3rd, "
		       "2024. For more details, see https://github.com/actions/runner-images/issues/10721\n",
		.file = {
			{ ".github/workflows/t.yml",
			  "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        os: [ubuntu-24.04, macos-12]\n"
			  "        include:\n          - os: macos-12\n            n: 2\n"
			  "    runs-on: ${{ matrix.os }}\n    steps:\n      - if: matrix.os == 'macos-12'\n"
			  "        run: echo macos-12\n",
			  "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        os: [ubuntu-24.04, macos-14]\n"
			  "        include:\n          - os: macos-14\n            n: 2\n"
			  "    runs-on: ${{ matrix.os }}\n    steps:\n      - if: matrix.os == 'macos-14'\n"
			  "        run: echo macos-12\n" },
		},
	},
	{
		.name = "a generator with it",
		.log = "##[error]The Windows Server 2019 runner image has been removed as of 2025-06-30. For "
		       "more details, see https://github.com/actions/runner-images/issues/12045\n",
		.file = {
			{ ".github/workflows/t.yml",
			  "on: push\njobs:\n  a:\n    runs-on: windows-2019\n    steps:\n"
			  "      - run: cmake -G \"Visual Studio 16 2019\" -B out\n",
			  "on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n"
			  "      - run: cmake -G \"Visual Studio 17 2022\" -B out\n" },
		},
	},
	{
		.name = "meant so",
		.log = "##[error]This is a scheduled Ubuntu 20.04 brownout. Ubuntu 20.04 LTS runner will be "
		       "removed on 2025-04-15.\n",
		.file = {
			{ ".github/workflows/t.yml",
			  "on: push\njobs:\n  a:\n    # the oldest glibc that we support\n"
			  "    runs-on: ubuntu-20.04\n    steps:\n      - run: make\n",
			  NULL },
		},
		.declines = "a comment says",
	},
	{
		.name = "the successor is tested already",
		.log = "##[error]This is a scheduled Ubuntu 20.04 brownout. Ubuntu 20.04 LTS runner will be "
		       "removed on 2025-04-15.\n",
		.file = {
			{ ".github/workflows/t.yml",
			  "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n"
			  "        os: [ubuntu-20.04, ubuntu-22.04]\n    runs-on: ${{ matrix.os }}\n"
			  "    steps:\n      - run: make\n",
			  NULL },
		},
		.declines = "already",
	},
	{0}
};

const struct template template_workflow_retired_runner = {
	.name = "workflow_retired_runner",
	.summary = "a runner image that GitHub removed -> the nearest that is left",
	.class = "workflow",
	.oracles = "the notice in the log, a table of images",
	.keeps_off = "images that a comment asks for; self-hosted runners; a successor that is there already",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.fix = fix,
	.examples = examples,
};

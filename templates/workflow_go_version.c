/*
 * go.mod asks for a newer Go than the workflow sets up -> that version there. go.mod stays.
 */
#include "templates/lib_workflow_tool.h"

/* "go 1.22.1" of the module at the root. */
static bool asked(const struct scene *scene, struct tool_version *version)
{
	struct str text, line;

	if (!scene_read(scene, "go.mod", &text))
		return false;
	while (str_next_line(&text, &line))
		if (str_skip(&line, "go ") && tool_version_of(str_trim(line), version))
			return version->minor > 0;
	return false;
}

static void fix(struct scene *scene)
{
	struct tool_version version;

	if (!asked(scene, &version))
		return template_decline(scene, "go.mod does not say which Go it wants");
	workflow_raise(scene, "actions/setup-go", "go-version", version,
		       arena_printf(scene->arena, "go.mod wants Go %u.%u, and the workflow sets an older one "
				    "up.", version.major, version.minor));
}

#define LOG "##[group]Run go test ./...\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n" \
	"go: errors parsing go.mod:\n" \
	"/home/runner/work/a/a/go.mod:3: invalid go version '1.22.1': must match format 1.23\n" \
	"##[error]Process completed with exit code 1.\n"
#define JOB(version) "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" \
	"      - uses: actions/setup-go@v5\n        with:\n          go-version: " version "\n" \
	"      - run: go test ./...\n"

static const struct example examples[] = {
	{
		.name = "a patch release that old ones cannot read",
		.log = LOG,
		.file = {
			{ "go.mod", "module a\n\ngo 1.22.1\n", NULL },
			{ ".github/workflows/g.yml", JOB("'1.19'"), JOB("'1.22'") },
		},
	},
	{
		.name = "new enough",
		.log = LOG,
		.file = {
			{ "go.mod", "module a\n\ngo 1.22.1\n", NULL },
			{ ".github/workflows/g.yml", JOB("'1.22'"), NULL },
		},
		.declines = "no job that fits",
	},
	{0}
};

const struct template template_workflow_go_version = {
	.name = "workflow_go_version",
	.summary = "a Go older than go.mod asks for -> that version in the workflow",
	.class = "workflow",
	.oracles = "go.mod",
	.keeps_off = "several versions in a matrix",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "invalid go version '|requires go >= |module requires Go \\d|requires go1\\.",
	.fix = fix,
	.examples = examples,
};

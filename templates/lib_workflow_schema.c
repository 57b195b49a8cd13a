/*
 * The schema of workflows, as far as it has fixed names. Values are not looked at.
 */
#include "templates/lib_workflow_schema.h"

#include "templates/lib_scene.h"

#define RUN_DEFAULTS "shell working-directory"
#define CONTAINER "image credentials env ports volumes options"
#define CONCURRENCY "group cancel-in-progress"
#define RIGHTS "actions attestations checks contents deployments discussions id-token issues models " \
	"packages pages pull-requests repository-projects security-events statuses"
#define BRANCHES "branches branches-ignore tags tags-ignore paths paths-ignore types"
#define EVENTS "branch_protection_rule check_run check_suite create delete deployment deployment_status " \
	"discussion discussion_comment fork gollum image_version issue_comment issues label merge_group " \
	"milestone page_build public pull_request pull_request_review pull_request_review_comment " \
	"pull_request_target push registry_package release repository_dispatch schedule status watch " \
	"workflow_call workflow_dispatch workflow_run"

/* From the root: "*" is any key, "-" an item of a list. */
static const struct {
	const char *path, *keys;
} places[] = {
	{ "", "name run-name on permissions env defaults concurrency jobs" },
	{ "on", EVENTS },
	{ "on/-", EVENTS },
	{ "on/push", BRANCHES },
	{ "on/pull_request", BRANCHES },
	{ "on/schedule/-", "cron timezone" },
	{ "on/workflow_dispatch", "inputs" },
	{ "on/workflow_dispatch/inputs/*", "description required default type options "
	  "deprecationMessage" },
	{ "on/workflow_call", "inputs outputs secrets" },
	{ "permissions", RIGHTS },
	{ "defaults", "run" },
	{ "defaults/run", RUN_DEFAULTS },
	{ "concurrency", CONCURRENCY },
	{ "jobs/*", "name permissions needs if runs-on environment concurrency outputs env defaults steps "
	  "timeout-minutes strategy continue-on-error container services uses with secrets snapshot" },
	{ "jobs/*/permissions", RIGHTS },
	{ "jobs/*/strategy", "matrix fail-fast max-parallel" },
	{ "jobs/*/defaults", "run" },
	{ "jobs/*/defaults/run", RUN_DEFAULTS },
	{ "jobs/*/concurrency", CONCURRENCY },
	{ "jobs/*/environment", "name url deployment" },
	{ "jobs/*/container", CONTAINER },
	{ "jobs/*/services/*", CONTAINER },
	{ "jobs/*/runs-on", "group labels" },
	{ "jobs/*/steps/-", "id if name uses run working-directory shell with env continue-on-error "
	  "timeout-minutes" },
};

enum { DEPTH_MAX = 8 };

/* The keys above a node, outermost first; -1 when there are too many. */
static int path_of(const struct syntax *s, TSNode node, struct str parts[DEPTH_MAX])
{
	struct str up[DEPTH_MAX];
	int n = 0;

	for (node = ts_node_parent(node); !ts_node_is_null(node); node = ts_node_parent(node)) {
		bool pair = syntax_type_is(node, "block_mapping_pair|flow_pair");

		if (!pair && !syntax_type_is(node, "block_sequence_item|flow_sequence"))
			continue;
		if (n == DEPTH_MAX)
			return -1;
		up[n++] = pair ? yaml_text(s, yaml_key(node)) : STR("-");
	}
	for (int i = 0; i < n; i++)
		parts[i] = up[n - 1 - i];
	return n;
}

static bool path_is(const struct str *parts, int count, struct str row)
{
	struct str part;
	int n = 0;

	for (; str_next(&row, '/', &part); n++)
		if (n == count || (!str_is(part, "*") && !str_equal(part, parts[n])))
			return false;
	return n == count;
}

const char *schema_keys(const struct syntax *s, TSNode node)
{
	struct str parts[DEPTH_MAX];
	int count = path_of(s, node, parts);

	for (size_t i = 0; count >= 0 && i < sizeof(places) / sizeof(places[0]); i++)
		if (path_is(parts, count, str_of(places[i].path)))
			return places[i].keys;
	return NULL;
}

struct fitting {
	const struct syntax *s;
	bool fits;
};

static bool pair_fits(TSNode node, void *context)
{
	struct fitting *f = context;
	const char *keys;

	if (!syntax_type_is(node, "block_mapping_pair|flow_pair"))
		return true;
	keys = schema_keys(f->s, node);
	if (keys && !word_among(yaml_text(f->s, yaml_key(node)), keys))
		f->fits = false;
	return f->fits;
}

bool schema_fits(const struct syntax *s)
{
	struct fitting f = { s, true };

	syntax_walk(s->root, pair_fits, &f);
	return f.fits;
}

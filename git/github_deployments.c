/*
 * Deployments and their statuses, read only: Aegis deploys nothing itself.
 */
#include "git/github_deployments.h"

#include "git/github_private.h"

enum { PAGES_MOST = 5 };

struct deployments_to {
	struct arena *a;
	struct github_deployments *list;
};

static bool add_deployment(void *context, const json_t *item, struct err *e)
{
	struct deployments_to *to = context;
	struct github_deployment one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_id(&r, "id", &one.id);
	read_sha(&r, "sha", one.head);
	read_name(&r, "environment", &one.environment);
	read_name(&r, "task", &one.task);
	one.is_production = read_flag(&r, "production_environment", false);
	one.is_transient = read_flag(&r, "transient_environment", false);
	read_time(&r, "created_at", &one.created_ms);
	if (r.good)
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

bool github_deployments_list(struct github_call *call, const char *head,
			     const char *environment, struct github_deployments *out,
			     struct err *e)
{
	struct github_deployments list = {0};
	struct deployments_to to = { call->arena, &list };
	struct pages pages = { .pages_most = PAGES_MOST, .item = add_deployment, .context = &to };

	if (head && !github_sha_is_good(str_of(head)))
		return fail(e, ERR_INPUT, "this is no commit's id");
	pages.path = github_repository_path(call, e, "/deployments?per_page=100");
	if (pages.path && head)
		pages.path = arena_printf(call->arena, "%s&sha=%s", pages.path, head);
	if (pages.path && environment)
		pages.path = arena_printf(call->arena, "%s&environment=%s", pages.path,
					  github_path(call->arena, "%s", environment));
	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing deployments");
	list.complete = pages.complete;
	*out = list;
	return true;
}

struct statuses_to {
	struct arena *a;
	struct github_deploy_statuses *list;
};

static bool add_status(void *context, const json_t *item, struct err *e)
{
	static const char *const states[] = {
		NULL, "error", "failure", "inactive", "in_progress", "queued", "pending", "success",
		NULL,
	};
	struct statuses_to *to = context;
	struct github_deploy_status one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_id(&r, "id", &one.id);
	one.state = (enum github_deploy_state)read_word(&r, "state", states);
	read_time(&r, "created_at", &one.created_ms);
	if (r.good)
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

bool github_deploy_statuses_list(struct github_call *call, uint64_t deployment,
				 struct github_deploy_statuses *out, struct err *e)
{
	struct github_deploy_statuses list = {0};
	struct statuses_to to = { call->arena, &list };
	struct pages pages = { .pages_most = PAGES_MOST, .item = add_status, .context = &to };

	pages.path = github_repository_path(call, e, "/deployments/%s/statuses?per_page=100",
		arena_printf(call->arena, "%llu", (unsigned long long)deployment));
	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing the statuses of a deployment");
	list.complete = pages.complete;
	*out = list;
	return true;
}

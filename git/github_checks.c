/*
 * Check runs as they are read: runs, annotations, suites, statuses. Writing is in
 * github_check_write.c.
 */
#include "git/github_checks.h"

#include "git/github_private.h"

enum {
	NAME_MOST = 400, TEXT_MOST = 64 * 1024, PAGES_MOST = 20, LINE_MOST = 100 * 1000 * 1000,
};

struct checks_to {
	struct arena *a;
	struct github_checks *list;
};

static bool add_check(void *context, const json_t *item, struct err *e)
{
	struct checks_to *to = context;
	struct github_check one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_id(&r, "id", &one.id);
	read_count(&r, "check_suite.id", INT64_MAX, &one.suite_id);
	read_count(&r, "app.id", INT64_MAX, &one.app_id);
	read_name(&r, "app.slug", &one.app);
	read_count(&r, "output.annotations_count", INT64_MAX, &one.annotation_count);
	read_sha(&r, "head_sha", one.head);
	read_text(&r, "name", NAME_MOST, &one.name);
	read_text(&r, "external_id", NAME_MOST, &one.external_id);
	read_text(&r, "output.title", NAME_MOST, &one.title);
	read_text(&r, "output.summary", TEXT_MOST, &one.summary);
	read_text(&r, "output.text", TEXT_MOST, &one.text);
	one.state = github_read_state(&r, "status");
	one.conclusion = github_read_conclusion(&r, "conclusion");
	read_time(&r, "started_at", &one.started_ms);
	read_time(&r, "completed_at", &one.completed_ms);
	if (r.good)
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

bool github_checks_list(struct github_call *call, const char *head, struct github_checks *out,
			struct err *e)
{
	struct github_checks list = {0};
	struct checks_to to = { call->arena, &list };
	struct pages pages = { .list = "check_runs", .pages_most = PAGES_MOST, .item = add_check,
		.context = &to };

	if (!github_sha_is_good(str_of(head)))
		return fail(e, ERR_INPUT, "this is no commit's id");
	pages.path = github_repository_path(call, e,
		"/commits/%s/check-runs?filter=latest&per_page=100", head);
	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing the checks of %.12s", head);
	list.complete = pages.complete;
	*out = list;
	return true;
}

struct annotations_to {
	struct arena *a;
	struct github_annotations *list;
};

static bool add_annotation(void *context, const json_t *item, struct err *e)
{
	static const char *const levels[] = { NULL, "notice", "warning", "failure", NULL };
	struct annotations_to *to = context;
	struct github_annotation one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_name(&r, "path", &one.path);
	read_count(&r, "start_line", LINE_MOST, &one.first_line);
	read_count(&r, "end_line", LINE_MOST, &one.last_line);
	one.level = (enum github_level)read_word(&r, "annotation_level", levels);
	read_text(&r, "title", NAME_MOST, &one.title);
	read_text(&r, "message", TEXT_MOST, &one.message);
	read_text(&r, "raw_details", TEXT_MOST, &one.details);
	if (r.good)
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

bool github_annotations_list(struct github_call *call, uint64_t check,
			     struct github_annotations *out, struct err *e)
{
	struct github_annotations list = {0};
	struct annotations_to to = { call->arena, &list };
	struct pages pages = { .pages_most = PAGES_MOST, .item = add_annotation, .context = &to };

	pages.path = github_repository_path(call, e, "/check-runs/%s/annotations?per_page=100",
		arena_printf(call->arena, "%llu", (unsigned long long)check));
	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing annotations");
	list.complete = pages.complete;
	*out = list;
	return true;
}

struct suites_to {
	struct arena *a;
	struct github_suites *list;
};

static bool add_suite(void *context, const json_t *item, struct err *e)
{
	struct suites_to *to = context;
	struct github_suite one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_id(&r, "id", &one.id);
	read_count(&r, "app.id", INT64_MAX, &one.app_id);
	read_name(&r, "app.slug", &one.app);
	read_count(&r, "latest_check_runs_count", INT64_MAX, &one.check_count);
	read_sha(&r, "head_sha", one.head);
	one.state = github_read_state(&r, "status");
	one.conclusion = github_read_conclusion(&r, "conclusion");
	if (r.good)
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

/* "/commits/HEAD" with a head that is a commit's id or "heads/BRANCH"; NULL for another. */
static const char *commit_path(struct github_call *call, const char *head, const char *rest,
			       struct err *e)
{
	struct str branch = str_of(head);
	const char *start;

	if (!github_sha_is_good(branch) &&
	    (!str_skip(&branch, "heads/") || !github_branch_is_good(branch))) {
		fail(e, ERR_INPUT, "this is no commit's id, and no branch");
		return NULL;
	}
	start = github_repository_path(call, e, "/commits/%p", head);
	return start ? arena_printf(call->arena, "%s%s", start, rest) : NULL;
}

const char *github_suites_path(struct github_call *call, const char *head, struct err *e)
{
	return commit_path(call, head, "/check-suites?per_page=100", e);
}

bool github_suites_read(struct str body, struct arena *a, struct github_suites *out,
			struct err *e)
{
	struct github_suites list = {0};
	struct suites_to to = { a, &list };
	JSON *json = NULL;
	json_t *items;

	if (!github_parse(body, &json, e) ||
	    !json_get_list(json, "check_suites", &items, e))
		return fail_while(e, "reading check suites");
	for (size_t i = 0; i < json_array_size(items); i++)
		add_suite(&to, json_array_get(items, i), e);
	list.complete = (int64_t)json_array_size(items) >= json_integer_or(json, "total_count", 0);
	*out = list;
	return true;
}

bool github_suites_list(struct github_call *call, const char *head, struct github_suites *out,
			struct err *e)
{
	struct github_suites list = {0};
	struct suites_to to = { call->arena, &list };
	struct pages pages = { .list = "check_suites", .pages_most = PAGES_MOST,
		.path = github_suites_path(call, head, e), .item = add_suite, .context = &to };

	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing check suites");
	list.complete = pages.complete;
	*out = list;
	return true;
}

struct statuses_to {
	struct arena *a;
	struct github_statuses *list;
};

static bool add_status(void *context, const json_t *item, struct err *e)
{
	static const char *const states[] = {
		NULL, "pending", "success", "failure", "error", NULL,
	};
	struct statuses_to *to = context;
	struct github_status one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_id(&r, "id", &one.id);
	read_text(&r, "context", NAME_MOST, &one.context);
	read_text(&r, "description", NAME_MOST, &one.description);
	one.state = (enum github_status_state)read_word(&r, "state", states);
	read_time(&r, "created_at", &one.created_ms);
	if (r.good && one.context.size)
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

const char *github_statuses_path(struct github_call *call, const char *head, struct err *e)
{
	return commit_path(call, head, "/status?per_page=100", e);
}

bool github_statuses_read(struct str body, struct arena *a, struct github_statuses *out,
			  struct err *e)
{
	struct github_statuses list = {0};
	struct statuses_to to = { a, &list };
	JSON *json = NULL;
	json_t *items;
	struct reading r;

	if (!github_parse(body, &json, e) || !json_get_list(json, "statuses", &items, e))
		return fail_while(e, "reading statuses");
	r = (struct reading){ json, a, e, true };
	read_sha(&r, "sha", list.head);
	if (!r.good)
		return fail_while(e, "reading statuses");
	for (size_t i = 0; i < json_array_size(items); i++)
		add_status(&to, json_array_get(items, i), e);
	list.complete = (int64_t)json_array_size(items) >= json_integer_or(json, "total_count", 0);
	*out = list;
	return true;
}

bool github_statuses_list(struct github_call *call, const char *head,
			  struct github_statuses *out, struct err *e)
{
	struct github_statuses list = {0};
	struct statuses_to to = { call->arena, &list };
	struct pages pages = { .list = "statuses", .pages_most = PAGES_MOST, .item = add_status,
		.context = &to };

	if (!github_sha_is_good(str_of(head)))
		return fail(e, ERR_INPUT, "this is no commit's id");
	pages.path = github_repository_path(call, e, "/commits/%s/status?per_page=100", head);
	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing the statuses of %.12s", head);
	/* Asked for by id, so that is what they are of. */
	memcpy(list.head, head, sizeof(list.head));
	list.complete = pages.complete;
	*out = list;
	return true;
}

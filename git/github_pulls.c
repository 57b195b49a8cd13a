/*
 * Pull requests as they are read. Writing is in github_pull_write.c.
 */
#include "git/github_pulls.h"

#include "git/github_private.h"
#include "git/github_pulls_private.h"

enum { TITLE_MOST = 1024, BODY_MOST = 256 * 1024, PAGES_MOST = 30, PATH_MOST = 4096,
       LABELS_MOST = 100, LABEL_MOST = 200 };

/* A fork's branch may have any name; a strange one must not hide the pull request. */
static const char *branch_at(struct arena *a, const json_t *json, const char *path)
{
	struct str branch = json_text_or(json, path, STR_NONE);

	return github_branch_is_good(branch) ? str_text(a, branch) : "";
}

/* One with a strange name is none that we look for. */
static void read_labels(const json_t *json, struct arena *a, struct github_pull *out)
{
	const json_t *list = json_at(json, "labels"), *one;
	const char **labels = NULL;
	size_t i;

	json_array_foreach(list, i, one) {
		struct str name = json_text_or(one, "name", STR_NONE);

		if (name.size && name.size <= LABEL_MOST && out->label_count < LABELS_MOST)
			arena_push(a, labels, out->label_count) = str_text(a, name);
	}
	out->labels = labels;
}

bool pull_read(const json_t *json, struct arena *a, struct github_pull *out, struct err *e)
{
	static const char *const states[] = {
		NULL, "clean", "blocked", "behind", "dirty", "unstable", "draft", "has_hooks", NULL,
	};
	struct reading r = { json, a, e, true };
	bool mergeable;

	read_id(&r, "id", &out->id);
	read_id(&r, "number", &out->number);
	read_name(&r, "node_id", &out->node);
	read_text(&r, "title", TITLE_MOST, &out->title);
	read_text(&r, "body", BODY_MOST, &out->body);
	out->is_open = str_is(json_text_or(json, "state", STR_NONE), "open");
	out->is_draft = read_flag(&r, "draft", false);
	read_time(&r, "merged_at", &out->merged_ms);
	out->is_merged = read_flag(&r, "merged", false) || out->merged_ms;
	mergeable = read_flag(&r, "mergeable", false);
	out->mergeable = !json_at(json, "mergeable") ? GITHUB_MERGEABLE_UNKNOWN :
			 mergeable ? GITHUB_MERGEABLE : GITHUB_CONFLICTING;
	out->merge_state = (enum github_merge_state)read_word(&r, "mergeable_state", states);
	read_sha(&r, "head.sha", out->head);
	read_sha(&r, "base.sha", out->base);
	if (out->is_merged)
		read_sha_or_none(&r, "merge_commit_sha", out->merge_commit);
	out->head_branch = branch_at(a, json, "head.ref");
	out->base_branch = branch_at(a, json, "base.ref");
	out->head_owner = out->head_name = "";
	if (json_at(json, "head.repo")) {
		read_login(&r, "head.repo.owner.login", &out->head_owner);
		read_repository(&r, "head.repo.name", &out->head_name);
	}
	read_name(&r, "user.login", &out->author);
	out->label_count = 0;
	read_labels(json, a, out);
	read_time(&r, "created_at", &out->created_ms);
	read_time(&r, "updated_at", &out->updated_ms);
	return r.good;
}

struct pulls_to {
	struct arena *a;
	struct github_pulls *list;
};

static bool add_pull(void *context, const json_t *item, struct err *e)
{
	struct pulls_to *to = context;
	struct github_pull one = {0};
	struct err ignored = ERR_INIT;

	(void)e;
	if (pull_read(item, to->a, &one, &ignored))
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

const char *github_pulls_path(struct github_call *call, struct err *e)
{
	return github_repository_path(call, e,
		"/pulls?state=open&sort=updated&direction=desc&per_page=100");
}

bool github_pulls_read(struct str body, struct arena *a, struct github_pulls *out, struct err *e)
{
	struct github_pulls list = {0};
	struct pulls_to to = { a, &list };
	JSON *json = NULL;
	json_t *items;

	if (!github_parse(body, &json, e) || !json_get_list(json, "", &items, e))
		return fail_while(e, "reading pull requests");
	for (size_t i = 0; i < json_array_size(items); i++)
		add_pull(&to, json_array_get(items, i), e);
	list.complete = json_array_size(items) < 100;
	*out = list;
	return true;
}

bool github_pulls_list(struct github_call *call, const char *state, const char *head,
		       const char *base, struct github_pulls *out, struct err *e)
{
	struct github_pulls list = {0};
	struct pulls_to to = { call->arena, &list };
	struct pages pages = { .pages_most = PAGES_MOST, .item = add_pull, .context = &to };

	if ((head && !github_branch_is_good(str_of(head))) ||
	    (base && !github_branch_is_good(str_of(base))))
		return fail(e, ERR_INPUT, "this is no branch");
	pages.path = github_repository_path(call, e, "/pulls?per_page=100&state=%s", state);
	if (pages.path && head)
		pages.path = arena_printf(call->arena, "%s&head=%s", pages.path,
			github_path(call->arena, "%s:%s", call->owner, head));
	if (pages.path && base)
		pages.path = arena_printf(call->arena, "%s&base=%s", pages.path,
			github_path(call->arena, "%s", base));
	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing pull requests");
	list.complete = pages.complete;
	*out = list;
	return true;
}

bool github_pulls_newest(struct github_call *call, struct github_pulls *out, struct err *e)
{
	struct github_pulls list = {0};
	struct pulls_to to = { call->arena, &list };
	struct pages pages = { .pages_most = 1, .item = add_pull, .context = &to };

	pages.path = github_repository_path(call, e, "/pulls?per_page=100&state=all&sort=created&direction=desc");
	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing pull requests");
	list.complete = pages.complete;
	*out = list;
	return true;
}

bool github_pull_get(struct github_call *call, uint64_t number, struct github_pull *out,
		     struct err *e)
{
	struct ask ask = { .method = "GET", .path = pull_path(call, number, "", e) };
	struct github_pull found = {0};
	REPLY reply = {0};

	if (!ask.path || !github_ask(call, &ask, &reply, e) ||
	    !pull_read(reply.json, call->arena, &found, e))
		return fail_while(e, "asking for pull request %llu", (unsigned long long)number);
	*out = found;
	return true;
}

struct files_to {
	struct arena *a;
	struct github_files *list;
};

bool pull_add_file(struct arena *a, struct github_files *list, const json_t *item)
{
	struct github_file one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, a, &ignored, true };

	read_text(&r, "filename", PATH_MOST, &one.path);
	read_text(&r, "previous_filename", PATH_MOST, &one.previous_path);
	read_name(&r, "status", &one.state);
	read_count(&r, "additions", INT64_MAX, &one.additions);
	read_count(&r, "deletions", INT64_MAX, &one.deletions);
	if (r.good && one.path.size)
		arena_push(a, list->items, list->count) = one;
	else
		list->left_out++;
	return true;
}

static bool add_file(void *context, const json_t *item, struct err *e)
{
	struct files_to *to = context;

	(void)e;
	return pull_add_file(to->a, to->list, item);
}

bool github_pull_files(struct github_call *call, uint64_t number, struct github_files *out,
		       struct err *e)
{
	struct github_files list = {0};
	struct files_to to = { call->arena, &list };
	struct pages pages = { .path = pull_path(call, number, "/files?per_page=100", e),
		.pages_most = PAGES_MOST, .item = add_file, .context = &to };

	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing the files of a pull request");
	list.complete = pages.complete && list.count + list.left_out < 3000;
	*out = list;
	return true;
}

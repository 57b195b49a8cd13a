/*
 * Refs, commits, comparisons, files: one request each. Moves no branch.
 */
#include "git/github_commits.h"

#include "git/github_private.h"
#include "git/github_pulls_private.h"
#include "git/path.h"

enum { MESSAGE_MOST = 64 * 1024, FILES_MOST = 300 };

bool github_branch_head(struct github_call *call, const char *branch, char head[GITHUB_SHA_SIZE],
			struct err *e)
{
	struct ask ask = { .method = "GET" };
	char found[GITHUB_SHA_SIZE];
	REPLY reply = {0};
	struct reading r;

	if (!github_branch_is_good(str_of(branch)))
		return fail(e, ERR_INPUT, "this is no branch");
	ask.path = github_repository_path(call, e, "/git/ref/heads/%p", branch);
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "asking for the branch %s", branch);
	r = (struct reading){ reply.json, call->arena, e, true };
	read_sha(&r, "object.sha", found);
	if (!r.good)
		return fail_while(e, "asking for the branch %s", branch);
	memcpy(head, found, sizeof(found));
	return true;
}

bool github_branch_delete(struct github_call *call, const char *branch, struct err *e)
{
	struct ask ask = { .method = "DELETE", .need = GITHUB_NEED_WRITE, .also = { 404, 422 } };
	REPLY reply = {0};

	if (!github_branch_is_good(str_of(branch)) || !str_starts(str_of(branch), "aegis/"))
		return fail(e, ERR_DENIED, "only branches of our own are deleted");
	ask.path = github_repository_path(call, e, "/git/refs/heads/%p", branch);
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "deleting the branch %s", branch);
	/* "Reference does not exist" comes with 422. */
	if (reply.status == 422 && !str_has(reply.message, "does not exist"))
		return fail(e, ERR_INPUT, "deleting the branch %s: GitHub answers 422: %.*s",
			    branch, STR_ARG(reply.message));
	return true;
}

bool github_commit_get(struct github_call *call, const char *ref, struct github_commit *out,
		       struct err *e)
{
	struct ask ask = { .method = "GET" };
	struct github_commit found = {0};
	REPLY reply = {0};
	struct reading r;

	if (!github_sha_is_good(str_of(ref)) && !github_branch_is_good(str_of(ref)))
		return fail(e, ERR_INPUT, "this is neither a branch nor a commit's id");
	/* One file of it a page is enough: only the commit is read. */
	ask.path = github_repository_path(call, e, "/commits/%s?per_page=1", ref);
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "asking for the commit %.60s", ref);
	r = (struct reading){ reply.json, call->arena, e, true };
	read_sha(&r, "sha", found.id);
	read_sha(&r, "commit.tree.sha", found.tree);
	read_sha_or_none(&r, "parents[0].sha", found.first_parent);
	found.parent_count = json_array_size(json_at(reply.json, "parents"));
	read_text(&r, "commit.message", MESSAGE_MOST, &found.message);
	read_name(&r, "author.login", &found.author);
	read_name(&r, "committer.login", &found.committer);
	read_time(&r, "commit.author.date", &found.authored_ms);
	read_time(&r, "commit.committer.date", &found.committed_ms);
	if (!r.good)
		return fail_while(e, "asking for the commit %.60s", ref);
	*out = found;
	return true;
}

static const char *range(struct arena *a, const char *base, const char *head)
{
	return arena_printf(a, "%s...%s", github_path(a, "%s", base), github_path(a, "%s", head));
}

bool github_compare(struct github_call *call, const char *base, const char *head,
		    struct github_comparison *out, struct err *e)
{
	static const char *const relations[] = {
		NULL, "identical", "ahead", "behind", "diverged", NULL,
	};
	struct ask ask = { .method = "GET" };
	struct github_comparison found = {0};
	REPLY reply = {0};
	const json_t *files;
	const char *start;
	struct reading r;

	if ((!github_sha_is_good(str_of(base)) && !github_branch_is_good(str_of(base))) ||
	    (!github_sha_is_good(str_of(head)) && !github_branch_is_good(str_of(head))))
		return fail(e, ERR_INPUT, "this is neither a branch nor a commit's id");
	start = github_repository_path(call, e, "/compare/");
	if (!start)
		return false;
	ask.path = arena_printf(call->arena, "%s%s?per_page=100", start,
				range(call->arena, base, head));
	if (!github_ask(call, &ask, &reply, e))
		return fail_while(e, "comparing");
	r = (struct reading){ reply.json, call->arena, e, true };
	found.relation = (enum github_relation)read_word(&r, "status", relations);
	read_count(&r, "ahead_by", INT64_MAX, &found.ahead);
	read_count(&r, "behind_by", INT64_MAX, &found.behind);
	read_sha(&r, "merge_base_commit.sha", found.merge_base);
	if (!r.good)
		return fail_while(e, "comparing");
	files = json_at(reply.json, "files");
	for (size_t i = 0; i < json_array_size(files); i++)
		pull_add_file(call->arena, &found.files, json_array_get(files, i));
	found.files.complete = json_array_size(files) < FILES_MOST;
	*out = found;
	return true;
}

static bool get_raw(struct github_call *call, const char *path, size_t bytes_most,
		    struct str *out, struct err *e)
{
	struct ask ask = { .method = "GET", .path = path,
		.accept = "application/vnd.github.raw+json" };
	REPLY reply = {0};

	if (!path || !github_ask(call, &ask, &reply, e))
		return false;
	if (reply.status != 200)
		return fail(e, ERR_INPUT, "GitHub answers %u", reply.status);
	if (reply.body.size > bytes_most)
		return fail(e, ERR_INPUT, "it has more than %zu bytes", bytes_most);
	*out = reply.body;
	return true;
}

bool github_file_get(struct github_call *call, const char *path, const char *ref,
		     size_t bytes_most, struct str *out, struct err *e)
{
	if (!path_check(str_of(path), e))
		return false;
	if (!github_sha_is_good(str_of(ref)) && !github_branch_is_good(str_of(ref)))
		return fail(e, ERR_INPUT, "this is neither a branch nor a commit's id");
	if (!get_raw(call, github_repository_path(call, e, "/contents/%p?ref=%s", path, ref),
		     bytes_most, out, e))
		return fail_while(e, "reading %s", path);
	return true;
}

bool github_blob_get(struct github_call *call, const char *id, size_t bytes_most,
		     struct str *out, struct err *e)
{
	if (!github_sha_is_good(str_of(id)))
		return fail(e, ERR_INPUT, "this is no blob's id");
	if (!get_raw(call, github_repository_path(call, e, "/git/blobs/%s", id), bytes_most, out, e))
		return fail_while(e, "reading a blob");
	return true;
}

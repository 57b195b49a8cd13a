/*
 * Creating, changing, readying and merging pull requests. Merges only with the head's id, so that
 * nothing is merged that was not seen.
 */
#include "git/github_pulls_private.h"

enum { TITLE_MOST = 255, BODY_MOST = 65000, UNPROCESSABLE = 422 };

const char *pull_path(struct github_call *call, uint64_t number, const char *rest, struct err *e)
{
	const char *start = github_repository_path(call, e, "/pulls/");

	return start ? arena_printf(call->arena, "%s%llu%s", start, (unsigned long long)number,
				    rest) : NULL;
}

static json_t *text_of(struct str text, size_t most)
{
	if (text.size > most) {
		while (most && ((unsigned char)text.at[most] & 0xc0) == 0x80)
			most--;
		text.size = most;
	}
	return json_string_of(text);
}

/* Free plans know no drafts in private repositories; then one that is none is better than none. */
static bool wants_no_draft(const struct reply *reply)
{
	ARENA scratch = {0};

	return strcasestr(str_text(&scratch, reply->message), "draft") != NULL;
}

bool github_pull_create(struct github_call *call, const struct github_pull_request *request,
			struct github_pull *out, struct err *e)
{
	JSON *body = json_pack("{s:s, s:s, s:o, s:o, s:b}", "head", request->head, "base",
		request->base, "title", text_of(request->title, TITLE_MOST),
		"body", text_of(request->body, BODY_MOST), "draft", (int)request->is_draft);
	struct ask ask = { .method = "POST", .need = GITHUB_NEED_WRITE, .body = body,
		.also = { UNPROCESSABLE } };
	struct github_pull made = {0};
	REPLY reply = {0};

	if (!body || !github_branch_is_good(str_of(request->head)) ||
	    !github_branch_is_good(str_of(request->base)))
		return fail(e, ERR_INPUT, "this is no branch");
	ask.path = github_repository_path(call, e, "/pulls");
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "creating a pull request");
	if (reply.status == UNPROCESSABLE && request->is_draft && wants_no_draft(&reply)) {
		json_object_set_new(body, "draft", json_false());
		reply_close(&reply);
		if (!github_ask(call, &ask, &reply, e))
			return fail_while(e, "creating a pull request");
	}
	if (reply.status == UNPROCESSABLE)
		return fail(e, ERR_INPUT, "creating a pull request: GitHub answers 422: %.*s",
			    STR_ARG(reply.message));
	if (!pull_read(reply.json, call->arena, &made, e))
		return fail_while(e, "creating a pull request");
	*out = made;
	return true;
}

bool github_pull_update(struct github_call *call, uint64_t number, struct str title,
			struct str body, bool is_closed, struct err *e)
{
	JSON *json = json_object();
	struct ask ask = { .method = "PATCH", .need = GITHUB_NEED_WRITE, .body = json,
		.path = pull_path(call, number, "", e) };
	REPLY reply = {0};

	if (title.size)
		json_object_set_new(json, "title", text_of(title, TITLE_MOST));
	if (body.size)
		json_object_set_new(json, "body", text_of(body, BODY_MOST));
	if (is_closed)
		json_object_set_new(json, "state", json_string("closed"));
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "changing pull request %llu", (unsigned long long)number);
	return true;
}

bool github_pull_ready(struct github_call *call, const struct github_pull *pull, struct err *e)
{
	static const char query[] =
		"mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) "
		"{ pullRequest { isDraft } } }";
	JSON *variables = json_pack("{s:s}", "id", pull->node);
	REPLY reply = {0};
	bool draft = true;

	if (!github_graphql(call, GITHUB_NEED_WRITE, query, variables, &reply, e) ||
	    !json_get_boolean(reply.json,
			      "data.markPullRequestReadyForReview.pullRequest.isDraft", &draft, e))
		return fail_while(e, "readying pull request %llu", (unsigned long long)pull->number);
	return !draft || fail(e, ERR_INPUT, "pull request %llu stays a draft",
			      (unsigned long long)pull->number);
}

static json_t *merge_body(const char *head, enum github_merge_method method, struct str title,
			  struct str message)
{
	static const char *const methods[] = { "merge", "squash", "rebase" };
	json_t *body = json_pack("{s:s, s:s}", "sha", head, "merge_method", methods[method]);

	if (title.size)
		json_object_set_new(body, "commit_title", text_of(title, TITLE_MOST));
	if (message.size)
		json_object_set_new(body, "commit_message", text_of(message, BODY_MOST));
	return body;
}

bool github_pull_merge(struct github_call *call, uint64_t number, const char *head,
		       enum github_merge_method method, struct str title, struct str message,
		       enum github_merged *out, char commit[GITHUB_SHA_SIZE], struct str *why,
		       struct err *e)
{
	JSON *body = merge_body(head, method, title, message);
	struct ask ask = { .method = "PUT", .need = GITHUB_NEED_WRITE, .body = body,
		.also = { 405, 409 }, .path = pull_path(call, number, "/merge", e) };
	char merged[GITHUB_SHA_SIZE];
	REPLY reply = {0};
	struct reading r;

	if (!github_sha_is_good(str_of(head)))
		return fail(e, ERR_INPUT, "merging needs the head's id");
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "merging pull request %llu", (unsigned long long)number);
	if (reply.status == 405 || reply.status == 409) {
		*out = reply.status == 405 ? GITHUB_NOT_MERGEABLE : GITHUB_HEAD_MOVED;
		*why = reply.message;
		return true;
	}
	r = (struct reading){ reply.json, call->arena, e, true };
	read_sha(&r, "sha", merged);
	if (r.good && !read_flag(&r, "merged", false))
		r.good = fail(e, ERR_INPUT, "it answers that it is not merged");
	if (!r.good)
		return fail_while(e, "merging pull request %llu", (unsigned long long)number);
	memcpy(commit, merged, sizeof(merged));
	*out = GITHUB_MERGED;
	return true;
}

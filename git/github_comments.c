/*
 * Comments, labels, reactions. What may be said in them is decided elsewhere.
 */
#include "git/github_comments.h"

#include "bot/base/clock.h"
#include "git/github_private.h"

enum { BODY_MOST = 65000, READ_MOST = 256 * 1024, PAGES_MOST = 30, LABEL_MOST = 200, PAGE = 100 };

static const char *number(struct arena *a, uint64_t n)
{
	return arena_printf(a, "%llu", (unsigned long long)n);
}

struct comments_to {
	struct arena *a;
	struct github_comments *list;
};

/* The number at the end of "https://.../issues/1347"; 0 when there is none. */
static uint64_t issue_of(struct str url)
{
	struct str rest, last = STR("");
	unsigned long n = 0;

	return str_split_last(url, "/", &rest, &last) && str_number(last, &n) ? n : 0;
}

static bool add_comment(void *context, const json_t *item, struct err *e)
{
	static const char *const types[] = { NULL, "User", NULL };
	struct comments_to *to = context;
	struct github_comment one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_id(&r, "id", &one.id);
	read_name(&r, "user.login", &one.author);
	one.author_is_bot = !read_word(&r, "user.type", types) || str_ends(str_of(one.author), "[bot]");
	one.by_app = json_at(item, "performed_via_github_app");
	one.issue = issue_of(json_text_or(item, "issue_url", STR("")));
	read_name(&r, "author_association", &one.association);
	read_text(&r, "body", READ_MOST, &one.body);
	read_time(&r, "created_at", &one.created_ms);
	read_time(&r, "updated_at", &one.updated_ms);
	if (r.good)
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

bool github_comments_list(struct github_call *call, uint64_t issue, int64_t since_ms,
			  struct github_comments *out, struct err *e)
{
	struct github_comments list = {0};
	struct comments_to to = { call->arena, &list };
	struct pages pages = { .pages_most = PAGES_MOST, .item = add_comment, .context = &to };
	char time[CLOCK_TEXT_SIZE];

	pages.path = github_repository_path(call, e, "/issues/%s/comments?per_page=100",
					    number(call->arena, issue));
	if (pages.path && since_ms > 0)
		pages.path = arena_printf(call->arena, "%s&since=%.19sZ", pages.path,
					  clock_format(since_ms, time));
	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing comments");
	list.complete = pages.complete;
	*out = list;
	return true;
}

const char *github_comments_path(struct github_call *call, int64_t since_ms, struct err *e)
{
	const char *path = github_repository_path(call, e, "/issues/comments?sort=updated&direction=asc"
						  "&per_page=100");
	char time[CLOCK_TEXT_SIZE];

	if (!path || since_ms <= 0)
		return path;
	return arena_printf(call->arena, "%s&since=%.19sZ", path, clock_format(since_ms, time));
}

bool github_comments_read(struct str body, struct arena *a, struct github_comments *out, bool *full,
			  struct err *e)
{
	struct github_comments list = { .complete = true };
	struct comments_to to = { a, &list };
	JSON *json = NULL;
	json_t *item;
	size_t i;

	if (!github_parse(body, &json, e))
		return false;
	if (!json_is_array(json))
		return fail(e, ERR_INPUT, "the comments are no list");
	json_array_foreach(json, i, item)
		if (!add_comment(&to, item, e))
			return false;
	*full = json_array_size(json) >= PAGE;
	*out = list;
	return true;
}

bool github_comments_since(struct github_call *call, int64_t since_ms, struct github_comments *out,
			   struct err *e)
{
	struct github_comments list = {0};
	struct comments_to to = { call->arena, &list };
	struct pages pages = { .path = github_comments_path(call, since_ms, e),
		.pages_most = PAGES_MOST, .item = add_comment, .context = &to };

	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing comments");
	list.complete = pages.complete;
	*out = list;
	return true;
}

static json_t *body_of(struct str body)
{
	if (body.size > BODY_MOST) {
		body.size = BODY_MOST;
		while (body.size && ((unsigned char)body.at[body.size] & 0xc0) == 0x80)
			body.size--;
	}
	return json_pack("{s:o}", "body", json_string_of(body));
}

/* Sends a write whose answer matters by its id at most. */
static bool send_write(struct github_call *call, const char *method, const char *path,
		       const json_t *body, uint64_t *id, struct err *e)
{
	struct ask ask = { .method = method, .path = path, .body = body,
		.need = GITHUB_NEED_WRITE };
	REPLY reply = {0};
	struct reading r;

	if (!path || !github_ask(call, &ask, &reply, e))
		return false;
	r = (struct reading){ reply.json, call->arena, e, true };
	if (id)
		read_id(&r, "id", id);
	return r.good;
}

bool github_comment_create(struct github_call *call, uint64_t issue, struct str body,
			   uint64_t *id, struct err *e)
{
	JSON *json = body_of(body);
	uint64_t made;

	if (!send_write(call, "POST", github_repository_path(call, e, "/issues/%s/comments",
			number(call->arena, issue)), json, &made, e))
		return fail_while(e, "commenting");
	*id = made;
	return true;
}

bool github_comment_update(struct github_call *call, uint64_t comment, struct str body,
			   struct err *e)
{
	JSON *json = body_of(body);

	if (!send_write(call, "PATCH", github_repository_path(call, e, "/issues/comments/%s",
			number(call->arena, comment)), json, NULL, e))
		return fail_while(e, "changing a comment");
	return true;
}

const struct github_comment *github_comment_sticky(const struct github_comments *comments,
						   const char *author, const char *marker)
{
	/* Anybody can write the marker; only ours counts. */
	for (size_t i = 0; i < comments->count; i++)
		if (str_equal_nocase(str_of(comments->items[i].author), str_of(author)) &&
		    str_has(comments->items[i].body, marker))
			return &comments->items[i];
	return NULL;
}

bool github_labels_add(struct github_call *call, uint64_t issue, const char *const *labels,
		       size_t count, struct err *e)
{
	json_t *names = json_array();
	JSON *json = json_pack("{s:o}", "labels", names);

	for (size_t i = 0; i < count; i++)
		json_array_append_new(names, json_string_of(str_of(labels[i])));
	if (!send_write(call, "POST", github_repository_path(call, e, "/issues/%s/labels",
			number(call->arena, issue)), json, NULL, e))
		return fail_while(e, "labelling");
	return true;
}

bool github_label_remove(struct github_call *call, uint64_t issue, const char *label,
			 struct err *e)
{
	struct ask ask = { .method = "DELETE", .need = GITHUB_NEED_WRITE, .also = { 404 } };
	REPLY reply = {0};

	ask.path = github_repository_path(call, e, "/issues/%s/labels/%s",
					  number(call->arena, issue), label);
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "taking a label off");
	return true;
}

bool github_label_make(struct github_call *call, const char *name, const char *colour,
		       const char *description, struct err *e)
{
	JSON *json = json_pack("{s:s, s:s, s:s}", "name", name, "color", colour, "description",
			       description);
	struct ask ask = { .method = "POST", .need = GITHUB_NEED_WRITE, .body = json,
		.also = { 422 } };
	REPLY reply = {0};

	if (!json || !*name || strlen(name) > LABEL_MOST)
		return fail(e, ERR_INPUT, "this is no label");
	ask.path = github_repository_path(call, e, "/labels");
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "making a label");
	if (reply.status == 422 && !str_has(reply.message, "already_exists"))
		return fail(e, ERR_INPUT, "making a label: GitHub answers 422: %.*s",
			    STR_ARG(reply.message));
	return true;
}

static const char *const reactions[] = {
	NULL, "+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes", NULL,
};

bool github_comment_react(struct github_call *call, uint64_t comment, enum github_reaction what,
			  struct err *e)
{
	JSON *json = NULL;

	if (!what || what > GITHUB_EYES)
		return fail(e, ERR_BUG, "no such reaction");
	json = json_pack("{s:s}", "content", reactions[what]);
	if (!send_write(call, "POST", github_repository_path(call, e,
			"/issues/comments/%s/reactions", number(call->arena, comment)), json, NULL,
			e))
		return fail_while(e, "reacting");
	return true;
}

struct reactions_to {
	struct arena *a;
	struct github_reactions *list;
};

static bool add_reaction(void *context, const json_t *item, struct err *e)
{
	struct reactions_to *to = context;
	struct github_reacted one = {0};
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };

	(void)e;
	read_name(&r, "user.login", &one.who);
	one.what = (enum github_reaction)read_word(&r, "content", reactions);
	if (r.good)
		arena_push(to->a, to->list->items, to->list->count) = one;
	else
		to->list->left_out++;
	return true;
}

bool github_reactions_list(struct github_call *call, uint64_t issue,
			   struct github_reactions *out, struct err *e)
{
	struct github_reactions list = {0};
	struct reactions_to to = { call->arena, &list };
	struct pages pages = { .pages_most = PAGES_MOST, .item = add_reaction, .context = &to };

	pages.path = github_repository_path(call, e, "/issues/%s/reactions?per_page=100",
					    number(call->arena, issue));
	if (!pages.path || !github_each_page(call, &pages, e))
		return fail_while(e, "listing reactions");
	list.complete = pages.complete;
	*out = list;
	return true;
}

/*
 * Who we are and what is switched on, in GitHub's answers. Judges nothing.
 */
#include "git/github_access.h"

#include "git/github_private.h"

enum { RULES_PAGES_MOST = 10, TEXT_MOST = 400 };

enum github_token_kind github_token_kind(const struct github *github)
{
	static const struct {
		const char *prefix;
		enum github_token_kind kind;
	} kinds[] = {
		{ "github_pat_", GITHUB_TOKEN_FINE }, { "ghp_", GITHUB_TOKEN_CLASSIC },
		{ "ghs_", GITHUB_TOKEN_INSTALLATION },
	};

	if (github->mode == GITHUB_APP)
		return GITHUB_TOKEN_APP;
	if (github->mode == GITHUB_ACTIONS && str_starts(github->token, "ghs_"))
		return GITHUB_TOKEN_JOB;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_starts(github->token, kinds[i].prefix))
			return kinds[i].kind;
	return GITHUB_TOKEN_OTHER;
}

/* {"contents": "write", ...}; a level that is not known counts as more than is needed. */
static void read_rights(const json_t *json, struct arena *a, struct github_rights *out)
{
	struct github_rights found = {0};
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)json, name, value) {
		struct github_right one = { arena_printf(a, "%.60s", name), GITHUB_PERMISSION_ADMIN };

		github_permission_of_name(json_text_or(value, "", STR_NONE), &one.level);
		arena_push(a, found.items, found.count) = one;
	}
	*out = found;
}

static void read_page(struct reading *r, const char **out)
{
	struct str page = json_text_or(r->json, "html_url", STR_NONE);
	struct str rest = page;

	/* It is shown to people: nothing but an address. */
	*out = "";
	if (page.size > TEXT_MOST || !(str_skip(&rest, "https://") || str_skip(&rest, "http://")))
		return;
	for (size_t i = 0; i < page.size; i++)
		if (page.at[i] <= ' ' || page.at[i] > '~')
			return;
	*out = str_text(r->arena, page);
}

bool github_app_get(struct github_call *call, struct github_app *out, struct err *e)
{
	struct ask ask = { .method = "GET", .path = "/app", .as = AS_APP };
	struct github_app found = {0};
	const char **events = NULL;
	const json_t *list;
	size_t count = 0;
	REPLY reply = {0};
	struct reading r;

	if (!github_ask(call, &ask, &reply, e))
		return fail_while(e, "asking who we are");
	r = (struct reading){ reply.json, call->arena, e, true };
	read_id(&r, "id", &found.id);
	read_login(&r, "slug", &found.slug);
	if (!r.good)
		return fail_while(e, "asking who we are");
	read_page(&r, &found.page);
	read_rights(json_at(reply.json, "permissions"), call->arena, &found.rights);
	list = json_at(reply.json, "events");
	for (size_t i = 0; i < json_array_size(list); i++)
		arena_push(call->arena, events, count) = str_text(call->arena, str_slice(
			json_text_or(json_array_get(list, i), "", STR("")), 0, TEXT_MOST));
	arena_push(call->arena, events, count) = NULL;
	found.events = events;
	*out = found;
	return true;
}

bool github_grant_get(struct github_call *call, struct github_grant *out, struct err *e)
{
	struct ask ask = { .method = "GET", .as = AS_APP,
		.path = github_repository_path(call, e, "/installation") };
	struct github_grant found = {0};
	REPLY reply = {0};
	struct reading r;

	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "looking for the App's installation");
	r = (struct reading){ reply.json, call->arena, e, true };
	read_id(&r, "id", &found.id);
	read_login(&r, "account.login", &found.account);
	if (!r.good)
		return fail_while(e, "looking for the App's installation");
	read_page(&r, &found.page);
	found.is_suspended = json_at(reply.json, "suspended_at");
	read_rights(json_at(reply.json, "permissions"), call->arena, &found.rights);
	*out = found;
	return true;
}

static enum github_answer answer_at(const json_t *json, const char *path)
{
	const json_t *value = json_at(json, path);

	return !json_is_boolean(value) ? GITHUB_UNSAID : json_is_true(value) ? GITHUB_YES : GITHUB_NO;
}

bool github_switches_get(struct github_call *call, struct github_switches *out, struct err *e)
{
	struct ask ask = { .method = "GET", .path = github_repository_path(call, e, ""),
		.as = call->installation ? AS_INSTALLATION : AS_REPOSITORY,
		.installation = call->installation };
	struct github_switches found = {0};
	REPLY reply = {0};
	struct reading r;

	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return fail_while(e, "asking for the repository");
	r = (struct reading){ reply.json, call->arena, e, true };
	read_id(&r, "id", &found.id);
	read_login(&r, "owner.login", &found.owner);
	read_repository(&r, "name", &found.name);
	read_branch(&r, "default_branch", &found.default_branch);
	found.is_private = read_flag(&r, "private", true);
	found.is_archived = read_flag(&r, "archived", false);
	found.is_disabled = read_flag(&r, "disabled", false);
	if (!r.good)
		return fail_while(e, "asking for the repository");
	found.may_push = answer_at(reply.json, "permissions.push");
	found.merge_commit = answer_at(reply.json, "allow_merge_commit");
	found.squash = answer_at(reply.json, "allow_squash_merge");
	found.rebase = answer_at(reply.json, "allow_rebase_merge");
	found.auto_merge = answer_at(reply.json, "allow_auto_merge");
	found.scopes = reply_header(&reply, "x-oauth-scopes");
	found.expires = reply_header(&reply, "github-authentication-token-expiration");
	*out = found;
	return true;
}

static bool add_workflow(void *context, const json_t *item, struct err *e)
{
	struct text *off = context;
	struct err ignored = ERR_INIT;
	struct reading r = { item, off->arena, &ignored, true };
	const char *path, *state;

	(void)e;
	read_name(&r, "path", &path);
	read_name(&r, "state", &state);
	if (r.good && strcmp(state, "active"))
		text_addf(off, "%s%s (%s)", off->size ? ", " : "", path, state);
	return true;
}

/* Owners' settings are readable with `administration`, which Aegis does not ask for. */
static bool ask_setting(struct github_call *call, const char *path, const char *name,
			enum github_answer *out, struct err *e)
{
	struct ask ask = { .method = "GET", .path = path, .also = { 403, 404, 409 } };
	REPLY reply = {0};

	if (!path || !github_ask(call, &ask, &reply, e))
		return false;
	*out = reply.status == 200 ? answer_at(reply.json, name) : GITHUB_UNSAID;
	return true;
}

bool github_actions_get(struct github_call *call, struct github_actions *out, struct err *e)
{
	struct github_actions found = {0};
	struct text off = TEXT(call->arena);
	struct pages pages = { .list = "workflows", .pages_most = 3, .item = add_workflow,
		.context = &off,
		.path = github_repository_path(call, e, "/actions/workflows?per_page=100") };

	if (!pages.path || !github_each_page(call, &pages, e) ||
	    !ask_setting(call, github_repository_path(call, e, "/actions/permissions"), "enabled",
			 &found.enabled, e) ||
	    !ask_setting(call, github_repository_path(call, e, "/actions/permissions/workflow"),
			 "can_approve_pull_request_reviews", &found.may_open_pulls, e))
		return fail_while(e, "asking about Actions");
	found.workflows = pages.seen;
	found.switched_off = text_str(&off);
	*out = found;
	return true;
}

struct rules_to {
	struct arena *a;
	struct github_rules *list;
};

static bool add_rule(void *context, const json_t *item, struct err *e)
{
	struct rules_to *to = context;
	struct err ignored = ERR_INIT;
	struct reading r = { item, to->a, &ignored, true };
	struct github_rule one = { .type = "" };

	(void)e;
	read_name(&r, "type", &one.type);
	read_text(&r, "parameters.operator", TEXT_MOST, &one.operator);
	read_text(&r, "parameters.pattern", TEXT_MOST, &one.pattern);
	one.negate = read_flag(&r, "parameters.negate", false);
	one.ruleset = (uint64_t)json_integer_or(item, "ruleset_id", 0);
	if (!r.good || !*one.type)
		to->list->complete = false;
	else
		arena_push(to->a, to->list->items, to->list->count) = one;
	return true;
}

static bool ask_bypass(struct github_call *call, struct github_rules *rules, size_t i, struct err *e)
{
	struct ask ask = { .method = "GET", .also = { 403, 404 }, .path = github_repository_path(call, e,
		"/rulesets/%s", arena_printf(call->arena, "%llu",
					     (unsigned long long)rules->items[i].ruleset)) };
	REPLY reply = {0};
	struct str word;

	for (size_t n = 0; n < i; n++)
		if (rules->items[n].ruleset == rules->items[i].ruleset) {
			rules->items[i].bypass = rules->items[n].bypass;
			return true;
		}
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return false;
	word = json_text_or(reply.json, "current_user_can_bypass", STR_NONE);
	rules->items[i].bypass = str_is(word, "always") || str_is(word, "exempt") ? GITHUB_YES
			       : word.size ? GITHUB_NO : GITHUB_UNSAID;
	return true;
}

bool github_rules_get(struct github_call *call, const char *branch, struct github_rules *out,
		      struct err *e)
{
	struct github_rules found = { .complete = true };
	struct rules_to to = { call->arena, &found };
	struct pages pages = { .pages_most = RULES_PAGES_MOST, .item = add_rule, .context = &to };

	if (!github_branch_is_good(str_of(branch)))
		return fail(e, ERR_INPUT, "this is no branch");
	pages.path = github_repository_path(call, e, "/rules/branches/%s?per_page=100", branch);
	if (!pages.path)
		return false;
	/* Older Enterprise servers have no rulesets. */
	if (!github_each_page(call, &pages, e)) {
		if (e->kind != ERR_GONE)
			return fail_while(e, "asking for the rules of %s", branch);
		pages.complete = true;
	}
	found.complete &= pages.complete;
	for (size_t i = 0; i < found.count; i++)
		if (!ask_bypass(call, &found, i, e))
			return fail_while(e, "asking for a ruleset");
	*out = found;
	return true;
}

bool github_may_read(struct github_call *call, const char *area, enum github_answer *out,
		     struct err *e)
{
	static const struct {
		const char *area, *path;
	} paths[] = {
		{ "actions", "/actions/runs?per_page=1" }, { "checks", "/commits/HEAD/check-runs?per_page=1" },
		{ "contents", "/commits?per_page=1" }, { "deployments", "/deployments?per_page=1" },
		{ "issues", "/labels?per_page=1" }, { "pull_requests", "/pulls?per_page=1" },
		{ "statuses", "/commits/HEAD/status?per_page=1" },
	};
	struct ask ask = { .method = "GET", .also = { 403, 404, 409 } };
	REPLY reply = {0};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (!strcmp(paths[i].area, area))
			ask.path = github_repository_path(call, e, paths[i].path);
	if (!ask.path)
		return fail(e, ERR_BUG, "nobody knows how to read %s", area);
	if (!github_ask(call, &ask, &reply, e))
		return fail_while(e, "reading %s", area);
	*out = reply.status == 200 ? GITHUB_YES : reply.status == 403 ? GITHUB_NO : GITHUB_UNSAID;
	return true;
}

/*
 * Rules of a branch from both of GitHub's systems, put together. Decides nothing (git/required.c).
 */
#include "git/github_protection.h"

#include "git/github_private.h"

enum { PAGES_MOST = 10, CONTEXT_MOST = 400 };

struct to {
	struct arena *a;
	struct github_protection *out;
	bool has_rules;
};

static void add(struct to *to, struct str context, uint64_t app)
{
	struct github_protection *out = to->out;

	for (size_t i = 0; i < out->check_count; i++)
		if (str_equal(out->checks[i].context, context) && out->checks[i].app_id == app)
			return;
	arena_push(to->a, out->checks, out->check_count) = (struct required_check){ context, app };
}

/* {"context": ..., "integration_id"|"app_id": number or null}; -1 stands for any app. */
static void add_checks(struct to *to, const json_t *list, const char *app)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		struct err ignored = ERR_INIT;
		struct reading r = { item, to->a, &ignored, true };
		int64_t id = json_integer_or(item, app, 0);
		struct str context;

		read_text(&r, "context", CONTEXT_MOST, &context);
		if (r.good && context.size)
			add(to, context, id > 0 ? (uint64_t)id : 0);
		else
			to->out->is_known = false;
	}
}

static void add_methods(struct to *to, const json_t *list)
{
	struct text methods = TEXT(to->a);

	for (size_t i = 0; i < json_array_size(list) && i < 10; i++)
		text_addf(&methods, "%s%.*s", i ? ", " : "", STR_ARG(str_slice(
			json_text_or(json_array_get(list, i), "", STR("?")), 0, 20)));
	if (methods.size)
		to->out->merge_methods = text_str(&methods);
}

static bool add_rule(void *context, const json_t *item, struct err *e)
{
	struct to *to = context;
	struct github_protection *out = to->out;
	struct str type = json_text_or(item, "type", STR_NONE);
	int64_t reviews;

	(void)e;
	if (str_is(type, "required_status_checks")) {
		add_checks(to, json_at(item, "parameters.required_status_checks"), "integration_id");
		out->must_be_current |= json_boolean_or(item,
			"parameters.strict_required_status_checks_policy", false);
		out->is_known &= json_is_array(json_at(item, "parameters.required_status_checks"));
	} else if (str_is(type, "pull_request")) {
		reviews = json_integer_or(item, "parameters.required_approving_review_count", 0);
		if (reviews > 0 && (uint64_t)reviews > out->approvals)
			out->approvals = (uint64_t)reviews;
		out->wants_code_owners |= json_boolean_or(item,
			"parameters.require_code_owner_review", false);
		add_methods(to, json_at(item, "parameters.allowed_merge_methods"));
	}
	to->has_rules = true;
	out->has_merge_queue |= str_is(type, "merge_queue");
	out->wants_linear_history |= str_is(type, "required_linear_history");
	out->wants_signatures |= str_is(type, "required_signatures");
	return true;
}

/* Names only where "checks" is missing: older servers. */
static void add_classic(struct to *to, const json_t *json)
{
	const json_t *checks = json_at(json, "checks"), *contexts = json_at(json, "contexts");

	add_checks(to, checks, "app_id");
	for (size_t i = 0; !json_array_size(checks) && i < json_array_size(contexts); i++) {
		struct str context = json_text_or(json_array_get(contexts, i), "", STR_NONE);

		if (context.size && context.size <= CONTEXT_MOST)
			add(to, str_copy(to->a, context), 0);
		else
			to->out->is_known = false;
	}
	to->out->must_be_current |= json_boolean_or(json, "strict", false);
}

/* Reading protection needs a permission that Aegis does not ask for; the branch tells the checks. */
static bool ask_branch(struct github_call *call, const char *branch, struct to *to, struct err *e)
{
	struct ask ask = { .method = "GET",
		.path = github_repository_path(call, e, "/branches/%s", branch) };
	REPLY reply = {0};

	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return false;
	to->out->reviews_unknown = json_boolean_or(reply.json, "protected", false) && !to->has_rules;
	if (!json_is_boolean(json_at(reply.json, "protected")))
		to->out->is_known = false;
	else if (json_is_true(json_at(reply.json, "protected")))
		add_classic(to, json_at(reply.json, "protection.required_status_checks"));
	return true;
}

static bool ask_classic(struct github_call *call, const char *branch, struct to *to,
			struct err *e)
{
	struct ask ask = { .method = "GET", .also = { 403, 404 }, .path = github_repository_path(
		call, e, "/branches/%s/protection/required_status_checks", branch) };
	REPLY reply = {0};

	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return false;
	if (reply.status != 200)
		return ask_branch(call, branch, to, e);
	add_classic(to, reply.json);
	return true;
}

bool github_protection_of(struct github_call *call, const char *branch,
			  struct github_protection *out, struct err *e)
{
	struct github_protection found = { .is_known = true };
	struct to to = { call->arena, &found, false };
	struct pages pages = { .pages_most = PAGES_MOST, .item = add_rule, .context = &to };

	if (!github_branch_is_good(str_of(branch)))
		return fail(e, ERR_INPUT, "this is no branch");
	pages.path = github_repository_path(call, e, "/rules/branches/%s?per_page=100", branch);
	if (!pages.path)
		return false;
	if (!github_each_page(call, &pages, e)) {
		/* Older Enterprise servers have no rulesets. */
		if (e->kind != ERR_GONE)
			return fail_while(e, "asking for the rules of %s", branch);
		pages.complete = true;
	}
	found.is_known &= pages.complete;
	if (!ask_classic(call, branch, &to, e))
		return fail_while(e, "asking for the protection of %s", branch);
	*out = found;
	return true;
}

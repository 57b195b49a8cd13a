/*
 * One GraphQL request, for what REST lacks. Its errors come with status 200 and are put into our
 * kinds. Knows no query.
 */
#include "git/github_private.h"

static enum err_kind kind_of(struct str type)
{
	static const struct { const char *type; enum err_kind kind; } known[] = {
		{ "NOT_FOUND", ERR_GONE }, { "FORBIDDEN", ERR_DENIED },
		{ "INSUFFICIENT_SCOPES", ERR_DENIED }, { "RATE_LIMITED", ERR_LATER },
		{ "RATE_LIMIT", ERR_LATER }, { "SERVICE_UNAVAILABLE", ERR_LATER },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_is(type, known[i].type))
			return known[i].kind;
	return ERR_INPUT;
}

bool github_graphql(struct github_call *call, enum github_need need, const char *query,
		    const json_t *variables, struct reply *reply, struct err *e)
{
	JSON *body = json_pack("{s:s, s:O}", "query", query, "variables", variables);
	const struct ask ask = { .method = "POST", .need = need, .graphql = true, .body = body };
	REPLY made = {0};
	const json_t *first;

	if (!github_repository_path(call, e, "") || !github_ask(call, &ask, &made, e))
		return fail_while(e, "GraphQL");
	first = json_at(made.json, "errors[0]");
	if (first) {
		/* With data beside the errors a part of it was done. */
		call->outcome = json_at(made.json, "data") ? GITHUB_UNKNOWN : GITHUB_NOT_DONE;
		return fail(e, kind_of(json_text_or(first, "type", STR_NONE)), "GraphQL: %.*s",
			    STR_ARG(made.message));
	}
	if (!json_at(made.json, "data"))
		return fail(e, ERR_INPUT, "GraphQL: an answer without data");
	*reply = made;
	made.json = NULL;
	return true;
}

/*
 * Reads of an event what decides how far we may go, and nothing else: whose code it is, its pull
 * request or run. No title, no text and no address is taken from it.
 */
#include "bot/action_event.h"

static const struct { const char *name; enum event_kind kind; } kinds[] = {
	{ "push", EVENT_PUSH }, { "schedule", EVENT_SCHEDULE },
	{ "workflow_dispatch", EVENT_DISPATCH }, { "repository_dispatch", EVENT_DISPATCH },
	{ "pull_request", EVENT_PULL }, { "pull_request_target", EVENT_PULL_TARGET },
	{ "pull_request_review", EVENT_PULL }, { "pull_request_review_comment", EVENT_PULL },
	{ "workflow_run", EVENT_RUN },
};

enum event_kind event_kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (name && !strcmp(name, kinds[i].name))
			return kinds[i].kind;
	return EVENT_OTHER;
}

static const char *branch_at(const struct reading *r, const char *path)
{
	struct str name = json_text_or(r->json, path, STR_NONE);

	return github_branch_is_good(name) ? str_text(r->arena, name) : "";
}

/* Names are compared as they are written: a doubt makes it a fork, which is the careful side. */
static bool is_other(const json_t *json, const char *theirs, const char *ours)
{
	struct str one = json_text_or(json, theirs, STR_NONE);

	return !one.size || !str_equal(one, json_text_or(json, ours, STR_NONE));
}

static void read_pull(struct reading *r, struct event *event)
{
	read_id(r, "pull_request.number", &event->pull);
	read_sha(r, "pull_request.head.sha", event->head);
	event->head_branch = branch_at(r, "pull_request.head.ref");
	event->from_fork = is_other(r->json, "pull_request.head.repo.full_name",
				    "pull_request.base.repo.full_name") ||
			   is_other(r->json, "pull_request.base.repo.full_name", "repository.full_name");
}

static void read_run(struct reading *r, struct event *event)
{
	read_id(r, "workflow_run.id", &event->run);
	read_count(r, "workflow_run.run_attempt", 1000000, &event->attempt);
	read_sha(r, "workflow_run.head_sha", event->head);
	event->head_branch = branch_at(r, "workflow_run.head_branch");
	event->from_fork = is_other(r->json, "workflow_run.head_repository.full_name",
				    "repository.full_name");
}

bool event_read(const char *name, struct str body, struct arena *a, struct event *out, struct err *e)
{
	JSON *json = NULL;
	struct event event = { .kind = event_kind_of(name), .head_branch = "" };
	struct reading r;

	if (!json_parse(body, EVENT_BYTES_MOST, &json, e))
		return fail_while(e, "reading the event");
	if (!json_is_object(json))
		return fail(e, ERR_INPUT, "reading the event: it is no object");
	r = (struct reading){ json, a, e, true };
	event.default_branch = branch_at(&r, "repository.default_branch");
	if (event.kind == EVENT_PULL || event.kind == EVENT_PULL_TARGET)
		read_pull(&r, &event);
	if (event.kind == EVENT_RUN)
		read_run(&r, &event);
	if (!r.good)
		return fail_while(e, "reading the event");
	*out = event;
	return true;
}

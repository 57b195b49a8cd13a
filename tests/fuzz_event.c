/*
 * Any bytes as a runner's event; a first byte for its name. What is taken is within its bounds, and
 * only what the event names in full is not of a fork.
 */
#include "bot/action_event.h"

#include "bot/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct event *event, const json_t *json)
{
	const bool is_pull = event->kind == EVENT_PULL || event->kind == EVENT_PULL_TARGET;
	const char *theirs = is_pull ? "pull_request.head.repo.full_name"
				     : "workflow_run.head_repository.full_name";
	struct str ours = json_text_or(json, "repository.full_name", STR_NONE);

	if (*event->head_branch && !github_branch_is_good(str_of(event->head_branch)))
		__builtin_trap();
	if (*event->default_branch && !github_branch_is_good(str_of(event->default_branch)))
		__builtin_trap();
	if (!is_pull && event->kind != EVENT_RUN)
		return;
	if (!github_sha_is_good(str_of(event->head)) || (!event->pull && !event->run))
		__builtin_trap();
	if (!event->from_fork && (!ours.size || !str_equal(ours, json_text_or(json, theirs, STR_NONE))))
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "push", "pull_request", "pull_request_target", "workflow_run",
					     "schedule", "", "x" };
	struct str body = str_from((struct str){ (const char *)data, size }, 1);
	const char *name = size ? names[data[0] % 7] : "push";
	struct event event;
	struct err e = ERR_INIT;
	JSON *json = NULL;
	ARENA a = {0};

	if (!event_read(name, body, &a, &event, &e)) {
		if (e.kind != ERR_INPUT)
			__builtin_trap();
		return 0;
	}
	if (!json_parse(body, EVENT_BYTES_MOST, &json, &e))
		__builtin_trap();
	check(&event, json);
	return 0;
}

/*
 * Creating and changing check runs. GitHub takes 50 annotations a request and appends those of the
 * next; what is too long for a field is cut here, for it would be refused whole.
 */
#include "git/github_checks.h"
#include "git/github_private.h"

enum { ANNOTATIONS_MOST = 50, TEXT_MOST = 65535, TITLE_MOST = 255, NAME_MOST = 255 };

static json_t *text_of(struct str text, size_t most)
{
	if (text.size > most) {
		while (most && ((unsigned char)text.at[most] & 0xc0) == 0x80)
			most--;
		text.size = most;
	}
	return json_string_of(text);
}

static json_t *annotations_of(const struct github_annotation *items, size_t count)
{
	static const char *const levels[] = { "notice", "notice", "warning", "failure" };
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		uint64_t first = items[i].first_line ? items[i].first_line : 1;
		uint64_t last = items[i].last_line > first ? items[i].last_line : first;
		json_t *one = json_pack("{s:s, s:I, s:I, s:s, s:o}", "path", items[i].path,
			"start_line", (json_int_t)first, "end_line", (json_int_t)last,
			"annotation_level", levels[items[i].level],
			"message", text_of(items[i].message.size ? items[i].message : STR("-"),
					   TEXT_MOST - 1));

		if (items[i].title.size)
			json_object_set_new(one, "title", text_of(items[i].title, TITLE_MOST));
		if (items[i].details.size)
			json_object_set_new(one, "raw_details", text_of(items[i].details,
									TEXT_MOST - 1));
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *output_of(const struct github_check_request *request, size_t from, size_t count)
{
	json_t *output = json_pack("{s:o, s:o}",
		"title", text_of(request->title.size ? request->title : STR("Aegis"), TITLE_MOST),
		"summary", text_of(request->summary, TEXT_MOST));

	if (request->text.size)
		json_object_set_new(output, "text", text_of(request->text, TEXT_MOST));
	if (count)
		json_object_set_new(output, "annotations",
				    annotations_of(request->annotations + from, count));
	return output;
}

static void set_text(json_t *body, const char *name, const char *value)
{
	if (value)
		json_object_set_new(body, name, text_of(str_of(value), TEXT_MOST));
}

static json_t *body_of(const struct github_check_request *request, size_t from, size_t count)
{
	static const char *const states[] = {
		[GITHUB_STATE_UNKNOWN] = "queued", [GITHUB_QUEUED] = "queued",
		[GITHUB_IN_PROGRESS] = "in_progress", [GITHUB_COMPLETED] = "completed",
		[GITHUB_WAITING] = "queued", [GITHUB_REQUESTED] = "queued",
		[GITHUB_PENDING] = "queued",
	};
	/* Our own troubles never make a check red: what has no word is neutral. */
	static const char *const conclusions[] = {
		[GITHUB_CONCLUSION_UNKNOWN] = "neutral", [GITHUB_SUCCESS] = "success",
		[GITHUB_FAILURE] = "failure", [GITHUB_NEUTRAL] = "neutral",
		[GITHUB_CANCELLED] = "cancelled", [GITHUB_SKIPPED] = "skipped",
		[GITHUB_TIMED_OUT] = "timed_out", [GITHUB_ACTION_REQUIRED] = "action_required",
		[GITHUB_STALE] = "neutral", [GITHUB_STARTUP_FAILURE] = "neutral",
		[GITHUB_NO_CONCLUSION] = "neutral",
	};
	json_t *body = json_pack("{s:s, s:o}", "status", states[request->state], "output",
				 output_of(request, from, count));

	set_text(body, "name", request->name);
	set_text(body, "external_id", request->external_id);
	set_text(body, "details_url", request->details_url);
	if (request->state == GITHUB_COMPLETED)
		set_text(body, "conclusion", conclusions[request->conclusion]);
	return body;
}

static bool write_one(struct github_call *call, const struct github_check_request *request,
		      uint64_t *id, size_t from, size_t count, struct err *e)
{
	struct ask ask = { .method = *id ? "PATCH" : "POST", .need = GITHUB_NEED_CHECK };
	JSON *body = body_of(request, from, count);
	REPLY reply = {0};
	struct reading r;
	uint64_t made;

	ask.body = body;
	if (*id) {
		ask.path = github_repository_path(call, e, "/check-runs/%s",
			arena_printf(call->arena, "%llu", (unsigned long long)*id));
	} else {
		ask.path = github_repository_path(call, e, "/check-runs");
		json_object_set_new(body, "head_sha", json_string(request->head));
	}
	if (!ask.path || !github_ask(call, &ask, &reply, e))
		return false;
	r = (struct reading){ reply.json, call->arena, e, true };
	read_id(&r, "id", &made);
	if (r.good)
		*id = made;
	return r.good;
}

bool github_check_write(struct github_call *call, const struct github_check_request *request,
			uint64_t *id, struct err *e)
{
	uint64_t at = request->id;
	size_t from = 0;

	if (!at && (!request->name || str_of(request->name).size > NAME_MOST || !request->head ||
		    !github_sha_is_good(str_of(request->head))))
		return fail(e, ERR_INPUT, "a new check run needs a name and a commit");
	do {
		size_t left = request->annotation_count - from;
		size_t count = left < ANNOTATIONS_MOST ? left : ANNOTATIONS_MOST;

		if (!write_one(call, request, &at, from, count, e)) {
			if (from)
				call->outcome = GITHUB_UNKNOWN;
			return fail_while(e, "writing a check run");
		}
		*id = at;
		from += count;
	} while (from < request->annotation_count);
	return true;
}

/*
 * A delivery of any bytes, behind the name of its event: never more than a hint whose every field is
 * well formed. Where it is an object to jansson too, both see the same in it.
 */
#include "bot/base/json.h"
#include "bot/base/json_skim.h"
#include "bot/serve/webhook.h"
#include "git/github_read.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const events[] = { "workflow_run", "check_run", "status", "issue_comment", "push",
	"pull_request", "installation", "ping" };
static const char *const paths[] = { "action", "repository", "repository.id", "workflow_run.head_sha",
	"a.b.c", "" };

/* jansson wants more than the grammar: no name twice, whole UTF-8, numbers that fit. */
static void compare(struct str body, struct arena *a)
{
	struct json_value values[5];
	struct err e = ERR_INIT, why = ERR_INIT;
	JSON *json = NULL;
	bool taken = json_skim(body, paths, 5, a, values, &why);

	if (!json_parse(body, 1 << 20, &json, &e) || !json_is_object(json))
		return;
	if (!taken) {
		assert(strstr(why.text, "too deep"));
		return;
	}
	for (size_t i = 0; i < 5; i++) {
		const json_t *other = json_at(json, paths[i]);

		assert((values[i].type > JSON_IS_NULL) == (other != NULL));
		assert((values[i].type == JSON_IS_TEXT) == json_is_string(other));
		assert((values[i].type == JSON_IS_NUMBER) == json_is_number(other));
		assert((values[i].type == JSON_IS_OBJECT) == json_is_object(other));
		if (json_is_string(other))
			assert(str_equal(values[i].text, json_text_or(json, paths[i], STR_NONE)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct str body = { (const char *)data + (size > 0), size - (size > 0) };
	const char *event = events[size ? data[0] % 8 : 0];
	struct err e = ERR_INIT;
	struct hint hint;

	compare(body, &a);
	if (!webhook_read(str_of(event), body, &a, &hint, &e)) {
		assert(e.kind == ERR_INPUT && e.text[0]);
		return 0;
	}
	assert(!strcmp(hint.event, event) && hint.wants < 16);
	assert(!hint.action[0] || webhook_event_is_good(str_of(hint.action)));
	assert(!hint.head_sha[0] || github_sha_is_good(str_of(hint.head_sha)));
	assert(!hint.branch[0] || github_branch_is_good(str_of(hint.branch)));
	assert(!hint.sender[0] || github_login_is_good(str_of(hint.sender)));
	assert(hint.repository_id >= 0 && hint.installation_id >= 0 && hint.issue >= 0 &&
	       hint.comment_id >= 0);
	return 0;
}

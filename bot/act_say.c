/*
 * What people see of an incident beside the pull request: a check run on the failing commit, labels,
 * and the one comment that is edited and never repeated. What it says is bot/words.h's.
 */
#include "bot/act.h"

#include "bot/effect.h"
#include "git/github_checks.h"
#include "git/github_comments.h"

#include <string.h>

/* What became of the attempts before this one. */
static const struct str *history_of(struct turn *t, size_t *count)
{
	const json_t *list = json_at(t->story, "history"), *one;
	struct str *history = NULL;
	size_t i;

	*count = 0;
	json_array_foreach(list, i, one)
		arena_push(t->arena, history, *count) = json_text_or(one, "", STR(""));
	return history;
}

struct words act_words(struct turn *t)
{
	const char *web = NULL;
	struct err ignored = ERR_INIT;
	const int64_t run = json_integer_or(t->story, "source.run", 0);
	struct words words = {
		.incident = &t->incident, .fix = json_at(t->story, "fix"),
		.head = t->incident.head_sha, .reason = t->reason,
		.will_merge = may_merge(&t->facts.pull), .attempt = t->incident.attempt,
		.attempts_most = ATTEMPTS_MOST,
		.settings_trouble = json_at(t->story, "settings_trouble")
					? story_text(t, "settings_trouble") : NULL,
		.confidence = json_real_or(t->story, "window.confidence", -1),
		.window_why = json_at(t->story, "window.why") ? story_text(t, "window.why") : NULL,
		.revert_pull = (uint64_t)json_integer_or(t->story, "revert.pull", 0),
		.log = json_text_or(t->story, "excerpt.lines", STR("")),
		.log_line = (unsigned long)json_integer_or(t->story, "excerpt.first", 0),
	};

	words.history = history_of(t, &words.history_count);
	words.is_asked_back = json_at(t->story, "take_back");
	if (json_at(t->story, "said")) {
		words.said = story_text(t, "said.word");
		words.said_why = story_text(t, "said.why");
		words.view = story_text(t, "said.view");
		words.decision = json_at(t->story, "said.decision");
	}
	if (github_git_url(&t->call, &web, &ignored)) {
		struct str base = str_of(web);

		str_chop(&base, ".git");
		words.web_url = str_text(t->arena, base);
		if (run)
			words.run_url = arena_printf(t->arena, "%s/actions/runs/%lld", words.web_url,
						     (long long)run);
	}
	return words;
}

/* One check run an incident and commit; only an App may write them. */
bool act_say_check(struct turn *t, struct err *e)
{
	struct words words = act_words(t);
	struct github_checks checks;
	struct github_annotation annotation;
	struct github_check_request request = {
		.name = "Aegis", .head = t->incident.head_sha, .external_id = t->incident.id,
		.state = GITHUB_COMPLETED, .conclusion = GITHUB_NEUTRAL,
		.title = words_check_title(t->arena, &words),
		.summary = words_check_summary(t->arena, &words),
		.annotations = &annotation,
	};
	uint64_t id;

	if (github_mode(t->daemon->github) != GITHUB_APP)
		return true;
	if (!github_checks_list(&t->call, request.head, &checks, e))
		return false;
	for (size_t i = 0; i < checks.count; i++) {
		const struct github_check *check = &checks.items[i];

		if (check->app_id != t->daemon->own.app_id || !str_is(check->external_id, t->incident.id))
			continue;
		request.id = check->id;
		if (str_equal(check->title, request.title) && str_equal(check->summary, request.summary))
			return true;
	}
	/* Annotations are added to those that are there: they are sent with the first one only. */
	request.annotation_count = !request.id && words_annotation(t->arena, &words, &annotation);
	return github_check_write(&t->call, &request, &id, e);
}

struct saying {
	uint64_t pull;
	struct str body;
	bool said;		/* it is there already, word for word */
};

static bool look_comment(struct turn *t, void *context, json_t **found, struct err *e)
{
	struct saying *saying = context;
	struct github_comments comments;
	const struct github_comment *sticky;

	if (!github_comments_list(&t->call, saying->pull, 0, &comments, e))
		return false;
	sticky = github_comment_sticky(&comments, t->daemon->own.login,
				       words_marker(t->arena, t->incident.id));
	/* An answer from before there was an incident becomes its comment. */
	if (!sticky)
		sticky = github_comment_sticky(&comments, t->daemon->own.login,
					       words_notice_marker(t->arena, saying->pull));
	if (!sticky)
		return true;
	*found = json_pack("{s:I}", "comment", (json_int_t)sticky->id);
	saying->said = str_equal(sticky->body, saying->body);
	return true;
}

static bool send_comment(struct turn *t, void *context, json_t **made, struct err *e)
{
	struct saying *saying = context;
	uint64_t id;

	if (!github_comment_create(&t->call, saying->pull, saying->body, &id, e))
		return false;
	*made = json_pack("{s:I}", "comment", (json_int_t)id);
	saying->said = true;
	return true;
}

/* Somebody may have removed it: then nothing is said any more. */
bool act_say_comment(struct turn *t, uint64_t pull, struct err *e)
{
	struct words words = act_words(t);
	struct saying saying = { pull, words_sticky(t->arena, &words), false };
	const char *key = arena_printf(t->arena, "%llu", (unsigned long long)pull);
	const struct effect_plan plan = { "comment", key, look_comment, send_comment, &saying };
	JSON *result = NULL;
	struct err why = ERR_INIT;

	if (!effect_once(t, &plan, &result, e))
		return false;
	if (saying.said)
		return true;
	/* By its number: a list may not show yet what was just written. */
	if (github_comment_update(&t->call, (uint64_t)json_integer_or(result, "comment", 0), saying.body,
				  &why) || why.kind == ERR_GONE)
		return true;
	*e = why;
	return false;
}

/* Adding what is there is no harm, and a label that cannot be made is not worth a failure. */
bool act_say_labels(struct turn *t, uint64_t pull, const char *const *labels, size_t count,
		    struct err *e)
{
	struct err ignored = ERR_INIT;

	for (size_t i = 0; i < count; i++)
		github_label_make(&t->call, labels[i], "5319e7", "Work of Aegis", &ignored);
	return github_labels_add(&t->call, pull, labels, count, e);
}

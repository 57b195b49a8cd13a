/*
 * Finds commands in new comments: one question a repository for all its issues and pull requests, from
 * where the last look stopped. Writes down who said what where; whether it is obeyed is bot/obey.c's.
 * Comments on single lines of a diff, in reviews and on commits are not read.
 */
#include "bot/see.h"

#include "bot/base/clock.h"
#include "bot/base/kill_point.h"
#include "bot/base/log.h"
#include "bot/comment.h"
#include "bot/see_parts.h"
#include "bot/store/asked.h"
#include "git/github_comments.h"

#include <string.h>

/*
 * Asked for again each time: what was written at the same moment may show up later. What was said before
 * a repository was first looked at is none of our business.
 */
enum { OVERLAP_MS = 60 * 1000, FIRST_MS = 60 * 1000 };

int64_t see_comments_cursor(int64_t cursor, const struct github_comments *comments)
{
	for (size_t i = 0; i < comments->count; i++)
		if (comments->items[i].updated_ms > cursor)
			cursor = comments->items[i].updated_ms;
	return cursor;
}

static const char *cursor_name(const struct repository *repository, struct arena *a)
{
	return arena_printf(a, "comments of %lld", (long long)repository->id);
}

static bool put_cursor(struct daemon *d, const struct repository *repository, int64_t at,
		       struct arena *a, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	const char *text = arena_printf(a, "%lld", (long long)at);

	return store_begin(d->store, &transaction, e) &&
	       mark_put(d->store, cursor_name(repository, a), str_of(text), e) &&
	       store_commit(&transaction, e);
}

static bool get_cursor(struct daemon *d, const struct repository *repository, struct arena *a,
		       int64_t *at, struct err *e)
{
	struct str text = STR("");
	unsigned long number = 0;
	bool found;

	if (!mark_get(d->store, cursor_name(repository, a), a, &text, &found, e))
		return false;
	if (found && str_number(text, &number)) {
		*at = (int64_t)number;
		return true;
	}
	*at = clock_wall_ms() - FIRST_MS;
	return put_cursor(d, repository, *at, a, e);
}

bool see_comment_counts(const struct github_comment *comment, const struct daemon *d)
{
	const bool ours = d->own.login && str_equal_nocase(str_of(comment->author), str_of(d->own.login));

	if (!comment->id || !comment->issue || comment->author_is_bot || comment->by_app ||
	    !github_login_is_good(str_of(comment->author)))
		return false;
	/* With a person's token that person and we are one: what we write has our marker. */
	return !ours || (!d->own.app_id && !str_has(comment->body, "<!-- aegis:"));
}

static bool take(struct daemon *d, const struct repository *repository,
		 const struct github_comment *comment, const struct comment_command *command,
		 struct arena *a, struct seen *seen, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	const struct asked asked = {
		.repository_id = repository->id, .comment = (int64_t)comment->id,
		.issue = (int64_t)comment->issue, .author = comment->author,
		.word = comment_word_name(command->word),
		.hint = command->trouble ? command->trouble : str_text(a, command->hint),
		.is_edited = comment->updated_ms != comment->created_ms,
		.created_at = comment->created_ms,
	};
	bool taken, fresh;

	if (!asked_has(d->store, asked.repository_id, asked.comment, &taken, e) || taken)
		return taken;
	if (!store_begin(d->store, &transaction, e) || !asked_take(d->store, &asked, &fresh, e))
		return false;
	KILL_POINT("see.comment.before");
	if (!store_commit(&transaction, e))
		return false;
	KILL_POINT("see.comment.after");
	seen->comments += fresh;
	log_event(LOG_INFO, "a command in a comment", LOG_TEXT("repository", repository->name),
		  LOG_NUMBER("issue", asked.issue), LOG_NUMBER("comment", asked.comment),
		  LOG_TEXT("who", asked.author), LOG_TEXT("word", asked.word));
	return true;
}

static bool take_all(struct daemon *d, const struct repository *repository,
		     const struct github_comments *comments, struct arena *a, struct seen *seen,
		     struct err *e)
{
	for (size_t i = 0; i < comments->count; i++) {
		const struct github_comment *one = &comments->items[i];
		struct comment_command command;

		if (!see_comment_counts(one, d))
			continue;
		command = comment_read(one->body, a);
		if (command.word && !take(d, repository, one, &command, a, seen, e))
			return false;
	}
	return true;
}

static bool answer(struct asking *asking, const struct question *question, struct str body,
		   struct arena *a, struct text *keep, bool *done, struct err *e)
{
	const struct repository *repository = question->repository;
	struct daemon *d = asking->daemon;
	struct github_call call = { .github = d->github, .arena = a };
	struct github_comments comments;
	struct err why = ERR_INIT;
	int64_t cursor;
	bool full;

	(void)keep;
	if (!get_cursor(d, repository, a, &cursor, e))
		return false;
	if (!see_split_name(a, repository->name, &call.owner, &call.name) ||
	    !daemon_know_self(d, call.owner, call.name, &why) ||
	    !github_comments_read(body, a, &comments, &full, &why) ||
	    (full && !github_comments_since(&call, cursor - OVERLAP_MS, &comments, &why))) {
		see_say_trouble(repository->name, &why);
		asking->seen->unreachable++;
		*done = false;
		return true;
	}
	/* In the order of their changes, so what was left out comes after the newest of these. */
	*done = comments.complete;
	return take_all(d, repository, &comments, a, asking->seen, e) &&
	       (see_comments_cursor(cursor, &comments) == cursor ||
		put_cursor(d, repository, see_comments_cursor(cursor, &comments), a, e));
}

bool see_comments(struct daemon *d, struct arena *a, struct seen *seen, struct err *e)
{
	struct asking asking = { .daemon = d, .seen = seen, .answer = answer };
	struct repository *list;
	struct question *questions;
	size_t count;

	if (!repository_list(d->store, a, &list, &count, e))
		return false;
	questions = arena_array(a, struct question, count);
	for (size_t i = 0; i < count; i++) {
		struct github_call call = { .github = d->github, .arena = a };
		int64_t cursor;

		questions[i] = (struct question){ .repository = &list[i], .may_lack = true,
			.name = arena_printf(a, "comments of %lld", (long long)list[i].id) };
		if (!see_split_name(a, list[i].name, &call.owner, &call.name))
			return fail(e, ERR_BUG, "the store knows a repository \"%s\"", list[i].name);
		if (!get_cursor(d, &list[i], a, &cursor, e))
			return false;
		questions[i].path = github_comments_path(&call, cursor - OVERLAP_MS, e);
		if (!questions[i].path)
			return false;
	}
	return see_ask(&asking, questions, count, e);
}

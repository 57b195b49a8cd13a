/*
 * Asks questions in small lots, so that the answers of a lot are all that is in memory. An etag is
 * remembered after its answer was dealt with and never before: whatever happens in between, the
 * answer comes again.
 */
#include "bot/see_parts.h"

#include "bot/base/clock.h"
#include "bot/base/kill_point.h"
#include "bot/base/log.h"
#include "bot/store/cache.h"

/* A full page of runs is 1 to 2 MB: this many of them are in memory at once. */
enum { LOT = 16 };

void see_say_trouble(const char *repository, const struct err *why)
{
	log_event(LOG_WARNING, "a repository cannot be asked", LOG_TEXT("repository", repository),
		  LOG_TEXT("why", why->text));
}

bool see_kept(struct daemon *d, const char *name, struct arena *a, struct str *kept, struct err *e)
{
	struct cache_answer answer;
	bool found;

	if (!cache_get(d->store, name, a, &answer, &found, e))
		return false;
	*kept = found ? answer.body : STR_NONE;
	return true;
}

static bool make_poll(struct daemon *d, const struct question *question, struct arena *a,
		      struct github_poll *poll, struct err *e)
{
	struct cache_answer answer;
	bool found;

	if (!cache_get(d->store, question->name, a, &answer, &found, e))
		return false;
	*poll = (struct github_poll){ .path = question->path, .etag = found ? answer.etag : NULL,
		.installation = (uint64_t)question->repository->installation_id };
	return see_split_name(a, question->repository->name, &poll->owner, &poll->name) ||
	       fail(e, ERR_BUG, "the store knows a repository \"%s\"", question->repository->name);
}

static bool remember(struct daemon *d, const struct question *question, const char *etag,
		     struct str body, struct err *e)
{
	const struct cache_answer answer = { etag, body };
	STORE_TRANSACTION transaction = {0};
	bool kept;

	KILL_POINT("see.etag.before");
	if (!store_begin(d->store, &transaction, e) ||
	    !cache_put(d->store, question->name, &answer, &kept, e) ||
	    !store_commit(&transaction, e))
		return false;
	KILL_POINT("see.etag.after");
	return true;
}

static void missed(const struct asking *asking, const struct question *question)
{
	if (asking->which)
		asking->which->missed(asking->which->context, question->repository->id);
}

static bool settle(struct asking *asking, const struct question *question,
		   const struct github_poll *poll, struct arena *a, struct err *e)
{
	struct text keep = TEXT(a);
	bool done = true;

	if (!poll->answered) {
		/* GitHub says 404, 409 or 422 for a branch that is not there, or no more. */
		if (question->may_lack && (poll->error.kind == ERR_GONE ||
					   poll->status == 409 || poll->status == 422))
			return true;
		see_say_trouble(question->repository->name, &poll->error);
		asking->seen->unreachable++;
		missed(asking, question);
		return true;
	}
	if (!poll->changed)
		return true;
	if (!asking->answer(asking, question, poll->body, a, &keep, &done, e))
		return fail_while(e, "looking at %s", question->repository->name);
	if (!done)
		missed(asking, question);
	return !done || !poll->new_etag ||
	       remember(asking->daemon, question, poll->new_etag, text_str(&keep), e);
}

static bool ask_lot(struct asking *asking, const struct question *const *lot, size_t count,
		    struct err *e)
{
	struct daemon *d = asking->daemon;
	struct github_poll polls[LOT];
	ARENA a = {0};

	for (size_t i = 0; i < count; i++)
		if (!make_poll(d, lot[i], &a, &polls[i], e))
			return false;
	if (!github_poll_all(d->github, polls, count, LOT, &a, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!settle(asking, lot[i], &polls[i], &a, e))
			return false;
	return true;
}

bool see_ask(struct asking *asking, const struct question *list, size_t count, struct err *e)
{
	const struct question *lot[LOT];
	/* From another place each time, so that a limit does not always keep the same ones unseen. */
	size_t from = count ? (size_t)clock_wall_ms() / 1000 % count : 0;

	for (size_t done = 0; done < count;) {
		size_t size = 0;

		for (; size < LOT && done < count; done++)
			lot[size++] = &list[(from + done) % count];
		if (!ask_lot(asking, lot, size, e))
			return false;
	}
	return true;
}

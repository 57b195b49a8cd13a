/*
 * How often we may ask: the primary limit by its headers, the secondary by status, headers and
 * text. Headers may lie: a wait is never longer than an hour. Sleeps nowhere.
 */
#include "git/github_private.h"

#include "bot/base/clock.h"

enum { WAIT_LEAST_MS = 60 * 1000, WAIT_MOST_MS = 65 * 60 * 1000, SLOWDOWNS_MOST = 5 };

static int64_t bounded(int64_t until, int64_t now)
{
	if (until < now + 1000)
		return now + 1000;
	return until > now + WAIT_MOST_MS ? now + WAIT_MOST_MS : until;
}

/* What GitHub told the process before this one. */
static int64_t remembered(const struct github *github, const char *owner)
{
	const int64_t now = clock_wall_ms();
	int64_t until = github->waits.get ? github->waits.get(github->waits.context, owner) : 0;

	return until > now ? bounded(until, now) : 0;
}

struct account *github_account(struct github *github, const char *owner)
{
	/* With a token of one's own all repositories count for that one account. */
	const char *key = github->mode == GITHUB_APP && owner ? owner : "";
	struct account *account = github->accounts;
	struct str name = str_of(key);

	while (account && !str_equal_nocase(str_of(account->owner), name))
		account = account->next;
	if (account)
		return account;
	account = arena_new(&github->arena, struct account);
	memcpy(account->owner, key, name.size < sizeof(account->owner) ? name.size : 0);
	account->blocked_until_ms = remembered(github, account->owner);
	account->next = github->accounts;
	github->accounts = account;
	return account;
}

int64_t github_blocked_until(struct github *github, const char *owner)
{
	int64_t until;

	pthread_mutex_lock(&github->lock);
	until = github_account(github, owner)->blocked_until_ms;
	pthread_mutex_unlock(&github->lock);
	return until;
}

static bool number_of(const struct http_response *response, const char *name, unsigned long *n)
{
	const char *value = http_header(response, name);

	return value && str_number(str_of(value), n);
}

static bool names_a_limit(struct str body)
{
	ARENA scratch = {0};
	char *text = str_text(&scratch, str_slice(body, 0, 4096));

	return strcasestr(text, "secondary rate limit") || strcasestr(text, "rate limit exceeded") ||
	       strcasestr(text, "abuse detection");
}

bool github_limited(struct github *github, const char *owner, const struct http_response *response,
		    int64_t *until_ms)
{
	unsigned long remaining = 1, reset = 0, after = 0;
	bool has_reset = number_of(response, "x-ratelimit-reset", &reset) && reset < UINT32_MAX * 4UL;
	bool has_after = http_header(response, "retry-after");
	bool spent = number_of(response, "x-ratelimit-remaining", &remaining) && !remaining;
	bool refused = response->status == 403 || response->status == 429;
	bool limited = response->status == 429 ||
		       (refused && (spent || has_after || names_a_limit(response->body)));
	int64_t now = clock_wall_ms(), until = 0;
	struct account *account;

	pthread_mutex_lock(&github->lock);
	account = github_account(github, owner);
	if (limited && has_after) {
		/* A date instead of seconds, or nonsense, counts as a minute. */
		if (!number_of(response, "retry-after", &after) || after > WAIT_MOST_MS / 1000)
			after = after ? WAIT_MOST_MS / 1000 : WAIT_LEAST_MS / 1000;
		until = bounded(now + (int64_t)after * 1000, now);
	} else if (spent && has_reset && (limited || response->status < 400)) {
		until = bounded((int64_t)reset * 1000, now);
	} else if (limited) {
		until = now + ((int64_t)WAIT_LEAST_MS << account->slowdowns);
		until = bounded(until, now);
	}
	if (limited && account->slowdowns < SLOWDOWNS_MOST)
		account->slowdowns++;
	else if (response->status < 400)
		account->slowdowns = 0;
	if (until)
		account->blocked_until_ms = until;
	else if (response->status < 400 && account->blocked_until_ms <= now)
		account->blocked_until_ms = 0;
	pthread_mutex_unlock(&github->lock);
	if (until && github->waits.put)
		github->waits.put(github->waits.context, account->owner, until);
	if (limited)
		*until_ms = until;
	return limited;
}

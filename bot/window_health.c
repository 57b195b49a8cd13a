/*
 * The health checks of a repository, each in its turn: asks, moves the state machine of each on and
 * keeps the answers. Judges nothing; who must be told of a check that is down is not decided here.
 */
#include "bot/base/crypto.h"
#include "bot/base/kill_point.h"
#include "bot/window_parts.h"

#include <stdio.h>

enum { CHECKS_MOST = 16, ROWS_MOST = 640, CHECK_ROWS_MOST = 320 };

/* A restart of some seconds is no failed deployment, however often it is asked meanwhile. */
static const int64_t confirm_ms = 10000;
static const int64_t day_ms = 86400000;

static const char *const state_names[] = {
	[HEALTH_UNKNOWN] = "UNKNOWN", [HEALTH_UP] = "UP", [HEALTH_DOWN] = "DOWN",
};

/* What is asked and what is wanted: another answer wanted is another check. */
static const char *target_of(struct arena *a, const struct health_check *check)
{
	uint8_t digest[CRYPTO_SHA256_BYTES];
	const char *text = arena_printf(a, "%s\n%u\n%s", check->url, check->status,
					check->contains ? check->contains : "");

	crypto_sha256(str_of(text), digest);
	return crypto_hex(a, (struct str){ (const char *)digest, 16 });
}

/* Paths and queries may carry secrets: the host is enough for people. */
static const char *name_of(struct arena *a, size_t place, const char *url)
{
	struct str rest = str_of(url), host = STR_NONE, scheme;
	size_t size = 0;

	if (str_split(rest, "://", &scheme, &host))
		while (size < host.size && !strchr("/?#", host.at[size]))
			size++;
	return arena_printf(a, "health[%zu] (%.*s)", place, STR_ARG(str_slice(host, 0, size)));
}

/* So many turns make one result that all results of the span are not too many. */
static int64_t merged_of(const struct window_round *round, int64_t every_ms)
{
	int64_t rows = ROWS_MOST / (int64_t)(round->count ? round->count : 1);
	int64_t turns = round->span_ms / every_ms;

	rows = rows > CHECK_ROWS_MOST ? CHECK_ROWS_MOST : rows;
	return turns <= rows ? 1 : (turns + rows - 1) / rows;
}

static bool is_repeated(const struct window_round *round, const char *target)
{
	for (size_t i = 0; i < round->count; i++)
		if (!strcmp(round->checks[i].row.target, target))
			return true;
	return false;
}

static void start_row(const struct window_round *round, struct window_check *check)
{
	struct target_row *row = &check->row;

	row->every_ms = (int64_t)check->watched.every_s * 1000;
	row->merged = merged_of(round, row->every_ms);
	row->next_at = health_next_ms(round->start_at, round->now, row->every_ms) - row->every_ms;
}

static bool read_row(struct store *store, const struct window_round *round,
		     struct window_check *check, struct arena *a, struct err *e)
{
	int64_t every_ms = (int64_t)check->watched.every_s * 1000;
	struct target_row *row = &check->row;
	bool found = false;

	if (!round->blank &&
	    !target_row_get(store, round->watch, row->target, a, row, &found, e))
		return false;
	if (!found) {
		row->state = state_names[HEALTH_UNKNOWN];
		row->why = "";
	}
	/* Also when the clock was wrong: its turn would never come. */
	if (!found || (!round->fixed && (row->every_ms != every_ms ||
					 row->merged != merged_of(round, every_ms) ||
					 row->next_at - round->now > every_ms + round->span_ms)))
		start_row(round, check);
	check->due = round->now >= row->next_at;
	check->turn_at = health_next_ms(round->start_at, round->now, row->every_ms) - row->every_ms;
	return true;
}

bool window_round(struct daemon *d, const struct config *settings, struct arena *a,
		  struct window_round *round, struct err *e)
{
	struct watched *list;
	size_t count;

	settings_checks(settings, d->config, a, &list, &count);
	round->checks = arena_array(a, struct window_check, CHECKS_MOST);
	round->count = round->due = 0;
	for (size_t i = 0; i < count && round->count < CHECKS_MOST; i++) {
		const char *target = target_of(a, &list[i].check);

		if (!is_repeated(round, target))
			round->checks[round->count++] = (struct window_check){
				.watched = list[i], .name = name_of(a, i, list[i].check.url),
				.row.target = target,
			};
	}
	for (size_t i = 0; i < round->count; i++) {
		if (!read_row(d->store, round, &round->checks[i], a, e))
			return false;
		round->due += round->checks[i].due;
	}
	return true;
}

/*
 * When nobody answers it may be our own network. Without the forge we could revert nothing anyway,
 * so it is who tells: any answer of it will do.
 */
static void ask_witness(const struct config *daemon, struct http *http,
			struct health_result *result)
{
	const char *url = config_text(daemon, "github.api_url");
	struct health_check check = { .url = url };

	if (str_starts(str_of(url), "http://"))
		check.allow |= HTTP_PLAIN;
	if (!str_is(str_of(url), "https://api.github.com"))
		check.allow |= HTTP_PRIVATE;
	health_ask(http, &check, result);
}

static void load_target(const struct target_row *row, struct health_target *target)
{
	*target = (struct health_target){
		.in_a_row = (unsigned)row->in_a_row, .history = (uint32_t)row->history,
		.seen = (unsigned)row->seen, .last_good = row->last_good, .flaps = row->flaps,
	};
	for (int i = HEALTH_UNKNOWN; i <= HEALTH_DOWN; i++)
		if (!strcmp(row->state, state_names[i]))
			target->state = (enum health_state)i;
}

static void save_target(const struct health_target *target, const struct window_round *round,
			struct window_check *check)
{
	struct target_row *row = &check->row;

	row->state = state_names[target->state];
	row->in_a_row = target->in_a_row;
	row->history = target->history;
	row->seen = target->seen;
	row->last_good = target->last_good;
	row->flaps = target->flaps;
	if (target->last_good) {
		row->failing_since = 0;
		return;
	}
	row->why = check->result.why;
	if (!row->failing_since)
		row->failing_since = round->now;
	if (!row->down_at && target->state == HEALTH_DOWN &&
	    round->now - row->failing_since >= confirm_ms)
		row->down_at = check->turn_at;
}

static bool counts(const struct health_result *result)
{
	return result->answer == HEALTH_GOOD || result->answer == HEALTH_BAD ||
	       result->answer == HEALTH_SILENT;
}

/* Silence of all, and of the witness too, is said of nobody. */
static void settle(const struct config *daemon, struct http *http, struct window_round *round)
{
	struct health_result witness = { .answer = HEALTH_NOT_ASKED };
	size_t asked = 0, silent = 0;

	for (size_t i = 0; i < round->count; i++) {
		const struct window_check *check = &round->checks[i];

		asked += check->due && counts(&check->result);
		silent += check->due && check->result.answer == HEALTH_SILENT;
	}
	if (!silent || silent < asked)
		return;
	ask_witness(daemon, http, &witness);
	if (witness.answer == HEALTH_GOOD || witness.answer == HEALTH_BAD)
		return;
	for (size_t i = 0; i < round->count; i++) {
		struct health_result *result = &round->checks[i].result;

		if (!round->checks[i].due || result->answer != HEALTH_SILENT)
			continue;
		*result = (struct health_result){ .answer = HEALTH_NOT_ASKED };
		snprintf(result->why, sizeof(result->why),
			 "nobody answered, the forge neither: our own network is out");
	}
}

void window_ask(const struct config *daemon, struct http *http, struct window_round *round)
{
	ARENA a = {0};
	const struct health_check **checks = arena_array(&a, const struct health_check *, round->due);
	struct health_result *results = arena_array(&a, struct health_result, round->count + 1);
	enum health_event *events = arena_array(&a, enum health_event, round->count + 1);
	struct health health;
	size_t n = 0;

	for (size_t i = 0; i < round->count; i++)
		if (round->checks[i].due)
			checks[n++] = &round->checks[i].watched.check;
	health_ask_all(http, checks, n, results);
	for (size_t i = round->count; i-- > 0;)
		if (round->checks[i].due) {
			struct health_result *result = &round->checks[i].result;

			*result = results[--n];
			snprintf(result->why, sizeof(result->why), "%s",
				 window_line(&a, results[n].why));
		}
	settle(daemon, http, round);
	/* One more, who answers: what is silent now is silent by itself. */
	health_open(&health, &a, round->count + 1);
	results[round->count] = (struct health_result){ .answer = HEALTH_GOOD };
	for (size_t i = 0; i < round->count; i++) {
		const struct window_check *check = &round->checks[i];

		results[i] = check->due ? check->result
					: (struct health_result){ .answer = HEALTH_NOT_ASKED };
		load_target(&check->row, &health.targets[i]);
	}
	health_round(&health, results, events);
	for (size_t i = 0; i < round->count; i++) {
		struct window_check *check = &round->checks[i];

		if (!check->due)
			continue;
		if (counts(&check->result))
			save_target(&health.targets[i], round, check);
		check->row.next_at = check->turn_at + check->row.every_ms;
	}
}

static bool keep_result(struct store *store, const struct window_round *round,
			const struct window_check *check, struct err *e)
{
	const struct target_row *row = &check->row;
	int64_t span = row->every_ms * row->merged;
	bool good = check->result.answer == HEALTH_GOOD;
	struct result_row result = {
		/* The last of the turns that are merged. */
		.at = round->start_at + ((check->turn_at - round->start_at) / span + 1) * span -
		      row->every_ms,
		.known = counts(&check->result), .good = good,
		.wall_ms = good ? (int64_t)check->result.wall_ms : 0, .why = check->result.why,
	};

	return result_row_add(store, round->watch, row->target, &result, e);
}

bool window_keep(struct store *store, const struct window_round *round, struct err *e)
{
	for (size_t i = 0; i < round->count; i++) {
		const struct window_check *check = &round->checks[i];

		if (check->due && (!keep_result(store, round, check, e) ||
				   !target_row_put(store, round->watch, &check->row, e)))
			return false;
	}
	return true;
}

int64_t window_next_turn(const struct window_round *round, int64_t other)
{
	for (size_t i = 0; i < round->count; i++)
		if (round->checks[i].row.next_at < other)
			other = round->checks[i].row.next_at;
	return other;
}

bool window_baseline(struct daemon *d, const char *key, const struct config *settings, int64_t now,
		     int64_t *next_at, struct err *e)
{
	ARENA a = {0};
	STORE_TRANSACTION t = {0};
	struct window_round round = {
		.watch = arena_printf(&a, "repository:%s", key), .now = now,
		.span_ms = config_integer(settings, "deploy.baseline_s") * 3000,
	};

	if (!window_round(d, settings, &a, &round, e))
		return false;
	if (round.due) {
		HTTP *http = http_open(NULL, e);

		if (!http)
			return false;
		window_ask(d->config, http, &round);
		if (!store_begin(d->store, &t, e) || !window_keep(d->store, &round, e) ||
		    !watch_prune(d->store, round.watch, now - round.span_ms, e))
			return false;
		KILL_POINT("window.baseline.before");
		if (!store_commit(&t, e))
			return false;
		KILL_POINT("window.baseline.after");
	}
	*next_at = window_next_turn(&round, now + day_ms);
	return true;
}

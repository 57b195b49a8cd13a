/* bot/store/incident: one open incident a key, moves on the version that was read. */
#include "bot/store/incident.h"
#include "tests/store_unit.h"

static const struct incident_reason because = { "aegis", "because", NULL };

static void stages(void **state)
{
	enum stage stage = STAGE_MERGED;

	(void)state;
	for (int i = 0; i < STAGE_COUNT; i++) {
		assert_true(stage_of(str_of(stage_name((enum stage)i)), &stage));
		assert_int_equal(stage, i);
		assert_int_equal(stage_is_end(stage), i >= STAGE_RESOLVED);
		assert_int_equal(!(STAGES_OPEN & 1u << i), stage_is_end(stage));
	}
	assert_false(stage_of(STR("merged"), &stage));
	assert_false(stage_of(STR(""), &stage));
	assert_int_equal(stage, STAGE_REJECTED);
	assert_string_equal(stage_name(STAGE_HYPOTHESIS_RECEIVED), "HYPOTHESIS_RECEIVED");
}

/* Every stage can be stored: names here and in the schema agree. */
static void every_stage_is_stored(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct incident incident = incident_made(store, "main", &a);

	(void)state;
	assert_done(store_begin(store, &t, &e), e);
	for (int i = 0; i < STAGE_COUNT; i++)
		assert_done(incident_move(store, &incident, (enum stage)i, &because, &e), e);
	assert_int_equal(incident.version, 1 + STAGE_COUNT);
}

static void opens_one(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct incident_key key = key_of("main");
	struct sighting first = sighting_of(1), second = sighting_of(2), *list;
	struct incident one, two, other;
	size_t count;
	bool made;

	(void)state;
	use_test_clock();
	assert_done(store_begin(store, &t, &e), e);
	assert_done(incident_open(store, &key, &first, "aegis", &a, &one, &made, &e), e);
	assert_true(made);
	assert_int_equal(strlen(one.id), 12);
	assert_string_equal(one.signature, SIGNATURE);
	assert_string_equal(one.family, FAMILY);
	assert_string_equal(one.repository, "owner/name");
	assert_int_equal(one.repository_id, 7);
	assert_string_equal(one.base_sha, "base");
	assert_string_equal(one.head_sha, "head");
	assert_int_equal(one.stage, STAGE_TRIGGERED);
	assert_int_equal(one.opened_at, test_now);
	assert_int_equal(one.due_at, test_now);
	assert_int_equal(one.version, 1);
	assert_str(one.facts, "{}");
	/* The same again, another run under a new name, the same run again: one incident. */
	assert_done(incident_open(store, &key, &first, "aegis", &a, &two, &made, &e), e);
	assert_false(made);
	key.repository = "owner/renamed";
	second.pull = 12;
	assert_done(incident_open(store, &key, &second, "aegis", &a, &two, &made, &e), e);
	assert_false(made);
	assert_string_equal(two.id, one.id);
	assert_string_equal(two.repository, "owner/renamed");
	assert_done(incident_sightings(store, one.id, &a, &list, &count, &e), e);
	assert_int_equal(count, 2);
	assert_int_equal(list[0].run_id, 1);
	assert_int_equal(list[1].job_id, 20);
	assert_int_equal(list[1].pull, 12);
	assert_string_equal(list[1].job, "test");
	assert_string_equal(list[1].head_sha, "head");
	/* Another branch, repository or signature is another incident. */
	key.branch = "next";
	assert_done(incident_open(store, &key, &first, "aegis", &a, &other, &made, &e), e);
	assert_true(made);
	key.repository_id = 8;
	assert_done(incident_open(store, &key, &first, "aegis", &a, &other, &made, &e), e);
	assert_true(made);
	key.signature = FAMILY;
	assert_done(incident_open(store, &key, &first, "aegis", &a, &other, &made, &e), e);
	assert_true(made);
	clock_replace(NULL);
}

/* Waiting is kept, and is no decision: the audit log does not grow by it. */
static void waits(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct incident incident = incident_made(store, "main", &a), stale = incident, now;
	struct audit_head before, after;

	(void)state;
	assert_done(audit_head(store, &before, &e), e);
	incident.due_at += 500;
	incident.facts = STR("{\"seen\":1}");
	assert_done(store_begin(store, &t, &e), e);
	assert_done(incident_wait(store, &incident, &e), e);
	assert_fails(incident_wait(store, &stale, &e), e, ERR_LATER, "changed meanwhile");
	store_rollback(&t);
	incident.version--;
	assert_done(store_begin(store, &t, &e), e);
	assert_done(incident_wait(store, &incident, &e), e);
	assert_done(store_commit(&t, &e), e);
	assert_done(incident_get(store, incident.id, &a, &now, &e), e);
	assert_int_equal(now.due_at, incident.due_at);
	assert_int_equal(now.stage, STAGE_TRIGGERED);
	assert_int_equal(now.version, incident.version);
	assert_str(now.facts, "{\"seen\":1}");
	assert_done(audit_head(store, &after, &e), e);
	assert_int_equal(before.seq, after.seq);
	incident.due_at = 0;
	assert_done(store_begin(store, &t, &e), e);
	assert_fails(incident_wait(store, &incident, &e), e, ERR_BUG, "never looked at again");
}

static void opens_anew_after_the_end(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct incident_key key = key_of("main");
	struct sighting sighting = sighting_of(1);
	struct incident first = incident_made(store, "main", &a), second, last;
	bool made, fresh;

	(void)state;
	assert_done(store_begin(store, &t, &e), e);
	first.due_at = 0;
	assert_done(incident_move(store, &first, STAGE_RESOLVED, &because, &e), e);
	/* The same head: the same key, another id. */
	assert_done(incident_open(store, &key, &sighting, "aegis", &a, &second, &made, &e), e);
	assert_true(made);
	assert_string_not_equal(second.id, first.id);
	assert_done(incident_last(store, &key, &a, &last, &e), e);
	assert_string_equal(last.id, second.id);
	assert_done(incident_before(store, &second, &a, &last, &e), e);
	assert_string_equal(last.id, first.id);
	/* Back to work is not possible while the other is open. */
	first.due_at = 5;
	assert_fails(incident_move(store, &first, STAGE_TRIGGERED, &because, &e), e, ERR_LATER,
		     second.id);
	second.due_at = 0;
	assert_done(incident_move(store, &second, STAGE_REJECTED, &because, &e), e);
	assert_done(incident_move(store, &first, STAGE_TRIGGERED, &because, &e), e);
	/* An ended one takes sightings too. */
	sighting = sighting_of(9);
	assert_done(incident_see(store, second.id, &sighting, &fresh, &e), e);
	assert_true(fresh);
	assert_done(incident_see(store, second.id, &sighting, &fresh, &e), e);
	assert_false(fresh);
	assert_done(incident_seen_in(store, &first, sighting.run_id, &fresh, &e), e);
	assert_true(fresh);
	assert_done(incident_seen_in(store, &first, sighting.run_id + 1000, &fresh, &e), e);
	assert_false(fresh);
	last.branch = "never";
	assert_done(incident_seen_in(store, &last, sighting.run_id, &fresh, &e), e);
	assert_false(fresh);
	assert_fails(incident_before(store, &last, &a, &last, &e), e, ERR_GONE, "the only one");
	key.branch = "never";
	assert_fails(incident_last(store, &key, &a, &last, &e), e, ERR_GONE, "never seen");
	assert_done(store_commit(&t, &e), e);
	assert_done(store_begin(store, &t, &e), e);
	assert_false(incident_see(store, "000000000000", &sighting, &fresh, &e));
}

/* The same history in another store gives the same id. */
static void ids_follow_from_the_key(void **state)
{
	STORE one = store_made("sqlite::memory:");
	STORE two = store_made("sqlite::memory:");
	ARENA a = {0};

	(void)state;
	assert_string_equal(incident_made(one, "main", &a).id, incident_made(two, "main", &a).id);
	assert_string_not_equal(incident_made(one, "b", &a).id, incident_made(two, "c", &a).id);
}

static void moves_on_what_was_read(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct incident mine = incident_made(store, "main", &a), theirs = mine, now;

	(void)state;
	assert_done(store_begin(store, &t, &e), e);
	mine.pull = 5;
	mine.attempt = 1;
	mine.fix_commit = "fix";
	mine.merge_sha = "merge";
	mine.base_sha = "b2";
	mine.head_sha = "h2";
	mine.due_at = 77;
	mine.facts = STR("{\"a\":1}");
	assert_done(incident_move(store, &mine, STAGE_PROPOSED, &because, &e), e);
	assert_int_equal(mine.version, 2);
	assert_int_equal(mine.stage, STAGE_PROPOSED);
	assert_string_equal(mine.why, "because");
	assert_done(incident_get(store, mine.id, &a, &now, &e), e);
	assert_int_equal(now.stage, STAGE_PROPOSED);
	assert_int_equal(now.version, 2);
	assert_int_equal(now.pull, 5);
	assert_int_equal(now.attempt, 1);
	assert_int_equal(now.due_at, 77);
	assert_string_equal(now.fix_commit, "fix");
	assert_string_equal(now.merge_sha, "merge");
	assert_string_equal(now.base_sha, "b2");
	assert_string_equal(now.head_sha, "h2");
	assert_string_equal(now.why, "because");
	assert_str(now.facts, "{\"a\":1}");
	/* Someone else read before that. */
	assert_fails(incident_move(store, &theirs, STAGE_ESCALATED, &because, &e), e, ERR_LATER,
		     "version 2");
	assert_int_equal(theirs.stage, STAGE_TRIGGERED);
	theirs.version = 2;
	assert_fails(incident_move(store, &theirs, STAGE_ESCALATED, &because, &e), e, ERR_LATER,
		     "PROPOSED");
	theirs.id = "ffffffffffff";
	assert_fails(incident_move(store, &theirs, STAGE_ESCALATED, &because, &e), e, ERR_GONE,
		     "ffffffffffff");
	/* That it was refused does not spoil the transaction. */
	assert_done(store_commit(&t, &e), e);
}

static void refuses_what_is_wrong(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct incident incident = incident_made(store, "main", &a);
	struct incident_key key = key_of("main");
	struct sighting sighting = sighting_of(1);
	bool made;

	(void)state;
	assert_fails(incident_move(store, &incident, STAGE_MERGED, &because, &e), e, ERR_BUG,
		     "outside a transaction");
	assert_done(store_begin(store, &t, &e), e);
	incident.facts = STR("[1]");
	assert_fails(incident_move(store, &incident, STAGE_MERGED, &because, &e), e, ERR_INPUT,
		     "object");
	incident.facts = STR("{\"a\":1}}");
	assert_fails(incident_move(store, &incident, STAGE_MERGED, &because, &e), e, ERR_INPUT,
		     "JSON");
	incident.facts = STR("{}");
	incident.due_at = 0;
	assert_fails(incident_move(store, &incident, STAGE_MERGED, &because, &e), e, ERR_BUG,
		     "never looked at again");
	key.signature = "0123456789ABCDEF0123456789abcdef";
	assert_fails(incident_open(store, &key, &sighting, "aegis", &a, &incident, &made, &e), e,
		     ERR_BUG, "CHECK");
	assert_fails(incident_get(store, "' OR 1 --", &a, &incident, &e), e, ERR_GONE, "OR 1");
}

/* Hostile texts come out as they went in. */
static void any_text(void **state)
{
	STORE store = store_made("sqlite::memory:");
	ARENA a = {0};
	struct incident incident =
		incident_made(store, "a'; DROP TABLE incident; --\n\xff\xc3\xa4", &a);

	(void)state;
	assert_string_equal(incident.branch, "a'; DROP TABLE incident; --\n\xff\xc3\xa4");
}

static void lists(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct incident *list, made[6];
	struct incident_filter filter = { .limit = 3 };
	int64_t counts[STAGE_COUNT];
	size_t count;

	(void)state;
	use_test_clock();
	for (int i = 0; i < 6; i++) {
		test_now += 1000;
		made[i] = incident_made(store, arena_printf(&a, "b%d", i), &a);
	}
	assert_done(store_begin(store, &t, &e), e);
	made[2].due_at = 0;
	assert_done(incident_move(store, &made[2], STAGE_RESOLVED, &because, &e), e);
	made[4].due_at = test_now + 100000;
	assert_done(incident_move(store, &made[4], STAGE_PROPOSED, &because, &e), e);
	assert_done(incident_list(store, &filter, &a, &list, &count, &e), e);
	assert_int_equal(count, 3);
	assert_string_equal(list[0].branch, "b5");
	assert_string_equal(list[2].branch, "b3");
	filter.skip = 3;
	assert_done(incident_list(store, &filter, &a, &list, &count, &e), e);
	assert_int_equal(count, 3);
	assert_string_equal(list[0].branch, "b2");
	assert_string_equal(list[2].branch, "b0");
	filter = (struct incident_filter){ .stages = STAGES_OPEN };
	assert_done(incident_list(store, &filter, &a, &list, &count, &e), e);
	assert_int_equal(count, 5);
	filter.stages = 1u << STAGE_RESOLVED | 1u << STAGE_PROPOSED;
	assert_done(incident_list(store, &filter, &a, &list, &count, &e), e);
	assert_int_equal(count, 2);
	filter = (struct incident_filter){ .due_before = test_now + 1,
					   .order = INCIDENT_DUE_FIRST };
	assert_done(incident_list(store, &filter, &a, &list, &count, &e), e);
	assert_int_equal(count, 4);
	assert_string_equal(list[0].branch, "b0");
	assert_string_equal(list[3].branch, "b5");
	filter.order = INCIDENT_NEWEST_FIRST;
	assert_done(incident_list(store, &filter, &a, &list, &count, &e), e);
	assert_int_equal(count, 4);
	assert_string_equal(list[0].branch, "b5");
	filter = (struct incident_filter){ .repository_id = 8 };
	assert_done(incident_list(store, &filter, &a, &list, &count, &e), e);
	assert_int_equal(count, 0);
	assert_done(incident_count(store, counts, &e), e);
	assert_int_equal(counts[STAGE_TRIGGERED], 4);
	assert_int_equal(counts[STAGE_RESOLVED], 1);
	assert_int_equal(counts[STAGE_MERGED], 0);
	clock_replace(NULL);
}

static void a_sighting_wakes(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct incident incident = incident_made(store, "main", &a), now;
	struct sighting sighting = sighting_of(44);
	bool fresh;

	(void)state;
	assert_done(store_begin(store, &t, &e), e);
	incident.due_at = clock_wall_ms() + 1000000;
	assert_done(incident_move(store, &incident, STAGE_PROPOSED, &because, &e), e);
	assert_done(incident_see(store, incident.id, &sighting, &fresh, &e), e);
	assert_done(incident_get(store, incident.id, &a, &now, &e), e);
	assert_true(now.due_at <= clock_wall_ms());
	assert_int_equal(now.version, incident.version);
	/* Known already: no reason to look again. */
	assert_done(incident_move(store, &incident, STAGE_PROPOSED, &because, &e), e);
	assert_done(incident_see(store, incident.id, &sighting, &fresh, &e), e);
	assert_done(incident_get(store, incident.id, &a, &now, &e), e);
	assert_int_equal(now.due_at, incident.due_at);
}

static void supersedes(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct incident old = incident_made(store, "main", &a), merged, other;
	struct incident_key key = key_of("main");
	struct sighting sighting = sighting_of(3);
	unsigned stages = STAGES_OPEN & ~(1u << STAGE_MERGED);
	size_t count;
	bool made;

	(void)state;
	other = incident_made(store, "elsewhere", &a);
	assert_done(store_begin(store, &t, &e), e);
	key.signature = FAMILY;
	assert_done(incident_open(store, &key, &sighting, "aegis", &a, &merged, &made, &e), e);
	assert_done(incident_move(store, &merged, STAGE_MERGED, &because, &e), e);
	assert_done(incident_supersede(store, 7, "main", stages, "head", &because, &count, &e), e);
	assert_int_equal(count, 0);
	assert_done(incident_supersede(store, 7, "main", stages, "newer", &because, &count, &e), e);
	assert_int_equal(count, 1);
	assert_done(incident_get(store, old.id, &a, &old, &e), e);
	assert_int_equal(old.stage, STAGE_SUPERSEDED);
	assert_int_equal(old.due_at, 0);
	assert_done(incident_get(store, other.id, &a, &other, &e), e);
	assert_int_equal(other.stage, STAGE_TRIGGERED);
	assert_done(incident_get(store, merged.id, &a, &merged, &e), e);
	assert_int_equal(merged.stage, STAGE_MERGED);
}

static bool keep(void *context, const struct audit_row *row)
{
	struct text *text = context;

	text_addf(text, "%s %s %.*s\n", row->actor, row->what, STR_ARG(row->facts));
	return true;
}

/* No stage changes without a row in the audit log. */
static void leaves_its_reasons(void **state)
{
	STORE store = store_made("sqlite::memory:");
	STORE_TRANSACTION t = {0};
	struct err e = ERR_INIT;
	ARENA a = {0};
	struct incident incident = incident_made(store, "main", &a);
	JSON *facts = json_pack("{s:b}", "green", 1);
	struct incident_reason reason = { "octocat", "looks good", facts };
	struct audit_filter filter = { .incident = incident.id };
	struct text text = TEXT(&a);

	(void)state;
	assert_done(store_begin(store, &t, &e), e);
	assert_done(incident_move(store, &incident, STAGE_MERGED, &reason, &e), e);
	assert_done(store_commit(&t, &e), e);
	assert_done(audit_each(store, &filter, keep, &text, &e), e);
	assert_string_equal(text_cstr(&text),
		"aegis incident.opened {\"branch\":\"main\",\"head_sha\":\"head\",\"job\":10,"
		"\"repository\":\"owner/name\",\"run\":1,\"signature\":\"" SIGNATURE "\"}\n"
		"octocat incident.moved {\"facts\":{\"green\":true},\"from\":\"TRIGGERED\","
		"\"to\":\"MERGED\",\"version\":2,\"why\":\"looks good\"}\n");
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(stages), cmocka_unit_test(every_stage_is_stored),
		cmocka_unit_test(opens_one), cmocka_unit_test(waits), cmocka_unit_test(opens_anew_after_the_end),
		cmocka_unit_test(ids_follow_from_the_key), cmocka_unit_test(moves_on_what_was_read),
		cmocka_unit_test(refuses_what_is_wrong), cmocka_unit_test(any_text),
		cmocka_unit_test(lists), cmocka_unit_test(a_sighting_wakes),
		cmocka_unit_test(supersedes), cmocka_unit_test(leaves_its_reasons),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

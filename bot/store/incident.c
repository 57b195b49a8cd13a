/*
 * Making, finding and moving incidents. Knows which stages are ends, not which way leads where:
 * that is decided elsewhere. Lists and sightings are in incident_list.c.
 */
#include "bot/store/incident.h"

#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/store/incident_parts.h"

static const char *const names[STAGE_COUNT] = {
	[STAGE_TRIGGERED] = "TRIGGERED",
	[STAGE_INVESTIGATING] = "INVESTIGATING",
	[STAGE_HYPOTHESIS_RECEIVED] = "HYPOTHESIS_RECEIVED",
	[STAGE_CONTEXT_RETRIEVED] = "CONTEXT_RETRIEVED",
	[STAGE_SYNTHESIZING] = "SYNTHESIZING",
	[STAGE_EXECUTING] = "EXECUTING",
	[STAGE_VERIFYING] = "VERIFYING",
	[STAGE_AWAITING_APPROVAL] = "AWAITING_APPROVAL",
	[STAGE_PROPOSED] = "PROPOSED",
	[STAGE_MERGED] = "MERGED",
	[STAGE_MONITORING] = "MONITORING",
	[STAGE_RESOLVED] = "RESOLVED",
	[STAGE_ESCALATED] = "ESCALATED",
	[STAGE_REVERTED] = "REVERTED",
	[STAGE_SUPERSEDED] = "SUPERSEDED",
	[STAGE_REJECTED] = "REJECTED",
};

#define SELECT_INCIDENT "SELECT " INCIDENT_COLUMNS " FROM incident "
#define KEY "repository_id = ?1 AND branch = ?2 AND signature = ?3 "
static const char find_id[] = SELECT_INCIDENT "WHERE id = ?1";
static const char find_open[] = SELECT_INCIDENT "WHERE " KEY "AND " INCIDENT_IS_OPEN;
static const char find_last[] =
	SELECT_INCIDENT "WHERE " KEY "ORDER BY opened_at DESC, rowid DESC LIMIT 1";
static const char find_before[] =
	SELECT_INCIDENT "WHERE " KEY "AND id != ?4 ORDER BY opened_at DESC, rowid DESC LIMIT 1";
static const char insert[] =
	"INSERT INTO incident (" INCIDENT_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
	"?10, 1, ?11, ?12, 0, 0, '', '', ?13, '{}')";
static const char rename_all[] =
	"UPDATE incident SET repository = ?2 WHERE repository_id = ?1 AND repository != ?2";
static const char rename_repository[] =
	"UPDATE incident SET repository = ?2 WHERE id = ?1 AND repository != ?2";
static const char update[] =
	"UPDATE incident SET stage = ?4, why = ?5, updated_at = ?6, version = version + 1, "
	"base_sha = ?7, head_sha = ?8, attempt = ?9, pull = ?10, fix_commit = ?11, "
	"merge_sha = ?12, due_at = ?13, facts = ?14 WHERE id = ?1 AND stage = ?2 AND version = ?3";

const char *stage_name(enum stage stage)
{
	return names[stage];
}

bool stage_of(struct str name, enum stage *stage)
{
	for (int i = 0; i < STAGE_COUNT; i++)
		if (str_is(name, names[i])) {
			*stage = (enum stage)i;
			return true;
		}
	return false;
}

struct incident incident_read(struct query *q, struct arena *a)
{
	struct incident i = {
		.id = query_text(q, 0, a), .signature = query_text(q, 1, a),
		.family = query_text(q, 2, a), .repository = query_text(q, 3, a),
		.repository_id = query_number(q, 4), .branch = query_text(q, 5, a),
		.opened_at = query_number(q, 6), .why = query_text(q, 8, a),
		.updated_at = query_number(q, 9), .version = query_number(q, 10),
		.base_sha = query_text(q, 11, a), .head_sha = query_text(q, 12, a),
		.attempt = query_number(q, 13), .pull = query_number(q, 14),
		.fix_commit = query_text(q, 15, a), .merge_sha = query_text(q, 16, a),
		.due_at = query_number(q, 17), .facts = query_str(q, 18, a),
	};

	if (!stage_of(query_str(q, 7, a), &i.stage))
		query_refuse(q, "a stage that does not exist");
	return i;
}

/* *found says whether there was one. */
static bool read_one(struct query *q, struct arena *a, struct incident *out, bool *found,
		     struct err *e)
{
	struct incident incident = {0};
	bool there = query_next(q);

	if (there)
		incident = incident_read(q, a);
	if (!query_done(q, e))
		return false;
	*found = there;
	if (there)
		*out = incident;
	return true;
}

static bool find(struct store *store, const char *id, struct arena *a, struct incident *out,
		 bool *found, struct err *e)
{
	QUERY q = query_of(store, find_id);

	query_puts(&q, 1, id);
	return read_one(&q, a, out, found, e);
}

bool incident_get(struct store *store, const char *id, struct arena *a, struct incident *out,
		  struct err *e)
{
	bool found = false;

	if (!find(store, id, a, out, &found, e))
		return false;
	return found || fail(e, ERR_GONE, "there is no incident %.40s", id);
}

static bool find_by_key(struct store *store, const char *sql, const struct incident_key *key,
			struct arena *a, struct incident *out, bool *found, struct err *e)
{
	QUERY q = query_of(store, sql);

	query_put_number(&q, 1, key->repository_id);
	query_puts(&q, 2, key->branch);
	query_puts(&q, 3, key->signature);
	return read_one(&q, a, out, found, e);
}

bool incident_last(struct store *store, const struct incident_key *key, struct arena *a,
		   struct incident *out, struct err *e)
{
	bool found = false;

	if (!find_by_key(store, find_last, key, a, out, &found, e))
		return false;
	return found || fail(e, ERR_GONE, "%s was never seen on %s of %s", key->signature,
			     key->branch, key->repository);
}

bool incident_before(struct store *store, const struct incident *incident, struct arena *a,
		     struct incident *out, struct err *e)
{
	QUERY q = query_of(store, find_before);
	bool found = false;

	query_put_number(&q, 1, incident->repository_id);
	query_puts(&q, 2, incident->branch);
	query_puts(&q, 3, incident->signature);
	query_puts(&q, 4, incident->id);
	if (!read_one(&q, a, out, &found, e))
		return false;
	return found || fail(e, ERR_GONE, "%s is the only one of its failure", incident->id);
}

/* A signature that comes back at the same head after an end gets the next number. */
static bool free_id(struct store *store, const struct incident_key *key, const char *head_sha,
		    struct arena *a, const char **id, struct err *e)
{
	bool taken = true;

	for (unsigned number = 0; taken; number++) {
		uint8_t digest[CRYPTO_SHA256_BYTES];
		struct incident other;
		char *text = arena_printf(a, "%s\n%lld\n%s\n%s\n%u", key->signature,
					  (long long)key->repository_id, key->branch, head_sha,
					  number);

		crypto_sha256(str_of(text), digest);
		*id = crypto_hex(a, (struct str){ (const char *)digest,
						  (INCIDENT_ID_SIZE - 1) / 2 });
		if (!find(store, *id, a, &other, &taken, e))
			return false;
	}
	return true;
}

static bool make(struct store *store, const struct incident_key *key, const char *head_sha,
		 struct arena *a, const char **id, struct err *e)
{
	int64_t now = clock_wall_ms();

	if (!free_id(store, key, head_sha, a, id, e))
		return false;

	QUERY q = query_of(store, insert);

	query_puts(&q, 1, *id);
	query_puts(&q, 2, key->signature);
	query_puts(&q, 3, key->family);
	query_puts(&q, 4, key->repository);
	query_put_number(&q, 5, key->repository_id);
	query_puts(&q, 6, key->branch);
	query_put_number(&q, 7, now);
	query_puts(&q, 8, names[STAGE_TRIGGERED]);
	query_puts(&q, 9, "seen for the first time");
	query_put_number(&q, 10, now);
	query_puts(&q, 11, key->base_sha);
	query_puts(&q, 12, head_sha);
	query_put_number(&q, 13, now);
	return query_run(&q, e);
}

static bool note_opening(struct store *store, const char *id, const struct incident_key *key,
			 const struct sighting *sighting, const char *actor, struct err *e)
{
	JSON *facts = json_object();

	json_object_set_new(facts, "signature", json_string_of(str_of(key->signature)));
	json_object_set_new(facts, "repository", json_string_of(str_of(key->repository)));
	json_object_set_new(facts, "branch", json_string_of(str_of(key->branch)));
	json_object_set_new(facts, "head_sha", json_string_of(str_of(sighting->head_sha)));
	json_object_set_new(facts, "run", json_integer(sighting->run_id));
	json_object_set_new(facts, "job", json_integer(sighting->job_id));
	return audit_append(store, actor, id, "incident.opened", facts, e);
}

static bool follow_name(struct store *store, const char *id, const char *repository, struct err *e)
{
	QUERY q = query_of(store, rename_repository);

	query_puts(&q, 1, id);
	query_puts(&q, 2, repository);
	return query_run(&q, e);
}

bool incident_rename(struct store *store, int64_t repository_id, const char *name, struct err *e)
{
	QUERY q = query_of(store, rename_all);

	query_put_number(&q, 1, repository_id);
	query_puts(&q, 2, name);
	return query_run(&q, e);
}

bool incident_open(struct store *store, const struct incident_key *key,
		   const struct sighting *sighting, const char *actor, struct arena *a,
		   struct incident *out, bool *made, struct err *e)
{
	struct incident incident = {0};
	bool found = false, fresh;
	const char *id;

	if (!find_by_key(store, find_open, key, a, &incident, &found, e))
		return false;
	id = incident.id;
	if (found && !follow_name(store, id, key->repository, e))
		return false;
	if (!found && (!make(store, key, sighting->head_sha, a, &id, e) ||
		       !note_opening(store, id, key, sighting, actor, e)))
		return fail_while(e, "opening an incident");
	if (!incident_see(store, id, sighting, &fresh, e) ||
	    !incident_get(store, id, a, out, e))
		return false;
	*made = !found;
	return true;
}

static bool note_move(struct store *store, const struct incident *incident, enum stage to,
		      const struct incident_reason *reason, struct err *e)
{
	JSON *facts = json_object();

	json_object_set_new(facts, "from", json_string(names[incident->stage]));
	json_object_set_new(facts, "to", json_string(names[to]));
	json_object_set_new(facts, "why", json_string_of(str_of(reason->why)));
	json_object_set_new(facts, "version", json_integer(incident->version + 1));
	if (reason->facts)
		json_object_set(facts, "facts", (json_t *)reason->facts);
	return audit_append(store, reason->actor, incident->id, "incident.moved", facts, e);
}

static bool write_move(struct store *store, const struct incident *incident, enum stage to,
		       const char *why, int64_t now, struct err *e)
{
	QUERY q = query_of(store, update);

	query_puts(&q, 1, incident->id);
	query_puts(&q, 2, names[incident->stage]);
	query_put_number(&q, 3, incident->version);
	query_puts(&q, 4, names[to]);
	query_puts(&q, 5, why);
	query_put_number(&q, 6, now);
	query_puts(&q, 7, incident->base_sha);
	query_puts(&q, 8, incident->head_sha);
	query_put_number(&q, 9, incident->attempt);
	query_put_number(&q, 10, incident->pull);
	query_puts(&q, 11, incident->fix_commit);
	query_puts(&q, 12, incident->merge_sha);
	query_put_number(&q, 13, incident->due_at);
	query_put_object(&q, 14, incident->facts);
	return query_run(&q, e);
}

/* Only back from an end can another incident be in the way. */
static bool way_is_free(struct store *store, const struct incident *incident, enum stage to,
			struct err *e)
{
	ARENA a = {0};
	struct incident_key key = { .signature = incident->signature, .branch = incident->branch,
				    .repository_id = incident->repository_id };
	struct incident other = {0};
	bool found = false;

	if (stage_is_end(to) || !stage_is_end(incident->stage))
		return true;
	if (!find_by_key(store, find_open, &key, &a, &other, &found, e))
		return false;
	return !found || !strcmp(other.id, incident->id) ||
	       fail(e, ERR_LATER, "the same failure is being worked on as incident %s", other.id);
}

static bool moved_meanwhile(struct store *store, const struct incident *incident, struct err *e)
{
	ARENA a = {0};
	struct incident now = {0};

	if (!incident_get(store, incident->id, &a, &now, e))
		return false;
	return fail(e, ERR_LATER, "incident %s was changed meanwhile: it is %s, version %lld, "
		    "and was %s, version %lld", incident->id, names[now.stage], (long long)now.version,
		    names[incident->stage], (long long)incident->version);
}

bool incident_wait(struct store *store, struct incident *incident, struct err *e)
{
	if (!stage_is_end(incident->stage) && incident->due_at <= 0)
		return fail(e, ERR_BUG, "incident %s would be open and never looked at again",
			    incident->id);
	if (!write_move(store, incident, incident->stage, incident->why, incident->updated_at, e))
		return false;
	if (query_changed(store) != 1)
		return moved_meanwhile(store, incident, e);
	incident->version++;
	return true;
}

bool incident_move(struct store *store, struct incident *incident, enum stage to,
		   const struct incident_reason *reason, struct err *e)
{
	int64_t now = clock_wall_ms();

	if (!stage_is_end(to) && incident->due_at <= 0)
		return fail(e, ERR_BUG, "incident %s would be open and never looked at again",
			    incident->id);
	if (!way_is_free(store, incident, to, e) ||
	    !write_move(store, incident, to, reason->why, now, e))
		return false;
	if (query_changed(store) != 1)
		return moved_meanwhile(store, incident, e);
	if (!note_move(store, incident, to, reason, e))
		return false;
	incident->stage = to;
	incident->why = reason->why;
	incident->updated_at = now;
	incident->version++;
	return true;
}

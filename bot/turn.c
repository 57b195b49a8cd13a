/*
 * Makes a turn: opens what it needs, then gather, decide, act. What goes wrong is written down with
 * the incident and costs patience, never the incident.
 */
#include "bot/turn.h"

#include "bot/base/clock.h"
#include "bot/base/kill_point.h"
#include "bot/base/log.h"
#include "bot/turn_take.h"
#include "git/github_commits.h"

#include <string.h>

enum {
	TROUBLE_FIRST_MS = 2000, TROUBLE_MOST_MS = 10 * 60 * 1000, TROUBLES_MOST = 30,
	SETTINGS_FRESH_MS = 60 * 1000, SETTINGS_MOST = 64 * 1024, SLICE_MS = 10 * 1000,
};

static const char SETTINGS_FILE[] = ".github/aegis.yml";

const char *turn_fix_branch(const struct turn *t)
{
	return arena_printf(t->arena, "aegis/fix-%s", t->incident.id);
}

const char *turn_revert_branch(const struct turn *t)
{
	return arena_printf(t->arena, "aegis/revert-%s", t->incident.id);
}

const char *turn_mirror(const struct turn *t)
{
	return arena_printf(t->arena, "%s/%lld.git", t->daemon->folder, (long long)t->repository.id);
}

void story_set(struct turn *t, const char *key, json_t *value)
{
	if (value)
		json_object_set_new(t->story, key, value);
	else
		json_object_del(t->story, key);
}

const char *story_text(const struct turn *t, const char *path)
{
	return str_text(t->arena, json_text_or(t->story, path, STR("")));
}

/* Of a repository that is not ours any more nothing is asked: an incident there ends, or waits. */
static bool may_ask(const struct turn *t)
{
	return t->repository.watched && !*story_text(t, "denied");
}

/* The file as it is on the default branch, asked for at most once a minute. */
static bool read_settings(struct turn *t, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	struct settings_text kept = { .sha = "" };
	struct err why = ERR_INIT;

	if (settings_get(t->daemon->store, t->repository.id, t->arena, &kept, &why)) {
		t->settings_text = kept.text;
		if (t->now - kept.read_at < SETTINGS_FRESH_MS || !may_ask(t))
			return true;
	} else if (why.kind != ERR_GONE) {
		*e = why;
		return false;
	}
	t->settings_text = kept.text;
	if (!may_ask(t))
		return true;
	why = (struct err)ERR_INIT;
	if (!github_file_get(&t->call, SETTINGS_FILE, t->repository.default_branch, SETTINGS_MOST,
			     &kept.text, &why)) {
		if (why.kind != ERR_GONE) {
			*e = why;
			return false;
		}
		kept.text = STR("");
	}
	t->settings_text = kept.text;
	return store_begin(t->daemon->store, &transaction, e) &&
	       settings_put(t->daemon->store, t->repository.id, &kept, e) &&
	       store_commit(&transaction, e);
}

/* A file that cannot be understood must not be taken for consent: then nothing is merged. */
static bool open_settings(struct turn *t, struct err *e)
{
	struct err why = ERR_INIT;

	if (!read_settings(t, e))
		return false;
	story_set(t, "settings_trouble", NULL);
	if (config_parse(&options, SETTINGS_FILE, t->settings_text, OPTION_REPOSITORY, t->arena,
			 &t->settings, &why))
		return true;
	story_set(t, "settings_trouble", json_string(why.text));
	t->settings_text = STR("autonomy: propose\n");
	return config_parse(&options, SETTINGS_FILE, t->settings_text, OPTION_REPOSITORY, t->arena,
			    &t->settings, e);
}

bool turn_open(struct turn *t, struct err *e)
{
	struct str owner, name;
	struct err why = ERR_INIT;

	if (!json_parse(t->incident.facts, 16 << 20, &t->story, e) ||
	    !repository_get(t->daemon->store, t->incident.repository_id, t->arena, &t->repository, e))
		return false;
	if (!str_split(str_of(t->repository.name), "/", &owner, &name))
		return fail(e, ERR_BUG, "\"%s\" is no repository", t->repository.name);
	t->call = (struct github_call){
		.github = t->daemon->github, .owner = str_text(t->arena, owner),
		.name = str_text(t->arena, name), .arena = t->arena,
	};
	if (t->repository.watched && !daemon_know_self(t->daemon, t->call.owner, t->call.name, &why) &&
	    may_ask(t)) {
		*e = why;
		return false;
	}
	return open_settings(t, e);
}

/* The incident as the store has it, with what went wrong and when to come back. */
static bool keep_trouble(struct turn *t, const struct err *why, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	JSON *story = NULL;
	struct text text = TEXT(t->arena);
	int64_t troubles, after_ms = TROUBLE_FIRST_MS;

	if (!incident_get(t->daemon->store, t->incident.id, t->arena, &t->incident, e) ||
	    !json_parse(t->incident.facts, 16 << 20, &story, e))
		return false;
	troubles = json_integer_or(story, "troubles", 0) + 1;
	for (int64_t i = 1; i < troubles && after_ms < TROUBLE_MOST_MS; i++)
		after_ms *= 2;
	json_object_set_new(story, "troubles", json_integer(troubles));
	json_object_set_new(story, "trouble", json_string_of(str_of(why->text)));
	/* A suspension passes; the next look at the repositories knows of it. */
	if ((why->kind == ERR_DENIED && !str_has(str_of(why->text), "suspended")) ||
	    (why->kind != ERR_LATER && troubles > TROUBLES_MOST))
		json_object_set_new(story, "denied", json_string_of(str_of(why->text)));
	t->incident.due_at = t->now + (after_ms < TROUBLE_MOST_MS ? after_ms : TROUBLE_MOST_MS);
	if (t->call.again_at_ms > t->incident.due_at)
		t->incident.due_at = t->call.again_at_ms;
	if (!json_print(story, JSON_SORTED, &text, e))
		return false;
	t->incident.facts = text_str(&text);
	log_event(LOG_WARNING, "an incident has to wait", LOG_TEXT("incident", t->incident.id),
		  LOG_TEXT("repository", t->incident.repository), LOG_TEXT("why", why->text),
		  LOG_NUMBER("again_in_ms", t->incident.due_at - t->now));
	KILL_POINT("turn.trouble.before");
	return store_begin(t->daemon->store, &transaction, e) &&
	       incident_wait(t->daemon->store, &t->incident, e) && store_commit(&transaction, e);
}

static bool step(struct turn *t, struct err *e)
{
	if (!turn_open(t, e) || !gather(t, e))
		return false;
	t->action = next_action(t->incident.stage, &t->facts, &t->reason);
	KILL_POINT("turn.act.before");
	return act(t, e);
}

bool turn_take(struct daemon *daemon, const char *incident, struct err *e)
{
	ARENA a = {0};
	struct turn t = { .daemon = daemon, .arena = &a, .now = clock_wall_ms() };
	struct err why = ERR_INIT;
	bool done;

	if (!incident_get(daemon->store, incident, &a, &t.incident, e))
		return false;
	if (stage_is_end(t.incident.stage))
		return true;
	done = step(&t, &why) || keep_trouble(&t, &why, e);
	json_decref(t.story);
	return done;
}

bool turn_take_due(struct daemon *daemon, bool (*stop)(void), int64_t *next_at, struct err *e)
{
	/* Not for ever, with a thousand of them: new runs and people's commands want to be seen too. */
	const int64_t until = clock_wall_ms() + SLICE_MS;

	for (;;) {
		ARENA a = {0};
		const struct incident_filter due = { .stages = STAGES_OPEN, .order = INCIDENT_DUE_FIRST,
						     .due_before = clock_wall_ms() + 1 };
		const struct incident_filter next = { .stages = STAGES_OPEN, .limit = 1,
						      .order = INCIDENT_DUE_FIRST };
		struct incident *list;
		size_t count;

		if (!incident_list(daemon->store, &due, &a, &list, &count, e))
			return false;
		for (size_t i = 0; i < count && !(stop && stop()) && clock_wall_ms() < until; i++)
			if (!turn_take(daemon, list[i].id, e))
				return false;
		if (count && !(stop && stop()) && clock_wall_ms() < until)
			continue;
		if (!incident_list(daemon->store, &next, &a, &list, &count, e))
			return false;
		*next_at = count ? list[0].due_at : 0;
		return true;
	}
}

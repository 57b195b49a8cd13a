/*
 * Are we wanted here, and is there room for one more pull request? Reads the pull request of the red
 * branch, the settings as they are on that branch, and who made its commit; decides nothing.
 */
#include "bot/turn.h"

#include "bot/manners.h"
#include "git/history.h"
#include "git/message.h"
#include "git/remote.h"

#include <string.h>

enum { SETTINGS_MOST = 64 * 1024, STORY_MOST = 16 << 20, FULL_MS = 60 * 1000 };

/*
 * The file as it is where it is red. It may take away what the default branch allows and give nothing;
 * one that cannot be understood takes away that anything is merged.
 */
static void read_stricter(struct turn *t, struct repo *mirror)
{
	static const char file[] = ".github/aegis.yml";
	struct err why = ERR_INIT;
	struct str text;

	t->stricter = NULL;
	if (!mirror || !strcmp(t->incident.branch, t->repository.default_branch) ||
	    !repo_blob(mirror, t->source.head_sha, file, SETTINGS_MOST, t->arena, &text, &why))
		return;
	if (!config_parse(&options, file, text, OPTION_REPOSITORY, t->arena, &t->stricter, &why) &&
	    !config_parse(&options, file, STR("autonomy: propose\n"), OPTION_REPOSITORY, t->arena,
			  &t->stricter, &why))
		t->stricter = NULL;
}

static bool find_case(struct turn *t, struct manners_case *out, struct err *e)
{
	struct github_pulls found;

	*out = (struct manners_case){
		.branch = t->incident.branch, .author = t->actor ? t->actor : "",
		.own_login = t->daemon->own.login, .file = story_text(t, "failure.file"),
	};
	if (!strcmp(t->incident.branch, t->repository.default_branch))
		return true;
	/* Runs of a push do not name the pull request. */
	if (!github_pulls_list(&t->call, "open", t->incident.branch, NULL, &found, e))
		return false;
	for (size_t i = 0; i < found.count; i++) {
		const struct github_pull *pull = &found.items[i];

		out->is_pull = true;
		out->author = pull->author;
		for (size_t k = 0; k < pull->label_count; k++)
			out->has_label |= !strcmp(pull->labels[k], MANNERS_SKIP_LABEL);
	}
	return true;
}

static bool is_own_mail(const struct turn *t, struct str mail)
{
	struct str ours = str_of(t->daemon->own.author_mail), theirs = mail, host;

	/* GitHub merges with its own host in it, whatever ours has. */
	return str_split(ours, "@", &ours, NULL) && str_split(theirs, "@", &theirs, &host) &&
	       str_equal(ours, theirs) && str_starts(host, "users.noreply.");
}

/*
 * The commit that is red is a fix of ours, which was green when it was proven, and the failure was never
 * seen anywhere else: mending it would be building on a fix that does not hold.
 */
static bool is_own_commit(struct turn *t, struct repo *mirror)
{
	struct incident ours, before;
	struct str message, mail, id;
	struct err ignored = ERR_INIT;
	JSON *story = NULL;

	if (!mirror || t->sighting_heads != 1 || !t->daemon->own.author_mail ||
	    !history_message(mirror, t->source.head_sha, t->arena, &message, &mail, &ignored) ||
	    !is_own_mail(t, mail))
		return false;
	id = message_trailer(message, "Aegis-Incident");
	if (id.size != INCIDENT_ID_SIZE - 1 ||
	    !incident_get(t->daemon->store, str_text(t->arena, id), t->arena, &ours, &ignored) ||
	    !json_parse(ours.facts, STORY_MOST, &story, &ignored) ||
	    json_integer_or(story, "fix.verification.after.exit_code", -1) != 0)
		return false;
	return !incident_before(t->daemon->store, &t->incident, t->arena, &before, &ignored);
}

bool gather_manners(struct turn *t, struct err *e)
{
	REPO mirror = NULL;
	struct err ignored = ERR_INIT;
	struct manners_case c;
	const char *why;

	if (!remote_open(turn_mirror(t), &mirror, &ignored))
		mirror = NULL;
	read_stricter(t, mirror);
	if (!find_case(t, &c, e))
		return false;
	why = manners_why_not(t->settings, &c, t->arena);
	if (!why && t->stricter)
		why = manners_why_not(t->stricter, &c, t->arena);
	if (why) {
		t->facts.run.scope = t->facts.pull.scope = SCOPE_UNWANTED;
		t->unwanted = why;
	} else if (t->incident.stage < STAGE_EXECUTING && !t->incident.attempt && is_own_commit(t, mirror)) {
		t->facts.run.scope = SCOPE_OWN_COMMIT;
	}
	return true;
}

/* Only a further pull request needs room: what is open already goes on. */
bool gather_room(struct turn *t, struct err *e)
{
	struct github_pulls open, newest;
	struct manners_pulls now_open, lately;
	const struct config *config = t->daemon->config;

	if (t->facts.pull.pull != PULL_NONE || t->facts.pull.branch == BRANCH_FOREIGN ||
	    t->facts.run.fixing != FIXING_PROVEN)
		return true;
	if (!github_pulls_list(&t->call, "open", NULL, NULL, &open, e) ||
	    !github_pulls_newest(&t->call, &newest, e))
		return false;
	manners_count(&open, t->call.owner, t->call.name, t->daemon->own.login, t->now, &now_open);
	manners_count(&newest, t->call.owner, t->call.name, t->daemon->own.login, t->now, &lately);
	if (now_open.open >= (unsigned)config_integer(config, "pulls.open")) {
		t->facts.pull.no_room = true;
		t->look_at = t->now + FULL_MS;
		t->note = arena_printf(t->arena, "%u pull requests of ours are open already", now_open.open);
	} else if (lately.lately >= (unsigned)config_integer(config, "pulls.hourly")) {
		t->facts.pull.no_room = true;
		t->look_at = lately.again_at < t->now + FULL_MS ? lately.again_at : t->now + FULL_MS;
		t->note = arena_printf(t->arena, "%u pull requests were opened here in the last hour",
				       lately.lately);
	}
	story_set(t, "waits_for", t->facts.pull.no_room ? json_string(t->note) : NULL);
	return true;
}

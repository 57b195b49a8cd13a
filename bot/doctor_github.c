/*
 * GitHub without a repository: are we let in, as whom, with what rights, does the clock agree, and do
 * webhooks arrive.
 */
#include "bot/doctor.h"

#include "bot/base/clock.h"
#include "bot/base/http.h"
#include "bot/daemon.h"

#include <stdlib.h>

/* GitHub takes an App's assertion 60 s from the future (ours is dated back) and 9 min from the past. */
enum { SKEW_GOOD_MS = 20 * 1000, AHEAD_MOST_MS = 55 * 1000, BEHIND_MOST_MS = 8 * 60 * 1000,
       HEALTH_MOST = 64 * 1024, HEALTH_MS = 10 * 1000 };

static const char mend_clock[] = "set this machine's clock, for instance by NTP";

static bool has_credentials(struct doctor *d)
{
	struct str token = STR_NONE;
	struct err e = ERR_INIT;

	if (config_has(d->config, "github.app_id"))
		return true;
	return !config_secret(d->config, "github.token", d->arena, &token, &e) || token.size;
}

static void open_client(struct doctor *d)
{
	struct err e = ERR_INIT;

	if (!has_credentials(d)) {
		doctor_say(d, "credentials", FINDING_UNKNOWN, "for work on GitHub run aegis setup app, or set "
			   "GITHUB_TOKEN", "neither an App nor a token is configured");
		return;
	}
	if (!daemon_github(d->config, NULL, d->arena, &d->github, &e)) {
		doctor_say(d, "credentials", FINDING_BAD, "look at github.app_id, private_key, token and api_url",
			   "%s", e.text);
		return;
	}
	d->call = (struct github_call){ .github = d->github, .owner = d->owner, .name = d->name,
					.arena = d->arena };
}

static void say_clock(struct doctor *d)
{
	const int64_t skew = d->call.server_ms ? clock_wall_ms() - d->call.server_ms : 0;
	const int64_t size = skew < 0 ? -skew : skew;
	const bool refused = skew > AHEAD_MOST_MS || skew < -BEHIND_MOST_MS;

	if (!d->call.server_ms)
		doctor_say(d, "clock", FINDING_UNKNOWN, NULL, "GitHub did not say what time it is");
	/* Its time has whole seconds, and took a moment to come. */
	else if (size < SKEW_GOOD_MS)
		doctor_say(d, "clock", FINDING_OK, NULL, "within %lld s of GitHub's",
			   (long long)(size / 1000) + 1);
	else
		doctor_say(d, "clock", refused && github_mode(d->github) == GITHUB_APP ? FINDING_BAD
			   : FINDING_WARNING, mend_clock, "%lld s %s GitHub's%s", (long long)(size / 1000),
			   skew > 0 ? "ahead of" : "behind", refused ? ": an App is refused then" : "");
}

static const char *kind_words(enum github_token_kind kind)
{
	switch (kind) {
	case GITHUB_TOKEN_APP:
		return "tokens of an App";
	case GITHUB_TOKEN_FINE:
		return "a fine-grained personal token";
	case GITHUB_TOKEN_CLASSIC:
		return "a classic personal token";
	case GITHUB_TOKEN_JOB:
		return "GITHUB_TOKEN of a job";
	case GITHUB_TOKEN_INSTALLATION:
		return "a token of an App's installation, made elsewhere";
	case GITHUB_TOKEN_OTHER:
		break;
	}
	return "a token of a form that is not known";
}

static void identity(struct doctor *d)
{
	struct err e = ERR_INIT;
	const char *login = NULL;
	uint64_t app_id;
	bool known;

	if (!d->github)
		return;
	/* The token of a job may not ask who it is: whatever it may ask tells the time. */
	if (github_mode(d->github) == GITHUB_APP)
		known = github_app_get(&d->call, &d->app, &e);
	else if (github_mode(d->github) == GITHUB_ACTIONS)
		known = github_own_login(&d->call, &login, &app_id, &e) &&
			(!d->owner || github_switches_get(&d->call, &d->switches, &e));
	else
		known = github_own_login(&d->call, &login, &app_id, &e);
	say_clock(d);
	if (known && d->app.id)
		doctor_say(d, "token", FINDING_OK, NULL, "%s: %s[bot]", kind_words(GITHUB_TOKEN_APP),
			   d->app.slug);
	else if (known)
		doctor_say(d, "token", FINDING_OK, NULL, "%s: %s",
			   kind_words(github_token_kind(d->github)), login);
	else
		doctor_say_error(d, "token", &e);
}

static void app_rights(struct doctor *d)
{
	struct github_rights_judgement judgement;
	struct str events;
	const char *page;

	if (!d->app.id)
		return;
	page = *d->app.page ? d->app.page : "the App's page";
	judgement = github_rights_judge(&d->app.rights, d->arena);
	events = github_events_missing(d->app.events, d->arena);
	if (judgement.missing.size)
		doctor_say(d, "app permissions", FINDING_BAD, arena_printf(d->arena, "add them under "
			   "\"Permissions & events\" of %s; owners must accept them then", page),
			   "the App does not ask for %.*s", STR_ARG(judgement.missing));
	if (judgement.excessive.size)
		doctor_say(d, "app permissions", FINDING_WARNING, arena_printf(d->arena, "take them away on %s%s",
			   page, judgement.may_change_workflows ? "; with workflows a wrong fix could change "
			   "what CI runs" : ""), "more than is needed: %.*s", STR_ARG(judgement.excessive));
	if (!judgement.missing.size && !judgement.excessive.size)
		doctor_say(d, "app permissions", FINDING_OK, NULL, "what is needed and no more");
	if (events.size)
		doctor_say(d, "app events", FINDING_WARNING, arena_printf(d->arena, "subscribe to them on %s",
			   page), "not subscribed to %.*s: found by polling, later", STR_ARG(events));
	else
		doctor_say(d, "app events", FINDING_OK, NULL, "all that are of use");
}

/* Our own /healthz, over the way that GitHub takes. Nothing secret is sent, and no answer is shown. */
static void reach_own(struct doctor *d, const char *url)
{
	struct str scheme, rest, host;
	struct http_request request = { .method = "GET", .allow = HTTP_PLAIN | HTTP_PRIVATE,
		.body_most = HEALTH_MOST, .total_ms = HEALTH_MS };
	struct http_response response = {0};
	struct err e = ERR_INIT;
	HTTP *http = http_open(NULL, &e);

	if (!str_split(str_of(url), "://", &scheme, &rest)) {
		doctor_say(d, "webhook address", FINDING_BAD, "set it on the App's page", "it is no address");
		return;
	}
	str_next(&rest, '/', &host);
	request.url = arena_printf(d->arena, "%.*s://%.*s/healthz", STR_ARG(scheme), STR_ARG(host));
	if (!http || !http_send(http, &request, d->arena, &response, &e))
		doctor_say(d, "webhook address", FINDING_WARNING, "start aegis serve, and let its address be "
			   "reached from the internet", "from here: %s", e.text);
	else
		doctor_say(d, "webhook address", response.status < 300 ? FINDING_OK : FINDING_WARNING,
			   response.status < 300 ? NULL : "look at the proxy before aegis serve",
			   "%.*s answers %u", STR_ARG(host), response.status);
}

static void webhooks(struct doctor *d)
{
	struct github_deliveries deliveries;
	struct err e = ERR_INIT;
	const char *url;

	if (!d->app.id)
		return;
	if (!github_hook_url(&d->call, &url, &e) || !github_deliveries_get(&d->call, &deliveries, &e)) {
		doctor_say_error(d, "webhooks", &e);
		return;
	}
	if (!*url) {
		doctor_say(d, "webhooks", FINDING_UNKNOWN, "for quicker answers set an address on the App's page",
			   "the App has no webhook: everything is found by polling");
		return;
	}
	reach_own(d, url);
	if (!deliveries.count)
		doctor_say(d, "webhooks", FINDING_UNKNOWN, NULL, "GitHub has delivered none lately");
	else
		doctor_say(d, "webhooks", deliveries.failed ? FINDING_WARNING : FINDING_OK,
			   deliveries.failed ? "look at \"Advanced\" on the App's page; what was missed is found by "
			   "polling" : NULL, "%zu of the last %zu deliveries failed%s%.*s", deliveries.failed,
			   deliveries.count, deliveries.failed ? ": " : "", STR_ARG(deliveries.last_failure));
}

doctor_check *const doctor_github_checks[] = { open_client, identity, app_rights, webhooks, NULL };

/*
 * The list of findings: filled by the checks, printed for people and for programs. Measures nothing.
 */
#include "bot/doctor.h"

#include "bot/base/json.h"

#include <stdarg.h>

static const char *const states[FINDING_STATES] = { "ok", "warning", "bad", "unknown" };

void doctor_say(struct doctor *d, const char *name, enum finding_state state, const char *mend,
		const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	arena_push(d->arena, d->findings, d->count) = (struct finding){
		.part = d->part, .name = name, .state = state, .mend = mend,
		.measured = arena_vprintf(d->arena, format, arguments),
	};
	va_end(arguments);
}

/* What GitHub's answers mean for whoever set Aegis up. The first that fits counts. */
static const struct {
	const char *has;
	enum finding_state state;
	const char *mend;
} meanings[] = {
	{ "'Expiration time'", FINDING_BAD, "set this machine's clock, for instance by NTP" },
	{ "'Issued at'", FINDING_BAD, "set this machine's clock, for instance by NTP" },
	{ "JSON web token could not be decoded", FINDING_BAD,
	  "github.private_key is not a key of the App github.app_id: make a new one on the App's page" },
	{ "Integration not found", FINDING_BAD,
	  "github.app_id is no App there: take the number from the App's page, and look at github.api_url" },
	{ "the private key", FINDING_BAD,
	  "give github.private_key_file the .pem file that the App's page gave, unencrypted" },
	{ "suspended", FINDING_BAD, "lift the suspension on the page of the App's installation" },
	{ "Bad credentials", FINDING_BAD, "the token is wrong, has expired or was taken back: make another" },
	{ "not accessible by", FINDING_BAD, "give the token the permission that is missing" },
	{ "not granted to this installation", FINDING_BAD,
	  "grant the installation the permissions that are missing" },
	{ "limit is reached", FINDING_UNKNOWN, "ask again later" },
};

void doctor_say_error(struct doctor *d, const char *name, const struct err *why)
{
	enum finding_state state = why->kind == ERR_DENIED || why->kind == ERR_CONFIG ? FINDING_BAD
										    : FINDING_UNKNOWN;

	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (str_has(str_of(why->text), meanings[i].has)) {
			doctor_say(d, name, meanings[i].state, meanings[i].mend, "%s", why->text);
			return;
		}
	doctor_say(d, name, state, why->kind == ERR_LATER ? "look at the network, and ask again" : NULL,
		   "%s", why->text);
}

static const struct {
	const char *name;
	doctor_check *const *checks;
} parts[] = {
	{ "machine", doctor_machine_checks }, { "sandbox", doctor_sandbox_checks },
	{ "services", doctor_service_checks }, { "github", doctor_github_checks },
};

bool doctor_part_is_known(const char *part)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!strcmp(parts[i].name, part))
			return true;
	return false;
}

static void look(struct doctor *d, const char *part, doctor_check *const *checks)
{
	d->part = part;
	for (; *checks; checks++)
		(*checks)(d);
}

void doctor_look(struct doctor *d)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!d->only || !strcmp(d->only, parts[i].name))
			look(d, parts[i].name, parts[i].checks);
	if (!d->owner || (d->only && strcmp(d->only, "github")))
		return;
	look(d, "repository", doctor_repository_checks);
	if (d->is_reached)
		look(d, "repository", doctor_rules_checks);
}

size_t doctor_count(const struct doctor *d, enum finding_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < d->count; i++)
		count += d->findings[i].state == state;
	return count;
}

void doctor_text(const struct doctor *d, struct text *out)
{
	const char *part = "";

	for (size_t i = 0; i < d->count; i++) {
		const struct finding *one = &d->findings[i];

		if (strcmp(part, one->part))
			text_addf(out, "%s%s\n", i ? "\n" : "", one->part);
		part = one->part;
		text_addf(out, "  %-8s %-18s %s\n", states[one->state], one->name, one->measured);
		if (one->mend)
			text_addf(out, "  %-8s %-18s mend: %s\n", "", "", one->mend);
	}
	text_addf(out, "\n%zu ok, %zu warnings, %zu bad, %zu unknown\n", doctor_count(d, FINDING_OK),
		  doctor_count(d, FINDING_WARNING), doctor_count(d, FINDING_BAD),
		  doctor_count(d, FINDING_UNKNOWN));
}

json_t *doctor_json(const struct doctor *d)
{
	json_t *out = json_object(), *list = json_array();

	for (size_t i = 0; i < d->count; i++) {
		const struct finding *one = &d->findings[i];
		json_t *item = json_pack("{s:s, s:s, s:s}", "part", one->part, "name", one->name, "state",
					 states[one->state]);

		json_object_set_new(item, "measured", json_string_of(str_of(one->measured)));
		json_object_set_new(item, "mend", one->mend ? json_string_of(str_of(one->mend)) : json_null());
		json_array_append_new(list, item);
	}
	json_object_set_new(out, "repository", !d->owner ? json_null() : json_string_of(str_of(
		arena_printf(d->arena, "%s/%s", d->owner, d->name))));
	json_object_set_new(out, "findings", list);
	for (size_t i = 0; i < FINDING_STATES; i++)
		json_object_set_new(out, states[i],
				    json_integer((json_int_t)doctor_count(d, (enum finding_state)i)));
	return out;
}

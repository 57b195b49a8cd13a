/*
 * Makes the manifest and the form. Sends nothing and writes nothing.
 */
#include "bot/manifest.h"

#include "bot/base/json.h"
#include "git/github_read.h"
#include "git/github_rights.h"

enum { CODE_MOST = 200 };

/*
 * The browser is sent there with the code. Whoever has the code gets the private key, so it must go to
 * nobody's server: nothing listens there, and the code is read from the address line.
 */
static const char REDIRECT_URL[] = "http://localhost/aegis-app";

json_t *manifest_json(const struct manifest *manifest)
{
	json_t *rights = json_object(), *events = json_array();

	for (const struct github_needed_right *one = github_needed_rights; one->name; one++)
		json_object_set_new(rights, one->name, json_string(github_permission_name(one->level)));
	for (const char *const *one = github_needed_events; *one; one++)
		json_array_append_new(events, json_string(*one));
	return json_pack("{s:s, s:s, s:s, s:{s:s, s:b}, s:s, s:b, s:o, s:o}",
		"name", manifest->name, "url", manifest->url,
		"description", "Mends red CI runs: a proven fix as a pull request, or a diagnosis.",
		"hook_attributes", "url", manifest->webhook_url ? manifest->webhook_url : manifest->url,
		"active", manifest->webhook_url != NULL,
		"redirect_url", REDIRECT_URL, "public", 0,
		"default_permissions", rights, "default_events", events);
}

static bool is_address(const char *url)
{
	struct str rest = str_of(url);

	if (!str_skip(&rest, "https://") && !str_skip(&rest, "http://"))
		return false;
	for (size_t i = 0; i < rest.size; i++)
		if (rest.at[i] <= ' ' || rest.at[i] > '~')
			return false;
	return rest.size > 0 && rest.size < 2000;
}

bool manifest_check(const struct manifest *manifest, struct err *e)
{
	struct str name = str_of(manifest->name);

	if (!name.size || name.size > MANIFEST_NAME_MOST)
		return fail(e, ERR_INPUT, "an App's name has 1 to %d characters", MANIFEST_NAME_MOST);
	for (size_t i = 0; i < name.size; i++)
		if (name.at[i] < ' ' || name.at[i] > '~')
			return fail(e, ERR_INPUT, "an App's name has letters, digits, blanks and dashes");
	if (!is_address(manifest->url))
		return fail(e, ERR_INPUT, "--url is no address");
	if (manifest->webhook_url && !is_address(manifest->webhook_url))
		return fail(e, ERR_INPUT, "--webhook-url is no address");
	if (manifest->organisation && !github_login_is_good(str_of(manifest->organisation)))
		return fail(e, ERR_INPUT, "--org is no name of an organisation");
	return true;
}

const char *manifest_site(const char *api_url, struct arena *a)
{
	struct str site = str_of(api_url);

	while (str_chop(&site, "/"))
		;
	if (!site.size || str_is(site, "https://api.github.com"))
		return "https://github.com";
	str_chop(&site, "/api/v3");
	/* GitHub Enterprise Cloud with its own data: https://api.NAME.ghe.com */
	if (str_starts(site, "https://api.") && str_ends(site, ".ghe.com"))
		return arena_printf(a, "https://%.*s", STR_ARG(str_from(site, strlen("https://api."))));
	return str_text(a, site);
}

static void add_escaped(struct text *out, struct str text)
{
	static const struct {
		char c;
		const char *as;
	} escapes[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" },
			{ '\'', "&#39;" } };

	for (size_t i = 0; i < text.size; i++) {
		const char *as = NULL;

		for (size_t n = 0; n < sizeof(escapes) / sizeof(*escapes); n++)
			if (escapes[n].c == text.at[i])
				as = escapes[n].as;
		if (as)
			text_adds(out, as);
		else
			text_addc(out, text.at[i]);
	}
}

struct str manifest_form(const struct manifest *manifest, struct arena *a)
{
	JSON *json = manifest_json(manifest);
	struct text out = TEXT(a), inside = TEXT(a);
	struct err ignored = ERR_INIT;
	const char *site = manifest_site(manifest->api_url, a);

	json_print(json, JSON_AS_MADE, &inside, &ignored);
	text_adds(&out, "<!doctype html>\n<meta charset=\"utf-8\">\n<title>A GitHub App for Aegis</title>\n"
		  "<form method=\"post\" action=\"");
	add_escaped(&out, str_of(manifest->organisation ? arena_printf(a,
		"%s/organizations/%s/settings/apps/new", site, manifest->organisation) :
		arena_printf(a, "%s/settings/apps/new", site)));
	text_adds(&out, "\">\n<input type=\"hidden\" name=\"manifest\" value=\"");
	add_escaped(&out, text_str(&inside));
	text_adds(&out, "\">\n<p>Asks GitHub to make an App. It shall be allowed:</p>\n<ul>\n");
	for (const struct github_needed_right *one = github_needed_rights; one->name; one++)
		text_addf(&out, "<li>%s: %s (%s)</li>\n", one->name, github_permission_name(one->level),
			  one->for_what);
	text_adds(&out, "</ul>\n<button>Go on at GitHub</button>\n</form>\n");
	return text_str(&out);
}

bool manifest_code(struct str given, struct arena *a, const char **code, struct err *e)
{
	struct str found = str_trim(given), after;

	if (str_split(found, "?code=", NULL, &after) || str_split(found, "&code=", NULL, &after)) {
		found = after;
		str_split(found, "&", &found, NULL);
		str_split(found, "#", &found, NULL);
	}
	for (size_t i = 0; i < found.size; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
			    found.at[i] ? found.at[i] : ' '))
			return fail(e, ERR_INPUT, "--code is not what GitHub gives");
	if (!found.size || found.size > CODE_MOST)
		return fail(e, ERR_INPUT, "--code is not what GitHub gives");
	*code = str_text(a, found);
	return true;
}

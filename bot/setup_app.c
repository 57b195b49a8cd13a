/*
 * Keeps an App's key and secret in files that only their owner may read, and writes the settings that
 * name them. Prints nothing: what comes from GitHub here is secret.
 */
#include "bot/setup_app.h"

#include "bot/base/crypto.h"
#include "bot/base/file.h"
#include "bot/base/http.h"
#include "bot/base/json.h"
#include "bot/llm/provider.h"
#include "git/github_read.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER_MOST = 256 * 1024, KEY_MOST = 64 * 1024, FILES = 3 };

static const char *const names[FILES] = { "aegis-app.pem", "aegis-webhook-secret", "aegis.yml" };
enum { KEY_FILE, SECRET_FILE, CONFIG_FILE };

/* Made before GitHub is asked: its answer comes once, and must find a place. */
struct places {
	const char *paths[FILES];
	int descriptors[FILES];		/* -1: not open */
	bool keep[FILES];
};

static void places_close(struct places *places)
{
	for (size_t i = 0; i < FILES; i++) {
		if (places->descriptors[i] < 0)
			continue;
		close(places->descriptors[i]);
		if (!places->keep[i])
			unlink(places->paths[i]);
	}
}
#define PLACES __attribute__((cleanup(places_close))) struct places

static bool make_place(struct places *places, size_t i, const char *folder, struct arena *a,
		       struct err *e)
{
	places->paths[i] = arena_printf(a, "%s/%s", folder, names[i]);
	places->descriptors[i] = open(places->paths[i], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
				      0600);
	if (places->descriptors[i] >= 0)
		return true;
	if (errno == EEXIST)
		return fail(e, ERR_INPUT, "%s is there already and is not written over", places->paths[i]);
	return fail(e, err_kind_of_errno(errno), "%s: %s", places->paths[i], strerror(errno));
}

static bool fill_place(struct places *places, size_t i, struct str text, struct err *e)
{
	while (text.size) {
		ssize_t size = write(places->descriptors[i], text.at, text.size);

		if (size < 0 && errno == EINTR)
			continue;
		if (size <= 0)
			return fail(e, ERR_BUG, "%s: %s", places->paths[i], strerror(errno));
		text = str_from(text, (size_t)size);
	}
	if (fsync(places->descriptors[i]))
		return fail(e, ERR_BUG, "%s: %s", places->paths[i], strerror(errno));
	places->keep[i] = true;
	return true;
}

static struct str config_text_of(const struct setup_app *setup, const char *key_file, bool has_secret,
				 struct arena *a)
{
	struct text out = TEXT(a);

	text_addf(&out, "github:\n  app_id: %llu\n  private_key_file: \"%s\"\n",
		  (unsigned long long)setup->id, key_file);
	if (has_secret)
		text_addf(&out, "  webhook_secret_file: \"%s\"\n", names[SECRET_FILE]);
	if (setup->api_url)
		text_addf(&out, "  api_url: \"%s\"\n", setup->api_url);
	text_adds(&out, "store: { url: \"sqlite:aegis.db\" }\n");
	return text_str(&out);
}

/* POST /app-manifests/CODE/conversions: without a token, for the code is one. */
static bool ask(const struct setup_app *setup, const char *code, struct arena *a, json_t **json,
		struct err *e)
{
	static const struct http_header headers[] = {
		{ "Accept", "application/vnd.github+json" }, { "X-GitHub-Api-Version", "2022-11-28" },
	};
	const char *api = setup->api_url ? setup->api_url : "https://api.github.com";
	struct http_request request = { .method = "POST", .headers = headers, .header_count = 2,
		.url = arena_printf(a, "%s/app-manifests/%s/conversions", api, code), .once = true,
		.allow = setup->api_url ? HTTP_PRIVATE : 0, .body_most = ANSWER_MOST };
	struct http_response response = {0};
	struct err ignored = ERR_INIT;
	HTTP *http = http_open(NULL, e);

	if (model_url_is_local(api))
		request.allow |= HTTP_PLAIN;
	if (!http || !http_send(http, &request, a, &response, e))
		return fail_while(e, "trading the code in");
	if (response.status == 404)
		return fail(e, ERR_GONE, "GitHub does not know this code: it is good once, and for an hour. "
			    "Send the form again");
	if (response.status != 201)
		return fail(e, ERR_INPUT, "trading the code in: GitHub answers %u", response.status);
	return json_parse(response.body, ANSWER_MOST, json, &ignored) ||
	       fail(e, ERR_INPUT, "GitHub's answer is not JSON");
}

struct made {
	struct str pem, secret;
};

/* The key is tried before it is kept. Errors never quote what is there. */
static bool read_made(struct setup_app *setup, const json_t *json, struct arena *a, struct made *out,
		      struct err *e)
{
	struct reading r = { json, a, e, true };
	struct made found = {0};
	struct str page = json_text_or(json, "html_url", STR("")), ignored;

	read_id(&r, "id", &setup->id);
	read_login(&r, "slug", &setup->slug);
	read_text(&r, "pem", KEY_MOST, &found.pem);
	read_text(&r, "webhook_secret", 400, &found.secret);
	if (!r.good || !crypto_sign_rs256(found.pem, STR("a trial"), a, &ignored, e))
		return false;
	setup->page = str_starts(page, "http") && page.size < 400 ? str_text(a, page) : "";
	*out = found;
	return true;
}

bool setup_app_convert(struct setup_app *setup, const char *code, struct arena *a, struct err *e)
{
	PLACES places = { .descriptors = { -1, -1, -1 } };
	struct made made;
	JSON *json = NULL;

	for (size_t i = 0; i < FILES; i++)
		if (!make_place(&places, i, setup->folder, a, e))
			return false;
	if (!ask(setup, code, a, &json, e))
		return false;
	if (!read_made(setup, json, a, &made, e) ||
	    !fill_place(&places, KEY_FILE, made.pem, e) ||
	    (made.secret.size && !fill_place(&places, SECRET_FILE, made.secret, e)) ||
	    !fill_place(&places, CONFIG_FILE, config_text_of(setup, names[KEY_FILE],
		made.secret.size > 0, a), e))
		return fail_while(e, "the App is made, but what came with it cannot be kept: make another key "
				  "on its page and give it by --app-id and --key");
	setup->key_file = places.paths[KEY_FILE];
	setup->config_file = places.paths[CONFIG_FILE];
	return true;
}

static bool keep_config(struct setup_app *setup, const char *key_file, struct arena *a, struct err *e)
{
	PLACES places = { .descriptors = { -1, -1, -1 } };
	char real[PATH_MAX];

	setup->config_file = NULL;
	if (file_exists(arena_printf(a, "%s/%s", setup->folder, names[CONFIG_FILE])))
		return true;
	if (!realpath(key_file, real) || strpbrk(real, "\"\\\n"))
		return fail(e, ERR_INPUT, "the path of the key cannot be written into a file of settings");
	if (!make_place(&places, CONFIG_FILE, setup->folder, a, e) ||
	    !fill_place(&places, CONFIG_FILE, config_text_of(setup, real, false, a), e))
		return false;
	setup->config_file = places.paths[CONFIG_FILE];
	return true;
}

bool setup_app_check(struct setup_app *setup, uint64_t app_id, const char *key_file, struct arena *a,
		     struct github_app *app, struct err *e)
{
	struct github_settings settings = { .api_url = setup->api_url, .mode = GITHUB_APP, .app_id = app_id };
	struct github_call call = { .arena = a };
	GITHUB *github = NULL;

	if (!file_read(key_file, KEY_MOST, FILE_FOLLOW, a, &settings.key_pem, e) ||
	    !github_open(&settings, &github, e))
		return false;
	call.github = github;
	if (!github_app_get(&call, app, e))
		return false;
	if (app->id != app_id)
		return fail(e, ERR_INPUT, "the key is of another App");
	setup->id = app->id;
	setup->slug = app->slug;
	setup->page = app->page;
	setup->key_file = key_file;
	return keep_config(setup, key_file, a, e);
}

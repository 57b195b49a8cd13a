/*
 * aegis setup app: makes the GitHub App that Aegis works as, with the least rights, and the daemon's file.
 * The person decides at GitHub; nothing is made without them.
 */
#include "bot/command.h"

#include "bot/base/file.h"
#include "bot/base/json.h"
#include "bot/manifest.h"
#include "bot/setup_app.h"

#include <stdio.h>

static const struct flag flags[] = {
	{ "--org", "NAME", "the organisation that shall own the App (default: yourself)" },
	{ "--name", "NAME", "its name, which must be free on GitHub (default: Aegis)" },
	{ "--url", "URL", "a page about it (default: GitHub's own)" },
	{ "--webhook-url", "URL", "where aegis serve is reached from the internet; without it Aegis polls" },
	{ "--api-url", "URL", "of an Enterprise server: https://HOST/api/v3" },
	{ "--folder", "DIR", "where files are made (default: the current folder)" },
	{ "--code", "CODE", "what GitHub gave back: the code, or the whole address of the page" },
	{ "--app-id", "NUMBER", "an App that is there already; with --key" },
	{ "--key", "FILE", "its private key" },
	{0}
};

static const char FORM_FILE[] = "aegis-app.html";

/* First half: the manifest, and a form for the browser. */
static int make_form(const struct given *given, const char *folder, struct arena *a)
{
	const char *api_url = given_value(given, "--api-url");
	const struct manifest manifest = {
		.name = given_value(given, "--name") ? given_value(given, "--name") : "Aegis",
		.url = given_value(given, "--url") ? given_value(given, "--url") : manifest_site(api_url, a),
		.webhook_url = given_value(given, "--webhook-url"),
		.organisation = given_value(given, "--org"), .api_url = api_url,
	};
	const char *path = arena_printf(a, "%s/%s", folder, FORM_FILE);
	struct text out = TEXT(a);
	struct err e = ERR_INIT;
	JSON *json = NULL;

	if (!manifest_check(&manifest, &e))
		return command_usage(&command_setup, e.text);
	json = manifest_json(&manifest);
	if (!file_write(path, manifest_form(&manifest, a), 0644, &e) ||
	    !json_print(json, JSON_AS_MADE, &out, &e))
		return command_fail(&e);
	printf("%s\n", text_cstr(&out));
	fprintf(stderr, "1. Open %s in your browser, press the button, and make the App at GitHub.\n"
		"2. GitHub then sends the browser to a page that does not load: copy its address.\n"
		"3. Within an hour: aegis setup app --code 'ADDRESS'%s%s\n", path, api_url ? " --api-url " : "",
		api_url ? api_url : "");
	return fflush(stdout) ? FAILED : DONE;
}

static void say_next(const struct setup_app *setup)
{
	if (setup->config_file)
		printf("The settings are in %s.\n", setup->config_file);
	else
		printf("There is an aegis.yml already, which stays as it is: put app_id: %llu and "
		       "private_key_file: %s under github.\n", (unsigned long long)setup->id, setup->key_file);
	if (*setup->page)
		printf("Install the App: %s/installations/new\n", setup->page);
	printf("Then: aegis doctor --config %s --repo OWNER/NAME\n",
	       setup->config_file ? setup->config_file : "aegis.yml");
}

static int trade_in(const struct given *given, struct setup_app *setup, struct arena *a)
{
	struct err e = ERR_INIT;
	const char *code;

	if (!manifest_code(str_of(given_value(given, "--code")), a, &code, &e))
		return command_usage(&command_setup, e.text);
	if (!setup_app_convert(setup, code, a, &e))
		return command_fail(&e);
	printf("The App %s is made: %llu. Its key is in %s.\n", setup->slug, (unsigned long long)setup->id,
	       setup->key_file);
	say_next(setup);
	return fflush(stdout) ? FAILED : DONE;
}

static int check(const struct given *given, struct setup_app *setup, struct arena *a)
{
	struct github_rights_judgement judgement;
	struct github_app app = {0};
	struct err e = ERR_INIT;
	unsigned long id;

	if (!given_value(given, "--key") || !str_number(str_of(given_value(given, "--app-id")), &id) || !id)
		return command_usage(&command_setup, "--app-id is a number and goes with --key FILE");
	if (!setup_app_check(setup, id, given_value(given, "--key"), a, &app, &e))
		return command_fail(&e);
	judgement = github_rights_judge(&app.rights, a);
	printf("The key is of the App %s, %llu.\n", app.slug, (unsigned long long)app.id);
	if (judgement.missing.size)
		printf("It lacks: %.*s\n", STR_ARG(judgement.missing));
	if (judgement.excessive.size)
		printf("It has more than is needed: %.*s\n", STR_ARG(judgement.excessive));
	say_next(setup);
	if (fflush(stdout))
		return FAILED;
	return judgement.missing.size ? NOTHING_SAFE : DONE;
}

static int run(int argc, char **argv)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct given given;
	struct setup_app setup = {0};

	if (!command_parse(&command_setup, argc, argv, &given, &e))
		return command_usage(&command_setup, e.text);
	if (given.rest_count != 1 || !str_is(str_of(given.rest[0]), "app"))
		return command_usage(&command_setup, "say what to set up: app");
	setup.api_url = given_value(&given, "--api-url");
	setup.folder = given_value(&given, "--folder") ? given_value(&given, "--folder") : ".";
	if (!file_folder_exists(setup.folder))
		return command_usage(&command_setup, "--folder is no folder");
	if (setup.api_url && ((!str_starts(str_of(setup.api_url), "https://") &&
	    !str_starts(str_of(setup.api_url), "http://")) || strpbrk(setup.api_url, "\"\\ \n")))
		return command_usage(&command_setup, "--api-url is no address");
	if (given_value(&given, "--code"))
		return trade_in(&given, &setup, &a);
	if (given_value(&given, "--app-id") || given_value(&given, "--key"))
		return given_value(&given, "--app-id") ? check(&given, &setup, &a)
			: command_usage(&command_setup, "--key goes with --app-id NUMBER");
	return make_form(&given, setup.folder, &a);
}

const struct command command_setup = {
	.name = "setup",
	.arguments = "app",
	.summary = "make the GitHub App that Aegis works as",
	.help = "Prints the manifest of an App with the least rights that Aegis needs (no workflows, no\n"
		"administration) and makes a form, aegis-app.html, which you open and send to GitHub. What\n"
		"GitHub gives back goes to --code: it is traded in, once, for the App's key and webhook\n"
		"secret, which are kept in aegis-app.pem and aegis-webhook-secret (mode 0600), and the\n"
		"daemon's file aegis.yml is made. No file that is there is written over, and no secret is\n"
		"printed. With --app-id and --key an App that is there already is checked instead.\n"
		"\n"
		"Exit codes: 0 done, 1 GitHub does not know the code or the key, 2 the App lacks rights, 65 a\n"
		"file is there already, or an answer cannot be used.",
	.flags = flags,
	.run = run,
};

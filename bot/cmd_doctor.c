/*
 * aegis doctor: what stands in the way of the work, here and in one repository. Each finding says how to
 * mend it.
 */
#include "bot/command.h"

#include "bot/base/file.h"
#include "bot/base/json.h"
#include "bot/daemon.h"
#include "bot/doctor.h"
#include "bot/secrets.h"

#include <stdio.h>
#include <stdlib.h>

enum { GIT_CONFIG_MOST = 1024 * 1024 };

static const struct flag flags[] = {
	{ "--config", "FILE", "the daemon's file (default: $AEGIS_CONFIG)" },
	{ "--repo", "REPOSITORY", "also look at this one: OWNER/NAME, or a folder whose origin is on GitHub" },
	{ "--part", "NAME", "only machine, sandbox, services or github (which repository belongs to)" },
	{ "--format", "text|json", "how to print it (default: text)" },
	{0}
};

/* "https://host/o/n.git", "git@host:o/n.git", "o/n" */
static bool split_name(struct arena *a, struct str address, const char **owner, const char **name)
{
	struct str left, right, before;

	str_chop(&address, "/");
	str_chop(&address, ".git");
	if (!str_split_last(address, "/", &left, &right) || !left.size || !right.size)
		return false;
	if (str_split_last(left, "/", &before, &left) || str_split_last(left, ":", &before, &left))
		left = str_trim(left);
	*owner = str_text(a, left);
	*name = str_text(a, right);
	return github_login_is_good(left) && github_repository_is_good(right);
}

/* The first url of [remote "origin"]. Nothing of the repository is run for it. */
static bool find_origin(const char *folder, struct arena *a, struct str *url)
{
	struct str text = STR_NONE, line, value;
	struct err e = ERR_INIT;
	bool inside = false;

	if (!file_read(arena_printf(a, "%s/.git/config", folder), GIT_CONFIG_MOST, FILE_NO_FOLLOW, a, &text, &e))
		return false;
	while (str_next_line(&text, &line)) {
		line = str_trim(line);
		if (str_starts(line, "["))
			inside = str_is(line, "[remote \"origin\"]");
		else if (inside && str_starts(line, "url") && str_split(line, "=", NULL, &value)) {
			*url = str_trim(value);
			return true;
		}
	}
	return false;
}

static bool choose_repository(struct doctor *d, const char *repository, struct err *e)
{
	struct str address = str_of(repository);

	if (file_folder_exists(repository)) {
		d->folder = repository;
		if (!find_origin(repository, d->arena, &address))
			return fail(e, ERR_INPUT, "%s has no remote \"origin\": name the repository as OWNER/NAME",
				    repository);
	}
	return split_name(d->arena, address, &d->owner, &d->name) ||
	       fail(e, ERR_INPUT, "--repo takes OWNER/NAME, or a folder whose origin is on GitHub");
}

static bool print(const struct doctor *d, bool as_json)
{
	struct text out = TEXT(d->arena);
	struct err e = ERR_INIT;
	struct str text;

	if (as_json) {
		JSON *json = doctor_json(d);

		if (!json_print(json, JSON_AS_MADE, &out, &e))
			return false;
		text_addc(&out, '\n');
		text = text_str(&out);
	} else {
		doctor_text(d, &out);
		text = command_printable(d->arena, text_str(&out));
	}
	return fwrite(text.at, 1, text.size, stdout) == text.size && !fflush(stdout);
}

static int run(int argc, char **argv)
{
	ARENA a = {0};
	struct doctor d = { .arena = &a };
	struct err e = ERR_INIT;
	struct given given;
	const char *format;
	bool printed;

	if (!command_parse(&command_doctor, argc, argv, &given, &e) || given.rest_count)
		return command_usage(&command_doctor, e.text[0] ? e.text : "it takes options only");
	format = given_value(&given, "--format");
	if (format && !str_is(str_of(format), "text") && !str_is(str_of(format), "json"))
		return command_usage(&command_doctor, "--format is text or json");
	d.only = given_value(&given, "--part");
	if (d.only && !doctor_part_is_known(d.only))
		return command_usage(&command_doctor, "--part is machine, sandbox, services or github");
	if (given_value(&given, "--repo") && !choose_repository(&d, given_value(&given, "--repo"), &e))
		return command_usage(&command_doctor, e.text);
	d.config_file = given_value(&given, "--config");
	if (!d.config_file && getenv("AEGIS_CONFIG") && *getenv("AEGIS_CONFIG"))
		d.config_file = getenv("AEGIS_CONFIG");
	if (!daemon_settings(d.config_file, &a, &d.config, &e))
		return command_fail(&e);
	secrets_know(d.config, &a);
	doctor_look(&d);
	printed = print(&d, format && str_is(str_of(format), "json"));
	github_close(&d.github);
	if (!printed)
		return FAILED;
	return doctor_count(&d, FINDING_BAD) ? NOTHING_SAFE : DONE;
}

const struct command command_doctor = {
	.name = "doctor",
	.summary = "find what stands in the way of the work, here and in a repository",
	.help = "Measures what the work needs and says how to mend what is missing. Of this machine: the\n"
		"sandbox and each of its limits (each is tried), tools, the store, room on the disk,\n"
		"models (each is asked one short question), Prometheus, the clock against GitHub's,\n"
		"webhooks. With --repo also of one repository: what the token may do against the least\n"
		"that is needed, suspension, archive, Actions, whether pushes start workflows, whether\n"
		"branches aegis/* may be made, required checks and who reports them, whether a merge is\n"
		"possible, .github/aegis.yml. GitHub is only read.\n"
		"\n"
		"A finding is ok, a warning, bad, or unknown with the reason. The parts github and\n"
		"repository need github.app_id or github.token in the settings.\n"
		"\n"
		"Exit codes: 0 nothing is bad, 2 something is, 78 bad configuration.",
	.flags = flags,
	.run = run,
};

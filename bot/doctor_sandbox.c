/*
 * Does the sandbox hold? Each limit is tried: a job that goes past it must be ended for that reason, one
 * that reaches out must not get through. What escapes is made here and looked at afterwards, not believed.
 */
#include "bot/doctor.h"

#include "bot/base/file.h"
#include "bot/base/jail.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char mend_sandbox[] = "install bubblewrap, and allow user namespaces to it (kernel setting "
				   "kernel.unprivileged_userns_clone, AppArmor's profile of bwrap)";
static const char mend_limit[] = "run Aegis where it may make control groups, or under systemd with "
				 "Delegate=yes; until then do not run code of repositories you do not trust";

static bool hear(void *context, const void *bytes, size_t size)
{
	text_add(context, (struct str){ bytes, size });
	return true;
}

static bool run_script(struct doctor *d, const char *script, const struct jail_limits *limits,
		       struct text *said, struct jail_result *result, struct err *e)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	struct jail_job job = { .argv = argv, .limits = *limits, .output = hear, .context = said };
	FILE_TEMPORARY folder = {""};

	if (!file_temporary(&folder, e))
		return false;
	job.folder = folder.path;
	jail_toolchains(&job, d->arena, NULL);
	return jail_run(&job, d->arena, result, e);
}

/* A command that must be ended by one limit. The rest are far away from it. */
static const struct trial {
	const char *name, *script;
	enum jail_end end;
	struct jail_limits limits;
} trials[] = {
	{ "memory limit", "head -c 400000000 /dev/zero | tail -n 1 | wc -c", JAIL_MEMORY,
	  { .memory_bytes = 96 << 20 } },
	{ "process limit", "i=0; while [ $i -lt 200 ]; do sleep 3 & i=$((i + 1)); done; wait",
	  JAIL_PROCESSES, { .processes = 40 } },
	{ "time limit", "trap '' TERM INT HUP; sleep 30; sleep 30", JAIL_WALL, { .wall_ms = 300 } },
	{ "processor limit", "while :; do :; done", JAIL_CPU, { .cpu_s = 1 } },
	{ "disk limit", "for i in 1 2 3 4 5 6 7 8; do head -c 8000000 /dev/zero > $i; done; sleep 3",
	  JAIL_DISK, { .disk_bytes = 24 << 20 } },
	{ "output limit", "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done", JAIL_OUTPUT,
	  { .output_bytes = 200000 } },
};

static void set_limits(struct jail_limits *to, const struct jail_limits *some)
{
	to->wall_ms = some->wall_ms ? some->wall_ms : 20000;
	to->cpu_s = some->cpu_s ? some->cpu_s : to->cpu_s;
	to->memory_bytes = some->memory_bytes ? some->memory_bytes : to->memory_bytes;
	to->processes = some->processes ? some->processes : to->processes;
	to->disk_bytes = some->disk_bytes ? some->disk_bytes : to->disk_bytes;
	to->output_bytes = some->output_bytes ? some->output_bytes : to->output_bytes;
}

static void try_limit(struct doctor *d, const struct trial *trial)
{
	struct jail_limits limits = jail_defaults();
	struct jail_result result = {0};
	struct text said = TEXT(d->arena);
	struct err e = ERR_INIT;

	set_limits(&limits, &trial->limits);
	if (!run_script(d, trial->script, &limits, &said, &result, &e))
		doctor_say(d, trial->name, FINDING_BAD, mend_sandbox, "%s", e.text);
	else if (result.end == trial->end)
		doctor_say(d, trial->name, FINDING_OK, NULL, "a command that %s was ended after %u ms",
			   jail_end_text(result.end), result.wall_ms);
	else
		doctor_say(d, trial->name, FINDING_BAD, mend_limit, "a command that goes past it %s",
			   jail_end_text(result.end));
}

/* The network of the sandbox is another one than ours, with nothing but its own loopback. */
static void try_network(struct doctor *d)
{
	const struct jail_limits limits = jail_defaults();
	struct jail_result result = {0};
	struct text said = TEXT(d->arena);
	struct err e = ERR_INIT;
	char ours[64] = "";
	struct str inside, devices;

	if (readlink("/proc/self/ns/net", ours, sizeof(ours) - 1) < 0 ||
	    !run_script(d, "readlink /proc/self/ns/net; grep : /proc/net/dev | cut -d: -f1 | tr -d ' \\n'",
			&limits, &said, &result, &e)) {
		doctor_say(d, "no network", FINDING_UNKNOWN, NULL, "%s", e.text[0] ? e.text
										 : "there is no /proc");
		return;
	}
	if (!str_split(text_str(&said), "\n", &inside, &devices))
		inside = text_str(&said), devices = STR_NONE;
	if (!str_starts(inside, "net:[") || str_is(inside, ours) || !str_is(str_trim(devices), "lo"))
		doctor_say(d, "no network", FINDING_BAD, mend_sandbox, "inside there is %.*s (%.*s)",
			   STR_ARG(inside), STR_ARG(devices));
	else
		doctor_say(d, "no network", FINDING_OK, NULL, "a network of its own, with nothing in it");
}

/* A file that lies where everybody may write must stay unread and unchanged. */
static void try_outside(struct doctor *d)
{
	const struct jail_limits limits = jail_defaults();
	struct jail_result result = {0};
	struct text said = TEXT(d->arena);
	FILE_TEMPORARY folder = {""};
	struct err e = ERR_INIT;
	struct str left = STR_NONE;
	const char *file, *script;

	if (!file_temporary(&folder, &e)) {
		doctor_say(d, "nothing outside", FINDING_UNKNOWN, NULL, "%s", e.text);
		return;
	}
	file = arena_printf(d->arena, "%s/outside", folder.path);
	script = arena_printf(d->arena, "cat %s; echo changed > %s; for f in / /usr /etc /dev /proc/sys/kernel; "
			      "do echo x > $f/aegis-doctor && echo wrote $f; done 2>/dev/null; true", file, file);
	if (!file_write(file, STR("a secret of this machine\n"), 0666, &e) ||
	    !run_script(d, script, &limits, &said, &result, &e) ||
	    !file_read(file, 4096, FILE_NO_FOLLOW, d->arena, &left, &e)) {
		doctor_say(d, "nothing outside", FINDING_UNKNOWN, NULL, "%s", e.text);
		return;
	}
	if (!str_is(left, "a secret of this machine\n") || str_has(text_str(&said), "a secret") ||
	    str_has(text_str(&said), "wrote "))
		doctor_say(d, "nothing outside", FINDING_BAD, mend_sandbox,
			   "a file outside was read or changed from inside");
	else
		doctor_say(d, "nothing outside", FINDING_OK, NULL,
			   "files outside could neither be read nor written");
}

static void sandbox(struct doctor *d)
{
	struct err e = ERR_INIT;

	if (!config_boolean(d->config, "sandbox.enabled"))
		doctor_say(d, "sandbox", FINDING_WARNING, "set sandbox.enabled",
			   "it is switched off: code of repositories runs with all of Aegis' rights");
	if (!jail_probe(&e)) {
		doctor_say(d, "sandbox", FINDING_BAD, mend_sandbox, "%s", e.text);
		return;
	}
	doctor_say(d, "sandbox", FINDING_OK, NULL, "code of repositories can be run");
	try_network(d);
	try_outside(d);
	for (size_t i = 0; i < sizeof(trials) / sizeof(*trials); i++)
		try_limit(d, &trials[i]);
}

doctor_check *const doctor_sandbox_checks[] = { sandbox, NULL };

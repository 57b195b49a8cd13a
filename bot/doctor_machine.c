/*
 * This machine: settings, tools, the store, room on the disk. Starts the sandbox to look for tools, since
 * that is where they would be run; never writes into the store.
 */
#include "bot/doctor.h"

#include "bot/base/file.h"
#include "bot/base/jail.h"
#include "bot/store/incident.h"
#include "templates/template.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { ROOM_LEAST_MB = 512, ROOM_GOOD_MB = 4096 };

static const struct tool {
	const char *name, *for_what;
} tools[] = {
	{ "python3", "Python projects" },	{ "node", "JavaScript projects" },
	{ "go", "Go projects" },		{ "gcc", "C projects" },
	{ "cargo", "Rust projects" },		{ "java", "Java projects" },
	{ "black", "formatting of Python" },	{ "ruff", "lint fixes of Python" },
	{ "prettier", "formatting of JavaScript" }, { "gofmt", "formatting of Go" },
	{ "rustfmt", "formatting of Rust" },	{ "clang-format", "formatting of C" },
};

static void settings(struct doctor *d)
{
	size_t count = config_count(d->config, "models");

	if (!d->config_file)
		doctor_say(d, "configuration", FINDING_OK, NULL, "no file is named: the defaults hold");
	else
		doctor_say(d, "configuration", FINDING_OK, NULL, "%s is valid, with %zu models",
			   d->config_file, count);
	doctor_say(d, "templates", FINDING_OK, NULL, "%zu", template_count);
}

static bool hear(void *context, const void *bytes, size_t size)
{
	text_add(context, (struct str){ bytes, size });
	return true;
}

/* One start of the sandbox for all of them. */
static void look_for_tools(struct doctor *d)
{
	struct text script = TEXT(d->arena), said = TEXT(d->arena), lacking = TEXT(d->arena);
	struct jail_job job = { .folder = "/usr/share", .limits = jail_defaults(), .output = hear,
				.context = &said };
	struct jail_result result = {0};
	struct err e = ERR_INIT;
	size_t found = 0;

	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++)
		text_addf(&script, "command -v %s >/dev/null && echo has-%s.\n", tools[i].name, tools[i].name);
	text_adds(&script, "true");
	job.argv = (const char *const[]){ "/bin/sh", "-c", text_cstr(&script), NULL };
	jail_toolchains(&job, d->arena, NULL);
	if (!jail_run(&job, d->arena, &result, &e)) {
		doctor_say(d, "tools", FINDING_UNKNOWN, NULL, "without a sandbox there is nowhere to look: %s",
			   e.text);
		return;
	}
	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
		if (str_has(text_str(&said), arena_printf(d->arena, "has-%s.", tools[i].name)))
			found++;
		else
			text_addf(&lacking, "%s%s (%s)", lacking.size ? ", " : "", tools[i].name,
				  tools[i].for_what);
	}
	doctor_say(d, "tools", found ? FINDING_OK : FINDING_WARNING,
		   lacking.size ? "install those that your repositories use" : NULL,
		   "%zu of %zu are seen in the sandbox%s%s", found, sizeof(tools) / sizeof(*tools),
		   lacking.size ? "; not: " : "", lacking.size ? text_cstr(&lacking) : "");
}

static const char *folder_of(struct doctor *d, const char *path)
{
	struct str folder;

	if (!str_split_last(str_of(path), "/", &folder, NULL))
		return ".";
	return folder.size ? str_text(d->arena, folder) : "/";
}

static void store_is_absent(struct doctor *d, const char *url)
{
	struct str path = str_of(url);
	const char *folder;

	str_skip(&path, "sqlite:");
	folder = folder_of(d, str_text(d->arena, path));
	if (access(folder, W_OK | X_OK))
		doctor_say(d, "store", FINDING_BAD, "make the folder, or change store.url",
			   "it is not there yet and cannot be made in %s: %s", folder, strerror(errno));
	else
		doctor_say(d, "store", FINDING_OK, NULL, "it is not there yet, and will be made");
}

/* Who has the claim, by the kernel's word; 0: nobody. Opening for reading takes no lock from anybody. */
static pid_t holder_of(const char *lock_file)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int descriptor = open(lock_file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	pid_t holder = 0;

	if (descriptor < 0)
		return 0;
	if (!fcntl(descriptor, F_GETLK, &lock) && lock.l_type != F_UNLCK)
		holder = lock.l_pid;
	close(descriptor);
	return holder;
}

static void store_is_there(struct doctor *d, struct store *store)
{
	int64_t counts[STAGE_COUNT] = {0}, open = 0;
	struct err e = ERR_INIT;
	pid_t holder;

	if (!store_check(store, &e) || !incident_count(store, counts, &e)) {
		doctor_say(d, "store", FINDING_BAD, "put a backup of it back, or move it away", "%s", e.text);
		return;
	}
	for (unsigned i = 0; i < STAGE_RESOLVED; i++)
		open += counts[i];
	doctor_say(d, "store", FINDING_OK, NULL, "%s is undamaged, with %lld open incidents",
		   store_name(store), (long long)open);
	holder = holder_of(arena_printf(d->arena, "%s.lock", store_name(store)));
	if (holder)
		doctor_say(d, "claim", FINDING_OK, NULL, "the daemon is process %d", (int)holder);
	else
		doctor_say(d, "claim", FINDING_OK, NULL, "no daemon works on it now");
}

static void look_at_store(struct doctor *d)
{
	const char *url = config_text(d->config, "store.url");
	struct err e = ERR_INIT;
	STORE store = NULL;

	if (store_open(url, STORE_READ, &store, &e))
		store_is_there(d, store);
	else if (e.kind == ERR_GONE)
		store_is_absent(d, url);
	else
		doctor_say(d, "store", e.kind == ERR_LATER ? FINDING_UNKNOWN : FINDING_BAD,
			   e.kind == ERR_LATER ? "start the daemon once, which brings it up to date" :
			   "put a backup of it back, move it away, or mend its permissions", "%s", e.text);
}

static void look_at_disk(struct doctor *d)
{
	const char *folder = config_text(d->config, "work.folder");
	const char *there = file_folder_exists(folder) ? folder : folder_of(d, folder);
	struct statvfs info;
	uint64_t room_mb;

	if (statvfs(there, &info)) {
		doctor_say(d, "disk", FINDING_BAD, "change work.folder", "%s: %s", there, strerror(errno));
		return;
	}
	if (access(there, W_OK | X_OK)) {
		doctor_say(d, "disk", FINDING_BAD, "change work.folder, or who may write there",
			   "nothing can be written in %s: %s", there, strerror(errno));
		return;
	}
	room_mb = (uint64_t)info.f_bavail * info.f_frsize / 1024 / 1024;
	doctor_say(d, "disk", room_mb < ROOM_LEAST_MB ? FINDING_BAD : room_mb < ROOM_GOOD_MB ? FINDING_WARNING
			   : FINDING_OK, room_mb < ROOM_GOOD_MB ? "make room, or change work.folder" : NULL,
		   "%llu MiB are free in %s", (unsigned long long)room_mb, there);
}

doctor_check *const doctor_machine_checks[] = {
	settings, look_for_tools, look_at_store, look_at_disk, NULL
};

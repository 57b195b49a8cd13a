/*
 * What became of jobs: looking, counting, stopping, forgetting. Knows only what is in the folders,
 * so that it is the same for the daemon that ordered them and for the one after a restart.
 */
#include "bot/job.h"

#include "bot/base/clock.h"
#include "bot/base/file.h"
#include "bot/base/json.h"
#include "bot/base/kill_point.h"
#include "bot/job_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { STOP_MS = 10000, NAP_MS = 5, LAST_WORDS = 200 };

static bool read_json(const char *path, struct arena *a, json_t **out, struct err *e)
{
	struct str text;

	return file_read(path, JOB_FILE_MOST, FILE_NO_FOLLOW, a, &text, e) &&
	       json_parse(text, JOB_FILE_MOST, out, e);
}

/* The last line that a killed child left, for people. */
static struct str last_words(struct arena *a, const char *folder)
{
	struct str text = STR_NONE, last;
	struct err ignored = ERR_INIT;

	if (!file_read(job_path(a, folder, JOB_CHILD_LOG), JOB_FILE_MOST, FILE_NO_FOLLOW, a, &text,
		       &ignored))
		return STR_NONE;
	text = str_trim(text);
	if (str_split_last(text, "\n", NULL, &last))
		text = last;
	return str_slice(text, 0, LAST_WORDS);
}

static const char *why_broken(struct arena *a, const char *folder, const json_t *order)
{
	struct str words = last_words(a, folder);

	if (file_exists(job_path(a, folder, JOB_LATE)))
		return arena_printf(a, "it did not end within %lld seconds",
				    (long long)json_integer_or(order, "limit_s", JOB_LIMIT_S));
	if (!words.size)
		return "its process was killed before it left an answer";
	return arena_printf(a, "its process was killed before it left an answer; the last it said: "
			    "%.*s", STR_ARG(words));
}

static bool read_answer(const json_t *json, struct arena *a, struct job_result *out,
			struct err *e)
{
	const json_t *answer = json_at(json, "answer");
	struct text printed = TEXT(a);
	int64_t code;

	if (!json_get_integer(json, "exit_code", &code, e))
		return false;
	out->state = JOB_DONE;
	out->exit_code = (int)code;
	if (!answer) {
		out->why = str_text(a, json_text_or(json, "why", STR("no reason given")));
		return true;
	}
	if (!json_print(answer, JSON_AS_MADE, &printed, e))
		return false;
	out->answer = text_str(&printed);
	return true;
}

static unsigned times_begun(struct arena *a, const char *folder)
{
	struct stat info;

	return stat(job_path(a, folder, JOB_BEGUN), &info) ? 0 : (unsigned)info.st_size;
}

/* The lock is looked at first: whoever lets go of it has written its answer, or never will. */
static bool look(const char *folder, struct arena *a, struct job_result *out, struct err *e)
{
	const bool held = job_is_held(folder);
	JSON *order = NULL, *answer = NULL;
	struct err why = ERR_INIT;

	if (!read_json(job_path(a, folder, JOB_ORDER), a, &order, &why)) {
		out->state = held ? JOB_RUNNING : JOB_NONE;
		if (why.kind != ERR_GONE)
			*e = why;
		return why.kind == ERR_GONE;
	}
	out->started_at = json_integer_or(order, "started_at", 0);
	out->begun = times_begun(a, folder);
	if (held) {
		out->state = JOB_RUNNING;
		return true;
	}
	if (read_json(job_path(a, folder, JOB_ANSWER), a, &answer, &why))
		return read_answer(answer, a, out, e);
	if (why.kind != ERR_GONE) {
		*e = why;
		return false;
	}
	out->state = JOB_BROKEN;
	out->why = why_broken(a, folder, order);
	return true;
}

bool job_look(struct daemon *d, const char *incident, int64_t number, struct arena *a,
	      struct job_result *out, struct err *e)
{
	struct job_result result = {0};
	struct err why = ERR_INIT;
	const char *all;

	if (!job_check_incident(incident, e))
		return false;
	if (!job_all(d, a, &all, &why)) {
		if (why.kind != ERR_GONE) {
			*e = why;
			return false;
		}
	} else if (!look(arena_printf(a, "%s/%s-%lld", all, incident, (long long)number), a, &result,
			 &why)) {
		*e = why;
		return fail_while(e, "looking at the job of %s", incident);
	}
	*out = result;
	return true;
}

bool job_incidents(struct daemon *d, struct arena *a, const char *const **incidents, size_t *count,
		   struct err *e)
{
	const char *const *folders, **list = NULL;
	size_t folder_count, n = 0;

	if (!job_folders(d, NULL, a, &folders, &folder_count, e))
		return false;
	for (size_t i = 0; i < folder_count; i++) {
		struct err ignored = ERR_INIT;
		struct str name = str_of(strrchr(folders[i], '/') + 1), id, rest;

		if (str_split(name, "-", &id, &rest) &&
		    job_check_incident(str_text(a, id), &ignored))
			arena_push(a, list, n) = str_text(a, id);
	}
	*incidents = list;
	*count = n;
	return true;
}

size_t job_running(struct daemon *d)
{
	ARENA scratch = {0};
	struct err ignored = ERR_INIT;
	const char *const *folders;
	size_t count = 0, running = 0;

	if (!job_folders(d, NULL, &scratch, &folders, &count, &ignored))
		return 0;
	for (size_t i = 0; i < count; i++)
		running += job_is_held(folders[i]);
	return running;
}

/* 0 while it has not yet written it. */
static pid_t read_pid(const char *folder)
{
	ARENA scratch = {0};
	struct err ignored = ERR_INIT;
	struct str text = STR_NONE;
	unsigned long number = 0;

	if (!file_read(job_path(&scratch, folder, JOB_PID), 100, FILE_NO_FOLLOW, &scratch, &text,
		       &ignored) || !str_number(str_trim(text), &number))
		return 0;
	return (pid_t)number;
}

/*
 * The number is that of the holder only if the lock is held after a handle of the process is taken:
 * numbers are used again, handles are not.
 */
static void kill_holder(const char *folder)
{
	pid_t pid = read_pid(folder);
	JOB_DESCRIPTOR handle = pid > 1 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;

	if (handle >= 0 && job_is_held(folder) && read_pid(folder) == pid)
		syscall(SYS_pidfd_send_signal, handle, SIGKILL, NULL, 0);
}

/* The sandbox ends with its child: each process of it asked the kernel for that. */
static bool stop(const char *folder, struct err *e)
{
	const struct timespec nap = { 0, NAP_MS * 1000000 };
	int64_t until_ms = clock_monotonic_ms() + STOP_MS;

	while (job_is_held(folder)) {
		if (clock_monotonic_ms() > until_ms)
			return fail(e, ERR_LATER, "the process of %s does not end", folder);
		kill_holder(folder);
		nanosleep(&nap, NULL);
	}
	return true;
}

bool job_stop(struct daemon *d, const char *incident, struct err *e)
{
	ARENA scratch = {0};
	const char *const *folders;
	size_t count;

	if (!job_check_incident(incident, e) ||
	    !job_folders(d, incident, &scratch, &folders, &count, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!stop(folders[i], e))
			return false;
	return true;
}

/* Under another name first: a folder that is half gone must not look like a job. */
static bool forget(const char *folder, struct arena *a, struct err *e)
{
	JOB_DESCRIPTOR held = job_hold(folder);
	const char *gone = folder;

	if (held < 0)
		return fail(e, err_kind_of_errno(errno), "locking %s: %s", folder, strerror(errno));
	if (!str_ends(str_of(folder), ".gone")) {
		gone = arena_printf(a, "%s.gone", folder);
		if (!file_remove_tree(gone, e))
			return false;
		KILL_POINT("job.forget.before");
		if (rename(folder, gone))
			return fail(e, err_kind_of_errno(errno), "moving %s: %s", folder,
				    strerror(errno));
		KILL_POINT("job.forget.between");
	}
	return file_remove_tree(gone, e);
}

bool job_forget(struct daemon *d, const char *incident, struct err *e)
{
	ARENA scratch = {0};
	const char *const *folders;
	size_t count;

	if (!job_check_incident(incident, e) ||
	    !job_folders(d, incident, &scratch, &folders, &count, e))
		return false;
	for (size_t i = 0; i < count; i++)
		if (job_is_held(folders[i]))
			return fail(e, ERR_LATER, "a job of %s is still running", incident);
	for (size_t i = 0; i < count; i++)
		if (file_folder_exists(folders[i]) && !forget(folders[i], &scratch, e))
			return fail_while(e, "forgetting the jobs of %s", incident);
	return true;
}

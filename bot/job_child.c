/*
 * The child: clone, fix, import, answer. Whatever comes out, also an error, is an answer; only a
 * kill leaves none. Asks nobody and talks to no daemon; what it says on the way goes to child.log.
 */
#include "bot/job.h"

#include "bot/base/clock.h"
#include "bot/base/file.h"
#include "bot/base/json.h"
#include "bot/base/kill_point.h"
#include "bot/command.h"
#include "bot/fix.h"
#include "bot/job_parts.h"
#include "git/clone.h"
#include "git/remote.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAY_MOST = 256 * 1024 };

struct work {
	struct arena *arena;
	const char *folder;
	const json_t *order;
	const char *incident, *commit, *mirror, *tree;
	struct str settings;
};

/* For the handler, which may not allocate. */
static char late_path[4096];

static void on_late(int signal_number)
{
	int file = open(late_path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	(void)signal_number;
	(void)file;
	kill(getpid(), SIGKILL);
}

/* A repository decides how much there is to say. */
static void say(const char *text)
{
	static size_t said;
	size_t size = strlen(text) + sizeof("aegis: \n");

	if (said + size > SAY_MOST)
		return;
	said += size;
	command_say(stderr, text);
}

/* Only whoever started us can have handed us the lock of this folder. */
static bool take_lock(const char *folder)
{
	ARENA scratch = {0};
	const char *pid = arena_printf(&scratch, "%d\n", (int)getpid());
	struct stat held, file;

	return !fstat(JOB_HELD_FD, &held) && !stat(job_path(&scratch, folder, JOB_PID), &file) &&
	       held.st_ino == file.st_ino && held.st_dev == file.st_dev && job_is_held(folder) &&
	       !fcntl(JOB_HELD_FD, F_SETFD, FD_CLOEXEC) &&
	       pwrite(JOB_HELD_FD, pid, strlen(pid), 0) == (ssize_t)strlen(pid);
}

/* Who ordered it may have died before it began: only this says how often it was tried. */
static void note_begin(const char *folder)
{
	ARENA scratch = {0};
	JOB_DESCRIPTOR file = open(job_path(&scratch, folder, JOB_BEGUN),
				   O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (file < 0 || write(file, "x", 1) != 1)
		say("it cannot be noted that this begins");
}

static void settle(const struct work *work)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	signal(SIGPIPE, SIG_IGN);
	snprintf(late_path, sizeof(late_path), "%s/%s", work->folder, JOB_LATE);
	signal(SIGALRM, on_late);
	alarm((unsigned)json_integer_or(work->order, "limit_s", JOB_LIMIT_S));
}

static const char *text_of(const struct work *work, const char *name)
{
	struct str text = json_text_or(work->order, name, STR_NONE);

	return text.size ? str_text(work->arena, text) : NULL;
}

static bool read_order(struct work *work, json_t **order, struct err *e)
{
	struct arena *a = work->arena;
	struct str text, incident, commit, mirror;

	if (!file_read(job_path(a, work->folder, JOB_ORDER), JOB_FILE_MOST, FILE_NO_FOLLOW, a, &text,
		       e) || !json_parse(text, JOB_FILE_MOST, order, e))
		return false;
	work->order = *order;
	if (!json_get_text(*order, "incident", &incident, e) ||
	    !json_get_text(*order, "commit", &commit, e) ||
	    !json_get_text(*order, "mirror", &mirror, e) ||
	    !file_read(job_path(a, work->folder, JOB_SETTINGS), JOB_FILE_MOST, FILE_NO_FOLLOW, a,
		       &work->settings, e))
		return false;
	work->incident = str_text(a, incident);
	work->commit = str_text(a, commit);
	work->mirror = str_text(a, mirror);
	work->tree = job_path(a, work->folder, JOB_TREE);
	return true;
}

/* As on the default branch: who may push to a branch may not teach the bot. */
static struct own_list own_templates(const struct work *work)
{
	const char *branch = text_of(work, "default_branch");
	struct own_list own = { NULL, 0 };
	const struct repo_tree *tree;
	char commit[REPO_ID_SIZE];
	struct err e = ERR_INIT;
	REPO mirror = NULL;

	if (!branch)
		return own;
	if (!remote_open(work->mirror, &mirror, &e) || !remote_branch(mirror, branch, commit, &e) ||
	    !repo_tree(mirror, commit, work->arena, &tree, &e) ||
	    !own_read(&tree->view, work->arena, &own, &e))
		say(e.text);
	return own;
}

static bool fix_it(const struct work *work, struct answer *answer, int *code, struct err *e)
{
	const struct own_list own = own_templates(work);
	const char *good = text_of(work, "good");
	REPO clone = NULL;
	struct err ignored = ERR_INIT;
	struct fix_job job = {
		.folder = work->tree,
		.log_file = json_boolean_or(work->order, "log", false) ?
			    job_path(work->arena, work->folder, JOB_LOG) : NULL,
		.config_file = text_of(work, "config_file"),
		.incident = work->incident, .settings = &work->settings, .own = &own,
		.author_name = text_of(work, "author_name"),
		.author_mail = text_of(work, "author_mail"), .people = text_of(work, "people"),
		.progress = say,
	};

	/* A history that was cut short or rewritten may not have it. */
	if (good && repo_open(work->tree, &clone, &ignored) && repo_has_commit(clone, good))
		job.good = good;
	return fix_run(&job, work->arena, answer, code, e);
}

/* From here the daemon pushes: so the commit must be there before there is an answer. */
static bool import(const struct work *work, struct answer *answer, struct err *e)
{
	REPO clone = NULL;
	REPO mirror = NULL;
	char id[REPO_ID_SIZE];

	if (!repo_open(work->tree, &clone, e) || !remote_open(work->mirror, &mirror, e) ||
	    !repo_import(clone, mirror, answer->commit, answer->branch, work->incident, id, e))
		return false;
	answer->commit = arena_strdup(work->arena, id);
	return true;
}

static bool run(const struct work *work, struct answer *answer, int *code, struct err *e)
{
	KILL_POINT("job.clone.before");
	if (!repo_clone(work->mirror, work->commit, work->tree, e))
		return false;
	KILL_POINT("job.fix.before");
	if (!fix_it(work, answer, code, e))
		return false;
	KILL_POINT("job.import.before");
	if (answer->commit && !import(work, answer, e))
		return false;
	KILL_POINT("job.import.after");
	return true;
}

static bool write_answer(const struct work *work, int code, const char *why, json_t *answer,
			 struct err *e)
{
	JSON *json = json_pack("{s:i, s:o, s:o, s:I}", "exit_code", code, "why",
		why ? json_string_of(str_of(why)) : json_null(), "answer",
		answer ? answer : json_null(), "ended_at", (json_int_t)(clock_wall_ms() / 1000));
	struct text text = TEXT(work->arena);

	KILL_POINT("job.answer.before");
	if (!json || !json_print(json, JSON_AS_MADE, &text, e) ||
	    !file_write(job_path(work->arena, work->folder, JOB_ANSWER), text_str(&text), 0600, e))
		return false;
	KILL_POINT("job.answer.after");
	return true;
}

int job_child(const char *folder)
{
	ARENA a = {0};
	struct work work = { .arena = &a, .folder = folder };
	struct answer answer = {0};
	struct err e = ERR_INIT;
	JSON *order = NULL;
	int code = FAILED;
	bool done;

	if (!take_lock(folder)) {
		fputs("aegis: this is for the daemon's own use\n", stderr);
		return WRONG_USAGE;
	}
	KILL_POINT("job.child.begins");
	note_begin(folder);
	done = read_order(&work, &order, &e);
	settle(&work);
	done = done && run(&work, &answer, &code, &e);
	if (!done)
		code = command_exit_code(e.kind);
	if (write_answer(&work, code, done ? NULL : e.text, done ? answer_json(&answer) : NULL, &e))
		return DONE;
	command_say(stderr, e.text);
	return FAILED;
}

/*
 * What a local fix needs to know before it decides: the repository, what is not committed, the log,
 * the command, the settings, and what the red run says. Changes nothing.
 */
#include "bot/fix_parts.h"

#include "bot/base/crypto.h"
#include "bot/base/file.h"
#include "bot/recipe.h"
#include "ci/log.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { RESTORE_MAX = 64 * 1024 * 1024, NOTED_FILES = 3 };

/* Tracked files that differ from the commit are set back, files that are not in it are taken away. */
static bool set_back(struct fix *fix, const struct repo_status *status, struct err *e)
{
	struct jail_file *files = arena_array(fix->arena, struct jail_file,
					      status->changed_count + status->untracked_count);
	size_t n = 0;

	for (size_t i = 0; i < status->changed_count; i++) {
		const struct entry *entry = tree_entry(fix->tree, status->changed[i]);
		struct jail_file file = { .path = status->changed[i], .mode = 0644 };

		if (entry && entry->mode != ENTRY_FILE && entry->mode != ENTRY_PROGRAM)
			continue;
		if (entry) {
			file.exists = true;
			file.mode = entry->mode == ENTRY_PROGRAM ? 0755 : 0644;
			if (!repo_blob(fix->repo, fix->head.commit, file.path, RESTORE_MAX,
				       fix->arena, &file.text, e))
				return fail_while(e, "reading %s as committed", file.path);
		}
		files[n++] = file;
	}
	for (size_t i = 0; i < status->untracked_count; i++)
		files[n++] = (struct jail_file){ .path = status->untracked[i] };
	fix->place.base = files;
	fix->place.base_count = n;
	return true;
}

static void note_uncommitted(struct fix *fix, const struct repo_status *status)
{
	struct text names = TEXT(fix->arena);
	size_t count = status->changed_count + status->untracked_count;

	for (size_t i = 0; i < count && i < NOTED_FILES; i++)
		text_addf(&names, "%s%s", i ? ", " : "",
			  i < status->changed_count ? status->changed[i]
						    : status->untracked[i - status->changed_count]);
	fix_note(fix, "%zu uncommitted file%s (%s%s) not looked at: the commit %.12s is mended",
		 count, count == 1 ? " is" : "s are", text_cstr(&names),
		 count > NOTED_FILES ? ", ..." : "", fix->head.commit);
}

static bool open_repository(struct fix *fix, struct err *e)
{
	struct repo_status status = {0};
	struct tree *tree, *parent = NULL;

	if (!repo_open(fix->job->folder, &fix->repo, e) ||
	    !repo_head(fix->repo, fix->arena, &fix->head, e) ||
	    !repo_tree(fix->repo, fix->head.commit, fix->arena, &tree, e))
		return false;
	if (fix->head.parent && !repo_tree(fix->repo, fix->head.parent, fix->arena, &parent, e))
		return fail_while(e, "reading the commit before");
	fix->tree = fix->current_tree = tree;
	fix->parent = parent;
	fix->place.tree = tree;
	fix->place.folder = repo_folder(fix->repo);
	if (!repo_status(fix->repo, fix->arena, &status, e))
		return fail_while(e, "looking for uncommitted changes");
	if (!set_back(fix, &status, e))
		return false;
	if (status.changed_count || status.untracked_count)
		note_uncommitted(fix, &status);
	return true;
}

static bool read_log(struct fix *fix, struct err *e)
{
	const char *name = fix->job->log_file;
	struct log *log;
	int fd;

	if (!name)
		return true;
	fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (fd < 0)
		return fail(e, ERR_INPUT, "reading the log %s: %s", name, strerror(errno));
	log = log_open(fix->arena, fix->tree);
	if (!log_feed_file(log, fd, e)) {
		close(fd);
		return fail_while(e, "reading the log %s", name);
	}
	if (fd != STDIN_FILENO)
		close(fd);
	fix->log_report = log_close(log);
	fix->facts.log_given = true;
	fix->facts.log_red = fix->log_report->failure_count > 0;
	fix->facts.transient = fix->facts.log_red && fix->log_report->failures->transient;
	return true;
}

static void find_command(struct fix *fix)
{
	struct guess guess;

	fix->command = fix->job->command;
	if (!fix->command && recipe_guess(fix->arena, fix->tree, fix->log_report, &guess)) {
		fix->command = guess.command;
		fix_note(fix, "the command \"%s\" comes from %s", guess.command, guess.from);
	}
	fix->facts.has_command = fix->command && fix->command[0];
}

static void prepare_sandbox(struct fix *fix)
{
	static const char *const environment[] = {
		"PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1", "NO_COLOR=1", NULL
	};

	fix->place.limits = jail_defaults();
	fix->place.unsafe = fix->job->unsafe;
	fix->place.sandbox_ms = &fix->answer->timings.sandbox_ms;
	fix->place.start_ms = &fix->answer->timings.start_ms;
	jail_toolchains(&fix->place.tools, fix->arena, environment);
	if (fix->job->unsafe)
		fix_note(fix, "no sandbox: code of the repository ran with your rights; such a fix "
			      "is never merged by itself");
}

bool fix_open(struct fix *fix, struct err *e)
{
	if (!open_repository(fix, e) || !read_log(fix, e))
		return false;
	prepare_sandbox(fix);
	fix->candidates_max = 8;
	find_command(fix);
	fix->facts.rounds_left = true;
	fix->facts.dry_run = fix->job->dry_run;
	return true;
}

const struct failure *fix_failure(const struct fix *fix)
{
	if (fix->facts.accepted)
		return fix->first.candidate->failure;
	if (fix->facts.ran && fix->before.report->failure_count)
		return fix->before.report->failures;
	if (fix->facts.log_red)
		return fix->log_report->failures;
	return NULL;
}

static bool same_failure(const struct failure *one, const struct failure *other)
{
	return !strcmp(one->signature, other->signature) || !strcmp(one->family, other->family);
}

static bool shows_log_failure(const struct fix *fix)
{
	const struct report *here = fix->before.report, *log = fix->log_report;

	if (!fix->facts.log_red)
		return false;
	for (size_t i = 0; i < here->failure_count; i++)
		if (same_failure(&here->failures[i], log->failures))
			return true;
	return false;
}

void fix_facts_of_run(struct fix *fix)
{
	const struct trial *run = &fix->before;
	const struct failure *primary = run->report->failures;

	fix->facts.green = run->green;
	fix->facts.hit_limit = run->jail.end != JAIL_EXITED && run->jail.end != JAIL_SIGNALLED;
	fix->facts.any_failure = !run->green && run->report->failure_count > 0 &&
				 primary->weight > WEIGHT_CONSEQUENCE;
	fix->facts.transient = fix->facts.any_failure && primary->transient;
	fix->facts.same_as_log = shows_log_failure(fix);
}

/* The incident is the failure in this repository on this branch, whichever commit shows it. */
const char *fix_incident(const struct fix *fix, const struct failure *failure)
{
	const char *branch = fix->head.branch ? fix->head.branch : "HEAD";
	struct str id = str_of(arena_printf(fix->arena, "%s\n%s\n%s", failure->signature,
					    fix->head.root, branch));
	unsigned char hash[CRYPTO_SHA256_SIZE];

	crypto_sha256(id, hash);
	return crypto_hex(fix->arena, hash, 6);
}

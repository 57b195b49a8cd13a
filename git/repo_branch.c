/*
 * One commit on one parent, and the branch that is to have it: what repo_commit and repo_revert end
 * in. Touches neither HEAD nor index nor work tree, runs no hook, and does not push.
 */
#include "git/repo.h"

#include "git/character.h"
#include "git/repo_private.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_NAP_MS = 50, LOCK_STALE_MS = 3000, LOCK_TRIES = 20, AUTHOR_BYTES = 255 };

static void free_signature(git_signature **signature)
{
	git_signature_free(*signature);
}

static void free_transaction(git_transaction **transaction)
{
	git_transaction_free(*transaction);
}

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

static bool check_name(const char *branch, char name[300], struct err *e)
{
	int valid = 0;

	if (strlen(branch) > 200 || git_branch_name_is_valid(&valid, branch) < 0 || !valid)
		return fail(e, ERR_INPUT, "\"%.80s\" cannot be the name of a branch", branch);
	snprintf(name, 300, "refs/heads/%s", branch);
	return true;
}

/* One of the small files in which git says what a work tree is busy with. */
static bool file_names(int folder, const char *file, const char *name)
{
	char content[512];
	struct str text = { content, 0 };
	int descriptor = openat(folder, file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t size = descriptor < 0 ? -1 : read(descriptor, content, sizeof(content));

	if (descriptor >= 0)
		close(descriptor);
	if (size <= 0)
		return false;
	text.size = (size_t)size;
	text = str_trim(text);
	str_skip(&text, "ref:");
	text = str_trim(text);
	return str_is(text, name) || str_is(text, name + strlen("refs/heads/"));
}

static bool busy_in(int parent, const char *path, const char *name)
{
	static const char *const files[] = {
		"HEAD", "rebase-merge/head-name", "rebase-apply/head-name", "BISECT_START",
	};
	int folder = openat(parent, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool busy = false;

	if (folder < 0)
		return false;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		busy = busy || file_names(folder, files[i], name);
	close(folder);
	return busy;
}

/*
 * Is the branch checked out, rebased or bisected, here or in another work tree? Moving it would
 * make that work tree look changed. Asked of the files, because libgit2 skips a HEAD without a
 * commit.
 */
static bool check_idle(struct repo *repo, const char *name, struct err *e)
{
	const char *common = git_repository_commondir(repo->handle);
	__attribute__((cleanup(close_folder))) DIR *worktrees = NULL;
	bool busy = busy_in(AT_FDCWD, common, name);
	ARENA scratch = {0};
	struct dirent *entry;

	worktrees = opendir(arena_printf(&scratch, "%s/worktrees", common));
	while (!busy && worktrees && (entry = readdir(worktrees)))
		busy = entry->d_name[0] != '.' && busy_in(dirfd(worktrees), entry->d_name, name);
	if (busy)
		return fail(e, ERR_DENIED, "the branch %s is checked out (or being rebased or "
			    "bisected)", name + strlen("refs/heads/"));
	return true;
}

/* refs/heads/a and refs/heads/a/b cannot both be. */
static bool check_room(struct repo *repo, const char *name, struct err *e)
{
	char other[304];
	git_reference_iterator *below;
	git_oid id;
	const char *found = NULL;

	for (const char *slash = strchr(name + strlen("refs/heads/"), '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		snprintf(other, sizeof(other), "%.*s", (int)(slash - name), name);
		if (!git_reference_name_to_id(&id, repo->handle, other))
			return fail(e, ERR_DENIED, "a branch named %s is in the way",
				    other + strlen("refs/heads/"));
	}
	snprintf(other, sizeof(other), "%s/*", name);
	if (git_reference_iterator_glob_new(&below, repo->handle, other) < 0)
		return true;
	if (!git_reference_next_name(&found, below))
		fail(e, ERR_DENIED, "a branch named %s is in the way",
		     found + strlen("refs/heads/"));
	git_reference_iterator_free(below);
	return !found;
}

static bool same_file(const struct stat *one, const struct stat *other)
{
	return one->st_ino == other->st_ino && one->st_ctim.tv_sec == other->st_ctim.tv_sec &&
	       one->st_ctim.tv_nsec == other->st_ctim.tv_nsec;
}

/*
 * Is this lock one that a killed process left behind? Ours is held for less than a millisecond, and
 * nobody but us writes such branches: a lock that stays the same all the while is nobody's.
 */
static bool is_left_behind(const char *file)
{
	const struct timespec nap = { 0, LOCK_NAP_MS * 1000000 };
	struct stat first, info;

	if (lstat(file, &first))
		return false;
	for (int waited_ms = 0; waited_ms < LOCK_STALE_MS; waited_ms += LOCK_NAP_MS) {
		nanosleep(&nap, NULL);
		if (lstat(file, &info) || !same_file(&first, &info))
			return false;
	}
	return true;
}

/* Takes git's lock of the branch. */
static bool lock(struct repo *repo, git_transaction *transaction, const char *name, struct err *e)
{
	ARENA scratch = {0};
	const char *file = arena_printf(&scratch, "%s%s.lock",
					git_repository_commondir(repo->handle), name);
	int result = git_transaction_lock_ref(transaction, name);

	for (int try = 0; result == GIT_ELOCKED && try < LOCK_TRIES; try++) {
		if (is_left_behind(file))
			unlink(file);
		result = git_transaction_lock_ref(transaction, name);
	}
	if (result == GIT_ELOCKED)
		return fail(e, ERR_LATER, "somebody else is writing the branch (%s exists)", file);
	return result >= 0 || library_fail(e, result, "locking the branch");
}


static const char *name_of(const struct landing *landing)
{
	return landing->author_name ? landing->author_name : REPO_AUTHOR_NAME;
}

static const char *mail_of(const struct landing *landing)
{
	return landing->author_mail ? landing->author_mail : REPO_AUTHOR_MAIL;
}

/*
 * Made by us, for this incident? A person who amends our commit keeps our trailers, but becomes its
 * committer; that work must not be lost. What was made before we knew our own account is ours too.
 */
static bool is_our_tip(const git_commit *tip, const struct landing *landing)
{
	struct str mail = str_of(git_commit_committer(tip)->email), found;

	found = message_trailer(str_of(git_commit_message(tip)), "Aegis-Incident");
	return landing->incident && found.size && str_is(found, landing->incident) &&
	       (str_is(mail, REPO_AUTHOR_MAIL) || str_is(mail, mail_of(landing)));
}

/* With the branch locked: make it, move it, take it as it is (*adopted), or refuse. */
static bool judge_tip(struct repo *repo, struct landing *landing, bool *adopted, struct err *e)
{
	HANDLE(git_reference, repo_free_reference) reference = NULL;
	HANDLE(git_commit, repo_free_commit) tip = NULL;
	int result = git_reference_lookup(&reference, repo->handle, landing->name);

	if (result == GIT_ENOTFOUND)
		return true;
	if (result < 0)
		return library_fail(e, result, "reading the branch");
	if (git_reference_type(reference) == GIT_REFERENCE_DIRECT &&
	    !git_commit_lookup(&tip, repo->handle, git_reference_target(reference))) {
		if (git_oid_equal(git_commit_tree_id(tip), &landing->tree) &&
		    git_commit_parentcount(tip) == 1 &&
		    git_oid_equal(git_commit_parent_id(tip, 0), git_commit_id(landing->parent))) {
			*adopted = true;
			landing->commit = *git_commit_id(tip);
			return true;
		}
		if (is_our_tip(tip, landing))
			return true;
	}
	return fail(e, ERR_DENIED, "the branch %s exists and is not ours", landing->branch);
}

static bool move_branch(struct repo *repo, struct landing *landing, const git_signature *author,
			struct err *e)
{
	__attribute__((cleanup(free_transaction))) git_transaction *transaction = NULL;
	bool adopted = false;
	int result = git_transaction_new(&transaction, repo->handle);

	if (result < 0)
		return library_fail(e, result, "starting to write the branch");
	if (!lock(repo, transaction, landing->name, e) ||
	    !check_idle(repo, landing->name, e) || !judge_tip(repo, landing, &adopted, e))
		return false;
	if (adopted)
		return true;
	result = git_transaction_set_target(transaction, landing->name, &landing->commit, author,
					    landing->note);
	if (result >= 0)
		result = git_transaction_commit(transaction);
	return result >= 0 || library_fail(e, result, "writing the branch");
}

/* Whoever presses Ctrl-C in the middle would leave the lock behind; it waits that moment. */
static bool set_branch(struct repo *repo, struct landing *landing, const git_signature *author,
		       struct err *e)
{
	sigset_t ends, before;
	bool done;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &ends, &before);
	done = move_branch(repo, landing, author, e);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return done;
}

/* A line end in a name would be a line of the commit's own head, and libgit2 lets it pass. */
static bool check_author(const char *what, const char *text, struct err *e)
{
	struct str rest = str_of(text);
	uint32_t code;

	while (rest.size && rest.size <= AUTHOR_BYTES && character_next(&rest, &code))
		if (character_is_control(code) || code == '<' || code == '>')
			break;
	if (rest.size || !*text)
		return fail(e, ERR_INPUT, "the author's %s cannot stand in a commit", what);
	return true;
}

static bool open_author(const struct landing *landing, git_signature **out, struct err *e)
{
	int result = git_signature_new(out, name_of(landing), mail_of(landing), landing->made_at, 0);

	return result >= 0 || library_fail(e, result, "naming the author");
}

bool repo_land_check(struct repo *repo, struct landing *landing, struct err *e)
{
	return check_name(landing->branch, landing->name, e) &&
	       check_author("name", name_of(landing), e) &&
	       check_author("mail", mail_of(landing), e) &&
	       check_idle(repo, landing->name, e) && check_room(repo, landing->name, e);
}

bool repo_land(struct repo *repo, struct landing *landing, char id[REPO_ID_SIZE], struct err *e)
{
	__attribute__((cleanup(free_signature))) git_signature *author = NULL;
	HANDLE(git_tree, repo_free_tree) tree = NULL;
	int result;

	if (!open_author(landing, &author, e))
		return false;
	result = git_tree_lookup(&tree, repo->handle, &landing->tree);
	if (result >= 0)
		result = git_commit_create_v(&landing->commit, repo->handle, NULL, author, author,
					     NULL, landing->message, tree, 1, landing->parent);
	if (result < 0)
		return library_fail(e, result, "writing the commit");
	if (!set_branch(repo, landing, author, e))
		return false;
	git_oid_tostr(id, REPO_ID_SIZE, &landing->commit);
	return true;
}

bool repo_branch_exists(struct repo *repo, const char *branch)
{
	char name[300];
	struct err why = ERR_INIT;
	git_oid id;

	return check_name(branch, name, &why) &&
	       !git_reference_name_to_id(&id, repo->handle, name);
}

/* git/repo_commit and git/message: commits that leave everything else as it was, races, kills. */
#include "git/repo.h"

#include "tests/unit.h"
#include "tests/repository.h"

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

enum { AT = 1700000000 };

static const struct trailer trailers[] = {
	{ "Aegis-Incident", "i1" }, { "Aegis-Signature", "00ff" }, { "Aegis-Template", NULL },
	{ NULL, NULL },
};

/* A repository, its tree and a patch that sets one file. */
struct scene {
	struct repo *repo;
	struct repo_head head;
	const struct repo_tree *tree;
	struct patch patch;
};

static struct scene scene_of(struct arena *a, const struct folder *folder, const char *below)
{
	struct scene s = {0};
	struct err e = ERR_INIT;
	char path[256];

	snprintf(path, sizeof(path), "%s%s", folder->path, below);
	if (!repo_open(path, &s.repo, &e) || !repo_head(s.repo, &s.head, &e) ||
	    !repo_tree(s.repo, s.head.commit, a, &s.tree, &e))
		fail_msg("%s: %s", path, e.text);
	return s;
}

static void put(struct scene *s, struct arena *a, const char *path, const char *text)
{
	struct err e = ERR_INIT;

	if (!patch_put(&s->patch, a, &s->tree->view, path, str_of(text), &e))
		fail_msg("%s: %s", path, e.text);
}

static bool commit(struct scene *s, const char *branch, const char *incident,
		   char id[REPO_ID_SIZE], struct err *e)
{
	struct trailer own[3];
	struct commit_request request = {
		.parent = s->head.commit, .patch = &s->patch, .branch = branch,
		.subject = STR("Fix the thing"), .body = STR("Because."), .trailers = own,
		.incident = incident, .made_at = AT,
	};

	memcpy(own, trailers, sizeof(own));
	if (incident)
		own[0].value = incident;
	own[2].name = NULL;
	return repo_commit(s->repo, &request, id, e);
}

static const char setup[] =
	"git init -q -b main r && cd r && mkdir -p src/deep && echo one >src/a && "
	"echo last >src/deep/only && printf '#!/bin/sh\\n' >run && chmod +x run && "
	"printf 'a\\r\\nb' >crlf && git add . && git commit -qm one && echo two >>src/a && "
	"git commit -qam two";

/* Everything that must not change, in bytes: HEAD, index, work tree with times, other refs. */
static const char snapshot[] =
	"cd r && cat .git/HEAD && sha1sum .git/index && stat -c '%y %i' .git/index && "
	"git --no-optional-locks status --porcelain && git rev-parse main && "
	"find . -path ./.git -prune -o -printf '%p %y %m %s %T@ %C@\\n' | sort && "
	"find . -path ./.git -prune -o -type f -exec sha1sum {} + | sort";

static void commits(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	struct err e = ERR_INIT;
	struct str before;
	struct scene s;
	char id[REPO_ID_SIZE], again[REPO_ID_SIZE];

	(void)state;
	shell(&a, &folder, setup);
	shell(&a, &folder,
	      "cd r && echo dirty >>run && echo staged >st && git add st && echo u >u");
	before = shell(&a, &folder, snapshot);
	s = scene_of(&a, &folder, "/r");
	put(&s, &a, "src/a", "fixed\n");
	put(&s, &a, "run", "#!/bin/bash\n");
	put(&s, &a, "crlf", "a\r\nc");
	put(&s, &a, "new/folder/\xc3\xa4 b.txt", "n\n");
	assert_true(patch_remove(&s.patch, &a, &s.tree->view, "src/deep/only", &e));
	if (!commit(&s, "aegis/fix-i1", "i1", id, &e))
		fail_msg("%s", e.text);
	assert_str(shell(&a, &folder, snapshot), str_text(&a, before));
	assert_true(repo_branch_exists(s.repo, "aegis/fix-i1"));
	assert_false(repo_branch_exists(s.repo, "aegis/fix-i2"));
	assert_str(str_trim(shell(&a, &folder, "git -C r rev-parse aegis/fix-i1")), id);
	assert_str(
		shell(&a, &folder,
		      "git -C r log -1 --format='%an <%ae> %at %cn %ct%n%B' aegis/fix-i1"),
		"Aegis <aegis@localhost> 1700000000 Aegis 1700000000\nFix the thing\n\nBecause.\n\n"
		"Aegis-Incident: i1\nAegis-Signature: 00ff\n\n");
	assert_str(shell(&a, &folder,
			 "git -C r log -1 --format='%(trailers:key=Aegis-Incident,valueonly)' "
			 "aegis/fix-i1"),
		   "i1\n\n");
	assert_str(shell(&a, &folder,
			 "cd r && git -c core.quotepath=off diff --raw --no-abbrev "
			 "--no-renames main aegis/fix-i1 | sed 's/ [0-9a-f]\\{40\\}//g'"),
		   ":100644 100644 M\tcrlf\n:000000 100644 A\tnew/folder/\xc3\xa4 b.txt\n"
		   ":100755 100755 M\trun\n:100644 100644 M\tsrc/a\n"
		   ":100644 000000 D\tsrc/deep/only\n");
	assert_str(shell(&a, &folder, "git -C r diff main aegis/fix-i1"),
		   str_text(&a, patch_diff(&s.patch, &a)));
	/* the same trees as git itself makes, and no empty folder left */
	shell(&a, &folder,
	      "git -C r fsck --strict --no-dangling 2>&1 && git -C r worktree add -q ../w "
	      "aegis/fix-i1 && cd w && test ! -e src/deep && rm ../r/.git/worktrees/w/index "
	      "&& git add -A && test $(git write-tree) = $(git rev-parse HEAD^{tree})");
	/* once more: checked out now, so refused; then the same again */
	assert_false(commit(&s, "aegis/fix-i1", "i1", again, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	shell(&a, &folder, "git -C r worktree remove --force ../w");
	assert_true(commit(&s, "aegis/fix-i1", "i1", again, &e));
	assert_string_equal(id, again);
	repo_close(&s.repo);
}

static void branch_rules(void **state)
{
	static const char *const bad[] = {
		"", "-x", "a..b", "a b", "a~1", "a.lock", "/a", "a/", "a//b", "@{x", "HEAD", "a\nb",
		"../../HEAD", "a\\b", ".a",
	};
	ARENA a = {0};
	FOLDER folder = folder_new();
	struct err e = ERR_INIT;
	struct scene s;
	char first[REPO_ID_SIZE], id[REPO_ID_SIZE] = "untouched";

	(void)state;
	shell(&a, &folder, setup);
	s = scene_of(&a, &folder, "/r");
	put(&s, &a, "src/a", "fixed\n");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (commit(&s, bad[i], "i1", id, &e))
			fail_msg("accepted \"%s\"", bad[i]);
		assert_int_equal(e.kind, ERR_INPUT);
	}
	assert_false(commit(&s, "main", "i1", id, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	assert_false(commit(&s, "main/x", "i1", id, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	shell(&a, &folder, "cd r && git branch theirs HEAD~ && git branch a/b/c && "
			   "git worktree add -q --detach ../w && cd ../w && "
			   "git symbolic-ref HEAD refs/heads/unborn");
	assert_false(commit(&s, "theirs", "i1", id, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	assert_non_null(strstr(e.text, "not ours"));
	assert_false(commit(&s, "a/b", "i1", id, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	assert_false(commit(&s, "unborn", "i1", id, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	assert_string_equal(id, "untouched");
	/* ours, with another patch: only the same incident may replace it */
	assert_true(commit(&s, "fix", "i1", first, &e));
	put(&s, &a, "src/a", "better\n");
	assert_false(commit(&s, "fix", "i2", id, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	assert_false(commit(&s, "fix", NULL, id, &e));
	assert_true(commit(&s, "fix", "i1", id, &e));
	assert_string_not_equal(first, id);
	/* a person's commit on top makes it theirs */
	shell(&a, &folder,
	      "cd r && git update-ref refs/heads/fix $(git commit-tree -p fix -m 'more\n\n"
	      "Aegis-Incident: i1\n\nthe end' fix^{tree})");
	assert_false(commit(&s, "fix", "i1", id, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	/* the same with packed references */
	assert_true(commit(&s, "packed", "i1", first, &e));
	shell(&a, &folder, "git -C r pack-refs --all --prune");
	assert_true(commit(&s, "packed", "i1", id, &e));
	assert_string_equal(first, id);
	assert_false(commit(&s, "theirs", "i1", id, &e));
	/* busy with a rebase */
	shell(&a, &folder, "mkdir r/.git/rebase-merge && echo refs/heads/packed "
			   ">r/.git/rebase-merge/head-name");
	assert_false(commit(&s, "packed", "i1", id, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	repo_close(&s.repo);
}

static void patch_rules(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	struct err e = ERR_INIT;
	struct change bad = { .path = "src/a", .exists = true, .existed = true, .mode = ENTRY_FILE,
			      .before = STR("something else\n"), .after = STR("x\n") };
	struct scene s;
	char id[REPO_ID_SIZE];

	(void)state;
	shell(&a, &folder, setup);
	shell(&a, &folder, "cd r && ln -s src link && git add link && git commit -qm link");
	s = scene_of(&a, &folder, "/r");
	assert_false(commit(&s, "fix", "i1", id, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	s.patch = (struct patch){ &bad, 1 };
	assert_false(commit(&s, "fix", "i1", id, &e));
	assert_non_null(strstr(e.text, "another state"));
	bad = (struct change){
		.path = "link/x", .exists = true, .mode = ENTRY_FILE, .after = STR("x")
	};
	assert_false(commit(&s, "fix", "i1", id, &e));
	assert_non_null(strstr(e.text, "no folder"));
	bad.path = "src/../../x";
	assert_false(commit(&s, "fix", "i1", id, &e));
	bad.path = ".git/hooks/pre-commit";
	assert_false(commit(&s, "fix", "i1", id, &e));
	bad = (struct change){
		.path = "n", .exists = true, .mode = ENTRY_LINK, .after = STR("/etc")
	};
	assert_false(commit(&s, "fix", "i1", id, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_false(repo_branch_exists(s.repo, "fix"));
	repo_close(&s.repo);
}

static void from_a_linked_work_tree(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	struct err e = ERR_INIT;
	struct scene s;
	char id[REPO_ID_SIZE];

	(void)state;
	shell(&a, &folder, setup);
	shell(&a, &folder, "git -C r worktree add -q ../w -b side && touch r/canary-base && "
			   "for h in reference-transaction post-commit pre-commit; do "
			   "printf '#!/bin/sh\\ntouch %s/canary\\n' $PWD >r/.git/hooks/$h; "
			   "chmod +x r/.git/hooks/$h; done");
	s = scene_of(&a, &folder, "/w/src");
	assert_string_equal(s.head.branch, "side");
	put(&s, &a, "src/a", "fixed\n");
	assert_false(commit(&s, "main", "i1", id, &e));
	assert_false(commit(&s, "side", "i1", id, &e));
	assert_true(commit(&s, "aegis/fix-1", "i1", id, &e));
	assert_str(
		str_trim(shell(&a, &folder, "test ! -e canary && git -C r rev-parse aegis/fix-1")),
		id);
	assert_str(shell(&a, &folder, "git -C w status --porcelain"), "");
	repo_close(&s.repo);
}

static void locks(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	struct err e = ERR_INIT;
	struct scene s;
	char id[REPO_ID_SIZE];

	(void)state;
	shell(&a, &folder, setup);
	s = scene_of(&a, &folder, "/r");
	put(&s, &a, "src/a", "fixed\n");
	/* one that is taken again and again is somebody's; one that stays the same was left behind */
	shell(&a, &folder, "mkdir -p r/.git/refs/heads/aegis && cd r/.git/refs/heads/aegis && : >x.lock && "
	      "(while test -e x.lock; do : >y && mv y x.lock; sleep 0.1; done) >/dev/null 2>&1 &");
	assert_false(commit(&s, "aegis/x", "i1", id, &e));
	assert_int_equal(e.kind, ERR_LATER);
	shell(&a, &folder, "rm r/.git/refs/heads/aegis/x.lock; sleep 0.3; : >r/.git/refs/heads/aegis/x.lock");
	assert_true(commit(&s, "aegis/x", "i1", id, &e));
	shell(&a, &folder, "test ! -e r/.git/refs/heads/aegis/x.lock");
	repo_close(&s.repo);
}

/* Eight processes at once, each with its own fix and incident: one wins, the others are told. */
static void races(void **state)
{
	(void)state;
	for (int round = 0; round < 10; round++) {
		ARENA a = {0};
		FOLDER folder = folder_new();
		pid_t children[8];
		int wins = 0;

		shell(&a, &folder, setup);
		for (int i = 0; i < 8; i++) {
			children[i] = fork();
			if (children[i])
				continue;
			struct err e = ERR_INIT;
			struct scene s = scene_of(&a, &folder, "/r");
			char id[REPO_ID_SIZE], name[16];
			bool done;

			snprintf(name, sizeof(name), "fix %d", i);
			put(&s, &a, "src/a", name);
			do {
				done = commit(&s, "aegis/race", name, id, &e);
			} while (!done && e.kind == ERR_LATER);
			_exit(done ? 0 : e.kind == ERR_DENIED ? 1 : 2);
		}
		for (int i = 0; i < 8; i++) {
			int status;

			assert_int_equal(waitpid(children[i], &status, 0), children[i]);
			assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
			wins += !WEXITSTATUS(status);
		}
		assert_int_equal(wins, 1);
		shell(&a, &folder, "git -C r fsck --strict 2>&1 && git -C r log -1 aegis/race");
	}
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* In a child, which says when it starts and is killed so many nanoseconds later; -1: when it is done. */
static void commit_and_die(struct scene *s, const char *branch, int64_t after_ns)
{
	struct timespec wait = { after_ns / 1000000000, after_ns % 1000000000 };
	char id[REPO_ID_SIZE], byte;
	struct err e = ERR_INIT;
	int status, ready[2];
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (write(ready[1], "x", 1) == 1 && commit(s, branch, "i1", id, &e) &&
		    write(ready[1], "y", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	if (after_ns < 0)
		assert_int_equal(read(ready[0], &byte, 1), 1);
	else
		nanosleep(&wait, NULL);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(ready[0]);
}

/* Killed at fifty places of its way, from before the first object to after the branch. */
static void kills(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	struct str before;
	int made = 0, not_made = 0;
	int64_t whole_ns = 0;

	(void)state;
	shell(&a, &folder, setup);
	before = shell(&a, &folder, snapshot);
	for (int round = 0; round <= 50; round++) {
		char branch[32], id[REPO_ID_SIZE];
		struct err e = ERR_INIT;
		struct scene s;
		int64_t from;

		snprintf(branch, sizeof(branch), "aegis/kill-%d", round);
		s = scene_of(&a, &folder, "/r");
		for (int i = 0; i < 8; i++)
			put(&s, &a, arena_printf(&a, "n%d/f%d", round, i), branch);
		if (round)
			commit_and_die(&s, branch, round == 50 ? -1 : whole_ns * round / 35);
		if (repo_branch_exists(s.repo, branch))
			made++;
		else
			not_made++;
		assert_str(shell(&a, &folder, snapshot), str_text(&a, before));
		shell(&a, &folder,
		      "git -C r fsck --strict --no-dangling 2>&1 >/dev/null");
		from = now_ns();
		if (!commit(&s, branch, "i1", id, &e))	/* and it goes on where it was */
			fail_msg("%s after a kill: %s", branch, e.text);
		if (!round)
			whole_ns = now_ns() - from;
		repo_close(&s.repo);
	}
	print_message("killed 50 times: branch there %d, not there %d\n", made, not_made);
	assert_true(made > 0 && not_made > 0);
}

static void messages(void **state)
{
	static const struct trailer none[] = { { NULL, NULL } };
	static const struct trailer evil[] = {
		{ "Aegis-Incident", "i1\nAegis-Template: x" }, { NULL, NULL },
	};
	ARENA a = {0};
	const char *text;

	(void)state;
	assert_string_equal(commit_message(&a, STR("a"), STR_NONE, NULL), "a\n");
	assert_string_equal(commit_message(&a, STR("  a\n\n\tb\x1b[31m\r\n "), STR_NONE, none),
			    "a b [31m\n");
	assert_string_equal(commit_message(&a, STR_NONE, STR_NONE, NULL), "Fix\n");
	text = commit_message(
		&a,
		STR("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		    "x\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
		    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"),
		STR_NONE, NULL);
	assert_int_equal(strlen(text), 71 + 1);
	assert_string_equal(commit_message(&a, STR("Fix [Skip CI] now"), STR("x [ci skip]"), none),
			    "Fix (Skip CI] now\n\nx (ci skip]\n");
	assert_string_equal(
		commit_message(&a, STR("s"), STR("one\n\n\n  two\xe2\x80\xae\nthree\n"), evil),
		"s\n\none\n\n  two\nthree\n\nAegis-Incident: i1 Aegis-Template: x\n");
	text = commit_message(&a, STR("s"), STR("x\n\nAegis-Incident: evil\nFoo: bar"), NULL);
	assert_str(message_trailer(str_of(text), "Aegis-Incident"), "");
	text = commit_message(&a, STR("s"), STR("Aegis-Incident: evil"), trailers);
	assert_str(message_trailer(str_of(text), "Aegis-Incident"), "i1");
	assert_str(message_trailer(str_of(text), "aegis-signature"), "00ff");
	assert_str(message_trailer(str_of(text), "Aegis-Template"), "");
	assert_str(message_trailer(STR("Aegis-Incident: i1"), "Aegis-Incident"), "");
	assert_str(message_trailer(STR("a\n\nAegis-Incident: i1\n\nlater"), "Aegis-Incident"), "");
	assert_str(message_trailer(STR_NONE, "x"), "");
}

static void speed(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	double best_ms = 1e9;

	(void)state;
	shell(&a, &folder,
	      "git init -q r && cd r && for d in $(seq 100); do mkdir -p src/d$d; for f in $(seq "
	      "50); "
	      "do echo $d.$f >src/d$d/file_$f.c; done; done; git add . && git commit -qm x");
	for (int i = 0; i < 7; i++) {
		struct scene s = scene_of(&a, &folder, "/r");
		struct err e = ERR_INIT;
		struct timespec from, to;
		char id[REPO_ID_SIZE];
		double ms;

		put(&s, &a, "src/d7/file_7.c", arena_printf(&a, "fixed %d\n", i));
		put(&s, &a, "src/d9/file_9.c", arena_printf(&a, "fixed %d\n", i));
		clock_gettime(CLOCK_MONOTONIC, &from);
		assert_true(commit(&s, arena_printf(&a, "aegis/fix-%d", i), "i1", id, &e));
		clock_gettime(CLOCK_MONOTONIC, &to);
		ms = (double)(to.tv_sec - from.tv_sec) * 1e3 +
		     (double)(to.tv_nsec - from.tv_nsec) / 1e6;
		best_ms = ms < best_ms ? ms : best_ms;
		repo_close(&s.repo);
	}
	print_message("5,000 files: commit %.2f ms\n", best_ms);
	assert_true(best_ms < 1000);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(commits), cmocka_unit_test(branch_rules),
		cmocka_unit_test(patch_rules), cmocka_unit_test(from_a_linked_work_tree),
		cmocka_unit_test(locks), cmocka_unit_test(races), cmocka_unit_test(kills),
		cmocka_unit_test(messages), cmocka_unit_test(speed),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

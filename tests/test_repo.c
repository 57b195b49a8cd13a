/* git/repo, reading: real and hostile repositories, status, speed on 5,000 files. */
#include "git/repo.h"

#include "tests/unit.h"
#include "tests/repository.h"

#include <time.h>

/* libgit2 1.5.1 loses a PCRE2 match for each setting of a repository of format version 1. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libpcre2-8.so\n";
}

static struct repo *open_repo(const struct folder *folder, const char *below)
{
	struct err e = ERR_INIT;
	struct repo *repo = NULL;
	char path[256];

	snprintf(path, sizeof(path), "%s%s", folder->path, below);
	if (!repo_open(path, &repo, &e))
		fail_msg("opening %s: %s", path, e.text);
	return repo;
}

static struct repo_head head_of(struct repo *repo)
{
	struct repo_head head;
	struct err e = ERR_INIT;

	if (!repo_head(repo, &head, &e))
		fail_msg("head: %s", e.text);
	return head;
}

static const struct repo_tree *tree_of(struct repo *repo, const char *commit, struct arena *a)
{
	const struct repo_tree *tree = NULL;
	struct err e = ERR_INIT;

	if (!repo_tree(repo, commit, a, &tree, &e))
		fail_msg("tree: %s", e.text);
	return tree;
}

static void refused(const struct folder *folder, const char *below, enum err_kind kind,
		    const char *reason)
{
	struct err e = ERR_INIT;
	struct repo *repo = NULL;
	char path[256];

	snprintf(path, sizeof(path), "%s%s", folder->path, below);
	if (repo_open(path, &repo, &e))
		fail_msg("opened %s", path);
	assert_null(repo);
	if (e.kind != kind || !strstr(e.text, reason))
		fail_msg("%s: kind %d, %s", path, (int)e.kind, e.text);
}

static void opens(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	struct repo_head head;

	(void)state;
	shell(&a, &folder,
	      "git init -q -b main r && cd r && mkdir -p a/b && echo 1 >a/b/f && "
	      "git add . && git commit -qm one && echo 2 >a/b/f && git commit -qam two "
	      "&& git worktree add -q ../w -b side && git checkout -q --detach && "
	      "cd .. && git clone -q --depth 1 file://$PWD/r shallow");
	{
		REPO root = open_repo(&folder, "/r");
		REPO below = NULL;
		REPO linked = NULL;
		REPO shallow = NULL;

		assert_true(str_ends(str_of(repo_root(root)), "/r"));
		head = head_of(root);
		assert_string_equal(head.branch, "");
		assert_str(str_trim(shell(&a, &folder, "git -C r rev-parse HEAD")), head.commit);
		assert_str(str_trim(shell(&a, &folder, "git -C r rev-parse HEAD~")), head.parent);
		assert_str(str_trim(shell(&a, &folder, "git -C r rev-parse HEAD:")), head.tree);
		below = open_repo(&folder, "/r/a/b");
		assert_string_equal(repo_root(below), repo_root(root));
		linked = open_repo(&folder, "/w/a");
		assert_true(str_ends(str_of(repo_root(linked)), "/w"));
		head = head_of(linked);
		assert_string_equal(head.branch, "side");
		shallow = open_repo(&folder, "/shallow");
		head = head_of(shallow);
		assert_string_equal(head.parent, "");
		assert_true(repo_has_commit(shallow, head.commit) &&
			    !repo_has_commit(shallow, head.tree));	/* no commit */
	}
}

static void refuses_to_open(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();

	(void)state;
	shell(&a, &folder,
	      "mkdir plain && git init -q --bare bare && git init -q unborn && "
	      "git init -q sha && git -C sha commit -q --allow-empty -m x && "
	      "git -C sha config core.repositoryformatversion 1 && "
	      "git -C sha config extensions.objectformat sha256 && "
	      "git init -q away && cd away && echo x >f && git add . && git commit -qm x && "
	      "git config core.worktree / && cd .. && "
	      "git init -q lost && cd lost && echo x >f && git add . && git commit -qm x && "
	      "find .git/objects -type f -delete && cd .. && "
	      "git init -q torn && cd torn && echo x >f && git add . && git commit -qm x && "
	      "f=.git/objects/$(git rev-parse HEAD^{tree} | sed 's,^..,&/,') && "
	      "chmod +w $f && echo junk >$f && cd .. && "
	      "mkdir fake && echo 'gitdir: /nowhere' >fake/.git");
	refused(&folder, "/none", ERR_INPUT, "/none");
	refused(&folder, "/plain", ERR_INPUT, "/plain");
	refused(&folder, "/bare", ERR_INPUT, "bare");
	refused(&folder, "/unborn", ERR_INPUT, "no commit");
	refused(&folder, "/sha", ERR_INPUT, "SHA-256");
	refused(&folder, "/away", ERR_INPUT, "core.worktree");
	refused(&folder, "/lost", ERR_INPUT, "/lost");
	refused(&folder, "/torn", ERR_INPUT, "/torn");
	refused(&folder, "/fake", ERR_INPUT, "/fake");
}

static void minds_the_owner(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	char script[256];

	(void)state;
	if (geteuid()) {
		print_message("not root: owner test left out\n");
		skip();
	}
	shell(&a, &folder, "git init -q r && cd r && echo x >f && git add . && git commit -qm x && "
			   "git config safe.directory '*' && chown -R 12345 .");
	setenv("HOME", folder.path, 1);
	unsetenv("XDG_CONFIG_HOME");
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	refused(&folder, "/r", ERR_DENIED, "safe.directory");
	snprintf(script, sizeof(script), "git config -f .gitconfig safe.directory %s/r",
		 folder.path);
	shell(&a, &folder, script);
	{
		REPO repo = open_repo(&folder, "/r");

		assert_non_null(repo_root(repo));
	}
	snprintf(script, sizeof(script), "git config -f .gitconfig safe.directory '%s/*'",
		 folder.path);
	shell(&a, &folder, script);
	{
		REPO repo = open_repo(&folder, "/r");

		assert_non_null(repo_root(repo));
	}
	shell(&a, &folder, "git config -f .gitconfig safe.directory /other");
	refused(&folder, "/r", ERR_DENIED, "safe.directory");
}

static void reads_trees(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	const struct repo_tree *tree, *parent = NULL;
	struct repo_head head;
	struct err e = ERR_INIT;
	struct str text;
	REPO repo = NULL;

	(void)state;
	shell(&a, &folder,
	      "git init -q . && mkdir -p d/e 'with blank' && echo one >d/e/f && echo x >d.c && "
	      "echo y >d-x && printf '#!/bin/sh\\n' >run && chmod +x run && ln -s /etc/passwd out "
	      "&& "
	      "ln -s d in && echo b >'with blank/a b' && echo u >\xc3\xa4.txt && "
	      "printf 'a\\r\\nb' >crlf && : >empty && git add . && "
	      "git update-index --add --cacheinfo "
	      "160000,0123456789012345678901234567890123456789,sub && "
	      "git commit -qm one && truncate -s 50M big && "
	      "printf x >\"$(printf 'new\\nline')\" && git add big new* && git commit -qm two");
	repo = open_repo(&folder, "");
	head = head_of(repo);
	tree = tree_of(repo, head.commit, &a);
	assert_int_equal(tree->left_out, 1);
	for (size_t i = 1; i < tree->view.count; i++)
		assert_true(strcmp(tree->view.entries[i - 1].path, tree->view.entries[i].path) < 0);
	assert_int_equal(tree_entry(&tree->view, "run")->mode, ENTRY_PROGRAM);
	assert_int_equal(tree_entry(&tree->view, "out")->mode, ENTRY_LINK);
	assert_int_equal(tree_entry(&tree->view, "sub")->mode, ENTRY_MODULE);
	assert_true(tree_read(&tree->view, &a, "d/e/f", &text));
	assert_str(text, "one\n");
	assert_true(tree_read(&tree->view, &a, "crlf", &text));
	assert_str(text, "a\r\nb");
	assert_true(tree_read(&tree->view, &a, "with blank/a b", &text));
	assert_true(tree_read(&tree->view, &a, "\xc3\xa4.txt", &text));
	assert_true(tree_read(&tree->view, &a, "empty", &text));
	assert_int_equal(text.size, 0);
	assert_false(tree_read(&tree->view, &a, "out", &text));
	assert_false(tree_read(&tree->view, &a, "in/e/f", &text));
	assert_false(tree_read(&tree->view, &a, "sub", &text));
	assert_false(tree_read(&tree->view, &a, "big", &text));
	assert_true(repo_blob(repo, head.commit, "big", REPO_BLOB_MAX, &a, &text, &e));
	assert_int_equal(text.size, 50 << 20);
	assert_false(repo_blob(repo, head.commit, "big", 1 << 20, &a, &text, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_false(repo_blob(repo, head.commit, "none", 9, &a, &text, &e));
	assert_int_equal(e.kind, ERR_GONE);
	assert_false(repo_blob(repo, head.commit, "out", 99, &a, &text, &e));
	assert_false(repo_blob(repo, head.commit, "in/e/f", 99, &a, &text, &e));
	assert_false(repo_blob(repo, head.commit, "../x", 99, &a, &text, &e));
	assert_true(repo_parent_tree(repo, head.commit, &a, &parent, &e));
	assert_false(tree_has(&parent->view, "big"));
	assert_false(repo_parent_tree(repo, head.parent, &a, &parent, &e));
	assert_int_equal(e.kind, ERR_GONE);
	assert_false(repo_tree(repo, "0123456789012345678901234567890123456789", &a, &tree, &e));
	assert_int_equal(e.kind, ERR_GONE);
	assert_false(repo_tree(repo, "HEAD", &a, &tree, &e));
	assert_int_equal(e.kind, ERR_INPUT);
}

/* Tree objects that git add would never make, written with the plumbing. */
static void hostile_trees(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	const struct repo_tree *tree = NULL;
	struct repo_head head;
	struct err e = ERR_INIT;
	REPO repo = NULL;

	(void)state;
	shell(&a, &folder,
	      "git init -q . && b=$(echo evil | git hash-object -w --stdin) && "
	      "l=$(printf /etc | git hash-object -w --stdin) && "
	      "obj() { git hash-object -w -t tree --literally --stdin; } && "
	      "bin() { printf '%s %s\\0' $1 \"$2\"; perl -e 'print pack(\"H*\", shift)' $3; } && "
	      "t=$(bin 100644 config $b | obj) && "
	      "{ bin 100644 .GIT $b; bin 40000 .git $t; bin 40000 .. $t; bin 100644 . $b; "
	      "  bin 40000 .git\xe2\x80\x8c $t; bin 40000 git~1 $t; bin 100644 a:b $b; "
	      "  bin 100644 zz/slash $b; bin 100644 ../../up $b; bin 100644 /abs $b; "
	      "  bin 100644 'back\\slash' $b; bin 100644 b $b; bin 100644 a $b; bin 120000 link "
	      "$l; "
	      "  bin 40000 link $t; bin 100644 twice $b; bin 100755 twice $b; } | obj >id && "
	      "git update-ref HEAD $(git commit-tree -m evil $(cat id)) && rm id");
	repo = open_repo(&folder, "");
	head = head_of(repo);
	tree = tree_of(repo, head.commit, &a);
	for (size_t i = 0; i < tree->view.count; i++)
		print_message("kept: %s\n", tree->view.entries[i].path);
	assert_int_equal(tree->view.count, 4);
	assert_string_equal(tree->view.entries[0].path, "a");
	assert_string_equal(tree->view.entries[1].path, "b");
	assert_string_equal(tree->view.entries[2].path, "link");
	assert_string_equal(tree->view.entries[3].path, "link/config");
	assert_int_equal(tree->left_out, 13);
	{
		struct patch patch = {0};

		assert_false(patch_put(&patch, &a, &tree->view, "link/config", STR("x"), &e));
		assert_false(patch_put(&patch, &a, &tree->view, "link/new", STR("x"), &e));
	}
	/* a tree of trees of trees: 10 to the power of 9 files in 10 objects */
	shell(&a, &folder,
	      "b=$(echo evil | git hash-object -w --stdin) && k=blob && m=100644 && "
	      "for d in 1 2 3 4 5 6 7 8 9; do for n in 0 1 2 3 4 5 6 7 8 9; do "
	      "printf '%s %s %s\\t%s\\n' $m $k $b $n; done >in; b=$(git mktree <in); k=tree; "
	      "m=040000; "
	      "done; git update-ref HEAD $(git commit-tree -m bomb $b)");
	head = head_of(repo);
	assert_false(repo_tree(repo, head.commit, &a, &tree, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_non_null(strstr(e.text, "more than"));
}

static const char *joined(struct arena *a, const char *const *paths, size_t count)
{
	struct text t = TEXT(a);

	for (size_t i = 0; i < count; i++)
		text_addf(&t, "%s\n", paths[i]);
	return text_cstr(&t);
}

static void check_status(struct repo *repo, const char *changed, const char *untracked, int line)
{
	ARENA a = {0};
	struct repo_status status;
	struct err e = ERR_INIT;

	for (int behind = 0; behind < 2; behind++) {
		if (!(behind ? status_behind : repo_status)(repo, &a, &status, &e))
			fail_msg("status: %s", e.text);
		if (strcmp(joined(&a, status.changed, status.changed_count), changed) ||
		    strcmp(joined(&a, status.untracked, status.untracked_count), untracked))
			fail_msg("line %d: changed %s untracked %s", line,
				 joined(&a, status.changed, status.changed_count),
				 joined(&a, status.untracked, status.untracked_count));
	}
}
#define status_is(repo, changed, untracked) check_status((repo), (changed), (untracked), __LINE__)

static void sees_a_dirty_tree(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	struct repo_status status;
	struct jail_file *files;
	struct repo_head head;
	struct err e = ERR_INIT;
	size_t count;
	REPO repo = NULL;

	(void)state;
	shell(&a, &folder,
	      "git init -q . && mkdir d && for f in clean edited staged gone removed both "
	      "mode d/x; do echo $f >$f; done && echo ign >.gitignore && ln -s a lnk && "
	      "git add . && git commit -qm x");
	repo = open_repo(&folder, "");
	status_is(repo, "", "");
	shell(&a, &folder,
	      "echo more >>edited; echo more >>staged; git add staged; rm gone; "
	      "git rm -q removed; echo a >>both; git add both; echo b >>both; "
	      "chmod +x mode; echo n >added; git add added; echo u >untracked; "
	      "mkdir u && echo u >u/1 && echo i >ign; rm lnk; ln -s b lnk; touch clean");
	status_is(repo, "added\nboth\nedited\ngone\nlnk\nmode\nremoved\nstaged\n",
		  "u/\nuntracked\n");
	head = head_of(repo);
	assert_true(repo_status(repo, &a, &status, &e));
	assert_true(repo_restore(repo, head.commit, &status, &a, &files, &count, &e));
	assert_int_equal(count, 7);
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(files[i].path, "added")) {
			assert_false(files[i].exists);
			continue;
		}
		assert_true(files[i].exists);
		assert_str(str_trim(files[i].text), files[i].path);
		assert_int_equal(files[i].mode, 0644);
	}
}

/* The files' times are set so that libgit2 has to read them. */
static void line_ends_and_lfs(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	REPO repo = NULL;

	(void)state;
	setenv("HOME", folder.path, 1);
	unsetenv("XDG_CONFIG_HOME");
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	shell(&a, &folder,
	      "git init -q r && cd r && echo '*.dos text eol=crlf' >.gitattributes && "
	      "echo '*.bin filter=lfs -text' >>.gitattributes && echo '*.u text' >>.gitattributes "
	      "&& "
	      "printf 'a\\r\\nb\\r\\n' >x.dos && printf 'a\\r\\nb\\r\\n' >y.u && printf 'a\\nb\\n' "
	      ">z && "
	      "printf large >l.bin && s=$(sha256sum <l.bin | cut -c1-64) && printf "
	      "'version https://git-lfs.github.com/spec/v1\\noid sha256:%s\\nsize 5\\n' $s >l.bin "
	      "&& "
	      "cp l.bin m.bin && cp l.bin n.bin && "
	      "git add . && git commit -qm x && printf large >l.bin && printf LARGE >m.bin && "
	      "printf 'a\\r\\nb\\r\\n' >z && touch -d 2020-01-01 *");
	repo = open_repo(&folder, "/r");
	status_is(repo, "m.bin\nz\n", "");
	shell(&a, &folder, "git config -f .gitconfig core.autocrlf true");
	status_is(repo, "m.bin\n", "");
	shell(&a, &folder, "printf 'a\\r\\nb\\rc\\r\\n' >r/z");
	status_is(repo, "m.bin\nz\n", "");
	shell(&a, &folder, "printf 'a\\r\\nb\\r\\n' >r/z; git -C r config core.autocrlf false");
	status_is(repo, "m.bin\nz\n", "");
	shell(&a, &folder, "git -C r config core.autocrlf true; rm .gitconfig");
	repo_close(&repo);
	repo = open_repo(&folder, "/r");
	status_is(repo, "m.bin\n", "");
	shell(&a, &folder, "rm r/m.bin; mkfifo r/m.bin; rm r/l.bin; ln -s /dev/zero r/l.bin");
	status_is(repo, "l.bin\nm.bin\n", "");
}

static void knows_lfs_pointers(void **state)
{
	(void)state;
	assert_true(repo_is_lfs_pointer(STR("version https://git-lfs.github.com/spec/v1\n"
					    "oid sha256:00\nsize 1\n")));
	assert_false(repo_is_lfs_pointer(STR("version https://git-lfs.github.com/spec/v1\n")));
	assert_false(repo_is_lfs_pointer(STR("x")));
	assert_false(repo_is_lfs_pointer(STR_NONE));
}

/* Settings by which git runs programs: none of them may run. */
static void runs_nothing(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	struct repo_status status;
	struct err e = ERR_INIT;
	REPO repo = NULL;

	(void)state;
	shell(&a, &folder,
	      "git init -q r && cd r && echo '* filter=evil diff=evil' >.gitattributes && echo x "
	      ">f && git add . && git commit -qm x && printf '#!/bin/sh\\ntouch %s/canary\\ncat\\n' "
	      "\"$OLDPWD\" >../evil && chmod +x ../evil && for k in filter.evil.clean filter.evil.smudge "
	      "filter.evil.process core.fsmonitor core.sshCommand core.pager core.editor "
	      "diff.external diff.evil.textconv diff.evil.command credential.helper gpg.program "
	      "core.gitProxy core.alternateRefsCommand; do "
	      "git config $k \"$OLDPWD/evil\"; done && git config filter.evil.required true && "
	      "git config core.hooksPath \"$OLDPWD/hooks\" && mkdir ../hooks && "
	      "for h in pre-commit post-commit reference-transaction post-index-change "
	      "post-checkout fsmonitor-watchman; do cp ../evil .git/hooks/$h; cp ../evil "
	      "../hooks/$h; done && "
	      "echo y >f && touch -d 2020-01-01 f");
	repo = open_repo(&folder, "/r");
	assert_true(repo_status(repo, &a, &status, &e));
	assert_int_equal(status.changed_count, 1);
	tree_of(repo, head_of(repo).commit, &a);
	shell(&a, &folder, "! test -e canary");
}

/* A sparse checkout leaves files out; a nested repository is one untracked folder. */
static void sparse_and_nested(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	REPO repo = NULL;

	(void)state;
	shell(&a, &folder,
	      "git init -q . && mkdir a b && echo 1 >a/1 && echo 2 >b/2 && git add . && "
	      "git commit -qm x && git sparse-checkout set --no-cone a 2>/dev/null && "
	      "test ! -e b/2 && git init -q nested && echo x >nested/f");
	repo = open_repo(&folder, "");
	status_is(repo, "", "nested/\n");
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void speed(void **state)
{
	ARENA a = {0};
	FOLDER folder = folder_new();
	double open_ms = 1e9, list_ms = 1e9, status_ms = 1e9, t;

	(void)state;
	shell(&a, &folder,
	      "git init -q . && for d in $(seq 100); do mkdir -p src/d$d; for f in $(seq 50); do "
	      "echo $d.$f >src/d$d/file_$f.c; done; done; git add . && git commit -qm x && "
	      "find . -path ./.git -prune -o -type f -exec touch -d 2020-01-01 {} + && "
	      "git update-index -q --refresh");
	for (int i = 0; i < 7; i++) {
		struct repo_status status;
		struct err e = ERR_INIT;
		struct repo_head head;
		REPO repo = NULL;

		t = now_ms();
		repo = open_repo(&folder, "");
		head = head_of(repo);
		open_ms = now_ms() - t < open_ms ? now_ms() - t : open_ms;
		t = now_ms();
		assert_int_equal(tree_of(repo, head.commit, &a)->view.count, 5000);
		list_ms = now_ms() - t < list_ms ? now_ms() - t : list_ms;
		t = now_ms();
		assert_true(repo_status(repo, &a, &status, &e));
		status_ms = now_ms() - t < status_ms ? now_ms() - t : status_ms;
		assert_int_equal(status.changed_count + status.untracked_count, 0);
	}
	print_message("5,000 files: open and head %.2f ms, tree %.2f ms, status %.2f ms\n", open_ms,
		      list_ms, status_ms);
	assert_true(open_ms < 200 && list_ms < 300 && status_ms < 800);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(opens), cmocka_unit_test(refuses_to_open),
		cmocka_unit_test(minds_the_owner), cmocka_unit_test(reads_trees),
		cmocka_unit_test(hostile_trees), cmocka_unit_test(sees_a_dirty_tree),
		cmocka_unit_test(line_ends_and_lfs), cmocka_unit_test(knows_lfs_pointers),
		cmocka_unit_test(runs_nothing), cmocka_unit_test(sparse_and_nested),
		cmocka_unit_test(speed),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

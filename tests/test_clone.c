/* git/clone: work trees of a mirror, honest and hostile, and the way of a fix back into it. */
#include "tests/unit.h"
#include "bot/base/file.h"
#include "git/clone.h"
#include "git/remote.h"
#include "tests/repository.h"

/* A bare mirror m.git as a fetch leaves it, with what the script made in "work". */
static const char *mirror_of(struct arena *a, const struct folder *folder, const char *script)
{
	shell(a, folder, arena_printf(a, "umask 022; git init -q -b main work; cd work; %s; git add -A; "
	      "git commit -q --allow-empty -m one; git init -q --bare -b main ../m.git; "
	      "git push -q ../m.git HEAD:refs/remotes/origin/main", script));
	return str_text(a, str_trim(shell(a, folder, "git -C work rev-parse HEAD")));
}

static const char *at(struct arena *a, const struct folder *folder, const char *name)
{
	return arena_printf(a, "%s/%s", folder->path, name);
}

static struct str sh(struct arena *a, const struct folder *folder, const char *script)
{
	return str_trim(shell(a, folder, script));
}

static void clone_good(struct arena *a, const struct folder *folder, const char *commit)
{
	struct err e = ERR_INIT;

	if (!repo_clone(at(a, folder, "m.git"), commit, at(a, folder, "tree"), &e))
		fail_msg("%s", e.text);
}

/* What fix finds uncommitted in it. */
static struct repo_status status_of(struct arena *a, const char *path)
{
	REPO repo = NULL;
	struct repo_status status = {0};
	struct err e = ERR_INIT;

	if (!repo_open(path, &repo, &e) || !status_behind(repo, a, &status, &e))
		fail_msg("%s", e.text);
	return status;
}

static void assert_clean(struct arena *a, const struct folder *folder)
{
	struct repo_status status = status_of(a, at(a, folder, "tree"));

	assert_int_equal(status.changed_count, 0);
	assert_int_equal(status.untracked_count, 0);
}

static void files_as_committed(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	const char *commit;
	mode_t before;

	(void)state;
	commit = mirror_of(&a, &folder,
		"mkdir -p a/b/c; printf 'x\\r\\ny\\n' >a/b/c/mixed.txt; printf '\\0\\377' >a/bin; "
		"echo run >run.sh; chmod +x run.sh; ln -s a/b link; ln -s /nowhere/at/all dangling; "
		": >empty; echo z >a.txt; echo z >a-b; echo '*.o' >.gitignore; echo o >t.o; git add -f t.o; "
		"git add -A; git commit -qm zero; git -C . gc -q; echo two >two");
	before = umask(077);
	clone_good(&a, &folder, commit);
	umask(before);
	assert_clean(&a, &folder);
	assert_str(sh(&a, &folder, "diff -r --no-dereference --exclude=.git work tree && echo same"), "same");
	assert_str(sh(&a, &folder, "git -C tree status --porcelain | wc -l"), "0");
	assert_str(sh(&a, &folder, "git -C tree rev-parse HEAD"), commit);
	assert_str(sh(&a, &folder, "stat -c %a tree tree/run.sh tree/a.txt tree/a/b | xargs"), "700 755 644 755");
	/* The objects are there also for git itself, with the history. */
	assert_str(sh(&a, &folder, "git -C tree log --format=%s | xargs; git -C tree fsck --strict 2>&1"), "one zero");
	assert_str(sh(&a, &folder, "ls tree/.git/objects/info; git -C tree config "
		"--get-regexp 'remote|branch|alternate' || echo none"), "none");
}

/* With files of a minute ago nothing has to be read again to see that all is clean. */
static void nothing_is_racy(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	const char *commit = mirror_of(&a, &folder, "for i in $(seq 50); do echo $i >f$i; done");

	(void)state;
	clone_good(&a, &folder, commit);
	shell(&a, &folder, "chmod 000 tree/f*");
	shell(&a, &folder, "chmod 644 tree/f*; touch -d '2 minutes ago' now; test now -ot tree/f1; "
	      "test tree/f1 -ot tree/.git/index");
}

static void taken_or_made_again(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	const char *commit = mirror_of(&a, &folder, "echo 1 >f"), *second;
	struct err e = ERR_INIT;
	struct str inode;

	(void)state;
	/* What a killed one left. */
	shell(&a, &folder, "mkdir -p tree.new/.git; echo half >tree.new/f; mkdir -p tree/sub; echo x >tree/sub/y");
	clone_good(&a, &folder, commit);
	assert_clean(&a, &folder);
	assert_str(sh(&a, &folder, "ls -d tree.new tree/sub 2>/dev/null || echo gone"), "gone");
	inode = sh(&a, &folder, "stat -c %i tree tree/f");
	clone_good(&a, &folder, commit);
	assert_true(str_equal(inode, sh(&a, &folder, "stat -c %i tree tree/f")));
	/* Another commit. */
	second = str_text(&a, sh(&a, &folder, "cd work; echo 2 >g; git add g; git commit -qm two; "
		"git push -q ../m.git HEAD:refs/remotes/origin/main; git rev-parse HEAD"));
	clone_good(&a, &folder, second);
	assert_str(sh(&a, &folder, "cat tree/f tree/g | xargs"), "1 2");
	/* A link in the place is not followed. */
	shell(&a, &folder, "rm -rf tree; mkdir elsewhere; echo keep >elsewhere/f; ln -s elsewhere tree");
	clone_good(&a, &folder, commit);
	assert_str(sh(&a, &folder, "test ! -L tree; cat elsewhere/f"), "keep");
	/* A place that cannot be. */
	assert_false(repo_clone(at(&a, &folder, "m.git"), commit, at(&a, &folder, "none/tree"), &e));
}

static void not_in_the_mirror(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	const char *commit = mirror_of(&a, &folder, "echo 1 >f");
	const char *blob = str_text(&a, sh(&a, &folder, "git -C work rev-parse HEAD:f"));
	struct { const char *mirror, *commit; enum err_kind kind; } list[] = {
		{ "m.git", "0123456789012345678901234567890123456789", ERR_GONE },
		{ "m.git", blob, ERR_GONE }, { "m.git", "main", ERR_INPUT },
		{ "n.git", commit, ERR_GONE }, { "work", commit, ERR_BUG },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct err e = ERR_INIT;

		if (repo_clone(at(&a, &folder, list[i].mirror), list[i].commit, at(&a, &folder, "tree"), &e))
			fail_msg("%s %s", list[i].mirror, list[i].commit);
		if (list[i].kind != ERR_BUG && e.kind != list[i].kind)
			fail_msg("%s %s: %d %s", list[i].mirror, list[i].commit, e.kind, e.text);
		assert_str(sh(&a, &folder, "ls -d tree tree.new 2>/dev/null || echo none"), "none");
	}
}

/* All ways in which git runs a program while it checks out. */
static void runs_nothing(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	const char *commit = mirror_of(&a, &folder,
		"printf '* filter=evil diff=evil text eol=crlf ident\\n' >.gitattributes; "
		"printf 'a $Id$\\n' >f; mkdir .githooks; printf '#!/bin/sh\\ntouch ../canary\\n' >.githooks/post-checkout; "
		"chmod +x .githooks/post-checkout");

	(void)state;
	shell(&a, &folder, "cd m.git; c=\"touch $PWD/../canary\"; for k in filter.evil.smudge filter.evil.process "
	      "filter.evil.clean core.fsmonitor core.sshCommand core.editor diff.evil.command diff.evil.textconv "
	      "core.pager credential.helper uploadpack.packObjectsHook; do git config $k \"$c\"; done; "
	      "git config filter.evil.required true; git config core.hooksPath $PWD/../work/.githooks; "
	      "git config core.autocrlf true; git config core.attributesFile $PWD/../work/.gitattributes; "
	      "for h in post-checkout post-index-change reference-transaction; do printf '#!/bin/sh\\n%s\\n' \"$c\" "
	      ">hooks/$h; chmod +x hooks/$h; done; rm -f ../canary");
	clone_good(&a, &folder, commit);
	assert_clean(&a, &folder);
	assert_str(sh(&a, &folder, "cat tree/f; ls canary 2>/dev/null || echo none"), "a $Id$\nnone");
}

/* Trees that git would never write: each name may be anything. */
static void hostile_names(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	const char *commit;

	(void)state;
	mirror_of(&a, &folder, "echo evil >x");
	commit = str_text(&a, sh(&a, &folder,
		"cd m.git; mkdir ../outside; cat >../tree.py <<'END'\n"
		"import subprocess, sys\n"
		"def put(kind, data):\n"
		"    return subprocess.run(['git', 'hash-object', '-w', '--literally', '-t', kind, '--stdin'], input=data,\n"
		"        capture_output=True, check=True).stdout.decode().strip()\n"
		"blob = put('blob', b'evil\\n')\n"
		"link = put('blob', sys.argv[1].encode())\n"
		"def tree(*rows):\n"
		"    return put('tree', b''.join(m + b' ' + n + b'\\0' + bytes.fromhex(i) for m, n, i in rows))\n"
		"F, L, D, M = b'100644', b'120000', b'40000', b'160000'\n"
		"sub = tree((F, b'written', blob))\n"
		"hooks = tree((F, b'post-checkout', blob))\n"
		"rows = [(D, b'.git', hooks), (D, b'.GIT', hooks), (D, b'git~1', hooks), (F, b'..', blob), (F, b'.', blob),\n"
		"  (F, b'../outside/up', blob), (F, b'/tmp/abs', blob), (F, b'a/b', blob), (F, b'b\\\\c', blob),\n"
		"  (L, b'through', link), (D, b'through', sub), (F, b'file', blob), (D, b'file', sub),\n"
		"  (F, b'twin', blob), (F, b'twin', blob), (F, b'good', blob), (L, b'zlink', link), (M, b'module', blob),\n"
		"  (F, b'n' * 255, blob), (F, b'n' * 256, blob), (L, b'nul', put('blob', b'a\\0b')), (L, b'none', put('blob', b'')),\n"
		"  (L, b'deep', put('blob', b'd' * 5000)), (D, b'z.git', tree((L, b'.git', link), (F, b'ok', blob)))]\n"
		"print(subprocess.run(['git', '-c', 'user.name=T', '-c', 'user.email=t@e', 'commit-tree', '-m', 'x', tree(*rows)],\n"
		"    capture_output=True, check=True).stdout.decode().strip())\n"
		"END\n"
		"python3 ../tree.py $PWD/../outside"));
	clone_good(&a, &folder, commit);
	/* Nothing outside, nothing over .git, and of two in each other's way one at most. */
	assert_str(sh(&a, &folder, "find outside -mindepth 1 | wc -l; ls tree/.git/hooks | grep -c post-checkout || true; "
		"ls /tmp/abs 2>/dev/null | wc -l; ls -A | sort | xargs"), "0\n0\n0\nm.git outside tree tree.py work");
	assert_str(sh(&a, &folder, "cd tree; ls -A . | grep -v '^nnnn' | LC_ALL=C sort | xargs; cat good z.git/ok; "
		"cat through/written; cat file; readlink zlink | grep -c outside; ls -A z.git module | xargs"),
		".git file good module through z.git zlink\nevil\nevil\nevil\nevil\n1\nmodule: z.git: ok");
	/* What was left out does not make the rest look changed. */
	for (struct repo_status status = status_of(&a, at(&a, &folder, "tree")); status.untracked_count;)
		fail_msg("%s is untracked", status.untracked[0]);
}

static void too_many(void **state)
{
	static const struct { int folders, files; bool good; } list[] = {
		{ 10, 1000, true }, { 101, 1000, false },
	};
	FOLDER folder = folder_new();
	ARENA a = {0};

	(void)state;
	mirror_of(&a, &folder, "echo x >x");
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct err e = ERR_INIT;
		const char *commit = str_text(&a, sh(&a, &folder, arena_printf(&a,
			"cd m.git; b=$(echo x | git hash-object -w --stdin); "
			"t=$(seq %d | sed \"s/.*/100644 blob $b\tf&/\" | git mktree); "
			"u=$(seq %d | sed \"s/.*/040000 tree $t\td&/\" | git mktree); git commit-tree -m x $u",
			list[i].files, list[i].folders)));

		if (repo_clone(at(&a, &folder, "m.git"), commit, at(&a, &folder, "tree"), &e) != list[i].good)
			fail_msg("%d: %s", list[i].folders, e.text);
		if (!list[i].good)
			assert_int_equal(e.kind, ERR_INPUT);
	}
	/* One blob in many places must not fill the disk: 17 names of 256 MiB are more than 4 GiB. */
	struct err e = ERR_INIT;
	const char *commit = str_text(&a, sh(&a, &folder,
		"cd m.git; b=$(head -c 268435457 /dev/zero | git hash-object -w --stdin); "
		"git commit-tree -m x $(printf \"100644 blob $b\\tbig\\n\" | git mktree)"));

	assert_false(repo_clone(at(&a, &folder, "m.git"), commit, at(&a, &folder, "tree"), &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_non_null(strstr(e.text, "too large"));
}

/* On another file system there are no hard links: then by an alternate. */
static void across_file_systems(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct stat here, there;
	char place[] = "/dev/shm/aegis-clone-XXXXXX";
	const char *commit = mirror_of(&a, &folder, "echo 1 >f"), *tree;
	struct repo_status status;

	(void)state;
	if (!mkdtemp(place))
		skip();
	if (stat(folder.path, &here) || stat(place, &there) || here.st_dev == there.st_dev) {
		rmdir(place);
		skip();
	}
	tree = arena_printf(&a, "%s/tree", place);
	if (!repo_clone(at(&a, &folder, "m.git"), commit, tree, &e))
		fail_msg("%s", e.text);
	status = status_of(&a, tree);
	assert_int_equal(status.changed_count + status.untracked_count, 0);
	assert_str(sh(&a, &folder, arena_printf(&a, "cat %s/f; git -C %s log --format=%%s", tree, tree)), "1\none");
	assert_true(file_remove_tree(place, &e));
}

/* A fix in the clone, as bot/fix makes it. */
static const char *mend(struct arena *a, const struct folder *folder, const char *commit, const char *incident,
			const char *text, int64_t made_at)
{
	REPO repo = NULL;
	struct err e = ERR_INIT;
	const struct change changes[] = { { .path = "dir/f", .existed = true, .exists = true, .mode = ENTRY_FILE,
		.before = STR("1\n"), .after = str_of(text) } };
	const struct patch patch = { .changes = (struct change *)changes, .count = 1 };
	const struct trailer trailers[] = { { "Aegis-Incident", incident }, { NULL, NULL } };
	const struct commit_request request = {
		.parent = commit, .patch = &patch, .branch = arena_printf(a, "aegis/fix-%s", incident),
		.subject = STR("Fix it"), .body = STR("Because."), .trailers = trailers, .incident = incident,
		.author_name = "aegis[bot]", .author_mail = "7+aegis[bot]@users.noreply.example.org",
		.made_at = made_at,
	};
	char id[REPO_ID_SIZE];

	if (!repo_open(at(a, folder, "tree"), &repo, &e) || !repo_commit(repo, &request, id, &e))
		fail_msg("%s", e.text);
	return arena_strdup(a, id);
}

static bool import(struct arena *a, const struct folder *folder, const char *commit, const char *incident,
		   char id[REPO_ID_SIZE], struct err *e)
{
	REPO clone = NULL;
	REPO mirror = NULL;

	assert_true(repo_open(at(a, folder, "tree"), &clone, e));
	assert_true(remote_open(at(a, folder, "m.git"), &mirror, e));
	return repo_import(clone, mirror, commit, arena_printf(a, "aegis/fix-%s", incident), incident, id, e);
}

static const char *branch(struct arena *a, const struct folder *folder, const char *incident)
{
	return str_text(a, sh(a, folder, arena_printf(a, "git -C m.git rev-parse -q --verify "
		"refs/heads/aegis/fix-%s || echo none", incident)));
}

static void imports(void **state)
{
	static const char one[] = "aaaaaaaaaaaa";
	FOLDER folder = folder_new();
	ARENA a = {0};
	struct err e = ERR_INIT;
	const char *commit = mirror_of(&a, &folder, "mkdir dir; echo 1 >dir/f; echo 2 >g"), *fix, *later, *other;
	char id[REPO_ID_SIZE];

	(void)state;
	clone_good(&a, &folder, commit);
	fix = mend(&a, &folder, commit, one, "2\n", 1700000000);
	for (int i = 0; i < 2; i++) {
		if (!import(&a, &folder, fix, one, id, &e))
			fail_msg("%s", e.text);
		assert_string_equal(id, fix);
		assert_string_equal(branch(&a, &folder, one), fix);
	}
	assert_str(sh(&a, &folder, arena_printf(&a, "git -C m.git fsck --strict --full 2>&1 | grep -v 'dangling\\|notice' || true; "
		"git -C m.git show -s --format='%%an %%ce %%at' %s; git -C m.git show %s:dir/f", fix, fix)),
		"aegis[bot] 7+aegis[bot]@users.noreply.example.org 1700000000\n2");
	assert_clean(&a, &folder);
	/* The same again at another time: what is there is the answer. */
	shell(&a, &folder, "rm -rf tree");
	clone_good(&a, &folder, commit);
	later = mend(&a, &folder, commit, one, "2\n", 1700000100);
	assert_string_not_equal(later, fix);
	assert_true(import(&a, &folder, later, one, id, &e));
	assert_string_equal(id, fix);
	/* Another fix of the same incident takes its place. */
	shell(&a, &folder, "rm -rf tree");
	clone_good(&a, &folder, commit);
	other = mend(&a, &folder, commit, one, "3\n", 1700000200);
	assert_true(import(&a, &folder, other, one, id, &e));
	assert_string_equal(branch(&a, &folder, one), other);
	/* What a person has put there stays. */
	shell(&a, &folder, arena_printf(&a, "cd work; git push -q ../m.git +HEAD:refs/heads/aegis/fix-%s", one));
	assert_false(import(&a, &folder, other, one, id, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	assert_string_equal(branch(&a, &folder, one), commit);
	/* No fix: a first commit. */
	assert_false(import(&a, &folder, commit, one, id, &e));
	assert_int_equal(e.kind, ERR_INPUT);
}

/* Many at the same time, of other incidents and of the same. */
static void imports_side_by_side(void **state)
{
	enum { CHILDREN = 8 };
	static const char *const incidents[] = { "aaaaaaaaaaaa", "bbbbbbbbbbbb" };
	FOLDER folder = folder_new();
	ARENA a = {0};
	const char *commit = mirror_of(&a, &folder, "mkdir dir; echo 1 >dir/f"), *fixes[2];
	pid_t children[CHILDREN];

	(void)state;
	clone_good(&a, &folder, commit);
	for (size_t i = 0; i < 2; i++)
		fixes[i] = mend(&a, &folder, commit, incidents[i], i ? "b\n" : "a\n", 1700000000);
	for (int i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (!children[i]) {
			struct err e = ERR_INIT;
			char id[REPO_ID_SIZE];

			_exit(!import(&a, &folder, fixes[i % 2], incidents[i % 2], id, &e));
		}
	}
	for (int i = 0; i < CHILDREN; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(branch(&a, &folder, incidents[i]), fixes[i]);
	assert_str(sh(&a, &folder, "git -C m.git fsck --strict --full 2>&1 | grep -v notice || true; find m.git -name '*.lock'"), "");
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(files_as_committed), cmocka_unit_test(nothing_is_racy),
		cmocka_unit_test(taken_or_made_again), cmocka_unit_test(not_in_the_mirror),
		cmocka_unit_test(runs_nothing), cmocka_unit_test(hostile_names), cmocka_unit_test(too_many),
		cmocka_unit_test(across_file_systems), cmocka_unit_test(imports),
		cmocka_unit_test(imports_side_by_side),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

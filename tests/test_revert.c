/* git/revert: what is taken back, what is refused, kills, and git's own revert as the measure. */
#include "git/revert.h"

#include "git/remote.h"
#include "tests/unit.h"
#include "tests/repository.h"

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

enum { AT = 1700000000 };

/* work: a person's clone. m.git: the mirror. Tags name commits. */
static const char setup[] =
	"git init -q -b main work && cd work && seq 20 >a && echo b >b && git add . && "
	"git commit -qm one && git tag one && sed -i s/^3$/three/ a && rm b && echo n >new && "
	"git add . && git commit -qm 'Break the third line' && git tag bad && "
	"sed -i s/^18$/eighteen/ a && git commit -qam later && git tag later && cd .. && "
	"git clone -q --bare work m.git";

struct scene {
	struct arena arena;
	struct folder folder;
	struct repo *repo;
	struct err e;
	enum reverted out;
	struct str conflicts;
	char id[REPO_ID_SIZE];
	const char *incident, *mail;
};

static void scene_close(struct scene *s)
{
	repo_close(&s->repo);
	folder_close(&s->folder);
	arena_release(&s->arena);
}
#define SCENE __attribute__((cleanup(scene_close))) struct scene

static struct scene scene_of(const char *more)
{
	struct scene s = { .folder = folder_new(), .incident = "i1" };

	shell(&s.arena, &s.folder, setup);
	if (more)
		shell(&s.arena, &s.folder, more);
	shell(&s.arena, &s.folder, "cd work && git push -q --force --tags ../m.git main");
	if (!remote_open(arena_printf(&s.arena, "%s/m.git", s.folder.path), &s.repo, &s.e))
		fail_msg("%s", s.e.text);
	return s;
}

static const char *sha(struct scene *s, const char *name)
{
	return str_text(&s->arena, str_trim(shell(&s->arena, &s->folder,
		arena_printf(&s->arena, "git -C m.git rev-parse '%s'", name))));
}

/* commit and onto are ids. */
static bool revert_as(struct scene *s, const char *commit, const char *onto, const char *branch,
		      struct str body)
{
	const struct trailer trailers[] = { { "Aegis-Incident", s->incident }, {0} };
	const struct revert_request request = {
		.commit = commit, .onto = onto, .branch = branch, .body = body,
		.trailers = trailers, .incident = s->incident,
		.author_name = s->mail ? "aegis[bot]" : NULL, .author_mail = s->mail,
		.made_at = AT,
	};

	memcpy(s->id, "untouched", sizeof("untouched"));
	s->out = (enum reverted)77;
	s->conflicts = STR("untouched");
	return repo_revert(s->repo, &request, &s->arena, &s->out, &s->conflicts, s->id, &s->e);
}

static bool revert(struct scene *s, const char *commit, const char *onto)
{
	return revert_as(s, sha(s, commit), sha(s, onto), "aegis/revert-i1", STR("Why."));
}

static void must(struct scene *s, bool done, enum reverted out)
{
	if (!done)
		fail_msg("%s", s->e.text);
	assert_int_equal(s->out, out);
	assert_int_equal(out == REVERTED, strcmp(s->id, "untouched") != 0);
	assert_int_equal(out == REVERT_CONFLICTS, !str_is(s->conflicts, "untouched"));
}

static void must_fail(struct scene *s, bool done, enum err_kind kind)
{
	if (done || s->e.kind != kind)
		fail_msg("%d: %s", s->e.kind, s->e.text);
	assert_int_equal(s->out, 77);
	assert_string_equal(s->id, "untouched");
	assert_str(s->conflicts, "untouched");
}

/* All but the branch that is made: HEAD, the other branches, tags, the settings. */
static const char rest[] =
	"cd m.git && cat HEAD config && git for-each-ref | grep -v refs/heads/aegis/ && "
	"ls | grep -v '^logs$'";

static void reverts(void **state)
{
	struct str before;
	char first[REPO_ID_SIZE];

	(void)state;
	SCENE s = scene_of(NULL);
	before = shell(&s.arena, &s.folder, rest);
	must(&s, revert(&s, "bad", "main"), REVERTED);
	assert_str(shell(&s.arena, &s.folder, rest), str_text(&s.arena, before));
	assert_string_equal(sha(&s, "aegis/revert-i1"), s.id);
	assert_string_equal(sha(&s, "aegis/revert-i1~"), sha(&s, "main"));
	assert_str(shell(&s.arena, &s.folder,
			 "git -C m.git log -1 --format='%an <%ae> %cn <%ce> %at %ct%n%B' aegis/revert-i1"),
		   arena_printf(&s.arena, "Aegis <aegis@localhost> Aegis <aegis@localhost> 1700000000 "
				"1700000000\nRevert \"Break the third line\"\n\nWhy.\n\nThis reverts commit "
				"%s.\n\nAegis-Incident: i1\n\n", sha(&s, "bad")));
	assert_str(shell(&s.arena, &s.folder, "git -C m.git show aegis/revert-i1:a | sed -n '3p;18p' && "
			 "git -C m.git ls-tree -r --name-only aegis/revert-i1"), "3\neighteen\na\nb\n");
	shell(&s.arena, &s.folder, "git -C m.git fsck --strict --no-dangling 2>&1");
	/* once more, and in another mirror: the same */
	memcpy(first, s.id, sizeof(first));
	must(&s, revert(&s, "bad", "main"), REVERTED);
	assert_string_equal(s.id, first);
	shell(&s.arena, &s.folder, "git -C m.git update-ref -d refs/heads/aegis/revert-i1");
	must(&s, revert(&s, "bad", "main"), REVERTED);
	assert_string_equal(s.id, first);
	/* the head itself, and a revert of the revert */
	must(&s, revert_as(&s, sha(&s, "main"), sha(&s, "main"), "aegis/revert-i2", STR_NONE), REVERTED);
	assert_string_equal(sha(&s, "aegis/revert-i2^{tree}"), sha(&s, "bad^{tree}"));
	must(&s, revert_as(&s, first, first, "aegis/revert-i3", STR_NONE), REVERTED);
	assert_string_equal(sha(&s, "aegis/revert-i3^{tree}"), sha(&s, "main^{tree}"));
}

/* Also beside a work tree, which is as it was: changed, staged and untracked files and all. */
static void leaves_a_work_tree_alone(void **state)
{
	static const char snapshot[] = "cd work && cat .git/HEAD && sha1sum .git/index a b new st u && "
				       "git --no-optional-locks status --porcelain";
	struct str before;
	const char *bad, *head;

	(void)state;
	SCENE s = scene_of("cd work && echo dirty >>a && echo st >st && git add st && echo u >u && echo b >b");
	bad = sha(&s, "bad");
	head = sha(&s, "main");
	before = shell(&s.arena, &s.folder, snapshot);
	repo_close(&s.repo);
	assert_true(repo_open(arena_printf(&s.arena, "%s/work", s.folder.path), &s.repo, &s.e));
	must(&s, revert_as(&s, bad, head, "aegis/revert-i1", STR_NONE), REVERTED);
	assert_str(shell(&s.arena, &s.folder, snapshot), str_text(&s.arena, before));
	must_fail(&s, revert_as(&s, bad, head, "main", STR_NONE), ERR_DENIED);
}

static void reverts_merges(void **state)
{
	(void)state;
	SCENE s = scene_of("cd work && git checkout -qb side one && echo s >s && git add s && "
			   "git commit -qm s1 && echo t >>s && git commit -qam s2 && "
			   "git checkout -q main && git merge -q --no-ff -m 'Merge side' side && "
			   "git tag merged && git commit -q --allow-empty -m more && "
			   "git checkout -qb x && git merge -q -s ours -m 'Nothing at all' one^{commit} side && "
			   "git checkout -q main");

	must(&s, revert(&s, "merged", "main"), REVERTED);
	assert_string_equal(sha(&s, "aegis/revert-i1^{tree}"), sha(&s, "later^{tree}"));
	assert_str(shell(&s.arena, &s.folder, "git -C m.git log -1 --format=%s aegis/revert-i1"),
		   "Revert \"Merge side\"\n");
	/* one of its commits, which came over the second parent */
	must(&s, revert(&s, "main^^2", "main"), REVERTED);
	assert_str(shell(&s.arena, &s.folder, "git -C m.git show aegis/revert-i1:s"), "s\n");
}

static void finds_conflicts(void **state)
{
	(void)state;
	SCENE s = scene_of("cd work && git checkout -q bad && sed -i s/three/drei/ a && git commit -qam d && "
			   "git branch -f main && "
			   "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo x >f$i; done && "
			   "printf x >\"$(printf 'odd\\n\\342\\200\\256name')\" && git add . && "
			   "git commit -qm many && git tag many && "
			   "for i in f* odd*; do echo y >>\"$i\"; done && git commit -qam more && "
			   "git branch -f main && git checkout -qb only many && "
			   "for i in odd*; do echo z >>\"$i\"; done && "
			   "git commit -qam z && git push -q ../m.git only && git checkout -q main");

	must(&s, revert(&s, "bad", "main"), REVERT_CONFLICTS);
	assert_str(s.conflicts, "a");
	must(&s, revert(&s, "many", "main"), REVERT_CONFLICTS);
	assert_str(s.conflicts, "f1, f10, f11, f12, f2, f3, f4, f5, f6, f7 and 3 more");
	must(&s, revert(&s, "many", "only"), REVERT_CONFLICTS);
	assert_str(s.conflicts, "odd??name");
	assert_false(repo_branch_exists(s.repo, "aegis/revert-i1"));
}

/* A file where there is a folder now, and the other way round: never a tree with both. */
static void keeps_files_and_folders_apart(void **state)
{
	(void)state;
	SCENE s = scene_of("cd work && echo f >d && git add d && git commit -qm file && git rm -q d && "
			   "git commit -qm gone && git tag gone && mkdir d && echo x >d/x && git add d && "
			   "git commit -qm folder && git tag folder && git rm -qr d && "
			   "git commit -qm away && git tag away && echo f2 >d && git add d && "
			   "git commit -qm again");

	must(&s, revert(&s, "gone", "folder"), REVERT_CONFLICTS);
	must(&s, revert(&s, "away", "main"), REVERT_CONFLICTS);
	assert_false(repo_branch_exists(s.repo, "aegis/revert-i1"));
}

static void finds_nothing(void **state)
{
	(void)state;
	SCENE s = scene_of("cd work && git revert --no-edit bad >/dev/null && "
			   "git commit -q --allow-empty -m nothing && git tag nothing");

	must(&s, revert(&s, "bad", "main"), REVERT_NOTHING);
	must(&s, revert(&s, "nothing", "main"), REVERT_NOTHING);
	assert_false(repo_branch_exists(s.repo, "aegis/revert-i1"));
}

static void refuses(void **state)
{
	static const char *const mails[] = { "", "a\nparent x", "<a@b>", "a\x7f", "\xff" };
	const char *bad, *head;

	(void)state;
	SCENE s = scene_of("cd work && git branch side one && git checkout -q side && echo s >s && "
			   "git add s && git commit -qm s && git push -q ../m.git side && git checkout -q main");
	bad = sha(&s, "bad");
	head = sha(&s, "main");
	must_fail(&s, revert(&s, "side", "main"), ERR_GONE);
	assert_non_null(strstr(s.e.text, "not in the history"));
	must_fail(&s, revert(&s, "main", "bad"), ERR_GONE);
	must_fail(&s, revert(&s, "one", "main"), ERR_INPUT);
	must_fail(&s, revert_as(&s, "main", head, "aegis/revert-i1", STR_NONE), ERR_INPUT);
	must_fail(&s, revert_as(&s, bad, "", "aegis/revert-i1", STR_NONE), ERR_INPUT);
	must_fail(&s, revert_as(&s, sha(&s, "main^{tree}"), head, "aegis/revert-i1", STR_NONE), ERR_GONE);
	must_fail(&s, revert_as(&s, "1111111111111111111111111111111111111111", head, "aegis/revert-i1",
				STR_NONE), ERR_GONE);
	must_fail(&s, revert_as(&s, bad, head, "a..b", STR_NONE), ERR_INPUT);
	must_fail(&s, revert_as(&s, bad, head, "main/x", STR_NONE), ERR_DENIED);
	must_fail(&s, revert_as(&s, bad, head, "side", STR_NONE), ERR_DENIED);
	for (size_t i = 0; i < sizeof(mails) / sizeof(mails[0]); i++) {
		s.mail = mails[i];
		must_fail(&s, revert(&s, "bad", "main"), ERR_INPUT);
	}
	s.mail = NULL;
	assert_false(repo_branch_exists(s.repo, "aegis/revert-i1"));
	/* a shallow clone knows the head, but not what was before it */
	repo_close(&s.repo);
	shell(&s.arena, &s.folder, "git clone -q --bare --depth 1 file://$PWD/work s.git");
	assert_true(remote_open(arena_printf(&s.arena, "%s/s.git", s.folder.path), &s.repo, &s.e));
	must_fail(&s, revert_as(&s, head, head, "aegis/revert-i1", STR_NONE), ERR_GONE);
	must_fail(&s, revert_as(&s, bad, head, "aegis/revert-i1", STR_NONE), ERR_GONE);
}

static void knows_its_own_branch(void **state)
{
	static const char own[] = "7+aegis[bot]@users.noreply.github.com";

	(void)state;
	SCENE s = scene_of(NULL);
	/* made before we knew our account: still ours, and the other way round not */
	must(&s, revert(&s, "main", "main"), REVERTED);
	s.mail = own;
	must(&s, revert(&s, "bad", "main"), REVERTED);
	assert_str(shell(&s.arena, &s.folder,
			 "git -C m.git log -1 --format='%an <%ae> %cn <%ce>' aegis/revert-i1"),
		   "aegis[bot] <7+aegis[bot]@users.noreply.github.com> aegis[bot] "
		   "<7+aegis[bot]@users.noreply.github.com>\n");
	must(&s, revert(&s, "main", "main"), REVERTED);
	s.mail = NULL;
	must_fail(&s, revert(&s, "bad", "main"), ERR_DENIED);
	s.mail = "8+other[bot]@users.noreply.github.com";
	must_fail(&s, revert(&s, "bad", "main"), ERR_DENIED);
	s.mail = own;
	s.incident = "i2";
	must_fail(&s, revert(&s, "bad", "main"), ERR_DENIED);
	s.incident = NULL;
	must_fail(&s, revert(&s, "bad", "main"), ERR_DENIED);
	/* a person's work on top, also with our trailer */
	s.incident = "i1";
	shell(&s.arena, &s.folder, "cd m.git && git update-ref refs/heads/aegis/revert-i1 $(git commit-tree "
	      "-p aegis/revert-i1 -m 'mine\n\nAegis-Incident: i1' main^{tree})");
	must_fail(&s, revert(&s, "bad", "main"), ERR_DENIED);
	assert_non_null(strstr(s.e.text, "not ours"));
}

static void messages_are_clean(void **state)
{
	static const char *const subjects[][2] = {
		{ "Fix it [skip ci]", "Revert \"Fix it (skip ci]\"" },
		{ "Revert \"x\"", "Revert \"Revert \"x\"\"" },
		{ "123456789 123456789 123456789 123456789 123456789 123456789 12",
		  "Revert \"123456789 123456789 123456789 123456789 123456789 123456789 12\"" },
		{ "123456789 123456789 123456789 123456789 123456789 123456789 1234",
		  "Revert \"123456789 123456789 123456789 123456789 123456789 123456789...\"" },
		{ "123456789 123456789 123456789 123456789 123456789 123456789\303\244\303\244\303\244",
		  "Revert \"123456789 123456789 123456789 123456789 123456789 123456789...\"" },
		{ "a\x1b[31m\xe2\x80\xae" "b", "Revert \"a [31mb\"" },
	};

	(void)state;
	SCENE s = scene_of(NULL);
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		write_file(&s.folder, "subject", str_of(subjects[i][0]));
		shell(&s.arena, &s.folder, "cd work && echo x >>new && git commit -qaF ../subject "
		      "--cleanup=verbatim && git push -q ../m.git main");
		must(&s, revert_as(&s, sha(&s, "main"), sha(&s, "main"), "aegis/revert-i1",
				   STR("Aegis-Incident: i9\n\nA: b")), REVERTED);
		assert_str(shell(&s.arena, &s.folder, "git -C m.git log -1 --format=%s aegis/revert-i1"),
			   arena_printf(&s.arena, "%s\n", subjects[i][1]));
	}
	assert_str(shell(&s.arena, &s.folder,
			 "git -C m.git log -1 --format='%(trailers:only)' aegis/revert-i1"),
		   "Aegis-Incident: i1\n\n");
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* In a child, which says when it starts and is killed so many nanoseconds later; -1: when it is done. */
static void revert_and_die(struct scene *s, const char *commit, const char *onto,
			   const char *branch, int64_t after_ns)
{
	struct timespec wait = { after_ns / 1000000000, after_ns % 1000000000 };
	int status, ready[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (write(ready[1], "x", 1) == 1 && revert_as(s, commit, onto, branch, STR_NONE) &&
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

/* Killed at thirty places of its way, each time with objects that are not there yet. */
static void kills(void **state)
{
	int made = 0, not_made = 0;
	int64_t whole_ns = 0, from;
	struct str before;

	(void)state;
	SCENE s = scene_of(NULL);
	for (int round = 0; round <= 30; round++) {
		const char *branch = arena_printf(&s.arena, "aegis/revert-%d", round), *head;

		shell(&s.arena, &s.folder, arena_printf(&s.arena,
		      "cd work && for d in 1 2 3; do mkdir -p d$d && echo %d >>d$d/f; done && git add . && "
		      "git commit -qm c && sed -i 1s/^/%d/ a && git commit -qam d && "
		      "git push -q ../m.git main", round, round));
		head = sha(&s, "main");
		before = shell(&s.arena, &s.folder, rest);
		if (round) {
			revert_and_die(&s, sha(&s, "main~1"), head, branch,
				       round == 30 ? -1 : whole_ns * (round - 1) / 29);
			repo_branch_exists(s.repo, branch) ? made++ : not_made++;
		}
		assert_str(shell(&s.arena, &s.folder, rest), str_text(&s.arena, before));
		shell(&s.arena, &s.folder, "git -C m.git fsck --strict --no-dangling 2>&1 >/dev/null");
		from = now_ns();
		must(&s, revert_as(&s, sha(&s, "main~1"), head, branch, STR_NONE), REVERTED);
		if (!round)
			whole_ns = now_ns() - from;
	}
	print_message("killed 30 times: branch there %d, not there %d\n", made, not_made);
	assert_true(made > 0 && not_made > 0);
}

/*
 * Forty commits that change, add, delete, move and re-add lines and files by a fixed rule; each is
 * undone by git and by us. Where git finds a tree, we find the same or ask a person.
 */
static const char history[] =
	"cd work && i=0 && while [ $i -lt 40 ]; do i=$((i+1)); k=$((i*7%5)); f=f$((i*3%6)); "
	"case $k in "
	"0) seq $i $((i+30)) >$f;; "
	"1) [ -f $f ] && sed -i \"$((i%25+2))s/.*/line $i/\" $f || seq $i 60 >$f;; "
	"2) [ -f $f ] && git mv -f $f g$((i%4)) || echo $i >$f;; "
	"3) [ -f g$((i%4)) ] && sed -i \"$((i%20+1))d\" g$((i%4)) || printf 'x\\n' >>a;; "
	"4) [ -f $f ] && rm $f || { seq 9 50; echo $i; } >$f; chmod +x a;; "
	"esac; git add -A; git commit -q --allow-empty -m \"c $i\"; done";

static const char by_git[] =
	"cd work && for c in $(git rev-list later..main); do git reset -q --hard main; "
	"if git -c merge.directoryRenames=false revert -n $c >/dev/null 2>&1; "
	"then echo $c $(git write-tree); else echo $c -; fi; git revert --quit; done; "
	"git reset -q --hard main";

static void agrees_with_git(void **state)
{
	struct str lines, line, commit, tree;
	int same = 0, conflicts = 0, careful = 0;
	const char *head;

	(void)state;
	SCENE s = scene_of(history);
	lines = shell(&s.arena, &s.folder, by_git);
	head = sha(&s, "main");
	while (str_next_line(&lines, &line)) {
		assert_true(str_split(line, " ", &commit, &tree));
		if (!revert_as(&s, str_text(&s.arena, commit), head, "aegis/revert-i1", STR_NONE))
			fail_msg("%s", s.e.text);
		if (s.out == REVERT_CONFLICTS) {
			str_is(tree, "-") ? conflicts++ : careful++;
			continue;
		}
		if (s.out == REVERT_NOTHING)
			assert_str(tree, sha(&s, "main^{tree}"));
		else
			assert_str(tree, sha(&s, "aegis/revert-i1^{tree}"));
		same++;
	}
	print_message("of 40 commits: %d as git does it, %d conflicts of both, %d of ours alone\n", same,
		      conflicts, careful);
	assert_int_equal(same + conflicts + careful, 40);
	assert_true(same >= 10 && conflicts >= 5 && careful <= 2);
	shell(&s.arena, &s.folder, "git -C m.git fsck --strict --no-dangling 2>&1");
}

static void speed(void **state)
{
	double ms;
	int64_t from;
	const char *bad, *head;

	(void)state;
	SCENE s = scene_of("cd work && for d in $(seq 100); do mkdir -p src/d$d; for f in $(seq 50); do "
			   "echo $d.$f >src/d$d/file_$f.c; done; done; git add . && git commit -qm x && "
			   "echo y >>src/d7/file_7.c && git commit -qam y && git tag y && "
			   "for i in $(seq 50); do git commit -q --allow-empty -m $i; done");
	bad = sha(&s, "y");
	head = sha(&s, "main");
	from = now_ns();
	must(&s, revert_as(&s, bad, head, "aegis/revert-i1", STR_NONE), REVERTED);
	ms = (double)(now_ns() - from) / 1e6;
	print_message("5,000 files: revert %.2f ms\n", ms);
	assert_true(ms < 2000);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(reverts), cmocka_unit_test(leaves_a_work_tree_alone),
		cmocka_unit_test(reverts_merges),
		cmocka_unit_test(finds_conflicts), cmocka_unit_test(keeps_files_and_folders_apart),
		cmocka_unit_test(finds_nothing), cmocka_unit_test(refuses),
		cmocka_unit_test(knows_its_own_branch), cmocka_unit_test(messages_are_clean),
		cmocka_unit_test(kills), cmocka_unit_test(agrees_with_git), cmocka_unit_test(speed),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

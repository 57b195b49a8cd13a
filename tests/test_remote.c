/* git/remote against git's own HTTP server and over file://, with servers that are wrong. */
#include "git/remote.h"

#include "bot/base/clock.h"
#include "bot/base/file.h"
#include "git/patch.h"
#include "tests/http_unit.h"
#include "tests/unit.h"
#include "tests/repository.h"

static struct http_server server, tls;
static struct folder origin;		/* holds project.git, and "work" to push from */
static char script[200], pem_path[100];

static int start(void **state)
{
	ARENA a = {0};

	(void)state;
	origin = folder_new();
	shell(&a, &origin,
	      "git init -q --bare -b main project.git; git -C project.git config http.receivepack true; "
	      "git init -q -b main work; cd work; echo one > a.txt; git add .; git commit -qm one; "
	      "git branch x; git push -q ../project.git main x HEAD:refs/pull/7/head");
	snprintf(pem_path, sizeof(pem_path), "%s/server.pem", origin.path);
	/* 127.1 is a name and no address for a certificate, and is found without /etc/hosts. */
	http_write_certificate(pem_path, "DNS:127.1");
	http_server_start(&server, "python3", "tests/git_server.py", origin.path, NULL);
	http_server_start(&tls, "python3", "tests/git_server.py", origin.path, pem_path);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	http_server_stop(&server);
	http_server_stop(&tls);
	folder_close(&origin);
	return 0;
}

static struct remote remote_of(struct arena *a, const struct folder *folder, const char *kind)
{
	return (struct remote){
		.mirror = arena_printf(a, "%s/mirrors/project.git", folder->path),
		.url = arena_printf(a, "http://127.0.0.1:%u/%s/project.git", server.port, kind),
		.token = STR("s3cret"), .total_ms = 20000,
	};
}

static const char *tip(struct arena *a, const char *ref)
{
	snprintf(script, sizeof(script), "git -C project.git rev-parse -q --verify %s || true", ref);
	return str_text(a, str_trim(shell(a, &origin, script)));
}

static void fetches(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct remote remote = remote_of(&a, &folder, "good");
	const uint64_t pulls[] = { 7, 8 };
	const struct repo_tree *tree;
	char commit[REPO_ID_SIZE];
	struct str text;

	(void)state;
	{
		REPO none = NULL;
		assert_false(remote_open(remote.mirror, &none, &e));
		assert_int_equal(e.kind, ERR_GONE);
	}
	if (!remote_fetch(&remote, pulls, 2, &e))
		fail_msg("%s", e.text);
	REPO repo = NULL;
	assert_true(remote_open(remote.mirror, &repo, &e));
	assert_true(remote_branch(repo, "main", commit, &e));
	assert_string_equal(commit, tip(&a, "main"));
	assert_true(remote_branch(repo, "x", commit, &e));
	assert_true(remote_pull(repo, 7, commit, &e));
	assert_false(remote_pull(repo, 8, commit, &e));
	assert_int_equal(e.kind, ERR_GONE);
	assert_true(repo_tree(repo, commit, &a, &tree, &e));
	assert_int_equal(tree->view.count, 1);
	assert_null(tree->view.folder);
	assert_true(repo_blob(repo, commit, "a.txt", 100, &a, &text, &e));
	assert_str(text, "one\n");
	/* No secret, no address and nothing of ours stays in the mirror's settings. */
	assert_false(str_has(shell(&a, &folder, "grep -r s3cret mirrors || true"), "s3cret"));
	remote.url = remote_of(&a, &folder, "renamed").url;
	assert_true(remote_fetch(&remote, NULL, 0, &e));
	/* Branches that are gone go, also when their name is now a folder. */
	shell(&a, &origin, "cd project.git; git branch -D x; git branch x/y main");
	assert_true(remote_fetch(&remote, NULL, 0, &e));
	assert_true(remote_branch(repo, "x/y", commit, &e));
	assert_false(remote_branch(repo, "x", commit, &e));
	shell(&a, &origin, "cd project.git; git branch -D x/y; git branch x main");
}

static void recovers(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct remote remote = remote_of(&a, &folder, "good");
	char commit[REPO_ID_SIZE];

	(void)state;
	/* One that was killed while it made the mirror; and one that is still at it. */
	shell(&a, &folder, "mkdir -p mirrors/project.git.new-0123 mirrors/project.git.new-4567/refs; "
	      "flock mirrors/project.git.new-4567 sleep 5 >/dev/null 2>&1 & sleep 0.3");
	assert_true(remote_fetch(&remote, NULL, 0, &e));
	assert_str(str_trim(shell(&a, &folder, "ls mirrors")), "project.git\nproject.git.new-4567");
	/* What a killed fetch leaves. */
	shell(&a, &folder, "cd mirrors/project.git; touch refs/remotes/origin/main.lock "
	      "objects/pack/pack_git2_abc; touch -d '2 minutes ago' packed-refs.lock");
	shell(&a, &origin, "cd work; git checkout -q main; git commit -q --allow-empty -m two; "
	      "git push -q ../project.git main");
	assert_true(remote_fetch(&remote, NULL, 0, &e));
	REPO repo = NULL;
	assert_true(remote_open(remote.mirror, &repo, &e));
	assert_true(remote_branch(repo, "main", commit, &e));
	assert_string_equal(commit, tip(&a, "main"));
	assert_str(str_trim(shell(&a, &folder, "find mirrors -name '*git2_*' -o -name '*.lock' | "
		"grep -v aegis.lock || true")), "");
	/* Another fetch holds the mirror. */
	shell(&a, &folder, "flock mirrors/project.git/aegis.lock sleep 2 >/dev/null 2>&1 & sleep 0.3");
	assert_false(remote_fetch(&remote, NULL, 0, &e));
	assert_int_equal(e.kind, ERR_LATER);
}

static void wrong_servers(void **state)
{
	static const struct { const char *kind, *token; enum err_kind error; } list[] = {
		{ "good", "wrong", ERR_DENIED }, { "good", "", ERR_DENIED },
		{ "moved", "s3cret", ERR_GONE }, { "down", "s3cret", ERR_LATER },
		{ "slow", "s3cret", ERR_LATER }, { "drip", "s3cret", ERR_LATER },
	};
	FOLDER folder = folder_new();
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		struct remote remote = remote_of(&a, &folder, list[i].kind);
		int64_t started = clock_monotonic_ms();
		struct err e = ERR_INIT;

		remote.token = str_of(list[i].token);
		remote.total_ms = 1500;
		if (remote_fetch(&remote, NULL, 0, &e))
			fail_msg("%s", list[i].kind);
		if (e.kind != list[i].error)
			fail_msg("%s: %d %s", list[i].kind, e.kind, e.text);
		assert_null(strstr(e.text, "s3cret"));
		assert_true(clock_monotonic_ms() - started < 4000);
	}
}

static void wrong_addresses(void **state)
{
	static const struct { const char *url; enum err_kind kind; } list[] = {
		{ "http://example.com/a.git", ERR_INPUT }, { "ssh://host/a.git", ERR_INPUT },
		{ "git@host:a.git", ERR_INPUT }, { "https://u:p@host/a.git", ERR_INPUT },
		{ "http://127.0.0.1@evil.example/a", ERR_INPUT }, { "/etc", ERR_INPUT },
		{ "http://127.0.0.1:1/a.git", ERR_LATER }, { "file:///nowhere/a.git", ERR_GONE },
		{ "https://127.1:1/a.git", ERR_LATER },
		{ "https://127.0.0.1:1/a.git", ERR_INPUT }, { "https://127.0.0.1/a", ERR_INPUT },
		{ "https://[::1]:1/a.git", ERR_INPUT }, { "https:///a.git", ERR_INPUT },
		{ "https://127.0.0.%31:1/a.git", ERR_INPUT }, { "ext::sh -c id", ERR_INPUT },
	};
	FOLDER folder = folder_new();
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		struct remote remote = remote_of(&a, &folder, "good");
		struct err e = ERR_INIT;

		remote.url = list[i].url;
		assert_false(remote_fetch(&remote, NULL, 0, &e));
		if (e.kind != list[i].kind)
			fail_msg("%s: %d %s", list[i].url, e.kind, e.text);
	}
	struct remote small = remote_of(&a, &folder, "good");
	struct err e = ERR_INIT;
	shell(&a, &origin, "cd work; git checkout -q main; head -c 300000 /dev/urandom > big; "
	      "git add big; git commit -qm big; git push -q ../project.git main");
	small.bytes_most = 100000;
	assert_false(remote_fetch(&small, NULL, 0, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_non_null(strstr(e.text, "too large"));
}

static const char *commit_on(struct arena *a, struct repo *repo, const char *branch,
			     const char *text)
{
	char parent[REPO_ID_SIZE], id[REPO_ID_SIZE];
	struct err e = ERR_INIT;
	const struct repo_tree *tree;
	struct str before;
	struct change change = { .path = "a.txt", .existed = true, .exists = true,
		.mode = ENTRY_FILE };
	struct patch patch = { .changes = &change, .count = 1 };
	struct commit_request request = { .patch = &patch, .branch = branch, .incident = "7",
		.subject = STR("Mend a"), .made_at = 1700000000, .parent = parent };
	const struct trailer trailers[] = { { "Aegis-Incident", "7" }, {0} };

	assert_true(remote_branch(repo, "main", parent, &e));
	assert_true(repo_tree(repo, parent, a, &tree, &e));
	assert_true(repo_blob(repo, parent, "a.txt", 1000, a, &before, &e));
	change.before = before;
	change.after = str_of(text);
	request.trailers = trailers;
	if (!repo_commit(repo, &request, id, &e))
		fail_msg("%s", e.text);
	return arena_strdup(a, id);
}

static enum remote_pushed push(const struct remote *remote, const char *branch,
			       const char *commit, const char *expected, struct str *why,
			       struct arena *a)
{
	const struct remote_push request = { branch, commit, expected };
	enum remote_pushed pushed = REMOTE_LATER;
	struct err e = ERR_INIT;

	if (!remote_push(remote, &request, &pushed, why, a, &e))
		fail_msg("%s", e.text);
	return pushed;
}

static void pushes(void **state)
{
	static const char branch[] = "aegis/fix-7", ref[] = "refs/heads/aegis/fix-7";
	FOLDER folder = folder_new();
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct remote remote = remote_of(&a, &folder, "good"), other;
	const char *first, *second;
	struct str why;

	(void)state;
	assert_true(remote_fetch(&remote, NULL, 0, &e));
	REPO repo = NULL;
	assert_true(remote_open(remote.mirror, &repo, &e));
	first = commit_on(&a, repo, branch, "two\n");
	assert_int_equal(push(&remote, branch, first, first, &why, &a), REMOTE_MOVED);
	assert_string_equal(tip(&a, ref), "");
	assert_int_equal(push(&remote, branch, first, NULL, &why, &a), REMOTE_PUSHED);
	assert_string_equal(tip(&a, ref), first);
	assert_int_equal(push(&remote, branch, first, NULL, &why, &a), REMOTE_PUSHED);
	/* Killed pushes leave a ref and its lock. */
	second = commit_on(&a, repo, branch, "between\n");
	shell(&a, &folder, arena_printf(&a, "cd mirrors/project.git; mkdir -p refs/aegis/push; "
		"touch refs/aegis/push/%s.lock; echo %s > refs/aegis/push/%s", second, first, first));
	assert_int_equal(push(&remote, branch, second, first, &why, &a), REMOTE_PUSHED);
	assert_str(shell(&a, &folder, "cd mirrors/project.git; find refs/aegis -type f"), "");
	first = second;
	/* Made anew, from the place that is expected. */
	second = commit_on(&a, repo, branch, "three\n");
	assert_string_not_equal(first, second);
	assert_int_equal(push(&remote, branch, second, NULL, &why, &a), REMOTE_MOVED);
	assert_int_equal(push(&remote, branch, second, first, &why, &a), REMOTE_PUSHED);
	assert_string_equal(tip(&a, ref), second);
	/* Somebody else was there: hands off. */
	shell(&a, &origin, "cd work; git fetch -q ../project.git aegis/fix-7; git checkout -q FETCH_HEAD; "
	      "git commit -q --allow-empty -m person; git push -q ../project.git HEAD:aegis/fix-7");
	assert_int_equal(push(&remote, branch, first, second, &why, &a), REMOTE_MOVED);
	assert_string_not_equal(tip(&a, ref), first);
	assert_int_equal(push(&remote, branch, NULL, second, &why, &a), REMOTE_MOVED);
	assert_int_equal(push(&remote, branch, NULL, tip(&a, ref), &why, &a), REMOTE_PUSHED);
	assert_string_equal(tip(&a, ref), "");
	other = remote;
	other.token = STR("wrong");
	assert_int_equal(push(&other, branch, first, NULL, &why, &a), REMOTE_DENIED);
	other = remote_of(&a, &folder, "slow");
	other.total_ms = 1000;
	assert_int_equal(push(&other, branch, first, NULL, &why, &a), REMOTE_LATER);
	assert_string_equal(tip(&a, ref), "");
}

static void refused_pushes(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct remote remote = remote_of(&a, &folder, "good");
	enum remote_pushed pushed;
	const char *commit;
	struct str why;

	(void)state;
	assert_true(remote_fetch(&remote, NULL, 0, &e));
	REPO repo = NULL;
	assert_true(remote_open(remote.mirror, &repo, &e));
	commit = commit_on(&a, repo, "aegis/fix-8", "no\n");
	shell(&a, &origin, "cd project.git; printf '#!/bin/sh\\necho no >&2; exit 1\\n' > hooks/update; "
	      "chmod +x hooks/update");
	assert_int_equal(push(&remote, "aegis/fix-8", commit, NULL, &why, &a), REMOTE_REJECTED);
	assert_true(str_has(why, "hook declined"));
	/* A hook that lets another push through in between: the server compares again. */
	shell(&a, &origin, "cd project.git; cat > hooks/update <<'X'\n#!/bin/sh\n"
	      "unset GIT_QUARANTINE_PATH; git update-ref refs/heads/aegis/fix-8 main\nX\n");
	assert_int_equal(push(&remote, "aegis/fix-8", commit, NULL, &why, &a), REMOTE_MOVED);
	assert_string_equal(tip(&a, "refs/heads/aegis/fix-8"), tip(&a, "main"));
	shell(&a, &origin, "rm project.git/hooks/update; git -C project.git branch -D aegis/fix-8");
	static const struct remote_push wrong[] = {
		{ "main", "1234567890123456789012345678901234567890", NULL },
		{ "aegis/../main", "1234567890123456789012345678901234567890", NULL },
		{ "aegis/fix-8", "main", NULL }, { "aegis/fix-8", NULL, NULL },
		{ "aegis/fix-8", "1234567890123456789012345678901234567890", "main" },
		{ "aegis/a:refs/heads/main", "1234567890123456789012345678901234567890", NULL },
		{ "aegis/fix-8", "1234567890123456789012345678901234567890", NULL },
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_false(remote_push(&remote, &wrong[i], &pushed, &why, &a, &e));
		assert_int_equal(e.kind, ERR_INPUT);
	}
}

static void over_files(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct remote remote = remote_of(&a, &folder, "good");
	const char *commit;
	struct str why;

	(void)state;
	remote.url = arena_printf(&a, "file://%s/project.git", origin.path);
	remote.token = STR_NONE;
	if (!remote_fetch(&remote, NULL, 0, &e))
		fail_msg("%s", e.text);
	REPO repo = NULL;
	assert_true(remote_open(remote.mirror, &repo, &e));
	commit = commit_on(&a, repo, "aegis/fix-9", "four\n");
	assert_int_equal(push(&remote, "aegis/fix-9", commit, NULL, &why, &a), REMOTE_PUSHED);
	assert_string_equal(tip(&a, "refs/heads/aegis/fix-9"), commit);
}

static void certificates(void **state)
{
	FOLDER folder = folder_new();
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct remote remote = remote_of(&a, &folder, "good");

	(void)state;
	remote.url = arena_printf(&a, "https://127.1:%u/good/project.git", tls.port);
	assert_false(remote_fetch(&remote, NULL, 0, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	assert_non_null(strstr(e.text, "certificate"));
	remote.ca_file = pem_path;
	if (!remote_fetch(&remote, NULL, 0, &e))
		fail_msg("%s", e.text);
	/* The same server by another name. */
	remote.url = arena_printf(&a, "https://127.0.1:%u/good/project.git", tls.port);
	assert_false(remote_fetch(&remote, NULL, 0, &e));
	assert_int_equal(e.kind, ERR_DENIED);
	assert_non_null(strstr(e.text, "certificate"));
	remote.url = arena_printf(&a, "https://127.1:%u/good/project.git", tls.port);
	remote.ca_file = "/nowhere.pem";
	assert_false(remote_fetch(&remote, NULL, 0, &e));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(fetches), cmocka_unit_test(recovers),
		cmocka_unit_test(wrong_servers), cmocka_unit_test(wrong_addresses),
		cmocka_unit_test(pushes), cmocka_unit_test(refused_pushes),
		cmocka_unit_test(over_files), cmocka_unit_test(certificates),
	};

	if (remote_is_child(argc, argv))
		return remote_child();
	return cmocka_run_group_tests(list, start, stop);
}

/* git/repo_branch: who commits, and whose a branch is then. The rest of it is in test_repo_commit. */
#include "git/repo.h"

#include "tests/unit.h"
#include "tests/repository.h"

#define OWN "7+aegis[bot]@users.noreply.github.com"

static bool commit_as(struct arena *a, const struct folder *folder, const char *name,
		      const char *mail, const char *text, struct err *e)
{
	const struct trailer trailers[] = { { "Aegis-Incident", "i1" }, { NULL, NULL } };
	struct commit_request request = {
		.branch = "fix", .trailers = trailers, .incident = "i1", .made_at = 1700000000,
		.author_name = name, .author_mail = mail,
	};
	const struct repo_tree *tree;
	struct repo_head head;
	struct patch patch = {0};
	char id[REPO_ID_SIZE];
	REPO repo = NULL;

	if (!repo_open(arena_printf(a, "%s/r", folder->path), &repo, e) ||
	    !repo_head(repo, &head, e) || !repo_tree(repo, head.commit, a, &tree, e) ||
	    !patch_put(&patch, a, &tree->view, "a", str_of(text), e))
		fail_msg("%s", e->text);
	request.parent = head.commit;
	request.patch = &patch;
	return repo_commit(repo, &request, id, e);
}

/* In this order on one branch: each follows what those before it left there. */
static void authors(void **state)
{
	static const struct { const char *name, *mail; enum err_kind error; } list[] = {
		{ NULL, NULL, ERR_NONE }, { "aegis[bot]", NULL, ERR_NONE },
		{ "aegis[bot]", OWN, ERR_NONE }, { "b", "other@example.com", ERR_DENIED },
		{ "a\nparent 1", OWN, ERR_INPUT }, { "a<b", OWN, ERR_INPUT },
		{ "", OWN, ERR_INPUT }, { "a", "a@b\n", ERR_INPUT }, { "a", "", ERR_INPUT },
		{ "a", "a@b>", ERR_INPUT }, { NULL, NULL, ERR_DENIED },
		{ "aegis[bot]", OWN, ERR_NONE },
	};
	ARENA a = {0};
	FOLDER folder = folder_new();

	(void)state;
	shell(&a, &folder, "git init -q -b main r && cd r && echo one >a && git add a && git commit -qm one");
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		const char *name = list[i].name ? list[i].name : REPO_AUTHOR_NAME;
		const char *mail = list[i].mail ? list[i].mail : REPO_AUTHOR_MAIL;
		struct err e = ERR_INIT;

		commit_as(&a, &folder, list[i].name, list[i].mail, arena_printf(&a, "%zu\n", i), &e);
		if (e.kind != list[i].error)
			fail_msg("%zu: %d %s", i, e.kind, e.text);
		if (e.kind == ERR_NONE)
			assert_str(shell(&a, &folder,
					 "git -C r log -1 --format='%an %ae %cn %ce' fix && git -C r show fix:a"),
				   arena_printf(&a, "%s %s %s %s\n%zu\n", name, mail, name, mail, i));
	}
	shell(&a, &folder, "git -C r fsck --strict --no-dangling 2>&1");
}

int main(void)
{
	const struct CMUnitTest list[] = { cmocka_unit_test(authors) };

	return cmocka_run_group_tests(list, NULL, NULL);
}

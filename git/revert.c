/*
 * Undoes a commit by a merge of three trees: from the commit to its parent, on top of another one.
 * Renames since then are followed as git follows them. Does not solve conflicts, does not undo
 * several commits at once, and does not ask whether undoing is wise.
 */
#include "git/revert.h"

#include "git/character.h"
#include "git/repo_private.h"

enum { CONFLICTS_SHOWN = 10, PATH_SHOWN = 200 };

static void free_index(git_index **index)
{
	git_index_free(*index);
}

static void free_conflicts(git_index_conflict_iterator **conflicts)
{
	git_index_conflict_iterator_free(*conflicts);
}

/* A path may hold anything but NUL; what a person would not see, or misread, becomes '?'. */
static void add_path(struct text *t, const char *path)
{
	struct str rest = str_of(path), from;
	size_t start = t->size;
	uint32_t code;

	while (rest.size) {
		from = rest;
		if (!character_next(&rest, &code)) {
			rest = str_from(rest, 1);
			code = 0;
		}
		from = str_slice(from, 0, from.size - rest.size);
		if (t->size - start + from.size > PATH_SHOWN) {
			text_adds(t, "...");
			return;
		}
		text_add(t, character_is_control(code) || character_is_hidden(code) ? STR("?")
										     : from);
	}
}

static bool name_conflicts(git_index *index, struct arena *a, struct str *out, struct err *e)
{
	__attribute__((cleanup(free_conflicts))) git_index_conflict_iterator *conflicts = NULL;
	const git_index_entry *base, *ours, *theirs;
	struct text t = TEXT(a);
	size_t count = 0;
	int result = git_index_conflict_iterator_new(&conflicts, index);

	if (result < 0)
		return library_fail(e, result, "listing the conflicts");
	while (!(result = git_index_conflict_next(&base, &ours, &theirs, conflicts))) {
		if (count++ >= CONFLICTS_SHOWN)
			continue;
		text_adds(&t, count > 1 ? ", " : "");
		add_path(&t, ours ? ours->path : theirs ? theirs->path : base->path);
	}
	if (result != GIT_ITEROVER)
		return library_fail(e, result, "listing the conflicts");
	if (count > CONFLICTS_SHOWN)
		text_addf(&t, " and %zu more", count - CONFLICTS_SHOWN);
	*out = text_str(&t);
	return true;
}

/* libgit2 1.7 shows the last commit of a shallow history without the parents that it names. */
static bool names_a_parent(const git_commit *commit)
{
	__attribute__((cleanup(git_buf_dispose))) git_buf parent = {0};

	return git_commit_header_field(&parent, commit, "parent") >= 0;
}

/* Undoing what was never there would at best do nothing, at worst take something else away. */
static bool check_part_of(struct repo *repo, const git_commit *commit, const git_commit *onto, struct err *e)
{
	const git_oid *part = git_commit_id(commit), *whole = git_commit_id(onto);
	int found = git_oid_equal(part, whole);

	if (!found)
		found = git_graph_descendant_of(repo->handle, whole, part);
	if (found < 0)
		return library_fail(e, found, "looking through the history");
	if (!found)
		return fail(e, ERR_GONE, "the commit %.10s is not in the history of what it should "
			    "be taken back from", git_oid_tostr_s(part));
	if (!git_commit_parentcount(commit) && names_a_parent(commit))
		return fail(e, ERR_GONE, "what was before the commit %.10s is not here",
			    git_oid_tostr_s(part));
	if (!git_commit_parentcount(commit))
		return fail(e, ERR_INPUT, "the first commit of a repository cannot be undone");
	return true;
}

/* The tree without what the commit did, or why there is none. */
static bool undo(struct repo *repo, git_commit *commit, git_commit *onto, struct arena *a,
		 git_oid *tree, enum reverted *out, struct str *conflicts, struct err *e)
{
	__attribute__((cleanup(free_index))) git_index *index = NULL;
	unsigned mainline = git_commit_parentcount(commit) > 1;
	int result = git_revert_commit(&index, repo->handle, commit, onto, mainline, NULL);

	if (result < 0)
		return library_fail(e, result, "undoing the commit");
	if (git_index_has_conflicts(index)) {
		*out = REVERT_CONFLICTS;
		return name_conflicts(index, a, conflicts, e);
	}
	result = git_index_write_tree_to(tree, index, repo->handle);
	if (result < 0)
		return library_fail(e, result, "writing the trees");
	*out = git_oid_equal(tree, git_commit_tree_id(onto)) ? REVERT_NOTHING : REVERTED;
	return true;
}

bool revert_tree(struct repo *repo, const char *commit, const char *onto, struct arena *a,
		 git_oid *tree, enum reverted *out, struct str *conflicts, struct err *e)
{
	HANDLE(git_commit, repo_free_commit) undone = NULL;
	HANDLE(git_commit, repo_free_commit) base = NULL;

	return repo_find_commit(repo, commit, &undone, e) &&
	       repo_find_commit(repo, onto, &base, e) && check_part_of(repo, undone, base, e) &&
	       undo(repo, undone, base, a, tree, out, conflicts, e);
}

/* Cut so that the closing quote stays in the line; the marks of CI are broken by commit_message. */
static struct str subject_of(struct arena *a, git_commit *commit)
{
	const size_t most = SUBJECT_BYTES - strlen("Revert \"\"");
	const char *summary = git_commit_summary(commit);
	struct str subject = str_trim(str_of(summary ? summary : ""));
	const char *rest = "";

	if (subject.size > most) {
		size_t size = most - strlen("...");

		while (size && ((unsigned char)subject.at[size] & 0xc0) == 0x80)
			size--;
		subject = str_trim_right(str_slice(subject, 0, size));
		rest = "...";
	}
	return str_of(arena_printf(a, "Revert \"%.*s%s\"", STR_ARG(subject), rest));
}

static const char *message_of(struct arena *a, const struct revert_request *request,
			      git_commit *commit)
{
	struct text body = TEXT(a);

	text_add(&body, request->body);
	text_addf(&body, "\n\nThis reverts commit %s.\n", git_oid_tostr_s(git_commit_id(commit)));
	return commit_message(a, subject_of(a, commit), text_str(&body), request->trailers);
}

static bool revert(struct repo *repo, const struct revert_request *request, struct arena *a,
		   enum reverted *out, struct str *conflicts, char id[REPO_ID_SIZE],
		   struct err *e)
{
	HANDLE(git_commit, repo_free_commit) commit = NULL;
	HANDLE(git_commit, repo_free_commit) onto = NULL;
	enum reverted found = REVERTED;
	ARENA scratch = {0};
	struct landing landing = {
		.branch = request->branch, .incident = request->incident, .note = "aegis: revert",
		.author_name = request->author_name, .author_mail = request->author_mail,
		.made_at = request->made_at,
	};

	if (!repo_land_check(repo, &landing, e) ||
	    !repo_find_commit(repo, request->commit, &commit, e) ||
	    !repo_find_commit(repo, request->onto, &onto, e) ||
	    !check_part_of(repo, commit, onto, e) ||
	    !undo(repo, commit, onto, a, &landing.tree, &found, conflicts, e))
		return false;
	landing.parent = onto;
	landing.message = message_of(&scratch, request, commit);
	if (found == REVERTED && !repo_land(repo, &landing, id, e))
		return false;
	*out = found;
	return true;
}

bool repo_revert(struct repo *repo, const struct revert_request *request, struct arena *a,
		 enum reverted *out, struct str *conflicts, char id[REPO_ID_SIZE], struct err *e)
{
	return revert(repo, request, a, out, conflicts, id, e) ||
	       fail_while(e, "reverting %.10s", request->commit);
}

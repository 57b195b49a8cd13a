/*
 * What of a proof can be seen without a run: its commits, their trees, and that the fix lies right on
 * top of its base.
 */
#include "bot/prove.h"

#include "bot/verify.h"
#include "git/history.h"

#include <stdarg.h>

void prove_claim(struct proving *out, struct arena *a, const char *name, enum claim_state state,
		 const char *why, ...)
{
	va_list args;

	va_start(args, why);
	arena_push(a, out->claims, out->count) =
		(struct claim){ name, state, arena_vprintf(a, why, args) };
	va_end(args);
	if (state > out->state)
		out->state = state;
}

/* Is the commit here with this tree? *parent is set when it is here. */
static bool is_there(struct repo *repo, const char *name, const struct proof_state *state,
		     struct arena *a, struct proving *out, char parent[REPO_ID_SIZE])
{
	char tree[REPO_ID_SIZE];
	struct err why = ERR_INIT;

	parent[0] = '\0';
	if (!repo_has_commit(repo, state->commit) ||
	    !history_ids(repo, state->commit, tree, parent, &why)) {
		prove_claim(out, a, name, CLAIM_UNKNOWN, "the commit %.12s is not here", state->commit);
		return false;
	}
	if (strcmp(tree, state->tree) != 0) {
		prove_claim(out, a, name, CLAIM_FAILS, "the commit %.12s has the tree %.12s, not %.12s",
			    state->commit, tree, state->tree);
		return false;
	}
	return true;
}

/* Of a proof by reading: what was read is what lies between the two commits, and it can be parsed. */
static bool look_files(const struct prove_job *job, struct repo *repo, struct arena *a,
		       struct proving *out, struct err *e)
{
	const struct proof *proof = job->proof;
	const struct repo_tree *before;
	struct jail_file *files;
	size_t count;

	if (!history_files(repo, proof->base.commit, proof->fixed.commit, a, &files, &count, e) ||
	    !repo_tree(repo, proof->base.commit, a, &before, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct change change = { .path = files[i].path, .exists = files[i].exists,
					 .after = files[i].text };
		bool listed = false;

		change.existed = tree_read(&before->view, a, change.path, &change.before);
		for (size_t k = 0; k < proof->read_count && !listed; k++)
			listed = !strcmp(proof->read[k], change.path);
		if (!listed && count <= PROOF_READ_MOST) {
			prove_claim(out, a, "files", CLAIM_FAILS, "the fix changes %s, which the proof does "
				    "not name", change.path);
			return true;
		}
		if (change.exists && !verify_parses(&change, a)) {
			prove_claim(out, a, "files", CLAIM_FAILS, "%s cannot be parsed", change.path);
			return true;
		}
	}
	prove_claim(out, a, "files", CLAIM_HOLDS, "%zu changed file%s, read and parsed", count,
		    count == 1 ? "" : "s");
	return true;
}

static void look_head(const struct prove_job *job, struct arena *a, struct proving *out)
{
	const char *commit = job->proof->fixed.commit;

	if (!job->head || !commit)
		return;
	if (strcmp(job->head, commit) != 0)
		prove_claim(out, a, "head", CLAIM_FAILS, "the head of the pull request is %.12s now, and "
			    "the proof is of %.12s", job->head, commit);
	else
		prove_claim(out, a, "head", CLAIM_HOLDS, "the head of the pull request is the proven "
			    "commit");
}

bool prove_commits(const struct prove_job *job, struct repo *repo, struct arena *a, struct proving *out,
		   bool *base, bool *fixed, struct err *e)
{
	const struct proof *proof = job->proof;
	char parent[REPO_ID_SIZE];

	look_head(job, a, out);
	*fixed = false;
	*base = is_there(repo, "base", &proof->base, a, out, parent);
	if (*base)
		prove_claim(out, a, "base", CLAIM_HOLDS, "%.12s with the tree %.12s", proof->base.commit,
			    proof->base.tree);
	if (!proof->fixed.commit) {
		prove_claim(out, a, "fixed", CLAIM_UNKNOWN, "nothing was committed: it was a dry run");
		return true;
	}
	if (!is_there(repo, "fixed", &proof->fixed, a, out, parent))
		return true;
	if (strcmp(parent, proof->base.commit) != 0) {
		prove_claim(out, a, "fixed", CLAIM_FAILS, "%.12s does not lie on top of the base",
			    proof->fixed.commit);
		return true;
	}
	prove_claim(out, a, "fixed", CLAIM_HOLDS, "%.12s with the tree %.12s, on top of the base",
		    proof->fixed.commit, proof->fixed.tree);
	*fixed = true;
	return !proof->by_reading || !*base || look_files(job, repo, a, out, e);
}

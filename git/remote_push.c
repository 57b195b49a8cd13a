/*
 * The child's push of one branch: looks where it is, goes on only when that is the expected place,
 * and tells the server to compare again. A branch that is already where it should be is done.
 */
#include "git/remote_private.h"

#include "bot/base/kill_point.h"

static void free_repository(git_repository **repository)
{
	git_repository_free(*repository);
}

static void free_remote(git_remote **remote)
{
	git_remote_free(*remote);
}

/* Where the branch is over there; "" when it is not. */
static bool place_of(struct remote_state *state, git_remote *remote, const char *name,
		     char place[REPO_ID_SIZE])
{
	const git_remote_head **heads;
	size_t count;
	int result = git_remote_ls(&heads, &count, remote);

	if (result < 0) {
		remote_fail(state, result, "listing the branches");
		return false;
	}
	place[0] = '\0';
	for (size_t i = 0; i < count; i++)
		if (!strcmp(heads[i]->name, name))
			git_oid_tostr(place, REPO_ID_SIZE, &heads[i]->oid);
	return true;
}

static void upload(struct remote_state *state, git_remote *remote, const char *refspec)
{
	git_push_options options;
	char *one = arena_strdup(state->arena, refspec);
	const git_strarray refspecs = { &one, 1 };
	int result;

	git_push_options_init(&options, GIT_PUSH_OPTIONS_VERSION);
	remote_callbacks(state, &options.callbacks);
	options.pb_parallelism = 1;
	options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
	result = git_remote_upload(remote, &refspecs, &options);
	if (result < 0)
		remote_fail(state, result, "sending");
	else if (state->rejection)
		remote_end(state, END_REJECTED, state->rejection);
}

/*
 * libgit2 pushes refs only, and the branch here may have moved on: the commit gets a ref of its own
 * for the time. '+': a branch of ours is made anew when the base moves; its place is compared.
 */
static void upload_commit(struct remote_state *state, git_repository *repository,
			  git_remote *remote, const char *commit, const char *name)
{
	const char *source = arena_printf(state->arena, "refs/aegis/push/%s", commit);
	git_reference *reference = NULL;
	git_oid id;
	int result = git_oid_fromstr(&id, commit);

	if (result >= 0)
		result = git_reference_create(&reference, repository, source, &id, 1, NULL);
	if (result < 0) {
		remote_fail(state, result, "preparing the commit");
		return;
	}
	git_reference_free(reference);
	KILL_POINT("remote.push.before");
	upload(state, remote, arena_printf(state->arena, "+%s:%s", source, name));
	KILL_POINT("remote.push.after");
	git_reference_remove(repository, source);
}

/* After a rejection: was it because somebody was quicker? */
static void look_again(struct remote_state *state, git_repository *repository, const char *name,
		       struct str wanted, struct str expected)
{
	__attribute__((cleanup(free_remote))) git_remote *remote = NULL;
	const char *why = state->text;
	char place[REPO_ID_SIZE];

	state->credential_calls = 0;
	if (remote_connect(state, repository, true, &remote) &&
	    place_of(state, remote, name, place)) {
		if (str_is(wanted, place))
			remote_end(state, END_DONE, "");
		else if (!str_is(expected, place))
			remote_end(state, END_MOVED, "the branch has moved");
		return;
	}
	remote_end(state, END_REJECTED, why);
}

void remote_child_push(struct remote_state *state)
{
	__attribute__((cleanup(free_repository))) git_repository *repository = NULL;
	__attribute__((cleanup(free_remote))) git_remote *remote = NULL;
	__attribute__((cleanup(remote_unlock))) int lock = -1;
	struct arena *a = state->arena;
	const char *mirror = str_text(a, json_text_or(state->request, "mirror", STR_NONE));
	struct str wanted = json_text_or(state->request, "commit", STR_NONE);
	struct str expected = json_text_or(state->request, "expected", STR_NONE);
	const char *name = arena_printf(a, "refs/heads/%.*s",
		STR_ARG(json_text_or(state->request, "branch", STR_NONE)));
	char place[REPO_ID_SIZE];
	int result = git_repository_open_ext(&repository, mirror,
		GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE, NULL);

	if (result < 0) {
		remote_end(state, END_INPUT, "there is no mirror to push from");
		return;
	}
	lock = remote_lock(state, mirror);
	if (lock < 0)
		return;
	if (!remote_connect(state, repository, true, &remote) ||
	    !place_of(state, remote, name, place) || str_is(wanted, place))
		return;
	if (!str_is(expected, place)) {
		remote_end(state, END_MOVED, place[0] ? arena_printf(a, "the branch is at %s", place)
						      : "the branch is gone");
		return;
	}
	if (!wanted.size)
		upload(state, remote, arena_printf(a, ":%s", name));
	else
		upload_commit(state, repository, remote, str_text(a, wanted), name);
	git_remote_disconnect(remote);
	if (state->end == END_REJECTED)
		look_again(state, repository, name, wanted, expected);
}

/*
 * What the two sides of a remote operation agree on; nobody but git/remote*.c includes it. The
 * request is one JSON object, the answer another:
 *	{"push": false, "mirror", "url", "token", "ca_file", "bytes_most", "pulls": [7], "branch",
 *	 "commit", "expected"}
 *	{"end": 0, "text": "..."}
 */
#ifndef GIT_REMOTE_PRIVATE_H
#define GIT_REMOTE_PRIVATE_H

#include "bot/base/json.h"
#include "git/library.h"
#include "git/remote.h"

#include <git2.h>
#include <unistd.h>

enum {
	REMOTE_TALK_MOST = 256 * 1024,	/* bytes of a request or an answer */
};

/* How it ended, as a number in the answer. */
enum remote_end {
	END_DONE, END_MOVED, END_REJECTED, END_DENIED, END_LATER, END_GONE, END_INPUT, END_BUG,
};

/* What the callbacks of libgit2 learn. */
struct remote_state {
	const json_t *request;
	struct arena *arena;
	unsigned credential_calls;
	bool refused, bad_certificate, too_large, moved;
	uint64_t bytes_most;
	const char *rejection;
	enum remote_end end;		/* set together with text */
	const char *text;
};

void remote_callbacks(struct remote_state *state, git_remote_callbacks *callbacks);
/* Puts libgit2's last error into an end and a text. */
void remote_fail(struct remote_state *state, int result, const char *what);
void remote_end(struct remote_state *state, enum remote_end end, const char *text);
bool remote_connect(struct remote_state *state, git_repository *repository, bool push,
		    git_remote **out);

/*
 * The lock of a mirror under which refs are written that are not branches: refs/remotes, refs/pull
 * and refs/aegis. What the dead left there is cleared away. -1 with an end set when another transfer
 * has it; else a file to be closed.
 */
int remote_lock(struct remote_state *state, const char *mirror);
static inline void remote_unlock(int *file)
{
	if (*file >= 0)
		close(*file);
}

void remote_child_fetch(struct remote_state *state);
void remote_child_push(struct remote_state *state);

#endif

/*
 * git: references and repositories that are not there, access that is refused, pushes that are
 * rejected, merges that do not go through, and its own words for a broken network. A "fatal: " of
 * unknown form is left to the reader of unknown errors, which knows how the step ended.
 */
#include "ci/form.h"
#include "ci/network.h"
#include "ci/trace.h"

enum { REMOTE_LINES = 12 };

#define GIT(words, more, what, sort, heavy) \
	{ .start = words, .and = more, .tool = "git", .type = what, .kind = sort, .weight = heavy }

static const struct form forms[] = {
	/* What was asked for does not exist: nothing but another question helps. */
	GIT("fatal: couldn't find remote ref ", NULL, "no such ref", KIND_CONFIG, WEIGHT_CERTAIN),
	GIT("fatal: Couldn't find remote ref ", NULL, "no such ref", KIND_CONFIG, WEIGHT_CERTAIN),
	GIT("fatal: Remote branch ", " not found in upstream ", "no such ref", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	GIT("fatal: reference is not a tree: ", NULL, "no such commit", KIND_CONFIG, WEIGHT_CERTAIN),
	GIT("fatal: remote error: upload-pack: not our ref ", NULL, "no such commit", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	GIT("error: Server does not allow request for unadvertised object ", NULL, "no such commit",
	    KIND_CONFIG, WEIGHT_CERTAIN),
	GIT("fatal: ambiguous argument '", "unknown revision or path", "no such revision",
	    KIND_CONFIG, WEIGHT_DIAGNOSTIC),	/* often a checkout of depth 1 */
	GIT("fatal: Invalid symmetric difference expression ", NULL, "no such revision", KIND_CONFIG,
	    WEIGHT_DIAGNOSTIC),
	GIT("fatal: bad revision '", NULL, "no such revision", KIND_CONFIG, WEIGHT_DIAGNOSTIC),
	GIT("fatal: bad object ", NULL, "no such commit", KIND_CONFIG, WEIGHT_DIAGNOSTIC),
	GIT("error: pathspec '", "did not match any file", "no such path", KIND_CONFIG,
	    WEIGHT_DIAGNOSTIC),
	GIT("fatal: pathspec '", "did not match any file", "no such path", KIND_CONFIG,
	    WEIGHT_DIAGNOSTIC),
	GIT("error: src refspec ", " does not match any", "no such ref", KIND_CONFIG,
	    WEIGHT_DIAGNOSTIC),
	GIT("fatal: repository '", "' not found", "no such repository", KIND_CONFIG, WEIGHT_CERTAIN),
	GIT("fatal: repository '", "' does not exist", "no such repository", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	GIT("fatal: '", "does not appear to be a git", "no such repository", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	GIT("fatal: No url found for submodule path '", NULL, "submodule", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	/* How the workflow uses git. */
	GIT("fatal: not a git repository", NULL, "no repository", KIND_CONFIG, WEIGHT_DIAGNOSTIC),
	GIT("fatal: detected dubious ownership in repository at ", NULL, "ownership", KIND_CONFIG,
	    WEIGHT_DIAGNOSTIC),
	GIT("fatal: unsafe repository ('", NULL, "ownership", KIND_CONFIG, WEIGHT_DIAGNOSTIC),
	GIT("fatal: empty ident name ", NULL, "no identity", KIND_CONFIG, WEIGHT_CERTAIN),
	GIT("fatal: unable to auto-detect email address ", NULL, "no identity", KIND_CONFIG,
	    WEIGHT_CERTAIN),
	GIT("fatal: destination path '", "already exists and is not an empty", "path exists",
	    KIND_CONFIG, WEIGHT_DIAGNOSTIC),
	GIT("fatal: tag '", "' already exists", "tag exists", KIND_CONFIG, WEIGHT_DIAGNOSTIC),
	GIT("fatal: Unable to create '", ".lock': File exists", "lock", KIND_INFRA,
	    WEIGHT_DIAGNOSTIC),
	GIT("fatal: refusing to merge unrelated histories", NULL, "unrelated histories", KIND_CONFIG,
	    WEIGHT_DIAGNOSTIC),
	GIT("fatal: Not possible to fast-forward", NULL, "not fast-forward", KIND_CONFIG,
	    WEIGHT_DIAGNOSTIC),
	GIT("error: Your local changes to the following files would be overwritten by ", NULL,
	    "local changes", KIND_CONFIG, WEIGHT_DIAGNOSTIC),
	GIT("error: could not apply ", NULL, "conflict", KIND_CONFIG, WEIGHT_SUMMARY),
	GIT("Automatic merge failed; fix conflicts", NULL, "conflict", KIND_CONFIG, WEIGHT_SUMMARY),
	GIT("error: patch failed: ", NULL, "patch", KIND_CONFIG, WEIGHT_DIAGNOSTIC),
	/* Access. */
	GIT("fatal: Authentication failed for ", NULL, "no access", KIND_PERMISSION, WEIGHT_CERTAIN),
	GIT("fatal: could not read Username for ", NULL, "no credentials", KIND_PERMISSION,
	    WEIGHT_CERTAIN),
	GIT("fatal: could not read Password for ", NULL, "no credentials", KIND_PERMISSION,
	    WEIGHT_CERTAIN),
	GIT("git@", ": Permission denied (publickey", "no access", KIND_PERMISSION, WEIGHT_CERTAIN),
	GIT("Host key verification failed.", NULL, "host key", KIND_CONFIG, WEIGHT_DIAGNOSTIC),
	GIT("fatal: Could not read from remote repository.", NULL, "remote", KIND_UNKNOWN,
	    WEIGHT_SUMMARY),			/* the reason stands above it */
	GIT("remote: error: GH", NULL, "rejected", KIND_PERMISSION, WEIGHT_CERTAIN),
	GIT("batch response: This repository is over its data quota", NULL, "LFS quota",
	    KIND_RESOURCE, WEIGHT_CERTAIN),
	GIT("! [remote rejected] ", NULL, "rejected", KIND_PERMISSION, WEIGHT_FAILURE),
	GIT("! [rejected] ", NULL, "rejected", KIND_CONFIG, WEIGHT_FAILURE),	/* not fast-forward */
	GIT("error: failed to push some refs to ", NULL, "push", KIND_UNKNOWN, WEIGHT_SUMMARY),
	GIT("error: Failed to push some refs to ", NULL, "push", KIND_UNKNOWN, WEIGHT_SUMMARY),
	GIT("fatal: clone of '", "into submodule path '", "submodule", KIND_UNKNOWN, WEIGHT_SUMMARY),
	/* The network, which says itself what kind of trouble it has. */
	{ .start = "fatal: unable to access '", .tool = "git", .type = "access",
	  .kind = KIND_UNKNOWN, .weight = WEIGHT_HINT, .judge = JUDGE_NETWORK },
	{ .start = "error: RPC failed; ", .tool = "git", .type = "RPC failed", .kind = KIND_INFRA,
	  .weight = WEIGHT_HINT, .transient = true, .judge = JUDGE_NETWORK },
	{ .start = "fatal: early EOF", .tool = "git", .type = "early EOF", .kind = KIND_INFRA,
	  .weight = WEIGHT_SUMMARY, .transient = true },
	{ .start = "ssh: Could not resolve hostname ", .tool = "ssh", .type = "DNS",
	  .kind = KIND_INFRA, .weight = WEIGHT_HINT, .transient = true },
	{ .start = "ssh: connect to host ", .tool = "ssh", .type = "connect", .kind = KIND_INFRA,
	  .weight = WEIGHT_HINT, .transient = true, .judge = JUDGE_NETWORK },
	{ .start = "kex_exchange_identification: ", .and = "Connection", .tool = "ssh",
	  .type = "connect", .kind = KIND_INFRA, .weight = WEIGHT_HINT, .transient = true },
	/* Git says this after a refusal too; alone it is an accident. */
	{ .start = "fatal: the remote end hung up unexpectedly", .tool = "git", .type = "hang up",
	  .kind = KIND_INFRA, .weight = WEIGHT_SUMMARY, .transient = true },
};

struct state {
	struct failure *failure;	/* the newest one */
	struct kept said;		/* its line, which a next attempt may repeat */
	unsigned long at, remote_at;
	struct kept remote;		/* "remote: Permission to o/r.git denied to x." */
};

/* The next of several attempts: it is the last one that fails the step. */
static bool is_again(struct state *s, const struct line *line)
{
	struct str text = str_slice(str_trim(line->text), 0, sizeof(s->said.at));

	if (!s->failure || line->number - s->at > BLOCK_LINES_MAX / 2 ||
	    s->failure->error_line != s->at || !str_equal(text, kept_str(&s->said)))
		return false;
	s->at = s->failure->error_line = s->failure->last_line = line->number;
	return true;
}

/* Only behind it comes "fatal: ... error: 403", which says that this was an error. */
static bool remote_line(struct state *s, const struct line *line)
{
	struct str text = str_trim(line->text);

	if (!str_skip(&text, "remote: ") || str_starts(text, "error: "))
		return false;
	if ((str_starts(text, "Permission to ") && str_has(text, " denied to ")) ||
	    str_starts(text, "Write access to repository not granted")) {
		keep(&s->remote, text);
		s->remote_at = line->number;
	}
	return true;
}

/* "CONFLICT (content): Merge conflict in cart.py" */
static bool conflict_line(const struct line *line, struct findings *f)
{
	struct str text = line->text, file;
	struct failure *failure;

	if (!str_skip(&text, "CONFLICT (") || !str_split(text, "): ", NULL, &text))
		return false;
	failure = findings_failure(f, KIND_CONFIG, WEIGHT_DIAGNOSTIC, line->number);
	failure->tool = "git";
	failure->type = "conflict";
	failure->message = findings_text(failure, text);
	if (str_split(text, "Merge conflict in ", NULL, &file))
		failure->file = findings_text(failure, file);
	return true;
}

static void because_of_remote(struct state *s, struct failure *failure, unsigned long line)
{
	if (!s->remote_at || line - s->remote_at > REMOTE_LINES)
		return;
	failure->message = findings_text(failure, kept_str(&s->remote));
	failure->first_line = failure->error_line = s->remote_at;
	failure->weight = WEIGHT_CERTAIN;
	s->remote_at = 0;
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct line bare = *line;
	const struct form *form;

	bare.text = str_trim(line->text);	/* " ! [rejected]" */
	if (remote_line(s, line) || conflict_line(line, f) || is_again(s, line))
		return ASLEEP;
	form = form_find(FORMS(forms), str_starts(bare.text, "! [") ? &bare : line);
	if (!form)
		return ASLEEP;
	s->failure = form_report(form, line, f);
	s->at = line->number;
	keep(&s->said, bare.text);
	if (s->failure->kind != KIND_INFRA)
		because_of_remote(s, s->failure, line->number);
	return ASLEEP;
}

static const char *const wake[] = { "fatal: couldn't find remote ", "fatal: Couldn't find remote ",
	"fatal: Remote branch ", "fatal: reference is not a tree", "fatal: remote error: ",
	"request for unadvertised object", "fatal: ambiguous argument", "fatal: Invalid symmetric",
	"fatal: bad ", "error: pathspec '", "fatal: pathspec '",
	"error: src refspec ", "fatal: repository '", "does not appear to be a git",
	"fatal: No url found for", "fatal: not a git", "fatal: detected dubious",
	"fatal: unsafe repository", "fatal: empty ident name", "fatal: unable to auto-detect email",
	"fatal: destination path '", "fatal: tag '", "fatal: Unable to create '",
	"fatal: refusing to merge", "fatal: Not possible to fast", "error: Your local changes to ",
	"error: could not apply ", "Automatic merge failed; ", "error: patch failed: ",
	"fatal: Authentication failed", "fatal: could not read Username",
	"fatal: could not read Password", ": Permission denied (publickey",
	"Host key verification failed.", "fatal: Could not read from remote", "remote: error: GH",
	"remote: Permission to ", "remote: Write access to ",
	"is over its data quota", "! [remote rejected]", "! [rejected]",
	"error: failed to push some refs", "error: Failed to push some refs", "fatal: clone of '",
	"fatal: unable to access '", "error: RPC failed; ", "fatal: early EOF",
	"ssh: Could not resolve hostname", "ssh: connect to host ", "kex_exchange_identification: ",
	"fatal: the remote end hung up", "CONFLICT (", NULL };

static const struct reading examples[] = {
	{
		.name = "a tag that is gone, twice asked for",
		.log =
		"[command]/usr/bin/git fetch --no-tags --depth=1 origin +refs/tags/ci/1:refs/tags/ci/1\n"
		"##[error]fatal: couldn't find remote ref refs/tags/ci/1\n"
		"The process '/usr/bin/git' failed with exit code 128\n"
		"Waiting 17 seconds before trying again\n"
		"[command]/usr/bin/git fetch --no-tags --depth=1 origin +refs/tags/ci/1:refs/tags/ci/1\n"
		"##[error]fatal: couldn't find remote ref refs/tags/ci/1\n"
		"##[error]The process '/usr/bin/git' failed with exit code 128\n",
		.expect = { .kind = KIND_CONFIG, .tool = "git", .type = "no such ref",
			    .message = "fatal: couldn't find remote ref refs/tags/ci/1",
			    .error_line = 6 },
	},
	{
		.name = "a branch that is gone",
		.log = "Cloning into '../c1'...\n"
		       "fatal: Remote branch nosuch not found in upstream origin\n",
		.expect = { .kind = KIND_CONFIG, .tool = "git", .type = "no such ref",
			    .error_line = 2 },
	},
	{
		.name = "no name server",
		.log = "Cloning into 'x'...\nfatal: unable to access 'https://nosuch.example/x.git/': Could "
		       "not resolve host: nosuch.example\n",
		.expect = { .kind = KIND_INFRA, .tool = "git", .type = "DNS", .error_line = 2,
			    .transient = true },
	},
	{
		.name = "a token that may not push",
		.log = "remote: Permission to shop/shop.git denied to github-actions[bot].\n"
		       "fatal: unable to access 'https://github.com/shop/shop/': The requested URL "
		       "returned error: 403\n",
		.expect = { .kind = KIND_PERMISSION, .tool = "git", .type = "403",
			    .message = "Permission to shop/shop.git denied to github-actions[bot].",
			    .error_line = 1 },
	},
	{
		.name = "somebody else was faster",
		.log = "To /tmp/cap4/g/../bare\n"
		       " ! [rejected]        HEAD -> main (non-fast-forward)\n"
		       "error: failed to push some refs to '/tmp/cap4/g/../bare'\n"
		       "hint: Updates were rejected because a pushed branch tip is behind its remote\n",
		.expect = { .kind = KIND_CONFIG, .tool = "git", .type = "rejected", .error_line = 2 },
	},
	{
		.name = "a submodule",
		.log = "Submodule 's' (../nosuch) registered for path 's'\n"
		       "fatal: repository '../nosuch' does not exist\n"
		       "fatal: clone of '../nosuch' into submodule path '/tmp/cap4/g/s' failed\n"
		       "Failed to clone 's'. Retry scheduled\n"
		       "fatal: repository '../nosuch' does not exist\n"
		       "fatal: clone of '../nosuch' into submodule path '/tmp/cap4/g/s' failed\n"
		       "Failed to clone 's' a second time, aborting\n",
		.expect = { .kind = KIND_CONFIG, .tool = "git", .type = "no such repository",
			    .error_line = 2 },
	},
	{
		.name = "a history that is not there",
		.log = "fatal: ambiguous argument 'nosuch..HEAD': unknown revision or path not in the "
		       "working tree.\nUse '--' to separate paths from revisions, like this:\n"
		       "'git <command> [<revision>...] -- [<file>...]'\n",
		.expect = { .kind = KIND_CONFIG, .tool = "git", .type = "no such revision",
			    .error_line = 1 },
	},
	{
		.name = "a server that the job itself should have started",
		.log = "Cloning into '../c5'...\n"
		       "ssh: connect to host 127.0.0.1 port 22: Connection refused\n"
		       "fatal: Could not read from remote repository.\n\n"
		       "Please make sure you have the correct access rights\n"
		       "and the repository exists.\n",
		.expect = { .kind = KIND_UNKNOWN, .tool = "ssh", .type = "connect", .error_line = 2 },
	},
	{
		.name = "a conflict",
		.log = "Auto-merging cart.py\nCONFLICT (content): Merge conflict in cart.py\n"
		       "Automatic merge failed; fix conflicts and then commit the result.\n",
		.expect = { .kind = KIND_CONFIG, .tool = "git", .type = "conflict", .file = "cart.py",
			    .error_line = 2 },
	},
	{
		.name = "words in a test's message",
		.log = "remote: Permission to o/r.git denied to bot.\n"
		       "expected \"fatal: repository 'x' not found\"\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_git = {
	.name = "git",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

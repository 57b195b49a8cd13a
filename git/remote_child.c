/*
 * The child: reads one request, does it with libgit2, says how it ended. Its callbacks count the
 * credential calls (libgit2 asks again and again), refuse certificates that do not hold, and end a
 * transfer that is too large. What libgit2 says is sorted here.
 */
#include "git/remote_private.h"

#include "bot/base/kill_point.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

bool remote_is_child(int argc, char **argv)
{
	return argc == 2 && !strcmp(argv[1], REMOTE_CHILD_ARGUMENT);
}

void remote_end(struct remote_state *state, enum remote_end end, const char *text)
{
	state->end = end;
	state->text = text;
}

static int on_credentials(git_credential **out, const char *url, const char *user,
			  unsigned allowed, void *context)
{
	struct remote_state *state = context;
	struct str token = json_text_or(state->request, "token", STR_NONE);

	(void)url;
	(void)user;
	/* Asked a second time, the first answer was wrong: GitHub would go on asking. */
	if (!token.size || state->credential_calls++ || !(allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT)) {
		state->refused = true;
		return GIT_EUSER;
	}
	return git_credential_userpass_plaintext_new(out, "x-access-token",
						     str_text(state->arena, token));
}

static int on_certificate(git_cert *certificate, int valid, const char *host, void *context)
{
	struct remote_state *state = context;

	(void)certificate;
	(void)host;
	state->bad_certificate |= !valid;
	return valid ? 0 : GIT_ECERTIFICATE;
}

static int on_progress(const git_indexer_progress *progress, void *context)
{
	struct remote_state *state = context;

	state->too_large |= progress->received_bytes > state->bytes_most;
	return state->too_large ? GIT_EUSER : 0;
}

static int on_update(const char *name, const char *status, void *context)
{
	struct remote_state *state = context;

	(void)name;
	if (status)
		state->rejection = arena_strdup(state->arena, *status ? status : "refused");
	return 0;
}

/* What is about to be sent: the old id here is what the server compares with. */
static int on_negotiation(const git_push_update **updates, size_t count, void *context)
{
	struct remote_state *state = context;
	struct str expected = json_text_or(state->request, "expected", STR_NONE);
	char old[REPO_ID_SIZE];

	for (size_t i = 0; i < count; i++) {
		git_oid_tostr(old, sizeof(old), &updates[i]->src);
		if (git_oid_is_zero(&updates[i]->src) ? expected.size > 0 : !str_is(expected, old))
			state->moved = true;
	}
	return state->moved || count != 1 ? GIT_EUSER : 0;
}

void remote_callbacks(struct remote_state *state, git_remote_callbacks *callbacks)
{
	git_remote_init_callbacks(callbacks, GIT_REMOTE_CALLBACKS_VERSION);
	callbacks->credentials = on_credentials;
	callbacks->certificate_check = on_certificate;
	callbacks->transfer_progress = on_progress;
	callbacks->push_update_reference = on_update;
	callbacks->push_negotiation = on_negotiation;
	callbacks->payload = state;
}

/* libgit2 gives the status of HTTP in words only. */
static unsigned long http_status(struct str message)
{
	struct str before, number = STR_NONE;
	unsigned long status = 0;

	if (str_split_last(message, "status code: ", &before, &number))
		str_take_number(&number, &status);
	return status;
}

static enum remote_end end_of(int result, const git_error *error)
{
	struct str message = str_of(error ? error->message : NULL);
	unsigned long status = http_status(message);

	if (status == 401 || status == 403 || result == GIT_EAUTH)
		return END_DENIED;
	if (status == 404 || status == 410)
		return END_GONE;
	if ((status >= 300 && status < 400) || str_starts(message, "cannot redirect"))
		return END_GONE;
	if (status)
		return END_LATER;
	if (result == GIT_ENOTFOUND)
		return END_GONE;
	if (result == GIT_ELOCKED)
		return END_LATER;
	if (!error)
		return END_BUG;
	if (error->klass == GIT_ERROR_NET || error->klass == GIT_ERROR_HTTP ||
	    error->klass == GIT_ERROR_SSL || str_starts(message, "failed to connect to"))
		return END_LATER;
	if (str_has(message, "failed to resolve path") || str_has(message, "could not find repository"))
		return END_GONE;
	return error->klass == GIT_ERROR_OS || error->klass == GIT_ERROR_NOMEMORY ? END_BUG
										 : END_INPUT;
}

void remote_fail(struct remote_state *state, int result, const char *what)
{
	const git_error *error = git_error_last();

	if (state->refused)
		remote_end(state, END_DENIED, "the credentials are not taken");
	else if (state->bad_certificate)
		remote_end(state, END_DENIED, "the server's certificate does not hold");
	else if (state->too_large)
		remote_end(state, END_INPUT, "it is too large");
	else if (state->moved)
		remote_end(state, END_MOVED, "the branch has moved");
	else
		remote_end(state, end_of(result, error), arena_printf(state->arena, "%s: %.200s",
			   what, error && error->message ? error->message : "no reason given"));
}

bool remote_connect(struct remote_state *state, git_repository *repository, bool push,
		    git_remote **out)
{
	git_remote_create_options create;
	git_remote_connect_options options;
	struct str url = json_text_or(state->request, "url", STR_NONE);
	int result;

	git_remote_create_options_init(&create, GIT_REMOTE_CREATE_OPTIONS_VERSION);
	git_remote_connect_options_init(&options, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
	create.repository = repository;
	create.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
	result = git_remote_create_with_opts(out, str_text(state->arena, url), &create);
	if (result >= 0) {
		remote_callbacks(state, &options.callbacks);
		/* For libgit2 this still means within the host, where a renamed repository is. */
		options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
		result = git_remote_connect_ext(*out, push ? GIT_DIRECTION_PUSH : GIT_DIRECTION_FETCH,
						&options);
	}
	if (result < 0)
		remote_fail(state, result, "connecting");
	return result >= 0;
}

static void harden(uint64_t bytes_most)
{
	const struct rlimit none = { 0, 0 }, file = { bytes_most, bytes_most };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_FSIZE, &file);
}

static bool receive(struct text *request)
{
	char bytes[4096];
	ssize_t size;

	while ((size = read(0, bytes, sizeof(bytes))) > 0 && request->size <= REMOTE_TALK_MOST)
		text_add(request, (struct str){ bytes, (size_t)size });
	explicit_bzero(bytes, sizeof(bytes));
	return size == 0;
}

static void answer(const struct remote_state *state)
{
	JSON *json = json_pack("{s:i, s:o}", "end", (int)state->end, "text",
			       json_string_of(str_of(state->text)));
	ARENA scratch = {0};
	struct text text = TEXT(&scratch);
	struct err e = ERR_INIT;
	struct str rest;

	if (!json_print(json, JSON_AS_MADE, &text, &e))
		return;
	for (rest = text_str(&text); rest.size;) {
		ssize_t sent = write(0, rest.at, rest.size);

		if (sent <= 0)
			return;
		rest = str_from(rest, (size_t)sent);
	}
}

int remote_child(void)
{
	ARENA arena = {0};
	struct text request = TEXT(&arena);
	struct remote_state state = { .arena = &arena };
	struct err e = ERR_INIT;
	JSON *json = NULL;
	struct str ca_file;

	/* A server that hangs up in the middle is an error to report, not to die of. */
	signal(SIGPIPE, SIG_IGN);
	if (!receive(&request) || !json_parse(text_str(&request), REMOTE_TALK_MOST, &json, &e))
		return 1;
	state.request = json;
	state.bytes_most = (uint64_t)json_integer_or(json, "bytes_most", 0);
	harden(state.bytes_most);
	library_start();
	ca_file = json_text_or(json, "ca_file", STR_NONE);
	if (ca_file.size && git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS,
					     str_text(&arena, ca_file), NULL) < 0)
		remote_end(&state, END_BUG, "the file of authorities cannot be read");
	else if (json_boolean_or(json, "push", false))
		remote_child_push(&state);
	else
		remote_child_fetch(&state);
	KILL_POINT("remote.child.answers");
	answer(&state);
	return 0;
}

/*
 * The fence around workflows, actions and the files of images: templates may mend them, and nothing
 * they do may bring a secret, a foreign action or base image, nor take a pin, a step or a restriction
 * away. It counts in the text before and after, so that a file that is no YAML yet is fenced as well;
 * rules_workflow.c looks at jobs, rights and events.
 */
#include "bot/rules.h"

/* More of them than before is more than a repair needs. */
static const char *const dangerous[] = {
	"pull_request_target", "workflow_run", "issue_comment", "repository_dispatch", "self-hosted",
	"secrets.", "secrets[", "secrets:", "github.token", "github_token", "github.event.",
	"github.head_ref", "toJSON(github", "persist-credentials: true", "privileged", "cap-add",
	"cap_add", "docker.sock", "network_mode", "--network=host", "--network host", "USER root",
	"USER 0", "if: false", "if: always()", "cancelled()", "fail-fast: false", "write-all",
	"read-all", "| sh", "| bash", "--no-check", "--force", "--ignore-scripts=false", "sudo ",
};

/* In workflows only: an image may well fetch something. */
static const char *const dangerous_in_steps[] = {
	"curl ", "wget ", "eval ", "base64", "chmod ", "http://", "https://", " token:", "ssh-key",
	"ALLOW_UNSECURE", "safe.directory '*'", "safe.directory *", "safe.directory \"*",
	"continue-on-error", "fail_ci_if_error: false", "if-no-files-found: ignore", "|| true",
	"|| :", "set +e", "cancel-in-progress", "BASH_ENV", "LD_PRELOAD", "NODE_OPTIONS",
	"PYTHONPATH",
};

/* Fewer of them than before is a restriction less. */
static const char *const restricting[] = {
	"permissions:", "@sha256:", "persist-credentials: false", "USER ", "HEALTHCHECK", "uses:",
	"run:", "RUN ", "COPY ", "environment:", "concurrency:", "needs:", "--ignore-scripts",
	"timeout-minutes:", "fail_ci_if_error: true", "cancel-in-progress: true",
	"--require-hashes", "--locked", "--frozen", "npm ci",
};

/* Of GitHub itself: what a repair may bring in where it was missing. */
static const char *const official[] = {
	"actions/checkout", "actions/setup-node", "actions/setup-python", "actions/setup-go",
	"actions/setup-java", "actions/cache", "actions/upload-artifact",
	"actions/download-artifact", "actions/cache/restore", "actions/cache/save",
	"actions/upload-pages-artifact", "actions/deploy-pages", "actions/github-script",
	"actions/setup-dotnet",
};

static size_t count_of(struct str text, struct str word)
{
	size_t n = 0;

	for (ptrdiff_t at; (at = str_find(text, word)) >= 0;
	     text = str_from(text, (size_t)at + word.size))
		n++;
	return n;
}

static bool deny_word(const struct change *change, const char *word, const char *what,
		      struct err *e)
{
	return fail(e, ERR_DENIED, "it would %s \"%s\" in %s", what, word, change->path);
}

static bool is_pin(struct str ref)
{
	str_split(ref, " ", &ref, NULL);
	str_split(ref, "#", &ref, NULL);
	ref = str_trim(ref);
	if (ref.size != 40)
		return false;
	for (size_t i = 0; i < ref.size; i++)
		if (!strchr("0123456789abcdef", ref.at[i]))
			return false;
	return true;
}

/* Takes the next "uses: owner/name@ref" off *text. */
static bool next_action(struct str *text, struct str *action, struct str *ref)
{
	struct str line;

	while (str_next_line(text, &line)) {
		line = str_trim(line);
		str_skip(&line, "-");
		line = str_trim(line);
		if (!str_skip(&line, "uses:"))
			continue;
		line = str_trim(line);
		while (line.size && strchr("\"'", line.at[0]))
			line = str_from(line, 1);
		*ref = STR_NONE;
		*action = line;			/* "./setup" has no version */
		str_split(line, "@", action, ref);
		*action = str_trim(*action);
		return true;
	}
	return false;
}

/* "v4": a ref that GitHub itself moves. */
static bool is_major(struct str ref)
{
	unsigned long n;

	str_split(ref, " ", &ref, NULL);
	str_chop(&ref, "\"");
	str_chop(&ref, "'");
	return str_skip(&ref, "v") && str_number(ref, &n);
}

static bool has_action(struct str text, struct str wanted, struct str at)
{
	struct str action, ref;

	while (next_action(&text, &action, &ref))
		if (str_equal(action, wanted) && str_equal(ref, at))
			return true;
	return false;
}

static bool actions_known(const struct change *change, struct err *e)
{
	struct str rest = change->after, action, ref;

	while (next_action(&rest, &action, &ref)) {
		bool known = has_action(change->before, action, ref);

		for (size_t i = 0; !known && i < sizeof(official) / sizeof(official[0]); i++)
			known = str_is(action, official[i]) && is_major(ref);
		if (!known)
			return fail(e, ERR_DENIED, "it would bring the action %.*s into %s",
				    STR_ARG(action), change->path);
	}
	return true;
}

static size_t pins(struct str text)
{
	struct str action, ref;
	size_t n = 0;

	while (next_action(&text, &action, &ref))
		n += is_pin(ref);
	return n;
}

/* "FROM --platform=x debian:12 AS build" gives "debian". */
static bool next_image(struct str *text, struct str *image)
{
	struct str line;

	while (str_next_line(text, &line)) {
		line = str_trim(line);
		if (line.size < 5 || !str_equal_nocase(str_slice(line, 0, 5), STR("FROM ")))
			continue;
		line = str_trim(str_from(line, 5));
		while (str_starts(line, "--") && str_split(line, " ", NULL, &line))
			line = str_trim(line);
		str_split(line, " ", &line, NULL);
		str_split(line, "@", &line, NULL);
		str_split_last(line, ":", &line, NULL);
		*image = line;
		return true;
	}
	return false;
}

static bool images_known(const struct change *change, struct err *e)
{
	struct str rest = change->after, image, before, known;

	while (next_image(&rest, &image)) {
		bool found = false;

		before = change->before;
		while (!found && next_image(&before, &known))
			found = str_equal(known, image);
		if (!found)
			return fail(e, ERR_DENIED, "it would build %s from %.*s", change->path,
				    STR_ARG(image));
	}
	return true;
}

/* The word that there are more of than before, or NULL. */
static const char *more_of(const struct change *change, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (count_of(change->after, str_of(words[i])) >
		    count_of(change->before, str_of(words[i])))
			return words[i];
	return NULL;
}

static bool adds_nothing(const struct change *change, struct err *e)
{
	const char *word = more_of(change, dangerous, sizeof(dangerous) / sizeof(dangerous[0]));

	if (!word && rules_is_workflow(change->path))
		word = more_of(change, dangerous_in_steps,
			       sizeof(dangerous_in_steps) / sizeof(dangerous_in_steps[0]));
	return !word || deny_word(change, word, "add", e);
}

bool rules_pipeline(const struct candidate *candidate, const struct change *change,
		    struct arena *a, struct err *e)
{
	if (!rules_is_pipeline(change->path))
		return true;
	if (!adds_nothing(change, e))
		return false;
	for (size_t i = 0; i < sizeof(restricting) / sizeof(restricting[0]); i++)
		if (count_of(change->after, str_of(restricting[i])) <
		    count_of(change->before, str_of(restricting[i])))
			return deny_word(change, restricting[i], "take away", e);
	if (pins(change->after) < pins(change->before))
		return fail(e, ERR_DENIED, "it would unpin an action in %s", change->path);
	return actions_known(change, e) && images_known(change, e) &&
	       rules_workflow(candidate, change, a, e);
}

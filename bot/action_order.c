/*
 * What the runner and the step's inputs say, checked. Everything comes by the environment, so that
 * no text of a stranger ever stands in a command line. Asks nobody.
 */
#include "bot/action.h"

#include "bot/base/file.h"
#include "bot/base/redact.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { WAIT_MOST_S = 600 };

static const char *const modes[] = { "explain", "suggest", "fix" };

const char *action_mode_name(enum action_mode mode)
{
	return modes[mode];
}

/* An input that is not given is an empty variable. */
static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static bool read_mode(struct action_order *order, struct err *e)
{
	const char *text = variable("INPUT_MODE");

	order->mode = ACTION_SUGGEST;
	for (size_t i = 0; text && i < sizeof(modes) / sizeof(*modes); i++) {
		if (!strcmp(text, modes[i])) {
			order->mode = (enum action_mode)i;
			return true;
		}
	}
	return !text || fail(e, ERR_CONFIG, "the input mode is explain, suggest or fix");
}

static bool read_flag_of(const char *name, const char *input, bool *out, struct err *e)
{
	const char *text = variable(name);

	if (!text || !strcmp(text, "false"))
		return true;
	if (strcmp(text, "true"))
		return fail(e, ERR_CONFIG, "the input %s is true or false", input);
	*out = true;
	return true;
}

static bool read_wait(struct action_order *order, struct err *e)
{
	const char *text = variable("INPUT_WAIT");
	unsigned long seconds = 0;

	if (text && (!str_number(str_of(text), &seconds) || seconds > WAIT_MOST_S))
		return fail(e, ERR_CONFIG, "the input wait is a number of seconds from 0 to %d",
			    WAIT_MOST_S);
	order->wait_s = (unsigned)seconds;
	return true;
}

static bool read_token_of(struct action_order *order, struct err *e)
{
	const char *text = variable("INPUT_TOKEN"), *whose = variable("AEGIS_JOB_TOKEN");
	struct err ignored = ERR_INIT;

	if (!text)
		text = variable("GITHUB_TOKEN");
	order->token = str_of(text);
	for (size_t i = 0; i < order->token.size; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return fail(e, ERR_CONFIG, "the input token has characters that no token has");
	if (text)
		redact_know(order->token, &ignored);
	/* action.yml compares the two; else the form says at least that it is of some App. */
	order->is_job_token = whose ? !strcmp(whose, "true") : str_starts(order->token, "ghs_");
	return true;
}

/*
 * A file that the workflow names. The code that is checked out must not lead it elsewhere by a link:
 * what is read may be shown.
 */
static bool read_path(const struct action_order *order, const char *name, struct arena *a,
		      const char **out, struct err *e)
{
	const char *text = variable(name);
	char root[PATH_MAX], real[PATH_MAX];
	struct stat info;
	size_t size;

	if (!text)
		return true;
	*out = *text == '/' ? text : arena_printf(a, "%s/%s", order->workspace, text);
	if (*text == '/')
		return (!lstat(*out, &info) && S_ISREG(info.st_mode)) ||
		       fail(e, ERR_INPUT, "%s: there is no such file", *out);
	if (!realpath(order->workspace, root) || !realpath(*out, real))
		return fail(e, ERR_INPUT, "%s: there is no such file", *out);
	size = strlen(root);
	if (strncmp(real, root, size) || real[size] != '/')
		return fail(e, ERR_INPUT, "%s leads out of the workspace", *out);
	*out = arena_strdup(a, real);
	return true;
}

static bool read_inputs(struct action_order *order, struct arena *a, struct err *e)
{
	order->command = variable("INPUT_COMMAND");
	if (order->command && !order->command[strspn(order->command, " \t\r\n")])
		order->command = NULL;
	return read_path(order, "INPUT_LOG", a, &order->log_file, e) &&
	       read_path(order, "INPUT_CONFIG", a, &order->config_file, e) && read_mode(order, e) && read_flag_of("INPUT_DRY_RUN", "dry-run", &order->dry_run, e) &&
	       read_wait(order, e) && read_token_of(order, e);
}

static bool read_repository_name(struct action_order *order, struct arena *a, struct err *e)
{
	const char *text = variable("GITHUB_REPOSITORY");
	struct str owner, name;

	if (!text)
		return true;
	if (!str_split(str_of(text), "/", &owner, &name) || !github_login_is_good(owner) ||
	    !github_repository_is_good(name))
		return fail(e, ERR_INPUT, "GITHUB_REPOSITORY is no OWNER/NAME");
	order->owner = str_text(a, owner);
	order->name = str_text(a, name);
	return true;
}

static void read_ref(struct action_order *order, struct arena *a)
{
	struct str ref = str_of(variable("GITHUB_REF"));

	order->branch = "";
	if (str_skip(&ref, "refs/heads/") && github_branch_is_good(ref))
		order->branch = str_text(a, ref);
}

static uint64_t number(const char *name)
{
	const char *text = variable(name);
	unsigned long value = 0;

	return text && str_number(str_of(text), &value) ? value : 0;
}

static bool read_event_file(struct action_order *order, struct arena *a, struct err *e)
{
	const char *path = variable("GITHUB_EVENT_PATH"), *name = variable("GITHUB_EVENT_NAME");
	struct str body;

	order->event = (struct event){ .head_branch = "", .default_branch = "" };
	if (!name)
		return true;
	if (!path)
		return fail(e, ERR_INPUT, "GITHUB_EVENT_PATH is not set: this is for a step of GitHub "
			    "Actions");
	return file_read(path, EVENT_BYTES_MOST, FILE_NO_FOLLOW, a, &body, e) &&
	       event_read(name, body, a, &order->event, e);
}

bool action_read(struct arena *a, struct action_order *out, struct err *e)
{
	*out = (struct action_order){
		.workspace = variable("GITHUB_WORKSPACE"),
		.temporary = variable("RUNNER_TEMP"),
		.outputs = variable("GITHUB_OUTPUT"),
		.summary = variable("GITHUB_STEP_SUMMARY"),
		.api_url = variable("GITHUB_API_URL"),
		.server_url = variable("GITHUB_SERVER_URL"),
		.run = number("GITHUB_RUN_ID"), .attempt = number("GITHUB_RUN_ATTEMPT"),
		.branch = "",
	};
	if (!read_flag_of("INPUT_STRICT", "strict", &out->strict, e))
		return false;
	if (!out->workspace)
		return fail(e, ERR_INPUT, "GITHUB_WORKSPACE is not set: this is for a step of GitHub "
			    "Actions; elsewhere use `aegis fix`");
	read_ref(out, a);
	return read_inputs(out, a, e) && read_repository_name(out, a, e) && read_event_file(out, a, e);
}

/*
 * aegis action: the main job inside a step of GitHub Actions. The order is gather, plan, fix, send,
 * tell; each is in bot/action_*.c. Our own trouble is told and does not fail the user's job.
 */
#include "bot/action.h"
#include "bot/base/file.h"
#include "bot/command.h"
#include "git/github_commits.h"
#include "git/github_repository.h"
#include "git/repo.h"

#include <stdio.h>

enum { SETTINGS_BYTES_MOST = 64 * 1024 };

/* The account that GitHub shows for the job's own token; the number is its, on github.com. */
#define JOB_NAME "github-actions[bot]"
#define JOB_MAIL "41898282+github-actions[bot]@users.noreply.github.com"
/* Of an App we are not told which one; the address is nobody's, and GitHub takes it for one. */
#define APP_MAIL "aegis@aegis.invalid"

static const struct flag flags[] = {
	{ "--dry-run", NULL, "everything but what would be written to GitHub" },
	{0}
};

struct visit {
	struct arena *arena;
	struct action_order order;
	struct action_result result;
	struct github *github;		/* NULL: no token, or none is needed */
	struct repo_head head;
	struct str settings;
	struct own_list own;
	const char *log_trouble;
	const char *author_name, *author_mail;
};

/* Standard error is read by the runner for commands, too. */
static void progress(const char *text)
{
	ARENA a = {0};
	struct str line = action_line(&a, str_of(text));

	fwrite(line.at, 1, line.size, stdout);
	fflush(stdout);
}

static bool look_at_workspace(struct visit *v, struct err *e)
{
	REPO repo = NULL;

	return repo_open(v->order.workspace, &repo, e) && repo_head(repo, &v->head, e);
}

/* Who may push to a branch, or only open a pull request, may not teach the bot. */
static bool is_default_branch(const struct action_order *order)
{
	if (order->event.kind == EVENT_SCHEDULE)
		return true;		/* GitHub starts those of the default branch alone */
	return order->event.kind != EVENT_PULL && order->event.kind != EVENT_PULL_TARGET &&
	       order->event.kind != EVENT_RUN && *order->branch &&
	       !strcmp(order->branch, order->event.default_branch);
}

static void read_settings(struct visit *v)
{
	struct github_call call = { .github = v->github, .owner = v->order.owner,
				    .name = v->order.name, .arena = v->arena };
	struct err e = ERR_INIT;

	v->settings = STR("");
	if (v->github && *v->order.event.default_branch &&
	    !github_file_get(&call, ".github/aegis.yml", v->order.event.default_branch,
			     SETTINGS_BYTES_MOST, &v->settings, &e) && e.kind != ERR_GONE)
		progress(arena_printf(v->arena, "the settings of the default branch: %s", e.text));
}

/* Tokens of jobs and of Apps begin alike. */
static bool is_of_app(const struct action_order *order)
{
	return order->is_job_token || str_starts(order->token, "ghs_");
}

static bool open_github(struct visit *v, struct err *e)
{
	const struct github_settings settings = {
		.api_url = v->order.api_url, .token = v->order.token,
		.mode = is_of_app(&v->order) ? GITHUB_ACTIONS : GITHUB_PERSONAL,
	};

	return !v->order.token.size || !v->order.owner || github_open(&settings, &v->github, e);
}

static void know_author(struct visit *v)
{
	struct github_call call = { .github = v->github, .owner = v->order.owner,
				    .name = v->order.name, .arena = v->arena };
	struct github_identity own;
	struct err ignored = ERR_INIT;

	v->author_name = REPO_AUTHOR_NAME;
	v->author_mail = APP_MAIL;
	if (v->order.is_job_token) {
		v->author_name = JOB_NAME;
		v->author_mail = JOB_MAIL;
	} else if (!is_of_app(&v->order) && github_own_identity(&call, &own, &ignored)) {
		v->author_name = own.author_name;
		v->author_mail = own.author_mail;
	}
}

static bool gather(struct visit *v, const char *folder, struct err *e)
{
	struct action_order *order = &v->order;

	if (!look_at_workspace(v, e))
		return false;
	v->result.plan = action_plan(order, v->head.commit);
	if (!open_github(v, e))
		return false;
	if (!is_default_branch(order))
		read_settings(v);
	if (v->result.plan.mode == ACTION_FIX)
		know_author(v);
	/* A file that a stranger can change says nothing about sandboxes and models. */
	if (order->event.from_fork && order->config_file) {
		progress("the input config is not used for code of a fork");
		order->config_file = NULL;
	}
	if (!order->command && !order->log_file && v->github)
		action_fetch_log(order, v->github, folder, v->arena, &order->log_file, &v->log_trouble);
	return true;
}

static bool fix(struct visit *v, int *code, struct err *e)
{
	const struct action_order *order = &v->order;
	const enum action_mode mode = v->result.plan.mode;
	const bool is_default = is_default_branch(order);
	const struct fix_job job = {
		.folder = order->workspace, .command = order->command, .log_file = order->log_file,
		.config_file = order->config_file, .progress = progress,
		.dry_run = mode != ACTION_FIX || order->dry_run, .only_explain = mode == ACTION_EXPLAIN,
		.branch = *order->event.head_branch ? order->event.head_branch : order->branch,
		.settings = is_default ? NULL : &v->settings, .own = is_default ? NULL : &v->own,
		.author_name = v->author_name, .author_mail = v->author_mail,
	};

	if (!fix_run(&job, v->arena, &v->result.answer, code, e))
		return false;
	v->result.fix = answer_json(&v->result.answer);
	return true;
}

static bool work(struct visit *v, const char *folder, struct err *e)
{
	struct action_result *result = &v->result;
	const struct answer *answer = &result->answer;
	int code = FAILED;

	if (!gather(v, folder, e) || !fix(v, &code, e))
		return false;
	if (!answer->patch || !answer->patch->count || code != DONE ||
	    result->plan.mode == ACTION_EXPLAIN)
		return true;
	if (!action_write_patch(&v->order, answer, v->arena, &result->patch_file, e))
		return false;
	return !answer->commit ||
	       action_send(&v->order, &result->plan, v->github, answer, result->fix, v->arena,
			   &result->sent, e);
}

/* While the runner takes no commands, whatever the answer holds. */
static void print_answer(struct visit *v)
{
	struct str rest, line;

	if (!v->result.fix)
		return;
	rest = answer_text(v->arena, &v->result.answer);
	while (str_next_line(&rest, &line)) {
		struct str safe = action_line(v->arena, line);

		fwrite(safe.at, 1, safe.size, stdout);
	}
}

static bool tell(struct visit *v)
{
	struct str lines = action_annotations(&v->order, &v->result, v->arena);
	struct err e = ERR_INIT;
	bool good;

	print_answer(v);
	fwrite(lines.at, 1, lines.size, stdout);
	good = action_tell_outputs(&v->order, &v->result, v->arena, &e);
	good = action_tell_summary(&v->order, &v->result, v->arena, &e) && good;
	if (!good)
		progress(e.text);
	return !fflush(stdout) && good;
}

static int visit(struct visit *v, bool dry_run)
{
	FILE_TEMPORARY folder = {""};
	struct err e = ERR_INIT;
	bool good = action_read(v->arena, &v->order, &e);

	v->order.dry_run |= dry_run;
	v->result.plan.mode = v->order.mode;
	good = good && file_temporary(&folder, &e) && work(v, folder.path, &e);
	if (!good)
		v->result.trouble = e.text;
	else if (v->log_trouble && !v->result.answer.failure)
		v->result.trouble = v->log_trouble;
	if (!tell(v) && v->order.strict)
		return FAILED;
	return good || !v->order.strict ? DONE : command_exit_code(e.kind);
}

static int run(int argc, char **argv)
{
	ARENA a = {0};
	struct visit v = { .arena = &a };
	struct err e = ERR_INIT;
	struct given given;
	int code;

	if (!command_parse(&command_action, argc, argv, &given, &e))
		return command_usage(&command_action, e.text);
	if (given.rest_count)
		return command_usage(&command_action, "it takes options only");
	code = visit(&v, given_value(&given, "--dry-run") != NULL);
	json_decref(v.result.fix);
	github_close(&v.github);
	return code;
}

const struct command command_action = {
	.name = "action",
	.summary = "the main job inside a step of GitHub Actions",
	.help = "Everything comes by the environment: GITHUB_* from the runner, INPUT_COMMAND, INPUT_LOG,\n"
		"INPUT_MODE (explain, suggest or fix), INPUT_TOKEN, INPUT_CONFIG, INPUT_WAIT, INPUT_DRY_RUN and\n"
		"INPUT_STRICT from the step; action.yml sets them. Without a command and a log the log of a\n"
		"failed job of the run is read. Leaves outputs, a summary, annotations and aegis.patch; in the\n"
		"mode fix it pushes aegis/fix-<incident> and opens a draft pull request, but never for code of\n"
		"a fork.\n"
		"\n"
		"Exit codes: 0 whatever came out, unless INPUT_STRICT is true: then our own trouble is 1, 65 or\n"
		"78; 64 wrong usage.",
	.flags = flags,
	.run = run,
};

/*
 * `echo "::set-env name=A::b"` and its like, which runners refuse -> the file that the environment names.
 * Only an echo of its own in a script for a POSIX shell, with nothing that the file would read another
 * way.
 */
#include "templates/lib_workflow.h"

enum { FILES_MAX = 3 };

static const char *const types[] = { "retired command", NULL };

static const struct {
	const char *command, *file;
	bool named;
} commands[] = {
	{ "set-env", "GITHUB_ENV", true }, { "set-output", "GITHUB_OUTPUT", true },
	{ "save-state", "GITHUB_STATE", true }, { "add-path", "GITHUB_PATH", false },
};

/* Where the words of the echo end: behind its quote, or before what ends a command. 0 when unclear. */
static size_t echo_end(struct str text, size_t at, char quote)
{
	bool two = quote == '"', one = quote == '\'';

	for (; at < text.size && text.at[at] != '\n'; at++) {
		char c = text.at[at];

		if (c == '\\' || c == '`')
			return 0;
		if (c == '"' && !one)
			two = !two;
		else if (c == '\'' && !two)
			one = !one;
		else if (!two && !one && strchr(";&|", c))
			break;
		else if (!two && !one && strchr("<>#()", c) && text.at[at - 1] != '$')
			return 0;
	}
	while (at && strchr(" \t\r", text.at[at - 1]))
		at--;
	return two || one ? 0 : at;
}

/* Takes "name=A::" off; false when it is written otherwise. */
static bool take_name(struct str *rest, struct str *name)
{
	struct str part;

	if (!str_skip(rest, " name=") || !str_split(*rest, "::", &part, rest) || !part.size)
		return false;
	for (size_t i = 0; i < part.size; i++)
		if (!strchr("-_", part.at[i]) && !str_is_word(str_slice(part, i, 1)) &&
		    (part.at[i] < '0' || part.at[i] > '9'))
			return false;
	*name = part;
	return true;
}

/* One "::command" at `at` in the source of a script; false when it cannot be rewritten. */
static bool rewrite(struct edits *edits, struct str text, size_t base, size_t at, size_t row)
{
	struct str rest = str_from(text, at + 2 + strlen(commands[row].command)), name = STR_NONE;
	size_t start = at, end;
	char quote = '\0';

	if (start && strchr("\"'", text.at[start - 1]))
		quote = text.at[--start];
	if (start < 5 || !str_is(str_slice(text, start - 5, 5), "echo ") ||
	    (start > 5 && !strchr(" \t\n;&|", text.at[start - 6])))
		return false;
	if (commands[row].named ? !take_name(&rest, &name) : !str_skip(&rest, "::"))
		return false;
	end = echo_end(text, (size_t)(rest.at - text.at), quote);
	if (!end || str_has(str_slice(text, at, end - at), "%0A"))
		return false;
	edit_replace(edits, base + at, base + (size_t)(rest.at - text.at),
		     name.size ? str_of(arena_printf(edits->arena, "%.*s=", STR_ARG(name))) : STR_NONE);
	edit_replace(edits, base + end, base + end,
		     str_of(arena_printf(edits->arena, " >> \"$%s\"", commands[row].file)));
	return true;
}

/* Is the script read by a POSIX shell? */
static bool is_posix(const struct workflow_job *job, const struct workflow_step *step)
{
	const struct syntax *s = job->workflow->syntax;
	struct str shell = yaml_get_text(s, step->body, "shell");

	if (!shell.size)
		shell = yaml_get_text(s, job->body, "defaults/run/shell");
	if (!shell.size)
		shell = yaml_get_text(s, job->workflow->root, "defaults/run/shell");
	if (shell.size)
		return str_starts(shell, "bash") || str_starts(shell, "sh");
	return !str_has(syntax_text(s, yaml_get(s, job->body, "runs-on")), "windows") &&
	       !str_has(syntax_text(s, yaml_get(s, job->body, "strategy")), "windows");
}

static bool in_step(const struct workflow_job *job, const struct workflow_step *step,
		    struct edits *edits, bool retired[4])
{
	TSNode run = yaml_get(job->workflow->syntax, step->body, "run");
	struct str text = syntax_text(job->workflow->syntax, run);

	for (size_t row = 0; row < 4; row++) {
		const char *words = arena_printf(edits->arena, "::%s", commands[row].command);
		ptrdiff_t at;

		for (size_t from = 0; retired[row] &&
		     (at = str_find(str_from(text, from), str_of(words))) >= 0;
		     from += (size_t)at + strlen(words))
			if (!syntax_type_is(run, "plain_scalar|block_scalar") || !is_posix(job, step) ||
			    !rewrite(edits, text, ts_node_start_byte(run), from + (size_t)at, row))
				return false;
	}
	return true;
}

static void fix(struct scene *scene)
{
	struct str command = scene_group(scene, "command");
	bool retired[4], both = str_is(command, "set-env") || str_is(command, "add-path");
	struct candidate *candidate;
	struct workflow_step step;
	struct workflow_job job;
	WORKFLOWS w = {0};

	for (size_t i = 0; i < 4; i++)		/* the two went together */
		retired[i] = str_is(command, commands[i].command) || (both && (i == 0 || i == 3));
	workflows_open(&w, scene->arena, scene->tree);
	candidate = propose(scene, ORACLE_CONTRACT, "Runners refuse `%.*s`; what it set goes into the file "
			    "that the environment names.", STR_ARG(command));
	for (size_t i = 0; i < w.count; i++) {
		struct edits edits = { .arena = scene->arena };

		for (unsigned j = 0; workflow_job(&w.list[i], j, &job); j++)
			for (unsigned n = 0; workflow_step(&job, n, &step); n++)
				if (!in_step(&job, &step, &edits, retired))
					return workflow_decline(scene, "a script uses it in another form");
		if (!workflow_put(scene, candidate, &w.list[i], &edits))
			return;
	}
	if (!candidate->patch.count || candidate->patch.count > FILES_MAX)
		workflow_decline(scene, candidate->patch.count ? "more than three files use it"
							      : "no workflow here uses it");
}

#define LOG "##[error]Unable to process command '::set-env name=A::1' successfully.\n" \
	"##[error]The `set-env` command is disabled. Please upgrade to using Environment Files or opt into " \
	"unsecure command execution by setting the `ACTIONS_ALLOW_UNSECURE_COMMANDS` environment variable " \
	"to `true`.\n"

static const struct example examples[] = {
	{
		.name = "in quotes, without, and a path",
		.log = LOG,
		.file = {
			{ ".github/workflows/r.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - run: |\n          # without the v\n          echo \"::set-env name=A::${B#v}\"\n"
			  "          echo \"::add-path::$PWD/bin\" && ls\n      - run: echo ::set-env name=C::1\n",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
			  "      - run: |\n          # without the v\n          echo \"A=${B#v}\" >> \"$GITHUB_ENV\"\n"
			  "          echo \"$PWD/bin\" >> \"$GITHUB_PATH\" && ls\n"
			  "      - run: echo C=1 >> \"$GITHUB_ENV\"\n" },
		},
	},
	{
		.name = "PowerShell",
		.log = LOG,
		.file = {
			{ ".github/workflows/r.yml",
			  "on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n"
			  "      - run: echo \"::set-env name=A::1\"\n", NULL },
		},
		.declines = "another form",
	},
	{
		.name = "somebody else's action",
		.log = LOG,
		.file = {
			{ ".github/workflows/r.yml",
			  "on: push\njobs:\n  a:\n    runs-on: windows-2022\n    steps:\n"
			  "      - uses: some/setup@v1\n", NULL },
		},
		.declines = "no workflow here",
	},
	{0}
};

const struct template template_workflow_retired_command = {
	.name = "workflow_retired_command",
	.summary = "::set-env and its like, which runners refuse -> the file that the environment names",
	.class = "workflow",
	.oracles = "the runner's message",
	.keeps_off = "shells that are not POSIX; other forms than an echo; values of several lines",
	.danger = DANGER_0,
	.reading = true,
	.types = types,
	.pattern = "The `(?<command>[a-z-]+)` command is disabled",
	.fix = fix,
	.examples = examples,
};

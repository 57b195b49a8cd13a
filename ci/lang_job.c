/*
 * What the runner tells of the job before and around its steps: the workflow file, the job's name, the
 * runner's label, the token's rights, and of each step its first line, inputs, variables and shell.
 * These are clues, no failures: a program may print the same lines.
 */
#include "ci/reader.h"

enum { HEADER_LINES = 200 };

struct state {
	enum { PART_NONE, PART_RIGHTS, PART_SCRIPT, PART_INPUTS, PART_VARIABLES } part;
	unsigned lines;			/* of the group so far */
};

static const struct {
	const char *start;
	enum clue_kind kind;
} said[] = {
	{ "Complete job name: ", CLUE_JOB },
	{ "Requested labels: ", CLUE_LABEL },
	{ "Secret source: ", CLUE_SECRETS },
	{ "'x-accepted-github-permissions': ", CLUE_ACCEPTS },
	{ "\"x-accepted-github-permissions\": ", CLUE_ACCEPTS },
	{ "x-accepted-github-permissions: ", CLUE_ACCEPTS },
	{ "X-Accepted-Github-Permissions: ", CLUE_ACCEPTS },
};

/* "url: 'https://api.github.com/repos/o/r/issues/1/comments'," */
static void endpoint(struct str text, unsigned long number, struct findings *f)
{
	struct str path;
	size_t n = 0;

	if (!str_split(text, "https://api.github.com/repos/", NULL, &path))
		return;
	while (n < path.size && !strchr("'\"`) ,?#>", path.at[n]))
		n++;
	findings_clue(f, CLUE_ENDPOINT, str_slice(path, 0, n), number);
}

static void plain_line(struct str text, unsigned long number, struct findings *f)
{
	struct str path;

	text = str_trim(text);
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		struct str value = text;

		if (!str_skip(&value, said[i].start))
			continue;
		(void)str_chop(&value, ",");
		(void)(str_skip(&value, "'") && str_chop(&value, "'"));
		(void)(str_skip(&value, "\"") && str_chop(&value, "\""));
		findings_clue(f, said[i].kind, value, number);
		return;
	}
	if (str_skip(&text, "Job defined at: ")) {
		ptrdiff_t at = str_find(text, STR(".github/workflows/"));

		(void)str_split_last(text, "@", &text, NULL);
		if (at >= 0 && (size_t)at < text.size) {
			path = str_from(text, (size_t)at);
			findings_clue(f, CLUE_WORKFLOW, path, number);
		}
	} else if (str_has(text, "to authenticate with OIDC") ||
		   str_has(text, "ACTIONS_ID_TOKEN_REQUEST_")) {
		findings_clue(f, CLUE_OIDC, text, number);
	} else {
		endpoint(text, number, f);
	}
}

static void header_line(struct state *state, struct str text, unsigned long number,
			struct findings *f)
{
	struct str value = text;

	if (str_is(text, "with:"))
		state->part = PART_INPUTS;
	else if (str_is(text, "env:"))
		state->part = PART_VARIABLES;
	else if (str_skip(&value, "shell: "))
		findings_clue(f, CLUE_SHELL, value, number);
	else if (state->part == PART_INPUTS && str_starts(text, "  "))
		findings_clue(f, CLUE_INPUT, str_trim(text), number);
	else if (state->part == PART_VARIABLES && str_starts(text, "  "))
		findings_clue(f, CLUE_VARIABLE, str_trim(text), number);
}

static enum wakefulness line(void *opaque, const struct line *line, struct findings *f)
{
	struct state *state = opaque;
	struct str title = line->text;

	if (line->mark == MARK_GROUP) {
		*state = (struct state){0};
		if (str_is(title, "GITHUB_TOKEN Permissions"))
			state->part = PART_RIGHTS;
		if (str_skip(&title, "Run ")) {
			state->part = PART_SCRIPT;
			findings_clue(f, CLUE_STEP, str_trim(title), line->number);
		}
	} else if (line->mark != MARK_NONE ||
		   (state->part != PART_NONE && ++state->lines > HEADER_LINES)) {
		*state = (struct state){0};
		if (line->mark == MARK_ERROR)
			plain_line(line->text, line->number, f);
	} else if (state->part == PART_RIGHTS) {
		findings_clue(f, CLUE_RIGHT, str_trim(line->text), line->number);
	} else if (state->part != PART_NONE) {
		header_line(state, line->text, line->number, f);
	} else {
		plain_line(line->text, line->number, f);
	}
	return state->part == PART_NONE ? ASLEEP : AWAKE;
}

static const char *const wake[] = { "Run ", "GITHUB_TOKEN Permissions", "Job defined at: ",
	"Complete job name: ", "Requested labels: ", "Secret source: ",
	"-accepted-github-permissions", "X-Accepted-Github-Permissions", "https://api.github.com/repos/",
	"to authenticate with OIDC", "ACTIONS_ID_TOKEN_REQUEST_", NULL };

static const struct reading examples[] = {
	{
		.name = "the start of a job",
		.log = "Requested labels: ubuntu-24.04\n"
		       "Job defined at: o/r/.github/workflows/test.yml@refs/heads/main\n"
		       "##[group]GITHUB_TOKEN Permissions\nContents: read\nMetadata: read\n##[endgroup]\n"
		       "Secret source: Actions\n##[group]Run actions/setup-python@v5\nwith:\n"
		       "  python-version: 3.7\n##[endgroup]\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_job = {
	.name = "job",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

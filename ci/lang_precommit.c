/*
 * pre-commit: one failure for each hook that changed files, with the files that its "Fixing PATH"
 * lines name as findings. A hook that failed and changed nothing is a checker like any other: what
 * it printed is for that tool's own reader.
 */
#include "ci/trace.h"

#include <stdio.h>
#include <string.h>

enum { HOOK_LINES_MAX = 1000 };

struct state {
	struct kept hook;
	unsigned long first_line;
	unsigned lines;
	bool changed, placed;
	struct failure *failure;
};

static void finish(struct state *s)
{
	memset(s, 0, sizeof(*s));
}

/* An id goes into the command that is advised. */
static bool is_plain(struct str id)
{
	for (size_t i = 0; i < id.size; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.", id.at[i]))
			return false;
	return id.size && id.at[0] != '-';
}

static void changed(struct state *s, const struct line *line, struct findings *f)
{
	struct str hook = kept_str(&s->hook);
	char command[sizeof(s->hook.at) + 64];
	struct failure *failure = findings_failure(f, KIND_LINT, WEIGHT_DIAGNOSTIC, s->first_line);

	failure->tool = "pre-commit";
	failure->type = findings_text(failure, hook);
	failure->message = findings_text(failure, STR("files were modified by this hook"));
	failure->error_line = line->number;
	failure->last_line = line->number;
	if (is_plain(hook)) {
		(void)snprintf(command, sizeof(command), "pre-commit run %.*s --all-files", STR_ARG(hook));
		failure->fixer = findings_text(failure, str_of(command));
	}
	s->failure = failure;
	s->changed = true;
}

/* What hooks print of each file they change; the longer beginnings first. */
static const char *const before[] = { "Fixing file ", "Fixing strings in ", "Fixing ", "Sorting ",
				      "reformatted " };
static const char *const behind[] = { ": fixed mixed line endings", ": removed byte-order marker" };

static bool names_file(struct str text, struct str *path)
{
	*path = text;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		if (str_skip(path, before[i]))
			return path->size > 0;
	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++)
		if (str_chop(path, behind[i]))
			return path->size > 0;
	return false;
}

static bool ends_hook(struct str text)
{
	return (str_ends(text, "Passed") || str_ends(text, "Failed") || str_ends(text, "Skipped")) &&
	       str_has(text, "...");
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;
	struct str text = str_trim(line->text), path;

	if (str_skip(&text, "- hook id: ")) {
		finish(s);
		keep(&s->hook, text);
		s->first_line = line->number;
		return AWAKE;
	}
	if (!s->hook.size || ends_hook(text) || line->mark != MARK_NONE || ++s->lines > HOOK_LINES_MAX) {
		finish(s);
		return ASLEEP;
	}
	if (!s->changed && str_is(text, "- files were modified by this hook"))
		changed(s, line, f);
	else if (s->changed && names_file(text, &path)) {
		findings_diagnostic(f, "pre-commit", path, 0, 0, SEVERITY_ERROR, kept_str(&s->hook), text);
		s->failure->last_line = line->number;
		if (!s->placed)
			place_set(s->failure, &(struct place){ .file = path });
		s->placed = true;
	}
	return AWAKE;
}

static const char *const wake[] = { "- hook id: ", NULL };

static const char *const shop[] = { "src/a.py", "docs/n.txt", "docs/z.txt", "run.sh", NULL };

static const struct reading examples[] = {
	{
		.name = "spaces at the ends of lines",
		.files = shop,
		.log =
		"trim trailing whitespace.................................................Failed\n"
		"- hook id: trailing-whitespace\n"
		"- exit code: 1\n"
		"- files were modified by this hook\n"
		"\n"
		"Fixing docs/n.txt\n"
		"Fixing src/a.py\n"
		"\n"
		"black....................................................................Passed\n",
		.expect = { .kind = KIND_LINT, .tool = "pre-commit", .type = "trailing-whitespace",
			    .message = "files were modified by this hook", .file = "docs/n.txt",
			    .error_line = 4 },
	},
	{
		.name = "a hook that says nothing more",
		.files = shop,
		.log =
		"trim trailing whitespace.................................................Passed\n"
		"black....................................................................Failed\n"
		"- hook id: black\n"
		"- files were modified by this hook\n"
		"no print.................................................................Passed\n"
		"shfmt....................................................................Passed\n",
		.expect = { .kind = KIND_LINT, .tool = "pre-commit", .type = "black", .error_line = 4 },
	},
	{
		.name = "line ends of two kinds",
		.files = shop,
		.log =
		"mixed line ending........................................................Failed\n"
		"- hook id: mixed-line-ending\n"
		"- exit code: 1\n"
		"- files were modified by this hook\n"
		"\n"
		"docs/z.txt: fixed mixed line endings\n",
		.expect = { .kind = KIND_LINT, .tool = "pre-commit", .type = "mixed-line-ending",
			    .file = "docs/z.txt", .error_line = 4 },
	},
	{
		.name = "a hook that fails and changes nothing",
		.files = shop,
		.log =
		"no print.................................................................Failed\n"
		"- hook id: no-print\n"
		"- exit code: 1\n"
		"\n"
		"ci/trim.py:8:        print(\"Fixing\", p)\n"
		"Fixing src/a.py\n"
		"\n"
		"shfmt....................................................................Passed\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_precommit = {
	.name = "precommit",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};

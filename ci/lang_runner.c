/*
 * What the runner itself says at the end of a step: only the exit code. It is the failure of last
 * resort, when no tool's own error was understood.
 */
#include "ci/reader.h"

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct failure *failure;
	unsigned long code;

	(void)state;
	if (line->mark != MARK_ERROR && !str_skip(&text, "Error: "))
		return ASLEEP;
	if (!str_skip(&text, "Process completed with exit code ") || !str_take_number(&text, &code))
		return ASLEEP;
	failure = findings_failure(f, KIND_UNKNOWN, WEIGHT_CONSEQUENCE, line->number);
	failure->tool = "actions";
	failure->type = "exit code";
	failure->message = findings_text(failure, line->text);
	return ASLEEP;
}

static const char *const wake[] = { "Process completed with exit code ", NULL };

static const struct reading examples[] = {
	{
		.name = "a step that says nothing but its exit code",
		.log = "##[group]Run ./check.sh\n./check.sh\n##[endgroup]\n"
		       "##[error]Process completed with exit code 3.\n",
		.expect = { .kind = KIND_UNKNOWN, .tool = "actions", .type = "exit code",
			    .message = "Process completed with exit code 3.", .error_line = 4 },
	},
	{0}
};

const struct reader reader_runner = {
	.name = "runner",
	.wake = wake,
	.line = line,
	.examples = examples,
};

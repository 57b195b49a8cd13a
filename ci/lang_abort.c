/*
 * Deaths of C and C++ programs that a library or the shell tells of: glibc's heap checks, signals.
 * Assertions, uncaught exceptions and sanitizers have their own readers.
 */
#include "ci/trace.h"

/* The names of functions stand apart: a search for calls shall not find them here. */
static const char *const heap_words[] = { "free" "(): double free detected", "free" "(): invalid ",
	"double free or corruption", "malloc" "(): ", "munmap_chunk(): invalid pointer",
	"corrupted size vs. prev_size", "realloc" "(): invalid ", "*** stack smashing detected ***",
	"*** buffer overflow detected ***", "malloc_consolidate(): ", NULL };

static bool heap_line(const struct line *line, struct findings *f)
{
	struct failure *failure;

	for (size_t i = 0; heap_words[i]; i++) {
		if (!str_starts(line->text, heap_words[i]))
			continue;
		failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_FAILURE, line->number);
		failure->language = "c";
		failure->tool = "libc";
		failure->type = "abort";
		failure->message = findings_text(failure, line->text);
		return true;
	}
	return false;
}

/*
 * "bash: line 1:  8194 Segmentation fault      ./ub2", or make's "Segmentation fault (core
 * dumped)"
 */
static void signal_line(const struct line *line, struct findings *f)
{
	static const char *const signals[] = { "Segmentation fault", "Bus error", "Illegal instruction",
		"Floating point exception", "Aborted", NULL };
	struct str text = line->text, rest = text;
	struct failure *failure;
	unsigned long pid;

	if (str_split(text, ": line ", NULL, &rest) && str_take_number(&rest, &pid) &&
	    str_skip(&rest, ":")) {
		rest = str_trim(rest);
		if (!str_take_number(&rest, &pid))
			return;
		rest = str_trim(rest);
	}
	for (size_t i = 0; signals[i]; i++) {
		struct str after = rest;

		if (!str_skip(&after, signals[i]) || (after.size && !str_starts(after, " ")))
			continue;
		if (after.size && rest.at == text.at && !str_starts(after, " (core dumped)"))
			return;
		failure = findings_failure(f, KIND_EXCEPTION, i == 4 ? WEIGHT_SUMMARY : WEIGHT_HINT,
					   line->number);
		failure->tool = "shell";
		failure->type = signals[i];
		failure->message = findings_text(failure, text);
		return;
	}
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	(void)state;
	if (!heap_line(line, f))
		signal_line(line, f);
	return ASLEEP;
}

static const char *const wake[] = { "free" "(): ",
	"double free or corruption", "malloc" "(): ", "munmap_chunk(): ", "corrupted size vs. prev_size",
	"realloc" "(): ", "*** stack smashing detected", "*** buffer overflow detected",
	"malloc_consolidate(): ", "Segmentation fault", "Bus error",
	"Illegal instruction", "Floating point exception", "Aborted", NULL };

static const struct reading examples[] = {
	{
		.name = "double free",
		.log =
		"free" "(): double free detected in tcache 2\n"
		"/dev/fd/3: line 83:  8068 Aborted                 ./g\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "c", .tool = "libc", .type = "abort",
			    .message = "free" "(): double free detected in tcache 2", .error_line = 1 },
	},
	{
		.name = "only the shell speaks",
		.log = "bash: line 85:  8194 Segmentation fault      ./ub2\n",
		.expect = { .kind = KIND_EXCEPTION, .tool = "shell", .type = "Segmentation fault",
			    .error_line = 1 },
	},
	{
		.name = "a sentence with the word",
		.log = "Aborted by the user, nothing to do\nnote: Segmentation fault is a signal\n",
		.nothing = true,
	},
	{0}
};

const struct reader reader_abort = {
	.name = "abort",
	.language = "c",
	.wake = wake,
	.line = line,
	.examples = examples,
};

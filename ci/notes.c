/*
 * Texts of annotations and check runs go through the readers of logs, written as a runner writes
 * them into a log. Only when those find nothing does the ending speak. Asks nobody anything.
 */
#include "ci/notes.h"

#include "ci/log.h"
#include "ci/report.h"
#include "ci/signature.h"

enum { MESSAGE_MOST = 1000 };

/* As the readers read it back: a message may hold line feeds, a path anything. */
static void add_escaped(struct text *out, struct str s)
{
	for (size_t i = 0; i < s.size; i++) {
		if (s.at[i] && strchr("%\r\n:,", s.at[i]))
			text_addf(out, "%%%02X", (unsigned char)s.at[i]);
		else
			text_addc(out, s.at[i]);
	}
}

static void feed_line(struct log *log, struct str line)
{
	log_feed(log, line.at, line.size);
	log_feed(log, "\n", 1);
}

static void feed_note(struct log *log, const struct note *note)
{
	ARENA scratch = {0};
	struct text line = TEXT(&scratch);
	struct str rest = note->message, first = STR_NONE;

	(void)str_next(&rest, '\n', &first);
	if (note->file) {
		text_addf(&line, "::error file=");
		add_escaped(&line, str_of(note->file));
		text_addf(&line, ",line=%llu,title=", note->line);
		add_escaped(&line, note->title);
		text_addf(&line, "::");
		add_escaped(&line, first);
	} else {
		text_addf(&line, "##[error]");
		text_add(&line, first);
	}
	feed_line(log, text_str(&line));
	feed_line(log, rest);
	feed_line(log, note->details);
}

static const struct report *read_texts(struct arena *a, const struct tree *tree,
				       const struct notes *notes)
{
	struct log *log = log_open(a, tree);

	for (size_t i = 0; i < notes->count; i++)
		feed_note(log, &notes->list[i]);
	feed_line(log, notes->title);
	feed_line(log, notes->summary);
	feed_line(log, notes->text);
	return log_close(log);
}

static bool first_line(struct str text, struct str *out)
{
	struct str line;

	while (str_next(&text, '\n', &line))
		if (str_trim(line).size) {
			*out = str_slice(str_trim(line), 0, MESSAGE_MOST);
			return true;
		}
	return false;
}

/* The first line that somebody wrote about it. An exit code is not worth being called a reason. */
static struct str reason_of(const struct notes *notes)
{
	struct str line = STR_NONE;

	for (size_t i = 0; i < notes->count; i++)
		if (first_line(notes->list[i].message, &line) &&
		    !str_starts(line, "Process completed with exit code "))
			return line;
	line = STR_NONE;
	(void)(first_line(notes->title, &line) || first_line(notes->summary, &line) ||
	       first_line(notes->text, &line));
	return line;
}

/* "test (ubuntu, 3.12)" is "test": the legs of a matrix fail together more often than not. */
static struct str without_leg(struct str name)
{
	struct str rest;

	if (name.size && name.at[name.size - 1] == ')' && str_split(name, " (", &rest, NULL))
		return rest;
	return name;
}

static const struct {
	enum kind kind;
	const char *type, *message;
	bool transient;
} endings[] = {
	[ENDING_FAILED] = { KIND_UNKNOWN, "failed", "it failed, and nothing says why", false },
	[ENDING_TIMED_OUT] = { KIND_TIMEOUT, "job time", "it took longer than it may", false },
	[ENDING_ABANDONED] = { KIND_INFRA, "runner lost", "its runner went away", true },
	[ENDING_NOT_STARTED] = { KIND_CONFIG, "startup failure", "the workflow cannot be started",
				 false },
};

static const char *message_of(struct arena *a, const struct notes *notes)
{
	struct str reason = reason_of(notes);
	struct text text = TEXT(a);

	if (notes->name.size) {
		text_add(&text, without_leg(notes->name));
		text_addf(&text, ": ");
	}
	if (notes->step.size) {
		text_addf(&text, "the step \"");
		text_add(&text, notes->step);
		text_addf(&text, reason.size ? "\" failed: " : "\" failed");
	}
	if (reason.size)
		text_add(&text, reason);
	else if (!notes->step.size)
		text_addf(&text, "%s", endings[notes->ending].message);
	return report_text(a, text_str(&text));
}

static struct failure *make(struct arena *a, const struct notes *notes)
{
	struct failure *failure = arena_new(a, struct failure);

	*failure = (struct failure){
		.rank = 1, .weight = WEIGHT_SUMMARY, .tool = notes->source, .file = notes->workflow,
		.kind = endings[notes->ending].kind, .type = endings[notes->ending].type,
		.message = message_of(a, notes), .transient = endings[notes->ending].transient,
	};
	signature_of(failure);
	return failure;
}

const struct failure *notes_read(struct arena *a, const struct tree *tree, const struct notes *notes,
				 bool *understood)
{
	const struct report *report = read_texts(a, tree, notes);
	const struct failure *found = report->failures;

	/* A line that no reader owns says less than the step and its first error. */
	if (!report->failure_count || found->weight <= WEIGHT_CONSEQUENCE || !found->tool)
		found = make(a, notes);
	*understood = found->kind != KIND_UNKNOWN || found->weight > WEIGHT_SUMMARY;
	return found;
}

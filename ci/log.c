/*
 * The engine: cuts bytes into lines, cleans them, wakes readers, and hands everything found to the
 * report. Memory does not depend on the log's length. Knows the runner's own lines (steps, exit
 * codes, annotations), no tool's.
 */
#include "ci/log.h"

#include "ci/clean.h"
#include "ci/encoding.h"
#include "ci/findings.h"
#include "ci/log_ask.h"

struct log {
	struct arena *arena;
	const struct tree *tree;
	struct findings *findings;
	struct report *report;
	struct encoding encoding;
	struct steps steps;
	struct cleaner cleaner;
	void **states;
	wake_set awake, asked, always;
	size_t carried;
	char carry[RAW_BYTES_MAX];	/* the start of a line whose end has not come yet */
};

struct log *log_open(struct arena *a, const struct tree *tree)
{
	struct log *log = arena_new(a, struct log);

	log->arena = a;
	log->tree = tree;
	log->findings = findings_open(a);
	log->steps.arena = a;
	log->report = arena_new(a, struct report);
	log->report->exit_code = -1;
	log->asked = ~(wake_set)0;
	log->states = arena_array(a, void *, reader_count);
	for (size_t i = 0; i < reader_count; i++) {
		log->states[i] = arena_alloc(a, readers[i]->state_size);
		if (readers[i]->restless)
			log->awake |= wake_one(i);
	}
	return log;
}

void log_ask(struct log *log, wake_set asked, bool always)
{
	log->asked = asked;
	for (size_t i = 0; always && i < reader_count; i++)
		log->always |= asked & wake_one(i);
}

static const struct {
	enum mark mark;
	enum severity severity;
} severities[] = {
	{ MARK_ERROR, SEVERITY_ERROR }, { MARK_WARNING, SEVERITY_WARNING },
	{ MARK_NOTICE, SEVERITY_NOTE },
};

/* "::error file=a.c,line=3::message": a place and a reason, from a tool that nobody here may know. */
static void annotation(struct log *log, const struct line *line)
{
	const struct annotation *said = &log->cleaner.annotation;
	struct str file = str_of(said->file), title = str_of(said->title);
	struct failure *failure;

	if (!file.size)
		return;
	for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++)
		if (line->mark == severities[i].mark)
			findings_diagnostic(log->findings, "actions", file, said->line, said->column,
					    severities[i].severity, title, line->text);
	if (line->mark != MARK_ERROR)
		return;
	failure = findings_failure(log->findings, KIND_UNKNOWN, WEIGHT_HINT, line->number);
	failure->tool = "actions";
	failure->type = findings_text(failure, title);
	failure->message = findings_text(failure, line->text);
	failure->file = findings_text(failure, file);
	failure->line = said->line > 0x7fffffff ? 0 : (unsigned)said->line;
	failure->column = said->column > 0x7fffffff ? 0 : (unsigned)said->column;
}

/* The web page shows "##[error]" as "Error: ", and so it stands in what people paste. */
static void exit_code(struct log *log, const struct line *line)
{
	struct str text = line->text;
	unsigned long code;

	if (line->mark != MARK_ERROR && !str_skip(&text, "Error: "))
		return;
	if (str_skip(&text, "Process completed with exit code ") && str_take_number(&text, &code) &&
	    code < 256)
		log->report->exit_code = (int)code;
}

static void runner_line(struct log *log, const struct line *line)
{
	struct str text = line->text;

	if (line->mark != MARK_NONE || steps_listening(&log->steps))
		steps_line(&log->steps, line);
	else if (text.size && text.at[0] == 'P' && str_is(text, "Post job cleanup."))
		steps_end(&log->steps, line->number);
	if (line->mark == MARK_ERROR || (text.size && text.at[0] == 'E'))
		exit_code(log, line);
	if (log->cleaner.annotation.present)
		annotation(log, line);
}

static void ask_reader(struct log *log, size_t i, const struct line *line)
{
	if (readers[i]->line(log->states[i], line, log->findings) == AWAKE)
		log->awake |= wake_one(i);
	else
		log->awake &= ~wake_one(i);
}

static void one_line(struct log *log, struct str raw)
{
	struct line line = { .number = ++log->report->lines };
	wake_set wanted;

	clean_line(&log->cleaner, raw, &line);
	findings_at(log->findings, line.number);
	runner_line(log, &line);
	wanted = (wake_readers(line.text, log->awake) & log->asked) | log->always;
	for (; wanted; wanted &= wanted - 1)
		ask_reader(log, wake_first(wanted), &line);
}

static void carry(struct log *log, struct str piece)
{
	piece = str_slice(piece, 0, sizeof(log->carry) - log->carried);
	if (piece.size)
		memcpy(log->carry + log->carried, piece.at, piece.size);
	log->carried += piece.size;
}

/* An overlong line is cut where the carry would cut it, so that pieces make no difference. */
static void feed_text(struct log *log, struct str rest)
{
	while (rest.size) {
		ptrdiff_t end = str_char(rest, '\n');

		if (end < 0) {
			carry(log, rest);
			return;
		}
		if (log->carried) {
			carry(log, str_slice(rest, 0, (size_t)end));
			one_line(log, (struct str){ log->carry, log->carried });
			log->carried = 0;
		} else {
			one_line(log, str_slice(rest, 0, (size_t)end));
		}
		rest = str_from(rest, (size_t)end + 1);
	}
}

void log_feed(struct log *log, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	char text[1024];

	log->report->bytes += size;
	while (size && log->encoding.kind != ENCODING_BYTES) {
		size_t taken = encoding_take(&log->encoding, &at, &size, text, sizeof(text));

		feed_text(log, (struct str){ text, taken });
	}
	feed_text(log, (struct str){ (const char *)at, size });
}

const struct report *log_close(struct log *log)
{
	char text[ENCODING_ROOM];

	feed_text(log, (struct str){ text, encoding_end(&log->encoding, text) });
	if (log->carried)
		one_line(log, (struct str){ log->carry, log->carried });
	steps_end(&log->steps, 0);
	for (size_t i = 0; i < reader_count; i++)
		if (readers[i]->end && log->asked & wake_one(i))
			readers[i]->end(log->states[i], log->findings);
	findings_close(log->findings, log->arena, log->tree, &log->steps, log->report);
	return log->report;
}

const struct report *log_read(struct arena *a, const struct tree *tree, struct str text)
{
	struct log *log = log_open(a, tree);

	log_feed(log, text.at, text.size);
	return log_close(log);
}

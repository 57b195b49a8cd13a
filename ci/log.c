/*
 * The engine: cuts bytes into lines, cleans them, wakes readers, and hands everything found to the
 * report. Memory does not depend on the log's length. Knows the runner's own lines (groups, exit
 * codes), no tool's.
 */
#include "ci/log.h"

#include "ci/clean.h"
#include "ci/findings.h"
#include "ci/wake.h"

enum { CARRY_BYTES = LINE_BYTES_MAX + 64 };

struct log {
	struct arena *arena;
	const struct tree *tree;
	struct findings *findings;
	struct report *report;
	struct cleaner cleaner;
	void **states;
	uint64_t awake;
	char carry[CARRY_BYTES];	/* the start of a line whose end has not come yet */
	size_t carried;
	bool overlong;			/* the carried line is longer than we look at */
	char command[512];
};

struct log *log_open(struct arena *a, const struct tree *tree)
{
	struct log *log = arena_new(a, struct log);

	log->arena = a;
	log->tree = tree;
	log->findings = findings_open(a);
	log->report = arena_new(a, struct report);
	log->report->exit_code = -1;
	log->states = arena_array(a, void *, reader_count);
	for (size_t i = 0; i < reader_count; i++)
		log->states[i] = arena_alloc(a, readers[i]->state_size);
	return log;
}

static void runner_line(struct log *log, const struct line *line)
{
	struct str text = line->text;
	unsigned long code;

	if (line->mark == MARK_GROUP && str_skip(&text, "Run ")) {
		text = str_slice(text, 0, sizeof(log->command) - 1);
		memcpy(log->command, text.at, text.size);
		log->command[text.size] = '\0';
	}
	if (line->mark == MARK_ERROR && str_skip(&text, "Process completed with exit code ") &&
	    str_take_number(&text, &code) && code < 256)
		log->report->exit_code = (int)code;
}

static void one_line(struct log *log, struct str raw)
{
	struct line line = { .number = ++log->report->lines };
	uint64_t wanted;

	clean_line(&log->cleaner, raw, &line);
	if (line.mark != MARK_NONE)
		runner_line(log, &line);
	wanted = wake_readers(line.text, log->awake);
	if (!wanted)
		return;
	findings_at(log->findings, line.number);
	for (size_t i = 0; wanted; i++, wanted >>= 1) {
		if (!(wanted & 1))
			continue;
		if (readers[i]->line(log->states[i], &line, log->findings) == AWAKE)
			log->awake |= UINT64_C(1) << i;
		else
			log->awake &= ~(UINT64_C(1) << i);
	}
}

static void carry(struct log *log, struct str piece)
{
	size_t room = sizeof(log->carry) - log->carried;

	if (piece.size > room) {
		piece.size = room;
		log->overlong = true;
	}
	if (piece.size)
		memcpy(log->carry + log->carried, piece.at, piece.size);
	log->carried += piece.size;
}

void log_feed(struct log *log, const void *bytes, size_t size)
{
	struct str rest = { bytes, size };

	log->report->bytes += size;
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
			log->overlong = false;
		} else {
			one_line(log, str_slice(rest, 0, (size_t)end));
		}
		rest = str_from(rest, (size_t)end + 1);
	}
}

const struct report *log_close(struct log *log)
{
	if (log->carried)
		one_line(log, (struct str){ log->carry, log->carried });
	for (size_t i = 0; i < reader_count; i++)
		if (readers[i]->end)
			readers[i]->end(log->states[i], log->findings);
	if (log->command[0])
		log->report->command = arena_strdup(log->arena, log->command);
	findings_close(log->findings, log->arena, log->tree, log->report);
	return log->report;
}

const struct report *log_read(struct arena *a, const struct tree *tree, struct str text)
{
	struct log *log = log_open(a, tree);

	log_feed(log, text.at, text.size);
	return log_close(log);
}

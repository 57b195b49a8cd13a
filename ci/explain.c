/*
 * The report as JSON and as text for a terminal. Adds nothing to it: what is 0, NULL or -1 there is
 * null here, and left out in the text.
 */
#include "ci/explain.h"

#include "ci/report.h"

enum { OTHERS_MAX = 9, SOURCE_BYTES = 120 };

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *number_or_null(unsigned long n)
{
	return n ? json_integer((json_int_t)n) : json_null();
}

static json_t *count_or_null(bool known, unsigned long n)
{
	return known ? json_integer((json_int_t)n) : json_null();
}

static json_t *id_or_null(const char *id)
{
	return id[0] ? json_string(id) : json_null();
}

static json_t *frames_json(const struct failure *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->frame_count; i++) {
		const struct frame *frame = &f->frames[i];

		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:b}", "file",
			text_or_null(frame->file), "line", number_or_null(frame->line), "column",
			number_or_null(frame->column), "function", text_or_null(frame->function), "own",
			(int)frame->own));
	}
	return list;
}

json_t *explain_failure_json(const struct failure *f)
{
	json_t *o = json_pack("{s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "rank",
		(int)f->rank, "kind", kind_name(f->kind), "language", text_or_null(f->language),
		"tool", text_or_null(f->tool), "type", text_or_null(f->type), "message",
		text_or_null(f->message), "file", text_or_null(f->file), "line",
		number_or_null(f->line), "column", number_or_null(f->column), "function",
		text_or_null(f->function), "test", text_or_null(f->test));

	json_object_set_new(o, "log_lines", json_pack("[I, I]", (json_int_t)f->first_line,
						      (json_int_t)f->last_line));
	json_object_set_new(o, "error_line", number_or_null(f->error_line));
	json_object_set_new(o, "frames", frames_json(f));
	json_object_set_new(o, "signature", id_or_null(f->signature));
	json_object_set_new(o, "family", id_or_null(f->family));
	json_object_set_new(o, "transient", json_boolean(f->transient));
	return o;
}

static json_t *tests_json(const struct tests *t)
{
	json_t *names = json_array();

	for (size_t i = 0; i < t->failed_count; i++)
		json_array_append_new(names, json_string(t->failed_names[i]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "framework", text_or_null(t->framework),
			 "run", count_or_null(t->counted, t->run), "passed",
			 count_or_null(t->counted, t->passed), "failed",
			 count_or_null(t->counted, t->failed), "skipped",
			 count_or_null(t->counted, t->skipped), "failed_names", names);
}

static const char *const severity_names[] = {
	[SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note",
};

static json_t *diagnostics_json(const struct report *report)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->diagnostic_count; i++) {
		const struct diagnostic *d = &report->diagnostics[i];

		json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "tool",
			text_or_null(d->tool), "file", text_or_null(d->file), "line",
			number_or_null(d->line), "column", number_or_null(d->column), "severity",
			severity_names[d->severity], "code", text_or_null(d->code), "message",
			text_or_null(d->message)));
	}
	return list;
}

json_t *explain_json(const struct report *report)
{
	json_t *failures = json_array(), *blocks = json_array();

	for (size_t i = 0; i < report->failure_count; i++)
		json_array_append_new(failures, explain_failure_json(&report->failures[i]));
	for (size_t i = 0; i < report->block_count; i++)
		json_array_append_new(blocks, json_pack("{s:o, s:I, s:I}", "language",
			text_or_null(report->blocks[i].language), "first",
			(json_int_t)report->blocks[i].first, "last",
			(json_int_t)report->blocks[i].last));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:I}", "failures", failures, "tests",
			 tests_json(&report->tests), "diagnostics", diagnostics_json(report), "blocks",
			 blocks, "exit_code",
			 report->exit_code < 0 ? json_null() : json_integer(report->exit_code), "lines",
			 (json_int_t)report->lines, "bytes", (json_int_t)report->bytes);
}

static void add_what(struct text *out, const struct failure *f)
{
	struct str message = STR_NONE, all = str_of(f->message);

	str_next(&all, '\n', &message);
	text_addf(out, "%s%s%.*s", f->type ? f->type : "", f->type && message.size ? ": " : "",
		  STR_ARG(message));
	if (!f->type && !message.size)
		text_adds(out, kind_name(f->kind));
}

static void add_place(struct text *out, const struct failure *f)
{
	text_adds(out, f->file);
	if (f->line)
		text_addf(out, ":%u", f->line);
	if (f->line && f->column)
		text_addf(out, ":%u", f->column);
}

static void add_source(struct text *out, struct arena *a, const struct failure *f,
		       const struct tree *tree)
{
	struct str source, line;

	if (!tree || !f->line || !tree_read(tree, a, f->file, &source))
		return;
	for (unsigned n = 1; str_next_line(&source, &line); n++) {
		char shown[SOURCE_BYTES + 1];

		if (n < f->line)
			continue;
		report_text_into(shown, sizeof(shown), str_trim(line));
		if (shown[0])
			text_addf(out, "  %6u | %s\n", n, shown);
		return;
	}
}

static void add_first(struct text *out, struct arena *a, const struct report *report,
		      const struct tree *tree)
{
	const struct failure *f = report->failures;
	struct str commands = str_of(report->command), command;

	add_what(out, f);
	text_addc(out, '\n');
	if (f->file) {
		text_adds(out, "  at ");
		add_place(out, f);
		text_addf(out, "%s%s\n", f->function ? " in " : "", f->function ? f->function : "");
		add_source(out, a, f, tree);
	}
	if (f->test)
		text_addf(out, "  test %s\n", f->test);
	text_addf(out, "  %s%s%s%s", kind_name(f->kind), f->tool ? ", " : "", f->tool ? f->tool : "",
		  f->transient ? ", a rerun may pass" : "");
	text_addf(out, ", line %lu of the log", f->error_line);
	if (report->exit_code >= 0)
		text_addf(out, ", exit code %d", report->exit_code);
	text_addc(out, '\n');
	if (str_next(&commands, '\n', &command))
		text_addf(out, "  run by %.*s\n", STR_ARG(command));
	if (f->fixer)
		text_addf(out, "  the log advises: %s\n", f->fixer);
	text_addf(out, "  signature %s\n", f->signature);
}

static void add_others(struct text *out, const struct report *report)
{
	size_t shown = report->failure_count - 1;

	shown = shown > OTHERS_MAX ? OTHERS_MAX : shown;
	for (size_t i = 1; i <= shown; i++) {
		const struct failure *f = &report->failures[i];

		text_addf(out, "%s%3u. ", i == 1 ? "\nAlso\n" : "", f->rank);
		add_what(out, f);
		if (f->file) {
			text_adds(out, " (");
			add_place(out, f);
			text_addc(out, ')');
		}
		text_addc(out, '\n');
	}
	if (report->failures_seen > shown + 1 && report->failure_count > shown + 1)
		text_addf(out, "     and %zu more\n", report->failure_count - shown - 1);
}

struct str explain_text(struct arena *a, const struct report *report, const struct tree *tree)
{
	const struct tests *t = &report->tests;
	struct text out = TEXT(a);

	if (!report->failure_count) {
		text_addf(&out, "No failure found in %lu lines.\n", report->lines);
	} else {
		add_first(&out, a, report, tree);
		add_others(&out, report);
	}
	if (t->counted)
		text_addf(&out, "\nTests%s%s: %lu run, %lu passed, %lu failed, %lu skipped\n",
			  t->framework ? " of " : "", t->framework ? t->framework : "", t->run,
			  t->passed, t->failed, t->skipped);
	return text_str(&out);
}

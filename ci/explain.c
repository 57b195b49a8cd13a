/*
 * A report as JSON (every field of the contract, null where the log does not say) and as text for a
 * terminal. Adds nothing to what the report holds.
 */
#include "ci/explain.h"

enum { TEXT_FRAMES = 4 };

static json_t *text_or_null(const char *text)
{
	return text ? json_string(text) : json_null();
}

static json_t *number_or_null(unsigned long n)
{
	return n ? json_integer((json_int_t)n) : json_null();
}

static void set(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

static json_t *frames_json(const struct failure *f)
{
	json_t *array = json_array();

	for (size_t i = 0; i < f->frame_count; i++) {
		const struct frame *frame = &f->frames[i];
		json_t *o = json_object();

		set(o, "file", text_or_null(frame->file));
		set(o, "line", number_or_null(frame->line));
		set(o, "column", number_or_null(frame->column));
		set(o, "function", text_or_null(frame->function));
		set(o, "own", json_boolean(frame->own));
		json_array_append_new(array, o);
	}
	return array;
}

json_t *explain_failure_json(const struct failure *f)
{
	json_t *o = json_object();

	set(o, "rank", json_integer(f->rank));
	set(o, "kind", json_string(kind_name(f->kind)));
	set(o, "language", text_or_null(f->language));
	set(o, "tool", text_or_null(f->tool));
	set(o, "type", text_or_null(f->type));
	set(o, "message", text_or_null(f->message));
	set(o, "file", text_or_null(f->file));
	set(o, "line", number_or_null(f->line));
	set(o, "column", number_or_null(f->column));
	set(o, "function", text_or_null(f->function));
	set(o, "test", text_or_null(f->test));
	set(o, "log_lines", json_pack("[I, I]", (json_int_t)f->first_line,
				      (json_int_t)f->last_line));
	set(o, "error_line", number_or_null(f->error_line));
	set(o, "frames", frames_json(f));
	set(o, "signature", json_string(f->signature));
	set(o, "family", json_string(f->family));
	set(o, "transient", json_boolean(f->transient));
	return o;
}

static json_t *tests_json(const struct tests *tests)
{
	json_t *o = json_object(), *names = json_array();
	bool known = tests->counted;

	set(o, "framework", text_or_null(tests->framework));
	set(o, "run", known ? json_integer((json_int_t)tests->run) : json_null());
	set(o, "passed", known ? json_integer((json_int_t)tests->passed) : json_null());
	set(o, "failed", known ? json_integer((json_int_t)tests->failed) : json_null());
	set(o, "skipped", known ? json_integer((json_int_t)tests->skipped) : json_null());
	for (size_t i = 0; i < tests->failed_count; i++)
		json_array_append_new(names, json_string(tests->failed_names[i]));
	set(o, "failed_names", names);
	return o;
}

static const char *severity_name(enum severity severity)
{
	static const char *const names[] = { "error", "warning", "note" };

	return names[severity];
}

static json_t *diagnostic_json(const struct diagnostic *d)
{
	json_t *o = json_object();

	set(o, "tool", text_or_null(d->tool));
	set(o, "file", text_or_null(d->file));
	set(o, "line", number_or_null(d->line));
	set(o, "column", number_or_null(d->column));
	set(o, "severity", json_string(severity_name(d->severity)));
	set(o, "code", text_or_null(d->code));
	set(o, "message", text_or_null(d->message));
	return o;
}

json_t *explain_json(const struct report *report)
{
	json_t *o = json_object(), *failures = json_array(), *diagnostics = json_array();
	json_t *blocks = json_array();

	for (size_t i = 0; i < report->failure_count; i++)
		json_array_append_new(failures, explain_failure_json(&report->failures[i]));
	for (size_t i = 0; i < report->diagnostic_count; i++)
		json_array_append_new(diagnostics, diagnostic_json(&report->diagnostics[i]));
	for (size_t i = 0; i < report->block_count; i++)
		json_array_append_new(blocks, json_pack("{s:s?, s:I, s:I}", "language",
				      report->blocks[i].language, "first",
				      (json_int_t)report->blocks[i].first, "last",
				      (json_int_t)report->blocks[i].last));
	set(o, "failures", failures);
	set(o, "tests", tests_json(&report->tests));
	set(o, "diagnostics", diagnostics);
	set(o, "blocks", blocks);
	set(o, "exit_code", report->exit_code < 0 ? json_null()
						  : json_integer(report->exit_code));
	set(o, "lines", json_integer((json_int_t)report->lines));
	set(o, "bytes", json_integer((json_int_t)report->bytes));
	return o;
}

static void add_title(struct text *out, const struct failure *f)
{
	text_adds(out, f->type ? f->type : kind_name(f->kind));
	if (f->message)
		text_addf(out, ": %s", f->message);
	text_addc(out, '\n');
}

/* The line of the source on which it happened, when the tree has it. */
static void add_source(struct text *out, struct arena *a, const struct failure *f,
		       const struct tree *tree)
{
	struct str text, line;

	if (!tree || !f->file || !f->line || !tree_read(tree, a, f->file, &text))
		return;
	for (unsigned n = 1; str_next_line(&text, &line); n++)
		if (n == f->line) {
			text_addf(out, "    %5u | %.*s\n", n, STR_ARG(str_slice(line, 0, 160)));
			return;
		}
}

static void add_frames(struct text *out, const struct failure *f)
{
	unsigned shown = 0;

	for (size_t i = f->frame_count; i-- > 0 && shown < TEXT_FRAMES;) {
		const struct frame *frame = &f->frames[i];

		if (!frame->own || !frame->file ||
		    (f->file && !strcmp(frame->file, f->file) && frame->line == f->line))
			continue;
		text_addf(out, "    from %s:%u%s%s\n", frame->file, frame->line,
			  frame->function ? " in " : "", frame->function ? frame->function : "");
		shown++;
	}
}

static void add_failure(struct text *out, struct arena *a, const struct failure *f,
			const struct tree *tree)
{
	add_title(out, f);
	if (f->file)
		text_addf(out, "    at %s:%u%s%s\n", f->file, f->line, f->function ? " in " : "",
			  f->function ? f->function : "");
	add_source(out, a, f, tree);
	add_frames(out, f);
	if (f->test)
		text_addf(out, "    test %s\n", f->test);
	text_addf(out, "    log line %lu, %s%s%s, signature %s\n", f->error_line, kind_name(f->kind),
		  f->tool ? " of " : "", f->tool ? f->tool : "", f->signature);
	if (f->transient)
		text_adds(out, "    may pass by itself: run it again\n");
}

struct str explain_text(struct arena *a, const struct report *report, const struct tree *tree)
{
	struct text out = TEXT(a);

	if (!report->failure_count)
		text_adds(&out, "No failure found.\n");
	else
		add_failure(&out, a, report->failures, tree);
	for (size_t i = 1; i < report->failure_count; i++) {
		if (i == 1)
			text_adds(&out, "\nAlso:\n");
		text_adds(&out, "  ");
		if (report->failures[i].file)
			text_addf(&out, "%s:%u: ", report->failures[i].file,
				  report->failures[i].line);
		add_title(&out, &report->failures[i]);
	}
	if (report->failures_seen > report->failure_count)
		text_addf(&out, "  and %lu more\n", report->failures_seen - report->failure_count);
	if (report->tests.counted)
		text_addf(&out, "\n%s: %lu tests, %lu passed, %lu failed, %lu skipped\n",
			  report->tests.framework ? report->tests.framework : "tests",
			  report->tests.run, report->tests.passed, report->tests.failed,
			  report->tests.skipped);
	return text_str(&out);
}

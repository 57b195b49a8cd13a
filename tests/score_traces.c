/*
 * The part of tests/score_corpora.c that scores crash traces and diagnostics.
 */
#include "tests/score.h"

#include <ctype.h>
#include <stdio.h>

/* A function's name without arguments, template arguments and blanks. */
static struct str bare(struct arena *a, const char *function)
{
	struct text out = TEXT(a);
	unsigned depth = 0;

	for (; function && *function; function++) {
		if (*function == '<' || *function == '(')
			depth++;
		else if ((*function == '>' || *function == ')') && depth)
			depth--;
		else if (!depth && *function != ' ')
			text_addc(&out, *function);
	}
	return text_str(&out);
}

static bool same_type(const char *expected, const char *got)
{
	struct str first, rest = str_of(expected), ours = str_of(got);
	size_t k = 0;

	if (!got || !str_next(&rest, '\n', &first))
		return false;
	for (size_t i = 0; i < first.size; i++) {
		if (!isalnum((unsigned char)first.at[i]))
			continue;
		while (k < ours.size && !isalnum((unsigned char)ours.at[k]))
			k++;
		if (k == ours.size || tolower((unsigned char)ours.at[k++]) !=
					      tolower((unsigned char)first.at[i]))
			return false;
	}
	return true;
}

enum { STATE_CUT = 80 };		/* the answers are cut at so many characters */

static bool same_frame(struct arena *a, const char *expected, const char *got)
{
	struct str ours = bare(a, got), theirs = bare(a, expected);

	if (strlen(expected) >= STATE_CUT)
		return theirs.size && str_starts(ours, str_text(a, theirs));
	return str_equal(theirs, ours);
}

/* "i < size() in Vector.h" is no frame: it is what the check said. */
static bool is_said(struct arena *a, const struct failure *f, const char *expected)
{
	struct str said = str_of(expected), head, file;

	if (str_split_last(said, " in ", &head, &file) &&
	    (str_char(file, ' ') < 0 || said.size >= STATE_CUT))
		said = head;
	else if (said.size >= STATE_CUT)
		said.size--;
	return f && f->message && said.size &&
	       same_type(str_text(a, said), f->message);
}

/* How many of the expected frames, from the innermost, are our innermost own frames. */
static unsigned state_depth(const struct failure *f, const json_t *state, bool said, struct text *got)
{
	ARENA a = {0};
	unsigned taken = said, same = said;

	for (size_t i = f ? f->frame_count : 0; i-- > 0 && taken < json_array_size(state);) {
		const char *expected = json_string_value(json_array_get(state, taken));

		if (!f->frames[i].own)
			continue;
		text_addf(got, "%s | ", shown(f->frames[i].function));
		if (same == taken && same_frame(&a, expected, f->frames[i].function))
			same++;
		taken++;
	}
	return same;
}

void score_stacks(void)
{
	json_t *list = answers("stacks", "expected.json"), *row;
	unsigned type = 0, types = 0, top = 0, whole = 0, all = 0, said_top = 0, said_whole = 0;
	size_t i;

	json_array_foreach(list, i, row) {
		ARENA a = {0};
		const char *name = text_of(row, "trace"), *wanted = text_of(row, "type");
		const struct report *report = report_of(&a, "stacks", name, "");
		const json_t *state = json_object_get(row, "state");
		const struct failure *f = report && report->failure_count ? report->failures : NULL;
		struct text got = TEXT(&a), unused = TEXT(&a);
		const char *first = json_string_value(json_array_get(state, 0));
		unsigned depth, said_depth;

		if (!report || !json_array_size(state))
			continue;
		depth = state_depth(f, state, false, &got);
		said_depth = state_depth(f, state, is_said(&a, f, first), &unused);
		said_top += said_depth > 0;
		said_whole += said_depth == json_array_size(state);
		all++;
		top += depth > 0;
		whole += depth == json_array_size(state);
		if (depth < json_array_size(state) && verbose)
			printf("  stacks/%s: %.150s expected %s | %s | %s\n", name, text_cstr(&got),
			       json_string_value(json_array_get(state, 0)),
			       shown(json_string_value(json_array_get(state, 1))),
			       shown(json_string_value(json_array_get(state, 2))));
		if (!wanted || !*wanted)
			continue;
		types++;
		type += same_type(wanted, f ? f->type : NULL);
		if (!same_type(wanted, f ? f->type : NULL))
			miss("stacks", name, "type", f ? f->type : NULL, wanted);
	}
	if (!list)
		return;
	print_score("stacks", "innermost own frame", top, all);
	print_score("stacks", "three own frames", whole, all);
	print_score("stacks", "innermost, or what the check said", said_top, all);
	print_score("stacks", "three, or what it said and two", said_whole, all);
	print_score("stacks", "type", type, types);
	json_decref(list);
}

struct quickfix {
	struct str file, message;
	unsigned long line, column;
};

/* "file|12 col 5 error 7006| message"; false for the further lines of a message. */
static bool quickfix_of(struct str line, struct quickfix *q)
{
	struct str place, number;

	*q = (struct quickfix){0};
	if (!str_split(line, "|", &q->file, &place) || !str_split(place, "|", &place, &q->message))
		return false;
	str_take_number(&place, &q->line);
	if (str_split(place, "col ", NULL, &number))
		str_take_number(&number, &q->column);
	q->message = str_trim(q->message);
	return q->file.size > 0;
}

static bool has_diagnostic(const struct report *report, const struct quickfix *q)
{
	for (size_t i = 0; i < report->diagnostic_count; i++) {
		const struct diagnostic *d = &report->diagnostics[i];
		struct str ours = str_of(d->message);
		struct str head = str_slice(ours, 0, 12);

		if (str_is(q->file, d->file ? d->file : "") && q->line == d->line &&
		    (!q->column || q->column == d->column) &&
		    (str_find(q->message, head) >= 0 || str_find(ours, q->message) >= 0))
			return true;
	}
	return false;
}

void score_diagnostics(void)
{
	json_t *list = answers("diagnostics", "tools.json"), *row;
	unsigned lines = 0, all_lines = 0, tools = 0;
	size_t i;

	json_array_foreach(list, i, row) {
		ARENA a = {0};
		const char *tool = json_string_value(row);
		const struct report *report = report_of(&a, "diagnostics", tool, ".in");
		unsigned good = 0, all = 0;
		struct quickfix q;
		struct str rest, line;

		if (!report || !read_answer(&a, "diagnostics", tool, ".ok", &rest))
			continue;
		while (str_next(&rest, '\n', &line)) {
			if (!quickfix_of(line, &q))
				continue;
			all++;
			good += has_diagnostic(report, &q);
		}
		if (verbose)
			printf("  diagnostics/%-16s %3u of %3u, %zu reported\n", tool, good, all,
			       report->diagnostic_count);
		tools += good == all;
		lines += good;
		all_lines += all;
	}
	if (!list)
		return;
	print_score("diagnostics", "tools with all lines", tools, (unsigned)json_array_size(list));
	print_score("diagnostics", "lines: file, line, column, text", lines, all_lines);
	json_decref(list);
}

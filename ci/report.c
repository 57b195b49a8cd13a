/*
 * From found failures to a ranked report. Does not read logs.
 */
#include "ci/report.h"

#include "bot/base/utf8.h"
#include "ci/own.h"
#include "ci/signature.h"

static const char *const kind_names[] = {
	[KIND_UNKNOWN] = "unknown", [KIND_EXCEPTION] = "exception",
	[KIND_ASSERTION] = "assertion", [KIND_COMPILE] = "compile", [KIND_LINT] = "lint",
	[KIND_DEPENDENCY] = "dependency", [KIND_CONFIG] = "config", [KIND_INFRA] = "infra",
	[KIND_RESOURCE] = "resource", [KIND_PERMISSION] = "permission",
	[KIND_TIMEOUT] = "timeout",
};

const char *kind_name(enum kind kind)
{
	return kind_names[kind];
}

static const struct str replacement = { "\xef\xbf\xbd", 3 };

/* How much of the text is printable ASCII, which stays as it is. */
static size_t plain_size(struct str text)
{
	size_t n = 0;

	while (n < text.size && text.at[n] >= ' ' && text.at[n] <= '~')
		n++;
	return n;
}

/* What stands for the characters at the front, *size bytes of them: a plain run, or one. */
static struct str shown(struct str text, size_t *size)
{
	unsigned char c = (unsigned char)text.at[0];
	uint32_t character;

	*size = plain_size(text);
	if (*size)
		return str_slice(text, 0, *size);
	*size = 1;
	if (c == '\n')
		return STR("\n");
	if (c < 0x80)
		return STR(" ");
	*size = utf8_first(text, &character);
	if (*size && !utf8_is_hidden(character))
		return (struct str){ text.at, *size };
	*size = *size ? *size : 1;
	return replacement;
}

size_t report_text_into(char *out, size_t room, struct str text)
{
	size_t done = 0, size;

	while (text.size && done + 1 < room) {
		struct str piece = shown(text, &size);

		if (done + piece.size >= room && (unsigned char)piece.at[0] >= 0x80)
			break;		/* a character is not cut */
		piece = str_slice(piece, 0, room - done - 1);
		memcpy(out + done, piece.at, piece.size);
		done += piece.size;
		text = str_from(text, size);
	}
	out[done] = '\0';
	return done;
}

const char *report_text(struct arena *a, struct str text)
{
	char *out;

	if (!text.size)
		return NULL;
	out = arena_alloc(a, text.size * replacement.size + 1);
	report_text_into(out, text.size * replacement.size + 1, text);
	return out;
}

struct failure report_failure_copy(struct arena *a, const struct failure *failure)
{
	struct failure copy = *failure;

	copy.type = arena_strdup(a, copy.type);
	copy.message = arena_strdup(a, copy.message);
	copy.file = arena_strdup(a, copy.file);
	copy.function = arena_strdup(a, copy.function);
	copy.test = arena_strdup(a, copy.test);
	copy.fixer = arena_strdup(a, copy.fixer);
	copy.help = arena_strdup(a, copy.help);
	copy.frames = arena_array(a, struct frame, copy.frame_count);
	for (size_t i = 0; i < copy.frame_count; i++) {
		copy.frames[i] = failure->frames[i];
		copy.frames[i].file = arena_strdup(a, copy.frames[i].file);
		copy.frames[i].function = arena_strdup(a, copy.frames[i].function);
	}
	return copy;
}

static bool same_text(const char *a, const char *b)
{
	return str_equal(str_of(a), str_of(b));
}

static bool is_repeat(const struct failure *a, const struct failure *b)
{
	return a->kind == b->kind && a->line == b->line && same_text(a->file, b->file) &&
	       same_text(a->type, b->type) && same_text(a->message, b->message) &&
	       same_text(a->test, b->test);
}

/* "FAILED test_a - assert 0" behind the trace of test_a: the trace says it all. */
static bool is_summary_of(const struct failure *light, const struct failure *heavy)
{
	return light->test && light->weight <= WEIGHT_SUMMARY && heavy->weight > light->weight &&
	       same_text(light->test, heavy->test);
}

/* Two readers took the same line: the one that makes less of it has nothing to add. */
static bool is_echo_of(const struct failure *light, const struct failure *heavy)
{
	return light->error_line && light->error_line == heavy->error_line &&
	       light->weight <= WEIGHT_HINT && light->weight < heavy->weight &&
	       !light->test;
}

static bool says_nothing_to(const struct failure *light, const struct failure *heavy)
{
	return is_summary_of(light, heavy) || is_echo_of(light, heavy);
}

/* Of two that repeat each other the first stays, or the one that knows more. */
static void drop_repeats(struct report *report)
{
	struct failure *list = report->failures;
	size_t kept = 0;

	for (size_t i = 0; i < report->failure_count; i++) {
		size_t k = 0;

		while (k < kept && !is_repeat(&list[k], &list[i]) &&
		       !says_nothing_to(&list[i], &list[k]) && !says_nothing_to(&list[k], &list[i]))
			k++;
		if (k == kept)
			list[kept++] = list[i];
		else if (list[i].weight > list[k].weight ||
			 (list[i].weight == list[k].weight &&
			  list[i].frame_count > list[k].frame_count))
			list[k] = list[i];
	}
	report->failure_count = kept;
}

/* A line of which no reader knows whose it is. */
static bool is_guess(const struct failure *f)
{
	return !f->tool && !f->language;
}

static bool may_be_cause(const struct failure *f, const struct steps *steps)
{
	const struct step *step = steps_at(steps, f->error_line);

	return !step || step->failed || !steps_any_failed(steps);
}

static bool is_known(const struct failure *guess, const struct failure *other,
		     const struct steps *steps)
{
	if (is_guess(other))
		return false;
	if (guess->error_line == other->error_line ||
	    (other->weight > WEIGHT_CONSEQUENCE && guess->error_line >= other->first_line &&
	     guess->error_line <= other->last_line))
		return true;
	/* What a line without an owner says is worth telling only when nobody knows more. */
	if (guess->weight < WEIGHT_WARNING)	/* a later step may have shown the reports */
		return other->weight > guess->weight &&
		       (may_be_cause(other, steps) || other->error_line > guess->error_line);
	return guess->weight < WEIGHT_SUMMARY && other->weight >= WEIGHT_DIAGNOSTIC &&
	       may_be_cause(other, steps);
}

/* Guesses at lines that somebody understood, and at what went wrong where that is known. */
static void drop_guesses(struct report *report, const struct steps *steps)
{
	struct failure *list = report->failures;
	size_t kept = 0;

	for (size_t i = 0; i < report->failure_count; i++) {
		bool known = false;

		for (size_t k = 0; is_guess(&list[i]) && k < report->failure_count && !known; k++)
			known = is_known(&list[i], &list[k], steps);
		list[i].rank = known;
	}
	for (size_t i = 0; i < report->failure_count; i++)
		if (!list[i].rank)
			list[kept++] = list[i];
	report->failure_count = kept;
}

struct judged {
	struct failure failure;
	unsigned class, score;
};

/*
 * Class 2: may be the cause. Class 1: in a step that went well, while another one failed. Class 0: a
 * consequence, which comes last whatever else it has. Within a class an own place is worth more than
 * a weight's small differences; what is certain needs none.
 */
static struct judged judge(const struct failure *f, bool own, const struct steps *steps)
{
	struct judged judged = { .failure = *f, .class = 2, .score = f->weight };

	if (f->weight <= WEIGHT_CONSEQUENCE)
		judged.class = 0;
	else if (!may_be_cause(f, steps))
		judged.class = 1;
	if (f->weight >= WEIGHT_CERTAIN || (own && f->weight >= WEIGHT_HINT))
		judged.score += 20;
	return judged;
}

static bool is_better(const struct judged *a, const struct judged *b)
{
	return a->class != b->class ? a->class > b->class : a->score > b->score;
}

/* Stable: equals stay in the order of the log, so that the first compile error leads its followers. */
static void rank(struct report *report, const struct tree *tree, const struct steps *steps)
{
	struct judged list[FAILURES_MAX];
	struct own own = { .tree = tree };

	for (size_t i = 0; i < report->failure_count; i++) {
		struct failure *f = &report->failures[i];
		struct judged moved;
		size_t at = i;
		bool is_own = own_settle(&own, f);

		moved = judge(f, is_own, steps);
		for (; at > 0 && is_better(&moved, &list[at - 1]); at--)
			list[at] = list[at - 1];
		list[at] = moved;
	}
	for (size_t i = 0; i < report->failure_count; i++) {
		report->failures[i] = list[i].failure;
		report->failures[i].rank = (unsigned)i + 1;
	}
}

static void name_step(struct report *report, struct arena *a, const struct steps *steps)
{
	const struct step *step = steps_last(steps);

	report->step_failed = steps_any_failed(steps);
	if (report->failure_count)
		step = steps_at(steps, report->failures[0].error_line);
	if (!step)
		return;
	report->command = step->command ? report_text(a, str_of(step->command)) : NULL;
	if (step->exit_code >= 0)
		report->exit_code = step->exit_code;
}

void report_finish(struct report *report, struct arena *a, const struct tree *tree,
		   const struct steps *steps)
{
	drop_guesses(report, steps);
	rank(report, tree, steps);
	drop_repeats(report);
	for (size_t i = 0; i < report->failure_count; i++) {
		report->failures[i].rank = (unsigned)i + 1;
		signature_of(&report->failures[i]);
	}
	name_step(report, a, steps);
}

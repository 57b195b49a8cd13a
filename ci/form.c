/*
 * Finds the row for a line and makes its failure. Knows no tool; the tables are the readers'.
 */
#include "ci/form.h"

#include "ci/network.h"

enum { CAUSE_LINES = 40 };

bool form_unlabel(const struct line *line, struct str *text)
{
	bool labelled;

	*text = str_trim(line->text);
	labelled = str_skip(text, "Error: ");
	return line->mark == MARK_ERROR || labelled;
}

static bool fits(const struct form *form, const struct line *line, struct str whole, struct str text,
		 bool said)
{
	switch (form->place) {
	case FORM_START:
		if (!said && str_indent(line->text))
			return false;
		break;
	case FORM_SAID:
		if (!said)
			return false;
		break;
	case FORM_INDENTED:
		break;
	case FORM_ANYWHERE:
		return str_has(whole, form->start) && (!form->and || str_has(whole, form->and));
	}
	return (str_starts(text, form->start) || str_starts(whole, form->start)) &&
	       (!form->and || str_has(whole, form->and));
}

const struct form *form_find(struct forms forms, const struct line *line)
{
	struct str whole = str_trim(line->text), text;
	bool said = form_unlabel(line, &text);

	/* A warning, a group's title and an echoed command are nobody's error. */
	if (line->mark != MARK_NONE && line->mark != MARK_ERROR)
		return NULL;
	for (size_t i = 0; i < forms.count; i++)
		if (fits(&forms.list[i], line, whole, text, said))
			return &forms.list[i];
	return NULL;
}

struct failure *form_report(const struct form *form, const struct line *line, struct findings *f)
{
	struct failure *failure = findings_failure(f, form->kind, form->weight, line->number);
	struct str text = str_trim(line->text);
	struct network said;

	if (form->skip && !str_skip(&text, form->skip))
		if (str_skip(&text, "Error: "))
			(void)str_skip(&text, form->skip);
	failure->tool = form->tool;
	failure->type = form->type;
	failure->message = findings_text(failure, str_trim(text));
	failure->transient = form->transient;
	if (form->judge == JUDGE_NETWORK && network_judge(line->text, &said)) {
		failure->kind = said.kind;
		failure->type = said.type;
		failure->transient = said.transient;
	}
	return failure;
}

bool form_line(struct forms forms, const struct line *line, struct findings *f)
{
	const struct form *form = form_find(forms, line);

	if (!form)
		return false;
	form_report(form, line, f);
	return true;
}

/* False: the line is no reason, and none is waited for any more. */
static bool take_cause(struct causes *causes, const struct line *line)
{
	struct str text = line->text;
	struct network said;
	bool head = str_starts(text, "Caused by:") || str_starts(text, "caused by:");

	if (!causes->failure)
		return false;
	if (line->mark != MARK_NONE || line->number - causes->since > CAUSE_LINES ||
	    (!head && str_trim(text).size && !str_indent(text))) {
		causes->failure = NULL;
		return false;
	}
	if (network_judge(text, &said)) {
		causes->failure->kind = said.kind;
		causes->failure->type = said.type;
		causes->failure->transient = said.transient;
	}
	return true;
}

enum wakefulness form_caused(struct forms forms, struct causes *causes, const char *language,
			     const struct line *line, struct findings *f)
{
	struct failure *failure;
	const struct form *form;

	if (take_cause(causes, line))
		return AWAKE;
	form = form_find(forms, line);
	if (!form)
		return ASLEEP;
	failure = form_report(form, line, f);
	failure->language = language;
	causes->failure = form->judge == JUDGE_NETWORK ? failure : NULL;
	causes->since = line->number;
	return causes->failure ? AWAKE : ASLEEP;
}

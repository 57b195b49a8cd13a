/*
 * TAP 13 and 14: points, subtests (four blanks deeper, their point behind them), skipped and
 * to-do ones, the plan, "Bail out!", and of the YAML blocks the time and the place. A subtest's own point counts only
 * when nothing in it says why it failed.
 */
#include "ci/results_parts.h"

enum { LEVELS = 16, TITLE_BYTES = 256, LINE_BYTES = 4096 };

struct level {
	char title[TITLE_BYTES];	/* of the subtest that this level's points belong to */
	unsigned long points, failed;
};

struct tap {
	struct reading_results *r;
	struct level levels[LEVELS];	/* levels[0] is the file */
	size_t deepest;			/* that has points of a subtest not closed yet */
	struct result *newest;
	bool in_yaml, is_node, bailed;
	unsigned long planned;
	bool has_plan;
};

static struct str unescaped(struct arena *a, struct str s)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < s.size; i++) {
		if (s.at[i] == '\\' && i + 1 < s.size && (s.at[i + 1] == '#' || s.at[i + 1] == '\\'))
			i++;
		text_addc(&out, s.at[i]);
	}
	return text_str(&out);
}

/* Cuts " # SKIP why" off a description; "\#" is no directive. */
static struct str take_directive(struct str *description)
{
	struct str s = *description;

	for (size_t i = 0; i + 1 < s.size; i++) {
		if (s.at[i] != '#' || (i && s.at[i - 1] == '\\'))
			continue;
		*description = str_trim_right(str_slice(s, 0, i));
		return str_trim(str_from(s, i + 1));
	}
	return STR_NONE;
}

static bool is_directive(struct str directive, const char *word)
{
	return str_equal_nocase(str_slice(directive, 0, strlen(word)), str_of(word));
}

static struct str full_name(struct tap *t, size_t depth, struct str description)
{
	struct text out = TEXT(t->r->scratch);

	for (size_t i = 1; i <= depth; i++)
		if (t->levels[i].title[0])
			text_addf(&out, "%s > ", t->levels[i].title);
	text_add(&out, description);
	return text_str(&out);
}

/* The points below belong to this one: it is a test of its own only when they do not say it all. */
static bool is_parent(struct tap *t, size_t depth, bool ok)
{
	struct level *below;
	bool told;

	if (t->deepest <= depth || depth + 1 >= LEVELS)
		return false;
	below = &t->levels[depth + 1];
	told = below->points && (ok || below->failed);
	for (size_t i = depth + 1; i < LEVELS; i++)
		t->levels[i] = (struct level){ .points = 0 };
	t->deepest = depth;
	return told;
}

static void point(struct tap *t, size_t depth, bool ok, struct str rest)
{
	struct str directive, number = rest, description;
	enum outcome outcome = ok ? OUTCOME_PASSED : OUTCOME_FAILED;
	unsigned long n;
	bool is_new;

	rest = str_trim(rest);
	number = rest;
	if (str_take_number(&rest, &n))
		rest = str_trim(rest);
	number = str_slice(number, 0, number.size - rest.size);
	if (str_starts(rest, "- "))
		rest = str_from(rest, 2);
	description = rest;
	directive = take_directive(&description);
	if (is_directive(directive, "skip") || is_directive(directive, "todo"))
		outcome = OUTCOME_SKIPPED;
	t->levels[depth].points++;
	t->levels[depth].failed += outcome == OUTCOME_FAILED;
	t->newest = NULL;
	if (is_parent(t, depth, ok))
		return;
	if (depth > t->deepest)
		t->deepest = depth;
	number = str_trim(number);
	if (!number.size)
		number = str_of(arena_printf(t->r->scratch, "%lu", t->levels[depth].points));
	description = unescaped(t->r->scratch, description.size ? description : number);
	t->newest = result_named(t->r, full_name(t, depth, description), &is_new);
	if (t->newest)
		result_settle(t->r, t->newest, outcome, STR_NONE);
}

static void yaml(struct tap *t, struct str line)
{
	struct str key, value, file, number, rest;
	unsigned long n;

	line = str_trim(line);
	if (!t->newest || !str_split(line, ":", &key, &value))
		return;
	value = str_trim(value);
	if (value.size >= 2 && value.at[0] == '\'' && value.at[value.size - 1] == '\'')
		value = str_slice(value, 1, value.size - 2);
	if (str_is(key, "duration_ms")) {
		t->is_node = true;
		t->newest->duration_ms = result_duration(value, 1);
	} else if (str_is(key, "location")) {
		if (str_split_last(value, ":", &rest, NULL) &&
		    str_split_last(rest, ":", &file, &number) && str_number(number, &n))
			result_place(t->r, t->newest, file, n);
	} else if ((str_is(key, "error") || str_is(key, "message")) && !str_starts(value, "|")) {
		result_settle(t->r, t->newest, t->newest->outcome, value);
	}
}

static void title(struct tap *t, size_t depth, struct str name)
{
	struct level *level;

	if (depth + 1 >= LEVELS)
		return;
	name = str_slice(unescaped(t->r->scratch, str_trim(name)), 0, TITLE_BYTES - 1);
	level = &t->levels[depth + 1];
	*level = (struct level){ .points = 0 };
	if (name.size)
		memcpy(level->title, name.at, name.size);
}

static void bail_out(struct tap *t, struct str why)
{
	bool is_new;

	t->newest = result_named(t->r, STR("Bail out!"), &is_new);
	t->bailed = true;
	if (t->newest)
		result_settle(t->r, t->newest, OUTCOME_ERROR, why);
}

static void one_line(struct tap *t, struct str line)
{
	size_t indent = str_indent(line), depth = indent / 4;
	struct str text = str_trim(line);

	if (t->in_yaml) {
		t->in_yaml = !str_is(text, "...");
		yaml(t, line);
		return;
	}
	if (depth >= LEVELS)
		return;
	if (str_is(text, "---") && indent % 4 == 2)
		t->in_yaml = true;
	else if (str_skip(&text, "# Subtest: "))
		title(t, depth, text);
	else if (indent % 4)
		return;
	else if (str_skip(&text, "not ok") && (!text.size || text.at[0] == ' '))
		point(t, depth, false, text);
	else if (str_skip(&text, "ok") && (!text.size || text.at[0] == ' '))
		point(t, depth, true, text);
	else if (str_skip(&text, "Bail out!"))
		bail_out(t, text);
	else if (!depth && str_skip(&text, "1..") && str_take_number(&text, &t->planned))
		t->has_plan = true;
}

bool results_tap(struct reading_results *r, struct str text, struct err *e)
{
	struct tap t = { .r = r };
	struct str line;

	str_skip(&text, "\xef\xbb\xbf");
	while (str_next_line(&text, &line)) {
		one_line(&t, str_slice(line, 0, LINE_BYTES));
		arena_release(r->scratch);
	}
	if (!t.has_plan && !t.levels[0].points && !t.bailed)
		return fail(e, ERR_INPUT, "TAP: no plan and no test in it");
	if (t.has_plan && t.levels[0].points < t.planned && !t.bailed) {
		bool is_new;
		struct result *missing = result_named(r, STR("tests that were planned and not run"),
						      &is_new);

		if (missing)
			result_settle(r, missing, OUTCOME_ERROR,
				      str_of(arena_printf(r->arena, "%lu of %lu planned tests ran",
							  t.levels[0].points, t.planned)));
	}
	if (!r->results->framework)
		r->results->framework = t.is_node ? "node:test" : "tap";
	return true;
}

/*
 * Any bytes: as a text, the four forms are bounded, hide nothing, and twice is once; as every field
 * of an incident, what comes out keeps the promises that can be seen in the raw text, and is bounded.
 */
#include "tests/words_unit.h"

#include <stdio.h>

enum { SIZE_MOST = 8 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void stop(const char *why, struct str text)
{
	fprintf(stderr, "%s:\n%.*s\n", why, STR_ARG(text));
	__builtin_trap();
}

static void check_form(struct str (*form)(struct arena *a, struct str text, size_t most), struct str text,
		       size_t most, struct arena *a)
{
	struct str once = form(a, text, most);
	const char *trouble = form == words_plain && str_starts(once, "/") ? NULL : raw_trouble(once, a);

	if (trouble)
		stop(trouble, once);
	if (once.size > most || str_has(once, "<!--"))
		stop("too long, or a comment", once);
	if (!str_equal(form(a, once, most), once))
		stop("twice is not once", once);
}

/* Nothing but words and spans: of the sentence's form that is the whole promise. */
static void check_safe(struct str text, struct arena *a)
{
	struct str once = words_safe(a, text, 400);

	while (once.size) {
		size_t ticks = 0, end;

		while (ticks < once.size && once.at[ticks] == '`')
			ticks++;
		if (!ticks) {
			if (strchr("<>&@#[]*_~\\|$^{}/", once.at[0]) && !str_starts(once, "[REDACTED:"))
				stop("a sign outside code", once);
			once = str_from(once, 1);
			if (str_starts(once, "REDACTED:"))
				once = str_from(once, (size_t)(str_char(once, ']') + 1));
			continue;
		}
		for (end = ticks; end < once.size;) {
			size_t run = 0;

			while (end + run < once.size && once.at[end + run] == '`')
				run++;
			end += run ? run : 1;
			if (run == ticks)
				break;
		}
		if (end == once.size && once.at[end - 1] != '`')
			stop("an open span", once);
		once = str_from(once, end);
	}
}

static void check_bodies(struct str text, struct arena *a)
{
	static struct str (*const bodies[])(struct arena *a, const struct words *w) = {
		words_pull_body, words_revert_body, words_sticky, words_check_summary,
	};
	JSON *fix = hostile_fix(text);
	struct str field = { str_text(a, text), text.size };
	struct github_annotation annotation;
	struct incident incident;
	struct words w;

	field.size = strlen(field.at);
	hostile_words(&field, fix, &incident, &w);
	w.log = text;
	incident.stage = (enum stage)(text.size % STAGE_COUNT);
	w.reason = (enum reason)(text.size % REASON_COUNT);
	for (size_t i = 0; i < 4; i++) {
		struct str body = bodies[i](a, &w);
		const char *trouble = body_trouble(body, a);

		if (trouble)
			stop(trouble, body);
	}
	if (words_pull_title(a, &w).size > WORDS_TITLE_MOST ||
	    words_revert_title(a, &w).size > WORDS_TITLE_MOST ||
	    words_check_title(a, &w).size > WORDS_TITLE_MOST)
		stop("a long title", text);
	words_annotation(a, &w, &annotation);
	words_merge_message(a, &w);
	words_commit_revert(a, &w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct text text = TEXT(&a);

	if (size < 1 || size > SIZE_MOST)
		return 0;
	/* Rare bytes stand for whole pieces, so that they meet in every order. */
	for (size_t i = 1; i < size; i++) {
		if (data[i] >= 0xf5 || (data[i] && data[i] < 0x08))
			text_adds(&text, attacks[(data[i] * 7u + data[i - 1]) % ATTACKS]);
		else
			text_addc(&text, (char)data[i]);
	}
	check_form(words_safe, text_str(&text), 64 + data[0] * 4u, &a);
	check_form(words_code, text_str(&text), 64 + data[0] * 4u, &a);
	check_form(words_plain, text_str(&text), 64 + data[0] * 4u, &a);
	check_form(words_fenced, text_str(&text), 256 + data[0] * 8u, &a);
	check_safe(text_str(&text), &a);
	if (data[0] % 16 == 0)
		check_bodies(text_str(&text), &a);
	return 0;
}

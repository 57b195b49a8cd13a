/*
 * One pass over the text of a prompt: what a slot's value holds is never read as a slot again.
 * Does not decide what is sent; who fills a slot has redacted it.
 */
#include "bot/llm/prompt.h"

#include "bot/base/crypto.h"
#include "bot/base/file.h"
#include "bot/base/utf8.h"

enum { TEXT_MOST = 64 * 1024, TOKENS_DEFAULT = 1000, BYTES_A_TOKEN = 3, BOUNDARY_BYTES = 16 };

const char *prompt_boundary(struct arena *a)
{
	return arena_printf(a, "data-%s", crypto_random_hex(a, BOUNDARY_BYTES));
}

size_t prompt_tokens(struct str text)
{
	return text.size / BYTES_A_TOKEN + 1;
}

bool prompt_load(const char *name, const char *folder, struct arena *a, struct str *text,
		 struct err *e)
{
	struct err why = ERR_INIT;

	if (folder) {
		if (file_read(arena_printf(a, "%s/%s.txt", folder, name), TEXT_MOST, FILE_FOLLOW, a,
			      text, &why))
			return true;
		if (why.kind != ERR_GONE)
			return fail(e, ERR_CONFIG, "the prompt %s: %s", name, why.text);
	}
	for (const struct prompt_source *one = prompt_sources; one->name; one++)
		if (!strcmp(one->name, name)) {
			*text = str_of(one->text);
			return true;
		}
	return fail(e, ERR_GONE, "there is no prompt %s", name);
}

/* Colours, marks of direction, zero-width and tag characters: what a person would not see there. */
static bool is_unseen(uint32_t c)
{
	return (utf8_is_hidden(c) && c != '\n' && c != '\t') || (c >= 0xe0000 && c <= 0xe0fff);
}

static void add_clean(struct text *out, struct str value)
{
	while (value.size) {
		uint32_t character;
		size_t size = utf8_first(value, &character);

		if (!size) {
			text_adds(out, "\xef\xbf\xbd");
			size = 1;
		} else if (!is_unseen(character)) {
			text_add(out, str_slice(value, 0, size));
		} else if (character != '\r') {
			text_adds(out, "\xef\xbf\xbd");
		}
		value = str_from(value, size);
	}
}

/* Cuts at a line where there is one near. */
static struct str cut(const struct prompt_slot *slot, bool *was_cut)
{
	size_t most = (slot->tokens_most ? slot->tokens_most : TOKENS_DEFAULT) * BYTES_A_TOKEN;
	struct str value = slot->value, piece;
	ptrdiff_t line;

	*was_cut = value.size > most;
	if (!*was_cut)
		return value;
	if (slot->keep == PROMPT_START) {
		piece = str_slice(value, 0, most);
		line = str_char_last(piece, '\n');
		return line > 0 ? str_slice(piece, 0, (size_t)line) : piece;
	}
	piece = str_from(value, value.size - most);
	line = str_char(piece, '\n');
	return line >= 0 ? str_from(piece, (size_t)line + 1) : piece;
}

static void add_value(struct text *out, const struct prompt_slot *slot, const char *boundary)
{
	bool was_cut;
	struct str value = cut(slot, &was_cut);

	if (slot->kind == PROMPT_OURS) {
		text_add(out, value);
		return;
	}
	text_addf(out, "BEGIN %s %s\n", boundary, slot->name);
	if (was_cut && slot->keep == PROMPT_END)
		text_adds(out, "(the start is left out)\n");
	add_clean(out, value.size ? value : STR("(nothing)"));
	if (was_cut && slot->keep == PROMPT_START)
		text_adds(out, "\n(the rest is left out)");
	text_addf(out, "\nEND %s %s", boundary, slot->name);
}

static const struct prompt_slot *slot_named(const struct prompt_slot *slots, size_t count,
					    struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(name, slots[i].name))
			return &slots[i];
	return NULL;
}

/* Takes "{{name}}" off the rest. */
static bool take_slot(struct str *rest, struct str *name, struct err *e)
{
	struct str inside = str_from(*rest, 2), after;

	if (!str_split(str_slice(inside, 0, 80), "}}", name, NULL) || !str_is_word(*name))
		return fail(e, ERR_CONFIG, "a prompt has {{ without a name and }}");
	after = str_from(inside, name->size + 2);
	*rest = after;
	return true;
}

static bool all_used(const struct prompt_slot *slots, size_t count, const bool *used, struct err *e)
{
	for (size_t i = 0; i < count; i++)
		if (!used[i])
			return fail(e, ERR_CONFIG, "a prompt lacks the slot {{%s}}", slots[i].name);
	return true;
}

bool prompt_fill(struct str text, const char *boundary, const struct prompt_slot *slots,
		 size_t count, struct arena *a, struct str *out, struct err *e)
{
	struct text filled = TEXT(a);
	bool *used = arena_array(a, bool, count);
	const struct prompt_slot *slot;
	struct str name;
	ptrdiff_t at;

	while ((at = str_find(text, STR("{{"))) >= 0) {
		text_add(&filled, str_slice(text, 0, (size_t)at));
		text = str_from(text, (size_t)at);
		if (!take_slot(&text, &name, e))
			return false;
		if (str_is(name, "boundary")) {
			text_adds(&filled, boundary);
			continue;
		}
		slot = slot_named(slots, count, name);
		if (!slot)
			return fail(e, ERR_CONFIG, "a prompt has the unknown slot {{%.*s}}", STR_ARG(name));
		used[slot - slots] = true;
		add_value(&filled, slot, boundary);
	}
	text_add(&filled, text);
	if (!all_used(slots, count, used, e))
		return false;
	*out = text_str(&filled);
	return true;
}

struct str prompt_pick(const struct prompt_piece *pieces, size_t count, size_t tokens_most,
		       struct arena *a)
{
	bool *taken = arena_array(a, bool, count), *seen = arena_array(a, bool, count);
	struct text out = TEXT(a);
	size_t used = 0;

	for (size_t n = 0; n < count; n++) {
		size_t best = count, tokens;

		for (size_t i = 0; i < count; i++)
			if (!seen[i] && (best == count || pieces[i].rank < pieces[best].rank))
				best = i;
		seen[best] = true;
		tokens = prompt_tokens(pieces[best].text);
		if (tokens > tokens_most - used)
			continue;
		used += tokens;
		taken[best] = true;
	}
	for (size_t i = 0; i < count; i++)
		if (taken[i])
			text_add(&out, pieces[i].text);
	return text_str(&out);
}

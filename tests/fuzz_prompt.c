/*
 * Any bytes as a prompt and as what fills it: data stays between its two marks, and nobody can make
 * a third.
 */
#include "bot/llm/prompt.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char boundary[] = "data-00112233445566778899aabbccddeeff";

static size_t occurrences(struct str text, struct str word)
{
	size_t n = 0;
	ptrdiff_t at;

	while ((at = str_find(text, word)) >= 0) {
		n++;
		text = str_from(text, (size_t)at + word.size);
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct str all = { (const char *)data, size }, out = STR_NONE;
	struct prompt_slot slot = { "x", all, PROMPT_DATA, 50, size & 1 ? PROMPT_START : PROMPT_END };
	struct err e = ERR_INIT;

	(void)prompt_fill(all, boundary, &slot, 1, &a, &out, &e);
	if (str_find(all, str_of(boundary)) >= 0)
		return 0;
	if (!prompt_fill(STR("a {{x}} b"), boundary, &slot, 1, &a, &out, &e))
		__builtin_trap();
	if (occurrences(out, str_of(boundary)) != 2 || !str_starts(out, "a BEGIN data-") ||
	    !str_ends(out, "END data-00112233445566778899aabbccddeeff x b") ||
	    prompt_tokens(out) > 50 * 2 + 80)
		__builtin_trap();
	return 0;
}

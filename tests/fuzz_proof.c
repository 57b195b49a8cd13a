/*
 * Any bytes as a proof, alone and inside a page: refused with a reason, or read so that writing it and
 * reading that again gives the same text, which is bounded and plain.
 */
#include "bot/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str text, struct arena *a)
{
	struct err e = ERR_INIT;
	struct proof proof, again;
	struct str written;

	if (!proof_read(text, a, &proof, &e)) {
		if (e.kind != ERR_INPUT || !e.text[0])
			__builtin_trap();
		return;
	}
	if (strspn(proof.base.commit, "0123456789abcdef") != 40 || !proof.before.runs != proof.by_reading ||
	    proof.before.runs > PROOF_RUNS_MOST)
		__builtin_trap();
	written = proof_text(a, &proof);
	if (!written.size)
		return;
	if (written.size > PROOF_BYTES_MOST || str_char(written, '`') >= 0 || str_char(written, '@') >= 0 ||
	    str_char(written, '<') >= 0 || !proof_read(written, a, &again, &e) ||
	    !str_equal(proof_text(a, &again), written))
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct text page = TEXT(&a);
	struct str all = { (const char *)data, size };

	check(all, &a);
	text_adds(&page, "# A page\n\n```json\n");
	text_add(&page, all);
	text_adds(&page, "\n```\n");
	check(text_str(&page), &a);
	return 0;
}

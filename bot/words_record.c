/*
 * The proof of a fix for machines, in a block that is closed at first sight. What does not read as a
 * record, or would be changed by what every text of ours goes through, is left out with a sentence.
 */
#include "bot/words_parts.h"

#include "bot/proof.h"

static struct str record_of(const struct words *w, struct arena *a)
{
	const json_t *json = json_at(w->fix, "proof_record");
	struct err ignored = ERR_INIT;
	struct proof proof;
	struct str text;

	if (!json || !proof_from_json(json, a, &proof, &ignored))
		return STR_NONE;
	text = proof_text(a, &proof);
	return str_equal(words_clean_lines(a, text), text) ? text : STR_NONE;
}

void words_add_record(struct text *out, const struct words *w, size_t room)
{
	struct str text = record_of(w, out->arena);

	if (!json_at(w->fix, "proof_record"))
		return;
	if (!text.size || text.size > room) {
		text_adds(out, "The proof for `aegis prove` cannot be shown here.\n\n");
		return;
	}
	text_adds(out, "<details><summary>The proof, to check again with <code>aegis prove</code>"
		       "</summary>\n\n```json\n");
	text_add(out, text);
	text_adds(out, "\n```\n\n</details>\n\n");
}

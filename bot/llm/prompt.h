/*
 * Texts for models. They are files of prompts/ with {{slots}}, compiled in; a folder given by the
 * operator overrides them. What fills a slot is either ours or data: data is fenced by a random
 * boundary that nobody who wrote it can know, cleaned of what people cannot see, and bounded.
 */
#ifndef BOT_LLM_PROMPT_H
#define BOT_LLM_PROMPT_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

/* The compiled-in ones, made by the Makefile from prompts/NAME.txt; ended by a NULL name. */
struct prompt_source {
	const char *name, *text;
};
extern const struct prompt_source prompt_sources[];

enum prompt_kind { PROMPT_OURS, PROMPT_DATA };
enum prompt_keep { PROMPT_START, PROMPT_END };

struct prompt_slot {
	const char *name;
	struct str value;
	enum prompt_kind kind;
	size_t tokens_most;		/* 0: 1000; what is above is cut, and said so */
	enum prompt_keep keep;		/* which end stays when it is cut */
};

/* A new boundary: "data-" and 32 hex digits. */
const char *prompt_boundary(struct arena *a);

/*
 * The text of a prompt. folder NULL: the compiled-in one. ERR_GONE when there is none of that name,
 * ERR_CONFIG when the folder's file is unreadable or above 64 KiB.
 */
bool prompt_load(const char *name, const char *folder, struct arena *a, struct str *text,
		 struct err *e);

/*
 * Fills every slot of the text; values are not looked through for slots. {{boundary}} is the
 * boundary itself. ERR_CONFIG for a slot in the text that is not in the list, a {{ without }}, and
 * a slot of the list that the text does not have.
 */
bool prompt_fill(struct str text, const char *boundary, const struct prompt_slot *slots,
		 size_t count, struct arena *a, struct str *out, struct err *e);

/* About how many tokens a text is: one for three bytes, which is more than for most texts. */
size_t prompt_tokens(struct str text);

/*
 * Some of the pieces, in their order, that together stay within the budget: lower ranks first,
 * among equals the earlier. A piece that does not fit is left out whole.
 */
struct prompt_piece {
	struct str text;
	unsigned rank;
};
struct str prompt_pick(const struct prompt_piece *pieces, size_t count, size_t tokens_most,
		       struct arena *a);

#endif

/*
 * UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#ifndef BOT_BASE_UTF8_H
#define BOT_BASE_UTF8_H

#include "bot/base/str.h"

#include <stdint.h>

/* The size of the character at the front and its number; 0 when there is none, number untouched. */
size_t utf8_first(struct str s, uint32_t *character);
bool utf8_valid(struct str s);

/*
 * Does it show as nothing, or as something else than it is? C0 and C1 controls, DEL, line and paragraph
 * separators, marks of direction (which make text read in another order), zero-width characters.
 */
bool utf8_is_hidden(uint32_t character);

#endif

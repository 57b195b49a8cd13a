/*
 * Single characters of UTF-8 text that came from outside: strict decoding, and the question whether
 * a person would see the character at all.
 */
#ifndef GIT_CHARACTER_H
#define GIT_CHARACTER_H

#include "bot/base/str.h"

#include <stdint.h>

/*
 * Takes one character off *rest. False, and *rest untouched, at the end of the text and on anything
 * that is not well-formed: overlong forms, surrogates, values above U+10FFFF, cut sequences.
 */
bool character_next(struct str *rest, uint32_t *code);

/* C0, DEL and C1. */
bool character_is_control(uint32_t code);
/* Zero-width, bidi, filler, tag, variation selector, non-character: there, but not to be seen. */
bool character_is_hidden(uint32_t code);
bool character_is_blank(uint32_t code);

/* Lower ASCII for what case folding or compatibility forms may turn into '.', 'g', 'i' or 't'. */
uint32_t character_fold(uint32_t code);

#endif

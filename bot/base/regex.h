/*
 * PCRE2 with limits: a pattern never takes unbounded time or memory, whatever text it meets.
 */
#ifndef BOT_BASE_REGEX_H
#define BOT_BASE_REGEX_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

struct regex;

/* Compiles (JIT where it can). ERR_INPUT with the place in the pattern. Close with REGEX or regex_close. */
struct regex *regex_open(const char *pattern, struct err *e);
void regex_close(struct regex *const *regex);
#define REGEX __attribute__((cleanup(regex_close))) struct regex *

enum { REGEX_GROUPS_MAX = 32 };

/*
 * The first match in text: groups[0] is the whole, groups[i] the i-th group (empty when it took no
 * part). False when there is no match or a limit was hit.
 */
bool regex_match(const struct regex *regex, struct str text, struct str groups[REGEX_GROUPS_MAX]);

/* The number of a named group, or -1. */
int regex_group(const struct regex *regex, const char *name);
size_t regex_group_count(const struct regex *regex);

#endif

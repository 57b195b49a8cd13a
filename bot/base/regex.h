/*
 * PCRE2 with limits: a pattern never takes unbounded time or memory, whatever text it meets.
 * Bytes, not characters: \w and (?i) know ASCII only, and any byte may be in the text.
 */
#ifndef BOT_BASE_REGEX_H
#define BOT_BASE_REGEX_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

struct regex;

enum { REGEX_GROUPS_MAX = 32 };

/*
 * Compiles (JIT where it can). ERR_INPUT with the place in the pattern, also for a pattern of
 * more than 16 KiB or REGEX_GROUPS_MAX groups, the whole counted. Close with REGEX or
 * regex_close. May be used by several threads at once.
 */
struct regex *regex_open(const char *pattern, struct err *e);
void regex_close(struct regex *const *regex);
#define REGEX __attribute__((cleanup(regex_close))) struct regex *

/*
 * The same, compiled once and kept until the process ends, for patterns that are asked again and
 * again. NULL for one that does not compile, and when there are too many (1,024). Never close it.
 */
const struct regex *regex_kept(const char *pattern);

/*
 * The first match in text: groups[0] is the whole, groups[i] the i-th group (empty when it took no
 * part). False when there is no match or a limit was hit. groups may be NULL.
 */
bool regex_match(const struct regex *regex, struct str text, struct str groups[REGEX_GROUPS_MAX]);

enum regex_end { REGEX_NONE, REGEX_FOUND, REGEX_LIMIT };

/*
 * The same from a start on, for one match after the other: what is before the start is seen by
 * look-behinds and \b, and is not the beginning for ^. Tells a limit from no match, for those who
 * must not take "too hard" for "not there".
 */
enum regex_end regex_search(const struct regex *regex, struct str text, size_t start,
			    struct str groups[REGEX_GROUPS_MAX]);

/* The number of a named group, or -1. */
int regex_group(const struct regex *regex, const char *name);
/* Without the whole. */
size_t regex_group_count(const struct regex *regex);

#endif

/*
 * The time of day and the time that only goes forward, both in milliseconds, and RFC 3339 texts.
 * Everything that asks for the time asks here, so that a test can set it.
 */
#ifndef BOT_BASE_CLOCK_H
#define BOT_BASE_CLOCK_H

#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00:00Z; jumps when the machine's clock is set. */
int64_t clock_wall_ms(void);
/* Milliseconds since some start; never goes back. For time-outs and durations. */
int64_t clock_monotonic_ms(void);

/* Where the time comes from. Both functions are needed. */
struct clock {
	int64_t (*wall_ms)(void *context);
	int64_t (*monotonic_ms)(void *context);
	void *context;
};
/* Replaces the machine's clock (NULL: back to it). For tests, before threads start. */
void clock_replace(const struct clock *clock);

/* "2026-11-21T10:16:37.042Z" with its NUL. */
enum { CLOCK_TEXT_SIZE = 25 };
/* Writes wall_ms as RFC 3339 in UTC and gives text back. Clamped to the years 0001 to 9999. */
const char *clock_format(int64_t wall_ms, char text[CLOCK_TEXT_SIZE]);

/*
 * Reads RFC 3339: "2026-11-21T10:16:37Z", with up to 9 digits of a second (cut to milliseconds) and
 * any offset up to 23:59. Stricter than the RFC: T and Z in capitals, no leap second, year from 1.
 * ERR_INPUT for all else.
 */
bool clock_parse(struct str text, int64_t *wall_ms, struct err *e);

#endif

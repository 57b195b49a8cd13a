/*
 * A message without what changes from run to run.
 */
#ifndef CI_NORMALISE_H
#define CI_NORMALISE_H

#include "bot/base/str.h"

/*
 * Replaced: addresses, UUIDs, hashes, time stamps, dates, durations, sizes, IP addresses and ports,
 * temporary and workspace folders, ids of processes, threads and goroutines, lines and columns,
 * numbers of four or more digits, fractions of three or more, all of a version but its major part.
 * Kept: names, error codes (E0308, ORA-00942), exit codes, HTTP status, numbers of up to three digits.
 * Blanks in a row become one. The text lives in the arena.
 */
struct str normalise_text(struct arena *a, struct str text);

#endif

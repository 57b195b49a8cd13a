/*
 * What may leave the machine: secrets and personal data become "[REDACTED:<rule>]", every other
 * byte passes as it is, binary ones too. Three sources: secrets that this process knows, formats
 * that vendors document (and private key blocks, URLs, headers), and values of names that say
 * "secret" (password=, "api_key": , --token). Lines stay lines, so that line numbers stay right.
 *
 * Redacting twice is redacting once, for lines of up to REDACT_LINE_MAX bytes; longer ones are
 * looked at in overlapping pieces. What comes out does not depend on how the text is cut into
 * feeds. Time is linear; where a pattern would take too long the whole line is redacted.
 */
#ifndef BOT_BASE_REDACT_H
#define BOT_BASE_REDACT_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stdint.h>

enum { REDACT_LINE_MAX = 64 * 1024, REDACT_KNOWN_LEAST = 6, REDACT_KNOWN_MOST = 16 * 1024 };

/*
 * From now on this value never passes: as it is, in base64 (at any offset, also twice), base64url,
 * hex, URL or JSON encoding, backwards, or in any piece of 12 bytes, also when white space, line
 * ends, the time stamps of GitHub's logs or terminal colours stand between its bytes. May be called
 * at any time and by any thread. For secrets that stay: a value takes some 50 KiB for good, and
 * short-lived tokens of a known format are found without it. ERR_CONFIG for a value that is too
 * short to be told from other text, or too long.
 */
bool redact_know(struct str secret, struct err *e);
/* For tests: knows nothing again. */
void redact_forget(void);

/* A place in the text that came in. The places of one text are in order and do not overlap. */
struct redact_span {
	uint64_t start, end;
	const char *rule;
};

/* A whole text. Fits log_settings.redact. */
struct str redact_text(struct str text, struct arena *a);
/* Only where, for tests and scores. */
const struct redact_span *redact_spans(struct str text, struct arena *a, size_t *count);

/*
 * A text as it comes, in bounded memory. `out` gets the redacted text in pieces. `span` (may be
 * NULL) gets each place. redact_close hands out what is held back.
 */
struct redact_out {
	void (*out)(void *context, struct str text);
	void (*span)(void *context, const struct redact_span *span);
	void *context;
};
struct redact_stream;
struct redact_stream *redact_open(const struct redact_out *out) __attribute__((returns_nonnull));
void redact_feed(struct redact_stream *stream, struct str bytes);
void redact_close(struct redact_stream *stream);

#endif

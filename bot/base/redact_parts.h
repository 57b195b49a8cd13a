/*
 * Private to bot/base/redact*.c: rules, and the search in one line.
 */
#ifndef BOT_BASE_REDACT_PARTS_H
#define BOT_BASE_REDACT_PARTS_H

#include "bot/base/redact.h"
#include "bot/base/regex.h"

/* A format that is known by its looks. */
struct redact_rule {
	const char *name;
	const char *words[6];		/* one is in every match; any case; 3 bytes at least. None: "@" */
	const char *pattern;		/* group 1, where it takes part, is the secret; else the whole */
	unsigned entropy;		/* tenths of a bit a byte that the secret must have at least */
	const char *hits[3];		/* proof: each is redacted by this rule ... */
	const char *passes[3];		/* ... and these are not */
};
extern const struct redact_rule redact_vendors[], redact_places[];
extern const size_t redact_vendors_count, redact_places_count;

/* Both tables as one. */
static inline size_t redact_rule_count(void)
{
	return redact_vendors_count + redact_places_count;
}
static inline const struct redact_rule *redact_rule(size_t i)
{
	return i < redact_vendors_count ? &redact_vendors[i]
					: &redact_places[i - redact_vendors_count];
}

/* Piece of a line, by bytes. */
struct find_span {
	size_t start, end;
	const char *rule;
};
struct find {
	struct arena *arena;
	struct find_span *spans;
	size_t count;
	size_t work;			/* bytes of values looked at so far */
};
void find_add(struct find *find, size_t start, size_t end, const char *rule);

/* What goes on from line to line. */
struct find_state {
	unsigned key_lines;		/* inside a private key block, from 1; 0: outside */
	int waiting;			/* a name ended the line before: its enum key_class */
};

/*
 * All spans of a line (with or without its end), in any order, overlapping or not. A piece of a
 * longer line has state NULL. Known secrets are not looked for.
 */
void find_line(struct str line, struct find_state *state, struct find *find);

/* Names and values. */
enum key_class { KEY_NONE, KEY_TOKEN, KEY_PASSWORD };
extern const char *const keys_words[];	/* one is in every name; NULL-ended */
void keys_find(struct str line, struct find_state *state, struct find *find);
/* The value of a name that ended the line before. Ends the waiting. */
void keys_waited(struct str line, struct find_state *state, struct find *find);
/* A value that stands for none: variable, placeholder, one character repeated. */
bool keys_is_placeholder(struct str value);
/* Shannon entropy in tenths of a bit a byte. */
unsigned keys_entropy(struct str value);

/* The secrets this process knows: marks bytes of a stream. */
struct known_scan {
	bool plain;			/* terminal sequences and time stamps are bytes like others */
	struct known_byte {
		uint64_t at;
		unsigned char byte;
	} ring[16];
	unsigned filled, next;
	uint64_t last;			/* the last bytes, the newest lowest */
	uint64_t at;			/* of the next byte of the stream */
	unsigned escape;		/* inside a terminal sequence */
	unsigned stamp;			/* bytes of a time stamp seen, and kept */
	unsigned char stamp_bytes[32];
	bool line_start;
};
/* Are there any? When not, nothing needs scanning. */
bool known_any(void);
/*
 * Takes `size` bytes of the stream; calls mark for each byte that belongs to a known secret; the
 * same byte may be marked again. Hold a read lock (known_lock) around it.
 */
void known_feed(struct known_scan *scan, const char *bytes, size_t size,
		void (*mark)(void *context, uint64_t at), void *context);
void known_end(struct known_scan *scan, void (*mark)(void *context, uint64_t at), void *context);
/* Bytes before this place are marked for good. */
uint64_t known_safe(const struct known_scan *scan);
void known_lock(void);
void known_unlock(void);

#endif

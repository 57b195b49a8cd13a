/*
 * Secrets that this process knows. Each is entered in all its spellings as pieces of 12 bytes
 * (or as a whole when it is shorter); the text is compared without white space, terminal sequences
 * and time stamps, so that wrapping does not hide a secret. Leaves out formats nobody registered.
 */
#include "bot/base/redact_parts.h"

#include "bot/base/crypto.h"

#include <pthread.h>

enum { GRAM = 12, KEY = 6, BITS = 18, GAP_MOST = 4096, SHAPE_SIZE = 28 };

static const char stamp_shape[] = "0000-00-00T00:00:00.0000000Z";

struct gram {
	unsigned char size, bytes[GRAM];
	uint32_t next;			/* from 1; 0 ends */
};

static struct {
	pthread_rwlock_t lock;
	struct arena arena;
	struct gram *grams;
	size_t count;
	uint32_t *first;		/* by the hash of the last KEY bytes */
	uint64_t *taken;		/* a bit for each place, to stay in the cache */
} known = { .lock = PTHREAD_RWLOCK_INITIALIZER };

void known_lock(void)
{
	pthread_rwlock_rdlock(&known.lock);
}

void known_unlock(void)
{
	pthread_rwlock_unlock(&known.lock);
}

bool known_any(void)
{
	bool any;

	known_lock();
	any = known.count > 0;
	known_unlock();
	return any;
}

static inline uint32_t hash_of(uint64_t last)
{
	return (uint32_t)((last << 16) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - BITS));
}

static bool has_gram(const unsigned char *bytes, size_t size, uint32_t place)
{
	for (uint32_t n = known.first[place]; n; n = known.grams[n - 1].next)
		if (known.grams[n - 1].size == size && !memcmp(known.grams[n - 1].bytes, bytes, size))
			return true;
	return false;
}

static void add_gram(const unsigned char *bytes, size_t size)
{
	struct gram gram = { .size = (unsigned char)size };
	uint64_t last = 0;
	uint32_t place;

	for (size_t i = size - KEY; i < size; i++)
		last = last << 8 | bytes[i];
	place = hash_of(last);

	if (has_gram(bytes, size, place))
		return;
	memcpy(gram.bytes, bytes, size);
	gram.next = known.first[place];
	arena_push(&known.arena, known.grams, known.count) = gram;
	known.first[place] = (uint32_t)known.count;
	known.taken[place / 64] |= UINT64_C(1) << place % 64;
}

static bool is_skipped(unsigned char byte)
{
	return byte <= ' ';
}

/* One spelling: without white space, cut into pieces that overlap by all but one byte. */
static void add_spelling(struct str spelling)
{
	ARENA scratch = {0};
	unsigned char *bytes = arena_alloc(&scratch, spelling.size + 1);
	size_t size = 0;

	for (size_t i = 0; i < spelling.size; i++)
		if (!is_skipped((unsigned char)spelling.at[i]))
			bytes[size++] = (unsigned char)spelling.at[i];
	if (size < KEY)
		return;
	if (size <= GRAM) {
		add_gram(bytes, size);
		return;
	}
	for (size_t i = 0; i + GRAM <= size; i++)
		add_gram(bytes + i, GRAM);
}

/* In base64 a text looks in three ways, by where it starts; the edges mix with the neighbours. */
static struct str base64_inside(struct str bytes, size_t offset, struct arena *a, bool url)
{
	struct text padded = TEXT(a);
	size_t skip = (offset * 8 + 5) / 6, bits = (offset + bytes.size) * 8;
	char *all;

	for (size_t i = 0; i < offset; i++)
		text_addc(&padded, 'x');
	text_add(&padded, bytes);
	all = url ? crypto_base64url(a, text_str(&padded)) : crypto_base64(a, text_str(&padded));
	return str_slice(str_of(all), skip, bits / 6 - skip);
}

static struct str upper(struct str text, struct arena *a)
{
	char *copy = arena_copy(a, text.at, text.size);

	for (size_t i = 0; i < text.size; i++)
		if (copy[i] >= 'a' && copy[i] <= 'z')
			copy[i] = (char)(copy[i] - 32);
	return (struct str){ copy, text.size };
}

static struct str backwards(struct str text, struct arena *a)
{
	char *copy = arena_copy(a, text.at, text.size);

	for (size_t i = 0; i < text.size; i++)
		copy[i] = text.at[text.size - 1 - i];
	return (struct str){ copy, text.size };
}

static bool is_plain(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
	       c == '_' || c == '.' || c == '~';
}

static struct str percent(struct str text, const char *format, struct arena *a)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (is_plain(c))
			text_addc(&out, (char)c);
		else if (*format == 'X')
			text_addf(&out, "%%%02X", c);
		else
			text_addf(&out, "%%%02x", c);
	}
	return text_str(&out);
}

/* As a JSON text, and as text in XML. */
static struct str escaped(struct str text, bool xml, struct arena *a)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < text.size; i++) {
		char c = text.at[i];

		if (!xml && (c == '"' || c == '\\'))
			text_addf(&out, "\\%c", c);
		else if (!xml && c == '\n')
			text_adds(&out, "\\n");
		else if (xml && (c == '<' || c == '>' || c == '&' || c == '"'))
			text_adds(&out, c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "&quot;");
		else
			text_addc(&out, c);
	}
	return text_str(&out);
}

static void add_spellings(struct str secret, struct arena *a)
{
	add_spelling(secret);
	add_spelling(backwards(secret, a));
	add_spelling(str_of(crypto_hex(a, secret)));
	add_spelling(upper(str_of(crypto_hex(a, secret)), a));
	add_spelling(percent(secret, "X", a));
	add_spelling(percent(secret, "x", a));
	add_spelling(escaped(secret, false, a));
	add_spelling(escaped(secret, true, a));
	for (size_t i = 0; i < 3; i++) {
		struct str once = base64_inside(secret, i, a, false);

		add_spelling(once);
		add_spelling(base64_inside(secret, i, a, true));
		add_spelling(str_of(crypto_hex(a, once)));
		for (size_t k = 0; k < 3; k++)
			add_spelling(base64_inside(once, k, a, false));
	}
}

bool redact_know(struct str secret, struct err *e)
{
	ARENA scratch = {0};
	struct str rest = secret, line, trimmed = str_trim(secret);

	if (trimmed.size < REDACT_KNOWN_LEAST)
		return fail(e, ERR_CONFIG, "a secret of %zu bytes is too short to be kept out of texts",
			    trimmed.size);
	if (trimmed.size > REDACT_KNOWN_MOST)
		return fail(e, ERR_CONFIG, "a secret of more than %d bytes", REDACT_KNOWN_MOST);
	pthread_rwlock_wrlock(&known.lock);
	if (!known.first)
		known.first = arena_array(&known.arena, uint32_t, (size_t)1 << BITS);
	if (!known.taken)
		known.taken = arena_array(&known.arena, uint64_t, ((size_t)1 << BITS) / 64);
	if (str_starts(trimmed, "-----BEGIN ")) {
		/* The armour is the same for every key; it is no secret. */
		while (str_next_line(&rest, &line))
			if (!str_starts(line, "-----") && str_trim(line).size >= KEY)
				add_spellings(str_trim(line), &scratch);
	} else {
		add_spellings(trimmed, &scratch);
	}
	pthread_rwlock_unlock(&known.lock);
	return true;
}

void redact_forget(void)
{
	pthread_rwlock_wrlock(&known.lock);
	arena_release(&known.arena);
	known.grams = NULL;
	known.count = 0;
	known.first = NULL;
	known.taken = NULL;
	pthread_rwlock_unlock(&known.lock);
}

static struct known_byte ring_at(const struct known_scan *scan, unsigned back)
{
	return scan->ring[(scan->next - 1 - back) & 15];
}

/* Marks the longest piece that ends with the last byte. */
static void look(struct known_scan *scan, void (*mark)(void *, uint64_t), void *context)
{
	unsigned char last[GRAM];
	unsigned size = scan->filled < GRAM ? scan->filled : GRAM, longest = 0;

	if (size < KEY)
		return;
	for (unsigned i = 0; i < size; i++)
		last[GRAM - 1 - i] = ring_at(scan, i).byte;
	for (uint32_t n = known.first[hash_of(scan->last)]; n; n = known.grams[n - 1].next) {
		const struct gram *gram = &known.grams[n - 1];

		if (gram->size <= size && gram->size > longest &&
		    !memcmp(gram->bytes, last + GRAM - gram->size, gram->size))
			longest = gram->size;
	}
	for (unsigned i = 0; i < longest; i++)
		mark(context, ring_at(scan, i).at);
}

static inline void take(struct known_scan *scan, unsigned char byte, uint64_t at,
		 void (*mark)(void *, uint64_t), void *context)
{
	uint32_t place;

	if (scan->filled && at - ring_at(scan, 0).at > GAP_MOST)
		scan->filled = 0;
	scan->ring[scan->next & 15] = (struct known_byte){ at, byte };
	scan->next++;
	if (scan->filled < 16)
		scan->filled++;
	scan->last = scan->last << 8 | byte;
	place = hash_of(scan->last);
	if (known.taken && known.taken[place / 64] >> place % 64 & 1)
		look(scan, mark, context);
}

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* Inside ESC [ ... final, ESC ] ... BEL, or ESC and one more. Is the byte part of it? */
static bool in_escape(struct known_scan *scan, unsigned char byte)
{
	if (byte == 0x1b) {
		scan->escape = 1;
		return true;
	}
	if (!scan->escape)
		return false;
	if (scan->escape == 1)
		scan->escape = byte == '[' ? 2 : byte == ']' ? 3 : 0;
	else if (scan->escape == 2 ? byte >= 0x40 && byte <= 0x7e : byte == 7 || byte == '\n')
		scan->escape = 0;
	return true;
}

static void drop_stamp(struct known_scan *scan, void (*mark)(void *, uint64_t), void *context)
{
	unsigned size = scan->stamp;

	scan->stamp = 0;
	for (unsigned i = 0; i < size; i++)
		take(scan, scan->stamp_bytes[i], scan->at - size + i, mark, context);
}

/* At the start of a line a time stamp is kept apart until it is whole or turns out to be none. */
static bool in_stamp(struct known_scan *scan, unsigned char byte, void (*mark)(void *, uint64_t),
		     void *context)
{
	char want = stamp_shape[scan->stamp];

	if (!scan->stamp && !scan->line_start)
		return false;
	if (want == '0' ? !is_digit(byte) : byte != (unsigned char)want) {
		drop_stamp(scan, mark, context);
		return false;
	}
	scan->stamp_bytes[scan->stamp++] = byte;
	if (scan->stamp == SHAPE_SIZE)
		scan->stamp = 0;
	return true;
}

/* A byte with something special about it: a line's start, a sequence, white space. */
static void take_special(struct known_scan *scan, unsigned char byte,
			 void (*mark)(void *, uint64_t), void *context)
{
	scan->line_start |= !scan->at;
	if (!scan->plain && in_stamp(scan, byte, mark, context)) {
		scan->line_start = false;
		return;
	}
	scan->line_start = !scan->plain && (byte == '\n' || byte == '\r');
	if ((scan->plain || !in_escape(scan, byte)) && !is_skipped(byte))
		take(scan, byte, scan->at, mark, context);
}

void known_feed(struct known_scan *scan, const char *bytes, size_t size,
		void (*mark)(void *context, uint64_t at), void *context)
{
	for (size_t i = 0; i < size; i++, scan->at++) {
		unsigned char byte = (unsigned char)bytes[i];

		/* ESC is skipped too, so that what follows it comes by the other way. */
		if (!is_skipped(byte) && scan->at && !scan->line_start && !scan->stamp && !scan->escape)
			take(scan, byte, scan->at, mark, context);
		else
			take_special(scan, byte, mark, context);
	}
}

void known_end(struct known_scan *scan, void (*mark)(void *context, uint64_t at), void *context)
{
	drop_stamp(scan, mark, context);
}

uint64_t known_safe(const struct known_scan *scan)
{
	unsigned held = scan->filled < GRAM - 1 ? scan->filled : GRAM - 1;
	uint64_t safe = scan->at - scan->stamp;

	if (held && scan->at - ring_at(scan, 0).at <= GAP_MOST)
		safe = ring_at(scan, held - 1).at;
	return safe;
}

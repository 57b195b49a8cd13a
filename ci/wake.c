/*
 * Every wake word is known by one of its pieces of four bytes, the one that is rarest in logs. A line
 * is looked through, eight pieces at a time, in a table of bits that stays in the first cache; only
 * where it says so are words compared. No step waits for the one before, which makes it several times
 * as fast as an automaton. A word that only counts at the end of a line is compared there alone. Not a
 * general matcher: it says which readers to wake, not where a word stands.
 */
#include "ci/wake.h"

#include "ci/pairs.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>

enum { WORDS_MAX = 4096, LAST_WORDS_MAX = 128, PLACE_BITS = 17, PLACES = 1 << PLACE_BITS };

struct word {
	const char *at;
	uint32_t piece, start;		/* the piece, and the word's first four bytes */
	uint16_t size, offset;		/* where the piece stands in the word */
	uint16_t next;			/* of the words at this place, from 1; 0 ends */
	wake_set reader;
};

static uint64_t is_taken[PLACES / 64];
static uint16_t first[PLACES];		/* a word, from 1 */
static struct word words[WORDS_MAX];
static const struct word *last_words[LAST_WORDS_MAX];
static uint8_t first_last[256], next_last[LAST_WORDS_MAX];	/* by a line's last two bytes, from 1 */
static size_t word_count, last_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static inline uint32_t piece_at(const char *at)
{
	uint32_t piece;

	memcpy(&piece, at, 4);
	return piece;
}

static inline uint32_t place_of(uint32_t piece)
{
	return piece * UINT32_C(2654435761) >> (32 - PLACE_BITS);
}

static inline uint8_t last_of(const char *end)
{
	return (uint8_t)((unsigned char)end[-2] * 7 + (unsigned char)end[-1]);
}

static void add_last_word(struct word *word)
{
	assert(last_count < LAST_WORDS_MAX && word->size > 3);
	word->size--;			/* the line feed is not in the line */
	last_words[last_count] = word;
	next_last[last_count] = first_last[last_of(word->at + word->size)];
	first_last[last_of(word->at + word->size)] = (uint8_t)++last_count;
}

static void add_word(const char *at, unsigned reader)
{
	struct word *word = &words[word_count++];
	size_t size = strlen(at);
	uint32_t place;

	assert(size >= 4 && size < LINE_BYTES_MAX && word_count < WORDS_MAX);
	*word = (struct word){ .at = at, .size = (uint16_t)size, .reader = wake_one(reader) };
	if (at[size - 1] == '\n') {
		add_last_word(word);
		return;
	}
	for (size_t i = 1; i + 4 <= size; i++)
		if (pairs_common(at + i) < pairs_common(at + word->offset))
			word->offset = (uint16_t)i;
	word->piece = piece_at(at + word->offset);
	word->start = piece_at(at);
	place = place_of(word->piece);
	word->next = first[place];
	first[place] = (uint16_t)word_count;
	is_taken[place / 64] |= UINT64_C(1) << place % 64;
}

static void build(void)
{
	assert(reader_count <= READERS_MAX);
	for (unsigned i = 0; i < reader_count; i++)
		for (const char *const *word = readers[i]->wake; *word; word++)
			add_word(*word, i);
}

/* Whom do the words wake whose piece may stand at `at`? */
static wake_set compare(struct str text, size_t at, wake_set awake)
{
	uint32_t piece = piece_at(text.at + at);

	for (uint16_t n = first[place_of(piece)]; n; n = words[n - 1].next) {
		const struct word *word = &words[n - 1];

		if (word->piece != piece || at < word->offset || !(word->reader & ~awake) ||
		    text.size - (at - word->offset) < word->size ||
		    piece_at(text.at + at - word->offset) != word->start)
			continue;
		if (!memcmp(text.at + at - word->offset, word->at, word->size))
			awake |= word->reader;
	}
	return awake;
}

/* 1 in the lowest bit when the piece that starts here may be a word's. */
static inline uint64_t taken_at(const char *at)
{
	uint32_t place = place_of(piece_at(at));

	return is_taken[place / 64] >> place % 64;
}

/* Is one of the eight pieces that start here a word's? */
static inline bool taken_near(const char *at)
{
	uint64_t any = 0;

#pragma GCC unroll 8
	for (size_t i = 0; i < 8; i++)
		any |= taken_at(at + i);
	return any & 1;
}

static wake_set compare_last(struct str text, wake_set awake)
{
	for (uint8_t n = first_last[last_of(text.at + text.size)]; n; n = next_last[n - 1]) {
		const struct word *word = last_words[n - 1];

		if (text.size >= word->size &&
		    !memcmp(text.at + text.size - word->size, word->at, word->size))
			awake |= word->reader;
	}
	return awake;
}

wake_set wake_readers(struct str text, wake_set awake)
{
	size_t i = 0;

	pthread_once(&once, build);
	for (; i + 11 <= text.size; i += 8) {
		if (__builtin_expect(!taken_near(text.at + i), 1))
			continue;
		for (size_t k = i; k < i + 8; k++)
			if (taken_at(text.at + k) & 1)
				awake = compare(text, k, awake);
	}
	for (; i + 4 <= text.size; i++)
		if (taken_at(text.at + i) & 1)
			awake = compare(text, i, awake);
	return text.size >= 3 ? compare_last(text, awake) : awake;
}

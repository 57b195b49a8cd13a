/*
 * Every wake word is known by one of its pieces of four bytes, the one that is rarest in logs. A line
 * is looked through, eight pieces at a time, in a small table that stays in the first cache; only
 * where it says so are words compared. No step waits for the one before, which makes it several times
 * as fast as an automaton. A word of three bytes is entered with every byte behind it; one that only
 * counts at the end of a line is compared there alone. Not a general matcher: it says which readers
 * to wake, not where a word stands.
 */
#include "ci/wake.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>

enum { WORDS_MAX = 4096, SHORT_WORDS_MAX = 32, LAST_WORDS_MAX = 128, PLACE_BITS = 15, PLACES = 1 << PLACE_BITS,
       ENTRIES_MAX = WORDS_MAX + 256 * SHORT_WORDS_MAX };

struct word {
	const char *at;
	uint16_t size, offset;		/* where the piece stands in the word */
	wake_set reader;
};

struct entry {
	const struct word *word;
	uint32_t piece, start;		/* the piece, and the word's first four bytes */
	uint16_t next;			/* of the entries at this place, from 1; 0 ends */
};

static uint8_t is_taken[PLACES];
static uint16_t first[PLACES];		/* an entry, from 1 */
static struct entry entries[ENTRIES_MAX];
static struct word words[WORDS_MAX];
static const struct word *short_words[SHORT_WORDS_MAX];
static const struct word *last_words[LAST_WORDS_MAX];
static uint8_t is_last[256];		/* by the last two bytes of a line */
static size_t word_count, entry_count, short_count, last_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Bytes by how often they stand in build logs, the commonest first; others are rarer still. */
static const char commonest[] = " etaisonrl./cpdm-ugb:yh201wvf_3[xk465()'j,TC\"897SP]>BIRNEDAMOF=@G%|";

static unsigned rarity(const char *at, size_t size)
{
	unsigned sum = 0;

	for (size_t i = 0; i < size; i++) {
		const char *found = memchr(commonest, at[i], sizeof(commonest) - 1);

		sum += found ? (unsigned)(found - commonest) : (unsigned)sizeof(commonest);
	}
	return sum;
}

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

static void add_entry(const struct word *word, uint32_t piece)
{
	uint32_t place = place_of(piece);

	assert(entry_count < ENTRIES_MAX);
	entries[entry_count] = (struct entry){
		word, piece, word->size > 3 ? piece_at(word->at) : piece, first[place]
	};
	first[place] = (uint16_t)++entry_count;
	is_taken[place] = 1;
}

static inline uint8_t last_of(const char *end)
{
	return (uint8_t)((unsigned char)end[-2] * 7 + (unsigned char)end[-1]);
}

static void add_last_word(struct word *word)
{
	assert(last_count < LAST_WORDS_MAX && word->size > 3);
	word->size--;			/* the line feed is not in the line */
	last_words[last_count++] = word;
	is_last[last_of(word->at + word->size)] = 1;
}

static void add_word(const char *at, unsigned reader)
{
	struct word *word = &words[word_count++];
	size_t size = strlen(at);

	assert(size >= 3 && size < LINE_BYTES_MAX && word_count < WORDS_MAX);
	*word = (struct word){ .at = at, .size = (uint16_t)size, .reader = wake_one(reader) };
	if (at[size - 1] == '\n') {
		add_last_word(word);
		return;
	}
	if (size > 3) {
		for (size_t i = 1; i + 4 <= size; i++)
			if (rarity(at + i, 4) > rarity(at + word->offset, 4))
				word->offset = (uint16_t)i;
		add_entry(word, piece_at(at + word->offset));
		return;
	}
	assert(short_count < SHORT_WORDS_MAX);
	short_words[short_count++] = word;
	for (unsigned last = 0; last < 256; last++) {
		char piece[4] = { at[0], at[1], at[2], (char)last };

		add_entry(word, piece_at(piece));
	}
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

	for (uint16_t n = first[place_of(piece)]; n; n = entries[n - 1].next) {
		const struct word *word = entries[n - 1].word;

		if (entries[n - 1].piece != piece || !(word->reader & ~awake) || at < word->offset ||
		    text.size - (at - word->offset) < word->size ||
		    piece_at(text.at + at - word->offset) != entries[n - 1].start)
			continue;
		if (!memcmp(text.at + at - word->offset, word->at, word->size))
			awake |= word->reader;
	}
	return awake;
}

static inline bool taken_at(const char *at)
{
	return is_taken[place_of(piece_at(at))];
}

/* Is one of the eight pieces that start here a word's? */
static inline bool taken_near(const char *at)
{
	uint32_t any = 0;

#pragma GCC unroll 8
	for (size_t i = 0; i < 8; i++)
		any |= is_taken[place_of(piece_at(at + i))];
	return any;
}

static wake_set compare_last(struct str text, wake_set awake)
{
	for (size_t i = 0; i < last_count; i++) {
		const struct word *word = last_words[i];

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
			if (taken_at(text.at + k))
				awake = compare(text, k, awake);
	}
	for (; i + 4 <= text.size; i++)
		if (taken_at(text.at + i))
			awake = compare(text, i, awake);
	for (size_t k = 0; k < short_count && text.size >= 3; k++)	/* with nothing behind it */
		if (!memcmp(text.at + text.size - 3, short_words[k]->at, 3))
			awake |= short_words[k]->reader;
	if (text.size >= 3 && is_last[last_of(text.at + text.size)])
		awake = compare_last(text, awake);
	return awake;
}

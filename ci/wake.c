/*
 * Every wake word is known by one of its pieces of four bytes, the one that is rarest in logs. A line
 * is looked through piece by piece in a bit map that stays in the first cache; only where a bit is set
 * are words compared. No step waits for the one before, which makes it several times as fast as an
 * automaton. Words of three bytes have a map of their own. Not a general matcher: it says which
 * readers to wake, not where a word stands.
 */
#include "ci/wake.h"

#include <assert.h>
#include <pthread.h>

enum { WORDS_MAX = 8192, PIECES = 65536 };

struct word {
	const char *at;
	uint16_t size, offset;		/* where the piece stands in the word */
	uint16_t next;			/* of the words with this piece, from 1; 0 ends */
	uint64_t reader;
};

struct piece_map {
	uint64_t bits[PIECES / 64];
	uint16_t first[PIECES];		/* a word, from 1 */
	bool any;
};

static struct piece_map fours, threes;
static struct word words[WORDS_MAX];
static size_t word_count;
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

static inline uint32_t place_of(uint32_t piece)
{
	return piece * UINT32_C(2654435761) >> 16;
}

static inline uint32_t four_at(const char *at)
{
	uint32_t piece;

	memcpy(&piece, at, 4);
	return piece;
}

static inline uint32_t three_at(const char *at)
{
	uint32_t piece = 0;

	memcpy(&piece, at, 3);
	return piece;
}

static void add_word(const char *at, unsigned reader)
{
	struct word *word = &words[word_count];
	size_t size = strlen(at), width = size < 4 ? 3 : 4;
	struct piece_map *map = width == 4 ? &fours : &threes;
	uint32_t place;

	assert(size >= 3 && size < LINE_BYTES_MAX && word_count < WORDS_MAX);
	*word = (struct word){ .at = at, .size = (uint16_t)size, .reader = UINT64_C(1) << reader };
	for (size_t i = 1; i + width <= size; i++)
		if (rarity(at + i, width) > rarity(at + word->offset, width))
			word->offset = (uint16_t)i;
	place = place_of(width == 4 ? four_at(at + word->offset) : three_at(at));
	word->next = map->first[place];
	map->first[place] = (uint16_t)++word_count;
	map->bits[place / 64] |= UINT64_C(1) << place % 64;
	map->any = true;
}

static void build(void)
{
	assert(reader_count <= 64);
	for (unsigned i = 0; i < reader_count; i++)
		for (const char *const *word = readers[i]->wake; *word; word++)
			add_word(*word, i);
}

static inline bool may_start(const struct piece_map *map, uint32_t place)
{
	return map->bits[place / 64] >> place % 64 & 1;
}

/* Whom do the words wake whose piece may stand at `at`? */
static uint64_t compare(const struct piece_map *map, uint32_t place, struct str text, size_t at,
			uint64_t awake)
{
	for (uint16_t n = map->first[place]; n; n = words[n - 1].next) {
		const struct word *word = &words[n - 1];

		if (!(word->reader & ~awake) || at < word->offset ||
		    text.size - (at - word->offset) < word->size)
			continue;
		if (!memcmp(text.at + at - word->offset, word->at, word->size))
			awake |= word->reader;
	}
	return awake;
}

uint64_t wake_readers(struct str text, uint64_t awake)
{
	pthread_once(&once, build);
	for (size_t i = 0; i + 4 <= text.size; i++) {
		uint32_t place = place_of(four_at(text.at + i));

		if (__builtin_expect(may_start(&fours, place), 0))
			awake = compare(&fours, place, text, i, awake);
	}
	for (size_t i = 0; threes.any && i + 3 <= text.size; i++) {
		uint32_t place = place_of(three_at(text.at + i));

		if (__builtin_expect(may_start(&threes, place), 0))
			awake = compare(&threes, place, text, i, awake);
	}
	return awake;
}

/*
 * Builds the automaton once, at the first use, from the readers' tables. The table has a column per
 * class of bytes that no word tells apart, which keeps it in the cache. Not a general matcher: it
 * says which readers to wake, not where a word stands.
 */
#include "ci/wake.h"

#include <assert.h>
#include <pthread.h>

enum { STATES_MAX = 8192, CLASSES_MAX = 128 };

static struct {
	uint8_t class_of[256];
	unsigned classes;
	unsigned states;
	uint16_t next[STATES_MAX][CLASSES_MAX];
	uint16_t fail[STATES_MAX];
	uint64_t wakes[STATES_MAX];
} automaton;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void add_classes(const char *word)
{
	for (; *word; word++) {
		uint8_t *class = &automaton.class_of[(unsigned char)*word];

		if (!*class) {
			assert(automaton.classes < CLASSES_MAX);
			*class = (uint8_t)automaton.classes++;
		}
	}
}

static void add_word(const char *word, unsigned reader)
{
	unsigned state = 0;

	for (; *word; word++) {
		uint16_t *next = &automaton.next[state][automaton.class_of[(unsigned char)*word]];

		if (!*next) {
			assert(automaton.states < STATES_MAX);
			*next = (uint16_t)automaton.states++;
		}
		state = *next;
	}
	automaton.wakes[state] |= UINT64_C(1) << reader;
}

/* Breadth first, so that a state's shorter suffix is complete before the state is. */
static void close_states(void)
{
	static uint16_t queue[STATES_MAX];
	size_t head = 0, tail = 0;

	for (unsigned c = 0; c < automaton.classes; c++)
		if (automaton.next[0][c])
			queue[tail++] = automaton.next[0][c];
	while (head < tail) {
		unsigned state = queue[head++], suffix = automaton.fail[state];

		automaton.wakes[state] |= automaton.wakes[suffix];
		for (unsigned c = 0; c < automaton.classes; c++) {
			uint16_t *next = &automaton.next[state][c];

			if (*next) {
				automaton.fail[*next] = automaton.next[suffix][c];
				queue[tail++] = *next;
			} else {
				*next = automaton.next[suffix][c];
			}
		}
	}
}

static void build(void)
{
	assert(reader_count <= 64);
	automaton.states = automaton.classes = 1;
	for (unsigned i = 0; i < reader_count; i++)
		for (const char *const *word = readers[i]->wake; *word; word++)
			add_classes(*word);
	for (unsigned i = 0; i < reader_count; i++)
		for (const char *const *word = readers[i]->wake; *word; word++)
			add_word(*word, i);
	close_states();
}

uint64_t wake_readers(struct str text)
{
	uint64_t wakes = 0;
	unsigned state = 0;

	pthread_once(&once, build);
	for (size_t i = 0; i < text.size; i++) {
		state = automaton.next[state][automaton.class_of[(unsigned char)text.at[i]]];
		wakes |= automaton.wakes[state];
	}
	return wakes;
}

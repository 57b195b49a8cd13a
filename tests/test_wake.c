/* ci/wake: the quick search finds exactly what a plain search for every word finds. */
#include "tests/unit.h"

#include "ci/wake.h"

static bool has_word(struct str text, struct str word)
{
	if (!str_chop(&word, "\n"))
		return str_find(text, word) >= 0;
	return text.size >= word.size && str_equal(str_from(text, text.size - word.size), word);
}

static wake_set plainly(struct str text, wake_set awake)
{
	for (size_t i = 0; i < reader_count; i++)
		for (const char *const *word = readers[i]->wake; *word; word++)
			if (has_word(text, str_of(*word)))
				awake |= wake_one(i);
	return awake;
}

/* Copies exactly, so that a sanitizer sees a byte read behind the end. */
static void check(struct str text)
{
	ARENA a = {0};
	struct str copy = str_copy(&a, text);
	wake_set few = 5 | wake_one(reader_count - 1);

	if (wake_readers(copy, 0) != plainly(text, 0))
		print_error("another answer for: %.*s\n", STR_ARG(text));
	assert_true(wake_readers(copy, 0) == plainly(text, 0));
	assert_true(wake_readers(copy, few) == plainly(text, few));
}

static void each_word(void **state)
{
	static const char *const around[] = { "", " ", "xyz", "aaaaaaaa", "##[error]" };

	(void)state;
	for (size_t i = 0; i < reader_count; i++)
		for (const char *const *word = readers[i]->wake; *word; word++)
			for (size_t k = 0; k < 25; k++) {
				ARENA a = {0};
				const char *before = around[k % 5], *after = around[k / 5];
				struct str text, one = str_of(*word);
				bool last = str_chop(&one, "\n");

				text = str_of(arena_printf(&a, "%s%.*s%s", before, STR_ARG(one), after));
				if (!last || !*after)
					assert_true((wake_readers(text, 0) & wake_one(i)) != 0);
				check(text);
				check(str_slice(text, 0, text.size - 1));
				check(str_from(text, 1));
			}
}

/* Pieces of words in any order, by a plain congruential sequence. */
static void mixtures(void **state)
{
	uint32_t seed = 12345;

	(void)state;
	for (unsigned n = 0; n < 20000; n++) {
		ARENA a = {0};
		struct text text = TEXT(&a);

		for (unsigned piece = 0; piece < 6; piece++) {
			const struct reader *reader;
			struct str word;
			size_t words = 0;

			seed = seed * 1103515245u + 12345u;
			reader = readers[(seed >> 8) % reader_count];
			while (reader->wake[words])
				words++;
			seed = seed * 1103515245u + 12345u;
			word = str_of(reader->wake[(seed >> 8) % words]);
			seed = seed * 1103515245u + 12345u;
			text_add(&text, str_slice(word, (seed >> 8) % 3, word.size - (seed >> 12) % 3));
		}
		check(text_str(&text));
	}
}

/* A word must be rare enough to be worth a search: four bytes at least. */
static void tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < reader_count; i++) {
		assert_non_null(readers[i]->wake[0]);
		for (const char *const *word = readers[i]->wake; *word; word++)
			assert_true(strlen(*word) >= 4);
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(each_word), cmocka_unit_test(mixtures), cmocka_unit_test(tables),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

/*
 * How far two names are apart. Only small distances matter, so only short names are compared.
 */
#include "templates/lib_similar.h"

unsigned similar_distance(struct str a, struct str b)
{
	unsigned rows[3][64] = {{0}};

	if (a.size > 60 || b.size > 60 || a.size > b.size + 2 || b.size > a.size + 2)
		return 3;
	for (size_t i = 0; i <= a.size; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *top = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b.size; j++) {
			unsigned best = i ? above[j - 1] + (a.at[i - 1] != b.at[j - 1]) : (unsigned)j;

			if (i && above[j] + 1 < best)
				best = above[j] + 1;
			if (i && row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1] &&
			    top[j - 2] + 1 < best)
				best = top[j - 2] + 1;
			row[j] = best;
		}
	}
	return rows[a.size % 3][b.size];
}

enum { WORD_MIN = 4 };

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Takes the next word of snake_case or camelCase off *rest; its digits and underscores stay apart. */
static bool next_word(struct str *rest, struct str *word)
{
	size_t size = 0;

	while (rest->size && rest->at[0] == '_')
		*rest = str_from(*rest, 1);
	while (size < rest->size && rest->at[size] != '_' &&
	       !(size && is_upper(rest->at[size]) && !is_upper(rest->at[size - 1])))
		size++;
	*word = str_slice(*rest, 0, size);
	*rest = str_from(*rest, size);
	return size > 0;
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.size; i++)
		if (s.at[i] >= '0' && s.at[i] <= '9')
			return true;
	return false;
}

static bool slips_in_word(struct str wrong, struct str right)
{
	size_t shorter = wrong.size < right.size ? wrong.size : right.size;
	unsigned distance = similar_distance(wrong, right);

	if (shorter < WORD_MIN || wrong.at[0] != right.at[0] || has_digit(wrong) || has_digit(right))
		return false;
	if (str_starts(wrong, "un") || str_starts(right, "un"))
		return false;
	/* The one goes on where the other ends: a plural, a participle, another word. */
	if (wrong.size != right.size && str_equal(str_slice(wrong, 0, shorter), str_slice(right, 0, shorter)))
		return false;
	/* Another last letter makes another form of the word. */
	if (wrong.size == right.size &&
	    str_equal(str_slice(wrong, 0, shorter - 1), str_slice(right, 0, shorter - 1)))
		return false;
	return distance == 1;
}

bool similar_slip(struct str wrong, struct str right)
{
	unsigned slips = 0;
	struct str one, other;

	for (;;) {
		bool more = next_word(&wrong, &one);

		if (next_word(&right, &other) != more)
			return false;
		if (!more)
			return slips == 1;
		if (str_equal(one, other))
			continue;
		if (!slips_in_word(one, other))
			return false;
		slips++;
	}
}

bool similar_but_an_article(struct str a, struct str b)
{
	static const char *const articles[] = { "a", "an", "the" };
	struct str longer = a.size > b.size ? a : b, shorter = a.size > b.size ? b : a, word, rest = longer;
	unsigned found = 0;

	while (str_next(&rest, '_', &word)) {
		size_t at = (size_t)(word.at - longer.at);

		for (size_t i = 0; at && rest.size && i < sizeof(articles) / sizeof(articles[0]); i++)
			found += str_equal_nocase(word, str_of(articles[i])) &&
				 shorter.size + word.size + 1 == longer.size &&
				 str_equal(str_slice(longer, 0, at), str_slice(shorter, 0, at)) &&
				 str_equal(rest, str_from(shorter, at));
	}
	return found == 1;
}

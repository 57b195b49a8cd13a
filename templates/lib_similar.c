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

/*
 * Any bytes as the raw lines of a log, through the envelope alone: what is left is part of what came
 * or was written by a terminal, has no control character but the tab, and keeps its bounds.
 */
#include "ci/clean.h"
#include "ci/encoding.h"

#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(const struct cleaner *cleaner, struct str raw, const struct line *line)
{
	assert(line->text.size <= raw.size && line->text.size <= LINE_BYTES_MAX);
	for (size_t i = 0; i < line->text.size; i++) {
		unsigned char c = (unsigned char)line->text.at[i];

		/* what a workflow command had escaped may be anything; the report shows none of it */
		assert(cleaner->annotation.present || c == '\t' || (c >= 0x20 && c != 0x7f));
	}
	assert(memchr(cleaner->annotation.file, 0, sizeof(cleaner->annotation.file)));
	assert(memchr(cleaner->annotation.title, 0, sizeof(cleaner->annotation.title)));
}

static void decode(const uint8_t *data, size_t size)
{
	struct encoding encoding = {0};
	char out[64];

	while (size && encoding.kind != ENCODING_BYTES)
		assert(encoding_take(&encoding, &data, &size, out, sizeof(out)) <= sizeof(out));
	assert(encoding_end(&encoding, out) <= ENCODING_ROOM);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cleaner *cleaner = calloc(1, sizeof(*cleaner));
	struct str rest = { (const char *)data, size }, raw;

	assert(cleaner);
	while (str_next(&rest, '\n', &raw)) {
		char *copy = malloc(raw.size ? raw.size : 1);	/* exact: a read behind the end is seen */
		struct line line = {0};

		assert(copy);
		if (raw.size)
			memcpy(copy, raw.at, raw.size);
		clean_line(cleaner, (struct str){ copy, raw.size }, &line);
		check_line(cleaner, raw, &line);
		free(copy);
	}
	free(cleaner);
	decode(data, size);
	return 0;
}

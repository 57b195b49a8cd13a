/*
 * Any bytes as a log: every reader must end and stay in its bounds, and the same bytes must read
 * the same when they come in pieces.
 */
#include "ci/log.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	const struct report *whole = log_read(&a, NULL, (struct str){ (const char *)data, size });
	struct log *log = log_open(&a, NULL);
	const struct report *pieces;

	for (size_t at = 0; at < size; at += 7)
		log_feed(log, data + at, size - at < 7 ? size - at : 7);
	pieces = log_close(log);
	if (whole->failure_count > FAILURES_MAX || whole->lines != pieces->lines ||
	    whole->failure_count != pieces->failure_count)
		abort();
	for (size_t i = 0; i < whole->failure_count; i++) {
		const struct failure *f = &whole->failures[i];

		if (f->frame_count > FRAMES_MAX || f->error_line > whole->lines ||
		    f->first_line > f->last_line || f->first_line > f->error_line)
			abort();
	}
	return 0;
}

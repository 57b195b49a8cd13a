/* Notes of any bytes: always one failure, valid UTF-8, signed, and the same when read again. */
#include "bot/base/utf8.h"
#include "ci/notes.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str take(struct str *rest)
{
	struct str piece = STR_NONE;

	(void)str_next(rest, '\0', &piece);
	return piece;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct str rest = { (const char *)data + (size > 0), size - (size > 0) };
	struct note note = { .file = str_text(&a, take(&rest)), .title = take(&rest),
		.message = take(&rest), .details = take(&rest), .line = size };
	struct notes notes = { .source = "fuzz", .name = take(&rest), .step = take(&rest),
		.list = &note, .count = size & 1, .ending = (enum ending)(size ? data[0] % 4 : 0),
		.title = take(&rest), .summary = take(&rest), .text = take(&rest) };
	bool understood, again;
	const struct failure *f = notes_read(&a, NULL, &notes, &understood);

	assert(f && f->signature[0] && f->family[0] && f->tool);
	assert(!f->message || utf8_valid(str_of(f->message)));
	assert(!strcmp(f->signature, notes_read(&a, NULL, &notes, &again)->signature));
	assert(understood == again);
	return 0;
}

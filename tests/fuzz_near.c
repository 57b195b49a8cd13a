/*
 * Texts of failures as a store may give them back, and messages of any bytes: a score stays between 0
 * and 1 and is the same from either side, a text within its bound and like itself.
 */
#include "ci/near.h"
#include "ci/signature.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct str all = { (const char *)data, size }, one = all, other = STR_NONE, text;
	struct frame frame = { .line = 1, .own = true };
	struct failure f = { .kind = KIND_EXCEPTION, .frames = &frame, .frame_count = 1 };
	double score;

	(void)str_split(all, "\n\n", &one, &other);
	score = near_score(one, other);
	assert(score >= 0 && score <= 1);
	assert(score - near_score(other, one) < 1e-9);
	f.message = f.test = str_text(&a, one);
	f.type = "KeyError";
	frame.file = frame.function = str_text(&a, other);
	text = near_text(&a, &f);
	assert(text.size <= NEAR_BYTES_MAX);
	assert(near_score(text, text) == 1.0);
	score = near_score(text, one);
	assert(score >= 0 && score <= 1);
	signature_of(&f);
	assert(strlen(f.signature) == 32 && strlen(f.family) == 32);
	return 0;
}

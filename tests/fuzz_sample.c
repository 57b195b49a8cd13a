/*
 * Any bytes as lines of samples: the judge's confidence stays within 0 and 1, its verdict never
 * comes back from DECAYED, and a judge of the same lines says the same.
 */
#include "bot/watch/judge.h"

#include <math.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static double run(struct str rest)
{
	ARENA a = {0};
	struct judge *judge = judge_open(&a, 300);
	struct judgement judgement = { .verdict = VERDICT_WATCH };
	double sum = 0;
	struct str line;

	while (str_next_line(&rest, &line)) {
		struct err e = ERR_INIT;
		struct sample sample;
		bool decayed = judgement.verdict == VERDICT_DECAYED;

		if (!sample_parse(line, &sample, &e) || !judge_add(judge, &sample, &judgement))
			continue;
		if (!(judgement.confidence >= 0 && judgement.confidence <= 1) ||
		    !memchr(judgement.why, '\0', sizeof(judgement.why)) ||
		    (decayed && judgement.verdict != VERDICT_DECAYED))
			__builtin_trap();
		sum += judgement.confidence + judgement.verdict;
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size };

	if (run(all) != run(all))
		__builtin_trap();
	return 0;
}

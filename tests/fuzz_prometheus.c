/* Any bytes as an answer of Prometheus: what comes out has times that go up and finite counts. */
#include "bot/watch/prometheus.h"

#include <math.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct prometheus_answer answer = { .count = 0 };
	struct err e = ERR_INIT;

	if (!prometheus_parse((struct str){ (const char *)data, size }, &a, &answer, &e)) {
		if (answer.count || !e.text[0])
			__builtin_trap();
		return 0;
	}
	for (size_t i = 0; i < answer.count; i++)
		for (size_t k = 0; k < answer.series[i].count; k++) {
			double t = answer.series[i].times[k];

			if (!isfinite(t) || (k && !(t > answer.series[i].times[k - 1])))
				__builtin_trap();
		}
	return 0;
}

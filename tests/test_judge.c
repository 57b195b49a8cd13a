/* bot/watch: samples, the statistics under them, and what the judge says of plain cases. */
#include "bot/watch/judge.h"
#include "bot/watch/robust.h"
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>

static void parses(void **state)
{
	struct err e = ERR_INIT;
	struct sample s;

	(void)state;
	assert_true(sample_parse(STR("{\"t\":-10,\"phase\":\"baseline\",\"error_rate\":0.5,\"cpu\":null,"
				     "\"rps\":3,\"up\":1,\"more\":[1]}"), &s, &e));
	assert_true(s.t == -10 && !s.post && !s.unreachable);
	assert_true(s.values[METRIC_ERROR_RATE] == 0.5 && s.values[METRIC_RPS] == 3);
	assert_true(isnan(s.values[METRIC_CPU]) && isnan(s.values[METRIC_MEMORY]));
	assert_true(sample_has_data(&s));
	assert_true(sample_parse(STR("{\"t\":1.5,\"phase\":\"post\",\"up\":null}"), &s, &e));
	assert_true(s.t == 1.5 && s.post && s.unreachable && !sample_has_data(&s));
	assert_true(sample_parse(STR("{\"t\":1,\"phase\":\"post\",\"up\":false}"), &s, &e));
	assert_true(s.values[METRIC_UP] == 0 && sample_has_data(&s));
}

/* What cannot be measured was not measured. */
static void cleans(void **state)
{
	static const char *const absurd[] = {
		"\"error_rate\":-0.1", "\"error_rate\":1.01", "\"latency_p95\":-5", "\"up\":2",
		"\"requests\":3,\"errors\":4", "\"memory\":1e300", "\"rps\":-1",
	};
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(absurd) / sizeof(*absurd); i++) {
		ARENA a = {0};
		struct sample s;
		char *line = arena_printf(&a, "{\"t\":0,\"phase\":\"post\",%s}", absurd[i]);

		assert_true(sample_parse(str_of(line), &s, &e));
		assert_false(sample_has_data(&s));
	}
}

static void refuses(void **state)
{
	static const char *const bad[] = {
		"", "[]", "3", "{}", "{\"t\":1}", "{\"t\":\"1\",\"phase\":\"post\"}",
		"{\"t\":1,\"phase\":\"after\"}", "{\"t\":1,\"phase\":7}", "{\"t\":null,\"phase\":\"post\"}",
		"{\"t\":1e300,\"phase\":\"post\"}", "{\"t\":1,\"phase\":\"post\",\"cpu\":\"high\"}",
		"{\"t\":1,\"phase\":\"post\",\"rps\":[]}", "{\"t\":NaN,\"phase\":\"post\"}",
		"{\"t\":1,\"phase\":\"post\",\"cpu\":true}", "{\"t\":1,\"phase\":\"post\"} x",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct err e = ERR_INIT;
		struct sample s = sample_empty(7, true);

		assert_false(sample_parse(str_of(bad[i]), &s, &e));
		assert_int_equal(e.kind, ERR_INPUT);
		assert_true(s.t == 7);
	}
}

static void statistics(void **state)
{
	double values[] = { 5, 1, 1000, 3, 2 }, again[] = { 1, 2, 3, 4, 1000 };
	double times[200], line[200];
	struct trend trend;

	(void)state;
	assert_true(robust_median(values, 5) == 3);
	assert_true(robust_quantile(values, 5, 0) == 1 && robust_quantile(values, 5, 1) == 1000);
	assert_true(robust_quantile(values, 2, 0.5) == 1.5);
	assert_true(isnan(robust_median(values, 0)));
	assert_true(fabs(robust_deviation(again, 5) - 1.4826) < 1e-9);
	for (int i = 0; i < 200; i++) {
		times[i] = i;
		line[i] = i % 17 ? 2.0 * i : 5000;
	}
	trend = robust_trend(times, line, 60);
	assert_true(fabs(trend.slope - 2) < 0.05 && trend.tau > 0.6);
	assert_true(robust_trend(times, line, 200).tau > 0.3);
	assert_true(robust_trend(times, line, 1).tau == 0 && robust_trend(times, line, 0).slope == 0);
}

struct story {
	struct arena *arena;
	struct judge *judge;
	struct judgement last;
	double decayed_at;
	uint32_t seed;
};

/* A value that varies by some percent around its middle, always in the same way. */
static double about(struct story *s, double middle, double percent)
{
	s->seed = s->seed * 1664525u + 1013904223u;
	return middle * (1 + percent / 100 * ((double)(s->seed >> 8) / (1 << 23) - 1));
}

static struct sample well(struct story *s, double t)
{
	struct sample sample = sample_empty(t, t >= 0);

	sample.values[METRIC_ERROR_RATE] = about(s, 0.002, 50);
	sample.values[METRIC_LATENCY_P95] = about(s, 100, 10);
	sample.values[METRIC_LATENCY_P99] = about(s, 200, 10);
	sample.values[METRIC_CPU] = about(s, 0.3, 10);
	sample.values[METRIC_MEMORY] = about(s, 500, 2);
	sample.values[METRIC_RPS] = about(s, 80, 5);
	return sample;
}

static void tell(struct story *s, const struct sample *sample)
{
	bool before = s->last.verdict == VERDICT_DECAYED;

	if (!judge_add(s->judge, sample, &s->last))
		return;
	assert_true(s->last.confidence >= 0 && s->last.confidence <= 1 && s->last.why[0]);
	if (before)
		assert_int_equal(s->last.verdict, VERDICT_DECAYED);
	else if (s->last.verdict == VERDICT_DECAYED)
		s->decayed_at = sample->t;
}

static struct story begin(struct arena *a, int baseline)
{
	struct story s = { .arena = a, .judge = judge_open(a, 300), .decayed_at = NAN, .seed = 1 };

	for (int i = baseline; i > 0; i--) {
		struct sample sample = well(&s, -10 * i);

		tell(&s, &sample);
	}
	return s;
}

/* Thirty samples after; change makes each what the case needs. */
static void go_on(struct story *s, void (*change)(struct story *, struct sample *))
{
	for (int i = 0; i < 30; i++) {
		struct sample sample = well(s, 10 * i);

		change(s, &sample);
		tell(s, &sample);
	}
}

static void nothing(struct story *s, struct sample *sample)
{
	(void)s;
	(void)sample;
}

static void errors(struct story *s, struct sample *sample)
{
	sample->values[METRIC_ERROR_RATE] = about(s, 0.041, 10);
}

static void errors_counted(struct story *s, struct sample *sample)
{
	sample->values[METRIC_REQUESTS] = 800;
	sample->values[METRIC_ERRORS] = about(s, 40, 10);
}

static void slow(struct story *s, struct sample *sample)
{
	(void)s;
	sample->values[METRIC_LATENCY_P95] *= 2.5;
}

static void warm(struct story *s, struct sample *sample)
{
	(void)s;
	sample->values[METRIC_LATENCY_P95] *= 1 + 2.5 * exp(-sample->t / 35);
	sample->values[METRIC_ERROR_RATE] += 0.05 * exp(-sample->t / 35);
}

static void leak(struct story *s, struct sample *sample)
{
	(void)s;
	sample->values[METRIC_MEMORY] *= 1 + sample->t / 400;
}

static void one_spike(struct story *s, struct sample *sample)
{
	(void)s;
	if (sample->t < 100 || sample->t > 120)
		return;
	sample->values[METRIC_LATENCY_P95] *= 20;
	sample->values[METRIC_ERROR_RATE] = 0.6;
}

static void empty(struct story *s, struct sample *sample)
{
	(void)s;
	*sample = sample_empty(sample->t, true);
	sample->unreachable = true;
}

static void down(struct story *s, struct sample *sample)
{
	(void)s;
	*sample = sample_empty(sample->t, true);
	sample->values[METRIC_UP] = 0;
}

static void bursts(struct story *s, struct sample *sample)
{
	(void)s;
	if (fmod(sample->t, 40) < 10)
		sample->values[METRIC_ERROR_RATE] = 0.35;
}

static void absurd(struct story *s, struct sample *sample)
{
	(void)s;
	sample->values[METRIC_ERROR_RATE] = 40;
	sample->values[METRIC_LATENCY_P95] = -1;
	sample->values[METRIC_LATENCY_P99] = INFINITY;
	sample->values[METRIC_CPU] = NAN;
	sample->values[METRIC_MEMORY] = 1e300;
	sample->values[METRIC_RPS] = -INFINITY;
}

static void plain_cases(void **state)
{
	static const struct {
		const char *name;
		void (*change)(struct story *, struct sample *);
		enum verdict verdict;
		double latest;		/* it has decayed by then */
		const char *words;
	} cases[] = {
		{ "nothing", nothing, VERDICT_HELD, 0, "as before" },
		{ "errors", errors, VERDICT_DECAYED, 90, "error rate 4" },
		{ "errors counted", errors_counted, VERDICT_DECAYED, 90, "error rate 5" },
		{ "slow", slow, VERDICT_DECAYED, 60, "latency p95 2" },
		{ "leak", leak, VERDICT_DECAYED, 200, "memory" },
		{ "down", down, VERDICT_DECAYED, 120, "does not answer" },
		{ "bursts", bursts, VERDICT_DECAYED, 200, "errors" },
		{ "warm", warm, VERDICT_HELD, 0, "" },
		{ "one spike", one_spike, VERDICT_HELD, 0, "" },
		{ "empty", empty, VERDICT_UNKNOWN, 0, "0 of 30 samples" },
		{ "absurd", absurd, VERDICT_UNKNOWN, 0, "0 of 30 samples" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ARENA a = {0};
		struct story s = begin(&a, 60);

		go_on(&s, cases[i].change);
		if (s.last.verdict != cases[i].verdict || !strstr(s.last.why, cases[i].words))
			fail_msg("%s: %s, %.3f, %s", cases[i].name, verdict_names[s.last.verdict],
				 s.last.confidence, s.last.why);
		if (cases[i].latest > 0 && !(s.decayed_at <= cases[i].latest))
			fail_msg("%s: decayed at %.0f", cases[i].name, s.decayed_at);
		if (cases[i].verdict == VERDICT_UNKNOWN)
			assert_true(s.last.confidence > 0.70);
	}
}

/* The revert comes with the second confirmation, and below 0.70. */
static void confirmations(void **state)
{
	ARENA a = {0};
	struct story s = begin(&a, 60);
	bool once = false;

	(void)state;
	for (int i = 0; i < 30 && s.last.verdict != VERDICT_DECAYED; i++) {
		struct sample sample = well(&s, 10 * i);

		slow(&s, &sample);
		tell(&s, &sample);
		if (s.last.verdict == VERDICT_DECAYED)
			break;
		once = s.last.confidence < 0.70;
		if (once)
			assert_non_null(strstr(s.last.why, "1 of 2 confirmations"));
	}
	assert_true(once);
	assert_int_equal(s.last.verdict, VERDICT_DECAYED);
	assert_true(s.last.confidence < 0.70);
	assert_non_null(strstr(s.last.why, "2 confirmations"));
}

static void no_baseline(void **state)
{
	(void)state;
	for (int count = 0; count <= 3; count++) {
		ARENA a = {0};
		struct story s = begin(&a, count);

		go_on(&s, slow);
		assert_int_equal(s.last.verdict, VERDICT_UNKNOWN);
		assert_true(s.last.confidence > 0.70);
		assert_non_null(strstr(s.last.why, "before the deployment"));
	}
}

/* The same time again, or an earlier one, counts no second time. */
static void order(void **state)
{
	ARENA a = {0};
	struct story s = begin(&a, 60);
	struct sample sample = well(&s, 0), late = well(&s, -5);
	double confidence;

	(void)state;
	slow(&s, &sample);
	tell(&s, &sample);
	confidence = s.last.confidence;
	for (int i = 0; i < 50; i++) {
		tell(&s, &sample);
		assert_true(s.last.confidence == confidence);
		assert_non_null(strstr(s.last.why, "seen already"));
	}
	assert_false(judge_add(s.judge, &late, &s.last));
	sample.t = NAN;
	tell(&s, &sample);
	assert_true(s.last.confidence == confidence);
	sample.t = -500;
	tell(&s, &sample);
	assert_true(s.last.confidence == confidence);
}

/* A day at one sample a second costs the memory of the first minute. */
static void bounded(void **state)
{
	ARENA a = {0};
	struct story s = begin(&a, 60);
	size_t used = 0;

	(void)state;
	for (int i = -50000; i < 36400; i++) {
		struct sample sample = well(&s, i);

		sample.post = i >= 0;
		tell(&s, &sample);
		if (i == 60)
			used = arena_used(&a);
	}
	assert_int_equal(arena_used(&a), used);
	assert_int_equal(s.last.verdict, VERDICT_HELD);
}

static void deterministic(void **state)
{
	ARENA a = {0};
	struct story first = begin(&a, 60), second = begin(&a, 60);

	(void)state;
	go_on(&first, bursts);
	go_on(&second, bursts);
	assert_memory_equal(&first.last.confidence, &second.last.confidence, sizeof(double));
	assert_string_equal(first.last.why, second.last.why);
}

/* Times may be seconds of any clock: only differences count. */
static void any_clock(void **state)
{
	ARENA a = {0};
	struct story s = begin(&a, 60), shifted = { .judge = judge_open(&a, 300), .seed = 1 };

	(void)state;
	go_on(&s, slow);
	for (int i = -60; i < 30; i++) {
		struct sample sample = well(&shifted, 10 * i);

		if (i >= 0)
			slow(&shifted, &sample);
		sample.t += 1.7e9;
		tell(&shifted, &sample);
	}
	assert_true(fabs(s.last.confidence - shifted.last.confidence) < 1e-6);
	assert_true(shifted.decayed_at - 1.7e9 == s.decayed_at);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(parses), cmocka_unit_test(cleans), cmocka_unit_test(refuses),
		cmocka_unit_test(statistics), cmocka_unit_test(plain_cases),
		cmocka_unit_test(confirmations), cmocka_unit_test(no_baseline), cmocka_unit_test(order),
		cmocka_unit_test(bounded), cmocka_unit_test(deterministic), cmocka_unit_test(any_clock),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

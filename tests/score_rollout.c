/*
 * Scores the judge on deploy windows with known answers and fails below what must be: at most 2 %
 * of the healthy ones taken back, at most 2 % of the sick ones missed, and half of the detections
 * within 100 s after the onset.
 *	make out/score_rollout && out/score_rollout [-v] [-half 0|1] [FILE]
 * Without FILE it takes ../shared/corpora/rollout/scenarios.jsonl and says so when that is absent.
 * -half scores every other window only; -v lists what is wrong.
 */
#include "bot/watch/judge.h"
#include "bot/base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FAMILIES_MOST = 128, WINDOWS_MOST = 100000, LINE_MOST = 4 << 20 };

struct score {
	char family[64];
	unsigned healthy, false_alarms, sick, missed, early, unknown, unknown_told;
	double *delays;
	size_t delay_count;
};

static struct score families[FAMILIES_MOST], all = { .family = "all" };
static size_t family_count;
static bool verbose;

static struct score *score_of(struct arena *a, const char *family)
{
	struct score *score;

	for (size_t i = 0; i < family_count; i++)
		if (!strcmp(families[i].family, family))
			return &families[i];
	if (family_count == FAMILIES_MOST) {
		fputs("too many families\n", stderr);
		exit(1);
	}
	score = &families[family_count++];
	snprintf(score->family, sizeof(score->family), "%s", family);
	score->delays = arena_array(a, double, WINDOWS_MOST);
	return score;
}

/* When it was taken back: NaN when it was not. */
static double judge_window(const json_t *samples, struct judgement *last)
{
	ARENA a = {0};
	struct judge *judge = judge_open(&a, 300);
	struct err e = ERR_INIT;
	const json_t *row;
	size_t i;

	*last = (struct judgement){ .verdict = VERDICT_UNKNOWN };
	json_array_foreach(samples, i, row) {
		struct text line = TEXT(&a);
		struct sample sample;

		if (!json_print(row, JSON_AS_MADE, &line, &e) ||
		    !sample_parse(text_str(&line), &sample, &e)) {
			fprintf(stderr, "%s\n", e.text);
			exit(1);
		}
		if (judge_add(judge, &sample, last) && last->verdict == VERDICT_DECAYED)
			return sample.t;
	}
	return NAN;
}

static void wrong(const char *id, const char *what, double at, const struct judgement *last)
{
	if (verbose)
		printf("  %s: %s at %.0f: %.3f %s\n", id, what, at, last->confidence, last->why);
}

static void score_window(struct score *score, const json_t *window)
{
	const char *label = json_string_value(json_object_get(window, "label"));
	const char *id = json_string_value(json_object_get(window, "id"));
	struct judgement last;
	double at = judge_window(json_object_get(window, "samples"), &last);

	if (!strcmp(label, "regression")) {
		double onset = json_number_value(json_object_get(window, "onset"));

		score->sick++;
		if (isnan(at) || at < onset) {
			score->missed++;
			score->early += at < onset;
			wrong(id, isnan(at) ? "missed" : "too early", at, &last);
		} else {
			score->delays[score->delay_count++] = at - onset;
		}
		return;
	}
	if (!strcmp(label, "unknown")) {
		score->unknown++;
		score->unknown_told += last.verdict == VERDICT_UNKNOWN;
	}
	score->healthy++;
	score->false_alarms += isnan(at) ? 0 : 1;
	if (!isnan(at))
		wrong(id, "taken back", at, &last);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double part(struct score *score, double share)
{
	if (!score->delay_count)
		return NAN;
	qsort(score->delays, score->delay_count, sizeof(double), compare);
	return score->delays[(size_t)(share * (double)(score->delay_count - 1))];
}

static double percent(unsigned some, unsigned of)
{
	return of ? 100.0 * some / of : 0;
}

static void print(struct score *s)
{
	printf("%-24s", s->family);
	if (s->healthy)
		printf(" taken back %3u of %4u %5.1f %%", s->false_alarms, s->healthy,
		       percent(s->false_alarms, s->healthy));
	if (s->sick)
		printf(" missed %3u of %4u %5.1f %% (early %u), delay %3.0f s, 9 of 10 %3.0f s",
		       s->missed, s->sick, percent(s->missed, s->sick), s->early, part(s, 0.5),
		       part(s, 0.9));
	if (s->unknown)
		printf(" unknown %u of %u", s->unknown_told, s->unknown);
	putchar('\n');
}

static void sum_up(struct score *s)
{
	all.healthy += s->healthy;
	all.false_alarms += s->false_alarms;
	all.sick += s->sick;
	all.missed += s->missed;
	all.early += s->early;
	all.unknown += s->unknown;
	all.unknown_told += s->unknown_told;
	for (size_t i = 0; i < s->delay_count; i++)
		all.delays[all.delay_count++] = s->delays[i];
}

static int result(struct arena *a)
{
	bool good;

	all.delays = arena_array(a, double, WINDOWS_MOST);
	for (size_t i = 0; i < family_count; i++) {
		print(&families[i]);
		sum_up(&families[i]);
	}
	print(&all);
	good = percent(all.false_alarms, all.healthy) <= 2 && percent(all.missed, all.sick) <= 2 &&
	       !(part(&all, 0.5) > 100) && all.unknown_told == all.unknown;
	puts(good ? "ok rollout" : "FAILED rollout");
	return good ? 0 : 1;
}

static FILE *open_windows(const char *path)
{
	static const char *const places[] = { "../shared/corpora/rollout/scenarios.jsonl",
					      "../../shared/corpora/rollout/scenarios.jsonl" };

	if (path)
		return fopen(path, "r");
	for (size_t i = 0; i < 2; i++)
		if (!access(places[i], R_OK))
			return fopen(places[i], "r");
	return NULL;
}

int main(int argc, char **argv)
{
	ARENA a = {0};
	const char *path = NULL, *half = NULL;
	char *line = arena_alloc(&a, LINE_MOST);
	FILE *file;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-v"))
			verbose = true;
		else if (!strcmp(argv[i], "-half") && i + 1 < argc)
			half = argv[++i];
		else
			path = argv[i];
	}
	file = open_windows(path);
	if (!file) {
		printf("skip rollout: %s cannot be read\n", path ? path : "no deploy windows here;");
		return path != NULL;
	}
	for (size_t number = 0; fgets(line, LINE_MOST, file); number++) {
		JSON *window = NULL;
		struct err e = ERR_INIT;

		if (half && number % 2 != (size_t)(*half - '0'))
			continue;
		if (!json_parse(str_of(line), LINE_MOST, &window, &e)) {
			fprintf(stderr, "line %zu: %s\n", number + 1, e.text);
			return 1;
		}
		score_window(score_of(&a, json_string_value(json_object_get(window, "family"))),
			     window);
	}
	fclose(file);
	return result(&a);
}

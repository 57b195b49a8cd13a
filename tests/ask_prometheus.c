/*
 * Prints the samples that a Prometheus gives for a window, as `aegis judge` reads them, and the
 * notes on standard error:
 *	out/ask_prometheus URL START END ROLLOUT DEPLOYED STEP METRIC=QUERY...
 * Exit code: 0, or the kind of the error.
 */
#include "bot/base/json.h"
#include "bot/watch/prometheus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void print(const struct sample *sample)
{
	JSON *object = json_object();

	json_object_set_new(object, "t", json_real(sample->t));
	json_object_set_new(object, "phase", json_string(sample->post ? "post" : "baseline"));
	for (int i = 0; i < METRIC_COUNT; i++)
		if (!isnan(sample->values[i]))
			json_object_set_new(object, metric_names[i], json_real(sample->values[i]));
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
}

static bool read_query(const char *argument, struct prometheus_window *window)
{
	for (int i = 0; i < METRIC_COUNT; i++) {
		size_t size = strlen(metric_names[i]);

		if (strncmp(argument, metric_names[i], size) || argument[size] != '=')
			continue;
		window->queries[i] = argument + size + 1;
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	HTTP *http = http_open(NULL, &e);
	struct prometheus prometheus = { .http = http, .allow = HTTP_PLAIN | HTTP_PRIVATE };
	struct prometheus_window window = {0};
	struct prometheus_samples samples;

	if (argc < 8 || !http)
		return 64;
	prometheus.url = argv[1];
	window.start = strtod(argv[2], NULL);
	window.end = strtod(argv[3], NULL);
	window.rollout_at = strtod(argv[4], NULL);
	window.deployed_at = strtod(argv[5], NULL);
	window.step = strtod(argv[6], NULL);
	for (int i = 7; i < argc; i++)
		if (!read_query(argv[i], &window))
			return 64;
	if (!prometheus_samples(&prometheus, &window, &a, &samples, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return (int)e.kind;
	}
	for (size_t i = 0; i < samples.note_count; i++)
		fprintf(stderr, "note: %s\n", samples.notes[i]);
	for (size_t i = 0; i < samples.count; i++)
		print(&samples.samples[i]);
	return 0;
}

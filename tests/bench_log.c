/*
 * How fast a log is read: cleaning alone, wake words alone, the whole pipeline, and as a peer one
 * PCRE2 pattern (JIT) of all wake words; and how much memory 1 GB of nothing but failures takes.
 *	bench_log [FILE...]	(default: the public logs in ../shared/corpora/bugswarm)
 * Exit 1 when a limit is missed.
 */
#include "bot/base/regex.h"
#include "ci/clean.h"
#include "ci/log.h"
#include "ci/wake.h"

#include <glob.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

enum { TEXT_BYTES = 200 * 1000 * 1000, RUNS = 3 };

/* Time of this process alone: other work on the machine is none of ours. */
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long peak_kilobytes(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static unsigned long long guard;	/* keeps the work from being optimised away */

static void clean(struct str text)
{
	static struct cleaner cleaner;
	struct str raw;

	while (str_next(&text, '\n', &raw)) {
		struct line line = {0};

		clean_line(&cleaner, raw, &line);
		guard += line.text.size;
	}
}

static void wake(struct str text)
{
	struct str line;

	while (str_next(&text, '\n', &line))
		guard += wake_readers(line, 0) != 0;
}

/* All words as alternations, each quoted; PCRE2 takes no more than so many in one. */
enum { PEERS_MAX = 16, PEER_WORDS = 250 };
static struct regex *peers[PEERS_MAX];
static size_t peer_count;

static bool peer_add(struct text *pattern)
{
	struct err e = ERR_INIT;

	if (pattern->size && peer_count < PEERS_MAX)
		peers[peer_count++] = regex_open(text_cstr(pattern), &e);
	pattern->size = 0;
	if (e.kind != ERR_NONE)
		fprintf(stderr, "bench_log: %s\n", e.text);
	return e.kind == ERR_NONE;
}

static bool peers_open(void)
{
	ARENA a = {0};
	struct text pattern = TEXT(&a);
	unsigned count = 0;

	for (size_t i = 0; i < reader_count; i++)
		for (const char *const *word = readers[i]->wake; *word; word++) {
			struct str text = str_of(*word);
			bool last = str_chop(&text, "\n");

			text_addf(&pattern, "%s\\Q%.*s\\E%s", pattern.size ? "|" : "",
				  STR_ARG(text), last ? "$" : "");
			if (++count % PEER_WORDS == 0 && !peer_add(&pattern))
				return false;
		}
	return peer_add(&pattern);
}

static void match_peers(struct str text)
{
	struct str line;

	text = str_slice(text, 0, text.size / 20);	/* it is slow: a twentieth is enough to know */
	while (str_next(&text, '\n', &line))
		for (size_t i = 0; i < peer_count; i++)
			guard += regex_match(peers[i], line, NULL);
}

static void pipeline(struct str text)
{
	ARENA a = {0};
	struct log *log = log_open(&a, NULL);

	for (size_t at = 0; at < text.size; at += 1 << 20) {
		struct str piece = str_slice(text, at, 1 << 20);

		log_feed(log, piece.at, piece.size);
	}
	guard += log_close(log)->failures_seen;
}

static const struct {
	const char *name;
	void (*run)(struct str text);
	double part;			/* of the text */
	double least;			/* times the peer; 0: no limit */
} parts[] = {
	{ "PCRE2, all words", match_peers, 0.05, 0 }, { "clean", clean, 1, 0 },
	{ "wake words", wake, 1, 20 }, { "whole pipeline", pipeline, 1, 10 },
};

static double best_speed(void (*run)(struct str), struct str text)
{
	double best = 0;

	for (int i = 0; i < RUNS; i++) {
		double start = now(), speed;

		run(text);
		speed = (double)text.size / 1e6 / (now() - start);
		best = speed > best ? speed : best;
	}
	return best;
}

static bool measure(struct str text)
{
	double first = 0;
	bool good = true;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		double speed = best_speed(parts[i].run, text) * parts[i].part;

		first = i ? first : speed;
		printf("%-16s %8.0f MB/s %6.1f times the first", parts[i].name, speed,
		       speed / first);
		if (parts[i].least > 0)
			printf("  (at least %.0f)", parts[i].least);
		putchar('\n');
		good = good && speed >= parts[i].least * first;
	}
	return good;
}

/* Failures of many kinds, each another one, with frames: as bad as a log can get. */
static bool flood(void)
{
	ARENA a = {0};
	struct log *log = log_open(&a, NULL);
	const struct report *report;
	unsigned long long bytes = 0;
	double start = now();
	long peak;

	for (unsigned n = 0; bytes < 1000000000; n++) {
		char text[1024];
		int size = snprintf(text, sizeof(text),
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/r/r/src/m%u.py\", line %u, in f%u\n"
			"    return g(%u)\n"
			"ValueError: bad value %u\n"
			"src/m%u.c:%u:5: error: 'x%u' undeclared (first use in this function)\n"
			"FAILED tests/test_%u.py::test_a%u - assert %u == 0\n"
			"panic: number %u\n\ngoroutine %u [running]:\nmain.f%u()\n"
			"\t/src/m%u.go:%u +0x1d\n"
			"##[error]Process completed with exit code 1.\n",
			n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n);

		log_feed(log, text, (size_t)size);
		bytes += (unsigned long long)size;
	}
	report = log_close(log);
	peak = peak_kilobytes();
	printf("1 GB of failures %8.0f MB/s, %lu failures seen, %zu kept, peak %ld KiB (at most 16384)\n",
	       1e3 / (now() - start), report->failures_seen, report->failure_count, peak);
	return peak <= 16384;
}

static size_t add_file(char *at, size_t room, const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file)
		return 0;
	size = fread(at, 1, room, file);
	fclose(file);
	return size;
}

/* The files again and again until there is enough of them. */
static struct str load(struct arena *a, char **files, size_t count)
{
	char *text = arena_alloc(a, TEXT_BYTES);
	size_t size = 0, before = 1;

	while (size < TEXT_BYTES && size != before) {
		before = size;
		for (size_t i = 0; i < count; i++)
			size += add_file(text + size, TEXT_BYTES - size, files[i]);
	}
	return (struct str){ text, size };
}

int main(int argc, char **argv)
{
	static const char *const places[] = { "../shared/corpora/bugswarm/*.log",
					      "../../shared/corpora/bugswarm/*.log" };
	bool good = flood();		/* first: the peak is of the whole process */
	ARENA a = {0};
	struct str text = STR_NONE;
	glob_t found;

	if (argc > 1)
		text = load(&a, argv + 1, (size_t)argc - 1);
	for (size_t i = 0; i < 2 && !text.size; i++) {
		if (!glob(places[i], 0, NULL, &found))
			text = load(&a, found.gl_pathv, found.gl_pathc);
		globfree(&found);
	}
	if (text.size) {
		good = peers_open() && measure(text) && good;
		for (size_t i = 0; i < peer_count; i++)
			regex_close(&peers[i]);
	} else {
		puts("SKIPPED: no logs in ../shared/corpora/bugswarm");
	}
	printf("(%llu)\n", guard);
	return good ? 0 : 1;
}

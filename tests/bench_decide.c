/*
 * How long it takes from a log to candidates: the log is read and every template asked, over a
 * repository of a thousand files. Each template's first example that fires is the end of a log of
 * 5 MB whose other lines are those of the other examples, so that there is much to look at; once
 * with a hundred and more failures before it, once with none.
 * Exit 1 when the 95th percentile misses the limit.
 */
#include "ci/log.h"
#include "templates/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LOG_BYTES = 5 * 1000 * 1000, FILES = 1000, LIMIT_MS = 100 };

/* Time of this process alone: other work on the machine is none of ours. */
static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static const struct example *first_firing(const struct template *template)
{
	const struct example *example = template->examples;

	while (example->declines)
		example++;
	return example->name ? example : NULL;
}

static const struct tree *tree_for(struct arena *a, const struct example *example)
{
	struct tree_file *files = arena_array(a, struct tree_file, FILES + 9);
	size_t n = 0;

	for (size_t i = 0; i < 8 && example->file[i].path; i++)
		if (example->file[i].before)
			files[n++] = (struct tree_file){ example->file[i].path,
							 example->file[i].before };
	for (unsigned i = 0; i < FILES; i++)
		files[n++] = (struct tree_file){
			arena_printf(a, "lib/part%02u/module%u.%s", i % 40, i, i % 2 ? "py" : "js"),
			i % 2 ? "import os\n\n\ndef work(values):\n    return [v + 1 for v in values]\n"
			      : "import { a } from './a.js';\nexport const work = (v) => v.map((x) => x + a);\n" };
	return tree_of_files(a, files);
}

/* Everything that a step says, five megabytes of it; `loud`: with the others' failures. */
static struct str log_for(struct arena *a, const struct example *example, bool loud)
{
	struct text out = TEXT(a);

	for (unsigned n = 0; out.size < LOG_BYTES; n++) {
		const struct example *other = first_firing(templates[n % template_count]);

		if (loud && other && n < 2 * template_count)
			text_adds(&out, other->log);
		text_addf(&out, "2026-02-03T04:05:06.%07uZ tests/test_part%u.py::test_%u PASSED\n"
			  "  compiling lib/part%02u/module%u.c with -O2 -Wall -o out/module%u.o\n", n,
			  n % 97, n, n % 40, n, n);
	}
	text_adds(&out, example->log);
	return text_str(&out);
}

static int by_size(const void *a, const void *b)
{
	const double *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

static double measure(const struct example *example, bool loud, size_t *candidates)
{
	ARENA a = {0};
	struct scene scene = { .arena = &a, .tree = tree_for(&a, example) };
	struct str log = log_for(&a, example, loud);
	double start = now_ms();

	scene.report = log_read(&a, scene.tree, log);
	templates_propose(&scene);
	*candidates += scene.candidate_count > 0;
	return now_ms() - start;
}

int main(void)
{
	double *times = calloc(template_count * 2, sizeof(*times));
	size_t n = 0, candidates = 0;

	for (size_t i = 0; i < template_count; i++)
		for (int loud = 0; loud < 2; loud++)
			if (first_firing(templates[i]))
				times[n++] = measure(first_firing(templates[i]), loud, &candidates);
	qsort(times, n, sizeof(*times), by_size);
	printf("decide   %zu logs of 5 MB, %zu with candidates: median %.0f ms, 95th percentile %.0f ms, "
	       "longest %.0f ms (limit %d ms)\n", n, candidates, times[n / 2], times[n * 95 / 100],
	       times[n - 1], LIMIT_MS);
	n = times[n * 95 / 100] > LIMIT_MS;
	free(times);
	return (int)n;
}

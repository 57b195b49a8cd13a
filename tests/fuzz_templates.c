/*
 * Each template before a hostile file: the first bytes choose a template, one of its examples and one of
 * the example's files; the rest is that file's text. Whatever stands in a lock file, a manifest, a
 * script or a source, the template proposes or declines, and what it proposes passes the fences or not.
 *	fuzz_templates -write_seeds=FOLDER	the files of all examples, and no more
 */
#include "bot/rules.h"
#include "ci/log.h"
#include "templates/lib_kept.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 4, FILES_MAX = 16 };

static void write_seed(const char *folder, size_t t, unsigned e, unsigned f)
{
	const char *text = templates[t]->examples[e].file[f].before;
	ARENA a = {0};
	FILE *file;

	if (!text)
		return;
	file = fopen(arena_printf(&a, "%s/%zu_%u_%u", folder, t, e, f), "wb");
	if (!file)
		abort();
	fprintf(file, "%c%c%c%c%s", (int)(t >> 8), (int)(t & 255), (int)e, (int)f, text);
	fclose(file);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct str folder = STR_NONE;

	for (int i = 1; i < *argc; i++) {
		folder = str_of((*argv)[i]);
		if (str_skip(&folder, "-write_seeds="))
			break;
		folder = STR_NONE;
	}
	for (size_t t = 0; folder.size && t < template_count; t++)
		for (unsigned e = 0; templates[t]->examples[e].name; e++)
			for (unsigned f = 0; templates[t]->examples[e].file[f].path; f++)
				write_seed(folder.at, t, e, f);
	if (folder.size)
		exit(0);
	return 0;
}

static const struct example *choose(const struct template *template, unsigned n)
{
	unsigned count = 0;

	while (template->examples[count].name)
		count++;
	return count ? &template->examples[n % count] : NULL;
}

static struct tree *tree_with(struct arena *a, const struct example *example, unsigned n,
			      struct str text)
{
	struct tree_file files[FILES_MAX + 1] = {{0}};
	size_t count = 0, chosen;

	while (count < FILES_MAX && example->file[count].path)
		count++;
	if (!count)
		return NULL;
	chosen = n % count;
	for (size_t i = 0; i < count; i++)
		files[i] = (struct tree_file){ example->file[i].path,
					       i == chosen ? str_text(a, text) :
					       example->file[i].before ? example->file[i].before : "" };
	return tree_of_files(a, files);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	const struct rules rules = {0};
	const struct template *template;
	const struct example *example;
	struct scene scene = { .arena = &a };

	if (size < HEAD)
		return 0;
	template = templates[(data[0] * 256u + data[1]) % template_count];
	example = choose(template, data[2]);
	if (!example)
		return 0;
	scene.tree = tree_with(&a, example, data[3], (struct str){ (const char *)data + HEAD, size - HEAD });
	if (!scene.tree)
		return 0;
	scene.report = log_read(&a, scene.tree, str_of(example->log));
	kept_begin(&scene);
	for (size_t i = 0; i < scene.report->failure_count; i++) {
		scene.failure = &scene.report->failures[i];
		if (template_matches(template, &scene))
			template->fix(&scene);
	}
	kept_end(&scene);
	for (size_t i = 0; i < scene.candidate_count; i++) {
		struct err e = ERR_INIT;

		(void)rules_allow(&rules, &scene.candidates[i], scene.tree, scene.tree, &a, &e);
	}
	return 0;
}

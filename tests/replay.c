/*
 * The main of a fuzz target without a fuzzer: feeds it the start of every third file of this repository, cut
 * and with bytes turned over, so that the sanitizers see each target in every test run.
 * Deterministic.
 */
#include "tests/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parsers that recover from errors take long over nonsense: few and short inputs. */
enum { FILE_MAX_BYTES = 2 * 1024, TURNS = 2, EACH = 3 };

static unsigned inputs, files;
static uint32_t seed = 2463534242u;

static uint32_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* An exact copy on the heap, so that a read behind the end is seen. */
static void feed(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	inputs++;
}

static void feed_file(const char *path)
{
	static uint8_t bytes[FILE_MAX_BYTES];
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file)
		return;
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	feed(bytes, size);
	feed(bytes, size / 2);
	for (unsigned turn = 0; turn < TURNS && size; turn++) {
		for (size_t i = 0; i < 1 + size / 200; i++)
			bytes[next_random() % size] = (uint8_t)next_random();
		feed(bytes, size);
	}
}

static void feed_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[1024];

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.' && entry->d_type == DT_REG && !(files++ % EACH))
			feed_file(path);
	}
	if (dir)
		closedir(dir);
}

int main(void)
{
	static const char *const folders[] = { "ci", "templates", "git", "tests", "." };

	feed((const uint8_t *)"", 0);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		feed_folder(folders[i]);
	printf("ok %u inputs\n", inputs);
	return inputs > 100 ? 0 : 1;
}

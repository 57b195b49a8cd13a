/*
 * One reader alone on any bytes: it ends, stays in its bounds, and reads the same in pieces.
 * Which reader: the program's name says, fuzz_reader_NAME (a link that tests/fuzz.sh makes for every
 * file ci/lang_NAME.c); under its plain name the last byte of the input picks one.
 *	fuzz_reader_NAME -write_seeds=FOLDER	the reader's own examples as files, and no more
 */
#include "tests/report_check.h"

#include "ci/log_ask.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct reader *chosen;
static size_t chosen_at;

static const struct tree_file files[] = {
	{ "a.py", "x\n\ny\n" }, { "src/a.c", "int x;\n" }, { "src/main.go", "\n\n\n" },
	{ "src/a.js", "\n" }, { "tests/test_a.py", "\n\n\n\n\n\n\n\n" }, { "a.rs", "\n" },
	{ NULL, NULL },
};

static void write_seeds(const char *folder)
{
	for (unsigned i = 0; chosen->examples && chosen->examples[i].name; i++) {
		ARENA a = {0};
		FILE *file = fopen(arena_printf(&a, "%s/example_%u", folder, i), "wb");

		assert(file && fputs(chosen->examples[i].log, file) >= 0);
		fclose(file);
	}
	exit(0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct str name = str_of((*argv)[0]);

	(void)str_split_last(name, "/", NULL, &name);
	if (!str_skip(&name, "fuzz_reader_"))
		return 0;
	for (size_t i = 0; i < reader_count; i++)
		if (str_is(name, readers[i]->name))
			chosen = readers[chosen_at = i];
	if (!chosen) {
		fprintf(stderr, "no reader %.*s\n", STR_ARG(name));
		exit(1);
	}
	for (int i = 1; i < *argc; i++) {
		struct str argument = str_of((*argv)[i]);

		if (str_skip(&argument, "-write_seeds="))
			write_seeds(argument.at);
	}
	return 0;
}

static char *read_by(size_t reader, const uint8_t *data, size_t size, size_t step)
{
	ARENA a = {0};
	const struct tree *tree = tree_of_files(&a, files);
	struct log *log = log_open(&a, tree);

	log_ask(log, wake_one(reader), false);
	for (size_t at = 0; at < size; at += step)
		log_feed(log, data + at, size - at < step ? size - at : step);
	return check_report(log_close(log), tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t reader = chosen || !size ? chosen_at : data[size - 1] % reader_count;
	char *whole, *pieces;

	if (!size)
		return 0;
	whole = read_by(reader, data, size, size);
	pieces = read_by(reader, data, size, 1 + data[size - 1] % 61);
	assert(!strcmp(whole, pieces));
	free(whole);
	free(pieces);
	return 0;
}

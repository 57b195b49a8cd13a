/*
 * Any text as a Dockerfile: instructions lie one behind the other inside the text, their arguments
 * inside them, and an edit changes what it says and nothing else.
 */
#include "templates/lib_docker.h"

#include <stdint.h>
#include <stdlib.h>

#define MUST(condition) do { if (!(condition)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size }, edited, name, tag, digest;
	struct docker_file file;
	ARENA a = {0};
	size_t before = 0;

	if (!docker_parse(&a, "Dockerfile", text, &file))
		return 0;
	for (size_t i = 0; i < file.count; i++) {
		const struct docker_instruction *one = &file.instructions[i];
		struct str rest = one->words, word;

		MUST(one->start >= before && one->start <= one->arguments);
		MUST(one->arguments <= one->arguments_end && one->arguments_end <= one->end);
		MUST(one->end <= size && one->line <= one->last_line);
		MUST(one->stage <= file.stage_count);
		before = one->end;
		while (docker_word(&rest, &word)) {
			ptrdiff_t at = docker_place(&file, one, word);

			MUST(at < 0 || str_equal(str_slice(text, (size_t)at, word.size), word));
		}
		docker_flag(one, "from");
		docker_plain(one);
		edited = docker_replace(&a, text, one->start, one->end, STR("RUN x\n"));
		MUST(edited.size == size - (one->end - one->start) + 6);
	}
	for (unsigned i = 1; i <= file.stage_count; i++) {
		MUST(docker_is(&file.instructions[file.stages[i].from], "FROM"));
		docker_image(file.stages[i].image, &name, &tag, &digest);
		MUST(name.size + tag.size + digest.size <= file.stages[i].image.size);
	}
	return 0;
}

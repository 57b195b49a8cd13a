/*
 * Paths in logs: what tree_path answers is always a file of the tree and a tail of what was asked.
 */
#include "git/message.h"
#include "git/tree.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct tree_file files[] = {
	{ "src/a.py", "" }, { "x", "" }, { "a/b/c", "" }, { "lib/index.js", "" },
	{ "json/decoder.py", "" }, { "go/src/x.go", "" }, { NULL, NULL },
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct str text = { (const char *)data, size };
	const struct trailer trailers[] = { { "Aegis-Incident", "i1" }, { NULL, NULL } };
	const char *path = tree_path(tree_of_files(&a, files), text), *message;
	struct str subject = text, body = STR_NONE;

	if (path)
		must(tree_has(tree_of_files(&a, files), path) &&
		     str_has(text, str_text(&a, str_slice(str_of(path), strlen(path) - 1, 1))));
	str_split(text, "\n", &subject, &body);
	message = commit_message(&a, subject, body, trailers);
	must(strcspn(message, "\n") <= SUBJECT_BYTES && strcspn(message, "\n") > 0);
	must(str_is(message_trailer(str_of(message), "Aegis-Incident"), "i1"));
	message = commit_message(&a, subject, body, NULL);
	must(!message_trailer(str_of(message), "Aegis-Incident").size);
	message_trailer(text, "Aegis-Incident");
	return 0;
}

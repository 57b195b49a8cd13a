/*
 * Any bytes in any language: opening, walking, comparing and editing must neither crash nor hang, a
 * text is the same as itself unless it has errors, and an edit never adds errors.
 */
#include "templates/syntax.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const languages[] = {
	"python", "javascript", "typescript", "tsx", "go", "java", "rust", "c", "cpp", "bash", "json",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct str text, out = STR_NONE;
	const char *language;
	struct edits edits = { .arena = &a };

	if (size < 4)
		return 0;
	language = languages[data[0] % (sizeof(languages) / sizeof(languages[0]))];
	text = (struct str){ (const char *)data + 3, size - 3 };
	SYNTAX s = syntax_open(&a, language, text);

	if (!s)
		return 0;
	if (!syntax_same(&a, language, text, text) && !s->errors)
		abort();
	edit_replace(&edits, data[1], data[1] + data[2] % 8u, STR("x"));
	if (edits_apply(&edits, s, &out)) {
		SYNTAX after = syntax_open(&a, language, out);

		/* parsing has a time limit, which a busy machine may reach */
		if (after && after->errors > s->errors)
			abort();
		syntax_same(&a, language, text, out);
	}
	syntax_indent(s, syntax_below(s->root, "identifier", 1));
	return 0;
}

/*
 * Any bytes as a comment: whatever is taken for a command is written so in plain ASCII at the front of
 * its first line with anything in it, and its hint is one bounded line that people see.
 */
#include "bot/base/utf8.h"
#include "bot/comment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_hint(struct str hint)
{
	uint32_t code = 0;
	size_t n;

	if (hint.size > COMMENT_HINT_MOST || !utf8_valid(hint) || str_has(hint, "<!--") ||
	    !str_equal(hint, str_trim(hint)))
		__builtin_trap();
	for (; hint.size; hint = str_from(hint, n)) {
		n = utf8_first(hint, &code);
		if (!n || utf8_is_hidden(code))
			__builtin_trap();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct str body = { (const char *)data, size };
	struct comment_command command = comment_read(body, &a), again;
	enum comment_word word;

	if ((command.word == COMMENT_MISTAKE) != (command.trouble != NULL))
		__builtin_trap();
	check_hint(command.hint);
	if (command.hint.size && command.word != COMMENT_FIX)
		__builtin_trap();
	if (command.word == COMMENT_NONE)
		return 0;
	while (body.size && str_char(STR(" \t\r\n"), body.at[0]) >= 0)
		body = str_from(body, 1);
	if (!str_starts(body, "/aegis"))
		__builtin_trap();
	if (command.word < COMMENT_FIX)
		return 0;
	/* Said again in the plainest way it is the same. */
	if (!comment_word_of(str_of(comment_word_name(command.word)), &word) || word != command.word)
		__builtin_trap();
	again = comment_read(str_of(arena_printf(&a, "/aegis %s %.*s", comment_word_name(word),
						 STR_ARG(command.hint))), &a);
	if (again.word != command.word || !str_equal(again.hint, command.hint))
		__builtin_trap();
	return 0;
}

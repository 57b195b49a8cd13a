/*
 * Reads the text of a comment for a command. Takes no more than the grammar says: whoever wants a bot
 * to obey by mistake hides the order in what people do not see or only quote. Judges nobody.
 */
#include "bot/comment.h"

#include "bot/base/utf8.h"
#include "git/character.h"

static const struct {
	const char *name, *help;
} words[COMMENT_WORDS] = {
	[COMMENT_NONE] = { "none", "" },
	[COMMENT_MISTAKE] = { "mistake", "" },
	[COMMENT_FIX] = { "fix", "look for a fix of the red run of this head, with the hint if there is one" },
	[COMMENT_EXPLAIN] = { "explain", "say what went wrong and where" },
	[COMMENT_WHY] = { "why", "show the last decision, its facts, and the gates passed and failed" },
	[COMMENT_RETRY] = { "retry", "one more attempt, while there are attempts left" },
	[COMMENT_APPROVE] = { "approve", "let exactly this head be merged when its checks are green" },
	[COMMENT_REJECT] = { "reject", "close the fix and leave this failure to people" },
	[COMMENT_REVERT] = { "revert", "open a pull request that takes the merged fix back" },
	[COMMENT_UNDO] = { "undo", "the same as revert" },
	[COMMENT_PAUSE] = { "pause", "leave this repository alone until resume" },
	[COMMENT_RESUME] = { "resume", "end the pause" },
	[COMMENT_STATUS] = { "status", "say where things stand" },
	[COMMENT_HELP] = { "help", "show these commands" },
};

const char *comment_word_name(enum comment_word word)
{
	return words[word].name;
}

const char *comment_word_help(enum comment_word word)
{
	return words[word].help;
}

bool comment_word_of(struct str name, enum comment_word *word)
{
	for (enum comment_word one = 0; one < COMMENT_WORDS; one++) {
		if (!str_is(name, words[one].name))
			continue;
		*word = one;
		return true;
	}
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A line as Markdown has it: a CR alone ends one too, so that nothing hides behind it. */
static bool next_line(struct str *rest, struct str *line)
{
	size_t n = 0;

	if (!rest->size)
		return false;
	while (n < rest->size && rest->at[n] != '\n' && rest->at[n] != '\r')
		n++;
	*line = str_slice(*rest, 0, n);
	if (n + 1 < rest->size && rest->at[n] == '\r' && rest->at[n + 1] == '\n')
		n++;
	*rest = str_from(*rest, n + 1);
	return true;
}

static struct str skip_blanks(struct str s)
{
	size_t n = 0;

	while (n < s.size && is_blank(s.at[n]))
		n++;
	return str_from(s, n);
}

/* What people do not see, or see as something else, is no hint. */
static bool is_all_visible(struct str text)
{
	uint32_t code;

	while (text.size) {
		if (!character_next(&text, &code))
			return false;
		if (code != '\t' && (character_is_control(code) || character_is_hidden(code) ||
				     utf8_is_hidden(code)))
			return false;
	}
	return true;
}

static struct str squeeze(struct arena *a, struct str s)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < s.size; i++)
		if (!is_blank(s.at[i]))
			text_addc(&out, s.at[i]);
		else if (out.size && !is_blank(s.at[i - 1]))
			text_addc(&out, ' ');
	return str_trim_right(text_str(&out));
}

static struct comment_command mistake(const char *trouble)
{
	return (struct comment_command){ .word = COMMENT_MISTAKE, .trouble = trouble };
}

static struct comment_command with_rest(enum comment_word word, struct str rest, struct arena *a)
{
	struct comment_command command = { .word = word };

	if (!rest.size)
		return command;
	if (word != COMMENT_FIX)
		return mistake("nothing may follow this command on its line");
	if (!is_all_visible(rest) || str_has(rest, "<!--") || str_has(rest, "-->"))
		return mistake("the hint has something in it that people do not see");
	command.hint = squeeze(a, rest);
	if (command.hint.size > COMMENT_HINT_MOST)
		return mistake("the hint is longer than 300 bytes");
	return command;
}

static struct comment_command read_line(struct str line, struct arena *a)
{
	enum comment_word word = COMMENT_NONE;
	struct str rest, name;
	size_t n = 0;

	if (!str_skip(&line, "/aegis") || (line.size && !is_blank(line.at[0])))
		return (struct comment_command){0};
	rest = skip_blanks(line);
	if (!rest.size)
		return mistake("it says no command");
	while (n < rest.size && !is_blank(rest.at[n]))
		n++;
	name = str_slice(rest, 0, n);
	if (!comment_word_of(name, &word) || word < COMMENT_FIX)
		return mistake("this is no command");
	return with_rest(word, skip_blanks(str_from(rest, n)), a);
}

struct comment_command comment_read(struct str body, struct arena *a)
{
	struct str line;

	while (next_line(&body, &line))
		if (skip_blanks(line).size)
			return read_line(line, a);
	return (struct comment_command){0};
}

/*
 * Makes the line of an event and writes it at once. Leaves out files, rotation and syslog: whoever
 * started us has them.
 */
#include "bot/base/log.h"

#include "bot/base/clock.h"
#include "bot/base/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { TEXT_MOST = 4096 };

static const struct log_settings at_start = { .least = LOG_INFO };
static struct log_settings settings = { .least = LOG_INFO };

static const struct {
	const char *name, *colour;
} levels[] = {
	[LOG_DEBUG] = { "debug", "\033[2m" },
	[LOG_INFO] = { "info", "\033[32m" },
	[LOG_WARNING] = { "warning", "\033[33m" },
	[LOG_ERROR] = { "error", "\033[31m" },
};

void log_setup(const struct log_settings *new)
{
	settings = new ? *new : at_start;
}

bool log_level_of(struct str word, enum log_level *level)
{
	for (enum log_level i = LOG_DEBUG; i <= LOG_ERROR; i++) {
		if (str_is(word, levels[i].name)) {
			*level = i;
			return true;
		}
	}
	return false;
}

/*
 * Both forms escape alike, so that who searches for a text finds it in both: a quote and a backslash
 * by a backslash, hidden characters as \uXXXX, bytes that are no UTF-8 as \xXX, which in JSON is \\xXX.
 */
static void add_escaped(struct text *line, struct str text, bool json)
{
	while (text.size) {
		uint32_t character = 0;
		size_t size = utf8_first(text, &character);

		/* \u0000 is refused by most who read JSON. */
		if (!size || !character)
			text_addf(line, "%s\\x%02x", json ? "\\" : "", (unsigned char)text.at[0]);
		else if (character == '"' || character == '\\')
			text_addf(line, "\\%c", (int)character);
		else if (character == '\n')
			text_adds(line, "\\n");
		else if (utf8_is_hidden(character) && character > 0xffff)
			text_addf(line, "\\u%04x\\u%04x", 0xd800 + ((character - 0x10000) >> 10),
				  0xdc00 + ((character - 0x10000) & 0x3ff));
		else if (utf8_is_hidden(character))
			text_addf(line, "\\u%04x", character);
		else
			text_add(line, str_slice(text, 0, size));
		text = str_from(text, size ? size : 1);
	}
}

/* A text that stands for itself in key=value: no blank, quote, or anything that needs escaping. */
static bool is_bare(struct str text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] <= ' ' || text.at[i] > '~' || strchr("\"\\=", text.at[i]))
			return false;
	return text.size > 0;
}

enum quotes { QUOTES_NONE, QUOTES_NEEDED, QUOTES };

static void add_text(struct text *line, struct str text, bool json, enum quotes quotes)
{
	bool cut;

	if (settings.redact)
		text = settings.redact(text, line->arena);
	cut = text.size > TEXT_MOST;
	text = str_slice(text, 0, TEXT_MOST);
	if (quotes == QUOTES_NEEDED)
		quotes = is_bare(text) ? QUOTES_NONE : QUOTES;
	if (quotes)
		text_addc(line, '"');
	add_escaped(line, text, json);
	if (cut)
		text_adds(line, "...");
	if (quotes)
		text_addc(line, '"');
}

static void add_real(struct text *line, double real, bool json)
{
	if (isfinite(real))
		text_addf(line, "%.10g", real);
	else
		text_adds(line, json ? "null" : "none");
}

static void add_value(struct text *line, const struct log_field *field, bool json)
{
	switch (field->type) {
	case LOG_TYPE_TEXT:
		add_text(line, field->value.text, json, json ? QUOTES : QUOTES_NEEDED);
		return;
	case LOG_TYPE_NUMBER:
		text_addf(line, "%lld", (long long)field->value.number);
		return;
	case LOG_TYPE_REAL:
		add_real(line, field->value.real, json);
		return;
	case LOG_TYPE_BOOLEAN:
		text_adds(line, field->value.yes ? "true" : "false");
		return;
	}
}

static void json_line(struct text *line, enum log_level level, const char *message,
		      const struct log_field *fields)
{
	char time[CLOCK_TEXT_SIZE];

	text_addf(line, "{\"time\":\"%s\",\"level\":\"%s\",\"message\":",
		  clock_format(clock_wall_ms(), time), levels[level].name);
	add_text(line, str_of(message), true, QUOTES);
	for (; fields->name; fields++) {
		text_addf(line, ",\"%s\":", fields->name);
		add_value(line, fields, true);
	}
	text_adds(line, "}\n");
}

static void human_line(struct text *line, enum log_level level, const char *message,
		       const struct log_field *fields, bool colour)
{
	char time[CLOCK_TEXT_SIZE];

	clock_format(clock_wall_ms(), time);
	text_addf(line, "%.8s %s%-7s%s ", time + sizeof("2026-01-31T") - 1,
		  colour ? levels[level].colour : "", levels[level].name, colour ? "\033[0m" : "");
	add_text(line, str_of(message), false, QUOTES_NONE);
	for (bool first = true; fields->name; fields++, first = false) {
		text_addf(line, "%s%s=", first ? "  " : " ", fields->name);
		add_value(line, fields, false);
	}
	text_adds(line, "\n");
}

static bool wants_json(bool *colour)
{
	const char *wish = getenv("AEGIS_LOG"), *plain = getenv("NO_COLOR");
	bool terminal = isatty(STDERR_FILENO) == 1;

	*colour = settings.colour;
	if (settings.form != LOG_AUTO)
		return settings.form == LOG_JSON;
	*colour = terminal && !(plain && *plain);
	if (wish && !strcmp(wish, "json"))
		return true;
	return !terminal && !(wish && !strcmp(wish, "text"));
}

static void write_line(struct str line)
{
	/* One call, so that lines of threads and processes do not mix; the rest only if it was cut. */
	while (line.size) {
		ssize_t put = write(STDERR_FILENO, line.at, line.size);

		if (put >= 0)
			line = str_from(line, (size_t)put);
		else if (errno != EINTR)
			return;
	}
}

void log_write(enum log_level level, const char *message, const struct log_field *fields)
{
	int number = errno;
	ARENA scratch = {0};
	struct text line = TEXT(&scratch);
	bool colour;

	if (level < settings.least)
		return;
	if (wants_json(&colour))
		json_line(&line, level, message, fields);
	else
		human_line(&line, level, message, fields, colour);
	if (settings.sink)
		settings.sink(settings.context, text_str(&line));
	else
		write_line(text_str(&line));
	errno = number;
}

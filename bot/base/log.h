/*
 * The program's log: events with typed fields, one line each on stderr. Only the program's loops and
 * commands log; library code returns errors.
 *
 *	log_event(LOG_INFO, "incident opened", LOG_TEXT("repository", name), LOG_NUMBER("pull", 7));
 *
 * gives on a terminal
 *	12:00:00 info  incident opened  repository=o/r pull=7
 * and elsewhere, or with AEGIS_LOG=json,
 *	{"time":"2026-01-31T12:00:00.000Z","level":"info","message":"incident opened","repository":"o/r","pull":7}
 *
 * Texts may be hostile: they are redacted, cut at 4 KiB, and what is no visible UTF-8 is escaped, so
 * that no text makes a line, a field or a colour of its own.
 */
#ifndef BOT_BASE_LOG_H
#define BOT_BASE_LOG_H

#include "bot/base/str.h"

#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

enum log_type { LOG_TYPE_TEXT, LOG_TYPE_NUMBER, LOG_TYPE_REAL, LOG_TYPE_BOOLEAN };

struct log_field {
	const char *name;		/* NULL ends the list */
	enum log_type type;
	union {
		struct str text;
		int64_t number;
		double real;
		bool yes;
	} value;
};

/* Names are literals: lower-case words with _, not time, level or message. */
#define LOG_TEXT(name_, text_)                                                                     \
	((struct log_field){ "" name_, LOG_TYPE_TEXT, { .text = str_of(text_) } })
#define LOG_STR(name_, view_)                                                                      \
	((struct log_field){ "" name_, LOG_TYPE_TEXT, { .text = (view_) } })
#define LOG_NUMBER(name_, number_)                                                                 \
	((struct log_field){ "" name_, LOG_TYPE_NUMBER, { .number = (number_) } })
#define LOG_REAL(name_, real_)                                                                     \
	((struct log_field){ "" name_, LOG_TYPE_REAL, { .real = (real_) } })
#define LOG_BOOLEAN(name_, yes_)                                                                   \
	((struct log_field){ "" name_, LOG_TYPE_BOOLEAN, { .yes = (yes_) } })

#define log_event(level_, message_, ...)                                                           \
	log_write((level_), "" message_,                                                           \
		  (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(, ){ .name = NULL } })

/* What log_event calls. One write(2) an event; errno stays. May be used by several threads. */
void log_write(enum log_level level, const char *message, const struct log_field *fields);

/* AUTO: JSON or HUMAN as AEGIS_LOG=json or text says, else HUMAN when stderr is a terminal. */
enum log_form { LOG_AUTO, LOG_HUMAN, LOG_JSON };

struct log_settings {
	enum log_level least;
	enum log_form form;
	bool colour;			/* with LOG_HUMAN; LOG_AUTO finds out (NO_COLOR) */

	/* What may leave: called with every text before it is escaped. NULL: everything. */
	struct str (*redact)(struct str text, struct arena *a);

	/* Takes each line with its end instead of stderr. NULL: stderr. */
	void (*sink)(void *context, struct str line);
	void *context;
};

/* Before threads start. NULL: info and above to stderr, AUTO, not redacted, as it is at the start. */
void log_setup(const struct log_settings *settings);

/* LOG_INFO of "info"; false and *level untouched for another word. */
bool log_level_of(struct str word, enum log_level *level);

#endif

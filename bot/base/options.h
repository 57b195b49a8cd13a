/*
 * All settings in one table. It makes the parser, the defaults, the checks and the documentation: a new
 * setting is a new row and nothing else.
 */
#ifndef BOT_BASE_OPTIONS_H
#define BOT_BASE_OPTIONS_H

#include "bot/base/str.h"

enum option_type {
	OPTION_TEXT,
	OPTION_INTEGER,
	OPTION_REAL,
	OPTION_BOOLEAN,
	OPTION_CHOICE,
	OPTION_URL,		/* http:// or https://, without a user */
	OPTION_SECRET,		/* KEY, KEY_env (name of a variable) or KEY_file (path) */
	OPTION_LIST,
};

/* What a list holds. */
enum option_item { OPTION_ITEM_TEXT, OPTION_ITEM_FOLDER, OPTION_ITEM_VARIABLE, OPTION_ITEM_GLOB };

enum option_file { OPTION_DAEMON = 1, OPTION_REPOSITORY = 2 };

struct option {
	const char *key;		/* "store.url"; in each entry of a list: "models[].provider" */
	enum option_type type;
	unsigned files;			/* enum option_file, together with | */
	const char *initial;		/* as written in the file; NULL: none. Secret: a variable's name */
	double least, most;		/* numbers; both ends belong */
	const char *const *choices;	/* NULL-ended */
	enum option_item item;
	bool required;			/* in each entry of a list */
	const char *help;		/* one sentence for people */
};

struct option_table {
	const struct option *rows;
	size_t count;
};

/* The program's own. */
extern const struct option_table options;

/* "the daemon's file", ".github/aegis.yml" */
const char *option_file_name(enum option_file file);

/* What a value must be: "a whole number from 1 to 65535". */
const char *option_values(const struct option *option, struct arena *a);

/* The settings of a file for people: a table of the README, a section of the manual page. */
void options_markdown(const struct option_table *table, enum option_file file, struct text *out);
void options_roff(const struct option_table *table, enum option_file file, struct text *out);

#endif

/*
 * The commands of the program: a table, like the one of git. Each command is one file
 * bot/cmd_<name>.c with its flags, its help and its run function.
 */
#ifndef BOT_COMMAND_H
#define BOT_COMMAND_H

#include "bot/base/err.h"
#include "bot/base/str.h"

#include <stdio.h>

/* Exit codes; a contract. */
enum {
	DONE = 0,
	FAILED = 1,		/* network, I/O, a bug */
	NOTHING_SAFE = 2,	/* escalated, or a rerun is advised */
	WRONG_USAGE = 64,
	BAD_INPUT = 65,
	BAD_CONFIG = 78,
};

struct flag {
	const char *name;	/* "--repo" */
	const char *value;	/* "DIR"; NULL: a switch */
	const char *help;
};

struct command {
	const char *name;
	const char *arguments;	/* "[FILE|-]" or NULL */
	const char *summary;
	const char *help;	/* paragraphs for `aegis help NAME` and the man page */
	const struct flag *flags;	/* ended by a NULL name */
	int (*run)(int argc, char **argv);	/* argv[0] is the command's name */
};

extern const struct command command_fix, command_action, command_explain, command_redact, command_judge,
	command_prove,
	command_serve, command_once, command_incidents, command_audit, command_templates, command_doctor,
	command_setup,
	command_check_config, command_demo, command_help;
extern const struct command *const commands[];	/* NULL-ended */
const struct command *command_find(const char *name);

/* What the arguments say. */
struct given {
	const struct command *command;
	const char *values[24];		/* by the flag's place; a switch that is set is "" */
	const char *rest[16];		/* what is no flag, NULL-ended */
	size_t rest_count;
};

/* ERR_INPUT with the nearest flag's name when a flag is unknown, lacks its value or comes twice. */
bool command_parse(const struct command *command, int argc, char **argv, struct given *given,
		   struct err *e);
/* The value of a flag; NULL when it was not given. */
const char *given_value(const struct given *given, const char *name);

/*
 * Text from logs and repositories as a terminal may see it: no control but tab and new line, nothing
 * hidden, nothing that turns the order of reading round.
 */
struct str command_printable(struct arena *a, struct str text);
/* The same to a stream, behind "aegis: " and with a new line. */
void command_say(FILE *stream, const char *text);

/* The exit code that belongs to the kind of error. */
int command_exit_code(enum err_kind kind);
/* "aegis: text" to stderr, and the exit code of its kind. */
int command_fail(const struct err *e);
/* The same for a wrong call: text, a hint at `aegis help NAME`, WRONG_USAGE. */
int command_usage(const struct command *command, const char *text);

#endif

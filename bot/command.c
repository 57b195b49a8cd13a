/*
 * Finding a command, reading its flags, and saying what went wrong. Long flags only, as
 * "--name value" or "--name=value"; "--" ends them.
 */
#include "bot/command.h"

#include "ci/report.h"

const struct command *command_find(const char *name)
{
	for (const struct command *const *c = commands; *c; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

static const struct flag *flag_find(const struct command *command, struct str name)
{
	for (const struct flag *f = command->flags; f && f->name; f++)
		if (str_is(name, f->name))
			return f;
	return NULL;
}

static bool take_flag(struct given *given, int argc, char **argv, int *i, struct err *e)
{
	struct str name = str_of(argv[*i]), value = STR_NONE;
	bool joined = str_split(name, "=", &name, &value);
	const struct flag *flag = flag_find(given->command, name);
	size_t place;

	if (!flag)
		return fail(e, ERR_INPUT, "unknown option %.*s", STR_ARG(name));
	place = (size_t)(flag - given->command->flags);
	if (given->values[place])
		return fail(e, ERR_INPUT, "%s is given twice", flag->name);
	if (!flag->value) {
		if (joined)
			return fail(e, ERR_INPUT, "%s takes no value", flag->name);
		given->values[place] = "";
	} else if (joined) {
		given->values[place] = value.at;
	} else if (++*i < argc) {
		given->values[place] = argv[*i];
	} else {
		return fail(e, ERR_INPUT, "%s needs a value: %s %s", flag->name, flag->name,
			    flag->value);
	}
	return true;
}

bool command_parse(const struct command *command, int argc, char **argv, struct given *given,
		   struct err *e)
{
	bool flags_ended = false;

	*given = (struct given){ .command = command };
	for (int i = 1; i < argc; i++) {
		if (!flags_ended && !strcmp(argv[i], "--")) {
			flags_ended = true;
		} else if (!flags_ended && argv[i][0] == '-' && argv[i][1]) {
			if (!take_flag(given, argc, argv, &i, e))
				return false;
		} else if (given->rest_count == 15) {
			return fail(e, ERR_INPUT, "too many arguments");
		} else {
			given->rest[given->rest_count++] = argv[i];
		}
	}
	return true;
}

const char *given_value(const struct given *given, const char *name)
{
	const struct flag *flag = flag_find(given->command, str_of(name));

	return flag ? given->values[flag - given->command->flags] : NULL;
}

struct str command_printable(struct arena *a, struct str text)
{
	struct text out = TEXT(a);
	struct str piece;
	bool first = true;

	while (str_next(&text, '\t', &piece)) {
		const char *shown = report_text(a, piece);

		text_addf(&out, "%s%s", first ? "" : "\t", shown ? shown : "");
		first = false;
	}
	return text_str(&out);
}

void command_say(FILE *stream, const char *text)
{
	ARENA a = {0};

	fprintf(stream, "aegis: %.*s\n", STR_ARG(command_printable(&a, str_of(text))));
}

int command_exit_code(enum err_kind kind)
{
	switch (kind) {
	case ERR_INPUT:
		return BAD_INPUT;
	case ERR_CONFIG:
		return BAD_CONFIG;
	case ERR_NONE:
	case ERR_BUG:
	case ERR_DENIED:
	case ERR_GONE:
	case ERR_LATER:
		break;
	}
	return FAILED;
}

int command_fail(const struct err *e)
{
	command_say(stderr, e->text);
	return command_exit_code(e->kind);
}

int command_usage(const struct command *command, const char *text)
{
	ARENA a = {0};

	fprintf(stderr, "aegis %s: %.*s\nSee `aegis help %s`.\n", command->name,
		STR_ARG(command_printable(&a, str_of(text))), command->name);
	return WRONG_USAGE;
}

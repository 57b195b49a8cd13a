/*
 * Texts made from the table of settings, for people: what a value must be, a Markdown table, a section
 * of a manual page. Reads no settings.
 */
#include "bot/base/options.h"

const char *option_file_name(enum option_file file)
{
	return file == OPTION_DAEMON ? "the daemon's file" : ".github/aegis.yml";
}

static const char *choice_values(const struct option *option, struct arena *a)
{
	struct text out = TEXT(a);

	for (size_t i = 0; option->choices[i]; i++) {
		if (i)
			text_adds(&out, option->choices[i + 1] ? ", " : " or ");
		text_adds(&out, option->choices[i]);
	}
	return text_cstr(&out);
}

const char *option_values(const struct option *option, struct arena *a)
{
	static const char *const items[] = {
		[OPTION_ITEM_TEXT] = "a list of texts",
		[OPTION_ITEM_FOLDER] = "a list of folders, each from / on",
		[OPTION_ITEM_VARIABLE] = "a list of NAME=value",
		[OPTION_ITEM_GLOB] = "a list of patterns of files, such as db/**/*.sql",
	};

	switch (option->type) {
	case OPTION_TEXT:
	case OPTION_SECRET:
		return "a text";
	case OPTION_INTEGER:
		return arena_printf(a, "a whole number from %.0f to %.0f", option->least, option->most);
	case OPTION_REAL:
		return arena_printf(a, "a number from %g to %g", option->least, option->most);
	case OPTION_BOOLEAN:
		return "true or false";
	case OPTION_CHOICE:
		return choice_values(option, a);
	case OPTION_URL:
		return "a URL such as https://example.com/path, without a user in it";
	case OPTION_LIST:
		return items[option->item];
	}
	return "";
}

/* "" for a default that needs saying in words. */
static const char *initial_of(const struct option *option, struct arena *a)
{
	if (option->required)
		return "required";
	if (!option->initial)
		return "";
	return option->type == OPTION_SECRET ? arena_printf(a, "$%s", option->initial) :
	       option->initial;
}

static void markdown_row(const struct option *option, struct arena *scratch, struct text *out)
{
	const char *initial = initial_of(option, scratch);
	const char *quote = *initial && !option->required ? "`" : "";

	text_addf(out, "| `%s`", option->key);
	if (option->type == OPTION_SECRET)
		text_addf(out, ", `%s_env`, `%s_file`", option->key, option->key);
	text_addf(out, " | %s | %s%s%s | %s |\n",
		  option->type == OPTION_SECRET ? "the secret, the name of a variable, or a file" :
		  option_values(option, scratch), quote, initial, quote, option->help);
}

void options_markdown(const struct option_table *table, enum option_file file, struct text *out)
{
	ARENA scratch = {0};

	text_adds(out, "| key | value | default | meaning |\n|---|---|---|---|\n");
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].files & file)
			markdown_row(&table->rows[i], &scratch, out);
}

/* A backslash starts a request, a minus would become a hyphen, a dot or ' at the start a request. */
static void roff_text(struct text *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		text_adds(out, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			text_adds(out, "\\e");
		else if (*text == '-')
			text_adds(out, "\\-");
		else
			text_addc(out, *text);
	}
}

static void roff_row(const struct option *option, struct arena *scratch, struct text *out)
{
	const char *initial = initial_of(option, scratch);

	text_adds(out, ".TP\n.B ");
	roff_text(out, option->key);
	if (option->type == OPTION_SECRET)
		roff_text(out, arena_printf(scratch, ", %s_env, %s_file", option->key, option->key));
	text_adds(out, "\n");
	roff_text(out, option->help);
	text_adds(out, "\n");
	if (option->type != OPTION_SECRET) {
		text_adds(out, "It is ");
		roff_text(out, option_values(option, scratch));
		text_adds(out, ".\n");
	}
	if (option->required) {
		text_adds(out, "It is required.\n");
	} else if (*initial) {
		text_adds(out, "Default: ");
		roff_text(out, initial);
		text_adds(out, "\n");
	}
}

void options_roff(const struct option_table *table, enum option_file file, struct text *out)
{
	ARENA scratch = {0};

	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].files & file)
			roff_row(&table->rows[i], &scratch, out);
}

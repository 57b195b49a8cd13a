/*
 * Writes the man page as roff. The words come from the tables; only the frame is here.
 */
#include "bot/help.h"

#include "bot/command.h"
#include "bot/comment.h"
#include "bot/base/options.h"

/* A line of text for roff: no request by accident, no escapes. */
static void line(struct text *page, struct str s)
{
	if (s.size && (s.at[0] == '.' || s.at[0] == '\''))
		text_adds(page, "\\&");
	for (size_t i = 0; i < s.size; i++) {
		if (s.at[i] == '\\')
			text_adds(page, "\\e");
		else if (s.at[i] == '-')
			text_adds(page, "\\-");
		else
			text_addc(page, s.at[i]);
	}
	text_addc(page, '\n');
}

static void paragraph(struct text *page, const char *text)
{
	struct str rest = str_of(text), one;

	text_adds(page, ".nf\n");
	while (str_next_line(&rest, &one))
		line(page, one);
	text_adds(page, ".fi\n");
}

static void command(struct text *page, const struct command *c)
{
	text_addf(page, ".SS aegis %s%s%s\n", c->name, c->arguments ? " " : "",
		  c->arguments ? c->arguments : "");
	paragraph(page, c->help);
	for (const struct flag *f = c->flags; f && f->name; f++) {
		text_adds(page, ".TP\n.B ");
		line(page, str_of(f->name));
		line(page, str_of(f->help));
	}
}

static const struct {
	const char *code, *meaning;
} exits[] = {
	{ "0", "done" },
	{ "1", "failure: network, I/O, a bug" },
	{ "2", "nothing safe to do: escalated, or a rerun is advised" },
	{ "64", "wrong usage" },
	{ "65", "bad input data" },
	{ "78", "bad configuration" },
};

void help_comments(struct text *page)
{
	text_adds(page, "| comment | what it does |\n|---|---|\n");
	for (enum comment_word word = COMMENT_FIX; word < COMMENT_WORDS; word++)
		text_addf(page, "| `/aegis %s%s` | %s |\n", comment_word_name(word),
			  word == COMMENT_FIX ? " [hint]" : "", comment_word_help(word));
}

static void comments(struct text *page)
{
	text_adds(page, ".SH COMMENTS\n");
	paragraph(page, "On the first line of a new comment on a pull request or an issue, by people who\n"
			"may write in the repository:");
	for (enum comment_word word = COMMENT_FIX; word < COMMENT_WORDS; word++)
		text_addf(page, ".TP\n.B /aegis %s%s\n%s\n", comment_word_name(word),
			  word == COMMENT_FIX ? " [hint]" : "", comment_word_help(word));
}

void help_man(struct text *page)
{
	text_adds(page, ".TH AEGIS 1 \"November 21, 2026\" \"aegis " AEGIS_VERSION "\" \"User Commands\"\n"
			".SH NAME\naegis \\- mend red CI runs\n"
			".SH SYNOPSIS\n.B aegis\n.I COMMAND\n[ARGUMENTS]\n.SH DESCRIPTION\n");
	paragraph(page, "Aegis reads the log of a red run, finds the failure, makes a fix that an\n"
			"oracle backs, proves it in a sandbox, and commits it to a branch of its own.\n"
			"Where nothing is safe to do it says why and keeps its hands off.");
	text_adds(page, ".SH COMMANDS\n");
	for (const struct command *const *c = commands; *c; c++)
		command(page, *c);
	comments(page);
	text_adds(page, ".SH CONFIGURATION\n");
	options_roff(&options, OPTION_DAEMON, page);
	options_roff(&options, OPTION_REPOSITORY, page);
	text_adds(page, ".SH EXIT STATUS\n");
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++)
		text_addf(page, ".TP\n.B %s\n%s\n", exits[i].code, exits[i].meaning);
	text_adds(page, ".SH ENVIRONMENT\n.TP\n.B AEGIS_CONFIG\nThe configuration file, when "
			"\\-\\-config names none.\n.TP\n.B AEGIS_LOG\n"
			"json: log events as JSON lines even on a terminal.\n");
}

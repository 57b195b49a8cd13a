/*
 * aegis redact: a text in, the same text without secrets and personal data out, as it comes. Knows
 * no secrets of its own: this command has no settings.
 */
#include "bot/command.h"

#include "bot/base/redact.h"
#include "bot/stream.h"

#include <stdio.h>

static const struct flag flags[] = { {0} };

static void put(void *context, struct str text)
{
	bool *failed = context;

	if (fwrite(text.at, 1, text.size, stdout) != text.size)
		*failed = true;
}

static void feed(void *context, struct str piece)
{
	redact_feed(context, piece);
	/* It may stand behind `tail -f`. A failure shows at the end. */
	(void)fflush(stdout);
}

static int run(int argc, char **argv)
{
	struct redact_stream *stream;
	struct err e = ERR_INIT;
	struct given given;
	bool failed = false, read;

	if (!command_parse(&command_redact, argc, argv, &given, &e))
		return command_usage(&command_redact, e.text);
	if (given.rest_count > 1)
		return command_usage(&command_redact, "name one file, or - for standard input");
	stream = redact_open(&(struct redact_out){ .out = put, .context = &failed });
	read = stream_bytes(given.rest_count ? given.rest[0] : "-", feed, stream, &e);
	redact_close(stream);
	if (fflush(stdout) || ferror(stdout) || failed) {
		fputs("aegis: the answer could not be written\n", stderr);
		return FAILED;
	}
	return read ? DONE : command_fail(&e);
}

const struct command command_redact = {
	.name = "redact",
	.arguments = "[FILE|-]",
	.summary = "take secrets and personal data out of a text",
	.help = "Copies the text to standard output with secrets (tokens of known formats, private keys,\n"
		"passwords in URLs and headers, values of names such as password or api_key) and email\n"
		"addresses replaced by [REDACTED:<rule>]. All other bytes stay as they are, and so do\n"
		"the line ends. Any size, in bounded memory.",
	.flags = flags,
	.run = run,
};

/*
 * Any bytes, cut anywhere: what comes out does not depend on the cuts, redacting it again changes
 * nothing, spans are in order and apart, and a known secret is never in it.
 */
#include "bot/base/redact.h"

enum { SIZE_MOST = 32 * 1024 };

static const char secret[] = "kN0wn+s3cret/Value==";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void keep(void *context, struct str text)
{
	text_add(context, text);
}

static void check_spans(struct str text, struct arena *a)
{
	size_t count;
	const struct redact_span *spans = redact_spans(text, a, &count);

	for (size_t i = 0; i < count; i++)
		if (spans[i].start >= spans[i].end || spans[i].end > text.size ||
		    (i && spans[i].start < spans[i - 1].end))
			__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct text input = TEXT(&a), output = TEXT(&a);
	struct str once, rest;
	struct err e = ERR_INIT;
	static bool known;
	struct redact_stream *stream;

	if (size < 2 || size > SIZE_MOST)
		return 0;
	if (!known)
		known = redact_know(str_of(secret), &e);
	/* A # of the input becomes the secret, so that it is met in every surrounding. */
	for (size_t i = 1; i < size; i++) {
		if (data[i] == '#')
			text_adds(&input, secret);
		else
			text_addc(&input, (char)data[i]);
	}
	once = redact_text(text_str(&input), &a);
	if (str_has(once, secret) || !str_equal(redact_text(once, &a), once))
		__builtin_trap();
	check_spans(text_str(&input), &a);
	stream = redact_open(&(struct redact_out){ .out = keep, .context = &output });
	for (rest = text_str(&input); rest.size; rest = str_from(rest, 1 + data[0] % 97U))
		redact_feed(stream, str_slice(rest, 0, 1 + data[0] % 97U));
	redact_close(stream);
	if (!str_equal(text_str(&output), once))
		__builtin_trap();
	return 0;
}

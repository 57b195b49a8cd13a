/*
 * The id of a failure, from what stays the same from run to run. Does not look at line numbers,
 * at the branch or at the runner.
 */
#include "ci/signature.h"

#include <openssl/sha.h>

enum { OWN_FUNCTIONS = 3 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static size_t hex_size(struct str s)
{
	size_t n = 0;

	while (n < s.size && is_hex(s.at[n]))
		n++;
	return n;
}

struct str signature_normalise(struct arena *a, struct str message)
{
	struct text out = TEXT(a);

	while (message.size) {
		size_t n = hex_size(message);

		if (str_starts(message, "0x")) {
			message = str_from(message, 2);
			message = str_from(message, hex_size(message));
			text_adds(&out, "<address>");
		} else if (n >= 12) {
			message = str_from(message, n);
			text_adds(&out, "<hex>");
		} else {
			text_addc(&out, message.at[0]);
			message = str_from(message, 1);
		}
	}
	return text_str(&out);
}

static void digest(struct text *text, char id[ID_SIZE])
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	static const char hex[] = "0123456789abcdef";

	SHA256((const unsigned char *)text_cstr(text), text->size, hash);
	for (size_t i = 0; i < 16; i++) {
		id[i * 2] = hex[hash[i] >> 4];
		id[i * 2 + 1] = hex[hash[i] & 15];
	}
	id[32] = '\0';
}

static void add_field(struct text *text, const char *value)
{
	text_adds(text, value ? value : "");
	text_addc(text, '\x1f');
}

void signature_of(struct failure *f)
{
	ARENA a = {0};
	struct text text = TEXT(&a), family = TEXT(&a);
	unsigned own = 0;

	text_addf(&text, "aegis-signature-%d\x1f", SIGNATURE_VERSION);
	add_field(&text, kind_name(f->kind));
	add_field(&text, f->type);
	text_add(&family, text_str(&text));
	text_add(&text, signature_normalise(&a, str_of(f->message)));
	text_addc(&text, '\x1f');
	for (size_t i = f->frame_count; i-- > 0 && own < OWN_FUNCTIONS;) {
		if (!f->frames[i].own)
			continue;
		add_field(&text, f->frames[i].function);
		if (!own++)
			add_field(&family, f->frames[i].function);
	}
	if (!own) {
		add_field(&text, f->file);
		add_field(&family, f->file);
	}
	digest(&text, f->signature);
	digest(&family, f->family);
}

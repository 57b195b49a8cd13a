/*
 * The id of a failure, from what stays the same from run to run. Does not look at line numbers,
 * at the branch or at the runner.
 */
#include "ci/signature.h"

#include "ci/normalise.h"

#include <openssl/sha.h>

enum { OWN_FUNCTIONS = 3 };

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

static void add_field(struct text *text, struct arena *a, const char *value)
{
	text_add(text, normalise_text(a, str_of(value)));
	text_addc(text, '\x1f');
}

/* What tells a failure without own frames from others of its kind: its place, its test, its tool. */
static void add_place(struct text *text, struct arena *a, const struct failure *f)
{
	add_field(text, a, f->file);
	add_field(text, a, f->function);
}

void signature_of(struct failure *f)
{
	ARENA a = {0};
	struct text text = TEXT(&a), family = TEXT(&a);
	unsigned own = 0;

	text_addf(&text, "aegis-signature-%d\x1f%s\x1f", SIGNATURE_VERSION, kind_name(f->kind));
	add_field(&text, &a, f->type);
	text_add(&family, text_str(&text));
	add_field(&text, &a, f->message);
	for (size_t i = f->frame_count; i-- > 0 && own < OWN_FUNCTIONS;) {
		const struct frame *frame = &f->frames[i];
		const char *name = frame->function ? frame->function : frame->file;

		if (!frame->own)
			continue;
		add_field(&text, &a, name);
		if (!own++)
			add_field(&family, &a, name);
	}
	if (!own) {
		add_place(&text, &a, f);
		add_place(&family, &a, f);
	}
	if (!own && !f->file)
		add_field(&text, &a, f->test);
	digest(&text, f->signature);
	digest(&family, f->family);
}

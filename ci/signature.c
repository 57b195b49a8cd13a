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

/* Behind these a compiler counts closures, copies and nameless classes: an edit nearby renumbers them. */
static const char *const numbered[] = { ".func", "$", "#", ".constprop.", ".isra.", ".part.", ".lto_priv." };

static size_t digits_at(struct str s)
{
	size_t n = 0;

	while (n < s.size && s.at[n] >= '0' && s.at[n] <= '9')
		n++;
	return n;
}

/* What a compiler or an engine adds to a name goes: "async load [as get]", "total.func2.1". */
static struct str plain_function(struct arena *a, const char *function)
{
	struct str name = normalise_text(a, str_of(function)), rest, before;
	struct text out = TEXT(a);

	(void)str_skip(&name, "async ");
	if (str_split(name, " [", &before, NULL))
		name = before;
	for (rest = name; rest.size;) {
		struct str done = str_slice(name, 0, name.size - rest.size);
		size_t digits = 0;

		for (size_t i = 0; i < sizeof(numbered) / sizeof(numbered[0]) && !digits; i++)
			if (str_ends(done, numbered[i]))
				digits = digits_at(rest);
		while (digits && digits < rest.size && rest.at[digits] == '.' &&
		       digits_at(str_from(rest, digits + 1)))
			digits += 1 + digits_at(str_from(rest, digits + 1));
		if (!digits)
			text_addc(&out, rest.at[0]);
		rest = str_from(rest, digits ? digits : 1);
	}
	return text_str(&out);
}

/* A frame's function; the nameless ones of a file ("<module>", "Object.<anonymous>") by the file. */
static struct str frame_name(struct arena *a, const struct frame *frame)
{
	struct text out = TEXT(a);

	if (!frame->function || strchr(frame->function, '<'))
		text_add(&out, normalise_text(a, str_of(frame->file)));
	if (frame->function)
		text_add(&out, plain_function(a, frame->function));
	text_addc(&out, '\x1f');
	return text_str(&out);
}

/* The innermost own functions, each once in a row: a recursion has no fixed depth. */
static unsigned add_functions(struct text *text, struct text *family, struct arena *a,
			      const struct failure *f)
{
	struct str last = STR_NONE;
	unsigned own = 0;

	for (size_t i = f->frame_count; i-- > 0 && own < OWN_FUNCTIONS;) {
		struct str name;

		if (!f->frames[i].own)
			continue;
		name = frame_name(a, &f->frames[i]);
		if (own && str_equal(name, last))
			continue;
		text_add(text, name);
		if (!own++)
			text_add(family, name);
		last = name;
	}
	return own;
}

/* What tells a failure without own frames from others of its kind: its place, its test, its tool. */
static void add_place(struct text *text, struct arena *a, const struct failure *f)
{
	add_field(text, a, f->file);
	text_add(text, plain_function(a, f->function));
	text_addc(text, '\x1f');
}

/* A test says who expects it: two that fail with the same words are two faults. */
static bool is_of_test(const struct failure *f)
{
	return f->kind == KIND_ASSERTION || f->kind == KIND_TIMEOUT;
}

void signature_of(struct failure *f)
{
	ARENA a = {0};
	struct text text = TEXT(&a), family = TEXT(&a);
	unsigned own;

	text_addf(&text, "aegis-signature-%d\x1f%s\x1f", SIGNATURE_VERSION, kind_name(f->kind));
	add_field(&text, &a, f->type);
	text_add(&family, text_str(&text));
	add_field(&text, &a, f->message);
	own = add_functions(&text, &family, &a, f);
	if (!own) {
		add_place(&text, &a, f);
		add_place(&family, &a, f);
	}
	if (is_of_test(f) || (!own && !f->file))
		add_field(&text, &a, f->test);
	digest(&text, f->signature);
	digest(&family, f->family);
}

/*
 * zlib's inflate with its memory from an arena. Knows no file names and no archives.
 */
#include "bot/base/unpack.h"

#define ZLIB_CONST
#include <zlib.h>

enum { OUT_BYTES = 64 * 1024, GZIP_HEADER = 16 };

struct unpack {
	z_stream stream;
	enum unpack_kind kind;
	enum { MEMBER, BETWEEN, BEHIND } state;
	uint64_t size, most;
	void (*take)(void *context, struct str piece);
	void *context;
	char out[OUT_BYTES];
};

static voidpf take_memory(voidpf arena, uInt count, uInt size)
{
	return arena_alloc_array(arena, size, count);
}

static void keep_memory(voidpf arena, voidpf memory)
{
	(void)arena;
	(void)memory;
}

struct unpack *unpack_open(struct arena *a, enum unpack_kind kind, uint64_t most,
			   void (*take)(void *context, struct str piece), void *context)
{
	struct unpack *u = arena_new(a, struct unpack);

	u->kind = kind;
	u->most = most;
	u->take = take;
	u->context = context;
	u->stream = (z_stream){ .zalloc = take_memory, .zfree = keep_memory, .opaque = a };
	if (inflateInit2(&u->stream, kind == UNPACK_GZIP ? GZIP_HEADER + MAX_WBITS : -MAX_WBITS) != Z_OK)
		abort();	/* only for want of memory, which the arena never shows, or another zlib */
	return u;
}

/* A further member begins with the same two bytes; anything else is padding. */
static void begin_member(struct unpack *u)
{
	u->state = BEHIND;
	if (u->kind == UNPACK_GZIP && u->stream.avail_in && u->stream.next_in[0] == 0x1f &&
	    inflateReset(&u->stream) == Z_OK)
		u->state = MEMBER;
}

static bool some(struct unpack *u, struct err *e)
{
	size_t size;
	int code;

	u->stream.next_out = (Bytef *)u->out;
	u->stream.avail_out = sizeof(u->out);
	code = inflate(&u->stream, Z_NO_FLUSH);
	size = sizeof(u->out) - u->stream.avail_out;
	if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
		return fail(e, ERR_INPUT, "the packed bytes are damaged%s%s", u->stream.msg ? ": " : "",
			    u->stream.msg ? u->stream.msg : "");
	if (size > u->most - u->size)
		return fail(e, ERR_INPUT, "it unpacks to more than %llu MiB",
			    (unsigned long long)(u->most >> 20));
	u->size += size;
	if (size)
		u->take(u->context, (struct str){ u->out, size });
	if (code == Z_STREAM_END)
		u->state = BETWEEN;
	return true;
}

bool unpack_feed(struct unpack *u, struct str packed, struct err *e)
{
	while (packed.size) {
		struct str piece = str_slice(packed, 0, 1 << 20);

		packed = str_from(packed, piece.size);
		u->stream.next_in = (const Bytef *)piece.at;
		u->stream.avail_in = (uInt)piece.size;
		do {
			if (u->state == BETWEEN)
				begin_member(u);
			if (u->state == BEHIND)
				return true;
			if (!some(u, e))
				return false;
		} while (u->stream.avail_in || !u->stream.avail_out);
	}
	return true;
}

bool unpack_end(const struct unpack *u, struct err *e)
{
	return u->state != MEMBER || fail(e, ERR_INPUT, "the packed bytes break off");
}

uint64_t unpack_size(const struct unpack *u)
{
	return u->size;
}

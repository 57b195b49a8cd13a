/*
 * UTF-16 to UTF-8, in pieces of any size. Does not guess: without a byte order mark bytes are bytes.
 */
#include "ci/encoding.h"

static size_t write_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* At most 7 bytes: a lost half pair and a character. */
static size_t take_unit(struct encoding *e, uint16_t unit, char *out)
{
	size_t size = 0;

	if (e->high && unit >= 0xdc00 && unit <= 0xdfff) {
		uint32_t c = 0x10000u + ((uint32_t)(e->high - 0xd800) << 10) + (unit - 0xdc00u);

		e->high = 0;
		return write_utf8(out, c);
	}
	if (e->high)
		size = write_utf8(out, 0xfffd);
	e->high = 0;
	if (unit >= 0xd800 && unit <= 0xdbff) {
		e->high = unit;
		return size;
	}
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return size + write_utf8(out + size, 0xfffd);
	return size + write_utf8(out + size, unit);
}

/* Two bytes are there: are they a byte order mark? If not they are text. */
static size_t decide(struct encoding *e, char *out)
{
	e->held_size = 0;
	if (e->held[0] == 0xff && e->held[1] == 0xfe) {
		e->kind = ENCODING_LITTLE;
		return 0;
	}
	if (e->held[0] == 0xfe && e->held[1] == 0xff) {
		e->kind = ENCODING_BIG;
		return 0;
	}
	e->kind = ENCODING_BYTES;
	out[0] = (char)e->held[0];
	out[1] = (char)e->held[1];
	return 2;
}

size_t encoding_take(struct encoding *e, const unsigned char **bytes, size_t *size, char *out,
		     size_t room)
{
	size_t done = 0;
	unsigned low, high;

	while (*size && done + ENCODING_ROOM <= room && e->kind != ENCODING_BYTES) {
		e->held[e->held_size++] = *(*bytes)++;
		--*size;
		if (e->held_size < 2)
			continue;
		if (e->kind == ENCODING_NOT_KNOWN) {
			done += decide(e, out + done);
			continue;
		}
		e->held_size = 0;
		low = e->held[e->kind == ENCODING_LITTLE ? 0 : 1];
		high = e->held[e->kind == ENCODING_LITTLE ? 1 : 0];
		done += take_unit(e, (uint16_t)(high << 8 | low), out + done);
	}
	return done;
}

size_t encoding_end(struct encoding *e, char *out)
{
	size_t size = 0;

	if (e->high)
		size = write_utf8(out, 0xfffd);
	if (e->held_size && e->kind == ENCODING_NOT_KNOWN)
		out[size++] = (char)e->held[0];
	else if (e->held_size)
		size += write_utf8(out + size, 0xfffd);
	e->high = 0;
	e->held_size = 0;
	return size;
}

/* Zip archives and gzip files made in memory, right ones, for the tests to damage. */
#ifndef TESTS_ZIP_UNIT_H
#define TESTS_ZIP_UNIT_H

#include "tests/unit.h"

#include "bot/base/zip.h"

#include <zlib.h>

struct zip_file {
	const char *name;
	struct str text;
	bool stored;
};

static void add_number(struct text *out, uint64_t n, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		text_addc(out, (char)(i < 8 ? n >> 8 * i & 0xff : 0));
}

/* bits: 31 for gzip, -15 for bare deflate */
static struct str packed(struct arena *a, struct str text, int bits)
{
	z_stream stream = {0};
	size_t room = text.size + text.size / 100 + 1000;
	char *out = arena_alloc(a, room);

	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_in = (Bytef *)(uintptr_t)text.at;
	stream.avail_in = (uInt)text.size;
	stream.next_out = (Bytef *)out;
	stream.avail_out = (uInt)room;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	room -= stream.avail_out;
	deflateEnd(&stream);
	return (struct str){ out, room };
}

static void add_fields(struct text *out, const struct zip_file *file, struct str data)
{
	add_number(out, 20, 2);
	add_number(out, 0, 2);
	add_number(out, file->stored ? 0 : 8, 2);
	add_number(out, 0, 4);
	add_number(out, crc32(0, (const Bytef *)file->text.at, (uInt)file->text.size), 4);
	add_number(out, data.size, 4);
	add_number(out, file->text.size, 4);
	add_number(out, strlen(file->name), 2);
	add_number(out, 0, 2);
}

static struct str zipped(struct arena *a, const struct zip_file *files, size_t count)
{
	struct text out = TEXT(a), folder = TEXT(a);

	for (size_t i = 0; i < count; i++) {
		struct str data = files[i].stored ? files[i].text : packed(a, files[i].text, -15);

		add_number(&folder, 0x02014b50, 4);
		add_number(&folder, 20, 2);
		add_fields(&folder, &files[i], data);
		add_number(&folder, 0, 10);
		add_number(&folder, out.size, 4);
		text_adds(&folder, files[i].name);
		add_number(&out, 0x04034b50, 4);
		add_fields(&out, &files[i], data);
		text_adds(&out, files[i].name);
		text_add(&out, data);
	}
	add_number(&folder, 0x06054b50, 4);
	add_number(&folder, 0, 4);
	add_number(&folder, count, 2);
	add_number(&folder, count, 2);
	add_number(&folder, folder.size - 12, 4);
	add_number(&folder, out.size, 4);
	add_number(&folder, 0, 2);
	text_add(&out, text_str(&folder));
	return text_str(&out);
}

#endif

/*
 * The list at the archive's end, and what it points at. Own code, for it is short and the libraries
 * that read zip do a hundred things more: they write, encrypt, and take names for paths. Leaves out
 * zip64, encryption, archives of several parts, and every packing but deflate.
 */
#include "bot/base/zip.h"

#include "bot/base/unpack.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
	END_BYTES = 22, COMMENT_MOST = 0xffff, ENTRY_BYTES = 46, LOCAL_BYTES = 30,
	FOLDER_BYTES_MOST = 16 * 1024 * 1024, PIECE_BYTES = 64 * 1024,
	STORED = 0, DEFLATED = 8, ENCRYPTED = 1,
};

static uint32_t number(const unsigned char *at, unsigned bytes)
{
	uint32_t n = 0;

	for (unsigned i = bytes; i-- > 0;)
		n = n << 8 | at[i];
	return n;
}

/* All of it: a file that is shorter than it was is damaged. */
static bool read_at(int fd, uint64_t offset, void *out, size_t size, struct err *e)
{
	char *to = out;

	while (size) {
		ssize_t n = pread(fd, to, size, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail(e, ERR_INPUT, "reading it: %s", n ? strerror(errno) : "it is cut off");
		to += n;
		offset += (uint64_t)n;
		size -= (size_t)n;
	}
	return true;
}

struct end {
	uint64_t folder, folder_size;
	unsigned count;
};

/* The end stands before a comment of any length, so it is looked for from behind. */
static bool find_end(int fd, uint64_t size, struct arena *a, struct end *end, struct err *e)
{
	size_t most = size < END_BYTES + COMMENT_MOST ? (size_t)size : END_BYTES + COMMENT_MOST;
	unsigned char *tail = arena_alloc(a, most);

	if (!read_at(fd, size - most, tail, most, e))
		return false;
	for (size_t at = most < END_BYTES ? 0 : most - END_BYTES + 1; at-- > 0;) {
		const unsigned char *p = tail + at;

		if (number(p, 4) != 0x06054b50 || at + END_BYTES + number(p + 20, 2) != most)
			continue;
		*end = (struct end){ number(p + 16, 4), number(p + 12, 4), number(p + 10, 2) };
		if (number(p + 4, 2) || number(p + 6, 2) || number(p + 8, 2) != end->count ||
		    end->count == 0xffff || end->folder == 0xffffffff)
			return fail(e, ERR_INPUT, "a zip archive of several parts or of zip64 is not read");
		if (end->folder + end->folder_size > size - most + at)
			return fail(e, ERR_INPUT, "the zip archive is damaged");
		return true;
	}
	return fail(e, ERR_INPUT, "it is no whole zip archive");
}

static bool take_entry(struct str *folder, struct zip *zip, struct zip_entry *entry)
{
	const unsigned char *p = (const unsigned char *)folder->at;
	size_t name, size;

	if (folder->size < ENTRY_BYTES || number(p, 4) != 0x02014b50)
		return false;
	name = number(p + 28, 2);
	size = ENTRY_BYTES + name + number(p + 30, 2) + number(p + 32, 2);
	if (size > folder->size)
		return false;
	*entry = (struct zip_entry){
		.name = str_slice(*folder, ENTRY_BYTES, name), .offset = number(p + 42, 4),
		.packed = number(p + 20, 4), .size = number(p + 24, 4), .crc = number(p + 16, 4),
		.method = number(p + 10, 2), .flags = number(p + 8, 2),
	};
	*folder = str_from(*folder, size);
	return entry->offset + LOCAL_BYTES + entry->packed <= zip->folder;
}

bool zip_open(struct zip *zip, int fd, struct arena *a, struct err *e)
{
	struct zip found = { .fd = fd };
	struct stat about;
	struct end end = {0};
	struct str folder;
	char *bytes;

	if (fstat(fd, &about) || !S_ISREG(about.st_mode))
		return fail(e, ERR_INPUT, "it is no regular file");
	if (!find_end(fd, (uint64_t)about.st_size, a, &end, e))
		return false;
	if (end.count > ZIP_ENTRIES_MOST || end.folder_size > FOLDER_BYTES_MOST)
		return fail(e, ERR_INPUT, "it has more than %d entries", (int)ZIP_ENTRIES_MOST);
	bytes = arena_alloc(a, (size_t)end.folder_size);
	if (!read_at(fd, end.folder, bytes, (size_t)end.folder_size, e))
		return false;
	folder = (struct str){ bytes, (size_t)end.folder_size };
	found.folder = end.folder;
	found.count = end.count;
	found.entries = arena_array(a, struct zip_entry, found.count);
	for (size_t i = 0; i < found.count; i++)
		if (!take_entry(&folder, &found, &found.entries[i]))
			return fail(e, ERR_INPUT, "the list of the zip archive is damaged");
	*zip = found;
	return true;
}

/* Counts and checks what goes through. */
struct checked {
	void (*take)(void *context, struct str piece);
	void *context;
	uint64_t size;
	uLong crc;
};

static void pass(void *context, struct str piece)
{
	struct checked *c = context;

	c->crc = crc32(c->crc, (const Bytef *)piece.at, (uInt)piece.size);
	c->size += piece.size;
	c->take(c->context, piece);
}

/* The data stands behind a second head, whose name may be of another length than the first's. */
static bool data_start(const struct zip *zip, const struct zip_entry *entry, uint64_t *start,
		       struct err *e)
{
	unsigned char head[LOCAL_BYTES];

	if (!read_at(zip->fd, entry->offset, head, sizeof(head), e))
		return false;
	*start = entry->offset + LOCAL_BYTES + number(head + 26, 2) + number(head + 28, 2);
	if (number(head, 4) != 0x04034b50 || *start + entry->packed > zip->folder)
		return fail(e, ERR_INPUT, "it is damaged");
	return true;
}

static bool read_data(const struct zip *zip, const struct zip_entry *entry, uint64_t most,
		      struct checked *checked, struct err *e)
{
	ARENA a = {0};
	char *piece = arena_alloc(&a, PIECE_BYTES);
	struct unpack *unpack = unpack_open(&a, UNPACK_DEFLATE, most, pass, checked);
	uint64_t at, left = entry->packed;

	if (!data_start(zip, entry, &at, e))
		return false;
	if (entry->method == STORED && left > most)
		return fail(e, ERR_INPUT, "it unpacks to more than %llu MiB",
			    (unsigned long long)(most >> 20));
	while (left) {
		struct str packed = { piece, left < PIECE_BYTES ? (size_t)left : PIECE_BYTES };

		if (!read_at(zip->fd, at, piece, packed.size, e))
			return false;
		if (entry->method == STORED)
			pass(checked, packed);
		else if (!unpack_feed(unpack, packed, e))
			return false;
		at += packed.size;
		left -= packed.size;
	}
	return entry->method == STORED || unpack_end(unpack, e);
}

bool zip_read(const struct zip *zip, const struct zip_entry *entry, uint64_t *left,
	      void (*take)(void *context, struct str piece), void *context, struct err *e)
{
	struct checked checked = { take, context, 0, crc32(0, NULL, 0) };
	bool done;

	if (entry->flags & ENCRYPTED)
		return fail(e, ERR_INPUT, "it is encrypted");
	if (entry->method != STORED && entry->method != DEFLATED)
		return fail(e, ERR_INPUT, "it is packed in a way that is not read (%u)", entry->method);
	done = read_data(zip, entry, *left, &checked, e);
	*left -= checked.size;
	if (!done)
		return false;
	if (checked.size != entry->size || checked.crc != entry->crc)
		return fail(e, ERR_INPUT, "its sum is another one: it is damaged");
	return true;
}

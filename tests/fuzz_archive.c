/*
 * Any bytes as a zip archive and as a gzip file: they are read or refused, never more comes out than
 * is allowed, and where they are cut makes no difference.
 */
#include "bot/base/unpack.h"
#include "bot/base/zip.h"

#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20 };

static void count_piece(void *context, struct str piece)
{
	*(uint64_t *)context += piece.size;
}

static void read_zip(struct str bytes)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	uint64_t given = 0, left = MOST;
	int fd = memfd_create("archive", MFD_CLOEXEC);
	struct zip zip;

	assert(fd >= 0 && pwrite(fd, bytes.at, bytes.size, 0) == (ssize_t)bytes.size);
	if (zip_open(&zip, fd, &a, &e))
		for (size_t i = 0; i < zip.count; i++)
			(void)zip_read(&zip, &zip.entries[i], &left, count_piece, &given, &e);
	assert(given + left == MOST);
	close(fd);
}

static bool gunzip(struct str bytes, size_t step, uint64_t *given)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct unpack *unpack = unpack_open(&a, UNPACK_GZIP, MOST, count_piece, given);

	for (size_t at = 0; at < bytes.size; at += step)
		if (!unpack_feed(unpack, str_slice(bytes, at, step), &e))
			return false;
	assert(unpack_size(unpack) == *given && *given <= MOST);
	return unpack_end(unpack, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = { (const char *)data, size };
	uint64_t whole = 0, pieces = 0;

	if (!size)
		return 0;
	read_zip(bytes);
	if (gunzip(bytes, size, &whole))
		assert(gunzip(bytes, 1 + data[size - 1] % 61, &pieces) && whole == pieces);
	return 0;
}

/* bot/base/zip and bot/base/unpack: what is right is read, what is damaged is refused and harms nobody. */
#include "tests/zip_unit.h"

#include "bot/base/unpack.h"

#include <sys/mman.h>
#include <unistd.h>

static int file_of(struct str bytes)
{
	int fd = memfd_create("zip", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes.at, bytes.size, 0), (ssize_t)bytes.size);
	return fd;
}

static void add_piece(void *context, struct str piece)
{
	text_add(context, piece);
}

static void count_piece(void *context, struct str piece)
{
	*(uint64_t *)context += piece.size;
}

static const struct zip_file files[] = {
	{ "0_a.txt", { "first\n", 6 }, false }, { "b/c", { "second\n", 7 }, true },
	{ "", { "", 0 }, false }, { "../../etc/passwd", { "x", 1 }, true },
};

/* All texts one behind the other; false when anything is wrong. */
static bool read_all(struct arena *a, struct str bytes, uint64_t left, struct str *out)
{
	struct text all = TEXT(a);
	struct err e = ERR_INIT;
	int fd = file_of(bytes);
	struct zip zip;
	bool good = zip_open(&zip, fd, a, &e);

	for (size_t i = 0; good && i < zip.count; i++)
		good = zip_read(&zip, &zip.entries[i], &left, add_piece, &all, &e);
	close(fd);
	*out = text_str(&all);
	if (!good) {
		assert_int_equal(e.kind, ERR_INPUT);
		assert_true(e.text[0]);
	}
	return good;
}

static void whole_archives(void **state)
{
	ARENA a = {0};
	struct str out;
	struct text commented = TEXT(&a);
	struct str bytes = zipped(&a, files, 4);

	(void)state;
	assert_true(read_all(&a, bytes, 100, &out));
	assert_str(out, "first\nsecond\nx");
	assert_true(read_all(&a, bytes, 14, &out));
	assert_true(read_all(&a, zipped(&a, files, 0), 100, &out));
	text_add(&commented, str_slice(bytes, 0, bytes.size - 2));
	text_adds(&commented, "\3");
	text_addc(&commented, '\0');
	text_adds(&commented, "PK\5");
	assert_true(read_all(&a, text_str(&commented), 100, &out));
}

/* Cut anywhere it is no archive; with any byte changed it is read or refused, never more. */
static void damaged_archives(void **state)
{
	ARENA a = {0};
	struct str bytes = zipped(&a, files, 4), out;

	(void)state;
	for (size_t size = 0; size < bytes.size; size++)
		assert_false(read_all(&a, str_slice(bytes, 0, size), 100, &out));
	for (size_t at = 0; at < bytes.size; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			struct str changed = str_copy(&a, bytes);

			((char *)(uintptr_t)changed.at)[at] ^= (char)(1 << bit);
			if (read_all(&a, changed, 100, &out))
				assert_str(out, "first\nsecond\nx");
			arena_release(&a);
			bytes = zipped(&a, files, 4);
		}
}

static void too_much(void **state)
{
	ARENA a = {0};
	char *zeros = arena_alloc(&a, 1 << 24);
	const struct zip_file bomb[] = { { "0_a.txt", { zeros, 1 << 24 }, false },
					 { "1_b.txt", { zeros, 1000 }, true } };
	struct str bytes = zipped(&a, bomb, 2);
	struct err e = ERR_INIT;
	uint64_t given = 0, left = 1 << 20;
	int fd = file_of(bytes);
	struct zip zip;

	(void)state;
	assert_true(bytes.size < 100000);
	assert_true(zip_open(&zip, fd, &a, &e));
	assert_false(zip_read(&zip, &zip.entries[0], &left, count_piece, &given, &e));
	assert_non_null(strstr(e.text, "more than 1 MiB"));
	assert_true(given <= 1 << 20);
	left = 999;
	assert_false(zip_read(&zip, &zip.entries[1], &left, count_piece, &given, &e));
	close(fd);
}

/* A list of tens of thousands of entries, whose names may be of any length. */
static void many_entries(void **state)
{
	ARENA a = {0};
	struct zip_file *list = arena_array(&a, struct zip_file, 60000);
	struct err e = ERR_INIT;
	struct zip zip = {0};
	int fd;

	(void)state;
	for (size_t i = 0; i < 60000; i++)
		list[i] = (struct zip_file){ "0_x.txt", STR("y"), true };
	fd = file_of(zipped(&a, list, 60000));
	assert_false(zip_open(&zip, fd, &a, &e));
	assert_int_equal(zip.count, 0);
	close(fd);
	fd = file_of(zipped(&a, list, ZIP_ENTRIES_MOST));
	assert_true(zip_open(&zip, fd, &a, &e));
	assert_int_equal(zip.count, ZIP_ENTRIES_MOST);
	close(fd);
}

static bool gunzip(struct arena *a, struct str bytes, size_t step, uint64_t most, struct str *out)
{
	struct text all = TEXT(a);
	struct unpack *unpack = unpack_open(a, UNPACK_GZIP, most, add_piece, &all);
	struct err e = ERR_INIT;

	for (size_t at = 0; at < bytes.size; at += step)
		if (!unpack_feed(unpack, str_slice(bytes, at, step), &e))
			return false;
	*out = text_str(&all);
	assert_int_equal(unpack_size(unpack), out->size);
	return unpack_end(unpack, &e);
}

static void gzip_files(void **state)
{
	ARENA a = {0};
	struct text two = TEXT(&a);
	struct str one = packed(&a, STR("first\n"), 31), out;

	(void)state;
	text_add(&two, one);
	text_add(&two, packed(&a, STR("second\n"), 31));
	for (size_t step = 1; step < 70; step += 3) {
		assert_true(gunzip(&a, one, step, 6, &out));
		assert_str(out, "first\n");
		assert_true(gunzip(&a, text_str(&two), step, 100, &out));
		assert_str(out, "first\nsecond\n");
		assert_false(gunzip(&a, one, step, 5, &out));
	}
	for (size_t size = 0; size < one.size; size++)
		assert_false(gunzip(&a, str_slice(one, 0, size), 7, 100, &out));
	text_adds(&two, "padding");
	assert_true(gunzip(&a, text_str(&two), 5, 100, &out));
	assert_str(out, "first\nsecond\n");
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(whole_archives), cmocka_unit_test(damaged_archives),
		cmocka_unit_test(too_much),	  cmocka_unit_test(many_entries),
		cmocka_unit_test(gzip_files),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

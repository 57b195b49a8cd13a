/* bot/base/file: caps, kinds of files, atomic writes, and removing hostile trees. */
#include "bot/base/file.h"
#include "tests/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *in(struct arena *a, const struct file_temporary *folder, const char *name)
{
	return arena_printf(a, "%s/%s", folder->path, name);
}

static void reads(void **state)
{
	ARENA a = {0};
	FILE_TEMPORARY folder = {""};
	struct err e = ERR_INIT;
	struct str text = STR("kept");
	const char *path, *link;

	(void)state;
	assert_true(file_temporary(&folder, &e));
	path = in(&a, &folder, "f");
	link = in(&a, &folder, "link");
	assert_true(file_write(path, (struct str){ "a\0b", 3 }, 0640, &e));
	assert_true(file_read(path, 3, FILE_NO_FOLLOW, &a, &text, &e));
	assert_int_equal(text.size, 3);
	assert_memory_equal(text.at, "a\0b", 4);
	text = STR("kept");
	assert_false(file_read(path, 2, FILE_FOLLOW, &a, &text, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_non_null(strstr(e.text, path));
	assert_int_equal(symlink("f", link), 0);
	assert_false(file_read(link, 9, FILE_NO_FOLLOW, &a, &text, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_str(text, "kept");
	assert_true(file_read(link, 9, FILE_FOLLOW, &a, &text, &e));
	assert_int_equal(text.size, 3);
	/* Says that its size is 0. */
	assert_true(file_read("/proc/self/status", 1 << 20, FILE_FOLLOW, &a, &text, &e));
	assert_true(text.size > 100);
	assert_false(file_read("/proc/self/status", 100, FILE_FOLLOW, &a, &text, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_true(file_write(path, STR(""), 0600, &e));
	assert_true(file_read(path, 0, FILE_FOLLOW, &a, &text, &e));
	assert_int_equal(text.size, 0);
}

static void refuses_what_is_no_file(void **state)
{
	ARENA a = {0};
	FILE_TEMPORARY folder = {""};
	struct err e = ERR_INIT;
	struct str text = STR("kept");
	const char *fifo;

	(void)state;
	assert_true(file_temporary(&folder, &e));
	fifo = in(&a, &folder, "fifo");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_false(file_read(fifo, 9, FILE_FOLLOW, &a, &text, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_false(file_read(folder.path, 9, FILE_FOLLOW, &a, &text, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_false(file_read("/dev/zero", 9, FILE_FOLLOW, &a, &text, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_false(file_read(in(&a, &folder, "none"), 9, FILE_FOLLOW, &a, &text, &e));
	assert_int_equal(e.kind, ERR_GONE);
	assert_false(file_exists(fifo));
	assert_false(file_exists(folder.path));
	assert_true(file_folder_exists(folder.path));
	assert_str(text, "kept");
}

static size_t entries(const char *path)
{
	DIR *list = opendir(path);
	size_t count = 0;

	assert_non_null(list);
	while (readdir(list))
		count++;
	closedir(list);
	return count - 2;
}

static void writes_all_or_nothing(void **state)
{
	ARENA a = {0};
	FILE_TEMPORARY folder = {""};
	struct err e = ERR_INIT;
	struct stat info;
	struct str text;
	const char *path, *link;

	(void)state;
	assert_true(file_temporary(&folder, &e));
	path = in(&a, &folder, "f");
	link = in(&a, &folder, "link");
	umask(0077);
	assert_true(file_write(path, STR("one"), 0755, &e));
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0755);
	assert_true(file_write(path, STR("two"), 0600, &e));
	assert_int_equal(entries(folder.path), 1);
	assert_int_equal(symlink("f", link), 0);
	assert_true(file_write(link, STR("three"), 0600, &e));
	assert_true(file_read(path, 9, FILE_NO_FOLLOW, &a, &text, &e));
	assert_str(text, "two");
	assert_true(file_read(link, 9, FILE_NO_FOLLOW, &a, &text, &e));
	assert_str(text, "three");
	/* A folder cannot be replaced: the temporary file goes away again. */
	assert_int_equal(mkdir(in(&a, &folder, "d"), 0700), 0);
	assert_false(file_write(in(&a, &folder, "d"), STR("x"), 0600, &e));
	assert_int_equal(entries(folder.path), 3);
	assert_false(file_write(in(&a, &folder, "none/f"), STR("x"), 0600, &e));
	assert_int_equal(e.kind, ERR_GONE);
}

static void writes_beside(void **state)
{
	FILE_TEMPORARY folder = {""};
	struct err e = ERR_INIT;
	char *old = getcwd(NULL, 0);

	(void)state;
	assert_true(file_temporary(&folder, &e));
	assert_int_equal(chdir(folder.path), 0);
	assert_true(file_write("plain", STR("x"), 0600, &e));
	assert_true(file_exists("plain"));
	assert_int_equal(chdir(old), 0);
	free(old);
}

static void removes_deep(void **state)
{
	FILE_TEMPORARY folder = {""};
	struct err e = ERR_INIT;
	char *old = getcwd(NULL, 0);

	(void)state;
	assert_true(file_temporary(&folder, &e));
	assert_int_equal(chdir(folder.path), 0);
	for (int i = 0; i < 3000; i++) {
		assert_int_equal(mkdir(".aegis-deep-0", 0700), 0);
		assert_int_equal(chdir(".aegis-deep-0"), 0);
	}
	assert_int_equal(chdir(old), 0);
	free(old);
	assert_true(file_remove_tree(folder.path, &e));
	assert_false(file_folder_exists(folder.path));
	assert_true(file_remove_tree(folder.path, &e));
}

static void removes_without_following(void **state)
{
	ARENA a = {0};
	FILE_TEMPORARY folder = {""};
	FILE_TEMPORARY other = {""};
	struct err e = ERR_INIT;
	char path[sizeof(folder.path)];

	(void)state;
	assert_true(file_temporary(&folder, &e));
	assert_true(file_temporary(&other, &e));
	assert_true(file_write(in(&a, &other, "precious"), STR("x"), 0600, &e));
	assert_int_equal(symlink(other.path, in(&a, &folder, "out")), 0);
	assert_int_equal(mkfifo(in(&a, &folder, "fifo"), 0), 0);
	assert_int_equal(mkdir(in(&a, &folder, "shut"), 0700), 0);
	assert_true(file_write(in(&a, &folder, "shut/f"), STR("x"), 0, &e));
	assert_int_equal(mkdir(in(&a, &folder, "shut/in"), 0), 0);
	assert_int_equal(chmod(in(&a, &folder, "shut"), 0), 0);
	memcpy(path, folder.path, sizeof(path));
	file_temporary_remove(&folder);
	assert_false(file_folder_exists(path));
	assert_true(file_exists(in(&a, &other, "precious")));
	assert_int_equal(symlink(other.path, path), 0);
	assert_true(file_remove_tree(path, &e));
	assert_true(file_exists(in(&a, &other, "precious")));
}

/* Root passes every permission; the modes matter to a plain user, as whom the daemon runs. */
static void removes_as_plain_user(void **state)
{
	int status;
	pid_t child;

	(void)state;
	child = fork();
	if (child == 0) {
		bool plain = geteuid() != 0 || setuid(65534) == 0;
		struct file_temporary folder = {""};
		struct err e = ERR_INIT;
		ARENA a = {0};

		_exit(plain && file_temporary(&folder, &e) &&
		      !mkdir(in(&a, &folder, "shut"), 0700) &&
		      !mkdir(in(&a, &folder, "shut/in"), 0700) &&
		      file_write(in(&a, &folder, "shut/in/f"), STR("x"), 0, &e) &&
		      !chmod(in(&a, &folder, "shut/in"), 0500) &&
		      !chmod(in(&a, &folder, "shut"), 0) &&
		      file_remove_tree(folder.path, &e) && !file_folder_exists(folder.path) ?
		      0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(reads), cmocka_unit_test(refuses_what_is_no_file),
		cmocka_unit_test(writes_all_or_nothing), cmocka_unit_test(writes_beside),
		cmocka_unit_test(removes_deep), cmocka_unit_test(removes_without_following),
		cmocka_unit_test(removes_as_plain_user),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

/*
 * Dies where a test says: by a variable at one place, or by files at many places, which count over
 * all processes. Does not know which places exist (the generated list does).
 */
#include "bot/base/kill_point.h"

#include "bot/base/str.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void die(void)
{
	kill(getpid(), SIGKILL);
}

static void look_at_variable(const char *name)
{
	static atomic_ulong times;
	struct str wanted = str_of(getenv("AEGIS_KILL_AT"));
	unsigned long nth = 1;
	struct str count;

	if (str_split_last(wanted, ":", &wanted, &count) && !str_number(count, &nth))
		return;
	if (str_is(wanted, name) && atomic_fetch_add(&times, 1) + 1 == nth)
		die();
}

/* Each pass makes the place's file longer by a byte, and its length is the number of passes. */
static void look_at_folder(const char *folder, const char *name)
{
	char path[PATH_MAX];
	off_t passes = -1;
	int file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0)
		return;
	if (write(file, "x", 1) == 1)
		passes = lseek(file, 0, SEEK_CUR);
	close(file);
	snprintf(path, sizeof(path), "%s/%s:%lld", folder, name, (long long)passes);
	/* Who takes it away dies, and nobody else. */
	if (!unlink(path))
		die();
}

void kill_point_reached(const char *name)
{
	const char *folder = getenv("AEGIS_KILL_FOLDER");

	look_at_variable(name);
	if (folder)
		look_at_folder(folder, name);
}

bool kill_points_present(void)
{
#ifdef AEGIS_KILL_POINTS
	return true;
#else
	return false;
#endif
}

/*
 * Where jobs are on the disk and whether somebody is at one. The lock belongs to an open file, so it
 * goes over to the child with it, ends with the last process that has it, and can be looked at
 * without taking it.
 */
#include "bot/job_parts.h"

#include "bot/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

enum { INCIDENT_DIGITS = 12 };

void job_close_file(const int *file)
{
	if (*file >= 0)
		close(*file);
}

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

const char *job_path(struct arena *a, const char *folder, const char *file)
{
	return arena_printf(a, "%s/%s", folder, file);
}

bool job_check_incident(const char *incident, struct err *e)
{
	if (!incident || strlen(incident) != INCIDENT_DIGITS ||
	    strspn(incident, "0123456789abcdef") != INCIDENT_DIGITS)
		return fail(e, ERR_INPUT, "\"%.40s\" is no incident's id", incident ? incident : "");
	return true;
}

bool job_all(const struct daemon *d, struct arena *a, const char **out, struct err *e)
{
	char real[PATH_MAX];

	if (!realpath(job_path(a, d->folder, "jobs"), real))
		return fail(e, err_kind_of_errno(errno), "the folder of jobs in %s: %s", d->folder,
			    strerror(errno));
	*out = arena_strdup(a, real);
	return true;
}

bool job_folders(const struct daemon *d, const char *incident, struct arena *a,
		 const char *const **out, size_t *count, struct err *e)
{
	__attribute__((cleanup(close_folder))) DIR *folder = NULL;
	const char *prefix = incident ? arena_printf(a, "%s-", incident) : "";
	const char *all, **list = NULL;
	const struct dirent *entry;
	struct err why = ERR_INIT;
	size_t n = 0;

	if (!job_all(d, a, &all, &why)) {
		if (why.kind != ERR_GONE) {
			*e = why;
			return false;
		}
	} else {
		folder = opendir(all);
		if (!folder)
			return fail(e, err_kind_of_errno(errno), "%s: %s", all, strerror(errno));
	}
	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.' && str_starts(str_of(entry->d_name), prefix))
			arena_push(a, list, n) = job_path(a, all, entry->d_name);
	*out = list;
	*count = n;
	return true;
}

static int open_above(const char *path, int flags)
{
	JOB_DESCRIPTOR file = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);

	return file < 0 ? -1 : fcntl(file, F_DUPFD_CLOEXEC, JOB_HELD_FD + 1);
}

int job_hold(const char *folder)
{
	ARENA scratch = {0};
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int file = open_above(job_path(&scratch, folder, JOB_PID), O_RDWR | O_CREAT), number;

	if (file < 0 || !fcntl(file, F_OFD_SETLK, &lock))
		return file;
	number = errno;
	close(file);
	errno = number;
	return -1;
}

bool job_is_held(const char *folder)
{
	ARENA scratch = {0};
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	JOB_DESCRIPTOR file = open_above(job_path(&scratch, folder, JOB_PID), O_RDONLY);

	return file >= 0 && !fcntl(file, F_OFD_GETLK, &lock) && lock.l_type != F_UNLCK;
}

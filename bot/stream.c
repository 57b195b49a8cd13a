/*
 * Reads with one buffer whatever the length. Pipes and devices are fine; folders are not.
 */
#include "bot/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_BYTES = 256 * 1024 };

static bool feed(int fd, const char *name, void (*take)(void *context, struct str piece),
		 void *context, struct err *e)
{
	ARENA a = {0};
	char *piece = arena_alloc(&a, PIECE_BYTES);

	for (;;) {
		ssize_t n = read(fd, piece, PIECE_BYTES);

		if (n > 0)
			take(context, (struct str){ piece, (size_t)n });
		else if (!n)
			return true;
		else if (errno != EINTR)
			return fail(e, ERR_INPUT, "reading %s: %s", name, strerror(errno));
	}
}

bool stream_bytes(const char *name, void (*take)(void *context, struct str piece), void *context,
		  struct err *e)
{
	struct stat about;
	bool done;
	int fd;

	if (!strcmp(name, "-"))
		return feed(STDIN_FILENO, "standard input", take, context, e);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(e, ERR_INPUT, "reading %s: %s", name, strerror(errno));
	if (!fstat(fd, &about) && S_ISDIR(about.st_mode))
		done = fail(e, ERR_INPUT, "reading %s: it is a folder", name);
	else
		done = feed(fd, name, take, context, e);
	close(fd);
	return done;
}

static void into_log(void *context, struct str piece)
{
	log_feed(context, piece.at, piece.size);
}

bool stream_log(const char *name, struct log *log, struct err *e)
{
	return stream_bytes(name, into_log, log, e) || fail_while(e, "the log");
}

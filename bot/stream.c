/*
 * Reads with one buffer whatever the length. Pipes and devices are fine; folders are not.
 */
#include "bot/stream.h"

#include "bot/base/unpack.h"

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

struct stream_sink {
	struct log *log;
	struct arena *arena;
	struct unpack *unpack;
	struct err err;
	enum { HEAD, PLAIN, PACKED, BROKEN } state;
	char head[4];
	size_t held;
};

struct stream_sink *stream_sink_open(struct arena *a, struct log *log)
{
	struct stream_sink *sink = arena_new(a, struct stream_sink);

	sink->log = log;
	sink->arena = a;
	return sink;
}

static void into_log(void *context, struct str piece)
{
	log_feed(context, piece.at, piece.size);
}

static void take_rest(struct stream_sink *sink, struct str piece)
{
	if (sink->state == PLAIN)
		into_log(sink->log, piece);
	else if (sink->state == PACKED && !unpack_feed(sink->unpack, piece, &sink->err))
		sink->state = BROKEN;
}

/* The first bytes say whether it is packed; they may come one by one. */
static void head_ends(struct stream_sink *sink)
{
	struct str head = { sink->head, sink->held };

	sink->state = PLAIN;
	if (str_starts(head, "\x1f\x8b\x08")) {
		sink->state = PACKED;
		sink->unpack = unpack_open(sink->arena, UNPACK_GZIP, STREAM_UNPACKED_MOST, into_log,
					   sink->log);
	} else if (str_starts(head, "PK\3\4")) {
		sink->state = BROKEN;
		fail(&sink->err, ERR_INPUT, "it is a zip archive: unpack it and name one job's log");
	}
	take_rest(sink, head);
}

void stream_sink_take(struct stream_sink *sink, struct str piece)
{
	while (sink->state == HEAD && piece.size) {
		sink->head[sink->held++] = piece.at[0];
		piece = str_from(piece, 1);
		if (sink->held == sizeof(sink->head))
			head_ends(sink);
	}
	take_rest(sink, piece);
}

bool stream_sink_end(struct stream_sink *sink, const char *name, struct err *e)
{
	if (sink->state == HEAD)
		head_ends(sink);
	if (sink->state == PACKED && !unpack_end(sink->unpack, &sink->err))
		sink->state = BROKEN;
	return sink->state != BROKEN || fail(e, ERR_INPUT, "reading %s: %s", name, sink->err.text);
}

static void into_sink(void *context, struct str piece)
{
	stream_sink_take(context, piece);
}

bool stream_log(const char *name, struct log *log, struct err *e)
{
	ARENA a = {0};
	struct stream_sink *sink = stream_sink_open(&a, log);
	const char *shown = strcmp(name, "-") ? name : "standard input";

	return (stream_bytes(name, into_sink, sink, e) && stream_sink_end(sink, shown, e)) ||
	       fail_while(e, "the log");
}

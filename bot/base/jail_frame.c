/*
 * The frames between keeper and parent: written and read whole. Heads are checked before anything
 * is allocated, so that a broken keeper cannot make the parent take more than the caps. Does not
 * keep counts over frames: the reader's user does.
 */
#include "bot/base/jail_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const uint32_t magic = 0x4a41494c;

uint64_t jail_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool send_all(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size) {
		ssize_t n = send(fd, at, size, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

bool jail_frame_send(int fd, enum jail_frame_kind kind, uint32_t number, const char *path,
		     const void *bytes, size_t size)
{
	struct jail_frame frame = { magic, kind, number, 0, size };

	if (path)
		frame.path_size = (uint32_t)strlen(path);
	return send_all(fd, &frame, sizeof(frame)) && send_all(fd, path, frame.path_size) &&
	       send_all(fd, bytes, size);
}

bool jail_frame_fail(int fd, enum jail_again again, const struct err *e)
{
	struct jail_frame frame = { magic, JAIL_FRAME_FAILED, e->kind, again, strlen(e->text) };

	return send_all(fd, &frame, sizeof(frame)) && send_all(fd, e->text, frame.size);
}

bool jail_frame_check(const struct jail_frame *frame)
{
	if (frame->magic != magic)
		return false;
	switch ((enum jail_frame_kind)frame->kind) {
	case JAIL_FRAME_FAILED:
		return frame->number > ERR_NONE && frame->number <= ERR_CONFIG &&
		       frame->path_size <= JAIL_AGAIN_OLD && frame->size < 4096;
	case JAIL_FRAME_STARTED:
	case JAIL_FRAME_DONE:
		return !frame->path_size && !frame->size;
	case JAIL_FRAME_ENDED:
		return !frame->path_size && frame->size == sizeof(struct jail_outcome);
	case JAIL_FRAME_CHANGE:
	case JAIL_FRAME_OUTPUT:
		return frame->path_size && frame->path_size < JAIL_PATH_MAX &&
		       frame->size <= JAIL_FILE_BYTES_MAX &&
		       (frame->number == 0644 || frame->number == 0755 ||
			(!frame->number && !frame->size));
	}
	return false;
}

static bool read_all(int fd, void *bytes, size_t size)
{
	char *at = bytes;

	while (size) {
		ssize_t n = recv(fd, at, size, MSG_WAITALL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

bool jail_frame_read(int fd, struct arena *a, struct jail_frame *frame, char **path, char **bytes,
		     struct err *e)
{
	struct jail_frame head;
	size_t path_size;
	char *name, *body;

	if (!read_all(fd, &head, sizeof(head)))
		return fail(e, ERR_BUG, "the sandbox's keeper died");
	if (!jail_frame_check(&head))
		return fail(e, ERR_BUG, "the sandbox's keeper talks nonsense");
	path_size = head.kind == JAIL_FRAME_FAILED ? 0 : head.path_size;
	name = arena_alloc(a, path_size + 1);
	body = arena_alloc(a, head.size + 1);
	if (!read_all(fd, name, path_size) || !read_all(fd, body, head.size))
		return fail(e, ERR_BUG, "the sandbox's keeper died in the middle of a report");
	if (memchr(name, 0, path_size))
		return fail(e, ERR_BUG, "the sandbox's keeper sent a broken path");
	*frame = head;
	*path = name;
	*bytes = body;
	return true;
}

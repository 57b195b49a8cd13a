/*
 * Opens the door, and keeps what comes in: all deliveries that wait are one transaction, so that one
 * write to the disk serves many. Closes connections whose other side lets us wait: libmicrohttpd's own
 * time-out begins anew with every byte. What a request is, is door_talk.c's.
 */
#include "bot/serve/door.h"

#include "bot/base/clock.h"
#include "bot/base/kill_point.h"
#include "bot/serve/door_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 15 * 1000, BACKLOG = 1024, PRUNE_EVERY_MS = 60 * 1000, PRUNE_MOST = 20000,
       GATHER_MS = 4 };

static const int64_t SAME_MS = 24 * 3600 * 1000LL, KEEP_MS = 7 * 24 * 3600 * 1000LL;

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static bool read_address(const struct door_settings *settings, union address *out, socklen_t *size,
			 struct err *e)
{
	*out = (union address){0};
	if (inet_pton(AF_INET, settings->address, &out->four.sin_addr) == 1) {
		out->four.sin_family = AF_INET;
		out->four.sin_port = htons(settings->port);
		*size = sizeof(out->four);
		return true;
	}
	if (inet_pton(AF_INET6, settings->address, &out->six.sin6_addr) == 1) {
		out->six.sin6_family = AF_INET6;
		out->six.sin6_port = htons(settings->port);
		*size = sizeof(out->six);
		return true;
	}
	return fail(e, ERR_CONFIG, "listen.address: \"%s\" is no IP address", settings->address);
}

static bool bind_socket(const struct door_settings *settings, int *out, uint16_t *port, struct err *e)
{
	union address address;
	socklen_t size;
	int descriptor, one = 1;

	if (!read_address(settings, &address, &size, e))
		return false;
	descriptor = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (descriptor < 0)
		return fail(e, err_kind_of_errno(errno), "a socket: %s", strerror(errno));
	if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(descriptor, &address.any, size) || listen(descriptor, BACKLOG) ||
	    getsockname(descriptor, &address.any, &size)) {
		int number = errno;

		close(descriptor);
		return fail(e, number == EADDRINUSE ? ERR_LATER : err_kind_of_errno(number),
			    "listening on %s, port %u: %s", settings->address, settings->port,
			    strerror(number));
	}
	*port = ntohs(address.any.sa_family == AF_INET ? address.four.sin_port
						       : address.six.sin6_port);
	*out = descriptor;
	return true;
}

static bool start_http(struct door *door, int descriptor, struct err *e)
{
	const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;

	door->http = MHD_start_daemon(flags, 0, NULL, NULL, door_talk, door,
		MHD_OPTION_LISTEN_SOCKET, descriptor,
		MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MOST,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)CONNECTIONS_EACH,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MOST,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)((door->patience_ms + 999) / 1000),
		MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_NOTIFY_COMPLETED, door_talk_ended, door,
		MHD_OPTION_NOTIFY_CONNECTION, door_connection, door,
		MHD_OPTION_END);
	if (!door->http) {
		close(descriptor);
		return fail(e, ERR_BUG, "libmicrohttpd does not start");
	}
	return true;
}

bool door_open(const struct door_settings *settings, struct door **out, struct err *e)
{
	struct arena arena = {0};
	pthread_condattr_t monotonic;
	struct door *door;
	int descriptor;

	if (!microhttpd_late_start(e))
		return false;
	door = arena_new(&arena, struct door);
	door->secrets.count = settings->secrets.count;
	for (size_t i = 0; i < settings->secrets.count; i++)
		door->secrets.list[i] = str_copy(&arena, settings->secrets.list[i]);
	door->store = settings->store;
	door->patience_ms = settings->patience_ms ? settings->patience_ms : PATIENCE_MS;
	door->last = &door->first;
	for (size_t i = 0; i < CONNECTIONS_MOST; i++)
		door->slots[i].descriptor = -1;
	pthread_mutex_init(&door->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&door->came, &monotonic);
	door->arena = arena;
	if (!bind_socket(settings, &descriptor, &door->port, e) || !start_http(door, descriptor, e)) {
		arena = door->arena;
		arena_release(&arena);
		return false;
	}
	*out = door;
	return true;
}

uint16_t door_port(const struct door *door)
{
	return door->port;
}

struct door_counts door_counts(struct door *door)
{
	struct door_counts counts;

	pthread_mutex_lock(&door->lock);
	counts = door->counts;
	pthread_mutex_unlock(&door->lock);
	return counts;
}

/* The whole queue, for which it waits. */
static struct request *take_queue(struct door *door, int64_t most_ms)
{
	struct timespec until;
	struct request *list;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += most_ms / 1000;
	until.tv_nsec += most_ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	/* Where many come, a little patience makes one write to the disk of what would be several. */
	if (door->crowded)
		usleep(GATHER_MS * 1000);
	pthread_mutex_lock(&door->lock);
	while (!door->first && !pthread_cond_timedwait(&door->came, &door->lock, &until))
		;
	list = door->first;
	door->first = NULL;
	door->last = &door->first;
	pthread_mutex_unlock(&door->lock);
	door->crowded = list && list->next;
	return list;
}

static bool keep(struct door *door, struct request *list, bool *news, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	bool some = false;

	if (!store_begin(door->store, &transaction, e))
		return false;
	for (struct request *r = list; r; r = r->next) {
		if (!delivery_add(door->store, &r->delivery, SAME_MS, &r->fresh, e))
			return false;
		some |= r->fresh && r->delivery.hint.wants;
	}
	KILL_POINT("door.commit.before");
	if (!store_commit(&transaction, e))
		return false;
	KILL_POINT("door.commit.after");
	*news |= some;
	return true;
}

/* A request is gone, or another one, as soon as its connection wakes. */
static void answer_all(struct door *door, struct request *list, bool kept)
{
	struct door_counts sums = {0};
	struct request *next;

	for (struct request *r = list; r; r = r->next) {
		r->answer = !kept ? &answer_not_kept : r->fresh ? &answer_taken : &answer_known;
		sums.taken += kept && r->fresh;
		sums.known += kept && !r->fresh;
		sums.not_kept += !kept;
	}
	pthread_mutex_lock(&door->lock);
	door->counts.taken += sums.taken;
	door->counts.known += sums.known;
	door->counts.not_kept += sums.not_kept;
	pthread_mutex_unlock(&door->lock);
	for (struct request *r = list; r; r = next) {
		next = r->next;
		MHD_resume_connection(r->connection);
	}
}

/* shutdown, not close: the descriptor stays libmicrohttpd's, which then finds its end. */
static void close_slow(struct door *door)
{
	int64_t before = clock_monotonic_ms() - door->patience_ms;

	pthread_mutex_lock(&door->lock);
	for (size_t i = 0; i < CONNECTIONS_MOST; i++) {
		struct slot *slot = &door->slots[i];

		if (slot->descriptor >= 0 && slot->since_ms && slot->since_ms < before)
			shutdown(slot->descriptor, SHUT_RDWR);
	}
	pthread_mutex_unlock(&door->lock);
}

static bool prune(struct door *door, struct err *e)
{
	STORE_TRANSACTION transaction = {0};
	int64_t now = clock_monotonic_ms();

	if (door->pruned_at_ms && now - door->pruned_at_ms < PRUNE_EVERY_MS)
		return true;
	door->pruned_at_ms = now;
	return store_begin(door->store, &transaction, e) &&
	       delivery_prune(door->store, clock_wall_ms() - KEEP_MS, PRUNE_MOST, e) &&
	       store_commit(&transaction, e);
}

bool door_tend(struct door *door, int64_t most_ms, bool *news, struct err *e)
{
	struct request *list = take_queue(door, most_ms);
	bool kept = true;

	*news = false;
	if (list) {
		kept = keep(door, list, news, e);
		answer_all(door, list, kept);
	}
	close_slow(door);
	return kept && prune(door, e);
}

void door_close(struct door *const *at)
{
	struct door *door = at ? *at : NULL;
	struct request *list;
	struct arena arena;

	if (!door)
		return;
	pthread_mutex_lock(&door->lock);
	door->closing = true;
	list = door->first;
	door->first = NULL;
	door->last = &door->first;
	pthread_mutex_unlock(&door->lock);
	answer_all(door, list, false);
	MHD_stop_daemon(door->http);
	pthread_cond_destroy(&door->came);
	pthread_mutex_destroy(&door->lock);
	arena = door->arena;
	arena_release(&arena);
}

/*
 * One request from its head to its answer, in a thread of libmicrohttpd. A body is read into
 * memory that grows with what really comes, checked, read into a hint, and handed to the thread that
 * keeps it; the connection sleeps until that is done. Leaves out keeping.
 */
#include "bot/serve/door_parts.h"

#include "bot/base/clock.h"

enum { ROOM_FIRST = 64 * 1024 };

static void touch(struct request *r, int64_t since_ms)
{
	if (!r->slot)
		return;
	pthread_mutex_lock(&r->door->lock);
	r->slot->since_ms = since_ms;
	pthread_mutex_unlock(&r->door->lock);
}

struct collecting {
	struct request_head head;
	struct arena *arena;
};

static enum MHD_Result collect(void *context, enum MHD_ValueKind kind, const char *name,
			       const char *value)
{
	struct collecting *to = context;
	enum request_header header = request_header_of(str_of(name));

	(void)kind;
	if (header == HEADER_COUNT)
		return MHD_YES;
	to->head.is_doubled |= to->head.headers[header].at != NULL;
	to->head.headers[header] = str_of(arena_strdup(to->arena, value ? value : ""));
	return MHD_YES;
}

static struct request *begin(struct door *door, struct MHD_Connection *connection, const char *path,
			     const char *method)
{
	struct arena arena = {0};
	struct request *r = arena_new(&arena, struct request);
	struct collecting to = { .arena = &arena, .head = { str_of(method), str_of(path) } };
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	MHD_get_connection_values(connection, MHD_HEADER_KIND, collect, &to);
	r->door = door;
	r->connection = connection;
	r->slot = info ? info->socket_context : NULL;
	r->answer = request_look(&to.head, &r->length);
	r->event = to.head.headers[HEADER_EVENT];
	r->id = to.head.headers[HEADER_DELIVERY];
	r->signature = to.head.headers[HEADER_SIGNATURE];
	if (r->length == UINT64_MAX && !to.head.headers[HEADER_ENCODING].at)
		r->length = 0;
	r->arena = arena;
	touch(r, clock_monotonic_ms());
	return r;
}

static enum MHD_Result say(struct request *r)
{
	const struct answer *answer = r->answer;
	struct str text = str_of(r->why ? r->why : answer->text);
	struct MHD_Response *response;
	enum MHD_Result done;

	if (answer->status >= 400 && answer->status != 503) {
		pthread_mutex_lock(&r->door->lock);
		r->door->counts.refused++;
		r->door->counts.last_status = answer->status;
		r->door->counts.last_text = answer->text;
		pthread_mutex_unlock(&r->door->lock);
	}
	response = MHD_create_response_from_buffer(text.size, (void *)(uintptr_t)text.at,
						   MHD_RESPMEM_MUST_COPY);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Cache-Control", "no-store");
	if (answer->name)
		MHD_add_response_header(response, answer->name, answer->value);
	done = MHD_queue_response(r->connection, answer->status, response);
	MHD_destroy_response(response);
	return done;
}

static void drop_body(struct request *r)
{
	r->door->bodies -= r->room;
	r->room = r->size = 0;
	r->body = NULL;
	arena_release(&r->body_arena);
}

/* Twice the room. False when all bodies together would be too much. */
static bool grow(struct request *r, size_t need)
{
	size_t room = r->room ? r->room * 2 : ROOM_FIRST;
	struct arena larger = {0};
	char *moved;

	if (r->length != UINT64_MAX && room > r->length)
		room = (size_t)r->length;
	if (room < need)
		room = need;
	if (r->door->bodies - r->room + room > BODIES_MOST)
		return false;
	moved = arena_alloc(&larger, room);
	if (r->size)
		memcpy(moved, r->body, r->size);
	arena_release(&r->body_arena);
	r->body_arena = larger;
	r->body = moved;
	r->door->bodies += room - r->room;
	r->room = room;
	return true;
}

static enum MHD_Result read_more(struct request *r, const char *data, size_t size)
{
	if (!r->answer && r->size + size > WEBHOOK_BODY_MOST)
		r->answer = &answer_too_large;
	if (!r->answer && r->size + size > r->room && !grow(r, r->size + size))
		r->answer = &answer_busy;
	if (r->answer) {
		drop_body(r);
		r->swallowed += size;
		return r->swallowed > SWALLOW_MOST ? MHD_NO : MHD_YES;
	}
	memcpy(r->body + r->size, data, size);
	r->size += size;
	return MHD_YES;
}

static const struct answer not_understood = { 400, "the delivery cannot be understood\n", NULL, NULL };

/* The body is whole. NULL: it is to be kept. */
static const struct answer *check(struct request *r)
{
	struct str body = { r->body, r->size };
	char digest[WEBHOOK_DIGEST_SIZE];
	struct err why = ERR_INIT;

	if (!webhook_is_signed(&r->door->secrets, r->signature, body, &r->arena, digest))
		return &answer_not_signed;
	if (!webhook_read(r->event, body, &r->arena, &r->delivery.hint, &why)) {
		/* To whom knows the secret only. */
		r->why = arena_printf(&r->arena, "%s\n", why.text);
		return &not_understood;
	}
	r->delivery.id = str_text(&r->arena, r->id);
	r->delivery.digest = arena_strdup(&r->arena, digest);
	return NULL;
}

/* The connection sleeps first: the other thread may be done before this one returns. */
static enum MHD_Result hand_over(struct request *r)
{
	struct door *door = r->door;
	bool closing;

	touch(r, 0);
	pthread_mutex_lock(&door->lock);
	closing = door->closing;
	if (!closing) {
		MHD_suspend_connection(r->connection);
		*door->last = r;
		door->last = &r->next;
		pthread_cond_signal(&door->came);
	}
	pthread_mutex_unlock(&door->lock);
	return closing ? MHD_NO : MHD_YES;
}

enum MHD_Result door_talk(void *context, struct MHD_Connection *connection, const char *path,
			  const char *method, const char *version, const char *data, size_t *size,
			  void **request)
{
	struct request *r = *request;

	(void)version;
	if (!r) {
		r = begin(context, connection, path, method);
		*request = r;
		/* A long body is not read in vain: whoever sends it finds the connection closed. */
		return r->answer && r->length > SWALLOW_MOST ? say(r) : MHD_YES;
	}
	if (*size) {
		enum MHD_Result more = read_more(r, data, *size);

		*size = 0;
		return more;
	}
	if (!r->answer) {
		r->answer = check(r);
		drop_body(r);
		if (!r->answer)
			return hand_over(r);
	}
	return say(r);
}

void door_talk_ended(void *context, struct MHD_Connection *connection, void **request,
		     enum MHD_RequestTerminationCode code)
{
	struct request *r = *request;
	struct arena arena;

	(void)context;
	(void)connection;
	(void)code;
	if (!r)
		return;
	touch(r, clock_monotonic_ms());
	drop_body(r);
	arena = r->arena;
	*request = NULL;
	arena_release(&arena);
}

void door_connection(void *context, struct MHD_Connection *connection, void **slot,
		     enum MHD_ConnectionNotificationCode code)
{
	struct door *door = context;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	pthread_mutex_lock(&door->lock);
	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*slot)
			((struct slot *)*slot)->descriptor = -1;
		*slot = NULL;
	} else {
		for (size_t i = 0; info && !*slot && i < CONNECTIONS_MOST; i++)
			if (door->slots[i].descriptor < 0) {
				door->slots[i] = (struct slot){ info->connect_fd,
								clock_monotonic_ms() };
				*slot = &door->slots[i];
			}
	}
	pthread_mutex_unlock(&door->lock);
}

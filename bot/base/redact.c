/*
 * The stream: holds back what is not decided yet (a line, a piece of a known secret), and writes a
 * line again and again until nothing in it is found any more, so that a replacement never uncovers
 * another secret. What a secret looks like is in the other redact_*.c.
 */
#include "bot/base/redact.h"

#include "bot/base/redact_parts.h"

enum { ROOM = 160 * 1024, PIECE = 56 * 1024, CONTEXT = 256, ROUNDS = 8 };

struct redact_stream {
	struct redact_out out;
	uint64_t start;			/* of at[0] in the stream */
	size_t context, done, size;	/* at[done - context .. done): before, of the same line */
	struct find_state state;
	struct known_scan scan, plain;
	bool knows, in_long_line;
	unsigned char mark[ROOM];
	char at[ROOM];
};

struct redact_stream *redact_open(const struct redact_out *out)
{
	struct redact_stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		abort();
	stream->out = *out;
	stream->plain.plain = true;
	return stream;
}

static void set_mark(void *context, uint64_t at)
{
	struct redact_stream *stream = context;

	if (at >= stream->start && at - stream->start < ROOM)
		stream->mark[at - stream->start] = 1;
}

void find_add(struct find *find, size_t start, size_t end, const char *rule)
{
	if (start < end)
		arena_push(find->arena, find->spans, find->count) =
			(struct find_span){ start, end, rule };
}

static int by_start(const void *a, const void *b)
{
	const struct find_span *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end > y->end ? -1 : x->end < y->end;
}

/* In order, and those that overlap made one: the longest names it. */
static void join(struct find *find)
{
	size_t kept = 0, longest = 0;

	if (find->count)
		qsort(find->spans, find->count, sizeof(*find->spans), by_start);
	for (size_t i = 0; i < find->count; i++) {
		struct find_span one = find->spans[i], *last = kept ? &find->spans[kept - 1] : NULL;

		if (!last || one.start >= last->end) {
			find->spans[kept++] = one;
			longest = one.end - one.start;
			continue;
		}
		if (one.end - one.start > longest) {
			longest = one.end - one.start;
			last->rule = one.rule;
		}
		if (one.end > last->end)
			last->end = one.end;
	}
	find->count = kept;
}

static struct str replaced(const struct find *find, struct str text, struct arena *a)
{
	struct text out = TEXT(a);
	size_t at = 0;

	for (size_t i = 0; i < find->count; i++) {
		text_add(&out, str_slice(text, at, find->spans[i].start - at));
		text_addf(&out, "[REDACTED:%s]", find->spans[i].rule);
		at = find->spans[i].end;
	}
	text_add(&out, str_from(text, at));
	return text_str(&out);
}

/* Where a place of the replaced text was before; inside a replacement, its start or end. */
static size_t place_before(const struct find *find, size_t at, bool end)
{
	size_t shift_out = 0, shift_in = 0;

	for (size_t i = 0; i < find->count; i++) {
		const struct find_span *span = &find->spans[i];
		size_t start = span->start - shift_in + shift_out;
		size_t size = sizeof("[REDACTED:]") - 1 + strlen(span->rule);

		if (at <= start)
			break;
		if (at < start + size)
			return end ? span->end : span->start;
		shift_in = span->end;
		shift_out = start + size;
	}
	return at - shift_out + shift_in;
}

/* What is found in the replaced text, told in places of the text. */
static void add_round(struct find *all, struct find *round)
{
	struct find before = *all;

	for (size_t i = 0; i < round->count; i++)
		round->spans[i] = (struct find_span){
			place_before(&before, round->spans[i].start, false),
			place_before(&before, round->spans[i].end, true), round->spans[i].rule
		};
	for (size_t i = 0; i < round->count; i++)
		find_add(all, round->spans[i].start, round->spans[i].end, round->spans[i].rule);
	join(all);
}

static void rewrite(struct redact_stream *stream, struct str line, struct find *all)
{
	struct find_state before = stream->state;
	struct find_state *state = stream->in_long_line ? NULL : &stream->state;

	find_line(line, state, all);
	join(all);
	for (unsigned i = 0; all->count && i < ROUNDS; i++) {
		struct find round = { .arena = all->arena };
		struct find_state again = before;

		find_line(replaced(all, line, all->arena), state ? &again : NULL, &round);
		/* The next line is read as it will be when all of this is redacted again. */
		stream->state.waiting = again.waiting;
		if (!round.count)
			break;
		add_round(all, &round);
	}
}

static void put(struct redact_stream *stream, struct str text)
{
	if (text.size)
		stream->out.out(stream->out.context, text);
}

/* Spans before `from` belong to what went out already. */
static void write_out(struct redact_stream *stream, struct str line, size_t from, size_t to,
		      const struct find *find, uint64_t base)
{
	size_t at = from;

	for (size_t i = 0; i < find->count && find->spans[i].start < to; i++) {
		struct find_span span = find->spans[i];
		struct redact_span told = { base + span.start, base + span.end, span.rule };
		char word[64];
		int size;

		if (span.end <= from)
			continue;
		if (span.start < from)
			told.start = base + (span.start = from);
		put(stream, str_slice(line, at, span.start - at));
		size = snprintf(word, sizeof(word), "[REDACTED:%s]", span.rule);
		put(stream, (struct str){ word, (size_t)size });
		if (stream->out.span)
			stream->out.span(stream->out.context, &told);
		at = span.end;
	}
	if (at < to)
		put(stream, str_slice(line, at, to - at));
}

static void add_marks(const struct redact_stream *stream, size_t start, size_t end,
		      struct find *find)
{
	const unsigned char *mark = stream->mark + start;
	size_t size = end - start;

	for (size_t i = 0, stop; i < size; i = stop) {
		const unsigned char *first = memchr(mark + i, 1, size - i);

		if (!first)
			return;
		i = (size_t)(first - mark);
		for (stop = i; stop < size && mark[stop]; stop++)
			;
		find_add(find, i, stop, "known");
	}
}

/* The bytes up to `end` are one line, or (end_of_line false) a piece of a longer one. */
static void take(struct redact_stream *stream, size_t end, bool end_of_line)
{
	ARENA scratch = {0};
	struct find find = { .arena = &scratch };
	size_t start = stream->done - stream->context, to = end - start;
	struct str line = { stream->at + start, to };

	if (!end_of_line)
		stream->in_long_line = true;
	if (stream->knows)
		add_marks(stream, start, end, &find);
	rewrite(stream, line, &find);
	if (!end_of_line)
		to = PIECE + stream->context;
	/* A piece ends before the span that its end would cut. */
	for (size_t i = 0; !end_of_line && i < find.count; i++)
		if (find.spans[i].start < to && find.spans[i].end > to)
			to = find.spans[i].start > stream->context ? find.spans[i].start :
			     find.spans[i].end;
	write_out(stream, line, stream->context, to, &find, stream->start + start);
	stream->done = start + to;
	stream->context = end_of_line ? 0 : stream->done < CONTEXT ? stream->done : CONTEXT;
	if (end_of_line) {
		if (stream->in_long_line)
			stream->state = (struct find_state){0};
		stream->in_long_line = false;
	}
}

static void drop_done(struct redact_stream *stream)
{
	size_t drop = stream->done - stream->context;

	if (drop < ROOM / 4 && stream->size < ROOM / 2)
		return;
	memmove(stream->at, stream->at + drop, stream->size - drop);
	memmove(stream->mark, stream->mark + drop, stream->size - drop);
	memset(stream->mark + stream->size - drop, 0, drop);
	stream->start += drop;
	stream->done -= drop;
	stream->size -= drop;
}

static size_t safe_size(const struct redact_stream *stream)
{
	uint64_t one = known_safe(&stream->scan), two = known_safe(&stream->plain);
	uint64_t safe = one < two ? one : two;

	if (!stream->knows)
		return stream->size;
	return safe <= stream->start ? 0 : (size_t)(safe - stream->start);
}

/* Takes what is decided. At the end everything is. */
static void work(struct redact_stream *stream, bool end)
{
	size_t safe = end ? stream->size : safe_size(stream);

	while (stream->done < safe) {
		size_t left = safe - stream->done;
		size_t look = left < REDACT_LINE_MAX ? left : REDACT_LINE_MAX;
		const char *found = memchr(stream->at + stream->done, '\n', look);

		if (found)
			take(stream, (size_t)(found - stream->at) + 1, true);
		else if (left >= REDACT_LINE_MAX)
			take(stream, stream->done + REDACT_LINE_MAX, false);
		else if (end)
			take(stream, safe, true);
		else
			break;
	}
}

void redact_feed(struct redact_stream *stream, struct str bytes)
{
	bool line_end;

	if (!stream->size && !stream->start)
		stream->knows = known_any();
	while (bytes.size) {
		size_t room = ROOM - stream->size, size = bytes.size < room ? bytes.size : room;

		memcpy(stream->at + stream->size, bytes.at, size);
		stream->size += size;
		if (stream->knows) {
			known_lock();
			known_feed(&stream->scan, bytes.at, size, set_mark, stream);
			known_feed(&stream->plain, bytes.at, size, set_mark, stream);
			known_unlock();
		}
		line_end = size && memchr(bytes.at, '\n', size);
		bytes = str_from(bytes, size);
		if (bytes.size || line_end || stream->size > ROOM / 2) {
			work(stream, false);
			drop_done(stream);
		}
	}
}

void redact_close(struct redact_stream *stream)
{
	if (!stream)
		return;
	if (stream->knows) {
		known_lock();
		known_end(&stream->scan, set_mark, stream);
		known_unlock();
	}
	work(stream, true);
	free(stream);
}

struct whole {
	struct text text;
	struct redact_span *spans;
	size_t count;
};

static void keep_text(void *context, struct str text)
{
	struct whole *whole = context;

	text_add(&whole->text, text);
}

static void keep_span(void *context, const struct redact_span *span)
{
	struct whole *whole = context;

	arena_push(whole->text.arena, whole->spans, whole->count) = *span;
}

struct str redact_text(struct str text, struct arena *a)
{
	struct whole whole = { .text = TEXT(a) };
	struct redact_stream *stream =
		redact_open(&(struct redact_out){ .out = keep_text, .context = &whole });

	redact_feed(stream, text);
	redact_close(stream);
	return text_str(&whole.text);
}

const struct redact_span *redact_spans(struct str text, struct arena *a, size_t *count)
{
	struct whole whole = { .text = TEXT(a) };
	struct redact_stream *stream = redact_open(
		&(struct redact_out){ .out = keep_text, .span = keep_span, .context = &whole });

	redact_feed(stream, text);
	redact_close(stream);
	*count = whole.count;
	return whole.spans;
}

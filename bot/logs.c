/*
 * Tells an archive from a log and reads its jobs one after the other, so that only the reports are
 * kept. An archive from a pipe goes through a temporary file, for its list stands at its end.
 */
#include "bot/logs.h"

#include "bot/base/file.h"
#include "bot/base/zip.h"
#include "bot/stream.h"
#include "ci/report.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { JOBS_MOST = 1000, NAME_BYTES_MOST = 200 };

#define KEPT_BYTES_MOST ((size_t)96 << 20)	/* the 256 jobs of a matrix have room in it */
#define PIPED_BYTES_MOST (UINT64_C(512) << 20)

void logs_release(struct logs *logs)
{
	for (size_t i = 0; i < logs->arena_count; i++)
		arena_release(&logs->arenas[i]);
	arena_release(&logs->own);
}

/* A text file of the archive, and what its name says. */
struct part {
	const struct zip_entry *entry;
	enum { WHOLE, STEP, OTHER } kind;
	struct str job;
	unsigned long number;		/* of the job or the step */
	bool legacy;			/* "-9999_job.txt": such a number counts down */
	size_t place;
};

/* "12_name" or "-12_name" */
static bool take_number(struct str *name, struct part *part)
{
	struct str rest = *name;

	part->legacy = str_skip(&rest, "-");
	if (!str_take_number(&rest, &part->number) || !str_skip(&rest, "_") || !rest.size)
		return false;
	*name = rest;
	return true;
}

static bool part_of(const struct zip_entry *entry, struct part *part)
{
	struct str name = entry->name, folder = STR_NONE, file = name;
	bool below = str_split_last(name, "/", &folder, &file);

	*part = (struct part){ .entry = entry, .kind = OTHER, .job = name };
	if (str_is(file, "system.txt") || (!str_ends(name, ".txt") && !str_ends(name, ".log")))
		return false;
	if (!str_chop(&file, ".txt") || !take_number(&file, part))
		return true;
	if (below && str_char(folder, '/') >= 0)
		return true;
	part->kind = below ? STEP : WHOLE;
	part->job = below ? folder : file;
	return true;
}

static int by_number(const struct part *one, const struct part *other)
{
	if (one->legacy != other->legacy)
		return one->legacy ? -1 : 1;
	if (one->number != other->number)
		return (one->number < other->number) == one->legacy ? 1 : -1;
	return (one->place > other->place) - (one->place < other->place);
}

/* Whole logs first, then steps, job by job; the rest in the archive's order. */
static int by_part(const void *a, const void *b)
{
	const struct part *one = a, *other = b;

	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	if (one->kind == OTHER)
		return (one->place > other->place) - (one->place < other->place);
	if (one->kind == STEP && !str_equal(one->job, other->job))
		return str_compare(one->job, other->job);
	return by_number(one, other);
}

static const char *shown_name(struct arena *a, struct str name)
{
	char *text = arena_alloc(a, NAME_BYTES_MOST);

	report_text_into(text, NAME_BYTES_MOST, name);
	for (char *c = text; *c; c++)
		*c = *c == '\n' ? ' ' : *c;
	return text[0] ? text : "(no name)";
}

static void into_log(void *context, struct str piece)
{
	log_feed(context, piece.at, piece.size);
}

struct reading_archive {
	struct logs *logs;
	const struct zip *zip;
	const struct tree *tree;
	struct job_report *list;
	size_t list_count, kept_bytes, whole;
	uint64_t left;
	struct err first;		/* why the first damaged entry could not be read */
};

/* The log of one job, of all its parts. */
static void read_job(struct reading_archive *r, const struct part *parts, size_t count)
{
	struct arena a = {0};
	struct log *log = log_open(&a, r->tree);
	struct job_report job = { .name = shown_name(&a, parts->job), .whole = true };

	for (size_t i = 0; i < count; i++) {
		struct err e = ERR_INIT;

		if (zip_read(r->zip, parts[i].entry, &r->left, into_log, log, &e))
			continue;
		job.whole = false;
		if (r->first.kind == ERR_NONE)
			r->first = e;
	}
	job.report = log_close(log);
	r->logs->damaged += !job.whole;
	r->whole += job.whole || job.report->bytes;
	if (r->list_count >= JOBS_MOST || r->kept_bytes + arena_used(&a) > KEPT_BYTES_MOST) {
		r->logs->left_out++;
		arena_release(&a);
		return;
	}
	r->kept_bytes += arena_used(&a);
	arena_push(&r->logs->own, r->list, r->list_count) = job;
	arena_push(&r->logs->own, r->logs->arenas, r->logs->arena_count) = a;
}

static bool read_parts(struct reading_archive *r, const struct part *parts, size_t count,
		       struct err *e)
{
	for (size_t i = 0, n; i < count && parts[i].kind == parts[0].kind; i += n) {
		n = 1;
		while (parts[0].kind == STEP && i + n < count && parts[i + n].kind == STEP &&
		       str_equal(parts[i].job, parts[i + n].job))
			n++;
		read_job(r, parts + i, n);
		if (!r->left)
			return fail(e, ERR_INPUT, "it unpacks to more than %llu MiB",
				    (unsigned long long)(LOGS_UNPACKED_MOST >> 20));
	}
	if (!r->list_count || !r->whole)
		return fail(e, ERR_INPUT, "no log in it can be read%s%s", r->first.text[0] ? ": " : "",
			    r->first.text);
	return true;
}

static bool read_archive(struct logs *logs, int fd, const struct tree *tree, struct err *e)
{
	ARENA a = {0};
	struct zip zip;
	struct reading_archive r = { .logs = logs, .zip = &zip, .tree = tree,
		.left = LOGS_UNPACKED_MOST, .first = ERR_INIT };
	struct part *parts = NULL, part;
	size_t count = 0;

	if (!zip_open(&zip, fd, &a, e))
		return false;
	for (size_t i = 0; i < zip.count; i++) {
		if (!part_of(&zip.entries[i], &part))
			continue;
		part.place = i;
		arena_push(&a, parts, count) = part;
	}
	if (!count)
		return fail(e, ERR_INPUT, "there is no log in it");
	qsort(parts, count, sizeof(*parts), by_part);
	logs->archive = true;
	if (!read_parts(&r, parts, count, e))
		return false;
	logs->jobs = (struct jobs){ r.list, r.list_count };
	return true;
}

static bool is_archive(struct str head)
{
	return str_starts(head, "PK\3\4") || str_starts(head, "PK\5\6");
}

/* Is it a regular file that begins like an archive? */
static bool file_is_archive(int fd)
{
	struct stat about;
	char head[4];

	return !fstat(fd, &about) && S_ISREG(about.st_mode) &&
	       pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	       is_archive((struct str){ head, sizeof(head) });
}

static bool write_all(int fd, struct str piece)
{
	while (piece.size) {
		ssize_t n = write(fd, piece.at, piece.size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		piece = str_from(piece, (size_t)n);
	}
	return true;
}

/* Standard input, when it is a pipe: its first bytes decide where the others go. */
struct pipe_sink {
	struct stream_sink *log;
	int fd;
	char head[4];
	size_t held;
	uint64_t size;
	bool decided, archive, full;
};

static void decide(struct pipe_sink *sink)
{
	struct str head = { sink->head, sink->held };

	sink->decided = true;
	sink->archive = is_archive(head);
	if (sink->archive)
		sink->full = !write_all(sink->fd, head);
	else
		stream_sink_take(sink->log, head);
}

static void into_pipe_sink(void *context, struct str piece)
{
	struct pipe_sink *sink = context;

	sink->size += piece.size;
	while (!sink->decided && piece.size) {
		sink->head[sink->held++] = piece.at[0];
		piece = str_from(piece, 1);
		if (sink->held == sizeof(sink->head))
			decide(sink);
	}
	if (!sink->decided)
		return;
	if (!sink->archive)
		stream_sink_take(sink->log, piece);
	else if (!sink->full)
		sink->full = sink->size > PIPED_BYTES_MOST || !write_all(sink->fd, piece);
}

static void keep_report(struct logs *logs, struct arena a, const struct report *report)
{
	struct job_report *one = arena_new(&logs->own, struct job_report);

	*one = (struct job_report){ .name = "log", .report = report, .whole = true };
	logs->jobs = (struct jobs){ one, 1 };
	arena_push(&logs->own, logs->arenas, logs->arena_count) = a;
}

static bool read_pipe(struct logs *logs, const struct tree *tree, struct err *e)
{
	FILE_TEMPORARY folder = {""};
	ARENA scratch = {0};
	struct arena a = {0};
	struct log *log = log_open(&a, tree);
	struct pipe_sink sink = { .log = stream_sink_open(&scratch, log), .fd = -1 };
	bool done = file_temporary(&folder, e);

	if (done) {
		sink.fd = open(arena_printf(&scratch, "%s/archive", folder.path),
			       O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		done = sink.fd >= 0 || fail(e, ERR_BUG, "a temporary file: %s", strerror(errno));
	}
	done = done && stream_bytes("-", into_pipe_sink, &sink, e);
	if (done && !sink.decided)
		decide(&sink);
	if (done && sink.full)
		done = fail(e, ERR_INPUT, "the archive is larger than %llu MiB or the disk is full",
			    (unsigned long long)(PIPED_BYTES_MOST >> 20));
	else if (done && sink.archive)
		done = read_archive(logs, sink.fd, tree, e);
	else if (done)
		done = stream_sink_end(sink.log, "standard input", e);
	if (sink.fd >= 0)
		close(sink.fd);
	if (done && !sink.archive)
		keep_report(logs, a, log_close(log));
	else
		arena_release(&a);
	return done || fail_while(e, "the log");
}

static bool read_plain(struct logs *logs, const char *name, const struct tree *tree, struct err *e)
{
	struct arena a = {0};
	struct log *log = log_open(&a, tree);
	bool done = stream_log(name, log, e);
	const struct report *report = log_close(log);

	if (done)
		keep_report(logs, a, report);
	else
		arena_release(&a);
	return done;
}

bool logs_read(struct logs *logs, const char *name, const struct tree *tree, struct err *e)
{
	bool piped = !strcmp(name, "-"), archive, done = true;
	int fd = -1;

	if (piped)
		fd = dup(STDIN_FILENO);
	else if (file_exists(name))	/* a FIFO's writer would see one that opens it and goes */
		fd = open(name, O_RDONLY | O_CLOEXEC);
	archive = fd >= 0 && file_is_archive(fd);
	if (archive && !read_archive(logs, fd, tree, e))
		done = fail_while(e, "reading %s", piped ? "standard input" : name);
	if (fd >= 0)
		close(fd);
	if (archive)
		return done;
	return piped ? read_pipe(logs, tree, e) : read_plain(logs, name, tree, e);
}

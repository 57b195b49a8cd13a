/*
 * Puts a job together, streams its output into the log reader, and keeps the end of it for people.
 * Does not decide what a run means.
 */
#include "bot/trial.h"

#include "bot/base/crypto.h"
#include "bot/trial_results.h"
#include "ci/log.h"

struct listener {
	struct log *log;
	struct crypto_hash *hash;
	uint64_t bytes;
	char tail[TRIAL_TAIL_BYTES];
	size_t size;
};

static bool listen_to(void *context, const void *bytes, size_t size)
{
	struct listener *l = context;
	size_t keep = size < sizeof(l->tail) ? size : sizeof(l->tail);
	size_t old = l->size < sizeof(l->tail) - keep ? l->size : sizeof(l->tail) - keep;

	log_feed(l->log, bytes, size);
	crypto_hash_add(l->hash, (struct str){ bytes, size });
	l->bytes += size;
	memmove(l->tail, l->tail + l->size - old, old);
	memcpy(l->tail + old, (const char *)bytes + size - keep, keep);
	l->size = old + keep;
	return true;
}

/* The files laid over the copy: first what is not committed, then the patch, later ones winning. */
static void lay_files(const struct workplace *place, const struct patch *patch, struct arena *a,
		      struct jail_job *job)
{
	size_t count = place->base_count + (patch ? patch->count : 0);
	struct jail_file *files = arena_array(a, struct jail_file, count);

	if (place->base_count)
		memcpy(files, place->base, sizeof(*files) * place->base_count);
	for (size_t i = 0; patch && i < patch->count; i++) {
		const struct change *change = &patch->changes[i];

		files[place->base_count + i] = (struct jail_file){
			.path = change->path,
			.exists = change->exists,
			.text = change->after,
			.mode = change->mode == ENTRY_PROGRAM ? 0755 : 0644,
		};
	}
	job->files = files;
	job->file_count = count;
}

static const char *const *join(struct arena *a, const char *const *one, const char *const *other)
{
	const char **all = NULL;
	size_t n = 0;

	for (; one && *one; one++)
		arena_push(a, all, n) = *one;
	for (; other && *other; other++)
		arena_push(a, all, n) = *other;
	arena_push(a, all, n) = NULL;
	return all;
}

static void add_extra(struct jail_job *job, const struct trial_extra *extra, struct arena *a)
{
	struct jail_bind *binds = NULL;
	size_t n = 0;

	if (!extra)
		return;
	job->environment = join(a, job->environment, extra->environment);
	job->want = join(a, job->want, extra->want);
	for (size_t i = 0; i < job->bind_count; i++)
		arena_push(a, binds, n) = job->binds[i];
	for (size_t i = 0; i < extra->bind_count; i++)
		arena_push(a, binds, n) = extra->binds[i];
	job->binds = binds;
	job->bind_count = n;
}

static struct jail_job job_for(const struct workplace *place, const struct patch *patch,
			       struct arena *a)
{
	struct jail_job job = place->tools;

	job.folder = place->folder;
	job.limits = place->limits;
	job.unsafe = place->unsafe;
	lay_files(place, patch, a, &job);
	return job;
}

/*
 * Red, and no reader understood a word: the runner's own first and last lines are put around what was
 * printed, so that a bare list of files counts as its command means it, and the last words as they
 * do in a log of a runner.
 */
static const struct report *last_words(const struct workplace *place, const char *command,
				       struct str tail, int code, struct arena *a)
{
	const char *start = arena_printf(a, "##[group]Run %s\n%s\n##[endgroup]\n", command, command);
	const char *end = arena_printf(a, "%s##[error]Process completed with exit code %d.\n",
				       tail.at[tail.size - 1] == '\n' ? "" : "\n", code);
	struct log *log = log_open(a, place->tree);

	if (tail.size == TRIAL_TAIL_BYTES)	/* cut in a line */
		str_split(tail, "\n", NULL, &tail);
	log_feed(log, start, strlen(start));
	log_feed(log, tail.at, tail.size);
	log_feed(log, end, strlen(end));
	return log_close(log);
}

static void keep_output(const struct listener *l, struct arena *a, struct trial *trial)
{
	uint8_t digest[CRYPTO_SHA256_BYTES];

	crypto_hash_end(l->hash, digest);
	trial->log_sha256 = crypto_hex(a, (struct str){ (const char *)digest, sizeof(digest) });
	trial->log_bytes = l->bytes;
	trial->tail = (struct str){ l->tail, l->size };
}

bool trial_run(const struct workplace *place, const char *command, const struct patch *patch,
	       const struct trial_extra *extra, struct arena *a, struct trial *trial, struct err *e)
{
	CRYPTO_HASH *hash = crypto_hash_open();
	const char *const argv[] = {
		"/bin/sh", "-c", arena_printf(a, "%s%s", trial_reports_on, command), NULL
	};
	struct jail_job job = job_for(place, patch, a);
	struct listener *listener = arena_new(a, struct listener);
	struct trial done = { .command = command };

	listener->log = log_open(a, place->tree);
	listener->hash = hash;
	job.argv = argv;
	job.output = listen_to;
	job.context = listener;
	job.want = trial_reports;
	add_extra(&job, extra, a);
	if (!jail_run(&job, a, &done.jail, e)) {
		log_close(listener->log);
		return fail_while(e, "running \"%.100s\"", command);
	}
	*place->sandbox_ms += done.jail.wall_ms;
	*place->start_ms = done.jail.setup_ms;
	done.report = trial_with_results(log_close(listener->log), &done.jail, place->tree, a);
	keep_output(listener, a, &done);
	done.green = done.jail.end == JAIL_EXITED && done.jail.code == 0;
	if (done.jail.end == JAIL_EXITED && done.jail.code && done.tail.size &&
	    !done.report->tests.run &&
	    (!done.report->failure_count ||
	     done.report->failures->weight <= WEIGHT_CONSEQUENCE))
		done.report = last_words(place, command, done.tail, done.jail.code, a);
	*trial = done;
	return true;
}

static bool was_named(const char *const *argv, const char *path)
{
	for (; *argv; argv++) {
		struct str word = str_of(*argv);

		while (str_skip(&word, "./"))
			;
		if (str_is(word, path))
			return true;
	}
	return false;
}

/* Files of the commit that the tool changed; what it leaves beside them (caches) is not ours. */
static bool take_changes(const struct workplace *place, const char *const *argv,
			 const char *const *mends, const struct jail_result *result, struct arena *a, struct patch *out,
			 struct err *e)
{
	if (result->changes_cut)
		return fail(e, ERR_DENIED, "%s changed more than can be read", argv[0]);
	for (size_t i = 0; i < result->change_count; i++) {
		const struct jail_file *file = &result->changes[i];

		if (!tree_has(place->tree, file->path))
			continue;
		if (!file->exists || !was_named(mends, file->path))
			return fail(e, ERR_DENIED, "%s changed %s, which it was not asked to mend",
				    argv[0], file->path);
		if (!patch_put(out, a, place->tree, file->path, file->text, e))
			return fail_while(e, "taking over what %s made of %s", argv[0], file->path);
	}
	return true;
}

/* The tool works on top of the patch so far. */
static bool start_from(const struct workplace *place, const struct patch *patch, struct arena *a,
		       struct patch *out, struct err *e)
{
	*out = (struct patch){ NULL, 0 };
	for (size_t i = 0; patch && i < patch->count; i++)
		if (!patch_put(out, a, place->tree, patch->changes[i].path,
			       patch->changes[i].after, e))
			return false;
	return true;
}

/* What was laid over is no work of the tool. */
static bool was_laid(const struct jail_job *job, const struct jail_file *file)
{
	for (size_t i = job->file_count; i-- > 0;)
		if (str_is(str_of(file->path), job->files[i].path))
			return job->files[i].exists == file->exists &&
			       str_equal(job->files[i].text, file->text);
	return false;
}

static void drop_laid(const struct jail_job *job, struct jail_result *result)
{
	size_t kept = 0;

	for (size_t i = 0; i < result->change_count; i++)
		if (!was_laid(job, &result->changes[i]))
			result->changes[kept++] = result->changes[i];
	result->change_count = kept;
}

bool trial_tool(const struct workplace *place, const char *const *argv, const char *const *mends,
		const struct patch *patch, struct arena *a, struct patch *out, struct err *e)
{
	struct jail_job job = job_for(place, patch, a);
	struct jail_result result = {0};
	struct patch made;

	job.argv = argv;
	job.want_changes = true;
	if (!jail_run(&job, a, &result, e))
		return fail_while(e, "running %s", argv[0]);
	*place->sandbox_ms += result.wall_ms;
	if (result.not_found)
		return fail(e, ERR_GONE, "%s is not installed here", argv[0]);
	if (result.end != JAIL_EXITED)
		return fail(e, ERR_DENIED, "%s %s", argv[0], jail_end_text(result.end));
	drop_laid(&job, &result);
	if (!start_from(place, patch, a, &made, e) ||
	    !take_changes(place, argv, mends ? mends : argv, &result, a, &made, e))
		return false;
	if (!made.count)
		return fail(e, ERR_GONE, "%s changed nothing", argv[0]);
	*out = made;
	return true;
}

/* Findings without a code are of one family whoever found them: two formatters in a row are two. */
static bool of_one_tool(const struct failure *one, const struct failure *other)
{
	return one->kind != KIND_LINT || !one->tool || !other->tool || !strcmp(one->tool, other->tool);
}

bool trial_shows(const struct trial *trial, const struct failure *failure)
{
	const struct report *report = trial->report;

	for (size_t i = 0; i < report->failure_count; i++)
		if ((!strcmp(report->failures[i].family, failure->family) &&
		     of_one_tool(&report->failures[i], failure)) ||
		    !strcmp(report->failures[i].signature, failure->signature))
			return true;
	return false;
}

const char *trial_summary(struct arena *a, const struct trial *trial)
{
	const struct tests *tests = &trial->report->tests;
	struct text out = TEXT(a);

	if (trial->jail.end == JAIL_EXITED)
		text_addf(&out, "exit code %d", trial->jail.code);
	else
		text_adds(&out, jail_end_text(trial->jail.end));
	if (tests->counted)
		text_addf(&out, ", %lu of %lu tests failed", tests->failed, tests->run);
	return text_cstr(&out);
}

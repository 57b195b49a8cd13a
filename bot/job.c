/*
 * Ordering a job: writes down what is to be done and starts the child, which from then on needs
 * nobody. Looking at it is bot/job_look.c's, doing it bot/job_child.c's.
 */
#include "bot/job.h"

#include "bot/base/clock.h"
#include "bot/base/file.h"
#include "bot/base/json.h"
#include "bot/base/kill_point.h"
#include "bot/job_parts.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool job_is_child(int argc, char **argv)
{
	return argc == 3 && !strcmp(argv[1], JOB_CHILD_ARGUMENT);
}

static bool check(const struct job_order *order, struct err *e)
{
	if (!job_check_incident(order->incident, e))
		return false;
	if (order->number < 1 || order->repository_id < 1 || !order->commit ||
	    strlen(order->commit) != 40 || strspn(order->commit, "0123456789abcdef") != 40)
		return fail(e, ERR_INPUT, "attempt, repository or commit of the job of %s cannot be",
			    order->incident);
	if (!order->author_name != !order->author_mail)
		return fail(e, ERR_INPUT, "an author has a name and a mail");
	return true;
}

static bool make_folder(const char *path, struct err *e)
{
	if (mkdir(path, 0700) && errno != EEXIST)
		return fail(e, err_kind_of_errno(errno), "making %s: %s", path, strerror(errno));
	return true;
}

static bool set_text(json_t *json, const char *name, const char *text)
{
	return !text || !json_object_set_new(json, name, json_string(text));
}

static bool write_order(const struct daemon *d, const struct job_order *order, const char *folder,
			struct arena *a, struct err *e)
{
	char mirrors[PATH_MAX];
	JSON *json = NULL;
	struct text text = TEXT(a);

	if (!realpath(d->folder, mirrors))
		return fail(e, ERR_BUG, "%s: %s", d->folder, strerror(errno));
	json = json_pack("{s:s, s:s, s:o, s:I, s:I, s:b}", "incident", order->incident, "commit",
		order->commit, "mirror", json_string(arena_printf(a, "%s/%lld.git", mirrors,
		(long long)order->repository_id)), "started_at",
		(json_int_t)(clock_wall_ms() / 1000), "limit_s",
		(json_int_t)(order->limit_s ? order->limit_s : JOB_LIMIT_S), "log",
		order->log.size > 0);
	if (!json || !set_text(json, "config_file", d->config_file) ||
	    !set_text(json, "good", order->good) || !set_text(json, "people", order->people) ||
	    !set_text(json, "default_branch", order->default_branch) ||
	    !set_text(json, "author_name", order->author_name) ||
	    !set_text(json, "author_mail", order->author_mail))
		return fail(e, ERR_INPUT, "a path or the author of a job is not UTF-8");
	return json_print(json, JSON_AS_MADE, &text, e) &&
	       file_write(job_path(a, folder, JOB_SETTINGS), order->settings, 0600, e) &&
	       file_write(job_path(a, folder, JOB_LOG), order->log, 0600, e) &&
	       file_write(job_path(a, folder, JOB_ORDER), text_str(&text), 0600, e);
}

/* With the lock held. What an attempt left that was killed goes, but for the clone. */
static bool begin(const struct daemon *d, const struct job_order *order, const char *folder,
		  int held, struct arena *a, struct err *e)
{
	if (file_exists(job_path(a, folder, JOB_ANSWER)))
		return true;
	unlink(job_path(a, folder, JOB_LATE));
	if (!file_remove_tree(job_path(a, folder, JOB_TEMPORARY), e) ||
	    !make_folder(job_path(a, folder, JOB_TEMPORARY), e))
		return false;
	KILL_POINT("job.order.before");
	if (ftruncate(held, 0))
		return fail(e, ERR_BUG, "emptying the lock of %s: %s", folder, strerror(errno));
	return write_order(d, order, folder, a, e) && job_spawn(d, folder, held, a, e);
}

bool job_start(struct daemon *d, const struct job_order *order, struct arena *a, struct err *e)
{
	JOB_DESCRIPTOR held = -1;
	const char *all, *folder;

	if (!check(order, e) || !make_folder(job_path(a, d->folder, "jobs"), e) ||
	    !job_all(d, a, &all, e))
		return false;
	folder = arena_printf(a, "%s/%s-%lld", all, order->incident, (long long)order->number);
	if (!make_folder(folder, e))
		return false;
	held = job_hold(folder);
	if (held < 0 && (errno == EAGAIN || errno == EACCES) && job_is_held(folder))
		return true;
	if (held < 0)
		return fail(e, err_kind_of_errno(errno), "locking %s: %s", folder, strerror(errno));
	return begin(d, order, folder, held, a, e) ||
	       fail_while(e, "starting the job of %s", order->incident);
}

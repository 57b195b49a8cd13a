/*
 * Gathers what GitHub knows of a job or run besides its log, for ci/notes.h. Judges nothing.
 */
#include "bot/see_notes.h"

#include "bot/see_parts.h"

#include <string.h>

enum { CHECKS_MOST = 5 };

/* The runner gives an error without a place that of the folder ".github", which is no file. */
static const char *file_of(const struct github_annotation *from)
{
	return from->path[0] && strcmp(from->path, ".github") != 0 ? from->path : NULL;
}

bool see_annotations(struct github_call *call, uint64_t check, struct notes *notes, struct err *e)
{
	struct arena *a = call->arena;
	struct github_annotations found;
	struct note *list;
	size_t count = notes->count;

	if (!github_annotations_list(call, check, &found, e))
		return false;
	list = arena_array(a, struct note, count + found.count);
	if (count)
		memcpy(list, notes->list, count * sizeof(*list));
	for (size_t i = 0; i < found.count; i++)
		if (found.items[i].level == GITHUB_LEVEL_FAILURE)
			list[count++] = (struct note){
				.file = file_of(&found.items[i]), .line = found.items[i].first_line,
				.title = found.items[i].title, .message = found.items[i].message,
				.details = found.items[i].details,
			};
	notes->list = list;
	notes->count = count;
	return true;
}

struct notes notes_of_check(const struct github_check *check)
{
	return (struct notes){
		.source = check->app[0] ? check->app : "check", .name = check->name,
		.title = check->title, .summary = check->summary, .text = check->text,
		.ending = check->conclusion == GITHUB_TIMED_OUT ? ENDING_TIMED_OUT : ENDING_FAILED,
	};
}

struct notes notes_of_status(const struct github_status *status)
{
	return (struct notes){ .source = "status", .name = status->context,
			       .title = status->description };
}

/* ".github/workflows/ci.yml@refs/heads/main": of a workflow that another one calls. */
static const char *workflow_of(const struct look *l)
{
	struct str path = str_of(l->run->workflow_path);

	(void)str_split(path, "@", &path, NULL);
	return path.size ? str_text(l->call.arena, path) : NULL;
}

static void read_steps(const struct github_job *job, struct notes *notes)
{
	bool open = false, red = false;

	for (size_t i = 0; i < job->step_count; i++) {
		const struct github_step *step = &job->steps[i];

		open |= step->state == GITHUB_IN_PROGRESS;
		if (step->conclusion == GITHUB_FAILURE && !red) {
			notes->step = step->name;
			red = true;
		}
	}
	if (job->conclusion == GITHUB_TIMED_OUT)
		notes->ending = ENDING_TIMED_OUT;
	else if (open && !red)
		notes->ending = ENDING_ABANDONED;
}

bool see_job_notes(struct look *l, const struct github_job *job, const struct tree *tree,
		   const struct failure **failure, bool *understood, struct err *e)
{
	struct notes notes = { .source = "actions", .workflow = workflow_of(l), .name = job->name };

	if (!see_annotations(&l->call, job->id, &notes, e))
		return false;
	read_steps(job, &notes);
	*failure = notes_read(l->call.arena, tree, &notes, understood);
	return true;
}

bool see_run_notes(struct look *l, const struct failure **failure, bool *understood, struct err *e)
{
	struct notes notes = { .source = "actions", .workflow = workflow_of(l),
		.ending = ENDING_NOT_STARTED };
	struct github_checks checks;
	size_t taken = 0;

	if (!github_checks_list(&l->call, l->run->head, &checks, e))
		return false;
	for (size_t i = 0; i < checks.count && taken < CHECKS_MOST; i++) {
		const struct github_check *check = &checks.items[i];

		if (check->suite_id != l->run->suite_id)
			continue;
		taken++;
		notes.title = check->title;
		notes.summary = check->summary;
		notes.text = check->text;
		if (check->annotation_count && !see_annotations(&l->call, check->id, &notes, e))
			return false;
	}
	*failure = notes_read(l->call.arena, NULL, &notes, understood);
	return true;
}

/*
 * Which job and step a log is of. A log tells more or less of that; what it tells must fit, and where
 * several jobs fit, those win that hold more of its steps in their order.
 */
#include "templates/lib_workflow.h"

#include <stdint.h>

const char *workflow_clue(const struct scene *scene, enum clue_kind kind, unsigned long line)
{
	const char *found = NULL;

	for (size_t i = 0; i < scene->report->clue_count; i++) {
		const struct clue *clue = &scene->report->clues[i];

		if (clue->kind == kind && (!line || clue->line <= line))
			found = clue->text;
	}
	return found;
}

const char *workflow_step_clue(const struct scene *scene, enum clue_kind kind)
{
	const char *found = NULL;

	for (size_t i = 0; i < scene->report->clue_count; i++) {
		const struct clue *clue = &scene->report->clues[i];

		if (clue->kind == CLUE_STEP && clue->line > scene->failure->error_line)
			break;
		if (clue->kind == CLUE_STEP)
			found = NULL;
		else if (clue->kind == kind)
			found = clue->text;
	}
	return found;
}

const char *workflow_title(const struct scene *scene)
{
	return scene->failure->error_line
		? workflow_clue(scene, CLUE_STEP, scene->failure->error_line) : NULL;
}

bool workflow_from_fork(const struct scene *scene)
{
	const char *source = workflow_clue(scene, CLUE_SECRETS, 0);

	return source && !str_is(str_of(source), "Actions");
}

/* Does the text of an input say nothing for sure: a number as YAML writes it, several lines, a secret? */
static bool is_vague(struct str text, struct str told)
{
	for (size_t i = 0; i < text.size; i++)
		if (!strchr("0123456789.", text.at[i]))
			return str_char(text, '\n') >= 0 || str_has(told, "***");
	return true;
}

/* The inputs that the log shows below its step number `clue` are those of the step. */
static bool inputs_fit(const struct scene *scene, size_t clue, const struct workflow_job *job,
		       const struct workflow_step *step)
{
	const struct report *report = scene->report;

	for (size_t i = clue + 1; i < report->clue_count && report->clues[i].kind != CLUE_STEP; i++) {
		struct str name, told, text;

		if (report->clues[i].kind != CLUE_INPUT ||
		    !str_split(str_of(report->clues[i].text), ": ", &name, &told))
			continue;
		text = workflow_input(job, step, str_text(scene->arena, name));
		if (!is_vague(text, told) && !workflow_fits(text, told))
			return false;
	}
	return true;
}

/* Is the job's step the log's step number `clue`? */
static bool step_fits(const struct scene *scene, size_t clue, const struct workflow_job *job,
		      const struct workflow_step *step)
{
	struct str script = step->run, first = STR_NONE, title = str_of(scene->report->clues[clue].text);

	if (step->uses.size)
		return workflow_fits(step->uses, title) && inputs_fit(scene, clue, job, step);
	return str_next_line(&script, &first) &&
	       (workflow_fits(str_trim(first), title) ||
		/* a comment behind a plain scalar is no part of it, and some logs show it */
		(str_split(title, " #", &title, NULL) &&
		 workflow_fits(str_trim(first), str_trim(title))));
}

/* How many of the log's steps are in the job, in its order. */
static unsigned steps_in(const struct scene *scene, const struct workflow_job *job)
{
	struct workflow_step step;
	unsigned next = 0, found = 0;

	for (size_t i = 0; i < scene->report->clue_count; i++) {
		const struct clue *clue = &scene->report->clues[i];

		if (clue->kind != CLUE_STEP)
			continue;
		for (unsigned n = next; workflow_step(job, n, &step); n++)
			if (step_fits(scene, i, job, &step)) {
				next = n + 1;
				found++;
				break;
			}
	}
	return found;
}

/* "Python 3.8 on ubuntu", "test (3.8, ubuntu)", "call / test": the job's name, or its id. */
static bool name_fits(const struct workflow_job *job, struct str told)
{
	struct str name = yaml_get_text(job->workflow->syntax, job->body, "name"), bare = told;

	if (name.size && workflow_fits(name, told))
		return true;
	str_split_last(bare, " / ", NULL, &bare);
	if (name.size ? workflow_fits(name, bare) : str_equal(job->id, bare))
		return true;
	if (str_split(bare, " (", &bare, NULL))
		return str_equal(bare, name.size ? name : job->id);
	return false;
}

static bool label_fits(const struct workflow_job *job, struct str told)
{
	TSNode runs_on = yaml_get(job->workflow->syntax, job->body, "runs-on");
	struct str label = yaml_text(job->workflow->syntax, runs_on);

	return !label.size || workflow_fits(label, told);
}

static bool may_be(const struct scene *scene, const struct workflow_job *job)
{
	const char *path = workflow_clue(scene, CLUE_WORKFLOW, 0);
	const char *name = workflow_clue(scene, CLUE_JOB, 0);
	const char *label = workflow_clue(scene, CLUE_LABEL, 0);
	const char *title = workflow_title(scene);
	struct workflow_step step;

	if (!job->workflow->action &&
	    ((path && !str_is(str_of(job->workflow->path), path)) ||
	     (name && !name_fits(job, str_of(name))) ||
	     (label && !label_fits(job, str_of(label)))))
		return false;
	return !title || workflow_step_of_log(scene, job, &step);
}

bool workflow_step_of_log(const struct scene *scene, const struct workflow_job *job,
			  struct workflow_step *step)
{
	const unsigned long line = scene->failure->error_line;
	struct workflow_step one, found;
	size_t clue = SIZE_MAX;
	unsigned count = 0;

	for (size_t i = 0; line && i < scene->report->clue_count; i++)
		if (scene->report->clues[i].kind == CLUE_STEP && scene->report->clues[i].line <= line)
			clue = i;
	for (unsigned n = 0; clue != SIZE_MAX && workflow_step(job, n, &one); n++)
		if (step_fits(scene, clue, job, &one)) {
			found = one;
			count++;
		}
	if (count)
		*step = found;
	return count > 0;
}

size_t workflow_jobs_of_log(const struct scene *scene, const struct workflows *w,
			    struct workflow_job jobs[WORKFLOW_JOBS_MAX])
{
	unsigned counts[WORKFLOW_JOBS_MAX], most = 0;
	struct workflow_job job;
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < w->count; i++)
		for (unsigned n = 0; count < WORKFLOW_JOBS_MAX && workflow_job(&w->list[i], n, &job);
		     n++) {
			if (!syntax_type_is(job.steps, YAML_SEQUENCE) || !may_be(scene, &job))
				continue;
			jobs[count] = job;
			counts[count] = steps_in(scene, &job);
			most = counts[count] > most ? counts[count] : most;
			count++;
		}
	for (size_t i = 0; i < count; i++)
		if (counts[i] == most)
			jobs[kept++] = jobs[i];
	return kept;
}

bool workflow_job_of_log(struct scene *scene, const struct workflows *w, struct workflow_job *job)
{
	struct workflow_job jobs[WORKFLOW_JOBS_MAX];
	size_t count = workflow_jobs_of_log(scene, w, jobs);

	if (count == 1)
		*job = jobs[0];
	else if (count)
		template_decline(scene, "the log may be of the job %.*s or of %.*s",
				 STR_ARG(jobs[0].id), STR_ARG(jobs[1].id));
	else
		template_decline(scene, "no job of the workflows fits the log");
	return count == 1;
}

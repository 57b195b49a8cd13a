/*
 * The workflows and actions of a repository: their jobs and steps, what their expressions name, and
 * which of them a log is of.
 */
#ifndef TEMPLATES_LIB_WORKFLOW_H
#define TEMPLATES_LIB_WORKFLOW_H

#include "templates/lib_yaml.h"
#include "templates/template.h"

enum { WORKFLOWS_MAX = 64, WORKFLOW_JOBS_MAX = 64 };

struct workflow {
	const char *path;
	struct syntax *syntax;		/* parses without errors */
	TSNode root;
	bool action;			/* an action.yml: its steps are those of one job */
};

struct workflows {
	struct arena *arena;
	struct workflow list[WORKFLOWS_MAX];
	size_t count;
};

/* All of .github/workflows and all action.yml that parse and hold no alias, by path. */
void workflows_open(struct workflows *w, struct arena *a, const struct tree *tree);
void workflows_close(struct workflows *w);
#define WORKFLOWS __attribute__((cleanup(workflows_close))) struct workflows
/* The one of this path, or NULL. */
const struct workflow *workflow_of(const struct workflows *w, const char *path);

struct workflow_job {
	const struct workflow *workflow;
	struct str id;			/* empty for an action */
	TSNode body, steps;		/* steps: null for a job that calls a workflow */
};

/* The n-th job; false when there are no more. */
bool workflow_job(const struct workflow *workflow, unsigned n, struct workflow_job *job);
bool workflow_job_named(const struct workflow *workflow, struct str id, struct workflow_job *job);

struct workflow_step {
	TSNode body;
	unsigned index;
	struct str id, name, uses, run;	/* empty when it has none */
};

bool workflow_step(const struct workflow_job *job, unsigned n, struct workflow_step *step);

/* Takes "actions/checkout@v4" apart. False for a local action, an image, or without a version. */
bool workflow_action(struct str uses, struct str *action, struct str *version);
/* "v4.1.2" is 4; 0 when it is no version by number. */
unsigned workflow_major(struct str version);
/* Is it a commit? Such a pin is never moved. */
bool workflow_is_pin(struct str version);
/* The step's input; empty when there is none. */
struct str workflow_input(const struct workflow_job *job, const struct workflow_step *step,
			  const char *name);
/* The first step of the job that uses an action. */
bool workflow_step_using(const struct workflow_job *job, const char *action,
			 struct workflow_step *step);
/* The only expression of a text: "matrix.python" of "${{ matrix.python }}"; else empty. */
struct str workflow_expression(struct str text);
/*
 * In the expressions below a node `from` ("needs.test.outputs") becomes `to`, where it stands as a whole
 * word; text outside of expressions stays.
 */
void workflow_rename(struct edits *edits, const struct workflow *workflow, TSNode below,
		     const char *from, const char *to);
/* The n-th "steps.ID.outputs.NAME" in the expressions below a node. */
bool workflow_output(const struct workflow *workflow, TSNode below, unsigned n, struct str *id,
		     struct str *name);
/* Can the text, when its expressions are filled in, be this one? */
bool workflow_fits(struct str text, struct str filled);

/* The jobs that the log can be of: by its file, name, runner and steps, as far as it tells them. */
size_t workflow_jobs_of_log(const struct scene *scene, const struct workflows *w,
			    struct workflow_job jobs[WORKFLOW_JOBS_MAX]);
/* The only one; false after a decline when there is none or there are several. */
bool workflow_job_of_log(struct scene *scene, const struct workflows *w, struct workflow_job *job);
/* The step of the job in which the scene's failure stands; false when the log does not tell. */
bool workflow_step_of_log(const struct scene *scene, const struct workflow_job *job,
			  struct workflow_step *step);
/* The newest clue of a kind at or before a line (0: at all); NULL when there is none. */
const char *workflow_clue(const struct scene *scene, enum clue_kind kind, unsigned long line);
/* The newest clue of a kind in the failure's step, or NULL. */
const char *workflow_step_clue(const struct scene *scene, enum clue_kind kind);
/* The first line of the failure's step as the log shows it, or NULL. */
const char *workflow_title(const struct scene *scene);
/* Did somebody else's repository send it? Then its token reads only, and no secret is there. */
bool workflow_from_fork(const struct scene *scene);

/*
 * Applies the edits, if there are any, to the workflow and adds the result to the candidate, the newest
 * one; else declines and takes the candidate back.
 */
bool workflow_put(struct scene *scene, struct candidate *candidate, const struct workflow *workflow,
		  const struct edits *edits);
/* The step's action gets one more input, or another value of the one it has. */
void workflow_set_input(struct edits *edits, const struct workflow_job *job,
			const struct workflow_step *step, const char *name, const char *value);
/* Takes the newest candidate back and declines. */
void workflow_decline(struct scene *scene, const char *why);
/* The same job of the commit before; w is opened on the parent. */
bool workflow_before(const struct workflows *parent, const struct workflow_job *job,
		     struct workflow_job *before);

#endif

/*
 * Rights as workflows state them: at the job, else at the file, else by a setting of the repository that
 * only the log shows. A `permissions:` takes away all that it does not name, so what the job has is
 * stated with the new one.
 */
#include "templates/lib_workflow_rights.h"

#include "templates/lib_workflow_known.h"

enum { READS_MAX = 4 };			/* more rights, all to read: of a fork, or read-all */

static const TSNode none;

static enum right level_of(struct str value)
{
	return str_is(value, "write") || str_is(value, "write-all") ? RIGHT_WRITE
	     : str_is(value, "read") || str_is(value, "read-all")   ? RIGHT_READ : RIGHT_NONE;
}

static TSNode stated(const struct workflow_job *job)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode own = yaml_get(s, job->body, "permissions");

	return ts_node_is_null(own) ? yaml_get(s, job->workflow->root, "permissions") : own;
}

enum right workflow_right(const struct workflow_job *job, const char *scope)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode all = stated(job);

	if (ts_node_is_null(all))
		return RIGHT_UNSAID;
	if (!syntax_type_is(all, YAML_MAPPING))
		return level_of(yaml_text(s, all));
	return level_of(yaml_get_text(s, all, scope));
}

bool workflow_runs_on(const struct workflow *workflow, const char *event)
{
	const struct syntax *s = workflow->syntax;
	TSNode on = yaml_get(s, workflow->root, "on");
	TSNode item;

	if (syntax_type_is(on, YAML_MAPPING))
		return !ts_node_is_null(yaml_find(s, on, event));
	for (unsigned n = 0; item = yaml_item(on, n), !ts_node_is_null(item); n++)
		if (str_is(yaml_text(s, item), event))
			return true;
	return str_is(yaml_text(s, on), event);
}

/* Does the log show that the token may write something, or that it reads as a fork's does? */
static void token_of_log(const struct scene *scene, bool *writes, bool *reads_only)
{
	unsigned reads = 0;

	*writes = false;
	for (size_t i = 0; i < scene->report->clue_count; i++) {
		const struct clue *clue = &scene->report->clues[i];

		if (clue->kind != CLUE_RIGHT)
			continue;
		*writes = *writes || str_ends(str_of(clue->text), ": write");
		reads += str_ends(str_of(clue->text), ": read");
	}
	*reads_only = !*writes && reads > READS_MAX;
}

/* Does the log say that the token may do it already, or may not although the file says so? */
static const char *told_by_log(const struct scene *scene, const struct workflow_job *job)
{
	for (size_t i = 0; i < scene->report->clue_count; i++) {
		struct str scope, level;
		const char *known;

		if (scene->report->clues[i].kind != CLUE_RIGHT ||
		    !str_split(str_of(scene->report->clues[i].text), ": ", &scope, &level))
			continue;
		known = known_scope(scope);
		if (known && str_is(level, "read") && workflow_right(job, known) == RIGHT_WRITE)
			return "the token got less than the file asks for, as for a fork";
	}
	return NULL;
}

static bool has_other_token(const struct workflow_job *job, const struct workflow_step *step)
{
	struct str text = syntax_text(job->workflow->syntax, step->body), name;

	for (; str_split(text, "secrets.", NULL, &text);) {
		name = text;
		if (!str_skip(&name, "GITHUB_TOKEN"))
			return true;
	}
	return false;
}

/* Would a job that states its rights lose some that nobody sees here? */
static bool uses_token_otherwise(const struct workflow_job *job)
{
	struct str text = syntax_text(job->workflow->syntax, job->body);

	return str_has(text, "GITHUB_TOKEN") || str_has(text, "github.token") ||
	       str_has(text, "git push") || str_has(text, "gh ") ||
	       str_has(text, "actions/github-script");
}

static const char *refuse(const struct scene *scene, const struct workflow_job *job,
			  const struct workflow_step *step, const char *scope, enum right right)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode all = stated(job);
	bool writes, reads_only;

	token_of_log(scene, &writes, &reads_only);
	if (workflow_from_fork(scene))
		return "a fork's run gets a token that only reads, by design";
	if (workflow_right(job, scope) >= right)
		return "the file grants it already: the token was refused for another reason";
	if (told_by_log(scene, job))
		return told_by_log(scene, job);
	if (workflow_runs_on(job->workflow, "workflow_call") || job->workflow->action)
		return "its rights are those of the workflow that calls it";
	if (step && has_other_token(job, step))
		return "the step uses another token";
	if (!ts_node_is_null(all) && !syntax_type_is(all, YAML_MAPPING))
		return "its rights are stated all at once";
	if (ts_node_is_null(all) && (reads_only || (writes && uses_token_otherwise(job))))
		return "which rights the job has cannot be told";
	return ts_node_is_null(yaml_find(s, job->body, "steps")) ? "the job has no steps" : NULL;
}

/* Does the log show the token with a right? */
static bool told_right(const struct scene *scene, const char *scope)
{
	for (size_t i = 0; i < scene->report->clue_count; i++) {
		struct str name = str_of(scene->report->clues[i].text);
		const char *known;

		if (scene->report->clues[i].kind != CLUE_RIGHT || !str_split(name, ": ", &name, NULL))
			continue;
		known = known_scope(name);
		if (known && !strcmp(known, scope))
			return true;
	}
	return false;
}

/* The rights that the job has, one a line. */
static void restate(struct text *out, const struct scene *scene, const struct workflow_job *job,
		    const char *scope)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode all = stated(job), pair;
	struct workflow_step step;

	for (unsigned n = 0; pair = yaml_pair(all, n), !ts_node_is_null(pair); n++)
		if (!str_is(yaml_text(s, yaml_key(pair)), scope) &&
		    level_of(yaml_text(s, yaml_value(pair))) != RIGHT_NONE)
			text_addf(out, "\n%s%.*s: %.*s", yaml_step(s), STR_ARG(yaml_text(s, yaml_key(pair))),
				  STR_ARG(yaml_text(s, yaml_value(pair))));
	if (!ts_node_is_null(all))
		return;
	/* By the repository's setting: what the job is seen to use. */
	if (strcmp(scope, "contents") != 0 && workflow_step_using(job, "actions/checkout", &step))
		text_addf(out, "\n%scontents: read", yaml_step(s));
	if (strcmp(scope, "packages") != 0 && told_right(scene, "packages") &&
	    (str_has(syntax_text(s, job->body), "ghcr.io") ||
	     str_has(syntax_text(s, job->body), "pkg.github.com")))
		text_addf(out, "\n%spackages: read", yaml_step(s));
}

static TSNode pair_before_steps(const struct workflow_job *job)
{
	TSNode pair, last = none;

	for (unsigned n = 0; pair = yaml_pair(job->body, n), !ts_node_is_null(pair); n++) {
		if (str_is(yaml_text(job->workflow->syntax, yaml_key(pair)), "steps"))
			return last;
		last = pair;
	}
	return none;
}

static void state_it(struct edits *edits, const struct scene *scene, const struct workflow_job *job,
		     const char *scope, const char *level)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode own = yaml_get(s, job->body, "permissions"), before = pair_before_steps(job);
	TSNode has = yaml_get(s, own, scope);
	struct text value = TEXT(scene->arena);

	if (syntax_type_is(has, YAML_SCALAR)) {
		yaml_set(edits, s, has, str_of(level));
	} else if (!ts_node_is_null(yaml_pair(own, 0))) {
		yaml_add(edits, s, own, none, scope, level);
	} else if (!ts_node_is_null(own)) {
		edit_node(edits, own, str_of(arena_printf(s->arena, "{ %s: %s }", scope, level)));
	} else {
		restate(&value, scene, job, scope);
		text_addf(&value, "\n%s%s: %s", yaml_step(s), scope, level);
		if (ts_node_is_null(before))
			yaml_add_before(edits, s, yaml_find(s, job->body, "steps"), "permissions",
					text_cstr(&value));
		else
			yaml_add(edits, s, job->body, before, "permissions", text_cstr(&value));
	}
}

void workflow_grant(struct scene *scene, const struct workflow_job *job,
		    const struct workflow_step *step, const char *scope, enum right right,
		    const char *why)
{
	const char *level = right == RIGHT_WRITE ? "write" : "read";
	const char *no = refuse(scene, job, step, scope, right);
	struct edits edits = { .arena = scene->arena };
	struct candidate *candidate;

	if (no)
		return template_decline(scene, "%s", no);
	state_it(&edits, scene, job, scope, level);
	candidate = propose(scene, ORACLE_CONTRACT, "%s: the job gets \"%s: %s\", and keeps what it had.",
			    why, scope, level);
	candidate->grants = arena_printf(scene->arena, "%s: %s", scope, level);
	workflow_put(scene, candidate, job->workflow, &edits);
}

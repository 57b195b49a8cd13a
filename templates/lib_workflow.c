/*
 * Reading workflows: files, jobs, steps. A file that does not parse, or in which one place stands for
 * another by an alias, is left out. Does not evaluate expressions.
 */
#include "templates/lib_workflow.h"

#include "git/path.h"

static bool is_workflow_file(const char *path)
{
	return path_matches(".github/workflows/*.yml", str_of(path)) ||
	       path_matches(".github/workflows/*.yaml", str_of(path));
}

static bool is_action_file(const char *path)
{
	return path_matches("**/action.yml", str_of(path)) ||
	       path_matches("**/action.yaml", str_of(path));
}

void workflows_open(struct workflows *w, struct arena *a, const struct tree *tree)
{
	*w = (struct workflows){ .arena = a };
	for (size_t i = 0; tree && i < tree->count && w->count < WORKFLOWS_MAX; i++) {
		const char *path = tree->entries[i].path;
		struct workflow *one = &w->list[w->count];
		struct str text;

		if ((!is_workflow_file(path) && !is_action_file(path)) ||
		    !tree_read(tree, a, path, &text))
			continue;
		*one = (struct workflow){ .path = path, .action = !is_workflow_file(path),
					  .syntax = syntax_open(a, "yaml", text) };
		if (!one->syntax)
			continue;
		one->root = yaml_root(one->syntax);
		if (one->syntax->errors || yaml_has_alias(one->syntax) ||
		    !syntax_type_is(one->root, YAML_MAPPING))
			syntax_close(&one->syntax);
		else
			w->count++;
	}
}

void workflows_close(struct workflows *w)
{
	for (size_t i = 0; i < w->count; i++)
		syntax_close(&w->list[i].syntax);
	w->count = 0;
}

const struct workflow *workflow_of(const struct workflows *w, const char *path)
{
	for (size_t i = 0; path && i < w->count; i++)
		if (!strcmp(w->list[i].path, path))
			return &w->list[i];
	return NULL;
}

bool workflow_job(const struct workflow *workflow, unsigned n, struct workflow_job *job)
{
	const struct syntax *s = workflow->syntax;
	TSNode pair;

	if (workflow->action) {
		TSNode runs = yaml_get(s, workflow->root, "runs");

		if (n || !syntax_type_is(runs, YAML_MAPPING))
			return false;
		*job = (struct workflow_job){ workflow, STR_NONE, runs, yaml_get(s, runs, "steps") };
		return syntax_type_is(job->steps, YAML_SEQUENCE);
	}
	pair = yaml_pair(yaml_get(s, workflow->root, "jobs"), n);
	if (ts_node_is_null(pair))
		return false;
	*job = (struct workflow_job){ workflow, yaml_text(s, yaml_key(pair)), yaml_value(pair),
				      yaml_get(s, yaml_value(pair), "steps") };
	return true;
}

bool workflow_job_named(const struct workflow *workflow, struct str id, struct workflow_job *job)
{
	struct workflow_job one;

	for (unsigned n = 0; workflow && workflow_job(workflow, n, &one); n++)
		if (str_equal(one.id, id)) {
			*job = one;
			return true;
		}
	return false;
}

bool workflow_step(const struct workflow_job *job, unsigned n, struct workflow_step *step)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode body = yaml_item(job->steps, n);

	if (!syntax_type_is(body, YAML_MAPPING))
		return false;
	*step = (struct workflow_step){
		.body = body, .index = n,
		.id = yaml_get_text(s, body, "id"), .name = yaml_get_text(s, body, "name"),
		.uses = yaml_get_text(s, body, "uses"), .run = yaml_get_text(s, body, "run"),
	};
	return true;
}

bool workflow_action(struct str uses, struct str *action, struct str *version)
{
	if (str_starts(uses, "./") || str_starts(uses, "docker://") ||
	    !str_split(uses, "@", &uses, version) || str_char(uses, '/') <= 0)
		return false;
	*action = uses;
	return version->size > 0;
}

unsigned workflow_major(struct str version)
{
	unsigned long major;

	str_skip(&version, "v");
	if (!str_take_number(&version, &major) || major > 1000 ||
	    (version.size && version.at[0] != '.'))
		return 0;
	return (unsigned)major;
}

bool workflow_is_pin(struct str version)
{
	if (version.size != 40)
		return false;
	for (size_t i = 0; i < version.size; i++)
		if (!strchr("0123456789abcdef", version.at[i]))
			return false;
	return true;
}

struct str workflow_input(const struct workflow_job *job, const struct workflow_step *step,
			  const char *name)
{
	return yaml_get_text(job->workflow->syntax,
			     yaml_get(job->workflow->syntax, step->body, "with"), name);
}

bool workflow_step_using(const struct workflow_job *job, const char *action,
			 struct workflow_step *step)
{
	struct workflow_step one;
	struct str used, version;

	for (unsigned n = 0; workflow_step(job, n, &one); n++)
		if (workflow_action(one.uses, &used, &version) && str_is(used, action)) {
			*step = one;
			return true;
		}
	return false;
}

struct str workflow_expression(struct str text)
{
	text = str_trim(text);
	if (!str_skip(&text, "${{") || !str_chop(&text, "}}") || str_has(text, "${{"))
		return STR_NONE;
	return str_trim(text);
}

bool workflow_fits(struct str text, struct str filled)
{
	struct str literal, rest;

	while (str_split(text, "${{", &literal, &rest)) {
		ptrdiff_t next;

		if (filled.size < literal.size ||
		    !str_equal(str_slice(filled, 0, literal.size), literal) ||
		    !str_split(rest, "}}", NULL, &text))
			return false;
		filled = str_from(filled, literal.size);
		if (!str_split(text, "${{", &literal, NULL))
			return filled.size >= text.size &&
			       str_equal(str_from(filled, filled.size - text.size), text);
		next = str_find(filled, literal);
		if (next < 0)
			return false;
		filled = str_from(filled, (size_t)next);
	}
	return str_equal(text, filled);
}

bool workflow_put(struct scene *scene, struct candidate *candidate, const struct workflow *workflow,
		  const struct edits *edits)
{
	struct str out;

	if (!edits->count)
		return true;
	if (edits_apply(edits, workflow->syntax, &out))
		return candidate_put(scene, candidate, workflow->path, out);
	workflow_decline(scene, arena_printf(scene->arena, "the change does not fit the layout of %s",
					     workflow->path));
	return false;
}

void workflow_decline(struct scene *scene, const char *why)
{
	if (scene->candidate_count)
		scene->candidate_count--;
	template_decline(scene, "%s", why);
}

void workflow_set_input(struct edits *edits, const struct workflow_job *job,
			const struct workflow_step *step, const char *name, const char *value)
{
	const struct syntax *s = job->workflow->syntax;
	TSNode with = yaml_get(s, step->body, "with"), has = yaml_get(s, with, name);
	bool flow = syntax_type_is(step->body, "flow_mapping");

	if (syntax_type_is(has, YAML_SCALAR))
		yaml_set(edits, s, has, str_of(value));
	else if (syntax_type_is(with, YAML_MAPPING))
		yaml_add(edits, s, with, (TSNode){ {0}, NULL, NULL }, name, value);
	else
		yaml_add(edits, s, step->body, yaml_find(s, step->body, "uses"), "with",
			 flow ? arena_printf(s->arena, "{ %s: %s }", name, value)
			      : arena_printf(s->arena, "\n%s%s: %s", yaml_step(s), name, value));
}

bool workflow_before(const struct workflows *parent, const struct workflow_job *job,
		     struct workflow_job *before)
{
	return workflow_job_named(workflow_of(parent, job->workflow->path), job->id, before);
}

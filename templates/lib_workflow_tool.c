/*
 * Reading and raising the version that a setup action is given. A matrix of several versions is left
 * alone: somebody wants to test the old ones.
 */
#include "templates/lib_workflow_tool.h"

static const TSNode none;

bool tool_version_of(struct str text, struct tool_version *version)
{
	struct tool_version found = {0};
	unsigned long n;

	while (text.size && strchr("v^~>= ", text.at[0]))
		text = str_from(text, 1);
	if (!str_take_number(&text, &n) || n > 100000)
		return false;
	found.major = (unsigned)n;
	if (str_skip(&text, ".") && str_take_number(&text, &n) && n < 100000)
		found.minor = (unsigned)n;
	*version = found;
	return true;
}

int tool_version_compare(struct tool_version a, struct tool_version b)
{
	if (a.major != b.major)
		return a.major < b.major ? -1 : 1;
	return (a.minor > b.minor) - (a.minor < b.minor);
}

bool tool_version_least(struct str range, struct tool_version *least)
{
	struct str part;
	bool found = false;

	while (range.size) {
		struct tool_version one;

		if (!str_split(range, "||", &part, &range)) {
			part = range;
			range = STR_NONE;
		}
		part = str_trim(part);
		if (str_starts(part, "<") || str_starts(part, "!") || str_starts(part, "*") ||
		    (str_starts(part, ">") && !str_starts(part, ">=")) ||
		    !tool_version_of(part, &one))
			return false;
		if (!found || tool_version_compare(one, *least) < 0)
			*least = one;
		found = true;
	}
	return found;
}

TSNode workflow_version(const struct workflow_job *job, const char *action, const char *input)
{
	const struct syntax *s = job->workflow->syntax;
	struct workflow_step step;
	struct str expression, name;
	TSNode value;

	if (!workflow_step_using(job, action, &step))
		return none;
	value = yaml_get(s, yaml_get(s, step.body, "with"), input);
	expression = workflow_expression(yaml_text(s, value));
	if (!expression.size)
		return value;
	name = expression;
	if (str_skip(&name, "matrix.")) {
		TSNode axis = yaml_get(s, yaml_get(s, job->body, "strategy/matrix"),
				       str_text(s->arena, name));

		return ts_node_is_null(yaml_item(axis, 1)) ? yaml_item(axis, 0) : none;
	}
	if (str_skip(&name, "env.")) {
		value = yaml_get(s, yaml_get(s, job->body, "env"), str_text(s->arena, name));
		return ts_node_is_null(value) ? yaml_get(s, yaml_get(s, job->workflow->root, "env"),
							 str_text(s->arena, name)) : value;
	}
	return none;
}

/* As the old one was written: "18.x" gives "20.x", "1.20.3" gives "1.22". */
static const char *written(struct arena *a, struct str old, struct tool_version wanted)
{
	const char *tail = str_ends(old, ".x") ? ".x" : "", *head = str_starts(old, "v") ? "v" : "";

	return wanted.minor ? arena_printf(a, "%s%u.%u%s", head, wanted.major, wanted.minor, tail)
			    : arena_printf(a, "%s%u%s", head, wanted.major, tail);
}

static void set(struct edits *edits, const struct syntax *s, TSNode scalar, const char *new,
		bool fraction)
{
	struct str text = str_of(new);

	/* YAML would read 1.20 as 1.2. */
	if (syntax_type_is(scalar, "plain_scalar") && fraction && str_ends(text, "0"))
		text = str_of(arena_printf(s->arena, "%c%s%c", yaml_quote(s), new, yaml_quote(s)));
	for (size_t i = 0; i < edits->count; i++)
		if (edits->list[i].start == ts_node_start_byte(scalar))
			return;			/* two jobs share it */
	yaml_set(edits, s, scalar, text);
}

void workflow_raise(struct scene *scene, const char *action, const char *input,
		    struct tool_version wanted, const char *why)
{
	struct workflow_job jobs[WORKFLOW_JOBS_MAX];
	struct candidate *candidate;
	WORKFLOWS w = {0};
	size_t count;

	workflows_open(&w, scene->arena, scene->tree);
	count = workflow_jobs_of_log(scene, &w, jobs);
	candidate = propose(scene, ORACLE_CONTRACT, "%s", why);
	for (size_t f = 0; f < w.count; f++) {
		struct edits edits = { .arena = scene->arena };

		for (size_t i = 0; i < count; i++) {
			TSNode scalar = workflow_version(&jobs[i], action, input);
			struct str text = yaml_text(w.list[f].syntax, scalar);
			struct tool_version has;

			if (jobs[i].workflow != &w.list[f] || ts_node_is_null(scalar) ||
			    !tool_version_of(text, &has) || tool_version_compare(has, wanted) >= 0 ||
			    (!wanted.minor && has.major >= wanted.major))
				continue;
			set(&edits, w.list[f].syntax, scalar,
			    written(scene->arena, text, wanted), wanted.minor > 0);
		}
		if (!workflow_put(scene, candidate, &w.list[f], &edits))
			return;
	}
	if (!candidate->patch.count)
		workflow_decline(scene, "no job that fits the log sets up one older version");
}

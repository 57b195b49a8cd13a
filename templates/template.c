/*
 * Matching failures to templates and collecting what they propose. Decides nothing about what may be
 * done with a candidate: the fences and the proof come later and see every patch.
 */
#include "templates/template.h"

#include "bot/base/regex.h"
#include "templates/lib_kept.h"

#include <stdarg.h>

static const char *const oracle_names[] = {
	[ORACLE_NONE] = "none",		[ORACLE_TOOL] = "tool",
	[ORACLE_TEST] = "test",		[ORACLE_SIBLING] = "sibling",
	[ORACLE_CONTRACT] = "contract",	[ORACLE_HISTORY] = "history",
};

const char *oracle_name(enum oracle oracle)
{
	return oracle_names[oracle];
}

struct candidate *propose(struct scene *scene, enum oracle oracle, const char *why, ...)
{
	struct candidate *candidate;
	va_list args;

	candidate = &arena_push(scene->arena, scene->candidates, scene->candidate_count);
	va_start(args, why);
	*candidate = (struct candidate){
		.template_name = scene->template->name,
		.template = scene->template,
		.failure = scene->failure,
		.why = arena_vprintf(scene->arena, why, args),
		.oracle = oracle,
		.danger = scene->template->danger,
		.by_reading = scene->template->reading,
	};
	va_end(args);
	return candidate;
}

bool candidate_put(struct scene *scene, struct candidate *candidate, const char *path,
		   struct str text)
{
	struct err e = ERR_INIT;

	if (patch_put(&candidate->patch, scene->arena, scene->tree, path, text, &e))
		return true;
	template_decline(scene, "%s", e.text);
	return false;
}

bool candidate_make_program(struct scene *scene, struct candidate *candidate, const char *path)
{
	struct err e = ERR_INIT;

	if (patch_make_program(&candidate->patch, scene->arena, scene->tree, path, &e))
		return true;
	template_decline(scene, "%s", e.text);
	return false;
}

static bool is_new(const struct scene *scene, const char *why)
{
	for (size_t i = 0; i < scene->decline_count; i++)
		if (!strcmp(scene->declines[i].template_name, scene->template->name) &&
		    !strcmp(scene->declines[i].why, why))
			return false;
	return true;
}

void template_decline(struct scene *scene, const char *why, ...)
{
	va_list args;

	va_start(args, why);
	scene->declined = arena_vprintf(scene->arena, why, args);
	va_end(args);
	if (is_new(scene, scene->declined))
		arena_push(scene->arena, scene->declines, scene->decline_count) =
			(struct declined){ scene->template->name, scene->declined };
}

struct str scene_group(const struct scene *scene, const char *name)
{
	const struct regex *regex;
	int group;

	if (!scene->template->pattern)
		return STR_NONE;
	regex = regex_kept(scene->template->pattern);
	group = regex ? regex_group(regex, name) : -1;
	if (group < 0 || (size_t)group >= scene->group_count)
		return STR_NONE;
	return scene->groups[group];
}

bool scene_read(const struct scene *scene, const char *path, struct str *text)
{
	return path && tree_read(scene->tree, scene->arena, path, text);
}

static bool has_type(const struct template *template, const char *type)
{
	if (!template->types)
		return true;
	for (const char *const *one = template->types; type && *one; one++)
		if (str_is(str_of(type), *one))
			return true;
	return false;
}

static bool has_tool(const struct template *template, const char *tool)
{
	return !template->tool || (tool && str_is(str_of(tool), template->tool));
}

static bool has_language(const struct template *template, const char *language)
{
	return !template->language ||
	       (language && str_is(str_of(language), template->language));
}

bool template_matches(const struct template *template, struct scene *scene)
{
	const struct failure *failure = scene->failure;
	struct str groups[REGEX_GROUPS_MAX];
	const struct regex *regex;

	if (!has_language(template, failure->language) || !has_tool(template, failure->tool) ||
	    !has_type(template, failure->type))
		return false;
	scene->template = template;
	scene->groups = NULL;
	scene->group_count = 0;
	if (!template->pattern)
		return true;
	regex = regex_kept(template->pattern);
	if (!regex || !regex_match(regex, str_of(failure->message), groups))
		return false;
	scene->group_count = regex_group_count(regex) + 1;
	scene->groups = arena_copy(scene->arena, groups, sizeof(groups));
	return true;
}

/* A proposal that changes nothing in the end is none. */
static void drop_empty(struct scene *scene, size_t from)
{
	size_t kept = from;

	for (size_t i = from; i < scene->candidate_count; i++)
		if (scene->candidates[i].patch.count || scene->candidates[i].run)
			scene->candidates[kept++] = scene->candidates[i];
	scene->candidate_count = kept;
}

bool template_is_for(const struct candidate *candidate, const struct failure *failure,
		     const struct report *report, struct arena *arena)
{
	struct scene scene = { .failure = failure, .report = report, .arena = arena };

	return candidate->template && template_matches(candidate->template, &scene);
}

bool template_wants_more(const struct candidate *candidate, const struct report *report,
			 const struct tree *tree, struct arena *arena)
{
	struct scene scene = {
		.failure = candidate->failure, .report = report, .tree = tree, .arena = arena,
	};

	if (!candidate->template || !template_matches(candidate->template, &scene))
		return false;
	candidate->template->fix(&scene);
	drop_empty(&scene, 0);
	return scene.candidate_count > 0;
}

static void ask(struct scene *scene, const struct template *template)
{
	size_t before = scene->candidate_count;

	if (!template_matches(template, scene))
		return;
	template->fix(scene);
	drop_empty(scene, before);
}

void templates_propose(struct scene *scene)
{
	kept_begin(scene);
	for (size_t f = 0; f < scene->report->failure_count; f++) {
		scene->failure = &scene->report->failures[f];
		for (size_t t = 0; t < scene->own_count; t++)
			ask(scene, scene->own[t]);
		for (size_t t = 0; t < template_count; t++)
			ask(scene, templates[t]);
	}
	kept_end(scene);
}

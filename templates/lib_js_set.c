/*
 * Walks over the failures of a kind and gathers their edits by file. A failure that cannot be
 * mended spoils the whole: half a repair leaves the check as red as it was.
 */
#include "templates/lib_js_set.h"

#include "templates/lib_scene.h"

struct js_file *js_set_file(struct js_set *set, const char *path)
{
	for (size_t i = 0; path && i < set->count; i++)
		if (str_is(str_of(path), set->files[i].path)) {
			set->files[i].scene = set->scene;
			return &set->files[i];
		}
	if (set->count == JS_SET_FILES_MAX) {
		template_decline(set->scene, "more than %d files would change", JS_SET_FILES_MAX);
		return NULL;
	}
	if (!js_file_open(&set->files[set->count], set->scene, path))
		return NULL;
	return &set->files[set->count++];
}

bool js_set_once(struct js_set *set, const char *key)
{
	for (size_t i = 0; i < set->done_count; i++)
		if (str_is(str_of(key), set->done[i]))
			return false;
	if (set->done_count < JS_SET_DONE_MAX)
		set->done[set->done_count++] = key;
	return true;
}

/* A report keeps one failure of those that are alike; its diagnostics have them all. */
static bool is_alike(const struct scene *scene, const struct diagnostic *one, struct scene *alike)
{
	struct failure *failure = arena_copy(scene->arena, scene->failure, sizeof(*failure));

	if (!one->tool || !scene->failure->tool || one->severity != SEVERITY_ERROR ||
	    !str_is(str_of(one->tool), scene->failure->tool))
		return false;
	failure->type = one->code;
	failure->message = one->message ? one->message : "";
	failure->file = one->file;
	failure->line = one->line;
	failure->column = one->column;
	*alike = *scene;
	alike->failure = failure;
	return template_matches(scene->template, alike);
}

static bool gather(struct js_set *set, bool (*mend)(struct js_set *set, struct scene *one))
{
	struct scene *scene = set->scene;
	size_t seen = 0;

	for (size_t i = 0; i < scene->report->diagnostic_count; i++) {
		struct scene one;
		bool good;

		if (!is_alike(scene, &scene->report->diagnostics[i], &one))
			continue;
		set->scene = &one;
		good = mend(set, &one);
		set->scene = scene;
		scene->declined = one.declined;
		scene->declines = one.declines;
		scene->decline_count = one.decline_count;
		if (!good)
			return false;
		seen++;
	}
	return seen > 0;
}

void js_set_close(struct js_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		js_file_close(&set->files[i]);
	set->count = 0;
}

static void offer(struct js_set *set)
{
	struct candidate *candidate;
	struct str out[JS_SET_FILES_MAX];

	for (size_t i = 0; i < set->count; i++)
		if (set->files[i].edits.count &&
		    !edits_apply(&set->files[i].edits, set->files[i].s, &out[i]))
			return template_decline(set->scene, "the edit of %s does not fit",
						set->files[i].path);
	candidate = propose(set->scene, set->oracle, "%s", set->why);
	for (size_t i = 0; i < set->count; i++)
		if (set->files[i].edits.count)
			candidate_put(set->scene, candidate, set->files[i].path, out[i]);
}

void js_set_propose(struct js_set *set)
{
	offer(set);
	js_set_close(set);
}

void js_mend_all(struct scene *scene, bool (*mend)(struct js_set *set, struct scene *one))
{
	struct js_set set = { .scene = scene, .oracle = ORACLE_CONTRACT };

	if (!scene_is_first(scene))
		return;
	if (gather(&set, mend) && set.count)
		offer(&set);
	js_set_close(&set);
}

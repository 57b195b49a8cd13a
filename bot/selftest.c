/*
 * The examples' runner, used by `aegis templates test` and by the project's own tests.
 */
#include "bot/selftest.h"

#include "ci/log.h"
#include "templates/lib_kept.h"
#include "templates/template.h"

/* The state of one run; the complaints' place and the counts. */
struct tester {
	FILE *complaints;
	struct selftest result;
};


static void complain(struct tester *t, const struct template *template,
		     const struct example *example, const char *what, const char *got)
{
	t->result.wrong++;
	fprintf(t->complaints, "%s, \"%s\": %s: %s\n", template->name, example->name, what,
		got ? got : "-");
}

static struct tree *tree_of(struct arena *a, const struct example *example)
{
	struct tree_file list[9] = {{0}};
	size_t n = 0;

	for (size_t i = 0; i < 8 && example->file[i].path; i++)
		if (example->file[i].before)
			list[n++] = (struct tree_file){ example->file[i].path,
							example->file[i].before };
	return tree_of_files(a, arena_copy(a, list, sizeof(list)));
}

/* The commit before, when the example tells of one. */
static struct tree *parent_of(struct arena *a, const struct example *example)
{
	struct tree_file list[9] = {{0}};
	bool any = false;
	size_t n = 0;

	for (size_t i = 0; i < 8 && example->file[i].path; i++) {
		const struct example_file *file = &example->file[i];

		any = any || file->was;
		if (file->was ? *file->was != '\0' : file->before != NULL)
			list[n++] = (struct tree_file){ file->path, file->was ? file->was :
								    file->before };
	}
	return any ? tree_of_files(a, arena_copy(a, list, sizeof(list))) : NULL;
}

static const struct change *change_of(const struct patch *patch, const char *path)
{
	for (size_t i = 0; i < patch->count; i++)
		if (str_is(str_of(path), patch->changes[i].path))
			return &patch->changes[i];
	return NULL;
}

static void check_files(struct tester *t, const struct template *template, const struct example *example,
			const struct candidate *candidate)
{
	size_t expected = 0;

	for (size_t i = 0; i < 8 && example->file[i].path; i++) {
		const struct example_file *file = &example->file[i];
		const struct change *change = change_of(&candidate->patch, file->path);

		if (change && change->made_program != file->becomes_program)
			complain(t, template, example, "the mode of", file->path);
		if (!file->after && !file->becomes_program) {
			if (change)
				complain(t, template, example, "must not change", file->path);
			continue;
		}
		expected++;
		if (!change)
			complain(t, template, example, "does not change", file->path);
		else if (file->after && !str_is(change->after, file->after))
			complain(t, template, example, file->path, change->after.at);
	}
	if (candidate->patch.count != expected)
		complain(t, template, example, "changes", "another number of files");
}

static void check_run(struct tester *t, struct arena *a, const struct template *template,
		      const struct example *example, const struct candidate *candidate)
{
	struct text words = TEXT(a);

	for (const char *const *word = candidate->run; word && *word; word++)
		text_addf(&words, "%s%s", words.size ? " " : "", *word);
	if (!str_is(text_str(&words), example->run))
		complain(t, template, example, "would run", text_cstr(&words));
}

static void check(struct tester *t, struct arena *a, const struct template *template, const struct example *example,
		  const struct scene *scene)
{
	t->result.checked++;
	if (example->declines) {
		if (scene->candidate_count)
			complain(t, template, example, "must decline", scene->candidates->why);
		else if (!scene->declined || !str_has(str_of(scene->declined), example->declines))
			complain(t, template, example, "declines for another reason", scene->declined);
		return;
	}
	if (!scene->candidate_count) {
		complain(t, template, example, "proposes nothing", scene->declined);
		return;
	}
	if (scene->candidates->oracle == ORACLE_NONE)
		complain(t, template, example, "names no oracle", scene->candidates->why);
	if (example->run)
		check_run(t, a, template, example, scene->candidates);
	else
		check_files(t, template, example, scene->candidates);
}

static void one(struct tester *t, const struct template *template, const struct example *example)
{
	ARENA a = {0};
	struct tree *tree = tree_of(&a, example);
	struct scene scene = {
		.tree = tree,
		.parent = parent_of(&a, example),
		.arena = &a,
		.report = log_read(&a, tree, str_of(example->log)),
		.template = template,
	};
	bool matched = false;

	kept_begin(&scene);
	for (size_t i = 0; i < scene.report->failure_count && !scene.candidate_count; i++) {
		scene.failure = &scene.report->failures[i];
		if (!template_matches(template, &scene))
			continue;
		matched = true;
		template->fix(&scene);
	}
	kept_end(&scene);
	if (!matched)
		complain(t, template, example, "does not match the failure",
			 scene.report->failure_count ? scene.report->failures->message : "none read");
	else
		check(t, &a, template, example, &scene);
}

static void all_of(struct tester *t, const struct template *template)
{
	unsigned fires = 0, declines = 0;

	for (const struct example *e = template->examples; e && e->name; e++) {
		e->declines ? declines++ : fires++;
		one(t, template, e);
	}
	if (fires && declines)
		return;
	t->result.wrong++;
	fprintf(t->complaints, "%s needs a firing and a declining example\n", template->name);
}

struct selftest selftest_templates(const struct template *const *list, size_t count,
				   FILE *complaints)
{
	struct tester t = { .complaints = complaints };

	for (size_t i = 0; i < count; i++)
		all_of(&t, list[i]);
	return t.result;
}

/*
 * One candidate of the suggestions that rustc prints with several errors of one kind. Which of them
 * are taken is the template's to say, by their words.
 */
#include "templates/lib_rust.h"

#include "templates/lib_scene.h"

enum { PLACES_MAX = 24 };

struct places {
	struct scene *scene;
	struct place {
		const char *path;
		struct rust_edit edit;
	} list[PLACES_MAX];
	size_t count;
};

static bool is_wanted(const struct rust_help *help, const char *const *messages)
{
	for (size_t i = 0; messages[i]; i++)
		if (str_starts(help->message, messages[i]))
			return help->count && !help->odd;
	return false;
}

/* The same error is printed once for the library and once for its tests. */
static void add_place(struct places *places, const char *path, const struct rust_edit *edit)
{
	for (size_t i = 0; i < places->count; i++) {
		const struct place *one = &places->list[i];

		if (str_is(str_of(path), one->path) && one->edit.line == edit->line &&
		    one->edit.at == edit->at)
			return;
	}
	if (places->count < PLACES_MAX)
		places->list[places->count++] = (struct place){ path, *edit };
}

static void collect(struct places *places, struct scene *alike, const char *const *messages,
		    bool (*wanted)(const struct code *code, const struct rust_help *help))
{
	struct rust_help helps[RUST_HELPS_MAX];
	size_t count;
	CODE code;

	if (!code_open(alike, &code) || rust_in_test(code.syntax, code.node))
		return;
	count = rust_helps(alike->failure, code.syntax->text, helps);
	for (size_t i = 0; i < count; i++) {
		if (!is_wanted(&helps[i], messages) || (wanted && !wanted(&code, &helps[i])))
			continue;
		for (size_t n = 0; n < helps[i].count; n++)
			add_place(places, code.path, &helps[i].edits[n]);
		return;
	}
}

static bool put_file(struct places *places, struct candidate *candidate, const char *path)
{
	struct edits edits = { .arena = places->scene->arena };
	struct str out;
	CODE code;

	if (!code_open_at(places->scene, path, 0, 0, &code))
		return false;
	for (size_t i = 0; i < places->count; i++) {
		const struct rust_edit *edit = &places->list[i].edit;
		size_t start = line_start(code.syntax->text, edit->line);

		if (!str_is(str_of(path), places->list[i].path))
			continue;
		edit_replace(&edits, start + edit->at, start + edit->at + edit->size, edit->whole ?
			str_of(arena_printf(edits.arena, "%.*s\n", STR_ARG(edit->text))) : edit->text);
	}
	return edits_apply(&edits, code.syntax, &out) &&
	       candidate_put(places->scene, candidate, path, out);
}

void rust_suggest(struct scene *scene, const char *const *messages,
		  bool (*wanted)(const struct code *code, const struct rust_help *help),
		  enum danger danger, const char *why)
{
	struct places *places = arena_new(scene->arena, struct places);
	struct candidate *candidate;
	struct scene alike;
	size_t index = 0;

	if (!scene_is_first(scene))
		return;		/* mended, or declined, with the first of its kind */
	*places = (struct places){ .scene = scene };
	while (scene_next_alike(scene, &index, &alike))
		collect(places, &alike, messages, wanted);
	if (!places->count)
		return template_decline(scene, "rustc suggests nothing that is surely right");
	candidate = propose(scene, ORACLE_TOOL, "%s", why);
	candidate->danger = danger;
	for (size_t i = 0; i < places->count; i++)
		put_file(places, candidate, places->list[i].path);
}

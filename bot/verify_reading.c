/*
 * The proof of what no run here can show: a workflow, an image, a lock. The mended files must parse,
 * and the template that made the change, asked again about the same failure over them, must find
 * nothing left to mend. It is less than a run, and its pass rate says so: it stays 0.
 */
#include "bot/verify.h"

#include "bot/base/json.h"
#include "git/path.h"
#include "templates/syntax.h"

static size_t errors_in(struct arena *a, const char *language, struct str text)
{
	SYNTAX s = syntax_open(a, language, text);

	return s ? s->errors : SIZE_MAX;
}

static bool parses_as_json(struct str text)
{
	struct err ignored = ERR_INIT;
	JSON *json = NULL;

	return json_parse(text, TREE_FILE_MAX, &json, &ignored);
}

/* Was it readable before, or is it now? A text without a grammar is nothing to parse. */
bool verify_parses(const struct change *change, struct arena *a)
{
	const char *language = syntax_language(change->path);
	size_t before, after;

	if (!language)
		return true;
	if (str_is(str_of(language), "json"))
		return parses_as_json(change->after) ||
		       (change->existed && !parses_as_json(change->before));
	after = errors_in(a, language, change->after);
	before = change->existed ? errors_in(a, language, change->before) : 0;
	return !after || after == SIZE_MAX || (before != SIZE_MAX && after <= before);
}

void verify_by_reading(const struct verify_job *job, struct arena *a, struct verification *v)
{
	const struct tree *mended = patch_tree(&v->patch, job->place->tree, a);

	if (!v->candidate->by_reading) {
		v->refused = "only a run could prove it, and none here shows the failure";
		return;
	}
	for (size_t i = 0; i < v->patch.count; i++)
		if (!verify_parses(&v->patch.changes[i], a)) {
			v->refused = arena_printf(a, "%s could not be parsed with it",
						  v->patch.changes[i].path);
			return;
		}
	if (template_wants_more(v->candidate, job->log, mended, a)) {
		v->refused = "asked again over the mended files it still wants to change something";
		return;
	}
	v->proven = v->by_reading = true;
}

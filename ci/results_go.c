/*
 * The events of `go test -json`, one JSON object a line. Other lines (a compiler's) are passed over. A
 * test that began and never ended is an error; a package that failed without a failed test is one too.
 */
#include "ci/results_parts.h"

#include "bot/base/json.h"

enum { EVENT_BYTES = 1024 * 1024 };

static const struct {
	const char *action;
	enum outcome outcome;
} endings[] = {
	{ "pass", OUTCOME_PASSED }, { "skip", OUTCOME_SKIPPED }, { "fail", OUTCOME_FAILED },
};

/* "    cart_test.go:12: got 3", below the package's folder in the tree. */
static void place(struct reading_results *r, struct result *result, struct str package,
		  struct str output)
{
	struct str file, rest;
	unsigned long line;

	output = str_trim(output);
	if (!str_split(output, ":", &file, &rest) || !str_ends(file, ".go") ||
	    str_char(file, ' ') >= 0 || !str_take_number(&rest, &line) || !str_starts(rest, ":"))
		return;
	package = str_slice(package, 0, 512);
	file = str_slice(file, 0, 256);
	while (r->tree && package.size) {
		const char *path = arena_printf(r->scratch, "%.*s/%.*s", STR_ARG(package), STR_ARG(file));

		if (tree_has(r->tree, path)) {
			result_place(r, result, str_of(path), line);
			return;
		}
		if (!str_split(package, "/", NULL, &package))
			package = STR_NONE;
	}
	result_place(r, result, file, line);
}

static void finish(struct reading_results *r, struct result *result, const json_t *event,
		   enum outcome outcome)
{
	double seconds = json_real_or(event, "Elapsed", -1);

	result->running = false;
	if (seconds >= 0 && seconds < 1e6)
		result->duration_ms = (long)(seconds * 1000 + 0.5);
	result_settle(r, result, outcome, STR_NONE);
}

/* Packages with a failed test, as a set of results of their own: a search by name, whatever their number. */
static void note_package(struct reading_results *packages, struct str package)
{
	bool is_new;
	struct result *known = result_named(packages, package, &is_new);

	if (known)
		result_settle(packages, known, OUTCOME_FAILED, STR_NONE);
}

static void package_failed(struct reading_results *r, struct reading_results *packages,
			   struct str package)
{
	bool is_new;
	struct result *result = result_named(packages, package, &is_new);

	if (result && result->outcome == OUTCOME_FAILED)
		return;
	result = result_named(r, package, &is_new);
	if (result)
		result_settle(r, result, OUTCOME_ERROR, STR("the package failed outside of its tests"));
}

static void take_event(struct reading_results *r, struct reading_results *packages,
		       const json_t *event)
{
	struct str action = json_text_or(event, "Action", STR_NONE);
	struct str package = json_text_or(event, "Package", STR_NONE);
	struct str test = json_text_or(event, "Test", STR_NONE);
	struct result *result;
	struct text name = TEXT(r->scratch);
	bool is_new;

	if (!test.size) {
		if (str_is(action, "fail"))
			package_failed(r, packages, package);
		return;
	}
	if (str_is(action, "fail"))
		note_package(packages, package);
	text_addf(&name, "%.*s%s%.*s", STR_ARG(package), package.size ? "." : "", STR_ARG(test));
	result = result_named(r, text_str(&name), &is_new);
	if (!result)
		return;
	if (is_new || str_is(action, "run"))
		result->running = true;
	if (str_is(action, "output"))
		place(r, result, package, json_text_or(event, "Output", STR_NONE));
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (str_is(action, endings[i].action))
			finish(r, result, event, endings[i].outcome);
}

bool results_go(struct reading_results *r, struct str text, struct err *e)
{
	ARENA own = {0};
	struct results set = {0};
	struct reading_results packages = { .results = &set, .arena = &own, .scratch = r->scratch };
	struct err ignored = ERR_INIT;
	struct str line;
	bool any = false;

	while (str_next_line(&text, &line)) {
		JSON *event = NULL;

		if (!str_starts(line, "{") || !json_parse(line, EVENT_BYTES, &event, &ignored))
			continue;
		any = any || json_at(event, "Action");
		take_event(r, &packages, event);
		arena_release(r->scratch);
	}
	if (!any)
		return fail(e, ERR_INPUT, "go test -json: no event in it");
	for (size_t i = 0; i < r->results->count; i++) {
		if (!r->results->list[i].running)
			continue;
		r->results->list[i].running = false;
		result_settle(r, &r->results->list[i], OUTCOME_ERROR, STR("did not finish"));
	}
	if (!r->results->framework)
		r->results->framework = "go test";
	return true;
}

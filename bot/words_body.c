/*
 * The bodies of our two kinds of pull request: the fix, and the revert. First the few lines that a
 * reviewer needs, then what they rest on.
 */
#include "bot/words_parts.h"

enum { SENTENCE_MOST = 900, NAME_MOST = 200, GREEN_MOST = 5,
       BEFORE_RECORD_MOST = WORDS_BODY_MOST - 2000 };

static void add_marker(struct text *out, const struct words *w)
{
	text_adds(out, words_marker(out->arena, w->incident->id));
	text_addc(out, '\n');
}

static void add_branch(struct text *out, const struct words *w)
{
	text_adds(out, " on ");
	text_add(out, words_code(out->arena, str_of(w->incident->branch), NAME_MOST));
	if (words_is_hex(w->head, 40)) {
		text_adds(out, " at ");
		words_add_commit(out, w, w->head);
	}
}

static void add_short(struct text *out, const struct words *w)
{
	static const struct { const char *name; void (*add)(struct text *out, const struct words *w); } lines[] = {
		{ "What broke", words_add_broke }, { "What changed", words_add_changed },
		{ "Proof", words_add_proven }, { "How sure", words_add_sure },
	};

	text_adds(out, "Aegis looked at ");
	words_add_run(out, w);
	text_adds(out, " that failed");
	add_branch(out, w);
	text_adds(out, str_is(words_fix_text(w, "action"), "revert")
			       ? " and takes back the commit that broke it.\n\n"
			       : " and made this fix.\n\n");
	for (size_t i = 0; w->fix && i < sizeof(lines) / sizeof(*lines); i++) {
		struct text line = TEXT(out->arena);

		lines[i].add(&line, w);
		if (line.size) {
			text_addf(out, "- **%s:** ", lines[i].name);
			text_add(out, text_str(&line));
			text_addc(out, '\n');
		}
	}
	text_adds(out, "- **Undo:** close this pull request. Once it is merged, use the Revert button on "
		       "this page\n\n");
}

static bool is_in(const json_t *list, struct str name)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (str_equal(json_text_or(json_array_get(list, i), "", STR_NONE), name))
			return true;
	return false;
}

/* Tests that were red and are not any more. */
static void add_green_again(struct text *out, const struct words *w)
{
	const json_t *before = json_at(w->fix, "verification.before.failed_names");
	const json_t *after = json_at(w->fix, "verification.after.failed_names");
	size_t count = 0;

	for (size_t i = 0; after && i < json_array_size(before); i++) {
		struct str name = json_text_or(json_array_get(before, i), "", STR_NONE);

		if (!str_trim(name).size || is_in(after, name) || ++count > GREEN_MOST)
			continue;
		text_adds(out, count == 1 ? "No longer red: " : ", ");
		text_add(out, words_code(out->arena, name, NAME_MOST));
	}
	if (count > GREEN_MOST)
		text_addf(out, " and %zu more", count - GREEN_MOST);
	text_adds(out, count ? ".\n\n" : "");
}

/* What says that the change is right, besides that the run is green. */
static const struct { const char *oracle, *says; } oracles[] = {
	{ "test", "A test states what is right. It was red before the change and passes with it; no test "
		  "was edited." },
	{ "tool", "The tool that complained defines what is right, and it made or accepts the change." },
	{ "sibling", "The same case is handled this way elsewhere in this code." },
	{ "contract", "The code itself says so nearby: in an annotation, a declared type or its "
		      "documentation." },
	{ "history", "The history shows it: the commit that broke it changed exactly this." },
};

static void add_why(struct text *out, const struct words *w)
{
	struct str oracle = words_fix_text(w, "oracle"), action = words_fix_text(w, "action");
	struct str template = words_code(out->arena, words_fix_text(w, "template"), NAME_MOST);
	struct str model = words_code(out->arena, words_fix_text(w, "model.name"), NAME_MOST);

	text_adds(out, "### Why this is right\n\n");
	for (size_t i = 0; i < sizeof(oracles) / sizeof(*oracles); i++)
		if (str_is(oracle, oracles[i].oracle))
			text_addf(out, "%s ", oracles[i].says);
	if (str_is(action, "model") && model.size) {
		text_adds(out, "The change was written by the model ");
		text_add(out, model);
		text_adds(out, ", so read it with more care than one of a template.");
	} else if (str_is(action, "revert")) {
		text_adds(out, "No fix was safe. Taking the commit back gives time to do it right; its author "
			       "may know better.");
	} else if (template.size) {
		text_adds(out, "It was made by the template ");
		text_add(out, template);
		text_adds(out, ", without a model.");
	}
	text_adds(out, "\n\n");
}

static void add_proof(struct text *out, const struct words *w)
{
	struct text runs = TEXT(out->arena);

	words_add_runs(&runs, w);
	if (!runs.size)
		return;
	text_add(out, text_str(&runs));
	add_green_again(out, w);
}

static void add_sure(struct text *out, const struct words *w)
{
	double value = json_real_or(w->fix, "confidence", -1);

	if (!json_at(w->fix, "parts") || value < 0)
		return;
	text_addf(out, "### How sure\n\n%.2f is the weighted sum of:\n\n", value);
	words_add_parts(out, w);
}

static void add_next(struct text *out, const struct words *w)
{
	struct str trouble = words_safe(out->arena, str_of(w->settings_trouble), SENTENCE_MOST);

	text_adds(out, "### What happens next\n\n");
	if (trouble.size) {
		text_adds(out, "The settings of Aegis in this repository cannot be read: ");
		text_add(out, trouble);
		text_adds(out, ". Until that is mended, Aegis merges nothing.\n\n");
	}
	if (w->next)
		text_addf(out, "%s\n\n", w->next);
	if (w->will_merge)
		text_adds(out, "When all required checks are green, Aegis merges this by itself. To stop "
			       "it, close this pull request, or push a commit to its branch: then it is "
			       "yours.\n\n");
	else
		text_adds(out, "Aegis does not merge this by itself: please review and merge it, or close "
			       "it. Push to its branch if you want to take it over.\n\n");
}

static void add_origin(struct text *out, const struct words *w)
{
	int64_t took_ms = json_integer_or(w->fix, "timings_ms.total", 0);
	double dollars = json_real_or(w->fix, "model.dollars", 0);

	text_adds(out, "Incident ");
	text_add(out, words_code(out->arena, str_of(w->incident->id), 64));
	if (w->attempt > 0 && w->attempts_most > 0)
		text_addf(out, ", attempt %lld of %lld", (long long)w->attempt,
			  (long long)w->attempts_most);
	if (took_ms > 0)
		text_addf(out, ", made in %.1f s", (double)took_ms / 1000);
	if (dollars > 0)
		text_addf(out, ", model %.4f dollars", dollars);
	text_adds(out, ".\n\n");
}

struct str words_pull_body(struct arena *a, const struct words *w)
{
	struct text out = TEXT(a);

	add_short(&out, w);
	if (w->fix) {
		text_adds(&out, "### The failure\n\n");
		words_add_failure(&out, w);
		add_why(&out, w);
		add_proof(&out, w);
		add_sure(&out, w);
		words_add_list(&out, w, "What stays red", "remains");
		words_add_list(&out, w, "Notes", "notes");
	}
	add_next(&out, w);
	words_add_record(&out, w, out.size < BEFORE_RECORD_MOST ? BEFORE_RECORD_MOST - out.size : 0);
	text_adds(&out, "---\n");
	add_origin(&out, w);
	add_marker(&out, w);
	return text_str(&out);
}

static void add_taken_back(struct text *out, const struct words *w)
{
	text_adds(out, "This takes back ");
	if (w->incident->pull > 0)
		words_add_pull(out, w, (uint64_t)w->incident->pull);
	else
		text_adds(out, "a fix of Aegis");
	if (words_is_hex(w->incident->merge_sha, 40)) {
		text_adds(out, ", merged as ");
		words_add_commit(out, w, w->incident->merge_sha);
		text_adds(out, ",");
	}
	text_adds(out, w->is_asked_back ? " because a person asked for it in a comment.\n\n"
					: " because the deployment got worse after it.\n\n");
}

struct str words_revert_body(struct arena *a, const struct words *w)
{
	struct str why = words_safe(a, str_of(w->window_why), SENTENCE_MOST);
	struct text out = TEXT(a);

	add_taken_back(&out, w);
	if (why.size) {
		text_adds(&out, "- **What was measured:** ");
		text_add(&out, why);
		text_addc(&out, '\n');
	}
	if (w->confidence >= 0)
		text_addf(&out, "- **Confidence that the deployment is healthy:** %.2f, where 1 is "
			  "certain\n", w->confidence);
	if (json_at(w->fix, "failure")) {
		text_adds(&out, "- **What the fix was for:** ");
		words_add_broke(&out, w);
		text_addc(&out, '\n');
	}
	text_adds(&out, "- **What comes back:** the failure that it mended; it needs another fix\n"
			"- **Undo:** close this pull request and the fix stays\n\n"
			"### What happens next\n\n");
	text_adds(&out, w->will_merge ?
		  "When its checks are no worse than before the fix, Aegis merges this by itself. " :
		  "Please review and merge it, or close it. ");
	if (!w->is_asked_back)
		text_adds(&out, "The change it takes back was measured together with everything else that "
				"was deployed: if you know of another cause, close this pull request and "
				"Aegis leaves it at that.");
	text_adds(&out, "\n\n---\n");
	add_origin(&out, w);
	add_marker(&out, w);
	return text_str(&out);
}

/*
 * What a command in a comment is answered with: a line that says what became of it, the table of
 * commands, the explanation of a failure, and the last decision with its gates. All of it goes into the
 * one comment; nothing of what the person wrote is repeated.
 */
#include "bot/words_parts.h"

#include "bot/comment.h"

enum { WHY_MOST = 500, FACT_MOST = 80 };

/* What has to hold of the facts of a decision (bot/facts_json.h) for the way to go on. */
struct gate {
	const char *text, *fact;
	const char *good[3];
};
static const struct gate run_gates[] = {
	{ "the run is of the newest commit", "run", { "current" } },
	{ "Aegis may work here", "scope", { "open", "own branch" } },
	{ "the failure is understood, and no passing trouble", "diagnosis", { "real" } },
	{ "the failure is new here: not flaky, not on the base, not left to people", "history", { "new" } },
	{ "attempts are left", "attempts_left", { "yes" } },
	{0}
};
static const struct gate pull_gates[] = {
	{ "the run is still what the branch has", "run", { "current" } },
	{ "Aegis may work here", "scope", { "open" } },
	{ "nobody else has pushed to the branch of the fix", "branch", { "ours" } },
	{ "the pull request is open and no draft", "pull", { "open" } },
	{ "all checks are green on exactly its head", "checks", { "green" } },
	{ "GitHub says that it can be merged", "mergeable", { "yes" } },
	{ "nobody wants changes", "approval", { "none", "yes" } },
	{ "the settings allow a merge without a person", "autonomy", { "guarded", "autopilot" } },
	{ "the confidence is high", "tier", { "high" } },
	{ "the risk is low", "risk", { "LOW" } },
	{ "it was proven in a sandbox", "sandboxed", { "yes" } },
	{0}
};
static const struct gate deploy_gates[] = {
	{ "Aegis may work here", "scope", { "open" } },
	{ "somebody watches deployments", "watched", { "yes" } },
	{ "the deployment ended well, or there is none", "deploy", { "done", "none" } },
	{ "what is measured is as good as before", "window", { "watching", "held" } },
	{ "nothing is being taken back", "revert", { "none" } },
	{0}
};

static struct str fact_text(const json_t *facts, const char *name)
{
	const json_t *fact = json_at(facts, name);

	if (json_is_boolean(fact))
		return json_is_true(fact) ? STR("yes") : STR("no");
	return json_text_or(facts, name, STR_NONE);
}

static bool has_passed(const struct gate *gate, struct str fact)
{
	for (size_t i = 0; i < sizeof(gate->good) / sizeof(*gate->good) && gate->good[i]; i++)
		if (str_is(fact, gate->good[i]))
			return true;
	return false;
}

static const struct gate *gates_of(const json_t *facts)
{
	if (json_at(facts, "window"))
		return deploy_gates;
	return json_at(facts, "checks") ? pull_gates : run_gates;
}

static void add_gates(struct text *out, const json_t *facts)
{
	text_adds(out, "| gate | fact | passed |\n|---|---|---|\n");
	for (const struct gate *gate = gates_of(facts); gate->text; gate++) {
		struct str fact = fact_text(facts, gate->fact);

		if (!fact.size)
			continue;
		text_addf(out, "| %s | ", gate->text);
		text_add(out, words_code(out->arena, fact, FACT_MOST));
		text_addf(out, " | %s |\n", has_passed(gate, fact) ? "yes" : "**no**");
	}
	text_addc(out, '\n');
}

static void add_decision(struct text *out, const struct words *w)
{
	struct arena *a = out->arena;
	struct str action = json_text_or(w->decision, "facts.action", STR_NONE);

	text_adds(out, "### The last decision\n\n");
	if (!json_at(w->decision, "facts")) {
		text_adds(out, "Nothing was decided yet.\n\n");
		return;
	}
	text_adds(out, "From ");
	text_add(out, words_code(a, json_text_or(w->decision, "from", STR_NONE), FACT_MOST));
	text_adds(out, " to ");
	text_add(out, words_code(a, json_text_or(w->decision, "to", STR_NONE), FACT_MOST));
	if (action.size) {
		text_adds(out, " by the action ");
		text_add(out, words_code(a, action, FACT_MOST));
	}
	text_adds(out, ": ");
	text_add(out, words_safe(a, json_text_or(w->decision, "why", STR_NONE), WHY_MOST));
	text_adds(out, "\n\n");
	add_gates(out, json_at(w->decision, "facts"));
}

static void add_help(struct text *out)
{
	text_adds(out, "### Commands\n\nOn the first line of a new comment, by people who may write here:\n\n"
			"| command | what it does |\n|---|---|\n");
	for (enum comment_word word = COMMENT_FIX; word < COMMENT_WORDS; word++)
		text_addf(out, "| `/aegis %s%s` | %s |\n", comment_word_name(word),
			  word == COMMENT_FIX ? " [hint]" : "", comment_word_help(word));
	text_addc(out, '\n');
}

static void add_view(struct text *out, const struct words *w)
{
	enum comment_word view;

	if (!w->view || !comment_word_of(str_of(w->view), &view))
		return;
	if (view == COMMENT_HELP || view == COMMENT_MISTAKE)
		add_help(out);
	if (view == COMMENT_WHY)
		add_decision(out, w);
	if (view == COMMENT_EXPLAIN && (json_at(w->fix, "failure") || w->log.size)) {
		text_adds(out, "### What went wrong\n\n");
		words_add_failure(out, w);
	}
}

static void add_said(struct text *out, const struct words *w)
{
	enum comment_word word;

	if (!w->said || !comment_word_of(str_of(w->said), &word))
		return;
	if (word == COMMENT_MISTAKE)
		text_adds(out, "**The last comment for Aegis was not understood:** ");
	else
		text_addf(out, "**The last command was** `/aegis %s`: ", comment_word_name(word));
	text_add(out, words_safe(out->arena, str_of(w->said_why && *w->said_why ? w->said_why : "done"),
				 WHY_MOST));
	text_adds(out, ".\n\n");
}

void words_add_answer(struct text *out, const struct words *w)
{
	add_said(out, w);
	add_view(out, w);
}

const char *words_notice_marker(struct arena *a, uint64_t number)
{
	return arena_printf(a, "<!-- aegis:number=%llu -->", (unsigned long long)number);
}

struct str words_notice(struct arena *a, const struct notice *notice)
{
	const struct words words = { .said = notice->said, .said_why = notice->why,
				     .view = notice->view };
	struct text out = TEXT(a);

	words_add_answer(&out, &words);
	if (notice->is_paused)
		text_adds(&out, "Aegis is paused in this repository: it looks, and does nothing.\n\n");
	if (notice->open_incidents)
		text_addf(&out, "Open incidents in this repository: %zu.\n\n", notice->open_incidents);
	else
		text_adds(&out, "No incident is open in this repository.\n\n");
	text_addf(&out, "%s\n", words_notice_marker(a, notice->number));
	return text_str(&out);
}

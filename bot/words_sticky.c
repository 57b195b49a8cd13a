/*
 * The one comment on a pull request and the check run on the failing commit: where an incident
 * stands, what happens next, and what a person can do. A sentence of each for every stage, and help
 * for every reason to stop.
 */
#include "bot/words_parts.h"

enum { SENTENCE_MOST = 700, HISTORY_MOST = 10, NAME_MOST = 200, DIFF_MOST = 20000 };

struct stage_words {
	const char *state;
	const char *next, *person;
	bool names_pull;	/* our pull request stands behind the state */
};

static const char step_aside[] = "Push a fix of your own at any time: then Aegis steps aside.";
static const char take_over[] = "Review it; close it to say no; push to its branch to take it over.";

static const struct stage_words stages[STAGE_COUNT] = {
	[STAGE_TRIGGERED] = { "A run failed, and Aegis looks at it", "It reads the logs.", step_aside,
			      false },
	[STAGE_INVESTIGATING] = { "Aegis reads the logs of the failed run",
				  "It settles what went wrong.", step_aside, false },
	[STAGE_HYPOTHESIS_RECEIVED] = { "Aegis knows what went wrong",
					"It fetches the commit.", step_aside, false },
	[STAGE_CONTEXT_RETRIEVED] = { "Aegis has the commit at hand",
				      "It looks for a fix.", step_aside, false },
	[STAGE_SYNTHESIZING] = { "Aegis looks for a fix",
				 "A fix that is found is tried with the failed command.", step_aside,
				 false },
	[STAGE_EXECUTING] = { "Aegis tries a fix",
			      "A fix that makes the failure go away is scored.", step_aside, false },
	[STAGE_VERIFYING] = { "Aegis has tried a fix and scores it",
			      "A proven fix becomes a pull request.", step_aside, false },
	[STAGE_AWAITING_APPROVAL] = { "A fix waits for a person", "Its checks are green.", take_over,
				      true },
	[STAGE_PROPOSED] = { "A fix is proposed", "Its checks have to pass.", take_over, true },
	[STAGE_MERGED] = { "The fix is merged", "Aegis waits for the deployment.",
			   "Nothing has to be done.", true },
	[STAGE_MONITORING] = { "The fix is merged and watched",
			       "When the deployment gets worse, Aegis opens a revert.",
			       "Nothing has to be done.", true },
	[STAGE_RESOLVED] = { "Resolved: the fix held", "Nothing more.", NULL, true },
	[STAGE_ESCALATED] = { "A person has to look at this", "Aegis does nothing more here.", NULL,
			      false },
	[STAGE_REVERTED] = { "The fix was taken back", "The failure it mended may come back.",
			     "It needs a fix by a person.", true },
	[STAGE_SUPERSEDED] = { "No longer needed: a newer commit or a person took care of it",
			       "Nothing more.", NULL, false },
	[STAGE_REJECTED] = { "A person said no, and Aegis leaves it", "Nothing more.", NULL, true },
};

static const char *const help[REASON_COUNT] = {
	[REASON_FORK] = "Mend it in the fork.",
	[REASON_OWN_WORK] = "Look at the last failed run of the branch, then mend it there or close the "
			    "pull request.",
	[REASON_NO_ACCESS] = "Look at the permissions of the App and at the rules of the branch.",
	[REASON_UNREAD] = "Open the failed run: the step that failed may say more than its log.",
	[REASON_OUTSIDE] = "Look at what is named here: a workflow file, a runner, or another system.",
	[REASON_TRANSIENT] = "Run the failed jobs again later. If they stay red, look at the service that "
			     "the log names.",
	[REASON_FLAKY] = "Make the test reliable; a change of the code would be a guess.",
	[REASON_BASE_RED] = "Mend the base branch first, then bring this one up to date.",
	[REASON_DRIFT] = "Look at what changed outside: versions of dependencies, the runner's image.",
	[REASON_NO_FIX] = "Mend it by hand; what was looked at is listed here.",
	[REASON_FIX_BROKEN] = "Look at the machine that Aegis runs on: `aegis doctor` says what it lacks.",
	[REASON_ATTEMPTS] = "Mend it by hand; the attempts are listed here.",
	[REASON_UNSEEN] = "Look at what the runner has and a plain checkout has not: variables, services, "
			  "versions.",
	[REASON_MERGE_CONFLICT] = "Bring the branch up to date by hand, or close the pull request.",
	[REASON_BRANCH_TAKEN] = "Rename or remove that branch if nobody needs it.",
	[REASON_CHECKS_STUCK] = "See whether the checks wait for an approval or for a runner.",
	[REASON_CONFLICT] = "Revert it by hand, or mend what got worse.",
	[REASON_DEPLOY_FAILED] = "Look at the log of the deployment.",
	[REASON_UNMEASURED] = "Look at the deployment yourself, and at why there were no measurements.",
	[REASON_REVERT_REFUSED] = "Keep an eye on the deployment: Aegis does not ask again.",
};

static enum stage stage_of_words(const struct words *w)
{
	return w->incident->stage < STAGE_COUNT ? w->incident->stage : STAGE_TRIGGERED;
}

static const char *help_of(const struct words *w)
{
	if (stage_of_words(w) == STAGE_ESCALATED)
		return w->reason < REASON_COUNT && help[w->reason] ? help[w->reason] : "Open the failed run.";
	return stages[stage_of_words(w)].person;
}

static void add_state(struct text *out, const struct words *w)
{
	const struct stage_words *stage = &stages[stage_of_words(w)];

	/* What nobody watched is not said to have held. */
	if (stage_of_words(w) == STAGE_RESOLVED && !w->window_why)
		text_adds(out, "**Resolved: the fix is merged");
	else
		text_addf(out, "**%s", stage->state);
	if (stage->names_pull && w->incident->pull > 0) {
		text_adds(out, ": ");
		words_add_pull(out, w, (uint64_t)w->incident->pull);
	}
	text_adds(out, ".**");
	if (stage_of_words(w) == STAGE_ESCALATED && w->reason && w->reason < REASON_COUNT)
		text_addf(out, " The reason: %s.", reason_text(w->reason));
	text_adds(out, "\n\n");
}

static void add_item(struct text *out, const char *name, struct str markdown)
{
	if (!markdown.size)
		return;
	text_addf(out, "- **%s:** ", name);
	text_add(out, markdown);
	text_addc(out, '\n');
}

static struct str broke(struct arena *a, const struct words *w)
{
	struct text out = TEXT(a);

	if (json_at(w->fix, "failure"))
		words_add_broke(&out, w);
	return text_str(&out);
}

static struct str seen(struct arena *a, const struct words *w)
{
	struct text out = TEXT(a);

	words_add_run(&out, w);
	text_adds(&out, " on ");
	text_add(&out, words_code(a, str_of(w->incident->branch), NAME_MOST));
	if (words_is_hex(w->head, 40)) {
		text_adds(&out, " at ");
		words_add_commit(&out, w, w->head);
	}
	return text_str(&out);
}

static struct str proposed(struct arena *a, const struct words *w)
{
	struct text out = TEXT(a);

	if (!json_at(w->fix, "verification.after"))
		return STR_NONE;
	words_add_changed(&out, w);
	return text_str(&out);
}

static struct str proof(struct arena *a, const struct words *w)
{
	struct text out = TEXT(a), sure = TEXT(a);

	if (!json_at(w->fix, "verification.after"))
		return STR_NONE;
	words_add_proven(&out, w);
	words_add_sure(&sure, w);
	if (sure.size) {
		text_adds(&out, "; confidence ");
		text_add(&out, text_str(&sure));
	}
	return text_str(&out);
}

/* Why nothing was made, or what the store says of the stage. */
static struct str why(struct arena *a, const struct words *w)
{
	struct str text = str_of(w->incident->why);

	if (stage_of_words(w) == STAGE_ESCALATED && str_is(words_fix_text(w, "action"), "escalate") &&
	    words_fix_text(w, "why").size)
		text = words_fix_text(w, "why");
	if (w->reason < REASON_COUNT && str_is(text, reason_text(w->reason)))
		return STR_NONE;	/* it stands in the first line */
	return words_safe(a, text, SENTENCE_MOST);
}

static struct str measured(struct arena *a, const struct words *w)
{
	struct str text = words_safe(a, str_of(w->window_why), SENTENCE_MOST);
	struct text out = TEXT(a);

	if (!text.size)
		return STR_NONE;
	text_add(&out, text);
	if (w->confidence >= 0)
		text_addf(&out, " (confidence %.2f)", w->confidence);
	return text_str(&out);
}

static struct str revert(struct arena *a, const struct words *w)
{
	struct text out = TEXT(a);

	if (w->revert_pull)
		words_add_pull(&out, w, w->revert_pull);
	return text_str(&out);
}

static struct str next(struct arena *a, const struct words *w)
{
	const enum stage stage = stage_of_words(w);
	const char *more = "";

	if (stage == STAGE_PROPOSED)
		more = w->will_merge ? " When all are green, Aegis merges it by itself." :
				       " When all are green, a person has to merge it.";
	return str_of(arena_printf(a, "%s%s", stages[stage].next, more));
}

static struct str settings(struct arena *a, const struct words *w)
{
	struct str text = words_safe(a, str_of(w->settings_trouble), SENTENCE_MOST);

	if (!text.size)
		return STR_NONE;
	return str_of(arena_printf(a, "%.*s. Until that is mended, Aegis merges nothing", STR_ARG(text)));
}

static void add_items(struct text *out, const struct words *w)
{
	struct arena *a = out->arena;

	add_item(out, "Where", seen(a, w));
	add_item(out, "What broke", broke(a, w));
	add_item(out, "Why", why(a, w));
	add_item(out, "The fix", proposed(a, w));
	add_item(out, "Proof", proof(a, w));
	add_item(out, "Measured after the deployment", measured(a, w));
	add_item(out, "Revert", revert(a, w));
	add_item(out, "Settings that cannot be read", settings(a, w));
	add_item(out, "Next", next(a, w));
	add_item(out, "What you can do", str_of(help_of(w)));
	text_addc(out, '\n');
}

static void add_history(struct text *out, const struct words *w)
{
	size_t first = w->history_count > HISTORY_MOST ? w->history_count - HISTORY_MOST : 0;

	if (!w->history_count)
		return;
	text_adds(out, "### Earlier attempts\n\n");
	if (first)
		text_addf(out, "- the first %zu are left out\n", first);
	for (size_t i = first; i < w->history_count; i++) {
		text_adds(out, "- ");
		text_add(out, words_safe(out->arena, w->history[i], SENTENCE_MOST));
		text_addc(out, '\n');
	}
	text_addc(out, '\n');
}

static void add_end(struct text *out, const struct words *w)
{
	text_adds(out, "Incident ");
	text_add(out, words_code(out->arena, str_of(w->incident->id), 64));
	if (w->attempt > 0 && w->attempts_most > 0)
		text_addf(out, ", attempt %lld of %lld", (long long)w->attempt,
			  (long long)w->attempts_most);
	text_addf(out, ".\n\n%s\n", words_marker(out->arena, w->incident->id));
}

struct str words_sticky(struct arena *a, const struct words *w)
{
	struct text out = TEXT(a);

	add_state(&out, w);
	add_items(&out, w);
	words_add_answer(&out, w);
	add_history(&out, w);
	words_add_tried(&out, w);
	add_end(&out, w);
	return text_str(&out);
}

struct str words_check_title(struct arena *a, const struct words *w)
{
	const struct stage_words *stage = &stages[stage_of_words(w)];
	struct text out = TEXT(a);

	text_adds(&out, stage->state);
	if (stage->names_pull && w->incident->pull > 0)
		text_addf(&out, " in pull request %lld", (long long)w->incident->pull);
	if (json_at(w->fix, "failure")) {
		text_adds(&out, " (");
		text_add(&out, words_plain(a, words_what(a, w), 120));
		text_addc(&out, ')');
	}
	return words_plain(a, text_str(&out), WORDS_TITLE_MOST);
}

/* A proven fix that has no pull request, for example because the App may not touch workflows. */
static void add_unsent(struct text *out, const struct words *w)
{
	struct str diff = words_fix_text(w, "diff");

	if (stage_of_words(w) != STAGE_ESCALATED || w->incident->pull || !words_fix_text(w, "commit").size ||
	    !diff.size)
		return;
	text_adds(out, "### The fix, to be applied by hand\n\n");
	text_add(out, words_fenced(out->arena, diff, DIFF_MOST));
	text_addc(out, '\n');
}

struct str words_check_summary(struct arena *a, const struct words *w)
{
	struct text out = TEXT(a);

	add_state(&out, w);
	add_items(&out, w);
	if (json_at(w->fix, "failure") || w->log.size) {
		text_adds(&out, "### The failure\n\n");
		words_add_failure(&out, w);
	}
	add_unsent(&out, w);
	add_history(&out, w);
	words_add_tried(&out, w);
	words_add_list(&out, w, "What stays red", "remains");
	words_add_list(&out, w, "Notes", "notes");
	add_end(&out, w);
	return text_str(&out);
}

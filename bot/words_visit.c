/*
 * The step's summary of a visit in GitHub Actions, and its one sentence. What a log, a file's name or
 * a model says in it goes through the sanitiser; what is ours is said plainly.
 */
#include "bot/action_words.h"

#include "bot/words_parts.h"

enum { SENTENCE_MOST = 700, NAME_MOST = 200, DIFF_MOST = 20000 };

const char *action_limits(const struct action_order *order)
{
	if (!order->is_job_token)
		return NULL;
	return "This was opened with the job's own `GITHUB_TOKEN`: GitHub starts no workflow runs for it, or "
	       "holds them until somebody with write access approves them. To get its checks, approve "
	       "them, or close this pull request and open it again. The token of a GitHub App as the step's `token` "
	       "starts them by itself.";
}

void action_words(const struct action_order *order, const struct answer *answer, const json_t *fix,
		  const char *branch, struct arena *a, struct incident *incident, struct words *words)
{
	*incident = (struct incident){
		.id = answer->incident ? answer->incident : "",
		.signature = answer->failure ? answer->failure->signature : "",
		.family = "", .repository = "", .why = "", .base_sha = "", .head_sha = "",
		.fix_commit = "", .merge_sha = "", .branch = branch ? branch : "",
		.stage = STAGE_PROPOSED, .facts = STR("{}"),
	};
	*words = (struct words){ .incident = incident, .fix = fix, .confidence = -1,
				 .next = action_limits(order) };
	if (order->owner)
		words->web_url = arena_printf(a, "%s/%s/%s", order->server_url ? order->server_url
					      : "https://github.com", order->owner, order->name);
	if (order->owner && (order->event.run || order->run))
		words->run_url = arena_printf(a, "%s/actions/runs/%llu", words->web_url,
					      (unsigned long long)(order->event.run ? order->event.run
										    : order->run));
}

static bool has_patch(const struct action_result *result)
{
	return result->answer.patch && result->answer.patch->count && result->answer.verification &&
	       strcmp(result->answer.action, "escalate") != 0;
}

/* What came of it, in words of our own. */
static const char *state_of(const struct action_order *order, const struct action_result *result)
{
	const char *action = result->answer.action;

	if (result->trouble && !result->fix)
		return "Aegis could not do its work here";
	if (!action)
		return "Nothing is red here: there is nothing to fix";
	if (result->plan.mode == ACTION_EXPLAIN)
		return "What went wrong";
	if (!strcmp(action, "rerun"))
		return "Run it again before changing anything";
	if (!has_patch(result))
		return "No fix is safe here: a person has to look";
	switch (result->sent.end) {
	case END_OPENED:
		return "A fix is proposed";
	case END_THERE:
		return "A fix was proposed before";
	case END_NOTHING:
	case END_UNSENT:
		break;
	}
	return order->dry_run && result->plan.mode == ACTION_FIX ? "A dry run: this fix would be proposed"
								 : "A proven fix, to be applied";
}

struct str words_visit_line(struct arena *a, const struct action_order *order,
			    const struct action_result *result)
{
	struct text out = TEXT(a);

	text_adds(&out, state_of(order, result));
	if (result->sent.end == END_OPENED || result->sent.end == END_THERE)
		text_addf(&out, " in pull request %llu", (unsigned long long)result->sent.pull);
	if (result->trouble)
		text_addf(&out, ": %s", result->trouble);
	else if (result->sent.why || result->plan.why)
		text_addf(&out, "; not pushed: %s", result->sent.why ? result->sent.why : result->plan.why);
	return text_str(&out);
}

static void add_item(struct text *out, const char *name, struct str markdown)
{
	if (!markdown.size)
		return;
	text_addf(out, "- **%s:** ", name);
	text_add(out, markdown);
	text_addc(out, '\n');
}

static struct str safe(struct arena *a, const char *text)
{
	return words_safe(a, str_of(text), SENTENCE_MOST);
}

static struct str made(struct arena *a, const struct words *w,
		       void (*add)(struct text *out, const struct words *w))
{
	struct text out = TEXT(a);

	add(&out, w);
	return text_str(&out);
}

static struct str branches(struct arena *a, const struct action_result *result)
{
	struct text out = TEXT(a);

	text_adds(&out, "it would be pushed to ");
	text_add(&out, words_code(a, str_of(arena_printf(a, "aegis/fix-%s", result->answer.incident)),
				  NAME_MOST));
	text_adds(&out, " and opened as a draft into ");
	text_add(&out, words_code(a, str_of(result->plan.branch), NAME_MOST));
	return text_str(&out);
}

static void add_sent(struct text *out, const struct words *w, const struct action_order *order,
		     const struct action_result *result)
{
	const struct action_sent *sent = &result->sent;
	struct arena *a = out->arena;

	if (sent->end == END_OPENED || sent->end == END_THERE) {
		text_adds(out, "- **Pull request:** ");
		words_add_pull(out, w, sent->pull);
		text_addc(out, '\n');
	}
	if (sent->end == END_OPENED && action_limits(order))
		add_item(out, "Its checks", str_of(action_limits(order)));
	if (sent->checks)
		add_item(out, "Seen", str_of(sent->checks));
	if (sent->end == END_NOTHING && order->dry_run && result->plan.mode == ACTION_FIX &&
	    has_patch(result))
		add_item(out, "Dry run", branches(a, result));
	add_item(out, "Not pushed", safe(a, sent->why ? sent->why : result->plan.why));
	if (sent->removed)
		add_item(out, "Taken back", STR("the branch that was pushed for it"));
	add_item(out, "Trouble", safe(a, result->trouble));
}

static void add_patch(struct text *out, const struct action_result *result)
{
	struct str diff = patch_diff(result->answer.patch, out->arena);

	text_adds(out, "### The fix\n\n");
	if (result->patch_file)
		text_addf(out, "`git apply aegis.patch` takes it; the file is in the artifact "
			  "`aegis-patch-%s` of this run.\n\n", result->answer.incident);
	text_add(out, words_fenced(out->arena, diff, DIFF_MOST));
	text_adds(out, "\n\n");
}

struct str words_visit(struct arena *a, const struct words *w, const struct action_order *order,
		       const struct action_result *result)
{
	const bool fixed = has_patch(result) && result->plan.mode != ACTION_EXPLAIN;
	struct text out = TEXT(a);

	text_addf(&out, "## Aegis: %s\n\n", state_of(order, result));
	if (json_at(w->fix, "failure"))
		add_item(&out, "What broke", made(a, w, words_add_broke));
	if (fixed) {
		add_item(&out, "What changed", made(a, w, words_add_changed));
		add_item(&out, "Proof", made(a, w, words_add_proven));
		add_item(&out, "How sure", made(a, w, words_add_sure));
	} else if (result->plan.mode != ACTION_EXPLAIN) {
		add_item(&out, "Why", safe(a, result->answer.why));
	}
	add_sent(&out, w, order, result);
	text_addc(&out, '\n');
	if (fixed)
		add_patch(&out, result);
	if (json_at(w->fix, "failure")) {
		text_adds(&out, "### The failure\n\n");
		words_add_failure(&out, w);
	}
	words_add_tried(&out, w);
	words_add_list(&out, w, "What stays red", "remains");
	words_add_list(&out, w, "Notes", "notes");
	return text_str(&out);
}

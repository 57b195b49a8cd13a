/*
 * What a command in a comment is answered with, raw and rendered: whatever the comment said, and whatever
 * the decision's texts hold, nothing of it means anything to GitHub.
 */
#include "tests/unit.h"
#include "tests/words_unit.h"

#include "bot/comment.h"
#include "tests/words_render.h"

static void check(struct str markdown, struct str source, struct arena *a)
{
	const char *trouble = raw_trouble(markdown, a);

	if (trouble)
		fail_msg("%s, from %.*s:\n%.*s", trouble, STR_ARG(source), STR_ARG(markdown));
	if (can_render())
		check_render(markdown, source);
}

static json_t *hostile_decision(struct str text, unsigned part)
{
	static const char *const parts[] = { "run", "checks", "window" };
	json_t *s = json_string_of(text);
	json_t *facts = json_pack("{s:O, s:O, s:O, s:O, s:O}", "action", s, "scope", s, parts[part], s,
				  "tier", s, "history", s);

	json_object_set_new(facts, "attempts_left", json_false());
	return json_pack("{s:O, s:O, s:o, s:o}", "from", s, "to", s, "why", s, "facts", facts);
}

/* The answer to each word, with every text that the decision and the refusal hold an attack. */
static void test_hostile_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ATTACKS; i++)
		for (enum comment_word word = COMMENT_MISTAKE; word < COMMENT_WORDS; word++) {
			ARENA a = {0};
			struct str attack = str_of(attacks[i]);
			JSON *fix = hostile_fix(attack);
			JSON *decision = hostile_decision(attack, (unsigned)(i % 3));
			struct incident incident;
			struct words w;

			hostile_words(&attack, fix, &incident, &w);
			incident.stage = (enum stage)((i + (size_t)word) % STAGE_COUNT);
			w.said = comment_word_name(word);
			w.said_why = attacks[i];
			w.view = word % 2 ? comment_word_name(word) : attacks[i];
			w.decision = decision;
			if (i % 14 == (size_t)word || word == COMMENT_WHY)
				check(words_sticky(&a, &w), attack, &a);
		}
}

/* What people write goes through the grammar; what is refused of it is named in our words. */
static void test_hostile_comments(void **state)
{
	static const char *const forms[] = { "/aegis %s", "/aegis fix %s", "/aegis status %s", "%s" };

	(void)state;
	for (size_t i = 0; i < ATTACKS; i++)
		for (size_t form = 0; form < sizeof(forms) / sizeof(*forms); form++) {
			ARENA a = {0};
			struct text body = TEXT(&a);
			struct str head, tail;
			struct comment_command command;
			struct notice notice = { .number = 12, .is_paused = form % 2, .open_incidents = i };

			assert_true(str_split(str_of(forms[form]), "%s", &head, &tail));
			text_add(&body, head);
			text_adds(&body, attacks[i]);
			command = comment_read(text_str(&body), &a);
			if (command.word == COMMENT_NONE)
				continue;
			notice.said = notice.view = comment_word_name(command.word);
			notice.why = command.trouble;
			check(words_notice(&a, &notice), text_str(&body), &a);
			/* A word of the comment in the answer would be one that we did not choose. */
			if (strlen(attacks[i]) > 8)
				assert_false(str_has(words_notice(&a, &notice), attacks[i]));
		}
}

static void test_views(void **state)
{
	ARENA a = {0};
	JSON *decision = json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s, s:b, s:s}}", "from", "PROPOSED",
				   "to", "AWAITING_APPROVAL", "why", "a person decides", "facts", "action",
				   "ask", "checks", "green", "risk", "HIGH", "autonomy", "guarded",
				   "sandboxed", 1, "scope", "open");
	const struct incident incident = { .id = "0123456789ab", .branch = "main", .why = "",
					   .merge_sha = "", .stage = STAGE_AWAITING_APPROVAL };
	struct words w = { .incident = &incident, .confidence = -1, .said = "why", .said_why = "",
			   .view = "why", .decision = decision };
	struct str text = words_sticky(&a, &w);

	(void)state;
	assert_true(str_has(text, "**The last command was** `/aegis why`: done."));
	assert_true(str_has(text, "From `PROPOSED` to `AWAITING_APPROVAL` by the action `ask`"));
	assert_true(str_has(text, "| the risk is low | `HIGH` | **no** |"));
	assert_true(str_has(text, "| it was proven in a sandbox | `yes` | yes |"));
	assert_false(str_has(text, "### Commands"));
	w.view = "help";
	text = words_sticky(&a, &w);
	for (enum comment_word word = COMMENT_FIX; word < COMMENT_WORDS; word++)
		assert_true(str_has(text, arena_printf(&a, "| `/aegis %s", comment_word_name(word))));
	assert_false(str_has(text, "### The last decision"));
	/* The front of no line is a command for another bot, or for us. */
	assert_false(str_has(text, "\n/aegis"));
	w.said = NULL;
	w.view = NULL;
	assert_false(str_has(words_sticky(&a, &w), "last command"));
	assert_string_equal(words_notice_marker(&a, 12), "<!-- aegis:number=12 -->");
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_hostile_answers), cmocka_unit_test(test_hostile_comments),
		cmocka_unit_test(test_views),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}

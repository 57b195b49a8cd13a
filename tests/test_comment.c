/* Commands in comments: what is one, and what becomes of it, over all facts. */
#include "tests/unit.h"

#include "bot/comment.h"

struct sample {
	const char *body;
	enum comment_word word;
	const char *hint;
};

static const struct sample samples[] = {
	{ "/aegis fix", COMMENT_FIX, "" },
	{ "/aegis explain", COMMENT_EXPLAIN, "" },
	{ "/aegis why", COMMENT_WHY, "" },
	{ "/aegis retry", COMMENT_RETRY, "" },
	{ "/aegis approve", COMMENT_APPROVE, "" },
	{ "/aegis reject", COMMENT_REJECT, "" },
	{ "/aegis revert", COMMENT_REVERT, "" },
	{ "/aegis undo", COMMENT_UNDO, "" },
	{ "/aegis pause", COMMENT_PAUSE, "" },
	{ "/aegis resume", COMMENT_RESUME, "" },
	{ "/aegis status", COMMENT_STATUS, "" },
	{ "/aegis help", COMMENT_HELP, "" },
	/* where it may stand */
	{ "/aegis help\n", COMMENT_HELP, "" },
	{ "/aegis help\r\n", COMMENT_HELP, "" },
	{ "\n\n/aegis help", COMMENT_HELP, "" },
	{ " \t\r\n\r\n/aegis help\r\nmore", COMMENT_HELP, "" },
	{ "\r/aegis help\rmore", COMMENT_HELP, "" },
	{ "/aegis approve\n\nI read it all.\n\n/aegis reject", COMMENT_APPROVE, "" },
	{ "/aegis approve\n> /aegis reject", COMMENT_APPROVE, "" },
	/* blanks */
	{ "/aegis   status", COMMENT_STATUS, "" },
	{ "/aegis\tstatus \t ", COMMENT_STATUS, "" },
	{ "/aegis status   \nmore", COMMENT_STATUS, "" },
	/* hints */
	{ "/aegis fix the list may be empty", COMMENT_FIX, "the list may be empty" },
	{ "/aegis fix  a \t b  ", COMMENT_FIX, "a b" },
	{ "/aegis fix na\xc3\xafve caf\xc3\xa9", COMMENT_FIX, "na\xc3\xafve caf\xc3\xa9" },
	{ "/aegis fix `len(x) == 0`\nand more below", COMMENT_FIX, "`len(x) == 0`" },
	{ "/aegis fix /aegis approve", COMMENT_FIX, "/aegis approve" },
	{ "/aegis fix <details>", COMMENT_FIX, "<details>" },
	{ "/aegis fix a\xe2\x80\x8b" "b", COMMENT_MISTAKE, "" },		/* zero width space */
	{ "/aegis fix a\xe2\x80\xae" "b", COMMENT_MISTAKE, "" },		/* right to left override */
	{ "/aegis fix \xf3\xa0\x81\xa1", COMMENT_MISTAKE, "" },		/* tag */
	{ "/aegis fix \xef\xbb\xbf", COMMENT_MISTAKE, "" },			/* byte order mark */
	{ "/aegis fix a\x01" "b", COMMENT_MISTAKE, "" },
	{ "/aegis fix a\x1b[2K", COMMENT_MISTAKE, "" },
	{ "/aegis fix a\x7f", COMMENT_MISTAKE, "" },
	{ "/aegis fix \xc3\x28", COMMENT_MISTAKE, "" },			/* no UTF-8 */
	{ "/aegis fix \xed\xa0\x80", COMMENT_MISTAKE, "" },			/* a surrogate */
	{ "/aegis fix \xe2\x80\xa8x", COMMENT_MISTAKE, "" },		/* line separator */
	{ "/aegis fix it <!-- and merge it -->", COMMENT_MISTAKE, "" },
	{ "/aegis fix -->", COMMENT_MISTAKE, "" },
	/* meant as one */
	{ "/aegis", COMMENT_MISTAKE, "" },
	{ "/aegis  \n", COMMENT_MISTAKE, "" },
	{ "/aegis\nfix", COMMENT_MISTAKE, "" },
	{ "/aegis Fix", COMMENT_MISTAKE, "" },
	{ "/aegis FIX", COMMENT_MISTAKE, "" },
	{ "/aegis fixit", COMMENT_MISTAKE, "" },
	{ "/aegis fix-", COMMENT_MISTAKE, "" },
	{ "/aegis none", COMMENT_MISTAKE, "" },
	{ "/aegis mistake", COMMENT_MISTAKE, "" },
	{ "/aegis merge", COMMENT_MISTAKE, "" },
	{ "/aegis approve please", COMMENT_MISTAKE, "" },
	{ "/aegis status status", COMMENT_MISTAKE, "" },
	{ "/aegis approve;reject", COMMENT_MISTAKE, "" },
	{ "/aegis approve \xe2\x80\x8b", COMMENT_MISTAKE, "" },
	{ "/aegis \xd0\xb0pprove", COMMENT_MISTAKE, "" },			/* Cyrillic a */
	{ "/aegis \xef\xbd\x86ix", COMMENT_MISTAKE, "" },			/* fullwidth f */
	{ "/aegis \xc2\xa0status", COMMENT_MISTAKE, "" },			/* no-break space */
	{ "/aegis <!-- --> approve", COMMENT_MISTAKE, "" },
	{ "/aegis status <!-- hidden -->", COMMENT_MISTAKE, "" },
	/* none */
	{ "", COMMENT_NONE, "" },
	{ "\n\n  \n", COMMENT_NONE, "" },
	{ "Looks good", COMMENT_NONE, "" },
	{ "please /aegis fix", COMMENT_NONE, "" },
	{ "Thanks\n/aegis approve", COMMENT_NONE, "" },
	{ " /aegis approve", COMMENT_NONE, "" },
	{ "\t/aegis approve", COMMENT_NONE, "" },
	{ "    /aegis approve", COMMENT_NONE, "" },
	{ "> /aegis approve", COMMENT_NONE, "" },
	{ ">/aegis approve", COMMENT_NONE, "" },
	{ "On Monday bob wrote:\n> /aegis approve", COMMENT_NONE, "" },
	{ "```\n/aegis approve\n```", COMMENT_NONE, "" },
	{ "~~~\n/aegis approve\n~~~", COMMENT_NONE, "" },
	{ "`/aegis approve`", COMMENT_NONE, "" },
	{ "<!-- /aegis approve -->", COMMENT_NONE, "" },
	{ "<!--\n/aegis approve\n-->", COMMENT_NONE, "" },
	{ "<!-- x -->\n/aegis approve", COMMENT_NONE, "" },
	{ "<details>\n/aegis approve\n</details>", COMMENT_NONE, "" },
	{ "- /aegis approve", COMMENT_NONE, "" },
	{ "1. /aegis approve", COMMENT_NONE, "" },
	{ "# /aegis approve", COMMENT_NONE, "" },
	{ "**/aegis approve**", COMMENT_NONE, "" },
	{ "[x]: /aegis approve", COMMENT_NONE, "" },
	{ "\\/aegis approve", COMMENT_NONE, "" },
	{ "&#47;aegis approve", COMMENT_NONE, "" },
	{ "@aegis approve", COMMENT_NONE, "" },
	{ "/aegisapprove", COMMENT_NONE, "" },
	{ "/aegis: approve", COMMENT_NONE, "" },
	{ "/aegis-bot approve", COMMENT_NONE, "" },
	{ "/Aegis approve", COMMENT_NONE, "" },
	{ "/AEGIS approve", COMMENT_NONE, "" },
	{ "//aegis approve", COMMENT_NONE, "" },
	{ "/ aegis approve", COMMENT_NONE, "" },
	{ "\xef\xbb\xbf/aegis approve", COMMENT_NONE, "" },
	{ "\xe2\x80\x8b/aegis approve", COMMENT_NONE, "" },
	{ "\xe2\x80\x8b\n/aegis approve", COMMENT_NONE, "" },
	{ "\x0b\n/aegis approve", COMMENT_NONE, "" },
	{ "/aegis\xe2\x80\x8b approve", COMMENT_NONE, "" },
	{ "/aegis\xc2\xa0" "approve", COMMENT_NONE, "" },
	{ "/\xd0\xb0" "egis approve", COMMENT_NONE, "" },
	{ "\xef\xbc\x8f" "aegis approve", COMMENT_NONE, "" },
	{ "/aeg\xc4\xb1s approve", COMMENT_NONE, "" },
	{ "\xe2\x80\xae/aegis approve", COMMENT_NONE, "" },
};

static void grammar(void **state)
{
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct comment_command got = comment_read(str_of(samples[i].body), &a);

		if (got.word != samples[i].word || !str_is(got.hint, samples[i].hint))
			fail_msg("%zu \"%s\": %s \"%.*s\"", i, samples[i].body,
				 comment_word_name(got.word), STR_ARG(got.hint));
		assert_true((got.word == COMMENT_MISTAKE) == (got.trouble != NULL));
	}
}

static void hint_is_bounded(void **state)
{
	ARENA a = {0};
	struct text body = TEXT(&a);

	(void)state;
	text_adds(&body, "/aegis fix ");
	for (int i = 0; i < COMMENT_HINT_MOST; i++)
		text_addc(&body, 'x');
	assert_int_equal(comment_read(text_str(&body), &a).hint.size, COMMENT_HINT_MOST);
	text_adds(&body, "   \t");
	assert_int_equal(comment_read(text_str(&body), &a).word, COMMENT_FIX);
	text_addc(&body, 'x');
	assert_int_equal(comment_read(text_str(&body), &a).word, COMMENT_MISTAKE);
	/* A NUL is no blank and no end. */
	assert_int_equal(comment_read((struct str){ "/aegis\0fix", 10 }, &a).word, COMMENT_NONE);
	assert_int_equal(comment_read((struct str){ "/aegis fix\0", 11 }, &a).word, COMMENT_MISTAKE);
}

static void names(void **state)
{
	(void)state;
	for (enum comment_word word = 0; word < COMMENT_WORDS; word++) {
		enum comment_word again = COMMENT_WORDS;

		assert_true(comment_word_of(str_of(comment_word_name(word)), &again) && again == word);
		assert_true((word >= COMMENT_FIX) == (comment_word_help(word)[0] != '\0'));
	}
	for (enum comment_act act = 0; act < COMMENT_ACTS; act++)
		assert_true(strlen(comment_act_name(act)) > 2);
}

/* The next digit of a number in mixed radix. */
static unsigned digit(unsigned long *n, unsigned radix)
{
	unsigned value = (unsigned)(*n % radix);

	*n /= radix;
	return value;
}

enum { FACTS = (COMMENT_WORDS - 1) * 2 * 2 * 2 * COMMENT_PLACES * COMMENT_HEADS * 2 *
	       (STAGE_COUNT + 1) * COMMENT_PULLS * 2 * 2 * 2 };

static struct comment_facts facts_of(unsigned long n)
{
	struct comment_facts f;
	unsigned stage;

	f.word = COMMENT_NONE + 1 + digit(&n, COMMENT_WORDS - 1);
	f.is_person = digit(&n, 2);
	f.may_write = digit(&n, 2);
	f.is_edited = digit(&n, 2);
	f.place = digit(&n, COMMENT_PLACES);
	f.head = digit(&n, COMMENT_HEADS);
	f.is_paused = digit(&n, 2);
	stage = digit(&n, STAGE_COUNT + 1);
	f.has_incident = stage < STAGE_COUNT;
	f.stage = f.has_incident ? stage : STAGE_TRIGGERED;
	f.pull = digit(&n, COMMENT_PULLS);
	f.attempts_left = digit(&n, 2);
	f.may_approve = digit(&n, 2);
	f.is_reverting = digit(&n, 2);
	return f;
}

/* What may come of a word at all. */
static bool fits(enum comment_word word, enum comment_act act)
{
	static const unsigned acts[COMMENT_WORDS] = {
		[COMMENT_FIX] = 1u << COMMENT_WAKE | 1u << COMMENT_WAIT_ANEW | 1u << COMMENT_MAKE_ANEW |
				1u << COMMENT_NOTE_HINT | 1u << COMMENT_LOOK,
		[COMMENT_RETRY] = 1u << COMMENT_WAKE | 1u << COMMENT_WAIT_ANEW | 1u << COMMENT_MAKE_ANEW,
		[COMMENT_EXPLAIN] = 1u << COMMENT_ANSWER, [COMMENT_WHY] = 1u << COMMENT_ANSWER,
		[COMMENT_STATUS] = 1u << COMMENT_ANSWER, [COMMENT_HELP] = 1u << COMMENT_ANSWER,
		[COMMENT_APPROVE] = 1u << COMMENT_SET_APPROVED,
		[COMMENT_REJECT] = 1u << COMMENT_SET_REJECTED,
		[COMMENT_REVERT] = 1u << COMMENT_TAKE_BACK, [COMMENT_UNDO] = 1u << COMMENT_TAKE_BACK,
		[COMMENT_PAUSE] = 1u << COMMENT_SET_PAUSED, [COMMENT_RESUME] = 1u << COMMENT_SET_RESUMED,
	};

	return acts[word] >> act & 1;
}

static void is_safe(const struct comment_facts *f, enum comment_act act)
{
	const bool changes = act != COMMENT_IGNORE && act != COMMENT_REFUSE && act != COMMENT_ANSWER &&
			     act != COMMENT_SET_PAUSED && act != COMMENT_SET_RESUMED;

	if (!changes)
		return;
	assert_true(f->head != COMMENT_HEAD_MOVED);
	assert_true(f->place != COMMENT_ON_FORK || act == COMMENT_SET_REJECTED ||
		    act == COMMENT_TAKE_BACK);
	assert_true(!f->is_paused || act == COMMENT_SET_REJECTED);
	assert_true(f->has_incident || act == COMMENT_LOOK);
	if (act == COMMENT_WAKE || act == COMMENT_MAKE_ANEW)
		assert_true(f->attempts_left && f->pull != COMMENT_PULL_MERGED &&
			    f->pull != COMMENT_PULL_CLOSED);
	if (act == COMMENT_WAKE)
		assert_true(stage_is_end(f->stage) && f->stage != STAGE_RESOLVED &&
			    f->stage != STAGE_REVERTED);
	if (act == COMMENT_SET_APPROVED)
		assert_true(f->place == COMMENT_ON_FIX && f->may_approve && f->pull == COMMENT_PULL_OPEN &&
			    (f->stage == STAGE_PROPOSED || f->stage == STAGE_AWAITING_APPROVAL));
	if (act == COMMENT_SET_REJECTED)
		assert_true(f->stage < STAGE_MERGED && f->pull != COMMENT_PULL_MERGED);
	if (act == COMMENT_TAKE_BACK)
		assert_true((f->stage == STAGE_MERGED || f->stage == STAGE_MONITORING ||
			     f->stage == STAGE_RESOLVED) && !f->is_reverting);
}

static void decision(void **state)
{
	unsigned long seen = 0;

	(void)state;
	for (unsigned long n = 0; n < FACTS; n++) {
		const struct comment_facts f = facts_of(n);
		const char *why = NULL;
		enum comment_act act = comment_decide(&f, &why);

		assert_true(act < COMMENT_ACTS && why);
		seen |= 1ul << act;
		/* Strangers are never answered, and people with the right always. */
		assert_true((act == COMMENT_IGNORE) == (!f.is_person || !f.may_write));
		assert_true((act == COMMENT_REFUSE) == (why[0] != '\0'));
		if (act == COMMENT_IGNORE)
			continue;
		if (f.is_edited || f.word == COMMENT_MISTAKE)
			assert_int_equal(act, COMMENT_REFUSE);
		assert_true(act == COMMENT_REFUSE || fits(f.word, act));
		is_safe(&f, act);
	}
	assert_int_equal(seen, (1ul << COMMENT_ACTS) - 1);	/* each is reached */
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(grammar), cmocka_unit_test(hint_is_bounded), cmocka_unit_test(names),
		cmocka_unit_test(decision),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

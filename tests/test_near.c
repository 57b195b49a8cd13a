/*
 * Near matches, measured: the readers' examples and our captures, each failure changed as an edit
 * would change it (the same one: a file renamed, a frame more, another number, another name) and set
 * against the other failures of its tool. The threshold must part them, and better than simple means.
 */
#include "tests/unit.h"

#include "bot/base/utf8.h"
#include "ci/log.h"
#include "ci/near.h"
#include "ci/normalise.h"
#include "ci/reader.h"
#include "ci/report.h"
#include "ci/signature.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { CAPTURES_MOST = 400, PAIRS_MOST = 60000, CHANGES = 9, FRAMES_ROOM = FRAMES_MAX + 1 };

static const char *renamed(struct arena *a, const char *file)
{
	struct str path = str_of(file), folder, name;

	if (!file)
		return NULL;
	if (str_split_last(path, "/", &folder, &name))
		return arena_printf(a, "%.*s/quokka_%.*s", STR_ARG(folder), STR_ARG(name));
	return arena_printf(a, "quokka_%s", file);
}

static void rename_file(struct arena *a, struct failure *f)
{
	const char *file = f->file;

	for (size_t i = 0; i < f->frame_count; i++)
		if (f->frames[i].own && str_equal(str_of(f->frames[i].file), str_of(file)))
			f->frames[i].file = renamed(a, file);
	f->file = renamed(a, file);
}

static void move_line(struct arena *a, struct failure *f)
{
	(void)a;
	f->line += 17;
	for (size_t i = 0; i < f->frame_count; i++)
		f->frames[i].line += 17;
}

/* A helper that now stands between the caller and the fault, or around the whole. */
static void add_frame(struct arena *a, struct failure *f, size_t at)
{
	struct frame *frames = arena_array(a, struct frame, FRAMES_ROOM);

	if (!f->frame_count || f->frame_count >= FRAMES_MAX)
		return;
	at = at < f->frame_count ? at : f->frame_count;
	for (size_t i = 0, k = 0; i <= f->frame_count; i++)
		frames[i] = i == at ? (struct frame){ f->frames[f->frame_count - 1].file, 9, 0,
						      "quokka_helper", true } : f->frames[k++];
	f->frames = frames;
	f->frame_count++;
}

static void frame_outside(struct arena *a, struct failure *f)
{
	add_frame(a, f, 0);
}

static void frame_between(struct arena *a, struct failure *f)
{
	add_frame(a, f, f->frame_count ? f->frame_count - 1 : 0);
}

static void other_number(struct arena *a, struct failure *f)
{
	char *message = arena_strdup(a, f->message);

	for (size_t i = 0; message && message[i]; i++)
		if (message[i] >= '0' && message[i] <= '9')
			message[i] = (char)('0' + (message[i] - '0' + 3) % 10);
	f->message = message;
}

/* What stands between the first quotes. */
static void other_name(struct arena *a, struct failure *f)
{
	static const char *const quotes[][2] = { { "'", "'" }, { "`", "`" }, { "\"", "\"" }, { "`", "'" } };

	for (size_t i = 0; i < 4; i++) {
		struct str before, rest, after;

		if (!str_split(str_of(f->message), quotes[i][0], &before, &rest) ||
		    !str_split(rest, quotes[i][1], NULL, &after))
			continue;
		f->message = arena_printf(a, "%.*s%squokka%s%.*s", STR_ARG(before), quotes[i][0],
					  quotes[i][1], STR_ARG(after));
		return;
	}
}

static void rename_function(struct arena *a, struct failure *f)
{
	(void)a;
	for (size_t i = f->frame_count; i-- > 0;)
		if (f->frames[i].own) {
			f->frames[i].function = "quokka";
			break;
		}
	if (f->function)
		f->function = "quokka";
}

static void longer_message(struct arena *a, struct failure *f)
{
	if (f->message)
		f->message = arena_printf(a, "%s. Did you mean: 'quokka'?", f->message);
}

static void other_test(struct arena *a, struct failure *f)
{
	if (f->test)
		f->test = arena_printf(a, "%s_quokka", f->test);
	if (f->frame_count > 1)
		f->frames[0].function = "test_quokka";
}

static const struct change {
	const char *name;
	void (*apply)(struct arena *a, struct failure *f);
} changes[CHANGES] = {
	{ "a renamed file", rename_file }, { "a moved line", move_line },
	{ "a frame outside", frame_outside }, { "a frame between", frame_between },
	{ "another number", other_number }, { "another name", other_name },
	{ "a renamed function", rename_function }, { "a longer message", longer_message },
	{ "another test", other_test },
};

/* Failures of one set, and scores of pairs of them. */
struct set {
	struct arena *arena;
	struct failure list[2 * CAPTURES_MOST];
	size_t count;
};

struct pair {
	double score;
	bool same;
};

static double shown_below = -1, shown_from = 2;	/* AEGIS_VERBOSE=1 shows what is on the wrong side */

struct method {
	const char *name;
	double (*score)(const struct failure *a, const struct failure *b);
	struct pair *pairs;
	size_t count;
};

static double by_near(const struct failure *a, const struct failure *b)
{
	ARENA scratch = {0};

	return near_score(near_text(&scratch, a), near_text(&scratch, b));
}

static double by_family(const struct failure *a, const struct failure *b)
{
	return strcmp(a->family, b->family) ? 0.0 : 1.0;
}

static bool has_word(struct str text, struct str word)
{
	struct str rest = text, one;

	while (str_next(&rest, ' ', &one))
		if (str_equal(one, word))
			return true;
	return false;
}

/* Words that both messages have, out of those that either has. */
static double by_words(const struct failure *a, const struct failure *b)
{
	ARENA scratch = {0};
	struct str one = normalise_text(&scratch, str_of(a->message)), word;
	struct str other = normalise_text(&scratch, str_of(b->message)), rest = one;
	unsigned both = 0, all = 0;

	for (; str_next(&rest, ' ', &word); all++)
		both += has_word(other, word);
	for (rest = other; str_next(&rest, ' ', &word);)
		all += !has_word(one, word);
	return all ? (double)both / all : 0.0;
}

static struct method methods[] = {
	{ "near_score", by_near, NULL, 0 },
	{ "the same family", by_family, NULL, 0 },
	{ "words of the message", by_words, NULL, 0 },
};
enum { METHODS = sizeof(methods) / sizeof(methods[0]) };

static void keep_first(struct set *set, const struct report *report)
{
	if (report->failure_count && report->failures->weight > WEIGHT_CONSEQUENCE)
		set->list[set->count++] = report_failure_copy(set->arena, report->failures);
}

static void read_examples(struct set *set)
{
	for (size_t i = 0; i < reader_count; i++)
		for (const struct reading *r = readers[i]->examples; r && r->name; r++) {
			ARENA a = {0};

			if (set->count < CAPTURES_MOST)
				keep_first(set, log_read(&a, NULL, str_of(r->log)));
		}
}

static void read_captures(struct set *set)
{
	DIR *dir = opendir("tests/captures");
	const struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)) && set->count < CAPTURES_MOST) {
		ARENA a = {0};
		FILE *file = fopen(arena_printf(&a, "tests/captures/%s/log.txt", entry->d_name), "rb");
		char *log = arena_alloc(&a, 65536);

		if (!file)
			continue;
		keep_first(set, log_read(&a, NULL, (struct str){ log, fread(log, 1, 65536, file) }));
		fclose(file);
	}
	closedir(dir);
}

static void show(const struct failure *a, const struct failure *b, bool same)
{
	ARENA scratch = {0};
	double score = by_near(a, b);

	if (same ? score < shown_below : score >= shown_from)
		print_message("%s, %.2f:\n%.*s--\n%.*s\n", same ? "one" : "two", score,
			      STR_ARG(near_text(&scratch, a)), STR_ARG(near_text(&scratch, b)));
}

static void add_pair(const struct failure *a, const struct failure *b, bool same)
{
	show(a, b, same);
	for (size_t i = 0; i < METHODS; i++)
		if (methods[i].count < PAIRS_MOST)
			methods[i].pairs[methods[i].count++] =
				(struct pair){ methods[i].score(a, b), same };
}

/* One change and, on top of it, another one: what a month of work does to a failure. */
static void pair_changed(const struct failure *f)
{
	for (size_t i = 0; i < CHANGES; i++)
		for (size_t k = i; k < CHANGES; k += 2) {
			ARENA a = {0};
			struct failure other = report_failure_copy(&a, f);

			changes[i].apply(&a, &other);
			if (k != i)
				changes[k].apply(&a, &other);
			signature_of(&other);
			if (strcmp(f->signature, other.signature))
				add_pair(f, &other, true);
		}
}

static bool same_tool(const struct failure *a, const struct failure *b)
{
	return str_equal(str_of(a->tool), str_of(b->tool)) &&
	       str_equal(str_of(a->language), str_of(b->language));
}

static void pair_all(const struct set *set)
{
	for (size_t i = 0; i < METHODS; i++)
		methods[i].count = 0;
	for (size_t i = 0; i < set->count; i++) {
		pair_changed(&set->list[i]);
		for (size_t k = 0; k < i; k++)
			if (same_tool(&set->list[i], &set->list[k]) &&
			    strcmp(set->list[i].signature, set->list[k].signature))
				add_pair(&set->list[i], &set->list[k], false);
	}
}

static int by_score(const void *a, const void *b)
{
	const struct pair *one = a, *other = b;

	return one->score < other->score ? -1 : one->score > other->score;
}

/* The share of (same, different) pairs that stand in the right order; a tie is half right. */
static double area(struct method *m)
{
	double right = 0, same = 0, different = 0;

	qsort(m->pairs, m->count, sizeof(m->pairs[0]), by_score);
	for (size_t i = 0; i < m->count;) {
		double s = 0, d = 0;
		size_t k = i;

		for (; k < m->count && m->pairs[k].score <= m->pairs[i].score; k++) {
			s += m->pairs[k].same;
			d += !m->pairs[k].same;
		}
		right += s * different + s * d / 2;
		same += s;
		different += d;
		i = k;
	}
	return same * different > 0 ? right / (same * different) : 0;
}

struct quality {
	double precision, recall, false_share;
};

static struct quality at_threshold(const struct method *m, double threshold)
{
	double found = 0, right = 0, same = 0;

	for (size_t i = 0; i < m->count; i++) {
		same += m->pairs[i].same;
		found += m->pairs[i].score >= threshold;
		right += m->pairs[i].same && m->pairs[i].score >= threshold;
	}
	return (struct quality){ found > 0 ? right / found : 1, right / same,
				 (found - right) / ((double)m->count - same) };
}

static struct quality measure(const char *name, const struct set *set, double areas[METHODS])
{
	size_t same = 0;

	pair_all(set);
	for (size_t i = 0; i < methods[0].count; i++)
		same += methods[0].pairs[i].same;
	print_message("%s: %zu failures, %zu pairs of one failure, %zu of two\n", name, set->count, same,
		      methods[0].count - same);
	for (size_t i = 0; i < METHODS; i++) {
		areas[i] = area(&methods[i]);
		print_message("  %-22s area %.4f", methods[i].name, areas[i]);
		for (unsigned percent = 40; percent <= 80; percent += 5) {
			struct quality q = at_threshold(&methods[i], percent / 100.0);

			print_message("  %u: %.3f %.3f %.3f", percent, q.precision, q.recall,
				      q.false_share);
		}
		print_message("\n");
	}
	return at_threshold(&methods[0], NEAR_PERCENT / 100.0);
}

static void evaluation(void **state)
{
	ARENA a = {0};
	struct set *examples = arena_new(&a, struct set), *captures = arena_new(&a, struct set);
	double areas[METHODS];

	(void)state;
	if (getenv("AEGIS_VERBOSE")) {
		shown_below = NEAR_PERCENT / 100.0;
		shown_from = NEAR_PERCENT / 100.0;
	}
	examples->arena = captures->arena = &a;
	for (size_t i = 0; i < METHODS; i++)
		methods[i].pairs = arena_array(&a, struct pair, PAIRS_MOST);
	read_examples(examples);
	read_captures(captures);
	for (unsigned i = 0; i < 2; i++) {
		struct quality q = measure(i ? "captures" : "examples", i ? captures : examples, areas);

		assert_true(methods[0].count > 1000 && methods[0].count < PAIRS_MOST);
		assert_true(areas[0] >= 0.98);
		assert_true(areas[0] > areas[1] && areas[0] > areas[2]);
		assert_true(q.precision >= 0.98);
		assert_true(q.recall >= 0.95);
		assert_true(q.false_share <= 0.05);
	}
}

/* As good as its bounds: a forged or an old text is no match, and a huge failure no huge text. */
static void texts(void **state)
{
	static const char *const bad[] = { "", "v 2\nk compile\n", "k compile\n", "v 1\nx\n", "v 1\nz z\n",
					   "v 1\n\n", "v 1\nk\tx\n", "v 1\nf  \nq\n" };
	ARENA a = {0};
	struct text huge = TEXT(&a);
	struct frame frames[FRAMES_MAX];
	struct failure f = { .kind = KIND_EXCEPTION, .language = "python", .type = "KeyError",
			     .message = "no 'tea'\nat all" }, large = f;
	struct str one;

	(void)state;
	one = near_text(&a, &f);
	assert_str(one, "v 1\nk exception\nl python\ny KeyError\nw no\nw tea\nw at\nw all\n");
	assert_true(near_score(one, one) == 1.0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_true(near_score(one, str_of(bad[i])) == 0.0);
		assert_true(near_score(str_of(bad[i]), one) == 0.0);
	}
	while (huge.size < 20000)
		text_adds(&huge, "\xc3\xa9x ");
	for (size_t i = 0; i < FRAMES_MAX; i++)
		frames[i] = (struct frame){ text_cstr(&huge), 1, 1, text_cstr(&huge), true };
	large.message = large.type = large.test = large.tool = text_cstr(&huge);
	large.frames = frames;
	large.frame_count = FRAMES_MAX;
	one = near_text(&a, &large);
	assert_true(one.size <= NEAR_BYTES_MAX);
	assert_true(near_score(one, one) == 1.0);
	assert_true(utf8_valid(one));
}

/* The same from either side, within 0 and 1, and 1 for itself. */
static void symmetric(void **state)
{
	ARENA a = {0};
	struct set *set = arena_new(&a, struct set);

	(void)state;
	set->arena = &a;
	read_captures(set);
	assert_true(set->count > 100);
	for (size_t i = 0; i < set->count; i++) {
		ARENA scratch = {0};
		struct str one = near_text(&scratch, &set->list[i]);

		assert_true(near_score(one, one) == 1.0);
		for (size_t k = 0; k < i; k++) {
			struct str other = near_text(&scratch, &set->list[k]);
			double score = near_score(one, other), back = near_score(other, one);

			assert_true(score >= 0.0 && score <= 1.0);
			assert_true(score - back < 1e-9 && back - score < 1e-9);
		}
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(evaluation),
		cmocka_unit_test(texts),
		cmocka_unit_test(symmetric),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

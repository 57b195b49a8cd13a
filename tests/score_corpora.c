/*
 * Scores the readers against public logs with known answers in ../shared/corpora:
 *	make out/score_corpora && out/score_corpora [-v] [blocks|bugswarm|classifier|stacks|diagnostics]
 * -v lists every miss. Prints figures and is no test: a score is to be raised, not to be passed.
 */
#include "tests/score.h"

#include <ctype.h>
#include <stdio.h>
#include <unistd.h>

static const char *root = "../shared/corpora";	/* or in the second place up, from a worktree */
bool verbose;

static bool read_file(struct arena *a, const char *path, struct str *out)
{
	FILE *file = fopen(path, "rb");
	size_t size;
	char *bytes;

	if (!file)
		return false;
	fseek(file, 0, SEEK_END);
	size = (size_t)ftell(file);
	rewind(file);
	bytes = arena_alloc(a, size + 1);
	size = fread(bytes, 1, size, file);
	fclose(file);
	*out = (struct str){ bytes, size };
	return true;
}

json_t *answers(const char *set, const char *file)
{
	char path[512];
	json_t *list;

	snprintf(path, sizeof(path), "%s/%s/%s", root, set, file);
	list = json_load_file(path, 0, NULL);
	if (!list)
		printf("%-12s SKIPPED: no %s\n", set, path);
	return list;
}

bool read_answer(struct arena *a, const char *set, const char *name, const char *ending,
		 struct str *out)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s/%s%s", root, set, name, ending);
	if (read_file(a, path, out))
		return true;
	printf("%-12s SKIPPED: no %s\n", set, path);
	return false;
}

const struct report *report_of(struct arena *a, const char *set, const char *name,
			       const char *ending)
{
	struct str text;

	return read_answer(a, set, name, ending, &text) ? log_read(a, NULL, text) : NULL;
}

const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

const char *shown(const char *text)
{
	return text ? text : "(none)";
}

void print_score(const char *set, const char *what, unsigned good, unsigned all)
{
	printf("%-12s %-34s %4u of %4u  %5.1f %%\n", set, what, good, all,
	       all ? 100.0 * good / all : 0.0);
}

void miss(const char *set, const char *name, const char *what, const char *got,
	  const char *expected)
{
	if (verbose)
		printf("  %s/%s: %s is \"%.200s\", expected \"%.200s\"\n", set, name, what, shown(got),
		       shown(expected));
}

/* blocks: two copies between plain lines must be two blocks of exactly these lines. */
static struct str around(struct arena *a, struct str block, bool stamped, unsigned long *lines)
{
	struct text out = TEXT(a), body = TEXT(a);
	struct str rest, line;

	text_addf(&body, "one plain line\n%.*s\nand another\n%.*s\nthe end\n", STR_ARG(block),
		  STR_ARG(block));
	rest = block;
	for (*lines = 0; str_next(&rest, '\n', &line);)
		++*lines;
	for (rest = text_str(&body); str_next(&rest, '\n', &line);)
		text_addf(&out, "%s%.*s\n", stamped ? "2026-03-04T05:06:07.1234567Z " : "",
			  STR_ARG(line));
	return text_str(&out);
}

static bool block_right(struct str block, bool stamped, const char *name)
{
	ARENA a = {0};
	unsigned long lines;
	struct str text = around(&a, block, stamped, &lines);
	const struct report *report = log_read(&a, NULL, text);
	const struct block *b = report->blocks;
	char got[200] = "";
	size_t size = 0;

	if (report->block_count == 2 && b[0].first == 2 && b[0].last == lines + 1 &&
	    b[1].first == lines + 3 && b[1].last == 2 * lines + 2)
		return true;
	for (size_t i = 0; i < report->block_count && size < 150; i++)
		size += (size_t)snprintf(got + size, 40, "%lu-%lu ", b[i].first, b[i].last);
	if (verbose)
		printf("  blocks/%s%s: %s, expected 2-%lu %lu-%lu\n", name, stamped ? " stamped" : "",
		       got, lines + 1, lines + 3, 2 * lines + 2);
	return false;
}

static void score_blocks(void)
{
	json_t *list = answers("blocks", "expected.json"), *row;
	unsigned raw = 0, stamped = 0, all = 0;
	size_t i;

	json_array_foreach(list, i, row) {
		struct str block = str_trim_right(str_of(text_of(row, "block")));

		all++;
		raw += block_right(block, false, text_of(row, "name"));
		stamped += block_right(block, true, text_of(row, "name"));
	}
	if (list)
		print_score("blocks", "raw, line-exact", raw, all);
	if (list)
		print_score("blocks", "stamped, line-exact", stamped, all);
	json_decref(list);
}

static void score_classifier(void)
{
	json_t *list = answers("classifier", "expected.json"), *row;
	unsigned first = 0, third = 0, all = 0;
	size_t i;

	json_array_foreach(list, i, row) {
		ARENA a = {0};
		const struct report *report = report_of(&a, "classifier", text_of(row, "log"), "");
		unsigned long line = (unsigned long)json_integer_value(json_object_get(row, "line"));
		unsigned place = 0;

		if (!report)
			continue;
		for (unsigned k = 0; k < report->failure_count && k < 3 && !place; k++)
			if (report->failures[k].error_line == line)
				place = k + 1;
		all++;
		first += place == 1;
		third += place != 0;
		if (place == 1 || !verbose)
			continue;
		printf("  classifier/%s: line %lu is rank %u; first is line %lu: %s: %.100s\n",
		       text_of(row, "log"), line, place,
		       report->failure_count ? report->failures->error_line : 0,
		       report->failure_count ? shown(report->failures->type) : "-",
		       report->failure_count ? shown(report->failures->message) : "-");
	}
	if (list)
		print_score("classifier", "primary error line, first", first, all);
	if (list)
		print_score("classifier", "primary error line, of three", third, all);
	json_decref(list);
}

/* Letters, digits and "_" make words; "py" is an ending, not a word. */
static bool next_word(struct str *rest, struct str *word)
{
	size_t n = 0;

	for (;;) {
		while (rest->size && !isalnum((unsigned char)rest->at[0]) && rest->at[0] != '_')
			*rest = str_from(*rest, 1);
		if (!rest->size)
			return false;
		for (n = 0; n < rest->size; n++)
			if (!isalnum((unsigned char)rest->at[n]) && rest->at[n] != '_')
				break;
		*word = str_slice(*rest, 0, n);
		*rest = str_from(*rest, n);
		if (!str_is(*word, "py"))
			return true;
	}
}

static bool words_in(struct str words, struct str other)
{
	struct str word;
	bool any = false;

	while (next_word(&words, &word)) {
		struct str rest = other, candidate;
		bool found = false;

		while (!found && next_word(&rest, &candidate))
			found = str_equal(word, candidate);
		if (!found)
			return false;
		any = true;
	}
	return any;
}

static bool same_name(struct str a, struct str b)
{
	return words_in(a, b) || words_in(b, a);
}

/* The very name, else one of the same words that is still free, else any of the same words. */
static size_t best_match(const struct tests *tests, struct str name, const bool *used)
{
	size_t any = tests->failed_count, spare = any;

	for (size_t i = 0; i < tests->failed_count && i < 4096; i++) {
		struct str ours = str_of(tests->failed_names[i]);

		if (str_equal(name, ours))
			return i;
		if (!same_name(name, ours))
			continue;
		any = any < tests->failed_count ? any : i;
		if (!used[i] && spare == tests->failed_count)
			spare = i;
	}
	return spare < tests->failed_count ? spare : any;
}

static bool names_right(const struct tests *tests, struct str expected, const char *log)
{
	bool used[4096] = { false }, right = true;
	struct str name, rest = expected;
	size_t matched = 0;

	while (str_next(&rest, '#', &name)) {
		size_t at = best_match(tests, name, used);
		bool found = at < tests->failed_count;

		if (found) {
			matched += !used[at];
			used[at] = true;
		}
		if (!found && right && verbose)
			printf("  bugswarm/%s: %zu failed names, not %.*s\n", log,
			       tests->failed_count, STR_ARG(name));
		right = right && found;
	}
	for (size_t i = 0; i < tests->failed_count && i < 4096 && matched < tests->failed_count; i++)
		if (!used[i]) {
			miss("bugswarm", log, "failed name", tests->failed_names[i], NULL);
			break;
		}
	return right && matched == tests->failed_count;
}

static const struct {
	const char *theirs, *ours;
} frameworks[] = {
	{ "pytest", " pytest " }, { "unittest", " unittest nose " }, { "mocha", " mocha " },
	{ "jest", " jest " }, { "JUnit", " junit gradle surefire maven testng ant " },
	{ "java", " junit gradle surefire maven testng ant " },
};

static bool framework_right(const char *expected, const char *got)
{
	char word[64];

	snprintf(word, sizeof(word), " %s ", got ? got : "?");
	for (size_t i = 0; word[i]; i++)
		word[i] = (char)tolower((unsigned char)word[i]);
	for (size_t i = 0; i < sizeof(frameworks) / sizeof(frameworks[0]); i++)
		if (str_starts(str_of(expected), frameworks[i].theirs) &&
		    str_has(str_of(frameworks[i].ours), word))
			return true;
	return false;
}

struct bugswarm {
	unsigned framework, framework_all, counts, counts_all, theirs, names, names_all, calm, calm_all;
};

static bool counts_right(const json_t *expect, const struct tests *tests, const char *log)
{
	const struct {
		const char *key;
		unsigned long got;
	} counts[] = {
		{ "num_t_ok", tests->passed }, { "num_t_failed", tests->failed },
		{ "num_t_skipped", tests->skipped },
	};
	bool right = true;

	for (size_t i = 0; i < 3; i++) {
		const json_t *value = json_object_get(expect, counts[i].key);
		char got[24], wanted[24];

		if (!json_is_integer(value) || (unsigned long)json_integer_value(value) == counts[i].got)
			continue;
		right = false;
		if (!log)
			continue;
		snprintf(got, sizeof(got), "%lu", counts[i].got);
		snprintf(wanted, sizeof(wanted), "%lld", (long long)json_integer_value(value));
		miss("bugswarm", log, counts[i].key, got, wanted);
	}
	return right;
}

/*
 * Their readers of Gradle, Surefire and unittest take what was skipped for passed too: run less failed.
 */
static bool counts_as_theirs(const json_t *expect, const struct tests *tests)
{
	struct tests all = *tests;

	all.passed += all.skipped;
	return counts_right(expect, tests, NULL) || counts_right(expect, &all, NULL);
}

static void score_bugswarm_row(const json_t *row, const struct report *report, struct bugswarm *s)
{
	const json_t *expect = json_object_get(row, "expect");
	const char *log = text_of(row, "log"), *framework = text_of(expect, "frameworks");
	const char *failed = text_of(expect, "tr_t_failed"), *status = text_of(expect, "status");

	if ((!framework || !*framework) && json_integer_value(json_object_get(expect, "num_t_run")))
		framework = text_of(expect, "analyzer");
	if (framework && *framework) {
		bool right = framework_right(framework, report->tests.framework);

		s->framework_all++;
		s->framework += right;
		if (!right)
			miss("bugswarm", log, "framework", report->tests.framework, framework);
	}
	if (json_is_integer(json_object_get(expect, "num_t_failed"))) {
		s->counts_all++;
		s->counts += counts_right(expect, &report->tests, log);
		s->theirs += counts_as_theirs(expect, &report->tests);
	}
	if (failed && *failed) {
		s->names_all++;
		s->names += names_right(&report->tests, str_of(failed), log);
	}
	if (status && !strcmp(status, "ok")) {
		bool calm = !report->tests.failed && !report->tests.failed_count;

		s->calm_all++;
		s->calm += calm;
		if (!calm)
			miss("bugswarm", log, "a failed test", report->tests.failed_names[0], NULL);
	}
}

static void score_bugswarm(void)
{
	json_t *list = answers("bugswarm", "expected.json"), *row;
	struct bugswarm s = {0};
	size_t i;

	json_array_foreach(list, i, row) {
		ARENA a = {0};
		const struct report *report = report_of(&a, "bugswarm", text_of(row, "log"), "");

		if (report)
			score_bugswarm_row(row, report, &s);
	}
	if (!list)
		return;
	print_score("bugswarm", "framework", s.framework, s.framework_all);
	print_score("bugswarm", "passed, failed, skipped", s.counts, s.counts_all);
	print_score("bugswarm", "the same, skipped taken for passed", s.theirs, s.counts_all);
	print_score("bugswarm", "set of failed names", s.names, s.names_all);
	print_score("bugswarm", "no failed test in passing logs", s.calm, s.calm_all);
	json_decref(list);
}

static const struct {
	const char *name;
	void (*score)(void);
} sets[] = {
	{ "blocks", score_blocks }, { "bugswarm", score_bugswarm },
	{ "classifier", score_classifier }, { "stacks", score_stacks },
	{ "diagnostics", score_diagnostics },
};

int main(int argc, char **argv)
{
	const char *only = NULL;

	if (access(root, F_OK))
		root = "../../shared/corpora";
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-v"))
			verbose = true;
		else
			only = argv[i];
	}
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (!only || !strcmp(only, sets[i].name))
			sets[i].score();
	return 0;
}

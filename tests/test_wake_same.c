/*
 * ci/wake and all readers: the report is the same when every reader sees every line. So a reader that
 * is asleep and gets a line without a wake word of its own does nothing, and no line that it would
 * have understood lacks a wake word.
 */
#include "tests/unit.h"

#include "ci/explain.h"
#include "ci/log_ask.h"

#include <glob.h>
#include <stdio.h>

static char *read_by(struct str text, wake_set set, bool always)
{
	ARENA a = {0};
	struct log *log = log_open(&a, NULL);
	json_t *json;
	char *out;

	log_ask(log, set, always);
	log_feed(log, text.at, text.size);
	json = explain_json(log_close(log));
	out = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	assert_non_null(out);
	return out;
}

/* Where they begin to differ, from a little before it on. */
static const char *difference(const char *one, const char *other)
{
	size_t i = 0;

	while (one[i] && one[i] == other[i])
		i++;
	return other + (i < 60 ? 0 : i - 60);
}

static bool is_same(struct str text, wake_set set, const char *reader)
{
	char *woken = read_by(text, set, false), *always = read_by(text, set, true);
	bool same = !strcmp(woken, always);

	if (!same && reader)
		print_error("%s: %.300s\n", reader, difference(woken, always));
	free(woken);
	free(always);
	return same;
}

/* All together, and when that differs one by one, to say which. */
static unsigned differing(struct str text, const char *owner, const char *name)
{
	unsigned count = 0;

	if (is_same(text, ~(wake_set)0, NULL))
		return 0;
	for (size_t i = 0; i < reader_count; i++) {
		if (is_same(text, wake_one(i), readers[i]->name))
			continue;
		print_error("reader %s understands lines of %s, \"%s\", that do not wake it\n",
			    readers[i]->name, owner, name);
		count++;
	}
	return count ? count : 1;
}

static void examples(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < reader_count; i++)
		for (const struct reading *e = readers[i]->examples; e && e->name; e++)
			wrong += differing(str_of(e->log), readers[i]->name, e->name);
	assert_int_equal(wrong, 0);
}

/* One example behind the other: what a reader kept from one must not matter in the next. */
static void examples_in_a_row(void **state)
{
	ARENA a = {0};
	struct text all = TEXT(&a);

	(void)state;
	for (size_t i = 0; i < reader_count; i++)
		for (const struct reading *e = readers[i]->examples; e && e->name; e++)
			text_addf(&all, "%s\n", e->log);
	assert_int_equal(differing(text_str(&all), "all readers", "all examples"), 0);
}

static struct str whole(struct arena *a, const char *path)
{
	FILE *file = fopen(path, "rb");
	struct text text = TEXT(a);
	char piece[65536];
	size_t size;

	assert_non_null(file);
	while ((size = fread(piece, 1, sizeof(piece), file)))
		text_add(&text, (struct str){ piece, size });
	fclose(file);
	return text_str(&text);
}

static void public_logs(void **state)
{
	static const char *const places[] = {
		"../shared/corpora/bugswarm/*.log", "../shared/corpora/classifier/*.txt",
		"../shared/corpora/stacks/*.txt", "../shared/corpora/diagnostics/*.in",
	};
	glob_t found = {0};
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		for (unsigned up = 0; up < 2; up++) {
			ARENA a = {0};

			glob(arena_printf(&a, "%s%s", up ? "../" : "", places[i]), GLOB_APPEND, NULL, &found);
		}
	if (!found.gl_pathc) {
		print_message("no logs in ../shared/corpora\n");
		skip();
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		ARENA a = {0};

		wrong += differing(whole(&a, found.gl_pathv[i]), found.gl_pathv[i], "");
	}
	print_message("%zu public logs\n", found.gl_pathc);
	globfree(&found);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(examples), cmocka_unit_test(examples_in_a_row),
		cmocka_unit_test(public_logs),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

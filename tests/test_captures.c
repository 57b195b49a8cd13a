/*
 * Logs that real tools printed over small broken projects (tests/captures/NAME), each with the place
 * and the kind that the project's author knows: is the first failure of our report the right one?
 * A language without a reader is counted, not scored. AEGIS_VERBOSE=1 lists each miss.
 */
#include "tests/unit.h"

#include "ci/log.h"
#include "ci/reader.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static const char folder[] = "tests/captures";

enum { CAPTURES_LEAST = 150, FILES_MAX = 16 };

/* The floors, in percent. */
static const double place_least = 95.0, transient_least = 96.0, kind_least = 80.0, type_least = 90.0;

struct score {
	unsigned captures, waiting;
	unsigned place, places, transient, transients, kind, kinds, type, types;
	unsigned false_transient;	/* of configuration and permission: must stay 0 */
};

struct label {
	const char *name, *language, *kind, *type, *file;
	unsigned line;
	const json_t *transient;
};

static bool read_file(struct arena *a, const char *name, const char *part, struct str *out)
{
	char path[512];
	struct text text = TEXT(a);
	char bytes[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/%s", folder, name, part);
	file = fopen(path, "rb");
	if (!file)
		return false;
	for (size_t n; (n = fread(bytes, 1, sizeof(bytes), file)) > 0;)
		text_add(&text, (struct str){ bytes, n });
	fclose(file);
	*out = text_str(&text);
	return true;
}

/* The files have as many lines as any log may name. */
static const struct tree *tree_of(struct arena *a, const char *name)
{
	static char lines[2001];
	struct tree_file files[FILES_MAX + 1] = {{0}};
	struct str list, path;

	assert_true(read_file(a, name, "files.txt", &list));
	memset(lines, '\n', sizeof(lines) - 1);
	for (size_t n = 0; str_next(&list, '\n', &path) && n < FILES_MAX; n++)
		files[n] = (struct tree_file){ str_text(a, path), lines };
	return tree_of_files(a, arena_copy(a, files, sizeof(files)));
}

static bool has_reader(const char *language)
{
	if (!strcmp(language, "world"))		/* no language's: networks, disks, git */
		return true;
	for (size_t i = 0; i < reader_count; i++)
		if (!strcmp(readers[i]->name, language) ||
		    str_is(str_of(readers[i]->language), language))
			return true;
	return false;
}

/* Is it one of "a|b"? */
static bool is_one_of(const char *got, const char *list)
{
	struct str rest = str_of(list), one;

	while (str_next(&rest, '|', &one))
		if (str_equal(str_of(got), one))
			return true;
	return false;
}

static void miss(const struct label *label, const char *what, const char *got, unsigned line)
{
	if (getenv("AEGIS_VERBOSE"))
		print_message("%s: %s is %s:%u; expected %s %s %s:%u\n", label->name, what,
			      got ? got : "-", line, label->kind ? label->kind : "-",
			      label->type ? label->type : "-", label->file ? label->file : "-",
			      label->line);
}

static void compare(struct score *score, const struct label *label, const struct failure *f)
{
	bool place = str_equal(str_of(f->file), str_of(label->file)) &&
		     (!label->line || f->line == label->line);

	score->places++;
	score->place += place;
	if (!place)
		miss(label, "place", f->file, f->line);
	if (label->kind) {
		bool right = is_one_of(kind_name(f->kind), label->kind);

		score->kinds++;
		score->kind += right;
		if (!right)
			miss(label, "kind", kind_name(f->kind), 0);
	}
	if (label->type) {
		bool right = is_one_of(f->type, label->type);

		score->types++;
		score->type += right;
		if (!right)
			miss(label, "type", f->type, 0);
	}
	if (json_is_boolean(label->transient)) {
		bool expected = json_is_true(label->transient);

		score->transients++;
		score->transient += f->transient == expected;
		score->false_transient += f->transient && !expected && label->kind &&
					  (strstr(label->kind, "config") ||
					   strstr(label->kind, "permission"));
		if (f->transient != expected)
			miss(label, "transient", f->transient ? "true" : "false", 0);
	}
}

static void one(struct score *score, const char *name)
{
	ARENA a = {0};
	static const struct failure none;
	struct label label = { .name = name };
	const struct report *report;
	struct str log, text;
	json_t *o;

	assert_true(read_file(&a, name, "label.json", &text));
	assert_true(read_file(&a, name, "log.txt", &log));
	o = json_loadb(text.at, text.size, 0, NULL);
	if (!o)
		fail_msg("%s: no label", name);
	label.language = json_string_value(json_object_get(o, "language"));
	label.kind = json_string_value(json_object_get(o, "kind"));
	label.type = json_string_value(json_object_get(o, "type"));
	label.file = json_string_value(json_object_get(o, "file"));
	label.line = (unsigned)json_integer_value(json_object_get(o, "line"));
	label.transient = json_object_get(o, "transient");
	assert_non_null(label.language);
	score->captures++;
	if (has_reader(label.language)) {
		report = log_read(&a, tree_of(&a, name), log);
		compare(score, &label, report->failure_count ? report->failures : &none);
	} else {
		score->waiting++;
		print_message("not scored, no reader of %s: %s\n", label.language, name);
	}
	json_decref(o);
}

static double share(unsigned right, unsigned all)
{
	return all ? 100.0 * right / all : 0.0;
}

static void captures(void **state)
{
	struct score s = {0};
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			one(&s, entry->d_name);
	closedir(dir);
	print_message("%u captures, %u wait for a reader\n", s.captures, s.waiting);
	print_message("file and line  %3u of %3u  %5.1f %%\n", s.place, s.places,
		      share(s.place, s.places));
	print_message("kind           %3u of %3u  %5.1f %%\n", s.kind, s.kinds, share(s.kind, s.kinds));
	print_message("type           %3u of %3u  %5.1f %%\n", s.type, s.types, share(s.type, s.types));
	print_message("transient      %3u of %3u  %5.1f %%, %u of configuration or permission\n",
		      s.transient, s.transients, share(s.transient, s.transients), s.false_transient);
	assert_true(s.captures >= CAPTURES_LEAST);
	assert_int_equal(s.false_transient, 0);
	assert_true(share(s.place, s.places) >= place_least);
	assert_true(share(s.transient, s.transients) >= transient_least);
	assert_true(share(s.kind, s.kinds) >= kind_least);
	assert_true(share(s.type, s.types) >= type_least);
}

int main(void)
{
	const struct CMUnitTest list[] = { cmocka_unit_test(captures) };

	return cmocka_run_group_tests(list, NULL, NULL);
}

/*
 * The same fault keeps its signature through every change of tests/drift.h: over each reader's
 * examples, our captures, and real logs where they are. Faults that differ differ: the examples.
 * AEGIS_LONG=1 takes the large logs too.
 */
#include "tests/unit.h"

#include "ci/log.h"
#include "ci/reader.h"
#include "tests/drift.h"

#include <dirent.h>
#include <sys/stat.h>

struct tally {
	unsigned compared, same;
	unsigned by_drift[DRIFTS];
};

static const struct tree *tree_of(struct arena *a, const char *const *files)
{
	struct tree_file list[64] = {{0}};
	static char lines[50001];	/* the files have the lines that the logs name */

	if (!files)
		return NULL;
	memset(lines, '\n', sizeof(lines) - 1);
	for (size_t i = 0; files[i] && i < 63; i++)
		list[i] = (struct tree_file){ files[i], lines };
	return tree_of_files(a, arena_copy(a, list, sizeof(list)));
}

/* Does the one have every cause that the other has? A guess may give way to what stands near it. */
static bool holds_all(const struct report *one, const struct report *other)
{
	for (size_t i = 0; i < other->failure_count; i++) {
		const struct failure *f = &other->failures[i];
		size_t k = 0;

		while (k < one->failure_count && (strcmp(one->failures[k].signature, f->signature) ||
						  strcmp(one->failures[k].family, f->family)))
			k++;
		if (k == one->failure_count && f->weight >= WEIGHT_DIAGNOSTIC)
			return false;
	}
	return true;
}

static bool same_signatures(const struct report *one, const struct report *other)
{
	return other->failure_count &&
	       !strcmp(one->failures->signature, other->failures->signature) &&
	       holds_all(one, other) && holds_all(other, one);
}

static void show(const char *name, const char *drift, const struct report *one,
		 const struct report *other)
{
	size_t i = 0;

	while (i < one->failure_count && i < other->failure_count &&
	       !strcmp(one->failures[i].signature, other->failures[i].signature))
		i++;
	print_message("%s: %s: %zu and %zu failures; number %zu:\n", name, drift,
		      one->failure_count, other->failure_count, i + 1);
	for (unsigned k = 0; k < 2; k++) {
		const struct report *report = k ? other : one;
		const struct failure *f = report->failures + i;

		if (i < report->failure_count)
			print_message("  %s: %s: %s: %s (%s:%u, %s)\n", kind_name(f->kind),
				      f->tool ? f->tool : "-", f->type ? f->type : "-",
				      f->message ? f->message : "-", f->file ? f->file : "-", f->line,
				      f->function ? f->function : "-");
	}
}

static void drift_all(struct tally *tally, const char *name, const struct tree *tree, struct str log)
{
	ARENA first = {0};
	const struct report *one = log_read(&first, tree, log);

	for (size_t i = 0; i < DRIFTS && one->failure_count; i++) {
		ARENA a = {0};
		struct str before = log, after;
		const struct report *was = one, *is;

		if (!drift_apply(&a, &drifts[i], &before, &after))
			continue;
		if (drift_first(&drifts[i]))
			was = log_read(&a, tree, before);
		if (!was->failure_count)
			continue;
		is = log_read(&a, tree, after);
		tally->compared++;
		tally->by_drift[i]++;
		if (same_signatures(was, is))
			tally->same++;
		else
			show(name, drifts[i].name, was, is);
	}
}

static void say(const char *what, const struct tally *tally)
{
	print_message("%s: %u of %u signatures stayed\n", what, tally->same, tally->compared);
	for (size_t i = 0; i < DRIFTS && getenv("AEGIS_VERBOSE"); i++)
		print_message("  %-28s %u\n", drifts[i].name, tally->by_drift[i]);
}

/* Of a thousand changed logs 999 keep their signature; each that does not is shown. */
static bool is_enough(const struct tally *tally)
{
	return 1000.0 * tally->same / tally->compared >= 999.0;
}

static void examples(void **state)
{
	struct tally tally = {0};

	(void)state;
	for (size_t i = 0; i < reader_count; i++)
		for (const struct reading *r = readers[i]->examples; r && r->name; r++) {
			ARENA a = {0};

			drift_all(&tally, r->name, tree_of(&a, r->files), str_of(r->log));
		}
	say("examples", &tally);
	assert_true(tally.compared > 1000);
	assert_true(is_enough(&tally));
}

/* Two logs in one, as jobs and packages that run side by side may end in either order. */
static const struct report *read_both(struct arena *a, const char *one, const char *other)
{
	struct text log = TEXT(a);

	text_addf(&log, "##[group]Run one\none\nshell: bash\n##[endgroup]\n%s\n", one);
	text_addf(&log, "##[group]Run other\nother\nshell: bash\n##[endgroup]\n%s\n", other);
	return log_read(a, NULL, text_str(&log));
}

static void order(void **state)
{
	unsigned pairs = 0, wrong = 0;

	(void)state;
	for (size_t i = 0; i < reader_count; i++)
		for (const struct reading *r = readers[i]->examples; r && r->name; r++) {
			ARENA a = {0};
			const struct reader *next = readers[(i + 1 + pairs % 7) % reader_count];
			const struct report *one = read_both(&a, r->log, next->examples->log);
			const struct report *other = read_both(&a, next->examples->log, r->log);
			bool same = holds_all(one, other) && holds_all(other, one);

			pairs++;
			wrong += !same;
			if (!same)
				show(r->name, "another order", one, other);
		}
	print_message("order: %u of %u pairs keep their signatures\n", pairs - wrong, pairs);
	assert_true(1000.0 * wrong / pairs <= 5.0);
}

static bool same_text(const char *a, const char *b)
{
	return str_equal(str_of(a), str_of(b));
}

/* One of them may be as the log has it, the other as the tree does. */
static bool same_file(const char *a, const char *b)
{
	return a && b ? str_ends(str_of(a), b) || str_ends(str_of(b), a) : a == b;
}

/* What a failure says before anything is normalised. */
static bool says_the_same(const struct failure *a, const struct failure *b)
{
	return same_text(a->type, b->type) && same_text(a->message, b->message) &&
	       same_file(a->file, b->file) && same_text(a->function, b->function) &&
	       (same_text(a->test, b->test) || a->frame_count);
}

struct seen {
	const char *name;
	const struct failure *failure;
};

/* No two examples share a signature, but one fault in two styles of its tool. */
static void distinct(void **state)
{
	ARENA a = {0};
	struct seen *seen = NULL;
	size_t count = 0;
	unsigned same = 0, wrong = 0;

	(void)state;
	for (size_t i = 0; i < reader_count; i++)
		for (const struct reading *r = readers[i]->examples; r && r->name; r++) {
			const struct report *report = log_read(&a, tree_of(&a, r->files), str_of(r->log));
			const struct failure *f = report->failures;

			for (size_t k = 0; report->failure_count && k < count; k++) {
				if (strcmp(seen[k].failure->signature, f->signature))
					continue;
				same++;
				if (says_the_same(seen[k].failure, f))
					continue;
				wrong++;
				print_error("\"%s\" and \"%s\" share a signature: %s: %s\n", seen[k].name,
					    r->name, seen[k].failure->message, f->message);
			}
			if (report->failure_count)
				arena_push(&a, seen, count) = (struct seen){ r->name, f };
		}
	print_message("%zu examples, %u in another style of their tool\n", count, same);
	assert_int_equal(wrong, 0);
}

static struct str replaced(struct arena *a, struct str rest, struct str from, const char *to)
{
	struct text out = TEXT(a);
	struct str before;

	while (str_split(rest, str_text(a, from), &before, &rest)) {
		text_add(&out, before);
		text_adds(&out, to);
	}
	text_add(&out, rest);
	return text_str(&out);
}

/* The longest word of letters: a name rather than "the". */
static struct str word_of(struct str text)
{
	struct str best = STR_NONE;

	for (size_t i = 0, start = 0; i <= text.size; i++) {
		char c = i < text.size ? text.at[i] : ' ';

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
			continue;
		if (i - start > best.size)
			best = str_slice(text, start, i - start);
		start = i + 1;
	}
	return best.size > 3 ? best : STR_NONE;
}

/* Another name in the log is another fault, if the failure's own words change by it. */
static void another_name(struct tally *tally, const struct reading *r, const struct failure *f,
			 const char *field)
{
	ARENA a = {0};
	struct str word = word_of(str_of(field)), log;
	const struct report *other;

	if (!word.size)
		return;
	log = replaced(&a, str_of(r->log), word, "quokka");
	other = log_read(&a, tree_of(&a, r->files), log);
	if (!other->failure_count || says_the_same(f, other->failures))
		return;
	tally->compared++;
	if (strcmp(f->signature, other->failures->signature))
		tally->same++;
	else
		print_error("%s: without %.*s: %s is %s, and the signature stayed\n", r->name,
			    STR_ARG(word), f->message, other->failures->message);
}

static void names_count(void **state)
{
	struct tally tally = {0};

	(void)state;
	for (size_t i = 0; i < reader_count; i++)
		for (const struct reading *r = readers[i]->examples; r && r->name; r++) {
			ARENA a = {0};
			const struct report *report = log_read(&a, tree_of(&a, r->files), str_of(r->log));
			const struct failure *f = report->failures;

			if (!report->failure_count)
				continue;
			another_name(&tally, r, f, f->type);
			another_name(&tally, r, f, f->message);
			another_name(&tally, r, f, f->function);
		}
	print_message("%u of %u other names make another signature\n", tally.same, tally.compared);
	assert_true(tally.compared > 200);
	assert_int_equal(tally.same, tally.compared);
}

static bool read_file(struct arena *a, const char *path, size_t most, struct str *out)
{
	struct stat status;
	FILE *file;
	char *bytes;
	size_t size;

	if (stat(path, &status) || !S_ISREG(status.st_mode) || (size_t)status.st_size > most)
		return false;
	file = fopen(path, "rb");
	if (!file)
		return false;
	bytes = arena_alloc(a, (size_t)status.st_size + 1);
	size = fread(bytes, 1, (size_t)status.st_size, file);
	fclose(file);
	*out = (struct str){ bytes, size };
	return true;
}

/* Every file of the folder, or what `inside` names in every folder of it; at most so many bytes. */
static bool drift_folder(struct tally *tally, const char *folder, const char *inside, size_t most)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		ARENA a = {0};
		struct str log;

		if (entry->d_name[0] != '.' && !str_ends(str_of(entry->d_name), ".json") &&
		    read_file(&a, arena_printf(&a, "%s/%s%s", folder, entry->d_name, inside), most, &log))
			drift_all(tally, entry->d_name, NULL, log);
	}
	closedir(dir);
	return true;
}

static void captures(void **state)
{
	struct tally tally = {0};

	(void)state;
	assert_true(drift_folder(&tally, "tests/captures", "/log.txt", 1 << 20));
	say("captures", &tally);
	assert_true(is_enough(&tally));
}

static void corpora(void **state)
{
	static const char *const roots[] = { "../shared/corpora", "../../shared/corpora" };
	static const char *const sets[] = { "bugswarm", "classifier", "stacks", "diagnostics" };
	size_t most = getenv("AEGIS_LONG") ? SIZE_MAX : 100 * 1024;
	struct tally tally = {0};

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 4; k++) {
			ARENA a = {0};

			drift_folder(&tally, arena_printf(&a, "%s/%s", roots[i], sets[k]), "", most);
		}
	if (!tally.compared)
		skip();
	say("real logs", &tally);
	assert_true(is_enough(&tally));
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(examples),
		cmocka_unit_test(order),
		cmocka_unit_test(distinct),
		cmocka_unit_test(names_count),
		cmocka_unit_test(captures),
		cmocka_unit_test(corpora),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

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

static bool same_signatures(const struct report *one, const struct report *other)
{
	if (one->failure_count != other->failure_count)
		return false;
	for (size_t i = 0; i < one->failure_count; i++)
		if (strcmp(one->failures[i].signature, other->failures[i].signature) ||
		    strcmp(one->failures[i].family, other->failures[i].family))
			return false;
	return true;
}

static void show(const char *name, const struct drift *drift, const struct report *one,
		 const struct report *other)
{
	size_t i = 0;

	while (i < one->failure_count && i < other->failure_count &&
	       !strcmp(one->failures[i].signature, other->failures[i].signature))
		i++;
	print_message("%s: %s: %zu and %zu failures; number %zu:\n", name, drift->name,
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

	for (size_t i = 0; i < DRIFTS; i++) {
		ARENA a = {0};
		const struct report *other;
		bool changed;
		struct str text = drift_apply(&a, &drifts[i], log, &changed);

		if (!changed)
			continue;
		other = log_read(&a, tree, text);
		tally->compared++;
		tally->by_drift[i]++;
		if (same_signatures(one, other))
			tally->same++;
		else
			show(name, &drifts[i], one, other);
	}
}

static void say(const char *what, const struct tally *tally)
{
	print_message("%s: %u of %u signatures stayed\n", what, tally->same, tally->compared);
	for (size_t i = 0; i < DRIFTS && getenv("AEGIS_VERBOSE"); i++)
		print_message("  %-28s %u\n", drifts[i].name, tally->by_drift[i]);
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
	assert_int_equal(tally.same, tally.compared);
}

static void corpora(void **state)
{
	static const char *const roots[] = { "../shared/corpora", "../../shared/corpora" };
	static const char *const sets[] = { "bugswarm", "classifier", "stacks", "diagnostics" };
	size_t most = getenv("AEGIS_LONG") ? SIZE_MAX : 200 * 1024;
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
	assert_true(1000.0 * tally.same / tally.compared >= 999.0);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(examples),
		cmocka_unit_test(captures),
		cmocka_unit_test(corpora),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}

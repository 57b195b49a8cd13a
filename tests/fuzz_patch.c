/* Two texts: their hunks must lead from one to the other and back. */
#include "git/patch.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct tree_file files[2] = {{0}};
	struct str all = { (const char *)data, size }, before, after;
	struct patch patch = {0}, rest = {0};
	struct err e = ERR_INIT;
	size_t hunks, added, removed, count;

	if (!str_split(all, "\xff", &before, &after))
		return 0;
	files[0] = (struct tree_file){ "f", str_text(&a, before) };
	if (!patch_put(&patch, &a, tree_of_files(&a, files), "f", after, &e) || !patch.count)
		return 0;
	patch_diff(&patch, &a);
	hunks = patch_hunks(&patch, &a);
	patch_lines(&patch, &added, &removed);
	must(hunks > 0 && added + removed > 0);
	patch_changed_lines(&patch.changes[0], &a, &count);
	must(count == added);
	for (size_t i = 0; i < hunks; i++) {
		must(patch_without_hunk(&patch, &a, i, &rest));
		must(hunks > 1 || !rest.count);
		must(!rest.count || !str_equal(rest.changes[0].after, after));
	}
	must(!patch_without_hunk(&patch, &a, hunks, &rest));
	return 0;
}

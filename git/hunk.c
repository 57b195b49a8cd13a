/*
 * Line differences by libgit2's xdiff (Myers, with git's indent heuristic). Looks at bytes: CR is a
 * part of its line, white space counts, and nothing is taken as binary.
 */
#include "git/hunk.h"

#include "git/library.h"

#include <git2.h>

struct lines lines_of(struct arena *a, struct str text)
{
	struct lines lines = { .text = text };
	struct str rest = text, line;
	size_t count = 0, at = 0;

	for (size_t i = 0; i < text.size; i++)
		count += text.at[i] == '\n';
	lines.starts = arena_array(a, size_t, count + 2);
	while (str_next(&rest, '\n', &line)) {
		lines.starts[lines.count++] = at;
		at += line.size + 1;
	}
	lines.starts[lines.count] = text.size;
	return lines;
}

struct str lines_at(const struct lines *lines, size_t first, size_t count)
{
	size_t from = lines->starts[first], to = lines->starts[first + count];

	return str_slice(lines->text, from, to - from);
}

static void free_patch(git_patch **patch)
{
	git_patch_free(*patch);
}

/* "@@ -1,2 +3,4 @@ place\n" */
static struct str place_of(struct arena *a, const git_diff_hunk *hunk)
{
	struct str header = { hunk->header, hunk->header_len }, place = STR_NONE;

	if (!str_skip(&header, "@@ ") || !str_split(header, " @@", NULL, &place))
		return STR_NONE;
	return str_copy(a, str_trim(place));
}

/* A side without lines is numbered by the line before it, one with lines by its first line. */
static size_t first_line(int start, int lines)
{
	return (size_t)(lines ? start - 1 : start);
}

static const struct hunk *all_lines(struct arena *a, struct str before, struct str after,
				    size_t *count)
{
	struct hunk *hunk = arena_new(a, struct hunk);

	hunk->removed = lines_of(a, before).count;
	hunk->added = lines_of(a, after).count;
	*count = hunk->removed || hunk->added;
	return hunk;
}

const struct hunk *hunks_of(struct arena *a, struct str before, struct str after,
			    unsigned context, size_t *count)
{
	git_diff_options options;
	__attribute__((cleanup(free_patch))) git_patch *patch = NULL;
	struct hunk *hunks;
	size_t found;

	library_start();
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
	options.context_lines = context;
	if (git_patch_from_buffers(&patch, before.size ? before.at : "", before.size, NULL,
				   after.size ? after.at : "", after.size, NULL, &options) < 0)
		return all_lines(a, before, after, count);
	found = git_patch_num_hunks(patch);
	hunks = arena_array(a, struct hunk, found);
	for (size_t i = 0; i < found; i++) {
		const git_diff_hunk *hunk;

		if (git_patch_get_hunk(&hunk, NULL, patch, i) < 0)
			return all_lines(a, before, after, count);
		hunks[i] = (struct hunk){
			.before = first_line(hunk->old_start, hunk->old_lines),
			.removed = (size_t)hunk->old_lines,
			.after = first_line(hunk->new_start, hunk->new_lines),
			.added = (size_t)hunk->new_lines,
			.place = context ? place_of(a, hunk) : STR_NONE,
		};
	}
	*count = found;
	return hunks;
}

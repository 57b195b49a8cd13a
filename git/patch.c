/*
 * Patches in memory: what may be changed, the unified diff, and single runs of lines taken out
 * again. Does not apply diff text (a model answers with whole pieces of files) and never touches a
 * disk.
 */
#include "git/patch.h"

#include "git/hunk.h"
#include "git/library.h"
#include "git/path.h"

#include <git2.h>

enum { CONTEXT_LINES = 3, SHORT_ID = 7 };

static bool is_binary(struct str text)
{
	return text.size && memchr(text.at, '\0', text.size);
}

/* Does `entry` name the path or a folder above it, for a file system that ignores case? */
static bool is_above(const struct entry *entry, struct str path)
{
	struct str name = str_of(entry->path);

	return name.size <= path.size && (name.size == path.size || path.at[name.size] == '/') &&
	       str_equal_nocase(name, str_slice(path, 0, name.size));
}

/*
 * Writing below a link writes wherever the link points to, and a file system without case takes
 * "A/x" for something below the link "a". A new file that differs from another one only in case
 * would replace it there.
 */
static bool check_place(const struct tree *tree, const char *path, const struct entry *old,
			struct err *e)
{
	struct str name = str_of(path);

	if (old && old->mode == ENTRY_LINK)
		return fail(e, ERR_INPUT, "%s is a symbolic link", path);
	if (old && old->mode == ENTRY_MODULE)
		return fail(e, ERR_INPUT, "%s is a submodule", path);
	for (size_t i = 0; i < tree->count; i++) {
		const struct entry *entry = &tree->entries[i];
		size_t size;

		if (!is_above(entry, name) || entry == old)
			continue;
		size = strlen(entry->path);
		if (size == name.size && old)
			continue;
		if (size == name.size)
			return fail(e, ERR_INPUT, "%s differs from %s only in case", path,
				    entry->path);
		return fail(e, ERR_INPUT, "%s lies below %s, which is %s", path, entry->path,
			    entry->mode == ENTRY_LINK ? "a symbolic link" :
			    entry->mode == ENTRY_MODULE ? "a submodule" : "a file");
	}
	if (!old && tree_has_folder(tree, path))
		return fail(e, ERR_INPUT, "%s is a folder", path);
	return true;
}

static struct change *change_of(const struct patch *patch, const char *path)
{
	for (size_t i = 0; i < patch->count; i++)
		if (!strcmp(patch->changes[i].path, path))
			return &patch->changes[i];
	return NULL;
}

static bool same(const struct change *change)
{
	return change->existed == change->exists && !change->made_program &&
	       str_equal(change->before, change->after);
}

/* A new list each time, sorted by path: copies of a patch may still point to the old one. */
static void put_change(struct patch *patch, struct arena *a, const struct change *change)
{
	struct change *changes = arena_array(a, struct change, patch->count + 1);
	size_t count = 0;
	bool done = same(change);

	for (size_t i = 0; i < patch->count; i++) {
		int order = strcmp(patch->changes[i].path, change->path);

		if (order >= 0 && !done) {
			changes[count++] = *change;
			done = true;
		}
		if (order != 0)
			changes[count++] = patch->changes[i];
	}
	if (!done)
		changes[count++] = *change;
	*patch = (struct patch){ changes, count };
}

/* What there was before: from the patch if it knows, else from the tree. */
static bool open_change(const struct patch *patch, struct arena *a, const struct tree *tree,
			const char *path, struct change *out, struct err *e)
{
	const struct change *known = change_of(patch, path);
	const struct entry *old = tree_entry(tree, path);
	struct change change = { .mode = ENTRY_FILE };

	if (!path_check(str_of(path), e) || !check_place(tree, path, old, e))
		return fail_while(e, "changing a file");
	if (known) {
		*out = *known;
		return true;
	}
	change.path = arena_strdup(a, path);
	if (old) {
		change.existed = true;
		change.mode = old->mode;
		if (!tree_read(tree, a, path, &change.before))
			return fail(e, ERR_INPUT, "%s cannot be read or is larger than %d MiB",
				    path, TREE_FILE_MAX >> 20);
		if (is_binary(change.before))
			return fail(e, ERR_INPUT, "%s is a binary file", path);
	}
	*out = change;
	return true;
}

bool patch_put(struct patch *patch, struct arena *a, const struct tree *tree, const char *path,
	       struct str text, struct err *e)
{
	struct change change;

	if (!open_change(patch, a, tree, path, &change, e))
		return false;
	if (text.size > TREE_FILE_MAX)
		return fail(e, ERR_INPUT, "the new text of %s is larger than %d MiB", path,
			    TREE_FILE_MAX >> 20);
	if (is_binary(text))
		return fail(e, ERR_INPUT, "the new text of %s is binary", path);
	change.exists = true;
	change.after = str_copy(a, text);
	put_change(patch, a, &change);
	return true;
}

bool patch_make_program(struct patch *patch, struct arena *a, const struct tree *tree,
			const char *path, struct err *e)
{
	struct change change;
	const bool known = change_of(patch, path) != NULL;

	if (!open_change(patch, a, tree, path, &change, e))
		return false;
	if (known ? !change.exists : !change.existed)
		return fail(e, ERR_INPUT, "%s does not exist", path);
	if (!known) {
		change.exists = true;
		change.after = change.before;
	}
	change.made_program = change.existed && (change.made_program || change.mode == ENTRY_FILE);
	change.mode = ENTRY_PROGRAM;
	put_change(patch, a, &change);
	return true;
}

bool patch_take(struct patch *patch, struct arena *a, const struct tree *tree,
		const struct change *change, struct err *e)
{
	return patch_put(patch, a, tree, change->path, change->after, e) &&
	       (change->mode != ENTRY_PROGRAM ||
		(!change->made_program && change->existed) ||
		patch_make_program(patch, a, tree, change->path, e));
}

bool patch_remove(struct patch *patch, struct arena *a, const struct tree *tree, const char *path,
		  struct err *e)
{
	struct change change;

	if (!open_change(patch, a, tree, path, &change, e))
		return false;
	if (!change.existed && !change_of(patch, path))
		return fail(e, ERR_INPUT, "%s does not exist", path);
	change.exists = false;
	change.after = STR_NONE;
	put_change(patch, a, &change);
	return true;
}

void patch_lines(const struct patch *patch, size_t *added, size_t *removed)
{
	size_t plus = 0, minus = 0;

	for (size_t i = 0; i < patch->count; i++) {
		const struct change *change = &patch->changes[i];
		ARENA scratch = {0};
		size_t count;
		const struct hunk *hunks = hunks_of(&scratch, change->before, change->after, 0,
						    &count);

		for (size_t k = 0; k < count; k++) {
			plus += hunks[k].added;
			minus += hunks[k].removed;
		}
	}
	*added = plus;
	*removed = minus;
}

static void add_lines(struct text *t, char sign, const struct lines *lines, size_t from, size_t to)
{
	for (; from < to; from++) {
		struct str line = lines_at(lines, from, 1);

		text_addc(t, sign);
		text_add(t, line);
		if (!str_ends(line, "\n"))
			text_adds(t, "\n\\ No newline at end of file\n");
	}
}

/*
 * "12" or "12,3": git leaves the count out when it is 1, and names the line before an empty side.
 */
static void add_range(struct text *t, char sign, size_t first, size_t count)
{
	text_addf(t, "%c%zu", sign, count ? first + 1 : first);
	if (count != 1)
		text_addf(t, ",%zu", count);
}

/*
 * One hunk with its context; `runs` are the changes alone, *run the first that is not printed yet.
 */
static void add_hunk(struct text *t, const struct lines *before, const struct lines *after,
		     const struct hunk *hunk, const struct hunk *runs, size_t run_count,
		     size_t *run)
{
	size_t at = hunk->before, end = hunk->before + hunk->removed;

	text_adds(t, "@@ ");
	add_range(t, '-', hunk->before, hunk->removed);
	text_addc(t, ' ');
	add_range(t, '+', hunk->after, hunk->added);
	text_adds(t, " @@");
	if (hunk->place.size)
		text_addf(t, " %.*s", STR_ARG(hunk->place));
	text_addc(t, '\n');
	for (; *run < run_count && runs[*run].before + runs[*run].removed <= end; (*run)++) {
		const struct hunk *r = &runs[*run];

		add_lines(t, ' ', before, at, r->before);
		add_lines(t, '-', before, r->before, r->before + r->removed);
		add_lines(t, '+', after, r->after, r->after + r->added);
		at = r->before + r->removed;
	}
	add_lines(t, ' ', before, at, end);
}

/* A path as git prints it: quoted as in C when it holds anything but plain ASCII. */
static void add_path(struct text *t, const char *side, const char *path)
{
	bool plain = true;

	for (const char *p = path; *p; p++)
		plain = plain && (unsigned char)*p < 0x7f && (unsigned char)*p >= ' ' &&
			*p != '"' && *p != '\\';
	if (plain) {
		text_addf(t, "%s%s", side, path);
		return;
	}
	text_addf(t, "\"%s", side);
	for (const char *p = path; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '"' || c == '\\')
			text_addf(t, "\\%c", c);
		else if (c >= ' ' && c < 0x7f)
			text_addc(t, *p);
		else
			text_addf(t, "\\%03o", c);
	}
	text_addc(t, '"');
}

/* The blank at the end keeps a name with blanks apart from what follows it. */
static void add_side(struct text *t, const char *sign, const char *side, const char *path,
		     bool exists)
{
	text_adds(t, sign);
	if (!exists) {
		text_adds(t, "/dev/null\n");
		return;
	}
	add_path(t, side, path);
	text_adds(t, strchr(path, ' ') ? "\t\n" : "\n");
}

static void add_id(struct text *t, bool exists, struct str content)
{
	char hex[GIT_OID_HEXSZ + 1] = "0000000";
	git_oid id;

	if (exists && !git_odb_hash(&id, content.size ? content.at : "", content.size,
				    GIT_OBJECT_BLOB))
		git_oid_tostr(hex, sizeof(hex), &id);
	text_addf(t, "%.*s", SHORT_ID, hex);
}

static void add_header(struct text *t, const struct change *change)
{
	text_adds(t, "diff --git ");
	add_path(t, "a/", change->path);
	text_addc(t, ' ');
	add_path(t, "b/", change->path);
	text_addc(t, '\n');
	if (!change->existed)
		text_addf(t, "new file mode %06o\n", change->mode);
	if (!change->exists)
		text_addf(t, "deleted file mode %06o\n", change->mode);
	if (change->made_program)
		text_addf(t, "old mode %06o\nnew mode %06o\n", ENTRY_FILE, ENTRY_PROGRAM);
	if (change->made_program && str_equal(change->before, change->after))
		return;
	text_adds(t, "index ");
	add_id(t, change->existed, change->before);
	text_adds(t, "..");
	add_id(t, change->exists, change->after);
	if (change->existed && change->exists && !change->made_program)
		text_addf(t, " %06o", change->mode);
	text_addc(t, '\n');
}

static void add_change(struct text *t, const struct change *change)
{
	ARENA scratch = {0};
	struct lines before = lines_of(&scratch, change->before);
	struct lines after = lines_of(&scratch, change->after);
	size_t count, run_count, run = 0;
	const struct hunk *runs = hunks_of(&scratch, change->before, change->after, 0, &run_count);
	const struct hunk *hunks = hunks_of(&scratch, change->before, change->after,
					    CONTEXT_LINES, &count);

	add_header(t, change);
	if (!count)
		return;
	add_side(t, "--- ", "a/", change->path, change->existed);
	add_side(t, "+++ ", "b/", change->path, change->exists);
	for (size_t i = 0; i < count; i++)
		add_hunk(t, &before, &after, &hunks[i], runs, run_count, &run);
}

struct str patch_diff(const struct patch *patch, struct arena *a)
{
	struct text t = TEXT(a);

	library_start();
	for (size_t i = 0; i < patch->count; i++)
		add_change(&t, &patch->changes[i]);
	return text_str(&t);
}

size_t patch_hunks(const struct patch *patch, struct arena *a)
{
	size_t total = 0, count;

	for (size_t i = 0; i < patch->count; i++) {
		hunks_of(a, patch->changes[i].before, patch->changes[i].after, 0, &count);
		total += count + patch->changes[i].made_program;
	}
	return total;
}

/* The after text with one hunk as it was. */
static struct str undo(struct arena *a, const struct change *change, const struct hunk *hunk)
{
	struct lines before = lines_of(a, change->before), after = lines_of(a, change->after);
	struct text t = TEXT(a);

	text_add(&t, lines_at(&after, 0, hunk->after));
	text_add(&t, lines_at(&before, hunk->before, hunk->removed));
	text_add(&t, lines_at(&after, hunk->after + hunk->added,
			      after.count - hunk->after - hunk->added));
	return text_str(&t);
}

bool patch_without_hunk(const struct patch *patch, struct arena *a, size_t index,
			struct patch *out)
{
	for (size_t i = 0; i < patch->count; i++) {
		struct change change = patch->changes[i];
		size_t count;
		const struct hunk *hunks = hunks_of(a, change.before, change.after, 0, &count);
		struct patch rest = *patch;

		if (index >= count + change.made_program) {
			index -= count + change.made_program;
			continue;
		}
		if (index == count) {
			change.mode = ENTRY_FILE;
			change.made_program = false;
		} else {
			change.after = undo(a, &change, &hunks[index]);
			if (count == 1)		/* a file that only this hunk made or took away */
				change.exists = change.existed;
		}
		put_change(&rest, a, &change);
		*out = rest;
		return true;
	}
	return false;
}

const size_t *patch_changed_lines(const struct change *change, struct arena *a, size_t *count)
{
	size_t found, total = 0;
	const struct hunk *hunks = hunks_of(a, change->before, change->after, 0, &found);
	size_t *numbers;

	for (size_t i = 0; i < found; i++)
		total += hunks[i].added;
	numbers = arena_array(a, size_t, total);
	total = 0;
	for (size_t i = 0; i < found; i++)
		for (size_t k = 0; k < hunks[i].added; k++)
			numbers[total++] = hunks[i].after + k + 1;
	*count = total;
	return numbers;
}

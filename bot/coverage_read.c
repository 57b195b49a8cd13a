/*
 * The reports of coverage tools, read as hostile input: repository code ran before they were
 * written. Unknown files and absurd line numbers are ignored; a report that cannot be parsed is no
 * report.
 */
#include "bot/coverage.h"

#include <jansson.h>

enum { UNKNOWN = 0, IDLE = 1, RAN = 2, REPORT_MAX = 32 * 1024 * 1024 };

static size_t line_count(struct str text)
{
	struct str line;
	size_t n = 0;

	while (str_next(&text, '\n', &line))
		n++;
	return n;
}

struct ran *ran_for(struct arena *a, const struct patch *patch)
{
	struct ran *ran = arena_new(a, struct ran);

	ran->files = arena_array(a, struct ran_file, patch->count);
	ran->count = patch->count;
	for (size_t i = 0; i < patch->count; i++) {
		size_t count = line_count(patch->changes[i].after) + 1;

		ran->files[i] = (struct ran_file){ patch->changes[i].path,
						   arena_alloc(a, count), count };
	}
	return ran;
}

void ran_mark(struct ran *ran, const char *path, size_t line, bool did_run)
{
	for (size_t i = 0; i < ran->count; i++) {
		struct ran_file *file = &ran->files[i];

		if (strcmp(file->path, path) || line >= file->count)
			continue;
		if (file->lines[line] != RAN)
			file->lines[line] = did_run ? RAN : IDLE;
	}
}

/* The path in the patch that an absolute or relative path in a report means, or NULL. */
static const char *path_in(const struct ran *ran, const char *path, const char *folder)
{
	struct str s = str_of(path);

	if (folder && str_skip(&s, folder))
		str_skip(&s, "/");
	while (str_skip(&s, "./"))
		;
	for (size_t i = 0; i < ran->count; i++)
		if (str_is(s, ran->files[i].path))
			return ran->files[i].path;
	return NULL;
}

static json_t *parse(struct str json, size_t *used)
{
	json_error_t error;
	json_t *value;

	if (json.size > REPORT_MAX)
		return NULL;
	value = json_loadb(json.at, json.size, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK,
			   &error);
	if (value && used)
		*used = error.position > 0 ? (size_t)error.position : json.size;
	return value;
}

static void mark_all(struct ran *ran, const char *path, const json_t *lines, bool did_run)
{
	size_t i;
	json_t *line;

	json_array_foreach(lines, i, line) {
		json_int_t n = json_integer_value(line);

		if (n > 0)
			ran_mark(ran, path, (size_t)n, did_run);
	}
}

bool coverage_read_python(struct ran *ran, struct str json, const char *folder)
{
	json_auto_t *root = parse(json, NULL);
	const char *name;
	json_t *lists;

	if (!json_is_object(root))
		return false;
	json_object_foreach(root, name, lists) {
		const char *path = path_in(ran, name, folder);

		if (!path)
			continue;
		mark_all(ran, path, json_array_get(lists, 0), true);
		mark_all(ran, path, json_array_get(lists, 1), false);
	}
	return true;
}

/*
 * "example.com/mod/pkg/file.go:3.24,5.2 1 0": from line.column, to line.column, statements, count.
 */
static bool go_line(struct ran *ran, struct str line)
{
	struct str name, rest, piece;
	unsigned long from, to, ran_times;

	if (!str_split_last(line, ":", &name, &rest) || !str_take_number(&rest, &from) ||
	    !str_split(rest, ",", NULL, &rest) || !str_take_number(&rest, &to) ||
	    !str_split_last(rest, " ", NULL, &piece) || !str_number(piece, &ran_times))
		return false;
	if (to < from || to - from > 100000)
		return false;
	for (size_t i = 0; i < ran->count; i++) {
		struct str path = str_of(ran->files[i].path);

		if (!str_ends(name, ran->files[i].path) ||
		    (name.size > path.size && name.at[name.size - path.size - 1] != '/'))
			continue;
		for (unsigned long n = from; n <= to; n++)
			ran_mark(ran, ran->files[i].path, n, ran_times > 0);
	}
	return true;
}

bool coverage_read_go(struct ran *ran, struct str profile)
{
	struct str line;

	if (!str_next_line(&profile, &line) || !str_starts(line, "mode: "))
		return false;
	while (str_next_line(&profile, &line))
		if (!go_line(ran, line))
			return false;
	return true;
}

static void gcov_file(struct ran *ran, const json_t *file, const char *folder)
{
	const char *name = json_string_value(json_object_get(file, "file"));
	const char *path = name ? path_in(ran, name, folder) : NULL;
	size_t i;
	json_t *line;

	if (!path)
		return;
	json_array_foreach(json_object_get(file, "lines"), i, line) {
		json_int_t n = json_integer_value(json_object_get(line, "line_number"));
		json_int_t count = json_integer_value(json_object_get(line, "count"));

		if (n > 0)
			ran_mark(ran, path, (size_t)n, count > 0);
	}
}

/* gcov prints one object a data file, one behind the other. */
bool coverage_read_gcov(struct ran *ran, struct str json, const char *folder)
{
	bool any = false;

	while ((json = str_trim(json)).size) {
		size_t used = 0, i;
		json_auto_t *root = parse(json, &used);
		json_t *file;

		if (!json_is_object(root) || !used)
			return any;
		json_array_foreach(json_object_get(root, "files"), i, file)
			gcov_file(ran, file, folder);
		any = true;
		json = str_from(json, used);
	}
	return any;
}

struct source {
	const char *path;
	struct str text;
	size_t *line_at;	/* UTF-16 offset of the first non-blank of each line, from 1 */
	long *counts;		/* of the innermost range there, -1: none yet */
	size_t *widths;		/* of that range */
	size_t lines;
};

static size_t utf16_size(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.size; i++) {
		unsigned char c = (unsigned char)s.at[i];

		n += (c & 0xc0) != 0x80;
		n += c >= 0xf0;
	}
	return n;
}

static void source_open(struct source *source, struct arena *a, const struct change *change)
{
	struct str rest = change->after, line;
	size_t offset = 0, n = 1, count = line_count(change->after) + 1;

	*source = (struct source){ .path = change->path, .text = change->after, .lines = count };
	source->line_at = arena_array(a, size_t, count);
	source->counts = arena_array(a, long, count);
	source->widths = arena_array(a, size_t, count);
	while (str_next(&rest, '\n', &line)) {
		source->line_at[n] = offset + str_indent(line);
		source->counts[n++] = -1;
		offset += utf16_size(line) + 1;
	}
}

static void v8_range(struct source *source, const json_t *range)
{
	json_int_t start = json_integer_value(json_object_get(range, "startOffset"));
	json_int_t end = json_integer_value(json_object_get(range, "endOffset"));
	json_int_t count = json_integer_value(json_object_get(range, "count"));

	if (start < 0 || end < start)
		return;
	for (size_t n = 1; n < source->lines; n++) {
		size_t at = source->line_at[n], width = (size_t)(end - start);

		if (at < (size_t)start || at >= (size_t)end ||
		    (source->counts[n] >= 0 && width > source->widths[n]))
			continue;
		source->counts[n] = count > 0;
		source->widths[n] = width;
	}
}

/* Lines of blanks, comments and closing brackets say nothing. */
static bool holds_code(struct str line)
{
	line = str_trim(line);
	while (line.size && strchr("{}()[];,", line.at[0]))
		line = str_from(line, 1);
	return line.size && !str_starts(line, "//") && !str_starts(line, "*") &&
	       !str_starts(line, "/*");
}

static void source_mark(struct ran *ran, const struct source *source)
{
	struct str rest = source->text, line;

	for (size_t n = 1; str_next(&rest, '\n', &line); n++)
		if (source->counts[n] >= 0 && holds_code(line))
			ran_mark(ran, source->path, n, source->counts[n] > 0);
}

static void v8_script(struct ran *ran, const json_t *script, const char *folder,
		      const struct patch *patch)
{
	ARENA a = {0};
	struct str url = str_of(json_string_value(json_object_get(script, "url")));
	const char *path;
	struct source source;
	size_t i, k;
	json_t *function, *range;

	if (!str_skip(&url, "file://"))
		return;
	path = path_in(ran, str_text(&a, url), folder);
	for (i = 0; path && i < patch->count; i++) {
		if (strcmp(patch->changes[i].path, path))
			continue;
		source_open(&source, &a, &patch->changes[i]);
		json_array_foreach(json_object_get(script, "functions"), k, function) {
			size_t r;

			json_array_foreach(json_object_get(function, "ranges"), r, range)
				v8_range(&source, range);
		}
		source_mark(ran, &source);
	}
}

bool coverage_read_v8(struct ran *ran, struct str json, const char *folder, const struct patch *patch)
{
	json_auto_t *root = parse(json, NULL);
	size_t i;
	json_t *script;

	if (!json_is_object(root))
		return false;
	json_array_foreach(json_object_get(root, "result"), i, script)
		v8_script(ran, script, folder, patch);
	return true;
}

double ran_share(const struct ran *ran, const struct patch *patch, struct arena *a)
{
	size_t known = 0, did_run = 0;

	for (size_t i = 0; i < patch->count; i++) {
		size_t count;
		const size_t *lines = patch_changed_lines(&patch->changes[i], a, &count);

		for (size_t n = 0; n < count; n++) {
			if (lines[n] >= ran->files[i].count)
				continue;
			known += ran->files[i].lines[lines[n]] != UNKNOWN;
			did_run += ran->files[i].lines[lines[n]] == RAN;
		}
	}
	return known ? (double)did_run / (double)known : -1;
}

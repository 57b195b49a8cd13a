/*
 * flake8, pycodestyle: blanks and empty lines. Each finding's line is put right by itself, as the
 * checker says, and the file must mean the same afterwards. Long lines and indentation are not
 * touched, nor is the inside of texts.
 */
#include "templates/lib_python.h"
#include "templates/lib_python_line.h"
#include "templates/lib_scene.h"

enum { LINES_MAX = 20000 };

static const char *const types[] = {
	"W291", "W293", "W391", "W292", "E301", "E302", "E303", "E305", "E306", "E231", "E261", "E262",
	"E265", "E201", "E202", "E203", "E221", "E222", NULL
};

struct page {
	struct arena *arena;
	struct str *lines;
	unsigned *missing, *surplus;	/* empty lines before each line */
	size_t count;
	const char *newline;
	bool ends_well;
};

static struct page page_of(struct arena *a, const struct syntax *s)
{
	struct page page = { .arena = a, .newline = python_newline(s),
			     .ends_well = str_ends(s->text, "\n") };
	struct str rest = s->text, line;

	while (page.count < LINES_MAX && str_next_line(&rest, &line))
		arena_push(a, page.lines, page.count) = line;
	page.missing = arena_alloc(a, (page.count + 1) * sizeof(unsigned));
	page.surplus = arena_alloc(a, (page.count + 1) * sizeof(unsigned));
	memset(page.missing, 0, (page.count + 1) * sizeof(unsigned));
	memset(page.surplus, 0, (page.count + 1) * sizeof(unsigned));
	return page;
}

/* Is the end of the line (from 0) inside a text of several lines? */
static bool in_string(const struct syntax *s, size_t row)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "string", n);

		if (ts_node_is_null(one))
			return false;
		if (ts_node_start_point(one).row <= row && row < ts_node_end_point(one).row)
			return true;
	}
}

/* Comments right above belong to what follows. */
static size_t above_comments(const struct page *page, size_t row)
{
	while (row && str_starts(str_trim(page->lines[row - 1]), "#"))
		row--;
	return row;
}

static void replace(struct page *page, size_t row, size_t from, size_t to, const char *piece)
{
	struct str line = page->lines[row];

	page->lines[row] = str_of(arena_printf(page->arena, "%.*s%s%.*s", STR_ARG(str_slice(line, 0, from)),
					       piece, STR_ARG(str_from(line, to))));
}

/* Blanks at one place of the line become `piece`. */
static bool blanks(struct page *page, size_t row, size_t at, const char *piece)
{
	struct str line = page->lines[row];
	size_t from = at, to = at;

	while (from && strchr(" \t", line.at[from - 1]))
		from--;
	while (to < line.size && strchr(" \t", line.at[to]))
		to++;
	if (at > line.size)
		return false;
	replace(page, row, from, to, piece);
	return true;
}

/* Findings about a place on a line; false when it is not as the checker says. */
static bool on_line(struct page *page, const struct diagnostic *d)
{
	size_t row = d->line - 1, at = d->column ? d->column - 1 : 0;
	struct str line = page->lines[row];

	if (at >= line.size)
		return false;
	if (!strcmp(d->code, "E231")) {
		if (!strchr(",;:", line.at[at]))
			return false;
		replace(page, row, at + 1, at + 1, " ");
		return true;
	}
	if (!strcmp(d->code, "E261"))
		return blanks(page, row, at, "  ");
	if (!strcmp(d->code, "E262") || !strcmp(d->code, "E265")) {
		if (line.at[at] != '#' || !str_trim(str_from(line, at + 1)).size ||
		    strchr("#!:", line.at[at + 1]))
			return false;
		replace(page, row, at + 1, at + 1 + str_indent(str_from(line, at + 1)), " ");
		return true;
	}
	if (!strcmp(d->code, "E221") || !strcmp(d->code, "E222"))
		return blanks(page, row, at, " ");
	return blanks(page, row, at, "");
}

/* Findings about empty lines. */
static bool empty_lines(struct page *page, const struct diagnostic *d)
{
	size_t row = d->line - 1, top = above_comments(page, row), there = 0;
	unsigned wanted = !strcmp(d->code, "E302") || !strcmp(d->code, "E305") ? 2 : 1;

	if (strcmp(d->code, "E303") != 0)
		row = top;
	while (there < row && !str_trim(page->lines[row - 1 - there]).size)
		there++;
	if (!strcmp(d->code, "E303")) {
		unsigned most = str_indent(page->lines[row]) ? 1 : 2;

		page->surplus[row] = there > most ? (unsigned)there - most : 0;
		return there > most;
	}
	page->missing[row] = there < wanted ? wanted - (unsigned)there : 0;
	return there < wanted;
}

static bool apply(struct page *page, const struct syntax *s, const struct diagnostic *d)
{
	size_t row = d->line - 1;

	if (!d->line || row >= page->count)
		return false;
	if (!strcmp(d->code, "W292"))
		return page->ends_well = true;
	if (!strcmp(d->code, "W391")) {
		while (page->count && !str_trim(page->lines[page->count - 1]).size)
			page->count--;
		return true;
	}
	if (!strcmp(d->code, "W291") || !strcmp(d->code, "W293")) {
		page->lines[row] = str_trim_right(page->lines[row]);
		return !in_string(s, row);
	}
	if (d->code[0] == 'E' && d->code[1] == '3')
		return empty_lines(page, d);
	return on_line(page, d);
}

static struct str joined(const struct page *page)
{
	struct text out = TEXT(page->arena);
	size_t skip = 0;

	for (size_t i = 0; i < page->count; i++) {
		for (size_t k = i; !skip && k < page->count && !str_trim(page->lines[k]).size; k++)
			if (k + 1 < page->count && page->surplus[k + 1] > k - i)
				skip = page->surplus[k + 1];
		if (skip && !str_trim(page->lines[i]).size) {
			skip--;
			continue;
		}
		for (unsigned k = 0; k < page->missing[i]; k++)
			text_adds(&out, page->newline);
		text_add(&out, page->lines[i]);
		if (i + 1 < page->count || page->ends_well)
			text_adds(&out, page->newline);
	}
	return text_str(&out);
}

static bool is_ours(const char *code)
{
	for (size_t i = 0; code && types[i]; i++)
		if (!strcmp(code, types[i]))
			return true;
	return false;
}

/* The file with all its findings mended, from the last to the first of a line; declines else. */
static bool mend(struct scene *scene, struct python *python, const char *path, struct str *after)
{
	const struct report *report = scene->report;
	const struct syntax *s = python_open(python, path);
	struct page page;

	if (!s)
		return false;
	page = page_of(scene->arena, s);
	for (size_t i = report->diagnostic_count; i-- > 0;) {
		const struct diagnostic *d = &report->diagnostics[i];
		const char *file = is_ours(d->code) ? scene_path(scene, d->file) : NULL;

		if (file && !strcmp(file, path) && !apply(&page, s, d))
			return template_decline(scene, "%s:%u is not as the checker says, or in a text",
						path, d->line), false;
	}
	*after = joined(&page);
	if (!syntax_same(scene->arena, "python", s->text, *after))
		return template_decline(scene, "%s would not mean the same", path), false;
	return true;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	const struct report *report = scene->report;
	struct candidate *candidate = NULL;
	struct str after;

	if (line_other_findings(scene))
		return template_decline(scene, "the checker also finds what cannot be mended so");
	for (size_t i = 0; i < report->diagnostic_count; i++) {
		const char *path = is_ours(report->diagnostics[i].code) ?
				   scene_path(scene, report->diagnostics[i].file) : NULL;
		bool seen = false;

		for (size_t k = 0; path && k < i; k++)
			seen = seen || (is_ours(report->diagnostics[k].code) &&
					report->diagnostics[k].file &&
					!strcmp(report->diagnostics[k].file, report->diagnostics[i].file));
		if (!path || seen || !mend(scene, &python, path, &after))
			continue;
		if (!candidate)
			candidate = propose(scene, ORACLE_TOOL, "blanks and empty lines as the checker says");
		candidate_put(scene, candidate, path, after);
	}
	if (!candidate && !scene->declined)
		template_decline(scene, "no finding names a file that can be read");
}

static const struct example examples[] = {
	{
		.name = "blanks at the end, empty lines, no new line at the end",
		.log =
			"a.py:3:16: W291 trailing whitespace\n"
			"a.py:4:1: E302 expected 2 blank lines, found 0\n"
			"a.py:4:14: E231 missing whitespace after ','\n"
			"a.py:9:1: E303 too many blank lines (3)\n"
			"a.py:9:17: W291 trailing whitespace\n"
			"a.py:10:1: W293 blank line contains whitespace\n"
			"a.py:11:23: E201 whitespace after '('\n"
			"a.py:11:28: E202 whitespace before ')'\n"
			"a.py:14:1: W391 blank line at end of file\n",
		.file = {
			{ "a.py",
			"\"\"\"Fills in.\"\"\"\n"
			"import json\n"
			"MARK = \"{name}\" \n"
			"def fill(name,page):\n"
			"    return page.replace(MARK, name)   # all\n"
			"\n"
			"\n"
			"\n"
			"def names(text): \n"
			"    \n"
			"    return json.loads( text )\n"
			"\n"
			"\n"
			"\n", 
			"\"\"\"Fills in.\"\"\"\n"
			"import json\n"
			"MARK = \"{name}\"\n"
			"\n"
			"\n"
			"def fill(name, page):\n"
			"    return page.replace(MARK, name)   # all\n"
			"\n"
			"\n"
			"def names(text):\n"
			"\n"
			"    return json.loads(text)\n" },
		},
	},
	{
		.name = "inside of a text",
		.log =
			"a.py:1:13: W291 trailing whitespace\n",
		.file = {
			{ "a.py",
			"PAGE = \"\"\"To \n"
			"you\n"
			"\"\"\"\n", NULL },
		},
		.declines = "in a text",
	},
	{
		.name = "a line that is too long stays",
		.log =
			"a.py:1:11: W291 trailing whitespace\n"
			"a.py:2:80: E501 line too long (85 > 79 characters)\n",
		.file = {
			{ "a.py",
			"name = \"a\" \n"
			"text = \"................................................................."
			"...........\"\n", NULL },
		},
		.declines = "cannot be mended so",
	},
	{0}
};

const struct template template_python_whitespace = {
	.name = "python_whitespace",
	.summary = "flake8, pycodestyle: blanks and empty lines -> as the checker says",
	.language = "python",
	.class = "lint",
	.oracles = "tool",
	.keeps_off = "blanks inside of texts, long lines, indentation",
	.danger = DANGER_0,
	.types = types,
	.fix = fix,
	.examples = examples,
};

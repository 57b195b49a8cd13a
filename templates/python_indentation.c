/*
 * IndentationError, TabError: a line's indentation was changed by the failing commit, and nothing
 * else of it. The history says to which block it belongs; without it nobody does. Only a tab among
 * blanks needs none, where just one width that a tab can have fits the blocks that are open.
 */
#include "templates/lib_python_line.h"

enum { LINES_MAX = 20000, LEVELS_MAX = 40, TAB_WIDTH = 8 };

struct lines {
	struct str *list;
	size_t count;
};

static struct lines lines_of(struct arena *a, struct str text)
{
	struct lines lines = {0};
	struct str line;

	while (lines.count < LINES_MAX && str_next_line(&text, &line))
		arena_push(a, lines.list, lines.count) = line;
	return lines;
}

/* The nearest line with something on it, in one direction, trimmed. */
static struct str neighbour(const struct lines *lines, size_t at, int step)
{
	for (size_t i = at + (size_t)step; i < lines->count; i += (size_t)step)
		if (str_trim(lines->list[i]).size)
			return str_trim(lines->list[i]);
	return STR_NONE;
}

/* The line of the parent that this one was; false when none or several with another indentation. */
static bool was(const struct lines *before, const struct lines *now, size_t at, struct str *indent)
{
	struct str text = str_trim(now->list[at]);
	bool found = false;

	for (size_t i = 0; i < before->count; i++) {
		struct str line = before->list[i], its = str_slice(line, 0, str_indent(line));

		if (!str_equal(str_trim(line), text) ||
		    (!str_equal(neighbour(before, i, -1), neighbour(now, at, -1)) &&
		     !str_equal(neighbour(before, i, 1), neighbour(now, at, 1))))
			continue;
		if (found && !str_equal(its, *indent))
			return false;
		*indent = its;
		found = true;
	}
	return found;
}

/* Puts back the indentation of the lines from `from` on, as long as it alone differs. */
static struct str put_back(struct scene *scene, struct str text, const struct lines *before,
			   const struct lines *now, size_t from)
{
	struct text out = TEXT(scene->arena);
	bool running = true;

	for (size_t i = 0; i < now->count; i++) {
		struct str line = now->list[i], indent = STR_NONE;
		size_t whole = (size_t)(line.at - text.at) + line.size, end = line_end(text, whole);

		if (i >= from && running && str_trim(line).size) {
			running = was(before, now, i, &indent) &&
				  !str_equal(indent, str_slice(line, 0, str_indent(line)));
			if (running) {
				text_add(&out, indent);
				line = str_from(line, str_indent(line));
			}
		}
		text_add(&out, line);
		text_add(&out, str_slice(text, whole, end - whole));
	}
	return text_str(&out);
}

/* The blocks that are open at a line. */
struct blocks {
	size_t open[LEVELS_MAX], count;
	bool begins;			/* the line before was the head of a block */
	size_t step;
	long depth;			/* of brackets: a line inside of them has any indentation */
};

/* How wide an indentation is when each tab is a step, or goes on to a multiple of eight. */
static size_t width_of(struct str indent, size_t step)
{
	size_t width = 0;

	for (size_t i = 0; i < indent.size; i++)
		if (indent.at[i] == '\t')
			width += step ? step : TAB_WIDTH - width % TAB_WIDTH;
		else
			width++;
	return width;
}

static bool fits(const struct blocks *blocks, size_t width)
{
	if (blocks->begins)
		return width == blocks->open[blocks->count - 1] + blocks->step;
	for (size_t i = 0; i < blocks->count; i++)
		if (blocks->open[i] == width)
			return true;
	return false;
}

static void go_on(struct blocks *blocks, struct str line, size_t width)
{
	struct str code = str_slice(line, 0, line_code_end(line));

	if (!blocks->depth) {
		while (blocks->count > 1 && blocks->open[blocks->count - 1] > width)
			blocks->count--;
		if (blocks->open[blocks->count - 1] < width && blocks->count < LEVELS_MAX)
			blocks->open[blocks->count++] = width;
	}
	for (size_t i = 0; i < code.size; i++)
		blocks->depth += strchr("([{", code.at[i]) ? 1 : strchr(")]}", code.at[i]) ? -1 : 0;
	blocks->depth = blocks->depth < 0 ? 0 : blocks->depth;
	blocks->begins = !blocks->depth && str_ends(code, ":");
}

/* The smallest indentation by blanks; 0 when there is none. */
static size_t step_of(const struct lines *lines)
{
	size_t step = 0;

	for (size_t i = 0; i < lines->count; i++) {
		size_t width = 0;

		while (width < lines->list[i].size && lines->list[i].at[width] == ' ')
			width++;
		if (width && width < lines->list[i].size && lines->list[i].at[width] != '\t' &&
		    (!step || width < step))
			step = width;
	}
	return step;
}

/* The text with blanks for the tabs of all indentations; empty when a tab could have two widths. */
static struct str without_tabs(struct scene *scene, struct str text)
{
	struct lines now = lines_of(scene->arena, text);
	struct blocks blocks = { .count = 1, .step = step_of(&now) };
	struct text out = TEXT(scene->arena);

	for (size_t i = 0; i < now.count; i++) {
		struct str line = now.list[i], indent = str_slice(line, 0, str_indent(line));
		size_t whole = (size_t)(line.at - text.at) + line.size, end = line_end(text, whole);
		size_t small = width_of(indent, blocks.step), large = width_of(indent, 0);
		bool code = str_trim(line).size && str_trim(line).at[0] != '#';

		if (code && small != large && !blocks.depth) {
			if (!blocks.step || fits(&blocks, small) == fits(&blocks, large))
				return STR_NONE;
			small = fits(&blocks, small) ? small : large;
		}
		text_addf(&out, "%*s", (int)small, "");
		text_add(&out, str_from(line, indent.size));
		text_add(&out, str_slice(text, whole, end - whole));
		if (code)
			go_on(&blocks, line, small);
	}
	return text_str(&out);
}

static void fix_tabs(struct scene *scene, const struct broken *broken)
{
	struct str after = without_tabs(scene, broken->text);

	if (!after.size || str_has(broken->text, "\"\"\"\t") || str_has(broken->text, "\t\""))
		return template_decline(scene, "no history says to which block the line belongs, and a tab "
					"could have two widths");
	line_propose(scene, broken, after, ORACLE_TOOL, "a tab among blanks can have one width only there");
}

static void fix(struct scene *scene)
{
	struct lines before, now;
	struct broken broken;
	struct str old, indent = STR_NONE;
	size_t at = scene->failure->line ? scene->failure->line - 1 : 0;

	if (!line_broken(scene, &broken))
		return;
	if (!scene->parent || !tree_read(scene->parent, scene->arena, broken.path, &old))
		return !strcmp(scene->failure->type, "TabError") ? fix_tabs(scene, &broken) :
		       template_decline(scene, "no history says to which block the line belongs");
	before = lines_of(scene->arena, old);
	now = lines_of(scene->arena, broken.text);
	if (at >= now.count || !was(&before, &now, at, &indent) ||
	    str_equal(indent, str_slice(now.list[at], 0, str_indent(now.list[at]))))
		return !strcmp(scene->failure->type, "TabError") ? fix_tabs(scene, &broken) :
		       template_decline(scene, "the failing commit did not only move the line %u",
					scene->failure->line);
	line_propose(scene, &broken, put_back(scene, broken.text, &before, &now, at), ORACLE_HISTORY,
		     "the failing commit changed the indentation and nothing else of the line");
}

static const char *const types[] = { "IndentationError", "TabError", NULL };

static const struct example examples[] = {
	{
		.name = "a line lost one blank",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 7\n"
			"    whole += 1\n"
			"              ^\n"
			"IndentationError: unindent does not match any outer indentation level\n",
		.file = {
			{ "main.py",
			"def total(rows):\n"
			"    whole = 0\n"
			"    for row in rows:\n"
			"        if row:\n"
			"            row = -row\n"
			"        whole += row\n"
			"       whole += 1\n"
			"    return whole\n"
			"\n"
			"\n"
			"print(total([1]))\n", 
			"def total(rows):\n"
			"    whole = 0\n"
			"    for row in rows:\n"
			"        if row:\n"
			"            row = -row\n"
			"        whole += row\n"
			"        whole += 1\n"
			"    return whole\n"
			"\n"
			"\n"
			"print(total([1]))\n", .was =
			"def total(rows):\n"
			"    \"\"\"All rows.\"\"\"\n"
			"    whole = 0\n"
			"    for row in rows:\n"
			"        if row:\n"
			"            row = -row\n"
			"        whole += row\n"
			"        whole += 1\n"
			"    return whole\n"
			"\n"
			"\n"
			"print(total([1]))\n" },
		},
	},
	{
		.name = "a body moved to the left",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 3\n"
			"    print(row)\n"
			"    ^\n"
			"IndentationError: expected an indented block after 'for' statement on line"
			" 2\n",
		.file = {
			{ "main.py",
			"def total(rows):\n"
			"    for row in rows:\n"
			"    print(row)\n"
			"    print(\"-\")\n"
			"    return rows\n"
			"\n"
			"\n"
			"print(total([1]))\n", 
			"def total(rows):\n"
			"    for row in rows:\n"
			"        print(row)\n"
			"        print(\"-\")\n"
			"    return rows\n"
			"\n"
			"\n"
			"print(total([1]))\n", .was =
			"def total(rows):\n"
			"    for row in rows:\n"
			"        print(row)\n"
			"        print(\"-\")\n"
			"    return rows\n"
			"\n"
			"\n"
			"print(total([1]))\n" },
		},
	},
	{
		.name = "a tab among blanks",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 4\n"
			"    print(\"-\")\n"
			"TabError: inconsistent use of tabs and spaces in indentation\n",
		.file = {
			{ "main.py",
			"def total(rows):\n"
			"    for row in rows:\n"
			"        print(row)\n"
			"\tprint(\"-\")\n", 
			"def total(rows):\n"
			"    for row in rows:\n"
			"        print(row)\n"
			"        print(\"-\")\n", .was =
			"def total(rows):\n"
			"    for row in rows:\n"
			"        print(row)\n"
			"        print(\"-\")\n" },
		},
	},
	{
		.name = "no history",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 5\n"
			"    whole += 1\n"
			"              ^\n"
			"IndentationError: unindent does not match any outer indentation level\n",
		.file = {
			{ "main.py",
			"def total(rows):\n"
			"    whole = 0\n"
			"    for row in rows:\n"
			"        whole += row\n"
			"      whole += 1\n"
			"    return whole\n", NULL },
		},
		.declines = "no history",
	},
	{
		.name = "a new line",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 5\n"
			"    whole += 1\n"
			"              ^\n"
			"IndentationError: unindent does not match any outer indentation level\n",
		.file = {
			{ "main.py",
			"def total(rows):\n"
			"    whole = 0\n"
			"    for row in rows:\n"
			"        whole += row\n"
			"      whole += 1\n"
			"    return whole\n", NULL, .was =
			"def total(rows):\n"
			"    whole = 0\n"
			"    for row in rows:\n"
			"        whole += row\n"
			"    return whole\n" },
		},
		.declines = "did not only move",
	},
	{
		.name = "a tab that can have one width only",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 4\n"
			"    whole += row\n"
			"TabError: inconsistent use of tabs and spaces in indentation\n",
		.file = {
			{ "main.py",
			"def total(rows):\n"
			"    whole = 0\n"
			"    for row in rows:\n"
			"\twhole += row\n"
			"    return whole\n"
			"\n"
			"\n"
			"print(total([1]))\n", 
			"def total(rows):\n"
			"    whole = 0\n"
			"    for row in rows:\n"
			"        whole += row\n"
			"    return whole\n"
			"\n"
			"\n"
			"print(total([1]))\n" },
		},
	},
	{
		.name = "a tab that can have two",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 5\n"
			"    whole += 1\n"
			"TabError: inconsistent use of tabs and spaces in indentation\n",
		.file = {
			{ "main.py",
			"def total(rows):\n"
			"    whole = 0\n"
			"    for row in rows:\n"
			"        whole += row\n"
			"\twhole += 1\n"
			"    return whole\n"
			"\n"
			"\n"
			"print(total([1]))\n", NULL },
		},
		.declines = "two widths",
	},
	{0}
};

const struct template template_python_indentation = {
	.name = "python_indentation",
	.summary = "IndentationError, TabError: a line the failing commit moved, a tab among blanks -> its block",
	.language = "python",
	.class = "syntax",
	.oracles = "history, tool (a tab)",
	.keeps_off = "new lines, lines whose text changed as well, no history",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

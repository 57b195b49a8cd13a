/*
 * IndentationError, TabError: a line's indentation was changed by the failing commit, and by nothing
 * else. The history says to which block it belongs; without it nobody does.
 */
#include "templates/lib_python_line.h"

enum { LINES_MAX = 20000 };

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

static void fix(struct scene *scene)
{
	struct lines before, now;
	struct broken broken;
	struct str old, indent = STR_NONE;
	size_t at = scene->failure->line ? scene->failure->line - 1 : 0;

	if (!line_broken(scene, &broken))
		return;
	if (!scene->parent || !tree_read(scene->parent, scene->arena, broken.path, &old))
		return template_decline(scene, "no history says to which block the line belongs");
	before = lines_of(scene->arena, old);
	now = lines_of(scene->arena, broken.text);
	if (at >= now.count || !was(&before, &now, at, &indent) ||
	    str_equal(indent, str_slice(now.list[at], 0, str_indent(now.list[at]))))
		return template_decline(scene, "the failing commit did not only move the line %u",
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
	{0}
};

const struct template template_python_indentation = {
	.name = "python_indentation",
	.summary = "IndentationError, TabError: a line the failing commit moved -> its old indentation",
	.language = "python",
	.class = "syntax",
	.oracles = "history",
	.keeps_off = "new lines, lines whose text changed as well, no history",
	.danger = DANGER_1,
	.types = types,
	.fix = fix,
	.examples = examples,
};

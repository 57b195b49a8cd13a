/*
 * A blank line of a text that is read line by line: it is skipped, where the docstring says so or a
 * sibling does it. Joins a `continue` that already begins the loop. Only where the crashing line
 * takes the loop's own line apart, and never where a line is counted.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

#include "bot/base/regex.h"

static bool docstring_says(struct str text)
{
	static const char pattern[] =
		"(?i)\\b(empty|blank)\\b[^.]*\\blines?\\b[^.]*\\b(skip|ignor|left out|do not count|don't count)|"
		"\\b(skip|ignor)\\w*\\b[^.]*\\b(empty|blank)\\b[^.]*\\blines?\\b";
	struct str groups[REGEX_GROUPS_MAX];
	struct err e = ERR_INIT;
	REGEX regex = regex_open(pattern, &e);

	return regex && regex_match(regex, text, groups);
}

/* `if not line.strip(): continue` in another loop of the folder. */
static const char *sibling_skips(struct python *python, const struct site *crash)
{
	struct arena *a = python->scene->arena;
	struct near *near;
	size_t count = python_near(python, crash->path, &near);

	for (size_t i = 0; i < count; i++) {
		struct nodes all = python_nodes(a, near[i].s->root, "if_statement");

		for (size_t k = 0; k < all.count; k++) {
			TSNode loop = syntax_up(all.list[k], "for_statement|function_definition");
			struct str condition = syntax_text(near[i].s, syntax_field(all.list[k], "condition"));
			struct str name = syntax_text(near[i].s, syntax_field(loop, "left"));
			struct str form = str_of(arena_printf(a, "not %.*s", STR_ARG(name)));

			if (syntax_type_is(loop, "for_statement") && name.size &&
			    str_starts(condition, str_text(a, form)) &&
			    syntax_type_is(python_child(syntax_field(all.list[k], "consequence"), 0),
					   "continue_statement"))
				return arena_printf(a, "%s:%u", near[i].path, syntax_line(all.list[k]));
		}
	}
	return NULL;
}

/* Is the line taken apart by the crashing statement: line.split(...), line[0], int(line)? */
static bool takes_apart(const struct syntax *s, TSNode statement, struct str line)
{
	struct str text = syntax_text(s, statement);

	return python_mentions(s, statement, line) &&
	       (str_has(text, "split(") || str_has(text, "[") || str_has(text, "int(") || str_has(text, "float("));
}

static void skip(struct python *python, const struct site *crash, TSNode loop, struct str line,
		 enum oracle oracle, const char *by)
{
	struct arena *a = python->scene->arena;
	struct edits edits = { .arena = a };
	TSNode first = python_child(syntax_field(loop, "body"), 0), condition = syntax_field(first, "condition");
	TSNode body = syntax_field(first, "consequence");
	const char *blank = arena_printf(a, "not %.*s.strip()", STR_ARG(line));
	struct str step = str_from(syntax_indent(crash->syntax, first),
				   syntax_indent(crash->syntax, loop).size);

	if (syntax_type_is(first, "if_statement") && python_child_count(body) == 1 &&
	    syntax_type_is(python_child(body, 0), "continue_statement") &&
	    !syntax_type_is(condition, "conditional_expression|named_expression|lambda"))
		edit_replace(&edits, ts_node_start_byte(condition), ts_node_start_byte(condition),
			     str_of(arena_printf(a, "%s or ", blank)));
	else if (python_begins_line(crash->syntax, first))
		guard_insert(&edits, crash->syntax, first,
			     str_of(arena_printf(a, "if %s:\n%.*scontinue\n", blank, STR_ARG(step))));
	else
		return template_decline(python->scene, "the loop is one line");
	edits_propose(python, crash, &edits, oracle,
		      arena_printf(a, "a blank %.*s is skipped: %s", STR_ARG(line), by));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct site crash;
	TSNode loop, file;
	struct str line;
	const char *sibling;

	if (!python_crash(&python, &crash))
		return;
	loop = syntax_up(ts_node_parent(crash.statement), "for_statement|function_definition");
	line = syntax_text(crash.syntax, syntax_field(loop, "left"));
	if (!syntax_type_is(loop, "for_statement") || !str_is_word(line) ||
	    (!str_has(syntax_text(crash.syntax, syntax_field(loop, "right")), "line") &&
	     !str_has(line, "line")) || !takes_apart(crash.syntax, crash.statement, line))
		return template_decline(scene, "the line does not take a line of a text apart");
	file = python_child(python_child(crash.syntax->root, 0), 0);
	if (docstring_says(python_docstring(crash.syntax, crash.function)) ||
	    (syntax_type_is(file, "string") && docstring_says(syntax_text(crash.syntax, file))))
		return skip(&python, &crash, loop, line, ORACLE_CONTRACT, "the docstring says so");
	sibling = sibling_skips(&python, &crash);
	if (!sibling)
		return template_decline(scene, "no oracle: nothing says that blank lines are skipped");
	skip(&python, &crash, loop, line, ORACLE_SIBLING,
	     arena_printf(scene->arena, "so does %s", sibling));
}

static const char *const types[] = { "ValueError", "IndexError", NULL };

static const struct example examples[] = {
	{
		.name = "the docstring says that empty lines are skipped",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_hosts ___________________\n"
			"test_hosts.py:5: in test_hosts\n"
			"    assert hosts(\"# ours\\n\\n10.0.0.1 gate\") == [\"gate\"]\n"
			"hosts.py:7: in hosts\n    address, name = line.split()\n"
			"E   ValueError: not enough values to unpack (expected 2, got 0)\n"
			"============ short test summary info =============\n"
			"FAILED test_hosts.py::test_hosts - ValueError: ...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "hosts.py",
			  "def hosts(text):\n"
			  "    \"\"\"Names of a table. Comments and empty lines are skipped.\"\"\"\n"
			  "    found = []\n"
			  "    for line in text.split(\"\\n\"):\n"
			  "        if line.startswith(\"#\"):\n"
			  "            continue\n"
			  "        address, name = line.split()\n"
			  "        found.append(name)\n"
			  "    return found\n",
			  "def hosts(text):\n"
			  "    \"\"\"Names of a table. Comments and empty lines are skipped.\"\"\"\n"
			  "    found = []\n"
			  "    for line in text.split(\"\\n\"):\n"
			  "        if not line.strip() or line.startswith(\"#\"):\n"
			  "            continue\n"
			  "        address, name = line.split()\n"
			  "        found.append(name)\n"
			  "    return found\n" },
			{ "test_hosts.py",
			  "from hosts import hosts\n"
			  "\n"
			  "\n"
			  "def test_hosts():\n"
			  "    assert hosts(\"# ours\\n\\n10.0.0.1 gate\") == [\"gate\"]\n", NULL },
		},
	},
	{
		.name = "a sibling skips them",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_marks ___________________\n"
			"test_marks.py:5: in test_marks\n"
			"    assert marks([\"ada,1\", \"\", \"bob,2\"]) == [1, 2]\n"
			"marks.py:13: in marks\n    found.append(int(line.split(\",\")[1]))\n"
			"E   IndexError: list index out of range\n"
			"============ short test summary info =============\n"
			"FAILED test_marks.py::test_marks - IndexError: ...\n"
			"1 failed in 0.01s\n",
		.file = {
			{ "marks.py",
			  "def names(lines):\n"
			  "    found = []\n"
			  "    for line in lines:\n"
			  "        if not line.strip():\n"
			  "            continue\n"
			  "        found.append(line.split(\",\")[0])\n"
			  "    return found\n"
			  "\n"
			  "\n"
			  "def marks(lines):\n"
			  "    found = []\n"
			  "    for line in lines:\n"
			  "        found.append(int(line.split(\",\")[1]))\n"
			  "    return found\n",
			  "def names(lines):\n"
			  "    found = []\n"
			  "    for line in lines:\n"
			  "        if not line.strip():\n"
			  "            continue\n"
			  "        found.append(line.split(\",\")[0])\n"
			  "    return found\n"
			  "\n"
			  "\n"
			  "def marks(lines):\n"
			  "    found = []\n"
			  "    for line in lines:\n"
			  "        if not line.strip():\n"
			  "            continue\n"
			  "        found.append(int(line.split(\",\")[1]))\n"
			  "    return found\n" },
			{ "test_marks.py",
			  "from marks import marks\n"
			  "\n"
			  "\n"
			  "def test_marks():\n"
			  "    assert marks([\"ada,1\", \"\", \"bob,2\"]) == [1, 2]\n", NULL },
		},
	},
	{
		.name = "nothing says so",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_hosts ___________________\n"
			"test_hosts.py:5: in test_hosts\n"
			"    assert hosts(\"10.0.0.1 gate\\n\") == [\"gate\"]\n"
			"hosts.py:4: in hosts\n    address, name = line.split()\n"
			"E   ValueError: not enough values to unpack (expected 2, got 0)\n"
			"============ short test summary info =============\n"
			"FAILED test_hosts.py::test_hosts - ValueError: ...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "hosts.py",
			  "def hosts(text):\n"
			  "    found = []\n"
			  "    for line in text.split(\"\\n\"):\n"
			  "        address, name = line.split()\n"
			  "        found.append(name)\n"
			  "    return found\n", NULL },
			{ "test_hosts.py",
			  "from hosts import hosts\n"
			  "\n"
			  "\n"
			  "def test_hosts():\n"
			  "    assert hosts(\"10.0.0.1 gate\\n\") == [\"gate\"]\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "no line of a text",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_pairs ___________________\n"
			"test_pairs.py:5: in test_pairs\n"
			"    assert pairs([(1, 2), ()]) == [1]\npairs.py:5: in pairs\n"
			"    left, right = item\n"
			"E   ValueError: not enough values to unpack (expected 2, got 0)\n"
			"============ short test summary info =============\n"
			"FAILED test_pairs.py::test_pairs - ValueError: ...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "pairs.py",
			  "def pairs(items):\n"
			  "    \"\"\"Blank lines are skipped.\"\"\"\n"
			  "    found = []\n"
			  "    for item in items:\n"
			  "        left, right = item\n"
			  "        found.append(left)\n"
			  "    return found\n", NULL },
			{ "test_pairs.py",
			  "from pairs import pairs\n"
			  "\n"
			  "\n"
			  "def test_pairs():\n"
			  "    assert pairs([(1, 2), ()]) == [1]\n", NULL },
		},
		.declines = "does not take a line",
	},
	{0}
};

const struct template template_python_blank_line = {
	.name = "python_blank_line",
	.summary = "a blank line that is taken apart -> skipped, as the docstring or a sibling says",
	.language = "python",
	.class = "crash guard",
	.oracles = "contract, sibling",
	.keeps_off = "nothing says that blank lines are skipped; the line is none of a text",
	.danger = DANGER_2,
	.types = types,
	.pattern = "^(not enough values to unpack|list index out of range|string index out of range|invalid literal for int\\(\\) with base 10: .\\s*(\\\\n)?.$|could not convert string to float: .\\s*(\\\\n)?.$)",
	.fix = fix,
	.examples = examples,
};

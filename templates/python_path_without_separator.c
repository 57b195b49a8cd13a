/*
 * A folder and a name that are added without a separator: the file is sought beside the folder. The
 * sum becomes os.path.join(), as the file has it elsewhere for a folder of the same name. Only where
 * the path of the log ends in the very text that was added.
 */
#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

struct sum {
	struct reached in;
	TSNode whole, folder, rest;	/* rest: from here to the end of the sum */
	unsigned count;
};

static bool is_plus(const struct syntax *s, TSNode node)
{
	return syntax_type_is(node, "binary_operator") &&
	       str_is(syntax_text(s, syntax_field(node, "operator")), "+");
}

/* Does the file join a folder of this name elsewhere? */
static bool sibling_joins(struct arena *a, const struct syntax *s, struct str folder)
{
	struct nodes all = python_nodes(a, s->root, "call");

	for (size_t i = 0; i < all.count; i++) {
		TSNode list = syntax_field(all.list[i], "arguments");

		if (str_ends(syntax_text(s, syntax_field(all.list[i], "function")), "path.join") &&
		    python_child_count(list) > 1 &&
		    str_equal(syntax_text(s, python_child(list, 0)), folder))
			return true;
	}
	return false;
}

/* The words of the last literal of the sum. */
static struct str last_words(const struct syntax *s, TSNode node)
{
	struct str text = syntax_text(s, node);

	if (!syntax_type_is(node, "string") || text.size < 3 || !strchr("\"'", text.at[0]))
		return STR_NONE;
	return str_slice(text, 1, text.size - 2);
}

static void look(struct arena *a, const struct reached *in, struct str path, struct sum *sum)
{
	struct nodes all = python_nodes(a, in->function, "binary_operator");

	for (size_t i = 0; i < all.count; i++) {
		TSNode top = all.list[i], first = top, second;
		struct str words = last_words(in->s, syntax_field(top, "right")), begin;

		if (!is_plus(in->s, top) || is_plus(in->s, ts_node_parent(top)))
			continue;
		while (is_plus(in->s, syntax_field(first, "left")))
			first = syntax_field(first, "left");
		second = syntax_field(first, "right");
		first = syntax_field(first, "left");
		begin = last_words(in->s, second);
		if (!words.size || !str_ends(path, str_text(a, words)) ||
		    !syntax_type_is(first, "identifier|attribute") ||
		    (begin.size && strchr("/.", begin.at[0])) ||
		    !sibling_joins(a, in->s, syntax_text(in->s, first)))
			continue;
		sum->in = *in;
		sum->whole = top, sum->folder = first, sum->rest = second;
		sum->count++;
	}
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct sum sum = {0};
	struct reached *reached;
	size_t count = python_reached(&python, &reached);
	struct str callee = STR("os.path.join"), rest;

	for (size_t i = 0; i < count; i++)
		look(scene->arena, &reached[i], scene_group(scene, "path"), &sum);
	if (sum.count != 1)
		return template_decline(scene, sum.count ? "several sums can be the path" :
					"no oracle: the path is no sum of a folder that is joined elsewhere");
	if (!python_binds(sum.in.s, STR("os")))
		callee = STR("path.join");
	rest = str_slice(sum.in.s->text, ts_node_start_byte(sum.rest),
			 ts_node_end_byte(sum.whole) - ts_node_start_byte(sum.rest));
	edit_node(&edits, sum.whole, str_of(arena_printf(scene->arena, "%.*s(%.*s, %.*s)", STR_ARG(callee),
		  STR_ARG(syntax_text(sum.in.s, sum.folder)), STR_ARG(rest))));
	python_put(&python, sum.in.path, sum.in.s, &edits, ORACLE_SIBLING,
		   arena_printf(scene->arena, "%.*s is a folder and is joined to a name elsewhere in %s",
				STR_ARG(syntax_text(sum.in.s, sum.folder)), sum.in.path));
}

static const char *const types[] = { "FileNotFoundError", "NotADirectoryError", NULL };

static const struct example examples[] = {
	{
		.name = "a name added to a folder",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_footer ___________________\n"
			"test_files.py:6: in test_footer\n"
			"    assert footer(str(tmp_path)) == \"end\"\nfiles.py:9: in footer\n"
			"    with open(folder + \"footer.txt\") as text:\n"
			"E   FileNotFoundError: [Errno 2] No such file or directory: '/tmp/pyte"
			"st-of-root/pytest-5/test_footer0footer.txt'\n"
			"============ short test summary info =============\n"
			"FAILED test_files.py::test_footer - FileNotFoun...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "files.py",
			  "import os\n"
			  "\n"
			  "\n"
			  "def page(folder, name):\n"
			  "    return os.path.join(folder, name + \".txt\")\n"
			  "\n"
			  "\n"
			  "def footer(folder):\n"
			  "    with open(folder + \"footer.txt\") as text:\n"
			  "        return text.read()\n",
			  "import os\n"
			  "\n"
			  "\n"
			  "def page(folder, name):\n"
			  "    return os.path.join(folder, name + \".txt\")\n"
			  "\n"
			  "\n"
			  "def footer(folder):\n"
			  "    with open(os.path.join(folder, \"footer.txt\")) as text:\n"
			  "        return text.read()\n" },
			{ "test_files.py",
			  "from files import footer\n"
			  "\n"
			  "\n"
			  "def test_footer(tmp_path):\n"
			  "    (tmp_path / \"footer.txt\").write_text(\"end\")\n"
			  "    assert footer(str(tmp_path)) == \"end\"\n", NULL },
		},
	},
	{
		.name = "a name and an ending",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_page ____________________\n"
			"test_files.py:6: in test_page\n"
			"    assert page(str(tmp_path), \"home\") == \"hello\"\n"
			"files.py:9: in page\n"
			"    return open(folder + name + \".txt\").read()\n"
			"E   FileNotFoundError: [Errno 2] No such file or directory: '/tmp/pyte"
			"st-of-root/pytest-7/test_page0home.txt'\n"
			"============ short test summary info =============\n"
			"FAILED test_files.py::test_page - FileNotFoundE...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "files.py",
			  "import os.path\n"
			  "\n"
			  "\n"
			  "def footer(folder):\n"
			  "    return os.path.join(folder, \"footer.txt\")\n"
			  "\n"
			  "\n"
			  "def page(folder, name):\n"
			  "    return open(folder + name + \".txt\").read()\n",
			  "import os.path\n"
			  "\n"
			  "\n"
			  "def footer(folder):\n"
			  "    return os.path.join(folder, \"footer.txt\")\n"
			  "\n"
			  "\n"
			  "def page(folder, name):\n"
			  "    return open(os.path.join(folder, name + \".txt\")).read()\n" },
			{ "test_files.py",
			  "from files import page\n"
			  "\n"
			  "\n"
			  "def test_page(tmp_path):\n"
			  "    (tmp_path / \"home.txt\").write_text(\"hello\")\n"
			  "    assert page(str(tmp_path), \"home\") == \"hello\"\n", NULL },
		},
	},
	{
		.name = "nobody joins the folder",
		.log =
			"==================== FAILURES ====================\n"
			"__________________ test_footer ___________________\n"
			"test_files.py:5: in test_footer\n"
			"    assert footer(str(tmp_path)) == \"end\"\nfiles.py:2: in footer\n"
			"    with open(prefix + \"footer.txt\") as text:\n"
			"E   FileNotFoundError: [Errno 2] No such file or directory: '/tmp/pyte"
			"st-of-root/pytest-9/test_footer0footer.txt'\n"
			"============ short test summary info =============\n"
			"FAILED test_files.py::test_footer - FileNotFoun...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "files.py",
			  "def footer(prefix):\n"
			  "    with open(prefix + \"footer.txt\") as text:\n"
			  "        return text.read()\n", NULL },
			{ "test_files.py",
			  "from files import footer\n"
			  "\n"
			  "\n"
			  "def test_footer(tmp_path):\n"
			  "    assert footer(str(tmp_path)) == \"end\"\n", NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "another file is missing",
		.log =
			"==================== FAILURES ====================\n"
			"___________________ test_read ____________________\n"
			"test_files.py:5: in test_read\n"
			"    assert read(str(tmp_path)) == \"end\"\nfiles.py:13: in read\n"
			"    return open(page(folder, \"home.txt\")).read() + footer(folder)\n"
			"E   FileNotFoundError: [Errno 2] No such file or directory: '/tmp/pyte"
			"st-of-root/pytest-10/test_read0/home.txt'\n"
			"============ short test summary info =============\n"
			"FAILED test_files.py::test_read - FileNotFoundE...\n"
			"1 failed in 0.03s\n",
		.file = {
			{ "files.py",
			  "import os\n"
			  "\n"
			  "\n"
			  "def page(folder, name):\n"
			  "    return os.path.join(folder, name)\n"
			  "\n"
			  "\n"
			  "def footer(folder):\n"
			  "    return folder + \"footer.txt\"\n"
			  "\n"
			  "\n"
			  "def read(folder):\n"
			  "    return open(page(folder, \"home.txt\")).read() + footer(folder)\n", NULL },
			{ "test_files.py",
			  "from files import read\n"
			  "\n"
			  "\n"
			  "def test_read(tmp_path):\n"
			  "    assert read(str(tmp_path)) == \"end\"\n", NULL },
		},
		.declines = "no oracle",
	},
	{0}
};

const struct template template_python_path_without_separator = {
	.name = "python_path_without_separator",
	.summary = "a file sought beside its folder -> os.path.join() instead of a sum",
	.language = "python",
	.class = "path",
	.oracles = "sibling",
	.keeps_off = "the folder is joined nowhere else; the path of the log is not that sum",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^\\[Errno \\d+\\] (No such file or directory|Not a directory): .(?<path>.+).$",
	.fix = fix,
	.examples = examples,
};

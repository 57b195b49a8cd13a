/*
 * NameError: what the failing commit renamed it to, the import that the rest of the repository uses
 * for this name, a logger as the neighbours define it, or the one name in scope that it is a slip
 * of. A name that is bound somewhere in the module is another bug and is left alone.
 */
#include "templates/lib_census.h"
#include "templates/lib_rename.h"
#include "templates/lib_similar.h"

static void put(struct python *python, const struct syntax *s, const char *path,
		const struct edits *edits, enum oracle oracle, const char *why)
{
	struct str after;

	if (!edits_apply(edits, s, &after))
		return template_decline(python->scene, "the edit would break the file");
	candidate_put(python->scene, propose(python->scene, oracle, "%s", why), path, after);
}

/*
 * The failing commit renamed it in the function around the crash, or at the file's top level: what
 * looks alike is a lure then.
 */
static bool follow_rename(struct census *c, const struct syntax *s, const char *path, unsigned line)
{
	struct arena *a = c->python->scene->arena;
	struct edits edits = { .arena = a };
	struct rename rename;
	struct site site;
	TSNode scope = s->root;

	if (python_site(c->python, path, line, &site) &&
	    rename_of_local(c->python, path, site.function, c->name, &rename))
		scope = site.function;
	else if (!rename_of_name(c->python, path, c->name, &rename))
		return false;
	rename_uses(&edits, s, scope, c->name, rename.new_name);
	put(c->python, s, path, &edits, ORACLE_HISTORY,
	    arena_printf(a, "the failing commit renamed %.*s to %.*s", STR_ARG(c->name),
			 STR_ARG(rename.new_name)));
	return true;
}

/* The end of the module's imports, behind which definitions begin; 0 when there are none. */
static size_t behind_imports(const struct syntax *s)
{
	size_t end = 0;

	for (unsigned i = 0; i < python_child_count(s->root); i++) {
		TSNode one = python_child(s->root, i);

		if (syntax_type_is(one, "function_definition|class_definition|decorated_definition"))
			break;
		if (syntax_type_is(one, "import_statement|import_from_statement"))
			end = ts_node_end_byte(one);
		else if (syntax_type_is(one, "try_statement") &&
			 python_contains(one, "import_statement|import_from_statement"))
			end = ts_node_end_byte(one);
	}
	return end;
}

/* The module with `import logging`, when it had none. */
static struct str with_logging(struct census *c, const struct syntax *s)
{
	struct edits edits = { .arena = c->python->scene->arena };
	struct import_form form = { STR("logging"), STR_NONE, STR_NONE };
	struct str text = s->text;

	if (python_binds(s, form.module))
		return text;
	import_add(&edits, s, c->python->scene->tree, &form);
	edits_apply(&edits, s, &text);
	return text;
}

static bool add_logger(struct census *c, const struct syntax *old, const char *path)
{
	struct arena *a = c->python->scene->arena;
	SYNTAX s = syntax_open(a, "python", with_logging(c, old));
	struct edits edits = { .arena = a };
	size_t best = 0, end = s ? behind_imports(s) : 0, all = 0;

	for (size_t i = 0; i < c->logger_count; i++) {
		all += c->logger_counts[i];
		if (c->logger_counts[i] > c->logger_counts[best])
			best = i;
	}
	if (!c->logger_count || c->logger_counts[best] * 2 <= all || !end)
		return false;
	edit_replace(&edits, end, end, str_of(arena_printf(a, "%s%s%.*s = %.*s", python_newline(old),
							   python_newline(old), STR_ARG(c->name),
							   STR_ARG(c->loggers[best]))));
	put(c->python, s, path, &edits, ORACLE_SIBLING,
	    arena_printf(a, "%.*s is defined as in %u other module%s: %.*s", STR_ARG(c->name),
			 c->logger_counts[best], c->logger_counts[best] > 1 ? "s" : "",
			 STR_ARG(c->loggers[best])));
	return true;
}

/* The one name of the function or module that is a slip away; empty when none or several are. */
static struct str slip_of(const struct syntax *s, TSNode function, struct str name)
{
	unsigned allowed = name.size > 5 ? 2 : 1, best = 3;
	struct str found = STR_NONE;

	for (unsigned n = 0; name.size > 2; n++) {
		TSNode one = syntax_below(s->root, "identifier", n);
		struct str other = syntax_text(s, one);
		unsigned far = similar_distance(name, other);

		if (ts_node_is_null(one))
			break;
		if (!far || far > allowed || far > best || str_equal(other, found))
			continue;
		if (!python_binds(s, other) &&
		    (ts_node_is_null(function) ||
		     (ts_node_is_null(python_parameter(s, function, other)) &&
		      !python_assigned(s, function, other, 0, SIZE_MAX))))
			continue;
		found = far < best ? other : STR_NONE;
		best = far;
	}
	return found;
}

static void rename_slip(struct census *c, const struct syntax *s, const char *path,
			unsigned line, struct str hint)
{
	struct arena *a = c->python->scene->arena;
	struct edits edits = { .arena = a };
	TSNode function = {{0}, NULL, NULL}, scope = s->root;
	struct site site;
	struct str right;

	if (python_site(c->python, path, line, &site) && !ts_node_is_null(site.function))
		function = scope = site.function;
	right = slip_of(s, function, c->name);
	if (right.size && !similar_slip(c->name, right) && !similar_but_an_article(c->name, right))
		return template_decline(c->python->scene, "%.*s is like %.*s, but may well be another "
					"thing", STR_ARG(c->name), STR_ARG(right));
	if (!right.size || (hint.size && !str_equal(hint, right)))
		return template_decline(c->python->scene, "no import, neighbour or single similar name "
					"says what %.*s is", STR_ARG(c->name));
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(scope, "identifier", n);

		if (ts_node_is_null(one))
			break;
		if (str_equal(syntax_text(s, one), c->name) &&
		    !(syntax_type_is(ts_node_parent(one), "attribute") &&
		      ts_node_eq(syntax_field(ts_node_parent(one), "attribute"), one)) &&
		    !syntax_type_is(ts_node_parent(one), "keyword_argument"))
			edit_node(&edits, one, right);
	}
	put(c->python, s, path, &edits, ORACLE_CONTRACT,
	    arena_printf(a, "%.*s is a slip of %.*s, the only similar name in scope", STR_ARG(c->name),
			 STR_ARG(right)));
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	const struct failure *failure = scene->failure;
	const struct frame *last = failure->frame_count ? &failure->frames[failure->frame_count - 1] :
				   NULL;
	const char *path = last ? last->file : failure->file, *by;
	struct census c = { .python = &python, .name = scene_group(scene, "name") };
	const struct syntax *s;
	struct edits edits = { .arena = scene->arena };
	struct import_form form;

	if (!path || (last && !last->own))
		return template_decline(scene, "the error is raised in a third-party frame");
	s = python_is_test(str_of(path)) ? NULL : python_open(&python, path);
	if (!s)
		return template_decline(scene, "%s is a test or cannot be read", path);
	if (!python_mentions(s, s->root, c.name))
		return template_decline(scene, "%.*s does not stand in %s", STR_ARG(c.name), path);
	if (python_binds(s, c.name) || python_assigned(s, s->root, c.name, 0, SIZE_MAX))
		return template_decline(scene, "%.*s is bound elsewhere in %s: its order or scope is wrong",
					STR_ARG(c.name), path);
	if (follow_rename(&c, s, path, last ? last->line : failure->line))
		return;
	census_take(&c);
	if (census_choose(&c, s, &form, &by)) {
		import_add(&edits, s, scene->tree, &form);
		put(&python, s, path, &edits, c.form_count ? ORACLE_SIBLING : ORACLE_CONTRACT,
		    arena_printf(scene->arena, "the import of %.*s is missing: %s", STR_ARG(c.name), by));
		return;
	}
	if (c.form_count)
		return template_decline(scene, "%.*s is imported in several ways here, and none prevails",
					STR_ARG(c.name));
	if (add_logger(&c, s, path))
		return;
	if (rename_was_bound(&python, path, c.name))
		return template_decline(scene, "the failing commit took %.*s away", STR_ARG(c.name));
	rename_slip(&c, s, path, last ? last->line : failure->line,
			    scene_group(scene, "hint"));
}

static const char *const types[] = { "NameError", NULL };

static const struct example examples[] = {
	{
		.name = "a standard module, among the imports",
		.log =
			"[]\nTraceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 8, in <module>\n"
			"    print(os.path.join(\"data\", \"x\"))\n          ^^\n"
			"NameError: name 'os' is not defined\n",
		.file = {
			{ "main.py",
			  "\"\"\"Prints where the data is.\"\"\"\n"
			  "from __future__ import annotations\n"
			  "\n"
			  "import json\n"
			  "import sys\n"
			  "\n"
			  "print(json.dumps(sys.argv[1:]))\n"
			  "print(os.path.join(\"data\", \"x\"))\n",
			  "\"\"\"Prints where the data is.\"\"\"\n"
			  "from __future__ import annotations\n"
			  "\n"
			  "import json\n"
			  "import os\n"
			  "import sys\n"
			  "\n"
			  "print(json.dumps(sys.argv[1:]))\n"
			  "print(os.path.join(\"data\", \"x\"))\n" },
		},
	},
	{
		.name = "a name in a signature, joined to the import of its module",
		.log =
			"\n==================================== ERRORS ==========================="
			"=========\n"
			"________________________ ERROR collecting test_find.py ________________"
			"_________\ntest_find.py:1: in <module>\n    from find import find\n"
			"find.py:4: in <module>\n"
			"    def find(table: Dict[str, int], key: str) -> Optional[int]:\n"
			"E   NameError: name 'Optional' is not defined\n"
			"=========================== short test summary info ==================="
			"=========\n"
			"ERROR test_find.py - NameError: name 'Optional' is not defined\n"
			"!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!"
			"!!!!!!!!!\n1 error in 0.13s\n",
		.file = {
			{ "find.py",
			  "from typing import Dict, Tuple\n"
			  "\n"
			  "\n"
			  "def find(table: Dict[str, int], key: str) -> Optional[int]:\n"
			  "    return table.get(key)\n",
			  "from typing import Dict, Optional, Tuple\n"
			  "\n"
			  "\n"
			  "def find(table: Dict[str, int], key: str) -> Optional[int]:\n"
			  "    return table.get(key)\n" },
			{ "test_find.py",
			  "from find import find\n"
			  "\n"
			  "\n"
			  "def test_find():\n"
			  "    assert find({\"a\": 1}, \"a\") == 1\n", NULL },
		},
	},
	{
		.name = "a logger as the neighbours have it",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(load(\"[]\"))\n          ^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/shop/cart.py\", line 5, in load\n"
			"    logger.info(\"loading\")\n    ^^^^^^\n"
			"NameError: name 'logger' is not defined\n",
		.file = {
			{ "shop/__init__.py",
			  "", NULL },
			{ "shop/cart.py",
			  "import json\n"
			  "\n"
			  "\n"
			  "def load(text):\n"
			  "    logger.info(\"loading\")\n"
			  "    return json.loads(text)\n",
			  "import json\n"
			  "import logging\n"
			  "\n"
			  "logger = logging.getLogger(\"shop\")\n"
			  "\n"
			  "\n"
			  "def load(text):\n"
			  "    logger.info(\"loading\")\n"
			  "    return json.loads(text)\n" },
			{ "shop/order.py",
			  "import logging\n"
			  "\n"
			  "logger = logging.getLogger(\"shop\")\n", NULL },
			{ "main.py",
			  "from shop.cart import load\n"
			  "\n"
			  "print(load(\"[]\"))\n", NULL },
		},
	},
	{
		.name = "a slip of the one similar name",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(area(2, 3))\n          ^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/area.py\", line 2, in area\n"
			"    result = width * heigth\n                     ^^^^^^\n"
			"NameError: name 'heigth' is not defined. Did you mean: 'height'?\n",
		.file = {
			{ "area.py",
			  "def area(width, height):\n"
			  "    result = width * heigth\n"
			  "    return result\n",
			  "def area(width, height):\n"
			  "    result = width * height\n"
			  "    return result\n" },
			{ "main.py",
			  "from area import area\n"
			  "\n"
			  "print(area(2, 3))\n", NULL },
		},
	},
	{
		.name = "imported in two ways elsewhere",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/c.py\", line 1, in <module>\n"
			"    print(datetime.now())\n          ^^^^^^^^\n"
			"NameError: name 'datetime' is not defined\n",
		.file = {
			{ "a.py",
			  "import datetime\n"
			  "\n"
			  "print(datetime.date)\n", NULL },
			{ "b.py",
			  "from datetime import datetime\n"
			  "\n"
			  "print(datetime.now())\n", NULL },
			{ "c.py",
			  "print(datetime.now())\n", NULL },
		},
		.declines = "several ways",
	},
	{
		.name = "a name that nobody knows",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    print(frobnicate(1))\n          ^^^^^^^^^^\n"
			"NameError: name 'frobnicate' is not defined\n",
		.file = {
			{ "main.py",
			  "print(frobnicate(1))\n", NULL },
		},
		.declines = "no import",
	},
	{
		.name = "bound further down: the order is wrong",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    print(limit)\n          ^^^^^\n"
			"NameError: name 'limit' is not defined. Did you mean: 'list'?\n",
		.file = {
			{ "main.py",
			  "print(limit)\n"
			  "limit = 3\n", NULL },
		},
		.declines = "bound elsewhere",
	},
	{
		.name = "two names are as similar",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in <module>\n"
			"    print(middle(1, 2))\n          ^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 2, in middle\n"
			"    return item_c\n           ^^^^^^\n"
			"NameError: name 'item_c' is not defined. Did you mean: 'item_a'?\n",
		.file = {
			{ "main.py",
			  "def middle(item_a, item_b):\n"
			  "    return item_c\n"
			  "\n"
			  "\n"
			  "print(middle(1, 2))\n", NULL },
		},
		.declines = "single similar",
	},
	{
		.name = "the other axis",
		.log =
			"F                                                                     "
			"   [100%]\n"
			"========== FAILURES ==========\n"
			"__________ test_it __________\n"
			"test_box.py:5: in test_it\n"
			"    assert width(0, 3) == 3\n"
			"box.py:2: in width\n"
			"    return end_x - start_y\n"
			"E   NameError: name 'start_y' is not defined\n"
			"========== short test summary info ==========\n"
			"FAILED test_box.py::test_it - NameError: name 'start_y' is not defined"
			"\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "box.py",
			  "def width(start_x, end_x):\n"
			  "    return end_x - start_y\n", NULL },
			{ "test_box.py",
			  "from box import width\n"
			  "\n"
			  "\n"
			  "def test_it():\n"
			  "    assert width(0, 3) == 3\n", NULL },
		},
		.declines = "another thing",
	},
	{
		.name = "renamed by the failing commit, and a lure beside it",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 9, in <module>\n"
			"    print(best([1, 2], 1))\n"
			"          ^^^^^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 6, in best\n"
			"    return hits[:limit]\n"
			"                 ^^^^^\n"
			"NameError: name 'limit' is not defined. Did you mean: 'limits'?\n",
		.file = {
			{ "main.py",
			"limits = 2\n"
			"\n"
			"\n"
			"def best(hits, most):\n"
			"    hits = sorted(hits)\n"
			"    return hits[:limit]\n"
			"\n"
			"\n"
			"print(best([1, 2], 1))\n", 
			"limits = 2\n"
			"\n"
			"\n"
			"def best(hits, most):\n"
			"    hits = sorted(hits)\n"
			"    return hits[:most]\n"
			"\n"
			"\n"
			"print(best([1, 2], 1))\n", .was =
			"limits = 2\n"
			"\n"
			"\n"
			"def best(hits, limit):\n"
			"    hits = sorted(hits)\n"
			"    return hits[:limit]\n"
			"\n"
			"\n"
			"print(best([1, 2], 1))\n" },
		},
	},
	{
		.name = "taken away by the failing commit",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 2, in <module>\n"
			"    print(total)\n"
			"          ^^^^^\n"
			"NameError: name 'total' is not defined. Did you mean: 'totals'?\n",
		.file = {
			{ "main.py", "totals = [3]\nprint(total)\n", NULL,
			  .was = "totals = [3]\ntotal = sum(totals)\nprint(total)\n" },
		},
		.declines = "took total away",
	},
	{0}
};

const struct template template_python_missing_name = {
	.name = "python_missing_name",
	.summary = "NameError -> its new name, the import this repository uses, a logger as the "
		   "neighbours define it, or the one similar name in scope",
	.language = "python",
	.class = "import",
	.oracles = "history, sibling, contract",
	.keeps_off = "the name is bound elsewhere in the module; several imports or similar names; "
		     "nobody knows the name",
	.danger = DANGER_1,
	.types = types,
	.pattern = "name '(?<name>\\w+)' is not defined(?:\\. Did you mean: '(?<hint>\\w+)'\\?)?",
	.fix = fix,
	.examples = examples,
};

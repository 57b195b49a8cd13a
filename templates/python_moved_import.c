/*
 * An import of this repository's own code that points to the wrong place: the name moved to
 * another module, the module moved or is written in other case. Only a unique place counts. A
 * name that exists nowhere is not moved but missing, and not a matter for a template.
 */
#include "git/path.h"
#include "templates/lib_import.h"
#include "templates/lib_scene.h"

enum { PATCH_FILES_MAX = 3 };

struct move {
	struct python *python;
	struct str name;		/* what is imported; empty when the module itself is missing */
	struct str old_module, new_module;
	const char *target;		/* the file that has it */
};

static bool same_nocase(struct str a, struct str b)
{
	return str_equal_nocase(a, b);
}

/* Where a module could lie: "shop.cart" is .../shop/cart.py or .../shop/cart/__init__.py. */
static bool is_file_of(struct arena *a, struct str path, struct str module, bool nocase)
{
	char *slashes = str_text(a, module);
	struct str tail = path;

	for (char *c = slashes; *c; c++)
		if (*c == '.')
			*c = '/';
	if (!str_chop(&tail, "/__init__.py"))
		str_chop(&tail, ".py");
	if (tail.size > module.size && tail.at[tail.size - module.size - 1] != '/')
		return false;
	if (tail.size > module.size)
		tail = str_from(tail, tail.size - module.size);
	return nocase ? same_nocase(tail, str_of(slashes)) : str_is(tail, slashes);
}

/* The only file, tests aside, that is this module; NULL when none or several are. */
static const char *file_of(struct scene *scene, struct str module, bool nocase)
{
	const char *found = NULL;

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (!str_ends(str_of(path), ".py") || python_is_test(str_of(path)) ||
		    !is_file_of(scene->arena, str_of(path), module, nocase))
			continue;
		if (found)
			return NULL;
		found = path;
	}
	return found;
}

/* How the importer has to call the target, seen from how it calls the old module. */
static struct str module_name(struct scene *scene, const char *target, struct str old,
			      const char *old_file)
{
	struct arena *a = scene->arena;
	struct str name = import_module_name(a, scene->tree, str_of(target)), parent, last;

	if (!old_file || str_equal(import_module_name(a, scene->tree, str_of(old_file)), old))
		return name;
	if (!str_equal(path_folder(str_of(target)), path_folder(str_of(old_file))) ||
	    !str_split_last(old, ".", &parent, &last))
		return STR_NONE;
	return str_of(arena_printf(a, "%.*s.%.*s", STR_ARG(parent), STR_ARG(name)));
}

/* Takes one name out of `from M import a, b`. */
static void drop_name(struct edits *edits, TSNode import, unsigned index)
{
	unsigned count = python_child_count(import);
	TSNode one = python_child(import, index);

	if (index + 1 < count)
		edit_replace(edits, ts_node_start_byte(one),
			     ts_node_start_byte(python_child(import, index + 1)), STR_NONE);
	else
		edit_replace(edits, ts_node_end_byte(python_child(import, index - 1)),
			     ts_node_end_byte(one), STR_NONE);
}

/* One statement that imports from the old module. */
static void redirect(struct edits *edits, const struct syntax *s, TSNode import,
		     const struct move *move)
{
	TSNode module = syntax_field(import, "module_name");
	unsigned count = python_child_count(import);
	struct import_form form = { move->new_module, move->name, STR_NONE };

	if (!str_equal(syntax_text(s, module), move->old_module))
		return;
	if (!move->name.size || (count == 2 && str_equal(syntax_text(s, python_child(import, 1)),
							 move->name)))
		return edit_node(edits, module, move->new_module);
	for (unsigned i = 1; i < count; i++) {
		if (!str_equal(syntax_text(s, python_child(import, i)), move->name))
			continue;
		drop_name(edits, import, i);
		import_add(edits, s, move->python->scene->tree, &form);
		return;
	}
}

/* The file with all its imports of the thing redirected; empty when it has none. */
static struct str redirected(const struct move *move, const char *path)
{
	const struct syntax *s = python_open(move->python, path);
	struct edits edits = { .arena = move->python->scene->arena };
	struct str after = STR_NONE;

	if (!s)
		return STR_NONE;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "import_from_statement", n);

		if (ts_node_is_null(one))
			break;
		redirect(&edits, s, one, move);
	}
	edits_apply(&edits, s, &after);
	return after;
}

static void put_all(const struct move *move, const char *importer)
{
	struct scene *scene = move->python->scene;
	struct candidate *candidate;
	struct str after = redirected(move, importer);
	size_t files = 1;

	if (scene_is_aside(move->target, importer))
		return template_decline(scene, "only %s has it, which is no part of this project's own "
					"code", move->target);

	if (!after.size)
		return template_decline(scene, "%s imports it in a form that is not known", importer);
	candidate = propose(scene, ORACLE_CONTRACT, "%.*s is in %s and nowhere else, not in %.*s",
			    STR_ARG(move->name.size ? move->name : move->new_module), move->target,
			    STR_ARG(move->old_module));
	if (!candidate_put(scene, candidate, importer, after))
		return;
	for (size_t i = 0; i < scene->tree->count && files < PATCH_FILES_MAX; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;

		if (!str_ends(str_of(path), ".py") || python_is_test(str_of(path)) ||
		    str_is(str_of(path), importer) || !scene_read(scene, path, &text) ||
		    str_find(text, move->old_module) < 0)
			continue;
		after = redirected(move, path);
		if (after.size && candidate_put(scene, candidate, path, after))
			files++;
	}
}

/* from M import X, and M has no X. */
static void moved_name(struct move *move, const char *importer)
{
	struct scene *scene = move->python->scene;
	const char *old_file = file_of(scene, move->old_module, false);
	unsigned count;

	if (!import_find_definition(move->python, move->name, &move->target, &count))
		return count ? template_decline(scene, "%.*s is defined in %u places",
						STR_ARG(move->name), count) :
			       template_decline(scene, "%.*s exists nowhere in this repository",
						STR_ARG(move->name));
	if (python_is_test(str_of(importer)))
		return template_decline(scene, "a test imports %.*s from its old place; tests are not "
					"changed", STR_ARG(move->name));
	if (old_file && str_is(str_of(old_file), move->target))
		return template_decline(scene, "%s does define %.*s: the imports go in a circle",
					move->target, STR_ARG(move->name));
	move->new_module = module_name(scene, move->target, move->old_module, old_file);
	if (!move->new_module.size || str_equal(move->new_module, move->old_module))
		return template_decline(scene, "how %s is imported from there is not clear",
					move->target);
	put_all(move, importer);
}

/* import M, and there is no M. */
static void moved_module(struct move *move, const char *importer)
{
	struct scene *scene = move->python->scene;
	struct str last = move->old_module;

	move->target = file_of(scene, move->old_module, true);
	if (!move->target) {
		str_split_last(move->old_module, ".", NULL, &last);
		if (last.size < move->old_module.size)
			move->target = file_of(scene, last, false);
	}
	if (!move->target)
		return template_decline(scene, "%.*s exists nowhere in this repository, or in several "
					"places", STR_ARG(move->old_module));
	if (python_is_test(str_of(importer)))
		return template_decline(scene, "a test imports %.*s; tests are not changed",
					STR_ARG(move->old_module));
	move->new_module = import_module_name(scene->arena, scene->tree, str_of(move->target));
	if (str_equal(move->new_module, move->old_module))
		return template_decline(scene, "%s is %.*s: its folder is not on the path",
					move->target, STR_ARG(move->old_module));
	put_all(move, importer);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	const struct failure *failure = scene->failure;
	const struct frame *last = failure->frame_count ? &failure->frames[failure->frame_count - 1] :
				   NULL;
	struct str module = scene_group(scene, "module"), source = scene_group(scene, "source");
	struct move move = { .python = &python, .name = scene_group(scene, "name"),
			     .old_module = source.size ? source : module };

	if (!last || !last->own)
		return template_decline(scene, "the import is not in this repository's code");
	if (str_has(str_of(failure->message), "circular import"))
		return template_decline(scene, "the imports go in a circle");
	if (source.size && import_is_stdlib(source))
		return template_decline(scene, "%.*s is of the standard library, and this Python's has no "
					"%.*s", STR_ARG(source), STR_ARG(move.name));
	if (source.size && !import_is_local(scene->tree, source))
		return template_decline(scene, "%.*s is third-party", STR_ARG(source));
	if (source.size)
		moved_name(&move, last->file);
	else
		moved_module(&move, last->file);
}

static const char *const types[] = { "ImportError", "ModuleNotFoundError", NULL };

static const struct example examples[] = {
	{
		.name = "a name that lives in another module",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import shop.report\n"
			"  File \"/home/runner/work/app/app/shop/report.py\", line 1, in <module"
			">\n    from shop.cart import net\n"
			"ImportError: cannot import name 'net' from 'shop.cart' (/home/runner/wo"
			"rk/app/app/shop/cart.py)\n",
		.file = {
			{ "shop/__init__.py",
			  "", NULL },
			{ "shop/cart.py",
			  "def add(a, b):\n"
			  "    return a + b\n", NULL },
			{ "shop/price.py",
			  "def net(x):\n"
			  "    return x\n"
			  "\n"
			  "\n"
			  "def gross(x):\n"
			  "    return x * 1.19\n", NULL },
			{ "shop/report.py",
			  "from shop.cart import net\n"
			  "\n"
			  "print(net(1))\n",
			  "from shop.price import net\n"
			  "\n"
			  "print(net(1))\n" },
			{ "main.py",
			  "import shop.report\n", NULL },
		},
	},
	{
		.name = "one name of several",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    from shop.cart import add, gross\n"
			"ImportError: cannot import name 'gross' from 'shop.cart' (/home/runner/"
			"work/app/app/shop/cart.py)\n",
		.file = {
			{ "shop/__init__.py",
			  "", NULL },
			{ "shop/cart.py",
			  "def add(a, b):\n"
			  "    return a + b\n", NULL },
			{ "shop/price.py",
			  "def net(x):\n"
			  "    return x\n"
			  "\n"
			  "\n"
			  "def gross(x):\n"
			  "    return x * 1.19\n", NULL },
			{ "main.py",
			  "import sys\n"
			  "\n"
			  "from shop.cart import add, gross\n"
			  "\n"
			  "print(add(1, gross(2)), sys.argv)\n",
			  "import sys\n"
			  "\n"
			  "from shop.cart import add\n"
			  "from shop.price import gross\n"
			  "\n"
			  "print(add(1, gross(2)), sys.argv)\n" },
		},
	},
	{
		.name = "a module written in other case",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    from shop.Price import net\n"
			"ModuleNotFoundError: No module named 'shop.Price'\n",
		.file = {
			{ "shop/__init__.py",
			  "", NULL },
			{ "shop/cart.py",
			  "def add(a, b):\n"
			  "    return a + b\n", NULL },
			{ "shop/price.py",
			  "def net(x):\n"
			  "    return x\n"
			  "\n"
			  "\n"
			  "def gross(x):\n"
			  "    return x * 1.19\n", NULL },
			{ "main.py",
			  "from shop.Price import net\n"
			  "\n"
			  "print(net(1))\n",
			  "from shop.price import net\n"
			  "\n"
			  "print(net(1))\n" },
		},
	},
	{
		.name = "the name exists nowhere",
		.log =
			"\n==================================== ERRORS ==========================="
			"=========\n"
			"________________________ ERROR collecting test_cart.py ________________"
			"_________\n"
			"ImportError while importing test module '/home/runner/work/app/app/test"
			"_cart.py'.\n"
			"Hint: make sure your test modules/packages have valid Python names.\n"
			"Traceback:\n"
			"/usr/lib/python3.11/importlib/__init__.py:126: in import_module\n"
			"    return _bootstrap._gcd_import(name[level:], package, level)\n"
			"test_cart.py:1: in <module>\n    from shop.cart import remove\n"
			"E   ImportError: cannot import name 'remove' from 'shop.cart' (/home/ru"
			"nner/work/app/app/shop/cart.py)\n"
			"=========================== short test summary info ==================="
			"=========\nERROR test_cart.py\n"
			"!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!"
			"!!!!!!!!!\n1 error in 0.13s\n",
		.file = {
			{ "shop/__init__.py",
			  "", NULL },
			{ "shop/cart.py",
			  "def add(a, b):\n"
			  "    return a + b\n", NULL },
			{ "test_cart.py",
			  "from shop.cart import remove\n"
			  "\n"
			  "\n"
			  "def test_remove():\n"
			  "    assert remove([1], 1) == []\n", NULL },
		},
		.declines = "exists nowhere",
	},
	{
		.name = "two modules have the name",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    from c import net\n"
			"ImportError: cannot import name 'net' from 'c' (/home/runner/work/app/a"
			"pp/c.py)\n",
		.file = {
			{ "a.py",
			  "def net(x):\n"
			  "    return x\n", NULL },
			{ "b.py",
			  "def net(x):\n"
			  "    return x\n", NULL },
			{ "c.py",
			  "", NULL },
			{ "main.py",
			  "from c import net\n"
			  "\n"
			  "print(net(1))\n", NULL },
		},
		.declines = "defined in 2 places",
	},
	{
		.name = "the imports go in a circle",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import a\n"
			"  File \"/home/runner/work/app/app/a.py\", line 1, in <module>\n"
			"    from b import two\n"
			"  File \"/home/runner/work/app/app/b.py\", line 1, in <module>\n"
			"    from a import one\n"
			"ImportError: cannot import name 'one' from partially initialized module"
			" 'a' (most likely due to a circular import) (/home/runner/work/app/app/"
			"a.py)\n",
		.file = {
			{ "a.py",
			  "from b import two\n"
			  "\n"
			  "one = 1\n", NULL },
			{ "b.py",
			  "from a import one\n"
			  "\n"
			  "two = 2\n", NULL },
			{ "main.py",
			  "import a\n"
			  "\n"
			  "print(a.one)\n", NULL },
		},
		.declines = "circle",
	},
	{
		.name = "the standard library has no such name",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    from json import nothing\n"
			"ImportError: cannot import name 'nothing' from 'json' (/usr/lib/python3"
			".11/json/__init__.py)\n",
		.file = {
			{ "main.py",
			  "from json import nothing\n"
			  "\n"
			  "print(nothing)\n", NULL },
		},
		.declines = "standard library",
	},
	{
		.name = "only an example has it",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/src/order.py\", line 1, in <module>\n"
			"    from cart import total\n"
			"ImportError: cannot import name 'total' from 'cart' (/src/cart.py)\n",
		.file = {
			{ "order.py",
			  "from cart import total\n"
			  "\n"
			  "ORDER = total([])\n", NULL },
			{ "cart.py", "", NULL },
			{ "examples/demo.py",
			  "def total(cart):\n"
			  "    return 0\n", NULL },
		},
		.declines = "no part of this project",
	},
	{0}
};

const struct template template_python_moved_import = {
	.name = "python_moved_import",
	.summary = "ImportError for own code -> the one place where the name or module is now",
	.language = "python",
	.class = "import",
	.oracles = "contract (the only definition)",
	.keeps_off = "names that exist nowhere or in several places, circular imports, third-party "
		     "modules, imports in tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "cannot import name '(?<name>\\w+)' from (?:partially initialized module )?"
		   "'(?<source>[\\w.]+)'|No module named '(?<module>[\\w.]+)'",
	.fix = fix,
	.examples = examples,
};

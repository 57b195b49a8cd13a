/*
 * ModuleNotFoundError: the distribution is named in the list that holds its peers. Only names
 * that the shipped table, the history, a lock file or another list of the repository knows: a
 * name that nobody used before may be somebody's trap. A local module that is not found is a
 * matter of paths.
 */
#include "git/path.h"
#include "templates/lib_import.h"
#include "templates/lib_packages.h"
#include "templates/lib_requirements.h"
#include "templates/lib_similar.h"

struct need {
	struct scene *scene;
	struct str module, top;
	const char *importer;		/* the file of this repository that imports it */
	struct str spec;		/* what to add: "PyYAML", "PyYAML==6.0" */
	enum oracle oracle;
	const char *by;
	bool disputed;			/* two lists name two versions */
};

/* A local module a slip away; NULL when there is none. */
static const char *similar_local(const struct need *need)
{
	const struct tree *tree = need->scene->tree;

	for (size_t i = 0; i < tree->count; i++) {
		struct str rest = str_of(tree->entries[i].path), part;

		if (!str_ends(rest, ".py"))
			continue;
		while (str_next(&rest, '/', &part)) {
			str_chop(&part, ".py");
			if (need->top.size > 3 && part.size > 3 &&
			    similar_distance(part, need->top) <= (need->top.size > 5 ? 2u : 1u))
				return tree->entries[i].path;
		}
	}
	return NULL;
}

static bool is_ours_to_add(struct need *need)
{
	struct scene *scene = need->scene;
	const struct failure *failure = scene->failure;
	const char *similar;

	if (failure->frame_count) {
		const struct frame *last = &failure->frames[failure->frame_count - 1];

		if (!last->own)
			return template_decline(scene, "a third-party module imports it, not this "
						"repository"), false;
		need->importer = last->file;
	}
	if (import_is_local(scene->tree, need->top))
		return template_decline(scene, "%.*s is a module of this repository: its path is the "
					"matter", STR_ARG(need->module)), false;
	if (import_is_removed(need->top))
		return template_decline(scene, "%.*s was removed from the standard library",
					STR_ARG(need->top)), false;
	if (import_is_stdlib(need->module))
		return template_decline(scene, "%.*s is of the standard library: Python itself is "
					"another one", STR_ARG(need->top)), false;
	similar = similar_local(need);
	if (similar && !packages_of_module(need->top))
		return template_decline(scene, "%.*s looks like a slip of the local %s",
					STR_ARG(need->top), similar), false;
	return true;
}

static struct str distribution(const struct need *need)
{
	const char *known = packages_of_module(need->module);

	if (!known)
		known = packages_of_module(need->top);
	return known ? str_of(known) : need->top;
}

/* The same requirement in a list of this tree or of the parent. */
static bool spec_from(struct need *need, const struct tree *tree, enum oracle oracle,
		      const char *what)
{
	struct requirement_list lists[REQUIREMENT_LISTS_MAX];
	struct arena *a = need->scene->arena;
	size_t count = requirements_find(a, tree, lists);

	for (size_t i = 0; i < count; i++) {
		const struct requirement *entry = requirements_entry(&lists[i], distribution(need));

		if (!entry || lists[i].hashed)
			continue;
		if (need->spec.size && !str_equal(need->spec, entry->spec))
			need->disputed = true;
		need->spec = entry->spec;
		need->oracle = oracle;
		need->by = arena_printf(a, "%s %s names %.*s", lists[i].path, what,
					STR_ARG(entry->spec));
	}
	return need->spec.size > 0;
}

static const char *const locks[] = { "poetry.lock", "uv.lock", "Pipfile.lock", "pdm.lock" };

static bool spec_from_lock(struct need *need)
{
	struct str name = distribution(need), text;
	struct text toml = TEXT(need->scene->arena), json = TEXT(need->scene->arena);

	text_adds(&toml, "name = \"");
	text_addc(&json, '"');
	for (size_t i = 0; i < name.size; i++) {
		text_addc(&toml, packages_fold(name.at[i]));
		text_addc(&json, packages_fold(name.at[i]));
	}
	text_addc(&toml, '"');
	text_adds(&json, "\": {");
	for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
		if (!scene_read(need->scene, locks[i], &text) ||
		    (str_find(text, text_str(&toml)) < 0 && str_find(text, text_str(&json)) < 0))
			continue;
		need->spec = name;
		need->oracle = ORACLE_SIBLING;
		need->by = arena_printf(need->scene->arena, "%s knows it", locks[i]);
		return true;
	}
	return false;
}

static bool find_spec(struct need *need)
{
	const struct scene *scene = need->scene;

	if (scene->parent && spec_from(need, scene->parent, ORACLE_HISTORY, "of the parent commit"))
		return true;
	if (spec_from(need, scene->tree, ORACLE_SIBLING, "of this repository"))
		return true;
	if (packages_of_module(need->module) || packages_of_module(need->top)) {
		need->spec = distribution(need);
		need->oracle = ORACLE_TOOL;
		need->by = "Python names the module, and its distribution is well known";
		return true;
	}
	return spec_from_lock(need);
}

/* How many modules that the importing file imports are named in the list. */
static unsigned peers(struct python *python, const struct need *need,
		      const struct requirement_list *list)
{
	const struct syntax *s = need->importer ? python_open(python, need->importer) : NULL;
	unsigned count = 0;

	for (unsigned i = 0; s && i < python_child_count(s->root); i++) {
		TSNode import = python_child(s->root, i);
		struct str module = syntax_text(s, python_child(import, 0)), first;
		const char *known;

		if (!syntax_type_is(import, "import_statement|import_from_statement"))
			continue;
		if (str_split(module, ".", &first, NULL))
			module = first;
		known = packages_of_module(module);
		if (requirements_entry(list, known ? str_of(known) : module))
			count++;
	}
	return count;
}

/* How deep the folder is that the list is for; 0: the importer is not in it. */
static unsigned depth(const struct need *need, const struct requirement_list *list)
{
	struct str folder = path_folder(str_of(list->path)), part;
	unsigned levels = 1;

	if (str_is(path_name(folder), "requirements"))
		folder = path_folder(folder);
	if (folder.size && !str_starts(str_of(need->importer), arena_printf(need->scene->arena, "%.*s/",
									    STR_ARG(folder))))
		return 0;
	while (str_next(&folder, '/', &part))
		levels++;
	return levels;
}

/* The list of the nearest folder, with most peers; tests prefer a list for tests, code one for code. NULL: none, or it
 * is there. */
static const struct requirement_list *choose(struct python *python, const struct need *need,
					     struct requirement_list *lists, size_t count)
{
	bool test = need->importer && python_is_test(str_of(need->importer));
	const struct requirement_list *best = NULL;
	unsigned best_score = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned score = 1 + 2 * peers(python, need, &lists[i]), near = depth(need, &lists[i]);

		if (lists[i].for_tests != test && !(test && count == 1))
			score = test ? 1 : 0;
		score = near && score ? score + 1000 * near : 0;
		if (score > best_score)
			best = &lists[i], best_score = score;
	}
	return best;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct need need = { .scene = scene, .module = scene_group(scene, "module") };
	struct requirement_list lists[REQUIREMENT_LISTS_MAX];
	const struct requirement_list *list;
	size_t count;

	if (!str_split(need.module, ".", &need.top, NULL))
		need.top = need.module;
	if (!is_ours_to_add(&need))
		return;
	if (!find_spec(&need))
		return template_decline(scene, "nobody here used %.*s before: the distribution is not "
					"known", STR_ARG(need.top));
	if (need.disputed)
		return template_decline(scene, "the lists that name %.*s differ in its version",
					STR_ARG(distribution(&need)));
	count = requirements_find(scene->arena, scene->tree, lists);
	list = choose(&python, &need, lists, count);
	if (!list)
		return template_decline(scene, "there is no list of requirements that it belongs to");
	if (requirements_entry(list, distribution(&need)))
		return template_decline(scene, "%s names it already: it was not installed", list->path);
	if (list->hashed)
		return template_decline(scene, "%s is made by a lock tool", list->path);
	candidate_put(scene,
		      propose(scene, need.oracle, "%s imports %.*s, and %s does not name %.*s: %s",
			      need.importer ? need.importer : "the code", STR_ARG(need.module),
			      list->path, STR_ARG(distribution(&need)), need.by), list->path,
		      requirements_add(scene->arena, list, need.spec));
}

static const char *const types[] = { "ModuleNotFoundError", NULL };

static const struct example examples[] = {
	{
		.name = "PyYAML in a sorted requirements.txt",
		.log =
			"\n==================================== ERRORS ==========================="
			"=========\n"
			"______________________ ERROR collecting test_settings.py ______________"
			"_________\n"
			"ImportError while importing test module '/home/runner/work/app/app/test"
			"_settings.py'.\n"
			"Hint: make sure your test modules/packages have valid Python names.\n"
			"Traceback:\n"
			"/usr/lib/python3.11/importlib/__init__.py:126: in import_module\n"
			"    return _bootstrap._gcd_import(name[level:], package, level)\n"
			"test_settings.py:1: in <module>\n    import settings\n"
			"settings.py:3: in <module>\n    import peewee\n"
			"E   ModuleNotFoundError: No module named 'peewee'\n"
			"=========================== short test summary info ==================="
			"=========\nERROR test_settings.py\n"
			"!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!"
			"!!!!!!!!!\n1 error in 0.11s\n",
		.file = {
			{ "settings.py",
			  "import json\n"
			  "\n"
			  "import peewee\n"
			  "import requests\n"
			  "\n"
			  "\n"
			  "def load(path):\n"
			  "    return requests.get(path), peewee, json\n", NULL },
			{ "requirements.txt",
			  "click==8.1.3\n"
			  "# the network\n"
			  "requests==2.31.0\n",
			  "click==8.1.3\n"
			  "# the network\n"
			  "peewee\n"
			  "requests==2.31.0\n" },
			{ "test_settings.py",
			  "import settings\n"
			  "\n"
			  "\n"
			  "def test_load():\n"
			  "    assert settings.load\n", NULL },
		},
	},
	{
		.name = "a list in pyproject.toml, the version of another file",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import peewee\nModuleNotFoundError: No module named 'peewee'\n",
		.file = {
			{ "main.py",
			  "import peewee\n"
			  "import click\n"
			  "\n"
			  "print(click, peewee)\n", NULL },
			{ "pyproject.toml",
			  "[project]\n"
			  "name = \"shop\"\n"
			  "dependencies = [\n"
			  "    \"requests[socks]>=2\",\n"
			  "    \"click\"\n"
			  "]\n",
			  "[project]\n"
			  "name = \"shop\"\n"
			  "dependencies = [\n"
			  "    \"requests[socks]>=2\",\n"
			  "    \"click\",\n"
			  "    \"peewee~=3.16\",\n"
			  "]\n" },
			{ "requirements-dev.txt",
			  "peewee~=3.16\n"
			  "pytest\n", NULL },
		},
	},
	{
		.name = "a name that nobody here used before",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import requestes_toolbelt2\n"
			"ModuleNotFoundError: No module named 'requestes_toolbelt2'\n",
		.file = {
			{ "main.py",
			  "import requestes_toolbelt2\n", NULL },
			{ "requirements.txt",
			  "requests\n", NULL },
		},
		.declines = "nobody here used",
	},
	{
		.name = "a module of this repository",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/tools/run.py\", line 1, in <module>\n"
			"    import shop\nModuleNotFoundError: No module named 'shop'\n",
		.file = {
			{ "src/shop/__init__.py",
			  "", NULL },
			{ "tools/run.py",
			  "import shop\n", NULL },
			{ "requirements.txt",
			  "requests\n", NULL },
		},
		.declines = "path is the matter",
	},
	{
		.name = "removed from the standard library",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import urllib2\nModuleNotFoundError: No module named 'urllib2'\n",
		.file = {
			{ "main.py",
			  "import urllib2\n", NULL },
			{ "requirements.txt",
			  "requests\n", NULL },
		},
		.declines = "removed from the standard library",
	},
	{
		.name = "a slip of a local module",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import setings\nModuleNotFoundError: No module named 'setings'\n",
		.file = {
			{ "main.py",
			  "import setings\n", NULL },
			{ "settings.py",
			  "", NULL },
			{ "requirements.txt",
			  "requests\n", NULL },
		},
		.declines = "slip of the local",
	},
	{
		.name = "the list names it already",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import peewee\nModuleNotFoundError: No module named 'peewee'\n",
		.file = {
			{ "main.py",
			  "import peewee\n", NULL },
			{ "requirements.txt",
			  "peewee>=3\n", NULL },
		},
		.declines = "names it already",
	},
	{0}
};

const struct template template_python_missing_module = {
	.name = "python_missing_module",
	.summary = "ModuleNotFoundError -> the distribution in the list of requirements that holds "
		   "its peers",
	.language = "python",
	.class = "dependency",
	.oracles = "tool (a shipped table of well-known distributions), history, sibling",
	.keeps_off = "local modules, slips of local modules, removed standard modules, names nobody "
		     "here used before, lists made by a lock tool",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "No module named '(?<module>[\\w.]+)'",
	.fix = fix,
	.examples = examples,
};

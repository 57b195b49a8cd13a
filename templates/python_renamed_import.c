/*
 * ImportError for a name that the failing commit renamed in its module: the importer that was
 * forgotten takes the new name, in the import and in its code. A test that imports the old name is
 * left alone: it may be there to keep it.
 */
#include "templates/lib_rename.h"

/* The name in `from M import ...`, and whether it is bound under another one. */
static TSNode imported(const struct syntax *s, TSNode import, struct str name, bool *aliased)
{
	TSNode none = {{0}, NULL, NULL};

	for (unsigned i = 1; i < python_child_count(import); i++) {
		TSNode one = python_child(import, i);

		*aliased = syntax_type_is(one, "aliased_import");
		if (*aliased)
			one = syntax_field(one, "name");
		if (str_equal(syntax_text(s, one), name))
			return one;
	}
	return none;
}

static void follow(struct python *python, const struct site *site, struct str name,
		   const struct rename *rename)
{
	struct scene *scene = python->scene;
	const struct syntax *s = site->syntax;
	struct edits edits = { .arena = scene->arena };
	bool aliased = false;
	TSNode import = syntax_up(site->statement, "import_from_statement");
	TSNode one = imported(s, import, name, &aliased);
	struct str after;

	if (ts_node_is_null(import) || ts_node_is_null(one))
		return template_decline(scene, "%s:%u does not import %.*s", site->path, site->line,
					STR_ARG(name));
	if (!aliased && python_mentions(s, s->root, rename->new_name))
		return template_decline(scene, "%.*s means something else in %s already",
					STR_ARG(rename->new_name), site->path);
	if (aliased)
		edit_node(&edits, one, rename->new_name);
	else
		rename_uses(&edits, s, s->root, name, rename->new_name);
	if (!edits_apply(&edits, s, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "the failing commit renamed %.*s to %.*s "
				     "in %s", STR_ARG(name), STR_ARG(rename->new_name), rename->path),
		      site->path, after);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct str name = scene_group(scene, "name"), module = scene_group(scene, "module");
	const char *path = rename_module_file(scene, module);
	struct rename rename;
	struct site site;

	if (!python_crash(&python, &site))
		return;
	if (!path)
		return template_decline(scene, "%.*s is no one file of this repository", STR_ARG(module));
	if (!rename_of_name(&python, path, name, &rename))
		return template_decline(scene, "the failing commit did not rename %.*s in %s",
					STR_ARG(name), path);
	follow(&python, &site, name, &rename);
}

static const char *const types[] = { "ImportError", NULL };

static const struct example examples[] = {
	{
		.name = "the importer that was forgotten",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    from geo import distance\n"
			"ImportError: cannot import name 'distance' from 'geo' (/home/runner/work/a"
			"pp/app/geo.py)\n",
		.file = {
			{ "geo.py",
			"def way_km(a, b):\n"
			"    return abs(a - b)\n", NULL, .was =
			"def distance(a, b):\n"
			"    return abs(a - b)\n" },
			{ "main.py",
			"from geo import distance\n"
			"\n"
			"print(distance(1, 3))\n", 
			"from geo import way_km\n"
			"\n"
			"print(way_km(1, 3))\n" },
		},
	},
	{
		.name = "imported under another name",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    from geo import LIMIT as most\n"
			"ImportError: cannot import name 'LIMIT' from 'geo' (/home/runner/work/app/"
			"app/geo.py)\n",
		.file = {
			{ "geo.py",
			"LIMIT_KM = 3\n", NULL, .was =
			"LIMIT = 3\n" },
			{ "main.py",
			"from geo import LIMIT as most\n"
			"\n"
			"print(most)\n", 
			"from geo import LIMIT_KM as most\n"
			"\n"
			"print(most)\n" },
		},
	},
	{
		.name = "taken out",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    from geo import distance\n"
			"ImportError: cannot import name 'distance' from 'geo' (/home/runner/work/a"
			"pp/app/geo.py)\n",
		.file = {
			{ "geo.py",
			"def flat_km(a, b):\n"
			"    return a - b\n", NULL, .was =
			"def flat_km(a, b):\n"
			"    return a - b\n"
			"\n"
			"\n"
			"def distance(a, b):\n"
			"    return abs(a - b)\n" },
			{ "main.py",
			"from geo import distance\n"
			"\n"
			"print(distance(1, 3))\n", NULL },
		},
		.declines = "did not rename",
	},
	{
		.name = "the new name is another thing here",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    from geo import distance\n"
			"ImportError: cannot import name 'distance' from 'geo' (/home/runner/work/a"
			"pp/app/geo.py)\n",
		.file = {
			{ "geo.py",
			"def way(a, b):\n"
			"    return abs(a - b)\n", NULL, .was =
			"def distance(a, b):\n"
			"    return abs(a - b)\n" },
			{ "main.py",
			"from geo import distance\n"
			"\n"
			"way = \"A12\"\n"
			"print(way, distance(1, 3))\n", NULL },
		},
		.declines = "something else",
	},
	{0}
};

const struct template template_python_renamed_import = {
	.name = "python_renamed_import",
	.summary = "ImportError for a name the failing commit renamed in its module -> the new name",
	.language = "python",
	.class = "rename",
	.oracles = "history",
	.keeps_off = "names the commit took away without another, imports in tests, new names that are "
		     "taken",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^cannot import name '(?<name>\\w+)' from '(?<module>[\\w.]+)'",
	.fix = fix,
	.examples = examples,
};

/*
 * NameError for a built-in name of Python 2: what says the same in Python 3 takes its place in all of
 * the file, when the file does not define the name itself.
 */
#include "templates/lib_import.h"
#include "templates/lib_rename.h"

static const struct row {
	const char *name, *new_name, *module;	/* module: where it must be imported from */
} rows[] = {
	{ "xrange", "range", NULL }, { "raw_input", "input", NULL }, { "unicode", "str", NULL },
	{ "basestring", "str", NULL }, { "unichr", "chr", NULL }, { "long", "int", NULL },
	{ "reduce", "reduce", "functools" }, { "reload", "reload", "importlib" },
	{ "StandardError", "Exception", NULL },
	{ "intern", "intern", "sys" },
};

static const struct row *row_of(struct str name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_is(name, rows[i].name))
			return &rows[i];
	return NULL;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct str name = scene_group(scene, "name"), after;
	const struct row *row = row_of(name);
	struct site site;

	if (!row)
		return template_decline(scene, "it is no built-in name of Python 2");
	if (!python_crash(&python, &site))
		return;
	if (python_binds(site.syntax, name) ||
	    python_assigned(site.syntax, site.syntax->root, name, 0, SIZE_MAX) ||
	    str_has(site.syntax->text, "except NameError"))
		return template_decline(scene, "%s gives it a meaning of its own", site.path);
	if (row->module)
		import_add(&edits, site.syntax, scene->tree, &(struct import_form){
			str_of(row->module), str_of(row->new_name), STR_NONE });
	else
		rename_uses(&edits, site.syntax, site.syntax->root, name, str_of(row->new_name));
	if (!edits_apply(&edits, site.syntax, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "%.*s of Python 2 is %s%s%s in Python 3",
				     STR_ARG(name), row->module ? row->module : "",
				     row->module ? "." : "", row->new_name), site.path, after);
}

static const char *const types[] = { "NameError", NULL };

static const struct example examples[] = {
	{
		.name = "a range",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in <module>\n"
			"    print(squares(3), list(map(str, xrange(2))) if True else None)\n"
			"          ^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 2, in squares\n"
			"    return [i * i for i in xrange(n)]\n"
			"                           ^^^^^^\n"
			"NameError: name 'xrange' is not defined. Did you mean: 'range'?\n",
		.file = {
			{ "main.py",
			"def squares(n):\n"
			"    return [i * i for i in xrange(n)]\n"
			"\n"
			"\n"
			"print(squares(3), list(map(str, xrange(2))) if True else None)\n", 
			"def squares(n):\n"
			"    return [i * i for i in range(n)]\n"
			"\n"
			"\n"
			"print(squares(3), list(map(str, range(2))) if True else None)\n" },
		},
	},
	{
		.name = "one that lives in a module now",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(reduce(max, [1, 2]), sys.argv)\n"
			"          ^^^^^^\n"
			"NameError: name 'reduce' is not defined\n",
		.file = {
			{ "main.py",
			"import sys\n"
			"\n"
			"print(reduce(max, [1, 2]), sys.argv)\n", 
			"import sys\n"
			"from functools import reduce\n"
			"\n"
			"print(reduce(max, [1, 2]), sys.argv)\n" },
		},
	},
	{
		.name = "the file has an answer of its own",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in <module>\n"
			"    print(kind(\"x\"))\n"
			"          ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 2, in kind\n"
			"    return isinstance(value, unicode)\n"
			"                             ^^^^^^^\n"
			"NameError: name 'unicode' is not defined\n",
		.file = {
			{ "main.py",
			"def kind(value):\n"
			"    return isinstance(value, unicode)\n"
			"\n"
			"\n"
			"print(kind(\"x\"))\n"
			"unicode = str\n", NULL },
		},
		.declines = "meaning of its own",
	},
	{0}
};

const struct template template_python_removed_builtin = {
	.name = "python_removed_builtin",
	.summary = "NameError for a built-in name of Python 2 -> that of Python 3",
	.language = "python",
	.class = "api",
	.oracles = "contract (a shipped table)",
	.keeps_off = "names that the file defines itself, tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^name '(?<name>\\w+)' is not defined",
	.fix = fix,
	.examples = examples,
};

/*
 * ModuleNotFoundError for a module that Python no longer has (imp, distutils, those of Python 2), or
 * its DeprecationWarning as an error: what says the same now takes its place. Only when that is known
 * for everything that the file takes from the module.
 */
#include "templates/lib_definitions.h"
#include "templates/lib_import.h"
#include "templates/lib_removed.h"

/* The module that the statement imports: "distutils.spawn" of "distutils"; empty when it does not. */
static struct str imported(const struct syntax *s, TSNode import, struct str module)
{
	for (unsigned i = 0; i < python_child_count(import); i++) {
		TSNode one = python_child(import, i);
		struct str name = syntax_text(s, syntax_type_is(one, "aliased_import") ?
					      syntax_field(one, "name") : one), first;

		if (!str_split(name, ".", &first, NULL))
			first = name;
		if (str_equal(name, module) || str_equal(first, module))
			return name;
	}
	return STR_NONE;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct str module = scene_group(scene, "module"), full;
	struct site site;

	if (!module.size)
		module = scene_group(scene, "deprecated");
	if (import_is_local(scene->tree, module))
		return template_decline(scene, "%.*s is a module of this repository", STR_ARG(module));
	if (!definition_last_own(&python, &site))
		return;
	full = imported(site.syntax, site.statement, module);
	if (!full.size)
		return template_decline(scene, "%s:%u does not import %.*s", site.path, site.line,
					STR_ARG(module));
	removed_propose(&python, site.path, full, true);
}

static const char *const types[] = { "ModuleNotFoundError", "ImportError", "DeprecationWarning", NULL };

static const struct example examples[] = {
	{
		.name = "a program sought by distutils",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 2, in <module>\n"
			"    from distutils.spawn import find_executable\n"
			"ModuleNotFoundError: No module named 'distutils'\n",
		.file = {
			{ "main.py",
			"import os\n"
			"from distutils.spawn import find_executable\n"
			"\n"
			"\n"
			"def editor(folder):\n"
			"    return find_executable(\"ed\", folder) or find_executable(os.sep)\n"
			"\n"
			"\n"
			"print(editor(\"/bin\"))\n", 
			"import os\n"
			"import shutil\n"
			"\n"
			"\n"
			"def editor(folder):\n"
			"    return shutil.which(\"ed\", path=folder) or shutil.which(os.sep)\n"
			"\n"
			"\n"
			"print(editor(\"/bin\"))\n" },
		},
	},
	{
		.name = "a warning that is an error",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 9, in <module>\n"
			"    print(again())\n"
			"          ^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in again\n"
			"    import imp\n"
			"  File \"/usr/lib/python3.11/imp.py\", line 31, in <module>\n"
			"    warnings.warn(\"the imp module is deprecated in favour of importlib an"
			"d slated \"\n"
			"DeprecationWarning: the imp module is deprecated in favour of importlib an"
			"d slated for removal in Python 3.12; see the module's documentation for al"
			"ternative uses\n",
		.file = {
			{ "main.py",
			"import json\n"
			"\n"
			"\n"
			"def again():\n"
			"    import imp\n"
			"    return imp.reload(json)\n"
			"\n"
			"\n"
			"print(again())\n", 
			"import json\n"
			"\n"
			"\n"
			"def again():\n"
			"    import importlib\n"
			"    return importlib.reload(json)\n"
			"\n"
			"\n"
			"print(again())\n" },
		},
	},
	{
		.name = "a module of Python 2",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import ConfigParser\n"
			"ModuleNotFoundError: No module named 'ConfigParser'\n",
		.file = {
			{ "main.py",
			"import ConfigParser\n"
			"import sys\n"
			"\n"
			"settings = ConfigParser.SafeConfigParser()\n"
			"settings.read(sys.argv[1:])\n"
			"try:\n"
			"    print(settings.get(\"a\", \"b\"))\n"
			"except ConfigParser.Error:\n"
			"    print(\"none\")\n", 
			"import configparser\n"
			"import sys\n"
			"\n"
			"settings = configparser.ConfigParser()\n"
			"settings.read(sys.argv[1:])\n"
			"try:\n"
			"    print(settings.get(\"a\", \"b\"))\n"
			"except configparser.Error:\n"
			"    print(\"none\")\n" },
		},
	},
	{
		.name = "one of two names is not known",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    from distutils.util import get_platform, strtobool\n"
			"ModuleNotFoundError: No module named 'distutils'\n",
		.file = {
			{ "main.py",
			"from distutils.util import get_platform, strtobool\n"
			"\n"
			"print(strtobool(\"yes\"), get_platform())\n", NULL },
		},
		.declines = "nothing is known",
	},
	{
		.name = "a module that nobody took away",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import nosuchmodule\n"
			"ModuleNotFoundError: No module named 'nosuchmodule'\n",
		.file = {
			{ "main.py",
			"import nosuchmodule\n"
			"\n"
			"print(nosuchmodule)\n", NULL },
		},
		.declines = "nothing is known",
	},
	{0}
};

const struct template template_python_removed_module = {
	.name = "python_removed_module",
	.summary = "ModuleNotFoundError: a module that Python took away -> what says the same now",
	.language = "python",
	.class = "api",
	.oracles = "contract (a shipped table)",
	.keeps_off = "names without an exact successor, uses of another form, own modules, tests",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "^No module named '(?<module>[\\w.]+)'|"
		   "^[Tt]he (?<deprecated>\\w+) (?:module|package) is deprecated",
	.fix = fix,
	.examples = examples,
};

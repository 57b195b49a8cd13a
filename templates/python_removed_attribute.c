/*
 * AttributeError, ImportError: a module of Python or of a well-known package no longer has a name.
 * What says the same now takes its place, by a shipped table, in all of the file.
 */
#include "templates/lib_definitions.h"
#include "templates/lib_import.h"
#include "templates/lib_removed.h"

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct str module = scene_group(scene, "module"), name = scene_group(scene, "name");
	struct site site;

	if (!module.size) {
		module = scene_group(scene, "source");
		name = scene_group(scene, "imported");
	}
	if (import_is_local(scene->tree, module))
		return template_decline(scene, "%.*s is a module of this repository", STR_ARG(module));
	if (!removed_find(module, name))
		return template_decline(scene, "nothing is known to take the place of %.*s.%.*s",
					STR_ARG(module), STR_ARG(name));
	if (!python_crash(&python, &site))
		return;
	removed_propose(&python, site.path, module, false);
}

static const char *const types[] = { "AttributeError", "ImportError", NULL };

static const struct example examples[] = {
	{
		.name = "the classes of collections.abc",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 8, in <module>\n"
			"    print(is_map({}), collections.OrderedDict())\n"
			"          ^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in is_map\n"
			"    return isinstance(value, collections.Mapping) and not isinstance(value"
			", collections.Sized)\n"
			"                             ^^^^^^^^^^^^^^^^^^^\n"
			"AttributeError: module 'collections' has no attribute 'Mapping'\n",
		.file = {
			{ "main.py",
			"import collections\n"
			"\n"
			"\n"
			"def is_map(value):\n"
			"    return isinstance(value, collections.Mapping) and not isinstance(value"
			", collections.Sized)\n"
			"\n"
			"\n"
			"print(is_map({}), collections.OrderedDict())\n", 
			"import collections\n"
			"import collections.abc\n"
			"\n"
			"\n"
			"def is_map(value):\n"
			"    return isinstance(value, collections.abc.Mapping) and not isinstance(v"
			"alue, collections.abc.Sized)\n"
			"\n"
			"\n"
			"print(is_map({}), collections.OrderedDict())\n" },
		},
	},
	{
		.name = "imported by name, beside one that stays",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 2, in <module>\n"
			"    from collections import Mapping, OrderedDict\n"
			"ImportError: cannot import name 'Mapping' from 'collections' (/usr/lib/pyt"
			"hon3.11/collections/__init__.py)\n",
		.file = {
			{ "main.py",
			"import sys\n"
			"from collections import Mapping, OrderedDict\n"
			"\n"
			"print(isinstance({}, Mapping), OrderedDict(), sys.argv)\n", 
			"import sys\n"
			"from collections import OrderedDict\n"
			"from collections.abc import Mapping\n"
			"\n"
			"print(isinstance({}, Mapping), OrderedDict(), sys.argv)\n" },
		},
	},
	{
		.name = "four fields of seven",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 9, in <module>\n"
			"    print(head(print))\n"
			"          ^^^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in head\n"
			"    names, _, _, defaults = look.getargspec(function)\n"
			"                            ^^^^^^^^^^^^^^^\n"
			"AttributeError: module 'inspect' has no attribute 'getargspec'. Did you me"
			"an: 'getargs'?\n",
		.file = {
			{ "main.py",
			"import inspect as look\n"
			"\n"
			"\n"
			"def head(function):\n"
			"    names, _, _, defaults = look.getargspec(function)\n"
			"    return names, defaults\n"
			"\n"
			"\n"
			"print(head(print))\n", 
			"import inspect as look\n"
			"\n"
			"\n"
			"def head(function):\n"
			"    names, _, _, defaults = look.getfullargspec(function)[:4]\n"
			"    return names, defaults\n"
			"\n"
			"\n"
			"print(head(print))\n" },
		},
	},
	{
		.name = "escape as it was",
		.log =
			"/home/runner/work/app/app/main.py:1: DeprecationWarning: 'cgi' is deprecat"
			"ed and slated for removal in Python 3.13\n"
			"  import cgi\n"
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 8, in <module>\n"
			"    print(cell(\"<\"))\n"
			"          ^^^^^^^^^\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in cell\n"
			"    return \"<td>\" + cgi.escape(text) + \"</td>\"\n"
			"                    ^^^^^^^^^^\n"
			"AttributeError: module 'cgi' has no attribute 'escape'\n",
		.file = {
			{ "main.py",
			"import cgi\n"
			"\n"
			"\n"
			"def cell(text):\n"
			"    return \"<td>\" + cgi.escape(text) + \"</td>\"\n"
			"\n"
			"\n"
			"print(cell(\"<\"))\n", 
			"import html\n"
			"\n"
			"\n"
			"def cell(text):\n"
			"    return \"<td>\" + html.escape(text, quote=False) + \"</td>\"\n"
			"\n"
			"\n"
			"print(cell(\"<\"))\n" },
		},
	},
	{
		.name = "a name without a successor",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print(platform.linux_distribution())\n"
			"          ^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
			"AttributeError: module 'platform' has no attribute 'linux_distribution'\n",
		.file = {
			{ "main.py",
			"import platform\n"
			"\n"
			"print(platform.linux_distribution())\n", NULL },
		},
		.declines = "nothing is known",
	},
	{
		.name = "passed on as it is",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print([inspect.getargspec][0])\n"
			"           ^^^^^^^^^^^^^^^^^^\n"
			"AttributeError: module 'inspect' has no attribute 'getargspec'. Did you me"
			"an: 'getargs'?\n",
		.file = {
			{ "main.py",
			"import inspect\n"
			"\n"
			"print([inspect.getargspec][0])\n", NULL },
		},
		.declines = "form that is not known",
	},
	{0}
};

const struct template template_python_removed_attribute = {
	.name = "python_removed_attribute",
	.summary = "AttributeError, ImportError: a name that Python or a well-known package took away -> "
		   "what says the same now",
	.language = "python",
	.class = "api",
	.oracles = "contract (a shipped table)",
	.keeps_off = "names without an exact successor, uses of another form, own modules, tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^module '(?<module>[\\w.]+)' has no attribute '(?<name>\\w+)'|"
		   "^cannot import name '(?<imported>\\w+)' from '(?<source>[\\w.]+)'",
	.fix = fix,
	.examples = examples,
};

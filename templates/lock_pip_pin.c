/*
 * A Python package that the failing commit no longer pins came in a release that lacks what others
 * import of it -> the pin of the commit before. Keeps off where the project's own new code asks for the
 * missing name, and where nothing says that the pin was there.
 */
#include "templates/lib_packages.h"
#include "templates/lib_pin.h"

static const char *const manifests[] = { "**/*requirements*.txt", "**/requirements/*.txt",
	"**/*constraints*.txt", "**/pyproject.toml", "**/setup.cfg", NULL };

/* How often the project's own files say the name. */
static size_t mentions(const struct tree *tree, struct arena *a, struct str name)
{
	size_t count = 0;
	struct str text;

	for (size_t i = 0; i < tree->count; i++) {
		if (!str_ends(str_of(tree->entries[i].path), ".py") ||
		    !tree_read(tree, a, tree->entries[i].path, &text))
			continue;
		for (ptrdiff_t at; (at = str_find(text, name)) >= 0;
		     text = str_from(text, (size_t)at + name.size))
			count++;
	}
	return count;
}

/* Does the line fix a version? */
static bool is_pin(struct str line)
{
	return str_has(line, "==") || str_has(line, "~=") || str_char(line, '<') >= 0;
}

/* The line of the package as it is now; empty when there is none. */
static bool is_loose_now(const struct scene *scene, const char *path, struct str text)
{
	struct str current, one, other;

	if (!scene_read(scene, path, &current))
		return false;
	while (str_next_line(&current, &one) && str_next_line(&text, &other))
		if (!str_equal(one, other))
			return !is_pin(one);
	return false;
}

static void fix(struct scene *scene)
{
	struct str module = scene_group(scene, "module"), name = scene_group(scene, "name"), text, old;
	const char *known, *path, *why;

	if (!scene->parent)
		return template_decline(scene, "there is no commit before that says which version worked");
	known = packages_of_module(module);
	if (mentions(scene->tree, scene->arena, name) > mentions(scene->parent, scene->arena, name))
		return template_decline(scene, "the commit's own code asks for %.*s", STR_ARG(name));
	if (!pin_before(scene, manifests, known ? str_of(known) : module, STR_NONE, &path, &text, &old,
			&why))
		return template_decline(scene, "%s", why);
	if (!is_pin(old) || str_has(old, "--hash") || str_ends(str_trim(old), "\\") ||
	    !is_loose_now(scene, path, text))
		return template_decline(scene, "the commit did not take a pin off it");
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "Pins %.*s in %s again, as the commit before: "
				     "the release that came in without the pin has no %.*s.",
				     STR_ARG(str_trim(old)), path, STR_ARG(name)),
		      path, text);
}

#define FAILED \
	"Traceback (most recent call last):\n" \
	"  File \"/home/runner/work/harbour/harbour/app.py\", line 1, in <module>\n" \
	"    from flask import Flask\n" \
	"  File \"/opt/hostedtoolcache/Python/3.11.9/x64/lib/python3.11/site-packages/flask/app.py\", line " \
	"30, in <module>\n    from werkzeug.urls import url_quote\n" \
	"ImportError: cannot import name 'url_quote' from 'werkzeug.urls' (/opt/hostedtoolcache/Python/" \
	"3.11.9/x64/lib/python3.11/site-packages/werkzeug/urls.py)\n"
#define APP "from flask import Flask\n\napp = Flask(__name__)\n"

static const struct example examples[] = {
	{
		.name = "a pin was taken off",
		.log = FAILED,
		.file = { { "requirements.txt", "Flask==2.2.5\nWerkzeug\n", "Flask==2.2.5\nWerkzeug==2.3.8\n",
			    .was = "Flask==2.2.5\nWerkzeug==2.3.8\n" },
			  { "app.py", APP, NULL } },
	},
	{
		.name = "an upper bound was",
		.log = FAILED,
		.file = { { "requirements.txt", "Flask==2.2.5\nwerkzeug>=2\n",
			    "Flask==2.2.5\nwerkzeug>=2,<3\n", .was = "Flask==2.2.5\nwerkzeug>=2,<3\n" },
			  { "app.py", APP, NULL } },
	},
	{
		.name = "there never was a pin",
		.log = FAILED,
		.file = { { "requirements.txt", "Flask\nWerkzeug\n", NULL, .was =
			    "Flask==2.2.5\nWerkzeug\n" }, { "app.py", APP, NULL } },
		.declines = "asked for the same",
	},
	{
		.name = "one pin for another: that was meant",
		.log = FAILED,
		.file = { { "requirements.txt", "Werkzeug==3.0.3\n", NULL, .was = "Werkzeug==2.3.8\n" },
			  { "app.py", APP, NULL } },
		.declines = "did not take a pin off",
	},
	{
		.name = "new code asks for it",
		.log = FAILED,
		.file = { { "requirements.txt", "Werkzeug\n", NULL, .was = "Werkzeug==2.3.8\n" },
			  { "app.py", "from werkzeug.urls import url_quote\n", NULL, .was = APP } },
		.declines = "own code asks for url_quote",
	},
	{0}
};

static const char *const types[] = { "ImportError", NULL };

const struct template template_lock_pip_pin = {
	.name = "lock_pip_pin",
	.summary = "a package lacks a name since the commit took its pin off -> the pin again",
	.language = "python",
	.oracles = "the commit before, which pinned it",
	.keeps_off = "no pin that was taken off in this commit; own code that asks for the name",
	.class = "dependency",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.pattern = "^cannot import name '(?<name>\\w+)' from '[\\w.]+' \\(\\S*/(?:site|dist)-packages/"
		   "(?<module>\\w+)[/.]",
	.fix = fix,
	.examples = examples,
};

/*
 * uv finds uv.lock behind pyproject.toml -> the project's own version and the specifiers it repeats,
 * where the locked versions satisfy them. Keeps off packages that came or went, markers and extras: what
 * they bring only the index knows.
 */
#include "templates/lib_packages.h"
#include "templates/lib_toml.h"
#include "templates/lib_version.h"
#include "templates/template.h"

struct work {
	struct scene *scene;
	struct str project;		/* pyproject.toml */
	struct str lock;
	struct str name;
	const char *why;
	unsigned changed;
};

static bool same_name(struct str a, struct str b)
{
	if (a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++)
		if (packages_fold(a.at[i]) != packages_fold(b.at[i]))
			return false;
	return true;
}

static bool give_up(struct work *w, struct str name, const char *what)
{
	w->why = arena_printf(w->scene->arena, "%.*s %s", STR_ARG(name), what);
	return false;
}

static void put(struct work *w, size_t start, size_t end, struct str by)
{
	struct text out = TEXT(w->scene->arena);

	text_add(&out, str_slice(w->lock, 0, start));
	text_add(&out, by);
	text_add(&out, str_from(w->lock, end));
	w->lock = text_str(&out);
	w->changed++;
}

/* "attrs[x]>=23.1 ; marker" in its name and specifier; false for extras, markers and addresses. */
static bool take_requirement(struct str text, struct str *name, struct str *specifier)
{
	size_t size = 0;

	while (size < text.size && !strchr(" <>=!~[;@(,", text.at[size]))
		size++;
	*name = str_slice(text, 0, size);
	*specifier = str_trim(str_from(text, size));
	for (size_t i = 0; i < specifier->size; i++)
		if (strchr("[;@( ", specifier->at[i]))
			return false;
	return size > 0;
}

/* The version a package is locked at; empty when it is not, or in several. */
static struct str locked_version(struct str lock, struct str name)
{
	struct toml_line line = {0};
	struct str found = STR_NONE;
	size_t offset = 0;
	unsigned inside = 0;

	while (toml_next(lock, &line, &offset)) {
		if (!str_is(line.section, "package"))
			continue;
		if (str_is(line.key, "name"))
			inside = same_name(toml_string(line.value), name) ? line.number : 0;
		else if (str_is(line.key, "version") && inside == line.number) {
			if (found.size)
				return STR_NONE;
			found = toml_string(line.value);
		}
	}
	return found;
}

/* The line `version = "1.3.0"` of the project's own block. */
static bool mend_version(struct work *w)
{
	struct toml_line line = {0}, own;
	size_t offset = 0;
	unsigned inside = 0;
	struct str version;

	if (!toml_find(w->project, "project", "version", &own))
		return true;	/* computed: the lock does not say it */
	version = toml_string(own.value);
	while (toml_next(w->lock, &line, &offset)) {
		if (!str_is(line.section, "package"))
			continue;
		if (str_is(line.key, "name"))
			inside = same_name(toml_string(line.value), w->name) ? line.number : 0;
		if (str_is(line.key, "source") && inside == line.number &&
		    !str_has(line.value, "editable") && !str_has(line.value, "virtual"))
			return give_up(w, w->name, "is another package in the lock");
		if (str_is(line.key, "version") && inside == line.number &&
		    !str_equal(toml_string(line.value), version)) {
			size_t at = (size_t)(line.value.at - w->lock.at) + 1;

			put(w, at, at + toml_string(line.value).size, version);
			return true;
		}
	}
	return true;
}

/* The entry `{ name = "attrs", specifier = ">=22.1" }` of requires-dist. */
static bool find_entry(struct str list, struct str name, struct str *entry, unsigned *count)
{
	struct str rest = list, one;
	bool found = false;

	*count = 0;
	while (str_split(rest, "{", NULL, &rest) && str_split(rest, "}", &one, &rest)) {
		(*count)++;
		if (!same_name(toml_string(toml_member(one, "name")), name))
			continue;
		if (found)
			return false;
		*entry = one;
		found = true;
	}
	return found;
}

static bool mend_requirement(struct work *w, struct str text)
{
	struct str name, wanted, entry, had;
	struct toml_line list;
	unsigned count;

	if (!take_requirement(text, &name, &wanted))
		return give_up(w, text, "has a marker, an extra or an address");
	if (!toml_find(w->lock, "package.metadata", "requires-dist", &list) ||
	    !find_entry(list.value, name, &entry, &count))
		return give_up(w, name, "is not locked: what to lock only the index knows");
	had = toml_string(toml_member(entry, "specifier"));
	if (str_equal(had, wanted))
		return true;
	if (!had.size || !wanted.size || str_has(entry, "marker") || str_has(entry, "extra"))
		return give_up(w, name, "is repeated with a marker, an extra, or without a version");
	if (str_char(wanted, ',') >= 0 && str_char(had, ',') < 0)
		return give_up(w, name, "asks for a range in an order that only uv gives it");
	if (!version_fits_python(locked_version(w->lock, name), wanted))
		return give_up(w, name, "is locked at a version that is not allowed: what to lock only the "
			       "index knows");
	put(w, (size_t)(had.at - w->lock.at), (size_t)(had.at - w->lock.at) + had.size, wanted);
	return true;
}

static bool mend(struct work *w)
{
	struct toml_line list, python, locked;
	struct str rest, item;
	unsigned wanted = 0, had = 0;

	if (!mend_version(w))
		return false;
	if (toml_find(w->project, "project", "requires-python", &python) &&
	    toml_find(w->lock, "", "requires-python", &locked) &&
	    !str_equal(toml_string(python.value), toml_string(locked.value)))
		return give_up(w, STR("requires-python"), "has changed: what that means for the locked "
			       "packages only uv can say");
	if (toml_find(w->project, "project", "dependencies", &list))
		for (rest = list.value; toml_item(&rest, &item); wanted++)
			if (!mend_requirement(w, item))
				return false;
	if (toml_find(w->lock, "package.metadata", "requires-dist", &list))
		find_entry(list.value, STR("-"), &item, &had);
	if (had != wanted)
		return give_up(w, STR("requires-dist"), "names other packages than pyproject.toml");
	return true;
}

/* Groups are repeated in the lock as well: they must be as they were in the commit before. */
static bool groups_kept(const struct work *w)
{
	struct str old = STR_NONE, now, before, rest;

	if (!str_split(w->project, "[dependency-groups]", NULL, &now) &&
	    !str_split(w->project, "dev-dependencies", NULL, &now))
		return true;
	if (!w->scene->parent ||
	    !tree_read(w->scene->parent, w->scene->arena, "pyproject.toml", &old) ||
	    (!str_split(old, "[dependency-groups]", NULL, &before) &&
	     !str_split(old, "dev-dependencies", NULL, &before)))
		return false;
	str_split(now, "\n[", &now, &rest);
	str_split(before, "\n[", &before, &rest);
	return str_equal(now, before);
}

static void fix(struct scene *scene)
{
	struct work w = { .scene = scene };
	struct toml_line name;

	if (!scene_read(scene, "pyproject.toml", &w.project) || !scene_read(scene, "uv.lock", &w.lock) ||
	    str_has(w.lock, "<<<<<<<") || !toml_find(w.project, "project", "name", &name))
		return template_decline(scene, "there is no uv.lock with a pyproject.toml that can be read");
	if (toml_find(w.project, "project.optional-dependencies", "", &name) ||
	    str_has(w.project, "[project.optional-dependencies]") ||
	    str_has(w.project, "[tool.uv.sources]") || str_has(w.project, "[tool.uv.workspace]"))
		return template_decline(scene, "pyproject.toml has extras, sources or a workspace");
	if (!groups_kept(&w))
		return template_decline(scene, "the groups of dependencies may have changed as well");
	w.name = toml_string(name.value);
	if (!mend(&w))
		return template_decline(scene, "%s", w.why);
	if (!w.changed)
		return template_decline(scene, "uv.lock says what pyproject.toml says");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Repeats in uv.lock what pyproject.toml says of "
				     "itself; the locked versions satisfy it and stay."),
		      "uv.lock", w.lock);
}

#define LOG \
	"Resolved 2 packages in 210ms\nerror: The lockfile at `uv.lock` needs to be updated, but `--locked` " \
	"was provided. To update the lockfile, run `uv lock`.\n"
#define PROJECT(version, wanted) \
	"[project]\nname = \"bosun\"\nversion = \"" version "\"\ndependencies = [\n    # slots\n    \"" \
	wanted "\",\n]\n"
#define LOCK(version, specifier) \
	"version = 1\nrequires-python = \">=3.10\"\n\n[[package]]\nname = \"attrs\"\nversion = \"23.2.0\"\n" \
	"source = { registry = \"https://pypi.org/simple\" }\n\n[[package]]\nname = \"bosun\"\nversion = \"" \
	version "\"\nsource = { editable = \".\" }\ndependencies = [\n    { name = \"attrs\" },\n]\n\n" \
	"[package.metadata]\nrequires-dist = [{ name = \"attrs\", specifier = \"" specifier "\" }]\n"

static const struct example examples[] = {
	{
		.name = "the version and a floor",
		.log = LOG,
		.file = { { "pyproject.toml", PROJECT("1.4.0", "attrs>=23.1"), NULL },
			  { "uv.lock", LOCK("1.3.0", ">=22.1"), LOCK("1.4.0", ">=23.1") } },
	},
	{
		.name = "the version alone",
		.log = LOG,
		.file = { { "pyproject.toml", PROJECT("1.4.0", "attrs >=22.1"), NULL },
			  { "uv.lock", LOCK("1.3.0", ">=22.1"), LOCK("1.4.0", ">=22.1") } },
	},
	{
		.name = "a floor above the locked version",
		.log = LOG,
		.file = { { "pyproject.toml", PROJECT("1.3.0", "attrs>=24.1"), NULL },
			  { "uv.lock", LOCK("1.3.0", ">=22.1"), NULL } },
		.declines = "attrs is locked at a version that is not allowed",
	},
	{
		.name = "another package",
		.log = LOG,
		.file = { { "pyproject.toml", PROJECT("1.3.0", "cattrs>=24.1"), NULL },
			  { "uv.lock", LOCK("1.3.0", ">=22.1"), NULL } },
		.declines = "cattrs is not locked",
	},
	{
		.name = "nothing differs",
		.log = LOG,
		.file = { { "pyproject.toml", PROJECT("1.3.0", "attrs>=22.1"), NULL },
			  { "uv.lock", LOCK("1.3.0", ">=22.1"), NULL } },
		.declines = "says what pyproject.toml says",
	},
	{0}
};

static const char *const types[] = { "lock file", NULL };

const struct template template_lock_uv_member = {
	.name = "lock_uv_member",
	.summary = "uv.lock is behind the project's own version or a specifier that is satisfied -> repeat it",

	.oracles = "pyproject.toml; the locked version, which satisfies it",
	.keeps_off = "packages that came or went; markers, extras, sources; another Python",
	.class = "lock file",
	.danger = DANGER_0,
	.reading = true,
	.tool = "uv",
	.types = types,
	.pattern = "needs to be updated",
	.fix = fix,
	.examples = examples,
};

/*
 * Manifests that are also the settings of checkers: pyproject.toml, setup.cfg, Cargo.toml,
 * package.json. Their lists of packages may grow (rules_packages looks at the names); everything
 * else in them stays as it is.
 */
#include "bot/rules.h"

#include "bot/base/json.h"
#include "git/path.h"

static const char *const sectioned[] = {
	"**/pyproject.toml", "**/setup.cfg", "**/Cargo.toml", "**/Pipfile", NULL
};

/* Sections that are lists of packages, or hold one ([project], [options]). */
static const char *const package_sections[] = {
	"project", "project.optional-dependencies", "dependency-groups", "build-system",
	"tool.poetry.dependencies", "tool.poetry.dev-dependencies",
	"tool.poetry.group.*.dependencies", "tool.pdm.dev-dependencies", "options",
	"options.extras_require", "dependencies", "dev-dependencies", "build-dependencies",
	"workspace.dependencies", "target.*.dependencies", "packages", "dev-packages", NULL
};

static const char *const package_keys[] = {
	"dependencies", "devDependencies", "peerDependencies", "optionalDependencies", NULL
};

/* "[tool.ruff]" gives "tool.ruff"; an item of a list is no header. */
static bool is_header(struct str line, struct str *name)
{
	line = str_trim(line);
	if (!str_skip(&line, "[") || !str_chop(&line, "]"))
		return false;
	*name = str_trim(line);
	return true;
}

static bool lists_packages(struct arena *a, struct str section)
{
	for (const char *const *one = package_sections; *one; one++)
		if (path_matches(*one, str_of(str_text(a, section))))
			return true;
	return false;
}

/* The text without the sections that are lists of packages, and without blanks. */
static struct str other_sections(struct str text, struct arena *a)
{
	struct text out = TEXT(a);
	struct str line, section;
	bool keep = true;

	while (str_next_line(&text, &line)) {
		if (is_header(line, &section))
			keep = !lists_packages(a, section);
		for (size_t i = 0; keep && i < line.size; i++)
			if (line.at[i] != ' ' && line.at[i] != '\t')
				text_addc(&out, line.at[i]);
		if (keep && str_trim(line).size)
			text_addc(&out, '\n');
	}
	return text_str(&out);
}

bool rules_sections(const struct change *change, struct arena *a, struct err *e)
{
	if (!rules_any_glob(sectioned, change->path) ||
	    str_equal(other_sections(change->before, a), other_sections(change->after, a)))
		return true;
	return fail(e, ERR_DENIED, "it would change more of %s than its list of packages",
		    change->path);
}

static bool is_package_key(const char *key)
{
	for (const char *const *one = package_keys; *one; one++)
		if (!strcmp(*one, key))
			return true;
	return false;
}

/* "^1.2.3", ">=1 <2 || 3.x": no address, no other name, no folder. */
static bool is_range(const json_t *value)
{
	const char *text = json_string_value(value);

	return text && text[0] && !text[strspn(text, "0123456789.^~<>=| xX*-+abcdefghijklmnopqrstuvw"
						     "yzABCDEFGHIJKLMNOPQRSTUVWYZ")];
}

/* Before and after differ in marks only: a comma, a quote, a brace. */
static bool only_marks(struct str before, struct str after)
{
	static const char marks[] = " \t\r\n,:\"'{}[]";
	size_t i = 0, k = 0;

	for (;;) {
		while (i < before.size && strchr(marks, before.at[i]))
			i++;
		while (k < after.size && strchr(marks, after.at[k]))
			k++;
		if (i == before.size || k == after.size)
			return i == before.size && k == after.size;
		if (before.at[i++] != after.at[k++])
			return false;
	}
}

static bool list_kept(const char *path, const json_t *before, const json_t *earlier, json_t *after,
		      bool (*known)(void *context, const char *name), void *context,
		      struct err *e)
{
	const char *name;
	json_t *value;
	size_t kept = 0;

	json_object_foreach(after, name, value) {
		const json_t *old = json_object_get(before, name);

		if (old && !json_equal(old, value) &&
		    !json_equal(json_object_get(earlier, name), value))
			return fail(e, ERR_DENIED, "it would change what %s asks of %s", path, name);
		kept += old != NULL;
		if (!old && !known(context, name))
			return fail(e, ERR_DENIED, "it would add the package %s to %s, which "
				    "nothing here used before", name, path);
		if (!old && !is_range(value))
			return fail(e, ERR_DENIED, "it would take %s in %s from elsewhere", name,
				    path);
	}
	if (kept < json_object_size(before))
		return fail(e, ERR_DENIED, "it would take a package away from %s", path);
	return true;
}

/* What kind of modules a package has may go back to what it was in the commit before. */
static bool key_kept(const char *key, const json_t *before, const json_t *earlier, const json_t *value)
{
	return json_equal(json_object_get(before, key), value) ||
	       (!strcmp(key, "type") && json_equal(json_object_get(earlier, key), value));
}

bool rules_package_json(const struct change *change, struct str earlier, bool (*known)(void *context, const char *name),
			void *context, struct err *e)
{
	JSON *before = NULL, *after = NULL, *old = NULL;
	struct err ignored = ERR_INIT;
	const char *key;
	json_t *value;

	if (!json_parse(change->before, TREE_FILE_MAX, &before, &ignored) &&
	    json_parse(change->after, TREE_FILE_MAX, &after, &ignored) &&
	    only_marks(change->before, change->after))
		return true;
	if (!json_parse(earlier, TREE_FILE_MAX, &old, &ignored))
		old = NULL;
	if (!before || (!after && !json_parse(change->after, TREE_FILE_MAX, &after, &ignored)) ||
	    !json_is_object(after))
		return fail(e, ERR_DENIED, "%s cannot be read", change->path);
	json_object_foreach(after, key, value)
		if (is_package_key(key) ? !list_kept(change->path, json_object_get(before, key),
						     json_object_get(old, key), value, known, context, e)
					: !key_kept(key, before, old, value))
			return e->text[0] ? false :
			       fail(e, ERR_DENIED, "it would change \"%s\" in %s", key, change->path);
	json_object_foreach(before, key, value)
		if (!json_object_get(after, key))
			return fail(e, ERR_DENIED, "it would take \"%s\" from %s", key,
				    change->path);
	return true;
}

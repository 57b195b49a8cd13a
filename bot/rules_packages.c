/*
 * The fence about packages: a manifest may only gain names that the repository already knows - from
 * a lock, another manifest, or the commit before - or that are the well-known distribution of a
 * module the code imports. Version specifiers of packages that stay may not change, but go back to what
 * the commit before asked for. A name that nobody used before may belong to whoever waits for such a mistake.
 */
#include "bot/rules.h"

#include "git/path.h"
#include "templates/lib_packages.h"

/* What one package manager reads: a name of another one's is no evidence. */
static const struct ecosystem {
	const char *manifests[14], *locks[6];
} ecosystems[] = {
	{ { "**/*requirements*.txt", "**/requirements/*.txt", "**/*constraints*.txt",
	    "**/*requirements*.in", "**/requirements/*.in", "**/pyproject.toml", "**/setup.py",
	    "**/setup.cfg", "**/Pipfile", "**/environment*.y*ml", "**/conda*.y*ml" },
	  { "**/poetry.lock", "**/uv.lock", "**/pdm.lock", "**/Pipfile.lock" } },
	{ { "**/package.json", "**/deno.json*" },
	  { "**/package-lock.json", "**/npm-shrinkwrap.json", "**/yarn.lock", "**/pnpm-lock.yaml",
	    "**/bun.lock" } },
	{ { "**/go.mod", "**/go.work" }, { "**/go.sum", "**/go.work.sum" } },
	{ { "**/Cargo.toml" }, { "**/Cargo.lock" } },
	{ { "**/Gemfile", "**/*.gemspec" }, { "**/Gemfile.lock" } },
	{ { "**/pom.xml", "**/build.gradle*", "**/settings.gradle*", "**/*.versions.toml",
	    "**/build.sbt" }, { "**/gradle.lockfile" } },
	{ { "**/composer.json" }, { "**/composer.lock" } },
	{ { "**/*.csproj", "**/*.fsproj", "**/Directory.Packages.props", "**/packages.config" },
	  { "**/packages.lock.json" } },
	{ { "**/Package.swift" }, { "**/Package.resolved" } },
	{ { "**/pubspec.yaml" }, { "**/pubspec.lock" } },
	{ { "**/mix.exs" }, { "**/mix.lock" } },
	{ { "**/conanfile.*", "**/vcpkg.json" }, { "**/conan.lock" } },
};

/* What takes a package from elsewhere than from where all others come. */
static const char *const elsewhere[] = {
	"://", "git+", " @ ", "file:", "npm:", "link:", "=>", "path =", "path=", "git =", "git=",
	"registry", "index-url", "--",
};

static const struct ecosystem *ecosystem_of(const char *path, bool lock)
{
	for (size_t i = 0; i < sizeof(ecosystems) / sizeof(ecosystems[0]); i++)
		if (rules_any_glob(lock ? ecosystems[i].locks : ecosystems[i].manifests, path))
			return &ecosystems[i];
	return NULL;
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.' || c == '/' || c == '@';
}

/* Is `name` in text as a whole name? '-', '_' and '.' are one, and case does not matter. */
static bool names(struct str text, struct str name)
{
	for (size_t at = 0; at + name.size <= text.size; at++) {
		size_t i = 0;

		if (at && is_name_byte(text.at[at - 1]))
			continue;
		while (i < name.size && packages_fold(text.at[at + i]) == packages_fold(name.at[i]))
			i++;
		if (i == name.size &&
		    (at + i == text.size || !is_name_byte(text.at[at + i])))
			return true;
	}
	return false;
}

static bool known_in(const struct tree *tree, const struct change *change, struct str name,
		     struct arena *a)
{
	const struct ecosystem *ecosystem = ecosystem_of(change->path, false);

	for (size_t i = 0; tree && i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		struct str text;

		if (!rules_any_glob(ecosystem->manifests, path) &&
		    !rules_any_glob(ecosystem->locks, path))
			continue;
		if (str_is(str_of(path), change->path) && !change->existed)
			continue;
		if (tree_read(tree, a, path, &text) && names(text, name))
			return true;
	}
	return false;
}

bool rules_names_package(const char *manifest, struct str name, const struct tree *tree,
			 struct arena *a)
{
	const struct change any = { .path = manifest, .existed = true };

	return known_in(tree, &any, name, a);
}

/* The part of a manifest line that names a package: up to a version, a marker or a quote's end. */
static struct str name_of(struct str line)
{
	size_t start = 0, end;

	while (start < line.size && !is_name_byte(line.at[start]))
		start++;
	end = start;
	while (end < line.size && is_name_byte(line.at[end]))
		end++;
	return str_slice(line, start, end - start);
}

static bool has_line(struct str text, struct str wanted)
{
	struct str line;

	while (str_next_line(&text, &line)) {
		line = str_trim(line);
		str_chop(&line, ",");
		if (str_equal(line, wanted))
			return true;
	}
	return false;
}

/* The manifest before; what go.mod replaces by another place it does not ask for by that. */
static struct str asked_before(const struct change *change, struct arena *a)
{
	struct str rest = change->before, line;
	struct text out = TEXT(a);

	if (!str_ends(str_of(change->path), "go.mod"))
		return change->before;
	while (str_next_line(&rest, &line))
		if (!str_has(line, "=>"))
			text_addf(&out, "%.*s\n", STR_ARG(line));
	return text_str(&out);
}

/* A package that comes new into a manifest, or one whose version would change. */
static bool name_allowed(const struct change *change, struct str name, const struct tree *tree,
			 const struct tree *parent, struct arena *a, struct err *e)
{
	if (!name.size)
		return true;
	if (names(asked_before(change, a), name))
		return fail(e, ERR_DENIED, "it would change what %s asks of %.*s", change->path,
			    STR_ARG(name));
	if (known_in(tree, change, name, a) || known_in(parent, change, name, a) ||
	    packages_well_known(name))
		return true;
	return fail(e, ERR_DENIED, "it would add the package %.*s to %s, which nothing here "
		    "used before", STR_ARG(name), change->path);
}

/* Takes the next quoted text off *rest. */
static bool next_quoted(struct str *rest, struct str *quoted)
{
	for (; rest->size; *rest = str_from(*rest, 1)) {
		char quote = rest->at[0];
		ptrdiff_t end;

		if (quote != '"' && quote != '\'')
			continue;
		end = str_char(str_from(*rest, 1), quote);
		if (end < 0)
			return false;
		*quoted = str_slice(*rest, 1, (size_t)end);
		*rest = str_from(*rest, (size_t)end + 2);
		return true;
	}
	return false;
}

/* A line of a list of requirements, as in dependencies = ["flask", "PyYAML>=6"]. */
static bool is_list(struct str line)
{
	struct str rest = line, quoted;

	if (str_char(line, '[') >= 0)
		return true;
	if (line.at[0] != '"' && line.at[0] != '\'')
		return false;
	return next_quoted(&rest, &quoted) && !str_starts(str_trim(rest), ":");
}

static bool has_quoted(struct str text, struct str wanted)
{
	struct str quoted;

	while (next_quoted(&text, &quoted))
		if (str_equal(quoted, wanted))
			return true;
	return false;
}

static bool line_allowed(const struct change *change, struct str line, const struct tree *tree,
			 const struct tree *parent, struct arena *a, struct err *e)
{
	struct str quoted;

	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (str_has(line, elsewhere[i]))
			return fail(e, ERR_DENIED, "it would take a package in %s from elsewhere",
				    change->path);
	if (str_ends(str_of(change->path), "go.mod"))
		str_skip(&line, "require ");
	if (!is_list(line))
		return name_allowed(change, name_of(line), tree, parent, a, e);
	while (next_quoted(&line, &quoted))
		if (!has_quoted(change->before, quoted) &&
		    !name_allowed(change, name_of(quoted), tree, parent, a, e))
			return false;
	return true;
}

/* A line that went: a list that holds all it held may be written anew, nothing else. */
static bool line_kept(const struct change *change, struct str line, struct err *e)
{
	struct str rest = line, quoted;

	if (!is_list(line))
		return fail(e, ERR_DENIED, "it would take %.*s from %s",
			    STR_ARG(str_slice(name_of(line), 0, 100)), change->path);
	while (next_quoted(&rest, &quoted))
		if (!has_quoted(change->after, quoted))
			return fail(e, ERR_DENIED, "it would take %.*s from %s",
				    STR_ARG(str_slice(quoted, 0, 100)), change->path);
	return true;
}

/* Takes the next line that says something. */
static bool next_entry(struct str *rest, struct str *line)
{
	while (str_next_line(rest, line)) {
		*line = str_trim(*line);
		str_chop(line, ",");
		if (line->size && line->at[0] != '#')
			return true;
	}
	return false;
}

/* Did the line give way to what the commit before asked of the same package? */
static bool taken_back(const struct change *change, struct str earlier, struct str line)
{
	struct str rest = change->after, other;

	while (next_entry(&rest, &other))
		if (!has_line(change->before, other) && has_line(earlier, other) &&
		    str_equal(name_of(other), name_of(line)))
			return true;
	return false;
}

struct knowledge {
	const struct change *change;
	const struct tree *tree, *parent;
	struct arena *arena;
};

static bool is_known(void *context, const char *name)
{
	const struct knowledge *k = context;

	return known_in(k->tree, k->change, str_of(name), k->arena) ||
	       known_in(k->parent, k->change, str_of(name), k->arena);
}

bool rules_packages(const struct change *change, const struct tree *tree, const struct tree *parent,
		    struct arena *a, struct err *e)
{
	struct str rest = change->after, line, earlier = STR_NONE;
	struct knowledge knowledge = { change, tree, parent, a };

	if (rules_is_lock(change->path))
		return rules_locks(change, tree, parent, a, e);
	if (ecosystem_of(change->path, true))
		return fail(e, ERR_DENIED, "it would change the lock %s by hand", change->path);
	if (!ecosystem_of(change->path, false))
		return true;
	if (parent && !tree_read(parent, a, change->path, &earlier))
		earlier = STR_NONE;
	if (str_is(path_name(str_of(change->path)), "package.json"))
		return rules_package_json(change, earlier, is_known, &knowledge, e);
	while (next_entry(&rest, &line))
		if (!has_line(change->before, line) && !has_line(earlier, line) &&
		    !line_allowed(change, line, tree, parent, a, e))
			return false;
	rest = change->before;
	while (next_entry(&rest, &line))
		if (!has_line(change->after, line) && !taken_back(change, earlier, line) &&
		    !line_kept(change, line, e))
			return false;
	return true;
}

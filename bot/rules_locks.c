/*
 * The fence around lock files. What a lock says of bytes - an address, a hash - only the registry knows:
 * a repair may bring back what the commit before had, in the same entry, and nothing else of it; it may
 * take none of it away. Beside it, names and versions may change as the manifests of the repository say,
 * and an entry without address may only point into the repository.
 */
#include "bot/rules.h"

#include "git/path.h"
#include "templates/lib_packages.h"

static const char *const lock_globs[] = {
	"**/package-lock.json", "**/npm-shrinkwrap.json", "**/yarn.lock", "**/pnpm-lock.yaml",
	"**/bun.lock", "**/go.sum", "**/go.work.sum", "**/Cargo.lock", "**/Gemfile.lock",
	"**/composer.lock", "**/poetry.lock", "**/uv.lock", "**/pdm.lock", "**/Pipfile.lock", NULL
};

/* Where a name or a version of a lock may come from. */
static const char *const manifest_globs[] = {
	"**/package.json", "**/pnpm-workspace.yaml", "**/Cargo.toml", "**/go.mod", "**/Gemfile",
	"**/*.gemspec", "**/version.rb", "**/composer.json", "**/pyproject.toml", "**/setup.cfg",
	"**/setup.py", NULL
};

/* A line with one of them says where bytes come from, or what they are. */
static const char *const of_bytes[] = {
	"://", "git+", "git@", "ssh:", "github:", "integrity", "sha1-", "sha256", "sha384", "sha512",
	"checksum", " h1:", "/go.mod h1:", "\"dist\"", "\"shasum\"", "\"reference\"", "tarball",
	"hash = ", "npm:", "@npm", "registry",
};

/* Words of the formats themselves, and platforms. */
static const char *const format_words[] = {
	"node_modules", "resolved", "link", "true", "false", "version", "dependencies", "name",
	"devDependencies", "optionalDependencies", "peerDependencies", "dev", "optional", "license",
	"engines", "bin", "node", "requires", "packages", "specifier", "workspace", "importers",
	"package", "source", "editable", "virtual", "requires-dist", "metadata", "specs", "PATH",
	"remote", "platform", "platform-dev", "ruby", "x86_64-linux", "aarch64-linux", "java",
	"x86_64-linux-gnu", "aarch64-linux-gnu", "workspaces", "marker", "extra", "snapshots",
};

bool rules_is_lock(const char *path)
{
	return rules_any_glob(lock_globs, path);
}

static bool is_of_bytes(struct str line)
{
	for (size_t i = 0; i < sizeof(of_bytes) / sizeof(of_bytes[0]); i++)
		if (str_has(line, of_bytes[i]))
			return true;
	return false;
}

static struct str plain(struct str line)
{
	line = str_trim(line);
	str_chop(&line, ",");
	return line;
}

/* Takes the next line about bytes, with the last other line above it: the entry it belongs to. */
static bool next_bytes(struct str *rest, struct str *above, struct str *bytes)
{
	struct str line;

	while (str_next_line(rest, &line)) {
		line = plain(line);
		if (line.size && is_of_bytes(line)) {
			*bytes = line;
			return true;
		}
		if (line.size)
			*above = line;
	}
	return false;
}

/* A line that stands for itself needs no entry: go.sum, a repeated head. */
static bool has_bytes(struct str text, struct str above, struct str bytes, bool with_entry)
{
	struct str other_above = STR_NONE, other;

	while (next_bytes(&text, &other_above, &other))
		if (str_equal(other, bytes) && (!with_entry || str_equal(other_above, above)))
			return true;
	return false;
}

static bool bytes_kept(const struct change *change, struct str parent, struct err *e)
{
	struct str rest = change->after, above = STR_NONE, bytes;

	while (next_bytes(&rest, &above, &bytes))
		if (!has_bytes(change->before, above, bytes, true) &&
		    !has_bytes(parent, above, bytes, true))
			return fail(e, ERR_DENIED, "it would write \"%.*s\" into the lock %s, which only "
				    "the registry knows", STR_ARG(str_slice(bytes, 0, 80)), change->path);
	rest = change->before;
	above = STR_NONE;
	while (next_bytes(&rest, &above, &bytes))
		if (!has_bytes(change->after, above, bytes, false))
			return fail(e, ERR_DENIED, "it would take \"%.*s\" from the lock %s",
				    STR_ARG(str_slice(bytes, 0, 80)), change->path);
	return true;
}

static bool has_line(struct str text, struct str wanted)
{
	struct str line;

	while (str_next_line(&text, &line))
		if (str_equal(plain(line), wanted))
			return true;
	return false;
}

/* A module of a line of vendor/modules.txt that go.mod replaces by a folder of the repository. */
static bool names_local(struct str list, struct str line)
{
	struct str rest = list, one, module;

	if (!line.size || str_starts(line, "## ") || str_is(line, "##"))
		return true;
	while (str_next_line(&rest, &one)) {
		if (!str_skip(&one, "# ") || !str_has(one, " => ./"))
			continue;
		str_split(one, " ", &module, NULL);
		if (str_has(line, " => ") ? str_has(line, " => ./") && str_has(line, "# ")
					  : str_equal(str_slice(line, 0, module.size), module))
			return true;
	}
	return false;
}

bool rules_vendored(const struct candidate *candidate, const struct change *change,
		    const struct tree *tree, struct arena *a)
{
	struct str rest = change->after, line, name = path_name(str_of(change->path)), text;

	if (candidate->oracle != ORACLE_TOOL || candidate->by_model || !change->exists ||
	    change->mode != ENTRY_FILE || !str_starts(str_of(change->path), "vendor/") ||
	    !tree_has(tree, "vendor/modules.txt"))
		return false;
	if (str_is(str_of(change->path), "vendor/modules.txt")) {
		while (str_next_line(&rest, &line))
			if (!has_line(change->before, line) && !names_local(change->after, line))
				return false;
		return true;
	}
	for (size_t i = 0; i < tree->count; i++)
		if (strncmp(tree->entries[i].path, "vendor/", 7) != 0 &&
		    str_equal(path_name(str_of(tree->entries[i].path)), name) &&
		    tree_read(tree, a, tree->entries[i].path, &text) && str_equal(text, change->after))
			return true;
	return false;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.' || c == '@';
}

static bool has_word(struct str text, struct str word)
{
	for (size_t at = 0; at + word.size <= text.size; at++) {
		size_t i = 0, end = at + word.size;

		if (at && is_word_byte(text.at[at - 1]))
			continue;
		while (i < word.size && packages_fold(text.at[at + i]) == packages_fold(word.at[i]))
			i++;
		if (i == word.size && (end == text.size || !is_word_byte(text.at[end])))
			return true;
	}
	return false;
}

static bool in_manifests(const struct tree *tree, struct str word, struct arena *a)
{
	struct str text;

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;

		/* a folder of the repository, by its name */
		if (has_word(path_folder(str_of(path)), word))
			return true;
		if (rules_any_glob(manifest_globs, path) && tree_read(tree, a, path, &text) &&
		    has_word(text, word))
			return true;
	}
	return false;
}

static bool is_format_word(struct str word)
{
	for (size_t i = 0; i < sizeof(format_words) / sizeof(format_words[0]); i++)
		if (str_is(word, format_words[i]))
			return true;
	return false;
}

/* What composer makes of its own manifest: a digest, and nothing comes from it. */
static bool is_digest_of_manifest(struct str line)
{
	return str_starts(line, "\"content-hash\": \"") && line.size == 50 && str_ends(line, "\"");
}

/* "link:../ids": out of the package's own folder, into another one of the repository. */
static bool is_sibling_folder(struct str line, const struct tree *tree)
{
	struct str path;

	if (!str_split(line, "link:", NULL, &path))
		return false;
	while (str_skip(&path, "../"))
		;
	path = str_trim(path);
	if (!path.size || str_has(path, ".."))
		return false;
	for (size_t i = 0; i < tree->count; i++) {
		struct str folder = path_folder(str_of(tree->entries[i].path));

		if (str_equal(folder, path) ||
		    (folder.size > path.size && folder.at[folder.size - path.size - 1] == '/' &&
		     str_equal(str_from(folder, folder.size - path.size), path)))
			return true;
	}
	return false;
}

/* Every word of a new line is known: from the manifests, the lock itself, or the commit before. */
static bool line_known(const struct change *change, struct str line, const struct tree *tree,
		       struct str parent, struct arena *a, struct err *e)
{
	struct str words = line;

	if (has_line(parent, line) || is_digest_of_manifest(line))
		return true;
	if ((str_has(line, "../") && !is_sibling_folder(line, tree)) || str_has(line, "\"/"))
		return fail(e, ERR_DENIED, "it would point out of the repository in the lock %s",
			    change->path);
	while (words.size) {
		size_t size = 0;
		struct str word;

		while (size < words.size && is_word_byte(words.at[size]))
			size++;
		word = str_slice(words, 0, size);
		words = str_from(words, size ? size : 1);
		if (size < 2 || str_is(word, "..") || is_format_word(word) || has_word(change->before, word) ||
		    in_manifests(tree, word, a) || has_word(parent, word))
			continue;
		return fail(e, ERR_DENIED, "it would name %.*s in the lock %s, which nothing here names",
			    STR_ARG(str_slice(word, 0, 80)), change->path);
	}
	return true;
}

bool rules_locks(const struct change *change, const struct tree *tree, const struct tree *parent,
		 struct arena *a, struct err *e)
{
	struct str rest = change->after, line, before = STR_NONE;

	if (!change->existed)
		return fail(e, ERR_DENIED, "it would make the lock %s by hand", change->path);
	if (parent && !tree_read(parent, a, change->path, &before))
		before = STR_NONE;
	if (!bytes_kept(change, before, e))
		return false;
	while (str_next_line(&rest, &line)) {
		line = plain(line);
		if (line.size && !is_of_bytes(line) && !has_line(change->before, line) &&
		    !line_known(change, line, tree, before, a, e))
			return false;
	}
	return true;
}

/*
 * bundler in frozen mode: a gem of the repository itself has another version than Gemfile.lock says ->
 * the version of its gemspec. Keeps off where its dependencies changed as well, or the version is no
 * plain text.
 */
#include "git/path.h"
#include "templates/lib_gem.h"
#include "templates/template.h"

/* The text between quotes behind the words; empty when it is something else. */
static struct str quoted_behind(struct str text, const char *words)
{
	struct str line, rest, value;

	while (str_next_line(&text, &line)) {
		if (!str_split(line, words, NULL, &rest) || str_starts(str_trim(line), "#"))
			continue;
		rest = str_trim(rest);
		if (!str_skip(&rest, "="))
			continue;
		rest = str_trim(rest);
		if (rest.size && strchr("\"'", rest.at[0]) &&
		    str_split(str_from(rest, 1), rest.at[0] == '"' ? "\"" : "'", &value, NULL))
			return value;
	}
	return STR_NONE;
}

/* The version that the gemspec gives, itself or by a constant in version.rb. */
static struct str version_of(struct scene *scene, struct str gemspec, const char *folder)
{
	struct str version = quoted_behind(gemspec, ".version"), text;

	if (version.size)
		return version;
	for (size_t i = 0; str_has(gemspec, "VERSION") && i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (!str_is(path_name(str_of(path)), "version.rb") ||
		    strncmp(path, folder, strlen(folder)) != 0 ||
		    !tree_read(scene->tree, scene->arena, path, &text))
			continue;
		if (version.size)
			return STR_NONE;
		version = quoted_behind(text, "VERSION");
	}
	return version;
}

/* "add_dependency "rack", "~> 3"" are as many as the lock has below the gem, each by name. */
static bool same_dependencies(struct scene *scene, struct str gemspec, struct str lock, size_t offset)
{
	struct gem_line at = {0};
	struct str rest = gemspec, line;
	unsigned in_lock = 0, in_spec = 0;

	while (gem_next(lock, &at, &offset) && at.indent == 6) {
		struct str name = at.text;

		str_split(name, " ", &name, NULL);
		in_lock++;
		if (!str_has(gemspec, arena_printf(scene->arena, "\"%.*s\"", STR_ARG(name))) &&
		    !str_has(gemspec, arena_printf(scene->arena, "'%.*s'", STR_ARG(name))))
			return false;
	}
	while (str_next_line(&rest, &line))
		in_spec += !str_starts(str_trim(line), "#") &&
			   (str_has(line, ".add_dependency") || str_has(line, ".add_runtime_dependency"));
	return in_lock == in_spec;
}

/* All lines of the lock that name this version of the gem, as DEPENDENCIES and CHECKSUMS may. */
static struct str with_version(struct arena *a, struct str lock, struct str name, struct str old,
			       struct str new)
{
	const char *from = arena_printf(a, "%.*s (%.*s)", STR_ARG(name), STR_ARG(old));
	struct text out = TEXT(a);
	struct str rest = lock, line;

	while (str_next_line(&rest, &line)) {
		size_t start = (size_t)(line.at - lock.at);
		size_t end = rest.size ? (size_t)(rest.at - lock.at) : lock.size;

		if (!str_is(str_trim(line), from)) {
			text_add(&out, str_slice(lock, start, end - start));
			continue;
		}
		text_addf(&out, "%.*s%.*s (%.*s)", (int)str_indent(line), line.at, STR_ARG(name),
			  STR_ARG(new));
		text_add(&out, str_slice(lock, start + line.size, end - start - line.size));
	}
	return text_str(&out);
}

static void fix(struct scene *scene)
{
	struct str lock, out, name, old, gemspec;
	struct text changed = TEXT(scene->arena);
	struct gem_line at = {0};
	size_t offset = 0;

	if (!scene_read(scene, "Gemfile.lock", &lock) || str_has(lock, "<<<<<<<"))
		return template_decline(scene, "there is no Gemfile.lock that can be read");
	out = lock;
	while (gem_next(lock, &at, &offset)) {
		const char *folder, *path;
		struct str version;

		if (!str_is(at.section, "PATH") || at.indent != 4 || !gem_spec(at.text, &name, &old))
			continue;
		folder = str_is(at.remote, ".") ? "" : arena_printf(scene->arena, "%.*s/",
								    STR_ARG(at.remote));
		path = arena_printf(scene->arena, "%s%.*s.gemspec", folder, STR_ARG(name));
		if (!scene_read(scene, path, &gemspec))
			return template_decline(scene, "there is no %s", path);
		if (!same_dependencies(scene, gemspec, lock, offset))
			return template_decline(scene, "the dependencies in %s have changed: what to lock "
						"only bundler can say", path);
		version = version_of(scene, gemspec, folder);
		if (!version.size)
			return template_decline(scene, "%s does not give its version plainly", path);
		if (str_equal(version, old))
			continue;
		if (str_has(lock, arena_printf(scene->arena, "%.*s (= %.*s)", STR_ARG(name),
					       STR_ARG(old))))
			return template_decline(scene, "another gem asks for just %.*s %.*s",
						STR_ARG(name), STR_ARG(old));
		out = with_version(scene->arena, out, name, old, version);
		text_addf(&changed, "%s%.*s %.*s", changed.size ? ", " : "", STR_ARG(name),
			  STR_ARG(version));
	}
	if (!changed.size)
		return template_decline(scene, "Gemfile.lock has the versions of the repository's gems");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Locks %s, as its gemspec says.",
				     text_cstr(&changed)),
		      "Gemfile.lock", out);
}

#define LOG \
	"The gemspecs for path gems changed, but the lockfile can't be updated because\n" \
	"frozen mode is set (Bundler::ProductionError)\n"
#define OLD_LOG \
	"/usr/share/rubygems-integration/all/gems/bundler-2.3.15/lib/bundler/definition.rb:398:in " \
	"`ensure_equivalent_gemfile_and_lockfile': You are trying to install in deployment mode after " \
	"changing (Bundler::ProductionError)\nyour Gemfile. Run `bundle install` elsewhere and add the\n" \
	"updated Gemfile.lock to version control.\n\nThe gemspecs for path gems changed\n"
#define LOCK(version) \
	"PATH\n  remote: ids\n  specs:\n    ids (" version ")\n      rack (>= 3)\n\n" \
	"GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (3.0.11)\n\n" \
	"PLATFORMS\n  ruby\n\nDEPENDENCIES\n  ids!\n\nBUNDLED WITH\n   2.3.15\n"
#define GEMSPEC(version) \
	"Gem::Specification.new do |spec|\n  spec.name = \"ids\"\n  spec.version = " version "\n" \
	"  spec.add_dependency \"rack\", \">= 3\"\nend\n"

static const struct example examples[] = {
	{
		.name = "the gemspec's own version",
		.log = OLD_LOG,
		.file = { { "Gemfile.lock", LOCK("0.1.0"), LOCK("0.2.0") },
			  { "ids/ids.gemspec", GEMSPEC("\"0.2.0\""), NULL } },
	},
	{
		.name = "a constant",
		.log = LOG,
		.file = { { "Gemfile.lock", LOCK("0.1.0"), LOCK("0.2.0") },
			  { "ids/ids.gemspec", GEMSPEC("Ids::VERSION"), NULL },
			  { "ids/lib/ids/version.rb", "module Ids\n  VERSION = \"0.2.0\"\nend\n", NULL } },
	},
	{
		.name = "a dependency came new",
		.log = LOG,
		.file = { { "Gemfile.lock", LOCK("0.1.0"), NULL },
			  { "ids/ids.gemspec", GEMSPEC("\"0.2.0\"") "spec.add_dependency \"puma\"\n", NULL } },
		.declines = "the dependencies in ids/ids.gemspec have changed",
	},
	{
		.name = "nothing differs",
		.log = LOG,
		.file = { { "Gemfile.lock", LOCK("0.1.0"), NULL },
			  { "ids/ids.gemspec", GEMSPEC("\"0.1.0\""), NULL } },
		.declines = "has the versions",
	},
	{0}
};

const struct template template_lock_gem_path = {
	.name = "lock_gem_path",
	.summary = "Gemfile.lock has another version of the repository's own gem -> the gemspec's",
	.language = "ruby",
	.oracles = "the gemspec",
	.keeps_off = "gems whose dependencies changed; versions that are computed",
	.class = "lock file",
	.danger = DANGER_0,
	.reading = true,
	.pattern = "gemspecs for path gems changed|install in deployment mode after changing",
	.fix = fix,
	.examples = examples,
};

/*
 * Gemfile.lock does not know the platform of the machine -> the platform, where all gems are plain Ruby
 * or are locked for it. Which build of a native gem to lock only the registry knows.
 */
#include "templates/lib_gem.h"
#include "templates/template.h"

static const char *const platforms[] = { "x86_64-linux", "aarch64-linux", "x86_64-linux-gnu",
	"aarch64-linux-gnu", "x86_64-linux-musl", "aarch64-linux-musl", "arm64-darwin", "ruby" };

/* "1.16.5-arm64-darwin" gives "arm64-darwin" and "1.16.5" */
static struct str platform_of(struct str version, struct str *plain)
{
	struct str platform = STR_NONE;

	*plain = version;
	str_split(version, "-", plain, &platform);
	return platform;
}

/* Is this version of the gem locked for the platform, or without one? */
static bool locked_for(struct str lock, struct str name, struct str version, struct str platform)
{
	struct gem_line at = {0};
	struct str other, other_version, plain, on;
	size_t offset = 0;

	while (gem_next(lock, &at, &offset)) {
		if (!str_is(at.section, "GEM") || at.indent != 4 ||
		    !gem_spec(at.text, &other, &other_version) || !str_equal(other, name))
			continue;
		on = platform_of(other_version, &plain);
		if (str_equal(plain, version) && str_equal(on, platform))
			return true;
	}
	return false;
}

/* A gem that is not there for the platform; NULL when all are. */
static const char *native_gem(struct scene *scene, struct str lock, struct str platform)
{
	struct gem_line at = {0};
	struct str name, version, plain;
	size_t offset = 0;

	while (gem_next(lock, &at, &offset))
		if (str_is(at.section, "GEM") && at.indent == 4 &&
		    gem_spec(at.text, &name, &version) && platform_of(version, &plain).size &&
		    !locked_for(lock, name, plain, platform))
			return str_text(scene->arena, name);
	return NULL;
}

static struct str with_platform(struct scene *scene, struct str lock, struct str platform)
{
	struct gem_line at = {0};
	size_t offset = 0, place = 0;
	struct text out = TEXT(scene->arena);

	while (gem_next(lock, &at, &offset)) {
		if (!str_is(at.section, "PLATFORMS"))
			continue;
		if (str_equal(at.text, platform))
			return STR_NONE;
		if (!place || str_compare(at.text, platform) < 0)
			place = str_compare(at.text, platform) < 0
				? at.start + at.indent + at.text.size + 1 : at.start;
	}
	if (!place)
		return STR_NONE;
	text_add(&out, str_slice(lock, 0, place));
	text_addf(&out, "  %.*s\n", STR_ARG(platform));
	text_add(&out, str_from(lock, place));
	return text_str(&out);
}

static void fix(struct scene *scene)
{
	struct str platform = scene_group(scene, "platform"), lock, text;
	const char *native;
	bool known = false;

	str_chop(&platform, ".");
	for (size_t i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++)
		known |= str_is(platform, platforms[i]);
	if (!known)
		return template_decline(scene, "%.*s is no platform that is known", STR_ARG(platform));
	if (!scene_read(scene, "Gemfile.lock", &lock) || str_has(lock, "<<<<<<<"))
		return template_decline(scene, "there is no Gemfile.lock that can be read");
	native = native_gem(scene, lock, platform);
	if (native)
		return template_decline(scene, "%s is locked as the build for another platform: which one "
					"to lock for %.*s only the registry knows", native,
					STR_ARG(platform));
	text = with_platform(scene, lock, platform);
	if (!text.size)
		return template_decline(scene, "Gemfile.lock has the platform, or no list of them");
	candidate_put(scene, propose(scene, ORACLE_TOOL, "Adds the platform %.*s to Gemfile.lock, as bundler "
				     "advises: all gems are plain Ruby or locked for it.",
				     STR_ARG(platform)),
		      "Gemfile.lock", text);
}

#define LOG \
	"Your bundle only supports platforms [\"arm64-darwin-23\"] but your local platform is\n" \
	"x86_64-linux. Add the current platform to the lockfile with\n" \
	"`bundle lock --add-platform x86_64-linux` and try again.\n"
#define LOCK(gems, platforms) \
	"GEM\n  remote: https://rubygems.org/\n  specs:\n" gems "\nPLATFORMS\n" platforms \
	"\nDEPENDENCIES\n  rack\n\nBUNDLED WITH\n   2.5.9\n"

static const struct example examples[] = {
	{
		.name = "plain gems",
		.log = LOG,
		.file = { { "Gemfile.lock", LOCK("    rack (3.0.11)\n", "  arm64-darwin-23\n"),
			    LOCK("    rack (3.0.11)\n", "  arm64-darwin-23\n  x86_64-linux\n") } },
	},
	{
		.name = "a native gem that is locked for it",
		.log = LOG,
		.file = { { "Gemfile.lock",
			    LOCK("    nokogiri (1.16.5-arm64-darwin)\n    nokogiri (1.16.5-x86_64-linux)\n",
				 "  arm64-darwin-23\n"),
			    LOCK("    nokogiri (1.16.5-arm64-darwin)\n    nokogiri (1.16.5-x86_64-linux)\n",
				 "  arm64-darwin-23\n  x86_64-linux\n") } },
	},
	{
		.name = "a native gem of a Mac",
		.log = LOG,
		.file = { { "Gemfile.lock", LOCK("    nokogiri (1.16.5-arm64-darwin)\n", "  arm64-darwin-23\n"),
			    NULL } },
		.declines = "nokogiri is locked as the build for another platform",
	},
	{
		.name = "it is there",
		.log = LOG,
		.file = { { "Gemfile.lock", LOCK("    rack (3.0.11)\n", "  x86_64-linux\n"), NULL } },
		.declines = "has the platform",
	},
	{0}
};

const struct template template_lock_gem_platform = {
	.name = "lock_gem_platform",
	.summary = "Gemfile.lock lacks the machine's platform and all gems are plain Ruby -> add it",
	.language = "ruby",
	.oracles = "bundler's own advice",
	.keeps_off = "native gems that are locked for another platform only",
	.class = "lock file",
	.danger = DANGER_0,
	.reading = true,
	.tool = "bundler",
	.pattern = "^Your bundle only supports platforms .* your local platform is (?<platform>[\\w.-]+)",
	.fix = fix,
	.examples = examples,
};

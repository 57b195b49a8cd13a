/*
 * bundler: the failing commit's Gemfile asks for a version that was never released -> what the commit
 * before asked for.
 */
#include "templates/lib_pin.h"

static const char *const manifests[] = { "**/Gemfile", NULL };

static void fix(struct scene *scene)
{
	struct str name = scene_group(scene, "name"), now = scene_group(scene, "now"), text, old;
	const char *path, *why;

	if (!pin_before(scene, manifests, name, now, &path, &text, &old, &why))
		return template_decline(scene, "%s", why);
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "Asks for %.*s in %s again, as the commit before: "
				     "there is no %.*s.", STR_ARG(str_trim(old)), path, STR_ARG(now)),
		      path, text);
}

#define MISSING \
	"Fetching gem metadata from https://rubygems.org/..........\nResolving dependencies...\n" \
	"Could not find gem 'rack (~> 33.0)' in rubygems repository https://rubygems.org/ or\n" \
	"installed locally.\n\nThe source contains the following gems matching 'rack':\n  * rack-3.0.11\n"

static const struct example examples[] = {
	{
		.name = "a digit too many",
		.log = MISSING,
		.file = { { "Gemfile", "source \"https://rubygems.org\"\n\ngem \"rack\", \"~> 33.0\"\n",
			    "source \"https://rubygems.org\"\n\ngem \"rack\", \"~> 3.0\"\n",
			    .was = "source \"https://rubygems.org\"\n\ngem \"rack\", \"~> 3.0\"\n" } },
	},
	{
		.name = "no history",
		.log = MISSING,
		.file = { { "Gemfile", "gem \"rack\", \"~> 33.0\"\n", NULL } },
		.declines = "no commit before",
	},
	{
		.name = "it was the same before",
		.log = MISSING,
		.file = { { "Gemfile", "gem \"rack\", \"~> 33.0\"\n", NULL, .was =
			    "gem \"rack\", \"~> 33.0\"\n" } },
		.declines = "asked for the same",
	},
	{0}
};

const struct template template_lock_gem_version = {
	.name = "lock_gem_version",
	.summary = "bundler: the commit asks for a version that was never released -> the one before",
	.oracles = "the commit before",
	.keeps_off = "gems that come new; no history",
	.class = "dependency",
	.danger = DANGER_1,
	.reading = true,
	.tool = "bundler",
	.pattern = "^Could not find gem '(?<name>[\\w-]+) \\((?:[~>=<]+ )?(?<now>[\\w.]+)\\)",
	.fix = fix,
	.examples = examples,
};

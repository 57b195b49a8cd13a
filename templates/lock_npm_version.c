/*
 * npm, yarn or pnpm: the failing commit asks for a version that was never released -> what the commit
 * before asked for in the same package.json. Without a history only the registry knows what there is.
 */
#include "templates/lib_pin.h"

static const char *const manifests[] = { "**/package.json", NULL };

static void fix(struct scene *scene)
{
	struct str name = scene_group(scene, "name"), now = scene_group(scene, "now"), text, old;
	const char *path, *why;

	str_chop(&now, ".");	/* the sentence's end */
	if (!pin_before(scene, manifests, name, now, &path, &text, &old, &why))
		return template_decline(scene, "%s", why);
	if (str_char(old, ':') < 0)
		return template_decline(scene, "the commit before did not ask for it there");
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "Asks for %.*s in %s again, as the commit before: "
				     "the registry has no %.*s.", STR_ARG(str_trim(old)), path,
				     STR_ARG(now)),
		      path, text);
}

#define PACKAGE(one, other) \
	"{\n  \"name\": \"a\",\n  \"dependencies\": {\n    \"kleur\": \"" one "\",\n" \
	"    \"mri\": \"" other "\"\n  }\n}\n"

static const struct example examples[] = {
	{
		.name = "npm",
		.log = "npm error code ETARGET\n"
		       "npm error notarget No matching version found for kleur@^4.5.1.\n"
		       "npm error notarget In most cases you or one of your dependencies are requesting a "
		       "package version that doesn't exist.\n",
		.file = { { "package.json", PACKAGE("^4.5.1", "^1.2.0"), PACKAGE("^4.1.5", "^1.2.0"),
			    .was = PACKAGE("^4.1.5", "^1.1.0") } },
	},
	{
		.name = "pnpm",
		.log = " ERR_PNPM_NO_MATCHING_VERSION  No matching version found for kleur@99.0.0\n\n"
		       "This error happened while installing a direct dependency of /srv\n",
		.file = { { "web/package.json", PACKAGE("99.0.0", "^1.2.0"), PACKAGE("4.1.5", "^1.2.0"),
			    .was = PACKAGE("4.1.5", "^1.2.0") } },
	},
	{
		.name = "a dependency of a dependency",
		.log = "npm error code ETARGET\n"
		       "npm error notarget No matching version found for deep@1.0.0.\n",
		.file = { { "package.json", PACKAGE("^4.5.1", "^1.2.0"), NULL,
			    .was = PACKAGE("^4.1.5", "^1.1.0") } },
		.declines = "no manifest here has a line",
	},
	{
		.name = "it was no other before",
		.log = "npm error code ETARGET\n"
		       "npm error notarget No matching version found for kleur@^4.5.1.\n",
		.file = { { "package.json", PACKAGE("^4.5.1", "^1.2.0"), NULL,
			    .was = PACKAGE("^4.5.1", "^1.1.0") } },
		.declines = "asked for the same",
	},
	{
		.name = "no history",
		.log = "npm error code ETARGET\n"
		       "npm error notarget No matching version found for kleur@^4.5.1.\n",
		.file = { { "package.json", PACKAGE("^4.5.1", "^1.2.0"), NULL } },
		.declines = "no commit before",
	},
	{0}
};

const struct template template_lock_npm_version = {
	.name = "lock_npm_version",
	.summary = "npm, pnpm: the commit asks for a version that was never released -> the one before",
	.language = "node",
	.oracles = "the commit before",
	.keeps_off = "dependencies of dependencies; no history",
	.class = "dependency",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "^No matching version found for (?<name>(?:@[\\w.-]+/)?[\\w.-]+)@(?<now>[^\\s,]+)",
	.fix = fix,
	.examples = examples,
};

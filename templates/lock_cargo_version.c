/*
 * cargo: the failing commit asks for a version of a crate that was never released -> what the commit
 * before asked for in the same Cargo.toml.
 */
#include "templates/lib_pin.h"

static const char *const manifests[] = { "**/Cargo.toml", NULL };

static void fix(struct scene *scene)
{
	struct str name = scene_group(scene, "name"), now = scene_group(scene, "now"), text, old;
	const char *path, *why;

	str_skip(&now, "^");
	str_skip(&now, "=");
	if (!pin_before(scene, manifests, name, str_trim(now), &path, &text, &old, &why))
		return template_decline(scene, "%s", why);
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "Asks for %.*s in %s again, as the commit before: "
				     "there is no %.*s.", STR_ARG(str_trim(old)), path, STR_ARG(now)),
		      path, text);
}

#define MISSING \
	"error: failed to select a version for the requirement `itoa = \"^1.90\"`\n" \
	"candidate versions found which didn't match: 1.0.11, 1.0.10\n" \
	"location searched: crates.io index\nrequired by package `shop v0.1.0 (/srv/shop)`\n"

static const struct example examples[] = {
	{
		.name = "a plain version",
		.log = MISSING,
		.file = { { "Cargo.toml", "[package]\nname = \"shop\"\n[dependencies]\nitoa = \"1.90\"\n",
			    "[package]\nname = \"shop\"\n[dependencies]\nitoa = \"1.0\"\n",
			    .was = "[package]\nname = \"shop\"\n[dependencies]\nitoa = \"1.0\"\n" } },
	},
	{
		.name = "in a table",
		.log = MISSING,
		.file = { { "core/Cargo.toml", "[dependencies]\nitoa = { version = \"1.90\", features = [] }\n",
			    "[dependencies]\nitoa = { version = \"1.0\", features = [] }\n",
			    .was = "[dependencies]\nitoa = { version = \"1.0\", features = [] }\n" } },
	},
	{
		.name = "no history",
		.log = MISSING,
		.file = { { "Cargo.toml", "[dependencies]\nitoa = \"1.90\"\n", NULL } },
		.declines = "no commit before",
	},
	{
		.name = "it comes new",
		.log = MISSING,
		.file = { { "Cargo.toml", "[dependencies]\nitoa = \"1.90\"\n", NULL,
			    .was = "[dependencies]\n" } },
		.declines = "did not ask for it there",
	},
	{0}
};

const struct template template_lock_cargo_version = {
	.name = "lock_cargo_version",
	.summary = "cargo: the commit asks for a version that was never released -> the one before",
	.oracles = "the commit before",
	.keeps_off = "crates that come new; no history",
	.class = "dependency",
	.danger = DANGER_1,
	.reading = true,
	.tool = "cargo",
	.pattern = "^failed to select a version for the requirement `(?<name>[\\w-]+) = \"(?<now>[^\"]+)\"",
	.fix = fix,
	.examples = examples,
};

/*
 * "--locked was passed" and Cargo.lock is behind the workspace's own manifests -> cargo update
 * --workspace, without the net. A crate that is not there yet makes it fail, and then nothing is
 * proposed to anybody.
 */
#include "templates/lib_scene.h"

static void fix(struct scene *scene)
{
	static const char *const argv[] = { "cargo", "update", "--workspace", "--offline", NULL };
	static const char *const mends[] = { "Cargo.lock", NULL };
	struct candidate *candidate;

	if (!scene_is_first(scene))
		return;		/* mended, or declined, with the first of its kind */
	if (!tree_has(scene->tree, "Cargo.lock") || !tree_has(scene->tree, "Cargo.toml"))
		return template_decline(scene, "no Cargo.lock beside a Cargo.toml at the top");
	candidate = propose(scene, ORACLE_TOOL, "Brings Cargo.lock up to the workspace's own manifests with cargo "
			    "itself; no other crate moves.");
	candidate->run = argv;
	candidate->mends = mends;
}

#define LOG(name) \
	"error: cannot update the lock file /src/" name " because --locked was passed to prevent this\n" \
	"help: to generate the lock file without accessing the network, remove the --locked flag and use --offline " \
	"instead.\n"

static const struct example examples[] = {
	{
		.name = "a member with another version",
		.log = LOG("Cargo.lock"),
		.file = {
			{ "Cargo.toml", "[workspace]\nmembers = [\"a\"]\n", NULL },
			{ "Cargo.lock", "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n", NULL },
			{ "a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.2.0\"\n", NULL },
		},
		.run = "cargo update --workspace --offline",
	},
	{
		.name = "the older words",
		.log = "error: the lock file /src/Cargo.lock needs to be updated but --locked was passed to prevent this\n"
		       "If you want to try to generate the lock file without accessing the network, remove the --locked "
		       "flag and use --offline instead.\n",
		.file = {
			{ "Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.2.0\"\n", NULL },
			{ "Cargo.lock", "version = 3\n", NULL },
		},
		.run = "cargo update --workspace --offline",
	},
	{
		.name = "no lock is kept",
		.log = LOG("Cargo.lock"),
		.file = { { "Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.2.0\"\n", NULL } },
		.declines = "no Cargo.lock beside",
	},
	{0}
};

const struct template template_lock_cargo = {
	.name = "lock_cargo",
	.summary = "Cargo.lock is behind the workspace's manifests and --locked was passed -> cargo update --workspace",
	.language = "rust",
	.class = "lock",
	.oracles = "cargo itself, without the net",
	.keeps_off = "repositories that keep no lock at the top; crates that would have to be fetched",
	.danger = DANGER_0,
	.tool = "cargo",
	.types = (const char *const[]){ "lock file", NULL },
	.fix = fix,
	.examples = examples,
};

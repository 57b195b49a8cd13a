/*
 * go.mod replaces a module by a folder of the repository and does not require it -> the requirement
 * that `go get` would write. A module of somebody else only its origin knows.
 */
#include "templates/lib_gomod.h"
#include "templates/lib_scene.h"

/* What go writes for a module without versions. */
static const char none[] = "v0.0.0-00010101000000-000000000000";

/* Where the line goes: into the block of direct requirements, in order; else below the go line. */
static struct str with_require(struct scene *scene, struct str mod, struct str module,
			       struct str version)
{
	struct gomod_line line = {0};
	size_t offset = 0, at = 0, below = 0;
	struct text out = TEXT(scene->arena);
	bool found = false, single = false;

	while (gomod_next(mod, &line, &offset)) {
		struct str text = str_trim(str_slice(mod, line.start, line.end - line.start));

		if (str_starts(text, "go ") || str_starts(text, "toolchain "))
			below = line.end;
		if (line.kind != GOMOD_REQUIRE || line.indirect)
			continue;
		if (!found || str_compare(line.module, module) < 0)
			at = str_compare(line.module, module) < 0 ? line.end : line.start;
		single = !line.block.size;
		found = true;
	}
	if (!found)
		at = below;
	if (!at)
		return STR_NONE;
	text_add(&out, str_slice(mod, 0, at));
	text_addf(&out, "%s%.*s %.*s\n", !found ? "\nrequire " : single ? "require " : "\t",
		  STR_ARG(module), STR_ARG(version));
	text_add(&out, str_from(mod, at));
	return text_str(&out);
}

static void fix(struct scene *scene)
{
	struct str module = scene_group(scene, "module"), mod, version, text, folder;
	struct gomod_line line = {0};
	size_t offset = 0;

	if (!scene_read(scene, "go.mod", &mod))
		return template_decline(scene, "there is no go.mod at the root");
	if (gomod_requires(mod, module).size)
		return template_decline(scene, "go.mod requires %.*s", STR_ARG(module));
	folder = gomod_local(mod, module);
	if (!folder.size)
		return template_decline(scene, "%.*s is not replaced by a folder of the repository",
					STR_ARG(module));
	version = str_of(none);
	while (gomod_next(mod, &line, &offset))
		if (line.kind == GOMOD_REPLACE && str_equal(line.module, module) && line.version.size)
			version = line.version;
	text = with_require(scene, mod, module, version);
	if (!text.size)
		return template_decline(scene, "where the requirement goes is not plain");
	candidate_put(scene, propose(scene, ORACLE_TOOL, "Requires %.*s in go.mod, as go get would: it is "
				     "replaced by %.*s.", STR_ARG(module), STR_ARG(folder)),
		      "go.mod", text);
}

#define LOG \
	"name.go:7:2: module example.com/loom/slugs provides package example.com/loom/slugs and is replaced " \
	"but not required; to add:\n\tgo get example.com/loom/slugs\n"

static const struct example examples[] = {
	{
		.name = "beside another one",
		.log = LOG,
		.file = { { "go.mod",
			    "module example.com/loom\n\ngo 1.21\n\nrequire example.com/loom/ids v0.0.0\n\n"
			    "replace (\n\texample.com/loom/ids => ./ids\n\texample.com/loom/slugs => ./slugs\n)\n",
			    "module example.com/loom\n\ngo 1.21\n\nrequire example.com/loom/ids v0.0.0\n"
			    "require example.com/loom/slugs v0.0.0-00010101000000-000000000000\n\n"
			    "replace (\n\texample.com/loom/ids => ./ids\n\texample.com/loom/slugs => ./slugs\n)\n"
			    } },
	},
	{
		.name = "the first one",
		.log = LOG,
		.file = { { "go.mod",
			    "module example.com/loom\n\ngo 1.21\n\nreplace example.com/loom/slugs => ./slugs\n",
			    "module example.com/loom\n\ngo 1.21\n\nrequire example.com/loom/slugs "
			    "v0.0.0-00010101000000-000000000000\n\nreplace example.com/loom/slugs => ./slugs\n"
			    } },
	},
	{
		.name = "replaced by somebody else's",
		.log = LOG,
		.file = { { "go.mod",
			    "module example.com/loom\n\ngo 1.21\n\nreplace example.com/loom/slugs => "
			    "example.org/slugs v1.2.3\n", NULL } },
		.declines = "is not replaced by a folder",
	},
	{
		.name = "it is required",
		.log = LOG,
		.file = { { "go.mod",
			    "module example.com/loom\n\nrequire example.com/loom/slugs v0.0.0\n", NULL } },
		.declines = "go.mod requires",
	},
	{0}
};

const struct template template_lock_go_require = {
	.name = "lock_go_require",
	.summary = "a module of the repository is replaced in go.mod and not required -> require it",
	.oracles = "go's own advice",
	.keeps_off = "modules that are replaced by another module",
	.class = "lock file",
	.danger = DANGER_0,
	.tool = "go",
	.pattern = "module (?<module>\\S+) provides package \\S+ and is replaced but not required",
	.fix = fix,
	.examples = examples,
};

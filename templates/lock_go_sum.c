/*
 * go misses sums in go.sum that the commit before had, of modules still required at the same version ->
 * those lines again. A sum of anything else only the module's proxy knows, and a sum that differs is
 * never touched.
 */
#include "git/path.h"
#include "templates/lib_gomod.h"
#include "templates/lib_scene.h"

/* "module version h1:..." */
static bool take_sum(struct str line, struct str *module, struct str *version)
{
	struct str rest;

	if (!str_split(line, " ", module, &rest) || !str_split(rest, " ", version, &rest) ||
	    !str_starts(rest, "h1:"))
		return false;
	str_chop(version, "/go.mod");
	return true;
}

static bool has_sum(struct str sums, struct str module, struct str version, bool of_mod)
{
	struct str line, other, other_version, rest;

	while (str_next_line(&sums, &line)) {
		if (!take_sum(line, &other, &other_version) || !str_equal(other, module))
			continue;
		str_split(line, " h1:", &rest, NULL);
		if (str_equal(other_version, version) && str_ends(rest, "/go.mod") == of_mod)
			return true;
	}
	return false;
}

/* Is the sum still needed: the same requirement, or nothing was changed in what is required? */
static bool still_needed(struct str mod, struct str old_mod, struct str module, struct str version)
{
	struct str now = gomod_requires(mod, module);

	if (now.size)
		return str_equal(now, version) || str_equal(mod, old_mod);
	return str_equal(mod, old_mod);
}

/* Both lists in one, in the order of go: by bytes. */
static struct str merged(struct scene *scene, struct str sums, struct str old, struct str mod,
			 struct str old_mod, unsigned *added)
{
	struct text out = TEXT(scene->arena);
	struct str line, module, version, rest = sums, next = STR_NONE;
	bool more = str_next_line(&rest, &next);

	while (str_next_line(&old, &line)) {
		bool of_mod;

		if (!take_sum(line, &module, &version))
			continue;
		of_mod = str_has(line, "/go.mod h1:");
		if (has_sum(sums, module, version, of_mod) ||
		    !still_needed(mod, old_mod, module, version))
			continue;
		while (more && str_compare(next, line) < 0) {
			text_addf(&out, "%.*s\n", STR_ARG(next));
			more = str_next_line(&rest, &next);
		}
		text_addf(&out, "%.*s\n", STR_ARG(line));
		(*added)++;
	}
	for (; more; more = str_next_line(&rest, &next))
		text_addf(&out, "%.*s\n", STR_ARG(next));
	return text_str(&out);
}

/* The module of the failure must be among them: its name stands in the message. */
static bool names_one(const struct scene *scene, struct str before, struct str after)
{
	struct str line, module, version, message = str_of(scene->failure->message);

	while (str_next_line(&after, &line))
		if (take_sum(line, &module, &version) &&
		    !has_sum(before, module, version, str_has(line, "/go.mod h1:")) &&
		    str_find(message, module) >= 0)
			return true;
	return false;
}

static void fix(struct scene *scene)
{
	const char *mod_path = "go.mod", *sum_path = "go.sum";
	struct str mod, sums = STR_NONE, old, old_mod, text;
	unsigned added = 0;

	if (!scene->parent || !tree_read(scene->parent, scene->arena, sum_path, &old))
		return template_decline(scene, "there is no commit before whose go.sum has it: only the "
					"module's proxy knows the sum");
	if (!scene_read(scene, mod_path, &mod) ||
	    !tree_read(scene->parent, scene->arena, mod_path, &old_mod) ||
	    !scene_read(scene, sum_path, &sums) || str_has(sums, "<<<<<<<"))
		return template_decline(scene, "go.mod or go.sum cannot be read");
	text = merged(scene, sums, old, mod, old_mod, &added);
	if (!added || !names_one(scene, sums, text))
		return template_decline(scene, "the commit before had no sum for it either: only the "
					"module's proxy knows it");
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "Brings back %u lines of go.sum that the commit "
				     "before had, of modules that are still required.", added),
		      sum_path, text);
}

#define LOG \
	"almanac.go:4:2: missing go.sum entry for module providing package github.com/google/uuid " \
	"(imported by example.com/almanac); to add:\n\tgo get example.com/almanac\n"
#define MOD \
	"module example.com/almanac\n\ngo 1.21\n\nrequire (\n\tgithub.com/google/uuid v1.6.0\n" \
	"\tgolang.org/x/text v0.14.0\n)\n"
#define UUID \
	"github.com/google/uuid v1.6.0 h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=\n" \
	"github.com/google/uuid v1.6.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=\n"
#define TEXT_SUM \
	"golang.org/x/text v0.14.0 h1:ScX5w1eTa3QqT8oi6+ziP7dTV1S2+ALU0bI+0zXKWiQ=\n" \
	"golang.org/x/text v0.14.0/go.mod h1:18ZOQIKpY8NJVqYksKHtTdi31H5itFRjB5/qKTNYzSU=\n"

static const struct example examples[] = {
	{
		.name = "lost in a merge",
		.log = LOG,
		.file = { { "go.mod", MOD, NULL },
			  { "go.sum", TEXT_SUM, UUID TEXT_SUM, .was = UUID TEXT_SUM } },
	},
	{
		.name = "another version is required now",
		.log = LOG,
		.file = { { "go.mod", "module a\n\nrequire github.com/google/uuid v1.7.0\n", NULL,
			    .was = MOD },
			  { "go.sum", TEXT_SUM, NULL, .was = UUID TEXT_SUM } },
		.declines = "only the module's proxy knows it",
	},
	{
		.name = "no history",
		.log = LOG,
		.file = { { "go.mod", MOD, NULL }, { "go.sum", TEXT_SUM, NULL } },
		.declines = "there is no commit before",
	},
	{
		.name = "it never was there",
		.log = LOG,
		.file = { { "go.mod", MOD, NULL, .was = MOD },
			  { "go.sum", TEXT_SUM, NULL } },
		.declines = "had no sum for it either",
	},
	{0}
};

static const char *const types[] = { "missing go.sum entry", NULL };

const struct template template_lock_go_sum = {
	.name = "lock_go_sum",
	.summary = "go.sum lost lines of modules that are still required -> the lines of the commit before",
	.oracles = "the commit before",
	.keeps_off = "modules at another version, or new; sums that differ",
	.class = "lock file",
	.danger = DANGER_0,
	.reading = true,
	.tool = "go",
	.types = types,
	.fix = fix,
	.examples = examples,
};

/*
 * RuboCop's findings that it calls correctable -> rubocop -a on those files: its safe
 * corrections, never -A. Keeps off when a finding has no correction, or when no Gemfile or
 * .rubocop.yml names it.
 */
#include "templates/lib_tool.h"

#include "templates/lib_scene.h"


static const char *const argv[] = { "rubocop", "-a", "--cache", "false", "--format", "quiet", NULL };

static const struct tool tool = {
	.name = "rubocop",
	.program = "rubocop",
	.argv = argv,
	.endings = ".rb .rake .gemspec .ru",
	.home = TOOL_HOME_TOOLCHAIN,
	.keep = "",
	.keep_value = "-c --config --only --except -r --require",
	.drop = "-P --parallel --no-parallel --cache --format -f --fail-level --display-cop-names -D --color "
		"--no-color --force-exclusion --no-server --display-only-fail-level-offenses -S --extra-details",
	.any_severity = true,
};

/* A project that has no settings of its own is checked by whoever happens to have installed it. */
static bool is_named(const struct scene *scene)
{
	struct str text;

	return tree_has(scene->tree, ".rubocop.yml") ||
	       (scene_read(scene, "Gemfile", &text) && str_has(text, "rubocop"));
}

static void fix(struct scene *scene)
{
	struct tool_files files;

	if (!scene->failure->fixer)
		return template_decline(scene, "rubocop calls none of its findings correctable");
	if (!is_named(scene))
		return template_decline(scene, "neither .rubocop.yml nor the Gemfile names rubocop");
	tool_files(scene, &tool, &files);
	tool_propose(scene, &tool, NULL, &files);
}

static const struct example examples[] = {
	{
		.name = "the simple form",
		.log =
		"== lib/invoice.rb ==\n"
		"C:  1: 18: [Correctable] Style/StringLiterals: Prefer double-quoted "
		"strings unless you need single quotes to avoid extra backslashes for "
		"escaping.\n"
		"C: 15: 13: [Correctable] Layout/SpaceInsideParens: Space inside "
		"parentheses detected.\n"
		"\n"
		"2 files inspected, 2 offenses detected, 2 offenses autocorrectable\n",
		.file = {
			{ ".rubocop.yml",
			  "AllCops:\n"
			  "  NewCops: disable\n",
			  NULL },
			{ "lib/invoice.rb",
			  "require_relative 'tax'\n",
			  NULL },
		},
		.run = "rubocop -a --cache false --format quiet lib/invoice.rb",
	},
	{
		.name = "the usual form, with the options of the check",
		.log =
		"##[group]Run bundle exec rubocop --config .rubocop.yml --parallel\n"
		"bundle exec rubocop --config .rubocop.yml --parallel\n"
		"##[endgroup]\n"
		"Inspecting 1 file\n"
		"C\n"
		"\n"
		"Offenses:\n"
		"\n"
		"a.rb:2:13: C: [Correctable] Layout/SpaceInsideParens: Space inside "
		"parentheses detected.\n"
		"  def total( items )\n"
		"            ^\n"
		"\n"
		"1 file inspected, 1 offense detected, 1 offense autocorrectable\n",
		.file = {
			{ ".rubocop.yml",
			  "AllCops:\n"
			  "  NewCops: disable\n",
			  NULL },
			{ "a.rb",
			  "class A\n"
			  "  def total( items )\n"
			  "  end\n"
			  "end\n",
			  NULL },
		},
		.run = "rubocop -a --cache false --format quiet --config .rubocop.yml a.rb",
	},
	{
		.name = "nothing to correct",
		.log =
		"Inspecting 1 file\n"
		"W\n"
		"\n"
		"Offenses:\n"
		"\n"
		"a.rb:3:5: W: Lint/UselessAssignment: Useless assignment to variable - "
		"x.\n"
		"    x = 1\n"
		"    ^\n"
		"\n"
		"1 file inspected, 1 offense detected\n",
		.file = {
			{ ".rubocop.yml",
			  "AllCops:\n"
			  "  NewCops: disable\n",
			  NULL },
			{ "a.rb",
			  "\n"
			  "\n"
			  "x = 1\n",
			  NULL },
		},
		.declines = "none of its findings",
	},
	{
		.name = "nobody asked for it",
		.log =
		"Inspecting 1 file\n"
		"C\n"
		"\n"
		"Offenses:\n"
		"\n"
		"a.rb:2:13: C: [Correctable] Layout/SpaceInsideParens: Space inside "
		"parentheses detected.\n"
		"  def total( items )\n"
		"            ^\n"
		"\n"
		"1 file inspected, 1 offense detected, 1 offense autocorrectable\n",
		.file = {
			{ "a.rb",
			  "class A\n"
			  "  def total( items )\n"
			  "  end\n"
			  "end\n",
			  NULL },
		},
		.declines = "names rubocop",
	},
	{0}
};

const struct template template_tool_rubocop = {
	.name = "tool_rubocop",
	.summary = "RuboCop's correctable findings -> rubocop -a on those files",
	.class = "linter",
	.oracles = "the checker itself",
	.keeps_off = "findings without a correction; projects that do not name it",
	.danger = DANGER_0,
	.tool = "rubocop",
	.fix = fix,
	.examples = examples,
};

/*
 * phpcs' findings marked [x] -> phpcbf with the project's own standard on those files. Keeps off
 * when no settings of the project say which standard is meant.
 */
#include "templates/lib_tool.h"

#include "templates/lib_scene.h"


static const char *const argv[] = { "phpcbf", "-q", NULL };

static const struct tool tool = {
	.name = "phpcs",
	.program = "phpcs",
	.argv = argv,
	.endings = ".php .inc .phtml",
	.home = TOOL_HOME_TOOLCHAIN,
	.keep = "",
	.keep_value = "--standard --extensions --exclude --sniffs --tab-width --encoding",
	.drop = "-p -s -n -v --colors --no-colors --report --report-width --cache --no-cache --parallel -q",
};

static bool has_settings(const struct scene *scene)
{
	static const char *const names[] = { ".phpcs.xml", "phpcs.xml", ".phpcs.xml.dist", "phpcs.xml.dist" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (tree_has(scene->tree, names[i]))
			return true;
	return scene->report->command && str_has(str_of(scene->report->command), "--standard");
}

static void fix(struct scene *scene)
{
	struct tool_files files;

	if (!scene->failure->fixer)
		return template_decline(scene, "phpcs marks none of its findings");
	if (!has_settings(scene))
		return template_decline(scene, "no settings of the project say which standard is meant");
	tool_files(scene, &tool, &files);
	tool_propose(scene, &tool, NULL, &files);
}

static const struct example examples[] = {
	{
		.name = "marked findings",
		.log =
		"\n"
		"FILE: /home/runner/work/shop/shop/src/cart.php\n"
		"----------------------------------------------------------------------\n"
		"FOUND 1 ERROR AFFECTING 1 LINE\n"
		"----------------------------------------------------------------------\n"
		" 3 | ERROR | [x] Line indented incorrectly; expected 4 spaces, found\n"
		"   |       |     2\n"
		"----------------------------------------------------------------------\n"
		"PHPCBF CAN FIX THE 1 MARKED SNIFF VIOLATIONS AUTOMATICALLY\n"
		"----------------------------------------------------------------------\n",
		.file = {
			{ "phpcs.xml",
			  "<?xml version=\"1.0\"?>\n"
			  "<ruleset name=\"shop\"><rule ref=\"PSR12\"/></ruleset>\n",
			  NULL },
			{ "src/cart.php",
			  "<?php\n"
			  "\n"
			  "  $a = 1;\n",
			  NULL },
		},
		.run = "phpcbf -q src/cart.php",
	},
	{
		.name = "which standard nobody says",
		.log =
		"\n"
		"FILE: /home/runner/work/shop/shop/src/cart.php\n"
		"----------------------------------------------------------------------\n"
		"FOUND 1 ERROR AFFECTING 1 LINE\n"
		"----------------------------------------------------------------------\n"
		" 3 | ERROR | [x] Line indented incorrectly; expected 4 spaces, found\n"
		"   |       |     2\n"
		"----------------------------------------------------------------------\n"
		"PHPCBF CAN FIX THE 1 MARKED SNIFF VIOLATIONS AUTOMATICALLY\n"
		"----------------------------------------------------------------------\n",
		.file = {
			{ "src/cart.php",
			  "<?php\n"
			  "\n"
			  "  $a = 1;\n",
			  NULL },
		},
		.declines = "which standard",
	},
	{
		.name = "no mark",
		.log =
		"\n"
		"FILE: /home/runner/work/shop/shop/src/cart.php\n"
		"----------------------------------------------------------------------\n"
		"FOUND 1 ERROR AFFECTING 1 LINE\n"
		"----------------------------------------------------------------------\n"
		" 2 | ERROR | [ ] Missing file doc comment\n"
		"----------------------------------------------------------------------\n",
		.file = {
			{ "phpcs.xml",
			  "<ruleset name=\"shop\"/>\n",
			  NULL },
			{ "src/cart.php",
			  "<?php\n"
			  "\n"
			  "  $a = 1;\n",
			  NULL },
		},
		.declines = "marks none",
	},
	{0}
};

const struct template template_tool_phpcbf = {
	.name = "tool_phpcbf",
	.summary = "phpcs' marked findings -> phpcbf on those files",
	.class = "linter",
	.oracles = "the checker itself",
	.keeps_off = "findings without a mark; projects without a standard",
	.danger = DANGER_0,
	.tool = "phpcs",
	.fix = fix,
	.examples = examples,
};

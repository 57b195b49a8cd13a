/*
 * "Code style issues found" -> the repository's own prettier on those files. Keeps off when
 * package.json does not name prettier: npx would fetch whatever version is newest.
 */
#include "templates/lib_tool.h"

static const char *const argv[] = { "npx", "--no-install", "prettier", "--write", NULL };

static const struct tool tool = {
	.name = "prettier",
	.program = "prettier",
	.argv = argv,
	.endings = ".js .jsx .mjs .cjs .ts .tsx .mts .cts .json .json5 .jsonc .css .scss .less .html .vue .md .mdx .yml .yaml .graphql .hbs .svelte .astro",
	.home = TOOL_HOME_NODE,
	.layout = true,
	.keep = "--no-semi --single-quote --jsx-single-quote --no-bracket-spacing --use-tabs",
	.keep_value = "--print-width --tab-width --trailing-comma --arrow-parens --end-of-line --prose-wrap --config --ignore-path",
	.drop = "--check -c --list-different -l --write -w --log-level --loglevel --no-color --cache --ignore-unknown -u --no-error-on-unmatched-pattern",
};

static void fix(struct scene *scene)
{
	struct tool_files files;

	tool_files(scene, &tool, &files);
	if (!tool_in_package_json(scene, "prettier"))
		return template_decline(scene, "no package.json names prettier");
	tool_propose(scene, &tool, NULL, &files);
}

static const struct example examples[] = {
	{
		.name = "two files",
		.log =
		"Checking formatting...\n[warn] b.ts\n[warn] src/a.js\n"
		"[warn] Code style issues found in 2 files. Run Prettier with --write to fix.\n",
		.file = {
			{ "package.json",
			  "{\n  \"name\": \"x\",\n  \"devDependencies\": {\n"
			  "    \"prettier\": \"3.3.0\",\n    \"eslint\": \"8.57.0\"\n  }\n}\n",
			  NULL },
			{ "src/a.js",
			  "const a = {b:1}\nvar c = 2;\n",
			  NULL },
			{ "b.ts",
			  "const a = {b:1}\nvar c = 2;\n",
			  NULL },
		},
		.run = "npx --no-install prettier --write b.ts src/a.js",
	},
	{
		.name = "with the options of the check",
		.log =
		"##[group]Run npx prettier --check --single-quote --tab-width 4 .\n"
		"npx prettier --check --single-quote --tab-width 4 .\n##[endgroup]\n"
		"Checking formatting...\n[warn] a.js\n"
		"[warn] Code style issues found in the above file. Run Prettier with --write to"
		" fix.\n",
		.file = {
			{ "package.json",
			  "{\n  \"name\": \"x\",\n  \"devDependencies\": {\n"
			  "    \"prettier\": \"3.3.0\",\n    \"eslint\": \"8.57.0\"\n  }\n}\n",
			  NULL },
			{ "a.js",
			  "const a = {b:1}\nvar c = 2;\n",
			  NULL },
		},
		.run = "npx --no-install prettier --write --single-quote --tab-width 4 a.js",
	},
	{
		.name = "package.json does not name it",
		.log =
		"Checking formatting...\n[warn] a.js\n"
		"[warn] Code style issues found in the above file. Run Prettier with --write to"
		" fix.\n",
		.file = {
			{ "package.json",
			  "{\n  \"name\": \"x\",\n  \"scripts\": {\n"
			  "    \"lint\": \"prettier --check .\"\n  }\n}\n",
			  NULL },
			{ "a.js",
			  "const a = {b:1}\nvar c = 2;\n",
			  NULL },
		},
		.declines = "no package.json names prettier",
	},
	{0}
};

const struct template template_tool_prettier = {
	.name = "tool_prettier",
	.summary = "files that prettier would change -> the repository's own prettier --write on them",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "prettier is not in package.json; many files while no version is pinned",
	.danger = DANGER_0,
	.tool = "prettier",
	.fix = fix,
	.examples = examples,
};

/*
 * eslint's findings that it calls fixable -> the repository's own eslint --fix on those files.
 * Keeps off when an error is of a rule that has no repair, or when package.json does not name
 * eslint.
 */
#include "templates/lib_tool.h"

#include "templates/lib_scene.h"

static const char *const argv[] = { "npx", "--no-install", "eslint", "--fix", NULL };

static const struct tool tool = {
	.name = "eslint",
	.program = "eslint",
	.argv = argv,
	.endings = ".js .jsx .mjs .cjs .ts .tsx .mts .cts .vue .svelte",
	.home = TOOL_HOME_NODE,
	.keep = "--no-eslintrc",
	.keep_value = "-c --config --ext --parser --rulesdir",
	.drop = "--max-warnings --format -f --quiet --cache --color --no-color --report-unused-disable-directives",
};

/* Common rules without a repair: one of them keeps the check red. */
static const char unfixable[] =
	"no-unused-vars @typescript-eslint/no-unused-vars no-undef no-console no-empty no-eval no-alert "
	"eqeqeq no-redeclare no-shadow no-unreachable no-fallthrough no-dupe-keys no-case-declarations "
	"no-prototype-builtins no-param-reassign no-use-before-define consistent-return complexity "
	"max-lines max-len camelcase no-await-in-loop no-cond-assign no-constant-condition no-debugger "
	"react/prop-types react-hooks/rules-of-hooks react-hooks/exhaustive-deps import/no-unresolved "
	"@typescript-eslint/no-explicit-any @typescript-eslint/no-floating-promises n/no-missing-import";

static const struct diagnostic *without_repair(const struct scene *scene)
{
	for (size_t i = 0; i < scene->report->diagnostic_count; i++) {
		const struct diagnostic *one = &scene->report->diagnostics[i];

		if (str_is(str_of(one->tool), tool.name) && one->severity == SEVERITY_ERROR &&
		    (!one->code || word_among(str_of(one->code), unfixable)))
			return one;
	}
	return NULL;
}

static void fix(struct scene *scene)
{
	struct tool_files files;

	tool_files(scene, &tool, &files);
	if (!scene->failure->fixer)
		return template_decline(scene, "eslint calls none of its findings fixable");
	if (without_repair(scene))
		return template_decline(scene, "eslint has no repair for: %s",
					without_repair(scene)->message);
	if (!tool_in_package_json(scene, "eslint"))
		return template_decline(scene, "no package.json names eslint");
	tool_propose(scene, &tool, NULL, &files);
}

static const struct example examples[] = {
	{
		.name = "fixable errors",
		.log =
		"\n/src/src/a.js\n  1:10  error  Missing semicolon  semi\n"
		"  2:14  error  Missing semicolon  semi\n\n"
		"✖ 2 problems (2 errors, 0 warnings)\n"
		"  2 errors and 0 warnings potentially fixable with the `--fix` option.\n\n",
		.file = {
			{ "package.json",
			  "{\n  \"name\": \"x\",\n  \"devDependencies\": {\n"
			  "    \"prettier\": \"3.3.0\",\n    \"eslint\": \"8.57.0\"\n  }\n}\n",
			  NULL },
			{ ".eslintrc.json",
			  "{\"root\":true,\"parserOptions\":{\"ecmaVersion\":2020},\"rules\":{\"no-var\":"
			  "2,\"semi\":2,\"no-unused-vars\":2}}\n",
			  NULL },
			{ "src/a.js",
			  "let a = 1\nexports.a = a\n",
			  NULL },
		},
		.run = "npx --no-install eslint --fix src/a.js",
	},
	{
		.name = "two files",
		.log =
		"\n/src/src/a.js\n  1:10  error  Missing semicolon  semi\n"
		"  2:14  error  Missing semicolon  semi\n\n/src/src/b.js\n"
		"  1:14  error  Missing semicolon  semi\n\n"
		"✖ 3 problems (3 errors, 0 warnings)\n"
		"  3 errors and 0 warnings potentially fixable with the `--fix` option.\n\n",
		.file = {
			{ "package.json",
			  "{\n  \"name\": \"x\",\n  \"devDependencies\": {\n"
			  "    \"prettier\": \"3.3.0\",\n    \"eslint\": \"8.57.0\"\n  }\n}\n",
			  NULL },
			{ ".eslintrc.json",
			  "{\"root\":true,\"parserOptions\":{\"ecmaVersion\":2020},\"rules\":{\"no-var\":"
			  "2,\"semi\":2,\"no-unused-vars\":2}}\n",
			  NULL },
			{ "src/a.js",
			  "let a = 1\nexports.a = a\n",
			  NULL },
			{ "src/b.js",
			  "exports.c = 1\n",
			  NULL },
		},
		.run = "npx --no-install eslint --fix src/a.js src/b.js",
	},
	{
		.name = "one rule has no repair",
		.log =
		"\n/src/src/a.js\n"
		"  1:5   error  'a' is assigned a value but never used  no-unused-vars\n"
		"  1:10  error  Missing semicolon                       semi\n\n"
		"✖ 2 problems (2 errors, 0 warnings)\n"
		"  1 error and 0 warnings potentially fixable with the `--fix` option.\n\n",
		.file = {
			{ "package.json",
			  "{\n  \"name\": \"x\",\n  \"devDependencies\": {\n"
			  "    \"prettier\": \"3.3.0\",\n    \"eslint\": \"8.57.0\"\n  }\n}\n",
			  NULL },
			{ ".eslintrc.json",
			  "{\"root\":true,\"parserOptions\":{\"ecmaVersion\":2020},\"rules\":{\"no-var\":"
			  "2,\"semi\":2,\"no-unused-vars\":2}}\n",
			  NULL },
			{ "src/a.js",
			  "let a = 1\n",
			  NULL },
		},
		.declines = "has no repair for",
	},
	{
		.name = "package.json does not name it",
		.log =
		"\n/src/src/a.js\n  1:10  error  Missing semicolon  semi\n"
		"  2:14  error  Missing semicolon  semi\n\n"
		"✖ 2 problems (2 errors, 0 warnings)\n"
		"  2 errors and 0 warnings potentially fixable with the `--fix` option.\n\n",
		.file = {
			{ "package.json",
			  "{\n  \"name\": \"x\",\n  \"scripts\": {\n"
			  "    \"lint\": \"prettier --check .\"\n  }\n}\n",
			  NULL },
			{ ".eslintrc.json",
			  "{\"root\":true,\"parserOptions\":{\"ecmaVersion\":2020},\"rules\":{\"no-var\":"
			  "2,\"semi\":2,\"no-unused-vars\":2}}\n",
			  NULL },
			{ "src/a.js",
			  "let a = 1\nexports.a = a\n",
			  NULL },
		},
		.declines = "no package.json names eslint",
	},
	{0}
};

const struct template template_tool_eslint = {
	.name = "tool_eslint",
	.summary = "findings that eslint calls fixable -> the repository's own eslint --fix on those files",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "a rule without a repair; eslint is not in package.json",
	.danger = DANGER_0,
	.tool = "eslint",
	.fix = fix,
	.examples = examples,
};

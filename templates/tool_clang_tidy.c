/*
 * clang-tidy's findings of checks whose repair cannot change what the code does -> clang-tidy
 * --fix with just those checks. Any other check among the errors keeps it off: bugprone ones are
 * for people.
 */
#include "templates/lib_tool.h"

#include "templates/lib_scene.h"


/* Checks whose repair keeps the meaning. */
static const char safe_checks[] = "modernize-use-nullptr modernize-use-override modernize-use-using "
	"modernize-use-bool-literals modernize-deprecated-headers modernize-redundant-void-arg "
	"modernize-use-equals-default modernize-use-equals-delete readability-braces-around-statements "
	"readability-container-size-empty readability-redundant-control-flow readability-redundant-string-cstr "
	"readability-redundant-string-init readability-redundant-member-init readability-static-definition-in-anonymous-namespace "
	"readability-uppercase-literal-suffix readability-isolate-declaration google-readability-braces-around-statements "
	"hicpp-braces-around-statements hicpp-use-nullptr hicpp-use-override cppcoreguidelines-explicit-virtual-functions "
	"llvm-namespace-comment google-readability-namespace-comments";

static struct tool tool = {
	.name = "clang-tidy",
	.program = "clang-tidy",
	.endings = ".c .cc .cpp .cxx .h .hh .hpp",
	.home = TOOL_HOME_TOOLCHAIN,
	.keep = "--quiet",
	.keep_value = "-p --config-file --header-filter",
	.drop = "--checks -checks --warnings-as-errors -warnings-as-errors -quiet -j --use-color",
};

static bool is_safe(struct str check)
{
	(void)str_split(check, ",", &check, NULL);
	return word_among(check, safe_checks);
}

/* "-*,modernize-use-nullptr": the checks of the findings; NULL when one is for people */
static const char *checks(struct scene *scene)
{
	const struct report *report = scene->report;
	struct text out = TEXT(scene->arena);

	text_adds(&out, "--checks=-*");
	for (size_t i = 0; i < report->diagnostic_count; i++) {
		const struct diagnostic *one = &report->diagnostics[i];
		struct str check = str_of(one->code);

		if (!one->tool || strcmp(one->tool, "clang-tidy") != 0 || one->severity != SEVERITY_ERROR)
			continue;
		if (!is_safe(check)) {
			template_decline(scene, "the repair of %s is for people", one->code ? one->code : "it");
			return NULL;
		}
		(void)str_split(check, ",", &check, NULL);
		if (!str_has(text_str(&out), str_text(scene->arena, check)))
			text_addf(&out, ",%.*s", STR_ARG(check));
	}
	return text_cstr(&out);
}

static void fix(struct scene *scene)
{
	const char *argv[] = { "clang-tidy", checks(scene), "--fix", "--fix-errors", NULL };
	struct tool_files files;
	struct tool with = tool;

	if (!argv[1])
		return;
	with.argv = argv;
	tool_files(scene, &tool, &files);
	tool_propose(scene, &with, NULL, &files);
}

static const struct example examples[] = {
	{
		.name = "two safe checks",
		.log =
		"/home/runner/work/shop/shop/src/a.cpp:2:26: error: use nullptr "
		"[modernize-use-nullptr,-warnings-as-errors]\n"
		"int f(int *p) { if (p == NULL) return 0; return *p; }\n"
		"                         ^~~~\n"
		"                         nullptr\n"
		"/home/runner/work/shop/shop/src/a.cpp:2:31: error: statement should "
		"be inside braces [readability-braces-around-statements,-warnings-as-er"
		"rors]\n"
		"int f(int *p) { if (p == NULL) return 0; return *p; }\n"
		"                              ^\n"
		"                               {\n",
		.file = {
			{ "src/a.cpp",
			  "#include <stdio.h>\n"
			  "int f(int *p) { if (p == NULL) return 0; return *p; }\n",
			  NULL },
		},
		.run = "clang-tidy --checks=-*,modernize-use-nullptr,readability-braces-around-statements --fix --fix-errors src/a.cpp",
	},
	{
		.name = "one for people",
		.log =
		"/home/runner/work/shop/shop/src/a.cpp:2:26: error: use nullptr "
		"[modernize-use-nullptr,-warnings-as-errors]\n"
		"int f(int *p) { if (p == NULL) return 0; return *p; }\n"
		"                         ^~~~\n"
		"                         nullptr\n"
		"/home/runner/work/shop/shop/src/a.cpp:2:31: error: integer division "
		"[bugprone-integer-division,-warnings-as-errors]\n"
		"int f(int *p) { if (p == NULL) return 0; return *p; }\n"
		"                              ^\n",
		.file = {
			{ "src/a.cpp",
			  "#include <stdio.h>\n"
			  "int f(int *p) { if (p == NULL) return 0; return *p; }\n",
			  NULL },
		},
		.declines = "is for people",
	},
	{0}
};

const struct template template_tool_clang_tidy = {
	.name = "tool_clang_tidy",
	.summary = "clang-tidy's findings of checks that keep the meaning -> clang-tidy "
		"--fix with just those",
	.class = "linter",
	.oracles = "the checker itself",
	.keeps_off = "any other check among the errors",
	.danger = DANGER_1,
	.tool = "clang-tidy",
	.fix = fix,
	.examples = examples,
};

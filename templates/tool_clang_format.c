/*
 * -Wclang-format-violations -> clang-format -i on those files. Keeps off without a .clang-format
 * file: its style would be LLVM's, not the project's.
 */
#include "templates/lib_tool.h"

#include "git/path.h"

static const char *const argv[] = { "clang-format", "-i", NULL };

static const struct tool tool = {
	.name = "clang-format",
	.program = "clang-format",
	.argv = argv,
	.endings = ".c .h .cc .cpp .cxx .hh .hpp .hxx .m .mm .java .proto",
	.home = TOOL_HOME_TOOLCHAIN,
	.layout = true,
	.keep = "",
	.keep_value = "-style --style -fallback-style --fallback-style",
	.drop = "--dry-run -n --Werror -Werror -i --ferror-limit -ferror-limit --verbose",
};

static bool has_style(const struct scene *scene, const char *path)
{
	struct str folder = path_folder(str_of(path));

	for (;;) {
		const char *prefix = str_text(scene->arena, folder), *slash = folder.size ? "/" : "";

		if (tree_has(scene->tree, arena_printf(scene->arena, "%s%s.clang-format", prefix, slash)) ||
		    tree_has(scene->tree, arena_printf(scene->arena, "%s%s_clang-format", prefix, slash)))
			return true;
		if (!folder.size)
			return false;
		folder = path_folder(folder);
	}
}

static void fix(struct scene *scene)
{
	struct tool_files files;

	tool_files(scene, &tool, &files);
	for (size_t i = 0; i < files.count; i++)
		if (!has_style(scene, files.paths[i]))
			return template_decline(scene, "no .clang-format file is above %s",
						files.paths[i]);
	tool_propose(scene, &tool, NULL, &files);
}

static const struct example examples[] = {
	{
		.name = "two files",
		.log =
		"m.c:1:4: error: code should be clang-formatted [-Wclang-format-violations]\n"
		"int  main( ) {return 0;}\n   ^\n"
		"m.c:1:11: error: code should be clang-formatted [-Wclang-format-violations]\n"
		"int  main( ) {return 0;}\n          ^\n"
		"m.c:1:15: error: code should be clang-formatted [-Wclang-format-violations]\n"
		"int  main( ) {return 0;}\n              ^\n"
		"m.c:1:24: error: code should be clang-formatted [-Wclang-format-violations]\n"
		"int  main( ) {return 0;}\n                       ^\n"
		"src/n.h:1:4: error: code should be clang-formatted [-Wclang-format-violations]\n"
		"int  n( );\n   ^\n"
		"src/n.h:1:8: error: code should be clang-formatted [-Wclang-format-violations]\n"
		"int  n( );\n       ^\n",
		.file = {
			{ ".clang-format",
			  "BasedOnStyle: LLVM\n",
			  NULL },
			{ "m.c",
			  "int  main( ) {return 0;}\n",
			  NULL },
			{ "src/n.h",
			  "int  n( );\n",
			  NULL },
		},
		.run = "clang-format -i m.c src/n.h",
	},
	{
		.name = "no style file",
		.log =
		"m.c:1:4: error: code should be clang-formatted [-Wclang-format-violations]\n"
		"int  main( ) {return 0;}\n   ^\n"
		"m.c:1:11: error: code should be clang-formatted [-Wclang-format-violations]\n"
		"int  main( ) {return 0;}\n          ^\n"
		"m.c:1:15: error: code should be clang-formatted [-Wclang-format-violations]\n"
		"int  main( ) {return 0;}\n              ^\n"
		"m.c:1:24: error: code should be clang-formatted [-Wclang-format-violations]\n"
		"int  main( ) {return 0;}\n                       ^\n",
		.file = {
			{ "m.c",
			  "int  main( ) {return 0;}\n",
			  NULL },
		},
		.declines = "no .clang-format file",
	},
	{0}
};

const struct template template_tool_clang_format = {
	.name = "tool_clang_format",
	.summary = "clang-format violations -> clang-format -i on those files",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "no .clang-format file above a file",
	.danger = DANGER_0,
	.tool = "clang-format",
	.fix = fix,
	.examples = examples,
};

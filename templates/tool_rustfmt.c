/*
 * "Diff in FILE" -> rustfmt on those files, with the edition that Cargo.toml names. Keeps off
 * when there is no Cargo.toml above a file: the edition decides how it is read.
 */
#include "templates/lib_tool.h"

#include "git/path.h"

static const char *const argv[] = { "rustfmt", NULL };

static const struct tool tool = {
	.name = "rustfmt",
	.program = "rustfmt",
	.argv = argv,
	.endings = ".rs",
	.home = TOOL_HOME_TOOLCHAIN,
	.layout = true,
	.keep = "",
	.keep_value = "",
	.drop = "--check --edition -l -q -v",
};

/* The edition of the package that holds the file; NULL when no Cargo.toml above it says one. */
static const char *edition_of(const struct scene *scene, const char *path)
{
	struct str folder = path_folder(str_of(path)), text, line;

	for (;;) {
		const char *manifest = folder.size ?
			arena_printf(scene->arena, "%.*s/Cargo.toml", STR_ARG(folder)) : "Cargo.toml";

		if (scene_read(scene, manifest, &text)) {
			while (str_next_line(&text, &line)) {
				struct str value = str_trim(line);

				if (!str_skip(&value, "edition"))
					continue;
				value = str_trim(value);
				if (str_skip(&value, "=") && str_split(value, "\"", NULL, &value) &&
				    str_split(value, "\"", &value, NULL) && value.size == 4)
					return str_text(scene->arena, value);
			}
		}
		if (!folder.size)
			return NULL;
		folder = path_folder(folder);
	}
}

static void fix(struct scene *scene)
{
	const char *more[] = { "--edition", NULL, NULL };
	struct tool_files files;

	tool_files(scene, &tool, &files);
	for (size_t i = 0; i < files.count; i++) {
		const char *edition = edition_of(scene, files.paths[i]);

		if (!edition)
			return template_decline(scene, "no Cargo.toml names the edition of %s",
						files.paths[i]);
		if (more[1] && !str_is(str_of(edition), more[1]))
			return template_decline(scene, "the files are of several editions");
		more[1] = edition;
	}
	tool_propose(scene, &tool, more, &files);
}

static const struct example examples[] = {
	{
		.name = "two files of a package",
		.log =
		"Diff in /src/src/b.rs:1:\n-pub fn  b( ) {}\n+pub fn b() {}\n \n"
		"Diff in /src/src/main.rs:1:\n mod b;\n-fn  main( ) { b::b( ) }\n"
		"+fn main() {\n+    b::b()\n+}\n \n",
		.file = {
			{ "Cargo.toml",
			  "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
			  NULL },
			{ "src/main.rs",
			  "mod b;\nfn  main( ) { b::b( ) }\n",
			  NULL },
			{ "src/b.rs",
			  "pub fn  b( ) {}\n",
			  NULL },
		},
		.run = "rustfmt --edition 2021 src/b.rs src/main.rs",
	},
	{
		.name = "a script without a package",
		.log =
		"Diff in /src/tools/b.rs:1:\n-fn  main( ) {}\n+fn main() {}\n \n",
		.file = {
			{ "tools/b.rs",
			  "fn  main( ) {}\n",
			  NULL },
		},
		.declines = "no Cargo.toml names the edition",
	},
	{0}
};

const struct template template_tool_rustfmt = {
	.name = "tool_rustfmt",
	.summary = "files that rustfmt would change -> rustfmt on them, with their edition",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "no Cargo.toml above a file names the edition",
	.danger = DANGER_0,
	.tool = "rustfmt",
	.fix = fix,
	.examples = examples,
};

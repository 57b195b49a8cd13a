/*
 * Findings of clippy that stop the build -> `cargo clippy --fix` with exactly the lints that the
 * log names; it applies only what clippy itself calls machine-applicable. Keeps off lints about
 * what code means.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

enum { LINTS_MAX = 24 };

/* Lints whose own repair may change what the code does, or what callers see. */
static const char meaning[] = "clippy::float-cmp clippy::cast-lossless clippy::as-conversions "
	"clippy::unwrap-used clippy::expect-used clippy::panic clippy::todo clippy::suspicious-else-formatting "
	"clippy::wrong-self-convention clippy::derivable-impls clippy::absurd-extreme-comparisons "
	"clippy::eq-op clippy::overly-complex-bool-expr clippy::self-assignment clippy::almost-swapped";

/* The files of the findings: nothing else may change. */
static const char *const *files_of(const struct scene *scene)
{
	const char **files = NULL;
	size_t count = 0;

	for (size_t i = 0; i < scene->report->failure_count; i++) {
		const struct failure *one = &scene->report->failures[i];
		const char *path = one->tool && str_is(str_of(one->tool), "clippy") ?
				   scene_path(scene, one->file) : NULL;
		size_t at = 0;

		while (path && at < count && !str_is(str_of(path), files[at]))
			at++;
		if (path && at == count)
			arena_push(scene->arena, files, count) = path;
	}
	arena_push(scene->arena, files, count) = NULL;
	return files;
}

/* "clippy::needless-return" and lints of rustc that clippy prints with their flag; each once. */
static size_t lints_of(const struct scene *scene, const char *lints[LINTS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < scene->report->failure_count; i++) {
		const struct failure *one = &scene->report->failures[i];
		size_t at = 0;

		if (!one->tool || !one->type || !str_is(str_of(one->tool), "clippy") ||
		    !str_starts(str_of(one->type), "clippy::"))
			continue;
		while (at < count && !str_is(str_of(one->type), lints[at]))
			at++;
		if (at == count && count < LINTS_MAX && !word_among(str_of(one->type), meaning))
			lints[count++] = one->type;
	}
	return count;
}

static void fix(struct scene *scene)
{
	static const char *const head[] = { "cargo", "clippy", "--fix", "--allow-dirty", "--allow-staged",
		"--allow-no-vcs", "--offline", "--all-targets", "--", "-A", "clippy::all", NULL };
	const char *lints[LINTS_MAX], **argv = NULL;
	struct candidate *candidate;
	size_t argc = 0, count = lints_of(scene, lints);

	if (!scene_is_first(scene))
		return;		/* mended, or declined, with the first of its kind */
	if (!tree_has(scene->tree, "Cargo.toml"))
		return template_decline(scene, "no Cargo.toml at the top");
	if (!count)
		return template_decline(scene, "what clippy would do changes what the code means");
	for (size_t i = 0; head[i]; i++)
		arena_push(scene->arena, argv, argc) = head[i];
	for (size_t i = 0; i < count; i++) {
		arena_push(scene->arena, argv, argc) = "-W";
		arena_push(scene->arena, argv, argc) = lints[i];
	}
	arena_push(scene->arena, argv, argc) = NULL;
	candidate = propose(scene, ORACLE_TOOL, "Runs clippy's own repair for the %zu lint%s that the log "
			    "names.", count, count == 1 ? "" : "s");
	candidate->run = argv;
	candidate->mends = files_of(scene);
}

#define RETURN_LOG \
	"error: unneeded `return` statement\n --> src/lib.rs:2:5\n  |\n2 |     return 1;\n  |     ^^^^^^^^\n  |\n" \
	"  = help: for further information visit https://rust-lang.github.io/rust-clippy/rust-1.95.0/index.html#" \
	"needless_return\n  = note: `-D clippy::needless-return` implied by `-D warnings`\n" \
	"  = help: to override `-D warnings` add `#[allow(clippy::needless_return)]`\n" \
	"help: remove `return`\n  |\n2 -     return 1;\n2 +     1\n  |\n\n"
#define UNWRAP_LOG \
	"error: used `unwrap()` on an `Option` value\n --> src/lib.rs:1:34\n  |\n" \
	"1 | pub fn a(a: Option<u8>) -> u8 { a.unwrap() }\n  |                                 ^^^^^^^^^^\n  |\n" \
	"  = note: if this value is `None`, it will panic\n" \
	"  = note: requested on the command line with `-D clippy::unwrap-used`\n" \
	"  = note: `-D clippy::unwrap-used` implied by `-D warnings`\n\n"

static const struct example examples[] = {
	{
		.name = "a return too many",
		.log = RETURN_LOG,
		.file = {
			{ "Cargo.toml", "[package]\nname = \"a\"\n", NULL },
			{ "src/lib.rs", "pub fn a() -> u8 {\n    return 1;\n}\n", NULL },
		},
		.run = "cargo clippy --fix --allow-dirty --allow-staged --allow-no-vcs --offline --all-targets -- -A "
		       "clippy::all -W clippy::needless-return",
	},
	{
		.name = "a lint about what happens",
		.log = UNWRAP_LOG,
		.file = {
			{ "Cargo.toml", "[package]\nname = \"a\"\n", NULL },
			{ "src/lib.rs", "pub fn a(a: Option<u8>) -> u8 { a.unwrap() }\n", NULL },
		},
		.declines = "changes what the code means",
	},
	{
		.name = "no package at the top",
		.log = RETURN_LOG,
		.file = { { "src/lib.rs", "pub fn a() -> u8 {\n    return 1;\n}\n", NULL } },
		.declines = "no Cargo.toml",
	},
	{0}
};

const struct template template_tool_clippy = {
	.name = "tool_clippy",
	.summary = "clippy's findings stop the build -> cargo clippy --fix for the lints of the log",
	.language = "rust",
	.class = "linter",
	.oracles = "the checker itself",
	.keeps_off = "lints about what code means; no Cargo.toml at the top",
	.danger = DANGER_1,
	.tool = "clippy",
	.fix = fix,
	.examples = examples,
};

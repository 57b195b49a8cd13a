/*
 * Warnings of rustc that stop the build and say nothing about meaning: a `mut` too many,
 * parentheses around a condition, a second semicolon, a missing `dyn`. Each is mended where it is
 * said; unused variables, results and code are left alone: they may be the bug.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

/* One edit for the finding at the node; false when the place is not what the words say. */
static bool mend(struct edits *edits, const struct syntax *s, TSNode node, struct str message)
{
	size_t start = ts_node_start_byte(node), end = ts_node_end_byte(node);
	struct str text = syntax_text(s, node);

	if (str_starts(message, "variable does not")) {
		if (!str_is(text, "mut") || s->text.at[end] != ' ')
			return false;
		edit_replace(edits, start, end + 1, STR_NONE);
	} else if (str_starts(message, "unnecessary parentheses")) {
		if (!syntax_type_is(node, "parenthesized_expression"))
			return false;
		edit_node(edits, node, str_trim(str_slice(text, 1, text.size - 2)));
	} else if (str_starts(message, "unnecessary trailing semicolon")) {
		if (s->text.at[start] != ';' || end != start + 1)
			return false;
		edit_replace(edits, start, end, STR_NONE);
	} else {
		if (!syntax_type_is(node, "type_identifier") && !syntax_type_is(node, "function_type") &&
		    !syntax_type_is(node, "scoped_type_identifier") && !syntax_type_is(node, "generic_type"))
			return false;
		edit_replace(edits, start, start, STR("dyn "));
	}
	return true;
}

/* The text of one file with all its findings mended; false when none can be. */
static bool mend_file(struct scene *scene, const char *path, struct str *out)
{
	struct edits edits = { .arena = scene->arena };
	size_t index = 0, last = SIZE_MAX;
	struct scene alike;
	CODE code;

	if (!path || !code_open_at(scene, path, 0, 0, &code))
		return false;
	while (scene_next_alike(scene, &index, &alike)) {
		const char *own = scene_path(scene, alike.failure->file);
		TSNode node;

		if (!own || !str_is(str_of(own), path))
			continue;
		node = code_node_at(code.syntax, alike.failure->line, alike.failure->column);
		if (ts_node_is_null(node) || rust_in_test(code.syntax, node) || ts_node_start_byte(node) == last)
			continue;
		if (mend(&edits, code.syntax, node, str_of(alike.failure->message)))
			last = ts_node_start_byte(node);
	}
	return edits_apply(&edits, code.syntax, out);
}

static void fix(struct scene *scene)
{
	struct candidate *candidate = NULL;
	struct scene alike;
	size_t index = 0;
	struct str out;

	if (!scene_is_first(scene))
		return;		/* mended, or declined, with the first of its kind */
	while (scene_next_alike(scene, &index, &alike)) {
		const char *path = scene_path(scene, alike.failure->file);

		if (!mend_file(scene, path, &out))
			continue;
		if (!candidate)
			candidate = propose(scene, ORACLE_TOOL, "Does what rustc asks for: takes out what is too "
					    "much, adds `dyn`; nothing means anything else.");
		candidate_put(scene, candidate, path, out);
	}
	if (!candidate)
		template_decline(scene, "the place is a test, or not as the log says");
}

#define DENIED(message, place, lint) \
	"error: " message "\n --> src/lib.rs:" place "\n  |\n  |\n  = note: `-D " lint "` implied by `-D warnings`\n\n"

static const struct example examples[] = {
	{
		.name = "a mut and parentheses",
		.log = DENIED("unnecessary parentheses around `while` condition", "3:11", "unused-parens")
		       DENIED("variable does not need to be mutable", "2:9", "unused-mut"),
		.file = { { "src/lib.rs",
			    "pub fn b(n: u8) -> u8 {\n    let mut total = n;\n    while (total > 2) {\n        return 1;\n"
			    "    }\n    total\n}\n",
			    "pub fn b(n: u8) -> u8 {\n    let total = n;\n    while total > 2 {\n        return 1;\n"
			    "    }\n    total\n}\n" } },
	},
	{
		.name = "a trait object",
		.log = DENIED("trait objects without an explicit `dyn` are deprecated", "1:17", "bare-trait-objects"),
		.file = { { "src/lib.rs", "pub fn f(_: Box<Fn(u8)>) {}\n", "pub fn f(_: Box<dyn Fn(u8)>) {}\n" } },
	},
	{
		.name = "in a test",
		.log = DENIED("variable does not need to be mutable", "4:9", "unused-mut"),
		.file = { { "src/lib.rs", "#[cfg(test)]\nmod tests {\n    fn a() -> u8 {\n    let mut x = 1;\n    x\n    }\n}\n",
			    NULL } },
		.declines = "the place is a test",
	},
	{
		.name = "another file by now",
		.log = DENIED("variable does not need to be mutable", "2:9", "unused-mut"),
		.file = { { "src/lib.rs", "pub fn b(n: u8) -> u8 {\n    let total = n;\n    total\n}\n", NULL } },
		.declines = "not as the log says",
	},
	{0}
};

const struct template template_rust_lint = {
	.name = "rust_lint",
	.summary = "a mut, parentheses or a semicolon too many, a missing dyn, where warnings are errors -> as rustc asks",
	.language = "rust",
	.class = "linter",
	.oracles = "the compiler's own suggestion",
	.keeps_off = "unused variables, results and functions: they may be the bug; tests",
	.danger = DANGER_0,
	.pattern = "^(?:variable does not need to be mutable|unnecessary parentheses around |"
		   "unnecessary trailing semicolon$|trait objects without an explicit `dyn` are deprecated)",
	.fix = fix,
	.examples = examples,
};

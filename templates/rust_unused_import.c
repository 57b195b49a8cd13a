/*
 * An import that is not used, where warnings are errors -> it goes; where the file's own tests
 * need it by `use super::*`, it moves into their module. Keeps off re-exports, and files in which
 * a name is not found: the import may be what the misspelled name means.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

struct unused {
	struct scene *scene;
	struct code *code;
	TSNode use, item;		/* the declaration, and the name in its list */
	struct str name;
};

/* The last part of a path: "Write" of std::fmt::Write, "w" of "x as w"; empty for a glob. */
static struct str name_of(struct str path)
{
	struct str name = path;

	if (str_split_last(path, " as ", NULL, &name))
		return name;
	(void)str_split_last(path, "::", NULL, &name);
	return str_is_word(name) ? name : STR_NONE;
}

/* The module of tests that takes everything from this one. */
static TSNode test_module(const struct syntax *s)
{
	TSNode none = {{0}, NULL, NULL};

	for (unsigned n = 0;; n++) {
		TSNode module = syntax_below(s->root, "mod_item", n);

		if (ts_node_is_null(module))
			return none;
		if (rust_in_test(s, module) && str_has(syntax_text(s, module), "use super::*;"))
			return module;
	}
}

/* Does the module of tests need the name, or the trait behind it? A trait is needed unseen. */
static bool needed(const struct unused *u, TSNode module)
{
	struct str text = syntax_text(u->code->syntax, module);

	if (text_has_word(text, str_text(u->scene->arena, u->name)))
		return true;
	return str_is(u->name, "Write") && (str_has(text, "write!(") || str_has(text, "writeln!(") ||
					    str_has(text, ".write_str("));
}

static void move_in(struct unused *u, struct edits *edits, TSNode module)
{
	const struct syntax *s = u->code->syntax;
	TSNode inner = code_find(s, module, "use_declaration", STR("use super::*;"));
	size_t at = line_end(s->text, ts_node_end_byte(inner));

	edit_replace(edits, at, at, str_of(arena_printf(u->scene->arena, "%.*s%.*s\n",
		     STR_ARG(syntax_indent(s, inner)), STR_ARG(syntax_text(s, u->use)))));
}

/* Takes the whole declaration out, or the one name of its list with its comma. */
static bool take_out(const struct unused *u, struct edits *edits)
{
	const struct syntax *s = u->code->syntax;
	size_t start = ts_node_start_byte(u->item), end = ts_node_end_byte(u->item);
	TSNode list = ts_node_parent(u->item);

	if (!syntax_type_is(list, "use_list")) {
		start = code_line_start(s->text, ts_node_start_byte(u->use));
		end = line_end(s->text, ts_node_end_byte(u->use));
		edit_replace(edits, start, end, STR_NONE);
		return true;
	}
	if (ts_node_named_child_count(list) < 3)
		return false;		/* one name left: the braces would have to go too */
	if (!ts_node_is_null(ts_node_next_named_sibling(u->item)))
		end = ts_node_start_byte(ts_node_next_named_sibling(u->item));
	else
		start = ts_node_end_byte(ts_node_prev_named_sibling(u->item));
	edit_replace(edits, start, end, STR_NONE);
	return true;
}

/* With one name left the list is no list any more: use a::{self, B} -> use a::{self}; kept simple. */
static bool unfold(const struct unused *u, struct edits *edits)
{
	const struct syntax *s = u->code->syntax;
	TSNode list = ts_node_parent(u->item), other, whole = ts_node_parent(list);
	struct str path = syntax_text(s, syntax_field(whole, "path"));

	other = ts_node_eq(ts_node_named_child(list, 0), u->item) ? ts_node_named_child(list, 1) :
		ts_node_named_child(list, 0);
	if (!syntax_type_is(whole, "scoped_use_list"))
		return false;
	edit_node(edits, whole, str_is(syntax_text(s, other), "self") ? path : str_of(arena_printf(
		  u->scene->arena, "%.*s::%.*s", STR_ARG(path), STR_ARG(syntax_text(s, other)))));
	return true;
}

/* Is it used all the same, in code that another configuration compiles? */
static bool used_elsewhere(const struct unused *u)
{
	const struct syntax *s = u->code->syntax;

	for (unsigned n = 0;; n++) {
		TSNode node = syntax_below(s->root, "identifier|type_identifier", n);

		if (ts_node_is_null(node))
			return false;
		if (str_equal(syntax_text(s, node), u->name) && !rust_in_test(s, node) &&
		    ts_node_is_null(syntax_up(node, "use_declaration")))
			return true;
	}
}

/* Is a name of the same file not found? */
static bool has_unknown(const struct scene *scene)
{
	for (size_t i = 0; i < scene->report->failure_count; i++) {
		const struct failure *other = &scene->report->failures[i];

		if (other->file && str_is(str_of(other->file), scene->failure->file) &&
		    str_starts(str_of(other->message), "cannot find "))
			return true;
	}
	return false;
}

static void fix(struct scene *scene)
{
	struct edits edits = { .arena = scene->arena };
	struct unused u = { .scene = scene };
	TSNode module;
	CODE code;

	if (!code_open(scene, &code))
		return;
	u.code = &code;
	u.use = syntax_up(code.node, "use_declaration");
	u.name = name_of(scene_group(scene, "path"));
	u.item = code.node;
	while (!ts_node_is_null(u.use) && !ts_node_eq(ts_node_parent(u.item), u.use) &&
	       !syntax_type_is(ts_node_parent(u.item), "use_list"))
		u.item = ts_node_parent(u.item);
	if (ts_node_is_null(u.use) || !str_starts(syntax_text(code.syntax, u.use), "use ") || !u.name.size ||
	    !str_equal(syntax_text(code.syntax, u.item), scene_group(scene, "path")))
		return template_decline(scene, "several names of one list, or an import for others");
	if (has_unknown(scene))
		return template_decline(scene, "a name of the file is not found: the import may be meant for it");
	if (rust_in_test(code.syntax, u.use))
		return template_decline(scene, "the import is a test's");
	if (str_has(code.syntax->text, "cfg") && used_elsewhere(&u))
		return template_decline(scene, "another configuration may use it");
	module = test_module(code.syntax);
	if (!ts_node_is_null(module) && needed(&u, module)) {
		if (syntax_type_is(ts_node_parent(u.item), "use_list"))
			return template_decline(scene, "the tests need one name of a list");
		move_in(&u, &edits, module);
	}
	if (!take_out(&u, &edits) && !unfold(&u, &edits))
		return template_decline(scene, "the list is nested");
	code_propose(scene, &code, &edits, ORACLE_TOOL, DANGER_1, edits.count > 1 ?
		"Moves the import into the module of tests, the only place that needs it." :
		"Takes out the import that the compiler says is not used.");
}

#define DENIED(line, name, width) \
	"error: unused import: `" name "`\n --> src/lib.rs:" line "\n  |\n2 | use std::fmt::Write;\n" \
	"  |     " width "\n  |\n  = note: `-D unused-imports` implied by `-D warnings`\n" \
	"  = help: to override `-D warnings` add `#[allow(unused_imports)]`\n\n"
#define TESTS(use) \
	"#[cfg(test)]\nmod tests {\n    use super::*;\n" use "\n    #[test]\n    fn a() {\n" \
	"        let mut text = String::new();\n        writeln!(text, \"{}\", one()).unwrap();\n    }\n}\n"

static const struct example examples[] = {
	{
		.name = "its tests need it",
		.log = DENIED("2:5", "std::fmt::Write", "^^^^^^^^^^^^^^^"),
		.file = { { "src/lib.rs", "//! One.\nuse std::fmt::Write;\n\npub fn one() -> u8 { 1 }\n\n" TESTS(""),
			    "//! One.\n\npub fn one() -> u8 { 1 }\n\n" TESTS("    use std::fmt::Write;\n") } },
	},
	{
		.name = "one of a list",
		.log = DENIED("1:16", "Write", "^^^^^"),
		.file = { { "src/lib.rs", "use std::fmt::{Write, Debug, Display};\npub fn a(a: &dyn Debug, b: &dyn Display) {}\n",
			    "use std::fmt::{Debug, Display};\npub fn a(a: &dyn Debug, b: &dyn Display) {}\n" } },
	},
	{
		.name = "one of two",
		.log = DENIED("1:22", "Write", "^^^^^"),
		.file = { { "src/lib.rs", "use std::fmt::{self, Write};\npub fn a(a: &dyn fmt::Debug) {}\n",
			    "use std::fmt;\npub fn a(a: &dyn fmt::Debug) {}\n" } },
	},
	{
		.name = "a name is not found",
		.log = DENIED("1:5", "std::fmt::Write", "^^^^^^^^^^^^^^^")
		       "error[E0405]: cannot find trait `Wirte` in this scope\n --> src/lib.rs:2:9\n  |\n\n",
		.file = { { "src/lib.rs", "use std::fmt::Write;\nimpl Wirte for u8 {}\n", NULL } },
		.declines = "a name of the file is not found",
	},
	{
		.name = "for another configuration",
		.log = DENIED("1:5", "std::fmt::Write", "^^^^^^^^^^^^^^^"),
		.file = { { "src/lib.rs", "use std::fmt::Write;\n\n#[cfg(feature = \"text\")]\n"
			    "pub fn a(w: &mut dyn Write) {}\n", NULL } },
		.declines = "another configuration",
	},
	{
		.name = "for others",
		.log = DENIED("1:9", "std::fmt::Write", "^^^^^^^^^^^^^^^"),
		.file = { { "src/lib.rs", "pub use std::fmt::Write;\n", NULL } },
		.declines = "an import for others",
	},
	{0}
};

const struct template template_rust_unused_import = {
	.name = "rust_unused_import",
	.summary = "an unused import where warnings are errors -> it goes, or moves to the tests that need it",
	.language = "rust",
	.class = "import",
	.oracles = "the compiler; the build and the tests",
	.keeps_off = "re-exports; files with a name that is not found; several names of a list",
	.danger = DANGER_1,
	.pattern = "^unused import: `(?<path>[^`]+)`$",
	.fix = fix,
	.examples = examples,
};

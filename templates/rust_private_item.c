/*
 * "function `f` is private" -> the visibility that the items of its module have which are used
 * from there. Only when the user is the project's own, and the siblings say one thing: at least
 * one is public and used by the same file. Never opens a field, a module, or an item whose name is
 * meant to stay inside.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

static const char items[] = "function_item|struct_item|enum_item|const_item|static_item|type_item|trait_item";

static struct str visibility_of(const struct syntax *s, TSNode item)
{
	TSNode first = ts_node_named_child(item, 0);

	return syntax_type_is(first, "visibility_modifier") ? syntax_text(s, first) : STR_NONE;
}

/* The visibility of the module's items that the using file names; empty when they differ. */
static struct str siblings_say(const struct code *defined, struct str user, unsigned *count)
{
	struct str says = STR_NONE;
	const struct syntax *s = defined->syntax;
	TSNode list = ts_node_parent(defined->node);

	for (uint32_t i = 0; i < ts_node_named_child_count(list); i++) {
		TSNode item = ts_node_named_child(list, i);
		struct str visibility = visibility_of(s, item);
		struct str name = syntax_text(s, syntax_field(item, "name"));

		if (ts_node_eq(item, defined->node) || !visibility.size || !name.size ||
		    !text_has_word(user, str_text(s->arena, name)) || rust_in_test(s, item))
			continue;
		if (says.size && !str_equal(says, visibility))
			return STR_NONE;
		says = visibility;
		++*count;
	}
	return says;
}

static void fix(struct scene *scene)
{
	struct edits edits = { .arena = scene->arena };
	const char *path = scene_path(scene, scene->failure->file);
	struct str user, visibility;
	unsigned count = 0;
	CODE code = { .scene = scene };

	if (!path || !scene_read(scene, path, &user))
		return template_decline(scene, "the place is not in the repository");
	if (!rust_item(scene, items, scene_group(scene, "name"), &code))
		return template_decline(scene, "the item is not defined once in the repository");
	if (visibility_of(code.syntax, code.node).size)
		return template_decline(scene, "the item has a visibility of its own");
	visibility = siblings_say(&code, user, &count);
	if (!visibility.size)
		return template_decline(scene, "no sibling that is used there says how visible it should be");
	edit_replace(&edits, ts_node_start_byte(code.node), ts_node_start_byte(code.node),
		     str_of(arena_printf(scene->arena, "%.*s ", STR_ARG(visibility))));
	code_propose(scene, &code, &edits, ORACLE_SIBLING, DANGER_2, arena_printf(scene->arena,
		"Makes %.*s `%.*s`, as the %u other item%s of its module that are used there.",
		STR_ARG(scene_group(scene, "name")), STR_ARG(visibility), count, count == 1 ? "" : "s"));
}

#define LOG \
	"error[E0603]: function `parse` is private\n --> tests/convert.rs:1:34\n  |\n" \
	"1 | use colour::convert::{hex, parse};\n  |                                  ^^^^^ private function\n  |\n" \
	"note: the function `parse` is defined here\n --> src/convert.rs:5:1\n  |\n" \
	"5 | fn parse(text: &str) -> u8 {\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^\n\n"
#define USER { "tests/convert.rs", "use colour::convert::{hex, parse};\n", NULL }
#define CONVERT(hex, parse) \
	"fn two() -> u8 {\n    2\n}\n\n" hex "fn hex(a: u8) -> u8 {\n    a + two()\n}\n\n/// The way back.\n" parse \
	"fn parse(text: &str) -> u8 {\n    two()\n}\n"

static const struct example examples[] = {
	{
		.name = "its sibling is public",
		.log = LOG,
		.file = { USER, { "src/convert.rs", CONVERT("pub ", ""), CONVERT("pub ", "pub ") } },
	},
	{
		.name = "no sibling is used there",
		.log = LOG,
		.file = { { "tests/convert.rs", "use colour::convert::parse;\n", NULL },
			  { "src/convert.rs", CONVERT("pub ", ""), NULL } },
		.declines = "no sibling that is used there",
	},
	{
		.name = "two of the name",
		.log = LOG,
		.file = { USER, { "src/convert.rs", CONVERT("pub ", ""), NULL },
			  { "src/other.rs", "fn parse() {}\n", NULL } },
		.declines = "not defined once",
	},
	{0}
};

const struct template template_rust_private_item = {
	.name = "rust_private_item",
	.summary = "a private function or type is used elsewhere -> as visible as its siblings that are used there",
	.language = "rust",
	.class = "compile",
	.oracles = "the visibility of the module's items that the same file uses",
	.keeps_off = "fields, methods and modules; names defined twice; no sibling used there",
	.danger = DANGER_2,
	.types = (const char *const[]){ "E0603", NULL },
	.pattern = "^(?:function|struct|enum|constant|static|type alias|trait) `(?<name>\\w+)` is private$",
	.fix = fix,
	.examples = examples,
};

/*
 * A variant without an arm -> the arm with the value that a test states for it, written like the
 * other arms. Only where the match is what the function returns and every arm is a literal. Never
 * a wildcard, never todo!().
 */
#include "templates/lib_rust_test.h"
#include "templates/lib_scene.h"

struct arm {
	struct scene *scene;
	struct code *code;
	TSNode match, last, function;
	struct str path, variant;	/* "Size" (or "parcel::Size") and "Bulky" */
};

static bool is_result(TSNode match, TSNode function)
{
	TSNode body = syntax_field(function, "body"), parent = ts_node_parent(match);

	if (syntax_type_is(parent, "expression_statement"))
		parent = ts_node_parent(parent);
	return ts_node_eq(parent, body) && ts_node_is_null(ts_node_next_named_sibling(
		ts_node_eq(ts_node_parent(match), body) ? match : ts_node_parent(match)));
}

/* Are the arms one a line, each one variant and a literal of the same kind? Sets the last. */
static bool take_arms(struct arm *arm)
{
	const struct syntax *s = arm->code->syntax;
	TSNode block = syntax_field(arm->match, "body");
	const char *kind = NULL;

	for (uint32_t i = 0; i < ts_node_named_child_count(block); i++) {
		TSNode one = ts_node_named_child(block, i), value = syntax_field(one, "value");
		struct str pattern = syntax_text(s, syntax_field(one, "pattern"));

		if (!syntax_type_is(one, "match_arm"))
			return false;
		if (!rust_is_literal(syntax_text(s, value)) || !str_has(pattern, "::") ||
		    str_has(pattern, "|") || str_has(pattern, " if ") || str_has(pattern, "("))
			return false;
		if (kind && !syntax_type_is(value, kind))
			return false;
		kind = ts_node_type(value);
		arm->last = one;
	}
	return kind && syntax_line(arm->last) != syntax_line(block);
}

/* "Size::Bulky.shelf()" or "shelf(Size::Bulky)", with or without what stands before Size. */
static bool asks_for(const struct arm *arm, struct str call, struct str function)
{
	const char *owner = arena_printf(arm->scene->arena, "%.*s::%.*s", STR_ARG(arm->path),
					 STR_ARG(arm->variant));
	const char *method = arena_printf(arm->scene->arena, "%s.%.*s()", owner, STR_ARG(function));
	const char *argument = arena_printf(arm->scene->arena, "%.*s(%s)", STR_ARG(function), owner);

	return (str_ends(call, method) && (call.size == strlen(method) ||
		str_ends(str_slice(call, 0, call.size - strlen(method)), "::"))) ||
	       (str_ends(call, argument) && (call.size == strlen(argument) ||
		str_ends(str_slice(call, 0, call.size - strlen(argument)), "::")));
}

/* The value that the tests state for the variant; empty when none does, or they differ. */
static struct str stated(const struct arm *arm)
{
	struct str function = syntax_text(arm->code->syntax, syntax_field(arm->function, "name"));
	struct rust_assertion list[RUST_ASSERTIONS_MAX];
	size_t count = rust_assertions(arm->scene, arm->variant, list);
	struct str value = STR_NONE;

	for (size_t i = 0; i < count; i++) {
		struct str other;

		if (asks_for(arm, list[i].left, function))
			other = list[i].right;
		else if (asks_for(arm, list[i].right, function))
			other = list[i].left;
		else
			continue;
		if (!rust_is_literal(other) || (value.size && !str_equal(value, other)))
			return STR_NONE;
		value = other;
	}
	return value;
}

/* The text before the variant as the last arm has it: "Size::" or "Self::". */
static struct str prefix_of(const struct arm *arm)
{
	struct str pattern = syntax_text(arm->code->syntax, syntax_field(arm->last, "pattern")), before;

	return str_split_last(pattern, "::", &before, NULL) ? before : STR_NONE;
}

static void fix(struct scene *scene)
{
	struct arm arm = { .scene = scene, .path = scene_group(scene, "path"),
			   .variant = scene_group(scene, "variant") };
	struct edits edits = { .arena = scene->arena };
	struct str value;
	size_t at;
	CODE code;

	if (!code_open(scene, &code))
		return;
	(void)str_split_last(arm.path, "::", NULL, &arm.path);
	arm.code = &code;
	arm.match = syntax_up(code.node, "match_expression");
	arm.function = syntax_up(code.node, "function_item");
	if (ts_node_is_null(arm.match) || ts_node_is_null(arm.function) ||
	    !is_result(arm.match, arm.function) || !take_arms(&arm))
		return template_decline(scene, "the match is no table of values that the function returns");
	value = stated(&arm);
	if (!value.size)
		return template_decline(scene, "no test states the value for %.*s", STR_ARG(arm.variant));
	at = ts_node_end_byte(arm.last);
	edit_replace(&edits, at, at, str_of(arena_printf(scene->arena, "%s\n%.*s%.*s::%.*s => %.*s,",
		str_ends(syntax_text(code.syntax, arm.last), ",") ? "" : ",",
		STR_ARG(syntax_indent(code.syntax, arm.last)), STR_ARG(prefix_of(&arm)), STR_ARG(arm.variant),
		STR_ARG(value))));
	code_propose(scene, &code, &edits, ORACLE_TEST, DANGER_1, arena_printf(scene->arena,
		"Adds the arm for %.*s with %.*s, which a test states.", STR_ARG(arm.variant), STR_ARG(value)));
}

#define LOG(patterns) \
	"error[E0004]: non-exhaustive patterns: " patterns " not covered\n --> src/lib.rs:5:15\n  |\n" \
	"5 |         match self {\n  |               ^^^^ pattern `Size::Bulky` not covered\n  |\n\n"
#define SHELF(more) \
	"pub enum Size { Small, Bulky }\n\nimpl Size {\n    pub fn shelf(self) -> char {\n        match self {\n" \
	"            Size::Small => 'S',\n" more "        }\n    }\n}\n"
#define TEST(line) { "tests/sizes.rs", "use parcel::Size;\n\n#[test]\nfn shelves() {\n    " line "\n}\n", NULL }

static const struct example examples[] = {
	{
		.name = "a test states the letter",
		.log = LOG("`Size::Bulky`"),
		.file = { TEST("assert_eq!(Size::Bulky.shelf(), 'B');"),
			  { "src/lib.rs", SHELF(""), SHELF("            Size::Bulky => 'B',\n") } },
	},
	{
		.name = "no test does",
		.log = LOG("`Size::Bulky`"),
		.file = { TEST("assert_ne!(Size::Bulky.shelf(), 'S');"), { "src/lib.rs", SHELF(""), NULL } },
		.declines = "no test states the value",
	},
	{
		.name = "two tests disagree",
		.log = LOG("`Size::Bulky`"),
		.file = { TEST("assert_eq!(Size::Bulky.shelf(), 'B');\n    assert_eq!('X', Size::Bulky.shelf());"),
			  { "src/lib.rs", SHELF(""), NULL } },
		.declines = "no test states the value",
	},
	{
		.name = "an arm that computes",
		.log = LOG("`Size::Bulky`"),
		.file = { TEST("assert_eq!(Size::Bulky.shelf(), 'B');"),
			  { "src/lib.rs", "pub enum Size { Small, Bulky }\n\nimpl Size {\n"
			    "    pub fn shelf(self) -> char {\n        match self {\n"
			    "            Size::Small => small(),\n        }\n    }\n}\n", NULL } },
		.declines = "no table of values",
	},
	{0}
};

const struct template template_rust_match_arm = {
	.name = "rust_match_arm",
	.summary = "a variant without an arm -> the arm with the value that a test states",
	.language = "rust",
	.class = "compile",
	.oracles = "a test that states the value for the variant",
	.keeps_off = "several variants; arms that are no literals; values that no test states",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0004", NULL },
	.pattern = "^non-exhaustive patterns: `&?(?<path>[\\w:]+)::(?<variant>\\w+)` not covered$",
	.fix = fix,
	.examples = examples,
};

/*
 * Integers of different types in one expression whose value is wanted wider -> each is made as
 * wide as the result before anything is computed, by `T::from` as a sibling does. Never `as`,
 * which cuts short, and never a conversion of the finished product, which has overflowed by then.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

static const struct width {
	const char *name;
	unsigned bits;
	bool sign;
} widths[] = {
	{ "u8", 8, false }, { "u16", 16, false }, { "u32", 32, false }, { "u64", 64, false },
	{ "u128", 128, false }, { "i8", 8, true }, { "i16", 16, true }, { "i32", 32, true },
	{ "i64", 64, true }, { "i128", 128, true },
};

static const struct width *width_of(struct str type)
{
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		if (str_is(type, widths[i].name))
			return &widths[i];
	return NULL;
}

struct widen {
	struct scene *scene;
	struct code *code;
	TSNode function;
	const struct width *wanted;
	struct edits edits;
};

static bool loses_nothing(const struct width *from, const struct width *to)
{
	return from->sign == to->sign ? from->bits <= to->bits : !from->sign && from->bits < to->bits;
}

/* The type of a parameter as written, behind & too; "Self" of self is the impl's. */
static struct str type_of_name(const struct widen *w, struct str name)
{
	const struct syntax *s = w->code->syntax;
	TSNode type;

	if (str_is(name, "self"))
		return syntax_text(s, syntax_field(syntax_up(w->function, "impl_item"), "type"));
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(syntax_field(w->function, "parameters"), "parameter", n);

		if (ts_node_is_null(one))
			return STR_NONE;
		if (!str_equal(syntax_text(s, syntax_field(one, "pattern")), name))
			continue;
		type = syntax_field(one, "type");
		if (syntax_type_is(type, "reference_type"))
			type = syntax_field(type, "type");
		return syntax_text(s, type);
	}
}

/* The type of a field of a struct of the repository. */
static struct str type_of_field(const struct widen *w, struct str owner, struct str field)
{
	CODE code = { .scene = w->scene };

	if (!owner.size || !rust_item(w->scene, "struct_item", owner, &code))
		return STR_NONE;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(code.node, "field_declaration", n);

		if (ts_node_is_null(one))
			return STR_NONE;
		if (str_equal(syntax_text(code.syntax, syntax_field(one, "name")), field))
			return str_copy(w->scene->arena, syntax_text(code.syntax, syntax_field(one, "type")));
	}
}

/* Widens one operand; false when its type is not known, or not narrower. */
static bool widen(struct widen *w, TSNode node)
{
	const struct syntax *s = w->code->syntax;
	const struct width *from = NULL;

	if (syntax_type_is(node, "integer_literal"))
		return true;
	if (syntax_type_is(node, "parenthesized_expression"))
		return widen(w, ts_node_named_child(node, 0));
	if (syntax_type_is(node, "binary_expression"))
		return word_among(syntax_text(s, ts_node_child(node, 1)), "+ *") &&
		       widen(w, syntax_field(node, "left")) && widen(w, syntax_field(node, "right"));
	if (syntax_type_is(node, "call_expression"))
		return str_starts(syntax_text(s, node), arena_printf(s->arena, "%s::from(", w->wanted->name));
	if (syntax_type_is(node, "identifier"))
		from = width_of(type_of_name(w, syntax_text(s, node)));
	else if (syntax_type_is(node, "field_expression"))
		from = width_of(type_of_field(w, type_of_name(w, syntax_text(s, syntax_field(node, "value"))),
					      syntax_text(s, syntax_field(node, "field"))));
	if (!from || !loses_nothing(from, w->wanted))
		return false;
	if (from != w->wanted)
		edit_node(&w->edits, node, str_of(arena_printf(s->arena, "%s::from(%.*s)", w->wanted->name,
							      STR_ARG(syntax_text(s, node)))));
	return true;
}

static void fix(struct scene *scene)
{
	struct widen w = { .scene = scene, .edits = { .arena = scene->arena } };
	TSNode sum, body;
	CODE code;

	if (!code_open(scene, &code))
		return;
	w.code = &code;
	w.function = syntax_up(code.node, "function_item");
	body = syntax_field(w.function, "body");
	w.wanted = width_of(syntax_text(code.syntax, syntax_field(w.function, "return_type")));
	sum = ts_node_is_null(body) ? body : ts_node_named_child(body, ts_node_named_child_count(body) - 1);
	if (!w.wanted || !syntax_type_is(sum, "binary_expression") ||
	    ts_node_start_byte(code.node) < ts_node_start_byte(sum))
		return template_decline(scene, "the expression is not the integer that the function returns");
	if (!str_has(code.syntax->text, arena_printf(scene->arena, "%s::from(", w.wanted->name)))
		return template_decline(scene, "no sibling widens by %s::from", w.wanted->name);
	if (!widen(&w, sum) || !w.edits.count)
		return template_decline(scene, "the type of an operand is not known, or is not narrower");
	code_propose(scene, &code, &w.edits, ORACLE_SIBLING, DANGER_1, arena_printf(scene->arena,
		"Computes in %s, as the sibling does: each value is widened before it can overflow.",
		w.wanted->name));
}

#define LOG \
	"error[E0308]: mismatched types\n --> src/lib.rs:11:20\n   |\n11 |     flow.packets * flow.size\n" \
	"   |                    ^^^^^^^^^ expected `u32`, found `u16`\n\n"
#define FLOW(type, body) \
	"pub struct Flow {\n    pub packets: u32,\n    pub size: " type ",\n}\n\npub fn bytes(flow: &Flow) -> u64 {\n" \
	"    u64::from(flow.packets) * 40\n}\n\npub fn payload(flow: Flow) -> u64 {\n    " body "\n}\n"

static const struct example examples[] = {
	{
		.name = "two widths in a third",
		.log = LOG,
		.file = { { "src/lib.rs", FLOW("u16", "flow.packets * flow.size"),
			    FLOW("u16", "u64::from(flow.packets) * u64::from(flow.size)") } },
	},
	{
		.name = "one has a sign",
		.log = LOG,
		.file = { { "src/lib.rs", FLOW("i16", "flow.packets * flow.size"), NULL } },
		.declines = "not known, or is not narrower",
	},
	{
		.name = "a difference may go below zero",
		.log = LOG,
		.file = { { "src/lib.rs", FLOW("u16", "flow.packets - flow.size"), NULL } },
		.declines = "not known, or is not narrower",
	},
	{0}
};

const struct template template_rust_widen = {
	.name = "rust_widen",
	.summary = "integers of different widths in a wider result -> each is widened before anything is computed",
	.language = "rust",
	.class = "compile",
	.oracles = "a sibling that widens by T::from, and the declared types",
	.keeps_off = "signs that differ, differences, types that are not in the repository",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0308", "E0277", NULL },
	.pattern = "^(?:mismatched types|cannot (?:multiply|add) `[ui]\\d+` (?:by|to) `[ui]\\d+`)$",
	.fix = fix,
	.examples = examples,
};

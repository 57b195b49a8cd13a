/*
 * A type lacks Debug, PartialEq, Clone, ... -> it is derived, on the types of its fields too, as
 * far as they are the repository's. Keeps off Eq, Ord and Hash over numbers with a point, Default
 * of an enum, Copy, and types that implement the trait by hand.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

enum { WANTS_MAX = 24 };

struct wants {
	struct scene *scene;
	struct want {
		struct str type, trait;
		const char *path;	/* where the type is */
		unsigned line, column;
	} list[WANTS_MAX];
	size_t count;
	const char *why;		/* not */
};

static const char derivable[] = "Debug Clone PartialEq Eq Hash PartialOrd Ord Default";

/* The list of `#[derive(...)]` right before the item; null node when there is none. */
static TSNode derive_list(const struct syntax *s, TSNode item)
{
	TSNode none = {{0}, NULL, NULL}, before = ts_node_prev_named_sibling(item);

	for (; syntax_type_is(before, "attribute_item") || syntax_type_is(before, "line_comment");
	     before = ts_node_prev_named_sibling(before))
		if (str_starts(syntax_text(s, before), "#[derive("))
			return syntax_below(before, "token_tree", 0);
	return none;
}

/* Does the repository say `impl Debug for Stop` somewhere? */
static bool by_hand(const struct scene *scene, struct str trait, struct str type)
{
	const char *wanted = arena_printf(scene->arena, "%.*s for %.*s", STR_ARG(trait), STR_ARG(type));
	struct str text;

	for (size_t i = 0; i < scene->tree->count; i++)
		if (str_ends(str_of(scene->tree->entries[i].path), ".rs") &&
		    scene_read(scene, scene->tree->entries[i].path, &text) && text_has_word(text, wanted))
			return true;
	return false;
}

static bool want(struct wants *wants, struct str type, struct str trait);

/* The types of the fields need it as well. */
static bool want_fields(struct wants *wants, const struct syntax *s, TSNode item, struct str trait)
{
	if (word_among(trait, "Eq Ord Hash") &&
	    (code_count(s, item, "primitive_type", STR("f64")) ||
	     code_count(s, item, "primitive_type", STR("f32")))) {
		wants->why = "a number with a point has no Eq, Ord or Hash";
		return false;
	}
	for (unsigned n = 0;; n++) {
		TSNode name = syntax_below(syntax_field(item, "body"), "type_identifier", n);

		if (ts_node_is_null(name))
			return true;
		if (!want(wants, str_copy(wants->scene->arena, syntax_text(s, name)), trait))
			return false;
	}
}

/* Does another type of the file derive it? Then copies and defaults are nothing new there. */
static bool sibling_derives(const struct code *code, struct str trait)
{
	for (unsigned n = 0;; n++) {
		TSNode attribute = syntax_below(code->syntax->root, "attribute_item", n);
		struct str text = syntax_text(code->syntax, attribute);

		if (ts_node_is_null(attribute))
			return false;
		if (str_starts(text, "#[derive(") && text_has_word(text, str_text(code->syntax->arena, trait)))
			return true;
	}
}

/* An order by the first field, a copy of what is meant to be one, a zero that means something: why not. */
static const char *says_too_much(const struct code *code, struct str trait)
{
	TSNode body = syntax_field(code->node, "body");

	if (word_among(trait, "PartialOrd Ord") && (ts_node_is_null(body) ||
	    ts_node_named_child_count(body) != 1))
		return "in which order the values come is not said";
	if (word_among(trait, "Clone Default") && !sibling_derives(code, trait))
		return "no type beside it can be copied or has a default";
	if (str_is(trait, "Default") && syntax_type_is(code->node, "enum_item"))
		return "which variant is the default is not said";
	return NULL;
}

static bool note(struct wants *wants, const struct code *code, struct str type, struct str trait)
{
	TSPoint at = ts_node_start_point(syntax_field(code->node, "name"));

	if (wants->count == WANTS_MAX) {
		wants->why = "too many types would have to derive";
		return false;
	}
	wants->list[wants->count++] = (struct want){ type, trait, code->path, at.row + 1, at.column + 1 };
	return true;
}

/* False when it must not be derived; true too when there is nothing to do. */
static bool want(struct wants *wants, struct str type, struct str trait)
{
	CODE code = { .scene = wants->scene };
	struct str derived;
	const char *why;

	for (size_t i = 0; i < wants->count; i++)
		if (str_equal(wants->list[i].type, type) && str_equal(wants->list[i].trait, trait))
			return true;
	if (!rust_item(wants->scene, "struct_item|enum_item", type, &code))
		return true;		/* of another crate: rustc says whether it has it */
	derived = syntax_text(code.syntax, derive_list(code.syntax, code.node));
	if (text_has_word(derived, str_text(wants->scene->arena, trait)) ||
	    by_hand(wants->scene, trait, type))
		return true;
	why = says_too_much(&code, trait);
	if (why) {
		wants->why = why;
		return false;
	}
	return note(wants, &code, type, trait) && want_fields(wants, code.syntax, code.node, trait) &&
	       (!str_is(trait, "Eq") || want(wants, type, STR("PartialEq"))) &&
	       (!str_is(trait, "PartialOrd") || want(wants, type, STR("PartialEq")));
}

/* All derives of one file, each type's in one edit. */
static void put(struct wants *wants, struct candidate *candidate, const char *path)
{
	struct edits edits = { .arena = wants->scene->arena };
	struct str out;
	CODE code;

	if (!code_open_at(wants->scene, path, 0, 0, &code))
		return;
	for (size_t i = 0; i < wants->count; i++) {
		const struct want *one = &wants->list[i];
		struct text list = TEXT(edits.arena);
		TSNode item, tree;
		bool first = true;

		for (size_t k = 0; k < i && first; k++)
			first = !str_equal(wants->list[k].type, one->type);
		if (!first || !str_is(str_of(path), one->path))
			continue;
		for (size_t k = i; k < wants->count; k++)
			if (str_equal(wants->list[k].type, one->type))
				text_addf(&list, "%s%.*s", list.size ? ", " : "", STR_ARG(wants->list[k].trait));
		item = syntax_up(code_node_at(code.syntax, one->line, one->column), "struct_item|enum_item");
		tree = derive_list(code.syntax, item);
		if (ts_node_is_null(tree))
			edit_replace(&edits, ts_node_start_byte(item), ts_node_start_byte(item),
				     str_of(arena_printf(edits.arena, "#[derive(%s)]\n%.*s", text_cstr(&list),
							 STR_ARG(syntax_indent(code.syntax, item)))));
		else
			edit_replace(&edits, ts_node_end_byte(tree) - 1, ts_node_end_byte(tree) - 1,
				     str_of(arena_printf(edits.arena, "%s%s", ts_node_named_child_count(tree) ?
							 ", " : "", text_cstr(&list))));
	}
	if (edits_apply(&edits, code.syntax, &out))
		candidate_put(wants->scene, candidate, path, out);
}

/* Which trait the error asks for, of which type; false when it is none of these. */
static bool asked(const struct scene *alike, struct str *type, struct str *trait)
{
	struct str sign = scene_group(alike, "sign");

	*type = scene_group(alike, "type");
	*trait = scene_group(alike, "trait");
	if (sign.size) {
		*type = scene_group(alike, "compared");
		*trait = word_among(sign, "== !=") ? STR("PartialEq") : STR("PartialOrd");
	} else if (scene_group(alike, "cloned").size) {
		*type = scene_group(alike, "cloned");
		*trait = STR("Clone");
	} else if (scene_group(alike, "bound").size) {
		*type = scene_group(alike, "bound");
		*trait = scene_group(alike, "wanted");
	}
	while (type->size && type->at[0] == '&')
		*type = str_from(*type, 1);
	return str_is_word(*type) && word_among(*trait, derivable);
}

static void fix(struct scene *scene)
{
	struct wants *wants = arena_new(scene->arena, struct wants);
	struct candidate *candidate;
	struct scene alike;
	struct str type, trait;
	size_t index = 0;

	if (!scene_is_first(scene))
		return;		/* mended, or declined, with the first of its kind */
	*wants = (struct wants){ .scene = scene, .why = "no type of the repository lacks the trait" };
	while (scene_next_alike(scene, &index, &alike))
		if (asked(&alike, &type, &trait) && !want(wants, type, trait))
			return template_decline(scene, "%s", wants->why);
	if (!wants->count)
		return template_decline(scene, "%s", wants->why);
	candidate = propose(scene, ORACLE_TOOL, "Derives what the compiler asks for, on %.*s and the types of its fields.",
			    STR_ARG(wants->list[0].type));
	for (size_t i = 0; i < wants->count; i++)
		put(wants, candidate, wants->list[i].path);
}

#define LOG \
	"error[E0369]: binary operation `==` cannot be applied to type `Route`\n --> tests/a.rs:3:5\n  |\n" \
	"3 |     assert_eq!(a, b);\n  |     ^^^^^^^^^^^^^^^^\n  |     |\n  |     Route\n  |     Route\n  |\n" \
	"note: `Route` does not implement `PartialEq`\n --> src/lib.rs:6:1\n\n" \
	"error[E0277]: `Route` doesn't implement `Debug`\n --> tests/a.rs:3:5\n  |\n3 |     assert_eq!(a, b);\n" \
	"  |     ^^^^^^^^^^^^^^^^ the trait `Debug` is not implemented for `Route`\n\n"
#define ROUTE(stop, route) \
	stop "pub struct Stop {\n    pub km: f64,\n}\n\n" route "pub struct Route {\n    pub stops: Vec<Stop>,\n}\n"

static const struct example examples[] = {
	{
		.name = "a type in a type, one with a list",
		.log = LOG,
		.file = { { "src/lib.rs", ROUTE("#[derive(Clone)]\n", "/// A way.\n"),
			    ROUTE("#[derive(Clone, PartialEq, Debug)]\n", "/// A way.\n#[derive(PartialEq, Debug)]\n") } },
	},
	{
		.name = "a key with a point",
		.log = "error[E0277]: the trait bound `Stop: Hash` is not satisfied\n --> src/a.rs:5:94\n  |\n"
		       "5 |     h.insert(Stop { km: 1.0 });\n"
		       "  |       ^^^^^^ the trait `Hash` is not implemented for `Stop`\n\n",
		.file = { { "src/lib.rs", ROUTE("", ""), NULL } },
		.declines = "a number with a point has no",
	},
	{
		.name = "which default",
		.log = "error[E0277]: the trait bound `Size: Default` is not satisfied\n --> src/a.rs:5:94\n  |\n\n",
		.file = { { "src/lib.rs", "#[derive(Default)]\npub struct A;\n\npub enum Size { Small, Large }\n", NULL } },
		.declines = "which variant is the default",
	},
	{
		.name = "an order that nobody has said",
		.log = "error[E0277]: the trait bound `Route: Ord` is not satisfied\n --> src/a.rs:5:94\n  |\n\n",
		.file = { { "src/lib.rs", "pub struct Route {\n    pub name: String,\n    pub size: u32,\n}\n", NULL } },
		.declines = "in which order",
	},
	{
		.name = "there is only one of it",
		.log = "error[E0599]: no method named `clone` found for struct `Route` in the current scope\n"
		       " --> src/a.rs:5:94\n  |\n\n",
		.file = { { "src/lib.rs", ROUTE("", ""), NULL } },
		.declines = "no type beside it can be copied",
	},
	{
		.name = "a type of another crate",
		.log = "error[E0277]: `Url` doesn't implement `Debug`\n --> src/lib.rs:3:5\n  |\n\n",
		.file = { { "src/lib.rs", "use url::Url;\n", NULL } },
		.declines = "no type of the repository lacks",
	},
	{0}
};

const struct template template_rust_derive = {
	.name = "rust_derive",
	.summary = "a type lacks Debug, PartialEq, Clone, ... -> it is derived, on the types within too",
	.language = "rust",
	.class = "compile",
	.oracles = "the compiler, which names the trait",
	.keeps_off = "Eq, Ord, Hash of floats; an order of several fields; Copy; Clone and Default new to a file",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0277", "E0369", "E0599", NULL },
	.pattern = "^(?:`(?<type>[\\w&]+)` doesn't implement `(?<trait>\\w+)`|"
		   "binary operation `(?<sign>[=!<>]+)` cannot be applied to type `(?<compared>[\\w&]+)`|"
		   "no method named `clone` found for (?:struct|enum) `(?<cloned>\\w+)`|"
		   "the trait bound `(?<bound>\\w+): (?<wanted>\\w+)` is not satisfied)",
	.fix = fix,
	.examples = examples,
};

/*
 * A name that does not exist -> the similar one that rustc suggests, when only a slip of the
 * keyboard is between them. Keeps off names that differ by more: two similar names may be two
 * things.
 */
#include "templates/lib_rust.h"
#include "templates/lib_similar.h"

static const char *const messages[] = {
	"a local variable with a similar name",
	"a function with a similar name",
	"a field with a similar name",
	"there is a method `",
	"a struct with a similar name",
	"an enum with a similar name",
	"a variant with a similar name",
	"a constant with a similar name",
	"a static with a similar name",
	"a module with a similar name",
	"a trait with a similar name",
	"there is an associated function",
	NULL
};

/* The name at the place, and what the suggestion makes of it. */
static bool wanted(const struct code *code, const struct rust_help *help)
{
	const struct rust_edit *edit = &help->edits[0];
	struct str old = syntax_text(code->syntax, code->node);
	size_t column = ts_node_start_point(code->node).column;
	struct text name = TEXT(code->syntax->arena);

	if (help->count != 1 || edit->line != syntax_line(code->node) || edit->at < column ||
	    edit->at + edit->size > column + old.size || !str_is_word(old))
		return false;
	text_add(&name, str_slice(old, 0, edit->at - column));
	text_add(&name, edit->text);
	text_add(&name, str_from(old, edit->at - column + edit->size));
	return similar_slip(old, text_str(&name));
}

static void fix(struct scene *scene)
{
	rust_suggest(scene, messages, wanted, DANGER_1, "Mends a slip of the keyboard: rustc names the one similar name.");
}

static const struct example examples[] = {
	{
		.name = "two letters changed places",
		.log =
		"error[E0425]: cannot find value `pirce` in this scope\n"
		" --> src/lib.rs:1:35\n"
		"  |\n"
		"1 | pub fn total(price: u32) -> u32 { pirce + 1 }\n"
		"  |                                   ^^^^^\n"
		"  |\n"
		"help: a local variable with a similar name exists\n"
		"  |\n"
		"1 - pub fn total(price: u32) -> u32 { pirce + 1 }\n"
		"1 + pub fn total(price: u32) -> u32 { price + 1 }\n"
		"  |\n"
		"\n",
		.file = {
			{ "src/lib.rs",
			  "pub fn total(price: u32) -> u32 { pirce + 1 }\n",
			  "pub fn total(price: u32) -> u32 { price + 1 }\n" },
		},
	},
	{
		.name = "another word",
		.log =
		"error[E0425]: cannot find value `prices` in this scope\n"
		" --> src/lib.rs:1:35\n"
		"  |\n"
		"1 | pub fn total(price: u32) -> u32 { prices + 1 }\n"
		"  |                                   ^^^^^^\n"
		"  |\n"
		"help: a local variable with a similar name exists\n"
		"  |\n"
		"1 - pub fn total(price: u32) -> u32 { prices + 1 }\n"
		"1 + pub fn total(price: u32) -> u32 { price + 1 }\n"
		"  |\n"
		"\n",
		.file = {
			{ "src/lib.rs",
			  "pub fn total(price: u32) -> u32 { prices + 1 }\n",
			  NULL },
		},
		.declines = "nothing that is surely right",
	},
	{0}
};

const struct template template_rust_misspelled = {
	.name = "rust_misspelled",
	.summary = "a name that does not exist -> the similar one rustc names, when it is a slip of the keyboard",
	.language = "rust",
	.class = "compile",
	.oracles = "rustc's own suggestion",
	.keeps_off = "names that differ by more than one slip, or in the last letter",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0425", "E0609", "E0599", "E0412", "E0433", "E0432", "E0405", "E0560", NULL },
	.fix = fix,
	.examples = examples,
};

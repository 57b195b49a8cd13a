/*
 * "cannot borrow `x` as mutable" and the like -> `mut` at the declaration, as rustc suggests. Only
 * for what the function itself declares: a `&self` that would become `&mut self` changes what
 * callers may do.
 */
#include "templates/lib_rust.h"

static const char *const messages[] = {
	"consider changing this to be mutable", "consider making this binding mutable", NULL
};

/* Only `mut`, and not behind a reference. */
static bool wanted(const struct code *code, const struct rust_help *help)
{
	(void)code;
	for (size_t i = 0; i < help->count; i++)
		if (!str_is(str_trim(help->edits[i].text), "mut"))
			return false;
	return true;
}

static void fix(struct scene *scene)
{
	rust_suggest(scene, messages, wanted, DANGER_1, "Declares the variable `mut`, where rustc suggests "
		     "it: it is changed below.");
}

#define COUNT(mut) \
	"pub fn count(text: &str) -> usize {\n    let " mut "words = Vec::new();\n" \
	"    words.push(text);\n    words.len()\n}\n"

static const struct example examples[] = {
	{
		.name = "a local variable, told twice",
		.log =
		"error[E0596]: cannot borrow `words` as mutable, as it is not declared as mutable\n"
		" --> src/lib.rs:3:5\n"
		"  |\n"
		"3 |     words.push(text);\n"
		"  |     ^^^^^ cannot borrow as mutable\n"
		"  |\n"
		"help: consider changing this to be mutable\n"
		"  |\n"
		"2 |     let mut words = Vec::new();\n"
		"  |         +++\n"
		"\n"
		"For more information about this error, try `rustc --explain E0596`.\n",
		.file = { { "src/lib.rs", COUNT(""), COUNT("mut ") } },
	},
	{
		.name = "a reference that is only read",
		.log =
		"error[E0596]: cannot borrow `*words` as mutable, as it is behind a `&` reference\n"
		" --> src/lib.rs:2:5\n"
		"  |\n"
		"2 |     words.push(text);\n"
		"  |     ^^^^^ `words` is a `&` reference, so the data it refers to cannot be borrowed as mutable\n"
		"  |\n"
		"help: consider changing this to be a mutable reference\n"
		"  |\n"
		"1 | pub fn add(words: &mut Vec<String>, text: String) {\n"
		"  |                    +++\n"
		"\n",
		.file = { { "src/lib.rs", "pub fn add(words: &Vec<String>, text: String) {\n"
			    "    words.push(text);\n}\n", NULL } },
		.declines = "nothing that is surely right",
	},
	{
		.name = "the file is another one by now",
		.log =
		"error[E0384]: cannot assign twice to immutable variable `n`\n"
		" --> src/lib.rs:3:5\n"
		"  |\n"
		"2 |     let n = 1;\n"
		"  |         - first assignment to `n`\n"
		"3 |     n += 1;\n"
		"  |     ^^^^^^ cannot assign twice to immutable variable\n"
		"  |\n"
		"help: consider making this binding mutable\n"
		"  |\n"
		"2 |     let mut n = 1;\n"
		"  |         +++\n"
		"\n",
		.file = { { "src/lib.rs", "pub fn one() -> u8 {\n    let n = 2;\n    n += 1;\n    n\n}\n", NULL } },
		.declines = "nothing that is surely right",
	},
	{0}
};

const struct template template_rust_not_mutable = {
	.name = "rust_not_mutable",
	.summary = "a variable is changed and not declared mut -> mut, where rustc suggests it",
	.language = "rust",
	.class = "compile",
	.oracles = "rustc's own suggestion",
	.keeps_off = "references and self: that changes what callers must give",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0596", "E0384", "E0594", NULL },
	.fix = fix,
	.examples = examples,
};

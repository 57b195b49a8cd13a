/*
 * "mismatched types" -> what rustc itself suggests where it leaves nothing open: a conversion that
 * loses nothing, a borrow, `Some`, `Ok`, `?`. Keeps off conversions of something computed: there
 * the computing is in the wrong type.
 */
#include "templates/lib_rust.h"

static const char *const messages[] = {
	"try using a conversion method",
	"consider borrowing here",
	"consider mutably borrowing here",
	"try wrapping the expression in `Some`",
	"try wrapping the expression in `Ok`",
	"consider dereferencing the borrow",
	"use the `?` operator to extract the",
	"you can convert a",
	"you can convert an",
	NULL
};

/* A conversion goes behind one name or call; around an expression in parentheses it comes too late. */
static bool wanted(const struct code *code, const struct rust_help *help)
{
	(void)code;
	return !str_starts(help->message, "you can convert") ||
	       (help->count == 1 && str_is(help->edits[0].text, ".into()"));
}

static void fix(struct scene *scene)
{
	rust_suggest(scene, messages, wanted, DANGER_1, "Does what rustc suggests for the mismatched types.");
}

static const struct example examples[] = {
	{
		.name = "text for a String",
		.log =
		"error[E0308]: mismatched types\n"
		" --> src/lib.rs:2:36\n"
		"  |\n"
		"2 | pub fn a(n: &str) -> A { A { name: n } }\n"
		"  |                                    ^ expected `String`, found `&str`\n"
		"  |\n"
		"help: try using a conversion method\n"
		"  |\n"
		"2 | pub fn a(n: &str) -> A { A { name: n.to_string() } }\n"
		"  |                                     ++++++++++++\n"
		"\n",
		.file = {
			{ "src/lib.rs",
			  "pub struct A { pub name: String }\n"
			  "pub fn a(n: &str) -> A { A { name: n } }\n",
			  "pub struct A { pub name: String }\n"
			  "pub fn a(n: &str) -> A { A { name: n.to_string() } }\n" },
		},
	},
	{
		.name = "two insertions",
		.log =
		"error[E0308]: mismatched types\n"
		" --> src/lib.rs:1:59\n"
		"  |\n"
		"1 | pub fn d(n: u8) -> Option<u8> { if n > 2 { return None; } n }\n"
		"  |                    ----------                             ^ expected `Option<u8>`, found `u8`\n"
		"  |                    |\n"
		"  |                    expected `Option<u8>` because of return type\n"
		"  |\n"
		"  = note: expected enum `Option<u8>`\n"
		"             found type `u8`\n"
		"help: try wrapping the expression in `Some`\n"
		"  |\n"
		"1 | pub fn d(n: u8) -> Option<u8> { if n > 2 { return None; } Some(n) }\n"
		"  |                                                           +++++ +\n"
		"\n",
		.file = {
			{ "src/lib.rs",
			  "pub fn d(n: u8) -> Option<u8> { if n > 2 { return None; } n }\n",
			  "pub fn d(n: u8) -> Option<u8> { if n > 2 { return None; } Some(n) }\n" },
		},
	},
	{
		.name = "a product in too small a type",
		.log =
		"error[E0308]: mismatched types\n"
		" --> src/lib.rs:2:5\n"
		"  |\n"
		"1 | pub fn payload(packets: u32, size: u32) -> u64 {\n"
		"  |                                            --- expected `u64` because of return type\n"
		"2 |     packets * size\n"
		"  |     ^^^^^^^^^^^^^^ expected `u64`, found `u32`\n"
		"  |\n"
		"help: you can convert a `u32` to a `u64`\n"
		"  |\n"
		"2 |     (packets * size).into()\n"
		"  |     +              ++++++++\n"
		"\n",
		.file = {
			{ "src/lib.rs",
			  "pub fn payload(packets: u32, size: u32) -> u64 {\n"
			  "    packets * size\n"
			  "}\n",
			  NULL },
		},
		.declines = "nothing that is surely right",
	},
	{0}
};

const struct template template_rust_mismatched_type = {
	.name = "rust_mismatched_type",
	.summary = "mismatched types -> the conversion, borrow, Some, Ok or ? that rustc suggests",
	.language = "rust",
	.class = "compile",
	.oracles = "rustc's own suggestion",
	.keeps_off = "conversions of something computed, casts, and all that rustc only thinks possible",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0308", NULL },
	.fix = fix,
	.examples = examples,
};

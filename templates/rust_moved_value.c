/*
 * "use of moved value" -> the borrow that rustc suggests, in a loop's head or in a pattern. Never a
 * clone: whether a copy or the thing itself is meant, the compiler cannot know.
 */
#include "templates/lib_rust.h"

static const char *const messages[] = {
	"consider iterating over a slice of the",
	"borrow this binding in the pattern",
	"consider borrowing the `Option`'s content",
	"consider calling `.as_ref()`",
	NULL
};

static void fix(struct scene *scene)
{
	rust_suggest(scene, messages, NULL, DANGER_1, "Borrows instead of moving, where rustc suggests it: the value is used again below.");
}

static const struct example examples[] = {
	{
		.name = "a loop over a vector",
		.log =
		"error[E0382]: borrow of moved value: `items`\n"
		"  --> src/lib.rs:6:8\n"
		"   |\n"
		"1  | pub fn bill(items: Vec<Item>) -> Bill {\n"
		"   |             ----- move occurs because `items` has type `Vec<Item>`, which does not implement the `Copy` trait\n"
		"2  |     let mut cents = 0;\n"
		"3  |     for item in items {\n"
		"   |                 ----- `items` moved due to this implicit call to `.into_iter()`\n"
		"...\n"
		"6  |     if items.len() >= 3 {\n"
		"   |        ^^^^^ value borrowed here after move\n"
		"   |\n"
		"note: `into_iter` takes ownership of the receiver `self`, which moves `items`\n"
		"  --> /rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/iter/traits/collect.rs:312:17\n"
		"help: consider iterating over a slice of the `Vec<Item>`'s content to avoid moving into the `for` loop\n"
		"   |\n"
		"3  |     for item in &items {\n"
		"   |                 +\n"
		"\n",
		.file = {
			{ "src/lib.rs",
			  "pub fn bill(items: Vec<Item>) -> Bill {\n"
			  "    let mut cents = 0;\n"
			  "    for item in items {\n"
			  "        cents += item.cents;\n"
			  "    }\n"
			  "    if items.len() >= 3 {\n"
			  "        cents -= 1;\n"
			  "    }\n"
			  "    Bill { cents, items }\n"
			  "}\n",
			  "pub fn bill(items: Vec<Item>) -> Bill {\n"
			  "    let mut cents = 0;\n"
			  "    for item in &items {\n"
			  "        cents += item.cents;\n"
			  "    }\n"
			  "    if items.len() >= 3 {\n"
			  "        cents -= 1;\n"
			  "    }\n"
			  "    Bill { cents, items }\n"
			  "}\n" },
		},
	},
	{
		.name = "rustc only thinks of a clone",
		.log =
		"error[E0382]: borrow of moved value: `v`\n"
		" --> src/lib.rs:1:48\n"
		"  |\n"
		"1 | pub fn a(v: Vec<String>) -> usize { let w = v; v.len() + w.len() }\n"
		"  |          -                                  -  ^ value borrowed here after move\n"
		"  |          |                                  |\n"
		"  |          |                                  value moved here\n"
		"  |          move occurs because `v` has type `Vec<String>`, which does not implement the `Copy` trait\n"
		"  |\n"
		"help: consider cloning the value if the performance cost is acceptable\n"
		"  |\n"
		"1 | pub fn a(v: Vec<String>) -> usize { let w = v.clone(); v.len() + w.len() }\n"
		"  |                                              ++++++++\n"
		"\n",
		.file = {
			{ "src/lib.rs",
			  "pub fn a(v: Vec<String>) -> usize { let w = v; v.len() + w.len() }\n",
			  NULL },
		},
		.declines = "nothing that is surely right",
	},
	{0}
};

const struct template template_rust_moved_value = {
	.name = "rust_moved_value",
	.summary = "a moved value is used again -> the borrow that rustc suggests",
	.language = "rust",
	.class = "compile",
	.oracles = "rustc's own suggestion",
	.keeps_off = "clones; values that move into a call or a thread",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0382", "E0505", "E0507", NULL },
	.fix = fix,
	.examples = examples,
};

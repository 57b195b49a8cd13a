/*
 * "attempt to divide by zero" -> an early return of what the failed test expects there. The divisor
 * itself is never changed.
 */
#include "templates/lib_rust_guard.h"
#include "templates/lib_scene.h"

/* The only division that starts at the place, and its divisor. */
static TSNode division_at(const struct syntax *s, TSNode node, TSNode *divisor)
{
	TSNode none = {{0}, NULL, NULL}, found = none;
	uint32_t start = ts_node_is_null(node) ? 0 : ts_node_start_byte(node);

	for (; !ts_node_is_null(node) && ts_node_start_byte(node) == start; node = ts_node_parent(node)) {
		TSNode right = syntax_field(node, "right");

		if (!syntax_type_is(node, "binary_expression|compound_assignment_expr") ||
		    !word_among(syntax_text(s, syntax_field(node, "operator")), "/ % /= %=") ||
		    syntax_type_is(right, "integer_literal|float_literal"))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = node;
		*divisor = right;
	}
	return found;
}

static void fix(struct scene *scene)
{
	struct rust_guard guard = { .nothing = true };
	TSNode divisor = {{0}, NULL, NULL}, inner;
	const struct syntax *s;
	CODE code;

	if (!code_open(scene, &code))
		return;
	s = code.syntax;
	guard.code = &code;
	guard.crash = division_at(s, code.node, &divisor);
	while (syntax_type_is(divisor, "parenthesized_expression"))
		divisor = ts_node_named_child(divisor, 0);
	inner = syntax_type_is(divisor, "type_cast_expression") ? syntax_field(divisor, "value") : divisor;
	guard.subject = rust_len_of(s, inner);
	if (!ts_node_is_null(guard.subject)) {
		guard.condition = str_of(arena_printf(scene->arena, "%.*s.is_empty()",
						      STR_ARG(syntax_text(s, guard.subject))));
	} else if (rust_is_path(inner)) {
		guard.subject = inner;
		guard.condition = str_of(arena_printf(scene->arena, "%.*s == 0", STR_ARG(syntax_text(s, divisor))));
	} else {
		return template_decline(scene, "it is not one division by a name or a length");
	}
	rust_guard_propose(scene, &guard);
}

#define LOG(place) \
	"---- nothing stdout ----\n\nthread 'nothing' (11093) panicked at src/lib.rs:" place ":\n" \
	"attempt to divide by zero\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n\n\n" \
	"failures:\n    nothing\n\n" \
	"test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.37s\n\n"
#define TEST(body) { "tests/calc.rs", "use calc::*;\n\n#[test]\nfn nothing() {\n    " body "\n}\n", NULL }
#define MEAN(guard) \
	"pub fn mean(all: &[u32]) -> u32 {\n    let sum: u32 = all.iter().sum();\n" guard "    sum / all.len() as u32\n}\n"
#define SHARE(head, guard) \
	head "pub fn share(part: u32, whole: u32) -> u32 {\n" guard "    100 * part / whole\n}\n"
#define TRIED(guard) \
	"pub enum Wrong {\n    Nobody,\n}\n\npub fn rest(sum: u32, heads: u32) -> Result<u32, Wrong> {\n" \
	"    if heads == 0 {\n        return Err(Wrong::Nobody);\n    }\n    Ok(sum - heads)\n}\n\n" \
	"pub fn split(sum: u32, heads: u32) -> Result<u32, Wrong> {\n" guard "    Ok(sum / heads)\n}\n"

static const struct example examples[] = {
	{
		.name = "the mean of nothing",
		.log = LOG("3:5"),
		.file = { { "src/lib.rs", MEAN(""), MEAN("    if all.is_empty() {\n        return 0;\n    }\n") },
			  TEST("assert_eq!(mean(&[4, 6]), 5);\n    assert_eq!(mean(&[]), 0);") },
	},
	{
		.name = "a divisor beside another input",
		.log = LOG("2:5"),
		.file = { { "src/lib.rs", SHARE("", ""),
			    SHARE("", "    if whole == 0 {\n        return 0;\n    }\n") },
			  TEST("assert_eq!(share(5, 0), 0);") },
	},
	{
		.name = "the test wants an error, and the sibling has one",
		.log = LOG("13:8"),
		.file = { { "src/lib.rs", TRIED(""),
			    TRIED("    if heads == 0 {\n        return Err(Wrong::Nobody);\n    }\n") },
			  TEST("assert!(split(5, 0).is_err());") },
	},
	{
		.name = "a value of the test's own input",
		.log = LOG("2:5"),
		.file = { { "src/lib.rs", SHARE("", ""), NULL }, TEST("assert_eq!(share(5, 0), 500);") },
		.declines = "for the test's own input only",
	},
	{
		.name = "the test does not say",
		.log = LOG("2:5"),
		.file = { { "src/lib.rs", SHARE("", ""), NULL }, TEST("let _ = share(5, 0);") },
		.declines = "does not say what share gives",
	},
	{
		.name = "it is said to panic",
		.log = LOG("4:5"),
		.file = { { "src/lib.rs", SHARE("/// # Panics\n/// If there is no whole.\n", ""), NULL },
			  TEST("assert_eq!(share(5, 0), 0);") },
		.declines = "what callers must not do",
	},
	{0}
};

const struct template template_rust_zero_division = {
	.name = "rust_zero_division",
	.summary = "an integer division by zero -> an early return of what the failed test expects there",
	.language = "rust",
	.class = "crash guard",
	.oracles = "the failed test, which calls the function with nothing; the siblings' error",
	.keeps_off = "the test does not say; its value may hold for its input only; side effects would be skipped",
	.danger = DANGER_2,
	.pattern = "^attempt to (?:divide by zero|calculate the remainder with a divisor of zero)$",
	.fix = fix,
	.examples = examples,
};

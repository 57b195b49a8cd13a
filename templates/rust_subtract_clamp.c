/*
 * "attempt to subtract with overflow" where the failed test wants 0 -> saturating_sub. Only where
 * the difference is what the function returns, and the test states 0 for a call of that function.
 */
#include "templates/lib_rust_test.h"
#include "templates/lib_scene.h"

/* "tests::beyond" -> "beyond" */
static struct str test_name(const struct scene *scene)
{
	struct str name = str_of(scene->failure->test);

	(void)str_split_last(name, "::", NULL, &name);
	return name;
}

static bool test_wants_zero(const struct scene *scene, struct str function)
{
	struct rust_assertion list[RUST_ASSERTIONS_MAX];
	size_t count = rust_assertions(scene, function, list);

	for (size_t i = 0; i < count; i++)
		if (str_equal(list[i].test, test_name(scene)) &&
		    ((str_is(list[i].right, "0") && rust_is_call_of(list[i].left, function)) ||
		     (str_is(list[i].left, "0") && rust_is_call_of(list[i].right, function))))
			return true;
	return false;
}

static bool is_simple(TSNode node)
{
	return word_among(str_of(ts_node_type(node)), "identifier field_expression call_expression "
			  "index_expression integer_literal parenthesized_expression");
}

/* Is it the value of the function: its last expression, or returned? */
static bool is_result(TSNode node, TSNode function)
{
	TSNode parent = ts_node_parent(node), body = syntax_field(function, "body");

	if (syntax_type_is(parent, "return_expression"))
		return true;
	return ts_node_eq(parent, body) && ts_node_is_null(ts_node_next_named_sibling(node));
}

static void fix(struct scene *scene)
{
	struct edits edits = { .arena = scene->arena };
	TSNode difference, left, right, function;
	struct str name;
	CODE code;

	if (!code_open(scene, &code))
		return;
	difference = syntax_up(code.node, "binary_expression");
	function = syntax_up(code.node, "function_item");
	left = syntax_field(difference, "left");
	right = syntax_field(difference, "right");
	if (ts_node_is_null(difference) || ts_node_is_null(function) ||
	    !str_is(syntax_text(code.syntax, ts_node_child(difference, 1)), "-") ||
	    !is_result(difference, function) || !is_simple(left) || !is_simple(right) ||
	    syntax_type_is(left, "integer_literal"))
		return template_decline(scene, "the difference is not what the function returns");
	name = syntax_text(code.syntax, syntax_field(function, "name"));
	if (!test_wants_zero(scene, name))
		return template_decline(scene, "no test wants 0 of %.*s", STR_ARG(name));
	edit_replace(&edits, ts_node_end_byte(left), ts_node_start_byte(right), STR(".saturating_sub("));
	edit_replace(&edits, ts_node_end_byte(right), ts_node_end_byte(right), STR(")"));
	code_propose(scene, &code, &edits, ORACLE_TEST, DANGER_1, arena_printf(scene->arena,
		"Stops at 0, which the failed test wants of %.*s.", STR_ARG(name)));
}

#define LOG(place) \
	"running 1 test\nbeyond --- FAILED\n\nfailures:\n\n---- beyond stdout ----\n\n" \
	"thread 'beyond' (28685) panicked at src/lib.rs:" place ":\nattempt to subtract with overflow\n" \
	"note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n\n\nfailures:\n    beyond\n\n" \
	"test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.28s\n\n"
#define LEFT(value) "pub fn left(allowed: u32, used: u32) -> u32 {\n    " value "\n}\n"
#define TEST(value) \
	{ "tests/quota.rs", "use quota::left;\n\n#[test]\nfn beyond() {\n    assert_eq!(left(1, 2), " value ");\n}\n", NULL }

static const struct example examples[] = {
	{
		.name = "the test wants 0",
		.log = LOG("2:5"),
		.file = { TEST("0"), { "src/lib.rs", LEFT("allowed - used"), LEFT("allowed.saturating_sub(used)") } },
	},
	{
		.name = "the test wants something else",
		.log = LOG("2:5"),
		.file = { TEST("1"), { "src/lib.rs", LEFT("allowed - used"), NULL } },
		.declines = "no test wants 0 of left",
	},
	{
		.name = "the difference goes on",
		.log = LOG("2:6"),
		.file = { TEST("0"), { "src/lib.rs", LEFT("(allowed - used) * 2"), NULL } },
		.declines = "not what the function returns",
	},
	{0}
};

const struct template template_rust_subtract_clamp = {
	.name = "rust_subtract_clamp",
	.summary = "an unsigned difference goes below zero and the test wants 0 -> saturating_sub",
	.language = "rust",
	.class = "crash guard",
	.oracles = "the failed test, which states 0 for the function",
	.keeps_off = "differences that go on in an expression; tests that want something else",
	.danger = DANGER_1,
	.pattern = "^attempt to subtract with overflow$",
	.fix = fix,
	.examples = examples,
};

/*
 * A block whose last line ends with a semicolon and so has no value -> the semicolon goes, when
 * rustc suggests it.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

static void fix(struct scene *scene)
{
	struct edits edits = { .arena = scene->arena };
	TSNode block, last;
	CODE code;

	if (!code_open(scene, &code))
		return;
	if (!str_starts(str_of(scene->failure->help), "help: remove this semicolon"))
		return template_decline(scene, "rustc does not speak of a semicolon");
	block = syntax_type_is(code.node, "block") ? code.node :
		syntax_field(syntax_up(code.node, "function_item|closure_expression"), "body");
	if (ts_node_is_null(block) || rust_in_test(code.syntax, block) || !ts_node_named_child_count(block))
		return template_decline(scene, "the block is not at the place that the log names");
	last = ts_node_named_child(block, ts_node_named_child_count(block) - 1);
	if (!syntax_type_is(last, "expression_statement") || !str_ends(syntax_text(code.syntax, last), ";"))
		return template_decline(scene, "the block does not end with a value and a semicolon");
	edit_replace(&edits, ts_node_end_byte(last) - 1, ts_node_end_byte(last), STR_NONE);
	code_propose(scene, &code, &edits, ORACLE_TOOL, DANGER_1,
		     "Takes the last semicolon out, as rustc suggests: with it the block has no value.");
}

#define LOG(body) \
	"error[E0308]: mismatched types\n --> src/lib.rs:1:23\n  |\n1 | pub fn plus(n: u8) -> u8 {\n" \
	"  |        ----           ^^ expected `u8`, found `()`\n  |        |\n" \
	"  |        implicitly returns `()` as its body has no tail or `return` expression\n" body "\n"

static const struct example examples[] = {
	{
		.name = "the value of a function",
		.log = LOG("2 |     n * 2;\n  |          - help: remove this semicolon to return this value\n"),
		.file = { { "src/lib.rs", "pub fn plus(n: u8) -> u8 {\n    n * 2;\n}\n",
			    "pub fn plus(n: u8) -> u8 {\n    n * 2\n}\n" } },
	},
	{
		.name = "no value at all",
		.log = LOG(""),
		.file = { { "src/lib.rs", "pub fn plus(n: u8) -> u8 {\n    let m = n * 2;\n}\n", NULL } },
		.declines = "does not speak of a semicolon",
	},
	{0}
};

const struct template template_rust_tail_semicolon = {
	.name = "rust_tail_semicolon",
	.summary = "the last line of a block ends with a semicolon and gives no value -> the semicolon goes",
	.language = "rust",
	.class = "compile",
	.oracles = "rustc's own suggestion",
	.keeps_off = "blocks without such a line; tests",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0308", NULL },
	.fix = fix,
	.examples = examples,
};

/*
 * "index out of bounds: the len is N but the index is N" -> the range ends before the length. Only
 * for `A..=x.len()` whose first statement reads x with the loop's own variable in every round:
 * then the last round could only crash. Never wraps the index, and never tests it.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

/* x[i] with this list and variable, in the first statement of the body, always evaluated. */
static bool reads_first(const struct syntax *s, TSNode loop, struct str list, struct str name)
{
	TSNode first = ts_node_named_child(syntax_field(loop, "body"), 0);

	for (unsigned n = 0;; n++) {
		TSNode index = syntax_below(first, "index_expression", n), up;

		if (ts_node_is_null(index))
			return false;
		if (!str_equal(syntax_text(s, ts_node_named_child(index, 0)), list) ||
		    !str_equal(syntax_text(s, ts_node_named_child(index, 1)), name))
			continue;
		up = syntax_up(index, "closure_expression|match_arm|block");
		if (!ts_node_eq(up, syntax_field(loop, "body")))
			continue;
		up = syntax_up(index, "binary_expression");
		for (; !ts_node_is_null(up) && ts_node_start_byte(up) >= ts_node_start_byte(first);
		     up = syntax_up(ts_node_parent(up), "binary_expression"))
			if (word_among(syntax_text(s, ts_node_child(up, 1)), "&& ||"))
				break;
		if (ts_node_is_null(up) || ts_node_start_byte(up) < ts_node_start_byte(first))
			return true;
	}
}

/* The sign of `A..=LIST.len()`; null node when the range is another one. */
static TSNode sign_of(const struct syntax *s, TSNode range, struct str *list)
{
	TSNode none = {{0}, NULL, NULL};
	uint32_t count = ts_node_is_null(range) ? 0 : ts_node_child_count(range);
	struct str end;

	if (!syntax_type_is(range, "range_expression") || count < 2)
		return none;
	end = syntax_text(s, ts_node_child(range, count - 1));
	if (!str_chop(&end, ".len()") || !str_is(syntax_text(s, ts_node_child(range, count - 2)), "..="))
		return none;
	*list = end;
	return ts_node_child(range, count - 2);
}

static void fix(struct scene *scene)
{
	struct edits edits = { .arena = scene->arena };
	struct str list = STR_NONE;
	TSNode loop, sign;
	CODE code;

	if (!str_equal(scene_group(scene, "length"), scene_group(scene, "index")))
		return template_decline(scene, "the index is not the first behind the end");
	if (!code_open(scene, &code))
		return;
	loop = syntax_up(code.node, "for_expression");
	sign = sign_of(code.syntax, syntax_field(loop, "value"), &list);
	if (ts_node_is_null(loop) || ts_node_is_null(sign) || rust_in_test(code.syntax, loop))
		return template_decline(scene, "no loop over ..= of a length is around it");
	if (!reads_first(code.syntax, loop, list, syntax_text(code.syntax, syntax_field(loop, "pattern"))))
		return template_decline(scene, "the loop does something before it reads");
	edit_node(&edits, sign, STR(".."));
	code_propose(scene, &code, &edits, ORACLE_TEST, DANGER_1, arena_printf(scene->arena,
		"Ends the range before %.*s.len(): its last round could only read behind the end.", STR_ARG(list)));
}

#define LOG(len, index) \
	"---- pairs stdout ----\n\nthread 'pairs' (28301) panicked at src/lib.rs:4:17:\n" \
	"index out of bounds: the len is " len " but the index is " index "\n" \
	"note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n\n"
#define FLAT(range, body) \
	"pub fn flat(row: &[u8]) -> u8 {\n    let mut pairs = 0;\n    for x in " range " {\n        " body \
	"\n    }\n    pairs\n}\n"

static const struct example examples[] = {
	{
		.name = "pairs of a row",
		.log = LOG("3", "3"),
		.file = { { "src/lib.rs", FLAT("1..=row.len()", "pairs += row[x] - row[x - 1];"),
			    FLAT("1..row.len()", "pairs += row[x] - row[x - 1];") } },
	},
	{
		.name = "something is done before",
		.log = LOG("3", "3"),
		.file = { { "src/lib.rs", FLAT("1..=row.len()", "pairs += row[x - 1]; pairs += row[x];"), NULL } },
		.declines = "does something before",
	},
	{
		.name = "the range is right",
		.log = LOG("3", "3"),
		.file = { { "src/lib.rs", FLAT("1..row.len()", "pairs += row[x + 1];"), NULL } },
		.declines = "no loop over",
	},
	{
		.name = "no loop at all",
		.log = LOG("0", "0"),
		.file = { { "src/lib.rs", "pub fn flat(row: &[u8]) -> u8 {\n    let n = 0;\n    let m = n;\n    let first = row[m];\n    first\n}\n", NULL } },
		.declines = "no loop over",
	},
	{
		.name = "far behind the end",
		.log = LOG("3", "7"),
		.file = { { "src/lib.rs", FLAT("1..=row.len()", "pairs += row[x];"), NULL } },
		.declines = "not the first behind",
	},
	{0}
};

const struct template template_rust_range_end = {
	.name = "rust_range_end",
	.summary = "an inclusive range up to a length reads one behind the end -> it ends before",
	.language = "rust",
	.class = "crash guard",
	.oracles = "the last round, which can only crash, and the failed test",
	.keeps_off = "loops that do something before they read; other ranges and indexes",
	.danger = DANGER_1,
	.pattern = "^index out of bounds: the len is (?<length>\\d+) but the index is (?<index>\\d+)$",
	.fix = fix,
	.examples = examples,
};

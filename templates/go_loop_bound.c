/*
 * "index out of range [n] with length n" -> the loop stops where its first statement reads the
 * last pair, or at the length. Only for counting loops whose first statement always reads behind
 * the end in the last round: then nothing that ran before is lost. Never hides the crash by a test
 * of the index.
 */
#include "templates/lib_code.h"
#include "templates/lib_files.h"
#include "templates/lib_scene.h"

struct bound {
	struct scene *scene;
	struct code *code;
	TSNode loop, index;
	struct str list, step;		/* "points", "1" of points[i+1]; empty of points[i] */
	struct str counter;
};

/* points[i+1] or points[i], with the loop's counter. */
static bool take_index(struct bound *b)
{
	const struct syntax *s = b->code->syntax;
	TSNode index = syntax_field(b->index, "index");

	b->list = syntax_text(s, syntax_field(b->index, "operand"));
	b->counter = syntax_text(s, index);
	b->step = STR_NONE;
	if (syntax_type_is(index, "binary_expression")) {
		if (!str_is(syntax_text(s, ts_node_child(index, 1)), "+"))
			return false;
		b->counter = syntax_text(s, syntax_field(index, "left"));
		b->step = syntax_text(s, syntax_field(index, "right"));
		if (!syntax_type_is(syntax_field(index, "right"), "int_literal"))
			return false;
	}
	return str_is_word(b->counter);
}

/* Is it read in every round, before anything else is done? */
static bool is_first(const struct bound *b)
{
	TSNode first = source_nth(syntax_field(b->loop, "body"), 0), inner;

	if (ts_node_is_null(first) || ts_node_end_byte(b->index) > ts_node_end_byte(first) ||
	    ts_node_start_byte(b->index) < ts_node_start_byte(first))
		return false;
	for (inner = b->index; !ts_node_eq(inner, first); inner = ts_node_parent(inner)) {
		if (syntax_type_is(inner, "block") || syntax_type_is(inner, "func_literal"))
			return false;
		if (syntax_type_is(inner, "binary_expression") &&
		    str_has(syntax_text(b->code->syntax, ts_node_child(inner, 1)), "&&"))
			return false;
		if (syntax_type_is(inner, "binary_expression") &&
		    str_has(syntax_text(b->code->syntax, ts_node_child(inner, 1)), "||"))
			return false;
	}
	return true;
}

/* The new head's condition, and where it goes; false when the head is not the usual one. */
static bool edit_head(const struct bound *b, struct edits *edits)
{
	const struct syntax *s = b->code->syntax;
	struct arena *a = b->scene->arena;
	TSNode head = ts_node_named_child(b->loop, 0), condition = syntax_field(head, "condition");
	struct str right = syntax_text(s, syntax_field(condition, "right")), sign;
	struct str all = str_of(arena_printf(a, "len(%.*s)", STR_ARG(b->list)));

	if (syntax_type_is(head, "range_clause") && b->step.size &&
	    str_equal(syntax_text(s, syntax_field(head, "right")), b->list) &&
	    str_equal(syntax_text(s, syntax_field(head, "left")), b->counter)) {
		edit_node(edits, head, str_of(arena_printf(a, "%.*s := 0; %.*s+%.*s < %.*s; %.*s++",
			STR_ARG(b->counter), STR_ARG(b->counter), STR_ARG(b->step), STR_ARG(all),
			STR_ARG(b->counter))));
		return true;
	}
	if (!syntax_type_is(head, "for_clause") || !str_equal(right, all) ||
	    !str_equal(syntax_text(s, syntax_field(condition, "left")), b->counter) ||
	    !str_ends(syntax_text(s, syntax_field(head, "update")), "++"))
		return false;
	sign = syntax_text(s, ts_node_child(condition, 1));
	if (b->step.size && str_is(sign, "<"))
		edit_node(edits, condition, str_of(arena_printf(a, "%.*s+%.*s < %.*s", STR_ARG(b->counter),
			  STR_ARG(b->step), STR_ARG(all))));
	else if (!b->step.size && str_is(sign, "<="))
		edit_node(edits, ts_node_child(condition, 1), STR("<"));
	else
		return false;
	return true;
}

static void fix(struct scene *scene)
{
	struct edits edits = { .arena = scene->arena };
	struct bound b = { .scene = scene };
	unsigned line = scene->failure->line;
	CODE code;

	b.code = &code;
	if (!str_equal(scene_group(scene, "index"), scene_group(scene, "length")))
		return template_decline(scene, "the index is not the first behind the end");
	if (!code_open(scene, &code))
		return;
	for (unsigned n = 0;; n++) {
		b.index = syntax_below(code.syntax->root, "index_expression", n);
		if (ts_node_is_null(b.index))
			return template_decline(scene, "no loop on its first line reads one behind the end");
		b.loop = syntax_up(b.index, "for_statement");
		edits.count = 0;
		if (syntax_line(b.index) == line && !ts_node_is_null(b.loop) && take_index(&b) &&
		    is_first(&b) && edit_head(&b, &edits))
			break;
	}
	code_propose(scene, &code, &edits, ORACLE_TEST, DANGER_1, arena_printf(scene->arena,
		"Ends the loop over %.*s one round earlier: its last round could only read behind the end.",
		STR_ARG(b.list)));
}

#define LOG(line) \
	"--- FAIL: TestLongest (0.00s)\npanic: runtime error: index out of range [4] with length 4 [recovered]\n" \
	"\tpanic: runtime error: index out of range [4] with length 4\n\ngoroutine 19 [running]:\n" \
	"testing.tRunner.func1.2({0x518a00, 0xc0000cc000})\n" \
	"\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\npanic({0x518a00, 0xc0000cc000})\n" \
	"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\nexample.com/track.Longest(...)\n" \
	"\t/src/track.go:" line "\nexample.com/track.TestLongest(0xc000096680?)\n" \
	"\t/src/track_test.go:14 +0xc5\ntesting.tRunner(0xc0000969c0, 0x52f320)\n" \
	"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\nFAIL\texample.com/track\t0.022s\nFAIL\n"
#define TRACK(head, body) \
	"package track\n\nfunc Longest(points []int) int {\n\tlongest := 0\n\tfor " head " {\n" body \
	"\t}\n\treturn longest\n}\n"
#define PAIR "\t\tif leg := points[i+1] - points[i]; leg > longest {\n\t\t\tlongest = leg\n\t\t}\n"

static const struct example examples[] = {
	{
		.name = "neighbours",
		.log = LOG("6"),
		.file = { { "track.go", TRACK("i := 0; i < len(points); i++", PAIR),
			    TRACK("i := 0; i+1 < len(points); i++", PAIR) } },
	},
	{
		.name = "neighbours of a range",
		.log = LOG("6"),
		.file = { { "track.go", TRACK("i := range points", PAIR),
			    TRACK("i := 0; i+1 < len(points); i++", PAIR) } },
	},
	{
		.name = "up to the length",
		.log = LOG("6"),
		.file = { { "track.go", TRACK("i := 0; i <= len(points); i++", "\t\tlongest += points[i]\n"),
			    TRACK("i := 0; i < len(points); i++", "\t\tlongest += points[i]\n") } },
	},
	{
		.name = "the last one counts before",
		.log = LOG("7"),
		.file = { { "track.go", TRACK("i := 0; i < len(points); i++", "\t\tlongest += points[i]\n" PAIR),
			    NULL } },
		.declines = "no loop on its first line",
	},
	{
		.name = "another length",
		.log = LOG("6"),
		.file = { { "track.go", TRACK("i := 0; i < len(other); i++", PAIR), NULL } },
		.declines = "no loop on its first line",
	},
	{0}
};

const struct template template_go_loop_bound = {
	.name = "go_loop_bound",
	.summary = "a counting loop reads one behind the end -> it stops one round earlier",
	.language = "go",
	.class = "crash guard",
	.oracles = "the last round, which can only crash, and the failed test",
	.keeps_off = "loops that do something before they read; other lists; other indexes",
	.danger = DANGER_1,
	.pattern = "^(?:runtime error: )?index out of range \\[(?<index>\\d+)\\] with length (?<length>\\d+)",
	.fix = fix,
	.examples = examples,
};
